//! Roads as read: lines with class, direction and name, in one flat table.
//!
//! The table knows nothing of nodes; `network` finds those where lines share a vertex.

use crate::config::{Reading, RoadClass};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::{LonLat, line_mm, metres_between};
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// No road runs straight for longer than this; a vertex is wrong then.
const LONGEST_SEGMENT_M: f64 = 500_000.0;

/// Which way a road may be driven along its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OneWay {
    /// Both ways.
    #[default]
    No,
    /// Along the line.
    Forward,
    /// Against the line.
    Backward,
}

impl OneWay {
    /// From a word (`yes`, `true`, `1`, `-1`, `no`, TIGER and OSM spellings); `None` when unknown.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "" | "no" | "false" | "0" | "n" | "b" | "否" | "双向" | "alternating" => Self::No,
            "yes" | "true" | "1" | "y" | "f" | "ft" | "forward" | "是" | "单向" | "单行" => Self::Forward,
            "-1" | "reverse" | "backward" | "t" | "tf" => Self::Backward,
            _ => return None,
        })
    }
}

/// The level of a road from the words of OSM and its exports: `layer` as a whole number, else 1 on a bridge and -1 in a
/// tunnel. What is not understood says nothing.
pub fn level(layer: Option<&str>, bridge: Option<&str>, tunnel: Option<&str>) -> i8 {
    let is = |word: Option<&str>| word.is_some_and(|w| !matches!(w, "" | "no" | "0" | "F" | "f" | "false" | "building_passage"));
    let from_layer = layer.and_then(|l| l.trim().parse::<i8>().ok()).filter(|l| *l != 0);
    from_layer.unwrap_or(if is(bridge) { 1 } else { -i8::from(is(tunnel)) })
}

/// Names of roads, each stored once, in one text: a country has millions.
#[derive(Clone, Debug)]
pub struct Names {
    text: String,
    /// Where each name ends in the text; number 0 is the empty name.
    ends: Vec<u32>,
    index: HashTable<u32>,
}

impl Default for Names {
    fn default() -> Self {
        Self { text: String::new(), ends: vec![0], index: HashTable::new() }
    }
}

impl Names {
    /// The number of a name; 0 is the empty name. What is beyond 4 GiB of names has none.
    pub fn intern(&mut self, name: &str) -> u32 {
        let Self { text, ends, index } = self;
        let hash = FxBuildHasher.hash_one(name);
        let found = index.find(hash, |i| slice(text, ends, *i) == name).copied();
        let end = u32::try_from(text.len() + name.len()).ok();
        let (None, Some(end)) = (found, end.filter(|_| !name.is_empty())) else { return found.unwrap_or(0) };
        text.push_str(name);
        ends.push(end);
        let i = (ends.len() - 1) as u32;
        index.insert_unique(hash, i, |k| FxBuildHasher.hash_one(slice(text, ends, *k)));
        i
    }

    /// All names, by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len() as u32).map(|i| self.get(i))
    }

    /// The name of a number.
    pub fn get(&self, i: u32) -> &str {
        slice(&self.text, &self.ends, i)
    }
}

fn slice<'t>(text: &'t str, ends: &[u32], i: u32) -> &'t str {
    let end = |i: u32| ends.get(i as usize).map(|e| *e as usize);
    let start = i.checked_sub(1).map_or(Some(0), end);
    start.zip(end(i)).and_then(|(start, end)| text.get(start..end)).unwrap_or_default()
}

/// One road line that enters the network.
#[derive(Clone, Copy, Debug)]
pub struct Road {
    /// Its name in [`Roads::names`].
    pub name: u32,
    /// Its numbers, in the same list, where they stand beside its name; 0 where not.
    pub reference: u32,
    /// Its class.
    pub class: RoadClass,
    /// Its direction.
    pub oneway: OneWay,
    /// Its level: above 0 for bridges, below for tunnels. Roads of different levels pass each other.
    pub level: i8,
    /// Speed in km/h: the source's own, or that of the class.
    pub speed_kmh: f32,
    /// Its length, millimetres; `u32::MAX` when it is that or more.
    pub length_mm: u32,
    first: u32,
    len: u32,
}

