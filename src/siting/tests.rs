//! Small questions against all choices there are; bounds against what they bound.

use super::*;
use proptest::prelude::*;

/// Rows of the sites that cover them (a bit each) and weights; sites are as many as `costs`.
pub fn cover(rows: &[(u32, u64)], sites: usize) -> Cover {
    let mut all = CoverRows::default();
    for (mask, weight) in rows {
        all.add(&list(*mask), *weight);
    }
    all.freeze(sites)
}

/// The sites of a mask.
pub fn list(mask: u32) -> Vec<u32> {
    (0..32).filter(|s| mask >> s & 1 == 1).collect()
}

/// The best of all choices.
fn slow(cover: &Cover, q: &Question) -> Option<u64> {
    let sites = cover.sites() as u32;
    let has = |mask: u32, list: &[u32]| list.iter().filter(|s| mask >> **s & 1 == 1).count();
    let list = |mask: u32| (0..sites).filter(move |s| mask >> s & 1 == 1);
    let fits = |mask: &u32| {
        has(*mask, &q.inside) == q.inside.len() && has(*mask, &q.out) == 0 && q.limit.taken(list(*mask)) <= q.limit.most()
    };
    (0..1u32 << sites).filter(fits).map(|mask| cover.value(&list(mask).collect::<Vec<_>>())).max()
}

#[test]
fn rows_of_equal_sites_are_one_whatever_their_order() {
    // 0b11 twice, 0b10, one that nothing covers, one of no weight
    let a = [(0b11, 5), (0b10, 1), (0, 9), (0b11, 2), (0b01, 0)];
    let mut b = a;
    b.reverse();
    let c = cover(&a, 2);
    assert_eq!(c, cover(&b, 2));
    assert_eq!((c.rows(), c.total(), c.pairs()), (2, 8, 3));
    assert_eq!((c.value(&[0]), c.value(&[1]), c.value(&[0, 1]), c.value(&[])), (7, 8, 8, 0));
    let mut rows = CoverRows::default();
    rows.add(&[], 9);
    rows.add(&[1], 0);
    assert_eq!((rows.added, rows.unreached), (2, (1, 9)));
}

#[test]
fn a_site_is_dominated_by_one_that_covers_as_much_for_no_more() {
    // 0 covers rows a, b; 1 covers a; 2 covers a, b, c at twice the cost; 3 is as 0; 4 covers nothing
    let c = cover(&[(0b01111, 3), (0b01101, 2), (0b00100, 1)], 5);
    assert_eq!(c.dominated(&[1, 1, 2, 1, 1]), [false, true, false, true, true]);
    assert_eq!(c.dominated(&[1, 1, 1, 1, 1]), [true, true, false, true, true]);
    assert_eq!(c.dominated(&[2, 1, 3, 1, 1]), [true, true, false, false, true]); // 3 does what 0 and 1 do
}

#[test]
fn what_does_not_fit_is_no_answer_and_what_is_there_anyhow_counts() {
    let c = cover(&[(0b001, 5), (0b010, 4), (0b100, 3)], 3);
    let ask = |limit, inside: &[u32], out: &[u32]| {
        let q = Question { limit, inside: inside.to_vec(), out: out.to_vec() };
        most_covered(&c, &q, Effort::default()).map(|a| (a.sites, a.value, a.bound))
    };
    assert_eq!(ask(Limit::Number(2), &[], &[]), Some((vec![0, 1], 9, 9)));
    assert_eq!(ask(Limit::Number(2), &[2], &[0]), Some((vec![1, 2], 7, 7)));
    assert_eq!(ask(Limit::Number(0), &[], &[]), Some((vec![], 0, 0)));
    assert_eq!(ask(Limit::Number(9), &[], &[]), Some((vec![0, 1, 2], 12, 12)));
    assert_eq!(ask(Limit::Number(1), &[0, 1], &[]), None);
    // costs 6, 3, 3 within 7: 1 and 2 give 7, 0 alone 5
    assert_eq!(ask(Limit::Budget(7, vec![6, 3, 3]), &[], &[]), Some((vec![1, 2], 7, 7)));
    // a site that costs nothing is taken
    assert_eq!(ask(Limit::Budget(3, vec![0, 3, 4]), &[], &[]), Some((vec![0, 1], 9, 9)));
    assert_eq!(ask(Limit::Budget(2, vec![3, 3, 3]), &[], &[]), Some((vec![], 0, 0)));
}

#[test]
fn a_bound_of_other_rows_is_none() {
    let c = cover(&[(0b01, 5), (0b10, 4)], 2);
    let no = [false; 2];
    let bound = |m: &[u64]| CoverBound { multipliers: m.to_vec() }.value(&c, &Limit::Number(1), (&no, &no));
    // nothing shared: all rows count; all shared: the better site; half of each: 4.5 + 2.5
    assert_eq!((bound(&[0, 0]), bound(&[5 * 1024, 4 * 1024]), bound(&[2560, 2048])), (Some(9), Some(5), Some(7)));
    assert_eq!((bound(&[0]), bound(&[5 * 1024 + 1, 0])), (None, None));
}

/// Rows, costs, the limit, whether that is a number, sites that are there anyhow, sites that are out.
pub type Drawn = (Vec<(u32, u64)>, Vec<u64>, u64, bool, u32, u32);

pub fn questions() -> impl Strategy<Value = Drawn> {
    (3usize..9).prop_flat_map(|sites| {
        let rows = prop::collection::vec((0u32..1 << sites, 0u64..50), 1..25);
        let costs = prop::collection::vec(0u64..6, sites);
        (rows, costs, 0u64..12, any::<bool>(), 0u32..1 << sites, 0u32..1 << sites)
    })
}

proptest! {
    #![proptest_config(crate::test_support::cases(200))]

    #[test]
    fn the_answer_is_the_best_of_all_choices((rows, costs, most, number, inside, out) in questions()) {
        let sites = costs.len() as u32;
        let c = cover(&rows, costs.len());
        let limit = if number { Limit::Number(most / 2) } else { Limit::Budget(most, costs) };
        let q = Question { limit, inside: list(inside & !out & 0b11), out: list(out & 0b111) };
        let found = most_covered(&c, &q, Effort::default());
        let want = slow(&c, &q);
        prop_assert_eq!(found.as_ref().map(|a| a.value), want);
        let Some(a) = found else { return Ok(()) };
        prop_assert_eq!(c.value(&a.sites), a.value);
        prop_assert!(q.limit.taken(a.sites.iter().copied()) <= q.limit.most());
        prop_assert!(q.inside.iter().all(|s| a.sites.contains(s)) && !q.out.iter().any(|s| a.sites.contains(s)));
        // with little effort the bound holds as well, and multipliers by themselves do
        let quick = most_covered(&c, &q, Effort { kicks: 0, patience: 0, pairs: 0 }).unwrap();
        prop_assert!(quick.value <= a.value && quick.bound >= a.value);
        let flags = |list: &[u32]| (0..sites).map(|s| list.contains(&s)).collect::<Vec<bool>>();
        let by = quick.multipliers.value(&c, &q.limit, (&flags(&q.inside), &flags(&q.out))).unwrap();
        prop_assert!(by >= a.value && a.bound == a.value);
        // a site that another one makes needless is never missed
        let (less, made) = q.reduced(&c, rows.len() as u64);
        prop_assert!(less.out.starts_with(&q.out) && made.sites[0] - made.sites[1] == (less.out.len() - q.out.len()) as u64);
        prop_assert_eq!(most_covered(&c, &less, Effort::default()).map(|a| a.value), want);
    }
}
