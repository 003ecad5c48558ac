//! What changed between two finished folders: settings, inputs, and every county's place. It reads tables and computes nothing anew.

mod counties;
mod settings;
#[cfg(test)]
mod tests;

use super::Finished;
use crate::error::Result;
use crate::results::comparison::Comparison;

/// Compares two folders.
///
/// # Errors
/// Input, for a table that was changed after it was written, or that lacks a column.
pub fn compare(old: &Finished, new: &Finished) -> Result<Comparison> {
    Ok(Comparison {
        settings: settings::settings(&old.manifest, &new.manifest),
        inputs: settings::inputs(&old.manifest, &new.manifest),
        counties: counties::counties(old, new)?,
    })
}
