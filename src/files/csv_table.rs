//! A CSV table of ours, read back with errors that name file, row and column. Columns are asked for by the names of today; a table of an
//! older format answers by those that it has.

use super::once::called;
use super::schema::unguard;
use crate::error::{Error, Location, Result};
use crate::space::units::mm_of_km;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Tells Excel that a CSV is UTF-8; readers of CSV skip it.
pub const BOM: &[u8] = "\u{feff}".as_bytes();

/// A whole table in memory.
#[derive(Clone, Debug)]
pub struct CsvTable {
    shown: String,
    columns: Vec<String>,
    header: BTreeMap<String, usize>,
    rows: Vec<csv::StringRecord>,
    /// Rows by the texts of some columns, made when they are first asked for.
    by_key: RefCell<BTreeMap<Vec<usize>, ByKey>>,
}

/// The first row with these texts, and whether there is another.
type ByKey = BTreeMap<Vec<String>, (usize, bool)>;

/// One of its rows.
#[derive(Clone, Copy, Debug)]
pub struct CsvRow<'t> {
    table: &'t CsvTable,
    record: &'t csv::StringRecord,
    /// Number of the row, from 1.
    number: u64,
}

impl CsvTable {
    /// Parses a table; `shown` names it in errors.
    ///
    /// # Errors
    /// Input, for what is no table, with the line.
    pub fn parse(bytes: &[u8], shown: &str) -> Result<Self> {
        let bad = |e: csv::Error| {
            let line = e.position().map_or(0, csv::Position::line);
            Error::input(format!("this is no table: {e}"), "run again").at(Location::file(shown).line(line, 0))
        };
        let mut csv = csv::Reader::from_reader(bytes);
        let columns: Vec<String> = csv.headers().map_err(bad)?.iter().map(str::to_owned).collect();
        let rows = csv.records().collect::<csv::Result<_>>().map_err(bad)?;
        Ok(Self { rows, ..Self::headed(columns, shown) })
    }

    /// A table of these columns without rows, for [`CsvTable::row_of`].
    pub fn headed(columns: Vec<String>, shown: &str) -> Self {
        let header = columns.iter().enumerate().map(|(i, h)| (h.clone(), i)).collect();
        Self { shown: shown.to_owned(), columns, header, rows: Vec::new(), by_key: RefCell::default() }
    }

    /// A record as a row of it, the `number`th.
    pub fn row_of<'t>(&'t self, record: &'t csv::StringRecord, number: u64) -> CsvRow<'t> {
        CsvRow { table: self, record, number }
    }

    /// Its columns, in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The row whose cells in these columns hold these texts, each without the apostrophe that spreadsheets need.
    ///
    /// # Errors
    /// Input, for a column that it does not have, and where there is more than one such row.
    pub fn find(&self, key: &[(&str, &str)]) -> Result<Option<CsvRow<'_>>> {
        let column = |(c, _): &(&str, &str)| self.at(c).ok_or_else(|| self.wrong(format!("there is no column {c}")));
        let columns: Vec<usize> = key.iter().map(column).collect::<Result<_>>()?;
        let want: Vec<String> = key.iter().map(|(_, text)| (*text).to_owned()).collect();
        let mut made = self.by_key.borrow_mut();
        let by_key = made.entry(columns).or_insert_with_key(|columns| self.index(columns));
        match by_key.get(&want) {
            None => Ok(None),
            Some((i, false)) => Ok(Some(self.row_of(&self.rows[*i], *i as u64 + 1))),
            Some((i, true)) => Err(self.wrong(format!("row {} is not the only one of {}", i + 1, want.join(", ")))),
        }
    }

    fn index(&self, columns: &[usize]) -> ByKey {
        let mut all = ByKey::new();
        for (i, row) in self.rows.iter().enumerate() {
            let key = columns.iter().map(|c| unguard(row.get(*c).unwrap_or_default()).to_owned()).collect();
            all.entry(key).and_modify(|(_, again)| *again = true).or_insert((i, false));
        }
        all
    }

    /// Its rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = CsvRow<'_>> {
        self.rows.iter().zip(1..).map(|(record, number)| CsvRow { table: self, record, number })
    }

    /// Whether it has a column of this name.
    pub fn has(&self, column: &str) -> bool {
        self.at(column).is_some()
    }

    /// The place of a column, by its name of today.
    fn at(&self, column: &str) -> Option<usize> {
        self.header.get(called(column, |c| self.header.contains_key(c))).copied()
    }

    /// Columns whose name begins so, with the rest of the name.
    pub fn columns_after<'t>(&'t self, prefix: &'t str) -> impl Iterator<Item = &'t str> {
        self.header.keys().filter_map(move |h| h.strip_prefix(prefix))
    }

    /// An error about the table as a whole.
    pub fn wrong(&self, what: String) -> Error {
        Error::input(what, "run again").at(Location::file(self.shown.as_str()))
    }
}

