//! What places ask for against what stations give: reach, load, waits, and the power that is short. One pure function over a network with
//! everything on it; demand, supply, catchments and queues come from the rooms below.
//!
//! Ways go by road from a settlement to a station, of at most `demand.reach_km`; the travel time is that of the quickest way, or of the
//! distance at 20 km/h where that is quicker than any way within the bound. Cars, taxis, buses and vans use every charging station that is
//! used; heavy trucks all but those that are said to be closed to them. Swaps go to the nearest swap station: see `swaps`.

mod access;
mod county;
mod days;
mod hold;
mod load_table;
mod loads;
mod planned;
mod problem;
mod swap_fields;
mod swaps;
mod tables;
mod towns;
mod traffic;
mod trial;
mod trial_table;

pub use county::{CountyBalance, CountyDay, CountySupply};
pub use load_table::{LOADS, LoadRow, load_day_fields, load_station_fields, loads};
pub use loads::{StationBalance, StationDay};
pub use planned::{MOST_DAYS, PlannedFrom, PlannedLoads, PlannedOf, planned_of};
pub use swaps::{PlaceSwaps, SwapDay};
pub use tables::{COUNTIES, FIGURES, SUPPLY, TOWNS, TownRow, counties, figures, supply, towns};
pub use towns::Town;
pub use traffic::{RoadPlace, road_places};
pub use trial::{CountyTrial, LoadsWith, TrialDay, TrialPlace};
pub use trial_table::{TRIALS, TrialRow, trials};

use crate::access::within::{Within, within};
use crate::config::Service;
use crate::config::criteria::Metric;
use crate::config::demand::Demand;
use crate::config::demand_notes::SLOWEST_KMH;
use crate::config::vehicle_class::VehicleClass;
use crate::coverage::Stretches;
use crate::demand::CountyBasis;
use crate::error::Result;
use crate::network::{Placed, RoadNetwork};
use crate::place::{SettlementOut, Site, StationOut};
use crate::read::road::Names;
use crate::supply::{self, GunSupply};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The stage: what `[output] without` calls it.
pub const NAME: &str = "balance";

/// What it works on.
pub struct BalanceGround<'a> {
    /// What is asked of demand and supply.
    pub demand: &'a Demand,
    /// What the vehicles of each county rest on.
    pub basis: &'a [CountyBasis],
    /// The network.
    pub network: &'a RoadNetwork,
    /// Where used stations stand.
    pub sites: &'a [Site],
    /// All stations.
    pub stations: &'a [StationOut],
    /// All settlements, with their vehicles.
    pub settlements: &'a [SettlementOut],
    /// Through traffic on counted roads.
    pub traffic: &'a [RoadPlace],
    /// Where the settlements on the network lie, in order, then the places of `traffic`.
    pub placed: &'a [Placed],
    /// A settlement with a charging station within so many millimetres by road has one in it.
    pub radius_mm: u32,
    /// Dead stretches.
    pub stretches: &'a Stretches,
    /// The headline criterion, by number.
    pub headline: usize,
    /// Names of roads.
    pub names: &'a Names,
    /// Stations that are planned and would be used if they were open, of those that some programme counts, by the days on which they open.
    pub planned: &'a [PlannedFrom],
    /// Whether a county gets rows, by number: a station is tried out in those alone.
    pub has_rows: &'a (dyn Fn(u32) -> bool + Sync),
}

impl BalanceGround<'_> {
    /// How many places ask for something: the settlements, then those of through traffic.
    fn places(&self) -> usize {
        self.settlements.len() + self.traffic.len()
    }

    /// The county of a place.
    fn county_of(&self, place: usize) -> u32 {
        match self.settlements.get(place) {
            Some(settlement) => settlement.county,
            None => self.traffic[place - self.settlements.len()].county,
        }
    }
}

/// What comes out.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Balance {
    /// One a county.
    pub counties: Vec<CountyBalance>,
    /// One a settlement, in its order.
    pub towns: Vec<Town>,
    /// Stations whose supply is known or assumed, by their numbers.
    pub loads: Vec<StationBalance>,
    /// By county, what the stations give that its tried one bears on, with that one there.
    pub with_trial: Vec<LoadsWith>,
    /// What stations give from each day on which planned ones open; nothing where none is.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub planned: Vec<PlannedLoads>,
}

/// A charging station whose supply is known or assumed.
#[derive(Clone)]
struct Charger {
    /// Number of the station.
    station: u32,
    guns: GunSupply,
    trucks: bool,
}

/// Places on the network with the chargers in their reach.
struct Reach {
    /// Number of the settlement of each place; behind them come the places of through traffic.
    settlement: Vec<u32>,
    chargers: Vec<Charger>,
    by_distance: Within,
    /// Hours of each pair, in the order of `by_distance`.
    hours: Vec<f64>,
}

