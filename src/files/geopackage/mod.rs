//! GeoPackage: all layers and tables in one SQLite file, with spatial indexes, the meaning of each column, and styles for QGIS.
//!
//! Same input, same bytes: the page size is fixed, the date is given, and rows come in the order of the iterators. A file is built
//! without a journal, so a half of one is no file; the caller puts it in a hidden folder and syncs it. It is not for changing a file
//! that is there.
//!
//! # References
//! OGC 12-128r19, GeoPackage Encoding Standard. Version 1.3: what GDAL and QGIS of the last years read without a warning.

mod blob;
mod content;
mod index;
mod standard;
mod style;
#[cfg(test)]
mod tests;

pub use content::{content_sha256, has_content};
pub use style::Style;

use self::standard::{GEOMETRY, quoted};
use super::geojson::{Feature, Shape, around};
use super::schema::{Column, Value};
use crate::error::{Error, Location, Result, path_text};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};
use std::fs::File;
use std::path::Path;

/// Geometry of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryKind {
    /// Points.
    Point,
    /// Lines.
    Line,
    /// Areas, each a multipolygon.
    Area,
}

impl GeometryKind {
    /// The standard's word.
    fn as_str(self) -> &'static str {
        match self {
            Self::Point => "POINT",
            Self::Line => "LINESTRING",
            Self::Area => "MULTIPOLYGON",
        }
    }

    fn is_of(self, shape: &Shape<'_>) -> bool {
        match shape {
            Shape::Point(_) => self == Self::Point,
            Shape::Line(_) => self == Self::Line,
            Shape::Area(_) => self == Self::Area,
        }
    }
}

/// The rows of a layer; each is taken when it is written, so they need not be in memory together.
pub enum PackageRows<'r, 'a> {
    /// Features. The column `id`, where there is one, gets their id, as in GeoJSON, but one that comes again stays as it is: `fid` tells
    /// rows apart.
    Features(GeometryKind, &'r mut dyn Iterator<Item = Result<Feature<'a>>>),
    /// Rows of a table without geometry: values in the order of the columns.
    Table(&'r mut dyn Iterator<Item = Result<Vec<Value>>>),
}

/// A layer or a table.
pub struct PackageLayer<'r, 'a> {
    /// Name of the table.
    pub name: &'r str,
    /// Title, unique in the file.
    pub title: &'r str,
    /// What it holds, English and Chinese.
    pub description: &'r str,
    /// Columns. One that is called like the row number `fid`, the geometry `geom` or a column before it gets `_2` behind its name.
    pub columns: &'r [Column],
    /// Rows.
    pub rows: PackageRows<'r, 'a>,
    /// How QGIS draws it; of no use for a table.
    pub style: Option<Style>,
}

/// Writes a new file; layers stand in it in their order, and behind them
/// the table of styles, if any. `last_change` is the date in the table of contents, like
/// `2026-01-01T00:00:00.000Z`. Positions are WGS 84, in degrees, longitude first, as exact as they are held.
///
/// # Errors
/// Environment, naming the file, when it cannot be written or is there already; those of the rows; internal, when names of layers
/// clash or rows do not fit their columns. No file is left behind then.
///
/// # References
/// OGC 12-128r19, 1.1 (container), 2.1 (features), 2.4 (attributes), F.3 (R-tree), F.9 (schema).
pub fn write_geopackage(path: &Path, last_change: &str, layers: Vec<PackageLayer<'_, '_>>) -> Result<()> {
    standard::check(&layers)?;
    // SQLite takes a relative "file:…" for an address, so it is given the whole path.
    let whole =
        std::path::absolute(path).and_then(|p| File::create_new(&p).map(|_| p)).map_err(|e| cannot(path, &e.to_string()))?;
    fill(&whole, path, last_change, layers).inspect_err(|_| {
        // Nothing can be done about a rest that cannot be removed either; the error is what matters.
        let _ = std::fs::remove_file(&whole);
    })
}

fn fill(whole: &Path, shown: &Path, last_change: &str, layers: Vec<PackageLayer<'_, '_>>) -> Result<()> {
    let sql = |e| failed(shown, e);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(whole, flags).map_err(sql)?;
    standard::begin(&db).map_err(sql)?;
    let mut styles = Vec::new();
    for layer in layers {
        let columns = standard::column_names(layer.columns);
        standard::create_table(&db, &layer, &columns).map_err(sql)?;
        let about = standard::About::of(&layer, last_change);
        if about.kind.is_some() {
            styles.extend(layer.style.map(|style| (layer.name, style)));
        }
        let bounds = match layer.rows {
            PackageRows::Features(kind, rows) => write_features(&db, shown, layer.name, &columns, kind, rows)?,
            PackageRows::Table(rows) => write_rows(&db, shown, layer.name, &columns, rows)?,
        };
        standard::register(&db, &about, bounds).map_err(sql)?;
        standard::describe_columns(&db, layer.name, &columns, layer.columns).map_err(sql)?;
    }
    style::save(&db, &styles, last_change).map_err(sql)?;
    db.execute_batch("COMMIT").map_err(sql)?;
    db.close().map_err(|(_, e)| failed(shown, e))
}

/// West, south, east, north; none where nothing has a place.
type Bounds = Option<[f64; 4]>;

fn write_features(
    db: &Connection,
    shown: &Path,
    table: &str,
    columns: &[String],
    kind: GeometryKind,
    rows: &mut dyn Iterator<Item = Result<Feature<'_>>>,
) -> Result<Bounds> {
    let sql = |e| failed(shown, e);
    let mut insert = db.prepare(&insert_sql(table, Some(GEOMETRY), columns)).map_err(sql)?;
    let (mut entries, mut bounds, mut bytes) = (Vec::new(), None, Vec::new());
    let id_at = columns.iter().position(|c| c == "id");
    for (fid, feature) in (1..).zip(rows) {
        let feature = feature?;
        if !kind.is_of(&feature.shape) {
            return Err(Error::internal(format!("a feature of \"{table}\" is no {}", kind.as_str())));
        }
        fits(table, columns, &feature.values)?;
        bytes.clear();
        if let Some(bbox) = blob::encode(&feature.shape, &mut bytes) {
            entries.push(index::Entry::new(fid, bbox));
            bounds = Some(bounds.map_or(bbox, |b| around(b, bbox)));
        }
        let fixed = [ValueRef::Integer(fid), ValueRef::Blob(&bytes)].into_iter().map(ToSqlOutput::Borrowed);
        let id =
            |k: usize, v| if Some(k) == id_at { ToSqlOutput::Borrowed(ValueRef::Text(feature.id.as_bytes())) } else { bound(v) };
        put(&mut insert, fixed.chain(feature.values.iter().enumerate().map(|(k, v)| id(k, v)))).map_err(sql)?;
    }
    index::build(db, table, entries).map_err(sql)?;
    Ok(bounds)
}

fn write_rows(
    db: &Connection,
    shown: &Path,
    table: &str,
    columns: &[String],
    rows: &mut dyn Iterator<Item = Result<Vec<Value>>>,
) -> Result<Bounds> {
    let sql = |e| failed(shown, e);
    let mut insert = db.prepare(&insert_sql(table, None, columns)).map_err(sql)?;
    for (fid, values) in (1..).zip(rows) {
        let values = values?;
        fits(table, columns, &values)?;
        let fid = ToSqlOutput::Borrowed(ValueRef::Integer(fid));
        put(&mut insert, std::iter::once(fid).chain(values.iter().map(bound))).map_err(sql)?;
    }
    Ok(None)
}

fn fits(table: &str, columns: &[String], values: &[Value]) -> Result<()> {
    if columns.len() == values.len() {
        return Ok(());
    }
    Err(Error::internal(format!("a row of \"{table}\" has {} values for {} columns", values.len(), columns.len())))
}

fn insert_sql(table: &str, geometry: Option<&str>, columns: &[String]) -> String {
    let places = vec!["?"; 1 + usize::from(geometry.is_some()) + columns.len()].join(",");
    format!("INSERT INTO {} VALUES ({places})", quoted(table)) // the order is that of the table, which we just made
}

/// Binds and runs one row.
fn put<'v>(insert: &mut Statement<'_>, row: impl Iterator<Item = ToSqlOutput<'v>>) -> rusqlite::Result<()> {
    for (at, value) in (1..).zip(row) {
        insert.raw_bind_parameter(at, value)?;
    }
    insert.raw_execute().map(drop)
}

