//! The facilities of a programme: which stations of those who apply count or may count, for want of which field that cannot be told, and what
//! load each has. What they earn stands in `reward`.

use super::JudgeGround;
use super::applying::{Applying, all};
use crate::balance::{PlannedLoads, StationBalance};
use crate::config::demand::Day;
use crate::error::Result;
use crate::programme::{Answer, Both, Commissioned, Missing, NewFacility, Offer, Profile, qualifies};
use crate::read::date::{Day as Date, day};
use std::collections::{BTreeMap, BTreeSet};

/// Stations that are named where something is missing of more.
const MOST_NAMED: usize = 6;

/// What all rows are made from, looked up once.
pub(super) struct Books<'a> {
    pub(super) applying: Vec<Applying>,
    /// Stations that are used, by county.
    stations: Vec<Vec<u32>>,
    /// Those that are planned, by county.
    planned: Vec<Vec<u32>>,
    loads: BTreeMap<u32, &'a StationBalance>,
    /// The last day on which a station opened that is used.
    newest: Option<Date>,
    /// From each day on which planned ones open: rated power and energy of an ordinary day; where those in doubt do not count, and where they do.
    with_planned: Both<Vec<(Date, PlannedEnergy)>>,
    /// Whether anybody asks for swaps.
    swaps: bool,
}

/// Rated power and energy of an ordinary day, kW and kWh, by station.
type PlannedEnergy = BTreeMap<u32, (f64, f64)>;

impl<'a> Books<'a> {
    /// # Errors
    /// Usage, for a joint application that cannot be.
    pub(super) fn of(g: &'a JudgeGround<'_>) -> Result<Self> {
        let mut stations = vec![Vec::new(); g.scene.codes.len()];
        for (i, s) in (0u32..).zip(g.scene.stations).filter(|(_, s)| s.used) {
            s.county.and_then(|c| stations.get_mut(c as usize)).into_iter().for_each(|list| list.push(i));
        }
        let mut planned = vec![Vec::new(); g.scene.codes.len()];
        for i in g.planned {
            let county = g.scene.stations[*i as usize].county.and_then(|c| planned.get_mut(c as usize));
            county.into_iter().for_each(|list: &mut Vec<u32>| list.push(*i));
        }
        let loads = g.balance.loads.iter().map(|l| (l.station, l)).collect();
        let by_station = |p: &PlannedLoads| (p.from, p.loads.iter().map(|(station, kw, kwh)| (*station, (*kw, *kwh))).collect());
        let way = |counts: bool| g.balance.planned.iter().filter(|p| p.of.holds(counts)).map(by_station).collect();
        let with_planned = Both { without: way(false), with: way(true) };
        let ordinary = g.balance.counties.iter().flat_map(|c| &c.days).filter(|d| d.day == Day::Ordinary);
        let swaps = ordinary.into_iter().any(|d| d.asked.swap_total_kwh() > 0.0);
        let newest = g.scene.stations.iter().filter(|s| s.used).filter_map(|s| day(&s.station.opened)).max();
        Ok(Self { applying: all(g.scene.codes, g.joint)?, stations, planned, loads, newest, with_planned, swaps })
    }

    /// Stations of a county that are used.
    pub(super) fn standing(&self, county: u32) -> &[u32] {
        &self.stations[county as usize]
    }

    /// Rated power of a station and its energy of an ordinary day: before the first day on which a planned one opens, and from each of these days
    /// on. None where it has neither.
    fn load(
        &self,
        (station, offer): (u32, &Offer),
        commissioned: Date,
        planned: &[(Date, PlannedEnergy)],
    ) -> Option<NewFacility> {
        if offer.swap && !offer.charging {
            let (rated_kw, kwh_a_day) = self.swapped(station, offer)?;
            return Some(NewFacility { commissioned, rated_kw, kwh_a_day, later: Vec::new() });
        }
        let now = self.loads.get(&station).and_then(|l| ordinary(l));
        let from = |(from, all): &(Date, PlannedEnergy)| Some((*from, *all.get(&station)?));
        let later: Vec<(Date, (f64, f64))> = planned.iter().filter_map(from).collect();
        let (rated_kw, kwh_a_day) = now.or_else(|| later.first().map(|(_, (kw, _))| (*kw, 0.0)))?;
        let later = later.into_iter().map(|(from, (_, kwh))| (from, kwh)).collect();
        Some(NewFacility { commissioned, rated_kw, kwh_a_day, later })
    }

    /// Rated power of the chargers of a swap station, and the energy that it swaps on an ordinary day. None where that power is not known, where
    /// nobody is said to swap at all, or where its packs would have to be charged faster than its chargers can.
    fn swapped(&self, station: u32, offer: &Offer) -> Option<(f64, f64)> {
        let kw = offer.total_kw.filter(|kw| *kw > 0.0 && self.swaps)?;
        let load = self.loads.get(&station)?;
        let day = load.days.iter().find(|d| d.day == Day::Ordinary)?.swaps?;
        let kwh = (day.asked - day.turned_away) * load.swap?.has.swap_kwh;
        (kwh <= kw * 24.0).then_some((kw, kwh))
    }
}

