//! A made-up country of 20 counties in four provinces, each province a region of its own, for rounds: the same bytes from the same seed.
//!
//! ```text
//!            107.0   107.5   108.0   108.5   109.0   109.5
//!     26.0    ├───────┼───────┼───────┼───────┼───────┤
//!             │540101 │540102 │540103 │540104 │540105 │   region p4
//!     25.5    ├───────┼───────┼───────┼───────┼───────┤
//!             │530101 │  …    │       │       │       │   region p3
//!     25.0    ├───────┼───────┼───────┼───────┼───────┤
//!             │520101 │       │       │       │       │   region p2
//!     24.5    ├───────┼───────┼───────┼───────┼───────┤
//!             │510101 │510102 │510103 │510104 │510105 │   region p1
//!     24.0    └───────┴───────┴───────┴───────┴───────┘
//! ```
//!
//! Roads run along a crooked lattice whose junctions lie off the borders, so that roads, and what stations serve, cross the borders of
//! counties and regions. A road, a station or a settlement stands in the files of the region where it begins.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Side of a county, degrees.
pub const SIDE: f64 = 0.5;
/// South-west corner of the country.
pub const CORNER: (f64, f64) = (107.0, 24.0);
/// Counties from west to east, and regions from south to north.
pub const ACROSS: usize = 5;
pub const REGIONS: usize = 4;
/// Lattice steps of a road.
const STEPS: usize = 3;

/// Code of the county in a column of a row, both from 0.
pub fn code(column: usize, row: usize) -> String {
    format!("5{}01{:02}", row + 1, column + 1)
}

/// All codes, in order.
pub fn codes() -> Vec<String> {
    (0..REGIONS).flat_map(|row| (0..ACROSS).map(move |column| code(column, row))).collect()
}

/// A road.
#[derive(Clone)]
pub struct Road {
    pub id: String,
    pub class: &'static str,
    pub oneway: &'static str,
    pub line: Vec<(f64, f64)>,
}

/// Rows of a table of points.
#[derive(Clone)]
pub struct Point {
    pub id: String,
    pub at: (f64, f64),
    pub rest: String,
}

/// What a region's files hold.
#[derive(Clone)]
pub struct Region {
    pub roads: Vec<Road>,
    pub stations: Vec<Point>,
    pub settlements: Vec<Point>,
    /// Code, people, cost.
    pub table: Vec<(String, u32, u32)>,
}

/// The country before it is written.
#[derive(Clone)]
pub struct Scene {
    pub regions: Vec<Region>,
    /// `[criteria]`, without its head.
    pub criteria: String,
    /// `[rank…]`, with its heads.
    pub rank: String,
    /// `[select]`, without its head.
    pub select: String,
    /// Region files as the round lists them.
    pub files: String,
}

/// A number in 0 … 1 that depends on all of its arguments (SplitMix64).
fn chance(seed: u64, what: u64, i: usize, j: usize) -> f64 {
    let mut x = seed ^ what.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for part in [i as u64, j as u64] {
        x = x.wrapping_add(part).wrapping_add(0x9E37_79B9_7F4A_7C15);
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^= x >> 31;
    }
    (x >> 11) as f64 / (1u64 << 53) as f64
}

/// A number of the same kind that is drawn again and again, for tests that pick instants and bytes.
pub fn draw(seed: u64, i: usize) -> f64 {
    chance(seed, 99, i, 7)
}

impl Scene {
    /// A country with so many lattice lines in each county.
    pub fn new(seed: u64, lines: usize) -> Self {
        let regions = (0..REGIONS).map(|row| region(seed, lines, row)).collect();
        Self {
            regions,
            criteria: "distances_km = [2, 5]\ntimes_min = []\nheadline_km = 5\nmax_snap_m = 300\nsettlement_max_snap_m = 1000\n"
                .to_owned(),
            rank: "[rank.uncertainty]\ndraws = 100\n".to_owned(),
            select: "budget = 20000\ncost = 4500\nquotas = { 51 = 2, 52 = 1, 53 = 1, 54 = 2 }\n".to_owned(),
            files: "\"p*/region.toml\"".to_owned(),
        }
    }

    /// Writes all files that differ from those in the folder, so that a file that says the same keeps its times.
    pub fn write(&self, folder: &Path) {
        for (i, region) in self.regions.iter().enumerate() {
            let dir = folder.join(format!("p{}", i + 1));
            fs::create_dir_all(&dir).unwrap();
            put(&dir.join("region.toml"), &region_toml(i));
            put(&dir.join("roads.geojson"), &roads_json(&region.roads));
            put(&dir.join("counties.geojson"), &counties_json(i));
            put(&dir.join("stations.csv"), &table(STATION_HEAD, &region.stations));
            put(&dir.join("settlements.csv"), &table(SETTLEMENT_HEAD, &region.settlements));
            put(&dir.join("table.csv"), &county_table(&region.table));
        }
        put(&folder.join("round.toml"), &self.round_toml());
    }

