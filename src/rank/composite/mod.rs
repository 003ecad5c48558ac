//! A composite index from a table of values, with every choice of method named: it knows units, columns and weights, and
//! nothing of roads or counties.
//!
//! # References
//! OECD/JRC, *Handbook on Constructing Composite Indicators*, 2008; Becker et al., *COINr*, JOSS 7(78), 4567, 2022.

mod spec;

pub use spec::{Aggregation, Direction, Group, Imputation, Leaf, Normalisation, Step, Tree, Weighting};
