//! What the ranking is made from, as things are, at the other service distances, and without the stations that may not exist.

use super::figures::{State, of_counties};
use super::people;
use crate::access::nearest_from;
use crate::access::people::People;
use crate::config::Service;
use crate::config::criteria::Metric;
use crate::config::{Criteria, RegionFile, Services};
use crate::coverage::{Coverage, Ledger, longest_stretch_mm};
use crate::error::{Error, Location, Result};
use crate::network::{CountyIndex, NO_COUNTY, Placed, RoadNetwork};
use crate::place::Site;
use crate::place::{SettlementOut, StationOut};
use crate::rank::{CountyFigures, Evidence, RankSettings, StationSet, Unit, trust::Trust};
use crate::read::county::County;
use rayon::prelude::*;

/// A finished coverage with all that stands on the network.
pub struct Scene<'a> {
    /// The region as asked for.
    pub region: &'a RegionFile,
    /// What is asked for.
    pub criteria: &'a Criteria,
    /// The counties and where they lie.
    pub counties: (&'a [County], &'a CountyIndex),
    /// The network.
    pub network: &'a RoadNetwork,
    /// Where stations stand.
    pub sites: &'a [Site],
    /// All stations.
    pub stations: &'a [StationOut],
    /// All settlements.
    pub settlements: &'a [SettlementOut],
    /// Where those on the network lie, in order.
    pub placed: &'a [Placed],
    /// Coverage with all stations.
    pub coverage: &'a Coverage,
    /// Its books.
    pub ledger: &'a Ledger,
    /// People of the raster.
    pub people: Option<&'a People>,
    /// Longest dead stretch for charging at the headline distance, by county.
    pub longest_mm: &'a [u64],
    /// Edges of each county.
    pub by_county: &'a [Vec<u32>],
}

impl Scene<'_> {
    /// Everything that the ranking may ask for.
    ///
    /// # Errors
    /// Usage, for a distance that is not among the criteria; as the raster's reader.
    pub fn evidence(&self, settings: &RankSettings, trust: &[Trust]) -> Result<Evidence> {
        self.evidence_of(settings, trust, &super::doubtful_stations(self.stations))
    }

    /// The same where it is known which stations may not exist, by number.
    ///
    /// # Errors
    /// As [`Scene::evidence`].
    pub fn evidence_of(&self, settings: &RankSettings, trust: &[Trust], doubtful: &[usize]) -> Result<Evidence> {
        let distances = self.distances(settings)?;
        let asked = &settings.table.uncertainty;
        let mut stations = vec![StationSet::All];
        if asked.draws > 0 && asked.doubtful_stations && !doubtful.is_empty() {
            stations.push(StationSet::Trusted);
        }
        let trusted = if stations.len() > 1 { Some(self.without(doubtful)?) } else { None };
        let mut figures = Vec::new();
        for c in &distances {
            figures.push(self.figures(*c, self.coverage, self.ledger, self.people, &|_| true));
            if let Some((coverage, ledger, people)) = &trusted {
                let counts = |i: usize| doubtful.binary_search(&i).is_err();
                figures.push(self.figures(*c, coverage, ledger, people.as_ref(), &counts));
            }
        }
        let unit = |(county, trust): (&County, &Trust)| Unit {
            code: county.code.clone(),
            name: county.name.clone(),
            name_zh: county.name_zh.clone(),
            columns: county.columns.clone(),
            trust: trust.score,
            doubt: trust.doubts.first().copied().unwrap_or_default().to_owned(),
        };
        Ok(Evidence {
            units: self.counties.0.iter().zip(trust).map(unit).collect(),
            distances_mm: distances.iter().map(|c| self.criteria.all[*c].limit()).collect(),
            stations,
            figures,
        })
    }

    /// The service distances that are looked at, by index, the headline first.
    fn distances(&self, settings: &RankSettings) -> Result<Vec<usize>> {
        let headline = self.criteria.headline;
        let all = || (0..self.criteria.all.len()).filter(|c| self.criteria.all[*c].metric() == Metric::Distance);
        let asked = &settings.table.uncertainty;
        if asked.draws == 0 {
            return Ok(vec![headline]);
        }
        let chosen: Vec<usize> = match &asked.distances_km {
            None => all().collect(),
            Some(list) => list.iter().map(|km| self.distance(*km)).collect::<Result<_>>()?,
        };
        let others = all().filter(|c| *c != headline && chosen.contains(c));
        Ok([headline].into_iter().chain(others).collect())
    }

    fn distance(&self, km: f64) -> Result<usize> {
        let wanted = crate::config::Criterion::Distance((km * 1e6).round() as u32);
        self.criteria.all.iter().position(|c| *c == wanted).ok_or_else(|| {
            let at = Location::default().field("rank.uncertainty.distances_km");
            Error::usage(format!("{km} km is not among criteria.distances_km"), "name some of those").at(at)
        })
    }

    /// Coverage, books and people without some stations.
    fn without(&self, doubtful: &[usize]) -> Result<(Coverage, Ledger, Option<People>)> {
        let kept = |s: &&Site| doubtful.binary_search(&(s.station as usize)).is_err();
        let sites: Vec<Site> = self.sites.iter().filter(kept).copied().collect();
        let charging: Services = [Service::Charging].into_iter().collect();
        let coverage = Coverage::compute_within(self.network, &sites, charging, self.coverage.most());
        let ledger = Ledger::compute(self.network, &coverage, &self.criteria.all, self.ledger.excluded_mm.clone());
        let ground = (self.counties.1, self.counties.0.len());
        let people = people::count(self.region, self.criteria, ground, self.network, &coverage)?;
        Ok((coverage, ledger, people))
    }

    /// Figures of all counties at one service distance.
    fn figures(
        &self,
        criterion: usize,
        coverage: &Coverage,
        ledger: &Ledger,
        people: Option<&People>,
        counts: &dyn Fn(usize) -> bool,
    ) -> Vec<CountyFigures> {
        let as_is = criterion == self.criteria.headline && std::ptr::eq(coverage, self.coverage);
        let longest_mm = if as_is { self.longest_mm.to_vec() } else { self.longest(coverage, criterion) };
        let charging_mm: Vec<Option<u32>> = self
            .placed
            .par_iter()
            .map(|p| nearest_from(self.network, coverage, Service::Charging, *p).map(|n| n.distance_mm))
            .collect();
        let (criteria, counties) = (self.criteria, self.counties.0);
        let (stations, settlements) = (self.stations, self.settlements);
        let state = State {
            counties,
            criteria,
            criterion,
            ledger,
            longest_mm: &longest_mm,
            stations,
            counts,
            settlements,
            charging_mm: &charging_mm,
        };
        let mut figures = of_counties(&state);
        if let Some(people) = people {
            people::use_raster(&mut figures, people, criterion);
        }
        figures
    }

    /// Longest dead stretch of each county for charging at a distance.
    fn longest(&self, coverage: &Coverage, criterion: usize) -> Vec<u64> {
        let limit = self.criteria.all[criterion];
        let reach = coverage.reach(Service::Charging, limit.metric());
        self.by_county.par_iter().map(|edges| longest_stretch_mm(self.network, reach, limit, edges)).collect()
    }
}

/// The edges of each county.
pub fn edges_by_county(network: &RoadNetwork, counties: usize) -> Vec<Vec<u32>> {
    let mut by_county: Vec<Vec<u32>> = vec![Vec::new(); counties];
    for (i, e) in (0u32..).zip(network.edges()).filter(|(_, e)| e.county != NO_COUNTY) {
        by_county[e.county as usize].push(i);
    }
    by_county
}
