//! Which counties to fund, each with its own plan, within one budget or several. A county's plan is made by itself, of candidates on its own
//! ground, and counts what it covers of its own gap: so plans of counties add up. Sites near a border cover more than is counted here.

use super::candidates::{CandidateSite, Making, make, roads_at};
use super::choose::{Frame, ordered};
use super::count::Count;
use super::funding_units::{FundingPrices, FundingRules, SitesOf, UnitOffers};
use super::ground::{PlanNet, most};
use super::locked::{refuse_off_road, refuse_too_small, refuse_without_cost};
use super::rows::{Reached, Ways};
use super::site_plan::{cost, own_ids, weights};
use crate::config::Services;
use crate::config::plan::{Extent, PlanAsked};
use crate::county::{Needs, Standing, edges_by_county};
use crate::coverage::Coverage;
use crate::error::{Error, Location, Result};
use crate::network::Draft;
use crate::siting::{Keep, LadderEffort, Limit, Picked, ladder, without_each_county};
use crate::space::LonLat;
use serde::{Deserialize, Serialize};

/// Choices that are kept at a time where a county is left out.
const LOST_STATES: usize = 200;
/// Sites of a county where no number is given.
const SITES: u32 = 10;

/// What plans of counties are made from. Counties go by their number.
pub struct OfferGround<'a> {
    /// What is asked for.
    pub asked: &'a PlanAsked,
    /// The network with what stands on it.
    pub standing: Standing<'a>,
    /// The bare network.
    pub draft: &'a Draft,
    /// Candidates that were given.
    pub given: &'a [CandidateSite],
    /// The counties that may be funded, rising.
    pub members: &'a [u32],
    /// County at a position, or [`crate::network::NO_COUNTY`].
    pub locate: &'a (dyn Fn(LonLat) -> u32 + Sync),
    /// What was found beside coverage.
    pub needs: &'a Needs,
}

/// A site of a county's plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferSite {
    /// The candidate.
    pub site: CandidateSite,
    /// What it covers of the county's gap beyond those before it, in whole units of the objective.
    pub gain: u64,
    /// What all up to it cover of it.
    pub covered: u64,
    /// What all up to it cost.
    pub cost_up_to: u64,
}

/// A county with its plan: what the first, the first two, … sites of it cover and cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountyOffer {
    /// Number of the county.
    pub county: u32,
    /// What is in its gap, and of it what its candidates can cover, in whole units.
    pub in_gap: [u64; 2],
    /// No choice of so many sites covers more of it.
    pub bound: u64,
    /// Its sites, in order.
    pub sites: Vec<OfferSite>,
    /// Candidates on its ground that have no cost, and are left out.
    pub without_cost: u64,
}

/// The plans of counties, in their order.
///
/// # Errors
/// Input, for a candidate that is in anyhow and that no road is near, that holds no gun or has no cost.
pub fn county_offers(g: &OfferGround<'_>) -> Result<Vec<CountyOffer>> {
    let Standing { criteria, codes, network, names, sites, stations, settlements, .. } = g.standing;
    let limit = criteria.serving.all[g.asked.criterion];
    let coverage = Coverage::compute_within(network, sites, Services::of(&[g.asked.service]), most(limit));
    let (roads_at, by_county) = (roads_at(network), edges_by_county(network, codes.len()));
    let mut candidates: Vec<CandidateSite> = Vec::new();
    let mut first = Vec::with_capacity(g.members.len() + 1); // where those of each county begin
    for county in g.members {
        first.push(candidates.len());
        let own = |c: &&CandidateSite| c.county == Some(*county);
        let given: Vec<CandidateSite> = g.given.iter().filter(own).cloned().collect();
        let edges = [(*county, by_county[*county as usize].as_slice())];
        let making = Making {
            roads_at: &roads_at,
            network,
            names,
            coverage: &coverage,
            edges: &edges,
            settlements,
            service: g.asked.service,
            criterion: (g.asked.criterion, limit),
            spacing_mm: g.asked.spacing_mm,
            most: g.asked.most_candidates,
            locate: g.locate,
        };
        let made = if g.asked.generate == Default::default() { Vec::new() } else { make(&making, g.asked.generate, &given).0 };
        refuse_too_small(&given, g.asked)?;
        let all = given.into_iter().chain(made.into_iter().filter(|c| own(&c)));
        // nothing is built where not one gun fits, nor where it is shut out
        let open = all.filter(|c| c.locked != Some(false) && c.fitting(g.asked.station).is_some());
        candidates.extend(open.map(|c| CandidateSite { cost: cost(g.asked, &c), ..c }));
    }
    first.push(candidates.len());
    own_ids(&mut candidates);
    let net =
        PlanNet::new(g.draft.clone(), (stations, settlements), &candidates, (&criteria.serving, g.asked.service, limit), &[]);
    refuse_off_road(&candidates, &net)?;
    refuse_without_cost(&candidates, "funding")?;
    let weights = weights(g.asked, settlements, g.needs);
    let of_settlement: Vec<u32> = settlements.iter().map(|s| s.county).collect();
    let one = |(county, range): (&u32, &[usize])| {
        let here: Vec<(usize, u32)> = net.candidates.iter().filter(|c| (range[0]..range[1]).contains(&c.0)).copied().collect();
        offer(g, (&net, &here), &candidates, *county, (&of_settlement, &weights))
    };
    Ok(g.members.iter().zip(first.windows(2)).map(one).collect())
}

