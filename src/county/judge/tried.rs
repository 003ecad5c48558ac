//! New facilities with the station that was tried among them.

use super::JudgeGround;
use super::applying::Applying;
use crate::balance::{CountyTrial, LoadsWith};
use crate::config::demand::Day;
use crate::config::station_words::Access;
use crate::programme::{Answer, NewFacility, Offer, Offered, Profile, qualifies};
use crate::read::date::day;
use std::collections::BTreeMap;

/// The facilities with the station that was tried behind them, in operation from the first day of the period, and the county where it stands.
/// Of the counties of an application it is the one whose station serves most that nobody was served before; of equals the first. Beside the
/// facilities stands whether those in doubt are among them.
pub(super) fn with_trial(
    g: &JudgeGround<'_>,
    profile: &Profile,
    who: &Applying,
    (new, in_doubt_count): (&[(u32, NewFacility)], bool),
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
    for planned in g.balance.planned.iter().filter(|p| p.of.holds(in_doubt_count)) {
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
