//! Bad input: a clear message or an issue record, never a panic, nothing half written.

use crate::toy::{Toy, collection, county, road};
use std::fs;

/// Runs; expects the exit code, every word in the message, and no output folder when it failed.
fn expect(toy: &Toy, args: &[&str], code: i32, words: &[&str]) {
    let mut all = vec!["run", ".", "-o", "out", "-q"];
    all.extend(args);
    let out = toy.chargegap(&all).assert().code(code);
    let err = String::from_utf8_lossy(&out.get_output().stderr).into_owned();
    for word in words {
        assert!(err.contains(word), "no \"{word}\" in: {err}");
    }
    if code != 0 {
        assert!(err.contains("next:"), "no advice in: {err}");
        let left: Vec<_> = fs::read_dir(toy.dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .filter(|n| n.to_string_lossy().contains("out"))
            .collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}

/// Codes and counts in the issues file of the last run.
fn issues(toy: &Toy) -> Vec<(String, String)> {
    let mut csv = csv::Reader::from_path(toy.path("out/issues.csv")).unwrap();
    csv.records().map(|r| r.unwrap()).map(|r| (r[0].to_owned(), r[1].to_owned())).collect()
}

fn has(toy: &Toy, layer: &str, code: &str) -> bool {
    issues(toy).contains(&(layer.to_owned(), code.to_owned()))
}

/// More than 1 % of a small layer is refused in these tests, so the limit is raised.
fn lenient(toy: &Toy) {
    let text = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &(text + "\n[read]\nmax_refused_share = 0.9\n"));
}

#[test]
fn missing_empty_and_wrong_files() {
    let toy = Toy::new();
    fs::remove_file(toy.path("roads.geojson")).unwrap();
    expect(&toy, &[], 1, &["roads.geojson", "check the path"]);
    toy.put("roads.geojson", "");
    expect(&toy, &[], 1, &["the file is empty", "roads.geojson"]);
    toy.put("roads.geojson", "id,name\n1,a\n");
    expect(&toy, &[], 1, &["text table", "geojson"]);
    toy.put_bytes("roads.geojson", b"PK\x03\x04rest");
    expect(&toy, &[], 1, &["zip"]);
    toy.put_bytes("roads.geojson", b"\x1f\x8b\x08rest");
    expect(&toy, &[], 1, &["gzip"]);
    toy.put("roads.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}");
    expect(&toy, &[], 1, &["no road is left"]);
    fs::remove_file(toy.path("roads.geojson")).unwrap();
    fs::create_dir(toy.path("roads.geojson")).unwrap();
    expect(&toy, &[], 1, &["not a regular file"]);
}

#[test]
fn every_truncation_of_every_layer() {
    for name in ["roads.geojson", "counties.geojson", "region.toml"] {
        let toy = Toy::new();
        let text = fs::read(toy.path(name)).unwrap();
        for n in (0..text.len()).step_by(29) {
            toy.put_bytes(name, &text[..n]);
            let out = toy.chargegap(&["run", ".", "-o", "out", "-q", "--overwrite"]).output().unwrap();
            let code = out.status.code();
            assert!(matches!(code, Some(0..=2)), "{name} cut at {n}: {code:?} {}", String::from_utf8_lossy(&out.stderr));
        }
    }
}

#[test]
fn a_pbf_cut_short_or_of_another_kind() {
    let toy = Toy::new();
    let whole = fs::read(crate::toy::root().join("datasets/isle-of-man/isle-of-man.osm.pbf")).unwrap();
    for n in [20, 1000, 100_000, whole.len() - 5] {
        toy.put_bytes("cut.osm.pbf", &whole[..n]);
        let out = toy.chargegap(&["run", "cut.osm.pbf", "-o", "out", "-q"]).assert().code(1);
        let err = String::from_utf8_lossy(&out.get_output().stderr).into_owned();
        assert!(err.contains("cut.osm.pbf") && err.contains("next:"), "{n}: {err}");
        assert!(!toy.path("out").exists());
    }
    toy.put("text.osm.pbf", "this is no extract");
    toy.chargegap(&["run", "text.osm.pbf", "-o", "out"]).assert().code(2);
}

#[test]
fn features_that_are_no_roads() {
    let toy = Toy::new();
    lenient(&toy);
    let good = road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2]);
    let null = r#"{"type":"Feature","properties":{"class":"trunk"},"geometry":null}"#.to_owned();
    let point = r#"{"type":"Feature","properties":{"class":"trunk"},"geometry":{"type":"Point","coordinates":[0,0]}}"#.to_owned();
    let nan =
        r#"{"type":"Feature","properties":{"class":"trunk"},"geometry":{"type":"LineString","coordinates":[[0,0],[1e999,0]]}}"#
            .to_owned();
    let metres = r#"{"type":"Feature","properties":{"class":"trunk"},"geometry":{"type":"LineString","coordinates":[[500000,3400000],[500100,3400000]]}}"#.to_owned();
    let swapped =
        r#"{"type":"Feature","properties":{"class":"trunk"},"geometry":{"type":"LineString","coordinates":[[31,109],[31,110]]}}"#
            .to_owned();
    let spot = road("r6", "trunk", "", &[0.05, 0.05]);
    let odd = road("r7", "goat_path", "", &[0.0, 0.01]);
    toy.put("roads.geojson", &collection(&[good, null, point, nan, metres, swapped, spot, odd, "17".to_owned()]));
    expect(&toy, &[], 0, &[]);
    for code in [
        "null_geometry",
        "wrong_geometry_type",
        "bad_coordinate",
        "swapped_coordinates",
        "zero_length",
        "unknown_class",
        "bad_record",
    ] {
        assert!(has(&toy, "roads", code), "{code} in {:?}", issues(&toy));
    }
    toy.chargegap(&["verify", "out"]).assert().success();
}

