//! A round of 2,800 counties in 28 regions with more than forty planted faults: each is found and named by `round`, `merge`, `verify` or
//! `diff`, and nothing else is. The table of them is in `src/doc/reliability.md`; `round_planted` has fifty more, one at a time.

use crate::national::{PROVINCES, code, county, row, write};
use crate::resealed::Forged;
use crate::round_scene::said;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

const ROUND: &str = r#"[round]
id = "national"
year = 2026
name = "National round"
signed_by = "Li Na"
[regions]
files = ["*/region.toml"]
checks = ["*/check.json"]
expect = 28
[applicants]
path = "applicants.csv"
[criteria]
distances_km = [2, 5]
times_min = []
headline_km = 2
[rank.uncertainty]
draws = 20
samples = 4
[select]
places = 200
budget = 500000
cost_column = "price"
[output]
layers = ["gaps"]
without = ["gpkg", "redundancy", "equity", "counterfactuals"]
"#;

/// The round and all that it is made from; what is planted can be taken back.
struct Country {
    dir: tempfile::TempDir,
    /// Files as they were before something was planted in them.
    before: BTreeMap<String, Vec<u8>>,
    /// How many faults were planted and found.
    found: usize,
}

impl Country {
    fn made() -> Self {
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        write(dir.path());
        fs::write(dir.path().join("round.toml"), ROUND).unwrap();
        let country = Self { dir, before: BTreeMap::new(), found: 0 };
        let all: Vec<u32> = PROVINCES.collect();
        std::thread::scope(|s| {
            all.chunks(all.len().div_ceil(4)).for_each(|some| drop(s.spawn(|| some.iter().for_each(|p| country.check(*p)))));
        });
        country
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn says(&self, words: &str) -> (i32, String, String) {
        let words: Vec<&str> = words.split_whitespace().collect();
        said(&crate::toy::chargegap().current_dir(self.dir.path()).args(words).output().unwrap())
    }

    /// Keeps what `check` says of a region now.
    fn check(&self, province: u32) {
        let (_, out, _) = self.says(&format!("check {province} --json"));
        fs::write(self.path(&format!("{province}/check.json")), out).unwrap();
    }

    /// The same where a fault was planted that is not to be found as a change.
    fn check_again(&mut self, province: u32) {
        self.keep(&format!("{province}/check.json"));
        self.check(province);
    }

    fn keep(&mut self, name: &str) {
        let path = self.path(name);
        self.before.entry(name.to_owned()).or_insert_with(|| fs::read(path).unwrap());
    }

    fn put(&mut self, name: &str, bytes: impl AsRef<[u8]>) {
        self.keep(name);
        fs::write(self.path(name), bytes).unwrap();
    }

    fn remove(&mut self, name: &str) {
        self.keep(name);
        fs::remove_file(self.path(name)).unwrap();
    }

    fn edit(&mut self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from:?}");
        self.put(name, text.replacen(from, to, 1));
    }

    fn add(&mut self, name: &str, more: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        self.put(name, text + more);
    }

    /// Takes back all that was planted.
    fn restore(&mut self) {
        for (name, bytes) in std::mem::take(&mut self.before) {
            fs::write(self.path(&name), bytes).unwrap();
        }
    }

    /// What a command names that must fail, as `code subject`.
    fn named(&self, words: &str) -> BTreeSet<String> {
        let (exit, out, err) = self.says(&format!("{words} --json"));
        let told: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{words}: {e}: {err}"));
        assert_eq!(exit, 1, "{words}: {err}");
        let one = |f: &Value| format!("{} {}", f["code"].as_str().unwrap(), f["subject"].as_str().unwrap());
        told["faults"].as_array().unwrap().iter().map(one).collect()
    }

    fn column(&self, table: &str, key: &str, value: &str) -> BTreeMap<String, String> {
        let mut csv = csv::Reader::from_path(self.path(table)).unwrap();
        let rows = csv.deserialize().map(|r: Result<BTreeMap<String, String>, _>| r.unwrap());
        rows.map(|r| (r[key].clone(), r[value].clone())).collect()
    }
}

fn set(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|s| (*s).to_owned()).collect()
}

