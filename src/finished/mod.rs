//! A finished run, ranking or round folder, read back. Nothing in it is believed before its fingerprint is: a file that was changed by
//! hand since is refused, not ranked.

pub mod compare;
mod stored;
#[cfg(test)]
mod tests;

pub use crate::files::csv_table::{CsvRow, CsvTable};
pub use crate::files::kind::Kind;
pub use stored::Stored;

use crate::config::RankTable;
use crate::config::toml_text::from_values;
use crate::error::{Error, Location, Result, path_text};
use crate::files::kind;
use crate::files::lang::Lang;
use crate::files::seal::fingerprint_matches;
use crate::input;
use crate::read::formats::SourceFile;
use crate::read::{fingerprint, hex};
use rayon::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A folder that `run`, `rank`, `round` or `merge` wrote, whose manifest is as it was written.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Its place.
    pub path: PathBuf,
    /// Its manifest.
    pub manifest: Value,
    /// What it is.
    pub kind: Kind,
}

/// What to do where there is no such folder.
const NAME_ONE: &str = "name a folder that `chargegap run`, `round`, `merge` or `rank` wrote";

impl Finished {
    /// Opens a folder and checks its manifest.
    ///
    /// # Errors
    /// Input, when there is no folder of ours, its manifest was changed, or it is of a later format.
    pub fn open(path: &Path) -> Result<Self> {
        let at = || Location::file(path_text(path));
        let file = path.join("manifest.json");
        let bytes = input::whole(&file, "read the manifest", input::MOST_WHOLE)
            .map_err(|_| Error::input("there is no finished run, ranking or round here (no manifest.json)", NAME_ONE).at(at()))?;
        let manifest: Value = serde_json::from_slice(&bytes).map_err(|e| {
            let what = format!("the manifest is not valid JSON: it was changed, or is not ours ({e})");
            Error::input(what, "run again, or name another folder").at(Location::file(path_text(&file)))
        })?;
        let Some(kind) = Kind::of(&manifest) else {
            return Err(Error::input("this is no run, ranking or round folder of chargegap", NAME_ONE).at(at()));
        };
        kind::check(&manifest, &file)?;
        if !fingerprint_matches(&bytes, &manifest) {
            return Err(changed(&file));
        }
        Ok(Self { path: path.to_path_buf(), manifest, kind })
    }

    /// The language that its files were written in; none where nobody asked for one.
    pub fn lang(&self) -> Option<Lang> {
        serde_json::from_value(self.manifest["command"]["lang"].clone()).ok()
    }

    /// Name of the folder, without the folders above it.
    pub fn name(&self) -> String {
        let whole = crate::system::whole_path(&self.path);
        let name = whole.components().next_back().map(|c| c.as_os_str().to_string_lossy().into_owned());
        name.unwrap_or_default()
    }

    /// Whether it was written with a file of this name.
    pub fn holds(&self, name: &str) -> bool {
        self.fingerprint(name).is_some()
    }

    /// The bytes of one of its files, checked against the manifest.
    ///
    /// # Errors
    /// Input, when the file is not one of the folder's, is missing, or was changed.
    pub fn file(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.path.join(name);
        let Some(want) = self.fingerprint(name) else {
            let next = "run again with this version of chargegap";
            return Err(
                Error::input(format!("the folder was written without {name}"), next).at(Location::file(path_text(&self.path)))
            );
        };
        let bytes = input::whole(&path, "read the file", input::MOST_WHOLE)?;
        if hex(&Sha256::digest(&bytes)) == want { Ok(bytes) } else { Err(changed(&path)) }
    }

    /// Holds every file of it against the manifest, so that nothing is made from a folder of which any was changed.
    ///
    /// # Errors
    /// Input, naming the first that is missing or was changed.
    pub fn unchanged(&self) -> Result<()> {
        let files = self.manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
        let held = |entry: &Value| {
            let name = entry["name"].as_str().unwrap_or_default();
            let path = self.path.join(name);
            let print = fingerprint(&SourceFile { path: path.clone(), shown: path_text(&path) }, "")?;
            let same = Some(print.sha256.as_str()) == entry["sha256"].as_str() || says_the_same(&path, entry);
            if same { Ok(()) } else { Err(changed(&path)) }
        };
        // the first by name, however many threads look
        files.par_iter().map(held).collect::<Vec<_>>().into_iter().collect()
    }

    /// One of its tables.
    ///
    /// # Errors
    /// As [`Finished::file`]; input, when it is no table.
    pub fn table(&self, name: &str) -> Result<CsvTable> {
        CsvTable::parse(&self.file(name)?, &path_text(&self.path.join(name)))
    }

    /// `[rank]` as it was asked for.
    ///
    /// # Errors
    /// Input, when the folder does not say.
    pub fn rank_table(&self) -> Result<RankTable> {
        from_values(self.manifest["ranking"]["asked"].clone()).map_err(|e| {
            let at = Location::file(path_text(&self.path.join("manifest.json"))).field("ranking.asked");
            Error::input(format!("the folder does not say how it was ranked: {e}"), "give --with a region.toml").at(at)
        })
    }

    /// Whether it was ranked by a version that says nothing of missing values, whose rules were others.
    pub fn before_bounds(&self) -> bool {
        self.manifest["ranking"]["missing"].is_null()
    }

    fn fingerprint(&self, name: &str) -> Option<&str> {
        self.manifest["outputs"].as_array()?.iter().find(|f| f["name"] == name)?["sha256"].as_str()
    }
}

/// Whether a file whose bytes are others still has the seal of its content, where the manifest gives one and this build can read it.
pub(crate) fn says_the_same(path: &Path, entry: &Value) -> bool {
    #[cfg(feature = "gpkg")]
    let same = entry["content_sha256"].as_str().is_some_and(|want| {
        let same = || crate::files::geopackage::has_content(path, want).unwrap_or(false);
        crate::read::guard::guarded(same).unwrap_or(false)
    });
    #[cfg(not(feature = "gpkg"))]
    let same = {
        let _ = (path, entry);
        false
    };
    same
}

fn changed(path: &Path) -> Error {
    let next = "see `chargegap verify`, and run again; settings are changed in region.toml, not in results";
    Error::input("the file was changed after it was written: its fingerprint does not match", next)
        .at(Location::file(path_text(path)))
}
