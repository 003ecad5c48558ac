//! chargegap finds what no charging or battery-swap station serves by road, exactly, and ranks counties by the shortfall.
//!
//! Data flows one way, and each stage is a plain function of the one before:
//!
//! ```text
//! files ─read─▶ layers ─network─▶ nodes, edges ─coverage─▶ gaps, ledger ─access─▶ settlements ─rank─▶ ranking ─write─▶ folder
//! ```
//!
//! The whole path, on the Isle of Man:
//!
//! ```
//! use chargegap::config::RegionFile;
//! use chargegap::config::Service;
//! use chargegap::run::{Options, Timings, analyse};
//!
//! let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/isle-of-man/region.toml");
//! let region = RegionFile::read(folder.as_ref())?;
//! let outcome = analyse(&region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default())?;
//!
//! // 5 km by road from a charger: what is covered and what is not is all the road there is, to the millimetre.
//! let road: u64 = (0..outcome.counties.len()).map(|i| outcome.ledger.road_mm(i)).sum();
//! let served = |i| outcome.ledger.total(i, Service::Charging, outcome.criteria.headline);
//! let both: u64 = (0..outcome.counties.len()).map(|i| served(i).covered_mm + served(i).gap_mm).sum();
//! assert_eq!(road, both);
//! assert_eq!(outcome.assessment.ranking.rows[0].rank, Some(1));
//! # Ok::<(), chargegap::error::Error>(())
//! ```

pub mod access;
pub mod cli;
pub mod config;
pub mod county;
pub mod coverage;
pub mod engine;
pub mod error;
pub mod files;
pub mod finished;
pub mod folder;
pub mod issue;
pub mod measure;
pub mod network;
pub mod page;
pub mod place;
pub mod prepared;
pub mod rank;
pub mod read;
pub mod redundancy;
pub mod results;
pub mod round;
pub mod run;
pub mod space;
pub mod system;
pub mod tables;
#[cfg(test)]
mod test_support;
pub mod verify;
pub mod whatif;

/// How each figure is made.
#[doc = include_str!("doc/method.md")]
pub mod method {}

/// What is read: formats, keys, coordinate systems and datums.
#[doc = include_str!("doc/formats.md")]
pub mod formats {}

/// How the searches work, how fast they are, and what was tried and not kept.
#[doc = include_str!("doc/engine.md")]
pub mod engine_notes {}

/// How the composite index of the ranking is made, step by step.
#[doc = include_str!("doc/ranking.md")]
pub mod ranking_notes {}

/// How sure a rank is: what is varied, ranges, lines, which choice matters.
#[doc = include_str!("doc/uncertainty.md")]
pub mod uncertainty_notes {}

/// Funding rounds: shards, resuming, several machines, selection, two rounds compared.
#[doc = include_str!("doc/rounds.md")]
pub mod round_notes {}

/// What is promised, and which test shows it.
#[doc = include_str!("doc/reliability.md")]
pub mod reliability {}
