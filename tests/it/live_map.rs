//! `map.html`: it carries what it needs, says what the tables say, and whoever changes it is found out.

use crate::resealed::Forged;
use crate::small_round::SmallRound;
use crate::toy::{REGION, STEP_MM, Toy, root};
use chargegap::internals::page::live::blocks::{pack, packed, unpack};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

const FILE: &str = "map.html";

fn tables(folder: &Path) -> Value {
    let page = fs::read_to_string(folder.join(FILE)).unwrap();
    serde_json::from_slice(&unpack(packed(&page, "map-tables").unwrap()).unwrap()).unwrap()
}

#[test]
fn the_library_is_the_one_that_its_source_names() {
    let vendor = root().join("maps/vendor");
    let source = fs::read_to_string(vendor.join("SOURCE.md")).unwrap();
    let mut held = 0;
    for file in fs::read_dir(&vendor).unwrap().map(|e| e.unwrap().path()).filter(|p| p.file_name().unwrap() != "SOURCE.md") {
        let print: String = Sha256::digest(fs::read(&file).unwrap()).iter().map(|b| format!("{b:02x}")).collect();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let row = source.lines().find(|l| l.starts_with(&format!("| `{name}` |"))).unwrap_or_else(|| panic!("{name} has no row"));
        assert!(row.contains(&print), "{name} is not the file of SOURCE.md: {print}");
        held += 1;
    }
    assert_eq!(held, 2);
}

#[test]
fn its_kilometres_are_cut_by_the_rule_and_are_the_ledgers_where_it_was_asked() {
    // A──B──C──D──E, a step each; s1 charges at B, the border is at C. County 1 has A–B–C: nothing of it is farther than a step. County 2 has
    // C–D–E: C is a step from B, E three. Beyond S ≥ a step lies 3 steps − S of it; with S = 0 all of it.
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let data = tables(&toy.path("out"));
    let head = &data["head"];
    let steps: Vec<u64> = serde_json::from_value(head["steps_mm"].clone()).unwrap();
    let gaps: Vec<Vec<u64>> = serde_json::from_value(head["counties"]["gap_mm"][0].clone()).unwrap();
    assert_eq!(head["services"][0], "charging");
    let step = STEP_MM;
    assert!(steps.iter().any(|s| *s < step) && steps.iter().any(|s| *s > step), "{steps:?}");
    for (k, s) in steps.iter().enumerate() {
        let want = [2 * step.saturating_sub(*s), (3 * step).saturating_sub((*s).max(step))];
        for (county, want) in want.into_iter().enumerate() {
            // each edge is rounded to the millimetre by itself
            assert!(gaps[county][k].abs_diff(want) <= 4, "county {county} at {s}: {} and not {want}", gaps[county][k]);
        }
    }
    let roads: Vec<u64> = serde_json::from_value(head["counties"]["road_mm"].clone()).unwrap();
    assert!(roads.iter().all(|r| r.abs_diff(2 * step) <= 2), "{roads:?}");
}

