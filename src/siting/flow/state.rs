//! A choice of sites that is changed one site at a time, and better choices by trying.

use super::seek::{Seek, Way};
use super::trips::Flows;
use crate::siting::kicks::Draws;
use crate::siting::limit::Limit;
use std::collections::BTreeMap;

/// What may be moved.
pub(super) struct Moves<'a> {
    pub limit: &'a Limit,
    pub free: &'a [bool],
}

/// A choice: its sites, and which trips it refuels.
pub(super) struct State<'a> {
    flows: &'a Flows,
    pub chosen: Vec<bool>,
    served: Vec<bool>,
    /// The flow that it refuels, without that which needs no site.
    pub value: u64,
    seek: Seek,
}

/// Sets of sites that are tried where none alone is of use.
const SETS: usize = 12;
/// Sites that a kick takes out.
const KICK: u64 = 3;

impl<'a> State<'a> {
    pub fn of(flows: &'a Flows, sites: &[u32]) -> Self {
        let (chosen, served) = (vec![false; flows.sites], vec![false; flows.trips.len()]);
        let mut state = Self { flows, chosen, served, value: 0, seek: Seek::new(flows.sites) };
        state.set(sites);
        state
    }

    /// Looks again at the trips that a site can be of use to.
    fn weigh(&mut self, site: u32, add: bool) {
        let Self { flows, chosen, served, value, seek } = self;
        for t in flows.trips_of[site as usize].iter().map(|t| *t as usize) {
            let trip = &flows.trips[t];
            if served[t] != add && seek.reaches(flows, trip, |s| chosen[s as usize]) == add {
                served[t] = add;
                *value = if add { *value + trip.weight } else { *value - trip.weight };
            }
        }
    }

    pub fn add(&mut self, site: u32) {
        self.chosen[site as usize] = true;
        self.weigh(site, true);
    }

    pub fn remove(&mut self, site: u32) {
        self.chosen[site as usize] = false;
        self.weigh(site, false);
    }

    pub fn set(&mut self, sites: &[u32]) {
        let gone: Vec<u32> = self.list().into_iter().filter(|s| !sites.contains(s)).collect();
        gone.into_iter().for_each(|s| self.remove(s));
        sites.iter().for_each(|s| {
            if !self.chosen[*s as usize] {
                self.add(*s);
            }
        });
    }

    pub fn list(&self) -> Vec<u32> {
        (0u32..).zip(&self.chosen).filter(|(_, c)| **c).map(|(s, _)| s).collect()
    }

    /// What each site alone would add: a trip that is come to from both ends at one site is refuelled by it.
    fn gains(&mut self) -> Vec<u64> {
        let (flows, chosen) = (self.flows, &self.chosen);
        let mut gain = vec![0; flows.sites];
        for trip in flows.trips.iter().zip(&self.served).filter(|(_, served)| !**served).map(|(t, _)| t) {
            self.seek.go(flows, trip, Way::On, false, |s| chosen[s as usize]);
            let shut = |s: &u32| !chosen[*s as usize];
            let on: Vec<(u32, u64)> =
                self.seek.seen.iter().filter(|s| shut(s)).map(|s| (*s, self.seek.came(*s).unwrap_or(0))).collect();
            self.seek.go(flows, trip, Way::Back, false, |s| chosen[s as usize]);
            for (s, far) in on {
                if self.seek.came(s).is_some_and(|back| back.saturating_add(far) <= trip.most) {
                    gain[s as usize] += trip.weight;
                }
            }
        }
        gain
    }
}

