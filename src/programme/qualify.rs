//! Whether a station counts: yes, no, or it cannot be told, for want of which field.

use super::profile::Profile;
use super::rule::{Filter, VehicleKind};
use crate::config::station_words::Access;
use crate::read::station::Station;
use serde::Serialize;
use std::collections::BTreeSet;

/// Points of one power.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Offered {
    /// How many.
    pub count: u32,
    /// Power of each, kW.
    pub kw: f64,
}

/// What is known of a station, as far as rules ask for it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Offer {
    /// It charges.
    pub charging: bool,
    /// It swaps batteries.
    pub swap: bool,
    /// It has hydrogen.
    pub hydrogen: bool,
    /// Rated power of the whole, kW.
    pub total_kw: Option<f64>,
    /// Points.
    pub points: Option<u32>,
    /// Of these, points of direct current.
    pub dc_points: Option<u32>,
    /// Power of the strongest point, kW.
    pub point_kw: Option<f64>,
    /// Power of every point, where the source says it of each.
    pub each_point: Vec<Offered>,
    /// Who may use it.
    pub access: Access,
    /// Trucks can use it.
    pub trucks: Option<bool>,
    /// It is certified (CCC).
    pub certified: Option<bool>,
    /// Share of time in which it can be used, per cent.
    pub availability: Option<f64>,
    /// A car with a trailer can use it.
    pub trailer: Option<bool>,
}

impl Offer {
    /// What a station layer says.
    pub fn of(s: &Station) -> Self {
        Self {
            charging: s.charging,
            swap: s.swap,
            hydrogen: s.hydrogen,
            total_kw: s.total_kw,
            points: s.points,
            dc_points: s.equipment.dc_points,
            point_kw: s.power_kw,
            each_point: alike(s),
            access: s.access,
            trucks: s.trucks,
            certified: s.equipment.certified,
            availability: s.equipment.availability.map(|share| share * 100.0),
            trailer: s.equipment.trailers,
        }
    }
}

/// The points of a station that add up to its rated power at the power of the strongest: each has that power. Otherwise nothing is known of
/// each.
fn alike(s: &Station) -> Vec<Offered> {
    const ROUNDED_KW: f64 = 0.5; // powers are written in whole kilowatts
    let (Some(count), Some(kw), Some(total)) = (s.points.filter(|n| *n > 0), s.power_kw, s.total_kw) else { return Vec::new() };
    let all = (kw * f64::from(count) - total).abs() <= ROUNDED_KW;
    if all && kw > 0.0 { vec![Offered { count, kw }] } else { Vec::new() }
}

/// What is missing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub enum Missing {
    /// A field of stations.
    Field(&'static str),
    /// A fact of the programme that the user has to set.
    Value(String),
    /// A figure of the county, or a list of units.
    Figure(String),
}

impl Missing {
    /// In words, in English and Chinese.
    pub fn names(&self) -> [String; 2] {
        match self {
            Self::Field(field) => [format!("field {field} of stations"), format!("站点字段 {field}")],
            Self::Value(key) => [format!("value of {key}, to be set by the user"), format!("{key} 的数值（由用户设定）")],
            Self::Figure(name) => [format!("{name}, which is not given"), format!("未提供的{}", figure_zh(name))],
        }
    }
}

/// The Chinese of a figure that verdicts name; that of others stands as it is.
fn figure_zh(name: &str) -> String {
    match name {
        "places" => "居民点".to_owned(),
        "units" => "统计单元".to_owned(),
        "road beyond the border of the given roads" => "道路数据边界以外的路段".to_owned(),
        _ => match name.strip_prefix("vehicles (").and_then(|rest| rest.strip_suffix(')')) {
            Some(kind) => format!("车辆数（{kind}）"),
            None => format!(" {name}"),
        },
    }
}

/// The answer to whether a station counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub enum Answer {
    /// It does.
    Yes,
    /// It does not, for these tests.
    No(BTreeSet<Test>),
    /// Every test that can be made says yes; these could not be made.
    CannotBeTold(BTreeSet<Missing>),
}

impl Answer {
    /// Whether it counts where all that cannot be told counts, or does not.
    pub fn counts(&self, unknown_counts: bool) -> bool {
        match self {
            Self::Yes => true,
            Self::No(_) => false,
            Self::CannotBeTold(_) => unknown_counts,
        }
    }

