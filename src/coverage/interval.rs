//! The uncovered interval on one edge.
//!
//! With service distance S, length L and costs d at the ends:
//! covered = min(L, max(0, S − d(tail)) + max(0, S − d(head))), gap = L − covered, in one interval.
//! A one-way edge can only be left by its head. This is exact because every station is a node.

use crate::config::criteria::{Criterion, Metric};
use crate::engine::UNREACHABLE;
use crate::network::Edge;

/// An uncovered interval on an edge, millimetres from its tail; `from_mm < to_mm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Start.
    pub from_mm: u32,
    /// End.
    pub to_mm: u32,
}

impl Gap {
    /// Length, millimetres.
    pub fn length_mm(self) -> u32 {
        self.to_mm - self.from_mm
    }
}

/// The gap on an edge whose ends cost so much, in the criterion's unit; `None` where all of it is served.
///
/// A point exactly at the limit is served. By time, the covered lengths are rounded down to the millimetre.
pub fn gap_on_edge(edge: &Edge, cost_tail: u32, cost_head: u32, criterion: Criterion) -> Option<Gap> {
    let limit = criterion.limit();
    let length = weight(edge, criterion.metric());
    let from_tail = if edge.oneway { 0 } else { limit.saturating_sub(cost_tail) };
    let from_head = limit.saturating_sub(cost_head);
    let at_an_end = cost_head <= limit || (!edge.oneway && cost_tail <= limit);
    if u64::from(from_tail) + u64::from(from_head) >= u64::from(length) && at_an_end {
        return None;
    }
    let gap = Gap {
        from_mm: to_mm(from_tail, length, edge.length_mm),
        to_mm: edge.length_mm - to_mm(from_head, length, edge.length_mm),
    };
    (gap.from_mm < gap.to_mm).then_some(gap)
}

/// The highest cost of any point of a gap, in the metric's unit; `None` when no station can be reached from some point, or only at
/// a cost that does not fit (4,294 km, 1,193 h).
pub fn worst_cost(edge: &Edge, gap: Gap, cost_tail: u32, cost_head: u32, metric: Metric) -> Option<u32> {
    let length = weight(edge, metric);
    let (a, b) = (to_cost(gap.from_mm, edge.length_mm, length), to_cost(gap.to_mm, edge.length_mm, length));
    let by_head = |x: u32| u64::from(cost_head) + u64::from(length - x);
    if edge.oneway || cost_tail == UNREACHABLE {
        // Only forward; and when the tail costs nothing finite, a two-way edge ends in nothing behind.
        return if cost_head == UNREACHABLE { None } else { below_the_limit(by_head(a)) };
    }
    if cost_head == UNREACHABLE {
        return below_the_limit(u64::from(cost_tail) + u64::from(b));
    }
    // The two ways out cost the same at the peak; before it one drives back, after it ahead.
    let peak = (u64::from(cost_head) + u64::from(length)).saturating_sub(u64::from(cost_tail)) / 2;
    let x = (peak.min(u64::from(length)) as u32).clamp(a, b);
    below_the_limit((u64::from(cost_tail) + u64::from(x)).min(by_head(x)))
}

fn weight(edge: &Edge, metric: Metric) -> u32 {
    match metric {
        Metric::Distance => edge.length_mm,
        Metric::Time => edge.time_ms,
    }
}

fn to_mm(cost: u32, length: u32, length_mm: u32) -> u32 {
    if cost >= length {
        // A piece too short to take a millisecond is reached as a whole or not at all.
        return if cost > 0 || length_mm == 0 { length_mm } else { 0 };
    }
    (u64::from(cost) * u64::from(length_mm) / u64::from(length)) as u32
}

fn to_cost(mm: u32, length_mm: u32, length: u32) -> u32 {
    if length_mm == 0 { 0 } else { (u64::from(mm) * u64::from(length) / u64::from(length_mm)) as u32 }
}

