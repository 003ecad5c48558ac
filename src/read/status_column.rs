//! Columns of a register, or of a list of counties, that say what became of an application under a name of their own (状态, status; 是否有效,
//! active; 是否取消): who has withdrawn by one of them would be paid if nobody looked.

use super::fields::{Attributes, FieldMap};
use super::headers::{Header, is_of_endings};
use super::withdrawal::{Says, mentions_it, passes, says, yes_or_no};
use std::collections::BTreeMap;

/// What a column says by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnSays {
    /// What became of the application, in words.
    Status,
    /// Whether it stands: no means that it does not.
    Stands,
    /// Whether it ended: whatever says yes, or when.
    Ended,
    /// Anything.
    Other,
    /// A name, a day or files: in such a cell any word of withdrawal is told.
    Another,
}

/// A column that says of an application what was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusColumn {
    /// Its name.
    pub column: String,
    /// What it says by its name.
    pub says: ColumnSays,
    /// The first row that says it.
    pub line: u64,
    /// What that says.
    pub cell: String,
    /// Whom all rows are of that say it, each with what it says.
    pub all: Vec<String>,
}

/// A cell by what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellSays {
    Withdrawn,
    /// In words that may say otherwise.
    InPart,
    /// A word of withdrawal somewhere in it.
    Mentioned,
    Yes,
    No,
    /// That it passed some review.
    Passes,
    /// Neither withdrawn nor standing.
    Strange,
}

/// A cell of a row: its line, what it says, and whom it is of.
#[derive(Debug)]
struct Seen {
    line: u64,
    says: CellSays,
    cell: String,
    code: String,
}

/// Cells of all columns, row by row.
#[derive(Debug, Default)]
pub struct StatusColumns {
    by_column: BTreeMap<String, Vec<Seen>>,
}

impl StatusColumns {
    /// Looks at a row whose application stands by the columns that were taken.
    pub fn see(&mut self, row: &impl Attributes, line: u64, code: &str) {
        let mut columns = Vec::new();
        row.each_column(&mut |column| columns.push(column.to_owned()));
        for column in columns {
            let Some(cell) = row.text(&column) else { continue };
            let says = match (says(&cell), yes_or_no(&cell)) {
                (Says::Stands, _) => continue,
                (Says::Withdrawn, _) => CellSays::Withdrawn,
                (Says::Doubtful, _) if mentions_it(&cell) => CellSays::Mentioned,
                (Says::Doubtful, _) => CellSays::InPart,
                (_, Some(true)) => CellSays::Yes,
                (_, Some(false)) => CellSays::No,
                _ if passes(&cell) => CellSays::Passes,
                _ => CellSays::Strange,
            };
            let cell = cell.trim().chars().take(LONGEST).collect();
            self.by_column.entry(column).or_default().push(Seen { line, says, cell, code: code.to_owned() });
        }
    }

    /// Columns that no field but a reason takes and that say of an application that it was withdrawn, or by their name that it does not
    /// stand; of columns that read like a status also those that say what is not understood, where no column of withdrawals is `known`.
    pub fn told(&self, map: &FieldMap, known: bool) -> Vec<StatusColumn> {
        let one = |(column, seen): (&String, &Vec<Seen>)| {
            let takes = map.takes(column);
            let says = match takes.as_slice() {
                [] => column_says(column),
                // what it is taken for was read; a word of withdrawal in it was not
                taken if taken.iter().any(|ours| ["code", "joint_lead", "withdrawn"].contains(ours)) => return None,
                ["reason"] => ColumnSays::Other,
                _ => ColumnSays::Another,
            };
            let kinds = kinds(says, known).into_iter().find(|kinds| seen.iter().any(|s| kinds.contains(&s.says)))?;
            let cells: Vec<&Seen> = seen.iter().filter(|s| kinds.contains(&s.says)).collect();
            let first = cells.first()?;
            let all = cells.iter().map(|s| format!("{} {}", s.code, s.cell)).collect();
            Some(StatusColumn { column: column.clone(), says, line: first.line, cell: first.cell.clone(), all })
        };
        self.by_column.iter().filter_map(one).collect()
    }
}

/// What cells of a column are told of, the gravest first.
fn kinds(says: ColumnSays, known: bool) -> Vec<&'static [CellSays]> {
    use CellSays::{InPart, Mentioned, No, Passes, Strange, Withdrawn, Yes};
    let open = |kinds: &'static [CellSays]| (!known).then_some(kinds);
    let all: [Option<&'static [CellSays]>; 3] = match says {
        ColumnSays::Other => [Some(&[Withdrawn]), None, None],
        ColumnSays::Another => [Some(&[Withdrawn, Mentioned]), None, None],
        ColumnSays::Status => [Some(&[Withdrawn]), Some(&[InPart, Mentioned]), open(&[Strange, Yes, No])],
        ColumnSays::Stands => [Some(&[Withdrawn, No, InPart, Mentioned]), open(&[Strange]), None],
        ColumnSays::Ended => [Some(&[Withdrawn, Yes, InPart, Mentioned, Passes, Strange]), None, None],
    };
    all.into_iter().flatten().collect()
}

/// A cell is shown so far, in characters.
const LONGEST: usize = 40;

