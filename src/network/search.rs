//! How far it is from every node to its nearest station: one search from all stations at once.
//!
//! Distances run *to* a station, so the search walks arcs backwards. Among equally near stations the one with the
//! lowest number is the label, so the answer is unique whatever the order of work.

use super::csr::RoadNetwork;
use crate::config::criteria::Metric;
use crate::engine::{NearestSearch, Seed};

pub use crate::engine::{Reach, UNREACHABLE};

/// Searches from `sites` (number, node) against the direction of travel, no farther than `most`, in the metric's unit; what is farther
/// counts as unreachable, as do costs beyond 4,294 km or 1,193 h. How: [`crate::engine`].
pub fn nearest_site_within(network: &RoadNetwork, sites: &[(u32, u32)], metric: Metric, most: u32) -> Reach {
    let seeds: Vec<Seed> = sites.iter().map(|(number, node)| Seed::at(*node, *number)).collect();
    let mut search = NearestSearch::default();
    search.run(network.arcs_to(metric), &seeds, most);
    search.into_reach()
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
