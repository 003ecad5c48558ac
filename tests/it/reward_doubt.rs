//! `reward.csv` where it is not known which stations count: both ways, what is missing, and what no choice of them can tell. Worked out on paper,
//! or held against the runs in which the missing field is given.

use crate::balance::{DEMAND, Row, rows};
use crate::resealed::Forged;
use crate::toy::{self, Toy, county};

const PILOT: &str = "[programme]\nprofiles = [\"cn-county-pilot-2024\"]\n[programme.figures.\"53\"]\nnev_penetration = 20\nprefecture_car_stock = 250000\n";
const HEAD: &str = "id,name,lon,lat,kind,points,power_kw,total_kw,access,status,opened,availability\n";
/// 100 cars ask for 300 kWh a day.
const PLACE: &str = "id,name,lon,lat,population\nv1,Alpha,0.05,0.0001,1000\n";

fn run(stations: &str, settlements: &str) -> Toy {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}{DEMAND}{PILOT}", toy::REGION));
    toy.put("counties.geojson", &toy::counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put("stations.csv", stations);
    toy.put("settlements.csv", settlements);
    done(&toy);
    toy
}

fn done(toy: &Toy) {
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
}

fn west(toy: &Toy) -> Vec<Row> {
    rows(toy, "reward.csv").into_iter().filter(|r| r["county_code"] == "533122").collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {:?}", row[column]))
}

fn close(found: f64, want: f64) {
    assert!((found - want).abs() <= 2e-6 * want.abs().max(1.0), "{found}, not {want}");
}

/// One station of 480 kW, commissioned on 2 July 2024, with what is said of its availability.
fn one(availability: &str) -> Toy {
    run(&format!("{HEAD}s1,One,0.05,0.0001,charging,4,120,480,public,open,2024-07-02,{availability}\n"), PLACE)
}

const OF_A_YEAR: [&str; 6] = ["utilisation", "energy_kwh", "possible_kwh", "reward_yuan", "next_short_kwh", "total_yuan"];

#[test]
fn a_station_in_doubt_is_told_both_ways_and_what_is_missing() {
    // what says nothing of its availability is taken to work all the time
    let [doubt, yes, no] = ["", "100", "90"].map(one);
    // 300 kWh of 480 kW × 24 h: 2.604 %, third class: 15, 15 and 12 million; where it does not count there is no figure
    for ((d, y), n) in west(&doubt).iter().zip(&west(&yes)).zip(&west(&no)) {
        assert_eq!((&*d["in_doubt"], &*y["in_doubt"], &*n["facilities"]), ("1", "0", "0"));
        for column in OF_A_YEAR {
            assert_eq!(d[column], n[column], "{column}");
            assert_eq!(d[&format!("{column}_if")], y[column], "{column}");
            assert_eq!(y[&format!("{column}_if")], y[column], "{column}");
        }
        close(number(d, "utilisation_if"), 300.0 / (480.0 * 24.0));
        assert_eq!((&*d["told"], &*y["told"], &*d["least_yuan"]), ("cannot_be_told", "yes", "0"));
        assert_eq!(
            (&d["most_yuan"], &y["least_yuan"], &y["most_yuan"]),
            (&y["reward_yuan"], &y["reward_yuan"], &y["reward_yuan"])
        );
        assert_eq!((&*d["missing"], &*y["missing"]), ("field availability of stations: s1", ""));
        assert_eq!((&*d["standard_piles"], &*d["standard_piles_if"], &*y["standard_piles"]), ("0.0", "4.0", "4.0"));
        // with the station that was tried: of the two ways that in which s1 counts is that of the run in which it does
        assert_eq!((&d["with_utilisation_if"], &d["with_total_yuan_if"]), (&y["with_utilisation"], &y["with_total_yuan"]));
    }
    assert_eq!(west(&doubt)[0]["total_yuan_if"], "42000000");
    let report = std::fs::read_to_string(doubt.path("out/report.html")).unwrap();
    for said in [
        "field availability of stations: s1",
        "站点字段 availability：s1",
        "0 to 15,000,000 yuan",
        "0 至 15,000,000 元",
        "If those in doubt count too",
    ] {
        assert!(report.contains(said), "{said}");
    }
    let page = std::fs::read_to_string(doubt.path("out/counties/533122.html")).unwrap();
    assert!(page.contains("field availability of stations: s1") && page.contains("站点字段 availability：s1"));
    assert!(page.contains("cannot be told") && page.contains("无法判断"));
    // nothing is in doubt: nothing is said of it
    let report = std::fs::read_to_string(yes.path("out/report.html")).unwrap();
    assert!(!report.contains("If those in doubt count too") && report.contains("15,000,000"));
}

