//! OpenStreetMap extracts (`.osm.pbf`, `.osm`, `.osm.gz`): roads, county-like boundaries, chargers and places from one file.
//!
//! Three passes over the file: relations, ways, nodes. Only the nodes that something needs are kept, in two flat
//! lists; never a map of all nodes. Blocks are decoded in parallel and the results sorted by id, so the number of
//! threads shows nowhere.

mod block;
mod boundary;
mod chargers;
mod element;
#[cfg(test)]
mod forge;
mod levels;
mod passes;
mod pbf;
mod positions;
mod source;
mod tags;
mod ways;
mod wire;
pub mod xml;

use super::road::{RawRoad, Roads};
use super::settlement::Settlement;
use super::station::Station;
use super::{Inputs, Wanted};
use crate::config::{Criteria, RoadClass};
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;
use passes::{Area, Needed, Place};
use rustc_hash::FxHashMap;
use source::Source;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use ways::RoadWays;

/// The file's class values to ours, as in `[roads.classes]`.
pub type ClassMap = BTreeMap<String, String>;

/// Reads the wanted layers of an extract. `shown` names the file in messages.
///
/// # Errors
/// Input, when the file is damaged or cut short, or no boundary of the `admin_level` asked for closes.
pub fn read_osm(
    path: &Path,
    shown: &str,
    wanted: Wanted,
    admin_level: Option<u8>,
    classes: &ClassMap,
    criteria: &Criteria,
    issues: &mut Issues,
) -> Result<Inputs> {
    let at = Location::file(shown);
    let mut source = Source::open(path, &at)?;
    let relations = passes::relations(&mut source, wanted)?;
    let ways = passes::ways(&mut source, &relations, wanted)?;
    let needed = passes::nodes(&mut source, &ways, wanted)?;

    let mut inputs = Inputs::default();
    // Boundaries are chosen by the roads they hold, so roads are always cut out, even when another file supplies them.
    let mut unused = Issues::default();
    let roads = roads(&ways.roads, &needed, classes, criteria, &at, if wanted.roads { issues } else { &mut unused });
    if wanted.counties {
        let shapes = boundary::shapes(&relations, &ways.boundaries, &needed, &at);
        inputs.counties = levels::choose(shapes, admin_level, roads.all_points(), &at, issues)?;
    }
    if wanted.stations {
        inputs.stations = stations(needed.stations.clone(), &ways.areas, &needed, &at, issues);
    }
    if wanted.settlements {
        inputs.settlements = settlements(&needed.places, &at, issues);
    }
    if wanted.roads {
        inputs.roads = roads;
    }
    Ok(inputs)
}

