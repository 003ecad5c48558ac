//! Times floating catchments: 100,000 settlements × 2,000 stations within 30 km, from the searches to kW for a vehicle.
//!
//! `cargo bench --bench access` makes a grid of its own (1,048,576 nodes, 500 m apart on the mean); `-- --data DIR` takes a network of
//! numbers (`bench.rs` says which). It prints one line of JSON. The target is under 2 s on 2 cores (`median_s`).
//!
//! The naive column searches from each settlement with a heap, for a few of them, and tells what all would take. Those few must have
//! the same stations at the same distances; supply must be conserved; and of the grid the `check` (pairs, and the sum of their distances) is
//! pinned: it is a sum of whole numbers, and the same on any machine.

mod graph_file;

use chargegap::internals::access::floating::{two_step, weight};
use chargegap::internals::access::within::Within;
use chargegap::internals::config::demand::AccessMethod;
use chargegap::internals::engine::{Catchments, Graph, Targets};
use chargegap::internals::error::{Error, Result};
use chargegap::internals::system::{peak_mb, processor_time};
use clap::Parser;
use graph_file::{GraphFile, answered};
use serde_json::json;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Nodes on a side of the grid, and of its tiles: numbers run by tile, as local as those of a map.
const SIDE: u32 = 1024;
const TILE: u32 = 32;
/// Pairs of the grid as it is when nothing else is asked for, and the sum of their distances, decimetres.
const CHECK: [u64; 2] = [1_403_280, 282_906_126_540];
/// Settlements that the naive column searches from.
const NAIVE: usize = 200;

/// Times floating catchments.
#[derive(Debug, Parser)]
#[command(name = "access")]
struct Args {
    /// Folder with a graph.bin [default: a grid].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Settlements.
    #[arg(long, default_value_t = 100_000)]
    places: usize,
    /// Stations.
    #[arg(long, default_value_t = 2000)]
    stations: usize,
    /// Reach of a station.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=4000))]
    km: u32,
    /// How often; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Threads.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// What `cargo bench` says.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    answered(bench(&Args::parse()))
}

/// A network with the nodes of settlements and stations. Lengths are decimetres.
struct Ground {
    graph: Graph,
    places: Vec<u32>,
    stations: Vec<u32>,
}

/// Spreads bits: a number that looks like chance and is the same everywhere.
fn mixed(n: u32) -> u32 {
    let n = (n ^ (n >> 16)).wrapping_mul(0x7feb_352d);
    let n = (n ^ (n >> 15)).wrapping_mul(0x846c_a68b);
    n ^ (n >> 16)
}

/// Number of a node by its row and column.
fn node(row: u32, column: u32) -> u32 {
    let tile = row / TILE * (SIDE / TILE) + column / TILE;
    tile * TILE * TILE + row % TILE * TILE + column % TILE
}

/// Every so-manieth of the first `all` numbers.
fn spread(all: usize, asked: usize) -> impl Iterator<Item = usize> {
    let n = asked.min(all);
    (0..n).map(move |i| i * all / n.max(1))
}

/// The grid: edges of 300 to 700 m to the right and down, both ways, of which one in four is not there.
fn grid(places: usize, stations: usize) -> Result<Ground> {
    let edges = || {
        (0..SIDE * SIDE * 2).filter_map(|i| {
            let (row, column, down) = (i / 2 / SIDE, i / 2 % SIDE, i % 2);
            let chance = mixed(i);
            let there = row + down < SIDE && column + 1 - down < SIDE && !chance.is_multiple_of(4);
            there.then(|| (node(row, column), node(row + down, column + 1 - down), 3000 + chance / 4 % 4001))
        })
    };
    let graph = Graph::new((SIDE * SIDE) as usize, || edges().flat_map(|(a, b, dm)| [(a, b, dm), (b, a, dm)]))?;
    let on = |n: usize, salt: u32| -> Vec<u32> {
        spread((SIDE * SIDE) as usize, n).map(|i| (i as u32 + mixed(i as u32 ^ salt) % 10).min(SIDE * SIDE - 1)).collect()
    };
    Ok(Ground { graph, places: on(places, 1), stations: on(stations, 2) })
}

fn of_file(args: &Args, folder: &std::path::Path) -> Result<Ground> {
    let file = GraphFile::open(&folder.join("graph.bin"))?;
    let rank = file.rank()?;
    let pick = |all: Vec<u32>, n| spread(all.len(), n).map(|i| all[i]).collect();
    Ok(Ground {
        graph: file.graph(&rank, 2)?,
        places: pick(file.nodes(1, &rank)?, args.places),
        stations: pick(file.nodes(2, &rank)?, args.stations),
    })
}

