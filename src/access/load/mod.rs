//! Load: how many drivers come to which station, how long they wait there, and what cannot be served at all.
//!
//! Plain numbers in and out: places with demand, stations with guns, and pairs with a travel time. Two assignments: everybody to the
//! [`nearest()`], or [`equilibrium()`], where nobody gains by going elsewhere. [`shortage()`] says what cannot be served whatever drivers
//! choose, and names the places and stations. `guide::load` tells how, with sources and limits. Every answer is the same on any
//! number of threads, bit for bit: sums are taken in the order of the input.

mod envelope;
mod equilibrium;
mod flow;
mod nearest;
mod newton;
mod order;
mod share;
mod shift;
mod shortage;
mod smooth;
#[cfg(test)]
mod tests;

use crate::access::queue::Queue;
use crate::error::{Error, Result};

pub use equilibrium::{Effort, equilibrium};
pub use nearest::nearest;
pub use share::shares;
pub use shortage::{Short, Shortage, shortage};

/// No pair: to stay unserved.
const UNSERVED: usize = usize::MAX;

/// Hours at which a driver would rather stay unserved: an assumption, to be set by who knows better.
pub const UNSERVED_COST_H: f64 = 2.0;

/// Which stations each place can use, and how far they are: pairs of place and station with a travel time, in the order of the places.
///
/// From [`Within`](crate::access::within::Within) by time: `Ways::new((0..w.places()).map(|i| w.of(i).iter().map(|(s, ms)| (*s, f64::from(*ms) / 3.6e6))))`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ways {
    first: Vec<usize>,
    station: Vec<u32>,
    travel_h: Vec<f64>,
}

impl Ways {
    /// One row a place: (station, travel time in hours). Rows are sorted by station; of doubles the quickest stays.
    ///
    /// Whatever a way costs beside the wait belongs into the travel time, in hours: detours, prices, what a station adds for all.
    pub fn new<R: IntoIterator<Item = (u32, f64)>>(rows: impl IntoIterator<Item = R>) -> Self {
        let mut pairs = Self { first: vec![0], ..Self::default() };
        let mut sorted: Vec<(u32, f64)> = Vec::new();
        for row in rows {
            sorted.clear();
            sorted.extend(row);
            sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            sorted.dedup_by_key(|p| p.0);
            pairs.station.extend(sorted.iter().map(|p| p.0));
            pairs.travel_h.extend(sorted.iter().map(|p| p.1));
            pairs.first.push(pairs.station.len());
        }
        pairs
    }

    /// From the catchment of each station, as `engine::Catchments` gives it: (place, travel time in hours).
    pub fn of_catchments(places: usize, catchments: &[Vec<(u32, f64)>]) -> Self {
        let mut rows: Vec<Vec<(u32, f64)>> = vec![Vec::new(); places];
        for (station, catchment) in (0..).zip(catchments) {
            for (place, travel_h) in catchment {
                if let Some(row) = rows.get_mut(*place as usize) {
                    row.push((station, *travel_h));
                }
            }
        }
        Self::new(rows)
    }

    /// Number of places.
    pub fn places(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.station.len()
    }

    /// Whether no place can use any station.
    pub fn is_empty(&self) -> bool {
        self.station.is_empty()
    }

    /// The pairs of a place, by their numbers.
    pub fn of(&self, place: usize) -> std::ops::Range<usize> {
        self.first[place]..self.first[place + 1]
    }

    /// Station of a pair.
    pub fn station(&self, pair: usize) -> u32 {
        self.station[pair]
    }

    /// Travel time of a pair, hours.
    pub fn travel_h(&self, pair: usize) -> f64 {
        self.travel_h[pair]
    }
}

/// Demand, ways and guns.
#[derive(Clone, Copy, Debug)]
pub struct LoadProblem<'a> {
    demand_h: &'a [f64],
    pairs: &'a Ways,
    stations: &'a [Queue],
    unserved_cost_h: f64,
}

