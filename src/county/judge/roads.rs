//! Roads by their number against rules about gaps along them: plain rows, which know no network.

use super::Answers;
use super::lines::{JudgedLine, LongestWay, RoadStop, line_of};
use crate::coverage::corridors::Corridor;
use crate::place::StationOut;
use crate::programme::{Both, Met, Profile, Rule, Shape, along};
use serde::{Deserialize, Serialize};

/// A road held against a rule. Lengths are of the worst direction of the worst part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoadVerdict {
    /// Name of the programme.
    pub programme: String,
    /// Name of the rule.
    pub rule: String,
    /// Number of the road.
    pub road: String,
    /// Its length, millimetres.
    pub road_mm: u64,
    /// The verdict.
    pub met: Met,
    /// The longest way along it without a station that counts, millimetres; none where nothing is asked.
    pub longest_mm: Both<Option<u64>>,
    /// The same with the one station out whose loss makes it longest.
    pub one_out_mm: Both<Option<u64>>,
    /// Range needed as driven to the stations and back, millimetres.
    pub driven_mm: Both<Option<u64>>,
    /// The limit, millimetres; none where the user has to set it.
    pub limit_mm: Option<u64>,
    /// What is missing, where it cannot be told.
    pub missing: Vec<[String; 2]>,
    /// Each direction of each part.
    pub lines: Vec<JudgedLine>,
}

impl RoadVerdict {
    /// The direction with the longest way without a station that counts; of equal ones the first.
    pub fn worst(&self) -> Option<&JudgedLine> {
        let mm = |i: usize| self.lines[i].longest.without.as_ref().map(|w| w.length_mm());
        (0..self.lines.len()).max_by_key(|i| (mm(*i), usize::MAX - i)).map(|i| &self.lines[i])
    }

    /// The longest way without a station on any direction, without and with those that cannot be told; of equal ones that of the first. The two
    /// may lie on different directions.
    pub fn longest(&self) -> Both<Option<&LongestWay>> {
        let of = |way: fn(&JudgedLine) -> Option<&LongestWay>| {
            let all = self.lines.iter().enumerate().filter_map(|(i, line)| Some((i, way(line)?)));
            all.max_by_key(|(i, way)| (way.length_mm(), usize::MAX - i)).map(|(_, way)| way)
        };
        Both { without: of(|l| l.longest.without.as_ref()), with: of(|l| l.longest.with.as_ref()) }
    }

    /// Whether it is met though nothing that counts, or may count, stands along it: it is shorter than the limit.
    pub fn is_met_without_station(&self) -> bool {
        self.met == Met::Met && self.is_bare()
    }

    /// Whether nothing that counts, or may count, stands along it.
    pub fn is_bare(&self) -> bool {
        self.lines.iter().all(|line| line.stops.is_empty())
    }

    /// Stations near that direction which count or may count.
    pub fn stops(&self) -> &[RoadStop] {
        self.worst().map_or(&[], |line| &line.stops)
    }
}

/// What verdicts of roads are made from.
pub(super) struct RoadGround<'a> {
    pub network: &'a crate::network::RoadNetwork,
    pub stations: &'a [StationOut],
    /// Roads, each with the number of its first line in the list of all.
    pub found: &'a [Corridor],
}

pub(super) fn of(g: &RoadGround<'_>, (profile, rule): (&Profile, &Rule), answers: &Answers) -> Vec<RoadVerdict> {
    if rule.shape != Shape::Gap {
        return Vec::new();
    }
    let limit_mm = rule.limit.as_ref().and_then(|key| profile.length_mm(key));
    let (mut all, mut first) = (Vec::new(), 0u32);
    for corridor in g.found {
        let verdict = along(profile, rule, corridor, answers);
        let lines: Vec<JudgedLine> = verdict.lines.iter().map(|v| line_of(g, corridor, first, v)).collect();
        first += corridor.parts.iter().map(|p| p.lines.len() as u32).sum::<u32>();
        let most = |of: &dyn Fn(&JudgedLine) -> Option<u64>| lines.iter().filter_map(of).max();
        all.push(RoadVerdict {
            programme: profile.name.clone(),
            rule: rule.name.clone(),
            road: corridor.reference.clone(),
            road_mm: corridor.road_mm,
            met: verdict.met,
            longest_mm: Both {
                without: most(&|l| Some(l.longest.without.as_ref()?.length_mm())),
                with: most(&|l| Some(l.longest.with.as_ref()?.length_mm())),
            },
            one_out_mm: Both { without: most(&|l| l.one_out_mm.without), with: most(&|l| l.one_out_mm.with) },
            driven_mm: Both { without: most(&|l| Some(l.driven_mm.without)), with: most(&|l| Some(l.driven_mm.with)) },
            limit_mm,
            missing: verdict.missing.iter().map(|m| m.names()).collect(),
            lines,
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(mm: u64, from: &str) -> Option<LongestWay> {
        let ends = [Some(from.to_owned()), None];
        Some(LongestWay { from_mm: 0, to_mm: mm, ends, joined_mm: 0, drawn: Vec::new() })
    }

    #[test]
    fn each_figure_has_the_way_that_it_is_the_length_of() {
        // there 30 without and 10 with what cannot be told, back 20 and 20: the first figure lies there, the second back
        let line = |line, without, with| JudgedLine {
            line,
            met: Met::CannotBeTold,
            both: Both { without: Met::NotMet, with: Met::Met },
            longest: Both { without, with },
            one_out_mm: Both::default(),
            driven_mm: Both::default(),
            missing: Vec::new(),
            stops: Vec::new(),
        };
        let road = RoadVerdict {
            programme: String::new(),
            rule: String::new(),
            road: "G318".to_owned(),
            road_mm: 50,
            met: Met::CannotBeTold,
            longest_mm: Both { without: Some(30), with: Some(20) },
            one_out_mm: Both::default(),
            driven_mm: Both::default(),
            limit_mm: Some(25),
            missing: Vec::new(),
            lines: vec![line(0, way(30, "there"), way(10, "x")), line(1, way(20, "back"), way(20, "back"))],
        };
        let told = road.longest().map(|way| way.map(|w| (w.length_mm(), w.ends[0].as_deref())));
        assert_eq!(told.without, Some((30, Some("there"))));
        assert_eq!(told.with, Some((20, Some("back"))));
        assert_eq!(road.worst().map(|l| l.line), Some(0));
        let none = RoadVerdict { lines: Vec::new(), ..road };
        assert!(none.longest().without.is_none() && none.worst().is_none());
    }
}
