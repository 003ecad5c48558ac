//! Which candidates are built where ways are to be short: the mean one (p-median) or that of the farthest settlement (p-centre). What is told
//! as covered is what they become shorter; what stands is a site that is there anyhow and takes nothing of the limit.

use super::by_worth::trimmed;
use super::choose::{CurvePoint, Frame, PlanStage, PlanStep, curve_limits};
use super::far::Far;
use crate::config::plan::Objective;
use crate::siting::{
    CostBound, Distances, Effort, Limit, Need, Proof, Question, Within, cover_within, least_distance, least_radius,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Pairs of settlement and candidate that tries may look at for the plan, and for a point of the curve.
const LOOKS: [u64; 2] = [60_000_000, 6_000_000];

/// Settlements that are as far from the same candidates, merged to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayRow {
    /// People, or settlements.
    pub weight: u64,
    /// How far they are from the nearest station that stands, millimetres; none where no way leads to one.
    pub now_mm: Option<u64>,
    /// Candidates that are nearer, by number, rising, with how far they are, millimetres.
    pub near: Vec<(u32, u64)>,
    /// Multiplier: 256ths of weight × millimetre for the mean, 1,048,576ths of a settlement for the farthest.
    pub multiplier: u64,
}

/// Ways of settlements, and what was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanWays {
    /// From these anybody computes values and bounds again.
    pub rows: Vec<WayRow>,
    /// A settlement from which no way leads to a station counts as so far, millimetres: farther than any way that there is.
    pub beyond_mm: u64,
    /// People, or settlements, that are weighed.
    pub weight: u64,
    /// Settlements, by their place in the list, from which no way leads to a station or a candidate: they are left out.
    pub settlements_alone: Vec<u32>,
}

/// What was chosen.
pub(super) struct FarChoice {
    pub stage: PlanStage,
    pub steps: Vec<PlanStep>,
    pub curve: Vec<CurvePoint>,
    pub lost: Vec<Option<[u64; 2]>>,
    pub ways: PlanWays,
    /// What is to become shorter in all, and how much of it candidates could take away.
    pub in_gap: [u64; 2],
}

/// A question of how far settlements are.
struct Asking<'a> {
    near: &'a Distances,
    /// The number of what stands.
    standing: u32,
    /// Whether the farthest counts, and not all.
    farthest: bool,
    frame: &'a Frame,
}

/// An answer: the chosen candidates, what is left of ways, the least that can be, why, and multipliers by row.
struct Told {
    sites: Vec<u32>,
    left: u64,
    least: u64,
    proof: Proof,
    multipliers: Vec<u64>,
}

/// Chooses within the limit. None where what is in anyhow does not fit, or where no choice was found that leads a way to a station from every
/// settlement of which the farthest is asked.
pub(super) fn choose_far(far: &Far, objective: Objective, frame: &Frame) -> Option<FarChoice> {
    let standing = far.near.sites() as u32 - 1;
    let asking = Asking { near: &far.near, standing, farthest: objective == Objective::Farthest, frame };
    let most = frame.limit.most();
    let mut told = asking.ask(most, &[], asking.effort(LOOKS[0]))?;
    told.sites = trimmed(told.sites, &frame.inside, |sites| asking.left(sites));
    let before = asking.left(&[]);
    let all: Vec<u32> = (0..standing).collect();
    let in_gap = [before, before - asking.left(&all)];
    let steps = asking.in_order(&told.sites);
    let stage = PlanStage {
        parts: None,
        county: None,
        reachable: in_gap[1],
        value: before - told.left,
        bound: before - told.least,
        searched: match told.proof {
            Proof::Multipliers => None,
            Proof::Search(parts) => Some(parts),
        },
        taken: frame.limit.taken(told.sites.iter().copied()),
        multipliers: Vec::new(),
    };
    let curve = asking.curve(before, &steps);
    let lost = asking.lost(&told, &steps);
    Some(FarChoice { stage, curve, lost, ways: asking.ways(&told.multipliers), steps, in_gap })
}

