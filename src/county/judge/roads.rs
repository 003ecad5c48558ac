//! Roads by their number against rules about gaps along them.

use super::Answers;
use crate::county::needs::Standing;
use crate::coverage::corridors::Corridor;
use crate::programme::{Both, Met, Profile, Rule, Shape, along};
use serde::{Deserialize, Serialize};

/// A station near a road.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoadStop {
    /// Id of the station.
    pub station: String,
    /// Where the road is left for it, from the beginning of the line, millimetres.
    pub at_mm: u64,
    /// Whether it counts; where not, it cannot be told.
    pub is_sure: bool,
}

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
    /// Stations near the worst line that count or may count.
    pub stops: Vec<RoadStop>,
}

pub(super) fn of(
    scene: &Standing<'_>,
    (profile, rule): (&Profile, &Rule),
    found: &[Corridor],
    answers: &Answers,
) -> Vec<RoadVerdict> {
    if rule.shape != Shape::Gap {
        return Vec::new();
    }
    let limit_mm = rule.limit.as_ref().and_then(|key| profile.length_mm(key));
    let one = |corridor: &Corridor| {
        let verdict = along(profile, rule, corridor, answers);
        let most = |of: &dyn Fn(usize) -> Option<u64>| (0..verdict.lines.len()).filter_map(of).max();
        let lines = &verdict.lines;
        let longest_mm = Both {
            without: most(&|i| lines[i].longest.without.map(|x| x.length_mm())),
            with: most(&|i| lines[i].longest.with.map(|x| x.length_mm())),
        };
        let worst = (0..lines.len()).max_by_key(|i| (lines[*i].longest.without.map(|x| x.length_mm()), usize::MAX - i));
        let stops = worst.map(|i| &lines[i].stations).into_iter().flatten();
        RoadVerdict {
            programme: profile.name.clone(),
            rule: rule.name.clone(),
            road: corridor.reference.clone(),
            road_mm: corridor.road_mm,
            met: verdict.met,
            longest_mm,
            one_out_mm: Both {
                without: most(&|i| lines[i].one_out.without.map(|x| x.0.length_mm())),
                with: most(&|i| lines[i].one_out.with.map(|x| x.0.length_mm())),
            },
            driven_mm: Both {
                without: most(&|i| Some(lines[i].driven.without.mm)),
                with: most(&|i| Some(lines[i].driven.with.mm)),
            },
            limit_mm,
            missing: verdict.missing.iter().map(|m| m.names()).collect(),
            stops: stops
                .filter(|(_, answer)| answer.counts(true))
                .map(|(s, answer)| RoadStop {
                    station: scene.stations[s.station as usize].station.id.clone(),
                    at_mm: s.at_mm,
                    is_sure: answer.counts(false),
                })
                .collect(),
        }
    };
    found.iter().map(one).collect()
}
