//! Ways that are roads, in flat lists: one of ways, one of all their nodes, one of all their texts. No positions yet.

use super::driving::{self, Closed};
use super::element::TagList;
use super::tags::{level, no_lorries, road_class, unpaved, weight_limit};
use crate::read::road::{Names, OneWay};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// A way that is a road.
#[derive(Clone, Copy, Debug)]
pub struct RoadWay {
    /// OSM id.
    pub id: i64,
    first: usize,
    len: u32,
    /// `name`, else `ref`; a number in [`RoadWays::texts`].
    pub name: u32,
    /// `ref` beside a `name`, or empty; a number in [`RoadWays::texts`].
    pub reference: u32,
    /// `highway`; a number in [`RoadWays::texts`].
    pub highway: u32,
    /// `maxspeed`, or empty; a list where each direction has its own; a number in [`RoadWays::texts`].
    pub maxspeed: u32,
    /// It sets a limit for one direction only: in the other the speed of the class is driven.
    pub one_limit: bool,
    /// Direction.
    pub oneway: OneWay,
    /// Level, 0 on the ground.
    pub level: i8,
    /// Whether it is closed to motor cars.
    pub closed: Closed,
    /// Its surface is loose.
    pub unpaved: bool,
}

/// How many ways say more of cars than `access`, `oneway` and `maxspeed` of both directions do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// One direction is closed by an access tag.
    pub by_access: u64,
    /// A tag for cars says otherwise than `oneway`.
    pub by_vehicle: u64,
    /// Each direction has a limit of its own.
    pub two_speeds: u64,
    /// No roads by their kind, opened to cars by a tag.
    pub opened: u64,
}

impl Told {
    fn add(&mut self, other: Self) {
        self.by_access += other.by_access;
        self.by_vehicle += other.by_vehicle;
        self.two_speeds += other.two_speeds;
        self.opened += other.opened;
    }
}

/// All ways that are roads.
#[derive(Clone, Debug, Default)]
pub struct RoadWays {
    list: Vec<RoadWay>,
    refs: Vec<i64>,
    /// Names, classes and speeds as written, each once.
    pub texts: Names,
    /// How many are closed to lorries.
    pub no_lorries: u64,
    /// How many have a limit of weight.
    pub weight_limits: u64,
    /// What cars are told by direction or in particular.
    pub told: Told,
    /// Whether a `highway` value is a road: there are few values and many ways.
    is_road: FxHashMap<String, bool>,
}

impl RoadWays {
    /// The ways; by id once [`RoadWays::sort`] was called.
    pub fn list(&self) -> &[RoadWay] {
        &self.list
    }

    /// The nodes of a way.
    pub fn refs(&self, way: &RoadWay) -> &[i64] {
        &self.refs[way.first..way.first + way.len as usize]
    }

    /// The nodes of all ways.
    pub fn all_refs(&self) -> &[i64] {
        &self.refs
    }

    /// Takes a way if it is a road, and says whether it is.
    pub fn push(&mut self, id: i64, refs: &[i64], tags: TagList<'_>) -> bool {
        let Some(highway) = tags.get("highway") else { return false };
        let road = self.is_road(highway);
        if !(road || driving::opened(highway, tags)) || tags.get("area") == Some("yes") {
            return false;
        }
        let drive = driving::driving(tags);
        let (limit, one_limit) = limit(tags, drive.oneway);
        let two = one_limit || matches!(limit, Cow::Owned(_));
        self.told.add(Told {
            by_access: u64::from(drive.by_access),
            by_vehicle: u64::from(drive.by_vehicle),
            two_speeds: u64::from(two),
            opened: u64::from(!road),
        });
        let first = self.refs.len();
        self.refs.extend_from_slice(refs);
        self.list.push(RoadWay {
            id,
            first,
            len: refs.len() as u32, // a block holds no more than 32 MiB
            name: self.texts.intern(tags.get("name").or_else(|| tags.get("ref")).unwrap_or_default()),
            reference: self.texts.intern(tags.get("name").and_then(|_| tags.get("ref")).unwrap_or_default()),
            highway: self.texts.intern(highway),
            maxspeed: self.texts.intern(&limit),
            one_limit,
            oneway: drive.oneway,
            level: level(tags),
            closed: drive.closed,
            unpaved: unpaved(tags),
        });
        self.no_lorries += u64::from(no_lorries(tags));
        self.weight_limits += u64::from(weight_limit(tags));
        true
    }

