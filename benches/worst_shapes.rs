//! Shapes that a quadratic step would choke on, each at a tenth of its size and whole: time and memory must grow with the size.
//!
//! `cargo build --release && cargo run --release --example worst_shapes` runs the program that lies beside it. A line a case: seconds of
//! the processors (of the clock where the system does not tell) and megabytes at n/10 and at n, and their ratios; time over 12 × or
//! memory over 12 × fails it. What every run takes (that of the scene without the shape) is taken off both.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// A tenth of a shape may take no less than a twelfth of the whole.
const MOST_RATIO: f64 = 12.0;

struct Case {
    name: &'static str,
    n: usize,
    make: fn(usize) -> Scene,
}

/// What differs from the plain scene.
#[derive(Default)]
struct Scene {
    roads: Vec<String>,
    county: Option<String>,
    stations: Option<String>,
    join_crossings: bool,
}

const CASES: &[Case] = &[
    Case { name: "star of roads", n: 200_000, make: star },
    Case { name: "star, join_crossings", n: 200_000, make: |n| Scene { join_crossings: true, ..star(n) } },
    Case { name: "county of teeth", n: 100_000, make: teeth },
    Case { name: "county of holes", n: 100_000, make: holes },
    Case { name: "crossing roads", n: 100_000, make: crossing },
    Case { name: "crossing roads, join_crossings", n: 100_000, make: |n| Scene { join_crossings: true, ..crossing(n) } },
    Case { name: "pairs that cross, join_crossings", n: 100_000, make: |n| Scene { join_crossings: true, ..pairs(n) } },
    Case { name: "stations on one point", n: 1_000_000, make: stations },
    Case { name: "stations on one point, roads joined", n: 1_000_000, make: |n| Scene { join_crossings: true, ..stations(n) } },
    Case { name: "road of many vertices", n: 400_000, make: |n| Scene { roads: vec![serpentine(n)], ..Scene::default() } },
    Case {
        name: "road of many vertices, cut",
        n: 100_000,
        make: |n| Scene { roads: vec![wave(n, 0.7)], county: teeth(n).county, ..Scene::default() },
    },
    Case { name: "roads of two vertices", n: 200_000, make: lattice },
];

fn road(id: usize, class: &str, line: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"id":"r{id}","class":"{class}"}},"geometry":{{"type":"LineString","coordinates":[{line}]}}}}"#
    )
}

/// Roads that all begin at one place.
fn star(n: usize) -> Scene {
    let arm = |i: usize| {
        let turn = i as f64 / n as f64 * std::f64::consts::TAU;
        road(i, "local", &format!("[0.5,0.5],[{:.7},{:.7}]", 0.5 + 0.3 * turn.cos(), 0.5 + 0.3 * turn.sin()))
    };
    Scene { roads: (0..n).map(arm).collect(), ..Scene::default() }
}

/// A county like a comb, and a road through all its teeth.
fn teeth(n: usize) -> Scene {
    let w = 1.0 / n as f64;
    let mut ring = String::from("[0,0],[1,0]");
    for i in (0..n).rev() {
        let (left, middle) = (i as f64 * w, (i as f64 + 0.5) * w);
        write!(ring, ",[{:.8},0.5],[{middle:.8},0.5],[{middle:.8},0.9],[{left:.8},0.9]", left + w).unwrap_or_default();
    }
    ring += ",[0,0]";
    Scene { roads: vec![wave(10, 0.7)], county: Some(format!("[[{ring}]]")), ..Scene::default() }
}

/// A county full of holes, with a road through every row of them.
fn holes(n: usize) -> Scene {
    let side = (n as f64).sqrt().ceil() as usize;
    let step = 0.9 / side as f64;
    let mut rings = String::from("[[0,0],[1,0],[1,1],[0,1],[0,0]]");
    for k in 0..n {
        let (x, y) = (0.05 + (k % side) as f64 * step, 0.05 + (k / side) as f64 * step);
        let h = step / 2.0;
        write!(
            rings,
            ",[[{x:.8},{y:.8}],[{x:.8},{:.8}],[{:.8},{:.8}],[{:.8},{y:.8}],[{x:.8},{y:.8}]]",
            y + h,
            x + h,
            y + h,
            x + h
        )
        .unwrap_or_default();
    }
    let row = |k: usize| {
        let y = 0.05 + (k as f64 + 0.25) * step;
        road(k, "primary", &format!("[0.01,{y:.8}],[0.99,{y:.8}]"))
    };
    Scene { roads: (0..side).map(row).collect(), county: Some(format!("[{rings}]")), ..Scene::default() }
}

