//! Which stations stand at a road that is left out: at a service road or a private one, nearer to it than to any that is kept.
//!
//! Such a station is put on another road, and its service begins there. Roads that are left out are seen once and not kept, so
//! stations are known first and their surroundings are looked up in a grid.

use super::road::Roads;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::{LocalFrame, LonLat};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A station within this many metres of a road stands at it.
const AT_ROAD_M: f64 = 30.0;
/// Sides of the cells of the grid, 1e-7 degree: about 220 m of latitude, several times [`AT_ROAD_M`] up to 80° of longitude too.
const CELL: i32 = 20_000;
/// Stations that are looked at; of more, every so many.
const MOST: usize = 20_000;
/// A segment that lies over more cells is looked at by its ends alone.
const MOST_CELLS: i64 = 64;

/// Stations and the nearest roads that are left out.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    stations: Vec<Place>,
    /// Stations by cell, each also in the cells around its own.
    cells: FxHashMap<(i32, i32), Vec<u32>>,
    /// A bit for some cells of each hash: most vertices of a country are near no station.
    maybe: Vec<u64>,
    all: usize,
}

#[derive(Clone, Debug)]
struct Place {
    at: LonLat,
    /// Nearest road left out, metres, and what it is.
    left_out: Option<(f64, String)>,
    /// Nearest road kept, metres.
    kept: f64,
}

fn cell(at: LonLat) -> (i32, i32) {
    let (lon, lat) = at.e7();
    (lon.div_euclid(CELL), lat.div_euclid(CELL))
}

impl Beside {
    /// Looks around these stations.
    pub fn new(stations: &[LonLat]) -> Self {
        let step = stations.len().div_ceil(MOST).max(1);
        let place = |at: &LonLat| Place { at: *at, left_out: None, kept: f64::INFINITY };
        let mut new =
            Self { stations: stations.iter().step_by(step).map(place).collect(), all: stations.len(), ..Self::default() };
        new.index(&(0..new.stations.len()).collect::<Vec<_>>());
        new
    }

    fn index(&mut self, which: &[usize]) {
        self.cells.clear();
        self.maybe = vec![0; if which.is_empty() { 0 } else { 1 << 12 }];
        for &i in which {
            let (x, y) = cell(self.stations[i].at);
            for near in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy))) {
                let (word, bit) = slot(near);
                self.maybe[word] |= bit;
                self.cells.entry(near).or_default().push(i as u32);
            }
        }
    }

    /// Sees a line that is left out as being `what`.
    pub fn left_out(&mut self, line: &[LonLat], what: &str) {
        self.each(line, |place, m| {
            if m <= AT_ROAD_M && place.left_out.as_ref().is_none_or(|known| m < known.0) {
                place.left_out = Some((m, what.to_owned()));
            }
        });
    }

    /// Calls `each` with every station near a segment of the line and the metres between them.
    fn each(&mut self, line: &[LonLat], mut each: impl FnMut(&mut Place, f64)) {
        if self.maybe.is_empty() {
            return;
        }
        let (cells, maybe, stations) = (&self.cells, &self.maybe, &mut self.stations);
        let mut look = |at: (i32, i32), a: LonLat, b: LonLat| {
            let (word, bit) = slot(at);
            if maybe[word] & bit == 0 {
                return;
            }
            for i in cells.get(&at).into_iter().flatten() {
                let place = &mut stations[*i as usize];
                let (metres, _) = LocalFrame::at(place.at).project_origin(a, b);
                each(place, metres);
            }
        };
        for w in line.windows(2) {
            let (a, b) = (cell(w[0]), cell(w[1]));
            let (x, y) = ((a.0.min(b.0), a.0.max(b.0)), (a.1.min(b.1), a.1.max(b.1)));
            if a == b {
                look(a, w[0], w[1]);
            } else if i64::from(x.1 - x.0 + 1) * i64::from(y.1 - y.0 + 1) <= MOST_CELLS {
                (x.0..=x.1).flat_map(|x| (y.0..=y.1).map(move |y| (x, y))).for_each(|c| look(c, w[0], w[1]));
            } else {
                look(a, w[0], w[1]);
                look(b, w[0], w[1]);
            }
        }
    }

    /// Compares with the roads that are kept, and tells how many stations stand at one that is not.
    pub fn tell(mut self, roads: &Roads, at: &Location, issues: &mut Issues) {
        let here: Vec<usize> = (0..self.stations.len()).filter(|i| self.stations[*i].left_out.is_some()).collect();
        if here.is_empty() {
            return;
        }
        self.index(&here);
        for road in roads.list() {
            self.each(roads.points(road), |place, m| place.kept = place.kept.min(m));
        }
        let (mut kinds, mut n) = (BTreeMap::<&str, u64>::new(), 0u64);
        for place in &self.stations {
            if let Some((_, what)) = place.left_out.as_ref().filter(|(m, _)| *m < place.kept) {
                *kinds.entry(what).or_default() += 1;
                n += 1;
            }
        }
        if n == 0 {
            return;
        }
        let of = self.stations.len();
        let share = n as f64 / of as f64 * 100.0;
        let kinds: Vec<String> = kinds.iter().map(|(what, n)| format!("{what} {n}")).collect();
        let looked = if of < self.all { format!(" looked at, of {} in all,", self.all) } else { String::new() };
        let what = format!(
            "{n} of {of} stations{looked} ({share:.1} %) stand at a road that is left out ({}), nearer to it than to any road of the network; \
             their service begins at the nearest road that is in it",
            kinds.join(", ")
        );
        issues.push_many(Layer::Stations, IssueCode::StationsAtLeftOutRoads, at.clone(), what, n, 0);
    }
}

