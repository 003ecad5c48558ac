//! Proof by search: a question is split by one site, in or out, until every part's bound is no better than what is known.

use super::relax::{Dual, Part, Relaxed, Rooms, Seen, Steps};

/// Steps in each part. They never become shorter: a part is split sooner than its multipliers are polished.
pub(super) const STEPS: Steps = Steps { most: 60, length: 0.5, patience: 61, shrink: 0.5, new: 0.25 };

/// A search, and what it knows.
pub(super) struct Search<'a, R> {
    pub of: &'a R,
    /// The best value so far, and its sites.
    pub best: (u64, Vec<u32>),
    /// Parts looked at.
    pub parts: u64,
    /// Parts that may be looked at.
    pub most: u64,
}

/// What can be said of the sites of a part beside its bound.
struct Fixed {
    inside: Vec<usize>,
    out: Vec<usize>,
}

impl<R: Relaxed> Search<'_, R> {
    /// Whether everything was looked at: then nothing is better than the best.
    pub fn all(&mut self, inside: &[bool], out: &[bool], dual: &Dual) -> bool {
        self.part(&mut inside.to_vec(), &mut out.to_vec(), dual)
    }

    fn part(&mut self, inside: &mut Vec<bool>, out: &mut Vec<bool>, dual: &Dual) -> bool {
        if self.parts >= self.most {
            return false;
        }
        self.parts += 1;
        let mut dual = dual.clone();
        let known = self.best.0 as f64;
        let (rooms, seen) = {
            let part = Part { of: self.of, inside, out };
            let rooms = part.rooms();
            let seen = part.improve(&rooms, &mut dual, STEPS, &|| known, &mut |_| {});
            (rooms, seen)
        };
        if !worth(seen.bound, self.best.0) {
            return true;
        }
        let fixed = self.fixed(&rooms, &seen);
        fixed.inside.iter().for_each(|s| inside[*s] = true);
        fixed.out.iter().for_each(|s| out[*s] = true);
        let done = self.split((inside, out), &rooms, (&seen, &dual));
        fixed.inside.iter().for_each(|s| inside[*s] = false);
        fixed.out.iter().for_each(|s| out[*s] = false);
        done
    }

    fn split(
        &mut self,
        (inside, out): (&mut Vec<bool>, &mut Vec<bool>),
        rooms: &Rooms<R::Base>,
        (seen, dual): (&Seen, &Dual),
    ) -> bool {
        let (limit, sites) = (self.of.limit(), self.of.sites() as u32);
        let taken: u64 = limit.taken((0..sites).filter(|s| inside[*s as usize]));
        let Some(left) = limit.most().checked_sub(taken) else { return true };
        let undecided = || rooms.open.iter().map(|s| *s as usize).filter(|s| !inside[*s] && !out[*s] && limit.cost(*s) <= left);
        let all: u64 = limit.taken(undecided().map(|s| s as u32));
        if all <= left {
            let mut list: Vec<u32> = (0..sites).filter(|s| inside[*s as usize]).chain(undecided().map(|s| s as u32)).collect();
            list.sort_unstable();
            let value = self.of.value(&list);
            if value > self.best.0 {
                self.best = (value, list);
            }
            return true;
        }
        // the site that the last steps took about every second time
        let doubt = |s: usize| (dual.share[s].clamp(0.0, 1.0) - 0.5).abs();
        let pick = undecided()
            .min_by(|a, b| doubt(*a).total_cmp(&doubt(*b)).then(seen.score[*b].total_cmp(&seen.score[*a])).then(a.cmp(b)));
        let Some(site) = pick else { return true };
        inside[site] = true;
        let with = self.part(inside, out, dual);
        inside[site] = false;
        out[site] = true;
        let without = with && self.part(inside, out, dual);
        out[site] = false;
        with && without
    }

    /// Sites that every better choice has, and those that none has, by what the bound would lose.
    fn fixed(&self, rooms: &Rooms<R::Base>, seen: &Seen) -> Fixed {
        let [last, next] = seen.filled.margin;
        let mut taken = vec![false; self.of.sites()];
        seen.filled.taken.iter().for_each(|s| taken[*s as usize] = true);
        let mut all = Fixed { inside: Vec::new(), out: Vec::new() };
        for s in rooms.open.iter().map(|s| *s as usize) {
            let cost = self.of.limit().cost(s) as f64;
            if taken[s] && !worth(seen.bound - seen.score[s] + next * cost, self.best.0) {
                all.inside.push(s);
            } else if !taken[s] && last.is_finite() && !worth(seen.bound - last * cost + seen.score[s], self.best.0) {
                all.out.push(s);
            }
        }
        all
    }
}

/// What a bound must reach to be worth a look: the next whole value, less what sums of floating numbers may lack.
pub(super) fn worth(bound: f64, known: u64) -> bool {
    bound >= known as f64 + 1.0 - 1e-3 - 1e-12 * bound
}
