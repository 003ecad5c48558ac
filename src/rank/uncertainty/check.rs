//! Checks of what a model is made of, so that nothing need be checked while it runs.

use super::factor::{Factor, FactorKind, Scope};
use super::model::{MAX_COPELAND_STEPS, MAX_UNITS, Model, ModelParts};
use crate::config::method_words::Aggregation;
use crate::error::{Error, Location, Result};
use crate::rank::composite::Tree;
use std::collections::BTreeSet;

/// Values may be this far from 0..100 where they are bounded (rounding), and anywhere within this where not.
const ROUNDING: f64 = 1e-9;
const WIDEST: f64 = 1e6;

fn at(key: impl Into<String>) -> Location {
    Location::default().field(key)
}

pub(super) fn tree(tree: &Tree) -> Result<()> {
    let last = tree.groups.len().checked_sub(1);
    if tree.leaves.is_empty() || last.is_none() {
        return Err(Error::usage("the index has no indicators or no groups", "give at least one of each"));
    }
    let keys = tree.leaves.iter().map(|l| (&l.key, Some(l.parent), l.weight, None));
    let groups = tree.groups.iter().enumerate().map(|(i, g)| (&g.key, g.parent, g.weight, Some(i)));
    let mut seen = BTreeSet::new();
    for (key, parent, weight, group) in keys.chain(groups) {
        let wrong = match parent {
            None => group != last,
            Some(p) => p >= tree.groups.len() || group.is_some_and(|g| p <= g),
        };
        if wrong {
            let next = "children come before their parents, and the index is the last group and the only one without a parent";
            return Err(Error::usage(format!("\"{key}\" does not stand where it can in the tree"), next).at(at(key)));
        }
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(Error::usage(format!("{weight} is not a weight"), "give 0 or more").at(at(key)));
        }
        if !seen.insert(key) {
            return Err(
                Error::usage(format!("two parts of the index are called \"{key}\""), "give each its own name").at(at(key))
            );
        }
    }
    Ok(())
}

pub(super) fn factors(parts: &ModelParts) -> Result<()> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut kinds: BTreeSet<&str> = BTreeSet::new();
    for factor in &parts.factors {
        if !seen.insert(&factor.key) {
            let what = format!("two factors are called \"{}\"", factor.key);
            return Err(Error::usage(what, "give each its own name").at(at(&factor.key)));
        }
        let kind = match &factor.kind {
            FactorKind::Weights { .. } => "weights",
            FactorKind::Goalposts { .. } => "goalposts",
            FactorKind::Aggregation { .. } => "aggregation",
            FactorKind::Choice { .. } => "",
        };
        if !kind.is_empty() && !kinds.insert(kind) {
            return Err(Error::usage(format!("two factors move the {kind}"), "leave one out").at(at(&factor.key)));
        }
        factor_alone(factor, parts)?;
    }
    Ok(())
}

fn factor_alone(factor: &Factor, parts: &ModelParts) -> Result<()> {
    let bad = |what: String, next: &str| Err(Error::usage(what, next).at(at(&factor.key)));
    match &factor.kind {
        FactorKind::Weights { spread } if !(0.0..1.0).contains(spread) => {
            bad(format!("weights cannot be moved by {spread}"), "give 0 or more and below 1, e.g. 0.25")
        }
        FactorKind::Goalposts { spread } if !(0.0..0.5).contains(spread) => {
            bad(format!("goalposts cannot be moved by {spread} of the range"), "give 0 or more and below 0.5, e.g. 0.05")
        }
        FactorKind::Weights { .. } | FactorKind::Goalposts { .. } if parts.replicates.count == 0 => {
            bad("no sets of weights or goalposts are drawn".to_owned(), "ask for at least one")
        }
        FactorKind::Choice { levels, probabilities } => {
            let sum: f64 = probabilities.iter().sum();
            let all = probabilities.iter().all(|p| p.is_finite() && *p >= 0.0);
            if levels.is_empty() || levels.len() != probabilities.len() || !all || (sum - 1.0).abs() > ROUNDING {
                let what = format!("{} levels, and probabilities {probabilities:?}", levels.len());
                return bad(what, "give each level a probability of 0 or more; together 1");
            }
            Ok(())
        }
        FactorKind::Aggregation { levels, .. } if levels.is_empty() => bad("it has no levels".to_owned(), "give at least one"),
        _ => Ok(()),
    }
}

pub(super) fn units(parts: &ModelParts) -> Result<()> {
    let n = parts.units;
    if parts.rankable.len() != n {
        let what = format!("{} units, but {} marks of who is ranked", n, parts.rankable.len());
        return Err(Error::usage(what, "give one a unit"));
    }
    let ranked = parts.rankable.iter().filter(|r| **r).count();
    if ranked == 0 {
        return Err(Error::input("no unit can be ranked", "see the issues for what is missing"));
    }
    if ranked > MAX_UNITS {
        return Err(Error::input(format!("{ranked} units are more than {MAX_UNITS}"), "rank them in parts"));
    }
    let mut seen = vec![false; n];
    let twice = parts.ties.iter().any(|u| *u >= n || std::mem::replace(&mut seen[*u], true));
    if twice || parts.ties.len() != n {
        return Err(Error::usage("the order for ties does not name every unit once", "give all units, winners of ties first"));
    }
    Ok(())
}

