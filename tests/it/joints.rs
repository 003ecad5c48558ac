//! A road layer that looks disconnected: what is told, what `join_tolerance_m` and `join_crossings` change.

use crate::toy::{Toy, collection, road};
use std::fs;

/// T1 with a hole of 2.2 m east of the border, and a road "N" that crosses it at 0.07° without a vertex there.
fn broken() -> Toy {
    let toy = Toy::new();
    let west = road("r1", "trunk", "T1", &[0.0, 0.05, 0.1]);
    let east = road("r2", "trunk", "T1", &[0.10002, 0.15, 0.2]);
    let north = r#"{"type":"Feature","properties":{"id":"r3","class":"trunk","name":"N"},"geometry":{"type":"LineString","coordinates":[[0.07,-0.05],[0.07,0.05]]}}"#;
    toy.put("roads.geojson", &collection(&[west, east, north.to_owned()]));
    toy
}

fn add(toy: &Toy, keys: &str) {
    let text = fs::read_to_string(toy.path("region.toml")).unwrap();
    assert!(text.contains("[roads]"));
    toy.put("region.toml", &text.replacen("[roads]", &format!("[roads]\n{keys}"), 1));
}

fn run(toy: &Toy) -> (String, serde_json::Value) {
    toy.chargegap(&["run", ".", "-o", "out", "-q", "--overwrite"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let manifest = fs::read_to_string(toy.path("out/manifest.json")).unwrap();
    (fs::read_to_string(toy.path("out/issues.csv")).unwrap(), serde_json::from_str(&manifest).unwrap())
}

/// Road of a class in county 0102 that no charger serves within 10 km, kilometres.
fn gap_km(toy: &Toy, class: &str) -> f64 {
    let mut csv = csv::Reader::from_path(toy.path("out/ledger.csv")).unwrap();
    let head = csv.headers().unwrap().clone();
    let at = |name: &str| head.iter().position(|h| h == name).unwrap();
    let wanted = [("county_code", "0102"), ("service", "charging"), ("criterion", "10km"), ("road_class", class)];
    let row = csv.records().map(|r| r.unwrap()).find(|r| wanted.iter().all(|(k, v)| &r[at(k)] == *v)).unwrap();
    row[at("gap_km")].parse().unwrap()
}

#[test]
fn a_hole_and_a_crossing_are_told_and_nothing_is_joined_unasked() {
    let toy = broken();
    let (issues, manifest) = run(&toy);
    assert_eq!(issues.matches("near_end").count(), 2, "{issues}"); // either end of the hole
    assert!(issues.contains("stops short of \"\"T1\"\", 2.2 m away"), "{issues}");
    assert!(issues.contains("\"\"T1\"\" and \"\"N\"\" cross at 0.070000, 0.000000 without a common vertex"), "{issues}");
    assert!((gap_km(&toy, "trunk") - 11.13).abs() < 0.01, "all of it is out of reach");
    assert_eq!(manifest["criteria"]["join_tolerance_m"], 0.0);
}

#[test]
fn joined_within_the_tolerance_the_charger_reaches_over_the_hole() {
    let toy = broken();
    add(&toy, "join_tolerance_m = 2.5");
    let (issues, manifest) = run(&toy);
    assert_eq!(issues.matches("joined_end").count(), 2, "{issues}");
    assert!(!issues.contains("near_end"));
    assert_eq!(manifest["criteria"]["join_tolerance_m"], 2.5);
    // 10 km from 0.05° is 0.13983°, and the hole costs nothing
    assert!((gap_km(&toy, "trunk") - (11.13 - 4.43)).abs() < 0.02, "{}", gap_km(&toy, "trunk"));
}

#[test]
fn joined_crossings_let_a_road_be_reached() {
    let toy = broken();
    let (_, before) = run(&toy);
    add(&toy, "join_crossings = true");
    let (_, after) = run(&toy);
    assert_eq!(before["balance_km"]["read"], after["balance_km"]["read"]);
    let west = |toy: &Toy| fs::read_to_string(toy.path("out/ledger.csv")).unwrap();
    let row = west(&toy).lines().find(|l| l.starts_with("0101,West,charging,10km")).unwrap().to_owned();
    // all of T1 west of 0.1 and of N lies within 10 km of the charger at 0.05
    assert!(row.contains(",0.0,0.0"), "{row}");
}

#[test]
fn too_large_a_tolerance_is_refused() {
    let toy = broken();
    add(&toy, "join_tolerance_m = 51.0");
    let out = toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().code(2);
    let said = String::from_utf8_lossy(&out.get_output().stderr).into_owned();
    assert!(said.contains("roads.join_tolerance_m") && said.contains("give 0 to 50"), "{said}");
}
