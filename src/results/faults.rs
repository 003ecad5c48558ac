//! Faults of a round: what keeps it from being finished unless somebody answers for it. A fault is data: a code, what it concerns, the
//! facts that make it with their fingerprint, and a sentence with what to do, in English and Chinese. The terminal, `--json`, the work
//! folder, the manifest, the page and `verify` all tell the same.

mod borders;
mod days;
mod people;
mod records;
mod sentences;
mod two_regions;

use crate::config::accept::AcceptTable;
use crate::config::people::is_signer;
use crate::config::round_file::RoundTable;
use crate::files::lang::Both;
use crate::issue::IssueCode;
use crate::read::hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use borders::SharedGround;
pub use people::UnknownPeople;
pub use records::{LOST_LAYERS, NOT_LOST};
pub use sentences::Listed;
pub use two_regions::Unlike;

/// What an issue says of a cell of a cost column that is filled and no number.
pub const UNREAD_COSTS: [IssueCode; 3] = [IssueCode::BadNumber, IssueCode::MergedRows, IssueCode::FormulaWithoutValue];

/// How far a round has come; what it can know of its faults depends on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// The inputs are read.
    Inputs,
    /// The network of roads is there.
    Network,
    /// The counties are computed, and ranked.
    Ranked,
}

macro_rules! fault_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $slug:literal $stage:ident $can:literal;)+) => {
        /// What kind of fault. The slug is stable: round files name it.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum FaultCode { $($(#[doc = $doc])+ $variant,)+ }

        impl FaultCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The stable name.
            pub fn as_str(self) -> &'static str { match self { $(Self::$variant => $slug,)+ } }
            /// When it is known.
            pub fn known_at(self) -> Stage { match self { $(Self::$variant => Stage::$stage,)+ } }
            /// Whether somebody can answer for it; else it has to be mended.
            pub fn can_be_accepted(self) -> bool { match self { $(Self::$variant => $can,)+ } }
            /// What it means, in English.
            pub fn en(self) -> &'static str { match self { $(Self::$variant => concat!($($doc),+).trim(),)+ } }
        }
    };
}

fault_codes! {
    /// A region of the round could not be read; none of its counties takes part.
    RegionLeftOut "region_left_out" Inputs true;
    /// A record of the county layer was refused: a county may be missing, or a part of it.
    CountyRefused "county_refused" Inputs true;
    /// A county stands in two regions with other values, boundaries or people.
    CountyTwice "county_twice" Inputs true;
    /// Stations or settlements stand in two regions with other values.
    RecordTwice "record_twice" Inputs true;
    /// Rows of a county table have codes of no county of any region: those counties do not take part.
    RowWithoutCounty "row_without_county" Inputs true;
    /// No county has the code of an applicant, or none is met by a pattern.
    ApplicantUnknown "applicant_unknown" Inputs true;
    /// An applicant is listed more than once.
    ApplicantTwice "applicant_twice" Inputs true;
    /// An applicant is written with the code of one county and the name of another.
    ApplicantOtherName "applicant_other_name" Inputs true;
    /// A column of the register looks like one that decides who takes part, and was not taken.
    RegisterColumn "register_column" Inputs true;
    /// Columns of a table mean one field and say two things of a record; the first of them counts.
    ColumnsContradict "columns_contradict" Inputs true;
    /// Another sheet of a workbook has such a table, and none was named.
    SheetNotRead "sheet_not_read" Inputs true;
    /// A cell that says what a county costs cannot be read: by it the county is never funded.
    CostNotRead "cost_not_read" Inputs true;
    /// A county applies with a lead that does not take part.
    JointLeadMissing "joint_lead_missing" Inputs true;
    /// A province has a quota, and no region has a county of it, though every region was read.
    QuotaUnused "quota_unused" Inputs true;
    /// An input is not the file that was checked.
    ChangedSinceCheck "changed_since_check" Inputs true;
    /// The round names checks, and none of them is of this region.
    NotChecked "not_checked" Inputs true;
    /// All counties of a region are in another region too: it adds none.
    RegionAddsNothing "region_adds_nothing" Inputs true;
    /// No settlement lies in any county of a region, and other regions have settlements.
    SettlementsMissing "settlements_missing" Inputs true;
    /// Records of stations, settlements or roads were refused: what they were counts for nothing.
    RecordsRefused "records_refused" Inputs true;
    /// Settlements of a county have no people where others of it have: its share of people beyond reach is of those others alone.
    PeopleNotKnown "people_not_known" Inputs true;
    /// A settlement stands in a county twice, under two ids: its people and its lack of a station count twice.
    SettlementTwice "settlement_twice" Inputs true;
    /// The round has a day, and days of the register or of stations cannot be held against it.
    DayNotRead "day_not_read" Inputs true;
    /// Stations that open after the day of the round count as serving.
    StationOpensLater "station_opens_later" Inputs true;
    /// A setting that decides what counts is not the same in all regions.
    RegionsDiffer "regions_differ" Inputs true;
    /// Two counties cover the same ground; its road, settlements and people are booked in the lower code.
    CountyOverlap "county_overlap" Network true;
    /// A county that takes part has no road.
    CountyWithoutRoad "county_without_road" Network true;
    /// A county could not be computed.
    CountyFailed "county_failed" Ranked true;
    /// An indicator with a weight is used for no county.
    IndicatorDropped "indicator_dropped" Ranked true;
    /// The rows of a county are missing or damaged where they were to be there.
    RowsMissing "rows_missing" Ranked false;
    /// An acceptance that no fault has.
    AcceptanceUnmatched "acceptance_unmatched" Inputs false;
    /// A fault that is accepted twice.
    AcceptanceTwice "acceptance_twice" Inputs false;
    /// An acceptance by the very person who signs the round.
    AcceptanceBySigner "acceptance_by_signer" Inputs false;
    /// Faults are accepted, and the round does not say who signs it.
    AcceptanceWithoutSigner "acceptance_without_signer" Inputs false;
}

