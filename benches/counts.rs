//! Instruction counts of the kernels, by callgrind: the same on a busy machine and on a quiet one, so that a few per cent more
//! are seen. What they say of time is rough; `search` and `what_if` measure that.
//!
//! `benches/counts.sh`, which gets the runner it needs. One thread, a network made in code. Every answer is checked, uncounted,
//! against petgraph or a full computation. A count that grew by more than a twentieth since the last run on the machine fails.

#![allow(missing_docs, clippy::expect_used)]

use chargegap::internals::config::criteria::{Criterion, Metric};
use chargegap::internals::config::{Criteria, RegionFile, RoadClass};
use chargegap::internals::config::{Service, Services};
use chargegap::internals::coverage::{Coverage, Ledger, dead_stretches};
use chargegap::internals::engine::{Catchments, KNearest, NearestSearch, Seed, Targets, UNREACHABLE};
use chargegap::internals::error::Location;
use chargegap::internals::issue::Issues;
use chargegap::internals::network::{Draft, Edge, RoadNetwork};
use chargegap::internals::place::Site;
use chargegap::internals::read::road::{OneWay, RawRoad, Roads};
use chargegap::internals::space::LonLat;
use chargegap::internals::whatif::WhatIf;
use gungraun::prelude::*;
use gungraun::{Callgrind, EventKind, LibraryBenchmarkConfig};
use petgraph::graph::NodeIndex;
use std::hint::black_box;

/// Roads each way.
const SIDE: i32 = 100;
const COUNTIES: usize = 4;
const CRITERIA: [Criterion; 3] = [Criterion::Distance(2_000_000), Criterion::Distance(4_000_000), Criterion::Time(240_000)];
/// Reach of a catchment, millimetres.
const REACH_MM: u32 = 8_000_000;
const MORE: Site = Site { station: 999, node: 7_777, offers: CHARGING };
const CHARGING: Services = Services::of(&[Service::Charging]);

struct World {
    network: RoadNetwork,
    sites: Vec<Site>,
}

/// A grid of 100 by 100 roads, some 0.8 km apart and none quite straight, every ninth open one way, in four counties.
fn world() -> World {
    // Searches share their work among rayon's threads, and callgrind counts this one.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    pool.expect("every benchmark is a process of its own");
    let criteria = Criteria::from_region(&RegionFile::default()).expect("the usual criteria");
    let (mut roads, mut issues) = (Roads::default(), Issues::default());
    let place = |x: i32, y: i32| {
        let bend = |k: i32| (x * 7 + y * 13) * k % 101 * 100;
        LonLat::from_e7(1_090_000_000 + x * 80_000 + bend(3), 310_000_000 + y * 80_000 + bend(5)).expect("in China")
    };
    for i in 0..2 * SIDE {
        let line: Vec<LonLat> = (0..SIDE).map(|k| if i < SIDE { place(k, i) } else { place(i - SIDE, k) }).collect();
        let class = RoadClass::ALL[i as usize % 6];
        let oneway = if i % 9 == 0 { OneWay::Forward } else { OneWay::No };
        let raw = RawRoad { class: Some(class), class_text: class.as_str(), oneway, ..RawRoad::default() };
        roads.push(&raw, &line, &criteria.reading, &Location::default(), &mut issues);
    }
    let mut draft = Draft::from_roads(&roads).expect("it is small");
    let county = |at: LonLat| (f64::from(at.e7().0 - 1_090_000_000) / 2_100_000.0).max(0.0) as u32;
    for i in 0..draft.edges.len() {
        draft.edges[i].county = county(draft.line(&draft.edges[i])[0]).min(COUNTIES as u32 - 1);
    }
    let network = draft.freeze(&mut [], &mut []);
    assert_eq!((network.node_count(), network.edges().len()), (10_000, 19_800), "100 × 100 crossings, 2 × 100 × 99 edges");
    let site = |i: u32| Site { station: i, node: (i * 211 + 50) % network.node_count() as u32, offers: CHARGING };
    World { sites: (0..40).map(site).collect(), network }
}

impl World {
    fn seeds(&self) -> Vec<Seed> {
        self.sites.iter().map(|s| Seed::at(s.node, s.station)).collect()
    }

    fn coverage(&self) -> Coverage {
        Coverage::compute_for(&self.network, &self.sites, CHARGING)
    }

    /// Distances from every node to one of these, by petgraph.
    fn plain(&self, to: &[u32]) -> Vec<u32> {
        let source = self.network.node_count() as u32;
        // towards the stations, so backwards
        let both = |e: &Edge| {
            let back = (!e.oneway).then_some((e.tail, e.head, e.length_mm));
            [Some((e.head, e.tail, e.length_mm)), back].into_iter().flatten()
        };
        let arcs = self.network.edges().iter().flat_map(both);
        let joined = to.iter().map(|v| (source, *v, 0));
        let graph = petgraph::graph::DiGraph::<(), u32>::from_edges(arcs.chain(joined));
        let found = petgraph::algo::dijkstra(&graph, source.into(), None, |e| *e.weight());
        (0..source).map(|v| found.get(&NodeIndex::<u32>::from(v)).copied().unwrap_or(UNREACHABLE)).collect()
    }
}

fn check_nearest((world, found): (World, NearestSearch)) {
    let nodes: Vec<u32> = world.sites.iter().map(|s| s.node).collect();
    assert!(found.reach().costs().eq(world.plain(&nodes)), "petgraph has other distances");
}

