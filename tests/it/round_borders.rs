//! Borders and regions of a round that quietly take from a county: ground drawn over a neighbour, a county without a road, a region without
//! settlements, a copy in the place of a region. Each is a fault, before anything is computed and by the round alike; what a run tells of
//! the ground outside every county the round tells too.
//!
//! A county of the small round is 0.2° × 0.1° with five roads across and ten along; one degree is 111.32 km by 110.57 km there.

use crate::round_closed::{accept, names, open, says};
use crate::small_round::SmallRound;
use serde_json::{Value, json};
use std::fs;

/// Draws a county anew, as a box: west, south, east, north.
fn draw(r: &SmallRound, code: &str, [w, s, e, n]: [f64; 4]) {
    let name = format!("{}/counties.geojson", &code[..2]);
    let mut layer: Value = serde_json::from_slice(&fs::read(r.path(&name)).unwrap()).unwrap();
    let all = layer["features"].as_array_mut().unwrap();
    let county = all.iter_mut().find(|f| f["properties"]["code"] == code).unwrap();
    county["geometry"]["coordinates"] = json!([[[w, s], [e, s], [e, n], [w, n], [w, s]]]);
    fs::write(r.path(&name), layer.to_string()).unwrap();
}

/// What is open before anything is computed and at the end is the same, to the fingerprint.
fn both(r: &SmallRound) -> Vec<(String, String)> {
    let before = open(r, "round round.toml --check");
    assert_eq!(before, open(r, "round round.toml -o two --overwrite"));
    assert_eq!(before, open(r, "round round.toml --check --work two-work"), "with the network there");
    before
}

/// Lines of issues.csv with a code.
fn told(r: &SmallRound, code: &str) -> Vec<String> {
    let text = fs::read_to_string(r.path("two/issues.csv")).unwrap();
    text.lines().filter(|l| l.contains(&format!(",{code},"))).map(str::to_owned).collect()
}

/// The sentence of the first fault with a code.
fn sentence(r: &SmallRound, code: &str) -> String {
    let (_, out, _) = says(r, "round round.toml --check --json");
    let answer: Value = serde_json::from_str(&out).unwrap();
    let fault = answer["faults"].as_array().unwrap().iter().find(|f| f["code"] == code).unwrap().clone();
    assert!(fault["what_zh"].as_str().unwrap().chars().any(|c| c > '一'), "{fault}");
    fault["what"].as_str().unwrap().to_owned()
}

#[test]
fn a_county_drawn_over_another_is_a_fault_that_names_both() {
    let r = SmallRound::laid();
    // over all of the county north of it, which is of another region
    draw(&r, "110101", [0.0, 0.0, 0.2, 0.2]);
    let found = both(&r);
    assert_eq!(names(&found), ["county_overlap 110101", "county_without_road 120101"]);
    let (_, _, err) = says(&r, "round round.toml -o two");
    assert!(err.contains("county 110101 (County 110101) and county 120101 (County 120101) both cover"), "{err}");
    assert!(err.contains("no road lies in county 120101"), "{err}");
    assert!(!r.path("two").exists());
    // accepted, it is told as a run tells it
    found.iter().for_each(|(_, lines)| accept(&r, lines));
    assert!(both(&r).is_empty());
    let issues = told(&r, "county_overlap");
    assert!(issues.len() == 1 && issues[0].contains("counties 110101 and 120101 both cover"), "{issues:?}");
    assert_eq!(told(&r, "county_without_road").len(), 1);
    let (exit, out, _) = says(&r, "verify two --recompute 2 --round round.toml");
    assert!(exit == 0 && out.contains("county_overlap") && out.contains("2 faults of the inputs, found again"), "{out}");
    // drawn otherwise it is another fault
    draw(&r, "110101", [0.0, 0.0, 0.2, 0.16]);
    let found = open(&r, "round round.toml --check");
    assert_eq!(found[0].0, "county_overlap 110101");
    // three roads across of 0.19° and ten along of 0.06°: 0.57 × 111.32 + 0.6 × 110.57 = 129.8 km
    let what = sentence(&r, "county_overlap");
    assert!(what.contains("both cover 129.") || what.contains("both cover 130."), "{what}");
}

#[test]
fn counties_of_one_region_overlap_as_those_of_two_do() {
    let r = SmallRound::laid();
    draw(&r, "110101", [0.0, 0.0, 0.3, 0.1]);
    assert_eq!(names(&both(&r)), ["county_overlap 110101"]);
    // whichever of the two takes part; between others it is none of the round's
    for (asked, want) in [("110101", 1), ("110102", 1), ("110103", 0)] {
        let text = fs::read_to_string(r.path("round.toml")).unwrap();
        let only = text.replacen("[regions]\n", &format!("[regions]\ncounties = [\"{asked}\"]\n"), 1);
        fs::write(r.path("round.toml"), only.replace("quotas = { \"11\" = 1, \"12\" = 2 }\n", "")).unwrap();
        assert_eq!(open(&r, "round round.toml --check").len(), want, "{asked}");
        fs::write(r.path("round.toml"), text).unwrap();
    }
    // on the ground of three counties the lowest code has the road, and each of the others loses it to that: 120101 all south of 0.16
    draw(&r, "110101", [0.0, 0.0, 0.2, 0.16]);
    draw(&r, "110102", [0.06, 0.0, 0.3, 0.16]);
    let found = both(&r);
    assert_eq!(names(&found), ["county_overlap 110101", "county_overlap 110101", "county_overlap 110102"]);
    let (_, out, _) = says(&r, "round round.toml --check");
    let lost = out.lines().find(|l| l.contains("and county 120101") && !l.starts_with('#')).unwrap();
    assert!(lost.contains("both cover 129.") || lost.contains("both cover 130."), "{lost}");
    // nobody has the half of 110102 that it left: a twelfth of all road
    found.iter().for_each(|(_, lines)| accept(&r, lines));
    assert!(both(&r).is_empty());
    assert_eq!((told(&r, "outside_counties").len(), told(&r, "county_overlap").len()), (1, 3));
}

