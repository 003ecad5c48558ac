//! What is wrong and what to do, for each kind of fault, in English and Chinese.

use super::{Fault, FaultCode};
use crate::config::accept::AcceptTable;
use crate::error::Error;
use crate::files::lang::{Both, Lang};
use crate::files::messages::{self, said};
use crate::issue::Issue;
use crate::read::applicants::LookAlike;
use crate::read::county_table::RowLeft;
use crate::read::status_column::{ColumnSays, StatusColumn};

/// Where an applicant or a pattern of codes is named.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The file.
    pub file: &'a str,
    /// The code as it is written there.
    pub code: &'a str,
    /// The name beside it; empty where there is none.
    pub name: &'a str,
}

/// Rows that are named in a sentence.
const ROWS_NAMED: usize = 20;

impl Listed<'_> {
    fn named(&self) -> String {
        if self.name.is_empty() { self.code.to_owned() } else { format!("{} ({})", self.code, self.name) }
    }
}

/// An English sentence of elsewhere with its Chinese.
fn both(english: &str) -> Both {
    Both::new(english, said(english, Lang::Zh))
}

/// The place of an error in brackets, seen from the round's folder; empty where it has none.
fn place(why: &Error, seen: &dyn Fn(&str) -> String) -> String {
    let place = seen(&why.location().to_string());
    if place.is_empty() { place } else { format!(" ({place})") }
}

impl Fault {
    /// A region that could not be read; `seen` gives paths as seen from the folder of the round.
    pub fn region_left_out(path: &str, why: &Error, seen: &dyn Fn(&str) -> String) -> Self {
        let (what, place) = (seen(why.what()), place(why, seen));
        let facts = vec![what.clone(), place.clone()];
        let in_chinese = seen(&messages::place(why.location(), Lang::Zh));
        let in_chinese = if in_chinese.is_empty() { in_chinese } else { format!("（{in_chinese}）") };
        let why = both(&what);
        let what = Both::new(
            format!("region {path} is left out with all its counties: {}{place}", why.en),
            format!("地区 {path} 及其全部县未纳入：{}{in_chinese}", why.zh),
        );
        let next = Both::new(
            "mend the region and run the round again; what is finished is kept",
            "请修正该地区数据后重新运行本轮；已完成的部分会保留",
        );
        Self::new(FaultCode::RegionLeftOut, path, facts, what, next)
    }

    /// A record of the county layer that was refused.
    pub fn county_refused(issue: &Issue) -> Self {
        let (place, why) = (issue.at.to_string(), both(&issue.message));
        let subject = issue.at.id.clone().or_else(|| issue.at.file.clone()).unwrap_or_default();
        let what = Both::new(
            format!("a record of the county layer was refused, so a county or a part of it is missing: {} ({place})", why.en),
            format!("县界图层有一条记录被拒收，因而缺少一个县或其一部分：{}（{}）", why.zh, messages::place(&issue.at, Lang::Zh)),
        );
        let next = Both::new("mend the record, and run the round again", "请修正该记录后重新运行本轮");
        Self::new(
            FaultCode::CountyRefused,
            subject,
            vec![issue.code.as_str().to_owned(), issue.message.clone(), place],
            what,
            next,
        )
    }

    /// A cell of a cost column that is filled and no number.
    pub fn cost_not_read(issue: &Issue) -> Self {
        let (place, column) = (issue.at.to_string(), issue.at.field.clone().unwrap_or_default());
        let subject = issue.at.id.clone().or_else(|| issue.at.file.clone()).unwrap_or_default();
        let why = both(&issue.message);
        let what = Both::new(
            format!("what a county costs cannot be read, so that it is never funded: {} (column \"{column}\", {place})", why.en),
            format!("县的所需资金无法识别，因而不会入选：{}（“{column}”列，{}）", why.zh, messages::place(&issue.at, Lang::Zh)),
        );
        let next = Both::new(
            "write the number alone, in the unit of the round, or empty the cell where it is not known",
            "请只填写以本轮货币单位计的数字；不详的请留空",
        );
        Self::new(FaultCode::CostNotRead, subject, vec![column, issue.message.clone(), place], what, next)
    }

