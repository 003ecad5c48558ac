//! Settlements: towns, township seats and villages, with people where the source knows them.

use super::fields::{Attributes, FieldMap, MOST_PEOPLE};
use crate::config::vehicle_class::{ByClass, VehicleClass};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;
use serde::{Deserialize, Serialize};

/// One settlement as read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settlement {
    /// The source's id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Chinese name, may be empty.
    pub name_zh: String,
    /// Position.
    pub at: LonLat,
    /// People; `None` when unknown.
    pub population: Option<u64>,
    /// Electric vehicles that are registered there, by class, where the source counts them.
    #[serde(default, skip_serializing_if = "none_known")]
    pub vehicles: ByClass<Option<f64>>,
    /// The source's word for its kind (`town`, `village`, `PPLA4`).
    pub kind: String,
    /// Where it stands in the input.
    pub source: Location,
}

/// A settlement from the attributes of a record; none where it has fewer people than none. A population of 0 means unknown, as in
/// GeoNames.
pub fn settlement_of(
    record: &impl Attributes,
    at: LonLat,
    map: &FieldMap,
    here: Location,
    issues: &mut Issues,
) -> Option<Settlement> {
    let text = |ours: &str| map.get(record, ours).map(|t| t.into_owned()).unwrap_or_default();
    let mut negative = false;
    let people = map.people(record, "population", MOST_PEOPLE, &here).and_then(|read| {
        let mut told = |raw: String| {
            negative = raw.trim_start().starts_with(['-', '−']) && raw.contains(|c: char| c.is_ascii_digit());
            let code = if negative { IssueCode::NegativePeople } else { IssueCode::BadNumber };
            let what = format!("\"{raw}\" is not a number of people");
            issues.push(Layer::Settlements, code, here.clone().field("population"), what);
        };
        read.map_err(&mut told).ok()
    });
    if negative {
        return None;
    }
    let known = people.filter(|n| *n > 0).map(u64::from);
    let vehicles = VehicleClass::ALL.map(|class| vehicles_of(record, map, (class, known), &here, issues));
    Some(Settlement {
        id: here.id.clone().unwrap_or_else(|| format!("row-{}", here.feature.unwrap_or(0))),
        name: text("name"),
        name_zh: text("name_zh"),
        at,
        population: people.map(u64::from).filter(|v| *v > 0),
        kind: text("kind"),
        vehicles,
        source: here,
    })
}

fn none_known(all: &ByClass<Option<f64>>) -> bool {
    all.iter().all(Option::is_none)
}

fn vehicles_of(
    record: &impl Attributes,
    map: &FieldMap,
    (class, people): (VehicleClass, Option<u64>),
    here: &Location,
    issues: &mut Issues,
) -> Option<f64> {
    let ours = class.as_str();
    if !map.has_column(ours) {
        return None;
    }
    let sound = |v: &f64| (0.0..=f64::from(MOST_PEOPLE)).contains(v);
    let read = map.number(record, (ours, false), here, &|text, digits| digits(text).filter(sound))?;
    let bad = |raw: String| {
        let what = format!("\"{raw}\" is not a number of vehicles");
        issues.push(Layer::Settlements, IssueCode::BadNumber, here.clone().field(ours), what);
    };
    let n = read.map_err(bad).ok()?;
    let Some(what) = cannot_be_meant(n, people, ours) else { return Some(n) };
    issues.push(Layer::Settlements, IssueCode::ImplausibleVehicles, here.clone().field(ours), what);
    None
}

/// What is said of a number of vehicles that cannot be meant for so many people, or for any place: more than a thousand and five for every one
/// of them (depots have more vehicles than people), or more than any city has. It is taken as not known.
pub fn cannot_be_meant(n: f64, people: Option<u64>, word: &str) -> Option<String> {
    const FEW: f64 = 1000.0;
    const FOR_EACH: f64 = 5.0;
    const ANY_CITY: f64 = 10_000_000.0;
    match people {
        Some(people) if n > FEW && n > FOR_EACH * people as f64 => {
            Some(format!("{n} of {word} for {people} people cannot be meant; it was taken as not known"))
        }
        None if n > ANY_CITY => Some(format!("{n} of {word} at one place cannot be meant; it was taken as not known")),
        _ => None,
    }
}
