//! Reads back what a GeoPackage of ours says, value by value: for whoever holds it against the tables that say the same.

use super::content::{open, unreadable};
use super::standard::{GEOMETRY, quoted};
use crate::error::Result;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::path::{Path, PathBuf};

/// A GeoPackage that is read.
pub struct Package {
    db: Connection,
    path: PathBuf,
}

/// A table of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageTable {
    /// Its name.
    pub name: String,
    /// Whether its rows have places.
    pub is_layer: bool,
}

/// A value that is read back.
#[derive(Clone, Debug, PartialEq)]
pub enum Held {
    /// None.
    Null,
    /// A whole number, true or false.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes, which no column of ours holds.
    Bytes,
}

impl Package {
    /// Opens a file that anybody may have made.
    ///
    /// # Errors
    /// Input, when it is none.
    pub fn open(path: &Path) -> Result<Self> {
        let db = open(path).map_err(|e| unreadable(path, &e))?;
        Ok(Self { db, path: path.to_path_buf() })
    }

    /// What its table of contents names, but for styles.
    ///
    /// # Errors
    /// Input, when it cannot be read.
    pub fn tables(&self) -> Result<Vec<PackageTable>> {
        let read = || -> rusqlite::Result<Vec<PackageTable>> {
            let sql = "SELECT table_name, data_type FROM gpkg_contents WHERE table_name <> 'layer_styles' ORDER BY table_name";
            let mut query = self.db.prepare(sql)?;
            let one =
                |r: &rusqlite::Row<'_>| Ok(PackageTable { name: r.get(0)?, is_layer: r.get::<_, String>(1)? == "features" });
            query.query_map([], one)?.collect()
        };
        read().map_err(|e| unreadable(&self.path, &e))
    }

    /// The columns of a table, without number and geometry, as [`Package::rows`] gives them.
    ///
    /// # Errors
    /// Input, when it cannot be read.
    pub fn columns(&self, table: &str) -> Result<Vec<String>> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let query = self.db.prepare(&format!("SELECT * FROM {} LIMIT 0", quoted(table)))?;
            Ok(query.column_names().into_iter().filter(|name| is_value(name)).map(str::to_owned).collect())
        };
        read().map_err(|e| unreadable(&self.path, &e))
    }

    /// Hands on the rows of a table in their order, without number and geometry; gives its columns.
    ///
    /// # Errors
    /// Input, when it cannot be read.
    pub fn rows(&self, table: &str, each: &mut dyn FnMut(Vec<Held>)) -> Result<Vec<String>> {
        let mut read = || -> rusqlite::Result<Vec<String>> {
            let mut query = self.db.prepare(&format!("SELECT * FROM {} NOT INDEXED ORDER BY fid", quoted(table)))?;
            let all: Vec<String> = query.column_names().into_iter().map(str::to_owned).collect();
            let own: Vec<usize> = (0..all.len()).filter(|i| is_value(&all[*i])).collect();
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                each(own.iter().map(|i| Ok(held(row.get_ref(*i)?))).collect::<rusqlite::Result<_>>()?);
            }
            Ok(own.iter().map(|i| all[*i].clone()).collect())
        };
        read().map_err(|e| unreadable(&self.path, &e))
    }
}

/// Whether a column is neither the number of a row nor its place.
fn is_value(column: &str) -> bool {
    !["fid", GEOMETRY].contains(&column)
}

fn held(value: ValueRef<'_>) -> Held {
    match value {
        ValueRef::Null => Held::Null,
        ValueRef::Integer(i) => Held::Integer(i),
        ValueRef::Real(v) => Held::Real(v),
        ValueRef::Text(t) => Held::Text(String::from_utf8_lossy(t).into_owned()),
        ValueRef::Blob(_) => Held::Bytes,
    }
}
