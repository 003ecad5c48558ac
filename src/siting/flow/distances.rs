//! How far sites are from where flows start, from each other, and from where flows go: all that is asked of roads. It can be kept, and flows made
//! of it again.

use super::net::{FAR, FlowNet};
use super::trips::{Deviation, Flows, OriginDestination, RangeRule};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A pair of origin and destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowPair {
    /// Origin and destination.
    pub pair: (u32, u32),
    /// Flow in all.
    pub weight: u64,
    /// How far it is; none where no way leads there, or where any way will do and it is farther than what is looked for.
    pub shortest: Option<u64>,
}

/// Distances, those that are of use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowDistances {
    /// How many sites there are.
    pub sites: usize,
    /// Pairs, rising, each once.
    pub pairs: Vec<FlowPair>,
    /// By origin: sites, and how far they are.
    pub from: BTreeMap<u32, Vec<(u32, u64)>>,
    /// By destination: sites, and how far it is from them.
    pub to: BTreeMap<u32, Vec<(u32, u64)>>,
    /// From a site to another one within the range, and how far.
    pub legs: Vec<(u32, u32, u64)>,
}

impl FlowDistances {
    /// Those of a network. None where a node is not of it.
    pub fn new(net: &FlowNet, sites: &[u32], pairs: &[OriginDestination], rule: RangeRule, deviation: Deviation) -> Option<Self> {
        let mut sums: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        pairs.iter().for_each(|(o, d, w)| *sums.entry((*o, *d)).or_default() += w);
        let nodes = net.nodes() as u32;
        if sums.keys().any(|(o, d)| o.max(d) >= &nodes) || sites.iter().any(|s| *s >= nodes) {
            return None;
        }
        let near = rule.first.max(rule.last);
        let most = if deviation == Deviation::Any { near.saturating_mul(2) } else { FAR - 1 };
        let mut all = Self { sites: sites.len(), legs: legs(net, sites, rule.range), ..Self::default() };
        let row = |far: &[u64]| (0u32..).zip(sites).map(|(s, v)| (s, far[*v as usize])).filter(|f| f.1 != FAR).collect();
        let (mut origin, mut from) = (None, Vec::new());
        for ((o, d), weight) in sums {
            if origin != Some(o) {
                (origin, from) = (Some(o), net.distances(o, false, most));
                all.from.insert(o, row(&from));
            }
            let shortest = Some(from[d as usize]).filter(|mm| *mm != FAR);
            all.pairs.push(FlowPair { pair: (o, d), weight, shortest });
            if !shortest.is_some_and(|mm| rule.unaided(mm)) {
                all.to.entry(d).or_insert_with(|| row(&net.distances(d, true, most)));
            }
        }
        Some(all)
    }

    /// The same without what no flow has any use for.
    pub fn of_use(&self, flows: &Flows) -> Self {
        let (mut ends, mut between) = ([BTreeSet::new(), BTreeSet::new()], BTreeSet::new());
        for trip in &flows.trips {
            trip.sites.iter().for_each(|s| {
                ends[0].insert((trip.pair.0, *s));
                ends[1].insert((trip.pair.1, *s));
            });
            let (first, list) = &flows.legs[0];
            for s in &trip.sites {
                let own = &list[first[*s as usize] as usize..first[*s as usize + 1] as usize];
                between.extend(own.iter().filter(|(t, _)| trip.sites.binary_search(t).is_ok()).map(|(t, _)| (*s, *t)));
            }
        }
        let kept = |all: &BTreeMap<u32, Vec<(u32, u64)>>, of: &BTreeSet<(u32, u32)>| {
            let one = |(place, list): (&u32, &Vec<(u32, u64)>)| {
                (*place, list.iter().copied().filter(|(s, _)| of.contains(&(*place, *s))).collect())
            };
            all.iter().map(one).collect()
        };
        Self {
            sites: self.sites,
            pairs: self.pairs.clone(),
            from: kept(&self.from, &ends[0]),
            to: kept(&self.to, &ends[1]),
            legs: self.legs.iter().copied().filter(|(s, t, _)| between.contains(&(*s, *t))).collect(),
        }
    }
}

/// Which sites are within the range of which.
fn legs(net: &FlowNet, sites: &[u32], range: u64) -> Vec<(u32, u32, u64)> {
    let of = |(s, node): (usize, &u32)| -> Vec<(u32, u32, u64)> {
        let far = net.distances(*node, false, range);
        let near = (0u32..).zip(sites).filter(|(t, n)| *t != s as u32 && far[**n as usize] != FAR);
        near.map(|(t, n)| (s as u32, t, far[*n as usize])).collect()
    };
    sites.par_iter().enumerate().map(of).collect::<Vec<_>>().concat()
}
