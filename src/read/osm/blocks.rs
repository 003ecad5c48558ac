//! The blocks of a PBF file, decoded in parallel.

use super::damaged;
use crate::error::{Error, Location, Result};
use crate::read::guard::guarded;
use osmpbf::{BlobDecode, BlobReader, HeaderBlock, PrimitiveBlock};
use rayon::prelude::*;
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
            let done = guarded(|| -> osmpbf::Result<Option<String>> {
                match blob.decode()? {
                    BlobDecode::OsmData(block) => read(&block, &mut part),
                    BlobDecode::OsmHeader(header) => return Ok(strange_feature(&header)),
                    BlobDecode::Unknown(_) => {}
                }
                Ok(None)
            });
            match done {
                Some(Ok(None)) => Ok(part),
                Some(Ok(Some(feature))) => {
                    let what = format!("the OSM extract requires \"{feature}\", which is not read");
                    Err(Error::input(what, "cut a plain extract of the present data (`osmium extract`)").at(at.clone()))
                }
                Some(Err(e)) => Err(damaged(e, at)),
                None => Err(damaged("a block holds what no OSM file may hold", at)),
            }
        })
        .try_reduce(T::default, |a, b| Ok(join(a, b)))
}

/// A feature that the file says a reader must understand, and this one does not (deleted objects, for one).
fn strange_feature(header: &HeaderBlock) -> Option<String> {
    header.required_features().iter().find(|f| !["OsmSchema-V0.6", "DenseNodes"].contains(&f.as_str())).cloned()
}
