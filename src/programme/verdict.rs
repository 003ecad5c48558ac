//! Verdicts: met, not met, or it cannot be told, always with the figure both ways.
//!
//! More stations never make a verdict worse, so that what is met without those of which too little is known is met, and what is not met
//! even with them is not met.

use super::profile::Profile;
use super::qualify::Missing;
use super::rule::Rule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A figure where stations that cannot be told do not count, and where they do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Both<T> {
    /// Only stations that are known to count.
    pub without: T,
    /// Those that cannot be told too.
    pub with: T,
}

impl<T> Both<T> {
    /// Both, borrowed.
    pub fn as_ref(&self) -> Both<&T> {
        Both { without: &self.without, with: &self.with }
    }

    /// Each of the two by a function.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> Both<U> {
        Both { without: f(self.without), with: f(self.with) }
    }
}

/// What is measured, and how much of it is asked for.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Measure {
    /// What was found; none where there is no station at all, or nothing to measure.
    pub found: Both<Option<f64>>,
    /// What is asked for; none where the user has not set it.
    pub asked: Option<f64>,
    /// Of both: `mm`, `%`, `units`, `kW`, `points`.
    pub unit: &'static str,
}

/// Whether a rule is met.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// It is.
    Met,
    /// It is not.
    NotMet,
    /// It cannot be told.
    CannotBeTold,
}

impl Met {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Met, Self::NotMet, Self::CannotBeTold];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::CannotBeTold => "cannot_be_told",
        }
    }

    /// In words, in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Met => ["met", "达到"],
            Self::NotMet => ["not met", "未达到"],
            Self::CannotBeTold => ["cannot be told", "无法判断"],
        }
    }

    /// The worst of some: not met where one is not, else not known where one is not; none of none.
    pub fn worst(all: impl Iterator<Item = Self>) -> Option<Self> {
        all.max_by_key(|met| match met {
            Self::Met => 0,
            Self::CannotBeTold => 1,
            Self::NotMet => 2,
        })
    }

    fn of(met: Option<bool>) -> Self {
        met.map_or(Self::CannotBeTold, |met| if met { Self::Met } else { Self::NotMet })
    }
}

/// A rule judged.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Verdict {
    /// The verdict.
    pub met: Met,
    /// The verdict if what cannot be told does not count, and if it does.
    pub both: Both<Met>,
    /// The figures.
    pub measure: Measure,
    /// What is missing, where the two differ or nothing can be said.
    pub missing: BTreeSet<Missing>,
}

impl Verdict {
    fn of(both: Both<Option<bool>>, measure: Measure, missing: BTreeSet<Missing>) -> Self {
        let met = match (both.without, both.with) {
            (Some(true), _) => Met::Met,
            (_, Some(false)) => Met::NotMet,
            _ => Met::CannotBeTold,
        };
        let missing = if met == Met::CannotBeTold { missing } else { BTreeSet::new() };
        Self { met, both: both.map(Met::of), measure, missing }
    }
}

/// What the user has still to set of a rule.
fn not_set(profile: &Profile, key: Option<&String>) -> Option<Missing> {
    key.filter(|key| profile.number(key).is_none()).map(|key| Missing::Value(key.clone()))
}

/// Intervals between stations along a road: their lengths, millimetres.
pub type Intervals<'a> = Both<&'a [u64]>;

/// A rule of shape gap on one road or a network of roads. `missing` is what kept stations from being told.
pub fn gap(profile: &Profile, rule: &Rule, intervals: Intervals<'_>, mut missing: BTreeSet<Missing>) -> Verdict {
    let limit = rule.limit.as_ref().and_then(|key| profile.length_mm(key));
    missing.extend(not_set(profile, rule.limit.as_ref()));
    missing.extend(not_set(profile, rule.share.as_ref()));
    if let Some(share) = &rule.share {
        let asked = profile.number(share);
        let found = intervals.map(|list| limit.and_then(|limit| share_within(list, limit)));
        let met = found.map(|found| Some(found? >= asked?));
        return Verdict::of(met, Measure { found, asked, unit: "%" }, missing);
    }
    let longest = intervals.map(|list| list.iter().max().copied());
    let met = longest.map(|longest| Some(longest? <= limit?));
    let measure = Measure { found: longest.map(|l| l.map(|mm| mm as f64)), asked: limit.map(|mm| mm as f64), unit: "mm" };
    Verdict::of(met, measure, missing)
}

