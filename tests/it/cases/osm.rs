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
