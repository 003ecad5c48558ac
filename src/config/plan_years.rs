//! Several years in one plan, as typed and as meant: what may be built in each year, and how many vehicles there are in it.

use super::demand_table::TargetTable;
use super::plan::{Extent, money, refuse};
use super::plan_table::PlanTable;
use crate::error::Result;
use schemars::JsonSchema;
use serde::Deserialize;

/// More years than this are no plan.
const MOST_YEARS: usize = 20;
/// Factors of vehicles are kept in millionths.
const MILLION: f64 = 1e6;

/// `[[plan.years]]`: a year of the plan with what may be built in it. What one year leaves may be used in the next.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct YearTable {
    /// The year; what is built in it stands in all of it.
    pub year: Option<u32>,
    /// So many sites more.
    pub sites: Option<u32>,
    /// So much money more, in the currency of the costs.
    pub budget: Option<f64>,
    /// Vehicles of that year over those of today; when not given 1 in the first year, growing evenly to `[demand.target]`, and 1 without that.
    pub vehicles: Option<f64>,
}

/// A year of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanYearAsked {
    /// The year.
    pub year: u32,
    /// Sites, or money, that may be used by its end, with those of earlier years.
    pub most: u64,
    /// What may be used in it alone.
    pub own: u64,
    /// Its vehicles over today's, in millionths.
    pub vehicles_ppm: u64,
}

impl PlanYearAsked {
    /// What weighs so much today weighs this in the year: rounded up, so that nothing is lost.
    pub fn weight(self, today: u64) -> u64 {
        let all = u128::from(today) * u128::from(self.vehicles_ppm);
        all.div_ceil(MILLION as u128).min(u128::from(u64::MAX >> 16)) as u64
    }

    /// The same year with the vehicles of today.
    #[must_use]
    pub fn of_today(self) -> Self {
        Self { vehicles_ppm: MILLION as u64, ..self }
    }

    /// Its vehicles over today's.
    pub fn vehicles(self) -> f64 {
        self.vehicles_ppm as f64 / MILLION
    }
}

/// The years of a plan; none where it has none. `target` is that of `[demand]`, where there is one.
///
/// # Errors
/// Usage, naming the key whose value makes no sense, or what does not go with years.
pub(super) fn of(table: &PlanTable, target: Option<&TargetTable>) -> Result<Vec<PlanYearAsked>> {
    let Some(first) = table.years.first() else { return Ok(Vec::new()) };
    refuse_beside(table)?;
    if table.years.len() > MOST_YEARS {
        return refuse("years", format!("{} years are more than a plan can have", table.years.len()), "give 20 or fewer");
    }
    let money_asked = first.budget.is_some();
    let (mut all, mut most): (Vec<PlanYearAsked>, u64) = (Vec::new(), 0);
    for row in &table.years {
        let year = year(row, all.last().map(|y| y.year))?;
        let own = match (row.sites, row.budget) {
            (Some(sites), None) if !money_asked => u64::from(sites),
            (None, Some(0.0)) if money_asked => 0,
            (None, Some(sum)) if money_asked => money("years.budget", sum)?,
            _ => {
                let what = format!("the year {year} has not what the others have: sites, or a budget");
                return refuse("years", what, "give sites in every year, or a budget in every year");
            }
        };
        most = most.saturating_add(own);
        let first_year = all.first().map_or(year, |y| y.year);
        let vehicles_ppm = vehicles(row, (first_year, year), target)?;
        all.push(PlanYearAsked { year, most, own, vehicles_ppm });
    }
    if most == 0 {
        return refuse("years", "nothing may be built in any year".to_owned(), "give a year its sites or budget");
    }
    Ok(all)
}

/// How much may be built in all years together.
pub(super) fn extent(table: &PlanTable, years: &[PlanYearAsked]) -> Option<Extent> {
    let most = years.last()?.most;
    let money = table.years.first().is_some_and(|y| y.budget.is_some());
    Some(if money { Extent::Budget(most) } else { Extent::Sites(u32::try_from(most).unwrap_or(u32::MAX)) })
}

/// What does not go with years, by name.
fn refuse_beside(table: &PlanTable) -> Result<()> {
    for (given, key, next) in [
        (table.sites.is_some(), "sites", "give sites in [[plan.years]], or take the years out"),
        (table.budget.is_some(), "budget", "give a budget in [[plan.years]], or take the years out"),
        (table.cover_percent.is_some(), "cover_percent", "give sites or a budget in each year, or take the years out"),
        (!table.first.is_empty(), "first", "plan without years to close counties first, or take first out"),
        (!table.funding.is_empty(), "funding", "fund counties in a plan without years, or take funding out"),
    ] {
        if given {
            return refuse(key, format!("{key} does not go with years"), next);
        }
    }
    Ok(())
}

