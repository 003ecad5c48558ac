//! The faults of a round that somebody answers for: each has one acceptance and each acceptance one fault, nobody accepts what he
//! signs, and what is left out of the folder is among them.

use super::Findings;
use super::opened::Opened;
use super::shards;
use crate::config::accept::{AcceptTable, is_real_day};
use crate::config::people::{is_signer, says_something};
use crate::config::round_file::RoundTable;
use crate::error::Result;
use crate::files::kind::Kind;
use crate::results::faults::{FaultCode, print_of};
use crate::tables;
use serde_json::Value;

/// The first format whose rounds tell their faults.
const SINCE: u64 = 3;

/// A fault as the manifest tells it.
pub(super) struct Told {
    pub code: String,
    pub print: String,
    /// Its round; none in folders that do not say it with their faults.
    pub round: Option<String>,
    pub subject: String,
    pub facts: Vec<String>,
    pub what: String,
    /// The same in Chinese; empty in folders that do not say it.
    pub what_zh: String,
}

/// The faults of a round that tells them; of others nothing, and of one that says it in no way that can be read too: [`check`] tells that.
pub(super) fn of(o: &Opened) -> Option<Vec<Told>> {
    let m = &o.folder.manifest;
    let tells = o.folder.kind == Kind::Round && m["format_version"].as_u64().is_some_and(|v| v >= SINCE);
    if tells { told(&m["faults"]) } else { None }
}

/// What of a kind is told elsewhere has to be among the faults, and they among it.
pub(super) fn differ(faults: &[Told], code: FaultCode, there: Vec<String>, place: &str, findings: &mut Findings) {
    let mut there = there;
    there.sort();
    let mut told: Vec<&str> = faults.iter().filter(|f| f.code == code.as_str()).map(|f| f.subject.as_str()).collect();
    told.sort_unstable();
    if there != told {
        let named = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
        findings.faults.push(format!("the faults {} are not what {place} tells: {named}", code.as_str()));
    }
}

/// Checks the faults and acceptances of a round's manifest.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let m = &o.folder.manifest;
    if o.folder.kind != Kind::Round || m["format_version"].as_u64().is_none_or(|v| v < SINCE) {
        return Ok(());
    }
    let acceptances = serde_json::from_value::<Vec<AcceptTable>>(m["acceptances"].clone()).ok();
    let (Some(faults), Some(acceptances)) = (told(&m["faults"]), acceptances) else {
        findings.faults.push("the manifest does not tell the faults of the round and who accepted them".to_owned());
        return Ok(());
    };
    let signed_by = m["signed_by"].as_str().unwrap_or_default();
    findings.faults.extend(faults.iter().flat_map(|f| of_fault(f, &faults, &acceptances)));
    findings.faults.extend(acceptances.iter().flat_map(|a| of_acceptance(a, &faults, signed_by)));
    if faults.iter().any(|f| f.round.is_some()) {
        findings.faults.extend(of_round(&faults, &acceptances, &m["round"], signed_by));
    }
    beside(o, &faults, findings)?;
    if faults.is_empty() {
        findings.checked.push("the round has no fault that anybody had to accept".to_owned());
    } else {
        findings
            .checked
            .push(format!("each of {} faults is accepted once, by somebody who does not sign the round", faults.len()));
        for (f, a) in faults.iter().filter_map(|f| Some((f, acceptances.iter().find(|a| names(a, f))?))) {
            if !f.what_zh.is_empty() {
                findings.in_chinese.push([f.what.clone(), f.what_zh.clone()]);
            }
            findings.checked.push(format!("accepted by {} on {} ({}): {} {}: {}", a.by, a.on, a.reason, f.code, f.print, f.what));
        }
    }
    Ok(())
}

fn told(list: &Value) -> Option<Vec<Told>> {
    let text = |v: &Value| v.as_str().map(str::to_owned);
    let one = |f: &Value| {
        let facts = f["facts"].as_array()?.iter().map(text).collect::<Option<_>>()?;
        Some(Told {
            code: text(&f["code"])?,
            print: text(&f["fault"])?,
            round: text(&f["round"]),
            subject: text(&f["subject"])?,
            facts,
            what: text(&f["what"])?,
            what_zh: text(&f["what_zh"]).unwrap_or_default(),
        })
    };
    list.as_array()?.iter().map(one).collect()
}

fn names(a: &AcceptTable, f: &Told) -> bool {
    a.code.trim() == f.code && a.fault.trim().eq_ignore_ascii_case(&f.print)
}

