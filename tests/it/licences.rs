//! The list of licences that an archive carries is that of the packages which are built into the program now.

use crate::test_support::skipped;
use crate::toy::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What is built in, by name and version: reached from the program by what is no development dependency, on any system.
fn table(metadata: &Value) -> String {
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let packages: BTreeMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|p| (p["id"].as_str().unwrap().to_owned(), p)).collect();
    let nodes: BTreeMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|n| (n["id"].as_str().unwrap().to_owned(), n)).collect();
    let own = metadata["resolve"]["root"].as_str().unwrap().to_owned();
    let (mut reached, mut next) = (BTreeSet::new(), vec![own.clone()]);
    while let Some(id) = next.pop() {
        if reached.insert(id.clone()) {
            let built = |d: &Value| list(&d["dep_kinds"]).iter().any(|k| k["kind"] != "dev");
            next.extend(list(&nodes[&id]["deps"]).iter().filter(|d| built(d)).map(|d| d["pkg"].as_str().unwrap().to_owned()));
        }
    }
    let mut rows: Vec<[String; 4]> = reached
        .iter()
        .filter(|id| **id != own)
        .map(|id| ["name", "version", "license", "repository"].map(|k| packages[id][k].as_str().unwrap_or_default().to_owned()))
        .collect();
    rows.sort();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["package", "version", "licence", "source"]).unwrap();
    rows.iter().for_each(|r| out.write_record(r).unwrap());
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

/// `LICENCES_UPDATE=always` writes the list anew; read the difference before you commit it.
#[test]
fn the_list_of_licences_is_that_of_the_packages_that_are_built_in() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut asked = Command::new(cargo);
    asked.current_dir(root()).args(["metadata", "--locked", "--offline", "--format-version", "1", "--quiet"]);
    let Some(told) = asked.output().ok().filter(|o| o.status.success()) else {
        return skipped("cargo metadata --locked --offline does not answer here");
    };
    let want = table(&serde_json::from_slice(&told.stdout).unwrap());
    let place = root().join("src/archive/licences.csv");
    if std::env::var_os("LICENCES_UPDATE").is_some() {
        std::fs::write(&place, &want).unwrap();
    }
    let missing: Vec<&str> = want.lines().filter(|l| l.contains(",,")).collect();
    assert!(missing.is_empty(), "packages without a licence: {missing:?}");
    assert!(want.lines().count() > 150 && want.contains("\nserde,"), "{want}");
    let is = std::fs::read_to_string(&place).unwrap();
    assert!(is == want, "src/archive/licences.csv is not current: LICENCES_UPDATE=always cargo test --test it licences");
    assert_eq!(chargegap::internals::archive::LICENCES.lines().next(), want.lines().next());
}
