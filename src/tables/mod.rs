//! The tables and layers, one file each: columns and values.

pub mod causes;
pub mod common;
pub mod counterfactuals;
pub mod counties;
pub mod dictionary;
pub mod diff;
pub mod equity;
pub mod figures;
pub mod gaps;
pub mod layers;
pub mod people;
pub mod rank_sure;
pub mod rank_tables;
pub mod rank_why;
pub mod round_layers;
pub mod round_tables;
pub mod trust;
