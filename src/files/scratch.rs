//! A folder for what is needed for a while, gone with the value, with a signal, or with the next program that wants one.

use crate::error::{Error, Result};
use crate::system::{private_folder, stop};
use std::path::{Path, PathBuf};

/// A folder in the system's place for such (`TMPDIR`), which nobody else can look into.
#[derive(Debug)]
pub struct ScratchFolder(PathBuf);

impl ScratchFolder {
    /// Makes one; `name` begins its name.
    ///
    /// # Errors
    /// Environment, when the system refuses.
    pub fn new(name: &str) -> Result<Self> {
        let _at_gate = stop::gate();
        let made = private_folder(name).map_err(|e| {
            let next = "set TMPDIR to a folder that may be written to";
            Error::environment(format!("cannot make a folder for temporary files: {e}"), next)
        })?;
        stop::note(&made);
        Ok(Self(made))
    }

    /// Its place.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0); // what cannot be removed now, the next one sweeps
        stop::forget(&self.0);
    }
}
