//! Indicators of demand in the ranking: a region whose figures are known on paper ([`crate::balance`]).

use crate::balance::{DEMAND, rows};
use crate::toy::Toy;
use predicates::prelude::*;
use predicates::str::contains;

/// What the ranking goes by, and nothing beside it.
fn only(key: &str, more: &str) -> String {
    let off = [
        "gap_share_class_weighted",
        "people_in_gap_share",
        "longest_dead_stretch_km",
        "settlements_without_station",
        "charging_stations_per_1000_road_km",
        "charging_stations_per_10000_people",
    ];
    let off: String = off.iter().map(|k| format!("{k} = 0\n")).collect();
    format!("\n[rank.weights]\n{off}{key} = 1\n{more}")
}

fn toy(more: &str) -> Toy {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}{more}", crate::toy::REGION));
    toy
}

fn run(more: &str) -> Toy {
    let toy = toy(more);
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

/// A county's cell of the ranking.
fn of(toy: &Toy, code: &str, column: &str) -> String {
    rows(toy, "ranking.csv").into_iter().find(|r| r["county_code"] == code).unwrap()[column].clone()
}

#[test]
fn short_power_by_hand_with_goalposts_reasons_and_uncertainty() {
    // West: 100 cars, 120 kW short on the holiday and none on an ordinary day; East: 300 cars, 1,080 and 540
    let posts = "[rank.goalposts]\nshort_kw_per_vehicle_holiday = [0, 4]\n";
    let toy = run(&format!("{DEMAND}{}", only("short_kw_per_vehicle_holiday", posts)));
    for (code, column, want) in [
        ("0101", "short_kw_per_vehicle", "0.0"),
        ("0101", "short_kw_per_vehicle_holiday", "1.2"),
        ("0102", "short_kw_per_vehicle", "1.8"),
        ("0102", "short_kw_per_vehicle_holiday", "3.6"),
        ("0101", "access_kw_per_vehicle", "4.8"), // 480 kW for 100 cars
        ("0102", "access_kw_per_vehicle", "0.0"), // 300 cars, none within reach of a charger
        ("0101", "townships_without_charging_share", "1.0"),
        ("0102", "peak_wait_min", ""),   // nobody is served
        ("0101", "score_0_100", "30.0"), // 1.2 of 0 to 4
        ("0102", "score_0_100", "90.0"),
        ("0102", "rank", "1"),
        ("0102", "reason_1", "short_kw_per_vehicle_holiday"),
    ] {
        assert_eq!(of(&toy, code, column), want, "{code} {column}");
    }
    // the mean is 60; between goalposts, which cut values, no worth of a unit is told
    let why = rows(&toy, "why.csv");
    assert_eq!(why.len(), 2);
    let east = why.iter().find(|r| r["county_code"] == "0102").unwrap();
    let cells = ["value", "points", "points_against_mean", "points_per_unit"].map(|c| &*east[c]);
    assert_eq!(cells, ["3.6", "90.0", "30.0", ""]);
    // ranges are there: goalposts that move by a tenth leave East ahead of West in every draw
    assert_eq!([of(&toy, "0102", "rank_low_5"), of(&toy, "0102", "rank_high_95")], ["1", "1"]);
    let page = std::fs::read_to_string(toy.path("out/counties/0102.html")).unwrap();
    assert!(page.contains("Power short per vehicle, holiday peak") && page.contains("节假日高峰每车功率缺口"));
    assert!(page.contains("kW per vehicle") && page.contains("千瓦/车"));
    let dictionary = std::fs::read_to_string(toy.path("out/dictionary.csv")).unwrap();
    for column in ["ranking.csv,peak_wait_min", "counties.geojson,ind_access_kw_per_vehicle", "figures.csv,plug_vehicles"] {
        assert!(dictionary.contains(column), "{column}");
    }
}

#[test]
fn less_access_is_worse_and_a_missing_wait_goes_by_the_policy() {
    let toy = run(&format!("{DEMAND}{}", only("access_kw_per_vehicle", "")));
    assert_eq!([of(&toy, "0102", "score_0_100"), of(&toy, "0101", "score_0_100")], ["100.0", "0.0"]);

    // West waits at the holiday peak; East has no wait, since nobody is served: between goalposts it stands at the low end by its own bounds
    let wait = |policy: &str| only("peak_wait_min", &format!("{policy}[rank.goalposts]\npeak_wait_min = [0, 1000]\n"));
    let toy = run(&format!("{DEMAND}{}", wait("")));
    let west: f64 = of(&toy, "0101", "peak_wait_min").parse().unwrap();
    let score: f64 = of(&toy, "0101", "score_0_100").parse().unwrap();
    assert!(west > 0.0 && (score - west / 10.0).abs() < 1e-5, "{west} {score}");
    assert_eq!((&*of(&toy, "0102", "score_0_100"), &*of(&toy, "0102", "rank")), ("0.0", "2"));
    let missing = rows(&toy, "missing.csv");
    assert_eq!((missing.len(), &*missing[0]["county_code"], &*missing[0]["indicator"]), (1, "0102", "peak_wait_min"));
    let toy = run(&format!("{DEMAND}{}", wait("[rank.method]\nmissing = \"not_rankable\"\n")));
    assert!(of(&toy, "0102", "rank").is_empty() && of(&toy, "0102", "not_rankable").contains("peak_wait_min"));
}

#[test]
fn without_demand_it_is_refused_and_nothing_of_it_is_there() {
    for (command, out) in [("run", Some("out")), ("check", None), ("prepare", Some("r.cgap"))] {
        let toy = toy(&only("short_kw_per_vehicle", ""));
        let mut args = vec![command, "region.toml"];
        args.extend(out.iter().flat_map(|o| ["-o", o]));
        let told = toy.chargegap(&args).assert().failure();
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&told.get_output().stderr),
            String::from_utf8_lossy(&told.get_output().stdout)
        );
        assert!(text.contains("rank.weights.short_kw_per_vehicle") && text.contains("there is no [demand]"), "{command}: {text}");
    }
    // a weight of 0 asks for nothing
    let toy = run("\n[rank.weights]\npeak_wait_min = 0\n");
    for file in ["ranking.csv", "figures.csv", "dictionary.csv", "manifest.json", "counties.geojson", "report.html"] {
        let text = std::fs::read_to_string(toy.path("out").join(file)).unwrap();
        // the manifest repeats what was asked
        let text = if file == "manifest.json" { text.replacen("\"peak_wait_min\": 0", "", 1) } else { text };
        assert!(!text.contains("peak_wait_min") && !text.contains("plug_vehicles"), "{file}");
    }
    // nor can `rank` work it out from a folder that was made without
    toy.put("with.toml", &only("peak_wait_min", ""));
    let told = toy.chargegap(&["rank", "out", "--with", "with.toml"]).assert().failure();
    told.stderr(contains("it was made without [demand]").and(contains("rank.weights.peak_wait_min")));
}

