//! Plans in which several stations within reach are asked for, or how likely one of them works: worked out by hand, read back, and forged.

use crate::balance::rows;
use crate::plan_checked::{copy, one_more};
use crate::toy::{REGION, Toy, chargegap, counties, county, root};
use std::collections::BTreeMap;
use std::fs;

type Row = BTreeMap<String, String>;

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

/// The toy: T1 is 22.2639 km; the station at 5.565975 km serves 3.565975 to 7.565975. Alpha (1,000 people) is at 1.113195 km, Beta (3,000) at
/// 21.150705. Given candidates: `beside` where the station is, `twin` 0.0001° from it, `open` at 15.58473 km.
fn toy(plan: &str) -> Toy {
    let toy = Toy::new();
    toy.put("counties.geojson", &counties(&[county("533122", "West", 0.0, 0.1), county("533123", "East", 0.1, 0.2)]));
    toy.put(
        "candidates.csv",
        "id,name,lon,lat,cost\nbeside,Beside,0.05,0.0001,10\nopen,Open,0.14,0.0001,10\nopen2,Open,0.1402,0.0001,10\n",
    );
    toy.put("region.toml", &format!("{REGION}[candidates]\npath = \"candidates.csv\"\n[plan]\n{plan}\n"));
    toy
}

fn planned(toy: &Toy, region: &str, out: &str) {
    toy.chargegap(&["run", region, "-o", out, "-q"]).assert().success();
    toy.chargegap(&["verify", out]).assert().success();
}

fn csv(toy: &Toy, path: &str) -> Vec<Row> {
    csv::Reader::from_path(toy.path(path)).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
}

fn near(row: &Row, column: &str, want: f64) {
    assert!((number(row, column) - want).abs() < 2e-6, "{column}: {} not {want}", row[column]);
}

#[test]
fn a_second_station_counts_where_one_stands_and_where_two_come() {
    // 22.2639 km have fewer than two stations within 2 km. One site: beside the station all its 4 km have two; in the open nothing has. Two sites:
    // the pair in the open, 0.0002° = 22.264 m apart, shares 4 km less 22.264 m; beside and one of them share nothing, but those 4 km. Three: both.
    for (sites, ids, covered) in
        [(1, vec!["beside"], 4.0), (2, vec!["beside"], 4.0), (3, vec!["beside", "open", "open2"], 4.0 + 4.0 - 0.022264)]
    {
        let toy = toy(&format!("sites = {sites}\nbackup = 2"));
        planned(&toy, "region.toml", "out");
        let mut told: Vec<_> = rows(&toy, "plan.csv").iter().map(|s| s["id"].clone()).collect();
        assert_eq!(told[0], "beside");
        told.sort();
        assert_eq!(told, ids, "{sites}");
        let quality = &rows(&toy, "plan_quality.csv")[0];
        near(quality, "covered", covered);
        assert!(number(quality, "bound") >= number(quality, "covered"));
        near(&rows(&toy, "plan_curve.csv")[0], "in_gap", 22.2639);
        // with the sites among the stations so much less is left
        let region = fs::read_to_string(toy.path("region.toml")).unwrap();
        toy.put("again.toml", &region.replace("path = \"stations.csv\"", "path = [\"stations.csv\", \"out/sites.geojson\"]"));
        planned(&toy, "again.toml", "again");
        near(&csv(&toy, "again/plan_curve.csv")[0], "in_gap", 22.2639 - covered);
        for (a, b) in csv(&toy, "out/plan_counties.csv").iter().zip(&csv(&toy, "again/plan_counties.csv")) {
            assert_eq!(a["thin_after"], b["thin_before"]);
        }
    }
}

#[test]
fn what_is_expected_counts_how_likely_a_station_works() {
    // each works nine hours of ten. Of 22.2639 km the station's 4 may be expected for 3.6: 18.6639 are lacking. A site in the open adds 4 × 0.9,
    // one beside the station 4 × 0.09; the second in the open 0.022264 × 0.9 + 3.977736 × 0.09.
    let toy = toy("sites = 2\nuptime = 0.9");
    planned(&toy, "region.toml", "out");
    let sites = rows(&toy, "plan.csv");
    assert!(sites[0]["id"].starts_with("open"), "{sites:?}");
    near(&sites[0], "gain", 3.6);
    let second = 0.022264 * 0.9 + 3.977736 * 0.09; // 0.378034 against 0.36
    assert!((number(&sites[1], "gain") - second).abs() < 1e-5, "{sites:?}");
    near(&rows(&toy, "plan_curve.csv")[0], "in_gap", 18.6639);
    // people: nobody is within reach of the station, and no candidate reaches anybody
    let toy = self::toy("sites = 2\nuptime = 0.9\nobjective = \"people\"\ngenerate = [\"settlements\"]");
    planned(&toy, "region.toml", "out");
    let (sites, curve) = (rows(&toy, "plan.csv"), rows(&toy, "plan_curve.csv"));
    assert_eq!(
        sites.iter().map(|s| (s["name"].as_str(), s["gain"].as_str())).collect::<Vec<_>>(),
        [("Beta", "2700.0"), ("Alpha", "900.0")]
    );
    near(&curve[0], "in_gap", 4000.0);
    // two for the people of Beta: 3,000 have two stations where the second is made nearby
    let toy = self::toy("sites = 2\nbackup = 2\nobjective = \"people\"");
    toy.put("candidates.csv", "id,name,lon,lat,cost\na,A,0.19,0.0001,10\nb,B,0.185,0.0001,10\nc,C,0.01,0.0001,10\n");
    planned(&toy, "region.toml", "out");
    let sites = rows(&toy, "plan.csv");
    assert_eq!(sites.iter().map(|s| number(s, "gain")).collect::<Vec<_>>(), [0.0, 3000.0]);
}

