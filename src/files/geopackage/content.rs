//! The seal of what a GeoPackage says, beside that of its bytes: programs that only look at a file change bytes of it, such as the two
//! of its header that say how it is locked.

use super::standard::quoted;
use crate::error::{Error, Location, Result, path_text};
use crate::read::formats::geopackage::{limit_work, uri};
use crate::read::hex;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// Bytes that are hashed at a time.
const PIECE: usize = 1 << 16;

/// SHA-256 over the marks of the file, its schema, and the rows of every table in their order: those of layers and tables, of the
/// standard's lists, of the spatial indexes (the tables behind them), and styles. Where they lie in the file does not matter.
///
/// # Errors
/// Input, when it cannot be read.
pub fn content_sha256(path: &Path) -> Result<String> {
    open(path).and_then(|db| seal(&db, &BTreeMap::new())).map_err(|e| unreadable(path, &e))
}

/// Whether a file is sound throughout, indexes included, and has this seal.
///
/// # Errors
/// Input, when it cannot be read.
pub fn has_content(path: &Path, sha256: &str) -> Result<bool> {
    let check = |db: Connection| {
        let sound: String = db.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?;
        Ok(sound == "ok" && seal(&db, &BTreeMap::new())? == sha256)
    };
    open(path).and_then(check).map_err(|e| unreadable(path, &e))
}

/// Opens a file that anybody may have made: only to read, nothing in its schema believed, and no longer than its size is worth.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let whole = crate::system::whole_path(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(uri(&whole), flags)?;
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
    limit_work(&db, std::fs::metadata(&whole).map_or(0, |m| m.len()))?;
    Ok(db)
}

/// The seal of a file that is open; rows that were taken down when they were put in are not read again.
pub(super) fn seal(db: &Connection, put_in: &BTreeMap<String, RowsSeal>) -> rusqlite::Result<String> {
    let mut whole = RowsSeal::default();
    whole.query(db, "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version")?;
    whole.query(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")?;
    // what has pages of its own: not the virtual table of an index, whose rows stand in the tables behind it
    let mut tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name")?;
    let tables: Vec<String> = tables.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    for table in tables {
        let rows = match put_in.get(&table) {
            Some(rows) => rows.clone(),
            None => {
                let mut rows = RowsSeal::default();
                rows.query(db, &format!("SELECT * FROM {} NOT INDEXED", quoted(&table)))?; // so they come as they lie in the table
                rows
            }
        };
        whole.value(ValueRef::Text(table.as_bytes()));
        whole.value(ValueRef::Blob(&rows.finish()));
    }
    Ok(hex(&whole.finish()))
}

/// What rows say, value by value in their order.
#[derive(Clone, Default)]
pub(super) struct RowsSeal {
    hash: Sha256,
    piece: Vec<u8>,
    rows: u64,
}

impl RowsSeal {
    /// All rows of a query.
    fn query(&mut self, db: &Connection, sql: &str) -> rusqlite::Result<()> {
        let mut query = db.prepare(sql)?;
        let columns = query.column_count();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            for i in 0..columns {
                self.value(row.get_ref(i)?);
            }
            self.end_row();
        }
        Ok(())
    }

    pub(super) fn end_row(&mut self) {
        self.rows += 1;
        self.piece.push(b'.');
    }

    /// Kind, length where it can differ, and bytes: no two lists of values give the same stream.
    pub(super) fn value(&mut self, value: ValueRef<'_>) {
        let mut put = |kind: u8, bytes: &[u8]| {
            self.piece.push(kind);
            self.piece.extend_from_slice(bytes);
        };
        match value {
            ValueRef::Null => put(b'n', &[]),
            ValueRef::Integer(v) => put(b'i', &v.to_le_bytes()),
            ValueRef::Real(v) => put(b'r', &v.to_bits().to_le_bytes()),
            ValueRef::Text(t) => {
                put(b't', &(t.len() as u64).to_le_bytes());
                self.piece.extend_from_slice(t);
            }
            ValueRef::Blob(b) => {
                put(b'b', &(b.len() as u64).to_le_bytes());
                self.piece.extend_from_slice(b);
            }
        }
        if self.piece.len() >= PIECE {
            self.hash.update(&self.piece);
            self.piece.clear();
        }
    }

    fn finish(mut self) -> [u8; 32] {
        self.piece.extend_from_slice(&self.rows.to_le_bytes());
        self.hash.update(&self.piece);
        self.hash.finalize().into()
    }
}

pub(super) fn unreadable(path: &Path, e: &rusqlite::Error) -> Error {
    Error::input(format!("the GeoPackage cannot be read: {e}"), "write it again").at(Location::file(path_text(path)))
}