fn of_fault(f: &Told, all: &[Told], acceptances: &[AcceptTable]) -> Vec<String> {
    let mut wrong = Vec::new();
    let (code, print) = (&f.code, &f.print);
    if print_of(f.round.as_deref(), code, &f.subject, &f.facts) != *print {
        wrong.push(format!("the fingerprint of the fault {code} {print} is not that of its facts"));
    }
    if !FaultCode::of(code).is_some_and(FaultCode::can_be_accepted) {
        wrong.push(format!("the fault {code} {print} is none that can be accepted"));
    }
    if all.iter().filter(|g| g.code == *code && g.print == *print).count() != 1 {
        wrong.push(format!("the fault {code} {print} is told more than once"));
    }
    match acceptances.iter().filter(|a| names(a, f)).count() {
        1 => {}
        0 => wrong.push(format!("nobody accepted the fault {code} {print}: {}", f.what)),
        n => wrong.push(format!("the fault {code} {print} is accepted {n} times")),
    }
    wrong
}

fn of_acceptance(a: &AcceptTable, faults: &[Told], signed_by: &str) -> Vec<String> {
    let (code, print) = (&a.code, &a.fault);
    let mut wrong = Vec::new();
    if !faults.iter().any(|f| names(a, f)) {
        wrong.push(format!("{code} {print} is accepted, and the round has no such fault"));
    }
    if let Some((key, _)) = a.keys().into_iter().find(|(_, value)| value.trim().is_empty()) {
        wrong.push(format!("the acceptance of {code} {print} does not say its {key}"));
    }
    let nobody = [("by", &a.by), ("reason", &a.reason)].into_iter().find(|(_, v)| !v.trim().is_empty() && !says_something(v));
    if let Some((key, value)) = nobody {
        wrong.push(format!("the acceptance of {code} {print} says \"{value}\" as its {key}, which names nobody and nothing"));
    }
    if !is_real_day(&a.on) {
        wrong.push(format!("the acceptance of {code} {print} is of no day: \"{}\"", a.on));
    }
    if is_signer(signed_by, &a.by) {
        wrong.push(format!("{code} {print} is accepted by {}, who signs the round", a.by));
    }
    wrong
}

/// Faults are of this very round, which somebody signs, and none was accepted after its day.
fn of_round(faults: &[Told], acceptances: &[AcceptTable], round: &Value, signed_by: &str) -> Vec<String> {
    let Ok(round) = serde_json::from_value::<RoundTable>(round.clone()) else {
        return vec!["the manifest does not say which round it is of".to_owned()];
    };
    let identity = round.identity();
    let others = faults.iter().filter(|f| f.round.as_deref() != Some(identity.as_str()));
    let mut wrong: Vec<String> = others
        .map(|f| {
            let of = f.round.as_deref().unwrap_or_default();
            format!("the fault {} {} is of the round {of}, and this is {identity}", f.code, f.print)
        })
        .collect();
    let date = round.date.as_deref();
    let late = acceptances.iter().filter(|a| date.is_some_and(|date| a.on.as_str() > date));
    wrong.extend(late.map(|a| {
        format!("{} {} is accepted on {}, after the day of the round, {}", a.code, a.fault, a.on, date.unwrap_or_default())
    }));
    if signed_by.trim().is_empty() && !acceptances.is_empty() {
        wrong.push("faults are accepted, and the round does not say who signs it".to_owned());
    }
    wrong
}

