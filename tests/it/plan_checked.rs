//! What the report says of a plan, and plans that somebody changed and sealed again.

use crate::balance::{DEMAND, Row, rows};
use crate::resealed::Forged;
use crate::toy::{REGION, Toy, counties, county};
use chargegap::internals::files::text::{at_most_percent, grouped};
use std::fs;
use std::path::Path;

/// Three sites, the county in the west first; what they cost is given.
const PLAN: &str = "\n[plan]\nsites = 3\nfirst = [\"533122\"]\nsite_cost = 1500000\ncurrency = \"CNY\"\n";

/// The toy, run with more in its region file.
fn planned(more: &str) -> Toy {
    let toy = Toy::new();
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put("region.toml", &format!("{REGION}{more}"));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

fn page(toy: &Toy, name: &str) -> String {
    fs::read_to_string(toy.path("out").join(name)).unwrap()
}

fn tenths(km: &str) -> String {
    format!("{:.1}", km.parse::<f64>().unwrap())
}

#[test]
fn the_report_says_what_to_build_in_which_order_in_both_languages() {
    let toy = planned(PLAN);
    let html = page(&toy, "report.html");
    let section = html.split_once("<section id=\"plan\"").unwrap().1.split_once("</section>").unwrap().0;
    // West has 7.13195 km in the gap, 3.565975 on either side of its station: two sites close it; the third covers 4 km in East
    let (sites, quality) = (rows(&toy, "plan.csv"), rows(&toy, "plan_quality.csv"));
    assert_eq!(sites.len(), 3);
    for said in [
        "Build these 3 sites in this order:",
        "按下列次序建设这 3 座站点：",
        "they cost 4,500,000 CNY in all and",
        "总造价 4,500,000 CNY，",
        "comes first: all 7.1 km of road that candidates can cover of its gap are covered, with 2 sites.",
        "优先：其缺口中候选点可覆盖的 7.1 公里道路已全部覆盖，用 2 座站点。",
        "Planned for charging within 2 km, the limit of 3 sites.",
        "4 × 120",
        "1,500,000",
        "<td class=\"n\">7.1 → 0.0</td>", // West
        "sites 站点数",
        "bound 上界",
    ] {
        assert!(section.contains(said), "{said}: {section}");
    }
    let all = "18.3"; // 22.2639 km less the 4 that the station serves
    let covered = tenths(&sites[2]["covered"]);
    assert!(section.contains(&format!("cover {covered} of {all} km of road in the gap")), "{section}");
    assert!(section.contains(&format!("覆盖缺口 {all} 公里道路中的 {covered}")));
    let mm = |column: &str| (quality[1][column].parse::<f64>().unwrap() * 1e6).round() as u64;
    let (value, bound) = (mm("covered"), mm("bound"));
    let candidates = rows(&toy, "plan_candidates.csv").len();
    if value == bound {
        assert!(section.contains(&format!(
            "no other choice among these {candidates} candidates that puts these counties first covers more"
        )));
    } else {
        assert!(section.contains(&format!(
            "at most {} below the best possible with these {candidates} candidates when these counties come first",
            at_most_percent(bound - value, bound)
        )));
    }
    let count = |column: &str| grouped(quality[1][column].parse().unwrap());
    assert!(
        section.contains(&format!("→ {} rows", count("rows_merged")))
            && section.contains(&format!(">{} pieces", count("rows_added")))
    );
    // a row a site, with the county first that was to be; the way to the section, and its card
    assert_eq!(section.matches("<span class=\"soft\"><i lang=en>comes first</i>").count(), 2);
    assert!(html.contains("href=\"#plan\"") && html.contains("Where to build") && html.contains("建站规划"));
    let card = html.split_once("Plan</i>").unwrap().1;
    assert!(card.contains(&format!("cover {covered} of {all} km of road")));
    // a marker a site with its number, on the map of the report and on the file, and a legend entry
    for map in [html.as_str(), &page(&toy, "map.svg")] {
        for order in 1..=3 {
            assert!(map.contains(&format!("font-weight=\"700\">{order}</text>")), "{order}");
        }
        assert!(map.contains("site of the plan, in order") && map.contains("规划站点及次序  3"));
    }
    let county = page(&toy, "counties/533122.html");
    for said in ["Where to build", "规划站点", "What the plan changes", "规划前空白里程，公里", "Gap before, km", "1,500,000"]
    {
        assert!(county.contains(said), "{said}");
    }
}

#[test]
fn a_county_that_is_not_closed_says_why() {
    // one site: West needs two
    let toy = planned(&PLAN.replace("sites = 3", "sites = 1"));
    let html = page(&toy, "report.html");
    let said = "comes first: 4.0 of the 7.1 km of road that candidates can cover of its gap are covered. It is not closed: ";
    let covered = tenths(&rows(&toy, "plan_quality.csv")[0]["covered"]);
    assert!(html.contains(&said.replace("4.0", &covered)), "{covered}");
    assert!(html.contains("the limit of 1 site is used up") && html.contains("1 座站点的限额已用尽"));
    assert!(html.contains("Build this site:") && html.contains("建设这座站点："));
}

#[test]
fn a_run_without_a_plan_says_nothing_of_one() {
    let toy = planned("");
    let manifest: serde_json::Value = serde_json::from_str(&page(&toy, "manifest.json")).unwrap();
    assert!(manifest["criteria"].get("plan").is_none());
    let html = page(&toy, "report.html");
    assert!(!html.contains("id=\"plan\"") && !html.contains("#plan") && !html.contains("site of the plan"));
}

/// The folder in the hands of a forger, who has a copy.
pub fn copy(toy: &Toy, to: &Path) -> Forged {
    fn all(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                all(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), &target).unwrap();
            }
        }
    }
    all(&toy.path("out"), to);
    Forged(to.to_path_buf())
}