fn slot(cell: (i32, i32)) -> (usize, u64) {
    // the multiplier is 2^64 over the golden ratio (Knuth, volume 3, 6.4)
    let hash = ((cell.0 as u32 as u64) << 32 | u64::from(cell.1 as u32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((hash >> 52) as usize, 1 << (hash >> 46 & 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Criteria, RegionFile, RoadClass};
    use crate::read::road::RawRoad;

    /// So many metres east and north on the equator.
    fn at(x: i32, y: i32) -> LonLat {
        LonLat::from_e7(100_000_000 + x * 90, y * 90).unwrap()
    }

    /// The message for stations beside a kept road along y = 0 and lines that are left out.
    fn said(stations: &[LonLat], left_out: &[(&str, &[LonLat])]) -> Option<String> {
        let reading = Criteria::from_region(&RegionFile::default()).unwrap().reading;
        let (mut roads, mut issues) = (Roads::default(), Issues::default());
        let raw = RawRoad { class: Some(RoadClass::Local), class_text: "x", ..RawRoad::default() };
        roads.push(&raw, &[at(-5000, 0), at(5000, 0)], &reading, &Location::default(), &mut issues);
        let mut beside = Beside::new(stations);
        left_out.iter().for_each(|(what, line)| beside.left_out(line, what));
        beside.tell(&roads, &Location::default(), &mut issues);
        issues.sorted().first().map(|i| i.message.clone())
    }

    #[test]
    fn a_station_counts_where_the_road_left_out_is_nearer() {
        let service: (&str, &[LonLat]) = ("service", &[at(0, 0), at(0, 200)]);
        let private: (&str, &[LonLat]) = ("closed to cars", &[at(1000, 0), at(1000, 5000)]);
        // 5 m from the service road and 100 m from the kept one; 25 m and 10 m; 40 m, which is not at it; 3 m from the private one,
        // whose ends are kilometres away
        let stations = [at(5, 100), at(25, 10), at(40, 150), at(1003, 2500)];
        let text = said(&stations, &[service, private]).unwrap();
        assert!(text.starts_with("2 of 4 stations (50.0 %)") && text.contains("(closed to cars 1, service 1)"), "{text}");
        assert_eq!(said(&stations, &[]), None);
        assert_eq!(said(&stations[1..3], &[service]), None);
        assert_eq!(said(&[], &[service]), None);
    }

    #[test]
    fn of_very_many_stations_some_are_looked_at() {
        let service: (&str, &[LonLat]) = ("service", &[at(0, 100), at(0, 200)]);
        let text = said(&vec![at(5, 150); 50_000], &[service]).unwrap();
        // every third of 50,000
        assert!(text.starts_with("16667 of 16667 stations looked at, of 50000 in all, (100.0 %)"), "{text}");
    }
}
