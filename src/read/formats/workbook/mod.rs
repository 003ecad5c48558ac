//! Excel and ODS workbooks as tables: which sheet, where its header stands, and its rows one at a time.
//!
//! Cells are handed on as they are stored: a number stays a number, a day becomes `2021-03-05`. What a sheet shows and does not hold
//! (a formula nobody computed, a failed one) is told of, a column a note.

mod bounds;
mod cells;
mod header;
mod merged;
mod ods;
mod open;

use self::cells::{Told, columns_of, is_blank, text_of};
use self::header::Header;
use self::open::{Book, Sheet};
use super::SourceFile;
use super::blank::Blank;
use super::table::{EachRow, has_positions, located};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::issue::IssueCode;
use crate::read::fields::FieldMap;
use crate::read::record::{Fault, Note, Place, Sink};
use crate::read::unit_rows::{Row, Table, UnitRows};
use calamine::Data;

/// What a table has to hold.
#[derive(Clone, Copy)]
pub struct Wants<'a> {
    /// Our fields and the columns they come from.
    pub columns: &'a FieldMap,
    /// Columns that must be there by name.
    pub wanted: &'a [String],
    /// Further columns whose cells matter.
    pub also: &'a [String],
    /// Whether the names of a row make it the header; the error names what is missing.
    pub needs: &'a dyn Fn(&[String]) -> std::result::Result<(), String>,
}

impl Wants<'_> {
    /// Whether the cells of a column matter.
    fn asks(&self, name: &str) -> bool {
        self.columns.asks(name) || self.also.iter().any(|n| n == name)
    }
}

/// Reads a layer from a workbook, positions in two columns or as well-known text.
///
/// # Errors
/// Usage, naming the sheets, when the one asked for is not there; input, when no row is a header or a wanted column is missing.
pub fn read(file: &SourceFile, how: &How<'_>, columns: &FieldMap, wanted: &[String], out: &mut dyn Sink) -> Result<String> {
    let positions = |header: &[String]| has_positions(header, columns);
    let wants = Wants { columns, wanted, also: &[], needs: &positions };
    let mut each = |place: Place, row: std::result::Result<_, String>| {
        let record = row.map_err(Fault::bad).and_then(|row| located(row, columns, &mut None));
        out.record(place, record);
    };
    let (format, notes) = each_row(file, how.sheet, &wants, &mut each)?;
    notes.into_iter().for_each(|note| out.note(note));
    Ok(format)
}

/// Reads the rows of a sheet; returns the format for the manifest, and what is to be told.
///
/// # Errors
/// As [`read`].
pub fn each_row(
    file: &SourceFile,
    sheet: Option<&str>,
    wants: &Wants<'_>,
    each: &mut EachRow<'_>,
) -> Result<(String, Vec<Note>)> {
    let mut book = Book::open(file)?;
    let (sheet, header, mut notes) = choose(&mut book, file, sheet, wants)?;
    let header = header.without_repeats(&sheet, wants).map_err(|e| e.in_file(file))?;
    let mut told = Told::default();
    let mut units = UnitRows::new(Table {
        word: "row",
        file: &file.shown,
        above: sheet
            .cells
            .rows()
            .take(header.row)
            .enumerate()
            .map(|(at, row)| shown_row(&sheet, at, row))
            .filter(Row::is_filled)
            .collect(),
        header_line: sheet.line(header.row),
        names: &header.names,
        own: header.units.clone(),
        columns: wants.columns,
        also: wants.also,
    });
    let (mut number, mut last, mut blank) = (0, 0, Blank::default());
    for (at, row) in (0usize..).zip(sheet.cells.rows()).skip(header.first_data) {
        if row.iter().all(is_blank) && !sheet.has_formula(at) {
            blank.take(sheet.line(at)); // blank rows between and below are no records
            continue;
        }
        if units.takes(&mut row.iter().map(text_or_digit), sheet.line(at))? {
            continue;
        }
        number += 1;
        let place = Place { number, line: sheet.line(at) };
        last = place.line;
        each(place, Ok(columns_of(&sheet, &header.names, at, row, &mut told)));
    }
    notes.extend(merged_rows(&sheet, &header, wants));
    notes.extend(Note::of_full_sheet(last));
    notes.extend(told.notes(&sheet, &header.names, wants));
    notes.extend(units.close()?);
    notes.extend(blank.note());
    Ok((format!("{}, sheet {}", book.format(), sheet.name), notes))
}

