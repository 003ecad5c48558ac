//! From candidates on the road to a choice: rows are made, the question is put, and what was chosen is told by the numbers of candidates.

use super::candidates::CandidateSite;
use super::choose::{Choice, Frame, PlanStage, PlanStep};
use super::choose_far::{FarChoice, choose_far};
use super::choose_within::{WithinChoice, choose_within};
use super::corridors::PlanCorridors;
use super::count::Count;
use super::far::Far;
use super::frame::{does_not_fit, frame, leaves_some};
use super::ground::PlanNet;
use super::rows::{Reached, Ways};
use super::site_plan::{PlanAlternative, PlanGround, PlanRow, SitePlan, chosen, first_asked, tell_alone, weights};
use super::years::numbered;
use crate::error::Result;
use crate::issue::Issues;
use crate::place::SettlementOut;
use crate::siting::{Cover, CoverRows};

/// Rows of some counties, by number, and what they lack.
type RowsOf<'a> = dyn Fn(&[u32]) -> (CoverRows, u64) + 'a;

/// What a choice is made from.
pub(super) struct PlanOf<'a> {
    pub g: &'a PlanGround<'a>,
    pub net: &'a PlanNet,
    pub ways: &'a Ways<'a>,
    pub which: &'a [u32],
    pub open: &'a [(usize, u32)],
    pub county: &'a [u32],
    pub candidates: &'a [CandidateSite],
    pub corridors: Option<&'a PlanCorridors>,
}

