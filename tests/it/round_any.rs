//! Every round that is written verifies, and so does every run and every ranking made again: rounds of a few counties in a row, with
//! whatever a round file and its layers may hold, drawn from a fixed seed.
//!
//! ```text
//!        0.0     0.2     0.4     0.6    degrees; a road, or two, or none in each county, a station on it or none:
//!     0.2 ┌───────┬───────┬───────┐     few kinds of counties, so that many are alike and tie
//!         │  ─s─  │  ───  │  ─s─  │
//!     0.0 └───────┴───────┴───────┘
//! ```

use crate::accepting::accept_all;
use crate::oracles::Dice;
use crate::round_scene::said;
use crate::toy::collection;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Rounds that are tried.
const ROUNDS: u64 = 120;

/// Codes that are no numbers: formulas in both widths, apostrophes of their own, marks of CSV, no file names.
const ODD_CODES: [&str; 15] =
    ["=1+1", "@x", "-5", "+86", "＝1", "－2", "'=q", "''", "a b", "a,b", "a\"b", "x/../y", "all", "县 1", "7\u{7}\t7"];
/// Names, some of which a cell cannot hold as they are.
const ODD_NAMES: [&str; 14] = [
    "A\nB",
    "C\r\nD",
    "in\tside",
    "=SUM(A1)",
    "'=x",
    "＠x",
    "\u{a0}-1",
    "say \"x, y\"",
    "\u{7}",
    "\u{202e}rtl",
    "<b>&",
    "奉节",
    "",
    "x\u{2028}y",
];

/// A county of the row.
#[derive(Clone, Default)]
struct County {
    code: String,
    name: String,
    name_zh: String,
    /// Up to two.
    roads: usize,
    /// What the station on the first road offers.
    station: Option<&'static str>,
    /// People of its settlement, where it has one.
    people: Option<String>,
    /// Population, cost and a figure of the county table, where it has a row there.
    row: Option<[String; 3]>,
}

