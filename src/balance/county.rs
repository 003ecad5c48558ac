//! What a county asks for, has and lacks.

use super::days::RegionDay;
use super::swaps::{PlaceSwaps, SwapRegionDay, Swaps};
use super::{BalanceGround, CountyTrial, Reach, Town};
use crate::config::demand::Day;
use crate::config::vehicle_class::{ByClass, VehicleClass};
use crate::demand::{CountyBasis, PlaceDemand};
use crate::supply;
use serde::{Deserialize, Serialize};

/// What a county asks for and lacks on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountyDay {
    /// The day.
    pub day: Day,
    /// Its vehicles over those of today: in the target year they are more.
    pub vehicle_factor: f64,
    /// What its places ask for.
    pub asked: PlaceDemand,
    /// Of it, what through traffic on counted roads asks for, by plug and by swap, kWh.
    #[serde(default)]
    pub through_kwh: f64,
    /// Hour of the day in which most begins in the region.
    pub worst_hour: u32,
    /// Energy by plug that begins in it in the county, as a mean power, kW.
    pub worst_kw: f64,
    /// Of it, what cannot be served whatever drivers choose, kW.
    pub short_kw: f64,
    /// Of that, what has no charger of known or assumed power within reach, kW.
    pub no_charger_kw: f64,
    /// Energy that stays unserved over the day where everybody chooses for himself, kWh.
    pub unserved_kwh: f64,
    /// Sessions an hour of its places that are served in the worst hour.
    pub served_h: f64,
    /// Mean wait of those who are served in the worst hour, minutes; none where nobody is.
    pub wait_min: Option<f64>,
    /// Energy that its stations deliver, kWh.
    pub delivered_kwh: f64,
    /// Power utilisation of its stations: delivered energy ÷ (rated power × 24 h); none without rated power.
    pub utilisation: Option<f64>,
    /// Relative gap of the equilibria of the region, the largest of the day.
    pub gap: f64,
    /// What a driver could save at most, the mean of the worst of the hours, seconds.
    pub excess_s: f64,
    /// Hour of the day in which most energy by swap is asked for in the region.
    #[serde(default)]
    pub swap_hour: u32,
    /// What its places ask of swap stations.
    #[serde(default)]
    pub swaps: PlaceSwaps,
}

/// What stands in a county and is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountySupply {
    /// Charging stations.
    pub stations: u64,
    /// Of them, those whose power is neither known nor assumed.
    pub unknown: u64,
    /// Of them, those whose guns or power are assumed.
    pub assumed: u64,
    /// Of them, those that say what their feeder can still give.
    pub headroom_known: u64,
    /// Guns.
    pub guns: u64,
    /// Rated power, kW.
    pub rated_kw: f64,
    /// Power that can be drawn at once, kW.
    pub usable_kw: f64,
    /// Of it, what stands at stations that trucks can use, kW.
    pub truck_kw: f64,
    /// Energy that can be delivered in a day at most, kWh.
    pub day_kwh: f64,
    /// Energy that the grid gives for it, kWh.
    #[serde(default)]
    pub day_grid_kwh: f64,
    /// Swaps that can be kept up in a day.
    pub swaps_day: f64,
    /// Swap stations of which nothing is known.
    pub swap_unknown: u64,
    /// Hydrogen, kg a day, as far as is known.
    pub hydrogen_kg_day: f64,
    /// Hydrogen stations of which that is not known.
    pub hydrogen_unknown: u64,
}

/// The balance of a county.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountyBalance {
    /// What its vehicles rest on.
    pub basis: CountyBasis,
    /// What stands in it.
    pub supply: CountySupply,
    /// Vehicles that charge by plug: of each class what its `swap_share` leaves.
    pub plug_vehicles: f64,
    /// Delivered power for a vehicle that charges by plug, kW: the mean over vehicles, those without a charger within reach as 0. None without vehicles.
    pub access_kw: Option<f64>,
    /// The same by class; none of a class without vehicles, and of those that take hydrogen.
    pub class_access_kw: ByClass<Option<f64>>,
    /// Delivered power for 1,000 people, kW: the mean over people. None without people.
    pub people_access_kw: Option<f64>,
    /// Vehicles without a charger within reach, trucks apart.
    pub vehicles_without: f64,
    /// Settlements.
    pub towns: u64,
    /// Of them, those with a charging station in them.
    pub towns_with: u64,
    /// Of them, those of which nobody knows what they ask for: they are in no sum.
    pub towns_unknown: u64,
    /// By day.
    pub days: Vec<CountyDay>,
    /// A station that was tried out in it; none where none was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trial: Option<CountyTrial>,
}

