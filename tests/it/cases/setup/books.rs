//! Excel and ODS workbooks in place of every table.

use crate::cases::{Said, case, checked, says, written};
use crate::small_round::SmallRound;
use crate::toy::Toy;
use crate::workbook::{Sheets, ods, xlsx};
use serde_json::Value;
use std::collections::BTreeSet;

/// How often `check` found something in a layer.
fn found(report: &Value, code: &str) -> u64 {
    let all = report["issues"].as_array().unwrap();
    all.iter().filter(|i| i["code"] == code).map(|i| i["count"].as_u64().unwrap()).sum()
}

/// A count of a layer in a report of `check`.
fn layer(report: &Value, name: &str, count: &str) -> u64 {
    let all = report["layers"].as_array().unwrap();
    all.iter().find(|l| l["layer"] == name).unwrap()[count].as_u64().unwrap()
}

/// `check` of a case of 14-xlsx.
fn case_14(name: &str) -> Option<Said> {
    case("14-xlsx").map(|folder| says(&folder, &["check", &format!("{name}.toml")]))
}

#[test]
fn tables_of_case_14_are_read_or_refused_with_the_true_cause() {
    for (name, exit, words) in [
        ("title", 0, &["1 × title_rows", "the header is row 3; passed over before it: \"Population by county, 2020\""][..]),
        ("blank", 0, &["no issues"]),
        ("second", 0, &["the sheet \"Data\" was read; \"Notes\" stands before it"]),
        ("numcode", 0, &["2 × code_made_number", "the table has 1001 where the county has the code 01001", "numcode.xlsx:2"]),
        ("polylost", 0, &["2 × code_made_number", "the table has 01001 where the county has the code 1001"]),
        ("geoid", 0, &["\"0500000US01001\" was taken as the code 01001"]),
        ("formula", 0, &["formula_without_value", "1 formula has no value stored, the first in C2", "formula.xlsx:2"]),
        ("percent", 0, &["percent_cells", "field \"share\""]),
        ("total", 0, &["2 × row_without_county", "the row \"Total\" has no code  [total.xlsx:4"]),
        // Sheet rows: the title is row 1, names are rows 1 and 2.
        ("merged", 1, &["\"Population\" stands over 2 columns: \"Population / urban\", \"Population / rural\"", "merged.xlsx:1"]),
        (
            "dup",
            1,
            &["2 columns are called \"population\", and they differ: 1000 and 1", "\"population (C)\", \"population (D)\""],
        ),
        // A cell that is a day is no price, and no number either.
        ("dates", 0, &["\"2021-03-05\" is not a number  [dates.xlsx:2, feature 1, id \"01001\", field \"cost\"]"]),
    ] {
        let Some(said) = case_14(name) else { return };
        said.with(exit, words);
    }
}

#[test]
fn an_ods_workbook_as_gdal_writes_it_is_a_table() {
    let Some(folder) = case("59-ods") else { return };
    // No rank asks for the column of costs.
    says(&folder, &["check", "region.toml"])
        .with(0, &["nothing used the column \"cost\"", "0 records refused, 0 warnings, 1 notes"]);
    // 110101 to 110104 have 1000 to 4000 people.
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("out");
    says(&folder, &["run", "region.toml", "-q", "-o", &to.to_string_lossy()]).with(0, &[]);
    let figures = std::fs::read_to_string(to.join("figures.csv")).unwrap();
    let people: BTreeSet<&str> = figures.lines().map(|l| l.rsplit(',').next().unwrap()).collect();
    assert_eq!(people, BTreeSet::from(["residents", "1000", "2000", "3000", "4000"]));
}