/// Sparse pairs, kW for a vehicle of each place, and the supply that somebody reaches.
fn access(g: &Ground, targets: &Targets, limit: u32) -> (Within, Vec<Option<f64>>, f64) {
    let found = Catchments::new(g.graph.arcs(), targets, limit)
        .map(&g.stations, |station, pairs| pairs.iter().map(|(place, dm)| (*place, station as u32, *dm)).collect::<Vec<_>>());
    let pairs = Within::new(g.places.len(), found.into_iter().flatten().collect());
    let weights: Vec<f64> = pairs.all().iter().map(|(_, dm)| weight(AccessMethod::Gaussian, *dm, limit)).collect();
    let (vehicles, kw) = (vehicles(g), (0..g.stations.len()).map(|i| 60.0 * (1 + i % 8) as f64).collect::<Vec<_>>());
    let found = two_step(&pairs, &weights, &vehicles, &kw);
    (pairs, found.access, found.reached)
}

fn vehicles(g: &Ground) -> Vec<f64> {
    (0..g.places.len()).map(|i| f64::from(1 + mixed(i as u32) % 50)).collect()
}

/// Stations within reach of a node with their distances, by a heap and a map.
fn naive(g: &Ground, at: u32, station_of: &BTreeMap<u32, Vec<u32>>, limit: u32) -> BTreeMap<u32, u32> {
    let (mut best, mut heap) = (BTreeMap::from([(at, 0)]), BinaryHeap::from([Reverse((0, at))]));
    let mut found = BTreeMap::new();
    while let Some(Reverse((cost, v))) = heap.pop() {
        if best[&v] < cost {
            continue;
        }
        station_of.get(&v).into_iter().flatten().for_each(|s| _ = found.insert(*s, cost));
        for (to, dm) in g.graph.arcs().of(v) {
            let there = cost + dm;
            if there <= limit && best.get(to).is_none_or(|b| there < *b) {
                best.insert(*to, there);
                heap.push(Reverse((there, *to)));
            }
        }
    }
    found
}

/// Refuses an answer that is not the one that must come out.
fn must(holds: bool, what: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::internal(what.to_owned())) }
}

fn bench(args: &Args) -> Result<String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads.into()).build_global();
    pool.map_err(|e| Error::environment(format!("cannot start threads: {e}"), "give fewer --threads, or more memory"))?;
    let g = match &args.data {
        Some(folder) => of_file(args, folder)?,
        None => grid(args.places, args.stations)?,
    };
    let (targets, limit) = (Targets::new(g.graph.arcs().nodes(), &g.places), args.km * 10_000);
    let (mut walls, mut cpu, mut got) = (Vec::new(), 0.0, None);
    for _ in 0..args.runs.max(1) {
        let (start, cpu_start) = (Instant::now(), processor_time());
        got = Some(access(&g, &targets, limit));
        walls.push(start.elapsed().as_secs_f64());
        cpu = (processor_time() - cpu_start).as_secs_f64();
    }
    walls.sort_by(f64::total_cmp);
    let (pairs, kw, reached) = got.ok_or_else(|| Error::internal("nothing was run"))?;

    let given: f64 = kw.iter().zip(vehicles(&g)).map(|(kw, n)| kw.unwrap_or(0.0) * n).sum();
    must((given - reached).abs() <= 1e-9 * reached, "supply is not conserved")?;
    let mut station_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    (0u32..).zip(&g.stations).for_each(|(i, v)| station_of.entry(*v).or_default().push(i));
    let start = Instant::now();
    let tried: Vec<usize> = spread(g.places.len(), NAIVE).collect();
    for place in &tried {
        let found: Vec<(u32, u32)> = naive(&g, g.places[*place], &station_of, limit).into_iter().collect();
        must(found == pairs.of(*place), "a search from a settlement finds other stations")?;
    }
    let naive_s = start.elapsed().as_secs_f64() * g.places.len() as f64 / tried.len().max(1) as f64;
    let check = [pairs.all().len() as u64, pairs.all().iter().map(|(_, dm)| u64::from(*dm)).sum()];
    let usual = args.data.is_none() && (args.places, args.stations, args.km) == (100_000, 2000, 30);
    must(!usual || check == CHECK, &format!("the check is {check:?}, and must be {CHECK:?}"))?;
    let line = json!({
        "tool": "chargegap", "task": "access", "places": g.places.len(), "stations": g.stations.len(), "km": args.km, "threads": args.threads,
        "median_s": walls[walls.len() / 2], "cpu_s": cpu, "naive_s": naive_s, "rss_mb": peak_mb(),
        "without_charger": kw.iter().filter(|kw| kw.is_none()).count(), "check": check,
    });
    Ok(line.to_string())
}
