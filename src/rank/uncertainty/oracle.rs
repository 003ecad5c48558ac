//! The plain way to the same scores, unit by unit, beside the fast one on random models; and the same bytes on any number of threads.

use super::scenes::{choice, group, leaf, line};
use super::*;
use crate::config::method_words::Aggregation;
use crate::rank::composite::Tree;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Values of all groups, one after another, straight from the definitions.
fn plain(parts: &ModelParts, setting: &Setting<'_>) -> Vec<Option<f64>> {
    let (n, leaves) = (parts.units, parts.tree.leaves.len());
    let mut groups: Vec<Vec<Option<f64>>> = Vec::new();
    for g in 0..parts.tree.groups.len() {
        let mut children: Vec<(f64, Vec<Option<f64>>)> = Vec::new();
        for (l, _) in parts.tree.leaves.iter().enumerate().filter(|(_, l)| l.parent == g) {
            let value = |u: usize| Some(parts.variants[setting.variant].columns[l * n + u]).filter(|v| !v.is_nan());
            let moved = |v: f64| setting.shifts.map_or(v, |s| (s[l].scale * v + s[l].offset).clamp(0.0, 100.0));
            children.push((setting.weights[l], (0..n).map(|u| value(u).map(moved)).collect()));
        }
        for (c, _) in parts.tree.groups.iter().enumerate().filter(|(_, c)| c.parent == Some(g)) {
            children.push((setting.weights[leaves + c], groups[c].clone()));
        }
        children.retain(|(w, _)| *w > 0.0);
        groups.push((0..n).map(|u| together(setting.aggregations[g], &children, u)).collect());
    }
    groups.pop().unwrap()
}

fn together(way: Aggregation, children: &[(f64, Vec<Option<f64>>)], u: usize) -> Option<f64> {
    let here: Vec<(f64, f64)> = children.iter().filter_map(|(w, column)| Some((*w, column[u]?))).collect();
    let total: f64 = here.iter().map(|(w, _)| w).sum();
    let there = |u: usize| children.iter().any(|(_, column)| column[u].is_some());
    (total > 0.0).then(|| match way {
        Aggregation::Arithmetic => here.iter().map(|(w, v)| w * v / total).sum(),
        Aggregation::Geometric => here.iter().map(|(w, v)| v.max(1.0).powf(w / total)).product(),
        Aggregation::Harmonic => total / here.iter().map(|(w, v)| w / v.max(1.0)).sum::<f64>(),
        Aggregation::Copeland => {
            let others: Vec<usize> = (0..children[0].1.len()).filter(|o| *o != u && there(*o)).collect();
            let margin = |o: &usize| -> f64 {
                let won = |(w, c): &(f64, Vec<Option<f64>>)| match (c[u], c[*o]) {
                    (Some(a), Some(b)) if a > b => *w,
                    (Some(a), Some(b)) if a < b => -*w,
                    _ => 0.0,
                };
                children.iter().map(won).sum()
            };
            let sign = |m: f64| if m.abs() < 1e-12 { 0.0 } else { m.signum() };
            50.0 + 50.0 * others.iter().map(|o| sign(margin(o))).sum::<f64>() / others.len().max(1) as f64
        }
    })
}

/// Three pillars, six indicators, two variants, all kinds of factors. A value of 255 is missing; the first column never is.
fn parts(cells: &[u8], weights: &[u8], scope: Scope) -> ModelParts {
    let units = cells.len() / 12;
    let value = |(i, c): (usize, &u8)| match *c {
        255.. if i % (6 * units) >= units => f64::NAN,
        c => f64::from(c % 101),
    };
    let values: Vec<f64> = cells[..units * 12].iter().enumerate().map(value).collect();
    let w = |i: usize| f64::from(weights[i]);
    let leaves = (0..6).map(|i| leaf(["a", "b", "c", "d", "e", "f"][i], i / 2, if i == 0 { 1.0 + w(0) } else { w(i) })).collect();
    let groups = (0..3).map(|i| group(["p", "q", "r"][i], Some(3), if i == 0 { 1.0 + w(6) } else { w(6 + i) }));
    let levels = vec![Aggregation::Arithmetic, Aggregation::Geometric, Aggregation::Harmonic, Aggregation::Copeland];
    let factor = |key: &str, kind| Factor { key: key.to_owned(), kind };
    ModelParts {
        tree: Tree { leaves, groups: groups.chain([group("index", None, 1.0)]).collect() },
        units,
        variants: values
            .chunks(6 * units)
            .zip([true, false])
            .map(|(v, bounded)| Variant { columns: v.to_vec(), bounded })
            .collect(),
        factors: vec![
            factor("weights", FactorKind::Weights { spread: 0.3 }),
            factor("goalposts", FactorKind::Goalposts { spread: 0.1 }),
            choice("method", &[0.6, 0.4]),
            factor("aggregation", FactorKind::Aggregation { levels, scope }),
        ],
        ties: (0..units).rev().collect(),
        rankable: vec![true; units],
        replicates: Replicates { count: 50, seed: 9 },
    }
}

