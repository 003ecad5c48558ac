//! Puts tables, files and pages together into a folder that appears whole or not at all.

#[cfg(feature = "gpkg")]
pub mod gpkg;
pub mod manifest;
mod manifest_rank;
pub mod ranking;
pub mod round;
pub mod round_diff;
pub mod round_manifest;
pub mod run;
