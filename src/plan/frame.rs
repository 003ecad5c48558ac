//! How much may be built of a plan, what is in it anyhow, and what is said where that does not fit.

use super::candidates::CandidateSite;
use super::choose::{Frame, same_cost};
use super::corridors::PlanCorridors;
use super::count::Count;
use crate::config::plan::{Extent, PlanAsked};
use crate::error::{Error, Location, Result};
use crate::siting::Limit;

/// The fewest sites that could close the roads, with those that are in anyhow, where nothing else is planned.
pub(super) fn least_along(asked: &PlanAsked, corridors: &PlanCorridors, candidates: &[CandidateSite]) -> Option<u64> {
    let inside = candidates.iter().filter(|c| c.locked == Some(true)).count() as u64;
    let least = || corridors.groups.iter().map(|g| g.bound).sum::<u64>() + inside;
    (asked.extent == Extent::Corridors).then(least)
}

/// The limit, and what is in anyhow.
pub(super) fn frame(
    asked: &PlanAsked,
    open: &[(usize, u32)],
    candidates: &[CandidateSite],
    corridors: Option<&PlanCorridors>,
) -> Result<Frame> {
    let of = |i: u32| &candidates[open[i as usize].0];
    let numbers = || 0..open.len() as u32;
    let roads = corridors.map(PlanCorridors::sites).unwrap_or_default();
    let there = |i: u32| of(i).locked == Some(true) || roads.binary_search(&(open[i as usize].0 as u32)).is_ok();
    let inside: Vec<u32> = numbers().filter(|i| there(*i)).collect();
    let there = inside.len() as u64;
    let one_sum = matches!(asked.extent, Extent::Budget(_)) || !asked.years.is_empty();
    let costs = if one_sum { None } else { all_costs(open, candidates) };
    let mut frame = Frame { limit: Limit::Number(0), inside, out: Vec::new(), share: None, costs, count: Count::default() };
    match asked.extent {
        Extent::Sites(n) => frame.limit = Limit::Number(n.into()),
        Extent::Corridors => frame.limit = Limit::Number(there),
        Extent::Budget(budget) => {
            let costs: Vec<u64> = numbers().map(|i| of(i).cost.unwrap_or(0)).collect();
            let least = costs.iter().min().copied();
            if least.is_none_or(|least| least > budget) {
                return Err(too_little(budget, least));
            }
            frame.limit = Limit::Budget(budget, costs);
        }
        Extent::Cover(thousandths) => (frame.limit, frame.share) = (Limit::Number(open.len() as u64), Some(thousandths)),
    }
    Ok(frame)
}

/// What each open candidate costs, where that is known of all that are not shut out, and what every one of these does where they cost the same.
fn all_costs(open: &[(usize, u32)], candidates: &[CandidateSite]) -> Option<(Vec<u64>, Option<u64>)> {
    let all: Vec<u64> = candidates.iter().filter(|c| c.locked != Some(false)).map(|c| c.cost).collect::<Option<_>>()?;
    Some((open.iter().filter_map(|(i, _)| candidates[*i].cost).collect(), same_cost(all.into_iter())))
}

fn too_little(budget: u64, least: Option<u64>) -> Error {
    let at = Location::default().field("plan.budget");
    match least {
        None => Error::usage("no candidate has a cost", "give [plan] site_cost, or a cost column in [candidates]").at(at),
        Some(least) => {
            let what = format!("the budget of {budget} is below the cheapest site, {least}");
            Error::usage(what, "give more, or cheaper candidates").at(at)
        }
    }
}

/// What is in anyhow does not fit into the limit.
pub(super) fn does_not_fit(asked: &PlanAsked) -> Error {
    let by_year = !asked.years.is_empty();
    if asked.corridors.is_some() {
        let what = "the sites along roads, with those that are in the plan anyhow, are more than the limit";
        let at = Location::default().field("plan.corridors");
        return Error::usage(what, "raise the limit, leave it out to plan along roads alone, or allow longer ways").at(at);
    }
    let (key, what) = match asked.extent {
        _ if by_year => ("plan.years", "the candidates that are in the plan anyhow are more than the first year has".to_owned()),
        Extent::Sites(n) => ("plan.sites", format!("more than {n} candidates are in the plan anyhow")),
        Extent::Budget(b) => ("plan.budget", format!("the candidates that are in the plan anyhow cost more than {b}")),
        Extent::Cover(_) | Extent::Corridors => ("plan.cover_percent", "the candidates that are in anyhow do not fit".to_owned()),
    };
    Error::usage(what, "raise the limit, or lock fewer in").at(Location::default().field(key))
}

/// The limit leaves a settlement without a way.
pub(super) fn leaves_some(asked: &PlanAsked) -> Error {
    let key = if matches!(asked.extent, Extent::Budget(_)) { "plan.budget" } else { "plan.sites" };
    let what = "no choice within the limit was found that leads a way to a station from every settlement";
    Error::usage(what, "raise the limit, name counties, or plan for distance").at(Location::default().field(key))
}