/// Writes the layers and the table of some counties.
fn lay(folder: &Path, list: &[County]) {
    let (mut counties, mut roads) = (Vec::new(), Vec::new());
    let line = |id: String, class: &str, ends: [[f64; 2]; 2]| {
        let geometry = json!({ "type": "LineString", "coordinates": ends });
        json!({ "type": "Feature", "properties": { "id": id, "class": class }, "geometry": geometry }).to_string()
    };
    let mut stations = "id,lon,lat,kind,points,power_kw,access,status\n".to_owned();
    let mut settlements = "id,name,lon,lat,population,kind\n".to_owned();
    let mut table = "code,population,cost,\"w\n(x)\"\n".to_owned(); // a header of two lines, as spreadsheets have them
    for (i, c) in list.iter().enumerate() {
        let (west, mid) = (0.2 * i as f64, 0.2 * i as f64 + 0.1);
        let ring = [[west, 0.0], [west + 0.2, 0.0], [west + 0.2, 0.2], [west, 0.2], [west, 0.0]];
        let properties = json!({ "code": c.code, "name": c.name, "name_zh": c.name_zh });
        let geometry = json!({ "type": "Polygon", "coordinates": [ring] });
        counties.push(json!({ "type": "Feature", "properties": properties, "geometry": geometry }).to_string());
        for k in 0..c.roads {
            let lat = 0.05 + 0.1 * k as f64;
            roads.push(line(format!("r{i}-{k}"), ["trunk", "local"][k], [[mid - 0.08, lat], [mid + 0.08, lat]]));
        }
        if let Some(kind) = c.station {
            let _ = writeln!(stations, "s{i},{:.3},0.0501,{kind},4,120,public,open", mid - 0.05);
        }
        if let Some(people) = &c.people {
            let _ = writeln!(settlements, "v{i},V{i},{mid:.3},0.0501,{people},town");
        }
        if let Some(row) = &c.row {
            let cells = [&c.code].into_iter().chain(row).map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
            let _ = writeln!(table, "{}", cells.collect::<Vec<_>>().join(","));
        }
    }
    // without a road there would be no run
    roads.push(line("far".to_owned(), "trunk", [[0.01, 0.19], [0.15, 0.19]]));
    for (name, text) in [
        ("counties.geojson", collection(&counties)),
        ("roads.geojson", collection(&roads)),
        ("stations.csv", stations),
        ("settlements.csv", settlements),
        ("table.csv", table),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
}

struct Drawn {
    dice: Dice,
    codes: Vec<String>,
}

impl Drawn {
    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.dice.roll(list.len() as u64) as usize]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.dice.roll(100) < percent
    }

    fn codes(&mut self) {
        let n = 3 + self.dice.roll(6) as usize;
        let odd = self.chance(40);
        while self.codes.len() < n {
            let plain = format!("1{}010{}", 1 + self.dice.roll(3), self.codes.len());
            let code = if odd && self.chance(60) { self.one_of(&ODD_CODES).to_owned() } else { plain };
            if !self.codes.contains(&code) {
                self.codes.push(code);
            }
        }
    }

    /// Counties of few kinds, so that many are alike.
    fn counties(&mut self) -> Vec<County> {
        let (odd, codes) = (self.chance(50), self.codes.clone());
        let one = |code: &String| {
            let (name, name_zh) = if odd { (self.one_of(&ODD_NAMES), self.one_of(&ODD_NAMES)) } else { ("County", "县") };
            let kind = self.dice.roll(5) as usize;
            let people = self.chance(80).then(|| self.one_of(&["1000", "1000", "500", "0", ""]).to_owned());
            let cells = [&["1000", "1000", ""][..], &["2", "2", "3.5", "0", "2", "2"], &["1", "-1", "0", "0.25", ""]];
            let row = self.chance(97).then(|| cells.map(|list| self.one_of(list).to_owned()));
            let station = [None, None, None, Some("charging"), Some("charging;swap")][kind];
            County {
                code: code.clone(),
                name: name.to_owned(),
                name_zh: name_zh.to_owned(),
                roads: kind.min(2),
                station,
                people,
                row,
            }
        };
        codes.iter().map(one).collect()
    }

    /// `[criteria]` and `[rank]`, as run and round take them.
    fn rank(&mut self) -> String {
        let mut text = "[criteria]\ndistances_km = [2, 5]\ntimes_min = []\nheadline_km = 2\n[rank]\n".to_owned();
        text += self.one_of(&["", "province_digits = 1\n", "province_digits = 2\n"]);
        let (draws, samples) = (self.one_of(&["0", "20"]), self.one_of(&["0", "4"]));
        let _ = writeln!(text, "[rank.uncertainty]\ndraws = {draws}\nsamples = {samples}");
        if self.chance(20) {
            let steps = self.one_of(&[
                "aggregate = \"geometric\"",
                "normalise = \"rank\"",
                "normalise = \"z_score\"",
                "aggregate = \"copeland\"",
                "missing = \"carry\"",
            ]);
            let _ = writeln!(text, "[rank.method]\n{steps}");
        }
        if self.chance(20) {
            let _ = writeln!(text, "[rank.eligibility.except]\n{} = \"has had its turn\"", json!(self.codes[0]));
        }
        if self.chance(30) {
            let direction = self.one_of(&["higher_is_worse", "lower_is_worse"]);
            let _ = writeln!(
                text,
                "[[rank.indicators]]\nkey = \"w\"\ncolumn = \"w\\n(x)\"\npillar = \"own\"\ndirection = \"{direction}\"\nweight = 2"
            );
        }
        if self.chance(30) {
            let (a, b) = (self.dice.roll(self.codes.len() as u64 - 1) as usize, 1);
            let _ = writeln!(
                text,
                "[[rank.joint]]\nname = \"=both\"\nlead = {}\nmembers = {}",
                json!(self.codes[a]),
                json!([self.codes[a], self.codes[a + b]])
            );
        }
        if self.chance(25) {
            let name = self.one_of(&["selection", "＝line", "'=a", "x\ny"]);
            let limit = self.one_of(&[
                "places = 1",
                "places = 2",
                "budget = 5\ncost = 2",
                "budget = 5\ncost_column = \"cost\"\nskip = true",
            ]);
            let _ = writeln!(text, "[[rank.lines]]\nname = {}\n{limit}", json!(name));
        }
        text
    }

    /// `[select]`: any of the limits, each of which may fall on a tie.
    fn select(&mut self) -> String {
        let mut text = "[select]\n".to_owned();
        if self.chance(60) {
            let _ = writeln!(text, "places = {}", self.dice.roll(self.codes.len() as u64 + 2));
        }
        if self.chance(40) {
            // 19 is a province of nobody
            text += self.one_of(&[
                "quotas = { \"11\" = 1, \"12\" = 2, \"19\" = 1 }\n",
                "quotas = { \"11\" = 1, \"1\" = 2 }\n",
                "quotas = { \"11\" = 9, \"=\" = 1, \"12\" = 0 }\n",
            ]);
        }
        if self.chance(60) {
            let _ = writeln!(text, "budget = {}", self.one_of(&["0", "2", "4", "5.5", "7", "1000"]));
            text += self.one_of(&["cost = 2\n", "cost = 0\n", "cost_column = \"cost\"\n", "cost_column = \"cost\"\n"]);
            text += self.one_of(&["", "skip = true\n"]);
        }
        text
    }
}

