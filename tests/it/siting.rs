//! Published results of siting: the instances of Cordeau, Furini and Ljubić with their optima, and San Francisco of spopt.

#[path = "../../benches/siting/instance.rs"]
mod instance;
#[path = "../../benches/siting/rand.rs"]
mod rand;

use crate::test_support::shared;
use chargegap::internals::siting::{Answer, Cover, CoverRows, Effort, Limit, Question, most_covered};
use std::collections::BTreeMap;

fn best(cover: &Cover, number: u64) -> Answer {
    let question = Question { limit: Limit::Number(number), inside: Vec::new(), out: Vec::new() };
    let found = most_covered(cover, &question, Effort::default()).unwrap();
    // the bound by multipliers is nobody's word: it is computed again
    let no = vec![false; cover.sites()];
    let by = found.multipliers.value(cover, &question.limit, (&no, &no)).unwrap();
    assert!(by >= found.bound.min(by) && found.value <= found.bound && cover.value(&found.sites) == found.value);
    found
}

#[test]
fn the_generator_is_that_of_the_c_library() {
    let mut rand = rand::Rand::new(1);
    assert_eq!([rand.draw(), rand.draw()], [1_804_289_383, 846_930_886]);
    // draws that are skipped are as good as made
    for skipped in [0, 1, 28, 29, 30, 31, 1000] {
        let mut far = rand.clone().skipped(skipped);
        let mut near = rand.clone();
        (0..skipped).for_each(|_| _ = near.draw());
        (0..70).for_each(|_| assert_eq!(far.draw(), near.draw(), "{skipped}"));
    }
}

#[test]
fn published_instances_are_proven_without_a_solver() {
    // customers, seed, radius, sites, total demand, rows after merging (those without a site apart), optimum
    for (customers, seed, radius, number, total, rows, optimum) in [
        (10_000, 1, 5.5, 10, 502_399, 1_479, 441_545),
        (10_000, 1, 6.25, 10, 502_399, 1_682, 485_802),
        (10_000, 1, 5.5, 15, 502_399, 1_479, 498_935),
        (10_000, 1, 6.25, 15, 502_399, 1_682, 502_399),
        (10_000, 2, 5.5, 10, 504_944, 1_529, 436_551),
        (100_000, 1, 5.5, 10, 5_040_640, 2_189, 4_431_761),
    ] {
        let merged = instance::rows(100, customers, seed, radius);
        let unreached = merged.unreached.1;
        assert_eq!(merged.added, customers as u64);
        let cover = merged.freeze(100);
        assert_eq!((cover.total() + unreached, cover.rows()), (total, rows));
        let found = best(&cover, number);
        assert_eq!((found.value, found.bound), (optimum, optimum), "{customers} {seed} {radius} {number}");
        if (customers, seed, number) == (10_000, 1, 10) && radius < 6.0 {
            assert_eq!(found.sites, [11, 12, 13, 15, 17, 27, 40, 56, 90, 99]);
        }
    }
}

#[test]
fn an_answer_is_the_same_whoever_asks_and_how_many_at_once() {
    let rows = || instance::rows(100, 10_000, 2, 5.5).freeze(100);
    let cover = rows();
    let little = Effort { kicks: 30, patience: 30, pairs: 10_000_000 };
    let ask = |cover: &Cover| {
        let question = Question { limit: Limit::Number(10), inside: vec![3], out: vec![4, 5] };
        let a = most_covered(cover, &question, little).unwrap();
        (a.sites, a.value, a.bound, a.proof, a.multipliers)
    };
    let alone = ask(&cover);
    let threads: Vec<_> = std::thread::scope(|s| {
        let all: Vec<_> = (0..4).map(|_| s.spawn(|| ask(&rows()))).collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(threads.iter().all(|t| *t == alone));
}

#[test]
fn the_hard_instance_of_a_thousand_sites_is_proven() {
    let cover = instance::rows(1000, 100_000, 1, 1.5).freeze(1000);
    let found = best(&cover, 50);
    assert_eq!((found.value, found.bound), (2_083_009, 2_083_009));
}

#[test]
fn san_francisco_has_its_published_optima() {
    let Some(path) = shared("facility-location/spopt-sf/SF_network_distance_candidateStore_16_censusTract_205_new.csv") else {
        return;
    };
    let mut near: BTreeMap<String, (u64, Vec<u32>)> = BTreeMap::new();
    for row in csv::Reader::from_path(path).unwrap().deserialize::<(f64, String, String, u64)>().map(Result::unwrap) {
        let (metres, store, tract, people) = row;
        let tract = near.entry(tract).or_insert((people, Vec::new()));
        if metres <= 5000.0 {
            tract.1.push(store.trim_start_matches("Store_").parse::<u32>().unwrap() - 1);
        }
    }
    let mut rows = CoverRows::default();
    for (people, stores) in near.values_mut() {
        stores.sort_unstable();
        rows.add(stores, *people);
    }
    assert_eq!((near.len(), near.values().map(|t| t.0).sum::<u64>()), (205, 955_113));
    let cover = rows.freeze(19); // stores are numbered to 19, without 8, 9 and 10
    // p, people covered, stores: the optimum of each p up to 7 is one set alone
    for (number, people, stores) in [
        (1, 448_255, &[16][..]),
        (2, 671_938, &[12, 16]),
        (3, 791_499, &[2, 12, 15]),
        (4, 875_247, &[2, 11, 12, 15]),
        (5, 927_402, &[2, 7, 11, 14, 15]),
        (6, 941_462, &[2, 7, 11, 12, 14, 15]),
        (7, 950_428, &[2, 6, 7, 11, 12, 14, 15]),
        (8, 955_113, &[]),
    ] {
        let found = best(&cover, number);
        assert_eq!((found.value, found.bound), (people, people), "{number}");
        let named: Vec<u32> = found.sites.iter().map(|s| s + 1).collect();
        assert!(stores.is_empty() || named == stores, "{number}: {named:?}");
    }
}
