//! GeoPackage: one feature table of an SQLite file, in the order of its rows. The file is opened read-only and untouched.

use super::SourceFile;
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::read::geometry::from_gpkg;
use crate::read::guard::guarded;
use crate::read::record::{Fault, FileCrs, Place, Record, Sink};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Number, Value};

/// Reads a layer; returns its format for the manifest.
///
/// # Errors
/// Input, when the file is damaged; usage, naming the layers, when it has several and none is chosen.
pub fn read(file: &SourceFile, how: &How<'_>, out: &mut dyn Sink) -> Result<String> {
    let at = || Location::file(file.shown.as_str());
    let damaged = |e: rusqlite::Error| Error::input(format!("the GeoPackage cannot be read: {e}"), "write it again").at(at());
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(uri(&file.path), flags).map_err(damaged)?;
    let bytes = std::fs::metadata(&file.path).map_err(|e| Error::io("open the file", &file.path, &e))?.len();
    limit_work(&db, bytes); // the tables that list the layers can be views, too
    let layers = layers(&db).map_err(|e| endless(&e).map_or_else(|| damaged(e), |e| e.at(at())))?;
    let (table, column, srs) = choose(&layers, how.inside, file)?;
    if let Some(crs) = crs(&db, *srs).map_err(damaged)? {
        out.crs(&crs)?;
    }
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    // In the order of the rows' numbers, so that a table reads the same whatever indexes it has.
    let mut query = match db.prepare(&format!("SELECT * FROM {} ORDER BY rowid", quoted(table))) {
        Ok(query) => query,
        Err(_) => db.prepare(&format!("SELECT * FROM {}", quoted(table))).map_err(damaged)?, // a view has no row numbers
    };
    let names: Vec<String> = guarded(|| query.column_names().into_iter().map(str::to_owned).collect())
        .ok_or_else(|| Error::input("a column's name is not UTF-8", "rename it").at(at()))?; // the binding panics on one
    let mut rows = query.query([]).map_err(damaged)?;
    let mut number = 0;
    while let Some(row) = rows.next().map_err(|e| endless(&e).map_or_else(|| damaged(e), |e| e.at(at())))? {
        number += 1;
        if number > bytes {
            return Err(never_ends().at(at()));
        }
        let mut record = Record::default();
        let mut fault = None;
        for (i, name) in names.iter().enumerate() {
            let value = row.get_ref(i).map_err(damaged)?;
            if name == column {
                match geometry(value) {
                    Ok(g) => record.geometry = g,
                    Err(e) => fault = Some(Fault::bad(format!("not a GeoPackage geometry: {e}"))),
                }
            } else {
                record.columns.insert(name.clone(), plain(value));
            }
        }
        out.record(Place { number, line: 0 }, fault.map_or(Ok(record), Err));
    }
    Ok(format!("GeoPackage, layer {table}"))
}

/// Interrupts a query that works far longer than it takes to read a file of so many bytes: a view can compute for ever.
pub(crate) fn limit_work(db: &Connection, bytes: u64) {
    const STEPS_A_CALL: i32 = 1_000_000;
    let mut calls_left = 100 + bytes / 1000;
    db.progress_handler(
        STEPS_A_CALL,
        Some(move || {
            calls_left = calls_left.saturating_sub(1);
            calls_left == 0
        }),
    );
}

fn endless(e: &rusqlite::Error) -> Option<Error> {
    (e.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted)).then(never_ends)
}

fn never_ends() -> Error {
    Error::input("the layer is a view whose query does not come to an end", "save its result as a table")
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

/// Table, geometry column, number of its coordinate system.
type LayerRow = (String, String, i64);

fn layers(db: &Connection) -> rusqlite::Result<Vec<LayerRow>> {
    let sql = "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c \
               JOIN gpkg_geometry_columns g ON g.table_name = c.table_name WHERE c.data_type = 'features' ORDER BY c.table_name";
    let mut query = db.prepare(sql)?;
    let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    rows.collect()
}

fn choose<'a>(layers: &'a [LayerRow], wanted: Option<&str>, file: &SourceFile) -> Result<&'a LayerRow> {
    let names = || layers.iter().map(|l| format!("\"{}\"", l.0)).collect::<Vec<_>>().join(", ");
    let at = Location::file(file.shown.as_str()).field("layer");
    match (wanted, layers) {
        (_, []) => Err(Error::input("the GeoPackage has no layer of features", "give one that has").at(at)),
        (None, [one]) => Ok(one),
        (None, _) => {
            let what = format!("the GeoPackage has {} layers: {}", layers.len(), names());
            Err(Error::usage(what, "choose one with layer = \"…\"").at(at))
        }
        (Some(name), _) => layers
            .iter()
            .find(|l| l.0 == name)
            .ok_or_else(|| Error::usage(format!("the GeoPackage has no layer \"{name}\""), format!("it has {}", names())).at(at)),
    }
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
