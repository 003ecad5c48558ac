//! Plans by ways: mean and longest ways worked out by hand, plans that keep what they promise when they are read back, and plans that somebody
//! changed and sealed again.

use crate::balance::rows;
use crate::plan_checked::{copy, one_more};
use crate::toy::{REGION, Toy, chargegap, counties, county, root};
use std::collections::BTreeMap;
use std::fs;

type Row = BTreeMap<String, String>;

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

/// The toy: T1 along the equator, a station at 0.05°; Alpha at 0.01° (1,000 people), Gamma at 0.11° (20,000), Beta at 0.19° (3,000), each of which
/// is a candidate. A hundredth of a degree is 1.113195 km: ways of 4.45278, 6.67917 and 15.58473 km.
fn toy(plan: &str) -> Toy {
    let toy = Toy::new();
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put(
        "settlements.csv",
        "id,name,lon,lat,population,kind\nv1,Alpha,0.01,0.0001,1000,town\nv2,Beta,0.19,0.0001,3000,town\nv3,Gamma,0.11,0.0001,20000,town\n",
    );
    toy.put("region.toml", &format!("{REGION}[plan]\ngenerate = [\"settlements\"]\n{plan}\n"));
    toy
}

fn planned(toy: &Toy, region: &str, out: &str) {
    toy.chargegap(&["run", region, "-o", out, "-q"]).assert().success();
    toy.chargegap(&["verify", out]).assert().success();
}

