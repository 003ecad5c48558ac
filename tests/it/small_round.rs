//! A small round on disk: six counties of two provinces on a lattice of roads, with quotas and a budget.
//!
//! ```text
//!   0.2 ┌────────┬────────┬────────┐
//!       │ 120101 │ 120102 │ 120103 │   12/region.toml
//!   0.1 ├────────┼────────┼────────┤
//!       │ 110101 │ 110102 │ 110103 │   11/region.toml
//!   0.0 └────────┴────────┴────────┘
//!      0.0      0.2      0.4      0.6  degrees; a road every 0.02° both ways, ten stations a province
//! ```

use crate::oracles::Dice;
use crate::toy::{chargegap, collection};
use std::fs;
use std::path::{Path, PathBuf};

/// The round file: two of the six can be paid for, and each province has a quota.
pub const ROUND: &str = r#"[round]
id = "small"
year = 2026
name = "Small round"
[regions]
files = ["*/region.toml"]
[criteria]
distances_km = [2, 5]
times_min = []
headline_km = 2
[rank.uncertainty]
draws = 40
samples = 8
[select]
quotas = { "11" = 1, "12" = 2 }
budget = 9000
cost = 4500
[output]
layers = ["gaps"]
"#;

const REGION: &str = "[region]\nname = \"Part\"\nsynthetic = true\n[roads]\npath = \"roads.geojson\"\n[counties]\npath = \"counties.geojson\"\n\
                      [stations]\npath = \"stations.csv\"\n[settlements]\npath = \"settlements.csv\"\n";

/// The inputs, and the finished round in `out`.
pub struct SmallRound {
    pub dir: tempfile::TempDir,
}

impl SmallRound {
    /// Writes the inputs and makes the round.
    pub fn made() -> Self {
        let round = Self::laid();
        round.chargegap(&["round", "round.toml", "-o", "out", "-q"]).assert().success();
        round
    }

    /// Writes the inputs.
    pub fn laid() -> Self {
        let round = Self { dir: tempfile::tempdir().unwrap() };
        fs::write(round.path("round.toml"), ROUND).unwrap();
        for (south, province) in [(0u32, 11u32), (10, 12)] {
            round.province(province, south);
        }
        round
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn out(&self) -> PathBuf {
        self.path("out")
    }

    pub fn chargegap(&self, args: &[&str]) -> assert_cmd::Command {
        let mut cmd = chargegap();
        cmd.current_dir(self.dir.path()).args(args);
        cmd
    }

    /// Changes the text of an input.
    pub fn edit(&self, name: &str, edit: impl FnOnce(String) -> String) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        let new = edit(text.clone());
        assert_ne!(new, text, "{name} was to be changed");
        fs::write(self.path(name), new).unwrap();
    }

    /// Everything of a province between two latitudes, in hundredths of a degree.
    fn province(&self, province: u32, south: u32) {
        let put = |name: &str, text: String| fs::write(self.path(&format!("{province}/{name}")), text).unwrap();
        fs::create_dir(self.path(&province.to_string())).unwrap();
        put("region.toml", REGION.to_owned());
        put("roads.geojson", collection(&lattice(south)));
        put("counties.geojson", collection(&[0, 1, 2].map(|i| county(province, i, south))));
        let mut dice = Dice::new(u64::from(province));
        let mut place = || {
            format!("{:.4},{:.4}", 0.002 + dice.roll(596) as f64 / 1e3, (south as f64 + 0.2) / 1e2 + dice.roll(96) as f64 / 1e3)
        };
        let stations = (0..10).map(|i| format!("s{province}{i},{},charging,4,{},public,open\n", place(), 60 * (1 + i % 3)));
        put("stations.csv", format!("id,lon,lat,kind,points,power_kw,access,status\n{}", stations.collect::<String>()));
        let settlements = (0..12).map(|i| format!("v{province}{i},V{i},{},{},town\n", place(), 100 * (i + 1)));
        put("settlements.csv", format!("id,name,lon,lat,population,kind\n{}", settlements.collect::<String>()));
    }
}

fn hundredths(list: &[(u32, u32)]) -> String {
    let points: Vec<String> =
        list.iter().map(|(x, y)| format!("[{:.2},{:.2}]", f64::from(*x) / 1e2, f64::from(*y) / 1e2)).collect();
    points.join(",")
}

fn county(province: u32, i: u32, south: u32) -> String {
    let (west, east, north) = (20 * i, 20 * i + 20, south + 10);
    let corners = hundredths(&[(west, south), (east, south), (east, north), (west, north), (west, south)]);
    let code = format!("{province}010{}", i + 1);
    format!(
        r#"{{"type":"Feature","properties":{{"code":"{code}","name":"County {code}"}},"geometry":{{"type":"Polygon","coordinates":[[{corners}]]}}}}"#
    )
}

/// Roads every 0.02°, from the borders 0.01° away, so that none lies on one.
fn lattice(south: u32) -> Vec<String> {
    let road = |id: String, class: &str, line: &[(u32, u32)]| {
        let line = hundredths(line);
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","class":"{class}"}},"geometry":{{"type":"LineString","coordinates":[{line}]}}}}"#
        )
    };
    let class = |k: u32| ["trunk", "secondary", "local"][k as usize % 3];
    let across = (0..5)
        .map(|k| (k, south + 1 + 2 * k))
        .map(|(k, y)| road(format!("w{y}"), class(k), &(1..=59).map(|x| (x, y)).collect::<Vec<_>>()));
    let along = (0..30).map(|k| (k, 1 + 2 * k)).map(|(k, x)| {
        road(
            format!("n{x}-{south}"),
            class(k),
            &(south + 1..=south + if south == 0 { 11 } else { 9 }).map(|y| (x, y)).collect::<Vec<_>>(),
        )
    });
    across.chain(along).collect()
}

/// Every file of a folder and of the folders in it, by name, in order.
pub fn all_files(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().unwrap().is_dir() {
            names.extend(all_files(&entry.path()).into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            names.push(name);
        }
    }
    names.sort();
    names
}
