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
mod rows;
mod standard;
mod style;
#[cfg(test)]
mod tests;

use self::content::RowsSeal;
pub use crate::files::qgis_style::Style;
pub use content::{content_sha256, has_content};
pub use rows::{Held, Package, PackageTable};
pub use standard::unique_names;

use self::standard::{GEOMETRY, quoted};
use super::geojson::{Feature, GeometryKind, Shape, around};
use super::schema::{Column, ColumnType, Value};
use crate::error::{Error, Location, Result, path_text};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

impl GeometryKind {
    /// The standard's word.
    fn as_str(self) -> &'static str {
        match self {
            Self::Point => "POINT",
            Self::Line => "LINESTRING",
            Self::Lines => "MULTILINESTRING",
            Self::Area => "MULTIPOLYGON",
        }
    }

    fn is_of(self, shape: &Shape<'_>) -> bool {
        match shape {
            Shape::Point(_) => self == Self::Point,
            Shape::Line(_) => self == Self::Line,
            Shape::Lines(_) => self == Self::Lines,
            Shape::Area(_) => self == Self::Area,
        }
    }
}

/// The rows of a layer; each is taken when it is written, so they need not be in memory together.
pub enum PackageRows<'r, 'a> {
    /// Features. The column `id`, where there is one, gets their id as it comes: who gives them makes it unique, where it is to be what a
    /// GeoJSON of the same features says.
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
/// `2026-01-01T00:00:00.000Z`. Positions are WGS 84, in degrees, longitude first, as exact as they are held. Gives the seal of what the
/// file says, that of [`content_sha256`].
///
/// # Errors
/// Environment, naming the file, when it cannot be written or is there already; those of the rows; internal, when names of layers
/// clash or rows do not fit their columns. No file is left behind then.
///
/// # References
/// OGC 12-128r19, 1.1 (container), 2.1 (features), 2.4 (attributes), F.3 (R-tree), F.9 (schema).
pub fn write_geopackage(path: &Path, last_change: &str, layers: Vec<PackageLayer<'_, '_>>) -> Result<String> {
    standard::check(&layers)?;
    // SQLite takes a relative "file:…" for an address, so it is given the whole path.
    let whole =
        std::path::absolute(path).and_then(|p| File::create_new(&p).map(|_| p)).map_err(|e| cannot(path, &e.to_string()))?;
    fill(&whole, path, last_change, layers).inspect_err(|_| {
        // Nothing can be done about a rest that cannot be removed either; the error is what matters.
        let _ = std::fs::remove_file(&whole);
    })
}

fn fill(whole: &Path, shown: &Path, last_change: &str, layers: Vec<PackageLayer<'_, '_>>) -> Result<String> {
    let sql = |e| failed(shown, e);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(whole, flags).map_err(sql)?;
    standard::begin(&db).map_err(sql)?;
    let (mut styles, mut put_in) = (Vec::new(), BTreeMap::new());
    for layer in layers {
        let columns = standard::column_names(layer.columns);
        standard::create_table(&db, &layer, &columns).map_err(sql)?;
        let about = standard::About::of(&layer, last_change);
        if about.kind.is_some() {
            styles.extend(layer.style.map(|style| (layer.name, style)));
        }
        let sheet = Sheet { db: &db, shown, table: layer.name, names: &columns, columns: layer.columns };
        let (bounds, seal) = match layer.rows {
            PackageRows::Features(kind, rows) => sheet.features(kind, rows)?,
            PackageRows::Table(rows) => sheet.rows(rows)?,
        };
        put_in.insert(layer.name.to_owned(), seal);
        standard::register(&db, &about, bounds).map_err(sql)?;
        standard::describe_columns(&db, layer.name, &columns, layer.columns).map_err(sql)?;
    }
    style::save(&db, &styles, last_change).map_err(sql)?;
    db.execute_batch("COMMIT").map_err(sql)?;
    let seal = content::seal(&db, &put_in).map_err(sql)?;
    db.close().map_err(|(_, e)| failed(shown, e))?;
    debug_assert_eq!(content_sha256(whole).ok().as_deref(), Some(seal.as_str()), "what was put in is what is read");
    Ok(seal)
}

/// West, south, east, north; none where nothing has a place.
type Bounds = Option<[f64; 4]>;

/// A table to be filled.
struct Sheet<'d> {
    db: &'d Connection,
    shown: &'d Path,
    table: &'d str,
    /// Of the columns, as the table has them.
    names: &'d [String],
    columns: &'d [Column],
}

