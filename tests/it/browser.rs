//! Pages in a real browser: Debian's Chromium, driven by the scripts of `tests/browser`, opens them from `file://`. Their modules lie where
//! `CHARGEGAP_BROWSER` says, or in the cache of the user, where `.ci/run` puts them.

use crate::skips::tool;
use crate::small_round::SmallRound;
use crate::test_support::skipped;
use crate::toy::{Toy, collection, county, road, root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with the modules; where it or a program is missing the test is skipped.
fn modules() -> Option<PathBuf> {
    if !tool("node", "--version") || !tool("chromium", "--version") {
        return None;
    }
    let cache = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/chargegap-browser"));
    let folder = std::env::var_os("CHARGEGAP_BROWSER").map(PathBuf::from).or_else(cache)?;
    if !folder.join("node_modules/playwright-core").is_dir() {
        skipped(&format!("{} has no node_modules: copy tests/browser/package*.json there and run npm ci", folder.display()));
        return None;
    }
    Some(folder)
}

/// Runs a script of `tests/browser` and fails with what it says.
fn browse(script: &str, args: &[&Path]) {
    let Some(modules) = modules() else { return };
    let mut node = Command::new("node");
    node.arg(root().join("tests/browser").join(script)).args(args).env("CHARGEGAP_BROWSER", modules);
    let done = node.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains(" passed, 0 failed"), "{said}\n{}", String::from_utf8_lossy(&done.stderr));
}

/// A region whose every name is an attack, with a plan, so that all layers of the map are there.
fn hostile() -> Toy {
    let toy = Toy::new();
    let bad = "</script><script>window.ran=1;alert(1)</script><img src=x onerror=window.ran=1>";
    let json = serde_json::to_string(bad).unwrap();
    let inner = &json[1..json.len() - 1];
    toy.put("roads.geojson", &collection(&[road("r1", "trunk", inner, &[0.0, 0.05, 0.1, 0.15, 0.2])]));
    toy.put("counties.geojson", &collection(&[county("1", inner, -0.01, 0.1), county("2\\\"><i>", inner, 0.1, 0.21)]));
    let quoted = format!("\"{}\"", bad.replace('"', "\"\""));
    toy.put(
        "stations.csv",
        &format!("id,name,lon,lat,kind,points,power_kw,access,status,operator\n{quoted},{quoted},0.05,0.0001,both,4,120,public,open,{quoted}\n"),
    );
    toy.put("settlements.csv", &format!("id,name,name_zh,lon,lat,population\n{quoted},{quoted},{quoted},0.18,0.0001,100\n"));
    let region = crate::toy::REGION.replace("\"Made up for tests\"", &json).replace("\"Toy\"", &json);
    toy.put("region.toml", &format!("{region}\n[plan]\nsites = 1\n"));
    toy
}

#[test]
fn pages_of_a_run_open_and_run_no_script_of_a_name() {
    let toy = hostile();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["check", ".", "--html", "check.html", "-q"]).assert().success();
    let mut pages: Vec<PathBuf> = ["out/map.html", "out/report.html", "check.html"].map(|p| toy.path(p)).to_vec();
    pages.extend(std::fs::read_dir(toy.path("out/counties")).unwrap().map(|e| e.unwrap().path()));
    browse("pages.mjs", &pages.iter().map(PathBuf::as_path).collect::<Vec<_>>());
}

#[test]
fn pages_of_a_round_open() {
    let small = SmallRound::made();
    let county = small.out().join("counties/110101.html");
    let pages = [small.out().join("round.html"), small.out().join("map.html"), county];
    browse("pages.mjs", &pages.iter().map(PathBuf::as_path).collect::<Vec<_>>());
}

#[test]
fn the_map_is_used_by_mouse_and_by_keyboard() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    browse("map.mjs", &[&toy.path("out")]);
}
