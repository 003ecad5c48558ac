//! Where to build: plans worked out by hand, and plans of the data sets that keep what they promise when they are read back.

use crate::balance::{DEMAND, rows};
use crate::toy::{REGION, Toy, chargegap, counties, county, root};
use chargegap::internals::files::text::grouped;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

type Row = BTreeMap<String, String>;

fn km(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

/// The toy: T1 along the equator through two counties of 11.13195 km each; within 2 km of a station is served.
fn toy(plan: &str) -> Toy {
    let toy = Toy::new();
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put("region.toml", &format!("{REGION}{plan}"));
    toy
}

#[test]
fn a_plan_read_back_as_stations_has_what_it_promised_to_the_millimetre() {
    let dir = tempfile::tempdir().unwrap();
    let from = root().join("datasets/chongqing-northeast-synthetic");
    for entry in fs::read_dir(&from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    let region = fs::read_to_string(from.join("region.toml")).unwrap();
    let run = |name: &str, text: &str, threads: &str| {
        fs::write(dir.path().join(format!("{name}.toml")), text).unwrap();
        let (input, out) = (format!("{name}.toml"), format!("{name}{threads}"));
        let call = |args: &[&str]| chargegap().current_dir(dir.path()).args(args).assert().success();
        call(&["run", &input, "-o", &out, "-q", "--threads", threads]);
        call(&["verify", &out]);
        dir.path().join(out)
    };
    let planned = format!("{region}\n[plan]\nsites = 6\nfirst = [\"500229\"]\nsite_cost = 1500000\ncurrency = \"CNY\"\n");
    let plan = run("plan", &planned, "2");
    let again = run("plan", &planned, "1");
    for file in ["plan.csv", "plan_rows.csv", "plan_curve.csv", "plan_quality.csv", "plan_counties.csv", "sites.geojson"] {
        assert_eq!(fs::read(plan.join(file)).unwrap(), fs::read(again.join(file)).unwrap(), "{file}");
    }
    let one = "path = \"stations-synthetic.csv\"";
    assert!(region.contains(one));
    let both = region.replace(one, "path = [\"stations-synthetic.csv\", \"plan2/sites.geojson\"]");
    let scenario = run("scenario", &both, "2");
    let after = ledger(&scenario);
    let promised = csv(&plan.join("plan_counties.csv"));
    assert_eq!(promised.len(), after.len());
    let mut fell = 0;
    for row in &promised {
        assert_eq!(row["gap_km_after"], after[&row["county_code"]], "{}", row["county_code"]);
        fell += usize::from(km(row, "gap_km_after") < km(row, "gap_km_before"));
    }
    assert!(fell > 0);
    // what the plan says that it covers is what left the gap
    let covered: f64 = promised.iter().map(|r| km(r, "gap_km_before") - km(r, "gap_km_after")).sum();
    let sites = csv(&plan.join("plan.csv"));
    assert!((covered - km(sites.last().unwrap(), "covered")).abs() < 1e-6, "{covered}");
    let quality = csv(&plan.join("plan_quality.csv"));
    assert_eq!(quality[0]["county_code"], "500229");
    assert!(quality.iter().all(|q| km(q, "gap_percent") < 2.0), "{quality:?}");
}

/// Road in the gap for charging at the headline distance of 10 km, by county.
fn ledger(folder: &Path) -> BTreeMap<String, String> {
    let all = csv(&folder.join("ledger.csv"));
    let total = |r: &&Row| r["service"] == "charging" && r["criterion"] == "10km" && r["road_class"] == "all";
    all.iter().filter(total).map(|r| (r["county_code"].clone(), r["gap_km"].clone())).collect()
}

fn csv(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

#[test]
fn two_sites_in_the_open_cover_four_kilometres_each() {
    // T1 is 22.2639 km; the station at 5.565975 km serves 3.565975 to 7.565975. Beyond it 14.697925 km are in the gap: two sites that stand 2 km
    // from its ends and 4 km apart cover 8 km, and nobody covers more.
    let toy = toy("[plan]\nsites = 2\ngenerate = [\"gaps\"]\nspacing_km = 1\n");
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let sites = rows(&toy, "plan.csv");
    let told: Vec<_> = sites.iter().map(|s| (s["order"].as_str(), km(s, "gain"), km(s, "covered"))).collect();
    assert_eq!(told, [("1", 4.0, 4.0), ("2", 4.0, 8.0)]);
    let quality = rows(&toy, "plan_quality.csv");
    assert_eq!((km(&quality[0], "covered"), km(&quality[0], "bound")), (8.0, 8.0));
    let gap = |column: &str| rows(&toy, "plan_counties.csv").iter().map(|c| km(c, column)).sum::<f64>();
    assert!((gap("gap_km_before") - 18.2639).abs() < 1e-6, "{}", gap("gap_km_before"));
    assert!((gap("gap_km_before") - gap("gap_km_after") - 8.0).abs() < 1e-9);
    let curve = rows(&toy, "plan_curve.csv");
    assert_eq!(curve.iter().map(|c| (c["limit"].as_str(), km(c, "covered"))).collect::<Vec<_>>()[..2], [("1", 4.0), ("2", 8.0)]);
}

#[test]
fn a_county_that_comes_first_is_closed_before_the_others() {
    // West has 3.565975 km in the gap on either side of its station: a site at the middle of each closes it, the second reaches on into East.
    // The third site covers 4 km in East.
    let toy = toy("");
    let plan = ["plan", "region.toml", "-o", "out", "--sites", "3", "--first", "533122", "--json"];
    let output = toy.chargegap(&plan).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["plan"]["sites"], 3);
    toy.chargegap(&["verify", "out"]).assert().success();
    let sites = rows(&toy, "plan.csv");
    assert_eq!(sites.iter().map(|s| s["for_county"].as_str()).collect::<Vec<_>>(), ["533122", "533122", ""]);
    assert_eq!(km(&sites[2], "gain"), 4.0);
    let quality = rows(&toy, "plan_quality.csv");
    assert_eq!((km(&quality[0], "covered"), km(&quality[0], "reachable")), (7.13195, 7.13195));
    let west = &rows(&toy, "plan_counties.csv")[0];
    assert_eq!((west["county_code"].as_str(), km(west, "gap_km_before"), km(west, "gap_km_after")), ("533122", 7.13195, 0.0));
    // a run of the same inputs is what a plan can be held to
    toy.chargegap(&["run", "region.toml", "-o", "run", "-q"]).assert().success();
    toy.chargegap(&["plan", "region.toml", "--of", "run", "-o", "out2", "--sites", "1", "-q"]).assert().success();
    toy.put("stations.csv", "id,name,lon,lat,kind\ns1,One,0.06,0.0001,charging\n");
    let other = toy.chargegap(&["plan", "region.toml", "--of", "run", "-o", "out3", "--sites", "1", "-q"]).output().unwrap();
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stderr).contains("stations.csv is not the file"), "{other:?}");
}

