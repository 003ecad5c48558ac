//! The command line as users run it.

use crate::toy::{STEP_MM, Toy, chargegap, contents};
use std::fs;

fn stdout(cmd: &mut assert_cmd::Command) -> String {
    let out = cmd.assert().success().get_output().stdout.clone();
    String::from_utf8(out).unwrap()
}

#[test]
fn help_names_every_command() {
    insta::assert_snapshot!(stdout(chargegap().arg("--help")));
}

#[test]
fn run_prints_the_ranking_and_writes_the_folder() {
    let toy = Toy::new();
    insta::assert_snapshot!(stdout(&mut toy.chargegap(&["run", "region.toml", "-o", "out"])));
    let files: Vec<String> = contents(&toy.path("out")).into_keys().collect();
    assert_eq!(
        files,
        [
            "counterfactuals.csv",
            "counterfactuals.csvt",
            "counties.geojson",
            "counties.qml",
            "counties/0101.html",
            "counties/0102.html",
            "county_columns.csv",
            "county_columns.csvt",
            "coverage.fgb",
            "coverage.qml",
            "datapackage.json",
            "dictionary.csv",
            "dictionary.csvt",
            "equity.csv",
            "equity.csvt",
            "figures.csv",
            "figures.csvt",
            "gaps.geojson",
            "gaps.qml",
            "issue_points.geojson",
            "issue_points.qml",
            "issues.csv",
            "issues.csvt",
            "ledger.csv",
            "ledger.csvt",
            "lines.csv",
            "lines.csvt",
            "lorenz.csv",
            "lorenz.csvt",
            "manifest.json",
            "map.html",
            "map.svg",
            "ranking.csv",
            "ranking.csvt",
            "redundancy.csv",
            "redundancy.csvt",
            "redundancy.geojson",
            "redundancy.qml",
            "region.gpkg",
            "region.qgz",
            "report.html",
            "sensitivity.csv",
            "sensitivity.csvt",
            "settlements.geojson",
            "settlements.qml",
            "stations.geojson",
            "stations.qml",
            "trust.csv",
            "trust.csvt",
            "why.csv",
            "why.csvt"
        ]
    );
}

#[test]
fn run_prints_chinese_when_asked() {
    let toy = Toy::new();
    insta::assert_snapshot!(stdout(&mut toy.chargegap(&["run", ".", "-o", "out", "--lang", "zh"])));
}

#[test]
fn the_ledger_is_the_one_on_paper() {
    let toy = Toy::new();
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success().stdout("").stderr("");
    let mut csv = csv::Reader::from_path(toy.path("out/ledger.csv")).unwrap();
    let rows: Vec<Vec<String>> = csv.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    let gap = |county: &str, service: &str, criterion: &str| -> u64 {
        let row = rows.iter().find(|r| r[0] == county && r[2] == service && r[3] == criterion && r[6] == "all").unwrap();
        assert_eq!(row[7].parse::<f64>().unwrap(), 2.0 * STEP_MM as f64 / 1e6, "two steps of road in each county");
        (row[9].parse::<f64>().unwrap() * 1e6).round() as u64
    };
    // s1 stands in the middle of the west: 2 km each way are covered, the rest is gap; 10 km cover all of it
    assert_eq!(gap("0101", "charging", "2km"), 2 * STEP_MM - 4_000_000);
    assert_eq!(gap("0101", "charging", "10km"), 0);
    // the east has no charger; 10 km from s1 end one step and 10 km − STEP on: 2 STEP − (10 km − STEP) are gap
    assert_eq!(gap("0102", "charging", "2km"), 2 * STEP_MM);
    assert_eq!(gap("0102", "charging", "10km"), 2 * STEP_MM - (10_000_000 - STEP_MM));
    // swap is the mirror image
    assert_eq!(gap("0102", "swap", "2km"), 2 * STEP_MM - 4_000_000);
    assert_eq!(gap("0101", "swap", "10km"), 2 * STEP_MM - (10_000_000 - STEP_MM));
    // 5 min at 80 km/h are 6.666… km: one step and 1.100… km across the border
    let reach = 80_000_000 * 5 / 60;
    let by_time = gap("0102", "charging", "5min");
    assert!(by_time.abs_diff(2 * STEP_MM - (reach - STEP_MM)) <= 25, "{by_time}"); // a millisecond is 22 mm
}

#[test]
fn settlements_and_stations_carry_their_ways() {
    let toy = Toy::new();
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    let read = |name: &str| -> serde_json::Value { serde_json::from_str(&fs::read_to_string(toy.path(name)).unwrap()).unwrap() };
    let places = read("out/settlements.geojson");
    let alpha = &places["features"][0]["properties"];
    // Alpha at 0.01°, the charger at 0.05°: 0.04° of equator
    let km = alpha["charging_distance_km"].as_f64().unwrap();
    assert!((km - 4.452_780).abs() < 2e-6, "{km}");
    assert_eq!(alpha["charging_station_id"], "s1");
    assert_eq!(alpha["in_gap"], true);
    // 0.0001° north of the road: 11.057 m
    assert!((alpha["snap_distance_m"].as_f64().unwrap() - 11.057).abs() < 0.002);
    let stations = read("out/stations.geojson");
    assert_eq!(stations["features"][0]["properties"]["county_code"], "0101"); // text, with its zero
    assert_eq!(stations["features"][1]["properties"]["swap"], true);
}

