//! From files to a finished folder, as a library call; `benches/runs/` has the whole-process figures.

#![allow(missing_docs, clippy::expect_used)]

use chargegap::internals::config::RegionFile;
use chargegap::internals::files::atomic::AtomicFolder;
use chargegap::internals::folder::{Asked, write_results};
use chargegap::internals::measure::Timings;
use chargegap::internals::prepared::ground::Options;
use chargegap::internals::run::analyse;
use criterion::{Criterion, criterion_group, criterion_main};
use std::path::Path;

fn whole(c: &mut Criterion) {
    let mut group = c.benchmark_group("files to finished folder");
    group.sample_size(10);
    for (name, region) in [
        ("isle-of-man", "datasets/isle-of-man/region.toml"),
        ("chongqing-northeast-synthetic", "datasets/chongqing-northeast-synthetic/region.toml"),
        ("washington-northeast", "tests/regions/washington-northeast.toml"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(region);
        let run = || -> chargegap::internals::error::Result<u64> {
            let region = RegionFile::read(&path)?;
            let results = analyse(&region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default())?;
            let dir = std::env::temp_dir().join(format!("chargegap-bench-{}", std::process::id()));
            write_results(&results, &Asked::default(), AtomicFolder::create(&dir, true)?)?;
            Ok(results.balance.ledger_mm)
        };
        match run() {
            Ok(mm) => println!("{name}: {mm} mm of road in ledgers"),
            Err(e) => {
                println!("SKIPPED: {name}: {e}");
                continue;
            }
        }
        group.bench_function(name, |b| b.iter(|| run().expect("it ran before")));
    }
    group.finish();
    let _ = std::fs::remove_dir_all(std::env::temp_dir().join(format!("chargegap-bench-{}", std::process::id())));
}

criterion_group!(benches, whole);
criterion_main!(benches);
