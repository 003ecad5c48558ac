//! Cuts that were found, and multipliers for them. A trip's flow is split among its cuts: whatever sites are chosen, the flow that they refuel
//! is no more than what is not split, and for each cut its part if one of its sites is chosen.

use super::seek::{Seek, Way};
use super::trips::{Flows, Trip};
use crate::siting::limit::{Limit, fill};
use crate::siting::relax::Seen;
use std::collections::BTreeSet;

/// A cut of a trip.
pub(super) struct Cut {
    pub trip: u32,
    pub sites: Vec<u32>,
}

/// All cuts that were found.
pub(super) struct Cuts {
    pub all: Vec<Cut>,
    known: BTreeSet<(u32, Vec<u32>)>,
    pub of_trip: Vec<Vec<u32>>,
    of_site: Vec<Vec<u32>>,
}

impl Cuts {
    /// Of each trip those that stand around its ends.
    pub fn first(flows: &Flows, seek: &mut Seek) -> Self {
        let mut cuts = Self {
            all: Vec::new(),
            known: BTreeSet::new(),
            of_trip: vec![Vec::new(); flows.trips.len()],
            of_site: vec![Vec::new(); flows.sites],
        };
        let none = vec![0.0; flows.sites];
        (0..flows.trips.len()).for_each(|t| cuts.add(flows, seek, t, &|_| false, &none));
        cuts
    }

    /// Adds cuts of a trip that the open sites do not refuel, from both ends.
    pub fn add(&mut self, flows: &Flows, seek: &mut Seek, trip: usize, open: &dyn Fn(u32) -> bool, share: &[f64]) {
        for way in [Way::On, Way::Back] {
            let sites = seek.cut(flows, &flows.trips[trip], way, open, share);
            if self.known.insert((trip as u32, sites.clone())) {
                let number = self.all.len() as u32;
                self.of_trip[trip].push(number);
                sites.iter().for_each(|s| self.of_site[*s as usize].push(number));
                self.all.push(Cut { trip: trip as u32, sites });
            }
        }
    }
}

/// Multipliers of cuts, and in which share of the last steps each site was taken.
#[derive(Clone)]
pub(super) struct Dual {
    pub lambda: Vec<f64>,
    pub share: Vec<f64>,
}

impl Dual {
    /// A trip's flow in equal parts.
    pub fn first(flows: &Flows, cuts: &Cuts) -> Self {
        let part = |c: &Cut| flows.trips[c.trip as usize].weight as f64 / cuts.of_trip[c.trip as usize].len() as f64;
        Self { lambda: cuts.all.iter().map(part).collect(), share: vec![0.0; flows.sites] }
    }
}

/// A part of a question: some sites are decided.
pub(super) struct Part<'a> {
    pub flows: &'a Flows,
    pub limit: &'a Limit,
    pub inside: &'a [bool],
    pub out: &'a [bool],
}

/// What a part needs over and over.
pub(super) struct Rooms {
    /// Flow that chosen sites refuel.
    pub fixed: u64,
    /// Of each trip what is decided.
    pub fate: Vec<Fate>,
    pub open: Vec<u32>,
    pub room: u64,
}

impl Rooms {
    fn alive(&self, trip: usize) -> bool {
        self.fate[trip] == Fate::Open
    }
}

/// How many steps, how long, and every how many new cuts are looked for.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    pub most: usize,
    pub length: f64,
    pub patience: usize,
    pub cuts: usize,
}

/// What of a trip is decided by sites that are chosen and those that are out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Served,
    Open,
    Lost,
}