/// A value as SQLite holds it. Text is not guarded against spreadsheets: nothing runs a cell of a database.
fn bound(value: &Value) -> ToSqlOutput<'_> {
    use rusqlite::types::Value as Own;
    ToSqlOutput::Borrowed(match value {
        Value::Text(t) => ValueRef::Text(t.as_bytes()),
        Value::Shared(json) => return ToSqlOutput::Owned(Own::Text(serde_json::from_str(json).unwrap_or_default())),
        Value::Word(w) => ValueRef::Text(w.as_bytes()),
        Value::Integer(i) => ValueRef::Integer(*i),
        Value::Real(v) => rounded(*v).map_or(ValueRef::Null, ValueRef::Real),
        Value::Exact(v) if v.is_finite() => ValueRef::Real(*v),
        Value::Boolean(b) => ValueRef::Integer((*b).into()),
        Value::Exact(_) | Value::Null => ValueRef::Null,
    })
}

/// The number of six decimals that the other writers write.
fn rounded(v: f64) -> Option<f64> {
    let rounded = (v * 1e6).round() / 1e6;
    rounded.is_finite().then_some(if rounded == 0.0 { 0.0 } else { rounded })
}

/// What went wrong in SQLite: the machine's fault, or ours where the statement was wrong.
fn failed(path: &Path, e: rusqlite::Error) -> Error {
    use ErrorCode as C;
    match e.sqlite_error_code() {
        Some(C::DiskFull) => Error::environment(format!("cannot write the GeoPackage: {e}"), "free some space and run again")
            .at(Location::file(path_text(path))),
        Some(C::ConstraintViolation | C::TypeMismatch | C::ParameterOutOfRange | C::ApiMisuse | C::Unknown) => {
            Error::internal(format!("the GeoPackage cannot be made: {e}")).at(Location::file(path_text(path)))
        }
        _ => cannot(path, &e.to_string()),
    }
}

fn cannot(path: &Path, why: &str) -> Error {
    Error::environment(format!("cannot write the GeoPackage: {why}"), "check that the folder is there and may be written to")
        .at(Location::file(path_text(path)))
}
