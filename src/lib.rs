//! chargegap finds what no charging or battery-swap station serves by road, exactly, and ranks counties by the shortfall.
//!
//! This page is the face: read a region, analyse it, look at its counties, write the folder, check a folder. How figures are made, what
//! is read and what is promised stand in [`guide`]. The house behind it is in `internals`, for tests, benches and the program itself;
//! nothing there is promised to stay. `RUSTDOCFLAGS="--cfg house" cargo doc` shows it.
//!
//! ```
//! use chargegap::{RegionFile, Service, analyse, verify, write};
//!
//! let region = RegionFile::read(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/isle-of-man/region.toml").as_ref())?;
//! let results = analyse(&region)?;
//!
//! // The first county: what is farther than the headline distance by road from a charger, and what is not, is all the road there is.
//! let county = &results.members[0].result;
//! let books = county.total(Service::Charging, results.criteria.serving.headline);
//! assert_eq!(books.covered_mm + books.gap_mm, county.road_total_mm());
//! assert!(books.gap_mm > 0);
//!
//! let parent = std::env::temp_dir().join(format!("chargegap-face-{}", std::process::id()));
//! std::fs::create_dir_all(&parent).map_err(|e| chargegap::Error::io("make the folder", &parent, &e))?;
//! write(&results, &parent.join("isle-of-man"))?;
//! assert!(verify(&parent.join("isle-of-man"))?.faults.is_empty());
//! # let _ = std::fs::remove_dir_all(&parent);
//! # Ok::<(), chargegap::Error>(())
//! ```

/// The house: the rooms of DESIGN, from the command line at the top to the floor. Not part of what is promised.
#[cfg_attr(not(house), doc(hidden))]
#[path = "."]
pub mod internals {
    pub mod access;
    #[cfg(feature = "archive")]
    pub mod archive;
    pub mod balance;
    pub mod cli;
    pub mod config;
    pub mod county;
    pub mod coverage;
    pub mod demand;
    pub mod engine;
    pub mod error;
    pub mod files;
    pub mod finished;
    pub mod folder;
    pub mod input;
    pub mod issue;
    pub mod measure;
    pub mod network;
    pub mod office;
    pub mod page;
    pub mod place;
    pub mod plan;
    pub mod prepared;
    pub mod programme;
    pub mod rank;
    pub mod read;
    pub mod redundancy;
    pub mod results;
    pub mod round;
    pub mod run;
    pub mod setup;
    pub mod siting;
    pub mod space;
    pub mod supply;
    pub mod system;
    pub mod tables;
    #[cfg(test)]
    pub(crate) mod test_support;
    pub mod verify;
    pub mod whatif;
}

// So that a path in the house is `crate::room::thing`.
#[allow(unused_imports)]
pub(crate) use internals::*;

#[doc(inline)]
pub use internals::{
    config::{Criteria, Criterion, RegionFile, RoadClass, RoundFile, Service},
    county::CountyResult,
    coverage::LedgerCell,
    error::{Error, Result},
    results::{Member, Results},
    verify::{Findings, verify},
};

use std::path::Path;

/// Reads what a region file names and computes what is written about it, with the settings of the file.
///
/// # Errors
/// Usage and input, as `chargegap run` tells them: which file, feature and field is wrong, and what to do.
pub fn analyse(region: &RegionFile) -> Result<Results> {
    let options = internals::prepared::ground::Options { strict: false, on_stage: &|_| {} };
    internals::run::analyse(region, &options, &mut internals::measure::Timings::default())
}

/// Writes results to a folder that is not there yet and appears whole or not at all.
///
/// # Errors
/// Usage, when something stands at the place; environment, when the disk refuses.
pub fn write(results: &Results, folder: &Path) -> Result<()> {
    let place = internals::files::atomic::AtomicFolder::create(folder, false)?;
    internals::folder::write_results(results, &internals::folder::Asked::default(), place).map(drop)
}

/// The guides: what the figures mean and what is promised.
pub mod guide {
    /// How each figure is made.
    #[doc = include_str!("doc/method.md")]
    pub mod method {}

    /// What is read: formats, keys, coordinate systems and datums.
    #[doc = include_str!("doc/formats.md")]
    pub mod formats {}

    /// How the searches work, how fast they are, and what was tried and not kept.
    #[doc = include_str!("doc/engine.md")]
    pub mod engine {}

    /// How the composite index of the ranking is made, step by step.
    #[doc = include_str!("doc/ranking.md")]
    pub mod ranking {}

    /// How sure a rank is: what is varied, ranges, lines, which choice matters.
    #[doc = include_str!("doc/uncertainty.md")]
    pub mod uncertainty {}

    /// Funding rounds: shards, resuming, several machines, selection, two rounds compared.
    #[doc = include_str!("doc/rounds.md")]
    pub mod rounds {}

    /// Which sites cover most, and how far from the best possible that can be.
    #[doc = include_str!("doc/siting.md")]
    pub mod siting {}

    /// Vehicles, what they ask for, what stations give, and the power that is short.
    #[doc = include_str!("doc/demand.md")]
    pub mod demand {}

    /// Rules of funding programmes as data: profiles, verdicts, reward.
    #[doc = include_str!("doc/programme.md")]
    pub mod programme {}

    /// What is left when a charging station fails.
    #[doc = include_str!("redundancy/method.md")]
    pub mod redundancy {}

    /// Waiting at stations, drivers in equilibrium, and what cannot be served at all.
    #[doc = include_str!("doc/load.md")]
    pub mod load {}

    /// What is promised, and which test shows it.
    #[doc = include_str!("doc/reliability.md")]
    pub mod reliability {}
}
