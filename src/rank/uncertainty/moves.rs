//! How much each indicator moves each unit's score: the derivative of the index by the normalised value, where nothing is varied.
//!
//! In a tree of arithmetic means it is the effective weight: the product of the weights on the way up, each shared out again
//! where siblings are missing. A geometric mean G gives a child of value v and weight w the factor w G / v, a harmonic mean H the
//! factor w H² / v²; a value at or under the floor has none. Copeland outranking has no derivative.

use super::evaluate::{FLOOR, Scratch};
use super::model::Model;
use crate::config::method_words::Aggregation;
use crate::error::{Error, Location, Result};

/// Points of index a point of an indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Moves {
    units: usize,
    values: Vec<f64>,
}

impl Moves {
    /// For a unit (by its place in [`Model::units`]) and a leaf; NaN where the value is missing. Times points a unit of measure
    /// (100 / (max − min), say) it is points of index a unit of measure.
    pub fn of(&self, unit: usize, leaf: usize) -> f64 {
        self.values[leaf * self.units + unit]
    }

    /// The leaves that move a unit most, strongest first, equal ones by number; missing values are left out.
    pub fn strongest(&self, unit: usize) -> Vec<(usize, f64)> {
        let leaves = self.values.len() / self.units;
        let mut all: Vec<(usize, f64)> = (0..leaves).map(|l| (l, self.of(unit, l))).filter(|(_, d)| !d.is_nan()).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all
    }
}

/// The derivatives of all units' nominal scores.
///
/// # Errors
/// Usage, where a group is put together by Copeland outranking.
pub fn moves(model: &Model) -> Result<Moves> {
    let nominal = model.nominal();
    if let Some(g) = nominal.aggregations.iter().position(|a| *a == Aggregation::Copeland) {
        let next = "ask for what moves a unit with a mean";
        let error = Error::usage("Copeland outranking has no derivative", next);
        return Err(error.at(Location::default().field(model.tree.groups[g].key.as_str())));
    }
    let (n, leaves, groups) = (model.units.len(), model.tree.leaves.len(), model.tree.groups.len());
    let mut scratch = Scratch::new(model);
    model.evaluate_setting(&nominal, &mut scratch);
    let mut values = vec![f64::NAN; n * leaves];
    let mut slopes = vec![0.0; groups];
    for unit in 0..n {
        let group_value = |g: usize| model.group_values(g, &scratch)[unit];
        slopes[groups - 1] = 1.0;
        for g in (0..groups).rev() {
            let (way, slope, children) = (nominal.aggregations[g], slopes[g], &model.children[g]);
            let below = children.leaves.iter().map(|l| (model.value(0, *l, unit), nominal.weights[*l]));
            let beside = children.groups.iter().map(|c| (group_value(*c), nominal.weights[leaves + c]));
            let here: f64 = below.chain(beside).filter(|(v, _)| !v.is_nan()).map(|(_, w)| w).sum();
            let of = |v: f64, w: f64| if v.is_nan() { f64::NAN } else { slope * factor(way, group_value(g), v, w / here) };
            for l in &children.leaves {
                values[l * n + unit] = of(model.value(0, *l, unit), nominal.weights[*l]);
            }
            children.groups.iter().for_each(|c| slopes[*c] = of(group_value(*c), nominal.weights[leaves + c]));
        }
    }
    Ok(Moves { units: n, values })
}

/// Derivative of a mean by one child.
fn factor(way: Aggregation, mean: f64, v: f64, share: f64) -> f64 {
    match way {
        _ if share == 0.0 => 0.0,
        Aggregation::Arithmetic | Aggregation::Copeland => share,
        _ if v <= FLOOR => 0.0,
        Aggregation::Geometric => share * mean / v,
        Aggregation::Harmonic => share * (mean / v).powi(2),
    }
}
