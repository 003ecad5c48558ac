//! People of settlements in a round: left blank they would raise the share of their county, and a village that stands there twice counts twice. Both
//! are faults; a county of which nobody's number is known stands by its bounds, and never gains by it. So are records that the readers refused.

use crate::round_closed::{names, open, says};
use crate::small_round::{ROUND, SmallRound};
use std::collections::BTreeMap;
use std::fs;

/// Rows of settlements of a province with the county of each, by its longitude.
fn rows(r: &SmallRound, province: &str) -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(r.path(&format!("{province}/settlements.csv"))).unwrap();
    let one = |line: &str| {
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        // on the border it is of the lower code
        let third = (cells[2].parse::<f64>().unwrap() / 0.2).ceil() as u32;
        (format!("{province}010{third}"), cells)
    };
    text.lines().skip(1).map(one).collect()
}

fn write(r: &SmallRound, province: &str, rows: &[Vec<String>]) {
    let lines: String = rows.iter().map(|cells| cells.join(",") + "\n").collect();
    fs::write(r.path(&format!("{province}/settlements.csv")), format!("id,name,lon,lat,population,kind\n{lines}")).unwrap();
}

/// Place and whether it is selected, by county.
fn stands(r: &SmallRound, out: &str) -> BTreeMap<String, (u32, bool)> {
    let mut csv = csv::Reader::from_path(r.path(&format!("{out}/selection.csv"))).unwrap();
    let header = csv.headers().unwrap().clone();
    let of = |c: &str| header.iter().position(|h| h == c).unwrap();
    let (code, rank, selected) = (of("county_code"), of("rank"), of("selected"));
    csv.records()
        .map(|r| r.unwrap())
        .map(|r| (r[code].to_owned(), (r[rank].parse().unwrap_or(u32::MAX), &r[selected] == "true")))
        .collect()
}

#[test]
fn a_settlement_whose_people_are_not_said_is_a_fault_that_names_its_county() {
    let r = SmallRound::laid();
    let all = rows(&r, "11");
    let (county, _) = &all[0];
    let of_county = all.iter().filter(|(c, _)| c == county).count();
    for people in ["", "0", "约300", "-300"] {
        let mut cells: Vec<Vec<String>> = all.iter().map(|(_, cells)| cells.clone()).collect();
        cells[0][4] = people.to_owned();
        write(&r, "11", &cells);
        // so many may be refused of a small file; of a large one it is one of a hundred
        fs::write(r.path("round.toml"), format!("{ROUND}[read]\nmax_refused_share = 0.2\n")).unwrap();
        let found = open(&r, "round round.toml --check");
        assert_eq!(names(&found), ["people_not_known 11/settlements.csv"], "{people}");
        let (_, out, err) = says(&r, "round round.toml --check");
        let said = match people {
            "-300" => "v110 refused, with fewer people than none".to_owned(),
            _ => format!("{county} 1 of {of_county} ({:.0} %)", 100.0 / of_county as f64),
        };
        assert!((out.clone() + &err).contains(&said), "{people}: {said}: {out}{err}");
        assert!(says(&r, "round round.toml --check --lang zh").1.contains("缺少人口数"));
        assert!(says(&r, "round round.toml -o out").0 == 1 && !r.path("out").exists(), "{people}");
    }
    // another village of the county is another fault
    let print = |r: &SmallRound| open(r, "round round.toml --check")[0].1.clone();
    let before = print(&r);
    let mut cells: Vec<Vec<String>> = all.iter().map(|(_, cells)| cells.clone()).collect();
    cells[1][4].clear();
    write(&r, "11", &cells);
    assert_ne!(print(&r), before);
}

