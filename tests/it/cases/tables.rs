//! Rows of a table beside its records: titles, and units that stand above or below the header.

use super::{Said, says, written};
use crate::toy::Toy;
use crate::workbook::{ods, xlsx};
use serde_json::{Value, json};
use std::fs;

/// Rows of cells; one that begins with `#` is a number where the format has numbers.
type Rows<'a> = &'a [&'a [&'a str]];

/// The same table as text and as workbooks.
fn kinds(rows: Rows<'_>) -> [(&'static str, Vec<u8>); 3] {
    let line = |row: &&[&str]| row.iter().map(|c| c.trim_start_matches('#')).collect::<Vec<_>>().join(",");
    let csv = rows.iter().map(line).collect::<Vec<_>>().join("\n") + "\n";
    [("csv", csv.into_bytes()), ("xlsx", xlsx(&[("S", rows)], &[])), ("ods", ods(&[("S", rows)]))]
}

/// A toy region in which one file is this table; the name says nothing of its format.
fn toy(file: &str, bytes: &[u8], more: &str) -> Toy {
    let toy = Toy::new();
    toy.put_bytes(file, bytes);
    if !more.is_empty() {
        let region = fs::read_to_string(toy.path("region.toml")).unwrap();
        toy.put("region.toml", &format!("{region}\n{more}"));
    }
    toy
}

fn check(toy: &Toy) -> Said {
    says(toy.dir.path(), &["check", "region.toml"])
}

const VILLAGES: &[&str] = &["id", "name", "lon", "lat", "人口"];
const ONE: &[&str] = &["v1", "A", "#0.01", "#0.0001", "#1.2"];

/// People of the settlements in each format, or what is said where they are refused.
fn people(rows: Rows<'_>) -> Vec<Result<Vec<Value>, String>> {
    let one = |(kind, bytes): (&str, Vec<u8>)| {
        let toy = toy("settlements.csv", &bytes, "");
        let said = check(&toy);
        if said.exit != 0 {
            return Err(said.all());
        }
        assert!(said.all().contains("units") || !said.all().contains("bad_number"), "{kind}: {}", said.all());
        Ok(written(toy.dir.path(), "region.toml", "settlements").iter().map(|s| s["population"].clone()).collect())
    };
    kinds(rows).into_iter().map(one).collect()
}

#[track_caller]
fn are(rows: Rows<'_>, want: &[u64]) {
    let want: Vec<Value> = want.iter().map(|n| json!(n)).collect();
    for read in people(rows) {
        assert_eq!(read.unwrap(), want, "{rows:?}");
    }
}

#[track_caller]
fn refused(rows: Rows<'_>, words: &[&str]) {
    for read in people(rows) {
        let said = read.unwrap_err();
        for word in words.iter().chain(&["write the unit into the header of its column"]) {
            assert!(said.contains(word), "\"{word}\" is missing in:\n{said}");
        }
    }
}

#[test]
fn people_by_the_ten_thousand_are_people_wherever_the_unit_stands() {
    let below: &[&str] = &["", "", "", "", "(万人)"];
    // 1.2 × 10,000
    for rows in [
        &[&["单位：万人"][..], VILLAGES, ONE][..],
        &[&["2020年人口统计表"], &["", "", "", "", "（单位：万人）"], VILLAGES, ONE],
        &[&["人口统计表（万人）"], &[], VILLAGES, ONE],
        &[&["人口统计表", "", "", "", "计量单位:万人"], VILLAGES, ONE],
        &[&["Unit: 10,000 persons"], VILLAGES, ONE],
        &[VILLAGES, below, ONE],
        &[VILLAGES, &[], below, ONE],
        &[VILLAGES, &["编号", "名称", "经度", "纬度", "人口（万人）"], ONE],
        &[VILLAGES, &["单位：万人", "", "", "", ""], ONE],
        &[&["", "", "(°)", "(°)", "(万人)"], VILLAGES, ONE],
        &[&["", "", "", "", "单位：万人"], VILLAGES, ONE],
        &[&["id", "name", "lon", "lat", "人口", "单位：万人"], ONE],
    ] {
        // a header of another width is quoted by commas alone in CSV
        let wide: Vec<Vec<&str>> = rows.iter().map(|row| [row, &[""; 6][..]].concat()[..6].to_vec()).collect();
        let wide: Vec<&[&str]> = wide.iter().map(Vec::as_slice).collect();
        if rows[0].join("").contains("10,000") {
            continue; // a comma in a cell: workbooks only, below
        }
        are(&wide, &[12_000]);
    }
    let bytes = xlsx(&[("S", &[&["Unit: 10,000 persons"], VILLAGES, ONE])], &[]);
    let toy = toy("settlements.csv", &bytes, "");
    check(&toy)
        .with(0, &["\"Unit: 10,000 persons\" in row 1 says the unit of \"人口\": its numbers were taken × 10000 as population"]);
}