/// Number columns of the files of a plan that have a value, each with a row by which it is found.
fn numbers(toy: &Toy) -> Vec<(String, (String, String), String)> {
    let mut all = Vec::new();
    for (file, key) in [
        ("plan.csv", "order"),
        ("plan_counties.csv", "county_code"),
        ("plan_curve.csv", "limit"),
        ("plan_quality.csv", "question"),
        ("plan_candidates.csv", "order"),
        ("plan_rows.csv", "candidates"),
    ] {
        let table = rows(toy, file);
        let is_number = |d: &&Row| d["file"] == file && ["integer", "real"].contains(&d["type"].as_str());
        for column in rows(toy, "dictionary.csv").iter().filter(is_number) {
            let column = column["column"].clone();
            // of candidates only those that were chosen stand somewhere else too
            // a county that comes first is closed: whatever its multipliers are, no bound is above all that there is of it
            let once = |row: &&Row| file != "plan_rows.csv" || table.iter().filter(|r| r[key] == row[key]).count() == 1;
            let last = |row: &&Row| file != "plan_rows.csv" || row["question"] == "2";
            let row = table.iter().find(|row| !row[&column].is_empty() && !row[key].is_empty() && once(row) && last(row));
            all.extend(row.map(|row| (file.to_owned(), (key.to_owned(), row[key].clone()), column)));
        }
    }
    all
}

/// One more.
pub fn one_more(cell: &str) -> String {
    cell.parse::<i64>().map(|n| (n + 1).to_string()).unwrap_or_else(|_| format!("{:.6}", cell.parse::<f64>().unwrap() + 1.0))
}

#[test]
fn whoever_changes_a_number_of_a_plan_is_found_out() {
    let money = "budget = 4600000\nobjective = \"people\"";
    for plan in [PLAN.to_owned(), PLAN.replace("sites = 3", money)] {
        let toy = planned(&format!("{DEMAND}{plan}"));
        let cells = numbers(&toy);
        assert!(cells.len() >= 45, "{}: {cells:?}", cells.len());
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(copy(&toy, &dir.path().join("as_it_is")).verified().faults, [""; 0]);
        let mut passed = Vec::new();
        for (i, (file, (key, value), column)) in cells.iter().enumerate() {
            let forged = copy(&toy, &dir.path().join(i.to_string()));
            forged.cell(file, (key, value), column, &|cell| one_more(cell));
            // the bound of people is whole: a multiplier that is a little off gives the same one, and proves it as well
            let none_the_worse = plan.contains("people") && column == "multiplier";
            if forged.verified().faults.is_empty() && !none_the_worse {
                passed.push(format!("{file} {column}"));
            }
        }
        assert_eq!(passed, [""; 0]);
    }
}

