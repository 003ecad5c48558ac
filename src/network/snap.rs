//! The nearest point on any edge: an R-tree of short runs of segments, exact distance in a local frame.

use super::crossings::{SegmentOf, boxed, crossing_segments};
use super::draft::ends_mm;
use super::nearby::{Nearby, box_around};
use super::order::along_curve;
use super::{Draft, Edge, RoadNetwork};
use crate::space::{LocalFrame, LonLat, segment_mm};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Segments in one box: fewer boxes than segments, and still tight ones.
pub(super) const RUN_LENGTH: usize = 8;

/// The radius that is tried first, metres.
const FIRST_M: f64 = 60.0;

/// The box of a run of segments: edge and first segment.
pub(super) type SegmentRun = GeomWithData<Rectangle<[f64; 2]>, (u32, u32)>;

/// Where a point meets the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snap {
    /// Edge.
    pub edge: u32,
    /// From the edge's tail along it, millimetres.
    pub offset_mm: u32,
    /// From the point to the foot, millimetres.
    pub distance_mm: u32,
    /// The foot.
    pub at: LonLat,
}

/// Edges, indexed for snapping. Boxes are in degrees; the query box is widened by 1/cos φ, so no nearer edge is missed.
pub struct SnapIndex<'a> {
    edges: &'a [Edge],
    points: &'a [LonLat],
    /// Side by side from west to east, so that they are built in parallel.
    pub(super) trees: Vec<RTree<SegmentRun>>,
    lengths: LongLines,
}

impl<'a> SnapIndex<'a> {
    /// Indexes all edges of a draft.
    pub fn new(draft: &'a Draft) -> Self {
        Self::of(&draft.edges, &draft.points, None)
    }

    /// Indexes the edges of a draft that come within `reach_m` metres of any of the points: good for questions that look no
    /// farther than that around them.
    pub fn near(draft: &'a Draft, points: &[LonLat], reach_m: f64) -> Self {
        Self::of(&draft.edges, &draft.points, Some(&Nearby::of(points, reach_m)))
    }

    /// Indexes all edges of a frozen network.
    pub fn of_network(network: &'a RoadNetwork) -> Self {
        Self::of(network.edges(), network.all_points(), None)
    }

    fn of(edges: &'a [Edge], points: &'a [LonLat], near: Option<&Nearby>) -> Self {
        let boxes: Vec<_> = edges
            .par_iter()
            .enumerate()
            .flat_map_iter(|(i, edge)| {
                let line = line(points, edge);
                let last = line.len() - 1; // so many segments
                let run = move |s: usize| boxed(line, i as u32, s, RUN_LENGTH.min(last - s));
                let wanted = move |run: &SegmentRun| near.is_none_or(|n| n.touches(run.geom().lower(), run.geom().upper()));
                (0..last).step_by(RUN_LENGTH).map(run).filter(wanted)
            })
            .collect();
        Self { edges, points, trees: load(boxes, 3), lengths: LongLines::default() }
    }

    /// As [`Self::near`], of a frozen network.
    pub fn near_in(network: &'a RoadNetwork, points: &[LonLat], reach_m: f64) -> Self {
        Self::of(network.edges(), network.all_points(), Some(&Nearby::of(points, reach_m)))
    }

    /// The nearest point on any edge within `max_m` metres. Of equally near edges the lowest number wins.
    pub fn nearest(&self, at: LonLat, max_m: f64) -> Option<Snap> {
        self.nearest_where(at, max_m, &|_| true)
    }

    /// As [`SnapIndex::nearest`], on the edges that may be taken.
    pub fn nearest_where(&self, at: LonLat, max_m: f64, may: &impl Fn(u32) -> bool) -> Option<Snap> {
        let frame = LocalFrame::at(at);
        let mut radius_m = FIRST_M.min(max_m);
        loop {
            let found = self.nearest_within(at, &frame, radius_m, may);
            if found.is_some() || radius_m >= max_m {
                return found;
            }
            radius_m = (radius_m * 4.0).min(max_m);
        }
    }

    fn nearest_within(&self, at: LonLat, frame: &LocalFrame, radius_m: f64, may: &impl Fn(u32) -> bool) -> Option<Snap> {
        let best = self.nearest_in_box(at, frame, radius_m, may);
        best.filter(|b| f64::from(b.distance_mm) <= radius_m * 1000.0)
    }

