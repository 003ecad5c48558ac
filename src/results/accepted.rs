//! Faults that somebody answered for, of two finished rounds: what one of the two was made without, or in spite of, and who said so. Beside a
//! county that is in one round only it is the reason.

use super::applied::AppliedList;
use super::faults::Fault;
use crate::files::lang::{Both, Lang};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Faults of which the subject is the code of a county.
const OF_A_COUNTY: [&str; 10] = [
    "county_refused",
    "cost_not_read",
    "county_twice",
    "applicant_unknown",
    "applicant_twice",
    "applicant_other_name",
    "joint_lead_missing",
    "county_overlap",
    "county_without_road",
    "county_failed",
];
/// Faults that have the codes of counties among their facts.
const OF_COUNTIES: [&str; 5] =
    ["row_without_county", "settlements_missing", "region_adds_nothing", "people_not_known", "settlement_twice"];
/// The fault of a region that is not there with all its counties.
const REGION: &str = "region_left_out";

/// Whether a fault names a county by its code; none where faults of its kind name no county.
pub fn names_county(fault: &Fault, code: &str) -> Option<bool> {
    match fault.code.as_str() {
        known if OF_A_COUNTY.contains(&known) => Some(fault.subject == code),
        known if OF_COUNTIES.contains(&known) => Some(fault.facts.iter().any(|f| f == code)),
        _ => None,
    }
}

/// A fault of a finished round, with who answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedFault {
    /// The round: 0 is the old one, 1 the new one.
    pub side: usize,
    /// Its code.
    pub code: String,
    /// Its fingerprint.
    pub print: String,
    /// What it concerns.
    pub subject: String,
    /// What is wrong.
    pub what: Both,
    /// Who answers for it.
    pub by: String,
    /// The day.
    pub on: String,
    /// Why.
    pub reason: String,
    /// Codes of the counties that it names.
    counties: BTreeSet<String>,
}

impl AcceptedFault {
    /// A sentence of it.
    pub fn said(&self) -> Both {
        let Self { code, print, subject, what, by, on, reason, .. } = self;
        let round = [["the old round", "旧轮次"], ["the new round", "新轮次"]][self.side.min(1)];
        Both::new(
            format!("accepted in {} by {by} on {on} ({reason}): {code} {print}, {subject}: {}", round[0], what.en),
            format!("{}中由 {by} 于 {on} 接受（{reason}）：{code} {print}，{subject}：{}", round[1], what.zh),
        )
    }

    /// The same in a few words, for a cell of a table.
    pub fn in_short(&self) -> String {
        let Self { code, print, by, on, reason, .. } = self;
        format!("{}: {code} {print}, accepted by {by} on {on}: {reason}", ["old", "new"][self.side.min(1)])
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let Self { code, print, subject, what, by, on, reason, .. } = self;
        json!({
            "round": (["old", "new"][self.side.min(1)]), "code": code, "fault": print, "subject": subject,
            "what": what.of(Lang::En), "what_zh": what.of(Lang::Zh), "by": by, "on": on, "reason": reason,
        })
    }
}

/// The accepted faults of two rounds that are not the same in both, and which of them bear on a county.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AcceptedFaults {
    /// Those of the old round, then those of the new one.
    pub all: Vec<AcceptedFault>,
    /// Codes that each round lists as applicants; none where all counties take part, or a pattern says who does.
    listed: [Option<BTreeSet<String>>; 2],
}

impl AcceptedFaults {
    /// Of the manifests of two rounds; codes go by the crosswalk of the new one.
    pub fn of([old, new]: [&Value; 2]) -> Self {
        let now = |code: &str| new["recoded"][code].as_str().unwrap_or(code).to_owned();
        let [was, is] = [(0, old), (1, new)].map(|(side, m)| of_manifest(side, m, &now));
        let same = |a: &AcceptedFault, b: &AcceptedFault| AcceptedFault { side: b.side, ..a.clone() } == *b;
        let only = |list: &[AcceptedFault], other: &[AcceptedFault]| -> Vec<AcceptedFault> {
            list.iter().filter(|f| !other.iter().any(|o| same(f, o))).cloned().collect()
        };
        let all = [only(&was, &is), only(&is, &was)].concat();
        let listed = [old, new].map(|m| {
            let list: Option<AppliedList> = serde_json::from_value(m.get("list")?.clone()).ok()?;
            let codes = list?.standing(&now).into_keys().collect::<BTreeSet<_>>();
            (!codes.iter().any(|c| c.contains(['*', '?', '[']))).then_some(codes)
        });
        Self { all, listed }
    }

    /// Numbers, from 0, of those that bear on a county; `there` says in which of the rounds it is. Where none names a county that is gone, it
    /// may be one of a region that was left out, unless the round did not ask for it.
    pub fn bearing_on(&self, code: &str, there: [bool; 2]) -> Vec<usize> {
        let numbers = |wanted: &dyn Fn(&AcceptedFault) -> bool| -> Vec<usize> {
            (0..self.all.len()).filter(|i| wanted(&self.all[*i])).collect()
        };
        let named = numbers(&|f| f.counties.contains(code));
        let gone = |side: usize| {
            let asked = self.listed[side].as_ref().is_none_or(|list| list.contains(code));
            !there[side] && asked && !named.iter().any(|i| self.all[*i].side == side)
        };
        let mut all = numbers(&|f| f.counties.contains(code) || f.code == REGION && gone(f.side));
        all.dedup();
        all
    }
}

