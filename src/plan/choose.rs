//! Which candidates are built, in which order, and what less or more money would cover: questions put to [`crate::siting`] one after the
//! other. Counties that come first are closed first, with as few sites as that takes; what is left goes to all.

use super::by_worth::trimmed;
use super::count::Count;
use crate::siting::{
    Alternative, Answer, CostQuestion, Cover, Covered, Different, Effort, Limit, LostSite, Need, Proof, Question, alternatives,
    fewest_sites, most_served, without_each,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Effort of a point of the curve, which has many.
pub(super) const CURVE_EFFORT: Effort = Effort { kicks: 300, patience: 150, pairs: 300_000_000 };
/// Points of the curve up to the plan.
const CURVE_POINTS: u64 = 12;

/// A question that was answered on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStage {
    /// The county whose gap it was about; none for all that count.
    pub county: Option<u32>,
    /// What all candidates together can cover of it, in whole units of the objective.
    pub reachable: u64,
    /// The same exactly, in the parts of a unit that are counted; none where whole units are.
    #[serde(default)]
    pub parts: Option<u64>,
    /// What the sites chosen up to here cover of it.
    pub value: u64,
    /// No choice within the same limit, with the sites that stood before, covers more.
    pub bound: u64,
    /// Parts of the search that proved it; none where the multipliers did.
    pub searched: Option<u64>,
    /// Sites, or money, that were taken up to here.
    pub taken: u64,
    /// Multipliers that give a bound in whole numbers; anybody can compute it again.
    pub multipliers: Vec<u64>,
}

/// A site of the plan, in the order of building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStep {
    /// Candidate, by its place in the cover.
    pub site: u32,
    /// What it adds to those before it, in whole units of the objective.
    pub gain: u64,
    /// What all up to it cover.
    pub covered: u64,
    /// What all up to it take of the limit: sites, or money.
    pub taken: u64,
    /// Number of the stage that chose it, from 0.
    pub stage: u32,
}

/// What some other number of sites, or amount of money, would cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Sites, or money.
    pub limit: u64,
    /// The most that was found.
    pub value: u64,
    /// No choice covers more.
    pub bound: u64,
    /// What the plan covers that far, in its order.
    pub plan: u64,
}

/// How much may be built, of candidates that are in or out anyhow.
#[derive(Clone)]
pub(super) struct Frame {
    /// The limit.
    pub limit: Limit,
    /// Candidates that are in the plan anyhow.
    pub inside: Vec<u32>,
    /// Candidates that are out of it.
    pub out: Vec<u32>,
    /// Thousandths of what can be covered that are asked for, with as few sites as do; the limit is then made.
    pub share: Option<u32>,
    /// What each candidate costs, where money is no limit and all costs are known; and what every one does where they cost the same.
    pub costs: Option<(Vec<u64>, Option<u64>)>,
    /// How what is covered counts.
    pub count: Count,
}

/// What was chosen.
#[derive(Debug, Default)]
pub(super) struct Choice {
    pub stages: Vec<PlanStage>,
    pub steps: Vec<PlanStep>,
    pub curve: Vec<CurvePoint>,
    /// What less and more money would cover, where money is no limit and all costs are known.
    pub money: Vec<CurvePoint>,
    /// How much could be built: sites, or money.
    pub limit: u64,
    /// The fewest sites that could cover the share that was asked for, with those that came before.
    pub least_sites: Option<u64>,
    pub lost: Vec<LostSite>,
    pub alternatives: Vec<Alternative>,
}

impl Frame {
    pub(super) fn question(&self, limit: Limit, inside: &[u32]) -> Question {
        let inside = [inside, &self.count.standing].concat();
        Question { limit: self.count.with_standing(limit), inside, out: self.out.clone() }
    }

    fn ask(&self, cover: &Cover, limit: Limit, inside: &[u32], effort: Effort) -> Option<Answer> {
        let mut answer = most_served((cover, &self.count.gains), &self.question(limit, inside), effort)?;
        self.count.take_out(&mut answer.sites);
        Some(answer)
    }

    /// The same limit, but no more than this.
    pub(super) fn up_to(&self, most: u64) -> Limit {
        match &self.limit {
            Limit::Number(_) => Limit::Number(most),
            Limit::Budget(_, costs) => Limit::Budget(most, costs.clone()),
        }
    }
}

