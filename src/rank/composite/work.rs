//! An index in the making: the columns as they stand after the steps done so far, and the log of the step at hand.

use super::check::{wrong, wrong_value};
use super::log::{Change, Scale, StepLog, Treatment};
use super::method::{Lacking, Method};
use super::normalise::Raw;
use super::spec::{Step, Tree};
use super::stats::is_constant;
use super::table::UnitTable;
use super::treat::{self, Limits};
use super::{aggregate, fill};
use crate::config::method_words::{Aggregation, Normalisation};
use crate::error::Result;
use std::collections::BTreeMap;

/// The state between steps. Columns are by leaf, then by unit in the order of the table.
pub(super) struct MethodWork<'a> {
    pub table: &'a UnitTable,
    pub tree: &'a Tree,
    pub method: &'a Method,
    /// Units that count, in the order of their codes; every sum over units runs along it.
    pub order: Vec<usize>,
    pub leaves: Vec<Vec<Option<f64>>>,
    /// Columns as they stood before they were normalised.
    pub treated: Vec<Vec<Option<f64>>>,
    /// Leaves whose log was taken.
    pub logged: Vec<bool>,
    pub summed: Option<aggregate::Summed>,
    pub not_ranked: BTreeMap<usize, String>,
    pub counts: BTreeMap<&'static str, usize>,
    pub changed: Vec<Change>,
}

impl<'a> MethodWork<'a> {
    /// Before the first step; leaves that do not count have no values.
    pub(super) fn start(table: &'a UnitTable, tree: &'a Tree, method: &'a Method) -> Self {
        let column = |(leaf, counted): (&super::Leaf, bool)| {
            let column = table.column(&leaf.key).filter(|_| counted);
            column.map_or_else(|| vec![None; table.codes.len()], |c| c.values.clone())
        };
        Self {
            table,
            tree,
            method,
            order: table.by_code(),
            leaves: tree.leaves.iter().zip(tree.counted()).map(column).collect(),
            treated: Vec::new(),
            logged: vec![false; tree.leaves.len()],
            summed: None,
            not_ranked: BTreeMap::new(),
            counts: BTreeMap::new(),
            changed: Vec::new(),
        }
    }

    /// Leaves that count, by number.
    pub(super) fn counted(&self) -> Vec<usize> {
        self.tree.counted().into_iter().enumerate().filter_map(|(i, c)| c.then_some(i)).collect()
    }

    pub(super) fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    pub(super) fn log(&mut self, change: Change, what: &'static str) {
        self.count(what);
        self.changed.push(change);
    }

    /// Does one step and hands out its log.
    pub(super) fn step(&mut self, step: Step) -> Result<StepLog> {
        match step {
            Step::Denominate => fill::denominate(self)?,
            Step::Impute(how) => fill::impute(self, how),
            Step::Screen(least) => fill::screen(self, least),
            Step::Treat { skew, kurtosis, winsorise } => self.treat(Limits { skew, kurtosis, winsorise }),
            Step::Normalise(how) => self.normalise(how)?,
            Step::Aggregate(how) => self.aggregate(how)?,
        }
        Ok(StepLog { step, counts: std::mem::take(&mut self.counts), changed: std::mem::take(&mut self.changed) })
    }

    /// Units of a column that have a value, and the values, in the order of codes.
    fn present(&self, i: usize) -> (Vec<usize>, Vec<f64>) {
        self.order.iter().filter_map(|u| self.leaves[i][*u].map(|v| (*u, v))).unzip()
    }

    fn treat(&mut self, limits: Limits) {
        for i in self.counted() {
            let (units, before) = self.present(i);
            let (after, treatment) = treat::treat(&before, limits);
            let key = self.tree.leaves[i].key.clone();
            let what = match treatment {
                Treatment::Kept => {
                    self.count("indicators kept");
                    continue;
                }
                Treatment::TooFewValues => "indicators with too few different values",
                Treatment::Winsorised { .. } => "indicators winsorised",
                Treatment::Log { .. } => "indicators whose log was taken",
            };
            self.logged[i] = matches!(treatment, Treatment::Log { .. });
            self.log(treat::told(&key, &before, &after, treatment), what);
            for ((u, before), after) in units.into_iter().zip(before).zip(after) {
                self.leaves[i][u] = Some(after);
                // a log changes every value, and the formula says how; the few that were Winsorised are named
                if before != after && !self.logged[i] {
                    let (unit, indicator) = (self.table.codes[u].clone(), key.clone());
                    let (before, after) = (Some(before), Some(after));
                    self.log(Change::Value { unit, indicator, before, after, why: "winsorised" }, "values winsorised");
                }
            }
        }
    }

