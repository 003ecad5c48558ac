//! Outcome in, run folder out: layers, tables, map, report, manifest; whole or not at all.

mod chart;
pub mod dictionary;
pub mod folder;
pub mod geojson;
pub mod layers;
pub mod manifest;
pub mod map;
mod map_marks;
pub mod report;
mod report_tables;
pub mod run_folder;
pub mod schema;
mod svg;
pub mod tables;
pub mod text;
