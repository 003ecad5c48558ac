//! What each step did, for the manifest: counts, and every value, unit, column or weight that it changed.

use super::spec::Step;
use serde::Serialize;
use std::collections::BTreeMap;

/// One step as it was done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepLog {
    /// The step.
    pub step: Step,
    /// How many of what; the names say of what.
    pub counts: BTreeMap<&'static str, usize>,
    /// What changed, in the order of the tree's leaves and then of unit codes.
    pub changed: Vec<Change>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Change {
    /// A whole column was divided.
    Divided {
        /// The indicator.
        indicator: String,
        /// Its denominator.
        by: String,
    },
    /// One value changed.
    Value {
        /// Code of the unit.
        unit: String,
        /// The indicator.
        indicator: String,
        /// What it was; none where it was missing.
        before: Option<f64>,
        /// What it is now; none where it is missing.
        after: Option<f64>,
        /// Why.
        why: &'static str,
    },
    /// A unit is not ranked.
    Unit {
        /// Its code.
        unit: String,
        /// Why.
        why: String,
    },
    /// What became of an indicator that was tested for outliers; those that pass are counted only.
    Treated {
        /// The indicator.
        indicator: String,
        /// What was done.
        treatment: Treatment,
        /// Skew before and after.
        skew: (Option<f64>, Option<f64>),
        /// Kurtosis before and after.
        kurtosis: (Option<f64>, Option<f64>),
    },
    /// The scale an indicator was brought to.
    Scaled {
        /// The indicator.
        indicator: String,
        /// The figures that go into the formula, before the direction.
        scale: Scale,
    },
    /// Weight of a child among the children of its group, as used.
    Weighed {
        /// Indicator or group.
        child: String,
        /// Its group.
        group: String,
        /// Weight; those of a group add up to 1.
        weight: f64,
    },
}

/// What was done about outliers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// Nothing.
    Kept,
    /// The test failed, and neither way applies: fewer than three values differ.
    TooFewValues,
    /// Values beyond the bounds were set to them.
    Winsorised {
        /// How many at the low end and the value they were set to.
        low: Option<(usize, f64)>,
        /// How many at the high end and the value they were set to.
        high: Option<(usize, f64)>,
    },
    /// ln(x − min + 0.01 range), or for a negative skew −ln(max − x + 0.01 range).
    Log {
        /// The second of the two.
        mirrored: bool,
        /// The test fails on the log too.
        still_fails: bool,
    },
}

/// Figures of a normalisation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Lowest and highest value.
    MinMax {
        /// Lowest.
        min: f64,
        /// Highest.
        max: f64,
    },
    /// Mean and sample standard deviation.
    ZScore {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        deviation: f64,
    },
    /// Number of values ranked.
    Rank {
        /// How many.
        count: usize,
    },
    /// Goalposts, and how many values lay beyond each.
    Goalposts {
        /// Lower goalpost.
        lower: f64,
        /// Upper goalpost.
        upper: f64,
        /// Values below the lower one.
        cut_low: usize,
        /// Values above the upper one.
        cut_high: usize,
    },
    /// The highest value, which all are divided by.
    Reference {
        /// The highest.
        best: f64,
    },
}
