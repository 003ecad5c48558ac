//! The three passes: relations, ways, nodes. Each returns plain lists sorted by id; no meaning beyond tags.

use super::blocks::fold;
use super::tags::{Tags, no_motor, oneway, road_class, speed_kmh};
use crate::config::RoadClass;
use crate::error::{Location, Result};
use crate::read::Wanted;
use crate::read::road::OneWay;
use crate::space::LonLat;
use osmpbf::{Element, RelMemberType};
use std::collections::BTreeSet;
use std::path::Path;

/// An administrative boundary: its ways with their roles.
#[derive(Clone, Debug)]
pub struct Relation {
    /// OSM id.
    pub id: i64,
    /// `admin_level`.
    pub level: u8,
    /// Tags.
    pub tags: Tags,
    /// Member ways and whether they bound a hole.
    pub members: Vec<(i64, bool)>,
}

/// A way that is a road.
#[derive(Clone, Debug)]
pub struct RoadWay {
    /// OSM id.
    pub id: i64,
    /// Nodes.
    pub refs: Vec<i64>,
    /// `name`, else `ref`.
    pub name: String,
    /// `highway`.
    pub class_text: String,
    /// Class where it is known.
    pub class: Option<RoadClass>,
    /// Direction.
    pub oneway: OneWay,
    /// Closed to motor cars.
    pub no_motor: bool,
    /// `maxspeed` where it is a number.
    pub speed_kmh: Option<f64>,
    /// `maxspeed` where it is not understood.
    pub odd_speed: Option<String>,
}

/// A way with nodes and tags.
#[derive(Clone, Debug)]
pub struct Area {
    /// OSM id.
    pub id: i64,
    /// Nodes.
    pub refs: Vec<i64>,
    /// Tags.
    pub tags: Tags,
}

/// What the ways gave.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// Roads.
    pub roads: Vec<RoadWay>,
    /// Members of boundaries.
    pub boundaries: Vec<Area>,
    /// Stations mapped as areas.
    pub areas: Vec<Area>,
}

/// A tagged point.
#[derive(Clone, Debug)]
pub struct Place {
    /// OSM id.
    pub id: i64,
    /// `node` or `way`.
    pub kind: &'static str,
    /// Position.
    pub at: LonLat,
    /// Tags.
    pub tags: Tags,
}

/// What the nodes gave: positions of needed ids, and points of interest.
#[derive(Clone, Debug, Default)]
pub struct Needed {
    ids: Vec<i64>,
    at: Vec<Option<LonLat>>,
    /// Stations mapped as nodes.
    pub stations: Vec<Place>,
    /// Settlements.
    pub places: Vec<Place>,
}

impl Needed {
    /// Position of a node, if the extract has it.
    pub fn position(&self, id: i64) -> Option<LonLat> {
        self.ids.binary_search(&id).ok().and_then(|i| self.at[i])
    }
}

/// `place` values that are settlements people live in.
const SETTLEMENTS: &[&str] = &["city", "town", "village", "hamlet"];

/// Pass 1.
pub fn relations(path: &Path, at: &Location) -> Result<Vec<Relation>> {
    let mut all = fold(
        path,
        at,
        |block, out: &mut Vec<Relation>| {
            for relation in block.groups().flat_map(|g| g.relations()) {
                let find = |key: &str| relation.tags().find(|(k, _)| *k == key).map(|(_, v)| v);
                let level = find("admin_level").and_then(|l| l.trim().parse().ok());
                let (Some("administrative"), Some(level)) = (find("boundary"), level) else { continue };
                let members = relation
                    .members()
                    .filter(|m| m.member_type == RelMemberType::Way)
                    .filter_map(|m| match m.role().unwrap_or("") {
                        "inner" => Some((m.member_id, true)),
                        "outer" | "" => Some((m.member_id, false)),
                        _ => None,
                    })
                    .collect();
                out.push(Relation { id: relation.id(), level, tags: Tags::new(relation.tags()), members });
            }
        },
        joined,
    )?;
    all.sort_by_key(|r| r.id);
    all.dedup_by_key(|r| r.id);
    Ok(all)
}