    /// Columns of a table that contradict each other, with the SHA-256 of the table: other cells are another fault.
    pub fn columns_contradict(issue: &Issue, sha256: &str) -> Self {
        let (file, column) = (issue.at.file.clone().unwrap_or_default(), issue.at.field.clone().unwrap_or_default());
        let why = both(&issue.message);
        let what = Both::new(format!("in {file} {}", why.en), format!("{file} 中{}", why.zh));
        let next = Both::new(
            "make both columns say the same, or say under fields of the layer which one counts",
            "请使两列一致，或在该图层的 fields 中写明以哪一列为准",
        );
        let facts = vec![column, issue.message.clone(), sha256.to_owned()];
        Self::new(FaultCode::ColumnsContradict, file, facts, what, next)
    }

    /// Another sheet of a workbook with such a table, with the SHA-256 of the workbook.
    pub fn sheet_not_read(issue: &Issue, sha256: &str) -> Self {
        let (file, why) = (issue.at.file.clone().unwrap_or_default(), both(&issue.message));
        let what = Both::new(format!("of the workbook {file} {}", why.en), format!("工作簿 {file} 中{}", why.zh));
        let next = Both::new(
            "say which sheet is meant with sheet = \"…\", or put all rows into one",
            "请用 sheet = \"…\" 指明所要的工作表，或将各行合并到一个工作表",
        );
        Self::new(FaultCode::SheetNotRead, file, vec![issue.message.clone(), sha256.to_owned()], what, next)
    }

