//! Segments of roads that cross without a common vertex.
//!
//! Boxes around segments that leave one node all overlap there, however many they are, and none of these segments can cross: at a node
//! of many roads the first segment of each is kept apart, and asked against everything but its own node's.

use super::Edge;
use super::snap::{RUN_LENGTH, SegmentRun, line, load};
use crate::space::LonLat;
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{RTree, RTreeObject};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// A segment: edge, and number along it.
pub(super) type SegmentOf = (u32, u32);

/// A node of more roads than this is a hub.
const HUB: u32 = 64;

/// Segments of two edges of one level that cross strictly inside both, in their order; `runs` are those of all edges.
pub(super) fn crossing_segments(
    ground: (&[Edge], &[LonLat]),
    runs: &[RTree<SegmentRun>],
    level: &(impl Fn(u32) -> i8 + Sync),
) -> Vec<(SegmentOf, SegmentOf)> {
    crossing_beside_hubs(ground, runs, level, HUB)
}

/// With nodes of more roads than `hub` as hubs.
fn crossing_beside_hubs(
    (edges, points): (&[Edge], &[LonLat]),
    runs: &[RTree<SegmentRun>],
    level: &(impl Fn(u32) -> i8 + Sync),
    hub: u32,
) -> Vec<(SegmentOf, SegmentOf)> {
    let all = Parts::of(edges, points, runs, hub);
    let same_level = |a: &SegmentRun, b: &SegmentRun| level(a.data.0) == level(b.data.0) && a.data.0 != b.data.0;
    let look = |one: &SegmentRun, spoke: bool, other: &SegmentRun, other_spoke: bool, found: &mut Vec<_>| {
        if same_level(one, other) {
            let length = |spoke: bool| if spoke { 1 } else { RUN_LENGTH };
            cross_in((edges, points), (one.data, length(spoke)), (other.data, length(other_spoke)), found);
        }
    };
    let of_tree = |tree: &RTree<SegmentRun>| {
        let mut found = Vec::new();
        for run in tree.iter() {
            let near = all.plain.iter().flat_map(|t| t.locate_in_envelope_intersecting(&run.envelope()));
            near.filter(|other| other.data.0 > run.data.0).for_each(|other| look(run, false, other, false, &mut found));
        }
        found
    };
    let mut found: Vec<(SegmentOf, SegmentOf)> = all.plain.par_iter().flat_map_iter(of_tree).collect();
    let of_hub = |(number, spokes): (usize, &RTree<SegmentRun>)| {
        let mut found = Vec::new();
        for spoke in spokes.iter() {
            let near = all.plain.iter().flat_map(|t| t.locate_in_envelope_intersecting(&spoke.envelope()));
            near.for_each(|other| look(spoke, true, other, false, &mut found));
            for hub in all.boxes.locate_in_envelope_intersecting(&spoke.envelope()).filter(|hub| hub.data > number) {
                let near = all.hubs[hub.data].locate_in_envelope_intersecting(&spoke.envelope());
                near.for_each(|other| look(spoke, true, other, true, &mut found));
            }
        }
        found
    };
    found.par_extend(all.hubs.par_iter().enumerate().flat_map_iter(of_hub));
    found.par_sort_unstable();
    found.dedup(); // a run beside a hub reads on into what is kept apart
    found
}

/// All segments: in runs, and those that leave a hub by their hub.
struct Parts<'r> {
    plain: Cow<'r, [RTree<SegmentRun>]>,
    hubs: Vec<RTree<SegmentRun>>,
    /// The box of each hub's segments.
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl<'r> Parts<'r> {
    /// `runs` hold all segments, and serve as they are where there is no hub.
    fn of(edges: &[Edge], points: &[LonLat], runs: &'r [RTree<SegmentRun>], most: u32) -> Self {
        let nodes = edges.iter().map(|e| e.tail.max(e.head) as usize + 1).max().unwrap_or(0);
        let mut degree = vec![0u32; nodes];
        edges.iter().for_each(|e| [e.tail, e.head].iter().for_each(|v| degree[*v as usize] += 1));
        if degree.iter().all(|d| *d <= most) {
            return Self { plain: Cow::Borrowed(runs), hubs: Vec::new(), boxes: RTree::new() };
        }
        let hub = |v: u32| (degree[v as usize] > most).then_some(v);
        let mut spokes = FxHashMap::<u32, Vec<SegmentRun>>::default();
        let mut plain = Vec::new();
        for (i, e) in (0u32..).zip(edges) {
            let line = line(points, e);
            let last = line.len() - 1; // so many segments
            let (at_tail, at_head) = (hub(e.tail), hub(e.head).filter(|_| last > 1 || hub(e.tail).is_none()));
            for (of, segment) in at_tail.map(|v| (v, 0)).into_iter().chain(at_head.map(|v| (v, last - 1))) {
                spokes.entry(of).or_default().push(boxed(line, i, segment, 1));
            }
            let (from, to) = (usize::from(at_tail.is_some()), last - usize::from(at_head.is_some()));
            plain.extend((from..to).step_by(RUN_LENGTH).map(|s| boxed(line, i, s, RUN_LENGTH.min(to - s))));
        }
        let mut spokes: Vec<(u32, Vec<SegmentRun>)> = spokes.into_iter().collect();
        spokes.sort_unstable_by_key(|(hub, _)| *hub);
        let hubs: Vec<RTree<SegmentRun>> = spokes.into_iter().map(|(_, list)| RTree::bulk_load(list)).collect();
        let around = |(n, tree): (usize, &RTree<SegmentRun>)| {
            let all = tree.root().envelope();
            GeomWithData::new(Rectangle::from_corners(all.lower(), all.upper()), n)
        };
        let boxes = RTree::bulk_load(hubs.iter().enumerate().map(around).collect());
        Self { plain: Cow::Owned(load(plain, 3)), hubs, boxes }
    }
}

