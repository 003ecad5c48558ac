//! What of an archive is neither input nor result, and follows from them and the program: the text for people, the table of inputs, what
//! the program was built from. They are made again and are the same to the byte.

use super::Findings;
use crate::archive::{Archive, INPUTS_TABLE, LICENCE, LICENCES, LOCK_FILE, PROGRAM, README, RESULTS, readme_text};
use crate::config::RoundFile;
use crate::error::{Error, Result};
use crate::finished::Finished;
use crate::read::hex;
use crate::results::applied::AppliedList;
use sha2::{Digest, Sha256};

/// Checks them, where this version made the archive.
pub(super) fn check(archive: &Archive, results: &Finished, round: &RoundFile, findings: &mut Findings) -> Result<()> {
    let (by, own) = (archive.listing.chargegap_version.as_str(), env!("CARGO_PKG_VERSION"));
    if by != own {
        findings.notes.push(format!(
            "not made again, as chargegap {by} wrote them: {README}, {PROGRAM}/licences.csv, {PROGRAM}/LICENSE and {PROGRAM}/Cargo.lock"
        ));
    }
    let list: Option<AppliedList> = serde_json::from_value(results.manifest["list"].clone()).unwrap_or_default();
    let table = archive.listing.table().map_err(|e| Error::internal(format!("the table of inputs cannot be made: {e}")))?;
    let mut due = vec![(INPUTS_TABLE.to_owned(), table)];
    if by == own {
        let results = archive.listing.files.iter().filter_map(|f| f.name.strip_prefix(RESULTS)?.strip_prefix('/')).collect();
        due.push((README.to_owned(), readme_text(&archive.listing, round, list.as_ref(), &results).into_bytes()));
        let texts = [("Cargo.lock", LOCK_FILE), ("LICENSE", LICENCE), ("licences.csv", LICENCES)];
        due.extend(texts.map(|(name, text)| (format!("{PROGRAM}/{name}"), text.as_bytes().to_vec())));
    }
    let n = due.len();
    let before = findings.faults.len();
    for (name, bytes) in due {
        match archive.listing.files.iter().find(|f| f.name == name) {
            Some(f) if f.sha256 == hex(&Sha256::digest(&bytes)) => {}
            Some(_) => findings.faults.push(format!("{name} is not what chargegap {own} writes for this round")),
            None => findings.faults.push(format!("{name} is missing: every archive has it")),
        }
    }
    if findings.faults.len() == before {
        findings.checked.push(format!("{n} texts of the archive beside inputs and results, made again"));
    }
    Ok(())
}
