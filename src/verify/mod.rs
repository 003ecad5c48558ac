//! Checks a finished run, ranking or round folder from its files alone: fingerprints first, then what must hold in and between them.
//!
//! There is one way for all kinds: each rule looks at what the folder holds, and has nothing to say of what it does not. What must hold in
//! a row of a table stands with the table (`tables`); a file here is what takes more than a row.

mod applicants;
mod applied_again;
mod applied_words;
#[cfg(feature = "archive")]
pub mod archive;
#[cfg(feature = "archive")]
mod archive_texts;
mod balance;
mod companions;
mod counties;
mod county_pages;
mod coverage;
mod demand_figures;
mod equity;
mod faults;
mod figures;
mod first_page;
mod format;
mod funding;
mod funding_page;
mod gap_lines;
mod issue_points;
mod issue_rows;
mod ledger;
mod live_map;
mod live_roads;
mod missing;
mod need_layers;
mod needed;
mod opened;
#[cfg(feature = "archive")]
mod other_version;
mod overrides;
#[cfg(feature = "gpkg")]
mod package;
mod plan;
mod plan_corridors;
mod plan_files;
mod plan_flows;
mod plan_others;
mod plan_page;
mod plan_places;
mod plan_ways;
mod plan_years;
mod provinces;
mod ranking_again;
mod ranks;
pub mod recompute;
mod rewards;
mod round_file;
mod rows;
// ranking_again uses its comparison of rows; the rest is for archives
#[cfg_attr(not(feature = "archive"), allow(dead_code))]
mod same_values;
mod selection;
mod shards;
mod trust;
mod twins;
mod types;

use crate::error::{Error, Location, Result, path_text};
use crate::files::kind;
use crate::files::kind::{foreign_files, is_inside};
use crate::files::seal::fingerprint_matches;
use crate::finished::{Finished, says_the_same};
use crate::input;
use crate::read::fingerprint;
use crate::read::formats::SourceFile;
use crate::space::units;
use serde_json::Value;
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
    /// What of an archive was not compared, as another version made it: pages by name, words by table and column.
    pub not_compared: Vec<String>,
    /// Files in the folder that the run did not write.
    pub foreign: Vec<String>,
    /// What the folder itself says in English and in Chinese, as far as it stands in the lines above.
    pub in_chinese: Vec<[String; 2]>,
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
    let bytes = input::whole(&path, "read the manifest", input::MOST_WHOLE).map_err(|_| {
        Error::input("the folder has no manifest.json, so it is not finished", "run again, or name another folder")
            .at(Location::file(path_text(folder)))
    })?;
    let mut findings = Findings::default();
    let Some(manifest) = std::str::from_utf8(&bytes).ok().and_then(|t| serde_json::from_str::<Value>(t).ok()) else {
        findings.faults.push("manifest.json is not valid JSON: it was changed".to_owned());
        return Ok(findings);
    };
    kind::check(&manifest, &path)?;
    check_self(&bytes, &manifest, &mut findings);
    let strangers = check_files(folder, &manifest, &mut findings);
    if findings.faults.is_empty() {
        check_contents(folder, &mut findings);
    }
    let what = |name| format!("{name} was not written by the run, and looks as if it were: move it out of the folder");
    first_few(strangers.into_iter().map(what).collect(), &mut findings);
    Ok(findings)
}

/// Ends of the names of pages, tables and layers.
const OURS: [&str; 9] = ["html", "htm", "xhtml", "svg", "csv", "json", "geojson", "fgb", "gpkg"];
/// Folders in folders are looked into so deep.
const DEEPEST: u8 = 4;