const REGION: &str = "[region]\nname = \"Any\"\n[roads]\npath = \"roads.geojson\"\nmin_island_km = 0\n[counties]\npath = \"counties.geojson\"\n\
    [stations]\npath = \"stations.csv\"\n[settlements]\npath = \"settlements.csv\"\n[county_table]\npath = \"table.csv\"\n[read]\nmax_refused_share = 1\n";

/// Exit code and all that is said.
fn chargegap(folder: &Path, words: &str) -> (i32, String) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("chargegap"));
    let (exit, out, err) =
        said(&command.current_dir(folder).args(words.split_whitespace()).stdin(Stdio::null()).output().unwrap());
    (exit, out + &err)
}

/// Makes a folder and verifies it; whether it was written. That something is refused is no fault, unless it is our own.
fn sound(folder: &Path, make: &str, out: &str) -> bool {
    let (mut exit, mut text) = chargegap(folder, &format!("{make} -q -o {out}"));
    if exit == 1 && accept_all(&folder.join(format!("{out}-work")), &folder.join("round.toml")) > 0 {
        (exit, text) = chargegap(folder, &format!("{make} -q -o {out}"));
    }
    if exit != 0 {
        assert!(exit <= 2, "{make}: {text}");
        println!("{make}: {text}");
        return false;
    }
    let (exit, text) = chargegap(folder, &format!("verify {out}"));
    assert_eq!(exit, 0, "{make}: {text}");
    true
}

/// Rows of a table of a folder, by column.
fn rows(folder: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut csv = csv::Reader::from_path(folder.join(table)).unwrap();
    csv.deserialize().map(|row| row.unwrap()).collect()
}

/// Whether a county that could be selected is not, and lacks no points.
fn straddles(folder: &Path) -> bool {
    let decided = ["no_place_left", "quota_used", "budget_used", "cost_unknown", "bounds_open", "ended_above"];
    let all = rows(folder, "selection.csv");
    let short = |r: &BTreeMap<String, String>| decided.contains(&r["selection"].as_str()) && r["points_short"].is_empty();
    all.iter().any(|r| r["selection"] == "selected") && all.iter().any(short)
}

#[test]
fn every_round_run_and_ranking_that_is_written_verifies() {
    let (mut written, mut straddled) = ([0; 3], 0);
    for seed in 0..ROUNDS {
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let mut drawn = Drawn { dice: Dice::new(1_000 + seed), codes: Vec::new() };
        drawn.codes();
        lay(dir.path(), &drawn.counties());
        let (rank, select) = (drawn.rank(), drawn.select());
        let round = format!("[round]\nid = \"any\"\nyear = 2026\n[regions]\nfiles = [\"region.toml\"]\n{rank}{select}");
        fs::write(dir.path().join("region.toml"), format!("{REGION}{rank}")).unwrap();
        fs::write(dir.path().join("round.toml"), format!("{round}[read]\nmax_refused_share = 1\n")).unwrap();
        let kept = |e| {
            eprintln!("seed {seed}: {round}\n{}", fs::read_to_string(dir.path().join("table.csv")).unwrap());
            std::panic::resume_unwind(e)
        };
        let all = || {
            let round = sound(dir.path(), "round round.toml", "out");
            let ranked = round && sound(dir.path(), "rank out", "ranked");
            if round && seed % 10 == 0 {
                // and is made again from its archive, to the byte
                sound(dir.path(), "round round.toml --overwrite --archive any.zip", "out");
                let (exit, text) = chargegap(dir.path(), "verify any.zip");
                assert!(exit == 0 && text.contains("verified and recomputed"), "{text}");
            }
            [round, ranked, sound(dir.path(), "run region.toml", "run")]
        };
        let made = std::panic::catch_unwind(all).unwrap_or_else(kept);
        straddled += i32::from(made[0] && straddles(&dir.path().join("out")));
        written.iter_mut().zip(made).for_each(|(n, made)| *n += i32::from(made));
    }
    // most are not refused, and of those that are written some have a tie or a gap at the line
    assert!(written.iter().all(|n| n * 2 > ROUNDS as i32) && straddled > 0, "{written:?}, {straddled} of {ROUNDS}");
}

/// A round of some counties with these limits, verified; the rows of its selection, first place first.
fn selection(list: &[County], select: &str) -> Vec<BTreeMap<String, String>> {
    let dir = tempfile::tempdir().unwrap();
    lay(dir.path(), list);
    let rank = "[criteria]\ndistances_km = [2, 5]\nheadline_km = 2\n[rank.uncertainty]\ndraws = 20\n";
    fs::write(dir.path().join("region.toml"), format!("{REGION}{rank}")).unwrap();
    let round = "[round]\nid = \"any\"\nyear = 2026\n[regions]\nfiles = [\"region.toml\"]\n";
    fs::write(dir.path().join("round.toml"), format!("{round}{rank}[select]\n{select}")).unwrap();
    assert!(sound(dir.path(), "round round.toml", "out") && sound(dir.path(), "run region.toml", "run"));
    rows(&dir.path().join("out"), "selection.csv")
}

