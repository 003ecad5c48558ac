//! Swaps: what places ask for by swapped batteries, which station it goes to, and how often no full pack is there.
//!
//! Everybody who swaps drives to the nearest swap station of known or assumed figures by road, of at most `demand.reach_km`; of equals to the
//! one with the lower id. Heavy trucks leave out stations that are closed to them. A place without one in reach is told apart. An hour is
//! taken by itself, as at guns: of what comes the bays take `bays × 60 ÷ minutes` at most, and of those who get to a bay the share of
//! M/M/k/S finds no full pack. Both are turned away; nobody goes on to another station.

use super::days::RegionDay;
use super::{BalanceGround, Reach};
use crate::access::queue::swap_blocked;
use crate::access::within::within;
use crate::config::Service;
use crate::config::criteria::Metric;
use crate::config::demand::{Day, Demand};
use crate::config::vehicle_class::VehicleClass;
use crate::demand::{PlaceDemand, fullest_hour};
use crate::place::Site;
use crate::supply::{self, SwapSupply};
use serde::{Deserialize, Serialize};

/// What a swap station is asked for on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SwapDay {
    /// Swaps that are asked for.
    pub asked: f64,
    /// Of them, those turned away: no bay or no full pack.
    pub turned_away: f64,
    /// Swaps asked for in the worst hour for swaps.
    pub worst_h: f64,
    /// Share of those who get to a bay in it and find no full pack.
    pub blocked: f64,
}

/// What places ask of swap stations on a day: of one place, or of a county's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceSwaps {
    /// Energy without a swap station of known or assumed figures in reach, kWh.
    pub none_kwh: f64,
    /// Swaps asked for at stations in reach.
    pub asked: f64,
    /// Of them, those turned away.
    pub turned_away: f64,
    /// Swaps asked for in the worst hour for swaps.
    pub worst_h: f64,
    /// Of these, how many would find no full pack: each times the share of its station.
    pub worst_blocked_h: f64,
}

impl PlaceSwaps {
    /// Share of the swaps of the worst hour that find no full pack; none where none is asked for.
    pub fn blocked(&self) -> Option<f64> {
        (self.worst_h > 0.0).then(|| self.worst_blocked_h / self.worst_h)
    }

    /// Adds those of another place.
    pub(super) fn add(&mut self, other: &Self) {
        self.none_kwh += other.none_kwh;
        self.asked += other.asked;
        self.turned_away += other.turned_away;
        self.worst_h += other.worst_h;
        self.worst_blocked_h += other.worst_blocked_h;
    }
}

/// A swap station whose figures are known or assumed.
pub(super) struct SwapSite {
    /// Number of the station.
    pub(super) station: u32,
    pub(super) swap: SwapSupply,
    node: u32,
    trucks: bool,
}

/// The swaps of a day.
pub(super) struct SwapRegionDay {
    pub(super) day: Day,
    /// Hour in which most energy by swap is asked for in the region, the first of equals.
    pub(super) hour: usize,
    /// By station of [`Swaps::sites`].
    pub(super) sites: Vec<SwapDay>,
    /// By settlement.
    pub(super) places: Vec<PlaceSwaps>,
}

/// The swaps of a region.
pub(super) struct Swaps {
    pub(super) sites: Vec<SwapSite>,
    pub(super) days: Vec<SwapRegionDay>,
}

/// For every settlement the station that its cars and its trucks go to, by number in the list of stations.
type Nearest = Vec<[Option<u32>; 2]>;

impl Swaps {
    pub(super) fn of(g: &BalanceGround<'_>, reach: &Reach, days: &[RegionDay]) -> Self {
        let site = |s: &Site| {
            let station = &g.stations[s.station as usize].station;
            let swap = supply::of(station, &g.demand.supply).swap?;
            Some(SwapSite { station: s.station, swap, node: s.node, trucks: station.trucks != Some(false) })
        };
        let mut sites: Vec<SwapSite> = g.sites.iter().filter(|s| s.offers(Service::Swap)).filter_map(site).collect();
        sites.sort_by_key(|s| s.station);
        let anybody = days.iter().flat_map(|d| &d.asked).any(|a| a.swap_total_kwh() > 0.0);
        let nearest = if anybody { nearest(g, reach, &sites) } else { vec![[None; 2]; g.places()] };
        let days = days.iter().map(|d| of_day(g.demand, &sites, &nearest, d)).collect();
        Self { sites, days }
    }
}

fn nearest(g: &BalanceGround<'_>, reach: &Reach, sites: &[SwapSite]) -> Nearest {
    let nodes: Vec<u32> = sites.iter().map(|s| s.node).collect();
    let ways = within(g.network, (&nodes, Metric::Distance), g.placed, g.demand.reach_mm);
    let mut all = vec![[None; 2]; g.places()];
    for (place, settlement) in reach.settlement.iter().enumerate() {
        all[*settlement as usize] = [false, true].map(|trucks| {
            let usable = ways.of(place).iter().filter(|(site, _)| sites[*site as usize].trucks || !trucks);
            usable.min_by_key(|(site, mm)| (*mm, *site)).map(|(site, _)| *site)
        });
    }
    all
}

