//! Funding lines: who stands above one, in one ranking.

use super::model::Model;
use crate::error::{Error, Location, Result};
use crate::rank::select::UNKNOWN;
use crate::rank::spent::MostSpent;
use crate::space::units;
use std::collections::BTreeMap;

/// The lines to look at, and when a chance counts as settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// The lines.
    pub lines: Vec<Line>,
    /// Share of draws above the line from which a unit is [`Band::Certain`].
    pub certain: f64,
    /// Share of draws above the line up to which a unit is [`Band::Out`].
    pub out: f64,
    /// Units, ranked or not, that are paid only where a budget pays for them and all above them in whatever order those stand; none
    /// where nobody is.
    pub open: Vec<bool>,
}

impl Default for Lines {
    fn default() -> Self {
        Self { lines: Vec::new(), certain: 0.95, out: 0.05, open: Vec::new() }
    }
}

/// A line through the ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its name in files and messages.
    pub key: String,
    /// Who is above it.
    pub kind: LineKind,
}

/// Who is above a line.
#[derive(Clone, Debug, PartialEq)]
pub enum LineKind {
    /// The first so many.
    Places(usize),
    /// The first so many of each group (province); a group that is not named has no place.
    Quota {
        /// The group of each unit, ranked or not.
        group_of: Vec<String>,
        /// Places by group.
        places: BTreeMap<String, usize>,
    },
    /// Down the ranking, as far as the money goes. Costs and total are counted in whole hundredths, so that no sum depends on
    /// its order.
    Budget {
        /// Cost of each unit, ranked or not; infinite where it is not known: it is never paid, and ends nothing.
        costs: Vec<f64>,
        /// Money there is, in the same currency.
        total: f64,
        /// What happens at a unit that does not fit.
        rule: BudgetRule,
    },
    /// Down the ranking, as long as each of these holds: none of them again of this kind. A budget that stops at the first that does
    /// not fit ends it for all.
    Together(Vec<LineKind>),
}

/// What happens at a unit that the rest of the budget does not pay for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BudgetRule {
    /// It and all below it get nothing: who is funded is a beginning of the ranking, and more money never drops a unit.
    #[default]
    StopAtFirst,
    /// It is passed over and cheaper ones below it may still fit. More money can drop a unit.
    SkipAndGoOn,
}

/// Where a unit stands against a line over all draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Above it in nearly all draws.
    Certain,
    /// In between: the choices that were varied decide.
    Contested,
    /// Above it in nearly none.
    Out,
}

impl Band {
    /// Every band.
    pub const ALL: [Self; 3] = [Self::Certain, Self::Contested, Self::Out];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Contested => "contested",
            Self::Out => "out",
        }
    }
}

impl Lines {
    /// The band of a share of draws.
    pub fn band(&self, share: f64) -> Band {
        match share {
            s if s >= self.certain => Band::Certain,
            s if s <= self.out => Band::Out,
            _ => Band::Contested,
        }
    }

    /// Checks the lines against a model.
    pub(super) fn checked(&self, model: &Model) -> Result<Vec<CheckedLine>> {
        if !(0.0 <= self.out && self.out < self.certain && self.certain <= 1.0) {
            let what = format!("out up to {} and certain from {} are not two shares, the first lower", self.out, self.certain);
            return Err(Error::usage(what, "give e.g. 0.05 and 0.95"));
        }
        let open: Vec<bool> = model.units.iter().map(|u| self.open.get(*u).copied().unwrap_or(false)).collect();
        let open = if open.contains(&true) { open } else { Vec::new() };
        self.lines.iter().map(|line| CheckedLine::of(line, model, &open)).collect()
    }
}

/// A checked line over the units that take part.
#[derive(Clone, Debug)]
pub(super) enum CheckedLine {
    Places(usize),
    Quota { group_of: Vec<u32>, places: Vec<u32> },
    Budget { costs: Vec<u64>, total: u64, rule: BudgetRule, open: Vec<bool> },
    Together(Vec<CheckedLine>),
}

