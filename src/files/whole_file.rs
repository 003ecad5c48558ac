//! One file that appears whole or not at all.

use crate::error::{Error, Location, Result, path_text};
use crate::system::{host, is_running, kind_of_place, stop};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a file of ours beside its place and renames it, so that a fault leaves the old file or the new one, never a half.
/// `what` names it in the error.
///
/// # Errors
/// Environment, when it cannot be written.
pub fn write_whole(path: &Path, what: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    write(path, what, &|| Ok(()), |out| fill(out))
}

/// As [`write_whole`], for a file that was asked for: see [`refuse_existing`]. What `fill` makes of its own [`Error`] is said as it is.
///
/// # Errors
/// Those of both, and that of `fill`.
pub fn write_output(
    path: &Path,
    what: &str,
    overwrite: bool,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<()> {
    write(path, what, &|| refuse_existing(path, overwrite), fill)
}

/// Refuses to put a file where something stands: a file without `overwrite`, and a link, a folder or a device always.
///
/// # Errors
/// Usage, saying what stands there.
pub fn refuse_existing(path: &Path, overwrite: bool) -> Result<()> {
    let at = || Location::file(path_text(path));
    let Ok(meta) = path.symlink_metadata() else { return Ok(()) };
    let kind = meta.file_type();
    match (kind.is_file(), overwrite) {
        (true, true) => Ok(()),
        (true, false) => {
            Err(Error::usage("the output exists", "choose another name, or give --overwrite to replace it").at(at()))
        }
        (false, _) => {
            let what = format!("the output is {}, and only files are replaced", kind_of_place(kind));
            Err(Error::usage(what, "choose another name").at(at()))
        }
    }
}

fn write(
    path: &Path,
    what: &str,
    may: &dyn Fn() -> Result<()>,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<()> {
    may()?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    sweep(path, &name);
    let partial = path.with_file_name(format!(".{name}.{}-{}.partial", std::process::id(), host()));
    let write = || -> io::Result<Result<()>> {
        let at_gate = stop::gate();
        let mut out = BufWriter::with_capacity(1 << 20, File::create_new(&partial)?);
        stop::note(&partial);
        drop(at_gate);
        fill(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        let _at_gate = stop::gate();
        // Something may have come to stand there meanwhile.
        let may = may();
        if may.is_ok() {
            std::fs::rename(&partial, path)?;
        }
        Ok(may)
    };
    let done = write();
    if !matches!(done, Ok(Ok(()))) {
        // Nothing can be done about a rest that cannot be removed either; the error below is what matters.
        let _ = std::fs::remove_file(&partial);
    }
    stop::forget(&partial);
    done.map_err(|e| {
        let e = match e.downcast::<Error>() {
            Ok(own) => return own, // what was to be written could not be made: that is said as it is
            Err(e) => e,
        };
        Error::environment(format!("cannot write the {what}: {e}"), "check that the folder is there and may be written to")
            .at(Location::file(path_text(path)))
    })?
}

/// Removes what programs of this machine that were killed left half-written beside a file.
fn sweep(path: &Path, name: &str) {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (begin, end) = (format!(".{name}."), format!("-{}.partial", host()));
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let found = entry.file_name().to_string_lossy().into_owned();
        let process = found.strip_prefix(&begin).and_then(|rest| rest.strip_suffix(&end)?.parse::<i32>().ok());
        if process.is_some_and(|p| !is_running(p) || p.unsigned_abs() == std::process::id()) {
            let _ = std::fs::remove_file(entry.path()); // somebody else's stays
        }
    }
}
