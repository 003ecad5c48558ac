//! What `check` tells about the layers as they were read: counts, filled fields, kilometres, and where the issues lie.
//!
//! It looks at records, not at the network: what only a run can find (pieces cut off, stations far from any road) is not here.

use crate::config::RoadClass;
use crate::config::region_file::RegionTable;
use crate::config::station_words::{Access, Status};
use crate::error::{Error, Location};
use crate::issue::{Issue, IssueCode, Issues, Layer, Severity};
use crate::read::candidate::Candidate;
use crate::read::road::{OneWay, Roads};
use crate::read::station::Station;
use crate::read::{InputFile, Inputs};
use crate::setup::steps::Step;
use crate::space::{LonLat, line_mm};
use geo::Centroid;
use std::collections::BTreeMap;

/// Everything a data report says, before it is JSON, a page or lines on a terminal.
#[derive(Debug)]
pub struct CheckFacts<'a> {
    /// INPUT as typed.
    pub input: &'a str,
    /// Names and notices of the region; `None` when its file could not be read.
    pub region: Option<&'a RegionTable>,
    /// The layers; `None` when reading stopped.
    pub inputs: Option<&'a Inputs>,
    /// What was found up to the end or the error.
    pub issues: &'a Issues,
    /// Why a run would not start; `None` when it would.
    pub error: Option<&'a Error>,
    /// Files with their fingerprints; when reading stopped, those that can be opened.
    pub files: &'a [InputFile],
    /// The largest share of refused records of a layer that a run accepts (0 to 1); 0 with `--strict`, `None` when not known.
    pub limit: Option<f64>,
    /// What is left to do, the first first.
    pub steps: &'a [Step],
}

/// Counts of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerCounts {
    /// The layer.
    pub layer: Layer,
    /// Records read.
    pub read: u64,
    /// Records, of roads lines, that a run uses.
    pub kept: u64,
    /// Records left out on purpose or for want of a class, not for a fault.
    pub left_out: u64,
    /// Records refused.
    pub refused: u64,
    /// Refusals by code.
    pub by_code: Vec<(IssueCode, u64)>,
}

/// How many records have a value in a field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldFacts {
    /// The layer.
    pub layer: Layer,
    /// Our name of the field.
    pub field: &'static str,
    /// Records that have a value.
    pub filled: u64,
    /// Records that could have one (swap bays: stations that swap).
    pub of: u64,
    /// For fields of words: how often each stands, the most frequent first.
    pub values: Vec<(String, u64)>,
}

/// A column that nothing used.
#[derive(Clone, Debug, PartialEq)]
pub struct UnusedColumn {
    /// The layer.
    pub layer: Layer,
    /// The file, where the layer has one.
    pub file: String,
    /// The column.
    pub column: String,
    /// It looks like one of ours.
    pub like_ours: bool,
}

/// Roads that are kept of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassFacts {
    /// Lines.
    pub lines: u64,
    /// Length, millimetres.
    pub mm: u64,
    /// Of that, open one way only, millimetres.
    pub one_way_mm: u64,
    /// Of all, with a name, millimetres.
    pub named_mm: u64,
}

/// The kept roads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoadFacts {
    /// By class, in the order of [`RoadClass::ALL`].
    pub classes: [ClassFacts; 8],
    /// Length of every line read, millimetres.
    pub read_mm: u64,
    /// Length left out, millimetres.
    pub left_out_mm: u64,
}

impl RoadFacts {
    /// All classes together.
    pub fn all(&self) -> ClassFacts {
        self.classes.iter().fold(ClassFacts::default(), |s, c| ClassFacts {
            lines: s.lines + c.lines,
            mm: s.mm + c.mm,
            one_way_mm: s.one_way_mm + c.one_way_mm,
            named_mm: s.named_mm + c.named_mm,
        })
    }
}

/// An issue with its position, where one is known.
#[derive(Debug)]
pub struct PlacedIssue<'a> {
    /// The issue.
    pub issue: &'a Issue,
    /// Where the record stands on the ground; `None` for refused records, roads and whole files.
    pub at: Option<LonLat>,
}

