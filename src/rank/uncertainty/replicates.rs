//! Sets of weights and goalposts drawn before any draw is made, so that each is one factor with a number for a level.

use super::model::{ColumnShift, Replicates};
use super::random::{Purpose, fill};
use crate::rank::composite::Tree;

/// Makes weights add up to 1 among siblings; siblings that weigh nothing stay so. Leaves first, then groups.
pub(super) fn normalised(tree: &Tree, mut weights: Vec<f64>) -> Vec<f64> {
    let leaves = tree.leaves.len();
    let mut sums = vec![0.0; tree.groups.len()];
    let parents: Vec<Option<usize>> =
        tree.leaves.iter().map(|l| Some(l.parent)).chain(tree.groups.iter().map(|g| g.parent)).collect();
    for (weight, parent) in weights.iter().zip(&parents) {
        parent.iter().for_each(|p| sums[*p] += weight);
    }
    for (weight, parent) in weights.iter_mut().zip(&parents) {
        parent.iter().filter(|p| sums[**p] > 0.0).for_each(|p| *weight /= sums[*p]);
    }
    debug_assert_eq!(weights.len(), leaves + tree.groups.len());
    weights
}

/// The weights as given, leaves first, then groups.
pub(super) fn given(tree: &Tree) -> Vec<f64> {
    tree.leaves.iter().map(|l| l.weight).chain(tree.groups.iter().map(|g| g.weight)).collect()
}

/// Each weight times 1 ± up to `spread`.
pub(super) fn weights(tree: &Tree, spread: f64, replicates: Replicates) -> Vec<Vec<f64>> {
    let nominal = given(tree);
    let mut u = vec![0.0; nominal.len()];
    (0..replicates.count)
        .map(|r| {
            fill(replicates.seed, Purpose::Replicates, 2 * u64::from(r), &mut u);
            normalised(tree, nominal.iter().zip(&u).map(|(w, u)| w * (1.0 + spread * (2.0 * u - 1.0))).collect())
        })
        .collect()
}

/// Goalposts moved by up to `spread` of the range, as a line for values that are already between 0 and 100: with ends moved by a
/// and b of the range, v becomes (v − 100 a) / (1 + b − a).
pub(super) fn goalposts(leaves: usize, spread: f64, replicates: Replicates) -> Vec<Vec<ColumnShift>> {
    let mut u = vec![0.0; 2 * leaves];
    (0..replicates.count)
        .map(|r| {
            fill(replicates.seed, Purpose::Replicates, 2 * u64::from(r) + 1, &mut u);
            let moved = u.chunks_exact(2).map(|u| [spread * (2.0 * u[0] - 1.0), spread * (2.0 * u[1] - 1.0)]);
            moved.map(|[a, b]| ColumnShift::of_goalposts(a, b)).collect()
        })
        .collect()
}