impl<'d> Sheet<'d> {
    fn features(&self, kind: GeometryKind, rows: &mut dyn Iterator<Item = Result<Feature<'_>>>) -> Result<(Bounds, RowsSeal)> {
        let sql = |e| failed(self.shown, e);
        let mut insert = Insert::into(self, Some(GEOMETRY)).map_err(sql)?;
        let (mut entries, mut bounds, mut bytes) = (Vec::new(), None, Vec::new());
        let id_at = self.names.iter().position(|c| c == "id");
        for (fid, feature) in (1..).zip(rows) {
            let feature = feature?;
            if !kind.is_of(&feature.shape) {
                return Err(Error::internal(format!("a feature of \"{}\" is no {}", self.table, kind.as_str())));
            }
            self.fits(&feature.values)?;
            bytes.clear();
            if let Some(bbox) = blob::encode(&feature.shape, &mut bytes) {
                entries.push(index::Entry::new(fid, bbox));
                bounds = Some(bounds.map_or(bbox, |b| around(b, bbox)));
            }
            let fixed = [ValueRef::Integer(fid), ValueRef::Blob(&bytes)].into_iter().map(ToSqlOutput::Borrowed);
            let id = |k: usize, v| {
                if Some(k) == id_at { ToSqlOutput::Borrowed(ValueRef::Text(feature.id.as_bytes())) } else { bound(v) }
            };
            insert.row(fixed.chain(feature.values.iter().enumerate().map(|(k, v)| id(k, v)))).map_err(sql)?;
        }
        index::build(self.db, self.table, entries).map_err(sql)?;
        Ok((bounds, insert.seal))
    }

    fn rows(&self, rows: &mut dyn Iterator<Item = Result<Vec<Value>>>) -> Result<(Bounds, RowsSeal)> {
        let sql = |e| failed(self.shown, e);
        let mut insert = Insert::into(self, None).map_err(sql)?;
        for (fid, values) in (1..).zip(rows) {
            let values = values?;
            self.fits(&values)?;
            let fid = ToSqlOutput::Borrowed(ValueRef::Integer(fid));
            insert.row(std::iter::once(fid).chain(values.iter().map(bound))).map_err(sql)?;
        }
        Ok((None, insert.seal))
    }

    /// Whether a row has a value of its kind for each column: SQLite would make a text of a number in a column of texts, and say nothing.
    fn fits(&self, values: &[Value]) -> Result<()> {
        use ColumnType as C;
        let of_its_kind = |(column, value): &(&Column, &Value)| match value {
            Value::Text(_) | Value::Shared(_) | Value::Word(_) => column.kind == C::Text,
            Value::Integer(_) => column.kind == C::Integer,
            Value::Real(_) | Value::Exact(_) => column.kind == C::Real,
            Value::Boolean(_) => column.kind == C::Boolean,
            Value::Null => true,
        };
        let (table, columns) = (self.table, self.columns);
        if columns.len() != values.len() {
            let what = format!("a row of \"{table}\" has {} values for {} columns", values.len(), columns.len());
            return Err(Error::internal(what));
        }
        match columns.iter().zip(values).find(|pair| !of_its_kind(pair)) {
            None => Ok(()),
            Some((column, value)) => Err(Error::internal(format!("\"{table}\": {value:?} is no value of \"{}\"", column.name))),
        }
    }
}

/// Rows on their way into a table, and what they say.
struct Insert<'d> {
    statement: Statement<'d>,
    seal: RowsSeal,
}

impl<'d> Insert<'d> {
    fn into(sheet: &Sheet<'d>, geometry: Option<&str>) -> rusqlite::Result<Self> {
        let places = vec!["?"; 1 + usize::from(geometry.is_some()) + sheet.columns.len()].join(",");
        // the order is that of the table, which we just made
        let statement = sheet.db.prepare(&format!("INSERT INTO {} VALUES ({places})", quoted(sheet.table)))?;
        Ok(Self { statement, seal: RowsSeal::default() })
    }

    /// Binds and runs one row.
    fn row<'v>(&mut self, row: impl Iterator<Item = ToSqlOutput<'v>>) -> rusqlite::Result<()> {
        for (at, value) in (1..).zip(row) {
            match &value {
                ToSqlOutput::Owned(own) => self.seal.value(own.into()),
                ToSqlOutput::Borrowed(value) => self.seal.value(*value),
                _ => return Err(rusqlite::Error::InvalidQuery), // none of ours
            }
            self.statement.raw_bind_parameter(at, value)?;
        }
        self.seal.end_row();
        self.statement.raw_execute().map(drop)
    }
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
