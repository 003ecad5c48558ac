//! `verify ARCHIVE`: that the archive holds what it says, that the results in it are sound, and that they follow from the inputs in it:
//! the round is made again from those alone, and every file compared.

use super::other_version::of_another_version;
use super::same_values::Tables;
use super::{Findings, first_few, in_one_line, verify};
use crate::archive::{Archive, ArchivedInput, INPUTS, LOCK_FILE, PROGRAM, RESULTS, signature};
use crate::config::RoundFile;
use crate::error::{Error, ErrorClass, Location, Result, path_text};
use crate::files::atomic::{AtomicFolder, Written};
use crate::files::kind::FORMAT_VERSION;
use crate::files::scratch::ScratchFolder;
use crate::finished::Finished;
use crate::folder::{Asked, write_results};
use crate::input;
use crate::measure::Timings;
use crate::read::formats::SourceFile;
use crate::read::{fingerprint, hex};
use crate::round::run::{RoundOptions, run};
use crate::round::work::Work;
use crate::system::{link_file, whole_path};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// What is asked of an archive.
#[derive(Clone, Copy, Debug)]
pub struct ArchiveCheck<'a> {
    /// Where inputs lie that are only named: the folder that the round file stood in.
    pub inputs: Option<&'a Path>,
    /// Whether the round is made again.
    pub recompute: bool,
    /// Who may sign; the signature is checked where this is given.
    pub signers: Option<&'a Path>,
    /// The signature; beside the archive where not given.
    pub signature: Option<&'a Path>,
}

/// How the results were held against the inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MadeAgain {
    /// Not at all.
    #[default]
    No,
    /// By another version: values were compared.
    Values,
    /// By the same version: every byte was compared.
    Bytes,
}

impl MadeAgain {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Values => "values",
            Self::Bytes => "bytes",
        }
    }
}

/// Checks an archive.
///
/// # Errors
/// Input, when it is none, is of a later format, or is not safe to unpack; environment, when the disk refuses or a tool is missing.
pub fn verify_archive(path: &Path, asked: &ArchiveCheck<'_>, on_stage: &dyn Fn(&'static str)) -> Result<(Findings, MadeAgain)> {
    let mut findings = Findings::default();
    if let Some(signers) = asked.signers {
        on_stage("signature");
        let beside = signature::beside(path);
        match signature::check(path, signers, asked.signature.unwrap_or(&beside))? {
            Ok(who) => findings.checked.push(who),
            Err(why) => findings.faults.push(why),
        }
    }
    let archive = Archive::open(path)?;
    findings.faults.extend(archive.faults.iter().cloned());
    if !archive.faults.is_empty() {
        return Ok((findings, MadeAgain::No)); // what it holds is not what its list says, so there is nothing to look at
    }
    on_stage("unpack");
    let scratch = ScratchFolder::new("chargegap-archive")?;
    let root = scratch.path();
    first_few(archive.unpack(root, &[INPUTS, RESULTS])?, &mut findings);
    let n = archive.listing.files.len();
    findings.checked.push(format!("{n} files of the archive against their SHA-256; nothing else is in it"));
    if findings.faults.is_empty() {
        results(&archive, root, &mut findings)?;
    }
    if !asked.recompute {
        findings.notes.push("the round was not made again from its inputs, as asked".to_owned());
        return Ok((findings, MadeAgain::No));
    }
    if !findings.faults.is_empty() {
        findings.faults.push("the round was not made again: the archive itself is not as it was written".to_owned());
        return Ok((findings, MadeAgain::No));
    }
    archive.complete(root)?;
    if !named_inputs(&archive, root, asked.inputs, &mut findings)? {
        return Ok((findings, MadeAgain::No));
    }
    let made = made_again(&archive, root, on_stage, &mut findings)?;
    Ok((findings, made))
}