fn offer(
    g: &OfferGround<'_>,
    (net, here): (&PlanNet, &[(usize, u32)]),
    candidates: &[CandidateSite],
    county: u32,
    (of_settlement, weights): (&[u32], &[u64]),
) -> CountyOffer {
    let limit = g.standing.criteria.serving.all[g.asked.criterion];
    let own = |c: u32| c == county;
    let ways = Ways::new(net, here, (g.asked.service, limit), of_settlement, (&own, Reached::InGap));
    let rows = ways.rows(g.asked.objective, (&own, of_settlement), weights);
    let unreached = rows.unreached.1;
    let cover = rows.freeze(here.len());
    let unknown: Vec<u32> = (0u32..).zip(here).filter(|(_, c)| candidates[c.0].cost.is_none()).map(|(i, _)| i).collect();
    let sites = match g.asked.extent {
        Extent::Sites(n) => n,
        _ => SITES,
    };
    let mut offer = CountyOffer {
        county,
        in_gap: [cover.total() + unreached, cover.total()],
        without_cost: unknown.len() as u64,
        ..CountyOffer::default()
    };
    let locked = |i: &u32| candidates[here[*i as usize].0].locked == Some(true) && !unknown.contains(i);
    let inside: Vec<u32> = (0..here.len() as u32).filter(locked).collect();
    let most = u64::from(sites).max(inside.len() as u64);
    let count = Count::default();
    let frame = Frame { limit: Limit::Number(most), inside, out: unknown, share: None, costs: None, count };
    let Some((steps, bound)) = ordered(&cover, &frame) else { return offer };
    offer.bound = bound;
    let mut sum = 0;
    let is_in = |site: u32| frame.inside.contains(&site);
    for step in steps.iter().filter(|s| s.gain > 0 || is_in(s.site)) {
        let site = &candidates[here[step.site as usize].0];
        sum += site.cost.unwrap_or(0);
        offer.sites.push(OfferSite { site: site.clone(), gain: step.gain, covered: step.covered, cost_up_to: sum });
    }
    offer
}

/// What is funded at a budget.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FundingRung {
    /// The budget.
    pub budget: u64,
    /// What the ladder funds: county, by its place among the offers, and how many of its sites.
    pub ladder: Vec<(u32, u32)>,
    /// What it costs and covers.
    pub ladder_of: [u64; 2],
    /// What is best at this budget by itself, what it costs and covers, and the bound.
    pub best: Vec<(u32, u32)>,
    /// Cost and what is covered.
    pub best_of: [u64; 2],
    /// Nothing within the budget covers more.
    pub bound: u64,
    /// Prices from which the bound is computed again.
    pub prices: FundingPrices,
    /// Whether the bound is below what the prices give, and was proven by search.
    pub searched: bool,
    /// By county of the best: at least and at most so much less is covered without it, or without the joint application that it is in.
    pub lost: Vec<(u32, [Option<u64>; 2])>,
}

impl FundingRung {
    /// What being nested costs at this budget: 1 − ladder ÷ best, or its bound.
    pub fn price(&self) -> f64 {
        if self.bound == 0 { 0.0 } else { 1.0 - self.ladder_of[1] as f64 / self.bound as f64 }
    }
}

/// Plans of counties and what is funded of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Funding {
    /// Plans of counties.
    pub offers: Vec<CountyOffer>,
    /// What is funded at once, and how many of them.
    pub rules: FundingRules,
    /// By budget, rising.
    pub rungs: Vec<FundingRung>,
    /// Whether no nested sequence has a better worst ratio.
    pub proven: bool,
}

