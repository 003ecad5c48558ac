//! Chargers however they are mapped: nodes, areas, relations, single charge points. Each is read, counted as a part of another, or
//! listed.
//!
//! A charge point (`man_made=charge_point`) beside a station, inside its area or in its relation is one of its points. Others that
//! stand together are one station. A site relation around stations is no station of its own.

use super::boundary::join;
use super::chargers::{self, Kind};
use super::element::MemberKind;
use super::in_service::judged;
use super::passes::{Area, ChargerRelation, Needed, Relations, TaggedPoint, Ways};
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::date::Day;
use crate::read::station::{Station, word_set};
use crate::space::{LonLat, PointIndex, metres_between};
use geo::{Contains, InteriorPoint, LineString, Polygon};
use std::collections::{BTreeMap, BTreeSet};

/// A charge point this near to a station is one of its points, and one this near to another is of the same station; metres.
const BESIDE_M: f64 = 25.0;

/// An element that is a charger or a part of one.
struct Mapped {
    place: TaggedPoint,
    of: MemberKind,
    kind: Kind,
    outline: Vec<LonLat>,
}

/// What is read of an extract.
pub struct Extract<'a> {
    /// Its relations.
    pub relations: &'a Relations,
    /// Its ways.
    pub ways: &'a Ways,
    /// Its nodes.
    pub needed: &'a Needed,
    /// The file.
    pub at: &'a Location,
    /// The day of its data, where it says one.
    pub today: Option<Day>,
}

/// All stations of an extract, in the order nodes, ways, relations, each by id; then charge points without one.
pub fn stations(extract: &Extract<'_>, issues: &mut Issues) -> Vec<Station> {
    let mapped = extract.mapped(issues);
    tell_lifecycle(&mapped, extract.at, issues);
    tell_say_so(extract, issues);
    let read = |m: Mapped, issues: &mut Issues| Some((chargers::station(&m.place, m.kind, extract.at, issues)?, m));
    let all: Vec<(Station, Mapped)> = mapped.into_iter().filter_map(|m| read(m, issues)).collect();
    let (points, own): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, m)| m.kind.point);
    let owner = owners(&own, &points, &extract.relations.chargers);
    let (mut list, outlines): (Vec<Station>, Vec<Mapped>) = own.into_iter().unzip();
    drop(outlines);
    let mut parts: BTreeMap<usize, Vec<Station>> = BTreeMap::new();
    let mut alone = Vec::new();
    for ((point, _), owner) in points.into_iter().zip(owner) {
        match owner {
            Some(i) => parts.entry(i).or_default().push(point),
            None => alone.push(point),
        }
    }
    tell_parts(&parts, &list, extract.at, issues);
    for (i, points) in parts {
        take_in(&mut list[i], &points);
    }
    list.extend(together(alone, extract.at, issues));
    issues.count_mut(Layer::Stations).used += list.len() as u64;
    list
}

