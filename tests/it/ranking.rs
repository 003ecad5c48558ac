//! `rank` and `diff` as users run them: the same ranking without roads, another weight, and what it did.

use crate::toy::{chargegap, contents, root};
use chargegap::internals::config::RegionFile;
use chargegap::internals::finished::{Finished, Stored};
use chargegap::internals::issue::Issues;
use chargegap::internals::measure::Timings;
use chargegap::internals::prepared::ground::Options;
use chargegap::internals::rank::assess;
use chargegap::internals::run::analyse;
use std::fs;
use std::path::{Path, PathBuf};

/// Gap share weighs 0.9 in place of 0.3, and there is a line after the third place.
const HEAVIER: &str = "[rank.weights]\ngap_share_class_weighted = 0.9\n[[rank.lines]]\nname = \"round 1\"\nplaces = 3\n\
                       [rank.uncertainty]\ndraws = 200\nsamples = 16\n";

const CHONGQING: &str = "datasets/chongqing-northeast-synthetic";

fn run(region: &Path, out: &Path) {
    chargegap().args(["run", "-q", "-o"]).arg(out).arg(region).assert().success();
}

/// A finished run of Chongqing in a folder of its own, and a heavier `[rank]` beside it.
fn chongqing() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    run(&root().join(CHONGQING), &dir.path().join("run"));
    fs::write(dir.path().join("heavier.toml"), HEAVIER).unwrap();
    let path = dir.path().to_path_buf();
    (dir, path)
}

fn in_folder(dir: &Path, args: &[&str]) -> assert_cmd::Command {
    let mut cmd = chargegap();
    cmd.current_dir(dir).args(args);
    cmd
}

fn stdout(mut cmd: assert_cmd::Command) -> String {
    String::from_utf8(cmd.assert().success().get_output().stdout.clone()).unwrap()
}

/// What `run` had and what its folder gives back: the same to the bit, and so the same assessment.
fn reads_back(region: &Path) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    run(region, &out);
    let file = if region.is_dir() { region.join("region.toml") } else { region.to_path_buf() };
    let region = RegionFile::read(&file).unwrap();
    let o = analyse(&region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default()).unwrap();
    let folder = Finished::open(&out).unwrap();
    let stored = Stored::read(&folder).unwrap();
    assert_eq!(stored.evidence, o.evidence);
    assert_eq!(folder.rank_table().unwrap(), region.rank);
    let evidence = stored.evidence_for(&region.rank).unwrap();
    let again = assess(&evidence, &o.settings, &mut Issues::default()).unwrap();
    assert_eq!(again.ranking, o.assessment.ranking);
    let ranges = |a: &chargegap::internals::rank::Assessment| a.sureness.as_ref().map(|s| s.ranges.clone());
    assert_eq!(ranges(&again), ranges(&o.assessment));
    // A ranking folder of it has the run's tables, byte for byte.
    chargegap().args(["rank", "-q"]).arg(&out).arg("-o").arg(dir.path().join("again")).assert().success();
    chargegap().arg("verify").arg(dir.path().join("again")).assert().success();
    let (run, again) = (contents(&out), contents(&dir.path().join("again")));
    for (name, bytes) in
        again.iter().filter(|(n, _)| !["manifest.json", "issues.csv", "dictionary.csv", "datapackage.json"].contains(&n.as_str()))
    {
        assert!(run[name] == *bytes, "{name}");
    }
}

#[test]
fn isle_of_man_reads_back() {
    reads_back(&root().join("datasets/isle-of-man"));
}

#[test]
fn chongqing_reads_back() {
    reads_back(&root().join(CHONGQING));
}

#[test]
fn washington_reads_back() {
    let Some(_) = crate::test_support::shared("washington-northeast") else { return };
    reads_back(&root().join("tests/regions/washington-northeast.toml"));
}

#[test]
fn columns_of_the_county_table_read_back() {
    let toy = crate::toy::Toy::new();
    toy.put("table.csv", "code,cost\n0101,0.30000000000000004\n0102,-7\n");
    let own = "[county_table]\npath = \"table.csv\"\n[[rank.lines]]\nname = \"=a\"\nbudget = 1\ncost_column = \"cost\"\n";
    toy.put("region.toml", &format!("{}{own}", crate::toy::REGION));
    // A negative cost cannot be counted down: the run says so, and nothing is written.
    toy.chargegap(&["run", ".", "-o", "out"]).assert().code(1);
    toy.put("table.csv", "code,cost\n0101,0.30000000000000004\n0102,7\n");
    reads_back(toy.dir.path());
}

