//! Through traffic from counts on roads: figures known on paper, the same in a run and in a round, and what cannot be used told.

use crate::balance::{DEMAND, rows};
use crate::toy::{REGION, Toy, counties, county};
use std::fs;

const TRAFFIC: &str =
    "[demand.traffic]\npath = \"counts.csv\"\nthrough_share = 0.5\nelectric_share = 0.1\nelectric_truck_share = 0.02\n";

fn toy(counts: &str) -> Toy {
    let toy = Toy::new();
    toy.put("counts.csv", counts);
    toy.put("region.toml", &format!("{REGION}{DEMAND}{TRAFFIC}"));
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    let criteria = "[criteria]\ndistances_km = [2, 10]\ntimes_min = [5]\nheadline_km = 2\n\
                    [rank.weights]\npeople_in_gap_share = 0\nsettlements_without_station = 0\n";
    toy.put("round.toml", &format!("[round]\nid = \"one\"\n[regions]\nfiles = [\"region.toml\"]\n{criteria}{DEMAND}{TRAFFIC}"));
    toy
}

fn number(toy: &Toy, code: &str, day: &str, column: &str) -> f64 {
    let all = rows(toy, "balance.csv");
    let row = all.iter().find(|r| r["county_code"] == code && r["day"] == day).unwrap();
    row[column].parse().unwrap()
}

#[test]
fn counted_vehicles_ask_for_charging_along_their_road() {
    let toy = toy("road,code,aadt,trucks\nT1,,9000,1000\nG5,,10,\nT1,533123,1000,0\n");
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    // 11.13195 km in each county. West: 8,000 cars × 0.5 × 0.1 × km × 0.15 kWh + 1,000 trucks × 0.5 × 0.02 × km × 1.6 kWh;
    // East by its own count: 1,000 cars
    let km = 11.13195;
    let (west, east) = (km * (400.0 * 0.15 + 10.0 * 1.6), km * 50.0 * 0.15);
    for (code, through, own) in [("533122", west, 300.0), ("533123", east, 900.0)] {
        for (day, factor) in [("ordinary", 1.0), ("holiday", 2.0)] {
            let near =
                |column, want: f64| assert!((number(&toy, code, day, column) - want).abs() < 1e-3, "{code} {day} {column}");
            near("through_kwh", through * factor);
            near("plug_kwh", (through + own) * factor);
        }
    }
    // it is served where a charger is in reach: more is delivered than its settlements ask for
    assert!(number(&toy, "533122", "ordinary", "delivered_kwh") > 301.0);
    let issues = fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    assert_eq!(issues.matches("count_not_used").count(), 1, "{issues}");
    assert!(issues.contains("no road of the region has the number G5"));
    let assumptions = fs::read_to_string(toy.path("out/assumptions.csv")).unwrap();
    for (key, basis) in [("through_share", "given"), ("electric_share", "given"), ("charged_share", "assumption")] {
        let line = assumptions.lines().find(|l| l.contains(&format!("demand.traffic.{key}"))).unwrap();
        assert!(line.contains(basis), "{line}");
    }
}

#[test]
fn a_round_reads_its_counts_once_and_says_what_a_run_says() {
    let toy = toy("road,aadt\nT1,9000\n");
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["round", "round.toml", "-o", "round", "-q", "--archive", "round.zip"]).assert().success();
    toy.chargegap(&["verify", "round"]).assert().success();
    toy.chargegap(&["verify", "round.zip"]).assert().success();
    let [run, round] = ["out", "round"].map(|folder| fs::read_to_string(toy.path(folder).join("balance.csv")).unwrap());
    assert_eq!(run, round);
    let manifest = fs::read_to_string(toy.path("round/manifest.json")).unwrap();
    assert!(manifest.contains("counts.csv"));
    // another count is other demand: nothing of the last one is taken
    toy.put("counts.csv", "road,aadt\nT1,4500\n");
    toy.chargegap(&["round", "round.toml", "-o", "round2", "--work", "round-work", "-q"]).assert().success();
    let half = fs::read_to_string(toy.path("round2/balance.csv")).unwrap();
    assert_ne!(half, round);
}

#[test]
fn counts_that_say_too_little_are_refused() {
    for (counts, code, said) in [
        ("road,aadt,trucks\nT1,100,20\n", 0, ""),
        ("road,people\nT1,100\n", 1, "have no column of aadt"),
        ("name,aadt\nT1,100\n", 1, ""),
    ] {
        let toy = toy(counts);
        let output = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{counts}: {told}");
        assert!(told.contains(said), "{told}");
    }
    let toy = toy("road,aadt,trucks\nT1,100,20\n");
    toy.put("region.toml", &format!("{REGION}{DEMAND}{}", TRAFFIC.replace("electric_truck_share = 0.02\n", "")));
    let output = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing says how many are electric"));
    assert_eq!(output.status.code(), Some(1));
}
