//! What changed between two rounds and why: each cause alone moves scores under its own name, and all of them add up; Washington
//! 2021 against 2025 is told by stations that one can look up.

use crate::accepting;
use crate::toy::{chargegap, root};
use chargegap::internals::files::csv_table::CsvTable;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Three counties side by side on the equator, each 0.2° (22.264 km) wide with one road through it. Stations in the middle of the
/// first; five villages a county on the road.
pub struct Scene {
    pub codes: [&'static str; 3],
    /// End of the road in the third county, degrees.
    pub road_to: f64,
    /// Stations: id and longitude.
    pub stations: Vec<(&'static str, f64)>,
    /// People of the villages, by their number modulo three.
    pub people: [u64; 3],
    pub headline_km: f64,
    pub weight: f64,
    pub more: &'static str,
    /// `[select]` and what follows it.
    pub select: String,
    /// Opening dates of some of the stations.
    pub opened: Vec<(&'static str, &'static str)>,
    /// The county table; none where empty.
    pub table: &'static str,
}

impl Default for Scene {
    fn default() -> Self {
        let codes = ["990101", "990102", "990103"];
        Self {
            codes,
            road_to: 0.6,
            stations: vec![("S1", 0.1)],
            people: [100; 3],
            headline_km: 5.0,
            weight: 0.3,
            more: "",
            select: "places = 1\n".to_owned(),
            opened: Vec::new(),
            table: "",
        }
    }
}

impl Scene {
    pub fn write(&self, folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        let feature = |properties: String, geometry: String| {
            format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
        };
        let collection = |list: Vec<String>| format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, list.join(","));
        let county = |i: usize| {
            let (w, e) = (0.2 * i as f64, 0.2 * (i + 1) as f64);
            let ring = format!("[[[{w},-0.1],[{e},-0.1],[{e},0.1],[{w},0.1],[{w},-0.1]]]");
            feature(
                format!(r#""code":"{}","name":"County {i}""#, self.codes[i]),
                format!(r#"{{"type":"Polygon","coordinates":{ring}}}"#),
            )
        };
        std::fs::write(folder.join("counties.geojson"), collection((0..3).map(county).collect())).unwrap();
        let points: Vec<String> =
            (0..=60).map(|i| 0.01 * f64::from(i)).filter(|x| *x <= self.road_to + 1e-9).map(|x| format!("[{x:.2},0]")).collect();
        let line = format!(r#"{{"type":"LineString","coordinates":[{}]}}"#, points.join(","));
        std::fs::write(
            folder.join("roads.geojson"),
            collection(vec![feature(r#""class":"primary","name":"The road""#.to_owned(), line)]),
        )
        .unwrap();
        let mut stations = "id,name,lon,lat,kind,points,power_kw,access,status,opened\n".to_owned();
        for (id, lon) in &self.stations {
            let opened = self.opened.iter().find(|(station, _)| station == id).map_or("", |(_, day)| day);
            let _ = writeln!(stations, "{id},Station {id},{lon},0,charging,4,120,public,open,{opened}");
        }
        std::fs::write(folder.join("stations.csv"), stations).unwrap();
        let mut villages = "id,name,lon,lat,population\n".to_owned();
        for i in 0..15 {
            let _ = writeln!(villages, "V{i},Village {i},{:.2},0,{}", 0.02 + 0.04 * f64::from(i), self.people[i as usize % 3]);
        }
        std::fs::write(folder.join("villages.csv"), villages).unwrap();
        let table = if self.table.is_empty() { "" } else { "[county_table]\npath = \"table.csv\"\n" };
        std::fs::write(folder.join("table.csv"), self.table).unwrap();
        let region = "[region]\nname = \"Three\"\n[roads]\npath = \"roads.geojson\"\n[counties]\npath = \"counties.geojson\"\n[stations]\npath = \"stations.csv\"\n[settlements]\npath = \"villages.csv\"\n";
        std::fs::write(folder.join("region.toml"), format!("{region}{table}")).unwrap();
        let round = format!(
            "[round]\nid = \"r\"\nyear = 2026\n[regions]\nfiles = [\"region.toml\"]\n{}\n[criteria]\ndistances_km = [5, 10]\nheadline_km = {:?}\n[rank.weights]\npeople_in_gap_share = {:?}\n[select]\n{}",
            self.more, self.headline_km, self.weight, self.select
        );
        std::fs::write(folder.join("round.toml"), round).unwrap();
    }
}

/// Rows of `causes.csv` by code, of two scenes.
pub fn causes(old: &Scene, new: &Scene) -> (tempfile::TempDir, BTreeMap<String, BTreeMap<String, String>>) {
    let dir = tempfile::tempdir().unwrap();
    for (scene, name) in [(old, "old"), (new, "new")] {
        scene.write(&dir.path().join(name));
        let round = format!("{name}/round.toml");
        accepting::round(dir.path(), &round, &format!("out-{name}"), &["-q"]);
    }
    chargegap().current_dir(dir.path()).args(["diff", "out-old", "out-new", "--report", "why"]).assert().success();
    let rows = table(&dir.path().join("why/causes.csv"), "county_code");
    (dir, rows)
}

pub fn table(path: &Path, key: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut csv = csv::Reader::from_path(path).unwrap();
    let header = csv.headers().unwrap().clone();
    let row =
        |r: csv::StringRecord| header.iter().zip(r.iter()).map(|(h, v)| (h.to_owned(), v.to_owned())).collect::<BTreeMap<_, _>>();
    csv.records().map(|r| row(r.unwrap())).map(|r| (r[key].clone(), r)).collect()
}

pub const CAUSES: [&str; 9] =
    ["boundaries", "roads", "stations", "demand", "criteria", "method", "costs", "selection", "overrides"];

/// Causes under which any county's score changed.
pub fn moving(rows: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<&'static str> {
    let moves = |c: &&str| rows.values().any(|r| r[&format!("score_change_{c}")].parse::<f64>().is_ok_and(|v| v.abs() > 1e-6));
    CAUSES.into_iter().filter(moves).collect()
}

/// Changes of money, rank and score by cause add up to the whole, and so do own figures, the scale and others.
pub fn add_up(rows: &BTreeMap<String, BTreeMap<String, String>>) {
    let number = |r: &BTreeMap<String, String>, c: &str| r[c].parse::<f64>().unwrap();
    for (code, r) in rows.iter().filter(|(_, r)| !r["score_change"].is_empty()) {
        assert!(
            (number(r, "score_change_own") + number(r, "score_change_scale") - number(r, "score_change")).abs() < 5e-6,
            "{code}: {r:?}"
        );
        let places = ["rank_change_own", "rank_change_scale", "rank_change_others"].map(|c| number(r, c)).iter().sum::<f64>();
        assert!(places == number(r, "rank_change"), "{code}: {r:?}");
        for (what, tolerance) in [("rank_change", 0.0), ("score_change", 5e-6)] {
            let sum: f64 = CAUSES.iter().map(|c| r[&format!("{what}_{c}")].parse::<f64>().unwrap()).sum();
            assert!((sum - r[what].parse::<f64>().unwrap()).abs() <= tolerance, "{code} {what}: {r:?}");
        }
    }
}

#[test]
fn each_cause_alone_moves_scores_under_its_own_name() {
    let plain = Scene::default;
    // S1 on the border serves one village on each side of it: at 0.18 and at 0.22
    let on_border = |people| Scene { stations: vec![("S1", 0.2)], people, ..Scene::default() };
    let uneven =
        |headline_km, weight| Scene { stations: vec![("S1", 0.1), ("S2", 0.21)], headline_km, weight, ..Scene::default() };
    for (old, new, want) in [
        (plain(), Scene { road_to: 0.5, ..plain() }, vec!["roads"]),
        // a second station, in the middle of the second county: the third alone is without one now
        (plain(), Scene { stations: vec![("S1", 0.1), ("S2", 0.3)], ..plain() }, vec!["stations"]),
        // ten times the people in every third village, of which the one at 0.22 is served and the one at 0.18 is none: in the gap
        // were four fifths of the first and of the second county, and now are 1,300 of 1,400 and 1,300 of 2,300
        (on_border([100; 3]), on_border([100, 100, 1000]), vec!["demand"]),
        // 5 km leave a fifth, four fifths and all villages of the counties in the gap, 10 km nothing, three fifths and all: the
        // second county stands at 0.75 between the others, and then at 0.6
        (uneven(5.0, 0.3), uneven(10.0, 0.3), vec!["criteria"]),
        (uneven(5.0, 0.3), uneven(5.0, 0.9), vec!["method"]),
        (plain(), plain(), vec![]),
    ] {
        let (_dir, rows) = causes(&old, &new);
        assert_eq!(moving(&rows), want);
        add_up(&rows);
    }
}

#[test]
fn all_causes_together_add_up_and_a_new_code_is_the_same_county() {
    let old = Scene::default();
    let new = Scene {
        codes: ["990101", "990102", "990109"],
        road_to: 0.5,
        stations: vec![("S2", 0.3)],
        people: [100, 300, 1000],
        headline_km: 10.0,
        weight: 0.9,
        more: "crosswalk = \"crosswalk.csv\"",
        ..Scene::default()
    };
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("new")).unwrap();
    std::fs::write(dir.path().join("new/crosswalk.csv"), "old_code,new_code\n990103,990109\n").unwrap();
    for (scene, name) in [(&old, "old"), (&new, "new")] {
        scene.write(&dir.path().join(name));
        chargegap()
            .current_dir(dir.path())
            .args(["round", &format!("{name}/round.toml"), "-q", "-o", &format!("out-{name}")])
            .assert()
            .success();
    }
    chargegap().current_dir(dir.path()).args(["diff", "out-old", "out-new", "--report", "why"]).assert().success();
    chargegap().current_dir(dir.path()).args(["verify", "out-new"]).assert().success();
    let rows = table(&dir.path().join("why/causes.csv"), "county_code");
    assert_eq!(rows.keys().collect::<Vec<_>>(), ["990101", "990102", "990109"]);
    assert_eq!(rows["990109"]["old_code"], "990103");
    add_up(&rows);
    let said = chargegap()
        .current_dir(dir.path())
        .args(["diff", "out-old", "out-new", "--report", "why", "--overwrite", "--json"])
        .output()
        .unwrap();
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    let recoded = said["causes"]["counties"].as_array().unwrap().iter().find(|c| c["code"] == "990109").unwrap();
    assert_eq!(recoded["old_code"], "990103");
    assert_eq!(said["causes"]["differ"], serde_json::json!(CAUSES[..6]));
    chargegap().current_dir(dir.path()).args(["verify", "why"]).assert().success();
    // S1 closed and S2 opened; with S2 the villages at 0.22 … 0.38 of the second county came within 10 km, those of the first fell out
    let stations = table(&dir.path().join("why/stations.csv"), "id");
    assert_eq!((stations["S1"]["change"].as_str(), stations["S2"]["change"].as_str()), ("closed", "opened"));
    // The page and the layers are there, and the page says which causes differ.
    let page = std::fs::read_to_string(dir.path().join("why/diff.html")).unwrap();
    assert!(page.contains("Station S2") && page.contains("demand"));
    let layer: serde_json::Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("why/counties.geojson")).unwrap()).unwrap();
    assert_eq!(layer["features"].as_array().unwrap().len(), 3);
}

#[test]
fn settlements_are_credited_to_the_station_that_reaches_them() {
    // S1 at 0.1 serves 5 km either way: 0.0551 … 0.1449 of the road, so the villages at 0.06, 0.10 and 0.14. S2 at 0.3 serves
    // 0.2551 … 0.3449: those at 0.26, 0.30 and 0.34, 100 people each.
    let (dir, _) = causes(&Scene::default(), &Scene { stations: vec![("S2", 0.3)], ..Scene::default() });
    let stations = table(&dir.path().join("why/stations.csv"), "id");
    let of = |id: &str, what: &str| stations[id][what].parse::<u64>().unwrap();
    assert_eq!((of("S2", "settlements_gained"), of("S2", "people_gained"), of("S2", "settlements_lost")), (3, 300, 0));
    assert_eq!((of("S1", "settlements_lost"), of("S1", "people_lost"), of("S1", "settlements_gained")), (3, 300, 0));
}

#[test]
fn an_input_that_changed_since_is_named() {
    let (dir, _) = causes(&Scene::default(), &Scene { weight: 0.9, ..Scene::default() });
    let path = dir.path().join("old/stations.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("S1,Station S1,0.1", "S1,Station S1,0.2")).unwrap();
    let run = chargegap().current_dir(dir.path()).args(["diff", "out-old", "out-new", "--report", "again"]).assert().code(1);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("has changed since the round was made") && said.contains("stations.csv"), "{said}");
    assert!(!dir.path().join("again").exists());
}

#[test]
fn washington_2021_to_2025_is_told_by_named_stations() {
    let Some(_) = crate::test_support::shared("washington-northeast") else { return };
    let dir = tempfile::tempdir().unwrap();
    let shared = std::fs::canonicalize(root().join("../shared")).unwrap();
    let text = std::fs::read_to_string(root().join("tests/regions/washington-northeast.toml")).unwrap();
    let text = text.replace("../../../shared", &shared.to_string_lossy());
    let text = text.split_once("[criteria]").unwrap().0;
    for (year, day) in [(2021, "2021-12-31"), (2025, "2025-02-28")] {
        let region = text.replace("format = \"afdc\"", &format!("format = \"afdc\"\nopened_by = \"{day}\""));
        std::fs::write(dir.path().join(format!("wa-{year}.toml")), region).unwrap();
        let round = format!(
            "[round]\nid = \"WA-{year}\"\nyear = {year}\n[regions]\nfiles = [\"wa-{year}.toml\"]\n[criteria]\ndistances_km = [10, 25, 50]\nheadline_km = 25\n[select]\nplaces = 2\n"
        );
        std::fs::write(dir.path().join(format!("round-{year}.toml")), round).unwrap();
        // some roads of the source have no geometry, which a round asks somebody to answer for
        crate::accepting::round(dir.path(), &format!("round-{year}.toml"), &format!("r{year}"), &["-q"]);
    }
    chargegap().current_dir(dir.path()).args(["diff", "r2021", "r2025", "--report", "why"]).assert().success();
    let rows = table(&dir.path().join("why/causes.csv"), "county_code");
    add_up(&rows);
    // the same roads, places and questions on both days: stations alone
    assert_eq!(moving(&rows), ["stations"]);
    // Colville is the seat of Stevens County (53065); FLO opened there on 19 December 2024, by the register
    let stations = table(&dir.path().join("why/stations.csv"), "id");
    let colville = &stations["374183"];
    assert_eq!(
        (colville["change"].as_str(), colville["county_code"].as_str(), colville["opened"].as_str()),
        ("opened", "53065", "2024-12-19")
    );
    assert!(colville["people_gained"].parse::<u64>().unwrap() > 4000); // GeoNames has 4,700 people in Colville alone
    assert!(rows["53065"]["why"].contains("City of Colville - 202 N Main"), "{}", rows["53065"]["why"]);
    // of stations of the register that opened later, none is in the old round
    let issues = std::fs::read(dir.path().join("r2021/issues.csv")).unwrap();
    let issues = CsvTable::parse(&issues, "issues.csv").unwrap();
    assert!(issues.rows().any(|r| r.get("issue") == "opened_later" && r.get("count").parse::<u64>().unwrap() > 100));
}
