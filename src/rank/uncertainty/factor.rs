//! What is varied: factors, each of one dimension whatever it moves, and how a number in [0, 1) becomes its level.

use crate::config::method_words::Aggregation;

/// A choice behind the ranking that might have been made otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Its name in files and messages.
    pub key: String,
    /// What it moves.
    pub kind: FactorKind,
}

/// What a factor moves. At most one factor of each kind but [`FactorKind::Choice`].
#[derive(Clone, Debug, PartialEq)]
pub enum FactorKind {
    /// Every weight of leaf and group times 1 ± up to `spread`, evenly, then made to add up to 1 among siblings.
    Weights {
        /// 0 or more, below 1.
        spread: f64,
    },
    /// Lower and upper goalpost of each leaf moved by up to `spread` of the range between them, evenly and each for itself; values
    /// are cut to 0..100. Columns of a variant that is not [`super::Variant::bounded`] stay as they are.
    Goalposts {
        /// 0 or more, below 0.5.
        spread: f64,
    },
    /// One axis of the grid of variants; the first level is the nominal one.
    Choice {
        /// Names of the levels.
        levels: Vec<String>,
        /// How likely each is; they add up to 1.
        probabilities: Vec<f64>,
    },
    /// How children are put together, all levels equally likely; the first is the nominal one.
    Aggregation {
        /// The ways.
        levels: Vec<Aggregation>,
        /// In which groups.
        scope: Scope,
    },
}

/// Which groups an aggregation factor moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The index only: how pillars are put together.
    Index,
    /// Every group.
    All,
}

/// The level of `n` equally likely ones that `u` in [0, 1) falls on.
pub(super) fn even(u: f64, n: usize) -> usize {
    ((u * n as f64) as usize).min(n.saturating_sub(1))
}

/// The level whose share of [0, 1) holds `u`; a level of probability 0 is never taken.
pub(super) fn by_probability(u: f64, probabilities: &[f64]) -> usize {
    let mut below = 0.0;
    let mut last = 0;
    for (level, p) in probabilities.iter().enumerate().filter(|(_, p)| **p > 0.0) {
        below += p;
        last = level;
        if u < below {
            return level;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_split_the_unit_interval() {
        // thirds: 0 up to 1/3, 1 up to 2/3, 2 up to 1
        assert_eq!([0.0, 0.33, 0.34, 0.66, 0.67, 0.999].map(|u| even(u, 3)), [0, 0, 1, 1, 2, 2]);
        // 0.25, nothing, 0.75: the middle level is never taken, and what rounding leaves over falls on the last that can be
        assert_eq!([0.0, 0.24, 0.25, 0.99].map(|u| by_probability(u, &[0.25, 0.0, 0.75])), [0, 0, 2, 2]);
        assert_eq!(by_probability(0.999_999_999, &[0.5, 0.499_999_9, 0.0]), 1);
    }
}
