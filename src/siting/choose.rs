//! Which sites cover most within a number or a budget, and how far from the best possible that can be at most.

use super::bound::CoverBound;
use super::cover::Cover;
use super::dual::{Dual, Part, Steps};
use super::kicks::{Draws, Moves};
use super::limit::Limit;
use super::proof::{STEPS, Search};
use super::state::State;
use std::cell::RefCell;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// How much may be chosen.
    pub limit: Limit,
    /// Sites that are there anyhow: they count against the limit by their cost.
    pub inside: Vec<u32>,
    /// Sites that are not to be chosen.
    pub out: Vec<u32>,
}

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

/// What makes the bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The multipliers: anybody can compute it again.
    Multipliers,
    /// A search that looked at so many parts found nothing better: the value is the best possible.
    Search(u64),
}

/// A choice with its bound.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The sites, sorted; those that are there anyhow too.
    pub sites: Vec<u32>,
    /// What they cover.
    pub value: u64,
    /// No choice covers more.
    pub bound: u64,
    /// Why.
    pub proof: Proof,
    /// Multipliers that give a bound in whole numbers; by themselves perhaps above `bound`, where that was proven by search.
    pub multipliers: CoverBound,
}

impl Answer {
    /// (bound − value) ÷ bound: it is at most this share below the best possible.
    pub fn gap(&self) -> f64 {
        if self.bound == 0 { 0.0 } else { (self.bound - self.value) as f64 / self.bound as f64 }
    }
}

/// The sites that cover most within the limit. None where the sites that are there anyhow do not fit into it.
///
/// ```
/// use chargegap::internals::siting::{CoverRows, Effort, Limit, Question, most_covered};
/// let mut rows = CoverRows::default();
/// [(&[0][..], 6), (&[0, 1], 4), (&[1, 2], 5), (&[2], 1)].iter().for_each(|(sites, w)| rows.add(sites, *w));
/// let question = Question { limit: Limit::Number(2), inside: vec![], out: vec![] };
/// let best = most_covered(&rows.freeze(3), &question, Effort::default()).unwrap();
/// assert_eq!((best.sites, best.value, best.bound), (vec![0, 2], 16, 16));
/// ```
pub fn most_covered(cover: &Cover, q: &Question, effort: Effort) -> Option<Answer> {
    let flags = |list: &[u32]| {
        let mut all = vec![false; cover.sites()];
        list.iter().for_each(|s| all[*s as usize] = true);
        all
    };
    let (inside, out) = (flags(&q.inside), flags(&q.out));
    q.limit.most().checked_sub(q.limit.taken((0..cover.sites() as u32).filter(|s| inside[*s as usize])))?;
    let free: Vec<bool> = inside.iter().zip(&out).map(|(i, o)| !i && !o).collect();
    let moves = Moves { limit: &q.limit, free: &free };
    let mut state = State::of(cover, &q.inside);
    moves.fill(&mut state);
    let best = RefCell::new((state.value, state.list()));
    let part = Part { cover, limit: &q.limit, inside: &inside, out: &out };
    let mut dual = Dual::first(cover);
    let rooms = part.rooms();
    let mut see = |taken: &[u32]| {
        let sites: Vec<u32> = taken.iter().copied().chain(q.inside.iter().copied()).collect();
        let value = cover.value(&sites);
        if value > best.borrow().0 {
            *best.borrow_mut() = (value, sites);
        }
    };
    let reach =
        part.improve(&rooms, &mut dual, Steps { most: 3000, length: 1.0, patience: 40 }, &|| best.borrow().0 as f64, &mut see);
    let mut best = best.into_inner();
    state.set(&best.1);
    moves.descend(&mut state);
    best = better(best, (state.value, state.list()));
    let most = reach.bound.min(cover.total() as f64);
    let closed = |value: u64| most < value as f64 + 1.0 - 1e-3 - 1e-12 * most;
    // a short try, a short proof, then long ones: easy questions are answered at once
    let mut search = Search { cover, limit: &q.limit, best, parts: 0, most: 0 };
    let (mut draws, mut done) = (Draws::new(), closed(search.best.0));
    let near = if done { Vec::new() } else { near(cover) };
    for share in [16, 4, 1] {
        if done {
            break;
        }
        let tries = (effort.kicks / share, effort.patience);
        search.best = kicks((&moves, &near), &mut state, search.best.clone(), tries, &mut draws, &closed);
        (search.parts, search.most) = (0, effort.pairs / share / (STEPS.most as u64 * 2 * cover.pairs() as u64).max(1));
        done = closed(search.best.0) || search.all(&inside, &out, &dual);
        state.set(&search.best.1);
    }
    let multipliers = CoverBound::of(cover, &dual.lambda);
    let by_multipliers = multipliers.value(cover, &q.limit, (&inside, &out))?.min(cover.total());
    let (value, mut sites) = search.best;
    sites.sort_unstable();
    let (bound, proof) = match done && by_multipliers > value {
        true => (value, Proof::Search(search.parts)),
        false => (by_multipliers.max(value), Proof::Multipliers),
    };
    Some(Answer { sites, value, bound, proof, multipliers })
}

type Known = (u64, Vec<u32>);

fn better(a: Known, b: Known) -> Known {
    if b.0 > a.0 { b } else { a }
}

/// Tries on from the state; the best that was met.
fn kicks(
    (moves, near): (&Moves<'_>, &[Vec<u32>]),
    state: &mut State<'_>,
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
        let found = moves.kicked(state, near, draws);
        idle = if found.0 > best.0 { 0 } else { idle + 1 };
        // now and then something a little worse is gone on from
        let least = if draws.below(10) == 0 { now.0 - now.0 / 2000 } else { now.0 };
        if found.0 >= least {
            now = found.clone();
        }
        best = better(best, found);
        state.set(&now.1);
    }
    best
}

/// For each site the sites that share most weight with it, itself first; of equals the lower number.
fn near(cover: &Cover) -> Vec<Vec<u32>> {
    let mut share = vec![0u64; cover.sites()];
    let one = |s: usize| {
        let mut met = Vec::new();
        for r in cover.of_site(s) {
            for i in cover.of_row(*r as usize) {
                if share[*i as usize] == 0 {
                    met.push(*i);
                }
                share[*i as usize] += cover.weights()[*r as usize];
            }
        }
        met.sort_unstable_by_key(|i| (*i as usize != s, std::cmp::Reverse(share[*i as usize]), *i));
        met.iter().for_each(|i| share[*i as usize] = 0);
        met
    };
    (0..cover.sites()).map(one).collect()
}
