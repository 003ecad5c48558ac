//! The three passes: relations, ways, nodes. Each returns plain lists sorted by id; no meaning beyond tags.

use super::chargers;
use super::damaged;
use super::driving;
use super::element::{Element, Kinds, MemberKind, TagList};
use super::positions::{self, Ids, Positions};
use super::routes::{Route, route};
use super::source::OsmSource;
use super::tags::{Tags, ferry};
use super::ways::RoadWays;
use crate::error::{Location, Result};
use crate::read::WantedLayers;
use crate::space::LonLat;
use std::collections::BTreeSet;

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

/// What the relations gave.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    /// Administrative boundaries.
    pub boundaries: Vec<Relation>,
    /// Stations mapped as relations.
    pub chargers: Vec<ChargerRelation>,
    /// Middles of relations, as the file gives them.
    pub centres: Vec<(i64, (i32, i32))>,
    /// Others that say that cars can charge there.
    pub say_so: u64,
    /// How many turn restrictions there are.
    pub restrictions: u64,
    /// Numbered routes of roads.
    pub routes: Vec<Route>,
}

/// A station that is mapped as a relation: an area of several ways, or a site.
#[derive(Clone, Debug)]
pub struct ChargerRelation {
    /// OSM id.
    pub id: i64,
    /// Tags.
    pub tags: Tags,
    /// Members.
    pub members: Vec<(MemberKind, i64)>,
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
    pub roads: RoadWays,
    /// Members of boundaries.
    pub boundaries: Vec<Area>,
    /// Ferries that may take cars.
    pub ferries: Vec<Area>,
    /// Stations mapped as areas.
    pub areas: Vec<Area>,
    /// Candidate sites mapped as areas.
    pub sites: Vec<Area>,
    /// Members of stations mapped as relations.
    pub parts: Vec<Area>,
    /// Middles of ways, as the file gives them.
    pub centres: Vec<(i64, (i32, i32))>,
    /// Others that say that cars can charge there.
    pub say_so: u64,
}

/// A tagged point.
#[derive(Clone, Debug)]
pub struct TaggedPoint {
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
    positions: Positions,
    /// Nodes at which roads end for cars, by their place among the positions, and why.
    road_ends: Vec<(u32, &'static str)>,
    /// A bit for each node, set for those.
    ends: Vec<u64>,
    /// Stations mapped as nodes.
    pub stations: Vec<TaggedPoint>,
    /// Others that say that cars can charge there.
    pub say_so: u64,
    /// Settlements.
    pub places: Vec<TaggedPoint>,
    /// Candidate sites mapped as nodes.
    pub sites: Vec<TaggedPoint>,
}

impl Needed {
    /// Position of a node, if the extract has it.
    pub fn position(&self, id: i64) -> Option<LonLat> {
        self.positions.get(id)
    }

    /// The place of a node among those that are needed.
    pub fn find(&self, id: i64) -> Option<usize> {
        self.positions.find(id)
    }

    /// Position of the node in a place.
    pub fn at(&self, place: usize) -> Option<LonLat> {
        self.positions.at(place)
    }

    /// Why a road ends for cars at the node in a place; none at most.
    pub fn road_end(&self, place: usize) -> Option<&'static str> {
        if self.ends.get(place / 64)? >> (place % 64) & 1 == 0 {
            return None;
        }
        let i = self.road_ends.binary_search_by_key(&(place as u32), |e| e.0).ok()?;
        Some(self.road_ends[i].1)
    }

