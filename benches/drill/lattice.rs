//! The lattice: a node every so many metres wherever there is a county, each a little off its place.
//!
//! Rows and columns are even in the sinusoidal projection, which keeps areas: as many nodes lie on a square kilometre in
//! the south as in the north, and no column ever ends for want of room. (J. P. Snyder, *Map projections: a working
//! manual*, 1987, p. 247.)

use super::random::{Dice, Purpose};
use chargegap::internals::error::{Error, Result};
use chargegap::internals::network::{CountyIndex, NO_COUNTY};
use chargegap::internals::read::county::County;
use chargegap::internals::space::{EARTH_RADIUS_M, LonLat};
use geo::{Area, BoundingRect, Coord, MapCoords, Rect};
use rayon::prelude::*;
use std::ops::Range;

/// A node lies off its place by at most this share of the spacing, each way.
const OFF: f64 = 0.3;

/// Cells of the lattice by number: row by row from the south, in each from west to east.
pub struct Lattice {
    middle_lon: f64,
    spacing_m: f64,
    /// Number of the first row and column, counted from the projection's origin.
    origin: [i64; 2],
    columns: usize,
    jitter: Dice,
    /// The county of each cell's node, or [`NO_COUNTY`] where there is no node.
    county: Vec<u32>,
    /// The cells with a node, by county.
    nodes: Vec<u32>,
    /// Where each county's nodes begin.
    first: Vec<usize>,
}

/// A direction in the lattice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the next column.
    East,
    /// To the next row.
    North,
}

impl Lattice {
    /// Spreads about `nodes` nodes over counties.
    ///
    /// # Errors
    /// Usage, when the lattice would have more than 4 billion cells.
    pub fn over(counties: &[County], nodes: u64, seed: u64) -> Result<Self> {
        let extent = counties.iter().filter_map(|c| c.shape.bounding_rect()).reduce(joined);
        let middle_lon = extent.map_or(0.0, |r| r.center().x);
        let flat: Vec<_> = counties.par_iter().map(|c| c.shape.map_coords(|at| project(middle_lon, at))).collect();
        let land: f64 = flat.iter().map(Area::unsigned_area).sum();
        let spacing_m = (land / nodes.max(1) as f64).sqrt();
        let Some(reach) = flat.iter().filter_map(BoundingRect::bounding_rect).reduce(joined) else {
            return Err(Error::input("there is no ground for roads", "give counties that have an area"));
        };
        let cell = |v: f64| (v / spacing_m).floor() as i64;
        let origin = [cell(reach.min().y), cell(reach.min().x)];
        let rows = (cell(reach.max().y) - origin[0] + 1) as usize;
        let columns = (cell(reach.max().x) - origin[1] + 1) as usize;
        if rows.saturating_mul(columns) > u32::MAX as usize {
            return Err(Error::usage("the lattice would have more than 4 billion cells", "ask for fewer --nodes"));
        }
        let jitter = Dice::new(seed, Purpose::Jitter);
        let county = vec![NO_COUNTY; rows * columns];
        let mut lattice = Self { middle_lon, spacing_m, origin, columns, jitter, county, nodes: Vec::new(), first: Vec::new() };
        lattice.locate(counties);
        Ok(lattice)
    }

    fn locate(&mut self, counties: &[County]) {
        let index = CountyIndex::new(counties);
        let mut found = std::mem::take(&mut self.county);
        found.par_chunks_mut(self.columns).enumerate().for_each(|(r, row)| {
            let first = r * self.columns;
            row.iter_mut().enumerate().for_each(|(c, county)| *county = index.locate(self.at((first + c) as u32)));
        });
        self.county = found;
        // A node without a neighbour can have no road; as it is nobody's neighbour, nothing else changes.
        let alone = |cell: &u32| self.has(*cell) && self.edges(*cell).next().is_none();
        let alone: Vec<u32> = (0..self.county.len() as u32).into_par_iter().filter(alone).collect();
        alone.into_iter().for_each(|cell| self.county[cell as usize] = NO_COUNTY);
        self.sort_by_county(counties.len());
    }

