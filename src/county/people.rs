//! The cells of a region's raster with the county of each, and how their people take the place of those in settlements.

use crate::access::people::{CountyCell, CountyPeople};
use crate::config::{RegionFile, Service};
use crate::error::{Error, Location, Result};
use crate::network::{CountyIndex, NO_COUNTY};
use crate::rank::CountyFigures;
use crate::read::raster::{self, MILLI, Tally};
use rayon::prelude::*;

/// What was read of rasters: the cells in counties, and what lies outside of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RasterCells {
    /// Cells with people in a county, in reading order.
    pub inside: Vec<CountyCell>,
    /// People outside every county, thousandths.
    pub outside_milli: u64,
    /// Cells of them.
    pub outside_cells: u64,
    /// What the reader counted.
    pub read: Tally,
}

impl RasterCells {
    /// People in counties, thousandths.
    pub fn inside_milli(&self) -> u64 {
        self.read.milli - self.outside_milli
    }

    /// Takes the cells out; what was counted stays.
    pub fn take(&mut self) -> Vec<CountyCell> {
        std::mem::take(&mut self.inside)
    }

    /// Adds what another raster gave.
    pub fn add(&mut self, other: Self) {
        self.inside.extend(other.inside);
        self.outside_milli += other.outside_milli;
        self.outside_cells += other.outside_cells;
        self.read = Tally {
            cells: self.read.cells + other.read.cells,
            with_people: self.read.with_people + other.read.with_people,
            milli: self.read.milli + other.read.milli,
        };
    }
}

/// The cells of a region's raster; none without one. Cells outside every county are counted and let go.
///
/// # Errors
/// As the reader; input when nobody lives in any county; internal when the people do not add up.
pub fn cells(region: &RegionFile, counties: &CountyIndex) -> Result<Option<RasterCells>> {
    let Some((file, raster)) = raster::of_region(region)? else { return Ok(None) };
    let mut all = RasterCells::default();
    all.read = raster.read(&mut |cells| {
        let county: Vec<u32> = cells.par_iter().with_min_len(256).map(|c| counties.locate(c.at)).collect();
        for (cell, county) in cells.iter().zip(county) {
            if county == NO_COUNTY {
                all.outside_cells += 1;
                all.outside_milli += cell.milli;
            } else {
                all.inside.push(CountyCell { at: cell.at, milli: cell.milli, county });
            }
        }
        Ok(())
    })?;
    let (outside, total) = (all.outside_milli, all.read.milli);
    let inside: u64 = all.inside.iter().map(|c| c.milli).sum();
    if inside + outside != total {
        return Err(Error::internal(format!(
            "people do not add up: {inside} thousandths in counties and {outside} outside are not the {total} of the raster"
        )));
    }
    if inside == 0 {
        let what = format!("none of the {} cells with people lies in a county", all.read.with_people);
        let next = "check that the raster and the counties cover the same ground, and the raster's coordinate system";
        return Err(Error::input(what, next).at(Location::file(file.shown)));
    }
    Ok(Some(all))
}

/// Puts the people of the raster in the place of those in settlements, in whole persons; `criterion` by index.
pub fn use_raster(figures: &mut [CountyFigures], people: &[Option<CountyPeople>], criterion: usize) {
    let whole = |milli: u64| (milli + MILLI / 2) / MILLI;
    for (f, c) in figures.iter_mut().zip(people) {
        let Some(c) = c else { continue };
        f.people = whole(c.milli);
        f.people_in_gap = whole(c.in_gap[criterion][Service::Charging as usize]);
    }
}
