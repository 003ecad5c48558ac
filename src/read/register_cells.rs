//! Cells of a register that decide who takes part: what they say, in however many columns they stand.

use super::applicants::iso;
use super::codes::Known;
use super::fields::{Attributes, FieldMap};
use super::hex;
use super::withdrawal::{Says, day_within, is_doubtful, says};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Words of a cell that say no.
const NO: [&str; 8] = ["no", "n", "false", "0", "-", "–", "否", "无"];
/// Words of a cell that say yes, without a day.
const YES: [&str; 5] = ["yes", "y", "true", "1", "是"];

/// Whether an application was withdrawn, and when. What says neither is not guessed at.
fn withdrawn(cell: &str) -> Result<Option<String>, String> {
    let word = cell.to_lowercase();
    let unclear = || {
        format!(
            "withdrawn says \"{cell}\", which is no day, yes or no; write the day or yes (是) where it was withdrawn, and no (否) where the application stands"
        )
    };
    match says(cell) {
        _ if cell.is_empty() || NO.contains(&word.as_str()) => Ok(None),
        _ if YES.contains(&word.as_str()) => Ok(Some("yes".to_owned())),
        Says::Stands => Ok(None),
        Says::Withdrawn => Ok(Some(day_within(cell).unwrap_or_else(|| "yes".to_owned()))),
        Says::Doubtful => Err(unclear()),
        Says::Other => iso(cell).filter(|_| !is_doubtful(cell)).map(Some).ok_or_else(unclear),
    }
}

/// What the columns of withdrawals say of a row, which must not contradict each other.
pub fn one_of_withdrawn(map: &FieldMap, row: &impl Attributes) -> Result<Option<String>, String> {
    let mut first: Option<(String, String, Option<String>)> = None;
    for (column, cell) in map.filled(row, "withdrawn") {
        let says = withdrawn(&cell)?;
        let Some((before, text, known)) = &mut first else {
            first = Some((column, cell, says));
            continue;
        };
        match (&known, &says) {
            (Some(a), Some(b)) if a == "yes" || b == "yes" || a == b => {
                if known.as_deref() == Some("yes") {
                    *known = says; // the day, where one of them has it
                }
            }
            (None, None) => {}
            _ => return Err(contradict("withdrawn", [(before, text), (&column, &cell)])),
        }
    }
    Ok(first.and_then(|(.., says)| says))
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
    match rest.iter().find(|(_, cell)| plain(cell) != plain(&first.1)) {
        Some(other) => Err(contradict(ours, [(&first.0, &first.1), (&other.0, &other.1)])),
        None => Ok(first.1.clone()),
    }
}

fn contradict(ours: &str, [(a, says), (b, other)]: [(&String, &String); 2]) -> String {
    format!("the columns \"{a}\" and \"{b}\" both mean {ours}, and say \"{says}\" and \"{other}\"")
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
            ("已撤回", "yes"),
            ("退出", "yes"),
            ("Cancelled", "yes"),
            ("撤回：资金不足", "yes"),
            ("withdrawn (no reason given)", "yes"),
            ("2026-03-20 撤回，资金不足", "2026-03-20"),
        ] {
            assert_eq!(withdrawn(cell), Ok(Some(want.to_owned())), "{cell}");
        }
        for odd in ["perhaps", "03/05/2021", "pending", "未", "撤回未获批准", "2026-03-20 未批准", "终止"] {
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