fn any_parts() -> impl Strategy<Value = ModelParts> {
    let cells =
        (1_usize..14).prop_flat_map(|n| prop::collection::vec(any::<u8>().prop_map(|c| if c > 230 { 255 } else { c }), 12 * n));
    let scope = prop_oneof![Just(Scope::Index), Just(Scope::All)];
    (cells, prop::collection::vec(0_u8..4, 9), scope).prop_map(|(cells, weights, scope)| parts(&cells, &weights, scope))
}

proptest! {
    #![proptest_config(crate::test_support::cases(256))]
    #[test]
    fn scores_are_those_of_the_plain_way(parts in any_parts(), draw in prop::collection::vec(0.0..1.0_f64, 4)) {
        let model = Model::new(parts.clone()).unwrap();
        let mut scratch = Scratch::new(&model);
        let scores = model.evaluate(&draw, &mut scratch).to_vec();
        for (fast, plain) in scores.iter().zip(plain(&parts, &model.setting(&draw))) {
            prop_assert!((fast - plain.unwrap()).abs() < 1e-9, "{fast} by the fast way, {plain:?} by the plain one");
        }
        // ranks: sorted by score to the millionth, then by the higher number (the order for ties runs backwards)
        let mut order: Vec<usize> = (0..parts.units).collect();
        order.sort_by(|a, b| (scores[*b] * 1e6).round_ties_even().total_cmp(&(scores[*a] * 1e6).round_ties_even()).then(b.cmp(a)));
        let ranks = model.ranks(&draw, &mut scratch);
        prop_assert!(order.iter().zip(1..).all(|(u, rank)| ranks[*u] == rank), "{ranks:?} against {order:?}");
    }

    #[test]
    fn a_run_is_the_count_of_its_draws(parts in any_parts(), seed in 0_u64..9) {
        // one evaluation a draw, sorted ranks, k-th of them
        let model = Model::new(parts).unwrap();
        let mut scratch = Scratch::new(&model);
        let mut draw = vec![0.0; 4];
        let ranks: Vec<Vec<u16>> = (0..150).map(|i| {
            random::fill(seed, random::Purpose::Draws, i, &mut draw);
            model.ranks(&draw, &mut scratch)
        }).collect();
        let out = Uncertainty::run(&model, &Settings { draws: 150, seed }, &scenes::places(1)).unwrap();
        for (u, range) in out.units.iter().enumerate() {
            let mut own: Vec<u16> = ranks.iter().map(|r| r[u]).collect();
            prop_assert_eq!(out.lines[0].units[u].above as usize, own.iter().filter(|r| **r == 1).count());
            own.sort_unstable();
            // ⌈7.5⌉ = 8th, 75th, ⌈142.5⌉ = 143rd
            prop_assert_eq!((range.low, range.median, range.high), (own[7], own[74], own[142]));
        }
    }
}

/// 61 units from a fixed recipe of bytes.
fn sixty_one() -> Model {
    let cells: Vec<u8> = (0..61_u32 * 12).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    Model::new(parts(&cells, &[1, 2, 3, 1, 2, 3, 1, 1, 2], Scope::All)).unwrap()
}

#[test]
fn the_same_on_any_number_of_threads() {
    let model = sixty_one();
    let costs = (0..61).map(|u| 1.0 + f64::from(u) / 3.0).collect();
    let budget = LineKind::Budget { costs, total: 100.0, rule: BudgetRule::SkipAndGoOn };
    let group_of = (0..61).map(|u| format!("province {}", u % 3)).collect();
    let quota = LineKind::Quota { group_of, places: BTreeMap::from([("province 1".to_owned(), 4)]) };
    let lines = Lines { lines: vec![line("budget", budget), line("quota", quota)], ..Lines::default() };
    let all = || {
        let run = Uncertainty::run(&model, &Settings { draws: 1000, seed: 1 }, &lines).unwrap();
        let settings = SensitivitySettings { samples: 200, seed: 1, units: vec![0, 30] };
        (run, sensitivity(&model, &settings).unwrap(), leave_out(&model, &lines).unwrap())
    };
    let at = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(all);
    let one = at(1);
    assert!(one.0.units.iter().any(|u| u.low < u.high), "nothing moves, so nothing is shown");
    assert!([2, 3, 8].into_iter().all(|threads| at(threads) == one));
}
