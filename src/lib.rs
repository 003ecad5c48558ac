//! chargegap.

pub mod access;
pub mod cli;
pub mod config;
pub mod coverage;
pub mod error;
pub mod issue;
pub mod network;
pub mod outcome;
pub mod pipeline;
pub mod rank;
pub mod read;
pub mod space;
pub mod verify;
pub mod write;
