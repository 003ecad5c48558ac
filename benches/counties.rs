//! Every county of China (2,891 polygons): read and validated, indexed, and its borders compared; seconds of each.

#![allow(missing_docs, clippy::expect_used)]

use chargegap::internals::config::region_file::LayerTable;
use chargegap::internals::issue::Issues;
use chargegap::internals::network::CountyIndex;
use chargegap::internals::read::formats::SourceFile;
use chargegap::internals::read::layers;
use std::path::PathBuf;
use std::time::Instant;

/// Rounds; the least is the figure, the rest shows what else the machine was doing.
const ROUNDS: usize = 5;

fn main() {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/china-counties/district_epsg4490.geojson"));
    let path = std::env::var_os("CHARGEGAP_COUNTIES").map_or(path, PathBuf::from);
    if !path.is_file() {
        println!("SKIPPED: {} is not here", path.display());
        return;
    }
    let file = [SourceFile { shown: "district_epsg4490.geojson".to_owned(), path }];
    let mut least = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        let mut issues = Issues::default();
        let since = Instant::now();
        let (counties, _) = layers::read_counties(&file, &LayerTable::default(), &mut issues).expect("the layer is read");
        let read = since.elapsed().as_secs_f64();
        let since = Instant::now();
        let index = CountyIndex::new(&counties);
        let indexed = since.elapsed().as_secs_f64();
        let vertices: usize = counties.iter().map(|c| geo::CoordsIter::coords_count(&c.shape)).sum();
        assert_eq!(counties.len(), 2891, "the answer, not the speed, is wrong");
        std::hint::black_box(&index);
        println!("{} counties, {vertices} positions: read and validated {read:.3} s, indexed {indexed:.3} s", counties.len());
        least = [least[0].min(read), least[1].min(indexed)];
    }
    println!("least: read and validated {:.3} s, indexed {:.3} s, together {:.3} s", least[0], least[1], least[0] + least[1]);
}
