//! Counties that a round funds by hand although something stands against it: a gate of the programme that is not met or cannot be told, an
//! application that has fallen, or no place in the ranking.

use super::eligible::Eligible;
use crate::config::override_table::OverrideTable;
use crate::config::rank_table::{JointTable, RankTable};
use crate::files::lang::{Both, Lang};
use crate::files::messages::said;
use crate::programme::Met;
use serde_json::{Value, json};

/// How the reason begins of a lead whose joint application has fallen.
const FALLS: &str = "its joint application falls with county ";
/// How the reason ends of a county whose lead does not take part.
const NO_LEAD: &str = ", which does not take part";
/// How the reason begins of a county that does not meet a gate.
const NOT_ELIGIBLE: &str = "it is not eligible by ";

/// What stands against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Though {
    /// A gate is not met.
    NotEligible,
    /// Of a gate that cannot be told.
    CannotBeTold,
    /// Its joint application has fallen.
    Fallen,
    /// It is not ranked for another reason.
    NotRanked,
}

impl Though {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotEligible => Met::NotMet.as_str(),
            Self::CannotBeTold => Met::CannotBeTold.as_str(),
            Self::Fallen => "fallen",
            Self::NotRanked => "not_ranked",
        }
    }

    /// Whether a gate says it.
    pub fn is_of_gates(self) -> bool {
        matches!(self, Self::NotEligible | Self::CannotBeTold)
    }

    /// What is said before the sentence on the terminal.
    pub fn head(self) -> [&'static str; 2] {
        match self {
            Self::NotEligible => ["FUNDED THOUGH NOT ELIGIBLE: ", "不符合条件而入选："],
            Self::CannotBeTold => ["FUNDED THOUGH IT CANNOT BE TOLD: ", "无法判断而入选："],
            Self::Fallen => ["FUNDED THOUGH ITS APPLICATION HAS FALLEN: ", "申报已失效而入选："],
            Self::NotRanked => ["FUNDED THOUGH NOT RANKED: ", "未参与排名而入选："],
        }
    }
}

/// A county that is funded by hand, and what stands against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandFunded {
    /// Its code.
    pub code: String,
    /// What it is.
    pub though: Though,
    /// All of it in a sentence.
    pub said: Both,
}

impl HandFunded {
    /// For programs.
    pub fn json(&self) -> Value {
        json!({ "code": self.code, "verdict": self.though.as_str(), "what": self.said.en, "what_zh": self.said.zh })
    }
}

/// All that stands against what is funded by hand, in the order of the overrides; `why` says why a county is not ranked.
pub fn hand_funded(
    gates: Option<&Eligible<'_>>,
    (overrides, joint): (&[OverrideTable], &[JointTable]),
    why: &dyn Fn(&str) -> Option<String>,
) -> Vec<HandFunded> {
    let funded = overrides.iter().filter(|o| o.funded == Some(true));
    let both = |o: &OverrideTable| {
        let by_gate = gates.and_then(|all| all.one_by_hand(o, joint));
        // a gate that is not met is told once
        let told = by_gate.as_ref().is_some_and(|h| h.though == Though::NotEligible);
        let not_ranked = why(&o.county).filter(|why| !(told && why.contains(NOT_ELIGIBLE)));
        [by_gate, not_ranked.map(|why| not_ranked_by(o, &why))]
    };
    funded.flat_map(both).flatten().collect()
}

/// Whether a reason says that the application is there no more.
fn has_fallen(why: &str) -> bool {
    why.starts_with(FALLS) || (why.starts_with("it applies with ") && why.ends_with(NO_LEAD))
}

fn not_ranked_by(o: &OverrideTable, why: &str) -> HandFunded {
    let OverrideTable { county, by, on, .. } = o;
    let why_zh = said(why, Lang::Zh);
    let (though, en, zh) = match has_fallen(why) {
        true => (Though::Fallen, "its application has fallen", "其申报已失效"),
        false => (Though::NotRanked, "it is not ranked", "未参与排名"),
    };
    let said = Both::new(
        format!("county {county} is funded by hand ({by}, {on}) though {en}: {why}"),
        format!("县 {county} 由 {by} 于 {on} 人工决定入选，但{zh}：{why_zh}"),
    );
    HandFunded { code: county.clone(), though, said }
}

/// Why the rules of a ranking leave a county out, as far as that is known before anything is computed.
pub fn left_out_by_rules(table: &RankTable, code: &str) -> Option<String> {
    let together = table.joint.iter().filter(|j| j.lead == code).flat_map(|j| &j.members).map(String::as_str);
    let mut all: Vec<&str> = together.chain([code]).collect();
    all.sort_unstable();
    all.dedup();
    let rules = &table.eligibility;
    let outside = |c: &&&str| rules.only.as_ref().is_some_and(|only| !only.iter().any(|o| o == **c));
    if let Some(c) = all.iter().find(outside) {
        let whose = if *c == code { "it".to_owned() } else { format!("{c} of its application") };
        return Some(format!("{whose} is not among the counties of this round"));
    }
    let excepted = |c: &str| rules.except.get(c).cloned().or_else(|| table.excluded_by_hand(c));
    let (c, why) = all.iter().find_map(|c| Some((*c, excepted(c)?)))?;
    Some(if c == code { why } else { format!("{c} of its application: {why}") })
}

