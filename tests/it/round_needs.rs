//! Rounds with `[demand]` and `[programme]`: what only the network of all regions can say is what a run of all of them together says, to the
//! byte, whoever computed the shards.

use crate::accepting;
use crate::balance::DEMAND;
use crate::round_closed::{open, says};
use crate::small_round::SmallRound;
use crate::toy::{self, Toy, county, road};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every table that demand and programmes write.
const TABLES: [&str; 10] = [
    "balance.csv",
    "supply.csv",
    "townships.csv",
    "station_loads.csv",
    "trial.csv",
    "assumptions.csv",
    "corridors.csv",
    "programme.csv",
    "county_roads.csv",
    "reward.csv",
];
/// Every layer.
const LAYERS: [&str; 4] = ["townships", "station_loads", "corridors", "corridor_gaps"];

const PROGRAMME: &str = "[programme]\nprofiles = [\"cn-county-pilot-2024\", \"us-nevi-2025\", \"cn-township-coverage\"]\n\
                         [programme.values.us-nevi-2025]\nspacing = 8\noff_road = 1\n[programme.figures.\"11\"]\nnev_penetration = 20\n";

fn same_tables(a: &Path, b: &Path) {
    for file in TABLES {
        let [a, b] =
            [a, b].map(|folder| fs::read_to_string(folder.join(file)).unwrap_or_else(|_| panic!("{file} of {folder:?}")));
        assert_eq!(a, b, "{file}");
        assert!(a.lines().count() > 1, "{file} has no rows");
    }
}

/// What was kept of the whole network.
fn kept(work: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(work).unwrap().map(|e| e.unwrap().path());
    let mut all: Vec<PathBuf> = all.filter(|p| p.file_name().unwrap().to_string_lossy().starts_with("needs-")).collect();
    all.sort();
    all
}

