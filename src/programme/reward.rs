//! The table of the reward: class of the province, year, thresholds of utilisation, amounts.

use super::profile::{Mark, Profile};
use super::utilisation::Utilisation;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[reward]`
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reward {
    /// What is measured, in English.
    pub metric: String,
    /// What is measured, in Chinese.
    #[serde(default)]
    pub metric_zh: String,
    /// What decides the class, in English.
    pub class_by: String,
    /// What decides the class, in Chinese.
    #[serde(default)]
    pub class_by_zh: String,
    /// The year that the class bounds are of.
    pub class_year: u16,
    /// What is assumed for other years, in English.
    #[serde(default)]
    pub assumption: String,
    /// What is assumed for other years, in Chinese.
    #[serde(default)]
    pub assumption_zh: String,
    /// The years that the table has.
    pub years: Vec<u16>,
    /// The classes that the table has, by name.
    pub classes: Vec<String>,
    /// The amounts, yuan a year, the lowest first.
    pub amounts_yuan: Vec<u64>,
    /// The most that a county gets in all years, by fact.
    pub cap: String,
    /// How sure the table is.
    pub mark: Mark,
    /// Where it stands.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Each class.
    pub class: BTreeMap<String, Class>,
}

/// A class of provinces: its bounds, and its thresholds by year.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Class {
    /// Name in Chinese.
    pub name_zh: String,
    /// The bound itself belongs to it, per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The bound itself does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// The bound itself belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// The bound itself does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// By year, a threshold for each amount: per cent at or above which it is paid.
    pub percent: BTreeMap<String, Vec<f64>>,
}

impl Class {
    /// Whether a penetration (per cent) belongs to it.
    pub fn has(&self, penetration: f64) -> bool {
        self.at_least.is_none_or(|b| penetration >= b)
            && self.above.is_none_or(|b| penetration > b)
            && self.at_most.is_none_or(|b| penetration <= b)
            && self.below.is_none_or(|b| penetration < b)
    }

    /// Lower and upper bound, each with whether it belongs to the class.
    fn bounds(&self) -> Option<[(f64, bool); 2]> {
        let one = |with: Option<f64>, without: Option<f64>| match (with, without) {
            (Some(b), None) => Some((b, true)),
            (None, Some(b)) => Some((b, false)),
            _ => None,
        };
        Some([one(self.at_least, self.above)?, one(self.at_most, self.below)?])
    }

    /// Whether it has one lower and one upper bound, in this order.
    pub(super) fn has_bounds(&self) -> bool {
        self.bounds().is_some_and(|[(low, with_low), (high, with_high)]| low < high || (low == high && with_low && with_high))
    }

    /// Whether some penetration belongs to both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let (Some([low, high]), Some([other_low, other_high])) = (self.bounds(), other.bounds()) else { return false };
        let meets = |high: (f64, bool), low: (f64, bool)| high.0 > low.0 || (high.0 == low.0 && high.1 && low.1);
        meets(high, other_low) && meets(other_high, low)
    }

    /// Its bounds in words, as `35 % < p < 45 %`.
    pub fn bounds_text(&self) -> String {
        let sign = |with: bool| if with { "≤" } else { "<" };
        self.bounds().map_or_else(String::new, |[(low, a), (high, b)]| format!("{low} % {} p {} {high} %", sign(a), sign(b)))
    }
}

/// The class of a province.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ClassOf {
    /// One that the table has.
    Class(String),
    /// The table has none for this penetration: no tier.
    NoTier,
}

/// The class of a province by its NEV penetration, per cent.
///
/// # Errors
/// Input, for what is no share.
pub fn class_of(reward: &Reward, penetration: f64) -> Result<ClassOf> {
    if !(0.0..=100.0).contains(&penetration) {
        let what = format!("a NEV penetration of {penetration} % cannot be meant");
        return Err(Error::input(what, "give it in per cent, from 0 to 100: 31.2 for 31.2 %"));
    }
    let class = reward.classes.iter().find(|name| reward.class.get(*name).is_some_and(|c| c.has(penetration)));
    Ok(class.map_or(ClassOf::NoTier, |name| ClassOf::Class(name.clone())))
}

/// What would lift a county to the next amount.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct NextTier {
    /// The threshold, per cent.
    pub percent: f64,
    /// What is paid there, yuan a year.
    pub amount_yuan: u64,
    /// Energy that lacks in the year, kWh, with the facilities and hours as they are.
    pub short_kwh: f64,
}

/// What a utilisation earns in a year.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tier {
    /// Class of the province.
    pub class: String,
    /// Year.
    pub year: u16,
    /// The utilisation, with what it was divided by.
    pub utilisation: Utilisation,
    /// The threshold that is reached, per cent; none below the lowest.
    pub reached: Option<f64>,
    /// What is paid for the year, yuan; 0 below the lowest threshold.
    pub amount_yuan: u64,
    /// The next threshold; none at the highest.
    pub next: Option<NextTier>,
    /// The class is that of another year.
    pub class_assumed: bool,
}

/// What a utilisation earns in a class and year.
///
/// # Errors
/// Usage, naming the class or year that the table does not have.
pub fn tier(reward: &Reward, class: &str, year: u16, utilisation: Utilisation) -> Result<Tier> {
    let Some(row) = reward.class.get(class) else {
        return Err(Error::usage(
            format!("the reward table has no class \"{class}\""),
            format!("it has {}", reward.classes.join(", ")),
        ));
    };
    let Some(percents) = row.percent.get(&year.to_string()) else {
        let years: Vec<String> = reward.years.iter().map(u16::to_string).collect();
        return Err(Error::usage(format!("the reward table has no year {year}"), format!("it has {}", years.join(", "))));
    };
    let reached = percents.iter().rposition(|p| utilisation.reaches(*p));
    let above = reached.map_or(0, |i| i + 1);
    let next = percents.get(above).zip(reward.amounts_yuan.get(above)).map(|(&percent, &amount_yuan)| NextTier {
        percent,
        amount_yuan,
        short_kwh: utilisation.short_kwh(percent),
    });
    Ok(Tier {
        class: class.to_owned(),
        year,
        utilisation,
        reached: reached.map(|i| percents[i]),
        amount_yuan: reached.and_then(|i| reward.amounts_yuan.get(i)).copied().unwrap_or(0),
        next,
        class_assumed: year != reward.class_year,
    })
}

/// What some years earn together, yuan: no more than the cap, where the programme has one.
pub fn total_yuan(profile: &Profile, years: &[Tier]) -> u64 {
    let sum = years.iter().map(|t| t.amount_yuan).sum();
    let cap = profile.reward.as_ref().and_then(|r| profile.number(&r.cap)).map(|c| c as u64);
    cap.map_or(sum, |cap| cap.min(sum))
}