fn csv(toy: &Toy, path: &str) -> Vec<Row> {
    csv::Reader::from_path(toy.path(path)).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_site_of_the_mean_way_is_not_that_of_the_longest() {
    // now 1,000 × 4.45278 + 20,000 × 6.67917 + 3,000 × 15.58473 = 184,790.37 person-km, 7.69959875 km for each of 24,000.
    // At Gamma its people have no way, and those of Beta 8.90556 km: 31,169.46 are left, 1.29872750 each. At Beta 138,036.18 would be.
    // By settlements, 26.71668 km in all: Gamma leaves 13.35834, Beta 11.13195.
    // The farthest has 15.58473 km; with Beta it is Gamma, 6.67917; with Gamma it is Beta, 8.90556.
    for (objective, name, unit, all, less, ways) in [
        ("distance", "Gamma", "person-km", 184_790.37, 153_620.91, [7.69959875, 1.2987275]),
        ("settlement_distance", "Beta", "settlement-km", 26.71668, 15.58473, [8.90556, 3.71065]),
        ("farthest", "Beta", "km", 15.58473, 8.90556, [15.58473, 6.67917]),
    ] {
        let toy = toy(&format!("sites = 1\nobjective = \"{objective}\""));
        planned(&toy, "region.toml", "out");
        let (sites, quality) = (rows(&toy, "plan.csv"), rows(&toy, "plan_quality.csv"));
        assert_eq!((sites.len(), sites[0]["name"].as_str(), sites[0]["unit"].as_str()), (1, name, unit), "{objective}");
        let near = |row: &Row, column: &str, want: f64| {
            assert!((number(row, column) - want).abs() < 2e-6, "{objective} {column}: {} not {want}", row[column]);
        };
        near(&sites[0], "gain", less);
        near(&quality[0], "covered", less);
        near(&quality[0], "bound", less);
        near(&quality[0], "gap_percent", 0.0);
        near(&quality[0], "way_km_before", ways[0]);
        near(&quality[0], "way_km_after", ways[1]);
        near(&quality[0], "way_km_least", ways[1]);
        near(&rows(&toy, "plan_curve.csv")[0], "in_gap", all);
        // three sites leave nothing
        near(&quality[0], "reachable", all);
        // with the site among the stations the ways of counties are what was promised
        let both = fs::read_to_string(toy.path("region.toml")).unwrap();
        let both = both.replace("path = \"stations.csv\"", "path = [\"stations.csv\", \"out/sites.geojson\"]");
        toy.put("again.toml", &both);
        planned(&toy, "again.toml", "again");
        let [first, then] = ["out", "again"].map(|out| csv(&toy, &format!("{out}/plan_counties.csv")));
        for (a, b) in first.iter().zip(&then) {
            assert_eq!((&a["ways_after"], &a["weighed"]), (&b["ways_before"], &b["weighed"]), "{objective}");
        }
        near(&csv(&toy, "again/plan_quality.csv")[0], "way_km_before", ways[1]);
    }
}

#[test]
fn money_and_what_stands_anyhow_bound_the_ways_too() {
    // Gamma costs 30, Beta 10, Alpha 10; with 25 two of the cheap ones: 184,790.37 less 46,754.19 and 4,452.78
    let toy = toy("");
    let given = "id,name,lon,lat,cost,fixed\na,Alpha,0.01,0.0001,10,\nb,Beta,0.19,0.0001,10,\ng,Gamma,0.11,0.0001,30,\n";
    toy.put("candidates.csv", given);
    let region = |plan: &str| format!("{REGION}[candidates]\npath = \"candidates.csv\"\n[plan]\n{plan}\n");
    toy.put("region.toml", &region("budget = 25\nobjective = \"distance\""));
    planned(&toy, "region.toml", "out");
    let sites = rows(&toy, "plan.csv");
    let told: Vec<_> = sites.iter().map(|s| (s["id"].as_str(), number(s, "gain"), s["cost_up_to"].as_str())).collect();
    assert_eq!(told, [("b", 46_754.19, "10"), ("a", 4_452.78, "20")]);
    let quality = rows(&toy, "plan_quality.csv");
    assert!(number(&quality[0], "bound") >= number(&quality[0], "covered"), "{quality:?}");
    // one is in anyhow: of two sites the other is Gamma
    toy.put("candidates.csv", &given.replace("a,Alpha,0.01,0.0001,10,", "a,Alpha,0.01,0.0001,10,in"));
    toy.put("region.toml", &region("sites = 2\nobjective = \"distance\""));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q", "--overwrite"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    assert_eq!(rows(&toy, "plan.csv").iter().map(|s| s["id"].clone()).collect::<Vec<_>>(), ["a", "g"]);
    // what stands anyhow and does not fit is refused
    toy.put("candidates.csv", &given.replace("10,\n", "10,in\n"));
    toy.put("region.toml", &region("sites = 1\nobjective = \"farthest\""));
    let output = toy.chargegap(&["run", "region.toml", "-o", "out2", "-q"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("more than 1 candidates are in the plan anyhow"), "{output:?}");
}

#[test]
fn who_has_no_way_counts_as_beyond_all_ways_and_whom_nobody_knows_as_one() {
    // a road apart from the other with Delta on it: nobody gets to a station from there, and the longest way elsewhere is 15.58473 km
    let toy = toy("sites = 1\nobjective = \"distance\"");
    let road = r#"{"type":"Feature","properties":{"id":"r2","class":"trunk","name":"T2"},"geometry":{"type":"LineString","coordinates":[[0.0,0.05],[0.09,0.05]]}}"#;
    let roads = fs::read_to_string(toy.path("roads.geojson")).unwrap().replacen("[\n", &format!("[\n{road},\n"), 1);
    toy.put("roads.geojson", &roads);
    let settled = fs::read_to_string(toy.path("settlements.csv")).unwrap();
    toy.put("settlements.csv", &format!("{settled}v4,Delta,0.05,0.0501,20000,town\nv5,Hamlet,0.12,0.0001,,village\n"));
    planned(&toy, "region.toml", "out");
    let (sites, quality) = (rows(&toy, "plan.csv"), rows(&toy, "plan_quality.csv"));
    assert_eq!((number(&quality[0], "beyond_km"), quality[0]["weighed"].as_str()), (16.0, "44000"));
    // Delta's 20,000 × 16 km are more than what Gamma takes away
    assert_eq!((sites[0]["name"].as_str(), number(&sites[0], "gain")), ("Delta", 320_000.0));
    let issues = fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    assert!(issues.contains("plan_weighs") && issues.contains("of 1 settlements they are not known"), "{issues}");
    let html = fs::read_to_string(toy.path("out/report.html")).unwrap();
    assert!(html.contains("no way leads to a station counts as 16 km") && html.contains("按 16 公里计"));
    // of the three without people each counts as one
    let settled = settled.lines().map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{},{},{},{},{}\n", cells[0], cells[1], cells[2], cells[3], cells[5])
    });
    toy.put("settlements.csv", &settled.collect::<String>());
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q", "--overwrite"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    assert_eq!(
        (rows(&toy, "plan.csv")[0]["name"].as_str(), rows(&toy, "plan.csv")[0]["unit"].as_str()),
        ("Beta", "settlement-km")
    );
    let issues = fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    assert!(issues.contains("people are not known of any settlement"), "{issues}");
}