#[test]
fn the_bureaus_three_lists_of_stations_are_the_same_stations() {
    let Some(folder) = case("40-bureau") else { return };
    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
    }
    let read = |stations: &str| {
        let region = format!(
            "[roads]\npath = \"roads.shp\"\nfields = {{ class = \"技术等级\" }}\n[roads.classes]\n\"高速公路\" = \"motorway\"\n\"国道\" = \"trunk\"\n\"省道\" = \"primary\"\n\
             [counties]\npath = \"县界.geojson\"\nfields = {{ code = \"区划代码\", name = \"县名\" }}\n\
             [stations]\npath = \"{stations}\"\ndatum = \"gcj02\"\nfields = {{ id = \"站点编号\", kind = \"站点类型\", points = \"充电枪数\" }}\n\
             [settlements]\npath = \"townships.xlsx\"\nfields = {{ id = \"序号\", name = \"乡镇\", population = \"常住人口\" }}\n[read]\nmax_refused_share = 0.02\n"
        );
        std::fs::write(dir.path().join("r.toml"), region).unwrap();
        checked(dir.path(), "r.toml")
    };
    for file in ["stations.csv", "stations.xls", "stations.xlsx"] {
        let report = read(file);
        // 113 rows, of which one has no position and one has it the wrong way round.
        assert_eq!((layer(&report, "stations", "read"), layer(&report, "stations", "kept")), (113, 111), "{file}: {report}");
        assert_eq!((found(&report, "missing_field"), found(&report, "swapped_coordinates")), (1, 1), "{file}");
        assert_eq!(layer(&report, "settlements", "refused"), 0, "{file}");
    }
}

/// A toy region whose stations are a workbook.
fn with_stations(book: &[u8], more: &str) -> Toy {
    let toy = Toy::new();
    toy.put_bytes("stations.bin", book); // the name says nothing
    let region = std::fs::read_to_string(toy.path("region.toml")).unwrap();
    let stations = format!("path = \"stations.bin\"\n{more}");
    toy.put("region.toml", &region.replace("path = \"stations.csv\"", &stations));
    toy
}

const HEADER: &[&str] = &["id", "name", "lon", "lat", "kind", "points", "power_kw", "access", "status", "opened"];
const ONE: &[&str] = &["s1", "One", "#0.05", "#0.0001", "charging", "#4", "#120", "public", "open", "@44260"];
const TWO: &[&str] = &["s2", "Two", "#0.15", "#0.0001", "swap", "", "", "public", "open", ""];

#[test]
fn stations_in_a_workbook_are_those_of_a_csv() {
    let plain = written(Toy::new().dir.path(), "region.toml", "stations");
    let sheets: Sheets<'_> = &[("Stations", &[&["Stations of 2026"], &[], HEADER, ONE, &[], TWO])];
    for book in [xlsx(sheets, &["A1:J1"]), ods(sheets)] {
        let toy = with_stations(&book, "");
        let mut own = written(toy.dir.path(), "region.toml", "stations");
        own.iter_mut().for_each(|s| {
            // Serial 44260 is 2021-03-05 (44197 is the first of January); ODS has the text here.
            assert!(["", "2021-03-05", "@44260"].contains(&s["opened"].as_str().unwrap_or_default()), "{s}");
            s["opened"] = plain[0]["opened"].clone();
        });
        assert_eq!(own, plain);
    }
}

#[test]
fn rows_in_messages_are_those_of_the_sheet() {
    // Title in row 1, header in 3, a blank row 5; the row without a position is row 6.
    let bad: &[&str] = &["s3", "Three", "", "", "charging"];
    let sheets: Sheets<'_> = &[("S", &[&["Title"], &[], HEADER, ONE, &[], bad, TWO])];
    let toy = with_stations(&xlsx(sheets, &[]), "");
    says(toy.dir.path(), &["check", "region.toml"]).with(1, &["the row has no position  [stations.bin:6, feature 2"]);
}

