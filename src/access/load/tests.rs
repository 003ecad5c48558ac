//! The published example, slow oracles, and what must hold for any problem.

use super::*;
use petgraph::algo::dinics;
use petgraph::graph::{DiGraph, NodeIndex};
use proptest::prelude::*;

const CLOSELY: Effort = Effort { gap: 1e-12, sweeps: 20_000 };

fn queue(servers: u32, service_h: f64, cs2: f64) -> Queue {
    Queue::new(servers, service_h, cs2).unwrap()
}

/// Stations and demand are given for EVs per unit time. Cost = 6.198 × (travel + wait) + 1 ÷ μ: divided by 6.198 the last term is a way
/// of its own to each station, so it goes to the travel time.
#[test]
fn the_published_equilibrium() {
    const PRICE: f64 = 6.198;
    let origins = [(1.8, 7.8, 3.0), (3.0, 6.3, 9.0), (2.1, 1.8, 7.0), (8.0, 3.0, 1.0), (8.4, 1.0, 7.0)];
    let stations = [(3.4, 9.9, 2.0, 8), (1.7, 4.2, 6.0, 3), (7.0, 7.4, 7.0, 2)];
    let way = |o: &(f64, f64, f64), s: &(f64, f64, f64, u32)| (o.0 - s.0).hypot(o.1 - s.1) / 200.0 + 1.0 / s.2 / PRICE;
    let pairs = Ways::new(origins.iter().map(|o| (0..).zip(&stations).map(|(i, s)| (i, way(o, s))).collect::<Vec<_>>()));
    let demand: Vec<f64> = origins.iter().map(|o| o.2).collect();
    let queues: Vec<Queue> = stations.iter().map(|s| queue(s.3, 1.0 / s.2, 0.0)).collect();
    let got = equilibrium(&LoadProblem::new(&demand, &pairs, &queues, 1e6).unwrap(), Effort { gap: 1e-15, ..CLOSELY });
    let near = |got: f64, want: f64, within: f64| assert!((got - want).abs() < within, "{got} {want}");
    // origin 2 splits, the others go to one station each: 1 to 1, 3 to 2, 4 and 5 to 3
    for (flow, want) in got.flow_h[3..6].iter().zip([1.572579472, 6.258900681, 1.168519848]) {
        near(*flow, want, 1e-9);
    }
    let whole = [
        (0, 3.0),
        (1, 0.0),
        (2, 0.0),
        (6, 0.0),
        (7, 7.0),
        (8, 0.0),
        (9, 0.0),
        (10, 0.0),
        (11, 1.0),
        (12, 0.0),
        (13, 0.0),
        (14, 7.0),
    ];
    whole.iter().for_each(|(pair, want)| near(got.flow_h[*pair], *want, 1e-9));
    for (pair, load) in (3..6).zip(&got.stations) {
        near(PRICE * (pairs.travel_h(pair) + load.wait_h.unwrap()), 0.613417469, 1e-9);
    }
    for (load, (used, wait)) in got.stations.iter().zip([(0.285786, 0.000188), (0.736606, 0.059731), (0.654894, 0.055179)]) {
        near(load.utilisation, used, 5e-7);
        near(load.wait_h.unwrap(), wait, 5e-7);
    }
    assert!(got.unserved_h.iter().all(|u| *u == 0.0) && got.gap.unwrap().relative < 1e-12);
}

#[test]
fn ways_by_place_or_by_station() {
    // sorted by station; of two ways between the same two the quicker
    let ways = Ways::new([vec![(2, 0.5), (0, 0.3), (2, 0.4)], vec![], vec![(1, 0.0)]]);
    assert_eq!((ways.places(), ways.len(), ways.is_empty()), (3, 3, false));
    let all: Vec<(u32, f64)> = (0..3).map(|p| (ways.station(p), ways.travel_h(p))).collect();
    assert_eq!(all, [(0, 0.3), (2, 0.4), (1, 0.0)]);
    assert_eq!((ways.of(0), ways.of(1), ways.of(2)), (0..2, 2..2, 2..3));
    assert_eq!(Ways::of_catchments(3, &[vec![(0, 0.3)], vec![(2, 0.0)], vec![(0, 0.5), (0, 0.4)]]), ways);
}

