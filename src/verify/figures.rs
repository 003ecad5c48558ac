//! What must hold of `figures.csv`: it says what the ledger says, and the ranking follows from it by `[rank]` of the manifest.

use super::Findings;
use crate::config::RoadClass;
use crate::error::Result;
use crate::files::kind::Kind;
use crate::finished::{Finished, Stored};
use crate::issue::Issues;
use crate::rank::{Evidence, RankSettings, StationSet, stand};
use crate::tables::figures::FILE as FIGURES;
use std::collections::BTreeMap;
use std::path::Path;

/// Checks a folder that has figures; folders of earlier versions have none.
pub fn check(folder: &Path, findings: &mut Findings) {
    let checked = Finished::open(folder).and_then(|f| if f.holds(FIGURES) { check_all(&f, findings) } else { Ok(()) });
    if let Err(e) = checked {
        findings.faults.push(e.to_string().replace('\n', " "));
    }
}

fn check_all(folder: &Finished, findings: &mut Findings) -> Result<()> {
    let stored = Stored::read(folder)?;
    if folder.kind != Kind::Ranking {
        check_ledger(folder, &stored.evidence, findings)?;
    }
    let table = folder.rank_table()?;
    let settings = RankSettings::from_table(&table)?;
    let evidence = stored.evidence_for(&table)?;
    let standing = stand(&evidence, &settings, &mut Issues::default())?;
    let mut rows = standing.ranking.rows.iter();
    for row in folder.table("ranking.csv")?.rows() {
        let code = row.code("code")?;
        let same = rows.next().is_some_and(|r| {
            let score = row.number("score_0_100").ok().flatten();
            let close = score.zip(r.score).map_or(score.is_none() && r.score.is_none(), |(a, b)| (a - b).abs() < 2e-6);
            evidence.units[r.county].code == code && row.whole("rank").ok() == Some(r.rank.map(u64::from)) && close
        });
        if !same {
            findings.faults.push(format!("ranking.csv: the place of county {code} does not follow from {FIGURES} and [rank]"));
        }
    }
    findings.checked.push(format!("the ranking follows from the figures of {} counties by [rank]", evidence.units.len()));
    Ok(())
}

/// Road and gap of every county, class and service distance, with all stations.
fn check_ledger(folder: &Finished, evidence: &Evidence, findings: &mut Findings) -> Result<()> {
    let mut ledger: BTreeMap<(String, u64, String), [u64; 2]> = BTreeMap::new();
    for row in folder.table("ledger.csv")?.rows() {
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
                findings
                    .faults
                    .push(format!("{FIGURES}: road or gap of county {} at {km} km is not what the ledger says", f.code));
            }
        }
    }
    findings.checked.push(format!("{compared} rows of {FIGURES} against the ledger, to the millimetre"));
    Ok(())
}
