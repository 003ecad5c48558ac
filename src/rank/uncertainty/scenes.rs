//! Small rankings worked out by hand.

use super::*;
use crate::config::method_words::{Aggregation, Direction};
use crate::rank::composite::{Group, Leaf, Tree};
use std::collections::BTreeMap;

const GAP: f64 = f64::NAN;

pub(super) fn leaf(key: &str, parent: usize, weight: f64) -> Leaf {
    let direction = Direction::HigherIsWorse;
    Leaf { key: key.to_owned(), parent, weight, direction, denominator: None, goalposts: None }
}

pub(super) fn group(key: &str, parent: Option<usize>, weight: f64) -> Group {
    Group { key: key.to_owned(), parent, weight, aggregate: None }
}

/// All leaves under the index, one variant, no factors, ties to the lower number.
pub(super) fn flat(weights: &[f64], columns: &[&[f64]]) -> ModelParts {
    let keys = ["a", "b", "c", "d", "e", "f"];
    let leaves = weights.iter().zip(keys).map(|(w, k)| leaf(k, 0, *w)).collect();
    let units = columns[0].len();
    ModelParts {
        tree: Tree { leaves, groups: vec![group("index", None, 1.0)] },
        units,
        variants: vec![Variant { columns: columns.concat(), bounded: true }],
        factors: Vec::new(),
        ties: (0..units).collect(),
        rankable: vec![true; units],
        replicates: Replicates { count: 100, seed: 5 },
    }
}

pub(super) fn choice(key: &str, probabilities: &[f64]) -> Factor {
    let levels = (0..probabilities.len()).map(|l| format!("level {l}")).collect();
    Factor { key: key.to_owned(), kind: FactorKind::Choice { levels, probabilities: probabilities.to_vec() } }
}

pub(super) fn line(key: &str, kind: LineKind) -> Line {
    Line { key: key.to_owned(), kind }
}

pub(super) fn places(k: usize) -> Lines {
    Lines { lines: vec![line("places", LineKind::Places(k))], ..Lines::default() }
}

fn scores(parts: ModelParts, way: Aggregation) -> Vec<f64> {
    let mut parts = parts;
    parts.tree.groups.iter_mut().for_each(|g| g.aggregate = Some(way));
    let model = Model::new(parts).unwrap();
    model.evaluate(&[], &mut Scratch::new(&model)).to_vec()
}

fn close(got: &[f64], expected: &[f64]) {
    let near = |(g, e): (&f64, &f64)| (g - e).abs() < 1e-9;
    assert!(got.len() == expected.len() && got.iter().zip(expected).all(near), "{got:?} is not {expected:?}");
}

#[test]
fn means_leave_the_weight_of_what_is_missing_to_its_siblings() {
    // weights 3 : 1. Unit 0: (3·40 + 80)/4 = 50; unit 1 lacks a: b alone, 20; unit 2: a at 0 counts as 1 in the last two
    let parts = || flat(&[3.0, 1.0], &[&[40.0, GAP, 0.0], &[80.0, 20.0, 16.0]]);
    close(&scores(parts(), Aggregation::Arithmetic), &[50.0, 20.0, 4.0]);
    // 40^¾ · 80^¼ = 40 · 2^¼; 20; 1^¾ · 16^¼ = 2
    close(&scores(parts(), Aggregation::Geometric), &[40.0 * 2.0_f64.powf(0.25), 20.0, 2.0]);
    // 4 / (3/40 + 1/80) = 4 · 80/7; 20; 4 / (3/1 + 1/16) = 64/49
    close(&scores(parts(), Aggregation::Harmonic), &[320.0 / 7.0, 20.0, 64.0 / 49.0]);
}

