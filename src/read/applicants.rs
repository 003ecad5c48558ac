//! The register of who applies for a round: a table or a workbook, an applicant a row.

use super::codes::Known;
use super::date::day;
use super::fields::FieldMap;
use super::formats::sheet::{self, Needed};
use super::formats::{Origin, SourceFile};
use super::status_column::{StatusColumn, StatusColumns, is_withdrawn, stands};
use super::{columns, headers};
use crate::config::How;
use crate::config::applicants::ApplicantsTable;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::BTreeSet;

/// Words of a cell that say no.
const NO: [&str; 8] = ["no", "n", "false", "0", "-", "–", "否", "无"];
/// Words of a cell that say yes, without a day.
const YES: [&str; 5] = ["yes", "y", "true", "1", "是"];

/// A row of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applicant {
    /// Line of the file.
    pub line: u64,
    /// The code, as the counties have it where one does.
    pub code: String,
    /// The code as it is written.
    pub written: String,
    /// The name, as it is written.
    pub name: String,
    /// The day of the application; as written, where that is no day.
    pub applied: String,
    /// Files that came with it, as written.
    pub files: String,
    /// The code of the county that leads a joint application; none where it applies by itself.
    pub joint_lead: Option<String>,
    /// The day on which it was withdrawn, or `yes`; none where it stands.
    pub withdrawn: Option<String>,
    /// The reason that stands beside it.
    pub reason: String,
}

/// The register as it was read.
#[derive(Debug)]
pub struct Register {
    /// Its rows, in order.
    pub rows: Vec<Applicant>,
    /// What kind of file it is.
    pub origin: Origin,
    /// Columns that were not taken, and the field that decides who takes part which each looks like.
    pub look_alike: Vec<(String, &'static str)>,
    /// Columns that were not taken and say what became of applications that stand by the others.
    pub status: Vec<StatusColumn>,
    /// Whether a column says who has withdrawn.
    pub has_withdrawn: bool,
}

/// The rows of the register, in order; codes that a spreadsheet made numbers of as the `known` have them.
///
/// # Errors
/// Input, when it is no table, has no column of codes, or has a row that cannot be read: nobody who applies is left out untold.
pub fn read_applicants(
    spec: &ApplicantsTable,
    file: &SourceFile,
    known: &BTreeSet<&str>,
    issues: &mut Issues,
) -> Result<Register> {
    let map = FieldMap::new("applicants", headers::APPLICANTS, &spec.fields)?;
    let at = |line: u64| Location::file(file.shown.as_str()).line(line, 0);
    let (mut all, mut has_column, mut fault): (Vec<Applicant>, _, Option<(u64, String)>) = (Vec::new(), None, None);
    let mut statuses = StatusColumns::default();
    let needed = Needed { columns: &map, code: "code", wanted: &[], also: &[] };
    let how = How { sheet: spec.sheet.as_deref(), ..How::default() };
    let (format, notes) = sheet::each_row(file, &how, needed, &mut |place, row| {
        let row = match row {
            Ok(row) => row,
            Err(what) => {
                fault.get_or_insert((place.line, what));
                return;
            }
        };
        map.observe(&row);
        has_column.get_or_insert_with(|| map.has_column("code"));
        let cell = |ours: &str| map.get(&row, ours).map(|c| c.trim().to_owned()).unwrap_or_default();
        if cell("code").is_empty() {
            if row.values().any(|v| !v.is_null() && v.as_str() != Some("")) {
                fault.get_or_insert((place.line, "the row has no code".to_owned()));
            }
            return;
        }
        let code = |text: &str, issues: &mut Issues| {
            Known::of(text, known).listed(text, |found| {
                let what = format!("the register has {text} where the county has the code {found}; it takes part");
                issues.push(Layer::Counties, IssueCode::CodeMadeNumber, at(place.line).id(found), what);
            })
        };
        let one = (|| {
            let lead = cell("joint_lead");
            let lead = if lead.is_empty() { None } else { Some(code(&lead, issues)?) };
            let own = code(&cell("code"), issues)?;
            let applied = cell("applied");
            let applied_on = iso(&applied);
            if applied_on.is_none() && !applied.is_empty() {
                let what = format!("the day of application \"{applied}\" is none that can be read; it is shown as it stands");
                issues.push(Layer::Counties, IssueCode::UnknownValue, at(place.line).id(own.as_str()), what);
            }
            Ok(Applicant {
                line: place.line,
                written: cell("code"),
                name: cell("name"),
                applied: applied_on.unwrap_or(applied),
                files: cell("files"),
                joint_lead: lead.filter(|l| *l != own),
                withdrawn: withdrawn(&cell("withdrawn"))?,
                reason: cell("reason"),
                code: own,
            })
        })();
        match one {
            Ok(one) => {
                if one.withdrawn.is_none() {
                    statuses.see(&row, place.line, &one.written);
                }
                all.push(one);
            }
            Err(what) => {
                fault.get_or_insert((place.line, what));
            }
        }
    })?;
    if has_column == Some(false) {
        let next = "give it a column \"code\", or map one under [applicants] fields";
        return Err(Error::input("the register of applicants has no column of codes", next).at(at(0)));
    }
    map.require_seen("applicants", all.len() as u64).map_err(|e| {
        let field = e.location().field.clone().unwrap_or_default();
        e.at(at(0).field(field))
    })?;
    let open = |ours: &str| !map.has_column(ours);
    let look_alike: Vec<(String, &'static str)> =
        map.unused().into_iter().filter_map(|c| headers::looks_like_of_register(&c, open).map(|ours| (c, ours))).collect();
    let mut status = statuses.told(&map, !open("withdrawn"));
    status.retain(|s| look_alike.iter().all(|(column, _)| *column != s.column));
    let told_as_fault = |column: &str| look_alike.iter().any(|(c, _)| c == column) || status.iter().any(|s| s.column == column);
    columns::tell(&map, headers::APPLICANTS, (Layer::Counties, "applicants"), &file.shown, &told_as_fault, issues);
    if let Some((line, what)) = fault {
        let next = "mend the row: every county that applies has to be read";
        return Err(Error::input(format!("the register of applicants cannot be read: {what}"), next).at(at(line)));
    }
    if all.is_empty() {
        return Err(Error::input("the register of applicants has no row", "fill it, or leave [applicants] out").at(at(0)));
    }
    notes.into_iter().for_each(|note| note.push(&file.shown, Layer::Counties, issues));
    let has_withdrawn = !open("withdrawn");
    Ok(Register { rows: all, origin: Origin { format, crs: String::new() }, look_alike, status, has_withdrawn })
}

fn iso(text: &str) -> Option<String> {
    day(text).map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

/// Whether an application was withdrawn, and when. What says neither is not guessed at.
fn withdrawn(cell: &str) -> std::result::Result<Option<String>, String> {
    let word = cell.to_lowercase();
    match () {
        () if cell.is_empty() || NO.contains(&word.as_str()) || stands(cell) => Ok(None),
        () if YES.contains(&word.as_str()) || is_withdrawn(cell) => Ok(Some("yes".to_owned())),
        () => iso(cell).map(Some).ok_or_else(|| format!("withdrawn says \"{cell}\", which is no day, yes or no")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(withdrawn(cell), Ok(Some(want.to_owned())), "{cell}");
        }
        for odd in ["perhaps", "03/05/2021", "pending"] {
            assert!(withdrawn(odd).is_err(), "{odd}");
        }
    }
}
