//! Published instances of maximal covering, drawn, merged and answered with a bound. No solver library.
//!
//! `cargo run --release --example siting -- 100 10000 1 5.5 10` (sites, customers, seed, radius, sites to choose); without arguments the table
//! of `guide::siting` but for the two rows that take minutes.

#[path = "siting/instance.rs"]
mod instance;
#[path = "siting/rand.rs"]
mod rand;

use chargegap::internals::siting::{Effort, Limit, Proof, Question, most_covered};
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
    let args: Vec<f64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    println!("sites customers seed radius choose | rows, s | value, bound, gap %, s | proof");
    match args[..] {
        [sites, customers, seed, radius, choose] => {
            answer((sites as usize, customers as usize, seed as u32, radius, choose as u64, None));
        }
        _ => CASES.into_iter().for_each(answer),
    }
}

fn answer((sites, customers, seed, radius, choose, optimum): Case) {
    let start = Instant::now();
    let cover = instance::rows(sites, customers, seed, radius).freeze(sites);
    let drawn = start.elapsed().as_secs_f64();
    let question = Question { limit: Limit::Number(choose), inside: Vec::new(), out: Vec::new() };
    let start = Instant::now();
    let Some(best) = most_covered(&cover, &question, Effort::default()) else { return };
    let took = start.elapsed().as_secs_f64();
    let proof = match best.proof {
        Proof::Multipliers => "multipliers".to_owned(),
        Proof::Search(parts) => format!("search, {parts} parts"),
    };
    let (rows, gap) = (cover.rows(), best.gap() * 100.0);
    println!(
        "{sites} {customers} {seed} {radius} {choose} | {rows}, {drawn:.2} | {}, {}, {gap:.3}, {took:.2} | {proof}",
        best.value, best.bound
    );
    assert!(optimum.is_none_or(|o| o == best.value), "the optimum is {optimum:?}");
}