#[test]
fn copeland_counts_pairs_won_by_weight() {
    // a (3) outweighs b (1). 0 beats 2 by a; 1 has only b: beats 2 by b (20 > 16), loses to 0 by b.
    // won − lost: 0: +2, 1: 0, 2: −2 of 2 others ⇒ 100, 50, 0
    let parts = flat(&[3.0, 1.0], &[&[40.0, GAP, 0.0], &[80.0, 20.0, 16.0]]);
    close(&scores(parts, Aggregation::Copeland), &[100.0, 50.0, 0.0]);
    // equal weights pull each way: every pair is even ⇒ all 50
    close(&scores(flat(&[1.0, 1.0], &[&[1.0, 2.0], &[2.0, 1.0]]), Aggregation::Copeland), &[50.0, 50.0]);
}

#[test]
fn a_group_without_any_child_is_missing_itself() {
    // pillars p (a, b) and q (c) weigh 1 : 3. Unit 0: p = 20, q = 60 ⇒ (20 + 180)/4 = 50. Unit 1 has no p ⇒ q alone, 8
    let mut parts = flat(&[1.0, 1.0, 1.0], &[&[10.0, GAP], &[30.0, GAP], &[60.0, 8.0]]);
    parts.tree.groups = vec![group("p", Some(2), 1.0), group("q", Some(2), 3.0), group("index", None, 1.0)];
    parts.tree.leaves[2].parent = 1;
    close(&scores(parts, Aggregation::Arithmetic), &[50.0, 8.0]);
}

#[test]
fn goalposts_move_a_column_along_a_line_and_cut_it() {
    // lower end up by a tenth of the range: (v − 10) / 0.9; 5 falls below it
    let shift = ColumnShift::of_goalposts(0.1, 0.0);
    close(&[55.0, 5.0, 100.0].map(|v| shift.apply(v)), &[50.0, 0.0, 100.0]);
    // upper end down by a fifth: v / 0.8; 90 goes beyond it
    close(&[40.0, 90.0].map(|v| ColumnShift::of_goalposts(0.0, -0.2).apply(v)), &[50.0, 100.0]);
    assert_eq!(ColumnShift::of_goalposts(0.0, 0.0).apply(33.3), 33.3);
    assert!(shift.apply(f64::NAN).is_nan());
}

#[test]
fn ranks_run_by_score_then_by_the_order_for_ties_without_who_is_not_ranked() {
    // 30 = 30 for units 0 and 3, and 3 wins ties; unit 1 does not take part
    let mut parts = flat(&[1.0], &[&[30.0, 99.0, 70.0, 30.0]]);
    parts.ties = vec![3, 2, 1, 0];
    parts.rankable[1] = false;
    let model = Model::new(parts).unwrap();
    assert_eq!((model.units(), &*model.nominal_ranks()), (&[0, 2, 3][..], &[3, 1, 2][..]));
}

/// Two choices of even chance; units 1 and 2 change places only where both are at their second level. Unit 0 leads, 3 is last.
fn swap_on_both() -> ModelParts {
    let mut parts = flat(&[1.0], &[&[90.0, 60.0, 50.0, 10.0]]);
    let swapped = Variant { columns: vec![90.0, 50.0, 60.0, 10.0], bounded: true };
    let plain = parts.variants[0].clone();
    parts.variants = vec![plain.clone(), plain.clone(), plain, swapped];
    parts.factors = vec![choice("normalisation", &[0.5, 0.5]), choice("outliers", &[0.5, 0.5])];
    parts
}

#[test]
fn bands_at_a_line_are_the_shares_of_all_combinations() {
    let model = Model::new(swap_on_both()).unwrap();
    let corners: Vec<Vec<f64>> = [[0.2, 0.2], [0.2, 0.7], [0.7, 0.2], [0.7, 0.7]].map(|d| d.to_vec()).to_vec();
    let out = Uncertainty::over_draws(&model, &corners, &places(2)).unwrap();
    // two places: 0 always, 1 in three of four, 2 in one of four, 3 never
    let got: Vec<_> = out.lines[0].units.iter().map(|u| (u.nominal, u.above, u.share, u.band)).collect();
    let expected = [
        (true, 4, 1.0, Band::Certain),
        (true, 3, 0.75, Band::Contested),
        (false, 1, 0.25, Band::Contested),
        (false, 0, 0.0, Band::Out),
    ];
    assert_eq!(got, expected);
    // ranks of unit 1: 2, 2, 2, 3; of four draws the 5 % is the 1st, the median the 2nd, the 95 % the 4th; moved by 1 in 4
    let unit = &out.units[1];
    assert_eq!((unit.nominal, unit.low, unit.median, unit.high, unit.mean_change), (2, 2, 2, 3, 0.25));
}

