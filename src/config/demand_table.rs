//! `[demand]` and `[supply]` as typed. What they mean, with the source of every default, is [`super::demand`]'s.

use super::traffic::TrafficTable;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[demand]`: the vehicles of places and what they charge in public. Without this table no demand is computed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DemandTable {
    /// Vehicles by class: the column of the county table that holds their number. Classes: `private_car`, `taxi`, `bus`, `van`,
    /// `heavy_truck`, `fuel_cell_truck`. Columns of settlements with these names go before.
    pub vehicles: BTreeMap<String, String>,
    /// The column of the county table with the number of households that own a car; with `electric_share` it gives private cars.
    pub households: Option<String>,
    /// Share of the car-owning households that have an electric car, 0 to 1.
    pub electric_share: Option<f64>,
    /// Vehicles of a class for 1,000 people, where neither of the above says it.
    pub per_1000_people: BTreeMap<String, f64>,
    /// The column of the county table with the number of electric public vehicles of all classes, split by `public_fleet_shares`.
    pub public_fleet: Option<String>,
    /// Share of each class in the public fleet; when not given, a preset that is marked as an assumption.
    pub public_fleet_shares: BTreeMap<String, f64>,
    /// What a vehicle of each class drives, needs and can do.
    pub classes: BTreeMap<String, ClassTable>,
    /// Share of a class's charging that begins in each hour of the day, 24 numbers that add up to 1.
    pub hourly: BTreeMap<String, Vec<f64>>,
    /// The peak day.
    pub holiday: HolidayTable,
    /// The target year.
    pub target: TargetTable,
    /// `county` (default): people of settlements are scaled to those of the county table, where there is one. `settlements`: as they are.
    pub people: Option<String>,
    /// How far by road a driver goes to charge, km; must not be more than the longest of `criteria.distances_km`; default the headline one.
    pub reach_km: Option<f64>,
    /// What it costs a driver not to be served, minutes; default 120.
    pub unserved_cost_min: Option<f64>,
    /// How floating catchments weigh the way: `binary`, `enhanced`, `gaussian` (default) or `three_step`.
    pub access: Option<String>,
    /// The station that is tried out in every county.
    pub trial: TrialTable,
    /// Vehicles counted on roads.
    pub traffic: Option<TrafficTable>,
}

/// `[demand.classes.…]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClassTable {
    /// Kilometres a day.
    pub km_day: Option<f64>,
    /// kWh a kilometre; of fuel-cell trucks, kg of hydrogen for 100 km.
    pub per_km: Option<f64>,
    /// Share of its energy that is charged in public, 0 to 1.
    pub public_share: Option<f64>,
    /// Share of the vehicles that can swap their battery and do so, 0 to 1.
    pub swap_share: Option<f64>,
    /// kWh taken in one session.
    pub session_kwh: Option<f64>,
    /// Power that a vehicle can take, kW.
    pub vehicle_kw: Option<f64>,
}

/// `[demand.holiday]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HolidayTable {
    /// Energy of the peak day over that of an ordinary day.
    pub factor: Option<f64>,
    /// `expressway_mean` (2.59) or `expressway_peak` (2.95), of expressways in October 2025; for a rural county an assumption.
    pub preset: Option<String>,
}

/// `[demand.target]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TargetTable {
    /// The year.
    pub year: Option<u32>,
    /// Vehicles of that year over those of today.
    pub factor: Option<f64>,
}

/// `[demand.trial]`: a charging station that is tried out in the largest gap of every county.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TrialTable {
    /// Its guns; default 4. With 0 none is tried.
    pub guns: Option<u32>,
    /// Power of each gun, kW; default 120.
    pub gun_kw: Option<f64>,
}

/// `[supply]`: what is taken where a register is silent. Each default is marked as an assumption.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupplyTable {
    /// Power of a gun of alternating current whose power is not known, kW.
    pub ac_gun_kw: Option<f64>,
    /// Power of a gun of direct current whose power is not known, kW.
    pub dc_gun_kw: Option<f64>,
    /// Power of a gun of which neither power nor current is known, kW; when not given, such guns supply nothing and are told.
    pub gun_kw: Option<f64>,
    /// Share of the guns' power that a station can draw at once, 0 to 1, where it does not say.
    pub simultaneity: Option<f64>,
    /// Share of the time in which a station works, 0 to 1, where it does not say.
    pub availability: Option<f64>,
    /// Energy that arrives in vehicles for each kWh from the grid, 0 to 1.
    pub efficiency: Option<f64>,
    /// Minutes that a bay is taken by one swap.
    pub swap_min: Option<f64>,
    /// Energy of a battery pack, kWh.
    pub pack_kwh: Option<f64>,
    /// Share of a pack that a swap gives, 0 to 1.
    pub pack_share: Option<f64>,
    /// Minutes that a pack is charged until it can be given out.
    pub recharge_min: Option<f64>,
}
