//! Pages open in the language that is asked for, and what they lead to opens in it too; nothing else changes by it.

use crate::small_round::SmallRound;
use crate::toy::{REGION, Toy};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The language that a page says it is in, and the one whose button is pressed.
fn opens_in(html: &str) -> [String; 2] {
    let said = html.split_once("<html lang=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let pressed: Vec<&str> =
        html.split("<input class=\"lang\"").skip(1).filter(|i| i.split_once('>').unwrap().0.ends_with(" checked")).collect();
    assert_eq!(pressed.len(), 1, "one button is pressed");
    [said, pressed[0].split_once("id=\"lang-").unwrap().1.split_once('"').unwrap().0.to_owned()]
}

/// Pages of a folder that a page leads to, as the links are read from where it is.
fn led_to(folder: &Path, page: &str) -> Vec<String> {
    let html = fs::read_to_string(folder.join(page)).unwrap();
    // the map's library holds links that it does not use here
    let html = html.split("<script").next().unwrap();
    let links = html.split("href=\"").skip(1).map(|l| l.split_once('"').unwrap().0.replace("&#x2f;", "/"));
    let place = page.rsplit_once('/').map_or("", |(place, _)| place);
    let mut all: Vec<String> = links
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split('#').next().unwrap_or_default().to_owned())
        .map(|l| match l.strip_prefix("../") {
            Some(up) => up.to_owned(),
            None if place.is_empty() => l,
            None => format!("{place}/{l}"),
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Every page that can be come to from one, and that all of them open in a language.
fn all_open_in(folder: &Path, first: &str, want: [&str; 2]) -> Vec<String> {
    let mut pages = vec![first.to_owned()];
    let mut n = 0;
    while n < pages.len() {
        let page = pages[n].clone();
        assert_eq!(opens_in(&fs::read_to_string(folder.join(&page)).unwrap()), want, "{page}");
        for next in led_to(folder, &page) {
            if !pages.contains(&next) {
                pages.push(next);
            }
        }
        n += 1;
    }
    pages.sort();
    pages
}

const ENGLISH: [&str; 2] = ["en", "en"];
const CHINESE: [&str; 2] = ["zh-Hans", "zh"];

/// Names of the files that differ between two folders of the same names; folders inside are not looked into.
fn differ(a: &Path, b: &Path) -> Vec<String> {
    let files = |folder: &Path| -> BTreeMap<String, Vec<u8>> {
        let all = fs::read_dir(folder).unwrap().map(|e| e.unwrap()).filter(|e| e.path().is_file());
        all.map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap())).collect()
    };
    let (a, b) = (files(a), files(b));
    assert!(a.keys().eq(b.keys()));
    a.into_iter().filter(|(name, bytes)| b[name] != *bytes).map(|(name, _)| name).collect()
}

#[test]
fn the_pages_of_a_run_open_in_the_language_asked_for() {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{REGION}\n[[rank.lines]]\nname = \"first\"\nplaces = 1\n"));
    toy.chargegap(&["run", ".", "-o", "en", "-q"]).assert().success();
    toy.chargegap(&["run", ".", "-o", "zh", "-q", "--lang", "zh"]).assert().success();
    // the report leads to the pages of the counties near the line, and to a page a county
    for (folder, want) in [("en", ENGLISH), ("zh", CHINESE)] {
        let pages = all_open_in(&toy.path(folder), "report.html", want);
        assert_eq!(pages, ["counties/0101.html", "counties/0102.html", "line.html", "map.html", "report.html"]);
        toy.chargegap(&["verify", folder]).assert().success();
    }
    assert_eq!(
        differ(&toy.path("en"), &toy.path("zh")),
        [
            "datapackage.json",
            "issue_points.geojson",
            "issues.csv",
            "line.html",
            "manifest.json",
            "map.html",
            "region.gpkg",
            "report.html"
        ]
    );
    let manifest = |folder: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(toy.path(folder).join("manifest.json")).unwrap()).unwrap()
    };
    assert_eq!((manifest("zh")["command"]["lang"].as_str(), manifest("en")["command"].get("lang")), (Some("zh"), None));
    // a ranking made again has its page too
    toy.chargegap(&["rank", "en", "-o", "again", "-q", "--lang", "zh"]).assert().success();
    assert_eq!(all_open_in(&toy.path("again"), "line.html", CHINESE), ["line.html"]);
}

#[test]
fn the_page_of_check_opens_in_the_language_asked_for() {
    let toy = Toy::new();
    for (args, want) in
        [(&["check", ".", "--html", "c.html"][..], ENGLISH), (&["check", ".", "--html", "d.html", "--lang", "zh"], CHINESE)]
    {
        toy.chargegap(args).assert().success();
        assert_eq!(opens_in(&fs::read_to_string(toy.path(args[3])).unwrap()), want);
    }
}

#[test]
fn the_pages_of_a_round_open_in_the_language_asked_for() {
    let round = SmallRound::made(); // in `out`, without --lang
    round.chargegap(&["merge", "round.toml", "--work", "out-work", "-o", "zh", "-q", "--lang", "zh"]).assert().success();
    for (folder, want) in [("out", ENGLISH), ("zh", CHINESE)] {
        // the round, its map and its six counties
        let pages = all_open_in(&round.path(folder), "round.html", want);
        assert_eq!(pages.len(), 8 + usize::from(round.path(folder).join("line.html").is_file()), "{pages:?}");
        round.chargegap(&["verify", folder]).assert().success();
    }
    let changed = differ(&round.out(), &round.path("zh"));
    let holds_messages = |name: &str| ["datapackage.json", "manifest.json", "issues.csv", "round.gpkg"].contains(&name);
    assert!(changed.iter().all(|name| name.ends_with(".html") || holds_messages(name)), "{changed:?}");
    round
        .chargegap(&["diff", "out", "zh", "--report", "why", "--rounds", "round.toml", "round.toml", "--lang", "zh"])
        .assert()
        .success();
    assert_eq!(opens_in(&fs::read_to_string(round.path("why/diff.html")).unwrap()), CHINESE);
}
