//! The faults of a round, put together from all of its steps, and the files of the work folder that tell them.

use super::compute::Failed;
use super::inputs::Together;
use super::plan::Plan;
use super::work::Work;
use crate::config::RoundFile;
use crate::config::rank_table::LineTable;
use crate::error::Result;
use crate::files::whole_file::write_whole;
use crate::results::Results;
use crate::results::faults::{Fault, FaultCode, Faults, Stage};
use crate::tables;
use serde_json::json;
use std::collections::BTreeSet;

/// Faults of counties that could not be computed.
pub fn of_failed(failed: &[Failed], plan: &Plan, all: &Together) -> Vec<Fault> {
    let one = |f: &Failed| {
        let shard = &plan.shards[f.shard];
        let county = &all.counties[shard.county as usize];
        Fault::county_failed(&county.code, &county.name, &f.why, &shard.print)
    };
    failed.iter().map(one).collect()
}

/// Faults of counties whose rows are not there.
pub fn of_missing(missing: &[usize], plan: &Plan, all: &Together) -> Vec<Fault> {
    let one = |i: &usize| {
        let shard = &plan.shards[*i];
        let county = &all.counties[shard.county as usize];
        Fault::rows_missing(&county.code, &county.name, &shard.print)
    };
    missing.iter().map(one).collect()
}

/// Faults that show when counties are ranked: indicators that are used for nobody.
pub fn of_ranking(results: &Results) -> Vec<Fault> {
    results.indicators_left_out().iter().map(|(key, why)| Fault::indicator_dropped(key, why)).collect()
}

/// Quotas of provinces that no region has a county of; that nobody of a province applies is no fault. Where a region is left out that
/// may be why, and it is a fault by itself.
pub fn of_quotas(file: &RoundFile, all: &Together) -> Vec<Fault> {
    if all.faults.iter().any(|f| f.code == FaultCode::RegionLeftOut) {
        return Vec::new();
    }
    let settings = crate::rank::RankSettings::from_table(&file.rank);
    let Ok(settings) = settings else { return Vec::new() }; // it is told by who ranks
    let here: BTreeSet<&str> = all.counties.iter().map(|c| settings.province(&c.code)).collect();
    if here.iter().all(|p| p.is_empty()) {
        return Vec::new(); // codes name no provinces, which is an error of its own
    }
    let mut faults = Vec::new();
    for line in &lines_of(file) {
        let unused = line.quota.iter().flatten().filter(|(province, _)| !here.contains(province.as_str()));
        if line.quota.as_ref().is_some_and(|q| q.keys().all(|p| !here.contains(p.as_str()))) {
            continue; // a line of nobody is refused as it stands
        }
        faults.extend(unused.map(|(province, places)| Fault::quota_unused(&line.name, province, *places)));
    }
    faults
}

/// Funding lines of a round, and its selection where it is none of them.
pub fn lines_of(file: &RoundFile) -> Vec<LineTable> {
    let lines = &file.rank.lines;
    let of_selection = file.select.line().filter(|own| lines.iter().all(|l| l.name != own.name));
    lines.iter().cloned().chain(of_selection).collect()
}

/// Holds what was found against what the round file accepts.
pub fn judged(file: &RoundFile, found: Vec<Fault>, stage: Stage) -> Faults {
    Faults::judged(found, &file.accept, &file.round, stage)
}

/// Writes the faults to the work folder, for programs and for tables: `faults.json` and `faults.csv`, of a part with its number.
///
/// # Errors
/// Environment.
pub fn keep(faults: &Faults, work: &Work, part: Option<(usize, usize)>) -> Result<()> {
    let stem = part.map_or("faults".to_owned(), |(k, n)| format!("faults-{k}-of-{n}"));
    let text =
        serde_json::to_string_pretty(&json!({ "open": faults.open().count(), "faults": faults.json() })).unwrap_or_default();
    write_whole(&work.path().join(format!("{stem}.json")), "list of faults", |out| writeln!(out, "{text}"))?;
    write_whole(&work.path().join(format!("{stem}.csv")), "list of faults", |out| {
        tables::faults::table().csv(out, faults.0.iter().collect::<Vec<_>>())
    })
}
