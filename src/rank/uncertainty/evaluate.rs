//! Scores of all units under one setting, column by column.
//!
//! Every mean is a weighted mean of something: of values (arithmetic), of their logarithms (geometric) or of their reciprocals
//! (harmonic). A child that is missing leaves its weight to its siblings; a group without any child is missing itself.

use super::copeland;
use super::model::{ColumnShift, Model, Setting, StandIn, UnitColumns};
use crate::config::method_words::Aggregation;

/// Geometric and harmonic means take values below this as this, on the 0–100 scale: they have no meaning at 0, and one
/// indicator at its worst should not decide alone.
pub const FLOOR: f64 = 1.0;

/// Units worked on at a time; three such columns stay in the nearest cache.
const BLOCK: usize = 512;

/// Room for one evaluation at a time, used again for the next.
#[derive(Clone, Debug)]
pub struct Scratch {
    values: Vec<f64>,
    sum: Vec<f64>,
    weight: Vec<f64>,
    pub(super) columns: Vec<f64>,
    pub(super) keys: Vec<u64>,
}

impl Scratch {
    /// Room for a model.
    pub fn new(model: &Model) -> Self {
        let values = vec![f64::NAN; model.units.len() * model.tree.groups.len()];
        let keys = Vec::with_capacity(model.units.len());
        Self { values, sum: vec![0.0; BLOCK], weight: vec![0.0; BLOCK], columns: Vec::new(), keys }
    }
}

impl Model {
    /// Scores under a draw, in the order of [`Model::units`].
    ///
    /// # Complexity
    /// Units × leaves; Copeland groups take units² × children.
    #[cfg(test)]
    pub fn evaluate<'s>(&self, draw: &[f64], scratch: &'s mut Scratch) -> &'s [f64] {
        self.evaluate_setting(&self.setting(draw), scratch)
    }

    /// Scores under a setting. NaN where no child of the index has a value.
    pub fn evaluate_setting<'s>(&self, setting: &Setting<'_>, scratch: &'s mut Scratch) -> &'s [f64] {
        let n = self.units.len();
        for (g, way) in setting.aggregations.iter().enumerate() {
            match way {
                Aggregation::Copeland => copeland::group(self, setting, g, scratch),
                mean => (0..n).step_by(BLOCK).for_each(|start| self.mean(setting, g, *mean, start, scratch)),
            }
        }
        &scratch.values[(self.tree.groups.len() - 1) * n..]
    }

    /// One group for one block of units.
    fn mean(&self, setting: &Setting<'_>, g: usize, way: Aggregation, start: usize, scratch: &mut Scratch) {
        let (n, leaves) = (self.units.len(), self.tree.leaves.len());
        let end = (start + BLOCK).min(n);
        let columns = &self.variants[setting.variant];
        let (below, own) = scratch.values.split_at_mut(g * n);
        let lacking = self.stand_ins.get(setting.variant).and_then(|s| s.value(way));
        let (sum, weight) = (&mut scratch.sum[..end - start], &mut scratch.weight[..end - start]);
        let mut acc = Sums { sum, weight, shared: 0.0, lacking };
        acc.sum.fill(0.0);
        acc.weight.fill(0.0);
        for leaf in self.children[g].leaves.iter().copied().filter(|l| setting.weights[*l] > 0.0) {
            let shift = setting.shifts.map(|s| s[leaf]);
            acc.leaf(columns, leaf, start..end, setting.weights[leaf], shift, way);
        }
        for child in self.children[g].groups.iter().copied().filter(|c| setting.weights[leaves + c] > 0.0) {
            let values = &below[child * n + start..child * n + end];
            // what is missing in a group below has been stood in for there, and is not above 0 by chance
            let kept = !self.stand_ins.is_empty() && setting.aggregations[child] == way;
            match way {
                Aggregation::Geometric if kept => acc.add(values, setting.weights[leaves + child], false, f64::ln),
                Aggregation::Harmonic if kept => acc.add(values, setting.weights[leaves + child], false, |v| 1.0 / v),
                _ => acc.column(values, setting.weights[leaves + child], None, way, false),
            }
        }
        let shared = acc.shared;
        for ((out, sum), weight) in own[start..end].iter_mut().zip(acc.sum.iter()).zip(acc.weight.iter()) {
            let total = weight + shared;
            *out = if total > 0.0 { back(way, sum / total) } else { f64::NAN };
        }
    }

    /// The value of a group for all units, as left by the last evaluation.
    pub(super) fn group_values<'s>(&self, g: usize, scratch: &'s Scratch) -> &'s [f64] {
        &scratch.values[g * self.units.len()..(g + 1) * self.units.len()]
    }

    /// Sets the value of a group for a unit.
    pub(super) fn set_group_value(&self, g: usize, unit: usize, value: f64, scratch: &mut Scratch) {
        scratch.values[g * self.units.len() + unit] = value;
    }
}

