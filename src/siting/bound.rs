//! The bound in whole numbers. Multipliers λ between 0 and the weight of each row split a row between "nobody covers it" and the sites that
//! can: whatever is chosen within the limit covers no more than Σ (w − λ) + the most that Σ λ of a choice's sites can add up to.

use super::cover::Cover;
use super::gains::{Gains, counts};
use super::limit::Limit;
use serde::{Deserialize, Serialize};

/// Multipliers are kept in this part of the unit of weights.
pub(super) const PARTS: u64 = 1024;

/// A bound on what can be covered within a limit, with what it is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverBound {
    /// By row, in 1,024ths of the unit of weights.
    pub multipliers: Vec<u64>,
}

impl CoverBound {
    pub(super) fn of((cover, gains): (&Cover, &Gains), lambda: &[f64]) -> Self {
        let most = highest(gains);
        let one = |(l, w): (&f64, &u64)| ((l * PARTS as f64).round().max(0.0) as u64).min(w.saturating_mul(most));
        Self { multipliers: lambda.iter().zip(cover.weights()).map(one).collect() }
    }

    /// The bound: no choice within the limit that leaves out the sites that are `out` and has all that are `inside` covers more. None where
    /// the multipliers are not of these rows.
    pub fn value(&self, cover: &Cover, limit: &Limit, flags: (&[bool], &[bool])) -> Option<u64> {
        self.value_of((cover, &Gains::once()), limit, flags)
    }

    /// The same where a row counts by how many sites cover it.
    pub fn value_of(&self, (cover, gains): (&Cover, &Gains), limit: &Limit, (inside, out): (&[bool], &[bool])) -> Option<u64> {
        let (fits, most) = (self.multipliers.len() == cover.rows(), highest(gains));
        if !fits || self.multipliers.iter().zip(cover.weights()).any(|(l, w)| *l > w.saturating_mul(most)) {
            return None;
        }
        let there: Vec<u32> = (0..cover.sites() as u32).filter(|s| inside[*s as usize]).collect();
        let given = counts(cover, &there);
        // rows that have enough by sites that are there anyhow need no multiplier
        let enough = |r: usize| given[r] as usize >= gains.levels();
        let lambda = |r: usize| u128::from(if enough(r) { 0 } else { self.multipliers[r] });
        let rest: u128 = (0..cover.rows()).map(|r| left(gains, given[r] as usize, cover.weights()[r], lambda(r))).sum();
        let score = |s: usize| cover.of_site(s).iter().map(|r| lambda(*r as usize)).sum::<u128>();
        let open = (0..cover.sites()).filter(|s| !inside[*s] && !out[*s]).map(|s| (score(s), limit.cost(s))).collect();
        let room = limit.most().checked_sub(limit.taken(there))?;
        u64::try_from((rest + filled(open, room)) / u128::from(PARTS)).ok() // what is covered is whole
    }
}

/// No multiplier is higher than the weight by this: what one site can count at most.
fn highest(gains: &Gains) -> u64 {
    (1..=gains.levels()).map(|k| gains.sum(k)).max().unwrap_or(0).saturating_mul(PARTS)
}

/// What a row with `k` sites leaves at most when each further one costs λ.
fn left(gains: &Gains, k: usize, weight: u64, lambda: u128) -> u128 {
    let worth = |more: usize| u128::from(weight) * u128::from(gains.sum(k + more)) * u128::from(PARTS);
    (0..=gains.levels().saturating_sub(k)).map(|more| worth(more).saturating_sub(lambda * more as u128)).max().unwrap_or(0)
}

/// The most that scores can add up to within `room`, the last in part and rounded up.
pub(super) fn filled(open: Vec<(u128, u64)>, room: u64) -> u128 {
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
