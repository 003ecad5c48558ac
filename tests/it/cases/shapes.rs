//! Valid shapes in every format, and sentences that name the true cause.

use super::{case, says, written};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A column of the stations that a region of a case writes, in the order of their names.
fn stations(folder: &Path, region: &str, column: &str) -> Vec<Value> {
    let mut all = written(folder, region, "stations");
    all.sort_by_key(|p| p["name"].to_string());
    all.iter().map(|p| p[column].clone()).collect()
}

#[test]
fn a_table_of_a_shapefile_is_read_in_its_own_encoding() {
    let Some(folder) = case("09-dbf") else { return };
    let names = ["Säule 0", "Säule 1", "Säule 2", "Säule 3"].map(Value::from);
    // by .cpg, by two language bytes, by what it looks like, and in UTF-8
    for region in ["latin1", "ldid", "ldid03", "latin1-nocpg", "noprj", "nullbytes", "stars", "Mixed"] {
        assert_eq!(stations(&folder, &format!("{region}.toml"), "name"), names, "{region}");
    }
    let guess = says(&folder, &["check", "latin1-nocpg.toml"]);
    guess.with(0, &["encoding_guessed", "windows-1252", "Säule"]);
    says(&folder, &["check", "latin1.toml"]).without(&["encoding_guessed"]);
}

#[test]
fn odd_cells_of_a_shapefile_cost_no_row() {
    let Some(folder) = case("09-dbf") else { return };
    let powers = |region: &str| stations(&folder, region, "gun_power_kw");
    assert_eq!(powers("stars.toml"), [json!(22.0), json!(50.0), Value::Null, json!(350.0)]);
    assert_eq!(powers("nullbytes.toml"), [json!(22.0), Value::Null, json!(150.0), json!(350.0)]);
    // 5.0e+01, and 150,00 in a column whose other cells are numbers: told
    assert_eq!(powers("sci.toml"), [json!(22.0), json!(50.0), json!(150.0), json!(350.0)]);
    says(&folder, &["check", "sci.toml"])
        .with(0, &["text_in_number_column", "\"150,00\" stands in the number column \"POWER_KW\""]);
}

#[test]
fn deleted_rows_gaps_and_bundles_of_one_are_read_as_gdal_reads_them() {
    let Some(folder) = case("09-dbf") else { return };
    let names = |region: &str| stations(&folder, region, "name");
    let all = ["Säule 0", "Säule 1", "Säule 2", "Säule 3"];
    assert_eq!(names("gap.toml"), all);
    // the last is a bundle of two points 7 m apart: one station
    assert_eq!(names("multi.toml").len(), 4);
    says(&folder, &["check", "multi.toml"]).with(0, &["point_of_shape"]);
    let (deleted, last) = (names("deleted.toml"), names("deleted-last.toml"));
    assert_eq!((deleted.len(), last), (3, all[..3].iter().map(|n| json!(n)).collect()));
    says(&folder, &["check", "deleted.toml"]).with(0, &["deleted_rows", "1 rows are marked as deleted"]);
    // an empty shape is refused; the three others stay
    says(&folder, &["check", "nullshape.toml"]).with(1, &["1 × null_geometry", "4      3         1"]);
}

#[test]
fn rings_of_a_shapefile_nest_whatever_their_winding() {
    let Some(folder) = case("24-ring") else { return };
    let ledger = |region: &str| {
        let out = tempfile::tempdir().unwrap();
        let to = out.path().join("o");
        says(&folder, &["run", region, "-q", "-o", &to.to_string_lossy()]).with(0, &[]);
        fs::read_to_string(to.join("ledger.csv")).unwrap()
    };
    // a county with a hole, and one with a part of its own: as wound by the book
    let right = ledger("right.toml");
    for region in ["all-ccw", "all-cw", "hole-first"] {
        assert_eq!(ledger(&format!("{region}.toml")), right, "{region}");
    }
    let plain = ledger("ccw.toml");
    assert_eq!(ledger("ccw-one.toml"), plain);
    assert_ne!(plain, right);
    says(&folder, &["check", "three-level.toml"]).with(0, &[]);
}