#[test]
fn the_report_and_the_terminal_say_what_is_made_up() {
    for (asked, en, zh) in [
        ("backup = 2", "that have fewer than 2 stations within reach", "可达站点不足 2 座的"),
        (
            "uptime = 0.97",
            "that must be expected to be without a working station, each working 97.0 % of the time",
            "每站可用率 97.0 %",
        ),
    ] {
        let toy = toy(&format!("sites = 1\n{asked}"));
        let output = toy.chargegap(&["run", "region.toml", "-o", "out"]).output().unwrap();
        assert!(String::from_utf8_lossy(&output.stdout).contains(en), "{output:?}");
        let html = fs::read_to_string(toy.path("out/report.html")).unwrap();
        let section = html.split_once("<section id=\"plan\"").unwrap().1.split_once("</section>").unwrap().0;
        for said in [en, zh, "Too few within reach, ", "可达站点不足（"] {
            assert!(section.contains(said), "{said}: {section}");
        }
    }
}

#[test]
fn whoever_changes_what_stands_or_what_counts_is_found_out() {
    for asked in ["backup = 2", "uptime = 0.9"] {
        let toy = toy(&format!("sites = 3\n{asked}"));
        planned(&toy, "region.toml", "out");
        let (dir, mut passed, mut tried) = (tempfile::tempdir().unwrap(), Vec::new(), 0);
        for (file, key) in [
            ("plan.csv", "order"),
            ("plan_counties.csv", "county_code"),
            ("plan_quality.csv", "question"),
            ("plan_rows.csv", "candidates"),
        ] {
            let table = rows(&toy, file);
            for column in rows(&toy, "dictionary.csv").iter().filter(|d| d["file"] == file && d["type"] != "text") {
                let column = &column["column"];
                let Some(row) = table.iter().find(|row| !row[column].is_empty() && !row[key].is_empty()) else { continue };
                tried += 1;
                let forged = copy(&toy, &dir.path().join(tried.to_string()));
                forged.cell(file, (key, &row[key]), column, &|cell| one_more(cell));
                // a multiplier that is a little off may give the same bound, and proves it as well
                if forged.verified().faults.is_empty() && column != "multiplier" {
                    passed.push(format!("{file} {column}"));
                }
            }
        }
        assert_eq!(passed, [""; 0], "{asked}");
        assert!(tried > 25, "{tried}");
        let forged = copy(&toy, &dir.path().join("asked"));
        forged.json("manifest.json", &|m| {
            drop(m["criteria"]["plan"].as_object_mut().unwrap().remove(asked.split(' ').next().unwrap()))
        });
        assert!(!forged.verified().faults.is_empty(), "{asked}");
    }
}

#[test]
fn a_plan_of_a_real_set_with_backup_is_kept_when_it_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let from = root().join("datasets/chongqing-northeast-synthetic");
    for entry in fs::read_dir(&from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    let region = fs::read_to_string(from.join("region.toml")).unwrap();
    let run = |name: &str, text: &str| -> Vec<Row> {
        fs::write(dir.path().join(format!("{name}.toml")), text).unwrap();
        let call = |args: &[&str]| chargegap().current_dir(dir.path()).args(args).assert().success();
        call(&["run", &format!("{name}.toml"), "-o", name, "-q"]);
        call(&["verify", name]);
        let path = dir.path().join(name).join("plan_counties.csv");
        csv::Reader::from_path(path).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
    };
    let plan = "\n[plan]\nsites = 4\nbackup = 2\nmost_candidates = 200\nreach_km = 10\n";
    let promised = run("one", &format!("{region}{plan}"));
    let alone = "path = \"stations-synthetic.csv\"";
    let scenario =
        run("two", &format!("{}{plan}", region.replace(alone, "path = [\"stations-synthetic.csv\", \"one/sites.geojson\"]")));
    let mut less = 0;
    for (a, b) in promised.iter().zip(&scenario) {
        assert_eq!((&a["county_code"], &a["thin_after"]), (&b["county_code"], &b["thin_before"]));
        less += usize::from(number(a, "thin_after") < number(a, "thin_before"));
    }
    assert!(less > 0);
}
