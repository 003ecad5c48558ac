//! What is odd in what demand rests on: vehicles of some settlements only, figures that cannot be meant, stations that give nothing. The
//! region is that of [`crate::balance`]; who shares which charger is worked out by hand.

use crate::balance::{DEMAND, Row, rows};
use crate::toy::Toy;

/// The region with more in its file and other inputs, run and verified.
fn run(more: &str, inputs: &[(&str, &str)]) -> Toy {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}{more}", crate::toy::REGION));
    inputs.iter().for_each(|(name, text)| toy.put(name, text));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

fn supply(toy: &Toy, code: &str) -> Row {
    rows(toy, "supply.csv").into_iter().find(|r| r["county_code"] == code).unwrap()
}

fn close(row: &Row, column: &str, want: f64) {
    let found: f64 = row[column].parse().unwrap_or_else(|_| panic!("{column}: {:?}", row[column]));
    assert!((found - want).abs() <= 1e-5 * want.abs().max(1.0), "{column}: {found}, not {want}");
}

/// Rows of `issues.csv` of a code.
fn issues(toy: &Toy, code: &str) -> Vec<Row> {
    rows(toy, "issues.csv").into_iter().filter(|r| r["issue"] == code).collect()
}

const STATIONS: &str =
    "id,name,lon,lat,kind,points,power_kw,trucks,access,status\ns1,One,0.05,0.0001,charging,4,120,,public,open\n";

#[test]
fn classes_share_chargers_and_supply_is_conserved() {
    // Alpha: 60 cars, 20 taxis, 16 trucks. s1 of 480 kW is for all 96: 5 kW each. s3 of 240 kW is closed to trucks: 3 kW each of 80 more.
    let stations = format!("{STATIONS}s3,Three,0.05,0.0001,charging,4,60,no,public,open\n");
    let settlements = "id,name,lon,lat,population,private_car,taxi,heavy_truck\nv1,Alpha,0.01,0.0001,1000,60,20,16\nv2,Beta,0.19,0.0001,3000,0,0,0\n";
    let toy = run(DEMAND, &[("stations.csv", &stations), ("settlements.csv", settlements)]);
    let west = supply(&toy, "0101");
    for (column, want) in [
        ("usable_kw", 720.0),
        ("truck_kw", 480.0),
        ("access_kw_private_car", 8.0),
        ("access_kw_taxi", 8.0),
        ("access_kw_heavy_truck", 5.0),
        ("access_kw_per_vehicle", 7.5),       // (80 × 8 + 16 × 5) ÷ 96: 720 kW in all
        ("access_kw_per_1000_people", 720.0), // 1,000 people have it all
    ] {
        close(&west, column, want);
    }
    assert_eq!((&*west["access_kw_bus"], west.contains_key("access_kw_fuel_cell_truck")), ("", false));
    let alpha = rows(&toy, "townships.csv").into_iter().find(|r| r["settlement"] == "Alpha").unwrap();
    for (column, want) in [("access_kw_per_vehicle", 8.0), ("access_kw_per_truck", 5.0), ("access_kw_per_1000_people", 720.0)] {
        close(&alpha, column, want);
    }
}

