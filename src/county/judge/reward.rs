//! What the facilities of a programme are expected to earn: those commissioned in its period or planned to be, with the energy that the load
//! gives them, as they are and with the station that was tried; and what they are in standard piles. Counties of a joint application are one.

use super::JudgeGround;
use super::applying::{Applying, JointOf, all};
use crate::balance::{CountyTrial, StationBalance};
use crate::config::demand::Day;
use crate::config::station_words::Access;
use crate::error::Result;
use crate::programme::{
    Answer, Applicant, ClassOf, Commissioned, Eligibility, Forecast, NewFacility, Offer, Offered, PileCount, Profile,
};
use crate::programme::{class_of, eligibility, forecast, qualifies, station_piles, v2g_piles};
use crate::read::date::day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a county, or a joint application under its lead, is expected to earn in a programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountyReward {
    /// Number of the county.
    pub county: u32,
    /// Name of the programme.
    pub programme: String,
    /// The joint application that it belongs to. The figures are its lead's; other members have none.
    pub joint: Option<JointOf>,
    /// Whether it may apply.
    pub eligibility: Eligibility,
    /// Figures; none of a member that does not lead. Amounts are those of its utilisation: what is paid of them says [`Self::paid`].
    pub figures: Option<RewardFigures>,
}

impl CountyReward {
    /// What is paid of an amount: nothing to who may not apply.
    pub fn paid(&self, yuan: u64) -> u64 {
        if matches!(self.eligibility, Eligibility::NotEligible(_)) { 0 } else { yuan }
    }
}

/// The figures of who is judged as one.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct RewardFigures {
    /// Class of its province; none where the share of new-energy vehicles there is not given, or the programme publishes no classes.
    pub class: Option<ClassOf>,
    /// What is expected; none without a class, without `[demand]`, or without facilities of the period.
    pub forecast: Option<Forecast>,
    /// The same with the station that was tried in operation in the whole period, and the code of the county where it stands.
    pub with_trial: Option<(String, Forecast)>,
    /// Facilities commissioned in the period, or planned to be, that count, or may count.
    pub facilities: u64,
    /// Of them, those that are planned: in operation from the day that is planned.
    pub planned: u64,
    /// Of them, those of which something that the programme asks for is not known.
    pub in_doubt: u64,
    /// Stations whose day of opening is not known: they are not among them.
    pub undated: u64,
    /// Standard piles of these facilities, and of all stations that stand; none where the programme does not know them.
    pub piles: Option<[PileCount; 2]>,
    /// Standard piles of vehicle to grid, where its power and energy are given.
    pub v2g_piles: Option<u64>,
}

/// What all rows are made from, looked up once.
pub(super) struct Books<'a> {
    applying: Vec<Applying>,
    /// Stations that are used, by county.
    stations: Vec<Vec<u32>>,
    /// Those that are planned, by county.
    planned: Vec<Vec<u32>>,
    loads: BTreeMap<u32, &'a StationBalance>,
    /// Rated power and energy of an ordinary day once the planned ones run, where any is planned.
    with_planned: Option<BTreeMap<u32, (f64, f64)>>,
}

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
        let with_planned = g.balance.planned.as_ref();
        let with_planned = with_planned.map(|p| p.loads.iter().map(|(station, kw, kwh)| (*station, (*kw, *kwh))).collect());
        Ok(Self { applying: all(g.scene.codes, g.joint)?, stations, planned, loads, with_planned })
    }

    /// Rated power of the guns of a station, and its energy of an ordinary day: with the planned ones in operation where any is.
    fn load(&self, station: u32) -> Option<(f64, f64)> {
        match &self.with_planned {
            Some(all) => all.get(&station).copied(),
            None => ordinary(self.loads.get(&station)?),
        }
    }
}

pub(super) fn of(g: &JudgeGround<'_>, books: &Books<'_>, profile: &Profile) -> Result<Vec<CountyReward>> {
    if profile.reward.is_none() && profile.gates.is_none() && profile.standard_pile.is_none() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for who in &books.applying {
        let eligibility = eligibility(profile, &applicant(g, profile, who))?;
        let figures = figures(g, books, profile, who)?;
        for county in &who.counties {
            all.push(CountyReward {
                county: *county,
                programme: profile.name.clone(),
                joint: who.joint.clone(),
                eligibility: eligibility.clone(),
                figures: (*county == who.lead).then(|| figures.clone()),
            });
        }
    }
    all.sort_by_key(|r| r.county);
    Ok(all)
}

/// The counties as they apply, with the figures that the region file gives.
fn applicant(g: &JudgeGround<'_>, profile: &Profile, who: &Applying) -> Applicant {
    let codes: Vec<&str> = who.counties.iter().map(|c| g.scene.codes[*c as usize].as_str()).collect();
    Applicant::of(profile, g.table, &codes, who.joint.as_ref().map(|j| j.lead.as_str()))
}

fn figures(g: &JudgeGround<'_>, books: &Books<'_>, profile: &Profile, who: &Applying) -> Result<RewardFigures> {
    let lead = &g.scene.codes[who.lead as usize];
    let class = match (&profile.reward, g.table.figure(lead, "nev_penetration")) {
        (Some(reward), Some(p)) => Some(class_of(reward, p)?),
        _ => None,
    };
    let mut row = RewardFigures { class, v2g_piles: v2g(g, profile, who), ..RewardFigures::default() };
    let (offers, new) = facilities(g, books, profile, who, &mut row);
    let standing: Vec<Offer> = who.counties.iter().flat_map(|c| &books.stations[*c as usize]).map(|s| offer(g, *s)).collect();
    row.piles = station_piles(profile, offers.iter()).zip(station_piles(profile, standing.iter())).map(<[PileCount; 2]>::from);
    if let Some(ClassOf::Class(class)) = &row.class {
        let as_is: Vec<NewFacility> = new.iter().map(|(_, f)| *f).collect();
        row.forecast = if as_is.is_empty() { None } else { forecast(profile, class, &as_is)? };
        if let Some((county, all)) = with_trial(g, profile, who, &new) {
            row.with_trial = forecast(profile, class, &all)?.map(|f| (g.scene.codes[county as usize].clone(), f));
        }
    }
    Ok(row)
}

