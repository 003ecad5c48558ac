//! What only a whole network can say of its counties: what places ask for and who serves them, and how counties and roads stand against the
//! rules of programmes. Loads hang on drivers far beyond any shard, so a run asks its network and a round the network of all its regions,
//! by the same function.

use super::judge::{CountyReward, CountyVerdict, JudgeGround, Judged, judge};
use super::ordered::Ordered;
use super::scene::Scene;
use crate::balance::{self, Balance, BalanceGround, PlannedFrom, Town, planned_of, road_places};
use crate::config::Criteria;
use crate::config::programme_table::ProgrammeTable;
use crate::config::rank_table::JointTable;
use crate::coverage::Stretches;
use crate::coverage::corridors::{CorridorsAsked, unmet_roads};
use crate::demand::CountyBasis;
use crate::error::Result;
use crate::issue::{Issue, Issues};
use crate::network::{Placed, RoadNetwork};
use crate::place::onto_road::would_be_used;
use crate::place::{SettlementOut, Site, StationOut};
use crate::programme::{Commissioned, Offer, Profile, qualifies, tell_unmet_roads};
use crate::read::date::day;
use crate::read::road::Names;
use crate::read::traffic::Count;
use crate::space::LonLat;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A whole network with everything that stands on it. Counties go by their number in `codes`.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    /// What is asked for.
    pub criteria: &'a Criteria,
    /// Codes of the counties.
    pub codes: &'a [String],
    /// The network.
    pub network: &'a RoadNetwork,
    /// Names of its roads.
    pub names: &'a Names,
    /// Where used stations stand.
    pub sites: &'a [Site],
    /// All stations.
    pub stations: &'a [StationOut],
    /// All settlements, with their vehicles and their ways to the nearest stations.
    pub settlements: &'a [SettlementOut],
    /// Where those on the network lie, in order.
    pub placed: &'a [Placed],
    /// Dead stretches for charging at the headline distance; others may be among them.
    pub stretches: &'a Stretches,
}

impl<'a> Standing<'a> {
    /// That of a scene.
    pub fn of(scene: &'a Scene, names: &'a Names) -> Self {
        let Scene { criteria, codes, network, sites, stations, settlements, placed, stretches, .. } = scene;
        Self { criteria, codes, network, names, sites, stations, settlements, placed, stretches }
    }
}

/// What a network is asked beside coverage.
#[derive(Clone, Copy)]
pub struct NeedsAsked<'a> {
    /// What the vehicles of each county rest on, where `[demand]` asks for them; settlements have theirs.
    pub basis: Option<&'a [CountyBasis]>,
    /// Vehicles counted on roads.
    pub counts: &'a [Count],
    /// Programmes, with the values that are set for them.
    pub profiles: &'a [Profile],
    /// Corridors, where some rule is about roads.
    pub corridors: Option<&'a CorridorsAsked>,
    /// `[programme]`, for figures of counties.
    pub table: &'a ProgrammeTable,
    /// Counties that apply together.
    pub joint: &'a [JointTable],
    /// The county at a position.
    pub locate: &'a (dyn Fn(LonLat) -> u32 + Sync),
    /// Whether a county gets rows: by number; of the others only what bears on these is computed.
    pub has_rows: &'a (dyn Fn(u32) -> bool + Sync),
}

impl NeedsAsked<'_> {
    /// Whether it asks for anything.
    pub fn is_any(&self) -> bool {
        self.basis.is_some() || !self.profiles.is_empty()
    }
}

/// A settlement as it is named.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceName {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Chinese name.
    pub name_zh: String,
    /// People.
    pub people: Option<u64>,
    /// Where it lies.
    pub at: LonLat,
}

/// A station as it is named.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StationName {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its county; none outside every county.
    pub county: Option<u32>,
    /// Where it stands.
    pub at: LonLat,
}

/// What was found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Needs {
    /// What places ask for against what stations give; nothing without `[demand]`.
    pub balance: Balance,
    /// Settlements by the numbers that the balance has for them.
    pub places: Vec<PlaceName>,
    /// Stations by the numbers that the balance has for them.
    pub stations: BTreeMap<u32, StationName>,
    /// How roads and counties stand against programmes; nothing without `[programme]`.
    pub judged: Judged,
    /// What is to be told: counts of roads that are not there.
    pub issues: Vec<Issue>,
}