#[test]
fn nearest_by_hand() {
    // two guns of half an hour: 4 an hour; three stations, the last without guns
    let queues = [queue(2, 0.5, 1.0), queue(2, 0.5, 1.0), queue(0, 0.5, 1.0)];
    let rows = [vec![(1, 0.2), (0, 0.2)], vec![(0, 0.1), (1, 0.3)], vec![(2, 0.1)], vec![], vec![(1, 0.5)]];
    let pairs = Ways::new(rows);
    let demand = [2.0, 4.0, 1.5, 0.5, 1.0];
    let got = nearest(&LoadProblem::new(&demand, &pairs, &queues, 2.0).unwrap());
    // Place 0 is as near to 0 as to 1 and goes to 0: 6 of 4 come there, a third is turned away, of each place its third.
    let third = 1.0 / 3.0;
    assert_eq!(got.stations[0], StationLoad { arrivals_h: 6.0, turned_away_h: 2.0, utilisation: 1.5, wait_h: None });
    // M/M/2 with a half of an erlang: C = 0.1, wait 0.1 × 0.5 ÷ 1.5
    assert!((got.stations[1].wait_h.unwrap() - 0.1 * 0.5 / 1.5).abs() < 1e-15 && got.stations[1].utilisation == 0.25);
    assert_eq!((got.stations[2].turned_away_h, got.stations[2].wait_h), (1.5, None));
    let near = |a: f64, b: f64| (a - b).abs() < 1e-15;
    assert!(
        got.unserved_h.iter().zip([2.0 * third, 4.0 * third, 1.5, 0.5, 0.0]).all(|(a, b)| near(*a, b)),
        "{:?}",
        got.unserved_h
    );
    assert!(got.flow_h.iter().zip([4.0 * third, 0.0, 8.0 * third, 0.0, 0.0, 1.0]).all(|(a, b)| near(*a, b)), "{:?}", got.flow_h);
    assert_eq!(got.gap, None);
}

#[test]
fn what_is_no_problem_is_refused() {
    let (pairs, queues) = (Ways::new([vec![(0, 0.1)], vec![(1, 0.2)]]), [queue(1, 1.0, 0.0)]);
    let why = |demand: &[f64], cost| LoadProblem::new(demand, &pairs, &queues, cost).unwrap_err().to_string();
    assert!(why(&[1.0], 2.0).contains("demand of 1 places, and ways from 2"));
    assert!(why(&[1.0, -1.0], 2.0).contains("the demand of place 1 is -1 sessions an hour"));
    assert!(why(&[f64::NAN, 1.0], 2.0).contains("place 0 is NaN"));
    assert!(why(&[1.0, 1.0], 2.0).contains("a way leads to station 1, and there are 1"));
    let pairs = Ways::new([vec![(0, f64::INFINITY)]]);
    assert!(
        LoadProblem::new(&[1.0], &pairs, &queues, 2.0).unwrap_err().to_string().contains("travel time to station 0 is inf h")
    );
    let pairs = Ways::new([vec![(0, 0.1)]]);
    assert!(
        LoadProblem::new(&[1.0], &pairs, &queues, f64::NAN).unwrap_err().to_string().contains("staying unserved costs NaN h")
    );
}

