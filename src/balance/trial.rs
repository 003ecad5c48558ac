//! What one more charging station would give in the largest gap of a county, and what it does to the power that is short.
//!
//! Two places are tried: the node next to the middle of the longest dead stretch of the county at the headline distance, and the node next to
//! the settlement on a road with the most kW short on an ordinary day, of those without a charger within reach; of all that are short of power
//! where every one of these has one; of equals the one that comes first in the order of need. Where nothing is short on the ordinary day nor
//! on the holiday, the dead stretch alone is tried, and that is said. On an ordinary day the one that serves more of what nobody in the region was served before is told; of equals (in whole kWh) the one
//! that delivers more, then the dead stretch. All is computed as for the stations that are there, hour by hour, with the new station among
//! them; places and chargers that no chain of shared chargers joins to it stay as they are. It is no site plan: it knows no cost and no
//! ground.

use super::days::{self, RegionDay, SiteDay};
use super::planned::Planned;
use super::{BalanceGround, Charger, Reach, Town};
use crate::access::within::Within;
use crate::config::Service;
use crate::config::demand::{Day, Demand, TrialStation};
use crate::coverage::{Stretch, middle_of};
use crate::error::Result;
use crate::read::station::Station;
use crate::space::LonLat;
use crate::supply;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Where it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialPlace {
    /// Next to the middle of the longest dead stretch.
    DeadStretch,
    /// Next to the settlement with the most power short.
    Settlement,
}

impl TrialPlace {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeadStretch => "dead_stretch",
            Self::Settlement => "settlement",
        }
    }
}

/// What it gives on a day, and what is short without and with it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialDay {
    /// The day.
    pub day: Day,
    /// Energy that it delivers, kWh.
    pub kwh: f64,
    /// Of it, what nobody in the region was served before, kWh.
    pub new_kwh: f64,
    /// Sessions.
    pub sessions: f64,
    /// Power utilisation: energy delivered ÷ (rated power × 24 h).
    pub utilisation: f64,
    /// Mean wait in the worst hour, minutes; none where nobody comes.
    pub wait_min: Option<f64>,
    /// Power short in the county without it and with it, kW; none where nobody knows what the county asks for.
    pub short_kw: Option<[f64; 2]>,
    /// By how much less is short in the region, kW.
    pub less_kw: f64,
    /// Nobody knows what any settlement of the county asks for.
    #[serde(default)]
    pub unknown: bool,
}

impl TrialDay {
    /// A figure of it; none where nobody knows what the settlements of the county ask for.
    pub fn told(&self, figure: f64) -> Option<f64> {
        (!self.unknown).then_some(figure)
    }

    /// What one of two places is chosen by, in whole kWh: differences below are those of the search.
    pub fn worth(&self) -> (i64, i64) {
        (self.new_kwh.round() as i64, self.kwh.round() as i64)
    }
}

/// A station that was tried in a county.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountyTrial {
    /// What kind of place it is.
    pub place: TrialPlace,
    /// Its name and Chinese name: of the settlement, or of the road.
    pub names: [String; 2],
    /// Where it stands.
    pub at: LonLat,
    /// No settlement on a road in the county is short of power, on the ordinary day or on the holiday, as far as is known: the largest gap was
    /// taken for want of one.
    pub nothing_short: bool,
    /// Its guns.
    pub guns: u32,
    /// Its rated power, kW.
    pub rated_kw: f64,
    /// Ordinary day and holiday.
    pub days: Vec<TrialDay>,
}

impl CountyTrial {
    /// What it gives on a day.
    pub fn on(&self, day: Day) -> Option<&TrialDay> {
        self.days.iter().find(|d| d.day == day)
    }
}

/// A place where one may stand.
struct Spot {
    county: u32,
    node: u32,
    place: TrialPlace,
    names: [String; 2],
    /// No settlement of the county is short of power.
    nothing_short: bool,
}

/// Who can reach a spot: place, millimetres, hours.
type Ways = Vec<(u32, u32, f64)>;

