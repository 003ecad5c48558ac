//! `check`: the page and the object say the same, their sums close, and names from data stay text.

use crate::toy::{STEP_MM, Toy, chargegap, collection, county, road, root};
use serde_json::Value;
use std::fs;
use std::path::Path;

const HOSTILE: &str = "<script>alert(1)</script>";

/// The object and the page of a data set in the repository.
fn reported(dataset: &str) -> (Value, String) {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("check.html");
    let input = root().join("datasets").join(dataset);
    let out = chargegap().arg("check").arg(input).arg("--json").arg("--html").arg(&page).assert().success();
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["check.html"], "nothing half written stays");
    (serde_json::from_slice(&out.get_output().stdout).unwrap(), fs::read_to_string(page).unwrap())
}

fn number(v: &Value, key: &str) -> u64 {
    v[key].as_u64().unwrap_or_else(|| panic!("{key} in {v}"))
}

fn layer<'a>(json: &'a Value, name: &str) -> &'a Value {
    json["layers"].as_array().unwrap().iter().find(|l| l["layer"] == name).unwrap()
}

fn field<'a>(json: &'a Value, layer: &str, name: &str) -> &'a Value {
    json["fields"].as_array().unwrap().iter().find(|f| f["layer"] == layer && f["field"] == name).unwrap()
}

/// Kilometres with six decimals are millimetres.
fn mm(v: &Value, key: &str) -> u64 {
    (v[key].as_f64().unwrap() * 1e6).round() as u64
}

fn sums_close(json: &Value) {
    for l in json["layers"].as_array().unwrap() {
        assert_eq!(number(l, "read"), number(l, "kept") + number(l, "left_out") + number(l, "refused"), "{l}");
        let by: u64 = l["refused_by"].as_array().unwrap().iter().map(|r| number(r, "count")).sum();
        assert_eq!(by, number(l, "refused"));
    }
    for f in json["fields"].as_array().unwrap() {
        assert!(number(f, "filled") <= number(f, "of"), "{f}");
        let values = f["values"].as_array().unwrap();
        let sum: u64 = values.iter().map(|v| number(v, "count")).sum();
        assert!(values.is_empty() || sum == number(f, "filled"), "{f}");
        assert!(number(f, "of") <= number(layer(json, f["layer"].as_str().unwrap()), "kept"));
    }
    let roads = &json["roads"];
    assert_eq!(mm(roads, "read_km"), mm(roads, "kept_km") + mm(roads, "left_out_km"));
    let sum = |list: &str, key: &str| -> u64 { roads[list].as_array().unwrap().iter().map(|r| mm(r, key)).sum() };
    assert_eq!(sum("classes", "length_km"), mm(roads, "kept_km"));
    assert_eq!(sum("classes", "one_way_km"), mm(roads, "one_way_km"));
    assert_eq!(sum("left_out", "length_km"), mm(roads, "left_out_km"));
    let by_code: u64 = json["issues"].as_array().unwrap().iter().map(|i| number(i, "count")).sum();
    let records: u64 = json["records"].as_array().unwrap().iter().map(|i| number(i, "count")).sum();
    assert_eq!(by_code, records);
}

/// No script, nothing from outside, and the drawing is well-formed.
fn page_is_safe(html: &str) {
    for live in ["<script", "<img", "onerror=alert(3)>", " style=", "href=\"http", "src=\"", "@import", "url(", "\u{202e}"] {
        assert!(!html.contains(live), "{live}");
    }
    assert!(html.contains("Content-Security-Policy") && html.contains("style-src") && !html.contains("unsafe"));
    assert_eq!(html.matches("<i lang=en>").count(), html.matches("<i lang=zh-Hans>").count());
    let drawing = html.find("xmlns=\"http://www.w3.org/2000/svg\"");
    if let Some(start) = drawing.and_then(|at| html[..at].rfind("<svg")) {
        let svg = &html[start..];
        roxmltree::Document::parse(&svg[..svg.find("</svg>").unwrap() + 6]).unwrap();
    }
}

#[test]
fn a_real_extract() {
    let (json, html) = reported("isle-of-man");
    sums_close(&json);
    page_is_safe(&html);
    assert_eq!(json["can_run"], true);
    assert_eq!(json["error"], Value::Null);
    // what OpenStreetMap tags and we leave out
    assert!(number(layer(&json, "roads"), "left_out") > 3000);
    assert!(html.contains("These data can be run.") && html.contains("数据可以运行"));
    assert_eq!(json["inputs"][0]["sha256"].as_str().unwrap().len(), 64);
    assert!(html.contains(&json["inputs"][0]["sha256"].as_str().unwrap()[..12]));
}

#[test]
fn a_region_of_files_twice_is_the_same_page() {
    let (json, html) = reported("chongqing-northeast-synthetic");
    sums_close(&json);
    page_is_safe(&html);
    assert!(html.contains("合成数据 · SYNTHETIC DATA") && html.contains("GS(2024)0650"));
    // nothing is wrong, and the column county_code of the seats is not needed
    let issues: Vec<&Value> = json["issues"].as_array().unwrap().iter().map(|i| &i["code"]).collect();
    assert_eq!(issues, ["unused_column"]);
    // 113 stations, of which 6 only swap and 2 do both
    let kinds = field(&json, "stations", "kind");
    assert_eq!(number(field(&json, "stations", "swap_bays"), "of"), 8);
    assert_eq!(number(field(&json, "stations", "points"), "of"), 113 - 6);
    assert_eq!(kinds["values"][0]["value"], "charging");
    assert_eq!(reported("chongqing-northeast-synthetic").1, html);
}

