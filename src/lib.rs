//! chargegap.

pub mod config;
pub mod error;
pub mod issue;
pub mod read;
pub mod space;