/// The share of the length that lies in intervals no longer than a limit, per cent; none without length.
fn share_within(list: &[u64], limit: u64) -> Option<f64> {
    let all: u64 = list.iter().sum();
    let within: u64 = list.iter().filter(|mm| **mm <= limit).sum();
    (all > 0).then(|| within as f64 * 100.0 / all as f64)
}

/// A rule of shape reach: the longest way from a place to a station, millimetres. A place from which there is no way to any is farther
/// than every limit: `u64::MAX`; none where there is no place.
pub fn reach(profile: &Profile, rule: &Rule, longest_mm: Both<Option<u64>>, mut missing: BTreeSet<Missing>) -> Verdict {
    let limit = rule.limit.as_ref().and_then(|key| profile.length_mm(key));
    missing.extend(not_set(profile, rule.limit.as_ref()));
    if longest_mm.with.is_none() {
        missing.insert(Missing::Figure("places".to_owned()));
    }
    let met = longest_mm.map(|mm| Some(mm? <= limit?));
    let found = longest_mm.map(|mm| mm.filter(|mm| *mm != u64::MAX).map(|mm| mm as f64));
    Verdict::of(met, Measure { found, asked: limit.map(|mm| mm as f64), unit: "mm" }, missing)
}

/// Units, and those of them without a station.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// All units.
    pub units: usize,
    /// Units without.
    pub without: usize,
}

/// A rule of shape each: none where the units are not given.
pub fn each(profile: &Profile, rule: &Rule, counts: Option<Both<Count>>, mut missing: BTreeSet<Missing>) -> Verdict {
    missing.extend(not_set(profile, rule.cell.as_ref()));
    let known = counts.filter(|c| c.with.units > 0 && not_set(profile, rule.cell.as_ref()).is_none());
    if known.is_none() && rule.cell.as_ref().is_none_or(|key| profile.number(key).is_some()) {
        missing.insert(Missing::Figure("units".to_owned()));
    }
    let found = known.map_or(Both::default(), |c| c.map(|c| Some(c.without as f64)));
    let met = found.map(|without| without.map(|n| n == 0.0));
    Verdict::of(met, Measure { found, asked: Some(0.0), unit: "units" }, missing)
}

/// A rule of shape ratio: what there is (kW or points), and vehicles by kind. A kind that is not given cannot be told, unless what there
/// is does not do for the others.
pub fn ratio(
    profile: &Profile,
    rule: &Rule,
    have: Both<f64>,
    vehicles: &BTreeMap<String, f64>,
    mut missing: BTreeSet<Missing>,
) -> Verdict {
    let (mut asked, mut whole, mut points) = (0.0, true, false);
    for per in &rule.per {
        points |= profile.fact(&per.amount).is_some_and(|f| f.unit.starts_with("points"));
        match (vehicles.get(&per.vehicles), profile.number(&per.amount)) {
            (Some(n), Some(each)) => asked += n * each,
            (n, each) => {
                whole = false;
                missing.extend(n.is_none().then(|| Missing::Figure(format!("vehicles ({})", per.vehicles))));
                missing.extend(each.is_none().then(|| Missing::Value(per.amount.clone())));
            }
        }
    }
    // more vehicles ask for more: what fails without them fails
    let met = have.map(|have| if whole { Some(have >= asked) } else { (have < asked).then_some(false) });
    let measure = Measure { found: have.map(Some), asked: whole.then_some(asked), unit: if points { "points" } else { "kW" } };
    Verdict::of(met, measure, missing)
}