    fn nearest_in_box(&self, at: LonLat, frame: &LocalFrame, radius_m: f64, may: &impl Fn(u32) -> bool) -> Option<Snap> {
        let (low, high) = box_around(at, radius_m);
        let query = AABB::from_corners(low, high);
        let mut best: Option<(u64, u32, usize, f64)> = None; // distance in micrometres, edge, segment, share
        for hit in self.trees.iter().flat_map(|t| t.locate_in_envelope_intersecting(&query)) {
            let (edge, start) = hit.data;
            if !may(edge) {
                continue;
            }
            let line = line(self.points, &self.edges[edge as usize]);
            let end = (start as usize + RUN_LENGTH).min(line.len() - 1);
            for seg in start as usize..end {
                let (d, t) = frame.project_origin(line[seg], line[seg + 1]);
                let um = (d * 1e6).round() as u64;
                if best.is_none_or(|b| (um, edge, seg) < (b.0, b.1, b.2)) {
                    best = Some((um, edge, seg, t));
                }
            }
        }
        let mm = |um: u64| u32::try_from(um.saturating_add(500) / 1000).unwrap_or(u32::MAX);
        best.map(|(um, edge, seg, t)| self.foot(edge, seg, t, mm(um)))
    }

    /// Where segments of two edges of one level cross, strictly inside both, in the order of edges and segments. All edges must be
    /// indexed.
    pub fn crossings(&self, level: impl Fn(u32) -> i8 + Sync) -> Vec<(Snap, Snap)> {
        let found = crossing_segments((self.edges, self.points), &self.trees, &level);
        found.into_iter().map(|(a, b)| self.meeting(a, b)).collect()
    }

    /// The point where two segments cross, on the edge of each.
    fn meeting(&self, (a, i): SegmentOf, (b, k): SegmentOf) -> (Snap, Snap) {
        let (i, k) = (i as usize, k as usize);
        let (p, q) = (line(self.points, &self.edges[a as usize]), line(self.points, &self.edges[b as usize]));
        let frame = LocalFrame::at(p[i]);
        let [u, c, d] = [p[i + 1], q[k], q[k + 1]].map(|at| frame.to_metres(at));
        let v = [d[0] - c[0], d[1] - c[1]];
        let turn = |s: [f64; 2], t: [f64; 2]| s[0] * t[1] - s[1] * t[0];
        // They cross, so neither is without length nor are they parallel.
        let (on_a, on_b) = (turn(c, v) / turn(u, v), turn(c, u) / turn(u, v));
        (self.foot(a, i, on_a.clamp(0.0, 1.0), 0), self.foot(b, k, on_b.clamp(0.0, 1.0), 0))
    }

    fn foot(&self, edge: u32, seg: usize, t: f64, distance_mm: u32) -> Snap {
        let e: &Edge = &self.edges[edge as usize];
        let line = line(self.points, e);
        let (before, own) = self.lengths.before_and_whole(edge, line, seg);
        let along = before as f64 + t * f64::from(segment_mm(line[seg], line[seg + 1]));
        let scale = if own == 0 { 0.0 } else { f64::from(e.length_mm) / own as f64 };
        let offset_mm = ((along * scale).round() as u32).min(e.length_mm);
        Snap { edge, offset_mm, distance_mm, at: line[seg].lerp(line[seg + 1], t) }
    }
}

/// The nearest point on any edge within `max_m` metres of each point: what [`SnapIndex::nearest`] gives, in rounds of a growing
/// radius that index only the edges near the points still looking. Most points stand beside their road, most roads beside no point.
pub fn nearest_of_all(draft: &Draft, points: &[LonLat], max_m: f64) -> Vec<Option<Snap>> {
    nearest_of_edges((&draft.edges, &draft.points), points, max_m)
}

/// The same on some edges alone, by their place among these.
pub(super) fn nearest_of_edges((edges, vertices): (&[Edge], &[LonLat]), points: &[LonLat], max_m: f64) -> Vec<Option<Snap>> {
    let mut found = vec![None; points.len()];
    let mut looking = along_curve(points); // neighbours ask the same part of the tree, one after the other
    let mut radius_m = FIRST_M.min(max_m);
    while !looking.is_empty() {
        let here: Vec<LonLat> = looking.iter().map(|i| points[*i as usize]).collect();
        let index = SnapIndex::of(edges, vertices, Some(&Nearby::of(&here, radius_m)));
        let one = |at: &LonLat| index.nearest_within(*at, &LocalFrame::at(*at), radius_m, &|_| true);
        let snaps: Vec<Option<Snap>> = here.par_iter().map(one).collect();
        for (i, snap) in looking.iter().zip(snaps) {
            found[*i as usize] = snap;
        }
        looking.retain(|i| found[*i as usize].is_none());
        if radius_m >= max_m {
            break;
        }
        radius_m = (radius_m * 4.0).min(max_m);
    }
    found
}