#[test]
fn settlements_without_a_number_are_filled_whatever_the_format() {
    // 80 cars in the county, 20 of them said of Alpha: Gamma, which says nothing, has the other 60
    let more = format!("\n[county_table]\npath = \"t.csv\"\n{DEMAND}");
    let more = more.replace("[demand]\n", "[demand]\nvehicles = { private_car = \"ev\" }\n");
    let table = ("t.csv", "code,population,ev\n0101,2000,80\n0102,3000,\n");
    let csv = "id,name,lon,lat,population,private_car\nv1,Alpha,0.01,0.0001,1000,20\nv3,Gamma,0.02,0.0001,1000,\nv2,Beta,0.19,0.0001,3000,\n";
    let feature = |id: &str, lon: f64, people: u32, cars: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"{id}\",\"name\":\"{id}\",\"population\":{people},\"private_car\":{cars}}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon},0.0001]}}}}"
        )
    };
    let all = [feature("v1", 0.01, 1000, "20"), feature("v3", 0.02, 1000, "null"), feature("v2", 0.19, 3000, "null")];
    let geojson = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","));
    for (name, text) in [("settlements.csv", csv.to_owned()), ("settlements.geojson", geojson)] {
        let toy = Toy::new();
        let region = crate::toy::REGION.replace("settlements.csv", name);
        toy.put("region.toml", &format!("{region}{more}"));
        toy.put(name, &text);
        toy.put(table.0, table.1);
        toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
        toy.chargegap(&["verify", "out"]).assert().success();
        let west = supply(&toy, "0101");
        close(&west, "vehicles_private_car", 80.0);
        assert_eq!(west["basis_private_car"], "settlements+county");
        let gamma = rows(&toy, "townships.csv").into_iter().find(|r| r["settlement_id"] == "v3").unwrap();
        close(&gamma, "vehicles", 60.0);
        let told = issues(&toy, "vehicles_filled");
        assert_eq!(told.len(), 1, "{name}: {told:?}");
        let line = format!("{:?}", told[0]);
        assert!(
            line.contains("1 of 2 settlements of 0101 say nothing of private_car (v3)") && line.contains("60.0 (county)"),
            "{line}"
        );
        // the cell of East is blank, though its column is named: 3,000 people × 100 ÷ 1,000
        close(&supply(&toy, "0102"), "vehicles_private_car", 300.0);
        let told = issues(&toy, "county_vehicles_missing");
        assert!(told.len() == 1 && format!("{:?}", told[0]).contains("private_car = people"), "{told:?}");
    }
    // in Chinese as well
    let region = crate::toy::REGION.replace("[region]\n", "[region]\nlanguage = \"zh\"\n");
    let toy = Toy::new();
    toy.put("region.toml", &format!("{region}{more}"));
    toy.put("settlements.csv", csv);
    toy.put(table.0, table.1);
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    let told = std::fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    assert!(told.contains("0101 的 2 个居民点中有 1 个没有 private_car 数量（v3）：按人口分摊"), "{told}");
}

#[test]
fn a_pole_of_400_mw_and_a_gun_of_300_w_serve_nobody_and_are_told() {
    for kw in ["400000", "0.3", "400 MW", "300 W"] {
        let stations = STATIONS.replace(",120,", &format!(",{kw},"));
        let toy = run(DEMAND, &[("stations.csv", &stations)]);
        let west = supply(&toy, "0101");
        assert_eq!((&*west["unknown_power"], &*west["guns"], &*west["rated_kw"]), ("1", "0", "0.0"), "{kw}");
        assert_eq!(issues(&toy, "implausible_power").len(), 1, "{kw}");
        // 60 % of 300 kWh of 100 cars from 8 h
        close(&rows(&toy, "balance.csv")[0], "no_charger_kw", 180.0);
    }
    // guns that say their current fall back on the power of such guns, and that is marked
    let text = "id,name,lon,lat,kind,dc_points,power_kw,access,status\ns1,One,0.05,0.0001,charging,4,400000,public,open\n";
    let west = supply(&run(DEMAND, &[("stations.csv", text)]), "0101");
    assert_eq!((&*west["assumed_power"], &*west["rated_kw"]), ("1", "240.0"));
}

#[test]
fn a_station_that_can_give_nothing_is_no_charger_within_reach() {
    for column in ["headroom_kw", "availability", "simultaneity"] {
        let text = format!(
            "id,name,lon,lat,kind,points,power_kw,{column},access,status\ns1,One,0.05,0.0001,charging,4,120,0,public,open\n"
        );
        let toy = run(DEMAND, &[("stations.csv", &text)]);
        let west = &rows(&toy, "balance.csv")[0];
        close(west, "short_kw", 180.0);
        close(west, "no_charger_kw", 180.0);
        close(west, "delivered_kwh", 0.0);
        let alpha = &rows(&toy, "townships.csv")[0];
        assert_eq!((&*alpha["chargers_within"], &*alpha["access_kw_per_vehicle"]), ("0", ""), "{column}");
    }
}

