//! Maximal covering with capacities: chosen sites serve the rows that they reach, each no more than its capacity, a row by several if need be.
//! What is served is the largest assignment; who would truly drive where is not asked here, so that the bound is of the assignment alone.

mod bound;
mod flow;
#[cfg(test)]
mod tests;

pub use bound::AssignmentBound;

use super::choose::Question;
use super::cover::Cover;
use super::drive::{Effort, Known, Proof, Tries, better, drive, flags};
use super::kicks::{Draws, near};
use super::limit::Limit;
use super::relax::Relaxed;
use flow::{Flow, Pairs};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Sites with what they serve.
#[derive(Clone, Debug)]
pub struct AssignmentAnswer {
    /// The sites, sorted; those that are there anyhow too.
    pub sites: Vec<u32>,
    /// What they serve together at most.
    pub value: u64,
    /// What each of all sites serves in one assignment that reaches it; 0 of those that are not chosen.
    pub served: Vec<u64>,
    /// No choice serves more.
    pub bound: u64,
    /// Why.
    pub proof: Proof,
    /// Multipliers that give a bound in whole numbers; by themselves perhaps above `bound`, where that was proven by search.
    pub multipliers: AssignmentBound,
}

impl AssignmentAnswer {
    /// (bound − value) ÷ bound: it is at most this share below the best possible.
    pub fn gap(&self) -> f64 {
        if self.bound == 0 { 0.0 } else { (self.bound - self.value) as f64 / self.bound as f64 }
    }
}

/// The sites within the limit that serve most, each within its capacity. None where the sites that are there anyhow do not fit into the limit.
///
/// ```
/// use chargegap::internals::siting::{CoverRows, Effort, Limit, Question, most_assigned};
/// let mut rows = CoverRows::default();
/// [(&[0][..], 6), (&[0, 1], 4), (&[1, 2], 5), (&[2], 1)].iter().for_each(|(sites, w)| rows.add(sites, *w));
/// let question = Question { limit: Limit::Number(2), inside: vec![], out: vec![] };
/// // 0 serves 7 of the 10 that it reaches, 1 the other 3 and 5; or 2 serves 6
/// let best = most_assigned((&rows.freeze(3), &[7, 9, 9]), &question, Effort::default()).unwrap();
/// assert_eq!((best.sites, best.value, best.bound, best.served), (vec![0, 1], 15, 15, vec![7, 8, 0]));
/// ```
pub fn most_assigned((cover, capacity): (&Cover, &[u64]), q: &Question, effort: Effort) -> Option<AssignmentAnswer> {
    let (inside, out) = (flags(cover.sites(), &q.inside), flags(cover.sites(), &q.out));
    q.limit.most().checked_sub(q.limit.taken((0..cover.sites() as u32).filter(|s| inside[*s as usize])))?;
    // a try assigns again and again: it takes as long as many of other questions
    let effort = Effort { kicks: effort.kicks / 16, patience: effort.patience / 16, ..effort };
    let pairs = Pairs::of(cover);
    let free: Vec<bool> = inside.iter().zip(&out).map(|(i, o)| !i && !o).collect();
    let may: Vec<u32> = (0..cover.sites() as u32).filter(|s| inside[*s as usize] || free[*s as usize]).collect();
    let top = Flow::of(&pairs, capacity, &may).value;
    let mut walk = Walk { limit: &q.limit, free, flow: Flow::of(&pairs, capacity, &[]), near: Vec::new() };
    walk.set(&q.inside);
    walk.fill();
    let (start, of) = (walk.known(), Assigning { pairs: &pairs, capacity, limit: &q.limit });
    let found = drive(&of, (&inside, &out), (start, top), (&mut walk, None), effort);
    let multipliers = AssignmentBound::of(cover, &found.lambda);
    let by = multipliers.value((cover, capacity), &q.limit, (&inside, &out))?.min(top);
    let (value, mut sites) = found.best;
    sites.sort_unstable();
    let (bound, proof) = match found.done && by > value {
        true => (value, Proof::Search(found.parts.max(1))),
        false => (by.max(value), Proof::Multipliers),
    };
    let served = Flow::of(&pairs, capacity, &sites).served();
    Some(AssignmentAnswer { sites, value, served, bound, proof, multipliers })
}

