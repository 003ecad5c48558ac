//! Directions of roads as they are drawn and judged: where each runs, and the longest way on it without a station.

use super::roads::RoadGround;
use crate::coverage::corridors::{Corridor, CorridorLine, Stop, StopInterval, drawn_along, joined_mm};
use crate::network::RoadNetwork;
use crate::programme::{Answer, Both, LineVerdict, Met};
use crate::space::LonLat;
use serde::{Deserialize, Serialize};

/// A station near a road.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoadStop {
    /// Id of the station.
    pub station: String,
    /// Where it stands.
    pub at: LonLat,
    /// Where the road is left for it, from the beginning of the line, millimetres.
    pub at_mm: u64,
    /// Whether it counts; where not, it cannot be told.
    pub is_sure: bool,
}

/// A direction of a part of a road, as it is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoadLine {
    /// Number of the road.
    pub road: String,
    /// Number of the part, from 1, the longest first.
    pub part: u32,
    /// 1, or 2 for the way back.
    pub direction: u32,
    /// Its length, millimetres.
    pub length_mm: u64,
    /// Of that, ways between pieces of the number, which are not drawn.
    pub joined_mm: u64,
    /// A ring, which has no ends.
    pub closed: bool,
    /// Where it runs.
    pub drawn: Vec<Vec<LonLat>>,
}

/// A way along a road without a station, cut at its ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LongestWay {
    /// Where it begins, from the beginning of the line, millimetres.
    pub from_mm: u64,
    /// Where it ends; on a ring it may lie beyond its length.
    pub to_mm: u64,
    /// Ids of the stations at its ends; none at an end of the line.
    pub ends: [Option<String>; 2],
    /// Of it, ways that are not drawn, millimetres.
    pub joined_mm: u64,
    /// Where it runs.
    pub drawn: Vec<Vec<LonLat>>,
}

impl LongestWay {
    /// Its length, millimetres.
    pub fn length_mm(&self) -> u64 {
        self.to_mm - self.from_mm
    }
}

/// A direction of a part of a road, held against a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgedLine {
    /// Its number among all [`RoadLine`]s.
    pub line: u32,
    /// The verdict.
    pub met: Met,
    /// If what cannot be told does not count, and if it does.
    pub both: Both<Met>,
    /// The longest way without a station.
    pub longest: Both<Option<LongestWay>>,
    /// The same with the one station out whose loss makes it longest, millimetres.
    pub one_out_mm: Both<Option<u64>>,
    /// Range needed as driven, millimetres.
    pub driven_mm: Both<u64>,
    /// What is missing.
    pub missing: Vec<[String; 2]>,
    /// Stations near it that count or may count.
    pub stops: Vec<RoadStop>,
}

/// All directions of all roads, in order.
pub(super) fn all(network: &RoadNetwork, found: &[Corridor]) -> Vec<RoadLine> {
    let mut all = Vec::new();
    for corridor in found {
        for (part, p) in (1u32..).zip(&corridor.parts) {
            for (direction, line) in (1u32..).zip(&p.lines) {
                all.push(RoadLine {
                    road: corridor.reference.clone(),
                    part,
                    direction,
                    length_mm: line.length_mm,
                    joined_mm: line.joined_mm,
                    closed: line.closed,
                    drawn: line.drawn(network),
                });
            }
        }
    }
    all
}

/// A direction of a road with its verdict; `first` is the number of the road's first one.
pub(super) fn line_of(g: &RoadGround<'_>, corridor: &Corridor, first: u32, v: &LineVerdict) -> JudgedLine {
    let before: usize = corridor.parts[..v.line.0].iter().map(|p| p.lines.len()).sum();
    let line = &corridor.parts[v.line.0].lines[v.line.1];
    let id = |station: u32| g.stations[station as usize].station.id.clone();
    let way = |i: StopInterval| longest_way(g, line, i, &id);
    let stop = |(s, a): &(Stop, Answer)| RoadStop {
        station: id(s.station),
        at: g.stations[s.station as usize].station.at,
        at_mm: s.at_mm,
        is_sure: a.counts(false),
    };
    JudgedLine {
        line: first + (before + v.line.1) as u32,
        met: v.verdict.met,
        both: v.verdict.both,
        longest: v.longest.map(|i| i.map(way)),
        one_out_mm: v.one_out.map(|o| o.map(|o| o.0.length_mm())),
        driven_mm: v.driven.as_ref().map(|d| d.mm),
        missing: v.verdict.missing.iter().map(|m| m.names()).collect(),
        stops: v.stations.iter().filter(|(_, a)| a.counts(true)).map(stop).collect(),
    }
}

fn longest_way(g: &RoadGround<'_>, line: &CorridorLine, i: StopInterval, id: &dyn Fn(u32) -> String) -> LongestWay {
    let along = line.between(i.from_mm, i.to_mm);
    LongestWay {
        from_mm: i.from_mm,
        to_mm: i.to_mm,
        ends: [i.from, i.to].map(|s| s.map(id)),
        joined_mm: joined_mm(&along),
        drawn: drawn_along(g.network, &along),
    }
}
