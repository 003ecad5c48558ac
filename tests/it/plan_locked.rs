//! Candidates that are in a plan anyhow: those that nothing can be built at are refused before anything is planned, by name and place, and all
//! others stand in the folder as its checks have it.

use crate::balance::rows;
use crate::toy::{REGION, Toy, counties, county};

/// The toy with candidates, and the rest of `[plan]`.
fn toy(candidates: &str, plan: &str) -> Toy {
    let toy = Toy::new();
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put("candidates.csv", &format!("id,name,lon,lat,cost,max_kw,fixed\nw,West,0.016,0.0001,10,,\n{candidates}"));
    toy.put("region.toml", &format!("{REGION}[candidates]\npath = \"candidates.csv\"\n[plan]\n{plan}"));
    toy
}

#[test]
fn what_is_locked_in_where_nothing_can_be_built_is_refused_by_name_and_line() {
    let off = "far,Nowhere,0.1,0.09,10,,in\n";
    let small = "small,East,0.14,0.0001,10,50,in\n";
    let free = "free,East,0.14,0.0001,,,in\n";
    for (candidates, plan, said) in [
        (off, "sites = 2\n", ["candidate far is in the plan anyhow, and no road is near", "feature 2"]),
        (off, "sites = 2\nfunding = [20]\n", ["candidate far is in the plan anyhow, and no road is near", "feature 2"]),
        (small, "sites = 2\n", ["only 50 kW may be built there, less than one gun of 120 kW", "feature 2"]),
        (free, "budget = 30\n", ["it has no cost, and money is limited by [plan] budget", "feature 2"]),
        (free, "sites = 2\nfunding = [20]\n", ["it has no cost, and money is limited by [plan] funding", "feature 2"]),
    ] {
        let toy = toy(candidates, plan);
        let output = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{plan}: {text}");
        for said in said.iter().chain(["candidates.csv"].iter()) {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!toy.path("out").exists());
        // left open it is left out, or planned without its cost, and the folder holds
        toy.put("candidates.csv", &std::fs::read_to_string(toy.path("candidates.csv")).unwrap().replace(",in\n", ",\n"));
        toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
        toy.chargegap(&["verify", "out"]).assert().success();
    }
    // a round asks the same
    let toy = toy(off, "sites = 2\nfunding = [20]\n");
    let criteria = "[criteria]\ndistances_km = [2, 10]\ntimes_min = [5]\nheadline_km = 2\n\
                    [rank.weights]\npeople_in_gap_share = 0\nsettlements_without_station = 0\n";
    let plan = "[plan]\nsites = 2\nfunding = [20]\n";
    toy.put("round.toml", &format!("[round]\nid = \"one\"\n[regions]\nfiles = [\"region.toml\"]\n{criteria}{plan}"));
    let output = toy.chargegap(&["round", "round.toml", "-o", "round", "-q"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && text.contains("candidate far is in the plan anyhow"), "{text}");
}

#[test]
fn what_is_locked_in_beyond_the_counties_or_for_nothing_stands_in_the_plan_and_in_its_checks() {
    // on the road and outside every county; beside the station, where nothing is in the gap; in a county whose gap does not count
    for (candidates, counties, order) in [
        ("out,Beyond,0.21,0.0001,10,,in\n", "", "out w"),
        ("near,Beside,0.051,0.0001,10,,in\n", "", "near w"),
        ("east,East,0.15,0.0001,10,,in\n", "counties = [\"533122\"]\n", "east w"),
        ("a,East,0.15,0.0001,10,,in\nb,East,0.15,0.0001,10,,in\n", "", "a w"), // of one place: the first stays
    ] {
        let toy = toy(candidates, &format!("sites = 2\n{counties}"));
        toy.put(
            "roads.geojson",
            &crate::toy::roads(&[crate::toy::road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2, 0.22])]),
        );
        toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
        toy.chargegap(&["verify", "out"]).assert().success();
        let ids: Vec<String> = rows(&toy, "plan.csv").iter().map(|s| s["id"].clone()).collect();
        assert_eq!(ids.join(" "), order, "{candidates}");
    }
}