/// The results in it, as a folder, and whether they are of the inputs that the list names.
fn results(archive: &Archive, root: &Path, findings: &mut Findings) -> Result<()> {
    let of_folder = verify(&root.join(RESULTS))?;
    findings.checked.extend(of_folder.checked);
    findings.notes.extend(of_folder.notes);
    findings.faults.extend(of_folder.faults);
    findings.faults.extend(of_folder.foreign.iter().map(|f| format!("{RESULTS}/{f} was not written by the round")));
    if !findings.faults.is_empty() {
        return Ok(());
    }
    let manifest = Finished::open(&root.join(RESULTS))?.manifest;
    let by = [archive.listing.chargegap_version.as_str(), manifest["chargegap_version"].as_str().unwrap_or_default()];
    if by[0] != by[1] {
        let [list, results] = by;
        findings.faults.push(format!("the list of the archive says chargegap {list}, and the results in it say {results}"));
    }
    let text = |f: &Value, key: &str| f[key].as_str().unwrap_or_default().to_owned();
    let listed: BTreeMap<&str, &str> = archive.listing.inputs.iter().map(|i| (i.path.as_str(), i.sha256.as_str())).collect();
    let read = manifest["inputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    for f in read {
        let path = text(f, "path");
        if listed.get(path.as_str()) != Some(&text(f, "sha256").as_str()) {
            findings.faults.push(format!("input {path} of the round is not in the archive's list, or with another SHA-256"));
        }
    }
    findings.checked.push(format!("{} inputs of the round against the archive's list", read.len()));
    let round = match RoundFile::read(&root.join(&archive.listing.round_file)) {
        Ok(round) => round,
        Err(e) if e.class() == ErrorClass::Environment => return Err(e),
        Err(e) => {
            let why = in_one_line(&e.at(Location::default()));
            if archive.listing.named_only().next().is_some() {
                findings.notes.push(format!(
                    "the round file, or a file that it names and the archive does not hold, cannot be read, so the results are not held against it: {why}"
                ));
            } else {
                findings.faults.push(format!("the round file of the archive, or a file that it names, cannot be read: {why}"));
            }
            return Ok(());
        }
    };
    if manifest["round_file_sha256"] != hex(&Sha256::digest(round.text.as_bytes())) {
        findings.faults.push("the round file of the archive is not that of the results: its SHA-256 is another".to_owned());
        return Ok(());
    }
    let folder = Finished::open(&root.join(RESULTS))?;
    super::archive_texts::check(archive, &folder, &round, findings)?;
    super::round_file::check(&folder, &round, findings)
}

/// Inputs that are only named, from a folder that holds them; whether all are there now.
fn named_inputs(archive: &Archive, root: &Path, folder: Option<&Path>, findings: &mut Findings) -> Result<bool> {
    let named: Vec<&ArchivedInput> = archive.listing.named_only().collect();
    let all = archive.listing.inputs.len();
    if named.is_empty() {
        return Ok(true);
    }
    let Some(folder) = folder else {
        let some: Vec<&str> = named.iter().take(5).map(|i| i.path.as_str()).collect();
        let more = if named.len() > some.len() { ", …" } else { "" };
        findings.faults.push(format!(
            "the round was not made again: {} of {all} inputs are named by their SHA-256 and not in the archive: {}{more}; give --inputs with the folder that the round file stood in, or --no-recompute",
            named.len(),
            some.join(", ")
        ));
        return Ok(false);
    };
    let before = findings.faults.len();
    for i in &named {
        let from = folder.join(&i.path);
        if !from.is_file() {
            findings.faults.push(format!("input {} is not in the folder that --inputs names", i.path));
            continue;
        }
        let place = archive.place(root, &i.path)?;
        link_file(&whole_path(&from), &place).map_err(|e| Error::io("put an input beside the others", &place, &e))?;
        let print = fingerprint(&SourceFile { path: place, shown: i.path.clone() }, "")?;
        if print.sha256 != i.sha256 {
            findings.faults.push(format!("input {} is not the one of the round: its SHA-256 is another", i.path));
        }
    }
    findings.checked.push(format!("{} inputs of {} against their SHA-256", named.len(), path_text(folder)));
    Ok(findings.faults.len() == before)
}

