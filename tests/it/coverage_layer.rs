//! The layer of coverage: worked out by hand on the toy, held against the ledger by the expression that its dictionary gives, the same in a
//! run and in a round, read by GDAL, and forged in vain.

use crate::resealed::Forged;
use crate::skips::tool;
use crate::small_round::{ROUND, SmallRound};
use crate::toy::{STEP_MM, Toy};
use chargegap::internals::error::Result as Read;
use chargegap::internals::read::formats::{SourceFile, flatgeobuf};
use chargegap::internals::read::record::{Fault, FileCrs, Place, Record, Sink};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What a piece of road says, by column.
type Piece = Map<String, Value>;

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Sink for Pieces {
    fn crs(&mut self, crs: &FileCrs) -> Read<()> {
        assert!(matches!(crs, FileCrs::Epsg(4326)));
        Ok(())
    }

    fn record(&mut self, _: Place, record: Result<Record, Fault>) {
        let record = record.unwrap();
        assert!(record.geometry.is_some());
        self.0.push(record.columns.into_iter().collect());
    }
}

fn pieces(folder: &Path) -> Vec<Piece> {
    let mut all = Pieces::default();
    let file = SourceFile { path: folder.join("coverage.fgb"), shown: "coverage.fgb".to_owned() };
    flatgeobuf::read(&file, &mut all).unwrap();
    all.0.sort_by_key(|p| p["id"].as_str().map(str::to_owned));
    all.0
}

/// Kilometres in whole millimetres.
fn mm(value: &Value) -> Option<i64> {
    value.as_f64().map(|km| (km * 1e6).round() as i64)
}

/// What the dictionary's expression gives for a limit, summed by county.
fn gaps_mm(pieces: &[Piece], service: &str, limit_mm: i64) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for p in pieces {
        let left = |end: &str| mm(&p[&format!("{service}_{end}_km")]).map_or(0, |d| (limit_mm - d).max(0));
        let tail = if p["oneway"] == true { 0 } else { left("tail") };
        let gap = (mm(&p["length_km"]).unwrap() - tail - left("head")).max(0);
        *sums.entry(p["county_code"].as_str().unwrap().to_owned()).or_default() += gap;
    }
    sums
}

/// `gap_km` of all classes at a distance by county.
fn ledger_mm(folder: &Path, service: &str, limit_km: &str) -> BTreeMap<String, i64> {
    let mut csv = csv::Reader::from_path(folder.join("ledger.csv")).unwrap();
    let head = csv.headers().unwrap().clone();
    let at = |name: &str| head.iter().position(|h| h == name).unwrap();
    let rows = csv.records().map(Result::unwrap);
    let of = rows.filter(|r| &r[at("service")] == service && &r[at("limit_km")] == limit_km && &r[at("road_class")] == "all");
    of.map(|r| (r[at("county_code")].to_owned(), mm(&json!(r[at("gap_km")].parse::<f64>().unwrap())).unwrap())).collect()
}

#[test]
fn every_piece_of_the_toy_is_there_once_with_the_ways_from_both_ends() {
    // A──B──C──D──E, a step each; s1 charges at B, s2 swaps at D, the border is at C: four pieces, all drawn from west to east
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let mut all = pieces(&toy.path("out"));
    all.sort_by_key(|p| mm(&p["swap_tail_km"]).map(|far| (p["county_code"].as_str().map(str::to_owned), -far)));
    let step = |n: f64| json!(n * STEP_MM as f64 / 1e6);
    let row = |p: &Piece, columns: [&str; 7]| columns.map(|c| p[c].clone());
    let told = |p: &Piece| {
        row(
            p,
            [
                "county_code",
                "charging_tail_km",
                "charging_head_km",
                "charging_farthest_km",
                "swap_tail_km",
                "swap_head_km",
                "swap_farthest_km",
            ],
        )
    };
    let want = [
        [json!("0101"), step(1.0), step(0.0), step(1.0), step(3.0), step(2.0), step(3.0)],
        [json!("0101"), step(0.0), step(1.0), step(1.0), step(2.0), step(1.0), step(2.0)],
        [json!("0102"), step(1.0), step(2.0), step(2.0), step(1.0), step(0.0), step(1.0)],
        [json!("0102"), step(2.0), step(3.0), step(3.0), step(0.0), step(1.0), step(1.0)],
    ];
    assert_eq!(all.iter().map(told).collect::<Vec<_>>(), want);
    for p in &all {
        assert_eq!(
            (p["length_km"].clone(), p["road_name"].clone(), p["road_class"].clone()),
            (step(1.0), json!("T1"), json!("trunk"))
        );
        assert_eq!((p["charging_head_station_id"].clone(), p["swap_tail_station_id"].clone()), (json!("s1"), json!("s2")));
        assert_eq!((p["oneway"].clone(), p["road_ref"].clone()), (json!(false), Value::Null));
    }
}

