//! A small round with hostile names, read from files and done like any other; for the tests of its pages.

use crate::config::RoundFile;
use crate::config::accept::AcceptTable;
use crate::measure::Timings;
use crate::page::report::fixture::HOSTILE;
use crate::results::faults::Fault;
use crate::results::{Results, Round};
use crate::round::run::{RoundOptions, run};
use crate::round::work::Work;
use std::fs;

/// The code of the fifth county.
pub const BAD_CODE: &str = "\" onload=alert(9) x=\"";

/// Five counties of 0.2° in a row, with one road through all of them along 31°N and one station in the middle of the first. Two
/// provinces have two counties each; the fifth has a code that names none.
///
/// ```text
///   110101 | 110102 | 120101 | 120102 | BAD_CODE
///   ───S───┼────────┼────────┼───┬────┼─────────     19 km each
/// ```
pub fn round(select: &str) -> Round<'static> {
    let dir = tempfile::tempdir().unwrap();
    let q = |s: &str| serde_json::to_string(s).unwrap();
    let county = |(i, (code, name)): (usize, &(&str, &str))| {
        let w = 109.0 + 0.2 * i as f64;
        let e = w + 0.2;
        format!(
            r#"{{"type":"Feature","properties":{{"code":{},"name":{}}},"geometry":{{"type":"Polygon","coordinates":
            [[[{w},30.9],[{e},30.9],[{e},31.1],[{w},31.1],[{w},30.9]]]}}}}"#,
            q(code),
            q(name)
        )
    };
    let counties =
        [("110101", HOSTILE[0]), ("110102", HOSTILE[1]), ("120101", "Plain"), ("120102", HOSTILE[3]), (BAD_CODE, HOSTILE[4])];
    let counties: Vec<String> = counties.iter().enumerate().map(county).collect();
    let road = |line: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"name":"","class":"trunk"}},"geometry":{{"type":"LineString","coordinates":{line}}}}}"#
        )
    };
    let roads = [
        road("[[109.0,31.0],[109.1,31.0],[109.3,31.0],[109.5,31.0],[109.7,31.0],[110.0,31.0]]"),
        road("[[109.7,31.0],[109.7,31.09]]"),
    ];
    let collection = |f: &[String]| format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, f.join(","));
    let region = format!(
        "[region]\nname = \"r\"\nsynthetic = true\nattribution = [{}]\nmap_review_number = {}\n[roads]\npath = \"roads.geojson\"\n\
         [counties]\npath = \"counties.geojson\"\n[stations]\npath = \"stations.csv\"\n",
        q(HOSTILE[3]),
        q(HOSTILE[4])
    );
    let [a, b, c] = [HOSTILE[0], HOSTILE[1], HOSTILE[5]].map(q);
    let file = format!(
        "[round]\nid = {b}\nname = {a}\nname_zh = \"轮\"\nprofile = {b}\nprofile_source = {a}\nsigned_by = {c}\n[regions]\nfiles = \
         [\"region.toml\"]\n[criteria]\ndistances_km = [5, 10]\nheadline_km = 10\n[rank]\nprovince_digits = 2\n\
         [rank.uncertainty]\ndraws = 20\n{select}"
    );
    for (name, text) in [
        ("counties.geojson", collection(&counties)),
        ("roads.geojson", collection(&roads)),
        ("stations.csv", "id,name,lon,lat,kind\na,<i>,109.1,31.0,charging\n".to_owned()),
        ("region.toml", region),
        ("round.toml", file),
    ] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let file = RoundFile::read(&dir.path().join("round.toml")).unwrap();
    let options = RoundOptions { threads: 2, ..RoundOptions::whole(&|_| {}) };
    let work = Work::open(&dir.path().join("work")).unwrap();
    let mut file = file;
    let made = loop {
        let done = run(&file, &work, &options, &mut Timings::default()).unwrap();
        if let Some(made) = done.round {
            break made;
        }
        // indicators that these few counties do not have; who accepts them has a hostile name too
        let by = |f: &Fault| AcceptTable { by: HOSTILE[0].to_owned(), reason: HOSTILE[1].to_owned(), ..f.acceptance().unwrap() };
        file.accept.extend(done.faults.open().map(by));
    };
    let results: &'static Results = Box::leak(made);
    results.as_round().unwrap()
}

/// One place for each of the two provinces.
pub const QUOTAS: &str = "[select]\ncurrency = \"\\\"><svg onload=alert(2)>\"\nquotas = { 11 = 1, 12 = 1 }\n";