/// Sites that no question chose: they are in anyhow.
pub(super) const NO_STAGE: u32 = u32::MAX;

/// Chooses within a limit: for the counties that come first, each with its cover, then for all. None where what is in anyhow does not fit.
pub(super) fn choose(all: &Cover, first: &[(u32, Cover)], frame: &Frame) -> Option<Choice> {
    let (mut choice, count) = (Choice::default(), &frame.count);
    let mut inside = frame.inside.clone();
    order(all, all, &inside, frame, (NO_STAGE, &mut choice.steps));
    for (county, cover) in first {
        let before = inside.clone();
        let answer = fewest(cover, frame, &inside)?;
        inside = trimmed(answer.sites.clone(), &before, |sites| count.made(cover, sites));
        choice.stages.push(stage(Some(*county), cover, frame, &answer, &inside));
        let new: Vec<u32> = inside.iter().filter(|s| !before.contains(s)).copied().collect();
        order(all, cover, &new, frame, (choice.stages.len() as u32 - 1, &mut choice.steps));
    }
    let (mut limit, mut known) = (frame.limit.clone(), Vec::new());
    if let Some(share) = frame.share {
        let (sites, least) = cover_share(all, frame, &inside, share)?;
        (limit, known, choice.least_sites) = (Limit::Number(sites.len() as u64), sites, Some(least));
    }
    let frame = &Frame { limit, share: None, ..frame.clone() };
    let mut answer = frame.ask(all, frame.limit.clone(), &inside, Effort::default())?;
    if count.made(all, &known) > answer.value {
        (answer.value, answer.sites) = (count.made(all, &known), known);
    }
    if answer.value == count.gains.total(all) {
        answer.sites = fewest(all, frame, &inside)?.sites; // no more is built than it takes
    }
    answer.sites = trimmed(answer.sites, &inside, |sites| count.made(all, sites));
    others(&mut choice, all, frame, (&answer, &inside));
    choice.stages.push(stage(None, all, frame, &answer, &answer.sites));
    let new: Vec<u32> = answer.sites.iter().filter(|s| !inside.contains(s)).copied().collect();
    order(all, all, &new, frame, (choice.stages.len() as u32 - 1, &mut choice.steps));
    choice.curve = curve(all, frame, &choice.steps);
    choice.money = money_curve(all, frame, (&choice.steps, &choice.curve));
    choice.limit = frame.limit.most();
    Some(choice)
}

/// What is lost without each site, and plans that cover nearly as much.
fn others(choice: &mut Choice, all: &Cover, frame: &Frame, (answer, inside): (&Answer, &[u32])) {
    let (count, question) = (&frame.count, frame.question(frame.limit.clone(), inside));
    let mut answer = answer.clone();
    answer.sites.extend(&count.standing);
    let of = (all, &count.gains);
    choice.lost = without_each(of, &question, &answer, Effort::SMALL);
    choice.lost.iter_mut().for_each(|l| (l.least, l.most) = (l.least / count.scale, l.most.div_ceil(count.scale)));
    if answer.sites.len() > question.inside.len() {
        choice.alternatives = alternatives(of, &question, &answer, Different::default()).plans;
        choice.alternatives.retain(|a| a.others > 0);
    }
    let best = u128::from(count.whole(all, answer.value));
    for a in &mut choice.alternatives {
        count.take_out(&mut a.sites);
        a.value = count.whole(all, a.value);
    }
    // nearly as much of what the plan adds, whatever stood before
    choice.alternatives.retain(|a| u128::from(a.value) * 100 >= best * 99);
}

/// The fewest sites that were found to cover so many thousandths of what can be covered, with those that stand before, and the fewest that could
/// do.
fn cover_share(all: &Cover, frame: &Frame, inside: &[u32], thousandths: u32) -> Option<(Vec<u32>, u64)> {
    let target = (u128::from(all.total()) * u128::from(thousandths)).div_ceil(1000) as u64;
    let need = if thousandths == 1000 && frame.out.is_empty() { Need::All } else { Need::Weight(target) };
    let question = CostQuestion { need, costs: None, inside: inside.to_vec(), out: frame.out.clone() };
    let answer = fewest_sites(all, &question, Effort::SMALL).ok()?;
    Some((answer.sites, answer.bound))
}

