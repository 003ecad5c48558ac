//! What new stations would change: on paper, and against a full run with the stations among the input.

use crate::toy::{STEP_MM, Toy, root};
use chargegap::internals::config::RegionFile;
use chargegap::internals::config::rank_table::{CounterfactualTable, JointTable};
use chargegap::internals::config::region_file::Paths;
use chargegap::internals::config::{Service, Services};
use chargegap::internals::measure::Timings;
use chargegap::internals::place::Site;
use chargegap::internals::prepared::ground::Options;
use chargegap::internals::results::Results;
use chargegap::internals::run::analyse;
use chargegap::internals::tables::counterfactuals::sentence;
use chargegap::internals::whatif::WhatIf;
use chargegap::internals::whatif::counterfactual::{Counterfactual, UnitPlace};
use std::fs;

fn analysed(region: &RegionFile) -> Results {
    analyse(region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default()).unwrap()
}

/// The shipped region without draws, which have no part in this.
fn chongqing() -> RegionFile {
    let mut region = RegionFile::read(&root().join("datasets/chongqing-northeast-synthetic/region.toml")).unwrap();
    region.rank.uncertainty.draws = 0;
    region
}

/// The same with the first so many stations of a counterfactual in the table of stations, at the positions of their nodes.
fn with_stations(region: &RegionFile, c: &Counterfactual, count: usize) -> Results {
    let dir = tempfile::tempdir().unwrap();
    let mut region = region.clone();
    region.rank.counterfactuals.stations = 0;
    let table = region.stations.as_mut().unwrap();
    let mut text = fs::read_to_string(root().join("datasets/chongqing-northeast-synthetic/stations-synthetic.csv")).unwrap();
    for (i, s) in c.steps[..count].iter().enumerate() {
        text += &format!("N{i},New {i},{:.7},{:.7},charging,,120,,,public,open,,\n", s.at.lon(), s.at.lat());
    }
    let path = dir.path().join("stations.csv");
    fs::write(&path, text).unwrap();
    table.path = Some(Paths::One(path));
    analysed(&region)
}

/// Where a unit of these counties stands in a run.
fn stands(o: &Results, county: usize, members: &[usize]) -> UnitPlace {
    let row = o.assessment.ranking.of(county).unwrap();
    let sum = |f: &dyn Fn(usize) -> u64| members.iter().map(|m| f(*m)).sum();
    UnitPlace {
        rank: row.rank.unwrap(),
        score: row.score.unwrap(),
        gap_mm: sum(&|m| o.figures()[m].gap_total_mm()),
        people_in_gap: sum(&|m| o.figures()[m].people_in_gap),
    }
}

/// Every step against a full run; returns how many were compared.
fn equal_full_runs(region: &RegionFile, o: &Results, c: &Counterfactual, members: &[usize]) -> usize {
    assert_eq!(c.before, stands(o, c.county, members));
    for (k, s) in c.steps.iter().enumerate() {
        let full = with_stations(region, c, k + 1);
        let step = UnitPlace { rank: s.rank, score: s.score, gap_mm: s.gap_mm, people_in_gap: s.people_in_gap };
        assert_eq!(step, stands(&full, c.county, members), "{} with {} stations", o.members[c.county].county.code, k + 1);
        println!("{}", sentence(o, c, &c.steps[..=k]).join("\n"));
    }
    c.steps.len()
}

#[test]
fn a_counterfactual_equals_a_full_run_with_the_stations() {
    let region = chongqing();
    let o = analysed(&region);
    // Without lines the first five of the ranking, two stations each.
    let first: Vec<usize> = o.assessment.ranking.rows.iter().take(5).map(|r| r.county).collect();
    assert_eq!(o.counterfactuals.iter().map(|c| c.county).collect::<Vec<_>>(), first);
    let compared: usize = o.counterfactuals.iter().map(|c| equal_full_runs(&region, &o, c, &[c.county])).sum();
    assert_eq!(compared, 10);
    // A station makes the score lower in these five, or they would say nothing.
    assert!(o.counterfactuals.iter().all(|c| c.steps[0].score < c.before.score));
}

#[test]
fn a_joint_application_is_one_county() {
    let mut region = chongqing();
    let codes: Vec<String> = analysed(&region).counties().map(|c| c.code.clone()).collect();
    let joint = JointTable { name: "Gorges".to_owned(), lead: codes[7].clone(), members: vec![codes[8].clone()] };
    region.rank.joint = vec![joint];
    // named by the member, and once more by the lead: it is one application
    let counties = Some(vec![codes[8].clone(), codes[7].clone()]);
    region.rank.counterfactuals = CounterfactualTable { stations: 1, counties, ..CounterfactualTable::default() };
    let o = analysed(&region);
    assert_eq!(o.counterfactuals.iter().map(|c| c.county).collect::<Vec<_>>(), [7]);
    assert_eq!(equal_full_runs(&region, &o, &o.counterfactuals[0], &[7, 8]), 1);
    assert!(told(&o, 0)[0].contains("(with \"Gorges\")"));
}

