//! Published instances of maximal covering, drawn, merged and answered with a bound. No solver library.
//!
//! `cargo run --release --example siting -- 100 10000 1 5.5 10` (sites, customers, seed, radius, sites to choose); without arguments the table
//! of `guide::siting` but for the two rows that take minutes. `-- orlib DIR` answers pmed1 to 15 of the OR-Library by distance; a number more
//! behind the five is how many times the usual effort is made. `-- network DIR 1000000 50000 500 30` answers a network of numbers (settlements,
//! sites, sites to choose, km), catchments included, within the usual effort or so many hundredths of it as a fifth number says.

mod graph_file;
#[path = "siting/instance.rs"]
mod instance;
#[path = "siting/network.rs"]
mod network;
#[path = "siting/orlib.rs"]
mod orlib;
#[path = "siting/rand.rs"]
mod rand;

use chargegap::internals::siting::{Effort, Limit, Proof, Question, least_distance, least_radius, most_covered};
use std::time::Instant;

/// Sites, customers, seed, radius, sites to choose, the optimum where it is known.
type Case = (usize, usize, u32, f64, u64, Option<u64>);

const CASES: [Case; 9] = [
    (100, 10_000, 1, 5.5, 10, Some(441_545)),
    (100, 10_000, 1, 6.25, 10, Some(485_802)),
    (100, 10_000, 1, 5.5, 15, Some(498_935)),
    (100, 10_000, 1, 6.25, 15, Some(502_399)),
    (100, 10_000, 2, 5.5, 10, Some(436_551)),
    (100, 100_000, 1, 5.5, 10, Some(4_431_761)),
    (100, 1_000_000, 1, 5.5, 10, Some(44_433_492)),
    (1000, 100_000, 1, 1.5, 50, Some(2_083_009)),
    (1000, 100_000, 1, 1.5, 100, None),
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [name, folder] = &words[..]
        && name == "orlib"
    {
        return by_distance(folder.as_ref());
    }
    if let [name, folder, numbers @ ..] = &words[..]
        && name == "network"
    {
        return on_network(folder.as_ref(), &numbers.iter().filter_map(|n| n.parse().ok()).collect::<Vec<u64>>());
    }
    let args: Vec<f64> = words.iter().filter_map(|a| a.parse().ok()).collect();
    println!("sites customers seed radius choose | rows, s | value, bound, gap %, s | proof");
    match args[..] {
        [sites, customers, seed, radius, choose, ref times @ ..] => {
            let case = (sites as usize, customers as usize, seed as u32, radius, choose as u64, None);
            answer(case, times.first().map_or(1, |t| *t as u64));
        }
        _ => CASES.into_iter().for_each(|case| answer(case, 1)),
    }
}

fn said(proof: Proof) -> String {
    match proof {
        Proof::Multipliers => "multipliers".to_owned(),
        Proof::Search(parts) => format!("search, {parts} parts"),
    }
}

fn answer((sites, customers, seed, radius, choose, optimum): Case, times: u64) {
    let start = Instant::now();
    let merged = instance::rows(sites, customers, seed, radius);
    let added = merged.added;
    let cover = merged.freeze(sites);
    let drawn = start.elapsed().as_secs_f64();
    let question = Question { limit: Limit::Number(choose), inside: Vec::new(), out: Vec::new() };
    let start = Instant::now();
    let (question, reduction) = question.reduced(&cover, added);
    let Some(best) = most_covered(&cover, &question, Effort::times(times)) else { return };
    let took = start.elapsed().as_secs_f64();
    let (proof, gap) = (said(best.proof), best.gap() * 100.0);
    println!(
        "{sites} {customers} {seed} {radius} {choose} | {reduction}, {drawn:.2} | {}, {}, {gap:.3}, {took:.2} | {proof}",
        best.value, best.bound
    );
    assert!(optimum.is_none_or(|o| o == best.value), "the optimum is {optimum:?}");
}

/// A network of numbers: settlements, sites, sites to choose, km, and perhaps hundredths of the usual effort.
fn on_network(folder: &std::path::Path, numbers: &[u64]) {
    let [places, sites, choose, km, ref rest @ ..] = numbers[..] else {
        return eprintln!("error: give DIR, settlements, sites, sites to choose, km");
    };
    let start = Instant::now();
    let asked = network::OfNetwork { folder, places: places as usize, sites: sites as usize, km: km as u32 };
    let (cover, pairs, added) = match network::rows(&asked) {
        Ok(rows) => rows,
        Err(e) => return eprintln!("error: {e}"),
    };
    let made = start.elapsed().as_secs_f64();
    let hundredths = rest.first().copied().unwrap_or(100);
    let usual = Effort::default();
    let [kicks, patience, looks] = [usual.kicks, usual.patience, usual.pairs].map(|n| n * hundredths / 100);
    let question = Question { limit: Limit::Number(choose), inside: Vec::new(), out: Vec::new() };
    let start = Instant::now();
    let (question, reduction) = question.reduced(&cover, added);
    let reduced = start.elapsed().as_secs_f64();
    let Some(best) = most_covered(&cover, &question, Effort { kicks, patience, pairs: looks }) else { return };
    println!(
        "{places} {sites} {choose} {km} km, {pairs} pairs | {reduction}, {made:.2} s, reduced in {reduced:.2} s | {}, {}, {:.3} %, {:.2} s | {} | {} MB",
        best.value,
        best.bound,
        best.gap() * 100.0,
        start.elapsed().as_secs_f64(),
        said(best.proof),
        chargegap::internals::system::peak_mb()
    );
}

/// p-medians and p-centres with what was published of them.
fn by_distance(folder: &std::path::Path) {
    println!("points choose | p-median: value, bound, s, proof | p-centre: radius, bound, s, proof");
    for p in orlib::read(folder) {
        let question = Question { limit: Limit::Number(p.number), inside: Vec::new(), out: Vec::new() };
        let Some(near) = p.near() else { continue };
        let start = Instant::now();
        let Some(median) = least_distance(&near, &question, Effort::default()) else { continue };
        let took = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let Some(centre) = least_radius(&near, &question, Effort::default()) else { continue };
        println!(
            "{} {} {} | {}, {}, {took:.2}, {} | {}, {}, {:.2}, {}",
            p.name,
            p.far.len(),
            p.number,
            median.value,
            median.bound,
            said(median.proof),
            centre.radius,
            centre.bound,
            start.elapsed().as_secs_f64(),
            said(centre.proof)
        );
        assert_eq!((median.value, centre.radius), (p.median, p.centre[0]));
    }
}
