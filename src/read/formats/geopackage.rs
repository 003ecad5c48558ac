//! GeoPackage: one feature table of an SQLite file, in the order of its rows. The file is opened read-only and untouched.

use super::SourceFile;
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::input;
use crate::read::beside;
use crate::read::geometry::from_gpkg;
use crate::read::guard::guarded;
use crate::read::record::{Fault, FileCrs, Place, Record, Sink};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Number, Value};
use std::collections::BTreeSet;

/// Names of the layers of features, in order.
///
/// # Errors
/// Input, when the file is damaged or none is a layer.
pub fn layer_names(file: &SourceFile) -> Result<Vec<String>> {
    let at = || Location::file(file.shown.as_str());
    let damaged = |e: rusqlite::Error| Error::input(format!("the GeoPackage cannot be read: {e}"), "write it again").at(at());
    let (db, _) = opened(file)?;
    Ok(layers(&db).map_err(damaged)?.into_iter().map(|l| l.table).collect())
}

/// The open database, its work limited, and the size of the file.
fn opened(file: &SourceFile) -> Result<(Connection, u64)> {
    let at = || Location::file(file.shown.as_str());
    let damaged = |e: rusqlite::Error| Error::input(format!("the GeoPackage cannot be read: {e}"), "write it again").at(at());
    beside::refuse_changes(file)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let bytes = input::size(&file.path)?;
    let db = Connection::open_with_flags(uri(&input::place(&file.path)?), flags).map_err(damaged)?;
    limit_work(&db, bytes).map_err(damaged)?; // the tables that list the layers can be views, too
    Ok((db, bytes))
}

/// Reads a layer; returns its format for the manifest.
///
/// # Errors
/// Input, when the file is damaged or rows wait in a file beside it; usage, naming the layers, when it has several and none is chosen.
pub fn read(file: &SourceFile, how: &How<'_>, out: &mut dyn Sink) -> Result<String> {
    let at = || Location::file(file.shown.as_str());
    let damaged = |e: rusqlite::Error| Error::input(format!("the GeoPackage cannot be read: {e}"), "write it again").at(at());
    let failed = |e: rusqlite::Error| too_much(&e).map_or_else(|| damaged(e), |e| e.at(at()));
    let (db, bytes) = opened(file)?;
    if let Some(other) = other_kind(&db).map_err(failed)? {
        return Err(other.at(at()));
    }
    let layers = layers(&db).map_err(failed)?;
    let LayerRow { table, column, srs } = &choose(&db, &layers, how.inside, file)?;
    if let Some(crs) = crs(&db, *srs).map_err(damaged)? {
        out.crs(&crs)?;
    }
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    // In the order of the rows' numbers, so that a table reads the same whatever indexes it has.
    let mut query = match db.prepare(&format!("SELECT * FROM {} ORDER BY rowid", quoted(table))) {
        Ok(query) => query,
        Err(_) => db.prepare(&format!("SELECT * FROM {}", quoted(table))).map_err(failed)?, // a view has no row numbers
    };
    let names: Vec<String> = guarded(|| query.column_names().into_iter().map(str::to_owned).collect())
        .ok_or_else(|| Error::input("a column's name is not UTF-8", "rename it").at(at()))?; // the binding panics on one
    if !names.iter().any(|n| n.eq_ignore_ascii_case(column)) {
        let what =
            format!("the layer \"{table}\" has no column \"{column}\", and the GeoPackage says that its geometry is there");
        return Err(Error::input(what, format!("it has {}; write the layer again", names.join(", "))).at(at()));
    }
    let mut rows = query.query([]).map_err(failed)?;
    let (mut number, mut given) = (0, 0);
    while let Some(row) = rows.next().map_err(failed)? {
        number += 1;
        let mut record = Record::default();
        let mut fault = None;
        for (i, name) in names.iter().enumerate() {
            let value = row.get_ref(i).map_err(damaged)?;
            given += size_of_value(value);
            if name.eq_ignore_ascii_case(column) {
                match geometry(value) {
                    Ok(g) => record.geometry = g,
                    Err(e) => fault = Some(Fault::bad(format!("not a GeoPackage geometry: {e}"))),
                }
            } else {
                record.columns.insert(name.clone(), plain(value));
            }
        }
        if number > bytes || given > most_given(bytes) {
            return Err(never_ends().at(at()));
        }
        out.record(Place { number, line: 0 }, fault.map_or(Ok(record), Err));
    }
    Ok(format!("GeoPackage, layer {table}"))
}

/// A view repeats what the tables hold, and a join repeats it often; more than this is made to keep its reader busy.
fn most_given(bytes: u64) -> u64 {
    (64 << 20) + bytes.saturating_mul(32)
}

fn size_of_value(value: ValueRef<'_>) -> u64 {
    match value {
        ValueRef::Text(b) | ValueRef::Blob(b) => b.len() as u64,
        _ => 8,
    }
}

/// Interrupts a query that works far longer than it takes to read a file of so many bytes, and refuses values larger than the file can
/// hold: a view can compute for ever, and make a gigabyte from nothing.
pub(crate) fn limit_work(db: &Connection, bytes: u64) -> rusqlite::Result<()> {
    const STEPS_A_CALL: i32 = 1_000_000;
    /// The schema's own texts and what SQLite puts together inside need some room in the smallest file.
    const LEAST_LENGTH: u64 = 1 << 20;
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::try_from(bytes.max(LEAST_LENGTH)).unwrap_or(i32::MAX))?;
    let mut calls_left = 100 + bytes / 1000;
    db.progress_handler(
        STEPS_A_CALL,
        Some(move || {
            calls_left = calls_left.saturating_sub(1);
            calls_left == 0
        }),
    );
    Ok(())
}

