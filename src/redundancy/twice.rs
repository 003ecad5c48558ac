//! The part of an edge that has two different stations within reach.

use super::{TwoWays, Way};
use crate::config::criteria::Criterion;
use crate::network::Edge;

/// Its length, millimetres, from the two nearest different stations at tail and head.
///
/// A point has two within reach when the second of the tail reaches it, or the second of the head, or the first of both where they are
/// different. An edge of one way is left by its head only.
pub(super) fn twice_mm(e: &Edge, [tail, head]: [TwoWays; 2], limit: Criterion) -> u64 {
    let tail = if e.oneway { [None; 2] } else { tail };
    let left = |way: Option<Way>| way.and_then(|w| limit.limit().checked_sub(w.distance_mm)).map(|mm| mm.min(e.length_mm));
    let [[tail_1, tail_2], [head_1, head_2]] = [tail.map(left), head.map(left)];
    // from the tail and from the head so much is reached by the second
    let (a, b) = (tail_2.unwrap_or(0), head_2.unwrap_or(0));
    let differ = tail[0].zip(head[0]).is_some_and(|(t, h)| t.station != h.station);
    // where the first ones of both ends meet
    let both = tail_1.zip(head_1).filter(|_| differ).map(|(t, h)| (e.length_mm - h, t)).filter(|(from, to)| from < to);
    let (from, to) = both.unwrap_or((0, 0));
    union_mm([(0, a), (from, to), (e.length_mm - b, e.length_mm)])
}

/// Length that some of the intervals cover.
fn union_mm(mut intervals: [(u32, u32); 3]) -> u64 {
    intervals.sort_unstable();
    let (mut sum, mut end) = (0, 0);
    for (from, to) in intervals {
        sum += u64::from(to.max(end) - from.max(end).min(to.max(end)));
        end = end.max(to);
    }
    sum
}
