//! What is served and what is not, exactly: intervals on edges, dead stretches, and the ledger of each county.
//!
//! One search for each service and metric gives every service distance and time at once.

mod interval;
mod ledger;
mod stretch;
mod what_if;

pub use interval::{Gap, gap_on_edge, worst_cost};
pub use ledger::{Cell, Ledger};
pub use stretch::{Part, Stretch, Stretches, dead_stretches};
pub use what_if::WhatIf;

use crate::config::criteria::{Criterion, Metric, Service};
use crate::network::search::{Reach, nearest_site};
use crate::network::{Edge, RoadNetwork};
use rayon::prelude::*;

/// A station in the network: its number among the stations, its node, what it offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Number.
    pub station: u32,
    /// Node.
    pub node: u32,
    /// Offers charging.
    pub charging: bool,
    /// Offers battery swap.
    pub swap: bool,
}

impl Site {
    /// Whether it offers a service.
    pub fn offers(&self, service: Service) -> bool {
        match service {
            Service::Charging => self.charging,
            Service::Swap => self.swap,
        }
    }
}

/// The nearest station of every node, for each service by distance and by time.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    reach: [[Reach; 2]; 2],
}

impl Coverage {
    /// Searches from all sites of each service, in both metrics, in parallel.
    pub fn compute(network: &RoadNetwork, sites: &[Site]) -> Self {
        let tasks = [
            (Service::Charging, Metric::Distance),
            (Service::Charging, Metric::Time),
            (Service::Swap, Metric::Distance),
            (Service::Swap, Metric::Time),
        ];
        let done: Vec<Reach> = tasks
            .par_iter()
            .map(|(service, metric)| {
                let from: Vec<(u32, u32)> = sites.iter().filter(|s| s.offers(*service)).map(|s| (s.station, s.node)).collect();
                nearest_site(network, &from, *metric)
            })
            .collect();
        let mut coverage = Self::default();
        for ((service, metric), reach) in tasks.into_iter().zip(done) {
            coverage.reach[service as usize][metric as usize] = reach;
        }
        coverage
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
fn gap_on(e: &Edge, reach: &Reach, criterion: Criterion) -> Option<Gap> {
    gap_on_edge(e, reach.cost(e.tail), reach.cost(e.head), criterion)
}
