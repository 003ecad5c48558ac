//! How far it is from every node to its nearest station: one search from all stations at once.
//!
//! Distances run *to* a station, so the search walks arcs backwards. It is Dijkstra's algorithm with a monotone
//! radix heap; among equally near stations the one with the lowest number is the label, so the answer is unique.

use super::csr::RoadNetwork;
use crate::config::criteria::Metric;
use radix_heap::RadixHeapMap;
use std::cmp::Reverse;

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
/// O((n + m) log C) for n nodes, m arcs and largest distance C. Costs beyond 4,294 km or 1,193 h count as unreachable.
///
/// # References
/// E. W. Dijkstra 1959; R. K. Ahuja, K. Mehlhorn, J. B. Orlin, R. E. Tarjan, *Faster algorithms for the shortest path
/// problem*, 1990 (radix heap).
pub fn nearest_site(network: &RoadNetwork, sites: &[(u32, u32)], metric: Metric) -> Reach {
    let n = network.node_count();
    let mut cost = vec![UNREACHABLE; n];
    let mut site = vec![NO_SITE; n];
    let mut heap: RadixHeapMap<Reverse<u32>, u32> = RadixHeapMap::new();
    for &(number, node) in sites {
        let v = node as usize;
        if (0, number) < (cost[v], site[v]) {
            (cost[v], site[v]) = (0, number);
            heap.push(Reverse(0), node);
        }
    }
    while let Some((Reverse(c), v)) = heap.pop() {
        if c > cost[v as usize] {
            continue;
        }
        let label = site[v as usize];
        for &(u, w) in network.arcs_into(v, metric) {
            let Some(next) = c.checked_add(w).filter(|x| *x != UNREACHABLE) else { continue };
            let u = u as usize;
            if (next, label) < (cost[u], site[u]) {
                (cost[u], site[u]) = (next, label);
                heap.push(Reverse(next), u as u32);
            }
        }
    }
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
