//! `chargegap programme` as users run it.

use crate::toy::{Toy, chargegap};
use std::fs;

fn answer(toy: &Toy, args: &[&str]) -> (i32, String, String) {
    let done = toy.chargegap(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn programmes_are_listed_and_shown_with_sources_in_both_languages() {
    let toy = Toy::new();
    let (code, list, _) = answer(&toy, &["programme"]);
    assert_eq!((code, list.lines().count()), (0, 14), "{list}");
    let (_, one, _) = answer(&toy, &["programme", "cn-county-pilot-2024"]);
    for part in ["200,000 vehicles", "S20", "附件3", "45,000,000 yuan", "not published", "0.5 %", "our arithmetic or our reading"]
    {
        assert!(one.contains(part), "{part}\n{one}");
    }
    let (_, one, _) = answer(&toy, &["programme", "cn-county-pilot-2025", "--lang", "zh"]);
    for part in ["第二批奖励标准（2025—2027 年）：为附件，未公开", "250,000", "由用户设定", "来源"] {
        assert!(one.contains(part), "{part}\n{one}");
    }
    let (_, json, _) = answer(&toy, &["programme", "us-nevi-2023", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let fact = |key: &str| json["facts"].as_array().unwrap().iter().find(|f| f["key"] == key).unwrap().clone();
    assert_eq!((fact("spacing")["value"].as_f64(), fact("spacing")["unit"].as_str()), (Some(50.0), Some("mi")));
    assert!(fact("port_kw")["value"].is_null() && fact("port_kw")["mark"] == "K");
    let (_, json, _) = answer(&toy, &["programme", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let nevi = json["programmes"].as_array().unwrap().iter().find(|p| p["name"] == "us-nevi-2025").unwrap().clone();
    assert_eq!(nevi["to_be_set"], serde_json::json!(["spacing", "off_road", "port_kw", "uptime"]));
}

#[test]
fn a_programme_is_edited_and_checked() {
    let toy = Toy::new();
    let (_, text, _) = answer(&toy, &["programme", "us-nevi-2025", "--toml"]);
    let own = text.replace("name = \"us-nevi-2025\"", "name = \"own\"");
    let set = own.replacen(
        "key = \"spacing\"\nunit = \"mi\"\nmark = \"N\"",
        "key = \"spacing\"\nvalue = 70\nunit = \"mi\"\nmark = \"user\"",
        1,
    );
    assert_ne!(own, set);
    toy.put("own.toml", &set);
    let (code, shown, _) = answer(&toy, &["programme", "own", "--file", "own.toml"]);
    assert!(code == 0 && shown.contains("70 mi") && shown.contains("user"), "{shown}");
    // what is printed is the file itself
    let (_, again, _) = answer(&toy, &["programme", "own", "--file", "own.toml", "--toml"]);
    assert_eq!(again, fs::read_to_string(toy.path("own.toml")).unwrap());
    // a value without a source, under the mark of general knowledge
    toy.put("own.toml", &own.replacen("unit = \"kW\"\nmark = \"K\"", "value = 150\nunit = \"kW\"\nmark = \"K\"", 1));
    let (code, _, said) = answer(&toy, &["programme", "--file", "own.toml"]);
    assert!(code == 2 && said.contains("\"port_kw\" has mark K and a value") && said.contains("own.toml:5"), "{said}");
    let (_, _, said) = answer(&toy, &["programme", "--file", "own.toml", "--lang", "zh"]);
    assert!(said.contains("“port_kw”的可信度为 K，却带有数值") && said.contains("mark = \"user\""), "{said}");
}

#[test]
fn what_is_wrong_with_a_programme_is_told_by_file_line_and_key() {
    let toy = Toy::new();
    let (_, text, _) = answer(&toy, &["programme", "cn-county-pilot-2024", "--toml"]);
    for (from, to, said, at) in [
        ("2026 = [2, 3, 5]\n", "", "class \"second\" has no thresholds for 2026", "reward.class.second.percent"),
        ("classes = [\"first\", ", "classes = [\"zeroth\", \"first\", ", "class \"zeroth\" is missing", "reward.classes"),
        ("\namounts_yuan", "\namount_yuan", "unknown field", "reward.amount_yuan"),
        ("above = 35", "above = thirty", "", ""),
        ("mark = \"H\"", "mark = \"h\"", "unknown variant", "facts[0].mark"),
        ("text = \"counties of the round\"\n", "", "missing field \"text\"", "facts[0]"),
    ] {
        toy.put("own.toml", &text.replacen(from, to, 1));
        let (code, _, err) = answer(&toy, &["programme", "--file", "own.toml"]);
        assert!(code == 2 && err.contains(said) && err.contains("own.toml:"), "{err}");
        assert!(at.is_empty() || err.contains(&format!("field \"{at}\"")), "{err}");
    }
    let (code, _, err) = answer(&toy, &["programme", "cn-county-pilot-2042"]);
    assert!(code == 2 && err.contains("did you mean \"cn-county-pilot-202"), "{err}");
    let (code, _, err) = answer(&toy, &["programme", "--file", "none.toml"]);
    assert!(code == 1 && err.contains("none.toml"), "{err}");
}

#[test]
fn help_has_examples() {
    let out = chargegap().args(["programme", "--help"]).output().unwrap();
    let help = String::from_utf8(out.stdout).unwrap();
    assert!(help.contains("chargegap programme us-nevi-2025 --toml > own.toml"), "{help}");
}

#[test]
fn a_region_names_programmes() {
    let toy = Toy::new();
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &(region.clone() + "[programme]\nprofiles = [\"uk-msa\"]\nfiles = [\"C:\\\\own.toml\"]\n"));
    let (code, _, err) = answer(&toy, &["check", "region.toml"]);
    assert!(code == 2 && err.contains("field \"programme.files[0]\""), "{err}");
    toy.put("region.toml", &(region.clone() + "[programme]\nprofiles = [\"uk-mas\"]\n"));
    for args in [&["run", "region.toml", "-o", "out"][..], &["check", "region.toml"], &["prepare", "region.toml", "-o", "p.cgap"]]
    {
        let (code, out, err) = answer(&toy, args);
        assert!(code == 2 && err.contains("field \"programme.profiles[0]\"") && err.contains("uk-msa"), "{args:?} {out} {err}");
    }
    toy.put("region.toml", &(region + "[programme]\nprofile = \"uk-msa\"\n"));
    let (code, _, err) = answer(&toy, &["check", "region.toml"]);
    assert!(code == 2 && err.contains("did you mean \"profiles\"?"), "{err}");
}