#[test]
fn one_weight_and_what_it_did() {
    let (_dir, dir) = chongqing();
    insta::assert_snapshot!(
        "rank_prints",
        stdout(in_folder(&dir, &["rank", "run", "--with", "heavier.toml", "-o", "heavier", "--threads", "1"]))
    );
    insta::assert_snapshot!("rank_prints_chinese", stdout(in_folder(&dir, &["rank", "heavier", "--lang", "zh"])));
    insta::assert_snapshot!("verify_of_a_ranking", stdout(in_folder(&dir, &["verify", "heavier"])));
    let printed = stdout(in_folder(&dir, &["diff", "run", "heavier", "-o", "diff.csv"]));
    assert!(printed.contains("setting  rank.weights.gap_share_class_weighted: 0.3 -> 0.9"), "{printed}");
    assert!(printed.contains("setting  rank.lines[round 1].places: not set -> 3"), "{printed}");
    insta::assert_snapshot!("diff_prints", printed);
    // Every county is in the table, and each change is the difference of the places in the two rankings.
    let ranks = |name: &str| -> std::collections::BTreeMap<String, i64> {
        let mut csv = csv::Reader::from_path(dir.join(name).join("ranking.csv")).unwrap();
        csv.records().map(|r| r.unwrap()).map(|r| (r[1].to_owned(), r[0].parse().unwrap())).collect()
    };
    let (old, new) = (ranks("run"), ranks("heavier"));
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_path(dir.join("diff.csv")).unwrap().records().map(|r| r.unwrap()).collect();
    assert_eq!(rows.len(), 12);
    assert!(rows.iter().all(|r| r[11].parse::<i64>().unwrap() == new[&r[0]] - old[&r[0]]));
    assert!(old != new, "three times the weight moves nobody");
    let by_change: Vec<(i64, &str)> = rows.iter().map(|r| (-r[11].parse::<i64>().unwrap().abs(), &r[0])).collect();
    assert!(by_change.is_sorted());
    let json: serde_json::Value = serde_json::from_str(&stdout(in_folder(&dir, &["diff", "run", "run", "--json"]))).unwrap();
    assert_eq!(json["same"], true);
    assert!(stdout(in_folder(&dir, &["diff", "run", "run"])).contains("nothing differs"));
}

#[test]
fn a_ranking_can_be_ranked_again_on_any_number_of_threads() {
    let (_dir, dir) = chongqing();
    let rank = |from: &str, to: &str, more: &[&str]| {
        in_folder(&dir, &[&["rank", from, "-q", "-o", to], more].concat()).assert().success().stdout("").stderr("");
        contents(&dir.join(to))
    };
    let one = rank("run", "one", &["--with", "heavier.toml", "--threads", "1"]);
    let three = rank("run", "three", &["--with", "heavier.toml", "--threads", "3"]);
    assert!(one == three);
    // From the ranking folder and its own [rank]: all but the manifest, which names another source.
    let again = rank("one", "again", &[]);
    assert_eq!(one.len(), again.len());
    assert!(again.iter().all(|(name, bytes)| name == "manifest.json" || one[name] == *bytes));
    in_folder(&dir, &["verify", "again"]).assert().success();
    // A ranking folder is replaced when asked, a run folder never.
    in_folder(&dir, &["rank", "run", "-q", "-o", "one"]).assert().code(2);
    rank("run", "one", &["--overwrite"]);
    in_folder(&dir, &["rank", "one", "-q", "-o", "run", "--overwrite"]).assert().code(2);
    in_folder(&dir, &["rank", "again", "-q", "-o", "again", "--overwrite"]).assert().success();
    in_folder(&dir, &["verify", "again"]).assert().success();
}