    fn with_road_ends(mut self, mut list: Vec<(u32, &'static str)>, of: usize) -> Self {
        list.sort_unstable();
        list.dedup_by_key(|e| e.0);
        if !list.is_empty() {
            self.ends = vec![0; of.div_ceil(64)];
        }
        for (place, _) in &list {
            self.ends[*place as usize / 64] |= 1 << (place % 64);
        }
        self.road_ends = list;
        self
    }
}

/// `place` values that are settlements people live in.
const SETTLEMENTS: &[&str] = &["city", "town", "village", "hamlet"];

/// Pass 1; it also finds out which parts of the file the later passes need.
pub fn relations(source: &mut OsmSource, wanted: WantedLayers) -> Result<Relations> {
    let mut all = Relations::default();
    let read = |element: Element<'_>, out: &mut Relations| {
        if let Element::Centre { id, e7, .. } = element {
            out.centres.push((id, e7));
        }
        if let Element::Relation { id, members, tags } = element {
            match wanted.stations.then(|| of_charging(tags)) {
                Some(Charging::Here) => out.chargers.push(ChargerRelation {
                    id,
                    tags: Tags::new(tags),
                    members: members.iter().map(|m| (m.kind, m.id)).collect(),
                }),
                Some(Charging::SaidSo) => out.say_so += 1,
                _ => {}
            }
            // `restriction`, and `restriction:conditional` and the like in old files
            out.restrictions += u64::from(tags.get("type").is_some_and(|t| t.starts_with("restriction")));
            out.routes.extend(wanted.roads.then(|| route(id, members, tags)).flatten());
            let level = tags.get("admin_level").and_then(|l| l.trim().parse().ok());
            let (true, Some("administrative"), Some(level)) = (wanted.counties, tags.get("boundary"), level) else { return };
            let ways = members.iter().filter(|m| m.kind == MemberKind::Way);
            let members = ways
                .filter_map(|m| match m.role {
                    "inner" => Some((m.id, true)),
                    "outer" | "" => Some((m.id, false)),
                    _ => None,
                })
                .collect();
            out.boundaries.push(Relation { id, level, tags: Tags::new(tags), members });
        }
    };
    source.fold(Kinds::RELATIONS, read, |part| {
        all.boundaries.extend(part.boundaries);
        all.chargers.extend(part.chargers);
        all.centres.extend(part.centres);
        all.say_so += part.say_so;
        all.restrictions += part.restrictions;
        all.routes.extend(part.routes);
        Ok(())
    })?;
    all.chargers.sort_by_key(|r| r.id);
    all.chargers.dedup_by_key(|r| r.id);
    all.centres.sort_unstable();
    all.boundaries.sort_by_key(|r| r.id);
    all.boundaries.dedup_by_key(|r| r.id);
    Ok(all)
}

/// Real extracts have about one node of a road in five bytes. A file made to fill the memory has hundreds in one.
const MOST_REFS_A_BYTE: u64 = 8;

/// Pass 2.
pub fn ways(source: &mut OsmSource, relations: &Relations, wanted: WantedLayers, at: &Location) -> Result<Ways> {
    let most = MOST_REFS_A_BYTE.saturating_mul(source.bytes()).saturating_add(1 << 20);
    let members: BTreeSet<i64> = relations.boundaries.iter().flat_map(|r| r.members.iter().map(|m| m.0)).collect();
    let of_chargers = relations.chargers.iter().flat_map(|r| &r.members);
    let parts: BTreeSet<i64> = of_chargers.filter(|m| m.0 == MemberKind::Way).map(|m| m.1).collect();
    let want_roads = wanted.roads || wanted.counties;
    let read = |element: Element<'_>, out: &mut Ways| {
        let (id, refs, tags) = match element {
            Element::Way { id, refs, tags } => (id, refs, tags),
            Element::Centre { id, e7, .. } => return out.centres.push((id, e7)),
            _ => return,
        };
        let bare = || Area { id, refs: refs.to_vec(), tags: Tags::default() };
        if members.contains(&id) {
            out.boundaries.push(bare());
        }
        if parts.contains(&id) {
            out.parts.push(bare());
        }
        if wanted.candidates.of_tags(|key| tags.get(key)).is_some() {
            out.sites.push(Area { tags: Tags::new(tags), ..bare() });
        }
        if want_roads && !out.roads.push(id, refs, tags) && ferry(tags) {
            out.ferries.push(bare());
        }
        match wanted.stations.then(|| of_charging(tags)) {
            Some(Charging::Here) => out.areas.push(Area { tags: Tags::new(tags), ..bare() }),
            Some(Charging::SaidSo) => out.say_so += 1,
            _ => {}
        }
    };
    let mut all = Ways::default();
    source.fold(Kinds::WAYS, read, |part| {
        all.roads.append(&part.roads);
        all.boundaries.extend(part.boundaries);
        all.ferries.extend(part.ferries);
        all.areas.extend(part.areas);
        all.sites.extend(part.sites);
        all.parts.extend(part.parts);
        all.centres.extend(part.centres);
        all.say_so += part.say_so;
        if all.roads.all_refs().len() as u64 > most {
            return Err(damaged("its roads have more nodes than a file of its size can hold", at));
        }
        Ok(())
    })?;
    all.roads.sort();
    all.boundaries.sort_by_key(|w| w.id);
    all.ferries.sort_by_key(|w| w.id);
    all.areas.sort_by_key(|w| w.id);
    all.sites.sort_by_key(|w| w.id);
    all.parts.sort_by_key(|w| w.id);
    all.centres.sort_unstable();
    Ok(all)
}