/// Lengths along the lines that have many vertices: added up once, and not for every point that meets them.
#[derive(Default)]
struct LongLines(Mutex<FxHashMap<u32, Arc<Vec<u64>>>>);

impl LongLines {
    /// Lines of fewer vertices are added up each time.
    const LONG: usize = 256;

    /// Millimetres before a segment of an edge's line, and of the whole line.
    fn before_and_whole(&self, edge: u32, line: &[LonLat], seg: usize) -> (u64, u64) {
        let of = |ends: &[u64]| (seg.checked_sub(1).map_or(0, |i| ends[i]), ends.last().copied().unwrap_or(0));
        if line.len() < Self::LONG {
            let (mut before, mut own) = (0u64, 0u64);
            for (i, w) in line.windows(2).enumerate() {
                let mm = u64::from(segment_mm(w[0], w[1]));
                own += mm;
                before += if i < seg { mm } else { 0 };
            }
            return (before, own);
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = known.entry(edge).or_insert_with(|| Arc::new(ends_mm(line))).clone();
        drop(known);
        of(&ends)
    }
}

/// Loads boxes into trees, halved by longitude so many times; always the same trees, whatever the number of threads.
pub(super) fn load(mut boxes: Vec<SegmentRun>, halvings: u32) -> Vec<RTree<SegmentRun>> {
    if halvings == 0 || boxes.len() < 10_000 {
        return vec![RTree::bulk_load(boxes)];
    }
    let west = |run: &SegmentRun| run.geom().lower()[0];
    let middle = boxes.len() / 2;
    boxes.select_nth_unstable_by(middle, |a, b| west(a).total_cmp(&west(b)).then(a.data.cmp(&b.data)));
    let east = boxes.split_off(middle);
    boxes.shrink_to_fit();
    let (mut trees, more) = rayon::join(|| load(boxes, halvings - 1), || load(east, halvings - 1));
    trees.extend(more);
    trees
}

pub(super) fn line<'a>(points: &'a [LonLat], edge: &Edge) -> &'a [LonLat] {
    &points[edge.first as usize..(edge.first + edge.len) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Criteria, RegionFile, RoadClass};
    use crate::error::Location;
    use crate::issue::Issues;
    use crate::read::road::{RawRoad, Roads};
    use proptest::prelude::*;

    fn draft(lines: &[Vec<LonLat>]) -> Draft {
        let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
        let (mut roads, mut issues) = (Roads::default(), Issues::default());
        let plain = RawRoad { class: Some(RoadClass::Local), ..RawRoad::default() };
        for line in lines {
            roads.push(&plain, line, &criteria.reading, &Location::default(), &mut issues);
        }
        Draft::from_roads(&roads).unwrap()
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        /// Roads of 4 vertices within 0.1° and points around them: in rounds with few edges, or one by one with all.
        #[test]
        fn rounds_with_few_edges_find_what_the_whole_index_finds(
            lines in proptest::collection::vec(proptest::collection::vec((0i32..1_000_000, 0i32..1_000_000), 4), 1..8),
            spots in proptest::collection::vec((-200_000i32..1_200_000, -200_000i32..1_200_000), 1..40),
            max_m in 10.0f64..5000.0,
        ) {
            let at = |(x, y): (i32, i32)| LonLat::from_e7(1_050_000_000 + x, 300_000_000 + y).unwrap();
            let lines: Vec<Vec<LonLat>> = lines.into_iter().map(|l| l.into_iter().map(at).collect()).collect();
            let spots: Vec<LonLat> = spots.into_iter().map(at).collect();
            let draft = draft(&lines);
            let index = SnapIndex::new(&draft);
            let one_by_one: Vec<Option<Snap>> = spots.iter().map(|p| index.nearest(*p, max_m)).collect();
            prop_assert_eq!(nearest_of_all(&draft, &spots, max_m), one_by_one);
        }
    }
}
