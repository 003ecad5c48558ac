//! `[plan]` as typed: where to build, how much of it, and what for.

use super::plan_corridors::CorridorsTable;
use super::plan_flows::FlowsTable;
use super::plan_years::YearTable;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[plan]`: the sites that close the gaps best. One of `sites`, `budget` and `cover_percent`; 10 sites when none is given.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanTable {
    /// What the sites offer: one of `[criteria]` services; `charging` when not given.
    pub service: Option<String>,
    /// The service distance that they are planned for, km: one of `[criteria]` distances_km; the headline when not given.
    pub reach_km: Option<f64>,
    /// The same by time, minutes: one of `[criteria]` times_min.
    pub reach_min: Option<f64>,
    /// What is to be covered most: `road` (road in the gap), `people` (of settlements in the gap), `settlements`, or `energy` (what
    /// settlements in the gap ask for in a day, with `[demand]`); or which ways are to be least: `distance` (mean way by road of people to
    /// the nearest station), `settlement_distance` (of settlements, each as one), `farthest` (of the farthest settlement); or which
    /// vehicles are to get where they go: `flows`, with `[plan.flows]`. `road` when neither is given.
    pub objective: Option<String>,
    /// What is reached counts only where so many stations are within reach, 2 or 3, those that stand included.
    pub backup: Option<u32>,
    /// The share of the time that each station works, 0.5 to 0.999: what is reached counts by how likely one of those within reach works.
    pub uptime: Option<f64>,
    /// Of the energy that is asked for a site serves no more than so much, kWh a day.
    pub capacity_kwh: Option<f64>,
    /// The same as hours a day of its rated power, 0.5 to 24.
    pub capacity_hours: Option<f64>,
    /// No more than so many sites.
    pub sites: Option<u32>,
    /// No more than so much money, in the currency of the costs.
    pub budget: Option<f64>,
    /// The fewest sites that cover so much of what candidates can cover, percent.
    pub cover_percent: Option<f64>,
    /// What a candidate costs that says nothing of it, in whole units of the currency; an assumption where a budget is asked for.
    pub site_cost: Option<f64>,
    /// What each kW costs that a new station has beyond the headroom of the grid, where `[candidates]` say what that is.
    pub connect_cost_per_kw: Option<f64>,
    /// The currency, for tables and pages.
    pub currency: Option<String>,
    /// Codes of the counties whose gaps count; every county of the region when not given.
    pub counties: Option<Vec<String>>,
    /// Codes of counties whose gaps are closed before all others, in this order.
    pub first: Vec<String>,
    /// Where candidates are made on the roads: `settlements`, `gaps` (middles of dead stretches, and along them), `junctions`. All three
    /// when nothing is given and there is no `[candidates]`; an empty list makes none.
    pub generate: Option<Vec<String>>,
    /// Candidates along dead stretches stand so far apart, km; half of the reach when not given.
    pub spacing_km: Option<f64>,
    /// No more candidates than so many are made; default 2000.
    pub most_candidates: Option<u32>,
    /// Budgets over which counties are funded with their plans, each county with up to `sites` sites: what is best at each, and a ladder on
    /// which a larger budget never drops a county. Needs costs.
    pub funding: Vec<f64>,
    /// Roads on which no way without a station is to be too long. Without `sites`, `budget` and `cover_percent` nothing else is planned.
    pub corridors: Option<CorridorsTable>,
    /// Vehicles from place to place that get only so far: the sites that let most of them go on.
    pub flows: Option<FlowsTable>,
    /// Several years in one plan: what may be built in each. Instead of `sites` and `budget`.
    pub years: Vec<YearTable>,
    /// Guns of a new station; those of `[demand.trial]`, or 4, when not given.
    pub guns: Option<u32>,
    /// Power of each, kW; that of `[demand.trial]`, or 120, when not given.
    pub gun_kw: Option<f64>,
    /// Bays of a new swap station at most; 1 when not given.
    pub bays: Option<u32>,
    /// Battery packs of it at most, each with a charger; 13 for each bay when not given.
    pub packs: Option<u32>,
}