/// The ids of all nodes that the ways use.
fn needed_ids(ways: &Ways, chargers: &[ChargerRelation]) -> Ids {
    let mut ids = ways.roads.all_refs().to_vec();
    let lines = ways.boundaries.iter().chain(&ways.ferries).chain(&ways.areas).chain(&ways.sites).chain(&ways.parts);
    ids.extend(lines.flat_map(|w| &w.refs));
    ids.extend(chargers.iter().flat_map(|r| &r.members).filter(|m| m.0 == MemberKind::Node).map(|m| m.1));
    Ids::new(ids)
}

/// Found nodes: place in the list of needed ids and position in 1e-7 degree; and points of interest.
#[derive(Default)]
struct Found {
    cursor: usize,
    at: Vec<(u32, (i32, i32))>,
    road_ends: Vec<(u32, &'static str)>,
    stations: Vec<TaggedPoint>,
    say_so: u64,
    places: Vec<TaggedPoint>,
    sites: Vec<TaggedPoint>,
}

/// Pass 3.
pub fn nodes(source: &mut OsmSource, ways: &Ways, chargers: &[ChargerRelation], wanted: WantedLayers) -> Result<Needed> {
    let ids = needed_ids(ways, chargers);
    let read = |element: Element<'_>, out: &mut Found| {
        let Element::Node { id, e7, tags } = element else { return };
        let place = ids.find_from(&mut out.cursor, id);
        if let Some(i) = place {
            out.at.push((i as u32, e7));
        }
        if !tags.0.is_empty() {
            out.road_ends.extend(place.and_then(|i| Some((i as u32, driving::road_end(tags)?))));
            note(wanted, id, e7, tags, out);
        }
    };
    let mut found = vec![positions::MISSING; ids.len()];
    let (mut stations, mut places, mut sites, mut road_ends, mut say_so) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), 0);
    source.fold(Kinds::NODES, read, |part| {
        for (i, at) in part.at {
            found[i as usize] = at;
        }
        stations.extend(part.stations);
        places.extend(part.places);
        sites.extend(part.sites);
        road_ends.extend(part.road_ends);
        say_so += part.say_so;
        Ok(())
    })?;
    stations.sort_by_key(|p: &TaggedPoint| p.id);
    places.sort_by_key(|p: &TaggedPoint| p.id);
    sites.sort_by_key(|p: &TaggedPoint| p.id);
    let of = ids.len();
    let needed = Needed { positions: Positions::new(ids, found), stations, say_so, places, sites, ..Needed::default() };
    Ok(needed.with_road_ends(road_ends, of))
}

fn note(wanted: WantedLayers, id: i64, e7: (i32, i32), tags: TagList<'_>, out: &mut Found) {
    let Some(at) = LonLat::from_e7(e7.0, e7.1) else { return };
    let place = || TaggedPoint { id, kind: "node", at, tags: Tags::new(tags) };
    match wanted.stations.then(|| of_charging(tags)) {
        Some(Charging::Here) => out.stations.push(place()),
        Some(Charging::SaidSo) => out.say_so += 1,
        _ => {}
    }
    if wanted.candidates.of_tags(|key| tags.get(key)).is_some() {
        out.sites.push(place());
    }
    if wanted.settlements && tags.get("place").is_some_and(|v| SETTLEMENTS.contains(&v)) {
        out.places.push(place());
    }
}

/// What an element has to do with charging.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Charging {
    /// It is a charger.
    Here,
    /// It is something else that says that cars can charge there.
    SaidSo,
    /// Nothing.
    Nothing,
}

fn of_charging(tags: TagList<'_>) -> Charging {
    let mut found = Charging::Nothing;
    for (k, v) in tags.iter() {
        if chargers::concerns(k, v) && chargers::is_charger(v, tags) {
            return Charging::Here;
        }
        if chargers::says_so(k, v) {
            found = Charging::SaidSo;
        }
    }
    found
}
