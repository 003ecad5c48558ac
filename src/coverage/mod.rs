//! What is served and what is not, exactly: intervals on edges, dead stretches, and the ledger of each county.
//!
//! One search for each service and metric gives every service distance and time at once.

pub mod corridors;
mod interval;
mod ledger;
mod stretch;

pub use interval::{Gap, gap_on_edge, worst_cost};
pub use ledger::{Ledger, LedgerCell};
pub use stretch::{Stretch, StretchPart, Stretches, dead_stretches, longest_stretch_mm, middle_of};

use crate::config::criteria::{Criterion, Metric};
use crate::config::{ByService, Service, Services};
use crate::engine::{Reach, UNREACHABLE};
use crate::network::search::nearest_site_within;
use crate::network::{Edge, RoadNetwork};
use crate::place::Site;
use rayon::prelude::*;

/// Both metrics, at `metric as usize`.
pub(crate) const METRICS: [Metric; 2] = [Metric::Distance, Metric::Time];

/// The nearest station of every node, for each service by distance and by time.
#[derive(Clone, Debug)]
pub struct Coverage {
    services: Services,
    /// No way farther than this was looked for, by metric.
    most: [u32; 2],
    /// Empty for services that were not searched.
    reach: ByService<[Reach; 2]>,
}

impl Coverage {
    /// Searches these services and no others, all in parallel.
    pub fn compute_for(network: &RoadNetwork, sites: &[Site], services: Services) -> Self {
        Self::compute_within(network, sites, services, [UNREACHABLE; 2])
    }

    /// The same no farther than `most`, millimetres and milliseconds: for who asks for nothing beyond. What is farther counts as
    /// unreachable, in distance and in time each by itself.
    pub fn compute_within(network: &RoadNetwork, sites: &[Site], services: Services, most: [u32; 2]) -> Self {
        let tasks: Vec<(Service, Metric)> = services.iter().flat_map(|s| METRICS.map(|m| (s, m))).collect();
        let done: Vec<Reach> = tasks
            .par_iter()
            .map(|(service, metric)| {
                let from: Vec<(u32, u32)> = sites.iter().filter(|s| s.offers(*service)).map(|s| (s.station, s.node)).collect();
                nearest_site_within(network, &from, *metric, most[*metric as usize])
            })
            .collect();
        let mut reach: ByService<[Reach; 2]> = Default::default();
        for ((service, metric), found) in tasks.into_iter().zip(done) {
            reach[service as usize][metric as usize] = found;
        }
        Self { services, most, reach }
    }

    /// The services that were searched; asking for another one is a fault in the program and panics.
    pub fn services(&self) -> Services {
        self.services
    }

    /// How far ways were looked for, millimetres and milliseconds.
    pub fn most(&self) -> [u32; 2] {
        self.most
    }

    /// The search result of a service and metric.
    pub fn reach(&self, service: Service, metric: Metric) -> &Reach {
        &self.reach[service as usize][metric as usize]
    }

    /// The gap on one edge, if there is one.
    pub fn gap(&self, network: &RoadNetwork, edge: u32, service: Service, criterion: Criterion) -> Option<Gap> {
        gap_on(&network.edges()[edge as usize], self.reach(service, criterion.metric()), criterion)
    }
}

/// The gap on one edge where `reach` is that of a service by the criterion's metric.
pub(crate) fn gap_on(e: &Edge, reach: &Reach, criterion: Criterion) -> Option<Gap> {
    gap_on_edge(e, reach.cost(e.tail), reach.cost(e.head), criterion)
}
