//! `check` names what is open, in the order in which to mend it.

use crate::cases::{checked, says};
use crate::toy::Toy;
use serde_json::Value;

fn steps(toy: &Toy) -> Vec<(bool, String)> {
    let report = checked(toy.dir.path(), "region.toml");
    let all = report["next_steps"].as_array().unwrap();
    all.iter().map(|s| (s["must"] == true, s["what"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn a_clean_region_has_nothing_to_do() {
    let toy = Toy::new();
    assert_eq!(steps(&toy), []);
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["no issues"]).without(&["What to do next"]);
}

#[test]
fn every_layer_that_cannot_be_read_is_named_at_once() {
    let toy = Toy::new();
    toy.put("counties.geojson", "{}");
    toy.put("stations.csv", "a,b\n1,2\n");
    toy.put("settlements.csv", "");
    let all = steps(&toy);
    assert!(all.len() >= 3 && all.iter().take(3).all(|(must, _)| *must), "{all:?}");
    for file in ["counties.geojson", "stations.csv", "settlements.csv"] {
        assert!(all.iter().any(|(_, what)| what.contains(file)), "{file}: {all:?}");
    }
}

#[test]
fn refusals_come_before_doubts_and_longer_roads_before_others() {
    let toy = Toy::new();
    // One of two stations has no position: 50 % are refused. Two roads have classes that nobody knows, one ten times as long.
    toy.put("stations.csv", "id,name,lon,lat,kind,points,power_kw,access,status\ns1,One,0.05,0.0001,charging,4,120,public,open\ns2,Two,,,swap,,,public,weird\ns3,Three,0.15,0.0001,charging,many,,public,weird\n");
    let road = |id: &str, class: &str, lons: &[f64]| crate::toy::road(id, class, "x", lons);
    let roads = [road("r1", "trunk", &[0.0, 0.05, 0.1, 0.15, 0.2]), road("r2", "goat", &[0.0, 0.1])];
    toy.put("roads.geojson", &crate::toy::roads(&roads));
    let all = steps(&toy);
    assert!(all[0].0 && all[0].1.contains("1 of 3 records of stations are refused (33.3 %)"), "{all:?}");
    assert!(all[0].1.contains("stations.csv:3"), "{all:?}");
    assert!(!all[1].0 && all[1].1.contains("unknown_class") && all[1].1.contains("km of road"), "{all:?}");
    assert!(all[2..].iter().any(|(_, w)| w.contains("unknown_value")), "{all:?}");
    says(toy.dir.path(), &["check", "region.toml"])
        .with(1, &["What to do next, in this order:", "  1. a run stops at this: 1 of 3"]);
}

#[test]
fn the_page_has_the_list_in_both_languages() {
    let toy = Toy::new();
    toy.put("stations.csv", "id,lon,lat\ns1,0.05,0.0001\ns2,,\n");
    says(toy.dir.path(), &["check", "region.toml", "--html", "c.html"]).with(1, &[]);
    let page = std::fs::read_to_string(toy.path("c.html")).unwrap();
    for part in ["What to do next", "下一步做什么", "1 of 2 records of stations are refused", "id=\"steps\""] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn stations_that_look_shifted_are_found_by_check_as_by_run() {
    // Twelve stations in China on a road along a parallel, all moved as GCJ-02 moves them.
    let toy = Toy::new();
    let lons: Vec<f64> = (0..13).map(|i| 107.0 + f64::from(i) * 0.02).collect();
    let line: Vec<String> = lons.iter().map(|x| format!("[{x},31.0]")).collect();
    toy.put(
        "roads.geojson",
        &format!("{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"class\":\"trunk\"}},\"geometry\":{{\"type\":\"LineString\",\"coordinates\":[{}]}}}}]}}", line.join(",")),
    );
    let square = "[[106.9,30.9],[107.4,30.9],[107.4,31.1],[106.9,31.1],[106.9,30.9]]";
    toy.put("counties.geojson", &format!("{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"code\":\"500101\",\"name\":\"W\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{square}]}}}}]}}"));
    let mut csv = "id,lon,lat\n".to_owned();
    for (i, lon) in lons.iter().enumerate() {
        let (x, y) = chargegap::internals::space::Datum::Gcj02.from_wgs84(*lon, 31.0).unwrap();
        csv += &format!("s{i},{x},{y}\n");
    }
    toy.put("stations.csv", &csv);
    toy.put("settlements.csv", "id,name,lon,lat,population\nv,V,107.01,31.0001,10\n");
    let report: Value = checked(toy.dir.path(), "region.toml");
    assert_eq!(report["can_run"], false, "{report}");
    assert!(report["next_steps"][0]["what"].as_str().unwrap().contains("as GCJ-02 data are"), "{report}");
    let next = report["next_steps"][0]["next"].as_str().unwrap();
    // the very lines, and where they belong
    assert!(
        next.starts_with("under [stations] write the line `datum = \"gcj02\"`") && next.contains("`datum = \"wgs84\"`"),
        "{next}"
    );
}
