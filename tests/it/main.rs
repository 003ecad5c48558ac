//! Tests of the commands as users run them, of real data, and of the engine against oracles.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accepting;
mod archive;
mod archive_accepted;
mod archive_inputs;
mod archive_versions;
mod asem;
mod bad_input;
mod balance;
mod blanks;
mod cases;
mod check_report;
mod china;
mod cli;
mod corridors;
mod counterfactual;
mod demand_inputs;
mod demand_rank;
mod formats;
#[cfg(feature = "parquet")]
mod geoparquet;
mod hostile;
mod house;
mod invariants;
mod joints;
mod judged;
mod kill;
mod licences;
#[cfg(target_os = "linux")]
mod memory;
mod messages_zh;
mod national;
mod need_layers;
mod one_house;
mod oracles;
mod outside_tools;
mod pages;
mod predicted;
mod prepared;
mod programme;
mod ranking;
#[cfg(feature = "raster")]
mod raster;
mod readme;
mod real_data;
mod redundancy;
mod resealed;
mod rewards;
mod round;
mod round_any;
mod round_applicants;
mod round_borders;
mod round_by_hand;
mod round_causes;
mod round_changes;
mod round_closed;
mod round_damage;
mod round_faults;
mod round_gates;
mod round_hidden;
mod round_joint;
mod round_list;
mod round_money;
mod round_national;
mod round_needs;
mod round_new_stations;
mod round_planted;
mod round_scene;
mod round_slips;
mod round_two_regions;
mod round_verify;
mod same_bytes;
mod scene;
mod services;
mod simplify;
mod skips;
mod small_round;
mod swaps;
#[path = "../../src/test_support.rs"]
mod test_support;
mod toy;
mod traffic;
mod trial;
mod what_if;
mod workbook;