/// What cannot be funded at all is refused: no county has a site with a cost, or a budget buys none.
///
/// # Errors
/// Usage, by key.
fn refuse_unfunded(offers: &[CountyOffer], (rules, units): (&FundingRules, &UnitOffers), budgets: &[u64]) -> Result<()> {
    let bad = |what: String, next: &str| Err(Error::usage(what, next).at(Location::default().field("plan.funding")));
    let least = units.plans.iter().flatten().map(|p| p.cost).min();
    let without: u64 = offers.iter().map(|o| o.without_cost).sum();
    match (least, budgets.first()) {
        (None, _) if without > 0 => {
            bad("no candidate has a cost".to_owned(), "give [plan] site_cost, or a cost column in [candidates]")
        }
        (Some(least), Some(budget)) if *budget < least && rules.any_joint() => {
            bad(format!("the budget of {budget} is below the cheapest application, {least}"), "give more, or cheaper candidates")
        }
        (Some(least), Some(budget)) if *budget < least => {
            bad(format!("the budget of {budget} is below the cheapest site, {least}"), "give more, or cheaper candidates")
        }
        _ => Ok(()),
    }
}

impl CountyOffer {
    /// What its first, its first two, … sites cost and cover.
    fn sites_of(&self) -> SitesOf {
        self.sites.iter().map(|s| (s.cost_up_to, s.covered)).collect()
    }
}

/// What is funded of some plans at some budgets, rising, by the rules.
///
/// # Errors
/// Usage, where nothing can be funded or amounts are too large.
pub fn fund(offers: Vec<CountyOffer>, budgets: &[u64], rules: FundingRules) -> Result<Funding> {
    let units = rules.offers(&offers.iter().map(CountyOffer::sites_of).collect::<Vec<_>>());
    refuse_unfunded(&offers, (&rules, &units), budgets)?;
    let all = &units.offers;
    let found = ladder(all, budgets, Keep::Counties, LadderEffort::default()).ok_or_else(|| {
        let next = "give costs and budgets in a larger unit, such as 10,000 yuan";
        Error::usage("the costs of the plans are too large to be weighed", next).at(Location::default().field("plan.funding"))
    })?;
    let rung = |r: &crate::siting::Rung| FundingRung {
        budget: r.budget,
        ladder: units.sites(&rules, &r.plans),
        ladder_of: [r.cost, r.value],
        best: units.sites(&rules, &r.best.plans),
        best_of: [r.best.cost, r.best.value],
        bound: r.best.bound,
        searched: r.best.prices.value(all, r.budget).is_none_or(|by_prices| r.best.bound < by_prices),
        prices: units.kept(&r.best.prices),
        lost: lost(&units, &rules, (r.budget, &r.best)),
    };
    let rungs = found.rungs.iter().map(rung).collect();
    Ok(Funding { offers, rules, rungs, proven: found.proven })
}

/// What is lost without each county of the best, by offer.
fn lost(units: &UnitOffers, rules: &FundingRules, (budget, best): (u64, &Picked)) -> Vec<(u32, [Option<u64>; 2])> {
    let all = without_each_county(&units.offers, budget, best, LOST_STATES);
    let of = |l: crate::siting::Lost| rules.units[l.county as usize].offers.iter().map(move |o| (*o, [l.least, l.most]));
    let mut all: Vec<_> = all.into_iter().flat_map(of).collect();
    all.sort_unstable();
    all
}

