//! Rules of shape gap on corridors: a verdict for each direction of each part, with the stations that it rests on.

use super::profile::Profile;
use super::qualify::{Answer, Missing, near_enough};
use super::rule::{Rule, Shape};
use super::verdict::{Both, Met, Verdict, gap};
use crate::coverage::corridors::{Corridor, CorridorLine, RangeNeeded, Stop, StopInterval};
use crate::network::RoadNetwork;
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
    judged_where(profile, rule, corridor, answers, &|_, _| true)
}

/// The same of the intervals that touch a county, as index; none where the corridor does not run in it. Range as driven is that of the whole
/// line.
pub fn along_county(
    profile: &Profile,
    rule: &Rule,
    corridor: &Corridor,
    answers: &BTreeMap<u32, Answer>,
    (network, county): (&RoadNetwork, u32),
) -> Option<CorridorVerdict> {
    let spans_of = |line: &CorridorLine| -> Vec<(u64, u64)> {
        line.counties(network).into_iter().filter(|s| s.2 == county).map(|s| (s.0, s.1)).collect()
    };
    let touches = |line: &CorridorLine, i: &StopInterval| {
        let over = i.to_mm.saturating_sub(line.length_mm); // a ring's goes over its beginning
        spans_of(line).into_iter().any(|(from, to)| (i.from_mm < to && from < i.to_mm) || (over > 0 && from < over))
    };
    let verdict = judged_where(profile, rule, corridor, answers, &touches);
    (!verdict.lines.is_empty()).then_some(verdict)
}

/// Whether an interval of a line is asked for.
type Touches<'a> = &'a dyn Fn(&CorridorLine, &StopInterval) -> bool;

