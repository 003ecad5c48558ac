//! Small questions against all plans that differ.

use super::*;
use crate::siting::tests::cover;
use crate::siting::{Limit, most_covered};
use proptest::prelude::*;

#[test]
fn sites_that_stand_for_each_other_make_other_plans() {
    // pairs of sites that cover the same 100: 0 and 1, 2 and 3, 4 and 5; three of six are chosen
    let c = cover(&[(0b11, 100), (0b1100, 100), (0b110000, 100)], 6);
    let q = Question { limit: Limit::Number(3), inside: vec![], out: vec![] };
    let best = most_covered(&c, &q, Effort::default()).unwrap();
    assert_eq!((best.sites.clone(), best.value), (vec![0, 2, 4], 300));
    let of = (&c, &Gains::once());
    let found = alternatives(of, &q, &best, Different { most: 9, ..Different::default() });
    // one in three must differ: all 8 plans do so from each other, 7 beside the best
    assert_eq!((found.plans.len(), found.complete), (7, true));
    let two = alternatives(of, &q, &best, Different { most: 9, differ: (2, 3), ..Different::default() });
    assert_eq!((two.plans.len(), two.complete), (3, true)); // 8 words of three letters, each two letters from the others: 4
    assert!(two.plans.iter().all(|p| p.value == 300 && p.others >= 2));
    // one that is there anyhow is shared by all and does not count: 2 of the 2 others
    let fixed = Question { inside: vec![0], ..q.clone() };
    let best = most_covered(&c, &fixed, Effort::default()).unwrap();
    let found = alternatives(of, &fixed, &best, Different { most: 9, differ: (1, 1), ..Different::default() });
    assert_eq!(found.plans, [Alternative { sites: vec![0, 3, 5], value: 300, others: 2 }]);
    // nothing is lost without any site, as its like stands in for it
    let lost = without_each(of, &q, &most_covered(&c, &q, Effort::default()).unwrap(), Effort::SMALL);
    assert_eq!(lost.iter().map(|l| (l.site, l.least, l.most)).collect::<Vec<_>>(), [(0, 0, 0), (2, 0, 0), (4, 0, 0)]);
    assert_eq!(lost[0].instead, [1, 2, 4]);
}

proptest! {
    #![proptest_config(crate::test_support::cases(150))]

    #[test]
    fn no_plan_that_differs_is_missed(
        rows in prop::collection::vec((0u32..1 << 7, 1u64..9), 1..25),
        (limit, costs, number) in (1u64..9, prop::collection::vec(1u64..4, 7), any::<bool>()),
        (within, inside, differ) in (0u64..150, 0u32..4, 1u32..4),
    ) {
        let c = cover(&rows, 7);
        let list = |m: u32| (0..7).filter(|s| m >> s & 1 == 1).collect::<Vec<u32>>();
        let limit = if number { Limit::Number(limit.min(4)) } else { Limit::Budget(limit, costs) };
        let q = Question { limit, inside: list(inside & 1), out: vec![] };
        let Some(best) = most_covered(&c, &q, Effort::default()) else { return Ok(()) };
        let how = Different { within, differ: (differ, 3), questions: 100_000, ..Different::default() };
        let found = alternatives((&c, &Gains::once()), &q, &best, how);
        let own = |s: &[u32]| s.iter().copied().filter(|s| !q.inside.contains(s)).collect::<Vec<u32>>();
        let differs = |from: &[u32], plan: &[u32]| {
            let (from, plan) = (own(from), own(plan));
            let others = from.iter().filter(|s| !plan.contains(s)).count();
            others * 3 >= from.len() * differ as usize
        };
        let good = |plan: &[u32]| {
            q.limit.taken(plan.iter().copied()) <= q.limit.most()
                && q.inside.iter().all(|s| plan.contains(s))
                && c.value(plan) * 1000 >= best.value * (1000 - within)
                && differs(&best.sites, plan)
        };
        for p in &found.plans {
            prop_assert!(good(&p.sites) && c.value(&p.sites) == p.value);
            let apart = |o: &&Alternative| o.sites == p.sites || differs(&o.sites, &p.sites) || differs(&p.sites, &o.sites);
            prop_assert!(found.plans.iter().all(|o| apart(&o)));
        }
        prop_assert!(found.complete || found.plans.len() == 3);
        if found.plans.len() < 3 {
            let new = |m: &u32| good(&list(*m)) && found.plans.iter().all(|p| differs(&p.sites, &list(*m)));
            prop_assert_eq!((0..1u32 << 7).find(new).map(list), None);
        }
        let without = |s: u32| {
            let fits = |m: &u32| m >> s & 1 == 0 && m & inside & 1 == inside & 1
                && q.limit.taken(list(*m)) <= q.limit.most();
            best.value - (0..1u32 << 7).filter(fits).map(|m| c.value(&list(m))).max().unwrap()
        };
        for l in without_each((&c, &Gains::once()), &q, &best, Effort::SMALL) {
            prop_assert!(l.least <= without(l.site) && without(l.site) <= l.most);
        }
    }
}
