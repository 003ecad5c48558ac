//! A finished coverage with all that stands on the network: what results and the rows of layers are taken from, and what a new station
//! is tried on. It knows codes of counties and no borders.

use super::figures::{CountyState, of_counties};
use super::people::use_raster;
use crate::access::nearest_from;
use crate::access::people::{CellJudge, CountyCell, CountyPeople};
use crate::config::{ByService, Criteria, Service, Services, Serving};
use crate::coverage::{Coverage, Ledger, Stretches, longest_stretch_mm};
use crate::error::Result;
use crate::network::{NO_COUNTY, Placed, RoadNetwork};
use crate::place::{SettlementOut, Site, StationOut};
use crate::rank::CountyFigures;
use crate::redundancy::Redundancy;
use rayon::prelude::*;

/// See the head of the module. Counties go by their number in `codes`.
#[derive(Debug)]
pub struct Scene {
    /// What is asked for.
    pub criteria: Criteria,
    /// Codes of the counties.
    pub codes: Vec<String>,
    /// The network.
    pub network: RoadNetwork,
    /// Where stations stand.
    pub sites: Vec<Site>,
    /// All stations, in reading order.
    pub stations: Vec<StationOut>,
    /// All settlements, in reading order.
    pub settlements: Vec<SettlementOut>,
    /// Where those on the network lie, in order.
    pub placed: Vec<Placed>,
    /// Coverage with all stations.
    pub coverage: Coverage,
    /// Its books.
    pub ledger: Ledger,
    /// Dead stretches by service, criterion, county, longest first.
    pub stretches: Stretches,
    /// Longest dead stretch of each county at the headline distance by service, millimetres.
    pub longest_mm: Vec<ByService<u64>>,
    /// Edges of each county.
    pub by_county: Vec<Vec<u32>>,
    /// Cells of population rasters, where any are given.
    pub raster: Option<PeopleRaster>,
    /// People of the raster by county; none for a county without one.
    pub people: Vec<Option<CountyPeople>>,
    /// The two nearest stations of settlements; nothing where they are not asked for.
    pub backup: Redundancy,
}

/// Cells of population rasters, and which counties have one.
#[derive(Clone, Debug, Default)]
pub struct PeopleRaster {
    /// Cells, each with its county.
    pub cells: Vec<CountyCell>,
    /// Counties whose people are those of a raster.
    pub counties: Vec<bool>,
}

/// Coverage, books and people without some stations.
struct Without {
    coverage: Coverage,
    ledger: Ledger,
    people: Vec<Option<CountyPeople>>,
}

/// Figures of all counties at a service distance.
pub struct Figures {
    /// The distance, millimetres.
    pub distance_mm: u32,
    /// With all stations.
    pub all: Vec<CountyFigures>,
    /// Without those that may not exist, where that is asked for.
    pub trusted: Option<Vec<CountyFigures>>,
}

impl Scene {
    /// Figures at some service distances, by index, with all stations and, where there are any, without the `doubtful` ones.
    ///
    /// # Errors
    /// Internal, when people do not add up.
    pub fn figures(&self, distances: &[usize], doubtful: &[usize]) -> Result<Vec<Figures>> {
        let without = if doubtful.is_empty() { None } else { Some(self.without(doubtful)?) };
        let at = |c: &usize| Figures {
            distance_mm: self.criteria.serving.all[*c].limit(),
            all: self.figures_at(*c, &self.coverage, &self.ledger, &self.people, &|_| true),
            trusted: without.as_ref().map(|w| {
                let counts = |i: usize| doubtful.binary_search(&i).is_err();
                self.figures_at(*c, &w.coverage, &w.ledger, &w.people, &counts)
            }),
        };
        Ok(distances.iter().map(at).collect())
    }

    fn without(&self, doubtful: &[usize]) -> Result<Without> {
        let kept = |s: &&Site| doubtful.binary_search(&(s.station as usize)).is_err();
        let sites: Vec<Site> = self.sites.iter().filter(kept).copied().collect();
        let charging: Services = [Service::Charging].into_iter().collect();
        let coverage = Coverage::compute_within(&self.network, &sites, charging, self.coverage.most());
        let ledger = Ledger::compute(&self.network, &coverage, &self.criteria.serving.all, self.ledger.excluded_mm.clone());
        let people = people_of(self.raster.as_ref(), &self.criteria.serving, &self.network, &coverage)?;
        Ok(Without { coverage, ledger, people })
    }

    /// Figures of all counties at one service distance.
    fn figures_at(
        &self,
        criterion: usize,
        coverage: &Coverage,
        ledger: &Ledger,
        people: &[Option<CountyPeople>],
        counts: &dyn Fn(usize) -> bool,
    ) -> Vec<CountyFigures> {
        let as_is = criterion == self.criteria.serving.headline && std::ptr::eq(coverage, &self.coverage);
        let longest_mm = if as_is { self.longest_charging_mm() } else { self.longest(coverage, criterion) };
        let charging_mm: Vec<Option<u32>> = self
            .placed
            .par_iter()
            .map(|p| nearest_from(&self.network, coverage, Service::Charging, *p).map(|n| n.distance_mm))
            .collect();
        let mut figures = of_counties(&CountyState {
            codes: &self.codes,
            criteria: &self.criteria.serving,
            criterion,
            ledger,
            longest_mm: &longest_mm,
            stations: &self.stations,
            counts,
            settlements: &self.settlements,
            charging_mm: &charging_mm,
        });
        use_raster(&mut figures, people, criterion);
        figures
    }

    /// Longest dead stretch of each county for charging at the headline distance, millimetres.
    pub fn longest_charging_mm(&self) -> Vec<u64> {
        self.longest_mm.iter().map(|l| l[Service::Charging as usize]).collect()
    }

    /// Longest dead stretch of each county for charging at a distance.
    fn longest(&self, coverage: &Coverage, criterion: usize) -> Vec<u64> {
        let limit = self.criteria.serving.all[criterion];
        let reach = coverage.reach(Service::Charging, limit.metric());
        self.by_county.par_iter().map(|edges| longest_stretch_mm(&self.network, reach, limit, edges)).collect()
    }
}

/// People of the raster by county; none where there is no raster.
///
/// # Errors
/// Internal, when they do not add up.
pub fn people_of(
    raster: Option<&PeopleRaster>,
    criteria: &Serving,
    network: &RoadNetwork,
    coverage: &Coverage,
) -> Result<Vec<Option<CountyPeople>>> {
    let (Some(raster), Some(max_snap_m)) = (raster, criteria.people_max_snap_m) else { return Ok(Vec::new()) };
    let counted =
        CellJudge { network, coverage, criteria: &criteria.all, max_snap_m }.count(&raster.cells, raster.counties.len())?;
    Ok(counted.into_iter().zip(&raster.counties).map(|(people, has)| has.then_some(people)).collect())
}

/// The edges of each county.
pub fn edges_by_county(network: &RoadNetwork, counties: usize) -> Vec<Vec<u32>> {
    let mut by_county: Vec<Vec<u32>> = vec![Vec::new(); counties];
    for (i, e) in (0u32..).zip(network.edges()).filter(|(_, e)| e.county != NO_COUNTY) {
        by_county[e.county as usize].push(i);
    }
    by_county
}