#[test]
fn no_demand_in_a_catchment_is_undefined_and_no_station_is_no_access() {
    let weights = "\n[rank.weights]\naccess_kw_per_vehicle = 1\nshort_kw_per_vehicle = 1\n";
    // nobody drives: no ratio, not an infinite one
    let none = DEMAND.replace("private_car = 100", "private_car = 0") + weights;
    let toy = run(&none, &[]);
    for code in ["0101", "0102"] {
        let of = supply(&toy, code);
        assert_eq!((&*of["access_kw_per_vehicle"], &*of["access_kw_private_car"]), ("", ""));
        assert!(
            rows(&toy, "ranking.csv")
                .iter()
                .all(|r| r["access_kw_per_vehicle"].is_empty() && r["short_kw_per_vehicle"].is_empty())
        );
    }
    close(&supply(&toy, "0101"), "access_kw_per_1000_people", 480.0); // 1,000 people still have it
    assert!(!issues(&toy, "demand_nowhere").is_empty() && issues(&toy, "indicator_left_out").len() >= 2);

    // no station at all: everybody has 0, and nothing is ranked by it
    let stations = STATIONS.replace("public,open", "private,closed");
    let toy = run(&format!("{DEMAND}{weights}"), &[("stations.csv", &stations)]);
    for code in ["0101", "0102"] {
        close(&supply(&toy, code), "access_kw_per_vehicle", 0.0);
    }
    let left_out = issues(&toy, "indicator_left_out");
    assert!(
        left_out.iter().any(|r| format!("{r:?}").contains("access_kw_per_vehicle is the same in every county")),
        "{left_out:?}"
    );
    assert!(rows(&toy, "townships.csv").iter().all(|r| r["access_kw_per_vehicle"].is_empty() && r["chargers_within"] == "0"));
}

#[test]
fn every_figure_that_is_taken_is_listed_with_its_source_in_both_languages() {
    let toy = run("\n[demand]\naccess = \"enhanced\"\n", &[]);
    let all = rows(&toy, "assumptions.csv");
    let of = |key: &str| all.iter().find(|r| r["key"] == key).unwrap_or_else(|| panic!("{key} is not listed"));
    for (key, value, basis) in [
        ("demand.reach_km", "2.0", "assumption"), // the headline distance
        ("demand.per_1000_people.taxi", "0.0", "assumption"),
        ("travel (slowest)", "20.0", "assumption"),
        ("stations open to trucks where nothing is said", "1.0", "assumption"),
        ("demand.access = enhanced", "1.0", "given"),
        ("demand.people = county", "1.0", "assumption"),
        ("demand.access (second third)", "0.68", "source"),
        ("demand.access (last third)", "0.22", "source"),
        ("swap bays where only packs are known", "1.0", "assumption"),
        ("chargers ÷ packs where none are counted", "1.0", "assumption"),
        ("demand.unserved_cost_min", "120.0", "assumption"),
        ("supply.efficiency", "0.93", "assumption"),
        ("supply.swap_min", "5.0", "source"),
        ("demand.trial.gun_kw", "120.0", "assumption"),
        // an expressway's ratio, which for a county is an assumption; a share of an hour that can be read
        ("demand.holiday.factor", "2.59", "assumption"),
        ("demand.hourly.private_car (largest share)", "0.0808", "assumption"),
    ] {
        assert_eq!((&*of(key)["value"], &*of(key)["basis"]), (value, basis), "{key}");
    }
    for class in ["private_car", "taxi", "bus", "van", "heavy_truck", "fuel_cell_truck"] {
        for figure in ["km_day", "per_km", "public_share", "swap_share", "session_kwh", "vehicle_kw"] {
            let key = format!("demand.classes.{class}.{figure}");
            // a fuel-cell truck charges by no plug
            if class == "fuel_cell_truck" && ["session_kwh", "vehicle_kw"].contains(&figure) {
                assert!(all.iter().all(|r| r["key"] != key), "{key}");
                continue;
            }
            of(&key);
        }
        of(&format!("demand.hourly.{class} (largest share)"));
    }
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(toy.path("out/manifest.json")).unwrap()).unwrap();
    let report = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    for row in all.iter().filter(|r| r["basis"] != "given") {
        let (key, source, zh) = (&row["key"], &row["source"], &row["source_zh"]);
        assert!(!source.is_empty() && zh.chars().any(|c| c >= '\u{4e00}'), "{row:?}");
        // words that are chosen stand beside the figures
        let asked = &manifest["criteria"]["demand"];
        match key.split_once(" = ") {
            Some((of, word)) => assert_eq!(asked[of.trim_start_matches("demand.")], *word, "{key}"),
            None => assert_eq!(asked["figures"][key]["source"], *source.as_str(), "{key}"),
        }
        // what a page escapes is not looked for
        assert!(source.contains(['\'', '&', '<', '"']) || report.contains(source.as_str()), "{source} is not in the report");
        assert!(report.contains(zh.as_str()), "{zh} is not in the report");
    }
}

