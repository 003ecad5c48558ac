//! What the facilities of a programme are expected to earn: those commissioned in its period or planned to be, with the energy that the load
//! gives them, as they are and with the station that was tried; and what they are in standard piles. Counties of a joint application are one.

use super::JudgeGround;
use super::applying::{Applying, JointOf};
use super::facilities::{Books, Facilities};
use super::tried::with_trial;
use crate::balance::CountyBalance;
use crate::error::Result;
use crate::programme::{Applicant, Both, ClassOf, Eligibility, Forecast, NewFacility, Offer, PileCount, Profile, YearRange};
use crate::programme::{class_of, eligibility, forecast, reward_range, station_piles, v2g_piles};
use serde::{Deserialize, Serialize};

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
        if self.may_not_apply() { 0 } else { yuan }
    }

    /// Whether it is known not to be eligible.
    pub fn may_not_apply(&self) -> bool {
        matches!(self.eligibility, Eligibility::NotEligible(_))
    }
}

/// What is expected of some facilities.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Expected {
    /// As they are; none without facilities of the period whose load is known.
    pub forecast: Option<Forecast>,
    /// The same with the station that was tried in operation in the whole period, and the code of the county where it stands.
    pub with_trial: Option<(String, Forecast)>,
}

/// The figures of who is judged as one.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct RewardFigures {
    /// Share of new-energy vehicles in its province, per cent; none where it is not given.
    pub nev_penetration: Option<f64>,
    /// Class of its province; none where the share of new-energy vehicles there is not given, or the programme publishes no classes.
    pub class: Option<ClassOf>,
    /// Whether the programme has a table of rewards.
    pub is_asked: bool,
    /// What is expected where facilities in doubt do not count, and where they do; nothing without a class, or without `[demand]`.
    pub expected: Both<Expected>,
    /// What is paid in each year at least and at most, by which of the facilities in doubt count; the same with the station that was tried.
    pub ranges: [Vec<YearRange>; 2],
    /// Facilities commissioned in the period, or planned to be, that count, or may count.
    pub facilities: u64,
    /// Of them, swap stations.
    pub swap_stations: u64,
    /// Of them, those that are planned: in operation from the day that is planned.
    pub planned: u64,
    /// Of these, those that others have opened after: they should be open by now.
    #[serde(default)]
    pub planned_past: u64,
    /// Of them, those of which something that the programme asks for is not known.
    pub in_doubt: u64,
    /// Of them, those whose load is not known: they are in no utilisation.
    pub unloaded: u64,
    /// Stations that count or may count whose day of opening is not known: they are not among them.
    pub undated: u64,
    /// What would have to be known of stations, in English and Chinese, with their ids.
    pub missing: Vec<[String; 2]>,
    /// What else is not known for it.
    pub untold: Vec<Untold>,
    /// Standard piles of these facilities where those in doubt do not count, and where they do; none where the programme does not know them.
    pub piles: Option<Both<PileCount>>,
    /// The same of all stations that stand.
    pub standing_piles: Option<PileCount>,
    /// Of the new swap stations what the rated power of their chargers is in standard piles of the programme, whatever it publishes; none where
    /// that power is not known of one.
    pub swap_equivalent: Option<f64>,
    /// Standard piles of vehicle to grid, where its power and energy are given.
    pub v2g_piles: Option<u64>,
}

impl RewardFigures {
    /// Whether something is not known that no choice of facilities makes up for.
    fn is_open(&self) -> bool {
        !self.untold.is_empty() || self.undated > 0 || self.unloaded > 0
    }

    /// What is paid in a year at least and at most, as the county is or with the station that was tried; none where that hangs on more than which
    /// facilities count.
    pub fn range(&self, year: Option<u16>, tried: bool) -> Option<YearRange> {
        let of_year = self.ranges[usize::from(tried)].iter().find(|r| Some(r.year) == year).copied();
        of_year.filter(|_| !self.is_open())
    }

    /// What is expected of all years together; none where that cannot be told.
    pub fn told_total_yuan(&self) -> Option<u64> {
        let told = self.ranges[0].iter().all(|r| self.is_told(Some(r.year), false));
        self.expected.with.forecast.as_ref().filter(|_| told).map(|f| f.total_yuan)
    }

    /// Whether it can be told what a year is paid, or that nothing is expected in it.
    pub fn is_told(&self, year: Option<u16>, tried: bool) -> bool {
        !self.is_open() && self.range(year, tried).is_none_or(|r| r.is_one())
    }
}

/// What is not known for an expected reward, beside gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Untold {
    /// The share of new-energy vehicles in the province: no class, and no reward.
    Class,
    /// Nothing is asked for by `[demand]`: no utilisation, and no reward.
    NoDemand,
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
            Self::NoDemand => {
                ["utilisation cannot be told: there is no [demand]", "利用率无法判断：未设 [demand]"].map(str::to_owned)
            }
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

