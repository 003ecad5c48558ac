//! A composite index from a table of values, with every choice of method named: it knows units, columns and weights, and
//! nothing of roads or counties.
//!
//! # References
//! OECD/JRC, *Handbook on Constructing Composite Indicators*, 2008; Becker et al., *COINr*, JOSS 7(78), 4567, 2022.

mod aggregate;
mod build;
mod check;
mod fill;
mod jacobi;
mod log;
mod method;
mod normalise;
mod pca;
mod ranks;
#[cfg(test)]
mod scene;
mod spec;
mod stats;
mod table;
#[cfg(test)]
mod tests;
mod treat;
mod tree;
mod usable;
mod work;

pub use crate::config::method_words::{Aggregation, Direction, Normalisation, Weighting};
pub use build::{Composite, Contributions, Points, build};
pub use check::check;
pub use log::{Change, Scale, StepLog, Treatment};
pub use method::{Lacking, Method};
pub use ranks::{RankPlace, ranks, six};
pub use spec::{Group, Imputation, Leaf, Step, Tree};
pub use table::{UnitTable, ValueColumn};
pub use usable::{Problem, usable};
