//! The bound on costs in whole numbers. Multipliers add the rows up to one demand: chosen sites must give Σ λ of their rows to it, and the
//! cheapest part of sites that does, the last in part, costs no more than any choice.

use super::super::cover::Cover;
use super::Need;
use serde::{Deserialize, Serialize};

/// Multipliers are kept in this part of the unit of weights.
const PARTS: u64 = 1 << 20;

/// A bound on what covering costs at least, with what it is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostBound {
    /// By row, in 1,048,576ths of the unit of weights.
    pub multipliers: Vec<u64>,
}

impl CostBound {
    /// Of floating ones: as large as their rows allow.
    pub(in super::super) fn of(cover: &Cover, lambda: &[f64]) -> Self {
        let part = lambda.iter().zip(cover.weights()).map(|(l, w)| l / *w as f64).fold(0.0, f64::max);
        let scale = if part > 0.0 { PARTS as f64 / part } else { 0.0 };
        let one = |(l, w): (&f64, &u64)| ((l * scale).round().max(0.0) as u64).min(w.saturating_mul(PARTS));
        Self { multipliers: lambda.iter().zip(cover.weights()).map(one).collect() }
    }

    /// The bound: no choice that covers what is needed, with the sites that are `inside` and without those that are `out`, costs less. None
    /// where the multipliers are not of these rows, or where no choice covers so much.
    pub fn value(&self, (cover, costs): (&Cover, &[u64]), need: Need, (inside, out): (&[bool], &[bool])) -> Option<u64> {
        let fits = self.multipliers.len() == cover.rows();
        if !fits || self.multipliers.iter().zip(cover.weights()).any(|(l, w)| *l > w.saturating_mul(PARTS)) {
            return None;
        }
        let open = |s: usize| !inside[s] && !out[s];
        let has = |r: usize, by: &dyn Fn(usize) -> bool| cover.of_row(r).iter().any(|s| by(*s as usize));
        let asked: Vec<bool> = (0..cover.rows()).map(|r| !has(r, &|s| inside[s])).collect();
        let (lambda, whole) = (|r: usize| u128::from(self.multipliers[r]), |w: u64| u128::from(w) * u128::from(PARTS));
        let mut left: u128 = match need {
            Need::All => (0..cover.rows()).filter(|r| asked[*r] && has(*r, &open)).map(lambda).sum(),
            Need::Weight(least) => {
                let free = |r: usize| whole(cover.weights()[r]) - if asked[r] { lambda(r) } else { 0 };
                whole(least).saturating_sub((0..cover.rows()).map(free).sum())
            }
        };
        let score = |s: usize| cover.of_site(s).iter().map(|r| *r as usize).filter(|r| asked[*r]).map(lambda).sum::<u128>();
        let mut sites: Vec<(u128, u64)> = (0..cover.sites()).filter(|s| open(*s)).map(|s| (score(s), costs[s])).collect();
        // what costs nothing, then by score a unit of cost, largest first: a ÷ c against b ÷ d without fractions
        let by = |(a, c): &(u128, u64), (b, d): &(u128, u64)| (b * u128::from(*c)).cmp(&(a * u128::from(*d)));
        sites.sort_unstable_by(|a, b| (a.1 > 0).cmp(&(b.1 > 0)).then_with(|| by(a, b)));
        let mut all: u64 = (0..cover.sites()).filter(|s| inside[*s]).map(|s| costs[s]).sum();
        for (score, cost) in sites {
            if left <= score {
                let part = if left == 0 { 0 } else { (u128::from(cost) * left).div_ceil(score) };
                return Some(all + part as u64);
            }
            (left, all) = (left - score, all + cost);
        }
        (left == 0).then_some(all)
    }
}
