//! Times the assignment of demand to stations, on a network of numbers (`bench.rs` says which), for developers:
//! `cargo run --release --example load -- --data DIR --share 0.6`. It prints one line of JSON.
//!
//! Places are the settlements, their demand goes with their people; stations have 1 to 8 guns of half an hour. The naive column is the
//! method of successive averages, for as long as the other took. `check` is what must come out on any machine: pairs, unserved
//! sessions by flow in whole, and cost in equilibrium to six digits.

mod graph_file;

use chargegap::internals::access::load::{Assignment, Effort, LoadProblem, Ways, equilibrium, shortage};
use chargegap::internals::access::queue::Queue;
use chargegap::internals::engine::{Catchments, Targets};
use chargegap::internals::error::{Error, Result};
use chargegap::internals::system::{peak_mb, processor_time};
use clap::Parser;
use graph_file::{GraphFile, answered};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Times the assignment of demand.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Args {
    /// Folder with a graph.bin.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Demand as a share of all capacity.
    #[arg(long, default_value_t = 0.6)]
    share: f64,
    /// Settlements, spread over the list [default: all].
    #[arg(long)]
    places: Option<usize>,
    /// Sites for stations, spread over their list, in place of the stations.
    #[arg(long)]
    sites: Option<usize>,
    /// Reach of a station.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=4000))]
    km: u32,
    /// Relative gap to reach.
    #[arg(long, default_value_t = 1e-6)]
    gap: f64,
    /// How often; the median counts.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Threads.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
}

fn main() -> ExitCode {
    answered(bench(&Args::parse()))
}

/// Every so-manieth of a list, as many as asked for.
fn spread(all: usize, asked: Option<usize>) -> Vec<usize> {
    let n = asked.unwrap_or(all).min(all);
    (0..n).map(|i| i * all / n.max(1)).collect()
}

fn bench(args: &Args) -> Result<String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads.into()).build_global();
    pool.map_err(|e| Error::environment(format!("cannot start threads: {e}"), "give fewer --threads, or more memory"))?;
    let file = GraphFile::open(&args.data.join("graph.bin"))?;
    let rank = file.rank()?;
    let (graph, settlements, people) = (file.graph(&rank, 2)?, file.nodes(1, &rank)?, file.people()?);
    let sites = file.nodes(if args.sites.is_some() { 2 } else { 0 }, &rank)?;
    let places = spread(settlements.len(), args.places);
    let nodes: Vec<u32> = spread(sites.len(), args.sites).iter().map(|i| sites[*i]).collect();
    let start = Instant::now();
    let targets = Targets::new(file.count[0], &places.iter().map(|i| settlements[*i]).collect::<Vec<u32>>());
    let hours = |(place, dm): &(u32, u32)| (*place, f64::from(*dm) / 1e4 / 50.0); // at 50 km/h
    let catchments =
        Catchments::new(graph.arcs(), &targets, args.km * 10_000).map(&nodes, |_, pairs| pairs.iter().map(hours).collect());
    let pairs = Ways::of_catchments(places.len(), &catchments);
    let pairs_s = start.elapsed().as_secs_f64();
    let stations: Vec<Queue> = (0..nodes.len() as u32).filter_map(|i| Queue::new(1 + i * 7 % 8, 0.5, 0.25)).collect();
    let capacity: f64 = stations.iter().map(Queue::capacity_h).sum();
    let all: f64 = places.iter().map(|i| f64::from(people[*i])).sum();
    let demand: Vec<f64> = places.iter().map(|i| f64::from(people[*i]) / all * capacity * args.share).collect();
    let problem = LoadProblem::new(&demand, &pairs, &stations, 2.0)?;
    let start = Instant::now();
    let short = shortage(&problem);
    let flow_s = start.elapsed().as_secs_f64();
    let (mut walls, mut cpu, mut got) = (Vec::new(), 0.0, None);
    for _ in 0..args.runs.max(1) {
        let (start, cpu_start) = (Instant::now(), processor_time());
        got = Some(equilibrium(&problem, Effort { gap: args.gap, ..Effort::default() }));
        walls.push(start.elapsed().as_secs_f64());
        cpu = (processor_time() - cpu_start).as_secs_f64();
    }
    walls.sort_by(f64::total_cmp);
    let wall = walls[walls.len() / 2];
    let Some(Assignment { gap: Some(gap), sweeps, unserved_h, .. }) = got else {
        return Err(Error::internal("an equilibrium has no gap"));
    };
    let (rounds, naive) = successive_averages(&problem, wall);
    let line = json!({
        "tool": "chargegap", "task": "load", "places": places.len(), "stations": nodes.len(), "share": args.share, "threads": args.threads,
        "pairs_s": pairs_s, "flow_s": flow_s, "median_s": wall, "cpu_s": cpu, "gap": gap.relative, "mean_excess_s": gap.mean_excess_s,
        "sweeps": sweeps, "unserved_h": unserved_h.iter().sum::<f64>(), "parts_short": short.short.len(), "rss_mb": peak_mb(),
        "naive": { "rounds": rounds, "gap": naive },
        "check": [pairs.len(), short.unserved_h.round(), (gap.cost_h * 10.0).round() / 10.0],
    });
    Ok(line.to_string())
}

/// Everybody looks for the best, and one in n goes there in round n; rounds in so many seconds, and the gap after them.
fn successive_averages(problem: &LoadProblem<'_>, seconds: f64) -> (u32, f64) {
    let (pairs, start) = (problem.pairs(), Instant::now());
    let (mut flow, mut unserved) = (vec![0.0; pairs.len()], problem.demand_h().to_vec());
    let (mut rounds, mut gap) = (0, f64::NAN);
    while start.elapsed().as_secs_f64() < seconds {
        rounds += 1;
        let mut load = vec![0.0; problem.stations().len()];
        flow.iter().enumerate().for_each(|(p, f)| load[pairs.station(p) as usize] += f);
        let wait: Vec<f64> = problem.stations().iter().zip(&load).map(|(q, l)| q.wait_h(*l).unwrap_or(1e3)).collect();
        let (mut cost, mut least_cost) = (0.0, 0.0);
        let keep = 1.0 - 1.0 / f64::from(rounds);
        for (place, demand) in problem.demand_h().iter().enumerate() {
            let cost_of = |p: usize| pairs.travel_h(p) + wait[pairs.station(p) as usize];
            let best = pairs.of(place).min_by(|a, b| cost_of(*a).total_cmp(&cost_of(*b))).filter(|p| cost_of(*p) < 2.0);
            cost += unserved[place] * 2.0 + pairs.of(place).map(|p| flow[p] * cost_of(p)).sum::<f64>();
            least_cost += demand * best.map_or(2.0, cost_of);
            pairs.of(place).for_each(|p| flow[p] *= keep);
            unserved[place] *= keep;
            *best.map_or(&mut unserved[place], |p| &mut flow[p]) += demand * (1.0 - keep);
        }
        gap = (cost - least_cost) / cost;
    }
    (rounds, gap)
}