/// The sites that cover most within a limit, in order, and the bound; of a small effort, where many questions are asked.
pub(super) fn ordered(cover: &Cover, frame: &Frame) -> Option<(Vec<PlanStep>, u64)> {
    let answer = frame.ask(cover, frame.limit.clone(), &frame.inside, CURVE_EFFORT)?;
    let mut steps = Vec::new();
    order(cover, cover, &answer.sites, frame, (0, &mut steps));
    Some((steps, answer.bound))
}

/// All that can be covered of a county with as few sites as were found to do, or as much as the limit has; the bound is that of the whole limit.
fn fewest(cover: &Cover, frame: &Frame, inside: &[u32]) -> Option<Answer> {
    let ask = |limit: Limit| frame.ask(cover, limit, inside, CURVE_EFFORT);
    let whole = ask(frame.limit.clone())?;
    let mut best = whole.clone();
    let total = best.value;
    let mut low = frame.limit.taken(inside.iter().copied());
    let mut high = frame.limit.taken(best.sites.iter().copied());
    // what one unit less leaves out is asked first: mostly nothing can be spared
    let mut middle = high.saturating_sub(1);
    while low < high {
        match ask(frame.up_to(middle)) {
            Some(answer) if answer.value >= total => {
                high = frame.limit.taken(answer.sites.iter().copied()).min(middle);
                best = answer;
            }
            _ => low = middle + 1,
        }
        middle = low + high.saturating_sub(low) / 2;
    }
    Some(crate::siting::Answer { sites: best.sites, value: best.value, ..whole })
}

fn stage(county: Option<u32>, cover: &Cover, frame: &Frame, answer: &Answer, sites: &[u32]) -> PlanStage {
    let count = &frame.count;
    PlanStage {
        county,
        reachable: count.whole(cover, count.gains.total(cover)),
        parts: count.parts(cover),
        value: count.whole(cover, answer.value),
        bound: count.whole(cover, answer.bound),
        searched: match answer.proof {
            Proof::Multipliers => None,
            Proof::Search(parts) => Some(parts),
        },
        taken: frame.limit.taken(sites.iter().copied()),
        multipliers: answer.multipliers.multipliers.clone(),
    }
}

/// Puts sites behind those that have their step: by what each adds to `by` for each unit of the limit, most first, of equals the lower number.
pub(super) fn order(all: &Cover, by: &Cover, new: &[u32], frame: &Frame, (stage, steps): (u32, &mut Vec<PlanStep>)) {
    let built: Vec<u32> = steps.iter().map(|s| s.site).collect();
    let (count, there) = (&frame.count, [&built[..], &frame.count.standing].concat());
    let mut now = [by, all].map(|cover| Covered::counted((cover, &count.gains), &there));
    // where a second site counts more than the first, what each may come to count decides between those that count nothing yet
    let greedy = count.gains.greedy();
    let mut hoped = (greedy != count.gains).then(|| Covered::counted((by, &greedy), &there));
    let mut made = count.made(all, &built) - count.made(all, &[]);
    let mut left = new.to_vec();
    while !left.is_empty() {
        // per unit of the limit, in a whole number that is fine enough to tell apart what differs
        let worth = |of: &Covered<'_>, s: u32| (u128::from(of.gain(s)) << 40) / u128::from(frame.limit.cost(s as usize).max(1));
        let of = |s: &u32| (worth(&now[0], *s), now[1].gain(*s), hoped.as_ref().map_or(0, |hoped| worth(hoped, *s)));
        let gains: Vec<_> = left.par_iter().map(of).collect();
        let best = (0..left.len()).reduce(|a, b| if gains[b] > gains[a] { b } else { a }).unwrap_or(0);
        let site = left.remove(best);
        let (before, taken) = steps.last().map_or((0, 0), |s| (s.covered, s.taken));
        let [_, gain] = now.each_mut().map(|covered| covered.add(site));
        if let Some(hoped) = &mut hoped {
            hoped.add(site);
        }
        made += gain;
        let (covered, taken) = (made / count.scale, taken + frame.limit.cost(site as usize));
        steps.push(PlanStep { site, gain: covered - before, covered, taken, stage });
    }
}

