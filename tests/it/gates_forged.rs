//! Gates in the hands of a forger who seals a folder again: `verify --round` makes them from the round file and the register, in a folder
//! without a GeoPackage too.

use crate::accepting::accept_all;
use crate::resealed::Forged;
use crate::round_gates::{PROGRAMME, laid};
use crate::round_scene::said;
use crate::small_round::{SmallRound, all_files};
use std::fs;
use std::path::Path;

fn says(r: &SmallRound, words: &str) -> (i32, String) {
    let (exit, out, err) = said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap());
    (exit, out + &err)
}

fn made() -> SmallRound {
    let r = laid(PROGRAMME);
    r.edit("round.toml", |t| t.replace("[output]\n", "[output]\nwithout = [\"gpkg\", \"county_pages\"]\n"));
    says(&r, "round round.toml -o out");
    accept_all(&r.path("out-work"), &r.path("round.toml"));
    let (exit, told) = says(&r, "round round.toml -o out");
    assert_eq!(exit, 0, "{told}");
    r
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    for name in all_files(from) {
        fs::create_dir_all(to.join(&name).parent().unwrap()).unwrap();
        fs::copy(from.join(&name), to.join(&name)).unwrap();
    }
}

/// A table by its cells.
fn rows(text: &str) -> Vec<Vec<String>> {
    let all = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).into_records();
    all.map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn text(rows: Vec<Vec<String>>) -> String {
    let mut out = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|r| out.write_record(r).unwrap());
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

/// Sets cells of the row of gates.csv of a county and gate.
fn gate(f: &Forged, (code, name): (&str, &str), cells: &[(&str, &str)]) {
    f.text("gates.csv", &|t| {
        let mut all = rows(&t);
        let at = |c: &str| all[0].iter().position(|h| h == c).unwrap();
        let (code_at, gate_at) = (at("county_code"), at("gate"));
        let cells: Vec<(usize, &str)> = cells.iter().map(|(c, v)| (at(c), *v)).collect();
        let row = all.iter_mut().find(|r| r[code_at] == code && r[gate_at] == name).unwrap();
        cells.into_iter().for_each(|(i, v)| row[i] = v.to_owned());
        text(all)
    });
}

fn without_rows(f: &Forged, code: &str, name: Option<&str>) {
    f.text("gates.csv", &|t| text(rows(&t).into_iter().filter(|r| r[0] != code || name.is_some_and(|n| r[3] != n)).collect()));
}

const OTHER: &str = "other_central_funding";
const STOCK: &str = "prefecture_car_stock";