#[test]
fn what_nobody_knows_is_blank_and_last_and_in_no_sum() {
    // Gamma has neither people nor vehicles, though a charger stands beside it; Beta's county has nothing else
    let settlements = "id,name,lon,lat,population\nv3,Gamma,0.05,0.0001,\nv1,Alpha,0.01,0.0001,1000\nv2,Beta,0.19,0.0001,\n";
    let toy = run(DEMAND, &[("settlements.csv", settlements)]);
    let towns = rows(&toy, "townships.csv");
    let of = |name: &str| towns.iter().find(|r| r["settlement"] == name).unwrap();
    for column in ["vehicles", "plug_kwh", "short_kw", "short_holiday_kw"] {
        assert!(of("Gamma")[column].is_empty() && of("Beta")[column].is_empty() && !of("Alpha")[column].is_empty(), "{column}");
    }
    assert_eq!((&*of("Alpha")["need"], &*of("Gamma")["need"], &*of("Beta")["need"]), ("1", "2", "1"));
    for day in rows(&toy, "balance.csv") {
        // all that is known of West is Alpha's 100 cars; of East nothing
        let west = day["county_code"] == "0101";
        assert_eq!(day["townships_unknown"], "1");
        for column in ["vehicles", "plug_kwh", "swap_kwh", "hydrogen_kg", "worst_kw", "short_kw", "no_charger_kw", "unserved_kwh"]
        {
            assert_eq!(day[column].is_empty(), !west, "{column}");
        }
        assert!(!west || day["vehicles"] == "100.0", "{}", day["vehicles"]);
    }
    let east = supply(&toy, "0102");
    assert_eq!((&*east["vehicles_private_car"], &*east["vehicles_without"], &*east["townships_unknown"]), ("", "", "1"));
    for trial in rows(&toy, "trial.csv") {
        assert_eq!(trial["short_before_kw"].is_empty(), trial["county_code"] == "0102");
    }
    let told = issues(&toy, "demand_unknown");
    assert!(told.len() == 2 && format!("{told:?}").contains("1 of 2 settlements of 0101"), "{told:?}");
    let layer = std::fs::read_to_string(toy.path("out/townships.geojson")).unwrap();
    assert_eq!(layer.matches("\"short_kw\":null").count(), 2);
    let report = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    assert!(report.contains("Of 2 settlements neither people nor vehicles are known") && report.contains("需求未知"), "report");
    // a county that has none knows so: nothing is blank
    let more = format!("\n[county_table]\npath = \"t.csv\"\n{DEMAND}");
    let more = more.replace("[demand]\n", "[demand]\nvehicles = { private_car = \"ev\" }\n");
    let table = ("t.csv", "code,population,ev\n0101,2000,100\n0102,,0\n");
    let toy = run(&more, &[("settlements.csv", settlements), table]);
    let east = rows(&toy, "balance.csv").into_iter().find(|r| r["county_code"] == "0102").unwrap();
    assert_eq!((&*east["vehicles"], &*east["short_kw"], &*east["townships_unknown"]), ("0.0", "0.0", "0"));
}

