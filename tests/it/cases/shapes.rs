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
