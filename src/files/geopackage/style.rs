//! Styles in a GeoPackage: a table `layer_styles`, in which QGIS looks by itself.
//!
//! # References
//! QGIS 3, `QgsOgrProviderMetadata::saveStyle`.

use super::standard::{About, GEOMETRY, register};
use crate::files::qgis_style::Style;
use rusqlite::{Connection, params};

/// Saves styles as the defaults of their tables; makes the table of styles, unless there is none to save.
pub(crate) fn save(db: &Connection, styles: &[(&str, Style)], last_change: &str) -> rusqlite::Result<()> {
    if styles.is_empty() {
        return Ok(());
    }
    db.execute_batch(
        "CREATE TABLE layer_styles (\"id\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, \"f_table_catalog\" TEXT(256), \
         \"f_table_schema\" TEXT(256), \"f_table_name\" TEXT(256), \"f_geometry_column\" TEXT(256), \"styleName\" TEXT(30), \
         \"styleQML\" TEXT, \"styleSLD\" TEXT, \"useAsDefault\" BOOLEAN, \"description\" TEXT, \"owner\" TEXT(30), \
         \"ui\" TEXT(30), \"update_time\" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))",
    )?;
    register(db, &About::styles(last_change), None)?;
    let mut put = db.prepare("INSERT INTO layer_styles VALUES (NULL, '', '', ?, ?, ?, ?, '', 1, ?, '', NULL, ?)")?;
    for (table, style) in styles {
        put.execute(params![table, GEOMETRY, style.name(), style.qml(), style.name(), last_change])?;
    }
    Ok(())
}
