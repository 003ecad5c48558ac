//! What `diff --report` says where two rounds differ in a name alone, and where a fact of a programme lets a county in or keeps it out.

use crate::accepting::{self, accept_all};
use crate::round_causes::{Scene, table};
use crate::round_gates::{PROGRAMME, laid};
use crate::round_scene::said;
use crate::toy::chargegap;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn says(dir: &Path, words: &str) -> String {
    let (exit, out, err) = said(&chargegap().current_dir(dir).args(words.split_whitespace()).output().unwrap());
    assert_eq!(exit, 0, "{words}: {err}");
    out
}

type Rows = BTreeMap<String, BTreeMap<String, String>>;

/// Both rounds made and compared: the causes that differ, the rows, and what is printed.
fn compared(old: &Scene, new: &Scene) -> (Value, Rows, String) {
    let dir = tempfile::tempdir().unwrap();
    for (name, scene) in [("old", old), ("new", new)] {
        scene.write(&dir.path().join(name));
        accepting::round(dir.path(), &format!("{name}/round.toml"), &format!("out-{name}"), &["-q"]);
    }
    let told = says(dir.path(), "diff out-old out-new --report why");
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("why/manifest.json")).unwrap()).unwrap();
    says(dir.path(), "verify why");
    (manifest["causes_that_differ"].clone(), table(&dir.path().join("why/causes.csv"), "county_code"), told)
}

/// 990102, 990103, 990101 in that order, as S1 serves the first county alone; 20 and 30 of 50 pay for two.
const OLD: &str = "code,price\n990101,10\n990102,20\n990103,30\n";

fn scene(table: &'static str, select: &str) -> Scene {
    Scene { table, select: select.to_owned(), ..Scene::default() }
}

#[test]
fn a_cost_column_by_another_name_is_no_cause_and_its_cells_are_one() {
    let (old, new) = ("budget = 50\ncost_column = \"price\"\n", "budget = 50\ncost_column = \"price_2027\"\n");
    // the name alone: told as a setting, and nobody gains or loses
    let (differ, rows, told) = compared(&scene(OLD, old), &scene("code,price_2027\n990101,10\n990102,20\n990103,30\n", new));
    assert_eq!(differ, json!([]), "{told}");
    assert!(told.contains("\"price\" -> \"price_2027\""), "{told}");
    for row in rows.values() {
        assert!(row["selection_cause"].is_empty() && ["kept", "none"].contains(&&*row["funding"]), "{row:?}");
    }
    // a cell too: 20 and 35 are above 50, so that 990103 loses its 30 by what it costs
    let (differ, rows, _) = compared(&scene(OLD, old), &scene("code,price_2027\n990101,10\n990102,20\n990103,35\n", new));
    assert_eq!(differ, json!(["costs"]));
    assert_eq!((&*rows["990103"]["funding"], &*rows["990103"]["selection_cause"]), ("lost", "costs"));
    assert!(rows["990102"]["selection_cause"].is_empty());
    // a rule too: 40 pay for 20 alone, and that is the rule's doing
    let less = new.replace("50", "40");
    let (differ, rows, _) = compared(&scene(OLD, old), &scene("code,price_2027\n990101,10\n990102,20\n990103,30\n", &less));
    assert_eq!(differ, json!(["selection"]));
    assert_eq!((&*rows["990103"]["funding"], &*rows["990103"]["selection_cause"]), ("lost", "selection"));
}

#[test]
fn a_fact_of_a_programme_that_changed_is_named_with_both_values() {
    let r = laid(PROGRAMME);
    // both rounds have inputs of their own
    let make = |out: &str| {
        let text = fs::read_to_string(r.path("round.toml")).unwrap();
        fs::write(r.path(&format!("{out}.toml")), text.split("[[accept]]").next().unwrap_or_default()).unwrap();
        let command = |r: &crate::small_round::SmallRound| {
            r.chargegap(&["round", &format!("{out}.toml"), "-o", out]).output().unwrap().status.code()
        };
        if command(&r) != Some(0) {
            accept_all(&r.path(&format!("{out}-work")), &r.path(&format!("{out}.toml")));
            assert_eq!(command(&r), Some(0));
        }
    };
    make("first");
    // 110103 gets no other money any more, and 110102 gets some; the prefecture of 12 has more cars, and still too few
    r.edit("round.toml", |t| t.replacen("[programme.facts.\"110103\"]\nother_central_funding = true\n", "", 1));
    r.edit("round.toml", |t| {
        let more = "[programme.facts.\"110102\"]\nother_central_funding = true\n[criteria]\n";
        t.replacen("[criteria]\n", more, 1).replacen("prefecture_car_stock = 180000", "prefecture_car_stock = 190000", 1)
    });
    make("second");
    says(r.dir.path(), "diff first second --report why");
    says(r.dir.path(), "verify why");
    let rows = table(&r.path("why/causes.csv"), "county_code");
    for (code, en, zh) in [
        (
            "110103",
            "newly ranked: [programme.facts] other_central_funding: yes -> no",
            "新有名次：[programme.facts] other_central_funding：是 -> 否",
        ),
        (
            "110102",
            "not ranked: [programme.facts] other_central_funding: no -> yes",
            "无名次：[programme.facts] other_central_funding：否 -> 是",
        ),
        (
            "120101",
            "not ranked: [programme.figures] prefecture_car_stock: 180000 -> 190000",
            "无名次：[programme.figures] prefecture_car_stock：180000 -> 190000",
        ),
    ] {
        let row = &rows[code];
        assert!(row["why"].contains(en), "{}", row["why"]);
        assert!(row["why_zh"].contains(zh), "{}", row["why_zh"]);
    }
    assert!(!rows["110101"]["why"].contains("[programme"), "{}", rows["110101"]["why"]);
}
