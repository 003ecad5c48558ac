//! A table or a layer without the type of its rows, so that a folder, a GeoPackage and the dictionary go through all of them alike.

use crate::error::Result;
use crate::files::geojson::{Feature, Features, bbox_of, write_collection};
use crate::files::schema::{Column, Value};
use crate::files::table::{ShapedTable, Table};
use crate::results::LayerRows;
use crate::space::LonLat;
use rayon::prelude::*;
use std::io::{self, Write};

/// What a part is called: its name in a GeoPackage, its title, and what it is in English and Chinese.
pub type Words = [&'static str; 3];

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
    rows: Box<dyn Fn() -> Rows<'a> + Send + Sync + 'a>,
}

impl<'a> TablePart<'a> {
    /// A table with its rows.
    pub fn new<R: 'a, I: Iterator<Item = R> + 'a>(
        file: &'static str,
        words: Option<Words>,
        make: impl Fn() -> Table<'a, R> + Send + Sync + 'a,
        rows: impl Fn() -> I + Send + Sync + 'a,
    ) -> Self {
        let columns = make().columns();
        let values = move || -> Rows<'a> {
            let table = make();
            Box::new(rows().map(move |row| table.values(&row)))
        };
        Self { file, words, columns, rows: Box::new(values) }
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

/// The features of a chunk.
type MakeFeatures<'a> = dyn Fn(usize) -> Result<Vec<Feature<'a>>> + Send + Sync + 'a;
/// West, south, east, north of all features.
type Bbox<'a> = dyn Fn() -> Result<Option<[f64; 4]>> + Send + Sync + 'a;

/// A layer of a folder.
pub struct LayerPart<'a> {
    /// Its name; `NAME.geojson` is its file.
    pub name: &'static str,
    /// What it is called in a GeoPackage.
    pub words: Words,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many chunks its features come in.
    pub chunks: usize,
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
        Self { name, words, columns, chunks, make: Box::new(make), bbox: Box::new(bbox) }
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
        Self { name, words, columns, chunks: 1, make: Box::new(make), bbox: Box::new(move || Ok(bbox)) }
    }

    /// The features of a chunk.
    ///
    /// # Errors
    /// As [`LayerRows::chunk`].
    pub fn chunk(&self, k: usize) -> Result<Vec<Feature<'a>>> {
        (self.make)(k)
    }

    /// Writes it as GeoJSON.
    ///
    /// # Errors
    /// Those of the writer and, wrapped, of the rows.
    pub fn geojson(&self, out: &mut (dyn Write + Send), notice: &[String]) -> io::Result<()> {
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
