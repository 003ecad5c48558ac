//! The network while it is built: nodes, edges and their geometry in flat tables.

use super::csr::RoadNetwork;
use super::order::rearrange;
use super::sites::Placed;
use crate::config::RoadClass;
use crate::error::{Error, Result};
use crate::read::road::{OneWay, Roads};
use crate::space::units::travel_ms;
use crate::space::{LonLat, line_mm, segment_mm};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// The county of an edge that lies in none.
pub const NO_COUNTY: u32 = u32::MAX;

/// A stretch of road between two nodes. Its length is counted once, whichever ways it may be driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// First node.
    pub tail: u32,
    /// Last node.
    pub head: u32,
    /// Length in millimetres.
    pub length_mm: u32,
    /// Travel time in milliseconds, the same both ways.
    pub time_ms: u32,
    /// Index of the road it is part of.
    pub road: u32,
    /// Name number of that road.
    pub name: u32,
    /// Numbers of the road (`G42;G50`) as a number among the names, where they stand beside its name; 0 where not.
    pub reference: u32,
    /// Index of the county it lies in, or [`NO_COUNTY`].
    pub county: u32,
    /// Class.
    pub class: RoadClass,
    /// May only be driven from tail to head.
    pub oneway: bool,
    /// Where its line begins among the positions of all.
    pub(crate) first: u32,
    /// Positions of its line.
    pub(crate) len: u32,
}

impl Edge {
    /// An edge without name or geometry, to be given to [`crate::whatif::WhatIf::add_road`].
    pub fn between(
        (tail, head): (u32, u32),
        (length_mm, time_ms): (u32, u32),
        class: RoadClass,
        oneway: bool,
        county: u32,
    ) -> Self {
        Self { tail, head, length_mm, time_ms, road: 0, name: 0, reference: 0, county, class, oneway, first: 0, len: 0 }
    }

    /// Positions of its line.
    pub fn vertices(&self) -> usize {
        self.len as usize
    }
}

/// Nodes and edges, open to change.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Position of each node.
    pub nodes: Vec<LonLat>,
    /// Edges.
    pub edges: Vec<Edge>,
    pub(super) points: Vec<LonLat>,
}

impl Draft {
    /// Finds the nodes of a road table and cuts its lines there.
    ///
    /// A vertex is a node when it ends a line, or when lines (or one line twice) share it. Lines that cross
    /// without a common vertex are not joined: a bridge stays a bridge.
    ///
    /// # Errors
    /// Input, when one edge is longer than the 4,294 km that fit, or there are more vertices than fit in 32 bits.
    pub fn from_roads(roads: &Roads) -> Result<Self> {
        if u32::try_from(roads.all_points().len().saturating_mul(2)).is_err() {
            return Err(Error::input("the roads have more than 2,147,483,647 vertices", "split the region"));
        }
        let (node_of, edges) = Nodes::find(roads);
        let mut draft = Self {
            nodes: vec![LonLat::default(); node_of.number.len()],
            edges: Vec::with_capacity(edges),
            points: Vec::with_capacity(roads.all_points().len() + edges.saturating_sub(roads.list().len())),
        };
        for (at, node) in &node_of.number {
            draft.nodes[*node as usize] = *at; // every slot is written once, so the map's order does not matter
        }
        let mut line = Vec::new();
        for (index, road) in roads.list().iter().enumerate() {
            line.clear();
            line.extend_from_slice(roads.points(road));
            if road.oneway == OneWay::Backward {
                line.reverse();
            }
            let mut start = 0;
            for i in 1..line.len() {
                let Some(head) = node_of.get(line[i]) else { continue };
                let tail = node_of.get(line[start]).unwrap_or(head);
                let whole = start == 0 && i + 1 == line.len() && road.length_mm < u32::MAX;
                let length_mm = if whole { road.length_mm } else { edge_mm(&line[start..=i])? };
                let edge = Edge {
                    tail,
                    head,
                    length_mm,
                    time_ms: travel_ms(length_mm, f64::from(road.speed_kmh)),
                    road: index as u32,
                    name: road.name,
                    reference: road.reference,
                    county: NO_COUNTY,
                    class: road.class,
                    oneway: road.oneway != OneWay::No,
                    first: draft.points.len() as u32,
                    len: (i - start + 1) as u32,
                };
                draft.points.extend_from_slice(&line[start..=i]);
                draft.edges.push(edge);
                start = i;
            }
        }
        drop(node_of);
        draft.canonicalise();
        Ok(draft)
    }