/// What is left of a limit on the way down a ranking.
enum Left {
    Places(usize),
    Quota(Vec<u32>),
    Money(u64),
}

impl CheckedLine {
    fn of(line: &Line, model: &Model, open: &[bool]) -> Result<Self> {
        let bad = |what: String, next: &str| Error::usage(what, next).at(Location::default().field(line.key.as_str()));
        let each = |n: usize| match n == model.all_units {
            true => Ok(()),
            false => Err(bad(format!("{n} entries for {} units", model.all_units), "give one a unit, ranked or not")),
        };
        match &line.kind {
            LineKind::Together(kinds) => {
                let one = |kind: &LineKind| Self::of(&Line { key: line.key.clone(), kind: kind.clone() }, model, open);
                kinds.iter().map(one).collect::<Result<_>>().map(Self::Together)
            }
            LineKind::Places(k) if *k > model.units.len() => {
                Err(bad(format!("{k} places for {} ranked units", model.units.len()), "give at most as many"))
            }
            LineKind::Places(k) => Ok(Self::Places(*k)),
            LineKind::Quota { group_of, places } => {
                each(group_of.len())?;
                let of = |u: &usize| group_of[*u].as_str();
                for (group, k) in places {
                    let there = model.units.iter().filter(|u| of(u) == group).count();
                    if !group_of.contains(group) {
                        return Err(bad(format!("no unit is in \"{group}\""), "name groups as the units do"));
                    }
                    if *k > there {
                        return Err(bad(format!("{k} places for {there} ranked units in \"{group}\""), "give at most as many"));
                    }
                }
                // those without a quota share one group at the end, of no place
                let number = |u| places.keys().position(|g| g == of(u)).unwrap_or(places.len()) as u32;
                let group_of = model.units.iter().map(number).collect();
                Ok(Self::Quota { group_of, places: places.values().map(|k| *k as u32).chain([0]).collect() })
            }
            LineKind::Budget { costs, total, rule } => {
                each(costs.len())?;
                let whole = |money: f64, whose: String| {
                    let next = "give 0 or more, below 10¹²";
                    hundredths(money).ok_or_else(|| bad(format!("{money} is not {whose}"), next))
                };
                let cost = |u: &usize| match costs[*u] {
                    f64::INFINITY => Ok(UNKNOWN),
                    known => whole(known, format!("a cost (unit {u})")),
                };
                let total = whole(*total, "a budget".to_owned())?;
                let costs = model.units.iter().map(cost).collect::<Result<_>>()?;
                Ok(Self::Budget { costs, total, rule: *rule, open: open.to_vec() })
            }
        }
    }

    /// Adds 1 to the count of each unit above the line; `order` is a ranking, first place first.
    pub(super) fn count(&self, order: &[u16], counts: &mut [u32]) {
        match self {
            Self::Together(cuts) => Self::count_together(cuts, order, counts),
            Self::Places(k) => order[..*k].iter().for_each(|u| counts[usize::from(*u)] += 1),
            Self::Quota { group_of, places } => {
                let mut left = places.clone();
                for u in order.iter().map(|u| usize::from(*u)) {
                    let left = &mut left[group_of[u] as usize];
                    counts[u] += u32::from(*left > 0);
                    *left = left.saturating_sub(1);
                }
            }
            Self::Budget { open, .. } if !open.is_empty() => Self::count_together(std::slice::from_ref(self), order, counts),
            Self::Budget { costs, total, rule, .. } => {
                let mut left = *total;
                for u in order.iter().map(|u| usize::from(*u)) {
                    match left.checked_sub(costs[u]) {
                        Some(rest) => {
                            left = rest;
                            counts[u] += 1;
                        }
                        None if *rule == BudgetRule::StopAtFirst && costs[u] < UNKNOWN => return,
                        None => {}
                    }
                }
            }
        }
    }

    /// What there is before the first unit.
    fn all(&self) -> Left {
        match self {
            Self::Places(k) => Left::Places(*k),
            Self::Quota { places, .. } => Left::Quota(places.clone()),
            Self::Budget { total, .. } => Left::Money(*total),
            Self::Together(_) => Left::Places(usize::MAX),
        }
    }

