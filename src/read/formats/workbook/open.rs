//! Opens a workbook by what it holds, never by its name, and takes one sheet out of it.

use super::merged::{self, Merged};
use super::{bounds, ods};
use crate::error::{Error, Location, Result};
use crate::input;
use crate::read::formats::SourceFile;
use crate::read::guard::guarded;
use calamine::{Data, Ods, Range, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

/// Larger workbooks are refused: they are read whole.
const LARGEST: u64 = 256 << 20;
/// The formats of cells of larger ones are not looked at: they are only there to tell of percent.
const LARGEST_STYLED: u64 = 32 << 20;

type Bytes = Cursor<Vec<u8>>;

enum Inside {
    Xls(Xls<Bytes>),
    Xlsx(Box<Xlsx<Bytes>>),
    /// With the merged cells of each sheet, by name.
    Xlsb(Xlsb<Bytes>, BTreeMap<String, Vec<Merged>>),
    /// With what the library does not tell of each sheet.
    Ods(Ods<Bytes>, Vec<ods::Beside>),
}

/// An open workbook.
pub(super) struct Book {
    inside: Inside,
    shown: String,
    styled: bool,
}

/// One sheet.
#[derive(Default)]
pub(super) struct Sheet {
    pub name: String,
    /// Its cells, from the first used row and column.
    pub cells: Range<Data>,
    /// Its formulas.
    pub formulas: Range<String>,
    pub merged: Vec<Merged>,
    /// Columns of the sheet with cells that are shown in percent.
    pub percent: BTreeSet<u32>,
}

impl Sheet {
    /// Row and column of the sheet where the cells begin.
    pub fn start(&self) -> (u32, u32) {
        self.cells.start().unwrap_or_default()
    }

    /// The row of the sheet, from 1, of a row of the cells.
    pub fn line(&self, row: usize) -> u64 {
        u64::from(self.start().0) + row as u64 + 1
    }

    /// The letters of a column of the cells.
    pub fn letters(&self, column: usize) -> String {
        let mut n = self.start().1 as usize + column + 1;
        let mut letters = Vec::new();
        while n > 0 {
            letters.push(char::from(b'A' + ((n - 1) % 26) as u8));
            n = (n - 1) / 26;
        }
        letters.into_iter().rev().collect()
    }

    /// The name of a cell, `C2`.
    pub fn cell_name(&self, row: usize, column: usize) -> String {
        format!("{}{}", self.letters(column), self.line(row))
    }

    /// Whether a cell holds a formula.
    pub fn is_formula(&self, row: usize, column: usize) -> bool {
        let start = self.start();
        self.formulas.get_value((start.0 + row as u32, start.1 + column as u32)).is_some_and(|f| !f.is_empty())
    }

    /// Whether any cell of a row holds a formula.
    pub fn has_formula(&self, row: usize) -> bool {
        (0..self.cells.width()).any(|column| self.is_formula(row, column))
    }
}

impl Book {
    /// Opens a workbook.
    ///
    /// # Errors
    /// Input, when it is damaged, too large or locked by a password.
    pub fn open(file: &SourceFile) -> Result<Self> {
        let size = input::size(&file.path)?;
        if size > LARGEST {
            return Err(damaged(&file.shown, "it is larger than 256 MiB"));
        }
        let bytes = input::whole(&file.path, "read the file", LARGEST)?;
        let inside = guarded(|| Inside::of(bytes)).unwrap_or_else(|| Err("it holds what no workbook may hold".to_owned()));
        let inside = inside.map_err(|what| damaged(&file.shown, &what))?;
        Ok(Self { inside, shown: file.shown.clone(), styled: size <= LARGEST_STYLED })
    }

    /// The format, for people.
    pub fn format(&self) -> &'static str {
        match self.inside {
            Inside::Xls(_) => "XLS workbook",
            Inside::Xlsx(_) => "XLSX workbook",
            Inside::Xlsb(..) => "XLSB workbook",
            Inside::Ods(..) => "ODS workbook",
        }
    }

    /// Names of the sheets that hold cells, in order.
    pub fn sheet_names(&self) -> Vec<String> {
        self.sheets().into_iter().map(|(name, _)| name).collect()
    }

    /// Names of those that are shown; where none is, of all.
    pub fn shown_sheets(&self) -> Vec<String> {
        let shown: Vec<String> = self.sheets().into_iter().filter(|(_, shown)| *shown).map(|(name, _)| name).collect();
        if shown.is_empty() { self.sheet_names() } else { shown }
    }

    /// Names of the sheets that hold cells, in order, and whether each is shown.
    fn sheets(&self) -> Vec<(String, bool)> {
        let all = match &self.inside {
            Inside::Xls(b) => b.sheets_metadata(),
            Inside::Xlsx(b) => b.sheets_metadata(),
            Inside::Xlsb(b, _) => b.sheets_metadata(),
            Inside::Ods(b, _) => b.sheets_metadata(),
        };
        let of_cells = all.iter().filter(|s| s.typ == SheetType::WorkSheet);
        of_cells.map(|s| (s.name.clone(), s.visible == SheetVisible::Visible)).collect()
    }

    /// A sheet.
    ///
    /// # Errors
    /// Input, when it cannot be read.
    pub fn sheet(&mut self, name: &str) -> Result<Sheet> {
        let styled = self.styled;
        let taken = guarded(|| self.inside.sheet(name, styled));
        let taken = taken.unwrap_or_else(|| Err("it holds what no workbook may hold".to_owned()));
        taken.map_err(|what| damaged(&self.shown, &format!("sheet \"{name}\": {what}")))
    }
}