    fn normalise(&mut self, how: Normalisation) -> Result<()> {
        self.treated = self.leaves.clone();
        for i in self.counted() {
            let leaf = &self.tree.leaves[i];
            if self.logged[i] && how == Normalisation::Goalposts {
                let what = format!("the log of \"{}\" was taken, and its goalposts are in its own unit", leaf.key);
                return Err(wrong(&leaf.key, what, "leave out the step \"treat\": goalposts cut outliers themselves"));
            }
            let (units, values) = self.present(i);
            let codes: Vec<&str> = units.iter().map(|u| self.table.codes[*u].as_str()).collect();
            if self.method.steady && how.has_flat() && is_constant(&values) {
                self.flat(i, how, units);
                continue;
            }
            let raw = Raw { leaf, values: &values, codes: &codes, scale: self.method.scale };
            let (scores, scale) = raw.normalise(how)?;
            if let Some(k) = scores.iter().position(|s| !s.is_finite()) {
                let what =
                    format!("\"{}\" of {} is too large or too near to the others to be put on a scale", leaf.key, values[k]);
                return Err(wrong_value(codes[k], &leaf.key, what, "check the unit of measure, or give it the weight 0"));
            }
            self.log(Change::Scaled { indicator: leaf.key.clone(), scale }, "indicators normalised");
            for (u, score) in units.into_iter().zip(scores) {
                self.leaves[i][u] = Some(score);
            }
        }
        Ok(())
    }

    /// An indicator that is the same in every unit that has it: all in the middle of the scale.
    fn flat(&mut self, i: usize, how: Normalisation, units: Vec<usize>) {
        let (low, high) = if how == Normalisation::ZScore { (0.0, 100.0) } else { self.method.scale };
        let value = units.first().and_then(|u| self.leaves[i][*u]);
        if let Some(value) = value {
            let scale = Scale::MinMax { min: value, max: value };
            self.log(Change::Scaled { indicator: self.tree.leaves[i].key.clone(), scale }, "indicators normalised");
        }
        units.into_iter().for_each(|u| self.leaves[i][u] = Some((low + high) / 2.0));
    }

    /// Units that are not ranked go, and what is missing of the others is stood in for.
    fn settle(&mut self, how: Aggregation) {
        let counted = self.counted();
        if self.method.lacking == Lacking::NotRanked {
            for u in self.order.clone() {
                let lacks = counted.iter().filter(|i| self.leaves[**i][u].is_none());
                let keys: Vec<&str> = lacks.map(|i| self.tree.leaves[*i].key.as_str()).collect();
                if keys.is_empty() || self.not_ranked.contains_key(&u) {
                    continue;
                }
                let why = format!("it has no value of {}", keys.join(", "));
                self.not_ranked.insert(u, why.clone());
                self.log(Change::Unit { unit: self.table.codes[u].clone(), why }, "units left out");
            }
        }
        if self.method.steady {
            self.order.retain(|u| !self.not_ranked.contains_key(u));
            let gone: Vec<usize> = self.not_ranked.keys().copied().collect();
            self.leaves.iter_mut().for_each(|leaf| gone.iter().for_each(|u| leaf[*u] = None));
        }
        let Some(score) = self.method.lacking.score(how, self.method.scale) else { return };
        for i in counted {
            for u in self.order.clone() {
                if self.leaves[i][u].is_none() {
                    self.leaves[i][u] = Some(score);
                    self.count("missing values at an end of the scale");
                }
            }
        }
    }

    fn aggregate(&mut self, how: Aggregation) -> Result<()> {
        self.settle(how);
        let (tree, codes, leaves) = (self.tree, &self.table.codes, &self.leaves);
        let (weighting, scale) = (self.method.weighting, self.method.scale);
        let sum = aggregate::Sum { tree, weighting, how, leaves, order: &self.order, codes, scale };
        let summed = sum.run()?;
        let counted = tree.counted_groups();
        for (g, children) in tree.children().into_iter().enumerate().filter(|(g, _)| counted[*g]) {
            for child in children {
                let (child, weight) = (tree.key(child).to_owned(), summed.shares.of(child));
                self.log(Change::Weighed { child, group: tree.groups[g].key.clone(), weight }, "weights used");
            }
        }
        for u in self.order.clone() {
            if summed.groups.last().is_some_and(|index| index[u].is_some()) {
                self.count("units with an index");
            } else {
                let why = "it has no value of any indicator".to_owned();
                self.not_ranked.insert(u, why.clone());
                self.log(Change::Unit { unit: self.table.codes[u].clone(), why }, "units left out");
            }
        }
        self.summed = Some(summed);
        Ok(())
    }
}