    fn admits(&self, left: &Left, u: usize) -> bool {
        match (self, left) {
            (Self::Places(_), Left::Places(left)) => *left > 0,
            (Self::Quota { group_of, .. }, Left::Quota(left)) => left[group_of[u] as usize] > 0,
            (Self::Budget { costs, .. }, Left::Money(left)) => costs[u] <= *left,
            _ => true,
        }
    }

    fn take(&self, left: &mut Left, u: usize) {
        match (self, left) {
            (Self::Places(_), Left::Places(left)) => *left -= 1,
            (Self::Quota { group_of, .. }, Left::Quota(left)) => left[group_of[u] as usize] -= 1,
            (Self::Budget { costs, .. }, Left::Money(left)) => *left -= costs[u],
            _ => {}
        }
    }

    /// Counts the units above several limits that hold together.
    fn count_together(cuts: &[Self], order: &[u16], counts: &mut [u32]) {
        let mut left: Vec<Left> = cuts.iter().map(Self::all).collect();
        let mut above = Above::of(cuts);
        for u in order.iter().map(|u| usize::from(*u)) {
            let refused: Vec<&Self> =
                cuts.iter().zip(&left).filter(|(cut, left)| !cut.admits(left, u)).map(|(cut, _)| cut).collect();
            if refused.is_empty() && above.as_ref().is_none_or(|a| a.pays(u)) {
                counts[u] += 1;
                cuts.iter().zip(&mut left).for_each(|(cut, left)| cut.take(left, u));
            }
            // who has no place or quota does not come to the money
            if let [Self::Budget { rule: BudgetRule::StopAtFirst, costs, .. }] = refused[..]
                && costs[u] < UNKNOWN
                && above.as_ref().is_none_or(|a| !a.open[u])
            {
                return;
            }
            above.iter_mut().for_each(|a| a.pass(u));
        }
    }

    /// Whether each unit is above the line.
    pub(super) fn above(&self, order: &[u16]) -> Vec<bool> {
        let mut counts = vec![0; order.len()];
        self.count(order, &mut counts);
        counts.iter().map(|c| *c > 0).collect()
    }
}

/// What could be spent on the units so far, in whatever order they stand; kept where some are paid only if that is.
struct Above<'c> {
    costs: &'c [u64],
    total: u64,
    open: &'c [bool],
    quota: Option<(&'c [u32], &'c [u32])>,
    spent: MostSpent<u32>,
}

impl<'c> Above<'c> {
    fn of(cuts: &'c [CheckedLine]) -> Option<Self> {
        let (mut found, mut places, mut quota) = (None, None, None);
        for cut in cuts {
            match cut {
                CheckedLine::Places(k) => places = Some(*k),
                CheckedLine::Quota { group_of, places } => quota = Some((group_of.as_slice(), places.as_slice())),
                CheckedLine::Budget { costs, total, open, .. } if !open.is_empty() => found = Some((costs, *total, open)),
                CheckedLine::Budget { .. } | CheckedLine::Together(_) => {}
            }
        }
        let (costs, total, open) = found?;
        Some(Self { costs, total, open, quota, spent: MostSpent::new(places) })
    }

    fn group(&self, u: usize) -> u32 {
        self.quota.map_or(0, |(group_of, _)| group_of[u])
    }

    fn pays(&self, u: usize) -> bool {
        !self.open[u] || self.spent.with(&self.group(u), self.costs[u]) <= self.total
    }

    fn pass(&mut self, u: usize) {
        if self.costs[u] < UNKNOWN {
            let group = self.group(u);
            self.spent.add(group, self.quota.map(|(_, places)| places[group as usize] as usize), self.costs[u]);
        }
    }
}

fn hundredths(money: f64) -> Option<u64> {
    let usable = (0.0..1e12).contains(&money);
    u64::try_from(units::hundredths(money)).ok().filter(|_| usable)
}
