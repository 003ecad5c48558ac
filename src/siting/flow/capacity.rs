//! Sites that can serve only so much. A unit of flow takes a unit of each site that it stops at; a flow may be served in part, and its parts
//! may go different ways. What is found is an assignment that everybody keeps; the bound is one of what can be assigned at all, however
//! drivers were told where to stop. Where drivers choose for themselves less may be served.

use super::bound::FlowBound;
use super::choose::FlowEffort;
use super::cuts::{Cuts, Dual, Part};
use super::seek::Seek;
use super::trips::Flows;
use crate::siting::choose::Question;
use crate::siting::drive::flags;
use crate::siting::limit::fill;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Flow of a pair, and the sites that it stops at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Origin and destination, as nodes.
    pub pair: (u32, u32),
    /// Flow.
    pub flow: u64,
    /// Sites that it stops at, sorted.
    pub stops: Vec<u32>,
}

/// Which of two bounds is the lower one, and holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundBy {
    /// What sites can serve: `FlowBound::value` with the capacity.
    Capacity,
    /// What can be refuelled at all, were every site as large as one likes: `FlowBound::value` without it.
    Range,
}

/// A choice of sites with what is assigned to them.
#[derive(Clone, Debug)]
pub struct CapacityAnswer {
    /// The sites, sorted; those that are there anyhow too.
    pub sites: Vec<u32>,
    /// Flow that is served, with that which needs no site.
    pub value: u64,
    /// Who stops where.
    pub assigned: Vec<Assigned>,
    /// Nothing that can be assigned to sites within the limit is more.
    pub bound: u64,
    /// Which bound that is.
    pub by: BoundBy,
    /// Cuts and multipliers that give the bound in whole numbers.
    pub cuts: FlowBound,
}

impl CapacityAnswer {
    /// (bound − value) ÷ bound: it is at most this share below the best possible.
    pub fn gap(&self) -> f64 {
        if self.bound == 0 { 0.0 } else { (self.bound - self.value) as f64 / self.bound as f64 }
    }
}

/// Rounds of prices for each choice.
const ROUNDS: usize = 3;
/// A stop more is worse than any price.
const STOP: u64 = 1 << 32;

/// What chosen sites can serve, the best of some rounds of prices: at first what could come to a site against what it can serve, later what came.
fn assign(flows: &Flows, seek: &mut Seek, chosen: &[bool], capacity: &[u64]) -> (u64, Vec<Assigned>) {
    let could = |s: usize| flows.trips_of[s].iter().map(|t| u128::from(flows.trips[*t as usize].weight)).sum::<u128>();
    let thousandths = |sum: u128, s: usize| (sum * 1000 / u128::from(capacity[s].max(1))).min(1 << 20) as u64;
    let mut price: Vec<u64> = (0..flows.sites).map(|s| thousandths(could(s), s)).collect();
    let mut best = (0, Vec::new());
    for _ in 0..ROUNDS {
        let found = at_prices(flows, seek, (chosen, capacity), &price);
        let mut came = vec![0u128; flows.sites];
        found.1.iter().for_each(|a| a.stops.iter().for_each(|s| came[*s as usize] += u128::from(a.flow)));
        (0..flows.sites).for_each(|s| price[s] = (price[s] + thousandths(came[s], s)) / 2);
        if found.0 > best.0 {
            best = found;
        }
        if best.0 == flows.trips.iter().map(|t| t.weight).sum::<u64>() {
            break;
        }
    }
    best
}

