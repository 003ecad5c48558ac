//! The choices of method of one index: which steps in which order, where weights come from, and the scale.

use super::spec::{Imputation, Step};
use crate::config::method_words::{Aggregation, Normalisation, Weighting};
use serde::{Deserialize, Serialize};

/// How an index is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Method {
    /// The steps, done in the order in which they stand.
    pub steps: Vec<Step>,
    /// Where weights come from.
    pub weighting: Weighting,
    /// Lowest and highest score of min–max, rank, goalposts and distance to reference; 0 and 100 by default. Geometric and
    /// harmonic means need scores above 0: give 1 and 100.
    pub scale: (f64, f64),
    /// What a unit that lacks a value is put together with.
    pub lacking: Lacking,
    /// Scales are made from every unit that has a value, ranked or not, and an indicator that is the same in every unit stands in the
    /// middle of the scale, where it moves nobody: so that what one unit lacks takes nothing from the others.
    pub steady: bool,
}

/// What a unit that lacks a value of an indicator is put together with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lacking {
    /// Its other children, which carry the weight.
    #[default]
    Carry,
    /// Nothing: it is not ranked.
    NotRanked,
    /// The lowest score of the scale.
    Lowest,
    /// The highest score.
    Highest,
    /// Less than the lowest: it stands to every other unit as if it had the lowest score and that unit the highest. Where the ends of
    /// a scale are those of the units, the value that is not known may lie beyond them, and all others would then stand higher.
    BelowLowest,
}

impl Lacking {
    /// The score that stands in for a value, on a scale, where means are of this kind; none where nothing does.
    pub fn score(self, how: Aggregation, (low, high): (f64, f64)) -> Option<f64> {
        match (self, how) {
            (Self::Carry | Self::NotRanked, _) => None,
            (Self::Lowest, _) => Some(low),
            (Self::Highest, _) => Some(high),
            (Self::BelowLowest, Aggregation::Geometric) => Some(low * low / high),
            (Self::BelowLowest, Aggregation::Harmonic) => Some(1.0 / (2.0 / low - 1.0 / high)),
            (Self::BelowLowest, Aggregation::Arithmetic | Aggregation::Copeland) => Some(2.0 * low - high),
        }
    }
}

impl Default for Method {
    /// Divides, leaves gaps, min–max, weights as given, arithmetic means: no value is made up and none is bent.
    fn default() -> Self {
        Self {
            steps: vec![
                Step::Denominate,
                Step::Impute(Imputation::None),
                Step::Normalise(Normalisation::MinMax),
                Step::Aggregate(Aggregation::Arithmetic),
            ],
            weighting: Weighting::Given,
            scale: (0.0, 100.0),
            lacking: Lacking::Carry,
            steady: false,
        }
    }
}

impl Step {
    /// The word for it in files and messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Denominate => "denominate",
            Self::Impute(_) => "impute",
            Self::Screen(_) => "screen",
            Self::Treat { .. } => "treat",
            Self::Normalise(_) => "normalise",
            Self::Aggregate(_) => "aggregate",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_the_lowest_is_as_far_as_the_lowest_is_from_the_highest() {
        // 0 to 100: 0 stands 100 below 100, so does −100 below 0. 1 to 100: ln 0.01 = 2 ln 1 − ln 100; 1/x = 2/1 − 1/100 = 1.99.
        let of = |how, scale| Lacking::BelowLowest.score(how, scale).unwrap();
        assert_eq!(of(Aggregation::Arithmetic, (0.0, 100.0)), -100.0);
        assert!((of(Aggregation::Geometric, (1.0, 100.0)) - 0.01).abs() < 1e-15);
        assert!((of(Aggregation::Harmonic, (1.0, 100.0)) - 1.0 / 1.99).abs() < 1e-15);
    }
}
