//! R05: the search, the gaps and the snapping against slow ways of finding the same.

use crate::scene::at;
use chargegap::internals::config::criteria::{Criterion, Metric};
use chargegap::internals::config::{Criteria, RegionFile, RoadClass};
use chargegap::internals::config::{Service, Services};
use chargegap::internals::coverage::Coverage;
use chargegap::internals::engine::{NO_LABEL as NO_SITE, UNREACHABLE};
use chargegap::internals::error::Location;
use chargegap::internals::issue::Issues;
use chargegap::internals::network::search::nearest_site_within;
use chargegap::internals::network::{ArcView, Draft, RoadNetwork, SnapIndex};
use chargegap::internals::place::Site;
use chargegap::internals::read::road::{OneWay, RawRoad, Roads};
use chargegap::internals::space::{LocalFrame, LonLat};

/// A small generator of its own, so that a failing seed can be run again anywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}

/// Random roads on a small grid: shared corners, loops, roads drawn twice, one-ways, islands, and steps of 1 cm.
pub fn random_roads(seed: u64) -> Roads {
    let mut dice = Dice::new(seed);
    let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
    let (mut roads, mut issues) = (Roads::default(), Issues::default());
    let side = 3 + dice.roll(5);
    for _ in 0..(4 + dice.roll(36)) {
        let oneway = [OneWay::No, OneWay::No, OneWay::Forward, OneWay::Backward][dice.roll(4) as usize];
        let class = RoadClass::ALL[dice.roll(6) as usize];
        let mut line = Vec::new();
        for _ in 0..(2 + dice.roll(4)) {
            // corners of a grid, some moved by a centimetre or two so that very short edges appear
            let near = dice.roll(6);
            let shift = if near == 0 { dice.roll(3) as f64 * 1e-4 } else { 0.0 };
            line.push(at(dice.roll(side) as f64 + shift, dice.roll(side) as f64));
        }
        let raw = RawRoad { class: Some(class), class_text: "x", oneway, ..RawRoad::default() };
        roads.push(&raw, &line, &criteria.reading, &Location::default(), &mut issues);
    }
    roads
}

fn random_network(seed: u64) -> (RoadNetwork, Vec<(u32, u32)>) {
    let network = Draft::from_roads(&random_roads(seed)).unwrap().freeze(&mut [], &mut []);
    let mut dice = Dice::new(seed + 1_000_003);
    let n = network.node_count() as u64;
    let count = if n == 0 { 0 } else { dice.roll(5) };
    // several stations on one node come up often with few nodes
    let sites = (0..count as u32).map(|i| (i, dice.roll(n) as u32)).collect();
    (network, sites)
}

/// Cost from every node to every node, with the edges as they stand.
fn floyd_warshall(network: &RoadNetwork, metric: Metric) -> Vec<Vec<u64>> {
    let n = network.node_count();
    let mut cost = vec![vec![u64::MAX / 4; n]; n];
    for (v, row) in cost.iter_mut().enumerate() {
        row[v] = 0;
    }
    for e in network.edges() {
        let w = u64::from(if metric == Metric::Distance { e.length_mm } else { e.time_ms });
        let (a, b) = (e.tail as usize, e.head as usize);
        cost[a][b] = cost[a][b].min(w);
        if !e.oneway {
            cost[b][a] = cost[b][a].min(w);
        }
    }
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                let through = cost[i][k] + cost[k][j];
                if through < cost[i][j] {
                    cost[i][j] = through;
                }
            }
        }
    }
    cost
}

#[test]
fn costs_and_labels_equal_floyd_warshall_and_petgraph() {
    let mut queries = 0;
    for seed in 0..120 {
        let (network, sites) = random_network(seed);
        for metric in [Metric::Distance, Metric::Time] {
            let got = nearest_site_within(&network, &sites, metric, UNREACHABLE);
            let table = floyd_warshall(&network, metric);
            for (v, row) in table.iter().enumerate() {
                // the lowest number among the nearest stations
                let want = sites.iter().map(|(s, node)| (row[*node as usize], *s)).min().filter(|w| w.0 < u64::MAX / 8);
                let mine = (got.cost(v as u32) != UNREACHABLE).then(|| (u64::from(got.cost(v as u32)), got.label(v as u32)));
                assert_eq!(mine, want, "seed {seed}, node {v}, {metric:?}");
                assert_eq!(got.label(v as u32) == NO_SITE, mine.is_none());
                // petgraph on the very network: from the node to every station
                let theirs = petgraph::algo::dijkstra(ArcView::new(&network, metric), v as u32, None, |e| {
                    u64::from(*petgraph::visit::EdgeRef::weight(&e))
                });
                let best = sites.iter().filter_map(|(s, node)| theirs.get(node).map(|c| (*c, *s))).min();
                assert_eq!(mine, best, "seed {seed}, node {v}, {metric:?}, petgraph");
                queries += 1;
            }
        }
    }
    assert!(queries > 3_000, "{queries}");
    println!("{queries} nodes of 120 networks: Floyd–Warshall, petgraph and the search agree in cost and label");
}

