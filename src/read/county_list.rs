//! A list of counties that apply: a table or a workbook with a column of codes.

use super::applicants::whole;
use super::codes::Known;
use super::fields::FieldMap;
use super::formats::sheet::{self, Needed};
use super::formats::{Origin, SourceFile};
use super::headers;
use super::register_cells::one_of_codes;
use super::status_column::{StatusColumn, StatusColumns};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::BTreeSet;

/// A row of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedCounty {
    /// Where it stands.
    pub line: u64,
    /// Its code, as the counties have it where a spreadsheet made it a number; a pattern stays as it is.
    pub code: String,
    /// The name beside it; may be empty.
    pub name: String,
}

/// The rows of the list in their order, codes that a spreadsheet made numbers of as the `known` have them.
///
/// # Errors
/// Input, when it is no table, has no column of codes, or has a row that cannot be read: nobody who applies is left out untold.
pub fn read_county_list(
    file: &SourceFile,
    sheet: Option<&str>,
    known: &BTreeSet<&str>,
    issues: &mut Issues,
) -> Result<(Vec<ListedCounty>, Origin)> {
    let map = FieldMap::new("regions", headers::COUNTY_LIST, &Default::default())?;
    let at = |line: u64| Location::file(file.shown.as_str()).line(line, 0);
    let (mut codes, mut has_column, mut fault) = (Vec::new(), None, None);
    let mut statuses = StatusColumns::default();
    let needed = Needed { columns: &map, code: "code", wanted: &[], also: &[] };
    let (format, notes) = sheet::each_row(file, &How { sheet, ..How::default() }, needed, &mut |place, row| {
        let row = match row {
            Ok(row) => row,
            Err(what) => {
                fault.get_or_insert((place.line, what));
                return;
            }
        };
        map.observe(&row);
        statuses.see(&row, place.line, "");
        has_column.get_or_insert_with(|| map.has_column("code"));
        let Some(code) = map.get(&row, "code") else {
            if row.values().any(|v| !v.is_null() && v.as_str() != Some("")) {
                fault.get_or_insert((place.line, "the row has no code".to_owned()));
            }
            return;
        };
        let code = match one_of_codes(&map, &row, "code", known) {
            Ok(_) => code,
            Err(what) => {
                fault.get_or_insert((place.line, what));
                return;
            }
        };
        // A pattern is none of the codes, and stays as it is.
        let listed = Known::of(&code, known).listed(&code, |found| {
            let what = format!("the list has {code} where the county has the code {found}; it takes part");
            issues.push(Layer::Counties, IssueCode::CodeMadeNumber, at(place.line).id(found), what);
        });
        match listed {
            Ok(code) => {
                let name = map.get(&row, "name").map(|n| n.trim().to_owned()).unwrap_or_default();
                codes.push(ListedCounty { line: place.line, code, name });
            }
            Err(what) => drop(fault.get_or_insert((place.line, what))),
        }
    })?;
    if let Some((line, what)) = fault {
        let next = "mend the row: every county that applies has to be read";
        return Err(Error::input(format!("the list of counties cannot be read: {what}"), next).at(at(line)));
    }
    if has_column == Some(false) {
        return Err(Error::input("the list of counties has no column of codes", "give it a column \"code\"").at(at(0)));
    }
    // who withdrew, or applies with whom, is read of a register and of nothing else
    if let Some((column, ours)) =
        map.unused().into_iter().find_map(|c| headers::looks_like_of_register(&c, |_| true).map(|o| (c, o)))
    {
        let what = format!("the column \"{column}\" of the list looks like {ours}, and a list of counties says only who applies");
        let next = "name the file under [applicants] path in place of [regions] county_list, or leave the column out";
        return Err(Error::input(what, next).at(at(0).field(column)));
    }
    if let Some(StatusColumn { column, line, cell, .. }) = statuses.told(&map, false).into_iter().next() {
        let what = format!("the column \"{column}\" of the list says \"{cell}\", and a list of counties says only who applies");
        let next = "name the file under [applicants] path in place of [regions] county_list, or leave the column out";
        return Err(Error::input(what, next).at(at(line).field(column)));
    }
    whole(&notes, &|column| map.is_of(column, "code"), file)?;
    if let Some(note) = notes.iter().find(|n| n.code == IssueCode::FormulaWithoutValue && map.is_of(&n.field, "code")) {
        let what = format!("a code of the list failed: {}", note.what);
        let next = "mend the formula in the workbook, or write the code";
        return Err(Error::input(what, next).at(at(note.line).field(note.field.as_str())));
    }
    super::columns::tell_second(&map, headers::COUNTY_LIST, Layer::Counties, &file.shown, issues);
    notes.into_iter().for_each(|note| note.push(&file.shown, Layer::Counties, issues));
    Ok((codes, Origin { format, crs: String::new() }))
}
