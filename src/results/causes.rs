//! What a round differs in from an earlier one, and what each difference did to each county and by each station.

use super::Results;
use super::accepted::AcceptedFaults;
use super::applied::ListChange;
use super::hand_funded::HandFundedTold;
use super::money::{Grant, MoneyChange, MoneyTotals};
use super::split::Parts;
use crate::config::programme_table::ProgrammeTable;
use crate::files::lang::Both;
use crate::read::station::Station;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something that two rounds may differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Borders and codes.
    Boundaries,
    /// Roads, and how they are joined.
    Roads,
    /// Stations.
    Stations,
    /// Settlements, people and the figures of the county table, but what counties cost.
    Demand,
    /// What counts as served.
    Criteria,
    /// How counties are scored and ranked.
    Method,
    /// What counties cost, by the column of the county table that says it and that no indicator is made of.
    Costs,
    /// Who may take part and how many are funded: the list, eligibility, joint applications, places, quotas, budget and its rules.
    Selection,
    /// What was set by hand.
    Overrides,
}

impl Cause {
    /// All, in the order in which they are changed.
    pub const ALL: [Self; 9] = [
        Self::Boundaries,
        Self::Roads,
        Self::Stations,
        Self::Demand,
        Self::Criteria,
        Self::Method,
        Self::Costs,
        Self::Selection,
        Self::Overrides,
    ];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        ["boundaries", "roads", "stations", "demand", "criteria", "method", "costs", "selection", "overrides"][self as usize]
    }

    /// For people, in Chinese.
    pub fn zh(self) -> &'static str {
        ["区划", "道路", "站点", "需求", "服务标准", "排名方法", "所需资金", "入选规则", "人工设定"][self as usize]
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
    /// What it gets.
    pub grant: Grant,
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
    /// What of each cause came from its own figures, from the scale, and from others that passed it; none where that cannot be told.
    pub parts: Vec<Option<Parts>>,
    /// Whether both rounds count in the same money.
    pub same_money: bool,
    /// Whether it is several counties of the old round by now: the first of them stands for all, with the money of all.
    pub joined: bool,
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

    /// What it gets in a state; nothing where it does not take part.
    fn grant(&self, state: usize) -> Grant {
        self.stands.get(state).copied().flatten().map(|s| s.grant).unwrap_or_default()
    }

    /// Its money in both rounds.
    pub fn money(&self) -> MoneyChange {
        MoneyChange { grants: [self.grant(0), self.grant(Cause::ALL.len())], same_money: self.same_money, joined: self.joined }
    }

    /// Money that a cause brought, hundredths; none where a sum is not known.
    pub fn money_by(&self, cause: Cause) -> Option<i64> {
        let grants = [self.grant(cause as usize), self.grant(cause as usize + 1)];
        MoneyChange { grants, same_money: self.same_money, joined: self.joined }.change()
    }

    /// What of all causes together came from its own figures, from the scale, and from others; none where that cannot be told.
    pub fn parts(&self) -> Option<Parts> {
        self.ends()[0].and(self.ends()[1])?;
        self.parts.iter().copied().try_fold(Parts::default(), |sum, part| Some(sum + part?))
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

    /// The cause that moved it most, of those that moved it at all: by money, then by places, then by points, then by order.
    pub fn main_cause(&self) -> Option<Cause> {
        let weight = |c: &Cause| {
            let points = (self.points_by(*c).unwrap_or(0.0).abs() * 1e6) as i64;
            (self.money_by(*c).unwrap_or(0).abs(), self.moved_by(*c).unwrap_or(0).abs(), points)
        };
        Cause::ALL.into_iter().filter(|c| weight(c) != (0, 0, 0)).max_by_key(|c| (weight(c), std::cmp::Reverse(*c)))
    }

    /// Places down (+) or up (−) in all, where it is ranked in both.
    pub fn moved(&self) -> i64 {
        let [old, new] = self.ends().map(|s| s.and_then(|s| s.rank).map(i64::from));
        old.zip(new).map_or(0, |(old, new)| new - old)
    }
}

/// What a round asks of programmes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgrammeSide {
    /// `[programme]`.
    pub table: ProgrammeTable,
    /// The programme whose gates are held against who applies; none where there is none.
    pub applied_for: Option<String>,
    /// Codes of those whom they are held against.
    pub applicants: BTreeSet<String>,
}

/// What was found.
#[derive(Debug)]
pub struct Causes {
    /// Causes that differ at all, in order.
    pub differ: Vec<Cause>,
    /// Who came to the list of applicants and who left it: a part of the selection; none where nobody did.
    pub list: Option<ListChange>,
    /// Faults that somebody answered for in one of the rounds.
    pub accepted: AcceptedFaults,
    /// Counties of the old round that are one in the new by its crosswalk: a sentence for each such county.
    pub joined: Vec<Both>,
    /// Counties that a round funds by hand although they do not meet a gate, that cannot be told, or they are not ranked.
    pub funded_though: Vec<HandFundedTold>,
    /// What the old round and the new ask of programmes.
    pub programmes: [ProgrammeSide; 2],
    /// Counties of either round: those with other funding first, by the size of the change, then by places, then by code.
    pub counties: Vec<CountyCauses>,
    /// Money in all.
    pub money: MoneyTotals,
    /// Stations that opened, closed or changed, and what each did.
    pub stations: Vec<StationChange>,
    /// Stations that opened, closed or changed and bear on no county of the round; they are not listed.
    pub stations_elsewhere: usize,
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
    /// Whether its opening date says when it came; else it comes after all that have one, in the order of ids.
    pub dated: bool,
    /// Another record of the same place, which comes before it and has the credit of the site.
    pub same_place_as: Option<String>,
    /// Settlements that came within the headline distance and were first brought there by it, and their people.
    pub gained: [u64; 2],
    /// The same by code of the county that they lie in.
    pub gained_in: BTreeMap<String, [u64; 2]>,
    /// Settlements that fell out of it and had it as the nearest, and their people.
    pub lost: [u64; 2],
}
