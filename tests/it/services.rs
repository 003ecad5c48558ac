//! Further services asked for in `region.toml`: what they add to a run folder, and that nobody else's folder changes.

use crate::toy::{REGION, STEP_MM, Toy, contents};
use serde_json::Value;

/// The toy region with a slow station for trucks at D beside the swap station, and these criteria.
fn toy(criteria: &str) -> Toy {
    let toy = Toy::new();
    toy.put(
        "stations.csv",
        "id,name,lon,lat,kind,points,power_kw,trucks,access,status\n\
         s1,One,0.05,0.0001,charging,4,120,,public,open\n\
         s2,Two,0.15,0.0001,swap,,,,public,open\n\
         s3,Three,0.15,0.0001,charging,1,60,yes,public,open\n",
    );
    toy.put("region.toml", &(REGION.to_owned() + criteria));
    toy
}

fn run(toy: &Toy) {
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
}

fn layer(toy: &Toy, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(toy.path("out").join(name)).unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    whole["features"].as_array().unwrap().iter().map(|f| f["properties"].clone()).collect()
}

const ALL: &str = "services = [\"truck_charging\", \"charging\", \"fast_charging\", \"swap\"]\n";

#[test]
fn every_service_has_its_own_gap() {
    let toy = toy(ALL);
    run(&toy);
    // Each county has 2 steps of road with a station in the middle of it. Within 2 km of it 4 km are served.
    let (whole, served) = (2 * STEP_MM, 2 * STEP_MM - 4_000_000);
    let want = [
        ("charging", [served, served]),      // s1 and s3
        ("swap", [whole, served]),           // s2 alone
        ("fast_charging", [served, whole]),  // s1 has 120 kW; s3 has 60
        ("truck_charging", [whole, served]), // s3 says so; s1 says nothing
    ];
    let counties = layer(&toy, "counties.geojson");
    for (service, gaps) in want {
        for (county, mm) in counties.iter().zip(gaps) {
            assert_eq!(county[format!("{service}_gap_km_beyond_2km")], mm as f64 / 1e6, "{service} {}", county["county_code"]);
        }
        let lines = layer(&toy, "gaps.geojson");
        assert!(lines.iter().any(|l| l["service"] == service), "{service}");
    }
    assert_eq!((&counties[0]["fast_charging_stations"], &counties[1]["fast_charging_stations"]), (&1.into(), &0.into()));
    assert_eq!((&counties[0]["truck_charging_stations"], &counties[1]["truck_charging_stations"]), (&0.into(), &1.into()));
    let stations = layer(&toy, "stations.geojson");
    let offers: Vec<_> = stations.iter().map(|s| (s["fast_charging"] == true, s["truck_charging"] == true)).collect();
    assert_eq!(offers, [(true, false), (false, false), (false, true)]);
    // Alpha, 0.04° west of B, is nearest to s1 and for trucks 0.14° from D.
    let alpha = &layer(&toy, "settlements.geojson")[0];
    assert_eq!((&alpha["fast_charging_station_id"], &alpha["truck_charging_station_id"]), (&"s1".into(), &"s3".into()));
    assert!((alpha["truck_charging_distance_km"].as_f64().unwrap() - 0.14 * 111.3195).abs() < 1e-3);
    let dictionary = std::fs::read_to_string(toy.path("out/dictionary.csv")).unwrap();
    assert!(dictionary.contains("gaps.geojson,service,service,text,,\"charging, swap, fast_charging or truck_charging\""));
    let manifest: Value = serde_json::from_slice(&contents(&toy.path("out"))["manifest.json"]).unwrap();
    assert_eq!(manifest["criteria"]["fast_min_power_kw"], 120.0);
}

#[test]
fn the_threshold_decides_what_is_fast() {
    let toy = toy("services = [\"charging\", \"fast_charging\"]\nfast_min_power_kw = 60\n");
    run(&toy);
    // at 60 kW both stations are fast ⇒ the gap of fast charging is that of charging; swap was not asked for
    for county in layer(&toy, "counties.geojson") {
        assert_eq!(county["fast_charging_gap_km_beyond_2km"], county["charging_gap_km_beyond_2km"]);
        assert!(county.get("swap_gap_km_beyond_2km").is_none());
    }
    let ledger = std::fs::read_to_string(toy.path("out/ledger.csv")).unwrap();
    assert!(!ledger.contains(",swap,") && ledger.contains(",fast_charging,"));
}

#[test]
fn the_usual_services_said_aloud_change_no_byte() {
    let (silent, said) = (toy(""), toy("services = [\"swap\", \"charging\"]\n"));
    run(&silent);
    run(&said);
    let (mut a, mut b) = (contents(&silent.path("out")), contents(&said.path("out")));
    // but for the fingerprint of the region file, which the manifest has
    assert_ne!(a.remove("manifest.json"), b.remove("manifest.json"));
    let without_print = |html: Vec<u8>| {
        let text = String::from_utf8(html).unwrap();
        text.lines().filter(|l| !l.contains("region.toml")).map(str::to_owned).collect::<Vec<_>>()
    };
    let (mine, yours) = (a.remove("report.html").map(without_print), b.remove("report.html").map(without_print));
    assert!(mine == yours);
    assert!(a == b);
}

#[test]
fn services_that_are_none_are_refused_with_what_to_do() {
    for (criteria, says) in [
        ("services = [\"petrol\"]\n", "\"petrol\" is not a service"),
        ("services = [\"swap\"]\n", "charging is not among the services"),
        ("services = []\n", "charging is not among the services"),
    ] {
        let out = toy(criteria).chargegap(&["run", ".", "-o", "out", "-q"]).assert().code(2);
        let stderr = String::from_utf8_lossy(&out.get_output().stderr).into_owned();
        assert!(stderr.contains(says) && stderr.contains("criteria.services"), "{stderr}");
    }
}
