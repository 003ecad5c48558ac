//! Small networks against all choices there are, with distances and ways found by other means.

use super::*;
use crate::siting::{Limit, Question};
use crate::test_support::shared;
use proptest::prelude::*;

const FAR: u64 = u64::MAX / 4;

/// All distances (Floyd and Warshall).
fn distances(nodes: usize, arcs: &[(u32, u32, u64)]) -> Vec<Vec<u64>> {
    let mut d = vec![vec![FAR; nodes]; nodes];
    (0..nodes).for_each(|i| d[i][i] = 0);
    arcs.iter().for_each(|(a, b, l)| d[*a as usize][*b as usize] = d[*a as usize][*b as usize].min(*l));
    for k in 0..nodes {
        for i in 0..nodes {
            for j in 0..nodes {
                d[i][j] = d[i][j].min(d[i][k].saturating_add(d[k][j]));
            }
        }
    }
    d
}

/// Whether a trip is refuelled: the shortest way over a graph of its ends and the chosen sites whose legs are within the range.
fn refuelled(d: &[Vec<u64>], chosen: &[u32], (o, t): (u32, u32), rule: RangeRule, longer: u64) -> bool {
    let (o, t) = (o as usize, t as usize);
    let shortest = d[o][t];
    if shortest >= FAR {
        return false;
    }
    if shortest == 0 || shortest + rule.range <= rule.first + rule.last {
        return true;
    }
    let ends = chosen.len();
    let (at, within) = (|i: usize| chosen[i] as usize, |far: u64, most: u64| if far <= most { far } else { FAR });
    let mut far: Vec<u64> = (0..ends).map(|i| within(d[o][at(i)], rule.first)).collect();
    for _ in 0..ends {
        for i in 0..ends {
            for j in 0..ends {
                far[j] = far[j].min(far[i].saturating_add(within(d[at(i)][at(j)], rule.range)));
            }
        }
    }
    (0..ends).any(|i| far[i].saturating_add(within(d[at(i)][t], rule.last)) <= shortest.saturating_add(longer).min(FAR - 1))
}

#[test]
fn the_network_of_25_nodes_has_its_published_flows() {
    let folder = "facility-location/irish-highway/25-Node_Network";
    let (Some(edges), Some(flow)) = (shared(&format!("{folder}_Edges.csv")), shared(&format!("{folder}_Traffic_Flow.csv")))
    else {
        return;
    };
    let rows = |path| csv::Reader::from_path(path).unwrap().into_records().map(Result::unwrap).collect::<Vec<_>>();
    let number = |s: &str| s.trim().parse::<u32>().unwrap();
    let arcs: Vec<(u32, u32, u64)> =
        rows(edges).iter().map(|r| (number(&r[0]) - 1, number(&r[1]) - 1, u64::from(number(&r[2])) * 1_000_000)).collect();
    let net = FlowNet::new(25, &arcs).unwrap();
    // flows in 1e-9; the table has both ways of each pair, and pairs i < j are counted
    let table = rows(flow);
    let one = |i: usize, j: usize| (table[i][j + 1].parse::<f64>().unwrap() * 1e9).round() as u64;
    let pairs: Vec<_> =
        (0..25).flat_map(|i| (i + 1..25).map(move |j| (i, j))).map(|(i, j)| (i as u32, j as u32, one(i, j))).collect();
    let sites: Vec<u32> = (0..25).collect();
    // range, and the best flow of 1, 2 and 3 sites
    for (range, best) in [
        (4, [870.076298, 1117.072503, 2210.085814]),
        (8, [3029.897712, 5763.779826, 7856.854940]),
        (12, [3224.105402, 6074.697960, 8474.184313]),
    ] {
        let rule = RangeRule::round_trip(range * 1_000_000);
        let flows = Flows::new(&net, &sites, &pairs, rule, Deviation::Shortest).unwrap();
        for (n, want) in (1..).zip(best) {
            let q = Question { limit: Limit::Number(n), inside: vec![], out: vec![] };
            let found = most_flow(&flows, &q, FlowEffort::default()).unwrap();
            assert!((found.value as f64 / 1e9 - want).abs() < 1e-6, "{range} {n}: {}", found.value);
            assert_eq!((found.value, flows.served(&found.sites)), (found.bound, found.value));
        }
    }
}

