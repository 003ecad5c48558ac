//! How far settlements are from the nearest stations.
//!
//! A settlement meets the network at the nearest point of an edge; the way to that point is written out and not counted.

pub mod floating;
pub mod load;
pub mod people;
pub mod queue;
pub mod within;

use crate::config::Service;
use crate::config::criteria::Metric;
use crate::coverage::Coverage;
use crate::engine::UNREACHABLE;
use crate::network::search::from_edge;
use crate::network::{Placed, RoadNetwork};
use crate::place::{Nearest, SettlementOut};
use rayon::prelude::*;

/// The nearest station of a service from a point on an edge; `None` when there is no way to any.
pub fn nearest_from(network: &RoadNetwork, coverage: &Coverage, service: Service, place: Placed) -> Option<Nearest> {
    let e = &network.edges()[place.edge as usize];
    let (tail, head) = (e.tail, e.head);
    let by_distance = coverage.reach(service, Metric::Distance);
    let (distance_mm, ahead) = from_edge(by_distance.cost(tail), by_distance.cost(head), place.offset_mm, e.length_mm, e.oneway)?;
    let by_time = coverage.reach(service, Metric::Time);
    let offset_ms = crate::network::share(e.time_ms, place.offset_mm, e.length_mm);
    let by_time = from_edge(by_time.cost(tail), by_time.cost(head), offset_ms, e.time_ms, e.oneway);
    // Where time was looked for less far than distance, one may be there without the other.
    let bounded = coverage.most()[Metric::Time as usize] < UNREACHABLE;
    let time_ms = by_time.map(|t| t.0).or(bounded.then_some(UNREACHABLE))?;
    let station = by_distance.label(if ahead { head } else { tail });
    Some(Nearest { distance_mm, station, time_ms })
}

/// Finds the way of every settlement on the network to its nearest stations.
pub fn to_settlements(network: &RoadNetwork, coverage: &Coverage, settlements: &mut [SettlementOut], placed: &[Placed]) {
    let mut on_network: Vec<&mut SettlementOut> = settlements.iter_mut().filter(|s| s.snapped.is_some()).collect();
    on_network.par_iter_mut().zip(placed.par_iter()).for_each(|(s, place)| {
        s.nearest = coverage.services().table(|service| -> Option<Nearest> { nearest_from(network, coverage, service, *place) });
    });
}
