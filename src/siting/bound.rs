//! The bound in whole numbers. Multipliers λ between 0 and the weight of each row split a row between "nobody covers it" and the sites that
//! can: whatever is chosen within the limit covers no more than Σ (w − λ) + the most that Σ λ of a choice's sites can add up to.

use super::cover::Cover;
use super::limit::Limit;
use serde::{Deserialize, Serialize};

/// Multipliers are kept in this part of the unit of weights.
const PARTS: u64 = 1024;

/// A bound on what can be covered within a limit, with what it is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverBound {
    /// By row, in 1,024ths of the unit of weights.
    pub multipliers: Vec<u64>,
}

impl CoverBound {
    pub(super) fn of(cover: &Cover, lambda: &[f64]) -> Self {
        let one = |(l, w): (&f64, &u64)| ((l * PARTS as f64).round().max(0.0) as u64).min(w * PARTS);
        Self { multipliers: lambda.iter().zip(cover.weights()).map(one).collect() }
    }

    /// The bound: no choice within the limit that leaves out the sites that are `out` and has all that are `inside` covers more. None where
    /// the multipliers are not of these rows.
    pub fn value(&self, cover: &Cover, limit: &Limit, (inside, out): (&[bool], &[bool])) -> Option<u64> {
        let fits = self.multipliers.len() == cover.rows();
        if !fits || self.multipliers.iter().zip(cover.weights()).any(|(l, w)| *l > w.saturating_mul(PARTS)) {
            return None;
        }
        // rows of sites that are there anyhow are covered, whatever their multipliers
        let mut sure = vec![false; cover.rows()];
        let there = || (0..cover.sites()).filter(|s| inside[*s]);
        there().flat_map(|s| cover.of_site(s)).for_each(|r| sure[*r as usize] = true);
        let lambda = |r: usize| u128::from(if sure[r] { 0 } else { self.multipliers[r] });
        let rest: u128 = (0..cover.rows()).map(|r| u128::from(cover.weights()[r]) * u128::from(PARTS) - lambda(r)).sum();
        let score = |s: usize| cover.of_site(s).iter().map(|r| lambda(*r as usize)).sum::<u128>();
        let open: Vec<(u128, u64)> =
            (0..cover.sites()).filter(|s| !inside[*s] && !out[*s]).map(|s| (score(s), limit.cost(s))).collect();
        let room = limit.most().checked_sub(limit.taken(there().map(|s| s as u32)))?;
        let most = rest + filled(open, room);
        u64::try_from(most / u128::from(PARTS)).ok() // what is covered is whole
    }
}

/// The most that scores can add up to within `room`, the last in part and rounded up.
fn filled(open: Vec<(u128, u64)>, room: u64) -> u128 {
    let (free, mut open): (Vec<_>, Vec<_>) = open.into_iter().partition(|(_, cost)| *cost == 0);
    // by score a unit, largest first: a ÷ c against b ÷ d without fractions
    open.sort_unstable_by(|(a, c), (b, d)| (b * u128::from(*c)).cmp(&(a * u128::from(*d))));
    let (mut all, mut left) = (free.iter().map(|(score, _)| score).sum(), room);
    for (score, cost) in open {
        if cost > left {
            return all + (score * u128::from(left)).div_ceil(u128::from(cost));
        }
        (all, left) = (all + score, left - cost);
    }
    all
}
