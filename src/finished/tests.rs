//! A folder read back is what was written, and what is wrong in it is named with its row.

use super::*;
use crate::files::atomic::AtomicFolder;
use crate::files::csv_table::CsvTable;
use crate::files::kind::RUN_FOLDER;
use crate::files::seal::{SELF_BLANK, sealed};
use crate::rank::{CountyFigures, DemandFigures, Evidence, StationSet, Unit};
use crate::tables::{county_columns, figures};
use serde_json::json;
use std::collections::BTreeSet;

/// Two counties, two distances, two station sets; every field of its own value.
fn evidence() -> Evidence {
    let figures = |code: &str, n: u64| CountyFigures {
        code: code.to_owned(),
        road_mm: std::array::from_fn(|i| 9_000_000_000 * n + i as u64),
        gap_mm: std::array::from_fn(|i| 1_000_001 * n + i as u64),
        longest_stretch_mm: 77 * n + 1,
        charging_stations: n,
        swap_stations: n + 1,
        points: n + 2,
        power_kw: 0.1 + 0.2 * n as f64,
        settlements: n + 3,
        settlements_in_gap: n + 4,
        settlements_without_station: n + 5,
        people: n + 6,
        people_in_gap: n + 7,
        residents: n.is_multiple_of(2).then_some(n + 8),
        settlement_people: n + 9,
        settlement_people_in_gap: n + 10,
        demand: n.is_multiple_of(3).then(|| DemandFigures {
            vehicles: n as f64 / 3.0,
            short_kw: [0.1, 1e9 / 7.0],
            access_kw: n as f64 / 7.0,
            townships: n + 11,
            townships_without: n + 12,
            peak_sessions_h: 1e-3 / 3.0,
            peak_wait_min: 0.0,
            filled: false,
        }),
    };
    let unit = |code: &str, name: &str, value: Option<f64>| Unit {
        code: code.to_owned(),
        name: name.to_owned(),
        columns: value.map(|v| ("车数".to_owned(), v)).into_iter().collect(),
        trust: value.map(|_| 51.25),
        ..Unit::default()
    };
    Evidence {
        units: vec![unit("0101", "=West", Some(-1.0 / 3.0)), unit("0102", "East", None)],
        distances_mm: vec![10_000_000, 5_000_000],
        stations: vec![StationSet::All, StationSet::Trusted],
        figures: (0..4).map(|s| vec![figures("0101", 1 + s), figures("0102", 11 + s)]).collect(),
        residents_given: false,
    }
}

/// Writes a folder with these tables, each after an edit of its text.
fn folder(e: &Evidence, edit: impl Fn(&str, String) -> String) -> (tempfile::TempDir, Finished) {
    let dir = tempfile::tempdir().unwrap();
    let mut out = AtomicFolder::create(&dir.path().join("out"), false).unwrap();
    let mut put = |name: &str, bytes: Vec<u8>| {
        let text = edit(name, String::from_utf8(bytes).unwrap());
        out.write(name, |w| w.write_all(text.as_bytes())).unwrap();
    };
    let mut bytes = Vec::new();
    figures::table(e.has_demand()).csv(&mut bytes, figures::rows(e)).unwrap();
    put("figures.csv", std::mem::take(&mut bytes));
    county_columns::table().csv(&mut bytes, county_columns::rows(e, &BTreeSet::from(["empty"]))).unwrap();
    put("county_columns.csv", bytes);
    // by place, which is not the order of codes
    let ranking = "code,name,name_zh,trust_score,trust_reason\n0102,East,,,\n0101,'=West,,51.25,\n";
    put("ranking.csv", ranking.as_bytes().to_vec());
    let outputs: Vec<_> = out.written.iter().map(|w| json!({ "name": w.name, "sha256": w.sha256 })).collect();
    let manifest =
        json!({ "format": RUN_FOLDER, "format_version": 1, "manifest_sha256": SELF_BLANK, "outputs": outputs, "ranking": {} });
    out.write("manifest.json", |w| w.write_all(sealed(&manifest).as_bytes())).unwrap();
    out.finish().unwrap();
    let finished = Finished::open(&dir.path().join("out")).unwrap();
    (dir, finished)
}

