//! How far it is from every node to its nearest station: one search from all stations at once.
//!
//! Distances run *to* a station, so the search walks arcs backwards. Among equally near stations the one with the
//! lowest number is the label, so the answer is unique whatever the order of work.

use super::csr::RoadNetwork;
use super::queue::BucketQueue;
use crate::config::criteria::Metric;

/// The distance of a node from which no station can be reached.
pub const UNREACHABLE: u32 = u32::MAX;
/// The label of such a node.
pub const NO_SITE: u32 = u32::MAX;

/// Nearest station of every node.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Reach {
    /// Millimetres or milliseconds to the nearest station, or [`UNREACHABLE`].
    pub cost: Vec<u32>,
    /// Its number, or [`NO_SITE`].
    pub site: Vec<u32>,
}

/// Searches from `sites` (number, node) against the direction of travel.
///
/// # Complexity
/// About O(n + m + C/w) for n nodes, m arcs, largest cost C and bucket width w of half a mean arc. Costs beyond 4,294 km
/// or 1,193 h count as unreachable.
///
/// # References
/// E. W. Dijkstra 1959; R. B. Dial, *Algorithm 360: shortest-path forest with topological ordering*, 1969 (buckets);
/// U. Meyer, P. Sanders, *Δ-stepping*, 2003 (buckets wider than the shortest arc).
pub fn nearest_site(network: &RoadNetwork, sites: &[(u32, u32)], metric: Metric) -> Reach {
    let n = network.node_count();
    let mut state = vec![(UNREACHABLE, NO_SITE); n];
    let (mean, largest) = network.arc_weights(metric);
    let mut queue = BucketQueue::new(mean, largest);
    for &(number, node) in sites {
        if (0, number) < state[node as usize] {
            state[node as usize] = (0, number);
            queue.push(0, node);
        }
    }
    while let Some((c, v)) = queue.pop() {
        let (cost, label) = state[v as usize];
        if c > cost {
            continue; // settled lower since
        }
        for &(u, w) in network.arcs_into(v, metric) {
            let Some(next) = cost.checked_add(w).filter(|x| *x != UNREACHABLE) else { continue };
            let known = &mut state[u as usize];
            if (next, label) < *known {
                *known = (next, label);
                queue.push(next, u);
            }
        }
    }
    let (cost, site) = state.into_iter().unzip();
    Reach { cost, site }
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