/// Limits of the curve, rising: up to the limit of the plan in even steps, then half as much more and twice as much; none below what is in
/// the plan anyhow.
pub fn curve_limits(most: u64, least: u64) -> Vec<u64> {
    let mut limits: Vec<u64> =
        (1..=CURVE_POINTS).map(|k| (u128::from(most) * u128::from(k) / u128::from(CURVE_POINTS)) as u64).collect();
    limits.extend([most.saturating_add(most / 2), most.saturating_mul(2)]);
    limits.retain(|l| *l > 0 && *l >= least);
    limits.sort_unstable();
    limits.dedup();
    limits
}

/// What fewer and more sites, or less and more money, would cover.
pub(super) fn curve(all: &Cover, frame: &Frame, steps: &[PlanStep]) -> Vec<CurvePoint> {
    let most = frame.limit.most();
    let least = frame.limit.taken(frame.inside.iter().copied());
    let limits = curve_limits(most, least);
    let plan = |limit: u64| steps.iter().take_while(|s| s.taken <= limit).last().map_or(0, |s| s.covered);
    let point = |limit: &u64| {
        let answer = frame.ask(all, frame.up_to(*limit), &frame.inside, CURVE_EFFORT)?;
        let (plan, [value, bound]) = (plan(*limit), [answer.value, answer.bound].map(|made| frame.count.whole(all, made)));
        Some(CurvePoint { limit: *limit, value: value.max(plan), bound: bound.max(plan), plan })
    };
    limits.par_iter().filter_map(point).collect()
}

/// What every site costs, where all cost the same.
pub fn same_cost(mut costs: impl Iterator<Item = u64>) -> Option<u64> {
    let first = costs.next().filter(|c| *c > 0)?;
    costs.all(|c| c == first).then_some(first)
}