#[test]
fn counties_are_funded_with_plans_of_their_own_and_a_round_says_what_a_run_says() {
    // West has 2 × 3.565975 km in the gap, one site closes either; East 11.13195 km, a site in the open covers 4 of it, two 8. At 10 a site:
    // 10 buys East's first (4), 20 both of East (8, against 7.565975 with one in each), 30 those and one of West (11.565975).
    let plan = "[plan]\nsites = 2\nsite_cost = 10\nfunding = [30, 10, 20]\ngenerate = [\"gaps\"]\nspacing_km = 1\n";
    let toy = toy(plan);
    let criteria = "[criteria]\ndistances_km = [2, 10]\ntimes_min = [5]\nheadline_km = 2\n\
                    [rank.weights]\npeople_in_gap_share = 0\nsettlements_without_station = 0\n";
    toy.put("round.toml", &format!("[round]\nid = \"one\"\n[regions]\nfiles = [\"region.toml\"]\n{criteria}{plan}"));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let budgets = rows(&toy, "funding_budgets.csv");
    let told: Vec<_> =
        budgets.iter().map(|b| (b["budget"].as_str(), km(b, "covered"), km(b, "bound"), km(b, "price_percent"))).collect();
    assert_eq!(told, [("10", 4.0, 4.0, 0.0), ("20", 8.0, 8.0, 0.0), ("30", 11.565975, 11.565975, 0.0)]);
    let counties = rows(&toy, "funding.csv");
    let told: Vec<_> = counties.iter().map(|c| (c["budget"].as_str(), c["county_code"].as_str(), c["sites"].as_str())).collect();
    let want = [("10", "1"), ("20", "2"), ("30", "2")];
    let want: Vec<_> =
        want.iter().flat_map(|(b, east)| [(*b, "533122", if *b == "30" { "1" } else { "0" }), (*b, "533123", *east)]).collect();
    assert_eq!(told, want);
    // without East at 10 the best is one of West: 0.434025 less
    let east = counties.iter().find(|c| c["budget"] == "10" && c["county_code"] == "533123").unwrap();
    assert_eq!((km(east, "lost_at_least"), km(east, "lost_at_most")), (0.434025, 0.434025));

    toy.chargegap(&["round", "round.toml", "-o", "round", "-q", "--archive", "round.zip"]).assert().success();
    toy.chargegap(&["verify", "round"]).assert().success();
    toy.chargegap(&["verify", "round.zip"]).assert().success();
    for file in ["funding.csv", "funding_budgets.csv", "funding_sites.csv"] {
        let [run, round] = ["out", "round"].map(|folder| fs::read_to_string(toy.path(folder).join(file)).unwrap());
        assert_eq!(run, round, "{file}");
    }
    // with the network kept in the work folder it is the same
    toy.chargegap(&["round", "round.toml", "-o", "round2", "--work", "round-work", "-q"]).assert().success();
    assert_eq!(fs::read(toy.path("round/funding.csv")).unwrap(), fs::read(toy.path("round2/funding.csv")).unwrap());
    // a round without a budget has nothing to plan for
    toy.put("round.toml", &format!("[round]\nid = \"one\"\n[regions]\nfiles = [\"region.toml\"]\n{criteria}[plan]\nsites = 2\n"));
    let output = toy.chargegap(&["round", "round.toml", "-o", "round3", "-q"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("plan.funding"), "{output:?}");
}

#[test]
fn a_station_that_would_not_count_is_not_planned_and_nothing_is_built_for_nothing() {
    // fast charging begins at 120 kW, so guns of 30 kW serve nobody who looks for it
    let toy = toy("");
    let criteria = "headline_km = 2\n";
    assert!(REGION.contains(criteria));
    let fast = REGION.replace(criteria, &format!("{criteria}services = [\"charging\", \"fast_charging\"]\n"));
    toy.put("region.toml", &format!("{fast}[plan]\nservice = \"fast_charging\"\ngun_kw = 30\n"));
    let output = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("plan.gun_kw"), "{output:?}");
    // five sites cover all 18.2639 km: of ten that are allowed no more are built, nor is more money spent
    for plan in ["sites = 10", "site_cost = 10\nbudget = 100"] {
        toy.put("region.toml", &format!("{REGION}[plan]\n{plan}\ngenerate = [\"gaps\"]\nspacing_km = 0.4\n"));
        toy.chargegap(&["run", "region.toml", "-o", "out", "-q", "--overwrite"]).assert().success();
        toy.chargegap(&["verify", "out"]).assert().success();
        let sites = rows(&toy, "plan.csv");
        assert_eq!((sites.len(), sites[4]["covered"].as_str()), (5, "18.2639"), "{plan}");
    }
}

