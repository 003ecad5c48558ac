//! A small region on disk whose figures are known on paper, and the binary to run on it.
//!
//! ```text
//!   0.00      0.05      0.10      0.15      0.20   (longitude; all on the equator)
//!    A─────────B─────────C─────────D─────────E     trunk road "T1", 4 × 0.05°
//!    ├──── county 0101 ──┼──── county 0102 ──┤     border at 0.10
//!         s1 (charging, at B)        s2 (swap, at D)
//! ```

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};

/// 0.05° on the equator in millimetres: 5 × 1,113,195 mm less rounding (one segment, rounded once).
pub const STEP_MM: u64 = 5_565_975;

/// A region folder that is deleted with the value.
pub struct Toy {
    pub dir: tempfile::TempDir,
}

impl Toy {
    pub fn new() -> Self {
        let toy = Self { dir: tempfile::tempdir().unwrap() };
        toy.put("region.toml", REGION);
        toy.put("roads.geojson", &roads(&[road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2])]));
        toy.put("counties.geojson", &counties(&[county("0101", "West", 0.0, 0.1), county("0102", "East", 0.1, 0.2)]));
        toy.put("stations.csv", "id,name,lon,lat,kind,points,power_kw,access,status\ns1,One,0.05,0.0001,charging,4,120,public,open\ns2,Two,0.15,0.0001,swap,,,public,open\n");
        toy.put(
            "settlements.csv",
            "id,name,name_zh,lon,lat,population,kind\nv1,Alpha,甲,0.01,0.0001,1000,town\nv2,Beta,乙,0.19,0.0001,3000,town\n",
        );
        toy
    }

    pub fn put(&self, name: &str, text: &str) {
        fs::write(self.dir.path().join(name), text).unwrap();
    }

    pub fn put_bytes(&self, name: &str, bytes: &[u8]) {
        fs::write(self.dir.path().join(name), bytes).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// `chargegap` with these arguments, from inside the folder, so that messages hold no temporary path.
    pub fn chargegap(&self, args: &[&str]) -> Command {
        let mut cmd = chargegap();
        cmd.current_dir(self.dir.path()).args(args);
        cmd
    }
}

pub fn chargegap() -> Command {
    let mut cmd = Command::cargo_bin("chargegap").unwrap();
    cmd.env("LC_ALL", "C"); // the terminal speaks the language of the machine
    cmd
}

pub const REGION: &str = r#"[region]
name = "Toy"
name_zh = "玩具"
attribution = ["Made up for tests"]

[roads]
path = "roads.geojson"

[counties]
path = "counties.geojson"

[stations]
path = "stations.csv"

[settlements]
path = "settlements.csv"

[criteria]
distances_km = [2, 10]
times_min = [5]
headline_km = 2
"#;

pub fn road(id: &str, class: &str, name: &str, lons: &[f64]) -> String {
    let line: Vec<String> = lons.iter().map(|x| format!("[{x},0]")).collect();
    format!(
        r#"{{"type":"Feature","properties":{{"id":"{id}","class":"{class}","name":"{name}"}},"geometry":{{"type":"LineString","coordinates":[{}]}}}}"#,
        line.join(",")
    )
}

pub fn county(code: &str, name: &str, west: f64, east: f64) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"code":"{code}","name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},-0.1],[{east},-0.1],[{east},0.1],[{west},0.1],[{west},-0.1]]]}}}}"#
    )
}

pub fn roads(features: &[String]) -> String {
    collection(features)
}

pub fn counties(features: &[String]) -> String {
    collection(features)
}

pub fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n"))
}

/// Every file of a folder and of the folders in it, by name.
pub fn contents(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut all = std::collections::BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap()) {
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        if path.is_dir() {
            all.extend(contents(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            all.insert(name, fs::read(path).unwrap());
        }
    }
    all
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
