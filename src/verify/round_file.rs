//! A round folder against its round file: who signs, what is accepted, set by hand and asked for, the rules of selection, and who applies
//! are the same in both, down to the SHA-256 of the file.

use super::{Findings, applied_again, first_few};
use crate::config::accept::AcceptTable;
use crate::config::goalposts::{Goalpost, GoalpostTable};
use crate::config::override_table::{AppealTable, OverrideTable};
use crate::config::{RankTable, RoundFile};
use crate::error::{Result, path_text};
use crate::files::schema::one_line;
use crate::finished::Finished;
use crate::issue::Issues;
use crate::read::applicants::read_applicants;
use crate::read::county_list::read_county_list;
use crate::read::formats::SourceFile;
use crate::read::{fingerprint, hex};
use crate::results::applied::AppliedList;
use crate::tables::applicants;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The first format that says of goalposts who wrote them.
const WITH_BY_HAND: u64 = 3;

/// Checks a folder, whose fingerprints hold, against a round file.
///
/// # Errors
/// Input, when the register of the round file, which is the one of then, cannot be read.
pub(super) fn check(folder: &Finished, file: &RoundFile, findings: &mut Findings) -> Result<()> {
    let m = &folder.manifest;
    let now = |code: &str| m["recoded"][code].as_str().unwrap_or(code).to_owned();
    let before = findings.faults.len();
    let signed = file.round.signed_by.as_deref();
    if m["signed_by"].as_str() != signed {
        let [is, was] = [m["signed_by"].as_str(), signed].map(|by| by.unwrap_or("nobody"));
        findings.faults.push(format!("the folder is signed by {is}, and by the round file it is {was}"));
    }
    let accepted: Vec<Record> = file.accept.iter().map(of_acceptance).collect();
    same_records("acceptance", &accepted, &records::<AcceptTable>(&m["acceptances"], of_acceptance), findings);
    let set: Vec<OverrideTable> =
        file.rank.overrides.iter().map(|o| OverrideTable { county: now(&o.county), ..o.clone() }).collect();
    let set: Vec<Record> = set.iter().map(of_override).collect();
    same_records("override", &set, &records::<OverrideTable>(&m["ranking"]["asked"]["overrides"], of_override), findings);
    let asked: Vec<AppealTable> = file.appeals.iter().map(|a| AppealTable { county: now(&a.county), ..a.clone() }).collect();
    let asked: Vec<Record> = asked.iter().map(of_appeal).collect();
    same_records("appeal", &asked, &records::<AppealTable>(&m["set_by_hand"]["appeals"], of_appeal), findings);
    if m["selection"]["asked"] != serde_json::to_value(&file.select).unwrap_or_default() {
        findings.faults.push("selection.asked of the manifest is not [select] of the round file".to_owned());
    }
    let lines = &m["selection"]["lines"];
    if !lines.is_null() && *lines != serde_json::to_value(&file.rank.lines).unwrap_or_default() {
        findings.faults.push("selection.lines of the manifest are not the lines of the round file".to_owned());
    }
    goalposts(m, file, findings);
    list(m, file, findings)?;
    register(folder, file, findings)?;
    applied_again::check(folder, file, findings)?;
    same_file(m, file, findings);
    if findings.faults.len() == before {
        let (a, o, p) = (accepted.len(), set.len(), asked.len());
        findings.checked.push(format!(
            "the round file: its SHA-256, {a} acceptances, {o} overrides, {p} appeals, the rules of selection and who applies"
        ));
    }
    Ok(())
}

fn same_file(m: &Value, file: &RoundFile, findings: &mut Findings) {
    let print = hex(&Sha256::digest(file.text.as_bytes()));
    if m["round_file_sha256"] == print {
        return;
    }
    let named = m["command"]["input"].as_str().unwrap_or("its round file");
    let was = m["round_file_sha256"].as_str().unwrap_or("not told");
    findings.faults.push(format!(
        "this is not the round file of the folder: its SHA-256 is {print}, that of {named} was {was}; give --round {named} as it was when the round was made"
    ));
}

/// What is compared whole, and how it is called.
type Record = (Value, String);

fn of_acceptance(a: &AcceptTable) -> Record {
    let plain = AcceptTable { code: a.code.trim().to_owned(), fault: a.fault.trim().to_ascii_lowercase(), ..a.clone() };
    (
        serde_json::to_value(&plain).unwrap_or_default(),
        format!("{} {} ({}, {}: {})", plain.code, plain.fault, a.by, a.on, a.reason),
    )
}

