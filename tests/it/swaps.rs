//! Swaps of places at the nearest swap station, with what is turned away there: a day worked out on paper.

use crate::balance::{DEMAND, Row, rows};
use crate::toy::{REGION, Toy};

/// Every car asks for 6 kWh a day in public, half of it swapped; 54 kWh a swap.
fn demand() -> String {
    let text = DEMAND.replace("public_share = 0.5", "public_share = 1\nswap_share = 0.5");
    format!("{text}pack_kwh = 67.5\npack_share = 0.8\n")
}

/// The toy region with these stations, run and verified.
fn run(stations: &str, demand: &str) -> Toy {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{REGION}{demand}"));
    let head =
        "id,name,lon,lat,kind,points,power_kw,swap_bays,swap_min,swap_batteries,swap_chargers,recharge_min,trucks,access,status";
    toy.put("stations.csv", &format!("{head}\n{stations}"));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    toy
}

/// The station of the hand-worked day: one bay of 5 minutes, 13 packs, 8 chargers, an hour a pack.
const HAND: &str = "s2,Two,0.15,0.0001,swap,,,1,5,13,8,60,,public,open\n";

fn find<'a>(all: &'a [Row], column: &str, value: &str, day: &str) -> &'a Row {
    all.iter().find(|r| r[column] == value && r["day"] == day).unwrap_or_else(|| panic!("{column} {value} {day}"))
}

fn close(row: &Row, column: &str, want: f64) {
    let found: f64 = row[column].parse().unwrap_or_else(|_| panic!("{column}: {:?}", row[column]));
    assert!((found - want).abs() < 2e-6, "{column}: {found}, not {want}");
}

#[test]
fn a_day_at_a_swap_station_by_hand() {
    let toy = run(&format!("s1,One,0.05,0.0001,charging,4,120,,,,,,,public,open\n{HAND}"), &demand());
    let (loads, days) = (rows(&toy, "station_loads.csv"), rows(&toy, "balance.csv"));
    // Beta: 300 cars × 3 kWh = 900 kWh, 0.6 of it from 8 h and 0.4 from 20 h: 540 and 360 kWh, 10 and 6 2/3 swaps of 54 kWh.
    // M/M/8/13 at 10 an hour finds no full pack in 0.230938617 of the cases, at 6 2/3 in 0.043426172: 2.309386 + 0.289508 turned away
    let s2 = find(&loads, "station_id", "s2", "ordinary");
    for (column, want) in [
        ("swaps_peak_h", 12.0),
        ("swaps_kept_up_h", 8.0),
        ("swaps_day", 50.0 / 3.0),
        ("worst_swaps_h", 10.0),
        ("worst_swap_blocked", 0.230_938_617),
        ("swaps_turned_away", 2.598_893_981),
    ] {
        close(s2, column, want);
    }
    assert_eq!([&*s2["guns"], &*s2["rated_kw"], &*s2["delivered_kwh"], &*s2["worst_wait_min"]], [""; 4]);
    let s1 = find(&loads, "station_id", "s1", "ordinary");
    assert_eq!((&*s1["guns"], &*s1["swaps_day"], &*s1["swaps_turned_away"]), ("4", "", ""));
    // the county of Beta says the same; Alpha, 15.6 km away, has none within 10 km: 100 cars × 3 kWh
    let east = find(&days, "county_code", "0102", "ordinary");
    for (column, want) in [
        ("swap_kwh", 900.0),
        ("swap_none_kwh", 0.0),
        ("swaps_day", 50.0 / 3.0),
        ("swap_worst_hour", 8.0),
        ("swaps_worst_h", 10.0),
        ("swap_blocked", 0.230_938_617),
        ("swaps_turned_away", 2.598_893_981),
    ] {
        close(east, column, want);
    }
    let west = find(&days, "county_code", "0101", "ordinary");
    for (column, want) in [("swap_kwh", 300.0), ("swap_none_kwh", 300.0), ("swaps_day", 0.0), ("swaps_turned_away", 0.0)] {
        close(west, column, want);
    }
    assert_eq!(west["swap_blocked"], "");
    // the holiday: 20 come from 8 h and 13 1/3 from 20 h, and the bay takes 12 of each; of 12, 0.342875600 find no full pack
    let s2 = find(&loads, "station_id", "s2", "holiday");
    close(s2, "worst_swap_blocked", 0.342_875_600);
    close(s2, "swaps_turned_away", 100.0 / 3.0 - 2.0 * 12.0 * (1.0 - 0.342_875_599_640_231));
    // 14.1 swaps a day are fewer than the 29 of a station of NIO, and it could give 192
    let report = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    for said in
        ["1 swap station makes fewer (14.1)", "1 swap station could give more (192.0)", "1 座换电站实际次数低于此（14.1）"]
    {
        assert!(report.contains(said), "{said}");
    }
}