impl Asking<'_> {
    /// What is left of ways with these candidates: weights times ways of all, or the longest.
    fn left(&self, sites: &[u32]) -> u64 {
        let far = self.near.nearest(&[sites, &[self.standing]].concat());
        self.left_of(&far)
    }

    fn left_of(&self, far: &[u64]) -> u64 {
        if self.farthest {
            return far.iter().copied().max().unwrap_or(0);
        }
        far.iter().zip(self.near.weights()).map(|(mm, w)| mm * w).sum()
    }

    /// The same limit up to an amount, in which what stands costs nothing.
    fn limit(&self, most: u64) -> Limit {
        let costs = (0..self.standing as usize).map(|s| self.frame.limit.cost(s)).chain([0]).collect();
        Limit::Budget(most, costs)
    }

    /// Tries by how long one takes: about a look at every pair.
    fn effort(&self, looks: u64) -> Effort {
        let kicks = (looks / (self.near.pairs() as u64).max(1)).clamp(16, 4000);
        Effort { kicks, patience: kicks / 2, pairs: looks * 20 }
    }

    fn ask(&self, most: u64, out: &[u32], effort: Effort) -> Option<Told> {
        let inside = [&self.frame.inside[..], &[self.standing]].concat();
        let question = Question { limit: self.limit(most), inside, out: [&self.frame.out[..], out].concat() };
        let own = |sites: &[u32]| sites.iter().copied().filter(|s| *s != self.standing).collect();
        if !self.farthest {
            let a = least_distance(self.near, &question, effort)?;
            let (left, least) = (a.value, a.bound);
            return Some(Told { sites: own(&a.sites), left, least, proof: a.proof, multipliers: a.multipliers.multipliers });
        }
        question.limit.most().checked_sub(question.limit.taken(question.inside.iter().copied()))?;
        let a = least_radius(self.near, &question, effort)?;
        let below = a.below.filter(|_| a.bound > 0).map(|b| self.of_rows(a.bound - 1, &b));
        let proven = |m: &Vec<u64>| most_at(self.near, (a.bound, m), &question).is_some();
        let (proof, multipliers) = match below {
            Some(multipliers) if proven(&multipliers) => (Proof::Multipliers, multipliers),
            // nobody is nearer than the nearest of all
            None => (a.proof, vec![0; self.near.rows()]),
            Some(_) => (Proof::Search(1), vec![0; self.near.rows()]),
        };
        Some(Told { sites: own(&a.sites), left: a.radius, least: a.bound, proof, multipliers })
    }

    /// Multipliers of a cover within a distance by the rows that were merged to it: the first of them has all.
    fn of_rows(&self, within: u64, bound: &CostBound) -> Vec<u64> {
        let cover = cover_within(self.near, Within::AtMost(within));
        let rows: std::collections::BTreeMap<&[u32], usize> = (0..cover.rows()).map(|r| (cover.of_row(r), r)).collect();
        let (mut given, mut all) = (vec![false; cover.rows()], vec![0; self.near.rows()]);
        for (r, multiplier) in all.iter_mut().enumerate() {
            let Some(merged) = rows.get(sites_within(self.near, r, within).as_slice()) else { continue };
            if !std::mem::replace(&mut given[*merged], true) {
                *multiplier = bound.multipliers.get(*merged).copied().unwrap_or(0);
            }
        }
        all
    }

    /// What is in anyhow, then by what each takes away for each unit of the limit, most first; where it is the farthest and none takes anything
    /// away, by what it takes of all ways.
    fn in_order(&self, sites: &[u32]) -> Vec<PlanStep> {
        let (mut now, mut steps): (_, Vec<PlanStep>) = (self.near.nearest(&[self.standing]), Vec::new());
        let before = self.left_of(&now);
        for first in [true, false] {
            let mut left: Vec<u32> = sites.iter().copied().filter(|s| self.frame.inside.contains(s) == first).collect();
            while !left.is_empty() {
                let worth = |s: &u32| {
                    let cost = u128::from(self.frame.limit.cost(*s as usize).max(1));
                    let with = self.with(&now, *s);
                    let less = now.iter().zip(&with).zip(self.near.weights()).map(|((a, b), w)| u128::from((a - b) * w));
                    let all = (less.sum::<u128>() << 20) / cost;
                    let longest = u128::from(self.left_of(&now) - self.left_of(&with)) << 20;
                    if self.farthest { (longest / cost, all) } else { (all, 0) }
                };
                let worths: Vec<_> = left.par_iter().map(worth).collect();
                let best = (0..left.len()).reduce(|a, b| if worths[b] > worths[a] { b } else { a }).unwrap_or(0);
                let site = left.remove(best);
                now = self.with(&now, site);
                let (covered, taken) = steps.last().map_or((0, 0), |s| (s.covered, s.taken));
                let taken = taken + self.frame.limit.cost(site as usize);
                let all = before - self.left_of(&now);
                let stage = if first { u32::MAX } else { 0 };
                steps.push(PlanStep { site, gain: all - covered, covered: all, taken, stage });
            }
        }
        steps
    }

    /// How far rows are when one site more is there.
    fn with(&self, far: &[u64], site: u32) -> Vec<u64> {
        let mut far = far.to_vec();
        self.near.of_site(site as usize).iter().for_each(|(mm, r)| far[*r as usize] = far[*r as usize].min(*mm));
        far
    }

    fn curve(&self, before: u64, steps: &[PlanStep]) -> Vec<CurvePoint> {
        let least = self.frame.limit.taken(self.frame.inside.iter().copied());
        let reachable = before - self.left(&(0..self.standing).collect::<Vec<u32>>());
        let point = |limit: &u64| {
            let plan = steps.iter().take_while(|s| s.taken <= *limit).last().map_or(0, |s| s.covered);
            let told = self.ask(*limit, &[], self.effort(LOOKS[1]));
            let (value, bound) = told.map_or((plan, reachable), |t| (before - t.left, before - t.least));
            CurvePoint { limit: *limit, value: value.max(plan), bound: bound.max(plan), plan }
        };
        curve_limits(self.frame.limit.most(), least).par_iter().map(point).collect()
    }

    /// What is lost without each site, at least and at most; nothing of those that are in anyhow.
    fn lost(&self, told: &Told, steps: &[PlanStep]) -> Vec<Option<[u64; 2]>> {
        let one = |step: &PlanStep| {
            let without = (!self.frame.inside.contains(&step.site))
                .then(|| self.ask(self.frame.limit.most(), &[step.site], self.effort(LOOKS[1])))??;
            Some([without.least.saturating_sub(told.left), without.left.saturating_sub(told.least)])
        };
        steps.par_iter().map(one).collect()
    }

    fn ways(&self, multipliers: &[u64]) -> PlanWays {
        let row = |r: usize| {
            let list = self.near.of_row(r);
            let now_mm = list.iter().find(|n| n.1 == self.standing).map(|n| n.0);
            let mut near: Vec<(u32, u64)> = list.iter().filter(|n| n.1 != self.standing).map(|n| (n.1, n.0)).collect();
            near.sort_unstable();
            WayRow { weight: self.near.weights()[r], now_mm, near, multiplier: multipliers[r] }
        };
        PlanWays {
            rows: (0..self.near.rows()).map(row).collect(),
            beyond_mm: self.near.beyond(),
            weight: self.near.weights().iter().sum(),
            settlements_alone: Vec::new(),
        }
    }
}

