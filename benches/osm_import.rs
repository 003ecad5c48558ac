//! An OpenStreetMap extract to roads, stations and settlements with positions: time, CPU time and peak memory of one read.
//!
//! Reads the file that `CHARGEGAP_PBF` names, else the Isle of Man. Not a statistical benchmark: peak memory belongs to a
//! process, so one process reads once. Time and memory of the process come from `/proc` and are left out elsewhere.

#![allow(missing_docs, clippy::expect_used)]

use chargegap::config::{Criteria, RegionFile};
use chargegap::issue::Issues;
use chargegap::read::Wanted;
use chargegap::read::osm::{ClassMap, read_osm};
use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let shipped = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/isle-of-man/isle-of-man.osm.pbf"));
    let path = std::env::var_os("CHARGEGAP_PBF").map_or_else(shipped, PathBuf::from);
    let criteria = Criteria::from_region(&RegionFile::default()).expect("the defaults are valid");
    let wanted = Wanted { counties: false, roads: true, stations: true, settlements: true };
    let (mut issues, before, start) = (Issues::default(), cpu_s(), Instant::now());
    let inputs = read_osm(&path, &path.to_string_lossy(), wanted, None, &ClassMap::new(), &criteria, &mut issues)
        .expect("the extract can be read");
    let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_s().zip(before).map(|(a, b)| a - b));
    println!("file: {}", path.display());
    println!("nodes kept: {}", inputs.roads.all_points().len());
    println!("roads: {}, {:.3} km", inputs.roads.list().len(), inputs.roads.read_mm as f64 / 1e6);
    println!("stations: {}, settlements: {}", inputs.stations.len(), inputs.settlements.len());
    println!("wall: {wall:.3} s, CPU: {}", cpu.map_or_else(|| "unknown".to_owned(), |s| format!("{s:.2} s")));
    println!("peak memory: {}", peak_mb().map_or_else(|| "unknown".to_owned(), |m| format!("{m:.0} MB")));
}

/// CPU time of this process so far, in seconds (user and system; ticks of 10 ms).
fn cpu_s() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// Largest resident memory of this process so far, in MB.
fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kb = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()?;
    Some(kb * 1024.0 / 1e6)
}
