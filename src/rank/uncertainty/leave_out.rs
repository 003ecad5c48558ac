//! What the ranking would be without one indicator or one group, its weight left to its siblings.

use super::evaluate::Scratch;
use super::lines::{CheckedLine, Lines};
use super::model::{Model, Setting};
use super::place::number;
use crate::error::Result;
use rayon::prelude::*;

/// A part of the index below the index itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexPart {
    /// An indicator, by number in the tree's leaves.
    Leaf(usize),
    /// A group, by number in the tree's groups.
    Group(usize),
}

/// What leaving one part out does, against the nominal ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// The part.
    pub element: IndexPart,
    /// Its name.
    pub key: String,
    /// Mean absolute rank change over units, places.
    pub mean_change: f64,
    /// Largest absolute rank change, places.
    pub max_change: u16,
    /// Units that have no score without it; they are last, in the order for ties.
    pub without_score: Vec<usize>,
    /// One a line.
    pub crossings: Vec<CrossedLine>,
}

/// Units that cross a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossedLine {
    /// Name of the line.
    pub line: String,
    /// Units that come above it, by number.
    pub enter: Vec<usize>,
    /// Units that fall below it, by number.
    pub leave: Vec<usize>,
}

/// Leaves out each indicator in turn, then each group but the index.
///
/// # Errors
/// Usage, for a line that does not fit the model.
pub fn leave_out(model: &Model, lines: &Lines) -> Result<Vec<LeftOut>> {
    let cuts = lines.checked(model)?;
    let mut order = Vec::new();
    model.order_into(&model.nominal(), &mut Scratch::new(model), &mut order);
    let mut ranks = vec![0; order.len()];
    number(&order, &mut ranks);
    let above: Vec<Vec<bool>> = cuts.iter().map(|c| c.above(&order)).collect();
    let nominal = Nominal { ranks, above, cuts, lines };
    let parts = (0..model.tree.leaves.len()).map(IndexPart::Leaf);
    let groups = (0..model.tree.groups.len() - 1).map(IndexPart::Group);
    let elements: Vec<IndexPart> = parts.chain(groups).collect();
    Ok(elements.into_par_iter().map_init(|| Scratch::new(model), |scratch, e| nominal.without(model, e, scratch)).collect())
}

struct Nominal<'l> {
    ranks: Vec<u16>,
    above: Vec<Vec<bool>>,
    cuts: Vec<CheckedLine>,
    lines: &'l Lines,
}

impl Nominal<'_> {
    fn without(&self, model: &Model, element: IndexPart, scratch: &mut Scratch) -> LeftOut {
        let mut weights = model.nominal_weights.clone();
        let (number_of, key) = match element {
            IndexPart::Leaf(l) => (l, &model.tree.leaves[l].key),
            IndexPart::Group(g) => (model.tree.leaves.len() + g, &model.tree.groups[g].key),
        };
        weights[number_of] = 0.0;
        let setting = Setting { weights: &weights, ..model.nominal() };
        let mut order = Vec::new();
        model.order_into(&setting, scratch, &mut order);
        let scores = model.group_values(model.tree.groups.len() - 1, scratch);
        let without_score = scores.iter().zip(&model.units).filter(|(s, _)| s.is_nan()).map(|(_, u)| *u).collect();
        let mut ranks = vec![0; order.len()];
        number(&order, &mut ranks);
        let changes = || ranks.iter().zip(&self.ranks).map(|(a, b)| a.abs_diff(*b));
        LeftOut {
            element,
            key: key.clone(),
            mean_change: changes().map(u64::from).sum::<u64>() as f64 / ranks.len() as f64,
            max_change: changes().max().unwrap_or(0),
            without_score,
            crossings: (0..self.cuts.len()).map(|line| self.crossing(model, line, &order)).collect(),
        }
    }

    fn crossing(&self, model: &Model, line: usize, order: &[u16]) -> CrossedLine {
        let (before, now) = (&self.above[line], self.cuts[line].above(order));
        let which = |was: bool, is: bool| {
            let there = |i: &usize| before[*i] == was && now[*i] == is;
            (0..now.len()).filter(there).map(|i| model.units[i]).collect()
        };
        CrossedLine { line: self.lines.lines[line].key.clone(), enter: which(false, true), leave: which(true, false) }
    }
}
