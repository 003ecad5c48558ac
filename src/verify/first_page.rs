//! The first screen of a round: every fault that somebody accepted stands on it with who, when and why, everything that was set by hand,
//! and how many applied.

use super::faults::{Told, of};
use super::opened::Opened;
use super::selection::same_words;
use super::{Findings, first_few};
use crate::config::accept::AcceptTable;
use crate::config::override_table::OverrideTable;
use crate::config::rank_table::JointTable;
use crate::error::Result;
use crate::files::text::{grouped, xml};
use crate::input;
use crate::results::eligible::{Eligible, answers_of};
use crate::results::faults::FaultCode;
use crate::results::hand_funded::hand_funded;
use crate::tables::{applicants, gates, overrides, ranking};
use std::collections::{BTreeMap, BTreeSet};

/// The page.
const PAGE: &str = "round.html";
/// Longest reason, and longest other text, that is shown.
const LONGEST: [usize; 2] = [400, 120];
/// Longest sentence of a gate that is shown.
const LONGEST_SENTENCE: usize = 600;
/// Around the code and the fingerprint of a fault.
const MARKS: [&str; 2] = ["<small><code>", "</code></small>"];
/// What each note begins with.
const NOTE: &str = "role=\"note\">";

/// Checks the page of a round that tells its faults.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(faults) = of(o) else { return Ok(()) };
    if !o.holds(PAGE) {
        findings.faults.push(format!("{PAGE} is missing: every round has it"));
        return Ok(());
    }
    let bytes = input::whole(&o.folder.path.join(PAGE), "read the file", input::MOST_WHOLE)?;
    let page = String::from_utf8_lossy(&bytes);
    let acceptances: Vec<AcceptTable> = serde_json::from_value(o.folder.manifest["acceptances"].clone()).unwrap_or_default();
    of_faults(&page, &faults, &acceptances, findings);
    by_hand(o, &page, findings)?;
    if let Some(table) = o.tables.table(applicants::FILE) {
        let n = grouped(table.rows().count() as u64);
        if !page.contains(&format!("The register has {n} applications")) {
            findings.faults.push(format!("{PAGE}: it does not say that {n} applied, as applicants.csv does"));
        }
    }
    of_gates(o, &page, findings)?;
    findings.checked.push(format!("the first page tells {} faults, and what was set by hand", faults.len()));
    Ok(())
}

/// Notes of faults: code and fingerprint, and the text from where the note begins.
fn notes(page: &str) -> Vec<(&str, &str, &str)> {
    let mut found = Vec::new();
    for (at, _) in page.match_indices(MARKS[0]) {
        let rest = &page[at + MARKS[0].len()..];
        let named = rest.split_once(MARKS[1]).and_then(|(inside, _)| inside.split_once(' '));
        let Some((code, print)) = named.filter(|(code, _)| FaultCode::of(code).is_some()) else { continue };
        let begins = page[..at].rfind(NOTE).map_or(0, |i| i + NOTE.len());
        found.push((code, print, &page[begins..at]));
    }
    found
}

fn of_faults(page: &str, faults: &[Told], acceptances: &[AcceptTable], findings: &mut Findings) {
    let notes = notes(page);
    let mut wrong = Vec::new();
    for f in faults {
        let (code, print) = (&f.code, &f.print);
        let Some((_, _, note)) = notes.iter().find(|(c, p, _)| c == code && p == print) else {
            wrong.push(format!("{PAGE}: it does not tell the fault {code} {print}"));
            continue;
        };
        let by = acceptances.iter().find(|a| a.code.trim() == *code && a.fault.trim().eq_ignore_ascii_case(print));
        let Some(a) = by else { continue };
        let texts = [("by", &a.by, LONGEST[1]), ("on", &a.on, LONGEST[1]), ("reason", &a.reason, LONGEST[0])];
        let other = texts.iter().filter(|(_, text, most)| !note.contains(&xml(text, *most)));
        wrong.extend(other.map(|(key, text, _)| {
            format!("{PAGE}: of the acceptance of {code} {print} it does not say {key} as the manifest does: {text}")
        }));
    }
    let told: BTreeSet<(&str, &str)> = faults.iter().map(|f| (f.code.as_str(), f.print.as_str())).collect();
    let more = notes.iter().filter(|(c, p, _)| !told.contains(&(*c, *p)));
    wrong.extend(more.map(|(c, p, _)| format!("{PAGE}: it tells the fault {c} {p}, and the manifest does not")));
    first_few(wrong, findings);
}

/// What was set by hand stands above the first sentence, county by county as in the table.
fn by_hand(o: &Opened, page: &str, findings: &mut Findings) -> Result<()> {
    let head = page.split("<p class=\"lead\">").next().unwrap_or_default();
    let code =
        |item: &str| item.split_once("<span class=\"soft\"><bdi>").and_then(|(_, r)| Some(r.split_once("</bdi>")?.0.to_owned()));
    let there: Vec<String> = head.split("<li>").skip(1).map(|item| code(item).unwrap_or_default()).collect();
    let mut due = Vec::new();
    for row in o.tables.table(overrides::FILE).into_iter().flat_map(|t| t.rows()) {
        let same_money = ["funded", "funding"].iter().all(|c| row.get(&format!("{c}_before")) == row.get(&format!("{c}_after")));
        if row.get("record") == "consequence" && same_money {
            continue; // these are counted on the page, and named in the table only
        }
        due.push(xml(&row.text("county_code")?, LONGEST[1]));
    }
    if there != due {
        let (there, due) = (there.len(), due.len());
        findings.faults.push(format!("{PAGE}: what was set by hand is not that of overrides.csv: {there} records of {due}"));
    }
    Ok(())
}