/// What some sites can serve together, each within its capacity, and what each of all sites serves in one such assignment.
pub fn assigned((cover, capacity): (&Cover, &[u64]), sites: &[u32]) -> (u64, Vec<u64>) {
    let pairs = Pairs::of(cover);
    let flow = Flow::of(&pairs, capacity, sites);
    (flow.value, flow.served())
}

/// Rows and sites, relaxed: of each row v counts as served anyhow, and a site adds what it serves beyond that.
struct Assigning<'a> {
    pairs: &'a Pairs<'a>,
    capacity: &'a [u64],
    limit: &'a Limit,
}

impl Assigning<'_> {
    /// What a site serves of its rows where it pays most, each row's share of that left to `see`.
    fn serve(&self, site: usize, lambda: &[f64], order: &mut Vec<(f64, u32)>, see: &mut dyn FnMut(usize, f64)) -> f64 {
        let weights = self.pairs.cover.weights();
        order.clear();
        order.extend(self.pairs.cover.of_site(site).iter().map(|r| (lambda[*r as usize] / weights[*r as usize] as f64, *r)));
        let all: u64 = order.iter().map(|o| weights[o.1 as usize]).sum();
        if all > self.capacity[site] {
            order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        let (mut left, mut score) = (self.capacity[site], 0.0);
        for (share, r) in order.iter() {
            let serves = left.min(weights[*r as usize]);
            if serves == 0 {
                break;
            }
            score += serves as f64 * (1.0 - share);
            see(*r as usize, serves as f64 / weights[*r as usize] as f64);
            left -= serves;
        }
        score
    }
}

impl Relaxed for Assigning<'_> {
    /// Sites that are chosen.
    type Base = Vec<u32>;

    fn sites(&self) -> usize {
        self.capacity.len()
    }

    fn limit(&self) -> &Limit {
        self.limit
    }

    /// They are sorted in every look.
    fn pairs(&self) -> usize {
        4 * self.pairs.cover.pairs()
    }

    fn first(&self) -> Vec<f64> {
        self.pairs.cover.weights().iter().map(|w| *w as f64 / 2.0).collect()
    }

    fn base(&self, inside: &[bool]) -> (Vec<u32>, Vec<[f64; 2]>) {
        let there = (0..inside.len() as u32).filter(|s| inside[*s as usize]).collect();
        (there, self.pairs.cover.weights().iter().map(|w| [0.0, *w as f64]).collect())
    }

    fn look(&self, there: &Vec<u32>, lambda: &[f64], open: &[u32], score: &mut [f64]) -> f64 {
        let mut order = Vec::new();
        for s in open {
            score[*s as usize] = self.serve(*s as usize, lambda, &mut order, &mut |_, _| {});
        }
        let given: f64 = there.iter().map(|s| self.serve(*s as usize, lambda, &mut order, &mut |_, _| {})).sum();
        given + lambda.iter().sum::<f64>()
    }

    fn slopes(&self, there: &Vec<u32>, lambda: &[f64], taken: &[u32], slope: &mut [f64]) {
        slope.iter_mut().for_each(|h| *h = 1.0);
        let mut order = Vec::new();
        for s in there.iter().chain(taken) {
            self.serve(*s as usize, lambda, &mut order, &mut |r, share| slope[r] -= share);
        }
    }

    fn value(&self, sites: &[u32]) -> u64 {
        Flow::of(self.pairs, self.capacity, sites).value
    }
}

/// Tries on a choice of sites.
struct Walk<'a> {
    limit: &'a Limit,
    /// Sites that may come and go.
    free: Vec<bool>,
    flow: Flow<'a>,
    /// For each site those that share most with it, itself first; found when it is first needed.
    near: Vec<Vec<u32>>,
}

/// Sites that are looked at to come for one that goes.
const LOOKS: usize = 6;
/// Sites that a kick takes out.
const KICK: usize = 3;