#[test]
fn a_finished_folder_is_ranked_again_by_them() {
    let toy = run(DEMAND);
    toy.put("with.toml", &only("short_kw_per_vehicle_holiday", ""));
    toy.chargegap(&["rank", "out", "--with", "with.toml", "-o", "again", "--goalposts-out", "posts.toml"]).assert().success();
    toy.chargegap(&["verify", "again"]).assert().success();
    let mut ranking = csv::Reader::from_path(toy.path("again/ranking.csv")).unwrap();
    let first: crate::balance::Row = ranking.deserialize().next().unwrap().unwrap();
    // min–max over 1.2 and 3.6
    assert_eq!(
        (&*first["county_code"], &*first["score_0_100"], &*first["short_kw_per_vehicle_holiday"]),
        ("0102", "100.0", "3.6")
    );
    let posts = std::fs::read_to_string(toy.path("posts.toml")).unwrap();
    assert!(posts.contains("short_kw_per_vehicle_holiday = { low = 1.2, high = 3.6"), "{posts}");
    // and again from the ranking folder, with goalposts of its own
    toy.put("posts2.toml", &only("short_kw_per_vehicle_holiday", "[rank.goalposts]\nfile = \"posts.toml\"\n"));
    toy.chargegap(&["rank", "again", "--with", "posts2.toml", "-o", "third"]).assert().success();
    toy.chargegap(&["verify", "third"]).assert().success();
}

#[test]
fn counties_that_apply_together_have_their_sums() {
    let joint = "[[rank.joint]]\nname = \"Both\"\nlead = \"0101\"\nmembers = [\"0102\"]\n";
    let posts = "[rank.goalposts]\nshort_kw_per_vehicle_holiday = [0, 6]\n";
    let toy = run(&format!("{DEMAND}{}{joint}", only("short_kw_per_vehicle_holiday", posts)));
    // 1,200 kW short for 400 cars
    assert_eq!((&*of(&toy, "0101", "short_kw_per_vehicle_holiday"), &*of(&toy, "0101", "score_0_100")), ("3.0", "50.0"));
    // 0 of 1 townships with charging in each
    assert_eq!(of(&toy, "0101", "townships_without_charging_share"), "1.0");
}

