//! Which boxes come near some points at all: a bit for every cell of a grid around the points. It never misses one, and it
//! may say yes to one that is farther; a country has ten million edges and asks about a tenth of them.

use crate::space::{LocalFrame, LonLat};

/// Cells a side at the most; 8 MB of bits.
const MOST_CELLS: f64 = 8192.0;

/// The surroundings of points.
#[derive(Debug)]
pub(super) struct Nearby {
    origin: [f64; 2],
    cell: [f64; 2],
    columns: usize,
    rows: usize,
    bits: Vec<u64>,
}

impl Nearby {
    /// The surroundings up to `reach_m` metres of each point, as boxes in degrees.
    pub fn of(points: &[LonLat], reach_m: f64) -> Self {
        let boxes = || points.iter().map(|p| box_around(*p, reach_m));
        let start = ([f64::MAX; 2], [f64::MIN; 2], [0.0; 2]);
        let (low, high, widest) = boxes().fold(start, |(low, high, widest), (a, b)| {
            let each = |f: fn(f64, f64) -> f64, p: [f64; 2], q: [f64; 2]| [f(p[0], q[0]), f(p[1], q[1])];
            (each(f64::min, low, a), each(f64::max, high, b), each(f64::max, widest, [b[0] - a[0], b[1] - a[1]]))
        });
        if points.is_empty() {
            return Self { origin: [0.0; 2], cell: [1.0; 2], columns: 0, rows: 0, bits: Vec::new() };
        }
        let cell = [0, 1].map(|i| (widest[i] / 2.0).max((high[i] - low[i]) / MOST_CELLS).max(1e-6));
        let count = |i: usize| ((high[i] - low[i]) / cell[i]) as usize + 1;
        let (columns, rows) = (count(0), count(1));
        let mut all = Self { origin: low, cell, columns, rows, bits: vec![0; (columns * rows).div_ceil(64)] };
        for (a, b) in boxes() {
            let Some((from, to)) = all.cells(a, b) else { continue };
            for k in (from[1]..=to[1]).flat_map(|row| (from[0]..=to[0]).map(move |column| row * columns + column)) {
                all.bits[k / 64] |= 1 << (k % 64);
            }
        }
        all
    }

    /// Whether a box comes into the surroundings of any point.
    pub fn touches(&self, low: [f64; 2], high: [f64; 2]) -> bool {
        let Some((from, to)) = self.cells(low, high) else { return false };
        let mut cells = (from[1]..=to[1]).flat_map(|row| (from[0]..=to[0]).map(move |column| row * self.columns + column));
        cells.any(|k| self.bits[k / 64] >> (k % 64) & 1 == 1)
    }

    /// First and last column and row of a box; none when it lies beside the grid.
    fn cells(&self, low: [f64; 2], high: [f64; 2]) -> Option<([usize; 2], [usize; 2])> {
        let (mut from, mut to) = ([0; 2], [0; 2]);
        for (i, count) in [(0, self.columns), (1, self.rows)] {
            let place = |v: f64| ((v - self.origin[i]) / self.cell[i]).floor();
            if count == 0 || place(high[i]) < 0.0 || place(low[i]) >= count as f64 {
                return None;
            }
            from[i] = place(low[i]).max(0.0) as usize;
            to[i] = (place(high[i]) as usize).min(count - 1);
        }
        Some((from, to))
    }
}

/// The box in degrees that holds all within so many metres, and a little more.
pub(super) fn box_around(at: LonLat, metres: f64) -> ([f64; 2], [f64; 2]) {
    let [dx, dy] = LocalFrame::at(at).degrees_of(metres * 1.01);
    let (x, y) = (at.lon(), at.lat());
    ([x - dx, y - dy], [x + dx, y + dy])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_never_missed_and_what_is_far_is_mostly_left_out() {
        // Two points 1° apart, 1 km around each (about 0.009°): a box that touches one is near, one between them is not.
        let at = |x, y| LonLat::new(x, y).unwrap();
        let near = Nearby::of(&[at(10.0, 0.0), at(11.0, 0.0)], 1000.0);
        assert!(near.touches([10.005, -0.001], [10.1, 0.001]));
        assert!(near.touches([9.0, -1.0], [12.0, 1.0]));
        assert!(!near.touches([10.4, -0.1], [10.6, 0.1]));
        assert!(!near.touches([20.0, 20.0], [21.0, 21.0]));
        assert!(!Nearby::of(&[], 1000.0).touches([0.0, 0.0], [1.0, 1.0]));
    }
}
