//! How far it is from every node to its nearest station: one search from all stations at once.
//!
//! Distances run *to* a station, so the search walks arcs backwards. Among equally near stations the one with the
//! lowest number is the label, so the answer is unique whatever the order of work.

use super::csr::RoadNetwork;
use crate::config::criteria::Metric;
use crate::engine::{Nearest, Seed, cost_of, label_of};

pub use crate::engine::{NO_LABEL as NO_SITE, UNREACHABLE};

/// Nearest station of every node.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Reach {
    /// Cost and number of the station, packed as the engine packs them.
    state: Vec<u64>,
}

impl Reach {
    /// Millimetres or milliseconds from a node to its nearest station, or [`UNREACHABLE`].
    #[inline]
    pub fn cost(&self, node: u32) -> u32 {
        cost_of(self.state[node as usize])
    }

    /// The number of that station, or [`NO_SITE`].
    pub fn site(&self, node: u32) -> u32 {
        label_of(self.state[node as usize])
    }

    /// Costs of all nodes.
    pub fn costs(&self) -> impl Iterator<Item = u32> {
        self.state.iter().map(|s| cost_of(*s))
    }

    /// Stations of all nodes.
    pub fn sites(&self) -> impl Iterator<Item = u32> {
        self.state.iter().map(|s| label_of(*s))
    }
}

/// Searches from `sites` (number, node) against the direction of travel. Costs beyond 4,294 km or 1,193 h count as
/// unreachable. How: [`crate::engine`].
pub fn nearest_site(network: &RoadNetwork, sites: &[(u32, u32)], metric: Metric) -> Reach {
    let seeds: Vec<Seed> = sites.iter().map(|(number, node)| Seed::at(*node, *number)).collect();
    let mut search = Nearest::default();
    search.run(network.arcs_to(metric), &seeds, UNREACHABLE);
    Reach { state: search.into_states() }
}

/// The cheapest way from a point on an edge to a station, given the costs of the edge's ends.
///
/// `offset` and `length` are in the metric's unit. Returns the cost and whether it leaves by the head.
pub fn from_edge(cost_tail: u32, cost_head: u32, offset: u32, length: u32, oneway: bool) -> Option<(u32, bool)> {
    let ahead = cost_head.checked_add(length.saturating_sub(offset)).filter(|_| cost_head != UNREACHABLE);
    let back = cost_tail.checked_add(offset).filter(|_| cost_tail != UNREACHABLE && !oneway);
    match (ahead, back) {
        (Some(a), Some(b)) if b < a => Some((b, false)),
        (Some(a), _) => Some((a, true)),
        (None, b) => b.map(|b| (b, false)),
    }
}