fn offer(g: &JudgeGround<'_>, station: u32) -> Offer {
    Offer::of(&g.scene.stations[station as usize].station)
}

/// Standard piles of vehicle to grid by the power and energy that are given for the very counties, none for a beginning of their codes: they
/// are sums.
fn v2g(g: &JudgeGround<'_>, profile: &Profile, who: &Applying) -> Option<u64> {
    let sum = |name: &str| {
        let given = who.counties.iter().filter_map(|c| g.table.own_figure(&g.scene.codes[*c as usize], name));
        given.reduce(|a, b| a + b)
    };
    v2g_piles(profile, sum("v2g_kw")?, sum("v2g_kwh")?)
}

/// The facilities of the period: what they offer, and those with a known load with the energy of an ordinary day. Stations without a
/// known load are counted and earn nothing.
fn facilities(
    g: &JudgeGround<'_>,
    books: &Books<'_>,
    profile: &Profile,
    who: &Applying,
    row: &mut RewardFigures,
) -> (Vec<Offer>, Vec<(u32, NewFacility)>) {
    let (mut offers, mut new) = (Vec::new(), Vec::new());
    let there = who.counties.iter().flat_map(|c| &books.stations[*c as usize]).map(|s| (s, false));
    let to_come = who.counties.iter().flat_map(|c| &books.planned[*c as usize]).map(|s| (s, true));
    for (station, planned) in there.chain(to_come) {
        let s = &g.scene.stations[*station as usize].station;
        match profile.commissioned(&s.opened) {
            Commissioned::NotKnown => row.undated += 1,
            Commissioned::Before | Commissioned::After => {}
            Commissioned::InPeriod => {
                let offer = Offer::of(s);
                match profile.counts.as_ref().map(|filter| qualifies(profile, filter, &offer)) {
                    Some(Answer::No(_)) => continue,
                    Some(Answer::CannotBeTold(_)) => row.in_doubt += 1,
                    Some(Answer::Yes) | None => {}
                }
                row.facilities += 1;
                row.planned += u64::from(planned);
                offers.push(offer);
                if let Some(((rated_kw, kwh_a_day), commissioned)) = books.load(*station).zip(day(&s.opened)) {
                    new.push((*station, NewFacility { commissioned, rated_kw, kwh_a_day }));
                }
            }
        }
    }
    (offers, new)
}

/// Rated power of the guns of a station, and the energy of an ordinary day.
fn ordinary(load: &StationBalance) -> Option<(f64, f64)> {
    Some((load.guns?.rated_kw, load.days.iter().find(|d| d.day == Day::Ordinary)?.kwh))
}

/// The facilities with the station that was tried among them, in operation from the first day of the period, and the county where it stands.
/// Of the counties of an application it is the one whose station serves most that nobody was served before; of equals the first.
fn with_trial(
    g: &JudgeGround<'_>,
    profile: &Profile,
    who: &Applying,
    new: &[(u32, NewFacility)],
) -> Option<(u32, Vec<NewFacility>)> {
    let tried = who.counties.iter().filter_map(|c| {
        let trial = g.balance.counties.get(*c as usize)?.trial.as_ref()?;
        Some((*c, trial, trial.on(Day::Ordinary)?))
    });
    let (county, trial, on) = tried.reduce(|a, b| if b.2.worth() > a.2.worth() { b } else { a })?;
    if profile.counts.as_ref().is_some_and(|filter| matches!(qualifies(profile, filter, &trial_offer(trial)), Answer::No(_))) {
        return None;
    }
    let first_year = profile.reward.as_ref().and_then(|r| r.years.first()).map(|year| (u32::from(*year), 1, 1));
    let commissioned = profile.from.as_deref().and_then(day).or(first_year)?;
    let (kwh_a_day, loads) = match &g.balance.planned {
        Some(planned) => planned.with_trial.get(county as usize)?.as_ref().map(|(kwh, loads)| (*kwh, loads))?,
        None => (on.kwh, g.balance.with_trial.get(county as usize)?),
    };
    let loads: BTreeMap<u32, f64> = loads.iter().copied().collect();
    let as_is =
        new.iter().map(|(station, f)| NewFacility { kwh_a_day: loads.get(station).copied().unwrap_or(f.kwh_a_day), ..*f });
    let tried = NewFacility { commissioned, rated_kw: trial.rated_kw, kwh_a_day };
    Some((county, as_is.chain([tried]).collect()))
}

/// What a station that was tried offers: it is built as the programme asks for where that is not a matter of its guns.
fn trial_offer(trial: &CountyTrial) -> Offer {
    let kw = trial.rated_kw / f64::from(trial.guns.max(1));
    Offer {
        charging: true,
        total_kw: Some(trial.rated_kw),
        points: Some(trial.guns),
        dc_points: Some(trial.guns),
        point_kw: Some(kw),
        each_point: vec![Offered { count: trial.guns, kw }],
        access: Access::Public,
        trucks: Some(true),
        certified: Some(true),
        availability: Some(100.0),
        trailer: Some(true),
        ..Offer::default()
    }
}
