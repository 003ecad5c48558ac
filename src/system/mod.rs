//! What is asked of the operating system beyond the standard library. Nothing else calls it: a build for another system concerns
//! this room only, where `unix` asks the system and `portable` does what the standard library can.
//!
//! Each function says what the portable form loses. What needs no form of its own (locks, renames, whether standard error is a
//! terminal) is called from the standard library where it is needed.

#[cfg(any(not(unix), test))]
#[cfg_attr(unix, allow(dead_code))] // compiled on Linux only to be tested there
mod portable;
pub mod stop;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use portable as here;
#[cfg(unix)]
use unix as here;

use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A path from the top; as it is, where the system cannot tell.
pub fn whole_path(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// What a file looks like from outside: while none of it changes, its content has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLook {
    /// Size.
    pub bytes: u64,
    /// When its content was written, as far as it says: seconds since 1970, and nanoseconds.
    pub modified: (i64, i64),
    /// When content or properties changed; unlike `modified`, nobody can set this.
    pub changed: (i64, i64),
    /// Its number on disk.
    pub inode: u64,
}

/// The look of a file; none when it is no file, or the system does not tell enough to notice every change.
///
/// Portable: always none, so fingerprints of inputs are made again in every run. That costs time and nothing else.
pub fn file_look(path: &Path) -> Option<FileLook> {
    here::file_look(path)
}

/// Whether an open file is the one that stands at `path` now.
///
/// Portable: by size and times. Two programs could both think that they hold an output folder if they ask for it in the moment
/// in which a third lets it go, and within one tick of the clock.
pub fn is_at(file: &File, path: &Path) -> bool {
    here::is_at(file, path)
}

/// Two folders of one file system change places. Where the system can, it is one step: whoever looks finds one whole folder or the other.
///
/// Portable, and on file systems that cannot: three renames. What stops the program between the first and the second leaves no folder
/// at `target`; both stand beside it, hidden, until the next run to the same place sweeps them.
///
/// # Errors
/// The system's; then both stand where they stood.
pub fn exchange(partial: &Path, target: &Path) -> io::Result<()> {
    here::exchange(partial, target)
}

/// `exchange` without the system's help; the third rename only tidies up.
fn three_renames(partial: &Path, target: &Path) -> io::Result<()> {
    let mut old = partial.as_os_str().to_owned();
    old.push("-old");
    std::fs::rename(target, &old)?;
    std::fs::rename(partial, target).inspect_err(|_| {
        let _ = std::fs::rename(&old, target);
    })?;
    let _ = std::fs::rename(&old, partial); // the new folder stands in its place; the old one is swept by who comes next
    Ok(())
}

/// Makes what was created, renamed and removed in a folder outlast a power cut.
///
/// Portable: does nothing, since only some systems open a folder. Files are synced as everywhere; after a power cut a finished
/// folder may be missing, and is then missing whole.
///
/// # Errors
/// The system's.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    here::sync_folder(folder)
}

/// Opens a file to read it, without waiting for who writes to a pipe or for a device to be ready.
///
/// Portable: as the standard library does; whoever asks has looked that it is a regular file.
///
/// # Errors
/// The system's.
pub fn open_at_once(path: &Path) -> io::Result<File> {
    here::open_at_once(path)
}

/// What stands at a place that is no regular file, for people.
///
/// Portable: "a folder", or "no file".
pub fn kind_of_place(kind: std::fs::FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { here::kind_of_place(kind) }
}