#[test]
fn a_sheet_goes_by_its_name() {
    let sheets: Sheets<'_> = &[("2024", &[HEADER, ONE]), ("2025", &[HEADER, ONE, TWO]), ("Notes", &[&["x"]])];
    let book = xlsx(sheets, &[]);
    let read = |more: &str| checked(with_stations(&book, more).dir.path(), "region.toml");
    assert_eq!(layer(&read("sheet = \"2025\"\n"), "stations", "kept"), 2);
    let first = read("");
    assert_eq!((layer(&first, "stations", "kept"), found(&first, "sheet_chosen")), (1, 1));
    let toy = with_stations(&book, "sheet = \"2023\"\n");
    says(toy.dir.path(), &["check", "region.toml"]).with(2, &["the workbook has no sheet \"2023\""]);
    // Two that could be meant behind one that cannot: nobody chooses for the user.
    let sheets: Sheets<'_> = &[("Notes", &[&["x"]]), ("2024", &[HEADER, ONE]), ("2025", &[HEADER, ONE, TWO])];
    let toy = with_stations(&xlsx(sheets, &[]), "");
    says(toy.dir.path(), &["check", "region.toml"]).with(1, &["several sheets could be meant: \"2024\", \"2025\""]);
}

#[test]
fn a_workbook_without_a_header_is_refused_with_its_first_rows() {
    let sheets: Sheets<'_> = &[("S", &[&["Read me"], &["s1", "#0.05", "#0.0001"]])];
    let toy = with_stations(&xlsx(sheets, &[]), "");
    let words = ["no row of the sheet \"S\" is a header with", "its first rows are \"Read me\", \"s1 | 0.05 | 0.0001\""];
    says(toy.dir.path(), &["check", "region.toml"]).with(1, &words);
    let toy = with_stations(&xlsx(&[("S", &[])], &[]), "");
    says(toy.dir.path(), &["check", "region.toml"]).with(1, &["the sheet \"S\" is empty"]);
}