/// By this rule: who stops least often goes first, of equals the larger flow; each goes the way of fewest stops past sites that are not full, of
/// equals the cheapest.
fn at_prices(flows: &Flows, seek: &mut Seek, (chosen, capacity): (&[bool], &[u64]), price: &[u64]) -> (u64, Vec<Assigned>) {
    let mut left: Vec<u64> = chosen.iter().zip(capacity).map(|(c, k)| if *c { *k } else { 0 }).collect();
    let mut waiting: Vec<u64> = flows.trips.iter().map(|t| t.weight).collect();
    let (mut value, mut list) = (0, Vec::new());
    let way = |seek: &mut Seek, t: usize, left: &[u64]| {
        let trip = &flows.trips[t];
        let (_, stops) = seek.cheapest(flows, trip, |s| (left[s as usize] > 0).then_some(STOP + price[s as usize]))?;
        match seek.reaches(flows, trip, |s| stops.binary_search(&s).is_ok()) {
            true => Some(stops),
            // too long in all: another way then
            false => seek.way(flows, trip, |s| left[s as usize] > 0),
        }
    };
    let mut heap = BinaryHeap::new();
    for (t, trip) in flows.trips.iter().enumerate() {
        if let Some(stops) = way(seek, t, &left) {
            heap.push((Reverse(stops.len()), trip.weight, Reverse(t)));
        }
    }
    while let Some((Reverse(many), weight, Reverse(t))) = heap.pop() {
        let Some(stops) = way(seek, t, &left) else { continue };
        if stops.len() == many {
            let flow = stops.iter().map(|s| left[*s as usize]).fold(waiting[t], u64::min);
            stops.iter().for_each(|s| left[*s as usize] -= flow);
            (waiting[t], value) = (waiting[t] - flow, value + flow);
            list.push(Assigned { pair: flows.trips[t].pair, flow, stops });
            if waiting[t] == 0 {
                continue;
            }
        }
        let Some(stops) = way(seek, t, &left) else { continue };
        heap.push((Reverse(stops.len()), weight, Reverse(t)));
    }
    list.sort_by(|a, b| (a.pair, &a.stops).cmp(&(b.pair, &b.stops)));
    (value, list)
}

/// The sites that serve most flow within the limit when each can serve only so much. None where the sites that are there anyhow do not fit into
/// it, or capacities are not of these sites. `effort.kicks` is how many exchanges of a site are tried, in hundreds.
pub fn flow_within_capacity(flows: &Flows, capacity: &[u64], q: &Question, effort: FlowEffort) -> Option<CapacityAnswer> {
    let (inside, out) = (flags(flows.sites, &q.inside), flags(flows.sites, &q.out));
    let fits = q.limit.taken((0..flows.sites as u32).filter(|s| inside[*s as usize])) <= q.limit.most();
    if !fits || capacity.len() != flows.sites {
        return None;
    }
    // where sites serve what comes, the choice is a good one to begin with
    let free = super::most_flow(flows, q, FlowEffort { kicks: 0, parts: 0 })?;
    let mut seek = Seek::new(flows.sites);
    let mut chosen = flags(flows.sites, &free.sites);
    let mut tries = effort.kicks * 100;
    let may: Vec<usize> = (0..flows.sites).filter(|s| !inside[*s] && !out[*s]).collect();
    let mut value = assign(flows, &mut seek, &chosen, capacity).0;
    'again: while tries > 0 {
        for gone in may.iter().copied().map(Some).chain([None]).filter(|g| g.is_none_or(|s| chosen[s])).collect::<Vec<_>>() {
            for come in may.iter().copied().filter(|s| !chosen[*s]).collect::<Vec<_>>() {
                let mut other = chosen.clone();
                gone.into_iter().for_each(|s| other[s] = false);
                other[come] = true;
                if q.limit.taken((0..flows.sites as u32).filter(|s| other[*s as usize])) > q.limit.most() {
                    continue;
                }
                tries -= 1;
                let then = assign(flows, &mut seek, &other, capacity).0;
                if then > value {
                    (chosen, value) = (other, then);
                    continue 'again;
                }
                if tries == 0 {
                    break 'again;
                }
            }
        }
        break;
    }
    let (value, assigned) = assign(flows, &mut seek, &chosen, capacity);
    let part = Part { flows, limit: &q.limit, inside: &inside, out: &out };
    let mut bound = Bounding { part, capacity, cuts: Cuts::first(flows, &mut seek), seek };
    let lambda = bound.multipliers(value);
    let cuts = FlowBound::of(flows, &bound.cuts, &lambda);
    let by = cuts.value(flows, &q.limit, (&inside, &out), Some(capacity))?;
    let by_free = free.cuts.value(flows, &q.limit, (&inside, &out), None)?;
    let (bound, by, cuts) = if by_free < by { (by_free, BoundBy::Range, free.cuts) } else { (by, BoundBy::Capacity, cuts) };
    let sites = (0..flows.sites as u32).filter(|s| chosen[*s as usize]).collect();
    Some(CapacityAnswer { sites, value: value + flows.unaided, assigned, bound, by, cuts })
}

/// Multipliers for a bound with capacities.
struct Bounding<'a> {
    part: Part<'a>,
    capacity: &'a [u64],
    cuts: Cuts,
    seek: Seek,
}

/// By site: of trips their share that it serves.
type Shares = Vec<BTreeMap<u32, f64>>;