#[test]
fn nobody_nothing_nowhere() {
    let none = Ways::new([Vec::<(u32, f64)>::new(), Vec::new()]);
    for (demand, pairs, queues) in
        [(vec![], Ways::new([[(0, 0.0); 0]; 0]), vec![]), (vec![3.0, 0.0], none, vec![queue(1, 1.0, 0.0)])]
    {
        let problem = LoadProblem::new(&demand, &pairs, &queues, 2.0).unwrap();
        for got in [nearest(&problem), equilibrium(&problem, CLOSELY)] {
            assert_eq!((got.unserved_h.clone(), got.gap.unwrap().relative), (demand.clone(), 0.0), "{got:?}");
        }
        assert_eq!(shortage(&problem).unserved_h, demand.iter().sum::<f64>());
    }
    // a way as dear as staying unserved is worth nobody's while, whoever asks
    let (pairs, queues) = (Ways::new([[(0, 2.5)]]), [queue(1, 1.0, 0.0)]);
    assert_eq!(equilibrium(&LoadProblem::new(&[0.5], &pairs, &queues, 2.0).unwrap(), CLOSELY).unserved_h, [0.5]);
}

/// One gun of an hour, M/M/1, and 10 an hour who come from next door: the wait is a ÷ (1 − a) = 2 at a = 2/3, and nobody waits longer.
#[test]
fn beyond_capacity_there_is_an_answer() {
    let (pairs, queues) = (Ways::new([[(0, 0.0)]]), [queue(1, 1.0, 1.0)]);
    let got = equilibrium(&LoadProblem::new(&[10.0], &pairs, &queues, 2.0).unwrap(), CLOSELY);
    assert!((got.flow_h[0] - 2.0 / 3.0).abs() < 1e-9 && (got.unserved_h[0] - 28.0 / 3.0).abs() < 1e-9, "{got:?}");
    assert!((got.stations[0].wait_h.unwrap() - 2.0).abs() < 1e-9 && got.stations[0].turned_away_h == 0.0);
}

/// Ten thousand places, more than a thread takes in a row.
#[test]
fn same_bits_on_any_number_of_threads() {
    let mut state = 7u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let rows: Vec<Vec<(u32, f64)>> =
        (0..10_000u64).map(|i| (0..4).map(|_| ((i / 100 + draw(4)) as u32 % 100, draw(60) as f64 / 60.0)).collect()).collect();
    let (pairs, demand) = (Ways::new(rows), (0..10_000).map(|_| draw(100) as f64 / 5000.0).collect::<Vec<f64>>());
    let queues: Vec<Queue> = (0..100).map(|_| queue(draw(4) as u32, 0.5, 0.25)).collect();
    let problem = LoadProblem::new(&demand, &pairs, &queues, 2.0).unwrap();
    let on = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let one = on(1).install(|| equilibrium(&problem, Effort::default()));
    // the smoothed problem comes as close as asked for, or nearly
    assert!(one.sweeps <= 2, "{}", one.sweeps);
    assert!(one.gap.unwrap().relative <= 1e-6 && one.unserved_h.iter().sum::<f64>() > 0.0, "{:?}", one.gap);
    for threads in [2, 5] {
        assert_eq!(on(threads).install(|| equilibrium(&problem, Effort::default())), one);
    }
}

/// A problem with names for its parts.
#[derive(Clone, Debug)]
struct Case {
    demand: Vec<f64>,
    pairs: Ways,
    rows: Vec<Vec<(u32, f64)>>,
    queues: Vec<Queue>,
    unserved: f64,
}

impl Case {
    fn problem(&self) -> LoadProblem<'_> {
        LoadProblem::new(&self.demand, &self.pairs, &self.queues, self.unserved).unwrap()
    }
}

fn case(places: usize, stations: u32) -> impl Strategy<Value = Case> {
    let station = (0u32..6, 1u32..9, prop_oneof![Just(0.0), Just(0.25), Just(1.0), Just(2.0)]);
    let queues = prop::collection::vec(station, 1..=stations as usize);
    let row = prop::collection::vec((0..stations, 0u32..90), 0..5);
    let rows = prop::collection::vec((row, 0u32..80), 1..=places);
    (queues, rows, prop_oneof![Just(0.5), Just(2.0)]).prop_map(|(queues, rows, unserved)| {
        let queues: Vec<Queue> = queues.into_iter().map(|(c, s, cs2)| queue(c, f64::from(s) / 8.0, cs2)).collect();
        let n = queues.len() as u32;
        let demand = rows.iter().map(|r| f64::from(r.1) / 16.0).collect();
        let rows: Vec<Vec<(u32, f64)>> =
            rows.into_iter().map(|r| r.0.into_iter().map(|(s, t)| (s % n, f64::from(t) / 60.0)).collect()).collect();
        Case { demand, pairs: Ways::new(rows.clone()), rows, queues, unserved }
    })
}