/// Makes the round again and compares it.
fn made_again(archive: &Archive, root: &Path, on_stage: &dyn Fn(&'static str), findings: &mut Findings) -> Result<MadeAgain> {
    let then = Finished::open(&root.join(RESULTS))?;
    let written = match again(archive, root, on_stage) {
        Ok(written) => written,
        Err(e) if e.class() == ErrorClass::Environment => return Err(e),
        Err(e) => {
            let why = in_one_line(&e.at(Location::default()));
            findings.faults.push(format!("the round cannot be made again from the inputs of the archive: {why}"));
            return Ok(MadeAgain::No);
        }
    };
    on_stage("compare");
    let own = env!("CARGO_PKG_VERSION");
    let tables = Tables { then: &then.path, now: &root.join("again") };
    if archive.listing.chargegap_version == own {
        let format = &then.manifest["format_version"];
        if *format != FORMAT_VERSION {
            findings.faults.push(format!(
                "the results say chargegap {own}, which is this one, and format {format}: this version writes format {FORMAT_VERSION}"
            ));
            return Ok(MadeAgain::No);
        }
        let lock_file = archive.listing.files.iter().find(|f| f.name == format!("{PROGRAM}/Cargo.lock"));
        same_bytes((&then, lock_file.map(|f| f.sha256.as_str())), &written, &tables, findings);
        return Ok(MadeAgain::Bytes);
    }
    of_another_version(&then, &written, &tables, findings)?;
    Ok(MadeAgain::Values)
}

/// Makes the round again, as it was asked for, from what was unpacked.
fn again(archive: &Archive, root: &Path, on_stage: &dyn Fn(&'static str)) -> Result<Vec<Written>> {
    let mut round = RoundFile::read(&root.join(&archive.listing.round_file))?;
    let asked = &archive.listing.command;
    round.round.language = asked.lang.or(round.round.language);
    let work = Work::open(&root.join("work"))?;
    let folder = AtomicFolder::create(&root.join("again"), false)?;
    let options = RoundOptions { strict: asked.strict, ..RoundOptions::whole(on_stage) };
    let done = run(&round, &work, &options, &mut Timings::default())?;
    let Some(results) = done.round else {
        let what = "made again, it does not come to its end: there are faults that nobody accepted";
        return Err(Error::input(what, "unpack it, and see `chargegap round` of its round file"));
    };
    on_stage("write");
    let asked = Asked { command: "round", input: round.name.clone(), strict: asked.strict, admin_level: None };
    write_results(&results, &asked, folder)
}

/// Every file has the same bytes.
fn same_bytes((then, lock_file): (&Finished, Option<&str>), written: &[Written], tables: &Tables<'_>, findings: &mut Findings) {
    let outputs = then.manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |f: &Value, key: &str| f[key].as_str().unwrap_or_default().to_owned();
    let mut told: BTreeMap<String, String> = outputs.iter().map(|f| (text(f, "name"), text(f, "sha256"))).collect();
    if let Ok(bytes) = input::whole(&then.path.join("manifest.json"), "read the manifest", input::MOST_WHOLE) {
        told.insert("manifest.json".to_owned(), hex(&Sha256::digest(&bytes)));
    }
    let mut faults = Vec::new();
    for w in written {
        match told.remove(&w.name) {
            Some(sha256) if sha256 == w.sha256 => {}
            Some(_) => faults.push(format!("{RESULTS}/{}, made again, is another{}", w.name, tables.where_they_differ(&w.name))),
            None => faults.push(format!("{RESULTS}/{} is missing: the round, made again, has it", w.name)),
        }
    }
    faults.extend(
        told.keys().map(|name| format!("{RESULTS}/{name} does not come from the inputs: the round, made again, has none")),
    );
    if !faults.is_empty() && lock_file.is_some_and(|sha256| sha256 != hex(&Sha256::digest(LOCK_FILE))) {
        let own = env!("CARGO_PKG_VERSION");
        findings.notes.push(format!(
            "this chargegap {own} was built from other packages than the one that made the round: their Cargo.lock differ"
        ));
    }
    if faults.is_empty() {
        let n = written.len();
        findings
            .checked
            .push(format!("the round, made again from the inputs of the archive: all {n} files are the same, byte for byte"));
    }
    first_few(faults, findings);
}
