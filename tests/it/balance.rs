//! What places ask for against what stations give: a region whose figures are known on paper.
//!
//! `Toy` has Alpha (1,000 people) 4.45 km from the station s1 (4 guns of 120 kW) in the west, and Beta (3,000 people) 15.6 km from it in the east.

use crate::toy::Toy;
use std::collections::BTreeMap;

/// Every car asks for 40 km × 0.15 kWh × half in public = 3 kWh a day; 6 in 10 of them from 8 h, the rest from 20 h.
pub const DEMAND: &str = "
[demand]
reach_km = 10
per_1000_people = { private_car = 100 }
[demand.classes.private_car]
km_day = 40
per_km = 0.15
public_share = 0.5
session_kwh = 30
vehicle_kw = 60
[demand.hourly]
private_car = [0, 0, 0, 0, 0, 0, 0, 0, 0.6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.4, 0, 0, 0]
[demand.holiday]
factor = 2
[supply]
efficiency = 1
";

/// A row by its columns.
pub type Row = BTreeMap<String, String>;

pub fn rows(toy: &Toy, file: &str) -> Vec<Row> {
    let mut table = csv::Reader::from_path(toy.path("out").join(file)).unwrap();
    table.deserialize().map(Result::unwrap).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {:?}", row[column]))
}

fn close(row: &Row, column: &str, want: f64) {
    let found = number(row, column);
    assert!((found - want).abs() <= 1e-5 * want.abs().max(1.0), "{column}: {found}, not {want}");
}

/// The region with more in its file, run and verified.
fn run(more: &str) -> Toy {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}{more}", crate::toy::REGION));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

#[test]
fn guns_share_the_power_of_their_station() {
    // Alpha alone, 400 cars: 1,200 kWh a day, 720 kW from 8 h, of cars that take 60 kW
    for (row, short) in [
        ("4,60,240,", 480.0),     // four at once, 240 kW
        ("4,120,240,", 480.0),    // a cabinet of 240 kW: four of 60 all the same
        ("4,240,240,", 480.0),    // and so where one gun could take all of it
        ("4,120,480,200", 540.0), // 200 kW have room for three of 60
        ("4,120,480,40", 680.0),  // and 40 kW for one car, which gets no more
    ] {
        let toy = Toy::new();
        toy.put("region.toml", &format!("{}{DEMAND}", crate::toy::REGION));
        let head = "id,name,lon,lat,kind,points,power_kw,total_kw,headroom_kw,access,status\n";
        toy.put("stations.csv", &format!("{head}s1,One,0.05,0.0001,charging,{row},public,open\n"));
        toy.put("settlements.csv", "id,name,name_zh,lon,lat,population,kind\nv1,Alpha,甲,0.01,0.0001,4000,town\n");
        toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
        toy.chargegap(&["verify", "out"]).assert().success();
        let all = rows(&toy, "balance.csv");
        let west = all.iter().find(|r| r["county_code"] == "0101" && r["day"] == "ordinary").unwrap();
        close(west, "worst_kw", 720.0);
        assert!((number(west, "short_kw") - short).abs() < 1e-3, "{row}: {} short, not {short}", west["short_kw"]);
    }
}

#[test]
fn a_day_by_hand() {
    let toy = run(DEMAND);
    let all = rows(&toy, "balance.csv");
    let of = |code: &str, day: &str| all.iter().find(|r| r["county_code"] == code && r["day"] == day).unwrap().clone();
    assert_eq!(all.len(), 4); // two counties, an ordinary day and a holiday

    // West: 100 cars, 300 kWh a day, from 8 h 180 kWh: 6 sessions an hour, and 4 guns take 8 of half an hour
    let west = of("0101", "ordinary");
    for (column, want) in [
        ("vehicles", 100.0),
        ("plug_kwh", 300.0),
        ("worst_hour", 8.0),
        ("worst_kw", 180.0),
        ("short_kw", 0.0),
        ("no_charger_kw", 0.0),
        ("unserved_kwh", 0.0),
        ("delivered_kwh", 300.0),
        ("power_utilisation", 300.0 / (480.0 * 24.0)),
    ] {
        close(&west, column, want);
    }
    // M/D/4 at 3 erlang: Erlang C 0.509434, × 0.5 h ÷ (4 − 3), × ½ × (1 + 0.25 × 3 × (√24 − 2) ÷ (16 × 0.75 × 4)) = 7.98767 min
    close(&west, "wait_min", 7.987_67);

    // East: 300 cars and no charger within 10 km; from 8 h 540 kWh
    let east = of("0102", "ordinary");
    for (column, want) in [("worst_kw", 540.0), ("short_kw", 540.0), ("no_charger_kw", 540.0), ("unserved_kwh", 900.0)] {
        close(&east, column, want);
    }
    assert_eq!((&*east["wait_min"], &*east["power_utilisation"]), ("", ""));

    // the holiday: 12 sessions an hour in the west, 8 can be served whatever drivers choose: 4 × 30 kWh are short
    let west = of("0101", "holiday");
    close(&west, "short_kw", 120.0);
    close(&west, "no_charger_kw", 0.0);
    assert!(number(&west, "unserved_kwh") >= 120.0 && number(&west, "relative_gap") <= 1e-6);
    close(&of("0102", "holiday"), "short_kw", 1080.0);
}

