//! A run is a round of one region (extends R07): `run` and a `round` of that one region, by the same criteria and `[rank]`, write the same
//! bytes in every table and layer that both have. What may differ stands here, each with its reason, and differs in no other way:
//!
//! - a round tells no way beyond its longest service distance and time, so a settlement farther off has none (and in `equity.csv`,
//!   `lorenz.csv` its people count as without a way), nothing as the crow flies, gaps have no farthest point, and road without any way to a station is not told apart;
//! - a round's layers come county by county, without stations outside every county;
//! - a round selects: `counties.geojson` says who, and there are tables of selection, provinces and shards;
//! - issues of a round name files as the round file does and records by id, and lack what only a run says of the region as a whole; records
//!   outside every county are counted in its manifest too.

use crate::accepting;
use crate::toy::{chargegap, root};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Tables that must be the same bytes, whatever the region.
const SAME: [&str; 8] =
    ["county_columns.csv", "figures.csv", "ledger.csv", "lines.csv", "ranking.csv", "sensitivity.csv", "trust.csv", "why.csv"];

/// Tables that a round has and a run has not.
const OF_ROUNDS: [&str; 3] = ["provinces.csv", "selection.csv", "shards.csv"];

/// Issues that are told of a region as a whole, by `run` only.
// A round reads roads once for all regions and without their stations, so it does not look at roads that are left out.
const OF_RUNS: [&str; 3] = ["no_station", "stations_at_left_out_roads", "stations_beyond_roads"];

/// Records that lie in no county: both tell each, and a round counts them in its manifest.
const OUTSIDE: [(&str, &str); 2] = [("stations", "station_outside_counties"), ("settlements", "settlement_outside_counties")];

/// Both folders, made of a copy of a region file with these criteria.
struct Pair {
    _dir: tempfile::TempDir,
    run: PathBuf,
    round: PathBuf,
    /// Longest service distance, km.
    bound_km: f64,
    /// Longest service time, minutes.
    bound_min: f64,
    services: Vec<&'static str>,
}

/// `[criteria]` of a region file: everything of that table.
fn criteria_of(region: &str) -> &str {
    let start = region.find("[criteria]").unwrap();
    let end = region[start + 1..].find("\n[").map_or(region.len(), |e| start + 1 + e);
    &region[start..end]
}

/// The text of a region file whose paths hold wherever it lies.
fn whole_paths(text: &str, folder: &Path) -> String {
    let shared = root().parent().unwrap().join("shared");
    let text = text.replace("\"../../../shared/", &format!("\"{}/", shared.display()));
    let whole = |line: &str| match line.strip_prefix("path = \"") {
        Some(rest) if !rest.starts_with('/') => format!("path = \"{}/{rest}\n", folder.display()),
        _ => format!("{line}\n"),
    };
    text.lines().map(whole).collect()
}

fn made(region: &Path, criteria: Option<&str>, rank: &str) -> Pair {
    let dir = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(region).unwrap();
    let old = criteria_of(&text).to_owned();
    let criteria = criteria.unwrap_or(&old).to_owned();
    let file = dir.path().join("region.toml");
    fs::write(&file, format!("{}\n{rank}", whole_paths(&text.replace(&old, &criteria), region.parent().unwrap()))).unwrap();
    let name = text.lines().find_map(|l| l.strip_prefix("name = ")).unwrap();
    let round = format!(
        "[round]\nid = \"one\"\nyear = 2026\nname = {name}\n[regions]\nfiles = [{:?}]\n{criteria}\n{rank}[output]\nlayers = [\"gaps\", \"stations\", \"settlements\", \"redundancy\", \"coverage\", \"issue_points\"]\n",
        file
    );
    fs::write(dir.path().join("round.toml"), round).unwrap();
    let (run_out, round_out) = (dir.path().join("run"), dir.path().join("round"));
    chargegap().args(["run", "-q", "-o"]).arg(&run_out).arg(&file).assert().success();
    // indicators that no county of a plain extract has are a fault of a round, and none of a run
    accepting::round(dir.path(), "round.toml", "round", &["-q"]);
    for folder in [&run_out, &round_out] {
        chargegap().arg("verify").arg(folder).assert().success();
    }
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(run_out.join("manifest.json")).unwrap()).unwrap();
    let longest = |key: &str| manifest["criteria"][key].as_array().unwrap().iter().filter_map(|v| v.as_f64()).fold(0.0, f64::max);
    let (bound_km, bound_min) = (longest("distances_km"), longest("times_min"));
    Pair { _dir: dir, run: run_out, round: round_out, bound_km, bound_min, services: vec!["charging", "swap"] }
}