/// A cost that can be told; beyond 4,294 km or 1,193 h there is none.
fn below_the_limit(cost: u64) -> Option<u32> {
    u32::try_from(cost).ok().filter(|c| *c != UNREACHABLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RoadClass;
    use crate::network::NO_COUNTY;
    use proptest::prelude::*;

    fn edge(length_mm: u32, time_ms: u32, oneway: bool) -> Edge {
        Edge::between((0, 1), (length_mm, time_ms), RoadClass::Local, oneway, NO_COUNTY)
    }

    #[test]
    fn a_gap_in_the_middle() {
        // tail ──────── 4 km ──────── head, 0.5 km and 1 km from stations, service 2 km
        // ⇒ covered 1.5 km from the tail and 1 km from the head, gap 1.5..3 km
        let gap = gap_on_edge(&edge(4_000_000, 0, false), 500_000, 1_000_000, Criterion::Distance(2_000_000));
        assert_eq!(gap, Some(Gap { from_mm: 1_500_000, to_mm: 3_000_000 }));
    }

    #[test]
    fn one_way_counts_its_head_only() {
        let gap = gap_on_edge(&edge(4_000_000, 0, true), 0, 1_000_000, Criterion::Distance(2_000_000));
        assert_eq!(gap, Some(Gap { from_mm: 0, to_mm: 3_000_000 }));
    }

    #[test]
    fn exactly_at_the_limit_is_served() {
        assert_eq!(
            gap_on_edge(&edge(1_000, 0, false), 0, 1_000, Criterion::Distance(500)),
            Some(Gap { from_mm: 500, to_mm: 1_000 })
        );
        assert_eq!(gap_on_edge(&edge(1_000, 0, false), 0, 1_000, Criterion::Distance(1_000)), None);
    }

    #[test]
    fn a_piece_without_time_is_reached_or_not() {
        let e = edge(3, 0, false);
        assert_eq!(gap_on_edge(&e, UNREACHABLE, UNREACHABLE, Criterion::Time(1000)), Some(Gap { from_mm: 0, to_mm: 3 }));
        assert_eq!(gap_on_edge(&e, 1000, UNREACHABLE, Criterion::Time(1000)), None);
    }

    #[test]
    fn time_cuts_in_proportion() {
        // 1 km in 100 s, 30 s left at the tail: 300 m covered
        let gap = gap_on_edge(&edge(1_000_000, 100_000, false), 70_000, UNREACHABLE, Criterion::Time(100_000));
        assert_eq!(gap, Some(Gap { from_mm: 300_000, to_mm: 1_000_000 }));
    }

    #[test]
    fn worst_point_is_halfway_between_the_ways_out() {
        // ends cost 2 and 4 km, edge 10 km: costs meet at x = (4 + 10 − 2) / 2 = 6 km, 8 km away
        let e = edge(10_000_000, 0, false);
        let gap = Gap { from_mm: 0, to_mm: 10_000_000 };
        assert_eq!(worst_cost(&e, gap, 2_000_000, 4_000_000, Metric::Distance), Some(8_000_000));
        assert_eq!(worst_cost(&e, gap, UNREACHABLE, UNREACHABLE, Metric::Distance), None);
    }

    #[test]
    fn the_worst_point_of_a_one_way_gap_is_its_beginning_by_way_of_the_head() {
        // 4 km, driven from the tail only; the tail stands at a station, the head 1 km from one, service 2 km: the gap is 0..3 km.
        // Its farthest point is its beginning: 4 km to the head and 1 km on; what the tail costs does not matter.
        let e = edge(4_000_000, 0, true);
        let gap = gap_on_edge(&e, 0, 1_000_000, Criterion::Distance(2_000_000)).unwrap();
        for tail in [0, 700_000, UNREACHABLE] {
            assert_eq!(worst_cost(&e, gap, tail, 1_000_000, Metric::Distance), Some(5_000_000));
            // of a gap that begins later, that place: 2.5 km to the head and 1 km on
            let later = Gap { from_mm: 1_500_000, ..gap };
            assert_eq!(worst_cost(&e, later, tail, 1_000_000, Metric::Distance), Some(3_500_000));
            assert_eq!(worst_cost(&e, gap, tail, UNREACHABLE, Metric::Distance), None);
        }
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        /// The slow way: walk the edge millimetre by millimetre.
        #[test]
        fn agrees_with_walking_the_edge(len in 1u32..60, dt in 0u32..80, dh in 0u32..80, limit in 0u32..80, oneway: bool) {
            let gap = gap_on_edge(&edge(len, 0, oneway), dt, dh, Criterion::Distance(limit));
            for x in 0..len {
                // the middle of millimetre x, in half millimetres
                let ahead = 2 * dh + 2 * (len - x) - 1;
                let back = if oneway { u32::MAX } else { 2 * dt + 2 * x + 1 };
                let served = ahead.min(back) <= 2 * limit;
                let in_gap = gap.is_some_and(|g| g.from_mm <= x && x < g.to_mm);
                prop_assert_eq!(served, !in_gap, "x = {}", x);
            }
        }

        /// The same for the farthest point of any part of it: a whole millimetre, as costs are.
        #[test]
        fn the_worst_point_agrees_with_walking_the_edge(len in 1u32..60, dt in 0u32..80, dh in 0u32..80, ends in (0u32..60, 0u32..60), oneway: bool) {
            let gap = Gap { from_mm: ends.0.min(ends.1).min(len - 1), to_mm: (ends.0.max(ends.1) + 1).min(len) };
            let cost = |x: u32| if oneway { dh + len - x } else { (dh + len - x).min(dt + x) };
            let worst = (gap.from_mm..=gap.to_mm).map(cost).max();
            prop_assert_eq!(worst_cost(&edge(len, 0, oneway), gap, dt, dh, Metric::Distance), worst);
        }
    }
}