#[test]
fn what_is_paid_is_worked_out_again() {
    let toy = one("");
    let fault = |column: &str, value: &str| {
        let old = std::fs::read(toy.path("out/reward.csv")).unwrap();
        let forged = Forged(toy.path("out"));
        forged.cell("reward.csv", ("county_code", "533122"), column, &|_| value.to_owned());
        let faults = forged.verified().faults;
        std::fs::write(toy.path("out/reward.csv"), old).unwrap();
        faults.into_iter().find(|f| f.contains("reward.csv")).unwrap_or_else(|| panic!("{column} = {value} was not found out"))
    };
    assert!(
        fault("reward_yuan_if", "12000000")
            .contains("reward_yuan_if of county 533122 in 2024 is not what cn-county-pilot-2024 says")
    );
    assert!(fault("with_reward_yuan_if", "0").contains("with_reward_yuan_if"));
    assert!(fault("total_yuan_if", "45000000").contains("total_yuan_if"));
    assert!(fault("class", "second").contains("class of county 533122"));
    assert!(fault("told", "yes").contains("what can be told is one amount and lacks nothing"));
    assert!(fault("least_yuan", "15000000").contains("what is paid lies between the least and the most"));
    // where nothing is in doubt both ways are the same
    let toy = one("99.5");
    let forged = Forged(toy.path("out"));
    forged.cell("reward.csv", ("county_code", "533122"), "utilisation_if", &|_| String::new());
    forged.cell("reward.csv", ("county_code", "533122"), "energy_kwh_if", &|_| String::new());
    forged.cell("reward.csv", ("county_code", "533122"), "reward_yuan_if", &|_| String::new());
    assert!(forged.verified().faults.iter().any(|f| f.contains("utilisation_if of county 533122")));
}

#[test]
fn a_planned_station_in_doubt_leaves_others_their_load_where_it_does_not_count() {
    let with = |availability: &str| {
        let first = "s1,One,0.045,0.0001,charging,4,120,480,public,open,2024-07-02,99.5\n";
        run(&format!("{HEAD}{first}s2,Two,0.055,0.0001,charging,4,120,480,public,planned,2025-07-02,{availability}\n"), PLACE)
    };
    let [doubt, yes, no] = ["", "100", "90"].map(with);
    for ((d, y), n) in west(&doubt).iter().zip(&west(&yes)).zip(&west(&no)) {
        for column in OF_A_YEAR.into_iter().chain(["with_utilisation", "with_energy_kwh", "with_reward_yuan"]) {
            assert_eq!(d[column], n[column], "{column} of {}", d["year"]);
            assert_eq!(d[&format!("{column}_if")], y[column], "{column} of {}", d["year"]);
        }
    }
    // alone s1 has all 300 kWh; in 2026 both have them: 300 × 365 ÷ (960 × 8,760) = 1.302 %, below 1.5 %
    let d = &west(&doubt)[2];
    close(number(d, "energy_kwh"), 300.0 * 365.0);
    close(number(d, "energy_kwh_if"), 300.0 * 365.0);
    assert_eq!((&*d["reward_yuan"], &*d["reward_yuan_if"], &*d["told"]), ("12000000", "0", "cannot_be_told"));
    // in 2024 it is not there: what is paid can be told
    assert_eq!((&*west(&doubt)[0]["told"], &*west(&doubt)[0]["reward_yuan"]), ("yes", "15000000"));
}