/// What the folder tells of itself to be left out has to be among the faults.
fn beside(o: &Opened, faults: &[Told], findings: &mut Findings) -> Result<()> {
    let m = &o.folder.manifest;
    let mut differ = |code: FaultCode, there: Vec<String>, place: &str| differ(faults, code, there, place, findings);
    let left_out = m["left_out"].as_array().map(Vec::as_slice).unwrap_or_default();
    let told: Vec<&str> =
        faults.iter().filter(|f| f.code == FaultCode::RegionLeftOut.as_str()).map(|f| f.what.as_str()).collect();
    let said: Vec<&str> = left_out.iter().filter_map(Value::as_str).collect();
    let region = |what: &&str| faults.iter().find(|f| f.what == **what).map_or_else(|| (*what).to_owned(), |f| f.subject.clone());
    if said.len() != told.len() || !said.iter().all(|s| told.contains(s)) {
        differ(FaultCode::RegionLeftOut, said.iter().map(region).chain([String::new()]).collect(), "left_out");
    }
    if let Some(table) = o.tables.table(tables::shards::FILE) {
        let failed = shards::read(table)?.into_iter().filter(|s| s.rows.is_none()).map(|s| s.code).collect();
        differ(FaultCode::CountyFailed, failed, "shards.csv");
    }
    let indicators = m["ranking"]["indicators"].as_array().map(Vec::as_slice).unwrap_or_default();
    let dropped = indicators.iter().filter(|i| i["left_out"].is_string()).filter_map(|i| i["key"].as_str());
    differ(FaultCode::IndicatorDropped, dropped.map(str::to_owned).collect(), "ranking.indicators");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::opened::tests::faults_of;
    use super::*;
    use serde_json::json;

    fn fault() -> Value {
        let facts = ["cannot open".to_owned(), " (stations.csv)".to_owned()];
        json!({ "code": "region_left_out", "fault": print_of(None, "region_left_out", "p2", &facts), "subject": "p2", "facts": facts, "what": "region p2 is left out" })
    }

    fn acceptance() -> Value {
        json!({ "code": "region_left_out", "fault": fault()["fault"], "by": "Wang", "on": "2026-03-31", "reason": "flood" })
    }

    fn manifest() -> Value {
        json!({
            "format_version": 3, "signed_by": "Li Na", "left_out": ["region p2 is left out"],
            "faults": [fault()], "acceptances": [acceptance()], "ranking": { "indicators": [{ "key": "a", "left_out": null }] },
        })
    }

    fn found(change: &dyn Fn(&mut Value)) -> Vec<String> {
        let mut m = manifest();
        change(&mut m);
        faults_of(&[("shards.csv", "county_code,shard_sha256,rows_sha256\n1,a,b\n".to_owned())], m, check)
    }

    #[test]
    fn one_fault_has_one_acceptance_and_it_holds() {
        assert_eq!(found(&|_| {}), [""; 0]);
        let one = |change: &dyn Fn(&mut Value), want: &str| {
            let faults = found(change);
            assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
        };
        one(&|m| m["acceptances"] = json!([]), "nobody accepted the fault region_left_out");
        one(&|m| m["acceptances"] = json!([acceptance(), acceptance()]), "is accepted 2 times");
        one(&|m| m["faults"] = json!([]), "the round has no such fault");
        one(&|m| (m["faults"], m["acceptances"]) = (json!([]), json!([])), "are not what left_out tells");
        one(&|m| m["left_out"] = json!([]), "are not what left_out tells");
        one(&|m| m["faults"] = json!([fault(), fault()]), "is told more than once");
        one(&|m| m["faults"][0]["facts"][0] = "another".into(), "is not that of its facts");
        one(&|m| m["faults"][0]["code"] = "rows_missing".into(), "is none that can be accepted");
        one(&|m| m["acceptances"][0]["by"] = "li na".into(), "who signs the round");
        one(&|m| m["acceptances"][0]["reason"] = " ".into(), "does not say its reason");
        one(&|m| m["acceptances"][0]["on"] = "2026-02-30".into(), "is of no day");
        one(&|m| m["acceptances"] = Value::Null, "does not tell the faults");
        one(
            &|m| m["ranking"]["indicators"][0]["left_out"] = "b".into(),
            "indicator_dropped are not what ranking.indicators tells: a",
        );
        // earlier formats did not tell
        assert_eq!(found(&|m| (m["format_version"], m["faults"]) = (2.into(), Value::Null)), [""; 0]);
    }

    /// The same as this version writes it: with the round.
    fn of_this_version(m: &mut Value) {
        m["round"] = json!({ "id": "2026-1", "date": "2026-03-31" });
        let facts = ["cannot open".to_owned(), " (stations.csv)".to_owned()];
        m["faults"][0]["round"] = "2026-1, 2026-03-31".into();
        let print = print_of(Some("2026-1, 2026-03-31"), "region_left_out", "p2", &facts);
        (m["faults"][0]["fault"], m["acceptances"][0]["fault"]) = (print.clone().into(), print.into());
    }

    #[test]
    fn what_is_accepted_is_of_this_round_and_somebody_signs_it() {
        assert_eq!(found(&of_this_version), [""; 0]);
        let one = |change: &dyn Fn(&mut Value), want: &str| {
            let faults = found(&|m| {
                of_this_version(m);
                change(m);
            });
            assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
        };
        one(&|m| m["round"]["id"] = "2027-1".into(), "is of the round 2026-1, 2026-03-31, and this is 2027-1, 2026-03-31");
        one(&|m| m["faults"][0]["round"] = "2025-1".into(), "is not that of its facts");
        one(&|m| m["signed_by"] = "".into(), "does not say who signs it");
        one(
            &|m| m["acceptances"][0]["on"] = "2026-04-01".into(),
            "is accepted on 2026-04-01, after the day of the round, 2026-03-31",
        );
        one(&|m| m["acceptances"][0]["by"] = "NA, Li".into(), "who signs the round");
    }

    #[test]
    fn a_county_without_rows_is_among_the_faults() {
        let table = "county_code,shard_sha256,rows_sha256\n1,a,\n".to_owned();
        let faults = faults_of(&[("shards.csv", table)], manifest(), check);
        assert_eq!(faults, ["the faults county_failed are not what shards.csv tells: 1"]);
    }
}
