//! A plan of sites, from the question to what holds with them.

use super::answers::PlanOf;
use super::candidates::{CandidateSite, Making, make, roads_at};
use super::choose::{Choice, CurvePoint, Frame, PlanStage, PlanStep, choose};
use super::choose_far::PlanWays;
use super::corridors::{PlanCorridors, Resolved, along_roads, close};
use super::flows::{FlowPlaces, PlanFlows};
use super::frame::least_along;
use super::ground::PlanNet;
use super::ledger::{PlanCounty, State, counties, with_ways};
use super::locked::{refuse_off_road, refuse_too_small, refuse_without_cost};
use super::promise::{Promise, PromiseGround, new_station, opened_in, promise};
use super::rows::{Reached, Ways};
use super::sinking;
use super::sizing::sized;
use super::years::{PlanYear, choose as over_years, with_promises};
use crate::balance::StationDay;
use crate::config::criteria::Criterion;
use crate::config::plan::{Extent, NewStation, Objective, PlanAsked};
use crate::config::{Service, Serving};
use crate::county::{Needs, NeedsAsked, Scene};
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::Draft;
use crate::place::onto_road::not_qualifying;
use crate::place::{SettlementOut, offers};
use crate::read::flows::Flow;
use crate::read::road::Names;
use crate::read::station::Station;
use crate::siting::Cover;
use crate::space::LonLat;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Settlements that no candidate reaches are named up to so many.
const NAMED: usize = 20;

/// What a plan is made from. Counties go by their number.
pub struct PlanGround<'a> {
    /// What is asked for.
    pub asked: &'a PlanAsked,
    /// The network with what stands on it.
    pub scene: &'a Scene,
    /// The bare network.
    pub draft: &'a Draft,
    /// Names of its roads.
    pub names: &'a Names,
    /// Candidates that were given.
    pub given: Vec<CandidateSite>,
    /// Vehicles from place to place that were read.
    pub flows: &'a [Flow],
    /// County at a position, or [`crate::network::NO_COUNTY`].
    pub locate: &'a (dyn Fn(LonLat) -> u32 + Sync),
    /// What was asked beside coverage, and what was found.
    pub needs: (&'a NeedsAsked<'a>, &'a Needs),
}

/// Road or settlements that the same candidates cover, merged to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Number of the question that it is of, from 1.
    pub question: u32,
    /// Numbers of the candidates.
    pub candidates: Vec<u32>,
    /// Its weight, in whole units of the objective.
    pub weight: u64,
    /// Its multiplier, in 1,024ths of that unit.
    pub multiplier: u64,
    /// How many stations that stand reach it, where several within reach are asked for.
    #[serde(default)]
    pub standing: u32,
}

/// A plan that covers at most one in a hundred less, with a third of its sites or more elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAlternative {
    /// Numbers of its candidates, sorted.
    pub candidates: Vec<u32>,
    /// What they cover.
    pub value: u64,
    /// How many of them the plan has not.
    pub others: usize,
}

