//! Ranks under varied choices: 2,900 units × 40 indicators × 10,000 draws, beside the plain way on the same draws; and a
//! sensitivity run of the size that composite indices are published with.
//!
//! The naive column makes each draw unit by unit: weighted means of what is there, then a sort by score and order for ties. The
//! checksums of all ranks must be equal.

#![allow(missing_docs, clippy::expect_used)]

use chargegap::internals::config::method_words::{Aggregation, Direction};
use chargegap::internals::rank::composite::{Group, Leaf, Tree};
use chargegap::internals::rank::uncertainty::*;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Instant;

/// Numbers in [0, 1) from a plain generator (Steele, Lea and Flood 2014, SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Eight pillars; two normalisations, two treatments of outliers; weights ± 25 %, goalposts ± 5 %, two or three means.
fn parts(units: usize, leaves: usize, missing: f64, scope: Scope, levels: Vec<Aggregation>) -> ModelParts {
    let mut numbers = Numbers(2026);
    let mut column = |_| if numbers.next() < missing { f64::NAN } else { numbers.next() * 100.0 };
    let mut variant = |bounded| Variant { columns: (0..units * leaves).map(&mut column).collect(), bounded };
    let first = variant(true);
    let mut others: Vec<Variant> = [true, false, false].map(&mut variant).to_vec();
    // near the first, as another normalisation of the same figures is
    let near = |v: &mut Variant| v.columns.iter_mut().zip(&first.columns).for_each(|(v, f)| *v = 0.9 * f + 0.1 * *v);
    others.iter_mut().for_each(near);
    let leaf = |i: usize| Leaf {
        key: format!("leaf {i}"),
        parent: i % 8,
        weight: 1.0 + (i % 3) as f64,
        direction: Direction::HigherIsWorse,
        denominator: None,
        goalposts: None,
    };
    let group = |i: usize| Group { key: format!("pillar {i}"), parent: Some(8), weight: 1.0, aggregate: None };
    let index = Group { key: "index".to_owned(), parent: None, weight: 1.0, aggregate: None };
    let two = || FactorKind::Choice { levels: vec!["yes".to_owned(), "no".to_owned()], probabilities: vec![0.5, 0.5] };
    let factor = |key: &str, kind| Factor { key: key.to_owned(), kind };
    ModelParts {
        tree: Tree { leaves: (0..leaves).map(leaf).collect(), groups: (0..8).map(group).chain([index]).collect() },
        units,
        variants: [first].into_iter().chain(others).collect(),
        factors: vec![
            factor("normalisation", two()),
            factor("outliers", two()),
            factor("weights", FactorKind::Weights { spread: 0.25 }),
            factor("goalposts", FactorKind::Goalposts { spread: 0.05 }),
            factor("aggregation", FactorKind::Aggregation { levels, scope }),
        ],
        ties: (0..units).collect(),
        rankable: vec![true; units],
        replicates: Replicates { count: 10_000, seed: 1 },
    }
}

fn mean(way: Aggregation, children: &[(f64, Option<f64>)]) -> Option<f64> {
    let here = || children.iter().filter_map(|(w, v)| Some((*w, (*v)?)));
    let total: f64 = here().map(|(w, _)| w).sum();
    (total > 0.0).then(|| match way {
        Aggregation::Geometric => (here().map(|(w, v)| w * v.max(1.0).ln()).sum::<f64>() / total).exp(),
        Aggregation::Harmonic => total / here().map(|(w, v)| w / v.max(1.0)).sum::<f64>(),
        _ => here().map(|(w, v)| w * v).sum::<f64>() / total,
    })
}

