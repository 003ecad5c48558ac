//! What a register may say of a station beyond guns and power: what limits its supply, and what the rules of programmes ask for.
//! It is read here; what it means for kW and kWh is `supply`'s, for verdicts `programme`'s.

use super::fields::{Attributes, FieldMap, MOST_POINTS};
use super::station::{power_of, yes_or_no};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// Our names of its fields; their headers stand in [`super::headers::STATIONS`].
const NAMES: [&str; 12] = [
    "ac_points",
    "dc_points",
    "swap_min",
    "swap_chargers",
    "pack_kwh",
    "recharge_min",
    "hydrogen_kg_day",
    "availability",
    "certified",
    "trailers",
    "headroom_kw",
    "simultaneity",
];

/// What is known of a station beyond guns and power; all of it may be unknown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Equipment {
    /// Guns of alternating current.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ac_points: Option<u32>,
    /// Guns of direct current.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dc_points: Option<u32>,
    /// Minutes that a bay is taken by one swap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swap_min: Option<f64>,
    /// Chargers for the batteries of a swap station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swap_chargers: Option<u32>,
    /// Energy of one battery pack, kWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack_kwh: Option<f64>,
    /// Minutes that a pack is charged until it can be given out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recharge_min: Option<f64>,
    /// Hydrogen that can be given out in a day, kg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hydrogen_kg_day: Option<f64>,
    /// Share of the time in which it works, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<f64>,
    /// Whether its equipment has the compulsory certificate (CCC in China, from 1 August 2026).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified: Option<bool>,
    /// Whether it can be used with a trailer, without uncoupling it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trailers: Option<bool>,
    /// Power that the feeder can still give, kW.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headroom_kw: Option<f64>,
    /// Share of the guns' power that is drawn at once at most, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simultaneity: Option<f64>,
}

impl Equipment {
    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// That of a station from its rows: counts add up, `false` and lower shares go before, as a chain is as strong as its weakest link.
    pub fn together<'a>(rows: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let sum = |get: fn(&Self) -> Option<u32>| rows.clone().filter_map(get).reduce(u32::saturating_add);
        let least = |get: fn(&Self) -> Option<f64>| rows.clone().filter_map(get).reduce(f64::min);
        let most = |get: fn(&Self) -> Option<f64>| rows.clone().filter_map(get).reduce(f64::max);
        let all = |get: fn(&Self) -> Option<bool>| rows.clone().filter_map(get).reduce(|a, b| a && b);
        Self {
            ac_points: sum(|e| e.ac_points),
            dc_points: sum(|e| e.dc_points),
            swap_min: most(|e| e.swap_min),
            swap_chargers: sum(|e| e.swap_chargers),
            pack_kwh: least(|e| e.pack_kwh),
            recharge_min: most(|e| e.recharge_min),
            // Of the place, not of the row: a list by gun repeats them.
            hydrogen_kg_day: most(|e| e.hydrogen_kg_day),
            headroom_kw: least(|e| e.headroom_kw),
            availability: least(|e| e.availability),
            certified: all(|e| e.certified),
            trailers: rows.clone().filter_map(|e| e.trailers).reduce(|a, b| a || b),
            simultaneity: least(|e| e.simultaneity),
        }
    }
}

