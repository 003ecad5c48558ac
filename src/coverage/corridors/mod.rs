//! Corridors: roads of one number, joined from their pieces, and the longest way along each without a station.
//!
//! The pieces of a number make a graph of their own. Its *lines* are taken out one after the other, the longest first: the shortest way from
//! end to end in one direction, and the one back. Two carriageways are so one corridor of two directions, a roundabout is driven round
//! the right way, and what is left (spurs, loops, pieces between) makes further lines. Nobody turns back on a line: not on one edge, and
//! not at a node by more than 120°. Pieces that do not touch are joined by the shortest way in the whole network, where that is short
//! and goes on in about the same direction; it counts as part of the line.
//!
//! A station stands on a line at the point of it that is nearest by network, driving there. The end of a line counts as an end: the way from it
//! to the first station is an interval like those between stations. Lengths are whole millimetres, cut at nodes of the network, which
//! every station is.

mod graph;
mod lines;
mod stops;
#[cfg(test)]
mod tests;

pub use graph::Along;
pub use stops::{RangeNeeded, Stop, StopInterval};

use crate::config::RoadClass;
use crate::network::RoadNetwork;
use crate::place::Site;
use crate::read::road::Names;
use crate::read::road_reference::{reference, references};
use crate::space::LonLat;
use graph::CorridorGraph;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use stops::Surroundings;

/// Which corridors are looked for, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct CorridorsAsked {
    /// Numbers, or names of roads without one, with `*` and `?`; none for every number whose roads are mostly of `least_class`.
    pub roads: Option<Vec<String>>,
    /// Where no roads are named: at least half of the length of a number is of this class or a higher one.
    pub least_class: RoadClass,
    /// Ways from a line to a station are looked for so far, millimetres.
    pub off_road_mm: u32,
    /// Pieces are joined by ways in the network of at most this length, millimetres.
    pub join_mm: u32,
    /// Shorter lines are left out and counted, millimetres.
    pub shortest_mm: u64,
}

impl Default for CorridorsAsked {
    fn default() -> Self {
        Self {
            roads: None,
            least_class: RoadClass::Secondary,
            off_road_mm: 10_000_000,
            join_mm: 2_000_000,
            shortest_mm: 1_000_000,
        }
    }
}

/// A road of one number.
#[derive(Clone, Debug, PartialEq)]
pub struct Corridor {
    /// Its number in one spelling, or its name.
    pub reference: String,
    /// Length of its pieces, each counted once: two carriageways are two.
    pub road_mm: u64,
    /// Of that, pieces on no line: lines shorter than is asked for, and what cannot be driven.
    pub left_mm: u64,
    /// Its parts, the longest first. Pieces too far apart to be joined make several.
    pub parts: Vec<CorridorPart>,
}

/// A part of a corridor: one line for each direction.
#[derive(Clone, Debug, PartialEq)]
pub struct CorridorPart {
    /// The direction whose line begins first by position, and the other one, where there is one.
    pub lines: Vec<CorridorLine>,
}

/// One direction of a part.
#[derive(Clone, Debug, PartialEq)]
pub struct CorridorLine {
    /// What it is driven along, in order.
    pub along: Vec<Along>,
    /// Its nodes with their way from the beginning, millimetres.
    pub nodes: Vec<(u32, u64)>,
    /// Its length, millimetres.
    pub length_mm: u64,
    /// Of that, ways in the network between pieces.
    pub joined_mm: u64,
    /// It has no end: it begins where it ends.
    pub closed: bool,
    /// The network goes on beyond its beginning and its end, and only a piece of it is here.
    pub open: [bool; 2],
    /// Stations near it, by their place on it, then by number.
    pub stops: Vec<Stop>,
}

/// Finds corridors and the stations near them, by number; those without a line of the shortest length are none. `goes_on` tells nodes at which a piece of a larger network ends.
pub fn corridors(
    network: &RoadNetwork,
    names: &Names,
    sites: &[Site],
    asked: &CorridorsAsked,
    goes_on: &(dyn Fn(u32) -> bool + Sync),
) -> Vec<Corridor> {
    let by_number: Vec<(String, Vec<u32>)> = pieces(network, names, asked).into_iter().collect();
    let one = |room: &mut Surroundings, (reference, edges): (String, Vec<u32>)| {
        let graph = CorridorGraph::of(network, &edges, asked.join_mm, room);
        let mut parts = lines::parts(network, &graph, asked.shortest_mm);
        for line in parts.iter_mut().flat_map(|p| &mut p.lines) {
            line.stops = stops::stops(network, line, sites, asked.off_road_mm, room);
            line.open = [line.nodes.first(), line.nodes.last()].map(|n| n.is_some_and(|n| !line.closed && goes_on(n.0)));
        }
        let on: FxHashSet<u32> =
            parts.iter().flat_map(|p| &p.lines).flat_map(|l| &l.along).filter_map(|a| Some(a.part()?.edge)).collect();
        let mm = |e: &u32| u64::from(network.edges()[*e as usize].length_mm);
        let road_mm = edges.iter().map(mm).sum();
        let left_mm = edges.iter().filter(|e| !on.contains(e)).map(mm).sum();
        Corridor { reference, road_mm, left_mm, parts }
    };
    let found = by_number.into_par_iter().map_init(|| Surroundings::of(network), one);
    found.filter(|c| !c.parts.is_empty()).collect()
}

