//! From vehicles to energy: kWh a day by class, sessions in each hour, swaps and hydrogen.

use crate::config::demand::Demand;
use crate::config::vehicle_class::{ByClass, VehicleClass};
use serde::{Deserialize, Serialize};

/// What is asked for on one day, at one place or in one county.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceDemand {
    /// Energy charged in public by plug, delivered kWh a day, by class.
    pub plug_kwh: ByClass<f64>,
    /// Energy by swapped batteries, kWh a day, by class.
    pub swap_kwh: ByClass<f64>,
    /// Hydrogen, kg a day.
    pub hydrogen_kg: f64,
}

impl PlaceDemand {
    /// Both added up.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let add = |a: &ByClass<f64>, b: &ByClass<f64>| std::array::from_fn(|i| a[i] + b[i]);
        Self {
            plug_kwh: add(&self.plug_kwh, &other.plug_kwh),
            swap_kwh: add(&self.swap_kwh, &other.swap_kwh),
            hydrogen_kg: self.hydrogen_kg + other.hydrogen_kg,
        }
    }

    /// Energy by plug of all classes, kWh a day.
    pub fn plug_total_kwh(&self) -> f64 {
        self.plug_kwh.iter().sum()
    }

    /// Energy by swap of all classes, kWh a day.
    pub fn swap_total_kwh(&self) -> f64 {
        self.swap_kwh.iter().sum()
    }

    /// Energy by plug that begins in an hour, kWh, by class.
    pub fn in_hour(&self, demand: &Demand, hour: usize) -> ByClass<f64> {
        std::array::from_fn(|c| self.plug_kwh[c] * demand.hourly[c][hour])
    }
}

/// What so many vehicles ask for on a day with `factor` times the energy of an ordinary one.
pub fn day_demand(vehicles: &ByClass<f64>, demand: &Demand, factor: f64) -> PlaceDemand {
    let mut out = PlaceDemand::default();
    for class in VehicleClass::ALL {
        let (i, f) = (class as usize, &demand.classes[class as usize]);
        let public = vehicles[i] * f.km_day * f.per_km * f.public_share * factor;
        if class.is_hydrogen() {
            out.hydrogen_kg += public;
        } else {
            out.plug_kwh[i] = public * (1.0 - f.swap_share);
            out.swap_kwh[i] = public * f.swap_share;
        }
    }
    out
}

/// The hour in which most energy by plug begins, the first of equals, and that energy, kWh.
pub fn worst_hour(all: &PlaceDemand, demand: &Demand) -> (usize, f64) {
    fullest_hour(|hour| all.in_hour(demand, hour).iter().sum())
}

/// The hour with the most of something, the first of equals, and how much.
pub fn fullest_hour(of: impl Fn(usize) -> f64) -> (usize, f64) {
    (0..24).map(|h| (h, of(h))).fold((0, f64::NEG_INFINITY), |best, now| if now.1 > best.1 { now } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RegionFile;

    fn demand(text: &str) -> Demand {
        let file = RegionFile::parse(text, "r").unwrap();
        Demand::of(&file, 10_000_000, 50_000_000).unwrap().unwrap()
    }

    #[test]
    fn energy_by_hand() {
        let d = demand(
            "[demand.classes.private_car]\nkm_day = 40\nper_km = 0.15\npublic_share = 0.5\nswap_share = 0.25\n[demand.classes.fuel_cell_truck]\nkm_day = 200\nper_km = 8\n",
        );
        // 100 cars × 40 km × 0.15 kWh/km × half in public = 300 kWh, a quarter of it swapped; twice that on the holiday
        let place = day_demand(&[100.0, 0.0, 0.0, 0.0, 0.0, 2.0], &d, 2.0);
        assert!((place.plug_total_kwh() - 450.0).abs() < 1e-9 && (place.swap_total_kwh() - 150.0).abs() < 1e-9);
        // 2 trucks × 200 km × 8 kg/100 km = 32 kg, twice that
        assert!((place.hydrogen_kg - 64.0).abs() < 1e-9);
    }

    #[test]
    fn the_worst_hour_is_the_first_of_those_with_most() {
        let mut hours = [0.0f64; 24];
        (hours[7], hours[19], hours[3]) = (0.4, 0.4, 0.2);
        let list = hours.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        let d = demand(&format!("[demand.hourly]\nprivate_car = [{list}]\n"));
        let place = PlaceDemand { plug_kwh: [1000.0, 0.0, 0.0, 0.0, 0.0, 0.0], ..PlaceDemand::default() };
        assert_eq!(worst_hour(&place, &d), (7, 400.0));
    }
}
