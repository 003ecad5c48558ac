//! How many people of a raster live beyond the service distances, by county.
//!
//! A cell is its centre: the county there has its people, and the road nearest to it leads them to the stations. The way
//! along the road is exact, from the very foot on it; the way from the centre to the road is not counted.

use super::nearest_from;
use crate::config::criteria::Criterion;
use crate::config::{ByService, Services};
use crate::coverage::Coverage;
use crate::error::{Error, Result};
use crate::network::{CountyIndex, NO_COUNTY, Placed, RoadNetwork, SnapIndex};
use crate::place::Nearest;
use crate::read::raster::{Cell, Tally};
use rayon::prelude::*;

/// People of one county, thousandths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountyPeople {
    /// All.
    pub milli: u64,
    /// Those in the gap, by criterion and service.
    pub in_gap: Vec<ByService<u64>>,
    /// Those farther from any road than allowed; they are in every gap.
    pub without_road: u64,
}

/// People of a raster over the counties.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Services whose gaps were counted.
    pub services: Services,
    /// Each county.
    pub counties: Vec<CountyPeople>,
    /// People outside every county, thousandths.
    pub outside_milli: u64,
    /// Cells of them.
    pub outside_cells: u64,
    /// Cells inside a county and too far from any road.
    pub cells_without_road: u64,
    /// What the reader of the raster counted.
    pub read: Tally,
}

impl People {
    /// People in counties, thousandths.
    pub fn inside_milli(&self) -> u64 {
        self.counties.iter().map(|c| c.milli).sum()
    }

    /// Checks that every thousandth that was read is in a county or outside of all, and no gap holds more than its county.
    ///
    /// # Errors
    /// Internal.
    pub fn check(&self) -> Result<()> {
        let (inside, outside) = (self.inside_milli(), self.outside_milli);
        if inside + outside != self.read.milli {
            let total = self.read.milli;
            return Err(Error::internal(format!(
                "people do not add up: {inside} thousandths in counties and {outside} outside are not the {total} of the raster"
            )));
        }
        let part = |c: &CountyPeople, milli: &u64| (c.without_road..=c.milli).contains(milli);
        let holds = |c: &CountyPeople| c.in_gap.iter().all(|g| self.services.iter().all(|s| part(c, &g[s as usize])));
        match self.counties.iter().position(|c| !holds(c)) {
            Some(i) => Err(Error::internal(format!("the people in a gap of county number {i} are not part of its people"))),
            None => Ok(()),
        }
    }
}

/// All that a cell is judged by.
pub struct Ground<'a> {
    /// Counties.
    pub counties: &'a CountyIndex,
    /// Edges of the network.
    pub roads: &'a SnapIndex<'a>,
    /// The network.
    pub network: &'a RoadNetwork,
    /// What is served.
    pub coverage: &'a Coverage,
    /// Service distances and times.
    pub criteria: &'a [Criterion],
    /// Cells farther than this from any road have none, metres.
    pub max_snap_m: f64,
}

impl Ground<'_> {
    /// Adds a batch of cells. They are judged in parallel and added up in order.
    pub fn add(&self, cells: &[Cell], sums: &mut People) {
        let judged: Vec<Judged> = cells.par_iter().with_min_len(256).map(|c| self.judge(c)).collect();
        for (cell, j) in cells.iter().zip(judged) {
            let Some(county) = sums.counties.get_mut(j.county as usize) else {
                sums.outside_cells += 1;
                sums.outside_milli += cell.milli;
                continue;
            };
            county.milli += cell.milli;
            if !j.on_road {
                sums.cells_without_road += 1;
                county.without_road += cell.milli;
            }
            county.in_gap.resize(self.criteria.len(), ByService::default());
            for (gap, criterion) in county.in_gap.iter_mut().zip(self.criteria) {
                for service in self.coverage.services().iter() {
                    let served = j.nearest[service as usize].is_some_and(|n| within(n, *criterion));
                    gap[service as usize] += if served { 0 } else { cell.milli };
                }
            }
        }
    }

    fn judge(&self, cell: &Cell) -> Judged {
        let county = self.counties.locate(cell.at);
        let snap = if county == NO_COUNTY { None } else { self.roads.nearest(cell.at, self.max_snap_m) };
        let place = snap.map(|s| Placed { edge: s.edge, offset_mm: s.offset_mm });
        let nearest = self.coverage.services().table(|s| place.and_then(|p| nearest_from(self.network, self.coverage, s, p)));
        Judged { county, on_road: snap.is_some(), nearest }
    }
}

struct Judged {
    county: u32,
    on_road: bool,
    nearest: ByService<Option<Nearest>>,
}

/// A point exactly at the limit is served.
fn within(n: Nearest, criterion: Criterion) -> bool {
    match criterion {
        Criterion::Distance(mm) => n.distance_mm <= mm,
        Criterion::Time(ms) => n.time_ms <= ms,
    }
}