#[test]
fn the_report_and_the_terminal_say_the_ways_in_both_languages() {
    let toy = toy("sites = 1\nobjective = \"distance\"");
    let output = toy.chargegap(&["plan", "region.toml", "-o", "out", "--json"]).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["plan"]["way_km"]["after"], 1.2987275);
    let html = fs::read_to_string(toy.path("out/report.html")).unwrap();
    let section = html.split_once("<section id=\"plan\"").unwrap().1.split_once("</section>").unwrap().0;
    for said in [
        "make the mean way of people to the nearest station",
        "station 1.30 km instead of 7.70 km",
        "由 7.70 公里降至 1.30 公里",
        "no other choice among these 3 candidates makes it shorter.",
        "这 3 个候选点的任何其他选择都不会更短。",
        "Mean way, km",
        "平均路程（公里）",
        "<td class=\"n\">153,621</td>",
    ] {
        assert!(section.contains(said), "{said}: {section}");
    }
    assert!(html.contains("7.70 → 1.30 km"), "the card");
    for (lang, said) in [
        (
            "en",
            "plan: 1 sites make the mean way to a station 1.30 km instead of 7.70 km, at most 0.00 % above the least possible",
        ),
        ("zh", "规划：1 座站点，到最近站点的平均路程由 7.70 公里降至 1.30 公里"),
    ] {
        let output = toy.chargegap(&["run", "region.toml", "-o", lang, "--lang", lang]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn whoever_changes_a_way_is_found_out() {
    for objective in ["distance", "farthest"] {
        let toy = toy(&format!("sites = 2\nobjective = \"{objective}\"\nsite_cost = 10"));
        planned(&toy, "region.toml", "out");
        let (dir, mut passed, mut tried) = (tempfile::tempdir().unwrap(), Vec::new(), 0);
        for (file, key) in [
            ("plan.csv", "order"),
            ("plan_counties.csv", "county_code"),
            ("plan_curve.csv", "limit"),
            ("plan_quality.csv", "question"),
            ("plan_ways.csv", "ways_mm"),
        ] {
            let table = rows(&toy, file);
            for column in rows(&toy, "dictionary.csv").iter().filter(|d| d["file"] == file && d["type"] != "text") {
                let column = &column["column"];
                let Some(row) = table.iter().find(|row| !row[column].is_empty() && !row[key].is_empty()) else { continue };
                tried += 1;
                let forged = copy(&toy, &dir.path().join(tried.to_string()));
                forged.cell(file, (key, &row[key]), column, &|cell| one_more(cell));
                // bounds of other points of the curve are not kept, nor is what was merged
                let kept = !["bound", "rows_added"].contains(&column.as_str()) || file == "plan_quality.csv" && column == "bound";
                if kept && forged.verified().faults.is_empty() {
                    passed.push(format!("{file} {column}"));
                }
            }
        }
        assert_eq!(passed, [""; 0], "{objective}");
        assert!(tried > 35, "{tried}");
        // what a row pays is text, for it may be longer than a number; half as much proves less, or nothing
        let forged = copy(&toy, &dir.path().join("multiplier"));
        let paid = rows(&toy, "plan_ways.csv").into_iter().max_by_key(|r| r["multiplier"].parse::<u64>().unwrap()).unwrap();
        if paid["multiplier"] != "0" {
            forged.cell("plan_ways.csv", ("multiplier", &paid["multiplier"]), "multiplier", &|_| "0".to_owned());
            assert!(!forged.verified().faults.is_empty(), "{objective}");
        }
        // a nearer way to a candidate is not in the plan's favour unseen
        let forged = copy(&toy, &dir.path().join("way"));
        let row = rows(&toy, "plan_ways.csv").into_iter().find(|r| !r["ways_mm"].is_empty()).unwrap();
        forged.cell("plan_ways.csv", ("ways_mm", &row["ways_mm"]), "now_mm", &|_| "20000000".to_owned());
        assert!(!forged.verified().faults.is_empty(), "{objective}");
        let f = copy(&toy, &dir.path().join("page"));
        f.text("report.html", &|t| t.replacen(" km instead of ", " km in place of ", 1));
        assert!(f.verified().faults.iter().any(|f| f.contains("plan_quality.csv says in row 1")), "{objective}");
    }
}

#[test]
fn what_does_not_go_together_with_ways_is_refused_by_its_key() {
    for (plan, said) in [
        ("cover_percent = 90", "plan.cover_percent"),
        ("first = [\"533122\"]", "plan.first"),
        ("funding = [100]\nsite_cost = 10", "plan.funding"),
        ("reach_min = 5", "plan.reach_min"),
    ] {
        for objective in ["distance", "settlement_distance", "farthest"] {
            let toy = toy(&format!("objective = \"{objective}\"\n{plan}"));
            let output = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).output().unwrap();
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{plan}: {text}");
            assert!(text.contains(said) && text.contains("does not go together"), "{plan}: {text}");
        }
    }
}

#[test]
fn ways_of_a_real_set_are_what_a_run_with_the_sites_finds() {
    let dir = tempfile::tempdir().unwrap();
    let from = root().join("datasets/chongqing-northeast-synthetic");
    for entry in fs::read_dir(&from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    let region = fs::read_to_string(from.join("region.toml")).unwrap();
    let run = |name: &str, text: &str, threads: &str| -> Vec<Row> {
        fs::write(dir.path().join(format!("{name}.toml")), text).unwrap();
        let call = |args: &[&str]| chargegap().current_dir(dir.path()).args(args).assert().success();
        call(&["run", &format!("{name}.toml"), "-o", name, "-q", "--threads", threads]);
        call(&["verify", name]);
        let path = dir.path().join(name).join("plan_counties.csv");
        csv::Reader::from_path(path).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
    };
    for objective in ["distance", "farthest"] {
        let plan = format!("\n[plan]\nsites = 3\nobjective = \"{objective}\"\nmost_candidates = 150\n");
        let (one, two) = (format!("{objective}1"), format!("{objective}2"));
        let promised = run(&one, &format!("{region}{plan}"), "1");
        if objective == "distance" {
            assert_eq!(promised, run(&two, &format!("{region}{plan}"), "2"));
        }
        for file in ["plan.csv", "plan_ways.csv", "plan_curve.csv", "plan_quality.csv", "sites.geojson"]
            .into_iter()
            .filter(|_| objective == "distance")
        {
            let [a, b] = [&one, &two].map(|out| fs::read(dir.path().join(out).join(file)).unwrap());
            assert_eq!(a, b, "{file}");
        }
        let alone = "path = \"stations-synthetic.csv\"";
        assert!(region.contains(alone));
        let both = region.replace(alone, &format!("path = [\"stations-synthetic.csv\", \"{one}/sites.geojson\"]"));
        let scenario = run(&format!("{objective}3"), &format!("{both}{plan}"), "2");
        let mut shorter = 0;
        for (a, b) in promised.iter().zip(&scenario) {
            assert_eq!(
                (&a["county_code"], &a["ways_after"], &a["weighed"]),
                (&b["county_code"], &b["ways_before"], &b["weighed"])
            );
            shorter += usize::from(number(a, "ways_after") < number(a, "ways_before"));
        }
        assert!(shorter > 0);
    }
}
