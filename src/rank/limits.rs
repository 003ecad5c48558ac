//! Funding lines of a round, held against who is ranked: a province whose region could not be read, or that has fewer ranked counties
//! than places, leaves its places unused and does not stop the round.

use crate::config::RankTable;
use crate::config::rank_table::LineTable;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::rank::{Evidence, RankSettings, stand};
use std::collections::BTreeMap;

/// Takes places that nobody could have off the lines of a ranking; provinces without any county are told.
///
/// # Errors
/// Those of the ranking; usage, for quotas where codes name no province.
pub fn fit(table: &mut RankTable, evidence: &Evidence, file: &str, issues: &mut Issues) -> Result<()> {
    if table.lines.iter().all(|l| l.places.is_none() && l.quota.is_none()) {
        return Ok(());
    }
    let settings = RankSettings::from_table(table)?;
    // what is found on the way is told when the round is ranked
    let ranking = stand(evidence, &settings, &mut Issues::default())?.ranking;
    let ranked = || ranking.rows.iter().filter(|r| r.rank.is_some()).map(|r| settings.province(&evidence.units[r.county].code));
    let mut of_province: BTreeMap<&str, usize> = evidence.units.iter().map(|u| (settings.province(&u.code), 0)).collect();
    ranked().for_each(|p| *of_province.entry(p).or_default() += 1);
    if table.lines.iter().any(|l| l.quota.is_some()) && of_province.keys().all(|p| p.is_empty()) {
        let next = "say how many of their digits do, such as [rank] province_digits = 2, or leave the quotas out";
        let at = Location::file(file).field("select.quotas");
        return Err(Error::usage("the codes of these counties name no province, so quotas mean nothing", next).at(at));
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
        if line.quota.as_ref().is_some_and(BTreeMap::is_empty) {
            return Err(no_province(line, of_province.keys(), file));
        }
    }
    Ok(())
}

/// A quota of which nothing is left limits nothing, and a line that limits nothing funds everybody.
fn no_province<'p>(line: &LineTable, here: impl Iterator<Item = &'p &'p str>, file: &str) -> Error {
    let key = if line.name == "selection" { "select.quotas" } else { line.name.as_str() };
    let here: Vec<&str> = here.copied().filter(|p| !p.is_empty()).collect();
    let next = format!("name provinces as the codes of their counties begin; here: {}", here.join(", "));
    Error::usage("no county of a province in the quotas takes part", next).at(Location::file(file).field(key))
}