    /// Turns and sorts the edges so that neither the order of roads in a file nor the way in which a two-way road was
    /// drawn shows in anything that follows: not in cuts, not in which of two equally near edges a station meets.
    fn canonicalise(&mut self) {
        for e in &mut self.edges {
            let line = &mut self.points[e.first as usize..(e.first + e.len) as usize];
            if !e.oneway && line.iter().gt(line.iter().rev()) {
                std::mem::swap(&mut e.tail, &mut e.head);
                line.reverse();
            }
        }
        let order = in_order(&self.edges, &self.points);
        rearrange(&mut self.edges, order);
    }

    /// The geometry of an edge, from tail to head; at least two positions.
    pub fn line(&self, edge: &Edge) -> &[LonLat] {
        &self.points[edge.first as usize..(edge.first + edge.len) as usize]
    }

    /// Total length, millimetres.
    pub fn length_mm(&self) -> u64 {
        self.edges.iter().map(|e| u64::from(e.length_mm)).sum()
    }

    /// Replaces edges by pieces: `cuts` gives the edge, the offset (mm from its tail, inside it) and the position of new nodes,
    /// sorted, none twice. Lengths and times of the pieces add up to those of the edge.
    ///
    /// Returns for each old edge the number of its first piece; pieces stand in order.
    pub(super) fn split(&mut self, cuts: &[(u32, u32, LonLat)]) -> Vec<u32> {
        let mut first_piece = Vec::with_capacity(self.edges.len() + 1);
        let mut edges = Vec::with_capacity(self.edges.len() + cuts.len());
        let mut by_edge = cuts.chunk_by(|a, b| a.0 == b.0).peekable();
        for (index, edge) in (0u32..).zip(std::mem::take(&mut self.edges)) {
            first_piece.push(edges.len() as u32);
            match by_edge.next_if(|cuts| cuts[0].0 == index) {
                None => edges.push(edge),
                Some(cuts) => self.split_one(edge, cuts, &mut edges),
            }
        }
        first_piece.push(edges.len() as u32);
        self.edges = edges;
        first_piece
    }

    fn split_one(&mut self, edge: Edge, cuts: &[(u32, u32, LonLat)], out: &mut Vec<Edge>) {
        let line = self.line(&edge).to_vec();
        let ends = ends_mm(&line);
        let (mut tail, mut from_mm, mut from_ms) = (edge.tail, 0, 0);
        for (i, end) in cuts.iter().map(|c| Some((c.1, c.2))).chain([None]).enumerate() {
            let (to_mm, to_ms, head) = match end {
                Some((mm, at)) => {
                    self.nodes.push(at);
                    (mm, share(edge.time_ms, mm, edge.length_mm), (self.nodes.len() - 1) as u32)
                }
                None => (edge.length_mm, edge.time_ms, edge.head),
            };
            let start_at = (i > 0).then(|| cuts[i - 1].2);
            let first = self.points.len();
            slice_along(&line, &ends, (edge.length_mm, from_mm, to_mm), (start_at, end.map(|c| c.1)), &mut self.points);
            out.push(Edge {
                tail,
                head,
                length_mm: to_mm - from_mm,
                time_ms: to_ms - from_ms,
                first: first as u32,
                len: (self.points.len() - first) as u32,
                ..edge
            });
            (tail, from_mm, from_ms) = (head, to_mm, to_ms);
        }
    }

    /// Orders nodes along a Hilbert curve, edges by their nodes, and geometry by the edges, so that [`Draft::freeze`] finds most
    /// of it done and neighbours on the ground lie side by side.
    pub fn tidy(&mut self) {
        self.order_along_curve(&mut [], &mut []);
        let mut points = Vec::with_capacity(self.edges.iter().map(|e| e.len as usize).sum());
        for e in &mut self.edges {
            let line = e.first as usize..(e.first + e.len) as usize;
            e.first = points.len() as u32;
            points.extend_from_slice(&self.points[line]);
        }
        self.points = points;
    }

    /// Orders nodes along a Hilbert curve and edges by their nodes, and lays out the search tables.
    ///
    /// `marked` nodes and `placed` points on edges are renumbered with them.
    pub fn freeze(self, marked: &mut [u32], placed: &mut [Placed]) -> RoadNetwork {
        RoadNetwork::freeze(self, marked, placed)
    }
}

