//! Small questions against all choices and all ladders there are; a large one for its time.

use super::*;
use proptest::prelude::*;

fn offers(counties: &[(u32, Vec<(u64, u64)>)], quotas: &[(u32, u32)]) -> Offers {
    Offers {
        counties: counties.iter().map(|(province, plans)| County { province: *province, plans: plans.clone() }).collect(),
        quotas: quotas.iter().map(|(least, most)| Quota { least: *least, most: *most }).collect(),
        most: None,
    }
}

/// All choices: of each county a plan or none.
fn all(o: &Offers) -> Vec<Vec<Option<u32>>> {
    o.counties.iter().fold(vec![Vec::new()], |lists, county| {
        let choices: Vec<Option<u32>> = [None].into_iter().chain((0..county.plans.len() as u32).map(Some)).collect();
        lists.iter().flat_map(|l| choices.iter().map(|c| [l.clone(), vec![*c]].concat())).collect()
    })
}

fn sum(o: &Offers, list: &[Option<u32>]) -> (u64, u64) {
    let of = list.iter().zip(&o.counties).filter_map(|(p, c)| Some(c.plans[(*p)? as usize]));
    of.fold((0, 0), |(a, b), (cost, value)| (a + cost, b + value))
}

fn allowed(o: &Offers, list: &[Option<u32>], budget: u64) -> bool {
    let n = |p: usize| list.iter().zip(&o.counties).filter(|(l, c)| l.is_some() && c.province as usize == p).count() as u32;
    let all = list.iter().flatten().count() as u32;
    sum(o, list).0 <= budget
        && o.most.is_none_or(|most| all <= most)
        && o.quotas.iter().enumerate().all(|(p, q)| (q.least..=q.most).contains(&n(p)))
}

fn list(o: &Offers, plans: &[(u32, u32)]) -> Vec<Option<u32>> {
    let mut all = vec![None; o.counties.len()];
    plans.iter().for_each(|(c, p)| all[*c as usize] = Some(*p));
    all
}

/// The best worst ratio of all nested sequences that begin with one kept: value and optimum.
fn slow(
    o: &Offers,
    budgets: &[u64],
    best: &[u64],
    keep: Keep,
    below: &[Option<u32>],
    choices: &[Vec<Option<u32>>],
) -> Option<f64> {
    let (Some((budget, budgets)), Some((top, best))) = (budgets.split_first(), best.split_first()) else { return Some(1.0) };
    let keeps =
        |l: &[Option<u32>]| below.iter().zip(l).all(|(b, l)| b.is_none() || (l.is_some() && (keep == Keep::Counties || b == l)));
    let one = |l: &Vec<Option<u32>>| {
        let rest = slow(o, budgets, best, keep, l, choices)?;
        Some(rest.min(if *top == 0 { 1.0 } else { sum(o, l).1 as f64 / *top as f64 }))
    };
    choices.iter().filter(|l| allowed(o, l, *budget) && keeps(l)).filter_map(one).reduce(f64::max)
}

#[test]
fn the_example_of_three_counties() {
    let o = offers(&[(0, vec![(6, 7)]), (0, vec![(5, 5)]), (0, vec![(5, 5)])], &[]);
    let l = ladder(&o, &[10, 6, 10], Keep::Plans, LadderEffort::default()).unwrap();
    assert_eq!(l.rungs.iter().map(|r| (r.budget, r.value, r.best.value)).collect::<Vec<_>>(), [(6, 5, 7), (10, 10, 10)]);
    // 1 − 5 ÷ 7 = 28.6 %, and nothing
    assert_eq!(l.rungs.iter().map(|r| format!("{:.1}", r.price() * 100.0)).collect::<Vec<_>>(), ["28.6", "0.0"]);
    assert!(l.proven && (l.worst() - 5.0 / 7.0).abs() < 1e-12);
    // at 10 without the second county: 7 or 5 are left, and 7 is better; 3 are lost
    let best = &l.rungs[1].best;
    let lost = without_each_county(&o, 10, best, 100);
    assert_eq!(
        lost.iter().map(|l| (l.county, l.least, l.most)).collect::<Vec<_>>(),
        [(1, Some(3), Some(3)), (2, Some(3), Some(3))]
    );
}

