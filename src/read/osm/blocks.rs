//! The blocks of a PBF file, decoded in parallel.

use super::damaged;
use crate::error::{Error, Location, Result};
use osmpbf::{BlobDecode, BlobReader, PrimitiveBlock};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Applies `read` to every block and joins the results; `join` must not depend on order beyond what the caller sorts.
///
/// # Errors
/// Input, when a block cannot be decoded.
pub fn fold<T: Default + Send>(
    path: &Path,
    at: &Location,
    read: impl Fn(&PrimitiveBlock, &mut T) + Sync,
    join: impl Fn(T, T) -> T + Sync,
) -> Result<T> {
    let file = std::fs::File::open(path).map_err(|e| Error::io("open the file", path, &e))?;
    let reader = BlobReader::new(std::io::BufReader::with_capacity(1 << 18, file));
    reader
        .par_bridge()
        .map(|blob| -> Result<T> {
            let blob = blob.map_err(|e| damaged(e, at))?;
            let mut part = T::default();
            // The decoder panics on member types it does not know; a file must not be able to end the program.
            let done = catch_unwind(AssertUnwindSafe(|| -> osmpbf::Result<()> {
                if let BlobDecode::OsmData(block) = blob.decode()? {
                    read(&block, &mut part);
                }
                Ok(())
            }));
            match done {
                Ok(Ok(())) => Ok(part),
                Ok(Err(e)) => Err(damaged(e, at)),
                Err(_) => Err(damaged("a block holds what no OSM file may hold", at)),
            }
        })
        .try_reduce(T::default, |a, b| Ok(join(a, b)))
}