    /// The round file.
    pub fn round_toml(&self) -> String {
        let Self { files, criteria, rank, select, .. } = self;
        format!(
            "[round]\nid = \"scene\"\nyear = 2026\n[regions]\nfiles = [{files}]\n[criteria]\n{criteria}{rank}[select]\n{select}[output]\ngaps = \"headline\"\n"
        )
    }

    /// A folder of all files with the round in it, in memory where there is such a place: most tests wait for nothing but the disk.
    pub fn laid(&self) -> Laid {
        let memory = tempfile::tempdir_in("/dev/shm");
        self.laid_in(memory.or_else(|_| tempfile::tempdir()).unwrap())
    }

    /// The same on a disk.
    pub fn laid_on_disk(&self) -> Laid {
        self.laid_in(tempfile::tempdir().unwrap())
    }

    fn laid_in(&self, dir: tempfile::TempDir) -> Laid {
        self.write(dir.path());
        Laid { dir }
    }
}

fn put(path: &Path, text: &str) {
    if fs::read(path).ok().as_deref() != Some(text.as_bytes()) {
        fs::write(path, text).unwrap();
    }
}

const STATION_HEAD: &str = "id,lon,lat,kind,points,power_kw,trucks,operator,access,status,opened";
const SETTLEMENT_HEAD: &str = "id,lon,lat,name,population,kind";

fn region_toml(i: usize) -> String {
    format!(
        "[region]\nname = \"Province {}\"\nsynthetic = true\nattribution = [\"Made up for tests\"]\n[roads]\npath = \"roads.geojson\"\n\
         [counties]\npath = \"counties.geojson\"\n[county_table]\npath = \"table.csv\"\n[stations]\npath = \"stations.csv\"\n\
         [settlements]\npath = \"settlements.csv\"\n",
        i + 1
    )
}

fn region(seed: u64, lines: usize, row: usize) -> Region {
    let at = |i: usize, j: usize| {
        let step = SIDE / lines as f64;
        let off = |what: u64| 0.5 + 0.3 * (chance(seed, what, i, j) - 0.5);
        (CORNER.0 + (i as f64 + off(1)) * step, CORNER.1 + (j as f64 + off(2)) * step)
    };
    let (wide, high) = (ACROSS * lines, REGIONS * lines);
    let rows = row * lines..(row + 1) * lines;
    let mut roads = Vec::new();
    for j in rows.clone() {
        for i in 0..wide {
            let along = |east: bool| -> Vec<(f64, f64)> {
                let steps = if east { STEPS.min(wide - 1 - i) } else { STEPS.min(high - 1 - j) };
                (0..=steps).map(|k| if east { at(i + k, j) } else { at(i, j + k) }).collect()
            };
            for (east, word) in [(true, 'e'), (false, 'n')] {
                let starts = if east { i % STEPS == 0 } else { j % STEPS == 0 };
                let line = along(east);
                if starts && line.len() > 1 && chance(seed, 3, i, 2 * j + usize::from(east)) < 0.85 {
                    roads.push(road(seed, format!("{word}{i}-{j}"), line, (i, j, east)));
                }
            }
        }
    }
    let points = |what: u64, each: usize, rest: &dyn Fn(usize, usize) -> String| -> Vec<Point> {
        let one = |n: usize| {
            // beside a junction of the county, some of them too far off to count
            let (column, k) = (n / each, n % each);
            let pick = |w: u64| ((chance(seed, what + w, n, row) * lines as f64) as usize).min(lines - 1);
            let (x, y) = at(column * lines + pick(1), row * lines + pick(2));
            let off = |w: u64| (chance(seed, what + w, n, row) - 0.5) * 0.008;
            let (lon, lat) = (((x + off(3)) * 1e7).round() / 1e7, ((y + off(4)) * 1e7).round() / 1e7);
            Point {
                id: format!("{}{}-{column}-{k}", if what == 10 { 's' } else { 'v' }, row + 1),
                at: (lon, lat),
                rest: rest(n, k),
            }
        };
        (0..each * ACROSS).map(one).collect()
    };
    let station = |n: usize, k: usize| {
        let pick =
            |w: u64, list: &[&'static str]| list[((chance(seed, w, n, row) * list.len() as f64) as usize).min(list.len() - 1)];
        format!(
            "{},{},{},{},{},{},{},{}",
            ["charging", "charging", "swap", "charging;swap"][k % 4],
            1 + n % 9,
            pick(21, &["60", "120", "240", ""]),
            pick(22, &["yes", "", "no"]),
            pick(23, &["A", "B", ""]),
            pick(24, &["public", "public", "public", "private"]),
            pick(25, &["open", "open", "open", "", "planned"]),
            pick(26, &["2016-03", "2021-11", "2024-06", ""])
        )
    };
    let settlement = |n: usize, k: usize| format!("Village {k},{},village", 50 + (chance(seed, 31, n, row) * 4000.0) as u32);
    let table = |c: usize| (code(c, row), 10_000 + (chance(seed, 41, c, row) * 500_000.0) as u32, 3000 + 100 * c as u32);
    Region {
        roads,
        stations: points(10, 5, &station),
        settlements: points(15, 20, &settlement),
        table: (0..ACROSS).map(table).collect(),
    }
}

fn road(seed: u64, id: String, line: Vec<(f64, f64)>, (i, j, east): (usize, usize, bool)) -> Road {
    let pick = |w: u64| chance(seed, w, i, 2 * j + usize::from(east));
    let class = ["trunk", "secondary", "local", "local"][(pick(4) * 4.0) as usize % 4];
    let oneway = if pick(5) < 0.05 { "yes" } else { "" };
    // a bend between each two junctions
    let mut bent = vec![line[0]];
    for w in line.windows(2) {
        bent.extend([
            ((w[0].0 + w[1].0) / 2.0 + 0.001 * (pick(6) - 0.5), (w[0].1 + w[1].1) / 2.0 + 0.001 * (pick(7) - 0.5)),
            w[1],
        ]);
    }
    Road { id, class, oneway, line: bent }
}

fn roads_json(roads: &[Road]) -> String {
    let one = |r: &Road| {
        let line: Vec<String> = r.line.iter().map(|(x, y)| format!("[{x:.7},{y:.7}]")).collect();
        let (id, class, oneway) = (&r.id, r.class, r.oneway);
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","class":"{class}","name":"","oneway":"{oneway}"}},"geometry":{{"type":"LineString","coordinates":[{}]}}}}"#,
            line.join(",")
        )
    };
    crate::toy::collection(&roads.iter().map(one).collect::<Vec<_>>())
}

