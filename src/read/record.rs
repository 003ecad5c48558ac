//! One record of a layer, whatever the format of its file. Not judged yet: that is `layers`.

use super::formats::SourceFile;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use geojson::{Feature, GeometryValue};
use std::collections::HashSet;

/// Attributes by the file's own column names.
pub type Columns = serde_json::Map<String, serde_json::Value>;

/// A record as a file gives it, its positions already in WGS 84 degrees.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The file's own id, where the format has one beside the attributes.
    pub id: Option<String>,
    /// Geometry; `None` where the file has none.
    pub geometry: Option<GeometryValue>,
    /// Attributes.
    pub columns: Columns,
}

impl From<Feature> for Record {
    fn from(feature: Feature) -> Self {
        let id = feature.id.map(|id| match id {
            geojson::feature::Id::String(s) => s,
            geojson::feature::Id::Number(n) => n.to_string(),
        });
        Self { id, geometry: feature.geometry.map(|g| g.value), columns: feature.properties.unwrap_or_default() }
    }
}

/// Ids that files give beside the attributes: they stand in for an id column, each once.
#[derive(Debug, Default)]
pub struct OwnIds(HashSet<String>);

impl OwnIds {
    /// The place of a record with its own id, where it has one and none had it before.
    pub fn name(&mut self, here: Location, id: Option<&str>, layer: Layer, issues: &mut Issues) -> Location {
        let Some(id) = id.map(str::trim).filter(|id| !id.is_empty()) else { return here };
        if self.0.insert(id.to_owned()) {
            return here.id(id);
        }
        let what = format!("the feature id \"{id}\" stands before it too; the number of the record was taken instead");
        issues.push(layer, IssueCode::DuplicateId, here.clone(), what);
        here
    }
}

/// Why a record cannot be handed on.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The kind of issue.
    pub code: IssueCode,
    /// The sentence.
    pub what: String,
    /// The field, where one is to blame.
    pub field: Option<String>,
}

impl Fault {
    /// A record that does not parse.
    pub fn bad(what: impl Into<String>) -> Self {
        Self { code: IssueCode::BadRecord, what: what.into(), field: None }
    }

    /// A coordinate that is none.
    pub fn coordinate(what: impl Into<String>) -> Self {
        Self { code: IssueCode::BadCoordinate, what: what.into(), field: None }
    }
}

/// Where a record stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the record, from 1.
    pub number: u64,
    /// Line, from 1; 0 where the format has no lines.
    pub line: u64,
}

impl Place {
    /// The place in a file.
    pub fn of(self, file: &SourceFile) -> Location {
        let here = Location::file(file.shown.as_str()).feature(self.number);
        if self.line > 0 { here.line(self.line, 0) } else { here }
    }
}

/// The coordinate system that a file declares.
#[derive(Clone, Debug, PartialEq)]
pub enum FileCrs {
    /// An EPSG code.
    Epsg(u32),
    /// Well-known text.
    Wkt(String),
    /// A name of another register.
    Name(String),
}

/// The last rows of sheets: of XLS, and of XLSX and ODS.
const LAST_ROWS: [u64; 2] = [65_536, 1_048_576];

/// Something that is told of a file beside its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The kind of issue.
    pub code: IssueCode,
    /// Number of the record, from 1; 0 where it is about no record.
    pub feature: u64,
    /// Line or row of the sheet, from 1; 0 for the file as a whole.
    pub line: u64,
    /// The column; may be empty.
    pub field: String,
    /// The sentence.
    pub what: String,
    /// How many cells or records it stands for.
    pub count: u64,
}

impl Note {
    /// One about the file as a whole.
    pub fn of_file(code: IssueCode, what: String) -> Self {
        Self { code, feature: 0, line: 0, field: String::new(), what, count: 1 }
    }

    /// One about a guess of the encoding.
    pub fn of_guess(encoding: &str, sample: &str) -> Self {
        Self::of_file(IssueCode::EncodingGuessed, format!("the text was taken for {encoding}: \"{sample}\""))
    }

    /// One about a table whose last row is the last that a spreadsheet can have.
    pub fn of_full_sheet(last: u64) -> Option<Self> {
        let full = LAST_ROWS.contains(&last);
        full.then(|| {
            Self::of_file(
                IssueCode::CutShort,
                format!("the table ends at row {last}, the last that a spreadsheet can have: what came behind it is lost"),
            )
        })
    }

    /// Whether it tells of cells whose formula failed: `#N/A`, `#REF!`.
    pub fn is_failed(&self) -> bool {
        self.code == IssueCode::FormulaWithoutValue && self.what.contains("failed,")
    }

    /// Puts it among the issues of a layer.
    pub fn push(self, file: &str, layer: Layer, issues: &mut Issues) {
        let mut at = Location::file(file).line(self.line, 0);
        at.feature = (self.feature > 0).then_some(self.feature);
        let at = if self.field.is_empty() { at } else { at.field(self.field) };
        issues.push_many(layer, self.code, at, self.what, self.count, 0);
    }
}

/// What a format hands to the layer that is read from it.
pub trait Sink {
    /// The coordinate system, before the first record.
    ///
    /// # Errors
    /// When positions in it cannot be taken to WGS 84.
    fn crs(&mut self, crs: &FileCrs) -> crate::error::Result<()>;

    /// One record, or why it is none.
    fn record(&mut self, place: Place, record: Result<Record, Fault>);

    /// The encoding was told from the bytes; `sample` is what they read as.
    fn guessed(&mut self, encoding: &str, sample: Option<&str>) {
        if let Some(sample) = sample {
            self.note(Note::of_guess(encoding, sample));
        }
    }

    /// Something about the file that people are to know; what only looks at records may pass it over.
    fn note(&mut self, _note: Note) {}
}
