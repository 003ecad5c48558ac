//! Attribute tables without positions: CSV in any encoding, and the first or a named sheet of an Excel or ODS workbook.

use super::SourceFile;
use super::table::{self, EachRow};
use crate::config::How;
use crate::error::{Error, Location, Result};
#[cfg(feature = "xlsx")]
use crate::read::record::{Columns, Place};
use std::fs::File;
use std::io::Read;

/// Larger workbooks are refused: they are read whole.
#[cfg(feature = "xlsx")]
const LARGEST: u64 = 256 << 20;

/// Reads a table; returns its format for the manifest. `sheet` names one of a workbook.
///
/// # Errors
/// Input, when the file is no table; usage, naming the sheets, when the one asked for is not there.
pub fn each_row(file: &SourceFile, how: &How<'_>, sheet: Option<&str>, each: &mut EachRow<'_>) -> Result<String> {
    let mut head = [0u8; 4];
    let n = File::open(&file.path).and_then(|mut f| f.read(&mut head)).map_err(|e| Error::io("open the file", &file.path, &e))?;
    let workbook = head[..n].starts_with(b"PK\x03\x04") || head[..n].starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    if workbook {
        return each_cell_row(file, sheet, each);
    }
    if sheet.is_some() {
        let at = Location::file(file.shown.as_str()).field("sheet");
        return Err(Error::usage("the file is no workbook, so it has no sheets", "leave sheet out").at(at));
    }
    if n == 0 {
        return Err(Error::input("the file is empty", "give a table").at(Location::file(file.shown.as_str())));
    }
    table::each_plain_row(file, how, each)
}

#[cfg(not(feature = "xlsx"))]
fn each_cell_row(file: &SourceFile, _: Option<&str>, _: &mut EachRow<'_>) -> Result<String> {
    let next = "build with `--features xlsx`, or save the sheet as CSV";
    Err(Error::usage("this build does not read workbooks", next).at(Location::file(file.shown.as_str())))
}

#[cfg(feature = "xlsx")]
fn each_cell_row(file: &SourceFile, sheet: Option<&str>, each: &mut EachRow<'_>) -> Result<String> {
    use crate::read::guard::guarded;
    use calamine::Reader;
    let at = || Location::file(file.shown.as_str());
    let damaged = |what: String| Error::input(format!("the workbook cannot be read: {what}"), "save the sheet as CSV").at(at());
    let size = std::fs::metadata(&file.path).map_err(|e| Error::io("open the file", &file.path, &e))?.len();
    if size > LARGEST {
        return Err(damaged("it is larger than 256 MiB".to_owned()));
    }
    let bytes = std::fs::read(&file.path).map_err(|e| Error::io("read the file", &file.path, &e))?;
    let no_sense = || damaged("it holds what no workbook may hold".to_owned());
    let mut book = guarded(|| calamine::open_workbook_auto_from_rs(std::io::Cursor::new(bytes)))
        .ok_or_else(no_sense)?
        .map_err(|e| damaged(e.to_string()))?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(name) if names.iter().any(|n| n == name) => name.to_owned(),
        Some(name) => {
            let next = format!("it has {}", names.join(", "));
            return Err(Error::usage(format!("the workbook has no sheet \"{name}\""), next).at(at().field("sheet")));
        }
        None => names.first().cloned().ok_or_else(|| damaged("it has no sheet".to_owned()))?,
    };
    let range = guarded(|| book.worksheet_range(&name)).ok_or_else(no_sense)?.map_err(|e| damaged(e.to_string()))?;
    let mut rows = range.rows();
    let header: Vec<String> = rows.next().unwrap_or_default().iter().map(cell).collect();
    for (number, row) in (1u64..).zip(rows) {
        let mut columns = Columns::new();
        for (name, value) in header.iter().zip(row).filter(|(name, _)| !name.is_empty()) {
            columns.entry(name.clone()).or_insert_with(|| serde_json::Value::String(cell(value)));
        }
        each(Place { number, line: number + 1 }, Ok(columns));
    }
    Ok(format!("workbook, sheet {name}"))
}

/// A cell as text. Codes and counts are real numbers in a workbook; they must not get a ".0".
#[cfg(feature = "xlsx")]
fn cell(value: &calamine::Data) -> String {
    match value {
        calamine::Data::Float(v) if v.fract() == 0.0 && v.abs() < 9e15 => format!("{}", *v as i64),
        calamine::Data::Error(_) => String::new(),
        other => other.to_string().trim().to_owned(),
    }
}