impl CheckFacts<'_> {
    /// Counts of the layers.
    pub fn layers(&self) -> Vec<LayerCounts> {
        let by_code = self.issues.by_code();
        let sum = |layer: Layer, keep: &dyn Fn(IssueCode) -> bool| -> Vec<(IssueCode, u64)> {
            by_code.iter().filter(|((l, c), _)| *l == layer && keep(*c)).map(|((_, c), (n, _))| (*c, *n)).collect()
        };
        let facts = |layer: Layer| {
            let count = self.issues.count(layer);
            LayerCounts {
                layer,
                read: count.read,
                kept: count.used,
                left_out: sum(layer, &left_out).iter().map(|(_, n)| n).sum(),
                refused: self.issues.refused(layer),
                by_code: sum(layer, &|c| c.severity() == Severity::Refused),
            }
        };
        self.issues.layers().map(facts).collect()
    }

    /// Filled fields of every layer that was read; none when reading stopped.
    pub fn fields(&self) -> Vec<FieldFacts> {
        let Some(inputs) = self.inputs else { return Vec::new() };
        let mut all = county_fields(inputs);
        all.extend(road_fields(&inputs.roads));
        all.extend(station_fields(&inputs.stations));
        all.extend(settlement_fields(inputs));
        all.extend(candidate_fields(&inputs.candidates));
        all
    }

    /// The kept roads; `None` when reading stopped.
    pub fn roads(&self) -> Option<RoadFacts> {
        self.inputs.map(|i| road_facts(&i.roads))
    }

    /// Roads left out: code, what the source calls it, records, millimetres; the longest first.
    pub fn roads_left_out(&self) -> Vec<&Issue> {
        let mut all: Vec<&Issue> =
            self.issues.sorted().into_iter().filter(|i| i.layer == Layer::Roads && left_out(i.code)).collect();
        all.sort_by_key(|i| std::cmp::Reverse(i.length_mm));
        all
    }

    /// Columns that nothing used, by layer and file, in alphabetical order; those that look like one of ours among them.
    pub fn unused_columns(&self) -> Vec<UnusedColumn> {
        let of = |i: &&Issue| matches!(i.code, IssueCode::UnusedColumn | IssueCode::LooksLikeField);
        let column = |i: &Issue| {
            Some(UnusedColumn {
                layer: i.layer,
                file: i.at.file.clone().unwrap_or_default(),
                column: i.at.field.clone()?,
                like_ours: i.code == IssueCode::LooksLikeField,
            })
        };
        self.issues.sorted().into_iter().filter(of).filter_map(column).collect()
    }

    /// Every issue in the order layer, file, feature, with the position of its record where it was kept.
    pub fn placed(&self) -> Vec<PlacedIssue<'_>> {
        let places = self.inputs.map(Places::of).unwrap_or_default();
        self.issues.sorted().into_iter().map(|issue| PlacedIssue { issue, at: places.find(issue) }).collect()
    }
}

/// Whether a code means that a sound record was left out.
fn left_out(code: IssueCode) -> bool {
    matches!(code, IssueCode::ClassExcluded | IssueCode::UnknownClass | IssueCode::NoMotorVehicles | IssueCode::OtherKind)
}

fn filled<T>(layer: Layer, field: &'static str, all: &[T], has: impl Fn(&T) -> bool) -> FieldFacts {
    FieldFacts { layer, field, filled: all.iter().filter(|t| has(t)).count() as u64, of: all.len() as u64, values: Vec::new() }
}

/// The words of a field; an empty one is no value.
fn words<'a, T>(layer: Layer, field: &'static str, all: &'a [T], word: impl Fn(&'a T) -> &'a str) -> FieldFacts {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for t in all {
        *counts.entry(word(t)).or_default() += 1;
    }
    counts.remove("");
    let mut values: Vec<(String, u64)> = counts.into_iter().map(|(w, n)| (w.to_owned(), n)).collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    FieldFacts { layer, field, filled: values.iter().map(|v| v.1).sum(), of: all.len() as u64, values }
}

/// A record without an id is numbered by its reader.
fn own_id(id: &str, source: &Location) -> bool {
    !id.is_empty() && source.feature.is_none_or(|n| id != format!("row-{n}"))
}

fn county_fields(inputs: &Inputs) -> Vec<FieldFacts> {
    let all = &inputs.counties;
    let layer = Layer::Counties;
    vec![
        filled(layer, "name", all, |c| !c.name.is_empty() && c.name != c.code),
        filled(layer, "name_zh", all, |c| !c.name_zh.is_empty()),
        filled(layer, "valid", all, |c| c.valid),
    ]
}

fn road_fields(roads: &Roads) -> Vec<FieldFacts> {
    let oneway = |r: &crate::read::road::Road| if r.oneway == OneWay::No { "" } else { "one_way" };
    let mut one_way = words(Layer::Roads, "oneway", roads.list(), oneway);
    one_way.values.clear();
    vec![
        filled(Layer::Roads, "name", roads.list(), |r| r.name != 0),
        words(Layer::Roads, "class", roads.list(), |r| r.class.as_str()),
        one_way,
    ]
}

fn station_fields(all: &[Station]) -> Vec<FieldFacts> {
    let l = Layer::Stations;
    let chargers: Vec<&Station> = all.iter().filter(|s| s.charging).collect();
    let swaps: Vec<&Station> = all.iter().filter(|s| s.swap).collect();
    let kind = |s: &Station| {
        if s.charging && s.swap {
            "both"
        } else if s.swap {
            "swap"
        } else if s.hydrogen && !s.charging {
            "hydrogen"
        } else {
            "charging"
        }
    };
    let access = |s: &Station| if s.access == Access::Unknown { "" } else { s.access.as_str() };
    let status = |s: &Station| if s.status == Status::Unknown { "" } else { s.status.as_str() };
    vec![
        filled(l, "id", all, |s| own_id(&s.id, &s.source)),
        filled(l, "name", all, |s| !s.name.is_empty()),
        words(l, "kind", all, kind),
        filled(l, "points", &chargers, |s| s.points.is_some()),
        filled(l, "power_kw", &chargers, |s| s.power_kw.is_some()),
        filled(l, "total_kw", all, |s| s.total_kw.is_some()),
        filled(l, "sockets", &chargers, |s| !s.sockets.is_empty()),
        filled(l, "swap_bays", &swaps, |s| s.swap_bays.is_some()),
        filled(l, "swap_batteries", &swaps, |s| s.swap_batteries.is_some()),
        filled(l, "operator", all, |s| !s.operator.is_empty()),
        words(l, "access", all, access),
        words(l, "status", all, status),
        filled(l, "opened", all, |s| !s.opened.is_empty()),
    ]
}