#[test]
fn areas_and_bundles_are_stations_in_every_format() {
    let Some(folder) = case("05-overpass") else { return };
    for (region, count) in [("turbo", 7), ("multi", 7), ("gc", 6)] {
        let said = says(&folder, &["check", &format!("{region}.toml")]);
        said.with(0, &["point_of_shape"]);
        assert_eq!(written(&folder, &format!("{region}.toml"), "stations").len(), count, "{region}");
    }
}

#[test]
fn people_on_a_cut_off_piece_count_as_without_a_way() {
    let Some(folder) = case("28-island") else { return };
    let said = says(&folder, &["check", "region.toml"]);
    said.with(0, &[]);
    let village = |region: &str, folder: &Path| {
        let all = written(folder, region, "settlements");
        let one = all.iter().find(|p| p["name"] == "Island village").unwrap().clone();
        (one["in_gap"].clone(), one["population"].clone())
    };
    assert_eq!(village("region.toml", &folder), (json!(true), json!(5000)));
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("o");
    let said = says(&folder, &["run", "region.toml", "-o", &to.to_string_lossy()]);
    said.with(0, &[]);
    let issues = fs::read_to_string(to.join("issues.csv")).unwrap();
    assert!(issues.contains("island_inhabited") && issues.contains("Island village"), "{issues}");
    assert!(!issues.contains("settlement_not_snapped"), "{issues}");
    // the indicator of people stands, for nobody is unknown
    let figures = fs::read_to_string(to.join("ranking.csv")).unwrap();
    assert!(figures.contains("people_in_gap_share"), "{figures}");
    says(&folder, &["verify", &to.to_string_lossy()]).with(0, &[]);

    // a station on the piece: there is a way along it
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    let roads: Value = serde_json::from_str(&fs::read_to_string(folder.join("roads.geojson")).unwrap()).unwrap();
    let island = roads["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["geometry"]["coordinates"])
        .find(|c| c[0][0].as_f64().is_some_and(|x| x > 10.55));
    let end = &island.unwrap()[0];
    let mut stations = fs::read_to_string(folder.join("stations.csv")).unwrap();
    let header = stations.lines().next().unwrap().to_owned();
    let row: Vec<String> = header
        .split(',')
        .map(|h| match h {
            "id" | "name" => "isle".to_owned(),
            "lon" => end[0].to_string(),
            "lat" => end[1].to_string(),
            _ => String::new(),
        })
        .collect();
    stations.push_str(&format!("{}\n", row.join(",")));
    fs::write(dir.path().join("stations.csv"), stations).unwrap();
    assert_eq!(village("region.toml", dir.path()).0, json!(false));
}

#[test]
fn a_road_over_the_180th_meridian_is_one_road() {
    let Some(folder) = case("07-antimeridian") else { return };
    for region in ["cut", "jump", "wrap"] {
        let out = tempfile::tempdir().unwrap();
        let to = out.path().join("o");
        says(&folder, &["run", &format!("{region}.toml"), "-q", "-o", &to.to_string_lossy()]).with(0, &[]);
        let ledger = fs::read_to_string(to.join("ledger.csv")).unwrap();
        let header: Vec<&str> = ledger.lines().next().unwrap().split(',').collect();
        let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
        let row = ledger.lines().find(|l| l.contains("charging")).unwrap();
        let gap: f64 = row.split(',').nth(at("gap_km")).unwrap().parse().unwrap();
        // 0.2° at 16.8° south are 21.32 km; the station serves 5 km either way
        assert!((gap - 11.3).abs() < 0.05, "{region}: {gap}: {row}");
        assert_eq!(written(&folder, &format!("{region}.toml"), "settlements")[0]["in_gap"], json!(false), "{region}");
    }
}

#[test]
fn positions_in_tables_are_read_as_databases_write_them() {
    let Some(folder) = case("06-postgis-csv") else { return };
    for region in [
        "hex",
        "hex-lonlat",
        "hex-lonlat-mapped",
        "geojson-lonlat",
        "geojson-lonlat-mapped",
        "pandas-tuple",
        "geopoint2d",
        "ewkt",
        "z",
        "empty-wkt",
    ] {
        let region = format!("{region}.toml");
        says(&folder, &["check", &region]).with(0, &[" stations         3      3         0"]);
        assert_eq!(written(&folder, &region, "stations").len(), 3, "{region}");
    }
    says(&folder, &["check", "counties-hex.toml"]).with(0, &[" counties         2      2         0"]);
    // EPSG:3857: 1,114,306.9 m east are 10.01°
    says(&folder, &["check", "srid3857.toml"]).with(0, &[" stations         3      3         0"]);
    says(&folder, &["check", "geojson-lonlat-nowkt.toml"]).with(1, &["no column \"none\""]);
}

#[test]
fn exchanged_positions_are_told_one_by_one() {
    let Some(folder) = case("19-swapped") else { return };
    for country in ["norway", "spain"] {
        says(&folder.join(country), &["check", "three.toml"])
            .with(0, &["3 × looks_swapped", "with longitude and latitude exchanged"]);
    }
    // 109° is no latitude: those are refused, each with its place
    says(&folder.join("china"), &["check", "three.toml"]).with(1, &["3 × swapped_coordinates"]);
}

#[test]
fn a_file_of_one_feature_is_a_layer_and_no_json_is_named() {
    let Some(folder) = case("05-overpass") else { return };
    says(&folder, &["check", "single.toml"]).with(0, &[" stations         1      1         0"]);
    says(&folder, &["check", "nan.toml"]).with(1, &["it says NaN, which JSON does not have", "nan.geojson:1:", "write null"]);
}

#[test]
fn counties_in_parts_and_outlines_among_them_are_named_for_what_they_are() {
    let Some(folder) = case("12-counties") else { return };
    says(&folder, &["check", "parts.toml"]).with(1, &["two counties have the code \"2\"", "merge = true under [counties]"]);
    says(&folder, &["check", "levels.toml"]).with(1, &["covers 2 other counties", "outline", "only ="]);
    says(&folder, &["check", "collection.toml"]).with(0, &[" counties         2      2         0"]);
    let text = fs::read_to_string(folder.join("parts.toml")).unwrap().replacen("[counties]", "[counties]\nmerge = true", 1);
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()) {
        fs::copy(&entry, dir.path().join(entry.file_name().unwrap())).unwrap();
    }
    fs::write(dir.path().join("merged.toml"), text).unwrap();
    says(dir.path(), &["check", "merged.toml"]).with(0, &["2 × parts_merged"]);
    let counties = written(dir.path(), "merged.toml", "counties");
    assert_eq!(counties.iter().map(|c| c["county_code"].clone()).collect::<Vec<_>>().len(), 2);
}

