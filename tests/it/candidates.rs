//! Candidate sites as given: runs, prepared regions, rounds and `check` carry them, and `init` knows them when it sees them.

use crate::round_closed::{accept, names, open};
use crate::small_round::SmallRound;
use crate::toy::{REGION, Toy, contents};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// One in each county, one on a side road that is not there, one far outside; the last is at the place of the first.
const SITES: &str = "id,name,lon,lat,kind,cost,headroom_kw,max_kw,land,fixed\n\
    c1,Bus station,0.02,0.0001,bus_station,350000,630,480,public,in\n\
    c2,Post point,0.12,0.0001,post_office,120000,,120,,\n\
    c3,Far away,3,3,services,,,,,out\n\
    c4,Bus station again,0.02,0.0001,bus_station,99,,,,\n";

fn toy() -> Toy {
    let toy = Toy::new();
    toy.put("sites.csv", SITES);
    toy.put("region.toml", &format!("{REGION}\n[candidates]\npath = \"sites.csv\"\n"));
    toy
}

fn ok(toy: &Toy, args: &[&str]) -> String {
    String::from_utf8(toy.chargegap(args).assert().success().get_output().stdout.clone()).unwrap()
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn a_run_tells_the_file_and_the_count_and_nothing_else_changes() {
    let toy = toy();
    ok(&toy, &["run", ".", "-o", "with", "-q"]);
    ok(&toy, &["verify", "with"]);
    let told = manifest(&toy.path("with"));
    let input = told["inputs"].as_array().unwrap().iter().find(|i| i["path"] == "sites.csv").unwrap();
    assert_eq!((&input["role"], &input["format"]), (&json!("candidates"), &json!("CSV, UTF-8")));
    // four rows, of which one is at the place of another
    let layers = told["counts"]["layers"].as_array().unwrap();
    assert_eq!(layers.last().unwrap(), &json!({ "layer": "candidates", "read": 4, "kept": 3, "refused": 0 }));
    let issues = fs::read_to_string(toy.path("with/issues.csv")).unwrap();
    let of: Vec<&str> = issues.lines().filter(|l| l.contains("candidate")).collect();
    assert_eq!(of.len(), 2, "{issues}");
    assert!(issues.contains("it stands within 1 m of the candidate c1, which stays"), "{issues}");
    assert!(issues.contains("\"\"Far away\"\" lies outside every county; it is used where a road leads to it"), "{issues}");

    toy.put("region.toml", REGION);
    ok(&toy, &["run", ".", "-o", "without", "-q"]);
    let without = manifest(&toy.path("without"));
    assert_eq!(without["counts"]["layers"].as_array().unwrap().len(), 4);
    let [with, without] = ["with", "without"].map(|f| contents(&toy.path(f)));
    for file in ["ledger.csv", "ranking.csv", "counties.geojson", "gaps.geojson", "stations.geojson"] {
        assert_eq!(with[file], without[file], "{file}");
    }
}

#[test]
fn a_prepared_region_carries_them_and_is_stale_when_they_change() {
    let toy = toy();
    let said: Value = serde_json::from_str(&ok(&toy, &["prepare", ".", "-o", "toy.cgap", "--json"])).unwrap();
    assert_eq!(said["candidates"], 3);
    ok(&toy, &["run", ".", "-o", "a", "-q"]);
    ok(&toy, &["run", "toy.cgap", "-o", "b", "-q"]);
    assert_eq!(contents(&toy.path("a")), contents(&toy.path("b")));
    toy.put("sites.csv", &SITES.replace("350000", "360001"));
    let out = toy.chargegap(&["run", "toy.cgap", "-o", "c"]).output().unwrap();
    let err = String::from_utf8(out.stderr).unwrap();
    assert!(out.status.code() == Some(1) && err.contains("sites.csv (candidates) has changed since"), "{err}");
}

#[test]
fn check_tells_how_full_they_are() {
    let toy = toy();
    let json: Value = serde_json::from_str(&ok(&toy, &["check", ".", "--json", "--html", "check.html"])).unwrap();
    let layer = json["layers"].as_array().unwrap().iter().find(|l| l["layer"] == "candidates").unwrap();
    assert_eq!((&layer["read"], &layer["kept"]), (&json!(4), &json!(3)));
    let field = |name: &str| {
        let all = json["fields"].as_array().unwrap();
        let f = all.iter().find(|f| f["layer"] == "candidates" && f["field"] == name).unwrap();
        (f["filled"].clone(), f["of"].clone())
    };
    assert_eq!((field("cost"), field("headroom_kw")), ((json!(2), json!(3)), (json!(1), json!(3))));
    assert_eq!((field("fixed"), field("land")), ((json!(2), json!(3)), (json!(1), json!(3))));
    let page = fs::read_to_string(toy.path("check.html")).unwrap();
    assert!(page.contains("候选点") && page.contains("可开放容量"), "the page");
    let text = ok(&toy, &["check", ".", "--lang", "zh"]);
    assert!(text.contains("候选点"), "{text}");
}

/// A file that is missing is told with the errors of the other layers, and a layer with too many refusals stops a run.
#[test]
fn their_faults_are_those_of_a_layer() {
    let toy = toy();
    fs::remove_file(toy.path("sites.csv")).unwrap();
    fs::remove_file(toy.path("stations.csv")).unwrap();
    let out = toy.chargegap(&["check", ".", "--json"]).output().unwrap();
    let json: Value = serde_json::from_slice(&out.stdout).unwrap();
    let steps = json["next_steps"].to_string();
    assert!(steps.contains("sites.csv") && steps.contains("stations.csv"), "{steps}");
    let toy = self::toy();
    toy.put("sites.csv", &(SITES.to_owned() + "c5,Nowhere,,,fuel,,,,,\n"));
    let out = toy.chargegap(&["run", ".", "-o", "out"]).output().unwrap();
    let err = String::from_utf8(out.stderr).unwrap();
    assert!(out.status.code() == Some(1) && err.contains("1 of 5 records in candidates were refused"), "{err}");
}

#[test]
fn regions_of_a_round_carry_them() {
    let r = SmallRound::laid();
    for p in ["11", "12"] {
        r.edit(&format!("{p}/region.toml"), |t| t + "[candidates]\npath = \"sites.csv\"\n");
    }
    let head = "id,lon,lat,cost\n";
    fs::write(r.path("11/sites.csv"), format!("{head}a,0.1,0.05,100\nb,0.3,0.05,200\nz,9,9,1\n")).unwrap();
    // a stands in both, and says the same; d stands at the place of b
    fs::write(r.path("12/sites.csv"), format!("{head}a,0.1,0.05,100\nc,0.3,0.15,300\nd,0.3,0.05,7\n")).unwrap();
    r.chargegap(&["round", "round.toml", "-o", "out", "-q"]).assert().success();
    r.chargegap(&["verify", "out"]).assert().success();
    let told = manifest(&r.out());
    assert_eq!(told["counts"]["candidates"], json!({ "read": 4, "outside_counties": 1 }));
    let issues = fs::read_to_string(r.out().join("issues.csv")).unwrap();
    assert!(issues.contains("it stands within 1 m of the candidate b, which stays"), "{issues}");
    let roles: Vec<&str> = told["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|i| i["role"] == "candidates")
        .map(|i| i["path"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["11/sites.csv", "12/sites.csv"]);
    // another cost in the second region is a fault: which counts is not for the name of a folder to say
    r.edit("12/sites.csv", |t| t.replace("0.05,100", "0.05,150"));
    let found = open(&r, "round round.toml --check");
    assert_eq!(names(&found), ["record_twice 12/region.toml"]);
    accept(&r, &found[0].1);
    assert!(open(&r, "round round.toml -o again").is_empty());
}

#[test]
fn init_knows_them_by_their_name_or_their_columns() {
    for (name, text) in [
        ("candidates.csv", "id,name,lon,lat\nc1,A,0.02,0.0001\n"),
        ("candidate_stations.csv", "id,name,lon,lat,type\nc1,A,0.02,0.0001,bus station\n"),
        ("备选站址.csv", "编号,名称,经度,纬度\nc1,A,0.02,0.0001\n"),
        ("points.csv", SITES),
        ("点位.csv", "编号,名称,经度,纬度,投资（万元）,可开放容量,用地性质\nc1,A,0.02,0.0001,35,630,国有\n"),
    ] {
        let toy = Toy::new();
        fs::remove_file(toy.path("region.toml")).unwrap();
        fs::create_dir(toy.path("data")).unwrap();
        for file in ["roads.geojson", "counties.geojson", "stations.csv", "settlements.csv"] {
            fs::rename(toy.path(file), toy.path("data").join(file)).unwrap();
        }
        toy.put(&format!("data/{name}"), text);
        ok(&toy, &["init", "data"]);
        let proposed = fs::read_to_string(toy.path("region.toml")).unwrap();
        let (_, table) = proposed.split_once("[candidates]").unwrap_or_else(|| panic!("{name}:\n{proposed}"));
        assert!(table.contains(&format!("path = \"data/{name}\"")), "{proposed}");
        assert!(
            proposed.contains("path = \"data/stations.csv\"") && proposed.contains("path = \"data/settlements.csv\""),
            "{proposed}"
        );
        ok(&toy, &["check", "."]);
    }
}

/// Plots of land are candidates, and a register of stations with what they cost is one of stations.
#[test]
fn init_does_not_take_one_for_another() {
    let toy = Toy::new();
    fs::remove_file(toy.path("region.toml")).unwrap();
    let plot = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"p1","cost":5,"land":"public","headroom_kw":200},"geometry":{"type":"Polygon","coordinates":[[[0.02,0],[0.021,0],[0.021,0.001],[0.02,0]]]}}]}"#;
    toy.put("plots.geojson", plot);
    toy.put("stations.csv", "id,name,lon,lat,kind,points,power_kw,access,status,operator,cost\ns1,One,0.05,0.0001,charging,4,120,public,open,Grid,5\n");
    ok(&toy, &["init", "."]);
    let proposed = fs::read_to_string(toy.path("region.toml")).unwrap();
    let table = |name: &str| proposed.split_once(&format!("[{name}]")).map(|(_, t)| t.to_owned()).unwrap_or_default();
    assert!(table("candidates").contains("path = \"plots.geojson\""), "{proposed}");
    assert!(table("stations").lines().nth(1) == Some("path = \"stations.csv\""), "{proposed}");
    assert!(table("counties").lines().nth(1) == Some("path = \"counties.geojson\""), "{proposed}");
}