/// The figures of who is judged as one.
fn figures(g: &JudgeGround<'_>, books: &Books<'_>, profile: &Profile, who: &Applying) -> Result<RewardFigures> {
    let lead = &g.scene.codes[who.lead as usize];
    let mut row =
        RewardFigures { v2g_piles: v2g(g, profile, who), is_asked: profile.reward.is_some(), ..RewardFigures::default() };
    match (&profile.reward, g.table.figure(lead, "nev_penetration")) {
        (Some(reward), Some(p)) => (row.nev_penetration, row.class) = (Some(p), Some(class_of(reward, p)?)),
        (Some(_), None) => row.untold.push(Untold::Class),
        (None, _) => {}
    }
    let new = Facilities::of(g, books, profile, who);
    count(profile, &new, &mut row);
    let standing: Vec<Offer> = who.counties.iter().flat_map(|c| books.standing(*c)).map(|s| Offer::of(g.station(*s))).collect();
    row.standing_piles = station_piles(profile, standing.iter());
    let without = g.balance.counties.is_empty().then_some(Untold::NoDemand).filter(|_| !new.all.is_empty());
    row.untold.extend(without.or_else(|| unknown_demand(g, who)).filter(|_| profile.reward.is_some()));
    let all_unknown = row.untold.iter().any(|u| u.is_all());
    if let Some(ClassOf::Class(class)) = row.class.clone().filter(|_| !all_unknown) {
        expect(g, (profile, &class), who, &new, &mut row)?;
    }
    Ok(row)
}

/// How many facilities there are, and what they are in standard piles.
fn count(profile: &Profile, new: &Facilities, row: &mut RewardFigures) {
    let n = |of: fn(&super::facilities::Facility) -> bool| new.all.iter().filter(|f| of(f)).count() as u64;
    row.facilities = new.all.len() as u64;
    (row.swap_stations, row.planned, row.in_doubt) = (n(|f| f.is_swap()), n(|f| f.planned), n(|f| !f.sure));
    row.planned_past = n(|f| f.past);
    // without a table of rewards nothing rests on days and loads
    if profile.reward.is_some() {
        row.unloaded = n(|f| f.load.with.is_none());
    }
    (row.undated, row.missing) = (new.undated, new.missing(profile.reward.is_some()));
    let piles =
        |in_doubt_count: bool| station_piles(profile, new.all.iter().filter(|f| f.sure || in_doubt_count).map(|f| &f.offer));
    row.piles = piles(false).zip(piles(true)).map(|(without, with)| Both { without, with });
    let standard = profile.standard_pile.as_ref().and_then(|rule| profile.number(&rule.standard_kw)).filter(|kw| *kw > 0.0);
    let chargers = new.all.iter().filter(|f| f.is_swap()).map(|f| f.offer.total_kw).sum::<Option<f64>>();
    row.swap_equivalent = chargers.zip(standard).map(|(kw, standard)| kw / standard);
}

/// What is expected both ways, and between them.
fn expect(
    g: &JudgeGround<'_>,
    (profile, class): (&Profile, &str),
    who: &Applying,
    new: &Facilities,
    row: &mut RewardFigures,
) -> Result<()> {
    let code = |county: u32| g.scene.codes[county as usize].clone();
    let way = |in_doubt_count: bool| -> Result<Expected> {
        let list = new.loaded(in_doubt_count);
        let as_is: Vec<NewFacility> = list.iter().map(|(_, f)| f.clone()).collect();
        let tried = with_trial(g, profile, who, (&list, in_doubt_count));
        let tried = tried.map(|(county, all)| Ok((code(county), forecast(profile, class, &all)?))).transpose()?;
        Ok(Expected {
            forecast: if as_is.is_empty() { None } else { forecast(profile, class, &as_is)? },
            with_trial: tried.and_then(|(code, f)| Some((code, f?))),
        })
    };
    row.expected = Both { without: way(false)?, with: way(true)? };
    let list = new.loaded(true);
    let sure: Vec<bool> = list.iter().map(|(station, _)| new.is_sure(*station)).collect();
    let of = |all: &[NewFacility]| {
        // who is tried is the last, and counts
        let is_sure = |i: usize| sure.get(i).copied().unwrap_or(true);
        let part =
            |want: bool| all.iter().enumerate().filter(|(i, _)| is_sure(*i) == want).map(|(_, f)| f.clone()).collect::<Vec<_>>();
        reward_range(profile, class, &part(true), &part(false))
    };
    let both = row.expected.as_ref();
    let as_is = of(&list.iter().map(|(_, f)| f.clone()).collect::<Vec<_>>())?;
    row.ranges[0] = widened(as_is, both.map(|e| e.forecast.as_ref()));
    if let Some((_, all)) = with_trial(g, profile, who, (&list, true)) {
        row.ranges[1] = widened(of(&all)?, both.map(|e| e.with_trial.as_ref().map(|(_, f)| f)));
    }
    Ok(())
}

/// Ranges with what both ways say: planned stations that are in doubt leave others their load where they do not count.
fn widened(ranges: Vec<YearRange>, both: Both<Option<&Forecast>>) -> Vec<YearRange> {
    let paid = |f: Option<&Forecast>, year: u16| {
        let tier = f.and_then(|f| f.years.iter().find(|y| y.year == year)).and_then(|y| y.tier.as_ref());
        tier.map_or(0, |t| t.amount_yuan)
    };
    ranges.into_iter().map(|r| r.with(paid(both.without, r.year)).with(paid(both.with, r.year))).collect()
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

/// Standard piles of vehicle to grid by the power and energy that are given for the very counties, none for a beginning of their codes: they
/// are sums.
fn v2g(g: &JudgeGround<'_>, profile: &Profile, who: &Applying) -> Option<u64> {
    let sum = |name: &str| {
        let given = who.counties.iter().filter_map(|c| g.table.own_figure(&g.scene.codes[*c as usize], name));
        given.reduce(|a, b| a + b)
    };
    v2g_piles(profile, sum("v2g_kw")?, sum("v2g_kwh")?)
}
