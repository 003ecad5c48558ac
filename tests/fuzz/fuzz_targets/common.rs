//! Bytes as a file of a layer, read as the program reads it.
#![allow(dead_code)] // each target uses a part

use chargegap::internals::config::region_file::{LayerTable, RoadsTable};
use chargegap::internals::config::{Criteria, RegionFile};
use chargegap::internals::error::Error;
use chargegap::internals::issue::Issues;
use chargegap::internals::read::formats::SourceFile;
use chargegap::internals::read::layers;
use std::path::{Path, PathBuf};

/// The readers catch what other people's decoders throw; only what escapes them counts, and that the runner sees itself.
/// With `LOUD` in the environment every panic is printed, to see what one input does.
pub fn quiet() {
    if std::env::var_os("LOUD").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
}

/// The file that this process fuzzes with, in memory where the machine has such a folder.
pub fn file(extension: &str) -> PathBuf {
    let shm = Path::new("/dev/shm");
    let folder = if shm.is_dir() { shm.to_path_buf() } else { std::env::temp_dir() };
    folder.join(format!("chargegap-fuzz-{}.{extension}", std::process::id()))
}

/// Writes a file.
pub fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("a folder that can be written");
}

/// One error, checked: whatever is wrong, it says in which file.
pub fn says_where<T>(outcome: Result<T, Error>) {
    if let Err(e) = outcome {
        assert!(e.location().file.is_some() || e.location().field.is_some(), "no place in: {e}");
    }
}

fn source(path: &Path) -> [SourceFile; 1] {
    [SourceFile { path: path.to_path_buf(), shown: "fuzzed".to_owned() }]
}

/// Reads a file as each of the four layers.
pub fn every_layer(path: &Path) {
    let criteria = Criteria::from_region(&RegionFile::default()).expect("the defaults make sense");
    let (files, mut issues) = (source(path), Issues::default());
    says_where(layers::read_roads(&files, &RoadsTable::default(), &criteria.reading, &mut issues));
    says_where(layers::read_counties(&files, &LayerTable::default(), &mut issues));
    says_where(layers::read_stations(&files, &LayerTable::default(), &mut issues));
    says_where(layers::read_settlements(&files, &LayerTable::default(), &mut issues));
    issues.sorted();
}

/// Reads a file as roads and as counties.
pub fn roads_and_counties(path: &Path) {
    let criteria = Criteria::from_region(&RegionFile::default()).expect("the defaults make sense");
    let (files, mut issues) = (source(path), Issues::default());
    says_where(layers::read_roads(&files, &RoadsTable::default(), &criteria.reading, &mut issues));
    says_where(layers::read_counties(&files, &LayerTable::default(), &mut issues));
}

/// Reads a file as stations and as settlements.
pub fn points(path: &Path) {
    let (files, mut issues) = (source(path), Issues::default());
    says_where(layers::read_stations(&files, &LayerTable::default(), &mut issues));
    says_where(layers::read_settlements(&files, &LayerTable::default(), &mut issues));
}
