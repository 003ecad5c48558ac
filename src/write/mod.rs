//! Outcome in, run folder out: layers, tables, map, report, manifest; whole or not at all.

pub mod check_facts;
pub mod check_json;
mod check_map;
pub mod check_page;
pub mod dictionary;
pub mod equity;
pub mod evidence;
pub mod folder;
mod gaps;
pub mod geojson;
pub mod i18n;
pub mod layers;
pub mod manifest;
pub mod map;
mod map_labels;
mod map_layers;
mod map_legend;
mod people;
pub mod rank_tables;
pub mod ranking_folder;
pub mod report;
mod report_chart;
mod report_equity;
#[cfg(test)]
mod report_fixture;
mod report_head;
mod report_ledger;
mod report_places;
mod report_rank;
pub mod run_folder;
pub mod scale;
pub mod schema;
pub mod svg;
pub mod tables;
pub mod text;
pub mod trust;
pub mod whole_file;
