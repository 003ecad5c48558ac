//! Small questions against all orders of building.

use super::*;
use crate::siting::tests::cover;
use proptest::prelude::*;

#[test]
fn a_later_limit_holds_before_and_what_is_there_counts() {
    let c = cover(&[(0b001, 5), (0b010, 4), (0b100, 3)], 3);
    let ask = |most: &[u64], inside: &[u32]| {
        let years = most.iter().map(|m| Year { cover: &c, most: *m }).collect();
        let q = YearsQuestion { years, costs: Some(vec![2, 2, 1]), inside: inside.to_vec(), out: vec![1] };
        most_over_years(&q, Effort::default()).map(|a| (a.built, a.values, a.bound))
    };
    // 1 is out; 3 at once would do for 0 and 2, but 2 by the end of the second year only for 0
    assert_eq!(ask(&[3, 2], &[]), Some((vec![vec![0], vec![]], vec![5, 5], 10)));
    assert_eq!(ask(&[1, 3], &[]), Some((vec![vec![2], vec![0]], vec![3, 8], 11)));
    assert_eq!(ask(&[2, 3], &[0]), Some((vec![vec![], vec![2]], vec![5, 8], 13)));
    assert_eq!(ask(&[1, 3], &[0]), None);
    assert_eq!(ask(&[], &[]), None);
}

proptest! {
    #![proptest_config(crate::test_support::cases(200))]

    #[test]
    fn no_plan_is_above_the_bound_and_few_above_the_answer(
        years in prop::collection::vec((prop::collection::vec((0u32..32, 0u64..20), 1..10), 0u64..7), 1..4),
        (costs, number, inside, out) in (prop::collection::vec(0u64..4, 5), any::<bool>(), 0u32..3, 0u32..4),
    ) {
        let covers: Vec<Cover> = years.iter().map(|y| cover(&y.0, 5)).collect();
        let list = |m: u32| (0..5).filter(|s| m >> s & 1 == 1).collect::<Vec<u32>>();
        let costs = if number { None } else { Some(costs) };
        let of: Vec<Year<'_>> = years.iter().zip(&covers).map(|(y, cover)| Year { cover, most: y.1 }).collect();
        let (inside, out) = (inside & 1, out & 2);
        let q = YearsQuestion { years: of.clone(), costs: costs.clone(), inside: list(inside), out: list(out) };
        let cost = |m: u32| list(m).iter().map(|s| costs.as_ref().map_or(1, |c| c[*s as usize])).sum::<u64>();
        // every way to have more from year to year
        let mut all = vec![(inside, 0)];
        for y in &of {
            let on = |(before, sum): &(u32, u64)| {
                let (before, sum) = (*before, *sum);
                let fits = move |m: &u32| m & before == before && m & out == 0;
                (0..32u32).filter(fits).map(move |m| (m, sum)).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(on).filter(|(m, _)| cost(*m) <= y.most).map(|(m, sum)| (m, sum + y.cover.value(&list(m)))).collect();
            // of those with the same sites the best goes on
            all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
            all.dedup_by_key(|a| a.0);
        }
        let want = all.iter().map(|(_, sum)| *sum).max();
        let found = most_over_years(&q, Effort::default());
        prop_assert_eq!(found.is_some(), want.is_some());
        let (Some(a), Some(want)) = (found, want) else { return Ok(()) };
        prop_assert!(a.value <= want && want <= a.bound && a.value * 100 >= want * 95, "{} {want} {}", a.value, a.bound);
        if a.value != want { eprintln!("{} {want} {}", a.value, a.bound); }
        prop_assert_eq!(a.value, a.values.iter().sum::<u64>());
        let mut there = inside;
        for ((built, year), value) in a.built.iter().zip(&of).zip(&a.values) {
            there = built.iter().fold(there, |m, s| m | 1 << s);
            prop_assert!(cost(there) <= year.most && there & out == 0 && year.cover.value(&list(there)) == *value);
        }
    }
}