#[test]
fn what_was_built_is_gone_again() {
    let o = analysed(&chongqing());
    let scene = &o.whole.as_ref().unwrap().scene;
    let charging = Services::of(&[Service::Charging]);
    let sites = scene.sites.iter().filter(|s| s.offers(Service::Charging)).map(|s| Site { offers: charging, ..*s }).collect();
    let (criteria, headline) = (o.criteria.serving.all.clone(), o.criteria.serving.headline);
    let mut now = WhatIf::new_for(scene.network.clone(), sites, charging, criteria, scene.ledger.excluded_mm.clone());
    let original = now.ledger().clone();
    let first = scene.stations.len() as u32;
    for c in &o.counterfactuals {
        for (number, s) in (first..).zip(&c.steps) {
            now.add_station(Site { station: number, node: s.node, offers: charging }).unwrap();
            assert_eq!(now.ledger().total(c.county, Service::Charging, headline).gap_mm, s.gap_mm);
        }
        assert_ne!(*now.ledger(), original);
        for (number, _) in (first..).zip(&c.steps) {
            now.remove_station(number).unwrap();
        }
        assert_eq!(*now.ledger(), original);
    }
}

#[test]
fn the_toy_is_the_one_on_paper() {
    let toy = Toy::new();
    let o = analysed(&RegionFile::read(&toy.path("region.toml")).unwrap());
    let east = o.counterfactuals.iter().find(|c| o.members[c.county].county.code == "0102").unwrap();
    // The east has no charger and is worst in all that differs: 100. Candidates are D and E (C is a place of the west, whose
    // code is lower). E covers 2 km of road, and Beta with its 3,000 people; then the east is still worst in gap (0.30), longest
    // stretch (0.15) and stations by people (0.10), and the west in people in the gap (0.25) and settlements without a station
    // (0.10); stations by road are equal and left out: 55 / 90. D covers 4 km; then only stations by people differ: 100.
    // Points are rounded to six decimals before they are added.
    let near = |score: f64, want: f64| assert!((score - want).abs() < 5e-6, "{score} is not {want}");
    near(east.before.score, 100.0);
    assert_eq!(east.before, UnitPlace { rank: 1, score: east.before.score, gap_mm: 2 * STEP_MM, people_in_gap: 3000 });
    let first = &east.steps[0];
    assert_eq!((first.at.lon(), first.rank, first.people_in_gap), (0.2, 1, 0));
    assert_eq!(first.gap_mm, 2 * STEP_MM - 2_000_000);
    near(first.score, 5500.0 / 90.0);
    // Then D: 6 km are covered, and the longest stretches are one step less 2 km on both sides. The east is worst in stations
    // by people alone, 10 of 85.
    let second = &east.steps[1];
    assert_eq!((second.at.lon(), second.rank, second.gap_mm), (0.15, 2, 2 * STEP_MM - 6_000_000));
    near(second.score, 1000.0 / 85.0);
    let [en, zh] = told(&o, 0);
    assert!(en.starts_with("With 2 new public 120 kW stations, on T1 (0.20000, 0.00000) and T1 (0.15000"));
    assert!(en.contains("East goes from place 1 to place 2 of 2, score 100.0 → 11.8"), "{}", en);
    assert!(zh.contains("East名次由第1位变为第2位（共2位）"), "{}", zh);
}

#[test]
fn the_table_says_it_and_none_is_written_when_none_is_asked_for() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-q", "-o", "out"]).assert().success();
    let mut csv = csv::Reader::from_path(toy.path("out/counterfactuals.csv")).unwrap();
    let header = csv.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = csv.records().map(|r| r.unwrap()).collect();
    let cell = |row: usize, name: &str| rows[row][header.iter().position(|h| h == name).unwrap()].to_owned();
    assert_eq!([cell(0, "county_code"), cell(0, "stations"), cell(1, "stations")], ["0102", "1", "2"]);
    assert_eq!(cell(1, "stations_at"), "MULTIPOINT (0.2000000 0.0000000, 0.1500000 0.0000000)");
    assert_eq!([cell(1, "rank_before"), cell(1, "rank_after"), cell(1, "roads")], ["1", "2", "T1; T1"]);
    toy.chargegap(&["verify", "out"]).assert().success();

    let text = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &format!("{text}[rank.counterfactuals]\nstations = 0\n"));
    toy.chargegap(&["run", ".", "-q", "-o", "none"]).assert().success();
    assert_eq!(fs::read_to_string(toy.path("none/counterfactuals.csv")).unwrap().lines().count(), 1);
    toy.put("region.toml", &format!("{text}[rank.counterfactuals]\ncounties = [\"9\"]\n"));
    let stderr = toy.chargegap(&["run", ".", "-q", "-o", "bad"]).assert().code(2).get_output().stderr.clone();
    assert!(String::from_utf8(stderr).unwrap().contains("no county has the code 9"));
}

/// The sentences of a counterfactual, in English and Chinese.
fn told(o: &Results, n: usize) -> [String; 2] {
    let c = &o.counterfactuals[n];
    sentence(o, c, &c.steps)
}
