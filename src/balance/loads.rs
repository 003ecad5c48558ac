//! What every charging and swap station can give and what it is asked for.

use super::Reach;
use super::days::RegionDay;
use super::swaps::{SwapDay, Swaps};
use crate::config::demand::Day;
use crate::supply::{GunSupply, SwapSupply};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A station on a day; all about guns is 0 where it has none of known or assumed power.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationDay {
    /// The day.
    pub day: Day,
    /// Energy delivered, kWh.
    pub kwh: f64,
    /// Power utilisation: energy delivered ÷ (rated power × 24 h).
    pub power_utilisation: f64,
    /// Sessions an hour in the worst hour.
    pub sessions_h: f64,
    /// Sessions over what its guns can take for long, in the worst hour.
    pub occupancy: f64,
    /// Mean wait at a gun in the worst hour, minutes; none where nobody comes.
    pub wait_min: Option<f64>,
    /// Swaps; none where it swaps nothing, or nothing is known of how much.
    pub swaps: Option<SwapDay>,
}

/// A station.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationBalance {
    /// Number of the station.
    pub station: u32,
    /// What its guns can give; none where neither their number nor any power is known or assumed.
    pub guns: Option<GunSupply>,
    /// What its bays and batteries can give.
    pub swap: Option<SwapSupply>,
    /// By day.
    pub days: Vec<StationDay>,
}

pub(super) fn of(reach: &Reach, days: &[RegionDay], swaps: &Swaps) -> Vec<StationBalance> {
    let one = |(k, c): (usize, &super::Charger)| {
        let day = |d: &RegionDay| {
            let site = &d.sites[k];
            StationDay {
                day: d.day,
                kwh: site.kwh,
                power_utilisation: site.kwh / (c.guns.rated_kw * 24.0),
                sessions_h: site.sessions_h,
                occupancy: site.utilisation,
                wait_min: site.wait_h.map(|h| h * 60.0),
                swaps: None,
            }
        };
        (c.station, StationBalance { station: c.station, guns: Some(c.guns), swap: None, days: days.iter().map(day).collect() })
    };
    let mut all: BTreeMap<u32, StationBalance> = reach.chargers.iter().enumerate().map(one).collect();
    for (k, site) in swaps.sites.iter().enumerate() {
        let no_guns = || {
            let day = |day| StationDay {
                day,
                kwh: 0.0,
                power_utilisation: 0.0,
                sessions_h: 0.0,
                occupancy: 0.0,
                wait_min: None,
                swaps: None,
            };
            let days = swaps.days.iter().map(|d| day(d.day)).collect();
            StationBalance { station: site.station, guns: None, swap: None, days }
        };
        let load = all.entry(site.station).or_insert_with(no_guns);
        load.swap = Some(site.swap);
        load.days.iter_mut().zip(&swaps.days).for_each(|(day, of)| day.swaps = Some(of.sites[k]));
    }
    all.into_values().collect()
}