impl Needs {
    /// The same of some counties, by their numbers here in rising order, which go by their places among these. Stations outside every county
    /// stay, as the roads do.
    #[must_use]
    pub fn of_counties(self, members: &[u32]) -> Self {
        let place = |county: u32| members.binary_search(&county).ok().map(|i| i as u32);
        let Self { balance, places, stations, judged, issues } = self;
        // what stations give with one that was tried was asked when rewards were judged
        let Balance { counties, towns, loads, with_trial: _, planned: _ } = balance;
        let mut counties: Vec<Option<_>> = counties.into_iter().map(Some).collect();
        let own = members.iter().filter_map(|c| counties.get_mut(*c as usize)?.take()).collect();
        let towns = towns.into_iter().filter_map(|t| Some(Town { county: place(t.county)?, ..t })).collect();
        let rows = |s: &StationName| s.county.is_none_or(|c| place(c).is_some());
        let loads = loads.into_iter().filter(|l| stations.get(&l.station).is_some_and(rows)).collect();
        // those of other counties are near places of these
        let named = |(k, s): (u32, StationName)| (k, StationName { county: s.county.and_then(place), ..s });
        let Judged { roads, lines, counties, rewards, programmes } = judged;
        let counties = counties.into_iter().filter_map(|v| Some(CountyVerdict { county: place(v.county)?, ..v })).collect();
        let rewards = rewards.into_iter().filter_map(|v| Some(CountyReward { county: place(v.county)?, ..v })).collect();
        Self {
            balance: Balance { counties: own, towns, loads, with_trial: Vec::new(), planned: Vec::new() },
            places,
            stations: stations.into_iter().map(named).collect(),
            judged: Judged { roads, lines, counties, rewards, programmes },
            issues,
        }
    }
}

/// Asks a network, whatever the order of its stations and settlements; `stage` is told the name of each stage when it begins.
///
/// # Errors
/// Internal, where demand and ways do not fit together; input, where a figure of a county cannot be meant.
pub fn needs(g: &Standing<'_>, asked: &NeedsAsked<'_>, stage: &dyn Fn(&'static str)) -> Result<Needs> {
    let ordered = Ordered::of(g);
    let g = &ordered.standing();
    let planned = planned(g);
    let mut found = Needs::default();
    if let (Some(demand), Some(basis)) = (&g.criteria.demand, asked.basis) {
        stage("balance");
        let mut issues = Issues::default();
        let through = |t| road_places((g.network, g.names), (asked.counts, g.codes), t, &mut issues);
        let traffic = demand.traffic.as_ref().map(through).unwrap_or_default();
        let placed: Vec<Placed> = g.placed.iter().copied().chain(traffic.iter().map(|t| t.placed)).collect();
        found.issues = issues.sorted().into_iter().cloned().collect();
        found.balance = balance::compute(&BalanceGround {
            demand,
            basis,
            network: g.network,
            sites: g.sites,
            stations: g.stations,
            settlements: g.settlements,
            traffic: &traffic,
            placed: &placed,
            radius_mm: g.criteria.serving.settlement_radius_mm,
            stretches: g.stretches,
            headline: g.criteria.serving.headline,
            names: g.names,
            planned: &counted(g, asked.profiles, &planned),
            has_rows: asked.has_rows,
        })?;
        found.places = g.settlements.iter().map(place_name).collect();
        let near = found.balance.towns.iter().flat_map(|t| t.nearest).flatten().map(|n| n.station);
        let named = found.balance.loads.iter().map(|l| l.station).chain(near);
        found.stations = named.map(|s| (s, station_name(&g.stations[s as usize]))).collect();
    }
    if !asked.profiles.is_empty() {
        stage("programme");
        let named = g.network.edges().iter().map(|e| (e.name, e.reference));
        let unmet = unmet_roads(named, g.names, asked.table.roads.as_deref().unwrap_or_default());
        let mut issues = Issues::default();
        tell_unmet_roads(&unmet, &mut issues);
        found.issues.extend(issues.sorted().into_iter().cloned());
        found.judged = judge(&JudgeGround {
            locate: asked.locate,
            scene: g,
            balance: &found.balance,
            planned: &planned,
            profiles: asked.profiles,
            asked: asked.corridors,
            table: asked.table,
            joint: asked.joint,
        })?;
    }
    Ok(found)
}

/// Stations of counties that are planned and would be used if they were open, by number.
fn planned(g: &Standing<'_>) -> Vec<u32> {
    let would = |s: &StationOut| s.county.is_some() && would_be_used(s, &g.criteria.serving);
    (0u32..).zip(g.stations).filter(|(_, s)| would(s)).map(|(i, _)| i).collect()
}

/// Those of them that some programme with a reward counts or may count, as they are dated in its period and offer what it asks for, by the days
/// on which they open: for others no load is looked for, and they take none. Those that it is not known of whether they count are apart.
fn counted(g: &Standing<'_>, profiles: &[Profile], planned: &[u32]) -> Vec<PlannedFrom> {
    let list = |in_doubt_count: bool| {
        let opens = |s: &u32| {
            let station = &g.stations[*s as usize].station;
            let asked = |p: &Profile| match &p.counts {
                Some(filter) => qualifies(p, filter, &Offer::of(station)).counts(in_doubt_count),
                None => true,
            };
            let counts =
                |p: &Profile| p.reward.is_some() && p.commissioned(&station.opened) == Commissioned::InPeriod && asked(p);
            profiles.iter().any(counts).then_some((day(&station.opened)?, *s))
        };
        planned.iter().filter_map(opens).collect::<Vec<_>>()
    };
    planned_of(&list(false), &list(true))
}

fn place_name(s: &SettlementOut) -> PlaceName {
    let s = &s.settlement;
    PlaceName { id: s.id.clone(), name: s.name.clone(), name_zh: s.name_zh.clone(), people: s.population, at: s.at }
}

fn station_name(s: &StationOut) -> StationName {
    StationName { id: s.station.id.clone(), name: s.station.name.clone(), county: s.county, at: s.station.at }
}