#[cfg(feature = "osm")]
#[test]
fn kinds_of_places_come_from_an_extract() {
    let toy = Toy::new();
    let node = |id: u32, lon: f64, tags: &str| format!("<node id=\"{id}\" lat=\"0.001\" lon=\"{lon}\">{tags}</node>");
    let tag = |k: &str, v: &str| format!("<tag k=\"{k}\" v=\"{v}\"/>");
    let all = [
        node(1, 0.02, &(tag("amenity", "fuel") + &tag("name", "油站") + &tag("name:en", "Pump"))),
        node(2, 0.04, &tag("amenity", "parking")), // not asked for
        node(3, 0.05, &(tag("amenity", "fuel") + &tag("access", "private"))),
        // corners of a service area: 0.10 to 0.102
        node(11, 0.10, ""),
        node(12, 0.102, ""),
        "<node id=\"13\" lat=\"0.003\" lon=\"0.102\"/><node id=\"14\" lat=\"0.003\" lon=\"0.10\"/>".to_owned(),
        // at the place of c1 of the file
        node(21, 0.08, &tag("amenity", "fuel")),
        "<way id=\"7\"><nd ref=\"11\"/><nd ref=\"12\"/><nd ref=\"13\"/><nd ref=\"14\"/><nd ref=\"11\"/>".to_owned()
            + &tag("highway", "services")
            + "</way>",
        "<way id=\"8\"><nd ref=\"98\"/><nd ref=\"99\"/>".to_owned() + &tag("amenity", "fuel") + "</way>", // its nodes are gone
    ];
    toy.put("x.osm", &format!("<?xml version=\"1.0\"?><osm version=\"0.6\">{}</osm>", all.concat()));
    toy.put("sites.csv", "id,name,lon,lat,cost\nc1,Own,0.08,0.001,5\n");
    let more = "[osm]\npath = \"x.osm\"\n[candidates]\npath = \"sites.csv\"\nosm = [\"services\", \"fuel\"]\n[read]\nmax_refused_share = 0.5\n";
    toy.put("region.toml", &format!("{REGION}\n{more}"));
    use chargegap::internals::config::{Criteria, RegionFile};
    use chargegap::internals::issue::Issues;
    let region = RegionFile::read(&toy.path("region.toml")).unwrap();
    let mut issues = Issues::default();
    let criteria = Criteria::from_region(&region).unwrap();
    let inputs = chargegap::internals::read::read_inputs(&region, &criteria.reading, &mut issues).unwrap();
    let found: Vec<(String, String, String, (i32, i32))> =
        inputs.candidates.iter().map(|c| (c.id.clone(), c.kind.clone(), c.name.clone(), c.at.e7())).collect();
    let one = |id: &str, kind: &str, name: &str, at| (id.to_owned(), kind.to_owned(), name.to_owned(), at);
    assert_eq!(
        found,
        [
            one("c1", "", "Own", (800_000, 10_000)),
            one("node/1", "fuel", "Pump", (200_000, 10_000)),
            one("way/7", "services", "", (1_010_000, 20_000)), // the middle
        ]
    );
    assert_eq!(inputs.candidates[1].name_zh, "油站");
    // one of the file, three nodes, two areas; one has no position, one is closed, one is at the place of c1
    let count = issues.count(chargegap::internals::issue::Layer::Candidates);
    assert_eq!((count.read, count.used), (6, 3));
    ok(&toy, &["run", ".", "-o", "out", "-q"]);
    ok(&toy, &["verify", "out"]);
    let told = manifest(&toy.path("out"));
    assert_eq!(
        told["counts"]["layers"].as_array().unwrap().last().unwrap(),
        &json!({ "layer": "candidates", "read": 6, "kept": 3, "refused": 1 })
    );
    // without an own file of theirs too
    toy.put("region.toml", &format!("{REGION}\n{}", more.replace("path = \"sites.csv\"\n", "")));
    let json: Value = serde_json::from_str(&ok(&toy, &["check", ".", "--json"])).unwrap();
    assert_eq!(json["layers"].as_array().unwrap().last().unwrap()["kept"], 3);
}
