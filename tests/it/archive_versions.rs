//! Archives that say another version, or another format, than the one that made them: what was not compared is listed and never called
//! verified, and what this very version writes is held to be of it.

use crate::archive::{archived, forge, says};
use crate::resealed::Forged;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// What the third format has and the second had not.
fn of_the_second(m: &mut Value) {
    for key in ["faults", "acceptances", "list", "set_by_hand"] {
        m.as_object_mut().unwrap().remove(key);
    }
    for (part, key) in [("ranking", "missing"), ("ranking", "scales"), ("ranking", "residents_given"), ("selection", "lines")] {
        m[part].as_object_mut().unwrap().remove(key);
    }
    for key in ["missing", "goalposts"] {
        m["ranking"]["asked"].as_object_mut().unwrap().remove(key);
    }
    m["format_version"] = 2.into();
}

/// The results say this version, and more is changed.
fn old(root: &Path, version: &str, more: &dyn Fn(&Forged)) {
    let results = Forged(root.join("results"));
    let now: Value = serde_json::from_slice(&fs::read(root.join("results/manifest.json")).unwrap()).unwrap();
    if now["chargegap_version"] != version {
        results.json("manifest.json", &|m| m["chargegap_version"] = version.into());
    }
    more(&results);
    results.seal();
}

#[test]
fn another_version_compares_values_and_lists_what_it_does_not_compare() {
    let round = archived(&[]);
    let (from, to) = (round.path("round.zip"), round.path("old.zip"));
    let said = |version: &str, more: &dyn Fn(&Forged)| {
        forge(&from, &to, &|root| old(root, version, more), &|l| l["chargegap_version"] = version.into());
        says(&round, &["old.zip"])
    };
    // The very bytes of this version, but for who wrote them.
    let (exit, text) = said("0.2.0", &|_| {});
    let all = "files are the bytes that this version writes, and so is the manifest but for who wrote it";
    assert!(exit == 0 && text.contains("the round says that chargegap 0.2.0 made it") && text.contains(all), "{text}");
    assert!(text.contains("\nverified, values recomputed by another version: old.zip"), "{text}");
    assert!(text.contains("not made again, as chargegap 0.2.0 wrote them: README.txt"), "{text}");
    // A sentence that another version says otherwise is none of the values, and is named; so is a page.
    let words = |f: &Forged| {
        f.cell("selection.csv", ("rank", "1"), "why", &|_| "it was within the limits".to_owned());
        f.package("UPDATE selection SET why = 'it was within the limits' WHERE rank = 1", true);
    };
    let (exit, text) = said("0.2.0", &words);
    let want =
        "not compared, as another version made them, 2 pages, layers and columns of words: round.gpkg, selection.csv: why (1)\n";
    assert!(exit == 0 && text.contains("made by chargegap 0.2.0 and made again by chargegap") && text.contains(want), "{text}");
    assert!(
        text.contains("\nvalues recomputed by another version; 2 pages and columns of words NOT COMPARED: old.zip"),
        "{text}"
    );
    assert!(!text.contains("\nverified"), "{text}");
    let page = |f: &Forged| f.text("counties/110101.html", &|t| t.replacen("</h1>", " is funded</h1>", 1));
    let (exit, text) = said("0.2.0", &page);
    assert!(exit == 0 && text.contains("words: counties/110101.html\n") && text.contains("1 pages and columns"), "{text}");
    let (_, zh) = says(&round, &["old.zip", "--lang", "zh"]);
    assert!(zh.contains("数值由另一版本重新计算；1 项页面和文字列未比较：old.zip"), "{zh}");
    assert_eq!(crate::messages_zh::english_left(&zh.replace("old.zip", "").replace("counties/110101.html", "")), None);
    let json: Value = serde_json::from_str(&says(&round, &["old.zip", "--json"]).1).unwrap();
    assert!(json["not_compared"] == serde_json::json!(["counties/110101.html"]) && json["made_again"] == "values", "{json}");
    // A figure is a value.
    let moved = |f: &Forged| {
        f.cell("trust.csv", ("county_code", "110101"), "value", &|c| format!("{}", c.parse::<f64>().unwrap_or(0.0) + 1.0))
    };
    let (exit, text) = said("0.2.0", &moved);
    assert!(exit == 1 && text.contains("trust.csv"), "{text}");
    // A version that did not know the format cannot have written it.
    let (exit, text) = said("0.0.9", &|_| {});
    assert!(exit == 1 && text.contains("format 4 and chargegap 0.0.9, which did not know that format yet"), "{text}");
}

#[test]
fn a_format_that_is_forged_switches_nothing_off() {
    let round = archived(&[]);
    let (from, to) = (round.path("round.zip"), round.path("old.zip"));
    let own = env!("CARGO_PKG_VERSION");
    let said = |version: &str, more: &dyn Fn(&Forged)| {
        forge(&from, &to, &|root| old(root, version, more), &|l| l["chargegap_version"] = version.into());
        says(&round, &["old.zip"])
    };
    let (exit, text) = said(own, &|f| f.json("manifest.json", &|m| m["format_version"] = 2.into()));
    assert!(exit == 1 && text.contains("the folder says format 2, and holds what only a later format has: faults"), "{text}");
    // all that gives it away in the manifest is gone: its tables do, whatever version it says
    for version in [own, "0.0.9"] {
        let (exit, text) = said(version, &|f| f.json("manifest.json", &of_the_second));
        assert!(exit == 1 && text.contains("written in format 2: these checks are not possible"), "{text}");
        let want = "holds what only a later format has: ranking.csv: county_code; it was made to look older than it is";
        assert!(text.contains(want) && !text.contains("\nverified"), "{text}");
    }
    // and so of the third, which has all the rest
    let (exit, text) = said(own, &|f| f.json("manifest.json", &|m| m["format_version"] = 3.into()));
    assert!(exit == 1 && text.contains("the folder says format 3, and holds what only a later format has"), "{text}");
    // list and results are of one version
    forge(&from, &to, &|root| old(root, "0.2.0", &|_| {}), &|_| {});
    let (exit, text) = says(&round, &["old.zip"]);
    assert!(exit == 1 && text.contains(&format!("says chargegap {own}, and the results in it say 0.2.0")), "{text}");
}

#[test]
fn texts_beside_inputs_and_results_are_made_again() {
    let round = archived(&[]);
    let (from, to) = (round.path("round.zip"), round.path("forged.zip"));
    let text = says(&round, &["round.zip"]).1;
    assert!(text.contains("5 texts of the archive beside inputs and results, made again"), "{text}");
    for name in ["README.txt", "inputs.csv", "program/licences.csv", "program/LICENSE", "program/Cargo.lock"] {
        let edit = |root: &Path| {
            let old = fs::read_to_string(root.join(name)).unwrap();
            fs::write(root.join(name), old + "x,1,MIT,y\n").unwrap();
        };
        forge(&from, &to, &edit, &|_| {});
        let (exit, text) = says(&round, &["forged.zip"]);
        let want = format!("FAULT    {name} is not what chargegap {} writes for this round", env!("CARGO_PKG_VERSION"));
        assert!(exit == 1 && text.contains(&want), "{text}");
        let (_, zh) = says(&round, &["forged.zip", "--lang", "zh"]);
        assert_eq!(crate::messages_zh::english_left(&zh.replace("forged.zip", "")), None);
    }
}
