//! Published results of siting by distance: pmed1 to 15 of the OR-Library (Beasley 1985), and San Francisco of spopt.

use crate::test_support::shared;
use chargegap::internals::siting::{CostQuestion, Cover, CoverRows, Effort, Need, Within, fewest_sites};
use std::path::Path;

/// A published instance: points, how many are chosen, distances between all, and what is known.
struct Pmed {
    name: String,
    number: u64,
    far: Vec<Vec<u64>>,
    median: u64,
    /// The radius, and how many sites cover all within it and within one less.
    centre: [u64; 3],
}

/// Distances along the edges of a file; of an edge given twice the last holds.
fn distances(path: &Path, points: usize) -> Vec<Vec<u64>> {
    let mut far = vec![vec![u64::MAX / 4; points]; points];
    for line in std::fs::read_to_string(path).unwrap().lines().skip(1) {
        let [a, b, d]: [u64; 3] = line.split_whitespace().map(|w| w.parse().unwrap()).collect::<Vec<_>>().try_into().unwrap();
        (far[a as usize - 1][b as usize - 1], far[b as usize - 1][a as usize - 1]) = (d, d);
    }
    (0..points).for_each(|i| far[i][i] = 0);
    for k in 0..points {
        let by = far[k].clone();
        far.iter_mut().for_each(|row| {
            let first = row[k];
            row.iter_mut().zip(&by).for_each(|(d, rest)| *d = (*d).min(first + rest));
        });
    }
    far
}

fn all() -> Option<Vec<Pmed>> {
    let folder = shared("facility-location/orlib-pmed")?;
    let mut out = Vec::new();
    for row in csv::Reader::from_path(folder.join("optima.csv")).unwrap().records().map(Result::unwrap) {
        let number = |i: usize| row[i].parse::<u64>().unwrap();
        let far = distances(&folder.join(format!("{}.txt", &row[0])), number(1) as usize);
        out.push(Pmed { name: row[0].to_owned(), number: number(3), far, median: number(4), centre: [6, 7, 8].map(number) });
    }
    assert_eq!(out.len(), 15);
    Some(out)
}

fn within(far: &[Vec<u64>], within: Within) -> Cover {
    let mut rows = CoverRows::default();
    for row in far {
        rows.add_within(&(0u32..).zip(row.iter().copied()).collect::<Vec<_>>(), within, 1);
    }
    rows.freeze(far.len())
}

#[test]
fn the_fewest_sites_within_a_published_radius_are_those_that_were_published() {
    let Some(all) = all() else { return };
    for p in all {
        let [radius, at, below] = p.centre;
        for (reach, sites) in [(Within::AtMost(radius), at), (Within::Below(radius), below)] {
            let question = CostQuestion { need: Need::All, costs: None, inside: vec![], out: vec![] };
            let found = fewest_sites(&within(&p.far, reach), &question, Effort::default()).unwrap();
            assert_eq!((found.cost, found.bound, found.covered), (sites, sites, p.far.len() as u64), "{} {reach:?}", p.name);
        }
        assert_eq!((p.median > 0, p.number > 0), (true, true));
    }
}