/// The box around so many segments of an edge's line.
pub(super) fn boxed(line: &[LonLat], edge: u32, first: usize, segments: usize) -> SegmentRun {
    let (mut low, mut high) = ((i32::MAX, i32::MAX), (i32::MIN, i32::MIN));
    for (x, y) in line[first..=first + segments].iter().map(|p| p.e7()) {
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    let corner = |(x, y): (i32, i32)| [f64::from(x) / 1e7, f64::from(y) / 1e7];
    GeomWithData::new(Rectangle::from_corners(corner(low), corner(high)), (edge, first as u32))
}

/// The segments of two runs that cross, the lower edge first.
fn cross_in(
    (edges, points): (&[Edge], &[LonLat]),
    ((a, i), most_a): (SegmentOf, usize),
    ((b, k), most_b): (SegmentOf, usize),
    found: &mut Vec<(SegmentOf, SegmentOf)>,
) {
    let of = |edge: u32, from: u32, most: usize| {
        let all = line(points, &edges[edge as usize]);
        &all[from as usize..(from as usize + most + 1).min(all.len())]
    };
    for (n, s) in (i..).zip(of(a, i, most_a).windows(2)) {
        for (m, t) in (k..).zip(of(b, k, most_b).windows(2)) {
            if cross([s[0], s[1]], [t[0], t[1]]) {
                found.push(if a < b { ((a, n), (b, m)) } else { ((b, m), (a, n)) });
            }
        }
    }
}

/// Whether two segments cross at a point inside both; exact, in whole numbers.
fn cross([a, b]: [LonLat; 2], [c, d]: [LonLat; 2]) -> bool {
    let apart = |p: i32, q: i32, r: i32, s: i32| p.max(q) < r.min(s) || r.max(s) < p.min(q);
    let ((ax, ay), (bx, by), (cx, cy), (dx, dy)) = (a.e7(), b.e7(), c.e7(), d.e7());
    if apart(ax, bx, cx, dx) || apart(ay, by, cy, dy) {
        return false;
    }
    let side = |p: LonLat, q: LonLat, r: LonLat| {
        let (p, q, r) = (p.e7(), q.e7(), r.e7());
        let d = |a: i32, b: i32| i128::from(a) - i128::from(b);
        (d(q.0, p.0) * d(r.1, p.1) - d(q.1, p.1) * d(r.0, p.0)).signum()
    };
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Criteria, RegionFile, RoadClass};
    use crate::error::Location;
    use crate::issue::Issues;
    use crate::network::{Draft, SnapIndex};
    use crate::read::road::{RawRoad, Roads};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        /// Roads of two to four vertices on a grid of 7 × 7, so that many leave one node: with every node a hub, with those of many
        /// roads, and with none.
        #[test]
        fn hubs_change_no_crossing(lines in prop::collection::vec(prop::collection::vec((0i32..7, 0i32..7), 2..5), 1..30)) {
            let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
            let (mut roads, mut issues) = (Roads::default(), Issues::default());
            let plain = RawRoad { class: Some(RoadClass::Local), class_text: "x", ..RawRoad::default() };
            for line in &lines {
                let line: Vec<LonLat> = line.iter().map(|(x, y)| LonLat::from_e7(x * 9000, y * 9000).unwrap()).collect();
                roads.push(&plain, &line, &criteria.reading, &Location::default(), &mut issues);
            }
            prop_assume!(!roads.list().is_empty());
            let draft = Draft::from_roads(&roads).unwrap();
            let index = SnapIndex::new(&draft);
            let with = |hub: u32| crossing_beside_hubs((&draft.edges, &draft.points), &index.trees, &|e| (e % 3 == 0) as i8, hub);
            let none = with(u32::MAX);
            prop_assert_eq!(&with(0), &none);
            prop_assert_eq!(&with(3), &none);
        }
    }
}
