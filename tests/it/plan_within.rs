//! Plans whose sites can give only so much: worked out by hand, read again, and forged.

use crate::balance::{DEMAND, rows};
use crate::plan_checked::{copy, one_more};
use crate::toy::{REGION, Toy};

/// Alpha asks for 300 kWh a day, Beta for 900, none within 2 km of the station; `b1` and `b2` reach Beta, `a` Alpha.
fn toy(plan: &str) -> Toy {
    let toy = Toy::new();
    toy.put("candidates.csv", "id,name,lon,lat,cost\na,A,0.01,0.0001,10\nb1,B1,0.19,0.0001,10\nb2,B2,0.185,0.0001,10\n");
    let plan = format!("[candidates]\npath = \"candidates.csv\"\n[plan]\nobjective = \"energy\"\n{plan}\n");
    toy.put("region.toml", &format!("{REGION}{DEMAND}{plan}"));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

fn number(row: &crate::balance::Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

#[test]
fn a_site_serves_no_more_than_it_can_give() {
    // 500 kWh each: one serves 500 of Beta; two of them 900, or one and Alpha's 800; three all 1,200
    for (sites, covered) in [(1, 500.0), (2, 900.0), (3, 1200.0)] {
        let toy = toy(&format!("sites = {sites}\ncapacity_kwh = 500"));
        let quality = &rows(&toy, "plan_quality.csv")[0];
        assert_eq!((number(quality, "covered"), number(quality, "reachable")), (covered, 1200.0), "{sites}");
        assert!(number(quality, "bound") >= covered);
        let plan = rows(&toy, "plan.csv");
        assert_eq!(plan.len(), sites);
        assert_eq!(plan.iter().map(|s| number(s, "assigned_kwh")).sum::<f64>(), covered);
        assert!(plan.iter().all(|s| number(s, "assigned_kwh") <= 500.0 && s["capacity_kwh"] == "500.0"), "{plan:?}");
    }
    // 480 kW for 2.5 hours are 1,200 kWh: one site serves all of Beta, and without a capacity it does too
    let toy = toy("sites = 1\ncapacity_hours = 2.5");
    let site = &rows(&toy, "plan.csv")[0];
    assert_eq!((number(site, "assigned_kwh"), number(site, "capacity_kwh")), (900.0, 1200.0));
    let page = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    for said in [
        "in the gap, as far as each site can give it",
        "缺口内（各站不超过其容量）",
        "drivers who choose for themselves may go elsewhere",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn whoever_changes_a_capacity_or_an_assignment_is_found_out() {
    let toy = toy("sites = 2\ncapacity_kwh = 500");
    let (dir, mut passed, mut tried) = (tempfile::tempdir().unwrap(), Vec::new(), 0);
    for (file, key) in [
        ("plan.csv", "order"),
        ("plan_candidates.csv", "candidate"),
        ("plan_quality.csv", "question"),
        ("plan_rows.csv", "candidates"),
    ] {
        let table = rows(&toy, file);
        for column in rows(&toy, "dictionary.csv").iter().filter(|d| d["file"] == file && d["type"] != "text") {
            let column = &column["column"];
            let Some(row) = table.iter().find(|row| !row[column].is_empty() && !row[key].is_empty()) else { continue };
            tried += 1;
            let forged = copy(&toy, &dir.path().join(tried.to_string()));
            forged.cell(file, (key, &row[key]), column, &|cell| one_more(cell));
            // a multiplier that is a little off may give the same bound, and proves it as well
            if forged.verified().faults.is_empty() && column != "multiplier" {
                passed.push(format!("{file} {column}"));
            }
        }
    }
    assert!(
        tried > 15 && !passed.iter().any(|p| p.contains("_kwh") || p.contains("weight") || p.contains("cover")),
        "{passed:?}"
    );
    let forged = copy(&toy, &dir.path().join("asked"));
    forged.json("manifest.json", &|m| m["criteria"]["plan"]["capacity_kwh"] = 600.into());
    assert!(!forged.verified().faults.is_empty());
}
