//! The hostile corpus: every file of `tests/hostile`, each with the outcome that the rules of the program give it.
//!
//! A case replaces one layer of the toy region and says what `check` must answer: the exit code and either words of the
//! message or exactly the issues of that layer. `run` must then answer the same, leave nothing behind when it refuses,
//! and pass `verify` when it does not.

mod content;
mod mutations;
mod pbf;
mod suites;

use crate::toy::{REGION, Toy, contents};
use content::Content;
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

/// No file may keep the program busy for longer, even unoptimised on a loaded machine.
const LONGEST: Duration = Duration::from_secs(20);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// Layer that the cases replace: `roads`, `counties`, `stations`, `settlements`, `candidates`, `osm` or `region`.
    layer: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    /// `"1 words of the message"` or `"0 issue=count issue=count"`; ` | ` between two where the build decides (a decoder's
    /// sums overflow only in a debug build).
    expect: String,
    /// A fault of the program that is not mended yet: the case is named and not run.
    known: Option<String>,
    /// The same as `expect` for `run`, where it refuses what can be read.
    run: Option<String>,
    /// More lines for the layer's table.
    #[serde(default)]
    toml: String,
    /// Files beside it by extension.
    #[serde(default)]
    beside: BTreeMap<String, Content>,
    #[serde(flatten)]
    content: Content,
}

/// What a command answered.
struct Answer {
    code: i32,
    out: String,
    err: String,
}

fn ask(toy: &Toy, args: &[&str]) -> Answer {
    let done = toy.chargegap(args).timeout(LONGEST).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Answer { code: done.status.code().unwrap_or(-1), out: text(&done.stdout), err: text(&done.stderr) }
}

/// The toy region with the case's content in place of the layer.
fn place(layer: &str, case: &Case) -> Toy {
    let toy = Toy::new();
    let bytes = case.content.bytes(layer);
    let file = match layer {
        "region" => "region.toml",
        "osm" => "hostile.osm.pbf",
        "roads" | "counties" => &format!("{layer}.geojson"),
        _ => &format!("{layer}.csv"),
    };
    let mut region = format!("{REGION}[read]\nmax_refused_share = 1.0\n");
    if layer == "osm" {
        region = region.replace("[roads]\npath = \"roads.geojson\"", "[osm]\npath = \"hostile.osm.pbf\"");
    }
    if layer == "candidates" {
        region += "[candidates]\npath = \"candidates.csv\"\n";
    }
    let table = format!("[{layer}]\n");
    toy.put("region.toml", &region.replace(&table, &format!("{table}{}\n", case.toml)));
    toy.put_bytes(file, &bytes);
    for (extension, content) in &case.beside {
        let path = toy.path(file).with_extension(extension);
        toy.put_bytes(path.file_name().unwrap().to_str().unwrap(), &content.bytes(layer));
    }
    toy
}

fn names(folder: &Path) -> BTreeSet<String> {
    contents(folder).into_keys().collect()
}

/// Runs one case; the faults that were found in it and how long the slowest command took.
fn judge(layer: &str, case: &Case) -> (Vec<String>, Duration) {
    let toy = place(layer, case);
    let before = names(toy.dir.path());
    let mut faults = Vec::new();
    let mut slowest = Duration::ZERO;
    let mut timed = |args: &[&str]| {
        let since = Instant::now();
        let answer = ask(&toy, args);
        slowest = slowest.max(since.elapsed());
        answer
    };
    let check = timed(&["check", ".", "--json"]);
    faults.extend(differs("check", layer, &case.expect, &check));
    faults.extend(crate::messages_zh::not_told(&check.out));
    let run = timed(&["run", ".", "-o", "out"]);
    let expected = case.run.as_ref().unwrap_or(&case.expect);
    // Issues of the run itself come on top of those of reading, so only the code is compared where it passes.
    faults.extend(differs("run", "", expected, &run));
    if run.code == 0 {
        let verified = timed(&["verify", "out"]);
        if verified.code != 0 {
            faults.push(format!("verify: {} {} {}", verified.code, verified.out, verified.err));
        }
        std::fs::remove_dir_all(toy.path("out")).unwrap();
    }
    let after = names(toy.dir.path());
    if after != before {
        faults.push(format!("left behind: {:?}", after.difference(&before)));
    }
    (faults, slowest)
}