/// Sites that a row is within a distance of, rising.
fn sites_within(near: &Distances, row: usize, within: u64) -> Vec<u32> {
    let mut sites: Vec<u32> = near.of_row(row).iter().filter(|n| n.0 <= within).map(|n| n.1).collect();
    sites.sort_unstable();
    sites
}

/// How much of a limit it takes at least to leave nobody as far as a bound says, where multipliers by row prove that it is more than there is.
pub fn most_at(near: &Distances, (bound, multipliers): (u64, &[u64]), question: &Question) -> Option<u64> {
    let within = bound.checked_sub(1)?;
    let mut by_sites: std::collections::BTreeMap<Vec<u32>, u64> = Default::default();
    for (r, multiplier) in multipliers.iter().enumerate() {
        let sites = sites_within(near, r, within);
        if !sites.is_empty() {
            let sum = by_sites.entry(sites).or_insert(0);
            *sum = sum.checked_add(*multiplier)?;
        }
    }
    let cover = cover_within(near, Within::AtMost(within));
    let multipliers = CostBound { multipliers: by_sites.into_values().collect() };
    let flags = |list: &[u32]| {
        let mut all = vec![false; near.sites()];
        list.iter().for_each(|s| all[*s as usize] = true);
        all
    };
    let costs: Vec<u64> = (0..near.sites()).map(|s| question.limit.cost(s)).collect();
    let least = multipliers.value((&cover, &costs), Need::All, (&flags(&question.inside), &flags(&question.out)))?;
    (least > question.limit.most()).then_some(least)
}