/// How many may apply, and who is funded by hand all the same, as the gates, the overrides and the ranking give it.
fn of_gates(o: &Opened, page: &str, findings: &mut Findings) -> Result<()> {
    let answers = o.tables.table(gates::FILE).map(answers_of).transpose()?.unwrap_or_default();
    let all = Eligible::of(&answers);
    let asked = &o.folder.manifest["ranking"]["asked"];
    let [overrides, joint] = ["overrides", "joint"].map(|key| asked[key].clone());
    let overrides: Vec<OverrideTable> = serde_json::from_value(overrides).unwrap_or_default();
    let joint: Vec<JointTable> = serde_json::from_value(joint).unwrap_or_default();
    let mut reasons = BTreeMap::new();
    // another version may not have told who is not ranked
    for row in o.tables.table(ranking::FILE).filter(|_| same_words(&o.folder)).into_iter().flat_map(|t| t.rows()) {
        reasons.insert(row.code("county_code")?, row.text("not_rankable")?);
    }
    let why = |code: &str| reasons.get(code).filter(|why| !why.is_empty()).cloned();
    let though = hand_funded(all.as_ref(), (&overrides, &joint), &why);
    let said = all.iter().map(Eligible::sentence).chain(though.into_iter().map(|h| h.said));
    let missing = |text: &String| !page.contains(&xml(text, LONGEST_SENTENCE));
    let wrong = said.filter_map(|said| [said.en, said.zh].into_iter().find(missing));
    first_few(
        wrong.map(|said| format!("{PAGE}: it does not say what the gates, the overrides and the ranking give: {said}")).collect(),
        findings,
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::results::faults::print_of;
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::{Value, json};

    fn manifest() -> Value {
        let print = print_of(None, "region_left_out", "p2", &[]);
        let fault = json!({ "code": "region_left_out", "fault": print, "subject": "p2", "facts": [], "what": "w" });
        let by = json!({ "code": "region_left_out", "fault": print, "by": "Wang <Wei>", "on": "2026-03-31", "reason": "flood & rain" });
        json!({ "format_version": 3, "signed_by": "x", "faults": [fault], "acceptances": [by] })
    }

    fn page() -> String {
        let print = print_of(None, "region_left_out", "p2", &[]);
        format!(
            "<div role=\"note\"><strong>SYNTHETIC</strong></div>\n<div class=\"synthetic\" role=\"note\"><strong>FAULT</strong>w<br>\
             <span>Accepted by Wang &lt;Wei&gt; on 2026-03-31: <bdi>flood &amp; rain</bdi></span> <small><code>region_left_out {print}</code></small></div>\n\
             <ul>\n<li><bdi>A</bdi> <span class=\"soft\"><bdi>0101</bdi></span>: it</li></ul>\n<p class=\"lead\">\
             <small><code>round.toml x</code></small> The register has 2 applications; own: of 1 applicants 1 are eligible, 0 are not, and of 0 it cannot be told; own：1 个申报县中，符合申报条件的 1 个，不符合的 0 个，无法判断的 0 个<li>"
        )
    }

    #[test]
    fn what_is_told_in_one_place_alone_is_named() {
        let page = page();
        let files = [
            ("round.html", page.as_str()),
            ("overrides.csv", "county_code,set\n0101,exclusion\n"),
            ("applicants.csv", "code\n0101\n0102\n"),
            (
                "gates.csv",
                "code,programme,gate,asks,asks_zh,asked,asked_zh,value,value_zh,verdict,because,because_zh\n0101,own,kind,a,,b,,c,,met,,\n",
            ),
        ];
        let found = |change: &dyn Fn(&mut Value), in_file| {
            let mut m = manifest();
            change(&mut m);
            faults_of(&changed(&files, in_file), m, super::check)
        };
        let none = ("", "", "");
        assert_eq!(found(&|_| {}, none), [""; 0]);
        let one = |change: &dyn Fn(&mut Value), in_file, want: &str| {
            let faults = found(change, in_file);
            assert!(faults.len() == 1 && faults[0].contains(want), "{want}: {faults:?}");
        };
        one(&|m| m["faults"] = json!([]), none, "it tells the fault region_left_out");
        one(&|m| m["acceptances"][0]["by"] = "Li".into(), none, "it does not say by as the manifest does: Li");
        one(&|m| m["acceptances"][0]["on"] = "2026-04-01".into(), none, "does not say on as");
        one(&|m| m["acceptances"][0]["reason"] = "sun".into(), none, "does not say reason as");
        one(&|_| {}, ("round.html", "<code>region_left_out ", "<code>another "), "it does not tell the fault region_left_out");
        one(&|_| {}, ("overrides.csv", "0101,exclusion\n", ""), "1 records of 0");
        one(&|_| {}, ("round.html", "0101", "0102"), "what was set by hand is not that of overrides.csv");
        one(&|_| {}, ("applicants.csv", "0102\n", ""), "it does not say that 1 applied");
        one(&|_| {}, ("gates.csv", "met,,", "not_met,few,"), "give: own: of 1 applicants 0 are eligible, 1 are not");
        one(&|_| {}, ("round.html", "符合申报条件的 1 个", "符合申报条件的 9 个"), "give: own：1 个申报县中");
        let gone = faults_of(&[], manifest(), super::check);
        assert_eq!(gone, ["round.html is missing: every round has it"]);
    }
}
