//! A draft as flat tables of numbers, for files. What comes back is checked, so that a damaged file cannot end the program.

use super::draft::{Draft, Edge};
use crate::config::RoadClass;
use crate::space::LonLat;

/// Numbers of an edge: tail, head, length, time, road, name, reference, county, first point, points, class and one-way rule.
pub type EdgeRow = [u32; 11];

/// Bit of the last number that says that an edge is one-way.
const ONE_WAY: u32 = 1 << 8;

/// The tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlatDraft {
    /// Longitude and latitude of each node, 1e-7 degree.
    pub nodes: Vec<[i32; 2]>,
    /// Positions of the edges' lines.
    pub points: Vec<[i32; 2]>,
    /// Edges.
    pub edges: Vec<EdgeRow>,
}

impl FlatDraft {
    /// The tables of a draft; positions that no edge uses any more are left behind.
    pub fn of(draft: &Draft) -> Self {
        let mut points = Vec::new();
        let edges = draft.edges.iter().map(|e| {
            let first = points.len() as u32;
            points.extend(draft.line(e).iter().map(|p| <[i32; 2]>::from(*p)));
            let class = e.class.index() as u32 | if e.oneway { ONE_WAY } else { 0 };
            [e.tail, e.head, e.length_mm, e.time_ms, e.road, e.name, e.reference, e.county, first, e.len, class]
        });
        let edges = edges.collect();
        Self { nodes: draft.nodes.iter().map(|p| <[i32; 2]>::from(*p)).collect(), points, edges }
    }

    /// The draft of the tables; `names` and `counties` are how many there are of them.
    ///
    /// # Errors
    /// What is wrong, when a number points to nothing.
    pub fn draft(self, names: usize, counties: usize) -> Result<Draft, &'static str> {
        // One after the other: then each list is made over in the place where it was read.
        let positions = |list: Vec<[i32; 2]>| list.into_iter().map(LonLat::try_from).collect::<Result<Vec<LonLat>, _>>();
        let (nodes, points) = (positions(self.nodes)?, positions(self.points)?);
        let edges = self.edges.into_iter().map(|row| edge(row, [nodes.len(), points.len(), names, counties]));
        Ok(Draft { edges: edges.collect::<Result<_, _>>()?, nodes, points })
    }
}

fn edge(row: EdgeRow, [nodes, points, names, counties]: [usize; 4]) -> Result<Edge, &'static str> {
    let [tail, head, length_mm, time_ms, road, name, reference, county, first, len, class] = row;
    let within = |i: u32, n: usize| (i as usize) < n;
    let line = len >= 2 && (first as usize).checked_add(len as usize).is_some_and(|end| end <= points);
    if !within(tail, nodes) || !within(head, nodes) || !line {
        return Err("an edge lies on nodes or positions that are not there");
    }
    if !within(name, names) || !within(reference, names) || (county != super::NO_COUNTY && !within(county, counties)) {
        return Err("an edge has a name or a county that is not there");
    }
    let oneway = class & ONE_WAY != 0;
    let class = *RoadClass::ALL.get((class & !ONE_WAY) as usize).ok_or("an edge has a class that is not known")?;
    Ok(Edge { tail, head, length_mm, time_ms, road, name, reference, county, class, oneway, first, len })
}
