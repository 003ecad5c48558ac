//! What was set by hand in a round, with the figures before and after: the ranking and the selection are made again as if nothing had been set,
//! and once for each record as if it alone had not been. Appeals stand beside, and counties that others' overrides moved.

use super::money::Grant;
use crate::config::override_table::{AppealTable, OverrideTable, SetByHand};
use crate::config::rank_table::RankTable;
use crate::config::round_file::SelectTable;
use crate::error::Result;
use crate::issue::Issues;
use crate::rank::cost::CostRule;
use crate::rank::select::{Choice, select};
use crate::rank::{Evidence, RankRow, RankSettings, Ranking, Unit, stand};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The ranking and the selection as if nothing had been set by hand, and where the county of each record would stand without it alone.
#[derive(Clone, Debug)]
pub struct BeforeHand {
    /// The ranking.
    pub ranking: Ranking,
    /// What would have become of each county.
    pub choices: Vec<Choice>,
    /// Of each record, in their order: its county if it alone had not been set.
    pub without: Vec<HandStand>,
}

impl BeforeHand {
    /// Of a round in which something was set by hand; none where nothing was.
    ///
    /// # Errors
    /// As the ranking.
    pub fn of(asked: &SelectTable, evidence: &Evidence, settings: &RankSettings) -> Result<Option<Self>> {
        let records = &settings.table.overrides;
        if records.is_empty() {
            return Ok(None);
        }
        let made = |table: &RankTable| {
            let settings = RankSettings::of_finished(table, settings.before_bounds)?;
            let ranking = stand(evidence, &settings, &mut Issues::default())?.ranking;
            let choices = select(asked, &ranking, evidence, &settings);
            Ok((ranking, choices))
        };
        let (ranking, choices) = made(&settings.table.without_overrides())?;
        let units = evidence.units.len();
        let stand_of = |i: usize, stands: Vec<HandStand>| {
            let unit = evidence.units.iter().position(|u| u.code == records[i].county);
            unit.map_or_else(HandStand::default, |unit| stands[unit])
        };
        let without = |i: usize| {
            let mut table = settings.table.clone();
            table.overrides.remove(i);
            let (ranking, choices) = made(&table)?;
            Ok(stand_of(i, stands_of(units, &ranking, &choices, asked)))
        };
        let without = match records.len() {
            // without the only record is without any
            1 => vec![stand_of(0, stands_of(units, &ranking, &choices, asked))],
            n => (0..n).into_par_iter().map(without).collect::<Result<_>>()?,
        };
        Ok(Some(Self { ranking, choices, without }))
    }
}

/// Where each county stands.
fn stands_of(units: usize, ranking: &Ranking, choices: &[Choice], asked: &SelectTable) -> Vec<HandStand> {
    let grant = |i: usize| choices.get(i).map(|c| Grant::of(c, asked.budget.is_some())).unwrap_or_default();
    let mut all: Vec<HandStand> = (0..units).map(|i| HandStand { grant: grant(i), ..HandStand::default() }).collect();
    for row in &ranking.rows {
        if let Some(stand) = all.get_mut(row.county) {
            (stand.rank, stand.score) = (row.rank, row.score);
        }
    }
    all
}

/// What a row tells of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Record<'a> {
    /// Something that was set.
    Override(&'a OverrideTable),
    /// Something that was asked for.
    Appeal(&'a AppealTable),
    /// Another place, score or money of a county of which nothing was set.
    Consequence,
}

/// What became of a county, before anything was set by hand and after.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HandStand {
    /// Place.
    pub rank: Option<u32>,
    /// Score.
    pub score: Option<f64>,
    /// What it gets.
    pub grant: Grant,
}

/// Scores that differ by less are the same: they are written with six decimals.
const SAME_SCORE: f64 = 5e-7;

impl HandStand {
    /// Whether money, place or score is another.
    fn differs(self, other: Self) -> bool {
        let score = match (self.score, other.score) {
            (Some(a), Some(b)) => (a - b).abs() > SAME_SCORE,
            (a, b) => a.is_some() != b.is_some(),
        };
        self.grant != other.grant || self.rank != other.rank || score
    }
}

impl HandRow<'_> {
    /// Whether a county of which nothing was set has the money that it would have without.
    pub fn only_moved(&self) -> bool {
        let money = |s: &HandStand| (s.grant.funded, s.grant.amount());
        self.record == Record::Consequence && money(&self.stands[0]) == money(&self.stands[1])
    }
}

/// A row.
#[derive(Clone, Debug)]
pub struct HandRow<'a> {
    /// What it tells of.
    pub record: Record<'a>,
    /// Its number among those of its kind, from 1.
    pub number: usize,
    /// The county.
    pub unit: &'a Unit,
    /// The figure that was set: as it was and as it is, with its unit; none where a decision was.
    pub figure: [Option<f64>; 2],
    /// Unit of the figure.
    pub unit_of_figure: &'a str,
    /// What the figure is called in Chinese; empty where its key is all there is.
    pub name_of_figure: &'a str,
    /// The county before all that was set, and after.
    pub stands: [HandStand; 2],
    /// The county without this record alone; of an override only.
    pub without: Option<HandStand>,
    /// How many were set.
    pub of: usize,
    /// Why it is not ranked, of a county that is funded by hand all the same.
    pub though: Option<&'a str>,
}

