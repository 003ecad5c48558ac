//! Ways that are roads, in flat lists: one of ways, one of all their nodes, one of all their texts. No positions yet.

use super::element::TagList;
use super::tags::{level, no_lorries, no_motor, oneway, road_class, unpaved, weight_limit};
use crate::read::road::{Names, OneWay};
use rustc_hash::FxHashMap;

/// A way that is a road.
#[derive(Clone, Copy, Debug)]
pub struct RoadWay {
    /// OSM id.
    pub id: i64,
    first: usize,
    len: u32,
    /// `name`, else `ref`; a number in [`RoadWays::texts`].
    pub name: u32,
    /// `highway`; a number in [`RoadWays::texts`].
    pub highway: u32,
    /// `maxspeed`, or empty; a number in [`RoadWays::texts`].
    pub maxspeed: u32,
    /// Direction.
    pub oneway: OneWay,
    /// Level, 0 on the ground.
    pub level: i8,
    /// Closed to motor cars.
    pub no_motor: bool,
    /// Its surface is loose.
    pub unpaved: bool,
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
        if !self.is_road(highway) || tags.get("area") == Some("yes") {
            return false;
        }
        let first = self.refs.len();
        self.refs.extend_from_slice(refs);
        self.list.push(RoadWay {
            id,
            first,
            len: refs.len() as u32, // a block holds no more than 32 MiB
            name: self.texts.intern(tags.get("name").or_else(|| tags.get("ref")).unwrap_or_default()),
            highway: self.texts.intern(highway),
            maxspeed: self.texts.intern(tags.get("maxspeed").unwrap_or_default()),
            oneway: oneway(tags),
            level: level(tags),
            no_motor: no_motor(tags),
            unpaved: unpaved(tags),
        });
        self.no_lorries += u64::from(no_lorries(tags));
        self.weight_limits += u64::from(weight_limit(tags));
        true
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
        let moved = self.refs.len();
        self.refs.extend_from_slice(&part.refs);
        let texts: Vec<u32> = part.texts.iter().map(|t| self.texts.intern(t)).collect();
        self.list.extend(part.list.iter().map(|w| RoadWay {
            first: w.first + moved,
            name: texts[w.name as usize],
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

#[cfg(test)]
mod tests {
    use super::*;

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