/// Whether a file that the run did not write, or one in a folder that it did not make, would be taken for one of its pages, tables or
/// layers. What systems and programs leave beside files is not: it is hidden, or ends otherwise.
fn looks_like_ours(folder: &Path, name: &str) -> bool {
    fn look(path: &Path, deep: u8) -> bool {
        let name = path.file_name().map(|n| n.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        if name.starts_with('.') || name.starts_with("~$") {
            return false;
        }
        if path.is_dir() {
            let inside = std::fs::read_dir(path).into_iter().flatten().flatten();
            return deep > 0 && inside.into_iter().any(|e| look(&e.path(), deep - 1));
        }
        name.rsplit_once('.').is_some_and(|(_, end)| OURS.contains(&end))
    }
    look(&folder.join(name), DEEPEST)
}

/// A rule; an error is a fault too: what it looks at cannot be read.
type Check = fn(&opened::Opened, &mut Findings) -> Result<()>;

const CHECKS: &[Check] = &[
    format::check,
    needed::check,
    types::check,
    companions::check,
    rows::check,
    twins::check,
    ledger::check,
    balance::check,
    figures::check,
    demand_figures::check,
    rewards::check,
    missing::check,
    ranks::check,
    ranking_again::check,
    counties::check,
    gap_lines::check,
    coverage::check,
    live_map::check,
    need_layers::check,
    plan::check,
    funding::check,
    equity::check,
    trust::check,
    selection::check,
    overrides::check,
    provinces::check,
    shards::check,
    faults::check,
    issue_points::check,
    issue_rows::check,
    applicants::check,
    applied_words::check,
    county_pages::check,
    first_page::check,
    #[cfg(feature = "gpkg")]
    package::check,
];

/// What must hold in a folder whose files are as they were written.
fn check_contents(folder: &Path, findings: &mut Findings) {
    let Some(folder) = findings.fault(Finished::open(folder)) else { return };
    let opened = opened::Opened::read(folder, findings);
    for check in CHECKS {
        let checked = check(&opened, findings);
        findings.fault(checked);
    }
}

impl Findings {
    /// What was read; why it was not is a fault, told once.
    fn fault<T>(&mut self, read: Result<T>) -> Option<T> {
        let why = |e: Error| {
            let what = in_one_line(&e);
            if !self.faults.contains(&what) {
                self.faults.push(what);
            }
        };
        read.map_err(why).ok()
    }
}

/// What is wrong, where and what to do, as one sentence, which is told in Chinese part by part.
fn in_one_line(e: &Error) -> String {
    let (what, at, next) = (e.what(), e.location().to_string(), e.next());
    match (at.is_empty(), next.is_empty()) {
        (true, true) => what.to_owned(),
        (true, false) => format!("{what} (next: {next})"),
        (false, true) => format!("{what} (where: {at})"),
        (false, false) => format!("{what} (where: {at}; next: {next})"),
    }
}

/// A figure of six decimals, and one that is computed from a few of them.
const ROUNDED: f64 = 5e-6;

/// Faults of one kind that are told of a file; more of them say nothing new.
const MOST: usize = 20;

/// Tells the first few faults of a kind, and how many there are beside them.
fn first_few(mut faults: Vec<String>, findings: &mut Findings) {
    let more = faults.len().saturating_sub(MOST);
    faults.truncate(MOST);
    if more > 0
        && let Some(last) = faults.last_mut()
    {
        *last += &format!("; and {more} more like it");
    }
    findings.faults.append(&mut faults);
}

/// Whether a cell holds this number, as exactly as six decimals can.
fn close(cell: Option<f64>, want: Option<f64>) -> bool {
    cell.zip(want).map_or(cell.is_none() && want.is_none(), |(a, b)| (a - b).abs() < 2e-6)
}

/// Money of a cell in hundredths.
fn hundredths(cell: Option<f64>) -> Option<i64> {
    cell.map(units::hundredths)
}

fn check_self(bytes: &[u8], manifest: &Value, findings: &mut Findings) {
    if fingerprint_matches(bytes, manifest) {
        findings.checked.push("manifest.json is as it was written".to_owned());
    } else {
        findings.faults.push("manifest.json was changed: its fingerprint does not match".to_owned());
    }
}

/// Checks the files that the manifest names. What it does not name is told, but for what somebody would take for a page, a table or a
/// layer of the run: that is given back.
fn check_files(folder: &Path, manifest: &Value, findings: &mut Findings) -> Vec<String> {
    let outputs = manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    for file in outputs {
        let (name, want) = (file["name"].as_str().unwrap_or_default(), file["sha256"].as_str().unwrap_or_default());
        if !is_inside(name) {
            findings.faults.push(format!("the manifest names a file \"{name}\" that cannot be in the folder"));
            continue;
        }
        let source = SourceFile { path: folder.join(name), shown: name.to_owned() };
        match fingerprint(&source, "") {
            Err(e) => findings.faults.push(format!("{name} cannot be read: {}", e.what())),
            Ok(print) if print.sha256 != want => {
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
    let strangers;
    (strangers, findings.foreign) = foreign_files(folder).into_iter().partition(|name| looks_like_ours(folder, name));
    strangers
}

/// Changes of a database that stand in a file beside it: who opens it sees them, and no seal of ours covers them.
fn pending(folder: &Path, name: &str) -> Option<String> {
    let beside = |end: &&str| {
        let first = *input::head(&folder.join(format!("{name}{end}")), 1).ok()?.first()?;
        (first != 0).then(|| format!("{name}{end} holds changes of {name}: close it in the program that has it open"))
    };
    if name.ends_with(".gpkg") { ["-wal", "-journal"].iter().find_map(beside) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::hex;
    use sha2::{Digest, Sha256};
    use std::fs;

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
