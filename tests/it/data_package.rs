//! What other programs find in a folder: types of tables, the data package, styles beside layers, lines of other limits by choice; and what
//! is not claimed where there is nothing to claim it by.

use crate::resealed::Forged;
use crate::skips::tool;
use crate::toy::{REGION, STEP_MM, Toy, contents, road, roads};
use serde_json::Value;
use std::fs;
use std::process::Command;

fn verified(toy: &Toy) {
    toy.chargegap(&["verify", "out"]).assert().success();
}

fn json(toy: &Toy, name: &str) -> Value {
    serde_json::from_slice(&fs::read(toy.path(name)).unwrap()).unwrap()
}

#[test]
fn every_table_has_its_types_beside_it_and_in_the_data_package() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let files = contents(&toy.path("out"));
    let tables: Vec<&String> = files.keys().filter(|f| f.ends_with(".csv")).collect();
    let package = json(&toy, "out/datapackage.json");
    let resources = package["resources"].as_array().unwrap();
    let mut told: Vec<&str> = resources.iter().map(|r| r["path"].as_str().unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, tables);
    assert!(tables.iter().all(|t| files.contains_key(&format!("{t}t"))));
    let ranking = resources.iter().find(|r| r["path"] == "ranking.csv").unwrap();
    let field = |name: &str| ranking["schema"]["fields"].as_array().unwrap().iter().find(|f| f["name"] == name).unwrap();
    assert_eq!(field("county_code")["type"], "string"); // 0101 keeps its nought
    let issues = resources.iter().find(|r| r["path"] == "issues.csv").unwrap();
    let severity = issues["schema"]["fields"].as_array().unwrap().iter().find(|f| f["name"] == "severity").unwrap();
    assert_eq!(severity["constraints"]["enum"], serde_json::json!(["refused", "warning", "note"]));
    if tool("ogrinfo", "--version") {
        let out = Command::new("ogrinfo").args(["-al"]).arg(toy.path("out/ranking.csv")).output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(text.contains("county_code (String) = 0101") && text.contains("rank (Integer64) = 1"), "{text}");
        assert!(text.contains("score_0_100 (Real)"), "{text}");
    }
    verified(&toy);
}

#[test]
fn a_word_that_is_none_of_a_column_is_found() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let forged = Forged(toy.path("out"));
    forged.text("issues.csv", &|t| t.replacen(",note,", ",hint,", 1).replacen(",warning,", ",hint,", 1));
    forged.seal();
    let faults = forged.verified().faults;
    assert!(faults.iter().any(|f| f.contains("severity is \"hint\", which is none of its words")), "{faults:?}");
}

#[test]
fn every_layer_has_its_style_beside_it() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let files = contents(&toy.path("out"));
    for layer in files.keys().filter(|f| f.ends_with(".geojson") || f.ends_with(".fgb")) {
        let style = layer.rsplit_once('.').unwrap().0.to_owned() + ".qml";
        let text = String::from_utf8(files[&style].clone()).unwrap();
        assert!(text.contains("<qgis ") && text.contains("renderer-v2"), "{style}");
    }
}

#[test]
fn lines_of_other_limits_are_a_layer_by_choice() {
    let toy = Toy::new();
    let limits = |file: &str| -> Vec<String> {
        let layer = json(&toy, file);
        let all = layer["features"].as_array().unwrap().iter().map(|f| f["properties"]["criterion"].as_str().unwrap().to_owned());
        all.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    };
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    assert_eq!(limits("out/gaps.geojson"), ["2km"]);
    let headline = fs::read(toy.path("out/gaps.geojson")).unwrap();
    assert!(!toy.path("out/gaps_all.geojson").exists());
    toy.put("region.toml", &format!("{REGION}[output]\ngaps = \"all\"\n"));
    toy.chargegap(&["run", ".", "-o", "out", "-q", "--overwrite"]).assert().success();
    assert_eq!(limits("out/gaps_all.geojson"), ["10km", "2km", "5min"]);
    assert_eq!(fs::read(toy.path("out/gaps.geojson")).unwrap(), headline);
    verified(&toy);
    // a line that is gone is missed in either layer
    let forged = Forged(toy.path("out"));
    forged.json("gaps_all.geojson", &|layer| {
        layer["features"].as_array_mut().unwrap().retain(|f| f["properties"]["criterion"] != "10km");
    });
    forged.seal();
    let faults = forged.verified().faults;
    assert!(faults.iter().any(|f| f.contains("gaps_all.geojson: the lines of county")), "{faults:?}");
}

