//! Counties that rounds fund by hand although they do not meet a gate of the programme, that cannot be told, or they are not ranked; and the
//! programme that is applied for.

use crate::config::override_table::OverrideTable;
use crate::config::rank_table::JointTable;
use crate::error::Result;
use crate::finished::Finished;
use crate::results::comparison::SettingChange;
use crate::results::eligible::{Eligible, answers_of};
use crate::results::hand_funded::{HandFunded, HandFundedTold, hand_funded, of_two_rounds};
use crate::tables::{gates, ranking};
use serde_json::Value;
use std::collections::BTreeMap;

/// Those of two rounds: what both have once.
///
/// # Errors
/// Input, for a table that was changed after it was written, or that lacks a column.
pub(super) fn told([old, new]: [&Finished; 2]) -> Result<Vec<HandFundedTold>> {
    let now = |code: &str| new.manifest["recoded"][code].as_str().unwrap_or(code).to_owned();
    Ok(of_two_rounds(of(old)?, of(new)?, &now))
}

fn of(folder: &Finished) -> Result<Vec<HandFunded>> {
    let asked = &folder.manifest["ranking"]["asked"];
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let one = |v: Value| serde_json::from_value::<OverrideTable>(v).ok();
    let overrides: Vec<OverrideTable> = list(&asked["overrides"]).into_iter().filter_map(one).collect();
    if !overrides.iter().any(|o| o.funded == Some(true)) {
        return Ok(Vec::new());
    }
    let joint: Vec<JointTable> = list(&asked["joint"]).into_iter().filter_map(|v| serde_json::from_value(v).ok()).collect();
    let answers = if folder.holds(gates::FILE) { answers_of(&folder.table(gates::FILE)?)? } else { Vec::new() };
    let rows = folder.table(ranking::FILE)?;
    let reason = |row: crate::files::csv_table::CsvRow<'_>| Ok((row.code("county_code")?, row.text("not_rankable")?));
    let not_rankable: BTreeMap<String, String> = rows.rows().map(reason).collect::<Result<_>>()?;
    let why = |code: &str| not_rankable.get(code).filter(|why| !why.is_empty()).cloned();
    Ok(hand_funded(Eligible::of(&answers).as_ref(), (&overrides, &joint), &why))
}

/// The programme whose gates are held against who applies, where that is another.
///
/// # Errors
/// Input, for a table that was changed after it was written, or that lacks a column.
pub(super) fn applied_for([old, new]: [&Finished; 2]) -> Result<Option<SettingChange>> {
    let of = |folder: &Finished| -> Result<Option<String>> {
        if !folder.holds(gates::FILE) {
            return Ok(None);
        }
        let table = folder.table(gates::FILE)?;
        let first = table.rows().next().map(|row| row.text("programme")).transpose()?;
        Ok(first.map(|name| Value::String(name).to_string()))
    };
    let (old, new) = (of(old)?, of(new)?);
    let key = "applicants.programme".to_owned();
    Ok((old != new).then_some(SettingChange { key, old, new }))
}
