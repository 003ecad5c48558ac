//! The instances of Cordeau, Furini and Ljubić (EJOR 275(3), 2019), drawn anew: customers and sites in a square of 30, coordinates of six
//! decimals, a customer covered by a site nearer than the radius. In millionths of a unit, so that every comparison is of whole numbers.
//!
//! No customer is kept: a cell of a grid knows which sites cover all of it, and counts by which of the few others cover a customer.

use super::rand::Rand;
use chargegap::internals::siting::CoverRows;

/// A coordinate, millionths.
fn coordinate(draw: u32) -> i64 {
    (f64::from(draw) / f64::from(0x7fff_ffff) * 30.0 * 1e6 + 0.5) as i64
}

/// Side of a cell of the grid, millionths.
const CELL: i64 = 100_000;
/// Cells along a side of the square.
const CELLS: usize = 301;

/// Sites by cell, lists one behind the other.
struct Grid {
    radius: i64,
    /// Those that cover all of it.
    sure: Vec<u32>,
    /// Those that may cover a part of it, with their places.
    maybe: Vec<([i64; 2], u32)>,
    /// By cell, with one behind: where its lists begin, and its sums: one for each set of its second list.
    first: Vec<[u32; 3]>,
}

impl Grid {
    fn new(sites: &[[i64; 2]], radius: i64) -> Self {
        let (mut sure, mut maybe) = (vec![Vec::new(); CELLS * CELLS], vec![Vec::new(); CELLS * CELLS]);
        let ends = |cell: i64, v: i64| [(v - cell * CELL), (v - (cell + 1) * CELL)];
        let far = |[a, b]: [i64; 2]| a.abs().max(b.abs());
        let near = |[a, b]: [i64; 2]| if a < 0 { -a } else { b.max(0) };
        let about = |v: i64| ((v - radius) / CELL - 1).max(0)..((v + radius) / CELL + 2).min(CELLS as i64);
        for (site, [x, y]) in (0u32..).zip(sites) {
            for (i, j) in about(*x).flat_map(|i| about(*y).map(move |j| (i, j))) {
                let ([dx, dy], cell) = ([ends(i, *x), ends(j, *y)], i as usize * CELLS + j as usize);
                if far(dx).pow(2) + far(dy).pow(2) < radius.pow(2) {
                    sure[cell].push(site);
                } else if near(dx).pow(2) + near(dy).pow(2) < radius.pow(2) {
                    maybe[cell].push(([*x, *y], site));
                }
            }
        }
        let mut first = vec![[0u32; 3]];
        for (all, some) in sure.iter().zip(&maybe) {
            let [a, b, c] = first[first.len() - 1];
            first.push([a + all.len() as u32, b + some.len() as u32, c + (1 << some.len())]);
        }
        Self { radius, sure: sure.concat(), maybe: maybe.concat(), first }
    }

    /// Draws some customers: what they ask for and how many they are, by sum.
    fn sums(&self, number: usize, mut places: Rand, mut demands: Rand) -> Vec<[u64; 2]> {
        let mut sums = vec![[0; 2]; self.first[CELLS * CELLS][2] as usize];
        let square = self.radius.pow(2);
        for _ in 0..number {
            let [x, y] = [coordinate(places.draw()), coordinate(places.draw())];
            let cell = (x / CELL) as usize * CELLS + (y / CELL) as usize;
            let ([_, start, mut at], end) = (self.first[cell], self.first[cell + 1][1]);
            for (i, ([a, b], _)) in self.maybe[start as usize..end as usize].iter().enumerate() {
                at += u32::from((a - x).pow(2) + (b - y).pow(2) < square) << i;
            }
            let sum = &mut sums[at as usize];
            *sum = [sum[0] + u64::from(demands.draw() % 100 + 1), sum[1] + 1];
        }
        sums
    }

    /// Gives the sums to the rows.
    fn merge(&self, sums: &[[u64; 2]]) -> CoverRows {
        let (mut rows, mut covered) = (CoverRows::default(), Vec::new());
        for ends in self.first.windows(2) {
            let [a, b, c] = [0, 1, 2].map(|k| ends[0][k] as usize..ends[1][k] as usize);
            for (set, [weight, number]) in sums[c].iter().enumerate().filter(|(_, sum)| sum[1] > 0) {
                covered.clear();
                covered.extend_from_slice(&self.sure[a.clone()]);
                covered.extend(self.maybe[b.clone()].iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, m)| m.1));
                covered.sort_unstable();
                rows.add_many(&covered, *weight, *number);
            }
        }
        rows
    }
}

/// Draws sites and customers, on two cores, and gives the rows that they make.
pub fn rows(sites: usize, customers: usize, seed: u32, radius: f64) -> CoverRows {
    let mut draws = Rand::new(seed);
    let at: Vec<[i64; 2]> = (0..sites).map(|_| [coordinate(draws.draw()), coordinate(draws.draw())]).collect();
    let grid = Grid::new(&at, (radius * 1e6).round() as i64);
    // demands are drawn behind all coordinates and the costs
    let share = |from: usize, to: usize| {
        let demands = Rand::new(seed).skipped(3 * sites + 2 * customers + from);
        grid.sums(to - from, Rand::new(seed).skipped(2 * (sites + from)), demands)
    };
    let half = customers / 2;
    let (mut sums, other) = std::thread::scope(|s| {
        let other = s.spawn(|| share(half, customers));
        (share(0, half), other.join().unwrap_or_default())
    });
    sums.iter_mut().zip(other).for_each(|(a, b)| *a = [a[0] + b[0], a[1] + b[1]]);
    grid.merge(&sums)
}