/// `total · part / whole`, rounded down.
pub(crate) fn share(total: u32, part: u32, whole: u32) -> u32 {
    if whole == 0 {
        return 0;
    }
    (u64::from(total) * u64::from(part) / u64::from(whole)) as u32
}

/// The part of a line between two offsets, with its ends placed exactly at `start` and `end` where given.
///
/// The segments' own lengths are scaled to `length_mm`, because pieces of cut edges keep the length they were given.
pub(crate) fn slice_into(
    line: &[LonLat],
    length_mm: u32,
    from_mm: u32,
    to_mm: u32,
    start: Option<LonLat>,
    end: Option<LonLat>,
    out: &mut Vec<LonLat>,
) {
    if from_mm == 0 && to_mm == length_mm && start.is_none() && end.is_none() {
        return out.extend_from_slice(line); // most pieces are whole
    }
    slice_along(line, &ends_mm(line), (length_mm, from_mm, to_mm), (start, end), out);
}

/// Where the segments of a line end, millimetres from its beginning.
pub(super) fn ends_mm(line: &[LonLat]) -> Vec<u64> {
    let mut run = 0u64;
    let ends = line.windows(2).map(|w| {
        run += u64::from(segment_mm(w[0], w[1]));
        run
    });
    ends.collect()
}

/// As [`slice_into`], of a line whose segments' [`ends_mm`] are known: it looks at the part alone, not at all that comes before.
fn slice_along(
    line: &[LonLat],
    ends: &[u64],
    (length_mm, from_mm, to_mm): (u32, u32, u32),
    (start, end): (Option<LonLat>, Option<LonLat>),
    out: &mut Vec<LonLat>,
) {
    let own = ends.last().copied().unwrap_or(0);
    let scale = if own == 0 { 1.0 } else { f64::from(length_mm) / own as f64 };
    let (from, to) = (f64::from(from_mm), f64::from(to_mm));
    let begin = out.len();
    let first = ends.partition_point(|end| *end as f64 * scale <= from);
    let mut run = first.checked_sub(1).map_or(0, |i| ends[i]);
    let push = |p: LonLat, out: &mut Vec<LonLat>| {
        if out.len() == begin || out.last() != Some(&p) {
            out.push(p);
        }
    };
    let mut last = line[first.min(line.len() - 1)];
    for (w, to_here) in line.windows(2).zip(ends).skip(first) {
        let (a, b) = (run as f64 * scale, *to_here as f64 * scale);
        let at = |mm: f64| if b > a { w[0].lerp(w[1], ((mm - a) / (b - a)).clamp(0.0, 1.0)) } else { w[0] };
        if out.len() == begin && from < b {
            push(start.unwrap_or_else(|| at(from)), out);
        }
        if out.len() > begin {
            if to <= b {
                last = at(to);
                break;
            }
            push(w[1], out);
        }
        last = w[1];
        run = *to_here;
    }
    if out.len() == begin {
        out.push(start.unwrap_or(last));
    }
    out.push(end.unwrap_or(last)); // two positions even where they are equal: a piece is always a line
}

/// The numbers of the edges by their nodes, then by what else tells them apart.
fn in_order(edges: &[Edge], points: &[LonLat]) -> Vec<u32> {
    // Nodes and numbers are sorted instead of the edges themselves: a third of the bytes to move.
    let nodes = |e: &Edge| u64::from(e.tail) << 32 | u64::from(e.head);
    let mut order: Vec<(u64, u32)> = edges.iter().zip(0..).map(|(e, i)| (nodes(e), i)).collect();
    order.par_sort_unstable_by(|(a, i), (b, j)| {
        a.cmp(b).then_with(|| {
            let (e, f) = (&edges[*i as usize], &edges[*j as usize]);
            let key = |e: &Edge| (e.length_mm, e.time_ms, e.class, e.oneway);
            let line = |e: &Edge| &points[e.first as usize..(e.first + e.len) as usize];
            key(e).cmp(&key(f)).then_with(|| line(e).cmp(line(f))).then(i.cmp(j))
        })
    });
    order.into_iter().map(|(_, i)| i).collect()
}

fn edge_mm(line: &[LonLat]) -> Result<u32> {
    u32::try_from(line_mm(line))
        .map_err(|_| Error::input("a road without a junction is longer than 4,294 km", "check its coordinates, or split it"))
}