#[test]
fn changed_figures_are_found() {
    let toy = run(DEMAND);
    let folder = crate::resealed::Forged(toy.path("out"));
    folder.text("figures.csv", &|text| {
        assert!(text.contains(",1080.0,"), "{text}");
        text.replace(",1080.0,", ",1079.0,")
    });
    folder.seal();
    let told = toy.chargegap(&["verify", "out"]).assert().failure();
    told.stdout(contains("short_kw_holiday of county 0102 is not what supply.csv and balance.csv say"));
}

#[test]
fn a_round_ranks_by_them_as_a_run_does() {
    let asked = only("short_kw_per_vehicle_holiday", "[rank.goalposts]\nshort_kw_per_vehicle_holiday = [0, 4]\n");
    let round = |id: &str, more: &str| {
        let criteria = "[criteria]\ndistances_km = [2, 10]\ntimes_min = [5]\nheadline_km = 2\n";
        format!("[round]\nid = \"{id}\"\n[regions]\nfiles = [\"region.toml\"]\n{criteria}{more}")
    };
    let toy = toy("");
    // without [demand] it is refused before anything is read
    toy.put("round.toml", &round("none", &asked));
    for more in [&["--check"][..], &["-o", "no"]] {
        let told = toy.chargegap(&[&["round", "round.toml"], more].concat()).assert().failure();
        told.stderr(contains("there is no [demand]").and(contains("rank.weights.short_kw_per_vehicle_holiday")));
    }
    let folder = |name: &str, file: &str| -> Vec<crate::balance::Row> {
        let mut table = csv::Reader::from_path(toy.path(name).join(file)).unwrap();
        table.deserialize().map(Result::unwrap).collect()
    };
    let east = |name: &str| folder(name, "ranking.csv").into_iter().find(|r| r["county_code"] == "0102").unwrap();
    toy.put("round.toml", &round("2026-1", &format!("{DEMAND}{asked}")));
    toy.chargegap(&["round", "round.toml", "-o", "first", "-q"]).assert().success();
    toy.chargegap(&["verify", "first"]).assert().success();
    // 1,080 kW for 300 cars: 3.6, of 0 to 4
    assert_eq!((&*east("first")["short_kw_per_vehicle_holiday"], &*east("first")["score_0_100"]), ("3.6", "90.0"));
    let page = std::fs::read_to_string(toy.path("first/counties/0102.html")).unwrap();
    assert!(page.contains("Power short per vehicle, holiday peak") && page.contains("节假日高峰每车功率缺口"));
    // ranked again from the finished folder
    toy.put("with.toml", &only("access_kw_per_vehicle", ""));
    toy.chargegap(&["rank", "first", "--with", "with.toml", "-o", "again"]).assert().success();
    toy.chargegap(&["verify", "again"]).assert().success();
    assert_eq!(&*east("again")["rank"], "1");
    // the next round has a smaller peak: 1.5 × 540 kW for 300 cars is 2.7, and 67.5 points; East moved by its own figures
    toy.put("round.toml", &round("2026-2", &format!("{}{asked}", DEMAND.replace("factor = 2", "factor = 1.5"))));
    toy.chargegap(&["round", "round.toml", "-o", "second", "-q"]).assert().success();
    assert_eq!((&*east("second")["short_kw_per_vehicle_holiday"], &*east("second")["score_0_100"]), ("2.7", "67.5"));
    toy.chargegap(&["diff", "first", "second"]).assert().success();
    // a figure that was set by hand stands in the place of ours
    let by_hand = "[[override]]\ncounty = \"0102\"\nindicator = \"short_kw_per_vehicle_holiday\"\nvalue = 1.0\nreason = \"counted\"\nby = \"A. Planner\"\non = \"2026-11-29\"\n";
    toy.put("round.toml", &round("2026-3", &format!("{DEMAND}{asked}{by_hand}")));
    toy.chargegap(&["round", "round.toml", "-o", "third", "-q"]).assert().success();
    toy.chargegap(&["verify", "third"]).assert().success();
    assert_eq!((&*east("third")["short_kw_per_vehicle_holiday"], &*east("third")["score_0_100"]), ("1.0", "25.0"));
}