/// What is lost without each county of what was chosen at a budget, chosen again from what is kept: sites by offer of the best, its bound and its
/// prices. None where that is no choice of these plans.
pub fn lost_without(
    units: &UnitOffers,
    rules: &FundingRules,
    best: &[u32],
    (budget, bound, prices): (u64, u64, &FundingPrices),
) -> Option<Vec<(u32, [Option<u64>; 2])>> {
    let mut picked = Picked { bound, prices: units.as_found(prices), ..Picked::default() };
    for (u, unit) in (0u32..).zip(&rules.units) {
        let sites: Vec<u32> = unit.offers.iter().map(|o| best.get(*o as usize).copied()).collect::<Option<_>>()?;
        if sites.iter().any(|n| *n > 0) {
            let plan = units.plans[u as usize].iter().position(|p| p.sites == sites)?;
            picked.plans.push((u, plan as u32));
            picked.value += units.plans[u as usize][plan].value;
        }
    }
    Some(lost(units, rules, (budget, &picked)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::rank_table::JointTable;

    fn offer(county: u32, sites: &[(u64, u64)]) -> CountyOffer {
        let site = |(cost_up_to, covered): &(u64, u64)| OfferSite {
            site: CandidateSite { county: Some(county), ..CandidateSite::default() },
            gain: 0,
            covered: *covered,
            cost_up_to: *cost_up_to,
        };
        CountyOffer { county, sites: sites.iter().map(site).collect(), ..CountyOffer::default() }
    }

    /// Counties of one province, and places for so many of it.
    fn rules(counties: usize, most: Option<u32>, joint: &[JointTable]) -> FundingRules {
        let codes: Vec<String> = (0..counties).map(|i| i.to_string()).collect();
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        FundingRules { places: most, ..FundingRules::of(&codes, joint, &|_| String::new(), None) }
    }

    #[test]
    fn a_larger_budget_drops_no_county_and_its_price_is_told() {
        // costs 6, 5, 5 and values 7, 5, 5 at 6 and 10: the ladder is {B}, {B, C}; at 6 it is 28.6 % below the best, at 10 it is the best
        let offers = vec![offer(0, &[(6, 7)]), offer(1, &[(5, 5)]), offer(2, &[(5, 5)])];
        let found = fund(offers, &[6, 10], rules(3, None, &[])).unwrap();
        assert_eq!(found.rungs[0].ladder, [(1, 1)]);
        assert_eq!(found.rungs[1].ladder, [(1, 1), (2, 1)]);
        assert_eq!(found.rungs.iter().map(|r| (r.price() * 1000.0).round()).collect::<Vec<_>>(), [286.0, 0.0]);
        assert_eq!((found.rungs[0].best.clone(), found.rungs[0].best_of), (vec![(0, 1)], [6, 7]));
        // without the first county 5 is left of 7
        assert_eq!(found.rungs[0].lost, [(0, [Some(2), Some(2)])]);
        assert!(found.proven);
    }

    #[test]
    fn a_county_is_funded_with_as_many_of_its_sites_as_pay() {
        // 2 sites of county 0 for 20 cover 12; its first for 10 covers 10, and the first of county 1 for 10 covers 5
        let offers = vec![offer(0, &[(10, 10), (20, 12)]), offer(1, &[(10, 5), (20, 9)])];
        let found = fund(offers.clone(), &[20], rules(2, None, &[])).unwrap();
        assert_eq!((found.rungs[0].best.clone(), found.rungs[0].best_of[1]), (vec![(0, 1), (1, 1)], 15));
        // with a place for one county it is the first with both its sites
        let one = fund(offers, &[20], rules(2, Some(1), &[])).unwrap();
        assert_eq!((one.rungs[0].best.clone(), one.rungs[0].best_of[1]), (vec![(0, 2)], 12));
    }
    #[test]
    fn a_joint_application_is_funded_whole_or_not_at_all() {
        // alone 10 buys 10 of county 0, 12 its 10 and the 1 of county 2; 0 and 1 apply jointly, so that 10 buys neither, and 15 both
        let offers = vec![offer(0, &[(10, 10)]), offer(1, &[(5, 1)]), offer(2, &[(2, 1)])];
        let joint = JointTable { name: "j".to_owned(), lead: "1".to_owned(), members: vec!["0".to_owned()] };
        let found = fund(offers.clone(), &[12, 15, 17], rules(3, None, std::slice::from_ref(&joint))).unwrap();
        let best: Vec<_> = found.rungs.iter().map(|r| (r.best.clone(), r.best_of, r.bound)).collect();
        let both = vec![(0, 1), (1, 1)];
        assert_eq!(best[0], (vec![(2, 1)], [2, 1], 1));
        assert_eq!(best[1], (both.clone(), [15, 11], 11));
        assert_eq!(best[2].1, [17, 12]);
        // the ladder keeps county 2, which came in at 12: 15 then buys nothing more
        assert_eq!(found.rungs[1].ladder, [(2, 1)]);
        // without the application 1 is left of 12, whichever of its counties is asked for
        assert_eq!(found.rungs[2].lost, [(0, [Some(11); 2]), (1, [Some(11); 2]), (2, [Some(1); 2])]);
        // one place is one application
        let one = fund(offers, &[17], rules(3, Some(1), &[joint])).unwrap();
        assert_eq!(one.rungs[0].best, both);
    }
}
