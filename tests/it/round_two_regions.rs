//! What two regions of a round have, as extracts of neighbours do: it counts once where both say the same or only one says anything; where
//! they say different things it is a fault, and the name of a folder decides nothing.

use crate::round_closed::{accept, manifest, names, open, says};
use crate::small_round::SmallRound;
use serde_json::Value;
use std::fs;

/// Two provinces with a county table each; county 110101 of the first stands in the boundaries of the second too.
fn overlapping() -> SmallRound {
    let r = SmallRound::laid();
    for p in ["11", "12"] {
        // 110101: 2,000 people and a price of 4,100, and so on; 120103: 7,000 and 4,300
        let row = |i: usize| format!("{p}010{i},{},{}\n", 1000 * (if p == "11" { 1 } else { 4 } + i), 4000 + 100 * i);
        let rows: String = (1..=3).map(row).collect();
        fs::write(r.path(&format!("{p}/table.csv")), format!("code,population,price\n{rows}")).unwrap();
        r.edit(&format!("{p}/region.toml"), |t| t + "[county_table]\npath = \"table.csv\"\n");
    }
    r.edit("round.toml", |t| t.replace("cost = 4500\n", "cost_column = \"price\"\n"));
    let layer: Value = serde_json::from_slice(&fs::read(r.path("11/counties.geojson")).unwrap()).unwrap();
    let first = layer["features"][0].to_string();
    r.edit("12/counties.geojson", |t| t.replacen("\"features\":[", &format!("\"features\":[{first},"), 1));
    r
}

/// The same with the folder of the first province called otherwise, so that it comes last.
fn renamed(r: &SmallRound) {
    fs::rename(r.path("11"), r.path("98")).unwrap();
}

const OWN: &str = "110101,2000,4100\n";

fn add_row(r: &SmallRound, row: &str) {
    r.edit("12/table.csv", |t| t + row);
}

/// Who is where and gets what.
fn outcome(r: &SmallRound, out: &str) -> [String; 3] {
    ["ranking.csv", "selection.csv", "ledger.csv"].map(|f| fs::read_to_string(r.path(out).join(f)).unwrap())
}

fn told(r: &SmallRound, out: &str) -> Vec<String> {
    let text = fs::read_to_string(r.path(out).join("issues.csv")).unwrap();
    text.lines().filter(|l| l.contains("duplicate_id")).map(str::to_owned).collect()
}

#[test]
fn a_county_of_two_regions_that_say_the_same_counts_once_and_is_told() {
    let mut alone = None;
    for row in [OWN, ""] {
        // with the same row in both tables; with no row in the second, which then says nothing of it
        let r = overlapping();
        if !row.is_empty() {
            add_row(&r, row);
        }
        assert!(open(&r, "round round.toml --check").is_empty());
        assert!(open(&r, "round round.toml -o two").is_empty());
        let told_now = told(&r, "two");
        assert!(told_now.len() == 1 && told_now[0].contains("the code 110101 stands in 11/region.toml too"), "{told_now:?}");
        assert!(told_now[0].contains(if row.is_empty() { "only the county table of 11/region.toml" } else { "the same values" }));
        assert_eq!(manifest(&r, "two")["shards"]["counties"], 6);
        let first = outcome(&r, "two");
        assert!(first[1].contains("4100"), "its price is known: {}", first[1]);
        // the folder's name decides nothing
        renamed(&r);
        assert!(open(&r, "round round.toml -o three").is_empty());
        assert_eq!(outcome(&r, "three"), first);
        // nor whether the second table has the row too
        assert_eq!(alone.get_or_insert(first.clone()), &first);
    }
}