#[test]
fn vehicles_that_cannot_be_meant_are_told_and_not_known() {
    // 9,000,000 cars for 1,000 people; 5,000 of a depot for 1,000 people can be
    for (cars, told) in [("9000000", true), ("5001", true), ("5000", false), ("900", false)] {
        let text =
            format!("id,name,lon,lat,population,private_car\nv1,Alpha,0.01,0.0001,1000,{cars}\nv2,Beta,0.19,0.0001,3000,7\n");
        let toy = run(DEMAND, &[("settlements.csv", &text)]);
        let of = issues(&toy, "implausible_vehicles");
        assert_eq!(of.len(), usize::from(told), "{cars}");
        if told {
            let line = format!("{:?}", of[0]);
            assert!(
                line.contains("settlements.csv") && line.contains("private_car") && line.contains("for 1000 people"),
                "{line}"
            );
        }
        // what its people would have stands there in its place
        close(&supply(&toy, "0101"), "vehicles_private_car", if told { 100.0 } else { cars.parse().unwrap() });
    }
    // the same of a county: the number is no number, and what comes next in the order is taken
    let more = format!("\n[county_table]\npath = \"t.csv\"\n{DEMAND}");
    let more = more.replace("[demand]\n", "[demand]\nvehicles = { private_car = \"ev\" }\n");
    let toy = run(&more, &[("t.csv", "code,population,ev\n0101,1000,9000000\n0102,3000,30\n")]);
    assert_eq!(issues(&toy, "implausible_vehicles").len(), 1);
    close(&supply(&toy, "0101"), "vehicles_private_car", 100.0);
    close(&supply(&toy, "0102"), "vehicles_private_car", 30.0);
    // ways of no length
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}{}", crate::toy::REGION, DEMAND.replace("reach_km = 10", "reach_km = 0")));
    let out = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().code(2);
    let said = String::from_utf8(out.get_output().stderr.clone()).unwrap();
    assert!(said.contains("demand.reach_km") && said.contains("give a length above 0"), "{said}");
}

#[test]
fn who_only_swaps_needs_no_charger_and_shares_none() {
    // Alpha: 60 cars and 40 taxis; 480 kW. Half of the taxis swap: 80 vehicles at the chargers, 6 kW each
    let text = "id,name,lon,lat,population,private_car,taxi\nv1,Alpha,0.01,0.0001,1000,60,40\nv2,Beta,0.19,0.0001,3000,10,30\n";
    for (share, plugged, each, taxis) in [("0.5", 80.0, 6.0, "6.0"), ("1", 60.0, 8.0, ""), ("0", 100.0, 4.8, "4.8")] {
        let more = format!("{DEMAND}[demand.classes.taxi]\nswap_share = {share}\n");
        let toy = run(&more, &[("settlements.csv", text), ("stations.csv", STATIONS)]);
        let west = supply(&toy, "0101");
        close(&west, "plug_vehicles", plugged);
        close(&west, "access_kw_per_vehicle", each);
        close(&west, "access_kw_private_car", each);
        assert_eq!(west["access_kw_taxi"], taxis, "{share}");
        close(&west, "vehicles_taxi", 40.0);
        // in the east there is no charger: 10 cars, and the taxis that do not swap
        close(&supply(&toy, "0102"), "vehicles_without", 10.0 + 30.0 * (1.0 - share.parse::<f64>().unwrap()));
    }
}

#[test]
fn a_station_of_trucks_gives_no_more_than_its_power() {
    // at s1 there are trucks of 200 kWh alone; Beta's cars of 30 kWh cannot reach it
    let text =
        "id,name,lon,lat,population,private_car,heavy_truck\nv1,Alpha,0.01,0.0001,1000,0,400\nv2,Beta,0.19,0.0001,3000,4000,0\n";
    let hours = "heavy_truck = [0, 0, 0, 0, 0, 0, 0, 0, 0.6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.4, 0, 0, 0]\n[demand.holiday]";
    let more = DEMAND.replace("[demand.holiday]", hours);
    let toy = run(&more, &[("settlements.csv", text), ("stations.csv", STATIONS)]);
    let loads = rows(&toy, "station_loads.csv");
    for load in loads.iter().filter(|l| l["station_id"] == "s1") {
        // two hours of the day have anybody in them
        let kwh: f64 = load["delivered_kwh"].parse().unwrap();
        assert!(kwh <= 2.0 * 480.0 + 1e-3 && kwh > 480.0, "{kwh}");
    }
    // nothing is lost: what is not delivered stays unserved
    for day in rows(&toy, "balance.csv").iter().filter(|r| r["county_code"] == "0101") {
        let [asked, unserved, given] = ["plug_kwh", "unserved_kwh", "delivered_kwh"].map(|c| day[c].parse::<f64>().unwrap());
        assert!((asked - unserved - given).abs() < 1e-3 * asked, "{asked} {unserved} {given}");
    }
}

