//! What changed between two finished folders: settings, inputs, and every county's place. It reads tables and computes nothing anew.

mod counties;
mod settings;
#[cfg(test)]
mod tests;

pub use counties::{CountyChange, Status};
pub use settings::{InputChange, SettingChange};

use super::Finished;
use crate::error::Result;

/// What differs between an old and a new folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Settings that differ, by key.
    pub settings: Vec<SettingChange>,
    /// Inputs that differ, by role and path.
    pub inputs: Vec<InputChange>,
    /// Every county of either folder: those that came or went first, then by how far the rank moved, then by code.
    pub counties: Vec<CountyChange>,
}

impl Comparison {
    /// Compares two folders.
    ///
    /// # Errors
    /// Input, for a table that was changed after it was written, or that lacks a column.
    pub fn of(old: &Finished, new: &Finished) -> Result<Self> {
        Ok(Self {
            settings: settings::settings(&old.manifest, &new.manifest),
            inputs: settings::inputs(&old.manifest, &new.manifest),
            counties: counties::counties(old, new)?,
        })
    }

    /// Counties of which anything differs.
    pub fn changed(&self) -> impl Iterator<Item = &CountyChange> {
        self.counties.iter().filter(|c| c.differs())
    }

    /// Whether nothing differs.
    pub fn is_nothing(&self) -> bool {
        self.settings.is_empty() && self.inputs.is_empty() && self.changed().next().is_none()
    }
}