#[test]
fn it_carries_its_policy_and_no_address_and_can_be_left_out() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let page = fs::read_to_string(toy.path("out").join(FILE)).unwrap();
    let policy = page.split_once("Content-Security-Policy\" content=\"").unwrap().1.split_once('"').unwrap().0;
    let policy = ["&#x27;", "&#39;"].iter().fold(policy.to_owned(), |p, mark| p.replace(mark, "'"));
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(policy.contains("; worker-src blob:; connect-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.contains("sourceMappingURL") && !page.contains(" src=") && !page.contains("<link"));
    assert!(fs::read_to_string(toy.path("out/report.html")).unwrap().contains("href=\"map.html\""));
    let county = fs::read_dir(toy.path("out/counties")).unwrap().next().unwrap().unwrap().path();
    let county = fs::read_to_string(county).unwrap().replace("&#x2f;", "/");
    assert!(county.contains("href=\"../map.html#county=010"), "{county}");
    toy.put("region.toml", &format!("{REGION}\n[output]\nwithout = [\"map\"]\n"));
    toy.chargegap(&["run", ".", "-o", "without", "-q"]).assert().success();
    assert!(!toy.path("without").join(FILE).exists());
    assert!(!fs::read_to_string(toy.path("without/report.html")).unwrap().contains("map.html"));
    toy.chargegap(&["verify", "without"]).assert().success();
}

#[test]
fn a_page_that_was_changed_and_sealed_again_is_found() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let whole = Forged(toy.path("out")).verified();
    assert!(whole.faults.is_empty(), "{:?}", whole.faults);
    let old = fs::read_to_string(toy.path("out").join(FILE)).unwrap();
    let found = |new: String, want: &str| {
        assert_ne!(new, old, "{want}");
        fs::write(toy.path("out").join(FILE), new).unwrap();
        let faults = Forged(toy.path("out")).verified().faults;
        assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
    };
    let data = tables(&toy.path("out"));
    let repacked = |edit: &dyn Fn(&mut Value)| {
        let mut new = data.clone();
        edit(&mut new);
        old.replace(packed(&old, "map-tables").unwrap(), &pack(new.to_string().as_bytes()))
    };
    let at = |layer: &str| data["layers"].as_array().unwrap().iter().position(|l| l["name"] == layer).unwrap();
    let asked = data["head"]["asked_mm"][0].as_u64().unwrap();
    let step = data["head"]["steps_mm"].as_array().unwrap().iter().position(|s| *s == asked).unwrap();
    let gap = "the gap of county";
    found(repacked(&|d| d["head"]["counties"]["gap_mm"][0][1][step] = json!(7)), gap);
    found(repacked(&|d| d["head"]["counties"]["road_mm"][0] = json!(7)), "the road of county");
    found(repacked(&|d| d["head"]["asked_mm"][0] = json!(7)), "the distances that it calls asked");
    found(repacked(&|d| d["layers"][at("stations")]["rows"][0][1] = json!("another")), "is not what stations.geojson says of it");
    found(repacked(&|d| d["layers"][at("stations")]["shapes"][0][0] = json!(1)), "is not what stations.geojson says of it");
    found(repacked(&|d| drop(d["layers"][at("settlements")]["rows"].as_array_mut().unwrap().pop())), "the rows that it should");
    found(repacked(&|d| d["layers"][at("counties")]["rows"][0][1] = json!("another")), "is not what counties.geojson says of it");
    let roads = unpack(packed(&old, "map-roads").unwrap()).unwrap();
    let other = |at: usize, by: u8| {
        let mut new = roads.clone();
        new[at] = new[at].wrapping_add(by);
        old.replace(packed(&old, "map-roads").unwrap(), &pack(&new))
    };
    // behind the lengths of fifteen streams stand the classes
    found(other(60, 1), "kinds of its pieces of road are not in coverage.fgb");
    found(other(0, 1), "its roads cannot be unpacked");
    found(old.replacen("'use strict';", "'use strict' ;", 1), "around its data it is not the page");
    found(old.replacen("id=\"map-roads\"", "id=\"map-rods\"", 1), "it lacks a block of data");
    fs::remove_file(toy.path("out").join(FILE)).unwrap();
    let forged = Forged(toy.path("out"));
    forged.json("manifest.json", &|m| m["outputs"].as_array_mut().unwrap().retain(|o| o["name"] != FILE));
    assert!(forged.verified().faults.iter().any(|f| f == "map.html is missing: the folder was asked for it"));
}

#[test]
fn of_a_round_it_has_the_counties() {
    let small = SmallRound::made();
    let folder = small.out();
    let data = tables(&folder);
    assert_eq!(data["layers"].as_array().unwrap().len(), 1);
    assert_eq!(data["head"]["steps_mm"], data["head"]["asked_mm"]);
    let findings = Forged(folder).verified();
    assert!(findings.faults.is_empty(), "{:?}", findings.faults);
}