#[test]
fn damaged_and_locked_workbooks_say_what_they_are() {
    let good = xlsx(&[("S", &[HEADER, ONE])], &[]);
    let mut locked = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    for (bytes, words) in [
        (&good[..60], "zip archive"),
        (&locked[..], "locked by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "the workbook cannot be read"),
        (b"PK\x03\x04 xl/workbook.xml", "the workbook cannot be read"),
        (b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet content.xml", "the workbook cannot be read"),
    ] {
        let toy = with_stations(bytes, "");
        says(toy.dir.path(), &["check", "region.toml"]).with(1, &[words]);
    }
}

#[test]
fn counties_may_be_a_workbook_with_well_known_text() {
    let square = |west: &str, east: &str| format!("POLYGON(({west} -0.1,{east} -0.1,{east} 0.1,{west} 0.1,{west} -0.1))");
    let (west, east) = (square("0", "0.1"), square("0.1", "0.2"));
    let rows: &[&[&str]] = &[&["code", "name", "wkt"], &["0101", "West", &west], &["0102", "East", &east]];
    let toy = Toy::new();
    toy.put_bytes("counties.xlsx", &xlsx(&[("c", rows)], &[]));
    let region = std::fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("own.toml", &region.replace("counties.geojson", "counties.xlsx"));
    let gaps = |region: &str| {
        let all = written(toy.dir.path(), region, "counties");
        all.into_iter().map(|mut c| c["road_km"].take()).collect::<Vec<_>>()
    };
    assert_eq!(gaps("own.toml"), gaps("region.toml"));
}

#[test]
fn a_text_as_long_as_a_cell_can_be_is_told_of() {
    let long = format!("POLYGON(({}", "0 0,".repeat(8192)); // 9 + 4 × 8192 = 32,777 characters
    let rows: &[&[&str]] = &[&["code", "name", "wkt"], &["0101", "West", &long[..32_767]]];
    let toy = Toy::new();
    toy.put_bytes("counties.geojson", &xlsx(&[("c", rows)], &[]));
    says(toy.dir.path(), &["check", "region.toml"]).with(1, &["the text of C2 is as long as a cell can be"]);
}

#[test]
fn formulas_that_failed_are_told_of_in_every_layer() {
    let four: &[&str] = &["s1", "One", "#0.05", "#0.0001", "charging", "=4*1", "#120", "public", "open", ""];
    for book in [xlsx(&[("S", &[HEADER, four, TWO])], &[]), ods(&[("S", &[HEADER, four, TWO])])] {
        let toy = with_stations(&book, "");
        let words = ["1 formula has no value stored, the first in F2", "stations.bin:2, field \"points\""];
        says(toy.dir.path(), &["check", "region.toml"]).with(0, &words);
    }
}

#[test]
fn columns_of_one_name_are_refused_where_they_differ_in_text_too() {
    let toy = Toy::new();
    let people = |rows: &str| toy.put("settlements.csv", &format!("id,name,lon,lat,population,note,population,note\n{rows}"));
    people("v1,A,0.01,0.0001,1000,x,1000,y\nv2,B,0.19,0.0001,3000,x,1,y\n");
    let words = [
        "2 columns are called \"population\", and they differ: \"3000\" and \"1\"",
        "settlements.csv:3",
        "\"population (column 7)\"",
    ];
    says(toy.dir.path(), &["check", "region.toml"]).with(1, &words);
    // The second by its number; where both say the same nothing is to be told but that a column was not used.
    let region = std::fs::read_to_string(toy.path("region.toml")).unwrap();
    let mapped = region.replace("settlements.csv\"", "settlements.csv\"\nfields = { population = \"population (column 7)\" }");
    toy.put("second.toml", &mapped);
    let layer = written(toy.dir.path(), "second.toml", "settlements");
    let known: Vec<&Value> = layer.iter().map(|s| &s["population"]).collect();
    assert_eq!(known, [1000, 1]);
    people("v1,A,0.01,0.0001,1000,x,1000,y\n");
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["note (column 8)"]);
}

#[test]
fn a_list_of_counties_and_a_crosswalk_may_be_workbooks() {
    let round = SmallRound::made();
    let ranked = || {
        let text = std::fs::read_to_string(round.path("list/ranking.csv")).unwrap();
        let mut codes: Vec<String> = text.lines().skip(1).map(|l| l.split(',').nth(1).unwrap().to_owned()).collect();
        codes.sort();
        codes
    };
    // Codes as numbers under a title; 11999 is an old code of 110102.
    let list: &[&[&str]] = &[&["Counties that apply"], &[], &["区划代码", "name"], &["#110101", "a"], &["#119999", "b"]];
    let walk: &[&[&str]] = &[&["old_code", "new_code"], &["#119999", "#110102"]];
    let asked =
        "files = [\"*/region.toml\"]\ncounty_list = \"list.bin\"\ncounty_list_sheet = \"List\"\ncrosswalk = \"walk.ods\"\n";
    round.edit("round.toml", |t| {
        t.replace("files = [\"*/region.toml\"]\n", asked).replace("quotas = { \"11\" = 1, \"12\" = 2 }\n", "")
    });
    std::fs::write(round.path("walk.ods"), ods(&[("w", walk)])).unwrap();
    for book in [xlsx(&[("Notes", &[&["x"]]), ("List", list)], &[]), ods(&[("List", list)])] {
        std::fs::write(round.path("list.bin"), book).unwrap();
        crate::accepting::round(round.dir.path(), "round.toml", "list", &["--overwrite", "-q"]);
        assert_eq!(ranked(), ["110101", "110102"]);
    }
    // Nobody who applies is left out untold: a code that was rounded stops the round.
    let rounded: &[&[&str]] = &[&["code"], &["1.1E+05"]];
    std::fs::write(round.path("list.bin"), xlsx(&[("List", rounded)], &[])).unwrap();
    let said = says(round.dir.path(), &["round", "round.toml", "-o", "list", "--overwrite", "-q"]);
    said.with(1, &["the code 1.1E+05 is a rounded number", "list.bin:2"]);
}
