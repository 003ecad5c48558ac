//! Funding rounds: many counties of many regions, cut into shards that can be kept, shared out, and put together again.
//!
//! ```text
//! regions ─inputs─▶ layers ─ground─▶ one network ─plan─▶ shards ─compute─▶ rows, kept by fingerprint ─merge─▶ evidence ─rank─▶ selection
//! ```
//!
//! A shard is a county with all that lies within the longest service distance. Its rows are a pure function of what its fingerprint
//! covers, so a round that was stopped goes on where it was, a correction redoes only what it touches, and several machines
//! can share a round: the merge looks at rows by county and never at who made them. What hangs on drivers beyond every shard is asked of
//! the one network when all shards are there, and kept too.

pub mod applicants;
pub mod begin;
pub mod borders;
pub mod causes;
pub mod check;
pub mod checks;
pub mod compute;
pub mod content;
mod credit;
mod days;
pub mod found;
mod gates;
mod gone;
pub mod ground;
pub mod inputs;
pub mod list;
pub mod merge;
mod mix;
mod names;
pub mod needs;
mod new_stations;
mod overrides;
mod people;
pub mod plan;
#[cfg(test)]
mod print_scene;
#[cfg(test)]
mod print_tests;
pub mod prints;
mod rasters;
#[cfg(test)]
mod reach_tests;
mod refused;
pub mod run;
mod slips;
pub mod stations;
mod supplied;
mod twice;
pub mod work;