/// The side of two rounds that a sentence is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichRound {
    /// The old one alone.
    Old,
    /// The new one alone.
    New,
    /// Both.
    Both,
}

impl WhichRound {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        ["old", "new", "both"][self as usize]
    }
}

/// What stands against a county that two rounds, or one of them, fund by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandFundedTold {
    /// Which rounds.
    pub round: WhichRound,
    /// The county, by its new code, and what it is.
    pub what: HandFunded,
}

impl HandFundedTold {
    /// The sentence, with the round that it is of.
    pub fn said(&self) -> Both {
        let [en, zh] = [["the old round", "旧轮次"], ["the new round", "新轮次"], ["both rounds", "两轮"]][self.round as usize];
        let said = &self.what.said;
        Both::new(format!("{en}: {}", said.en), format!("{zh}：{}", said.zh))
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let mut json = self.what.json();
        json["round"] = self.round.as_str().into();
        json
    }
}

/// Those of an old and a new round; what both say is there once. `new_code` brings codes of the old round up to date.
pub fn of_two_rounds(old: Vec<HandFunded>, new: Vec<HandFunded>, new_code: &dyn Fn(&str) -> String) -> Vec<HandFundedTold> {
    let said = |list: &[HandFunded], h: &HandFunded| list.iter().any(|x| x.said == h.said);
    let news = new.iter().map(|h| {
        let round = if said(&old, h) { WhichRound::Both } else { WhichRound::New };
        HandFundedTold { round, what: h.clone() }
    });
    let gone = old.iter().filter(|h| !said(&new, h)).map(|h| {
        let what = HandFunded { code: new_code(&h.code), ..h.clone() };
        HandFundedTold { round: WhichRound::Old, what }
    });
    gone.chain(news).collect()
}

/// All that is said of a county; empty where nothing is.
pub fn said_of(all: &[HandFundedTold], code: &str) -> Both {
    let list: Vec<Both> = all.iter().filter(|h| h.what.code == code).map(HandFundedTold::said).collect();
    Both::join(&list, ["; ", "；"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> RankTable {
        let joint = vec![JointTable { name: "j".to_owned(), lead: "a".to_owned(), members: vec!["c".to_owned()] }];
        RankTable { joint, ..RankTable::default() }
    }

    fn set(county: &str) -> OverrideTable {
        let [county, by, on] = [county, "Li", "2026-01-02"].map(str::to_owned);
        OverrideTable { county, funded: Some(true), by, on, ..OverrideTable::default() }
    }

    #[test]
    fn what_stands_against_it_is_told_for_what_it_is() {
        let mut table = table();
        let of = |table: &RankTable, county: &str| {
            let all = hand_funded(None, (&[set(county)], &table.joint), &|code| left_out_by_rules(table, code));
            all.into_iter().map(|h| (h.though, h.said.en)).collect::<Vec<_>>()
        };
        assert_eq!(of(&table, "a"), []);
        table.eligibility.except.insert("a".to_owned(), format!("{FALLS}b, which withdrew on 2026-02-01"));
        let want = "county a is funded by hand (Li, 2026-01-02) though its application has fallen: its joint application falls with county b, which withdrew on 2026-02-01";
        assert_eq!(of(&table, "a"), [(Though::Fallen, want.to_owned())]);
        assert_eq!(of(&table, "b"), []);
        // whoever applies with it is asked too
        table.eligibility.except = [("c".to_owned(), "it was funded last year".to_owned())].into();
        let [(though, said)] = &of(&table, "a")[..] else { panic!() };
        assert_eq!(*though, Though::NotRanked);
        assert!(said.ends_with("though it is not ranked: c of its application: it was funded last year"), "{said}");
        table.eligibility.except = [("d".to_owned(), format!("it applies with x{NO_LEAD}"))].into();
        assert_eq!(of(&table, "d")[0].0, Though::Fallen);
        table.eligibility.only = Some(vec!["a".to_owned()]);
        assert!(of(&table, "a")[0].1.ends_with("c of its application is not among the counties of this round"));
        assert!(of(&table, "e")[0].1.ends_with("it is not among the counties of this round"));
        // not funded by hand is nothing of the kind
        let not = OverrideTable { funded: Some(false), ..set("e") };
        assert_eq!(hand_funded(None, (&[not], &[]), &|code| left_out_by_rules(&table, code)), []);
    }

    #[test]
    fn of_two_rounds_each_sentence_is_there_once_with_its_round() {
        let one = |code: &str| HandFunded { code: code.to_owned(), though: Though::Fallen, said: Both::new(code, code) };
        let all = of_two_rounds(vec![one("a"), one("b")], vec![one("b"), one("c")], &|code| format!("{code}2"));
        let found: Vec<(&str, &str)> = all.iter().map(|h| (h.what.code.as_str(), h.round.as_str())).collect();
        assert_eq!(found, [("a2", "old"), ("b", "both"), ("c", "new")]);
        assert_eq!((said_of(&all, "c").en, said_of(&all, "d").en), ("the new round: c".to_owned(), String::new()));
    }
}
