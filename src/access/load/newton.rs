//! Newton's steps for the smoothed problem, from a high temperature to a low one.

use super::smooth::{Smooth, find};
use crate::access::queue::Queue;

/// The first temperature is this share of what staying unserved costs, within these hours; each next one is that much lower.
const FIRST: f64 = 0.1;
const FIRST_H: [f64; 2] = [0.1, 3.0];
const COOLER: f64 = 0.3;
/// Not below this, hours: costs are not told apart there.
const LAST_H: f64 = 1e-9;
/// Steps at one temperature that are enough where little is left, the most where much is, and the most in all.
const AT_ONE: u32 = 8;
const AT_MOST: u32 = 40;
const IN_ALL: u32 = 300;
/// A wait moves so many temperatures at most in a step on the way down.
const BOLD: f64 = 3.0;
/// And so many first temperatures at the last one.
const LAST_BOLD: f64 = 0.05;
/// What may be left of the slope of the objective beyond its top, of that before it.
const BEYOND: f64 = 0.2;
/// Shorter steps tried at most.
const TRIES: u32 = 12;

/// Where the problem is solved so closely that its relative gap is below a half of `gap`, or as closely as steps go; `None` where the matrix
/// of stations would be too large.
pub(super) fn cooled<'a>(problem: &super::LoadProblem<'a>, gap: f64) -> Option<Smooth<'a>> {
    let first_h = (FIRST * problem.unserved_cost_h()).clamp(FIRST_H[0], FIRST_H[1]);
    let mut smooth = Smooth::new(*problem, first_h)?;
    smooth.look();
    for s in 0..smooth.queues.len() {
        smooth.load_h[s] = (smooth.load_h[s] + smooth.look.residual[s]).min(0.8 * smooth.queues[s].capacity_h());
    }
    smooth.see();
    smooth.look();
    let (mut at_one, mut last) = (0, false);
    for _ in 0..IN_ALL {
        let most_h = if last { LAST_BOLD * first_h } else { BOLD * smooth.temperature_h };
        let (gain, off) = step(&mut smooth, most_h);
        at_one += 1;
        let settled = off < 1e-2 && gain < 1e-2 * smooth.temperature_h * smooth.demand_h;
        if last && off < (0.1 * gap).max(1e-12) {
            break;
        }
        let enough = at_one >= AT_ONE && off < 0.05 || at_one >= AT_MOST;
        if last || !(settled || enough) {
            continue;
        }
        last = smooth.look.excess <= 0.5 * gap * smooth.look.cost || smooth.temperature_h <= LAST_H;
        if !last {
            cool(&mut smooth);
            at_one = 0;
        }
    }
    Some(smooth)
}

/// To the next temperature: waits go with it in nearly a straight line, along which the step is made.
fn cool(smooth: &mut Smooth<'_>) {
    let next = (smooth.temperature_h * COOLER).max(LAST_H);
    let mut along = smooth.trend().drift;
    smooth.matrix.factor();
    smooth.matrix.solve(&mut along);
    for (s, along) in along.iter().enumerate() {
        let wait_h = smooth.wait_h[s] + (next - smooth.temperature_h) * along;
        if wait_h > 0.1 * smooth.wait_h[s] && busy(smooth.queues[s], smooth.load_h[s]) {
            smooth.load_h[s] = arrivals_at(smooth.queues[s], wait_h, smooth.load_h[s]);
        }
    }
    smooth.see();
    smooth.cool(next);
    smooth.look();
}

/// Whether a station is better followed by its wait than by its load.
fn busy(queue: &Queue, load_h: f64) -> bool {
    load_h > 0.3 * queue.capacity_h()
}

/// One step; gives what the objective could gain by it, and the residuals after it as a share of demand.
///
/// Groups of stations that share drivers hang together, others hardly, so that each group has a length of its own: where one is at a bend,
/// the rest goes on.
fn step(smooth: &mut Smooth<'_>, most_h: f64) -> (f64, f64) {
    let n = smooth.queues.len();
    let mut group = smooth.trend().group;
    let mut by = smooth.look.residual.clone();
    smooth.matrix.factor();
    smooth.matrix.solve(&mut by);
    by.iter_mut().for_each(|b| *b = b.clamp(-most_h, most_h));
    let group: Vec<usize> = (0..n as u32).map(|s| find(&mut group, s) as usize).collect();
    let mut gain = vec![0.0; n];
    for s in 0..n {
        gain[group[s]] += by[s] * smooth.look.residual[s];
    }
    let all: f64 = gain.iter().sum();
    let before = Before { load_h: smooth.load_h.clone(), wait_h: smooth.wait_h.clone(), slope: smooth.slope.clone() };
    let residual = smooth.look.residual.clone();
    let mut length = vec![1.0; n];
    for _ in 0..=TRIES {
        for s in 0..n {
            smooth.load_h[s] = before.after(smooth.queues[s], s, length[group[s]] * by[s], length[group[s]] * residual[s]);
        }
        smooth.see();
        smooth.look();
        if !shorten(smooth, &before, &group, &gain, all, &mut length) {
            break;
        }
    }
    (all, smooth.look.residual.iter().map(|r| r.abs()).sum::<f64>() / smooth.demand_h)
}

/// Shortens the steps of groups that went beyond the top of the objective; says whether there were any.
fn shorten(smooth: &Smooth<'_>, before: &Before, group: &[usize], gain: &[f64], all: f64, length: &mut [f64]) -> bool {
    let mut slope = vec![0.0; gain.len()];
    for (s, group) in group.iter().enumerate() {
        slope[*group] += (smooth.wait_h[s] - before.wait_h[s]) * smooth.look.residual[s];
    }
    let mut any = false;
    for (g, length) in length.iter_mut().enumerate() {
        let slope = slope[g] / *length;
        if slope < -BEYOND * gain[g].abs() - 1e-12 * all {
            *length *= if slope < -gain[g] { 0.3 } else { 0.6 };
            any = true;
        }
    }
    any
}

/// Stations before a step.
struct Before {
    load_h: Vec<f64>,
    wait_h: Vec<f64>,
    slope: Vec<f64>,
}

impl Before {
    /// Load once the wait has moved, by the wait where it is long, which is the milder curve there, and by the load where it is short; without
    /// slope the load follows those who come.
    fn after(&self, queue: &Queue, s: usize, wait_h: f64, residual: f64) -> f64 {
        let (load, wait, slope) = (self.load_h[s], self.wait_h[s], self.slope[s]);
        if wait + wait_h > 0.5 * wait && busy(queue, load) {
            return arrivals_at(queue, wait + wait_h, load);
        }
        let more = if slope > 1e-9 { wait_h / slope } else { residual };
        (load + more).clamp(0.1 * load, load + 0.5 * (queue.capacity_h() - load))
    }
}

/// Arrivals an hour that make a wait, by Newton's steps inside a bracket.
fn arrivals_at(queue: &Queue, wait_h: f64, near: f64) -> f64 {
    let (mut low, mut high, mut at) = (0.0, queue.capacity_h(), near);
    for _ in 0..60 {
        let Some((now, slope)) = queue.wait_and_slope(at) else {
            high = at;
            at = f64::midpoint(low, high);
            continue;
        };
        if (now - wait_h).abs() <= 1e-15 * wait_h {
            break;
        }
        *(if now < wait_h { &mut low } else { &mut high }) = at;
        let next = at - (now - wait_h) / slope;
        let next = if next > low && next < high { next } else { f64::midpoint(low, high) };
        if next == at {
            break;
        }
        at = next;
    }
    at
}
