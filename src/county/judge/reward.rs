//! What the facilities of a programme are expected to earn: those commissioned in its period or planned to be, with the energy that the load
//! gives them, as they are and with the station that was tried; and what they are in standard piles. Counties of a joint application are one.

use super::JudgeGround;
use super::applying::{Applying, JointOf, all};
use crate::balance::{CountyBalance, CountyTrial, LoadsWith, PlannedLoads, StationBalance};
use crate::config::demand::Day;
use crate::config::station_words::Access;
use crate::error::Result;
use crate::programme::{
    Answer, Applicant, ClassOf, Commissioned, Eligibility, Forecast, NewFacility, Offer, Offered, PileCount, Profile,
};
use crate::programme::{class_of, eligibility, forecast, qualifies, station_piles, v2g_piles};
use crate::read::date::{Day as Date, day};
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
    /// What is not known for it.
    pub untold: Vec<Untold>,
    /// Standard piles of these facilities, and of all stations that stand; none where the programme does not know them.
    pub piles: Option<[PileCount; 2]>,
    /// Standard piles of vehicle to grid, where its power and energy are given.
    pub v2g_piles: Option<u64>,
}

/// What is not known for an expected reward, beside gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Untold {
    /// The share of new-energy vehicles in the province: no class, and no reward.
    Class,
    /// Neither people nor vehicles of any settlement: no utilisation, and no reward.
    Demand,
    /// The same of some settlements: what they ask for is in no figure.
    PartOfDemand {
        /// So many of them.
        unknown: u64,
        /// Of so many.
        of: u64,
    },
}

impl Untold {
    /// In words, in English and Chinese.
    pub fn names(self) -> [String; 2] {
        match self {
            Self::Class => [
                "the class of the province cannot be told: nev_penetration is not given",
                "省份档次无法判断：未给出新能源汽车渗透率（nev_penetration）",
            ]
            .map(str::to_owned),
            Self::Demand => [
                "utilisation cannot be told: people or vehicles of its settlements are not known",
                "利用率无法判断：居民点的人口或车辆数未知",
            ]
            .map(str::to_owned),
            Self::PartOfDemand { unknown, of } => [
                format!(
                    "utilisation leaves out what {unknown} of {of} settlements ask for: their people or vehicles are not known"
                ),
                format!("利用率未计入 {of} 个居民点中 {unknown} 个的需求：其人口或车辆数未知"),
            ],
        }
    }

    /// Whether there is no reward for want of it.
    pub fn is_all(self) -> bool {
        !matches!(self, Self::PartOfDemand { .. })
    }
}

/// What all rows are made from, looked up once.
pub(super) struct Books<'a> {
    applying: Vec<Applying>,
    /// Stations that are used, by county.
    stations: Vec<Vec<u32>>,
    /// Those that are planned, by county.
    planned: Vec<Vec<u32>>,
    loads: BTreeMap<u32, &'a StationBalance>,
    /// From each day on which planned ones open: rated power and energy of an ordinary day.
    with_planned: Vec<(Date, PlannedEnergy)>,
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
        let with_planned = g.balance.planned.iter().map(by_station).collect();
        Ok(Self { applying: all(g.scene.codes, g.joint)?, stations, planned, loads, with_planned })
    }

    /// Rated power of the guns of a station, and its energy of an ordinary day: before the first day on which a planned one opens, and from each
    /// of these days on. None where it has neither.
    fn facility(&self, station: u32, commissioned: Date) -> Option<NewFacility> {
        let now = self.loads.get(&station).and_then(|l| ordinary(l));
        let from = |(from, all): &(Date, PlannedEnergy)| Some((*from, *all.get(&station)?));
        let later: Vec<(Date, (f64, f64))> = self.with_planned.iter().filter_map(from).collect();
        let (rated_kw, kwh_a_day) = now.or_else(|| later.first().map(|(_, (kw, _))| (*kw, 0.0)))?;
        let later = later.into_iter().map(|(from, (_, kwh))| (from, kwh)).collect();
        Some(NewFacility { commissioned, rated_kw, kwh_a_day, later })
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
    let mut untold = Vec::new();
    let class = match (&profile.reward, g.table.figure(lead, "nev_penetration")) {
        (Some(reward), Some(p)) => Some(class_of(reward, p)?),
        (Some(_), None) => {
            untold.push(Untold::Class);
            None
        }
        _ => None,
    };
    let mut row = RewardFigures { class, v2g_piles: v2g(g, profile, who), ..RewardFigures::default() };
    let (offers, new) = facilities(g, books, profile, who, &mut row);
    let standing: Vec<Offer> = who.counties.iter().flat_map(|c| &books.stations[*c as usize]).map(|s| offer(g, *s)).collect();
    row.piles = station_piles(profile, offers.iter()).zip(station_piles(profile, standing.iter())).map(<[PileCount; 2]>::from);
    let demand = unknown_demand(g, who).filter(|_| profile.reward.is_some());
    untold.extend(demand);
    row.untold = untold;
    if let Some(ClassOf::Class(class)) = row.class.as_ref().filter(|_| demand != Some(Untold::Demand)) {
        let as_is: Vec<NewFacility> = new.iter().map(|(_, f)| f.clone()).collect();
        row.forecast = if as_is.is_empty() { None } else { forecast(profile, class, &as_is)? };
        if let Some((county, all)) = with_trial(g, profile, who, &new) {
            row.with_trial = forecast(profile, class, &all)?.map(|f| (g.scene.codes[county as usize].clone(), f));
        }
    }
    Ok(row)
}

/// What nobody knows of what the places of who is judged ask for; none without `[demand]`.
fn unknown_demand(g: &JudgeGround<'_>, who: &Applying) -> Option<Untold> {
    let counties: Vec<&CountyBalance> = who.counties.iter().filter_map(|c| g.balance.counties.get(*c as usize)).collect();
    let [unknown, of] =
        [|c: &CountyBalance| c.towns_unknown, |c: &CountyBalance| c.towns].map(|n| counties.iter().map(|c| n(c)).sum());
    // without any settlement there is nothing that would have to be known: its stations have the load of others
    let known = |c: &&CountyBalance| c.towns > 0 && c.is_known();
    match () {
        () if unknown == 0 => None,
        () if !counties.iter().any(known) => Some(Untold::Demand),
        () => Some(Untold::PartOfDemand { unknown, of }),
    }
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
                let facility = day(&s.opened).and_then(|commissioned| books.facility(*station, commissioned));
                new.extend(facility.map(|f| (*station, f)));
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
    let by_station = |loads: &LoadsWith| loads.iter().copied().collect::<BTreeMap<u32, f64>>();
    let loads = by_station(g.balance.with_trial.get(county as usize)?);
    let (mut from, mut later) = (BTreeMap::new(), Vec::new());
    for planned in &g.balance.planned {
        let (kwh, loads) = planned.with_trial.get(county as usize)?.as_ref()?;
        later.push((planned.from, *kwh));
        from.insert(planned.from, by_station(loads));
    }
    // those that it does not bear on give what they gave
    let beside = |(station, f): &(u32, NewFacility)| NewFacility {
        kwh_a_day: loads.get(station).copied().unwrap_or(f.kwh_a_day),
        later: f
            .later
            .iter()
            .map(|(day, kwh)| (*day, from.get(day).and_then(|l| l.get(station)).copied().unwrap_or(*kwh)))
            .collect(),
        ..*f
    };
    let tried = NewFacility { commissioned, rated_kw: trial.rated_kw, kwh_a_day: on.kwh, later };
    Some((county, new.iter().map(beside).chain([tried]).collect()))
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