impl FaultCode {
    /// The code of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.as_str() == name)
    }
}

/// Hexadecimal digits of a fault's fingerprint.
const DIGITS: usize = 16;

/// The fingerprint of a fault: over the round, its code, what it concerns, and the facts that make it, so that what was accepted last year
/// is not accepted this year. Folders that do not name the round with their faults have fingerprints without it.
pub fn print_of(round: Option<&str>, code: &str, subject: &str, facts: &[String]) -> String {
    let round = round.map(|r| format!("round {r}"));
    let all: Vec<&str> =
        round.iter().map(String::as_str).chain([code, subject]).chain(facts.iter().map(String::as_str)).collect();
    // as JSON, so that no two lists of texts are one text
    let mut print = hex(&Sha256::digest(serde_json::to_vec(&all).unwrap_or_default()));
    print.truncate(DIGITS);
    print
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind.
    pub code: FaultCode,
    /// The county, region, file or indicator that it concerns.
    pub subject: String,
    /// The round that it is a fault of, by what tells it from others; empty where that is not known yet.
    pub round: String,
    /// What makes it; another fault of the same kind has others.
    pub facts: Vec<String>,
    /// What is wrong.
    pub what: Both,
    /// What to do.
    pub next: Both,
    /// Who answers for it.
    pub accepted: Option<AcceptTable>,
}

impl Fault {
    fn new(code: FaultCode, subject: impl Into<String>, facts: Vec<String>, what: Both, next: Both) -> Self {
        Self { code, subject: subject.into(), round: String::new(), facts, what, next, accepted: None }
    }

    /// Its fingerprint.
    pub fn print(&self) -> String {
        print_of(Some(&self.round), self.code.as_str(), &self.subject, &self.facts)
    }

    /// The acceptance that is to be filled in; none where it has to be mended.
    pub fn acceptance(&self) -> Option<AcceptTable> {
        let blank = AcceptTable { code: self.code.as_str().to_owned(), fault: self.print(), ..AcceptTable::default() };
        self.code.can_be_accepted().then_some(blank)
    }

    /// What it is as JSON; who answers for it stands apart.
    pub fn json(&self) -> Value {
        json!({
            "code": self.code.as_str(),
            "fault": self.print(),
            "round": self.round,
            "subject": self.subject,
            "facts": self.facts,
            "what": self.what.en,
            "what_zh": self.what.zh,
            "next": self.next.en,
            "next_zh": self.next.zh,
        })
    }

    /// The same with who answers for it, and what to copy where nobody does.
    pub fn json_with_acceptance(&self) -> Value {
        let mut all = self.json();
        all["can_be_accepted"] = self.code.can_be_accepted().into();
        all["accepted"] = self.accepted.as_ref().map(|a| json!({ "by": a.by, "on": a.on, "reason": a.reason })).into();
        all["accept"] = self.acceptance().filter(|_| self.accepted.is_none()).map(|a| a.lines()).into();
        all
    }
}

