//! The list of who applies between two rounds: who came, left and withdrew is told, as a part of the selection; a quota that few
//! applicants leave unused is no changed quota.

use crate::accepting;
use crate::round_causes::{Scene, table};
use crate::round_scene::said;
use crate::small_round::SmallRound;
use crate::toy::chargegap;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn says(dir: &Path, words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    let (exit, out, err) = said(&chargegap().current_dir(dir).args(&words).output().unwrap());
    assert_eq!(exit, 0, "{words:?}: {err}");
    out
}

fn manifest(dir: &Path, out: &str) -> Value {
    serde_json::from_slice(&fs::read(dir.join(out).join("manifest.json")).unwrap()).unwrap()
}

/// Two rounds of the scene on the equator with a register each.
fn registered(select: &str, registers: [&str; 2]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, register) in ["old", "new"].into_iter().zip(registers) {
        let select = format!("{select}[applicants]\npath = \"applicants.csv\"\n");
        Scene { select, ..Scene::default() }.write(&dir.path().join(name));
        fs::write(dir.path().join(name).join("applicants.csv"), register).unwrap();
        accepting::round(dir.path(), &format!("{name}/round.toml"), &format!("out-{name}"), &["-q"]);
    }
    dir
}

/// S1 serves the first county alone: 990102 is first, 990103 second (a tie, by code), 990101 third; 9,000 at 4,500 fund two.
/// Once 990102 has withdrawn the two are 990103 and 990101.
#[test]
fn who_gains_because_another_withdrew_is_told_so() {
    let old = "code,name,withdrawn\n990101,A,\n990102,B,\n990103,C,\n880101,X,yes\n";
    let new = "code,name,withdrawn\n990101,A,\n990102,B,2026-03-01\n990103,C,\n";
    let dir = registered("budget = 9000\ncost = 4500\n", [old, new]);
    let at = dir.path();
    let list = &manifest(at, "out-old")["list"];
    assert_eq!(list["codes"], json!(["990101", "990102", "990103", "880101"]));
    assert_eq!((&list["file"], &list["number"], &list["withdrawn"]), (&json!("applicants.csv"), &json!(4), &json!(["880101"])));
    let plain = says(at, "diff out-old out-new");
    // 880101 had withdrawn before, and nobody misses it
    assert!(plain.contains("list     who applies: 4 rows of applicants.csv -> 3 rows of applicants.csv\n"), "{plain}");
    assert!(plain.contains("list     withdrew: 990102\n") && !plain.contains("left the list"), "{plain}");
    let zh = says(at, "diff out-old out-new --lang zh");
    assert!(zh.contains("名单  申报名单：applicants.csv 中 4 行 -> applicants.csv 中 3 行\n名单  已撤回：990102\n"), "{zh}");
    let json: Value = serde_json::from_str(&says(at, "diff out-old out-new --report why --json")).unwrap();
    assert_eq!(json["list"]["withdrew"], json!(["990102"]));
    assert_eq!((&json["causes"]["list"], &json["causes"]["differ"]), (&json["list"], &json!(["selection"])));
    let rows = table(&at.join("why/causes.csv"), "county_code");
    assert_eq!((rows["990101"]["funding"].as_str(), rows["990101"]["selection_cause"].as_str()), ("gained", "selection"));
    assert!(rows["990101"]["why"].ends_with("the list of who applies: withdrew: 990102"), "{}", rows["990101"]["why"]);
    assert!(rows["990101"]["why_zh"].ends_with("申报名单：已撤回：990102"), "{}", rows["990101"]["why_zh"]);
    assert!(rows["990102"]["why"].contains("not ranked: withdrew"), "{}", rows["990102"]["why"]);
    let again = says(at, "diff out-old out-new --report why --overwrite");
    assert!(again.contains("selection: 2 counties with other funding") && again.contains("    withdrew: 990102\n"), "{again}");
    let page = fs::read_to_string(at.join("why/diff.html")).unwrap();
    assert!(page.contains("withdrew: 990102") && page.contains("已撤回：990102"));
    assert_eq!(manifest(at, "why")["list"]["withdrew"], json!(["990102"]));
    says(at, "verify why");
}

/// 990101 applies with 990102: 13,500 at 4,500 a county fund the two and 990103. The lead withdraws, and 990101 is not funded any more.
#[test]
fn who_loses_because_its_lead_withdrew_is_told_so() {
    let old = "code,name,joint_lead,withdrawn\n990101,A,990102,\n990102,B,,\n990103,C,,\n";
    let new = "code,name,joint_lead,withdrawn\n990101,A,990102,\n990102,B,,2026-03-01\n990103,C,,\n";
    let dir = registered("budget = 13500\ncost = 4500\n", [old, new]);
    let at = dir.path();
    let json: Value = serde_json::from_str(&says(at, "diff out-old out-new --report why --json")).unwrap();
    assert_eq!((&json["causes"]["list"]["withdrew"], &json["causes"]["differ"]), (&json!(["990102"]), &json!(["selection"])));
    let rows = table(&at.join("why/causes.csv"), "county_code");
    for code in ["990101", "990102"] {
        assert_eq!((rows[code]["status"].as_str(), rows[code]["selection_cause"].as_str()), ("out", "selection"), "{code}");
    }
    assert!(rows["990101"]["why"].contains("the list of who applies: withdrew: 990102"), "{}", rows["990101"]["why"]);
}

