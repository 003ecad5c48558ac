//! Who reads a page in Chinese meets no English word: every page of a run and of a round is read as its style shows it in Chinese, and what
//! is left of Latin words must be a name, a key or code as files have it, or one of a short list.

use crate::accepting::accept_all;
use crate::toy::{chargegap, root};
use chargegap::internals::issue::IssueCode;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Elements whose text is a name from data, a command, or a drawing that stands in both languages.
const APART: [&str; 6] = ["style", "script", "title", "code", "bdi", "svg"];

/// Words that may stand: marks that people write alike, what is typed, names of people and of texts that are cited.
const MAY_STAND: [&str; 43] = [
    "WebGL",
    "km",
    "kW",
    "kWh",
    "N",
    "N-1",
    "V2G",
    "SHA-256",
    "SHA256",
    "CSV",
    "GeoJSON",
    "QGIS",
    "Ctrl",
    "F",
    "Ctrl+F",
    "Sobol",
    "chargegap",
    "verify",
    "OUT",
    "--recompute",
    "N",
    "--round",
    "ROUND.toml",
    "SYNTHETIC",
    "DATA",
    "GB",
    "kWh/100",
    "Argus",
    "ICCT",
    "headroom_kw",
    "fields",
    "min_island_km",
    "join_crossings",
    "=",
    "gaussian",
    "county",
    "e",
    "radius",
    "swap_share",
    // fields of stations and presets, as they are typed
    "availability",
    "opened",
    "expressway_mean",
    "expressway_peak",
];
/// What begins so is a key of region files, or a programme of China.
const KEYS: [&str; 5] = ["demand.", "supply.", "[", "programme.", "cn-"];
/// What ends so is a file.
const FILES: [&str; 8] = [".csv", ".json", ".geojson", ".gpkg", ".svg", ".toml", ".html", ".pdf"];

/// The texts of a page as its style shows them in Chinese.
fn texts(html: &str) -> Vec<String> {
    let (mut texts, mut rest) = (Vec::new(), html);
    while let Some(at) = rest.find('<') {
        texts.push(rest[..at].to_owned());
        let end = rest[at..].find('>').map_or(rest.len(), |e| at + e + 1);
        let tag = &rest[at + 1..end - 1];
        rest = &rest[end..];
        let name = tag.split([' ', '/', '\n']).next().unwrap_or_default();
        if APART.contains(&name) || tag.contains("lang=en") || tag.contains("lang=\"en\"") && name != "html" {
            rest = behind(rest, name);
        }
    }
    texts.push(rest.to_owned());
    texts
}

/// What stands behind the end of an element, elements of its kind in it passed over.
fn behind<'t>(mut rest: &'t str, name: &str) -> &'t str {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut depth = 1;
    while depth > 0 {
        let Some(end) = rest.find(&close) else { return "" };
        depth += rest[..end].match_indices(&open).filter(|(i, _)| rest[i + open.len()..].starts_with([' ', '>'])).count();
        depth -= 1;
        rest = &rest[end + close.len()..];
    }
    rest
}

/// A text without a name, where it is not a part of another word.
fn without(text: &str, name: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        let part = letter(before.chars().last()) || letter(after.chars().next());
        out = out + before + if part { name } else { " " };
        rest = after;
    }
    out + rest
}

/// Latin words of a text that may not stand in it.
fn english(text: &str, names: &BTreeSet<String>, codes: &BTreeSet<&str>) -> Vec<String> {
    let marks =
        [("&#39;", "'"), ("&#x27;", "'"), ("&#x2f;", "/"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    let mut text = marks.iter().fold(text.to_owned(), |text, (mark, c)| text.replace(mark, c));
    if words(&text, codes).is_empty() {
        return Vec::new(); // names need not be looked for
    }
    // the longest of those that begin alike goes first
    for name in names.iter().rev().filter(|n| n.bytes().any(|b| b.is_ascii_alphabetic())) {
        if text.contains(name.as_str()) {
            text = without(&text, name);
        }
    }
    words(&text, codes)
}

fn words(text: &str, codes: &BTreeSet<&str>) -> Vec<String> {
    let bare = |w: &str| w.trim_matches(|c: char| ".:-/'\"+".contains(c)).to_owned();
    let parts = text.split(|c: char| !c.is_ascii_graphic() || ",;()<>".contains(c)).map(|w| (w, bare(w)));
    let may = |(raw, w): &(&str, String)| {
        !w.bytes().any(|b| b.is_ascii_alphabetic())
            || MAY_STAND.contains(raw)
            || MAY_STAND.contains(&w.as_str())
            || KEYS.iter().any(|key| raw.starts_with(key))
            || FILES.iter().any(|file| w.contains(file))
            || codes.contains(w.as_str())
            || (w.len() == 64 && w.bytes().all(|b| b.is_ascii_hexdigit()))
            || w.strip_suffix(|c: char| c.is_ascii_digit()).is_some_and(|n| n.ends_with("e-")) // 5.0e-7
    };
    parts.filter(|p| !may(p)).map(|(_, w)| w).collect()
}

/// Every page of a folder; words that were found, each with the page and the text around it.
fn found(folder: &Path, names: &BTreeSet<String>) -> BTreeSet<String> {
    let codes: BTreeSet<&str> = IssueCode::ALL.iter().map(|c| c.as_str()).collect();
    let mut found = BTreeSet::new();
    let mut pages = 0;
    let folders = [folder.to_owned(), folder.join("counties"), folder.join("applicants")];
    for entry in folders.iter().filter_map(|f| fs::read_dir(f).ok()).flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "html") {
            continue;
        }
        pages += 1;
        for text in texts(&fs::read_to_string(&path).unwrap()) {
            found.extend(english(&text, names, &codes).iter().map(|w| format!("{w} | {}", text.trim())));
        }
    }
    assert!(pages > 6, "{pages} pages in {}", folder.display());
    found
}

