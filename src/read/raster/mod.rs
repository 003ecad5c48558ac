//! People on a raster (WorldPop, GHSL): a GeoTIFF, read strip by strip or tile by tile as positions with people.
//!
//! Nothing here knows counties or roads, and never is the whole raster in memory: one strip or tile and one batch of cells
//! are. People are counted in thousandths of a person, so that sums do not depend on their order; rounding takes or gives
//! at most half a thousandth a cell.

#[cfg(not(feature = "raster"))]
mod absent;
#[cfg(feature = "raster")]
mod cells;
pub mod georef;
#[cfg(feature = "raster")]
mod lzw;

#[cfg(not(feature = "raster"))]
pub use absent::Raster;
#[cfg(feature = "raster")]
pub use cells::Raster;

use super::formats::SourceFile;
use crate::config::RegionFile;
use crate::error::{Result, path_text};
use crate::space::LonLat;

/// Thousandths in a person.
pub const MILLI: u64 = 1000;

/// A cell with people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RasterCell {
    /// Its centre.
    pub at: LonLat,
    /// People in it, thousandths; above zero.
    pub milli: u64,
}

/// What was read of a raster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cells of the raster.
    pub cells: u64,
    /// Of them, those with people: not nodata, not negative, not NaN, and at least half a thousandth.
    pub with_people: u64,
    /// People in them, thousandths.
    pub milli: u64,
}

/// Takes the cells with people, a batch at a time.
pub type Batches<'a> = dyn FnMut(&[RasterCell]) -> Result<()> + 'a;

/// The raster of a region with its header read and checked, if the region has one.
///
/// # Errors
/// As [`Raster::open`].
pub fn of_region(region: &RegionFile) -> Result<Option<(SourceFile, Raster)>> {
    let Some(table) = &region.population else { return Ok(None) };
    let file = SourceFile { path: region.resolve(&table.path), shown: path_text(&table.path) };
    let raster = Raster::open(&file, table.crs.as_deref())?;
    Ok(Some((file, raster)))
}
