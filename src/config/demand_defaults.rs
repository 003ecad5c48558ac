//! What is taken of vehicles where `[demand]` does not say it, each figure with its source or as an assumption; [`super::demand`] lists the
//! references.

use super::demand::{Basis, NOT_KNOWN};
use super::vehicle_class::VehicleClass;

/// A figure with where it comes from.
pub(super) type Told = (f64, (Basis, &'static str));

/// Figures of a class.
pub(super) struct Defaults {
    pub(super) km_day: Told,
    pub(super) per_km: Told,
    pub(super) public_share: f64,
    pub(super) swap_share: f64,
    pub(super) session_kwh: Told,
    pub(super) vehicle_kw: f64,
}

/// What is taken of a class where the region file does not say it.
pub(super) fn defaults(class: VehicleClass) -> Defaults {
    let assumed = |value: f64| (value, (Basis::Assumption, NOT_KNOWN));
    let sourced = |value: f64, source: &'static str| (value, (Basis::Source, source));
    let expressway = sourced(25.0, "25 kWh a session on expressways, Spring Festival 2026 (Argus)");
    let make = |km_day, per_km, public_share, session_kwh, vehicle_kw| Defaults {
        km_day,
        per_km,
        public_share,
        swap_share: 0.0,
        session_kwh,
        vehicle_kw,
    };
    match class {
        VehicleClass::PrivateCar => {
            make(assumed(35.0), sourced(0.151, "GB 36980.1-2025: 15.1 kWh/100 km at about 2 t"), 0.3, expressway, 60.0)
        }
        VehicleClass::Taxi => {
            make(assumed(250.0), sourced(0.151, "GB 36980.1-2025: 15.1 kWh/100 km at about 2 t"), 0.9, expressway, 60.0)
        }
        VehicleClass::Bus => make(assumed(150.0), assumed(0.8), 0.1, assumed(120.0), 120.0),
        VehicleClass::Van => make(assumed(120.0), assumed(0.4), 0.6, assumed(35.0), 60.0),
        VehicleClass::HeavyTruck => make(
            sourced(140.0, "electric tractors of Tangshan, median (ICCT, March 2024)"),
            assumed(1.6),
            0.8,
            assumed(200.0),
            240.0,
        ),
        // by no plug: sessions and power enter no figure
        VehicleClass::FuelCellTruck => make(assumed(200.0), assumed(9.0), 1.0, assumed(1.0), 1.0),
    }
}

/// What the preset of hours of a class is, in words.
pub(super) fn preset_hours_are(class: VehicleClass) -> &'static str {
    match class {
        VehicleClass::PrivateCar | VehicleClass::Taxi => "a day's curve with a peak in the evening",
        VehicleClass::Bus | VehicleClass::Van => "a day's curve of vehicles that charge by night and at noon",
        VehicleClass::HeavyTruck | VehicleClass::FuelCellTruck => "every hour alike",
    }
}

/// The preset of hours: cars by day with a peak from 17 to 21 h, buses and vans by night, trucks evenly. An assumption.
pub(super) fn preset_hours(class: VehicleClass) -> [f64; 24] {
    const CAR: [f64; 24] =
        [1.0, 0.7, 0.5, 0.4, 0.4, 0.7, 1.5, 2.5, 3.8, 4.8, 5.4, 5.8, 6.0, 5.6, 5.2, 5.2, 5.8, 6.8, 7.6, 8.0, 7.6, 6.2, 4.4, 3.1];
    const NIGHT: [f64; 24] =
        [7.5, 7.0, 6.5, 6.0, 5.0, 3.0, 1.5, 1.5, 2.0, 2.5, 3.0, 4.5, 5.0, 4.0, 3.0, 2.5, 2.5, 2.5, 3.0, 4.0, 5.5, 6.5, 7.0, 7.5];
    let raw = match class {
        VehicleClass::PrivateCar | VehicleClass::Taxi => CAR,
        VehicleClass::Bus | VehicleClass::Van => NIGHT,
        VehicleClass::HeavyTruck | VehicleClass::FuelCellTruck => [1.0; 24],
    };
    let sum: f64 = raw.iter().sum();
    raw.map(|v| v / sum)
}