/// All that is asked for is served or not, and what a station gets is what flows to it.
fn adds_up(case: &Case, got: &Assignment) {
    for (place, demand) in case.demand.iter().enumerate() {
        let served: f64 = case.pairs.of(place).map(|p| got.flow_h[p]).sum();
        assert!((served + got.unserved_h[place] - demand).abs() < 1e-12 * demand.max(1.0), "place {place}");
        assert!(got.unserved_h[place] >= 0.0);
    }
    assert!(got.flow_h.iter().all(|f| *f >= 0.0));
    for (station, load) in got.stations.iter().enumerate() {
        let comes: f64 =
            (0..case.pairs.len()).filter(|p| case.pairs.station(*p) as usize == station).map(|p| got.flow_h[p]).sum();
        assert!((comes + load.turned_away_h - load.arrivals_h).abs() < 1e-11, "station {station}");
        assert!(comes <= case.queues[station].capacity_h() * (1.0 + 1e-12));
    }
}

/// The gap, from the definition, with waits asked for anew.
fn slow_gap(case: &Case, got: &Assignment) -> [f64; 2] {
    let (mut cost, mut least, mut demand) = (0.0, 0.0, 0.0);
    for (place, d) in case.demand.iter().enumerate() {
        let mut best = case.unserved;
        cost += got.unserved_h[place] * case.unserved;
        for p in case.pairs.of(place) {
            let station = case.pairs.station(p) as usize;
            let comes: f64 =
                (0..case.pairs.len()).filter(|q| case.pairs.station(*q) as usize == station).map(|q| got.flow_h[q]).sum();
            let Some(wait) = case.queues[station].wait_h(comes) else { continue };
            best = best.min(case.pairs.travel_h(p) + wait);
            cost += got.flow_h[p] * (case.pairs.travel_h(p) + wait);
        }
        (least, demand) = (least + d * best, demand + d);
    }
    [if cost > 0.0 { (cost - least) / cost } else { 0.0 }, if demand > 0.0 { 3600.0 * (cost - least) / demand } else { 0.0 }]
}

/// Beckmann's objective.
fn objective(case: &Case, flow: &[f64], unserved: &[f64]) -> f64 {
    let travel: f64 = flow.iter().enumerate().map(|(p, f)| f * case.pairs.travel_h(p)).sum();
    let mut load = vec![0.0; case.queues.len()];
    flow.iter().enumerate().for_each(|(p, f)| load[case.pairs.station(p) as usize] += f);
    let waits: f64 = case
        .queues
        .iter()
        .zip(&load)
        .map(|(q, l)| if *l > 0.0 { q.wait_integral(*l).unwrap_or(f64::INFINITY) } else { 0.0 })
        .sum();
    travel + waits + case.unserved * unserved.iter().sum::<f64>()
}