#[test]
fn a_unit_is_told_with_its_cell_and_so_are_titles() {
    for (kind, bytes) in kinds(&[&["某县人口"], &["单位：万人"], VILLAGES, ONE]) {
        let word = if kind == "csv" { "line" } else { "row" };
        let said = check(&toy("settlements.csv", &bytes, ""));
        let unit = format!("\"单位：万人\" in {word} 2 says the unit of \"人口\": its numbers were taken × 10000 as population");
        let title = format!("the header is {word} 3; passed over before it: \"某县人口\", \"单位：万人\"");
        said.with(0, &[&unit, &title, "unit_of_column", "title_rows"]);
    }
    for (kind, bytes) in kinds(&[VILLAGES, &["", "", "", "", "(万人)"], ONE]) {
        let word = if kind == "csv" { "line" } else { "row" };
        check(&toy("settlements.csv", &bytes, ""))
            .with(0, &[&format!("{word} 2 holds units and is no record"), "1      1         0"]);
    }
}

#[test]
fn a_header_of_two_rows_may_have_its_units_below() {
    let rows: Rows<'_> = &[VILLAGES, &["", "", "", "", "（万人）"], ONE];
    let book = xlsx(&[("S", rows)], &["A1:A2", "B1:B2"]);
    let toy = toy("settlements.csv", &book, "");
    check(&toy).with(0, &["says the unit of \"人口\""]);
    assert_eq!(written(toy.dir.path(), "region.toml", "settlements")[0]["population"], 12_000);
    // People by town and land, whose unit stands above both: the column is named as it was, and keeps its unit.
    let upper: &[&str] = &["id", "name", "lon", "lat", "人口（万人）", ""];
    let lower: &[&str] = &["", "", "", "", "城镇", "乡村"];
    let book = xlsx(&[("S", &[upper, lower, ONE])], &["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"]);
    toy.put_bytes("settlements.csv", &book);
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    let mapped = "settlements.csv\"\nfields = { population = \"人口（万人） / 城镇\" }";
    toy.put("region.toml", &region.replace("settlements.csv\"", mapped));
    check(&toy).with(0, &["says another unit: its numbers were taken × 10000 as population"]);
    assert_eq!(written(toy.dir.path(), "region.toml", "settlements")[0]["population"], 12_000);
}

#[test]
fn a_unit_that_can_be_of_several_things_is_refused_with_its_text() {
    refused(&[&["单位：人、万人"], VILLAGES, ONE], &["\"单位：人、万人\" in", "which of the columns it is of is not clear"]);
    refused(
        &[VILLAGES, &["", "", "", "", "(kW)"], ONE],
        &["\"(kW)\" in", "it is none of \"人口\", which is taken as population"],
    );
    refused(&[&["单位：十万"], VILLAGES, ONE], &["it is not known how many of ours one of it is"]);
    let own: &[&str] = &["id", "name", "lon", "lat", "人口（人）"];
    refused(&[own, &["", "", "", "", "(万人)"], ONE], &["the header \"人口（人）\" says another"]);
    let late: &[&str] = &["单位：万人", "", "", "", ""];
    refused(&[VILLAGES, ONE, ONE, ONE, late], &["\"单位：万人\" in", "it stands below the numbers"]);
}

#[test]
fn what_stands_nearer_counts_and_what_is_no_unit_changes_nothing() {
    let whole: &[&str] = &["v1", "A", "#0.01", "#0.0001", "#1200"];
    for title in ["填报单位：万州区交通局", "Region West (W)", "单位：万元", "单位：人", "共1000户", "1000"]
    {
        are(&[&[title, "", "", "", ""], VILLAGES, whole], &[1200]);
    }
    // the header's own unit goes before the title's
    let own: &[&str] = &["id", "name", "lon", "lat", "人口（人）"];
    are(&[&["单位：万人", "", "", "", ""], own, whole], &[1200]);
    // records of digits alone are no row of units
    are(&[VILLAGES, &["#1000", "#1000", "#0.01", "#0.0001", "#1000"]], &[1000]);
    are(&[VILLAGES, &["#1000", "人", "#0.01", "#0.0001", "#100"], whole], &[100, 1200]);
}

#[test]
fn a_unit_is_of_its_own_file() {
    let toy = Toy::new();
    toy.put("a.csv", "单位：万人,,,,\nid,name,lon,lat,人口\nv1,A,0.01,0.0001,1.2\n");
    toy.put("b.csv", "id,name,lon,lat,人口\nv2,B,0.19,0.0001,1200\n");
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &region.replace("\"settlements.csv\"", "[\"a.csv\", \"b.csv\"]"));
    let all: Vec<Value> = written(toy.dir.path(), "region.toml", "settlements").iter().map(|s| s["population"].clone()).collect();
    assert_eq!(all, [12_000, 1200]);
}

