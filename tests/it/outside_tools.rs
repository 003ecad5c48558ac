//! What others see: GDAL reads every layer, the system sees no socket and no failure half done.
//!
//! Each test says that it is skipped where the tool is not installed.

use crate::skips::tool;
use crate::small_round::SmallRound;
use crate::toy::{Toy, contents};
use std::process::Command;

fn finished(toy: &Toy) {
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
}

#[test]
fn gdal_reads_every_layer_with_one_type_a_column() {
    if !tool("ogrinfo", "--version") {
        return;
    }
    let toy = Toy::new();
    finished(&toy);
    let dictionary: Vec<Vec<String>> = csv::Reader::from_path(toy.path("out/dictionary.csv"))
        .unwrap()
        .records()
        .map(|r| r.unwrap().iter().map(str::to_owned).collect())
        .collect();
    for (layer, geometry, count) in
        [("counties", "Multi Polygon", 2), ("gaps", "Line String", 6), ("stations", "Point", 2), ("settlements", "Point", 2)]
    {
        let file = format!("{layer}.geojson");
        let out = Command::new("ogrinfo").args(["-al", "-so"]).arg(toy.path("out").join(&file)).output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success() && out.stderr.is_empty(), "{layer}: {}", String::from_utf8_lossy(&out.stderr));
        assert!(text.contains(&format!("Geometry: {geometry}")), "{layer}: {text}");
        assert!(text.contains(&format!("Feature Count: {count}")), "{layer}: {text}");
        for row in dictionary.iter().filter(|r| r[0] == file) {
            let line = text
                .lines()
                .find(|l| l.starts_with(&format!("{}: ", row[1])))
                .unwrap_or_else(|| panic!("{layer} lacks {}", row[1]));
            let want = match row[3].as_str() {
                "integer" => "Integer",
                "real" => "Real",
                "boolean" => "Integer(Boolean)",
                _ => "String",
            };
            // a column without any value has no type for GDAL and becomes text
            assert!(
                line.contains(want) || line.contains("String") && !row[7].is_empty(),
                "{layer}: {line}, the dictionary says {want}"
            );
        }
    }
}

#[test]
fn gdal_reads_every_layer_of_a_round() {
    if !tool("ogrinfo", "--version") {
        return;
    }
    let round = SmallRound::made();
    let out = Command::new("ogrinfo").args(["-al", "-so"]).arg(round.path("out/round.gpkg")).output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success() && out.stderr.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
    let of = |layer: &str| text.split_once(&format!("Layer name: {layer}\n")).unwrap().1.split("Layer name: ").next().unwrap();
    // six counties; ten stations a province; every county in the selection
    for (layer, geometry, count) in [
        ("counties", "Multi Polygon", Some(6)),
        ("gaps", "Line String", None),
        ("stations", "Point", Some(20)),
        ("settlements", "Point", None),
        ("selection", "None", Some(6)),
    ] {
        let said = of(layer);
        assert!(said.contains(&format!("Geometry: {geometry}")), "{said}");
        let counted = count.map_or_else(|| "Feature Count: ".to_owned(), |n| format!("Feature Count: {n}\n"));
        assert!(said.contains(&counted) && !said.contains("Feature Count: 0"), "{said}");
        assert!(geometry == "None" || said.contains("EPSG\",4326"), "{said}");
    }
    assert!(of("counties").contains("selected: Integer(Boolean)") && of("counties").contains("score_0_100: Real"), "{text}");
}

#[test]
fn a_run_opens_no_socket() {
    if !tool("strace", "-V") {
        return;
    }
    let toy = Toy::new();
    let trace = toy.path("trace");
    let status = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=%network", "-o"])
        .arg(&trace)
        .arg(assert_cmd::cargo::cargo_bin("chargegap"))
        .args(["run", ".", "-o", "out", "-q"])
        .current_dir(toy.dir.path())
        .status()
        .unwrap();
    assert!(status.success());
    let calls = std::fs::read_to_string(trace).unwrap();
    assert!(!calls.lines().any(|l| l.contains("socket(") || l.contains("connect(")), "{calls}");
}

#[test]
fn a_failing_disk_leaves_the_old_folder_and_nothing_else() {
    if !tool("strace", "-V") {
        return;
    }
    let toy = Toy::new();
    finished(&toy);
    let before = contents(&toy.path("out"));
    for fault in ["write:error=ENOSPC", "fsync:error=EIO", "renameat2:error=EXDEV", "mkdir:error=EROFS"] {
        let mut failures = 0;
        for n in 1..100 {
            let out = Command::new("strace")
                .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("inject={fault}:when={n}+")])
                .arg(assert_cmd::cargo::cargo_bin("chargegap"))
                .args(["run", ".", "-o", "out", "-q", "--overwrite"])
                .current_dir(toy.dir.path())
                .output()
                .unwrap();
            assert!(contents(&toy.path("out")) == before, "{fault} {n}");
            let left: Vec<_> = std::fs::read_dir(toy.dir.path())
                .unwrap()
                .map(|e| e.unwrap().file_name())
                .filter(|f| f.to_string_lossy().starts_with('.'))
                .collect();
            assert!(left.is_empty(), "{fault} {n}: {left:?}");
            if out.status.success() {
                break; // there is no nth call any more
            }
            assert_eq!(out.status.code(), Some(3), "{fault} {n}: {}", String::from_utf8_lossy(&out.stderr));
            failures += 1;
        }
        assert!(failures > 0, "{fault} was never met");
        println!("{fault}: {failures} places, each exit 3 with the old folder whole");
    }
}
