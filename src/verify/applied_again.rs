//! Gates of a programme made again from the round file and what it names: the register, its own programmes, the crosswalk. `gates.csv`, what
//! `applicants.csv` says of them, who is not ranked for them, and what was asked of programmes are the same in the folder.

use super::selection::same_words;
use super::{Findings, first_few};
use crate::config::{RankTable, RoundFile};
use crate::error::{Error, Result, path_text};
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::finished::Finished;
use crate::programme::{self, ProgrammeTold};
use crate::read::county::County;
use crate::read::fingerprint;
use crate::read::formats::SourceFile;
use crate::results::faults::FaultCode;
use crate::round::inputs::Together;
use crate::round::list;
use crate::tables::{applicants, gates, ranking};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Columns that bear on the verdict; words are those of the version that wrote them.
const VERDICTS: [&str; 4] = ["county_code", "programme", "gate", "verdict"];

/// Checks a round folder whose register, where it has one, is that of the round file.
///
/// # Errors
/// Environment, when a file cannot be read that is there.
pub(super) fn check(folder: &Finished, file: &RoundFile, findings: &mut Findings) -> Result<()> {
    if !are_there(folder, file, findings)? {
        return Ok(());
    }
    let mut file = file.clone();
    let mut all = Together::of_counties(members(folder)?);
    let made = match file.applicants {
        Some(_) => list::patterns(&mut file, &mut all).map(drop),
        None => list::crosswalk(&file, &mut all).and_then(|pairs| programme::recode(&mut file.programme, &pairs, &file.name)),
    };
    if findings.fault(made).is_none() {
        return Ok(());
    }
    if same_words(folder) {
        let told = findings.fault(ProgrammeTold::of(&file.whole())).flatten();
        let due = told.map_or(Value::Null, |told| serde_json::to_value(told).unwrap_or_default());
        if folder.manifest["programme"] != due {
            findings.faults.push("programme of the manifest is not what [programme] of the round file asks".to_owned());
        }
    }
    gates_again(folder, &all, findings)?;
    if file.applicants.is_some() && folder.holds(applicants::FILE) {
        not_ranked(folder, &file, findings);
        of_applicants(folder, &all, findings)?;
        let (n, codes) = (all.gates.len(), all.applicants.len());
        findings.checked.push(format!("{n} gates of {codes} applications made again from the round file and the register"));
    }
    Ok(())
}

/// Whether the files that say it are there, as they were. One that is another is a fault, one that is not there is told.
fn are_there(folder: &Finished, file: &RoundFile, findings: &mut Findings) -> Result<bool> {
    let register = file.applicants.iter().map(|a| ("applicants", a.path.as_path()));
    let crosswalk = file.regions.crosswalk.iter().map(|path| ("crosswalk", path.as_path()));
    let own = file.programme.files.iter().map(|path| ("programme", path.as_path()));
    let all: Vec<(&str, &Path)> = register.chain(crosswalk).chain(own).collect();
    let inputs = folder.manifest["inputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut there = true;
    for (role, path) in all {
        let source = SourceFile { path: file.folder.join(path), shown: path_text(path) };
        if !source.path.is_file() {
            if role != "applicants" {
                let name = &source.shown;
                findings.notes.push(format!("{name} is not there, so gates are not held against the round file"));
            }
            there = false; // a register that is not there is told of the list
            continue;
        }
        let now = fingerprint(&source, role)?.sha256;
        let then = inputs.iter().find(|f| f["path"] == source.shown.as_str()).and_then(|f| f["sha256"].as_str());
        if then != Some(&now) {
            if role != "applicants" {
                let name = &source.shown;
                findings.faults.push(format!("{name}, which the round file names, is another file than that of the round"));
            }
            there = false;
        }
    }
    Ok(there)
}

/// The counties of the round by code, with their names and nothing else.
fn members(folder: &Finished) -> Result<Vec<County>> {
    let table = folder.table(ranking::FILE)?;
    let one = |r: CsvRow<'_>| {
        let name = [r.text("county_code")?, r.text("name")?, r.text("name_zh")?];
        Ok(County::drawn(name, (geo::MultiPolygon(Vec::new()), true), Default::default()))
    };
    let mut all: Vec<County> = table.rows().map(one).collect::<Result<_>>()?;
    all.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(all)
}