#[test]
fn gates_follow_from_the_round_file_and_the_register() {
    let r = made();
    let (exit, told) = says(&r, "verify out --round round.toml");
    assert!(exit == 0 && told.contains("18 gates of 7 applications made again"), "{told}");
    let (_, zh) = says(&r, "verify out --round round.toml --lang zh");
    assert!(zh.contains("已按轮次文件和登记表重新核对 7 份申报的 18 项条件"), "{zh}");
    type Forge<'a> = (&'a str, &'a dyn Fn(&Forged), &'a str);
    let told = |f: &Forged, what: &dyn Fn(&mut serde_json::Value)| f.json("manifest.json", what);
    let forge: [Forge<'_>; 13] = [
        (
            "a value that nobody gave",
            &|f| {
                gate(
                    f,
                    ("120101", OTHER),
                    &[("value", "no"), ("value_zh", "否"), ("verdict", "met"), ("because", ""), ("because_zh", "")],
                )
            },
            "gates.csv: verdict of other_central_funding of 120101 is \"met\", and \"cannot_be_told\" follows",
        ),
        ("other met value", &|f| gate(f, ("110101", STOCK), &[("value", "250001 vehicles")]), "\"250000 vehicles\" follows"),
        (
            "less asked",
            &|f| gate(f, ("120101", STOCK), &[("asked", "at least 200000 vehicles")]),
            "asked of prefecture_car_stock of 120101",
        ),
        (
            "other words",
            &|f| gate(f, ("110103", OTHER), &[("because_zh", "不知道")]),
            "because_zh of other_central_funding of 110103",
        ),
        (
            "another gate",
            &|f| gate(f, ("110101", OTHER), &[("gate", "made_up")]),
            "gate of other_central_funding of 110101 is \"made_up\"",
        ),
        ("rows of a county less", &|f| without_rows(f, "110103", None), "gates.csv has 15 rows, and 18 follow"),
        ("a row less", &|f| without_rows(f, "110101", Some("kind")), "gates.csv has 17 rows, and 18 follow"),
        (
            "the table is gone",
            &|f| {
                fs::remove_file(f.0.join("gates.csv")).unwrap();
                told(f, &|m| m["outputs"].as_array_mut().unwrap().retain(|o| o["name"] != "gates.csv"));
            },
            "gates.csv is missing, and 18 gates follow",
        ),
        (
            "an applicant may apply",
            &|f| f.cell("applicants.csv", ("county_code", "120101"), "eligible", &|_| "cannot_be_told".to_owned()),
            "applicants.csv: eligible of 120101 is \"cannot_be_told\", and \"not_met\" follows",
        ),
        (
            "what is said of it",
            &|f| f.cell("applicants.csv", ("county_code", "990101"), "gates_zh", &|_| "合格".to_owned()),
            "applicants.csv: gates_zh of 990101",
        ),
        (
            "who applies with whom",
            &|f| f.cell("applicants.csv", ("county_code", "120103"), "joint_lead", &|_| String::new()),
            "applicants.csv: joint_lead of 120103 is \"\", and \"120101\" follows",
        ),
        (
            "a figure of the manifest",
            &|f| told(f, &|m| m["programme"]["figures"]["12"][STOCK] = 280_000.0.into()),
            "programme of the manifest is not what [programme] of the round file asks",
        ),
        (
            "why somebody is not ranked",
            &|f| told(f, &|m| m["ranking"]["asked"]["eligibility"]["except"]["120101"] = "it did not want to".into()),
            "county 120101 is not ranked by the round file and its register, as it is not eligible by own",
        ),
    ];
    for (what, change, want) in forge {
        copy(&r.out(), &r.path("forged"));
        let forged = Forged(r.path("forged"));
        change(&forged);
        forged.seal();
        let (exit, told) = says(&r, "verify forged --round round.toml");
        assert!(exit == 1 && told.contains(want), "{what}: {told}");
    }
}

#[test]
fn what_is_another_or_gone_beside_the_round_file_is_named() {
    let r = made();
    let own = fs::read_to_string(r.path("own.toml")).unwrap();
    fs::write(r.path("own.toml"), own.replace("250_000", "150_000")).unwrap();
    let (exit, told) = says(&r, "verify out --round round.toml");
    assert!(exit == 1 && told.contains("own.toml, which the round file names, is another file than that of the round"), "{told}");
    fs::remove_file(r.path("own.toml")).unwrap();
    let (exit, told) = says(&r, "verify out --round round.toml");
    assert!(exit == 0 && told.contains("own.toml is not there, so gates are not held against the round file"), "{told}");
    fs::write(r.path("own.toml"), own).unwrap();
    // a folder says gates, and its round file no programme with any: another file, and no gate follows
    r.edit("round.toml", |t| t.replace("profiles = [\"own\"]", "profiles = [\"cn-township-coverage\"]"));
    r.edit("round.toml", |t| {
        let (head, rest) = t.split_once("[programme.figures").unwrap();
        head.to_owned() + &rest[rest.find("[criteria]").unwrap()..]
    });
    let (exit, told) = says(&r, "verify out --round round.toml");
    assert!(exit == 1 && told.contains("by the round file no gate is held against anybody"), "{told}");
}