#[test]
fn what_is_locked_in_stands_before_the_counties_that_come_first_and_costs_are_those_of_what_is_built() {
    let toy = toy("");
    toy.put(
        "candidates.csv",
        "id,name,lon,lat,headroom_kw,fixed\nz,East,0.16,0.0001,120,in\nw,West,0.016,0.0001,120,\nv,West,0.084,0.0001,120,\n",
    );
    let plan = "[candidates]\npath = \"candidates.csv\"\n[plan]\nsites = 3\nfirst = [\"533122\"]\nsite_cost = 1000\nconnect_cost_per_kw = 100\nguns = 200\n";
    toy.put("region.toml", &format!("{REGION}{DEMAND}{plan}"));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let sites = rows(&toy, "plan.csv");
    let told: Vec<_> = sites.iter().map(|s| (s["id"].as_str(), s["for_county"].as_str())).collect();
    assert_eq!((told[0], told.len()), (("z", ""), 3), "{told:?}");
    assert!(told[1..].iter().all(|t| t.1 == "533122"));
    let html = fs::read_to_string(toy.path("out/report.html")).unwrap();
    let mut sum = 0.0;
    for site in &sites {
        // 1,000 and 100 for each kW beyond the 120 that the grid has left
        let cost = 1000.0 + 100.0 * (km(site, "total_kw") - 120.0).max(0.0);
        sum += cost;
        assert_eq!((km(site, "cost"), km(site, "cost_up_to")), (cost, sum));
        // the report has the cost of what is built, and not of all guns that might be
        let cells = [cost, sum].map(|c| format!("<td class=\"n\">{}</td>", grouped(c as u64))).concat();
        assert!(html.contains(&cells), "{cells}");
    }
    assert!(sites.iter().any(|s| s["points"] != "200"), "{sites:?}"); // the vehicles of the toy do not fill 200 guns
}