impl Part<'_> {
    pub fn room(&self) -> u64 {
        let there = (0..self.flows.sites as u32).filter(|s| self.inside[*s as usize]);
        self.limit.most().saturating_sub(self.limit.taken(there))
    }

    /// A trip for whose cheapest way there is no room is lost.
    pub fn fate(&self, seek: &mut Seek, trip: &Trip, room: u64) -> Fate {
        if seek.reaches(self.flows, trip, |s| self.inside[s as usize]) {
            return Fate::Served;
        }
        let cost = |s: u32| match (self.inside[s as usize], self.out[s as usize]) {
            (true, _) => Some(0),
            (_, true) => None,
            _ => Some(self.limit.cost(s as usize)).filter(|c| *c <= room),
        };
        let within = seek.cheapest(self.flows, trip, cost).is_some_and(|(sum, _)| sum <= room);
        if within && seek.reaches(self.flows, trip, |s| cost(s).is_some()) { Fate::Open } else { Fate::Lost }
    }

    /// `before` is what was decided in the part that this one is a part of: that stays.
    pub fn rooms(&self, seek: &mut Seek, before: Option<&[Fate]>) -> Rooms {
        let room = self.room();
        let decided = |t: usize| before.map(|b| b[t]).filter(|f| *f != Fate::Open);
        let one = |(t, trip)| decided(t).unwrap_or_else(|| self.fate(seek, trip, room));
        let fate: Vec<Fate> = self.flows.trips.iter().enumerate().map(one).collect();
        let served = fate.iter().zip(&self.flows.trips).filter(|(f, _)| **f == Fate::Served);
        let fixed = served.map(|(_, t)| t.weight).sum();
        let open = (0..self.flows.sites).filter(|s| !self.inside[*s] && !self.out[*s] && self.limit.cost(*s) <= room);
        Rooms { fixed, fate, open: open.map(|s| s as u32).collect(), room }
    }

    /// Whether a cut has a part in this part of the question.
    fn live(&self, rooms: &Rooms, cut: &Cut) -> bool {
        rooms.alive(cut.trip as usize) && !cut.sites.iter().any(|s| self.inside[*s as usize])
    }

    /// Forgets multipliers of cuts that have no part in it; by cut whether it has.
    fn settle(&self, rooms: &Rooms, cuts: &Cuts, dual: &mut Dual) -> Vec<bool> {
        dual.lambda.resize(cuts.all.len(), 0.0);
        let live: Vec<bool> = cuts.all.iter().map(|c| self.live(rooms, c)).collect();
        dual.lambda.iter_mut().zip(&live).filter(|(_, live)| !**live).for_each(|(l, _)| *l = 0.0);
        live
    }

    pub fn look(&self, rooms: &Rooms, cuts: &Cuts, lambda: &[f64]) -> Seen {
        let (mut score, mut split) = (vec![0.0; self.flows.sites], 0.0);
        for (cut, l) in cuts.all.iter().zip(lambda).filter(|(_, l)| **l > 0.0) {
            split += l;
            cut.sites.iter().for_each(|s| score[*s as usize] += l);
        }
        let filled = fill(self.limit, rooms.room, &rooms.open, &score);
        let alive =
            self.flows.trips.iter().zip(&rooms.fate).filter(|(_, f)| **f == Fate::Open).map(|(t, _)| t.weight).sum::<u64>();
        let bound = rooms.fixed as f64 + filled.score + (alive as f64 - split);
        Seen { bound, score, filled }
    }

    /// Improves multipliers and finds cuts, until the bound is below `target()` + 1 or the steps are done. `see` is shown what each better
    /// step would choose.
    pub fn improve(
        &self,
        (rooms, seek): (&Rooms, &mut Seek),
        (cuts, dual): (&mut Cuts, &mut Dual),
        steps: Steps,
        target: &dyn Fn() -> f64,
        see: &mut dyn FnMut(&[u32]),
    ) -> Seen {
        let mut live = self.settle(rooms, cuts, dual);
        let mut best = self.look(rooms, cuts, &dual.lambda);
        let (mut now, mut seen) = (dual.lambda.clone(), best.clone());
        let mut way = vec![0.0; now.len()];
        let (mut length, mut idle) = (steps.length, 0);
        for step in 0..steps.most {
            if best.bound < target() + 1.0 || length < 1e-4 {
                break;
            }
            if step % steps.cuts == 0 {
                self.separate((rooms, seek), cuts, &seen.filled.taken, &dual.share);
                [&mut now, &mut way, &mut dual.lambda].into_iter().for_each(|list| list.resize(cuts.all.len(), 0.0));
                live.resize(cuts.all.len(), true);
            }
            let norm = self.direction(&live, cuts, (&seen.filled.taken, &now), &mut way);
            if norm < 1e-12 {
                break;
            }
            let by = length * (seen.bound - target()).max(1.0) / norm;
            now.iter_mut().zip(&way).for_each(|(l, d)| *l -= by * d);
            self.project(rooms, cuts, &mut now);
            seen = self.look(rooms, cuts, &now);
            dual.share.iter_mut().for_each(|y| *y *= 0.95);
            seen.filled.taken.iter().for_each(|s| dual.share[*s as usize] += 0.05);
            idle += 1;
            if seen.bound < best.bound - 1e-9 * best.bound.abs() {
                dual.lambda.copy_from_slice(&now);
                see(&seen.filled.taken);
                (best, idle) = (seen.clone(), 0);
            } else if idle >= steps.patience {
                (length, idle) = (length / 2.0, 0);
                now.copy_from_slice(&dual.lambda);
                seen = best.clone();
                way.iter_mut().for_each(|d| *d = 0.0);
            }
        }
        best
    }

    /// Cuts of trips that what was taken does not refuel.
    pub fn separate(&self, (rooms, seek): (&Rooms, &mut Seek), cuts: &mut Cuts, taken: &[u32], share: &[f64]) {
        let mut open = self.inside.to_vec();
        taken.iter().for_each(|s| open[*s as usize] = true);
        for t in (0..self.flows.trips.len()).filter(|t| rooms.alive(*t)) {
            let hit = |c: &u32| cuts.all[*c as usize].sites.iter().any(|s| open[*s as usize]);
            // a known cut that is missed says as much
            if cuts.of_trip[t].iter().all(hit) && !seek.reaches(self.flows, &self.flows.trips[t], |s| open[s as usize]) {
                cuts.add(self.flows, seek, t, &|s| open[s as usize], share);
            }
        }
    }

    /// Turns the averaged direction towards the subgradient; its square length.
    fn direction(&self, live: &[bool], cuts: &Cuts, (taken, now): (&[u32], &[f64]), way: &mut [f64]) -> f64 {
        const NEW: f64 = 0.3;
        let mut slope = vec![-1.0; cuts.all.len()];
        taken.iter().flat_map(|s| &cuts.of_site[*s as usize]).for_each(|c| slope[*c as usize] += 1.0);
        let mut norm = 0.0;
        for (t, list) in cuts.of_trip.iter().enumerate() {
            let (mut sum, mut moving, mut many) = (0.0, 0.0, 0.0);
            let own = || list.iter().map(|c| *c as usize).filter(|c| live[*c]);
            for c in own() {
                sum += now[c];
                if now[c] > 0.0 || slope[c] < 0.0 {
                    (moving, many) = (moving + slope[c], many + 1.0);
                }
            }
            // where the whole flow is split, parts can only move from one cut to another
            let full = sum >= flow(self.flows, t) * (1.0 - 1e-9);
            let shift = if full && moving < 0.0 { moving / many } else { 0.0 };
            for c in own() {
                let d = slope[c] - shift;
                way[c] = (1.0 - NEW) * way[c] + if now[c] <= 0.0 && d > 0.0 { 0.0 } else { NEW * d };
                norm += way[c] * way[c];
            }
        }
        norm
    }

    /// Nearest multipliers that are none below nothing and no more in all than the trip's flow.
    pub fn project(&self, rooms: &Rooms, cuts: &Cuts, now: &mut [f64]) {
        for t in (0..self.flows.trips.len()).filter(|t| rooms.alive(*t)) {
            let all = &cuts.of_trip[t];
            all.iter().for_each(|c| now[*c as usize] = now[*c as usize].max(0.0));
            let (sum, most) = (all.iter().map(|c| now[*c as usize]).sum::<f64>(), flow(self.flows, t));
            if sum <= most {
                continue;
            }
            let mut sorted: Vec<f64> = all.iter().map(|c| now[*c as usize]).filter(|l| *l > 0.0).collect();
            sorted.sort_unstable_by(|a, b| b.total_cmp(a));
            let (mut head, mut down) = (0.0, 0.0);
            for (n, l) in sorted.iter().enumerate() {
                head += l;
                let level = (head - most) / (n + 1) as f64;
                if *l <= level {
                    break;
                }
                down = level;
            }
            all.iter().for_each(|c| now[*c as usize] = (now[*c as usize] - down).max(0.0));
        }
    }
}

fn flow(flows: &Flows, trip: usize) -> f64 {
    flows.trips[trip].weight as f64
}
