//! A whole network with what [`needs`](super::needs) asks of it and nothing else: what a round has beside its shards, which end at the
//! longest service distance.

use super::needs::Standing;
use super::scene::edges_by_county;
use crate::access;
use crate::config::{Criteria, Service, Services};
use crate::coverage::{Coverage, Stretch, Stretches, dead_stretches};
use crate::issue::Issues;
use crate::network::{Draft, Placed, RoadNetwork};
use crate::place::{OnNetwork, SettlementOut, Site, StationOut, put_on_network};
use crate::read::road::Names;
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use rayon::prelude::*;

/// See the head of the module. Counties go by their number in `codes`.
pub struct WholeNetwork<'a> {
    criteria: &'a Criteria,
    codes: Vec<String>,
    network: RoadNetwork,
    names: &'a Names,
    sites: Vec<Site>,
    stations: Vec<StationOut>,
    settlements: Vec<SettlementOut>,
    placed: Vec<Placed>,
    stretches: Stretches,
}

impl<'a> WholeNetwork<'a> {
    /// Puts stations and settlements, each with its county, on a network. What is found about them is told by the shards of their counties.
    /// Ways and dead stretches are looked for where `[demand]` asks for them; the latter of counties with rows, by number.
    pub fn new(
        (draft, names): (Draft, &'a Names),
        codes: Vec<String>,
        stations: Vec<(Station, u32)>,
        settlements: Vec<(Settlement, u32)>,
        criteria: &'a Criteria,
        has_rows: &dyn Fn(u32) -> bool,
    ) -> Self {
        let judged = (&criteria.serving, None);
        let OnNetwork { network, sites, stations, mut settlements, placed } =
            put_on_network(draft, stations, settlements, judged, &mut Issues::default());
        let mut stretches = Stretches::default();
        if let Some(demand) = &criteria.demand {
            let asked = criteria.serving.services;
            let services: Services = [Service::Charging, Service::Swap].into_iter().filter(|s| asked.has(*s)).collect();
            let coverage = Coverage::compute_for(&network, &sites, services);
            access::to_settlements(&network, &coverage, &mut settlements, &placed);
            // where no station charges the gap is the whole network, as in a scene
            if demand.trial.is_some() && services.has(Service::Charging) && sites.iter().any(|s| s.offers(Service::Charging)) {
                let counties: Vec<u32> = (0..codes.len() as u32).filter(|c| has_rows(*c)).collect();
                stretches = charging_stretches(&network, &coverage, criteria, &counties, codes.len());
            }
        }
        Self { criteria, codes, network, names, sites, stations, settlements, placed, stretches }
    }

    /// What stands on it.
    pub fn standing(&self) -> Standing<'_> {
        let Self { criteria, codes, network, names, sites, stations, settlements, placed, stretches } = self;
        Standing { criteria, codes, network, names, sites, stations, settlements, placed, stretches }
    }
}

/// Dead stretches for charging at the headline distance, of some counties.
fn charging_stretches(
    network: &RoadNetwork,
    coverage: &Coverage,
    criteria: &Criteria,
    counties: &[u32],
    all: usize,
) -> Stretches {
    let (headline, limit) = (criteria.serving.headline, criteria.serving.headline_criterion());
    let reach = coverage.reach(Service::Charging, limit.metric());
    let by_county = edges_by_county(network, all);
    let of = |county: &u32| -> Vec<Stretch> {
        let edges = &by_county[*county as usize];
        dead_stretches(network, reach, Service::Charging, (headline, limit), *county, edges)
    };
    Stretches::new(counties.par_iter().map(of).collect())
}
