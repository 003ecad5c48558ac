//! Counties that rounds fund by hand although they do not meet a gate of the programme, or that cannot be told.

use crate::config::override_table::OverrideTable;
use crate::config::rank_table::JointTable;
use crate::error::Result;
use crate::files::lang::Both;
use crate::finished::Finished;
use crate::results::eligible::{Eligible, answers_of, of_two_rounds};
use crate::tables::gates;
use serde_json::Value;

/// A sentence a county: what both rounds have once.
///
/// # Errors
/// Input, for a table that was changed after it was written, or that lacks a column.
pub(super) fn sentences([old, new]: [&Finished; 2]) -> Result<Vec<Both>> {
    let (was, is) = (of(old)?, of(new)?);
    Ok(of_two_rounds(&was, &is))
}

fn of(folder: &Finished) -> Result<Vec<Both>> {
    if !folder.holds(gates::FILE) {
        return Ok(Vec::new());
    }
    let answers = answers_of(&folder.table(gates::FILE)?)?;
    let asked = &folder.manifest["ranking"]["asked"];
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let one = |v: Value| serde_json::from_value::<OverrideTable>(v).ok();
    let overrides: Vec<OverrideTable> = list(&asked["overrides"]).into_iter().filter_map(one).collect();
    let joint: Vec<JointTable> = list(&asked["joint"]).into_iter().filter_map(|v| serde_json::from_value(v).ok()).collect();
    let all = Eligible::of(&answers).map(|all| all.by_hand(&overrides, &joint)).unwrap_or_default();
    Ok(all.into_iter().map(|h| h.said).collect())
}
