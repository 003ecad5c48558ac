//! Proof by search: a question is split by one site, in or out, until every part's bound is no better than what is known.

use super::cuts::{Cuts, Dual, Fate, Part, Rooms, Steps};
use super::seek::Seek;
use super::state::State;
use super::trips::Flows;
use crate::siting::limit::Limit;
use crate::siting::relax::Seen;

/// Steps in each part.
const STEPS: Steps = Steps { most: 40, length: 0.5, patience: 41, cuts: 13 };

/// A search, and what it knows.
pub(super) struct Search<'a> {
    pub flows: &'a Flows,
    pub limit: &'a Limit,
    /// The best value so far, without flow that needs no site, and its sites.
    pub best: (u64, Vec<u32>),
    pub parts: u64,
    /// Parts that may be looked at.
    pub most: u64,
    pub cuts: Cuts,
    pub seek: Seek,
}

impl Search<'_> {
    /// Whether everything was looked at: then nothing is better than the best.
    pub fn all(&mut self, inside: &[bool], out: &[bool], dual: &Dual) -> bool {
        self.part(&mut inside.to_vec(), &mut out.to_vec(), dual, None)
    }

    /// What a bound must reach to be worth a look: the next whole value, less what sums of floating numbers may lack.
    fn worth(&self, bound: f64) -> bool {
        bound >= self.best.0 as f64 + 1.0 - 1e-3 - 1e-11 * bound
    }

    fn part(&mut self, inside: &mut Vec<bool>, out: &mut Vec<bool>, dual: &Dual, before: Option<&[Fate]>) -> bool {
        if self.parts >= self.most {
            return false;
        }
        self.parts += 1;
        let (mut dual, known) = (dual.clone(), self.best.0 as f64);
        let part = Part { flows: self.flows, limit: self.limit, inside, out };
        let rooms = part.rooms(&mut self.seek, before);
        let found = part.improve((&rooms, &mut self.seek), (&mut self.cuts, &mut dual), STEPS, &|| known, &mut |_| {});
        if !self.worth(found.bound) {
            return true;
        }
        let fixed = self.fixed(&rooms, &found);
        fixed.iter().for_each(|(s, is)| if *is { inside[*s] = true } else { out[*s] = true });
        let done = self.split((inside, out), &rooms, (&found, &dual));
        fixed.iter().for_each(|(s, is)| if *is { inside[*s] = false } else { out[*s] = false });
        done
    }

    fn split(&mut self, (inside, out): (&mut Vec<bool>, &mut Vec<bool>), rooms: &Rooms, (seen, dual): (&Seen, &Dual)) -> bool {
        let sites = 0..self.flows.sites as u32;
        let taken = self.limit.taken(sites.clone().filter(|s| inside[*s as usize]));
        let Some(left) = self.limit.most().checked_sub(taken) else { return true };
        let undecided = rooms.open.iter().map(|s| *s as usize);
        let undecided: Vec<usize> = undecided.filter(|s| !inside[*s] && !out[*s] && self.limit.cost(*s) <= left).collect();
        if self.limit.taken(undecided.iter().map(|s| *s as u32)) <= left {
            let list: Vec<u32> = sites.filter(|s| inside[*s as usize] || undecided.contains(&(*s as usize))).collect();
            let value = State::of(self.flows, &list).value;
            if value > self.best.0 {
                self.best = (value, list);
            }
            return true;
        }
        // the site that the last steps took about every second time
        let doubt = |s: usize| (dual.share[s].clamp(0.0, 1.0) - 0.5).abs();
        let by =
            |a: &usize, b: &usize| doubt(*a).total_cmp(&doubt(*b)).then(seen.score[*b].total_cmp(&seen.score[*a])).then(a.cmp(b));
        let Some(site) = undecided.into_iter().min_by(by) else { return true };
        inside[site] = true;
        let with = self.part(inside, out, dual, Some(&rooms.fate));
        inside[site] = false;
        out[site] = true;
        let without = with && self.part(inside, out, dual, Some(&rooms.fate));
        out[site] = false;
        with && without
    }

    /// Sites that every better choice has (true), and those that none has, by what the bound would lose.
    fn fixed(&self, rooms: &Rooms, seen: &Seen) -> Vec<(usize, bool)> {
        let [last, next] = seen.filled.margin;
        let mut taken = vec![false; self.flows.sites];
        seen.filled.taken.iter().for_each(|s| taken[*s as usize] = true);
        let mut all = Vec::new();
        for s in rooms.open.iter().map(|s| *s as usize) {
            let cost = self.limit.cost(s) as f64;
            if taken[s] && !self.worth(seen.bound - seen.score[s] + next * cost) {
                all.push((s, true));
            } else if !taken[s] && last.is_finite() && !self.worth(seen.bound - last * cost + seen.score[s]) {
                all.push((s, false));
            }
        }
        all
    }
}
