//! A choice of sites that is changed one site at a time: what it covers, what each other site would add, and what would be lost without each.

use super::cover::Cover;

/// A choice.
#[derive(Clone)]
pub(super) struct State<'a> {
    cover: &'a Cover,
    /// By row: how many chosen sites cover it.
    count: Vec<u32>,
    /// By row: the numbers of those, by exclusive or; of one alone, that one.
    only: Vec<u32>,
    /// By site: what it would add.
    pub gain: Vec<u64>,
    /// By chosen site: what nobody else covers.
    pub loss: Vec<u64>,
    /// By site.
    pub chosen: Vec<bool>,
    /// What is covered.
    pub value: u64,
}

impl<'a> State<'a> {
    pub fn of(cover: &'a Cover, sites: &[u32]) -> Self {
        let all = |s: usize| cover.of_site(s).iter().map(|r| cover.weights()[*r as usize]).sum();
        let mut state = Self {
            cover,
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
        self.chosen[site] = true;
        self.value += self.gain[site];
        for r in self.cover.of_site(site).iter().map(|r| *r as usize) {
            let w = self.cover.weights()[r];
            match self.count[r] {
                0 => {
                    self.loss[site] += w;
                    self.cover.of_row(r).iter().for_each(|i| self.gain[*i as usize] -= w);
                }
                1 => self.loss[self.only[r] as usize] -= w,
                _ => {}
            }
            self.count[r] += 1;
            self.only[r] ^= site as u32;
        }
    }

    pub fn remove(&mut self, site: usize) {
        self.chosen[site] = false;
        self.value -= self.loss[site];
        for r in self.cover.of_site(site).iter().map(|r| *r as usize) {
            let w = self.cover.weights()[r];
            self.count[r] -= 1;
            self.only[r] ^= site as u32;
            match self.count[r] {
                0 => {
                    self.loss[site] -= w;
                    self.cover.of_row(r).iter().for_each(|i| self.gain[*i as usize] += w);
                }
                1 => self.loss[self.only[r] as usize] += w,
                _ => {}
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
