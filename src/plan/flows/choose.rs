//! Which candidates are built where vehicles are to get where they go. What is told as covered is what gets there that does not past what stands.

use super::super::by_worth::{self, trimmed};
use super::super::choose::{CurvePoint, Frame, PlanStage, PlanStep, curve_limits};
use super::states::standing;
use crate::siting::{FlowAnswer, FlowCut, FlowEffort, Flows, Limit, Proof, Question, most_flow};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Effort of a point of the curve, and of what is lost without a site.
const CURVE_EFFORT: FlowEffort = FlowEffort { kicks: 5, parts: 100 };

/// A question of flows: sites are open candidates, and behind them what stands.
pub(super) struct FlowQuestion<'a> {
    pub flows: &'a Flows,
    /// How many candidates there are.
    pub own: u32,
    pub frame: &'a Frame,
}

/// What was chosen.
pub(super) struct FlowChoice {
    pub stage: PlanStage,
    pub steps: Vec<PlanStep>,
    pub curve: Vec<CurvePoint>,
    pub lost: Vec<Option<[u64; 2]>>,
    /// What does not get there, and what of it would with all candidates.
    pub in_gap: [u64; 2],
    pub cuts: Vec<FlowCut>,
}

impl FlowQuestion<'_> {
    fn standing(&self) -> Vec<u32> {
        standing(self.flows, self.own)
    }

    /// What gets there past what stands and some candidates.
    fn served(&self, candidates: &[u32]) -> u64 {
        self.flows.served(&[candidates, &self.standing()].concat())
    }

    fn ask(&self, most: u64, out: &[u32], effort: FlowEffort) -> Option<FlowAnswer> {
        let own = (0..self.own as usize).map(|s| self.frame.limit.cost(s));
        let limit = Limit::Budget(most, own.chain(self.standing().iter().map(|_| 0)).collect());
        let inside = [&self.frame.inside[..], &self.standing()].concat();
        let mut answer = most_flow(self.flows, &Question { limit, inside, out: [&self.frame.out[..], out].concat() }, effort)?;
        answer.sites.retain(|s| *s < self.own);
        Some(answer)
    }

    /// Chooses within the limit. None where what is in anyhow does not fit.
    pub fn choose(&self) -> Option<FlowChoice> {
        let mut answer = self.ask(self.frame.limit.most(), &[], FlowEffort::default())?;
        answer.sites = trimmed(answer.sites, &self.frame.inside, |sites| self.served(sites));
        let before = self.served(&[]);
        let all: Vec<u32> = (0..self.own).collect();
        let in_gap = [self.flows.total - before, self.served(&all) - before];
        let steps = self.in_order(&answer.sites, before);
        let stage = PlanStage {
            county: None,
            reachable: in_gap[1],
            parts: None,
            value: answer.value - before,
            bound: answer.bound.saturating_sub(before).min(in_gap[1]),
            searched: match answer.proof {
                Proof::Multipliers => None,
                Proof::Search(parts) => Some(parts),
            },
            taken: self.frame.limit.taken(answer.sites.iter().copied()),
            multipliers: Vec::new(),
        };
        let curve = self.curve((before, in_gap[1]), &steps);
        let lost = steps.par_iter().map(|s| self.lost(&answer, s.site)).collect();
        Some(FlowChoice { stage, curve, lost, steps, in_gap, cuts: answer.cuts.cuts })
    }

    /// By what each adds; where no site alone adds anything, by what the plan would miss most without it.
    fn in_order(&self, sites: &[u32], before: u64) -> Vec<PlanStep> {
        let all = self.served(sites);
        let without = |site: &u32| self.served(&sites.iter().copied().filter(|s| s != site).collect::<Vec<_>>());
        let missed: BTreeMap<u32, u64> = sites.iter().map(|s| (*s, all - without(s))).collect();
        by_worth::in_order(sites, self.frame, &|sites: &[u32]| self.served(sites) - before, |s| missed[&s])
    }

    fn curve(&self, (before, reachable): (u64, u64), steps: &[PlanStep]) -> Vec<CurvePoint> {
        let least = self.frame.limit.taken(self.frame.inside.iter().copied());
        let point = |limit: &u64| {
            let plan = steps.iter().take_while(|s| s.taken <= *limit).last().map_or(0, |s| s.covered);
            let told = self.ask(*limit, &[], CURVE_EFFORT);
            let (value, bound) = told.map_or((plan, reachable), |a| (a.value - before, a.bound.saturating_sub(before)));
            CurvePoint { limit: *limit, value: value.max(plan), bound: bound.min(reachable).max(plan), plan }
        };
        curve_limits(self.frame.limit.most(), least).par_iter().map(point).collect()
    }

    /// What is lost without a site, at least and at most; nothing of those that are in anyhow.
    fn lost(&self, answer: &FlowAnswer, site: u32) -> Option<[u64; 2]> {
        let asked = !self.frame.inside.contains(&site);
        let without = asked.then(|| self.ask(self.frame.limit.most(), &[site], CURVE_EFFORT)).flatten()?;
        Some([answer.value.saturating_sub(without.bound), answer.bound.saturating_sub(without.value)])
    }
}
