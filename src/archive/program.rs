//! What the program was built from, as it was when it was built: for whoever builds it again in years.

/// Every package with its version and checksum.
pub const LOCK_FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));

/// The packages that are built into the program, with the licence that each names; `tests/it/licences.rs` makes it and holds it current.
pub const LICENCES: &str = include_str!("licences.csv");

/// The program's own licence.
pub const LICENCE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE"));
