//! Roads: which edges of the lattice are built, and the lines that they are drawn as.
//!
//! Every choice is made where the edge is, so a line can be followed from any of its nodes without the rest.

use super::lattice::{Lattice, Way};
use super::random::{Dice, Purpose};
use chargegap::internals::space::LonLat;

/// Every such line is a secondary road or better, and whole. Between two of them, nine nodes to a square, each keeps the
/// edge that leads towards the nearest, so that all is in one piece wherever the land is.
const WHOLE: i64 = 4;
/// Share of all edges that is left out.
const LEFT_OUT: f64 = 0.35;
/// Of the 32 edges of a square, 8 are of whole lines and 9 lead towards one; the share of the other 15 that is built.
const KEPT_OF_OTHERS: f64 = (32.0 * (1.0 - LEFT_OUT) - 17.0) / 15.0;
/// No line has more edges.
const MOST_EDGES: i64 = 9;

/// A road line.
pub struct Road {
    /// OpenStreetMap's word for its class.
    pub class: &'static str,
    /// Number of the lattice line that it is part of, for its name; none for minor roads.
    pub line: Option<(char, i64)>,
    /// Vertices; at least two.
    pub points: Vec<LonLat>,
}

/// The roads of a lattice.
pub struct Roads<'l> {
    lattice: &'l Lattice,
    edge: Dice,
    lot: Dice,
    cut: Dice,
    class: Dice,
}

impl<'l> Roads<'l> {
    /// The roads of a lattice under a seed.
    pub fn new(lattice: &'l Lattice, seed: u64) -> Self {
        let dice = |purpose| Dice::new(seed, purpose);
        Self { lattice, edge: dice(Purpose::Edge), lot: dice(Purpose::Lot), cut: dice(Purpose::Cut), class: dice(Purpose::Class) }
    }

    /// The line that begins at a node and goes that way, if one does.
    pub fn from(&self, cell: u32, way: Way) -> Option<Road> {
        let (line, _) = self.line(cell, way);
        let goes_on = |at: u32| !self.is_cut(at, way) && self.lattice.before(at, way).is_some_and(|b| self.built(b, way));
        if goes_on(cell) || !self.built(cell, way) {
            return None;
        }
        let mut points = vec![self.lattice.at(cell)];
        let mut here = cell;
        while self.built(here, way)
            && let Some(next) = self.lattice.after(here, way)
        {
            points.push(self.lattice.at(next));
            here = next;
            if self.is_cut(here, way) {
                break;
            }
        }
        let letter = if way == Way::East { 'R' } else { 'C' };
        let named = class_of(line).map(|_| (letter, line));
        let class = class_of(line).unwrap_or_else(|| self.minor_class(cell, way));
        Some(Road { class, line: named, points })
    }

    /// The lattice line that an edge is part of, and where along it.
    fn line(&self, cell: u32, way: Way) -> (i64, i64) {
        match (self.lattice.place(cell), way) {
            ([row, column], Way::East) => (row, column),
            ([row, column], Way::North) => (column, row),
        }
    }

    /// Whether lines end at a node, so that none grows without end.
    fn is_cut(&self, cell: u32, way: Way) -> bool {
        let (line, along) = self.line(cell, way);
        let shift = self.cut.of(key(line.rem_euclid(1 << 30) as u32, way)).below(MOST_EDGES as usize);
        (along + shift as i64).rem_euclid(MOST_EDGES) == 0
    }

    /// Whether an edge is there and a road.
    fn built(&self, cell: u32, way: Way) -> bool {
        let Some(next) = self.lattice.after(cell, way) else { return false };
        class_of(self.line(cell, way).0).is_some()
            || self.edge.of(key(cell, way)).unit() < KEPT_OF_OTHERS
            || [cell, next].into_iter().any(|end| self.way_out(end) == Some((cell, way)))
    }

    /// The edge of a node that leads towards the nearest whole line; at a shore, any that it has.
    fn way_out(&self, cell: u32) -> Option<(u32, Way)> {
        let on = |way| self.lattice.after(cell, way).map(|_| (cell, way));
        let back = |way| self.lattice.before(cell, way).map(|b| (b, way));
        let [row, column] = self.lattice.place(cell).map(|n| n.rem_euclid(WHOLE));
        // A node as near to a row as to a column takes one of them by lot.
        let to_row = column == 2 || row != 2 && self.lot.of(u64::from(cell)).unit() < 0.5;
        let out = match (row, column) {
            (0, _) => on(Way::East).or_else(|| back(Way::East)),
            (_, 0) => on(Way::North).or_else(|| back(Way::North)),
            (1, _) if to_row => back(Way::North),
            _ if to_row => on(Way::North),
            (_, 1) => back(Way::East),
            _ => on(Way::East),
        };
        out.or_else(|| self.lattice.edges(cell).next())
    }

    fn minor_class(&self, cell: u32, way: Way) -> &'static str {
        match self.class.of(key(cell, way)).unit() {
            u if u < 0.30 => "tertiary",
            u if u < 0.75 => "unclassified",
            _ => "residential",
        }
    }
}

/// The class of a line of the lattice by its number; none for minor ones, whose lines differ along their way.
fn class_of(line: i64) -> Option<&'static str> {
    match line {
        n if n % 64 == 0 => Some("trunk"),
        n if n % 16 == 0 => Some("primary"),
        n if n % WHOLE == 0 => Some("secondary"),
        _ => None,
    }
}

fn key(cell: u32, way: Way) -> u64 {
    u64::from(cell) << 1 | u64::from(way == Way::North)
}
