//! `applicants.csv`: every row of the register of a round with what became of it, also of those that no region has.

use crate::config::accept::AcceptTable;
use crate::files::csv_table::CsvRow;
use crate::files::rules::Others;
use crate::files::schema::Value;
use crate::files::table::{Table, boolean, integer, text};
use crate::programme::GateAnswer;
use crate::read::applicants::Applicant;
use crate::results::Round;
use crate::results::faults::{Fault, FaultCode};
use crate::tables::{gates, ranking, selection};

/// Its file.
pub const FILE: &str = "applicants.csv";

/// Its words of what became of an applicant.
pub const STATUS: [&str; 5] = ["selected", "not_selected", "not_ranked", "withdrawn", "unknown"];

/// A row: an applicant.
#[derive(Clone, Debug)]
pub struct ApplicantRow<'a> {
    /// As the register has it.
    pub applicant: &'a Applicant,
    /// The county, by number; none where no region has it.
    pub county: Option<usize>,
    /// What became of it.
    pub status: &'static str,
    /// The reason, in English and in Chinese.
    pub why: [String; 2],
    /// Gates of the programme that it applies for.
    pub gates: Vec<&'a GateAnswer>,
}

/// The table.
pub fn table<'a>() -> Table<'a, ApplicantRow<'a>> {
    let of = |get: fn(&Applicant) -> &str| move |r: &ApplicantRow<'_>| Value::text_or_null(get(r.applicant));
    let empty = "the register does not say";
    Table::new(vec![
        integer("line", "line", "", "Line of the register", "登记表行号")
            .of(|r: &ApplicantRow<'_>| Value::Integer(r.applicant.line as i64)),
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &ApplicantRow<'_>| Value::Text(r.applicant.code.clone())),
        text("code_written", "written", "The code as the register has it", "登记表中的代码")
            .of(|r: &ApplicantRow<'_>| Value::Text(r.applicant.written.clone())),
        text("name_written", "name", "The name as the register has it", "登记表中的名称").or_null(empty).of(of(|a| &a.name)),
        text("applied", "applied", "Day of the application", "申报日期").or_null(empty).of(of(|a| &a.applied)),
        text("files", "files", "Files of the application", "申报材料").or_null(empty).of(of(|a| &a.files)),
        text("joint_lead", "lead", "Code of the county that leads the joint application", "联合申报牵头县代码")
            .or_null("it applies by itself, or leads")
            .of(of(|a| a.joint_lead.as_deref().unwrap_or_default())),
        text("withdrawn", "withdrawn", "Day on which it was withdrawn, or yes", "撤回日期（或 yes）")
            .or_null("it was not")
            .of(of(|a| a.withdrawn.as_deref().unwrap_or_default())),
        text("status", "status", "selected, not_selected, not_ranked, withdrawn or unknown", "结果代码")
            .of(|r: &ApplicantRow<'_>| Value::Word(r.status)),
        text("eligible", "eligible", "Gates of the programme together: met, not_met or cannot_be_told", "申报条件总体结论")
            .or_null("no programme with gates is applied for, or its application is withdrawn or has fallen")
            .of(|r: &ApplicantRow<'_>| Value::opt(gates::together(r.gates.iter().copied()), |m| Value::Word(m.as_str()))),
        text("gates", "gates", "Each gate with the value and what is asked", "各项条件的数值与要求（英文）")
            .or_null("no programme with gates is applied for, or its application is withdrawn or has fallen")
            .of(|r: &ApplicantRow<'_>| gate_lines(r, 0)),
        text("gates_zh", "gates_zh", "The same in Chinese", "各项条件的数值与要求（中文）")
            .or_null("no programme with gates is applied for, or its application is withdrawn or has fallen")
            .of(|r: &ApplicantRow<'_>| gate_lines(r, 1)),
        boolean("has_county", "has_county", "Whether a region has the county", "地区数据中是否有该县")
            .of(|r: &ApplicantRow<'_>| Value::Boolean(r.county.is_some())),
        text("reason", "reason", "The reason", "理由（英文）").of(|r: &ApplicantRow<'_>| Value::Text(r.why[0].clone())),
        text("reason_zh", "reason_zh", "The same in Chinese", "理由（中文）")
            .of(|r: &ApplicantRow<'_>| Value::Text(r.why[1].clone())),
    ])
    .rule("an applicant is selected where selection.csv has it selected, and is there where a region has it", follows)
}

fn gate_lines(r: &ApplicantRow<'_>, language: usize) -> Value {
    let all = gates::lines(r.gates.iter().copied());
    Value::text_or_null(if language == 0 { &all.en } else { &all.zh })
}

fn follows(row: &CsvRow<'_>, others: &Others) -> crate::error::Result<bool> {
    let code = row.text("county_code")?;
    let chosen = others.row(selection::FILE, &[("county_code", &code)])?;
    let ranked = others.row(ranking::FILE, &[("county_code", &code)])?;
    let status = row.text("status")?;
    let Some(chosen) = chosen else {
        return Ok(row.get("has_county") == "false" && matches!(status.as_str(), "unknown" | "withdrawn"));
    };
    let selected = chosen.get("selected") == "true";
    let has_rank = ranked.is_some_and(|r| !r.get("rank").is_empty());
    let may = row.get("eligible") != "not_met" || !has_rank;
    Ok(may
        && row.get("has_county") == "true"
        && match status.as_str() {
            "selected" => selected,
            "not_selected" => !selected && has_rank,
            "not_ranked" | "withdrawn" => !selected && !has_rank,
            _ => false,
        })
}

/// Its rows, in the order of the register.
pub fn rows<'a>(r: Round<'a>) -> impl Iterator<Item = ApplicantRow<'a>> + 'a {
    let Round { results, part } = r;
    part.applicants.iter().map(move |applicant| {
        let county = results.members.binary_search_by(|m| m.county.code.as_str().cmp(&applicant.code)).ok();
        let withdrawn = applicant.withdrawn.is_some();
        let first = part.gates.partition_point(|g| g.code < applicant.code); // they stand by code
        let gates = part.gates[first..].iter().take_while(|g| g.code == applicant.code && !withdrawn).collect();
        let Some(i) = county else {
            let accepted = r.part.faults.accepted();
            let fault = |(f, _): &(&Fault, &AcceptTable)| f.code == FaultCode::ApplicantUnknown && f.subject == applicant.written;
            let accepted = accepted.into_iter().find(fault).map(|(f, a)| (&*f.what.en, &*f.what.zh, a));
            let why = without_county(applicant.withdrawn.as_deref(), accepted);
            return ApplicantRow { applicant, county, status: if withdrawn { "withdrawn" } else { "unknown" }, why, gates };
        };
        let choice = &part.choices[i];
        let ranked = results.assessment.ranking.of(i).is_some_and(|row| row.rank.is_some());
        let status = match () {
            () if choice.why.is_selected() => "selected",
            () if ranked => "not_selected",
            () if withdrawn => "withdrawn",
            () => "not_ranked",
        };
        ApplicantRow { applicant, county, status, why: selection::why(&r, i), gates }
    })
}

/// The reason of an applicant that no region has: it withdrew on a day, or `yes`; or who answers for going on without it.
pub fn without_county(withdrawn: Option<&str>, accepted: Option<(&str, &str, &AcceptTable)>) -> [String; 2] {
    if let Some(day) = withdrawn {
        let [en, zh] = if day == "yes" { Default::default() } else { [format!(" on {day}"), format!("于 {day} ")] };
        return [format!("it withdrew its application{en}, and no region has it"), format!("{zh}撤回申报；各地区中也没有该县")];
    }
    let Some((en, zh, a)) = accepted else {
        return ["no county of the regions has this code".to_owned(), "各地区中没有该代码的县".to_owned()];
    };
    [format!("{en}; accepted by {} on {}: {}", a.by, a.on, a.reason), format!("{zh}；由 {} 于 {} 接受：{}", a.by, a.on, a.reason)]
}
