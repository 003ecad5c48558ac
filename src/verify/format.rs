//! A folder is of the format that it says: one that says an older format and holds what only a later one has was made to look old, so
//! that rules which are younger than that format would not be asked. What cannot be asked of an old folder is told.

use super::Findings;
use super::opened::{COUNTY_CODE, Opened};
use crate::error::Result;
use crate::files::kind::Kind;
use crate::input;
use crate::tables::{applicants, missing, overrides, ranking};
use serde_json::Value;

/// The format that rounds tell their faults in, and any folder its missing values.
const THIRD: u64 = 3;
/// The first version that writes it.
const THIRD_BY: [u64; 3] = [0, 1, 0];

/// The format whose tables of counties have the code of a county under the name that all tables have it.
pub(super) const FOURTH: u64 = 4;

/// Keys of a manifest with the format that has them first.
const KEYS: [(u64, &str); 10] = [
    (2, "/output"),
    (THIRD, "/faults"),
    (THIRD, "/acceptances"),
    (THIRD, "/list"),
    (THIRD, "/recoded"),
    (THIRD, "/set_by_hand"),
    (THIRD, "/ranking/missing"),
    (THIRD, "/ranking/scales"),
    (THIRD, "/ranking/residents_given"),
    (THIRD, "/selection/lines"),
];
/// Keys that every round of the third format has.
const OF_A_ROUND: [&str; 5] = ["/faults", "/acceptances", "/list", "/ranking/missing", "/selection/lines"];
/// Files with the format that has them first; what ends in a slash is a folder.
const FILES: [(u64, &str); 9] = [
    (2, "region.gpkg"),
    (2, "round.gpkg"),
    (2, "redundancy.csv"),
    (THIRD, applicants::FILE),
    (THIRD, "applicants/"),
    (THIRD, overrides::FILE),
    (THIRD, missing::FILE),
    (THIRD, missing::SCALES),
    (THIRD, missing::OPEN),
];
/// What the first page says since the third format.
const ON_THE_PAGE: [&str; 2] = ["The register has ", "<small><code>applicant_unknown "];

/// Checks every kind of folder but differences.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let m = &o.folder.manifest;
    let Some(format) = m["format_version"].as_u64().filter(|_| o.folder.kind != Kind::Difference) else { return Ok(()) };
    let by = m["chargegap_version"].as_str().unwrap_or_default();
    if format >= FOURTH && o.tables.table(ranking::FILE).is_some_and(|t| !t.columns().iter().any(|c| c == COUNTY_CODE)) {
        findings
            .faults
            .push(format!("{}: in format {format} the code of a county is in {COUNTY_CODE}, and there is none", ranking::FILE));
    }
    let later = later_than(o, format)?;
    if !later.is_empty() {
        findings.faults.push(format!(
            "the folder says format {format}, and holds what only a later format has: {}; it was made to look older than it is",
            later.join(", ")
        ));
    }
    if format >= THIRD {
        if version(by).is_some_and(|v| v < THIRD_BY) {
            findings
                .faults
                .push(format!("the folder says format {format} and chargegap {by}, which did not know that format yet"));
        }
        if o.folder.kind == Kind::Round {
            let gone = OF_A_ROUND.iter().filter(|k| m.pointer(k).is_none()).map(|k| dotted(k));
            findings
                .faults
                .extend(gone.map(|k| format!("every round of format {format} tells {k} in its manifest, and this one does not")));
        }
        return Ok(());
    }
    findings.notes.push(match o.folder.kind {
        Kind::Round => format!(
            "written in format {format}: these checks are not possible: its faults and who accepted them, who applied, missing values, what the first page says, which pages it has"
        ),
        _ => format!("written in format {format}: these checks are not possible: missing values and what stands in for them"),
    });
    Ok(())
}

