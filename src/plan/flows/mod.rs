//! Vehicles that go from place to place and get only so far: which of them get there past the stations that stand and the sites of a plan, with
//! all that anybody needs to ask it again. Stations that stand are sites that are there anyhow.

mod choose;
mod places;
mod states;

pub(super) use places::FlowPlaces;
pub use states::{FlowState, FlowStates};

use super::answers::PlanOf;
use super::frame::{does_not_fit, frame};
use super::site_plan::SitePlan;
use crate::config::plan_flows::PlanFlowsAsked;
use crate::error::{Error, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::siting::{Deviation, FlowCut, FlowDistances, FlowNet, FlowPair, Flows, RangeRule};
use choose::{FlowChoice, FlowQuestion};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Flows that no candidates let through are named up to so many.
const NAMED: usize = 20;

/// A flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowRow {
    /// Numbers of the places.
    pub places: [u32; 2],
    /// Thousandths of a vehicle a day.
    pub weight: u64,
    /// The shortest way, millimetres; none where no way leads there.
    pub way_mm: Option<u64>,
    /// What becomes of it.
    pub state: FlowState,
    /// Sites that it stops at with the plan, from its origin on, by number.
    pub stops: Vec<u32>,
}

/// How far a site is from a place or another site, millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FlowLeg {
    /// From a place to a site.
    First(u32, u32, u64),
    /// From a site to another one.
    Between(u32, u32, u64),
    /// From a site to a place.
    Last(u32, u32, u64),
}

/// Flows, and what they are weighed by. Sites go by number: candidates by theirs, and behind all candidates the stations that stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFlows {
    /// Settlements, by number of the place: id and name.
    pub places: Vec<[String; 2]>,
    /// Flows by their places, each pair once.
    pub rows: Vec<FlowRow>,
    /// Ids of the stations that stand.
    pub standing: Vec<String>,
    /// Distances that flows have a use for.
    pub legs: Vec<FlowLeg>,
    /// Cuts by the number of the flow, from 0, with their sites by number; from them anybody computes the bound again.
    pub cuts: Vec<(u32, Vec<u32>, u64)>,
}

impl PlanFlows {
    /// Flow whose rows are of these states, in whole units.
    pub fn sum(&self, states: &[FlowState]) -> u64 {
        self.rows.iter().filter(|r| states.contains(&r.state)).map(|r| r.weight).sum()
    }
}

/// How far a vehicle gets, and how much longer its way may be.
pub fn flow_rule(asked: &PlanFlowsAsked) -> (RangeRule, Deviation) {
    let rule = match asked.start_mm {
        None => RangeRule::round_trip(asked.range_mm),
        Some(start) => RangeRule::from_start(asked.range_mm, start),
    };
    (rule, Deviation::Thousandths(asked.longer))
}

