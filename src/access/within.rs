//! Which sites lie within reach of which places by road, as sparse pairs: what floating catchments and the load of stations are made from.

use crate::config::criteria::Metric;
use crate::engine::{Catchments, Targets};
use crate::network::{Placed, RoadNetwork};
use std::ops::Range;

/// Sparse pairs of places and sites, by place. Sites of a place stand in the order of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Within {
    /// Where the pairs of each place begin; one more at the end.
    first: Vec<u32>,
    /// Site and cost, in the metric's unit.
    list: Vec<(u32, u32)>,
}

impl Within {
    /// From (place, site, cost) in any order; each pair once.
    pub fn new(places: usize, mut all: Vec<(u32, u32, u32)>) -> Self {
        all.sort_unstable();
        let mut first = vec![0; places + 1];
        all.iter().for_each(|(place, ..)| first[*place as usize + 1] += 1);
        (1..first.len()).for_each(|i| first[i] += first[i - 1]);
        Self { first, list: all.into_iter().map(|(_, site, cost)| (site, cost)).collect() }
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The sites within reach of a place, with the cost.
    pub fn of(&self, place: usize) -> &[(u32, u32)] {
        &self.list[self.range(place)]
    }

    /// All pairs, by place.
    pub fn all(&self) -> &[(u32, u32)] {
        &self.list
    }

    /// Where the pairs of a place stand in [`Self::all`].
    pub fn range(&self, place: usize) -> Range<usize> {
        self.first[place] as usize..self.first[place + 1] as usize
    }
}

/// The pairs of places on edges and sites on nodes with a way from place to site of at most `limit`, in the metric's unit. One search a
/// site, against the direction of travel.
pub fn within(network: &RoadNetwork, (sites, metric): (&[u32], Metric), placed: &[Placed], limit: u32) -> Within {
    let ends: Vec<u32> =
        placed.iter().flat_map(|p| [network.edges()[p.edge as usize].tail, network.edges()[p.edge as usize].head]).collect();
    let targets = Targets::new(network.node_count(), &ends);
    let search = Catchments::new(network.arcs_to(metric), &targets, limit);
    let of_site = search.map(sites, |site, pairs| {
        let mut found: Vec<(u32, u32, u32)> = Vec::new();
        for (target, cost) in pairs {
            let place = target / 2;
            if let Some(way) = by_end(network, metric, placed[place as usize], target % 2 == 1, *cost).filter(|way| *way <= limit)
            {
                found.push((place, site as u32, way));
            }
        }
        found.sort_unstable();
        found.dedup_by_key(|(place, ..)| *place); // the shorter of the two ends
        found
    });
    Within::new(placed.len(), of_site.into_iter().flatten().collect())
}

/// The way from a place over one end of its edge, from which a station is `cost` away; none against a one-way edge.
fn by_end(network: &RoadNetwork, metric: Metric, place: Placed, head: bool, cost: u32) -> Option<u32> {
    let e = &network.edges()[place.edge as usize];
    let (offset, length) = match metric {
        Metric::Distance => (place.offset_mm, e.length_mm),
        Metric::Time => (crate::network::share(e.time_ms, place.offset_mm, e.length_mm), e.time_ms),
    };
    match head {
        true => cost.checked_add(length.saturating_sub(offset)),
        false if e.oneway => None,
        false => cost.checked_add(offset),
    }
}
