//! Faults planted in a sound round, one at a time: each is found and named by `round`, `merge`, `verify` or `diff`. The table of them is
//! in `src/doc/reliability.md`.

use crate::accepting::filled;
use crate::messages_zh::english_left;
use crate::resealed::Forged;
use crate::round_scene::said;
use crate::small_round::SmallRound;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A sound round of six applicants with a county table, checks of both regions, a register and one accepted fault; made.
struct Sound {
    r: SmallRound,
}

/// A copy of it, in which a fault is planted.
struct Planted {
    _dir: tempfile::TempDir,
    at: PathBuf,
}

impl Sound {
    fn new() -> Self {
        let r = SmallRound::laid();
        for (p, first) in [("11", 1), ("12", 4)] {
            let row = |i: usize| format!("{p}010{i},{},{}\n", 1000 * (first + i), 4000 + 100 * i);
            fs::write(
                r.path(&format!("{p}/table.csv")),
                "code,population,price\n".to_owned() + &(1..=3).map(row).collect::<String>(),
            )
            .unwrap();
            r.edit(&format!("{p}/region.toml"), |t| t + "[county_table]\npath = \"table.csv\"\n");
        }
        let rows: String = ["110101", "110102", "110103", "120101", "120102", "120103", "990101"]
            .iter()
            .enumerate()
            .map(|(i, c)| format!("{c},County {i},2026-01-0{},,\n", i + 1))
            .collect();
        fs::write(r.path("applicants.csv"), format!("code,name,applied,joint_lead,withdrawn\n{rows}")).unwrap();
        r.edit("round.toml", |t| {
            t.replace("year = 2026\n", "year = 2026\nsigned_by = \"Li Na\"\n")
                .replacen("[criteria]\n", "[applicants]\npath = \"applicants.csv\"\n[criteria]\n", 1)
                .replacen("[regions]\n", "[regions]\nchecks = [\"*/check.json\"]\n", 1)
                .replace("cost = 4500\n", "cost_column = \"price\"\n")
        });
        let sound = Self { r };
        let at = Planted { _dir: tempfile::tempdir().unwrap(), at: sound.r.dir.path().to_path_buf() };
        at.check_again();
        let (_, out, err) = at.says("round round.toml --check --json");
        let told: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e} {err}"));
        let faults = told["faults"].as_array().unwrap();
        assert!(faults.len() == 1 && faults[0]["code"] == "applicant_unknown", "{told:#}");
        sound.r.edit("round.toml", |t| t + &filled(faults[0]["accept"].as_str().unwrap()));
        let (exit, _, err) = at.says("round round.toml -o out");
        assert_eq!(exit, 0, "{err}");
        let (exit, out, _) = at.says("verify out --recompute 6 --round round.toml");
        assert_eq!(exit, 0, "{out}");
        sound
    }

    fn copy(&self) -> Planted {
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        copy(self.r.dir.path(), dir.path());
        Planted { at: dir.path().to_path_buf(), _dir: dir }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(|e| e.unwrap()) {
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&new).unwrap();
            copy(&old, &new);
        } else {
            fs::copy(&old, &new).unwrap();
        }
    }
}

impl Planted {
    fn says(&self, words: &str) -> (i32, String, String) {
        let words: Vec<&str> = words.split_whitespace().collect();
        said(&crate::toy::chargegap().current_dir(&self.at).args(words).output().unwrap())
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.at.join(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from:?}");
        fs::write(self.at.join(name), text.replacen(from, to, 1)).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.at.join(name)).unwrap();
    }

    /// Keeps what `check` says now, so that a change of an input is not what is found.
    fn check_again(&self) {
        for p in ["11", "12"] {
            let (_, out, _) = self.says(&format!("check {p} --json"));
            fs::write(self.at.join(format!("{p}/check.json")), out).unwrap();
        }
    }

    fn forged(&self) -> Forged {
        Forged(self.at.join("out"))
    }

    /// The file of a county's rows in the work folder.
    fn rows(&self, code: &str) -> String {
        let table = fs::read_to_string(self.at.join("out/shards.csv")).unwrap();
        let print = table.lines().find_map(|l| l.strip_prefix(&format!("{code},"))).unwrap()[..64].to_owned();
        format!("out-work/shards/{print}.ndjson")
    }
}

const ROUND: &str = "round round.toml -o two --work out-work";
const CHECK: &str = "round round.toml --check";
const MERGE: &str = "merge round.toml --work out-work -o two";
const VERIFY: &str = "verify out";
const AGAIN: &str = "verify out --recompute 6 --round round.toml";
const DIFF: &str = "diff out two";

