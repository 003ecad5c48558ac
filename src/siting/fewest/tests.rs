//! Small questions against all choices there are; bounds against what they bound.

use super::super::tests::{cover, list};
use super::super::*;
use proptest::prelude::*;

fn ask(c: &Cover, need: Need, costs: Option<&[u64]>, inside: &[u32], out: &[u32]) -> Result<CostAnswer, u64> {
    let q = CostQuestion { need, costs: costs.map(<[u64]>::to_vec), inside: inside.to_vec(), out: out.to_vec() };
    fewest_sites(c, &q, Effort::default())
}

#[test]
fn a_triangle_needs_two_sites_whatever_multipliers_say() {
    // three rows, each of two of three sites: one and a half in parts, so two
    let c = cover(&[(0b011, 1), (0b101, 1), (0b110, 1)], 3);
    let all = ask(&c, Need::All, None, &[], &[]).unwrap();
    assert_eq!((all.cost, all.bound, all.covered, all.proof), (2, 2, 3, Proof::Multipliers));
    // five rows in a ring, each of two neighbours of five: two and a half in parts, so three
    let c = cover(&[(0b00011, 1), (0b00110, 1), (0b01100, 1), (0b11000, 1), (0b10001, 1)], 5);
    let all = ask(&c, Need::All, None, &[], &[]).unwrap();
    assert_eq!((all.cost, all.bound), (3, 3));
    // two of the five rows that three cover may be left: two sites cover four
    let some = ask(&c, Need::Weight(4), None, &[], &[]).unwrap();
    assert_eq!((some.cost, some.bound, some.covered), (2, 2, 4));
}

#[test]
fn rows_that_no_site_may_cover_are_named_and_costs_of_what_is_there_count() {
    // rows are sorted by their sites: {0}, {0, 1}, {2}
    let c = cover(&[(0b001, 5), (0b011, 4), (0b100, 3)], 3);
    let all = ask(&c, Need::All, None, &[], &[2]).unwrap();
    assert_eq!((all.sites, all.cost, all.covered, all.unreached), (vec![0], 1, 9, vec![2]));
    let all = ask(&c, Need::All, Some(&[7, 2, 3]), &[1], &[]).unwrap();
    assert_eq!((all.sites, all.cost, all.bound), (vec![0, 1, 2], 12, 12));
    // 9 of 12: site 0 alone; without it 1 and 2 cover 7 at most
    assert_eq!(ask(&c, Need::Weight(9), Some(&[7, 2, 3]), &[], &[]).map(|a| a.cost), Ok(7));
    assert_eq!(ask(&c, Need::Weight(9), None, &[], &[0]).map(|a| a.cost), Err(7));
    // nothing is needed
    assert_eq!(ask(&c, Need::Weight(0), None, &[], &[]).map(|a| (a.sites, a.cost, a.bound)), Ok((vec![], 0, 0)));
    let none = ask(&cover(&[(0, 5)], 2), Need::All, None, &[], &[]).unwrap();
    assert_eq!((none.cost, none.bound, none.gap()), (0, 0, 0.0));
}

#[test]
fn what_is_left_is_said() {
    // row {0, 1, 2} is covered whenever {0, 1} is; site 2 covers no more than 1 does: {0, 1} and {1} are left, so 1 is taken
    let c = cover(&[(0b011, 1), (0b111, 1), (0b010, 1)], 3);
    let all = ask(&c, Need::All, None, &[], &[]).unwrap();
    assert_eq!((all.sites, all.reduction), (vec![1], Reduction { rows: [3, 0], sites: [3, 0] }));
}

proptest! {
    #![proptest_config(crate::test_support::cases(60))]

    /// Rows of two or three of thirteen sites: parts of sites do for less than whole ones, so that multipliers alone prove little.
    #[test]
    fn what_multipliers_leave_open_is_proven_by_search(
        rows in prop::collection::vec(prop::collection::vec(0u32..13, 2..4), 15..40),
        costs in prop::collection::vec(1u64..4, 13),
        part in 8u64..12,
    ) {
        let rows: Vec<(u32, u64)> = rows.iter().map(|r| (r.iter().fold(0, |mask, s| mask | 1 << s), 1)).collect();
        let c = cover(&rows, 13);
        let covered: Vec<(u64, u64)> = (0..1u32 << 13).map(list).map(|s| {
            (c.value(&s), s.iter().map(|i| costs[*i as usize]).sum())
        }).collect();
        for least in [c.total(), c.total() * part / 12] {
            let need = if least == c.total() { Need::All } else { Need::Weight(least) };
            let want = covered.iter().filter(|(v, _)| *v >= least).map(|(_, cost)| *cost).min().unwrap();
            let found = ask(&c, need, Some(&costs), &[], &[]).unwrap();
            prop_assert_eq!((found.cost, found.bound), (want, want));
        }
    }
}

proptest! {
    #![proptest_config(crate::test_support::cases(300))]

    #[test]
    fn no_choice_that_covers_enough_is_cheaper(
        (rows, costs, part, unit, inside, out) in super::super::tests::questions(),
        all in any::<bool>(),
    ) {
        let c = cover(&rows, costs.len());
        let (inside, out) = (list(inside & !out & 0b1), list(out & 0b110));
        let may = (0..costs.len() as u32).filter(|s| !out.contains(s)).collect::<Vec<_>>();
        let need = if all { Need::All } else { Need::Weight(c.total() * part / 12) };
        let least = match need { Need::All => c.value(&may), Need::Weight(w) => w };
        let (of, given) = if unit { (vec![1; costs.len()], None) } else { (costs.clone(), Some(&costs[..])) };
        let cost = |s: &[u32]| s.iter().map(|s| of[*s as usize]).sum::<u64>();
        let fits = |s: &Vec<u32>| c.value(s) >= least && inside.iter().all(|i| s.contains(i)) && !out.iter().any(|o| s.contains(o));
        let want = (0..1u32 << costs.len()).map(list).filter(fits).map(|s| cost(&s)).min().ok_or(c.value(&may));
        let found = ask(&c, need, given, &inside, &out);
        prop_assert_eq!(found.as_ref().map(|a| a.cost).map_err(|e| *e), want);
        let Ok(a) = found else { return Ok(()) };
        prop_assert!(fits(&a.sites) && cost(&a.sites) == a.cost && a.bound == a.cost && a.covered == c.value(&a.sites));
        let flags = |list: &[u32]| (0..costs.len() as u32).map(|s| list.contains(&s)).collect::<Vec<bool>>();
        let flags = (&flags(&inside)[..], &flags(&out)[..]);
        prop_assert!(a.multipliers.value((&c, &of), need, flags).unwrap() <= a.cost);
        // with no effort at all the bound holds as well
        let q = CostQuestion { need, costs: given.map(<[u64]>::to_vec), inside: inside.clone(), out: out.clone() };
        let quick = fewest_sites(&c, &q, Effort { kicks: 0, patience: 0, pairs: 0 }).unwrap();
        prop_assert!(fits(&quick.sites) && quick.bound <= a.cost && quick.cost >= a.cost);
    }
}
