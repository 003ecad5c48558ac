//! What was set by hand, held against the round: each county, indicator and document must be there, and what is funded by hand must fit
//! into places, quotas and the budget. A slip would change nothing, in silence, or pay what there is not.

use crate::config::RoundFile;
use crate::config::override_table::{AppealTable, OverrideTable, SetByHand};
use crate::config::overrides::one_of_each;
use crate::config::rank_table::JointTable;
use crate::error::{Error, Location, Result};
use crate::rank::cost::{CostRule, UNKNOWN, hundredths};
use crate::rank::{Evidence, INDICATORS, RankSettings};
use crate::read::formats::SourceFile;
use crate::read::{InputFile, fingerprint};
use crate::results::Results;
use std::collections::BTreeMap;

/// Where a record stands in the round file.
fn at(file: &RoundFile, list: &str, i: usize, key: &str) -> Location {
    Location::file(file.name.as_str()).field(format!("{list}[{i}].{key}"))
}

/// Before anything is computed: counties take part, indicators are known and their values can be, documents are those of the SHA-256, an
/// appeal led to an override of its own county. Gives the documents that lie beside the round file: they are inputs of it.
///
/// # Errors
/// Usage, for the first that does not hold; input, for a document that is another one.
pub fn check(file: &RoundFile, settings: &RankSettings, taking_part: &dyn Fn(&str) -> bool) -> Result<Vec<InputFile>> {
    let mut documents = Vec::new();
    one_of_each(&file.rank.overrides, &file.name)?; // two codes may have become one
    for (i, o) in file.rank.overrides.iter().enumerate() {
        county(file, ("override", i), &o.county, taking_part)?;
        alone(file, i, o)?;
        figure((file, settings), i, o)?;
        documents.extend(document(file, ("override", i), (o.document.as_deref(), o.sha256.as_deref()))?);
    }
    for (i, a) in file.appeals.iter().enumerate() {
        county(file, ("appeal", i), &a.county, taking_part)?;
        own_county(file, i, a)?;
        documents.extend(document(file, ("appeal", i), (a.document.as_deref(), a.sha256.as_deref()))?);
    }
    Ok(documents)
}

/// An appeal leads to an override of its own county, or of one that applies with it.
fn own_county(file: &RoundFile, i: usize, a: &AppealTable) -> Result<()> {
    let Some(id) = a.led_to.as_deref() else { return Ok(()) };
    let Some(o) = file.rank.overrides.iter().find(|o| o.id.as_deref() == Some(id)) else { return Ok(()) };
    let together = |j: &JointTable| [&a.county, &o.county].iter().all(|c| j.lead == **c || j.members.contains(c));
    if o.county == a.county || file.rank.joint.iter().any(together) {
        return Ok(());
    }
    let what = format!(
        "the appeal of county {} by {} of {} led to the override \"{id}\" that {} made on {}, which is of county {}",
        a.county, a.by, a.on, o.by, o.on, o.county
    );
    let next = "name an override of the county that appealed, or correct the county";
    Err(Error::usage(what, next).at(at(file, "appeal", i, "override")))
}

fn county(file: &RoundFile, (list, i): (&str, usize), code: &str, taking_part: &dyn Fn(&str) -> bool) -> Result<()> {
    if taking_part(code) {
        return Ok(());
    }
    let what = format!("the {list} is of county {code}, and no county with that code takes part in the round");
    Err(Error::usage(what, "check the code; nothing was computed").at(at(file, list, i, "county")))
}

/// A county of a joint application is ranked and funded with its lead; what it costs is its own.
fn alone(file: &RoundFile, i: usize, o: &OverrideTable) -> Result<()> {
    let joint = file.rank.joint.iter().find(|j| j.lead != o.county && j.members.contains(&o.county));
    match joint.filter(|_| !matches!(o.sets(), Some(SetByHand::Cost(_) | SetByHand::Excluded))) {
        None => Ok(()),
        Some(j) => {
            let what = format!("county {} applies with {} and has no place of its own", o.county, j.lead);
            Err(Error::usage(what, format!("give the override for {}", j.lead)).at(at(file, "override", i, "county")))
        }
    }
}

fn figure((file, settings): (&RoundFile, &RankSettings), i: usize, o: &OverrideTable) -> Result<()> {
    let select = &file.select;
    match o.sets() {
        Some(SetByHand::Indicator(key, value)) => {
            let known = || settings.indicators.iter().map(|d| d.key.as_str());
            let Some(def) = settings.indicators.iter().find(|d| d.key == key) else {
                let next = format!("known: {}", known().collect::<Vec<_>>().join(", "));
                let what = format!("the override of county {} names \"{key}\", which is not an indicator", o.county);
                return Err(Error::usage(what, next).at(at(file, "override", i, "indicator")));
            };
            if def.weight <= 0.0 && !stands_in(settings, key) {
                return Err(unused(file, i, o, key, NO_WEIGHT));
            }
            let ours = INDICATORS.iter().any(|d| d.key == key);
            if ours && (value < 0.0 || (def.unit == "share" && value > 1.0)) {
                let what = format!("{key} of county {} cannot be {value}: it is in {}", o.county, def.unit);
                let next = "give a share from 0 to 1 (0.42 for 42 %), and nothing below 0";
                return Err(Error::usage(what, next).at(at(file, "override", i, "value")));
            }
            Ok(())
        }
        Some(SetByHand::Cost(_)) if select.budget.is_none() => {
            let what = format!("the override of county {} sets what it costs, and the round has no budget", o.county);
            Err(Error::usage(what, "give [select] budget, or leave the override out").at(at(file, "override", i, "cost")))
        }
        Some(SetByHand::Funded(_)) if !select.is_asked() => {
            let what = format!("the override of county {} decides on its funding, and the round selects nobody", o.county);
            Err(Error::usage(what, "give [select] places, quotas or a budget").at(at(file, "override", i, "funded")))
        }
        _ => Ok(()),
    }
}

