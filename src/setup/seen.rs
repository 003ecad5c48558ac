//! What is seen in a file, before anyone says what it is for.

use crate::error::path_text;
use crate::read::formats::SourceFile;
use crate::read::formats::sniff::FileKind;
use crate::read::record::Columns;
use geojson::GeometryValue;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// More different values of a column are not counted one by one.
const MOST_VALUES: usize = 400;
/// A longer value is a text and no word.
const LONGEST_VALUE: usize = 60;
/// Positions kept, to see whether two files hold the same points.
const MOST_PLACES: usize = 100_000;
/// Positions are the same within so much of a degree (a metre).
const SAME_DEGREES: f64 = 1e-5;

/// Which part of a file is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inside {
    /// All of it.
    Whole,
    /// A layer of a GeoPackage.
    Layer(String),
    /// A sheet of a workbook; the flag tells whether it has to be named.
    Sheet(String, bool),
}

/// What kind of content it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Records with attributes.
    Records(FileKind),
    /// An OpenStreetMap extract, not looked into.
    Osm,
    /// A GeoTIFF.
    Raster,
}

/// A column as its values are.
#[derive(Clone, Debug, Default)]
pub struct ColumnSeen {
    /// Its name.
    pub name: String,
    /// Records with a value.
    pub filled: u64,
    /// How often each value stands; empty once there are too many.
    pub values: BTreeMap<String, u64>,
    /// Whether there were too many different values, or long ones.
    pub many: bool,
    /// The first value.
    pub example: String,
}

/// A layer of records in a file.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Where it lies, as the region file is to name it.
    pub path: PathBuf,
    /// As people see it.
    pub shown: String,
    /// Which part of the file.
    pub inside: Inside,
    /// What it is.
    pub content: Content,
    /// Format and encoding, for people.
    pub format: String,
    /// Coordinate system, and who said so; empty without positions.
    pub crs: String,
    /// Records.
    pub records: u64,
    /// Records with a line, a polygon, a point.
    pub lines: u64,
    /// Records with a polygon.
    pub polygons: u64,
    /// Records with a point.
    pub points: u64,
    /// Columns in the order of the file.
    pub columns: Vec<ColumnSeen>,
    /// Where its geometries lie, in steps of about a metre.
    pub places: BTreeSet<(i64, i64)>,
    /// Why it could not be read as a whole.
    pub error: Option<String>,
    pub(super) index: BTreeMap<String, usize>,
}

impl Seen {
    /// One that nothing is known of yet.
    pub fn new(file: &SourceFile, inside: Inside, content: Content) -> Self {
        Self {
            path: PathBuf::from(&file.shown),
            shown: file.shown.clone(),
            inside,
            content,
            format: String::new(),
            crs: String::new(),
            records: 0,
            lines: 0,
            polygons: 0,
            points: 0,
            columns: Vec::new(),
            places: BTreeSet::new(),
            error: None,
            index: BTreeMap::new(),
        }
    }

    /// Takes a record into account.
    pub fn add(&mut self, columns: &Columns, geometry: Option<&GeometryValue>) {
        self.records += 1;
        match geometry {
            Some(GeometryValue::LineString { .. } | GeometryValue::MultiLineString { .. }) => self.lines += 1,
            Some(GeometryValue::Polygon { .. } | GeometryValue::MultiPolygon { .. }) => self.polygons += 1,
            Some(GeometryValue::Point { .. } | GeometryValue::MultiPoint { .. }) => self.points += 1,
            _ => {}
        }
        if self.places.len() < MOST_PLACES {
            self.places.extend(geometry.and_then(place_of));
        }
        for (name, value) in columns {
            let i = *self.index.entry(name.clone()).or_insert_with(|| {
                self.columns.push(ColumnSeen { name: name.clone(), ..ColumnSeen::default() });
                self.columns.len() - 1
            });
            self.columns[i].add(value);
        }
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&ColumnSeen> {
        self.index.get(name).map(|i| &self.columns[*i])
    }

    /// Names of its columns, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|c| c.name.as_str())
    }

    /// The name for people: file, and layer or sheet.
    pub fn title(&self) -> String {
        match &self.inside {
            Inside::Whole => self.shown.clone(),
            Inside::Layer(name) => format!("{}, layer {name}", self.shown),
            Inside::Sheet(name, _) => format!("{}, sheet {name}", self.shown),
        }
    }

    /// Words that hint at what it is: the name of the file, and of the layer or sheet.
    pub fn hint(&self) -> String {
        let file = self.path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let inside = match &self.inside {
            Inside::Whole => "",
            Inside::Layer(name) | Inside::Sheet(name, _) => name,
        };
        format!("{file} {inside}").to_lowercase()
    }

    /// Whether its places are those of another or a part of them: four fifths at least, for decimals are rounded.
    pub fn is_in(&self, other: &Self) -> bool {
        let both = self.places.intersection(&other.places).count();
        !self.places.is_empty() && both * 5 >= self.places.len() * 4
    }

    /// The path, for the region file.
    pub fn path_text(&self) -> String {
        path_text(&self.path)
    }
}

/// Where a geometry lies: its first position with its middle and last one, for many lines begin at one junction.
fn place_of(geometry: &GeometryValue) -> Option<(i64, i64)> {
    let list = match geometry {
        GeometryValue::Point { coordinates } => std::slice::from_ref(coordinates),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => coordinates,
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => coordinates.first()?,
        GeometryValue::MultiPolygon { coordinates } => coordinates.first()?.first()?,
        _ => return None,
    };
    let weighed = [(list.first()?, 1.0), (list.get(list.len() / 2)?, 3.0), (list.last()?, 5.0)];
    let sum = |axis: usize| weighed.iter().try_fold(0.0, |sum, (p, weight)| Some(sum + p.as_slice().get(axis)? * weight));
    let step = |sum: f64| (sum / 9.0 / SAME_DEGREES).round() as i64;
    Some((step(sum(0)?), step(sum(1)?)))
}

impl ColumnSeen {
    fn add(&mut self, value: &Value) {
        let text = match value {
            Value::Null => return,
            Value::String(s) => s.trim().to_owned(),
            other => other.to_string(),
        };
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        if self.example.is_empty() {
            self.example = text.chars().take(LONGEST_VALUE).collect();
        }
        if self.many {
            return;
        }
        if text.chars().count() > LONGEST_VALUE || (self.values.len() >= MOST_VALUES && !self.values.contains_key(&text)) {
            self.many = true;
            self.values.clear();
        } else {
            *self.values.entry(text).or_default() += 1;
        }
    }

    /// Its values, the commonest first.
    pub fn by_count(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<(&str, u64)> = self.values.iter().map(|(v, n)| (v.as_str(), *n)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        all
    }
}
