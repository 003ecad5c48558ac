//! Plans for vehicles that go from place to place: worked out by hand, read again with their sites among the stations, and forged.

use crate::balance::{Row, rows};
use crate::plan_checked::{copy, one_more};
use crate::toy::{REGION, Toy};
use std::fs;

/// The toy: T1 along the equator, a station at 0.05°; Alpha at 0.01°, Gamma at 0.11°, Beta at 0.19°, and Delta on a road apart. A hundredth of a
/// degree is 1.113195 km. Candidates at 0.08°, 0.06° and 0.15°.
fn toy(plan: &str) -> Toy {
    let toy = Toy::new();
    let settled = fs::read_to_string(toy.path("settlements.csv")).unwrap();
    let more = "v3,Gamma,丙,0.11,0.0001,20000,town\nv4,Delta,丁,0.05,0.0501,20,town\n";
    toy.put("settlements.csv", &format!("{settled}{more}"));
    let road = r#"{"type":"Feature","properties":{"id":"r2","class":"trunk","name":"T2"},"geometry":{"type":"LineString","coordinates":[[0.0,0.05],[0.09,0.05]]}}"#;
    let roads = fs::read_to_string(toy.path("roads.geojson")).unwrap().replacen("[\n", &format!("[\n{road},\n"), 1);
    toy.put("roads.geojson", &roads);
    toy.put("candidates.csv", "id,lon,lat,cost\nc1,0.08,0.0001,1\nc2,0.06,0.0001,2\nc3,0.15,0.0001,3\n");
    // the pair of Alpha and Beta stands twice; Gamma is named; nobody lives in Omega
    toy.put("flows.csv", "起点,终点,车辆数\nv1,v2,30\nv1,丙,10\nGamma,v2,20\nv1,v2,10\nv1,v4,7\nv1,Omega,9\n");
    toy.put("region.toml", &format!("{REGION}[candidates]\npath = \"candidates.csv\"\n{plan}"));
    toy
}

