//! Counties that stand in a county table and in no boundary: where nobody listed who applies, nobody would miss them.

use super::inputs::Together;
use crate::read::county_table::RowLeft;
use crate::results::faults::{Fault, FaultCode};
use std::collections::BTreeMap;

/// Whether a pattern names one code. Such a code that no county has is an applicant that is unknown, and need not be told twice.
fn is_one_code(pattern: &glob::Pattern) -> bool {
    !pattern.as_str().contains(['*', '?', '['])
}

/// One fault a table, of all its rows whose code no county of the round has: of every row where all counties take part, else of those
/// that a pattern of the round asks for.
pub fn faults(all: &Together, asked: Option<&[glob::Pattern]>) -> Vec<Fault> {
    let here = |code: &str| all.counties.binary_search_by(|c| c.code.as_str().cmp(code)).is_ok();
    let refused = |code: &str| all.faults.iter().any(|f| f.code == FaultCode::CountyRefused && f.subject == code);
    let meant = |code: &str| asked.is_none_or(|list| list.iter().any(|p| !is_one_code(p) && p.matches(code)));
    let mut by_table: BTreeMap<&str, BTreeMap<&str, &RowLeft>> = BTreeMap::new();
    for row in &all.rows_left {
        let code = row.code.as_str();
        // a county that another region has, or that has another code by now, is not gone; a record that was refused is told
        if meant(code) && !here(code) && !all.recoded.contains_key(code) && !refused(code) {
            by_table.entry(row.at.file.as_deref().unwrap_or_default()).or_default().entry(code).or_insert(row);
        }
    }
    let one = |(table, rows): (&str, BTreeMap<&str, &RowLeft>)| Fault::row_without_county(table, rows.into_values());
    by_table.into_iter().map(one).collect()
}
