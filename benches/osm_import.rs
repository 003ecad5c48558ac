//! An OpenStreetMap extract to a graph: time, CPU time and peak memory of one read, and how often one could have scanned
//! the file with the `osmpbf` crate meanwhile.
//!
//! Reads the file that `CHARGEGAP_PBF` names, else the Isle of Man. Not a statistical benchmark: peak memory belongs to a
//! process, so one process reads once. Time and memory of the process come from `/proc` and are left out elsewhere.
//! `benches/import_peers.sh` puts it beside pyosmium, Valhalla and OSRM.

#![allow(missing_docs, clippy::expect_used)]

use chargegap::internals::config::{Criteria, RegionFile};
use chargegap::internals::issue::Issues;
use chargegap::internals::network::Draft;
use chargegap::internals::read::WantedLayers;
use chargegap::internals::read::osm::{ClassMap, read_osm};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() {
    let shipped = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/isle-of-man/isle-of-man.osm.pbf"));
    let path = std::env::var_os("CHARGEGAP_PBF").map_or_else(shipped, PathBuf::from);
    let criteria = Criteria::from_region(&RegionFile::default()).expect("the defaults are valid");
    let wanted = WantedLayers { counties: false, roads: true, stations: true, settlements: true, candidates: Default::default() };
    let (mut issues, before, start) = (Issues::default(), cpu_s(), Instant::now());
    let inputs = read_osm(&path, &path.to_string_lossy(), wanted, None, &ClassMap::new(), &criteria.reading, &mut issues)
        .expect("the extract can be read");
    let graph = Draft::from_roads(&inputs.roads).expect("the roads make a network");
    let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_s().zip(before).map(|(a, b)| a - b));
    let peak = peak_mb();
    println!("file: {}", path.display());
    println!("nodes kept: {}", inputs.roads.all_points().len());
    println!("roads: {}, {:.3} km", inputs.roads.list().len(), inputs.roads.read_mm as f64 / 1e6);
    println!("stations: {}, settlements: {}", inputs.stations.len(), inputs.settlements.len());
    println!("wall: {wall:.3} s, CPU: {}", cpu.map_or_else(|| "unknown".to_owned(), |s| format!("{s:.2} s")));
    println!("graph: {} nodes, {} edges", graph.nodes.len(), graph.edges.len());
    println!("peak memory: {}", peak.map_or_else(|| "unknown".to_owned(), |m| format!("{m:.0} MB")));
    if std::env::var_os("CHARGEGAP_NO_SCAN").is_some() {
        return; // another program times this one
    }
    let (before, elements) = (cpu_s(), scan(&path));
    let scan = cpu_s().zip(before).map(|(a, b)| a - b);
    let ratio = cpu.zip(scan).filter(|(_, s)| *s > 0.0).map_or_else(String::new, |(c, s)| format!(", ratio {:.1}", c / s));
    println!("scan with osmpbf, one thread: {elements} elements, {:.2} s CPU{ratio}", scan.unwrap_or(f64::NAN));
}

/// Every element and every tag looked at once.
fn scan(path: &Path) -> u64 {
    let (mut elements, mut tags) = (0, 0);
    let reader = osmpbf::ElementReader::from_path(path).expect("the file opens");
    let count = reader.for_each(|element| {
        elements += 1;
        tags += match element {
            osmpbf::Element::Node(n) => n.tags().count(),
            osmpbf::Element::DenseNode(n) => n.tags().count(),
            osmpbf::Element::Way(w) => w.tags().count() + w.refs().count(),
            osmpbf::Element::Relation(r) => r.tags().count(),
        } as u64;
    });
    count.expect("the file is whole");
    std::hint::black_box(tags);
    elements
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