#[test]
fn without_a_day_or_a_load_nothing_can_be_told() {
    let first = "s1,One,0.05,0.0001,charging,4,120,480,public,open,2024-07-02,99.5\n";
    for (second, lacks, counted) in [
        // may have been commissioned in the period, or long before
        ("s2,Two,0.052,0.0001,charging,4,120,480,public,open,,99.5\n", "field opened of stations: s2", ("1", "1", "0")),
        // 60 kW never count, dated or not
        ("s2,Two,0.052,0.0001,charging,4,60,240,public,open,,99.5\n", "", ("1", "0", "0")),
        // neither guns nor power are known: it may count, and its load is not known
        ("s2,Two,0.052,0.0001,charging,,,,public,open,2024-07-02,99.5\n", "load of stations: s2", ("2", "0", "1")),
    ] {
        for r in west(&run(&format!("{HEAD}{first}{second}"), PLACE)) {
            assert_eq!((&*r["facilities"], &*r["undated"], &*r["unloaded"]), counted, "{second}");
            assert_eq!(&*r["told"], if lacks.is_empty() { "yes" } else { "cannot_be_told" }, "{second}");
            assert_eq!(r["least_yuan"].is_empty(), !lacks.is_empty(), "{second}");
            assert!(r["missing"].contains(lacks) && r["missing"].is_empty() == lacks.is_empty(), "{}", r["missing"]);
        }
    }
}

#[test]
fn a_new_swap_station_counts_with_what_it_swaps_and_the_power_of_its_chargers() {
    let head = "id,name,lon,lat,kind,points,power_kw,total_kw,swap_bays,swap_min,swap_batteries,swap_chargers,recharge_min,access,status,opened,availability\n";
    let station = "s2,Two,0.15,0.0001,swap,,,600,1,5,13,8,60,public,open,2024-07-02,99.5\n";
    let with = |demand: &str, station: &str| {
        let toy = Toy::new();
        toy.put("region.toml", &format!("{}{demand}{PILOT}", toy::REGION));
        toy.put("counties.geojson", &toy::counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
        toy.put("stations.csv", &format!("{head}{station}"));
        done(&toy);
        toy
    };
    let east = |toy: &Toy| rows(toy, "reward.csv").into_iter().filter(|r| r["county_code"] == "533123").collect::<Vec<_>>();
    // the day of `swaps::a_day_at_a_swap_station_by_hand`: 16 2/3 swaps asked for, 2.598893981 turned away, 54 kWh each
    let swapping = format!(
        "{}pack_kwh = 67.5\npack_share = 0.8\n",
        DEMAND.replace("public_share = 0.5", "public_share = 1\nswap_share = 0.5")
    );
    let toy = with(&swapping, station);
    let day = (50.0 / 3.0 - 2.598_893_981) * 54.0;
    let all = east(&toy);
    assert_eq!(all.len(), 3);
    for r in &all {
        assert_eq!((&*r["facilities"], &*r["swap_stations"], &*r["in_doubt"], &*r["unloaded"]), ("1", "1", "0", "0"));
        close(number(r, "utilisation"), day / (600.0 * 24.0)); // 5.28 %: the highest tier of the third class in every year
        assert_eq!((&*r["reward_yuan"], &*r["told"]), ("15000000", "yes"));
        // nothing is published of swap stations: 600 kW ÷ 120 kW stands beside, for comparison
        assert_eq!((&*r["standard_piles"], &*r["piles_not_published"], &*r["not_published_kw"]), ("0.0", "1", "600.0"));
        assert_eq!(r["swap_equivalent_piles"], "5.0");
    }
    close(number(&all[0], "possible_kwh"), 600.0 * 24.0 * 183.0);
    let report = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    assert!(
        report.contains("1 swap stations")
            && report.contains("swap stations: 5.0 for comparison")
            && report.contains("换电站相当 5.0 个")
    );
    // where nobody is said to swap, what it gives is not known, and is no 0
    let r = &east(&with(DEMAND, station))[0];
    assert_eq!((&*r["unloaded"], &*r["utilisation"], &*r["told"]), ("1", "", "cannot_be_told"));
    assert_eq!(r["missing"], "load of stations: s2");
    // 100 kW of chargers are below 120, and a power that nobody knows is in doubt
    let small = &east(&with(&swapping, &station.replace(",600,", ",100,")))[0];
    assert_eq!((&*small["facilities"], &*small["swap_stations"]), ("0", "0"));
    let unknown = &east(&with(&swapping, &station.replace(",600,", ",,")))[0];
    assert_eq!((&*unknown["in_doubt"], &*unknown["swap_equivalent_piles"]), ("1", ""));
    assert_eq!(unknown["missing"], "field total_kw of stations: s2; load of stations: s2");
}