#[test]
fn evidence_reads_back_to_the_bit() {
    let e = evidence();
    let (_dir, finished) = folder(&e, |_, text| text);
    let stored = Stored::read(&finished).unwrap();
    assert_eq!(stored.evidence, e);
    // A column that no county has a value of is known all the same.
    assert_eq!(stored.columns, ["empty", "车数"].map(str::to_owned).into());
}

#[test]
fn what_is_wrong_is_named_with_file_and_row() {
    for (file, from, to, field, row) in [
        ("figures.csv", "0102,10.0,all", "0102,10.0,some", "stations", Some(2)),
        ("figures.csv", "0102,10.0,trusted", "0101,10.0,trusted", "county_code", Some(4)),
        ("figures.csv", ",9000.0,", ",x,", "road_km_motorway", Some(1)),
        ("figures.csv", "county_code,", "county,", "county_code", Some(1)),
        ("county_columns.csv", "0102,empty", "0109,empty", "county_code", Some(3)),
        ("county_columns.csv", "-0.3333333333333333", "none", "value", Some(2)),
        ("ranking.csv", "51.25", "fifty", "trust_score", Some(2)),
        ("ranking.csv", "0102,", "0103,", "", None),
    ] {
        let (_dir, finished) = folder(&evidence(), |name, text| {
            assert!(name != file || text.contains(from), "{file} {from}");
            if name == file { text.replacen(from, to, 1) } else { text }
        });
        let err = Stored::read(&finished).unwrap_err();
        let at = err.location();
        assert_eq!((at.feature, at.field.as_deref().unwrap_or_default()), (row, field), "{file} {to}: {err}");
        // A county of figures.csv that the ranking lacks is told of figures.csv; the rest of the file they are in.
        let named = if row.is_none() { "figures.csv" } else { file };
        assert!(at.file.as_deref().unwrap().ends_with(named), "{err}");
    }
}

#[test]
fn changed_files_are_refused() {
    let (_dir, finished) = folder(&evidence(), |_, text| text);
    let path = finished.path.join("figures.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("0101", "0103", 1)).unwrap();
    let err = Stored::read(&finished).unwrap_err();
    assert!(err.exit_code() == 1 && err.to_string().contains("figures.csv"), "{err}");
    let path = finished.path.join("manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\"ranking\": {}", "\"ranking\": []", 1)).unwrap();
    assert_eq!(Finished::open(&finished.path).unwrap_err().exit_code(), 1);
}

#[test]
fn only_what_is_there_can_be_varied() {
    let stored = Stored { evidence: evidence(), columns: BTreeSet::from(["车数".to_owned()]) };
    let mut table = RankTable::default();
    table.uncertainty.distances_km = Some(vec![5.0]);
    table.uncertainty.doubtful_stations = false;
    // The nominal distance stays first; of four lists those with all stations are the first and the third.
    let e = stored.evidence_for(&table).unwrap();
    assert_eq!((e.distances_mm, e.stations), (vec![10_000_000, 5_000_000], vec![StationSet::All]));
    assert_eq!(e.figures, [stored.evidence.figures[0].clone(), stored.evidence.figures[2].clone()]);
    table.uncertainty.distances_km = Some(vec![5.0, 7.5]);
    let err = stored.evidence_for(&table).unwrap_err().to_string();
    assert!(err.contains("7.5 km") && err.contains("10, 5 km") && err.contains("rank.uncertainty.distances_km"), "{err}");
    table.uncertainty.draws = 0;
    table.uncertainty.distances_km = None;
    assert_eq!(stored.evidence_for(&table).unwrap().figures.len(), 1);
    let text = "[[rank.lines]]\nname = \"a\"\nbudget = 1\ncost_column = \"价\"\n";
    let err = stored.evidence_for(&crate::config::RegionFile::parse(text, "r").unwrap().rank).unwrap_err().to_string();
    assert!(err.contains("rank.lines[0].cost_column") && err.contains("车数"), "{err}");
}

#[test]
fn a_table_that_is_none_is_refused_with_its_line() {
    let err = CsvTable::parse(b"a,b\n1,2\n3\n", "t.csv").unwrap_err();
    assert_eq!(err.location().line, Some(3));
}