#[test]
fn quotas_are_kept_and_what_cannot_be_met_is_no_answer() {
    // province 0: values 9, 8, 7 at 1 each, two at most; province 1: a value of 1 at 5, one at least
    let o = offers(&[(0, vec![(1, 9)]), (0, vec![(1, 8)]), (0, vec![(1, 7)]), (1, vec![(5, 1)])], &[(0, 2), (1, 9)]);
    let ask = |budget| best_within(&o, budget, 100).map(|p| (p.plans, p.value, p.bound));
    assert_eq!(ask(7), Some((vec![(0, 0), (1, 0), (3, 0)], 18, 18)));
    assert_eq!(ask(6), Some((vec![(0, 0), (3, 0)], 10, 10)));
    assert_eq!(ask(4), None);
    // the only county of province 1 cannot be left out
    let best = best_within(&o, 7, 100).unwrap();
    assert_eq!(without_each_county(&o, 7, &best, 100)[2], Lost { county: 3, least: None, most: None });
    // two plans of one county are never both chosen; a plan for nothing is taken
    let o = offers(&[(0, vec![(3, 5), (4, 6)]), (0, vec![(0, 1)])], &[]);
    assert_eq!(best_within(&o, 9, 100).map(|p| (p.plans, p.value)), Some((vec![(0, 1), (1, 0)], 7)));
    assert_eq!(best_within(&offers(&[(0, vec![(1, 1 << 40)])], &[]), 9, 100), None);
    assert_eq!(best_within(&offers(&[], &[]), 9, 100).map(|p| p.value), Some(0));
}

#[test]
fn prices_of_others_are_a_bound_too() {
    let o = offers(&[(0, vec![(6, 7)]), (0, vec![(5, 5)]), (0, vec![(5, 5)])], &[(0, 1)]);
    let bound = |money, place: &[i128]| {
        let parts = 1i128 << 32;
        PickBound { money: money * parts, place: place.iter().map(|p| p * parts).collect(), all: 0 }.value(&o, 10)
    };
    // money at nothing: all 17; at 1: 10 + 1; a place at 5: 5 + 2
    assert_eq!((bound(0, &[]), bound(1, &[]), bound(0, &[5]), bound(-1, &[])), (Some(17), Some(11), Some(7), None));
}

#[test]
fn no_more_counties_are_funded_than_there_are_places() {
    // values 9, 8, 7 of two provinces at 1 each, one place in the first province: with two places 9 and 7, with one 9
    let o = offers(&[(0, vec![(1, 9)]), (0, vec![(1, 8)]), (1, vec![(1, 7)])], &[(0, 1)]);
    let ask = |most| {
        let o = Offers { most, ..o.clone() };
        best_within(&o, 9, 100).map(|p| (p.value, p.bound, p.prices.value(&o, 9)))
    };
    assert_eq!([None, Some(2), Some(1), Some(0)].map(ask), [16, 16, 9, 0].map(|n| Some((n, n, Some(n)))));
}

type Drawn = (Vec<(u32, Vec<(u64, u64)>)>, Vec<(u32, u32)>, Vec<u64>);

fn questions(counties: usize, plans: usize) -> impl Strategy<Value = Drawn> {
    let county = (0u32..2, prop::collection::vec((0u64..12, 0u64..15), 0..plans));
    let quotas = prop::collection::vec((0u32..2, 1u32..4), 0..3);
    (prop::collection::vec(county, 0..counties), quotas, prop::collection::vec(0u64..30, 1..4))
}

