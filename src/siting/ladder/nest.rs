//! The nested ladder: at every budget a choice, a larger budget never dropping a county, with the best worst ratio to what each budget could do
//! by itself.

use super::pick::{Picked, pick};
use super::{Offers, exact};

/// What a larger budget keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Every county with its plan.
    Plans,
    /// Every county; its plan may be another one.
    Counties,
}

/// One budget of a ladder.
#[derive(Clone, Debug)]
pub struct Rung {
    /// The budget.
    pub budget: u64,
    /// County and plan, in order.
    pub plans: Vec<(u32, u32)>,
    /// What they cost.
    pub cost: u64,
    /// What they are worth.
    pub value: u64,
    /// What is best at this budget alone; its bound is what the rung is held against.
    pub best: Picked,
}

impl Rung {
    /// What being nested costs at this budget: 1 − ladder ÷ optimum (or its bound).
    pub fn price(&self) -> f64 {
        let (a, b) = self.ratio();
        1.0 - a as f64 / b as f64
    }

    /// Ladder and optimum (or its bound); equal where nothing is worth anything.
    fn ratio(&self) -> Ratio {
        if self.best.bound == 0 { (1, 1) } else { (self.value, self.best.bound) }
    }
}

/// A part of a whole that is not nothing.
pub(super) type Ratio = (u64, u64);

pub(super) fn less(a: Ratio, b: Ratio) -> bool {
    u128::from(a.0) * u128::from(b.1) < u128::from(b.0) * u128::from(a.1)
}

/// A ladder.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// By budget, the smallest first; each budget once.
    pub rungs: Vec<Rung>,
    /// Whether no nested sequence has a better worst ratio; where not, none can be better than 1.
    pub proven: bool,
}

impl Ladder {
    /// The worst ratio of a rung to what its budget could do by itself, as a share.
    pub fn worst(&self) -> f64 {
        1.0 - self.rungs.iter().map(Rung::price).fold(0.0, f64::max)
    }
}

/// How hard it is tried.
#[derive(Clone, Copy, Debug)]
pub struct LadderEffort {
    /// Choices that are kept at a time in the search at one budget.
    pub states: usize,
    /// Parts that the search over all ladders may look at; 0 for no such search.
    pub parts: u64,
}

impl Default for LadderEffort {
    fn default() -> Self {
        Self { states: 2000, parts: 300_000 }
    }
}

/// Of more counties than this not all ladders are searched.
const FEW: usize = 60;

/// By budget: county and plan, in order.
pub(super) type Steps = Vec<Vec<(u32, u32)>>;

/// What is best at each budget, and the nested sequence with the best worst ratio to it. None where at some budget the quotas cannot be met.
///
/// Each budget's own best is taken in turn as it is, the smaller budgets choose among it, the larger ones add to it, and the best of these
/// sequences is improved budget by budget. Where counties are few, all sequences are searched, and the answer is proven.
///
/// ```
/// use chargegap::internals::siting::{County, Keep, LadderEffort, Offers, ladder};
/// let county = |cost, value| County { province: 0, plans: vec![(cost, value)] };
/// let offers = Offers { counties: vec![county(6, 7), county(5, 5), county(5, 5)], quotas: vec![], most: None };
/// let ladder = ladder(&offers, &[6, 10], Keep::Plans, LadderEffort::default()).unwrap();
/// // not the first county, which is best at 6: nothing of 4 is left to add at 10
/// assert_eq!(ladder.rungs[0].plans, [(1, 0)]);
/// assert_eq!(ladder.rungs[1].plans, [(1, 0), (2, 0)]);
/// assert_eq!(ladder.rungs.iter().map(|r| (r.price() * 1000.0).round()).collect::<Vec<_>>(), [286.0, 0.0]);
/// assert!(ladder.proven);
/// ```
pub fn ladder(offers: &Offers, budgets: &[u64], keep: Keep, effort: LadderEffort) -> Option<Ladder> {
    let mut budgets = budgets.to_vec();
    budgets.sort_unstable();
    budgets.dedup();
    let best = |b: &u64| pick(&offers.field(|_, _| true), *b, effort.states, None);
    let best: Vec<Picked> = budgets.iter().map(best).collect::<Option<_>>()?;
    let nest = Nest { offers, budgets: &budgets, best: &best, keep, states: effort.states };
    let by_rank = |all: &mut Vec<Steps>| all.sort_by(|a, b| nest.rank(b).cmp_worst(&nest.rank(a)));
    let mut all: Vec<Steps> = (0..budgets.len()).filter_map(|i| nest.around(i)).collect();
    by_rank(&mut all);
    all.truncate(2);
    all = all.into_iter().map(|s| nest.polished(s)).collect();
    by_rank(&mut all);
    let first = all.into_iter().next();
    let whole = first.as_ref().is_some_and(|s| !less(nest.rank(s).worst, (1, 1)));
    let few = offers.counties.len() <= FEW;
    let (found, proven) = if whole || !few { (None, whole) } else { exact::search(&nest, first.as_ref(), effort.parts) };
    let steps = match found {
        Some(better) => nest.polished(better),
        None => first?,
    };
    let rungs = steps.into_iter().zip(budgets.iter().zip(best.clone()));
    let rungs = rungs.map(|(plans, (budget, best))| {
        let (cost, value) = nest.sum(&plans);
        Rung { budget: *budget, plans, cost, value, best }
    });
    Some(Ladder { rungs: rungs.collect(), proven })
}

