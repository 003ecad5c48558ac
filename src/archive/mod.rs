//! A round in one file that answers alone: its inputs, its results, what it asked for, and what the program was built from.
//!
//! The file is a ZIP archive, which every office opens. Its bytes follow from what is in it: names are sorted, times are fixed, nobody
//! owns anything, and each file is compressed by itself, so that neither the day, the machine, the number of threads nor the
//! `umask` show. A content that several inputs have stands in it once.
//!
//! ```text
//! README.txt  SHA256SUMS  archive.json  inputs.csv
//! inputs/…    the round file, region files and inputs, as they lay about each other
//! program/…   Cargo.lock, the licences of what was built in, and the program itself where it was asked for
//! results/…   the folder of the round
//! ```

mod compress;
mod layout;
mod listing;
mod pack;
mod program;
mod readme;
mod readme_more;
pub mod signature;
mod unpack;

pub use listing::{ArchivedCommand, ArchivedFile, ArchivedInput, Listing};
pub use pack::{ArchiveAsked, Packed, Packing};
pub use program::{LICENCE, LICENCES, LOCK_FILE};
pub use readme::text as readme_text;
pub use unpack::Archive;

/// Says that a file was written by `round --archive`.
pub const ARCHIVE: &str = "chargegap round archive";

/// Version of the archive's format.
pub const ARCHIVE_VERSION: u32 = 1;

/// The list of everything, for programs.
pub const LISTING: &str = "archive.json";
/// The list of everything, for `sha256sum -c`.
pub const SUMS: &str = "SHA256SUMS";
/// What it is and how to check it, for people.
pub const README: &str = "README.txt";
/// The inputs, for people.
pub const INPUTS_TABLE: &str = "inputs.csv";
/// The folder of inputs.
pub const INPUTS: &str = "inputs";
/// The folder of results.
pub const RESULTS: &str = "results";
/// The folder of what concerns the program.
pub const PROGRAM: &str = "program";

/// An archive that unpacks to more than this (bytes) must not unpack to more than [`MOST_TIMES`] its size.
const FREE: u64 = 4 << 30;
/// So many times its size at most; maps and tables come to 5 to 20, a raster of noughts to 1,000.
const MOST_TIMES: u64 = 200;

/// Whether an archive of this size may unpack to so much.
fn is_sane(archive_bytes: u64, unpacked: u64) -> bool {
    unpacked <= FREE.max(archive_bytes.saturating_mul(MOST_TIMES))
}
