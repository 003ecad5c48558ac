//! A round that another version made, against the same made again by this one: values are compared, and what is not is listed: nobody
//! is to take a page for checked that nothing was held against.

use super::same_values::{self, Tables};
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::atomic::Written;
use crate::files::data_package;
use crate::files::kind::FORMAT_VERSION;
use crate::finished::Finished;
use crate::input;
use serde_json::Value;
use std::collections::BTreeMap;

/// Keys of a manifest that say who wrote it, and fingerprints.
const CLAIMS: [&str; 4] = ["chargegap_version", "format_version", "manifest_sha256", "outputs"];

/// Compares the results of then with what was written now.
pub(super) fn of_another_version(
    then: &Finished,
    written: &[Written],
    tables: &Tables<'_>,
    findings: &mut Findings,
) -> Result<()> {
    let m = &then.manifest;
    let (by, own) = (m["chargegap_version"].as_str().unwrap_or_default(), env!("CARGO_PKG_VERSION"));
    let outputs = m["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |f: &Value, key: &str| f[key].as_str().unwrap_or_default().to_owned();
    let told: BTreeMap<String, String> = outputs.iter().map(|f| (text(f, "name"), text(f, "sha256"))).collect();
    let now: BTreeMap<&str, &str> = written.iter().map(|w| (w.name.as_str(), w.sha256.as_str())).collect();
    let same = |name: &str| told.get(name).map(String::as_str) == now.get(name).copied();
    let all_same = told.keys().all(|n| same(n)) && now.keys().all(|n| *n == "manifest.json" || same(n));
    if all_same && same_manifest(m, tables)? {
        let n = told.len();
        let what = format!("all {n} files are the bytes that this version writes, and so is the manifest but for who wrote it");
        match m["format_version"] == FORMAT_VERSION {
            true => findings.notes.push(format!("the round says that chargegap {by} made it, and this is {own}: {what}")),
            false => findings.faults.push(format!(
                "the round says that chargegap {by} made it in format {}: {what}, in format {FORMAT_VERSION}",
                m["format_version"]
            )),
        }
        findings
            .checked
            .push(format!("the round, made again from the inputs of the archive: {n} files are the same, byte for byte"));
        return Ok(());
    }
    let names: Vec<&str> = now.keys().copied().filter(|n| told.contains_key(*n)).collect();
    let found = same_values::compare(tables, &names)?;
    let sound = found.faults.is_empty();
    first_few(found.faults, findings);
    findings
        .notes
        .push(format!("the round was made by chargegap {by} and made again by chargegap {own}: values are compared, not bytes"));
    let pages = told.keys().filter(|n| !same_values::is_compared(n) || !now.contains_key(n.as_str())).filter(|n| !same(n));
    let gone = now.keys().filter(|n| **n != "manifest.json" && !told.contains_key(**n));
    // what stands beside tables is held against the dictionary and the manifest by a rule of its own
    let unheld = pages.cloned().chain(gone.map(|n| (*n).to_owned())).filter(|n| !is_beside_a_table(n));
    findings.not_compared.extend(unheld);
    if !same_manifest(m, tables)? {
        findings.not_compared.push("manifest.json".to_owned());
    }
    let words = found.texts.iter().map(|(place, cells)| format!("{place} ({cells})"));
    findings.not_compared.extend(words);
    if !findings.not_compared.is_empty() {
        let (n, named) = (findings.not_compared.len(), findings.not_compared.join(", "));
        findings
            .notes
            .push(format!("not compared, as another version made them, {n} pages, layers and columns of words: {named}"));
    }
    if sound {
        let (cells, tables) = (found.cells, found.tables);
        findings.checked.push(format!(
            "the round, made again from the inputs of the archive: {cells} values of {tables} tables are the same"
        ));
    }
    Ok(())
}

fn is_beside_a_table(name: &str) -> bool {
    name == data_package::FILE || name.ends_with(".csvt")
}

/// Whether two manifests differ in who wrote them alone.
fn same_manifest(then: &Value, tables: &Tables<'_>) -> Result<bool> {
    let bytes = input::whole(&tables.now.join("manifest.json"), "read the manifest", input::MOST_WHOLE)?;
    let mut both = [then.clone(), serde_json::from_slice(&bytes).unwrap_or_default()];
    for all in both.iter_mut().filter_map(Value::as_object_mut) {
        CLAIMS.iter().for_each(|key| drop(all.remove(*key)));
    }
    Ok(both[0] == both[1])
}
