//! Who may apply, over all applications of a round: how many meet the gates of the programme, who does not and why.

use super::hand_funded::{HandFunded, Though};
use crate::config::override_table::OverrideTable;
use crate::config::rank_table::JointTable;
use crate::error::Result;
use crate::files::csv_table::CsvTable;
use crate::files::lang::Both;
use crate::files::messages::both;
use crate::issue::{IssueCode, Issues};
use crate::programme::{GateAnswer, Met};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Codes named in a line.
const NAMED: usize = 8;

/// The applicants of a programme that says who may apply.
#[derive(Debug)]
pub struct Eligible<'a> {
    programme: &'a str,
    by_code: BTreeMap<&'a str, Vec<&'a GateAnswer>>,
}

/// That the gates of a programme are held against nobody, where it is so.
pub fn not_held(issues: &Issues) -> Option<Both> {
    issues.sorted().into_iter().find(|i| i.code == IssueCode::GatesNotHeld).map(|i| both(&i.message))
}

impl<'a> Eligible<'a> {
    /// Of all answers; none where no programme with gates is applied for.
    pub fn of(gates: &'a [GateAnswer]) -> Option<Self> {
        let programme = gates.first()?.programme.as_str();
        let mut by_code: BTreeMap<&str, Vec<&GateAnswer>> = BTreeMap::new();
        gates.iter().for_each(|g| by_code.entry(&g.code).or_default().push(g));
        Some(Self { programme, by_code })
    }

    /// All gates of an applicant together.
    fn met(gates: &[&GateAnswer]) -> Met {
        Met::worst(gates.iter().map(|g| g.met)).unwrap_or(Met::Met)
    }

    /// Codes of the applicants with a verdict.
    pub fn codes(&self, met: Met) -> Vec<&'a str> {
        self.by_code.iter().filter(|(_, gates)| Self::met(gates) == met).map(|(code, _)| *code).collect()
    }

    /// How many are eligible, are not, and of how many it cannot be told.
    pub fn sentence(&self) -> Both {
        let [yes, no, open] = [Met::Met, Met::NotMet, Met::CannotBeTold].map(|met| self.codes(met).len());
        let (n, programme) = (self.by_code.len(), self.programme);
        Both::new(
            format!("{programme}: of {n} applicants {yes} are eligible, {no} are not, and of {open} it cannot be told"),
            format!("{programme}：{n} 个申报县中，符合申报条件的 {yes} 个，不符合的 {no} 个，无法判断的 {open} 个"),
        )
    }

    /// Why, a line for each gate that some do not meet, then for each that of some others is not known; a gate stands where its first county does.
    pub fn reasons(&self) -> Vec<Both> {
        let mut lines = Vec::new();
        for met in [Met::NotMet, Met::CannotBeTold] {
            let mut gates: Vec<(&GateAnswer, Vec<&str>)> = Vec::new();
            for answer in self.by_code.values().filter(|gates| Self::met(gates) == met).flatten().filter(|g| g.met == met) {
                match gates.iter_mut().find(|(g, _)| g.gate == answer.gate && g.asked == answer.asked) {
                    Some((_, codes)) => codes.push(&answer.code),
                    None => gates.push((answer, vec![&answer.code])),
                }
            }
            lines.extend(gates.into_iter().map(|(gate, codes)| reason(met, gate, &codes)));
        }
        lines
    }

    /// That a county is funded by hand although it, or who applies with it, does not meet a gate, or that cannot be told.
    pub(super) fn one_by_hand(&self, o: &OverrideTable, joint: &[JointTable]) -> Option<HandFunded> {
        let together = joint.iter().find(|j| j.lead == o.county || j.members.contains(&o.county));
        let codes = together.into_iter().flat_map(|j| j.members.iter().chain([&j.lead])).map(String::as_str);
        // its own gates first
        let gates: Vec<&GateAnswer> = std::iter::once(o.county.as_str())
            .chain(codes.filter(|code| *code != o.county))
            .filter_map(|code| self.by_code.get(code))
            .flatten()
            .copied()
            .collect();
        let met = Self::met(&gates);
        let gate = gates.iter().find(|g| g.met == met && met != Met::Met)?;
        let [en, zh] = gate.because.clone().unwrap_or_default();
        let (programme, OverrideTable { county, by, on, .. }) = (self.programme, o);
        let of = if gate.code == *county {
            ["".to_owned(), "".to_owned()]
        } else {
            [format!("county {}: ", gate.code), format!("县 {}：", gate.code)]
        };
        let said = match met {
            Met::NotMet => Both::new(
                format!("county {county} is funded by hand ({by}, {on}) though it is not eligible by {programme}: {}{en}", of[0]),
                format!("县 {county} 由 {by} 于 {on} 人工决定入选，但按 {programme} 不符合申报条件：{}{zh}", of[1]),
            ),
            _ => Both::new(
                format!(
                    "county {county} is funded by hand ({by}, {on}) though it cannot be told whether it is eligible by {programme}: {}{en}",
                    of[0]
                ),
                format!("县 {county} 由 {by} 于 {on} 人工决定入选，但按 {programme} 无法判断是否符合申报条件：{}{zh}", of[1]),
            ),
        };
        let though = if met == Met::NotMet { Though::NotEligible } else { Though::CannotBeTold };
        Some(HandFunded { code: county.clone(), though, said })
    }

    /// For programs.
    pub fn json(&self, by_hand: &[HandFunded]) -> Value {
        let because = |met: Met| -> Vec<Value> {
            let one = |code: &str| {
                let open = self.by_code[code].iter().filter(|g| g.met == met);
                let gates = open.map(|g| json!({ "gate": g.gate, "because": g.because.as_ref().map(|b| &b[0]) }));
                json!({ "code": code, "gates": gates.collect::<Vec<_>>() })
            };
            self.codes(met).into_iter().map(one).collect()
        };
        json!({
            "programme": self.programme,
            "applicants": self.by_code.len(),
            "eligible": self.codes(Met::Met),
            "not_eligible": because(Met::NotMet),
            "cannot_be_told": because(Met::CannotBeTold),
            "funded_by_hand": by_hand.iter().filter(|h| h.though.is_of_gates()).map(HandFunded::json).collect::<Vec<_>>(),
        })
    }
}

