//! A small region with hostile names, read from files and analysed like any other; for the tests of map and report.

use crate::config::RegionFile;
use crate::measure::Timings;
use crate::prepared::ground::Options;
use crate::results::{Results, Run};
use crate::run::analyse;
use std::fs;

/// Names that would do harm if they were pasted: script, attribute break-out, right-to-left override, NUL, an end of comment
/// and of CDATA, a template expression.
pub const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><svg onload=alert(2)>",
    "a\u{202e}gnp.exe\u{0}b",
    "--><img src=x onerror=alert(3)>",
    "]]>&lt;'\"</text></svg>",
    "{{ 7 * 7 }}{% if %}{km}",
];

/// Two counties of 0.2° with one long road each way; a station at the west end, none in the east.
///
/// ```text
///   S ───── A ───┬── B ─────   the road along 31.0°N, 109.0°E to 109.4°E, 38 km
///           │    │
///   (two short roads north of it, one of them without name)
/// ```
pub fn outcome(stations: &str) -> Run<'static> {
    outcome_with(stations, "")
}

/// The same with more of a region file.
pub fn outcome_with(stations: &str, rank: &str) -> Run<'static> {
    let dir = tempfile::tempdir().unwrap();
    let q = |s: &str| serde_json::to_string(s).unwrap();
    let county = |code: &str, name: &str, zh: &str, w: f64| {
        let e = w + 0.2;
        format!(
            r#"{{"type":"Feature","properties":{{"code":{},"name":{},"name_zh":{}}},"geometry":{{"type":"Polygon","coordinates":
            [[[{w},30.9],[{e},30.9],[{e},31.1],[{w},31.1],[{w},30.9]]]}}}}"#,
            q(code),
            q(name),
            q(zh)
        )
    };
    let road = |name: &str, class: &str, line: &str| {
        let name = q(name);
        format!(
            r#"{{"type":"Feature","properties":{{"name":{name},"class":"{class}"}},"geometry":{{"type":"LineString","coordinates":{line}}}}}"#
        )
    };
    let collection = |features: &[String]| format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    let counties = [county("500001", HOSTILE[0], "县<b>", 109.0), county("500002", HOSTILE[1], "", 109.2)];
    let roads = [
        road(HOSTILE[3], "trunk", "[[109.0,31.0],[109.1,31.0],[109.25,31.0],[109.4,31.0]]"),
        road("", "local", "[[109.1,31.0],[109.1,31.05]]"),
        road(HOSTILE[4], "secondary", "[[109.25,31.0],[109.25,31.08],[109.3,31.09]]"),
    ];
    let places = format!(
        "id,name,lon,lat,population\n1,{},109.3,31.0,900\n2,Near,109.01,31.0,50\n3,\"{}\",109.35,31.0,\n",
        HOSTILE[2].replace('\0', ""),
        HOSTILE[1].replace('"', "\"\"")
    );
    let region = format!(
        "[region]\nname = {}\nname_zh = {}\nsynthetic = true\nattribution = [{}, {}]\nmap_review_number = {}\n[roads]\npath = \
         \"roads.geojson\"\n[counties]\npath = \"counties.geojson\"\n[stations]\npath = \"stations.csv\"\n[settlements]\npath = \
         \"places.csv\"\n[criteria]\ndistances_km = [5, 10]\ntimes_min = [15]\nheadline_km = 10\n{rank}",
        q(HOSTILE[2]),
        q(HOSTILE[0]),
        q(HOSTILE[3]),
        q(HOSTILE[5]),
        q(HOSTILE[4])
    );
    for (name, text) in [
        ("counties.geojson", collection(&counties)),
        ("roads.geojson", collection(&roads)),
        ("stations.csv", stations.to_owned()),
        ("places.csv", places),
        ("region.toml", region),
    ] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let region = RegionFile::read(&dir.path().join("region.toml")).unwrap();
    let results = analyse(&region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default()).unwrap();
    let results: &'static Results = Box::leak(Box::new(results));
    results.as_run().unwrap()
}

/// One charging station at the west end, one that is closed.
pub const CHARGING_ONLY: &str =
    "id,name,lon,lat,kind,status\na,<i>West</i>,109.001,31.0,charging,open\nb,East,109.39,31.0,charging,closed\n";
/// One station of both kinds, and a swap station.
pub const WITH_SWAP: &str = "id,name,lon,lat,kind\na,West,109.001,31.0,both\nc,East,109.39,31.0,swap\n";
/// None that counts.
pub const NONE_USED: &str = "id,name,lon,lat,kind,status\nb,East,109.39,31.0,charging,closed\n";