#[test]
fn one_more_station_and_the_summary_by_hand() {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}{DEMAND}", crate::toy::REGION));
    let said = |more: &[&str]| {
        let run = toy.chargegap(&[&["run", "region.toml", "--overwrite", "-o", "out"], more].concat()).assert().success();
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    // 540 kW in the east; on the holiday 1,080, and 120 in the west
    let line = "540 kW short on an ordinary day, 1200 kW on the holiday peak; 2 of 2 townships without charging";
    let text = said(&[]);
    assert!(text.contains(line), "{text}");
    let json: serde_json::Value = serde_json::from_str(&said(&["--json"])).unwrap();
    assert_eq!((&json["demand"]["townships_without_charging"], &json["demand"]["townships"]), (&2.into(), &2.into()));
    assert!((json["demand"]["short_kw"].as_f64().unwrap() - 540.0).abs() < 1e-3);

    // in the east 18 sessions from 8 h, and four guns give 8 of half an hour: 240 kW, since a car takes 60 kW of a gun of 120
    let east = rows(&toy, "trial.csv").into_iter().find(|r| r["county_code"] == "0102").unwrap();
    for (column, want) in [
        ("rated_kw", 480.0),
        ("possible_kwh", 480.0 * 24.0),
        ("short_before_kw", 540.0),
        ("short_after_kw", 300.0),
        ("region_less_kw", 240.0),
        ("short_before_kw_holiday", 1080.0),
    ] {
        close(&east, column, want);
    }
    assert!((number(&east, "power_utilisation") - number(&east, "delivered_kwh") / 11_520.0).abs() < 2e-6);
    toy.put("region.toml", &format!("{}{DEMAND}[demand.trial]\nguns = 0\n", crate::toy::REGION));
    said(&[]);
    assert!(!toy.path("out/trial.csv").exists());
}

#[test]
fn supply_reach_and_townships_by_hand() {
    let toy = run(DEMAND);
    let all = rows(&toy, "supply.csv");
    for (column, want) in [
        ("charging_stations", 1.0),
        ("guns", 4.0),
        ("rated_kw", 480.0),
        ("usable_kw", 480.0),
        ("day_kwh", 480.0 * 24.0),
        ("day_grid_kwh", 480.0 * 24.0), // efficiency 1
        ("access_kw_per_vehicle", 4.8), // 480 kW for the 100 cars that reach it
        ("vehicles_without", 0.0),
        ("townships", 1.0),
        ("townships_with", 0.0), // 4.45 km is farther than 3
    ] {
        close(&all[0], column, want);
    }
    assert_eq!((&*all[0]["basis_private_car"], &*all[0]["basis_taxi"]), ("people", "none"));
    close(&all[1], "vehicles_without", 300.0);
    close(&all[1], "access_kw_per_vehicle", 0.0);

    let towns = rows(&toy, "townships.csv");
    let beta = towns.iter().find(|t| t["settlement"] == "Beta").unwrap();
    assert_eq!(
        (&*beta["need"], &*beta["has_charging"], &*beta["chargers_within"], &*beta["access_kw_per_vehicle"]),
        ("1", "false", "0", "")
    );
    close(beta, "short_holiday_kw", 1080.0);

    let loads = rows(&toy, "station_loads.csv");
    assert_eq!(loads.len(), 2); // s1 on two days; of the swap station neither bays nor batteries are known
    close(&loads[0], "worst_sessions_h", 6.0);
    close(&loads[0], "worst_occupancy", 0.75);
}

