//! Exchanges of one site for another, all of them looked at in one pass over the pairs (Whitaker 1983; Resende and Werneck 2007).

use super::super::drive::{Known, Tries, better};
use super::super::kicks::Draws;
use super::super::limit::Limit;
use super::Distances;
use std::collections::BinaryHeap;

/// No site.
const NONE: u32 = u32::MAX;
/// Sites that a kick takes out.
const KICK: usize = 3;

/// A choice, with the two nearest chosen sites of each row.
pub(super) struct Swaps<'a> {
    near: &'a Distances,
    limit: &'a Limit,
    /// Sites that may come and go.
    free: Vec<bool>,
    chosen: Vec<bool>,
    two: Vec<[(u64, u32); 2]>,
    /// What is saved against being beyond all sites.
    value: u64,
    left: u64,
}

/// One change: who comes, who goes, and what it saves.
type Change = (u64, u32, Option<u32>);

impl<'a> Swaps<'a> {
    /// The choice of sites that are there anyhow.
    pub fn of(near: &'a Distances, limit: &'a Limit, free: Vec<bool>, sites: &[u32]) -> Self {
        let two = vec![[(near.beyond(), NONE); 2]; near.rows()];
        let mut swaps = Self { near, limit, free, chosen: vec![false; near.sites()], two, value: 0, left: 0 };
        swaps.set(sites);
        swaps
    }

    fn set(&mut self, sites: &[u32]) {
        self.chosen.iter_mut().for_each(|c| *c = false);
        sites.iter().for_each(|s| self.chosen[*s as usize] = true);
        self.left = self.limit.most().saturating_sub(self.limit.taken(sites.iter().copied()));
        self.value = 0;
        (0..self.near.rows()).for_each(|r| {
            self.two[r] = [(self.near.beyond(), NONE); 2];
            self.look_again(r);
        });
    }

    /// Finds the two nearest of a row again.
    fn look_again(&mut self, row: usize) {
        let mut list = self.near.of_row(row).iter().filter(|n| self.chosen[n.1 as usize]);
        let mut next = || list.next().map_or((self.near.beyond(), NONE), |n| *n);
        let two = [next(), next()];
        let w = self.near.weights()[row];
        self.value = self.value + w * self.two[row][0].0 - w * two[0].0;
        self.two[row] = two;
    }

    fn put(&mut self, site: u32, is_in: bool) {
        self.chosen[site as usize] = is_in;
        let cost = self.limit.cost(site as usize);
        self.left = if is_in { self.left - cost } else { self.left + cost };
        let near = self.near;
        near.of_site(site as usize).iter().for_each(|(_, r)| self.look_again(*r as usize));
    }

    fn known(&self) -> Known {
        (self.value, (0u32..).zip(&self.chosen).filter(|c| *c.1).map(|c| c.0).collect())
    }

    /// What a site would save.
    fn gain(&self, site: u32) -> u64 {
        let one = |(d, r): &(u64, u32)| self.near.weights()[*r as usize] * self.two[*r as usize][0].0.saturating_sub(*d);
        self.near.of_site(site as usize).iter().map(one).sum()
    }

    /// Greedy: what saves most a unit of cost comes, until nothing fits or saves anything.
    pub fn filled(&mut self) -> Known {
        // gains only fall: who is still first when looked at again is the best
        let worth =
            |gain: u64, s: u32| ((gain as f64 / self.limit.cost(s as usize).max(1) as f64).to_bits(), std::cmp::Reverse(s));
        let open = (0..self.near.sites() as u32).filter(|s| self.free[*s as usize] && !self.chosen[*s as usize]);
        let mut heap: BinaryHeap<_> = open.map(|s| worth(self.gain(s), s)).collect();
        while let Some(top) = heap.pop() {
            let s = top.1.0;
            let gain = self.gain(s);
            if gain == 0 || self.limit.cost(s as usize) > self.left {
                continue;
            }
            let now = worth(gain, s);
            if heap.peek().is_some_and(|next| *next > now) {
                heap.push(now);
            } else {
                self.put(s, true);
            }
        }
        self.known()
    }

    /// The change that saves most; of equals the one met first.
    fn best(&self) -> Option<Change> {
        let sites = self.near.sites();
        let mut loss = vec![0i128; sites];
        for ([(d, s), (e, _)], w) in self.two.iter().zip(self.near.weights()) {
            if *s != NONE {
                loss[*s as usize] += i128::from(w * (e - d));
            }
        }
        let goes: Vec<u32> = (0..sites as u32).filter(|s| self.chosen[*s as usize] && self.free[*s as usize]).collect();
        let (mut less, mut touched, mut best) = (vec![0i128; sites], Vec::new(), None);
        for s in (0..sites as u32).filter(|s| self.free[*s as usize] && !self.chosen[*s as usize]) {
            let mut gain = 0i128;
            for (d, r) in self.near.of_site(s as usize) {
                let ([(first, t), (second, _)], w) = (self.two[*r as usize], self.near.weights()[*r as usize]);
                if *d >= second {
                    continue;
                }
                gain += i128::from(w * first.saturating_sub(*d));
                // who loses its nearest goes to this one, not to the second
                if t != NONE {
                    less[t as usize] += i128::from(w * (second - (*d).max(first)));
                    touched.push(t);
                }
            }
            let cost = self.limit.cost(s as usize);
            let mut see = |saves: i128, t: Option<u32>| {
                if saves > 0 && best.is_none_or(|(most, _, _): Change| saves > i128::from(most)) {
                    best = u64::try_from(saves).ok().map(|saves| (saves, s, t));
                }
            };
            if cost <= self.left {
                see(gain, None);
            }
            for t in goes.iter().filter(|t| cost <= self.left + self.limit.cost(**t as usize)) {
                see(gain - loss[*t as usize] + less[*t as usize], Some(*t));
            }
            touched.drain(..).for_each(|t| less[t as usize] = 0);
        }
        best
    }

    fn go_down(&mut self) {
        while let Some((_, comes, goes)) = self.best() {
            goes.into_iter().for_each(|t| self.put(t, false));
            self.put(comes, true);
        }
    }
}

impl Tries for Swaps<'_> {
    fn descend(&mut self, from: Known) -> Known {
        self.set(&from.1);
        self.go_down();
        better(from, self.known())
    }

    /// Some chosen sites near a row go, others near it come, and exchanges go on from there.
    fn kicked(&mut self, from: &Known, draws: &mut Draws) -> Known {
        self.set(&from.1);
        if self.near.rows() == 0 {
            return self.known();
        }
        let near = self.near;
        let list: Vec<u32> = near.of_row(draws.below(near.rows() as u64) as usize).iter().map(|n| n.1).collect();
        let may = |s: &&u32| self.free[**s as usize];
        let go: Vec<u32> = list.iter().filter(may).filter(|s| self.chosen[**s as usize]).take(KICK).copied().collect();
        let come: Vec<u32> = list.iter().filter(may).filter(|s| !self.chosen[**s as usize]).take(4 * KICK).copied().collect();
        go.iter().for_each(|s| self.put(*s, false));
        for _ in 0..2 * KICK {
            let Some(s) = come.get(draws.below(come.len() as u64) as usize) else { break };
            if !self.chosen[*s as usize] && self.limit.cost(*s as usize) <= self.left {
                self.put(*s, true);
            }
        }
        self.filled();
        self.go_down();
        self.known()
    }
}
