//! Who applied: the list of the manifest, `applicants.csv`, the counties of the ranking, the pages and the faults say the same.

use super::faults::{Told, differ, of};
use super::opened::Opened;
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::page::applicant::page_name;
use crate::results::applied::AppliedList;
use crate::results::faults::FaultCode;
use crate::tables::{applicants, ranking};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The word for a list that is a register.
const REGISTER: &str = "applicants";

/// A row of `applicants.csv`.
struct Row {
    code: String,
    written: String,
    lead: String,
    stands: bool,
    has_county: bool,
}

impl Row {
    fn of(row: &CsvRow<'_>) -> Result<Self> {
        Ok(Self {
            code: row.text("county_code")?,
            written: row.text("code_written")?,
            lead: row.text("joint_lead")?,
            stands: row.text("withdrawn")?.is_empty(),
            has_county: row.get("has_county") == "true",
        })
    }
}

/// Checks a round that tells its faults.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(faults) = of(o) else { return Ok(()) };
    let m = &o.folder.manifest;
    let table = o.tables.table(applicants::FILE);
    let list = m.get("list").map(|list| serde_json::from_value::<Option<AppliedList>>(list.clone()));
    let list = match list {
        Some(Ok(list)) => list,
        Some(Err(_)) => {
            findings.faults.push("manifest.json: the list of who applies cannot be read".to_owned());
            return Ok(());
        }
        // a round of before, which tells no list
        None => None,
    };
    let members: BTreeSet<String> = match o.tables.table(ranking::FILE) {
        Some(ranking) => ranking.rows().map(|r| r.text("county_code")).collect::<Result<_>>()?,
        None => return Ok(()),
    };
    file_of(&list, m, findings);
    let read = m["inputs"].as_array().into_iter().flatten().any(|f| f["role"] == REGISTER);
    let is_register = list.as_ref().is_some_and(|l| l.from == REGISTER);
    match table {
        None if read || is_register => {
            findings.faults.push(format!("{} is missing: the round has a register of who applies", applicants::FILE));
        }
        Some(_) if !read || (m.get("list").is_some() && !is_register) => {
            findings.faults.push(format!("{} is there, and the manifest tells of no register", applicants::FILE));
        }
        Some(table) => register(o, (table, list.as_ref()), &members, &faults, findings)?,
        None => patterns(list.as_ref(), &members, &faults, findings),
    }
    Ok(())
}

/// The file of the list is an input of the round.
fn file_of(list: &Option<AppliedList>, m: &Value, findings: &mut Findings) {
    let Some(list) = list else { return };
    let Some(file) = &list.file else { return };
    let inputs = m["inputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let same =
        |f: &Value| f["path"] == **file && f["role"] == *list.from && Some(f["sha256"].as_str()) == Some(list.sha256.as_deref());
    if !inputs.iter().any(same) {
        findings.faults.push(format!("manifest.json: the list of who applies is of {file}, which is no such input of the round"));
    }
    if list.codes.len() != list.number {
        let (n, codes) = (list.number, list.codes.len());
        findings.faults.push(format!("manifest.json: the list of who applies has {codes} codes, and says {n}"));
    }
}

/// A register: row by row, against the list, the counties, the faults and the pages.
fn register(
    o: &Opened,
    (table, list): (&CsvTable, Option<&AppliedList>),
    members: &BTreeSet<String>,
    faults: &[Told],
    findings: &mut Findings,
) -> Result<()> {
    let rows: Vec<Row> = table.rows().map(|r| Row::of(&r)).collect::<Result<_>>()?;
    if let Some(list) = list {
        against_list(&rows, list, findings);
    }
    let own: BTreeSet<&str> = rows.iter().filter(|r| r.has_county).map(|r| r.code.as_str()).collect();
    let wrong =
        own.iter().filter(|c| !members.contains(**c)).map(|c| format!("applicants.csv: county {c} is not in the ranking"));
    let none = members.iter().filter(|c| !own.contains(c.as_str()));
    let wrong = wrong.chain(none.map(|c| format!("applicants.csv: county {c} is in the ranking, and did not apply")));
    first_few(wrong.collect(), findings);
    let mut by_code: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|r| by_code.entry(&r.code).or_default().push(r));
    let lost = |list: &&Vec<&Row>| !list[0].has_county && list.iter().any(|r| r.stands);
    let unknown: BTreeSet<String> = by_code.values().filter(lost).map(|list| list[0].written.clone()).collect();
    differ(faults, FaultCode::ApplicantUnknown, unknown.into_iter().collect(), applicants::FILE, findings);
    let twice = by_code.iter().filter(|(_, list)| list.len() > 1).map(|(code, _)| (*code).to_owned());
    differ(faults, FaultCode::ApplicantTwice, twice.collect(), applicants::FILE, findings);
    let stands = |code: &str| by_code.get(code).is_some_and(|list| list.iter().any(|r| r.stands));
    let astray = |r: &&Row| !r.lead.is_empty() && r.has_county && stands(&r.code) && !own.contains(r.lead.as_str());
    let leads: BTreeSet<(&str, &str)> = rows.iter().filter(astray).map(|r| (r.code.as_str(), r.lead.as_str())).collect();
    let leads = leads.into_iter().map(|(code, _)| code.to_owned()).collect();
    differ(faults, FaultCode::JointLeadMissing, leads, applicants::FILE, findings);
    pages(o, &rows, findings);
    findings.checked.push(format!("{} applications against the list, the counties, the faults and the pages", rows.len()));
    Ok(())
}