    /// Adds numbers to roads: `number` is asked with the id, the name and the reference of each. How many got one.
    pub fn add_numbers(&mut self, number: impl Fn(i64, [&str; 2]) -> Option<String>) -> u64 {
        let mut given = 0;
        for i in 0..self.list.len() {
            let RoadWay { id, name, reference, .. } = self.list[i];
            let texts = [name, reference].map(|t| self.texts.get(t));
            let Some(new) = number(id, texts) else { continue };
            let all = if texts[1].is_empty() { new } else { format!("{};{new}", texts[1]) };
            let nameless = texts[0].is_empty();
            let all = self.texts.intern(&all);
            if nameless {
                self.list[i].name = all
            } else {
                self.list[i].reference = all
            }
            given += 1;
        }
        given
    }

    fn is_road(&mut self, highway: &str) -> bool {
        if let Some(&known) = self.is_road.get(highway) {
            return known;
        }
        let road = road_class(highway).is_some();
        self.is_road.insert(highway.to_owned(), road);
        road
    }

    /// Takes over the ways of a later part of the file.
    pub fn append(&mut self, part: &Self) {
        self.no_lorries += part.no_lorries;
        self.weight_limits += part.weight_limits;
        self.told.add(part.told);
        let moved = self.refs.len();
        self.refs.extend_from_slice(&part.refs);
        let texts: Vec<u32> = part.texts.iter().map(|t| self.texts.intern(t)).collect();
        self.list.extend(part.list.iter().map(|w| RoadWay {
            first: w.first + moved,
            name: texts[w.name as usize],
            reference: texts[w.reference as usize],
            highway: texts[w.highway as usize],
            maxspeed: texts[w.maxspeed as usize],
            ..*w
        }));
    }

    /// Orders the ways by id; ways of one id keep the order of the file.
    pub fn sort(&mut self) {
        // Most files are in order, and sorting needs memory of its own.
        if !self.list.is_sorted_by_key(|w| w.id) {
            self.list.sort_by_key(|w| w.id);
        }
        self.list.shrink_to_fit();
        self.refs.shrink_to_fit();
    }
}

/// The limit of a way, and whether it is that of one direction alone. A network has one speed for both directions of a road, so of
/// two limits both are kept, as a list: the lower counts.
fn limit<'a>(tags: TagList<'a>, oneway: OneWay) -> (Cow<'a, str>, bool) {
    let of = |key: &str| tags.get(key);
    let all = of("maxspeed").unwrap_or_default();
    let (along, against) = (of("maxspeed:forward").unwrap_or(all), of("maxspeed:backward").unwrap_or(all));
    match (oneway, along, against) {
        (OneWay::Forward, one, _) | (OneWay::Backward, _, one) => (one.into(), false),
        (OneWay::No, one, other) if one == other => (one.into(), false),
        (OneWay::No, one, "") | (OneWay::No, "", one) => (one.into(), true),
        (OneWay::No, one, other) => (format!("{one};{other}").into(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_direction_has_its_limit() {
        let of = |tags: &[(&str, &str)], oneway| {
            let (text, one) = limit(TagList(tags), oneway);
            (text.into_owned(), one)
        };
        let said = |text: &str, one| (text.to_owned(), one);
        let two = [("maxspeed:forward", "70"), ("maxspeed:backward", "50")];
        assert_eq!(of(&two, OneWay::No), said("70;50", false));
        assert_eq!((of(&two, OneWay::Forward), of(&two, OneWay::Backward)), (said("70", false), said("50", false)));
        assert_eq!(of(&[("maxspeed", "100"), ("maxspeed:backward", "70")], OneWay::No), said("100;70", false));
        assert_eq!(of(&[("maxspeed:forward", "50")], OneWay::No), said("50", true));
        assert_eq!(of(&[("maxspeed", "50"), ("maxspeed:forward", "50")], OneWay::No), said("50", false));
    }

    #[test]
    fn parts_join_with_their_texts_and_nodes() {
        let (mut all, mut part) = (RoadWays::default(), RoadWays::default());
        all.push(9, &[1, 2], TagList(&[("highway", "primary"), ("name", "High Street")]));
        part.push(4, &[2, 3, 4], TagList(&[("highway", "primary"), ("ref", "A5"), ("maxspeed", "fast")]));
        part.push(5, &[2, 3], TagList(&[("highway", "footway")]));
        all.append(&part);
        all.sort();
        let text = |i: u32| all.texts.get(i).to_owned();
        let seen: Vec<_> = all.list().iter().map(|w| (w.id, all.refs(w), text(w.name), text(w.maxspeed))).collect();
        assert_eq!(seen[0], (4, &[2, 3, 4][..], "A5".to_owned(), "fast".to_owned()));
        assert_eq!(seen[1], (9, &[1, 2][..], "High Street".to_owned(), String::new()));
        assert_eq!(seen.len(), 2);
    }
}