impl Reach {
    fn of(g: &BalanceGround<'_>) -> Self {
        let charger = |site: &Site| {
            let station = &g.stations[site.station as usize].station;
            // one that can give nothing, as its feeder has nothing left, is no charger within reach
            let guns = supply::of(station, &g.demand.supply).guns.filter(|guns| guns.delivered_kw() > 0.0)?;
            Some((site.node, Charger { station: site.station, guns, trucks: station.trucks != Some(false) }))
        };
        let charging = g.sites.iter().filter(|s| s.offers(Service::Charging));
        let (nodes, chargers): (Vec<u32>, Vec<Charger>) = charging.filter_map(charger).unzip();
        let (by_distance, hours) = ways(g, &nodes);
        let on_road = (0u32..).zip(g.settlements).filter(|(_, s)| s.snapped.is_some()).map(|(i, _)| i);
        let on_road = on_road.chain((g.settlements.len() as u32..).take(g.traffic.len())).collect();
        Self { settlement: on_road, chargers, by_distance, hours }
    }
}

/// The ways from places to stations on some nodes within the reach of drivers, and the hours of each.
fn ways(g: &BalanceGround<'_>, nodes: &[u32]) -> (Within, Vec<f64>) {
    let limit = g.demand.reach_mm;
    let most_ms = (f64::from(limit) / 1e6 / SLOWEST_KMH * 3.6e6).ceil() as u32;
    let search = |metric, limit| within(g.network, (nodes, metric), g.placed, limit);
    let (by_distance, by_time) = rayon::join(|| search(Metric::Distance, limit), || search(Metric::Time, most_ms));
    let slow = |mm: u32| f64::from(mm) / 1e6 / SLOWEST_KMH;
    let hours = (0..by_distance.places()).into_par_iter().flat_map_iter(|p| {
        let quick = by_time.of(p);
        let hours = move |(site, mm): &(u32, u32)| match quick.binary_search_by_key(site, |q| q.0) {
            Ok(k) => f64::from(quick[k].1) / 3.6e6,
            Err(_) => slow(*mm),
        };
        by_distance.of(p).iter().map(hours)
    });
    let hours = hours.collect();
    (by_distance, hours)
}

/// How many of so many vehicles of a class charge by plug. Of the energy of a class `swap_share` is swapped, as that share of its vehicles swaps
/// and does nothing else: those need no charger and share none.
fn plugged(demand: &Demand, class: VehicleClass, vehicles: f64) -> f64 {
    if class.is_hydrogen() { 0.0 } else { vehicles * (1.0 - demand.classes[class as usize].swap_share) }
}

/// Vehicles of a settlement that charge by plug: trucks, or all others.
fn vehicles(demand: &Demand, s: &SettlementOut, trucks: bool) -> f64 {
    VehicleClass::by_plug(trucks).map(|c| plugged(demand, c, s.settlement.vehicles[c as usize].unwrap_or(0.0))).sum()
}

/// Computes the balance of every county and settlement.
///
/// # Errors
/// Internal, where demand and ways do not fit together.
pub fn compute(g: &BalanceGround<'_>) -> Result<Balance> {
    let reach = Reach::of(g);
    let access = access::of(g, &reach);
    let days = g.demand.days().into_iter().map(|(day, factor)| days::of(g, &reach, day, factor)).collect::<Result<Vec<_>>>()?;
    let towns = towns::of(g, &reach, &access, &days);
    let swaps = swaps::Swaps::of(g, &reach, &days);
    let mut counties = county::of(g, &reach, (&days, &swaps), &towns);
    let (planned, mut with_trial, mut with_planned) = (planned::Planned::all(g, &reach)?, Vec::new(), Vec::new());
    for (county, tried) in counties.iter_mut().zip(trial::of(g, &reach, &days, &towns, &planned)?) {
        let Some(mut tried) = tried else {
            with_trial.push(Vec::new());
            with_planned.push(vec![None; planned.len()]);
            continue;
        };
        if !county.is_known() {
            let unknown = county.is_all_unknown();
            tried.trial.days.iter_mut().for_each(|d| (d.short_kw, d.unknown) = (None, unknown));
        }
        county.trial = Some(tried.trial);
        with_trial.push(tried.loads);
        with_planned.push(tried.with_planned);
    }
    let loads_from = |(i, p): (usize, &planned::Planned)| {
        let with_trial = with_planned.iter().map(|county: &Vec<_>| county.get(i).cloned().flatten()).collect();
        PlannedLoads { of: p.of, from: p.from, loads: p.loads(), with_trial }
    };
    let planned = planned.iter().enumerate().map(loads_from).collect();
    Ok(Balance { counties, loads: loads::of(&reach, &days, &swaps), towns, with_trial, planned })
}