    /// Rows of a county table whose codes no county has; all codes are facts.
    pub fn row_without_county<'r>(table: &str, rows: impl Iterator<Item = &'r RowLeft>) -> Self {
        let rows: Vec<&RowLeft> = rows.collect();
        let named = |r: &&RowLeft| {
            let code = Listed { file: table, code: &r.code, name: if r.name == r.code { "" } else { &r.name } }.named();
            let line = r.at.line.or(r.at.feature).unwrap_or_default();
            Both::new(format!("{code}, line {line}"), format!("{code}，第 {line} 行"))
        };
        let list: Vec<Both> = rows.iter().take(ROWS_NAMED).map(named).collect();
        let list = Both::join(&list, ["; ", "；"]);
        let more = rows.len().saturating_sub(ROWS_NAMED);
        let [en, zh] = if more > 0 {
            [
                format!("; and {more} more, whose codes are among the facts in --json"),
                format!("；另有 {more} 个，其代码见 --json 的 facts"),
            ]
        } else {
            Default::default()
        };
        let n = rows.len();
        let what = Both::new(
            format!(
                "{n} codes stand in the county table {table} and in no boundary, so nothing is computed for them: {}{en}",
                list.en
            ),
            format!("县属性表 {table} 中有 {n} 个代码不在任何县界中，因而未予计算：{}{zh}", list.zh),
        );
        let next = Both::new(
            "add the boundaries, give [county_table] crosswalk where codes have changed, or take the rows out; totals, zones and counties beyond the round are accepted once for the table",
            "请补充县界；代码有变更的请给出 [county_table] crosswalk，或删去这些行；合计行、开发区及本轮以外的县可对该表一次接受",
        );
        let facts = rows.iter().map(|r| r.code.clone()).collect();
        Self::new(FaultCode::RowWithoutCounty, table, facts, what, next)
    }

    /// A code, or a pattern of codes, that no county of the regions has.
    pub fn applicant_unknown(listed: Listed<'_>) -> Self {
        let (named, file) = (listed.named(), listed.file);
        let what = Both::new(
            format!("no county of the regions has the code {named}, which {file} names"),
            format!("各地区中没有 {file} 所列代码为 {named} 的县"),
        );
        let next = Both::new(
            "correct the code, add its region, or give [regions] crosswalk where the code has changed",
            "请更正代码、补充其所在地区；代码有变更的，请在 [regions] 中给出 crosswalk",
        );
        let facts = vec![file.to_owned(), listed.code.to_owned(), listed.name.to_owned()];
        Self::new(FaultCode::ApplicantUnknown, listed.code, facts, what, next)
    }

    /// An applicant that is listed more than once, as it is written each time.
    /// `says` is what its rows say of withdrawal, lead and day: another row is another fault.
    pub fn applicant_twice(code: &str, file: &str, times: &[String], says: &[String]) -> Self {
        let (n, list) = (times.len(), times.join("; "));
        let what =
            Both::new(format!("{file} lists county {code} {n} times: {list}"), format!("{file} 中县 {code} 列了 {n} 次：{list}"));
        let next = Both::new("leave one of them; it takes part once", "请只保留一条；该县只参评一次");
        let facts = std::iter::once(file.to_owned()).chain(times.iter().chain(says).cloned()).collect();
        Self::new(FaultCode::ApplicantTwice, code, facts, what, next)
    }

    /// An applicant whose name is that of another county than the one with its code.
    pub fn applicant_other_name((code, line): (&str, u64), listed: Listed<'_>, own: &str, others: &[String]) -> Self {
        let (file, name, other) = (listed.file, listed.name, others.join(", "));
        let what = Both::new(
            format!(
                "{file}, line {line}, has the code {} with the name {name}: {code} is {own}, and {name} is the name of {other}",
                listed.code
            ),
            format!("{file} 第 {line} 行的代码 {} 写作“{name}”：{code} 是{own}，而“{name}”是 {other} 的名称", listed.code),
        );
        let next = Both::new(
            "correct the code or the name: by the code, the county with the other name would take part",
            "请更正代码或名称：按代码参评的将是另一个县",
        );
        let facts = [file, listed.code, name, own].into_iter().map(str::to_owned).chain(others.iter().cloned()).collect();
        Self::new(FaultCode::ApplicantOtherName, code, facts, what, next)
    }

    /// A column of the register that looks like one that decides who takes part.
    pub fn register_column(file: &str, look: &LookAlike) -> Self {
        let LookAlike { column, ours, filled } = look;
        let what = Both::new(
            format!("the column \"{column}\" of {file} looks like {ours}, and was not taken"),
            format!("{file} 的列“{column}”看似 {ours}，但未被采用"),
        );
        let next = Both::new(
            format!("write [applicants] fields = {{ {ours} = \"{column}\" }} where it is that, or name the column otherwise"),
            format!("如果是，请写 [applicants] fields = {{ {ours} = \"{column}\" }}；如果不是，请给该列改名"),
        );
        // what is filled in later is another fault
        let cells = filled.iter().map(|(n, print)| format!("{n} cells {print}"));
        let facts = [file.to_owned(), (*ours).to_owned()].into_iter().chain(cells).collect();
        Self::new(FaultCode::RegisterColumn, column, facts, what, next)
    }

    /// A column of the register that says what became of an application which stands by the columns that were taken.
    pub fn register_status(file: &str, status: &StatusColumn, has_withdrawn: bool) -> Self {
        let StatusColumn { column, says, line, cell, all } = status;
        let what = Both::new(
            format!("the column \"{column}\" of {file} says \"{cell}\" (line {line}), and was not taken: the application stands"),
            format!("{file} 的列“{column}”第 {line} 行写有“{cell}”，但该列未被采用：该申报仍视为有效"),
        );
        let next = match (*says == ColumnSays::Stands, has_withdrawn) {
            (true, _) => Both::new(
                format!(
                    "write yes (是), or the day, in a column withdrawn where the application does not stand; correct \"{column}\" where it does"
                ),
                format!("申报已不再有效的，请在 withdrawn（撤回）列填写“是”或日期；仍有效的，请更正“{column}”"),
            ),
            (_, true) => Both::new(
                format!("say it in the column of withdrawals, or correct \"{column}\" where it is not so"),
                format!("请在撤回列中填写；如并未撤回，请更正“{column}”"),
            ),
            _ => Both::new(
                format!(
                    "write [applicants] fields = {{ withdrawn = \"{column}\" }} where it says who has withdrawn (withdrawn, 已撤回, a day; submitted, 已提交), or leave the column out"
                ),
                format!(
                    "如该列写明谁已撤回（已撤回、withdrawn、日期；已提交、submitted），请写 [applicants] fields = {{ withdrawn = \"{column}\" }}；否则请删去该列"
                ),
            ),
        };
        let facts = [file.to_owned()].into_iter().chain(all.iter().cloned()).collect();
        Self::new(FaultCode::RegisterColumn, column, facts, what, next)
    }

    /// A county that applies with another, which is in no region or not in the register.
    pub fn joint_lead_missing(code: &str, name: &str, lead: &str, file: &str) -> Self {
        let named = Listed { file, code, name }.named();
        let what = Both::new(
            format!("county {named} applies with {lead} by {file}, and {lead} does not take part"),
            format!("{file} 中县 {named} 与 {lead} 联合申报，而 {lead} 未参评"),
        );
        let next = Both::new(
            "correct the code of the lead, or give the lead a row of its own; until then the county is not ranked",
            "请更正牵头县代码，或为牵头县补一行；在此之前该县不参与排名",
        );
        Self::new(FaultCode::JointLeadMissing, code, vec![file.to_owned(), lead.to_owned()], what, next)
    }

    /// A quota of a province that no region has a county of.
    pub fn quota_unused(line: &str, province: &str, places: usize) -> Self {
        let [en, zh] = if line == "selection" {
            ["[select] quotas".to_owned(), "[select] quotas ".to_owned()]
        } else {
            [format!("the line {line}"), format!("入围线“{line}”")]
        };
        let what = Both::new(
            format!("no region has a county of province {province}, and {en} gives it {places} places"),
            format!("各地区中没有 {province} 省级区域的县，而{zh}给了它 {places} 个名额"),
        );
        let next = Both::new("correct the province's digits, or leave its quota out", "请更正省级代码，或删去该名额");
        Self::new(FaultCode::QuotaUnused, province, vec![line.to_owned(), places.to_string()], what, next)
    }

    /// An input whose SHA-256 is not the one of the check; none where one of the two does not have the file.
    pub fn changed_since_check(file: &str, check: &str, [then, now]: [Option<&str>; 2]) -> Self {
        let what = match (then, now) {
            (None, _) => Both::new(
                format!("the input {file} is read, and was not there when {check} was made"),
                format!("读取了输入 {file}，而作出 {check} 时并无此文件"),
            ),
            (_, None) => Both::new(
                format!("the input {file} was checked in {check}, and is not read any more"),
                format!("输入 {file} 在 {check} 中检查过，现已不再读取"),
            ),
            _ => Both::new(
                format!("the input {file} has changed since its check ({check})"),
                format!("输入 {file} 自检查（{check}）以来有改动"),
            ),
        };
        let next = Both::new(
            "bring back the file that was checked, or check the region again and look at what the check says",
            "请恢复检查过的文件，或重新检查该地区并查看检查结果",
        );
        let facts = [then, now].map(|sha| sha.unwrap_or("none").to_owned()).to_vec();
        Self::new(FaultCode::ChangedSinceCheck, file, facts, what, next)
    }

    /// A region that none of the checks is of.
    pub fn not_checked(region: &str) -> Self {
        let what = Both::new(
            format!("[regions] checks names no check of region {region}"),
            format!("[regions] checks 中没有地区 {region} 的检查结果"),
        );
        let next = Both::new(
            format!("run `chargegap check {region} --json` and keep what it prints beside the region"),
            format!("请运行 `chargegap check {region} --json`，并将其输出保存在该地区的文件夹中"),
        );
        Self::new(FaultCode::NotChecked, region, Vec::new(), what, next)
    }

    /// A county that could not be computed, with the fingerprint of what it was computed from.
    pub fn county_failed(code: &str, name: &str, why: &str, shard: &str) -> Self {
        let why_both = both(why);
        let what = Both::new(
            format!("county {code} ({name}) could not be computed: {}", why_both.en),
            format!("县 {code}（{name}）未能计算：{}", why_both.zh),
        );
        let next = Both::new(
            "mend what the reason names and run the round again; what is finished is kept",
            "请按原因修正后重新运行本轮；已完成的部分会保留",
        );
        Self::new(FaultCode::CountyFailed, code, vec![why.to_owned(), shard.to_owned()], what, next)
    }

    /// An indicator that is used for no county.
    pub fn indicator_dropped(key: &str, why: &str) -> Self {
        let why_both = both(why);
        let what = Both::new(
            format!("the indicator {key} is used for no county, and its weight went to the others: {}", why_both.en),
            format!("指标 {key} 未对任何县采用，其权重转给了其他指标：{}", why_both.zh),
        );
        let next =
            Both::new("supply the values, or set its weight to 0 under [rank]", "请补充数值，或在 [rank] 中将其权重设为 0");
        Self::new(FaultCode::IndicatorDropped, key, vec![why.to_owned()], what, next)
    }

    /// The rows of a county that are not in the work folder, with the fingerprint that they would have.
    pub fn rows_missing(code: &str, name: &str, shard: &str) -> Self {
        let what = Both::new(
            format!("the rows of county {code} ({name}) are missing or damaged"),
            format!("县 {code}（{name}）的分片结果缺失或损坏"),
        );
        let next = Both::new(
            "run `chargegap round` with each --shard again, on the same inputs; what is whole is kept",
            "请用相同输入重新运行各 --shard 的 `chargegap round`；完好的部分会保留",
        );
        Self::new(FaultCode::RowsMissing, code, vec![shard.to_owned()], what, next)
    }

    /// Acceptances of a round that nobody signs.
    pub(super) fn without_signer(acceptances: usize) -> Self {
        let what = Both::new(
            format!(
                "the round accepts {acceptances} fault(s) and does not say who signs it, so nobody can see that somebody else did"
            ),
            format!("本轮接受了 {acceptances} 项缺陷，却未写明由谁签署，因而无从看出是否由他人接受"),
        );
        let next = Both::new(
            "write signed_by = \"…\" under [round], with the name of who signs the round",
            "请在 [round] 下写明 signed_by = \"…\"（签署本轮者的姓名）",
        );
        Self::new(FaultCode::AcceptanceWithoutSigner, "signed_by", vec![acceptances.to_string()], what, next)
    }

    /// An acceptance that does not hold.
    pub(super) fn of_acceptance(code: FaultCode, one: &AcceptTable) -> Self {
        let (name, fault, by) = (one.code.trim(), one.fault.trim(), one.by.trim());
        let (what, next) = match code {
            FaultCode::AcceptanceTwice => (
                Both::new(
                    format!("the fault {name} {fault} is accepted twice, the second time by {by}"),
                    format!("缺陷 {name} {fault} 被接受了两次，第二次由 {by}"),
                ),
                Both::new("leave one of the two [[accept]]", "请只保留其中一个 [[accept]]"),
            ),
            FaultCode::AcceptanceBySigner => (
                Both::new(
                    format!("the fault {name} {fault} is accepted by {by}, who signs the round"),
                    format!("缺陷 {name} {fault} 由签署本轮的 {by} 接受"),
                ),
                Both::new("have it accepted by somebody else than signed_by names", "请由 signed_by 以外的人接受"),
            ),
            _ => (
                Both::new(
                    format!("the round file accepts {name} {fault}, and the round has no such fault"),
                    format!("轮次文件接受了 {name} {fault}，而本轮并无此缺陷"),
                ),
                Both::new(
                    "take the [[accept]] out; where the facts, or the id or the day of the round have changed, look at the fault that is listed now",
                    "请删去该 [[accept]]；如事实或本轮编号、日期有变，请查看现在列出的缺陷",
                ),
            ),
        };
        let facts = [&one.by, &one.on, &one.reason].map(|t| t.trim().to_owned()).to_vec();
        Self::new(code, format!("{name} {fault}"), facts, what, next)
    }
}
