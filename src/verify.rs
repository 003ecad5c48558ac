//! Checks a finished run or ranking folder from its files alone: fingerprints first, then what must hold between the tables.

mod books;
mod counterfactuals;
mod evidence;
mod ranks;
mod shares;

use crate::error::{Error, Location, Result, path_text};
use crate::finished::is_ours;
use crate::read::hex;
use crate::write::manifest::{FORMAT_VERSION, RANKING_FOLDER, SELF_BLANK};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What `verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What was checked, one line each.
    pub checked: Vec<String>,
    /// What is wrong, one line each; empty when the folder is as it was written.
    pub faults: Vec<String>,
    /// Files in the folder that the run did not write.
    pub foreign: Vec<String>,
}

/// Whether a folder holds a manifest of ours, of a run or a ranking; nothing else in it is looked at.
pub fn is_run_folder(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("manifest.json")).ok().and_then(|t| serde_json::from_str::<Value>(&t).ok());
    manifest.is_some_and(|m| is_ours(&m))
}

/// Names in a run folder that its manifest does not know.
pub fn foreign_files(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("manifest.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_str(&text).unwrap_or_default();
    let written = manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let known: BTreeSet<&str> = written.iter().filter_map(|f| f["name"].as_str()).chain(["manifest.json"]).collect();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut foreign: Vec<String> =
        entries.map(|e| e.file_name().to_string_lossy().into_owned()).filter(|n| !known.contains(n.as_str())).collect();
    foreign.sort();
    foreign
}

/// Checks a run folder.
///
/// # Errors
/// Input, when it is no run folder, or of a later format.
pub fn verify(folder: &Path) -> Result<Findings> {
    let path = folder.join("manifest.json");
    let at = Location::file(path_text(&path));
    if !folder.is_dir() {
        return Err(Error::input("there is no such folder", "name the folder that `chargegap run` wrote")
            .at(Location::file(path_text(folder))));
    }
    let bytes = fs::read(&path).map_err(|_| {
        Error::input("the folder has no manifest.json, so it is not a finished run", "run again, or name another folder")
            .at(Location::file(path_text(folder)))
    })?;
    let mut findings = Findings::default();
    let Some(manifest) = std::str::from_utf8(&bytes).ok().and_then(|t| serde_json::from_str::<Value>(t).ok()) else {
        findings.faults.push("manifest.json is not valid JSON: it was changed".to_owned());
        return Ok(findings);
    };
    if manifest["format_version"].as_u64().is_some_and(|v| v > FORMAT_VERSION.into()) {
        return Err(Error::input(
            format!("the folder has format {}, and this version reads up to {FORMAT_VERSION}", manifest["format_version"]),
            "verify it with the version named in chargegap_version",
        )
        .at(at));
    }
    check_self(&bytes, &manifest, &mut findings);
    check_files(folder, &manifest, &mut findings);
    if findings.faults.is_empty() {
        if manifest["format"] == RANKING_FOLDER {
            ranks::check(folder, &manifest, &mut findings);
        } else {
            books::check(folder, &manifest, &mut findings);
            ranks::check(folder, &manifest, &mut findings);
            shares::check(folder, &manifest, &mut findings);
            counterfactuals::check(folder, &manifest, &mut findings);
        }
        evidence::check(folder, &mut findings);
    }
    Ok(findings)
}

/// Whether a manifest is as it was written, by its own fingerprint.
pub fn fingerprint_matches(bytes: &[u8], manifest: &Value) -> bool {
    let claimed = manifest["manifest_sha256"].as_str().unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    let blank = if claimed.len() == SELF_BLANK.len() { text.replacen(claimed, SELF_BLANK, 1) } else { String::new() };
    hex(&Sha256::digest(blank.as_bytes())) == claimed
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
        if name.is_empty() || name.contains(['/', '\\']) || name == ".." {
            findings.faults.push(format!("the manifest names a file \"{name}\" that cannot be in the folder"));
            continue;
        }
        match fs::read(folder.join(name)) {
            Err(e) => findings.faults.push(format!("{name} cannot be read: {e}")),
            Ok(bytes) if hex(&Sha256::digest(&bytes)) != want => {
                findings.faults.push(format!("{name} was changed: its fingerprint does not match"))
            }
            Ok(_) => {}
        }
    }
    if outputs.is_empty() {
        findings.faults.push("the manifest names no file".to_owned());
    }
    findings.checked.push(format!("{} files against their SHA-256", outputs.len()));
    findings.foreign = foreign_files(folder);
}
