//! Rules of shape gap on corridors: a verdict for each direction of each part, with the stations that it rests on.

use super::profile::Profile;
use super::qualify::{Answer, Missing, near_enough};
use super::rule::{Rule, Shape};
use super::verdict::{Both, Met, Verdict, gap};
use crate::coverage::corridors::{Corridor, CorridorLine, RangeNeeded, Stop, StopInterval};
use crate::network::RoadNetwork;
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

/// A corridor as far as it runs in a county: the intervals that touch the county.
#[derive(Clone, PartialEq, Debug)]
pub struct CorridorInCounty {
    /// The corridor's number.
    pub reference: String,
    /// Not met where some line does not meet it, met where all do.
    pub met: Met,
    /// What is missing, of all lines that cannot be told.
    pub missing: BTreeSet<Missing>,
    /// For each direction of each part that runs in it, the verdict and the longest interval, without and with the stations that cannot be
    /// told.
    pub lines: Vec<(Verdict, Both<Option<StopInterval>>)>,
    /// No station that counts or may count stands at an end of these intervals.
    pub bare: bool,
}

/// Holds a corridor against a rule of shape gap. `answers` are those of [`super::qualifies`] by station number; a station without one does not
/// count. Where the network goes on beyond a line and only a piece of it is here, an interval at that end may be longer: what is not
/// broken already cannot be told there.
pub fn along(profile: &Profile, rule: &Rule, corridor: &Corridor, answers: &BTreeMap<u32, Answer>) -> CorridorVerdict {
    // as driven no way off the road is too long
    let counting =
        |with: bool| -> BTreeSet<u32> { answers.iter().filter(|(_, a)| a.counts(with)).map(|(station, _)| *station).collect() };
    let drivers = Both { without: counting(false), with: counting(true) };
    let judged = |(at, line): ((usize, usize), &CorridorLine)| {
        let seen = Seen::of(profile, rule, line, answers);
        Some(LineVerdict {
            line: at,
            verdict: seen.verdict(profile, rule, line, &seen.intervals)?,
            one_out: seen.sets.as_ref().map(|set| line.longest_without_one(|s| by(set, s))),
            driven: drivers.as_ref().map(|set| line.range_needed(|s| set.contains(&s.station))),
            longest: seen.intervals.map(StopInterval::longest_of),
            stations: seen.stations,
        })
    };
    let lines: Vec<LineVerdict> = lines_of(corridor).filter_map(judged).collect();
    let (met, missing) = together(lines.iter().map(|l| &l.verdict));
    CorridorVerdict { reference: corridor.reference.clone(), met, missing, lines }
}

/// The same of the intervals that touch each county in which the corridor runs, by index.
pub fn along_counties(
    profile: &Profile,
    rule: &Rule,
    corridor: &Corridor,
    answers: &BTreeMap<u32, Answer>,
    network: &RoadNetwork,
) -> BTreeMap<u32, CorridorInCounty> {
    let mut all: BTreeMap<u32, CorridorInCounty> = BTreeMap::new();
    for (_, line) in lines_of(corridor) {
        let seen = Seen::of(profile, rule, line, answers);
        let mut spans: BTreeMap<u32, Vec<(u64, u64)>> = BTreeMap::new();
        for (from, to, county) in line.counties(network) {
            spans.entry(county).or_default().push((from, to));
        }
        for (county, spans) in spans {
            let touches = |i: &&StopInterval| {
                let over = i.to_mm.saturating_sub(line.length_mm); // a ring's goes over its beginning
                spans.iter().any(|(from, to)| (i.from_mm < *to && *from < i.to_mm) || (over > 0 && *from < over))
            };
            let here = seen.intervals.as_ref().map(|list| list.iter().filter(touches).copied().collect::<Vec<_>>());
            let Some(verdict) = seen.verdict(profile, rule, line, &here) else { continue };
            let empty = || CorridorInCounty {
                reference: corridor.reference.clone(),
                met: Met::CannotBeTold,
                missing: BTreeSet::new(),
                lines: Vec::new(),
                bare: true,
            };
            let bare = here.with.iter().all(|i| i.from.is_none() && i.to.is_none());
            let of = all.entry(county).or_insert_with(empty);
            of.bare &= bare;
            of.lines.push((verdict, here.map(StopInterval::longest_of)));
        }
    }
    for corridor in all.values_mut() {
        (corridor.met, corridor.missing) = together(corridor.lines.iter().map(|l| &l.0));
    }
    all
}

