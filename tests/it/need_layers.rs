//! The layers of townships, station loads and corridors, of a region whose figures are known on paper: see `balance` and `judged`.

use crate::balance::{DEMAND, rows};
use crate::judged::run;
use crate::toy::Toy;
use serde_json::Value;

const RULES: &str = "[programme]\nprofiles = [\"us-nevi-2025\"]\n[programme.values.us-nevi-2025]\nspacing = 8\noff_road = 1\n";

fn features(toy: &Toy, layer: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(toy.path("out").join(format!("{layer}.geojson"))).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["features"].as_array().unwrap().clone()
}

/// First and last longitude of the lines of a feature, in 1e-6 degree.
fn ends(f: &Value) -> (i64, i64) {
    assert_eq!(f["geometry"]["type"], "MultiLineString");
    let points: Vec<f64> = f["geometry"]["coordinates"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|line| line.as_array().unwrap().iter().map(|p| p[0].as_f64().unwrap()))
        .collect();
    let e6 = |lon: f64| (lon * 1e6).round() as i64;
    (e6(points[0]), e6(*points.last().unwrap()))
}

#[test]
fn townships_and_station_loads_are_layers_that_say_what_the_tables_say() {
    let toy = run(DEMAND);
    let towns = features(&toy, "townships");
    let table = rows(&toy, "townships.csv");
    assert_eq!(towns.len(), 2);
    for (f, row) in towns.iter().zip(&table) {
        assert_eq!(f["geometry"]["type"], "Point");
        assert_eq!(f["properties"]["settlement_id"], row["settlement_id"].as_str());
        assert_eq!(f["properties"]["short_kw"].as_f64(), row["short_kw"].parse().ok());
        assert_eq!(f["properties"]["has_charging"], row["has_charging"] == "true");
    }
    // s1 is the one charging station: 300 kWh on an ordinary day over 480 kW × 24 h; both days stand in one feature
    let loads = features(&toy, "station_loads");
    assert_eq!(loads.len(), 1);
    let p = &loads[0]["properties"];
    let share = p["ordinary_power_utilisation"].as_f64().unwrap();
    assert!((share - 300.0 / 11_520.0).abs() < 1e-6, "{p}");
    assert!(p["holiday_delivered_kwh"].as_f64() > p["ordinary_delivered_kwh"].as_f64());
    assert!(p.get("target_delivered_kwh").is_none());
    assert_eq!(loads[0]["geometry"]["coordinates"], serde_json::json!([0.05, 0.0001]));
    // without roads under a rule there are no such layers
    assert!(!toy.path("out/corridors.geojson").exists() && !toy.path("out/corridor_gaps.geojson").exists());
}

#[test]
fn the_longest_way_is_cut_where_it_begins_and_ends() {
    let toy = run(RULES);
    let lines = features(&toy, "corridors");
    // US 2 runs from 0 to 0.2° and is driven both ways: 22.264 km each, all of it drawn
    assert_eq!(lines.len(), 2);
    for (f, (direction, heading, ends_at)) in lines.iter().zip([(1, "E", (0, 200_000)), (2, "W", (200_000, 0))]) {
        let p = &f["properties"];
        assert_eq!((&p["direction"], &p["heading"], &p["joined_km"]), (&direction.into(), &heading.into(), &0.0.into()));
        assert_eq!(ends(f), ends_at);
        assert!((p["length_km"].as_f64().unwrap() - 22.263_9).abs() < 0.001, "{p}");
    }
    // of s1 it cannot be told whether it counts: without it the whole road is the longest way, with it the 16.698 km east of 0.05°
    let ways = features(&toy, "corridor_gaps");
    let of = |direction: i64, unknown: bool| {
        ways.iter().find(|f| f["properties"]["direction"] == direction && f["properties"]["unknown_count"] == unknown).unwrap()
    };
    assert_eq!(ways.len(), 4);
    assert_eq!((ends(of(1, false)), ends(of(1, true)), ends(of(2, true))), ((0, 200_000), (50_000, 200_000), (200_000, 50_000)));
    let p = &of(1, true)["properties"];
    assert_eq!((p["length_km"].as_f64(), &p["too_long"]), (Some(16.697_925), &true.into()));
    assert_eq!(
        (&p["from_station_id"], &p["to_station_id"], p["from_km"].as_f64()),
        (&"s1".into(), &Value::Null, Some(5.565_975))
    );
}
