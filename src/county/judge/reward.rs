//! What the facilities of a programme are expected to earn: those commissioned in its period, with the energy that the load gives them.

use super::JudgeGround;
use crate::config::demand::Day;
use crate::error::Result;
use crate::programme::{
    Answer, Applicant, ClassOf, Commissioned, Eligibility, Forecast, Kind, Member, NewFacility, Offer, Profile,
};
use crate::programme::{class_of, eligibility, forecast, qualifies};
use crate::read::date::day;
use std::collections::BTreeMap;

/// What a county is expected to earn in a programme.
#[derive(Clone, Debug, PartialEq)]
pub struct CountyReward {
    /// Number of the county.
    pub county: u32,
    /// Name of the programme.
    pub programme: String,
    /// Whether it may apply.
    pub eligibility: Eligibility,
    /// Class of its province; none where the share of new-energy vehicles there is not given.
    pub class: Option<ClassOf>,
    /// What is expected; none without a class, without `[demand]`, or without facilities of the period.
    pub forecast: Option<Forecast>,
    /// Facilities commissioned in the period that count, or may count.
    pub facilities: u64,
    /// Of them, those of which something that the programme asks for is not known.
    pub in_doubt: u64,
    /// Stations whose day of opening is not known: they are not among them.
    pub undated: u64,
}

pub(super) fn of(g: &JudgeGround<'_>, profile: &Profile) -> Result<Vec<CountyReward>> {
    let Some(reward) = &profile.reward else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for (county, code) in (0u32..).zip(&g.scene.codes) {
        let mut row = CountyReward {
            county,
            programme: profile.name.clone(),
            eligibility: eligibility(profile, &applicant(g, profile, code))?,
            class: g.table.figure(code, "nev_penetration").map(|p| class_of(reward, p)).transpose()?,
            forecast: None,
            facilities: 0,
            in_doubt: 0,
            undated: 0,
        };
        let new = facilities(g, profile, &mut row);
        if let Some(ClassOf::Class(class)) = &row.class
            && !new.is_empty()
        {
            row.forecast = forecast(profile, class, &new)?;
        }
        all.push(row);
    }
    Ok(all)
}

/// The county as it would apply by itself, with the figures that the region file gives.
fn applicant(g: &JudgeGround<'_>, profile: &Profile, code: &str) -> Applicant {
    let gates = profile.gates.iter().flat_map(|gates| &gates.least);
    let figures: BTreeMap<String, f64> =
        gates.filter_map(|least| Some((least.name.clone(), g.table.figure(code, &least.name)?))).collect();
    let member = Member { code: code.to_owned(), kind: Kind::of_adcode(code), figures, ..Member::default() };
    Applicant { members: vec![member], lead: None }
}

/// The facilities of the period, with the energy of an ordinary day. Stations without a known load are counted and earn nothing.
fn facilities(g: &JudgeGround<'_>, profile: &Profile, row: &mut CountyReward) -> Vec<NewFacility> {
    let mut new = Vec::new();
    let loads: BTreeMap<u32, &crate::balance::StationBalance> = g.scene.balance.loads.iter().map(|l| (l.station, l)).collect();
    let here = (0u32..).zip(&g.scene.stations).filter(|(_, s)| s.used && s.county == Some(row.county));
    for (station, s) in here {
        match profile.commissioned(&s.station.opened) {
            Commissioned::NotKnown => row.undated += 1,
            Commissioned::Before | Commissioned::After => {}
            Commissioned::InPeriod => {
                let counts = profile.counts.as_ref().map(|filter| qualifies(profile, filter, &Offer::of(&s.station)));
                match counts {
                    Some(Answer::No(_)) => continue,
                    Some(Answer::CannotBeTold(_)) => row.in_doubt += 1,
                    Some(Answer::Yes) | None => {}
                }
                row.facilities += 1;
                let ordinary = |l: &&crate::balance::StationBalance| {
                    Some((l.guns?.rated_kw, l.days.iter().find(|d| d.day == Day::Ordinary)?.kwh))
                };
                if let Some(((rated_kw, kwh_a_day), commissioned)) =
                    loads.get(&station).and_then(ordinary).zip(day(&s.station.opened))
                {
                    new.push(NewFacility { commissioned, rated_kw, kwh_a_day });
                }
            }
        }
    }
    new
}
