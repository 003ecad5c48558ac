//! The bound of an assignment in whole numbers: a share u of each row counts as served whatever is chosen, and a chosen site serves, within its
//! capacity, what counts least so.

use super::super::bound::filled;
use super::super::cover::Cover;
use super::super::limit::Limit;
use serde::{Deserialize, Serialize};

/// Multipliers are kept in this part of a whole.
const PARTS: u64 = 1 << 32;

/// A bound on what can be served, with what it is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentBound {
    /// The share of each row that counts whatever is chosen, in 4,294,967,296ths.
    pub multipliers: Vec<u64>,
}

impl AssignmentBound {
    pub(super) fn of(cover: &Cover, lambda: &[f64]) -> Self {
        let one = |(l, w): (&f64, &u64)| ((l / *w as f64 * PARTS as f64).round().max(0.0) as u64).min(PARTS);
        Self { multipliers: lambda.iter().zip(cover.weights()).map(one).collect() }
    }

    /// The bound: no choice within the limit that leaves out the sites that are `out` and has all that are `inside` can be assigned more. None
    /// where the multipliers are not of these rows.
    pub fn value(&self, (cover, capacity): (&Cover, &[u64]), limit: &Limit, (inside, out): (&[bool], &[bool])) -> Option<u64> {
        if self.multipliers.len() != cover.rows() || self.multipliers.iter().any(|u| *u > PARTS) {
            return None;
        }
        let score = |s: usize| {
            let mut rows: Vec<u32> = cover.of_site(s).to_vec();
            rows.sort_unstable_by_key(|r| self.multipliers[*r as usize]);
            let (mut left, mut all) = (capacity[s], 0u128);
            for r in rows.into_iter().map(|r| r as usize) {
                let serves = left.min(cover.weights()[r]);
                all += u128::from(serves) * u128::from(PARTS - self.multipliers[r]);
                left -= serves;
            }
            all
        };
        let there = || (0..cover.sites()).filter(|s| inside[*s]);
        let room = limit.most().checked_sub(limit.taken(there().map(|s| s as u32)))?;
        let open = (0..cover.sites()).filter(|s| !inside[*s] && !out[*s]).map(|s| (score(s), limit.cost(s))).collect();
        let anyhow: u128 = self.multipliers.iter().zip(cover.weights()).map(|(u, w)| u128::from(*u) * u128::from(*w)).sum();
        let most = anyhow + there().map(score).sum::<u128>() + filled(open, room);
        u64::try_from(most / u128::from(PARTS)).ok() // what is served is whole
    }
}
