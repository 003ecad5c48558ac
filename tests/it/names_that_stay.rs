//! What others build on stays: names of columns that carry no distance, one name for the code of a county, ids that do not move with a
//! station elsewhere; and the issues that stand on the map.

use crate::toy::{REGION, Toy, contents, road, roads};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn features(toy: &Toy, name: &str) -> Vec<Value> {
    let whole: Value = serde_json::from_str(&std::fs::read_to_string(toy.path(name)).unwrap()).unwrap();
    whole["features"].as_array().unwrap().iter().map(|f| f["properties"].clone()).collect()
}

fn run(toy: &Toy, out: &str) {
    toy.chargegap(&["run", ".", "-o", out, "-q"]).assert().success();
    toy.chargegap(&["verify", out]).assert().success();
}

/// Zones of the west for charging, by where its line begins.
fn zones(toy: &Toy, out: &str) -> BTreeMap<String, [String; 2]> {
    let all = features(toy, &format!("{out}/gaps.geojson"));
    let west = all.iter().filter(|f| f["county_code"] == "0101" && f["service"] == "charging");
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    west.map(|f| (text(&f["id"]), [text(&f["zone"]), f["zone_km"].to_string()])).collect()
}

/// s1 at 0.05 leaves two zones in the west, each from 2 km beyond it to an end of the county; another station at 0.016 covers the whole of
/// the first (2 km are 0.018 degrees), and the second is what it was.
#[test]
fn ids_of_gaps_and_zones_stay_when_a_station_elsewhere_opens() {
    let toy = Toy::new();
    run(&toy, "out");
    let before = zones(&toy, "out");
    assert_eq!(before.values().map(|[zone, _]| zone).collect::<BTreeSet<_>>().len(), 2);
    assert!(before.values().all(|[zone, _]| zone.starts_with("0101-c2km-z")), "{before:?}");
    let stations = std::fs::read_to_string(toy.path("stations.csv")).unwrap();
    toy.put("stations.csv", &(stations + "s3,Three,0.016,0.0001,charging,4,120,public,open\n"));
    run(&toy, "more");
    let after = zones(&toy, "more");
    assert_eq!(after.len(), 1);
    let (id, zone) = after.first_key_value().unwrap();
    assert_eq!(before.get(id), Some(zone), "{before:?}");
}

/// The columns of the headline distance say what those of that distance say, whichever it is.
#[test]
fn headline_columns_outlive_another_distance() {
    for (headline, slug) in [(2, "2km"), (10, "10km")] {
        let toy = Toy::new();
        toy.put("region.toml", &REGION.replace("headline_km = 2", &format!("headline_km = {headline}")));
        run(&toy, "out");
        for county in features(&toy, "out/counties.geojson") {
            assert_eq!(county["headline_km"], f64::from(headline));
            for service in ["charging", "swap"] {
                for (fixed, carried) in
                    [("covered_km", "covered_km_within"), ("gap_km", "gap_km_beyond"), ("gap_share", "gap_share_of_road_beyond")]
                {
                    let [fixed, carried] = [format!("headline_{service}_{fixed}"), format!("{service}_{carried}_{slug}")];
                    assert!(county[&fixed].is_f64() && county[&fixed] == county[&carried], "{fixed} {carried} {county}");
                }
            }
        }
        let mut ranking = csv::Reader::from_path(toy.path("out/ranking.csv")).unwrap();
        let counties: BTreeMap<String, Value> = features(&toy, "out/counties.geojson")
            .into_iter()
            .map(|c| (c["county_code"].as_str().unwrap().to_owned(), c))
            .collect();
        for row in ranking.deserialize::<BTreeMap<String, String>>().map(Result::unwrap) {
            let county = &counties[&row["county_code"]];
            for column in ["headline_km", "headline_charging_gap_km", "headline_charging_gap_share"] {
                assert_eq!(row[column].parse().ok(), county[column].as_f64(), "{column}");
            }
        }
    }
}

/// No table and no layer has another name for the code of a county, nor another row of totals than those that are marked.
#[test]
fn one_name_for_the_code_of_a_county_and_sums_are_marked() {
    let toy = Toy::new();
    run(&toy, "out");
    let tables: Vec<String> = contents(&toy.path("out")).into_keys().filter(|n| n.ends_with(".csv")).collect();
    for name in &tables {
        let mut csv = csv::Reader::from_path(toy.path(&format!("out/{name}"))).unwrap();
        let columns = csv.headers().unwrap().clone();
        assert!(!columns.iter().any(|c| c == "code"), "{name}: {columns:?}");
    }
    for name in ["counties", "gaps", "stations", "settlements", "redundancy"] {
        let first = features(&toy, &format!("out/{name}.geojson")).remove(0);
        assert!(first["county_code"].is_string() && first.get("code").is_none(), "{name}: {first}");
    }
    let sum = |file: &str, column: &str, only: &[(&str, &str)]| -> f64 {
        let mut csv = csv::Reader::from_path(toy.path(&format!("out/{file}"))).unwrap();
        let rows = csv.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
        let kept = rows.filter(|r| r["is_total"] == "false" && only.iter().all(|(c, v)| r[*c] == *v));
        kept.map(|r| r[column].parse::<f64>().unwrap()).sum()
    };
    // four steps of road in all, and the people of both towns
    let road = sum("ledger.csv", "road_km", &[("service", "charging"), ("criterion", "2km")]);
    assert!((road - 4.0 * crate::toy::STEP_MM as f64 / 1e6).abs() < 1e-6, "{road}");
    assert_eq!(sum("equity.csv", "people_counted", &[]), 4000.0);
}

/// A road that ends 2 m before another is told where it ends, with the county there.
#[test]
fn issues_stand_where_they_are_and_in_their_county() {
    let toy = Toy::new();
    let short = r#"{"type":"Feature","properties":{"id":"r2","class":"tertiary","name":"S"},"geometry":{"type":"LineString","coordinates":[[0.15,0.05],[0.15,0.00002]]}}"#;
    toy.put("roads.geojson", &roads(&[road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2]), short.to_owned()]));
    run(&toy, "out");
    let points = features(&toy, "out/issue_points.geojson");
    let near = points.iter().find(|p| p["issue"] == "near_end").unwrap_or_else(|| panic!("{points:?}"));
    assert_eq!((&near["lon"], &near["county_code"]), (&0.15.into(), &"0102".into()));
    assert!(near["lat"].as_f64().unwrap().abs() < 0.0001, "{near}");
    let mut csv = csv::Reader::from_path(toy.path("out/issues.csv")).unwrap();
    let rows: Vec<BTreeMap<String, String>> = csv.deserialize().map(Result::unwrap).collect();
    // with a place as many as the layer has, and the rest without any of the two
    assert_eq!(rows.iter().filter(|r| !r["lon"].is_empty()).count(), points.len());
    assert!(rows.iter().all(|r| r["lon"].is_empty() == r["lat"].is_empty()));
}
