//! `reward.csv`: standard piles, counties that apply together, and the tier with and without the station that was tried, worked out on paper.
//! `judged::a_reward_by_hand` has the same station: 480 kW, 300 kWh a day, open since 2 July 2024.

use crate::balance::{DEMAND, Row, rows};
use crate::resealed::Forged;
use crate::toy::{self, Toy, county};

/// The toy region with counties of real-looking codes and a dated station.
fn toy(more: &str) -> Toy {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}{more}", toy::REGION));
    toy.put("counties.geojson", &toy::counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put("stations.csv", "id,name,lon,lat,kind,points,power_kw,total_kw,access,status,opened,availability\ns1,One,0.05,0.0001,charging,4,120,480,public,open,2024-07-02,99.5\n");
    toy
}

fn run(more: &str) -> Toy {
    let toy = toy(more);
    done(&toy);
    toy
}

fn done(toy: &Toy) {
    toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().success();
    toy.chargegap(&["verify", "out"]).assert().success();
}

/// The rows of a county, and a number of one.
fn of(toy: &Toy, code: &str) -> Vec<Row> {
    rows(toy, "reward.csv").into_iter().filter(|r| r["county_code"] == code).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {:?}", row[column]))
}

fn close(found: f64, want: f64) {
    assert!((found - want).abs() <= 2e-6 * want.abs().max(1.0), "{found}, not {want}");
}

const PILOT: &str = "[programme]\nprofiles = [\"cn-county-pilot-2024\"]\n[programme.figures.\"53\"]\nnev_penetration = 20\n";

#[test]
fn the_tier_with_and_without_the_station_that_was_tried() {
    let toy = run(&format!("{DEMAND}{PILOT}"));
    let tried: Vec<Row> = rows(&toy, "trial.csv");
    let west = of(&toy, "533122");
    // all 300 kWh of the west were served before: a second station shares them. In 2025 300 × 365 kWh of (480 + 480) × 8,760: 1.302 %, at least
    // 1 %: 10 million in place of 15; in 2026 1.302 % is below 1.5 %: nothing in place of 12
    let year = |rows: &[Row], year: &str| rows.iter().find(|r| r["year"] == year).unwrap().clone();
    for (of_year, yuan, with_yuan) in [("2025", "15000000", "10000000"), ("2026", "12000000", "0")] {
        let r = year(&west, of_year);
        close(number(&r, "utilisation"), 300.0 * 365.0 / (480.0 * 8760.0));
        close(number(&r, "with_energy_kwh"), 300.0 * 365.0);
        close(number(&r, "with_possible_kwh"), 960.0 * 8760.0);
        close(number(&r, "with_utilisation"), 300.0 * 365.0 / (960.0 * 8760.0));
        assert_eq!((&*r["reward_yuan"], &*r["with_reward_yuan"], &*r["trial_code"]), (yuan, with_yuan, "533122"));
    }
    // in 2024 the tried one runs from 1 January, 366 days, and s1 from 2 July, 183
    close(number(&year(&west, "2024"), "with_possible_kwh"), 480.0 * 24.0 * (366.0 + 183.0));
    // in the east nothing stands: no figure as it is, and with it what it delivers of 480 kW: more than 3 % every year, 45 million
    let east = of(&toy, "533123");
    assert_eq!(east.len(), 3);
    let delivered = number(tried.iter().find(|r| r["county_code"] == "533123").unwrap(), "delivered_kwh");
    assert!(delivered > 400.0 && delivered <= 480.0, "{delivered}"); // 8 sessions of 30 kWh in each of the two hours at most
    for r in &east {
        assert_eq!((&*r["utilisation"], &*r["reward_yuan"], &*r["total_yuan"]), ("", "", ""));
        assert_eq!((&*r["with_reward_yuan"], &*r["with_total_yuan"], &*r["trial_code"]), ("15000000", "45000000", "533123"));
        close(number(r, "with_utilisation"), delivered / (480.0 * 24.0));
    }
    // guns of 60 kW would not count: the programme asks for 120
    let weak = run(&format!("{DEMAND}[demand.trial]\ngun_kw = 60\n{PILOT}"));
    assert_eq!((&*of(&weak, "533122")[0]["with_utilisation"], &*of(&weak, "533123")[0]["trial_code"]), ("", ""));
}

