//! The work folder of a round: finished shards by fingerprint, and the network. What stands in it is believed only after a look at
//! every byte, so it may be copied, shared between machines and cut off at any moment.

use super::rows;
use crate::error::{Error, Location, Result, path_text};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A work folder.
#[derive(Debug)]
pub struct Work {
    path: PathBuf,
    shards: PathBuf,
    written: AtomicU64,
}

/// A finished shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Where it lies.
    pub path: PathBuf,
    /// Fingerprint of its bytes.
    pub sha256: String,
    /// What its foot vouches for.
    pub foot: String,
}

impl Work {
    /// Makes it where it is not there, and sweeps what was left half-way by programs that are gone.
    ///
    /// # Errors
    /// Environment.
    pub fn open(path: &Path) -> Result<Self> {
        let shards = path.join("shards");
        std::fs::create_dir_all(&shards).map_err(|e| Error::io("make the work folder", &shards, &e))?;
        let work = Self { path: path.to_path_buf(), shards, written: AtomicU64::new(0) };
        work.sweep();
        Ok(work)
    }

    /// Its place.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Half-written files older than a day belong to nobody; younger ones may be another machine's.
    fn sweep(&self) {
        for entry in std::fs::read_dir(&self.shards).into_iter().flatten().flatten() {
            let partial = entry.file_name().to_string_lossy().starts_with('.');
            let age = entry.metadata().and_then(|m| m.modified()).ok().and_then(|m| m.elapsed().ok());
            let ours = entry.file_name().to_string_lossy().ends_with(&format!("-{}", host()));
            if partial && (ours && !alive(&entry.file_name().to_string_lossy()) || age.is_some_and(|a| a.as_secs() > 86_400)) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// Where a shard's rows are kept.
    pub fn path_of(&self, print: &str) -> PathBuf {
        self.shards.join(format!("{print}.ndjson"))
    }

    /// A finished shard, if it is there and whole; one that is damaged counts as not there.
    pub fn finished(&self, code: &str, print: &str) -> Option<Done> {
        self.finished_row(code, print).map(|(done, _)| done)
    }

    /// The same with its row.
    pub fn finished_row(&self, code: &str, print: &str) -> Option<(Done, rows::CountyRow)> {
        let path = self.path_of(print);
        let bytes = std::fs::read(&path).ok()?;
        let (sha256, foot) = rows::check(&bytes, code, print).ok()?;
        Some((Done { path, sha256, foot }, rows::county_of(&bytes)?))
    }

    /// Keeps the rows of a shard. They appear whole or not at all; who else makes the same shard makes the same bytes.
    ///
    /// # Errors
    /// Environment.
    pub fn keep(&self, print: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path_of(print);
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let partial = self.shards.join(format!(".{}-{number}-{}-{}", &print[..16], std::process::id(), host()));
        let write = || {
            let mut file = File::create(&partial)?;
            file.write_all(bytes)?;
            file.sync_data()?;
            std::fs::rename(&partial, &path)
        };
        write().map_err(|e| {
            let _ = std::fs::remove_file(&partial);
            Error::environment(format!("cannot keep a finished shard: {e}"), "free some space or mend the folder, and run again")
                .at(Location::file(path_text(&path)))
        })
    }
}

/// The machine's name, as far as a file name needs it.
fn host() -> String {
    let name = rustix::system::uname();
    let name: String = name.nodename().to_string_lossy().chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    if name.is_empty() { "host".to_owned() } else { name }
}

/// Whether the program that a half-written file names still runs on this machine.
fn alive(name: &str) -> bool {
    let pid = name.rsplit('-').nth(1).and_then(|p| p.parse::<i32>().ok()).and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
}