/// Nodes, arcs, flows, range, rule and deviation, limit, sites that are there and out.
type Drawn = (usize, Vec<(u32, u32, u64)>, Vec<(u32, u32, u64)>, (u64, u8, u8), (u64, bool, Vec<u64>), (u32, u32));

fn questions() -> impl Strategy<Value = Drawn> {
    (3usize..8).prop_flat_map(|nodes| {
        let node = || 0..nodes as u32;
        let arcs = prop::collection::vec((node(), node(), 1u64..8), 2..18);
        let flows = prop::collection::vec((node(), node(), 0u64..40), 1..12);
        let limit = (0u64..8, any::<bool>(), prop::collection::vec(0u64..4, nodes));
        (Just(nodes), arcs, flows, (3u64..16, 0u8..3, 0u8..4), limit, (0u32..1 << nodes, 0u32..1 << nodes))
    })
}

fn rules(range: u64, rule: u8, way: u8) -> (RangeRule, Deviation, Box<dyn Fn(u64) -> u64>) {
    let rule = match rule {
        0 => RangeRule::round_trip(range),
        1 => RangeRule::from_start(range, range * 2 / 3),
        _ => RangeRule::from_start(range, range),
    };
    match way {
        0 => (rule, Deviation::Shortest, Box::new(|_| 0)),
        1 => (rule, Deviation::Longer(3), Box::new(|_| 3)),
        2 => (rule, Deviation::Thousandths(400), Box::new(|s| s * 400 / 1000)),
        _ => (rule, Deviation::Any, Box::new(|_| FAR)),
    }
}

proptest! {
    #![proptest_config(crate::test_support::cases(300))]

    #[test]
    fn the_answer_is_the_best_of_all_choices(
        (nodes, arcs, pairs, (range, rule, way), (most, number, costs), (inside, out)) in questions(),
        at in prop::collection::vec(0u32..8, 8),
    ) {
        let (rule, deviation, longer) = rules(range, rule, way);
        let net = FlowNet::new(nodes, &arcs).unwrap();
        let sites: Vec<u32> = (0..nodes as u32).collect();
        // sites are at any nodes: some have two, some none
        let at: Vec<u32> = at[..nodes].iter().map(|n| n % nodes as u32).collect();
        let flows = Flows::new(&net, &at, &pairs, rule, deviation).unwrap();
        let d = distances(nodes, &arcs);
        let places = |mask: u32| sites.iter().filter(|s| mask >> **s & 1 == 1).map(|s| at[*s as usize]).collect::<Vec<u32>>();
        let list = |mask: u32| sites.iter().copied().filter(|s| mask >> s & 1 == 1).collect::<Vec<u32>>();
        let value = |mask: u32| {
            let served = |p: &&(u32, u32, u64)| {
                let shortest = d[p.0 as usize][p.1 as usize];
                refuelled(&d, &places(mask), (p.0, p.1), rule, if shortest < FAR { longer(shortest) } else { 0 })
            };
            pairs.iter().filter(served).map(|p| p.2).sum::<u64>()
        };
        let everything: Vec<u64> = (0..1u32 << nodes).map(value).collect();
        (0..1u32 << nodes).for_each(|mask| assert_eq!(flows.served(&list(mask)), everything[mask as usize], "{:b}", mask));
        prop_assert_eq!(flows.total, pairs.iter().map(|p| p.2).sum::<u64>());
        prop_assert_eq!(flows.total - everything[(1 << nodes) - 1], flows.hopeless.iter().map(|p| p.2).sum::<u64>());

        let limit = if number { Limit::Number(most / 2) } else { Limit::Budget(most, costs) };
        let (inside, out) = (inside & !out & 0b11, out & 0b110);
        let q = Question { limit, inside: list(inside), out: list(out) };
        let fits = |m: &u32| m & inside == inside && m & out == 0 && q.limit.taken(list(*m)) <= q.limit.most();
        let want = (0..1u32 << nodes).filter(fits).map(|m| everything[m as usize]).max();
        let found = most_flow(&flows, &q, FlowEffort::default());
        prop_assert_eq!(found.as_ref().map(|a| (a.value, a.bound)), want.map(|w| (w, w)));
        let Some(a) = found else { return Ok(()) };
        prop_assert_eq!(flows.served(&a.sites), a.value);
        prop_assert!(fits(&a.sites.iter().fold(0, |m, s| m | 1 << s)));
        let quick = most_flow(&flows, &q, FlowEffort { kicks: 0, parts: 0 }).unwrap();
        let flags = |mask: u32| sites.iter().map(|s| mask >> s & 1 == 1).collect::<Vec<bool>>();
        let by = quick.cuts.value(&flows, &q.limit, (&flags(inside), &flags(out)), None).unwrap();
        prop_assert!(quick.value <= a.value && by >= a.value && quick.bound == by);

        // flows made again of the distances that are of use are the same
        let all = FlowDistances::new(&net, &at, &pairs, rule, deviation).unwrap();
        let kept = all.of_use(&flows);
        let again = Flows::of(&kept, rule, deviation).unwrap();
        prop_assert_eq!(&kept.of_use(&again), &kept);
        (0..1u32 << nodes).for_each(|mask| assert_eq!(again.served(&list(mask)), everything[mask as usize], "{:b}", mask));
        prop_assert_eq!(quick.cuts.value(&again, &q.limit, (&flags(inside), &flags(out)), None), Some(by));
        for p in &all.pairs {
            prop_assert_eq!(again.stops(p.pair, &flags(inside | 1)), flows.stops(p.pair, &flags(inside | 1)));
            // where a pair stops is a way that refuels it
            let Some(stops) = again.stops(p.pair, &flags(inside | 1)) else { continue };
            prop_assert!(again.stops(p.pair, &flags(stops.iter().fold(0, |m, s| m | 1 << s))).is_some());
        }
    }
}

