//! Small questions against all choices and all cuts; bounds against what they bound.

use super::super::tests::{cover, list, questions};
use super::super::*;
use proptest::prelude::*;

/// The most that sites serve, by the least cut: for each set of rows that are not cut off, the weight of the others and the capacities of all
/// chosen sites that reach the set.
fn by_cuts(c: &Cover, capacity: &[u64], sites: &[u32]) -> u64 {
    let cut = |kept: u32| {
        let reach = |s: &&u32| c.of_site(**s as usize).iter().any(|r| kept >> r & 1 == 1);
        let cut_off: u64 = (0..c.rows()).filter(|r| kept >> r & 1 == 0).map(|r| c.weights()[r]).sum();
        cut_off + sites.iter().filter(reach).map(|s| capacity[*s as usize]).sum::<u64>()
    };
    (0..1u32 << c.rows()).map(cut).min().unwrap()
}

#[test]
fn a_site_hands_a_row_on_to_serve_another() {
    // 0 reaches rows a and b, 1 only b; each serves 5, each row weighs 5. Were b given to 0, 1 would serve nothing
    let c = cover(&[(0b01, 5), (0b11, 5)], 2);
    let ask = |capacity: &[u64], n| {
        let q = Question { limit: Limit::Number(n), inside: vec![], out: vec![] };
        let a = most_assigned((&c, capacity), &q, Effort::default()).unwrap();
        (a.sites, a.value, a.bound, a.served)
    };
    assert_eq!(ask(&[5, 5], 2), (vec![0, 1], 10, 10, vec![5, 5]));
    // a row may be shared: 7 and 3
    assert_eq!(ask(&[7, 3], 2), (vec![0, 1], 10, 10, vec![7, 3]));
    assert_eq!(ask(&[9, 9], 1), (vec![0], 9, 9, vec![9, 0]));
    // what is large enough serves what it covers; what serves nothing is not chosen
    assert_eq!(ask(&[99, 99], 1), (vec![0], 10, 10, vec![10, 0]));
    assert_eq!(ask(&[0, 4], 2), (vec![1], 4, 4, vec![0, 4]));
}

proptest! {
    #![proptest_config(crate::test_support::cases(150))]

    #[test]
    fn what_is_assigned_is_the_most(
        (rows, costs, most, number, inside, out) in questions(),
        sizes in prop::collection::vec(0u64..120, 9),
    ) {
        let rows = &rows[..rows.len().min(7)];
        let (c, capacity) = (cover(rows, costs.len()), &sizes[..costs.len()]);
        let limit = if number { Limit::Number(most / 2) } else { Limit::Budget(most, costs.clone()) };
        let q = Question { limit, inside: list(inside & !out & 0b11), out: list(out & 0b111) };
        let fits = |s: &Vec<u32>| q.limit.taken(s.iter().copied()) <= q.limit.most()
            && q.inside.iter().all(|i| s.contains(i)) && !q.out.iter().any(|o| s.contains(o));
        let want = (0..1u32 << costs.len()).map(list).filter(fits).map(|s| by_cuts(&c, capacity, &s)).max();
        let found = most_assigned((&c, capacity), &q, Effort::default());
        prop_assert_eq!(found.as_ref().map(|a| a.value), want);
        let Some(a) = found else { return Ok(()) };
        prop_assert!(fits(&a.sites) && by_cuts(&c, capacity, &a.sites) == a.value && a.bound == a.value);
        prop_assert!(a.served.iter().sum::<u64>() == a.value && a.served.iter().zip(capacity).all(|(s, c)| s <= c));
        let quick = most_assigned((&c, capacity), &q, Effort { kicks: 0, patience: 0, pairs: 0 }).unwrap();
        let flags = |list: &[u32]| (0..costs.len() as u32).map(|s| list.contains(&s)).collect::<Vec<bool>>();
        let by = quick.multipliers.value((&c, capacity), &q.limit, (&flags(&q.inside), &flags(&q.out))).unwrap();
        prop_assert!(quick.value <= a.value && quick.bound >= a.value && by >= a.value);
        // without limits of size it is what is covered
        let wide = vec![u64::MAX / 100; costs.len()];
        let covered = most_covered(&c, &q, Effort::default()).unwrap();
        prop_assert_eq!(most_assigned((&c, &wide), &q, Effort::default()).unwrap().value, covered.value);
    }
}