fn of_manifest(side: usize, manifest: &Value, now: &dyn Fn(&str) -> String) -> Vec<AcceptedFault> {
    let text = |v: &Value| v.as_str().unwrap_or_default().trim().to_owned();
    let acceptances: Vec<&Value> = manifest["acceptances"].as_array().into_iter().flatten().collect();
    let one = |fault: &Value| {
        let (code, print) = (text(&fault["code"]), text(&fault["fault"]));
        let meant = |a: &&&Value| text(&a["code"]) == code && text(&a["fault"]).eq_ignore_ascii_case(&print);
        let by = acceptances.iter().find(meant)?;
        let subject = text(&fault["subject"]);
        let facts = || fault["facts"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let counties = match code.as_str() {
            known if OF_A_COUNTY.contains(&known) => [now(&subject)].into(),
            known if OF_COUNTIES.contains(&known) => facts().map(now).collect(),
            _ => BTreeSet::new(),
        };
        let what = Both::new(text(&fault["what"]), text(&fault["what_zh"]));
        let (by, on, reason) = (text(&by["by"]), text(&by["on"]), text(&by["reason"]));
        Some(AcceptedFault { side, code, print, subject, what, by, on, reason, counties })
    };
    manifest["faults"].as_array().into_iter().flatten().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(faults: &[(&str, &str, &[&str])], list: Option<&[&str]>) -> Value {
        let fault = |(i, (code, subject, facts)): (usize, &(&str, &str, &[&str]))| json!({ "code": code, "fault": format!("{i:016x}"), "subject": subject, "facts": facts, "what": "gone", "what_zh": "缺失" });
        let accept = |i: usize| json!({ "code": faults[i].0, "fault": format!("{i:016X}"), "by": "Wang", "on": "2026-03-31", "reason": "flood" });
        json!({
            "faults": faults.iter().enumerate().map(fault).collect::<Vec<_>>(),
            "acceptances": (0..faults.len()).map(accept).collect::<Vec<_>>(),
            "list": list.map(|codes| json!({ "from": "applicants", "number": codes.len(), "codes": codes })),
        })
    }

    #[test]
    fn a_county_that_is_gone_is_beside_the_fault_that_says_why() {
        let gone: &[(&str, &str, &[&str])] =
            &[("region_left_out", "52/region.toml", &["no file"]), ("applicant_unknown", "520101", &["who.csv", "520101", ""])];
        let only_old = [true, false];
        // a register names the first; nobody asked for the third, so that no fault took it out
        let a = AcceptedFaults::of([&manifest(&[], None), &manifest(gone, Some(&["520101", "520102"]))]);
        assert_eq!(a.all.len(), 2);
        assert_eq!(a.bearing_on("520101", only_old), [1]);
        assert_eq!(a.bearing_on("520102", only_old), [0]);
        assert_eq!(a.bearing_on("520103", only_old), [0; 0]);
        assert_eq!(a.bearing_on("510101", [true, true]), [0; 0]);
        // a county of the new round is gone from none of its regions
        assert_eq!(a.bearing_on("530101", [false, true]), [0; 0]);
        // without a list every county takes part
        let a = AcceptedFaults::of([&manifest(gone, None), &manifest(&[], None)]);
        assert_eq!(a.bearing_on("520103", [false, true]), [0]);
        let said = a.all[0].said();
        assert_eq!(
            said.en,
            "accepted in the old round by Wang on 2026-03-31 (flood): region_left_out 0000000000000000, 52/region.toml: gone"
        );
        assert!(said.zh.starts_with("旧轮次中由 Wang 于 2026-03-31 接受（flood）"), "{}", said.zh);
    }

    #[test]
    fn what_both_rounds_have_is_no_difference_and_facts_name_counties_of_some_faults_only() {
        let gone: &[(&str, &str, &[&str])] = &[("row_without_county", "table.csv", &["520104"])];
        let (with, without) = (manifest(gone, None), manifest(&[], None));
        assert!(AcceptedFaults::of([&with, &with]).all.is_empty());
        assert_eq!(AcceptedFaults::of([&without, &with]).bearing_on("520104", [true, false]), [0]);
        let quota: &[(&str, &str, &[&str])] = &[("quota_unused", "99", &["selection", "3"])];
        assert_eq!(AcceptedFaults::of([&without, &manifest(quota, None)]).bearing_on("3", [true, false]), [0; 0]);
        // a fault whose acceptance is gone is none of these, and `verify` says so
        let mut open = with.clone();
        open["acceptances"] = json!([]);
        assert!(AcceptedFaults::of([&without, &open]).all.is_empty());
    }
}
