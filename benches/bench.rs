//! Times the searches alone, on a network of numbers, for developers who compare programs:
//! `cargo run --release --example bench -- --data DIR --task a`, or `target/release/examples/bench` once it is built. It prints one
//! line of JSON for each call.
//!
//! The network is a `graph.bin`, little endian: `EVGRAPH1`, five u64 (nodes N, edges E, stations, settlements, sites), then
//! u32 tail, head, length and time of every edge, each an array of E, f64 longitude and latitude, each an array of N, and
//! the nodes of stations, settlements and sites as u32. Edges are open both ways.

mod graph_file;

use chargegap::internals::config::{Criterion, RoadClass};
use chargegap::internals::coverage::gap_on_edge;
use chargegap::internals::engine::{Arcs, Catchments, Graph, KNearest, NearestSearch, Reach, Seed, Targets, UNREACHABLE};
use chargegap::internals::error::{Error, Result};
use chargegap::internals::network::Edge;
use chargegap::internals::system::{peak_mb, processor_time};
use clap::{Parser, ValueEnum};
use graph_file::{GraphFile, answered};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Times the searches on a network of numbers.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Args {
    /// Folder with a graph.bin.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// What to time.
    #[arg(long, value_enum)]
    task: Task,
    /// Reach of a catchment.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=4000))]
    km: u32,
    /// Stations of a node, for task b.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=64))]
    k: u8,
    /// How often; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Sites to use, for task c [default: all].
    #[arg(long)]
    sites: Option<usize>,
    /// Stations to use, spread over the list [default: all].
    #[arg(long, value_name = "N")]
    stations: Option<usize>,
    /// Threads.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Task {
    /// Nearest station of every node, by distance.
    A,
    /// The same by time.
    ATime,
    /// Both, one after the other or beside each other.
    ABoth,
    /// k nearest stations of every settlement.
    B,
    /// Settlements in reach of every site.
    C,
    /// Task a, and then the exact gap of every edge beyond `--km`, added up.
    Gaps,
}

fn main() -> ExitCode {
    answered(bench(&Args::parse()))
}

/// Times a task; one line about it.
fn bench(args: &Args) -> Result<String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads.into()).build_global();
    pool.map_err(|e| Error::environment(format!("cannot start threads: {e}"), "give fewer --threads, or more memory"))?;
    let start = Instant::now();
    let file = GraphFile::open(&args.data.join("graph.bin"))?;
    let rank = file.rank()?;
    let by_distance = if args.task == Task::ATime { Graph::default() } else { file.graph(&rank, 2)? };
    let by_time = if matches!(args.task, Task::ATime | Task::ABoth) { file.graph(&rank, 3)? } else { Graph::default() };
    let mut stations: Vec<Seed> = (0..).zip(file.nodes(0, &rank)?).map(|(i, node)| Seed::at(node, i)).collect();
    if let Some(n) = args.stations {
        stations = stations.into_iter().step_by((file.count[2] / n.max(1)).max(1)).take(n).collect();
    }
    let (settlements, mut sites) = (file.nodes(1, &rank)?, file.nodes(2, &rank)?);
    sites.truncate(args.sites.unwrap_or(usize::MAX));
    drop(rank);
    let setup_s = start.elapsed().as_secs_f64();
    let dm = args.km * 10_000;
    let (mut one, mut two, mut many) = (NearestSearch::default(), NearestSearch::default(), KNearest::default());
    let targets = if args.task == Task::C { Targets::new(file.count[0], &settlements) } else { Targets::default() };
    let catchments = Catchments::new(by_distance.arcs(), &targets, dm);
    let mut task = || -> Value {
        match args.task {
            Task::A => json!(nearest(&mut one, by_distance.arcs(), &stations)),
            Task::ATime => json!(nearest(&mut one, by_time.arcs(), &stations)),
            Task::ABoth => {
                let time = || nearest(&mut two, by_time.arcs(), &stations);
                let (distance, time) = rayon::join(|| nearest(&mut one, by_distance.arcs(), &stations), time);
                json!([distance, time])
            }
            Task::B => {
                many.run(by_distance.arcs(), &stations, args.k.into(), u32::MAX);
                json!(settlements.iter().flat_map(|v| many.of(*v)).map(|s| u64::from(s.0)).sum::<u64>())
            }
            Task::C => {
                let all = catchments.map(&sites, |_, pairs| (pairs.len(), pairs.iter().map(|p| u64::from(p.1)).sum::<u64>()));
                let (pairs, sum) = all.iter().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
                json!({ "pairs": pairs, "sum_dm": sum })
            }
            Task::Gaps => {
                one.run(by_distance.arcs(), &stations, u32::MAX);
                gaps(by_distance.arcs(), one.reach(), dm)
            }
        }
    };
    let (mut walls, mut cpus, mut check) = (Vec::new(), Vec::new(), Value::Null);
    for _ in 0..args.runs.max(1) {
        let (start, cpu) = (Instant::now(), cpu_s());
        check = task();
        walls.push(start.elapsed().as_secs_f64());
        cpus.push(cpu_s() - cpu);
    }
    let task = args.task.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned());
    let (wall, cpu) = (median(&mut walls), median(&mut cpus));
    // In this order: scripts that put programs side by side look for the tool first.
    Ok(format!(
        "{{\"tool\":\"chargegap\",\"task\":\"{task}\",\"nodes\":{},\"threads\":{},\"runs\":{},\"setup_s\":{setup_s:.3},\
         \"median_s\":{wall:.6},\"min_s\":{:.6},\"cpu_s\":{cpu:.6},\"rss_mb\":{},\"check\":{check}}}",
        file.count[0],
        args.threads,
        args.runs,
        walls[0],
        peak_mb(),
    ))
}

/// Searches, and adds up what was found.
fn nearest(search: &mut NearestSearch, arcs: Arcs<'_>, seeds: &[Seed]) -> u64 {
    search.run(arcs, seeds, u32::MAX);
    search.reach().costs().filter(|c| *c != UNREACHABLE).map(u64::from).sum()
}

/// The exact gap of every edge beyond a service distance, added up beside what is covered.
fn gaps(arcs: Arcs<'_>, reach: &Reach, limit: u32) -> Value {
    let of_node = |v: u32| {
        let edges = arcs.of(v).iter().filter(move |(to, _)| v <= *to);
        edges.fold([0u64; 2], |[all, gap], (to, weight)| {
            let edge = Edge::between((v, *to), (*weight, *weight), RoadClass::Local, false, 0);
            let found = gap_on_edge(&edge, reach.cost(v), reach.cost(*to), Criterion::Distance(limit));
            [all + u64::from(*weight), gap + found.map_or(0, |g| u64::from(g.length_mm()))]
        })
    };
    let add = |a: [u64; 2], b: [u64; 2]| [a[0] + b[0], a[1] + b[1]];
    let [all, gap] = (0..arcs.nodes() as u32).into_par_iter().with_min_len(4096).map(of_node).reduce(|| [0; 2], add);
    json!({ "covered_dm": all - gap, "gap_dm": gap })
}

fn median(list: &mut [f64]) -> f64 {
    list.sort_by(f64::total_cmp);
    list[list.len() / 2]
}

/// CPU seconds of the process.
fn cpu_s() -> f64 {
    processor_time().as_secs_f64()
}
