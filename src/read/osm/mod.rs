//! OpenStreetMap extracts (`.osm.pbf`).

use super::{Inputs, Wanted};
use crate::config::Criteria;
use crate::error::Result;
use crate::issue::Issues;
use std::path::Path;

/// Reads the wanted layers of an extract.
///
/// # Errors
/// Input.
pub fn read_osm(
    _path: &Path,
    _shown: &str,
    _wanted: Wanted,
    _admin_level: Option<u8>,
    _criteria: &Criteria,
    _issues: &mut Issues,
) -> Result<Inputs> {
    Ok(Inputs::default())
}