/// A road line before it is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawRoad<'a> {
    /// Name or number; may be empty.
    pub name: &'a str,
    /// Numbers beside the name; may be empty.
    pub reference: &'a str,
    /// Our class; `None` when the source's value is not mapped or is excluded.
    pub class: Option<RoadClass>,
    /// The source's class value, for the books.
    pub class_text: &'a str,
    /// Left out by choice (`exclude` in the class map), not for want of a mapping.
    pub exclude: bool,
    /// Why it may not be driven, where that is so.
    pub closed: Option<IssueCode>,
    /// Direction.
    pub oneway: OneWay,
    /// Level, 0 on the ground.
    pub level: i8,
    /// Speed in km/h where the source gives one.
    pub speed_kmh: Option<f64>,
}

/// All roads that enter the network, and the books of those that do not.
#[derive(Clone, Debug, Default)]
pub struct Roads {
    roads: Vec<Road>,
    points: Vec<LonLat>,
    /// Names.
    pub names: Names,
    /// Length of every line read, millimetres, whether used or not.
    pub read_mm: u64,
    /// Length of what [`Roads::push`] left out, millimetres.
    pub left_out_mm: u64,
    ends: Vec<LonLat>,
    left_out: BTreeMap<(IssueCode, String, String), (u64, u64)>,
}

impl Roads {
    /// Makes room for so many roads and vertices.
    pub fn reserve(&mut self, roads: usize, points: usize) {
        self.roads.reserve(roads);
        self.points.reserve(points);
    }

    /// Takes over the roads of another file behind its own.
    pub fn append(&mut self, other: Self) {
        let Self { roads, mut points, names, read_mm, left_out_mm, mut ends, left_out } = other;
        let name: Vec<u32> = names.iter().map(|n| self.names.intern(n)).collect();
        let before = self.points.len() as u32;
        let of = |i: u32| name.get(i as usize).copied().unwrap_or(0);
        let moved = |r: Road| Road { name: of(r.name), reference: of(r.reference), first: r.first + before, ..r };
        self.roads.extend(roads.into_iter().map(moved));
        self.points.append(&mut points);
        self.ends.append(&mut ends);
        self.read_mm += read_mm;
        self.left_out_mm += left_out_mm;
        for (key, (count, mm)) in left_out {
            let own = self.left_out.entry(key).or_default();
            *own = (own.0 + count, own.1 + mm);
        }
    }

    /// The roads in reading order.
    pub fn list(&self) -> &[Road] {
        &self.roads
    }

    /// The vertices of a road; at least two, neighbours differ.
    pub fn points(&self, road: &Road) -> &[LonLat] {
        &self.points[road.first as usize..(road.first + road.len) as usize]
    }

    /// All vertices of all roads.
    pub fn all_points(&self) -> &[LonLat] {
        &self.points
    }

    /// Ends every road that has a vertex at `at` there: what comes from one side does not pass (a bollard).
    pub fn end_at(&mut self, at: LonLat) {
        self.ends.push(at);
    }

    /// The vertices at which roads end for all that they run on, in no order, some perhaps twice.
    pub fn ends(&self) -> &[LonLat] {
        &self.ends
    }

