//! Ways and positions to roads, cut where nodes are missing, and notes of what OSM says that the network does not follow.

use super::ClassMap;
use super::passes::{Needed, Ways};
use super::tags::{self, UNPAVED_KMH};
use super::ways::{RoadWay, RoadWays};
use crate::config::{Reading, RoadClass};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::road::{RawRoad, Roads};
use crate::space::{LonLat, line_mm};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Notes ferries, turn restrictions and limits for lorries: a record each, as none of them is in the network.
pub fn note(restrictions: u64, ways: &Ways, needed: &Needed, at: &Location, own: &mut Issues) {
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
}

/// The speed on a loose surface, where that is below the speed of the class.
fn slow(way: &RoadWay, class: Option<RoadClass>, reading: &Reading) -> Option<f64> {
    class.filter(|c| way.unpaved && reading.speeds.of(*c) > UNPAVED_KMH).map(|_| UNPAVED_KMH)
}

/// Cuts out every road and books it; `own` takes what is wrong with them.
pub fn roads(ways: &RoadWays, needed: &Needed, classes: &ClassMap, reading: &Reading, at: &Location, own: &mut Issues) -> Roads {
    let mut roads = Roads::default();
    roads.reserve(ways.list().len(), ways.all_refs().len());
    let (mut line, mut missing, mut odd) = (Vec::new(), 0u64, BTreeMap::<&str, u64>::new());
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
        let class = *known.entry(way.highway).or_insert_with(|| tags::road_class(class_text).flatten());
        let speed = *limits.entry(way.maxspeed).or_insert_with(|| tags::speed_kmh(maxspeed));
        let mapped = classes.get(class_text).map(String::as_str);
        let class = mapped.map_or(class, RoadClass::from_name);
        let raw = RawRoad {
            name: ways.texts.get(way.name),
            class,
            class_text,
            exclude: mapped == Some("exclude"),
            no_motor: way.no_motor,
            oneway: way.oneway,
            level: way.level,
            speed_kmh: speed.unwrap_or_default().or_else(|| slow(way, class, reading)),
        };
        if speed.is_err() {
            *odd.entry(maxspeed).or_default() += 1;
        }
        let refs = ways.refs(way);
        line.clear();
        for id in refs {
            match needed.position(*id) {
                Some(p) => line.push(p),
                None => {
                    missing += 1;
                    flush(&mut roads, &raw, &mut line, reading, &here, own);
                }
            }
        }
        // A way whose nodes are all there but stand on one spot is an issue; a rest after a hole is not.
        if line.len() > 1 || (line.len() == refs.len() && !line.is_empty()) {
            roads.push(&raw, &line, reading, &here, own);
        }
    }
    roads.close_books(own);
    if missing > 0 {
        let what = format!("{missing} nodes of roads are not in the extract; the roads were cut there");
        own.push_many(Layer::Roads, IssueCode::MissingNodes, at.clone(), what, missing, 0);
    }
    for (text, n) in odd {
        let what = format!("maxspeed \"{text}\" is not understood; the speed of the class was taken");
        own.push_many(Layer::Roads, IssueCode::UnknownValue, at.clone().field("maxspeed"), what, n, 0);
    }
    roads
}

fn flush(roads: &mut Roads, raw: &RawRoad<'_>, line: &mut Vec<LonLat>, reading: &Reading, here: &Location, issues: &mut Issues) {
    if line.len() > 1 {
        roads.push(raw, line, reading, here, issues);
    }
    line.clear();
}
