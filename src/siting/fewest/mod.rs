//! The fewest or cheapest sites that cover all rows (location set covering, LSCP) or so much of their weight, with a bound from below.

mod bound;
mod dual;
mod greedy;
mod reduce;
mod search;
#[cfg(test)]
mod tests;

pub use bound::CostBound;

use super::choose::{Question, asked};
use super::cover::Cover;
use super::drive::{Effort, Proof, flags};
use super::gains::{Gains, counts};
use super::limit::Limit;
use super::reduce::Reduction;
use super::state::State;
use dual::Part;
use reduce::Left;
use search::{STEPS, Search};

/// What is to be covered at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Every row that some site covers which is not out.
    All,
    /// Rows of so much weight.
    Weight(u64),
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct CostQuestion {
    /// What is to be covered.
    pub need: Need,
    /// What each site costs; none where each counts one.
    pub costs: Option<Vec<u64>>,
    /// Sites that are there anyhow: their costs are counted.
    pub inside: Vec<u32>,
    /// Sites that are not to be chosen.
    pub out: Vec<u32>,
}

/// Sites that cover what is needed.
#[derive(Clone, Debug)]
pub struct CostAnswer {
    /// The sites, sorted; those that are there anyhow too.
    pub sites: Vec<u32>,
    /// What they cost; how many they are where no costs were given.
    pub cost: u64,
    /// Weight that they cover.
    pub covered: u64,
    /// No choice that covers what is needed costs less.
    pub bound: u64,
    /// Why.
    pub proof: Proof,
    /// Multipliers that give a bound in whole numbers; by themselves perhaps below `bound`, where that was proven by search.
    pub multipliers: CostBound,
    /// Rows that no site covers which is not out.
    pub unreached: Vec<u32>,
    /// What was left of rows and sites before the search; as they were where only some weight was needed.
    pub reduction: Reduction,
}

impl CostAnswer {
    /// (cost − bound) ÷ cost: it is at most this share dearer than the cheapest.
    pub fn gap(&self) -> f64 {
        if self.cost == 0 { 0.0 } else { (self.cost - self.bound) as f64 / self.cost as f64 }
    }
}

/// The fewest or cheapest sites that cover what is needed. Where that cannot be, the most that can be covered.
///
/// # Errors
/// The weight that all sites that are not out cover, where that is less than is needed.
///
/// ```
/// use chargegap::internals::siting::{CostQuestion, CoverRows, Effort, Need, fewest_sites};
/// let mut rows = CoverRows::default();
/// [(&[0][..], 6), (&[0, 1], 4), (&[1, 2], 5), (&[2], 1)].iter().for_each(|(sites, w)| rows.add(sites, *w));
/// let cover = rows.freeze(3);
/// let ask = |need| fewest_sites(&cover, &CostQuestion { need, costs: None, inside: vec![], out: vec![] }, Effort::default());
/// assert_eq!(ask(Need::All).map(|a| (a.sites, a.bound)), Ok((vec![0, 2], 2)));
/// assert_eq!(ask(Need::Weight(10)).map(|a| (a.sites, a.bound)), Ok((vec![0], 1)));
/// assert_eq!(ask(Need::Weight(17)).map(|a| a.sites), Err(16));
/// ```
pub fn fewest_sites(cover: &Cover, q: &CostQuestion, effort: Effort) -> Result<CostAnswer, u64> {
    let (inside, out) = (flags(cover.sites(), &q.inside), flags(cover.sites(), &q.out));
    let costs = q.costs.clone().unwrap_or_else(|| vec![1; cover.sites()]);
    let may: Vec<u32> = (0..cover.sites() as u32).filter(|s| inside[*s as usize] || !out[*s as usize]).collect();
    let count = counts(cover, &may);
    let unreached: Vec<u32> = (0..cover.rows() as u32).filter(|r| count[*r as usize] == 0).collect();
    if let Need::Weight(least) = q.need
        && cover.value(&may) < least
    {
        return Err(cover.value(&may));
    }
    let asked = Asked { cover, costs: &costs, inside: &inside, out: &out };
    let mut found = match q.need {
        Need::All => asked.all(effort, None),
        Need::Weight(least) => asked.weight(least, effort),
    };
    found.sites.extend(&q.inside);
    found.sites.sort_unstable();
    found.sites.dedup();
    let cost: u64 = found.sites.iter().map(|s| costs[*s as usize]).sum();
    let multipliers = CostBound::of(cover, &found.lambda);
    let by = multipliers.value((cover, &costs), q.need, (&inside, &out)).unwrap_or(0).min(cost);
    let (bound, proof) = match found.least >= cost && by < cost {
        true => (cost, Proof::Search(found.parts.max(1))),
        false => (by, Proof::Multipliers),
    };
    let covered = cover.value(&found.sites);
    Ok(CostAnswer { sites: found.sites, cost, covered, bound, proof, multipliers, unreached, reduction: found.reduction })
}