impl Extract<'_> {
    /// Every charger with its position; those without one are listed, and sites around others counted as such.
    fn mapped(&self, issues: &mut Issues) -> Vec<Mapped> {
        let nodes = self.needed.stations.iter().map(|p| (p.clone(), MemberKind::Node, Vec::new()));
        let mut found: Vec<(TaggedPoint, MemberKind, Vec<LonLat>)> = nodes.collect();
        let (ways, relations) = (&self.ways.areas, &self.relations.chargers);
        issues.count_mut(Layer::Stations).read += (found.len() + ways.len() + relations.len()) as u64;
        for area in ways {
            let (at, outline) = self.of_way(area);
            let place = at.map(|at| TaggedPoint { id: area.id, kind: "way", at, tags: area.tags.clone() });
            found.extend(self.placed(place, (MemberKind::Way, area.id), outline, issues));
        }
        let is_station = |(p, _, _): &&(TaggedPoint, MemberKind, Vec<LonLat>)| chargers::kind(&p.tags).is_some_and(|k| !k.point);
        let known: BTreeSet<(MemberKind, i64)> = found.iter().filter(is_station).map(|(p, of, _)| (*of, p.id)).collect();
        for r in relations {
            if let Some((kind, id)) = r.members.iter().find(|m| known.contains(m)) {
                let what = format!("it is a relation around the station {}/{id}, which is read by itself", kind.as_str());
                let here = self.at.clone().id(format!("relation/{}", r.id));
                issues.push(Layer::Stations, IssueCode::PartOfStation, here, what);
                continue;
            }
            let (at, outline) = self.of_relation(r);
            let place = at.map(|at| TaggedPoint { id: r.id, kind: "relation", at, tags: r.tags.clone() });
            found.extend(self.placed(place, (MemberKind::Relation, r.id), outline, issues));
        }
        let mapped = |(place, of, outline): (TaggedPoint, MemberKind, Vec<LonLat>)| {
            let kind = judged(chargers::kind(&place.tags)?, &place.tags, self.today);
            Some(Mapped { kind, place, of, outline })
        };
        found.into_iter().filter_map(mapped).collect()
    }

    /// Lists a charger that has no position.
    fn placed(
        &self,
        place: Option<TaggedPoint>,
        (of, id): (MemberKind, i64),
        outline: Vec<LonLat>,
        issues: &mut Issues,
    ) -> Option<(TaggedPoint, MemberKind, Vec<LonLat>)> {
        if place.is_none() {
            let here = self.at.clone().id(format!("{}/{id}", of.as_str()));
            let what = format!(
                "its {} are missing from the extract, so it has no position",
                if of == MemberKind::Way { "nodes" } else { "members" }
            );
            issues.push(Layer::Stations, IssueCode::PositionMissing, here, what);
        }
        Some((place?, of, outline))
    }

    /// A position of an area, and its outline where all of that is there.
    pub fn of_way(&self, area: &Area) -> (Option<LonLat>, Vec<LonLat>) {
        let points = self.positions(&area.refs);
        let whole = points.len() == area.refs.len() && !points.is_empty();
        let given = || centre(&self.ways.centres, area.id);
        if whole { (inside(&points).or_else(given), points) } else { (given().or_else(|| middle(&points)), Vec::new()) }
    }

    /// A position of a relation: inside the ring that its ways make, else the middle of its members.
    fn of_relation(&self, r: &ChargerRelation) -> (Option<LonLat>, Vec<LonLat>) {
        let of = |kind| r.members.iter().filter(move |m| m.0 == kind).map(|m| m.1);
        let find = |id: i64| self.ways.parts.binary_search_by_key(&id, |w| w.id).ok().map(|i| self.ways.parts[i].refs.as_slice());
        let lines: Vec<&[i64]> = of(MemberKind::Way).filter_map(find).collect();
        let (rings, _) = join(&lines);
        let ring = rings.first().map(|ids| self.positions(ids)).filter(|p| p.len() == rings[0].len());
        if let Some(ring) = ring {
            return (inside(&ring), ring);
        }
        let refs: Vec<i64> = of(MemberKind::Node).chain(lines.into_iter().flatten().copied()).collect();
        (centre(&self.relations.centres, r.id).or_else(|| middle(&self.positions(&refs))), Vec::new())
    }

    fn positions(&self, refs: &[i64]) -> Vec<LonLat> {
        refs.iter().filter_map(|id| self.needed.position(*id)).collect()
    }
}

/// The middle that the file gives.
fn centre(list: &[(i64, (i32, i32))], id: i64) -> Option<LonLat> {
    let i = list.binary_search_by_key(&id, |c| c.0).ok()?;
    LonLat::from_e7(list[i].1.0, list[i].1.1)
}

/// A position on the ground of an outline: its middle if that lies on it.
fn inside(outline: &[LonLat]) -> Option<LonLat> {
    let middle = middle(outline)?;
    match polygon(outline) {
        Some(p) if !p.contains(&geo::Point(middle.coord())) => {
            let point = p.interior_point();
            Some(point.and_then(|at| LonLat::new(at.x(), at.y()).ok()).unwrap_or(middle))
        }
        _ => Some(middle),
    }
}

fn polygon(outline: &[LonLat]) -> Option<Polygon<f64>> {
    (outline.len() > 3 && outline.first() == outline.last())
        .then(|| Polygon::new(outline.iter().map(|p| p.coord()).collect::<LineString<f64>>(), Vec::new()))
}

