//! What a round differs in from an earlier one, and what each difference did to each county and by each station.

use super::Results;
use crate::read::station::Station;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something that two rounds may differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Borders, codes, and which counties take part.
    Boundaries,
    /// Roads, and how they are joined.
    Roads,
    /// Stations.
    Stations,
    /// Settlements, people and the figures of the county table.
    Demand,
    /// What counts as served.
    Criteria,
    /// How counties are ranked and selected.
    Method,
}

impl Cause {
    /// All, in the order in which they are changed.
    pub const ALL: [Self; 6] = [Self::Boundaries, Self::Roads, Self::Stations, Self::Demand, Self::Criteria, Self::Method];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        ["boundaries", "roads", "stations", "demand", "criteria", "method"][self as usize]
    }

    /// For people, in Chinese.
    pub fn zh(self) -> &'static str {
        ["区划", "道路", "站点", "需求", "服务标准", "排名方法"][self as usize]
    }
}

/// Where a county stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CountyStand {
    /// Place; none where it is not ranked.
    pub rank: Option<u32>,
    /// Score.
    pub score: Option<f64>,
    /// Whether it is selected.
    pub selected: bool,
}

/// A county in both rounds and between.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CountyCauses {
    /// Code, the new one where it changed.
    pub code: String,
    /// Code in the old round, where it is another.
    pub old_code: Option<String>,
    /// Name.
    pub name: String,
    /// Chinese name.
    pub name_zh: String,
    /// Where it stands in the old round, and after each cause in order; none where it does not take part.
    pub stands: Vec<Option<CountyStand>>,
}

impl CountyCauses {
    /// Places that a cause moved it, below 0 for up; none where it is not ranked on both sides of it.
    pub fn moved_by(&self, cause: Cause) -> Option<i64> {
        let rank = |i: usize| self.stands.get(i).copied().flatten().and_then(|s| s.rank).map(i64::from);
        Some(rank(cause as usize + 1)? - rank(cause as usize)?)
    }

    /// Points of score that a cause brought.
    pub fn points_by(&self, cause: Cause) -> Option<f64> {
        let score = |i: usize| self.stands.get(i).copied().flatten().and_then(|s| s.score);
        Some(score(cause as usize + 1)? - score(cause as usize)?)
    }

    /// The cause by which it was selected, or lost its place; none where that did not change.
    pub fn selected_by(&self) -> Option<Cause> {
        let selected = |i: usize| self.stands.get(i).copied().flatten().is_some_and(|s| s.selected);
        let changed = selected(0) != selected(Cause::ALL.len());
        // of several changes the last is the one that stayed
        Cause::ALL.into_iter().rev().find(|c| changed && selected(*c as usize) != selected(*c as usize + 1))
    }

    /// The first and the last stand.
    pub fn ends(&self) -> [Option<CountyStand>; 2] {
        [self.stands.first().copied().flatten(), self.stands.last().copied().flatten()]
    }

    /// The cause that moved it most, of those that moved its score at all: by places, then by points, then by order.
    pub fn main_cause(&self) -> Option<Cause> {
        let weight = |c: &Cause| (self.moved_by(*c).unwrap_or(0).abs(), (self.points_by(*c).unwrap_or(0.0).abs() * 1e6) as i64);
        Cause::ALL.into_iter().filter(|c| weight(c) != (0, 0)).max_by_key(|c| (weight(c), std::cmp::Reverse(*c)))
    }
}

/// What was found.
#[derive(Debug)]
pub struct Causes {
    /// Causes that differ at all, in order.
    pub differ: Vec<Cause>,
    /// Counties of either round, by code.
    pub counties: Vec<CountyCauses>,
    /// Stations that opened, closed or changed, and what each did.
    pub stations: Vec<StationChange>,
    /// Codes of the counties whose own figures they changed; others moved because scores are held against each other.
    pub touched: BTreeSet<String>,
    /// The old round and the new, computed again; ranges are left out.
    pub ends: [Arc<Results>; 2],
}

/// What became of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StationFate {
    /// Only the new round has it.
    Opened,
    /// Only the old round has it.
    Closed,
    /// Both have it, and it is not the same.
    Changed,
}

impl StationFate {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Changed => "changed",
        }
    }

    /// For people, in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Opened => "新增",
            Self::Closed => "减少",
            Self::Changed => "变更",
        }
    }
}

/// A station of which something changed.
#[derive(Clone, Debug, PartialEq)]
pub struct StationChange {
    /// What became of it.
    pub change: StationFate,
    /// The station, as it is, or as it was where it closed.
    pub station: Station,
    /// Code of its county; none outside all.
    pub county: Option<String>,
    /// Codes of the counties that it bears on: it lies in them or within the longest service distance of them.
    pub bears_on: Vec<String>,
    /// Fields that differ, where it changed.
    pub fields: Vec<&'static str>,
    /// Settlements that came within the headline distance and have it as the nearest, and their people.
    pub gained: [u64; 2],
    /// The same by code of the county that they lie in.
    pub gained_in: BTreeMap<String, [u64; 2]>,
    /// Settlements that fell out of it and had it as the nearest, and their people.
    pub lost: [u64; 2],
}