/// Who does not meet a gate, or of whom that is not known.
fn reason(met: Met, gate: &GateAnswer, codes: &[&str]) -> Both {
    let (n, more) = (codes.len(), if codes.len() > NAMED { ", …" } else { "" });
    let list = codes.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ") + more;
    let ([en, zh], [asked, asked_zh]) = (gate.name(), &gate.asked);
    match met {
        Met::NotMet => Both::new(
            format!("not eligible by {en} (asked: {asked}): {n} ({list})"),
            format!("因“{zh}”不符合（要求：{asked_zh}）：{n} 个（{list}）"),
        ),
        _ => Both::new(
            format!("cannot be told, {en} is not known (asked: {asked}): {n} ({list})"),
            format!("因“{zh}”不详而无法判断（要求：{asked_zh}）：{n} 个（{list}）"),
        ),
    }
}

/// The answers as `gates.csv` has them.
///
/// # Errors
/// Input, for a table that lacks a column.
pub fn answers_of(table: &CsvTable) -> Result<Vec<GateAnswer>> {
    let one = |row: crate::files::csv_table::CsvRow<'_>| -> Result<GateAnswer> {
        let both = |en: &str, zh: &str| Ok::<_, crate::error::Error>([row.text(en)?, row.text(zh)?]);
        let given = |both: [String; 2]| (!both[0].is_empty()).then_some(both);
        let met = row.text("verdict")?;
        Ok(GateAnswer {
            programme: row.text("programme")?,
            gate: row.text("gate")?,
            code: row.code("county_code")?,
            text: both("asks", "asks_zh")?,
            asked: both("asked", "asked_zh")?,
            value: given(both("value", "value_zh")?),
            met: [Met::Met, Met::NotMet].into_iter().find(|m| m.as_str() == met).unwrap_or(Met::CannotBeTold),
            because: given(both("because", "because_zh")?),
        })
    };
    table.rows().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::hand_funded::hand_funded;
    use super::*;

    fn answer(code: &str, gate: &str, met: Met) -> GateAnswer {
        let both = |en: &str, zh: &str| [en.to_owned(), zh.to_owned()];
        GateAnswer {
            programme: "own".to_owned(),
            gate: gate.to_owned(),
            code: code.to_owned(),
            text: both("cars", "汽车保有量"),
            asked: both("at least 5", "不低于 5"),
            value: None,
            met,
            because: (met != Met::Met).then(|| both("too few", "不足")),
        }
    }

    #[test]
    fn applicants_are_counted_by_their_worst_gate_and_reasons_have_their_codes() {
        use Met::{CannotBeTold as Open, Met as Yes, NotMet as No};
        // a meets both; b fails of cars, and of its kind nothing is known: it is not eligible; c cannot be told
        let gates = [("a", Yes, Yes), ("b", Open, No), ("c", Yes, Open)]
            .map(|(code, kind, cars)| [answer(code, "kind", kind), answer(code, "cars", cars)])
            .concat();
        assert!(Eligible::of(&[]).is_none());
        let all = Eligible::of(&gates).unwrap();
        assert_eq!(all.sentence().en, "own: of 3 applicants 1 are eligible, 1 are not, and of 1 it cannot be told");
        assert_eq!(all.sentence().zh, "own：3 个申报县中，符合申报条件的 1 个，不符合的 1 个，无法判断的 1 个");
        let reasons = all.reasons();
        assert_eq!(reasons[0].en, "not eligible by cars (asked: at least 5): 1 (b)");
        assert_eq!(reasons[1].zh, "因“汽车保有量”不详而无法判断（要求：不低于 5）：1 个（c）");
        assert_eq!(reasons.len(), 2);
        let set = |county: &str| OverrideTable {
            county: county.to_owned(),
            funded: Some(true),
            by: "Li".to_owned(),
            on: "2026-01-02".to_owned(),
            ..OverrideTable::default()
        };
        let joint = [JointTable { name: "j".to_owned(), lead: "a".to_owned(), members: vec!["c".to_owned()] }];
        let by_hand = |o: OverrideTable, joint: &[JointTable]| hand_funded(Some(&all), (&[o], joint), &|_| None);
        let of = |county: &str, joint: &[JointTable]| by_hand(set(county), joint);
        assert!(of("a", &[]).is_empty() && of("z", &[]).is_empty());
        let b = &of("b", &[])[0];
        assert_eq!(
            (b.though, &*b.said.en),
            (Though::NotEligible, "county b is funded by hand (Li, 2026-01-02) though it is not eligible by own: too few")
        );
        assert_eq!(of("c", &[])[0].said.zh, "县 c 由 Li 于 2026-01-02 人工决定入选，但按 own 无法判断是否符合申报条件：不足");
        // whoever applies with it is asked too
        assert!(of("a", &joint)[0].said.en.ends_with("whether it is eligible by own: county c: too few"));
        // not funded by hand is nothing of the kind
        assert!(by_hand(OverrideTable { funded: Some(false), ..set("b") }, &[]).is_empty());
        let json = all.json(&of("b", &[]));
        assert_eq!((&json["eligible"][0], &json["not_eligible"][0]["code"]), (&json!("a"), &json!("b")));
        assert_eq!(json["funded_by_hand"][0]["verdict"], "not_met");
    }
}