impl Moves<'_> {
    fn left(&self, state: &State<'_>) -> u64 {
        self.limit.most().saturating_sub(self.limit.taken(state.list()))
    }

    /// Adds the site or the set of sites that adds most for its cost, until nothing fits or adds anything. `shy` draws among the best three
    /// sites.
    pub fn fill(&self, state: &mut State<'_>, mut shy: Option<&mut Draws>) {
        loop {
            let left = self.left(state);
            let gain = state.gains();
            let fits = |s: &usize| self.free[*s] && !state.chosen[*s] && self.limit.cost(*s) <= left && gain[*s] > 0;
            let mut all: Vec<usize> = (0..gain.len()).filter(fits).collect();
            let ratio = |sum: u64, cost: u64| sum as f64 / cost.max(1) as f64;
            let of = |s: usize| ratio(gain[s], self.limit.cost(s));
            all.sort_by(|a, b| of(*b).total_cmp(&of(*a)).then(a.cmp(b)));
            let pick = shy.as_mut().map_or(0, |d| d.below(all.len().min(3) as u64) as usize);
            let one = all.get(pick).map(|s| (of(*s), vec![*s as u32]));
            let set = self.best_set(state, left).map(|(sum, set)| (ratio(sum, self.limit.taken(set.iter().copied())), set));
            let best = match (one, set) {
                (Some(a), Some(b)) => Some(if b.0 > a.0 { b } else { a }),
                (a, b) => a.or(b),
            };
            match best {
                Some((worth, list)) if worth > 0.0 => list.into_iter().for_each(|s| state.add(s)),
                _ => return,
            }
        }
    }

    /// Of the cheapest sets of two sites and more that would each refuel some trip, the one that adds most for its cost.
    fn best_set(&self, state: &mut State<'_>, left: u64) -> Option<(u64, Vec<u32>)> {
        let mut sets: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        let (flows, chosen) = (state.flows, &state.chosen);
        let cost = |s: u32| match (chosen[s as usize], self.free[s as usize]) {
            (true, _) => Some(0),
            (_, true) => Some(self.limit.cost(s as usize)).filter(|c| *c <= left),
            _ => None,
        };
        for trip in flows.trips.iter().zip(&state.served).filter(|(_, served)| !**served).map(|(t, _)| t) {
            let found = state.seek.cheapest(flows, trip, cost).filter(|(sum, _)| *sum <= left);
            let new = found.map(|(_, set)| set.into_iter().filter(|s| !chosen[*s as usize]).collect::<Vec<u32>>());
            if let Some(set) = new.filter(|set| set.len() > 1) {
                *sets.entry(set).or_default() += trip.weight;
            }
        }
        let ratio = |sum: u64, set: &[u32]| sum as f64 / self.limit.taken(set.iter().copied()).max(1) as f64;
        let mut sets: Vec<(Vec<u32>, u64)> = sets.into_iter().collect();
        sets.sort_by(|a, b| ratio(b.1, &b.0).total_cmp(&ratio(a.1, &a.0)).then(a.0.cmp(&b.0)));
        sets.truncate(SETS);
        let before = state.value;
        let tried = sets.into_iter().map(|(set, _)| {
            set.iter().for_each(|s| state.add(*s));
            let sum = state.value - before;
            set.iter().for_each(|s| state.remove(*s));
            (sum, set)
        });
        tried.reduce(|a, b| if ratio(b.0, &b.1) > ratio(a.0, &a.1) { b } else { a })
    }

    /// Takes one site out and fills up, as long as that helps; the best such change first.
    pub fn descend(&self, state: &mut State<'_>) {
        loop {
            let now = state.list();
            let mut best = (state.value, None);
            for s in now.iter().copied().filter(|s| self.free[*s as usize]) {
                state.remove(s);
                self.fill(state, None);
                if state.value > best.0 {
                    best = (state.value, Some(state.list()));
                }
                state.set(&now);
            }
            match best.1 {
                Some(list) => state.set(&list),
                None => return,
            }
        }
    }

    /// Takes some drawn sites out, fills up by chance, and descends.
    pub fn kick(&self, state: &mut State<'_>, draws: &mut Draws) {
        for _ in 0..KICK {
            let there: Vec<u32> = state.list().into_iter().filter(|s| self.free[*s as usize]).collect();
            if !there.is_empty() {
                state.remove(there[draws.below(there.len() as u64) as usize]);
            }
        }
        self.fill(state, Some(draws));
        self.descend(state);
    }
}
