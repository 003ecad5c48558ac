//! Other people's suites of bad files, where the machine has them; nothing of them is in this repository.

use crate::toy::collection;
use chargegap::internals::config::region_file::{LayerTable, RoadsTable};
use chargegap::internals::config::{Criteria, RegionFile, RoadClass};
use chargegap::internals::issue::Issues;
use chargegap::internals::read::formats::SourceFile;
use chargegap::internals::read::layers::{read_roads, read_settlements};
use std::path::PathBuf;

/// The folder of a suite, `None` (and a line that says so) where it is missing.
fn suite(name: &str) -> Option<Vec<PathBuf>> {
    let folder = crate::test_support::shared(&format!("malformed/{name}"))?;
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    Some(files)
}

/// Whether a layer of settlements reads, and how many of its records.
fn settlements(bytes: &[u8]) -> Result<usize, String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let source = SourceFile { path: file.path().to_path_buf(), shown: "case".to_owned() };
    let mut issues = Issues::default();
    match read_settlements(&[source], &LayerTable::default(), &mut issues) {
        Ok((list, _)) => Ok(list.len()),
        Err(e) if e.location().file.is_some() => Err(e.to_string()),
        Err(e) => panic!("no file in: {e}"),
    }
}

/// A collection with a good point and one that has the case as a property.
fn embedded(case: &[u8]) -> Vec<u8> {
    let point = |x: &str| {
        format!(r#"{{"type":"Feature","properties":{{"id":"{x}","v":@}},"geometry":{{"type":"Point","coordinates":[0.1,0.1]}}}}"#)
    };
    let whole = collection(&[point("a").replace('@', "1"), point("b")]);
    let (before, after) = whole.split_once('@').unwrap();
    [before.as_bytes(), case, after.as_bytes()].concat()
}

/// What is JSON as UTF-8 must be read wherever it stands, and what is none must lose its record or the file.
#[test]
fn every_case_of_the_json_test_suite_parses_or_is_refused() {
    let Some(files) = suite("json-test-suite/test_parsing") else { return };
    let (mut must, mut must_not, mut free) = (0, 0, 0);
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let case = std::fs::read(&path).unwrap();
        // As a whole file none is a layer: refused, with a place.
        assert!(settlements(&case).is_err() || settlements(&case) == Ok(0), "{name} as a layer");
        let read = settlements(&embedded(&case));
        match name.as_bytes()[0] {
            b'y' => {
                must += 1;
                assert_eq!(read, Ok(2), "{name}");
            }
            b'n' => {
                must_not += 1;
                assert_ne!(read, Ok(2), "{name}");
            }
            _ => free += 1,
        }
    }
    println!("{must} read, {must_not} refused, {free} either");
    assert!(must > 90 && must_not > 180);
}

/// Every good layer of geojsonhint reads, and of the bad ones none gives more than it has.
#[test]
fn every_file_of_geojsonhint_is_read_or_refused_without_a_fault_of_ours() {
    let Some(bad) = suite("geojsonhint/bad") else { return };
    let good = suite("geojsonhint/good").unwrap();
    let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
    let one_class = RoadsTable { class: Some(RoadClass::Local), ..RoadsTable::default() };
    let mut refused = 0;
    for path in bad.iter().chain(&good).filter(|p| p.extension().is_some_and(|e| e == "geojson")) {
        let source = SourceFile { path: path.clone(), shown: "case".to_owned() };
        let mut issues = Issues::default();
        let read = read_roads(&[source], &one_class, &criteria.reading, &mut issues);
        if let Err(e) = &read {
            assert_eq!(e.location().file.as_deref(), Some("case"), "{}: {e}", path.display());
            refused += 1;
        }
        let text = std::fs::read_to_string(path).unwrap_or_default();
        if good.contains(path) && text.contains("\"FeatureCollection\"") {
            assert!(read.is_ok(), "{}: {}", path.display(), read.unwrap_err());
        }
    }
    println!("{refused} of {} refused as a whole", (bad.len() + good.len()) / 3);
}