#[library_benchmark]
#[bench::grid(setup = world, teardown = check_nearest)]
fn nearest(world: World) -> (World, NearestSearch) {
    let mut search = NearestSearch::default();
    search.run(world.network.arcs_to(Metric::Distance), &world.seeds(), u32::MAX);
    (world, black_box(search))
}

fn check_five((world, found): (World, KNearest)) {
    let by_site: Vec<Vec<u32>> = world.sites.iter().map(|s| world.plain(&[s.node])).collect();
    for v in 0..world.network.node_count() {
        let mut all: Vec<u32> = by_site.iter().map(|costs| costs[v]).filter(|c| *c != UNREACHABLE).collect();
        all.sort_unstable();
        all.truncate(5);
        assert!(found.of(v as u32).map(|(cost, _)| cost).eq(all), "petgraph has other distances");
    }
}

#[library_benchmark]
#[bench::grid(setup = world, teardown = check_five)]
fn five_nearest(world: World) -> (World, KNearest) {
    let mut search = KNearest::default();
    search.run(world.network.arcs_to(Metric::Distance), &world.seeds(), 5, u32::MAX);
    (world, black_box(search))
}

/// A place on every fourth node.
fn places(world: &World) -> Vec<u32> {
    (0..world.network.node_count() as u32).step_by(4).collect()
}

fn check_catchments((world, found): (World, Vec<(usize, u64)>)) {
    let places = places(&world);
    for (site, got) in world.sites.iter().zip(found) {
        let costs = world.plain(&[site.node]);
        let within: Vec<u64> = places.iter().map(|p| costs[*p as usize]).filter(|c| *c <= REACH_MM).map(u64::from).collect();
        assert_eq!(got, (within.len(), within.iter().sum()));
    }
}

#[library_benchmark]
#[bench::grid(setup = world, teardown = check_catchments)]
fn catchments(world: World) -> (World, Vec<(usize, u64)>) {
    let nodes: Vec<u32> = world.sites.iter().map(|s| s.node).collect();
    let targets = Targets::new(world.network.node_count(), &places(&world));
    let search = Catchments::new(world.network.arcs_to(Metric::Distance), &targets, REACH_MM);
    let found = search.map(&nodes, |_, pairs| (pairs.len(), pairs.iter().map(|p| u64::from(p.1)).sum()));
    (world, black_box(found))
}

fn covered() -> (World, Coverage, Vec<Vec<u32>>) {
    let world = world();
    let of = |county: usize| (0u32..).zip(world.network.edges()).filter(move |(_, e)| e.county as usize == county);
    let edges = (0..COUNTIES).map(|county| of(county).map(|(i, _)| i).collect()).collect();
    let coverage = world.coverage();
    (world, coverage, edges)
}

type Books = (World, Ledger, Vec<u64>);

fn check_books((world, ledger, gaps): Books) {
    ledger.check(&world.network, &["a", "b", "c", "d"]).expect("the books close");
    let keys = (0..COUNTIES).flat_map(|county| (0..CRITERIA.len()).map(move |c| (county, c)));
    let want: Vec<u64> = keys.map(|(county, c)| ledger.total(county, Service::Charging, c).gap_mm).collect();
    assert!(gaps == want && want.iter().all(|mm| *mm > 0), "dead stretches do not add up to the ledger");
}

#[library_benchmark]
#[bench::grid(setup = covered, teardown = check_books)]
fn gaps_and_ledger((world, coverage, edges): (World, Coverage, Vec<Vec<u32>>)) -> Books {
    let ledger = Ledger::compute(&world.network, &coverage, &CRITERIA, vec![0; COUNTIES]);
    let mut gaps = Vec::new();
    for (county, edges) in (0..).zip(&edges) {
        for (c, criterion) in CRITERIA.into_iter().enumerate() {
            let reach = coverage.reach(Service::Charging, criterion.metric());
            let list = dead_stretches(&world.network, reach, Service::Charging, (c, criterion), county, edges);
            gaps.push(list.iter().map(|s| s.length_mm).sum());
        }
    }
    (world, black_box(ledger), gaps)
}

fn open_to_change() -> (WhatIf, Ledger) {
    let World { network, mut sites } = world();
    let now = WhatIf::new_for(network.with_edges(|_| true), sites.clone(), CHARGING, CRITERIA.to_vec(), vec![0; COUNTIES]);
    sites.push(MORE);
    let after = Coverage::compute_for(&network, &sites, CHARGING);
    let ledger = Ledger::compute(&network, &after, &CRITERIA, vec![0; COUNTIES]);
    assert_ne!(*now.ledger(), ledger, "the station more makes a difference");
    (now, ledger)
}

fn check_change((now, full): (WhatIf, Ledger)) {
    assert_eq!(*now.ledger(), full);
}

#[library_benchmark]
#[bench::grid(setup = open_to_change, teardown = check_change)]
fn one_station_more((mut now, full): (WhatIf, Ledger)) -> (WhatIf, Ledger) {
    now.add_station(MORE).expect("its number is free");
    (black_box(now), full)
}

library_benchmark_group!(name = kernels, benchmarks = [nearest, five_nearest, catchments, gaps_and_ledger, one_station_more]);

main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::default().soft_limits([(EventKind::Ir, 5.0)])),
    library_benchmark_groups = kernels
);