/// What a column says by its name. Days say no more than that, but of an end; `state` is a place.
pub fn column_says(column: &str) -> ColumnSays {
    let header = Header::of(column);
    let plain = header.plain.as_str();
    let has = |words: &[&str]| words.iter().any(|w| plain.contains(w));
    let is = |words: &[&str]| words.contains(&plain);
    let of_days = has(&["date", "time", "until", "日期", "时间", "期限", "有效期"]);
    match () {
        () if is_of_endings(plain) => ColumnSays::Ended,
        () if of_days => ColumnSays::Other,
        () if has(&STANDS) || is(&STANDS_ALONE) => ColumnSays::Stands,
        () if has(&["status", "状态", "狀態", "outcome"]) || is(&STATUSES) => ColumnSays::Status,
        () if has(&REVIEWS) && !OF_WHOM.iter().any(|w| plain.ends_with(w)) => ColumnSays::Status,
        () => ColumnSays::Other,
    }
}

/// Parts of the names of columns that say whether an application stands.
const STANDS: [&str; 11] =
    ["有效", "生效", "继续", "存续", "参评", "valid", "active", "continu", "stillappl", "inforce", "participat"];
/// Whole names of such columns.
const STANDS_ALONE: [&str; 14] = [
    "是否申报",
    "是否参加",
    "是否参与",
    "是否保留",
    "是否仍申报",
    "仍申报",
    "仍在申报",
    "是否在列",
    "applies",
    "applying",
    "stands",
    "standing",
    "included",
    "enabled",
];
/// Parts of the names of columns of a review, which say how it ended.
const REVIEWS: [&str; 14] =
    ["审核", "初审", "复审", "终审", "审查", "审批", "评审", "复核", "推荐", "结论", "review", "approv", "recommend", "decision"];
/// What such a name ends with where it says who reviewed, or under which number.
const OF_WHOM: [&str; 12] = ["人", "员", "者", "单位", "部门", "机关", "号", "编码", "专家", "er", "by", "id"];
/// Whole names of columns of statuses.
const STATUSES: [&str; 10] =
    ["进度", "办理进度", "申报进度", "申报情况", "办理情况", "办理结果", "处理结果", "处理意见", "结果", "意见"];

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
            ("name", "Withdean"),
            ("files", "plan.pdf"),
        ] {
            assert_eq!(told(&[json!({column: cell})], true), [], "{column} {cell}");
        }
    }

    #[test]
    fn a_column_that_says_whether_an_application_stands_is_told_where_it_does_not() {
        for (column, cell) in [
            ("是否有效", "否"),
            ("是否继续申报", "否"),
            ("是否继续申报", "不继续"),
            ("申报是否有效", "无效"),
            ("valid", "no"),
            ("Valid?", "N"),
            ("active", "false"),
            ("is_active", "0"),
            ("still applying", "No"),
            ("是否参评", "否"),
            ("是否申报", "×"),
            ("applies", "no"),
            ("status", "inactive"),
            ("状态", "审核不通过"),
            ("是否取消", "是"),
            ("取消日期", "2026-03-20"),
            ("cancelled", "TRUE"),
            ("inactive", "yes"),
            ("是否无效", "是"),
            ("退出与否", "是"),
            ("是否撤", "y"),
            // words that stand beside, and columns that are taken for something else
            ("是否撤回（由申请人填写）", "是"),
            ("撤回情况说明", "资金不足"),
            ("撤回原因", "资金不足"),
            ("Withdrawn (see note)", "yes"),
            ("Reason for withdrawal", "no funds"),
            ("name", "县甲东（已撤回）"),
            ("申报日期", "2026-02-20（3月1日已撤回）"),
            ("files", "已撤回"),
            ("applied", "2026-02-20, withdrawn in March"),
            ("remark", "不再参加本轮"),
            ("备注", "弃权"),
            ("初审意见", "不予推荐"),
            ("审核", "不通过"),
            ("审核", "审核不过"),
            ("审核结论", "不予推荐"),
            ("市级审核", "退回"),
            ("推荐意见", "不同意"),
            ("Recommendation", "rejected"),
        ] {
            // beside a column of withdrawals that is blank
            let rows = [json!({"withdrawn": "", column: ""}), json!({"withdrawn": "", column: cell})];
            assert_eq!(told(&rows, true), [(column.to_owned(), 3, cell.to_owned())], "{column} {cell}");
        }
        for (column, cell) in [
            ("是否有效", "是"),
            ("active", "TRUE"),
            ("valid", "yes"),
            ("有效期", "无"),
            ("有效期至", "2027-01-01"),
            ("是否取消", "否"),
            ("cancelled", "no"),
            ("inactive", "0"),
            ("取消原因", "无"),
            ("是否新能源县", "否"),
            ("是否申报其他资金", "否"),
            ("终止日期", "2027-12-31"), // of the project
        ] {
            assert_eq!(told(&[json!({"withdrawn": "", column: cell})], true), [], "{column} {cell}");
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
        // who passed a review stands; a withdrawal that passed one does not
        for (column, cell) in
            [("审核", "通过"), ("推荐意见", "同意推荐"), ("审核人", "张三"), ("Approved by", "Li"), ("评审编号", "7")]
        {
            assert_eq!(told(&[json!({column: cell})], false), [], "{column} {cell}");
        }
        assert_eq!(told(&[json!({"是否取消": "审核通过"})], false).len(), 1);
        for column in ["状态日期", "status date", "state", "remark"] {
            assert_eq!(told(&[json!({column: "审核中"})], false), [], "{column}");
        }
    }
}