/// What less and more money would cover than the sites of the plan cost. Where all sites cost the same that is known already.
fn money_curve(all: &Cover, frame: &Frame, (steps, curve): (&[PlanStep], &[CurvePoint])) -> Vec<CurvePoint> {
    let Some((costs, same)) = &frame.costs else { return Vec::new() };
    if let Some(one) = *same {
        return curve.iter().map(|p| CurvePoint { limit: p.limit.saturating_mul(one), ..*p }).collect();
    }
    let mut taken = 0;
    let paid = |s: &PlanStep| {
        taken += costs[s.site as usize];
        PlanStep { taken, ..*s }
    };
    let steps: Vec<PlanStep> = steps.iter().map(paid).collect();
    let limit = Limit::Budget(steps.last().map_or(0, |s| s.taken), costs.clone());
    self::curve(all, &Frame { limit, ..frame.clone() }, &steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::CoverRows;

    fn cover(rows: &[(&[u32], u64)], sites: usize) -> Cover {
        let mut all = CoverRows::default();
        rows.iter().for_each(|(sites, weight)| all.add(sites, *weight));
        all.freeze(sites)
    }

    fn frame(limit: Limit) -> Frame {
        Frame { limit, inside: Vec::new(), out: Vec::new(), share: None, costs: None, count: Count::default() }
    }

    #[test]
    fn sites_come_by_what_each_adds_and_the_curve_has_a_bound_at_every_point() {
        // site 0 covers 6 + 4, site 1 covers 4 + 5, site 2 covers 5 + 1: two sites cover 16 at most (0 and 2)
        let all = cover(&[(&[0], 6), (&[0, 1], 4), (&[1, 2], 5), (&[2], 1)], 3);
        let choice = choose(&all, &[], &frame(Limit::Number(2))).unwrap();
        let steps: Vec<_> = choice.steps.iter().map(|s| (s.site, s.gain, s.covered, s.taken)).collect();
        assert_eq!(steps, [(0, 10, 10, 1), (2, 6, 16, 2)]);
        assert_eq!(choice.stages.len(), 1);
        assert_eq!((choice.stages[0].value, choice.stages[0].bound, choice.stages[0].reachable), (16, 16, 16));
        let points: Vec<_> = choice.curve.iter().map(|p| (p.limit, p.value, p.bound, p.plan)).collect();
        assert_eq!(points, [(1, 10, 10, 10), (2, 16, 16, 16), (3, 16, 16, 16), (4, 16, 16, 16)]);
    }

    #[test]
    fn a_county_that_comes_first_is_closed_with_as_few_sites_as_that_takes() {
        // the county's rows: site 2 alone covers both; sites 0 and 1 have one each. Of all, sites 0 and 1 would cover most.
        let all = cover(&[(&[0], 50), (&[1], 40), (&[0, 2], 3), (&[1, 2], 3)], 3);
        let own = cover(&[(&[0, 2], 3), (&[1, 2], 3)], 3);
        let choice = choose(&all, &[(7, own)], &frame(Limit::Number(2))).unwrap();
        assert_eq!(choice.steps.iter().map(|s| (s.site, s.stage)).collect::<Vec<_>>(), [(2, 0), (0, 1)]);
        assert_eq!((choice.stages[0].county, choice.stages[0].value, choice.stages[0].bound), (Some(7), 6, 6));
        // 2 and 0: 3 + 3 + 50; with 2 built, the other site can add 50 at most
        assert_eq!((choice.stages[1].county, choice.stages[1].value, choice.stages[1].bound), (None, 56, 56));
    }

    #[test]
    fn money_buys_what_adds_most_for_it() {
        // 10 for 5, 9 for 3, 2 for 1: with 5 the best is 0 alone (10) or 1 and 2 (11)
        let all = cover(&[(&[0], 10), (&[1], 9), (&[2], 2)], 3);
        let choice = choose(&all, &[], &frame(Limit::Budget(5, vec![5, 3, 1]))).unwrap();
        assert_eq!(choice.steps.iter().map(|s| (s.site, s.taken)).collect::<Vec<_>>(), [(1, 3), (2, 4)]);
        assert_eq!(choice.stages[0].value, 11);
        // what is in anyhow must fit
        let full = Frame { inside: vec![0, 1], ..frame(Limit::Budget(5, vec![5, 3, 1])) };
        assert!(choose(&all, &[], &full).is_none());
    }

    #[test]
    fn the_fewest_sites_for_a_share_come_with_the_fewest_that_could_do() {
        let all = cover(&[(&[0], 10), (&[1], 9), (&[2], 1)], 3);
        // 19 of 20 are 95 %: two sites; 96 % needs all three; half needs one
        let sites = |share| cover_share(&all, &frame(Limit::Number(3)), &[], share).map(|(sites, least)| (sites.len(), least));
        assert_eq!([950, 960, 1000, 500].map(sites), [Some((2, 2)), Some((3, 3)), Some((3, 3)), Some((1, 1))]);
    }

    #[test]
    fn where_costs_are_known_the_curve_is_told_in_money_too() {
        // 10 for 5, 9 for 3, 2 for 1: two sites are 0 and 1 (19 for 8); 4 buys 9 + 2, 3 buys 9, 1 buys 2
        let all = cover(&[(&[0], 10), (&[1], 9), (&[2], 2)], 3);
        let told = |costs: &[u64]| {
            let frame = Frame { costs: Some((costs.to_vec(), same_cost(costs.iter().copied()))), ..frame(Limit::Number(2)) };
            choose(&all, &[], &frame).unwrap().money.iter().map(|p| (p.limit, p.value, p.plan)).collect::<Vec<_>>()
        };
        let at = |list: &[(u64, u64, u64)], limit| list.iter().find(|p| p.0 == limit).map(|p| (p.1, p.2));
        let money = told(&[5, 3, 1]);
        assert_eq!([1, 3, 4, 5, 8, 12].map(|l| at(&money, l)), [(2, 0), (9, 0), (11, 0), (11, 10), (19, 19), (21, 19)].map(Some));
        // at 7 a site it is the curve of sites
        assert_eq!(told(&[7, 7, 7]), [(7, 10, 10), (14, 19, 19), (21, 21, 19), (28, 21, 19)]);
    }

    #[test]
    fn no_more_is_built_than_it_takes() {
        // site 0 covers all that 1 and 2 do: with five allowed one is built, and a county that came first keeps its own
        let all = cover(&[(&[0, 1], 10), (&[0, 2], 9)], 3);
        let choice = choose(&all, &[], &frame(Limit::Number(5))).unwrap();
        assert_eq!(choice.steps.iter().map(|s| s.site).collect::<Vec<_>>(), [0]);
        assert_eq!(trimmed(vec![0, 1, 2], &[1], |sites| Count::default().made(&all, sites)), [0, 1]); // the last goes first, and then nothing can
    }
}
