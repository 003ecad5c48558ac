//! What must hold in the rows of a finished table. A table says it beside its columns; who checks a folder runs the rules of every table
//! that the folder holds, and knows none of them.

use super::csv_table::{CsvRow, CsvTable};
use crate::error::Result;
use std::collections::BTreeMap;

/// Whether a row is as it must be, by itself or beside rows of other tables of its folder.
pub type Holds = fn(&CsvRow<'_>, &Others) -> Result<bool>;

/// A rule of a table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What must hold, in a few words.
    pub says: &'static str,
    /// Whether it does; an error where a cell cannot be read.
    pub holds: Holds,
}

/// The tables of a finished folder, by file.
#[derive(Debug, Default)]
pub struct Others(BTreeMap<String, CsvTable>);

impl Others {
    /// These tables.
    pub fn new(tables: impl IntoIterator<Item = (String, CsvTable)>) -> Self {
        Self(tables.into_iter().collect())
    }

    /// A table, where the folder holds it.
    pub fn table(&self, file: &str) -> Option<&CsvTable> {
        self.0.get(file)
    }

    /// All tables, by file.
    pub fn all(&self) -> impl Iterator<Item = (&str, &CsvTable)> {
        self.0.iter().map(|(file, table)| (file.as_str(), table))
    }

    /// The row of a table whose cells in these columns hold these texts; none where there is no such row, or no such table.
    ///
    /// # Errors
    /// As [`CsvTable::find`].
    pub fn row(&self, file: &str, key: &[(&str, &str)]) -> Result<Option<CsvRow<'_>>> {
        self.table(file).map_or(Ok(None), |t| t.find(key))
    }
}
