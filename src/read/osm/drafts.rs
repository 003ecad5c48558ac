//! Ways and positions to roads, cut where nodes are missing, and notes of what OSM says that the network does not follow.

use super::ClassMap;
use super::driving::Closed;
use super::passes::{Needed, Ways};
use super::tags::{self, UNPAVED_KMH};
use super::ways::{RoadWay, RoadWays, Told};
use crate::config::{Reading, RoadClass};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::left_out::Beside;
use crate::read::road::{RawRoad, Roads};
use crate::read::speed::speed_kmh;
use crate::space::{LonLat, line_mm};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Notes ferries, turn restrictions and limits for lorries: a record each, as none of them is in the network.
pub fn note((restrictions, numbered): (u64, u64), ways: &Ways, needed: &Needed, at: &Location, own: &mut Issues) {
    let mut say = |code, n: u64, mm, what: String| {
        if n > 0 {
            own.push_many(Layer::Roads, code, at.clone(), what, n, mm);
        }
    };
    let length_mm = |refs: &[i64]| line_mm(&refs.iter().filter_map(|id| needed.position(*id)).collect::<Vec<LonLat>>());
    let (n, mm) = (ways.ferries.len() as u64, ways.ferries.iter().map(|f| length_mm(&f.refs)).sum::<u64>());
    let what = format!("{n} ferry lines of {:.1} km in the extract are no roads and were left out", mm as f64 / 1e6);
    // The length is not that of a road, so it is in the sentence and in no sum.
    say(IssueCode::FerryLeftOut, n, 0, what);
    let what = format!("{restrictions} turn restrictions are not followed");
    say(IssueCode::TurnRestrictionIgnored, restrictions, 0, what);
    let (lorries, weights) = (ways.roads.no_lorries, ways.roads.weight_limits);
    say(IssueCode::LorryLimitIgnored, lorries, 0, format!("{lorries} roads closed to lorries (hgv) were used like others"));
    say(
        IssueCode::LorryLimitIgnored,
        weights,
        0,
        format!("{weights} roads with a weight limit (maxweight) were used like others"),
    );
    let what = format!(
        "{numbered} roads have the number of a route (type=route, route=road) that they are in and do not say themselves"
    );
    say(IssueCode::NumberOfRoute, numbered, 0, what);
    let Told { by_access, by_vehicle, two_speeds, opened } = ways.roads.told;
    let what =
        format!("{by_access} roads are closed to cars one way by an access tag (such as motor_vehicle:backward) and are one-way");
    say(IssueCode::DirectionForCars, by_access, 0, what);
    let what = format!("{by_vehicle} roads have a direction for cars (such as oneway:motor_vehicle) that is not that of oneway");
    say(IssueCode::DirectionForCars, by_vehicle, 0, what);
    let what = format!("{two_speeds} roads have another maxspeed each way; the lower one was taken for both");
    say(IssueCode::TwoSpeedLimits, two_speeds, 0, what);
    let what =
        format!("{opened} ways that are no roads by their kind (such as busway, pedestrian) are opened to cars by motor_vehicle");
    say(IssueCode::OpenedToCars, opened, 0, what);
}

/// The speed on a loose surface, where that is below the speed of the class.
fn slow(way: &RoadWay, class: Option<RoadClass>, reading: &Reading) -> Option<f64> {
    class.filter(|c| way.unpaved && reading.speeds.of(*c) > UNPAVED_KMH).map(|_| UNPAVED_KMH)
}

/// A limit of one direction, or the speed of the class in the other if that is lower.
fn lower(limit: f64, way: &RoadWay, class: Option<RoadClass>, reading: &Reading) -> f64 {
    class.filter(|_| way.one_limit).map_or(limit, |c| limit.min(reading.speeds.of(c)))
}

