//! Codes of counties as tables and layers have them, and texts in encodings that nobody reads.

use super::{case, checked, says, written};
use crate::toy::{Toy, counties, county};
use serde_json::Value;
use std::fs;

/// A toy region with a table of its counties, and what `[rank]` asks of it.
fn with_table(table: &str, rank: &str) -> Toy {
    let toy = Toy::new();
    toy.put("table.csv", table);
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &format!("{region}\n[county_table]\npath = \"table.csv\"\n{rank}"));
    toy
}

const COST: &str = "[[rank.lines]]\nname = \"a\"\nbudget = 1\ncost_column = \"cost\"\n";

/// People of the counties, by code.
fn people(toy: &Toy) -> Vec<Value> {
    written(toy.dir.path(), "region.toml", "counties").iter().map(|c| c["residents"].clone()).collect()
}

#[test]
fn a_code_that_stands_twice_is_refused_where_the_rows_differ() {
    for (rows, rank, words) in [
        ("0101,West,1000,5\n0102,East,2,5\n0101,West,2000,5\n", "", "people 1000 and 2000"),
        ("0101,West,1000,5\n0101,West,,5\n", "", "people 1000 and nothing"),
        ("0101,West,1000,5\n0101,West,1000,6\n", COST, "\"cost\" 5 and 6"),
        // as a spreadsheet leaves the code
        ("0101,West,1000,5\n101,West,2000,5\n", "", "people 1000 and 2000"),
    ] {
        let toy = with_table(&format!("code,name,population,cost\n{rows}"), rank);
        let said = says(toy.dir.path(), &["check", "region.toml"]);
        said.with(1, &["the code 0101 stands twice in the table, and the rows differ", words, "table.csv:2", "keep the row"]);
    }
}

#[test]
fn a_code_that_stands_twice_and_says_the_same_is_a_warning() {
    // Names, and columns that nothing asks for, are no values.
    let toy = with_table("code,name,population,cost\n0101,West,1000,5\n0102,East,2,5\n0101,W.,1000,6\n", "");
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["1 × row_twice", "table.csv:4"]);
    assert_eq!(people(&toy), [1000, 2]);
    // Nobody's rows may say what they like: they join no county.
    let toy = with_table("code,name,population\n0101,West,1000\n0199,Zone,7\n0199,Zone,8\n", "");
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["row_without_county"]);
}

#[test]
fn a_crosswalk_may_have_lost_its_zeros() {
    let toy = with_table("code,name,population\n0101,West,1000\n199,Old,7\n", "crosswalk = \"walk.csv\"\n");
    // 0199 became 0102, and both are numbers in one of the two tables.
    toy.put("walk.csv", "old_code,new_code\n0199,102\n");
    let said = says(toy.dir.path(), &["check", "region.toml"]);
    said.with(0, &["the table has 199 where the crosswalk has the code 0199", "1 × recoded"]);
    assert_eq!(people(&toy), [1000, 7]);
}

#[test]
fn one_county_whose_code_is_a_number_in_one_record_is_one_county() {
    let toy = Toy::new();
    let parts = |second: &str| {
        let features = [county("0101", "West", 0.0, 0.05), county(second, "West", 0.05, 0.1), county("0102", "East", 0.1, 0.2)];
        toy.put("counties.geojson", &counties(&features).replace("\"101\"", "101").replace("\"101.0\"", "101.0"));
    };
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &region.replace("[counties]\n", "[counties]\nmerge = true\n"));
    for second in ["0101", "101", "101.0"] {
        parts(second);
        let layer = written(toy.dir.path(), "region.toml", "counties");
        assert_eq!(layer.iter().map(|c| c["county_code"].as_str().unwrap()).collect::<Vec<_>>(), ["0101", "0102"], "{second}");
        let report = checked(toy.dir.path(), "region.toml").to_string();
        assert_eq!(report.contains("the code 101 was taken as 0101"), second != "0101", "{second}: {report}");
    }
    // without merge they are one code twice
    toy.put("region.toml", &region);
    says(toy.dir.path(), &["check", "region.toml"]).with(1, &["two counties have the code \"0101\""]);
}

#[test]
fn the_field_that_is_meant_is_named_alone() {
    let toy = with_table("code,人口,x\n0101,many,1\n", "");
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["field \"人口\""]).without(&["population or"]);
    let features = [county("0101", "West", 0.0, 0.1), county("", "East", 0.1, 0.2)];
    toy.put("counties.geojson", &counties(&features));
    says(toy.dir.path(), &["check", "region.toml"]).with(1, &["field \"code\""]).without(&["code or adcode"]);
}

/// The shapefile `latin1-nocpg` of case 09 with another language byte, or a `.cpg` beside it.
fn shapefile(language: u8, cpg: Option<&str>) -> Option<tempfile::TempDir> {
    let folder = case("09-dbf")?;
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()) {
        fs::copy(&entry, dir.path().join(entry.file_name().unwrap())).unwrap();
    }
    let dbf = dir.path().join("latin1-nocpg.dbf");
    let mut bytes = fs::read(&dbf).unwrap();
    bytes[29] = language; // of the header's 32 bytes
    fs::write(&dbf, bytes).unwrap();
    if let Some(text) = cpg {
        fs::write(dir.path().join("latin1-nocpg.cpg"), text).unwrap();
    }
    Some(dir)
}

#[test]
fn a_shapefile_in_a_dos_page_is_refused_by_its_name() {
    for (language, cpg, page) in [
        (0x02, None, "the language byte of the .dbf names code page 850"),
        (0x01, None, "the language byte of the .dbf names code page 437"),
        (0x00, Some("850"), ".cpg names code page 850"),
        (0x03, Some("IBM 437\r\n"), ".cpg names code page 437"),
        (0x00, Some("LDID/2"), "the language byte of the .dbf names code page 850"),
    ] {
        let Some(dir) = shapefile(language, cpg) else { return };
        let said = says(dir.path(), &["check", "latin1-nocpg.toml"]);
        said.with(1, &[page, "save it as UTF-8", "latin1-nocpg.shp"]).without(&["windows-1252"]);
    }
    // A .cpg goes before the language byte, and both are read where there is a decoder.
    for (language, cpg) in [(0x02, Some("1252")), (0x03, None), (0x58, None), (0x00, Some("LDID/87"))] {
        let dir = shapefile(language, cpg).unwrap();
        says(dir.path(), &["check", "latin1-nocpg.toml"]).with(0, &[]);
    }
    // The user's word goes before both, and is refused as they are.
    let dir = shapefile(0x02, None).unwrap();
    let region = fs::read_to_string(dir.path().join("latin1-nocpg.toml")).unwrap();
    let with = |encoding: &str| {
        let key = format!("latin1-nocpg.shp\"\nencoding = \"{encoding}\"");
        fs::write(dir.path().join("own.toml"), region.replace("latin1-nocpg.shp\"", &key)).unwrap();
        says(dir.path(), &["check", "own.toml"])
    };
    with("latin-1").with(0, &[]);
    with("cp850").with(1, &["encoding names code page 850 (the DOS page of Western Europe)"]);
}
