//! Puts tables, files and pages together into a folder that appears whole or not at all.

mod analysis;
mod companions;
mod goalposts;
#[cfg(feature = "gpkg")]
mod gpkg;
mod looks;
mod manifest;
mod manifest_plan;
mod manifest_rank;
mod ranking;
mod round_diff;

pub use analysis::write_results;
pub use goalposts::goalposts_text;
pub use manifest::Asked;
pub use manifest_rank::scales;
pub use ranking::{Again, write_again};
pub use round_diff::write_causes;
