//! Checks a finished run, ranking or round folder from its files alone: fingerprints first, then what must hold between the tables.

mod books;
mod counterfactuals;
mod figures;
mod ranks;
pub mod recompute;
mod round;
mod shares;

use crate::error::{Error, Location, Result, path_text};
use crate::files::kind as format;
use crate::files::kind::Kind;
use crate::files::kind::{foreign_files, is_inside};
use crate::files::seal::fingerprint_matches;
use crate::read::hex;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Read;
use std::path::Path;

/// What `verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What was checked, one line each.
    pub checked: Vec<String>,
    /// What is wrong, one line each; empty when the folder is as it was written.
    pub faults: Vec<String>,
    /// What is not as it was written and says the same, one line each.
    pub notes: Vec<String>,
    /// Files in the folder that the run did not write.
    pub foreign: Vec<String>,
}

/// Checks a run, ranking or round folder.
///
/// # Errors
/// Input, when it is none, or of a format that this version does not read.
pub fn verify(folder: &Path) -> Result<Findings> {
    let path = folder.join("manifest.json");
    if !folder.is_dir() {
        return Err(Error::input(
            "there is no such folder",
            "name the folder that `chargegap run`, `round`, `merge` or `rank` wrote",
        )
        .at(Location::file(path_text(folder))));
    }
    let bytes = fs::read(&path).map_err(|_| {
        Error::input("the folder has no manifest.json, so it is not finished", "run again, or name another folder")
            .at(Location::file(path_text(folder)))
    })?;
    let mut findings = Findings::default();
    let Some(manifest) = std::str::from_utf8(&bytes).ok().and_then(|t| serde_json::from_str::<Value>(t).ok()) else {
        findings.faults.push("manifest.json is not valid JSON: it was changed".to_owned());
        return Ok(findings);
    };
    format::check(&manifest, &path)?;
    check_self(&bytes, &manifest, &mut findings);
    check_files(folder, &manifest, &mut findings);
    if findings.faults.is_empty() {
        check_contents(folder, &manifest, &mut findings);
    }
    Ok(findings)
}

/// What must hold in a folder whose files are as they were written.
fn check_contents(folder: &Path, manifest: &Value, findings: &mut Findings) {
    match Kind::of(manifest) {
        Some(Kind::Difference) => return,
        Some(Kind::Ranking) => ranks::check(folder, manifest, findings),
        Some(Kind::Round) => {
            round::check(folder, findings);
            ranks::check(folder, manifest, findings);
        }
        _ => {
            books::check(folder, manifest, findings);
            ranks::check(folder, manifest, findings);
            shares::check(folder, manifest, findings);
            counterfactuals::check(folder, manifest, findings);
        }
    }
    figures::check(folder, findings);
}

fn check_self(bytes: &[u8], manifest: &Value, findings: &mut Findings) {
    if fingerprint_matches(bytes, manifest) {
        findings.checked.push("manifest.json is as it was written".to_owned());
    } else {
        findings.faults.push("manifest.json was changed: its fingerprint does not match".to_owned());
    }
}

fn check_files(folder: &Path, manifest: &Value, findings: &mut Findings) {
    let outputs = manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    for file in outputs {
        let (name, want) = (file["name"].as_str().unwrap_or_default(), file["sha256"].as_str().unwrap_or_default());
        if !is_inside(name) {
            findings.faults.push(format!("the manifest names a file \"{name}\" that cannot be in the folder"));
            continue;
        }
        match fs::read(folder.join(name)) {
            Err(e) => findings.faults.push(format!("{name} cannot be read: {e}")),
            Ok(bytes) if hex(&Sha256::digest(&bytes)) != want => {
                if says_the_same(&folder.join(name), file) {
                    findings.notes.push(format!("{name} has other bytes and the same content: a program opened it to write"));
                } else {
                    findings.faults.push(format!("{name} was changed: its fingerprint does not match"));
                }
            }
            Ok(_) => {}
        }
        findings.faults.extend(pending(folder, name));
    }
    if outputs.is_empty() {
        findings.faults.push("the manifest names no file".to_owned());
    }
    findings.checked.push(format!("{} files against their SHA-256", outputs.len()));
    findings.foreign = foreign_files(folder);
}

/// Whether a file whose bytes are others still has the seal of its content, where the manifest gives one and this build can read it.
fn says_the_same(path: &Path, entry: &Value) -> bool {
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

/// Changes of a database that stand in a file beside it: who opens it sees them, and no seal of ours covers them.
fn pending(folder: &Path, name: &str) -> Option<String> {
    let beside = |end: &&str| {
        let mut first = [0];
        fs::File::open(folder.join(format!("{name}{end}"))).ok()?.read_exact(&mut first).ok()?;
        (first != [0]).then(|| format!("{name}{end} holds changes of {name}: close it in the program that has it open"))
    };
    if name.ends_with(".gpkg") { ["-wal", "-journal"].iter().find_map(beside) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_that_of_a_file_in_the_folder_or_one_below() {
        for good in ["a", "a/b", "counties/500101.html", "..a", "a/...", "名.csv"] {
            assert!(is_inside(good), "{good}");
        }
        for bad in ["", ".", "..", "/", "/a", "a/", "a//b", "../a", "a/..", "a/.", "./a", "a/b/c", "a\\b", "a/b\\c", "a\0"] {
            assert!(!is_inside(bad), "{bad}");
        }
    }

    #[test]
    fn foreign_files_are_found_inside_known_folders_too() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let names = ["a.csv", "counties/1.html", "linked/2.html"].map(|n| serde_json::json!({ "name": n }));
        fs::write(at("manifest.json"), serde_json::json!({ "outputs": names }).to_string()).unwrap();
        fs::create_dir_all(at("counties/deeper")).unwrap();
        fs::create_dir_all(at("other")).unwrap();
        for name in ["a.csv", "b.csv", "counties/1.html", "counties/notes.txt", "other/x"] {
            fs::write(at(name), "").unwrap();
        }
        crate::system::link_folder(&at("other"), &at("linked")).unwrap();
        // b.csv is in no list; counties is a known folder, so it is looked into; other is not known, so it is named as a whole;
        // linked should be a folder and is a link, so nothing behind it is looked at.
        assert_eq!(foreign_files(dir.path()), ["b.csv", "counties/deeper", "counties/notes.txt", "linked", "other"]);
    }

    #[test]
    fn a_file_one_folder_down_is_checked_and_one_outside_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("counties")).unwrap();
        fs::write(dir.path().join("counties/1.html"), "x").unwrap();
        let check = |name: &str, of: &str| {
            let mut findings = Findings::default();
            let manifest = serde_json::json!({ "outputs": [{ "name": name, "sha256": hex(&Sha256::digest(of)) }] });
            check_files(dir.path(), &manifest, &mut findings);
            findings.faults
        };
        assert_eq!(check("counties/1.html", "x"), [""; 0]);
        assert_eq!(check("counties/1.html", "y"), ["counties/1.html was changed: its fingerprint does not match"]);
        assert!(check("counties/../counties/1.html", "x")[0].contains("cannot be in the folder"));
        assert!(check("/etc/hosts", "x")[0].contains("cannot be in the folder"));
    }
}