/// Energy by swap that is asked for in an hour, kWh, of all classes.
fn in_hour(asked: &PlaceDemand, demand: &Demand, hour: usize) -> f64 {
    VehicleClass::ALL.iter().map(|c| asked.swap_kwh[*c as usize] * demand.hourly[*c as usize][hour]).sum()
}

/// The classes that go to a place's station for cars, or for trucks.
fn classes(trucks: bool) -> impl Iterator<Item = usize> {
    VehicleClass::ALL.into_iter().filter(move |c| c.is_truck() == trucks).map(|c| c as usize)
}

fn of_day(demand: &Demand, sites: &[SwapSite], nearest: &Nearest, day: &RegionDay) -> SwapRegionDay {
    let total = day.asked.iter().fold(PlaceDemand::default(), |all, a| all.plus(a));
    let (hour, _) = fullest_hour(|h| in_hour(&total, demand, h));
    let mut comes = vec![[0.0; 24]; sites.len()];
    // (settlement, station, swaps by hour) of all who swap
    let mut flows: Vec<(usize, usize, [f64; 24])> = Vec::new();
    let mut places = vec![PlaceSwaps::default(); day.asked.len()];
    for (i, (asked, to)) in day.asked.iter().zip(nearest).enumerate() {
        for (trucks, to) in [false, true].into_iter().zip(to) {
            let kwh: f64 = classes(trucks).map(|c| asked.swap_kwh[c]).sum();
            let Some(site) = to.filter(|_| kwh > 0.0) else {
                places[i].none_kwh += kwh;
                continue;
            };
            let site = site as usize;
            let each = sites[site].swap.has.swap_kwh;
            let swaps: [f64; 24] =
                std::array::from_fn(|h| classes(trucks).map(|c| asked.swap_kwh[c] * demand.hourly[c][h]).sum::<f64>() / each);
            comes[site].iter_mut().zip(swaps).for_each(|(all, s)| *all += s);
            flows.push((i, site, swaps));
        }
    }
    let taken: Vec<[Hour; 24]> = sites.iter().zip(&comes).map(|(s, comes)| comes.map(|n| Hour::of(&s.swap, n))).collect();
    for (place, site, swaps) in flows {
        let (of, place) = (&taken[site], &mut places[place]);
        place.asked += swaps.iter().sum::<f64>();
        place.turned_away += swaps.iter().zip(of).map(|(n, h)| n * h.turned_away).sum::<f64>();
        place.worst_h += swaps[hour];
        place.worst_blocked_h += swaps[hour] * of[hour].blocked;
    }
    let site = |(comes, of): (&[f64; 24], &[Hour; 24])| SwapDay {
        asked: comes.iter().sum(),
        turned_away: comes.iter().zip(of).map(|(n, h)| n * h.turned_away).sum(),
        worst_h: comes[hour],
        blocked: of[hour].blocked,
    };
    SwapRegionDay { day: day.day, hour, sites: comes.iter().zip(&taken).map(site).collect(), places }
}

/// What becomes of those who come to a swap station in an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Hour {
    /// Share of those who get to a bay and find no full pack.
    blocked: f64,
    /// Share of all who come and are turned away.
    turned_away: f64,
}

impl Hour {
    fn of(swap: &SwapSupply, comes: f64) -> Self {
        if comes <= 0.0 {
            return Self::default();
        }
        let to_bay = comes.min(swap.peak_per_h);
        let blocked = swap_blocked(to_bay, swap.has.recharge_min / 60.0, swap.has.chargers, swap.has.packs);
        Self { blocked, turned_away: 1.0 - to_bay / comes * (1.0 - blocked) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supply::SwapFigures;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 5e-9
    }

    #[test]
    fn the_day_worked_out_by_hand() {
        // one bay of 5 minutes, 13 packs, 8 chargers, an hour a pack: 12 an hour for 3.25 h and then 8
        let has = SwapFigures { bays: 1, swap_min: 5.0, packs: 13, chargers: 8, recharge_min: 60.0, swap_kwh: 48.0 };
        let s = has.supply(false);
        // M/M/8/13 at 10 an hour: 0.230938617 (table of swap stations)
        let at_ten = Hour::of(&s, 10.0);
        assert!(close(at_ten.blocked, 0.230_938_617) && close(at_ten.turned_away, at_ten.blocked), "{at_ten:?}");
        // 20 come and the bay takes 12; of 12 an hour M/M/8/13 blocks so many that less than 8 an hour are served
        let at_twenty = Hour::of(&s, 20.0);
        assert_eq!(at_twenty.blocked, swap_blocked(12.0, 1.0, 8, 13));
        let served = 20.0 * (1.0 - at_twenty.turned_away);
        assert!(close(served, 12.0 * (1.0 - at_twenty.blocked)) && served < s.sustained_per_h, "{served}");
        assert_eq!(Hour::of(&s, 0.0), Hour::default());
    }
}
