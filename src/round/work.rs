//! The work folder of a round: finished shards by fingerprint, and the network. What stands in it is believed only after a look at
//! every byte, so it may be copied, shared between machines and cut off at any moment.

use crate::county::CountyResult;
use crate::error::{Error, Location, Result, path_text};
use crate::files::whole_file::write_whole;
use crate::input;
use crate::results::{FinishedShard, shard_file};
use crate::system::{host, is_running, stop};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The folder of reasons why shards could not be computed.
const FAILED: &str = "failed";

/// A work folder.
#[derive(Debug)]
pub struct Work {
    path: PathBuf,
    shards: PathBuf,
    written: AtomicU64,
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

    /// Half-written files of programs of this machine that are gone belong to nobody, nor do those older than a day; others may be
    /// another machine's, at work.
    fn sweep(&self) {
        let (shards, whole) = (format!("-{}", host()), format!("-{}.partial", host()));
        for (folder, ends) in [(&self.shards, &shards), (&self.path, &whole)] {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let partial = name.starts_with('.') && (folder == &self.shards || name.ends_with(".partial"));
                let age = entry.metadata().and_then(|m| m.modified()).ok().and_then(|m| m.elapsed().ok());
                let gone = name.strip_suffix(ends.as_str()).is_some_and(|rest| !alive(rest));
                if partial && (gone || age.is_some_and(|a| a.as_secs() > 86_400)) {
                    let _ = std::fs::remove_file(entry.path());
                }
            }
        }
    }

    /// Where a shard's rows are kept.
    pub fn path_of(&self, print: &str) -> PathBuf {
        self.shards.join(format!("{print}.ndjson"))
    }

    /// A finished shard, if it is there and whole; one that is damaged or cannot be read counts as not there.
    pub fn finished(&self, code: &str, print: &str) -> Option<FinishedShard> {
        self.finished_row(code, print).ok().flatten().map(|(done, _)| done)
    }

    /// A finished shard with its row; none where it is not there or damaged.
    ///
    /// # Errors
    /// Environment, when it is there and cannot be read.
    pub fn finished_row(&self, code: &str, print: &str) -> Result<Option<(FinishedShard, CountyResult)>> {
        let path = self.path_of(print);
        if path.symlink_metadata().is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound) {
            return Ok(None);
        }
        let bytes = input::whole(&path, "read the rows of a county", input::MOST_WHOLE)?;
        let Ok((sha256, foot)) = shard_file::check(&bytes, code, print) else { return Ok(None) };
        Ok(shard_file::county_of(&bytes).map(|row| (FinishedShard { path, sha256, foot }, row)))
    }

    /// Remembers that a shard could not be computed, so that a merge elsewhere can tell it from one that was never tried; that it
    /// cannot is no fault.
    pub fn keep_failed(&self, print: &str, why: &str) {
        let folder = self.path.join(FAILED);
        let text = serde_json::json!({ "shard": print, "why": why }).to_string();
        let _ = std::fs::create_dir_all(&folder);
        let _ = write_whole(&folder.join(format!("{print}.json")), "reason", |out| out.write_all(text.as_bytes()));
    }

    /// Why a shard could not be computed, where it was tried.
    pub fn failed(&self, print: &str) -> Option<String> {
        let path = self.path.join(FAILED).join(format!("{print}.json"));
        let bytes = input::whole(&path, "read the reason", input::MOST_SETTINGS).ok()?;
        let kept: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
        kept["why"].as_str().filter(|_| kept["shard"] == print).map(str::to_owned)
    }

    /// Keeps the rows of a shard. They appear whole or not at all; who else makes the same shard makes the same bytes.
    ///
    /// # Errors
    /// Environment.
    pub fn keep(&self, print: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path_of(print);
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let partial = self.shards.join(format!(".{}-{number}-{}-{}", &print[..16], std::process::id(), host()));
        let write = || -> std::io::Result<()> {
            let _ = std::fs::remove_file(&partial); // left by a program of the same number that was killed
            let at_gate = stop::gate();
            let mut file = File::create_new(&partial)?;
            stop::note(&partial);
            drop(at_gate);
            file.write_all(bytes)?;
            file.sync_data()?;
            let _at_gate = stop::gate();
            std::fs::rename(&partial, &path)?;
            stop::forget(&partial);
            Ok(())
        };
        write().map_err(|e| {
            let _ = std::fs::remove_file(&partial);
            Error::environment(format!("cannot keep a finished shard: {e}"), "free some space or mend the folder, and run again")
                .at(Location::file(path_text(&path)))
        })
    }
}

/// Whether the program whose number ends this part of a half-written file's name still runs on this machine.
fn alive(name: &str) -> bool {
    let digits = name.rsplit(['-', '.']).next().and_then(|p| p.parse::<i32>().ok());
    digits.is_some_and(is_running)
}