/// The region with a table of people and cars and one indicator of demand between goalposts, run and verified.
fn with_cars(table: &str, asked: &str, key: &str, policy: &str) -> Toy {
    let posts = format!("{policy}[rank.goalposts]\n{key} = [0, 10]\n");
    let demand = DEMAND.replace("[demand]\n", &format!("[demand]\n{asked}\n"));
    let toy = toy(&format!("\n[county_table]\npath = \"t.csv\"\n{demand}{}", only(key, &posts)));
    toy.put("t.csv", &format!("code,population,cars\n{table}"));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

#[test]
fn a_blank_cell_of_vehicles_gains_no_place_by_what_it_is_filled_with() {
    let policies = ["", "[rank.method]\nmissing = \"not_rankable\"\n"];
    let cars = "vehicles = { private_car = \"cars\" }";
    let households = "households = \"cars\"\nelectric_share = 1";
    // 40 cars ask for 144 kW at the holiday and have 240, 100 of the guess would be 120 kW short; of the power within reach 1,000 cars
    // would have less than the guess, and 10 have more: either way the blank would move West
    for (key, own) in [("short_kw_per_vehicle_holiday", 40), ("access_kw_per_vehicle", 1000), ("access_kw_per_vehicle", 50)] {
        for asked in [cars, households] {
            let whole = with_cars(&format!("0101,1000,{own}\n0102,3000,300\n"), asked, key, "");
            assert!(!whole.path("out/missing.csv").exists());
            for policy in policies {
                let blank = with_cars("0101,1000,\n0102,3000,300\n", asked, key, policy);
                assert_eq!(of(&blank, "0101", key), "", "{key} {asked} {policy}");
                let missing = rows(&blank, "missing.csv");
                assert!(missing.iter().any(|r| r["county_code"] == "0101" && r["indicator"] == key), "{missing:?}");
                assert!(rows(&blank, "issues.csv").iter().any(|i| i["issue"] == "county_vehicles_missing"));
                // its own tables keep what was taken instead, and townships rest on no vehicles
                let supply = rows(&blank, "supply.csv").into_iter().find(|r| r["county_code"] == "0101").unwrap();
                assert_eq!((&*supply["vehicles_private_car"], &*supply["basis_private_car"]), ("100.0", "people"));
                assert_eq!(of(&blank, "0101", "townships_without_charging_share"), "1.0");
                // East, out of its reach, stands as it stood
                assert_eq!(of(&blank, "0102", "score_0_100"), of(&whole, "0102", "score_0_100"));
                if policy.is_empty() {
                    let score = |toy: &Toy| of(toy, "0101", "score_0_100").parse::<f64>().unwrap();
                    let rank = |toy: &Toy| of(toy, "0101", "rank").parse::<u32>().unwrap();
                    assert!(score(&blank) <= score(&whole) && rank(&blank) >= rank(&whole), "{key} {asked}");
                    assert_eq!(of(&blank, "0101", "score_0_100"), "0.0");
                } else {
                    assert!(of(&blank, "0101", "rank").is_empty() && of(&blank, "0101", "not_rankable").contains(key));
                }
            }
        }
    }
}

#[test]
fn a_blank_cell_of_vehicles_is_one_in_a_folder_that_is_ranked_again_and_in_a_joint_application() {
    let key = "short_kw_per_vehicle_holiday";
    let toy = with_cars("0101,1000,\n0102,3000,300\n", "vehicles = { private_car = \"cars\" }", key, "");
    let figures = rows(&toy, "figures.csv").into_iter().find(|r| r["county_code"] == "0101").unwrap();
    assert_eq!((&*figures["plug_vehicles"], &*figures["short_kw_holiday"], &*figures["townships"]), ("", "", "1"));
    let joint = "[[rank.joint]]\nname = \"Both\"\nlead = \"0102\"\nmembers = [\"0101\"]\n";
    let posts = format!("{joint}[rank.method]\nmissing = \"not_rankable\"\n[rank.goalposts]\n{key} = [0, 10]\n");
    for (out, more) in [("again", posts.replace(joint, "")), ("both", posts)] {
        toy.put("with.toml", &only(key, &more));
        toy.chargegap(&["rank", "out", "--with", "with.toml", "-o", out]).assert().success();
        toy.chargegap(&["verify", out]).assert().success();
        let mut ranking = csv::Reader::from_path(toy.path(out).join("ranking.csv")).unwrap();
        let all: Vec<crate::balance::Row> = ranking.deserialize().map(Result::unwrap).collect();
        // West is not known; together with it East is not either
        let blank = all.iter().find(|r| r["county_code"] == if out == "again" { "0101" } else { "0102" }).unwrap();
        assert!(blank["rank"].is_empty() && blank["not_rankable"].contains(key), "{out}: {blank:?}");
    }
}