#[test]
fn a_county_of_two_regions_with_other_values_is_a_fault_that_names_both() {
    // what is changed in the second region, and what is said of it
    let cases: [(&str, &str, &[&str]); 5] = [
        ("110101,2000,4999\n", "", &["\"price\" 4100 and 4999"]),
        ("110101,2001,4100\n", "", &["people 2000 and 2001"]),
        ("110101,2000,\n", "", &["\"price\" 4100 and nothing"]),
        ("110101,,4999\n", "", &["people 2000 and nothing; \"price\" 4100 and 4999"]),
        // a corner moved by 0.01 of 0.1 degrees: a triangle less, half of a tenth of the ground, so 246.181 − 12.309
        (OWN, "[0.20,0.10]", &["the boundary (246.181 km² and 233.872 km²)"]),
    ];
    let mut prints = Vec::new();
    for (row, corner, words) in cases {
        let r = overlapping();
        add_row(&r, row);
        if !corner.is_empty() {
            r.edit("12/counties.geojson", |t| {
                let shortened: Value = serde_json::from_str(&t).unwrap();
                let feature = shortened["features"][0].to_string();
                assert!(feature.contains("[0.2,0.1]"), "{feature}");
                t.replacen(&feature, &feature.replace("[0.2,0.1]", "[0.2,0.09]"), 1)
            });
        }
        let found = open(&r, "round round.toml --check");
        assert_eq!(names(&found), ["county_twice 110101"], "{row}");
        assert_eq!(open(&r, "round round.toml -o two"), found);
        let (exit, _, err) = says(&r, "round round.toml -o two");
        assert!(exit == 1 && !r.path("two").exists());
        assert!(err.contains("county 110101 stands in the regions 11/region.toml and 12/region.toml, and they differ"), "{err}");
        assert!(words.iter().all(|w| err.contains(w)), "{words:?}: {err}");
        assert!(err.contains("where this is accepted, what 11/region.toml says counts"), "{err}");
        let kept = fs::read_to_string(r.path("two-work/faults.json")).unwrap();
        assert!(kept.contains("县 110101 同时见于地区 11/region.toml 和 12/region.toml"), "{kept}");
        prints.push(found[0].1.clone());
        // accepted, the first counts, which is told where the round is
        accept(&r, &found[0].1);
        assert!(open(&r, "round round.toml -o two").is_empty());
        assert!(told(&r, "two")[0].contains("with other values; the first was taken"));
        let (exit, out, _) = says(&r, "verify two");
        assert!(exit == 0 && out.contains("county_twice"), "{out}");
        // called otherwise the other one would count: that is another fault, which nobody has accepted
        renamed(&r);
        let found = open(&r, "round round.toml -o three");
        assert_eq!(found.len(), 2);
        assert!(names(&found)[0] == "county_twice 110101" && names(&found)[1].starts_with("acceptance_unmatched"), "{found:?}");
    }
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), 5, "each difference has a fingerprint of its own");
}

