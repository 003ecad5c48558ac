//! Columns of a text table that have one name: the first keeps it, the others get their number behind it, and where they say different
//! things of what we would have taken the table is refused.

use crate::error::{Error, Location, Result};

/// The columns that repeat the name of one before: both numbers from 0, and the name.
pub(super) struct Repeats(Vec<(usize, usize, String)>);

impl Repeats {
    /// Those of a header; their names become different ones. Of names that nobody `asks` for the cells need not be alike.
    pub fn part(header: &mut [String], asks: &dyn Fn(&str) -> bool) -> Self {
        let mut repeats = Vec::new();
        for i in 1..header.len() {
            let Some(first) = header[..i].iter().position(|h| !h.is_empty() && *h == header[i]) else { continue };
            let name = header[i].clone();
            header[i] = format!("{name} (column {})", i + 1);
            if asks(&name) {
                repeats.push((first, i, name));
            }
        }
        Self(repeats)
    }

    /// Refuses a row in which they differ.
    ///
    /// # Errors
    /// Input, with both values.
    pub fn check(&self, record: &csv::StringRecord, at: impl Fn() -> Location) -> Result<()> {
        let cell = |i: usize| record.get(i).unwrap_or_default().trim();
        let Some((first, other, name)) = self.0.iter().find(|(a, b, _)| cell(*a) != cell(*b)) else { return Ok(()) };
        let what = format!("2 columns are called \"{name}\", and they differ: \"{}\" and \"{}\"", cell(*first), cell(*other));
        let next = format!("delete or rename one of them; \"{name} (column {})\" under fields names the second", other + 1);
        Err(Error::input(what, next).at(at()))
    }
}
