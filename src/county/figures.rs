//! Gathers the figures of each county from the ledger, the stations and the settlements. Residents of a joined table come later: a
//! piece of network knows no table.

use crate::balance::CountyBalance;
use crate::config::Service;
use crate::config::demand::{Day, Demand};
use crate::config::{RoadClass, Serving};
use crate::coverage::Ledger;
use crate::place::{SettlementOut, StationOut};
use crate::rank::{CountyFigures, DemandFigures};

/// What figures are made of: counties and what stands in them, under one service distance and with some stations.
pub struct CountyState<'a> {
    /// Codes of the counties.
    pub codes: &'a [String],
    /// What is asked for.
    pub criteria: &'a Serving,
    /// Index of the service distance among the criteria.
    pub criterion: usize,
    /// The books with those stations.
    pub ledger: &'a Ledger,
    /// Longest dead stretch of each county for charging at that distance, millimetres.
    pub longest_mm: &'a [u64],
    /// Stations.
    pub stations: &'a [StationOut],
    /// Those that count, by number.
    pub counts: &'a dyn Fn(usize) -> bool,
    /// Settlements.
    pub settlements: &'a [SettlementOut],
    /// Distance by road to the nearest charging station that counts, of each settlement that is on the network, in order.
    pub charging_mm: &'a [Option<u32>],
}

/// Figures of every county.
pub fn of_counties(state: &CountyState<'_>) -> Vec<CountyFigures> {
    let CountyState { ledger, criteria, criterion, .. } = *state;
    let start = |(i, code): (usize, &String)| CountyFigures {
        code: code.clone(),
        road_mm: RoadClass::ALL.map(|c| ledger.class_mm(i, c)),
        gap_mm: RoadClass::ALL.map(|c| ledger.cell(i, Service::Charging, criterion, c).gap_mm),
        longest_stretch_mm: state.longest_mm[i],
        ..CountyFigures::default()
    };
    let mut all: Vec<CountyFigures> = state.codes.iter().enumerate().map(start).collect();
    for (_, s) in state.stations.iter().enumerate().filter(|(i, s)| s.used && (state.counts)(*i)) {
        let Some(f) = s.county.map(|c| &mut all[c as usize]) else { continue };
        f.charging_stations += u64::from(s.station.charging);
        f.swap_stations += u64::from(s.station.swap);
        f.points += s.station.points.map_or(0, u64::from);
        f.power_kw += s.station.total_kw.unwrap_or(0.0);
    }
    let limit = criteria.all[criterion].limit();
    for (s, distance) in state.settlements.iter().filter(|s| s.snapped.is_some()).zip(state.charging_mm) {
        let f = &mut all[s.county as usize];
        let beyond = |mm: u32| distance.is_none_or(|d| d > mm);
        f.settlements += 1;
        f.settlements_in_gap += u64::from(beyond(limit));
        f.settlements_without_station += u64::from(beyond(criteria.settlement_radius_mm));
        let people = s.settlement.population.unwrap_or(0);
        f.people += people;
        f.people_in_gap += if beyond(limit) { people } else { 0 };
    }
    for f in &mut all {
        (f.settlement_people, f.settlement_people_in_gap) = (f.people, f.people_in_gap);
    }
    all
}

/// Figures of demand for the ranking, from the balance of a county: a guess in the place of a blank cell gains nobody a place.
pub fn of_balance(b: &CountyBalance, demand: &Demand) -> DemandFigures {
    if crate::demand::is_filled(&b.basis, demand) || !b.has_known_vehicles() {
        return DemandFigures::of_townships(b.towns, b.towns - b.towns_with);
    }
    let on = |day: Day| b.days.iter().find(|d| d.day == day);
    let short = |day: Day| on(day).map_or(0.0, |d| d.short_kw);
    let vehicles = b.plug_vehicles;
    let peak = on(Day::Holiday);
    let peak_sessions_h = peak.map_or(0.0, |d| d.served_h);
    DemandFigures {
        vehicles,
        short_kw: [Day::Ordinary, Day::Holiday].map(short),
        access_kw: b.access_kw.unwrap_or(0.0) * vehicles,
        townships: b.towns,
        townships_without: b.towns - b.towns_with,
        peak_sessions_h,
        peak_wait_min: peak.and_then(|d| d.wait_min).map_or(0.0, |min| min * peak_sessions_h),
        filled: false,
    }
}