#[test]
fn drawn_shares_come_near_those_of_all_combinations() {
    let model = Model::new(swap_on_both()).unwrap();
    let out = Uncertainty::run(&model, &Settings { draws: 4000, seed: 11 }, &places(2)).unwrap();
    // share of 4,000 draws with chance 1/4: standard deviation √(3/16/4000) < 0.0069; four of them
    assert!((out.lines[0].units[2].share - 0.25).abs() < 4.0 * 0.0069, "{}", out.lines[0].units[2].share);
    assert_eq!(out.lines[0].units[1].above + out.lines[0].units[2].above, 4000);
    assert_ne!(out, Uncertainty::run(&model, &Settings { draws: 4000, seed: 12 }, &places(2)).unwrap());
}

#[test]
fn thresholds_and_quantiles_take_their_ends() {
    // one draw of 20 swaps units 0 and 1: 0 has rank 1 in 19 draws. 5 % is the 1st of 20, 95 % the 19th.
    let mut parts = flat(&[1.0], &[&[60.0, 50.0]]);
    parts.variants.push(Variant { columns: vec![50.0, 60.0], bounded: true });
    parts.factors = vec![choice("outliers", &[0.95, 0.05])];
    let draws: Vec<Vec<f64>> = (0..20).map(|i| vec![(f64::from(i) + 0.5) / 20.0]).collect();
    let out = Uncertainty::over_draws(&Model::new(parts).unwrap(), &draws, &places(1)).unwrap();
    let ranges: Vec<_> = out.units.iter().map(|u| (u.low, u.median, u.high, u.mean_change)).collect();
    assert_eq!(ranges, [(1, 1, 1, 0.05), (1, 2, 2, 0.05)]);
    // 19/20 is certain and 1/20 is out, both just so
    assert_eq!([0, 1].map(|u| out.lines[0].units[u].band), [Band::Certain, Band::Out]);
}

#[test]
fn quotas_and_budgets_go_down_the_ranking() {
    // ranking: 0, 1, 2, 3, 4
    let model = Model::new(flat(&[1.0], &[&[90.0, 80.0, 70.0, 60.0, 50.0]])).unwrap();
    let group_of = ["north", "north", "south", "south", "west"].map(str::to_owned).to_vec();
    let quota = LineKind::Quota { group_of, places: BTreeMap::from([("north".to_owned(), 1), ("south".to_owned(), 2)]) };
    // 4 + 3 of 8; 2 does not fit (2 > 1), 3 costs 1 and fits if the line goes on, then nothing is left for 4 but it costs 0
    let budget = |rule| LineKind::Budget { costs: vec![4.0, 3.0, 2.0, 1.0, 0.0], total: 8.0, rule };
    let stop = line("stop", budget(BudgetRule::StopAtFirst));
    let lines = vec![line("quota", quota), stop, line("skip", budget(BudgetRule::SkipAndGoOn))];
    let out = Uncertainty::over_draws(&model, &[vec![]], &Lines { lines, ..Lines::default() }).unwrap();
    let above = |l: usize| out.lines[l].units.iter().map(|u| u.above).collect::<Vec<_>>();
    assert_eq!(above(0), [1, 0, 1, 1, 0]);
    assert_eq!(above(1), [1, 1, 0, 0, 0]);
    assert_eq!(above(2), [1, 1, 0, 1, 1]);
}