pub(super) fn variants(parts: &ModelParts) -> Result<()> {
    let grid = parts.factors.iter().try_fold(1_usize, |cells, f| match &f.kind {
        FactorKind::Choice { levels, .. } => cells.checked_mul(levels.len()),
        _ => Some(cells),
    });
    if grid != Some(parts.variants.len()) {
        let what = format!("{} variants do not fill the grid of the choice factors", parts.variants.len());
        return Err(Error::usage(what, "give one a combination of levels, the last factor running fastest"));
    }
    let moved = parts.factors.iter().any(|f| matches!(f.kind, FactorKind::Goalposts { .. }));
    for (i, variant) in parts.variants.iter().enumerate() {
        if variant.columns.len() != parts.units * parts.tree.leaves.len() {
            let what = format!("variant {i} has {} values", variant.columns.len());
            return Err(Error::usage(what, "give one a unit and indicator, NaN where missing"));
        }
        let (low, high) = if variant.bounded && moved { (-ROUNDING, 100.0 + ROUNDING) } else { (-WIDEST, WIDEST) };
        let off = |(_, v): &(usize, &f64)| !v.is_nan() && !(low..=high).contains(*v);
        if let Some((j, v)) = variant.columns.iter().enumerate().find(off) {
            let what = format!("{v} of unit {} in variant {i} is not on the scale {low} to {high}", j % parts.units);
            let next = "normalise first; mark the variant as not bounded where it has no two ends";
            return Err(Error::usage(what, next).at(at(&parts.tree.leaves[j / parts.units].key)));
        }
    }
    Ok(())
}

/// How each group is put together at each level of an aggregation factor.
pub(super) fn aggregations(tree: &Tree, levels: &[Aggregation], scope: Scope) -> Vec<Vec<Aggregation>> {
    let own = |aggregate: Option<Aggregation>| aggregate.unwrap_or(Aggregation::Arithmetic);
    let at_level = |level: &Aggregation| {
        let moved = |last: bool| scope == Scope::All || last;
        tree.groups.iter().map(|g| if moved(g.parent.is_none()) { *level } else { own(g.aggregate) }).collect()
    };
    levels.iter().map(at_level).collect()
}

pub(super) fn copeland(model: &Model, levels: &[Vec<Aggregation>]) -> Result<()> {
    let n = model.units.len() as u64;
    for (g, children) in model.children.iter().enumerate() {
        let steps = n * n.saturating_sub(1) / 2 * (children.leaves.len() + children.groups.len()) as u64;
        if steps > MAX_COPELAND_STEPS && levels.iter().any(|l| l[g] == Aggregation::Copeland) {
            let what = format!("Copeland outranking would take {steps} comparisons a draw, more than {MAX_COPELAND_STEPS}");
            let next = "use a mean, or Copeland for the index alone, or fewer units";
            return Err(Error::usage(what, next).at(at(&model.tree.groups[g].key)));
        }
    }
    Ok(())
}

/// Every unit has a value that counts in every variant, so every draw gives it a score.
pub(super) fn valued(model: &Model) -> Result<()> {
    let counts: Vec<usize> = (0..model.tree.leaves.len()).filter(|leaf| reaches_index(model, *leaf)).collect();
    for (i, columns) in model.variants.iter().enumerate() {
        let empty = (0..model.units.len()).find(|u| counts.iter().all(|leaf| columns.leaf(*leaf)[*u].is_nan()));
        if let Some(u) = empty {
            let what = format!("unit {} has no value that counts in variant {i}", model.units[u]);
            return Err(Error::input(what, "mark it as not rankable"));
        }
    }
    Ok(())
}

/// Whether an indicator and all groups above it have a weight.
fn reaches_index(model: &Model, leaf: usize) -> bool {
    let weights = &model.nominal_weights;
    let mut above = Some(model.tree.leaves[leaf].parent);
    let mut weighs = weights[leaf] > 0.0;
    while let Some(g) = above {
        above = model.tree.groups[g].parent;
        weighs &= above.is_none() || weights[model.tree.leaves.len() + g] > 0.0;
    }
    weighs
}

#[cfg(test)]
mod tests {
    use crate::config::method_words::Aggregation;
    use crate::rank::uncertainty::scenes::{choice, flat, line};
    use crate::rank::uncertainty::*;
    use std::collections::BTreeMap;

