//! Rounds: one answer however the work is cut, shared, repeated or listed.

use crate::round_scene::{Laid, Scene, assert_same, code, codes};
use chargegap::internals::config::RoundFile;
use chargegap::internals::measure::Timings;
use chargegap::internals::network::PieceScratch;
use chargegap::internals::round::compute::{Source, of_batch};
use chargegap::internals::round::plan::batches;
use chargegap::internals::round::run::{Laid as Plans, RoundOptions, lay};
use chargegap::internals::round::work::Work;
use std::collections::BTreeMap;
use std::fs;

/// Files that a run has too.
const SHARED_WITH_RUN: [&str; 5] = ["figures.csv", "ledger.csv", "ranking.csv", "trust.csv", "why.csv"];

/// One region file over the files of all four, with what the round asks for.
fn as_one_region(scene: &Scene, laid: &Laid) {
    let list = |name: &str| (1..=4).map(|p| format!("\"p{p}/{name}\"")).collect::<Vec<_>>().join(", ");
    let mut table = String::from("code,population,price\n");
    for (code, people, price) in scene.regions.iter().flat_map(|r| &r.table) {
        table += &format!("{code},{people},{price}\n");
    }
    fs::write(laid.path("table.csv"), table).unwrap();
    let layers = ["roads.geojson", "counties.geojson", "stations.csv", "settlements.csv"]
        .map(|name| format!("[{}]\npath = [{}]\n", name.split('.').next().unwrap(), list(name)))
        .concat();
    // what [select] of the round stands for
    let lines = "[[rank.lines]]\nname = \"quotas\"\nquota = { 51 = 2, 52 = 1, 53 = 1, 54 = 2 }\n[[rank.lines]]\nname = \"budget\"\nbudget = 20000\ncost = 4500\n";
    let whole = format!(
        "[region]\nname = \"All\"\nsynthetic = true\nattribution = [\"Made up for tests\"]\n{layers}[county_table]\npath = \"table.csv\"\n[criteria]\n{}{}{lines}",
        scene.criteria, scene.rank
    );
    fs::write(laid.path("region.toml"), whole).unwrap();
}

#[test]
fn a_round_ranks_as_one_run_over_all_the_files() {
    let mut with_times = Scene::new(2, 8);
    with_times.criteria = with_times.criteria.replace("times_min = []", "times_min = [4, 10]")
        + "services = [\"charging\", \"swap\", \"fast_charging\", \"truck_charging\"]\nfast_min_power_kw = 100\n";
    let mut one_way = Scene::new(3, 8);
    for (i, road) in one_way.regions.iter_mut().flat_map(|r| &mut r.roads).enumerate() {
        road.oneway = ["", "yes", "-1"][i % 3];
    }
    for (name, scene) in [("plain", Scene::new(1, 10)), ("times and services", with_times), ("one-way", one_way)] {
        let laid = scene.laid();
        as_one_region(&scene, &laid);
        let (exit, _, err) = laid.says("run region.toml -q -o run");
        assert_eq!(exit, 0, "{err}");
        let (round, run) = (laid.unbroken(), laid.tree("run"));
        for file in SHARED_WITH_RUN {
            assert!(round[file] == run[file], "{name}: {file} differs");
        }
        // the scene is no easy one: there are gaps and served roads in most counties
        let ledger = String::from_utf8(run["ledger.csv"].clone()).unwrap();
        let rows = ledger.lines().filter(|l| l.contains(",charging,5km,") && l.contains(",all,"));
        let amounts: Vec<(f64, f64)> = rows.map(|l| l.split(',').collect::<Vec<_>>()).map(|r| (num(r[8]), num(r[9]))).collect();
        assert!(
            amounts.len() == 20 && amounts.iter().filter(|(served, gap)| *served > 1.0 && *gap > 1.0).count() >= 15,
            "{name}: {amounts:?}"
        );
    }
}

fn num(text: &str) -> f64 {
    text.parse().unwrap()
}

fn plans(laid: &Laid) -> Plans {
    let round = RoundFile::read(&laid.path("round.toml")).unwrap();
    let options = RoundOptions { strict: true, threads: 1, ..RoundOptions::whole(&|_| {}) };
    lay(&round, &Work::open(&laid.path("lay")).unwrap(), &options, &mut Timings::default()).unwrap()
}