/// A plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SitePlan {
    /// All candidates, by number.
    pub candidates: Vec<CandidateSite>,
    /// Candidates that no road is near, by number.
    pub off_road: Vec<u32>,
    /// How far apart candidates that were made were kept, metres; none where none were made.
    pub apart_m: Option<f64>,
    /// Rows before merging, rows after, and sites: the lossless reduction.
    pub reduction: [u64; 3],
    /// What is in the gap of the counties that count, and of it what all candidates together can cover, in whole units of the objective.
    pub in_gap: [u64; 2],
    /// How much could be built: sites, or money.
    pub limit: u64,
    /// Rows of what the questions were about, one question after the other, from which their bounds are computed again.
    pub rows: Vec<PlanRow>,
    /// Questions that were answered, the last for all counties.
    pub stages: Vec<PlanStage>,
    /// The sites in the order of building: `site` is the candidate's number.
    pub steps: Vec<PlanStep>,
    /// What each site is, in the same order.
    pub stations: Vec<NewStation>,
    /// What each costs as it is; none where that is not known.
    pub costs: Vec<Option<u64>>,
    /// What each is asked for, by day, in the same order; nothing without `[demand]`.
    pub loads: Vec<Vec<StationDay>>,
    /// By site, in the order of building: energy of a day that it serves in one assignment that reaches what the plan covers, Wh; nothing where
    /// capacities are not asked.
    #[serde(default)]
    pub served_wh: Vec<u64>,
    /// By site, in the order of building: without it the best possible covers less than the plan by so much at least, and less than its bound
    /// by so much at most; nothing of sites that are in anyhow or were chosen for a county that comes first.
    pub lost: Vec<Option<[u64; 2]>>,
    /// Plans that cover nearly as much with other sites.
    pub alternatives: Vec<PlanAlternative>,
    /// What less and more would cover.
    pub curve: Vec<CurvePoint>,
    /// What less and more money would cover, where money is no limit and all costs are known.
    pub money: Vec<CurvePoint>,
    /// The fewest sites that could cover the share, or close the roads, that was asked for.
    pub least_sites: Option<u64>,
    /// Counties without and with it.
    pub counties: Vec<PlanCounty>,
    /// The first year for which a programme pays, from which on rewards are told that hang on when sites open; none where the plan has years.
    pub reward_year: Option<u32>,
    /// Its years, where it has several.
    pub years: Vec<PlanYear>,
    /// Roads that no long way without a station is to be left on; none where none were asked for.
    pub corridors: Option<PlanCorridors>,
    /// Ways of settlements, where they are what is planned for.
    pub ways: Option<PlanWays>,
    /// Vehicles from place to place, where they are what is planned for.
    #[serde(default)]
    pub flows: Option<PlanFlows>,
    /// By county, where several stations within reach are asked for: what lacks them without the plan and with it, in whole units.
    pub thin: Vec<(u32, [u64; 2])>,
}

impl SitePlan {
    /// What the plan covers in all, the bound on it, and how far from the best possible it is at most: see [`SitePlan::short_of_best`].
    pub fn quality(&self) -> (u64, u64, f64) {
        let (value, bound) = self.stages.last().map_or((0, 0), |last| (last.value, last.bound));
        let [short, of] = self.short_of_best();
        (value, bound, if of == 0 { 0.0 } else { short as f64 / of as f64 })
    }

    /// How far from the best possible the plan is at most, and what of: (bound − value) of the bound; of ways, what is left of them less the
    /// least that can be, of what is left.
    pub fn short_of_best(&self) -> [u64; 2] {
        let (value, bound) = self.stages.last().map_or((0, 0), |last| (last.value, last.bound));
        let of = if self.ways.is_some() { self.in_gap[0] - value } else { bound };
        [bound.saturating_sub(value), of]
    }

    /// The year in which the site of a candidate is built, where the plan has years.
    pub fn year_of(&self, candidate: u32) -> Option<u32> {
        self.years.iter().find(|y| y.built.contains(&candidate)).map(|y| y.year)
    }

    /// What stands at the site with this place in the order, opened on the first day of a year where one is given, and its county.
    pub(super) fn built(&self, k: usize, service: Service, year: Option<u32>) -> (Station, Option<u32>) {
        let site = &self.candidates[self.steps[k].site as usize];
        let station = new_station(site, service, self.stations[k]);
        let station = match year {
            Some(year) => opened_in(station, year),
            None => station,
        };
        (station, site.county)
    }

    /// What all sites cost; none where the cost of one is not known.
    pub fn cost(&self) -> Option<u64> {
        self.costs.iter().copied().sum()
    }
}