#[test]
fn a_folder_that_was_changed_is_refused() {
    let (_dir, dir) = chongqing();
    let stderr = |args: &[&str]| String::from_utf8(in_folder(&dir, args).assert().code(1).get_output().stderr.clone()).unwrap();
    for file in ["figures.csv", "county_columns.csv", "ranking.csv", "manifest.json"] {
        let path = dir.join("run").join(file);
        let bytes = fs::read(&path).unwrap();
        let mut changed = bytes.clone();
        // a digit, so that JSON stays JSON; a table without rows has letters only
        let last = |of: fn(&u8) -> bool| bytes.iter().rposition(of);
        let i = last(u8::is_ascii_digit).or(last(u8::is_ascii_alphabetic)).unwrap();
        changed[i] = if changed[i] == b'1' { b'2' } else { b'1' };
        fs::write(&path, changed).unwrap();
        let said = stderr(&["rank", "run", "-o", "out"]);
        assert!(said.contains(file) && said.contains("fingerprint"), "{said}");
        assert!(!dir.join("out").exists());
        fs::write(&path, bytes).unwrap();
    }
    let path = dir.join("run/ranking.csv");
    fs::write(&path, fs::read_to_string(&path).unwrap().replacen(",false,", ",true,", 1)).unwrap();
    assert!(stderr(&["diff", "run", "run"]).contains("ranking.csv"));
    fs::create_dir(dir.join("empty")).unwrap();
    assert!(stderr(&["rank", "empty"]).contains("no finished run"));
}

#[test]
fn what_the_folder_does_not_hold_is_named() {
    let (_dir, dir) = chongqing();
    let said = |text: &str| {
        fs::write(dir.join("other.toml"), text).unwrap();
        let mut cmd = in_folder(&dir, &["rank", "run", "--with", "other.toml"]);
        String::from_utf8(cmd.assert().code(2).get_output().stderr.clone()).unwrap()
    };
    let distances = said("[rank.uncertainty]\ndistances_km = [7]\n");
    assert!(distances.contains("10, 5, 20, 40 km") && distances.contains("rank.uncertainty.distances_km"), "{distances}");
    let column = said("[[rank.lines]]\nname = \"a\"\nbudget = 5\ncost_column = \"cost\"\n");
    assert!(column.contains("cost") && column.contains("rank.lines[0].cost_column"), "{column}");
    assert!(said("[rank]\nweight = 1\n").contains("other.toml"));
}

#[test]
fn an_indicator_of_ones_own_and_a_line_are_ranked_explained_and_verified() {
    // West has 10 lorries for 1,000 people and East 90 for 3,000: 0.01 and 0.03 a head, so East has all 100 points of the one
    // indicator that has a weight, and one unit more of it is worth 100 / 0.02 = 5,000 points.
    let toy = crate::toy::Toy::new();
    toy.put("table.csv", "code,population,lorries\n0101,1000,10\n0102,3000,90\n");
    let nought = chargegap::internals::rank::INDICATORS.iter().map(|d| format!("{} = 0\n", d.key)).collect::<String>();
    let rank = format!(
        "[county_table]\npath = \"table.csv\"\n[[rank.indicators]]\nkey = \"lorries_per_head\"\ncolumn = \"lorries\"\n\
         denominator = \"population\"\ndirection = \"higher_is_worse\"\npillar = \"demand\"\nweight = 1\n\
         [[rank.lines]]\nname = \"first\"\nplaces = 1\n[rank.weights]\n{nought}"
    );
    toy.put("region.toml", &format!("{}\n{rank}", crate::toy::REGION));
    let printed = stdout(toy.chargegap(&["run", "region.toml", "-o", "out"]));
    assert!(printed.contains("lorries_per_head +50.0"), "{printed}"); // against the mean of 0 and 100
    toy.chargegap(&["verify", "out"]).assert().success();
    let file = |name: &str| fs::read_to_string(toy.path("out").join(name)).unwrap();
    let why = file("why.csv");
    let mut table = csv::Reader::from_reader(why.as_bytes());
    let head = table.headers().unwrap().clone();
    let first = table.records().next().unwrap().unwrap();
    let cell = |name: &str| first.get(head.iter().position(|h| h == name).unwrap()).unwrap().to_owned();
    assert_eq!([cell("county_code"), cell("indicator"), cell("value")], ["0102", "lorries_per_head", "0.03"]);
    assert_eq!([cell("points"), cell("points_per_unit")], ["100.0", "5000.0"]);
    // Nothing that is varied changes which of two is first in one indicator: certain, and out.
    let lines = file("lines.csv");
    assert!(lines.contains("certain") && lines.contains("out") && !lines.contains("contested"), "{lines}");
    assert!(file("line.html").contains("lorries_per_head"));
}