/// A question with its sites as flags.
pub(super) struct Asked<'a> {
    pub cover: &'a Cover,
    pub costs: &'a [u64],
    pub inside: &'a [bool],
    pub out: &'a [bool],
}

/// What was found.
pub(super) struct Found {
    /// Without those that are there anyhow; empty where none was found that is cheap enough.
    pub sites: Vec<u32>,
    /// Nothing costs less, with those that are there anyhow.
    pub least: u64,
    pub parts: u64,
    pub lambda: Vec<f64>,
    pub reduction: Reduction,
}

impl Asked<'_> {
    /// Rows that are still to be covered, and sites that may be taken.
    fn left(&self) -> Left {
        let sites: Vec<bool> = (0..self.cover.sites()).map(|s| !self.inside[s] && !self.out[s]).collect();
        let asked = |r: usize| {
            let of = self.cover.of_row(r).iter().map(|s| *s as usize);
            !of.clone().any(|s| self.inside[s]) && of.clone().any(|s| sites[s])
        };
        Left { rows: (0..self.cover.rows()).map(asked).collect(), sites }
    }

    fn spent(&self) -> u64 {
        (0..self.costs.len()).filter(|s| self.inside[*s]).map(|s| self.costs[s]).sum()
    }

    /// The cheapest sites that cover all rows. With `enough` it is only asked whether some cost no more.
    pub fn all(&self, effort: Effort, enough: Option<u64>) -> Found {
        let (cover, costs, spent) = (self.cover, self.costs, self.spent());
        let whole = self.left();
        let mut left = whole.clone();
        // every row that is asked has a site, so that none is missing here
        let sure = left.reduce(cover, costs).unwrap_or_default();
        let number = |flags: &[bool]| flags.iter().filter(|f| **f).count() as u64;
        let reduction =
            Reduction { rows: [number(&whole.rows), number(&left.rows)], sites: [number(&whole.sites), number(&left.sites)] };
        let (part, taken) = (Part { cover, costs, left: &left }, sure.iter().map(|(_, s)| *s as u32).collect::<Vec<_>>());
        let base: u64 = taken.iter().map(|s| costs[*s as usize]).sum();
        let of = |sites: &[u32]| sites.iter().map(|s| costs[*s as usize]).sum::<u64>();
        let best = std::cell::RefCell::new(part.greedy(&|s| costs[s] as f64));
        let mut lambda = part.first();
        let mut turn = 0;
        let seen = part.improve(&mut lambda, 2000, &|| of(&best.borrow()) as f64, &mut |seen| {
            turn += 1;
            if turn % 10 == 0 {
                let sites = part.greedy(&|s| seen.beyond[s]);
                if of(&sites) < of(&best.borrow()) {
                    *best.borrow_mut() = sites;
                }
            }
        });
        let mut best = best.into_inner();
        let mut least = (seen.bound - 1e-4 - 1e-12 * seen.bound.abs()).ceil().max(0.0) as u64;
        // where it is not enough to have nothing, nothing is enough
        let goal = enough.map_or(0, |e| e.saturating_sub(spent + base));
        let cut = enough.map_or(u64::MAX, |e| (e + 1).saturating_sub(spent + base).max(1));
        let mut parts = 0;
        for share in [16, 4, 1] {
            if of(&best) <= least.max(goal) || least >= cut {
                break;
            }
            best = greedy::tried(&part, &best, effort.kicks * 5 / share, least.max(goal));
            let most = effort.pairs / share / (STEPS * 4 * cover.pairs()).max(1) as u64;
            let known = (of(&best).min(cut), None);
            let mut search = Search { cover, costs, asked: &left.rows, best: known, enough: goal, parts: 0, most };
            let done = of(&best) <= least.max(goal) || search.all(left.clone(), (Vec::new(), lambda.clone()));
            (parts, best) = (search.parts, search.best.1.unwrap_or(best));
            if done {
                least = of(&best).min(cut).max(least);
            }
        }
        // what is paid for a row's only site is all that it costs
        sure.iter().for_each(|(r, s)| lambda[*r] = costs[*s] as f64);
        best.extend(taken);
        // multipliers of all rows, as they were before anything was reduced
        let cost = of(&best);
        Part { left: &whole, ..part }.improve(&mut lambda, 300, &|| cost as f64, &mut |_| {});
        Found { sites: best, least: spent + base + least, parts, lambda, reduction }
    }

    /// The cheapest sites that cover so much: what less than the best so far can cover at most is asked, until it is too little.
    fn weight(&self, least: u64, effort: Effort) -> Found {
        let cover = self.cover;
        let list = |flags: &[bool]| (0..cover.sites() as u32).filter(|s| flags[*s as usize]).collect::<Vec<_>>();
        let (there, out, gains) = (list(self.inside), list(self.out), Gains::once());
        let mut sites: Vec<u32> =
            (0..cover.sites() as u32).filter(|s| !self.inside[*s as usize] && !self.out[*s as usize]).collect();
        let reduction = Reduction { rows: [cover.rows() as u64; 2], sites: [sites.len() as u64; 2] };
        self.cheaper(least, &mut sites);
        let mut found = Found { sites, least: 0, parts: 0, lambda: vec![0.0; cover.rows()], reduction };
        loop {
            let cost: u64 = self.spent() + found.sites.iter().map(|s| self.costs[*s as usize]).sum::<u64>();
            let Some(most) = cost.checked_sub(1).filter(|m| *m >= self.spent()) else {
                return Found { least: cost, ..found };
            };
            let q = Question { limit: Limit::Budget(most, self.costs.to_vec()), inside: there.clone(), out: out.clone() };
            let Some(best) = asked((cover, &gains), &q, (effort, Some(least))) else { return found };
            found.lambda = best.multipliers.multipliers.iter().map(|l| *l as f64).collect();
            if let Proof::Search(parts) = best.proof {
                found.parts = parts;
            }
            if best.value < least {
                return Found { least: if best.bound < least { cost } else { 0 }, ..found };
            }
            found.sites = best.sites.into_iter().filter(|s| !self.inside[*s as usize]).collect();
            self.cheaper(least, &mut found.sites);
        }
    }

    /// Takes out, one by one, what is missed least for its cost, as long as enough is covered.
    fn cheaper(&self, least: u64, sites: &mut Vec<u32>) {
        let there = (0..self.cover.sites() as u32).filter(|s| self.inside[*s as usize]);
        let gains = Gains::once();
        let mut state = State::of((self.cover, &gains), &there.chain(sites.iter().copied()).collect::<Vec<_>>());
        let missed = |state: &State<'_>, s: u32| u128::from(state.loss[s as usize]);
        let cost = |s: u32| u128::from(self.costs[s as usize].max(1));
        loop {
            let may = sites.iter().copied().filter(|s| state.value - state.loss[*s as usize] >= least);
            let gone = may.min_by(|a, b| {
                (missed(&state, *a) * cost(*b)).cmp(&(missed(&state, *b) * cost(*a))).then(cost(*b).cmp(&cost(*a))).then(b.cmp(a))
            });
            let Some(gone) = gone else { return };
            state.remove(gone as usize);
            sites.retain(|s| *s != gone);
        }
    }
}