/// Energy of an ordinary day of the stations that a tried one bears on, with it there, kWh, by their numbers.
pub type LoadsWith = Vec<(u32, f64)>;

/// What was found of a station that was tried.
#[derive(Clone)]
pub(super) struct Tried {
    pub(super) trial: CountyTrial,
    /// What the others give with it.
    pub(super) loads: LoadsWith,
    /// Its energy of an ordinary day and what the others give, from each day on which planned ones open.
    pub(super) with_planned: Vec<Option<(f64, LoadsWith)>>,
}

/// Tries a station in every county, and says what the others give with it; none for a county with neither a dead stretch nor a settlement
/// on a road.
pub(super) fn of(
    g: &BalanceGround<'_>,
    reach: &Reach,
    days: &[RegionDay],
    towns: &[Town],
    planned: &[Planned],
) -> Result<Vec<Option<Tried>>> {
    let Some(station) = g.demand.trial else { return Ok(vec![None; g.basis.len()]) };
    let spots = spots(g, reach, towns);
    let nodes: Vec<u32> = spots.iter().map(|s| s.node).collect();
    let mut to_spot: Vec<Ways> = vec![Vec::new(); spots.len()];
    let (pairs, hours) = super::ways(g, &nodes);
    for (place, pair) in (0..pairs.places()).flat_map(|p| pairs.range(p).map(move |k| (p, k))) {
        let (spot, mm) = pairs.all()[pair];
        to_spot[spot as usize].push((place as u32, mm, hours[pair]));
    }
    let by_charger_planned: Vec<_> = planned.iter().map(|p| by_charger(&p.reach)).collect();
    let by_charger = by_charger(reach);
    let with_planned = |ways: &Ways, county: usize, (planned, by_charger): (&Planned, &Vec<Vec<u32>>)| {
        let Some(with) = planned.reach.with(g.demand, station, ways, by_charger) else { return Ok(None) };
        let found = on(g, &with, (std::slice::from_ref(&planned.day), Day::Ordinary), county as u32)?;
        Ok(found.map(|(day, loads)| (day.kwh, loads)))
    };
    let one = |county: usize| -> Result<Option<Tried>> {
        let mut best: Option<(&Spot, &Ways, Reach, (TrialDay, LoadsWith))> = None;
        for (spot, ways) in spots.iter().zip(&to_spot).filter(|(s, _)| s.county as usize == county) {
            let Some(with) = reach.with(g.demand, station, ways, &by_charger) else { continue };
            let Some(day) = on(g, &with, (days, Day::Ordinary), county as u32)? else { continue };
            if best.as_ref().is_none_or(|(.., b)| day.0.worth() > b.0.worth()) {
                best = Some((spot, ways, with, day));
            }
        }
        let Some((spot, ways, with, (ordinary, loads))) = best else { return Ok(None) };
        let holiday = on(g, &with, (days, Day::Holiday), county as u32)?.map(|(day, _)| day);
        let guns = with.chargers.last().map(|c| c.guns);
        let trial = guns.map(|guns| CountyTrial {
            place: spot.place,
            names: spot.names.clone(),
            at: g.network.node(spot.node),
            nothing_short: spot.nothing_short,
            guns: guns.guns,
            rated_kw: guns.rated_kw,
            days: [Some(ordinary), holiday].into_iter().flatten().collect(),
        });
        let all = planned.iter().zip(&by_charger_planned);
        let with_planned = all.map(|p| with_planned(ways, county, p)).collect::<Result<_>>()?;
        Ok(trial.map(|trial| Tried { trial, loads, with_planned }))
    };
    (0..g.basis.len()).into_par_iter().map(one).collect()
}

