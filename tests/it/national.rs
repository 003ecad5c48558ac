//! A made-up country for a round of 2,800 counties: 28 provinces of ten by ten counties each, a road through the middle of every row and
//! every column, a station in every third county, two settlements in each.
//!
//! ```text
//!   29 ┌────┬────┬ … ┐   a province is a degree wide and high, a county a tenth; province 11 is in the south-west, 12 east of it,
//!   28 ├ 18 ┼ 19 ┼ … ┤   18 north of it
//!      ├ 11 ┼ 12 ┼ … ┤   codes: 110101 to 110110 is the southern row of province 11, from west to east
//!   25 └────┴────┴ … ┘
//!     100  101  …  107
//! ```

use crate::toy::collection;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Provinces of the country.
pub const PROVINCES: std::ops::Range<u32> = 11..39;

const REGION: &str = "[region]\nname = \"Part\"\nsynthetic = true\n[roads]\npath = \"roads.geojson\"\n[counties]\npath = \"counties.geojson\"\n\
                      [stations]\npath = \"stations.csv\"\n[settlements]\npath = \"settlements.csv\"\n[county_table]\npath = \"table.csv\"\n";

/// The code of the k-th county of a province, from 0, row by row.
pub fn code(province: u32, k: u32) -> String {
    format!("{province}{:04}", 101 + k)
}

/// The south-western corner of a province, hundredths of a degree.
fn corner(province: u32) -> (u32, u32) {
    let n = province - PROVINCES.start;
    (10_000 + 100 * (n % 7), 2_500 + 100 * (n / 7))
}

fn line(points: &[(u32, u32)]) -> String {
    let one = |(x, y): &(u32, u32)| format!("[{:.2},{:.2}]", f64::from(*x) / 1e2, f64::from(*y) / 1e2);
    points.iter().map(one).collect::<Vec<_>>().join(",")
}

/// The county as its layer draws it.
pub fn county(province: u32, k: u32) -> String {
    let (west, south) = corner(province);
    let (w, s) = (west + 10 * (k % 10), south + 10 * (k / 10));
    let ring = line(&[(w, s), (w + 10, s), (w + 10, s + 10), (w, s + 10), (w, s)]);
    let code = code(province, k);
    format!(
        r#"{{"type":"Feature","properties":{{"code":"{code}","name":"County {code}"}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#
    )
}

/// The row of the county in the table: 1,000 people and more, and a price from 4,000 up.
pub fn row(province: u32, k: u32) -> String {
    let code = code(province, k);
    format!("{code},County {code},{},{}\n", 1000 + 7 * k + province, 4000 + 10 * ((k * 37 + province) % 100))
}

fn roads(province: u32) -> String {
    let (west, south) = corner(province);
    let stops: Vec<u32> = std::iter::once(0).chain((0..10).map(|i| 5 + 10 * i)).chain([100]).collect();
    let road = |id: String, class: &str, points: &[(u32, u32)]| {
        let points = line(points);
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","class":"{class}"}},"geometry":{{"type":"LineString","coordinates":[{points}]}}}}"#
        )
    };
    let class = |i: u32| ["trunk", "secondary", "local"][i as usize % 3];
    let across = (0..10)
        .map(|i| road(format!("w{i}"), class(i), &stops.iter().map(|x| (west + x, south + 5 + 10 * i)).collect::<Vec<_>>()));
    let along = (0..10)
        .map(|i| road(format!("n{i}"), class(i), &stops.iter().map(|y| (west + 5 + 10 * i, south + y)).collect::<Vec<_>>()));
    collection(&across.chain(along).collect::<Vec<_>>())
}

/// Writes the regions, each in a folder with the name of its province, and the register of all counties.
pub fn write(folder: &Path) {
    let mut register = "code,name,applied,joint_lead,withdrawn\n".to_owned();
    for p in PROVINCES {
        let at = folder.join(p.to_string());
        fs::create_dir(&at).unwrap();
        let put = |name: &str, text: String| fs::write(at.join(name), text).unwrap();
        put("region.toml", REGION.to_owned());
        put("roads.geojson", roads(p));
        put("counties.geojson", collection(&(0..100).map(|k| county(p, k)).collect::<Vec<_>>()));
        put("table.csv", "code,name,population,price\n".to_owned() + &(0..100).map(|k| row(p, k)).collect::<String>());
        let (mut stations, mut settlements) =
            ("id,lon,lat,kind,points,power_kw\n".to_owned(), "id,name,lon,lat,population\n".to_owned());
        let (west, south) = corner(p);
        for k in 0..100 {
            let code = code(p, k);
            // at the crossing of the county's two roads, hundredths of a degree
            let (x, y) = (f64::from(west + 10 * (k % 10) + 5) / 1e2, f64::from(south + 10 * (k / 10) + 5) / 1e2);
            if (k + p) % 3 == 0 {
                writeln!(stations, "s{code},{:.3},{y:.3},charging,{},{}", x + 0.01, 2 + k % 5, 60 * (1 + k % 3)).unwrap();
            }
            for (i, (dx, dy)) in [(0.03, 0.001), (-0.001, 0.02 + 0.0002 * f64::from(k))].iter().enumerate() {
                writeln!(settlements, "v{code}{i},V{code}{i},{:.4},{:.4},{}", x + dx, y + dy, 100 + 3 * k + i as u32).unwrap();
            }
            writeln!(register, "{code},County {code},2026-01-05,,").unwrap();
        }
        put("stations.csv", stations);
        put("settlements.csv", settlements);
    }
    fs::write(folder.join("applicants.csv"), register).unwrap();
}
