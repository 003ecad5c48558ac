//! Columns of a register, or of a list of counties, that say what became of an application under a name of their own (状态, status): who has
//! withdrawn by one of them would be paid if nobody looked.

use super::fields::{Attributes, FieldMap};
use super::headers::Header;
use std::collections::BTreeMap;

/// Cells that say that an application was withdrawn.
const WITHDRAWN: [&str; 23] = [
    "withdrawn",
    "withdrew",
    "retracted",
    "rescinded",
    "cancelled",
    "canceled",
    "已撤回",
    "撤回",
    "撤回申报",
    "已撤销",
    "撤销",
    "撤销申报",
    "已撤件",
    "撤件",
    "已退出",
    "退出",
    "退出申报",
    "已放弃",
    "放弃",
    "放弃申报",
    "已取消",
    "取消",
    "取消申报",
];
/// Cells that say that an application stands.
const STANDS: [&str; 18] = [
    "submitted",
    "applied",
    "active",
    "valid",
    "stands",
    "standing",
    "received",
    "complete",
    "已提交",
    "提交",
    "已申报",
    "申报",
    "申报中",
    "已受理",
    "受理",
    "已收到",
    "有效",
    "正常",
];
/// Parts of cells of a column of statuses that say so too, as `已撤回（3月）`; not beside a word that says no.
const PARTS: [&str; 6] = ["withdr", "撤回", "撤销", "撤件", "退出", "放弃"];

/// Whether a cell says that an application was withdrawn.
pub fn is_withdrawn(cell: &str) -> bool {
    WITHDRAWN.contains(&cell.trim().to_lowercase().as_str())
}

/// Whether a cell says that an application stands.
pub fn stands(cell: &str) -> bool {
    let plain = cell.trim().to_lowercase();
    let no = || ["未", "不", "not ", "no "].iter().any(|no| plain.contains(no));
    STANDS.contains(&plain.as_str()) || (says_part(&plain) && no())
}

fn says_part(plain: &str) -> bool {
    PARTS.iter().any(|part| plain.contains(part))
}

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
    /// As a part of a longer text.
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
            let plain = cell.trim().to_lowercase();
            let seen = self.by_column.entry(column).or_default();
            let first = match () {
                () if plain.is_empty() || stands(&plain) => continue,
                () if is_withdrawn(&plain) => &mut seen.withdrawn,
                () if says_part(&plain) => &mut seen.in_part,
                () => &mut seen.strange,
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
    let is = ["进度", "办理进度", "申报进度", "申报情况", "办理情况", "办理结果", "处理结果"].contains(&header.plain.as_str());
    (has(&["status", "状态", "狀態"]) || is) && !has(&["date", "time", "日期", "时间"])
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
        assert_eq!(told(&[json!({"状态": "已撤回（3月1日）"})], true).len(), 1);
        for (column, cell) in
            [("备注", "领导已撤回意见"), ("状态", "未撤回"), ("状态", "not withdrawn"), ("name", "withdrawn"), ("files", "撤回")]
        {
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
