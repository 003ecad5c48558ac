//! The nearest point on any edge: an R-tree of short runs of segments, exact distance in a local frame.

use super::{Draft, Edge, RoadNetwork};
use crate::space::{LocalFrame, LonLat, segment_mm};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Segments in one box: fewer boxes than segments, and still tight ones.
const RUN_LENGTH: usize = 8;

/// The box of a run of segments: edge and first segment.
type Run = GeomWithData<Rectangle<[f64; 2]>, (u32, u32)>;

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
    trees: Vec<RTree<Run>>,
}

impl<'a> SnapIndex<'a> {
    /// Indexes all edges of a draft.
    pub fn new(draft: &'a Draft) -> Self {
        Self::of(&draft.edges, &draft.points)
    }

    /// Indexes all edges of a frozen network.
    pub fn of_network(network: &'a RoadNetwork) -> Self {
        Self::of(network.edges(), network.all_points())
    }

    fn of(edges: &'a [Edge], points: &'a [LonLat]) -> Self {
        let boxes: Vec<_> = edges
            .par_iter()
            .enumerate()
            .flat_map_iter(|(i, edge)| {
                let line = line(points, edge);
                (0..line.len() - 1).step_by(RUN_LENGTH).map(move |start| {
                    let run = &line[start..(start + RUN_LENGTH + 1).min(line.len())];
                    let corners: Vec<[f64; 2]> = run.iter().map(|p| [p.lon(), p.lat()]).collect();
                    let aabb = AABB::from_points(corners.iter());
                    GeomWithData::new(Rectangle::from_aabb(aabb), (i as u32, start as u32))
                })
            })
            .collect();
        Self { edges, points, trees: load(boxes, 3) }
    }

    /// The nearest point on any edge within `max_m` metres. Of equally near edges the lowest number wins.
    pub fn nearest(&self, at: LonLat, max_m: f64) -> Option<Snap> {
        let frame = LocalFrame::at(at);
        let mut radius_m = 60.0_f64.min(max_m);
        loop {
            let best = self.nearest_in_box(at, &frame, radius_m);
            let found = best.filter(|b| f64::from(b.distance_mm) <= radius_m * 1000.0);
            if found.is_some() || radius_m >= max_m {
                return found;
            }
            radius_m = (radius_m * 4.0).min(max_m);
        }
    }

    fn nearest_in_box(&self, at: LonLat, frame: &LocalFrame, radius_m: f64) -> Option<Snap> {
        let [dx, dy] = frame.degrees_of(radius_m * 1.01);
        let (x, y) = (at.lon(), at.lat());
        let query = AABB::from_corners([x - dx, y - dy], [x + dx, y + dy]);
        let mut best: Option<(u64, u32, usize, f64)> = None; // distance in micrometres, edge, segment, share
        for hit in self.trees.iter().flat_map(|t| t.locate_in_envelope_intersecting(&query)) {
            let (edge, start) = hit.data;
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
        best.map(|(um, edge, seg, t)| self.foot(edge, seg, t, u32::try_from(um.saturating_add(500) / 1000).unwrap_or(u32::MAX)))
    }

    fn foot(&self, edge: u32, seg: usize, t: f64, distance_mm: u32) -> Snap {
        let e: &Edge = &self.edges[edge as usize];
        let line = line(self.points, e);
        let (mut before, mut own) = (0u64, 0u64);
        for (i, w) in line.windows(2).enumerate() {
            let mm = u64::from(segment_mm(w[0], w[1]));
            own += mm;
            before += if i < seg { mm } else { 0 };
        }
        let along = before as f64 + t * f64::from(segment_mm(line[seg], line[seg + 1]));
        let scale = if own == 0 { 0.0 } else { f64::from(e.length_mm) / own as f64 };
        let offset_mm = ((along * scale).round() as u32).min(e.length_mm);
        Snap { edge, offset_mm, distance_mm, at: line[seg].lerp(line[seg + 1], t) }
    }
}

/// Loads boxes into trees, halved by longitude so many times; always the same trees, whatever the number of threads.
fn load(mut boxes: Vec<Run>, halvings: u32) -> Vec<RTree<Run>> {
    if halvings == 0 || boxes.len() < 10_000 {
        return vec![RTree::bulk_load(boxes)];
    }
    let west = |run: &Run| run.geom().lower()[0];
    let middle = boxes.len() / 2;
    boxes.select_nth_unstable_by(middle, |a, b| west(a).total_cmp(&west(b)).then(a.data.cmp(&b.data)));
    let east = boxes.split_off(middle);
    boxes.shrink_to_fit();
    let (mut trees, more) = rayon::join(|| load(boxes, halvings - 1), || load(east, halvings - 1));
    trees.extend(more);
    trees
}

fn line<'a>(points: &'a [LonLat], edge: &Edge) -> &'a [LonLat] {
    &points[edge.first as usize..(edge.first + edge.len) as usize]
}