#[test]
fn tables_for_excel_begin_with_a_mark_and_are_read_back() {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{REGION}[output]\ncsv_bom = true\n"));
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    for (name, bytes) in contents(&toy.path("out")).iter().filter(|(n, _)| n.ends_with(".csv")) {
        assert!(bytes.starts_with("\u{feff}".as_bytes()) && !bytes[3..].starts_with("\u{feff}".as_bytes()), "{name}");
    }
    assert_eq!(json(&toy, "out/datapackage.json")["resources"][0]["encoding"], "utf-8-sig");
    verified(&toy);
    toy.chargegap(&["rank", "out", "-o", "again", "-q"]).assert().success();
    toy.chargegap(&["verify", "again"]).assert().success();
}

/// ```text
///   A──────B──s1──C──────D──────E ⇒ F     from E on one way only: who drives to F is at the edge of the data
/// ```
#[test]
fn road_without_any_way_to_a_station_is_told_apart() {
    let toy = Toy::new();
    let one_way = road("r2", "trunk", "T2", &[0.2, 0.25]).replace("\"class\"", "\"oneway\":\"yes\",\"class\"");
    toy.put("roads.geojson", &roads(&[road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2]), one_way]));
    let counties = fs::read_to_string(toy.path("counties.geojson")).unwrap().replace("0.2,", "0.3,");
    toy.put("counties.geojson", &counties);
    let out = toy.chargegap(&["run", ".", "-o", "out"]).assert().success();
    let said = String::from_utf8_lossy(&out.get_output().stdout).into_owned();
    assert!(said.contains("of it 5.6 km in 1 county have no way to any station"), "{said}");
    let layer = json(&toy, "out/counties.geojson");
    let km = |i: usize| layer["features"][i]["properties"]["charging_no_way_km"].as_f64().unwrap();
    assert_eq!([km(0), km(1)], [0.0, STEP_MM as f64 / 1e6]);
    verified(&toy);
}

#[test]
fn nobody_is_ranked_by_coverage_where_there_is_no_station() {
    let toy = Toy::new();
    toy.put("stations.csv", "id,name,lon,lat,kind\ns2,Two,0.15,0.0001,swap\n");
    let out = toy.chargegap(&["run", ".", "-o", "out"]).assert().success();
    let said = String::from_utf8_lossy(&out.get_output().stdout).into_owned();
    assert!(said.contains("no charging station is within reach of any county"), "{said}");
    let ranking = fs::read_to_string(toy.path("out/ranking.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(ranking.as_bytes());
    let at = |name: &str, rows: &mut csv::Reader<&[u8]>| rows.headers().unwrap().iter().position(|h| h == name).unwrap();
    let (rank, score) = (at("rank", &mut rows), at("score_0_100", &mut rows));
    for row in rows.records().map(Result::unwrap) {
        assert_eq!((&row[rank], &row[score]), ("", ""), "{row:?}");
    }
    verified(&toy);
}

#[cfg(feature = "xlsx")]
#[test]
fn a_workbook_has_every_table_with_codes_as_text_and_the_same_bytes() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["report", "out", "--xlsx", "a.xlsx"]).assert().success();
    toy.chargegap(&["report", "out", "--xlsx", "b.xlsx", "-q"]).assert().success();
    toy.chargegap(&["report", "out", "--xlsx", "b.xlsx", "-q"]).assert().code(2); // it stands there
    assert_eq!(fs::read(toy.path("a.xlsx")).unwrap(), fs::read(toy.path("b.xlsx")).unwrap());
    let mut book = zip::ZipArchive::new(fs::File::open(toy.path("a.xlsx")).unwrap()).unwrap();
    let mut part = |name: &str| std::io::read_to_string(book.by_name(name).unwrap()).unwrap();
    let (names, texts) = (part("xl/workbook.xml"), part("xl/sharedStrings.xml"));
    let tables = contents(&toy.path("out")).into_keys().filter(|f| f.ends_with(".csv"));
    for table in tables {
        assert!(names.contains(&format!("name=\"{}\"", table.trim_end_matches(".csv"))), "{table}");
    }
    assert!(texts.contains("<t>0101</t>") && texts.contains("<t>County code as text</t>"), "codes are text");
    // a number is a number: the first place
    assert!(part("xl/worksheets/sheet2.xml").contains("<c r=\"A3\"><v>1</v></c>"));
    // heads in Chinese
    toy.chargegap(&["report", "out", "--xlsx", "zh.xlsx", "-q", "--lang", "zh"]).assert().success();
    let mut book = zip::ZipArchive::new(fs::File::open(toy.path("zh.xlsx")).unwrap()).unwrap();
    assert!(std::io::read_to_string(book.by_name("xl/sharedStrings.xml").unwrap()).unwrap().contains("县级行政区划代码"));
}