#[test]
fn rows_of_a_county_do_not_depend_on_the_rest_of_its_batch() {
    for seed in 10..15 {
        let mut scene = Scene::new(seed, 16);
        if seed % 2 == 0 {
            scene.criteria = scene.criteria.replace("times_min = []", "times_min = [6]"); // at up to 120 km/h 12 km: surroundings reach far into the neighbours
        }
        let laid = scene.laid();
        let Plans { all, ground, criteria, plan, .. } = &plans(&laid);
        let source = Source { ground, all, criteria, plan };
        let of = |lists: Vec<Vec<usize>>| -> BTreeMap<usize, Vec<u8>> {
            let mut scratch = PieceScratch::default();
            lists.iter().flat_map(|batch| of_batch(&source, batch, &mut scratch).unwrap()).collect()
        };
        let each = of((0..20).map(|i| vec![i]).collect());
        assert_eq!(each.len(), 20);
        // county k and the one farthest from it along the list; every other one; backwards; as the program cuts them
        let pairs = (0..10).map(|i| vec![i, 19 - i]).collect();
        let others = vec![(0..20).step_by(2).collect(), (1..20).step_by(2).collect()];
        let ways = [
            ("all", vec![(0..20).collect()]),
            ("pairs", pairs),
            ("others", others),
            ("backwards", vec![(0..20).rev().collect()]),
            ("its own", batches(&plan.shards, all)),
        ];
        for (name, lists) in ways {
            assert!(of(lists) == each, "seed {seed}: rows differ in batches of {name}");
        }
    }
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let laid = Scene::new(4, 12).laid();
    let first = laid.unbroken();
    for threads in [1, 2, 3, 8] {
        let done = laid.json(&format!("round round.toml -o t{threads} --threads {threads}"));
        assert_eq!(done["computed"].as_array().unwrap().len(), 20);
        assert_same(&first, &laid.tree(&format!("t{threads}")), &format!("{threads} threads"));
    }
}

#[test]
fn the_order_of_region_files_shows_in_the_print_of_the_round_file_only() {
    let mut scene = Scene::new(5, 8);
    let laid = scene.laid();
    let first = laid.unbroken();
    scene.files = "\"p3/region.toml\", \"p1/region.toml\", \"p4\", \"p2/*.toml\"".to_owned();
    scene.write(laid.dir.path());
    let again = laid.json("round round.toml -o again --work unbroken-work");
    assert_eq!(again["kept"], 20, "regions are taken by path, so nothing is new");
    let mut again = laid.tree("again");
    let text = String::from_utf8(again.remove("manifest.json").unwrap()).unwrap();
    let manifest = |text: &str| -> serde_json::Value {
        let mut m: serde_json::Value = serde_json::from_str(text).unwrap();
        for key in ["round_file_sha256", "manifest_sha256"] {
            assert!(m[key].take().is_string());
        }
        m
    };
    assert_eq!(manifest(&text), manifest(&String::from_utf8(first["manifest.json"].clone()).unwrap()));
    for (name, bytes) in &again {
        assert!(first[name] == *bytes, "{name} differs");
    }
}

#[test]
fn the_order_of_stations_and_settlements_changes_no_figure() {
    let mut scene = Scene::new(6, 8);
    // Of two stations of one operator on one spot the later in the file is doubted, so here each has its own.
    for station in scene.regions.iter_mut().flat_map(|r| &mut r.stations) {
        station.rest = station.rest.replace(",A,", &format!(",{},", station.id)).replace(",B,", &format!(",{},", station.id));
        station.rest = station.rest.replace(",,public", &format!(",{},public", station.id));
    }
    let laid = scene.laid();
    let first = laid.unbroken();
    for region in &mut scene.regions {
        region.stations.reverse();
        let half = region.settlements.len() / 2;
        region.settlements.rotate_left(half);
    }
    scene.write(laid.dir.path());
    let again = laid.unbroken();
    // Fingerprints of inputs, and what tells them, may differ: the manifest, the list of shards, the pages of counties; and the
    // layers list stations in the order of their files. No table does.
    let differ: Vec<&str> = again.keys().filter(|n| first[*n] != again[*n]).map(String::as_str).collect();
    let may = |n: &&str| ["manifest.json", "shards.csv", "round.gpkg"].contains(n) || n.starts_with("counties/");
    assert!(differ.iter().all(may), "{differ:?}");
    assert!(differ.contains(&"manifest.json"));
}