/// What a query that was stopped by its limits comes to.
fn too_much(e: &rusqlite::Error) -> Option<Error> {
    match e.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) => Some(never_ends()),
        Some(rusqlite::ErrorCode::TooBig) => {
            Some(Error::input("the layer is a view that makes values larger than the file", "save its result as a table"))
        }
        _ => None,
    }
}

fn never_ends() -> Error {
    Error::input("the layer is a view whose query does not come to an end", "save its result as a table")
}

/// The refusal of a database that is another one by its tables.
fn other_kind(db: &Connection) -> rusqlite::Result<Option<Error>> {
    let mut query = db.prepare("SELECT lower(name) FROM sqlite_schema WHERE type IN ('table', 'view')")?;
    let names: BTreeSet<String> = query.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    let has = |all: &[&str]| all.iter().all(|n| names.contains(*n));
    let convert = "convert it: `ogr2ogr out.gpkg IN`";
    Ok(match () {
        () if names.iter().any(|n| n.starts_with("gpkg_")) => None,
        () if has(&["geometry_columns", "spatial_ref_sys"]) => {
            Some(Error::input("this is a SpatiaLite database, not a GeoPackage", convert))
        }
        () if has(&["tiles", "metadata"]) => {
            Some(Error::input("these are map tiles (MBTiles), not a GeoPackage", "give the data that the map was drawn from"))
        }
        () => Some(Error::input("this is an SQLite database without layers, not a GeoPackage", "export its tables as CSV")),
    })
}

/// A file as SQLite's URI; `immutable` keeps it from making a journal beside the user's file.
pub(crate) fn uri(path: &std::path::Path) -> String {
    let mut out = "file:".to_owned();
    for b in crate::system::address_bytes(path) {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => out.push(char::from(b)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out + "?immutable=1"
}

/// A table or view with its geometry column and the number of its coordinate system.
#[derive(Clone, Debug)]
struct LayerRow {
    table: String,
    column: String,
    srs: i64,
}

/// The layers that the file lists. SQL names mean the same in any case, so writers differ in it from table to table.
fn layers(db: &Connection) -> rusqlite::Result<Vec<LayerRow>> {
    let sql = "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c \
               JOIN gpkg_geometry_columns g ON g.table_name = c.table_name COLLATE NOCASE \
               WHERE c.data_type = 'features' COLLATE NOCASE ORDER BY c.table_name";
    let mut query = db.prepare(sql)?;
    let rows = query.query_map([], |r| Ok(LayerRow { table: r.get(0)?, column: r.get(1)?, srs: r.get(2)? }))?;
    rows.collect()
}

fn choose(db: &Connection, layers: &[LayerRow], wanted: Option<&str>, file: &SourceFile) -> Result<LayerRow> {
    let names = || layers.iter().map(|l| format!("\"{}\"", l.table)).collect::<Vec<_>>().join(", ");
    let at = Location::file(file.shown.as_str()).field("layer");
    match (wanted, layers) {
        (_, []) => Err(Error::input("the GeoPackage has no layer of features", "give one that has").at(at)),
        (None, [one]) => Ok(one.clone()),
        (None, _) => {
            let what = format!("the GeoPackage has {} layers: {}", layers.len(), names());
            Err(Error::usage(what, "choose one with layer = \"…\"").at(at))
        }
        (Some(name), _) => layers
            .iter()
            .find(|l| l.table == name)
            .or_else(|| layers.iter().find(|l| l.table.eq_ignore_ascii_case(name)))
            .cloned()
            .or_else(|| unlisted_view(db, layers, name))
            .ok_or_else(|| Error::usage(format!("the GeoPackage has no layer \"{name}\""), format!("it has {}", names())).at(at)),
    }
}

/// A view that the file does not list as a layer, and that passes on the geometry column of one that it lists.
fn unlisted_view(db: &Connection, layers: &[LayerRow], name: &str) -> Option<LayerRow> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'view' AND name = ?1 COLLATE NOCASE";
    let table: String = db.query_row(sql, [name], |r| r.get(0)).ok()?;
    let mut query = db.prepare("SELECT name FROM pragma_table_info(?1)").ok()?;
    let columns: Vec<String> = query.query_map([&table], |r| r.get(0)).ok()?.collect::<rusqlite::Result<_>>().ok()?;
    let listed = |column: &String| layers.iter().find(|l| l.column.eq_ignore_ascii_case(column)).map(|l| l.srs);
    let (column, srs) = columns.into_iter().find_map(|c| listed(&c).map(|srs| (c, srs)))?;
    Some(LayerRow { table, column, srs })
}

fn crs(db: &Connection, srs: i64) -> rusqlite::Result<Option<FileCrs>> {
    let sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let row = db.query_row(sql, [srs], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?, r.get::<_, String>(2)?)));
    let (organization, code, definition) = match row {
        Ok(row) => row,
        Err(rusqlite::Error::QueryReturnedNoRows) => return Ok(None),
        Err(e) => return Err(e),
    };
    if organization.eq_ignore_ascii_case("epsg")
        && let Ok(code) = u32::try_from(code)
    {
        return Ok(Some(FileCrs::Epsg(code)));
    }
    Ok(definition.contains('[').then_some(FileCrs::Wkt(definition)))
}

fn geometry(value: ValueRef<'_>) -> std::result::Result<Option<geojson::GeometryValue>, String> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Blob(bytes) => from_gpkg(bytes),
        _ => Err("the column holds no binary".to_owned()),
    }
}

fn plain(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(v) => Value::from(v),
        ValueRef::Real(v) => Number::from_f64(v).map_or(Value::Null, Value::Number),
        ValueRef::Text(bytes) => Value::String(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}