#[test]
fn of_two_as_near_the_one_with_the_lower_id_and_none_of_which_nothing_is_known() {
    // Beta stands at 0.19: s3 and s4 are 1.11 km to both sides of it; s2 is farther, and of s5, the nearest, nothing is known
    let more = "s5,Five,0.19,0.0002,swap,,,,,,,,,public,open\ns4,Four,0.2,0.0001,swap,,,1,5,13,8,60,,public,open\n\
                s3,Three,0.18,0.0001,swap,,,1,5,13,8,60,,public,open\n";
    let toy = run(&format!("{HAND}{more}"), &demand());
    let loads = rows(&toy, "station_loads.csv");
    let day = |id: &str| find(&loads, "station_id", id, "ordinary");
    close(day("s3"), "swaps_day", 50.0 / 3.0);
    close(day("s4"), "swaps_day", 0.0);
    close(day("s2"), "swaps_day", 0.0);
    assert!(!loads.iter().any(|r| r["station_id"] == "s5"));
    assert_eq!(rows(&toy, "supply.csv")[1]["swap_unknown"], "1");
}

#[test]
fn trucks_leave_out_a_station_that_is_closed_to_them() {
    let trucks = "per_1000_people = { private_car = 0, heavy_truck = 10 }\n[demand.classes.heavy_truck]\nkm_day = 100\nper_km = 1\npublic_share = 1\nswap_share = 1\n\
                  [demand.hourly]\nheavy_truck = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n";
    let text = format!("\n[demand]\nreach_km = 10\n{trucks}[supply]\npack_kwh = 250\npack_share = 0.8\n");
    let closed = "s3,Three,0.18,0.0001,swap,,,1,5,13,8,60,no,public,open\n";
    let toy = run(&format!("{HAND}{closed}"), &text);
    let loads = rows(&toy, "station_loads.csv");
    // Beta: 30 trucks × 100 kWh = 15 swaps of 200 kWh, all from 9 h, at the farther one; the bay takes 12
    close(find(&loads, "station_id", "s2", "ordinary"), "worst_swaps_h", 15.0);
    close(find(&loads, "station_id", "s3", "ordinary"), "swaps_day", 0.0);
    let east = rows(&toy, "balance.csv").into_iter().find(|r| r["county_code"] == "0102" && r["day"] == "ordinary").unwrap();
    assert_eq!(east["swap_worst_hour"], "9");
    close(&east, "swaps_turned_away", 15.0 - 12.0 * (1.0 - 0.342_875_599_640_231));
}

#[test]
fn nothing_is_lost_between_places_and_stations() {
    let toy = Toy::new();
    let folder = crate::toy::root().join("datasets/chongqing-northeast-synthetic");
    let text = std::fs::read_to_string(folder.join("region-demand.toml")).unwrap();
    let near = |file: &str| format!("\"{}\"", folder.join(file).display());
    let files = ["roads-synthetic.geojson", "counties.geojson", "stations-synthetic.csv", "township-seats.csv"];
    let text = files.iter().fold(text, |t, f| t.replace(&format!("\"{f}\""), &near(f)));
    let more = "\n[demand.classes.private_car]\nswap_share = 0.1\n[demand.trial]\nguns = 0\n[output]\nwithout = [\"counterfactuals\", \"redundancy\"]\n";
    toy.put("region.toml", &(text + more));
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
    let (loads, days) = (rows(&toy, "station_loads.csv"), rows(&toy, "balance.csv"));
    for day in ["ordinary", "holiday", "target"] {
        let sum = |rows: &[Row], column: &str| -> f64 {
            rows.iter().filter(|r| r["day"] == day).filter_map(|r| r[column].parse::<f64>().ok()).sum()
        };
        // 60 kWh × 0.8 a swap
        let (asked, none, swaps) = (sum(&days, "swap_kwh"), sum(&days, "swap_none_kwh"), sum(&days, "swaps_day"));
        assert!((asked - none - swaps * 48.0).abs() < 1e-3 && swaps > 0.0 && none > 0.0, "{day}: {asked} {none} {swaps}");
        assert!((swaps - sum(&loads, "swaps_day")).abs() < 1e-3, "{day}");
        assert!((sum(&days, "swaps_turned_away") - sum(&loads, "swaps_turned_away")).abs() < 1e-3, "{day}");
    }
}