#[test]
fn what_the_manifest_asks_and_what_the_layer_shows_is_held_against_the_plan() {
    let toy = planned(PLAN);
    let dir = tempfile::tempdir().unwrap();
    let forged = |name: &str| copy(&toy, &dir.path().join(name));
    let found = |f: Forged, want: &str| {
        let faults = f.verified().faults;
        assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
    };
    let f = forged("limit");
    f.json("manifest.json", &|m| m["criteria"]["plan"]["extent"] = serde_json::json!({ "sites": 2 }));
    found(f, "limit in row 1 is not what the manifest says");
    let f = forged("nothing asked");
    f.json("manifest.json", &|m| drop(m["criteria"].as_object_mut().unwrap().remove("plan")));
    found(f, "it does not tell what was asked of the plan of sites");
    let f = forged("cost");
    f.json("manifest.json", &|m| m["criteria"]["plan"]["site_cost"] = 1_400_000.into());
    found(f, "plan_candidates.csv: cost in row 1 is not what the manifest says");
    let f = forged("order");
    f.json("manifest.json", &|m| m["criteria"]["plan"]["first"] = serde_json::json!(["533123"]));
    found(f, "for_county in row 1 is not what the manifest says");
    let f = forged("layer");
    f.json("sites.geojson", &|l| l["features"][0]["properties"]["name"] = "Elsewhere".into());
    found(f, "feature 1: name is not what plan.csv says in row 1");
    let f = forged("moved");
    f.json("sites.geojson", &|l| l["features"][1]["geometry"]["coordinates"][0] = 0.5.into());
    found(f, "feature 2 does not lie where plan.csv has it");
    let f = forged("page");
    f.text("report.html", &|t| t.replacen("7.1 → 0.0", "7.1 → 0.1", 1));
    found(f, "report.html: it does not tell what plan_counties.csv says in row 1");
    for (name, from, to) in [
        ("cost", "<td class=\"n\">1,500,000</td>", "<td class=\"n\">1,400,000</td>"),
        ("adds", "<td class=\"n\">4.0</td>", "<td class=\"n\">4.1</td>"),
    ] {
        let f = forged(&format!("page {name}"));
        f.text("report.html", &|t| {
            let (before, after) = t.split_once("<section id=\"plan\"").unwrap();
            format!("{before}<section id=\"plan\"{}", after.replacen(from, to, 1))
        });
        found(f, "report.html: it does not tell what plan.csv says in row");
    }
    let f = forged("first");
    f.cell("plan_rows.csv", ("question", "1"), "weight", &one_more);
    found(f, "plan_quality.csv: reachable in row 1 is not what plan_rows.csv says");
    let f = forged("question");
    f.cell("plan_rows.csv", ("question", "1"), "question", &|_| "7".to_owned());
    found(f, "plan_rows.csv: question in row 1 is not what the manifest says");
    let f = forged("word");
    f.cell("plan_quality.csv", ("question", "2"), "proof", &|_| "certainly".to_owned());
    found(f, "bound in row 2 is not what plan_rows.csv says");
    // a choice that covers less with the figures of the better one: two candidates change their places
    let f = forged("another");
    let chosen = rows(&toy, "plan_candidates.csv").iter().position(|r| r["order"] == "3").unwrap().to_string();
    let other = rows(&toy, "plan_candidates.csv").iter().position(|r| r["order"].is_empty()).unwrap().to_string();
    f.cell("plan_candidates.csv", ("candidate", &chosen), "order", &|_| String::new());
    f.cell("plan_candidates.csv", ("candidate", &other), "order", &|_| "3".to_owned());
    found(f, "is not what plan_candidates.csv says");
}