/// Makes a plan. What is odd about it goes to `issues`.
///
/// # Errors
/// Usage, where the question has no answer: no candidates, a budget below the cheapest site or below what is in anyhow, counties that are not
/// there; internal, where demand and ways do not fit together.
pub fn plan(g: &PlanGround<'_>, issues: &mut Issues) -> Result<SitePlan> {
    let (asked, criteria) = (g.asked, &g.scene.criteria.serving);
    refuse_not_counting(asked, criteria)?;
    let limit = criteria.all[asked.criterion];
    let which = counties_of(asked, &g.scene.codes)?;
    let roads = Resolved::of(g)?;
    let (candidates, apart_m) = candidates(g, &which, roads.as_ref(), issues)?;
    // ways are looked for as far as they go
    let far = if asked.objective.is_way() { Criterion::Distance(u32::MAX) } else { limit };
    let standing = (&g.scene.stations[..], &g.scene.settlements[..]);
    let places = asked.flows.map_or_else(|| Ok(FlowPlaces::default()), |_| FlowPlaces::of(g.flows, standing.1, issues))?;
    let net = PlanNet::new(g.draft.clone(), standing, &candidates, (criteria, asked.service, far), &places.settlements);
    refuse_off_road(&candidates, &net)?;
    let off_road = off_road(&net, &candidates, issues);
    let open = open_to_plan(asked, &net, &candidates, issues)?;
    let county: Vec<u32> = g.scene.settlements.iter().map(|s| s.county).collect();
    let ways = Ways::new(&net, &open, (asked.service, limit), &county, (&|c| which.binary_search(&c).is_ok(), Reached::InGap));
    let corridors = roads.map(|r| close(g, &r, (&net, &open), &candidates, issues)).transpose()?;
    let of = PlanOf {
        g,
        net: &net,
        ways: &ways,
        which: &which,
        open: &open,
        county: &county,
        candidates: &candidates,
        corridors: corridors.as_ref(),
    };
    let chosen = match asked.counting {
        _ if asked.flows.is_some() => of.by_flow(&places, issues)?,
        _ if asked.objective.is_way() => of.by_way(issues)?,
        counting if counting.is_assigned() => of.by_capacity(issues)?,
        _ => of.by_cover(issues)?,
    };
    tell_empty(asked, &chosen.steps, issues);
    let stations = chosen.steps.iter().map(|s| fitting(&candidates[s.site as usize], asked)).collect();
    let loads = vec![Vec::new(); chosen.steps.len()];
    let least_sites = chosen.least_sites.or_else(|| least_along(asked, corridors.as_ref()?, &candidates));
    let plan = SitePlan { off_road, apart_m, stations, candidates, loads, corridors, least_sites, ..chosen };
    with_promise(g, plan, &which, &ways.beyond_mm())
}

fn tell_empty(asked: &PlanAsked, steps: &[PlanStep], issues: &mut Issues) {
    if steps.is_empty() && asked.extent != Extent::Corridors {
        let what = "the plan has no site: no candidate within the limit covers anything that is in the gap";
        issues.push(Layer::Plan, IssueCode::PlanEmpty, Location::default(), what);
    }
}

/// The choice, by year where there are several, with the rows that it is about.
pub(super) fn chosen(
    asked: &PlanAsked,
    all: Cover,
    first: &[(u32, Cover)],
    frame: &Frame,
) -> Option<(Choice, Vec<PlanYear>, Cover)> {
    if asked.years.is_empty() {
        return Some((choose(&all, first, frame)?, Vec::new(), all));
    }
    over_years(&all, asked, frame)
}

