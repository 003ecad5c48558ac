//! Ends roads where nothing passes: at a bollard a road that is drawn through, and all that meet there, fall apart.

use super::Draft;
use crate::space::LonLat;
use rustc_hash::FxHashSet;

/// Gives every edge that ends at one of these positions a node of its own there. No line is moved and no length changes.
///
/// What was drawn twice must be merged before, and what stops short joined: afterwards the ends stand side by side.
pub fn end_at(draft: &mut Draft, positions: &[LonLat]) {
    let closed: FxHashSet<LonLat> = positions.iter().map(|at| at.on_seam()).collect();
    if closed.is_empty() {
        return;
    }
    for i in 0..draft.edges.len() {
        let line = draft.line(&draft.edges[i]);
        let (first, last) = (line[0], line[line.len() - 1]);
        let mut own = |at: LonLat| {
            closed.contains(&at.on_seam()).then(|| {
                draft.nodes.push(at);
                (draft.nodes.len() - 1) as u32
            })
        };
        let (tail, head) = (own(first), own(last));
        let e = &mut draft.edges[i];
        (e.tail, e.head) = (tail.unwrap_or(e.tail), head.unwrap_or(e.head));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Criteria, RegionFile, RoadClass};
    use crate::error::Location;
    use crate::issue::Issues;
    use crate::read::road::{RawRoad, Roads};

    fn at(x: i32, y: i32) -> LonLat {
        LonLat::from_e7(x * 100_000, y * 100_000).unwrap()
    }

    /// Each road's line; the network of it with ends at some positions.
    fn network(lines: &[&[(i32, i32)]], ends: &[(i32, i32)]) -> Draft {
        let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
        let (mut roads, mut issues) = (Roads::default(), Issues::default());
        for line in lines {
            let line: Vec<LonLat> = line.iter().map(|(x, y)| at(*x, *y)).collect();
            let raw = RawRoad { class: Some(RoadClass::Local), class_text: "x", ..RawRoad::default() };
            roads.push(&raw, &line, &criteria.reading, &Location::default(), &mut issues);
        }
        ends.iter().for_each(|(x, y)| roads.end_at(at(*x, *y)));
        let mut draft = Draft::from_roads(&roads).unwrap();
        end_at(&mut draft, roads.ends());
        draft
    }

    fn pieces(draft: &Draft) -> usize {
        let mut sets = petgraph::unionfind::UnionFind::<u32>::new(draft.nodes.len());
        draft.edges.iter().for_each(|e| {
            sets.union(e.tail, e.head);
        });
        let labels = sets.into_labeling();
        let mut used: Vec<u32> = draft.edges.iter().map(|e| labels[e.tail as usize]).collect();
        used.sort_unstable();
        used.dedup();
        used.len()
    }

    #[test]
    fn a_road_falls_apart_at_a_vertex_inside_and_keeps_its_length() {
        let road: &[(i32, i32)] = &[(0, 0), (1, 0), (2, 0)];
        let (open, shut) = (network(&[road], &[]), network(&[road], &[(1, 0)]));
        assert_eq!((open.edges.len(), pieces(&open)), (1, 1));
        assert_eq!((shut.edges.len(), pieces(&shut)), (2, 2));
        assert_eq!(open.length_mm(), shut.length_mm());
    }

    #[test]
    fn at_a_junction_every_road_ends() {
        //   three roads meet at (1, 0)
        let lines: [&[(i32, i32)]; 3] = [&[(0, 0), (1, 0)], &[(1, 0), (2, 0)], &[(1, 0), (1, 1)]];
        assert_eq!((pieces(&network(&lines, &[])), pieces(&network(&lines, &[(1, 0)]))), (1, 3));
    }

    #[test]
    fn a_gate_on_the_180th_meridian_shuts_from_either_end_of_the_map() {
        //   two roads end at 180°, two at −180°, and the gate stands at one of them
        let lines: [&[(i32, i32)]; 4] = [
            &[(17_999, 0), (18_000, 0)],
            &[(17_999, 1), (18_000, 0)],
            &[(-18_000, 0), (-17_999, 0)],
            &[(-18_000, 0), (-17_999, 1)],
        ];
        let at = |x: i32| pieces(&network(&lines, &[(x, 0)]));
        assert_eq!((pieces(&network(&lines, &[])), at(18_000), at(-18_000)), (1, 4, 4));
    }

    #[test]
    fn a_ring_with_a_gate_is_no_ring() {
        let ring: &[(i32, i32)] = &[(0, 0), (1, 0), (1, 1), (0, 0)];
        let draft = network(&[ring], &[(0, 0)]);
        assert_eq!((draft.edges.len(), pieces(&draft)), (1, 1));
        assert_ne!(draft.edges[0].tail, draft.edges[0].head);
    }
}