#[test]
fn money_is_counted_in_whole_hundredths() {
    // 29 and 1 of 30 leave nothing for the third; rounded down, 0.29 would be 28 and leave one
    let model = Model::new(flat(&[1.0], &[&[90.0, 80.0, 70.0]])).unwrap();
    let budget = LineKind::Budget { costs: vec![0.29, 0.01, 0.01], total: 0.3, rule: BudgetRule::SkipAndGoOn };
    let lines = vec![line("budget", budget)];
    let out = Uncertainty::over_draws(&model, &[vec![]], &Lines { lines, ..Lines::default() }).unwrap();
    assert_eq!(out.lines[0].units.iter().map(|u| u.above).collect::<Vec<_>>(), [1, 1, 0]);
}

#[test]
fn what_does_nothing_has_an_index_of_exactly_nought() {
    let mut parts = swap_on_both();
    let weights = Factor { key: "weights".to_owned(), kind: FactorKind::Weights { spread: 0.9 } };
    let goalposts = Factor { key: "goalposts".to_owned(), kind: FactorKind::Goalposts { spread: 0.0 } };
    parts.factors.extend([weights, goalposts]);
    let model = Model::new(parts).unwrap();
    let settings = SensitivitySettings { samples: 2000, seed: 3, units: vec![1, 0] };
    let got = sensitivity(&model, &settings).unwrap();
    assert_eq!(got.evaluations, 2000 * 6);
    // one leaf alone keeps all weight whatever its own, and ends that move by nothing change nothing
    let nothing = Index { first: Some(0.0), total: Some(0.0) };
    assert_eq!(got.mean_change.factors[2..], [nothing; 2]);
    // y = ½ where both are at level 1, else 0. Alone each splits ½ chance of nothing from ½ of a coin: V(E)/V = (1/16)/(3/16) = 1/3;
    // the rest, 1/3, is both together ⇒ total 2/3. The rank of unit 1 is 2 + the same event.
    for indices in [&got.mean_change, &got.units[0].1] {
        for index in &indices.factors[..2] {
            assert!(
                (index.first.unwrap() - 1.0 / 3.0).abs() < 0.08 && (index.total.unwrap() - 2.0 / 3.0).abs() < 0.08,
                "{got:?}"
            );
        }
    }
    // unit 0 leads in all draws
    assert_eq!(got.units[1].1.factors, [Index { first: None, total: None }; 4]);
}

#[test]
fn leaving_out_a_part_leaves_its_weight_to_the_others() {
    // a: 90 > 50 > 0, b: 0 < 60 < 100, even weights: 45, 55, 50 ⇒ ranks 3, 1, 2
    let mut parts = flat(&[1.0, 1.0, 1.0], &[&[90.0, 50.0, 0.0], &[0.0, 60.0, 100.0], &[GAP, GAP, GAP]]);
    parts.tree.groups = vec![group("empty", Some(1), 1.0), group("index", None, 1.0)];
    parts.tree.leaves.iter_mut().zip([1, 1, 0]).for_each(|(l, parent)| l.parent = parent);
    let got = leave_out(&Model::new(parts).unwrap(), &places(1)).unwrap();
    assert_eq!(got.iter().map(|l| l.key.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "empty"]);
    // without a: ranks 3, 2, 1: moved 0, 1, 1; 2 comes above the line and 1 falls below
    assert_eq!((got[0].mean_change, got[0].max_change), (2.0 / 3.0, 1));
    let crossing = CrossedLine { line: "places".to_owned(), enter: vec![2], leave: vec![1] };
    assert_eq!(got[0].crossings, [crossing]);
    // without b: ranks 1, 2, 3: moved 2, 1, 1
    assert_eq!((got[1].mean_change, got[1].max_change), (4.0 / 3.0, 2));
    // what nobody has is not missed
    assert!(got[2..].iter().all(|l| l.max_change == 0 && l.without_score.is_empty()));
    let alone = leave_out(&Model::new(flat(&[1.0], &[&[1.0, 2.0]])).unwrap(), &places(1)).unwrap();
    assert_eq!(alone[0].without_score, [0, 1]);
}