fn county(code: &str, name: &str, station: bool, cost: &str) -> County {
    let row = Some(["1000", cost, "1"].map(str::to_owned));
    let people = Some("1000".to_owned());
    let station = station.then_some("charging");
    County { code: code.to_owned(), name: name.to_owned(), name_zh: String::new(), roads: 1, station, people, row }
}

fn column<'r>(rows: &'r [BTreeMap<String, String>], name: &str) -> Vec<&'r str> {
    rows.iter().map(|r| r[name].as_str()).collect()
}

#[test]
fn a_county_that_ties_with_the_last_selected_lacks_no_points_and_the_round_verifies() {
    // The first has the far road too. The second and third are alike and without a station: they share a score, and one has the place.
    let list = ["500100", "500101", "500102", "500103"].map(|c| county(c, c, c == "500103", "1"));
    let rows = selection(&list, "places = 2\n");
    assert_eq!(column(&rows, "selected"), ["true", "true", "false", "false"]);
    assert_eq!(rows[1]["score_0_100"], rows[2]["score_0_100"], "{rows:?}");
    let short = column(&rows, "points_short");
    assert!(short[..3] == ["", "", ""] && !short[3].is_empty(), "{short:?}");
}

#[test]
fn a_county_that_was_passed_over_above_the_last_selected_lacks_no_points_and_the_round_verifies() {
    // 3 of money: the county with the greatest shortfall costs 9 and is passed over, two below cost 1 each, the last 9 again.
    let list: Vec<County> =
        ["9", "1", "1", "9"].iter().enumerate().map(|(i, cost)| county(&format!("50010{i}"), "N", i == 3, cost)).collect();
    let rows = selection(&list, "budget = 3\ncost_column = \"cost\"\nskip = true\n");
    assert_eq!(column(&rows, "selection"), ["budget_used", "selected", "selected", "budget_used"]);
    let short = column(&rows, "points_short");
    assert!(short[..3] == ["", "", ""] && !short[3].is_empty(), "{short:?}");
}

#[test]
fn names_of_several_lines_and_codes_that_look_like_formulas_verify() {
    let codes = ["=1+1", "+1", "-5", "@x", "＝1", "'=1+1"];
    let names = ["A\nB", "tab\there", "=1", "'=1", "＠", "\u{7}"];
    let list: Vec<County> = codes.iter().zip(names).map(|(code, name)| county(code, name, *code == "-5", "1")).collect();
    let rows = selection(&list, "places = 3\n");
    let mut seen: Vec<(&str, &str)> = rows.iter().map(|r| (r["county_code"].as_str(), r["name"].as_str())).collect();
    seen.sort_unstable();
    // an apostrophe before each, one more where there was one; a cell is one line
    let mut want = [("'=1+1", "AB"), ("'+1", "tabhere"), ("'-5", "'=1"), ("'@x", "''=1"), ("'＝1", "'＠"), ("''=1+1", "")];
    want.sort_unstable();
    assert_eq!(seen, want);
}

#[test]
fn codes_that_only_control_characters_tell_apart_are_refused_with_file_feature_and_field() {
    for code in ["110102\u{7}", "11\n0102", "\u{85}1\u{0}10102"] {
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), &[county("110102", "A", false, "1"), county(code, "B", true, "1")]);
        fs::write(dir.path().join("region.toml"), REGION).unwrap();
        let round = "[round]\nid = \"any\"\n[regions]\nfiles = [\"region.toml\"]\n";
        fs::write(dir.path().join("round.toml"), round).unwrap();
        for command in [
            "run region.toml -q -o out",
            "round round.toml -q --strict -o out",
            "check region.toml",
            "prepare region.toml -q -o out",
        ] {
            let (exit, text) = chargegap(dir.path(), command);
            assert_eq!(exit, 1, "{command}: {text}");
            for part in ["two counties have the code \"110102\"", "counties.geojson, feature 2", "field \"code\"", "feature 1"] {
                assert!(text.contains(part), "{command}: {part}: {text}");
            }
        }
    }
    // One that nothing else is taken for is a code like any other, without them; the row of the table joins it.
    let rows =
        selection(&[county("1\u{7}2", "A", false, "1"), county("13", "B", true, "1")], "budget = 1\ncost_column = \"cost\"\n");
    assert_eq!((column(&rows, "county_code"), rows[0]["cost"].as_str()), (vec!["12", "13"], "1.0"));
}