fn naive_ranks(parts: &ModelParts, setting: &Setting<'_>) -> Vec<u16> {
    let (n, leaves) = (parts.units, parts.tree.leaves.len());
    let value = |l: usize, u: usize| {
        let v = parts.variants[setting.variant].columns[l * n + u];
        let moved = setting.shifts.map_or(v, |s| (s[l].scale * v + s[l].offset).clamp(0.0, 100.0));
        (!v.is_nan()).then_some(moved)
    };
    let score = |u: usize| {
        let pillar = |p: usize| {
            let children: Vec<_> = (p..leaves).step_by(8).map(|l| (setting.weights[l], value(l, u))).collect();
            (setting.weights[leaves + p], mean(setting.aggregations[p], &children))
        };
        let pillars: Vec<_> = (0..8).map(pillar).collect();
        mean(setting.aggregations[8], &pillars).expect("every unit has a value")
    };
    let mut order: Vec<(f64, usize)> = (0..n).map(|u| ((score(u) * 1e6).round_ties_even(), u)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut ranks = vec![0; n];
    order.iter().zip(1..).for_each(|((_, u), rank)| ranks[*u] = rank);
    ranks
}

fn checksum(ranks: &[u16], seed: u64) -> u64 {
    ranks.iter().fold(seed, |h, r| (h ^ u64::from(*r)).wrapping_mul(0x0100_0000_01b3))
}

fn seconds<T>(f: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let out = f();
    (out, start.elapsed().as_secs_f64())
}

const DRAWS: u32 = 10_000;
const NAIVE_DRAWS: usize = 50;

fn counties(c: &mut Criterion) {
    let index = || (Scope::Index, vec![Aggregation::Arithmetic, Aggregation::Geometric]);
    let all = || (Scope::All, vec![Aggregation::Arithmetic, Aggregation::Geometric, Aggregation::Harmonic]);
    for (name, missing, (scope, levels)) in [
        ("whole columns, means of the index varied", 0.0, index()),
        ("5 % missing, means of the index varied", 0.05, index()),
        ("5 % missing, all means varied", 0.05, all()),
    ] {
        let parts = parts(2900, 40, missing, scope, levels);
        let model = Model::new(parts.clone()).expect("it holds together");
        let mut numbers = Numbers(7);
        let draws: Vec<Vec<f64>> = (0..NAIVE_DRAWS).map(|_| (0..5).map(|_| numbers.next()).collect()).collect();
        let mut scratch = Scratch::new(&model);
        let (fast, fast_s) = seconds(|| draws.iter().fold(0, |h, d| checksum(&model.ranks(d, &mut scratch), h)));
        let (slow, slow_s) = seconds(|| draws.iter().fold(0, |h, d| checksum(&naive_ranks(&parts, &model.setting(d)), h)));
        assert_eq!(fast, slow, "{name}: the two ways disagree");
        let lines = Lines { lines: vec![Line { key: "first 300".to_owned(), kind: LineKind::Places(300) }], ..Lines::default() };
        let (out, run_s) = seconds(|| Uncertainty::run(&model, &Settings { draws: DRAWS, seed: 1 }, &lines).expect("it runs"));
        let bands = |band| out.lines[0].units.iter().filter(|u| u.band == band).count();
        let [certain, contested, rest] = [Band::Certain, Band::Contested, Band::Out].map(bands);
        println!("{name}: checksum of ranks {fast:016x} by both; {certain} certain, {contested} contested, {rest} out");
        let per = NAIVE_DRAWS as f64 / 1e3;
        println!("  one thread: {:.3} ms a draw, plain way {:.3} ms ({:.1} times)", fast_s / per, slow_s / per, slow_s / fast_s);
        println!("  {DRAWS} draws on {} threads: {run_s:.2} s; 2,900 units, 40 indicators", rayon::current_num_threads());
        let mut group = c.benchmark_group(format!("one draw, {name}"));
        group.sample_size(20);
        group.bench_function("chargegap", |b| b.iter(|| black_box(model.ranks(&draws[0], &mut scratch))));
        group.bench_function("plain", |b| b.iter(|| black_box(naive_ranks(&parts, &model.setting(&draws[0])))));
        group.finish();
    }
}

fn published_size(c: &mut Criterion) {
    let levels = vec![Aggregation::Arithmetic, Aggregation::Geometric, Aggregation::Harmonic];
    let mut parts = parts(51, 49, 0.0, Scope::All, levels);
    parts.factors.remove(3);
    let model = Model::new(parts).expect("it holds together");
    let settings = SensitivitySettings { samples: 100, seed: 1, units: Vec::new() };
    let run = || sensitivity(&model, &settings).expect("it runs");
    let (got, run_s) = seconds(run);
    println!("sensitivity, 51 units, 49 indicators, {} runs: {:.2} ms", got.evaluations, run_s * 1e3);
    c.bench_function("sensitivity, 51 units, 49 indicators, 600 runs", |b| b.iter(|| black_box(run())));
}

criterion_group!(benches, counties, published_size);
criterion_main!(benches);