#[test]
fn three_machines_and_a_merge_make_what_one_makes() {
    let laid = Scene::new(7, 10).laid();
    let first = laid.unbroken();
    let mut seen = Vec::new();
    for k in 1..=3 {
        let done = laid.json(&format!("round round.toml --work shared --shard {k}/3"));
        let codes: Vec<String> = crate::round_scene::computed(&done);
        assert!(done["out"].is_null() && done["round"].is_null() && done["kept"] == 0, "{done}");
        assert!((4..=9).contains(&codes.len()), "parts are about as heavy as each other: {codes:?}");
        seen.extend(codes);
        let (exit, _, err) = laid.says("merge round.toml --work shared -o merged");
        assert_eq!(exit, if k < 3 { 1 } else { 0 }, "after part {k}: {err}");
        if k < 3 {
            let left: Vec<String> = codes_without(&seen);
            // all that are missing are named, and how many there are
            let want = format!("the rows of {} of 20 counties are missing or damaged: {}\n", left.len(), left.join(", "));
            assert!(err.contains(&want), "{err}");
            assert!(!laid.path("merged").exists());
        }
    }
    seen.sort();
    assert_eq!(seen, codes(), "every county is in one part");
    assert_same(&first, &laid.tree("merged"), "merged");
}

fn codes_without(seen: &[String]) -> Vec<String> {
    codes().into_iter().filter(|c| !seen.contains(c)).collect()
}