/// The faults of a round, each with who answers for it, by code and subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Holds what was found against what is accepted. What cannot be known at a stage yet leaves the acceptances of it as they are.
    pub fn judged(found: Vec<Fault>, accept: &[AcceptTable], round: &RoundTable, stage: Stage) -> Self {
        let (signed_by, identity) = (round.signed_by.as_deref().filter(|who| !who.trim().is_empty()), round.identity());
        let mut all = found;
        all.iter_mut().for_each(|f| f.round.clone_from(&identity));
        all.sort_by(|a, b| (a.code, &a.subject, &a.facts).cmp(&(b.code, &b.subject, &b.facts)));
        all.dedup_by(|later, first| (later.code, &later.subject, &later.facts) == (first.code, &first.subject, &first.facts));
        let mut wrong = Vec::new();
        for (i, one) in accept.iter().enumerate() {
            if signed_by.is_some_and(|who| is_signer(who, &one.by)) {
                wrong.push(Fault::of_acceptance(FaultCode::AcceptanceBySigner, one));
                continue;
            }
            if accept[..i].iter().any(|earlier| same_fault(earlier, one)) {
                wrong.push(Fault::of_acceptance(FaultCode::AcceptanceTwice, one));
                continue;
            }
            let meant = |f: &&mut Fault| {
                f.code.can_be_accepted()
                    && f.code.as_str() == one.code.trim()
                    && f.print() == one.fault.trim().to_ascii_lowercase()
            };
            let waits = || FaultCode::of(one.code.trim()).is_some_and(|c| c.known_at() > stage);
            match all.iter_mut().find(meant) {
                Some(fault) => fault.accepted = Some(one.clone()),
                None if waits() => {}
                None => wrong.push(Fault::of_acceptance(FaultCode::AcceptanceUnmatched, one)),
            }
        }
        if signed_by.is_none() && !accept.is_empty() {
            wrong.push(Fault::without_signer(accept.len()));
        }
        wrong.iter_mut().for_each(|f| f.round.clone_from(&identity));
        all.extend(wrong);
        Self(all)
    }

    /// Those that nobody answers for.
    pub fn open(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter().filter(|f| f.accepted.is_none())
    }

    /// Those that somebody answers for.
    pub fn accepted(&self) -> impl Iterator<Item = (&Fault, &AcceptTable)> {
        self.0.iter().filter_map(|f| Some((f, f.accepted.as_ref()?)))
    }

    /// All as JSON, for programs.
    pub fn json(&self) -> Vec<Value> {
        self.0.iter().map(Fault::json_with_acceptance).collect()
    }
}

