//! OpenStreetMap: chargers however they are mapped, and driving rules as a car meets them.

use super::{case, says, written};
use serde_json::{Value, json};
use std::path::Path;

/// The power that a layer of stations has for one named so.
fn power(stations: &[Value], name: &str) -> Value {
    let of = stations.iter().find(|s| s["name"] == name).unwrap_or_else(|| panic!("no {name}"));
    of["gun_power_kw"].clone()
}

/// `check --issues` of a region file.
fn issues(folder: &Path, region: &str) -> String {
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("issues.csv");
    says(folder, &["check", region, "--issues", &to.to_string_lossy()]);
    std::fs::read_to_string(to).unwrap()
}

#[test]
fn outputs_are_read_as_mappers_write_them() {
    let Some(folder) = case("04-osm-output") else { return };
    let stations = written(&folder, "region.toml", "stations");
    // by hand from the texts themselves; null where the text cannot be read or stands in doubt
    for (text, kw) in [
        ("3,7 kW", json!(3.7)),
        ("22+11+3,7 kW", json!(22.0)),
        ("1x43kW, 2x 11kW", json!(43.0)),
        ("2x22 kW", json!(22.0)),
        ("22kVA", json!(22.0)),
        ("22 kVA", json!(22.0)),
        ("22KW", json!(22.0)),
        ("22 kW/50 kW", json!(50.0)),
        ("22;50", json!(50.0)),
        ("7,4;22", json!(22.0)),
        ("50000", json!(null)),
        ("22.000", json!(null)),
        ("3.7kW;7,4kW", json!(7.4)),
        ("400 V", json!(null)),
        ("0,022 MW", json!(22.0)),
        ("22 kW (AC)", json!(22.0)),
        ("max. 150 kW", json!(150.0)),
        ("150 kW;", json!(150.0)),
        ("1,4 kW", json!(1.4)),
        ("11,0 kW", json!(11.0)),
        ("350kW DC", json!(350.0)),
    ] {
        let found = power(&stations, text);
        let same = found.as_f64().zip(kw.as_f64()).map_or(found == kw, |(a, b)| (a - b).abs() < 1e-9);
        assert!(same, "{text}: {found}");
    }
}

#[test]
fn outputs_in_doubt_are_told_with_what_to_do() {
    let Some(folder) = case("04-osm-output") else { return };
    let issues = issues(&folder, "region.toml");
    for said in ["\"\"22.000\"\" may be 22 kW or 22000 W or kW", "\"\"50000\"\" may be", "kva_as_kw"] {
        assert!(issues.contains(said), "\"{said}\" is missing in:\n{issues}");
    }
}

/// Stations as `run` writes them, by id.
fn by_id(stations: &[Value]) -> std::collections::BTreeMap<String, Value> {
    stations.iter().map(|s| (s["id"].as_str().unwrap().to_owned(), s.clone())).collect()
}

#[test]
fn chargers_in_lists_of_values_and_single_points_are_read() {
    let Some(folder) = case("04-osm-output") else { return };
    let all = by_id(&written(&folder, "region.toml", "stations"));
    for id in ["node/201", "node/202", "node/203", "node/204"] {
        assert_eq!((&all[id]["charging"], &all[id]["status"]), (&json!(true), &json!("open")), "{id}");
    }
    // capacities: 2;1 and 2+2 add up, 2x2 multiplies; the others are told
    let points = |id: &str| all[id]["points"].clone();
    assert_eq!(["node/101", "node/103", "node/105"].map(points), [json!(3), json!(4), json!(4)]);
    let told = issues(&folder, "region.toml");
    for (id, text) in [("102", "2-4"), ("104", "~4"), ("106", "3 (2 DC)"), ("107", "yes"), ("108", "two")] {
        assert!(points(&format!("node/{id}")).is_null());
        assert!(told.contains(&format!("node/{id},capacity,,1,0.0,\"\"\"{text}\"\" is not a number\"")), "{text}: {told}");
    }
    assert!(told.contains("1 charge points (man_made=charge_point) belong to no station"));
}

#[test]
fn what_overpass_gives_is_read_or_listed() {
    let Some(folder) = case("05-overpass") else { return };
    // out center: a way and a relation with their middles
    let all = by_id(&written(&folder, "center.toml", "stations"));
    assert_eq!(all.keys().collect::<Vec<_>>(), ["node/1", "relation/5", "way/77"]);
    assert_eq!(all["way/77"]["points"], 8);
    // out geom: a way with positions inside
    let all = by_id(&written(&folder, "geom.toml", "stations"));
    assert_eq!(all.keys().collect::<Vec<_>>(), ["node/1", "way/77"]);
    // whole: a way, an area of one way, and a site around a station, which is none of its own
    let all = by_id(&written(&folder, "full.toml", "stations"));
    assert_eq!(all.keys().collect::<Vec<_>>(), ["node/1", "relation/5", "way/77"]);
    assert_eq!(all["relation/5"]["name"], "as a relation");
    let told = issues(&folder, "full.toml");
    assert!(told.contains("part_of_station,note,full.osm,,relation/6") && told.contains("around the station node/1"), "{told}");
}
