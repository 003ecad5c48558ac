//! Stations and settlements meet the road: which county they lie in, which edge they stand on, which are doubtful, and whether the
//! whole layer is shifted. It knows no service distance; what is reached from where they stand is coverage's.

pub mod candidates;
pub mod doubts;
pub mod neighbours;
mod on_network;
pub mod onto_road;
pub mod shift;
mod site;

pub use on_network::{OnNetwork, put_on_network};
pub use site::{Nearest, SettlementOut, Site, Snapped, StationOut, offers};
