//! Small questions against all choices there are; bounds against what they bound.

use super::super::tests::list;
use super::super::*;
use proptest::prelude::*;

fn near(rows: &[(Vec<u64>, u64)], sites: usize, beyond: u64) -> Distances {
    let mut all = DistanceRows::new(beyond);
    for (far, weight) in rows {
        all.add(&(0u32..).zip(far.iter().copied()).collect::<Vec<_>>(), *weight);
    }
    all.freeze(sites).unwrap()
}

fn number(n: u64, inside: &[u32], out: &[u32]) -> Question {
    Question { limit: Limit::Number(n), inside: inside.to_vec(), out: out.to_vec() }
}

#[test]
fn sites_on_a_line_stand_in_the_middle() {
    // points at 0, 1, 2, 8, 9 with weights 1, 1, 1, 1, 3; every point a site; 100 where there is none
    let at = [0u64, 1, 2, 8, 9];
    let weights = [1, 1, 1, 1, 3];
    let rows: Vec<_> = at.iter().zip(weights).map(|(x, w)| (at.iter().map(|y| x.abs_diff(*y)).collect(), w)).collect();
    let near = near(&rows, 5, 100);
    let ask = |q: Question| {
        let a = least_distance(&near, &q, Effort::default()).unwrap();
        (a.sites, a.value, a.bound)
    };
    // the middle of the weight 7 is at 8: 8 + 7 + 6 + 0 + 3
    assert_eq!(ask(number(1, &[], &[])), (vec![3], 24, 24));
    // at 1 and 9: 1 + 0 + 1 + 1 + 0
    assert_eq!(ask(number(2, &[], &[])), (vec![1, 4], 3, 3));
    // 0 is there anyhow, 9 is out: 0 and 8: 0 + 1 + 2 + 0 + 3
    assert_eq!(ask(number(2, &[0], &[4])), (vec![0, 3], 6, 6));
    assert_eq!(ask(number(0, &[], &[])), (vec![], 700, 700));
    assert!(least_distance(&near, &number(1, &[0, 1], &[]), Effort::default()).is_none());
    let far = |q: Question| least_radius(&near, &q, Effort::default()).map(|a| (a.sites, a.radius, a.bound));
    // one site: at 2 the farthest is 7 off (at 8 it is 8); two: 1 and 8 or 9: 1; all: 0
    assert_eq!(far(number(1, &[], &[])), Some((vec![2], 7, 7)));
    assert_eq!(far(number(2, &[], &[])).map(|a| (a.1, a.2)), Some((1, 1)));
    assert_eq!(far(number(5, &[], &[])), Some((vec![0, 1, 2, 3, 4], 0, 0)));
    assert_eq!(far(number(0, &[], &[])), None);
}

#[test]
fn sums_that_are_too_large_are_refused() {
    let sum = |weight: u64, beyond: u64| {
        let mut rows = DistanceRows::new(beyond);
        rows.add(&[(0, 1)], weight);
        rows.add(&[(0, 2)], weight);
        rows.freeze(1).is_some()
    };
    assert!(sum(1_000_000, 1_000_000_000));
    // 10^9 people 10^9 mm away are 10^18, 256 times that is above 1.8 × 10^19
    assert!(!sum(1_000_000_000, 1_000_000_000));
    assert!(!sum(u64::MAX, 2));
}

proptest! {
    #![proptest_config(crate::test_support::cases(200))]

    #[test]
    fn the_answer_is_the_best_of_all_choices(
        (sites, rows) in (3usize..8).prop_flat_map(|sites| {
            (Just(sites), prop::collection::vec((prop::collection::vec(0u64..20, sites), 0u64..9), 1..14))
        }),
        costs in prop::collection::vec(0u64..6, 8),
        most in 0u64..12,
        is_number in any::<bool>(),
        (inside, out) in (0u32..4, 0u32..8),
    ) {
        let near = near(&rows, sites, 15); // a quarter of the pairs is beyond
        let limit = if is_number { Limit::Number(most / 2) } else { Limit::Budget(most, costs[..sites].to_vec()) };
        let q = Question { limit, inside: list(inside & !out), out: list(out) };
        let fits = |s: &Vec<u32>| q.limit.taken(s.iter().copied()) <= q.limit.most()
            && q.inside.iter().all(|i| s.contains(i)) && !q.out.iter().any(|o| s.contains(o));
        let all = || (0..1u32 << sites).map(list).filter(fits);
        let want = all().map(|s| near.value(&s)).min();
        let found = least_distance(&near, &q, Effort::default());
        prop_assert_eq!(found.as_ref().map(|a| a.value), want);
        let flags = |list: &[u32]| (0..sites as u32).map(|s| list.contains(&s)).collect::<Vec<bool>>();
        let flags = (&flags(&q.inside)[..], &flags(&q.out)[..]);
        if let Some(a) = found {
            prop_assert!(fits(&a.sites) && near.value(&a.sites) == a.value && a.bound == a.value);
            let by = a.multipliers.value(&near, &q.limit, flags).unwrap();
            let quick = least_distance(&near, &q, Effort { kicks: 0, patience: 0, pairs: 0 }).unwrap();
            prop_assert!(by <= a.value && quick.value >= a.value && quick.bound <= a.value);
        }
        // the farthest of the rows that some site may be near to
        let may: Vec<u32> = (0..sites as u32).filter(|s| !q.out.contains(s)).collect();
        let asked: Vec<bool> = near.nearest(&may).iter().map(|d| *d < near.beyond()).collect();
        let far = |s: &Vec<u32>| near.nearest(s).iter().zip(&asked).filter(|d| *d.1).map(|d| *d.0).max().unwrap_or(0);
        let want = all().map(|s| far(&s)).min().filter(|d| *d < near.beyond());
        let found = least_radius(&near, &q, Effort::default());
        prop_assert_eq!(found.as_ref().map(|a| (a.radius, a.bound)), want.map(|r| (r, r)));
        let Some(a) = found else { return Ok(()) };
        prop_assert!(fits(&a.sites) && far(&a.sites) == a.radius);
        // multipliers that say why, where they are the reason
        if let (Some(below), Proof::Multipliers) = (a.below, a.proof) {
            let costs: Vec<u64> = (0..sites).map(|s| q.limit.cost(s)).collect();
            let cover = cover_within(&near, Within::Below(a.bound));
            prop_assert!(below.value((&cover, &costs), Need::All, flags).unwrap() > q.limit.most());
        }
    }
}
