//! The search for a way past sites, leg by leg within the range, and for cuts: sites of which every way needs one.

use super::net::FAR;
use super::trips::{Flows, Trip};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What searches need, kept from one to the next.
pub(super) struct Seek {
    turn: u32,
    met: Vec<u32>,
    far: Vec<u64>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
    last: u32,
    /// Sites that the last search came to.
    pub seen: Vec<u32>,
    shut: Vec<bool>,
    before: Vec<u32>,
}

/// From the origin on, or back from the destination.
#[derive(Clone, Copy)]
pub(super) enum Way {
    On,
    Back,
}

impl Seek {
    pub fn new(sites: usize) -> Self {
        Self {
            turn: 0,
            met: vec![0; sites],
            far: vec![0; sites],
            heap: BinaryHeap::new(),
            last: 0,
            seen: Vec::new(),
            shut: vec![false; sites],
            before: vec![0; sites],
        }
    }

    fn come(&mut self, site: u32, far: u64, before: u32) {
        let s = site as usize;
        if self.met[s] != self.turn {
            self.met[s] = self.turn;
            self.seen.push(site);
        } else if self.far[s] <= far {
            return;
        }
        (self.far[s], self.before[s]) = (far, before);
        self.heap.push(Reverse((far, site)));
    }

    fn begin(&mut self) {
        if self.turn == u32::MAX {
            self.met.iter_mut().for_each(|m| *m = 0);
            self.turn = 0;
        }
        self.turn += 1;
        self.heap.clear();
        self.seen.clear();
    }

    /// How far the last search went to a site.
    pub fn came(&self, site: u32) -> Option<u64> {
        (self.met[site as usize] == self.turn).then(|| self.far[site as usize])
    }

    /// Goes from one end to all sites that can be come to past sites that are `open`; on past others it does not go. Whether the other end
    /// is come to; it stops there if `stop`.
    pub fn go(&mut self, flows: &Flows, trip: &Trip, way: Way, stop: bool, open: impl Fn(u32) -> bool) -> bool {
        let (rows, w) = ([trip.from as usize, trip.to as usize], way as usize);
        let (from, to) = (&flows.far[w][rows[w]], &flows.far[1 - w][rows[1 - w]]);
        let mut ends = [flows.rule.first, flows.rule.last];
        if w == 1 {
            ends.swap(0, 1);
        }
        let (first, list) = &flows.legs[w];
        let mut there = false;
        self.begin();
        for s in &trip.sites {
            let far = from[*s as usize];
            if far <= ends[0] && far.saturating_add(to[*s as usize]) <= trip.most {
                self.come(*s, if trip.most == FAR { 0 } else { far }, *s);
            }
        }
        while let Some(Reverse((far, s))) = self.heap.pop() {
            if far > self.far[s as usize] || !open(s) {
                continue;
            }
            if to[s as usize] <= ends[1] && far.saturating_add(to[s as usize]) <= trip.most {
                (there, self.last) = (true, s);
                if stop {
                    return true;
                }
            }
            for (t, length) in &list[first[s as usize] as usize..first[s as usize + 1] as usize] {
                // where any way will do its length is not asked
                let on = if trip.most == FAR { 0 } else { far.saturating_add(*length) };
                if on.saturating_add(to[*t as usize]) <= trip.most {
                    self.come(*t, on, s);
                }
            }
        }
        there
    }

    /// Whether a way leads past sites that are `open`.
    pub fn reaches(&mut self, flows: &Flows, trip: &Trip, open: impl Fn(u32) -> bool) -> bool {
        self.go(flows, trip, Way::On, true, open)
    }

    /// The sites of a way past those that are `open`, sorted; None where none leads past them.
    pub fn way(&mut self, flows: &Flows, trip: &Trip, open: impl Fn(u32) -> bool) -> Option<Vec<u32>> {
        self.reaches(flows, trip, open).then(|| self.back_from(self.last))
    }

    /// The same from the origin on.
    pub fn trail(&mut self, flows: &Flows, trip: &Trip, open: impl Fn(u32) -> bool) -> Option<Vec<u32>> {
        self.reaches(flows, trip, open).then(|| self.way_to(self.last))
    }

