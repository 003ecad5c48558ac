//! R07: the same input gives the same bytes, on any number of threads and in any order of features.

use crate::toy::{Toy, collection, contents, county, road, root};
use std::collections::BTreeMap;

fn run(input: &str, threads: &str, dir: &tempfile::TempDir) -> BTreeMap<String, Vec<u8>> {
    let out = dir.path().join(threads);
    let mut cmd = crate::toy::chargegap();
    cmd.args(["run", input, "-q", "--threads", threads, "-o"]).arg(&out).assert().success();
    contents(&out)
}

#[test]
fn isle_of_man_at_one_two_three_and_eight_threads() {
    let input = root().join("datasets/isle-of-man");
    let dir = tempfile::tempdir().unwrap();
    let one = run(input.to_str().unwrap(), "1", &dir);
    for threads in ["2", "3", "8"] {
        let other = run(input.to_str().unwrap(), threads, &dir);
        for (name, bytes) in &one {
            assert!(other[name] == *bytes, "{name} differs at {threads} threads");
        }
        assert_eq!(other.len(), one.len());
    }
}

#[test]
fn order_of_features_changes_no_figure() {
    let toy = Toy::new();
    let parts = [
        road("r1", "trunk", "T1", &[0.0, 0.05, 0.1]),
        road("r2", "trunk", "T1", &[0.1, 0.15]),
        road("r3", "local", "", &[0.15, 0.17, 0.2]),
    ];
    let shapes = [county("0101", "West", 0.0, 0.1), county("0102", "East", 0.1, 0.2)];
    let tables = |name: &str, order: [usize; 3]| {
        toy.put("roads.geojson", &collection(&order.map(|i| parts[i].clone())));
        toy.put(
            "counties.geojson",
            &collection(&if order[0] == 0 { shapes.clone() } else { [shapes[1].clone(), shapes[0].clone()] }),
        );
        toy.chargegap(&["run", ".", "-q", "-o", name]).assert().success();
        let mut files = contents(&toy.path(name));
        files.retain(|n, _| {
            [
                "ledger.csv",
                "ranking.csv",
                "counterfactuals.csv",
                "equity.csv",
                "lorenz.csv",
                "trust.csv",
                "why.csv",
                "lines.csv",
                "sensitivity.csv",
                "gaps.geojson",
                "settlements.geojson",
                "counties.geojson",
            ]
            .contains(&n.as_str())
        });
        files
    };
    let first = tables("a", [0, 1, 2]);
    for (name, order) in [("b", [2, 1, 0]), ("c", [1, 2, 0])] {
        for (file, bytes) in tables(name, order) {
            assert!(first[&file] == bytes, "{file} differs in order {order:?}");
        }
    }
}

#[test]
fn surroundings_do_not_matter() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-q", "-o", "a"]).assert().success();
    toy.chargegap(&["run", ".", "-q", "-o", "b"])
        .env("LC_ALL", "zh_CN.GB18030")
        .env("TZ", "Asia/Shanghai")
        .env_remove("HOME")
        .assert()
        .success();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut cmd = crate::toy::chargegap();
    cmd.current_dir(elsewhere.path()).args(["run", "-q", "-o", "c"]).arg(toy.path("region.toml")).assert().success();
    let (a, b, c) = (contents(&toy.path("a")), contents(&toy.path("b")), contents(&elsewhere.path().join("c")));
    assert!(a == b);
    for (name, bytes) in &a {
        // the manifest names the input as it was typed: "." and "region.toml"
        assert!(name == "manifest.json" || c[name] == *bytes, "{name}");
    }
}
