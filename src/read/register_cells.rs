//! Cells of a register that decide who takes part: what they say, in however many columns they stand.

use super::applicants::iso;
use super::codes::Known;
use super::contradict::FieldCell;
use super::date::day;
use super::fields::{Attributes, FieldMap};
use super::hex;
use super::withdrawal::{Says, day_within, is_doubtful, says, yes_or_no};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Whether an application was withdrawn, and when. What says neither is not guessed at.
fn withdrawn(cell: &str) -> Result<Option<String>, String> {
    let unclear = || {
        format!(
            "withdrawn says \"{cell}\", which is no day, yes or no; write the day or yes (是) where it was withdrawn, and no (否) where the application stands"
        )
    };
    let said = yes_or_no(cell);
    match says(cell) {
        _ if cell.is_empty() || said == Some(false) => Ok(None),
        _ if said == Some(true) => Ok(Some("yes".to_owned())),
        Says::Stands => Ok(None),
        Says::Withdrawn => Ok(Some(day_within(cell).unwrap_or_else(|| "yes".to_owned()))),
        Says::Doubtful => Err(unclear()),
        Says::Other if is_doubtful(cell) => Err(unclear()),
        // of a month the day is not known, and none is made up
        Says::Other => iso(cell).or_else(|| is_month(cell).then(|| "yes".to_owned())).map(Some).ok_or_else(unclear),
    }
}

/// Whether a text is a month of a year.
fn is_month(text: &str) -> bool {
    let parts = text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).count();
    day(text).is_some() && parts == 2
}

/// What the columns of withdrawals say of a row, which must not contradict each other.
pub fn one_of_withdrawn(map: &FieldMap, row: &impl Attributes) -> Result<Option<String>, String> {
    let mut first: Option<(FieldCell, Option<String>)> = None;
    for cell in map.filled(row, "withdrawn") {
        let says = withdrawn(&cell.text)?;
        let Some((before, known)) = &mut first else {
            first = Some((cell, says));
            continue;
        };
        match (&known, &says) {
            (Some(a), Some(b)) if a == "yes" || b == "yes" || a == b => {
                if known.as_deref() == Some("yes") {
                    *known = says; // the day, where one of them has it
                }
            }
            (None, None) => {}
            _ => return Err(contradict("withdrawn", before, &cell)),
        }
    }
    Ok(first.and_then(|(_, says)| says))
}

/// The code that the columns of a field say of a row, which must not be two; empty where none does.
pub fn one_of_codes(map: &FieldMap, row: &impl Attributes, ours: &str, known: &BTreeSet<&str>) -> Result<String, String> {
    let all = map.filled(row, ours);
    let plain = |cell: &str| {
        let code = Known::of(cell, known).code().unwrap_or_else(|| cell.to_owned());
        // a county as statistics write it, with its townships and villages
        if code.len() == 12 && code.ends_with("000000") { code[..6].to_owned() } else { code }
    };
    let Some((first, rest)) = all.split_first() else { return Ok(String::new()) };
    match rest.iter().find(|cell| plain(&cell.text) != plain(&first.text)) {
        Some(other) => Err(contradict(ours, first, other)),
        None => Ok(first.text.clone()),
    }
}

fn contradict(ours: &str, a: &FieldCell, b: &FieldCell) -> String {
    let [FieldCell { column, text, .. }, FieldCell { column: other, text: says, .. }] = [a, b];
    format!("the columns \"{column}\" and \"{other}\" both mean {ours}, and say \"{text}\" and \"{says}\"")
}

/// Filled cells of columns that no field takes, each with whom it is of.
#[derive(Debug, Default)]
pub struct Filled {
    by_column: BTreeMap<String, Vec<String>>,
}

impl Filled {
    /// Takes note of a row.
    pub fn see(&mut self, map: &FieldMap, row: &impl Attributes, code: &str) {
        row.each_column(&mut |column| {
            if let Some(cell) = row.text(column).filter(|_| map.takes(column).is_empty()) {
                self.by_column.entry(column.to_owned()).or_default().push(format!("{code} {}", cell.trim()));
            }
        });
    }

    /// How many cells of a column are filled, and a digest of them.
    pub fn of(&self, column: &str) -> Option<(usize, String)> {
        let mut cells = self.by_column.get(column)?.clone();
        cells.sort_unstable();
        let print = hex(&Sha256::digest(cells.join("\n").as_bytes()));
        Some((cells.len(), print.chars().take(16).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::headers;
    use serde_json::json;

    fn map_of(row: &serde_json::Value) -> FieldMap {
        let map = FieldMap::new("applicants", headers::APPLICANTS, &Default::default()).unwrap();
        map.observe(row.as_object().unwrap());
        map
    }

    #[test]
    fn withdrawn_is_a_day_yes_or_no_and_nothing_else() {
        for no in ["", "no", "No", "0", "否", "-", "未撤回", "已提交", "Submitted"] {
            assert_eq!(withdrawn(no), Ok(None), "{no}");
        }
        for (cell, want) in [
            ("yes", "yes"),
            ("是", "yes"),
            ("2026/3/1", "2026-03-01"),
            ("2026年3月1日", "2026-03-01"),
            ("2026年3月", "yes"),
            ("√", "yes"),
            ("2026-02-28", "2026-02-28"),
            ("已撤回", "yes"),
            ("退出", "yes"),
            ("Cancelled", "yes"),
            ("撤回：资金不足", "yes"),
            ("withdrawn (no reason given)", "yes"),
            ("2026-03-20 撤回，资金不足", "2026-03-20"),
        ] {
            assert_eq!(withdrawn(cell), Ok(Some(want.to_owned())), "{cell}");
        }
        for odd in [
            "perhaps",
            "03/05/2021",
            "pending",
            "未",
            "2026",
            "2026-02-30",
            "x",
            "撤回：否",
            "撤回未获批准",
            "2026-03-20 未批准",
            "终止",
        ] {
            assert!(withdrawn(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn columns_of_one_field_do_not_contradict_each_other() {
        let says = |row: serde_json::Value| one_of_withdrawn(&map_of(&row), row.as_object().unwrap());
        let yes = |day: &str| Ok(Some(day.to_owned()));
        assert_eq!(says(json!({"withdrawn": "", "撤回日期": "2026-03-20"})), yes("2026-03-20"));
        assert_eq!(says(json!({"withdrawn": "yes", "撤回日期": "2026-03-20"})), yes("2026-03-20"));
        assert_eq!(says(json!({"withdrawn": "no", "是否撤回": "否"})), Ok(None));
        let what = says(json!({"withdrawn": "no", "是否撤回": "是"})).unwrap_err();
        assert_eq!(what, "the columns \"withdrawn\" and \"是否撤回\" both mean withdrawn, and say \"no\" and \"是\"");
        for row in
            [json!({"是否撤回": "否", "撤回日期": "2026-03-20"}), json!({"撤回日期": "2026-03-20", "退出日期": "2026-03-21"})]
        {
            assert!(says(row.clone()).is_err(), "{row}");
        }
        let code = |row: serde_json::Value| one_of_codes(&map_of(&row), row.as_object().unwrap(), "code", &["010101"].into());
        assert_eq!(code(json!({"code": "10101", "adcode": "010101"})), Ok("10101".to_owned()));
        assert_eq!(code(json!({"code": "510101", "区划代码": "510101000000"})), Ok("510101".to_owned()));
        assert!(code(json!({"code": "510101", "adcode": "520101"})).is_err());
    }
}
