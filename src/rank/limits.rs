//! Funding lines of a round, held against who is ranked: a province whose region could not be read, or that has fewer ranked counties
//! than places, leaves its places unused and does not stop the round.

use crate::config::RankTable;
use crate::config::rank_table::LineTable;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::rank::{Evidence, RankSettings, stand};
use std::collections::{BTreeMap, BTreeSet};

/// Takes places that nobody could have off the lines of a ranking, and refuses a quota of which nothing is left: it limits nothing, and a
/// line that limits nothing funds everybody.
///
/// # Errors
/// As [`take_off`]; usage, for quotas of which no province takes part.
pub fn fit(table: &mut RankTable, evidence: &Evidence, file: &str, issues: &mut Issues) -> Result<()> {
    let here = take_off(table, evidence, file, issues)?;
    let nobody = |l: &LineTable| l.quota.as_ref().is_some_and(BTreeMap::is_empty);
    table.lines.iter().find(|l| nobody(l)).map_or(Ok(()), |line| Err(of_nobody(line, &here, file)))
}

/// A line with quotas of which no province takes part.
fn of_nobody(line: &LineTable, here: &[String], file: &str) -> Error {
    let key = if line.name == "selection" { "select.quotas" } else { line.name.as_str() };
    let next = format!("name provinces as the codes of their counties begin; here: {}", here.join(", "));
    Error::usage("no county of a province in the quotas takes part", next).at(Location::file(file).field(key))
}

/// The same before anything is ranked: codes name provinces where there are quotas, and a county of one of them takes part.
///
/// # Errors
/// Usage, as [`fit`].
pub fn check_provinces(lines: &[LineTable], evidence: &Evidence, settings: &RankSettings, file: &str) -> Result<()> {
    let here: BTreeSet<&str> = evidence.units.iter().map(|u| settings.province(&u.code)).collect();
    for line in lines {
        let Some(quota) = &line.quota else { continue };
        if here.iter().all(|p| p.is_empty()) {
            return Err(without_provinces(file));
        }
        if quota.keys().all(|p| !here.contains(p.as_str())) {
            let here: Vec<String> = here.iter().filter(|p| !p.is_empty()).map(|p| (*p).to_owned()).collect();
            return Err(of_nobody(line, &here, file));
        }
    }
    Ok(())
}

fn without_provinces(file: &str) -> Error {
    let next = "say how many of their digits do, such as [rank] province_digits = 2, or leave the quotas out";
    let at = Location::file(file).field("select.quotas");
    Error::usage("the codes of these counties name no province, so quotas mean nothing", next).at(at)
}

/// Takes places that nobody could have off the lines of a ranking; provinces without any county are told. Gives the provinces that there
/// are.
///
/// # Errors
/// Those of the ranking; usage, for quotas where codes name no province.
pub fn take_off(table: &mut RankTable, evidence: &Evidence, file: &str, issues: &mut Issues) -> Result<Vec<String>> {
    if table.lines.iter().all(|l| l.places.is_none() && l.quota.is_none()) {
        return Ok(Vec::new());
    }
    let settings = RankSettings::from_table(table)?;
    // what is found on the way is told when the round is ranked
    let ranking = stand(evidence, &settings, &mut Issues::default())?.ranking;
    let ranked = || ranking.rows.iter().filter(|r| r.rank.is_some()).map(|r| settings.province(&evidence.units[r.county].code));
    let mut of_province: BTreeMap<&str, usize> = evidence.units.iter().map(|u| (settings.province(&u.code), 0)).collect();
    ranked().for_each(|p| *of_province.entry(p).or_default() += 1);
    if table.lines.iter().any(|l| l.quota.is_some()) && of_province.keys().all(|p| p.is_empty()) {
        return Err(without_provinces(file));
    }
    for line in &mut table.lines {
        line.places = line.places.map(|k| k.min(ranked().count()));
        for (province, places) in line.quota.iter_mut().flatten() {
            *places = (*places).min(of_province.get(province.as_str()).copied().unwrap_or(0));
        }
        let LineTable { name, quota, .. } = line;
        for quota in quota.iter_mut() {
            quota.retain(|province, _| {
                let there = of_province.contains_key(province.as_str());
                if !there {
                    let key = if name == "selection" { "select.quotas" } else { name.as_str() };
                    let at = Location::file(file).field(format!("{key}.{province}"));
                    let what = format!("no county of province {province} takes part; its places stay unused");
                    issues.push(Layer::Counties, IssueCode::NotFoundInRegions, at, what);
                }
                there
            });
        }
    }
    Ok(of_province.keys().filter(|p| !p.is_empty()).map(|p| (*p).to_owned()).collect())
}
