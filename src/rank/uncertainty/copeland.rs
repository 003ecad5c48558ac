//! Copeland outranking of one group: pairs won less pairs lost, brought to 0–100.
//!
//! # References
//! Munda and Nardo, *Noncompensatory/nonlinear composite indicators for ranking countries*, Applied Economics 41(12), 2009;
//! Copeland, *A reasonable social welfare function*, 1951.

use super::evaluate::Scratch;
use super::model::{Model, Setting};
use std::cmp::Ordering;

/// Two sums of the same weights in another order may differ by rounding; below this they are equal.
const ROUNDING: f64 = 1e-12;

/// Sets the values of group `g`: 50 + 50 · (won − lost) / (others), where a pair is won by the greater weight of children that
/// are higher; children that one of the two lacks are not counted. Missing where a unit has no child at all.
pub(super) fn group(model: &Model, setting: &Setting<'_>, g: usize, scratch: &mut Scratch) {
    let n = model.units.len();
    let weights = columns(model, setting, g, scratch);
    let child = |c: usize, unit: usize| scratch.columns[c * n + unit];
    let taking_part: Vec<usize> = (0..n).filter(|u| (0..weights.len()).any(|c| !child(c, *u).is_nan())).collect();
    let mut won = vec![0_i32; n];
    for (i, a) in taking_part.iter().enumerate() {
        for b in &taking_part[i + 1..] {
            let (mut for_a, mut for_b) = (0.0, 0.0);
            for (c, w) in weights.iter().enumerate() {
                match child(c, *a).partial_cmp(&child(c, *b)) {
                    Some(Ordering::Greater) => for_a += w,
                    Some(Ordering::Less) => for_b += w,
                    Some(Ordering::Equal) | None => {}
                }
            }
            let outcome = i32::from(for_a > for_b + ROUNDING) - i32::from(for_b > for_a + ROUNDING);
            won[*a] += outcome;
            won[*b] -= outcome;
        }
    }
    (0..n).for_each(|u| model.set_group_value(g, u, f64::NAN, scratch));
    let others = taking_part.len().saturating_sub(1).max(1) as f64;
    for u in taking_part {
        model.set_group_value(g, u, 50.0 + 50.0 * f64::from(won[u]) / others, scratch);
    }
}

/// Copies the children that have a weight into the scratch, goalposts moved; their weights.
fn columns(model: &Model, setting: &Setting<'_>, g: usize, scratch: &mut Scratch) -> Vec<f64> {
    let leaves = model.tree.leaves.len();
    let mut columns = std::mem::take(&mut scratch.columns);
    columns.clear();
    let mut weights = Vec::new();
    for leaf in model.children[g].leaves.iter().copied().filter(|l| setting.weights[*l] > 0.0) {
        let values = model.variants[setting.variant].leaf(leaf).iter();
        match setting.shifts {
            Some(shifts) => columns.extend(values.map(|v| shifts[leaf].apply(*v))),
            None => columns.extend(values),
        }
        weights.push(setting.weights[leaf]);
    }
    for child in model.children[g].groups.iter().copied().filter(|c| setting.weights[leaves + c] > 0.0) {
        columns.extend(model.group_values(child, scratch));
        weights.push(setting.weights[leaves + child]);
    }
    scratch.columns = columns;
    weights
}
