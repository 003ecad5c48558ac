//! The ranking as a function of a draw: a tree, the grid of normalised columns, the factors, and the rule for ties. Checked once.

use super::factor::{Factor, FactorKind, by_probability, even};
use super::{check, replicates};
use crate::config::method_words::Aggregation;
use crate::error::{Error, Result};
use crate::rank::composite::{Lacking, Tree};

/// Most units that can be ranked: places are kept in 16 bits.
pub const MAX_UNITS: usize = 65_535;

/// Most comparisons (pairs of units times children) of Copeland outranking in one group and draw; above it a run would take hours.
pub const MAX_COPELAND_STEPS: u64 = 5_000_000;

/// One way the columns could have come out, on the 0–100 scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Column by column in the order of the tree's leaves, all units in each; NaN where missing.
    pub columns: Vec<f64>,
    /// Whether it was normalised between two ends (min–max, goalposts), so that a goalposts factor moves it; then all values
    /// are between 0 and 100.
    pub bounded: bool,
}

/// What a unit that lacks a value is scored with under a variant, in place of leaving the weight to its other children.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StandIn {
    /// Which end, and whether beyond it.
    pub lacking: Lacking,
    /// Lowest and highest score of the scale.
    pub scale: (f64, f64),
}

/// How many sets of weights and of goalposts are drawn before, and from what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replicates {
    /// Sets; as many as draws is plenty.
    pub count: u32,
    /// Seed.
    pub seed: u64,
}

/// What a [`Model`] is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelParts {
    /// Indicators, groups, nominal weights; a group without a way of aggregation is put together by the arithmetic mean.
    pub tree: Tree,
    /// Number of units.
    pub units: usize,
    /// One a combination of levels of the choice factors, in their order, the last one running fastest; the first is nominal.
    pub variants: Vec<Variant>,
    /// The factors; a draw has one number for each, in this order.
    pub factors: Vec<Factor>,
    /// All units, those that win ties first.
    pub ties: Vec<usize>,
    /// Whether each unit takes part.
    pub rankable: Vec<bool>,
    /// Sets of weights and goalposts.
    pub replicates: Replicates,
}

/// Moves a column whose goalposts were moved: `scale · v + offset`, cut to 0..100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColumnShift {
    /// Factor.
    pub scale: f64,
    /// Points.
    pub offset: f64,
}

impl ColumnShift {
    /// Lower end moved by `lower` and upper end by `upper`, both as shares of the range.
    pub fn of_goalposts(lower: f64, upper: f64) -> Self {
        let scale = 1.0 / (1.0 + upper - lower);
        Self { scale, offset: -100.0 * lower * scale }
    }

    /// The moved value; NaN stays NaN.
    #[inline(always)]
    pub fn apply(self, v: f64) -> f64 {
        let x = self.scale * v + self.offset;
        let x = if x < 0.0 { 0.0 } else { x };
        if x > 100.0 { 100.0 } else { x }
    }
}

/// What a draw stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting<'m> {
    /// Which variant.
    pub variant: usize,
    /// Weights, those of siblings adding up to 1: leaves first, then groups.
    pub weights: &'m [f64],
    /// Moved goalposts, one a leaf; none where the variant has none or no factor moves them.
    pub shifts: Option<&'m [ColumnShift]>,
    /// How each group is put together.
    pub aggregations: &'m [Aggregation],
}

/// The children of a group.
#[derive(Clone, Debug, Default)]
pub(super) struct Children {
    pub(super) leaves: Vec<usize>,
    pub(super) groups: Vec<usize>,
}

/// Columns of the units that take part.
#[derive(Clone, Debug)]
pub(super) struct UnitColumns {
    values: Vec<f64>,
    whole: Vec<bool>,
    bounded: bool,
    units: usize,
}

impl UnitColumns {
    fn of(variant: &Variant, all: usize, leaves: usize, units: &[usize]) -> Self {
        let mut values = Vec::with_capacity(leaves * units.len());
        (0..leaves).for_each(|leaf| values.extend(units.iter().map(|u| variant.columns[leaf * all + u])));
        let whole = values.chunks(units.len().max(1)).map(|column| column.iter().all(|v| !v.is_nan())).collect();
        Self { values, whole, bounded: variant.bounded, units: units.len() }
    }

    /// One column.
    pub(super) fn leaf(&self, leaf: usize) -> &[f64] {
        &self.values[leaf * self.units..(leaf + 1) * self.units]
    }

    /// Whether a column has no missing value.
    pub(super) fn is_whole(&self, leaf: usize) -> bool {
        self.whole[leaf]
    }
}

/// A ranking as a function of a draw.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) tree: Tree,
    pub(super) children: Vec<Children>,
    pub(super) factors: Vec<Factor>,
    pub(super) all_units: usize,
    pub(super) units: Vec<usize>,
    pub(super) variants: Vec<UnitColumns>,
    /// By variant; empty where a missing value leaves its weight to the others.
    pub(super) stand_ins: Vec<StandIn>,
    pub(super) nominal_weights: Vec<f64>,
    weights: Vec<Vec<f64>>,
    shifts: Vec<Vec<ColumnShift>>,
    aggregations: Vec<Vec<Aggregation>>,
    pub(super) tie_order: Vec<u16>,
    pub(super) tie_place: Vec<u16>,
}

