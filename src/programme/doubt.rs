//! What is earned where it is not known which facilities count: more of them can raise or lower a utilisation, so that neither all of them nor
//! none of them need be the least or the most that can come out.

use super::period::{NewFacility, running};
use super::profile::Profile;
use super::reward::tier;
use super::utilisation::{InOperation, Utilisation};
use crate::error::Result;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// The least and the most that is paid in a year, by which of the facilities in doubt count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct YearRange {
    /// Year.
    pub year: u16,
    /// The least, yuan; 0 where perhaps nothing counts that is in operation.
    pub least_yuan: u64,
    /// The most, yuan.
    pub most_yuan: u64,
}

impl YearRange {
    /// With an amount in it.
    #[must_use]
    pub fn with(self, yuan: u64) -> Self {
        Self { least_yuan: self.least_yuan.min(yuan), most_yuan: self.most_yuan.max(yuan), ..self }
    }

    /// Whether it is one amount.
    pub fn is_one(&self) -> bool {
        self.least_yuan == self.most_yuan
    }
}

/// The range of every year, over all choices of those in doubt beside those that are sure to count; all were commissioned in the period.
///
/// A utilisation is a ratio of sums: the greatest has those in doubt that lie above it, which are the best of them, and the least the worst.
///
/// # Errors
/// As [`tier`] and [`Utilisation::of`].
pub fn reward_range(profile: &Profile, class: &str, sure: &[NewFacility], in_doubt: &[NewFacility]) -> Result<Vec<YearRange>> {
    let Some(reward) = &profile.reward else { return Ok(Vec::new()) };
    let of_year = |&year: &u16| {
        let run = |list: &[NewFacility]| running(&list.iter().collect::<Vec<_>>(), year);
        let (sure, in_doubt) = (run(sure), run(in_doubt));
        let paid = |list: &[InOperation]| -> Result<u64> {
            let earned = Utilisation::of(list)?.map(|u| tier(reward, class, year, u)).transpose()?;
            Ok(earned.map_or(0, |t| t.amount_yuan))
        };
        let most = paid(&extreme(&sure, &in_doubt, Ordering::Greater))?;
        let least = paid(&extreme(&sure, &in_doubt, Ordering::Less))?;
        // nothing at all may count where nothing is sure to
        let least = if sure.is_empty() { 0 } else { least };
        Ok(YearRange { year, least_yuan: least, most_yuan: most })
    };
    reward.years.iter().map(of_year).collect()
}

/// Energy and what could have been given.
fn sums(list: &[InOperation]) -> (f64, f64) {
    list.iter().fold((0.0, 0.0), |(e, p), f| (e + f.energy_kwh, p + f.rated_kw * f.hours))
}

/// Which of two ratios is greater, without a division.
fn compare((a, of_a): (f64, f64), (b, of_b): (f64, f64)) -> Ordering {
    (a * of_b).total_cmp(&(b * of_a))
}

/// Those that are sure with those of the others that make their ratio greatest, or least.
fn extreme(sure: &[InOperation], in_doubt: &[InOperation], side: Ordering) -> Vec<InOperation> {
    let mut all = sure.to_vec();
    let mut others = in_doubt.to_vec();
    others.sort_by(|a, b| compare(sums(&[*b]), sums(&[*a])));
    if side == Ordering::Less {
        others.reverse();
    }
    for one in others {
        if !all.is_empty() && compare(sums(&[one]), sums(&all)) != side {
            break;
        }
        all.push(one);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::embedded;
    use proptest::prelude::*;

    /// From 1 January 2025: 100 kW, so many kWh a day.
    fn at(kwh_a_day: f64) -> NewFacility {
        NewFacility { commissioned: (2025, 1, 1), rated_kw: 100.0, kwh_a_day, later: Vec::new() }
    }

    #[test]
    fn neither_all_nor_none_need_be_the_least_or_the_most() {
        let p = embedded("cn-county-pilot-2024").unwrap();
        // 2,400 kWh a day are 100 %. Sure: 2 %. In doubt: one of 4 % and one of 0. Third class, 2025: 1, 1.5, 2.5 %. None of them: 2 %, 12
        // million; both: 2 %, 12 million; the better alone: 3 %, 15; the worse alone: 1 %, 10
        let found = reward_range(&p, "third", &[at(48.0)], &[at(96.0), at(0.0)]).unwrap();
        assert_eq!(found[1], YearRange { year: 2025, least_yuan: 10_000_000, most_yuan: 15_000_000 });
        // before all of them nothing is paid, whatever counts
        assert_eq!(found[0], YearRange { year: 2024, least_yuan: 0, most_yuan: 0 });
        // what is sure alone: one amount; what is in doubt alone: perhaps nothing
        assert_eq!(
            reward_range(&p, "third", &[at(48.0)], &[]).unwrap()[1],
            YearRange { year: 2025, least_yuan: 12_000_000, most_yuan: 12_000_000 }
        );
        assert_eq!(
            reward_range(&p, "third", &[], &[at(96.0)]).unwrap()[1],
            YearRange { year: 2025, least_yuan: 0, most_yuan: 15_000_000 }
        );
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(200))]
        #[test]
        fn the_range_is_that_of_all_choices(
            sure in prop::collection::vec((1.0..500.0, 0.0..0.08), 0..3),
            in_doubt in prop::collection::vec((1.0..500.0, 0.0..0.08), 0..6),
        ) {
            let p = embedded("cn-county-pilot-2024").unwrap();
            let new = |list: &[(f64, f64)]| -> Vec<NewFacility> {
                let one = |(kw, share): &(f64, f64)| NewFacility { rated_kw: *kw, ..at(kw * 24.0 * share) };
                list.iter().map(one).collect()
            };
            let (sure, in_doubt) = (new(&sure), new(&in_doubt));
            let found = reward_range(&p, "second", &sure, &in_doubt).unwrap();
            let mut seen = Vec::new();
            for choice in 0u32..1 << in_doubt.len() {
                let chosen = in_doubt.iter().enumerate().filter(|(i, _)| choice >> i & 1 == 1).map(|(_, f)| f.clone());
                let all: Vec<NewFacility> = sure.iter().cloned().chain(chosen).collect();
                let forecast = crate::programme::forecast(&p, "second", &all).unwrap().unwrap();
                seen.push(forecast.years[2].tier.as_ref().map_or(0, |t| t.amount_yuan));
            }
            prop_assert_eq!(found[2].least_yuan, *seen.iter().min().unwrap());
            prop_assert_eq!(found[2].most_yuan, *seen.iter().max().unwrap());
        }
    }
}