#[test]
fn every_default_has_a_source_or_is_an_assumption() {
    let toy = run("\n[demand]\n");
    let all = rows(&toy, "assumptions.csv");
    assert!(all.len() > 30);
    for row in &all {
        assert!(row["basis"] == "given" || !row["source"].is_empty(), "{row:?}");
    }
    let of = |key: &str| all.iter().find(|r| r["key"] == key).unwrap();
    assert_eq!((&*of("demand.holiday.factor")["value"], &*of("demand.holiday.factor")["basis"]), ("2.59", "assumption"));
    assert_eq!(of("demand.classes.private_car.per_km")["basis"], "source");
    // what is chosen by a word is an assumption too, where nobody says it
    for key in ["demand.access = gaussian", "demand.people = county"] {
        assert_eq!((&*of(key)["basis"], of(key)["source_zh"].is_empty()), ("assumption", false), "{key}");
    }
    // what is given is not assumed
    let given = run(DEMAND);
    let all = rows(&given, "assumptions.csv");
    assert_eq!(all.iter().find(|r| r["key"] == "demand.holiday.factor").unwrap()["basis"], "given");
}

#[test]
fn without_power_nothing_is_guessed_and_it_is_said() {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}{DEMAND}", crate::toy::REGION));
    toy.put("stations.csv", "id,name,lon,lat,kind,points,access,status\ns1,One,0.05,0.0001,charging,4,public,open\n");
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    let supply = &rows(&toy, "supply.csv")[0];
    assert_eq!((&*supply["charging_stations"], &*supply["unknown_power"], &*supply["guns"]), ("1", "1", "0"));
    let west = &rows(&toy, "balance.csv")[0];
    close(west, "no_charger_kw", 180.0);
    // with the one figure that somebody gives it is all there: 4 × 120 kW, marked
    toy.put("region.toml", &format!("{}{DEMAND}gun_kw = 120\n", crate::toy::REGION));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q", "--overwrite"]).assert().success();
    let supply = &rows(&toy, "supply.csv")[0];
    assert_eq!((&*supply["unknown_power"], &*supply["assumed_power"], &*supply["rated_kw"]), ("0", "1", "480.0"));
}

#[test]
fn figures_that_cannot_be_meant_are_refused_by_key() {
    for (text, key) in [
        ("[demand.classes.private_car]\nper_km = 0\n", "demand.classes.private_car.per_km"),
        ("[demand.classes.privat_car]\nkm_day = 3\n", "demand.classes.privat_car"),
        ("[demand]\nreach_km = 50\n", "demand.reach_km"),
        ("[demand]\nhouseholds = \"with_car\"\n", "demand.electric_share"),
        ("[demand.hourly]\nprivate_car = [1, 0]\n", "demand.hourly.private_car"),
        ("[demand.holiday]\nfactor = 0.5\n", "demand.holiday.factor"),
        ("[demand]\nper_1000_people = { private_car = -1 }\n", "demand.per_1000_people.private_car"),
        ("[demand]\n[supply]\nsimultaneity = 1.5\n", "supply.simultaneity"),
        ("[demand.trial]\nguns = 2000\n", "demand.trial.guns"),
        ("[demand.trial]\ngun_kw = 0\n", "demand.trial.gun_kw"),
        ("[demand]\nvehicles = { private_car = \"ev\" }\n", "demand.vehicles.private_car"),
    ] {
        let toy = Toy::new();
        toy.put("region.toml", &format!("{}\n{text}", crate::toy::REGION));
        let run = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().failure();
        let told = String::from_utf8(run.get_output().stderr.clone()).unwrap();
        assert!(told.contains(key), "{text}: {told}");
        assert!(!toy.path("out").exists());
    }
}

