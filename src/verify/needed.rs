//! A folder holds what every folder of its kind does: other rules look at what is there, and would not miss it.

use super::Findings;
use super::opened::Opened;
use crate::error::Result;
use crate::files::kind::Kind;
use crate::tables::{
    county_columns, dictionary, figures, issues, ledger, lines, provinces, ranking, selection, sensitivity, shards, trust, why,
};
use std::collections::BTreeSet;

const RANKING: [&str; 7] =
    [why::FILE, lines::FILE, sensitivity::FILE, figures::FILE, county_columns::FILE, issues::FILE, dictionary::FILE];
const ANALYSIS: [&str; 2] = [ledger::FILE, "counties.geojson"];
const RUN: [&str; 3] = ["gaps.geojson", "stations.geojson", "settlements.geojson"];
const ROUND: [&str; 4] = [selection::FILE, provinces::FILE, shards::FILE, figures::FILE];

/// Files that are never left out; folders of format 1 were written with fewer tables at first.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let later = o.folder.manifest["format_version"].as_u64().is_some_and(|v| v > 1);
    let mut all = BTreeSet::from([ranking::FILE]);
    if later {
        all.extend(RANKING);
    }
    match o.folder.kind {
        Kind::Run => all.extend(ANALYSIS.iter().chain(&RUN)),
        Kind::Round => all.extend(ANALYSIS.iter().chain(&ROUND)),
        Kind::Ranking => {}
        Kind::Difference => return Ok(()),
    }
    if later && o.folder.kind != Kind::Ranking {
        all.insert(trust::FILE);
    }
    let missing = all.iter().filter(|f| !o.holds(f));
    findings.faults.extend(missing.map(|f| format!("{f} is missing: every {} has it", o.folder.kind.as_str())));
    Ok(())
}
