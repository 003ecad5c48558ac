//! Sites along roads, worked out by hand, held to what a run finds that has them, and forged.

use crate::balance::{Row, rows};
use crate::plan_checked::copy;
use crate::toy::{REGION, Toy, counties, county, road, roads};
use std::fs;

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

/// US 2 along the equator, 22.2639 km, with a station at 5.565975 km.
fn toy(more: &str) -> Toy {
    let toy = Toy::new();
    let numbered =
        road("r1", "trunk", "Main Street", &[0.0, 0.05, 0.1, 0.15, 0.2]).replace("\"id\":", "\"ref\":\"US 2\",\"id\":");
    toy.put("roads.geojson", &roads(&[numbered]));
    // the road ends in the counties: on their outer border it might go on
    toy.put("counties.geojson", &counties(&[county("533122", "West", -0.1, 0.1), county("533123", "East", 0.1, 0.3)]));
    toy.put("region.toml", &format!("{REGION}{more}"));
    toy
}

fn planned(toy: &Toy) {
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q", "--overwrite"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
}

/// NEVI as one's own, so that it asks for nothing that is not known of a planned station; a mile is 1.609344 km.
fn own_rule(toy: &Toy, spacing_km: f64) -> String {
    let out = toy.chargegap(&["programme", "us-nevi-2025", "--toml"]).output().unwrap().stdout;
    let text = String::from_utf8(out).unwrap().replace("name = \"us-nevi-2025\"", "name = \"own\"");
    let (head, filter) = text.split_once("[rules.filter]\n").unwrap();
    let asked_elsewhere = ["vehicle", "access", "dc", "availability", "points", "point_kw"];
    let is_elsewhere = |line: &&str| asked_elsewhere.iter().any(|key| line.starts_with(&format!("{key} =")));
    let filter: Vec<&str> = filter.lines().filter(|l| !is_elsewhere(l)).collect();
    toy.put("own.toml", &format!("{head}[rules.filter]\n{}\n", filter.join("\n")));
    let spacing = spacing_km / 1.609344;
    format!(
        "[programme]\nprofiles = [\"own\"]\nfiles = [\"own.toml\"]\n[programme.values.own]\nspacing = {spacing}\noff_road = 1\n"
    )
}

#[test]
fn six_sites_leave_no_way_longer_than_three_kilometres() {
    // 5.565975 km from the western end to the station take one site, 16.697925 km beyond it five: 16.697925 ÷ 3 = 5.57
    let toy = toy("[plan.corridors]\nroads = [\"US 2\"]\nlongest_gap_km = 3\n");
    planned(&toy);
    let lines = rows(&toy, "plan_corridors.csv");
    assert_eq!(lines.len(), 2); // there and back
    for l in &lines {
        let told = ["road", "length_km", "limit_km", "longest_km_before", "sites", "group_taken", "group_bound", "proof", "met"];
        let told = told.map(|c| l[c].as_str());
        assert_eq!(told, ["US 2", "22.2639", "3.0", "16.697925", "6", "6", "6", "along", "true"]);
        assert!(number(l, "longest_km_after") <= 3.0 && l["open"].is_empty());
    }
    let sites = rows(&toy, "plan.csv");
    assert!(sites.len() == 6 && sites.iter().all(|s| s["for_roads"] == "US 2" && s["origin"] == "along_corridor"));
    assert!(rows(&toy, "plan_candidates.csv").iter().all(|c| (c["locked"] == "road") != c["order"].is_empty()));
    let html = fs::read_to_string(toy.path("out/report.html")).unwrap();
    for said in [
        "6 sites leave no way along the roads longer than 3.0 km without a station",
        "6 座站点使路线上无站里程不超过 3.0 公里",
        "No choice of candidates does it with less.",
    ] {
        assert!(html.contains(said), "{said}");
    }
    let change = format!("<td class=\"n\">16.7 → {:.1}</td>", number(&lines[0], "longest_km_after"));
    assert!(html.contains(&change), "{change}");
    // with the sites among its stations the rule of a programme is met
    let rule = own_rule(&toy, 3.0);
    fs::copy(toy.path("out/sites.geojson"), toy.path("sites.geojson")).unwrap();
    let verdict = |stations: &str| {
        toy.put("region.toml", &format!("{}{rule}", REGION.replace("path = \"stations.csv\"", &format!("path = {stations}"))));
        planned(&toy);
        let roads = rows(&toy, "corridors.csv");
        (roads[0]["verdict"].clone(), roads[0]["longest_km"].clone())
    };
    assert_eq!(verdict("\"stations.csv\"").0, "not_met");
    let (met, longest) = verdict("[\"stations.csv\", \"sites.geojson\"]");
    assert_eq!((met.as_str(), longest), ("met", lines[0]["longest_km_after"].clone()));
}