/// What is wrong with an answer; nothing, if one of the expectations is met.
fn differs(command: &str, layer: &str, expect: &str, got: &Answer) -> Vec<String> {
    let each = expect.split(" | ").map(|one| differs_from(command, layer, one, got));
    each.min_by_key(Vec::len).unwrap_or_default()
}

fn differs_from(command: &str, layer: &str, expect: &str, got: &Answer) -> Vec<String> {
    let (code, rest) = expect.split_once(' ').unwrap_or((expect, ""));
    let mut faults = Vec::new();
    let short: String = got.err.chars().take(600).collect();
    if got.err.contains("panicked at") || got.code < 0 {
        faults.push(format!("{command} ended in a panic or by a signal: {short}"));
    }
    if got.code.to_string() != code {
        faults.push(format!("{command}: exit {} where {code} belongs: {short}", got.code));
    } else if got.code != 0 && !(got.err.contains(rest) && got.err.contains("next:")) {
        faults.push(format!("{command}: no \"{rest}\" or no advice in: {short}"));
    } else if got.code == 0 && !layer.is_empty() {
        let found = issues(layer, &got.out);
        let want: BTreeSet<String> = rest.split_whitespace().map(str::to_owned).collect();
        if found != want {
            faults.push(format!("{command}: issues {found:?} where {want:?} belong"));
        }
    }
    // What a terminal would obey must not reach it.
    let odd =
        |c: char| (c.is_control() && c != '\n' && c != '\r') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if let Some(c) = got.err.chars().chain(got.out.chars()).find(|c| odd(*c)) {
        faults.push(format!("{command} prints {}", c.escape_unicode()));
    }
    faults
}

/// The issues of a layer in the answer of `check --json`, as `code=count`.
fn issues(layer: &str, json: &str) -> BTreeSet<String> {
    let layer = if layer == "osm" { "roads" } else { layer };
    let answer: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let list = answer["issues"].as_array().cloned().unwrap_or_default();
    let one = |i: &serde_json::Value| format!("{}={}", i["code"].as_str().unwrap_or_default(), i["count"]);
    list.iter().filter(|i| i["layer"] == layer).map(one).collect()
}

fn tables() -> Vec<Table> {
    let folder = crate::toy::root().join("tests/hostile");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths.retain(|p| cfg!(feature = "parquet") || !p.ends_with("parquet.toml"));
    let read = |p: &Path| toml::from_str(&std::fs::read_to_string(p).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", p.display()));
    paths.iter().filter(|p| p.extension().is_some_and(|e| e == "toml")).map(|p| read(p)).collect()
}

#[test]
fn every_file_of_the_hostile_corpus_has_the_outcome_that_the_rules_give_it() {
    let tables = tables();
    let only = std::env::var("HOSTILE").unwrap_or_default(); // a part of the name, while one case is looked at
    let all = tables.iter().flat_map(|t| t.cases.iter().map(|c| (t.layer.as_str(), c)));
    let (known, cases): (Vec<(&str, &Case)>, Vec<_>) = all.partition(|(_, c)| c.known.is_some() && only.is_empty());
    for (layer, case) in &known {
        println!("KNOWN FAULT, not run: {layer}/{}: {}", case.name, case.known.as_deref().unwrap_or_default());
    }
    let unique: BTreeSet<_> = cases.iter().map(|(l, c)| (l, &c.name)).collect();
    assert_eq!(unique.len(), cases.len(), "two cases of a layer have one name");
    let results: Vec<_> = cases
        .par_iter()
        .filter(|(_, c)| c.name.contains(&only))
        .map(|(layer, case)| (format!("{layer}/{}", case.name), judge(layer, case)))
        .collect();
    let slowest = results.iter().max_by_key(|r| r.1.1).unwrap();
    println!("{} hostile files; the slowest is {} with {:.2} s", results.len(), slowest.0, slowest.1.1.as_secs_f64());
    let faults: Vec<String> =
        results.iter().flat_map(|(name, (faults, _))| faults.iter().map(move |f| format!("{name}: {f}"))).collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(!only.is_empty() || results.len() >= 200, "the corpus has shrunk to {}", results.len());
}