    /// What keeps some answers from being told.
    pub fn missing<'a>(answers: impl Iterator<Item = &'a Self>) -> BTreeSet<Missing> {
        let fields = answers.filter_map(|a| if let Self::CannotBeTold(fields) = a { Some(fields.iter().cloned()) } else { None });
        fields.flatten().collect()
    }

    /// Both answers together: no where one says no.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No(a), Self::No(b)) => Self::No(a.into_iter().chain(b).collect()),
            (Self::No(tests), _) | (_, Self::No(tests)) => Self::No(tests),
            (Self::CannotBeTold(a), Self::CannotBeTold(b)) => Self::CannotBeTold(a.into_iter().chain(b).collect()),
            (Self::CannotBeTold(missing), _) | (_, Self::CannotBeTold(missing)) => Self::CannotBeTold(missing),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }
}

/// A test that a station can fail.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// It has none of the services.
    Service,
    /// Rated power.
    TotalKw,
    /// Points, or points of a power.
    Points,
    /// Who may use it.
    Access,
    /// For whom it is.
    Vehicle,
    /// Certified.
    Certified,
    /// Availability.
    Availability,
    /// Trailers.
    Trailer,
    /// Too far from the road.
    OffRoad,
}

/// Whether a station counts by a filter of a programme.
pub fn qualifies(profile: &Profile, filter: &Filter, offer: &Offer) -> Answer {
    let tests = [
        service(filter, offer),
        access(filter, offer),
        total(profile, filter, offer),
        points(profile, filter, offer),
        flag(filter.vehicle.filter(|v| *v == VehicleKind::Truck).map(|_| true), offer.trucks, (Test::Vehicle, "trucks")),
        flag(filter.certified, offer.certified, (Test::Certified, "certified")),
        flag(filter.trailer, offer.trailer, (Test::Trailer, "trailers")),
        availability(profile, filter, offer),
    ];
    tests.into_iter().fold(Answer::Yes, Answer::and)
}

/// Whether a station is near enough to a road: at the road it is whatever the limit; beyond a limit that is not set it cannot be told.
pub fn near_enough(profile: &Profile, off_road: Option<&str>, way_mm: u64) -> Answer {
    let Some(key) = off_road else { return Answer::Yes };
    match profile.length_mm(key) {
        _ if way_mm == 0 => Answer::Yes,
        None => not_set(key),
        Some(limit) => yes_if(way_mm <= limit, Test::OffRoad),
    }
}

fn yes_if(holds: bool, test: Test) -> Answer {
    if holds { Answer::Yes } else { Answer::No([test].into()) }
}

fn unknown(field: &'static str) -> Answer {
    Answer::CannotBeTold([Missing::Field(field)].into())
}

fn not_set(key: &str) -> Answer {
    Answer::CannotBeTold([Missing::Value(key.to_owned())].into())
}

fn service(filter: &Filter, offer: &Offer) -> Answer {
    let has = |word: &str| match word {
        "charging" => offer.charging,
        "swap" => offer.swap,
        _ => offer.hydrogen,
    };
    yes_if(filter.services.is_empty() || filter.services.iter().any(|s| has(s)), Test::Service)
}

fn access(filter: &Filter, offer: &Offer) -> Answer {
    if filter.access.is_empty() || filter.asks(offer.access) {
        return Answer::Yes;
    }
    if offer.access == Access::Unknown { unknown("access") } else { Answer::No([Test::Access].into()) }
}

