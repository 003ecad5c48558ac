//! Builds a composite index and keeps what is needed to explain it: columns at each stage, weights, and the log.

use super::aggregate::{WeightedChild, copeland_of, mean, parts};
use super::check::{check, check_method, wrong};
use super::log::StepLog;
use super::method::{Lacking, Method};
use super::spec::{Step, Tree};
use super::table::UnitTable;
use super::tree::{Child, Shares};
use super::work::MethodWork;
use crate::config::method_words::Aggregation;
use crate::error::{Error, Result};
use std::collections::BTreeMap;

/// A composite index as built. Units stand in the order of the table, leaves and groups in that of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Composite {
    /// The tree it was built from.
    pub tree: Tree,
    /// The method it was built by.
    pub method: Method,
    /// Codes of the units.
    pub codes: Vec<String>,
    /// Values by leaf and unit as they stood before they were normalised: divided, filled, treated. None for leaves of weight 0.
    pub treated: Vec<Vec<Option<f64>>>,
    /// Normalised values by leaf and unit.
    pub normalised: Vec<Vec<Option<f64>>>,
    /// Values by group and unit; the last is the index.
    pub groups: Vec<Vec<Option<f64>>>,
    /// Weight of each leaf in the whole index: the product of the weights up the tree. They add up to 1.
    pub effective: Vec<f64>,
    /// What each step did.
    pub log: Vec<StepLog>,
    /// Units that are not ranked, by number, and why.
    pub not_ranked: BTreeMap<usize, String>,
    shares: Shares,
    order: Vec<usize>,
}

/// How points of leaves are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// They add up to the index (to rounding, 1e-9): every group is an arithmetic mean.
    AddUp,
    /// Each is the index less what it would be if this unit alone lacked the value; they need not add up.
    WithoutValue,
}

/// What each leaf gives to the index of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    /// How to read them.
    pub kind: Points,
    /// Points of the index by leaf; none where the unit has no value, or nothing would be left without it.
    pub points: Vec<Option<f64>>,
}

/// Builds the index of a table by a tree and a method.
///
/// # Complexity
/// O(units × leaves × log units); Copeland groups take units² × children.
///
/// # Errors
/// Usage, for a tree, method or indicator that cannot be used; input, for a value that cannot. Both name the place and what to do.
///
/// # References
/// OECD/JRC, *Handbook on Constructing Composite Indicators*, 2008; Becker et al., *COINr*, JOSS 7(78), 4567, 2022.
pub fn build(table: &UnitTable, tree: &Tree, method: &Method) -> Result<Composite> {
    check(table, tree)?;
    check_method(tree, method)?;
    let mut work = MethodWork::start(table, tree, method);
    let stands_in = method.steady && method.lacking != Lacking::Carry;
    if !stands_in
        && let Some(leaf) =
            work.counted().into_iter().find(|i| work.leaves[*i].iter().all(Option::is_none)).map(|i| &tree.leaves[i])
    {
        return Err(wrong(&leaf.key, format!("no unit has a value of \"{}\"", leaf.key), "give it the weight 0, or drop it"));
    }
    let log = method.steps.iter().map(|step| work.step(*step)).collect::<Result<Vec<_>>>()?;
    let Some(summed) = work.summed else { return Err(Error::internal("an index was built without being aggregated")) };
    Ok(Composite {
        tree: tree.clone(),
        method: method.clone(),
        codes: table.codes.clone(),
        treated: work.treated,
        normalised: work.leaves,
        groups: summed.groups,
        effective: tree.effective(&summed.shares),
        log,
        not_ranked: work.not_ranked,
        shares: summed.shares,
        order: work.order,
    })
}

impl Composite {
    /// The index by unit.
    pub fn index(&self) -> &[Option<f64>] {
        self.groups.last().map_or(&[], Vec::as_slice)
    }

    /// Weight of a leaf or group among its siblings, as used; none for a name that is not in the tree or for the index.
    pub fn weight(&self, key: &str) -> Option<f64> {
        self.children().flatten().find(|c| self.tree.key(*c) == key).map(|c| self.shares.of(c))
    }

    fn children(&self) -> impl Iterator<Item = Vec<Child>> {
        self.tree.children().into_iter()
    }

    /// How the groups that do not say are put together.
    fn default_how(&self) -> Aggregation {
        let how = |s: &Step| if let Step::Aggregate(how) = s { Some(*how) } else { None };
        self.method.steps.iter().find_map(how).unwrap_or(Aggregation::Arithmetic)
    }

    /// What each leaf gives to the index of a unit. Where every group is an arithmetic mean, value × weight, which adds up to the
    /// index; else the index less what it would be if this unit alone lacked the value.
    pub fn contributions(&self, unit: usize) -> Contributions {
        let counted = self.tree.counted_groups();
        let how = |g: usize| self.tree.groups[g].aggregate.unwrap_or(self.default_how());
        if (0..counted.len()).all(|g| !counted[g] || how(g) == Aggregation::Arithmetic) {
            return Contributions { kind: Points::AddUp, points: self.adding_up(unit) };
        }
        let Some(index) = self.index().get(unit).copied().flatten() else {
            return Contributions { kind: Points::WithoutValue, points: vec![None; self.tree.leaves.len()] };
        };
        let children: Vec<Vec<Child>> = self.children().collect();
        let without = |i: usize| self.normalised[i][unit].and(self.index_without(unit, i, &children)).map(|v| index - v);
        let points = self.tree.counted().iter().enumerate().map(|(i, c)| if *c { without(i) } else { None }).collect();
        Contributions { kind: Points::WithoutValue, points }
    }

    fn adding_up(&self, unit: usize) -> Vec<Option<f64>> {
        let mut points = vec![None; self.tree.leaves.len()];
        let mut share = vec![0.0; self.groups.len()];
        if let Some(top) = share.last_mut() {
            *top = 1.0;
        }
        for (g, children) in self.children().collect::<Vec<_>>().into_iter().enumerate().rev() {
            let parts: Vec<WeightedChild> = parts(&children, &self.shares, &self.normalised, &self.groups);
            let present = || parts.iter().filter_map(|p| p.values[unit].map(|v| (p, v)));
            let whole: f64 = present().map(|(p, _)| p.weight).sum();
            for (part, value) in present() {
                let mine = share[g] * part.weight / whole;
                match part.child {
                    Child::Leaf(i) if mine > 0.0 => points[i] = Some(mine * value),
                    Child::Leaf(_) => {}
                    Child::Group(c) => share[c] = mine,
                }
            }
        }
        points
    }

    /// The index of a unit if it alone lacked the value of a leaf.
    fn index_without(&self, unit: usize, leaf: usize, children: &[Vec<Child>]) -> Option<f64> {
        let (mut gone, mut instead) = (Child::Leaf(leaf), None);
        let mut group = Some(self.tree.leaves[leaf].parent);
        while let Some(g) = group {
            let parts = parts(&children[g], &self.shares, &self.normalised, &self.groups);
            let mine: Vec<Option<f64>> = parts.iter().map(|p| if p.child == gone { instead } else { p.values[unit] }).collect();
            let how = self.tree.groups[g].aggregate.unwrap_or(self.default_how());
            instead = match how {
                Aggregation::Copeland => copeland_of(&parts, &mine, &self.order, self.method.scale, unit),
                _ => mean(how, parts.iter().map(|p| p.weight).zip(mine)),
            };
            gone = Child::Group(g);
            group = self.tree.groups[g].parent;
        }
        instead
    }
}