/// The places that are tried, by county: the dead stretch first.
fn spots(g: &BalanceGround<'_>, reach: &Reach, towns: &[Town]) -> Vec<Spot> {
    let counties = g.basis.len();
    let mut longest: Vec<Option<&Stretch>> = vec![None; counties];
    let asked = g.stretches.iter().filter(|s| s.service == Service::Charging && s.criterion == g.headline);
    for s in asked {
        let Some(best) = longest.get_mut(s.county as usize) else { continue };
        if best.is_none_or(|b| s.length_mm > b.length_mm) {
            *best = Some(s);
        }
    }
    let mut neediest: Vec<Option<(&Town, usize)>> = vec![None; counties];
    for town in towns {
        let (Some(best), Ok(place)) = (neediest.get_mut(town.county as usize), reach.settlement.binary_search(&town.settlement))
        else {
            continue;
        };
        if best.is_none_or(|(b, _)| needs_more(town, b)) {
            *best = Some((town, place));
        }
    }
    let of = |i: usize| {
        let (county, stretch) = (i as u32, longest[i]);
        let nothing_short = !neediest[i].is_some_and(|(town, _)| is_short(town));
        // where nothing is short the gap is taken, and without a gap whoever is first in the order of need
        let town = neediest[i].filter(|_| !nothing_short || stretch.is_none());
        let stretch = stretch.and_then(|s| {
            let (part, mm) = middle_of(&s.parts)?;
            let names = [g.names.get(s.name).to_owned(), String::new()];
            Some(Spot { county, node: next_to(g, part.edge, mm), place: TrialPlace::DeadStretch, names, nothing_short })
        });
        let town = town.map(|(town, place)| {
            let (s, at) = (&g.settlements[town.settlement as usize].settlement, g.placed[place]);
            let names = [s.name.clone(), s.name_zh.clone()];
            Spot { county, node: next_to(g, at.edge, at.offset_mm), place: TrialPlace::Settlement, names, nothing_short }
        });
        [stretch, town].into_iter().flatten()
    };
    (0..counties).filter(|i| (g.has_rows)(*i as u32)).flat_map(of).collect()
}

/// Whether power is short there at all.
fn is_short(t: &Town) -> bool {
    t.worst_short_kw().is_some_and(|kw| kw > 0.0)
}

/// Whether a settlement needs a station more than another: short of power, then without a charger within reach, then by kW short on an ordinary
/// day and on the holiday, then by the order of need.
fn needs_more(a: &Town, b: &Town) -> bool {
    let key = |t: &Town| (is_short(t), is_short(t) && t.chargers == 0);
    let short = a.short_kw[0].total_cmp(&b.short_kw[0]).then(a.short_kw[1].total_cmp(&b.short_kw[1]));
    key(a).cmp(&key(b)).then(short).then(b.need.cmp(&a.need)).is_gt()
}

/// The nearer end of an edge; of a one-way edge the one that it leads to.
fn next_to(g: &BalanceGround<'_>, edge: u32, mm: u32) -> u32 {
    let e = &g.network.edges()[edge as usize];
    if e.oneway || e.length_mm.saturating_sub(mm) < mm { e.head } else { e.tail }
}

/// The places that can use each charger.
fn by_charger(reach: &Reach) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new(); reach.chargers.len()];
    for place in 0..reach.by_distance.places() {
        reach.by_distance.of(place).iter().for_each(|(c, _)| all[*c as usize].push(place as u32));
    }
    all
}