#[test]
fn too_many_refusals_stop_the_run_and_strict_stops_at_one() {
    let toy = Toy::new();
    let null = r#"{"type":"Feature","properties":{"class":"trunk"},"geometry":null}"#.to_owned();
    let mut list: Vec<String> =
        (0..150).map(|i| road(&format!("r{i}"), "trunk", "T1", &[f64::from(i) / 1000.0, f64::from(i + 1) / 1000.0])).collect();
    list.push(null.clone());
    toy.put("roads.geojson", &collection(&list));
    expect(&toy, &["--strict"], 1, &["--strict", "feature 151"]);
    list.push(null);
    toy.put("roads.geojson", &collection(&list));
    expect(&toy, &[], 1, &["2 of 152", "limit is 1 %", "feature 151"]);
    list.truncate(151);
    toy.put("roads.geojson", &collection(&list));
    expect(&toy, &[], 0, &[]);
}

#[test]
fn county_polygons_that_are_none() {
    let toy = Toy::new();
    lenient(&toy);
    let good = county("0101", "West", 0.0, 0.2);
    let line =
        r#"{"type":"Feature","properties":{"code":"1"},"geometry":{"type":"LineString","coordinates":[[0,0],[1,1]]}}"#.to_owned();
    let open =
        r#"{"type":"Feature","properties":{"code":"2"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}}"#
            .to_owned();
    let flat =
        r#"{"type":"Feature","properties":{"code":"3"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0],[0,0]]]}}"#
            .to_owned();
    let bow_tie = r#"{"type":"Feature","properties":{"code":"4"},"geometry":{"type":"Polygon","coordinates":[[[3,0],[4,1],[4,0],[3,0.5],[3,0]]]}}"#.to_owned();
    let nameless =
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[5,0],[6,0],[6,1],[5,0]]]}}"#
            .to_owned();
    toy.put("counties.geojson", &collection(&[good, line, open, flat, bow_tie, nameless]));
    expect(&toy, &[], 0, &[]);
    for code in ["wrong_geometry_type", "invalid_ring", "missing_field", "self_intersection", "county_without_road"] {
        assert!(has(&toy, "counties", code), "{code} in {:?}", issues(&toy));
    }
    toy.put("counties.geojson", &collection(&[county("7", "A", 0.0, 0.1), county("7", "B", 0.1, 0.2)]));
    let err = toy.chargegap(&["run", ".", "-o", "o2"]).assert().code(1).get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&err).contains("two counties have the code \"7\""));
}

#[test]
fn overlapping_counties_go_to_the_lower_code_and_are_named() {
    let toy = Toy::new();
    toy.put("counties.geojson", &collection(&[county("0102", "East", 0.08, 0.2), county("0101", "West", 0.0, 0.1)]));
    expect(&toy, &[], 0, &[]);
    assert!(has(&toy, "counties", "county_overlap"));
    let text = fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    assert!(text.contains("counties 0101 and 0102 both cover 2.226 km"), "{text}"); // 0.02° of equator
}

