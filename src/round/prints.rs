//! Fingerprints of input files, remembered as long as a file's size, times and number on disk stay the same, so that a round that is
//! run again does not read gigabytes of roads to find that nothing changed.
//!
//! Times are only ever compared for being equal, and no file is remembered that changed within the last seconds: a clock that steps
//! back costs a second look and nothing else.

use super::work::Work;
use crate::error::Result;
use crate::files::whole_file::write_whole;
use crate::input;
use crate::read::formats::SourceFile;
use crate::read::{fingerprint, hex};
use crate::system::{FileLook, file_look, whole_path};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

/// A file that changed less than this ago might change again within one tick of the clock.
const FRESH: Duration = Duration::from_secs(3);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct KnownPrint {
    look: FileLook,
    sha256: String,
}

/// The small file: a fingerprint that a flipped bit has changed must not get into a manifest.
#[derive(Debug, Serialize, Deserialize)]
struct Memory {
    /// Fingerprint of the rest.
    sha256: String,
    files: BTreeMap<String, KnownPrint>,
}

fn sealed(files: &BTreeMap<String, KnownPrint>) -> String {
    hex(&Sha256::digest(serde_json::to_vec(files).unwrap_or_default()))
}

/// What is remembered, in one small file.
#[derive(Debug, Default)]
pub struct Prints {
    path: PathBuf,
    known: Mutex<BTreeMap<String, KnownPrint>>,
}

impl Prints {
    /// Those remembered in a work folder.
    pub fn of_work(work: &Work) -> Self {
        Self::open(&work.path().join("fingerprints.json"))
    }

    /// Those remembered in a file; none where it is missing or damaged.
    pub fn open(path: &Path) -> Self {
        let memory = input::whole(path, "read the fingerprints", input::MOST_WHOLE)
            .ok()
            .and_then(|b| serde_json::from_slice::<Memory>(&b).ok());
        let known = memory.filter(|m| m.sha256 == sealed(&m.files)).map(|m| m.files).unwrap_or_default();
        Self { path: path.to_path_buf(), known: Mutex::new(known) }
    }

    /// SHA-256 of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(&self, file: &SourceFile) -> Result<String> {
        let key = whole_path(&file.path).to_string_lossy().into_owned();
        let before = file_look(&file.path);
        let known = || self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(k) = known().get(&key).filter(|k| Some(&k.look) == before.as_ref()) {
            return Ok(k.sha256.clone());
        }
        let sha256 = fingerprint(file, "")?.sha256;
        if let Some(look) = before.filter(|b| file_look(&file.path).as_ref() == Some(b) && settled(b)) {
            known().insert(key, KnownPrint { look, sha256: sha256.clone() });
        }
        Ok(sha256)
    }

    /// Remembers for next time; that it cannot is no fault.
    pub fn keep(&self) {
        let known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let memory = Memory { sha256: sealed(&known), files: known.clone() };
        let _ = write_whole(&self.path, "fingerprints", |out| serde_json::to_writer(out, &memory).map_err(std::io::Error::other));
    }
}

/// Whether the last change is long enough ago for the next one to show in the times.
fn settled(look: &FileLook) -> bool {
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(look.changed.0.max(0) as u64);
    SystemTime::now().duration_since(changed).is_ok_and(|age| age > FRESH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_read_again_and_a_damaged_memory_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let (path, memory) = (dir.path().join("a"), dir.path().join("prints.json"));
        let file = SourceFile { path: path.clone(), shown: "a".to_owned() };
        std::fs::write(&path, "one").unwrap();
        let first = Prints::open(&memory).of(&file).unwrap();
        // remembered with the look that the file has now, and another print: that is what comes back
        let key = std::path::absolute(&path).unwrap().to_string_lossy().into_owned();
        let known = KnownPrint { look: file_look(&path).unwrap(), sha256: "remembered".to_owned() };
        let files = BTreeMap::from([(key, known)]);
        let kept = serde_json::to_string(&Memory { sha256: sealed(&files), files }).unwrap();
        std::fs::write(&memory, &kept).unwrap();
        assert_eq!(Prints::open(&memory).of(&file).unwrap(), "remembered");
        // one letter of what is remembered has changed
        std::fs::write(&memory, kept.replace("remembered", "remembereb")).unwrap();
        assert_eq!(Prints::open(&memory).of(&file).unwrap(), first);
        std::fs::write(&memory, kept).unwrap();
        std::fs::write(&path, "two").unwrap();
        let second = Prints::open(&memory).of(&file).unwrap();
        assert!(second != first && second != "remembered");
        std::fs::write(&memory, "{").unwrap();
        assert_eq!(Prints::open(&memory).of(&file).unwrap(), second);
    }
}