#[test]
fn an_empty_layer_is_a_wrong_file_unless_it_is_said_to_be_meant() {
    let Some(from) = case("28-island") else { return };
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(&from).unwrap().map(|e| e.unwrap().path()) {
        fs::copy(&entry, dir.path().join(entry.file_name().unwrap())).unwrap();
    }
    fs::write(dir.path().join("stations.csv"), "id,name,lon,lat\n").unwrap();
    says(dir.path(), &["check", "region.toml"])
        .with(1, &["the layer of stations is empty", "allow_empty = true under [stations]"]);
    let text = fs::read_to_string(dir.path().join("region.toml")).unwrap();
    fs::write(dir.path().join("region.toml"), text.replace("[stations]", "[stations]\nallow_empty = true")).unwrap();
    says(dir.path(), &["check", "region.toml"]).with(0, &[]);
}

#[test]
fn scale_and_offset_of_a_raster_are_applied() {
    let Some(folder) = case("15-geotiff") else { return };
    let people = |region: &str| {
        let out = tempfile::tempdir().unwrap();
        let to = out.path().join("o");
        says(&folder, &["run", region, "-q", "-o", &to.to_string_lossy()]).with(0, &[]);
        fs::read_to_string(to.join("counties.geojson")).unwrap()
    };
    // in each county 20,000 hundredths of a person are 200 people
    let all: Value = serde_json::from_str(&people("scaled.toml")).unwrap();
    let of: Vec<&Value> = all["features"].as_array().unwrap().iter().map(|f| &f["properties"]["people_raster"]).collect();
    assert_eq!(of, [&json!(200.0), &json!(200.0)]);
}

#[test]
fn a_negative_cost_is_told_with_its_file_row_and_field() {
    let Some(folder) = case("22-rank") else { return };
    says(&folder, &["check", "negative.toml"]).with(1, &["the cost of 09003 is -5", "negative.csv:4", "field \"cost\""]);
}