fn settlement_fields(inputs: &Inputs) -> Vec<FieldFacts> {
    let (l, all) = (Layer::Settlements, &inputs.settlements);
    vec![
        filled(l, "id", all, |s| own_id(&s.id, &s.source)),
        filled(l, "name", all, |s| !s.name.is_empty()),
        filled(l, "name_zh", all, |s| !s.name_zh.is_empty()),
        filled(l, "population", all, |s| s.population.is_some()),
        words(l, "kind", all, |s| &s.kind),
    ]
}

fn candidate_fields(all: &[Candidate]) -> Vec<FieldFacts> {
    let l = Layer::Candidates;
    if all.is_empty() {
        return Vec::new();
    }
    vec![
        filled(l, "id", all, |c| own_id(&c.id, &c.source)),
        filled(l, "name", all, |c| !c.name.is_empty()),
        filled(l, "name_zh", all, |c| !c.name_zh.is_empty()),
        words(l, "kind", all, |c| &c.kind),
        filled(l, "cost", all, |c| c.cost.is_some()),
        filled(l, "headroom_kw", all, |c| c.headroom_kw.is_some()),
        filled(l, "max_kw", all, |c| c.max_kw.is_some()),
        words(l, "land", all, |c| &c.land),
        words(l, "fixed", all, |c| c.fixed.as_str()),
    ]
}

fn road_facts(roads: &Roads) -> RoadFacts {
    let mut facts = RoadFacts { read_mm: roads.read_mm, left_out_mm: roads.left_out_mm, ..RoadFacts::default() };
    for road in roads.list() {
        let mm = line_mm(roads.points(road));
        let class = &mut facts.classes[road.class.index()];
        class.lines += 1;
        class.mm += mm;
        class.one_way_mm += if road.oneway == OneWay::No { 0 } else { mm };
        class.named_mm += if road.name == 0 { 0 } else { mm };
    }
    facts
}

/// Classes with at least one line.
pub fn classes_with_lines(facts: &RoadFacts) -> impl Iterator<Item = (RoadClass, ClassFacts)> + '_ {
    RoadClass::ALL.into_iter().zip(facts.classes).filter(|(_, c)| c.lines > 0)
}

/// Positions of kept records by the place in the input that issues name.
#[derive(Default)]
struct Places {
    by_feature: BTreeMap<(Layer, String, u64), LonLat>,
    by_id: BTreeMap<(Layer, String, String), LonLat>,
    counties: BTreeMap<String, LonLat>,
}

impl Places {
    fn of(inputs: &Inputs) -> Self {
        let mut places = Self::default();
        for s in &inputs.stations {
            places.add(Layer::Stations, &s.source, s.at);
        }
        for s in &inputs.settlements {
            places.add(Layer::Settlements, &s.source, s.at);
        }
        for c in &inputs.candidates {
            places.add(Layer::Candidates, &c.source, c.at);
        }
        for c in &inputs.counties {
            if let Some(at) = c.shape.centroid().and_then(|p| LonLat::new(p.x(), p.y()).ok()) {
                places.add(Layer::Counties, &c.source, at);
                places.counties.insert(c.code.clone(), at);
            }
        }
        places
    }

    fn add(&mut self, layer: Layer, source: &Location, at: LonLat) {
        let file = source.file.clone().unwrap_or_default();
        if let Some(n) = source.feature {
            self.by_feature.insert((layer, file.clone(), n), at);
        }
        if let Some(id) = &source.id {
            self.by_id.entry((layer, file, id.clone())).or_insert(at);
        }
    }

    /// A refused record was not kept, so that nothing is found for it unless its id is that of another: then nothing is said.
    fn find(&self, issue: &Issue) -> Option<LonLat> {
        let file = issue.at.file.clone().unwrap_or_default();
        match (issue.at.feature, &issue.at.id) {
            (Some(n), _) => self.by_feature.get(&(issue.layer, file, n)).copied(),
            (None, Some(_)) if issue.code.severity() == Severity::Refused => None,
            (None, Some(id)) if issue.at.file.is_none() && issue.layer == Layer::Counties => self.counties.get(id).copied(),
            (None, Some(id)) => self.by_id.get(&(issue.layer, file, id.clone())).copied(),
            (None, None) => None,
        }
    }
}
