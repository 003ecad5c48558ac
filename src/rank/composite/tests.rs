//! The index as a whole: what adds up, what does not depend on the order of rows, and what each unit is told.

use super::scene::{ALL, table, tree};
use super::stats;
use super::*;

/// Random values, some missing: 5 leaves in two groups, `n` units in three provinces.
fn random(n: usize, seed: u64) -> (UnitTable, Tree) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut roll = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut column = |skewed: bool| -> Vec<f64> {
        (0..n)
            .map(|_| (roll(), roll()))
            .map(|(a, b)| {
                if b < 0.1 {
                    f64::NAN
                } else if skewed {
                    (9.0 * a).exp()
                } else {
                    a
                }
            })
            .collect()
    };
    let columns: Vec<Vec<f64>> = (0..5).map(|i| column(i == 3)).collect();
    let keys = ["a", "b", "c", "d", "e"];
    let mut values = table(&keys.iter().zip(&columns).map(|(k, c)| (*k, c.as_slice())).collect::<Vec<_>>());
    values.groups = (0..n).map(|i| (i % 4 != 3).then(|| format!("p{}", i % 4))).collect();
    let mut tree =
        tree(&[("a", "g", 1.0), ("b", "g", 2.0), ("c", "h", 1.0), ("d", "h", 1.0), ("e", "h", 3.0)], &[("g", 2.0), ("h", 1.0)]);
    tree.leaves[1].direction = Direction::LowerIsWorse;
    tree.leaves.iter_mut().for_each(|l| l.goalposts = Some((0.1, 0.8)));
    (values, tree)
}

fn method(how: Normalisation, aggregation: Aggregation, weighting: Weighting) -> Method {
    let steps = vec![
        Step::Screen(0.5),
        Step::Impute(Imputation::GroupMean),
        Step::Treat { skew: 2.0, kurtosis: 3.5, winsorise: 2 },
        Step::Normalise(how),
        Step::Aggregate(aggregation),
    ];
    Method { steps, weighting, scale: (1.0, 100.0), ..Method::default() }
}

#[test]
fn the_order_of_rows_changes_no_bit() {
    let scales = [Normalisation::MinMax, Normalisation::ZScore, Normalisation::Rank];
    for (i, how) in ALL.iter().flat_map(|a| scales.iter().map(move |n| (*n, *a))).enumerate() {
        for weighting in [Weighting::Given, Weighting::Pca] {
            let (values, tree) = random(61, i as u64 + 1);
            let n = values.codes.len();
            // 61 is prime: steps of 17 visit every row
            let shuffled: Vec<usize> = (0..n).map(|k| (k * 17 + 5) % n).collect();
            let mut other = values.clone();
            other.codes = shuffled.iter().map(|u| values.codes[*u].clone()).collect();
            other.groups = shuffled.iter().map(|u| values.groups[*u].clone()).collect();
            for (column, from) in other.columns.iter_mut().zip(&values.columns) {
                column.values = shuffled.iter().map(|u| from.values[*u]).collect();
            }
            let method = method(how.0, how.1, weighting);
            let (a, b) = (build(&values, &tree, &method).unwrap(), build(&other, &tree, &method).unwrap());
            assert_eq!(a.log, b.log);
            assert_eq!(a.effective, b.effective);
            let places = |built: &Composite| ranks(built.index(), &[], &built.codes);
            let (places_a, places_b) = (places(&a), places(&b));
            for (row, u) in shuffled.iter().enumerate() {
                assert_eq!(b.index()[row].map(f64::to_bits), a.index()[*u].map(f64::to_bits));
                assert_eq!(places_b[row], places_a[*u]);
                assert_eq!(b.contributions(row), a.contributions(*u));
            }
        }
    }
}

