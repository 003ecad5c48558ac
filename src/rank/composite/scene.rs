//! Small trees and tables for the tests of this folder.

use super::spec::{Group, Leaf, Tree};
use super::table::{UnitTable, ValueColumn};
use crate::config::method_words::{Aggregation, Direction};

/// A tree of leaves (key, group, weight) and groups (key, weight) under one index.
pub fn tree(leaves: &[(&str, &str, f64)], groups: &[(&str, f64)]) -> Tree {
    let leaf = |(key, group, weight): &(&str, &str, f64)| Leaf {
        key: (*key).to_owned(),
        parent: groups.iter().position(|(g, _)| g == group).unwrap_or(groups.len()),
        weight: *weight,
        direction: Direction::HigherIsWorse,
        denominator: None,
        goalposts: None,
    };
    let group = |(key, weight): &(&str, f64)| Group {
        key: (*key).to_owned(),
        parent: Some(groups.len()),
        weight: *weight,
        aggregate: None,
    };
    let index = Group { key: "index".to_owned(), parent: None, weight: 1.0, aggregate: None };
    Tree { leaves: leaves.iter().map(leaf).collect(), groups: groups.iter().map(group).chain([index]).collect() }
}

/// A table of columns (key, values); NaN stands for a missing value. Units are u0, u1, …, of no group.
pub fn table(columns: &[(&str, &[f64])]) -> UnitTable {
    let n = columns.first().map_or(0, |c| c.1.len());
    let column = |(key, values): &(&str, &[f64])| ValueColumn {
        key: (*key).to_owned(),
        unit: String::new(),
        values: values.iter().map(|v| (!v.is_nan()).then_some(*v)).collect(),
        extra: false,
    };
    UnitTable {
        codes: (0..n).map(|i| format!("u{i}")).collect(),
        groups: vec![None; n],
        columns: columns.iter().map(column).collect(),
    }
}

/// The index as each way of putting together.
pub const ALL: [Aggregation; 4] = [Aggregation::Arithmetic, Aggregation::Geometric, Aggregation::Harmonic, Aggregation::Copeland];