#[test]
fn three_machines_at_once_on_one_folder_and_one_that_does_all_of_it() {
    let laid = Scene::new(8, 10).laid();
    let first = laid.unbroken();
    let words = (1..=3).map(|k| format!("round round.toml --work shared --shard {k}/3"));
    let words = words.chain(["round round.toml --work shared -o whole".to_owned()]);
    let children: Vec<_> = words.map(|w| laid.command(&format!("{w} -q")).spawn().unwrap()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let (exit, _, err) = laid.says("merge round.toml --work shared -o merged");
    assert_eq!(exit, 0, "{err}");
    assert_same(&first, &laid.tree("merged"), "merged");
    assert_same(&first, &laid.tree("whole"), "whole");
    assert!(laid.leftovers().is_empty(), "{:?}", laid.leftovers());
}

/// The file that is at fault, and how it comes to be.
type Break<'a> = (&'a str, &'a dyn Fn(&Laid));

#[test]
fn a_region_that_cannot_be_read_is_told_and_left_out() {
    let scene = Scene::new(9, 6);
    let breaks: [Break; 4] = [
        ("stations.csv", &|l| fs::remove_file(l.path("p2/stations.csv")).unwrap()),
        ("roads.geojson", &|l| fs::write(l.path("p2/roads.geojson"), "{\"type\":\"Feat").unwrap()),
        ("counties.geojson", &|l| fs::write(l.path("p2/counties.geojson"), "no json").unwrap()),
        ("region.toml", &|l| fs::write(l.path("p2/region.toml"), "[region\n").unwrap()),
    ];
    for (file, damage) in breaks {
        let laid = scene.laid();
        damage(&laid);
        // nobody has accepted it: no folder, and all the counties that there are computed for the next try
        let (exit, out, err) = laid.says("round round.toml -o out --json");
        let told: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert!(exit == 1 && !laid.path("out").exists() && told["round"].is_null(), "{file}: {exit} {err}");
        assert_eq!(
            (told["faults"].as_array().unwrap().len(), &told["faults"][0]["code"]),
            (1, &"region_left_out".into()),
            "{file}"
        );
        assert_eq!(crate::accepting::accept_all(&laid.path("out-work"), &laid.path("round.toml")), 1);
        let done = laid.json("round round.toml -o out");
        assert_eq!(done["counties"], 15, "{file}: the other three regions have five counties each");
        // the quota of the province that is not there stays unused, and is told
        let issues = fs::read_to_string(laid.path("out/issues.csv")).unwrap();
        let told = issues.lines().filter(|l| l.contains("region_left_out")).count();
        assert!(told == 1 && issues.lines().any(|l| l.contains("region_left_out") && l.contains("p2/")), "{file}: {issues}");
        assert!(issues.lines().any(|l| l.contains("not_found_in_regions") && l.contains("select.quotas.52")), "{file}: {issues}");
        let ranking = fs::read_to_string(laid.path("out/ranking.csv")).unwrap();
        assert!(ranking.contains(&code(0, 0)) && !ranking.contains(&code(0, 1)), "{file}");
        let (exit, _, err) = laid.says("round round.toml -o strict --strict");
        let refused = if file == "region.toml" { 2 } else { 1 }; // a region file is part of the command
        assert!(exit == refused && err.contains(file), "{file}: {exit} {err}");
        assert!(!laid.path("strict").exists() && laid.leftovers().is_empty(), "{:?}", laid.leftovers());
    }
}

#[test]
fn a_county_whose_shape_is_bad_is_told_and_the_others_ranked() {
    let laid = Scene::new(9, 6).laid();
    // a ring of two points for one county of p1: 1 refused record of 5 is more than the hundredth that is let pass
    let bad = crate::round_scene::counties_json(0).replacen("[[[107,24],[107.5,24],[107.5,24.5],", "[[[107,24],", 1);
    fs::write(laid.path("p1/counties.geojson"), &bad).unwrap();
    let text = fs::read_to_string(laid.path("round.toml")).unwrap();
    fs::write(laid.path("round.toml"), format!("{text}[read]\nmax_refused_share = 0.5\n")).unwrap();
    let (exit, _, err) = laid.says("round round.toml -o out");
    assert!(exit == 1 && err.contains("county_refused") && !laid.path("out").exists(), "{exit} {err}");
    assert_eq!(crate::accepting::accept_all(&laid.path("out-work"), &laid.path("round.toml")), 1);
    let done = laid.json("round round.toml -o out");
    assert_eq!(done["counties"], 19);
    let issues = fs::read_to_string(laid.path("out/issues.csv")).unwrap();
    assert!(issues.lines().any(|l| l.contains("refused") && l.contains("p1/counties.geojson")), "{issues}");
    let (exit, _, err) = laid.says("round round.toml -o strict --strict");
    assert!(exit == 1 && !laid.path("strict").exists(), "{exit} {err}");
}

#[test]
fn too_little_memory_is_said_in_numbers_before_the_work() {
    let laid = Scene::new(9, 6).laid();
    let (exit, _, err) = laid.says("round round.toml -o out --max-memory 20MB");
    assert!(exit == 3 && err.contains("needs about") && err.contains("allows 20 MB"), "{err}");
    assert!(!laid.path("out").exists() && laid.leftovers().is_empty(), "{:?}", laid.leftovers());
    let done = laid.json("round round.toml -o out --max-memory 4GB");
    assert_eq!(done["computed"].as_array().unwrap().len(), 20);
    assert_same(&laid.unbroken(), &laid.tree("out"), "with a limit");
}

#[test]
fn more_places_than_ranked_counties_stay_unused() {
    let mut scene = Scene::new(9, 6);
    // five counties a province, 20 in all: 30 places and 9 of province 51 can never be taken
    scene.select = "places = 30\nquotas = { 51 = 9, 52 = 2 }\n".to_owned();
    let laid = scene.laid();
    let done = laid.json("round round.toml -o out");
    let selected = done["round"]["selected"].as_array().unwrap();
    let of = |province: &str| selected.iter().filter(|s| s["code"].as_str().unwrap().starts_with(province)).count();
    assert_eq!((of("51"), of("52"), selected.len()), (5, 2, 7), "{done}");
}

#[test]
fn quotas_of_which_no_province_takes_part_are_refused_by_name() {
    let mut scene = Scene::new(9, 6);
    scene.select = "quotas = { 11 = 9, 12 = 2 }\n".to_owned();
    let laid = scene.laid();
    let (exit, _, err) = laid.says("round round.toml -o out");
    assert!(exit == 2 && err.contains("select.quotas") && err.contains("here: 51, 52, 53, 54"), "{exit} {err}");
    assert!(!laid.path("out").exists());
}
