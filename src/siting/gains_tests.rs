//! Rows that count by how many sites cover them, against all choices there are.

use super::tests::{cover, list};
use super::*;
use proptest::prelude::*;

#[test]
fn gains_add_up() {
    // 1 − 0.2, 1 − 0.04, 1 − 0.008
    assert_eq!([1, 2, 3].map(|k| Gains::uptime(800_000).sum(k)), [800_000, 960_000, 992_000]);
    assert_eq!([0, 1, 2, 9].map(|k| Gains::uptime(1_000_000).sum(k)), [0, 1_000_000, 1_000_000, 1_000_000]);
    assert_eq!(Gains::uptime(0), Gains::of(vec![0, 0]));
    assert_eq!([1, 2, 3].map(|k| Gains::parted(700_000).sum(k)), [700_000, 1_000_000, 1_000_000]);
    // the sums 0, 0, 1 lie under 0, ½, 1; 0, 0, 3, 4 under 0, 3/2, 3, 4: in sixths 9, 9, 6
    assert_eq!(Gains::backup().greedy(), Gains::of(vec![1, 1]));
    assert_eq!(Gains::of(vec![0, 3, 1]).greedy(), Gains::of(vec![9, 9, 6]));
    assert_eq!(Gains::of(vec![3, 1]).greedy(), Gains::of(vec![3, 1]));
}

#[test]
fn two_sites_are_wanted_where_backup_counts() {
    // 0 and 1 cover what weighs 4, 1 and 2 what weighs 5, 0 and 3 each a row alone
    let c = cover(&[(0b0001, 9), (0b0011, 4), (0b0110, 5), (0b1000, 8)], 4);
    let ask = |gains: &Gains, n| {
        let q = Question { limit: Limit::Number(n), inside: vec![], out: vec![] };
        let a = most_served((&c, gains), &q, Effort::default()).unwrap();
        (a.sites, a.value, a.bound)
    };
    assert_eq!(ask(&Gains::once(), 2), (vec![0, 3], 21, 21));
    assert_eq!(ask(&Gains::backup(), 2), (vec![1, 2], 5, 5));
    assert_eq!(ask(&Gains::backup(), 3), (vec![0, 1, 2], 9, 9));
    assert_eq!(ask(&Gains::backup(), 1).1, 0);
    // half for the first, half for the second: {0, 1} 6.5 + 4 / 2 + 4 / 2 … in halves {0, 3} 9 + 4 + 8 = 21, {0, 1} 9 + 4 + 4 + 5 = 22
    let half = ask(&Gains::parted(500_000), 2);
    assert_eq!((half.0, half.1, half.2), (vec![0, 1], 22 * 500_000, 22 * 500_000));
    // 90 % uptime: {0, 3} 0.9 × 21 = 18.9; {0, 1} 0.9 × 18 + 0.09 × 4 = 16.56
    assert_eq!(ask(&Gains::uptime(900_000), 2), (vec![0, 3], 18_900_000, 18_900_000));
}

fn kinds() -> impl Strategy<Value = Gains> {
    prop_oneof![
        Just(Gains::backup()),
        Just(Gains::uptime(900_000)),
        (0u64..=1_000_000).prop_map(Gains::parted),
        prop::collection::vec(0u64..5, 1..4).prop_map(Gains::of),
    ]
}

proptest! {
    #![proptest_config(crate::test_support::cases(200))]

    #[test]
    fn what_is_made_of_all_rows_is_the_most(
        (rows, costs, most, number, inside, out) in super::tests::questions(),
        gains in kinds(),
    ) {
        let c = cover(&rows, costs.len());
        let limit = if number { Limit::Number(most / 2) } else { Limit::Budget(most, costs.clone()) };
        let q = Question { limit, inside: list(inside & !out & 0b11), out: list(out & 0b111) };
        let fits = |s: &Vec<u32>| q.limit.taken(s.iter().copied()) <= q.limit.most()
            && q.inside.iter().all(|i| s.contains(i)) && !q.out.iter().any(|o| s.contains(o));
        let want = (0..1u32 << costs.len()).map(list).filter(fits).map(|s| gains.value(&c, &s)).max();
        let found = most_served((&c, &gains), &q, Effort::default());
        prop_assert_eq!(found.as_ref().map(|a| a.value), want);
        let Some(a) = found else { return Ok(()) };
        prop_assert!(fits(&a.sites) && gains.value(&c, &a.sites) == a.value && a.bound == a.value);
        // multipliers by themselves bound it, with little effort too
        let quick = most_served((&c, &gains), &q, Effort { kicks: 0, patience: 0, pairs: 0 }).unwrap();
        let flags = |list: &[u32]| (0..costs.len() as u32).map(|s| list.contains(&s)).collect::<Vec<bool>>();
        let by = quick.multipliers.value_of((&c, &gains), &q.limit, (&flags(&q.inside), &flags(&q.out))).unwrap();
        prop_assert!(quick.value <= a.value && quick.bound >= a.value && by >= a.value);
    }
}