#[test]
fn standard_piles_and_what_a_programme_without_a_table_says() {
    // 2025: no reward table is published; the car stock and the facts of the counties are given
    let second = "[programme]\nprofiles = [\"cn-county-pilot-2025\"]\n[programme.figures.\"53\"]\nprefecture_car_stock = 250000\n\
                  [programme.figures.\"533122\"]\nv2g_kw = 300\nv2g_kwh = 20000\n\
                  [programme.facts.\"53\"]\nother_central_funding = false\n[programme.facts.\"533123\"]\nother_central_funding = true\n";
    let toy = toy(second);
    let head = "id,name,lon,lat,kind,points,power_kw,total_kw,access,status,opened,availability";
    let stations = [
        "a,A,0.02,0.0001,charging,4,120,480,public,open,2025-03-01,99 %", // 4 standard piles
        "b,B,0.03,0.0001,charging,2,360,720,public,open,2025-03-01,99 %", // nothing is published from 360 kW on
        "c,C,0.04,0.0001,charging,6,120,432,public,open,2025-03-01,99 %", // shared in a way that is not told: at most 3.6
        "d,D,0.05,0.0001,charging,2,180,360,public,open,2019-03-01,99 %", // 3, before the period
        "e,E,0.06,0.0001,charging,4,120,480,public,open,2025-03-01,90 %", // 4, not available enough to count
        "f,F,0.07,0.0001,swap,,,600,public,open,2019-03-01,",             // nothing is published of swap stations
    ];
    toy.put("stations.csv", &format!("{head}\n{}\n", stations.join("\n")));
    done(&toy);
    let (west, east) = (&of(&toy, "533122"), &of(&toy, "533123"));
    assert_eq!((west.len(), east.len()), (1, 1));
    let west = &west[0];
    assert_eq!((&*west["eligible"], &*west["because"], &*west["year"], &*west["class"]), ("yes", "", "", ""));
    assert_eq!((&*west["facilities"], &*west["in_doubt"]), ("3", "0"));
    for (column, want) in [
        ("standard_piles", 4.0),
        ("piles_not_published", 2.0),
        ("not_published_kw", 720.0),
        ("piles_untold", 6.0),
        ("untold_at_most", 3.6),
        ("v2g_piles", 6.0), // ⌊300 ÷ 120⌋ × 3
        ("standing_standard_piles", 4.0 + 3.0 + 4.0),
    ] {
        close(number(west, column), want);
    }
    assert_eq!((&*east[0]["eligible"], &*east[0]["v2g_piles"]), ("no", ""));
    assert!(east[0]["because"].starts_with("533123: projects with ultra-long"), "{}", east[0]["because"]);
}

/// The first round with joint applications, as a programme of one's own.
fn own(toy: &Toy) {
    let said = toy.chargegap(&["programme", "cn-county-pilot-2024", "--toml"]).assert().success();
    let text = String::from_utf8(said.get_output().stdout.clone()).unwrap();
    let text = text.replace("name = \"cn-county-pilot-2024\"", "name = \"own\"");
    toy.put("own.toml", &text.replace("joint = []", "joint = [\"county\", \"district\"]"));
}

#[test]
fn counties_that_apply_together_are_one_for_the_tier() {
    let more = format!(
        "{DEMAND}[programme]\nprofiles = [\"own\"]\nfiles = [\"own.toml\"]\n[programme.figures.\"53\"]\nnev_penetration = 20\n\
         prefecture_car_stock = 200000\n[[rank.joint]]\nname = \"Both\"\nlead = \"533123\"\nmembers = [\"533122\"]\n"
    );
    let toy = toy(&more);
    own(&toy);
    done(&toy);
    let (west, east) = (of(&toy, "533122"), of(&toy, "533123"));
    // the east leads, and has the station of the west: 2.604 %, as the west by itself in `judged::a_reward_by_hand`
    assert_eq!((west.len(), east.len()), (1, 3));
    for r in east.iter().chain(&west) {
        assert_eq!(
            (&*r["joint"], &*r["lead_code"], &*r["members"], &*r["eligible"]),
            ("Both", "533123", "533122; 533123", "yes")
        );
    }
    assert_eq!((&*west[0]["facilities"], &*west[0]["standard_piles"], &*west[0]["year"], &*west[0]["class"]), ("", "", "", ""));
    let seen: Vec<_> = east.iter().map(|r| (&*r["year"], &*r["reward_yuan"], &*r["facilities"], &*r["standard_piles"])).collect();
    assert_eq!(seen, [("2024", "15000000", "1", "4.0"), ("2025", "15000000", "1", "4.0"), ("2026", "12000000", "1", "4.0")]);
    // of the two tried stations that of the east serves what nobody was served before: it is added to the whole
    let delivered = number(rows(&toy, "trial.csv").iter().find(|r| r["county_code"] == "533123").unwrap(), "delivered_kwh");
    close(number(&east[1], "with_energy_kwh"), (300.0 + delivered) * 365.0);
    close(number(&east[1], "with_possible_kwh"), 960.0 * 8760.0);
    assert_eq!(east[1]["trial_code"], "533123");
}