#[test]
fn json_is_one_object() {
    let toy = Toy::new();
    let text = stdout(&mut toy.chargegap(&["run", "region.toml", "-o", "out", "--json"]));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["ranking"][0]["code"], "0102");
    let text = stdout(&mut toy.chargegap(&["check", "region.toml", "--json"]));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["can_run"], true);
}

#[test]
fn check_lists_what_is_wrong() {
    let toy = Toy::new();
    toy.put("stations.csv", "id,lon,lat,kind,access\ns1,0.05,0,charging,public\ns1,0.15,0,petrol,public\ns3,0.1,,swap,\n");
    let out = toy.chargegap(&["check", "region.toml", "--issues", "issues.csv"]).assert().code(1);
    insta::assert_snapshot!(String::from_utf8_lossy(&out.get_output().stdout));
    insta::assert_snapshot!("check_error", String::from_utf8_lossy(&out.get_output().stderr));
    assert_eq!(csv::Reader::from_path(toy.path("issues.csv")).unwrap().records().count(), 3);
}

#[test]
fn verify_finds_every_kind_of_change() {
    let toy = Toy::new();
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    insta::assert_snapshot!(stdout(&mut toy.chargegap(&["verify", "out"])));
    // R29 in small: a flipped byte anywhere in any file
    let files = contents(&toy.path("out"));
    let mut seed = 7u64;
    for (name, bytes) in &files {
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut changed = bytes.clone();
            let i = (seed >> 33) as usize % changed.len();
            changed[i] ^= 1 << (seed % 8);
            fs::write(toy.path("out").join(name), &changed).unwrap();
            let out = toy.chargegap(&["verify", "out"]).output().unwrap();
            // of a GeoPackage it may be the note that only bytes are others: there are bytes in it that say nothing
            let noted = name == "region.gpkg" && String::from_utf8_lossy(&out.stdout).contains("note     region.gpkg");
            assert!(out.status.code() == Some(1) || noted, "{name}, byte {i}");
        }
        fs::write(toy.path("out").join(name), bytes).unwrap();
    }
    fs::remove_file(toy.path("out/ledger.csv")).unwrap();
    toy.chargegap(&["verify", "out"]).assert().code(1);
    toy.chargegap(&["verify", "nowhere"]).assert().code(1);
}

#[test]
fn an_existing_folder_is_kept_unless_told() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let before = contents(&toy.path("out"));
    let err = toy.chargegap(&["run", ".", "-o", "out"]).assert().code(2).get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&err).contains("--overwrite"));
    toy.chargegap(&["run", ".", "-o", "out", "-q", "--overwrite"]).assert().success();
    assert_eq!(contents(&toy.path("out")), before);
    // nothing hidden stays beside it
    let hidden = fs::read_dir(toy.dir.path())
        .unwrap()
        .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'))
        .count();
    assert_eq!(hidden, 0);
}

#[test]
fn names_cannot_run_in_a_spreadsheet_or_a_browser() {
    let toy = Toy::new();
    let name = "=cmd|' /C calc'!A0<script>alert(1)</script>\u{1b}[31m";
    let text = fs::read_to_string(toy.path("counties.geojson")).unwrap();
    toy.put("counties.geojson", &text.replace("\"West\"", &serde_json::to_string(name).unwrap()));
    let printed = stdout(&mut toy.chargegap(&["run", ".", "-o", "out"]));
    assert!(!printed.contains('\u{1b}'));
    for file in ["ranking.csv", "why.csv", "ledger.csv", "equity.csv", "trust.csv"] {
        let mut csv = csv::Reader::from_path(toy.path("out").join(file)).unwrap();
        for row in csv.records() {
            for cell in row.unwrap().iter().filter(|c| c.parse::<f64>().is_err()) {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{file}: {cell}");
            }
        }
    }
    for file in ["report.html", "map.svg"] {
        let text = fs::read_to_string(toy.path("out").join(file)).unwrap();
        assert!(!text.contains("<script>alert"), "{file}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_cannot_be_printed_is_a_failure() {
    use std::process::{Command, Stdio};
    let toy = Toy::new();
    for args in [&["check", "."][..], &["check", ".", "--json"], &["run", ".", "-o", "out"], &["verify", "out"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("chargegap"));
        let done = command.args(args).current_dir(toy.dir.path()).stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(done.status.code(), Some(3), "{args:?}");
        assert!(String::from_utf8_lossy(&done.stderr).contains("cannot print the answer"), "{args:?}");
    }
    assert!(toy.path("out/manifest.json").is_file()); // the run itself was done
}