/// Weighted sums of a block, the weights that were present, and the weight that all units share; and what a missing value adds, where
/// something stands in for it.
struct Sums<'s> {
    sum: &'s mut [f64],
    weight: &'s mut [f64],
    shared: f64,
    lacking: Option<f64>,
}

impl StandIn {
    /// What it adds to a mean of this kind: a value, its logarithm or its reciprocal.
    fn value(&self, way: Aggregation) -> Option<f64> {
        let (low, high) = self.scale;
        let low = if way == Aggregation::Arithmetic { low } else { floored(low) };
        let score = self.lacking.score(way, (low, high))?;
        Some(match way {
            Aggregation::Geometric => score.ln(),
            Aggregation::Harmonic => 1.0 / score,
            Aggregation::Arithmetic | Aggregation::Copeland => score,
        })
    }
}

impl Sums<'_> {
    fn leaf(
        &mut self,
        c: &UnitColumns,
        leaf: usize,
        range: std::ops::Range<usize>,
        w: f64,
        shift: Option<ColumnShift>,
        way: Aggregation,
    ) {
        self.column(&c.leaf(leaf)[range], w, shift, way, c.is_whole(leaf));
    }

    fn column(&mut self, values: &[f64], w: f64, shift: Option<ColumnShift>, way: Aggregation, whole: bool) {
        match (way, shift) {
            (Aggregation::Geometric, None) => self.add(values, w, whole, |v| floored(v).ln()),
            (Aggregation::Geometric, Some(s)) => self.add(values, w, whole, |v| floored(s.apply(v)).ln()),
            (Aggregation::Harmonic, None) => self.add(values, w, whole, |v| 1.0 / floored(v)),
            (Aggregation::Harmonic, Some(s)) => self.add(values, w, whole, |v| 1.0 / floored(s.apply(v))),
            (_, None) => self.add(values, w, whole, |v| v),
            (_, Some(s)) => self.add(values, w, whole, |v| s.apply(v)),
        }
    }

    /// The loop all time is spent in; without branches, so that it is done several units at a time.
    #[inline(always)]
    fn add(&mut self, values: &[f64], w: f64, whole: bool, f: impl Fn(f64) -> f64) {
        if whole {
            self.shared += w;
            for (sum, v) in self.sum.iter_mut().zip(values) {
                *sum += w * f(*v);
            }
            return;
        }
        let (lacking, lacking_weight) = self.lacking.map_or((0.0, 0.0), |v| (w * v, w));
        for ((sum, weight), v) in self.sum.iter_mut().zip(self.weight.iter_mut()).zip(values) {
            let here = !v.is_nan();
            let x = w * f(*v);
            *sum += if here { x } else { lacking };
            *weight += if here { w } else { lacking_weight };
        }
    }
}

/// The value geometric and harmonic means see; NaN stays NaN.
#[inline(always)]
pub(super) fn floored(v: f64) -> f64 {
    if v < FLOOR { FLOOR } else { v }
}

/// From the mean of what was averaged back to the 0–100 scale.
pub(super) fn back(way: Aggregation, mean: f64) -> f64 {
    match way {
        Aggregation::Geometric => mean.exp(),
        Aggregation::Harmonic => 1.0 / mean,
        Aggregation::Arithmetic | Aggregation::Copeland => mean,
    }
}
