//! What becomes of the files of a region: the part of the criteria that readers and the building of the network take.

use super::class::{RoadClass, SpeedTable};
use super::key::Keys;
use super::region_file::RegionFile;
use crate::error::Result;
use crate::space::units::MM_PER_KM;
use std::collections::{BTreeMap, BTreeSet};

/// Settlements farther than this from any road have none, metres, unless the criteria say otherwise.
pub(super) const SETTLEMENT_SNAP_M: f64 = 2000.0;

/// How roads are read and joined to a network, and how much may be refused.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Speeds.
    pub speeds: SpeedTable,
    /// Classes in the network.
    pub classes: BTreeSet<RoadClass>,
    /// Shorter cut-off pieces are excluded, millimetres.
    pub min_island_mm: u64,
    /// Cut-off pieces of any length stay where a settlement meets them within so many metres, and no other road.
    pub lived_on_within_m: f64,
    /// Ends of road not farther than this from another road are joined to it, metres; 0 joins none.
    pub join_tolerance_m: f64,
    /// Roads that cross without a common vertex are joined there.
    pub join_crossings: bool,
    /// Share of a layer that may be refused.
    pub max_refused_share: f64,
}

impl Reading {
    /// That of `[roads]` and `[read]`.
    pub(super) fn of(file: &RegionFile) -> Result<Self> {
        let keys = Keys::of(file);
        let roads = file.roads.clone().unwrap_or_default();
        let island_km = keys.not_negative("roads.min_island_km", roads.min_island_km.unwrap_or(5.0))?;
        Ok(Self {
            speeds: speeds(&keys, &roads.speeds_kmh)?,
            classes: roads.use_classes.map_or_else(usual_classes, |list| list.into_iter().collect()),
            min_island_mm: (island_km * MM_PER_KM as f64) as u64,
            lived_on_within_m: keys
                .positive("criteria.settlement_max_snap_m", file.criteria.settlement_max_snap_m.unwrap_or(SETTLEMENT_SNAP_M))?,
            join_tolerance_m: match roads.join_tolerance_m.unwrap_or(0.0) {
                m if (0.0..=50.0).contains(&m) => m,
                m => {
                    return Err(keys.bad(
                        "roads.join_tolerance_m",
                        format!("{m} m is too much to join without looking"),
                        "give 0 to 50",
                    ));
                }
            },
            join_crossings: roads.join_crossings,
            max_refused_share: match file.read.max_refused_share.unwrap_or(0.01) {
                share if (0.0..=1.0).contains(&share) => share,
                share => {
                    let what = format!("{share} is not a share");
                    return Err(keys.bad("read.max_refused_share", what, "give a number from 0 to 1"));
                }
            },
        })
    }
}

fn speeds(keys: &Keys, kmh: &BTreeMap<RoadClass, f64>) -> Result<SpeedTable> {
    match kmh.iter().find(|(_, kmh)| !(1.0..=200.0).contains(*kmh)) {
        None => Ok(SpeedTable::new(kmh)),
        Some((class, kmh)) => {
            let key = format!("roads.speeds_kmh.{}", class.as_str());
            Err(keys.bad(&key, format!("{kmh} km/h is not a speed"), "give 1 to 200"))
        }
    }
}

/// Motorway to local.
fn usual_classes() -> BTreeSet<RoadClass> {
    RoadClass::ALL.into_iter().filter(|c| *c <= RoadClass::Local).collect()
}
