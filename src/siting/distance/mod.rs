//! Questions of how far sites are: [`least_distance`] on the whole (p-median), [`least_radius`] for the farthest (p-centre).

mod bound;
mod median;
mod radius;
mod rows;
mod swap;
#[cfg(test)]
mod tests;

pub use bound::DistanceBound;
pub use median::{DistanceAnswer, least_distance};
pub use radius::{RadiusAnswer, cover_within, least_radius};
pub use rows::{DistanceRows, Distances};