/// Whoever leaves the people of a whole county blank stands by the bounds of the county: neither a better place nor money.
#[test]
fn a_county_without_any_people_never_gains_by_it() {
    let r = SmallRound::made();
    let before = stands(&r, "out");
    for province in ["11", "12"] {
        let all = rows(&r, province);
        for third in 1..=3 {
            let county = format!("{province}010{third}");
            let blank = |(c, cells): &(String, Vec<String>)| {
                let mut cells = cells.clone();
                if *c == county {
                    cells[4].clear();
                }
                cells
            };
            if all.iter().all(|(c, _)| *c != county) {
                continue;
            }
            write(&r, province, &all.iter().map(blank).collect::<Vec<_>>());
            assert_eq!(names(&open(&r, "round round.toml --check")), [""; 0], "{county}");
            crate::accepting::round(r.dir.path(), "round.toml", "blank", &["-q", "--overwrite"]);
            let (was, is) = (before[&county], stands(&r, "blank")[&county]);
            assert!(is.0 >= was.0 && (was.1 || !is.1), "{county}: {was:?} {is:?}");
            fs::write(r.path("round.toml"), ROUND).unwrap();
        }
        write(&r, province, &all.iter().map(|(_, cells)| cells.clone()).collect::<Vec<_>>());
    }
}

#[test]
fn an_application_with_a_county_of_which_nobody_is_known_stands_by_its_bounds() {
    let r = SmallRound::laid();
    let joint = "[[rank.joint]]\nname = \"J\"\nlead = \"110101\"\nmembers = [\"110102\"]\n";
    let with = |text: &str| {
        fs::write(r.path("round.toml"), text.replace("[rank.uncertainty]", &format!("{joint}[rank.uncertainty]"))).unwrap()
    };
    with(ROUND);
    crate::accepting::round(r.dir.path(), "round.toml", "whole", &["-q"]);
    assert!(!r.path("whole/missing.csv").exists());
    let all = rows(&r, "11");
    let mut cells: Vec<Vec<String>> = all.iter().map(|(_, cells)| cells.clone()).collect();
    for (i, _) in all.iter().enumerate().filter(|(_, (c, _))| c == "110102") {
        cells[i][4].clear();
    }
    write(&r, "11", &cells);
    with(ROUND);
    crate::accepting::round(r.dir.path(), "round.toml", "blank", &["-q"]);
    let missing = fs::read_to_string(r.path("blank/missing.csv")).unwrap();
    assert!(missing.contains("110101") && missing.contains("people_in_gap_share"), "{missing}");
    let (was, is) = (stands(&r, "whole")["110101"], stands(&r, "blank")["110101"]);
    assert!(is.0 >= was.0 && (was.1 || !is.1), "{was:?} {is:?}");
    assert_eq!(says(&r, "verify blank --round round.toml").0, 0);
}

#[test]
fn a_settlement_that_stands_in_its_county_twice_is_a_fault() {
    let r = SmallRound::laid();
    let mut cells: Vec<Vec<String>> = rows(&r, "12").into_iter().map(|(_, cells)| cells).collect();
    // 0.0003° are some 33 m
    let mut twin = cells[0].clone();
    (twin[0], twin[3]) = ("other".to_owned(), format!("{:.4}", twin[3].parse::<f64>().unwrap() + 0.0003));
    cells.push(twin.clone());
    write(&r, "12", &cells);
    let found = open(&r, "round round.toml --check");
    assert_eq!(names(&found), ["settlement_twice 12/settlements.csv"]);
    crate::accepting::round(r.dir.path(), "round.toml", "out", &["-q"]);
    assert_eq!(says(&r, "verify out --round round.toml").0, 0);
    // who takes the fault out of the folder is told by issues.csv
    let forged = crate::resealed::Forged(r.path("out"));
    forged.json("manifest.json", &|m| (m["faults"], m["acceptances"]) = (serde_json::json!([]), serde_json::json!([])));
    let faults = forged.verified().faults;
    assert!(faults.iter().any(|f| f.contains("12/settlements.csv: settlements stand there twice")), "{faults:?}");
    // of another name, or farther off, it is another village
    for (name, north) in [("V77", 0.0003), ("V0", 0.001)] {
        let own = rows(&r, "12")[0].1[3].parse::<f64>().unwrap();
        (twin[1], twin[3]) = (name.to_owned(), format!("{:.4}", own + north));
        *cells.last_mut().unwrap() = twin.clone();
        write(&r, "12", &cells);
        fs::write(r.path("round.toml"), ROUND).unwrap();
        assert_eq!(names(&open(&r, "round round.toml --check")), [""; 0], "{name}");
    }
}

