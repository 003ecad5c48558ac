//! Several years in one plan, worked out by hand, held to what a run finds of each year, and forged.

use crate::balance::{DEMAND, Row, rows};
use crate::plan_checked::copy;
use crate::toy::{REGION, Toy, counties, county};
use std::fs;

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

/// The toy: T1 along the equator, 22.2639 km; the station at 5.565975 km serves 3.565975 to 7.565975. Site a (13.9 km) and b (18.1 km) cover 4 km
/// each, c (16 km) 2 × 1.9 km of these and 0.2 km between them; w (1.78 km) closes the 3.565975 km in the west.
fn toy(more: &str) -> Toy {
    let toy = Toy::new();
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put(
        "candidates.csv",
        "id,name,lon,lat,cost\na,A,0.124866,0.0001,20\nb,B,0.162595,0.0001,20\nc,C,0.143731,0.0001,20\nw,W,0.016,0.0001,10\n",
    );
    toy.put("region.toml", &format!("{REGION}[candidates]\npath = \"candidates.csv\"\n{more}"));
    toy
}

fn planned(more: &str) -> Toy {
    let toy = toy(more);
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

fn years(list: &[&str]) -> String {
    list.iter().map(|keys| format!("[[plan.years]]\n{keys}\n")).collect()
}

#[test]
fn the_first_year_takes_what_the_second_goes_on_from() {
    // c alone covers 4 km as a and b do, and with either of them 4 + 2.1 in the second year; a and then b cover 4 and then 8
    let toy = planned(&years(&["year = 2027\nsites = 1", "year = 2028\nsites = 1"]));
    let sites = rows(&toy, "plan.csv");
    let mut told: Vec<_> = sites.iter().map(|s| s["id"].as_str()).collect();
    assert_eq!(sites.iter().map(|s| s["year"].as_str()).collect::<Vec<_>>(), ["2027", "2028"]);
    told.sort_unstable();
    assert_eq!(told, ["a", "b"]);
    let years = rows(&toy, "plan_years.csv");
    let told = |column: &str| years.iter().map(|y| number(y, column)).collect::<Vec<_>>();
    assert_eq!((told("covered"), told("bound")), (vec![4.0, 8.0], vec![4.0, 8.0]));
    assert_eq!(
        (told("covered_up_to"), told("gap_percent"), told("sites_up_to")),
        (vec![4.0, 12.0], vec![0.0, 0.0], vec![1.0, 2.0])
    );
    let html = fs::read_to_string(toy.path("out/report.html")).unwrap();
    for said in [
        "Over 2 years that is 12.0 km of road added up, and no other choice among these 4 candidates covers more.",
        "2 年合计 12.0 公里道路",
        "Year by year",
        "分年安排",
        "<td class=\"n\">2028</td><td class=\"n\">1</td><td class=\"n\">2</td><td class=\"n\">20</td>",
    ] {
        assert!(html.contains(said), "{said}");
    }
    let county = fs::read_to_string(toy.path("out/counties/533123.html")).unwrap();
    assert!(county.contains("The plan year by year") && county.contains("分年规划"));
}

#[test]
fn money_that_a_year_leaves_is_used_in_the_next() {
    // 15 in the first year buys w (10); 15 and 15 more buy w and one of a, b (20): 3.565975, then 7.565975
    let toy = planned(&years(&["year = 2027\nbudget = 15", "year = 2028\nbudget = 15"]));
    let years = rows(&toy, "plan_years.csv");
    let told = |column: &str| years.iter().map(|y| number(y, column)).collect::<Vec<_>>();
    assert_eq!((told("cost"), told("limit"), told("taken")), (vec![10.0, 20.0], vec![15.0, 30.0], vec![10.0, 30.0]));
    assert_eq!((told("covered"), told("bound_up_to")), (vec![3.565975, 7.565975], vec![3.565975, 11.13195]));
    let json = toy.chargegap(&["run", "region.toml", "-o", "out3", "--json"]).output().unwrap().stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(
        (json["plan"]["years"][1]["sites"].as_u64(), json["plan"]["years"][0]["covered"].as_f64()),
        (Some(1), Some(3.565975))
    );
    // a plan by flags is one without years
    toy.chargegap(&["plan", "region.toml", "-o", "out2", "-q", "--sites", "1"]).assert().success();
    toy.chargegap(&["verify", "out2"]).assert().success();
    assert!(!toy.path("out2/plan_years.csv").exists());
}

/// A share of new-energy vehicles by which the pilot of 2024 has a class.
const PILOT: &str = "[programme]\nprofiles = [\"cn-county-pilot-2024\"]\n[programme.figures.\"53\"]\nnev_penetration = 20\n";

#[test]
fn each_year_is_what_a_run_finds_with_what_stands_then() {
    let plan = years(&["year = 2025\nsites = 2\nvehicles = 1", "year = 2026\nsites = 1\nvehicles = 2"]);
    let toy = planned(&format!("{DEMAND}{PILOT}[plan]\nobjective = \"energy\"\n{plan}"));
    let sites = rows(&toy, "plan.csv");
    let promised = rows(&toy, "plan_year_counties.csv");
    let stations = fs::read_to_string(toy.path("stations.csv")).unwrap();
    assert!(promised.iter().any(|r| !r["tier_yuan"].is_empty()), "{promised:?}");
    for (year, vehicles) in [("2025", "100"), ("2026", "200")] {
        let mut lines = stations.lines().map(|l| format!("{l},,,\n")).collect::<String>().replacen(
            ",,,\n",
            ",total_kw,opened,availability\n",
            1,
        );
        for s in sites.iter().filter(|s| s["year"].as_str() <= year) {
            lines += &format!(
                "{},{},{},{},{},{},{},{},,{},{}-01-01,{}\n",
                s["id"],
                s["name"],
                s["lon"],
                s["lat"],
                s["kind"],
                s["points"],
                s["power_kw"],
                s["access"],
                s["total_kw"],
                s["year"],
                s["availability"]
            );
        }
        toy.put("then.csv", &lines);
        let demand = DEMAND.replace("private_car = 100 }", &format!("private_car = {vehicles} }}"));
        toy.put("then.toml", &format!("{}{demand}{PILOT}", REGION.replace("stations.csv", "then.csv")));
        toy.chargegap(&["run", "then.toml", "-o", "then", "-q", "--overwrite"]).assert().success();
        let then = |file: &str| -> Vec<Row> {
            csv::Reader::from_path(toy.path("then").join(file)).unwrap().deserialize().map(Result::unwrap).collect()
        };
        for row in promised.iter().filter(|r| r["year"] == year) {
            let code = &row["county_code"];
            let ledger = then("ledger.csv");
            let own = |r: &&Row| r["county_code"] == *code && r["service"] == "charging" && r["criterion"] == "2km";
            assert_eq!(row["gap_km"], ledger.iter().filter(own).find(|r| r["road_class"] == "all").unwrap()["gap_km"]);
            let balance = then("balance.csv");
            let ordinary = balance.iter().find(|r| r["county_code"] == *code && r["day"] == "ordinary").unwrap();
            assert!((number(row, "short_kw") - number(ordinary, "short_kw")).abs() < 1e-5, "{year} {code}");
            let reward = then("reward.csv");
            let paid =
                reward.iter().find(|r| r["county_code"] == *code && r["year"] == year).map_or("", |r| r["reward_yuan"].as_str());
            assert_eq!(row["tier_yuan"], paid, "{year} {code}");
        }
    }
    // twice the vehicles ask for twice the energy
    let told = rows(&toy, "plan_years.csv");
    assert!((number(&told[1], "in_gap") - 2.0 * number(&told[0], "in_gap")).abs() < 0.01, "{told:?}");
}

#[test]
fn whoever_changes_the_years_is_found_out() {
    let plan = years(&["year = 2027\nbudget = 15", "year = 2028\nbudget = 15", "year = 2030\nbudget = 30"]);
    let toy = planned(&plan);
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(copy(&toy, &dir.path().join("as_it_is")).verified().faults, [""; 0]);
    let mut passed = Vec::new();
    for (file, key) in
        [("plan_years.csv", "year"), ("plan_year_counties.csv", "county_code"), ("plan_year_rows.csv", "candidates")]
    {
        let dictionary = rows(&toy, "dictionary.csv");
        for d in dictionary.iter().filter(|d| d["file"] == file && ["integer", "real"].contains(&d["type"].as_str())) {
            let (column, table) = (d["column"].as_str(), rows(&toy, file));
            let Some(row) = table.iter().find(|row| !row[column].is_empty()) else { continue };
            let forged = copy(&toy, &dir.path().join(format!("{file} {column}")));
            let more = |cell: &str| match cell.parse::<i64>() {
                Ok(n) => (n + 1).to_string(),
                Err(_) => format!("{:.6}", cell.parse::<f64>().unwrap() + 1.0),
            };
            forged.cell(file, (key, &row[key]), column, &more);
            if forged.verified().faults.is_empty() {
                passed.push(format!("{file} {column}"));
            }
        }
    }
    // a multiplier that is a little off may give the same bound, and settlements of a year in between stand nowhere else
    passed.retain(|p| !p.ends_with("multiplier") && !p.ends_with("settlements_in_gap") && !p.ends_with("people_in_gap"));
    assert_eq!(passed, [""; 0]);
    let found = |name: &str, change: &dyn Fn(&crate::resealed::Forged), want: &str| {
        let forged = copy(&toy, &dir.path().join(name));
        change(&forged);
        let faults = forged.verified().faults;
        assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
    };
    found("later", &|f| f.cell("plan.csv", ("order", "1"), "year", &|_| "2028".to_owned()), "is not what");
    let more = |f: &crate::resealed::Forged| {
        f.json("manifest.json", &|m| m["criteria"]["plan"]["years"][0]["budget"] = 20.into());
    };
    let page = |f: &crate::resealed::Forged| f.text("report.html", &|t| t.replace(">2028<", ">2029<"));
    found("page", &page, "it does not tell what plan_years.csv says in row 2");
    found("more", &more, "the limit of the plan is not that of its years");
    found(
        "none",
        &|f| f.json("manifest.json", &|m| m["criteria"]["plan"]["years"] = serde_json::Value::Null),
        "asks for no years",
    );
}

#[test]
fn what_does_not_go_with_years_is_refused_before_anything_is_written() {
    for (more, said) in [
        (format!("[plan]\nsites = 3\n{}", years(&["year = 2027\nsites = 1"])), "plan.sites"),
        (format!("[plan]\nfirst = [\"533122\"]\n{}", years(&["year = 2027\nsites = 1"])), "plan.first"),
        (years(&["year = 2027\nbudget = 5"]), "below the cheapest site"),
    ] {
        let toy = toy(&more);
        let output = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{more}: {text}");
        assert!(text.contains(said) && !toy.path("out").exists(), "{more}: {text}");
    }
    // what is locked in must fit into the first year
    let toy = toy(&years(&["year = 2027\nsites = 1", "year = 2028\nsites = 5"]));
    toy.put("candidates.csv", "id,lon,lat,fixed\na,0.12,0.0001,in\nb,0.16,0.0001,in\n");
    let output = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("more than the first year has"), "{output:?}");
}
