//! What a composite index is made of: a tree of indicators, groups (pillars) and the index, and the choices of method.
//!
//! Plain data with names; nothing is matched by position. What is done with it is in the other files of this folder.

use crate::config::method_words::{Aggregation, Direction, Normalisation};
use serde::{Deserialize, Serialize};

/// An indicator: a leaf of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Its name; also the name of its column.
    pub key: String,
    /// The group it belongs to, by number in [`Tree::groups`].
    pub parent: usize,
    /// Weight among the children of its parent, 0 or more, not yet made to add up to 1.
    pub weight: f64,
    /// Which way it moves the index.
    pub direction: Direction,
    /// Name of the column it is divided by before anything else.
    pub denominator: Option<String>,
    /// Lower and upper goalpost, in its own unit after the denominator; used where the method normalises by goalposts.
    pub goalposts: Option<(f64, f64)>,
}

/// A group of indicators or groups; the last one is the index itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub key: String,
    /// The group it belongs to; none for the index.
    pub parent: Option<usize>,
    /// Weight among the children of its parent.
    pub weight: f64,
    /// How its children are put together; the method's way where not given.
    pub aggregate: Option<Aggregation>,
}

/// Indicators and groups. Groups come before their parents, and the index is the last.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Tree {
    /// The leaves.
    pub leaves: Vec<Leaf>,
    /// The groups, children before parents.
    pub groups: Vec<Group>,
}

/// What is done about a value that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Imputation {
    /// It stays missing; the other children of its group carry the weight.
    None,
    /// Mean of the unit's group (province), of all where the group has none.
    GroupMean,
    /// Median of the unit's group, of all where the group has none.
    GroupMedian,
    /// The value of the unit's group that raises the index least, of all where the group has none.
    GroupLeast,
}

/// One step of the method; the order in which steps stand is the order in which they are done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Divides by denominators.
    Denominate,
    /// Fills what is missing.
    Impute(Imputation),
    /// Leaves out units with a smaller share of values than this.
    Screen(f64),
    /// Treats outliers: where |skew| and kurtosis are at least these, up to so many values are Winsorised, else the log is taken.
    Treat {
        /// Least absolute skew (sample definition, type 2).
        skew: f64,
        /// Least kurtosis (excess, sample definition, type 2).
        kurtosis: f64,
        /// Most values to Winsorise.
        winsorise: usize,
    },
    /// Brings all to one scale.
    Normalise(Normalisation),
    /// Puts the children of each group together, up to the index.
    Aggregate(Aggregation),
}