#[test]
fn powers_have_their_units_too() {
    let header: &[&str] = &["id", "lon", "lat", "总功率", "枪数"];
    let power = |rows: Rows<'_>| -> Vec<Result<Value, String>> {
        let one = |(_, bytes): (&str, Vec<u8>)| {
            let toy = toy("stations.csv", &bytes, "");
            let said = check(&toy);
            if said.exit != 0 {
                return Err(said.all());
            }
            Ok(written(toy.dir.path(), "region.toml", "stations")[0]["rated_power_kw"].clone())
        };
        kinds(rows).into_iter().map(one).collect()
    };
    let row = |kw| ["s1", "#0.05", "#0.0001", kw, "#4"];
    for (title, cell, want) in [("单位：MW", "#0.24", 240.0), ("单位：W", "#240000", 240.0), ("单位：个、千瓦", "#240", 240.0)]
    {
        for read in power(&[&[title, "", "", "", ""], header, &row(cell)]) {
            assert_eq!(read.unwrap(), json!(want), "{title}");
        }
    }
    for read in power(&[header, &["", "", "", "(MW)", "(个)"], &row("#0.24")]) {
        assert_eq!(read.unwrap(), json!(240.0));
    }
    // ten thousand guns, and thousands of nobody knows what
    for (title, why) in
        [("单位：万个", "how many of ours one of it is"), ("in thousands", "which of the columns it is of is not clear")]
    {
        for read in power(&[&[title, "", "", "", ""], header, &row("#240")]) {
            let said = read.unwrap_err();
            assert!(said.contains(why), "{said}");
        }
    }
}

#[test]
fn a_table_of_counties_keeps_its_people_and_tells_of_its_costs() {
    let rank = "[[rank.lines]]\nname = \"a\"\nbudget = 1\ncost_column = \"费用\"\n";
    let header: &[&str] = &["code", "name", "常住人口", "费用"];
    let (west, east): (&[&str], &[&str]) = (&["0101", "West", "#1.5", "#30"], &["0102", "East", "#2", "#40"]);
    for (kind, bytes) in kinds(&[header, &["", "", "（万人）", "（万元）"], west, east]) {
        let toy = toy("table.csv", &bytes, &format!("[county_table]\npath = \"table.csv\"\n{rank}"));
        let told = "\"（万元）\" in";
        check(&toy).with(0, &[told, "may be the unit of \"费用\"; its numbers were taken as they stand"]);
        let people: Vec<Value> =
            written(toy.dir.path(), "region.toml", "counties").iter().map(|c| c["residents"].clone()).collect();
        assert_eq!(people, [15_000, 20_000], "{kind}");
    }
    // a size alone can be of both
    let bytes = kinds(&[&["in thousands", "", "", ""], header, west, east]);
    for (_, bytes) in bytes {
        let toy = toy("table.csv", &bytes, &format!("[county_table]\npath = \"table.csv\"\n{rank}"));
        check(&toy).with(1, &["which of the columns it is of is not clear"]);
    }
}

#[test]
fn a_column_with_its_unit_as_last_word_is_taken_by_it() {
    let toy = Toy::new();
    toy.put("stations.csv", "id,lon,lat,total_mw,units\ns1,0.05,0.0001,0.24,x\n");
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    let mapped = "stations.csv\"\nfields = { total_kw = \"total_mw\" }";
    toy.put("region.toml", &region.replace("stations.csv\"", mapped));
    check(&toy).with(0, &["the header \"total_mw\" says another unit: its numbers were taken × 1000 as total_kw"]);
    assert_eq!(written(toy.dir.path(), "region.toml", "stations")[0]["rated_power_kw"], 240.0);
    // a column of units is not followed, and that is a warning
    toy.put("settlements.csv", "id,name,lon,lat,population,unit\nv1,A,0.01,0.0001,1,万人\n");
    check(&toy).with(0, &["the column \"unit\" may say the unit of population row by row; it was not followed"]);
}

#[test]
fn blank_rows_are_counted_once_in_every_format() {
    for (_, bytes) in
        kinds(&[VILLAGES, &["", "", "", "", ""], ONE, &["", "", "", "", ""], &["v2", "B", "#0.02", "#0.0001", "#7"]])
    {
        let said = check(&toy("settlements.csv", &bytes, ""));
        said.with(0, &["2 × blank_rows", "2 rows are blank; they were passed over", "settlements.csv:2"]);
    }
}

#[test]
fn numbers_that_are_shown_in_percent_are_told_in_both_kinds_of_workbook() {
    let rows: Rows<'_> = &[&["id", "name", "lon", "lat", "population"], &["v1", "A", "#0.01", "#0.0001", "%45"]];
    for book in [xlsx(&[("S", rows)], &[]), ods(&[("Notes", &[&["x"]]), ("S", rows)])] {
        check(&toy("settlements.csv", &book, "")).with(0, &["percent_cells", "field \"population\"", "0.45 for 45 %"]);
    }
}