#[test]
fn with_any_one_station_out_it_takes_a_second_site_and_what_is_built_beside_counts_too() {
    // 12.874752 km may be without a station: one site between 9.39 and 18.44 km would do, but with the station out, or the site, it takes two
    let toy = toy("");
    let rule = own_rule(&toy, 12.874752);
    let run = |more: &str| {
        toy.put("region.toml", &format!("{REGION}{rule}[plan.corridors]\nrule = \"own\"\n{more}"));
        planned(&toy);
        rows(&toy, "plan_corridors.csv").remove(0)
    };
    let plain = run("");
    assert_eq!((plain["sites"].as_str(), plain["limit_km"].as_str(), plain["group_bound"].as_str()), ("1", "12.874752", "1"));
    assert!(number(&plain, "one_out_km_after") > 12.874752);
    let out = run("n_minus_one = true\n");
    assert_eq!((out["sites"].as_str(), out["group_bound"].as_str(), out["met"].as_str()), ("2", "2", "true"));
    assert!(number(&out, "one_out_km_after") <= 12.874752 && number(&out, "one_out_km_before") > 22.0);
    fs::copy(toy.path("out/sites.geojson"), toy.path("sites.geojson")).unwrap();
    let both = REGION.replace("path = \"stations.csv\"", "path = [\"stations.csv\", \"sites.geojson\"]");
    toy.put("region.toml", &format!("{both}{rule}"));
    planned(&toy);
    let road = rows(&toy, "corridors.csv").remove(0);
    assert_eq!((road["verdict"].as_str(), road["one_out_km"].clone()), ("met", out["one_out_km_after"].clone()));
    // five sites: two along the road, and three more that cover most of what is left in the gap
    toy.put("region.toml", &format!("{REGION}{rule}[plan]\nsites = 5\n[plan.corridors]\nrule = \"own\"\nn_minus_one = true\n"));
    planned(&toy);
    let sites = rows(&toy, "plan.csv");
    assert_eq!(sites.iter().map(|s| s["for_roads"].is_empty()).collect::<Vec<_>>(), [false, false, true, true, true]);
    assert_eq!(rows(&toy, "plan_quality.csv")[0]["limit"], "5");
}

/// West of 12 km there are candidates, beyond it none.
const WEST: &str =
    "id,name,lon,lat,cost,fixed\na,A,0.02,0.0001,30,\nb,B,0.025,0.0001,10,\nc,C,0.1,0.0001,10,\nd,D,0.09,0.0001,10,out\n";