/// The border of 110101 moved east takes five roads across from 110102, of about 211 km.
#[test]
fn a_sliver_between_neighbours_is_a_warning_and_one_per_cent_of_a_county_a_fault() {
    // 0.0005° × 5 × 111.32 = 0.278 km; 0.0035°: 1.948 km of 207; 0.004°: 2.227 km of 207
    for (east, faults, km) in [(0.2005, 0, "0.278 km"), (0.2035, 0, "1.948 km"), (0.204, 1, "2.22")] {
        let r = SmallRound::laid();
        draw(&r, "110101", [0.0, 0.0, east, 0.1]);
        let found = both(&r);
        assert_eq!(found.len(), faults, "{east}");
        found.iter().for_each(|(_, lines)| accept(&r, lines));
        assert!(both(&r).is_empty());
        let issues = told(&r, "county_overlap");
        assert!(issues.len() == 1 && issues[0].contains(&format!("both cover {km}")), "{issues:?}");
    }
}

#[test]
fn a_county_without_a_road_is_a_fault_where_it_takes_part() {
    let r = SmallRound::laid();
    draw(&r, "120103", [0.4, 5.1, 0.6, 5.2]);
    let found = both(&r);
    assert_eq!(names(&found), ["county_without_road 120103"]);
    accept(&r, &found[0].1);
    assert!(both(&r).is_empty());
    assert_eq!(told(&r, "county_without_road").len(), 1);
    // a sixth of the road, and whoever stood there
    assert_eq!(told(&r, "much_road_outside_counties").len(), 1);
    assert!(!told(&r, "settlement_outside_counties").is_empty());
    let text = fs::read_to_string(r.path("round.toml")).unwrap();
    let rest = text[..text.find("[[accept]]").unwrap()].to_owned();
    let others = "[regions]\ncounties = [\"11*\", \"120101\", \"120102\"]\n";
    fs::write(r.path("round.toml"), rest.replacen("[regions]\n", others, 1)).unwrap();
    assert!(both(&r).is_empty());
}

#[test]
fn a_region_without_settlements_where_others_have_them_is_a_fault() {
    let r = SmallRound::laid();
    r.edit("12/region.toml", |t| t.replace("[settlements]\npath = \"settlements.csv\"\n", ""));
    let found = both(&r);
    assert_eq!(names(&found), ["settlements_missing 12/region.toml"]);
    assert!(sentence(&r, "settlements_missing").contains("any of the 3 counties of region 12/region.toml"));
    // a layer of another region that covers it is as good
    let rows = fs::read_to_string(r.path("12/settlements.csv")).unwrap();
    r.edit("11/settlements.csv", |t| t + rows.split_once('\n').unwrap().1);
    assert!(both(&r).is_empty());
}

#[test]
fn a_copy_of_a_region_does_not_stand_for_another() {
    let r = SmallRound::laid();
    r.edit("round.toml", |t| t.replacen("files = [\"*/region.toml\"]\n", "files = [\"*/region.toml\"]\nexpect = 2\n", 1));
    assert!(open(&r, "round round.toml --check").is_empty());
    for file in fs::read_dir(r.path("11")).unwrap().map(|f| f.unwrap()) {
        fs::copy(file.path(), r.path("12").join(file.file_name())).unwrap();
    }
    let found = both(&r);
    assert_eq!(names(&found), ["quota_unused 12", "region_adds_nothing 12/region.toml"]);
    assert!(sentence(&r, "region_adds_nothing").contains("all 3 counties of region 12/region.toml are counties of region 11/"));
    // a part of a region adds nothing either, whichever comes first
    let r = SmallRound::laid();
    fs::create_dir(r.path("10")).unwrap();
    for file in fs::read_dir(r.path("11")).unwrap().map(|f| f.unwrap()) {
        fs::copy(file.path(), r.path("10").join(file.file_name())).unwrap();
    }
    let mut layer: Value = serde_json::from_slice(&fs::read(r.path("10/counties.geojson")).unwrap()).unwrap();
    layer["features"].as_array_mut().unwrap().truncate(1);
    fs::write(r.path("10/counties.geojson"), layer.to_string()).unwrap();
    assert_eq!(names(&open(&r, "round round.toml --check")), ["region_adds_nothing 10/region.toml"]);
}
