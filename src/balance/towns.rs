//! What every settlement has: charging in it or not, who is near, what it asks for and what is short. In a county programme these are its
//! townships or villages.

use super::access::Access;
use super::days::RegionDay;
use super::{BalanceGround, Reach};
use crate::config::Service;
use crate::config::demand::Day;
use crate::config::vehicle_class::VehicleClass;
use crate::place::Nearest;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A settlement, in order of need within its county: the most short first, then the most people without a charger; behind them those of which
/// nobody knows what they ask for, those without a charger first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Town {
    /// Number of the settlement.
    pub settlement: u32,
    /// County.
    pub county: u32,
    /// Order of need in its county, from 1.
    pub need: u32,
    /// A charging station within `criteria.settlement_radius_km` by road.
    pub has_charging: bool,
    /// The nearest charging station by road, and the nearest swap station.
    pub nearest: [Option<Nearest>; 2],
    /// Anything is known of its vehicles: they are given, or its people are, or a figure of the county is spread evenly. Where not, what it
    /// asks for is not known, and the figures below that rest on vehicles are 0 here and blank in tables.
    pub known: bool,
    /// Vehicles of all classes.
    pub vehicles: f64,
    /// Delivered power for a car and the like, kW; none without a charger within reach.
    pub access_kw: Option<f64>,
    /// The same for a truck.
    pub truck_access_kw: Option<f64>,
    /// The same for 1,000 people.
    pub people_access_kw: Option<f64>,
    /// Chargers within reach whose power is known or assumed.
    pub chargers: u32,
    /// What it asks for on an ordinary day, kWh by plug.
    pub ordinary_kwh: f64,
    /// Power that is short in the worst hour: on the ordinary day, on the holiday, kW.
    pub short_kw: [f64; 2],
}

impl Town {
    /// Power that is short on the worse of both days, kW; none where what it asks for is not known.
    pub fn worst_short_kw(&self) -> Option<f64> {
        self.known.then(|| self.short_kw[1].max(self.short_kw[0]))
    }

    /// Which of two needs a station more, over all counties as within one: what is short, then no station in it, then people; those of which
    /// nobody knows what they ask for last.
    pub fn by_need((a, a_people): (&Self, u64), (b, b_people): (&Self, u64)) -> Ordering {
        // what is not known stands behind nothing short
        let short = |t: &Self| t.worst_short_kw().unwrap_or(-1.0);
        short(b).total_cmp(&short(a)).then(a.has_charging.cmp(&b.has_charging)).then(b_people.cmp(&a_people))
    }
}

pub(super) fn of(g: &BalanceGround<'_>, reach: &Reach, access: &Access, days: &[RegionDay]) -> Vec<Town> {
    let mut chargers = vec![0u32; g.places()];
    for (place, settlement) in reach.settlement.iter().enumerate() {
        chargers[*settlement as usize] = reach.by_distance.of(place).len() as u32;
    }
    let day = |which: Day| days.iter().find(|d| d.day == which);
    let [ordinary, holiday] = [day(Day::Ordinary), day(Day::Holiday)];
    let radius_mm = g.radius_mm;
    let one = |(i, s): (usize, &crate::place::SettlementOut)| {
        let nearest = [Service::Charging, Service::Swap].map(|service| s.nearest[service as usize]);
        Town {
            settlement: i as u32,
            county: s.county,
            need: 0,
            has_charging: nearest[0].is_some_and(|n| n.distance_mm <= radius_mm),
            nearest,
            known: s.settlement.vehicles.iter().any(Option::is_some),
            vehicles: VehicleClass::ALL.iter().map(|c| s.settlement.vehicles[*c as usize].unwrap_or(0.0)).sum(),
            access_kw: access.car_kw[i],
            truck_access_kw: access.truck_kw[i],
            people_access_kw: access.people_kw[i],
            chargers: chargers[i],
            ordinary_kwh: ordinary.map_or(0.0, |d| d.asked[i].plug_total_kwh()),
            short_kw: [ordinary, holiday].map(|d| d.map_or(0.0, |d| d.places[i].short_kw)),
        }
    };
    let mut all: Vec<Town> = g.settlements.iter().enumerate().map(one).collect();
    order(g, &mut all);
    all
}

/// Gives every settlement its place in the order of need of its county; of equals the one with more people, then the lower id.
fn order(g: &BalanceGround<'_>, all: &mut [Town]) {
    let people = |t: &Town| g.settlements[t.settlement as usize].settlement.population.unwrap_or(0);
    let mut by_need: Vec<usize> = (0..all.len()).collect();
    by_need.sort_by(|a, b| {
        let (a, b) = (&all[*a], &all[*b]);
        let need = Town::by_need((a, people(a)), (b, people(b)));
        a.county.cmp(&b.county).then(need).then(a.settlement.cmp(&b.settlement))
    });
    let (mut county, mut place) = (u32::MAX, 0);
    for i in by_need {
        place = if all[i].county == county { place + 1 } else { 1 };
        county = all[i].county;
        all[i].need = place;
    }
}