#[test]
fn what_is_short_hangs_on_nobody_who_is_out_of_reach_and_no_station_gives_more_than_its_power() {
    let hours = "heavy_truck = [0, 0, 0, 0, 0, 0, 0, 0, 0.6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.4, 0, 0, 0]\n[demand.holiday]";
    let more = DEMAND.replace("[demand.holiday]", hours);
    // 40 trucks × 140 km × 1.6 kWh/km × 0.8 in public = 7,168 kWh a day, 0.6 of them from 8 h: 4,300.8 kW, and s1 gives 480 kW: every gun 120
    let asked = 40.0 * 140.0 * 1.6 * 0.8 * 0.6;
    let short = |near: u32, far: u32| {
        let text = format!(
            "id,name,lon,lat,population,private_car,heavy_truck\nv1,Alpha,0.01,0.0001,1000,{near},40\nv2,Beta,0.19,0.0001,3000,{far},0\n"
        );
        let toy = run(&more, &[("settlements.csv", text.as_str()), ("stations.csv", STATIONS)]);
        let day = rows(&toy, "balance.csv").into_iter().find(|r| r["county_code"] == "0101" && r["day"] == "ordinary").unwrap();
        ["worst_kw", "short_kw", "wait_min"].map(|c| day[c].parse::<f64>().unwrap())
    };
    let alone = short(0, 0);
    assert!((alone[0] - asked).abs() < 1e-3 && (alone[1] - (asked - 480.0)).abs() < 1e-3, "{alone:?}");
    // 15.6 km away from s1, and 10 km are driven
    assert_eq!(short(0, 4000)[..2], alone[..2]);
    // cars of 60 kW beside the trucks leave half of a gun of 120 unused: less is given, and never more than 480 kW
    let mixed = short(500, 0);
    assert!(mixed[0] - mixed[1] <= 480.0 + 1e-6 && mixed[0] - mixed[1] > 240.0 - 1e-6, "{mixed:?}");
}

#[test]
fn a_rule_about_vehicles_is_told_only_where_none_of_them_are_missing() {
    // Gamma in the west has neither people nor vehicles: those of its people are missing, those of the whole county are not
    let settlements = "id,name,lon,lat,population\nv3,Gamma,0.05,0.0001,\nv1,Alpha,0.01,0.0001,1000\nv2,Beta,0.19,0.0001,3000\n";
    let programme = "[programme]\nprofiles = [\"eu-afir-cars-2025\"]\n";
    let by_people = format!("{DEMAND}{programme}");
    let of_county = format!("\n[county_table]\npath = \"t.csv\"\n{by_people}");
    let of_county = of_county.replace("[demand]\n", "[demand]\nvehicles = { private_car = \"ev\", taxi = \"ev\", bus = \"ev\", van = \"ev\", heavy_truck = \"ev\", fuel_cell_truck = \"ev\" }\n");
    let table = ("t.csv", "code,population,ev\n0101,2000,10\n0102,3000,10\n");
    for (more, missing) in [(by_people, true), (of_county, false)] {
        let toy = run(&more, &[("settlements.csv", settlements), table]);
        let fleet = |code: &str| {
            rows(&toy, "programme.csv").into_iter().find(|r| r["county_code"] == code && r["rule"] == "fleet").unwrap()
        };
        assert_eq!(format!("{:?}", fleet("0101")).contains("vehicles (bev)"), missing);
        assert!(!format!("{:?}", fleet("0102")).contains("vehicles (bev)"));
    }
}
