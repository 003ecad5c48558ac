//! Choices that cover all rows: by the cheapest site for what it adds, and by trying: sites go until a row is left, and others come for it,
//! with weights of rows that grow as long as they are left (Gao, Weise and Li 2015).

use super::super::cover::Cover;
use super::super::kicks::Draws;
use super::dual::Part;
use std::cmp::Ordering;

impl Part<'_> {
    /// Greedy: what costs least beyond what is paid for it, of each row that it adds; what turns out needless goes again.
    pub fn greedy(&self, paid: &dyn Fn(usize) -> f64) -> Vec<u32> {
        let mut asked: Vec<bool> = self.left.rows.clone();
        let mut adds: Vec<u32> =
            (0..self.costs.len() as u32).map(|s| self.left.of_site(self.cover, s as usize).len() as u32).collect();
        let mut all = Vec::new();
        let worth = |s: usize, adds: &[u32]| {
            let cost = paid(s);
            if cost > 0.0 { cost / f64::from(adds[s]) } else { cost * f64::from(adds[s]) }
        };
        while let Some(s) =
            self.sites().filter(|s| adds[*s] > 0).min_by(|a, b| worth(*a, &adds).total_cmp(&worth(*b, &adds)).then(a.cmp(b)))
        {
            all.push(s as u32);
            for r in self.cover.of_site(s) {
                if std::mem::take(&mut asked[*r as usize]) {
                    self.cover.of_row(*r as usize).iter().for_each(|t| adds[*t as usize] -= 1);
                }
            }
        }
        needless(self.cover, self.costs, &self.left.rows, &mut all);
        all
    }
}

/// Takes out of a choice what it does not need for the rows that are asked, the dearest first, of equals the higher number.
pub(super) fn needless(cover: &Cover, costs: &[u64], asked: &[bool], sites: &mut Vec<u32>) {
    let mut count = super::super::gains::counts(cover, sites);
    let of = |s: u32| cover.of_site(s as usize).iter().map(|r| *r as usize).filter(|r| asked[*r]);
    sites.sort_unstable_by_key(|s| std::cmp::Reverse((costs[*s as usize], *s)));
    sites.retain(|s| {
        let needed = of(*s).any(|r| count[r] == 1);
        if !needed {
            cover.of_site(*s as usize).iter().for_each(|r| count[*r as usize] -= 1);
        }
        needed
    });
    sites.sort_unstable();
}

/// A choice that may leave rows, whose weights grow.
struct Weighed<'a> {
    cover: &'a Cover,
    asked: &'a [bool],
    chosen: Vec<bool>,
    count: Vec<u32>,
    only: Vec<u32>,
    weight: Vec<i64>,
    /// What a site would add; of a chosen one what would be lost.
    score: Vec<i64>,
    /// Rows without a site, and where each stands among them.
    left: Vec<u32>,
    place: Vec<u32>,
    cost: u64,
    /// The step at which each site came or went last.
    moved: Vec<u64>,
}

impl Weighed<'_> {
    fn flip(&mut self, site: usize, costs: &[u64]) {
        let comes = !self.chosen[site];
        self.chosen[site] = comes;
        self.cost = if comes { self.cost + costs[site] } else { self.cost - costs[site] };
        self.score[site] = 0;
        for r in self.cover.of_site(site).iter().map(|r| *r as usize).filter(|r| self.asked[*r]) {
            let w = self.weight[r];
            if !comes {
                self.count[r] -= 1;
                self.only[r] ^= site as u32;
            }
            match (self.count[r], comes) {
                (0, true) => {
                    self.cover.of_row(r).iter().filter(|t| **t as usize != site).for_each(|t| self.score[*t as usize] -= w);
                    self.score[site] += w;
                    self.covered(r);
                }
                (0, false) => {
                    self.cover.of_row(r).iter().filter(|t| **t as usize != site).for_each(|t| self.score[*t as usize] += w);
                    self.score[site] += w;
                    self.place[r] = self.left.len() as u32;
                    self.left.push(r as u32);
                }
                (1, true) => self.score[self.only[r] as usize] -= w,
                (1, false) => self.score[self.only[r] as usize] += w,
                _ => {}
            }
            if comes {
                self.count[r] += 1;
                self.only[r] ^= site as u32;
            }
        }
    }

    fn covered(&mut self, row: usize) {
        let at = self.place[row] as usize;
        self.left.swap_remove(at);
        if let Some(moved) = self.left.get(at) {
            self.place[*moved as usize] = at as u32;
        }
    }
}