fn roads(ways: &RoadWays, needed: &Needed, classes: &ClassMap, criteria: &Criteria, at: &Location, own: &mut Issues) -> Roads {
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
        let raw = RawRoad {
            name: ways.texts.get(way.name),
            class: mapped.map_or(class, RoadClass::from_name),
            class_text,
            exclude: mapped == Some("exclude"),
            no_motor: way.no_motor,
            oneway: way.oneway,
            speed_kmh: speed.unwrap_or_default(),
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
                    flush(&mut roads, &raw, &mut line, criteria, &here, own);
                }
            }
        }
        // A way whose nodes are all there but stand on one spot is an issue; a rest after a hole is not.
        if line.len() > 1 || (line.len() == refs.len() && !line.is_empty()) {
            roads.push(&raw, &line, criteria, &here, own);
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

fn flush(
    roads: &mut Roads,
    raw: &RawRoad<'_>,
    line: &mut Vec<LonLat>,
    criteria: &Criteria,
    here: &Location,
    issues: &mut Issues,
) {
    if line.len() > 1 {
        roads.push(raw, line, criteria, here, issues);
    }
    line.clear();
}

fn stations(mut found: Vec<Place>, areas: &[Area], needed: &Needed, at: &Location, issues: &mut Issues) -> Vec<Station> {
    found.extend(areas.iter().filter_map(|a| {
        let points: Vec<LonLat> = a.refs.iter().filter_map(|id| needed.position(*id)).collect();
        Some(Place { id: a.id, kind: "way", at: middle(&points)?, tags: a.tags.clone() })
    }));
    issues.count_mut(Layer::Stations).read += found.len() as u64;
    let list: Vec<Station> = found.iter().filter_map(|p| chargers::station(p, at, issues)).collect();
    issues.count_mut(Layer::Stations).used += list.len() as u64;
    list
}

/// The middle of the distinct corners of an area: on its ground for any car park.
fn middle(points: &[LonLat]) -> Option<LonLat> {
    let corners = if points.len() > 1 && points.first() == points.last() { &points[1..] } else { points };
    let n = i64::try_from(corners.len()).ok().filter(|n| *n > 0)?;
    let sum = corners.iter().fold((0i64, 0i64), |s, p| (s.0 + i64::from(p.e7().0), s.1 + i64::from(p.e7().1)));
    LonLat::from_e7(i32::try_from(sum.0 / n).ok()?, i32::try_from(sum.1 / n).ok()?)
}

fn settlements(places: &[Place], at: &Location, issues: &mut Issues) -> Vec<Settlement> {
    issues.count_mut(Layer::Settlements).read += places.len() as u64;
    issues.count_mut(Layer::Settlements).used += places.len() as u64;
    places
        .iter()
        .map(|p| {
            let here = at.clone().id(format!("node/{}", p.id));
            let population = p.tags.get("population").and_then(|text| {
                let value = super::fields::whole(text, super::fields::MOST_PEOPLE);
                if value.is_none() {
                    let what = format!("\"{text}\" is not a number of people");
                    issues.push(Layer::Settlements, IssueCode::BadNumber, here.clone().field("population"), what);
                }
                value
            });
            let text = |key: &str| p.tags.get(key).unwrap_or_default().to_owned();
            let english = p.tags.get("name:en").map(str::to_owned);
            Settlement {
                id: format!("node/{}", p.id),
                name: english.unwrap_or_else(|| text("name")),
                name_zh: boundary::chinese(&p.tags),
                at: p.at,
                population: population.map(u64::from).filter(|v| *v > 0),
                kind: text("place"),
                source: here,
            }
        })
        .collect()
}

/// The error of a file that cannot be decoded.
fn damaged(what: impl std::fmt::Display, at: &Location) -> Error {
    Error::input(format!("the OSM extract cannot be read: {what}"), "fetch or cut the extract again").at(at.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RegionFile;

    fn read(bytes: &[u8]) -> Result<(Inputs, Issues)> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
        let mut issues = Issues::default();
        let all = Wanted { counties: true, roads: true, stations: true, settlements: true };
        let inputs = read_osm(file.path(), "x.osm.pbf", all, None, &ClassMap::new(), &criteria, &mut issues)?;
        Ok((inputs, issues))
    }

    fn isle_of_man() -> Vec<u8> {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/isle-of-man/isle-of-man.osm.pbf")).unwrap()
    }

    #[test]
    fn the_isle_of_man_has_its_roads_parishes_and_chargers() {
        let (inputs, issues) = read(&isle_of_man()).unwrap();
        // Counted with osmium outside this program: 2 chargers; 24 boundaries of level 8.
        assert_eq!(inputs.stations.len(), 2);
        assert_eq!(inputs.counties.len(), 24);
        assert!(inputs.settlements.iter().any(|s| s.name == "Douglas"));
        assert_eq!(issues.refused(Layer::Roads), 0);
    }

    #[test]
    fn every_cut_is_an_error_and_never_a_panic() {
        let whole = isle_of_man();
        for n in (0..whole.len()).step_by(whole.len() / 40) {
            if let Err(e) = read(&whole[..n]) {
                assert_eq!(e.location().file.as_deref(), Some("x.osm.pbf"), "{e}");
            }
        }
    }

    #[test]
    fn flipped_bytes_are_errors_and_never_panics() {
        let whole = isle_of_man();
        let mut seed = 11u64;
        for _ in 0..30 {
            let mut bytes = whole.clone();
            for _ in 0..4 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let i = (seed >> 33) as usize % bytes.len();
                bytes[i] ^= 1 << (seed % 8);
            }
            let _ = read(&bytes); // either is right; a panic is not
        }
    }
}
