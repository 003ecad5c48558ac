//! Theil's T, and its exact split into what lies between groups and what lies within them.

use super::{Distribution, Holding};
use crate::error::Result;

/// Theil's T of people in groups; `total` is computed from the people alone, and is `between + within` up to rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theil {
    /// Of all people.
    pub total: f64,
    /// If everyone had the mean of the own group.
    pub between: f64,
    /// The groups' own, weighted by what each group has of the whole.
    pub within: f64,
}

impl Distribution {
    /// Theil's T: the mean of r·ln r, r being what a person has over the mean; 0·ln 0 is 0. From 0 (all have the same, or nobody has
    /// anything) to ln n (one of n has all). `None` without people.
    ///
    /// # References
    /// Theil 1967, ch. 4.
    pub fn theil(&self) -> Option<f64> {
        let mean = self.mean()?;
        if mean == 0.0 || self.holdings().len() == 1 {
            return Some(0.0);
        }
        let sum: f64 = self.holdings().iter().map(|h| h.people as f64 * r_ln_r(h.value / mean)).sum();
        Some((sum / self.people() as f64).max(0.0))
    }
}

fn r_ln_r(r: f64) -> f64 {
    if r > 0.0 { r * r.ln() } else { 0.0 }
}

/// Splits Theil's T by groups (county in province, settlement in county). Groups without people count for nothing; `None` where
/// no group has any.
///
/// # Errors
/// Input, when all groups together are more than the numbers hold.
///
/// # References
/// Theil 1967, ch. 4; Shorrocks 1980.
pub fn theil_of_groups(groups: &[Distribution]) -> Result<Option<Theil>> {
    let holdings: Vec<Holding> = groups.iter().flat_map(|g| g.holdings().iter().copied()).collect();
    let all = Distribution::new(holdings)?;
    let (Some(total), Some(mean)) = (all.theil(), all.mean()) else { return Ok(None) };
    let (mut between, mut within) = (0.0, 0.0);
    for g in groups.iter().filter(|_| mean > 0.0) {
        let (Some(own), Some(own_mean)) = (g.theil(), g.mean()) else { continue };
        let people = g.people() as f64 / all.people() as f64;
        let r = own_mean / mean;
        between += people * r_ln_r(r);
        within += people * r * own;
    }
    Ok(Some(Theil { total, between: between.max(0.0), within }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::equity::tests::{dist, ipea};
    use proptest::prelude::*;

    #[test]
    fn ends_of_the_scale() {
        assert_eq!(dist(&[]).theil(), None);
        assert_eq!(dist(&[(7.3, 41), (7.3, 1)]).theil(), Some(0.0));
        assert_eq!(dist(&[(0.0, 9)]).theil(), Some(0.0));
        // one of n has all ⇒ (1/n)·n·ln n; the others' 0·ln 0 is 0, not NaN
        for n in [2u64, 10, 1_000_000] {
            let theil = dist(&[(0.0, n - 1), (5.0, 1)]).theil().unwrap();
            assert!((theil - (n as f64).ln()).abs() < 1e-12, "{n}: {theil}");
        }
    }

    #[test]
    fn by_hand() {
        // 1 and 3, mean 2 ⇒ (0.5·ln 0.5 + 1.5·ln 1.5) / 2 = (−0.346574 + 0.608198) / 2
        assert!((dist(&[(1.0, 1), (3.0, 1)]).theil().unwrap() - 0.130812).abs() < 1e-6);
        // each cell a group of its own: all of it lies between
        let cells: Vec<Distribution> = ipea().holdings().iter().map(|h| dist(&[(h.value, h.people)])).collect();
        let split = theil_of_groups(&cells).unwrap().unwrap();
        assert_eq!(split.within, 0.0);
        assert!((split.between - ipea().theil().unwrap()).abs() < 1e-12);
        // two equal groups: all of it lies within; a group without people and one without anything change nothing
        let twice = [ipea(), dist(&[]), ipea()];
        let split = theil_of_groups(&twice).unwrap().unwrap();
        assert!(split.between < 1e-15 && (split.within - split.total).abs() < 1e-12);
        assert_eq!(theil_of_groups(&[dist(&[]), dist(&[])]).unwrap(), None);
        let nothing = theil_of_groups(&[dist(&[(0.0, 3)]), dist(&[(0.0, 1)])]).unwrap();
        assert_eq!(nothing, Some(Theil { total: 0.0, between: 0.0, within: 0.0 }));
    }

    #[test]
    fn groups_of_groups_by_hand() {
        // one group has nothing (3 people), the other 2 each (1 person): mean 0.5, r = 0 and 4 ⇒ between (1/4)·4·ln 4 = ln 4
        let split = theil_of_groups(&[dist(&[(0.0, 3)]), dist(&[(2.0, 1)])]).unwrap().unwrap();
        assert!((split.between - 4f64.ln()).abs() < 1e-12 && split.within == 0.0);
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        #[test]
        fn between_and_within_are_the_whole(groups in prop::collection::vec(prop::collection::vec((0u32..2000, 0u64..50), 0..12), 1..8)) {
            let groups: Vec<Distribution> = groups
                .iter()
                .map(|g| dist(&g.iter().map(|&(v, n)| (f64::from(v) / 7.0, n)).collect::<Vec<_>>()))
                .collect();
            if let Some(t) = theil_of_groups(&groups).unwrap() {
                prop_assert!((t.between + t.within - t.total).abs() < 1e-12, "{:?}", t);
                prop_assert!(t.between >= 0.0 && t.within >= 0.0);
            }
        }
    }
}
