//! Counts the people of the region's raster, if it has one, over counties, roads and stations.

use crate::access::people::{CountyPeople, Ground, People};
use crate::config::{ByService, Service};
use crate::config::{Criteria, RegionFile};
use crate::coverage::Coverage;
use crate::error::{Error, Location, Result};
use crate::network::{CountyIndex, RoadNetwork, SnapIndex};
use crate::rank::CountyFigures;
use crate::read::raster::{self, MILLI};

/// People by county; `None` without a raster.
///
/// # Errors
/// As the reader; input when nobody lives in any county; internal when the people do not add up.
pub fn count(
    region: &RegionFile,
    criteria: &Criteria,
    counties: (&CountyIndex, usize),
    network: &RoadNetwork,
    coverage: &Coverage,
) -> Result<Option<People>> {
    let (Some((file, raster)), Some(max_snap_m)) = (raster::of_region(region)?, criteria.people_max_snap_m) else {
        return Ok(None);
    };
    let roads = SnapIndex::of_network(network);
    let ground = Ground { counties: counties.0, roads: &roads, network, coverage, criteria: &criteria.all, max_snap_m };
    let empty = CountyPeople { in_gap: vec![ByService::default(); criteria.all.len()], ..CountyPeople::default() };
    let mut people = People { services: coverage.services(), counties: vec![empty; counties.1], ..People::default() };
    people.read = raster.read(&mut |cells| {
        ground.add(cells, &mut people);
        Ok(())
    })?;
    people.check()?;
    if people.inside_milli() == 0 {
        let what = format!("none of the {} cells with people lies in a county", people.read.with_people);
        let next = "check that the raster and the counties cover the same ground, and the raster's coordinate system";
        return Err(Error::input(what, next).at(Location::file(file.shown)));
    }
    Ok(Some(people))
}

/// Puts the people of the raster in the place of those in settlements, in whole persons; `criterion` by index.
pub fn use_raster(figures: &mut [CountyFigures], people: &People, criterion: usize) {
    let whole = |milli: u64| (milli + MILLI / 2) / MILLI;
    for (f, c) in figures.iter_mut().zip(&people.counties) {
        f.people = whole(c.milli);
        f.people_in_gap = whole(c.in_gap[criterion][Service::Charging as usize]);
    }
}