#[test]
fn what_no_candidate_closes_is_named_and_money_takes_the_cheapest() {
    // from the station to c (11.13195 km) no way is longer than 5.565975 km, as in the west; beyond it 11.13195 km stay
    let toy = toy("[candidates]\npath = \"candidates.csv\"\n[plan]\nbudget = 15\n[plan.corridors]\nlongest_gap_km = 5.565975\n");
    toy.put("candidates.csv", WEST);
    planned(&toy);
    let lines = rows(&toy, "plan_corridors.csv");
    assert_eq!((lines[0]["sites"].as_str(), lines[0]["group_taken"].as_str(), lines[0]["met"].as_str()), ("1", "10", "false"));
    assert_eq!(number(&lines[0], "longest_km_after"), 11.13195);
    let issues = fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    assert!(issues.contains("corridor_open") && issues.contains("no candidate closes 1 of its ways"), "{issues}");
    let sites = rows(&toy, "plan.csv");
    assert_eq!((sites[0]["id"].as_str(), sites[0]["for_roads"].as_str()), ("c", "US 2"));
    // a shorter way asks for a site in the west, the cheap one; c would close nothing, and may still cover road
    let shorter = "[candidates]\npath = \"candidates.csv\"\n[plan]\nbudget = 40\n[plan.corridors]\nlongest_gap_km = 4\n";
    toy.put("region.toml", &format!("{REGION}{shorter}"));
    planned(&toy);
    let told: Vec<_> =
        rows(&toy, "plan.csv").into_iter().filter(|s| !s["for_roads"].is_empty()).map(|s| s["id"].clone()).collect();
    assert_eq!(told, ["b"]);
    toy.put("region.toml", &format!("{REGION}[plan]\nsites = 5\n[plan.corridors]\nlongest_gap_km = 3\n"));
    let output = toy.chargegap(&["run", "region.toml", "-o", "out2", "-q"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("are more than the limit"), "{output:?}");
}

#[test]
fn whoever_changes_what_is_told_of_roads_is_found_out() {
    let toy = toy("[plan.corridors]\nlongest_gap_km = 3\nn_minus_one = true\n");
    planned(&toy);
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(copy(&toy, &dir.path().join("as_it_is")).verified().faults, [""; 0]);
    let mut passed = Vec::new();
    for (file, key) in [("plan_corridors.csv", "direction"), ("plan_corridor_places.csv", "at_km")] {
        let dictionary = rows(&toy, "dictionary.csv");
        for d in dictionary.iter().filter(|d| d["file"] == file && ["integer", "real"].contains(&d["type"].as_str())) {
            let (column, table) = (d["column"].as_str(), rows(&toy, file));
            let Some(row) = table.iter().find(|row| !row[column].is_empty() && row["direction"] == "1") else { continue };
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
    assert_eq!(passed, [""; 0]);
    let found = |name: &str, change: &dyn Fn(&crate::resealed::Forged), want: &str| {
        let forged = copy(&toy, &dir.path().join(name));
        change(&forged);
        let faults = forged.verified().faults;
        assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
    };
    found("met", &|f| f.cell("plan_corridors.csv", ("direction", "1"), "met", &|_| "false".to_owned()), "plan_corridors.csv");
    found("road", &|f| f.cell("plan.csv", ("order", "1"), "for_roads", &|_| "US 3".to_owned()), "for_roads in row 1 is not what");
    let looser = |f: &crate::resealed::Forged| {
        f.json("manifest.json", &|m| m["criteria"]["plan"]["corridors"]["longest_gap_km"] = 4.into());
    };
    let page = |f: &crate::resealed::Forged| f.text("report.html", &|t| t.replace(">1.2</td>", ">1.1</td>"));
    found("page", &page, "it does not tell what plan_corridors.csv says in row 2");
    found("looser", &looser, "limit_km in row 1 is not what the manifest says");
    let none = |f: &crate::resealed::Forged| {
        f.json("manifest.json", &|m| m["criteria"]["plan"]["corridors"] = serde_json::Value::Null);
    };
    found("none", &none, "asks for no corridors");
}

#[test]
fn a_road_that_ends_on_the_outer_border_may_go_on_and_cannot_be_told() {
    // both ends lie on the border of the counties: 5.565975 km in the west and 16.697925 in the east may be more
    let toy = toy("[plan.corridors]\nroads = [\"US 2\"]\nlongest_gap_km = 3\n");
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    planned(&toy);
    for l in &rows(&toy, "plan_corridors.csv") {
        assert_eq!(["sites", "goes_on", "met", "open"].map(|c| l[c].as_str()), ["6", "both", "", ""]);
    }
    let html = fs::read_to_string(toy.path("out/report.html")).unwrap();
    for said in ["Of 2 of 2 directions it cannot be told", "2 个方向中有 2 个无法判定", "cannot be told"] {
        assert!(html.contains(said), "{said}");
    }
    // at one end only, which is that of the way there and the beginning of the way back
    toy.put("counties.geojson", &counties(&[county("533122", "West", -0.1, 0.1), county("533123", "East", 0.1, 0.2)]));
    planned(&toy);
    let ends: Vec<String> = rows(&toy, "plan_corridors.csv").iter().map(|l| l["goes_on"].clone()).collect();
    assert_eq!(ends, ["end", "begin"]);
    let dir = tempfile::tempdir().unwrap();
    for (name, column, cell) in [("met", "met", "true"), ("ends", "goes_on", "")] {
        let forged = copy(&toy, &dir.path().join(name));
        forged.cell("plan_corridors.csv", ("direction", "1"), column, &|_| cell.to_owned());
        assert!(!forged.verified().faults.is_empty(), "{name}");
    }
}

#[test]
fn nothing_is_built_where_no_way_is_too_long() {
    let toy = toy("[plan.corridors]\nlongest_gap_km = 20\n");
    planned(&toy);
    let lines = rows(&toy, "plan_corridors.csv");
    assert_eq!((lines[0]["met"].as_str(), lines[0]["sites"].as_str(), lines[0]["group_bound"].as_str()), ("true", "0", "0"));
    assert!(fs::read_to_string(toy.path("out/report.html")).unwrap().contains("No site is needed"));
}

#[test]
fn questions_without_an_answer_are_refused_by_their_key() {
    for (more, said) in [
        ("[plan.corridors]\nlongest_gap_km = 3\nroads = [\"US 3\"]\n", "no road is \"US 3\""),
        ("[plan.corridors]\nrule = \"us-nevi-2025\"\n", "plan.corridors.rule"),
        (
            "[programme]\nprofiles = [\"us-nevi-2025\"]\n[plan.corridors]\nrule = \"us-nevi-2025\"\n",
            "the rule leaves the longest way to the user",
        ),
        (
            "[programme]\nprofiles = [\"us-nevi-2025\"]\n[plan.corridors]\nrule = \"us-nevi-2025/none\"\nlongest_gap_km = 3\n",
            "no such rule",
        ),
    ] {
        let toy = toy(more);
        let output = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{more}: {text}");
        assert!(text.contains(said) && !toy.path("out").exists(), "{more}: {text}");
    }
}