impl Walk<'_> {
    fn known(&self) -> Known {
        (self.flow.value, self.flow.list())
    }

    fn left(&self) -> u64 {
        self.limit.most().saturating_sub(self.limit.taken(self.flow.list()))
    }

    fn gain(&self, site: usize) -> u64 {
        self.flow.clone().add(site)
    }

    /// Greedy: what adds most a unit of cost comes, until nothing fits or adds anything.
    fn fill(&mut self) {
        // gains only fall: who is still first when looked at again is the best
        let worth = |gain: u64, s: usize| ((gain as f64 / self.limit.cost(s).max(1) as f64).to_bits(), Reverse(s));
        let open = (0..self.free.len()).filter(|s| self.free[*s] && !self.flow.chosen[*s]);
        let mut left = self.left();
        let mut heap: BinaryHeap<_> = open.map(|s| worth(self.most(s), s)).collect();
        while let Some((_, Reverse(s))) = heap.pop() {
            let gain = if self.limit.cost(s) > left { 0 } else { self.gain(s) };
            if gain == 0 {
                continue;
            }
            if heap.peek().is_some_and(|next| *next > worth(gain, s)) {
                heap.push(worth(gain, s));
            } else {
                left -= self.limit.cost(s);
                self.flow.add(s);
            }
        }
    }

    /// No more than this is added by a site.
    fn most(&self, site: usize) -> u64 {
        let left: u64 = self.flow.left.iter().sum();
        let cover = self.flow.cover();
        let reached: u64 = cover.of_site(site).iter().map(|r| cover.weights()[*r as usize]).sum();
        self.flow.capacity(site).min(reached).min(left)
    }

    fn set(&mut self, sites: &[u32]) {
        let wanted = flags(self.free.len(), sites);
        let go: Vec<usize> = (0..wanted.len()).filter(|s| self.flow.chosen[*s] && !wanted[*s]).collect();
        go.into_iter().for_each(|s| self.flow.remove(s));
        sites.iter().for_each(|s| {
            if !self.flow.chosen[*s as usize] {
                self.flow.add(*s as usize);
            }
        });
    }

    /// Takes one site out and the best of some others in, as long as that helps.
    fn go_down(&mut self) {
        loop {
            let before = self.known();
            let may_go: Vec<usize> = before.1.iter().map(|s| *s as usize).filter(|s| self.free[*s]).collect();
            for s in may_go {
                self.flow.remove(s);
                let left = self.left();
                let may = |o: &usize| *o != s && self.free[*o] && !self.flow.chosen[*o] && self.limit.cost(*o) <= left;
                let mut come: Vec<usize> = (0..self.free.len()).filter(may).collect();
                come.sort_by_key(|o| (Reverse(self.flow.at_once(*o)), *o));
                come.truncate(LOOKS);
                let best = come.into_iter().map(|o| (self.gain(o), Reverse(o))).max();
                if let Some((_, Reverse(o))) = best {
                    self.flow.add(o);
                    self.fill();
                }
                if self.flow.value > before.0 {
                    break;
                }
                self.set(&before.1);
            }
            if self.flow.value <= before.0 {
                return;
            }
        }
    }
}

impl Tries for Walk<'_> {
    fn descend(&mut self, from: Known) -> Known {
        self.set(&from.1);
        self.go_down();
        better(from, self.known())
    }

    /// Some chosen sites near one go, others near it come, and exchanges go on from there.
    fn kicked(&mut self, from: &Known, draws: &mut Draws) -> Known {
        if self.near.is_empty() {
            self.near = near(self.flow.cover());
        }
        self.set(&from.1);
        let start = draws.below(self.near.len() as u64) as usize;
        let list: Vec<usize> = self.near.get(start).into_iter().flatten().map(|s| *s as usize).collect();
        let may: Vec<usize> = list.iter().copied().filter(|s| self.free[*s] && !self.flow.chosen[*s]).collect();
        let go: Vec<usize> = list.into_iter().filter(|s| self.free[*s] && self.flow.chosen[*s]).take(KICK).collect();
        go.into_iter().for_each(|s| self.flow.remove(s));
        for _ in 0..KICK {
            let Some(s) = may.get(draws.below(may.len() as u64) as usize) else { break };
            if !self.flow.chosen[*s] && self.limit.cost(*s) <= self.left() {
                self.flow.add(*s);
            }
        }
        self.fill();
        self.go_down();
        self.known()
    }
}