impl<'t> CsvRow<'t> {
    /// Its number, from 1.
    pub fn place(&self) -> u64 {
        self.number
    }

    /// Its cells, in the order of the columns.
    pub fn cells(&self) -> impl Iterator<Item = &'t str> {
        self.record.iter()
    }

    /// An error about a cell.
    pub fn wrong(&self, column: &str, what: String) -> Error {
        let at = Location::file(self.table.shown.as_str()).feature(self.number).field(column);
        Error::input(what, "run again").at(at)
    }

    /// The cell of a column, or empty text where there is no such column.
    pub fn get(&self, column: &str) -> &'t str {
        self.table.at(column).and_then(|i| self.record.get(i)).unwrap_or_default()
    }

    /// The cell of a column.
    ///
    /// # Errors
    /// Input, when there is no such column.
    pub fn cell(&self, column: &str) -> Result<&'t str> {
        if self.table.has(column) { Ok(self.get(column)) } else { Err(self.wrong(column, "there is no such column".to_owned())) }
    }

    /// Text, without the apostrophe that spreadsheets need.
    ///
    /// # Errors
    /// Input, when there is no such column.
    pub fn text(&self, column: &str) -> Result<String> {
        Ok(unguard(self.cell(column)?).to_owned())
    }

    /// Text that must not be empty.
    ///
    /// # Errors
    /// Input, when it is.
    pub fn code(&self, column: &str) -> Result<String> {
        let text = self.text(column)?;
        if text.is_empty() { Err(self.wrong(column, "the cell is empty".to_owned())) } else { Ok(text) }
    }

    /// A number, or none where the cell is empty.
    ///
    /// # Errors
    /// Input, for what is no finite number.
    pub fn number(&self, column: &str) -> Result<Option<f64>> {
        let cell = self.cell(column)?;
        if cell.is_empty() {
            return Ok(None);
        }
        let number = cell.parse::<f64>().ok().filter(|v| v.is_finite());
        number.map(Some).ok_or_else(|| self.wrong(column, format!("\"{cell}\" is not a number")))
    }

    /// A whole number, or none where the cell is empty.
    ///
    /// # Errors
    /// Input, for what is none.
    pub fn whole(&self, column: &str) -> Result<Option<u64>> {
        let cell = self.cell(column)?;
        if cell.is_empty() {
            return Ok(None);
        }
        // No count of ours is longer; sums of them cannot overflow.
        let number = cell.parse::<u64>().ok().filter(|n| *n < 1 << 53);
        number.map(Some).ok_or_else(|| self.wrong(column, format!("\"{cell}\" is not a whole number")))
    }

    /// A length in kilometres, as whole millimetres.
    ///
    /// # Errors
    /// Input, for what is no length.
    pub fn mm(&self, column: &str) -> Result<u64> {
        let km = self.number(column)?;
        km.and_then(mm_of_km).ok_or_else(|| self.wrong(column, format!("\"{}\" is not a length in km", self.get(column))))
    }

    /// A whole number that must be there.
    ///
    /// # Errors
    /// Input, when it is not.
    pub fn count(&self, column: &str) -> Result<u64> {
        self.whole(column)?.ok_or_else(|| self.wrong(column, "the cell is empty".to_owned()))
    }
}
