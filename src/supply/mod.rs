//! What a station can give: power and energy of its guns, swaps of its bays and batteries, hydrogen. Pure functions of a station as read
//! and of what is taken where its register is silent. It knows no road and no demand; grid and delivered energy are two figures.
//!
//! **One equivalence.** A swap gives out `pack_kwh × pack_share` kWh; energy is compared in delivered kWh; a standard pile is 120 kW of rated
//! power (annex 3 of the notice of 2024), a swap station has that of its battery chargers. Photovoltaics, storage and feeding back to the grid
//! are not modelled.

mod swap;

pub use swap::{SwapFigures, SwapSupply};

use crate::config::demand::SupplyFigures;
use crate::read::plausible::{is_gun_kw, is_station_kw};
use crate::read::station::Station;
use serde::{Deserialize, Serialize};

/// What bounds the power that a station can draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Its guns.
    Guns,
    /// The rated power of the station.
    Station,
    /// What the feeder can still give.
    Headroom,
}

impl Bound {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guns => "guns",
            Self::Station => "station",
            Self::Headroom => "headroom",
        }
    }
}

/// What guns of a station can give.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GunSupply {
    /// Guns.
    pub guns: u32,
    /// Power of a gun, kW: the mean, where guns differ.
    pub gun_kw: f64,
    /// Rated power of all guns, or of the station where that is less, kW.
    pub rated_kw: f64,
    /// Power that can be drawn at once: the least of guns × simultaneity, station and headroom, kW.
    pub usable_kw: f64,
    /// Which of them it is.
    pub bound: Bound,
    /// Guns that can give their full power at once, at least 1; more are busy at once where vehicles draw less.
    pub servers: u32,
    /// Share of the time in which it works.
    pub availability: f64,
    /// Energy that arrives in vehicles for each kWh from the grid.
    pub efficiency: f64,
    /// Whether guns or power are assumed and not read.
    pub assumed: bool,
    /// Whether what the feeder can give is known.
    pub headroom_known: bool,
}

impl GunSupply {
    /// Energy that it can deliver in a day at most, kWh.
    pub fn day_kwh(&self) -> f64 {
        self.usable_kw * self.availability * self.efficiency * 24.0
    }

    /// Energy that the grid gives for it in a day at most, kWh.
    pub fn day_grid_kwh(&self) -> f64 {
        self.usable_kw * self.availability * 24.0
    }

    /// Power for vehicles that is there on the mean: usable power × availability × efficiency, kW.
    pub fn delivered_kw(&self) -> f64 {
        self.usable_kw * self.availability * self.efficiency
    }

    /// Power that a vehicle is given which takes so much, kW: a gun gives no more than it has, and all of them no more than is usable.
    pub fn given_kw(&self, vehicle_kw: f64) -> f64 {
        (self.gun_kw.min(self.usable_kw) * self.efficiency).min(vehicle_kw)
    }

    /// Guns that can be busy at once where each gives so much to its vehicle on the mean: they share what is usable. At least 1.
    pub fn busy_at_once(&self, given_kw: f64) -> u32 {
        let at_once = (self.usable_kw * self.efficiency / given_kw + 1e-9).floor();
        (at_once as u32).clamp(1, self.guns)
    }
}

/// What a station can give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Supply {
    /// Its guns; none where it has none, or neither their number nor any power is known or assumed.
    pub guns: Option<GunSupply>,
    /// It charges, but guns or power are unknown and nothing is assumed for them.
    pub unknown: bool,
    /// Its swaps.
    pub swap: Option<SwapSupply>,
    /// Hydrogen, kg a day, where known.
    pub hydrogen_kg_day: Option<f64>,
}

/// What a station can give; what its register does not say is taken from `figures`.
pub fn of(station: &Station, figures: &SupplyFigures) -> Supply {
    let guns = station.charging.then(|| guns(station, figures)).flatten();
    Supply {
        guns,
        unknown: station.charging && guns.is_none(),
        swap: station.swap.then(|| swap::of(station, figures)).flatten(),
        hydrogen_kg_day: station.equipment.hydrogen_kg_day.filter(|_| station.hydrogen),
    }
}

