//! Which sites cover most within a number or a budget, and how far from the best possible that can be at most.

use super::bound::CoverBound;
use super::cover::Cover;
use super::drive::{Effort, Proof, drive, flags};
use super::gains::{Covering, Gains};
use super::kicks::{Moves, Walk};
use super::limit::Limit;
use super::state::State;

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
    most_served((cover, &Gains::once()), q, effort)
}

/// The same where a row counts by how many sites cover it: values and bounds are weights times gains.
///
/// ```
/// use chargegap::internals::siting::{CoverRows, Effort, Gains, Limit, Question, most_served};
/// let mut rows = CoverRows::default();
/// [(&[0][..], 6), (&[0, 1], 4), (&[1, 2], 5), (&[2], 1)].iter().for_each(|(sites, w)| rows.add(sites, *w));
/// let question = Question { limit: Limit::Number(2), inside: vec![], out: vec![] };
/// let best = most_served((&rows.freeze(3), &Gains::backup()), &question, Effort::default()).unwrap();
/// assert_eq!((best.sites, best.value, best.bound), (vec![1, 2], 5, 5)); // two sites reach what weighs 5
/// ```
pub fn most_served((cover, gains): (&Cover, &Gains), q: &Question, effort: Effort) -> Option<Answer> {
    asked((cover, gains), q, (effort, None))
}

/// With a goal it is only asked whether some choice reaches that; where the answer's bound is below it, none does.
pub(super) fn asked((cover, gains): (&Cover, &Gains), q: &Question, (effort, goal): (Effort, Option<u64>)) -> Option<Answer> {
    let (inside, out) = (flags(cover.sites(), &q.inside), flags(cover.sites(), &q.out));
    q.limit.most().checked_sub(q.limit.taken((0..cover.sites() as u32).filter(|s| inside[*s as usize])))?;
    let free: Vec<bool> = inside.iter().zip(&out).map(|(i, o)| !i && !o).collect();
    let moves = Moves { limit: &q.limit, free: &free };
    let greedy = gains.greedy();
    let mut first = State::of((cover, &greedy), &q.inside);
    moves.fill(&mut first);
    let state = State::of((cover, gains), &first.list());
    let (start, top, of) = ((state.value, state.list()), gains.total(cover), Covering { cover, gains, limit: &q.limit });
    let found = drive(&of, (&inside, &out), (start, top), (&mut Walk { cover, moves, state, near: Vec::new() }, goal), effort);
    let multipliers = CoverBound::of((cover, gains), &found.lambda);
    let by_multipliers = multipliers.value_of((cover, gains), &q.limit, (&inside, &out))?.min(top);
    let (value, mut sites) = found.best;
    sites.sort_unstable();
    let least = goal.map_or(value, |g| value.max(g.saturating_sub(1)));
    let (bound, proof) = match found.done && by_multipliers > least {
        true => (least, Proof::Search(found.parts)),
        false => (by_multipliers.max(value), Proof::Multipliers),
    };
    Some(Answer { sites, value, bound, proof, multipliers })
}