proptest! {
    #![proptest_config(crate::test_support::cases(400))]

    #[test]
    fn what_is_picked_is_the_best_of_all_choices((counties, quotas, budgets) in questions(7, 4), most in prop::option::of(0u32..5)) {
        let o = Offers { most, ..offers(&counties, &quotas) };
        let choices = all(&o);
        for b in budgets {
            let want = choices.iter().filter(|l| allowed(&o, l, b)).map(|l| sum(&o, l).1).max();
            let found = best_within(&o, b, 5000);
            prop_assert_eq!(found.as_ref().map(|p| (p.value, p.bound)), want.map(|w| (w, w)));
            let Some(p) = found else { continue };
            prop_assert_eq!(sum(&o, &list(&o, &p.plans)), (p.cost, p.value));
            prop_assert!(allowed(&o, &list(&o, &p.plans), b) && p.prices.value(&o, b).unwrap() >= p.value);
            // with few states the bound holds
            if let Some(quick) = best_within(&o, b, 1) {
                prop_assert!(quick.value <= p.value && quick.bound >= p.value && allowed(&o, &list(&o, &quick.plans), b));
            }
            for lost in without_each_county(&o, b, &p, 5000) {
                let without = choices.iter().filter(|l| l[lost.county as usize].is_none() && allowed(&o, l, b));
                let want = without.map(|l| p.value - sum(&o, l).1).min();
                prop_assert_eq!((lost.least, lost.most), (want, want));
            }
        }
    }

    #[test]
    fn a_ladder_is_the_best_of_all((counties, quotas, mut budgets) in questions(5, 3), keep in any::<bool>(), most in prop::option::of(0u32..4)) {
        let keep = if keep { Keep::Plans } else { Keep::Counties };
        let o = Offers { most, ..offers(&counties, &quotas) };
        budgets.sort_unstable();
        budgets.dedup();
        let choices = all(&o);
        let best: Option<Vec<u64>> =
            budgets.iter().map(|b| choices.iter().filter(|l| allowed(&o, l, *b)).map(|l| sum(&o, l).1).max()).collect();
        let want = best.and_then(|best| slow(&o, &budgets, &best, keep, &vec![None; o.counties.len()], &choices));
        let found = ladder(&o, &budgets, keep, LadderEffort::default());
        prop_assert_eq!(found.is_some(), want.is_some(), "{:?}", want);
        let (Some(l), Some(want)) = (found, want) else { return Ok(()) };
        prop_assert!(l.proven && (l.worst() - want).abs() < 1e-12, "{} {want}", l.worst());
        for r in &l.rungs {
            prop_assert!(allowed(&o, &list(&o, &r.plans), r.budget));
            prop_assert_eq!(sum(&o, &list(&o, &r.plans)), (r.cost, r.value));
        }
        for w in l.rungs.windows(2) {
            let kept = |(c, p): &(u32, u32)| w[1].plans.iter().any(|(d, q)| c == d && (keep == Keep::Counties || p == q));
            prop_assert!(w[0].plans.iter().all(kept));
        }
    }
}

#[test]
fn thousands_of_counties_have_a_ladder_within_a_few_thousandths() {
    let mut draws = crate::siting::kicks::Draws::new();
    let mut county = |c: u32| {
        let base = 2_000_000 + draws.below(20_000_000);
        let worth = 1000 + draws.below(90_000);
        let plans = (1..=3).map(|n| (base * n + draws.below(900_000), worth * (8 + n) * n / 10)).collect();
        County { province: c % 31, plans }
    };
    let counties: Vec<County> = (0..2800).map(&mut county).collect();
    let o = Offers { counties, quotas: vec![Quota { least: 2, most: 40 }; 31], most: None };
    let budgets = [1, 2, 4, 6, 9].map(|b| b * 1_000_000_000);
    let l = ladder(&o, &budgets, Keep::Plans, LadderEffort::default()).unwrap();
    assert!(l.rungs.iter().all(|r| r.best.bound - r.best.value <= r.best.bound / 2_000));
    assert!(l.worst() > 0.99, "{}", l.worst());
}
