//! What is set by hand in a round, scenes worked out by hand: it comes out as it was meant, before and after stand in the tables, on the
//! pages, on the terminal and in `diff`, `verify` makes both again, and a record that matches nothing stops the round.

use crate::accepting;
use crate::round_causes::{Scene, causes, table};
use crate::toy::chargegap;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The first two of three can be paid: 990102 and 990103, of 990101, which has the only station.
const RULES: &str = "budget = 9000\ncost = 4500\ncurrency = \"wan\"\n";
pub const SIGNED: &str = "by = \"Li Wei\"\non = \"2026-04-02\"\nreason = \"survey of March\"\n";

pub fn set(county: &str, what: &str) -> String {
    format!("[[override]]\ncounty = \"{county}\"\n{what}\n{SIGNED}")
}

fn scene(records: &str) -> Scene {
    Scene { select: format!("{RULES}{records}"), ..Scene::default() }
}

struct Made {
    dir: tempfile::TempDir,
    said: String,
}

impl Made {
    fn of(scene: &Scene, more: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        scene.write(&dir.path().join("in"));
        let run = accepting::round(dir.path(), "in/round.toml", "out", more);
        let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
        chargegap().current_dir(dir.path()).args(["verify", "out"]).assert().success();
        Self { dir, said }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join("out").join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn manifest(&self) -> Value {
        serde_json::from_str(&self.text("manifest.json")).unwrap()
    }

    /// Rows of `overrides.csv`.
    fn rows(&self) -> Vec<BTreeMap<String, String>> {
        let mut csv = csv::Reader::from_path(self.path("overrides.csv")).unwrap();
        let header = csv.headers().unwrap().clone();
        let row = |r: csv::StringRecord| header.iter().zip(r.iter()).map(|(h, v)| (h.to_owned(), v.to_owned())).collect();
        csv.records().map(|r| row(r.unwrap())).collect()
    }

    fn selected(&self) -> Vec<(String, String)> {
        let rows = table(&self.path("selection.csv"), "county_code");
        rows.into_iter().map(|(code, r)| (code, r["selection"].clone())).collect()
    }
}

fn picked<const N: usize>(row: &BTreeMap<String, String>, columns: [&str; N]) -> [String; N] {
    columns.map(|c| row[c].clone())
}

const MONEY: [&str; 6] = ["record", "county_code", "funded_before", "funded_after", "funding_before", "funding_after"];

#[test]
fn a_county_funded_by_hand_comes_first_and_another_goes_without() {
    let made = Made::of(&scene(&set("990101", "funded = true")), &[]);
    let words = [("990101", "funded_by_hand"), ("990102", "selected"), ("990103", "budget_used")];
    assert_eq!(made.selected(), words.map(|(a, b)| (a.to_owned(), b.to_owned())));
    let rows = made.rows();
    assert_eq!(picked(&rows[0], MONEY), ["override", "990101", "false", "true", "0.0", "4500.0"]);
    assert_eq!(
        picked(&rows[0], ["sets", "decision", "figure_after", "by", "on", "reason"]),
        ["funding", "true", "", "Li Wei", "2026-04-02", "survey of March"]
    );
    assert_eq!(picked(&rows[1], MONEY), ["consequence", "990103", "true", "false", "4500.0", "0.0"]);
    assert_eq!(rows.len(), 2);
    // never silent
    let said = "SET BY HAND: county 990101: funded by hand; with nothing set by hand place 3 with 0.0 points and no money; as it is place 3 with 0.0 points and 4,500 (Li Wei, 2026-04-02): survey of March\n";
    assert!(made.said.contains(said), "{}", made.said);
    assert!(made.said.contains(
        "SET BY HAND: county 990103: is moved by what was set for others; with nothing set by hand place 2 with 100.0 points and 4,500; as it is place 2 with 100.0 points and no money\n"
    ));
    let page = made.text("round.html");
    let zh = "人工决定入选；若无人工设定：第 3 名、0.0 分，无资金；现为：第 3 名、0.0 分，资金 4,500（Li Wei，2026-04-02）：survey of March";
    assert!(page.contains("SET BY HAND") && page.contains(zh), "{page}");
    let county = made.text("counties/990101.html");
    for text in ["Set by hand, and appeals", "人工设定与申诉", "Li Wei", "survey of March", "Funded by hand (Li Wei, 2026-04-02)"]
    {
        assert!(county.contains(text), "{text}");
    }
    assert!(made.text("counties/990103.html").contains("moved by what was set for others"));
    assert!(!made.text("counties/990102.html").contains("Set by hand"));
    let by_hand = &made.manifest()["set_by_hand"];
    assert_eq!((&by_hand["overrides"][0]["county"], &by_hand["overrides"][0]["by"]), (&json!("990101"), &json!("Li Wei")));
    assert_eq!(made.manifest()["selection"]["spent"], 9000.0);
    assert!(made.text("issues.csv").contains("set_by_hand"));
    // and in Chinese
    let zh = Made::of(&scene(&set("990101", "funded = true")), &["--lang", "zh"]);
    assert!(
        zh.said.contains("人工设定：县 990101：人工决定入选；若无人工设定：第 3 名、0.0 分，无资金；现为：第 3 名"),
        "{}",
        zh.said
    );
    assert!(zh.text("issues.csv").contains("人工决定入选（Li Wei，2026-04-02）：survey of March"));
}

#[test]
fn a_value_that_was_corrected_moves_the_score_by_what_it_weighs() {
    // two of five villages of 990101 are in the gap, all of the others': 0.4 stands at 0 of the scale from 0.4 to 1. Set to 1, all three
    // are the same, and the indicator cannot tell them apart; set to 0.7 it stands in the middle
    let made = Made::of(&scene(&set("990101", "indicator = \"people_in_gap_share\"\nvalue = 0.1")), &[]);
    let rows = made.rows();
    assert_eq!(
        picked(&rows[0], ["sets", "indicator", "unit", "figure_before", "figure_after", "decision"]),
        ["indicator", "people_in_gap_share", "share", "0.4", "0.1", ""]
    );
    let why = fs::read_to_string(made.path("why.csv")).unwrap();
    assert!(
        why.lines().any(|l| l.starts_with("990101,people_in_gap_share,0.1")
            || l.contains("990101") && l.contains("people_in_gap_share") && l.contains("0.1")),
        "{why}"
    );
    assert!(
        made.said.contains("people_in_gap_share 40.0 → 10.0 %; with nothing set by hand place 3 with 0.0 points and no money"),
        "{}",
        made.said
    );
    // another county's correction takes it out of the lead: 990102 to 0 of the share, so that 990103 alone has all
    let made = Made::of(&scene(&set("990102", "indicator = \"people_in_gap_share\"\nvalue = 0")), &[]);
    assert_eq!(picked(&made.rows()[0], ["rank_before", "rank_after", "figure_before", "figure_after"]), ["1", "2", "1.0", "0.0"]);
    // `rank` keeps it, and says so
    let again = chargegap().current_dir(made.dir.path()).args(["rank", "out", "-o", "again", "--lang", "zh"]).assert().success();
    drop(again);
    let issues = fs::read_to_string(made.dir.path().join("again/issues.csv")).unwrap();
    assert!(issues.contains("people_in_gap_share 经人工设定为 0"), "{issues}");
    chargegap().current_dir(made.dir.path()).args(["verify", "again"]).assert().success();
}

#[test]
fn a_cost_an_exclusion_and_a_refusal_by_hand() {
    // 990102 costs all there is
    let made = Made::of(&scene(&set("990102", "cost = 9000")), &[]);
    assert_eq!(
        picked(&made.rows()[0], ["sets", "unit", "figure_before", "figure_after", "funding_before", "funding_after"]),
        ["cost", "wan", "4500.0", "9000.0", "4500.0", "9000.0"]
    );
    assert_eq!(picked(&made.rows()[1], MONEY), ["consequence", "990103", "true", "false", "4500.0", "0.0"]);
    // 990102 is not ranked: the two others are funded
    let made = Made::of(&scene(&set("990102", "excluded = true")), &[]);
    assert_eq!(
        picked(&made.rows()[0], ["sets", "rank_before", "rank_after", "funding_before", "funding_after"]),
        ["exclusion", "1", "", "4500.0", "0.0"]
    );
    let why = &table(&made.path("selection.csv"), "county_code")["990102"];
    assert_eq!(
        (&*why["why"], &*why["why_zh"]),
        (
            "not ranked: excluded by hand (Li Wei, 2026-04-02): survey of March",
            "未参与排名：人工排除（Li Wei，2026-04-02）：survey of March"
        )
    );
    // 990102 is ranked first and not funded, and takes nothing
    let made = Made::of(&scene(&set("990102", "funded = false")), &[]);
    let words = [("990101", "selected"), ("990102", "withheld_by_hand"), ("990103", "selected")];
    assert_eq!(made.selected(), words.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(
        picked(&made.rows()[0], ["rank_after", "funding_before", "funding_after", "decision"]),
        ["1", "4500.0", "0.0", "false"]
    );
}

/// Three counties, two of which can be paid for: one is funded by hand and another is not. Each alone, both and none are four states.
#[test]
fn each_record_says_what_it_did_by_itself() {
    let made = Made::of(&scene(&(set("990101", "funded = true") + &set("990102", "funded = false"))), &[]);
    let rows = made.rows();
    let columns = ["county_code", "funded_before", "funded_without", "funded_after", "funding_without", "rank_without"];
    // where 990102 gives its money up, 990101 would have been paid without its record too
    assert_eq!(picked(&rows[0], columns), ["990101", "false", "true", "true", "4500.0", "3"]);
    assert_eq!(picked(&rows[1], columns), ["990102", "true", "true", "false", "4500.0", "1"]);
    assert_eq!(rows.len(), 2); // 990103 is paid in both states
    let said = "without this one place 3 with 0.0 points and 4,500; with nothing set by hand place 3 with 0.0 points and no money; as it is place 3 with 0.0 points and 4,500";
    assert!(made.said.contains(said), "{}", made.said);
    // a value that moves others without touching their money: they are in the table, and counted
    let made = Made::of(&scene(&set("990102", "indicator = \"people_in_gap_share\"\nvalue = 0")), &[]);
    let rows = made.rows();
    let moved: Vec<&String> = rows.iter().filter(|r| r["record"] == "consequence").map(|r| &r["county_code"]).collect();
    assert_eq!(moved, ["990101", "990103"]);
    assert_eq!(picked(&rows[1], ["rank_without", "funded_without"]), ["", ""]);
    let counted = "2 other counties have another place or score through them, and the same money (overrides.csv)";
    assert!(made.said.contains(counted) && made.text("round.html").contains(counted), "{}", made.said);
    assert!(!made.said.contains("SET BY HAND: county 990101"), "{}", made.said);
    let own = made.text("counties/990102.html");
    assert!(own.contains("set by hand") && own.contains("人工设定"));
    assert!(made.text("counties/990101.html").contains("moved by what was set for others"));
}

#[test]
fn appeals_are_listed_with_what_they_led_to() {
    let decided = "decided_by = \"Wang\"\ndecided_on = \"2026-04-20\"\n";
    let appeal = |county: &str, outcome: &str| {
        format!("[[appeal]]\ncounty = \"{county}\"\n{outcome}\n{}{decided}", SIGNED.replace("Li Wei", "Bureau"))
    };
    let records = set("990101", "id = \"7\"\nfunded = true")
        + &appeal("990101", "outcome = \"granted\"\noverride = \"7\"")
        + &appeal("990103", "id = \"A2\"\noutcome = \"rejected\"\noutcome_reason = \"it came late\"");
    let made = Made::of(&scene(&records), &[]);
    let rows = made.rows();
    let columns = ["record", "number", "id", "county_code", "outcome", "led_to", "outcome_reason", "decided_by"];
    assert_eq!(picked(&rows[2], columns), ["appeal", "1", "", "990101", "granted", "7", "", "Wang"]);
    assert_eq!(picked(&rows[3], columns), ["appeal", "2", "A2", "990103", "rejected", "", "it came late", "Wang"]);
    assert!(made.said.contains(": it came late") && made.said.contains("APPEAL: county 990103: appeal of Bureau on 2026-04-02: survey of March; rejected by Wang on 2026-04-20: it came late"), "{}", made.said);
    // appeals alone change nothing
    let only = Made::of(&scene(&appeal("990103", "outcome = \"rejected\"\noutcome_reason = \"it came late\"")), &[]);
    assert_eq!(only.rows().len(), 1);
    assert_eq!(picked(&only.rows()[0], ["funding_before", "funding_after"]), ["4500.0", "4500.0"]);
    let none = Made::of(&scene(""), &[]);
    assert!(!none.path("overrides.csv").exists() && none.manifest()["set_by_hand"].is_null());
    for name in ["selection.csv", "ranking.csv"] {
        assert_eq!(only.text(name), none.text(name), "{name}");
    }
}

#[test]
fn what_was_set_by_hand_is_a_cause_of_its_own_in_diff() {
    let (dir, rows) = causes(&scene(""), &scene(&set("990101", "funded = true")));
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("why/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["causes_that_differ"], json!(["overrides"]));
    assert_eq!(
        picked(&rows["990101"], ["funding", "funding_change_overrides", "selection_cause", "main_cause"]),
        ["gained", "4500.0", "overrides", "overrides"]
    );
    assert_eq!(
        picked(&rows["990103"], ["funding", "funding_change_overrides", "selection_cause"]),
        ["lost", "-4500.0", "overrides"]
    );
    assert!(rows["990103"]["why"].contains("not selected any more, by overrides"), "{}", rows["990103"]["why"]);
    let plain = chargegap().current_dir(dir.path()).args(["diff", "out-old", "out-new"]).assert().success();
    let said = String::from_utf8_lossy(&plain.get_output().stdout).into_owned();
    assert!(said.contains("override.990101.funding: not set -> ") && said.contains("Li Wei"), "{said}");
    // who signed it is no cause
    let other = set("990101", "funded = true").replace("Li Wei", "Wang");
    let (dir, _) = causes(&scene(&set("990101", "funded = true")), &scene(&other));
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("why/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["causes_that_differ"], json!([]));
    // a corrected value moves scores under the name of overrides
    let (_dir, rows) = causes(&scene(""), &scene(&set("990102", "indicator = \"people_in_gap_share\"\nvalue = 0")));
    assert_eq!(crate::round_causes::moving(&rows), ["overrides"]);
}

/// Exit code and what is said; nothing is written.
fn refused(dir: &Path, records: &str, edit: &dyn Fn(String) -> String) -> (i32, String) {
    let place = dir.join("in");
    scene(records).write(&place);
    let file = place.join("round.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, edit(text)).unwrap();
    let run = chargegap().current_dir(dir).args(["round", "in/round.toml", "-q", "-o", "out"]).output().unwrap();
    assert!(!dir.join("out").exists(), "{records}");
    (run.status.code().unwrap(), String::from_utf8_lossy(&run.stderr).into_owned())
}

#[test]
fn a_record_that_matches_nothing_or_cannot_be_stops_the_round() {
    let dir = tempfile::tempdir().unwrap();
    let same = |text: String| text;
    let funded = |code: &str| set(code, "funded = true");
    let paper = |sha: &str| set("990101", &format!("funded = true\ndocument = \"minutes.txt\"\nsha256 = \"{sha}\""));
    fs::create_dir_all(dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/minutes.txt"), "abc").unwrap();
    for (records, exit, said) in [
        (funded("990109"), 2, "the override is of county 990109, and no county with that code takes part in the round"),
        (set("990101", "indicator = \"people\"\nvalue = 1"), 2, "names \"people\", which is not an indicator"),
        (
            set("990101", "indicator = \"people_in_gap_share\"\nvalue = 42"),
            2,
            "people_in_gap_share of county 990101 cannot be 42: it is in share",
        ),
        (set("990101", "indicator = \"longest_dead_stretch_km\"\nvalue = -1"), 2, "cannot be -1"),
        (
            set("990101", "indicator = \"settlements_in_gap_share\"\nvalue = 0.5"),
            2,
            "which this round does not use: its weight is 0",
        ),
        (funded("990101") + &funded("990101"), 2, "county 990101 has two overrides of the same"),
        (
            funded("990101") + &funded("990102") + &funded("990103"),
            2,
            "what is funded by hand costs 13500, and the budget is 9000",
        ),
        (paper(&"0".repeat(64)), 1, "the document minutes.txt has the SHA-256 ba7816bf"),
        (
            format!(
                "[[appeal]]\ncounty = \"1\"\noutcome = \"rejected\"\noutcome_reason = \"x\"\ndecided_by = \"W\"\ndecided_on = \"2026-04-20\"\n{SIGNED}"
            ),
            2,
            "the appeal is of county 1",
        ),
    ] {
        let (code, text) = refused(dir.path(), &records, &same);
        assert!(code == exit && text.contains(said), "{records}: {code} {text}");
    }
    let without = |text: String| text.replace("budget = 9000\ncost = 4500\ncurrency = \"wan\"\n", "");
    let (code, text) = refused(dir.path(), &funded("990101"), &without);
    assert!(code == 2 && text.contains("the round selects nobody"), "{text}");
    let places = |text: String| text.replace("budget = 9000\ncost = 4500\ncurrency = \"wan\"\n", "places = 1\n");
    let (code, text) = refused(dir.path(), &(funded("990101") + &funded("990102")), &places);
    assert!(code == 2 && text.contains("2 counties are funded by hand, and there are 1 places"), "{text}");
    let (code, text) = refused(dir.path(), &set("990101", "cost = 3"), &places);
    assert!(code == 2 && text.contains("and the round has no budget"), "{text}");
    let joint = |text: String| text + "[[rank.joint]]\nname = \"two\"\nlead = \"990102\"\nmembers = [\"990101\"]\n";
    let (code, text) = refused(dir.path(), &funded("990101"), &joint);
    assert!(code == 2 && text.contains("county 990101 applies with 990102 and has no place of its own"), "{text}");
    // "abc" has this SHA-256 (FIPS 180-4), and with it the round is made
    scene(&paper("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")).write(&dir.path().join("in"));
    chargegap().current_dir(dir.path()).args(["round", "in/round.toml", "-q", "-o", "out"]).assert().success();
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("out/manifest.json")).unwrap()).unwrap();
    let document = manifest["inputs"].as_array().unwrap().iter().find(|i| i["role"] == "document").unwrap().clone();
    assert_eq!((&document["path"], &document["bytes"]), (&json!("minutes.txt"), &json!(3)));
    chargegap()
        .current_dir(dir.path())
        .args(["verify", "out", "--recompute", "1", "--round", "in/round.toml"])
        .assert()
        .success();
}

/// Somebody changes a figure before and seals the folder again: it does not follow from the figures.
#[test]
fn verify_makes_both_again() {
    let made = Made::of(&scene(&set("990101", "funded = true")), &[]);
    let text = made.text("overrides.csv");
    for (from, to, want) in [
        (
            ",0.0,4500.0,",
            ",4500.0,4500.0,",
            "funding_before of county 990101 is \"4500.0\", and \"0.0\" follows from the figures",
        ),
        ("survey of March", "survey of May", "reason of county 990101"),
        ("consequence", "override", "record of county 990103"),
    ] {
        fs::write(made.path("overrides.csv"), &text).unwrap();
        let forged = crate::resealed::Forged(made.path(""));
        forged.text("overrides.csv", &|text| text.replacen(from, to, 1));
        let found = forged.verified().faults;
        assert!(found.iter().any(|f| f.contains(want)), "{found:?}");
    }
}

/// An old code in a record is brought up to date like every other; a county that may not be ranked can be funded by hand; in a joint
/// application a cost is of one county.
#[test]
fn records_follow_codes_applications_and_eligibility() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("in");
    let recoded = Scene {
        codes: ["990101", "990102", "990109"],
        more: "crosswalk = \"crosswalk.csv\"",
        ..scene(&set("990103", "funded = false"))
    };
    recoded.write(&place);
    fs::write(place.join("crosswalk.csv"), "old_code,new_code\n990103,990109\n").unwrap();
    chargegap().current_dir(dir.path()).args(["round", "in/round.toml", "-q", "-o", "out"]).assert().success();
    let rows = table(&dir.path().join("out/overrides.csv"), "record");
    assert_eq!(picked(&rows["override"], ["county_code", "funding_before", "funding_after"]), ["990109", "4500.0", "0.0"]);
    chargegap().current_dir(dir.path()).args(["verify", "out"]).assert().success();

    let only = "[rank.eligibility]\nonly = [\"990102\", \"990103\"]\n";
    let made = Made::of(&scene(&format!("{}{only}", set("990101", "funded = true"))), &[]);
    assert_eq!(picked(&made.rows()[0], ["rank_after", "funded_after", "funding_after"]), ["", "true", "4500.0"]);

    // 990101 and 990103 apply together: 4,500 and by hand 1,000, so that 5,500 and 4,500 are more than 9,000, and 5,500 alone is not
    let joint = "[[rank.joint]]\nname = \"two\"\nlead = \"990103\"\nmembers = [\"990101\"]\n";
    let made = Made::of(&scene(&format!("{}{joint}", set("990101", "cost = 1000"))), &[]);
    let rows = table(&made.path("selection.csv"), "county_code");
    assert_eq!(rows["990103"]["cost"], "5500.0");
    assert_eq!(picked(&made.rows()[0], ["county_code", "figure_before", "figure_after"]), ["990101", "4500.0", "1000.0"]);
}