    fn refused(change: impl Fn(&mut ModelParts)) -> String {
        let mut parts = flat(&[1.0, 1.0], &[&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]]);
        change(&mut parts);
        Model::new(parts).unwrap_err().to_string()
    }

    fn kind(kind: FactorKind) -> Vec<Factor> {
        vec![Factor { key: "the factor".to_owned(), kind }]
    }

    #[test]
    fn what_is_wrong_with_a_model_is_named() {
        assert!(refused(|p| p.tree.leaves.clear()).contains("no indicators"));
        assert!(refused(|p| p.tree.leaves[1].parent = 7).contains("\"b\" does not stand"));
        assert!(refused(|p| p.tree.groups[0].parent = Some(0)).contains("\"index\" does not stand"));
        assert!(refused(|p| p.tree.leaves[0].weight = -1.0).contains("-1 is not a weight"));
        assert!(refused(|p| p.tree.leaves[0].key = "b".to_owned()).contains("two parts of the index are called \"b\""));
        assert!(refused(|p| p.ties[0] = 2).contains("every unit once"));
        assert!(refused(|p| p.rankable = vec![false; 3]).contains("no unit can be ranked"));
        assert!(refused(|p| p.variants[0].columns.truncate(5)).contains("variant 0 has 5 values"));
        assert!(refused(|p| p.variants[0].columns[4] = 1e7).contains("10000000 of unit 1 in variant 0"));
        // unit 1 without any value, or with one that weighs nothing
        assert!(
            refused(|p| (p.variants[0].columns[1], p.variants[0].columns[4]) = (f64::NAN, f64::NAN))
                .contains("unit 1 has no value")
        );
        assert!(
            refused(|p| (p.variants[0].columns[1], p.tree.leaves[1].weight) = (f64::NAN, 0.0)).contains("unit 1 has no value")
        );
    }

    #[test]
    fn what_is_wrong_with_a_factor_is_named() {
        assert!(refused(|p| p.factors = kind(FactorKind::Weights { spread: 1.0 })).contains("moved by 1"));
        assert!(refused(|p| p.factors = kind(FactorKind::Goalposts { spread: f64::NAN })).contains("moved by NaN"));
        assert!(refused(|p| p.factors = vec![choice("x", &[0.5, 0.4])]).contains("together 1"));
        assert!(refused(|p| p.factors = vec![choice("x", &[0.5, 0.5])]).contains("1 variants do not fill the grid"));
        assert!(refused(|p| p.factors = vec![choice("x", &[1.0]), choice("x", &[1.0])]).contains("two factors are called \"x\""));
        // goalposts need values between two ends
        let outside = |p: &mut ModelParts| {
            p.factors = kind(FactorKind::Goalposts { spread: 0.1 });
            p.variants[0].columns[0] = 101.0;
        };
        assert!(refused(outside).contains("101 of unit 0"));
    }

    #[test]
    fn too_many_units_or_pairs_are_named_before_anything_runs() {
        let column = vec![1.0; MAX_UNITS + 1];
        assert!(Model::new(flat(&[1.0], &[&column])).unwrap_err().what().contains("65536 units are more than 65535"));
        assert!(Model::new(flat(&[1.0], &[&column[1..]])).is_ok());
        // 4,000 · 3,999 / 2 pairs of one child
        let copeland = FactorKind::Aggregation { levels: vec![Aggregation::Copeland], scope: Scope::Index };
        let parts = ModelParts { factors: kind(copeland), ..flat(&[1.0], &[&column[..4000]]) };
        assert!(Model::new(parts).unwrap_err().what().contains("7998000 comparisons"));
    }

    #[test]
    fn what_is_wrong_with_a_run_or_a_line_is_named() {
        let model = Model::new(flat(&[1.0], &[&[1.0, 2.0, 3.0]])).unwrap();
        let refused = |draws, kind| {
            let lines = Lines { lines: vec![line("the line", kind)], ..Lines::default() };
            Uncertainty::run(&model, &Settings { draws, seed: 0 }, &lines).unwrap_err().to_string()
        };
        assert!(refused(0, LineKind::Places(1)).contains("no draws"));
        assert!(refused(u32::MAX, LineKind::Places(1)).contains("cannot be kept"));
        assert!(refused(1, LineKind::Places(4)).contains("4 places for 3 ranked units"));
        let quota = |group: &str, k| LineKind::Quota {
            group_of: vec!["north".to_owned(); 3],
            places: BTreeMap::from([(group.to_owned(), k)]),
        };
        assert!(refused(1, quota("south", 1)).contains("no unit is in \"south\""));
        assert!(refused(1, quota("north", 4)).contains("4 places for 3 ranked units in \"north\""));
        let budget = |costs: &[f64], total| LineKind::Budget { costs: costs.to_vec(), total, rule: BudgetRule::default() };
        assert!(refused(1, budget(&[1.0, f64::NAN, 1.0], 5.0)).contains("NaN is not a cost (unit 1)"));
        assert!(refused(1, budget(&[1.0; 3], -5.0)).contains("-5 is not a budget"));
        assert!(refused(1, budget(&[1.0; 2], 5.0)).contains("2 entries for 3 units"));
        let upside_down = Lines { certain: 0.1, out: 0.5, ..Lines::default() };
        assert!(Uncertainty::run(&model, &Settings { draws: 1, seed: 0 }, &upside_down).is_err());
        let stranger = SensitivitySettings { samples: 1, seed: 0, units: vec![8] };
        assert!(sensitivity(&model, &stranger).unwrap_err().what().contains("unit 8 does not take part"));
        assert!(Uncertainty::over_draws(&model, &[vec![0.5]], &Lines::default()).is_err());
    }
}
