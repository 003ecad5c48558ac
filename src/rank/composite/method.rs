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