/// Faults that move money and no rule forbids: `diff` names each, with what it did.
fn money(c: &mut Country) {
    let paid = |c: &Country, out: &str| -> BTreeSet<String> {
        let all = c.column(&format!("{out}/selection.csv"), "county_code", "selected");
        all.into_iter().filter(|(_, s)| s == "true").map(|(code, _)| code).collect()
    };
    let first = paid(c, "out");
    // of two that are paid the price and the people are blank, and the budget is short by the price of a place
    let [price, people] = [first.first().unwrap().clone(), first.last().unwrap().clone()];
    assert_ne!(price, people);
    for (code, column) in [(&price, 3), (&people, 2)] {
        let table = format!("{}/table.csv", &code[..2]);
        let text = fs::read_to_string(c.path(&table)).unwrap();
        let old = text.lines().find(|l| l.starts_with(code.as_str())).unwrap().to_owned();
        let mut cells: Vec<&str> = old.split(',').collect();
        cells[column] = "";
        c.edit(&table, &old, &cells.join(","));
        c.check_again(code[..2].parse().unwrap());
    }
    c.edit("round.toml", "budget = 500000", "budget = 495000");
    c.edit("round.toml", "without = [", "without = [\"county_pages\", "); // 2,800 pages that nobody looks at here
    let (exit, _, err) = c.says("round round.toml -o two --work out-work");
    assert_eq!(exit, 0, "{err}");
    let now = paid(c, "two");
    assert!(!now.contains(&price) && !now.contains(&people), "{price} {people}");
    assert_eq!(c.column("two/selection.csv", "county_code", "selection")[&price], "cost_unknown");
    let (_, out, err) = c.says("diff out two");
    for code in [&price, &people] {
        assert!(out.lines().any(|l| l.contains(code.as_str()) && l.contains("loses funding")), "{code}: {out} {err}");
    }
    assert!(out.contains("select.budget: 500000.0 -> 495000.0"), "{out}");
    c.found += 3;
    c.restore();
}

/// Rows of the work folder that are not there, not whole, of another county, of an earlier state, or that another machine could not make.
fn work(c: &mut Country) {
    let prints = c.column("out/shards.csv", "county_code", "shard_sha256");
    let file = |code: &str| format!("out-work/shards/{}.ndjson", prints[code]);
    let bytes = |c: &Country, code: &str| fs::read(c.path(&file(code))).unwrap();
    c.remove(&file("110105"));
    let whole = bytes(c, "150150");
    c.put(&file("150150"), &whole[..whole.len() / 2]);
    let other = bytes(c, "200111");
    c.put(&file("200110"), other);
    let mut flipped = bytes(c, "250199");
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    c.put(&file("250199"), flipped);
    c.put(&file("310130"), "");
    c.remove(&file("380200"));
    fs::create_dir_all(c.path("out-work/failed")).unwrap();
    let failed = c.path(&format!("out-work/failed/{}.json", prints["380200"]));
    fs::write(&failed, serde_json::json!({ "shard": prints["380200"], "why": "no memory" }).to_string()).unwrap();
    // a station is another one since: the rows of its county, in the middle of province 26, and of those that it may serve are of an earlier state
    c.edit("26/stations.csv", "s260156,", "s260156x,");
    c.check_again(26);
    let mut named = c.named("merge round.toml --work out-work -o two-merged");
    let planted = ["110105", "150150", "200110", "250199", "310130", "260156"].map(|code| format!("rows_missing {code}"));
    for one in planted.iter().chain([&"county_failed 380200".to_owned()]) {
        assert!(named.remove(one), "{one}: {named:?}");
    }
    // k = 55: the sixth row and the sixth column; the service distance is half of a county's width, and cells are as wide
    let near = |name: &String| {
        let k: u32 = name.strip_prefix("rows_missing 26").map_or(1_000, |k| k.parse::<u32>().unwrap() - 101);
        (k / 10).abs_diff(5) <= 2 && (k % 10).abs_diff(5) <= 2
    };
    assert!(named.iter().all(near), "{named:?}");
    assert!(!c.path("two-merged").exists());
    c.found += 7;
    fs::remove_file(failed).unwrap();
    c.restore();
}