fn of_override(o: &OverrideTable) -> Record {
    (serde_json::to_value(o).unwrap_or_default(), format!("{} ({}, {}: {})", o.key(), o.by, o.on, o.reason))
}

fn of_appeal(a: &AppealTable) -> Record {
    (serde_json::to_value(a).unwrap_or_default(), format!("{} ({}, {}: {})", a.county, a.by, a.on, a.reason))
}

/// The records of a manifest; one that is none is told as it stands.
fn records<T: serde::de::DeserializeOwned>(list: &Value, of: fn(&T) -> Record) -> Vec<Record> {
    let one = |v: &Value| serde_json::from_value::<T>(v.clone()).map_or_else(|_| (v.clone(), v.to_string()), |t| of(&t));
    list.as_array().into_iter().flatten().map(one).collect()
}

fn same_records(kind: &str, file: &[Record], folder: &[Record], findings: &mut Findings) {
    // as often here as there
    let count = |list: &[Record]| {
        let mut n: BTreeMap<String, (usize, String)> = BTreeMap::new();
        list.iter().for_each(|(value, name)| n.entry(value.to_string()).or_insert_with(|| (0, name.clone())).0 += 1);
        n
    };
    let (own, told) = (count(file), count(folder));
    let of = |list: &BTreeMap<String, (usize, String)>, key: &String| list.get(key).map_or(0, |(n, _)| *n);
    let hidden = own.iter().filter(|(key, (n, _))| of(&told, key) < *n);
    let mut wrong: Vec<String> =
        hidden.map(|(_, (_, name))| format!("the round file has this {kind}, and the manifest does not: {name}")).collect();
    let more = told.iter().filter(|(key, (n, _))| of(&own, key) < *n);
    wrong.extend(more.map(|(_, (_, name))| format!("the manifest has this {kind}, and the round file does not: {name}")));
    first_few(wrong, findings);
}

/// Goalposts, where they come from and who wrote them. A folder of before does not say the last.
fn goalposts(m: &Value, file: &RoundFile, findings: &mut Findings) {
    let told = serde_json::from_value::<RankTable>(m["ranking"]["asked"].clone()).unwrap_or_default().goalposts;
    let keys: BTreeSet<&String> = told.keys().chain(file.rank.goalposts.keys()).collect();
    let before = m["format_version"].as_u64().is_some_and(|format| format < WITH_BY_HAND);
    let of_before = |g: &Goalpost| before && matches!(g, Goalpost::Told(t) if t.by_hand.is_none());
    let of_file = |key: &String| match (told.get(key), file.rank.goalposts.get(key).cloned()) {
        (Some(was), Some(Goalpost::Told(t))) if of_before(was) => Some(Goalpost::Told(GoalpostTable { by_hand: None, ..t })),
        (_, now) => now,
    };
    let wrong = keys.into_iter().filter(|key| told.get(*key) != of_file(key).as_ref());
    first_few(
        wrong.map(|key| format!("the goalposts of {key} in the manifest are not those of the round file")).collect(),
        findings,
    );
}