    /// Judges one line and books it. Repeated vertices are dropped (they have no length).
    pub fn push(&mut self, raw: &RawRoad<'_>, line: &[LonLat], reading: &Reading, here: &Location, issues: &mut Issues) {
        let first = self.points.len();
        for &p in line {
            if self.points.len() == first || self.points.last() != Some(&p) {
                self.points.push(p);
            }
        }
        let kept = &self.points[first..];
        let length_mm = line_mm(kept);
        if kept.len() < 2 || length_mm == 0 {
            self.points.truncate(first);
            issues.push(Layer::Roads, IssueCode::ZeroLength, here.clone(), "the line has fewer than two different positions");
            return;
        }
        if length_mm >= u64::from(u32::MAX) {
            let what = format!("the line is {:.0} km long; no more than 4,294 km can be searched", length_mm as f64 / 1e6);
            self.points.truncate(first);
            issues.push(Layer::Roads, IssueCode::BadCoordinate, here.clone(), what);
            return;
        }
        // A line shorter than the longest segment has no longer one; the other half of the arithmetic is saved.
        let long = length_mm as f64 >= LONGEST_SEGMENT_M * 1000.0;
        if let Some(w) = kept.windows(2).find(|w| long && metres_between(w[0], w[1]) > LONGEST_SEGMENT_M) {
            let what =
                format!("two neighbouring vertices, {} and {}, are {:.0} km apart", w[0], w[1], metres_between(w[0], w[1]) / 1e3);
            self.points.truncate(first);
            issues.push(Layer::Roads, IssueCode::BadCoordinate, here.clone(), what);
            return;
        }
        if let Some(w) = kept.windows(2).find(|w| (w[0].lon() - w[1].lon()).abs() > 180.0) {
            let what = format!("the line crosses the 180th meridian between {} and {}: cut it there", w[0], w[1]);
            self.points.truncate(first);
            issues.push(Layer::Roads, IssueCode::BadCoordinate, here.clone(), what);
            return;
        }
        self.read_mm += length_mm;
        let class = match self.why_left_out(raw, reading) {
            Ok(class) => class,
            Err(code) => {
                self.points.truncate(first);
                let key = (code, here.file.clone().unwrap_or_default(), raw.class_text.to_owned());
                let cell = self.left_out.entry(key).or_default();
                cell.0 += 1;
                cell.1 += length_mm;
                self.left_out_mm += length_mm;
                return;
            }
        };
        let len = (self.points.len() - first) as u32;
        let name = self.names.intern(raw.name);
        let reference = self.names.intern(raw.reference);
        let speed = raw.speed_kmh.filter(|v| (3.0..=200.0).contains(v)).unwrap_or_else(|| reading.speeds.of(class));
        self.roads.push(Road {
            name,
            reference,
            class,
            oneway: raw.oneway,
            level: raw.level,
            speed_kmh: speed as f32,
            length_mm: u32::try_from(length_mm).unwrap_or(u32::MAX),
            first: first as u32,
            len,
        });
    }

    fn why_left_out(&self, raw: &RawRoad<'_>, reading: &Reading) -> std::result::Result<RoadClass, IssueCode> {
        match raw.class {
            _ if raw.exclude => Err(IssueCode::ClassExcluded),
            None => Err(IssueCode::UnknownClass),
            Some(class) if !reading.classes.contains(&class) => Err(IssueCode::ClassExcluded),
            Some(class) => raw.closed.map_or(Ok(class), Err),
        }
    }

    /// Writes the books of what was left out into the issues, one record a reason, file and class value.
    pub fn close_books(&mut self, issues: &mut Issues) {
        for ((code, file, class), (count, mm)) in std::mem::take(&mut self.left_out) {
            let what = match code {
                IssueCode::UnknownClass => format!("class \"{class}\" is not mapped to a road class"),
                IssueCode::NoMotorVehicles => format!("class \"{class}\", closed to motor vehicles"),
                IssueCode::ReversibleRoad => format!("class \"{class}\", open one way at some hours and the other way at others"),
                _ => format!("class \"{class}\" is left out by [roads]"),
            };
            let at = Location::file(file).field("class");
            issues.push_many(Layer::Roads, code, at, what, count, mm);
        }
        issues.count_mut(Layer::Roads).used = self.roads.len() as u64;
    }
}