/// Where the value of a property stands in the text of a feature.
fn value_at(feature: &str, column: &str) -> Range<usize> {
    let key = format!("\"{column}\":");
    let begins = |at: usize| feature[..at].ends_with(['{', ',']);
    let at =
        feature.match_indices(&key).map(|(at, _)| at).find(|at| begins(*at)).unwrap_or_else(|| panic!("{column}: {feature}"));
    let start = at + key.len();
    let rest = &feature[start..];
    let end = if let Some(inside) = rest.strip_prefix('"') {
        let mut escaped = false;
        let closes = |c: char| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        };
        inside.find(closes).unwrap() + 2
    } else {
        rest.find([',', '}']).unwrap()
    };
    start..start + end
}

fn value<'f>(feature: &'f str, column: &str) -> &'f str {
    &feature[value_at(feature, column)]
}

/// Above the bound; a value that is not there is not.
fn beyond(value: &str, bound: f64) -> bool {
    value.parse::<f64>().is_ok_and(|v| v > bound)
}

fn set_null(feature: &mut String, column: &str) {
    let at = value_at(feature, column);
    feature.replace_range(at, "null");
}

fn without(feature: &mut String, column: &str) {
    let at = value_at(feature, column);
    let start = at.start - column.len() - 4; // the comma before it, two quotes and a colon
    feature.replace_range(start..at.end, "");
}

impl Pair {
    fn both(&self, name: &str) -> [String; 2] {
        [&self.run, &self.round].map(|folder| fs::read_to_string(folder.join(name)).unwrap())
    }

    /// Head and features of a layer, of the run and of the round.
    fn layers(&self, name: &str) -> [(String, Vec<String>); 2] {
        self.both(&format!("{name}.geojson")).map(|text| {
            let mut lines = text.lines().map(|l| l.trim_end_matches(',').to_owned());
            let head = lines.next().unwrap();
            let mut features: Vec<String> = lines.collect();
            assert_eq!(features.pop().as_deref(), Some("]}"));
            (head, features)
        })
    }

    fn names(folder: &Path) -> BTreeSet<String> {
        let names = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        names.filter(|n| n.ends_with(".csv") || n.ends_with(".geojson")).collect()
    }

    fn check(&self) {
        let (mut run, round) = (Self::names(&self.run), Self::names(&self.round));
        run.extend(OF_ROUNDS.map(str::to_owned));
        assert_eq!(run, round, "tables and layers");
        // what is written is known without results, with the rules of its rows
        let known: BTreeSet<String> = chargegap::internals::tables::known().unwrap().into_iter().map(|k| k.file).collect();
        assert!(round.is_subset(&known), "{:?}", round.difference(&known).collect::<Vec<_>>());
        for name in SAME {
            let [run, round] = self.both(name);
            assert!(run == round, "{name} differs");
        }
        self.check_counties();
        self.check_stations();
        self.check_gaps();
        self.check_redundancy();
        let far = self.check_settlements();
        self.check_equity(&far);
        self.check_issues();
        self.check_dictionary();
    }

    /// The same features in the order of the counties, those of a county as in the run.
    fn check_layer(&self, name: &str, edit: impl Fn(&mut String)) -> (Vec<String>, bool) {
        let [(run_head, mut run), (round_head, round)] = self.layers(name);
        let original = run.clone();
        let read = run.len();
        run.retain(|f| value(f, "county_code") != "null");
        let all_inside = run.len() == read;
        run.sort_by_key(|f| value(f, "county_code").to_owned());
        run.iter_mut().for_each(edit);
        assert_eq!(run.len(), round.len(), "{name}");
        if let Some((a, b)) = run.iter().zip(&round).find(|(a, b)| a != b) {
            panic!("{name} differs:\nrun, as the round should have it {a}\nround                           {b}");
        }
        // a box around stations outside the counties too is larger
        assert!(!all_inside || run_head == round_head, "{name}: {run_head} {round_head}");
        (original, all_inside)
    }