#[test]
fn vehicles_of_the_county_table_are_spread_by_people() {
    let toy = Toy::new();
    toy.put(
        "region.toml",
        &format!("{}\n[county_table]\npath = \"t.csv\"\n[demand]\nvehicles = {{ private_car = \"ev\" }}\n", crate::toy::REGION),
    );
    toy.put("t.csv", "code,population,ev\n0101,500,40\n0102,3000,\n");
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    let supply = rows(&toy, "supply.csv");
    // 40 of the table in the west; none known in the east: 3,000 people × 26.2 ÷ 1,000
    close(&supply[0], "vehicles_private_car", 40.0);
    close(&supply[1], "vehicles_private_car", 78.6);
    assert_eq!([&supply[0], &supply[1]].map(|r| r["basis_private_car"].clone()), ["county", "people"]);
    // Alpha has 1,000 people and its county 500: told
    let issues = std::fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    assert!(issues.contains("more_in_settlements"), "{issues}");
    close(&supply[0], "people_scaled_by", 0.5);
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let toy = run(DEMAND);
    let files = ["balance.csv", "supply.csv", "townships.csv", "station_loads.csv", "assumptions.csv"];
    let bytes = |toy: &Toy| files.map(|f| std::fs::read(toy.path("out").join(f)).unwrap());
    let first = bytes(&toy);
    for threads in ["1", "3"] {
        toy.chargegap(&["run", "region.toml", "-o", "out", "-q", "--overwrite", "--threads", threads]).assert().success();
        assert_eq!(bytes(&toy), first, "{threads} threads");
    }
}

/// Washington with the vehicles of the state's register for 2025 and the people of its counties, as a table by code.
fn washington(toy: &Toy) -> Option<f64> {
    let data = crate::test_support::shared("washington-northeast")?;
    let read =
        |name: &str| -> Vec<Row> { csv::Reader::from_path(data.join(name)).unwrap().deserialize().map(Result::unwrap).collect() };
    let (people, parc) = (read("county_population_2024.csv"), read("county_ev_parc_2017_2025.csv"));
    let (mut table, mut all) = ("code,population,ev\n".to_owned(), 0.0);
    for code in ["53007", "53017", "53019", "53047", "53065"] {
        let county = people.iter().find(|r| r["fips"] == code).unwrap();
        let name = county["name"].trim_end_matches(" County");
        let of = parc.iter().find(|r| r["County"] == name && r["Year"] == "2025").unwrap();
        let vehicles = number(of, "Electric Vehicle (EV) Total");
        table += &format!("{code},{},{vehicles}\n", county["pop2024"]);
        all += vehicles;
    }
    toy.put("counties.csv", &table);
    let text = std::fs::read_to_string(crate::toy::root().join("tests/regions/washington-northeast.toml")).unwrap();
    let text = text.replace("../../../shared/data/washington-northeast", &data.display().to_string());
    let demand = "\n[county_table]\npath = \"counties.csv\"\n[demand]\nreach_km = 50\nvehicles = { private_car = \"ev\" }\n";
    toy.put("region.toml", &(text + demand));
    Some(all)
}

#[test]
fn washington_energy_is_served_or_not_and_nothing_is_lost() {
    let toy = Toy::new();
    let Some(vehicles) = washington(&toy) else { return };
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let (supply, days, loads) = (rows(&toy, "supply.csv"), rows(&toy, "balance.csv"), rows(&toy, "station_loads.csv"));
    let sum = |rows: &[Row], column: &str| -> f64 { rows.iter().map(|r| number(r, column)).sum() };
    assert!((sum(&supply, "vehicles_private_car") - vehicles).abs() < 1e-6);
    // AFDC counts guns by current and gives no power: all of it is assumed, and told
    assert!(supply.iter().all(|r| r["basis_private_car"] == "county" && r["assumed_power"] == r["charging_stations"]));
    for day in ["ordinary", "holiday"] {
        let of = |rows: &[Row]| rows.iter().filter(|r| r["day"] == day).cloned().collect::<Vec<_>>();
        let (days, loads) = (of(&days), of(&loads));
        let (asked, served) = (sum(&days, "plug_kwh"), sum(&loads, "delivered_kwh") + sum(&days, "unserved_kwh"));
        assert!((asked - served).abs() < 1e-6 * asked, "{day}: {asked} asked, {served} served or not");
        println!("{day}: gap {:?}", days[0]["relative_gap"]);
        println!("{day}: {asked:.0} kWh asked, {:.0} kW short of {:.0}", sum(&days, "short_kw"), sum(&days, "worst_kw"));
        assert!(days.iter().all(|r| number(r, "relative_gap") <= 1e-6));
    }
}