/// The nodes of a road table by position.
struct Nodes {
    number: FxHashMap<LonLat, u32>,
    /// A bit for some of a position's own: most vertices are no node, and that shows here without a look into the map.
    maybe: Vec<u64>,
}

impl Nodes {
    /// Line ends and shared vertices, in the order of their positions. Also tells how many edges they make.
    fn find(roads: &Roads) -> (Self, usize) {
        let mut seen: Vec<u64> = Vec::with_capacity(roads.all_points().len());
        for road in roads.list() {
            let line = roads.points(road);
            let end = |i: usize| u64::from(i == 0 || i + 1 == line.len());
            seen.extend(line.iter().enumerate().map(|(i, at)| at.place_key() << 1 | end(i)));
        }
        // each of them is a vertex of some road, and a node for that
        seen.extend(roads.ends().iter().map(|at| at.place_key() << 1 | 1));
        seen.par_sort_unstable();
        let is_node = |group: &&[u64]| group.len() > 1 || group[0] & 1 == 1;
        let groups = || seen.chunk_by(|a, b| a >> 1 == b >> 1).filter(is_node);
        let (count, uses) = groups().fold((0, 0), |(n, uses), group| (n + 1, uses + group.len()));
        let mut nodes = Self {
            number: FxHashMap::with_capacity_and_hasher(count, Default::default()),
            maybe: vec![0; (count / 4).next_power_of_two()],
        };
        for (group, node) in groups().zip(0..) {
            let at = LonLat::of_sort_key(group[0] >> 1);
            let (word, bit) = nodes.slot(at);
            nodes.maybe[word] |= bit;
            nodes.number.insert(at, node);
        }
        // A road of n nodes has n - 1 edges.
        (nodes, uses.saturating_sub(roads.list().len()))
    }

    /// Word and bit of a position. The multiplier is 2^64 over the golden ratio (Knuth, volume 3, 6.4).
    fn slot(&self, at: LonLat) -> (usize, u64) {
        let hash = at.sort_key().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((hash >> 32) as usize & (self.maybe.len() - 1), 1 << (hash >> 26 & 63))
    }

    fn get(&self, at: LonLat) -> Option<u32> {
        let at = at.on_seam();
        let (word, bit) = self.slot(at);
        if self.maybe[word] & bit == 0 {
            return None;
        }
        self.number.get(&at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> LonLat {
        LonLat::new(x, y).unwrap()
    }

    #[test]
    fn slices_add_up_and_meet() {
        // 0 ──── 0.01 ──── 0.02 on the equator: 2 × 1,113.195 m
        let line = [at(0.0, 0.0), at(0.01, 0.0), at(0.02, 0.0)];
        let total = 2_226_390;
        let mut a = Vec::new();
        slice_into(&line, total, 0, 1_500_000, None, None, &mut a);
        let mut b = Vec::new();
        slice_into(&line, total, 1_500_000, total, None, None, &mut b);
        assert_eq!(a.len(), 3);
        assert_eq!(b.len(), 2);
        assert_eq!(a.last(), b.first());
        assert_eq!(b.last(), line.last());
        assert!(crate::space::line_mm(&a).abs_diff(1_500_000) <= 12); // one step of 1e-7 degree is 11 mm
    }

    #[test]
    fn splitting_keeps_length_and_time() {
        let mut draft =
            Draft { nodes: vec![at(0.0, 0.0), at(0.01, 0.0)], edges: Vec::new(), points: vec![at(0.0, 0.0), at(0.01, 0.0)] };
        draft.edges.push(Edge {
            tail: 0,
            head: 1,
            length_mm: 1_113_195,
            time_ms: 66_667,
            road: 0,
            name: 0,
            reference: 0,
            county: NO_COUNTY,
            class: RoadClass::Local,
            oneway: true,
            first: 0,
            len: 2,
        });
        let pieces = draft.split(&[(0, 100, at(0.0000009, 0.0)), (0, 1_000_001, at(0.008983, 0.0))]);
        assert_eq!(pieces, [0, 3]);
        assert_eq!(draft.edges.iter().map(|e| e.length_mm).sum::<u32>(), 1_113_195);
        assert_eq!(draft.edges.iter().map(|e| e.time_ms).sum::<u32>(), 66_667);
        assert_eq!((draft.edges[0].tail, draft.edges[2].head), (0, 1));
        assert_eq!(draft.edges[0].head, draft.edges[1].tail);
        assert!(draft.edges.iter().all(|e| e.oneway));
    }
}