    fn check_counties(&self) {
        let [(run_head, mut run), (round_head, mut round)] = self.layers("counties");
        for feature in &mut run {
            // a round looks no farther than its limits
            without(feature, "charging_no_way_km");
            without(feature, "swap_no_way_km");
        }
        for feature in &mut round {
            // a round selects
            without(feature, "selected");
            without(feature, "selection");
        }
        assert!(run_head == round_head && run == round, "counties.geojson differs");
    }

    fn check_stations(&self) {
        self.check_layer("stations", |_| {});
    }

    fn check_gaps(&self) {
        let (_, all_inside) = self.check_layer("gaps", |f| {
            without(f, "farthest_km");
            without(f, "farthest_min");
        });
        assert!(all_inside);
    }

    fn check_redundancy(&self) {
        let (_, all_inside) = self.check_layer("redundancy", |f| {
            for which in ["nearest", "second"] {
                let distance = format!("{which}_distance_km");
                if beyond(value(f, &distance), self.bound_km) {
                    set_null(f, &distance);
                    set_null(f, &format!("{which}_station_id"));
                }
            }
        });
        assert!(all_inside);
    }

    /// Settlements, and those of known people whose way to a charging station lies beyond the bound, as people by county.
    fn check_settlements(&self) -> BTreeMap<String, Vec<u64>> {
        let (run, all_inside) = self.check_layer("settlements", |f| {
            for service in &self.services {
                without(f, &format!("{service}_crow_km"));
                let [distance, time, station] = ["distance_km", "time_min", "station_id"].map(|c| format!("{service}_{c}"));
                let too_far = beyond(value(f, &distance), self.bound_km);
                if too_far || beyond(value(f, &time), self.bound_min) {
                    set_null(f, &time);
                }
                if too_far {
                    set_null(f, &distance);
                    set_null(f, &station);
                }
            }
        });
        assert!(all_inside);
        let mut far: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for f in run.iter().filter(|f| beyond(value(f, "charging_distance_km"), self.bound_km)) {
            if let Ok(people) = value(f, "population").parse() {
                far.entry(value(f, "county_code").trim_matches('"').to_owned()).or_default().push(people);
            }
        }
        far
    }

    /// A county whose people are all within the bound has the same row; in another those beyond it count as without a way, and what is
    /// computed over those with a way is of fewer.
    fn check_equity(&self, far: &BTreeMap<String, Vec<u64>>) {
        let [run, round] = [&self.run, &self.round].map(|folder| records(folder, "equity.csv"));
        assert_eq!((run.0.clone(), run.1.len()), (round.0.clone(), round.1.len()));
        let all: Vec<u64> = far.values().flatten().copied().collect();
        for (a, b) in run.1.iter().zip(&round.1) {
            let beyond = if a[0] == "all" { Some(&all) } else { far.get(&a[0]) }.filter(|list| !list.is_empty());
            let Some(beyond) = beyond else {
                assert_eq!(a, b, "equity.csv: nobody of {} is beyond the bound", a[0]);
                continue;
            };
            let (places, people) = (beyond.len() as u64, beyond.iter().sum::<u64>());
            for (k, column) in run.0.iter().enumerate() {
                let number = |row: &[String]| row[k].parse::<u64>().unwrap();
                match column.as_str() {
                    "settlements_counted" => assert_eq!(number(b), number(a) - places, "{a:?} {b:?}"),
                    "people_counted" => assert_eq!(number(b), number(a) - people, "{a:?} {b:?}"),
                    "people_no_way" => assert_eq!(number(b), number(a) + people, "{a:?} {b:?}"),
                    // over those who have a way; and who has none lacks all of it
                    "mean_distance_km" | "gini" | "theil" | "theil_between" | "theil_within" | "beyond_gap"
                    | "beyond_gap_squared" => {}
                    _ => assert_eq!(a[k], b[k], "equity.csv: {column} of {}", a[0]),
                }
            }
        }
        let [run, round] = self.both("lorenz.csv");
        assert!(!all.is_empty() || run == round, "lorenz.csv differs, and nobody is beyond the bound");
    }