/// Frank and Wolfe: everybody looks for the best, and a part of them goes there, the part that is best by bisection of the slope.
fn frank_wolfe(case: &Case, rounds: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut flow, mut unserved) = (vec![0.0; case.pairs.len()], case.demand.clone());
    let cost = |flow: &[f64]| -> Vec<f64> {
        let mut load = vec![0.0; case.queues.len()];
        flow.iter().enumerate().for_each(|(p, f)| load[case.pairs.station(p) as usize] += f);
        let wait: Vec<f64> = case.queues.iter().zip(&load).map(|(q, l)| q.wait_h(*l).unwrap_or(1e9)).collect();
        (0..flow.len()).map(|p| case.pairs.travel_h(p) + wait[case.pairs.station(p) as usize]).collect()
    };
    for _ in 0..rounds {
        let now = cost(&flow);
        let (mut to, mut stay) = (vec![0.0; flow.len()], vec![0.0; case.demand.len()]);
        for (place, stay) in stay.iter_mut().enumerate() {
            match case.pairs.of(place).min_by(|a, b| now[*a].total_cmp(&now[*b])).filter(|p| now[*p] < case.unserved) {
                Some(p) => to[p] = case.demand[place],
                None => *stay = case.demand[place],
            }
        }
        let mixed = |a: &[f64], b: &[f64], t: f64| a.iter().zip(b).map(|(a, b)| a + t * (b - a)).collect::<Vec<f64>>();
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..50 {
            let t = f64::midpoint(low, high);
            let c = cost(&mixed(&flow, &to, t));
            let slope: f64 = (0..flow.len()).map(|p| c[p] * (to[p] - flow[p])).sum::<f64>()
                + case.unserved * stay.iter().zip(&unserved).map(|(a, b)| a - b).sum::<f64>();
            *(if slope > 0.0 { &mut high } else { &mut low }) = t;
        }
        (flow, unserved) = (mixed(&flow, &to, low), mixed(&unserved, &stay, low));
    }
    (flow, unserved)
}

proptest! {
    #![proptest_config(crate::test_support::cases(600))]
    #[test]
    fn whatever_comes_adds_up(case in case(12, 6)) {
        let problem = case.problem();
        let all = nearest(&problem);
        adds_up(&case, &all);
        if let Some(gap) = all.gap {
            let [relative, excess] = slow_gap(&case, &all);
            prop_assert!((gap.relative - relative).abs() < 1e-10 && (gap.mean_excess_s - excess).abs() < 1e-6);
        }
        let got = equilibrium(&problem, Effort::default());
        adds_up(&case, &got);
        let [relative, excess] = slow_gap(&case, &got);
        let gap = got.gap.unwrap();
        prop_assert!(gap.relative <= 1e-6, "{gap:?}");
        prop_assert!((gap.relative - relative).abs() < 1e-9 && (gap.mean_excess_s - excess).abs() < 1e-4, "{gap:?} {relative} {excess}");
        // what cannot be served by any choice is the least that is left
        prop_assert!(got.unserved_h.iter().sum::<f64>() > shortage(&problem).unserved_h - 1e-6);
    }

    /// Loads and waits do not depend on the order of places, nor on how a place is divided.
    #[test]
    fn station_loads_are_unique(case in case(10, 5), split in 0.1f64..0.9) {
        let closely = Effort { gap: 1e-10, sweeps: 5000 };
        let got = equilibrium(&case.problem(), closely);
        let mut rows: Vec<_> = case.rows.iter().cloned().rev().collect();
        let mut demand: Vec<f64> = case.demand.iter().copied().rev().collect();
        rows.push(rows[0].clone());
        demand.push(demand[0] * split);
        demand[0] *= 1.0 - split;
        let other = Case { pairs: Ways::new(rows.clone()), rows, demand, ..case.clone() };
        let turned = equilibrium(&other.problem(), closely);
        for (a, b) in got.stations.iter().zip(&turned.stations) {
            // a wait that hardly rises says little about the load
            prop_assert!((a.wait_h.unwrap_or(0.0) - b.wait_h.unwrap_or(0.0)).abs() < 1e-4, "{a:?} {b:?}");
        }
        let cost = |a: &Assignment| a.gap.unwrap().cost_h;
        prop_assert!((cost(&got) - cost(&turned)).abs() < 1e-4 * cost(&got).max(1.0));
    }
}