impl<'a> LoadProblem<'a> {
    /// Sessions an hour that each place asks for, the stations that it can use, what stands there, and at how many hours of travel and wait
    /// a driver rather stays unserved ([`UNSERVED_COST_H`] unless somebody knows better).
    ///
    /// # Errors
    /// Input, when numbers are missing, negative, infinite or no numbers, or a pair names a station that is not there.
    pub fn new(demand_h: &'a [f64], pairs: &'a Ways, stations: &'a [Queue], unserved_cost_h: f64) -> Result<Self> {
        let bad = |x: &f64| !(x.is_finite() && *x >= 0.0);
        let next = "give a number from 0 on, which is not infinite";
        if demand_h.len() != pairs.places() {
            let what = format!("demand of {} places, and ways from {}", demand_h.len(), pairs.places());
            return Err(Error::input(what, "give one row of ways a place, an empty one where there are none"));
        }
        if let Some(place) = demand_h.iter().position(bad) {
            return Err(Error::input(format!("the demand of place {place} is {} sessions an hour", demand_h[place]), next));
        }
        if let Some(pair) = pairs.travel_h.iter().position(bad) {
            return Err(Error::input(
                format!("the travel time to station {} is {} h", pairs.station[pair], pairs.travel_h[pair]),
                next,
            ));
        }
        if let Some(station) = pairs.station.iter().find(|s| **s as usize >= stations.len()) {
            let what = format!("a way leads to station {station}, and there are {}", stations.len());
            return Err(Error::input(what, "number the stations from 0"));
        }
        if bad(&unserved_cost_h) {
            return Err(Error::input(format!("staying unserved costs {unserved_cost_h} h"), next));
        }
        Ok(Self { demand_h, pairs, stations, unserved_cost_h })
    }

    /// Sessions an hour of each place.
    pub fn demand_h(&self) -> &'a [f64] {
        self.demand_h
    }

    /// The ways.
    pub fn pairs(&self) -> &'a Ways {
        self.pairs
    }

    /// What stands at each station.
    pub fn stations(&self) -> &'a [Queue] {
        self.stations
    }

    /// Hours at which a driver rather stays unserved.
    pub fn unserved_cost_h(&self) -> f64 {
        self.unserved_cost_h
    }
}

/// Who comes to a station.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StationLoad {
    /// Sessions an hour that are asked for here.
    pub arrivals_h: f64,
    /// Of these, what is beyond capacity: unserved. 0 in an equilibrium, where nobody comes for nothing.
    pub turned_away_h: f64,
    /// Arrivals ÷ capacity, above 1 where some are turned away.
    pub utilisation: f64,
    /// Mean wait of those who come, hours; `None` where arrivals reach capacity.
    pub wait_h: Option<f64>,
}

/// How far an assignment is from an equilibrium, over travel, wait and the cost of those who stay unserved, without the time of service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// (Σ flow × cost − Σ demand × least cost) ÷ Σ flow × cost, without unit; 0 where nobody pays anything.
    pub relative: f64,
    /// What a driver could save at most by choosing otherwise, mean over all demand, seconds.
    pub mean_excess_s: f64,
    /// Σ flow × cost, hours an hour.
    pub cost_h: f64,
}

/// Who drives where.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Sessions an hour of each pair that are served.
    pub flow_h: Vec<f64>,
    /// Sessions an hour of each place that are not served. With the flows of its pairs it makes up the demand.
    pub unserved_h: Vec<f64>,
    /// Each station.
    pub stations: Vec<StationLoad>,
    /// `None` where a station has more arrivals than it can serve: no wait, no cost.
    pub gap: Option<Gap>,
    /// How often all places were gone through.
    pub sweeps: u32,
}

impl LoadProblem<'_> {
    /// Sum of the flows to each station, in the order of the pairs.
    fn arrivals(&self, flow_h: &[f64]) -> Vec<f64> {
        let mut arrivals = vec![0.0; self.stations.len()];
        for (flow, station) in flow_h.iter().zip(&self.pairs.station) {
            arrivals[*station as usize] += flow;
        }
        arrivals
    }

    /// The gap of flows with these waits at the stations; a wait that is infinite can only stand where nobody goes.
    fn gap(&self, flow_h: &[f64], unserved_h: &[f64], wait_h: &[f64]) -> Gap {
        let (mut cost, mut excess, mut demand) = (0.0, 0.0, 0.0);
        for (place, unserved) in unserved_h.iter().enumerate() {
            let pairs = self.pairs.of(place);
            let cost_of = |p: usize| self.pairs.travel_h[p] + wait_h[self.pairs.station[p] as usize];
            let least = pairs.clone().map(cost_of).fold(self.unserved_cost_h, f64::min);
            cost += unserved * self.unserved_cost_h;
            excess += unserved * (self.unserved_cost_h - least);
            for p in pairs.filter(|p| flow_h[*p] > 0.0) {
                cost += flow_h[p] * cost_of(p);
                excess += flow_h[p] * (cost_of(p) - least);
            }
            demand += self.demand_h[place];
        }
        Gap {
            relative: if cost > 0.0 { excess / cost } else { 0.0 },
            mean_excess_s: if demand > 0.0 { 3600.0 * excess / demand } else { 0.0 },
            cost_h: cost,
        }
    }
}
