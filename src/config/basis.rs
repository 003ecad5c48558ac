//! Figures of `[demand]`, each with where it comes from: the region file, a source, or an assumption.

use serde::Serialize;

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The region file says it.
    Given,
    /// A source says it.
    Source,
    /// Nobody says it: an assumption.
    Assumption,
}

impl Basis {
    /// Every one, the surest first.
    pub const ALL: [Self; 3] = [Self::Given, Self::Source, Self::Assumption];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Source => "source",
            Self::Assumption => "assumption",
        }
    }
}

/// A figure with where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The key of the region file that sets it.
    pub key: String,
    /// Its value.
    pub value: f64,
    /// Its unit, empty for a share.
    pub unit: &'static str,
    /// Where it comes from.
    pub basis: Basis,
    /// The source, or why it was assumed so; empty where it was given.
    pub source: &'static str,
}
