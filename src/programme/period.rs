//! What new facilities are expected to earn: from the day on which each was commissioned, year by year.

use super::profile::Profile;
use super::reward::{Tier, tier, total_yuan};
use super::utilisation::{InOperation, Utilisation};
use crate::error::Result;
use crate::read::date::{Day, day};
use serde::{Deserialize, Serialize};

/// Whether a facility is one of a programme's, by the day on which it was commissioned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Commissioned {
    /// In the programme's period: it counts.
    InPeriod,
    /// Before it: it never counts.
    Before,
    /// After it.
    After,
    /// Its day is not known.
    NotKnown,
}

/// A facility that counts, or is planned to.
#[derive(Clone, PartialEq, Debug)]
pub struct NewFacility {
    /// The day on which it is commissioned.
    pub commissioned: Day,
    /// Rated power; of a swap station that of its chargers, kW.
    pub rated_kw: f64,
    /// Energy that it gives on a day, kWh.
    pub kwh_a_day: f64,
    /// What it gives on a day from later days on, as others open beside it: days in rising order, each with kWh.
    pub later: Vec<(Day, f64)>,
}

impl NewFacility {
    /// Days in operation in a year, and the energy that it gives in them, kWh.
    fn in_year(&self, year: u16) -> (u32, f64) {
        let days = |from: Day| days_in_operation(from.max(self.commissioned), year);
        let (mut kwh_a_day, mut kwh, mut left) = (self.kwh_a_day, 0.0, days(self.commissioned));
        for (from, then) in &self.later {
            kwh += kwh_a_day * f64::from(left.saturating_sub(days(*from)));
            (kwh_a_day, left) = (*then, days(*from));
        }
        (days(self.commissioned), kwh + kwh_a_day * f64::from(left))
    }
}

/// A year of the programme.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct YearForecast {
    /// Year.
    pub year: u16,
    /// What is earned in it; none where nothing is in operation: then there is no utilisation either.
    pub tier: Option<Tier>,
}

/// What facilities are expected to earn in all years.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Forecast {
    /// Each year that the table has.
    pub years: Vec<YearForecast>,
    /// All years together, no more than the cap, yuan.
    pub total_yuan: u64,
    /// Facilities that were commissioned before or after the period and do not count.
    pub left_out: usize,
}

impl Profile {
    /// Whether a facility that was commissioned on this day, as written, is one of the programme's.
    pub fn commissioned(&self, opened: &str) -> Commissioned {
        day(opened).map_or(Commissioned::NotKnown, |d| self.commissioned_on(d))
    }