/// A ladder that is looked for.
pub(super) struct Nest<'a> {
    pub offers: &'a Offers,
    pub budgets: &'a [u64],
    pub best: &'a [Picked],
    pub keep: Keep,
    states: usize,
}

/// How good a ladder is: its worst ratio, then what all rungs are worth.
pub(super) struct Rank {
    pub worst: Ratio,
    all: u128,
}

impl Rank {
    fn cmp_worst(&self, other: &Self) -> std::cmp::Ordering {
        let by = |r: Ratio, o: Ratio| u128::from(r.0) * u128::from(o.1);
        by(self.worst, other.worst).cmp(&by(other.worst, self.worst)).then(self.all.cmp(&other.all))
    }
}

impl Nest<'_> {
    pub fn sum(&self, plans: &[(u32, u32)]) -> (u64, u64) {
        let one = |(c, p): &(u32, u32)| self.offers.counties[*c as usize].plans[*p as usize];
        plans.iter().map(one).fold((0, 0), |(c, v), (cost, value)| (c + cost, v + value))
    }

    pub fn ratio(&self, rung: usize, value: u64) -> Ratio {
        if self.best[rung].bound == 0 { (1, 1) } else { (value, self.best[rung].bound) }
    }

    fn rank(&self, steps: &Steps) -> Rank {
        let values: Vec<u64> = steps.iter().map(|s| self.sum(s).1).collect();
        let ratios = values.iter().enumerate().map(|(i, v)| self.ratio(i, *v));
        let worst = ratios.reduce(|a, b| if less(b, a) { b } else { a }).unwrap_or((1, 1));
        Rank { worst, all: values.iter().map(|v| u128::from(*v)).sum() }
    }

    /// What is best at a rung that keeps what the one below has and has no more than the one above.
    fn between(&self, rung: usize, below: Option<&[(u32, u32)]>, above: Option<&[(u32, u32)]>) -> Option<Vec<(u32, u32)>> {
        let of = |list: &[(u32, u32)]| {
            let mut plans = vec![None; self.offers.counties.len()];
            list.iter().for_each(|(c, p)| plans[*c as usize] = Some(*p));
            plans
        };
        let (below, above) = (below.map(of), above.map(of));
        let field = self.offers.field(|c, plan| {
            let kept =
                below.as_ref().and_then(|b| b[c]).is_none_or(|b| plan.is_some_and(|p| self.keep == Keep::Counties || p == b));
            let within = above.as_ref().is_none_or(|a| match (plan, a[c]) {
                (None, _) => true,
                (Some(p), Some(a)) => self.keep == Keep::Counties || p == a,
                (Some(_), None) => false,
            });
            kept && within
        });
        pick(&field, self.budgets[rung], self.states, Some(self.best[rung].prices.money)).map(|p| p.plans)
    }

    /// One rung as it is best by itself; the others around it.
    fn around(&self, pivot: usize) -> Option<Steps> {
        let mut steps: Steps = vec![Vec::new(); self.budgets.len()];
        steps[pivot] = self.best[pivot].plans.clone();
        for i in (0..pivot).rev() {
            steps[i] = self.between(i, None, Some(&steps[i + 1]))?;
        }
        for i in pivot + 1..steps.len() {
            steps[i] = self.between(i, Some(&steps[i - 1]), None)?;
        }
        Some(steps)
    }

    /// Each rung as good as its neighbours let it be, until none can be better.
    fn polished(&self, mut steps: Steps) -> Steps {
        loop {
            let mut better = false;
            for i in 0..steps.len() {
                let below = i.checked_sub(1).map(|b| steps[b].as_slice());
                let found = self.between(i, below, steps.get(i + 1).map(Vec::as_slice));
                if let Some(plans) = found.filter(|p| self.sum(p).1 > self.sum(&steps[i]).1) {
                    (steps[i], better) = (plans, true);
                }
            }
            if !better {
                return steps;
            }
        }
    }
}
