//! The bound on distances in whole numbers (Beasley 1993): a row pays v whatever happens, and gets back from a chosen site what it is nearer
//! than that. What all rows pay, less the most that a choice can give back, is no more than any choice costs.

use super::super::bound::filled;
use super::super::limit::Limit;
use super::Distances;
use serde::{Deserialize, Serialize};

/// Multipliers are kept in this part of the unit of weight times distance.
pub(super) const PARTS: u64 = 256;

/// A bound on weighted distances, with what it is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistanceBound {
    /// What each row pays, in 256ths of the unit of weight times distance.
    pub multipliers: Vec<u64>,
}

impl DistanceBound {
    /// Of what rows save against being beyond all sites.
    pub(super) fn of(near: &Distances, saved: &[f64]) -> Self {
        let one = |(u, w): (&f64, &u64)| {
            let most = w * near.beyond();
            (((most as f64 - u) * PARTS as f64).round().max(0.0) as u64).min(most * PARTS)
        };
        Self { multipliers: saved.iter().zip(near.weights()).map(one).collect() }
    }

    /// The bound: no choice within the limit that leaves out the sites that are `out` and has all that are `inside` costs less. None where the
    /// multipliers are not of these rows.
    pub fn value(&self, near: &Distances, limit: &Limit, (inside, out): (&[bool], &[bool])) -> Option<u64> {
        let most = |w: &u64| w.saturating_mul(near.beyond()).saturating_mul(PARTS);
        let fits = self.multipliers.len() == near.rows();
        if !fits || self.multipliers.iter().zip(near.weights()).any(|(v, w)| *v > most(w)) {
            return None;
        }
        let back = |s: usize| {
            let one = |(d, r): &(u64, u32)| {
                let r = *r as usize;
                u128::from(self.multipliers[r]).saturating_sub(u128::from(near.weights()[r] * d) * u128::from(PARTS))
            };
            near.of_site(s).iter().map(one).sum::<u128>()
        };
        let there = || (0..near.sites()).filter(|s| inside[*s]);
        let room = limit.most().checked_sub(limit.taken(there().map(|s| s as u32)))?;
        let open = (0..near.sites()).filter(|s| !inside[*s] && !out[*s]).map(|s| (back(s), limit.cost(s))).collect();
        let given = there().map(back).sum::<u128>() + filled(open, room);
        let paid: u128 = self.multipliers.iter().map(|v| u128::from(*v)).sum();
        u64::try_from(paid.saturating_sub(given).div_ceil(u128::from(PARTS))).ok() // what it costs is whole
    }
}