impl PlanOf<'_> {
    /// The number of a candidate by its place among those on the road.
    fn number(&self, site: u32) -> u32 {
        self.open[site as usize].0 as u32
    }

    /// What covers most of what is in the gap, or makes up most of what lacks stations within reach.
    pub fn by_cover(&self, issues: &mut Issues) -> Result<SitePlan> {
        let (g, asked) = (self.g, self.g.asked);
        let weights = weights(asked, &g.scene.settlements, g.needs.1);
        let count = Count::of(asked.counting, self.open.len());
        let sites = self.open.len() + count.standing.len();
        let of = self.rows(&count, &weights);
        let (all, lacking) = of(self.which);
        let alone: Vec<&SettlementOut> = self.ways.alone().into_iter().map(|i| &g.scene.settlements[i]).collect();
        tell_alone(&alone, &|name| format!("no candidate is within reach of \"{name}\""), issues);
        let (added, unreached) = (all.added, all.unreached.1);
        let all = all.freeze(sites);
        let first: Vec<(u32, Cover)> = first_asked(g, self.which)?.into_iter().map(|c| (c, of(&[c]).0.freeze(sites))).collect();
        let frame = Frame { count: count.clone(), ..frame(asked, self.open, self.candidates, self.corridors)? };
        let (choice, mut years, all) = chosen(asked, all, &first, &frame).ok_or_else(|| does_not_fit(asked))?;
        numbered(&mut years, asked, unreached, &|s| self.number(s));
        let Choice { mut stages, mut steps, curve, money, limit, least_sites, lost, alternatives } = choice;
        let of_stage = |(k, stage): (usize, &PlanStage)| self.proofs(k as u32 + 1, first.get(k).map_or(&all, |f| &f.1), stage);
        let rows = stages.iter().enumerate().flat_map(of_stage).collect();
        stages.iter_mut().for_each(|s| s.multipliers.clear());
        let lost = steps.iter().map(|s| lost.iter().find(|l| l.site == s.site).map(|l| [l.least, l.most])).collect();
        let other = |a: crate::siting::Alternative| PlanAlternative {
            candidates: a.sites.iter().map(|s| self.number(*s)).collect(),
            value: a.value,
            others: a.others,
        };
        let alternatives = alternatives.into_iter().map(other).collect();
        let thin = self.thin(&count, &of, &steps);
        steps.iter_mut().for_each(|s| s.site = self.number(s.site));
        let total = count.gains.total(&all);
        let plan = SitePlan {
            reduction: [added, all.rows() as u64, self.open.len() as u64],
            in_gap: [years.last().map_or(lacking / count.scale, |y| y.in_gap), count.whole(&all, total)],
            limit,
            rows,
            stages,
            steps,
            lost,
            alternatives,
            curve,
            money,
            least_sites,
            years,
            thin,
            ..SitePlan::default()
        };
        Ok(plan)
    }

    /// What most can be assigned to of what is in the gap, each site within its capacity.
    pub fn by_capacity(&self, issues: &mut Issues) -> Result<SitePlan> {
        let (g, asked) = (self.g, self.g.asked);
        let weights = weights(asked, &g.scene.settlements, g.needs.1);
        let count = Count::default();
        let (rows, lacking) = self.rows(&count, &weights)(self.which);
        let alone: Vec<&SettlementOut> = self.ways.alone().into_iter().map(|i| &g.scene.settlements[i]).collect();
        tell_alone(&alone, &|name| format!("no candidate is within reach of \"{name}\""), issues);
        let (added, cover) = (rows.added, rows.freeze(self.open.len()));
        let capacity: Vec<u64> = self.open.iter().map(|(i, _)| self.candidates[*i].capacity_wh.unwrap_or_default()).collect();
        let frame = frame(asked, self.open, self.candidates, self.corridors)?;
        let choice = choose_within(&cover, &capacity, &frame).ok_or_else(|| does_not_fit(asked))?;
        let WithinChoice { mut stage, mut steps, curve, served, reachable } = choice;
        let rows = self.proofs(1, &cover, &stage);
        stage.multipliers.clear();
        steps.iter_mut().for_each(|s| s.site = self.number(s.site));
        Ok(SitePlan {
            reduction: [added, cover.rows() as u64, self.open.len() as u64],
            in_gap: [lacking, reachable],
            limit: frame.limit.most(),
            lost: vec![None; steps.len()],
            stages: vec![stage],
            served_wh: served,
            rows,
            steps,
            curve,
            ..SitePlan::default()
        })
    }

    /// Rows of a question, with their multipliers.
    fn proofs(&self, question: u32, cover: &Cover, stage: &PlanStage) -> Vec<PlanRow> {
        let row = |(i, multiplier): (usize, &u64)| {
            let own = cover.of_row(i).iter().filter_map(|s| Some(self.open.get(*s as usize)?.0 as u32));
            PlanRow {
                question,
                candidates: own.collect(),
                standing: cover.of_row(i).iter().filter(|s| **s as usize >= self.open.len()).count() as u32,
                weight: cover.weights()[i],
                multiplier: *multiplier,
            }
        };
        stage.multipliers.iter().enumerate().map(row).collect()
    }

    /// By county, what lacks stations within reach without the plan and with it.
    fn thin(&self, count: &Count, of: &RowsOf<'_>, steps: &[PlanStep]) -> Vec<(u32, [u64; 2])> {
        if count.standing.is_empty() {
            return Vec::new();
        }
        let chosen: Vec<u32> = steps.iter().map(|s| s.site).collect();
        let one = |c: &u32| {
            let (rows, lacking) = of(&[*c]);
            let cover = rows.freeze(self.open.len() + count.standing.len());
            let made = count.made(&cover, &chosen) - count.made(&cover, &[]);
            (*c, [lacking, lacking - made].map(|n| n / count.scale))
        };
        self.which.iter().map(one).collect()
    }

    /// Rows of counties by number, and what they lack in gains.
    fn rows<'b>(&'b self, count: &'b Count, weights: &'b [u64]) -> Box<RowsOf<'b>> {
        let (objective, limit) = (self.g.asked.objective, self.g.scene.criteria.serving.all[self.g.asked.criterion]);
        if !self.g.asked.counting.is_thin() {
            return Box::new(move |these| {
                let rows = self.ways.rows(objective, (&|c| these.contains(&c), self.county), weights);
                let lacking = rows.weight() + rows.unreached.1;
                (rows, lacking)
            });
        }
        let counts = |c: u32| self.which.binary_search(&c).is_ok();
        let asked = (self.g.asked.service, limit);
        let ways = Ways::new(self.net, self.open, asked, self.county, (&counts, Reached::All));
        Box::new(move |these| ways.counted(objective, (&|c| these.contains(&c), self.county), weights, count))
    }

    /// What makes ways to the nearest station least.
    pub fn by_way(&self, issues: &mut Issues) -> Result<SitePlan> {
        let (g, asked) = (self.g, self.g.asked);
        let weights = weights(asked, &g.scene.settlements, g.needs.1);
        let counts = |i: usize| self.which.binary_search(&self.county[i]).is_ok();
        let far = Far::new(self.net, self.open, asked.service, (&counts, &weights))?;
        let alone: Vec<&SettlementOut> = far.alone.iter().map(|i| &g.scene.settlements[*i]).collect();
        tell_alone(&alone, &|name| format!("no way leads from \"{name}\" to a station or a candidate"), issues);
        let frame = frame(asked, self.open, self.candidates, self.corridors)?;
        let taken = frame.limit.taken(frame.inside.iter().copied());
        let choice = choose_far(&far, asked.objective, &frame);
        let FarChoice { stage, mut steps, curve, lost, mut ways, in_gap } =
            choice.ok_or_else(|| match taken > frame.limit.most() {
                true => does_not_fit(asked),
                false => leaves_some(asked),
            })?;
        ways.rows.iter_mut().flat_map(|r| &mut r.near).for_each(|n| n.0 = self.number(n.0));
        ways.settlements_alone = far.alone.iter().map(|i| *i as u32).collect();
        steps.iter_mut().for_each(|s| s.site = self.number(s.site));
        let reduction = [far.added, far.near.rows() as u64, self.open.len() as u64];
        let (limit, stages, ways) = (frame.limit.most(), vec![stage], Some(ways));
        Ok(SitePlan { reduction, in_gap, limit, stages, steps, lost, curve, ways, ..SitePlan::default() })
    }
}