/// Steps, and of how many one looks for cuts.
const STEPS: (usize, usize) = (400, 4);

impl Bounding<'_> {
    fn multipliers(&mut self, target: u64) -> Vec<f64> {
        let flows = self.part.flows;
        // what is there anyhow is no more than a site without a cost here: it cannot serve everything
        let none = vec![false; flows.sites];
        let bare = Part { flows, limit: self.part.limit, inside: &none, out: self.part.out };
        let rooms = bare.rooms(&mut self.seek, None);
        let mut now = Dual::first(flows, &self.cuts).lambda;
        let (mut best, mut least, mut length, mut idle) = (now.clone(), f64::INFINITY, 1.0, 0);
        for step in 0..STEPS.0 {
            let (bound, served, taken) = self.look(&now);
            idle += 1;
            if bound < least {
                (least, idle) = (bound, 0);
                best.clone_from(&now);
            } else if idle >= 15 {
                (length, idle) = (length / 2.0, 0);
                best.resize(now.len(), 0.0);
                now.clone_from(&best);
                continue;
            }
            if bound < target as f64 + 1.0 {
                break;
            }
            if step % STEPS.1 == 0 {
                let none = vec![0.0; flows.sites];
                bare.separate((&rooms, &mut self.seek), &mut self.cuts, &taken, &none);
                now.resize(self.cuts.all.len(), 0.0);
            }
            let slope = |c: usize| {
                let cut = &self.cuts.all[c];
                cut.sites.iter().map(|s| served[*s as usize].get(&cut.trip).copied().unwrap_or(0.0)).sum::<f64>() - 1.0
            };
            let way: Vec<f64> = (0..now.len()).map(slope).map(|d| if d.abs() < 1e-9 { 0.0 } else { d }).collect();
            let moves = |(d, l): &(&f64, &f64)| **l > 0.0 || **d < 0.0;
            let norm: f64 = way.iter().zip(&now).filter(moves).map(|(d, _)| d * d).sum();
            if norm < 1e-12 {
                break;
            }
            let by = length * (bound - target as f64).max(1.0) / norm;
            now.iter_mut().zip(&way).for_each(|(l, d)| *l -= by * d);
            bare.project(&rooms, &self.cuts, &mut now);
        }
        best.resize(self.cuts.all.len(), 0.0);
        best
    }

    /// The bound of multipliers; which share of each trip each taken site serves then; the taken sites.
    fn look(&self, lambda: &[f64]) -> (f64, Shares, Vec<u32>) {
        let flows = self.part.flows;
        let mut worth = vec![BTreeMap::new(); flows.sites];
        for (cut, l) in self.cuts.all.iter().zip(lambda).filter(|(_, l)| **l > 0.0) {
            cut.sites.iter().for_each(|s| *worth[*s as usize].entry(cut.trip).or_insert(0.0) += l);
        }
        let mut score = vec![0.0; flows.sites];
        let weight = |t: &u32| flows.trips[*t as usize].weight as f64;
        for s in 0..flows.sites {
            let mut order: Vec<(u32, f64)> = worth[s].iter().map(|(t, l)| (*t, *l)).collect();
            order.sort_by(|a, b| (b.1 / weight(&b.0)).total_cmp(&(a.1 / weight(&a.0))).then(a.0.cmp(&b.0)));
            let mut left = self.capacity[s] as f64;
            for (t, l) in order {
                let share = (left / weight(&t)).min(1.0);
                (left, score[s]) = (left - share * weight(&t), score[s] + share * l);
                worth[s].insert(t, share);
            }
        }
        let room = self.part.room();
        let open: Vec<u32> = (0..flows.sites).filter(|s| !self.part.inside[*s] && !self.part.out[*s]).map(|s| s as u32).collect();
        let filled = fill(self.part.limit, room, &open, &score);
        let there = || (0..flows.sites as u32).filter(|s| self.part.inside[*s as usize]);
        let all = flows.trips.iter().map(|t| t.weight as f64).sum::<f64>() - lambda.iter().sum::<f64>();
        let taken: Vec<u32> = filled.taken.iter().copied().chain(there()).collect();
        let bound = all + filled.score + there().map(|s| score[s as usize]).sum::<f64>();
        (0..flows.sites).filter(|s| !taken.contains(&(*s as u32))).for_each(|s| worth[s].clear());
        (bound, worth, taken)
    }
}