/// Cells of several rows that are one, in columns that matter: all but the first row are read as empty.
fn merged_rows(sheet: &Sheet, header: &Header, wants: &Wants<'_>) -> Vec<Note> {
    let (top, left) = sheet.start();
    let mut notes = Vec::new();
    for m in &sheet.merged {
        let first = m.start.0.checked_sub(top).map(|row| row as usize).filter(|row| *row >= header.first_data);
        let (Some(row), true) = (first, m.end.0 > m.start.0) else { continue };
        for column in (m.start.1.max(left)..=m.end.1).map(|column| (column - left) as usize) {
            let Some(name) = header.names.get(column).filter(|name| wants.asks(name)) else { continue };
            let says = sheet.cells.get((row, (m.start.1.max(left) - left) as usize)).is_some_and(|cell| !is_blank(cell));
            if !says {
                continue;
            }
            let last = row + (m.end.0 - m.start.0) as usize;
            let range = format!("{}:{}", sheet.cell_name(row, column), sheet.cell_name(last, column));
            let what = format!("the cells {range} are merged: what they say was read for their first row alone");
            let count = u64::from(m.end.0 - m.start.0);
            notes.push(Note { code: IssueCode::MergedRows, feature: 0, line: sheet.line(row), field: name.clone(), what, count });
        }
    }
    notes
}

fn shown_row(sheet: &Sheet, at: usize, row: &[Data]) -> Row {
    Row { line: sheet.line(at), cells: row.iter().map(text_of).collect() }
}

/// The text of a cell; of a number only that it is one.
fn text_or_digit(cell: &Data) -> &str {
    match cell {
        Data::Empty => "",
        Data::String(text) => text.trim(),
        _ => "0",
    }
}

/// Names of the sheets of a workbook, in order.
///
/// # Errors
/// Input, when it cannot be opened.
pub fn sheet_names(file: &SourceFile) -> Result<Vec<String>> {
    Ok(Book::open(file)?.sheet_names())
}

/// The sheet that was asked for; else the first that has a header, where it is the only one or stands first.
fn choose(book: &mut Book, file: &SourceFile, asked: Option<&str>, wants: &Wants<'_>) -> Result<(Sheet, Header, Vec<Note>)> {
    let at = || Location::file(file.shown.as_str());
    if let Some(name) = asked {
        let names = book.sheet_names();
        if !names.iter().any(|n| n == name) {
            let near = crate::config::toml_text::nearest(name, names.iter().map(String::as_str));
            let all = || format!("it has {}", names.join(", "));
            let next = near.map_or_else(all, |n| format!("did you mean \"{n}\"?"));
            return Err(Error::usage(format!("the workbook has no sheet \"{name}\""), next).at(at().field("sheet")));
        }
        let sheet = book.sheet(name)?;
        let header = Header::find(&sheet, wants).map_err(|e| e.in_file(file))?;
        return Ok((sheet, header, Vec::new()));
    }
    let names = book.shown_sheets(); // one that nobody sees is never meant
    let Some((first, others)) = names.split_first() else {
        return Err(Error::input("the workbook has no sheet", "save the sheet as CSV").at(at()));
    };
    let sheet = book.sheet(first)?;
    let refused = match Header::find(&sheet, wants) {
        Ok(header) => {
            let more = || format!("the first sheet, \"{first}\", was read; the workbook also has {}", quoted(others));
            let note = (!others.is_empty()).then(|| Note::of_file(IssueCode::SheetChosen, more()));
            let has_rows = |(sheet, header): &(Sheet, Header)| {
                sheet.cells.rows().skip(header.first_data).any(|row| !row.iter().all(is_blank))
            };
            let alike: Vec<String> =
                with_header(book, others, wants)?.into_iter().filter(has_rows).map(|(sheet, _)| sheet.name).collect();
            let what = || format!("{} has such a table too, which was not read", quoted(&alike));
            let not_read = (!alike.is_empty()).then(|| Note::of_file(IssueCode::SheetNotRead, what()));
            return Ok((sheet, header, note.into_iter().chain(not_read).collect()));
        }
        Err(e) => e,
    };
    let mut found = with_header(book, others, wants)?;
    if found.len() > 1 {
        let such: Vec<String> = found.iter().map(|(s, _)| s.name.clone()).collect();
        let what = format!("several sheets could be meant: {}", quoted(&such));
        return Err(Error::input(what, "name one with sheet = \"…\"").at(at()));
    }
    let Some((sheet, header)) = found.pop() else { return Err(refused.in_file(file)) };
    let what = format!("the sheet \"{}\" was read; \"{first}\" stands before it and has no such table", sheet.name);
    Ok((sheet, header, vec![Note::of_file(IssueCode::SheetChosen, what)]))
}

/// Those of some sheets that have a header.
fn with_header(book: &mut Book, names: &[String], wants: &Wants<'_>) -> Result<Vec<(Sheet, Header)>> {
    let mut found = Vec::new();
    for name in names {
        let sheet = book.sheet(name)?;
        if let Ok(header) = Header::find(&sheet, wants) {
            found.push((sheet, header));
        }
    }
    Ok(found)
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