fn against_list(rows: &[Row], list: &AppliedList, findings: &mut Findings) {
    let written = if list.written.is_empty() { &list.codes } else { &list.written };
    let named: Vec<(&str, &str)> = list.codes.iter().zip(written).map(|(c, w)| (c.as_str(), w.as_str())).collect();
    let there: Vec<(&str, &str)> = rows.iter().map(|r| (r.code.as_str(), r.written.as_str())).collect();
    if named != there {
        let (a, b): (BTreeSet<_>, BTreeSet<_>) = (named.iter().collect(), there.iter().collect());
        let less = a.difference(&b).map(|(_, w)| format!("{w} is in the list and not in applicants.csv"));
        let more = b.difference(&a).map(|(_, w)| format!("{w} is in applicants.csv and not in the list"));
        let mut wrong: Vec<String> = less.chain(more).map(|what| format!("who applied: {what}")).collect();
        if wrong.is_empty() {
            wrong.push("who applied: the rows of applicants.csv are not those of the list, in its order".to_owned());
        }
        first_few(wrong, findings);
    }
    let stand: BTreeSet<&str> = rows.iter().filter(|r| r.stands).map(|r| r.code.as_str()).collect();
    let withdrawn: BTreeSet<&str> = rows.iter().map(|r| r.code.as_str()).filter(|c| !stand.contains(c)).collect();
    if withdrawn != list.withdrawn.iter().map(String::as_str).collect() {
        let named = if withdrawn.is_empty() { "none".to_owned() } else { withdrawn.into_iter().collect::<Vec<_>>().join(", ") };
        findings.faults.push(format!("who applied: by applicants.csv these have withdrawn, and by the list others: {named}"));
    }
}

/// A page for each applicant that no region has.
fn pages(o: &Opened, rows: &[Row], findings: &mut Findings) {
    let due = (0..).zip(rows).filter(|(_, r)| !r.has_county).map(|(i, r)| (page_name(i), r));
    let due: BTreeMap<String, &Row> = due.collect();
    let missing = due.iter().filter(|(page, _)| !o.holds(page));
    let mut wrong: Vec<String> =
        missing.map(|(page, r)| format!("{page} is missing, the page of applicant {}", r.written)).collect();
    let outputs = o.folder.manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let there = outputs.iter().filter_map(|f| f["name"].as_str()).filter(|n| n.starts_with("applicants/"));
    wrong.extend(there.filter(|n| !due.contains_key(*n)).map(|n| format!("{n} is the page of no row of applicants.csv")));
    first_few(wrong, findings);
}

/// Codes or patterns: every county is met by one, and every one meets a county or is among the faults.
fn patterns(list: Option<&AppliedList>, members: &BTreeSet<String>, faults: &[Told], findings: &mut Findings) {
    let Some(list) = list else { return };
    let patterns: Vec<(&String, glob::Pattern)> =
        list.codes.iter().filter_map(|c| Some((c, glob::Pattern::new(c).ok()?))).collect();
    let met = |code: &&String| !patterns.iter().any(|(_, p)| p.matches(code));
    let wrong = members.iter().filter(met).map(|c| format!("county {c} is in the ranking, and not in the list of who applies"));
    first_few(wrong.collect(), findings);
    let nobody = patterns.iter().filter(|(_, p)| !members.iter().any(|m| p.matches(m))).map(|(code, _)| (*code).clone());
    let nobody: BTreeSet<String> = nobody.collect();
    let told: BTreeSet<String> =
        faults.iter().filter(|f| f.code == FaultCode::ApplicantUnknown.as_str()).map(|f| f.subject.clone()).collect();
    let hidden: Vec<&str> = nobody.difference(&told).map(String::as_str).collect();
    if !hidden.is_empty() {
        let named = hidden.join(", ");
        findings.faults.push(format!("the faults applicant_unknown are not what the list tells: {named}"));
    }
    findings.checked.push(format!("{} counties against the list of who applies", members.len()));
}

#[cfg(test)]
mod tests {
    use crate::results::faults::print_of;
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::{Value, json};

    /// 02 stands twice, 03 has withdrawn, 04 applies with 09, which is in no register; 99 is in no region.
    const TABLE: &str = "line,code,code_written,joint_lead,withdrawn,has_county\n2,01,1,,,true\n3,02,02,,,true\n4,02,02,,,true\n\
                         5,03,03,,yes,true\n6,04,04,09,,true\n7,99,99,,,false\n";
    const RANKING: &str = "rank,code\n1,02\n2,01\n,03\n,04\n";

