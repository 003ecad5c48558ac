//! The way from a question to an answer with a bound, the same for every kind of question: multipliers and the choices that they make, the
//! best exchange until none helps, then tries and a search for a proof by turns, each longer than the last.

use super::kicks::Draws;
use super::proof::{STEPS, Search, worth};
use super::relax::{Dual, Part, Relaxed, Steps};
use std::cell::RefCell;

/// How hard it is tried. What counts are steps, never seconds: the same question has the same answer on any machine.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Tries to find something better.
    pub kicks: u64,
    /// Tries in a row that find nothing, after which no more are made.
    pub patience: u64,
    /// Pairs of row and site that a proof by search may look at, about; 0 for no such proof.
    pub pairs: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { kicks: 4000, patience: 1500, pairs: 15_000_000_000 }
    }
}

impl Effort {
    /// So many times the usual.
    pub fn times(n: u64) -> Self {
        let usual = Self::default();
        Self { kicks: usual.kicks * n, patience: usual.patience * n, pairs: usual.pairs * n }
    }

    /// Steps to better multipliers.
    fn steps(&self) -> Steps {
        let times = (self.kicks / Self::default().kicks).clamp(1, 20) as usize;
        Steps { most: 3000 * times, length: 1.0, patience: 40, shrink: if times < 3 { 0.6 } else { 0.9 }, new: 0.1 }
    }
}

/// What makes the bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The multipliers: anybody can compute it again.
    Multipliers,
    /// A search that looked at so many parts found nothing better: the value is the best possible.
    Search(u64),
}

/// A value and its sites.
pub(super) type Known = (u64, Vec<u32>);

pub(super) fn better(a: Known, b: Known) -> Known {
    if b.0 > a.0 { b } else { a }
}

/// Tries to find better sites than those that are known.
pub(super) trait Tries {
    /// Exchanges until none helps.
    fn descend(&mut self, from: Known) -> Known;

    /// One try from a choice: the best that it met.
    fn kicked(&mut self, from: &Known, draws: &mut Draws) -> Known;
}

/// What was found.
pub(super) struct Driven {
    pub best: Known,
    /// Whether nothing better can be.
    pub done: bool,
    /// Parts of the last search.
    pub parts: u64,
    pub lambda: Vec<f64>,
}

/// Answers a question: sites that are `inside` anyhow and those that are `out`, a choice to begin with, and the most that can be at all. With a
/// goal it is only asked whether some choice reaches that: `done` says then that nothing better than the best does.
pub(super) fn drive<R: Relaxed>(
    of: &R,
    (inside, out): (&[bool], &[bool]),
    (start, top): (Known, u64),
    (tries, goal): (&mut impl Tries, Option<u64>),
    effort: Effort,
) -> Driven {
    let part = Part { of, inside, out };
    let (mut dual, rooms, best) = (Dual::first(of), part.rooms(), RefCell::new(start));
    let there: Vec<u32> = (0..of.sites() as u32).filter(|s| inside[*s as usize]).collect();
    let mut see = |taken: &[u32]| {
        let sites: Vec<u32> = taken.iter().chain(&there).copied().collect();
        let value = of.value(&sites);
        if value > best.borrow().0 {
            *best.borrow_mut() = (value, sites);
        }
    };
    let reach = part.improve(&rooms, &mut dual, effort.steps(), &|| best.borrow().0 as f64, &mut see);
    let best = tries.descend(best.into_inner());
    let most = reach.bound.min(top as f64);
    // what is no better than this is not looked for
    let floor = goal.map_or(0, |g| g.saturating_sub(1));
    let met = |value: u64| goal.is_some_and(|g| value >= g);
    let mut done = !worth(most, best.0.max(floor));
    // a short try, a short proof, then long ones: easy questions are answered at once
    let (mut search, mut draws) = (Search { of, best, parts: 0, most: 0 }, Draws::new());
    for share in [16, 4, 1] {
        if done || met(search.best.0) {
            break;
        }
        let closed = |v: u64| met(v) || !worth(most, v);
        search.best = tried(tries, search.best.clone(), (effort.kicks / share, effort.patience), &mut draws, &closed);
        if met(search.best.0) {
            break;
        }
        let known = search.best.clone();
        search.best.0 = known.0.max(floor);
        (search.parts, search.most) = (0, effort.pairs / share / (STEPS.most as u64 * 2 * of.pairs() as u64).max(1));
        done = !worth(most, search.best.0) || search.all(inside, out, &dual);
        // where nothing was found above the floor, what was known stands
        if search.best.0 <= known.0.max(floor) {
            search.best = known;
        }
    }
    Driven { best: search.best, done, parts: search.parts, lambda: dual.lambda }
}

/// Tries on from a choice; the best that was met.
fn tried(
    tries: &mut impl Tries,
    mut best: Known,
    (most, patience): (u64, u64),
    draws: &mut Draws,
    closed: &dyn Fn(u64) -> bool,
) -> Known {
    let (mut now, mut idle) = (best.clone(), 0);
    for _ in 0..most {
        if idle >= patience || closed(best.0) {
            break;
        }
        let found = tries.kicked(&now, draws);
        idle = if found.0 > best.0 { 0 } else { idle + 1 };
        // now and then something a little worse is gone on from
        let least = if draws.below(10) == 0 { now.0 - now.0 / 2000 } else { now.0 };
        if found.0 >= least {
            now = found.clone();
        }
        best = better(best, found);
    }
    best
}

/// A flag for each site of a list.
pub(super) fn flags(sites: usize, list: &[u32]) -> Vec<bool> {
    let mut all = vec![false; sites];
    list.iter().for_each(|s| all[*s as usize] = true);
    all
}