fn flag(asked: Option<bool>, known: Option<bool>, (test, field): (Test, &'static str)) -> Answer {
    match (asked, known) {
        (None, _) => Answer::Yes,
        (Some(_), None) => unknown(field),
        (Some(asked), Some(known)) => yes_if(asked == known, test),
    }
}

/// Rated power, or what it is at least and at most by its points: the strongest of them, and all as strong as that.
fn total(profile: &Profile, filter: &Filter, offer: &Offer) -> Answer {
    let Some(key) = &filter.total_kw else { return Answer::Yes };
    let Some(least) = profile.number(key) else { return not_set(key) };
    if let Some(kw) = offer.total_kw {
        return yes_if(kw >= least, Test::TotalKw);
    }
    let at_most = offer.point_kw.zip(offer.points).map(|(kw, n)| kw * f64::from(n));
    if offer.point_kw.is_some_and(|kw| kw >= least) {
        return Answer::Yes;
    }
    if at_most.is_some_and(|kw| kw < least) { Answer::No([Test::TotalKw].into()) } else { unknown("total_kw") }
}

/// A gun of more than this is direct current, kW: alternating current ends at 43.
pub const MOST_AC_KW: f64 = 43.5;

/// What is asked of points: how many, of which power, and whether of direct current only.
#[derive(Clone, Copy)]
struct Asked {
    kw: f64,
    dc: bool,
}

/// Points at or above a power: between what is known to be and what could be.
fn points(profile: &Profile, filter: &Filter, offer: &Offer) -> Answer {
    if filter.points.is_none() && filter.point_kw.is_none() {
        return Answer::Yes;
    }
    // a swap station has no points: its power is that of the chargers of its packs together
    if let (true, None, Some(key)) = (offer.swap && !offer.charging, &filter.points, &filter.point_kw) {
        let Some(least) = profile.number(key) else { return not_set(key) };
        return offer.total_kw.map_or_else(|| unknown("total_kw"), |kw| yes_if(kw >= least, Test::Points));
    }
    let needed = match &filter.points {
        None => Some(1.0),
        Some(key) => profile.number(key),
    };
    let power = match &filter.point_kw {
        None => Some(0.0),
        Some(key) => profile.number(key),
    };
    let dc = filter.dc == Some(true);
    // where only one of the two is set, what fails whatever the other is fails
    let (Some(needed), Some(kw)) = (needed, power) else {
        let asked = Asked { kw: power.unwrap_or(0.0), dc };
        let fails = needed.is_some_and(|n| most_points(offer, asked).is_some_and(|most| f64::from(most) < n));
        let missing = [(needed, &filter.points), (power, &filter.point_kw)];
        let keys =
            missing.into_iter().filter(|(value, _)| value.is_none()).filter_map(|(_, key)| key.clone()).map(Missing::Value);
        return if fails { Answer::No([Test::Points].into()) } else { Answer::CannotBeTold(keys.collect()) };
    };
    let asked = Asked { kw, dc };
    let least = least_points(offer, asked);
    match most_points(offer, asked) {
        _ if f64::from(least) >= needed => Answer::Yes,
        Some(most) if f64::from(most) < needed => Answer::No([Test::Points].into()),
        _ => Answer::CannotBeTold(missing_points(offer, asked)),
    }
}

fn missing_points(offer: &Offer, asked: Asked) -> BTreeSet<Missing> {
    let power = offer.point_kw.is_none() && asked.kw > 0.0;
    let fields = match asked.dc {
        true => [("dc_points", offer.dc_points.is_none()), ("power_kw", power)],
        false => [("points", offer.points.is_none()), ("power_kw", power)],
    };
    let missing: BTreeSet<Missing> = fields.into_iter().filter(|(_, m)| *m).map(|(f, _)| Missing::Field(f)).collect();
    if missing.is_empty() { [Missing::Field("power of each point")].into() } else { missing }
}

/// Points that are known to be as asked for.
fn least_points(offer: &Offer, Asked { kw, dc }: Asked) -> u32 {
    let sure = if dc { kw.max(MOST_AC_KW) } else { kw };
    if !offer.each_point.is_empty() {
        let strong = |least: f64| -> u32 { offer.each_point.iter().filter(|p| p.kw >= least).map(|p| p.count).sum() };
        // those of direct current are among the strong ones but for as many as there are weak ones
        let weak = strong(0.0).saturating_sub(strong(kw));
        let among = offer.dc_points.filter(|_| dc).map_or(0, |n| n.saturating_sub(weak));
        return strong(sure).max(among);
    }
    let one = u32::from(offer.point_kw.is_some_and(|p| p >= sure)); // the strongest, one at least
    let any_power = if dc { offer.dc_points } else { offer.points };
    if kw <= 0.0 { any_power.unwrap_or(if dc { one } else { 0 }) } else { one }
}

/// Points that may be; none where nothing is known.
fn most_points(offer: &Offer, Asked { kw, dc }: Asked) -> Option<u32> {
    let counted = if dc { offer.dc_points.into_iter().chain(offer.points).min() } else { offer.points };
    if !offer.each_point.is_empty() {
        let strong = offer.each_point.iter().filter(|p| p.kw >= kw).map(|p| p.count).sum();
        return Some(counted.filter(|_| dc).map_or(strong, |n| n.min(strong)));
    }
    if offer.point_kw.is_some_and(|p| p < kw) {
        return Some(0);
    }
    counted
}

fn availability(profile: &Profile, filter: &Filter, offer: &Offer) -> Answer {
    let Some(key) = &filter.availability else { return Answer::Yes };
    match (profile.number(key), offer.availability) {
        (None, _) => not_set(key),
        (_, None) => unknown("availability"),
        (Some(least), Some(have)) => yes_if(have >= least, Test::Availability),
    }
}