fn year(row: &YearTable, before: Option<u32>) -> Result<u32> {
    match row.year {
        Some(year) if !(2000..=2100).contains(&year) => {
            refuse("years.year", format!("{year} is no year of a plan"), "give 2000 to 2100")
        }
        Some(year) if before.is_some_and(|b| b >= year) => refuse(
            "years.year",
            format!("the year {year} does not come after the one before it"),
            "give each year once, in order",
        ),
        Some(year) => Ok(year),
        None => refuse("years.year", "a year has no number".to_owned(), "give year = 2027, or another"),
    }
}

/// Vehicles of a year over today's, in millionths.
fn vehicles(row: &YearTable, (first, year): (u32, u32), target: Option<&TargetTable>) -> Result<u64> {
    let factor = match row.vehicles {
        Some(_) if target.is_none() => {
            let what = "vehicles are given by year and there is no [demand]".to_owned();
            return refuse("years.vehicles", what, "add [demand], or take vehicles out of the years");
        }
        Some(factor) if !(0.01..=100.0).contains(&factor) => {
            return refuse("years.vehicles", format!("{factor} is no factor of vehicles"), "give 0.01 to 100");
        }
        Some(factor) => factor,
        None => grown(first, year, target),
    };
    Ok((factor * MILLION).round() as u64)
}

/// Even growth from 1 in the first year to the factor in the target year, which stays.
fn grown(first: u32, year: u32, target: Option<&TargetTable>) -> f64 {
    let Some((to, factor)) = target.and_then(|t| Some((t.year?, t.factor?))) else { return 1.0 };
    if to <= first {
        return factor; // the target is reached when the plan begins
    }
    factor.powf(f64::from(year.min(to) - first) / f64::from(to - first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Criteria, RegionFile};

    fn asked(text: &str) -> Result<Vec<PlanYearAsked>> {
        Ok(Criteria::from_region(&RegionFile::parse(text, "r")?)?.plan.unwrap().years)
    }

    #[test]
    fn what_a_year_leaves_may_be_used_in_the_next_and_vehicles_grow_evenly() {
        let years = "[[plan.years]]\nyear = 2026\nsites = 2\n[[plan.years]]\nyear = 2028\nsites = 3\n";
        let of = |all: &[PlanYearAsked]| all.iter().map(|y| (y.year, y.own, y.most, y.vehicles_ppm)).collect::<Vec<_>>();
        assert_eq!(of(&asked(years).unwrap()), [(2026, 2, 2, 1_000_000), (2028, 3, 5, 1_000_000)]);
        // four times as many in 2030, evenly from 2026: twice as many in 2028
        let grown = format!("[demand]\n[demand.target]\nyear = 2030\nfactor = 4.0\n[plan]\nobjective = \"people\"\n{years}");
        assert_eq!(of(&asked(&grown).unwrap()), [(2026, 2, 2, 1_000_000), (2028, 3, 5, 2_000_000)]);
        let later = grown.replace("2028", "2040");
        assert_eq!(of(&asked(&later).unwrap())[1], (2040, 3, 5, 4_000_000));
        let y = PlanYearAsked { year: 2028, most: 1, own: 1, vehicles_ppm: 1_500_000 };
        assert_eq!((y.weight(2), y.weight(3), y.weight(0)), (3, 5, 0)); // 4.5 is 5
    }

    #[test]
    fn what_cannot_be_meant_or_does_not_go_together_is_refused_by_its_key() {
        let year = |keys: &str| format!("[[plan.years]]\n{keys}\n");
        let two = year("year = 2026\nsites = 1");
        for (text, key) in [
            (year("sites = 1"), "plan.years.year"),
            (year("year = 1999\nsites = 1"), "plan.years.year"),
            (format!("{two}{two}"), "plan.years.year"),
            (year("year = 2026"), "plan.years"),
            (year("year = 2026\nsites = 1\nbudget = 5"), "plan.years"),
            (format!("{two}{}", year("year = 2027\nbudget = 5")), "plan.years"),
            (year("year = 2026\nsites = 0"), "plan.years"),
            (year("year = 2026\nbudget = -5"), "plan.years.budget"),
            (year("year = 2026\nsites = 1\nvehicles = 2"), "plan.years.vehicles"),
            (format!("[plan]\nsites = 3\n{two}"), "plan.sites"),
            (format!("[plan]\nbudget = 3\n{two}"), "plan.budget"),
            (format!("[plan]\ncover_percent = 3\n{two}"), "plan.cover_percent"),
            (format!("[plan]\nfirst = [\"1\"]\n{two}"), "plan.first"),
            (format!("[plan]\nfunding = [1]\n{two}"), "plan.funding"),
        ] {
            let error = asked(&text).unwrap_err();
            assert!(error.to_string().contains(&format!("field {key}")) || error.to_string().contains(key), "{text}: {error}");
        }
    }
}