/// A toy in which something is wrong in every layer.
fn broken() -> Toy {
    let toy = Toy::new();
    let region = fs::read_to_string(toy.path("region.toml")).unwrap().replace("\"Toy\"", &format!("\"{HOSTILE}\""));
    toy.put("region.toml", &region.replace("Made up for tests", "<img src=x onerror=alert(3)>"));
    let no_line = r#"{"type":"Feature","properties":{"id":"r3","class":"local"},"geometry":null}"#.to_owned();
    let odd_class = road("r2", "<img src=x>", "", &[0.0, 0.05]);
    toy.put("roads.geojson", &collection(&[road("r1", "trunk", HOSTILE, &[0.0, 0.1, 0.2]), odd_class, no_line]));
    toy.put("counties.geojson", &collection(&[county("0101", HOSTILE, 0.0, 0.1), county("0102", "East", 0.1, 0.2)]));
    // the doubled id and the power of the second row, the access of the fourth; the third has no position
    let rows = format!(
        "id,name,lon,lat,kind,power_kw,access\n{HOSTILE},One,0.05,0,charging,120,public\n{HOSTILE},Two,0.15,0,swap,many,public\n\
         s3,,0.12,,swap,,\ns4,,99,0,charging,,vip\n"
    );
    toy.put("stations.csv", &rows);
    toy
}

#[test]
fn hostile_names_are_text_and_every_issue_is_told() {
    let toy = broken();
    let out = toy.chargegap(&["check", ".", "--json", "--html", "c.html"]).assert().code(1).get_output().clone();
    let json: Value = serde_json::from_slice(&out.stdout).unwrap();
    let html = fs::read_to_string(toy.path("c.html")).unwrap();
    sums_close(&json);
    page_is_safe(&html);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_eq!(json["can_run"], false);
    assert_eq!(json["error"]["exit_code"], 1);
    assert!(html.contains("These data cannot be run yet.") && html.contains("数据暂不能运行"));
    // of the three warnings on kept stations two are at 0.15, 0 and one at 99, 0, far outside the counties
    let at: Vec<&Value> = json["records"].as_array().unwrap().iter().map(|r| &r["lon_lat"]).filter(|p| !p.is_null()).collect();
    assert_eq!(json["records_with_position"], 3);
    assert_eq!(at.iter().filter(|p| p[0] == 0.15).count(), 2);
    assert!(html.contains("2 issues are on the map") && html.contains("1 more lie outside the map"));
    assert_eq!(html.matches("<circle").count(), 1);
    assert!(html.contains("feature 3, line 4") && html.contains("第 3 个要素，第 4 行"));
    // one gun of the two kept chargers has a power
    assert_eq!(number(field(&json, "stations", "power_kw"), "filled"), 1);
    assert_eq!(number(field(&json, "stations", "power_kw"), "of"), 2);
    // 0.05° of the road that is not mapped, 0.2° of the other (two segments, each rounded)
    assert_eq!(mm(&json["roads"], "left_out_km"), STEP_MM);
    assert!(mm(&json["roads"], "kept_km").abs_diff(4 * STEP_MM) <= 4);
}

#[test]
fn what_cannot_be_read_is_reported_with_the_error_first() {
    let toy = Toy::new();
    toy.put("stations.csv", "PK\u{3}\u{4}");
    let out = toy.chargegap(&["check", ".", "--json", "--html", "c.html"]).assert().code(1).get_output().clone();
    let json: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(json["can_run"], false);
    assert_eq!(json["fields"].as_array().unwrap().len(), 0);
    // roads had been read by then, and every file can be opened
    assert_eq!(number(layer(&json, "roads"), "kept"), 1);
    assert_eq!(json["inputs"].as_array().unwrap().len(), 5);
    let html = fs::read_to_string(toy.path("c.html")).unwrap();
    page_is_safe(&html);
    let (error, layers) = (html.find("Reading stopped at this error").unwrap(), html.find("What was read").unwrap());
    assert!(error < layers && html.contains("Not known: reading stopped before."));

    // a region file that is none: exit code 2, and a page that says so
    toy.put("region.toml", "[criteria]\ndistance_km = [5]\n");
    toy.chargegap(&["check", ".", "--html", "c.html", "--overwrite"]).assert().code(2);
    let html = fs::read_to_string(toy.path("c.html")).unwrap();
    assert!(html.contains("distances_km") && html.contains("Exit code 2."));
}

#[test]
fn a_page_is_written_whole_or_not_at_all() {
    let toy = Toy::new();
    toy.put("c.html", "mine");
    toy.chargegap(&["check", ".", "--html", "c.html"]).assert().code(2);
    assert_eq!(fs::read_to_string(toy.path("c.html")).unwrap(), "mine");
    toy.chargegap(&["check", ".", "--html", "c.html", "--overwrite"]).assert().success();
    assert!(fs::read_to_string(toy.path("c.html")).unwrap().starts_with("<!doctype html>"));
    fs::create_dir(toy.path("folder")).unwrap();
    toy.put("folder/kept", "");
    for (place, code) in [("nowhere/c.html", 3), ("folder", 2)] {
        toy.chargegap(&["check", ".", "--html", place, "--overwrite"]).assert().code(code);
    }
    let partial = |dir: &Path| fs::read_dir(dir).unwrap().any(|e| e.unwrap().file_name().to_string_lossy().contains("partial"));
    assert!(!partial(toy.dir.path()));
}
