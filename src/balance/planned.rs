//! What stations give once those that are planned run as well: for the expected utilisation of a programme, which counts what is commissioned in
//! its period or planned to be. Nothing else rests on it: what is short, waits and trials are those of the stations that are there.
//!
//! A planned station is no node of the network, for it serves nobody yet: who reaches it comes over an end of its piece of road, or stands on that
//! piece. It is looked for on an ordinary day alone, and only where a station is planned that some programme counts.

use super::days::{self, RegionDay};
use super::trial::LoadsWith;
use super::{BalanceGround, Charger, Reach};
use crate::access::within::Within;
use crate::config::demand::Day;
use crate::error::Result;
use crate::network::{Placed, SnapIndex, share};
use crate::supply;
use serde::{Deserialize, Serialize};

/// What stations give on an ordinary day with the planned ones among them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlannedLoads {
    /// By number of the station: rated power of its guns, kW, and energy, kWh.
    pub loads: Vec<(u32, f64, f64)>,
    /// By county: energy of the station that was tried in it, kWh, and what the others give with it; none where none was tried.
    pub with_trial: Vec<Option<(f64, LoadsWith)>>,
}

/// The chargers with the planned ones among them, and their ordinary day.
pub(super) struct Planned {
    pub(super) reach: Reach,
    pub(super) day: RegionDay,
}

impl Planned {
    /// None where none is planned that could be used.
    pub(super) fn of(g: &BalanceGround<'_>, standing: &Reach) -> Result<Option<Self>> {
        let spots = spots(g);
        let ordinary = g.demand.days().into_iter().find(|(day, _)| *day == Day::Ordinary);
        let Some((day, factor)) = ordinary.filter(|_| !spots.is_empty()) else { return Ok(None) };
        let reach = with(g, standing, &spots);
        let day = days::of(g, &reach, day, factor)?;
        Ok(Some(Self { reach, day }))
    }

    pub(super) fn loads(&self) -> Vec<(u32, f64, f64)> {
        let all = self.reach.chargers.iter().zip(&self.day.sites);
        all.map(|(c, site)| (c.station, c.guns.rated_kw, site.kwh)).collect()
    }
}

/// A planned station on its road.
struct Spot {
    at: Placed,
    charger: Charger,
}

fn spots(g: &BalanceGround<'_>) -> Vec<Spot> {
    /// From the foot on the road to that road, metres: nothing but rounding.
    const ON_ROAD_M: f64 = 5.0;
    let charger = |number: u32| {
        let s = g.stations.get(number as usize)?;
        let guns =
            supply::of(&s.station, &g.demand.supply).guns.filter(|guns| s.station.charging && guns.delivered_kw() > 0.0)?;
        Some((s.snapped?.at, Charger { station: number, guns, trucks: s.station.trucks != Some(false) }))
    };
    let (feet, chargers): (Vec<_>, Vec<_>) = g.planned.iter().filter_map(|s| charger(*s)).unzip();
    if feet.is_empty() {
        return Vec::new();
    }
    let index = SnapIndex::near_in(g.network, &feet, ON_ROAD_M);
    let spot = |(at, charger)| {
        let snap = index.nearest(at, ON_ROAD_M)?;
        Some(Spot { at: Placed { edge: snap.edge, offset_mm: snap.offset_mm }, charger })
    };
    feet.into_iter().zip(chargers).filter_map(spot).collect()
}

/// The chargers that stand and these behind them, with who can reach them.
fn with(g: &BalanceGround<'_>, standing: &Reach, spots: &[Spot]) -> Reach {
    let edges = g.network.edges();
    let ends = |s: &Spot| [edges[s.at.edge as usize].tail, edges[s.at.edge as usize].head];
    let nodes: Vec<u32> = spots.iter().flat_map(ends).collect();
    let (to_ends, end_hours) = super::ways(g, &nodes);
    let (mut all, mut hours) = (Vec::new(), Vec::new());
    for place in 0..standing.by_distance.places() {
        for k in standing.by_distance.range(place) {
            let (charger, mm) = standing.by_distance.all()[k];
            all.push((place as u32, charger, mm));
            hours.push(standing.hours[k]);
        }
        // the planned ones have the highest numbers, so they are the last of their place
        for (number, spot) in (standing.chargers.len() as u32..).zip(spots) {
            let end = |side: u32| {
                let first = 2 * (number - standing.chargers.len() as u32) + side;
                let range = to_ends.range(place);
                let k = to_ends.of(place).binary_search_by_key(&first, |p| p.0).ok()?;
                Some((to_ends.of(place)[k].1, end_hours[range.start + k]))
            };
            let way = way(g, (spot.at, g.placed[place]), [end(0), end(1)]);
            if let Some((mm, way_hours)) = way.filter(|w| w.0 <= g.demand.reach_mm) {
                all.push((place as u32, number, mm));
                hours.push(way_hours);
            }
        }
    }
    let chargers = standing.chargers.iter().cloned().chain(spots.iter().map(|s| s.charger.clone())).collect();
    let by_distance = Within::new(standing.by_distance.places(), all);
    Reach { settlement: standing.settlement.clone(), chargers, by_distance, hours }
}

/// Millimetres and hours from a place to a spot, given those to both ends of its edge: over its tail, over its head, or along the edge that
/// both are on.
fn way(g: &BalanceGround<'_>, (to, from): (Placed, Placed), ends: [Option<(u32, f64)>; 2]) -> Option<(u32, f64)> {
    let e = &g.network.edges()[to.edge as usize];
    let hours = |mm: u32| f64::from(share(e.time_ms, mm, e.length_mm)) / 3.6e6;
    let rest = e.length_mm.saturating_sub(to.offset_mm);
    let over = |end: Option<(u32, f64)>, mm: u32| end.and_then(|(way, h)| Some((way.checked_add(mm)?, h + hours(mm))));
    let along = (from.edge == to.edge && (!e.oneway || from.offset_mm <= to.offset_mm)).then(|| {
        let mm = from.offset_mm.abs_diff(to.offset_mm);
        (mm, hours(mm))
    });
    let all = [over(ends[0], to.offset_mm), over(ends[1].filter(|_| !e.oneway), rest), along];
    let quickest = all.iter().flatten().map(|w| w.1).fold(f64::INFINITY, f64::min);
    all.into_iter().flatten().map(|w| w.0).min().map(|mm| (mm, quickest))
}