/// Whether the last answer of `--json` says that the network was asked anew.
fn asked_anew(r: &SmallRound, command: &str) -> Option<bool> {
    let args: Vec<&str> = command.split(' ').chain(["--json"]).collect();
    let output = r.chargegap(&args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    match said["whole_network"].as_str() {
        Some("computed") => Some(true),
        Some("kept") => Some(false),
        _ => None,
    }
}

/// The small round with what is asked for in its round file.
fn asked(more: &str) -> SmallRound {
    let r = SmallRound::laid();
    r.edit("round.toml", |t| t + more);
    // a numbered road through both provinces, and stations of the period of the programme
    for p in ["11", "12"] {
        r.edit(&format!("{p}/roads.geojson"), |t| t.replace("\"id\":\"n31", "\"ref\":\"G 318\",\"id\":\"n31"));
        r.edit(&format!("{p}/stations.csv"), |t| {
            let dated =
                t.lines().map(|l| if l.starts_with("id,") { format!("{l},opened\n") } else { format!("{l},2024-07-02\n") });
            dated.collect()
        });
    }
    r
}

/// Both provinces as one region: their layers one after the other, rows of tables backwards, as the order of rows must not show.
fn together(r: &SmallRound, more: &str) {
    fs::create_dir(r.path("both")).unwrap();
    let text = |p: &str, file: &str| fs::read_to_string(r.path(&format!("{p}/{file}"))).unwrap();
    for file in ["roads.geojson", "counties.geojson"] {
        let features = |p: &str| -> Vec<String> {
            let layer: Value = serde_json::from_str(&text(p, file)).unwrap();
            layer["features"].as_array().unwrap().iter().map(Value::to_string).collect()
        };
        fs::write(r.path(&format!("both/{file}")), toy::collection(&[features("11"), features("12")].concat())).unwrap();
    }
    for file in ["stations.csv", "settlements.csv"] {
        let (first, second) = (text("11", file), text("12", file));
        let rows: Vec<&str> = first.lines().skip(1).chain(second.lines().skip(1)).collect::<Vec<_>>().into_iter().rev().collect();
        fs::write(r.path(&format!("both/{file}")), format!("{}\n{}\n", first.lines().next().unwrap(), rows.join("\n"))).unwrap();
    }
    let region = fs::read_to_string(r.path("11/region.toml")).unwrap();
    let criteria = "[criteria]\ndistances_km = [2, 5]\ntimes_min = []\nheadline_km = 2\n";
    fs::write(r.path("both/region.toml"), format!("{region}{criteria}{more}")).unwrap();
}

#[test]
fn a_round_of_one_region_says_what_a_run_of_it_says() {
    let toy = Toy::new();
    let more = format!("{DEMAND}{PROGRAMME}").replace("figures.\"11\"", "figures.\"53\"");
    toy.put("region.toml", &format!("{}{more}", toy::REGION));
    let numbered =
        road("r1", "trunk", "Main Street", &[0.0, 0.05, 0.1, 0.15, 0.2]).replace("\"id\":", "\"ref\":\"US 2\",\"id\":");
    toy.put("roads.geojson", &toy::roads(&[numbered]));
    toy.put("counties.geojson", &toy::counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put("stations.csv", "id,name,lon,lat,kind,points,power_kw,total_kw,access,status,opened\ns1,One,0.05,0.0001,charging,4,120,480,public,open,2024-07-02\n");
    let criteria = "[criteria]\ndistances_km = [2, 10]\ntimes_min = [5]\nheadline_km = 2\n\
                    [rank.weights]\npeople_in_gap_share = 0\nsettlements_without_station = 0\n";
    toy.put("round.toml", &format!("[round]\nid = \"one\"\n[regions]\nfiles = [\"region.toml\"]\n{criteria}{more}"));
    toy.chargegap(&["run", "region.toml", "-o", "run", "-q"]).assert().success();
    toy.chargegap(&["round", "round.toml", "-o", "round", "-q"]).assert().success();
    toy.chargegap(&["verify", "round"]).assert().success();
    same_tables(&toy.path("run"), &toy.path("round"));
    // the region asks for the same, so nothing of it is left aside
    assert!(!fs::read_to_string(toy.path("round/issues.csv")).unwrap().contains("not_in_rounds"));
    // the pages of counties show it too, and the first page leads there
    let page = fs::read_to_string(toy.path("round/counties/533122.html")).unwrap();
    for title in ["What is asked for, and what is short", "Townships in order of need", "Held against programmes"] {
        assert!(page.contains(title), "{title}");
    }
    let first = fs::read_to_string(toy.path("round/round.html")).unwrap();
    assert!(first.contains("id=\"demand\"") && first.contains("id=\"programmes\""));
}

#[test]
fn chongqing_as_a_round_says_what_it_says_as_a_run() {
    let dataset = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/chongqing-northeast-synthetic");
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(dataset).unwrap().map(Result::unwrap).filter(|e| e.file_type().unwrap().is_file()) {
        fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
    }
    let text = fs::read_to_string(dir.path().join("region-demand.toml")).unwrap();
    // with a rule about roads beside its own programmes
    let text = text.replace("\"cn-township-coverage\"]", "\"cn-township-coverage\", \"us-nevi-2023\"]");
    let asked = &text[text.find("[criteria]").unwrap()..];
    assert!(asked.contains("us-nevi-2023"));
    fs::write(dir.path().join("region-demand.toml"), &text).unwrap();
    let round = format!("[round]\nid = \"cq\"\n[regions]\nfiles = [\"region-demand.toml\"]\n{asked}");
    fs::write(dir.path().join("round.toml"), round).unwrap();
    toy::chargegap().current_dir(dir.path()).args(["run", "region-demand.toml", "-o", "run", "-q"]).assert().success();
    // of seven of its settlements the people are not known, which a round asks somebody to answer for
    let refused = toy::chargegap().current_dir(dir.path()).args(["round", "round.toml", "--check"]).assert().code(1);
    let told = String::from_utf8_lossy(&refused.get_output().stdout).into_owned();
    assert!(told.contains("people_not_known  township-seats.csv") && told.contains("500155 2 of 32"), "{told}");
    accepting::round(dir.path(), "round.toml", "round", &["-q"]);
    let [run, round] = ["run", "round"].map(|out| dir.path().join(out));
    for file in TABLES.into_iter().filter(|f| !["corridors.csv", "county_roads.csv"].contains(f)) {
        let [a, b] = [&run, &round].map(|folder| fs::read_to_string(folder.join(file)).unwrap());
        // its township seats are not in the order of their ids
        assert!(a == b && a.lines().count() > 1, "{file}");
    }
    // what a planner asks of the example: the tier of every county with the station that is tried, of some without it too; of 71 of 387
    // townships it is not known what they ask for, those of Zhongxian and Yunyang among them
    let rows = |file: &str| -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_path(run.join(file)).unwrap().deserialize().map(Result::unwrap).collect()
    };
    let rewards = rows("reward.csv");
    assert!(rewards.iter().all(|r| r["class"] == "second"));
    for r in &rewards {
        assert_eq!(r["with_utilisation"].is_empty(), ["500233", "500235"].contains(&&*r["county_code"]), "{}", r["county_code"]);
    }
    // no station of the example says of itself how available it is: without the one that is tried both ways are told
    assert!(rewards.iter().any(|r| !r["utilisation_if"].is_empty()));
    // what is nothing either way is told, and so is what a district could have, which cannot apply
    for r in &rewards {
        let nothing = r["most_yuan"] == "0" || r["eligible"] == "no";
        assert!(r["utilisation"].is_empty() && (r["told"] == "cannot_be_told") != nothing, "{r:?}");
    }
    let towns = rows("townships.csv");
    let unknown = towns.iter().filter(|t| t["short_kw"].is_empty()).count();
    assert_eq!((towns.len(), unknown), (387, 71));
    // no township is short of less on the holiday
    let kw = |t: &BTreeMap<String, String>, column: &str| t[column].parse::<f64>().unwrap_or(0.0);
    assert!(towns.iter().all(|t| kw(t, "short_holiday_kw") >= kw(t, "short_kw") - 1e-6));
    for day in rows("balance.csv") {
        assert_eq!(day["short_kw"].is_empty(), ["500233", "500235"].contains(&&*day["county_code"]), "{}", day["county_code"]);
    }
    let report = fs::read_to_string(run.join("report.html")).unwrap();
    for part in ["Of 71 settlements neither people nor vehicles are known", "no power is known to be short here", "cgmap-"] {
        assert!(report.contains(part), "{part}");
    }
}

#[test]
fn a_round_of_two_regions_says_what_a_run_of_both_together_says() {
    let more = format!("{}{PROGRAMME}", DEMAND.replace("reach_km = 10", "reach_km = 5"));
    let r = asked(&more);
    together(&r, &more);
    r.edit("round.toml", |t| t.replace("\"*/region.toml\"", "\"11/region.toml\", \"12/region.toml\""));
    r.chargegap(&["run", "both/region.toml", "-o", "run", "-q"]).assert().success();
    assert!(open(&r, "round round.toml -o whole").is_empty());
    same_tables(&r.path("run"), &r.path("whole"));
    // by two machines it is the same folder, and shards know nothing of it
    for k in ["1/2", "2/2"] {
        let part = ["round", "round.toml", "--work", "shared", "--shard", k, "-q"];
        r.chargegap(&part).assert().success();
    }
    assert!(kept(&r.path("shared")).is_empty());
    r.chargegap(&["merge", "round.toml", "--work", "shared", "-o", "merged", "-q"]).assert().success();
    for file in crate::small_round::all_files(&r.path("whole")) {
        assert!(fs::read(r.path("whole").join(&file)).unwrap() == fs::read(r.path("merged").join(&file)).unwrap(), "{file}");
    }
    assert_eq!(says(&r, "verify whole").0, 0);
    // its layers stand in its GeoPackage, and where they are asked for as files they say what those of the run say
    let (_, said, _) = says(&r, "verify whole");
    assert!(said.contains("corridors.geojson against corridors.csv"), "{said}");
    let files = format!("layers = [{}]", LAYERS.map(|l| format!("\"{l}\"")).join(", "));
    r.edit("round.toml", |t| t.replace("layers = [\"gaps\"]", &files));
    assert!(open(&r, "round round.toml -o layers").is_empty());
    assert_eq!(says(&r, "verify layers").0, 0);
    for layer in LAYERS {
        let [run, round] = ["run", "layers"].map(|folder| {
            let text = fs::read_to_string(r.path(&format!("{folder}/{layer}.geojson"))).unwrap();
            serde_json::from_str::<Value>(&text).unwrap()["features"].clone()
        });
        assert!(run == round && !run.as_array().unwrap().is_empty(), "{layer}");
    }
}

#[test]
fn what_was_found_is_kept_as_long_as_nothing_changes() {
    let r = asked(&DEMAND.replace("reach_km = 10", "reach_km = 5"));
    let round = "round round.toml -o out --work w --overwrite";
    assert_eq!(asked_anew(&r, round), Some(true));
    let first = kept(&r.path("w"));
    assert_eq!(first.len(), 1);
    let bytes = fs::read(&first[0]).unwrap();
    let table = fs::read(r.path("out/balance.csv")).unwrap();
    assert_eq!(asked_anew(&r, round), Some(false));
    assert_eq!(fs::read(r.path("out/balance.csv")).unwrap(), table);
    // how counties are ranked has nothing to do with it
    r.edit("round.toml", |t| t.replace("draws = 40", "draws = 30"));
    assert_eq!(asked_anew(&r, round), Some(false));
    // cut off, a letter changed, of other inputs: not there
    let other = String::from_utf8(bytes.clone()).unwrap().replacen("\"guns\":4", "\"guns\":5", 1).into_bytes();
    let foreign = [b"0".as_slice(), &bytes[1..]].concat();
    for bad in [bytes[..bytes.len() - 7].to_vec(), other, foreign, Vec::new()] {
        assert_ne!(bad, bytes);
        fs::write(&first[0], bad).unwrap();
        assert_eq!(asked_anew(&r, round), Some(true));
        assert_eq!(fs::read(&first[0]).unwrap(), bytes);
        assert_eq!(fs::read(r.path("out/balance.csv")).unwrap(), table);
    }
    // another question, other stations, other people: each is another answer, and the one of before is gone
    let edits: [(&str, [&str; 2]); 3] = [
        ("round.toml", ["km_day = 40", "km_day = 41"]),
        ("12/stations.csv", ["charging,4,60", "charging,5,60"]),
        ("11/settlements.csv", [",300,town", ",301,town"]),
    ];
    for (file, [old, new]) in edits {
        let before = kept(&r.path("w"));
        r.edit(file, |t| t.replacen(old, new, 1));
        assert_eq!(asked_anew(&r, round), Some(true), "{file}");
        let now = kept(&r.path("w"));
        assert!(now.len() == 1 && now != before, "{file}");
    }
    // a round that asks for nothing of it keeps nothing
    let plain = SmallRound::laid();
    assert_eq!(asked_anew(&plain, round), None);
    assert!(kept(&plain.path("w")).is_empty() && !plain.path("out/balance.csv").exists());
    // with and without it is one setting, not a hundred
    fs::write(r.path("plain.toml"), crate::small_round::ROUND).unwrap();
    assert!(open(&r, "round plain.toml -o plain").is_empty());
    let (_, out, _) = says(&r, "diff plain out");
    let told: Vec<&str> = out.lines().filter(|l| l.contains("criteria.demand")).collect();
    assert_eq!(told, ["setting  criteria.demand: not set -> \"see assumptions.csv\""], "{out}");
}

#[test]
fn counties_that_take_no_part_have_no_rows_and_their_drivers_still_come() {
    let demand = DEMAND.replace("reach_km = 10", "reach_km = 5");
    // a programme of one's own for which districts may apply: who takes part is said by a register
    let own = PROGRAMME.replace("[\"cn-county-pilot-2024\"", "[\"own\"");
    let own = own.replacen("[programme]\n", "[programme]\nfiles = [\"own.toml\"]\n", 1);
    let r = asked(&format!("{demand}{own}"));
    let toml = r.chargegap(&["programme", "cn-county-pilot-2024", "--toml"]).output().unwrap().stdout;
    let text = String::from_utf8(toml).unwrap().replace("name = \"cn-county-pilot-2024\"", "name = \"own\"");
    fs::write(r.path("own.toml"), text.replace("alone = [\"county\", \"county_level_city\"]", "alone = [\"district\"]")).unwrap();
    fs::write(r.path("applicants.csv"), "code\n110101\n110102\n110103\n").unwrap();
    assert!(open(&r, "round round.toml -o all").is_empty());
    r.edit("round.toml", |t| {
        t.replace("[criteria]", "[applicants]\npath = \"applicants.csv\"\n[criteria]").replace("\"12\" = 2 ", "")
    });
    r.edit("round.toml", |t| t.replace("quotas = { \"11\" = 1, }", "quotas = { \"11\" = 1 }"));
    let (exit, _, err) = says(&r, "round round.toml -o some");
    assert_eq!(exit, 0, "{err}");
    assert_eq!(says(&r, "verify some").0, 0);
    for file in TABLES.into_iter().filter(|f| !["assumptions.csv", "corridors.csv"].contains(f)) {
        let rows = |out: &str| -> Vec<String> {
            let text = fs::read_to_string(r.path(out).join(file)).unwrap();
            text.lines().skip(1).filter(|l| l.split(',').next().is_some_and(|c| c.starts_with("11"))).map(str::to_owned).collect()
        };
        // what is said of the three counties is what was said of them among the six
        assert_eq!(rows("some"), rows("all"), "{file}");
        let all = fs::read_to_string(r.path("some").join(file)).unwrap();
        assert!(!all.lines().any(|l| l.starts_with("12")), "{file}");
    }
    // roads are those of the whole network
    let roads = |out: &str| fs::read_to_string(r.path(out).join("corridors.csv")).unwrap();
    assert_eq!(roads("some"), roads("all"));
}

#[test]
fn what_a_region_asks_for_gives_way_to_the_round_and_is_told() {
    let r = asked(&DEMAND.replace("reach_km = 10", "reach_km = 5"));
    r.edit("12/region.toml", |t| t + "[demand]\nper_1000_people = { private_car = 5 }\n[programme]\nprofiles = [\"uk-msa\"]\n");
    assert!(open(&r, "round round.toml -o out").is_empty());
    let told = fs::read_to_string(r.path("out/issues.csv")).unwrap();
    let told: Vec<&str> = told.lines().filter(|l| l.contains("not_in_rounds")).collect();
    assert!(told.len() == 2 && told.iter().all(|l| l.contains("12/region.toml")), "{told:?}");
    assert!(told[0].contains("[demand] of the region is not used") || told[1].contains("[demand] of the region is not used"));
    // 1,200 + 1,100 + … + 100 people a province (7,800), 100 cars for 1,000 of them in both, as the round says
    let supply = fs::read(r.path("out/supply.csv")).unwrap();
    let mut table = csv::Reader::from_reader(supply.as_slice());
    let rows: Vec<std::collections::BTreeMap<String, String>> = table.deserialize().map(Result::unwrap).collect();
    for province in ["11", "12"] {
        let here = rows.iter().filter(|r| r["county_code"].starts_with(province));
        let cars: f64 = here.map(|r| r["vehicles_private_car"].parse::<f64>().unwrap()).sum();
        assert!((cars - 780.0).abs() < 1e-3, "{province}: {cars}");
    }
    assert!(!r.path("out/programme.csv").exists());
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_read() {
    for (more, key) in [
        ("[demand]\nreach_km = 50\n", "demand.reach_km"),
        ("[programme]\nprofiles = [\"uk-masa\"]\n", "programme.profiles[0]"),
        ("[programme]\nprofiles = [\"uk-msa\", \"uk-msa\"]\n", "programme.profiles[1]"),
        ("[demand]\nper_1000 = 3\n", "demand.per_1000"),
    ] {
        let r = SmallRound::laid();
        r.edit("round.toml", |t| t + more);
        let (exit, _, err) = says(&r, "round round.toml -o out");
        assert!(exit == 2 && err.contains(key) && err.contains("round.toml"), "{more}: {err}");
        assert!(!r.path("out").exists());
    }
}

#[test]
fn an_archive_makes_it_again_with_a_programme_of_ones_own() {
    let own = "[programme]\nprofiles = [\"cn-township-coverage\"]\nfiles = [\"rules/own.toml\"]\n";
    let r = asked(&format!("{}{own}", DEMAND.replace("reach_km = 10", "reach_km = 5")));
    let text = r.chargegap(&["programme", "cn-township-coverage", "--toml"]).output().unwrap().stdout;
    fs::create_dir(r.path("rules")).unwrap();
    fs::write(r.path("rules/own.toml"), text).unwrap();
    assert!(open(&r, "round round.toml -o out --archive a.zip").is_empty());
    let manifest = fs::read_to_string(r.path("out/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let read = manifest["inputs"].as_array().unwrap().iter().find(|i| i["role"] == "programme").unwrap();
    assert_eq!(read["path"], "rules/own.toml");
    let (exit, out, err) = says(&r, "verify a.zip");
    assert!(exit == 0 && out.contains("verified and recomputed"), "{out}{err}");
    let (exit, out, err) = says(&r, "verify out --round round.toml --recompute 2");
    assert!(exit == 0, "{out}{err}");
    // a rule that was changed since
    r.edit("rules/own.toml", |t| format!("{t}# another\n"));
    let (exit, out, _) = says(&r, "verify out --round round.toml --recompute 2");
    assert!(exit == 1 && out.contains("rules/own.toml"), "{out}");
}

#[test]
fn what_drivers_ask_for_is_a_cause_of_its_own() {
    // ranked by the power short for a vehicle, twice: cars drive 40 km a day, then 80
    let ranked = "[rank.weights]\nshort_kw_per_vehicle = 1\n";
    let r = asked(&format!("{}{ranked}", DEMAND.replace("reach_km = 10", "reach_km = 5")));
    let text = fs::read_to_string(r.path("round.toml")).unwrap();
    fs::write(r.path("next.toml"), text.replace("km_day = 40", "km_day = 80")).unwrap();
    assert!(open(&r, "round round.toml -o old").is_empty());
    assert!(open(&r, "round next.toml -o new").is_empty());
    for file in ["old", "new"] {
        assert_eq!(says(&r, &format!("verify {file}")).0, 0);
        assert_eq!(says(&r, &format!("rank {file} -o {file}-again")).0, 0);
        let again = fs::read_to_string(r.path(&format!("{file}-again/ranking.csv"))).unwrap();
        assert_eq!(again, fs::read_to_string(r.path(file).join("ranking.csv")).unwrap());
    }
    let (exit, out, err) = says(&r, "diff old new");
    assert!([0, 1].contains(&exit), "{out}{err}");
    let (exit, out, err) = says(&r, "diff old new --report why");
    assert!([0, 1].contains(&exit), "{out}{err}");
    let rows = crate::round_causes::table(&r.path("why/causes.csv"), "county_code");
    assert_eq!(crate::round_causes::moving(&rows), ["demand"]);
    crate::round_causes::add_up(&rows);
}

#[test]
fn the_network_is_asked_when_all_rows_are_there_and_not_before() {
    // the rows of one county are not there: nothing is put together, and the network is not asked
    let r = asked(&DEMAND.replace("reach_km = 10", "reach_km = 5"));
    r.chargegap(&["round", "round.toml", "--work", "w", "--shard", "1/2", "-q"]).assert().success();
    let (exit, _, err) = says(&r, "merge round.toml --work w -o out");
    assert!(exit == 1 && err.contains("the rows of 3 of 6 counties are missing"), "{err}");
    assert!(kept(&r.path("w")).is_empty());
}