#[test]
fn a_record_that_was_refused_is_a_fault_of_its_file() {
    let few = format!("{ROUND}[read]\nmax_refused_share = 0.9\n");
    let last = |r: &SmallRound, file: &str, edit: &dyn Fn(&str) -> String| {
        r.edit(file, |t| {
            let (before, line) = t.trim_end().rsplit_once('\n').unwrap();
            format!("{before}\n{}\n", edit(line))
        });
    };
    // the latitude is none, in a table; of a road a position is none
    let no_latitude = |line: &str, lat: usize| {
        line.split(',').enumerate().map(|(i, c)| if i == lat { "95" } else { c }).collect::<Vec<_>>().join(",")
    };
    for file in ["11/stations.csv", "12/settlements.csv", "11/roads.geojson"] {
        let r = SmallRound::laid();
        fs::write(r.path("round.toml"), &few).unwrap();
        let header = fs::read_to_string(r.path(file)).unwrap().lines().next().unwrap().to_owned();
        if file.ends_with("csv") {
            let lat = header.split(',').position(|h| h == "lat").unwrap();
            last(&r, file, &|line| no_latitude(line, lat));
        } else {
            r.edit(file, |t| t.replacen("\"coordinates\":[[", "\"coordinates\":[[400.0,95.0],[", 1));
        }
        let found = open(&r, "round round.toml --check");
        let name = format!("records_refused {file}");
        assert_eq!(names(&found), [name.as_str()]);
        assert!(says(&r, "round round.toml --check --lang zh").1.contains("有 1 条记录被拒收"), "{file}");
        assert!(says(&r, "round round.toml -o out").0 == 1 && !r.path("out").exists(), "{file}");
        // with the network kept as without it
        assert_eq!(open(&r, "round round.toml --check --work out-work"), found);
        crate::accepting::round(r.dir.path(), "round.toml", "out", &["-q"]);
        assert_eq!(says(&r, "verify out --round round.toml").0, 0);
        // another record is another fault
        if file.ends_with("csv") {
            last(&r, file, &|line| line.replacen(|c: char| c != ',', "z", 1));
            assert_ne!(open(&r, "round round.toml --check").iter().find(|(n, _)| *n == name).unwrap().1, found[0].1);
        }
        let forged = crate::resealed::Forged(r.path("out"));
        forged.json("manifest.json", &|m| (m["faults"], m["acceptances"]) = (serde_json::json!([]), serde_json::json!([])));
        let faults = forged.verified().faults;
        let told = format!("issues.csv: 1 records of {file} were refused, and no fault of the round tells so many");
        assert!(faults.contains(&told), "{faults:?}");
    }
    // a line of no length takes nothing away
    let r = SmallRound::laid();
    fs::write(r.path("round.toml"), &few).unwrap();
    r.edit("11/roads.geojson", |t| {
        let mut layer: serde_json::Value = serde_json::from_str(&t).unwrap();
        let features = layer["features"].as_array_mut().unwrap();
        let mut point = features[0].clone();
        let first = point["geometry"]["coordinates"][0].clone();
        point["properties"]["id"] = "dot".into();
        point["geometry"]["coordinates"] = serde_json::json!([first, first]);
        features.push(point);
        layer.to_string()
    });
    assert_eq!(names(&open(&r, "round round.toml --check")), [""; 0]);
}
