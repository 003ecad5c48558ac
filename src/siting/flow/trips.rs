//! Flows from origins to destinations, and by which sites each can be refuelled. No path is ever listed: of each trip only the distances of
//! sites from its origin and to its destination are known, and of sites which lie within one range of each other.

use super::distances::{FlowDistances, FlowPair};
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
    pub(super) fn unaided(&self, length: u64) -> bool {
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
    pub(super) fn most(&self, shortest: u64) -> u64 {
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
        Self::of(&FlowDistances::new(net, sites, pairs, rule, deviation)?, rule, deviation)
    }

    /// The same from distances alone; none where they do not fit together.
    pub fn of(d: &FlowDistances, rule: RangeRule, deviation: Deviation) -> Option<Self> {
        let back: Vec<_> = d.legs.iter().map(|(s, t, l)| (*t, *s, *l)).collect();
        let fits = d.pairs.is_sorted_by(|a, b| a.pair < b.pair)
            && d.legs.iter().all(|(s, t, _)| (*s.max(t) as usize) < d.sites)
            && d.from.values().chain(d.to.values()).flatten().all(|(s, _)| (*s as usize) < d.sites);
        if !fits {
            return None;
        }
        let mut all = Self {
            rule,
            sites: d.sites,
            trips: Vec::new(),
            far: [Vec::new(), Vec::new()],
            legs: [by_first(d.sites, d.legs.clone()), by_first(d.sites, back)],
            trips_of: vec![Vec::new(); d.sites],
            unaided: 0,
            hopeless: Vec::new(),
            total: d.pairs.iter().map(|p| p.weight).sum(),
        };
        all.add(d, deviation)?;
        Some(all)
    }

    fn add(&mut self, d: &FlowDistances, deviation: Deviation) -> Option<()> {
        let row = |list: &[(u32, u64)]| {
            let mut far = vec![FAR; d.sites];
            list.iter().for_each(|(s, mm)| far[*s as usize] = *mm);
            far
        };
        let (mut rows, mut seek) = ([BTreeMap::new(), BTreeMap::new()], Seek::new(self.sites));
        for FlowPair { pair, weight, shortest } in &d.pairs {
            if shortest.is_some_and(|mm| self.rule.unaided(mm)) {
                self.unaided += weight;
                continue;
            }
            let mut number = [0u32; 2];
            for (w, (lists, place)) in [(&d.from, pair.0), (&d.to, pair.1)].into_iter().enumerate() {
                let list = lists.get(&place)?;
                let far = &mut self.far[w];
                number[w] = *rows[w].entry(place).or_insert_with(|| {
                    far.push(row(list));
                    far.len() as u32 - 1
                });
            }
            let most = match shortest {
                Some(mm) => deviation.most(*mm),
                None if deviation == Deviation::Any => FAR,
                None => 0,
            };
            let mut trip = Trip { from: number[0], to: number[1], most, weight: *weight, sites: Vec::new(), pair: *pair };
            trip.sites = seek.useful(self, &trip);
            if trip.sites.is_empty() || !seek.reaches(self, &trip, |_| true) {
                self.hopeless.push((pair.0, pair.1, *weight));
            } else if *weight > 0 {
                trip.sites.iter().for_each(|s| self.trips_of[*s as usize].push(self.trips.len() as u32));
                self.trips.push(trip);
            }
        }
        Some(())
    }

    /// Whether a pair gets there without any site.
    pub fn needs_none(&self, pair: &FlowPair) -> bool {
        pair.shortest.is_some_and(|mm| self.rule.unaided(mm))
    }

    /// The sites that a pair stops at, from its origin on, past those that are chosen; none where it needs none or gets through by none.
    pub fn stops(&self, pair: (u32, u32), chosen: &[bool]) -> Option<Vec<u32>> {
        let trip = &self.trips[self.trips.binary_search_by_key(&pair, |t| t.pair).ok()?];
        Seek::new(self.sites).trail(self, trip, |s| chosen[s as usize])
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