fn same_fault(a: &AcceptTable, b: &AcceptTable) -> bool {
    a.code.trim() == b.code.trim() && a.fault.trim().eq_ignore_ascii_case(b.fault.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(code: &str) -> Fault {
        Fault { round: signed("").identity(), ..Fault::county_failed(code, "County", "too many roads", "abc") }
    }

    /// Round 2026-1 of 2026, as somebody signs it.
    fn signed(by: &str) -> RoundTable {
        let signed_by = (!by.is_empty()).then(|| by.to_owned());
        RoundTable { id: "2026-1".to_owned(), year: Some(2026), signed_by, ..RoundTable::default() }
    }

    fn accept(f: &Fault, by: &str) -> AcceptTable {
        let more =
            AcceptTable { by: by.to_owned(), on: "2026-03-31".to_owned(), reason: "late".to_owned(), ..AcceptTable::default() };
        AcceptTable { code: f.code.as_str().to_owned(), fault: f.print(), ..more }
    }

    fn codes(f: &Faults) -> Vec<&str> {
        f.open().map(|f| f.code.as_str()).collect()
    }

    #[test]
    fn a_fault_is_open_until_somebody_else_answers_for_it_once() {
        let (a, b) = (failed("1"), failed("2"));
        let judge =
            |list: &[AcceptTable], stage| Faults::judged(vec![b.clone(), a.clone(), a.clone()], list, &signed("Li Na"), stage);
        assert_eq!(codes(&judge(&[], Stage::Ranked)), ["county_failed", "county_failed"], "each once");
        let one = accept(&a, "Wang");
        assert_eq!(codes(&judge(std::slice::from_ref(&one), Stage::Ranked)), ["county_failed"]);
        assert!(codes(&judge(&[one.clone(), accept(&b, "Wang")], Stage::Ranked)).is_empty());
        assert_eq!(codes(&judge(&[one.clone(), one.clone()], Stage::Ranked)), ["county_failed", "acceptance_twice"]);
        assert_eq!(
            codes(&judge(&[accept(&a, "LI  NA")], Stage::Ranked)),
            ["county_failed", "county_failed", "acceptance_by_signer"]
        );
        // fingerprints are compared whole: no pattern, no beginning of one
        // "Na, Li" is Li Na, whichever way it is written
        for who in ["Na, Li", "ＮＡ　ＬＩ", "lina"] {
            assert!(codes(&judge(&[accept(&a, who)], Stage::Ranked)).contains(&"acceptance_by_signer"), "{who}");
        }
        for fault in ["*", "", &one.fault[..8]] {
            let other = AcceptTable { fault: fault.to_owned(), ..one.clone() };
            assert_eq!(
                codes(&judge(&[other], Stage::Ranked)),
                ["county_failed", "county_failed", "acceptance_unmatched"],
                "{fault}"
            );
        }
    }

    #[test]
    fn another_fault_of_the_same_kind_has_another_fingerprint() {
        let one = failed("1");
        let of = |f: Fault| Fault { round: signed("").identity(), ..f };
        let others = [
            failed("2"),
            of(Fault::county_failed("1", "County", "no room", "abc")),
            of(Fault::county_failed("1", "County", "too many roads", "abd")),
        ];
        assert!(others.iter().all(|f| f.print() != one.print()));
        let renamed = of(Fault::county_failed("1", "renamed", "too many roads", "abc"));
        assert_eq!(one.print(), renamed.print(), "a name is no fact of it");
        assert_ne!(print_of(None, "a", "b", &["c".to_owned()]), print_of(None, "a", "b\",\"c", &[]));
        assert_ne!(print_of(Some(""), "a", "b", &[]), print_of(None, "a", "b", &[]));
    }

    #[test]
    fn what_is_not_known_yet_leaves_its_acceptance_alone() {
        let one = accept(&failed("1"), "Wang");
        let judge = |stage| Faults::judged(Vec::new(), std::slice::from_ref(&one), &signed("Li Na"), stage);
        assert!(codes(&judge(Stage::Inputs)).is_empty());
        assert_eq!(codes(&judge(Stage::Ranked)), ["acceptance_unmatched"]);
        let unknown = AcceptTable { code: "no_such_code".to_owned(), ..one.clone() };
        assert_eq!(codes(&Faults::judged(Vec::new(), &[unknown], &signed("Li Na"), Stage::Inputs)), ["acceptance_unmatched"]);
    }

    #[test]
    fn what_has_to_be_mended_cannot_be_accepted() {
        let gone = Fault { round: signed("").identity(), ..Fault::rows_missing("1", "County", "abc") };
        let faults = Faults::judged(vec![gone.clone()], &[accept(&gone, "Wang")], &signed("Li Na"), Stage::Ranked);
        assert_eq!(codes(&faults), ["rows_missing", "acceptance_unmatched"]);
        assert!(gone.acceptance().is_none());
    }

    /// What was accepted of last year's round is not of this one's, though the fault is the same; nor is that of an earlier day.
    #[test]
    fn an_acceptance_is_of_one_round() {
        let last = RoundTable { year: Some(2025), ..signed("Li Na") };
        let dated = |day: &str| RoundTable { date: Some(day.to_owned()), ..signed("Li Na") };
        let others = [last, RoundTable { id: "2026-2".to_owned(), ..signed("Li Na") }, dated("2026-03-31")];
        let one = accept(&failed("1"), "Wang");
        let judge = |round: &RoundTable| Faults::judged(vec![failed("1")], std::slice::from_ref(&one), round, Stage::Ranked);
        assert!(codes(&judge(&signed("Li Na"))).is_empty());
        for round in &others {
            assert_eq!(codes(&judge(round)), ["county_failed", "acceptance_unmatched"], "{}", round.identity());
        }
        assert_eq!(dated("2026-03-31").identity(), "2026-1, 2026-03-31");
        assert_eq!(RoundTable { year: None, ..signed("") }.identity(), "2026-1");
    }

    #[test]
    fn who_signs_is_said_where_anything_is_accepted() {
        let one = accept(&failed("1"), "Wang");
        for nobody in ["", " "] {
            let judge = |list: &[AcceptTable]| Faults::judged(vec![failed("1")], list, &signed(nobody), Stage::Ranked);
            assert_eq!(codes(&judge(std::slice::from_ref(&one))), ["acceptance_without_signer"]);
            assert_eq!(codes(&judge(&[])), ["county_failed"]);
        }
    }
}
