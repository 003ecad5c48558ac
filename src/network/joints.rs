//! Where a layer looks disconnected: ends that stop short of another road, and lines that cross without a common vertex.
//! Told always, joined only when asked for.
//!
//! Roads on different levels (bridges, tunnels) pass each other and are neither told nor joined. Joining moves no vertex:
//! ends that become one node keep their lines and lengths, and an edge that is joined in its middle is split there, so the
//! books close as before. A line that crosses itself is left as it is.

use super::draft::Draft;
use super::{Snap, SnapIndex, split_at};
use petgraph::unionfind::UnionFind;
use rayon::prelude::*;

/// An end of road that lies this near another road, in metres, is told when it is not joined. Farther out the numbers are
/// those of chance: in two real layers they are level from 3 m to 20 m, one cul-de-sac behind another.
pub const NEAR_END_M: f64 = 3.0;

/// What to join.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Joining {
    /// Ends not farther than this from another road are joined to it, metres; 0 joins none.
    pub tolerance_m: f64,
    /// Lines that cross are joined where they cross.
    pub crossings: bool,
}

/// An end of road near another road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearEnd {
    /// The node that is the end.
    pub end: u32,
    /// The nearest point on another road; its edge is numbered as before joining.
    pub on: Snap,
    /// Road of that edge.
    pub road: u32,
    /// It was joined.
    pub joined: bool,
}

/// Two lines that cross.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// Where, on either edge; numbered as before joining.
    pub on: [Snap; 2],
    /// Roads of the edges.
    pub roads: [u32; 2],
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joints {
    /// Ends near another road, in the order of their nodes.
    pub ends: Vec<NearEnd>,
    /// Crossings without a common vertex, in the order of their edges.
    pub crossings: Vec<Crossing>,
}

/// Finds what looks disconnected and joins what is asked for; `level` is that of a road.
pub fn join(draft: &mut Draft, level: impl Fn(u32) -> i8 + Sync, joining: Joining) -> Joints {
    let index = SnapIndex::new(draft);
    let ends = near_ends(draft, &index, &level, joining.tolerance_m);
    let level_of = |edge: u32| level(draft.edges[edge as usize].road);
    let crossing = |(a, b): (Snap, Snap)| {
        let road = |s: Snap| draft.edges[s.edge as usize].road;
        Crossing { on: [a, b], roads: [road(a), road(b)] }
    };
    let crossings: Vec<Crossing> = index.crossings(level_of).into_iter().map(crossing).collect();
    drop(index);
    let found = Joints { ends, crossings };
    merge(draft, &found, joining);
    found
}

/// Ends of road (nodes of one edge) with another road near, one that does not start at the other end of their own.
fn near_ends(draft: &Draft, index: &SnapIndex<'_>, level: &(impl Fn(u32) -> i8 + Sync), tolerance_m: f64) -> Vec<NearEnd> {
    const NONE: u32 = u32::MAX;
    const SEVERAL: u32 = u32::MAX - 1;
    let mut only = vec![NONE; draft.nodes.len()];
    for (i, e) in (0u32..).zip(&draft.edges) {
        for v in [e.tail, e.head] {
            let known = &mut only[v as usize];
            *known = if *known == NONE { i } else { SEVERAL };
        }
    }
    let find = |(v, own): (u32, u32)| {
        let e = &draft.edges[own as usize];
        let another = |i: u32| {
            let other = &draft.edges[i as usize];
            let meets = [other.tail, other.head].iter().any(|w| [e.tail, e.head].contains(w));
            !meets && level(other.road) == level(e.road)
        };
        let on = index.nearest_where(draft.nodes[v as usize], tolerance_m.max(NEAR_END_M), &another)?;
        let joined = f64::from(on.distance_mm) <= tolerance_m * 1000.0 && tolerance_m > 0.0;
        let on = if joined { to_node(draft, on, tolerance_m) } else { on };
        let told = joined || f64::from(on.distance_mm) <= NEAR_END_M * 1000.0;
        told.then(|| NearEnd { end: v, on, road: draft.edges[on.edge as usize].road, joined })
    };
    let ends: Vec<(u32, u32)> = (0u32..).zip(only).filter(|(_, own)| *own < SEVERAL).collect();
    ends.into_par_iter().filter_map(find).collect()
}

/// Moves a join to the end of its edge where that is within the tolerance, so that no sliver of road is cut off.
fn to_node(draft: &Draft, on: Snap, tolerance_m: f64) -> Snap {
    let e = &draft.edges[on.edge as usize];
    let near = |mm: u32| f64::from(mm) <= tolerance_m * 1000.0;
    let (before, behind) = (on.offset_mm, e.length_mm - on.offset_mm);
    match before <= behind {
        true if near(before) => Snap { offset_mm: 0, ..on },
        false if near(behind) => Snap { offset_mm: e.length_mm, ..on },
        _ => on,
    }
}