/// Opens a file of ours to hold a lock on it, and makes it where it is not there. A link is not followed, and what is no regular file is
/// an error.
///
/// Portable: a link is followed.
///
/// # Errors
/// The system's.
pub fn open_lock(path: &Path) -> io::Result<File> {
    let file = here::open_lock(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no regular file")) }
}

/// A new file in the system's folder for such, which nobody else can read, and its path. Those that ended programs of this machine left
/// there are removed on the way.
///
/// Portable: readable as the system's folder for such is.
///
/// # Errors
/// The system's.
pub fn private_file(name: &str) -> io::Result<(PathBuf, File)> {
    let path = private_place(name)?;
    here::create_private(&path).map(|file| (path, file))
}

/// The same of a folder.
///
/// Portable: readable as the system's folder for such is.
///
/// # Errors
/// The system's.
pub fn private_folder(name: &str) -> io::Result<PathBuf> {
    // a program may want several
    static MADE: AtomicU64 = AtomicU64::new(0);
    let place = private_place(name)?;
    let path = match MADE.fetch_add(1, Ordering::Relaxed) {
        0 => place,
        n => place.with_file_name(format!("{name}-{}-{n}-{}", std::process::id(), host())),
    };
    here::create_private_folder(&path).map(|()| path)
}

/// A place for this process in the system's folder for such; what ended programs of this machine left there is removed on the way.
fn private_place(name: &str) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir();
    let host = host();
    for entry in std::fs::read_dir(&folder)?.flatten() {
        let of = entry.file_name().to_string_lossy().strip_prefix(name).map(str::to_owned);
        let process = of.as_deref().and_then(|rest| {
            let numbers = rest.strip_prefix('-')?.strip_suffix(&format!("-{host}"))?;
            numbers.split('-').next()?.parse().ok()
        });
        if process.is_some_and(|p| !is_running(p)) {
            let path = entry.path();
            // a folder is no link to one; somebody else's stays
            let is_folder = entry.file_type().is_ok_and(|t| t.is_dir());
            let _ = if is_folder { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        }
    }
    Ok(folder.join(format!("{name}-{}-{host}", std::process::id())))
}

/// Puts a file to another place without copying it, where the system can: a link to it.
///
/// Portable: a copy.
///
/// # Errors
/// The system's.
pub fn link_file(original: &Path, place: &Path) -> io::Result<()> {
    here::link_file(original, place)
}

/// A path as the bytes of a `file:` address, before the reserved ones are escaped.
///
/// Portable: by the rules of SQLite for Windows: `\` as `/`, and a `/` before a drive letter. A name that is not Unicode is not found.
pub fn address_bytes(path: &Path) -> Vec<u8> {
    here::address_bytes(path)
}

/// Whether a process of this machine still runs.
///
/// Portable: always yes, so what a killed program left half-written stays in a work folder until it is a day old.
pub fn is_running(process: i32) -> bool {
    here::is_running(process)
}

/// The machine's name, as far as a file name needs it: letters and digits, 32 at most.
///
/// Portable: from `COMPUTERNAME` or `HOSTNAME`, else "host". Machines without a name may then sweep what another one still writes to
/// a shared work folder only when it is a day old, since none is ever seen to have ended.
pub fn host() -> String {
    let name: String = here::host().chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    if name.is_empty() { "host".to_owned() } else { name }
}

/// Processor time of this process so far, all threads.
///
/// Portable: zero; `--timings` then shows wall time only.
pub fn processor_time() -> Duration {
    here::processor_time()
}

/// Most memory that the process has held, MB; 0 where the system does not tell.
///
/// Told by Linux only.
pub fn peak_mb() -> u64 {
    kilobytes("VmHWM:") / 1024
}

/// Memory that the process holds now, bytes; 0 where the system does not tell.
///
/// Told by Linux only. Elsewhere `--max-memory` counts what is to come and not what is held already.
pub fn resident_bytes() -> u64 {
    kilobytes("VmRSS:") * 1024
}

fn kilobytes(of: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix(of));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0)
}

/// The limit of this process's address space (`ulimit -v`), bytes; none when there is none.
///
/// Portable, and on other systems than Linux: none, so running out of memory ends the program without a sentence.
pub fn address_limit() -> Option<u64> {
    here::address_limit()
}

/// Asks to be stopped when the process that started this one ends; a system that refuses only loses that.
///
/// Portable, and on other systems than Linux: does nothing. It is called only in a child that an address limit makes necessary.
pub fn end_with_parent() {
    here::end_with_parent();
}

/// The signal that ended a process, if one did.
///
/// Portable: none.
pub fn ended_by_signal(status: ExitStatus) -> Option<i32> {
    here::ended_by_signal(status)
}

/// A symbolic link to a folder, for tests.
#[cfg(test)]
pub fn link_folder(original: &Path, link: &Path) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::symlink(original, link);
    #[cfg(windows)]
    return std::os::windows::fs::symlink_dir(original, link);
}

#[cfg(test)]
mod tests;