/// Province 12 has two places; two of it apply, then one: one place stays unused, and the rule is what it was.
#[test]
fn a_quota_that_few_applicants_leave_unused_has_not_changed() {
    let r = SmallRound::laid();
    let at = r.dir.path();
    let head = "code,name\n";
    for (name, codes) in [("a", ["110101", "110102", "120101", "120102"].as_slice()), ("b", &["110101", "110103", "120101"])] {
        let rows: String = codes.iter().map(|c| format!("{c},County {c}\n")).collect();
        fs::write(r.path(&format!("{name}.csv")), format!("{head}{rows}")).unwrap();
        let of =
            crate::small_round::ROUND.replacen("[criteria]\n", &format!("[applicants]\npath = \"{name}.csv\"\n[criteria]\n"), 1);
        fs::write(r.path(&format!("{name}.toml")), of).unwrap();
        accepting::round(at, &format!("{name}.toml"), &format!("out-{name}"), &["-q"]);
    }
    // the ranking's own line is cut to what there is, as it has to be
    assert_eq!(manifest(at, "out-b")["ranking"]["asked"]["lines"][0]["quota"], json!({ "11": 1, "12": 1 }));
    assert_eq!(manifest(at, "out-b")["selection"]["lines"][0]["quota"], json!({ "11": 1, "12": 2 }));
    let json: Value = serde_json::from_str(&says(at, "diff out-a out-b --json")).unwrap();
    let settings = json["settings"].as_array().unwrap();
    assert!(settings.iter().all(|s| !s["key"].as_str().unwrap().contains("quota")), "{settings:?}");
    assert_eq!((&json["list"]["came"], &json["list"]["left"]), (&json!(["110103"]), &json!(["110102", "120102"])));
    // a round of before tells no list and no lines: nothing is said of either, and the quota as written is still the same
    let old = crate::resealed::Forged(r.path("out-a"));
    old.json("manifest.json", &|m| {
        m.as_object_mut().unwrap().remove("list");
        m["selection"].as_object_mut().unwrap().remove("lines");
    });
    old.seal();
    let json: Value = serde_json::from_str(&says(at, "diff out-a out-b --json")).unwrap();
    assert!(json["list"].is_null(), "{}", json["list"]);
    let settings = json["settings"].as_array().unwrap();
    assert!(settings.iter().all(|s| !s["key"].as_str().unwrap().contains("quota")), "{settings:?}");
    // and a folder of this form that tells none is not what a round of this form writes
    let (exit, out, _) = said(&chargegap().current_dir(at).args(["verify", "out-a"]).output().unwrap());
    assert!(exit == 1 && out.contains("list"), "{out}");
    // the quota itself is changed
    r.edit("b.toml", |t| t.replace("\"12\" = 2", "\"12\" = 1"));
    accepting::round(at, "b.toml", "out-c", &["-q"]);
    let text = says(at, "diff out-b out-c");
    assert!(text.contains("select.quotas.12: 2 -> 1") && !text.contains("list     "), "{text}");
}

/// Codes under `[regions]` are a list too; a round of all counties has none.
#[test]
fn a_list_of_codes_is_told_as_well_and_none_is_all_counties() {
    let r = SmallRound::made();
    let at = r.dir.path();
    fs::write(r.path("list.csv"), "code\n110101\n120101\n120102\n").unwrap();
    r.edit("round.toml", |t| t.replacen("[regions]\n", "[regions]\ncounty_list = \"list.csv\"\n", 1));
    accepting::round(at, "round.toml", "two", &["-q"]);
    assert_eq!(manifest(at, "out")["list"], Value::Null);
    let list = manifest(at, "two")["list"].clone();
    assert_eq!((&list["from"], &list["file"], &list["number"]), (&json!("county_list"), &json!("list.csv"), &json!(3)));
    let text = says(at, "diff out two");
    assert!(text.contains("list     who applies: all counties -> 3 rows of list.csv\n"), "{text}");
    r.edit("round.toml", |t| t.replacen("county_list = \"list.csv\"\n", "counties = [\"1101*\"]\n", 1));
    accepting::round(at, "round.toml", "three", &["-q"]);
    let text = says(at, "diff two three");
    assert!(text.contains("3 rows of list.csv -> 1 row of [regions] counties\n"), "{text}");
    assert!(text.contains("came to the list: 1101*\n") && text.contains("left the list: 110101, 120101, 120102\n"), "{text}");
}