/// One road that all others cross without a node.
fn crossing(n: usize) -> Scene {
    let bar = |i: usize| {
        let x = 0.1 + 0.8 * i as f64 / n as f64;
        road(i, "local", &format!("[{x:.8},0.495],[{x:.8},0.505]"))
    };
    Scene { roads: (1..n).map(bar).chain([road(0, "trunk", "[0.05,0.5],[0.95,0.5]")]).collect(), ..Scene::default() }
}

/// Roads of which each crosses one other.
fn pairs(n: usize) -> Scene {
    let side = ((n / 2) as f64).sqrt().ceil() as usize;
    let step = 0.9 / side as f64;
    let of = |k: usize| {
        let (x, y, h) = (0.05 + (k % side) as f64 * step, 0.05 + (k / side) as f64 * step, step / 2.0);
        [
            road(2 * k, "local", &format!("[{x:.8},{y:.8}],[{:.8},{:.8}]", x + h, y + h)),
            road(2 * k + 1, "local", &format!("[{x:.8},{:.8}],[{:.8},{y:.8}]", y + h, x + h)),
        ]
    };
    Scene { roads: (0..n / 2).flat_map(of).collect(), ..Scene::default() }
}

fn stations(n: usize) -> Scene {
    let mut text = String::from("id,lon,lat,kind,points,power_kw\n");
    (0..n).for_each(|i| writeln!(text, "s{i},0.5,0.5001,charging,2,60").unwrap_or_default());
    Scene { stations: Some(text), ..Scene::default() }
}

/// A road from west to east in waves, of so many vertices.
fn wave(n: usize, y: f64) -> String {
    let at = |i: usize| {
        let x = 0.05 + 0.9 * i as f64 / (n - 1) as f64;
        format!("[{x:.8},{:.8}]", y + 0.02 * (x * 700.0).sin())
    };
    // begins where the plain road does
    road(1_000_000, "trunk", &std::iter::once("[0.05,0.5]".to_owned()).chain((0..n).map(at)).collect::<Vec<_>>().join(","))
}

/// A road up and down a slope, in as many bends as its stretches between them have vertices.
fn serpentine(n: usize) -> String {
    let side = (n as f64).sqrt() as usize;
    let at = |k: usize| {
        let (i, j) = (k % side, k / side);
        let i = if j % 2 == 0 { i } else { side - 1 - i };
        format!("[{:.8},{:.8}]", 0.05 + 0.05 * i as f64 / side as f64, 0.5 + 0.05 * j as f64 / side as f64)
    };
    road(
        1_000_000,
        "trunk",
        &std::iter::once("[0.05,0.5]".to_owned()).chain((0..side * side).map(at)).collect::<Vec<_>>().join(","),
    )
}

/// Plain roads to compare with.
fn lattice(n: usize) -> Scene {
    let side = ((n / 2) as f64).sqrt() as usize;
    let at = |i: usize| 0.05 + 0.9 * i as f64 / side as f64;
    let piece = |k: usize| {
        let (i, j) = (k % side, k / side);
        [
            road(2 * k, "local", &format!("[{:.8},{:.8}],[{:.8},{:.8}]", at(i), at(j), at(i + 1), at(j))),
            road(2 * k + 1, "local", &format!("[{:.8},{:.8}],[{:.8},{:.8}]", at(i), at(j), at(i), at(j + 1))),
        ]
    };
    Scene { roads: (0..side * side).flat_map(piece).collect(), ..Scene::default() }
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n"))
}

/// Writes the files of a scene.
fn lay(folder: &Path, scene: &Scene) -> std::io::Result<()> {
    let county = |code: &str, rings: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}","name":"C{code}"}},"geometry":{{"type":"Polygon","coordinates":{rings}}}}}"#
        )
    };
    let square = "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]";
    let counties =
        [county("010001", scene.county.as_deref().unwrap_or(square)), county("010002", "[[[1,0],[2,0],[2,1],[1,1],[1,0]]]")];
    let plain = [road(2_000_000, "trunk", "[0.05,0.5],[1.5,0.5]"), road(2_000_001, "trunk", "[0.5,0.05],[0.5,0.5]")];
    let roads: Vec<String> = scene.roads.iter().cloned().chain(plain).collect();
    let joined = if scene.join_crossings { "join_crossings = true\n" } else { "" };
    let region = format!(
        "[region]\nname = \"Worst\"\nsynthetic = true\n[roads]\npath = \"roads.geojson\"\n{joined}[counties]\npath = \"counties.geojson\"\n[stations]\npath = \"stations.csv\"\n[settlements]\npath = \"settlements.csv\"\n[criteria]\ndistances_km = [5]\ntimes_min = [5]\nheadline_km = 5\n[rank.uncertainty]\ndraws = 20\nsamples = 4\n[read]\nmax_refused_share = 1.0\n"
    );
    fs::write(folder.join("region.toml"), region)?;
    fs::write(folder.join("roads.geojson"), collection(&roads))?;
    fs::write(folder.join("counties.geojson"), collection(&counties))?;
    let few = "id,lon,lat,kind,points,power_kw\ns,0.5,0.5001,charging,2,60\n".to_owned();
    fs::write(folder.join("stations.csv"), scene.stations.as_ref().unwrap_or(&few))?;
    fs::write(folder.join("settlements.csv"), "id,name,lon,lat,population\nv1,A,0.6,0.5001,1000\nv2,B,1.4,0.5001,2000\n")
}

