//! What a whole region says that can hardly be meant: told as warnings, with the limits from either side.

use super::{checked, says};
use crate::toy::{Toy, collection, county, road};
use serde_json::Value;
use std::fs;

/// Severity and code of the issues of a run.
fn told(toy: &Toy) -> Vec<String> {
    says(toy.dir.path(), &["run", ".", "-q", "-o", "out", "--overwrite"]).with(0, &[]);
    let mut rows = csv::Reader::from_path(toy.path("out/issues.csv")).unwrap();
    let head = rows.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|h| h == name).unwrap();
    let (severity, code) = (column("severity"), column("issue"));
    rows.records().map(|r| r.unwrap()).map(|r| format!("{} {}", &r[severity], &r[code])).collect()
}

/// The road of the toy is 0.2° long and inside the counties. 0.02° more are 9 % of all outside, 0.03° more are 13 %.
#[test]
fn road_outside_every_county_is_a_warning_above_a_tenth() {
    let toy = Toy::new();
    for (end, want) in [(0.22, "note outside_counties"), (0.23, "warning much_road_outside_counties")] {
        toy.put("roads.geojson", &collection(&[road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2, end])]));
        let told = told(&toy);
        let about: Vec<&String> = told.iter().filter(|t| t.ends_with("outside_counties")).collect();
        assert_eq!(about, [want], "{end}");
    }
}

/// The one settlement of 0101 has 1,000 people: a fifth more than 833.3 residents.
#[test]
fn more_people_in_settlements_than_residents_are_a_warning() {
    let toy = Toy::new();
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &format!("{region}[county_table]\npath = \"table.csv\"\n"));
    for (residents, want) in [(834, 0), (833, 1)] {
        toy.put("table.csv", &format!("code,population\n0101,{residents}\n0102,9000\n"));
        let told = told(&toy);
        assert_eq!(told.iter().filter(|t| *t == "warning people_exceed_residents").count(), want, "{residents}: {told:?}");
    }
}

/// What `check` counts of the counties.
fn of_counties(toy: &Toy) -> Value {
    let answer = checked(toy.dir.path(), "region.toml");
    answer["layers"].as_array().unwrap().iter().find(|l| l["layer"] == "counties").unwrap().clone()
}

/// Lines of borders, without a code, stand beside the counties: under `only` they are not what was asked for, and nothing is refused.
#[test]
fn lines_of_borders_are_not_judged_where_counties_are_asked_for_by_code() {
    let toy = Toy::new();
    let border = r#"{"type":"Feature","properties":{"kind":"border"},"geometry":{"type":"LineString","coordinates":[[0.1,-0.1],[0.1,0.1]]}}"#;
    let mut all = vec![county("0101", "West", 0.0, 0.1), county("0102", "East", 0.1, 0.2)];
    all.extend((0..5).map(|_| border.to_owned()));
    toy.put("counties.geojson", &collection(&all));
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    let with = |only: &str| region.replace("path = \"counties.geojson\"", &format!("path = \"counties.geojson\"\n{only}"));
    toy.put("region.toml", &with("only = [\"0101\", \"0102\"]"));
    let counts = of_counties(&toy);
    assert_eq!((&counts["read"], &counts["refused"]), (&2.into(), &0.into()), "{counts}");
    // without `only` they are five of seven records that are no county
    toy.put("region.toml", &with(""));
    let counts = of_counties(&toy);
    assert_eq!((&counts["read"], &counts["refused"]), (&7.into(), &5.into()), "{counts}");
}
