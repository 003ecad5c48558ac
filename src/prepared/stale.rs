//! Whether the inputs of a prepared region are still what was prepared.
//!
//! A file that is no longer there is no reason to refuse: a prepared region may travel alone. One that is there and newer
//! than the prepared file is held against its fingerprint, so that a copy or a touch is forgiven.

use super::container::{AGAIN, refused};
use crate::error::{Error, Location, Result, path_text};
use crate::read::formats::SourceFile;
use crate::read::{InputFile, fingerprint};
use std::path::Path;

/// Refuses when an input differs from what was prepared.
pub fn check(files: &[InputFile], folder: &Path, prepared: &Path) -> Result<()> {
    let made = std::fs::metadata(prepared).and_then(|m| m.modified()).map_err(|e| Error::io("open the file", prepared, &e))?;
    for f in files {
        let path = folder.join(&f.path);
        let Ok(meta) = std::fs::metadata(&path) else { continue };
        if !meta.is_file() {
            continue;
        }
        let newer = !meta.modified().is_ok_and(|m| m < made);
        let changed = meta.len() != f.bytes
            || newer && fingerprint(&SourceFile { path, shown: f.path.clone() }, &f.role)?.sha256 != f.sha256;
        if changed {
            let what = format!("the prepared region is stale: {} ({}) has changed since", f.path, f.role);
            return Err(refused(&what, AGAIN, &Location::file(path_text(prepared))));
        }
    }
    Ok(())
}
