//! Outcome in, run folder out: layers, tables, map, report, manifest; whole or not at all.

pub mod dictionary;
pub mod folder;
pub mod geojson;
pub mod layers;
pub mod manifest;
pub mod run_folder;
pub mod schema;
pub mod tables;