impl Model {
    /// Checks the parts and draws the sets of weights and goalposts.
    ///
    /// # Errors
    /// Usage or input, naming the part: a tree that does not hold together, columns of the wrong length, values that are not on
    /// the scale, a grid that does not fit the choice factors, a rankable unit without any value, too many units, or Copeland
    /// outranking over too many pairs.
    pub fn new(parts: ModelParts) -> Result<Self> {
        Self::with_stand_ins(parts, Vec::new())
    }

    /// The same where something stands in for what is missing, by variant.
    ///
    /// # Errors
    /// As [`Model::new`].
    pub fn with_stand_ins(parts: ModelParts, stand_ins: Vec<StandIn>) -> Result<Self> {
        check::tree(&parts.tree)?;
        check::factors(&parts)?;
        check::units(&parts)?;
        check::variants(&parts)?;
        let ModelParts { tree, units: all_units, variants, factors, ties, rankable, replicates } = parts;
        let units: Vec<usize> = (0..all_units).filter(|u| rankable[*u]).collect();
        let mut children = vec![Children::default(); tree.groups.len()];
        tree.leaves.iter().enumerate().for_each(|(i, l)| children[l.parent].leaves.push(i));
        tree.groups.iter().enumerate().for_each(|(g, d)| d.parent.iter().for_each(|p| children[*p].groups.push(g)));
        let (tie_order, tie_place) = ties_among(&ties, &units);
        let mut model = Self {
            variants: variants.iter().map(|v| UnitColumns::of(v, all_units, tree.leaves.len(), &units)).collect(),
            nominal_weights: replicates::normalised(&tree, replicates::given(&tree)),
            stand_ins,
            weights: Vec::new(),
            shifts: Vec::new(),
            aggregations: vec![tree.groups.iter().map(|g| g.aggregate.unwrap_or(Aggregation::Arithmetic)).collect()],
            tree,
            children,
            factors,
            all_units,
            units,
            tie_order,
            tie_place,
        };
        model.draw_sets(replicates);
        check::copeland(&model, &model.aggregations)?;
        if model.stand_ins.is_empty() {
            check::valued(&model)?;
        }
        Ok(model)
    }

    fn draw_sets(&mut self, replicates: Replicates) {
        for factor in &self.factors {
            match &factor.kind {
                FactorKind::Weights { spread } => self.weights = replicates::weights(&self.tree, *spread, replicates),
                FactorKind::Goalposts { spread } => {
                    self.shifts = replicates::goalposts(self.tree.leaves.len(), *spread, replicates);
                }
                FactorKind::Aggregation { levels, scope } => {
                    self.aggregations = check::aggregations(&self.tree, levels, *scope);
                }
                FactorKind::Choice { .. } => {}
            }
        }
    }

    /// Number of factors: the length of a draw.
    pub fn dimensions(&self) -> usize {
        self.factors.len()
    }

    /// The factors.
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// The units that take part, by number, ascending; scores and ranks come in this order.
    pub fn units(&self) -> &[usize] {
        &self.units
    }

    /// Nothing moved: the first variant, weights as given, goalposts where they are, the first way of aggregation.
    pub fn nominal(&self) -> Setting<'_> {
        Setting { variant: 0, weights: &self.nominal_weights, shifts: None, aggregations: &self.aggregations[0] }
    }

    /// What a draw stands for; numbers beyond [`Model::dimensions`] are not looked at, and a factor without one is nominal.
    pub fn setting(&self, draw: &[f64]) -> Setting<'_> {
        let mut setting = self.nominal();
        for (factor, u) in self.factors.iter().zip(draw) {
            match &factor.kind {
                FactorKind::Weights { .. } => {
                    setting.weights = &self.weights[even(*u, self.weights.len())];
                }
                FactorKind::Goalposts { .. } => setting.shifts = Some(&self.shifts[even(*u, self.shifts.len())]),
                FactorKind::Choice { levels, probabilities } => {
                    setting.variant = setting.variant * levels.len() + by_probability(*u, probabilities);
                }
                FactorKind::Aggregation { levels, .. } => setting.aggregations = &self.aggregations[even(*u, levels.len())],
            }
        }
        setting.shifts = setting.shifts.filter(|_| self.variants[setting.variant].bounded);
        setting
    }

    /// Place of a unit in [`Model::units`].
    pub(super) fn place_of(&self, unit: usize) -> Result<usize> {
        let next = "give the number of a unit that is ranked";
        self.units.binary_search(&unit).map_err(|_| Error::usage(format!("unit {unit} does not take part in the ranking"), next))
    }
}

/// The tie rule among the units that take part: their order, and the place of each in it.
fn ties_among(ties: &[usize], units: &[usize]) -> (Vec<u16>, Vec<u16>) {
    let order: Vec<u16> = ties.iter().filter_map(|u| units.binary_search(u).ok()).map(|u| u as u16).collect();
    let mut place = vec![0; units.len()];
    order.iter().enumerate().for_each(|(i, u)| place[usize::from(*u)] = i as u16);
    (order, place)
}