#[test]
fn stations_in_trouble() {
    let toy = Toy::new();
    lenient(&toy);
    toy.put(
        "stations.csv",
        "id,name,lon,lat,kind,points,power_kw,access,status\n\
         s1,One,0.05,0.0001,charging,4,120,public,open\n\
         s1,Again,0.05,0.0001,charging,four,120,public,open\n\
         s3,Far,0.05,0.09,charging,,,public,open\n\
         s4,Away,50,30,charging,,,public,open\n\
         s5,Null,0,0,charging,,,public,open\n\
         s6,Private,0.15,0,charging,,,private,open\n\
         s7,Odd,0.16,0,petrol,,,whoever,open\n\
         s8,North,109,31000,charging,,,public,open\n\
         s9,Short\n",
    );
    expect(&toy, &[], 0, &[]);
    for code in [
        "duplicate_id",
        "duplicate_station",
        "bad_number",
        "station_not_snapped",
        "station_outside_counties",
        "null_island",
        "station_not_qualifying",
        "unknown_value",
        "bad_coordinate",
        "bad_record",
    ] {
        assert!(has(&toy, "stations", code), "{code} in {:?}", issues(&toy));
    }
}

#[test]
fn a_settlement_under_two_ids_is_told() {
    // Alpha twice, 11 m apart, from two lists; another Alpha 22 km off, one without people, and Beta beside the first are others
    let toy = Toy::new();
    toy.put(
        "settlements.csv",
        "id,name,lon,lat,population\nv1,Alpha,0.01,0.0001,1000\nw7, alpha ,0.0101,0.0001,1020\n\
         v2,Alpha,0.19,0.0001,3000\nv3,Alpha,0.01,0.0002,\nv4,Beta,0.01,0.0001,50\n",
    );
    expect(&toy, &[], 0, &[]);
    let told = fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    let told: Vec<&str> = told.lines().filter(|l| l.contains("duplicate_settlement")).collect();
    assert!(told.len() == 1 && told[0].contains("within 50 m of \"\"v1\"\""), "{told:?}");
}

#[test]
fn exchanged_longitude_and_latitude_stop_the_run() {
    let toy = Toy::new();
    toy.put("counties.geojson", &collection(&[county("0101", "West", 0.0, 0.2)]));
    toy.put("stations.csv", "id,lon,lat\na,0.00001,0.15\nb,0.00002,0.17\n");
    expect(&toy, &[], 1, &["if longitude and latitude were exchanged", "stations.csv"]);
}

#[test]
fn region_files_that_make_no_sense() {
    let toy = Toy::new();
    let text = fs::read_to_string(toy.path("region.toml")).unwrap();
    for (from, to, words) in [
        ("distances_km", "distance_km", ["did you mean \"distances_km\"", "region.toml:"]),
        ("headline_km = 2", "headline_km = 3", ["not among distances_km", "criteria.headline_km"]),
        ("path = \"roads.geojson\"", "pth = \"roads.geojson\"", ["did you mean \"path\"", "region.toml:"]),
        ("times_min = [5]", "times_min = \"5\"", ["criteria.times_min", "region.toml:"]),
        ("distances_km = [2, 10]", "distances_km = [0.0000001, 2]", ["criteria.distances_km", "0.01 to 2000 km"]),
        ("headline_km = 2", "headline_km = 2\naccess = []", ["criteria.access", "is not a kind of access"]),
        ("[criteria]", "[criteria", ["region.toml:", "next:"]),
        ("[criteria]", "[rank.weights]\nlongest = 1\n[criteria]", ["is not an indicator", "rank.weights.longest"]),
    ] {
        toy.put("region.toml", &text.replacen(from, to, 1));
        expect(&toy, &[], 2, &words);
    }
    toy.put("region.toml", "[region]\nname = \"x\"\n");
    expect(&toy, &[], 2, &["the region has no roads"]);
    fs::remove_file(toy.path("region.toml")).unwrap();
    expect(&toy, &[], 1, &["no region.toml"]);
}

#[test]
fn usage_errors_and_a_busy_folder() {
    let toy = Toy::new();
    toy.chargegap(&["run", "."]).assert().code(2);
    toy.chargegap(&["run", ".", "-o", "out", "--admin-level", "6"]).assert().code(2);
    toy.put("out", "a file");
    toy.chargegap(&["run", ".", "-o", "out"]).assert().code(2);
    fs::remove_file(toy.path("out")).unwrap();
    let lock = fs::File::create(toy.path(".out.lock")).unwrap();
    lock.lock().unwrap();
    let err = toy.chargegap(&["run", ".", "-o", "out"]).assert().code(3).get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&err).contains("another run"));
    drop(lock);
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
}

