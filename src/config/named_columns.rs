//! The columns of the county table that a region file names: those of `[rank]` and of `[demand]`.

use super::demand::Demand;
use super::region_file::RegionFile;
use std::collections::BTreeSet;

/// Columns by the key that names them.
#[derive(Clone, Debug, Default)]
pub struct NamedColumns<'a> {
    /// In the order of the file, each with its key (`rank.lines[0].cost_column`, `demand.vehicles.taxi`).
    pub by_key: Vec<(String, &'a str)>,
    /// Those, and what is read besides.
    pub read: BTreeSet<&'a str>,
}

impl NamedColumns<'_> {
    /// Each once.
    pub fn set(&self) -> BTreeSet<&str> {
        self.by_key.iter().map(|(_, column)| *column).collect()
    }
}

impl RegionFile {
    /// The columns that it names.
    pub fn named_columns(&self) -> NamedColumns<'_> {
        let mut by_key = self.rank.columns_by_key();
        by_key.extend(self.demand.iter().flat_map(Demand::columns));
        let read = self.rank.columns_read().into_iter().chain(by_key.iter().map(|(_, column)| *column)).collect();
        NamedColumns { by_key, read }
    }
}
