//! Counties that a plan sinks below the reward that they expect without it, as new stations share the load of those that are paid for, and which
//! single sites do: what is expected is computed again without each. Nothing is chosen by it, and it has no bound.

use super::ledger::{PlanCounty, State};
use super::promise::{PromiseGround, promise};
use super::site_plan::{PlanGround, SitePlan};
use crate::balance::StationDay;
use crate::error::Result;

/// Sites that are left out one by one in a county that is sunk, the least used first.
const TRIED: usize = 8;
/// Counties for which that is done.
const COUNTIES: usize = 4;

/// Fills in what is expected if all sites were in operation in the whole period of the programmes, where the plan has no years and their days are
/// not known; and, of counties that expect less with the plan, the sites without one of which they would not.
pub(super) fn find(g: &PlanGround<'_>, plan: &mut SitePlan, before: &State<'_>) -> Result<()> {
    let paying = g.needs.0.profiles.iter().filter_map(|p| p.reward.as_ref());
    let Some(first) = paying.flat_map(|r| &r.years).min().map(|y| u32::from(*y)).filter(|_| !plan.steps.is_empty()) else {
        return Ok(());
    };
    let year = plan.years.is_empty().then_some(first);
    let mut counties = std::mem::take(&mut plan.counties);
    if let Some(year) = year {
        plan.reward_year = Some(year);
        let numbers: Vec<u32> = counties.iter().map(|c| c.county).collect();
        let with = expected(g, plan, (year, None), &numbers)?;
        counties.iter_mut().zip(with).for_each(|(c, yuan)| c.reward_if_yuan = yuan);
    }
    for county in counties.iter_mut().filter(|c| c.is_sunk()).take(COUNTIES) {
        let Some(unsunk) = before.reward_yuan(county.county) else { continue };
        for (site, _) in least_used(plan, county).into_iter().take(TRIED) {
            let without = expected(g, plan, (year.unwrap_or(first), Some(site)), &[county.county])?;
            if without[0].is_some_and(|yuan| yuan >= unsunk) {
                county.sunk_by.push(site as u32);
            }
        }
    }
    plan.counties = counties;
    Ok(())
}

/// Sites of a county by their place in the order, each with how much of its power is used on its busiest day; the least used first.
pub fn least_used(plan: &SitePlan, county: &PlanCounty) -> Vec<(usize, f64)> {
    let used = |k: usize| plan.loads[k].iter().map(|l: &StationDay| l.power_utilisation).fold(0.0, f64::max);
    let own = |k: &usize| plan.candidates[plan.steps[*k].site as usize].county == Some(county.county);
    let mut sites: Vec<(usize, f64)> = (0..plan.steps.len()).filter(own).map(|k| (k, used(k))).collect();
    sites.sort_by(|a, b| a.1.total_cmp(&b.1));
    sites
}

/// What some counties expect with the plan, but for one site of it; sites without a year are there from the first day of the given one.
fn expected(g: &PlanGround<'_>, plan: &SitePlan, (year, left_out): (u32, Option<usize>), of: &[u32]) -> Result<Vec<Option<u64>>> {
    let opened = |k: usize| plan.year_of(plan.steps[k].site).unwrap_or(year);
    let new = (0..plan.steps.len()).filter(|k| Some(*k) != left_out).map(|k| plan.built(k, g.asked.service, Some(opened(k))));
    let ground = PromiseGround { scene: g.scene, names: g.names, asked: Some(g.needs.0), vehicles: 1.0 };
    let with = promise(&ground, g.draft.clone(), new.collect())?;
    let state = State { ledger: &with.ledger, settlements: &with.settlements, needs: &with.needs };
    Ok(of.iter().map(|county| state.reward_yuan(*county)).collect())
}