/// What is planted, how, who finds it, and what is said; the command ends with exit code 1 or 2, but for `diff`.
type Fault = (&'static str, fn(&Planted), &'static str, &'static [&'static str]);

const INPUTS: &[Fault] = &[
    (
        "a file of stations is missing",
        |p| p.remove("12/stations.csv"),
        ROUND,
        &["region_left_out  12/region.toml", "stations.csv"],
    ),
    ("a file of roads is missing", |p| p.remove("12/roads.geojson"), CHECK, &["region_left_out  12/region.toml"]),
    ("a file of counties is missing", |p| p.remove("11/counties.geojson"), ROUND, &["region_left_out  11/region.toml"]),
    ("a county table is missing", |p| p.remove("11/table.csv"), ROUND, &["region_left_out  11/region.toml", "table.csv"]),
    (
        "a region file is missing",
        |p| p.remove("12/region.toml"),
        ROUND,
        &["applicant_unknown  120101", "applicant_unknown  120103"],
    ),
    ("a region file is cut", |p| p.edit("12/region.toml", "[roads]", "[roads"), ROUND, &["region_left_out  12/region.toml"]),
    ("a layer is cut", |p| p.edit("12/roads.geojson", "]}", ""), ROUND, &["region_left_out  12/region.toml", "roads.geojson"]),
    ("a border is cut", |p| p.edit("12/counties.geojson", "[0.00,0.10],", "[0.00,0.10]],[["), ROUND, &["12/region.toml"]),
    ("a register is missing", |p| p.remove("applicants.csv"), ROUND, &["applicants.csv", "No such file"]),
    ("a wrong code in the register", |p| p.edit("applicants.csv", "120102,", "120112,"), ROUND, &["applicant_unknown  120112"]),
    ("a code that lost its digits", |p| p.edit("applicants.csv", "120102,", "1.2E+05,"), ROUND, &["1.2E+05"]),
    ("a code is blank", |p| p.edit("applicants.csv", "120102,", ","), ROUND, &["the row has no code"]),
    ("a doubled applicant", |p| p.edit("applicants.csv", "120102,", "120101,"), ROUND, &["applicant_twice  120101"]),
    (
        "a lead that is none",
        |p| p.edit("applicants.csv", "2026-01-05,,", "2026-01-05,120191,"),
        ROUND,
        &["joint_lead_missing  120102"],
    ),
    (
        "an end of the goalposts is edited",
        |p| {
            let (exit, _, err) = p.says("rank out -q --goalposts-out posts.toml");
            assert_eq!(exit, 0, "{err}");
            p.edit("posts.toml", "high = ", "high = 9");
            p.edit("round.toml", "[select]", "[rank.goalposts]\nfile = \"posts.toml\"\n[select]");
        },
        ROUND,
        &["the goalposts are not as chargegap wrote them", "posts.toml", "rank.goalposts.values_sha256"],
    ),
    (
        "a list of codes with the name of another county",
        |p| {
            fs::write(p.at.join("list.csv"), "code,name\n120101,County 120102\n990101,\n").unwrap();
            p.edit("round.toml", "[applicants]\npath = \"applicants.csv\"\n", "");
            p.edit("round.toml", "[regions]\n", "[regions]\ncounty_list = \"list.csv\"\n");
        },
        ROUND,
        &["applicant_other_name  120101", "list.csv, line 2"],
    ),
    (
        "a register behind a byte that is none of it",
        |p| {
            fs::write(p.at.join("who.xlsx"), b"XPK\x03\x04\x14\x00\x00\x00").unwrap();
            p.edit("round.toml", "path = \"applicants.csv\"", "path = \"who.xlsx\"");
        },
        CHECK,
        &["who.xlsx", "a zip archive with bytes before it"],
    ),
    (
        "withdrawn, or not",
        |p| p.edit("applicants.csv", "2026-01-05,,", "2026-01-05,,maybe"),
        ROUND,
        &["withdrawn says \"maybe\""],
    ),
    ("a county has another code", |p| p.edit("12/counties.geojson", "120102", "120192"), ROUND, &["applicant_unknown  120102"]),
    (
        "settlements changed since the check",
        |p| p.edit("11/settlements.csv", "V1,", "V9,"),
        ROUND,
        &["changed_since_check  11/settlements.csv"],
    ),
    (
        "roads changed since the check",
        |p| p.edit("12/roads.geojson", "trunk", "local"),
        CHECK,
        &["changed_since_check  12/roads.geojson"],
    ),
    ("people changed since the check", |p| p.edit("12/table.csv", "5000", "9000"), ROUND, &["changed_since_check  12/table.csv"]),
    (
        "rules of a region changed since the check",
        |p| p.edit("12/region.toml", "Part", "All"),
        CHECK,
        &["changed_since_check  12/region.toml"],
    ),
    ("a region without a check", |p| p.remove("12/check.json"), ROUND, &["not_checked  12/region.toml"]),
    (
        "a check that is none",
        |p| fs::write(p.at.join("12/check.json"), "{}").unwrap(),
        ROUND,
        &["12/check.json", "no answer of `check --json`"],
    ),
    (
        "positions are exchanged",
        |p| {
            fs::write(p.at.join("12/stations.csv"), "id,lon,lat,kind\na,31.2,121.5,charging\n").unwrap();
            p.check_again();
        },
        ROUND,
        &["12/"],
    ),
    (
        "people of no county are known",
        |p| {
            for q in ["11", "12"] {
                p.remove(&format!("{q}/settlements.csv"));
                p.edit(&format!("{q}/region.toml"), "[settlements]\npath = \"settlements.csv\"\n", "");
            }
            p.check_again();
        },
        ROUND,
        &["indicator_dropped  people_in_gap_share"],
    ),
    (
        "a county drawn over another of another region",
        |p| {
            p.edit("11/counties.geojson", "[0.20,0.10],[0.00,0.10]", "[0.20,0.20],[0.00,0.20]");
            p.check_again();
        },
        CHECK,
        &["county_overlap  110101", "county_without_road  120101"],
    ),
    (
        "a county drawn over half of its neighbour",
        |p| {
            p.edit("11/counties.geojson", "[0.20,0.00],[0.20,0.10],[0.00,0.10]", "[0.30,0.00],[0.30,0.10],[0.00,0.10]");
            p.check_again();
        },
        ROUND,
        &["county_overlap  110101"],
    ),
    (
        "a county drawn where no road is",
        |p| {
            p.edit(
                "12/counties.geojson",
                "[[0.40,0.10],[0.60,0.10],[0.60,0.20],[0.40,0.20],[0.40,0.10]]",
                "[[0.40,5.10],[0.60,5.10],[0.60,5.20],[0.40,5.20],[0.40,5.10]]",
            );
            p.check_again();
        },
        ROUND,
        &["county_without_road  120103"],
    ),
    (
        "a region without settlements",
        |p| {
            p.edit("12/region.toml", "[settlements]\npath = \"settlements.csv\"\n", "");
            p.check_again();
        },
        CHECK,
        &["settlements_missing  12/region.toml"],
    ),
    (
        "a village has a latitude of 95°",
        |p| {
            let text = fs::read_to_string(p.at.join("11/settlements.csv")).unwrap();
            let lat = text.lines().nth(1).unwrap().split(',').nth(3).unwrap();
            p.edit("11/settlements.csv", lat, "95");
            p.edit("round.toml", "[criteria]", "[read]\nmax_refused_share = 0.9\n[criteria]");
            p.check_again();
        },
        CHECK,
        &["records_refused  11/settlements.csv"],
    ),
    (
        "people of a village are left blank",
        |p| {
            p.edit("11/settlements.csv", ",100,town", ",,town");
            p.check_again();
        },
        CHECK,
        &["people_not_known  11/settlements.csv"],
    ),
    (
        "a village stands there twice",
        |p| {
            let text = fs::read_to_string(p.at.join("11/settlements.csv")).unwrap();
            let twin = text.lines().nth(1).unwrap().replacen("v110,", "w110,", 1);
            fs::write(p.at.join("11/settlements.csv"), format!("{text}{twin}\n")).unwrap();
            p.check_again();
        },
        CHECK,
        &["settlement_twice  11/settlements.csv"],
    ),
    (
        "a copy of another region in the place of one",
        |p| {
            for file in ["counties.geojson", "roads.geojson", "stations.csv", "settlements.csv", "table.csv"] {
                fs::copy(p.at.join("11").join(file), p.at.join("12").join(file)).unwrap();
            }
            p.check_again();
        },
        CHECK,
        &["region_adds_nothing  12/region.toml"],
    ),
    ("a quota of another province", |p| p.edit("round.toml", "\"12\" = 2", "\"21\" = 2"), CHECK, &["quota_unused  21"]),
    (
        "a fault that is accepted and not there",
        |p| p.edit("applicants.csv", "990101,County 6,2026-01-07,,\n", ""),
        ROUND,
        &["acceptance_unmatched"],
    ),
    (
        "a fault that is accepted twice",
        |p| {
            let text = fs::read_to_string(p.at.join("round.toml")).unwrap();
            let at = text.find("[[accept]]").unwrap();
            fs::write(p.at.join("round.toml"), format!("{text}\n{}", &text[at..])).unwrap();
        },
        ROUND,
        &["acceptance_twice"],
    ),
    ("accepted by who signs", |p| p.edit("round.toml", "\"Auditor\"", "\"li na\""), ROUND, &["acceptance_by_signer"]),
    ("accepted without a reason", |p| p.edit("round.toml", "\"made up\"", "\"\""), ROUND, &["accept[0].reason"]),
    (
        "accepted by a pattern",
        |p| p.edit("round.toml", "fault = \"", "fault = \"*"),
        ROUND,
        &["applicant_unknown  990101", "acceptance_unmatched"],
    ),
];

