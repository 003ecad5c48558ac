//! `[population]`: people on a raster. What the raster holds is read by `read::raster`.

use super::region_file::RegionFile;
use crate::error::{Error, Location, Result, path_text};
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::PathBuf;

/// Cells farther than this from any road have people without a road, metres, where the region file does not say.
const DEFAULT_MAX_SNAP_M: f64 = 5000.0;
/// More would make the search for the nearest road of an empty cell long, and mean nothing, metres.
const LARGEST_SNAP_M: f64 = 50_000.0;

/// `[population]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PopulationTable {
    /// A GeoTIFF of one band, whose cells hold people (fractions allowed).
    pub path: PathBuf,
    /// Coordinate system, as for the layers; the file's own GeoKeys when not given.
    #[serde(default)]
    pub crs: Option<String>,
    /// Cells with their centre farther than this from any road count as beyond every service distance, metres.
    #[serde(default)]
    pub max_snap_m: Option<f64>,
}

impl PopulationTable {
    /// The largest distance from a cell's centre to its road, metres, checked.
    ///
    /// # Errors
    /// Usage, when it is no distance.
    pub fn snap_m(&self, file: &RegionFile) -> Result<f64> {
        let metres = self.max_snap_m.unwrap_or(DEFAULT_MAX_SNAP_M);
        if metres.is_finite() && metres > 0.0 && metres <= LARGEST_SNAP_M {
            return Ok(metres);
        }
        let at = file.source.as_deref().map(|s| Location::file(path_text(s))).unwrap_or_default();
        let next = format!("give a number above 0, and at most {LARGEST_SNAP_M}");
        Err(Error::usage(format!("{metres} is not a usable number here"), next).at(at.field("population.max_snap_m")))
    }
}