/// Sizes the stations, and says what holds with them.
fn with_promise(g: &PlanGround<'_>, mut plan: SitePlan, which: &[u32], beyond: &BTreeMap<u32, u64>) -> Result<SitePlan> {
    let (asked, found) = g.needs;
    let wants = asked.is_any() && !plan.steps.is_empty();
    let ground = PromiseGround { scene: g.scene, names: g.names, asked: wants.then_some(asked), vehicles: 1.0 };
    // a programme pays for what is built in its period: without a year it cannot be told what it pays for these
    let new = |plan: &SitePlan| -> Vec<_> {
        (0..plan.steps.len()).map(|k| plan.built(k, g.asked.service, plan.year_of(plan.steps[k].site))).collect()
    };
    let mut with = promise(&ground, g.draft.clone(), new(&plan))?;
    if wants && g.scene.criteria.demand.is_some() {
        plan.loads = loads(&plan, &with);
        let figures = g.scene.criteria.demand.as_ref().map(|d| &d.supply);
        let sized: Vec<NewStation> = plan.stations.iter().zip(&plan.loads).map(|(s, l)| sized(*s, l, figures)).collect();
        if sized != plan.stations {
            plan.stations = sized;
            with = promise(&ground, g.draft.clone(), new(&plan))?;
            plan.loads = loads(&plan, &with);
        }
    }
    let costs = |(step, station): (&PlanStep, &NewStation)| cost_of(g.asked, &plan.candidates[step.site as usize], *station);
    plan.costs = plan.steps.iter().zip(&plan.stations).map(costs).collect();
    let none = Needs::default();
    let before = State { ledger: &g.scene.ledger, settlements: &g.scene.settlements, needs: if wants { found } else { &none } };
    let after = State { ledger: &with.ledger, settlements: &with.settlements, needs: &with.needs };
    let limit = g.scene.criteria.serving.all[g.asked.criterion];
    let mut ledger = counties(which, (&before, &after), (g.asked.service, g.asked.criterion, limit));
    for county in &mut ledger {
        let of = |s: &PlanStep| plan.candidates[s.site as usize].county == Some(county.county);
        let own = || plan.steps.iter().zip(&plan.costs).filter(|(s, _)| of(s));
        county.sites = own().count() as u32;
        county.cost = own().map(|(_, cost)| *cost).sum();
        county.thin = plan.thin.iter().find(|t| t.0 == county.county).map(|t| t.1);
        county.beyond_mm = beyond.get(&county.county).copied().unwrap_or(0);
    }
    if let Some(ways) = &plan.ways {
        let service = g.asked.service;
        let weights = weights(g.asked, &g.scene.settlements, found);
        with_ways(&mut ledger, ways, (&before, &after), (service, &weights, g.asked.objective == Objective::Farthest));
    }
    plan.counties = ledger;
    if wants {
        sinking::find(g, &mut plan, &before)?;
    }
    with_promises(g, &mut plan, which)?;
    Ok(plan)
}

/// What the sites are asked for.
fn loads(plan: &SitePlan, with: &Promise) -> Vec<Vec<StationDay>> {
    let by_place: BTreeMap<(&str, LonLat), u32> = with.needs.stations.iter().map(|(k, s)| ((s.id.as_str(), s.at), *k)).collect();
    let of = |step: &PlanStep| {
        let site = &plan.candidates[step.site as usize];
        let number = by_place.get(&(site.id.as_str(), site.at))?;
        let load = with.needs.balance.loads.iter().find(|l| l.station == *number)?;
        Some(load.days.clone())
    };
    plan.steps.iter().map(|s| of(s).unwrap_or_default()).collect()
}

/// Numbers, rising, of the counties that `[plan] counties` names among those with these codes; all that have a code where it names none.
///
/// # Errors
/// Usage, for a code that is not there.
pub fn counties_of(asked: &PlanAsked, all: &[String]) -> Result<Vec<u32>> {
    let Some(codes) = &asked.counties else {
        return Ok((0u32..).zip(all).filter(|(_, code)| !code.is_empty()).map(|(i, _)| i).collect());
    };
    let mut numbers = codes.iter().map(|code| number(all, code, "plan.counties")).collect::<Result<Vec<u32>>>()?;
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

pub(super) fn first_asked(g: &PlanGround<'_>, which: &[u32]) -> Result<Vec<u32>> {
    let one = |code: &String| {
        let number = number(&g.scene.codes, code, "plan.first")?;
        if which.binary_search(&number).is_err() {
            let what = format!("county {code} is to come first and is not among plan.counties");
            return Err(Error::usage(what, "add it there, or take it out").at(Location::default().field("plan.first")));
        }
        Ok(number)
    };
    g.asked.first.iter().map(one).collect()
}

fn number(all: &[String], code: &str, key: &str) -> Result<u32> {
    let found = all.iter().position(|c| c == code);
    found.map(|i| i as u32).ok_or_else(|| {
        let at = Location::default().field(key);
        Error::usage(format!("no county has the code {code}"), "give the codes of counties of this region").at(at)
    })
}

/// Candidates that were given, and those that are made.
fn candidates(
    g: &PlanGround<'_>,
    which: &[u32],
    roads: Option<&Resolved<'_>>,
    issues: &mut Issues,
) -> Result<(Vec<CandidateSite>, Option<f64>)> {
    let (asked, scene) = (g.asked, g.scene);
    let mut all = g.given.clone();
    let edges: Vec<(u32, &[u32])> = which.iter().map(|c| (*c, scene.by_county[*c as usize].as_slice())).collect();
    let roads_at = roads_at(&scene.network);
    let making = Making {
        roads_at: &roads_at,
        network: &scene.network,
        names: g.names,
        coverage: &scene.coverage,
        edges: &edges,
        settlements: &scene.settlements,
        service: asked.service,
        criterion: (asked.criterion, scene.criteria.serving.all[asked.criterion]),
        spacing_mm: asked.spacing_mm,
        most: asked.most_candidates,
        locate: g.locate,
    };
    let makes = asked.generate != Default::default();
    let (made, apart_m) = if makes { make(&making, asked.generate, &all) } else { (Vec::new(), 0.0) };
    all.extend(made);
    all.extend(roads.map(|r| along_roads(g, r, asked.most_candidates)).unwrap_or_default());
    all.iter_mut().for_each(|c| c.cost = cost(asked, c));
    all.iter_mut().for_each(|c| c.capacity_wh = asked.counting.capacity_wh(fitting(c, asked).rated_kw()));
    own_ids(&mut all);
    refuse_too_small(&all, asked)?;
    tell_too_small(&mut all, asked, issues);
    Ok((all, makes.then_some(apart_m)))
}

/// Gives every candidate an id of its own: what comes again has `#2` and so on behind it.
pub(super) fn own_ids(all: &mut [CandidateSite]) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for c in all {
        let plain = c.id.clone();
        let mut n = 1;
        while !seen.insert(c.id.clone()) {
            n += 1;
            c.id = format!("{plain}#{n}");
        }
    }
}