const WORK: &[Fault] = &[
    (
        "rows of another county",
        |p| fs::copy(p.at.join(p.rows("110101")), p.at.join(p.rows("120103"))).map(|_| ()).unwrap(),
        MERGE,
        &["missing or damaged: 120103"],
    ),
    (
        "rows that are cut",
        |p| {
            let path = p.at.join(p.rows("110102"));
            let bytes = fs::read(&path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        },
        MERGE,
        &["missing or damaged: 110102"],
    ),
    (
        "rows that are missing, three of them",
        |p| ["110101", "110103", "120102"].iter().for_each(|c| p.remove(&p.rows(c))),
        MERGE,
        &["the rows of 3 of 6 counties are missing or damaged: 110101, 110103, 120102"],
    ),
    (
        "rows of an earlier state",
        |p| {
            p.edit("12/stations.csv", ",4,", ",9,");
            p.check_again();
        },
        MERGE,
        &["missing or damaged: 1"],
    ),
    (
        "a county that failed on another machine",
        |p| {
            let rows = p.rows("120101");
            let print = &rows[rows.len() - 71..rows.len() - 7];
            fs::create_dir_all(p.at.join("out-work/failed")).unwrap();
            let why = serde_json::json!({ "shard": print, "why": "no memory" });
            fs::write(p.at.join(format!("out-work/failed/{print}.json")), why.to_string()).unwrap();
            p.remove(&rows);
        },
        MERGE,
        &["county_failed  120101", "no memory"],
    ),
];

const FOLDER: &[Fault] = &[
    ("an edited page", |p| p.edit("out/round.html", "110101", "110102"), VERIFY, &["round.html was changed"]),
    (
        "an edited page of a county",
        |p| p.edit("out/counties/120101.html", "120101", "120109"),
        VERIFY,
        &["counties/120101.html was changed"],
    ),
    ("an edited table", |p| p.edit("out/selection.csv", "true", "false"), VERIFY, &["selection.csv was changed"]),
    ("a table is missing", |p| p.remove("out/ledger.csv"), VERIFY, &["ledger.csv cannot be read"]),
    (
        "a page of an applicant is missing",
        |p| p.remove("out/applicants/0007.html"),
        VERIFY,
        &["applicants/0007.html cannot be read"],
    ),
    ("an edited manifest", |p| p.edit("out/manifest.json", "Li Na", "Wang"), VERIFY, &["manifest.json was changed"]),
    (
        "a forged selection",
        |p| {
            p.forged().cell("selection.csv", ("selected", "false"), "selected", &|_| "true".to_owned());
            p.forged().seal();
        },
        VERIFY,
        &["selection.csv", "does not follow"],
    ),
    (
        "a forged place",
        |p| {
            p.forged().cell("ranking.csv", ("rank", "1"), "rank", &|_| "2".to_owned());
            p.forged().seal();
        },
        VERIFY,
        &["ranking.csv"],
    ),
    (
        "a forged gap",
        |p| {
            p.forged().cell("ledger.csv", ("road_class", "all"), "gap_km", &|_| "0.000001".to_owned());
            p.forged().seal();
        },
        VERIFY,
        &["FAULT"],
    ),
    (
        "a forged reason",
        |p| {
            p.forged().cell("why.csv", ("county_code", "120101"), "value", &|v| format!("{}", v.parse::<f64>().unwrap() + 0.25));
            p.forged().seal();
        },
        VERIFY,
        &["why.csv, row 120101"],
    ),
    (
        "a forged chance",
        |p| {
            let other = |v: &str| if v == "out" { "certain" } else { "out" }.to_owned();
            p.forged().cell("lines.csv", ("county_code", "120101"), "band", &other);
            p.forged().seal();
        },
        "verify out --round round.toml",
        &["lines.csv, row selection 120101"],
    ),
    (
        "a forged fate of an applicant",
        |p| {
            p.forged().cell("applicants.csv", ("status", "unknown"), "status", &|_| "withdrawn".to_owned());
            p.forged().cell("applicants.csv", ("status", "not_selected"), "status", &|_| "selected".to_owned());
            p.forged().seal();
        },
        VERIFY,
        &["applicants.csv", "breaks the rule"],
    ),
    (
        "an acceptance taken out",
        |p| {
            p.forged().json("manifest.json", &|m| m["acceptances"] = serde_json::json!([]));
            p.forged().seal();
        },
        VERIFY,
        &["nobody accepted the fault applicant_unknown"],
    ),
    (
        "an acceptance by who signs",
        |p| {
            p.forged().json("manifest.json", &|m| m["acceptances"][0]["by"] = "Li Na".into());
            p.forged().seal();
        },
        VERIFY,
        &["who signs the round"],
    ),
    (
        "a fault with other facts",
        |p| {
            p.forged().json("manifest.json", &|m| m["faults"][0]["facts"][1] = "990102".into());
            p.forged().seal();
        },
        VERIFY,
        &["is not that of its facts"],
    ),
    (
        "rows that no input makes",
        |p| {
            let zero = "0".repeat(64);
            p.forged().cell("shards.csv", ("county_code", "110102"), "rows_sha256", &|_| zero.clone());
            p.forged().seal();
        },
        VERIFY,
        &["shards.csv"],
    ),
    (
        "an input changed after the round",
        |p| p.edit("12/settlements.csv", "V1,", "V9,"),
        AGAIN,
        &["12/settlements.csv", "was changed after the round"],
    ),
    ("another round file", |p| p.edit("round.toml", "year = 2026", "year = 2027"), AGAIN, &["not the round file of the folder"]),
];

#[test]
fn each_of_fifty_planted_faults_is_found_and_named() {
    let sound = Sound::new();
    let mut wrong = Vec::new();
    let all = INPUTS.iter().chain(WORK).chain(FOLDER);
    for (name, plant, command, want) in all.clone() {
        let p = sound.copy();
        plant(&p);
        let (exit, out, err) = p.says(command);
        let text = out + &err;
        // the same in Chinese, with no English in it
        let (_, out, err) = p.says(&format!("{command} --lang zh"));
        let left: Vec<String> = (out + &err).lines().filter_map(english_left).collect();
        if !left.is_empty() {
            wrong.push(format!("{name}: {command}: English in Chinese: {left:?}"));
        }
        if ![1, 2].contains(&exit) || want.iter().any(|w| !text.contains(w)) || p.at.join("two").exists() {
            wrong.push(format!("{name}: {command}: exit {exit}, wanted {want:?}:\n{text}"));
        }
    }
    assert!(all.count() >= 50, "{}", INPUTS.len() + WORK.len() + FOLDER.len());
    assert!(wrong.is_empty(), "{} not found:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_costs_a_county_its_money_is_named_by_diff() {
    let sound = Sound::new();
    let selected = |p: &Planted, out: &str| -> Vec<String> {
        let mut csv = csv::Reader::from_path(p.at.join(out).join("selection.csv")).unwrap();
        let rows: Vec<std::collections::BTreeMap<String, String>> = csv.deserialize().map(|r| r.unwrap()).collect();
        rows.iter().filter(|r| r["selected"] == "true").map(|r| r["county_code"].clone()).collect()
    };
    let first = selected(&sound.copy(), "out")[0].clone();
    // its cost is blank: it is not ranked with the reason, and diff names it with the money that it lost
    let p = sound.copy();
    let table = format!("{}/table.csv", &first[..2]);
    let row = fs::read_to_string(p.at.join(&table)).unwrap().lines().find(|l| l.starts_with(&first)).unwrap().to_owned();
    p.edit(&table, &row, &row[..=row.rfind(',').unwrap()]);
    p.check_again();
    let (exit, _, err) = p.says(ROUND);
    assert_eq!(exit, 0, "{err}");
    assert!(!selected(&p, "two").contains(&first));
    let (_, out, err) = p.says(DIFF);
    assert!(out.contains(&first), "{out} {err}");
    // one place less, and nothing else
    let p = sound.copy();
    p.edit("round.toml", "\"12\" = 2", "\"12\" = 0");
    assert_eq!(p.says(ROUND).0, 0);
    let (_, out, err) = p.says(DIFF);
    assert!(out.contains("quotas"), "{out} {err}");
}