/// What of the folder came with a later format than this.
fn later_than(o: &Opened, format: u64) -> Result<Vec<String>> {
    let m = &o.folder.manifest;
    let keys = KEYS.iter().filter(|(since, key)| *since > format && m.pointer(key).is_some()).map(|(_, key)| dotted(key));
    let mut found: Vec<String> = keys.collect();
    let outputs = m["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = outputs.iter().filter_map(|f| f["name"].as_str()).collect();
    let is = |name: &str, known: &str| name == known || (known.ends_with('/') && name.starts_with(known));
    let files = FILES.iter().filter(|(since, known)| *since > format && names.iter().any(|n| is(n, known)));
    found.extend(files.map(|(_, known)| (*known).to_owned()));
    found.extend(of_register(m, format));
    let ranked = o.tables.table(ranking::FILE).filter(|t| format < FOURTH && t.columns().iter().any(|c| c == COUNTY_CODE));
    found.extend(ranked.map(|_| format!("{}: {COUNTY_CODE}", ranking::FILE)));
    let table = o.tables.table(crate::tables::dictionary::FILE);
    let told = table.into_iter().flat_map(|t| t.rows()).map(|row| row.get("file"));
    let told = told.filter(|file| FILES.iter().any(|(since, known)| *since > format && file == known));
    let mut told: Vec<String> = told.map(|file| format!("dictionary.csv: {file}")).collect();
    told.dedup();
    found.append(&mut told);
    if format < THIRD && o.holds("round.html") {
        let page = input::whole(&o.folder.path.join("round.html"), "read the file", input::MOST_WHOLE)?;
        let page = String::from_utf8_lossy(&page);
        if ON_THE_PAGE.iter().any(|w| page.contains(w)) {
            found.push("round.html".to_owned());
        }
    }
    Ok(found)
}

/// The file of a register among the inputs.
fn of_register(m: &Value, format: u64) -> Option<String> {
    let read = m["inputs"].as_array()?.iter().any(|f| f["role"] == "applicants");
    (format < THIRD && read).then(|| "inputs: applicants".to_owned())
}

fn dotted(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

/// The three numbers of a version.
fn version(text: &str) -> Option<[u64; 3]> {
    let numbers: Vec<u64> = text.split(['.', '-', '+']).take(3).map(|n| n.parse().ok()).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

#[cfg(test)]
mod tests {
    use crate::verify::opened::tests::faults_of;
    use serde_json::{Value, json};

    fn found(change: &dyn Fn(&mut Value)) -> Vec<String> {
        let mut m = json!({
            "format_version": 4, "chargegap_version": "0.1.0", "signed_by": "x", "faults": [], "acceptances": [], "list": null,
            "ranking": { "missing": {} }, "selection": { "lines": [] }, "inputs": [], "outputs": [{ "name": "ranking.csv" }],
        });
        change(&mut m);
        let code = if m["format_version"] == 4 { "county_code\n" } else { "code\n" };
        faults_of(&[("ranking.csv", code.to_owned())], m, super::check)
    }

    #[test]
    fn a_folder_is_of_the_format_that_it_says() {
        assert_eq!(found(&|_| {}), [""; 0]);
        let one = |change: &dyn Fn(&mut Value), want: &str| {
            let faults = found(change);
            assert!(faults.len() == 1 && faults[0].contains(want), "{want}: {faults:?}");
        };
        one(
            &|m| m["format_version"] = 1.into(),
            "faults, acceptances, list, ranking.missing, selection.lines; it was made to look",
        );
        one(&|m| m["format_version"] = 2.into(), "the folder says format 2, and holds what only a later format has: faults");
        one(&|m| m["chargegap_version"] = "0.0.9".into(), "format 4 and chargegap 0.0.9, which did not know that format yet");
        for key in ["faults", "acceptances", "list"] {
            one(
                &|m| drop(m.as_object_mut().unwrap().remove(key)),
                &format!("every round of format 4 tells {key} in its manifest, and this one does not"),
            );
        }
        // the third is sound with all of that, and has the codes of counties under another name
        assert_eq!(found(&|m| m["format_version"] = 3.into()), [""; 0]);
        let with_table = |format: u64, table: &str| {
            let m = json!({ "format_version": format, "chargegap_version": "0.1.0", "inputs": [] });
            faults_of(&[("ranking.csv", table.to_owned())], m, super::check)
        };
        assert!(with_table(3, "county_code\n")[0].contains("later format has: ranking.csv: county_code"));
        assert!(with_table(4, "code\n")[0].contains("in format 4 the code of a county is in county_code"));
        assert_eq!((with_table(3, "code\n"), with_table(4, "county_code\n")), (Vec::new(), Vec::new()));
        // a sound old one: nothing of what came later, but one file or input of it is enough
        let old = |m: &mut Value| {
            let all = m.as_object_mut().unwrap();
            for key in ["faults", "acceptances", "list", "ranking", "selection"] {
                all.remove(key);
            }
            (m["format_version"], m["chargegap_version"]) = (2.into(), "0.0.9".into());
        };
        assert_eq!(found(&old), [""; 0]);
        let with = |name: &'static str| move |m: &mut Value| (old(m), m["outputs"][0]["name"] = name.into()).1;
        for name in ["applicants.csv", "missing.csv", "scales.csv", "open_places.csv", "overrides.csv", "applicants/0001.html"] {
            let faults = found(&with(name));
            assert!(faults.iter().any(|f| f.contains("a later format has: ")), "{name}: {faults:?}");
        }
        one(&|m| (old(m), m["inputs"] = json!([{ "role": "applicants" }])).1, "inputs: applicants");
        one(&|m| (old(m), (m["format_version"], m["output"]) = (1.into(), json!({}))).1, "later format has: output");
    }

    #[test]
    fn versions_are_in_the_order_of_their_numbers() {
        let of = super::version;
        assert!(of("0.0.9") < of("0.1.0") && of("0.2.0") < of("0.10.0") && of("0.1.0-dev") == of("0.1.0"));
        assert_eq!([of("7"), of("a.b.c"), of("")], [None; 3]);
    }
}
