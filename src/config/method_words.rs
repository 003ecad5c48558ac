//! The words of a ranking's method: directions, means, scales, where weights come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which way an indicator moves the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A higher value raises the index (of a shortfall: a higher value is worse).
    HigherIsWorse,
    /// A higher value lowers the index.
    LowerIsWorse,
}

impl Direction {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HigherIsWorse => "higher_is_worse",
            Self::LowerIsWorse => "lower_is_worse",
        }
    }

    /// +1 where a higher value raises the index, −1 where it lowers it.
    pub fn sign(self) -> f64 {
        match self {
            Self::HigherIsWorse => 1.0,
            Self::LowerIsWorse => -1.0,
        }
    }
}

/// How the children of a group are put together (OECD/JRC 2008, §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// Weighted arithmetic mean: a bad value is made up for by a good one in full.
    Arithmetic,
    /// Weighted geometric mean: made up for in part; needs values above 0.
    Geometric,
    /// Weighted harmonic mean: made up for least; needs values above 0.
    Harmonic,
    /// Copeland outranking: pairs won less pairs lost, by weight of the indicators; nothing is made up for.
    Copeland,
}

/// How values are brought to one scale (OECD/JRC 2008, §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Normalisation {
    /// (x − min) / (max − min), 0 to 100.
    MinMax,
    /// Mean 0 and standard deviation 1 (sample), moved to mean 50 and deviation 10.
    ZScore,
    /// Place among all, as a percentile 0 to 100; equal values share the mean place.
    Rank,
    /// (x − lower) / (upper − lower), 0 to 100, cut at both ends.
    Goalposts,
    /// The value over the best of all (distance to reference), 0 to 100.
    DistanceToReference,
}

impl Normalisation {
    /// Whether an indicator that is the same in every unit has no place on the scale.
    pub fn has_flat(self) -> bool {
        matches!(self, Self::MinMax | Self::ZScore | Self::DistanceToReference)
    }

    /// Whether the ends of the scale are those of the units: who else takes part moves every score.
    pub fn is_relative(self) -> bool {
        self != Self::Goalposts
    }
}

/// Where weights come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weighting {
    /// As given.
    Given,
    /// Equal among the children of each group.
    Equal,
    /// Loadings of the first principal component among the children of each group, squared.
    Pca,
    /// Points given to indicators, which add up to this over the whole tree (100, say); a group weighs what its indicators do.
    Points(u32),
}
