//! The sites that are nearest to all weight (p-median). What is sought is the most that rows save against being beyond all sites.

use super::super::choose::Question;
use super::super::drive::{Effort, Proof, drive, flags};
use super::super::limit::Limit;
use super::super::relax::Relaxed;
use super::swap::Swaps;
use super::{DistanceBound, Distances};

/// Sites with the weighted distance to them.
#[derive(Clone, Debug)]
pub struct DistanceAnswer {
    /// The sites, sorted; those that are there anyhow too.
    pub sites: Vec<u32>,
    /// Weight times distance to the nearest of them, of all rows.
    pub value: u64,
    /// No choice has less.
    pub bound: u64,
    /// Why.
    pub proof: Proof,
    /// Multipliers that give a bound in whole numbers; by themselves perhaps below `bound`, where that was proven by search.
    pub multipliers: DistanceBound,
    /// Rows that none of the sites is near to, and their weight: they count as beyond.
    pub beyond: (u64, u64),
}

impl DistanceAnswer {
    /// (value − bound) ÷ value: it is at most this share above the least possible.
    pub fn gap(&self) -> f64 {
        if self.value == 0 { 0.0 } else { (self.value - self.bound) as f64 / self.value as f64 }
    }
}

/// The sites within the limit that all weight is nearest to. None where the sites that are there anyhow do not fit into it.
///
/// ```
/// use chargegap::internals::siting::{DistanceRows, Effort, Limit, Question, least_distance};
/// let mut rows = DistanceRows::new(100);
/// [(&[(0, 0), (1, 5)][..], 4), (&[(0, 5), (1, 0), (2, 2)], 1), (&[(1, 2), (2, 0)], 3)].iter().for_each(|(near, w)| rows.add(near, *w));
/// let question = Question { limit: Limit::Number(2), inside: vec![], out: vec![] };
/// let best = least_distance(&rows.freeze(3).unwrap(), &question, Effort::default()).unwrap();
/// assert_eq!((best.sites, best.value, best.bound), (vec![0, 2], 2, 2));
/// ```
pub fn least_distance(near: &Distances, q: &Question, effort: Effort) -> Option<DistanceAnswer> {
    let (inside, out) = (flags(near.sites(), &q.inside), flags(near.sites(), &q.out));
    let there: Vec<u32> = (0..near.sites() as u32).filter(|s| inside[*s as usize]).collect();
    q.limit.most().checked_sub(q.limit.taken(there.iter().copied()))?;
    let free = inside.iter().zip(&out).map(|(i, o)| !i && !o).collect();
    let mut swaps = Swaps::of(near, &q.limit, free, &there);
    let (start, of) = (swaps.filled(), Saving { near, limit: &q.limit });
    let nearest = |r: usize| near.of_row(r).first().map_or(0, |n| near.beyond() - n.0);
    let top = (0..near.rows()).map(|r| near.weights()[r] * nearest(r)).sum();
    let found = drive(&of, (&inside, &out), (start, top), (&mut swaps, None), effort);
    let multipliers = DistanceBound::of(near, &found.lambda);
    let (_, mut sites) = found.best;
    sites.sort_unstable();
    let value = near.value(&sites);
    let by = multipliers.value(near, &q.limit, (&inside, &out))?.max(near.most() - top);
    let (bound, proof) = match found.done && by < value {
        true => (value, Proof::Search(found.parts.max(1))),
        false => (by.min(value), Proof::Multipliers),
    };
    let far = near.nearest(&sites);
    let left = || far.iter().zip(near.weights()).filter(|(d, _)| **d >= near.beyond());
    let beyond = (left().count() as u64, left().map(|l| l.1).sum());
    Some(DistanceAnswer { sites, value, bound, proof, multipliers, beyond })
}

/// What rows save, relaxed: u of each row is saved anyhow, and a site adds what it saves beyond that.
struct Saving<'a> {
    near: &'a Distances,
    limit: &'a Limit,
}

impl Saving<'_> {
    fn saved(&self, row: usize, distance: u64) -> f64 {
        (self.near.weights()[row] * (self.near.beyond() - distance)) as f64
    }
}

impl Relaxed for Saving<'_> {
    type Base = ();

    fn sites(&self) -> usize {
        self.near.sites()
    }

    fn limit(&self) -> &Limit {
        self.limit
    }

    fn pairs(&self) -> usize {
        self.near.pairs()
    }

    fn first(&self) -> Vec<f64> {
        // of n sites of which p are chosen the (n ÷ p)-th is the nearest, about
        let all = self.limit.taken(0..self.sites() as u32).max(1);
        let share = (all / self.limit.most().max(1)) as usize;
        let one = |r: usize| self.near.of_row(r).get(share).map_or(0.0, |n| self.saved(r, n.0));
        (0..self.near.rows()).map(one).collect()
    }

    fn base(&self, inside: &[bool]) -> ((), Vec<[f64; 2]>) {
        let range = |r: usize| {
            let list = self.near.of_row(r);
            let most = list.first().map_or(0.0, |n| self.saved(r, n.0));
            [list.iter().find(|n| inside[n.1 as usize]).map_or(0.0, |n| self.saved(r, n.0)), most]
        };
        ((), (0..self.near.rows()).map(range).collect())
    }

    fn look(&self, (): &(), saved: &[f64], _: &[u32], score: &mut [f64]) -> f64 {
        for (r, u) in saved.iter().enumerate() {
            for (d, s) in self.near.of_row(r) {
                let more = self.saved(r, *d) - u;
                if more <= 0.0 {
                    break;
                }
                score[*s as usize] += more;
            }
        }
        saved.iter().sum()
    }

    fn slopes(&self, (): &(), saved: &[f64], taken: &[u32], slope: &mut [f64]) {
        let taken = flags(self.sites(), taken);
        for (r, (u, h)) in saved.iter().zip(slope).enumerate() {
            let better = self.near.of_row(r).iter().take_while(|n| self.saved(r, n.0) > *u);
            *h = 1.0 - better.filter(|n| taken[n.1 as usize]).count() as f64;
        }
    }

    fn value(&self, sites: &[u32]) -> u64 {
        self.near.most() - self.near.value(sites)
    }
}