/// Each direction of each part, with its place.
fn lines_of(corridor: &Corridor) -> impl Iterator<Item = ((usize, usize), &CorridorLine)> {
    let parts = corridor.parts.iter().enumerate();
    parts.flat_map(|(p, part)| part.lines.iter().enumerate().map(move |(l, line)| ((p, l), line)))
}

/// Some lines as their worst one, with all that is missing; without a line it cannot be told.
fn together<'a>(verdicts: impl Iterator<Item = &'a Verdict> + Clone) -> (Met, BTreeSet<Missing>) {
    let met = Met::worst(verdicts.clone().map(|v| v.met)).unwrap_or(Met::CannotBeTold);
    (met, verdicts.flat_map(|v| v.missing.iter().cloned()).collect())
}

/// Stations of a line that count, by their places in its order.
type Counting = BTreeSet<(u64, u32)>;

fn by(set: &Counting, s: &Stop) -> bool {
    set.contains(&(s.at_mm, s.station))
}

/// A line with its stations: looked at once, whichever part of it is asked for.
struct Seen {
    stations: Vec<(Stop, Answer)>,
    sets: Both<Counting>,
    intervals: Both<Vec<StopInterval>>,
}

impl Seen {
    fn of(profile: &Profile, rule: &Rule, line: &CorridorLine, answers: &BTreeMap<u32, Answer>) -> Self {
        debug_assert!(rule.shape == Shape::Gap);
        let near = |s: &Stop| near_enough(profile, rule.off_road.as_deref(), u64::from(s.to_mm));
        let of = |s: &Stop| answers.get(&s.station).cloned().map(|answer| answer.and(near(s)));
        let stations: Vec<(Stop, Answer)> = line.stops.iter().filter_map(|s| Some((*s, of(s)?))).collect();
        let chosen = |with: bool| -> Counting {
            stations.iter().filter(|(_, a)| a.counts(with)).map(|(s, _)| (s.at_mm, s.station)).collect()
        };
        let sets = Both { without: chosen(false), with: chosen(true) };
        let intervals = sets.as_ref().map(|set| line.intervals(|s| by(set, s)));
        Self { stations, sets, intervals }
    }

    /// The verdict on some of its intervals; none on none.
    fn verdict(
        &self,
        profile: &Profile,
        rule: &Rule,
        line: &CorridorLine,
        intervals: &Both<Vec<StopInterval>>,
    ) -> Option<Verdict> {
        if intervals.with.is_empty() {
            return None;
        }
        let missing = Answer::missing(self.stations.iter().map(|(_, answer)| answer));
        let lengths = intervals.as_ref().map(|list| list.iter().map(StopInterval::length_mm).collect::<Vec<u64>>());
        let mut verdict = gap(profile, rule, lengths.as_ref().map(Vec::as_slice), missing);
        let at_open_end = |i: &StopInterval| (line.open[0] && i.from.is_none()) || (line.open[1] && i.to.is_none());
        if verdict.met == Met::Met && intervals.without.iter().any(at_open_end) {
            verdict.met = Met::CannotBeTold;
            verdict.missing = [Missing::Figure("road beyond the border of the given roads".to_owned())].into();
        }
        Some(verdict)
    }
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
        assert_eq!(v.missing, [Missing::Figure("road beyond the border of the given roads".to_owned())].into());
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
        let in_counties = along_counties(&p, rule, &c, &answers([station(4), station(4), station(4)]), &network);
        let at = |county: u32| in_counties.get(&county);
        let km_in = |v: &CorridorInCounty| -> Vec<u64> {
            v.lines.iter().map(|l| l.1.without.unwrap().length_mm() / u64::from(KM)).collect()
        };
        assert_eq!(at(0).unwrap().met, Met::Met);
        assert_eq!((at(1).unwrap().met, km_in(at(1).unwrap())), (Met::CannotBeTold, vec![20, 20]));
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