#[test]
fn a_lead_that_is_no_county_is_named() {
    for programme in ["", PILOT] {
        let toy =
            toy(&format!("{programme}[[rank.joint]]\nname = \"Both\"\nlead = \"533199\"\nmembers = [\"533122\", \"533123\"]\n"));
        let run = toy.chargegap(&["run", "region.toml", "-o", "out", "-q"]).assert().code(2);
        let told = String::from_utf8(run.get_output().stderr.clone()).unwrap();
        assert!(told.contains("rank.joint[0].lead") && told.contains("533199"), "{told}");
        assert!(!toy.path("out").exists());
    }
}

#[test]
fn who_may_not_apply_is_paid_nothing() {
    // the first round asks for 200,000 cars in the prefecture-level city: 150,000 are too few; a class and a station are there all the same
    let few = run(&format!("{DEMAND}{PILOT}prefecture_car_stock = 150000\n"));
    let west = of(&few, "533122");
    assert_eq!(west.len(), 3);
    for r in &west {
        assert_eq!((&*r["eligible"], &*r["class"]), ("no", "third"));
        // 300 kWh a day of 480 kW × 24 h, as with a county that may
        close(number(r, "utilisation"), 300.0 / (480.0 * 24.0));
        for column in ["reward_yuan", "total_yuan", "with_reward_yuan", "with_total_yuan"] {
            assert_eq!(r[column], "0", "{column}");
        }
    }
    // of 2026 2.604 % is below 3 %: what lacks stays
    close(number(&west[2], "next_short_kwh"), 0.03 * 480.0 * 8760.0 - 300.0 * 365.0);
    let report = |toy: &Toy| std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    let html = report(&few);
    assert!(html.contains("not eligible, because") && html.contains("不符合，因为"));
    // the table of the programme has all amounts
    let (before, table) = html.split_once("<details><summary><i lang=en>What cn-county-pilot-2024 pays for").unwrap();
    let html = format!("{before}{}", table.split_once("</details>").unwrap().1);
    assert!(table.contains("≥ 2.5 %") && table.contains("the classes are those of 2024") && table.contains("试点县年度考核指标"));
    assert!(!html.contains("15,000,000") && !html.contains("12,000,000") && !html.contains("if eligible"));
    // not told: the reward holds only if it may apply
    let untold = run(&format!("{DEMAND}{PILOT}"));
    assert_eq!(
        (&*of(&untold, "533122")[0]["eligible"], &*of(&untold, "533122")[0]["reward_yuan"]),
        ("cannot_be_told", "15000000")
    );
    let html = report(&untold);
    assert!(html.contains("15,000,000") && html.contains("if eligible") && html.contains("须符合申报条件"));
    // enough: no such word
    let enough = run(&format!("{DEMAND}{PILOT}prefecture_car_stock = 250000\n"));
    assert_eq!((&*of(&enough, "533122")[0]["eligible"], &*of(&enough, "533122")[0]["total_yuan"]), ("yes", "42000000"));
    assert!(report(&enough).contains("15,000,000") && !report(&enough).contains("if eligible"));
    // a table that pays who may not apply is found out, however well it is sealed
    let forged = Forged(few.path("out"));
    forged.cell("reward.csv", ("county_code", "533122"), "total_yuan", &|_| "42000000".to_owned());
    let faults = forged.verified().faults;
    assert!(faults.iter().any(|f| f.contains("who may not apply is paid nothing")), "{faults:?}");
}