#[test]
fn a_third_region_is_held_against_whose_values_count() {
    let r = overlapping(); // the boundaries of 12 have 110101, its table has not
    let (from, to) = (r.path("12"), r.path("13"));
    fs::create_dir(&to).unwrap();
    for file in ["region.toml", "roads.geojson", "stations.csv", "settlements.csv", "table.csv", "counties.geojson"] {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
    // all of 12 stands in 13 too and says the same: a copy, which adds nothing
    assert_eq!(names(&open(&r, "round round.toml --check")), ["region_adds_nothing 13/region.toml"]);
    r.edit("13/table.csv", |t| t.replace("120102,6000", "120102,6001") + "110101,2000,9\n");
    let want = ["county_twice 110101", "county_twice 120102", "region_adds_nothing 13/region.toml"];
    assert_eq!(names(&open(&r, "round round.toml --check")), want);
    let (_, _, err) = says(&r, "round round.toml --check");
    assert!(err.is_empty(), "{err}");
    let (_, out, _) = says(&r, "round round.toml --check");
    assert!(out.contains("11/region.toml and 13/region.toml") && out.contains("12/region.toml and 13/region.toml"), "{out}");
    // last by name, its row is what the two others are held against: 12 says nothing of it, 13 does, and then 98 does
    renamed(&r);
    let (_, out, _) = says(&r, "round round.toml --check");
    assert!(out.contains("county 110101 stands in the regions 13/region.toml and 98/region.toml"), "{out}");
}

#[test]
fn stations_and_settlements_of_two_regions_with_other_values_are_a_fault() {
    let r = SmallRound::laid();
    let second = |file: &str, line: usize| {
        let row = fs::read_to_string(r.path(&format!("11/{file}"))).unwrap().lines().nth(line).unwrap().to_owned() + "\n";
        r.edit(&format!("12/{file}"), |t| t + &row);
        row
    };
    // the same station and the same settlement in both: nothing to say
    let (station, settlement) = (second("stations.csv", 1), second("settlements.csv", 2));
    assert!(open(&r, "round round.toml --check").is_empty());
    assert!(open(&r, "round round.toml -o two").is_empty());
    let same = outcome(&r, "two");
    // called otherwise it is still nothing
    r.edit("12/settlements.csv", |t| t.replace(&settlement, &settlement.replace("V1,", "V one,")));
    assert!(open(&r, "round round.toml --check").is_empty());
    // 60 kW and 180 kW; 200 people and nobody knows how many
    r.edit("12/stations.csv", |t| t.replace(&station, &station.replace(",60,", ",180,")));
    r.edit("12/settlements.csv", |t| t.replace("V one,", "V1,").replace(&settlement, &settlement.replace(",200,", ",,")));
    let found = open(&r, "round round.toml --check");
    assert_eq!(names(&found), ["record_twice 12/region.toml"; 2]);
    let (exit, _, err) = says(&r, "round round.toml -o three");
    assert!(exit == 1 && err.contains("1 stations stand in the regions 11/region.toml and 12/region.toml"), "{err}");
    assert!(err.contains("s110: power_kw 60.0 | 180.0") && err.contains("v111: population 200 | null"), "{err}");
    for (_, lines) in &found {
        accept(&r, lines);
    }
    assert!(open(&r, "round round.toml -o three").is_empty());
    assert_eq!(outcome(&r, "three"), same, "accepted, the first counts");
    // one more that differs is not what was accepted
    let third = second("stations.csv", 2);
    r.edit("12/stations.csv", |t| t.replace(&third, &third.replace(",4,", ",5,")));
    assert_eq!(open(&r, "round round.toml --check").len(), 2);
}

/// People on rasters: 10 in each cell of 0.02 degrees, so 500 in the fifty cells of a county.
#[cfg(feature = "raster")]
#[test]
fn people_of_two_rasters_are_a_fault_where_they_differ_and_no_matter_where_one_has_nobody() {
    use crate::raster::geotiff;
    let ten = |rows: usize| vec![10.0f32; 30 * rows];
    let of = |r: &SmallRound, p: &str, north: f64, values: &[f32]| {
        fs::write(r.path(&format!("{p}/pop.tif")), geotiff(0.0, north, 0.02, 30, values, Some(4326))).unwrap();
        r.edit(&format!("{p}/region.toml"), |t| t + "[population]\npath = \"pop.tif\"\n");
    };
    // the raster of 11 covers 11; that of 12 covers both and says the same, or covers 12 alone, or is the only one
    let mut outcomes = Vec::new();
    for (own, rows) in [(true, 10), (true, 5), (false, 10)] {
        let r = overlapping();
        if own {
            of(&r, "11", 0.1, &ten(5));
        }
        of(&r, "12", 0.2, &ten(rows));
        assert!(open(&r, "round round.toml -o two").is_empty(), "{own} {rows}");
        assert_eq!(told(&r, "two").iter().any(|l| l.contains("only 12/region.toml has a raster with its people")), !own);
        let first = outcome(&r, "two");
        renamed(&r);
        assert!(open(&r, "round round.toml -o three").is_empty());
        assert_eq!(outcome(&r, "three"), first, "{own} {rows}: the folder's name decides nothing");
        outcomes.push(first);
    }
    assert_eq!(outcomes[0], outcomes[1]);
    // 20 in the cell of the south-western corner, the first of the last row
    let r = overlapping();
    of(&r, "11", 0.1, &ten(5));
    let mut other = ten(10);
    other[9 * 30] = 20.0;
    of(&r, "12", 0.2, &other);
    assert_eq!(names(&open(&r, "round round.toml --check")), ["county_twice 110101"]);
    let (_, out, _) = says(&r, "round round.toml --check");
    assert!(out.contains("people of the raster 500 in 50 cells and 510 in 50 cells"), "{out}");
}

/// A table with a row of a county that has no boundary, beside the three that have.
fn with_gone(r: &SmallRound, p: &str, more: &str) {
    let rows: String = (1..=3).map(|i| format!("{p}010{i},C{i},{}\n", 1000 * i)).collect();
    fs::write(r.path(&format!("{p}/table.csv")), format!("code,name,population\n{rows}{more}")).unwrap();
    r.edit(&format!("{p}/region.toml"), |t| t + "[county_table]\npath = \"table.csv\"\n");
}

fn asked(r: &SmallRound, lines: &str) {
    r.edit("round.toml", |t| t.replacen("[regions]\n", &format!("[regions]\n{lines}\n"), 1));
}

#[test]
fn a_county_of_the_table_that_has_no_boundary_is_a_fault_of_its_table() {
    let r = SmallRound::laid();
    with_gone(&r, "11", "110109,Gone,9\n110108,,8\n");
    with_gone(&r, "12", "");
    let found = open(&r, "round round.toml --check");
    assert_eq!(names(&found), ["row_without_county 11/table.csv"]);
    assert_eq!(open(&r, "round round.toml -o two"), found);
    let (exit, _, err) = says(&r, "round round.toml -o two");
    assert!(exit == 1 && !r.path("two").exists());
    // the header is line 1, so the fourth and fifth rows are lines 5 and 6
    let want = "2 codes stand in the county table 11/table.csv and in no boundary, so nothing is computed for them: 110108, line 6; 110109 (Gone), line 5";
    assert!(err.contains(want), "{err}");
    let (_, zh, _) = says(&r, "round round.toml --check --lang zh");
    assert!(
        zh.contains("县属性表 11/table.csv 中有 2 个代码不在任何县界中，因而未予计算：110108，第 6 行；110109 (Gone)，第 5 行"),
        "{zh}"
    );
    // one acceptance for the set of codes, wherever the rows stand
    accept(&r, &found[0].1);
    r.edit("11/table.csv", |t| t.replace("110109,Gone,9\n", "") + "110109,Gone,9\n");
    assert!(open(&r, "round round.toml -o two").is_empty());
    let (exit, out, _) = says(&r, "verify two");
    assert!(exit == 0 && out.contains("row_without_county"), "{out}");
    // one more is another set
    r.edit("11/table.csv", |t| t + "110107,,7\n");
    assert_eq!(open(&r, "round round.toml --check").len(), 2);
    // for a run it is what it was, a note
    let (exit, out, err) = says(&r, "check 11");
    assert!(exit == 0 && (out.clone() + &err).contains("row_without_county"), "{out} {err}");
}

#[test]
fn a_row_is_missed_only_where_nobody_listed_who_applies() {
    // who listed its applicants by their codes does not miss another row; a code of the list that has a row and no boundary is unknown, once
    let r = SmallRound::laid();
    with_gone(&r, "11", "110109,Gone,9\n");
    with_gone(&r, "12", "120109,Gone,9\n");
    let plain = fs::read_to_string(r.path("round.toml")).unwrap();
    asked(&r, "counties = [\"110101\", \"120101\"]");
    assert!(open(&r, "round round.toml --check").is_empty());
    fs::write(r.path("round.toml"), &plain).unwrap();
    asked(&r, "counties = [\"110101\", \"110109\"]");
    assert_eq!(names(&open(&r, "round round.toml --check")), ["applicant_unknown 110109"]);
    // a pattern asks for what it meets: of 11 the row too, of 12 nothing
    fs::write(r.path("round.toml"), &plain).unwrap();
    asked(&r, "counties = [\"1101*\"]");
    assert_eq!(names(&open(&r, "round round.toml --check")), ["row_without_county 11/table.csv"]);
    // a register by its rows
    fs::write(r.path("round.toml"), &plain).unwrap();
    fs::write(r.path("applicants.csv"), "code,name\n110101,A\n120109,B\n").unwrap();
    r.edit("round.toml", |t| t.replacen("[criteria]\n", "[applicants]\npath = \"applicants.csv\"\n[criteria]\n", 1));
    assert_eq!(names(&open(&r, "round round.toml --check")), ["applicant_unknown 120109"]);
}

#[test]
fn a_row_that_another_region_or_a_newer_code_has_is_not_gone() {
    // one table of the whole country beside both regions: each row is a county of one of them
    let r = SmallRound::laid();
    let rows: String = ["11", "12"].iter().flat_map(|p| (1..=3).map(move |i| format!("{p}010{i},{}\n", 1000 * i))).collect();
    fs::write(r.path("table.csv"), format!("code,population\n{rows}")).unwrap();
    for p in ["11", "12"] {
        r.edit(&format!("{p}/region.toml"), |t| t + "[county_table]\npath = \"../table.csv\"\n");
    }
    assert!(open(&r, "round round.toml --check").is_empty());
    // a row of neither is told once, though both read the table
    r.edit("table.csv", |t| t + "990101,9\n");
    assert_eq!(names(&open(&r, "round round.toml --check")), ["row_without_county table.csv"]);
    // by the round's crosswalk it is a county that is there
    fs::write(r.path("codes.csv"), "old_code,new_code\n990101,110101\n").unwrap();
    asked(&r, "crosswalk = \"codes.csv\"");
    assert!(open(&r, "round round.toml --check").is_empty());
    // a county whose record was refused is gone for that reason, which is told once
    r.edit("round.toml", |t| t.replace("crosswalk = \"codes.csv\"\n", ""));
    r.edit("table.csv", |t| t.replace("990101,9\n", ""));
    assert!(open(&r, "round round.toml --check").is_empty());
    // a thousand totals are one fault, which names twenty of them and has all among its facts
    r.edit("table.csv", |t| t + &(0..1000).map(|i| format!("98{i:04},1\n")).collect::<String>());
    let (exit, out, _) = says(&r, "round round.toml --check --json");
    let told: Value = serde_json::from_str(&out).unwrap();
    let fault = &told["faults"][0];
    assert_eq!((exit, told["faults"].as_array().unwrap().len(), fault["facts"].as_array().unwrap().len()), (1, 1, 1000));
    let what = fault["what"].as_str().unwrap();
    assert!(what.contains("980019, line 27; and 980 more") && !what.contains("980020"), "{what}");
}
