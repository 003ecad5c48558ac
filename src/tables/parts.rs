//! A table or a layer without the type of its rows, so that a folder, a GeoPackage and the dictionary go through all of them alike.

use super::packaged::words_of;
use crate::error::Result;
use crate::files::flatgeobuf::{LayerHead, write_flatgeobuf};
use crate::files::geojson::{Feature, Features, GeometryKind, bbox_of, write_collection};
use crate::files::rules::Rule;
use crate::files::schema::{Column, Value};
use crate::files::table::{ShapedTable, Table};
use crate::results::LayerRows;
use crate::space::LonLat;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What a part is called: its name in a GeoPackage, its title, and what it is in English and Chinese.
pub type Words = [&'static str; 3];

/// A table or a layer without its rows: what is known of it with no results at hand.
pub struct Known {
    /// Its file.
    pub file: String,
    /// Its columns, in each form that it can have; none where there are others by the criteria.
    pub columns: Vec<Vec<Column>>,
    /// What must hold in its rows.
    pub rules: Vec<Rule>,
}

impl Known {
    /// A table that has these columns always.
    pub(super) fn table<R>(file: &str, table: &Table<'_, R>) -> Self {
        Self { columns: vec![table.columns()], ..Self::by_criteria(file, table) }
    }

    /// A table that has the columns of one form or of another.
    pub(super) fn either<R>(file: &str, forms: [&Table<'_, R>; 2]) -> Self {
        Self { columns: forms.iter().map(|t| t.columns()).collect(), ..Self::by_criteria(file, forms[1]) }
    }

    /// A table whose columns depend on the criteria.
    pub(super) fn by_criteria<R>(file: &str, table: &Table<'_, R>) -> Self {
        Self { file: file.to_owned(), columns: Vec::new(), rules: table.rules().to_vec() }
    }

    /// A layer; its columns depend on the criteria.
    pub(super) fn layer<R>(name: &str, layer: &ShapedTable<'_, R>) -> Self {
        Self::by_criteria(&format!("{name}.geojson"), &layer.table)
    }
}

/// Columns by name, each with a short head in English and Chinese.
pub type Heads = &'static [(&'static str, [&'static str; 2])];

/// Rows of values.
type Rows<'a> = Box<dyn Iterator<Item = Vec<Value>> + 'a>;

/// A table of a folder.
pub struct TablePart<'a> {
    /// Its file.
    pub file: &'static str,
    /// What it is called in a GeoPackage; none where it is not in there.
    pub words: Option<Words>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Title of the section that it makes on the page of a county, in English and Chinese; none where it makes none.
    pub on_county: Option<[&'static str; 2]>,
    /// The columns that its section has, with a short head each; all of them, under their meaning, where none are named.
    pub heads: Heads,
    rows: Box<dyn Fn() -> Rows<'a> + Send + Sync + 'a>,
}

/// The rows of a table by county.
#[derive(Debug, Default)]
pub struct CountyRows(BTreeMap<String, Vec<Vec<Value>>>);

impl CountyRows {
    /// The rows of the county with a code, in their order.
    pub fn of(&self, code: &str) -> &[Vec<Value>] {
        self.0.get(code).map_or(&[], Vec::as_slice)
    }
}

/// The column that says which county a row is of.
const OF_COUNTY: &str = "county_code";

impl<'a> TablePart<'a> {
    /// A table with its rows, called in a GeoPackage as the list of those says.
    pub fn new<R: 'a, I: Iterator<Item = R> + 'a>(
        file: &'static str,
        make: impl Fn() -> Table<'a, R> + Send + Sync + 'a,
        rows: impl Fn() -> I + Send + Sync + 'a,
    ) -> Self {
        let columns = make().columns();
        let values = move || -> Rows<'a> {
            let table = make();
            Box::new(rows().map(move |row| table.values(&row)))
        };
        Self { file, words: words_of(file), columns, on_county: None, heads: &[], rows: Box::new(values) }
    }

    /// The same, shown on the page of a county under a title in English and Chinese.
    #[must_use]
    pub fn on_county(mut self, title: [&'static str; 2]) -> Self {
        self.on_county = Some(title);
        self
    }

    /// The same, with these columns only, each under a short head: for tables that would not fit on a page.
    #[must_use]
    pub fn under(mut self, heads: Heads) -> Self {
        self.heads = heads;
        self
    }

    /// All of its rows by the code in their column `county_code`; none where it has none.
    pub fn rows_by_county(&self) -> CountyRows {
        let mut all = CountyRows::default();
        let Some(column) = self.columns.iter().position(|c| c.name == OF_COUNTY) else { return all };
        for row in self.rows() {
            if let Value::Text(code) = &row[column] {
                all.0.entry(code.clone()).or_default().push(row);
            }
        }
        all
    }

    /// Its rows.
    pub fn rows(&self) -> Rows<'a> {
        (self.rows)()
    }

    /// Writes it as CSV.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::files::table::write_csv(out, &self.columns, self.rows())
    }
}

/// A layer whose GeoJSON has more bytes is written as FlatGeobuf with an index too: a GIS then draws what is looked at and reads no more.
pub const LARGE_LAYER: u64 = 20_000_000;

/// The features of a chunk.
type MakeFeatures<'a> = dyn Fn(usize) -> Result<Vec<Feature<'a>>> + Send + Sync + 'a;
/// West, south, east, north of all features.
type Bbox<'a> = dyn Fn() -> Result<Option<[f64; 4]>> + Send + Sync + 'a;

/// A layer of a folder.
pub struct LayerPart<'a> {
    /// Its name.
    pub name: &'static str,
    /// What it is called in a GeoPackage.
    pub words: Words,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many chunks its features come in.
    pub chunks: usize,
    /// Written as FlatGeobuf, which is a fifth as large, and not as GeoJSON.
    is_flatgeobuf: bool,
    make: Box<MakeFeatures<'a>>,
    bbox: Box<Bbox<'a>>,
}