#[test]
fn planned_stations_count_from_their_day_with_the_load_that_they_would_have() {
    let head = "id,name,lon,lat,kind,points,power_kw,total_kw,access,status,opened,availability\n";
    let one = "s1,One,0.05,0.0001,charging,4,120,480,public,open,2024-07-02,99.5\n";
    let with = |planned: &str| {
        let toy = toy(&format!("{DEMAND}{PILOT}"));
        toy.put("stations.csv", &format!("{head}{one}{planned}"));
        toy.put("settlements.csv", "id,name,lon,lat,population\nv1,Alpha,0.01,0.0001,1000\nv2,Beta,0.19,0.0001,1000\n");
        done(&toy);
        toy
    };
    let none = with("");
    let toy = with("s2,Two,0.15,0.0001,charging,4,120,480,public,planned,2025-07-02,99.5\n");
    // East has 100 cars and no charger in reach of Beta but the planned one, 4.45 km from it: 300 kWh a day from 2 July 2025, 183 days
    let east = of(&toy, "533123");
    let year = |rows: &[Row], year: &str| rows.iter().find(|r| r["year"] == year).unwrap().clone();
    let first = year(&east, "2025");
    assert_eq!((&*first["facilities"], &*first["planned"]), ("1", "1"));
    close(number(&first, "energy_kwh"), 300.0 * 183.0);
    close(number(&first, "possible_kwh"), 480.0 * 24.0 * 183.0);
    close(number(&year(&east, "2026"), "energy_kwh"), 300.0 * 365.0);
    assert!(of(&none, "533123").iter().all(|r| r["facilities"] == "0" && r["utilisation"].is_empty()));
    // with the one that is tried beside it both share the 300 kWh
    let tried = year(&east, "2026");
    assert!((number(&tried, "with_energy_kwh") - 300.0 * 365.0).abs() < 1.0, "{}", tried["with_energy_kwh"]);
    close(number(&tried, "with_possible_kwh"), 960.0 * 8760.0);
    // West is as it was, and nothing else rests on what is planned: what is short, waits and trials are those of the stations that are there
    assert_eq!(of(&toy, "533122"), of(&none, "533122"));
    for file in ["balance.csv", "townships.csv", "station_loads.csv", "trial.csv"] {
        let [a, b] = [&toy, &none].map(|t| std::fs::read_to_string(t.path("out").join(file)).unwrap());
        assert_eq!(a, b, "{file}");
    }
    let report = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    assert!(report.contains("1 planned") && report.contains("1 座规划"));
    // after the period, without a day, closed to the public: none of them counts, and one without a day is told
    for (planned, undated) in [
        ("s2,Two,0.15,0.0001,charging,4,120,480,public,planned,2027-07-02,99.5\n", "0"),
        ("s2,Two,0.15,0.0001,charging,4,120,480,private,planned,2025-07-02,99.5\n", "0"),
        ("s2,Two,0.15,0.0001,charging,4,120,480,public,closed,2025-07-02,99.5\n", "0"),
        ("s2,Two,0.15,0.0001,charging,4,120,480,public,planned,,99.5\n", "1"),
    ] {
        let east = &of(&with(planned), "533123")[0];
        assert_eq!((&*east["facilities"], &*east["planned"], &*east["undated"]), ("0", "0", undated), "{planned}");
    }
}

/// 1,000 people at 0.11, within 10 km of s1 and s2; both are new and count.
const EACH_SIDE: &str = "id,name,lon,lat,population\nv1,Alpha,0.11,0.0001,1000\n";
const HEAD: &str = "id,name,lon,lat,kind,points,power_kw,total_kw,access,status,opened,certified,availability\n";
const FIRST: &str = "s1,One,0.095,0.0001,charging,4,120,480,public,open,2024-07-02,yes,99.5\n";

fn beside(second: &str, settlements: &str, pilot: &str) -> Toy {
    let toy = toy(&format!("{DEMAND}{pilot}"));
    toy.put("stations.csv", &format!("{HEAD}{FIRST}{second}"));
    toy.put("settlements.csv", settlements);
    done(&toy);
    toy
}