fn judged_where(
    profile: &Profile,
    rule: &Rule,
    corridor: &Corridor,
    answers: &BTreeMap<u32, Answer>,
    touches: Touches<'_>,
) -> CorridorVerdict {
    let lines: Vec<LineVerdict> = corridor
        .parts
        .iter()
        .enumerate()
        .flat_map(|(p, part)| part.lines.iter().enumerate().map(move |(l, line)| ((p, l), line)))
        .filter_map(|(at, line)| judged(profile, rule, (at, line), answers, touches))
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
    touches: Touches<'_>,
) -> Option<LineVerdict> {
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
    let asked = |i: &StopInterval| touches(line, i);
    let of_set = |set: &BTreeSet<(u64, u32)>| line.intervals(|s| by(set, s)).into_iter().filter(asked).collect::<Vec<_>>();
    let intervals = sets.as_ref().map(of_set);
    if intervals.with.is_empty() {
        return None;
    }
    let mut missing: BTreeSet<Missing> = BTreeSet::new();
    for (_, answer) in &stations {
        if let Answer::CannotBeTold(fields) = answer {
            missing.extend(fields.iter().cloned());
        }
    }
    let lengths = intervals.as_ref().map(|list| list.iter().map(StopInterval::length_mm).collect::<Vec<u64>>());
    let mut verdict = gap(profile, rule, lengths.as_ref().map(Vec::as_slice), missing);
    let at_open_end = |i: &StopInterval| (line.open[0] && i.from.is_none()) || (line.open[1] && i.to.is_none());
    if verdict.met == Met::Met && intervals.without.iter().any(at_open_end) {
        verdict.met = Met::CannotBeTold;
        verdict.missing = [Missing::Figure("road beyond this piece of network".to_owned())].into();
    }
    let longest = |list: Vec<StopInterval>| list.into_iter().reduce(|a, b| if b.length_mm() > a.length_mm() { b } else { a });
    Some(LineVerdict {
        line: at,
        verdict,
        longest: intervals.map(longest),
        one_out: sets.as_ref().map(|set| line.longest_without_one_of(|s| by(set, s), asked)),
        driven: drivers.as_ref().map(|set| line.range_needed(|s| set.contains(&s.station))),
        stations,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{RoadClass, Services};
    use crate::coverage::corridors::{CorridorsAsked, corridors};
    use crate::network::{Draft, Edge};
    use crate::place::Site;
    use crate::programme::{Offer, Offered, embedded, qualifies};
    use crate::read::road::Roads;
    use crate::space::LonLat;

    const KM: u32 = 1_000_000;

    /// `0 ──70── 1 ──70── 2 ──20── 3` km of US 395, county 0 up to node 2 and county 1 beyond; stations at 1, at 2, and 3 km off the road at 1.
    fn scene() -> (RoadNetwork, Corridor, Vec<u32>) {
        let mut names = crate::read::road::Names::default();
        let mut draft = Draft::from_roads(&Roads::default()).unwrap();
        draft.nodes = (0..5).map(|i| LonLat::new(f64::from(i) * 0.5, f64::from(i / 4)).unwrap()).collect();
        let name = names.intern("US Hwy 395");
        for (tail, head, km, county, name) in [(0, 1, 70, 0, name), (1, 2, 70, 0, name), (2, 3, 20, 1, name), (1, 4, 3, 0, 0)] {
            let edge = Edge::between((tail, head), (km * KM, 0), RoadClass::Trunk, false, county);
            draft.edges.push(Edge { name, ..edge });
        }
        let mut nodes = vec![0, 1, 2, 3, 4];
        let network = draft.freeze(&mut nodes, &mut []);
        let site = |(station, node): (u32, usize)| Site { station, node: nodes[node], offers: Services::default() };
        let sites: Vec<Site> = [(0, 1), (1, 2), (2, 4)].into_iter().map(site).collect();
        let end = nodes[3];
        let mut found = corridors(&network, &names, &sites, &CorridorsAsked::default(), &|v| v == end);
        assert_eq!(found.len(), 1);
        (network, found.remove(0), nodes)
    }

    fn station(count: u32) -> Offer {
        let each_point = vec![Offered { count, kw: 150.0 }];
        Offer {
            charging: true,
            each_point,
            access: crate::config::station_words::Access::Public,
            availability: Some(99.0),
            ..Offer::default()
        }
    }

    #[test]
    fn a_corridor_is_judged_with_the_stations_it_rests_on() {
        let (network, c, _) = scene();
        let values = BTreeMap::from([("port_kw".to_owned(), 150.0), ("uptime".to_owned(), 97.0)]);
        let p = embedded("us-nevi-2023").unwrap().with_values(&values, "r").unwrap();
        let rule = p.rule("corridors").unwrap();
        let answers = |offers: [Offer; 3]| -> BTreeMap<u32, Answer> {
            (0u32..).zip(offers).map(|(i, o)| (i, qualifies(&p, &rule.filter, &o))).collect()
        };
        let km = |v: &CorridorVerdict, with: bool| -> Vec<u64> {
            let longest = v.lines.iter().map(|l| if with { l.longest.with } else { l.longest.without });
            longest.map(|i| i.unwrap().length_mm() / u64::from(KM)).collect()
        };
        // all three count but the one 3 km off the road (a mile is the limit): 70, 70, 20 of at most 80.5; beyond node 3 the network goes on
        let v = along(&p, rule, &c, &answers([station(4), station(4), station(4)]));
        assert_eq!((v.met, km(&v, false)), (Met::CannotBeTold, vec![70, 70]));
        assert_eq!(v.missing, [Missing::Figure("road beyond this piece of network".to_owned())].into());
        assert_eq!(v.lines[0].stations.len(), 3);
        assert!(v.lines.iter().all(|l| matches!(l.stations.iter().find(|s| s.0.station == 2).unwrap().1, Answer::No(_))));
        // the loss of the one at 1 leaves 140 km
        assert!(
            v.lines
                .iter()
                .all(|l| l.one_out.without.unwrap().0.length_mm() == 140 * u64::from(KM)
                    && l.one_out.without.unwrap().1 == Some(0))
        );
        // in county 0 the intervals that touch it: 70 and 70, and neither is at the open end
        let at = |county| along_county(&p, rule, &c, &answers([station(4), station(4), station(4)]), (&network, county));
        assert_eq!(at(0).unwrap().met, Met::Met);
        assert_eq!((at(1).unwrap().met, km(&at(1).unwrap(), false)), (Met::CannotBeTold, vec![20, 20]));
        assert!(at(7).is_none());
        // the one at 1 has three ports: 140 km, not met, and the one off the road does not help; as driven it does: 70 + 3 on 3 + 70
        let v = along(&p, rule, &c, &answers([station(3), station(4), station(4)]));
        assert_eq!((v.met, km(&v, true)), (Met::NotMet, vec![140, 140]));
        assert!(v.lines.iter().all(|l| l.driven.without.mm == 73 * u64::from(KM)));
        // of the one at 1 nothing is known but that it is public: 140 without and 70 with it, and what is missing is named
        let unknown = Offer { charging: true, access: crate::config::station_words::Access::Public, ..Offer::default() };
        let v = along(&p, rule, &c, &answers([unknown, station(4), station(4)]));
        assert_eq!((v.met, km(&v, false), km(&v, true)), (Met::CannotBeTold, vec![140, 140], vec![70, 70]));
        let fields = ["availability", "dc_points", "power_kw"].map(Missing::Field);
        assert_eq!(v.missing, fields.into());
    }
}