/// The counties of a region.
pub fn counties_json(row: usize) -> String {
    let one = |column: usize| {
        let (w, s) = (CORNER.0 + column as f64 * SIDE, CORNER.1 + row as f64 * SIDE);
        let (e, n) = (w + SIDE, s + SIDE);
        let code = code(column, row);
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}","name":"County {code}"}},"geometry":{{"type":"Polygon","coordinates":[[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]]}}}}"#
        )
    };
    crate::toy::collection(&(0..ACROSS).map(one).collect::<Vec<_>>())
}

fn table(head: &str, points: &[Point]) -> String {
    let mut text = format!("{head}\n");
    for p in points {
        let _ = writeln!(text, "{},{:.7},{:.7},{}", p.id, p.at.0, p.at.1, p.rest);
    }
    text
}

fn county_table(rows: &[(String, u32, u32)]) -> String {
    let mut text = "code,population,price\n".to_owned();
    for (code, people, price) in rows {
        let _ = writeln!(text, "{code},{people},{price}");
    }
    text
}

/// A folder with the files of a round.
pub struct Laid {
    pub dir: tempfile::TempDir,
}

impl Laid {
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The program with these words, from inside the folder, silent.
    pub fn command(&self, words: &str) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("chargegap"));
        command.current_dir(self.dir.path()).args(words.split_whitespace()).stdin(Stdio::null());
        command
    }

    /// Runs it; exit code, standard output and standard error.
    pub fn says(&self, words: &str) -> (i32, String, String) {
        said(&self.command(words).output().unwrap())
    }

    /// Runs it to its good end with `--json`; what it prints.
    pub fn json(&self, words: &str) -> Value {
        let (exit, out, err) = self.says(&format!("{words} --json"));
        assert_eq!(exit, 0, "{words}: {err}");
        serde_json::from_str(&out).unwrap()
    }

    /// Every file of a folder and those in it, by name.
    pub fn tree(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let mut all = BTreeMap::new();
        collect(&self.path(name), "", &mut all);
        all
    }

    /// The round done in one go in another work folder: what every other way must come to.
    pub fn unbroken(&self) -> BTreeMap<String, Vec<u8>> {
        self.json("round round.toml -o unbroken --work unbroken-work --overwrite");
        self.tree("unbroken")
    }

    /// Hidden names beside the folders and in the work folder: locks and half-written files, of which none may stay.
    pub fn leftovers(&self) -> Vec<String> {
        let mut all = BTreeMap::new();
        collect(self.dir.path(), "", &mut all);
        all.into_keys().filter(|n| n.split('/').any(|part| part.starts_with('.'))).collect()
    }
}

/// Exit code, standard output and standard error.
pub fn said(out: &Output) -> (i32, String, String) {
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    (out.status.code().unwrap_or(-1), text(&out.stdout), text(&out.stderr))
}

/// Codes of the counties that a run computed.
pub fn computed(json: &Value) -> Vec<String> {
    json["computed"].as_array().unwrap().iter().map(|c| c.as_str().unwrap().to_owned()).collect()
}

/// Says which files differ.
pub fn assert_same(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>, when: &str) {
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{when}");
    let differ: Vec<&String> = a.keys().filter(|k| a[*k] != b[*k]).collect();
    assert!(differ.is_empty(), "{when}: {differ:?} differ");
}

fn collect(folder: &Path, under: &str, all: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap()) {
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), all);
        } else {
            all.insert(name, fs::read(entry.path()).unwrap_or_default());
        }
    }
}
