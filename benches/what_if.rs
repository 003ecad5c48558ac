//! One station more, one less: how long until distances and ledger are up to date, and how that compares with a full search.
//!
//! `CHARGEGAP_CGAP=region.cgap cargo bench --bench what_if`; without it, the Isle of Man.

#![allow(missing_docs, clippy::expect_used)]

use chargegap::internals::config::RegionFile;
use chargegap::internals::config::{Service, Services};
use chargegap::internals::county::Scene;
use chargegap::internals::coverage::{Coverage, Ledger};
use chargegap::internals::measure::Timings;
use chargegap::internals::place::Site;
use chargegap::internals::prepared;
use chargegap::internals::prepared::ground::Options;
use chargegap::internals::run::{analyse, analyse_prepared};
use chargegap::internals::whatif::WhatIf;
use std::path::Path;
use std::time::Instant;

const CHANGES: u32 = 1000;

fn load() -> Scene {
    let options = Options { strict: false, on_stage: &|_| {} };
    if let Some(path) = std::env::var_os("CHARGEGAP_CGAP") {
        let (ground, _) = prepared::open(Path::new(&path)).expect("a prepared region");
        let results = analyse_prepared(ground, &options, &mut Timings::default()).expect("it can be analysed");
        return results.whole.expect("a run has it").scene;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/isle-of-man/region.toml");
    let region = RegionFile::read(&path).expect("it is there");
    let results = analyse(&region, &options, &mut Timings::default()).expect("it can be analysed");
    results.whole.expect("a run has it").scene
}

fn report(what: &str, mut ms: Vec<f64>) {
    ms.sort_by(f64::total_cmp);
    let at = |share: f64| ms[((ms.len() - 1) as f64 * share) as usize];
    println!("{what}: median {:.3} ms, 99 % {:.3} ms, worst {:.3} ms of {}", at(0.5), at(0.99), at(1.0), ms.len());
}

fn main() {
    let o = load();
    let nodes = o.network.node_count() as u32;
    println!(
        "{nodes} nodes, {} edges, {} stations, {} criteria",
        o.network.edges().len(),
        o.sites.len(),
        o.criteria.serving.all.len()
    );
    let start = Instant::now();
    let coverage = Coverage::compute_for(&o.network, &o.sites, Services::default());
    let ledger = Ledger::compute(&o.network, &coverage, &o.criteria.serving.all, o.ledger.excluded_mm.clone());
    println!("all searches and the ledger anew: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    drop(coverage);
    let mut now = WhatIf::new(o.network, o.sites, o.criteria.serving.all, o.ledger.excluded_mm);
    assert_eq!(*now.ledger(), ledger);
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for i in 0..CHANGES {
        // Spread over the network by the golden ratio.
        let node = (f64::from(i) * 0.618_033_988_749_895).fract() * f64::from(nodes);
        let site = Site { station: 2_000_000_000 + i, node: node as u32, offers: Services::of(&[Service::Charging]) };
        let start = Instant::now();
        now.add_station(site).expect("its number is free");
        added.push(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        now.remove_station(site.station).expect("it was added");
        removed.push(start.elapsed().as_secs_f64() * 1e3);
    }
    report("one station more", added);
    report("one station less", removed);
    assert_eq!(*now.ledger(), ledger, "what was added and removed leaves nothing behind");
    println!("the ledger afterwards is that of a full run");
}
