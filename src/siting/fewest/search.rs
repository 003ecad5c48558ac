//! Covering all rows at the least cost, proven by search: what is left after each decision is reduced again, bounded and split by a site.

use super::super::cover::Cover;
use super::dual::{Part, Seen};
use super::greedy::needless;
use super::reduce::Left;

/// Steps to better multipliers in each part.
pub(super) const STEPS: usize = 40;

/// A search, and what it knows.
pub(super) struct Search<'a> {
    pub cover: &'a Cover,
    pub costs: &'a [u64],
    /// The rows that are asked.
    pub asked: &'a [bool],
    /// The least cost so far, and its sites where they are known.
    pub best: (u64, Option<Vec<u32>>),
    /// What is cheap enough to stop at.
    pub enough: u64,
    /// Parts looked at, and how many may be.
    pub parts: u64,
    pub most: u64,
}

impl Search<'_> {
    /// Whether everything was looked at: then nothing is cheaper than the best.
    pub fn all(&mut self, mut left: Left, (mut taken, mut lambda): (Vec<u32>, Vec<f64>)) -> bool {
        if self.parts >= self.most {
            return false;
        }
        self.parts += 1;
        let seen = loop {
            let Some(more) = left.reduce(self.cover, self.costs) else { return true };
            taken.extend(more.iter().map(|(_, s)| *s as u32));
            let spent: u64 = taken.iter().map(|s| self.costs[*s as usize]).sum();
            if left.is_done() {
                self.offer(taken);
                return true;
            }
            let Some(room) = (self.best.0 - 1).checked_sub(spent) else { return true };
            let part = Part { cover: self.cover, costs: self.costs, left: &left };
            let target = room as f64 + 1.0;
            let seen = part.improve(&mut lambda, STEPS, &|| target, &mut |_| {});
            if dear(seen.bound, room) {
                return true;
            }
            if !fix(&mut left, (self.cover, &mut taken), &seen, room) {
                break seen;
            }
        };
        let Some(site) = self.pick(&left, &seen) else { return true };
        let mut with = (left.clone(), taken.clone());
        with.0.take(self.cover, site);
        with.1.push(site as u32);
        let done = self.all(with.0, (with.1, lambda.clone()));
        left.sites[site] = false;
        self.best.0 <= self.enough || (done && self.all(left, (taken, lambda)))
    }

    /// Of the row that fewest sites are left for, the site that costs least beyond what is paid for its rows.
    fn pick(&self, left: &Left, seen: &Seen) -> Option<usize> {
        let width = |r: &usize| self.cover.of_row(*r).iter().filter(|s| left.sites[**s as usize]).count();
        let row = (0..left.rows.len()).filter(|r| left.rows[*r]).min_by_key(|r| (width(r), *r))?;
        let sites = left.of_row(self.cover, row).into_iter().map(|s| s as usize);
        sites.min_by(|a, b| seen.beyond[*a].total_cmp(&seen.beyond[*b]).then(a.cmp(b)))
    }

    fn offer(&mut self, mut sites: Vec<u32>) {
        needless(self.cover, self.costs, self.asked, &mut sites);
        let cost = sites.iter().map(|s| self.costs[*s as usize]).sum();
        if cost < self.best.0 {
            self.best = (cost, Some(sites));
        }
    }
}

/// Whether a bound says that what is left costs more than is left to spend; sums of floating numbers may exceed the true ones a little.
fn dear(bound: f64, room: u64) -> bool {
    bound > room as f64 + 1e-4 + 1e-12 * bound.abs()
}

/// Takes and shuts out sites that every better choice has or has not; whether there were such.
fn fix(left: &mut Left, (cover, taken): (&Cover, &mut Vec<u32>), seen: &Seen, room: u64) -> bool {
    let mut some = false;
    for s in (0..left.sites.len()).filter(|s| left.sites[*s]).collect::<Vec<_>>() {
        if dear(seen.bound + seen.beyond[s].abs(), room) {
            some = true;
            if seen.beyond[s] < 0.0 {
                left.take(cover, s);
                taken.push(s as u32);
            } else {
                left.sites[s] = false;
            }
        }
    }
    some
}
