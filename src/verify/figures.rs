//! What must hold of `figures.csv`: it says what the ledger says, and the ranking follows from it by `[rank]` of the manifest.

use super::opened::{Opened, RemadeRanking};
use super::{Findings, close};
use crate::config::RoadClass;
use crate::error::Result;
use crate::files::csv_table::CsvTable;
use crate::rank::StationSet;
use crate::tables::figures::FILE as FIGURES;
use crate::tables::{ledger, ranking};
use std::collections::BTreeMap;

/// Checks a folder that has figures; folders of earlier versions have none.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(standing) = &o.standing else { return Ok(()) };
    if let Some(ledger) = o.tables.table(ledger::FILE) {
        check_ledger(ledger, standing, findings)?;
    }
    let Some(table) = o.tables.table(ranking::FILE) else { return Ok(()) };
    let evidence = &standing.evidence;
    let mut rows = standing.ranking.rows.iter();
    for row in table.rows() {
        let code = row.code("county_code")?;
        let same = rows.next().is_some_and(|r| {
            let score = row.number("score_0_100").ok().flatten();
            let whole = row.whole("rank").ok() == Some(r.rank.map(u64::from));
            evidence.units[r.county].code == code && whole && close(score, r.score)
        });
        if !same {
            findings.faults.push(format!("ranking.csv: the place of county {code} does not follow from {FIGURES} and [rank]"));
        }
    }
    findings.checked.push(format!("the ranking follows from the figures of {} counties by [rank]", evidence.units.len()));
    Ok(())
}

/// Road and gap of every county, class and service distance, with all stations.
fn check_ledger(table: &CsvTable, standing: &RemadeRanking, findings: &mut Findings) -> Result<()> {
    let evidence = &standing.stored.evidence;
    let mut ledger: BTreeMap<(String, u64, String), [u64; 2]> = BTreeMap::new();
    for row in table.rows() {
        if row.cell("service")? == "charging" && !row.cell("limit_km")?.is_empty() {
            let key = (row.code("county_code")?, row.mm("limit_km")?, row.text("road_class")?);
            ledger.insert(key, [row.mm("road_km")?, row.mm("gap_km")?]);
        }
    }
    let sets = evidence.distances_mm.iter().flat_map(|d| evidence.stations.iter().map(move |s| (*d, *s)));
    let mut compared = 0;
    for ((mm, _), list) in sets.zip(&evidence.figures).filter(|((_, s), _)| *s == StationSet::All) {
        for f in list {
            let of = |c: RoadClass| ledger.get(&(f.code.clone(), mm.into(), c.as_str().to_owned())).copied().unwrap_or_default();
            compared += 1;
            if RoadClass::ALL.iter().any(|c| of(*c) != [f.road_mm[c.index()], f.gap_mm[c.index()]]) {
                let km = f64::from(mm) / 1e6;
                let what = format!("road or gap of county {} at {km} km is not what the ledger says", f.code);
                findings.faults.push(format!("{FIGURES}: {what}"));
            }
        }
    }
    findings.checked.push(format!("{compared} rows of {FIGURES} against the ledger, to the millimetre"));
    Ok(())
}