/// Rated power of the guns of a station, and the energy of an ordinary day.
fn ordinary(load: &StationBalance) -> Option<(f64, f64)> {
    Some((load.guns?.rated_kw, load.days.iter().find(|d| d.day == Day::Ordinary)?.kwh))
}

/// A station commissioned in the period, or planned to be, that counts or may count.
pub(super) struct Facility {
    pub(super) station: u32,
    id: String,
    pub(super) offer: Offer,
    pub(super) planned: bool,
    /// It is planned for a day after which others have opened that are used: it should be open by now.
    pub(super) past: bool,
    /// It is known to count.
    pub(super) sure: bool,
    /// Its load where those in doubt do not count, and where they do.
    pub(super) load: Both<Option<NewFacility>>,
}

impl Facility {
    /// Whether it swaps and does not charge.
    pub(super) fn is_swap(&self) -> bool {
        self.offer.swap && !self.offer.charging
    }
}

/// The facilities of who is judged.
#[derive(Default)]
pub(super) struct Facilities {
    pub(super) all: Vec<Facility>,
    /// Stations that count or may count, without a day of opening.
    pub(super) undated: u64,
    /// What is not known, and of which stations.
    missing: BTreeMap<Missing, Vec<String>>,
}

impl Facilities {
    pub(super) fn of(g: &JudgeGround<'_>, books: &Books<'_>, profile: &Profile, who: &Applying) -> Self {
        let mut found = Self::default();
        let there = who.counties.iter().flat_map(|c| &books.stations[*c as usize]).map(|s| (*s, false));
        let to_come = who.counties.iter().flat_map(|c| &books.planned[*c as usize]).map(|s| (*s, true));
        for (station, planned) in there.chain(to_come) {
            found.add(g, books, profile, (station, planned));
        }
        found
    }

    fn add(&mut self, g: &JudgeGround<'_>, books: &Books<'_>, profile: &Profile, (station, planned): (u32, bool)) {
        let s = g.station(station);
        let commissioned = profile.commissioned(&s.opened);
        if matches!(commissioned, Commissioned::Before | Commissioned::After) {
            return;
        }
        let offer = Offer::of(s);
        let answer = profile.counts.as_ref().map_or(Answer::Yes, |filter| qualifies(profile, filter, &offer));
        if matches!(answer, Answer::No(_)) {
            return;
        }
        let Some(commissioned) = day(&s.opened).filter(|_| commissioned == Commissioned::InPeriod) else {
            self.undated += 1;
            self.missing.entry(Missing::Field("opened")).or_default().push(s.id.clone());
            return;
        };
        for field in Answer::missing([&answer].into_iter()) {
            self.missing.entry(field).or_default().push(s.id.clone());
        }
        let load = books.with_planned.as_ref().map(|planned| books.load((station, &offer), commissioned, planned));
        let (id, sure) = (s.id.clone(), answer == Answer::Yes);
        let past = planned && books.newest.is_some_and(|newest| commissioned < newest);
        self.all.push(Facility { station, id, offer, planned, past, sure, load });
    }

    /// Those whose load is known, with it: those in doubt among them, or not.
    pub(super) fn loaded(&self, in_doubt_count: bool) -> Vec<(u32, NewFacility)> {
        let of = |f: &Facility| {
            let load = if in_doubt_count { &f.load.with } else { &f.load.without };
            Some((f.station, load.clone()?))
        };
        self.all.iter().filter(|f| f.sure || in_doubt_count).filter_map(of).collect()
    }

    /// Whether a station is known to count.
    pub(super) fn is_sure(&self, station: u32) -> bool {
        self.all.iter().any(|f| f.station == station && f.sure)
    }

    /// What would have to be known, in English and Chinese, with the stations; `with_loads` where loads matter.
    pub(super) fn missing(&self, with_loads: bool) -> Vec<[String; 2]> {
        let fields = self.missing.iter().map(|(missing, ids)| match missing {
            Missing::Field(field) => {
                let [en, zh] = named(ids);
                [format!("field {field} of stations: {en}"), format!("站点字段 {field}：{zh}")]
            }
            other => other.names(),
        });
        let no_load: Vec<String> =
            self.all.iter().filter(|f| with_loads && f.load.with.is_none()).map(|f| f.id.clone()).collect();
        let [en, zh] = named(&no_load);
        let loads = [format!("load of stations: {en}"), format!("站点负荷：{zh}")];
        fields.chain((!no_load.is_empty()).then_some(loads)).collect()
    }
}

/// Stations by their ids, in order, the first of them where there are many.
fn named(ids: &[String]) -> [String; 2] {
    let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let first: Vec<&str> = ids.iter().copied().take(MOST_NAMED).collect();
    match ids.len() - first.len() {
        0 => [first.join(", "), first.join("、")],
        more => [format!("{} and {more} more", first.join(", ")), format!("{} 等另 {more} 座", first.join("、"))],
    }
}