#[test]
fn a_site_serves_no_more_than_it_can() {
    // 0 -4- 1 -4- 2 in a line, range 16: a trip stops once, anywhere on its way; 2 is not on that from 0 to 1
    let net = FlowNet::new(3, &[(0, 1, 4), (1, 0, 4), (1, 2, 4), (2, 1, 4)]).unwrap();
    let flows = Flows::new(&net, &[0, 1, 2], &[(0, 2, 10), (0, 1, 6)], RangeRule::round_trip(16), Deviation::Shortest).unwrap();
    let ask = |capacity: &[u64], n, inside: &[u32]| {
        let q = Question { limit: Limit::Number(n), inside: inside.to_vec(), out: vec![] };
        flow_within_capacity(&flows, capacity, &q, FlowEffort::default()).map(|a| (a.sites, a.value, a.bound))
    };
    // each site of 16 serves all; each of 7 serves 7, two 14, three all 16
    assert_eq!(ask(&[16; 3], 1, &[]).map(|a| (a.1, a.2)), Some((16, 16)));
    assert_eq!(ask(&[7; 3], 1, &[]).map(|a| (a.1, a.2)), Some((7, 7)));
    assert_eq!(ask(&[7; 3], 2, &[]).map(|a| (a.1, a.2)), Some((14, 14)));
    assert_eq!(ask(&[7; 3], 3, &[]), Some((vec![0, 1, 2], 16, 16)));
    // the large one is chosen; what is there anyhow takes its place of the number
    assert_eq!(ask(&[3, 9, 12], 1, &[]), Some((vec![2], 10, 10)));
    assert_eq!(ask(&[3, 9, 12], 2, &[0]).map(|a| a.0), Some(vec![0, 2]));
    let by = |capacity: &[u64]| {
        let q = Question { limit: Limit::Number(1), inside: vec![], out: vec![] };
        flow_within_capacity(&flows, capacity, &q, FlowEffort::default()).map(|a| (a.bound, a.by))
    };
    assert_eq!(by(&[7; 3]), Some((7, BoundBy::Capacity)));
    assert_eq!(ask(&[7; 2], 1, &[]), None);
    assert_eq!(ask(&[7; 3], 1, &[0, 1]), None);
}

/// The most that can be served by these sites: every unit of flow by itself, by every way of fewest stops.
fn most_assigned(ways: &[Vec<u32>], left: &mut Vec<u64>, units: &[usize], of: &dyn Fn(usize) -> Vec<usize>) -> u64 {
    let Some((unit, rest)) = units.split_first() else { return 0 };
    let mut best = most_assigned(ways, left, rest, of);
    for w in of(*unit) {
        if ways[w].iter().all(|s| left[*s as usize] > 0) {
            ways[w].iter().for_each(|s| left[*s as usize] -= 1);
            best = best.max(1 + most_assigned(ways, left, rest, of));
            ways[w].iter().for_each(|s| left[*s as usize] += 1);
        }
    }
    best
}

