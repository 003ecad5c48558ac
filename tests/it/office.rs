//! What offices go on working with: the draft for Word in both languages, and pages on paper by a real Chromium.

use crate::skips::tool;
use crate::toy::{self, Toy, county};
use std::fs;
use std::io::{Cursor, Read};
use std::process::Command;

/// Two counties with a plan, and a name that would break out of XML.
fn made() -> Toy {
    let toy = Toy::new();
    toy.put(
        "counties.geojson",
        &toy::counties(&[county("533122", "West <b>&\\\"", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]),
    );
    let demand = "[demand]\n[plan]\nsites = 1\nsite_cost = 1500000\n";
    toy.put("region.toml", &format!("{}{demand}", toy::REGION));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy
}

/// The parts of a document, by name.
fn part(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The texts of a document in their order.
fn texts(document: &str) -> Vec<String> {
    let runs = document.split("<w:t").skip(1).filter(|t| t.starts_with([' ', '>']));
    let inner = runs.filter_map(|t| t.split_once('>')?.1.split_once("</w:t>"));
    inner.map(|(t, _)| t.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")).collect()
}

#[test]
fn the_draft_has_the_chapters_of_a_county_plan_and_the_figures_of_the_tables() {
    let toy = made();
    toy.chargegap(&["report", "out", "--docx", "a.docx", "-q"]).assert().success();
    toy.chargegap(&["report", "out", "--docx", "b.docx", "-q"]).assert().success();
    toy.chargegap(&["report", "out", "--docx", "b.docx", "-q"]).assert().code(2); // it stands there
    toy.chargegap(&["report", "out", "--docx", "zh.docx", "-q", "--lang", "zh"]).assert().success();
    let [a, b, zh] = ["a.docx", "b.docx", "zh.docx"].map(|f| fs::read(toy.path(f)).unwrap());
    assert!(a == b, "two drafts of one folder differ");
    let (said, said_zh) = (texts(&part(&a, "word/document.xml")), texts(&part(&zh, "word/document.xml")));
    for (said, chapters) in [
        (
            &said,
            [
                "1　Present state",
                "2　What is missing",
                "3　What is asked for",
                "4　Where to build",
                "5　What it costs and earns",
                "6　Data and method",
            ],
        ),
        (&said_zh, ["1　现状与基础", "2　存在问题", "3　需求预测", "4　布局与建设方案", "5　投资与效益", "6　数据与方法"]),
    ] {
        let places: Vec<usize> =
            chapters.iter().map(|c| said.iter().position(|t| t == c).unwrap_or_else(|| panic!("{c}: {said:?}"))).collect();
        assert!(places.is_sorted(), "{places:?}");
    }
    // headings and captions are styles of Word's own
    let document = part(&a, "word/document.xml");
    assert_eq!(document.matches("w:pStyle w:val=\"Heading1\"").count(), 6);
    let tables = document.matches("<w:tbl>").count();
    assert!(tables >= 7 && document.matches("w:pStyle w:val=\"Caption\"").count() >= tables, "{tables}");
    // no sentence lost a word, and none is left in braces
    for t in said.iter().chain(&said_zh) {
        assert!(!t.contains(['{', '}']) && !t.contains("  "), "{t}");
    }
    assert!(said.iter().any(|t| t == "West <b>&\""), "{said:?}");
    // the gap of a county is that of the ledger
    let mut ledger = csv::Reader::from_path(toy.path("out/ledger.csv")).unwrap();
    let rows: Vec<std::collections::BTreeMap<String, String>> = ledger.deserialize().map(Result::unwrap).collect();
    let ranking = fs::read_to_string(toy.path("out/ranking.csv")).unwrap();
    let head: Vec<&str> = ranking.lines().next().unwrap().split(',').collect();
    let km = ranking.lines().nth(1).unwrap().split(',').nth(head.iter().position(|h| *h == "headline_km").unwrap()).unwrap();
    let own = |r: &&std::collections::BTreeMap<String, String>| {
        r["county_code"] == "533123" && r["service"] == "charging" && r["is_total"] == "true" && r["limit_km"] == km
    };
    let gap: f64 = rows.iter().find(own).unwrap()["gap_km"].parse().unwrap();
    let east = said.iter().rposition(|t| t == "East").unwrap();
    let cells = |from: usize| said[from..(from + 4).min(said.len())].to_vec();
    let all: Vec<Vec<String>> = said.iter().enumerate().filter(|(_, t)| *t == "East").map(|(i, _)| cells(i)).collect();
    assert!(all.iter().any(|row| row.get(2) == Some(&format!("{gap:.1}"))), "{gap} {all:?} {east}");
    // the site of the plan is there with its cost
    assert!(said.iter().any(|t| t == "The planned sites cost 1,500,000 together."), "{said:?}");
}

#[test]
fn a_folder_that_is_no_run_has_no_draft() {
    let toy = made();
    let mut heavier = toy.chargegap(&["rank", "out", "-o", "ranked", "-q"]);
    heavier.assert().success();
    let refused = toy.chargegap(&["report", "ranked", "--docx", "a.docx"]).assert().code(1);
    let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(said.contains("to report on") && !toy.path("a.docx").exists(), "{said}");
    let nothing = toy.chargegap(&["report", "out"]).assert().code(2);
    assert!(String::from_utf8_lossy(&nothing.get_output().stderr).contains("nothing is asked for"));
}

#[test]
fn the_first_page_is_printed_on_a4_in_the_language_that_is_asked_for() {
    let toy = made();
    let none = toy.chargegap(&["report", "out", "--pdf", "a.pdf", "--chromium", "/no/such/chromium"]).assert().code(2);
    assert!(String::from_utf8_lossy(&none.get_output().stderr).contains("there is no such program"));
    if !tool("chromium", "--version") {
        return;
    }
    toy.chargegap(&["report", "out", "--pdf", "a.pdf", "-q"]).assert().success();
    toy.chargegap(&["report", "out", "--pdf", "zh.pdf", "-q", "--lang", "zh"]).assert().success();
    for file in ["a.pdf", "zh.pdf"] {
        let bytes = fs::read(toy.path(file)).unwrap();
        assert!(bytes.starts_with(b"%PDF") && bytes.len() > 20_000, "{file}");
        // A4 across for the map, upright for the rest, in points
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let boxes: Vec<&str> = text.split("/MediaBox [").skip(1).filter_map(|t| t.split(']').next()).collect();
        assert!(boxes.len() > 2, "{file}: {boxes:?}");
        let sides =
            |b: &&str| -> Vec<i64> { b.split_whitespace().skip(2).map(|n| n.parse::<f64>().unwrap().round() as i64).collect() };
        assert!(boxes.iter().all(|b| matches!(sides(b)[..], [595 | 596, 842] | [842, 595 | 596])), "{file}: {boxes:?}");
    }
    if tool("pdftotext", "-v") {
        let read = |file: &str| {
            let done = Command::new("pdftotext").args(["-layout", file, "-"]).current_dir(toy.dir.path()).output().unwrap();
            String::from_utf8_lossy(&done.stdout).into_owned()
        };
        let (en, zh) = (read("a.pdf"), read("zh.pdf"));
        assert!(en.contains("Ranking of counties") && !en.contains("各县排名") && zh.contains("各县"), "{en}");
        assert!(en.contains("1 / "), "pages have no numbers: {en}");
    }
}