#[test]
fn added_up_it_is_the_ledger_at_any_limit() {
    let round = SmallRound::laid();
    let criteria = |km: &str| format!("[criteria]\ndistances_km = [{km}]\ntimes_min = [3]\nheadline_km = 2\n");
    round.edit("11/region.toml", |text| text + &criteria("2"));
    round.chargegap(&["run", "11", "-o", "few", "-q"]).assert().success();
    let all = pieces(&round.path("few"));
    assert!(all.len() > 100);
    assert_eq!(gaps_mm(&all, "charging", 2_000_000), ledger_mm(&round.path("few"), "charging", "2.0"));
    // limits that the run was not asked for, of another run
    round.edit("11/region.toml", |text| text.replace(&criteria("2"), &criteria("0.7, 2, 3.3, 8")));
    round.chargegap(&["run", "11", "-o", "many", "-q"]).assert().success();
    for (limit_mm, word) in [(700_000, "0.7"), (3_300_000, "3.3"), (8_000_000, "8.0")] {
        let want = ledger_mm(&round.path("many"), "charging", word);
        assert!(!want.is_empty() && (limit_mm > 4_000_000 || want.values().all(|mm| *mm > 0)), "{word}");
        assert_eq!(gaps_mm(&all, "charging", limit_mm), want, "{word}");
    }
}

#[test]
fn a_round_has_it_where_it_is_asked_for_as_far_as_it_looks() {
    let round = SmallRound::made();
    assert!(!round.out().join("coverage.fgb").exists());
    round.edit("round.toml", |_| ROUND.replace("[\"gaps\"]", "[\"gaps\", \"coverage\"]"));
    round.chargegap(&["round", "round.toml", "-o", "with", "-q"]).assert().success();
    round.chargegap(&["verify", "with"]).assert().success().stdout(predicates::str::contains("pieces of road add up to the"));
    let ours = pieces(&round.path("with"));
    assert_eq!(gaps_mm(&ours, "charging", 5_000_000), ledger_mm(&round.path("with"), "charging", "5.0"));
    // a run of the southern province knows the same stations there as far as 5 km, but for those beyond its border
    let known = |p: &Piece| mm(&p["charging_head_km"]).is_none_or(|d| d <= 5_000_000);
    assert!(ours.iter().all(known) && ours.iter().any(|p| p["charging_head_km"].is_null()));
    assert!(ours.iter().all(|p| p["charging_head_km"].is_null() == p["charging_head_station_id"].is_null()));
    assert!(ours.iter().all(|p| !p.contains_key("charging_farthest_km") && !p.contains_key("charging_head_min")));
    assert_eq!(ours.iter().map(|p| p["county_code"].as_str().unwrap()).collect::<std::collections::BTreeSet<_>>().len(), 6);
}

#[test]
fn who_changes_it_is_found() {
    let toy = Toy::new();
    let made = |name: &str| {
        toy.chargegap(&["run", ".", "-o", name, "-q", "--overwrite"]).assert().success();
        Forged(toy.path(name))
    };
    let bytes = |folder: &Forged, from: &[u8], to: &[u8]| {
        let path = folder.0.join("coverage.fgb");
        let mut all = fs::read(&path).unwrap();
        let at = all.windows(from.len()).position(|w| w == from).unwrap();
        all[at..at + to.len()].copy_from_slice(to);
        fs::write(path, all).unwrap();
    };
    let (step, far) = (STEP_MM as f64 / 1e6, 3.0 * STEP_MM as f64 / 1e6);
    let honest = made("a").verified();
    assert!(honest.faults.is_empty(), "{:?}", honest.faults);
    let longer = made("b"); // the first such number is the length, of some piece
    bytes(&longer, &step.to_le_bytes(), &(step + 1e-6).to_le_bytes());
    let found = longer.verified().faults.join("\n");
    assert!(found.contains("coverage.fgb: trunk road of county") && found.contains("adds up to"), "{found}");
    assert!(found.contains("region.gpkg: the rows of its table coverage are not those of coverage.fgb"), "{found}");
    let farther = made("c"); // three steps: the end of the road for charging
    bytes(&farther, &far.to_le_bytes(), &(far + 1e-6).to_le_bytes());
    let found = farther.verified().faults.join("\n");
    assert!(found.contains("_farthest_km of 010") || found.contains("_tail_km of 010"), "{found}");
    let other = made("d");
    bytes(&other, b"\x02\x00\x00\x00s2", b"\x02\x00\x00\x00s7");
    assert!(other.verified().faults.join("\n").contains("_station_id of 010"), "{:?}", other.verified().faults);
    let package = made("e");
    package.package_named("region.gpkg", "UPDATE coverage SET road_name = 'T2' WHERE fid = 2", true);
    assert!(package.verified().faults.join("\n").contains("the rows of its table coverage"), "{:?}", package.verified().faults);
}

#[test]
fn gdal_reads_it_with_the_types_of_the_dictionary() {
    if !tool("ogrinfo", "--version") {
        return;
    }
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let out = Command::new("ogrinfo").args(["-al", "-so"]).arg(toy.path("out/coverage.fgb")).output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success() && out.stderr.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
    for said in ["Geometry: Line String", "Feature Count: 4", "EPSG\",4326", "oneway: Integer(Boolean)", "length_km: Real"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains("county_code: String") && text.contains("charging_farthest_km: Real"), "{text}");
    // the box of one piece, by the index
    let query = ["-al", "-so", "-spat", "0.01", "-0.01", "0.02", "0.01"];
    let out = Command::new("ogrinfo").args(query).arg(toy.path("out/coverage.fgb")).output().unwrap();
    assert!(String::from_utf8_lossy(&out.stdout).contains("Feature Count: 1"));
}
