//! Counties that are funded with plans of their own: what pages and summaries say of them, joint applications and places, and folders that somebody
//! changed and sealed again.

use crate::balance::rows;
use crate::resealed::Forged;
use crate::toy::{REGION, Toy, counties, county};
use std::fs;
use std::path::Path;

const CRITERIA: &str = "[criteria]\ndistances_km = [2, 10]\ntimes_min = [5]\nheadline_km = 2\n\
                        [rank.weights]\npeople_in_gap_share = 0\nsettlements_without_station = 0\n";
/// West has 3.565975 km in the gap on either side of its station, one site closes either; in East a site in the open covers 4 km, two 8.
const PLAN: &str =
    "[plan]\nsites = 2\nsite_cost = 10\ncurrency = \"CNY\"\ngenerate = [\"gaps\"]\nspacing_km = 1\nfunding = [20, 30]\n";

fn toy(more: &str) -> Toy {
    let toy = Toy::new();
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put("region.toml", &format!("{REGION}{more}"));
    toy
}

fn round(toy: &Toy, more: &str, plan: &str) {
    toy.put("round.toml", &format!("[round]\nid = \"one\"\n[regions]\nfiles = [\"region.toml\"]\n{CRITERIA}{more}{plan}"));
}

fn said(toy: &Toy, args: &[&str]) -> String {
    let output = toy.chargegap(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn section(page: &str) -> &str {
    page.split_once("<section id=\"funding\"").unwrap().1.split_once("</section>").unwrap().0
}

#[test]
fn the_first_page_the_terminal_and_scripts_say_which_counties_are_funded_within_each_budget() {
    let toy = toy(PLAN);
    round(&toy, "", PLAN);
    let en = "Within 20 CNY: 1 county with 2 sites for 20 CNY cover 8.0 of 18.3 km of road in the gaps; \
              no other choice of these plans covers more.";
    let zh = "资金 20 CNY 以内：安排 1 个县、2 座站点，造价 20 CNY，覆盖缺口 18.3 公里道路中的 8.0；这些规划的任何其他组合都不会覆盖更多。";
    let text = said(&toy, &["run", "region.toml", "-o", "out"]);
    assert!(text.contains(&format!("{en} 533123 (2) (funding.csv)")), "{text}");
    let text = said(&toy, &["round", "round.toml", "-o", "round", "--lang", "zh"]);
    assert!(text.contains(&format!("{zh} 533123 (2)（funding.csv）")), "{text}");
    let json: serde_json::Value = serde_json::from_str(&said(&toy, &["round", "round.toml", "-o", "round2", "--json"])).unwrap();
    let told = &json["round"]["funding"][1];
    assert_eq!((told["budget"].as_u64(), told["covered"].as_f64()), (Some(30), Some(11.565975)));
    assert_eq!(told["counties"][1], serde_json::json!({ "code": "533123", "sites": 2 }));
    for (folder, name) in [("out", "report.html"), ("round", "round.html")] {
        toy.chargegap(&["verify", folder]).assert().success();
        let page = fs::read_to_string(toy.path(folder).join(name)).unwrap();
        let (section, first) = (section(&page), page.split_once("<section").unwrap().0);
        for said in [en, zh, "11.6", "最优", "ladder 递进方案", "No other nested sequence"] {
            assert!(section.contains(said), "{folder} {said}: {section}");
        }
        // the card at the top, and of a round the sentences too
        assert!(page.contains("with plans of their own within 30 CNY") && page.contains("href=\"#funding\""), "{folder}");
        assert!(folder == "out" || first.contains(en), "{first}");
    }
}

#[test]
fn a_joint_application_is_funded_whole_and_no_more_are_funded_than_there_are_places() {
    let joint = "[[rank.joint]]\nname = \"both\"\nlead = \"533123\"\nmembers = [\"533122\"]\n";
    let toy = toy("");
    let told = |toy: &Toy| -> Vec<(String, String, String, String)> {
        let row = |r: &crate::balance::Row| {
            (r["budget"].clone(), r["county_code"].clone(), r["best_sites"].clone(), r["joint"].clone())
        };
        rows(toy, "funding.csv").iter().map(row).collect()
    };
    let own = |list: &[(&str, &str, &str, &str)]| -> Vec<(String, String, String, String)> {
        list.iter().map(|r| (r.0.to_owned(), r.1.to_owned(), r.2.to_owned(), r.3.to_owned())).collect()
    };
    // together 20 buys a site in each (7.565975 km) where East alone would have two (8 km)
    for (input, more) in [("region.toml", ""), ("round.toml", "[select]\nplaces = 1\n")] {
        let out = if input == "round.toml" { "round" } else { "run" };
        toy.put("region.toml", &format!("{REGION}{joint}{PLAN}"));
        round(&toy, &format!("{more}{joint}"), PLAN);
        let _ = fs::remove_dir_all(toy.path("out"));
        if out == "round" {
            // one application is like itself: indicators that cannot tell it apart are accepted
            crate::accepting::round(toy.dir.path(), input, "out", &["-q"]);
        } else {
            toy.chargegap(&[out, input, "-o", "out", "-q"]).assert().success();
        }
        toy.chargegap(&["verify", "out"]).assert().success();
        let want = [
            ("20", "533122", "1", "both"),
            ("20", "533123", "1", "both"),
            ("30", "533122", "1", "both"),
            ("30", "533123", "2", "both"),
        ];
        assert_eq!(told(&toy), own(&want), "{input}");
        let budgets = rows(&toy, "funding_budgets.csv");
        let covered: Vec<_> = budgets.iter().map(|b| (b["best_covered"].as_str(), b["best_cost"].as_str())).collect();
        assert_eq!(covered, [("7.565975", "20"), ("11.565975", "30")]);
        // without the application nothing is left
        assert_eq!(rows(&toy, "funding.csv")[0]["lost_at_least"], "7.565975");
    }
    // alone, of one place East has the most at either budget
    toy.put("region.toml", REGION);
    round(&toy, "[select]\nplaces = 1\n", PLAN);
    fs::remove_dir_all(toy.path("out")).unwrap();
    toy.chargegap(&["round", "round.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let want = [("20", "533122", "0", ""), ("20", "533123", "2", ""), ("30", "533122", "0", ""), ("30", "533123", "2", "")];
    assert_eq!(told(&toy), own(&want));
    let page = fs::read_to_string(toy.path("out/round.html")).unwrap();
    assert!(section(&page).contains("No more than 1 county or joint application ("));
    // what the whole application costs is more than there is
    toy.put("region.toml", &format!("{REGION}{joint}{}", PLAN.replace("[20, 30]", "[10]")));
    let output = toy.chargegap(&["run", "region.toml", "-o", "out2", "-q"]).output().unwrap();
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("the budget of 10 is below the cheapest application, 20"),
        "{output:?}"
    );
}

/// A copy of a folder in the hands of a forger.
fn copy(from: &Path, to: &Path) -> Forged {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    Forged(to.to_path_buf())
}

#[test]
fn whoever_changes_a_number_of_the_funding_is_found_out() {
    let toy = toy(&PLAN.replace("[20, 30]", "[30]"));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    let dir = tempfile::tempdir().unwrap();
    let forged = |name: &str| copy(&toy.path("out"), &dir.path().join(name));
    assert_eq!(forged("as_it_is").verified().faults, [""; 0]);
    let one_more = |cell: &str| {
        cell.parse::<i64>().map(|n| (n + 1).to_string()).unwrap_or_else(|_| format!("{:.6}", cell.parse::<f64>().unwrap() + 1.0))
    };
    let (mut passed, mut tried) = (Vec::new(), 0);
    for (file, key) in [("funding.csv", "county_code"), ("funding_budgets.csv", "budget"), ("funding_sites.csv", "id")] {
        let table = rows(&toy, file);
        let is_number = |d: &&crate::balance::Row| d["file"] == file && ["integer", "real"].contains(&d["type"].as_str());
        for column in rows(&toy, "dictionary.csv").iter().filter(is_number).map(|d| d["column"].clone()) {
            // where a site stands is said nowhere else
            if ["lon", "lat"].contains(&column.as_str()) {
                continue;
            }
            let Some(row) = table.iter().find(|row| !row[&column].is_empty()) else { continue };
            let f = forged(&format!("{tried}"));
            f.cell(file, (key, &row[key]), &column, &one_more);
            tried += 1;
            if f.verified().faults.is_empty() {
                passed.push(format!("{file} {column}"));
            }
        }
    }
    assert_eq!(passed, [""; 0]);
    assert!(tried >= 25, "{tried}");
}

#[test]
fn prices_pages_and_what_is_funded_in_part_are_held_against_the_plans() {
    let joint = "[[rank.joint]]\nname = \"both\"\nlead = \"533123\"\nmembers = [\"533122\"]\n";
    let toy = toy(&format!("{joint}{}", PLAN.replace("[20, 30]", "[30]")));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    let dir = tempfile::tempdir().unwrap();
    let forged = |name: &str| copy(&toy.path("out"), &dir.path().join(name));
    let found = |f: Forged, want: &str| {
        let faults = f.verified().faults;
        assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
    };
    let f = forged("proof");
    f.cell("funding_budgets.csv", ("budget", "30"), "proof", &|w| if w == "search" { "prices" } else { "search" }.to_owned());
    found(f, "bound in row 1 is not what the plans of the counties with the prices says");
    let f = forged("price");
    f.cell("funding_budgets.csv", ("budget", "30"), "money_price", &|_| "-1".to_owned());
    found(f, "bound in row 1 is not what");
    let f = forged("joint");
    f.cell("funding.csv", ("county_code", "533122"), "joint", &|_| "other".to_owned());
    found(f, "joint in row 1 is not what the manifest says");
    let f = forged("part");
    for column in ["sites", "cost", "best_sites", "best_cost"] {
        f.cell("funding.csv", ("county_code", "533122"), column, &|_| "0".to_owned());
    }
    f.cell("funding.csv", ("county_code", "533122"), "funded", &|_| "false".to_owned());
    found(f, "joint application both is funded in part");
    let f = forged("asked");
    f.json("manifest.json", &|m| m["criteria"]["plan"]["funding"] = serde_json::json!([40]));
    found(f, "budget in row 1 is not what the manifest says");
    let f = forged("not asked");
    f.json("manifest.json", &|m| m["criteria"]["plan"]["funding"] = serde_json::json!([]));
    found(f, "it does not tell what was asked of the funding of counties");
    for (name, from, to) in [
        ("sentence", "2 counties with 3 sites", "2 counties with 2 sites"),
        ("sentence zh", "2 个县、3 座站点", "2 个县、4 座站点"),
    ] {
        let f = forged(name);
        f.text("report.html", &|t| t.replace(from, to));
        found(f, "report.html: it does not tell what funding_budgets.csv says in row 1");
    }
    let f = forged("row");
    f.text("report.html", &|t| {
        let (before, after) = t.split_once("<section id=\"funding\"").unwrap();
        format!(
            "{before}<section id=\"funding\"{}",
            after.replace("<td class=\"n\">1</td><td class=\"n\">10</td>", "<td class=\"n\">2</td><td class=\"n\">10</td>")
        )
    });
    found(f, "report.html: it does not tell what funding.csv says in row 1");
}
