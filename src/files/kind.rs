//! Which folders this program reads: the one check of a manifest's `format_version`, for all who open folders.
//!
//! The promise: what an earlier version wrote is read, or named with the version that reads it; what a later version wrote is never
//! taken for something else.

use crate::error::{Error, Location, Result, path_text};
use crate::input;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The oldest format that is read.
pub const OLDEST_FORMAT: u32 = 1;

/// What folders are for, and who wrote them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Layers and tables of one region, by `run`.
    Run,
    /// A ranking made again, by `rank`.
    Ranking,
    /// A funding round, by `round` or `merge`.
    Round,
    /// What changed between two rounds, by `diff --report`.
    Difference,
}

impl Kind {
    /// The kind that a manifest says; none where it is not ours.
    pub fn of(manifest: &Value) -> Option<Self> {
        match manifest["format"].as_str()? {
            RUN_FOLDER => Some(Self::Run),
            RANKING_FOLDER => Some(Self::Ranking),
            ROUND_FOLDER => Some(Self::Round),
            DIFF_FOLDER => Some(Self::Difference),
            _ => None,
        }
    }

    /// What it is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run folder",
            Self::Ranking => "ranking folder",
            Self::Round => "round folder",
            Self::Difference => "folder of a difference",
        }
    }
}

/// Whether this version reads the format of a folder; `file` is its manifest.
///
/// # Errors
/// Input, naming the version of chargegap that wrote it, when it is of a later format than this version knows or of an earlier one
/// than it still reads; also when it does not say.
pub fn check(manifest: &Value, file: &Path) -> Result<()> {
    let at = || Location::file(path_text(file)).field("format_version");
    let Some(version) = manifest["format_version"].as_u64() else {
        let next = "run again, or name another folder; the file may have been changed";
        return Err(Error::input("the manifest does not say its format", next).at(at()));
    };
    if (OLDEST_FORMAT.into()..=FORMAT_VERSION.into()).contains(&version) {
        return Ok(());
    }
    let own = env!("CARGO_PKG_VERSION");
    let by = manifest["chargegap_version"].as_str().unwrap_or("of an unknown version");
    let read =
        if OLDEST_FORMAT == FORMAT_VERSION { format!("{OLDEST_FORMAT}") } else { format!("{OLDEST_FORMAT} to {FORMAT_VERSION}") };
    let what = format!("the folder has format {version}, and chargegap {own} reads format {read}");
    Err(Error::input(what, format!("use chargegap {by}, which wrote it")).at(at()))
}

/// Says that a folder was written by `run`.
pub const RUN_FOLDER: &str = "chargegap run folder";

/// Says that a folder was written by `rank`.
pub const RANKING_FOLDER: &str = "chargegap ranking folder";

/// Version of the run folder's format.
pub const FORMAT_VERSION: u32 = 4;

/// Says that a folder was written by `round` or `merge`.
pub const ROUND_FOLDER: &str = "chargegap round folder";

/// Says that a folder was written by `diff --report`.
pub const DIFF_FOLDER: &str = "chargegap round difference";

fn manifest_bytes(folder: &Path) -> Option<Vec<u8>> {
    input::whole(&folder.join("manifest.json"), "read the manifest", input::MOST_WHOLE).ok()
}

/// Whether a folder holds a manifest of ours, of a run, a ranking or a round; nothing else in it is looked at.
pub fn is_ours_folder(folder: &Path) -> bool {
    let manifest = manifest_bytes(folder).and_then(|b| serde_json::from_slice::<Value>(&b).ok());
    manifest.is_some_and(|m| is_ours(&m))
}

/// Whether a name of a manifest is that of a file in the folder, or in a folder right in it: "a" or "a/b".
pub fn is_inside(name: &str) -> bool {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['/', '\\', '\0']);
    name.split_once('/').map_or_else(|| plain(name), |(folder, file)| plain(folder) && plain(file))
}

/// Names in a run folder that its manifest does not know, those in its sub-folders as "folder/name".
pub fn foreign_files(folder: &Path) -> Vec<String> {
    let manifest: Value = serde_json::from_slice(&manifest_bytes(folder).unwrap_or_default()).unwrap_or_default();
    let written = manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = written.iter().filter_map(|f| f["name"].as_str()).filter(|n| is_inside(n));
    let known: BTreeSet<&str> = names.chain(["manifest.json"]).collect();
    let mut foreign = Vec::new();
    let mut folders: BTreeSet<&str> = known.iter().filter_map(|n| Some(n.split_once('/')?.0)).collect();
    for (name, is_folder) in entries(folder) {
        // A link to a folder is not what was written, whatever it leads to.
        let is_ours = known.contains(name.as_str()) || (is_folder && folders.contains(name.as_str()));
        if !is_ours {
            folders.remove(name.as_str());
            foreign.push(name);
        }
    }
    for sub in folders {
        let inside = entries(&folder.join(sub)).into_iter().map(|(name, _)| format!("{sub}/{name}"));
        foreign.extend(inside.filter(|n| !known.contains(n.as_str())));
    }
    foreign.sort();
    foreign
}

/// What lies in a folder, and whether it is a folder itself.
fn entries(folder: &Path) -> Vec<(String, bool)> {
    let entry = |e: fs::DirEntry| (e.file_name().to_string_lossy().into_owned(), e.file_type().is_ok_and(|t| t.is_dir()));
    fs::read_dir(folder).into_iter().flatten().flatten().map(entry).collect()
}

/// Whether a manifest is that of a run, ranking or round folder.
pub fn is_ours(manifest: &Value) -> bool {
    Kind::of(manifest).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn formats_that_are_not_read_name_the_version_that_wrote_them() {
        let says = |version: Value| {
            let manifest = json!({ "format_version": version, "chargegap_version": "7.8.9" });
            check(&manifest, Path::new("out/manifest.json")).map_err(|e| e.to_string())
        };
        // Every format from the oldest to our own is read.
        for version in OLDEST_FORMAT..=FORMAT_VERSION {
            assert_eq!(says(json!(version)), Ok(()));
        }
        for version in [0, FORMAT_VERSION + 1] {
            let text = says(json!(version)).unwrap_err();
            assert!(text.contains(&format!("format {version},")) && text.contains("use chargegap 7.8.9"), "{text}");
            assert!(text.contains("out/manifest.json"), "{text}");
        }
        for none in [json!("1"), json!(null), json!(1.5), json!(-1)] {
            assert!(says(none).unwrap_err().contains("does not say its format"));
        }
    }
}
