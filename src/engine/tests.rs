//! The searches against slow and plain ones, on random graphs with loops, repeated arcs, weights of zero, islands, one-way arcs.

use super::*;

/// A small generator, so that every run tests the same.
pub struct Draws(pub u64);

impl Draws {
    pub fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(n)) as u32
    }
}

type Arc = (u32, u32, u32);

struct Case {
    nodes: u32,
    arcs: Vec<Arc>,
    graph: Graph,
    seeds: Vec<Seed>,
}

fn case(seed: u64) -> Case {
    let mut draw = Draws(seed);
    let nodes = 1 + draw.below(150);
    let largest = [3, 50, 100_000][draw.below(3) as usize];
    let arcs: Vec<Arc> =
        (0..draw.below(nodes * 3)).map(|_| (draw.below(nodes), draw.below(nodes), draw.below(largest))).collect();
    let graph = Graph::new(nodes as usize, || arcs.iter().copied()).unwrap();
    let count = draw.below(9);
    let seeds = (0..count).map(|i| Seed { node: draw.below(nodes), cost: draw.below(3) * 10, label: i }).collect();
    Case { nodes, arcs, graph, seeds }
}

/// Costs from a node by Bellman and Ford: no queue, no order.
fn costs_from(case: &Case, node: u32, start: u32) -> Vec<Option<u32>> {
    let mut cost = vec![None; case.nodes as usize];
    cost[node as usize] = Some(start);
    loop {
        let mut changed = false;
        for &(a, b, w) in &case.arcs {
            if let Some(c) = cost[a as usize]
                && cost[b as usize].is_none_or(|old| c + w < old)
            {
                cost[b as usize] = Some(c + w);
                changed = true;
            }
        }
        if !changed {
            return cost;
        }
    }
}

/// Every seed's cost and label at every node, lowest first, within a limit.
fn table(case: &Case, limit: u32) -> Vec<Vec<(u32, u32)>> {
    let mut rows = vec![Vec::new(); case.nodes as usize];
    for s in &case.seeds {
        for (v, cost) in costs_from(case, s.node, s.cost).into_iter().enumerate() {
            rows[v].extend(cost.filter(|c| *c <= limit).map(|c| (c, s.label)));
        }
    }
    rows.iter_mut().for_each(|r| r.sort_unstable());
    rows
}

#[test]
fn nearest_in_cells_of_any_size_equals_the_table() {
    for seed in 0..150 {
        let case = case(seed);
        for limit in [UNREACHABLE, 60] {
            let want: Vec<_> = table(&case, limit).into_iter().map(|r| r.first().copied()).collect();
            let mut search = NearestSearch::default(); // the same one again and again, as its memory is kept
            for cell in [1, 2, 7, 64, 1000] {
                search.run_in_cells(case.graph.arcs(), &case.seeds, limit, cell);
                let reach = search.reach();
                for v in 0..case.nodes {
                    let got = (reach.cost(v) != UNREACHABLE).then(|| (reach.cost(v), reach.label(v)));
                    assert_eq!(got, want[v as usize], "graph {seed}, node {v}, cells of {cell}, limit {limit}");
                }
            }
        }
    }
}

#[test]
fn k_nearest_in_cells_of_any_size_equals_the_table() {
    for seed in 0..150 {
        let case = case(seed);
        let mut search = KNearest::default();
        for (k, limit) in [(1, UNREACHABLE), (2, UNREACHABLE), (5, 60), (20, UNREACHABLE)] {
            let want = table(&case, limit);
            for cell in [1, 7, 64, 1000] {
                search.run_in_cells(case.graph.arcs(), &case.seeds, k, limit, cell);
                for v in 0..case.nodes {
                    let row = &want[v as usize];
                    let got: Vec<_> = search.of(v).collect();
                    assert_eq!(got, row[..row.len().min(k)], "graph {seed}, node {v}, k {k}, cells of {cell}");
                }
            }
        }
    }
}