impl CountyBalance {
    /// Whether anything is known of what it asks for: of a settlement, or of through traffic. Where not, its figures of demand are blank in
    /// tables and not known on pages.
    pub fn is_known(&self) -> bool {
        self.has_known_vehicles() || self.days.iter().any(|d| d.through_kwh > 0.0)
    }

    /// Whether it has settlements, and nothing is known of what they or through traffic ask for.
    pub fn is_all_unknown(&self) -> bool {
        self.towns > 0 && !self.is_known()
    }

    /// Whether the vehicles of any of its settlements are known.
    pub fn has_known_vehicles(&self) -> bool {
        self.towns_unknown < self.towns
    }

    /// Whether no vehicles are missing: those of every settlement are known, or a figure of the whole county has them.
    pub fn are_vehicles_complete(&self) -> bool {
        let by_people = self.basis.basis.iter().any(|word| word == "people" || word == "settlements+people");
        self.has_known_vehicles() && (self.towns_unknown == 0 || !by_people)
    }

    /// What is short on the worse of the ordinary day and the holiday, kW; none where what it asks for is not known.
    pub fn worst_short_kw(&self) -> Option<f64> {
        let days = self.days.iter().filter(|d| d.day != Day::Target);
        self.is_known().then(|| days.map(|d| d.short_kw).fold(0.0, f64::max))
    }
}

pub(super) fn of(
    g: &BalanceGround<'_>,
    reach: &Reach,
    (days, swaps): (&[RegionDay], &Swaps),
    towns: &[Town],
) -> Vec<CountyBalance> {
    let mut all: Vec<CountyBalance> =
        g.basis.iter().map(|basis| CountyBalance { basis: basis.clone(), ..CountyBalance::default() }).collect();
    for county in &mut all {
        let of = |c: &VehicleClass| super::plugged(g.demand, *c, county.basis.vehicles[*c as usize]);
        county.plug_vehicles = VehicleClass::ALL.iter().map(of).sum();
    }
    supplies(g, &mut all);
    reached(g, towns, &mut all);
    for (day, swaps) in days.iter().zip(&swaps.days) {
        let of_day = of_day(g, reach, (day, swaps), all.len());
        all.iter_mut().zip(of_day).for_each(|(county, day)| county.days.push(day));
    }
    for county in &mut all {
        let rated = county.supply.rated_kw;
        county.days.iter_mut().for_each(|d| d.utilisation = (rated > 0.0).then(|| d.delivered_kwh / (rated * 24.0)));
    }
    all
}

fn supplies(g: &BalanceGround<'_>, all: &mut [CountyBalance]) {
    for s in g.stations.iter().filter(|s| s.used) {
        let Some(county) = s.county.and_then(|c| all.get_mut(c as usize)) else { continue };
        let (out, of) = (&mut county.supply, supply::of(&s.station, &g.demand.supply));
        out.stations += u64::from(s.station.charging);
        out.unknown += u64::from(of.unknown);
        if let Some(guns) = of.guns {
            out.assumed += u64::from(guns.assumed);
            out.headroom_known += u64::from(guns.headroom_known);
            out.guns += u64::from(guns.guns);
            out.rated_kw += guns.rated_kw;
            out.usable_kw += guns.usable_kw;
            out.truck_kw += if s.station.trucks == Some(false) { 0.0 } else { guns.usable_kw };
            out.day_kwh += guns.day_kwh();
            out.day_grid_kwh += guns.day_grid_kwh();
        }
        out.swaps_day += of.swap.map_or(0.0, |s| s.swaps_day);
        out.swap_unknown += u64::from(s.station.swap && of.swap.is_none());
        out.hydrogen_kg_day += of.hydrogen_kg_day.unwrap_or(0.0);
        out.hydrogen_unknown += u64::from(s.station.hydrogen && of.hydrogen_kg_day.is_none());
    }
}