/// Cuts out every road and books it; `own` takes what is wrong with them.
pub fn roads(
    ways: &RoadWays,
    needed: &Needed,
    (classes, beside): (&ClassMap, &mut Beside),
    reading: &Reading,
    at: &Location,
    own: &mut Issues,
) -> Roads {
    let mut out = Out { roads: Roads::default(), ends: RoadEnds::default(), barriers: Vec::new(), beside };
    out.roads.reserve(ways.list().len(), ways.all_refs().len());
    let (mut line, mut missing, mut clipped, mut odd) = (Vec::new(), 0u64, 0u64, BTreeMap::<&str, u64>::new());
    // There are few values and many ways.
    let (mut known, mut limits) = (FxHashMap::default(), FxHashMap::default());
    own.count_mut(Layer::Roads).read = ways.list().len() as u64;
    let mut here = at.clone().id("way/");
    for way in ways.list() {
        if let Some(id) = &mut here.id {
            id.truncate("way/".len());
            let _ = write!(id, "{}", way.id); // writing to a String cannot fail
        }
        let (class_text, maxspeed) = (ways.texts.get(way.highway), ways.texts.get(way.maxspeed));
        // what is no road by its kind is here because it was opened to cars
        let class = *known.entry(way.highway).or_insert_with(|| tags::road_class(class_text).unwrap_or(Some(RoadClass::Local)));
        let speed = *limits.entry(way.maxspeed).or_insert_with(|| speed_kmh(maxspeed));
        let mapped = classes.get(class_text).map(String::as_str);
        let class = mapped.map_or(class, RoadClass::from_name);
        let raw = RawRoad {
            name: ways.texts.get(way.name),
            reference: ways.texts.get(way.reference),
            class,
            class_text,
            exclude: mapped == Some("exclude"),
            closed: match way.closed {
                Closed::No => None,
                Closed::Access => Some(IssueCode::NoMotorVehicles),
                Closed::Reversible => Some(IssueCode::ReversibleRoad),
            },
            oneway: way.oneway,
            level: way.level,
            speed_kmh: speed.unwrap_or_default().map(|v| lower(v, way, class, reading)).or_else(|| slow(way, class, reading)),
        };
        if speed.is_err() {
            *odd.entry(maxspeed).or_default() += 1;
        }
        let refs = ways.refs(way);
        line.clear();
        let mut cut = refs.len() < 2; // an extract that drops the nodes beyond its edge drops them here too
        for id in refs {
            let found = needed.find(*id).and_then(|i| Some((i, needed.at(i)?)));
            match found {
                Some((i, p)) => {
                    line.push(p);
                    out.barriers.extend(needed.road_end(i).map(|why| (why, *id, p)));
                }
                None => {
                    missing += 1;
                    cut = true;
                    if line.len() > 1 {
                        out.push(&raw, &line, reading, &here, own);
                    }
                    line.clear();
                    out.barriers.clear();
                }
            }
        }
        // A way whose nodes are all there but stand on one spot is an issue of its own; a rest after a hole is not.
        if line.len() > 1 || !cut {
            out.push(&raw, &line, reading, &here, own);
        } else if line.len() == refs.len() {
            clipped += 1;
        }
        out.barriers.clear();
    }
    let Out { mut roads, ends, .. } = out;
    roads.close_books(own);
    ends.tell(at, own);
    tell_missing(missing, clipped, at, own);
    for (text, n) in odd {
        let what = format!("maxspeed \"{text}\" is not understood; the speed of the class was taken");
        own.push_many(Layer::Roads, IssueCode::UnknownValue, at.clone().field("maxspeed"), what, n, 0);
    }
    roads
}

/// Tells of nodes that the extract lacks, and of ways that lost all but one.
fn tell_missing(missing: u64, clipped: u64, at: &Location, own: &mut Issues) {
    let mut say = |n: u64, what: String| {
        if n > 0 {
            own.push_many(Layer::Roads, IssueCode::MissingNodes, at.clone(), what, n, 0);
        }
    };
    say(missing, format!("{missing} nodes of roads are missing from the extract; the roads were cut there"));
    say(clipped, format!("{clipped} roads have no two nodes: the others are missing from the extract; the roads were left out"));
}

/// What comes of the ways.
struct Out<'a> {
    roads: Roads,
    ends: RoadEnds,
    /// Nodes of the line at hand at which no car passes.
    barriers: Vec<RoadEnd>,
    beside: &'a mut Beside,
}

impl Out<'_> {
    /// Books a line: as a road that ends at its barriers, or as one that is left out.
    fn push(&mut self, raw: &RawRoad<'_>, line: &[LonLat], reading: &Reading, here: &Location, own: &mut Issues) {
        let before = self.roads.list().len();
        self.roads.push(raw, line, reading, here, own);
        if self.roads.list().len() == before {
            self.beside.left_out(line, if raw.closed.is_some() { "closed to cars" } else { raw.class_text });
            return;
        }
        for (why, id, at) in self.barriers.drain(..) {
            self.roads.end_at(at);
            self.ends.0.entry(why).or_default().insert(id);
        }
    }
}

/// A node at which a road ends: why, its id, where.
type RoadEnd = (&'static str, i64, LonLat);

/// Nodes at which roads of the network end.
#[derive(Default)]
struct RoadEnds(BTreeMap<&'static str, BTreeSet<i64>>);

impl RoadEnds {
    fn tell(&self, at: &Location, own: &mut Issues) {
        for (why, nodes) in &self.0 {
            let n = nodes.len();
            let first = nodes.first().map(|id| format!("node/{id}")).unwrap_or_default();
            let what = match *why {
                "access" => format!("roads end for cars at {n} nodes with an access tag that lets none through"),
                "locked" => format!("roads end for cars at {n} gates that are locked"),
                barrier => format!("roads end for cars at {n} nodes with barrier={barrier}"),
            };
            own.push_many(Layer::Roads, IssueCode::RoadEndsAtBarrier, at.clone().id(first), what, n as u64, 0);
        }
    }
}
