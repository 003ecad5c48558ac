//! What stations give once those that are planned run as well: for the expected utilisation of a programme, which counts what is commissioned in
//! its period or planned to be. A planned station takes load from others from its day on: the days on which planned stations open cut the time,
//! and each part is asked with those that are open by then. Nothing else rests on it: what is short, waits and trials are those of the stations
//! that are there.
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
use crate::read::date;
use crate::supply;
use serde::{Deserialize, Serialize};

/// The most days of opening that are asked one by one; where there are more, stations that open in a year stand beside the others from its first
/// day on.
pub const MOST_DAYS: usize = 12;

/// Which of the planned stations are open: where of some it cannot be told whether a programme counts them, loads are asked for twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlannedOf {
    /// All that count; of none is it in doubt.
    #[default]
    All,
    /// Those that are sure to count.
    Sure,
    /// Those that may count too.
    May,
}

impl PlannedOf {
    /// Whether it holds where those in doubt count, or do not.
    pub fn holds(self, in_doubt_count: bool) -> bool {
        match self {
            Self::All => true,
            Self::Sure => !in_doubt_count,
            Self::May => in_doubt_count,
        }
    }
}

/// Planned stations that are open from a day on, with those of earlier days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFrom {
    /// Which of them.
    pub of: PlannedOf,
    /// The day.
    pub from: date::Day,
    /// Their numbers.
    pub stations: Vec<u32>,
}

/// What is open from which day on, of the planned stations that are sure to count and of those that may count too.
pub fn planned_of(sure: &[(date::Day, u32)], may: &[(date::Day, u32)]) -> Vec<PlannedFrom> {
    if sure == may {
        return planned_from(PlannedOf::All, may);
    }
    [planned_from(PlannedOf::Sure, sure), planned_from(PlannedOf::May, may)].concat()
}

/// What is open from which day on, of stations and the days on which they open; earlier days first.
fn planned_from(of: PlannedOf, stations: &[(date::Day, u32)]) -> Vec<PlannedFrom> {
    let mut days: Vec<date::Day> = stations.iter().map(|s| s.0).collect();
    days.sort_unstable();
    days.dedup();
    if days.len() > MOST_DAYS {
        days = days.into_iter().map(|day| (day.0, 1, 1)).collect();
        days.dedup();
        let by_year = |(day, station): &(date::Day, u32)| ((day.0, 1, 1), *station);
        return open_from(of, &days, &stations.iter().map(by_year).collect::<Vec<_>>());
    }
    open_from(of, &days, stations)
}

fn open_from(of: PlannedOf, days: &[date::Day], stations: &[(date::Day, u32)]) -> Vec<PlannedFrom> {
    let by = |from: date::Day| stations.iter().filter(|s| s.0 <= from).map(|s| s.1).collect();
    days.iter().map(|from| PlannedFrom { of, from: *from, stations: by(*from) }).collect()
}

/// What stations give on an ordinary day from a day on, with the planned ones that are open by then among them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlannedLoads {
    /// With which of them.
    #[serde(default)]
    pub of: PlannedOf,
    /// The day.
    pub from: date::Day,
    /// By number of the station: rated power of its guns, kW, and energy, kWh.
    pub loads: Vec<(u32, f64, f64)>,
    /// By county: energy of the station that was tried in it, kWh, and what the others give with it; none where none was tried.
    pub with_trial: Vec<Option<(f64, LoadsWith)>>,
}

/// The chargers with the planned ones among them, and their ordinary day.
pub(super) struct Planned {
    pub(super) of: PlannedOf,
    pub(super) from: date::Day,
    pub(super) reach: Reach,
    pub(super) day: RegionDay,
}

impl Planned {
    /// All, in the order of their days.
    pub(super) fn all(g: &BalanceGround<'_>, standing: &Reach) -> Result<Vec<Self>> {
        let found = g.planned.iter().map(|planned| Self::of(g, standing, planned));
        Ok(found.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// None where none is planned that could be used.
    fn of(g: &BalanceGround<'_>, standing: &Reach, planned: &PlannedFrom) -> Result<Option<Self>> {
        let spots = spots(g, &planned.stations);
        let ordinary = g.demand.days().into_iter().find(|(day, _)| *day == Day::Ordinary);
        let Some((day, factor)) = ordinary.filter(|_| !spots.is_empty()) else { return Ok(None) };
        let reach = with(g, standing, &spots);
        let day = days::of(g, &reach, day, factor)?;
        Ok(Some(Self { of: planned.of, from: planned.from, reach, day }))
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

fn spots(g: &BalanceGround<'_>, planned: &[u32]) -> Vec<Spot> {
    /// From the foot on the road to that road, metres: nothing but rounding.
    const ON_ROAD_M: f64 = 5.0;
    let charger = |number: u32| {
        let s = g.stations.get(number as usize)?;
        let guns =
            supply::of(&s.station, &g.demand.supply).guns.filter(|guns| s.station.charging && guns.delivered_kw() > 0.0)?;
        Some((s.snapped?.at, Charger { station: number, guns, trucks: s.station.trucks != Some(false) }))
    };
    let (feet, chargers): (Vec<_>, Vec<_>) = planned.iter().filter_map(|s| charger(*s)).unzip();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_opening_cut_the_time() {
        let open =
            |list: &[(date::Day, u32)]| -> Vec<_> { planned_of(list, list).into_iter().map(|p| (p.from, p.stations)).collect() };
        assert!(open(&[]).is_empty());
        // two open on one day: two parts, the later one with all three
        let list = [((2026, 3, 1), 4), ((2025, 7, 2), 9), ((2026, 3, 1), 2)];
        assert_eq!(open(&list), [((2025, 7, 2), vec![9]), ((2026, 3, 1), vec![4, 9, 2])]);
        // twelve days are asked one by one; thirteen by year
        let months: Vec<_> = (1..=12).map(|m| ((2025, m, 15), m)).collect();
        assert_eq!(open(&months).len(), 12);
        let more: Vec<_> = months.into_iter().chain([((2026, 5, 5), 13)]).collect();
        let seen = open(&more);
        assert_eq!(seen.iter().map(|p| (p.0, p.1.len())).collect::<Vec<_>>(), [((2025, 1, 1), 12), ((2026, 1, 1), 13)]);
        // where 9 is in doubt both lists are asked, each for its side
        let both = planned_of(&list[2..], &list);
        let seen: Vec<_> = both.iter().map(|p| (p.of, p.from, p.stations.len())).collect();
        let want = [(PlannedOf::Sure, (2026, 3, 1), 1), (PlannedOf::May, (2025, 7, 2), 1), (PlannedOf::May, (2026, 3, 1), 3)];
        assert_eq!(seen, want);
        assert_eq!(
            [PlannedOf::All, PlannedOf::Sure, PlannedOf::May].map(|p| [p.holds(false), p.holds(true)]),
            [[true, true], [true, false], [false, true]]
        );
    }
}
