//! Plans that are nearly as good and yet others, and what is lost without each site.

use crate::siting::choose::{Answer, Question, most_served};
use crate::siting::cover::Cover;
use crate::siting::drive::{Effort, better, flags};
use crate::siting::gains::Gains;
use crate::siting::kicks::Moves;
use crate::siting::state::State;

/// How near in value and how far in sites another plan must be.
#[derive(Clone, Copy, Debug)]
pub struct Different {
    /// At most so many thousandths of the best value less.
    pub within: u64,
    /// At least this part of the sites of each plan that is told before it are not its own: (1, 3) is a third. Sites that are there anyhow
    /// do not count.
    pub differ: (u32, u32),
    /// So many plans are enough.
    pub most: usize,
    /// Questions that are answered on the way, at most.
    pub questions: usize,
    /// How hard each is tried.
    pub effort: Effort,
}

impl Effort {
    /// A small effort for each question, where many are asked.
    pub const SMALL: Self = Self { kicks: 20, patience: 20, pairs: 50_000_000 };
}

impl Default for Different {
    fn default() -> Self {
        Self { within: 10, differ: (1, 3), most: 3, questions: 100, effort: Effort::SMALL }
    }
}

/// Another plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The sites, sorted; those that are there anyhow too.
    pub sites: Vec<u32>,
    /// What they cover.
    pub value: u64,
    /// How many of its sites the best plan has not.
    pub others: usize,
}

/// Other plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternatives {
    /// The best value first.
    pub plans: Vec<Alternative>,
    /// Where there are fewer plans than were asked for: whether it is proven that there is none beside them.
    pub complete: bool,
}

/// How often other sites are shut out at once, and how often what was found is repaired.
const TRIES: usize = 6;
const REPAIRS: usize = 4;

/// A part of all plans: some sites are in, some out, and the best of it.
struct Part {
    inside: Vec<u32>,
    out: Vec<u32>,
    sites: Vec<u32>,
    value: u64,
}

struct Seeking<'a> {
    of: (&'a Cover, &'a Gains),
    question: &'a Question,
    how: Different,
    least: u64,
    /// Plans that others must differ from, without sites that are there anyhow, and how many sites may be shared with each.
    known: Vec<(Vec<u32>, usize)>,
    left: usize,
}

/// Plans whose value is within some thousandths of the best and that differ from it, and from each other, in a part of their sites.
///
/// At first so many sites as must differ are shut out at once. Then all is searched: a plan that shares too many sites with one that is known lacks one of any so many of these: the question is asked again without the first,
/// with the first and without the second, and so on, and parts whose bound is too low are given up.
///
/// ```
/// use chargegap::internals::siting::{CoverRows, Different, Effort, Gains, Limit, Question, alternatives, most_covered};
/// let mut rows = CoverRows::default();
/// [(&[0][..], 600), (&[1], 598), (&[2], 300)].iter().for_each(|(sites, w)| rows.add(sites, *w));
/// let (cover, q) = (rows.freeze(3), Question { limit: Limit::Number(1), inside: vec![], out: vec![] });
/// let best = most_covered(&cover, &q, Effort::default()).unwrap();
/// let found = alternatives((&cover, &Gains::once()), &q, &best, Different::default());
/// assert_eq!(found.plans.iter().map(|p| (p.sites.clone(), p.value)).collect::<Vec<_>>(), [(vec![1], 598)]);
/// assert!(found.complete); // 300 is not within 1 % of 600
/// ```
pub fn alternatives(of: (&Cover, &Gains), question: &Question, best: &Answer, how: Different) -> Alternatives {
    let least = u128::from(best.value) * u128::from(1000u64.saturating_sub(how.within));
    let least = u64::try_from(least.div_ceil(1000)).unwrap_or(u64::MAX);
    let mut seeking = Seeking { of, question, how, least, known: Vec::new(), left: how.questions };
    seeking.know(&best.sites);
    let first = Part { inside: Vec::new(), out: Vec::new(), sites: best.sites.clone(), value: best.value };
    let met = seeking.met(&best.sites);
    let (plans, complete) = seeking.all(first, met);
    let others = |sites: &[u32]| sites.iter().filter(|s| !best.sites.contains(s)).count();
    let mut plans: Vec<Alternative> =
        plans.into_iter().map(|(sites, value)| Alternative { others: others(&sites), sites, value }).collect();
    plans.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.sites.cmp(&b.sites)));
    Alternatives { plans, complete }
}