impl PlanOf<'_> {
    /// What lets most vehicles get where they go.
    pub fn by_flow(&self, places: &FlowPlaces, issues: &mut Issues) -> Result<SitePlan> {
        let Some(asked) = &self.g.asked.flows else { return Ok(SitePlan::default()) };
        let (own, network) = (self.open.len() as u32, &self.net.network);
        let mut arcs = Vec::new();
        for e in network.edges() {
            arcs.push((e.tail, e.head, u64::from(e.length_mm)));
            arcs.extend((!e.oneway).then_some((e.head, e.tail, u64::from(e.length_mm))));
        }
        let standing = self.standing();
        let nodes: Vec<u32> = self.open.iter().map(|o| o.1).chain(standing.iter().map(|s| s.0)).collect();
        let (rule, deviation) = flow_rule(asked);
        if self.net.places.len() != places.settlements.len() {
            return Err(Error::internal("a settlement that stood on a road stands on none in the network of the plan"));
        }
        let pairs = places.pairs(&self.net.places);
        let made = || {
            let distances = FlowDistances::new(&FlowNet::new(network.node_count(), &arcs)?, &nodes, &pairs, rule, deviation)?;
            let flows = Flows::of(&distances, rule, deviation)?;
            Some((distances.of_use(&flows), flows))
        };
        let (distances, flows) = made().ok_or_else(|| does_not_fit(self.g.asked))?;
        let frame = frame(self.g.asked, self.open, self.candidates, self.corridors)?;
        let question = FlowQuestion { flows: &flows, own, frame: &frame };
        let choice = question.choose().ok_or_else(|| does_not_fit(self.g.asked))?;
        let FlowChoice { stage, mut steps, curve, lost, in_gap, cuts } = choice;
        let chosen: Vec<u32> = steps.iter().map(|s| s.site).collect();
        let told = self.told(&distances, (&question, &chosen), &cuts, (places, standing));
        tell_hopeless(&told, issues);
        steps.iter_mut().for_each(|s| s.site = self.open[s.site as usize].0 as u32);
        Ok(SitePlan {
            reduction: [places.rows as u64, flows.trips() as u64, self.open.len() as u64],
            in_gap,
            limit: frame.limit.most(),
            stages: vec![stage],
            steps,
            lost,
            curve,
            flows: Some(told),
            ..SitePlan::default()
        })
    }

    /// Nodes of the stations that offer the service, each once, with the id of the first there.
    fn standing(&self) -> Vec<(u32, String)> {
        let mut all: Vec<(u32, u32)> =
            self.net.sites.iter().filter(|s| s.offers(self.g.asked.service)).map(|s| (s.node, s.station)).collect();
        all.sort_unstable();
        all.dedup_by_key(|s| s.0);
        all.into_iter().map(|(node, s)| (node, self.g.scene.stations[s as usize].station.id.clone())).collect()
    }

    fn told(
        &self,
        distances: &FlowDistances,
        (question, chosen): (&FlowQuestion<'_>, &[u32]),
        cuts: &[FlowCut],
        (places, standing): (&FlowPlaces, Vec<(u32, String)>),
    ) -> PlanFlows {
        let (all, own) = (self.candidates.len() as u32, self.open.len() as u32);
        let number = |s: u32| if s < own { self.open[s as usize].0 as u32 } else { all + s - own };
        // settlements at one point of a road are one place: the first of them
        let place = places.at(&self.net.places);
        let numbers = |list: &[u32]| list.iter().map(|s| number(*s)).collect::<Vec<u32>>();
        let states = FlowStates::new(question.flows, question.own, chosen);
        let row = |p: &FlowPair| {
            let (state, stops) = states.of(p);
            FlowRow {
                places: [place[&p.pair.0], place[&p.pair.1]],
                weight: p.weight,
                way_mm: p.shortest,
                state,
                stops: numbers(&stops),
            }
        };
        let mut rows: Vec<FlowRow> = distances.pairs.iter().map(row).collect();
        rows.sort_unstable_by_key(|r| r.places);
        let mut legs: Vec<FlowLeg> =
            distances.legs.iter().map(|(s, t, mm)| FlowLeg::Between(number(*s), number(*t), *mm)).collect();
        let ends = |list: &BTreeMap<u32, Vec<(u32, u64)>>, leg: fn(u32, u32, u64) -> FlowLeg| {
            let of = |(node, sites): (&u32, &Vec<(u32, u64)>)| {
                sites.iter().map(|(s, mm)| leg(place[node], number(*s), *mm)).collect::<Vec<_>>()
            };
            list.iter().flat_map(of).collect::<Vec<FlowLeg>>()
        };
        legs.extend(ends(&distances.from, FlowLeg::First));
        legs.extend(ends(&distances.to, |place, site, mm| FlowLeg::Last(site, place, mm)));
        legs.sort_unstable();
        let cut = |c: &FlowCut| {
            let ends = [place[&c.pair.0], place[&c.pair.1]];
            let flow = rows.binary_search_by_key(&ends, |r| r.places).unwrap_or(0) as u32;
            let mut sites = numbers(&c.sites);
            sites.sort_unstable();
            (flow, sites, c.multiplier)
        };
        let standing = standing.into_iter().map(|s| s.1).collect();
        let mut cuts: Vec<_> = cuts.iter().map(cut).collect();
        cuts.sort_unstable();
        PlanFlows { places: places.named(self.g), rows, standing, legs, cuts }
    }
}

/// Names flows that no candidates let through.
fn tell_hopeless(told: &PlanFlows, issues: &mut Issues) {
    let never: Vec<&FlowRow> = told.rows.iter().filter(|r| r.state == FlowState::Never && r.weight > 0).collect();
    for row in never.iter().take(NAMED) {
        let [from, to] = row.places.map(|p| told.places[p as usize][1].as_str());
        let what = match row.way_mm {
            Some(_) => format!("no candidates let vehicles get from \"{from}\" to \"{to}\""),
            None => format!("no way leads from \"{from}\" to \"{to}\""),
        };
        issues.push(Layer::Plan, IssueCode::FlowHopeless, Default::default(), what);
    }
    if never.len() > NAMED {
        let more = (never.len() - NAMED) as u64;
        let what = format!("and {more} more like these");
        issues.push_many(Layer::Plan, IssueCode::FlowHopeless, Default::default(), what, more, 0);
    }
}