fn gates_again(folder: &Finished, all: &Together, findings: &mut Findings) -> Result<()> {
    let file = gates::FILE;
    match (all.gates.is_empty(), folder.holds(file)) {
        (true, true) => findings.faults.push(format!("{file} is there, and by the round file no gate is held against anybody")),
        (false, false) => {
            let n = all.gates.len();
            findings.faults.push(format!("{file} is missing, and {n} gates follow from the round file and the register"));
        }
        (true, false) => {}
        (false, true) => {
            let name = |code: &str| {
                let county = all.counties.iter().find(|c| c.code == code).map(|c| c.name.as_str());
                let written = || all.applicants.iter().find(|a| a.code == code).map(|a| a.name.as_str());
                county.or_else(written).unwrap_or_default()
            };
            let mut bytes = Vec::new();
            let rows = all.gates.iter().map(|g| (name(&g.code), g));
            gates::table().csv(&mut bytes, rows).map_err(|e| Error::internal(format!("{file} cannot be made again: {e}")))?;
            let made = CsvTable::parse(&bytes, file)?;
            let columns: Vec<&str> = match same_words(folder) {
                true => made.columns().iter().map(String::as_str).collect(),
                false => VERDICTS.to_vec(),
            };
            compare(&folder.table(file)?, &made, &columns, findings);
        }
    }
    Ok(())
}

/// Cell by cell.
fn compare(written: &CsvTable, made: &CsvTable, columns: &[&str], findings: &mut Findings) {
    let file = gates::FILE;
    let (there, due) = (written.rows().count(), made.rows().count());
    if there != due {
        findings.faults.push(format!("{file} has {there} rows, and {due} follow from the round file and the register"));
        return;
    }
    let mut wrong = Vec::new();
    for (row, want) in written.rows().zip(made.rows()) {
        for column in columns.iter().filter(|c| row.get(c) != want.get(c)) {
            let (code, gate, is, due) = (want.get("county_code"), want.get("gate"), row.get(column), want.get(column));
            wrong.push(format!(
                "{file}: {column} of {gate} of {code} is \"{is}\", and \"{due}\" follows from the round file and the register"
            ));
        }
    }
    first_few(wrong, findings);
}

/// What the table of applicants says of gates, and of who applies with whom.
fn of_applicants(folder: &Finished, all: &Together, findings: &mut Findings) -> Result<()> {
    let table = folder.table(applicants::FILE)?;
    let own = same_words(folder);
    let mut wrong = Vec::new();
    for (row, a) in table.rows().zip(&all.applicants) {
        let of: Vec<_> = all.gates.iter().filter(|g| g.code == a.code && a.withdrawn.is_none()).collect();
        let met = gates::together(of.iter().copied()).map_or("", |m| m.as_str());
        let words = gates::lines(of.iter().copied());
        let lead = a.joint_lead.as_deref().unwrap_or_default();
        let plain = [("county_code", a.code.as_str()), ("joint_lead", lead), ("eligible", met)];
        let words = [("gates", words.en.as_str()), ("gates_zh", words.zh.as_str())];
        for (column, due) in plain.into_iter().chain(words.into_iter().filter(|_| own)) {
            let is = row.text(column)?;
            if is != due {
                let code = &a.written;
                wrong.push(format!(
                    "applicants.csv: {column} of {code} is \"{is}\", and \"{due}\" follows from the round file and the register"
                ));
            }
        }
    }
    first_few(wrong, findings);
    Ok(())
}

/// Who is not ranked by the round file and its register is not ranked by the manifest, and for the same reason. Counties that could not be
/// computed are among the faults.
fn not_ranked(folder: &Finished, file: &RoundFile, findings: &mut Findings) {
    let told: RankTable = serde_json::from_value(folder.manifest["ranking"]["asked"].clone()).unwrap_or_default();
    let faults = folder.manifest["faults"].as_array().map(Vec::as_slice).unwrap_or_default();
    let failed =
        |code: &String| faults.iter().any(|f| f["code"] == FaultCode::CountyFailed.as_str() && f["subject"] == code.as_str());
    let told: BTreeMap<&String, &String> = told.eligibility.except.iter().filter(|(code, _)| !failed(code)).collect();
    let own = same_words(folder);
    let due = &file.rank.eligibility.except;
    let is_told = |code: &String, why: &String| told.get(code).is_some_and(|said| !own || *said == why);
    let less = due.iter().filter(|(code, why)| !is_told(code, why)).map(|(code, why)| {
        format!("county {code} is not ranked by the round file and its register, as {why}, and the manifest does not say so")
    });
    let mut wrong: Vec<String> = less.collect();
    let more = told.iter().filter(|(code, _)| !due.contains_key(**code));
    wrong.extend(more.map(|(code, why)| {
        format!("county {code} is not ranked by the manifest, as {why}, and the round file and its register do not say so")
    }));
    first_few(wrong, findings);
}
