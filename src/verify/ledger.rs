//! The ledger closes: its classes add up, and its counties are those that are ranked. That covered + gap = road is a rule of each row.

use super::Findings;
use super::opened::{Key, Opened};
use crate::error::Result;
use crate::tables::{ledger, ranking};
use std::collections::{BTreeMap, BTreeSet};

/// Checks the ledger, where there is one.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(table) = o.tables.table(ledger::FILE) else { return Ok(()) };
    let mut parts: BTreeMap<Key, [u64; 3]> = BTreeMap::new();
    let mut all: BTreeMap<Key, [u64; 3]> = BTreeMap::new();
    for row in table.rows() {
        let key: Key = (row.code("county_code")?, row.text("service")?, row.text("criterion")?);
        let sums = if row.cell("road_class")? == "all" { &mut all } else { &mut parts };
        let sum = sums.entry(key).or_default();
        for (sum, column) in sum.iter_mut().zip(["road_km", "covered_km", "gap_km"]) {
            *sum += row.mm(column)?;
        }
    }
    let off = all.keys().chain(parts.keys()).filter(|k| all.get(*k).copied() != Some(parts.get(*k).copied().unwrap_or_default()));
    for (county, service, criterion) in off.collect::<BTreeSet<_>>() {
        let file = ledger::FILE;
        findings.faults.push(format!("{file}: the classes of county {county} do not add up for {service} {criterion}"));
    }
    check_counties(o, findings)?;
    findings.checked.push(format!("the classes of {} ledgers add up, to the millimetre", all.len()));
    Ok(())
}

/// The ledger is of the counties that are ranked.
fn check_counties(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(ledger), Some(ranking)) = (&o.ledger, o.tables.table(ranking::FILE)) else { return Ok(()) };
    let ranked: BTreeSet<String> = ranking.rows().map(|r| r.code("county_code")).collect::<Result<_>>()?;
    let missing = ranked.iter().filter(|c| !ledger.roads.contains_key(*c));
    findings.faults.extend(missing.map(|c| format!("{}: county {c} is missing", ledger::FILE)));
    let foreign = ledger.roads.keys().filter(|c| !ranked.contains(*c));
    findings.faults.extend(foreign.map(|c| format!("{}: county {c} is not in the ranking", ledger::FILE)));
    Ok(())
}
