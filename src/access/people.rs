//! How many people of a raster live beyond the service distances, by county.
//!
//! A cell is its centre: the county there has its people, and the road nearest to it leads them to the stations. The way
//! along the road is exact, from the very foot on it; the way from the centre to the road is not counted. Which county a cell lies
//! in is known before: a piece of network has no borders.

use super::nearest_from;
use crate::config::criteria::Criterion;
use crate::config::{ByService, Services};
use crate::coverage::Coverage;
use crate::error::{Error, Result};
use crate::network::{Placed, RoadNetwork, SnapIndex};
use crate::place::Nearest;
use crate::space::LonLat;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// A cell of a raster with people in it, inside a county.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountyCell {
    /// Its centre.
    pub at: LonLat,
    /// People in it, thousandths; above zero.
    pub milli: u64,
    /// County index.
    pub county: u32,
}

/// People of one county, thousandths.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountyPeople {
    /// All.
    pub milli: u64,
    /// Those in the gap, by criterion and service.
    pub in_gap: Vec<ByService<u64>>,
    /// Those farther from any road than allowed; they are in every gap.
    pub without_road: u64,
    /// Cells of them.
    pub cells_without_road: u64,
}

impl CountyPeople {
    /// Whether no gap holds more than the county, nor less than those without a road.
    fn holds(&self, services: Services) -> bool {
        let part = |milli: &u64| (self.without_road..=self.milli).contains(milli);
        self.in_gap.iter().all(|g| services.iter().all(|s| part(&g[s as usize])))
    }
}

/// All that a cell is judged by.
pub struct CellJudge<'a> {
    /// The network.
    pub network: &'a RoadNetwork,
    /// What is served.
    pub coverage: &'a Coverage,
    /// Service distances and times.
    pub criteria: &'a [Criterion],
    /// Cells farther than this from any road have none, metres.
    pub max_snap_m: f64,
}

impl CellJudge<'_> {
    /// The people of so many counties. Cells are judged in parallel and added up in order; those of higher counties are left out.
    ///
    /// # Errors
    /// Internal, when a gap holds more people than its county.
    pub fn count(&self, cells: &[CountyCell], counties: usize) -> Result<Vec<CountyPeople>> {
        let roads = SnapIndex::of_network(self.network);
        let judged: Vec<Judged> = cells.par_iter().with_min_len(256).map(|c| self.judge(c, &roads)).collect();
        let empty = CountyPeople { in_gap: vec![ByService::default(); self.criteria.len()], ..CountyPeople::default() };
        let mut all = vec![empty; counties];
        for (cell, j) in cells.iter().zip(judged) {
            let Some(county) = all.get_mut(cell.county as usize) else { continue };
            county.milli += cell.milli;
            if !j.on_road {
                county.cells_without_road += 1;
                county.without_road += cell.milli;
            }
            for (gap, criterion) in county.in_gap.iter_mut().zip(self.criteria) {
                for service in self.coverage.services().iter() {
                    let served = j.nearest[service as usize].is_some_and(|n| within(n, *criterion));
                    gap[service as usize] += if served { 0 } else { cell.milli };
                }
            }
        }
        match all.iter().position(|c| !c.holds(self.coverage.services())) {
            Some(i) => Err(Error::internal(format!("the people in a gap of county number {i} are not part of its people"))),
            None => Ok(all),
        }
    }

    fn judge(&self, cell: &CountyCell, roads: &SnapIndex<'_>) -> Judged {
        let snap = roads.nearest(cell.at, self.max_snap_m);
        let place = snap.map(|s| Placed { edge: s.edge, offset_mm: s.offset_mm });
        let nearest = self.coverage.services().table(|s| place.and_then(|p| nearest_from(self.network, self.coverage, s, p)));
        Judged { on_road: snap.is_some(), nearest }
    }
}

struct Judged {
    on_road: bool,
    nearest: ByService<Option<Nearest>>,
}

/// A point exactly at the limit is served.
pub(crate) fn within(n: Nearest, criterion: Criterion) -> bool {
    match criterion {
        Criterion::Distance(mm) => n.distance_mm <= mm,
        Criterion::Time(ms) => n.time_ms <= ms,
    }
}
