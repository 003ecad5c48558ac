//! Each county has its page, where `[output]` does not leave pages out: a manifest that names none would be held to nothing.

use super::opened::Opened;
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::kind::Kind;
use crate::page::county::page_names;
use crate::tables::ranking;

/// The first format in which this is asked.
const SINCE: u64 = 3;

/// Checks a run or a round.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let m = &o.folder.manifest;
    let old = m["format_version"].as_u64().is_none_or(|v| v < SINCE);
    let left_out = m["output"]["without"].as_array().is_some_and(|list| list.iter().any(|w| w == "county_pages"));
    let Some(ranking) = o.tables.table(ranking::FILE) else { return Ok(()) };
    if old || !matches!(o.folder.kind, Kind::Run | Kind::Round) {
        return Ok(());
    }
    let mut codes = ranking.rows().map(|row| row.text("county_code")).collect::<Result<Vec<String>>>()?;
    codes.sort();
    let due = if left_out { Vec::new() } else { page_names(&codes.iter().map(String::as_str).collect::<Vec<_>>()) };
    let missing = codes.iter().zip(&due).filter(|(_, page)| !o.holds(&format!("counties/{page}")));
    let mut wrong: Vec<String> =
        missing.map(|(code, page)| format!("counties/{page} is missing, the page of county {code}")).collect();
    let outputs = m["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let there = outputs.iter().filter_map(|f| f["name"].as_str()?.strip_prefix("counties/"));
    let more = there.filter(|page| page.ends_with(".html") && !due.iter().any(|d| d == page));
    wrong.extend(more.map(|page| format!("counties/{page} is the page of no county of the ranking")));
    first_few(wrong, findings);
    findings.checked.push(format!("{} pages of counties against the counties of the ranking", due.len()));
    Ok(())
}