/// Edges by number, those that are asked for.
fn pieces(network: &RoadNetwork, names: &Names, asked: &CorridorsAsked) -> BTreeMap<String, Vec<u32>> {
    let wanted: Option<Vec<(String, Option<glob::Pattern>)>> =
        asked.roads.as_ref().map(|list| list.iter().map(|road| pattern(road)).collect());
    let is_wanted = |text: &str| wanted.as_ref().is_none_or(|list| list.iter().any(|road| is_road(road, text)));
    let mut of_names: FxHashMap<(u32, u32), Vec<String>> = FxHashMap::default();
    let mut by_number: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (i, e) in (0u32..).zip(network.edges()) {
        let numbers = of_names.entry((e.name, e.reference)).or_insert_with(|| {
            let mut all = numbers_of(names, (e.name, e.reference), wanted.is_some());
            all.retain(|number| is_wanted(number));
            all.sort_unstable();
            all.dedup();
            all
        });
        for number in numbers.iter() {
            match by_number.get_mut(number) {
                Some(edges) => edges.push(i),
                None => drop(by_number.insert(number.clone(), vec![i])),
            }
        }
    }
    if wanted.is_none() {
        by_number.retain(|_, edges| {
            let mm = |list: &[u32], high: bool| -> u64 {
                let all = list.iter().map(|e| &network.edges()[*e as usize]);
                all.filter(|e| !high || e.class <= asked.least_class).map(|e| u64::from(e.length_mm)).sum()
            };
            mm(edges, true) * 2 >= mm(edges, false)
        });
    }
    by_number
}

/// Roads that are asked for and that none of these is, by number or name; each goes by its name and its reference among the names.
pub fn unmet_roads(all: impl Iterator<Item = (u32, u32)>, names: &Names, roads: &[String]) -> Vec<String> {
    let mut left: Vec<(&String, (String, Option<glob::Pattern>))> = roads.iter().map(|road| (road, pattern(road))).collect();
    let mut seen = FxHashSet::default();
    for road in all {
        if left.is_empty() {
            break;
        }
        if seen.insert(road) {
            let numbers = numbers_of(names, road, true);
            left.retain(|(_, road)| !numbers.iter().any(|text| is_road(road, text)));
        }
    }
    left.into_iter().map(|(road, _)| road.clone()).collect()
}

/// Numbers of a road; where roads are asked for by name, the name of one without a number.
fn numbers_of(names: &Names, (name, reference): (u32, u32), by_name: bool) -> Vec<String> {
    let mut all: Vec<String> = [name, reference].into_iter().flat_map(|n| references(names.get(n))).collect();
    let name = names.get(name);
    if by_name && !name.is_empty() && all.is_empty() {
        all.push(name.to_owned());
    }
    all
}

fn is_road((road, pattern): &(String, Option<glob::Pattern>), text: &str) -> bool {
    road == text || pattern.as_ref().is_some_and(|p| p.matches(text))
}

/// What a road that is asked for means: a number in its one spelling, or a pattern.
fn pattern(road: &str) -> (String, Option<glob::Pattern>) {
    let spelled = reference(road).unwrap_or_else(|| road.trim().to_owned());
    let wild = road.contains(['*', '?']).then(|| glob::Pattern::new(road.trim()).ok()).flatten();
    (spelled, wild)
}

/// The geometry of what is driven along, a line for each run of road; ways between pieces are left out.
pub fn drawn_along(network: &RoadNetwork, along: &[Along]) -> Vec<Vec<LonLat>> {
    let runs = along.split(|a| matches!(a, Along::Join { .. }));
    let parts = runs.map(|run| run.iter().filter_map(Along::part).collect::<Vec<_>>());
    parts.filter(|parts| !parts.is_empty()).map(|parts| super::stretch::line_of(network, &parts)).collect()
}

/// How much of what is driven along lies between pieces, and is not drawn, millimetres.
pub fn joined_mm(along: &[Along]) -> u64 {
    along.iter().filter(|a| matches!(a, Along::Join { .. })).map(Along::length_mm).sum()
}

impl CorridorLine {
    /// Its geometry.
    pub fn drawn(&self, network: &RoadNetwork) -> Vec<Vec<LonLat>> {
        drawn_along(network, &self.along)
    }

    /// What it is driven along between two places; on a closed line `to_mm` may lie beyond its length.
    pub fn between(&self, from_mm: u64, to_mm: u64) -> Vec<Along> {
        let (mut cut, mut at) = (Vec::new(), 0u64);
        for piece in &self.along {
            let (begin, end) = (at, at + piece.length_mm());
            at = end;
            let (low, high) = (begin.max(from_mm), end.min(to_mm));
            if low < high {
                cut.push(piece.between((low - begin) as u32, (high - begin) as u32));
            }
        }
        match to_mm.checked_sub(self.length_mm) {
            Some(over) if over > 0 && self.closed => cut.extend(self.between(0, over.min(self.length_mm))),
            _ => {}
        }
        cut
    }

    /// Where it runs in which county: from, to, county, joined where one follows the other; ways between pieces belong to the county
    /// before them.
    pub fn counties(&self, network: &RoadNetwork) -> Vec<(u64, u64, u32)> {
        let (mut spans, mut at): (Vec<(u64, u64, u32)>, u64) = (Vec::new(), 0);
        for piece in &self.along {
            let end = at + piece.length_mm();
            let county = piece.part().map(|p| network.edges()[p.edge as usize].county);
            match spans.last_mut() {
                Some(last) if county.is_none_or(|c| c == last.2) => last.1 = end,
                _ => spans.push((at, end, county.unwrap_or(crate::network::NO_COUNTY))),
            }
            at = end;
        }
        spans
    }
}