/// A folder that was changed by who can seal it again: what does not follow is named, table by table.
fn forged(c: &mut Country) {
    let names =
        ["selection.csv", "ranking.csv", "ledger.csv", "shards.csv", "applicants.csv", "datapackage.json", "manifest.json"];
    names.iter().for_each(|f| c.keep(&format!("out/{f}")));
    let f = Forged(c.path("out"));
    f.cell("selection.csv", ("county_code", "110101"), "selected", &|_| "true".to_owned());
    f.cell("ranking.csv", ("county_code", "200105"), "score_0_100", &|_| "99.5".to_owned());
    f.cell("ledger.csv", ("county_code", "150101"), "gap_km", &|_| "0.000001".to_owned());
    f.cell("shards.csv", ("county_code", "110102"), "rows_sha256", &|_| "0".repeat(64));
    f.cell("applicants.csv", ("county_code", "380101"), "status", &|_| "withdrawn".to_owned());
    let one = serde_json::json!({ "code": "region_left_out", "fault": "0123456789abcdef", "by": "Wang", "on": "2026-03-31", "reason": "r" });
    f.json("manifest.json", &|m| m["acceptances"] = serde_json::json!([one]));
    f.seal();
    let (exit, out, err) = c.says("verify out");
    assert_eq!(exit, 1);
    let named = [
        "selection.csv: selected of county 110101 does not follow",
        "ranking.csv: the points of county 200105 add up to",
        "ledger.csv: the classes of county 150101 do not add up",
        "shards.csv: its fingerprints do not make",
        "(2702, 380101, 380101, County 380101) breaks the rule: an applicant is selected where",
        "region_left_out 0123456789abcdef is accepted, and the round has no such fault",
    ];
    for name in named {
        assert!(out.lines().any(|l| l.starts_with("FAULT") && l.contains(name)), "{name}: {out} {err}");
        c.found += 1;
    }
    c.restore();
}

/// A folder whose files were edited by hand.
fn edited(c: &mut Country) {
    c.edit("out/round.html", "110101", "110102");
    c.edit("out/counties/120105.html", "120105", "120109");
    c.edit("out/why.csv", "200105", "200106");
    c.edit("out/gaps.geojson", "260101", "260102");
    c.edit("out/map.svg", "<svg", "<svg ");
    c.remove("out/counties/380200.html");
    let (exit, out, err) = c.says("verify out");
    let text = out + &err;
    assert_eq!(exit, 1);
    for name in ["round.html", "counties/120105.html", "why.csv", "gaps.geojson", "map.svg"] {
        assert!(text.contains(&format!("{name} was changed")), "{name}: {text}");
    }
    assert!(text.contains("counties/380200.html cannot be read"), "{text}");
    c.found += 6;
    c.restore();
}