impl Seeking<'_> {
    fn know(&mut self, sites: &[u32]) {
        let own: Vec<u32> = sites.iter().copied().filter(|s| !self.question.inside.contains(s)).collect();
        let (part, whole) = (u64::from(self.how.differ.0), u64::from(self.how.differ.1.max(1)));
        let others = (own.len() as u64 * part).div_ceil(whole) as usize;
        let shared = own.len().saturating_sub(others);
        self.known.push((own, shared));
    }

    /// Answers the question with more sites shut out or there anyhow, if questions are left.
    fn ask(&mut self, inside: &[u32], out: &[u32]) -> Option<Answer> {
        self.left = self.left.checked_sub(1)?;
        let q = Question {
            limit: self.question.limit.clone(),
            inside: [&self.question.inside, inside].concat(),
            out: [&self.question.out, out].concat(),
        };
        most_served(self.of, &q, self.how.effort)
    }

    /// Plans that are met at once: of the best plan so many sites as must differ are shut out, those that nobody misses most first, then some
    /// farther on; and of what is found what is still shared with others.
    fn met(&mut self, best: &[u32]) -> Vec<(Vec<u32>, u64)> {
        let (state, mut plans) = (State::of(self.of, best), Vec::new());
        let (mut own, shared) = self.known[0].clone();
        own.sort_by_key(|s| (state.loss[*s as usize], *s));
        let need = own.len() - shared;
        for a in 0..TRIES {
            let first = a * need.div_ceil(3);
            if first + need > own.len() || need == 0 {
                break;
            }
            let mut out = own[first..first + need].to_vec();
            for _ in 0..REPAIRS {
                let Some(found) = self.ask(&[], &out).filter(|f| plans.len() < self.how.most && f.value >= self.least) else {
                    break;
                };
                let before = out.len();
                let state = State::of(self.of, &found.sites);
                for (own, most) in &self.known {
                    let mut both = common(own, &found.sites);
                    both.sort_by_key(|s| (state.loss[*s as usize], *s));
                    both.truncate(both.len().saturating_sub(*most));
                    out.extend(both.into_iter().filter(|s| !out.contains(s)).collect::<Vec<_>>());
                }
                if out.len() == before {
                    self.know(&found.sites);
                    plans.push((found.sites, found.value));
                    break;
                }
            }
        }
        plans
    }

    /// Plans, and whether all parts were looked at. Parts whose best shares fewest sites too many go first, of those the best.
    fn all(&mut self, first: Part, mut plans: Vec<(Vec<u32>, u64)>) -> (Vec<(Vec<u32>, u64)>, bool) {
        let (mut parts, mut complete) = (vec![first], true);
        while plans.len() < self.how.most {
            let next = (0..parts.len()).min_by_key(|i| (self.too_many(&parts[*i]), std::cmp::Reverse(parts[*i].value), *i));
            let Some(part) = next.map(|i| parts.remove(i)) else { return (plans, complete) };
            let Some(shared) = self.known.iter().position(|(own, most)| common(own, &part.sites).len() > *most) else {
                if part.value >= self.least {
                    self.know(&part.sites);
                    plans.push((part.sites.clone(), part.value));
                    parts.push(part);
                } else {
                    complete = false; // perhaps there is a better one here, and nothing says where
                }
                continue;
            };
            complete &= self.split(&part, shared, &mut parts);
        }
        (plans, complete)
    }

    fn too_many(&self, part: &Part) -> usize {
        self.known.iter().map(|(own, most)| common(own, &part.sites).len().saturating_sub(*most)).max().unwrap_or(0)
    }

    /// Asks again without each of some sites that are shared with a plan; whether all of these were asked.
    fn split(&mut self, part: &Part, shared: usize, parts: &mut Vec<Part>) -> bool {
        let (own, most) = self.known[shared].clone();
        let (sure, mut free): (Vec<u32>, Vec<u32>) = common(&own, &part.sites).into_iter().partition(|s| part.inside.contains(s));
        // of so many sites one is missing in every plan of this part that shares few enough
        let Some(many) = (most + 1).checked_sub(sure.len()) else { return true };
        let state = State::of(self.of, &part.sites);
        free.sort_by_key(|s| (state.loss[*s as usize], *s));
        free.truncate(many);
        for (i, s) in free.iter().enumerate() {
            if self.left == 0 {
                return false;
            }
            let inside = [&part.inside, &free[..i]].concat();
            let out = [&part.out[..], &[*s]].concat();
            let Some(found) = self.ask(&inside, &out) else { continue };
            if found.bound >= self.least {
                parts.push(Part { inside, out, sites: found.sites, value: found.value });
            }
        }
        true
    }
}

/// Sites of one list that another has.
fn common(own: &[u32], sites: &[u32]) -> Vec<u32> {
    own.iter().copied().filter(|s| sites.contains(s)).collect()
}

/// What is lost without a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostSite {
    /// The site.
    pub site: u32,
    /// Without it the best possible is less than the answer's value by so much at least.
    pub least: u64,
    /// And less than the answer's bound by so much at most.
    pub most: u64,
    /// What was found without it.
    pub instead: Vec<u32>,
}

/// For each chosen site that is not there anyhow: it is shut out, all is chosen again, and what is lost is told.
pub fn without_each(of: (&Cover, &Gains), question: &Question, best: &Answer, effort: Effort) -> Vec<LostSite> {
    let one = |site: u32| {
        let q = Question { out: [&question.out[..], &[site]].concat(), ..question.clone() };
        let found = most_served(of, &q, effort)?;
        // the other sites stay, and the best exchange is made until none helps
        let rest: Vec<u32> = best.sites.iter().copied().filter(|s| *s != site).collect();
        let shut = flags(of.0.sites(), &[&q.out[..], &q.inside].concat());
        let free: Vec<bool> = shut.iter().map(|s| !s).collect();
        let (moves, mut state) = (Moves { limit: &q.limit, free: &free }, State::of(of, &rest));
        moves.fill(&mut state);
        moves.descend(&mut state);
        let (value, instead) = better((found.value, found.sites), (state.value, state.list()));
        let (least, most) = (best.value.saturating_sub(found.bound), best.bound.saturating_sub(value));
        Some(LostSite { site, least, most, instead })
    };
    best.sites.iter().filter(|s| !question.inside.contains(s)).filter_map(|s| one(*s)).collect()
}

#[cfg(test)]
mod tests;