/// The station of a site: what fits there.
fn fitting(site: &CandidateSite, asked: &PlanAsked) -> NewStation {
    site.fitting(asked.station).unwrap_or(asked.station)
}

/// Shuts out, and tells, candidates where not one gun may be built.
pub(super) fn tell_too_small(all: &mut [CandidateSite], asked: &PlanAsked, issues: &mut Issues) {
    for c in all.iter_mut().filter(|c| c.fitting(asked.station).is_none()) {
        let at = Location::default().id(c.id.as_str());
        let (most, gun) = (c.max_kw.unwrap_or(0.0), asked.station.gun_kw);
        let what = format!("{most} kW may be built there, less than one gun of {gun} kW: nothing is planned there");
        issues.push(Layer::Plan, IssueCode::CandidateTooSmall, at, what);
        c.locked = Some(false);
    }
}

/// What a candidate costs with all the guns that may be built there, and with the grid that they need.
pub(super) fn cost(asked: &PlanAsked, c: &CandidateSite) -> Option<u64> {
    Some(c.cost.or(asked.site_cost)?.saturating_add(grid_cost(asked, c, fitting(c, asked))))
}

/// The same of the station that is built there.
fn cost_of(asked: &PlanAsked, c: &CandidateSite, station: NewStation) -> Option<u64> {
    let more = grid_cost(asked, c, fitting(c, asked)).saturating_sub(grid_cost(asked, c, station));
    Some(c.cost?.saturating_sub(more))
}

/// What the grid costs beyond its headroom, where that is known.
fn grid_cost(asked: &PlanAsked, c: &CandidateSite, station: NewStation) -> u64 {
    // of a swap station all packs may be charged at once; without [demand] nobody says with how much, and it is given with the candidate
    let packs_kw = || f64::from(station.packs) * asked.pack_kw.unwrap_or(0.0);
    let drawn_kw = if station.bays > 0 { packs_kw() } else { station.rated_kw() };
    let beyond_kw = c.headroom_kw.map_or(0.0, |kw| (drawn_kw - kw).max(0.0));
    (asked.connect_cost_per_kw.unwrap_or(0) as f64 * beyond_kw).round() as u64
}

