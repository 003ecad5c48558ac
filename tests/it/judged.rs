//! Runs held against programmes: verdicts and rewards that are known on paper.

use crate::balance::{DEMAND, Row, rows};
use crate::resealed::Forged;
use crate::toy::{self, Toy, county, road};
use std::collections::BTreeSet;

/// The region with more in its file, its road numbered and its station dated. [`DEMAND`] gives s1 300 kWh a day: see `balance::a_day_by_hand`.
pub fn run(more: &str) -> Toy {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}{more}", toy::REGION));
    let numbered =
        road("r1", "trunk", "Main Street", &[0.0, 0.05, 0.1, 0.15, 0.2]).replace("\"id\":", "\"ref\":\"US 2\",\"id\":");
    toy.put("roads.geojson", &toy::roads(&[numbered]));
    toy.put("counties.geojson", &toy::counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put("stations.csv", "id,name,lon,lat,kind,points,power_kw,total_kw,access,status,opened,availability\ns1,One,0.05,0.0001,charging,4,120,480,public,open,2024-07-02,99.5\n");
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

#[test]
fn a_reward_by_hand() {
    let pilot = "[programme]\nprofiles = [\"cn-county-pilot-2024\"]\n[programme.figures.\"53\"]\nnev_penetration = 20\n";
    let toy = run(&format!("{DEMAND}{pilot}"));
    let all: Vec<Row> = rows(&toy, "reward.csv").into_iter().filter(|r| r["county_code"] == "533122").collect();
    // 300 kWh a day over 480 kW × 24 h is 2.604 % from the day it opened: third class (20 %), 2024 at least 2 %, 2025 at least 2.5 %, 2026 at
    // least 2 % and under 3 %
    let seen: Vec<_> = all.iter().map(|r| (&*r["year"], &*r["reward_yuan"])).collect();
    assert_eq!(seen, [("2024", "15000000"), ("2025", "15000000"), ("2026", "12000000")]);
    for r in &all {
        assert!((r["utilisation"].parse::<f64>().unwrap() - 300.0 / (480.0 * 24.0)).abs() < 1e-6, "{r:?}");
        assert_eq!((&*r["total_yuan"], &*r["facilities"], &*r["in_doubt"], &*r["undated"]), ("42000000", "1", "0", "0"));
        // the car stock of the prefecture is not given: it cannot be told, and is no low score
        assert_eq!(r["eligible"], "cannot_be_told");
    }
    // 2 July to 31 December 2024: 183 days; the whole of 2026, and what lacks there for 3 %
    let number = |r: &Row, column: &str| r[column].parse::<f64>().unwrap();
    assert!((number(&all[0], "possible_kwh") - 183.0 * 24.0 * 480.0).abs() < 1e-3);
    assert!((number(&all[2], "next_short_kwh") - (0.03 * 480.0 * 8760.0 - 300.0 * 365.0)).abs() < 1e-3);
    // nothing opened in the east: no facility, no figure
    let east = rows(&toy, "reward.csv").into_iter().find(|r| r["county_code"] == "533123").unwrap();
    assert_eq!((&*east["facilities"], &*east["utilisation"], &*east["total_yuan"]), ("0", "", ""));
}

/// Rules of a file under the name of a shipped programme are told by a plain run too: terminal, report, `--json` of the folder.
#[test]
fn a_run_says_which_file_stands_in_for_a_shipped_programme() {
    let shipped = "cn-township-coverage";
    let toy = run("");
    let text = String::from_utf8(toy.chargegap(&["programme", shipped, "--toml"]).output().unwrap().stdout).unwrap();
    let asks = format!("{}[programme]\nprofiles = [\"{shipped}\"]\nfiles = [\"own.toml\"]\n", toy::REGION);
    toy.put("region.toml", &asks);
    let said = |own: &str, more: &[&str]| {
        toy.put("own.toml", own);
        let words = [&["run", "region.toml", "-o", "out", "--overwrite"], more].concat();
        String::from_utf8(toy.chargegap(&words).assert().success().get_output().stdout.clone()).unwrap()
    };
    let own = text.clone() + "\n# ours\n";
    let line = format!("OWN PROGRAMME: {shipped} is not the one that comes with the program (SHA-256 ");
    let told = said(&own, &[]);
    assert!(told.contains(&line) && told.contains("): own.toml stands in for it (SHA-256 "), "{told}");
    assert!(said(&own, &["--lang", "zh"]).contains(&format!("自有项目文件：{shipped} 不是程序自带的同名项目")));
    let page = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    assert!(page.contains("OWN PROGRAMME FILE") && page.contains("own.toml stands in for it"));
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(toy.path("out/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["programme"]["stands_in_for"][shipped]["file"], "own.toml");
    toy.chargegap(&["verify", "out"]).assert().success();
    // the very text of the program stands in for nothing
    assert!(!said(&text, &[]).contains("OWN PROGRAMME"));
}

#[test]
fn roads_and_townships_have_verdicts_both_ways() {
    let rules = "[programme]\nprofiles = [\"us-nevi-2025\", \"cn-township-coverage\"]\n[programme.values.us-nevi-2025]\nspacing = 8\noff_road = 1\n";
    let toy = run(rules);
    let all = rows(&toy, "corridors.csv");
    assert_eq!(all.iter().map(|r| &*r["road"]).collect::<BTreeSet<_>>(), BTreeSet::from(["US 2"]));
    // s1 stands 5.566 km from the western end of 22.264 km: 16.698 km lie beyond it, and 8 miles are 12.875
    let r = &all[0];
    assert_eq!((&*r["longest_if_km"], &*r["limit_km"]), ("16.697925", "12.874752"));
    assert!(r["verdict"] != "met" && r["one_out_km"].parse::<f64>().unwrap() > 22.2, "{r:?}");
    let townships: Vec<Row> =
        rows(&toy, "programme.csv").into_iter().filter(|r| r["programme"] == "cn-township-coverage").collect();
    // Alpha is 4.45 km from s1, farther than 3; Beta farther still: one township without in each county
    let seen: Vec<_> = townships
        .iter()
        .filter(|r| r["rule"] == "townships")
        .map(|r| (&*r["county_code"], &*r["verdict"], &*r["found_if_so"]))
        .collect();
    assert_eq!(seen, [("533122", "not_met", "1.0"), ("533123", "not_met", "1.0")]);
    let near = run(&format!("settlement_radius_km = 5\n{rules}"));
    let seen: Vec<String> =
        rows(&near, "programme.csv").iter().filter(|r| r["rule"] == "townships").map(|r| r["verdict"].clone()).collect();
    assert_eq!(seen, ["met", "not_met"]);
}

#[test]
fn without_programmes_there_are_no_such_tables() {
    let toy = run("");
    for file in ["corridors.csv", "programme.csv", "reward.csv"] {
        assert!(!toy.path("out").join(file).exists(), "{file}");
    }
}

/// The GeoPackage has the tables of programmes and of demand too, and one that was taken out of it is missed, however well it is sealed again.
#[test]
fn tables_of_programmes_are_missed_in_the_geopackage() {
    let rules = "[programme]\nprofiles = [\"us-nevi-2025\", \"cn-township-coverage\", \"cn-county-pilot-2024\"]\n[programme.values.us-nevi-2025]\nspacing = 8\noff_road = 1\n[programme.figures.\"53\"]\nnev_penetration = 20\n";
    let toy = run(&format!("{DEMAND}{rules}"));
    let forged = Forged(toy.path("out"));
    let whole = std::fs::read(toy.path("out/region.gpkg")).unwrap();
    for table in ["corridors_by_road", "programme", "reward", "balance", "assumptions"] {
        let sql = format!("DROP TABLE {table}; DELETE FROM gpkg_contents WHERE table_name = '{table}'");
        std::fs::write(toy.path("out/region.gpkg"), &whole).unwrap();
        forged.package_named("region.gpkg", &sql, true);
        let faults = forged.verified().faults;
        assert!(faults.iter().any(|f| f == &format!("region.gpkg: its table {table} is missing")), "{table}: {faults:?}");
    }
}

#[test]
fn a_road_that_is_met_for_being_short_is_said_to_have_no_charger() {
    let programme = "[programme]\nprofiles = [\"us-nevi-2025\"]\n[programme.values.us-nevi-2025]\nspacing = 50\noff_road = 1\nport_kw = 100\n";
    let words = "no charger on it: shorter than the limit";
    let said = |toy: &Toy| {
        let verdict = rows(toy, "corridors.csv").remove(0).remove("verdict").unwrap();
        (verdict, std::fs::read_to_string(toy.path("out/report.html")).unwrap().contains(words))
    };
    // 22 km without anything, and 80.5 may be
    let toy = Toy::new();
    let numbered = road("r1", "trunk", "Main Street", &[0.0, 0.1, 0.2]).replace("\"id\":", "\"ref\":\"US 2\",\"id\":");
    toy.put("counties.geojson", &toy::counties(&[county("0101", "West", -0.1, 0.1), county("0102", "East", 0.1, 0.3)]));
    toy.put("roads.geojson", &toy::roads(&[numbered]));
    toy.put("region.toml", &format!("{}{programme}", toy::REGION));
    toy.put("stations.csv", "id,name,lon,lat,kind,points,power_kw,access,status\ns1,One,0.05,0.0001,swap,,,public,open\n");
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    assert_eq!(said(&toy), ("met".to_owned(), true));
    // with a charger on it nothing of the kind is said
    assert!(!said(&run(programme)).1);
}

/// The road is 22.264 km long and shorter than the 50 miles that are asked for, whatever counts on it.
#[test]
fn a_road_that_is_cut_at_the_border_of_the_given_ones_cannot_be_told_to_be_short_enough() {
    let rules = "[programme]\nprofiles = [\"us-nevi-2025\"]\n[programme.values.us-nevi-2025]\nspacing = 50\noff_road = 1\nport_kw = 150\n";
    let toy = run(rules);
    // the given roads end on the outer border of the two counties: beyond it the road may go on
    let seen = |toy: &Toy| -> Vec<[String; 4]> {
        let of = |file: &str| rows(toy, file).into_iter().filter(|r| r["rule"] == "corridors").collect::<Vec<_>>();
        let tables = [of("corridors.csv"), of("county_roads.csv"), of("programme.csv")].concat();
        let cell = |r: &Row, c: &str| r.get(c).cloned().unwrap_or_default();
        tables.iter().map(|r| ["verdict", "missing", "longest_km", "no_station"].map(|c| cell(r, c))).collect()
    };
    let cut = seen(&toy);
    assert_eq!(cut.len(), 5, "{cut:?}"); // the road, the road in two counties, the two counties
    for row in &cut {
        assert_eq!([&*row[0], &*row[1]], ["cannot_be_told", "road beyond the border of the given roads, which is not given"]);
    }
    let page = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    assert!(page.contains("未提供的道路数据边界以外的路段"));
    // counties that go on for 11 km beyond both ends: the road ends in them. Ports of 120 kW do not count: none stands along it
    toy.put("counties.geojson", &toy::counties(&[county("533122", "West", -0.1, 0.1), county("533123", "East", 0.1, 0.3)]));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q", "--overwrite"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let whole = seen(&toy);
    assert!(whole.iter().all(|r| r[0] == "met" && r[1].is_empty()), "{whole:?}");
    assert!(whole[..3].iter().all(|r| r[2] == "22.2639" && r[3] == "true"), "{whole:?}");
    let page = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    for said in ["no charger on it: shorter than the limit", "no charger on its roads: they are shorter than the limit"] {
        assert!(page.contains(said), "{said}");
    }
    // what is too long already is not met, cut or not
    let broken = run(&rules.replace("spacing = 50", "spacing = 8"));
    assert!(seen(&broken).iter().all(|r| r[0] == "not_met"));
}

#[test]
fn the_fleet_of_afir_is_light_duty_and_hybrids_can_be_given() {
    let more = "[programme]\nprofiles = [\"eu-afir-cars-2025\"]\n[programme.figures.533122]\nbev = 100\nphev = 50\n[programme.figures.533123]\nphev = 10\n";
    let vehicles = DEMAND.replace("{ private_car = 100 }", "{ private_car = 100, bus = 20, heavy_truck = 30 }");
    let toy = run(&format!("{vehicles}{more}"));
    let fleet: Vec<Row> = rows(&toy, "programme.csv").into_iter().filter(|r| r["rule"] == "fleet").collect();
    let asked: Vec<f64> = fleet.iter().map(|r| r["asked"].parse().unwrap()).collect();
    // West as given: 100 × 1.3 + 50 × 0.8; East has 300 cars of 3,000 people, and 60 buses and 90 trucks that AFIR asks nothing for
    assert!((asked[0] - 170.0).abs() < 1e-6 && (asked[1] - (300.0 * 1.3 + 10.0 * 0.8)).abs() < 1e-6, "{asked:?}");
    assert_eq!(fleet.iter().map(|r| &*r["verdict"]).collect::<Vec<_>>(), ["met", "not_met"]);
}
