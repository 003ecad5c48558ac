//! Several years in one plan: what may be spent by the end of each year, what is to be covered then, and nothing that is built is taken away.

use crate::siting::bound::CoverBound;
use crate::siting::choose::{Question, most_covered};
use crate::siting::cover::Cover;
use crate::siting::drive::{Effort, Proof, flags};
use crate::siting::gains::Gains;
use crate::siting::kicks::Draws;
use crate::siting::limit::Limit;
use crate::siting::state::State;

/// A year: what there is to cover in it, and how much may be built or spent by its end, earlier years included.
#[derive(Clone, Copy, Debug)]
pub struct Year<'a> {
    /// Rows with their weight of the year, and what covers them; the sites are the same in each year.
    pub cover: &'a Cover,
    /// Number of sites, or budget, from the beginning on.
    pub most: u64,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct YearsQuestion<'a> {
    /// The years, one after another.
    pub years: Vec<Year<'a>>,
    /// What each site costs; without, each is one of a number.
    pub costs: Option<Vec<u64>>,
    /// Sites that are there anyhow: they count against every limit.
    pub inside: Vec<u32>,
    /// Sites that are not to be chosen.
    pub out: Vec<u32>,
}

/// A plan for some years.
#[derive(Clone, Debug)]
pub struct YearsAnswer {
    /// By year: sites that are built in it, sorted; those that are there anyhow are not among them.
    pub built: Vec<Vec<u32>>,
    /// By year: what is covered in it.
    pub values: Vec<u64>,
    /// What is covered in all years together.
    pub value: u64,
    /// No plan covers more: each year by itself, with all that may be spent by its end.
    pub bound: u64,
    /// By year: what that bound is made of, with multipliers where it is by them.
    pub bounds: Vec<(u64, CoverBound)>,
    /// By year: where it comes from.
    pub proofs: Vec<Proof>,
}

impl YearsAnswer {
    /// (bound − value) ÷ bound: it is at most this share below the best possible.
    pub fn gap(&self) -> f64 {
        if self.bound == 0 { 0.0 } else { (self.bound - self.value) as f64 / self.bound as f64 }
    }
}

/// Sites that a kick takes out.
const KICK: u64 = 3;
/// Tries in all.
const KICKS: u64 = 30;

/// The order in which sites are built so that most is covered over the years. None where there is no year, sites differ between years, or the
/// sites that are there anyhow do not fit.
///
/// Each year's own best is taken in turn as it is, earlier years choose among it and later ones add to it; greedy by what a site adds over all
/// its years; then one site after another is taken out, and what adds most comes in or comes earlier, as long as that helps.
///
/// ```
/// use chargegap::internals::siting::{CoverRows, Effort, Year, YearsQuestion, most_over_years};
/// let rows = |weights: [u64; 3]| {
///     let mut rows = CoverRows::default();
///     (0u32..).zip(weights).for_each(|(site, w)| rows.add(&[site], w));
///     rows.freeze(3)
/// };
/// let (first, second) = (rows([5, 4, 0]), rows([5, 9, 7]));
/// let years = vec![Year { cover: &first, most: 1 }, Year { cover: &second, most: 2 }];
/// let plan = most_over_years(&YearsQuestion { years, costs: None, inside: vec![], out: vec![] }, Effort::default()).unwrap();
/// // not the best site of the first year: 4 and then 9 + 7 are more than 5 and then 5 + 9
/// assert_eq!((plan.built, plan.values, plan.value), (vec![vec![1], vec![2]], vec![4, 16], 20));
/// assert_eq!(plan.bound, 21); // 5 in the first year alone, 16 in the second alone
/// ```
pub fn most_over_years(q: &YearsQuestion<'_>, effort: Effort) -> Option<YearsAnswer> {
    let sites = q.years.first()?.cover.sites();
    if q.years.iter().any(|y| y.cover.sites() != sites) || q.costs.as_ref().is_some_and(|c| c.len() != sites) {
        return None;
    }
    // what may not be spent later cannot be spent before
    let mut most: Vec<u64> = q.years.iter().map(|y| y.most).collect();
    (0..most.len() - 1).rev().for_each(|y| most[y] = most[y].min(most[y + 1]));
    let limit = |y: usize| q.costs.as_ref().map_or(Limit::Number(most[y]), |c| Limit::Budget(most[y], c.clone()));
    let ask = |y: usize, inside: &[u32], among: Option<&[u32]>| {
        let apart = |s: &u32| among.is_some_and(|a| !a.contains(s)) && !q.inside.contains(s);
        let out = (0..sites as u32).filter(|s| q.out.contains(s) || apart(s)).collect();
        let question = Question { limit: limit(y), inside: [&q.inside, inside].concat(), out };
        most_covered(q.years[y].cover, &question, effort)
    };
    let alone: Vec<_> = (0..most.len()).map(|y| ask(y, &[], None)).collect::<Option<_>>()?;
    let once = Gains::once();
    let mut plan = Plan::new(q, &most, &once);
    let (mut best, mut draws) = (plan.searched(vec![q.inside.clone(); most.len()]), Draws::new());
    for (pivot, own) in alone.iter().enumerate() {
        let mut lists = vec![own.sites.clone(); most.len()];
        for y in (0..pivot).rev() {
            lists[y] = ask(y, &[], Some(&lists[y + 1]))?.sites;
        }
        for y in pivot + 1..most.len() {
            lists[y] = ask(y, &lists[y - 1], None)?.sites;
        }
        best = better(best, plan.searched(lists));
    }
    let bound = alone.iter().map(|a| a.bound).sum();
    for _ in 0..KICKS.min(effort.kicks) {
        if best.0 == bound {
            break;
        }
        let mut lists = best.1.clone();
        for _ in 0..KICK {
            let last: Vec<u32> = lists[most.len() - 1].iter().copied().filter(|s| plan.free[*s as usize]).collect();
            if !last.is_empty() {
                let gone = last[draws.below(last.len() as u64) as usize];
                lists.iter_mut().for_each(|l| l.retain(|s| *s != gone));
            }
        }
        best = better(best, plan.searched(lists));
    }
    let (value, lists) = best;
    let before = |y: usize, s: &u32| if y == 0 { q.inside.contains(s) } else { lists[y - 1].contains(s) };
    Some(YearsAnswer {
        built: (0..lists.len()).map(|y| lists[y].iter().copied().filter(|s| !before(y, s)).collect()).collect(),
        values: lists.iter().zip(&q.years).map(|(l, y)| y.cover.value(l)).collect(),
        value,
        bound,
        proofs: alone.iter().map(|a| a.proof).collect(),
        bounds: alone.into_iter().map(|a| (a.bound, a.multipliers)).collect(),
    })
}

