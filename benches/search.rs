//! Multi-source search to the nearest station, beside petgraph's Dijkstra on a `Csr` of the same network.
//!
//! The naive column gets the same work: one extra node joined to every station, arcs reversed. Both sums must be equal.

#![allow(missing_docs, clippy::expect_used)]

use chargegap::internals::config::RegionFile;
use chargegap::internals::config::Service;
use chargegap::internals::config::criteria::Metric;
use chargegap::internals::county::Scene;
use chargegap::internals::engine::UNREACHABLE;
use chargegap::internals::measure::Timings;
use chargegap::internals::network::search::nearest_site_within;
use chargegap::internals::prepared::ground::Options;
use chargegap::internals::run::analyse;
use criterion::{Criterion, criterion_group, criterion_main};
use petgraph::csr::Csr;
use std::hint::black_box;
use std::path::Path;

fn load(region: &str) -> Option<Scene> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(region);
    let region = RegionFile::read(&path).ok()?;
    analyse(&region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default()).ok()?.whole.map(|w| w.scene)
}

fn petgraph_csr(o: &Scene) -> Csr<(), u32> {
    let source = o.network.node_count() as u32;
    let mut arcs: Vec<(u32, u32, u32)> = Vec::new();
    for e in o.network.edges() {
        arcs.push((e.head, e.tail, e.length_mm));
        if !e.oneway {
            arcs.push((e.tail, e.head, e.length_mm));
        }
    }
    arcs.extend(o.sites.iter().filter(|s| s.offers(Service::Charging)).map(|s| (source, s.node, 0)));
    // Csr keeps one arc between two nodes: the shortest
    arcs.sort_unstable();
    arcs.dedup_by_key(|a| (a.0, a.1));
    Csr::from_sorted_edges(&arcs).expect("sorted and without doubles")
}

fn search(c: &mut Criterion) {
    for (name, region) in [
        ("isle-of-man", "datasets/isle-of-man/region.toml"),
        ("chongqing-northeast-synthetic", "datasets/chongqing-northeast-synthetic/region.toml"),
        ("washington-northeast", "tests/regions/washington-northeast.toml"),
    ] {
        let Some(o) = load(region) else {
            println!("SKIPPED: {name} is not here");
            continue;
        };
        let sites: Vec<(u32, u32)> =
            o.sites.iter().filter(|s| s.offers(Service::Charging)).map(|s| (s.station, s.node)).collect();
        let graph = petgraph_csr(&o);
        let source = o.network.node_count() as u32;
        let ours = || nearest_site_within(&o.network, &sites, Metric::Distance, UNREACHABLE);
        let theirs = || petgraph::algo::dijkstra(&graph, source, None, |e| u64::from(*petgraph::visit::EdgeRef::weight(&e)));
        let sum: u64 = ours().costs().filter(|c| *c != UNREACHABLE).map(u64::from).sum();
        assert_eq!(sum, theirs().values().sum::<u64>(), "{name}: the two searches disagree");
        println!("{name}: {} nodes, sum of distances {sum} mm by both", o.network.node_count());
        let mut group = c.benchmark_group(format!("nearest station, {name}"));
        group.bench_function("chargegap", |b| b.iter(|| black_box(ours())));
        group.bench_function("petgraph dijkstra on Csr", |b| b.iter(|| black_box(theirs())));
        group.finish();
    }
}

criterion_group!(benches, search);
criterion_main!(benches);