#[test]
fn points_add_up_to_the_index_also_where_values_are_missing() {
    let (values, tree) = random(80, 3);
    let steps = vec![Step::Normalise(Normalisation::MinMax), Step::Aggregate(Aggregation::Arithmetic)];
    let built = build(&values, &tree, &Method { steps, ..Method::default() }).unwrap();
    assert!((0..80).any(|u| built.normalised.iter().any(|c| c[u].is_none())));
    for u in 0..80 {
        let got = built.contributions(u);
        assert_eq!(got.kind, Points::AddUp);
        let sum: f64 = got.points.iter().flatten().sum();
        assert!((sum - built.index()[u].unwrap_or(0.0)).abs() < 1e-9);
        for (point, column) in got.points.iter().zip(&built.normalised) {
            assert_eq!(point.is_some(), column[u].is_some());
        }
    }
    assert!((built.effective.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn other_means_tell_what_each_value_is_worth() {
    // geometric: a 4 and b 16 of weight 1 ⇒ index 8; without a it is 16, without b 4 ⇒ −8 and +4
    let values = table(&[("a", &[4.0, 100.0]), ("b", &[16.0, 100.0])]);
    let mut tree = tree(&[("a", "g", 1.0), ("b", "g", 1.0)], &[("g", 1.0)]);
    tree.leaves.iter_mut().for_each(|l| l.goalposts = Some((0.0, 100.0)));
    let steps = vec![Step::Normalise(Normalisation::Goalposts), Step::Aggregate(Aggregation::Geometric)];
    let built = build(&values, &tree, &Method { steps, ..Method::default() }).unwrap();
    let got = built.contributions(0);
    assert_eq!(got.kind, Points::WithoutValue);
    assert!((got.points[0].unwrap() + 8.0).abs() < 1e-12 && (got.points[1].unwrap() - 4.0).abs() < 1e-12);
}

/// The slow way to what `contributions` says: an index of the normalised scores with one of them taken away.
#[test]
fn what_a_value_is_worth_is_what_is_lost_without_it() {
    for how in [Aggregation::Arithmetic, Aggregation::Geometric, Aggregation::Harmonic] {
        let (values, mut tree) = random(30, 8);
        tree.groups[0].aggregate = Some(Aggregation::Copeland);
        let built = build(&values, &tree, &method(Normalisation::MinMax, how, Weighting::Given)).unwrap();
        let mut flat = tree.clone();
        flat.leaves.iter_mut().for_each(|l| (l.goalposts, l.direction) = (Some((1.0, 100.0)), Direction::HigherIsWorse));
        let steps = vec![Step::Normalise(Normalisation::Goalposts), Step::Aggregate(how)];
        let again = Method { steps, scale: (1.0, 100.0), ..Method::default() };
        // leaves of h only: a gap in g would change the duels of the others too
        for (unit, leaf) in [(0, 2), (4, 3), (11, 4), (29, 2)].into_iter().filter(|(u, _)| !built.not_ranked.contains_key(u)) {
            let mut scores = values.clone();
            for (column, normalised) in scores.columns.iter_mut().zip(&built.normalised) {
                column.values.clone_from(normalised);
            }
            scores.columns[leaf].values[unit] = None;
            let lost = built.index()[unit].unwrap() - build(&scores, &flat, &again).unwrap().index()[unit].unwrap();
            let told = built.contributions(unit).points[leaf].unwrap();
            assert!((lost - told).abs() < 1e-9, "{how:?} {unit} {leaf}: {lost} {told}");
        }
    }
}

#[test]
fn a_leaf_of_weight_nought_stops_nothing() {
    let nan = f64::NAN;
    let values = table(&[("a", &[1.0, 2.0]), ("constant", &[3.0, 3.0]), ("empty", &[nan, nan]), ("odd", &[f64::INFINITY, 1.0])]);
    let leaves = [("a", "g", 1.0), ("constant", "g", 0.0), ("empty", "h", 1.0), ("odd", "h", 1.0)];
    let whole = tree(&leaves, &[("g", 1.0), ("h", 0.0)]);
    let built = build(&values, &whole, &Method::default()).unwrap();
    assert_eq!(built.index(), [Some(0.0), Some(100.0)]);
    assert_eq!(built.effective, [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(usable(&values, &whole).iter().map(|p| p.0).collect::<Vec<_>>(), [1, 2, 3]);
    let told = |group| build(&values, &tree(&leaves, &[("g", 1.0), ("h", group)]), &Method::default()).unwrap_err().to_string();
    assert!(told(1.0).contains("inf is not a value"), "{}", told(1.0));
}

#[test]
fn a_unit_without_any_value_is_not_ranked_and_says_so() {
    let values = table(&[("a", &[1.0, 2.0, f64::NAN])]);
    let built = build(&values, &tree(&[("a", "g", 1.0)], &[("g", 1.0)]), &Method::default()).unwrap();
    assert_eq!(built.not_ranked[&2], "it has no value of any indicator");
    assert_eq!(ranks(built.index(), &[], &built.codes)[2], None);
}

#[test]
fn the_log_says_what_each_step_changed() {
    let (values, tree) = random(61, 2);
    let built = build(&values, &tree, &method(Normalisation::MinMax, Aggregation::Arithmetic, Weighting::Given)).unwrap();
    assert_eq!(
        built.log.iter().map(|l| l.step.name()).collect::<Vec<_>>(),
        ["screen", "impute", "treat", "normalise", "aggregate"]
    );
    // every gap of a unit that is ranked was filled, and each is in the log
    let ranked = |u: &usize| !built.not_ranked.contains_key(u);
    let gaps = (0..61).filter(ranked).map(|u| values.columns.iter().filter(|c| c.values[u].is_none()).count()).sum::<usize>();
    assert_eq!((built.log[1].counts["values filled"], built.log[1].changed.len()), (gaps, gaps));
    // d = e^(9x) has most of its values near 1 and a few near 8,000: it is the one that is treated
    let treated = |c: &Change| matches!(c, Change::Treated { indicator, .. } if indicator == "d");
    assert_eq!(built.log[2].changed.iter().filter(|c| treated(c)).count(), 1);
    // weights of g's children: 1/3 and 2/3
    assert_eq!((built.weight("a"), built.weight("b")), (Some(1.0 / 3.0), Some(2.0 / 3.0)));
}

#[test]
fn human_development_index_of_two_countries() {
    // UNDP, Human Development Report 2021/22, Statistical annex, table 1 (2021): life expectancy, expected and mean years of
    // schooling, gross national income a head (2017 PPP $); published index 0.962 and 0.961.
    // Switzerland by hand: (83.9872 − 20)/65 = 0.984418; (16.50030/18 + 13.85966/15)/2 = (0.916683 + 0.923977)/2 = 0.920330;
    // ln(669.33)/ln(750) = 6.506277/6.620073 = 0.982811; ∛(0.984418 · 0.920330 · 0.982811) = ∛0.890416 = 0.96205.
    // Norway: 63.2339/65 = 0.972829; 18.18520 is cut at 18: (1 + 0.866909)/2 = 0.933454; ln(646.6011)/ln(750) = 0.977592;
    // ∛0.887743 = 0.96109. Without the cut it would be (1.010289 + 0.866909)/2 and 0.96285: 0.963.
    let mut values = table(&[
        ("life", &[83.9872, 83.2339]),
        ("expected", &[16.50030, 18.18520]),
        ("mean", &[13.85966, 13.00363]),
        ("income", &[66_933.0_f64.ln(), 64_660.11_f64.ln()]),
    ]);
    values.codes = vec!["CHE".to_owned(), "NOR".to_owned()];
    let leaves = [("life", "health", 1.0), ("expected", "education", 1.0), ("mean", "education", 1.0), ("income", "living", 1.0)];
    let mut tree = tree(&leaves, &[("health", 1.0), ("education", 1.0), ("living", 1.0)]);
    let posts = [(20.0, 85.0), (0.0, 18.0), (0.0, 15.0), (100.0_f64.ln(), 75_000.0_f64.ln())];
    tree.leaves.iter_mut().zip(posts).for_each(|(l, p)| l.goalposts = Some(p));
    tree.groups[3].aggregate = Some(Aggregation::Geometric);
    let steps = vec![Step::Normalise(Normalisation::Goalposts), Step::Aggregate(Aggregation::Arithmetic)];
    let built = build(&values, &tree, &Method { steps, ..Method::default() }).unwrap();
    let index: Vec<f64> = built.index().iter().flatten().map(|v| (v * 10.0).round() / 1000.0).collect();
    assert_eq!(index, [0.962, 0.961]);
    assert!((built.index()[0].unwrap() - 96.205).abs() < 1e-3 && (built.index()[1].unwrap() - 96.109).abs() < 1e-3);
    let cut = Change::Scaled {
        indicator: "expected".to_owned(),
        scale: Scale::Goalposts { lower: 0.0, upper: 18.0, cut_low: 0, cut_high: 1 },
    };
    assert!(built.log[0].changed.contains(&cut));
}

#[test]
fn principal_component_weights_follow_what_moves_together() {
    // in a group of three where two are the same, the two weigh more than the third, and equally
    let third: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 40)).collect();
    let same: Vec<f64> = (0..40).map(f64::from).collect();
    let values = table(&[("a", &same), ("b", &same), ("c", &third)]);
    let tree = tree(&[("a", "g", 1.0), ("b", "g", 1.0), ("c", "g", 5.0)], &[("g", 1.0)]);
    let built = build(&values, &tree, &Method { weighting: Weighting::Pca, ..Method::default() }).unwrap();
    let w: Vec<f64> = ["a", "b", "c"].iter().map(|k| built.weight(k).unwrap()).collect();
    assert!((w[0] - w[1]).abs() < 1e-12 && w[0] > w[2], "{w:?}");
    assert!((stats::mean(&w).unwrap() - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn what_cannot_be_computed_is_named() {
    let told = |values: &UnitTable, tree: &Tree, method: &Method| build(values, tree, method).unwrap_err().to_string();
    let mut tree = tree(&[("a", "g", 1.0)], &[("g", 1.0)]);
    let text = told(&table(&[("a", &[f64::NAN, f64::NAN])]), &tree, &Method::default());
    assert!(text.contains("no unit has a value of \"a\""), "{text}");
    let text = told(&table(&[("a", &[2.0, 2.0])]), &tree, &Method::default());
    assert!(text.contains("\"a\" is 2 in every unit"), "{text}");
    // max − min is beyond what a number can hold
    let text = told(&table(&[("a", &[-1.7e308, 1.7e308])]), &tree, &Method::default());
    assert!(text.contains("id \"u0\", field \"a\"") || text.contains("id \"u1\", field \"a\""), "{text}");
    // 2^0 … 2^19 need the log (see the tests of outliers), which goalposts in the unit of the values cannot follow
    let powers: Vec<f64> = (0..20).map(|i| 2.0_f64.powi(i)).collect();
    tree.leaves[0].goalposts = Some((0.0, 1000.0));
    let mut method = method(Normalisation::Goalposts, Aggregation::Arithmetic, Weighting::Given);
    method.steps[2] = Step::Treat { skew: 2.0, kurtosis: 3.5, winsorise: 1 };
    let text = told(&table(&[("a", &powers)]), &tree, &method);
    assert!(text.contains("the log of \"a\" was taken"), "{text}");
}