proptest! {
    #![proptest_config(crate::test_support::cases(60))]
    #[test]
    fn equilibrium_beside_frank_and_wolfe(case in case(6, 4)) {
        let got = equilibrium(&case.problem(), Effort { gap: 1e-9, sweeps: 5000 });
        let (flow, unserved) = frank_wolfe(&case, 3000);
        let (ours, theirs) = (objective(&case, &got.flow_h, &got.unserved_h), objective(&case, &flow, &unserved));
        prop_assert!(ours <= theirs + 1e-7 * theirs.abs().max(1.0), "{ours} {theirs}");
        prop_assert!(ours >= theirs - 2e-3 * theirs.abs().max(0.1), "{ours} {theirs}");
    }
}

/// Every minimum cut by going through all sets of places and stations: value, and what is in all of them.
fn all_cuts(case: &Case) -> (f64, u32, u32) {
    let (n, m) = (case.demand.len(), case.queues.len());
    let mut best = (f64::INFINITY, u32::MAX, u32::MAX);
    for places in 0u32..1 << n {
        for stations in 0u32..1 << m {
            let leaks = |i: &usize| case.pairs.of(*i).any(|p| stations >> case.pairs.station(p) & 1 == 0);
            if (0..n).filter(|i| places >> i & 1 == 1).any(|i| leaks(&i)) {
                continue; // a way of any width is cut
            }
            let left: f64 = (0..n).filter(|i| places >> i & 1 == 0).map(|i| case.demand[i]).sum();
            let value = left + (0..m).filter(|s| stations >> s & 1 == 1).map(|s| case.queues[s].capacity_h()).sum::<f64>();
            if value < best.0 - 1e-9 {
                best = (value, places, stations);
            } else if value < best.0 + 1e-9 {
                best = (best.0, best.1 & places, best.2 & stations);
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(crate::test_support::cases(600))]
    /// The largest flow is the smallest cut, and the one that is named is what all smallest cuts have in common.
    #[test]
    fn flow_is_cut(case in case(7, 5)) {
        let got = shortage(&case.problem());
        let (value, places, stations) = all_cuts(&case);
        prop_assert!((got.served_h - value).abs() < 1e-7, "{} {value}", got.served_h);
        let bits = |of: &dyn Fn(&Short) -> &[u32]| got.short.iter().flat_map(|s| of(s).iter()).fold(0u32, |a, i| a | 1 << i);
        // stations without room are in no cut of theirs unless a place in it leads there
        prop_assert_eq!(bits(&|s| &s.places), places);
        prop_assert_eq!(bits(&|s| &s.stations), stations);
        let parts: f64 = got.short.iter().map(|s| s.unserved_h).sum();
        prop_assert!((parts - got.unserved_h).abs() < 1e-9 && (got.served_h + got.unserved_h - got.demand_h).abs() < 1e-9);
        for s in &got.short {
            let capacity: f64 = s.stations.iter().map(|s| case.queues[*s as usize].capacity_h()).sum();
            prop_assert!((s.capacity_h - capacity).abs() < 1e-7 && s.unserved_h > 0.0);
        }
    }

    #[test]
    fn flow_beside_petgraph(case in case(60, 20)) {
        let (n, m) = (case.demand.len() as u32, case.queues.len() as u32);
        let mut graph = DiGraph::<(), u64>::new();
        (0..n + m + 2).for_each(|_| _ = graph.add_node(()));
        let whole = |x: f64| (x * 1e9).round() as u64;
        for (i, d) in (0..n).zip(&case.demand) {
            graph.add_edge(NodeIndex::new(n as usize + m as usize), NodeIndex::new(i as usize), whole(*d));
            for p in case.pairs.of(i as usize) {
                graph.add_edge(NodeIndex::new(i as usize), NodeIndex::new((n + case.pairs.station(p)) as usize), u64::MAX / 4);
            }
        }
        for (s, q) in (0..m).zip(&case.queues) {
            graph.add_edge(NodeIndex::new((n + s) as usize), NodeIndex::new((n + m) as usize + 1), whole(q.capacity_h()));
        }
        let (most, _) = dinics(&graph, NodeIndex::new((n + m) as usize), NodeIndex::new((n + m) as usize + 1));
        prop_assert_eq!(whole(shortage(&case.problem()).served_h), most);
    }
}