impl Weighed<'_> {
    /// By score a unit of cost (a ÷ c against b ÷ d), then what moved longer ago is less.
    fn by(&self, costs: &[u64], a: usize, b: usize) -> Ordering {
        let of = |s: usize| (i128::from(self.score[s]), i128::from(costs[s].max(1)));
        let ((x, c), (y, d)) = (of(a), of(b));
        (x * d).cmp(&(y * c)).then(self.moved[a].cmp(&self.moved[b]))
    }

    /// The chosen site that is missed least goes, if there is one besides `stays`.
    fn drop_one(&mut self, costs: &[u64], step: u64, stays: Option<usize>) -> bool {
        let may = (0..costs.len()).filter(|s| self.chosen[*s] && Some(*s) != stays);
        let Some(gone) = may.min_by(|a, b| self.by(costs, *a, *b).then(a.cmp(b))) else { return false };
        self.flip(gone, costs);
        self.moved[gone] = step;
        true
    }
}

/// Tries from a choice that covers all rows that are asked; the cheapest that was met. Ends when one costs no more than `enough`.
pub(super) fn tried(part: &Part<'_>, start: &[u32], steps: u64, enough: u64) -> Vec<u32> {
    let (cover, costs, sites) = (part.cover, part.costs, part.costs.len());
    let mut w = Weighed {
        cover,
        asked: &part.left.rows,
        chosen: vec![false; sites],
        count: vec![0; cover.rows()],
        only: vec![0; cover.rows()],
        weight: vec![1; cover.rows()],
        score: (0..sites).map(|s| part.left.of_site(cover, s).len() as i64).collect(),
        left: (0..cover.rows() as u32).filter(|r| part.left.rows[*r as usize]).collect(),
        place: vec![0; cover.rows()],
        cost: 0,
        moved: vec![0; sites],
    };
    (0u32..).zip(w.left.clone()).for_each(|(i, r)| w.place[r as usize] = i);
    start.iter().for_each(|s| w.flip(*s as usize, costs));
    let (mut best, mut least, mut draws, mut last) = (start.to_vec(), w.cost, Draws::new(), None);
    for step in 1..=steps {
        while w.left.is_empty() {
            if w.cost < least {
                (best, least) = ((0..sites as u32).filter(|s| w.chosen[*s as usize]).collect(), w.cost);
            }
            if least <= enough || !w.drop_one(costs, 0, None) {
                return best;
            }
        }
        w.drop_one(costs, step, last);
        let row = w.left[draws.below(w.left.len() as u64) as usize] as usize;
        let may = part.left.of_row(cover, row).into_iter().map(|s| s as usize).filter(|s| w.moved[*s] < step);
        let come = may.max_by(|a, b| w.by(costs, *a, *b).then(w.moved[*b].cmp(&w.moved[*a])).then(b.cmp(a)));
        let Some(come) = come else { continue };
        // what would be as dear as the best makes room first
        while w.cost + costs[come] >= least && w.drop_one(costs, step, None) {}
        if w.cost + costs[come] < least {
            w.flip(come, costs);
            (last, w.moved[come]) = (Some(come), step);
        }
        for i in 0..w.left.len() {
            let row = w.left[i] as usize;
            w.weight[row] += 1;
            cover.of_row(row).iter().for_each(|t| w.score[*t as usize] += 1);
        }
    }
    best
}