    fn fault(code: &str, subject: &str) -> Value {
        json!({ "code": code, "fault": print_of(None, code, subject, &[]), "subject": subject, "facts": [], "what": "w" })
    }

    fn manifest() -> Value {
        let outputs = ["applicants.csv", "ranking.csv", "applicants/0006.html"];
        json!({
            "format_version": 3, "signed_by": "x", "acceptances": [],
            "faults": [fault("applicant_twice", "02"), fault("applicant_unknown", "99"), fault("joint_lead_missing", "04")],
            "list": { "from": "applicants", "file": "a.csv", "sha256": "s", "number": 6, "codes": ["01", "02", "02", "03", "04", "99"],
                      "written": ["1", "02", "02", "03", "04", "99"], "withdrawn": ["03"] },
            "inputs": [{ "path": "a.csv", "role": "applicants", "sha256": "s" }],
            "outputs": outputs.map(|n| json!({ "name": n, "sha256": "" })),
        })
    }

    fn found(change: &dyn Fn(&mut Value), in_file: (&str, &str, &str)) -> Vec<String> {
        let mut m = manifest();
        change(&mut m);
        faults_of(&changed(&[("applicants.csv", TABLE), ("ranking.csv", RANKING)], in_file), m, super::check)
    }

    #[test]
    fn whoever_is_hidden_in_one_place_stands_in_another() {
        let none = ("", "", "");
        assert_eq!(found(&|_| {}, none), [""; 0]);
        // a round of before tells no list, and the rest holds all the same
        assert_eq!(found(&|m| drop(m.as_object_mut().unwrap().remove("list")), none), [""; 0]);
        let one = |change: &dyn Fn(&mut Value), in_file, want: &str| {
            let faults = found(change, in_file);
            assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
        };
        let less = |i: usize| move |m: &mut Value| drop(m["faults"].as_array_mut().unwrap().remove(i));
        one(&less(0), none, "the faults applicant_twice are not what applicants.csv tells: 02");
        one(&less(1), none, "the faults applicant_unknown are not what applicants.csv tells: 99");
        one(&less(2), none, "the faults joint_lead_missing are not what applicants.csv tells: 04");
        let row = |text: &'static str, to: &'static str| ("applicants.csv", text, to);
        one(&|_| {}, row("7,99,99,,,false\n", ""), "who applied: 99 is in the list and not in applicants.csv");
        one(&|_| {}, row("2,01,1,,,true\n", ""), "county 01 is in the ranking, and did not apply");
        one(&|_| {}, row("5,03,03,,yes", "5,03,03,,"), "and by the list others: none");
        one(&|_| {}, row("7,99,99", "7,98,98"), "who applied: 99 is in the list and not in applicants.csv");
        one(&|m| m["list"]["codes"][5] = "98".into(), none, "who applied: 99 is in applicants.csv and not in the list");
        one(&|m| m["list"]["number"] = 5.into(), none, "has 6 codes, and says 5");
        one(&|m| m["list"]["sha256"] = "t".into(), none, "which is no such input of the round");
        one(&|m| m["list"] = Value::Null, none, "the manifest tells of no register");
        one(&|m| m["list"] = 7.into(), none, "cannot be read");
        one(
            &|m| drop(m["outputs"].as_array_mut().unwrap().pop()),
            none,
            "applicants/0006.html is missing, the page of applicant 99",
        );
        one(&|m| m["outputs"][2]["name"] = "applicants/0007.html".into(), none, "applicants/0007.html is the page of no row");
        one(&|_| {}, ("ranking.csv", "1,02\n", ""), "applicants.csv: county 02 is not in the ranking");
    }

    #[test]
    fn a_register_whose_table_is_gone_and_codes_that_meet_nobody_are_named() {
        let rows = [("ranking.csv", RANKING.to_owned())];
        let mut m = manifest();
        m["outputs"] = json!([{ "name": "ranking.csv", "sha256": "" }]);
        assert_eq!(
            faults_of(&rows, m.clone(), super::check),
            ["applicants.csv is missing: the round has a register of who applies"]
        );
        let list = |codes: &[&str]| json!({ "from": "counties", "number": codes.len(), "codes": codes });
        m["inputs"] = json!([]);
        (m["list"], m["faults"]) = (list(&["0[12]", "03", "04", "98*"]), json!([fault("applicant_unknown", "98*")]));
        assert_eq!(faults_of(&rows, m.clone(), super::check), [""; 0]);
        m["faults"] = json!([]);
        assert_eq!(faults_of(&rows, m.clone(), super::check), ["the faults applicant_unknown are not what the list tells: 98*"]);
        m["list"] = list(&["01", "03", "04"]);
        assert_eq!(faults_of(&rows, m, super::check), ["county 02 is in the ranking, and not in the list of who applies"]);
    }
}