#[test]
fn catchments_equal_one_search_a_site() {
    for seed in 0..150 {
        let case = case(seed);
        let mut draw = Draws(seed + 9);
        let on: Vec<u32> = (0..draw.below(60)).map(|_| draw.below(case.nodes)).collect();
        let sites: Vec<u32> = (0..40).map(|_| draw.below(case.nodes)).collect();
        let targets = Targets::new(case.nodes as usize, &on);
        // with the largest limits the offset runs out after every search
        for limit in [0, 60, 1 << 30, u32::MAX] {
            let catchments = Catchments::new(case.graph.arcs(), &targets, limit);
            let sorted = |pairs: &[(u32, u32)]| {
                let mut pairs = pairs.to_vec();
                pairs.sort_unstable();
                pairs
            };
            let got = catchments.map(&sites, |_, pairs| sorted(pairs));
            let mut streamed = vec![Vec::new(); sites.len()];
            catchments.stream(&sites, |i, pairs| streamed[i] = sorted(pairs));
            assert_eq!(got, streamed);
            for (site, got) in sites.iter().zip(&got) {
                let cost = costs_from(&case, *site, 0);
                let reach = |(t, v): (u32, &u32)| cost[*v as usize].filter(|c| *c <= limit).map(|c| (t, c));
                let want: Vec<_> = (0u32..).zip(&on).filter_map(reach).collect();
                assert_eq!(*got, want, "graph {seed}, site {site}, limit {limit}");
            }
        }
    }
}

#[test]
fn of_equally_near_seeds_the_lowest_label_counts() {
    // 0 ─ 7 ─ 1 ─ 7 ─ 2, seeds 9 and 4 at the ends, 6 and 5 beside each other on one node with the costs of a way to it:
    // at the middle 9 and 4 are both 7 away, and 5 and 6 are 7 there
    let graph = Graph::new(3, || [(0, 1, 7), (1, 0, 7), (1, 2, 7), (2, 1, 7)].into_iter()).unwrap();
    let here = |label| Seed { node: 1, cost: 7, label };
    let mut seeds = vec![Seed::at(0, 9), here(6), Seed::at(2, 4), here(5)];
    for _ in 0..seeds.len() {
        seeds.rotate_left(1); // whichever comes first
        let mut nearest = NearestSearch::default();
        nearest.run(graph.arcs(), &seeds, UNREACHABLE);
        let reach = nearest.reach();
        assert_eq!([0, 1, 2].map(|v| (reach.cost(v), reach.label(v))), [(0, 9), (7, 4), (0, 4)]);
        let mut all = KNearest::default();
        all.run(graph.arcs(), &seeds, 3, UNREACHABLE);
        assert_eq!(all.of(1).collect::<Vec<_>>(), [(7, 4), (7, 5), (7, 6)]);
        assert_eq!(all.of(0).collect::<Vec<_>>(), [(0, 9), (14, 4), (14, 5)]);
        // added one by one, and 4 taken away again: 5 is next
        let mut live = Live::new(graph.arcs(), &[]);
        seeds.iter().for_each(|s| live.add(graph.arcs(), *s));
        assert_eq!(live.reach(), reach);
        live.remove(graph.arcs(), graph.arcs(), Seed::at(2, 4));
        assert_eq!((live.reach().cost(1), live.reach().label(1)), (7, 5));
    }
}

#[test]
fn costs_that_do_not_fit_are_unreachable() {
    let most = u32::MAX;
    let graph = Graph::new(4, || [(0, 1, most - 1), (1, 2, 1), (2, 3, most), (0, 3, most)].into_iter()).unwrap();
    let mut search = NearestSearch::default();
    search.run(graph.arcs(), &[Seed::at(0, 7)], UNREACHABLE);
    let costs: Vec<u32> = search.reach().costs().collect();
    assert_eq!(costs, [0, most - 1, UNREACHABLE, UNREACHABLE]);
    let mut search = KNearest::default();
    search.run(graph.arcs(), &[Seed::at(0, 7)], 2, UNREACHABLE);
    assert_eq!((search.of(1).count(), search.of(2).count(), search.of(3).count()), (1, 0, 0));
}

#[test]
fn an_arc_to_nowhere_is_refused() {
    let refused = Graph::new(2, || std::iter::once((0, 2, 1))).unwrap_err().to_string();
    assert!(refused.contains("from 0 to 2 leaves the 2 nodes"), "{refused}");
}

#[test]
fn nearer_than_what_stands_is_what_every_cost_says() {
    for seed in 0..200 {
        let case = case(seed);
        let mut search = NearestSearch::default();
        search.run(case.graph.arcs(), &case.seeds, u32::MAX);
        let (standing, mut nearer) = (search.reach(), NearerSearch::default());
        for from in 0..case.nodes.min(20) {
            let slow: Vec<(u32, u32)> = (0u32..)
                .zip(costs_from(&case, from, 0))
                .filter_map(|(v, cost)| Some((v, cost?)))
                .filter(|(v, cost)| *cost < standing.cost(*v))
                .collect();
            assert_eq!(nearer.run(case.graph.arcs(), from, |v| standing.cost(v)), slow, "{seed} {from}");
        }
    }
}