/// What the attributes of a record say; faults in single fields become issues and unknowns.
pub fn equipment_of(record: &impl Attributes, map: &FieldMap, here: &Location, issues: &mut Issues) -> Equipment {
    if !NAMES.iter().any(|ours| map.has_column(ours)) {
        return Equipment::default(); // most registers: nothing to look up a record
    }
    let mut told = |ours: &str, what: String| issues.push(Layer::Stations, IssueCode::BadNumber, here.clone().field(ours), what);
    let mut count = |ours: &str| {
        let read = map.whole(record, ours, MOST_POINTS, here)?;
        read.map_err(|raw| told(ours, format!("\"{raw}\" is not a number that can be meant here"))).ok()
    };
    let (ac_points, dc_points, swap_chargers) = (count("ac_points"), count("dc_points"), count("swap_chargers"));
    let mut amount = |ours: &str, most: f64| {
        let sound = |v: &f64| *v > 0.0 && *v <= most;
        let read = map.number(record, (ours, false), here, &|text, digits| digits(text).filter(sound))?;
        read.map_err(|raw| told(ours, format!("\"{raw}\" is not a number above 0 and at most {most}"))).ok()
    };
    let (swap_min, recharge_min) = (amount("swap_min", 240.0), amount("recharge_min", 2880.0));
    let (pack_kwh, hydrogen_kg_day) = (amount("pack_kwh", 2000.0), amount("hydrogen_kg_day", 100_000.0));
    let mut share = |ours: &str| {
        let unclear = Cell::new(false);
        let parse = |text: &str, digits: &dyn Fn(&str) -> Option<f64>| match share_of(text, digits) {
            Some(Share::Of(share)) => Some(share),
            Some(Share::Unclear) => {
                unclear.set(true);
                None
            }
            None => None,
        };
        let read = map.number(record, (ours, false), here, &parse)?;
        let what = |raw: String| match unclear.get() {
            true => format!("\"{raw}\" may be {raw} % or {raw} times the whole: write the percent sign, or a share of at most 1"),
            false => format!("\"{raw}\" is not a share: write 0.99, 99 % or 99"),
        };
        read.map_err(|raw| told(ours, what(raw))).ok()
    };
    let (availability, simultaneity) = (share("availability"), share("simultaneity"));
    let mut answer = |ours: &str| {
        let word = map.get(record, ours).unwrap_or_default();
        yes_or_no(&word).unwrap_or_else(|| {
            let what = format!("\"{word}\" is not a known {ours}");
            issues.push(Layer::Stations, IssueCode::UnknownValue, here.clone().field(ours), what);
            None
        })
    };
    let (certified, trailers) = (answer("certified"), answer("trailers"));
    let headroom_kw = power_of(record, map, "headroom_kw", here, issues).map(|p| p.kw);
    Equipment {
        ac_points,
        dc_points,
        swap_min,
        swap_chargers,
        pack_kwh,
        recharge_min,
        hydrogen_kg_day,
        availability,
        certified,
        trailers,
        headroom_kw,
        simultaneity,
    }
}

/// What is written for a share.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Share {
    /// So much of the whole, 0 to 1.
    Of(f64),
    /// A percentage without its sign, or more than the whole: it cannot be told which.
    Unclear,
}

/// Below this a number above 1 may be a factor, not a percentage: nobody has 3 % of a station work, and 1.5 may be half as much again.
const LEAST_BARE_PERCENT: f64 = 20.0;

/// A share as a part of one (`0.99`), a percentage (`99 %`) or a number from 20 on (`99`), which can only be one. None where it is none.
fn share_of(text: &str, digits: &dyn Fn(&str) -> Option<f64>) -> Option<Share> {
    let plain = text.trim();
    let percent = plain.strip_suffix(['%', '％']);
    let value = digits(percent.unwrap_or(plain).trim_end())?;
    if percent.is_none() && value > 1.0 && value < LEAST_BARE_PERCENT {
        return Some(Share::Unclear);
    }
    let share = if percent.is_some() || value > 1.0 { value / 100.0 } else { value };
    (0.0..=1.0).contains(&share).then_some(Share::Of(share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::fields::number;

    #[test]
    fn shares_are_read_as_people_write_them() {
        let share = |text: &str| share_of(text, &number);
        assert_eq!(
            ["0.99", "99 %", "99", "99％", "1", "100", "0"].map(share),
            [0.99, 0.99, 0.99, 0.99, 1.0, 1.0, 0.0].map(|s| Some(Share::Of(s)))
        );
        // with the sign it is what it says; without it, 1.5 may be 1.5 % or one and a half
        assert_eq!(["1.5 %", "20", "3%"].map(share), [0.015, 0.2, 0.03].map(|s| Some(Share::Of(s))));
        assert_eq!(["1.5", "3", "1.01", "19.9"].map(share), [Some(Share::Unclear); 4]);
        assert_eq!(["101", "-0.1", "good", "120%"].map(share), [None; 4]);
    }

    #[test]
    fn rows_of_a_station_come_together() {
        let a = Equipment {
            dc_points: Some(2),
            availability: Some(0.99),
            certified: Some(true),
            trailers: Some(false),
            ..Default::default()
        };
        let b = Equipment {
            dc_points: Some(3),
            availability: Some(0.95),
            certified: None,
            trailers: Some(true),
            ..Default::default()
        };
        let both = Equipment::together([&a, &b].into_iter());
        // guns add up; the weaker share; certified as far as is said; one bay for trailers is enough
        assert_eq!(
            (both.dc_points, both.availability, both.certified, both.trailers),
            (Some(5), Some(0.95), Some(true), Some(true))
        );
        assert!(Equipment::together([].into_iter()).is_unknown());
    }
}