/// Seconds of the processors that ended children took, as Linux tells it in hundredths: other programs do not count.
fn children_s() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect(); // from the third on
    Some((fields.get(13)?.parse::<f64>().ok()? + fields.get(14)?.parse::<f64>().ok()?) / 100.0)
}

/// Runs the program on a scene; seconds, peak memory in MB, and how long each stage took.
fn measure(program: &Path, folder: &Path, scene: &Scene) -> Result<(f64, f64, String), String> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).and_then(|()| lay(folder, scene)).map_err(|e| e.to_string())?;
    let (since, before) = (Instant::now(), children_s());
    let mut command = Command::new(program);
    let done = command.current_dir(folder).args(["run", ".", "-q", "-o", "out", "--timings"]).stdin(Stdio::null()).output();
    let done = done.map_err(|e| format!("{}: {e}", program.display()))?;
    let took = match (before, children_s()) {
        (Some(before), Some(after)) => after - before,
        _ => since.elapsed().as_secs_f64(),
    };
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    if !done.status.success() {
        return Err(said);
    }
    let peak = said.lines().filter_map(|l| l.split("peak so far ").nth(1)?.split(' ').next()?.parse::<f64>().ok());
    let stages = said.lines().filter_map(|l| l.split(" s,").next()).map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "));
    Ok((took, peak.fold(0.0, f64::max), stages.collect::<Vec<_>>().join(", ")))
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let beside = std::env::current_exe().ok().and_then(|p| Some(p.parent()?.parent()?.join("chargegap"))).unwrap_or_default();
    let (mut program, mut only, mut stages, mut part) = (beside, String::new(), false, 1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--program" => program = args.next().map(PathBuf::from).unwrap_or_default(),
            "--case" => only = args.next().unwrap_or_default(),
            // shapes of a part of their size, for a first look
            "--part" => part = args.next().and_then(|n| n.parse().ok()).unwrap_or(1),
            "--stages" => stages = true,
            _ => {
                eprintln!("worst_shapes [--program PATH] [--case PART-OF-NAME] [--part N] [--stages]");
                return ExitCode::from(2);
            }
        }
    }
    let folder = std::env::temp_dir().join(format!("worst-shapes-{}", std::process::id()));
    let plain = match measure(&program, &folder, &Scene::default()) {
        Ok(plain) => plain,
        Err(what) => {
            eprintln!("{what}");
            return ExitCode::from(1);
        }
    };
    println!("plain: {:.2} s, {:.0} MB", plain.0, plain.1);
    println!(
        "{:<40} {:>9} {:>9} {:>9} {:>6} {:>8} {:>8} {:>6}",
        "case", "n", "s at n/10", "s at n", "ratio", "MB n/10", "MB n", "ratio"
    );
    let mut bad = 0;
    for case in CASES.iter().filter(|c| c.name.contains(&only)) {
        let n = case.n / part;
        let both = [n / 10, n].map(|n| measure(&program, &folder, &(case.make)(n)));
        let [Ok(small), Ok(whole)] = &both else {
            bad += 1;
            println!("{}: {}", case.name, both.into_iter().filter_map(Result::err).next().unwrap_or_default());
            continue;
        };
        // below the noise of a measurement there is no ratio
        let ratio = |whole: f64, small: f64, plain: f64, noise: f64| (whole - plain).max(noise) / (small - plain).max(noise);
        let (time, memory) = (ratio(whole.0, small.0, plain.0, 0.05), ratio(whole.1, small.1, plain.1, 10.0));
        let verdict = if time > MOST_RATIO || memory > MOST_RATIO { "too steep" } else { "" };
        bad += u8::from(!verdict.is_empty());
        println!(
            "{:<40} {n:>9} {:>9.2} {:>9.2} {time:>6.1} {:>8.0} {:>8.0} {memory:>6.1} {verdict}",
            case.name, small.0, whole.0, small.1, whole.1
        );
        if stages {
            println!("    n/10: {}\n    n:    {}", small.2, whole.2);
        }
    }
    let _ = fs::remove_dir_all(&folder);
    ExitCode::from(u8::from(bad > 0))
}
