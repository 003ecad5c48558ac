//! What a county's inputs show, as counted by the county room; [`super::PARTS`] judges.

use serde::{Deserialize, Serialize};

/// Counts of one county; lengths in millimetres. `all_…` are of the whole road layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InputCounts {
    /// Stations that lie in the county, used or not.
    pub stations: u64,
    /// Fields that they are asked for.
    pub fields_asked: u64,
    /// Of those, with a value.
    pub fields_known: u64,
    /// Stations flagged as the double of another.
    pub doubles: u64,
    /// Stations flagged as without guns or power.
    pub ghosts: u64,
    /// Stations with an opening date.
    pub dated: u64,
    /// Median age of those that are open, against the newest date of all stations.
    pub median_age_months: Option<f64>,
    /// Stations with a road within `max_snap_m`.
    pub on_road: u64,
    /// Settlements.
    pub settlements: u64,
    /// Settlements of known population.
    pub settlements_with_people: u64,
    /// Road of the classes motorway to tertiary.
    pub main_road_mm: u64,
    /// Of it, with a name.
    pub named_mm: u64,
    /// Road in the ledger.
    pub road_mm: u64,
    /// Road cut off from the network.
    pub cut_off_mm: u64,
    /// Road read, in the whole layer.
    pub all_road_mm: u64,
    /// Of it, of a class that is not known.
    pub all_unclassed_mm: u64,
    /// Road ends that stop short of another road, in the whole layer.
    pub all_near_ends: u64,
    /// A raster or a joined table has the county's people.
    pub people_by_area: bool,
}
