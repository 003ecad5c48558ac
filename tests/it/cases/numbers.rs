//! Numbers and text that must not change on the way in.

use super::{case, says, written};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A region of `../shared/cases/01-bnetza` with stations of this text and these lines under `[stations]`.
fn stations(text: &str, keys: &str) -> Option<tempfile::TempDir> {
    let from = case("01-bnetza")?;
    let dir = tempfile::tempdir().unwrap();
    for name in ["roads.geojson", "counties.geojson", "settlements.csv"] {
        fs::copy(from.join(name), dir.path().join(name)).unwrap();
    }
    fs::write(dir.path().join("s.csv"), text).unwrap();
    region(dir.path(), "s.csv", keys);
    Some(dir)
}

fn region(folder: &Path, stations: &str, keys: &str) {
    let text = format!(
        "[region]\nname = \"t\"\n[roads]\npath = \"roads.geojson\"\n[counties]\npath = \"counties.geojson\"\n\
         [stations]\npath = \"{stations}\"\n{keys}\n[settlements]\npath = \"settlements.csv\"\n"
    );
    fs::write(folder.join("r.toml"), text).unwrap();
}

/// The column of the stations that are written, in the order of their ids.
fn column(folder: &Path, of: &str) -> Vec<Value> {
    let mut all = written(folder, "r.toml", "stations");
    all.sort_by_key(|p| p["charging_station_id"].to_string());
    all.iter().map(|p| p[of].clone()).collect()
}

/// `power_kw` of stations with these powers.
fn powers(cells: &[&str], keys: &str) -> Option<Result<Vec<Value>, String>> {
    let rows: Vec<String> = cells.iter().enumerate().map(|(i, c)| format!("{i};{};50.01;{c}", 10.01 + 0.02 * i as f64)).collect();
    let dir = stations(&format!("id;lon;lat;power_kw\n{}\n", rows.join("\n")), keys)?;
    let said = says(dir.path(), &["check", "r.toml"]);
    Some(if said.exit == 0 { Ok(column(dir.path(), "gun_power_kw")) } else { Err(said.all()) })
}

#[test]
fn a_column_of_powers_is_judged_as_a_whole() {
    let Some(read) = powers(&["44,0", "300,0", "22,080"], "") else { return };
    assert_eq!(read.unwrap(), [json!(44.0), json!(300.0), json!(22.08)]); // not 22 MW
    let of = |cells: &[&str]| powers(cells, "").unwrap().unwrap();
    assert_eq!(of(&["7.4", "22.080", "1,234"]), [json!(7.4), json!(22.08), json!(1234.0)]);
    assert_eq!(of(&["0,022 MW", "7,4 kW"]), [json!(22.0), json!(7.4)]);
    assert_eq!(of(&["60", "120", "7"]), [json!(60.0), json!(120.0), json!(7.0)]);
}

#[test]
fn what_can_be_read_in_two_ways_stops_with_an_example_and_the_key() {
    let Some(read) = powers(&["60", "22,080"], "") else { return };
    let said = read.unwrap_err();
    for words in ["\"22,080\" can be 22080 or 22.08", "s.csv:3", "decimal = \".\"", "[stations]"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // the key decides
    assert_eq!(powers(&["60", "22,080"], "decimal = \",\"").unwrap().unwrap(), [json!(60.0), json!(22.08)]);
    assert_eq!(powers(&["60", "22,080"], "thousands = \",\"").unwrap().unwrap(), [json!(60.0), json!(22080.0)]);
    let mixed = powers(&["44,0", "22.5"], "").unwrap().unwrap_err();
    assert!(mixed.contains("in two ways: \"22.5\"") && mixed.contains("\"44,0\""), "{mixed}");
    assert_eq!(powers(&["44,0", "22.5"], "decimal = \",\"").unwrap().unwrap(), [json!(44.0), Value::Null]);
}

#[test]
fn coordinates_with_a_decimal_comma_are_read() {
    let Some(dir) = stations("id;lon;lat\n1;10,01;50,01\n2;10,250;50,125\n", "") else { return };
    says(dir.path(), &["check", "r.toml"]).with(0, &["no issues"]);
    assert_eq!(written(dir.path(), "r.toml", "stations").len(), 2);
}

#[test]
fn costs_whose_mark_is_not_clear_pay_nobody() {
    let Some(folder) = case("22-rank") else { return };
    // 4.500 yuan: 4.5 or 4500; a budget of 20,000 pays ten counties or four
    says(&folder, &["check", "dotthousand.toml"])
        .with(1, &["\"4.500\" can be 4.5 or 4500", "dotthousand.csv:2", "[county_table]"]);
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("o").to_string_lossy().into_owned();
    says(&folder, &["round", "round-dot.toml", "-o", &to, "--work", &format!("{to}w")])
        .with(1, &["\"4.500\" can be 4.5 or 4500"]);
    assert!(!Path::new(&to).exists());
    // "4.500,00" says it, and "0.004", "4500.10" too
    for clear in ["comma", "mills", "cents", "tenths", "textna"] {
        says(&folder, &["check", &format!("{clear}.toml")]).with(0, &[]);
    }
}

#[test]
fn the_budget_is_spent_by_the_costs_as_they_are_meant() {
    let Some(folder) = case("22-rank") else { return };
    let out = tempfile::tempdir().unwrap();
    for (name, paid) in [("comma", 10), ("cents", 10), ("mills", 10)] {
        let to = out.path().join(name);
        says(&folder, &["run", &format!("{name}.toml"), "-q", "-o", &to.to_string_lossy()]).with(0, &[]);
        let lines = fs::read_to_string(to.join("lines.csv")).unwrap();
        assert_eq!(lines.lines().skip(1).filter(|l| l.contains("true")).count(), paid, "{name}: {lines}");
    }
}

#[test]
fn people_are_counted_in_whole() {
    let Some(dir) = stations("id,lon,lat\n1,10.01,50.01\n", "") else { return };
    let people = |cells: &[&str]| {
        let rows: Vec<String> =
            cells.iter().enumerate().map(|(i, c)| format!("{i};{};50.01;{c}", 10.01 + 0.02 * i as f64)).collect();
        fs::write(dir.path().join("settlements.csv"), format!("id;lon;lat;population\n{}\n", rows.join("\n"))).unwrap();
        let said = says(dir.path(), &["check", "r.toml"]);
        if said.exit != 0 {
            return Err(said.all());
        }
        let mut all = written(dir.path(), "r.toml", "settlements");
        all.sort_by_key(|p| p["id"].to_string());
        Ok(all.iter().map(|p| p["population"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(people(&["1.234", "2.000"]).unwrap(), [json!(1234), json!(2000)]); // nobody is 1.234 people
    assert_eq!(people(&["1,234", "2,000"]).unwrap(), [json!(1234), json!(2000)]);
    assert_eq!(people(&["2.0", "310.0"]).unwrap(), [json!(2), json!(310)]);
    assert!(people(&["7", "2.000"]).unwrap_err().contains("\"2.000\" can be 2 or 2000"));
}
