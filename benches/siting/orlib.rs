//! pmed1 to 15 of the OR-Library (Beasley 1985): networks whose points are rows and sites, with what was published of them.

use chargegap::internals::siting::{DistanceRows, Distances};
use std::path::Path;

/// A published instance: points, how many are chosen, distances between all, and what is known.
pub struct Pmed {
    pub name: String,
    pub number: u64,
    pub far: Vec<Vec<u64>>,
    pub median: u64,
    /// The radius, and how many sites cover all within it and within one less.
    pub centre: [u64; 3],
}

/// Distances along the edges of a file; of an edge given twice the last holds.
fn distances(path: &Path, points: usize) -> Vec<Vec<u64>> {
    let mut far = vec![vec![u64::MAX / 4; points]; points];
    for line in std::fs::read_to_string(path).unwrap_or_default().lines().skip(1) {
        let words: Vec<u64> = line.split_whitespace().filter_map(|w| w.parse().ok()).collect();
        let [a, b, d] = words[..] else { continue };
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

/// All instances of a folder, in the order of its `optima.csv`.
pub fn read(folder: &Path) -> Vec<Pmed> {
    let text = std::fs::read_to_string(folder.join("optima.csv")).unwrap_or_default();
    let one = |line: &str| {
        let row: Vec<&str> = line.split(',').collect();
        let number = |i: usize| row[i].parse::<u64>().unwrap_or(0);
        let far = distances(&folder.join(format!("{}.txt", row[0])), number(1) as usize);
        Pmed { name: row[0].to_owned(), number: number(3), far, median: number(4), centre: [6, 7, 8].map(number) }
    };
    text.lines().skip(1).map(one).collect()
}

impl Pmed {
    /// Rows with how far all points are, each of weight 1.
    pub fn near(&self) -> Option<Distances> {
        let mut rows = DistanceRows::new(self.far.iter().flatten().max()? + 1);
        self.far.iter().for_each(|row| rows.add(&(0u32..).zip(row.iter().copied()).collect::<Vec<_>>(), 1));
        rows.freeze(self.far.len())
    }
}
