//! Swap stations that are planned: bays and packs from their load, written, read back and held against the manifest.

use crate::balance::{DEMAND, rows};
use crate::plan_checked::copy;
use crate::toy::{REGION, Toy};

/// Cars ask for 6 kWh a day in public, half of it swapped, 54 kWh a swap; the only candidate is near Beta (300 cars).
fn toy(plan: &str) -> Toy {
    let demand = DEMAND.replace("public_share = 0.5", "public_share = 1\nswap_share = 0.5");
    let region = REGION.replace("distances_km = [2, 10]", "services = [\"charging\", \"swap\"]\ndistances_km = [2, 10]");
    assert_ne!(region, REGION);
    let toy = Toy::new();
    toy.put("candidates.csv", "id,name,lon,lat,cost\nbeta,Beta,0.19,0.0001,10\n");
    let plan = format!("[candidates]\npath = \"candidates.csv\"\n[plan]\nservice = \"swap\"\nsites = 1\n{plan}\n");
    toy.put("region.toml", &format!("{region}{demand}pack_kwh = 67.5\npack_share = 0.8\n{plan}"));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

#[test]
fn a_swap_station_gets_the_bays_and_packs_that_its_load_takes() {
    // Beta asks for 900 kWh by swap, 0.6 of it from 8 h: 10 swaps an hour, on the holiday 20. A bay takes 12 of 5 minutes: two are busy 83 % of
    // the time, three 56 %. At 20 swaps an hour, an hour a pack, Erlang loss with 26 packs is 0.0372 and with 25 0.0502
    let toy = toy("bays = 4\npacks = 60");
    let site = &rows(&toy, "plan.csv")[0];
    assert_eq!([&*site["swap_bays"], &*site["swap_batteries"], &*site["points"]], ["3", "26", ""]);
    assert_eq!([&*site["delivered_kwh"], &*site["utilisation"]], ["", ""]);
    assert!((site["swaps"].parse::<f64>().unwrap() - 900.0 / 54.0).abs() < 1e-6, "{site:?}");
    // no more than may be built
    let small = self::toy("bays = 2");
    let site = &rows(&small, "plan.csv")[0];
    assert_eq!([&*site["swap_bays"], &*site["swap_batteries"]], ["2", "26"]); // 13 for each bay
    assert!(site["swaps_turned_away_holiday"].parse::<f64>().unwrap() > 0.0);
    let page = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    for said in ["3 bays, 26 packs", "3 工位，26 块电池", "Swaps turned away, holiday"] {
        assert!(page.contains(said), "{said}");
    }
    // a run that reads it among its stations has the same swaps
    let region = std::fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("again.toml", &region.replace("path = \"stations.csv\"", "path = [\"stations.csv\", \"out/sites.geojson\"]"));
    toy.chargegap(&["run", "again.toml", "-o", "again", "-q"]).assert().success();
    let loads = std::fs::read_to_string(toy.path("again/station_loads.csv")).unwrap();
    assert!(loads.lines().any(|l| l.contains("beta")), "{loads}");
}

#[test]
fn what_is_no_swap_station_of_the_plan_is_found_out() {
    let toy = toy("bays = 4\npacks = 60");
    let dir = tempfile::tempdir().unwrap();
    for (column, value) in [("swap_bays", "5"), ("swap_batteries", "61"), ("swap_bays", ""), ("points", "4"), ("dc_points", "4")]
    {
        let f = copy(&toy, &dir.path().join(format!("{column}{value}")));
        f.cell("plan.csv", ("order", "1"), column, &|_| value.to_owned());
        let faults = f.verified().faults;
        assert!(faults.iter().any(|f| f.contains("plan.csv")), "{column} {value}: {faults:?}");
    }
    for (plan, key) in [("bays = 11", "plan.bays"), ("packs = 0", "plan.packs")] {
        let region = std::fs::read_to_string(toy.path("region.toml")).unwrap().replace("bays = 4\npacks = 60", plan);
        toy.put("wrong.toml", &region);
        let output = toy.chargegap(&["run", "wrong.toml", "-o", "wrong", "-q"]).output().unwrap();
        assert!(String::from_utf8_lossy(&output.stderr).contains(key), "{plan}: {output:?}");
    }
}

#[test]
fn the_grid_of_a_swap_station_is_paid_for_all_packs_that_are_charged_at_once() {
    // a pack of 67.5 kWh of which 0.8 were used, charged in an hour without loss, draws 54 kW: 26 packs 1,404 kW, 404 more than there are
    let toy = toy("bays = 4\npacks = 60\nconnect_cost_per_kw = 100");
    assert_eq!(rows(&toy, "plan.csv")[0]["cost"], "10"); // nobody knows the headroom
    toy.put("candidates.csv", "id,name,lon,lat,cost,headroom_kw\nbeta,Beta,0.19,0.0001,10,1000\n");
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q", "--overwrite"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let site = &rows(&toy, "plan.csv")[0];
    assert_eq!([&*site["swap_batteries"], &*site["cost"]], ["26", "40410"]);
    // as a candidate it costs what all 60 packs would take: 2,240 kW more
    assert_eq!(rows(&toy, "plan_candidates.csv")[0]["cost"], "224010");
}
