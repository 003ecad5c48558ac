//! One move: drivers of a place change from one station to another until neither is better, or all have changed.

use super::StationLoad;
use crate::access::queue::Queue;

impl StationLoad {
    /// So many arrivals at a station.
    pub(super) fn of(arrivals_h: f64, queue: &Queue) -> Self {
        let turned_away_h = (arrivals_h - queue.capacity_h()).max(0.0);
        Self { arrivals_h, turned_away_h, utilisation: queue.utilisation(arrivals_h), wait_h: queue.wait_h(arrivals_h) }
    }
}

/// A station as drivers see it while they choose.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Sessions an hour.
    pub load_h: f64,
    /// Wait now, and its slope.
    pub wait_h: f64,
    pub slope: f64,
}

impl Seen {
    /// With so many arrivals; out of reach where they are at capacity.
    pub fn at(queue: &Queue, load_h: f64) -> Self {
        let (wait_h, slope) = queue.wait_and_slope(load_h).unwrap_or((f64::INFINITY, f64::INFINITY));
        Self { load_h, wait_h, slope }
    }
}

/// One of two choices: its cost without the wait, and the station with what is seen of it; no station is to stay unserved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    pub fixed_h: f64,
    pub station: Option<(&'a Queue, Seen)>,
}

impl Choice<'_> {
    /// Cost and its slope once so many more come.
    fn after(&self, more_h: f64) -> (f64, f64, Option<Seen>) {
        let Some((queue, seen)) = self.station else { return (self.fixed_h, 0.0, None) };
        let seen = if more_h == 0.0 { seen } else { Seen::at(queue, (seen.load_h + more_h).max(0.0)) };
        (self.fixed_h + seen.wait_h, seen.slope, Some(seen))
    }
}

/// What was moved, and the two stations after it.
pub(super) struct Moved {
    pub by_h: f64,
    pub from: Option<Seen>,
    pub to: Option<Seen>,
}

/// How close two costs have to come, of a cost: about the last digits of a number.
const CLOSE: f64 = 1e-15;
/// Steps at most; Newton's need four or five.
const STEPS: u32 = 60;

/// Moves up to `most_h` sessions an hour from the dearer choice to the cheaper one: the root of the difference of costs, which rises as
/// drivers move, by Newton's steps inside a bracket that is halved where they leave it.
pub(super) fn shift(from: Choice<'_>, to: Choice<'_>, most_h: f64) -> Moved {
    // arrivals stay below capacity
    let room = to.station.map_or(f64::INFINITY, |(q, seen)| (q.capacity_h() - seen.load_h) * (1.0 - 1e-9));
    let limit = most_h.min(room).max(0.0);
    let (mut low, mut high, mut tried, mut now) = (0.0, limit, false, 0.0);
    let (mut a, mut b) = (from.after(0.0), to.after(0.0));
    for _ in 0..STEPS {
        let off = b.0 - a.0;
        if off.abs() <= CLOSE * a.0.abs() || (off < 0.0 && now >= limit) {
            break; // alike; or all have changed, and it is better still
        }
        *(if off < 0.0 { &mut low } else { &mut high }) = now;
        let step = now - off / (a.1 + b.1);
        let next = if step > low && step < high {
            step
        } else if step >= high && !tried {
            tried = true;
            high
        } else {
            f64::midpoint(low, high)
        };
        if next <= low || (next >= high && high < limit) {
            break; // nothing between
        }
        now = next;
        (a, b) = (from.after(-now), to.after(now));
    }
    Moved { by_h: now, from: a.2, to: b.2 }
}
