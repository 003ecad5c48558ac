//! R09: killed at any instant, the folder is the old one or the new one, whole; and the next run mends what is left.

use crate::toy::{Toy, collection, contents, road};
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn start(toy: &Toy) -> std::process::Child {
    Command::new(assert_cmd::cargo::cargo_bin("chargegap"))
        .current_dir(toy.dir.path())
        .args(["run", ".", "-q", "-o", "out", "--overwrite"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_at_forty_instants_old_or_new_but_whole() {
    let toy = Toy::new();
    // Enough road that writing takes a while: 4,000 short roads that hang on the trunk's vertices.
    let mut parts = vec![road("r1", "trunk", "T1", &(0..=400).map(|i| f64::from(i) * 0.0005).collect::<Vec<_>>())];
    parts.extend((0..4000).map(|i| {
        let x = f64::from(i % 400) * 0.0005;
        let y = 0.0005 + f64::from(i / 400) * 0.0004;
        format!(r#"{{"type":"Feature","properties":{{"id":"b{i}","class":"local","name":"B{i}"}},"geometry":{{"type":"LineString","coordinates":[[{x},0],[{x},{y}]]}}}}"#)
    }));
    toy.put("roads.geojson", &collection(&parts));
    let since = Instant::now();
    assert!(start(&toy).wait().unwrap().success());
    let whole = since.elapsed();
    let old = contents(&toy.path("out"));
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &region.replace("headline_km = 2", "headline_km = 10"));
    let other = Toy::new();
    for name in ["region.toml", "roads.geojson"] {
        fs::copy(toy.path(name), other.path(name)).unwrap();
    }
    assert!(start(&other).wait().unwrap().success());
    let new = contents(&other.path("out"));
    assert!(old != new);

    let mut seen_new = false;
    for i in 0..40u32 {
        let mut child = start(&toy);
        std::thread::sleep(whole * i / 40 + Duration::from_micros(u64::from(i) * 37));
        let _ = child.kill();
        child.wait().unwrap();
        let now = contents(&toy.path("out"));
        assert!(now == old || now == new, "instant {i}: a mixed folder");
        seen_new |= now == new;
        toy.chargegap(&["verify", "out"]).assert().success();
    }
    // The next run sweeps what the killed ones left, and gives the same bytes as one that was never killed.
    assert!(start(&toy).wait().unwrap().success());
    assert!(contents(&toy.path("out")) == new);
    let left: Vec<String> = fs::read_dir(toy.dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|n| n.starts_with('.'))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    println!("a kill came after the rename at least once: {seen_new}");
}