    fn commissioned_on(&self, opened: Day) -> Commissioned {
        let bound = |text: &Option<String>| text.as_deref().and_then(day);
        match (bound(&self.from), bound(&self.until)) {
            (Some(from), _) if opened < from => Commissioned::Before,
            (_, Some(until)) if opened > until => Commissioned::After,
            _ => Commissioned::InPeriod,
        }
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Days of a year that a facility is in operation, the first one with it: all of them where it was commissioned before.
pub fn days_in_operation(commissioned: Day, year: u16) -> u32 {
    let (opened, month, day) = commissioned;
    let year = u32::from(year);
    let all = if is_leap(year) { 366 } else { 365 };
    if opened != year {
        return if opened < year { all } else { 0 };
    }
    let lengths = [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before: u32 = lengths.iter().take(month.saturating_sub(1) as usize).sum();
    all - (before + day.saturating_sub(1)).min(all)
}

/// Those of some facilities that are in operation in a year, with what they give in it.
pub(super) fn running(facilities: &[&NewFacility], year: u16) -> Vec<InOperation> {
    let in_year = |f: &&NewFacility| {
        let (days, energy_kwh) = f.in_year(year);
        (days > 0).then_some(InOperation { energy_kwh, rated_kw: f.rated_kw, hours: f64::from(days) * 24.0 })
    };
    facilities.iter().filter_map(in_year).collect()
}

/// What facilities earn in a class of provinces; none where the programme has no table. Those that were not commissioned in its period are
/// left out.
///
/// # Errors
/// As [`tier`] and [`Utilisation::of`].
pub fn forecast(profile: &Profile, class: &str, facilities: &[NewFacility]) -> Result<Option<Forecast>> {
    let Some(reward) = &profile.reward else { return Ok(None) };
    let new: Vec<&NewFacility> =
        facilities.iter().filter(|f| profile.commissioned_on(f.commissioned) == Commissioned::InPeriod).collect();
    let mut years = Vec::with_capacity(reward.years.len());
    for &year in &reward.years {
        let earned = Utilisation::of(&running(&new, year))?.map(|u| tier(reward, class, year, u)).transpose()?;
        years.push(YearForecast { year, tier: earned });
    }
    let tiers: Vec<Tier> = years.iter().filter_map(|y| y.tier.clone()).collect();
    Ok(Some(Forecast { total_yuan: total_yuan(profile, &tiers), left_out: facilities.len() - new.len(), years }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::embedded;

    #[test]
    fn days_run_from_the_day_of_commissioning() {
        for (day, year, days) in [
            ((2024, 12, 22), 2024, 10),
            ((2024, 1, 1), 2024, 366),
            ((2024, 3, 1), 2024, 306), // 366 − 31 − 29
            ((2025, 12, 31), 2025, 1),
            ((2023, 6, 1), 2025, 365),
            ((2026, 1, 1), 2025, 0),
        ] {
            assert_eq!(days_in_operation(day, year), days, "{day:?} {year}");
        }
    }

    #[test]
    fn what_was_there_before_never_counts() {
        let p = embedded("cn-county-pilot-2024").unwrap();
        let of = |text: &str| p.commissioned(text);
        assert_eq!(of("2023-12-31"), Commissioned::Before);
        assert_eq!([of("2024-01-01"), of("2026年12月31日"), of("20250601")], [Commissioned::InPeriod; 3]);
        assert_eq!((of("2027-01-01"), of(""), of("soon")), (Commissioned::After, Commissioned::NotKnown, Commissioned::NotKnown));
    }

    #[test]
    fn a_forecast_goes_year_by_year_and_ends_at_the_cap() {
        let p = embedded("cn-county-pilot-2024").unwrap();
        let at = |commissioned, rated_kw, kwh_a_day| NewFacility { commissioned, rated_kw, kwh_a_day, later: Vec::new() };
        // 1,000 kW from 22 December 2024 with 480 kWh a day, 2 % in every year; in 2026 another one with 960 kWh, 3 % together.
        // Second class: 2024 2 % is 12 million, 2025 (1.5, 2.5) is 10, 2026 3 % is 12
        let list = [at((2024, 12, 22), 1000.0, 480.0), at((2026, 1, 1), 1000.0, 960.0), at((2020, 5, 1), 5000.0, 1.0)];
        let f = forecast(&p, "second", &list).unwrap().unwrap();
        let amounts: Vec<u64> = f.years.iter().map(|y| y.tier.as_ref().unwrap().amount_yuan).collect();
        assert_eq!((amounts, f.total_yuan, f.left_out), (vec![12_000_000, 10_000_000, 12_000_000], 34_000_000, 1));
        let first = f.years[0].tier.as_ref().unwrap();
        assert_eq!((first.utilisation.percent(), first.utilisation.hours()), (2.0, 240.0));
        // to 4 % lacks as much again: 4,800 kWh in these ten days
        assert_eq!(first.next.unwrap().short_kwh, 4800.0);
        assert!(f.years[1].tier.as_ref().unwrap().class_assumed);
        // nothing before 2025: no utilisation in 2024, not one of 0
        let f = forecast(&p, "first", &[at((2025, 1, 1), 120.0, 2880.0)]).unwrap().unwrap();
        assert!(f.years[0].tier.is_none());
        assert_eq!(f.total_yuan, 30_000_000);
        // more than its power gives
        assert!(forecast(&p, "first", &[at((2025, 1, 1), 120.0, 2881.0)]).is_err());
        assert!(forecast(&p, "fourth", &[at((2025, 1, 1), 120.0, 1.0)]).is_err());
        assert!(forecast(&embedded("cn-county-pilot-2025").unwrap(), "first", &[]).unwrap().is_none());
    }

    #[test]
    fn what_opens_later_takes_load_from_its_day_on() {
        // from 2 July 2024 (183 days) 300 kWh a day; another opens on 31 December 2025 and leaves 200; a third on 1 January 2026 leaves 100
        let f = NewFacility {
            commissioned: (2024, 7, 2),
            rated_kw: 120.0,
            kwh_a_day: 300.0,
            later: vec![((2025, 12, 31), 200.0), ((2026, 1, 1), 100.0)],
        };
        let seen = [2023, 2024, 2025, 2026, 2027].map(|year| f.in_year(year));
        assert_eq!(seen, [(0, 0.0), (183, 54_900.0), (365, 364.0 * 300.0 + 200.0), (365, 36_500.0), (365, 36_500.0)]);
        // a day before it was commissioned is its first one
        let early = NewFacility { later: vec![((2024, 1, 1), 50.0)], ..f };
        assert_eq!(early.in_year(2024), (183, 9_150.0));
    }
}