fn guns(s: &Station, figures: &SupplyFigures) -> Option<GunSupply> {
    let e = &s.equipment;
    let by_kind = e.ac_points.is_some() || e.dc_points.is_some();
    let [ac, dc] = [e.ac_points, e.dc_points].map(|n| n.unwrap_or(0));
    let counted = s.points.or(by_kind.then_some(ac + dc)).filter(|n| *n > 0);
    // A power that no gun has was told when it was read, and is not known here: a pole of 400 MW would serve the whole county.
    let of_gun = |kw: &f64| is_gun_kw(*kw) && counted.is_none_or(|n| s.total_kw.is_some() || is_station_kw(kw * f64::from(n)));
    let power_kw = s.power_kw.filter(of_gun);
    let of_station = |kw: &f64| is_station_kw(*kw) && counted.is_none_or(|n| is_gun_kw(kw / f64::from(n)));
    let total_kw = s.total_kw.filter(of_station);
    // Power of all guns: what is read, else guns by their kind, else by the one figure that is given for guns of no kind.
    let read = |n: u32| total_kw.or_else(|| power_kw.map(|kw| kw * f64::from(n)));
    let assumed = |n: u32| {
        let kinds = f64::from(ac) * figures.ac_gun_kw + f64::from(dc) * figures.dc_gun_kw;
        if by_kind && ac + dc > 0 { Some(kinds) } else { figures.gun_kw.map(|kw| kw * f64::from(n)) }
    };
    let (guns, all_kw, taken) = match counted {
        Some(n) => match read(n) {
            Some(kw) => (n, kw, false),
            None => (n, assumed(n)?, true),
        },
        // A station whose power is known and whose guns are not: as many as its gun power goes into its power.
        None => {
            let all = total_kw.or(power_kw)?;
            let gun = power_kw.or(figures.gun_kw).unwrap_or(all);
            ((all / gun).round().max(1.0) as u32, all, true)
        }
    };
    let sound = all_kw > 0.0 && guns > 0 && s.points != Some(0);
    if !sound {
        return None;
    }
    let of_guns = power_kw.map_or(all_kw, |kw| kw * f64::from(guns)).max(all_kw);
    let simultaneity = e.simultaneity.unwrap_or(figures.simultaneity);
    let drawn = of_guns * simultaneity;
    let station = total_kw.unwrap_or(f64::INFINITY);
    let headroom = e.headroom_kw.unwrap_or(f64::INFINITY);
    let usable_kw = drawn.min(station).min(headroom);
    let bound = if headroom <= drawn.min(station) {
        Bound::Headroom
    } else if station < drawn {
        Bound::Station
    } else {
        Bound::Guns
    };
    let gun_kw = of_guns / f64::from(guns);
    let at_once = (usable_kw / gun_kw + 1e-9).floor();
    Some(GunSupply {
        guns,
        gun_kw,
        rated_kw: of_guns.min(station),
        usable_kw,
        bound,
        servers: (at_once as u32).clamp(1, guns),
        availability: e.availability.unwrap_or(figures.availability),
        efficiency: figures.efficiency,
        assumed: taken,
        headroom_known: e.headroom_kw.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::equipment::Equipment;

    pub(super) const FIGURES: SupplyFigures = SupplyFigures {
        ac_gun_kw: 7.0,
        dc_gun_kw: 60.0,
        gun_kw: None,
        simultaneity: 1.0,
        availability: 1.0,
        efficiency: 0.9,
        swap_min: 5.0,
        pack_kwh: 60.0,
        pack_share: 0.8,
        recharge_min: 60.0,
    };

    fn station(points: u32, power_kw: f64, total_kw: Option<f64>, equipment: Equipment) -> Station {
        Station { charging: true, points: Some(points), power_kw: Some(power_kw), total_kw, equipment, ..Station::default() }
    }

    #[test]
    fn supply_is_the_least_of_guns_station_and_headroom() {
        let of = |total, headroom_kw, simultaneity| {
            let e = Equipment { headroom_kw, simultaneity, ..Equipment::default() };
            super::of(&station(4, 120.0, total, e), &FIGURES).guns.unwrap()
        };
        // 4 × 120 = 480 kW at the guns
        let g = of(None, None, None);
        assert_eq!((g.rated_kw, g.usable_kw, g.bound, g.servers, g.headroom_known), (480.0, 480.0, Bound::Guns, 4, false));
        // the cabinet has 360: three guns at full power
        let g = of(Some(360.0), None, None);
        assert_eq!((g.rated_kw, g.usable_kw, g.bound, g.servers), (360.0, 360.0, Bound::Station, 3));
        // the feeder has 200: one gun at full power, and 200 kW for it
        let g = of(Some(360.0), Some(200.0), None);
        assert_eq!((g.usable_kw, g.bound, g.servers, g.headroom_known), (200.0, Bound::Headroom, 1, true));
        // half at once: 240
        let g = of(Some(360.0), None, Some(0.5));
        assert_eq!((g.usable_kw, g.bound, g.servers), (240.0, Bound::Guns, 2));
        // cars of 60 kW leave half of a gun unused: of 240 × 0.9 = 216 kW three are given 60 (a gun could give 108)
        assert_eq!((g.given_kw(60.0), g.busy_at_once(60.0)), (60.0, 3));
        // 480 kW × 24 h from the grid, nine tenths of it delivered
        let g = of(None, None, None);
        assert_eq!((g.day_grid_kwh(), g.day_kwh()), (11520.0, 10368.0));
    }

    #[test]
    fn what_is_not_known_is_assumed_by_kind_or_said_to_be_unknown() {
        let kinds = Equipment { ac_points: Some(3), dc_points: Some(2), ..Equipment::default() };
        let s = Station { charging: true, points: Some(5), equipment: kinds, ..Station::default() };
        // 3 × 7 + 2 × 60 = 141 kW
        let g = of(&s, &FIGURES).guns.unwrap();
        assert_eq!((g.guns, g.rated_kw, g.assumed), (5, 141.0, true));
        let bare = Station { charging: true, points: Some(5), ..Station::default() };
        assert_eq!(of(&bare, &FIGURES), Supply { unknown: true, ..Supply::default() });
        let given = SupplyFigures { gun_kw: Some(30.0), ..FIGURES };
        assert_eq!(of(&bare, &given).guns.map(|g| (g.rated_kw, g.assumed)), Some((150.0, true)));
        // a station without guns gives nothing, whatever its power
        assert!(of(&station(0, 60.0, Some(60.0), Equipment::default()), &FIGURES).unknown);
        // 360 kW at guns of 120: three of them
        let s = Station { charging: true, power_kw: Some(120.0), total_kw: Some(360.0), ..Station::default() };
        assert_eq!(of(&s, &FIGURES).guns.map(|g| (g.guns, g.gun_kw, g.assumed)), Some((3, 120.0, true)));
    }
}