/// A value, and by year the sites that are there.
type Known = (u64, Vec<Vec<u32>>);

fn better(a: Known, b: Known) -> Known {
    if b.0 > a.0 { b } else { a }
}

/// A plan that is changed.
struct Plan<'a> {
    costs: Option<&'a [u64]>,
    most: &'a [u64],
    free: Vec<bool>,
    states: Vec<State<'a>>,
}

impl<'a> Plan<'a> {
    fn new(q: &'a YearsQuestion<'a>, most: &'a [u64], once: &'a Gains) -> Self {
        let sites = most.first().map_or(0, |_| q.years[0].cover.sites());
        let (inside, out) = (flags(sites, &q.inside), flags(sites, &q.out));
        Self {
            costs: q.costs.as_deref(),
            most,
            free: inside.iter().zip(&out).map(|(i, o)| !i && !o).collect(),
            states: q.years.iter().map(|y| State::of((y.cover, once), &q.inside)).collect(),
        }
    }

    fn cost(&self, site: usize) -> u64 {
        self.costs.map_or(1, |c| c[site])
    }

    fn value(&self) -> u64 {
        self.states.iter().map(|s| s.value).sum()
    }

    fn lists(&self) -> Vec<Vec<u32>> {
        self.states.iter().map(State::list).collect()
    }

    fn set(&mut self, lists: &[Vec<u32>]) {
        self.states.iter_mut().zip(lists).for_each(|(s, l)| s.set(l));
    }

    fn searched(&mut self, lists: Vec<Vec<u32>>) -> Known {
        self.set(&lists);
        self.fill();
        self.descend();
        (self.value(), self.lists())
    }

    /// From the year on, until it is there anyhow, a site is built.
    fn add(&mut self, site: usize, from: usize) {
        self.states[from..].iter_mut().filter(|s| !s.chosen[site]).for_each(|s| s.add(site));
    }

    /// Adds, or builds earlier, what adds most for its cost, until nothing fits or adds anything.
    fn fill(&mut self) {
        loop {
            let taken = |s: &State<'_>| s.list().iter().map(|s| self.cost(*s as usize)).sum::<u64>();
            let left: Vec<u64> = self.states.iter().zip(self.most).map(|(s, m)| m.saturating_sub(taken(s))).collect();
            let mut best: Option<(u64, usize, usize)> = None;
            for site in (0..self.free.len()).filter(|s| self.free[*s]) {
                let (cost, mut gain) = (self.cost(site), 0);
                let there = self.states.iter().position(|s| s.chosen[site]).unwrap_or(self.states.len());
                for from in (0..there).rev().take_while(|y| left[*y] >= cost) {
                    gain += self.states[from].gain[site];
                    let dear = |s: usize| u128::from(self.cost(s).max(1));
                    let beats = |b: (u64, usize, usize)| u128::from(gain) * dear(b.1) > u128::from(b.0) * dear(site);
                    if gain > 0 && best.is_none_or(beats) {
                        best = Some((gain, site, from));
                    }
                }
            }
            match best {
                Some((_, site, from)) => self.add(site, from),
                None => return,
            }
        }
    }

    /// Takes one site out, or builds it a year later, and fills up, as long as that helps; the best such change first.
    fn descend(&mut self) {
        loop {
            let (now, years) = (self.lists(), self.states.len());
            let mut best = (self.value(), None);
            let there: Vec<u32> = now[years - 1].iter().copied().filter(|s| self.free[*s as usize]).collect();
            for site in there.iter().map(|s| *s as usize) {
                let first = self.states.iter().position(|s| s.chosen[site]).unwrap_or(years);
                for until in first + 1..=years {
                    self.states[first..until].iter_mut().for_each(|s| s.remove(site));
                    // it may not come straight back
                    let free = std::mem::replace(&mut self.free[site], false);
                    self.fill();
                    self.free[site] = free;
                    self.fill();
                    if self.value() > best.0 {
                        best = (self.value(), Some(self.lists()));
                    }
                    self.set(&now);
                }
            }
            match best.1 {
                Some(lists) => self.set(&lists),
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests;
