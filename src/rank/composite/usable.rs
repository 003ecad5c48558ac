//! Which indicators cannot be used as they are, for a caller that would rather leave them out than stop.

use super::check::not_finite;
use super::spec::Tree;
use super::stats;
use super::table::UnitTable;
use std::fmt;

/// Why an indicator cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// The table has no such column (the indicator's or its denominator's).
    NoColumn(String),
    /// No unit has a value (or none with a denominator above 0).
    AllMissing,
    /// All units have the same value, which cannot tell them apart.
    Constant(f64),
    /// A value is infinite or not a number.
    NotFinite {
        /// Code of the unit.
        unit: String,
        /// The column.
        column: String,
    },
    /// A denominator is negative.
    NegativeDenominator {
        /// Code of the unit.
        unit: String,
        /// The column.
        column: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoColumn(column) => write!(f, "the table has no column \"{column}\""),
            Self::AllMissing => f.write_str("no unit has a value"),
            Self::Constant(value) => write!(f, "it is {value} in every unit and cannot tell them apart"),
            Self::NotFinite { unit, column } => write!(f, "\"{column}\" of unit \"{unit}\" is not a number"),
            Self::NegativeDenominator { unit, column } => {
                write!(f, "the denominator \"{column}\" of unit \"{unit}\" is negative")
            }
        }
    }
}

/// Leaves that cannot be used as they are, by number, with the reason; for a caller that would rather leave them out (weight 0)
/// than stop. The values are looked at after the denominators and before anything else.
pub fn usable(table: &UnitTable, tree: &Tree) -> Vec<(usize, Problem)> {
    tree.leaves
        .iter()
        .enumerate()
        .filter_map(|(i, leaf)| problem(table, &leaf.key, leaf.denominator.as_deref()).map(|p| (i, p)))
        .collect()
}

fn problem(table: &UnitTable, key: &str, by: Option<&str>) -> Option<Problem> {
    let names = || [Some(key), by].into_iter().flatten();
    if let Some(missing) = names().find(|k| table.column(k).is_none()) {
        return Some(Problem::NoColumn(missing.to_owned()));
    }
    if let Some((column, (unit, _))) = names().find_map(|k| not_finite(table, k).map(|bad| (k, bad))) {
        return Some(Problem::NotFinite { unit: unit.to_owned(), column: column.to_owned() });
    }
    let mut values: Vec<Option<f64>> = table.column(key)?.values.clone();
    if let Some(column) = by.and_then(|k| table.column(k)) {
        for (u, value) in values.iter_mut().enumerate() {
            match column.values.get(u).copied().flatten() {
                Some(d) if d < 0.0 => {
                    return Some(Problem::NegativeDenominator { unit: table.codes.get(u)?.clone(), column: column.key.clone() });
                }
                Some(d) if d > 0.0 => *value = value.map(|v| v / d),
                _ => *value = None,
            }
        }
    }
    let present: Vec<f64> = values.into_iter().flatten().collect();
    let first = present.first().copied();
    match first {
        None => Some(Problem::AllMissing),
        Some(value) => stats::is_constant(&present).then_some(Problem::Constant(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::composite::scene::{table, tree};

    #[test]
    fn what_cannot_be_used_is_told_and_a_leaf_of_weight_nought_does_not_matter() {
        let nan = f64::NAN;
        let values =
            table(&[("a", &[1.0, 1.0]), ("b", &[nan, nan]), ("c", &[1.0, 2.0]), ("d", &[0.0, -1.0]), ("e", &[0.0, nan])]);
        let mut tree =
            tree(&[("a", "g", 1.0), ("b", "g", 1.0), ("c", "g", 1.0), ("x", "g", 1.0), ("a2", "g", 1.0)], &[("g", 1.0)]);
        tree.leaves[4].key = "d".to_owned();
        assert_eq!(
            usable(&values, &tree),
            [(0, Problem::Constant(1.0)), (1, Problem::AllMissing), (3, Problem::NoColumn("x".to_owned()))]
        );
        tree.leaves[2].denominator = Some("d".to_owned());
        let negative = Problem::NegativeDenominator { unit: "u1".to_owned(), column: "d".to_owned() };
        assert!(usable(&values, &tree).contains(&(2, negative)));
        // 1/0 and 2/missing: nothing left
        tree.leaves[2].denominator = Some("e".to_owned());
        assert!(usable(&values, &tree).contains(&(2, Problem::AllMissing)));
    }
}