/// Twenty faults of the inputs at once; those that follow from another are worked out beside it.
fn inputs(c: &mut Country) -> BTreeSet<String> {
    // the register: a code of nobody, one twice, a lead that is none
    c.edit("applicants.csv", "170105,", "170505,");
    c.edit("applicants.csv", "180105,", "180106,");
    c.edit("applicants.csv", "190103,County 190103,2026-01-05,,", "190103,County 190103,2026-01-05,190991,");
    // boundaries: another code, a ring of three positions
    c.edit("20/counties.geojson", "\"code\":\"200104\"", "\"code\":\"200994\"");
    let ring = county(33, 6);
    let corner = ring.rfind("],[").unwrap();
    let cut = ring[..corner].rfind("],[").and_then(|i| ring[..i].rfind("],[")).unwrap();
    let bad = ring[..cut].to_owned() + &ring[corner..];
    c.edit("33/counties.geojson", &ring, &bad);
    // a county of two regions with another price, and one with another boundary
    let first = format!("\"features\":[\n{},", county(21, 4));
    c.edit("22/counties.geojson", "\"features\":[", &first);
    let old = row(21, 4);
    c.add("22/table.csv", &(old[..old.rfind(',').unwrap()].to_owned() + ",1\n"));
    // its corner in the south-west is moved; province 23 begins at 105 degrees east and 26 north
    let moved = county(23, 6).replace("[105.60,26.00]", "[105.61,26.00]");
    assert_ne!(moved, county(23, 6));
    c.edit("24/counties.geojson", "\"features\":[", &format!("\"features\":[\n{moved},"));
    // a station and a settlement of two regions
    let line = |c: &Country, name: &str, id: &str| {
        let text = fs::read_to_string(c.path(name)).unwrap();
        text.lines().find(|l| l.starts_with(id)).unwrap().to_owned()
    };
    let station = line(c, "23/stations.csv", "s230102,");
    c.add("24/stations.csv", &format!("{}9\n", &station));
    let settlement = line(c, "25/settlements.csv", "v2501010,");
    c.add("26/settlements.csv", &format!("{}9\n", &settlement));
    [20, 22, 24, 26, 33].iter().for_each(|p| c.check_again(*p));
    // changed since the check: people, a road, a blank cell, rules, a station; another file in place of one; no check
    c.edit("27/settlements.csv", ",100\n", ",900\n");
    c.edit("28/roads.geojson", "trunk", "local");
    let old = row(29, 99);
    c.edit("29/table.csv", &old, &(old[..=old.rfind(',').unwrap()].to_owned() + "\n"));
    c.edit("30/region.toml", "Part", "All");
    c.edit("31/stations.csv", ",180\n", ",1800\n");
    c.edit("32/region.toml", "settlements.csv", "others.csv");
    let all = fs::read(c.path("32/settlements.csv")).unwrap();
    fs::write(c.path("32/others.csv"), all).unwrap();
    c.remove("34/check.json");
    // rules: a quota of nobody; accepted and not there, twice, by who signs
    c.edit("round.toml", "places = 200\n", "places = 200\nquotas = { \"11\" = 3, \"99\" = 2 }\n");
    let accept = |by: &str| {
        let lines = "code = \"region_left_out\"\nfault = \"0123456789abcdef\"\non = \"2026-03-31\"\nreason = \"r\"";
        format!("[[accept]]\n{lines}\nby = \"{by}\"\n")
    };
    c.add("round.toml", &[accept("Wang"), accept("Zhao"), accept("li na")].concat());
    let planted = set(&[
        "applicant_unknown 170505",
        "applicant_twice 180106",
        "joint_lead_missing 190103",
        "applicant_unknown 200104",
        "county_refused 330107",
        "county_twice 210105",
        "county_twice 230107",
        "record_twice 24/region.toml",
        "record_twice 26/region.toml",
        "changed_since_check 27/settlements.csv",
        "changed_since_check 28/roads.geojson",
        "changed_since_check 29/table.csv",
        "changed_since_check 30/region.toml",
        "changed_since_check 31/stations.csv",
        "changed_since_check 32/region.toml",
        "not_checked 34/region.toml",
        "quota_unused 99",
        "acceptance_unmatched region_left_out 0123456789abcdef",
        "acceptance_twice region_left_out 0123456789abcdef",
        "acceptance_by_signer region_left_out 0123456789abcdef",
    ]);
    // the county that was refused is an applicant; the two files are what the changed region reads and reads no more
    let follows =
        // … and the row that was given another's code still has its own name
        set(&["applicant_unknown 330107", "applicant_other_name 180106", "changed_since_check 32/others.csv", "changed_since_check 32/settlements.csv"]);
    c.found += planted.len();
    &planted | &follows
}

/// Regions that cannot be read, beside all that is wrong already: their hundred applicants each are unknown, and a quota may be theirs.
fn left_out(c: &mut Country, mut want: BTreeSet<String>) -> BTreeSet<String> {
    c.remove("35/stations.csv");
    c.edit("36/roads.geojson", "]}", "");
    c.remove("37/counties.geojson");
    c.edit("38/region.toml", "[roads]", "[roads");
    c.remove("16/table.csv");
    want.remove("quota_unused 99");
    for p in [16, 35, 36, 37, 38] {
        want.insert(format!("region_left_out {p}/region.toml"));
        want.extend((0..100).map(|k| format!("applicant_unknown {}", code(p, k))));
    }
    c.found += 5;
    want
}

#[test]
fn each_of_forty_faults_among_2800_counties_is_found_and_named() {
    let mut c = Country::made();
    let (exit, out, err) = c.says("round round.toml -o out");
    assert!(exit == 0 && out.contains("2800 counties ranked of 2800"), "{out} {err}");
    money(&mut c);
    work(&mut c);
    forged(&mut c);
    edited(&mut c);
    let (exit, out, _) = c.says("verify out");
    assert_eq!(exit, 0, "all was taken back: {out}");
    let want = inputs(&mut c);
    assert_eq!(c.named("round round.toml -o three --work out-work"), want);
    assert!(!c.path("three").exists());
    let want = left_out(&mut c, want);
    assert_eq!(c.named("round round.toml --check"), want);
    assert_eq!(c.found, 47);
}