/// Candidates on a road that may be built on: those that are shut out are no candidates, nor are, within a budget, those without a cost.
fn open_to_plan(
    asked: &PlanAsked,
    net: &PlanNet,
    candidates: &[CandidateSite],
    issues: &mut Issues,
) -> Result<Vec<(usize, u32)>> {
    let money = matches!(asked.extent, Extent::Budget(_));
    let of = |c: &(usize, u32)| &candidates[c.0];
    let mut open: Vec<(usize, u32)> = net.candidates.iter().filter(|c| of(c).locked != Some(false)).copied().collect();
    if money {
        refuse_without_cost(candidates, "budget")?;
    }
    let unknown = |c: &(usize, u32)| money && of(c).cost.is_none();
    let (gone, first) = (open.iter().filter(|c| unknown(c)).count() as u64, open.iter().find(|c| unknown(c)).map(of));
    if let Some(first) = first {
        let what = format!("{gone} candidates have no cost and are left out of a plan within a budget");
        let at = Location::default().id(first.id.as_str());
        issues.push_many(Layer::Plan, IssueCode::CandidateWithoutCost, at, what, gone, 0);
    }
    open.retain(|c| !unknown(c));
    if open.is_empty() && gone == 0 {
        let next = "add [candidates], or let candidates be made by [plan] generate";
        return Err(Error::usage("there is no candidate on a road", next).at(Location::default().field("plan")));
    }
    Ok(open)
}

/// Refuses a station that would not count for the service that it is planned for.
///
/// # Errors
/// Usage, with the reason.
pub fn refuse_not_counting(asked: &PlanAsked, serving: &Serving) -> Result<()> {
    let station = new_station(&CandidateSite::default(), asked.service, asked.station);
    let why = match not_qualifying(&station, serving) {
        Some((_, why)) => why,
        None if offers(serving, &station).has(asked.service) => return Ok(()),
        None => format!("{} asks for {} kW a gun", asked.service.as_str(), serving.fast_min_power_kw),
    };
    let what = format!("a station of {} kW a gun would not count: {why}", asked.station.gun_kw);
    Err(Error::usage(what, "give [plan] gun_kw that counts").at(Location::default().field("plan.gun_kw")))
}

fn off_road(net: &PlanNet, candidates: &[CandidateSite], issues: &mut Issues) -> Vec<u32> {
    let on = |i: u32| net.candidates.binary_search_by_key(&(i as usize), |c| c.0).is_ok();
    let off: Vec<u32> = (0..candidates.len() as u32).filter(|i| !on(*i)).collect();
    for i in &off {
        let at = Location::default().id(candidates[*i as usize].id.as_str());
        issues.push(Layer::Plan, IssueCode::CandidateOffRoad, at, "no road is near the candidate; nothing can be built there");
    }
    off
}

/// Names settlements that no candidate reaches.
pub(super) fn tell_alone(alone: &[&SettlementOut], what: &dyn Fn(&str) -> String, issues: &mut Issues) {
    for SettlementOut { settlement: s, .. } in alone.iter().take(NAMED) {
        issues.push(Layer::Plan, IssueCode::BeyondCandidates, s.source.clone(), what(&s.name));
    }
    if alone.len() > NAMED {
        let more = (alone.len() - NAMED) as u64;
        let what = format!("and {more} more like these");
        issues.push_many(Layer::Plan, IssueCode::BeyondCandidates, Location::default(), what, more, 0);
    }
}

/// What each settlement counts for, in whole units of the objective; 1 where it is not about settlements.
pub fn weights(asked: &PlanAsked, settlements: &[SettlementOut], needs: &Needs) -> Vec<u64> {
    let of = |t: &crate::balance::Town| {
        let place = needs.places.get(t.settlement as usize)?;
        Some(((place.id.as_str(), place.at), (t.ordinary_kwh * 1e3).round().max(0.0) as u64))
    };
    let energy: BTreeMap<(&str, LonLat), u64> = match asked.objective {
        Objective::Energy => needs.balance.towns.iter().filter_map(of).collect(),
        _ => BTreeMap::new(),
    };
    let weight = |s: &SettlementOut| match asked.objective {
        Objective::Road | Objective::Settlements | Objective::SettlementDistance | Objective::Farthest | Objective::Flows => 1,
        Objective::People | Objective::Distance => s.settlement.population.unwrap_or(0),
        Objective::Energy => energy.get(&(s.settlement.id.as_str(), s.settlement.at)).copied().unwrap_or(0),
    };
    settlements.iter().map(weight).collect()
}
