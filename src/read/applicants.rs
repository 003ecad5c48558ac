//! The register of who applies for a round: a table or a workbook, an applicant a row.

use super::codes::Known;
use super::date::{day, says_day};
use super::fields::FieldMap;
use super::formats::sheet::{self, Needed};
use super::formats::{Origin, SourceFile};
use super::record::Note;
use super::register_cells::{Filled, one_of_codes, one_of_withdrawn};
use super::status_column::{ColumnSays, StatusColumn, StatusColumns, column_says};
use super::{columns, headers};
use crate::config::How;
use crate::config::accept::is_real_day;
use crate::config::applicants::ApplicantsTable;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::BTreeSet;

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

/// A column that was not taken and looks like one that decides who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// Its name.
    pub column: String,
    /// The field.
    pub ours: &'static str,
    /// How many of its cells are filled, and a digest of them with whom they are of.
    pub filled: Option<(usize, String)>,
}

/// The register as it was read.
#[derive(Debug)]
pub struct Register {
    /// Its rows, in order.
    pub rows: Vec<Applicant>,
    /// What kind of file it is.
    pub origin: Origin,
    /// Columns that were not taken and look like one that decides who takes part.
    pub look_alike: Vec<LookAlike>,
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
    let (mut statuses, mut filled) = (StatusColumns::default(), Filled::default());
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
            let lead = one_of_codes(&map, &row, "joint_lead", known)?;
            let lead = if lead.is_empty() { None } else { Some(code(&lead, issues)?) };
            let own = code(&one_of_codes(&map, &row, "code", known)?, issues)?;
            let applied = cell("applied");
            let applied_on = iso(&applied).filter(|_| is_day_alone(&applied));
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
                withdrawn: one_of_withdrawn(&map, &row)?,
                reason: cell("reason"),
                code: own,
            })
        })();
        match one {
            Ok(one) => {
                filled.see(&map, &row, &one.written);
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
    if let Some(column) = map.met("withdrawn").into_iter().find(|c| column_says(c) == ColumnSays::Stands) {
        let what = format!(
            "the column \"{column}\" says whether an application stands, and was taken for withdrawn, which says that it does not"
        );
        let next = "give the register a column withdrawn, with yes (是) or the day for each application that does not stand";
        return Err(Error::input(what, next).at(at(0).field("applicants.fields.withdrawn")));
    }
    let open = |ours: &str| !map.has_column(ours);
    // a column that was mapped says nothing of the others, which are looked at where a cell of theirs is filled
    let looks = |column: String| {
        let filled = filled.of(&column);
        let asked = |ours: &str| open(ours) || (map.is_mapped(ours) && filled.is_some());
        headers::looks_like_of_register(&column, asked).map(|ours| LookAlike { column, ours, filled })
    };
    let look_alike: Vec<LookAlike> = map.unused().into_iter().filter_map(looks).collect();
    let mut status = statuses.told(&map, !open("withdrawn"));
    status.retain(|s| look_alike.iter().all(|l| l.column != s.column));
    let told_as_fault = |column: &str| look_alike.iter().any(|l| l.column == column) || status.iter().any(|s| s.column == column);
    columns::tell_second(&map, headers::APPLICANTS, Layer::Counties, &file.shown, issues);
    columns::tell(&map, headers::APPLICANTS, (Layer::Counties, "applicants"), &file.shown, &told_as_fault, issues);
    if let Some((line, what)) = fault {
        let next = "mend the row: every county that applies has to be read";
        return Err(Error::input(format!("the register of applicants cannot be read: {what}"), next).at(at(line)));
    }
    if all.is_empty() {
        return Err(Error::input("the register of applicants has no row", "fill it, or leave [applicants] out").at(at(0)));
    }
    let decides = |column: &str| map.takes(column).iter().any(|ours| ["code", "joint_lead", "withdrawn"].contains(ours));
    whole(&notes, &decides, file)?;
    if let Some(note) = notes.iter().find(|n| n.code == IssueCode::FormulaWithoutValue && decides(&n.field)) {
        let what = format!("a cell of the register failed in a column that decides who takes part: {}", note.what);
        let next = "mend the formula in the workbook, or write what it should say: an empty cell would let the application stand";
        return Err(Error::input(what, next).at(at(note.line).field(note.field.as_str())));
    }
    notes.into_iter().for_each(|note| note.push(&file.shown, Layer::Counties, issues));
    let has_withdrawn = !open("withdrawn");
    Ok(Register { rows: all, origin: Origin { format, crs: String::new() }, look_alike, status, has_withdrawn })
}

/// Refuses a sheet of a workbook of which a part would be left out: another sheet has such rows, or cells that decide who takes part are merged
/// over several.
pub(super) fn whole(notes: &[Note], decides: &dyn Fn(&str) -> bool, file: &SourceFile) -> Result<()> {
    let at = |note: &Note| Location::file(file.shown.as_str()).line(note.line, 0);
    if let Some(note) = notes.iter().find(|n| n.code == IssueCode::SheetNotRead) {
        let next = "put all rows into one sheet, or name the sheet that is meant with sheet = \"…\"";
        return Err(Error::input(format!("another sheet of the workbook is such a list too: {}", note.what), next).at(at(note)));
    }
    if let Some(note) = notes.iter().find(|n| n.code == IssueCode::MergedRows && decides(&n.field)) {
        let what = format!("cells of several rows are merged in a column that decides who takes part: {}", note.what);
        let next = "unmerge the cells, and write what they say in every row";
        return Err(Error::input(what, next).at(at(note).field(note.field.as_str())));
    }
    Ok(())
}

/// The day of a text, of those that the calendar has; a month or a year is none.
pub(super) fn iso(text: &str) -> Option<String> {
    let (year, month, day) = day(text).filter(|_| says_day(text))?;
    Some(format!("{year:04}-{month:02}-{day:02}")).filter(|day| is_real_day(day))
}

/// Whether a text says a day, with or without a time, and nothing else.
fn is_day_alone(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "-/.:年月日号时分秒TZ+".contains(c))
}