/// Who applies: where the file of the list is the one of then, its codes are those of the manifest.
fn list(m: &Value, file: &RoundFile, findings: &mut Findings) -> Result<()> {
    let Some(told) = m.get("list") else { return Ok(()) }; // a round of before
    let told: Option<AppliedList> = serde_json::from_value(told.clone()).unwrap_or_default();
    let register = file.applicants.as_ref().map(|a| ("applicants", a.path.as_path()));
    let named = register.or_else(|| file.regions.county_list.as_deref().map(|p| ("county_list", p)));
    let from = match named {
        Some((from, _)) => Some(from),
        None => file.regions.counties.as_ref().filter(|l| !l.is_empty()).map(|_| "counties"),
    };
    let Some(told) = told.filter(|l| Some(l.from.as_str()) == from) else {
        if from.is_some() || !m["list"].is_null() {
            let words = from.unwrap_or("all counties");
            findings.faults.push(format!("the list of who applies is not of {words}, as the round file says"));
        }
        return Ok(());
    };
    let mut due: Vec<String> = Vec::new();
    if file.applicants.is_none() {
        due.extend(file.regions.counties.iter().flatten().cloned());
    }
    if let Some((role, path)) = named {
        let source = SourceFile { path: file.folder.join(path), shown: path_text(path) };
        if told.file.as_deref() != Some(source.shown.as_str()) {
            let (is, due) = (told.file.as_deref().unwrap_or("no file"), &source.shown);
            findings.faults.push(format!("the list of who applies is of {is}, and the round file names {due}"));
            return Ok(());
        }
        if !source.path.is_file() {
            findings
                .notes
                .push(format!("{} is not there, so its codes are not held against the list of who applies", source.shown));
            return Ok(());
        }
        let print = fingerprint(&source, role)?;
        if told.sha256.as_deref() != Some(print.sha256.as_str()) {
            findings.faults.push(format!("{}, which says who applies, is another file than that of the round", source.shown));
            return Ok(());
        }
        due.extend(codes(file, &source, &told)?);
    }
    let written = if told.written.is_empty() { &told.codes } else { &told.written };
    if *written == due {
        return Ok(());
    }
    let (a, b): (BTreeSet<&String>, BTreeSet<&String>) = (written.iter().collect(), due.iter().collect());
    let less = b.difference(&a).map(|c| format!("{c} applies by the round file, and is not in the list of the manifest"));
    let more = a.difference(&b).map(|c| format!("{c} is in the list of the manifest, and does not apply by the round file"));
    let mut wrong: Vec<String> = less.chain(more).collect();
    if wrong.is_empty() {
        wrong.push("who applies by the round file is not what the manifest lists, in its order".to_owned());
    }
    first_few(wrong, findings);
    Ok(())
}

/// What the register says of each applicant, in `applicants.csv`.
fn register(folder: &Finished, file: &RoundFile, findings: &mut Findings) -> Result<()> {
    let Some(spec) = file.applicants.as_ref().filter(|_| folder.holds(applicants::FILE)) else { return Ok(()) };
    let source = SourceFile { path: file.folder.join(&spec.path), shown: path_text(&spec.path) };
    let told = folder.manifest["list"]["sha256"].as_str();
    if !source.path.is_file() || Some(fingerprint(&source, "applicants")?.sha256.as_str()) != told {
        return Ok(()); // said of the list
    }
    let rows = read_applicants(spec, &source, &BTreeSet::new(), &mut Issues::default())?.rows;
    let table = folder.table(applicants::FILE)?;
    let mut wrong = Vec::new();
    for (row, a) in table.rows().zip(&rows) {
        let withdrawn = a.withdrawn.clone().unwrap_or_default();
        let due = [("name_written", &a.name), ("applied", &a.applied), ("files", &a.files), ("withdrawn", &withdrawn)];
        for (column, due) in due {
            if row.text(column)? != one_line(due) {
                let (code, file) = (&a.written, &source.shown);
                wrong.push(format!("applicants.csv: {column} of {code} is not what {file} says, line {}: {due}", a.line));
            }
        }
    }
    first_few(wrong, findings);
    Ok(())
}