fn damaged(shown: &str, what: &str) -> Error {
    Error::input(format!("the workbook cannot be read: {what}"), "save the sheet as CSV").at(Location::file(shown))
}

impl Inside {
    fn of(bytes: Vec<u8>) -> std::result::Result<Self, String> {
        let text = |e: &dyn std::fmt::Display| e.to_string();
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            if bytes.windows(locked.len()).any(|w| w == locked) {
                return Err("it is locked by a password; save it without one".to_owned());
            }
            bounds::check_xls(&bytes)?;
            return Xls::new(Cursor::new(bytes)).map(Self::Xls).map_err(|e| text(&e));
        }
        bounds::check_packed(&bytes)?;
        if ods::is_ods(&bytes) {
            let (tidy, beside) = ods::tidied(bytes)?;
            return Ods::new(Cursor::new(tidy)).map(|book| Self::Ods(book, beside)).map_err(|e| text(&e));
        }
        if bytes.windows(15).any(|w| w == b"xl/workbook.bin") {
            let merged = merged::of_xlsb(&bytes);
            return Xlsb::new(Cursor::new(bytes)).map(|book| Self::Xlsb(book, merged)).map_err(|e| text(&e));
        }
        Xlsx::new(Cursor::new(bytes)).map(|b| Self::Xlsx(Box::new(b))).map_err(|e| text(&e))
    }

    fn sheet(&mut self, name: &str, styled: bool) -> std::result::Result<Sheet, String> {
        let (cells, formulas) = match self {
            Self::Xls(b) => ranges(b, name)?,
            Self::Xlsx(b) => bounds::of_xlsx(b, name)?,
            Self::Xlsb(b, _) => bounds::of_xlsb(b, name)?,
            Self::Ods(b, _) => ranges(b, name)?,
        };
        let ranges = |all: Vec<calamine::Dimensions>| all.iter().map(|d| Merged { start: d.start, end: d.end }).collect();
        let beside = |b: &Ods<Bytes>, all: &[ods::Beside]| {
            let sheet = b.sheets_metadata().iter().position(|s| s.name == name);
            sheet.and_then(|i| all.get(i)).cloned().unwrap_or_default()
        };
        let merged = match self {
            Self::Xls(b) => ranges(b.merge_cells_by_sheet_name(name).unwrap_or_default()),
            Self::Xlsx(b) => ranges(b.merge_cells_by_sheet_name(name).unwrap_or_default()),
            Self::Xlsb(_, merged) => merged.get(name).cloned().unwrap_or_default(),
            Self::Ods(b, all) => beside(b, all).merged,
        };
        let percent = match self {
            Self::Xlsx(b) if styled => in_percent(b, name, &cells),
            Self::Ods(b, all) => beside(b, all).percent,
            _ => BTreeSet::new(),
        };
        Ok(Sheet { name: name.to_owned(), cells, formulas, merged, percent })
    }
}

fn ranges<B: Reader<Bytes>>(book: &mut B, name: &str) -> std::result::Result<(Range<Data>, Range<String>), String>
where
    B::Error: std::fmt::Display,
{
    let cells = book.worksheet_range(name).map_err(|e| e.to_string())?;
    // Formulas only tell what has no value; a sheet whose formulas cannot be read has its values.
    Ok((cells, book.worksheet_formula(name).unwrap_or_default()))
}

/// Columns of the sheet in which a number is shown in percent.
fn in_percent(book: &mut Xlsx<Bytes>, name: &str, cells: &Range<Data>) -> BTreeSet<u32> {
    let (Ok(styles), Some(start)) = (book.worksheet_style(name), cells.start()) else { return BTreeSet::new() };
    let is_number = |v: &Data| matches!(v, Data::Float(_) | Data::Int(_));
    let numbers = cells.used_cells().filter(|(_, _, v)| is_number(v)).map(|(r, c, _)| (start.0 + r as u32, start.1 + c as u32));
    let percent = |at: &(u32, u32)| styles.get(*at)?.number_format.as_ref().map(|f| f.format_code.contains('%'));
    numbers.filter(|at| percent(at) == Some(true)).map(|(_, column)| column).collect()
}