proptest! {
    #![proptest_config(crate::test_support::cases(150))]

    #[test]
    fn what_is_assigned_fits_and_is_within_the_bound(
        (nodes, arcs, pairs, (range, rule, way), (most, number, costs), (inside, out)) in questions(),
        capacity in prop::collection::vec(0u64..4, 8),
    ) {
        let nodes = nodes.min(5);
        let arcs: Vec<_> = arcs.iter().map(|(a, b, l)| (a % 5 % nodes as u32, b % 5 % nodes as u32, *l)).collect();
        let pairs: Vec<_> = pairs.iter().take(3).map(|(a, b, w)| (a % 5 % nodes as u32, b % 5 % nodes as u32, w % 3)).collect();
        let (rule, deviation, longer) = rules(range, rule, way);
        let net = FlowNet::new(nodes, &arcs).unwrap();
        let sites: Vec<u32> = (0..nodes as u32).collect();
        let flows = Flows::new(&net, &sites, &pairs, rule, deviation).unwrap();
        let (costs, capacity) = (costs[..nodes.min(costs.len())].to_vec(), &capacity[..nodes]);
        let list = |mask: u32| sites.iter().copied().filter(|s| mask >> s & 1 == 1).collect::<Vec<u32>>();
        let limit = if number { Limit::Number(most / 2) } else { Limit::Budget(most, costs) };
        let (inside, out) = (inside & !out & 0b11, out & 0b110);
        let q = Question { limit, inside: list(inside), out: list(out) };
        let d = distances(nodes, &arcs);
        let serves = |mask: u32, p: &(u32, u32, u64)| {
            let shortest = d[p.0 as usize][p.1 as usize];
            refuelled(&d, &list(mask), (p.0, p.1), rule, if shortest < FAR { longer(shortest) } else { 0 })
        };
        let fits = |m: &u32| m & inside == inside && m & out == 0 && q.limit.taken(list(*m)) <= q.limit.most();
        let ways: Vec<Vec<u32>> = (0..1u32 << nodes).map(list).collect();
        let units: Vec<usize> = (0..pairs.len()).flat_map(|p| std::iter::repeat_n(p, pairs[p].2 as usize)).collect();
        let of: Vec<Vec<usize>> = pairs.iter().map(|p| {
            let all: Vec<u32> = (0..1u32 << nodes).filter(|m| serves(*m, p)).collect();
            all.iter().filter(|m| !all.iter().any(|o| o != *m && o & **m == *o)).map(|m| *m as usize).collect()
        }).collect();
        let want = (0..1u32 << nodes).filter(fits).map(|m| {
            let mut left: Vec<u64> = (0..nodes).map(|s| if m >> s & 1 == 1 { capacity[s] } else { 0 }).collect();
            most_assigned(&ways, &mut left, &units, &|p| of[p].clone())
        }).max();
        let found = flow_within_capacity(&flows, capacity, &q, FlowEffort::default());
        prop_assert_eq!(found.is_some(), want.is_some());
        let (Some(a), Some(want)) = (found, want) else { return Ok(()) };
        prop_assert!(a.value <= want && want <= a.bound, "{} {want} {}", a.value, a.bound);
        // the bound is made again from what is kept
        let flags = |mask: u32| sites.iter().map(|s| mask >> s & 1 == 1).collect::<Vec<bool>>();
        let most = (a.by == BoundBy::Capacity).then_some(capacity);
        prop_assert_eq!(a.cuts.value(&flows, &q.limit, (&flags(inside), &flags(out)), most), Some(a.bound));
        prop_assert!(fits(&a.sites.iter().fold(0, |m, s| m | 1 << s)));
        prop_assert_eq!(a.value, flows.unaided + a.assigned.iter().map(|g| g.flow).sum::<u64>());
        for s in &sites {
            let at: u64 = a.assigned.iter().filter(|g| g.stops.contains(s)).map(|g| g.flow).sum();
            let most = if a.sites.contains(s) { capacity[*s as usize] } else { 0 };
            prop_assert!(at <= most);
        }
        for p in &pairs {
            let of_pair = || a.assigned.iter().filter(|g| g.pair == (p.0, p.1));
            let all: u64 = pairs.iter().filter(|o| (o.0, o.1) == (p.0, p.1)).map(|o| o.2).sum();
            prop_assert!(of_pair().map(|g| g.flow).sum::<u64>() <= all);
            prop_assert!(of_pair().all(|g| serves(g.stops.iter().fold(0, |m, s| m | 1 << s), p)));
        }
    }
}