/// Names of features and rows, as inputs have them.
fn names_of(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap().flatten().map(|e| e.path()) {
        let kind = entry.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if entry.is_dir() {
            names.extend(names_of(&entry));
        } else if kind == "csv" {
            let mut table = csv::ReaderBuilder::new().flexible(true).from_path(&entry).unwrap();
            let heads = table.headers().unwrap().clone();
            let at: Vec<usize> = (0..heads.len()).filter(|i| ["id", "name"].contains(&&heads[*i])).collect();
            names.extend(table.records().flatten().flat_map(|r| at.iter().map(|i| r[*i].to_owned()).collect::<Vec<_>>()));
        } else if kind == "geojson" {
            let layer: serde_json::Value = serde_json::from_slice(&fs::read(&entry).unwrap()).unwrap();
            let of = |f: &serde_json::Value| ["id", "name"].map(|k| f["properties"][k].as_str().unwrap_or_default().to_owned());
            names.extend(layer["features"].as_array().unwrap().iter().flat_map(of));
        }
    }
    names.into_iter().filter(|n| n.len() > 1).collect()
}

#[test]
fn words_of_a_page_are_told_from_what_may_stand() {
    let page = "<html lang=\"en\"><title>T</title><i lang=en>many <i>x</i> words</i><i lang=zh-Hans>平日，kWh/day</i><td>Y-1 selected<code>x y</code>\
                <dd>trust.csv（[roads] min_island_km）<bdi>Li</bdi> <span>unused_column</span> 5.0e-7 demand.reach_km</dd>";
    let codes = ["unused_column"].into();
    let names = ["Y-1".to_owned()].into();
    let left: Vec<String> = texts(page).iter().flat_map(|t| english(t, &names, &codes)).collect();
    assert_eq!(left, ["kWh/day", "selected"]);
}

#[test]
fn no_page_of_a_run_has_english_words_in_chinese() {
    let data = root().join("datasets/chongqing-northeast-synthetic");
    let dir = tempfile::tempdir().unwrap();
    let region = data.join("region-demand.toml");
    chargegap().current_dir(dir.path()).arg("run").arg(&region).args(["-o", "out", "--lang", "zh", "-q"]).assert().success();
    let mut names = names_of(&data);
    // the number of the map's review, as the region file gives it
    names.insert("GS(2024)0650号, reported for Tianditu's boundaries of 2024; the package itself states none".to_owned());
    let found = found(&dir.path().join("out"), &names);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_page_of_a_round_with_gates_and_overrides_has_english_words_in_chinese() {
    let more = "[programme.values.cn-township-coverage]\nradius = 5\n[demand]\n[[override]]\nid = \"7\"\ncounty = \"110103\"\nfunded = true\nby = \"王芳\"\non = \"2026-01-20\"\n\
                reason = \"会议决定\"\n[[override]]\ncounty = \"110102\"\nindicator = \"longest_dead_stretch_km\"\nvalue = 9\nby = \"王芳\"\non = \"2026-01-20\"\nreason = \"复核\"\n";
    let programme = crate::round_gates::PROGRAMME.replacen("[\"own\"]", "[\"own\", \"cn-township-coverage\"]", 1) + more;
    let r = crate::round_gates::laid(&programme);
    r.edit("round.toml", |t| t.replacen("path = \"applicants.csv\"\n", "path = \"applicants.csv\"\nprogramme = \"own\"\n", 1));
    let make = || r.chargegap(&["round", "round.toml", "-o", "out", "--lang", "zh", "-q"]).output().unwrap();
    make();
    accept_all(&r.path("out-work"), &r.path("round.toml"));
    let out = make();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let mut names = names_of(r.dir.path());
    let own = [
        "own",
        "County",
        "Part",
        "Small round",
        "small",
        "Auditor",
        "Director",
        "made up",
        "cn-township-coverage",
        "settlements_without_station",
        "other_central_funding",
    ];
    names.extend(own.map(str::to_owned));
    let found = found(&r.out(), &names);
    assert!(found.is_empty(), "{found:#?}");
}
