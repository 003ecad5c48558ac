//! What is said of a key whose value makes no sense.

use super::region_file::RegionFile;
use crate::error::{Error, Location, Result, path_text};

/// The keys of a region file.
pub(super) struct Keys {
    shown: Option<String>,
}

impl Keys {
    pub(super) fn of(file: &RegionFile) -> Self {
        Self { shown: file.source.as_deref().map(path_text) }
    }

    /// A value that makes no sense, where it stands and what to do.
    pub(super) fn bad(&self, key: &str, what: String, next: &str) -> Error {
        let at = self.shown.clone().map(Location::file).unwrap_or_default();
        Error::usage(what, next).at(at.field(key))
    }

    pub(super) fn positive(&self, key: &str, value: f64) -> Result<f64> {
        if value.is_finite() && value > 0.0 && value < 4000.0 * 1000.0 {
            Ok(value)
        } else {
            Err(self.bad(key, format!("{value} is not a usable number here"), "give a number above 0 and below 4,000,000"))
        }
    }

    pub(super) fn not_negative(&self, key: &str, value: f64) -> Result<f64> {
        if value.is_finite() && (0.0..1e6).contains(&value) {
            Ok(value)
        } else {
            Err(self.bad(key, format!("{value} is not a usable number here"), "give a number of 0 or more"))
        }
    }
}
