//! A choice of sites that is changed one site at a time: what it makes of all rows, what each other site would add, and what would be lost
//! without each.

use super::cover::Cover;
use super::gains::Gains;

/// A choice.
#[derive(Clone)]
pub(super) struct State<'a> {
    cover: &'a Cover,
    gains: &'a Gains,
    /// By row: how many chosen sites cover it.
    count: Vec<u32>,
    /// By row: the numbers of those, by exclusive or; of one alone, that one.
    only: Vec<u32>,
    /// By site: what it would add.
    pub gain: Vec<u64>,
    /// By chosen site: what would be lost without it.
    pub loss: Vec<u64>,
    /// By site.
    pub chosen: Vec<bool>,
    /// What they make of all rows.
    pub value: u64,
}

impl<'a> State<'a> {
    pub fn of((cover, gains): (&'a Cover, &'a Gains), sites: &[u32]) -> Self {
        let all = |s: usize| cover.of_site(s).iter().map(|r| cover.weights()[*r as usize] * gains.next(0)).sum();
        let mut state = Self {
            cover,
            gains,
            count: vec![0; cover.rows()],
            only: vec![0; cover.rows()],
            gain: (0..cover.sites()).map(all).collect(),
            loss: vec![0; cover.sites()],
            chosen: vec![false; cover.sites()],
            value: 0,
        };
        sites.iter().for_each(|s| state.add(*s as usize));
        state
    }

    pub fn add(&mut self, site: usize) {
        self.value += self.gain[site];
        for r in self.cover.of_site(site).iter().map(|r| *r as usize) {
            let (w, k) = (self.cover.weights()[r], self.count[r] as usize);
            let [last, this, next] = self.steps(k).map(|gain| gain * w);
            self.change_gains(r, this, next);
            self.change_losses(r, last, this);
            self.count[r] += 1;
            self.only[r] ^= site as u32;
            self.loss[site] += this;
        }
        self.chosen[site] = true;
    }

    pub fn remove(&mut self, site: usize) {
        self.chosen[site] = false;
        self.value -= self.loss[site];
        for r in self.cover.of_site(site).iter().map(|r| *r as usize) {
            self.count[r] -= 1;
            self.only[r] ^= site as u32;
            let (w, k) = (self.cover.weights()[r], self.count[r] as usize);
            let [last, this, next] = self.steps(k).map(|gain| gain * w);
            self.change_gains(r, next, this);
            self.change_losses(r, this, last);
            self.loss[site] -= this;
        }
    }

    /// What the last of `k` sites added (0 of none), what one more adds, and one more again.
    fn steps(&self, k: usize) -> [u64; 3] {
        [k.checked_sub(1).map_or(0, |k| self.gains.next(k)), self.gains.next(k), self.gains.next(k + 1)]
    }

    /// A further site adds another weight of a row.
    fn change_gains(&mut self, row: usize, from: u64, to: u64) {
        if from != to {
            self.cover.of_row(row).iter().for_each(|i| self.gain[*i as usize] = self.gain[*i as usize] - from + to);
        }
    }

    /// Each of the chosen sites that are counted of a row is worth another weight of it.
    fn change_losses(&mut self, row: usize, from: u64, to: u64) {
        match self.count[row] {
            _ if from == to => {}
            0 => {}
            1 => self.loss[self.only[row] as usize] = self.loss[self.only[row] as usize] - from + to,
            _ => {
                for i in self.cover.of_row(row).iter().map(|i| *i as usize).filter(|i| self.chosen[*i]) {
                    self.loss[i] = self.loss[i] - from + to;
                }
            }
        }
    }

    /// Makes it the choice of these sites.
    pub fn set(&mut self, sites: &[u32]) {
        let mut wanted = vec![false; self.chosen.len()];
        sites.iter().for_each(|s| wanted[*s as usize] = true);
        (0..wanted.len()).filter(|s| self.chosen[*s] && !wanted[*s]).collect::<Vec<_>>().into_iter().for_each(|s| self.remove(s));
        sites.iter().map(|s| *s as usize).for_each(|s| {
            if !self.chosen[s] {
                self.add(s)
            }
        });
    }

    /// The chosen sites in order.
    pub fn list(&self) -> Vec<u32> {
        (0u32..).zip(&self.chosen).filter(|(_, c)| **c).map(|(s, _)| s).collect()
    }
}