/// The codes of a register, or of a county list, as they are written.
fn codes(file: &RoundFile, source: &SourceFile, told: &AppliedList) -> Result<Vec<String>> {
    let issues = &mut Issues::default();
    match &file.applicants {
        Some(spec) => {
            let rows = read_applicants(spec, source, &BTreeSet::new(), issues)?.rows;
            Ok(rows.into_iter().map(|r| r.written).collect())
        }
        None => {
            // codes that a spreadsheet made numbers of are known by those that the list has
            let known = told.codes.iter().chain(&told.written).map(String::as_str).collect();
            let rows = read_county_list(source, file.regions.county_list_sheet.as_deref(), &known, issues)?.0;
            Ok(rows.into_iter().map(|r| r.code).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::kind::Kind;
    use serde_json::json;

    const ROUND: &str = "[round]\nid = \"r\"\nsigned_by = \"Li\"\n[regions]\nfiles = [\"a.toml\"]\n[applicants]\npath = \"a.csv\"\n[select]\nplaces = 2\n\
        [[accept]]\ncode = \"region_left_out\"\nfault = \"AB12\"\nby = \"Wang\"\non = \"2026-03-31\"\nreason = \"flood\"\n\
        [[override]]\ncounty = \"0101\"\nexcluded = true\nby = \"Wu\"\non = \"2026-04-01\"\nreason = \"fraud\"\n\
        [[appeal]]\ncounty = \"0101\"\nby = \"Bureau\"\non = \"2026-04-02\"\nreason = \"no fraud\"\noutcome = \"rejected\"\noutcome_reason = \"it is\"\ndecided_by = \"Wu\"\ndecided_on = \"2026-04-03\"\n";
    const REGISTER: &str = "code,withdrawn\n0101,\n0102,yes\n";

    fn found(change: &dyn Fn(&mut Value)) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.csv"), REGISTER).unwrap();
        std::fs::write(dir.path().join("round.toml"), ROUND).unwrap();
        let file = RoundFile::read(&dir.path().join("round.toml")).unwrap();
        let text = |t: &str| hex(&Sha256::digest(t.as_bytes()));
        let mut manifest = json!({
            "signed_by": "Li", "round_file_sha256": text(ROUND), "command": { "input": "round.toml" },
            "acceptances": file.accept, "ranking": { "asked": { "overrides": file.rank.overrides } },
            "set_by_hand": { "appeals": file.appeals }, "selection": { "asked": file.select, "lines": file.rank.lines },
            "list": { "from": "applicants", "file": "a.csv", "sha256": text(REGISTER), "number": 2, "codes": ["0101", "0102"], "withdrawn": ["0102"] },
        });
        change(&mut manifest);
        let folder = Finished { path: dir.path().to_path_buf(), manifest, kind: Kind::Round };
        let mut findings = Findings::default();
        check(&folder, &file, &mut findings).unwrap();
        findings.faults
    }

    #[test]
    fn what_the_round_file_says_and_the_folder_does_not_is_named() {
        assert_eq!(found(&|_| {}), [""; 0]);
        // a round of before tells no list and no lines as written
        assert_eq!(found(&|m| drop(m.as_object_mut().unwrap().remove("list"))), [""; 0]);
        assert_eq!(found(&|m| drop(m["selection"].as_object_mut().unwrap().remove("lines"))), [""; 0]);
        let one = |change: &dyn Fn(&mut Value), want: &str| {
            let faults = found(change);
            assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
        };
        one(&|m| m["signed_by"] = "Lu".into(), "the folder is signed by Lu, and by the round file it is Li");
        one(
            &|m| m["acceptances"] = json!([]),
            "the round file has this acceptance, and the manifest does not: region_left_out ab12 (Wang",
        );
        one(
            &|m| m["acceptances"][0]["by"] = "Zhao".into(),
            "the manifest has this acceptance, and the round file does not: region_left_out ab12 (Zhao",
        );
        let twice = |m: &mut Value| {
            let a = m["acceptances"][0].clone();
            m["acceptances"].as_array_mut().unwrap().push(a);
        };
        one(&twice, "the manifest has this acceptance, and the round file does not");
        one(
            &|m| m["ranking"]["asked"]["overrides"] = json!([]),
            "the round file has this override, and the manifest does not: 0101.exclusion (Wu",
        );
        one(&|m| m["ranking"]["asked"]["overrides"][0]["reason"] = "error".into(), "the manifest has this override");
        one(
            &|m| m["set_by_hand"] = Value::Null,
            "the round file has this appeal, and the manifest does not: 0101 (Bureau, 2026-04-02: no fraud)",
        );
        one(&|m| m["selection"]["asked"]["places"] = 3.into(), "selection.asked of the manifest is not [select]");
        one(&|m| m["selection"]["lines"][0]["places"] = 3.into(), "selection.lines of the manifest are not");
        one(&|m| m["round_file_sha256"] = "00".into(), "not the round file of the folder");
        one(&|m| m["list"]["codes"] = json!(["0101"]), "0102 applies by the round file, and is not in the list of the manifest");
        one(&|m| m["list"]["codes"] = json!(["0102", "0101"]), "is not what the manifest lists, in its order");
        one(&|m| m["list"]["codes"][1] = "0103".into(), "0103 is in the list of the manifest, and does not apply");
        one(&|m| m["list"]["sha256"] = "00".into(), "is another file than that of the round");
        one(&|m| m["list"]["file"] = "b.csv".into(), "is of b.csv, and the round file names a.csv");
        one(&|m| m["list"] = Value::Null, "the list of who applies is not of applicants, as the round file says");
    }
}
