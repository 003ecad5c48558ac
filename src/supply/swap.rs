//! What a swap station can give: bays × minutes a swap bound the peak, chargers and packs what can be kept up.

use crate::config::demand::SupplyFigures;
use crate::read::plausible::is_swap_bays;
use crate::read::station::Station;
use serde::{Deserialize, Serialize};

/// What a swap station has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SwapFigures {
    /// Bays.
    pub bays: u32,
    /// Minutes that a bay is taken by one swap.
    pub swap_min: f64,
    /// Battery packs in stock.
    pub packs: u32,
    /// Chargers for them.
    pub chargers: u32,
    /// Minutes that a pack is charged.
    pub recharge_min: f64,
    /// Energy that a swap gives, kWh.
    pub swap_kwh: f64,
}

/// What it can give.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SwapSupply {
    /// What it has.
    pub has: SwapFigures,
    /// Whether some of that is assumed and not read.
    pub assumed: bool,
    /// Swaps an hour while full packs last.
    pub peak_per_h: f64,
    /// How long they last at that pace from a full stock, hours; none where they never run out.
    pub peak_h: Option<f64>,
    /// Swaps an hour that can be kept up.
    pub sustained_per_h: f64,
    /// Swaps in a day that begins and ends with an empty stock.
    pub swaps_day: f64,
    /// Swaps in a day that begins with a full one.
    pub first_day: f64,
    /// Energy given out in a day that can be kept up, kWh.
    pub day_kwh: f64,
}

impl SwapFigures {
    /// What follows from them, in steady flow.
    ///
    /// One bay of 5 minutes, 13 packs, 8 chargers, an hour a pack: 12 swaps an hour for 3.25 hours, then 8.
    ///
    /// ```
    /// use chargegap::internals::supply::SwapFigures;
    /// let has = SwapFigures { bays: 1, swap_min: 5.0, packs: 13, chargers: 8, recharge_min: 60.0, swap_kwh: 48.0 };
    /// let s = has.supply(false);
    /// assert_eq!((s.peak_per_h, s.peak_h, s.sustained_per_h), (12.0, Some(3.25), 8.0));
    /// assert_eq!((s.swaps_day, s.first_day), (192.0, 12.0 * 3.25 + 8.0 * 20.75));
    /// ```
    pub fn supply(self, assumed: bool) -> SwapSupply {
        let bays = f64::from(self.bays) * 60.0 / self.swap_min;
        let refilled = f64::from(self.chargers.min(self.packs)) * 60.0 / self.recharge_min;
        let sustained_per_h = bays.min(refilled);
        let peak_h = (bays > refilled).then(|| f64::from(self.packs) / (bays - refilled));
        let at_peak = peak_h.map_or(24.0, |h| h.min(24.0));
        SwapSupply {
            has: self,
            assumed,
            peak_per_h: bays,
            peak_h,
            sustained_per_h,
            swaps_day: sustained_per_h * 24.0,
            first_day: bays * at_peak + sustained_per_h * (24.0 - at_peak),
            day_kwh: sustained_per_h * 24.0 * self.swap_kwh,
        }
    }
}

/// The swaps of a station; none where neither bays nor packs are known.
pub(super) fn of(s: &Station, figures: &SupplyFigures) -> Option<SwapSupply> {
    let e = &s.equipment;
    if s.swap_bays.is_none() && s.swap_batteries.is_none() || s.swap_bays == Some(0) || s.swap_batteries == Some(0) {
        return None;
    }
    if s.swap_bays.is_some_and(|bays| !is_swap_bays(bays)) {
        return None;
    }
    let bays = s.swap_bays.unwrap_or(1);
    // Packs that nobody counted: as many as the bay can give out while one is charged.
    let recharge_min = e.recharge_min.unwrap_or(figures.recharge_min);
    let swap_min = e.swap_min.unwrap_or(figures.swap_min);
    let packs = s.swap_batteries.unwrap_or_else(|| (f64::from(bays) * recharge_min / swap_min).ceil() as u32);
    let has = SwapFigures {
        bays,
        swap_min,
        packs,
        chargers: e.swap_chargers.filter(|n| *n > 0).unwrap_or(packs),
        recharge_min,
        swap_kwh: e.pack_kwh.unwrap_or(figures.pack_kwh) * figures.pack_share,
    };
    let read = s.swap_bays.is_some() && s.swap_batteries.is_some() && e.swap_chargers.is_some();
    Some(has.supply(!(read && e.recharge_min.is_some() && e.swap_min.is_some() && e.pack_kwh.is_some())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(packs: u32, chargers: u32, swap_min: f64) -> SwapSupply {
        SwapFigures { bays: 1, swap_min, packs, chargers, recharge_min: 60.0, swap_kwh: 48.0 }.supply(false)
    }

    #[test]
    fn published_stations_come_out() {
        // NIO: 5 and 13 packs at an hour a pack give 120 and 312 a day, the bay not being the bound
        assert_eq!([has(5, 5, 4.0).swaps_day, has(13, 13, 4.0).swaps_day], [120.0, 312.0]);
        // with a bay of 5 minutes the second is bound by the bay: 12 × 24, and never runs out
        let s = has(13, 13, 5.0);
        assert_eq!((s.swaps_day, s.peak_h, s.first_day), (288.0, None, 288.0));
        assert_eq!(has(13, 8, 5.0).day_kwh, 192.0 * 48.0);
    }

    #[test]
    fn more_chargers_than_packs_are_of_no_use() {
        assert_eq!(has(6, 20, 5.0).sustained_per_h, 6.0);
        // a stock that lasts longer than a day: 12 − 11 packs an hour from 30
        assert_eq!(has(30, 11, 5.0).first_day, 288.0);
    }
}
