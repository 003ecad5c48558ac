//! Bytes: columns and values, CSV, GeoJSON, FlatGeobuf, GeoPackage, and the folder that appears whole or not at all. No domain.

pub mod atomic;
pub mod csv_table;
pub mod data_package;
pub mod flatgeobuf;
pub mod geojson;
#[cfg(feature = "gpkg")]
pub mod geopackage;
pub mod kind;
pub mod lang;
pub mod messages;
pub mod once;
pub mod palette;
#[cfg(feature = "gpkg")]
#[cfg(feature = "gpkg")]
pub mod qgis_project;
pub mod qgis_style;
pub mod rules;
pub mod schema;
pub mod scratch;
pub mod seal;
pub mod table;
pub mod text;
pub mod units;
pub mod whole_file;
