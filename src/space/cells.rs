//! A grid of 0.05 degrees over the world, and which of its cells lie within a distance of others: the surroundings of a county.
//!
//! Surroundings are never too small: every position within the distance lies in one of their cells. They are a little larger.

use super::LonLat;
use std::collections::BTreeMap;

/// Side of a cell, 1e-7 degree.
const SIDE_E7: i64 = 500_000;
/// Cells around the world.
pub const COLUMNS: i64 = 3_600_000_000 / SIDE_E7;
/// Cells from pole to pole.
pub const ROWS: i64 = 1_800_000_000 / SIDE_E7;
/// Metres of a degree on the ground, at least: the least radius of curvature of the earth, 6,335 km, has 110,574 (a sphere of 6,371 km
/// 111,195).
const METRES_PER_DEGREE: f64 = 110_500.0;
/// Height of a cell, metres, at least.
const HEIGHT_M: f64 = METRES_PER_DEGREE * SIDE_E7 as f64 / 1e7;

/// Row and column of a position.
pub fn cell(at: LonLat) -> (i64, i64) {
    let (x, y) = at.e7();
    let row = (i64::from(y) + 900_000_000).div_euclid(SIDE_E7).clamp(0, ROWS - 1);
    (row, (i64::from(x) + 1_800_000_000).div_euclid(SIDE_E7).rem_euclid(COLUMNS))
}

/// Number of a cell.
pub fn number((row, column): (i64, i64)) -> u32 {
    (row * COLUMNS + column) as u32
}

/// The cells that a line may touch: those of the box around it.
pub fn of_line(line: &[LonLat]) -> impl Iterator<Item = u32> + use<> {
    let start = [i64::MAX, i64::MAX, i64::MIN, i64::MIN];
    let [south, west, north, east] = line
        .iter()
        .map(|p| cell(*p))
        .fold(start, |b, (row, column)| [b[0].min(row), b[1].min(column), b[2].max(row), b[3].max(column)]);
    (south..=north).flat_map(move |row| (west..=east).map(move |column| number((row, column))))
}

/// Cells by row, as ranges of columns that rise and do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells(BTreeMap<i64, Vec<(i64, i64)>>);

impl Cells {
    /// Those of a list of numbers that rise.
    pub fn of(numbers: &[u32]) -> Self {
        let mut rows: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
        for n in numbers {
            let (row, column) = (i64::from(*n) / COLUMNS, i64::from(*n) % COLUMNS);
            rows.entry(row).or_default().push((column, column));
        }
        Self(rows).merged()
    }

    /// All cells that hold a position within so many metres of a position in these.
    pub fn around(&self, metres: f64) -> Self {
        let up = (metres / HEIGHT_M).ceil() as i64;
        let mut rows: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
        for (row, ranges) in &self.0 {
            for to in (row - up).max(0)..=(row + up).min(ROWS - 1) {
                let across = columns_within(metres, *row, to);
                let wide = rows.entry(to).or_default();
                wide.extend(ranges.iter().map(|(a, b)| (a - across, b + across)));
            }
        }
        Self(rows.into_iter().map(|(row, ranges)| (row, wrapped(ranges))).collect()).merged()
    }

    /// Both together.
    pub fn with(&self, other: &Self) -> Self {
        let mut rows = self.0.clone();
        for (row, ranges) in &other.0 {
            rows.entry(*row).or_default().extend_from_slice(ranges);
        }
        Self(rows).merged()
    }

    fn merged(mut self) -> Self {
        for ranges in self.0.values_mut() {
            ranges.sort_unstable();
            let mut merged: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
            for (a, b) in ranges.drain(..) {
                match merged.last_mut() {
                    Some(last) if a <= last.1 + 1 => last.1 = last.1.max(b),
                    _ => merged.push((a, b)),
                }
            }
            *ranges = merged;
        }
        self
    }

    /// First and last number of each range, in order.
    pub fn ranges(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.0.iter().flat_map(|(row, list)| list.iter().map(|(a, b)| (number((*row, *a)), number((*row, *b)))))
    }

    /// Whether any cell is in both.
    pub fn meets(&self, other: &Self) -> bool {
        let in_row = |(row, list): (&i64, &Vec<(i64, i64)>)| {
            let theirs = other.0.get(row).map_or(&[][..], Vec::as_slice);
            list.iter().any(|(a, b)| theirs.iter().any(|(c, d)| a <= d && c <= b))
        };
        self.0.iter().any(in_row)
    }

    /// Whether a cell is among them.
    #[cfg(test)]
    pub fn has(&self, n: u32) -> bool {
        self.ranges().any(|(a, b)| (a..=b).contains(&n))
    }
}