#[test]
fn a_planned_station_takes_load_from_its_day_on_and_only_where_it_counts() {
    let energy = |second: &str| {
        let toy = beside(second, EACH_SIDE, PILOT);
        ["2024", "2025", "2026"].map(|y| number(of(&toy, "533122").iter().find(|r| r["year"] == y).unwrap(), "energy_kwh"))
    };
    // 100 cars ask for 300 kWh a day, all of s1 while it is alone: 183 days of 2024, then whole years
    let alone = [300.0 * 183.0, 300.0 * 365.0, 300.0 * 365.0];
    let close_to = |found: [f64; 3], want: [f64; 3]| found.iter().zip(want).for_each(|(f, w)| close(*f, w));
    close_to(energy(""), alone);
    // one that opens on the last day of 2026 takes what it takes on that day, and nothing before
    let last = energy("s2,Two,0.11,0.0001,charging,4,120,480,public,planned,2026-12-31,yes,99.5\n");
    close_to([last[0], last[1], alone[2]], alone);
    assert!(last[2] < alone[2] - 100.0 && last[2] >= 300.0 * 364.0 - 0.5, "{last:?}");
    // from 2 July 2025 (day 183 of 365): 182 days alone, 183 with it; so much a day is taken as on that last day of 2026
    let half = energy("s2,Two,0.11,0.0001,charging,4,120,480,public,planned,2025-07-02,yes,99.5\n");
    let with = last[2] - 300.0 * 364.0;
    close_to(half, [alone[0], 300.0 * 182.0 + with * 183.0, with * 365.0]);
    // guns of 60 kW, and less available than 99 %: the programme does not count them, and they take nothing
    close_to(energy("s2,Two,0.11,0.0001,charging,4,60,240,public,planned,2025-07-02,yes,99.5\n"), alone);
    close_to(energy("s2,Two,0.11,0.0001,charging,4,120,480,public,planned,2025-07-02,yes,90\n"), alone);
}

#[test]
fn a_county_of_which_nothing_is_known_has_no_reward_of_0() {
    let settlements = "id,name,lon,lat,population\nv1,Alpha,0.09,0.0001,\nv2,Beta,0.19,0.0001,3000\n";
    let toy = beside("", settlements, PILOT);
    let west = &of(&toy, "533122")[0];
    for column in ["year", "utilisation", "energy_kwh", "reward_yuan", "total_yuan", "with_utilisation", "with_total_yuan"] {
        assert_eq!(west[column], "", "{column}");
    }
    assert_eq!(west["facilities"], "1");
    assert!(west["because"].contains("people or vehicles of its settlements are not known"), "{}", west["because"]);
    let tried: Vec<Row> = rows(&toy, "trial.csv");
    let [west, east] = ["533122", "533123"].map(|c| tried.iter().find(|r| r["county_code"] == c).unwrap());
    assert_eq!((&*west["delivered_kwh"], &*west["power_utilisation"], &*west["new_kwh"]), ("", "", ""));
    assert_ne!(east["delivered_kwh"], "");
    let html = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    assert!(html.contains("utilisation cannot be told") && html.contains("利用率无法判断"));
    // one of two is known: figures, and what they leave out
    let toy = beside("", "id,name,lon,lat,population\nv1,Alpha,0.09,0.0001,\nv2,Beta,0.08,0.0001,1000\n", PILOT);
    let west = &of(&toy, "533122")[0];
    close(number(west, "energy_kwh"), 300.0 * 183.0);
    assert!(west["because"].contains("1 of 2 settlements"), "{}", west["because"]);
}

#[test]
fn a_class_that_cannot_be_told_names_what_is_missing() {
    let toy = beside("", EACH_SIDE, "[programme]\nprofiles = [\"cn-county-pilot-2024\"]\n");
    let west = &of(&toy, "533122")[0];
    assert_eq!((&*west["class"], &*west["reward_yuan"]), ("", ""));
    assert!(west["because"].contains("nev_penetration is not given"), "{}", west["because"]);
    let html = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    assert!(html.contains("nev_penetration is not given") && html.contains("未给出新能源汽车渗透率"));
}