/// A mean that is being added up.
#[derive(Clone, Copy, Default)]
struct Mean {
    weight: f64,
    sum: f64,
}

impl Mean {
    /// Adds so many with this value, or with nothing.
    fn add(&mut self, weight: f64, value: Option<f64>) {
        (self.weight, self.sum) = (self.weight + weight, self.sum + weight * value.unwrap_or(0.0));
    }

    fn get(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

/// Means of a county: over vehicles, over those of each class, over people.
#[derive(Clone, Copy, Default)]
struct Means {
    vehicles: Mean,
    classes: ByClass<Mean>,
    people: Mean,
}

fn reached(g: &BalanceGround<'_>, towns: &[Town], all: &mut [CountyBalance]) {
    let mut means = vec![Means::default(); all.len()];
    for town in towns {
        let Some(county) = all.get_mut(town.county as usize) else { continue };
        let (settlement, mean) = (&g.settlements[town.settlement as usize], &mut means[town.county as usize]);
        county.towns += 1;
        county.towns_with += u64::from(town.has_charging);
        county.towns_unknown += u64::from(!town.known);
        mean.people.add(super::access::people(g, settlement), town.people_access_kw);
        for trucks in [false, true] {
            let kw = if trucks { town.truck_access_kw } else { town.access_kw };
            mean.vehicles.add(super::vehicles(g.demand, settlement, trucks), kw);
            for class in VehicleClass::by_plug(trucks) {
                let all = settlement.settlement.vehicles[class as usize].unwrap_or(0.0);
                mean.classes[class as usize].add(super::plugged(g.demand, class, all), kw);
            }
        }
        county.vehicles_without += if town.chargers == 0 { super::vehicles(g.demand, settlement, false) } else { 0.0 };
    }
    for (county, mean) in all.iter_mut().zip(means) {
        county.access_kw = mean.vehicles.get();
        county.class_access_kw = mean.classes.map(Mean::get);
        county.people_access_kw = mean.people.get();
    }
}

fn of_day(g: &BalanceGround<'_>, reach: &Reach, (day, swaps): (&RegionDay, &SwapRegionDay), counties: usize) -> Vec<CountyDay> {
    let empty = CountyDay {
        day: day.day,
        vehicle_factor: g.demand.target.filter(|_| day.day == Day::Target).map_or(1.0, |(_, factor)| factor),
        asked: PlaceDemand::default(),
        through_kwh: 0.0,
        worst_hour: day.worst_hour as u32,
        worst_kw: 0.0,
        short_kw: 0.0,
        no_charger_kw: 0.0,
        unserved_kwh: 0.0,
        served_h: 0.0,
        wait_min: None,
        delivered_kwh: 0.0,
        utilisation: None,
        gap: day.gap[0],
        excess_s: day.gap[1],
        swap_hour: swaps.hour as u32,
        swaps: PlaceSwaps::default(),
    };
    let mut all = vec![empty; counties];
    let mut waits = vec![[0.0; 2]; counties];
    for (i, ((asked, place), swaps)) in day.asked.iter().zip(&day.places).zip(&swaps.places).enumerate() {
        let of = g.county_of(i) as usize;
        let Some(county) = all.get_mut(of) else { continue };
        if i >= g.settlements.len() {
            county.through_kwh += asked.plug_total_kwh() + asked.swap_total_kwh();
        }
        county.asked = county.asked.plus(asked);
        county.worst_kw += asked.in_hour(g.demand, day.worst_hour).iter().sum::<f64>();
        county.short_kw += place.short_kw;
        county.no_charger_kw += place.no_charger_kw;
        county.unserved_kwh += place.unserved_kwh;
        county.swaps.add(swaps);
        let wait = &mut waits[of];
        (wait[0], wait[1]) = (wait[0] + place.served_h, wait[1] + place.waits_h);
    }
    for (charger, site) in reach.chargers.iter().zip(&day.sites) {
        let county = g.stations[charger.station as usize].county.and_then(|c| all.get_mut(c as usize));
        county.into_iter().for_each(|c| c.delivered_kwh += site.kwh);
    }
    for (county, [served, wait]) in all.iter_mut().zip(waits) {
        county.served_h = served;
        county.wait_min = (served > 0.0).then(|| 60.0 * wait / served);
    }
    all
}