    fn check_issues(&self) {
        let of = |folder: &Path| {
            let (columns, mut rows) = records(folder, "issues.csv");
            let at = |c: &str| columns.iter().position(|x| x == c).unwrap();
            let (layer, code, file) = (at("layer"), at("issue"), at("file"));
            rows.retain(|row| !OF_RUNS.contains(&row[code].as_str()));
            for row in &mut rows {
                // a round names files from where its own lies
                row[file] = row[file].rsplit('/').next().unwrap().to_owned();
                if row[layer] == "stations" || row[layer] == "settlements" {
                    // those are judged county by county, from records without their place in the file
                    (row[at("feature")], row[at("line")]) = (String::new(), String::new());
                }
            }
            rows.sort();
            rows
        };
        let (run, round) = (of(&self.run), of(&self.round));
        let manifest: serde_json::Value = serde_json::from_slice(&fs::read(self.round.join("manifest.json")).unwrap()).unwrap();
        for (layer, code) in OUTSIDE {
            let told = run.iter().filter(|row| row[1] == code).map(|row| row[8].parse::<u64>().unwrap()).sum::<u64>();
            assert_eq!(manifest["counts"][layer]["outside_counties"], told, "{code}");
        }
        let only = |a: &[Vec<String>], b: &[Vec<String>]| a.iter().filter(|r| !b.contains(r)).cloned().collect::<Vec<_>>();
        assert!(run == round, "issues.csv: only run {:?}\nonly round {:?}", only(&run, &round), only(&round, &run));
    }

    /// Columns of the files that both have are in the same order and of the same type; meanings may speak of the bound.
    fn check_dictionary(&self) {
        let (run, round) = (records(&self.run, "dictionary.csv"), records(&self.round, "dictionary.csv"));
        let of = |(_, rows): &(Vec<String>, Vec<Vec<String>>)| {
            let mut by_file: BTreeMap<String, Vec<[String; 4]>> = BTreeMap::new();
            for row in rows {
                let column = [1, 2, 3, 4].map(|k| row[k].clone());
                by_file.entry(row[0].rsplit('/').next().unwrap().to_owned()).or_default().push(column);
            }
            by_file
        };
        let (run, round) = (of(&run), of(&round));
        for (file, columns) in &run {
            let only_run = |c: &str| {
                c.ends_with("_crow_km") || c.ends_with("_no_way_km") || c.ends_with("_farthest_km") || c.starts_with("farthest_")
            };
            let only_round = |c: &str| ["selected", "selection"].contains(&c) && file.starts_with("counties");
            let left: Vec<_> = columns.iter().filter(|c| !only_run(&c[0])).collect();
            let right: Vec<_> = round[file].iter().filter(|c| !only_round(&c[0])).collect();
            assert_eq!(left, right, "{file}");
        }
    }
}

fn records(folder: &Path, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut csv = csv::Reader::from_path(folder.join(name)).unwrap();
    let columns = csv.headers().unwrap().iter().map(str::to_owned).collect();
    (columns, csv.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect())
}

/// A line, so that `lines.csv` and counterfactuals have rows; few draws.
const RANK: &str = "[rank.uncertainty]\ndraws = 60\nsamples = 8\n[[rank.lines]]\nname = \"first\"\nplaces = 2\n[rank.counterfactuals]\nstations = 1\n";

#[test]
fn isle_of_man_is_the_same_as_a_round_of_it() {
    made(&root().join("datasets/isle-of-man/region.toml"), None, RANK).check();
}

#[test]
fn chongqing_is_the_same_as_a_round_of_it() {
    made(&root().join("datasets/chongqing-northeast-synthetic/region.toml"), None, RANK).check();
}

/// With a bound that nothing is beyond, equity and its curve are the same bytes, and settlements have the same ways.
#[test]
fn with_a_bound_that_nothing_is_beyond_all_is_the_same() {
    let far = "[criteria]\ndistances_km = [10, 600]\ntimes_min = [900]\nheadline_km = 10\n";
    let pair = made(&root().join("datasets/isle-of-man/region.toml"), Some(far), RANK);
    let (_, rows) = records(&pair.round, "equity.csv");
    let of_all = |k: usize| rows[0][k].parse::<u64>().unwrap();
    // people counted, and none without a way
    assert!(rows[0][0] == "all" && of_all(4) > 0 && of_all(5) == 0, "{:?}", rows[0]);
    pair.check();
}

#[test]
fn washington_is_the_same_as_a_round_of_it() {
    let Some(_) = crate::test_support::shared("washington-northeast") else { return };
    made(&root().join("tests/regions/washington-northeast.toml"), None, RANK).check();
}