impl Reach {
    /// The part of it that a new station bears on, with that station as the last charger: places that can use it, chargers that those can
    /// use, places that can use these, and so on. None where such a station gives nothing.
    fn with(&self, demand: &Demand, new: TrialStation, ways: &Ways, by_charger: &[Vec<u32>]) -> Option<Self> {
        let station = Station { charging: true, points: Some(new.guns), power_kw: Some(new.gun_kw), ..Station::default() };
        let guns = supply::of(&station, &demand.supply).guns?;
        let (mut places, mut used) = (vec![false; self.by_distance.places()], vec![false; self.chargers.len()]);
        let mut open: Vec<u32> = ways.iter().map(|w| w.0).collect();
        while let Some(place) = open.pop() {
            if std::mem::replace(&mut places[place as usize], true) {
                continue;
            }
            for (charger, _) in self.by_distance.of(place as usize) {
                if !std::mem::replace(&mut used[*charger as usize], true) {
                    open.extend(&by_charger[*charger as usize]);
                }
            }
        }
        let kept: Vec<u32> = (0u32..).zip(&places).filter(|(_, k)| **k).map(|(p, _)| p).collect();
        let of: Vec<u32> = (0u32..).zip(&used).filter(|(_, k)| **k).map(|(c, _)| c).collect();
        let mut all = Vec::new();
        let mut hours = Vec::new();
        for (i, place) in (0u32..).zip(&kept) {
            let start = self.by_distance.range(*place as usize).start;
            for (k, (charger, mm)) in self.by_distance.of(*place as usize).iter().enumerate() {
                all.push((i, of.binary_search(charger).unwrap_or_default() as u32, *mm));
                hours.push(self.hours[start + k]);
            }
            // the new one has the highest number, so it is the last of its place
            if let Ok(k) = ways.binary_search_by_key(place, |w| w.0) {
                all.push((i, of.len() as u32, ways[k].1));
                hours.push(ways[k].2);
            }
        }
        let mut chargers: Vec<Charger> = of.iter().map(|c| self.chargers[*c as usize].clone()).collect();
        chargers.push(Charger { station: u32::MAX, guns, trucks: true });
        let settlement = kept.iter().map(|p| self.settlement[*p as usize]).collect();
        Some(Self { settlement, chargers, by_distance: Within::new(kept.len(), all), hours })
    }
}

/// What the new station gives on a day, what that changes for a county, and what the other stations give; none where the day was not
/// computed.
fn on(
    g: &BalanceGround<'_>,
    with: &Reach,
    (days, day): (&[RegionDay], Day),
    county: u32,
) -> Result<Option<(TrialDay, LoadsWith)>> {
    let factor = g.demand.days().into_iter().find(|(d, _)| *d == day).map(|(_, factor)| factor);
    let (Some(before), Some(factor)) = (days.iter().find(|d| d.day == day), factor) else { return Ok(None) };
    let after = days::of(g, with, day, factor)?;
    let site = after.sites.last().copied().unwrap_or_else(SiteDay::default);
    let rated_kw = with.chargers.last().map_or(0.0, |c| c.guns.rated_kw);
    let own = |s: u32| g.county_of(s as usize) == county;
    let without: f64 = (0u32..).zip(&before.places).filter(|(s, _)| own(*s)).map(|(_, p)| p.short_kw).sum();
    let (mut less_own, mut less_kw, mut new_kwh) = (0.0, 0.0, 0.0);
    for s in &with.settlement {
        let (old, now) = (&before.places[*s as usize], &after.places[*s as usize]);
        let less = old.short_kw - now.short_kw;
        less_kw += less;
        less_own += if own(*s) { less } else { 0.0 };
        new_kwh += old.unserved_kwh - now.unserved_kwh;
    }
    let others = with.chargers.iter().zip(&after.sites).filter(|(c, _)| c.station != u32::MAX);
    let loads = others.map(|(c, site)| (c.station, site.kwh)).collect();
    let trial = TrialDay {
        day,
        kwh: site.kwh,
        new_kwh: new_kwh.clamp(0.0, site.kwh.max(0.0)),
        sessions: site.sessions,
        utilisation: if rated_kw > 0.0 { site.kwh / (rated_kw * 24.0) } else { 0.0 },
        wait_min: site.wait_h.map(|h| h * 60.0),
        short_kw: Some([without, rounded(without - less_own, without)]),
        less_kw: rounded(less_kw, without),
        unknown: false,
    };
    Ok(Some((trial, loads)))
}

/// What sums of floating numbers leave of nothing is nothing.
fn rounded(kw: f64, of: f64) -> f64 {
    if kw < 1e-9 * of.max(1.0) { 0.0 } else { kw }
}