#[test]
fn a_road_drawn_twice_is_counted_once_and_named() {
    let toy = Toy::new();
    let line = [0.0, 0.05, 0.1, 0.15, 0.2];
    let mut back = line;
    back.reverse();
    let twice = [road("r1", "trunk", "T1", &line), road("r2", "local", "Old name", &back)];
    toy.put("roads.geojson", &collection(&twice));
    expect(&toy, &[], 0, &[]);
    assert!(has(&toy, "roads", "repeated_road"));
    let manifest: serde_json::Value = serde_json::from_str(&fs::read_to_string(toy.path("out/manifest.json")).unwrap()).unwrap();
    let km = |key: &str| manifest["balance_km"][key].as_f64().unwrap();
    // 0.2° of equator read twice, once kept: the trunk road, the higher class
    assert_eq!(km("drawn_twice"), 4.0 * crate::toy::STEP_MM as f64 / 1e6);
    assert_eq!(km("in_ledgers"), km("drawn_twice"));
    let ledger = fs::read_to_string(toy.path("out/ledger.csv")).unwrap();
    assert!(ledger.contains(",trunk,") && !ledger.contains(",local,"));
}

#[test]
fn numbers_that_nobody_can_mean_are_unknown() {
    let toy = Toy::new();
    lenient(&toy);
    toy.put("settlements.csv", "id,name,lon,lat,population\na,A,0.01,0,9223372036854775807\nb,B,0.02,0,12.7\nc,C,0.03,0,1200\n");
    toy.put("stations.csv", "id,lon,lat,points,power_kw\ns1,0.05,0,1e30,1e300\n");
    expect(&toy, &[], 0, &[]);
    assert_eq!(issues(&toy).iter().filter(|i| i.1 == "bad_number").count(), 4);
    let counties = fs::read_to_string(toy.path("out/counties.geojson")).unwrap();
    assert!(counties.contains("\"people_known\":1200,"), "{counties}");
}

#[test]
fn a_mapped_field_that_no_record_has_stops_the_run() {
    let toy = Toy::new();
    let text = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put(
        "region.toml",
        &text.replace("path = \"roads.geojson\"", "path = \"roads.geojson\"\nfields = { oneway = \"ONE_WAY\" }"),
    );
    expect(&toy, &[], 1, &["ONE_WAY", "[roads] fields"]);
    toy.put("region.toml", &text.replace("path = \"stations.csv\"", "path = \"stations.csv\"\nfields = { power_kw = \"kw\" }"));
    expect(&toy, &[], 1, &["no column \"kw\""]);
}

#[test]
fn vertices_a_continent_apart_are_refused() {
    let toy = Toy::new();
    lenient(&toy);
    toy.put("roads.geojson", &collection(&[road("r1", "trunk", "T1", &[0.0, 0.2]), road("r2", "trunk", "", &[0.0, 50.0])]));
    expect(&toy, &[], 0, &[]);
    assert!(has(&toy, "roads", "bad_coordinate"));
}

#[test]
fn check_lists_the_reasons_also_when_nothing_is_left() {
    let toy = Toy::new();
    toy.put("roads.geojson", &collection(&[road("r1", "goat_path", "", &[0.0, 0.2])]));
    let out = toy.chargegap(&["check", ".", "--issues", "found.csv"]).assert().code(1).get_output().clone();
    assert!(String::from_utf8_lossy(&out.stdout).contains("class \"goat_path\" is not mapped"));
    assert!(String::from_utf8_lossy(&out.stderr).contains("no road is left to analyse: 1 × unknown_class"));
    assert_eq!(csv::Reader::from_path(toy.path("found.csv")).unwrap().records().count(), 1);
}

#[test]
fn overwrite_keeps_what_it_did_not_write() {
    let toy = Toy::new();
    expect(&toy, &[], 0, &[]);
    toy.put("out/notes.txt", "mine");
    let err = toy.chargegap(&["run", ".", "-o", "out", "--overwrite"]).assert().code(2).get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&err).contains("notes.txt"));
    assert_eq!(fs::read_to_string(toy.path("out/notes.txt")).unwrap(), "mine");
}

#[test]
fn stations_that_no_road_leads_to_are_counted() {
    let toy = Toy::new();
    toy.put("stations.csv", "id,lon,lat\ns1,0.05,0\nnear,0.21,0.01\nfar,9,9\n");
    expect(&toy, &[], 0, &[]);
    let text = fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    // "near" stands 0.01° (1.1 km) east of the border, within the headline 2 km; "far" does not
    assert!(text.contains("1 stations lie within 2 km of a county"), "{text}");
}