/// The middle of the distinct corners of an area.
fn middle(points: &[LonLat]) -> Option<LonLat> {
    let corners = if points.len() > 1 && points.first() == points.last() { &points[1..] } else { points };
    let n = i64::try_from(corners.len()).ok().filter(|n| *n > 0)?;
    let sum = corners.iter().fold((0i64, 0i64), |s, p| (s.0 + i64::from(p.e7().0), s.1 + i64::from(p.e7().1)));
    LonLat::from_e7(i32::try_from(sum.0 / n).ok()?, i32::try_from(sum.1 / n).ok()?)
}

/// The station that each charge point belongs to, if any: that of its relation, else the nearest beside it or around it.
fn owners(own: &[(Station, Mapped)], points: &[(Station, Mapped)], relations: &[ChargerRelation]) -> Vec<Option<usize>> {
    let mut best: Vec<Option<(f64, usize)>> = vec![None; points.len()];
    if points.is_empty() {
        return Vec::new();
    }
    let index = PointIndex::new(points.iter().map(|(s, _)| s.at).collect());
    let mut seen = BTreeSet::new();
    for (i, (station, m)) in own.iter().enumerate() {
        if m.outline.is_empty() && !seen.insert(station.at) {
            continue; // of several on one spot the first
        }
        let reach = m.outline.iter().map(|p| metres_between(station.at, *p)).fold(0.0, f64::max);
        let ground = polygon(&m.outline);
        for p in index.within(station.at, reach + BESIDE_M) {
            let at = points[p as usize].0.at;
            let on_it = ground.as_ref().is_some_and(|g| g.contains(&geo::Point(at.coord())));
            let to_corner = m.outline.iter().map(|c| metres_between(at, *c)).fold(f64::INFINITY, f64::min);
            let distance = if on_it { 0.0 } else { to_corner.min(metres_between(at, station.at)) };
            let known = &mut best[p as usize];
            if distance <= BESIDE_M && known.is_none_or(|(d, _)| distance < d) {
                *known = Some((distance, i));
            }
        }
    }
    let place: BTreeMap<(MemberKind, i64), usize> = own.iter().enumerate().map(|(i, (_, m))| ((m.of, m.place.id), i)).collect();
    let mut by_relation: BTreeMap<(MemberKind, i64), usize> = BTreeMap::new();
    for r in relations {
        // the relation itself, or the station that it is around
        let station = place.get(&(MemberKind::Relation, r.id)).or_else(|| r.members.iter().find_map(|m| place.get(m)));
        if let Some(i) = station {
            r.members.iter().for_each(|m| {
                by_relation.entry(*m).or_insert(*i);
            });
        }
    }
    let owner = |((_, m), best): (&(Station, Mapped), &Option<(f64, usize)>)| {
        by_relation.get(&(m.of, m.place.id)).copied().or(best.map(|b| b.1))
    };
    points.iter().zip(&best).map(owner).collect()
}

/// What its charge points say goes to a station where that says nothing itself: those that are in service as it is, and for the public
/// if it is.
fn take_in(station: &mut Station, points: &[Station]) {
    let private = |s: &Station| s.access == Access::Private;
    let like = |p: &&Station| p.status == station.status && (!private(p) || private(station));
    let open: Vec<&Station> = points.iter().filter(like).collect();
    let guns = || open.iter().map(|p| p.points.unwrap_or(1)).sum::<u32>();
    station.points = station.points.or_else(|| (!open.is_empty()).then(guns));
    station.power_kw = station.power_kw.or_else(|| open.iter().filter_map(|p| p.power_kw).reduce(f64::max));
    if station.sockets.is_empty() {
        let all: Vec<&str> = open.iter().map(|p| p.sockets.as_str()).collect();
        station.sockets = word_set(&all.join(";")).join(";");
    }
}