    /// Sites that lie on some way, sorted. The trip's own list is not asked.
    pub fn useful(&mut self, flows: &Flows, trip: &Trip) -> Vec<u32> {
        let all = Trip { sites: (0..flows.sites as u32).collect(), ..trip.clone() };
        self.go(flows, &all, Way::On, false, |_| true);
        let on: Vec<(u32, u64)> = self.seen.iter().map(|s| (*s, self.far[*s as usize])).collect();
        self.go(flows, &all, Way::Back, false, |_| true);
        let both = on.iter().filter(|(s, far)| self.came(*s).is_some_and(|back| back.saturating_add(*far) <= trip.most));
        let mut both: Vec<u32> = both.map(|(s, _)| *s).collect();
        both.sort_unstable();
        both
    }

    /// A cut of a trip that the open sites do not refuel: sites that are not open, of which every way needs one, none of them idle. It is
    /// looked for where the search from one end stops; sites of a large `share` are left out first.
    pub fn cut(&mut self, flows: &Flows, trip: &Trip, way: Way, open: impl Fn(u32) -> bool, share: &[f64]) -> Vec<u32> {
        self.go(flows, trip, way, false, &open);
        let mut cut: Vec<u32> = self.seen.iter().copied().filter(|s| !open(*s) && trip.sites.binary_search(s).is_ok()).collect();
        cut.sort_unstable_by(|a, b| share[*b as usize].total_cmp(&share[*a as usize]).then(a.cmp(b)));
        let mut shut = std::mem::take(&mut self.shut);
        cut.iter().for_each(|s| shut[*s as usize] = true);
        cut.retain(|s| {
            shut[*s as usize] = false;
            let needed = self.reaches(flows, trip, |t| !shut[t as usize]);
            shut[*s as usize] = needed;
            needed
        });
        cut.iter().for_each(|s| shut[*s as usize] = false);
        self.shut = shut;
        cut.sort_unstable();
        cut
    }

    /// Whether every way needs one of these sites.
    pub fn is_cut(&mut self, flows: &Flows, trip: &Trip, sites: &[u32]) -> bool {
        !self.reaches(flows, trip, |s| sites.binary_search(&s).is_err())
    }

    /// The least that sites on one way can cost, and those sites; None where there is no way past those that have a cost. How long the way
    /// is in all is not asked: nothing cheaper refuels the trip.
    pub fn cheapest(&mut self, flows: &Flows, trip: &Trip, cost: impl Fn(u32) -> Option<u64>) -> Option<(u64, Vec<u32>)> {
        let (from, to) = (&flows.far[0][trip.from as usize], &flows.far[1][trip.to as usize]);
        let (first, list) = &flows.legs[0];
        self.begin();
        for s in &trip.sites {
            let (f, t) = (from[*s as usize], to[*s as usize]);
            if let (true, Some(c)) = (f <= flows.rule.first && f.saturating_add(t) <= trip.most, cost(*s)) {
                self.come(*s, c, *s);
            }
        }
        while let Some(Reverse((sum, s))) = self.heap.pop() {
            if sum > self.far[s as usize] {
                continue;
            }
            if to[s as usize] <= flows.rule.last {
                return Some((sum, self.back_from(s)));
            }
            for (t, length) in &list[first[s as usize] as usize..first[s as usize + 1] as usize] {
                let at = from[s as usize].saturating_add(*length).saturating_add(to[*t as usize]);
                if at > trip.most && trip.most != FAR {
                    continue;
                }
                let Some(c) = cost(*t) else { continue };
                let sum = sum.saturating_add(c);
                self.come(*t, sum, s);
            }
        }
        None
    }

    fn back_from(&self, last: u32) -> Vec<u32> {
        let mut list = self.way_to(last);
        list.sort_unstable();
        list
    }

    fn way_to(&self, last: u32) -> Vec<u32> {
        let (mut s, mut list) = (last, vec![last]);
        while self.before[s as usize] != s {
            s = self.before[s as usize];
            list.push(s);
        }
        list.reverse();
        list
    }
}
