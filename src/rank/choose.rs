//! Which indicators are used: those with a weight, with values, and with a spread; and what is said of those that some county lacks.

use super::composite::{Lacking, Tree, usable};
use super::evidence::Evidence;
use super::indicator::INDICATORS;
use super::ranking::{RankRow, Used};
use super::settings::{IndicatorOrigin, RankSettings};
use super::stand::{table_of, tree_of};
use crate::config::rank_table::Missing;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::BTreeMap;

/// What the choice is made from.
struct Choice<'a> {
    rows: &'a [RankRow],
    units: &'a [usize],
    evidence: &'a Evidence,
    settings: &'a RankSettings,
}

/// Settles which indicators are used. Gives the tree of those and, leaf by leaf, their numbers.
pub(super) fn choose(
    rows: &[RankRow],
    units: &[usize],
    evidence: &Evidence,
    settings: &RankSettings,
    issues: &mut Issues,
) -> (Vec<Used>, Tree, Vec<usize>) {
    let choice = Choice { rows, units, evidence, settings };
    let mut weight: Vec<f64> = settings.indicators.iter().map(|d| d.weight).collect();
    let mut left_out = choice.stand_ins(&mut weight);
    let all: Vec<usize> = (0..weight.len()).filter(|i| weight[*i] > 0.0 && !units.is_empty()).collect();
    let table = table_of(rows, units, &all, evidence, settings);
    let problems: BTreeMap<usize, String> =
        usable(&table, &tree_of(settings, &all, &weight)).into_iter().map(|(leaf, p)| (all[leaf], p.to_string())).collect();
    for i in all {
        if let Some(why) = choice.refused(i, problems.get(&i)) {
            weight[i] = 0.0;
            left_out.insert(i, why);
        } else if choice.lacks(i) {
            let at = Location::default().field(settings.indicators[i].key.as_str());
            issues.push(Layer::Ranking, IssueCode::ValueMissing, at, choice.said(i));
        }
    }
    for (i, why) in &left_out {
        let at = Location::default().field(settings.indicators[*i].key.as_str());
        issues.push(Layer::Ranking, IssueCode::IndicatorLeftOut, at, why.as_str());
    }
    let leaves: Vec<usize> = (0..weight.len()).filter(|i| weight[*i] > 0.0 && !units.is_empty()).collect();
    let used = settings.indicators.iter().enumerate().map(|(i, def)| {
        let values = || units.iter().filter_map(|u| rows[*u].values[i]);
        let (min, max) = (values().reduce(f64::min), values().reduce(f64::max));
        Used { def: def.clone(), weight: 0.0, min, max, left_out: left_out.get(&i).cloned() }
    });
    (used.collect(), tree_of(settings, &leaves, &weight), leaves)
}

impl Choice<'_> {
    /// Codes of the counties without a value.
    fn lacking(&self, i: usize) -> Vec<&str> {
        let lacks = self.units.iter().filter(|u| self.rows[**u].values[i].is_none());
        lacks.map(|u| self.evidence.units[*u].code.as_str()).collect()
    }

    fn lacks(&self, i: usize) -> bool {
        self.units.iter().any(|u| self.rows[*u].values[i].is_none())
    }

    fn nobody_has(&self, i: usize) -> bool {
        self.units.iter().all(|u| self.rows[*u].values[i].is_none())
    }

    fn steady(&self) -> bool {
        self.settings.method.steady
    }

    /// Indicators that take the weight of another which cannot be computed. Where what one county lacks takes nothing from the others,
    /// that is one which nobody has; between goalposts none does.
    fn stand_ins(&self, weight: &mut [f64]) -> BTreeMap<usize, String> {
        let mut left_out = BTreeMap::new();
        for (i, ours) in INDICATORS.iter().enumerate() {
            let Some(other) = ours.instead_of.and_then(|key| INDICATORS.iter().position(|d| d.key == key)) else { continue };
            let asked = weight[i] == 0.0 && weight[other] > 0.0;
            let can = if self.steady() {
                !self.settings.is_fixed() && !self.units.is_empty() && self.nobody_has(other) && !self.nobody_has(i)
            } else {
                self.lacks(other) && !self.lacks(i)
            };
            if asked && can {
                let lack = some_of(&self.lacking(other));
                left_out.insert(other, format!("{} stands in for {}, which {lack} lack", ours.key, INDICATORS[other].key));
                weight[i] = std::mem::take(&mut weight[other]);
            }
        }
        left_out
    }

    /// Whether an indicator is of a table of counties, where a cell can be blank; the others are of whole layers.
    fn is_of_table(&self, i: usize) -> bool {
        match &self.settings.indicators[i].from {
            IndicatorOrigin::Ours(k) => INDICATORS[*k].per_head && self.evidence.residents_given,
            IndicatorOrigin::Column { .. } => true,
        }
    }

    /// Why an indicator is not used; none where it is.
    fn refused(&self, i: usize, problem: Option<&String>) -> Option<String> {
        let (key, method) = (&self.settings.indicators[i].key, &self.settings.method);
        let cannot = || Some(format!("{key} cannot be computed for {}", some_of(&self.lacking(i))));
        if self.nobody_has(i) {
            // a column keeps its weight though every cell is blank: else the last cell to be blanked would take it from all
            let kept = self.steady() && method.lacking != Lacking::Carry && (self.settings.is_fixed() || self.is_of_table(i));
            return if kept { None } else { cannot() };
        }
        if self.settings.table.method.missing == Missing::LeaveOut && self.lacks(i) {
            return cannot();
        }
        if self.is_constant(i) {
            let kept = self.steady() && (self.settings.is_fixed() || self.lacks(i));
            let why = |_| format!("{key} is the same in every county and cannot tell them apart");
            return problem.filter(|_| !kept).map(why);
        }
        problem.map(|why| format!("{key} cannot be used: {why}"))
    }

    fn is_constant(&self, i: usize) -> bool {
        let mut values = self.units.iter().filter_map(|u| self.rows[*u].values[i]);
        values.next().is_some_and(|first| values.all(|v| v == first))
    }

    /// What becomes of the counties that lack an indicator, in a sentence.
    fn said(&self, i: usize) -> String {
        let (key, lacking) = (&self.settings.indicators[i].key, self.lacking(i));
        let who = if self.nobody_has(i) { "every county".to_owned() } else { some_of(&lacking) };
        match (self.settings.table.method.missing, self.settings.method.lacking) {
            (_, Lacking::NotRanked) => format!("{key} is missing for {who}, not ranked for it; the others keep the indicator"),
            (Missing::OwnBounds, _) => {
                format!("{key} is missing for {who}, placed by the end with the fewest points; the others keep the indicator")
            }
            (policy, _) => format!("{key} is missing for {who}, and stood in for by {}, which can help", policy.as_str()),
        }
    }
}

pub(super) fn some_of(codes: &[&str]) -> String {
    match codes {
        [] => "no county".to_owned(),
        [one] => format!("county {one}"),
        [one, two] => format!("counties {one} and {two}"),
        [one, two, rest @ ..] => format!("counties {one}, {two} and {} more", rest.len()),
    }
}
