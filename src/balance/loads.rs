//! What every charging station can give and what it is asked for.

use super::Reach;
use super::days::RegionDay;
use crate::config::demand::Day;
use crate::supply::GunSupply;

/// A station on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
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
}

/// A station.
#[derive(Clone, Debug, PartialEq)]
pub struct StationBalance {
    /// Number of the station.
    pub station: u32,
    /// What it can give.
    pub guns: GunSupply,
    /// By day.
    pub days: Vec<StationDay>,
}

pub(super) fn of(reach: &Reach, days: &[RegionDay]) -> Vec<StationBalance> {
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
            }
        };
        StationBalance { station: c.station, guns: c.guns, days: days.iter().map(day).collect() }
    };
    let mut all: Vec<StationBalance> = reach.chargers.iter().enumerate().map(one).collect();
    all.sort_by_key(|s| s.station);
    all
}