    /// Lists the nodes of each county (counting sort).
    fn sort_by_county(&mut self, counties: usize) {
        let mut first = vec![0usize; counties + 1];
        let with_node = || (0u32..).zip(&self.county).filter(|(_, c)| **c != NO_COUNTY);
        with_node().for_each(|(_, c)| first[*c as usize + 1] += 1);
        (0..counties).for_each(|c| first[c + 1] += first[c]);
        let mut next = first.clone();
        let mut nodes = vec![0u32; first[counties]];
        for (cell, c) in with_node() {
            nodes[next[*c as usize]] = cell;
            next[*c as usize] += 1;
        }
        (self.nodes, self.first) = (nodes, first);
    }

    /// The nodes of counties that follow each other, each county's from south to north.
    pub fn nodes(&self, counties: Range<usize>) -> &[u32] {
        &self.nodes[self.first[counties.start]..self.first[counties.end]]
    }

    /// Metres from one place of the lattice to the next.
    pub fn spacing_m(&self) -> f64 {
        self.spacing_m
    }

    /// Whether a cell has a node.
    pub fn has(&self, cell: u32) -> bool {
        self.county[cell as usize] != NO_COUNTY
    }

    /// Where the node of a cell lies.
    pub fn at(&self, cell: u32) -> LonLat {
        let [row, column] = self.place(cell);
        let mut off = self.jitter.of(u64::from(cell));
        let x = (column as f64 + 0.5 + off.between(-OFF, OFF)) * self.spacing_m;
        let y = (row as f64 + 0.5 + off.between(-OFF, OFF)) * self.spacing_m;
        let lat = y / EARTH_RADIUS_M;
        let lon = self.middle_lon + (x / (EARTH_RADIUS_M * lat.cos())).to_degrees();
        // Corners of the lattice may lie off the map; nothing is at 0, 0.
        LonLat::new(lon, lat.to_degrees()).unwrap_or_default()
    }

    /// Row and column of a cell.
    pub fn place(&self, cell: u32) -> [i64; 2] {
        let (row, column) = (cell as usize / self.columns, cell as usize % self.columns);
        [self.origin[0] + row as i64, self.origin[1] + column as i64]
    }

    /// The node one step on, if there is one.
    pub fn after(&self, cell: u32, way: Way) -> Option<u32> {
        let next = match way {
            Way::East if (cell as usize + 1).is_multiple_of(self.columns) => return None,
            Way::East => cell + 1,
            Way::North => u32::try_from(cell as usize + self.columns).ok()?,
        };
        ((next as usize) < self.county.len() && self.has(next)).then_some(next)
    }

    /// The node one step back, if there is one.
    pub fn before(&self, cell: u32, way: Way) -> Option<u32> {
        let last = match way {
            Way::East if (cell as usize).is_multiple_of(self.columns) => return None,
            Way::East => cell - 1,
            Way::North => cell.checked_sub(self.columns as u32)?,
        };
        self.has(last).then_some(last)
    }

    /// The edges of a node, each by its western or southern end: east, north, west, south.
    pub fn edges(&self, cell: u32) -> impl Iterator<Item = (u32, Way)> {
        let on = |way| self.after(cell, way).map(|_| (cell, way));
        let back = |way| self.before(cell, way).map(|b| (b, way));
        [on(Way::East), on(Way::North), back(Way::East), back(Way::North)].into_iter().flatten()
    }
}

fn project(middle_lon: f64, at: Coord<f64>) -> Coord<f64> {
    let lat = at.y.to_radians();
    Coord { x: EARTH_RADIUS_M * (at.x - middle_lon).to_radians() * lat.cos(), y: EARTH_RADIUS_M * lat }
}

fn joined(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    let low = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
    Rect::new(low, Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
}
