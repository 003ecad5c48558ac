//! Real regions, whole: the shipped ones always, Washington where `../shared` is at hand.

use crate::toy::{chargegap, root};
use chargegap::internals::config::RegionFile;
use chargegap::internals::config::Service;
use chargegap::internals::config::criteria::Metric;
use chargegap::internals::engine::UNREACHABLE;
use chargegap::internals::measure::Timings;
use chargegap::internals::prepared::ground::Options;
use chargegap::internals::results::Results;
use chargegap::internals::run::analyse;
use petgraph::graph::{DiGraph, NodeIndex};
use std::path::{Path, PathBuf};

const WASHINGTON: &str = "tests/regions/washington-northeast.toml";

fn washington() -> Option<PathBuf> {
    crate::test_support::shared("washington-northeast").map(|_| root().join(WASHINGTON))
}

fn analysed(region: &Path) -> Results {
    let region = RegionFile::read(region).unwrap();
    analyse(&region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default()).unwrap()
}

/// Runs and verifies a region from the command line and returns its manifest.
fn run_and_verify(region: &Path) -> serde_json::Value {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    chargegap().args(["run", "-q", "-o"]).arg(&out).arg(region).assert().success();
    chargegap().arg("verify").arg(&out).assert().success();
    serde_json::from_str(&std::fs::read_to_string(out.join("manifest.json")).unwrap()).unwrap()
}

/// Distances of every node by petgraph's Dijkstra on a graph of its own, from one source that is joined to all stations.
fn agree_with_petgraph(o: &Results) {
    let n = o.whole.as_ref().unwrap().scene.network.node_count();
    for service in o.criteria.serving.services.iter() {
        for metric in [Metric::Distance, Metric::Time] {
            let mut graph: DiGraph<(), u64> = DiGraph::with_capacity(n + 1, o.whole.as_ref().unwrap().scene.network.arc_count());
            for _ in 0..=n {
                graph.add_node(());
            }
            let at = |v: u32| NodeIndex::new(v as usize);
            for e in o.whole.as_ref().unwrap().scene.network.edges() {
                let w = u64::from(if metric == Metric::Distance { e.length_mm } else { e.time_ms });
                graph.add_edge(at(e.head), at(e.tail), w); // towards the station, so backwards
                if !e.oneway {
                    graph.add_edge(at(e.tail), at(e.head), w);
                }
            }
            let source = NodeIndex::new(n);
            for s in o.whole.as_ref().unwrap().scene.sites.iter().filter(|s| s.offers(service)) {
                graph.add_edge(source, at(s.node), 0);
            }
            let want = petgraph::algo::dijkstra(&graph, source, None, |e| *e.weight());
            let cost: Vec<u32> = o.whole.as_ref().unwrap().scene.coverage.reach(service, metric).costs().collect();
            let differ = (0..n).filter(|v| {
                let got = (cost[*v] != UNREACHABLE).then_some(u64::from(cost[*v]));
                want.get(&NodeIndex::new(*v)).copied() != got
            });
            assert_eq!(differ.count(), 0, "{} {metric:?}", service.as_str());
        }
    }
    println!("{n} nodes × 2 services × 2 metrics agree with petgraph");
}

#[test]
fn isle_of_man() {
    let folder = root().join("datasets/isle-of-man");
    let manifest = run_and_verify(&folder);
    assert_eq!(manifest["counts"]["layers"][0]["refused"], 0);
    let o = analysed(&folder.join("region.toml"));
    assert!(o.balance.check().is_ok());
    agree_with_petgraph(&o);
}

#[test]
fn isle_of_man_from_the_bare_extract() {
    let manifest = run_and_verify(&root().join("datasets/isle-of-man/isle-of-man.osm.pbf"));
    assert!(manifest["counts"]["stations_used"].as_u64().unwrap() >= 1);
    assert!(manifest["region"]["attribution"][0].as_str().unwrap().contains("OpenStreetMap"));
}

#[test]
fn chongqing_synthetic_says_so_everywhere() {
    let folder = root().join("datasets/chongqing-northeast-synthetic");
    let manifest = run_and_verify(&folder);
    assert_eq!(manifest["region"]["synthetic"], true);
    assert_eq!(manifest["counts"]["layers"][0]["kept"], 12);
    let o = analysed(&folder.join("region.toml"));
    assert!(
        [Service::Charging, Service::Swap].into_iter().all(|service| o
            .whole
            .as_ref()
            .unwrap()
            .scene
            .sites
            .iter()
            .any(|s| s.offers(service)))
    );
    agree_with_petgraph(&o);
}

#[test]
fn washington_north_east() {
    let Some(region) = washington() else { return };
    let manifest = run_and_verify(&region);
    let null = manifest["counts"]["issues"]["by_code"].as_array().unwrap().iter().find(|c| c["code"] == "null_geometry").unwrap();
    assert_eq!(null["count"], 302);
    let o = analysed(&region);
    // What was read, measured here once more with the geodesic, is what is in ledgers or named in the issues.
    assert!(o.balance.check().is_ok());
    let named: u64 = o.issues.by_code().iter().filter(|((l, _), _)| l.as_str() == "roads").map(|(_, (_, mm))| mm).sum();
    assert_eq!(o.balance.read_mm, o.balance.ledger_mm + named);
    let measured_km = geodesic_km(&region);
    assert!((o.balance.read_mm as f64 / 1e6 - measured_km).abs() < measured_km * 2e-6, "{measured_km}");
    // Ferry has no station at all: it comes first.
    let first = &o.assessment.ranking.rows[0];
    assert_eq!(o.county(first.county).name, "Ferry");
    assert_eq!(o.figures()[first.county].charging_stations, 0);
    agree_with_petgraph(&o);
}

/// Length of all road lines by Karney's geodesic, straight from the files.
fn geodesic_km(region: &Path) -> f64 {
    use geo::{Geodesic, Length};
    let mut metres = 0.0;
    for name in ["Chelan", "Douglas", "Ferry", "Okanogan", "Stevens"] {
        let path = region.parent().unwrap().join(format!("../../../shared/data/washington-northeast/roads/{name}.geojson"));
        let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for f in json["features"].as_array().unwrap() {
            let line: geo::LineString<f64> = f["geometry"]["coordinates"]
                .as_array()
                .map(|list| list.iter().map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap())).collect::<Vec<_>>().into())
                .unwrap_or(geo::LineString::new(Vec::new()));
            metres += Geodesic.length(&line);
        }
    }
    metres / 1000.0
}