/// Columns on each side that lie within so many metres, seen from one row to another.
///
/// By the haversine: sin²(Δλ/2) = (sin²(d/2) − sin²(Δφ/2)) / (cos φ₁ · cos φ₂), which is largest where the two are as near to each other
/// in latitude and as near to the pole as their rows let them be. Where that is 1 or more the way leads over or close by the pole, and
/// all longitudes are within it.
fn columns_within(metres: f64, from: i64, to: i64) -> i64 {
    let edge = |row: i64| (row * SIDE_E7) as f64 / 1e7 - 90.0;
    let narrower = |row: i64| edge(row).abs().max(edge(row + 1).abs()).to_radians().cos();
    let half_sine = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let apart = ((to - from).abs() - 1).max(0) as f64 * SIDE_E7 as f64 / 1e7;
    let across = (half_sine((metres / METRES_PER_DEGREE).min(180.0)) - half_sine(apart)).max(0.0);
    // a hair more, for what is lost in rounding
    let share = across / (narrower(from) * narrower(to)) * (1.0 + 1e-9) + 1e-18;
    if share.is_nan() || share >= 1.0 {
        return COLUMNS;
    }
    let degrees = 2.0 * share.sqrt().asin().to_degrees();
    ((degrees * 1e7 / SIDE_E7 as f64).ceil() as i64).min(COLUMNS)
}

/// Ranges that leave the world on one side come in again on the other.
fn wrapped(ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let cut = |(a, b): (i64, i64)| -> Vec<(i64, i64)> {
        match (a < 0, b >= COLUMNS) {
            _ if b - a + 1 >= COLUMNS => vec![(0, COLUMNS - 1)],
            (true, _) => vec![(0, b), (a + COLUMNS, COLUMNS - 1)],
            (_, true) => vec![(0, b - COLUMNS), (a, COLUMNS - 1)],
            _ => vec![(a, b)],
        }
    };
    ranges.into_iter().flat_map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::metres_between;
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(4000))]
        #[test]
        fn nothing_within_the_distance_is_left_out(
            lon in -180.0..180.0f64,
            // near the poles and near the end of the distance more often, where it is hardest
            lat in prop_oneof![-90.0..90.0f64, 87.0..90.0f64, -90.0..-87.0f64],
            bearing in 0.0..std::f64::consts::TAU,
            share in prop_oneof![0.0..1.0f64, 0.97..1.0f64],
            km in 0.1..150.0f64,
        ) {
            let here = at(lon, lat);
            // go there along a great circle on the sphere
            let (d, phi, lambda) = (km * share * 1000.0 / 6_371_008.8, lat.to_radians(), lon.to_radians());
            let phi2 = (phi.sin() * d.cos() + phi.cos() * d.sin() * bearing.cos()).asin();
            let lambda2 = lambda + (bearing.sin() * d.sin() * phi.cos()).atan2(d.cos() - phi.sin() * phi2.sin());
            let lon2 = (lambda2.to_degrees() + 540.0).rem_euclid(360.0) - 180.0;
            let there = at(lon2, phi2.to_degrees());
            let metres = metres_between(here, there).max(km * 1000.0);
            let around = Cells::of(&[number(cell(here))]).around(metres);
            prop_assert!(around.has(number(cell(there))), "{here} {there}");
        }
    }

    /// Pairs of positions of which one was left out of the other's surroundings while those went by the length of a parallel.
    const POLAR: [((f64, f64), (f64, f64)); 5] = [
        ((25.34, 88.5886), (-26.8356, 88.5964)),
        ((-39.5933, -88.5877), (-88.6493, -88.5931)),
        ((29.3865, 89.389), (-71.4753, 89.3895)),
        ((32.7255, 89.4998), (175.6014, 89.4603)),
        ((29.3977, -89.4999), (-98.3757, -89.4851)),
    ];

    /// Found by the test above: close to a pole the shortest way leads past it, and meets every longitude within a few kilometres.
    #[test]
    fn close_to_a_pole_every_longitude_is_near() {
        for (here, there) in POLAR {
            let (here, there) = (at(here.0, here.1), at(there.0, there.1));
            let metres = metres_between(here, there) + 0.001;
            for (here, there) in [(here, there), (there, here)] {
                let around = Cells::of(&[number(cell(here))]).around(metres);
                assert!(around.has(number(cell(there))), "{metres} m from {here} to {there}");
            }
        }
        // 100 km around a place 55.6 km from the pole: all of the rows that are nearer to the pole than the rest of it
        let around = Cells::of(&[number(cell(at(17.0, 89.5)))]).around(100_000.0);
        assert!((0..COLUMNS).all(|column| around.has(number((ROWS - 1, column))) && around.has(number((ROWS - 5, column)))));
        assert!(!around.has(number(cell(at(-163.0, 88.0)))));
    }

    #[test]
    fn surroundings_are_not_much_too_large() {
        // 20 km around one cell of 5.5 km at 30 degrees: a disc of 22.8 km in all is 1,630 km², 61 cells of 26.6 km²; with the
        // margin of a cell all around it may be two thirds more
        let around = Cells::of(&[number(cell(at(108.01, 30.01)))]).around(20_000.0);
        let cells: u32 = around.ranges().map(|(a, b)| b - a + 1).sum();
        assert!((61..102).contains(&cells), "{cells}");
    }

    #[test]
    fn a_line_touches_the_cells_of_its_box() {
        let line = [at(108.01, 30.01), at(108.06, 30.11)];
        let (row, column) = cell(line[0]);
        let want: Vec<u32> = (0..3).flat_map(|r| (0..2).map(move |c| number((row + r, column + c)))).collect();
        assert_eq!(of_line(&line).collect::<Vec<_>>(), want);
    }
}
