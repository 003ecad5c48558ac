//! Columns of a register, or of a list of counties, that say what became of an application under a name of their own (状态, status): who has
//! withdrawn by one of them would be paid if nobody looked.

use super::fields::{Attributes, FieldMap};
use super::headers::Header;
use super::withdrawal::{Says, says};
use std::collections::BTreeMap;

/// A column that says of an application what was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusColumn {
    /// Its name.
    pub column: String,
    /// The first row that says it.
    pub line: u64,
    /// What that says.
    pub cell: String,
    /// Whom all rows are of that say it, each with what it says.
    pub all: Vec<String>,
}

/// Cells with their line, and whom they are of.
type Cells = Vec<(u64, String, String)>;

/// Cells of a column by what they say.
#[derive(Default)]
struct Seen {
    withdrawn: Cells,
    /// In words that may say otherwise.
    in_part: Cells,
    /// Neither withdrawn nor standing.
    strange: Cells,
}

/// Cells of all columns, row by row.
#[derive(Default)]
pub struct StatusColumns {
    by_column: BTreeMap<String, Seen>,
}

impl StatusColumns {
    /// Looks at a row whose application stands by the columns that were taken.
    pub fn see(&mut self, row: &impl Attributes, line: u64, code: &str) {
        let mut columns = Vec::new();
        row.each_column(&mut |column| columns.push(column.to_owned()));
        for column in columns {
            let Some(cell) = row.text(&column) else { continue };
            let seen = self.by_column.entry(column).or_default();
            let first = match says(&cell) {
                Says::Stands => continue,
                Says::Withdrawn => &mut seen.withdrawn,
                Says::Doubtful => &mut seen.in_part,
                Says::Other => &mut seen.strange,
            };
            first.push((line, cell.trim().chars().take(LONGEST).collect(), code.to_owned()));
        }
    }

    /// Columns that no field but a reason takes and that say of an application that it was withdrawn; of columns that read like a status also
    /// those that say what is not understood, where no column of withdrawals is `known`.
    pub fn told(&self, map: &FieldMap, known: bool) -> Vec<StatusColumn> {
        let one = |(column, seen): (&String, &Seen)| {
            let free = map.takes(column).iter().all(|ours| *ours == "reason");
            let status = reads_like_status(column);
            let cells = match () {
                () if !free => return None,
                () if !seen.withdrawn.is_empty() => &seen.withdrawn,
                () if status && !seen.in_part.is_empty() => &seen.in_part,
                () if status && !known => &seen.strange,
                () => return None,
            };
            let (line, cell, _) = cells.first()?;
            let all = cells.iter().map(|(_, cell, code)| format!("{code} {cell}")).collect();
            Some(StatusColumn { column: column.clone(), line: *line, cell: cell.clone(), all })
        };
        self.by_column.iter().filter_map(one).collect()
    }
}

/// A cell is shown so far, in characters.
const LONGEST: usize = 40;

/// Whether a column is one of statuses by its name. Days are none, and `state` is a place.
fn reads_like_status(column: &str) -> bool {
    let header = Header::of(column);
    let has = |words: &[&str]| words.iter().any(|w| header.plain.contains(w));
    let is = [
        "进度",
        "办理进度",
        "申报进度",
        "申报情况",
        "办理情况",
        "办理结果",
        "处理结果",
        "处理意见",
        "审核结果",
        "审核意见",
        "结果",
    ]
    .contains(&header.plain.as_str());
    (has(&["status", "状态", "狀態", "outcome"]) || is) && !has(&["date", "time", "日期", "时间"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::headers;
    use serde_json::json;

    fn told(rows: &[serde_json::Value], known: bool) -> Vec<(String, u64, String)> {
        let map = FieldMap::new("applicants", headers::APPLICANTS, &Default::default()).unwrap();
        let mut seen = StatusColumns::default();
        for (line, row) in (2..).zip(rows) {
            let row = row.as_object().unwrap();
            map.observe(row);
            seen.see(row, line, "c");
        }
        seen.told(&map, known).into_iter().map(|s| (s.column, s.line, s.cell)).collect()
    }

    #[test]
    fn a_column_that_says_withdrawn_is_told_by_whatever_name() {
        for column in ["状态", "status", "申报状态", "Application status", "步骤", "state", "备注"] {
            for cell in ["已撤回", "withdrawn", " Withdrawn ", "放弃申报", "cancelled"] {
                let all = told(&[json!({"code": "1", column: "已提交"}), json!({"code": "2", column: cell})], false);
                assert_eq!(all, [(column.to_owned(), 3, cell.trim().to_owned())], "{column}");
            }
        }
        // more beside the word: of a status, and not of a note or a name
        for cell in [
            "已撤回（3月1日）",
            "撤回：资金不足",
            "withdrawn (no reason given)",
            "已放棄",
            "已撤銷",
            "终止",
            "作废",
            "不予受理",
            "撤回。",
        ] {
            assert_eq!(told(&[json!({"状态": cell})], true).len(), 1, "{cell}");
        }
        for cell in ["撤回。", "withdrawn on 2026-03-01", "已 撤 回", "ｗｉｔｈｄｒａｗｎ", "申请已撤回"] {
            assert_eq!(told(&[json!({"备注": cell})], true).len(), 1, "{cell}");
        }
        for (column, cell) in [
            ("备注", "领导已撤回意见"),
            ("备注", "撤回意见未采纳"),
            ("状态", "未撤回"),
            ("状态", "not withdrawn"),
            ("name", "withdrawn"),
            ("files", "撤回"),
        ] {
            assert_eq!(told(&[json!({column: cell})], true), [], "{column} {cell}");
        }
    }

    #[test]
    fn a_status_that_is_not_understood_is_told_where_nothing_else_says_who_withdrew() {
        let odd = [json!({"状态": "已提交"}), json!({"状态": "审核中"})];
        assert_eq!(told(&odd, false), [("状态".to_owned(), 3, "审核中".to_owned())]);
        assert_eq!(told(&odd, true), []);
        for cell in ["", "已提交", "有效", "Submitted", "active"] {
            assert_eq!(told(&[json!({"status": cell})], false), [], "{cell}");
        }
        for column in ["状态日期", "status date", "state", "remark"] {
            assert_eq!(told(&[json!({column: "审核中"})], false), [], "{column}");
        }
    }
}
