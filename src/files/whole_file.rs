//! One file that appears whole or not at all.

use crate::error::{Error, Location, Result, path_text};
use crate::system::host;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a file beside its place and renames it, so that a fault leaves the old file or the new one, never a half.
/// `what` names it in the error.
///
/// # Errors
/// Environment, when it cannot be written.
pub fn write_whole(path: &Path, what: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let partial = path.with_file_name(format!(".{name}.{}-{}.partial", std::process::id(), host()));
    let write = || {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
        fill(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        std::fs::rename(&partial, path)
    };
    write().map_err(|e| {
        // Nothing can be done about a rest that cannot be removed either; the error below is what matters.
        let _ = std::fs::remove_file(&partial);
        Error::environment(format!("cannot write the {what}: {e}"), "check that the folder is there and may be written to")
            .at(Location::file(path_text(path)))
    })
}