#[test]
fn gaps_equal_walking_every_edge() {
    for seed in 0..100 {
        let (network, sites) = random_network(seed);
        let sites: Vec<Site> =
            sites.into_iter().map(|(station, node)| Site { station, node, offers: Services::of(&[Service::Charging]) }).collect();
        let coverage = Coverage::compute_for(&network, &sites, Services::default());
        let cost: Vec<u32> = coverage.reach(Service::Charging, Metric::Distance).costs().collect();
        let limit = 150_000;
        for (i, e) in (0u32..).zip(network.edges()) {
            let gap = coverage.gap(&network, i, Service::Charging, Criterion::Distance(limit));
            let steps = 97u32; // not a divisor of anything
            for k in 0..steps {
                // in half millimetres, so that no sample falls on a limit
                let x = 2 * (u64::from(e.length_mm) * u64::from(k) / u64::from(steps)) + 1;
                let to =
                    |end: u32, way: u64| (cost[end as usize] != UNREACHABLE).then(|| 2 * u64::from(cost[end as usize]) + way);
                let ahead = to(e.head, (2 * u64::from(e.length_mm)).saturating_sub(x));
                let back = to(e.tail, x).filter(|_| !e.oneway);
                let served = ahead.into_iter().chain(back).min().is_some_and(|c| c <= 2 * u64::from(limit));
                let in_gap = gap.is_some_and(|g| 2 * u64::from(g.from_mm) < x && x < 2 * u64::from(g.to_mm));
                if x < 2 * u64::from(e.length_mm) {
                    assert_eq!(served, !in_gap, "seed {seed}, edge {i}, {x} half millimetres");
                }
            }
        }
    }
}

#[test]
fn snapping_equals_measuring_every_segment() {
    let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
    for (lon, lat) in [(0.0, 0.0), (109.0, 31.0), (-120.0, 47.5), (18.0, 69.6), (-70.0, -53.0)] {
        let mut dice = Dice::new((lat * 10.0 + 1000.0) as u64);
        let spot =
            |dice: &mut Dice| LonLat::new(lon + dice.roll(4000) as f64 * 1e-5, lat + dice.roll(4000) as f64 * 1e-5).unwrap();
        let (mut roads, mut issues) = (Roads::default(), Issues::default());
        for _ in 0..60 {
            let line: Vec<LonLat> = (0..2 + dice.roll(30)).map(|_| spot(&mut dice)).collect();
            let raw = RawRoad { class: Some(RoadClass::Local), class_text: "x", ..RawRoad::default() };
            roads.push(&raw, &line, &criteria.reading, &Location::default(), &mut issues);
        }
        let draft = Draft::from_roads(&roads).unwrap();
        let index = SnapIndex::new(&draft);
        for _ in 0..1000 {
            let p = spot(&mut dice);
            let frame = LocalFrame::at(p);
            let slow = draft
                .edges
                .iter()
                .flat_map(|e| draft.line(e).windows(2).map(|w| (frame.project_origin(w[0], w[1]).0 * 1e6).round() as u64))
                .min()
                .unwrap();
            let slow = ((slow + 500) / 1000) as u32; // the nearest in micrometres, said in millimetres
            let max_m = 300.0;
            let got = index.nearest(p, max_m);
            assert_eq!(got.map(|s| s.distance_mm), Some(slow).filter(|d| f64::from(*d) <= max_m * 1000.0), "{p}");
            if let Some(s) = got {
                // the foot lies where the offset says, to a step of 1e-7 degree
                assert!(chargegap::internals::space::metres_between(p, s.at) * 1000.0 - f64::from(s.distance_mm) < 25.0);
                assert!(s.offset_mm <= draft.edges[s.edge as usize].length_mm);
            }
        }
    }
}