fn planned(toy: &Toy, region: &str, out: &str) {
    toy.chargegap(&["run", region, "-o", out, "-q"]).assert().success();
    toy.chargegap(&["verify", out]).assert().success();
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

fn told(toy: &Toy) -> Vec<String> {
    let of = |r: &Row| ["origin_id", "destination_id", "vehicles", "state", "stops"].map(|c| r[c].clone()).join(" ");
    rows(toy, "plan_flows.csv").iter().map(of).collect()
}

const THERE_AND_BACK: &str = "[plan.flows]\npath = \"flows.csv\"\nrange_km = 12\n";

#[test]
fn who_gets_there_and_back_is_worked_out_by_hand() {
    // 12 km there and back: the first and the last leg no longer than 6, those between no longer than 12. Alpha to the station is 4.45278 and from
    // it to Gamma 6.67917: nobody gets to Gamma past it. c2 is 5.565975 from both and does it alone; c1 is 3.339585 from station and Gamma, and does
    // it with the station. c3 is 4.45278 from Gamma and Beta, and 11.13195 from the station: past it 20 of Gamma get to Beta, and 40 of Alpha.
    let toy = toy(&format!("[plan]\nsites = 1\n{THERE_AND_BACK}"));
    planned(&toy, "region.toml", "out");
    let (sites, quality) = (rows(&toy, "plan.csv"), &rows(&toy, "plan_quality.csv")[0]);
    assert_eq!((sites.len(), sites[0]["id"].as_str(), number(&sites[0], "gain")), (1, "c3", 60.0));
    let figures = ["reachable", "covered", "bound", "gap_percent"].map(|c| number(quality, c));
    assert_eq!((figures, quality["unit"].as_str()), ([70.0, 60.0, 60.0, 0.0], "vehicles/day"));
    // five rows that count, three pairs that a choice of sites decides
    assert_eq!((number(quality, "rows_added"), number(quality, "rows_merged")), (5.0, 3.0));
    assert!(rows(&toy, "plan_curve.csv").iter().all(|r| number(r, "in_gap") == 77.0));
    let all = ["v1 v2 40.0 with_plan s1; c3", "v1 v3 10.0 not ", "v1 v4 7.0 never ", "v3 v2 20.0 with_plan c3"];
    assert_eq!(told(&toy), all);
    let way = |k: usize| rows(&toy, "plan_flows.csv")[k]["way_km"].clone();
    assert_eq!((way(0).as_str(), way(2).as_str()), ("20.03751", ""));
    let issues = rows(&toy, "issues.csv");
    let said = |code: &str, text: &str| issues.iter().any(|i| i["issue"] == code && i["message"].contains(text));
    assert!(said("flow_not_used", "no settlement has the id or name \"Omega\""), "{issues:?}");
    assert!(said("flow_hopeless", "no way leads from \"Alpha\" to \"Delta\""), "{issues:?}");
    let page = fs::read_to_string(toy.path("out/report.html")).unwrap();
    for said in [
        "make up 60 of 77 vehicles a day that do not get where they go as things are",
        "补足现状无法到达目的地的 77 辆/日中的 60",
        "77 vehicles a day go from place to place (4 pairs). They get 12 km (there and back, charged under way only)",
        "0 of them need no charging, 0 get there past stations that stand, 60 with the plan; 17 do not, 7 of these by no candidate",
        "其中 0 辆无需补能，0 辆依靠现有站点可达，60 辆借助规划站点可达；17 辆仍不可达",
    ] {
        assert!(page.contains(said), "{said}");
    }
    // with its site among the stations they get there past what stands
    let both = fs::read_to_string(toy.path("region.toml")).unwrap();
    let both = both.replace("path = \"stations.csv\"", "path = [\"stations.csv\", \"out/sites.geojson\"]");
    toy.put("again.toml", &both);
    toy.chargegap(&["run", "again.toml", "-o", "again", "-q"]).assert().success();
    toy.chargegap(&["verify", "again"]).assert().success();
    fs::remove_dir_all(toy.path("out")).unwrap();
    fs::rename(toy.path("again"), toy.path("out")).unwrap();
    assert!(rows(&toy, "plan_curve.csv").iter().all(|r| number(r, "in_gap") == 17.0));
    assert!(
        told(&toy)[0].starts_with("v1 v2 40.0 before s1; ") && told(&toy)[3].starts_with("v3 v2 20.0 before "),
        "{:?}",
        told(&toy)
    );
}

#[test]
fn money_counts_and_one_way_starts_with_a_charge() {
    // c3 takes 3 and lets 60 through; 1 more is c1, which does with the station what c2 does for 2
    let toy = toy(&format!("[plan]\nbudget = 4\n{THERE_AND_BACK}"));
    planned(&toy, "region.toml", "out");
    let of = |toy: &Toy| {
        rows(toy, "plan.csv").iter().map(|s| (s["id"].clone(), number(s, "gain"), s["cost_up_to"].clone())).collect::<Vec<_>>()
    };
    let want = [("c3", 60.0, "3"), ("c1", 10.0, "4")].map(|(id, gain, cost)| (id.to_owned(), gain, cost.to_owned()));
    assert_eq!(of(&toy), want);
    assert_eq!(told(&toy)[1], "v1 v3 10.0 with_plan s1; c1");
    // one way, 6 km from the start: from the station to Gamma 12 are enough, and to Beta 15.58473 are not
    let toy = self::toy(&format!("[plan]\nsites = 1\n{THERE_AND_BACK}start_km = 6\n"));
    planned(&toy, "region.toml", "out");
    assert_eq!(
        told(&toy),
        ["v1 v2 40.0 with_plan s1; c3", "v1 v3 10.0 before s1", "v1 v4 7.0 never ", "v3 v2 20.0 with_plan c3"]
    );
    assert!(rows(&toy, "plan_curve.csv").iter().all(|r| number(r, "in_gap") == 67.0));
    // of 20 km from the start 11.13195 and 8.90556 need no site, and 20.03751 do
    let toy = self::toy("[plan]\nsites = 1\n[plan.flows]\npath = \"flows.csv\"\nrange_km = 20\nstart_km = 20\n");
    planned(&toy, "region.toml", "out");
    assert_eq!(told(&toy)[0..2], ["v1 v2 40.0 before s1", "v1 v3 10.0 needs_none "]);
}

#[test]
fn what_cannot_be_planned_says_why() {
    let refused = |toy: &Toy, code: i32, said: &str| {
        let output = toy.chargegap(&["run", "region.toml", "-o", "no", "-q"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(code) && text.contains(said), "{said}: {text}");
        assert!(!toy.path("no").exists());
    };
    let toy = toy("[plan.flows]\npath = \"flows.csv\"\n");
    refused(&toy, 2, "plan.flows.range_km");
    let toy = self::toy(THERE_AND_BACK);
    toy.put("flows.csv", "origin,destination\nv1,v2\n");
    refused(&toy, 1, "no column of vehicles");
    toy.put("flows.csv", "origin,destination,vehicles\nOmega,v2,5\n");
    refused(&toy, 1, "no row of the table of flows can be used");
}

#[test]
fn whoever_changes_a_flow_a_distance_or_a_cut_is_found_out() {
    let toy = toy(&format!("[plan]\nsites = 1\n{THERE_AND_BACK}"));
    planned(&toy, "region.toml", "out");
    let (dir, mut passed, mut tried) = (tempfile::tempdir().unwrap(), Vec::new(), 0);
    for (file, key) in [
        ("plan_flows.csv", "flow"),
        ("plan_flow_legs.csv", "mm"),
        ("plan_flow_cuts.csv", "flow"),
        ("plan.csv", "order"),
        ("plan_quality.csv", "question"),
    ] {
        let table = rows(&toy, file);
        for column in rows(&toy, "dictionary.csv").iter().filter(|d| d["file"] == file && d["type"] != "text") {
            let column = &column["column"];
            let Some(row) = table.iter().find(|row| !row[column].is_empty() && !row[key].is_empty()) else { continue };
            tried += 1;
            let forged = copy(&toy, &dir.path().join(tried.to_string()));
            forged.cell(file, (key, &row[key]), column, &|cell| one_more(cell));
            if forged.verified().faults.is_empty() {
                passed.push(format!("{file} {column}"));
            }
        }
    }
    // a way that is a millimetre longer and still within the range changes nothing that the folder could tell; rows are not kept
    passed.retain(|p| !["plan_flow_legs.csv mm", "plan_quality.csv rows_added"].contains(&p.as_str()));
    assert!(tried > 20 && passed.is_empty(), "{tried} {passed:?}");
    let forge = |name: &str, file: &str, (key, value): (&str, &str), column: &str, cell: &str| {
        let forged = copy(&toy, &dir.path().join(name));
        forged.cell(file, (key, value), column, &|_| cell.to_owned());
        assert!(!forged.verified().faults.is_empty(), "{name}");
    };
    forge("state", "plan_flows.csv", ("flow", "2"), "state", "with_plan");
    forge("stops", "plan_flows.csv", ("flow", "4"), "stops", "c1");
    let paid = rows(&toy, "plan_flow_cuts.csv").into_iter().max_by_key(|r| r["multiplier"].parse::<u64>().unwrap()).unwrap();
    forge("more", "plan_flow_cuts.csv", ("multiplier", &paid["multiplier"]), "multiplier", "99999999999");
    forge("cut", "plan_flow_cuts.csv", ("multiplier", &paid["multiplier"]), "sites", "0");
    let forged = copy(&toy, &dir.path().join("asked"));
    forged.json("manifest.json", &|m| m["criteria"]["plan"]["flows"]["range_km"] = 24.into());
    assert!(!forged.verified().faults.is_empty());
}
