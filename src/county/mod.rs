//! What a piece of network yields for its counties: one pure function, the same for a run and for a round.

pub mod compute;
mod doubtful;
pub mod figures;
pub mod gaps;
pub mod people;
pub mod scene;
pub mod trust;

pub use doubtful::{doubtful_of, doubtful_stations, most_speak};
