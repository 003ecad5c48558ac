//! Flows from origins to destinations, and by which sites each can be refuelled. No path is ever listed: of each trip only the distances of
//! sites from its origin and to its destination are known, and of sites which lie within one range of each other.

use super::net::{FAR, FlowNet, by_first};
use super::seek::Seek;
use std::collections::BTreeMap;

/// How far a vehicle gets, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangeRule {
    /// From one site to the next.
    pub range: u64,
    /// From the origin to the first site.
    pub first: u64,
    /// From the last site to the destination.
    pub last: u64,
}

impl RangeRule {
    /// There and back again day by day, refuelled under way only: twice the first leg and twice the last leg are within the range.
    pub fn round_trip(range: u64) -> Self {
        Self { range, first: range / 2, last: range / 2 }
    }

    /// One way, with so much range at the start; the destination may be reached empty.
    pub fn from_start(range: u64, start: u64) -> Self {
        Self { range, first: start, last: range }
    }

    /// Whether a way of this length needs no site: what is left at its end is what must be left after the last leg.
    fn unaided(&self, length: u64) -> bool {
        length == 0 || length.saturating_add(self.range) <= self.first.saturating_add(self.last)
    }
}

/// How much longer than the shortest way the way past the sites may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// It is a shortest way; where several are as short, any of them.
    Shortest,
    /// So many millimetres longer.
    Longer(u64),
    /// So many thousandths of the shortest way longer.
    Thousandths(u64),
    /// However long.
    Any,
}

impl Deviation {
    fn most(&self, shortest: u64) -> u64 {
        match self {
            Self::Shortest => shortest,
            Self::Longer(mm) => shortest.saturating_add(*mm),
            Self::Thousandths(n) => {
                let more = u128::from(shortest) * u128::from(*n) / 1000;
                shortest.saturating_add(u64::try_from(more).unwrap_or(FAR))
            }
            Self::Any => FAR,
        }
    }
}

/// A flow: from a node, to a node, how much.
pub type OriginDestination = (u32, u32, u64);

/// One pair of origin and destination that sites can refuel.
#[derive(Clone, Debug)]
pub(super) struct Trip {
    /// Rows of the tables of distances.
    pub from: u32,
    pub to: u32,
    /// The longest way that is gone.
    pub most: u64,
    pub weight: u64,
    /// Sites that can be of use, sorted.
    pub sites: Vec<u32>,
    pub pair: (u32, u32),
}

/// Where the list of each site begins, and the lists: site and distance.
pub(super) type Legs = (Vec<u32>, Vec<(u32, u64)>);

/// What was asked to be refuelled, and what can be.
#[derive(Clone, Debug)]
pub struct Flows {
    pub(super) rule: RangeRule,
    pub(super) sites: usize,
    pub(super) trips: Vec<Trip>,
    /// By origin and by destination: how far each site is.
    pub(super) far: [Vec<Vec<u64>>; 2],
    /// From each site those within the range, and the other way round.
    pub(super) legs: [Legs; 2],
    /// By site: trips that it can be of use to.
    pub(super) trips_of: Vec<Vec<u32>>,
    /// Flow of trips that need no site.
    pub unaided: u64,
    /// Pairs that all sites together cannot refuel (also where there is no road), with their flow.
    pub hopeless: Vec<OriginDestination>,
    /// Flow in all.
    pub total: u64,
}

impl Flows {
    /// Flows on a network with sites at nodes. Flows of the same origin and destination are summed. None where a node is not of the network.
    pub fn new(net: &FlowNet, sites: &[u32], pairs: &[OriginDestination], rule: RangeRule, deviation: Deviation) -> Option<Self> {
        let mut sums: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        pairs.iter().for_each(|(o, d, w)| *sums.entry((*o, *d)).or_default() += w);
        let nodes = net.nodes() as u32;
        if sums.keys().any(|(o, d)| o.max(d) >= &nodes) || sites.iter().any(|s| *s >= nodes) {
            return None;
        }
        let legs = legs(net, sites, rule.range);
        let total = sums.values().sum();
        let mut all = Self {
            rule,
            sites: sites.len(),
            trips: Vec::new(),
            far: [Vec::new(), Vec::new()],
            legs,
            trips_of: vec![Vec::new(); sites.len()],
            unaided: 0,
            hopeless: Vec::new(),
            total,
        };
        all.add(net, sites, &sums, deviation);
        Some(all)
    }

    fn add(&mut self, net: &FlowNet, sites: &[u32], sums: &BTreeMap<(u32, u32), u64>, deviation: Deviation) {
        let near = self.rule.first.max(self.rule.last);
        let most = if deviation == Deviation::Any { near.saturating_mul(2) } else { FAR - 1 };
        let (mut rows, mut seek) = (BTreeMap::new(), Seek::new(self.sites));
        let (mut origin, mut from) = (None, Vec::new());
        for ((o, d), weight) in sums {
            if origin != Some(*o) {
                (origin, from) = (Some(*o), net.distances(*o, false, most));
                self.far[0].push(sites.iter().map(|s| from[*s as usize]).collect());
            }
            let shortest = from[*d as usize];
            if shortest != FAR && self.rule.unaided(shortest) {
                self.unaided += weight;
                continue;
            }
            let far = &mut self.far[1];
            let to = *rows.entry(*d).or_insert_with(|| {
                let to = net.distances(*d, true, most);
                far.push(sites.iter().map(|s| to[*s as usize]).collect());
                far.len() as u32 - 1
            });
            let from = self.far[0].len() as u32 - 1;
            let most = if shortest == FAR && deviation != Deviation::Any { 0 } else { deviation.most(shortest) };
            let mut trip = Trip { from, to, most, weight: *weight, sites: Vec::new(), pair: (*o, *d) };
            trip.sites = seek.useful(self, &trip);
            if trip.sites.is_empty() || !seek.reaches(self, &trip, |_| true) {
                self.hopeless.push((*o, *d, *weight));
            } else if *weight > 0 {
                trip.sites.iter().for_each(|s| self.trips_of[*s as usize].push(self.trips.len() as u32));
                self.trips.push(trip);
            }
        }
    }

    /// How many sites there are.
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// How many trips some choice of sites can refuel; those that need no site are not among them.
    pub fn trips(&self) -> usize {
        self.trips.len()
    }

    /// Flow that a choice of sites refuels, with that which needs none.
    pub fn served(&self, sites: &[u32]) -> u64 {
        let mut chosen = vec![false; self.sites];
        sites.iter().for_each(|s| chosen[*s as usize] = true);
        let mut seek = Seek::new(self.sites);
        let served = |t: &&Trip| seek.reaches(self, t, |s| chosen[s as usize]);
        self.unaided + self.trips.iter().filter(served).map(|t| t.weight).sum::<u64>()
    }
}

/// Which sites are within the range of which.
fn legs(net: &FlowNet, sites: &[u32], range: u64) -> [Legs; 2] {
    let mut list = Vec::new();
    for (s, node) in (0u32..).zip(sites) {
        let far = net.distances(*node, false, range);
        let near = (0u32..).zip(sites).filter(|(t, n)| *t != s && far[**n as usize] != FAR);
        list.extend(near.map(|(t, n)| (s, t, far[*n as usize])));
    }
    let back = list.iter().map(|(s, t, l)| (*t, *s, *l)).collect();
    [by_first(sites.len(), list), by_first(sites.len(), back)]
}
