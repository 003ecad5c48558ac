//! The table a composite index is made from: units in rows, named columns with units of measure.
//!
//! Columns are found by key, never by position. Nothing is computed here.

/// A column of values.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ValueColumn {
    /// Its name; leaves and denominators name it.
    pub key: String,
    /// Unit of measure, for people.
    pub unit: String,
    /// One value a unit; none where it is missing.
    pub values: Vec<Option<f64>>,
    /// It is meant to be unused: without this mark, a column that nothing uses is an error.
    pub extra: bool,
}

/// Units and their values.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct UnitTable {
    /// Code of each unit (county); no two are the same.
    pub codes: Vec<String>,
    /// What each unit belongs to (province); none where it belongs to nothing. Used to fill what is missing.
    pub groups: Vec<Option<String>>,
    /// The columns.
    pub columns: Vec<ValueColumn>,
}

impl UnitTable {
    /// The column of a name.
    pub fn column(&self, key: &str) -> Option<&ValueColumn> {
        self.columns.iter().find(|c| c.key == key)
    }

    /// Unit numbers in the order of their codes: the order in which sums run, so that the order of rows changes no bit.
    pub(super) fn by_code(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.codes.len()).collect();
        order.sort_by(|a, b| self.codes[*a].cmp(&self.codes[*b]));
        order
    }
}
