//! Attribute tables without positions: CSV in any encoding, and a sheet of an Excel or ODS workbook.

use super::SourceFile;
use super::sniff::{FileKind, kind_of};
use super::table::{self, EachRow};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::read::fields::FieldMap;
use crate::read::record::Note;

/// What a table has to hold.
#[derive(Clone, Copy)]
pub struct Needed<'a> {
    /// Our fields and the columns they come from.
    pub columns: &'a FieldMap,
    /// The field of ours without which a row is no header.
    pub code: &'a str,
    /// Columns that a sheet must have by name.
    pub wanted: &'a [String],
    /// Further columns whose cells matter.
    pub also: &'a [String],
}

/// Reads a table; returns its format for the manifest, and what is to be told.
///
/// # Errors
/// Input, when the file is no table; usage, naming the sheets, when the one asked for is not there.
pub fn each_row(file: &SourceFile, how: &How<'_>, needed: Needed<'_>, each: &mut EachRow<'_>) -> Result<(String, Vec<Note>)> {
    match kind_of(&file.path, &file.shown)? {
        FileKind::Workbook => each_cell_row(file, how.sheet, needed, each),
        FileKind::Table => {
            no_sheets(file, how)?;
            let is_header = |names: &[String]| needed.columns.finds(names, needed.code);
            table::each_plain_row(file, how, (&is_header, needed.columns, needed.also), each)
        }
        kind => {
            let next = "give a CSV, or an Excel or ODS workbook";
            let what = format!("the file is {}, and a table belongs here", kind.label());
            Err(Error::input(what, next).at(Location::file(file.shown.as_str())))
        }
    }
}

/// Refuses `sheet` for a file that has none.
///
/// # Errors
/// Usage.
pub fn no_sheets(file: &SourceFile, how: &How<'_>) -> Result<()> {
    if how.sheet.is_none() {
        return Ok(());
    }
    let at = Location::file(file.shown.as_str()).field("sheet");
    Err(Error::usage("the file is no workbook, so it has no sheets", "leave sheet out").at(at))
}

#[cfg(not(feature = "xlsx"))]
fn each_cell_row(file: &SourceFile, _: Option<&str>, _: Needed<'_>, _: &mut EachRow<'_>) -> Result<(String, Vec<Note>)> {
    Err(not_built(file))
}

/// This build reads no workbooks.
#[cfg(not(feature = "xlsx"))]
pub fn not_built(file: &SourceFile) -> Error {
    let next = "build with `--features xlsx`, or save the sheet as CSV";
    Error::usage("this build does not read workbooks", next).at(Location::file(file.shown.as_str()))
}

#[cfg(feature = "xlsx")]
fn each_cell_row(
    file: &SourceFile,
    sheet: Option<&str>,
    Needed { columns, code, wanted, also }: Needed<'_>,
    each: &mut EachRow<'_>,
) -> Result<(String, Vec<Note>)> {
    let has_code = |names: &[String]| {
        if columns.finds(names, code) { Ok(()) } else { Err(format!("the {code} ({})", columns.columns(code))) }
    };
    super::workbook::each_row(file, sheet, &super::workbook::Wants { columns, wanted, also, needs: &has_code }, each)
}