/// Charge points without a station: those of one state and access that stand beside each other are one, named by the first.
fn together(alone: Vec<Station>, at: &Location, issues: &mut Issues) -> Vec<Station> {
    if alone.is_empty() {
        return Vec::new();
    }
    let mut spots: BTreeMap<LonLat, Vec<usize>> = BTreeMap::new();
    alone.iter().enumerate().for_each(|(i, s)| spots.entry(s.at).or_default().push(i));
    let places: Vec<LonLat> = spots.keys().copied().collect();
    let index = PointIndex::new(places.clone());
    let mut group = vec![usize::MAX; places.len()];
    for start in 0..places.len() {
        let mut todo = if group[start] == usize::MAX { vec![start] } else { Vec::new() };
        while let Some(i) = todo.pop() {
            group[i] = start;
            todo.extend(index.within(places[i], BESIDE_M).into_iter().map(|n| n as usize).filter(|n| group[*n] == usize::MAX));
        }
    }
    let mut groups: BTreeMap<(usize, Status, bool), Vec<usize>> = BTreeMap::new();
    for (g, members) in group.iter().zip(spots.values()) {
        members.iter().for_each(|i| {
            groups.entry((*g, alone[*i].status, alone[*i].access == Access::Private)).or_default().push(*i);
        });
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.iter_mut().for_each(|g| g.sort_unstable());
    groups.sort_unstable();
    let what = format!(
        "{} charge points (man_made=charge_point) belong to no station; they were read as {}, those within {BESIDE_M} m of each other as one",
        alone.len(),
        groups.len()
    );
    let merged = (alone.len() - groups.len()) as u64;
    let first = alone[groups[0][0]].source.id.clone().unwrap_or_default();
    issues.push_many(Layer::Stations, IssueCode::ChargePointsAlone, at.clone().id(first), what, merged.max(1), 0);
    let station = |g: Vec<usize>| {
        let points: Vec<Station> = g.iter().map(|i| alone[*i].clone()).collect();
        let mut whole = Station { points: None, ..points[0].clone() };
        take_in(&mut whole, &points);
        whole.power_kw = points.iter().filter_map(|p| p.power_kw).reduce(f64::max);
        let sockets: Vec<&str> = points.iter().map(|p| p.sockets.as_str()).collect();
        whole.sockets = word_set(&sockets.join(";")).join(";");
        whole
    };
    groups.into_iter().map(station).collect()
}

/// Counts what is not in service by the word that says so.
fn tell_lifecycle(mapped: &[Mapped], at: &Location, issues: &mut Issues) {
    let mut words: BTreeMap<&str, (u64, &TaggedPoint, Status)> = BTreeMap::new();
    for m in mapped {
        if let Some(word) = m.kind.word {
            words.entry(word).or_insert((0, &m.place, m.kind.status)).0 += 1;
        }
    }
    for (word, (n, first, status)) in words {
        let state = if status == Status::Planned { "planned" } else { "closed" };
        let what = format!("{n} chargers are marked \"{word}\" and count as {state}");
        let here = at.clone().id(format!("{}/{}", first.kind, first.id));
        issues.push_many(Layer::Stations, IssueCode::MarkedVoid, here, what, n, 0);
    }
}

fn tell_say_so(extract: &Extract<'_>, issues: &mut Issues) {
    let n = extract.relations.say_so + extract.ways.say_so + extract.needed.say_so;
    if n > 0 {
        let what = format!(
            "{n} car parks, fuel stations and the like say that cars can charge there (capacity:charging, fuel:electricity, charging_station); \
             only chargers that are mapped themselves are read"
        );
        issues.push_many(Layer::Stations, IssueCode::OtherKind, extract.at.clone(), what, n, 0);
    }
}

/// Tells of charge points that were counted with a station.
fn tell_parts(parts: &BTreeMap<usize, Vec<Station>>, list: &[Station], at: &Location, issues: &mut Issues) {
    let n: usize = parts.values().map(Vec::len).sum();
    if let Some((i, points)) = parts.first_key_value() {
        let id = points[0].id.clone();
        let what = format!(
            "{n} charge points (man_made=charge_point) stand within {BESIDE_M} m of a station, inside its area or in its relation, and are its points: this one is of {}",
            list[*i].id
        );
        issues.push_many(Layer::Stations, IssueCode::PartOfStation, at.clone().id(id), what, n as u64, 0);
    }
}