/// Pass 2.
pub fn ways(path: &Path, at: &Location, relations: &[Relation], wanted: Wanted) -> Result<Ways> {
    let members: BTreeSet<i64> = relations.iter().flat_map(|r| r.members.iter().map(|m| m.0)).collect();
    let want_roads = wanted.roads || wanted.counties;
    let mut all = fold(
        path,
        at,
        |block, out: &mut Ways| {
            for way in block.groups().flat_map(|g| g.ways()) {
                if members.contains(&way.id()) {
                    out.boundaries.push(Area { id: way.id(), refs: way.refs().collect(), tags: Tags::default() });
                }
                if want_roads && way.tags().any(|(k, _)| k == "highway") {
                    out.roads.extend(road(way.id(), Tags::new(way.tags()), || way.refs().collect()));
                }
                if wanted.stations && way.tags().any(|(k, v)| super::chargers::concerns(k, v)) {
                    out.areas.push(Area { id: way.id(), refs: way.refs().collect(), tags: Tags::new(way.tags()) });
                }
            }
        },
        |mut a, b| {
            a.roads.extend(b.roads);
            a.boundaries.extend(b.boundaries);
            a.areas.extend(b.areas);
            a
        },
    )?;
    all.roads.sort_by_key(|w| w.id);
    all.boundaries.sort_by_key(|w| w.id);
    all.areas.sort_by_key(|w| w.id);
    Ok(all)
}

fn road(id: i64, tags: Tags, refs: impl Fn() -> Vec<i64>) -> Option<RoadWay> {
    let highway = tags.get("highway")?;
    let class = road_class(highway)?;
    if tags.get("area") == Some("yes") {
        return None;
    }
    let (speed_kmh, odd_speed) = match tags.get("maxspeed").map(speed_kmh) {
        Some(Ok(v)) => (v, None),
        Some(Err(text)) => (None, Some(text.to_owned())),
        None => (None, None),
    };
    Some(RoadWay {
        id,
        refs: refs(),
        name: tags.get("name").or_else(|| tags.get("ref")).unwrap_or_default().to_owned(),
        class_text: highway.to_owned(),
        class,
        oneway: oneway(&tags),
        no_motor: no_motor(&tags),
        speed_kmh,
        odd_speed,
    })
}

/// The ids of all nodes that the ways use, ascending, each once.
pub fn needed_ids(ways: &Ways) -> Vec<i64> {
    let areas = ways.boundaries.iter().chain(&ways.areas).flat_map(|w| &w.refs);
    let mut ids: Vec<i64> = ways.roads.iter().flat_map(|w| &w.refs).chain(areas).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Found nodes: place in the list of needed ids and position; and points of interest.
#[derive(Default)]
struct Found {
    at: Vec<(usize, LonLat)>,
    stations: Vec<Place>,
    places: Vec<Place>,
}

/// Pass 3.
pub fn nodes(path: &Path, at: &Location, ids: Vec<i64>, wanted: Wanted) -> Result<Needed> {
    let mut found = fold(
        path,
        at,
        |block, out: &mut Found| {
            for element in block.elements() {
                match element {
                    Element::DenseNode(n) => note(&ids, wanted, n.id(), (n.nano_lon(), n.nano_lat()), n.tags(), out),
                    Element::Node(n) => note(&ids, wanted, n.id(), (n.nano_lon(), n.nano_lat()), n.tags(), out),
                    _ => {}
                }
            }
        },
        |mut a, b| {
            a.at.extend(b.at);
            a.stations.extend(b.stations);
            a.places.extend(b.places);
            a
        },
    )?;
    found.stations.sort_by_key(|p| p.id);
    found.places.sort_by_key(|p| p.id);
    let mut at = vec![None; ids.len()];
    for (i, p) in found.at {
        at[i] = Some(p);
    }
    Ok(Needed { ids, at, stations: found.stations, places: found.places })
}

fn note<'a>(
    ids: &[i64],
    wanted: Wanted,
    id: i64,
    (lon_e9, lat_e9): (i64, i64),
    tags: impl ExactSizeIterator<Item = (&'a str, &'a str)> + Clone,
    out: &mut Found,
) {
    // Not the library's own short cut to 1e-7 degree: that cuts off what does not fit.
    let (Ok(lon_e7), Ok(lat_e7)) = (i32::try_from(lon_e9 / 100), i32::try_from(lat_e9 / 100)) else { return };
    let Some(at) = LonLat::from_e7(lon_e7, lat_e7) else { return };
    if let Ok(i) = ids.binary_search(&id) {
        out.at.push((i, at));
    }
    if tags.len() == 0 {
        return;
    }
    let place = |tags| Place { id, kind: "node", at, tags: Tags::new(tags) };
    if wanted.stations && tags.clone().any(|(k, v)| super::chargers::concerns(k, v)) {
        out.stations.push(place(tags.clone()));
    }
    if wanted.settlements && tags.clone().any(|(k, v)| k == "place" && SETTLEMENTS.contains(&v)) {
        out.places.push(place(tags));
    }
}

fn joined<T>(mut a: Vec<T>, b: Vec<T>) -> Vec<T> {
    a.extend(b);
    a
}