/// A document that lies beside the round file is the one that was meant, and an input of the round; else it is known by its SHA-256,
/// wherever it is kept.
fn document(
    file: &RoundFile,
    (list, i): (&str, usize),
    (name, sha256): (Option<&str>, Option<&str>),
) -> Result<Option<InputFile>> {
    let Some((name, want)) = name.zip(sha256) else { return Ok(None) };
    let path = file.folder.join(name);
    if !path.is_file() {
        return Ok(None);
    }
    let found =
        InputFile { format: "document".to_owned(), ..fingerprint(&SourceFile { path, shown: name.to_owned() }, "document")? };
    if found.sha256 == want {
        return Ok(Some(found));
    }
    let found = found.sha256;
    let what = format!("the document {name} has the SHA-256 {found}, and the {list} gives {want}");
    Err(Error::input(what, "bring back the document as it was, or correct the record").at(at(file, list, i, "sha256")))
}

/// Whether an indicator without a weight may get that of another, which nobody has.
fn stands_in(settings: &RankSettings, key: &str) -> bool {
    let other = INDICATORS.iter().find(|d| d.key == key).and_then(|d| d.instead_of);
    other.is_some_and(|other| settings.indicators.iter().any(|d| d.key == other && d.weight > 0.0))
}

const NO_WEIGHT: &str = "its weight is 0";

fn unused(file: &RoundFile, i: usize, o: &OverrideTable, key: &str, why: &str) -> Error {
    let what = format!("the override of county {} corrects {key}, which this round does not use: {why}", o.county);
    Error::usage(what, "leave the override out, or give the indicator a weight").at(at(file, "override", i, "indicator"))
}

/// Once the ranking is there: what was set is used.
///
/// # Errors
/// Usage, for an indicator that this round does not use.
pub fn check_after(file: &RoundFile, r: &Results) -> Result<()> {
    for (i, o) in r.settings.table.overrides.iter().enumerate() {
        let Some(SetByHand::Indicator(key, _)) = o.sets() else { continue };
        let used = r.assessment.ranking.indicators.iter().find(|u| u.def.key == key);
        if used.is_some_and(|u| u.weight <= 0.0) {
            return Err(unused(file, i, o, key, used.and_then(|u| u.left_out.as_deref()).unwrap_or(NO_WEIGHT)));
        }
    }
    Ok(())
}

/// What is funded by hand can be paid, and has its places.
///
/// # Errors
/// Usage, for more places or money than there are; input, for a cost that is not known.
pub fn fits(file: &RoundFile, settings: &RankSettings, evidence: &Evidence) -> Result<()> {
    let (select, table) = (&file.select, &settings.table);
    let (mut count, mut sum, mut by_province, mut unknown) = (0usize, 0u64, BTreeMap::<&str, usize>::new(), None);
    for (county, unit) in evidence.units.iter().enumerate() {
        let code = unit.code.as_str();
        if table.funded_by_hand(code) != Some(true) {
            continue;
        }
        count += 1;
        *by_province.entry(settings.province(code)).or_default() += 1;
        match select.budget.map(|_| CostRule::of_selection(select).of((evidence, table), county)) {
            Some(UNKNOWN) => unknown = unknown.or(Some(code)),
            cost => sum = sum.saturating_add(cost.unwrap_or(0)),
        }
    }
    let first = table.overrides.iter().position(|o| o.funded == Some(true)).unwrap_or(0);
    let here = || at(file, "override", first, "funded");
    if let Some(code) = unknown {
        let what = format!("county {code} is funded by hand, and what it costs is not known");
        return Err(Error::input(what, "give its cost, in the county table or as an override").at(here()));
    }
    if let Some(places) = select.places.filter(|p| count > *p) {
        let what = format!("{count} counties are funded by hand, and there are {places} places");
        return Err(Error::usage(what, "give more places, or fund fewer by hand").at(here()));
    }
    let quota = |p: &str| select.quotas.as_ref().map(|q| q.get(p).copied().unwrap_or(0));
    if let Some((province, n)) = by_province.iter().find(|(p, n)| quota(p).is_some_and(|q| **n > q)) {
        let what =
            format!("{n} counties of province {province} are funded by hand, and its quota is {}", quota(province).unwrap_or(0));
        return Err(Error::usage(what, "give the province a greater quota, or fund fewer by hand").at(here()));
    }
    let budget = select.budget.map(hundredths);
    if let Some(budget) = budget.filter(|b| sum > *b) {
        let (sum, budget) = (sum as f64 / 100.0, budget as f64 / 100.0);
        let what = format!("what is funded by hand costs {sum}, and the budget is {budget}");
        return Err(Error::usage(what, "give more money, or fund fewer by hand").at(here()));
    }
    Ok(())
}