#[cfg(test)]
mod tests {
    use super::super::count::Count;
    use super::*;
    use crate::siting::DistanceRows;

    /// Four places a kilometre apart on a line, candidates on all of them; something stands at 0 (site 4). Ways in km.
    fn line(weights: [u64; 4]) -> Far {
        let mut rows = DistanceRows::new(100);
        for (at, weight) in (0u32..4).zip(weights) {
            let nearer = (0u32..4).map(|site| (site, u64::from(site.abs_diff(at)))).filter(|n| n.1 < at.into());
            rows.add(&nearer.chain([(4, at.into())]).collect::<Vec<_>>(), weight);
        }
        Far { near: rows.freeze(5).unwrap(), added: 4, alone: Vec::new() }
    }

    fn frame(limit: Limit) -> Frame {
        Frame { limit, inside: Vec::new(), out: Vec::new(), share: None, costs: None, count: Count::default() }
    }

    #[test]
    fn the_mean_way_and_the_farthest_place_have_sites_of_their_own() {
        // 1 × 1 + 1 × 2 + 1 × 3 = 6 now; one site at 2 leaves 1 + 0 + 1, at 3: 1 + 1 + 0. Both 2: the best.
        let far = line([1; 4]);
        let mean = choose_far(&far, Objective::SettlementDistance, &frame(Limit::Number(1))).unwrap();
        assert_eq!((mean.in_gap, mean.stage.value, mean.stage.bound), ([6, 6], 4, 4));
        assert_eq!((mean.steps.len(), mean.steps[0].gain), (1, 4));
        // without the site the other one does as well
        assert_eq!(mean.lost, [Some([0, 0])]);
        // by farthest: 3 now, 1 with one at 2 (or 3), 0 with three
        let farthest = choose_far(&far, Objective::Farthest, &frame(Limit::Number(1))).unwrap();
        assert_eq!((farthest.in_gap, farthest.stage.value, farthest.stage.bound), ([3, 3], 2, 2));
        // with 9 people on the second place it goes there: 0 + 1 + 2 of 9 + 2 + 3
        let people = choose_far(&line([1, 9, 1, 1]), Objective::Distance, &frame(Limit::Number(1))).unwrap();
        assert_eq!((people.steps[0].site, people.stage.value, people.stage.bound), (1, 11, 11));
        let points: Vec<_> = people.curve.iter().map(|p| (p.limit, p.value, p.bound)).collect();
        assert_eq!(points, [(1, 11, 11), (2, 13, 13)]);
        assert_eq!(people.ways.rows.iter().map(|r| r.weight).sum::<u64>(), 12);
    }

    #[test]
    fn a_bound_of_the_farthest_is_that_of_its_multipliers() {
        let far = line([1; 4]);
        for number in 1..=3 {
            let f = frame(Limit::Number(number));
            let asking = Asking { near: &far.near, standing: 4, farthest: true, frame: &f };
            let told = asking.ask(number, &[], Effort::default()).unwrap();
            assert_eq!((told.left, told.least), ([1, 1, 0][number as usize - 1], [1, 1, 0][number as usize - 1]));
            let question = Question { limit: asking.limit(number), inside: vec![4], out: Vec::new() };
            // within 0 each of three places needs a site of its own: that proves that one and two leave somebody 1 away
            let proven = most_at(&far.near, (told.least, &told.multipliers), &question);
            assert_eq!(proven, (number < 3).then_some(3), "{number}");
        }
    }

    #[test]
    fn what_is_in_anyhow_comes_first_and_what_is_out_does_not_come() {
        let far = line([1, 9, 1, 1]);
        let (inside, out) = (vec![3], vec![1]);
        let f = Frame { limit: Limit::Number(2), inside, out, share: None, costs: None, count: Count::default() };
        let choice = choose_far(&far, Objective::Distance, &f).unwrap();
        // 14 now; 3 leaves 9 × 1 + 1 (from 3) + 0: 10; then 2 has 9 × 1 + 0 + 0
        assert_eq!(choice.steps.iter().map(|s| (s.site, s.covered)).collect::<Vec<_>>(), [(3, 4), (2, 5)]);
        assert!(choose_far(&far, Objective::Distance, &Frame { limit: Limit::Number(0), ..f }).is_none());
    }
}
