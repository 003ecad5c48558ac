//! Gap lines drawn on fewer points: lengths, ids and ledger stay, and `verify` knows.

use crate::toy::{REGION, Toy, contents, roads};
use chargegap::internals::space::{LonLat, segment_mm};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A road of 40 steps of 0.005° that swings 0.0001° (11 m) to the north and back at every step, and no station near.
///
/// ```text
///   /\/\/\/\/\/\/\/\/\/\/\/\/\/\    20 vertices north, 21 on the equator
/// ```
fn wiggle() -> Vec<[f64; 2]> {
    (0..=40).map(|i| [f64::from(i) * 0.005, f64::from(i % 2) * 0.0001]).collect()
}

fn toy(output: &str) -> Toy {
    let toy = Toy::new();
    let line = serde_json::to_string(&wiggle()).unwrap();
    let road = format!(
        r#"{{"type":"Feature","properties":{{"id":"w","class":"trunk","name":"W"}},"geometry":{{"type":"LineString","coordinates":{line}}}}}"#
    );
    toy.put("roads.geojson", &roads(&[road]));
    // the only station is south of the road's first vertex; within 2 km of that lie 3 steps and a bit
    toy.put("stations.csv", "id,name,lon,lat,kind\ns1,One,0,-0.0001,both\n");
    toy.put("region.toml", &(REGION.to_owned() + output));
    toy
}

fn run(toy: &Toy) -> Vec<Value> {
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let text = std::fs::read_to_string(toy.path("out/gaps.geojson")).unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    let features = whole["features"].as_array().unwrap().iter();
    features.filter(|f| f["properties"]["service"] == "charging" && f["properties"]["criterion"] == "2km").cloned().collect()
}

fn points(f: &Value) -> usize {
    f["geometry"]["coordinates"].as_array().unwrap().len()
}

fn verify(toy: &Toy) -> String {
    let out = toy.chargegap(&["verify", "out"]).assert().success();
    String::from_utf8_lossy(&out.get_output().stdout).into_owned()
}

#[test]
fn a_wiggle_below_the_tolerance_is_two_points_and_as_long_as_before() {
    let at = |i: usize| LonLat::new(wiggle()[i][0], wiggle()[i][1]).unwrap();
    let mm = |steps: std::ops::Range<usize>| steps.map(|i| u64::from(segment_mm(at(i), at(i + 1)))).sum::<u64>();
    let (full, thin) = (toy(""), toy("[output]\nsimplify_m = 12\n"));
    let (every, few) = (run(&full), run(&thin));
    // West of the border at step 20 the road is uncovered but for 2 km, east of it wholly ⇒ one stretch in each county.
    let want: Vec<f64> = [mm(20..40), mm(0..20) - 2_000_000].map(|mm| mm as f64 / 1e6).into();
    let lengths = |list: &[Value]| {
        let mut all: Vec<f64> = list.iter().map(|f| f["properties"]["length_km"].as_f64().unwrap()).collect();
        all.sort_by(|a, b| b.total_cmp(a));
        all
    };
    assert_eq!((lengths(&every), lengths(&few)), (want.clone(), want));
    // The swing of 11.06 m is under 12 m ⇒ only ends are left. Drawn in full: 20 steps are 21 points; 2 km end in the
    // fourth step of 557 m ⇒ the cut and the vertices 4 to 20, 18 points.
    assert_eq!(few.iter().map(points).collect::<Vec<_>>(), [2, 2]);
    let mut counts: Vec<usize> = every.iter().map(points).collect();
    counts.sort_unstable();
    assert_eq!(counts, [18, 21]);
    // Ends, ids and every other figure are the same; only lines, what tells of them, and the manifest differ.
    for (a, b) in every.iter().zip(&few) {
        assert_eq!((&a["id"], &a["properties"]), (&b["id"], &b["properties"]));
        let ends = |f: &Value| (f["geometry"]["coordinates"][0].clone(), f["geometry"]["coordinates"][points(f) - 1].clone());
        assert_eq!(ends(a), ends(b));
    }
    let (a, b) = (contents(&full.path("out")), contents(&thin.path("out")));
    let differ: Vec<&str> = a.keys().filter(|k| a[*k] != b[*k]).map(String::as_str).collect();
    assert_eq!(
        differ,
        ["coverage.fgb", "datapackage.json", "dictionary.csv", "gaps.geojson", "manifest.json", "region.gpkg", "report.html"]
    );
    assert!(verify(&thin).contains("simplified to 12 m") && !verify(&full).contains("simplified"));
}

#[test]
fn a_swing_above_the_tolerance_stays() {
    // A segment over three steps has one end north; the vertices between are 2/3 of 11.06 m off, over any other number more.
    // From the cut (0.41 of a step before vertex 4, so 4.5 m north) to vertex 5 vertex 4 is 11.06 − 0.71 × 6.5 ≈ 6.4 m off.
    // All are more than 5 m ⇒ nothing may go.
    let counts: Vec<usize> = run(&toy("[output]\nsimplify_m = 5\n")).iter().map(points).collect();
    assert_eq!(counts.iter().sum::<usize>(), 18 + 21);
}

#[test]
fn verify_finds_a_simplified_line_that_is_too_long() {
    let toy = toy("[output]\nsimplify_m = 12\n");
    run(&toy);
    // One end of a stretch is moved 0.01° north and both fingerprints are made anew, as one would who wants to deceive.
    let gaps = std::fs::read_to_string(toy.path("out/gaps.geojson")).unwrap();
    let forged = gaps.replacen("[0.200000,0.000000]", "[0.200000,0.010000]", 1);
    assert_ne!(gaps, forged);
    let print = |text: &str| Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let manifest = std::fs::read_to_string(toy.path("out/manifest.json")).unwrap().replace(&print(&gaps), &print(&forged));
    let own = serde_json::from_str::<Value>(&manifest).unwrap()["manifest_sha256"].as_str().unwrap().to_owned();
    let blank = manifest.replacen(&own, &"0".repeat(64), 1);
    std::fs::write(toy.path("out/gaps.geojson"), &forged).unwrap();
    std::fs::write(toy.path("out/manifest.json"), blank.replacen(&"0".repeat(64), &print(&blank), 1)).unwrap();
    let out = toy.chargegap(&["verify", "out"]).assert().code(1);
    let text = String::from_utf8_lossy(&out.get_output().stdout).into_owned();
    assert!(text.contains("is longer than its length_km") && !text.contains("fingerprint does not match"), "{text}");
}