#[test]
fn the_fewest_sites_for_a_share_and_what_was_given_of_candidates() {
    // Of 18.2639 km in the gap: West 2 × 3.565975 needs two sites, East 11.13195 three of 4 km. Candidates a km apart can cover all of it.
    let toy = toy("[plan]\ncover_percent = 100\ngenerate = [\"gaps\"]\nspacing_km = 0.4\n");
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let quality = rows(&toy, "plan_quality.csv");
    assert_eq!((quality[0]["taken"].as_str(), quality[0]["least_sites"].as_str()), ("5", "5"), "{quality:?}");
    assert_eq!(quality[0]["covered"], quality[0]["reachable"]);
    // given candidates: one is locked in though it covers nothing new, one is out though it would cover most, one holds no gun, one has no road
    let given = "id,name,lon,lat,cost,max_kw,fixed\nin,Beside the station,0.051,0.0001,10,,in\nout,East,0.15,0.0001,10,,out\n\
                 small,East,0.14,0.0001,10,50,\nfar,Nowhere,0.1,0.09,10,,\nwest,West,0.016,0.0001,10,240,\neast,East,0.16,0.0001,30,,\n";
    toy.put("candidates.csv", given);
    toy.put("region.toml", &format!("{REGION}[candidates]\npath = \"candidates.csv\"\n[plan]\nbudget = 45\n"));
    toy.chargegap(&["run", "region.toml", "-o", "out2", "-q"]).assert().success();
    toy.chargegap(&["verify", "out2"]).assert().success();
    let sites = csv(&toy.path("out2/plan.csv"));
    let told: Vec<_> = sites.iter().map(|s| (s["id"].as_str(), s["points"].as_str(), s["cost_up_to"].as_str())).collect();
    // with 35 left after the one that is in: east (30, 4 km) or west (10, 3.565975 km), not both; 240 kW hold two guns of 120
    assert_eq!(told, [("in", "4", "10"), ("east", "4", "40")]);
    let issues = fs::read_to_string(toy.path("out2/issues.csv")).unwrap();
    for code in ["candidate_too_small", "candidate_off_road"] {
        assert!(issues.contains(code), "{code}");
    }
}

#[test]
fn questions_without_an_answer_are_refused_by_their_key() {
    for (plan, said) in [
        ("[plan]\nbudget = 100\n", "plan.budget"),
        ("[plan]\nbudget = 100\nsite_cost = 200\n", "below the cheapest site"),
        ("[plan]\ncounties = [\"999999\"]\n", "plan.counties"),
        ("[plan]\nfirst = [\"999999\"]\n", "plan.first"),
        ("[plan]\nfunding = [100]\n", "plan.funding"),
        ("[plan]\nsite = 3\n", "unknown field \"site\""),
    ] {
        let toy = toy(plan);
        let output = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{plan}: {text}");
        assert!(text.contains(said), "{plan}: {text}");
        assert!(!toy.path("out").exists());
    }
}