#[test]
fn other_plans_and_what_is_lost_are_in_the_report_and_are_held_against_the_rows() {
    // two sites in the open cover 8 km wherever they stand, so that other plans are as good
    let toy = planned("[plan]\nsites = 2\ngenerate = [\"gaps\"]\nspacing_km = 1\nsite_cost = 10\ncurrency = \"CNY\"\n");
    let others = rows(&toy, "plan_others.csv");
    assert!(
        !others.is_empty() && others.iter().all(|o| (o["covered"].parse::<f64>().unwrap() - 8.0).abs() <= 0.08),
        "{others:?}"
    );
    let html = page(&toy, "report.html");
    let section = html.split_once("<section id=\"plan\"").unwrap().1.split_once("</section>").unwrap().0;
    for said in [
        "Other plans nearly as good",
        "覆盖量相近的其他规划",
        "Lost without it, km",
        "去掉该站的损失（公里）",
        "money, CNY 资金（CNY）",
        "sites 站点数",
    ] {
        assert!(section.contains(said), "{said}: {section}");
    }
    for id in others[0]["ids"].split("; ") {
        let chosen = rows(&toy, "plan.csv").iter().any(|s| s["id"] == id);
        assert!(chosen || section.contains(&format!("<bdi>{id}</bdi>")), "{id}");
    }
    // the curve against money is that of sites, at 10 a site
    let curve = rows(&toy, "plan_curve.csv");
    let of = |kind: &str| {
        curve.iter().filter(|c| c["limit_of"] == kind).map(|c| (c["limit"].clone(), c["covered"].clone())).collect::<Vec<_>>()
    };
    let by_sites: Vec<_> = of("sites").into_iter().map(|(n, km)| (format!("{n}0"), km)).collect();
    assert_eq!(of("money"), by_sites);
    let dir = tempfile::tempdir().unwrap();
    let forged = |name: &str| copy(&toy, &dir.path().join(name));
    for column in ["other", "covered", "less_percent", "sites", "elsewhere"] {
        let f = forged(column);
        f.cell("plan_others.csv", ("other", "1"), column, &one_more);
        let faults = f.verified().faults;
        assert!(faults.iter().any(|f| f.contains("plan_others.csv")), "{column}: {faults:?}");
    }
    let found = |f: Forged, want: &str| {
        let faults = f.verified().faults;
        assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
    };
    // the plan itself is no other plan
    let f = forged("the same");
    let own: Vec<String> =
        rows(&toy, "plan_candidates.csv").iter().filter(|c| !c["order"].is_empty()).map(|c| c["id"].clone()).collect();
    f.cell("plan_others.csv", ("other", "1"), "ids", &|_| own.join("; "));
    found(f, "plan_others.csv: ids in row 1 is not what the rule of other plans says");
    let f = forged("nobody");
    f.cell("plan_others.csv", ("other", "1"), "ids", &|_| "nowhere".to_owned());
    found(f, "plan_others.csv: ids in row 1 is not what plan_candidates.csv says");
    let f = forged("money");
    f.text("plan_curve.csv", &|t| t.replacen(",money,", ",sites,", 1));
    found(f, "plan_curve.csv: limit in row");
}

