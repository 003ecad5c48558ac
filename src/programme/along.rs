//! Rules of shape gap on corridors: a verdict for each direction of each part, with the stations that it rests on.

use super::profile::Profile;
use super::qualify::{Answer, Missing, near_enough};
use super::rule::{Rule, Shape};
use super::verdict::{Both, Met, Verdict, gap};
use crate::coverage::corridors::{Corridor, CorridorLine, RangeNeeded, Stop, StopInterval};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A direction of a part of a corridor, judged.
#[derive(Clone, PartialEq, Debug)]
pub struct LineVerdict {
    /// Index of the part in the corridor, and of the line in the part.
    pub line: (usize, usize),
    /// The verdict, along the road.
    pub verdict: Verdict,
    /// The longest interval, without and with the stations that cannot be told.
    pub longest: Both<Option<StopInterval>>,
    /// The same with the one station out whose loss makes it longest, and that station.
    pub one_out: Both<Option<(StopInterval, Option<u32>)>>,
    /// Range needed as driven to the stations and back; ways off the road of any length that was looked for are driven.
    pub driven: Both<RangeNeeded>,
    /// The answer for every station near the line, by its number, in the order of the line.
    pub stations: Vec<(Stop, Answer)>,
}

/// A corridor judged: as its worst line is.
#[derive(Clone, PartialEq, Debug)]
pub struct CorridorVerdict {
    /// The corridor's number.
    pub reference: String,
    /// Not met where some line does not meet it, met where all do.
    pub met: Met,
    /// What is missing, of all lines that cannot be told.
    pub missing: BTreeSet<Missing>,
    /// Each direction of each part.
    pub lines: Vec<LineVerdict>,
}

/// How many corridors are met, not met, cannot be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MetCount {
    /// Met.
    pub met: usize,
    /// Not met.
    pub not_met: usize,
    /// Cannot be told.
    pub cannot_be_told: usize,
}

impl MetCount {
    /// Of some corridors.
    pub fn of(verdicts: &[CorridorVerdict]) -> Self {
        let count = |met: Met| verdicts.iter().filter(|v| v.met == met).count();
        Self { met: count(Met::Met), not_met: count(Met::NotMet), cannot_be_told: count(Met::CannotBeTold) }
    }
}

/// Holds a corridor against a rule of shape gap. `answers` are those of [`super::qualifies`] by station number; a station without one does not
/// count. Where the network goes on beyond a line and only a piece of it is here, an interval at that end may be longer: what is not
/// broken already cannot be told there.
pub fn along(profile: &Profile, rule: &Rule, corridor: &Corridor, answers: &BTreeMap<u32, Answer>) -> CorridorVerdict {
    let lines: Vec<LineVerdict> = corridor
        .parts
        .iter()
        .enumerate()
        .flat_map(|(p, part)| part.lines.iter().enumerate().map(move |(l, line)| ((p, l), line)))
        .map(|(at, line)| judged(profile, rule, (at, line), answers))
        .collect();
    let any = |met: Met| lines.iter().any(|l| l.verdict.met == met);
    let met = match (any(Met::NotMet), any(Met::CannotBeTold) || lines.is_empty()) {
        (true, _) => Met::NotMet,
        (_, true) => Met::CannotBeTold,
        _ => Met::Met,
    };
    let missing = lines.iter().flat_map(|l| l.verdict.missing.iter().cloned()).collect();
    CorridorVerdict { reference: corridor.reference.clone(), met, missing, lines }
}

fn judged(
    profile: &Profile,
    rule: &Rule,
    (at, line): ((usize, usize), &CorridorLine),
    answers: &BTreeMap<u32, Answer>,
) -> LineVerdict {
    debug_assert!(rule.shape == Shape::Gap);
    let near = |s: &Stop| near_enough(profile, rule.off_road.as_deref(), u64::from(s.to_mm));
    let of = |s: &Stop| answers.get(&s.station).cloned().map(|answer| answer.and(near(s)));
    let stations: Vec<(Stop, Answer)> = line.stops.iter().filter_map(|s| Some((*s, of(s)?))).collect();
    // whether each stop counts, by its place in the list, which is that of the line
    let chosen = |with: bool| -> BTreeSet<(u64, u32)> {
        stations.iter().filter(|(_, a)| a.counts(with)).map(|(s, _)| (s.at_mm, s.station)).collect()
    };
    let sets = Both { without: chosen(false), with: chosen(true) };
    let by = |set: &BTreeSet<(u64, u32)>, s: &Stop| set.contains(&(s.at_mm, s.station));
    let qualifying = |with: bool| -> BTreeSet<u32> {
        // as driven no way off the road is too long
        answers.iter().filter(|(_, a)| a.counts(with)).map(|(station, _)| *station).collect()
    };
    let drivers = Both { without: qualifying(false), with: qualifying(true) };
    let intervals = sets.as_ref().map(|set| line.intervals(|s| by(set, s)));
    let mut missing: BTreeSet<Missing> = BTreeSet::new();
    for (_, answer) in &stations {
        if let Answer::CannotBeTold(fields) = answer {
            missing.extend(fields.iter().cloned());
        }
    }
    let lengths = intervals.as_ref().map(|list| list.iter().map(StopInterval::length_mm).collect::<Vec<u64>>());
    let mut verdict = gap(profile, rule, lengths.as_ref().map(Vec::as_slice), missing);
    if verdict.met == Met::Met && line.open.contains(&true) {
        verdict.met = Met::CannotBeTold;
        verdict.missing = [Missing::Figure("road beyond this piece of network".to_owned())].into();
    }
    LineVerdict {
        line: at,
        verdict,
        longest: sets.as_ref().map(|set| line.longest(|s| by(set, s))),
        one_out: sets.as_ref().map(|set| line.longest_without_one(|s| by(set, s))),
        driven: drivers.as_ref().map(|set| line.range_needed(|s| set.contains(&s.station))),
        stations,
    }
}