impl<'a> LayerPart<'a> {
    /// A layer whose rows come in chunks.
    pub fn new<R: crate::county::ResultRow>(
        name: &'static str,
        words: Words,
        layer: ShapedTable<'a, R>,
        rows: LayerRows<'a, R>,
        bbox: impl Fn() -> Result<Option<[f64; 4]>> + Send + Sync + 'a,
    ) -> Self {
        let (columns, chunks) = (layer.table.columns(), rows.chunks);
        let make = move |k: usize| Ok(rows.chunk(k)?.par_iter().map(|row| layer.feature(row)).collect());
        Self { name, words, columns, chunks, is_flatgeobuf: false, make: Box::new(make), bbox: Box::new(bbox) }
    }

    /// A layer of a list of rows.
    pub fn of_list<R: Send + Sync + 'a>(
        name: &'static str,
        words: Words,
        layer: ShapedTable<'a, R>,
        rows: Vec<R>,
        bbox: Option<[f64; 4]>,
    ) -> Self {
        let columns = layer.table.columns();
        let make = move |_| Ok(rows.par_iter().map(|row| layer.feature(row)).collect());
        let bbox = Box::new(move || Ok(bbox));
        Self { name, words, columns, chunks: 1, is_flatgeobuf: false, make: Box::new(make), bbox }
    }

    /// The same as FlatGeobuf.
    #[must_use]
    pub(super) fn into_flatgeobuf(mut self) -> Self {
        self.is_flatgeobuf = true;
        self
    }

    /// Its file.
    pub fn file(&self) -> String {
        format!("{}.{}", self.name, if self.is_flatgeobuf { "fgb" } else { "geojson" })
    }

    /// The geometry of its features.
    pub fn kind(&self) -> GeometryKind {
        match self.name {
            "counties" => GeometryKind::Area,
            "gaps" | "gaps_all" | "coverage" => GeometryKind::Line,
            "corridors" | "corridor_gaps" => GeometryKind::Lines,
            _ => GeometryKind::Point,
        }
    }

    /// Writes its file.
    ///
    /// # Errors
    /// Those of the writer and, wrapped, of the rows.
    pub fn write(&self, out: &mut (dyn Write + Send), notice: &[String]) -> io::Result<()> {
        if self.is_flatgeobuf { self.flatgeobuf(out) } else { self.geojson(out, notice) }
    }

    /// The name of its FlatGeobuf.
    pub fn indexed_file(&self) -> String {
        format!("{}.fgb", self.name)
    }

    /// Writes it as FlatGeobuf.
    ///
    /// # Errors
    /// As [`LayerPart::write`].
    pub fn flatgeobuf(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let [title, en, zh] = self.words;
        let description = format!("{en} · {zh}");
        let head = LayerHead { name: self.name, title, description: &description, kind: self.kind(), columns: &self.columns };
        let make = |k: usize| self.chunk(k).map_err(io::Error::other);
        write_flatgeobuf(out, head, &Features { chunks: self.chunks, make: &make })
    }

    /// The features of a chunk.
    ///
    /// # Errors
    /// As [`LayerRows::chunk`].
    pub fn chunk(&self, k: usize) -> Result<Vec<Feature<'a>>> {
        (self.make)(k)
    }

    fn geojson(&self, out: &mut (dyn Write + Send), notice: &[String]) -> io::Result<()> {
        let bbox = (self.bbox)().map_err(io::Error::other)?;
        let make = |k: usize| self.chunk(k).map_err(io::Error::other);
        write_collection(out, self.name, bbox, notice, &self.columns, &Features { chunks: self.chunks, make: &make })
    }
}

/// West, south, east, north of rows that are points.
///
/// # Errors
/// Those of the rows.
pub(super) fn bbox_of_points<'a, R: crate::county::ResultRow>(
    rows: &LayerRows<'a, R>,
    at: impl Fn(&R) -> LonLat,
) -> Result<Option<[f64; 4]>> {
    let mut all = None;
    for k in 0..rows.chunks {
        let here = bbox_of(rows.chunk(k)?.iter().map(|row| at(row)));
        all = all.into_iter().chain(here).reduce(crate::files::geojson::around);
    }
    Ok(all)
}