#[test]
fn a_plan_that_sinks_the_reward_of_a_county_says_so() {
    // all 300 kWh of West are served by 480 kW: two sites of 480 kW more take the utilisation from 2.6 % below the 1 % that is paid for
    let toy = Toy::new();
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put("stations.csv", "id,name,lon,lat,kind,points,power_kw,total_kw,access,status,opened,availability\ns1,One,0.05,0.0001,charging,4,120,480,public,open,2024-07-02,99.5%\n");
    let pilot = "[programme]\nprofiles = [\"cn-county-pilot-2024\"]\n[programme.figures.\"53\"]\nnev_penetration = 20\n";
    let plan = "[plan]\ncounties = [\"533122\"]\nguns = 1\ngun_kw = 480\n[[plan.years]]\nyear = 2024\nsites = 2\n";
    toy.put("region.toml", &format!("{REGION}{DEMAND}{pilot}{plan}"));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let west = &rows(&toy, "plan_counties.csv")[0];
    let yuan = |column: &str| west[column].parse::<u64>().unwrap();
    let (before, after) = (yuan("reward_yuan_before"), yuan("reward_yuan_after"));
    assert!(after < before, "{west:?}");
    let html = page(&toy, "report.html");
    for said in [
        format!("the plan sinks its reward from {} to {} yuan", grouped(before), grouped(after)),
        format!("规划使其预期奖励由 {} 元降至 {} 元", grouped(before), grouped(after)),
    ] {
        assert!(html.contains(&said), "{said}");
    }
    // without years nobody knows when its sites open: what holds if they are there in the whole period is said, with the year. 300 kWh of 480 kW
    // are 2.6 %; with one site of 480 kW more that is paid for 1.3 %, with two below 1 %: without either of the two it is paid for
    let plan = "[plan]\ncounties = [\"533122\"]\nguns = 1\ngun_kw = 480\nsites = 2\n";
    toy.put("region.toml", &format!("{REGION}{DEMAND}{pilot}{plan}"));
    toy.chargegap(&["run", "region.toml", "-o", "undated", "-q"]).assert().success();
    toy.chargegap(&["verify", "undated"]).assert().success();
    let west = csv::Reader::from_path(toy.path("undated/plan_counties.csv")).unwrap().into_deserialize().next().unwrap();
    let west: std::collections::BTreeMap<String, String> = west.unwrap();
    assert_eq!(west["reward_yuan_after"], "");
    let after = west["reward_yuan_if_open"].parse::<u64>().unwrap();
    assert!(after < before, "{west:?}");
    let html = std::fs::read_to_string(toy.path("undated/report.html")).unwrap();
    for said in [
        "if all sites are in operation in the whole period, from 1 January 2024,".to_owned(),
        format!("the plan sinks its reward from {} to {} yuan", grouped(before), grouped(after)),
    ] {
        assert!(html.contains(&said), "{said}");
    }
    assert_eq!(html.contains("Without one of these it would not fall"), !west["sunk_by"].is_empty());
    fs::remove_dir_all(toy.path("out")).unwrap();
    fs::rename(toy.path("undated"), toy.path("out")).unwrap();
    // whoever says that it sinks less, or by another site, is found out
    let dir = tempfile::tempdir().unwrap();
    for (name, from, to) in [
        (
            "less",
            format!("reward from {} to {}", grouped(before), grouped(after)),
            format!("reward from {} to {}", grouped(before), grouped(after + 1)),
        ),
        ("none", "the plan sinks its reward".to_owned(), "the plan leaves its reward".to_owned()),
        ("other", "(the others built): ".to_owned(), "(the others built): 9, ".to_owned()),
    ] {
        if !html.contains(&from) {
            assert_eq!(name, "other"); // no single site does it
            continue;
        }
        let f = copy(&toy, &dir.path().join(name));
        f.text("report.html", &|t| t.replace(&from, &to));
        assert!(f.verified().faults.iter().any(|f| f.contains("plan_counties.csv says in row 1")), "{name}");
    }
}

#[test]
fn a_site_that_stands_on_no_road_is_found_out() {
    let toy = planned(PLAN);
    let dir = tempfile::tempdir().unwrap();
    let f = copy(&toy, &dir.path().join("off"));
    // 5.5 m north of the equator, on which the road is
    f.cell("plan.csv", ("order", "1"), "lat", &|_| "0.00005".to_owned());
    let found = f.verified().faults;
    assert!(found.iter().any(|f| f.contains("plan.csv: lon in row 1 is not what coverage.fgb says")), "{found:?}");
    assert!(!found.iter().any(|f| f.contains("row 2 is not what coverage.fgb says")), "{found:?}");
}
