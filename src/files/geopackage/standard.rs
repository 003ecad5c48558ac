//! The standard's own tables, and the layers' entries in them.
//!
//! # References
//! OGC 12-128r19, annex C (table definitions), F.9 (schema extension).

use super::blob::SRS;
use super::{GeometryKind, PackageLayer, PackageRows};
use crate::error::{Error, Result};
pub(crate) use crate::files::qgis_style::quoted;
use crate::files::schema::{Column, ColumnType};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// Column with the geometry.
pub(crate) const GEOMETRY: &str = "geom";

/// Fast, and of fixed bytes; without a journal, because a file that was not finished is thrown away.
const OPEN: &str = "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = OFF; \
                    PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536; \
                    PRAGMA foreign_keys = OFF; BEGIN; PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300;";

const TABLES: &str = r#"
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
"#;

/// Opens the one transaction in which a file is made, and makes the standard's tables.
pub(crate) fn begin(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(OPEN)?;
    db.execute_batch(TABLES)
}

/// Refuses names that a layer must not have, those of the standard, of SQLite, and twice the same; SQLite does not tell A from a.
/// A style must look at a column that is there.
pub(crate) fn check(layers: &[PackageLayer<'_, '_>]) -> Result<()> {
    let (mut names, mut titles) = (BTreeSet::new(), BTreeSet::from(["layer_styles"]));
    for layer in layers {
        let name = layer.name.to_ascii_lowercase();
        let ours = ["gpkg_", "sqlite_", "rtree_", "layer_styles"].iter().any(|start| name.starts_with(start));
        let is_bad = name.is_empty() || name.contains(char::is_control) || ours;
        if is_bad || !names.insert(name) || !titles.insert(layer.title) {
            return Err(Error::internal(format!("a GeoPackage cannot have this layer, or not twice: \"{}\"", layer.name)));
        }
        if layer.style.as_ref().is_some_and(|s| !s.suits(layer.columns)) {
            return Err(Error::internal(format!("the style of \"{}\" looks at a column that is not there", layer.name)));
        }
    }
    Ok(())
}

/// The names of the columns in the table: like those asked for, but each once. Columns of a county table are the user's.
pub(crate) fn column_names(columns: &[Column]) -> Vec<String> {
    unique_names(columns.iter().map(|c| c.name.as_str()))
}

/// The names that columns of these names have in a table.
pub fn unique_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken: BTreeSet<String> = ["fid", GEOMETRY].map(str::to_owned).into();
    let unique = |name: &str| {
        let plain = name.replace(char::is_control, "_");
        let mut name = plain.clone();
        for n in 2.. {
            if taken.insert(name.to_ascii_lowercase()) {
                break;
            }
            name = format!("{plain}_{n}");
        }
        name
    };
    names.map(unique).collect()
}

/// Makes the table of a layer.
pub(crate) fn create_table(db: &Connection, layer: &PackageLayer<'_, '_>, columns: &[String]) -> rusqlite::Result<()> {
    let mut sql = format!("CREATE TABLE {} (\"fid\" INTEGER PRIMARY KEY NOT NULL", quoted(layer.name));
    if let PackageRows::Features(kind, _) = &layer.rows {
        sql += &format!(", \"{GEOMETRY}\" {}", kind.as_str());
    }
    for (name, column) in columns.iter().zip(layer.columns) {
        let kind = match column.kind {
            ColumnType::Text => "TEXT",
            ColumnType::Integer => "INTEGER",
            ColumnType::Real => "REAL",
            ColumnType::Boolean => "BOOLEAN",
        };
        sql += &format!(", {} {kind}", quoted(name));
    }
    db.execute_batch(&(sql + ")"))
}

/// What the table of contents says of a layer.
pub(crate) struct About<'a> {
    name: &'a str,
    title: &'a str,
    description: &'a str,
    last_change: &'a str,
    /// None for a table without geometry.
    pub(crate) kind: Option<GeometryKind>,
}

impl<'a> About<'a> {
    /// Of a layer.
    pub(crate) fn of<'r: 'a>(layer: &PackageLayer<'r, '_>, last_change: &'a str) -> Self {
        let kind = if let PackageRows::Features(kind, _) = &layer.rows { Some(*kind) } else { None };
        Self { name: layer.name, title: layer.title, description: layer.description, last_change, kind }
    }

    /// Of the table with the styles.
    pub(crate) fn styles(last_change: &'a str) -> Self {
        Self { name: "layer_styles", title: "layer_styles", description: "QGIS", last_change, kind: None }
    }
}

/// Enters a layer into the table of contents, and its geometry.
pub(crate) fn register(db: &Connection, a: &About<'_>, bounds: Option<[f64; 4]>) -> rusqlite::Result<()> {
    let data_type = if a.kind.is_some() { "features" } else { "attributes" };
    let b = bounds.map_or([None; 4], |b| b.map(Some));
    db.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![a.name, data_type, a.title, a.description, a.last_change, b[0], b[1], b[2], b[3], a.kind.map(|_| SRS)],
    )?;
    if let Some(kind) = a.kind {
        let sql = "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)";
        db.execute(sql, params![a.name, GEOMETRY, kind.as_str(), SRS])?;
    }
    Ok(())
}

/// Writes what each column means: English with the unit and what an empty value says, then Chinese. There is no title, because QGIS
/// would show it instead of the name by which the other files and the dictionary know the column.
pub(crate) fn describe_columns(db: &Connection, table: &str, names: &[String], columns: &[Column]) -> rusqlite::Result<()> {
    let mut put = db.prepare("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, NULL, ?, NULL, NULL)")?;
    for (name, c) in names.iter().zip(columns) {
        let unit = if c.unit.is_empty() { String::new() } else { format!(" [{}]", c.unit) };
        let empty = if c.null_means.is_empty() { String::new() } else { format!("; empty: {}", c.null_means) };
        let zh = if c.zh.is_empty() { String::new() } else { format!("; {}", c.zh) };
        put.execute(params![table, name, name, format!("{}{unit}{empty}{zh}", c.en)])?;
    }
    Ok(())
}