/// What rows are made from: a round, or what its folder holds.
#[derive(Clone, Copy, Debug)]
pub struct HandGround<'a> {
    /// Evidence of the ranking.
    pub evidence: &'a Evidence,
    /// Settings, with what was set by hand.
    pub settings: &'a RankSettings,
    /// Rules of selection.
    pub asked: &'a SelectTable,
    /// Ranking and selection as they are.
    pub after: (&'a Ranking, &'a [Choice]),
    /// The same as if nothing had been set; none where nothing was.
    pub before: Option<&'a BeforeHand>,
    /// Appeals.
    pub appeals: &'a [AppealTable],
}

/// Where all counties stand, as if nothing had been set and as things are.
type Stands = [Vec<HandStand>; 2];

impl<'a> HandGround<'a> {
    /// What was set, in the order of the round file; counties of which nothing was set and that have other money, another place or another score,
    /// by code; appeals.
    pub fn rows(self) -> Vec<HandRow<'a>> {
        let number: BTreeMap<&str, usize> = self.evidence.units.iter().enumerate().map(|(i, u)| (u.code.as_str(), i)).collect();
        let of = |ranking, choices| stands_of(self.evidence.units.len(), ranking, choices, self.asked);
        let after = of(self.after.0, self.after.1);
        let stands = [self.before.map_or_else(|| after.clone(), |b| of(&b.ranking, &b.choices)), after];
        let overrides = self.settings.table.overrides.as_slice();
        let set = overrides.iter().enumerate().filter_map(|(n, o)| {
            let unit = *number.get(o.county.as_str())?;
            Some(self.row(Record::Override(o), n + 1, unit, &stands))
        });
        let mut all: Vec<HandRow<'a>> = set.collect();
        if self.before.is_some() {
            let named: BTreeSet<&str> = overrides.iter().map(|o| o.county.as_str()).collect();
            let units = self.evidence.units.iter().enumerate();
            let others = units.filter(|(i, u)| !named.contains(u.code.as_str()) && stands[0][*i].differs(stands[1][*i]));
            all.extend(others.enumerate().map(|(n, (i, _))| self.row(Record::Consequence, n + 1, i, &stands)));
        }
        let appeals = self.appeals.iter().enumerate().filter_map(|(n, a)| {
            let unit = *number.get(a.county.as_str())?;
            Some(self.row(Record::Appeal(a), n + 1, unit, &stands))
        });
        all.extend(appeals);
        all
    }

    fn row(self, record: Record<'a>, number: usize, unit: usize, stands: &Stands) -> HandRow<'a> {
        let (figure, unit_of_figure) = self.figure(record, unit);
        let key = match record {
            Record::Override(o) => o.indicator.as_deref(),
            _ => None,
        };
        let name_of_figure = self.settings.indicators.iter().find(|d| Some(d.key.as_str()) == key).map_or("", |d| d.zh.as_str());
        let funds = matches!(record, Record::Override(o) if o.funded == Some(true));
        let though = self.after.0.of(unit).filter(|_| funds).and_then(|row| row.not_rankable.as_deref());
        let is_set = matches!(record, Record::Override(_));
        let without = self.before.filter(|_| is_set).and_then(|b| b.without.get(number - 1).copied());
        let of = self.settings.table.overrides.len();
        let stands = [stands[0][unit], stands[1][unit]];
        HandRow {
            record,
            number,
            unit: &self.evidence.units[unit],
            figure,
            unit_of_figure,
            name_of_figure,
            stands,
            without,
            of,
            though,
        }
    }

    /// A figure that was set, as it was and as it is.
    fn figure(self, record: Record<'a>, unit: usize) -> ([Option<f64>; 2], &'a str) {
        let Record::Override(o) = record else { return ([None; 2], "") };
        match o.sets() {
            Some(SetByHand::Indicator(key, value)) => {
                let number = self.settings.indicators.iter().position(|d| d.key == key);
                let of = |row: &RankRow| number.and_then(|i| row.values.get(i).copied().flatten());
                let was = self.before.and_then(|b| b.ranking.of(unit)).and_then(of);
                let unit_of = number.map_or("", |i| self.settings.indicators[i].unit.as_str());
                ([was, Some(value)], unit_of)
            }
            Some(SetByHand::Cost(cost)) => {
                let was = CostRule::of_selection(self.asked).by_rule(self.evidence, unit);
                ([was, Some(cost)], self.asked.currency.as_deref().unwrap_or_default())
            }
            _ => ([None; 2], ""),
        }
    }
}