/// Splits edges at the joints and makes one node of what is joined.
fn merge(draft: &mut Draft, found: &Joints, joining: Joining) {
    let mut sites: Vec<Snap> = found.ends.iter().filter(|e| e.joined).map(|e| e.on).collect();
    let ends = sites.len();
    if joining.crossings {
        sites.extend(found.crossings.iter().flat_map(|c| c.on));
    }
    if sites.is_empty() {
        return;
    }
    let (nodes, _) = split_at(draft, &sites, &[]);
    let mut sets = UnionFind::<u32>::new(draft.nodes.len());
    for (end, node) in found.ends.iter().filter(|e| e.joined).zip(&nodes) {
        sets.union(end.end, *node);
    }
    for pair in nodes[ends..].chunks_exact(2) {
        sets.union(pair[0], pair[1]);
    }
    renumber(draft, &sets.into_labeling());
}

/// Gives the nodes of a set one number, in the order of their lowest, and leaves out those that are no more.
fn renumber(draft: &mut Draft, set_of: &[u32]) {
    let mut number = vec![u32::MAX; set_of.len()];
    let mut nodes = Vec::with_capacity(set_of.len());
    let mut new = Vec::with_capacity(set_of.len());
    for (v, set) in set_of.iter().enumerate() {
        let n = &mut number[*set as usize];
        if *n == u32::MAX {
            *n = nodes.len() as u32;
            nodes.push(draft.nodes[v]);
        }
        new.push(*n);
    }
    draft.nodes = nodes;
    for e in &mut draft.edges {
        (e.tail, e.head) = (new[e.tail as usize], new[e.head as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Criteria, RegionFile, RoadClass};
    use crate::error::Location;
    use crate::issue::Issues;
    use crate::read::road::{OneWay, RawRoad, Roads};
    use crate::space::LonLat;
    use proptest::prelude::*;

    /// A metre, in 1e-7 degree at the equator.
    const M: i32 = 90;

    fn roads(lines: &[(i8, &[(i32, i32)])]) -> Roads {
        let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
        let (mut roads, mut issues) = (Roads::default(), Issues::default());
        for (level, line) in lines {
            let line: Vec<LonLat> = line.iter().map(|(x, y)| LonLat::from_e7(x * M, y * M).unwrap()).collect();
            let raw = RawRoad { class: Some(RoadClass::Local), class_text: "x", level: *level, ..RawRoad::default() };
            roads.push(&raw, &line, &criteria.reading, &Location::default(), &mut issues);
        }
        roads
    }

    fn joined(lines: &[(i8, &[(i32, i32)])], tolerance_m: f64, crossings: bool) -> (Draft, Joints) {
        let roads = roads(lines);
        let mut draft = Draft::from_roads(&roads).unwrap();
        let before: u64 = draft.edges.iter().map(|e| u64::from(e.length_mm)).sum();
        let found = join(&mut draft, |r| roads.list()[r as usize].level, Joining { tolerance_m, crossings });
        let after: u64 = draft.edges.iter().map(|e| u64::from(e.length_mm)).sum();
        assert_eq!(before, after, "joining keeps the length");
        (draft, found)
    }

    fn pieces(draft: &Draft) -> usize {
        let mut sets = UnionFind::<u32>::new(draft.nodes.len());
        draft.edges.iter().for_each(|e| {
            sets.union(e.tail, e.head);
        });
        let mut labels = sets.into_labeling();
        labels.sort_unstable();
        labels.dedup();
        labels.len()
    }

    const STREET: (i8, &[(i32, i32)]) = (0, &[(-500, 0), (500, 0)]);

    #[test]
    fn a_side_road_that_stops_short_is_told_and_joined_when_asked() {
        let lines = [STREET, (0, &[(0, 2), (0, 300)][..])];
        let (draft, found) = joined(&lines, 0.0, false);
        assert_eq!((pieces(&draft), found.ends.len(), found.ends[0].joined), (2, 1, false));
        assert!((1_900..2_100).contains(&found.ends[0].on.distance_mm));
        let (draft, found) = joined(&lines, 6.0, false);
        assert_eq!((pieces(&draft), found.ends[0].joined, draft.edges.len()), (1, true, 3));
        let (draft, found) = joined(&lines, 1.0, false);
        assert_eq!((pieces(&draft), found.ends[0].joined), (2, false));
    }

    #[test]
    fn what_is_on_a_bridge_passes() {
        let (draft, found) = joined(&[STREET, (1, &[(0, 2), (0, 300)]), (1, &[(300, -50), (300, 50)])], 20.0, true);
        assert_eq!((pieces(&draft), found.ends.len(), found.crossings.len()), (3, 0, 0));
        // two bridges of one level do meet
        assert_eq!(joined(&[(1, STREET.1), (1, &[(0, 5), (0, 300)])], 20.0, true).1.ends.len(), 1);
    }

    #[test]
    fn two_ends_become_one_node_and_chains_of_them_too() {
        let (draft, found) =
            joined(&[(0, &[(0, 0), (200, 0)]), (0, &[(203, 0), (400, 0)]), (0, &[(404, 0), (600, 0)])], 5.0, false);
        assert_eq!((pieces(&draft), draft.nodes.len(), draft.edges.len(), found.ends.len()), (1, 4, 3, 4));
    }

    #[test]
    fn near_a_corner_the_corner_is_taken() {
        let (draft, _) = joined(&[STREET, (0, &[(499, 4), (499, 300)])], 6.0, false);
        assert_eq!((pieces(&draft), draft.edges.len()), (1, 2));
    }

    #[test]
    fn the_neighbour_of_ones_own_road_is_no_other_road() {
        // a stub of 8 m, and a ring
        let (_, found) = joined(&[(0, &[(-500, 0), (0, 0), (500, 0)]), (0, &[(0, 0), (0, 8)])], 20.0, false);
        assert!(found.ends.is_empty());
        let (draft, found) = joined(&[(0, &[(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)])], 20.0, true);
        assert!(found.ends.is_empty() && draft.edges.len() == 1);
    }

    #[test]
    fn lines_that_cross_are_told_and_joined_when_asked() {
        let lines = [STREET, (0, &[(30, -100), (30, 200)][..])];
        let (draft, found) = joined(&lines, 0.0, false);
        assert_eq!((pieces(&draft), found.crossings.len()), (2, 1));
        let (draft, _) = joined(&lines, 0.0, true);
        assert_eq!((pieces(&draft), draft.edges.len(), draft.nodes.len()), (1, 4, 5));
        let mut lengths: Vec<u32> = draft.edges.iter().map(|e| e.length_mm / 1000).collect();
        lengths.sort_unstable();
        assert_eq!(lengths, [99, 199, 470, 530]);
    }

    #[test]
    fn one_way_roads_stay_one_way() {
        let mut all = roads(&[STREET]);
        let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
        let line = [(0, -100), (0, 200)].map(|(x, y)| LonLat::from_e7(x * M, y * M).unwrap());
        let raw = RawRoad { class: Some(RoadClass::Local), class_text: "x", oneway: OneWay::Forward, ..RawRoad::default() };
        all.push(&raw, &line, &criteria.reading, &Location::default(), &mut Issues::default());
        let mut draft = Draft::from_roads(&all).unwrap();
        join(&mut draft, |_| 0, Joining { tolerance_m: 0.0, crossings: true });
        assert_eq!(draft.edges.iter().filter(|e| e.oneway).count(), 2);
    }

    /// Twice the area of a triangle, the slow and plain way.
    fn side(a: (i32, i32), b: (i32, i32), c: (i32, i32)) -> i64 {
        let d = |p: (i32, i32)| (i64::from(p.0 - a.0), i64::from(p.1 - a.1));
        (d(b).0 * d(c).1 - d(b).1 * d(c).0).signum()
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        /// Every pair of segments, one by one.
        #[test]
        fn crossings_equal_trying_every_pair(ends in prop::collection::vec(((0i32..60, 0i32..60), (0i32..60, 0i32..60), 0i8..2), 1..25)) {
            let lines: Vec<(i8, [(i32, i32); 2])> = ends.iter().filter(|e| e.0 != e.1).map(|e| (e.2, [e.0, e.1])).collect();
            let borrowed: Vec<(i8, &[(i32, i32)])> = lines.iter().map(|l| (l.0, &l.1[..])).collect();
            let roads = roads(&borrowed);
            let mut draft = Draft::from_roads(&roads).unwrap();
            let found = join(&mut draft, |r| roads.list()[r as usize].level, Joining::default());
            let mut want = 0;
            for (i, (level, [a, b])) in lines.iter().enumerate() {
                for (other, [c, d]) in &lines[i + 1..] {
                    let cross = side(*a, *b, *c) * side(*a, *b, *d) < 0 && side(*c, *d, *a) * side(*c, *d, *b) < 0;
                    want += usize::from(cross && level == other);
                }
            }
            prop_assert_eq!(found.crossings.len(), want);
            let mut joined = Draft::from_roads(&roads).unwrap();
            let again = join(&mut joined, |r| roads.list()[r as usize].level, Joining { tolerance_m: 3.0, crossings: true });
            prop_assert_eq!(again.crossings.len(), want);
            let sum = |d: &Draft| d.edges.iter().map(|e| u64::from(e.length_mm)).sum::<u64>();
            prop_assert_eq!(sum(&draft), sum(&joined));
        }
    }
}
