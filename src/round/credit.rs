//! Which station brought a settlement within reach first: of those that opened, the one with the earliest opening date from which it is no
//! farther than the headline distance. One search a station, in the order of time, on the piece of network that the county was computed on.

use super::compute::{Source, computed};
use crate::config::Service;
use crate::config::criteria::Metric;
use crate::error::Result;
use crate::network::PieceScratch;
use crate::network::search::{from_edge, nearest_site_within};
use crate::place::{Site, StationOut};
use std::collections::{BTreeMap, BTreeSet};

/// Stations that may have credit, by id: their place in the order of time.
pub type Order<'a> = BTreeMap<&'a str, usize>;

/// By id of the settlements of a county, of those asked for: the first station in the order that has it within `limit_mm` by road.
///
/// # Errors
/// Internal, when books do not close.
pub fn first_of<'o>(
    source: &Source<'_>,
    shard: usize,
    wanted: &BTreeSet<String>,
    (order, limit_mm): (&Order<'o>, u32),
    scratch: &mut PieceScratch,
) -> Result<BTreeMap<String, &'o str>> {
    let scene = computed(source, &[shard], scratch)?.scene;
    let turn = |s: &Site| {
        let station: &StationOut = &scene.stations[s.station as usize];
        order.get_key_value(station.station.id.as_str()).map(|(id, turn)| (*turn, *id, s.node))
    };
    let mut sites: Vec<(usize, &'o str, u32)> =
        scene.sites.iter().filter(|s| s.offers(Service::Charging)).filter_map(turn).collect();
    sites.sort_unstable();
    let placed = scene.settlements.iter().filter(|s| s.snapped.is_some()).zip(&scene.placed);
    let mut left: Vec<_> = placed.filter(|(s, _)| wanted.contains(&s.settlement.id)).collect();
    let mut first = BTreeMap::new();
    for (_, id, node) in sites {
        if left.is_empty() {
            break;
        }
        let reach = nearest_site_within(&scene.network, &[(0, node)], Metric::Distance, limit_mm);
        left.retain(|(s, place)| {
            let e = &scene.network.edges()[place.edge as usize];
            let way = from_edge(reach.cost(e.tail), reach.cost(e.head), place.offset_mm, e.length_mm, e.oneway);
            let here = way.is_some_and(|(mm, _)| mm <= limit_mm);
            if here {
                first.insert(s.settlement.id.clone(), id);
            }
            !here
        });
    }
    Ok(first)
}
