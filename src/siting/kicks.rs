//! Better choices by trying: some chosen sites near one place are taken out, others put in, and drop-and-add steps go on from there without
//! turning back at once (tabu). What is random is drawn by a fixed rule: the same question has the same answer.

use super::cover::Cover;
use super::drive::{Known, Tries, better};
use super::limit::Limit;
use super::state::State;

/// A small generator of numbers (xorshift, Marsaglia 2003).
pub(super) struct Draws(u64);

impl Draws {
    pub fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n.max(1)
    }
}

/// What may be moved.
pub(super) struct Moves<'a> {
    pub limit: &'a Limit,
    /// Sites that may come and go.
    pub free: &'a [bool],
}

/// Drop-and-add steps without a better choice after which a try ends.
const PATIENCE: u64 = 100;
/// Sites that a kick takes out.
const KICK: usize = 4;

impl Moves<'_> {
    fn left(&self, state: &State<'_>) -> u64 {
        self.limit.most().saturating_sub(self.limit.taken(state.list()))
    }

    /// The site that adds most for what it takes of the limit, of those that fit and are allowed; of equals the lower number.
    fn best_in(&self, state: &State<'_>, left: u64, allowed: impl Fn(usize) -> bool) -> Option<usize> {
        let fits = |s: &usize| self.free[*s] && !state.chosen[*s] && self.limit.cost(*s) <= left && allowed(*s);
        let worth = |s: usize| (u128::from(state.gain[s]), u128::from(self.limit.cost(s)));
        let better = |a: usize, b: usize| {
            let ((x, c), (y, d)) = (worth(a), worth(b));
            if y * c.max(1) > x * d.max(1) { b } else { a }
        };
        (0..state.chosen.len()).filter(fits).reduce(better)
    }

    /// Adds what adds most, until nothing fits or adds anything.
    pub fn fill(&self, state: &mut State<'_>) {
        let mut left = self.left(state);
        while let Some(s) = self.best_in(state, left, |_| true).filter(|s| state.gain[*s] > 0) {
            left -= self.limit.cost(s);
            state.add(s);
        }
    }

    /// Takes one site out and fills up, as long as that helps; the best such change first.
    pub fn descend(&self, state: &mut State<'_>) {
        loop {
            let (before, now) = (state.value, state.list());
            let mut best: Option<(u64, Vec<u32>)> = None;
            for s in now.iter().map(|s| *s as usize).filter(|s| self.free[*s]) {
                state.remove(s);
                let left = self.left(state);
                if let Some(other) = self.best_in(state, left, |o| o != s) {
                    state.add(other);
                    self.fill(state);
                    if state.value > best.as_ref().map_or(before, |b| b.0) {
                        best = Some((state.value, state.list()));
                    }
                }
                state.set(&now);
            }
            match best {
                Some((_, list)) => state.set(&list),
                None => return,
            }
        }
    }

    /// One try from a choice; the best that it met. `near` has for each site those that share most with it, itself first.
    pub fn kicked(&self, state: &mut State<'_>, near: &[Vec<u32>], draws: &mut Draws) -> (u64, Vec<u32>) {
        self.kick(state, near, draws);
        let sites = state.chosen.len();
        let (mut until, mut best, mut idle, mut step) = (vec![0u64; sites], (state.value, state.list()), 0, 0u64);
        let mut left = self.left(state);
        while idle < PATIENCE {
            (step, idle) = (step + 1, idle + 1);
            let may_go = |s: &usize| self.free[*s] && state.chosen[*s] && until[*s] <= step;
            let Some(gone) = (0..sites).filter(may_go).min_by_key(|s| (state.loss[*s], *s)) else { continue };
            state.remove(gone);
            left += self.limit.cost(gone);
            until[gone] = step + 5 + draws.below(10);
            let mut first = true;
            while let Some(s) = {
                let value = state.value;
                self.best_in(state, left, |s| until[s] <= step || (s != gone && value + state.gain[s] > best.0))
            } {
                if !first && state.gain[s] == 0 {
                    break;
                }
                state.add(s);
                left -= self.limit.cost(s);
                until[s] = step + 1 + draws.below(10);
                first = false;
            }
            if state.value > best.0 {
                (best, idle) = ((state.value, state.list()), 0);
            }
        }
        best
    }

    /// Takes out some chosen sites around one, and puts in others of the best three.
    fn kick(&self, state: &mut State<'_>, near: &[Vec<u32>], draws: &mut Draws) {
        let start = draws.below(state.chosen.len() as u64) as usize;
        let (mut seen, mut queue, mut gone) = (vec![false; state.chosen.len()], vec![start as u32], 0);
        seen[start] = true;
        let mut next = 0;
        while next < queue.len() && gone < KICK {
            let s = queue[next] as usize;
            next += 1;
            if state.chosen[s] && self.free[s] {
                state.remove(s);
                gone += 1;
            }
            for other in &near[s] {
                if !std::mem::replace(&mut seen[*other as usize], true) {
                    queue.push(*other);
                }
            }
        }
        let mut left = self.left(state);
        loop {
            let fits = |s: &usize| self.free[*s] && !state.chosen[*s] && self.limit.cost(*s) <= left;
            let mut all: Vec<usize> = (0..state.chosen.len()).filter(fits).collect();
            all.sort_by_key(|s| (std::cmp::Reverse(state.gain[*s]), *s));
            all.truncate(3);
            if all.first().is_none_or(|s| state.gain[*s] == 0) {
                return;
            }
            let s = all[draws.below(all.len() as u64) as usize];
            state.add(s);
            left -= self.limit.cost(s);
        }
    }
}

/// Tries on a choice of sites that cover.
pub(super) struct Walk<'a> {
    pub cover: &'a Cover,
    pub moves: Moves<'a>,
    pub state: State<'a>,
    /// For each site those that share most with it, itself first; found when it is first needed.
    pub near: Vec<Vec<u32>>,
}

impl Tries for Walk<'_> {
    fn descend(&mut self, from: Known) -> Known {
        self.state.set(&from.1);
        self.moves.descend(&mut self.state);
        better(from, (self.state.value, self.state.list()))
    }

    fn kicked(&mut self, from: &Known, draws: &mut Draws) -> Known {
        if self.near.is_empty() {
            self.near = near(self.cover);
        }
        self.state.set(&from.1);
        self.moves.kicked(&mut self.state, &self.near, draws)
    }
}

/// For each site the sites that share most weight with it, itself first; of equals the lower number.
pub(super) fn near(cover: &Cover) -> Vec<Vec<u32>> {
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
