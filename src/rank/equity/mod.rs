//! How evenly a quantity is shared among people: Lorenz curve and Gini, Theil's T with its parts between and within groups,
//! and how many fall short of a line, and by how much. Everything is people-weighted.
//!
//! It knows people and what each of them has (or how far each has to go), not roads; [`reach()`] takes both from settlements.
//!
//! ```
//! use chargegap::internals::rank::equity::{Distribution, Holding};
//!
//! // three villages of 100 people, 2, 10 and 30 km from a charger
//! let km = Distribution::new([2.0, 10.0, 30.0].map(|value| Holding { value, people: 100 }))?;
//! assert!((km.gini().unwrap() - 4.0 / 9.0).abs() < 1e-12); // differences of pairs: (8 + 28 + 20) ÷ (9 × mean 14)
//! # Ok::<(), chargegap::internals::error::Error>(())
//! ```
//!
//! # References
//! Gini, *Variabilità e mutabilità*, 1912; Lorenz, Publ. Am. Stat. Assoc. 9(70), 1905; Theil, *Economics and Information Theory*, 1967,
//! ch. 4; Foster, Greer, Thorbecke, *Econometrica* 52(3), 761–766, 1984; Shorrocks, *Econometrica* 48(3), 1980 (decomposition).

mod lorenz;
mod poverty;
mod reach;
mod theil;

pub use reach::{CountyWays, ReachEquity, ReachRow, reach};
pub use theil::{Theil, theil_of_groups};

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// People and what each of them has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// What each has; 0 or more, in any unit.
    pub value: f64,
    /// How many people have it.
    pub people: u64,
}

/// Who has how much: values in rising order, each once, with the people who have it. The order of what it is made from does not matter.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Distribution {
    holdings: Vec<Holding>,
    people: u64,
    total: f64,
}

impl Distribution {
    /// Checks and sorts holdings; those of nobody are left out.
    ///
    /// # Errors
    /// Input, for a value below 0 or not finite, and for sums beyond what the numbers hold.
    pub fn new(holdings: impl IntoIterator<Item = Holding>) -> Result<Self> {
        let mut all: Vec<Holding> = holdings.into_iter().collect();
        if let Some(bad) = all.iter().find(|h| !(h.value.is_finite() && h.value >= 0.0)) {
            return Err(Error::input(
                format!("{} is not a share that someone has", bad.value),
                "give finite values of 0 or more",
            ));
        }
        all.retain(|h| h.people > 0);
        all.sort_by(|a, b| a.value.total_cmp(&b.value));
        let too_many = || Error::input("the people of a distribution are too many to count", "give fewer than 2^64 people");
        let mut holdings: Vec<Holding> = Vec::with_capacity(all.len());
        let mut people = 0u64;
        for h in all {
            people = people.checked_add(h.people).ok_or_else(too_many)?;
            match holdings.last_mut().filter(|last| last.value == h.value) {
                Some(last) => last.people += h.people,
                None => holdings.push(h),
            }
        }
        let total: f64 = holdings.iter().map(|h| h.value * h.people as f64).sum();
        if !total.is_finite() {
            return Err(Error::input("the values of a distribution add up to infinity", "give them in a larger unit"));
        }
        Ok(Self { holdings, people, total })
    }

    /// People.
    pub fn people(&self) -> u64 {
        self.people
    }

    /// What they have together.
    pub fn total(&self) -> f64 {
        self.total
    }

    /// What they have on average; `None` without people.
    pub fn mean(&self) -> Option<f64> {
        (self.people > 0).then(|| self.total / self.people as f64)
    }

    /// Distinct values in rising order with their people.
    pub fn holdings(&self) -> &[Holding] {
        &self.holdings
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn dist(holdings: &[(f64, u64)]) -> Distribution {
        Distribution::new(holdings.iter().map(|&(value, people)| Holding { value, people })).unwrap()
    }

    /// Five cells of the tests of `ipeaGIT/accessibility` (`test-gini_index.R`, `test-fgt_poverty.R`): jobs within reach and people.
    pub fn ipea() -> Distribution {
        dist(&[(26_774.0, 0), (22_239.0, 852), (36_567.0, 394), (42_372.0, 1969), (55_571.0, 2189)])
    }

    #[test]
    fn nobodys_values_are_left_out_and_equal_ones_become_one() {
        let d = dist(&[(5.0, 2), (1.0, 1), (9.0, 0), (5.0, 3)]);
        assert_eq!(d.holdings(), [Holding { value: 1.0, people: 1 }, Holding { value: 5.0, people: 5 }]);
        assert_eq!((d.people(), d.total(), d.mean()), (6, 26.0, Some(26.0 / 6.0)));
        assert_eq!(dist(&[(3.0, 0)]).mean(), None);
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for value in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(Distribution::new([Holding { value, people: 1 }]).is_err(), "{value}");
        }
        assert!(Distribution::new([Holding { value: 1.0, people: u64::MAX }, Holding { value: 2.0, people: 1 }]).is_err());
        assert!(Distribution::new([Holding { value: 1e308, people: 10 }]).is_err());
    }
}
