//! Who may apply. A gate that is not met is "not eligible, because"; what is not known "cannot be told"; neither is a low score.

use super::profile::{Mark, Profile};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an applicant is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A county or banner (县、旗).
    County,
    /// A county-level city (县级市).
    CountyLevelCity,
    /// A district of a city (市辖区).
    District,
}

impl Kind {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::County => "county",
            Self::CountyLevelCity => "county_level_city",
            Self::District => "district",
        }
    }

    /// By the six digits of GB/T 2260; none for another code. Middle digits 01 to 20 and 51 to 70 are cities, whose units 01 to 20 are
    /// districts; in the municipalities (11, 12, 31, 50) middle digits 01 are districts and 02 counties; else units 01 to 20 and from
    /// 81 are county-level cities.
    pub fn of_adcode(code: &str) -> Option<Self> {
        if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let part = |from: usize| code.get(from..from + 2).and_then(|t| t.parse::<u8>().ok());
        let (province, city, unit) = (part(0)?, part(2)?, part(4)?);
        if city == 0 || unit == 0 {
            return None; // a province, a city
        }
        Some(match (province, city, unit) {
            (11 | 12 | 31 | 50, 1, _) => Self::District,
            (11 | 12 | 31 | 50, ..) => Self::County,
            (_, 1..=20 | 51..=70, 1..=20) => Self::District,
            (_, _, 1..=20 | 81..) => Self::CountyLevelCity,
            _ => Self::County,
        })
    }
}

/// `[[gates.least]]`: a figure that has to be reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Least {
    /// What applicants call the figure.
    pub name: String,
    /// The least value, by fact.
    pub at_least: String,
    /// What it is, in English.
    pub text: String,
    /// What it is, in Chinese.
    #[serde(default)]
    pub text_zh: String,
}

/// `[[gates.never]]`: what must not be so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Never {
    /// What applicants call it.
    pub name: String,
    /// How sure it is.
    pub mark: Mark,
    /// Where it stands.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What it is, in English.
    pub text: String,
    /// What it is, in Chinese.
    #[serde(default)]
    pub text_zh: String,
}

/// `[gates]`
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// What may apply by itself.
    pub alone: Vec<Kind>,
    /// What may take part in a joint application; nothing where there are none. Who leads has to be of a kind that may apply alone.
    #[serde(default)]
    pub joint: Vec<Kind>,
    /// How sure both are.
    pub mark: Mark,
    /// Where they stand.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What they say, in English.
    pub text: String,
    /// What they say, in Chinese.
    #[serde(default)]
    pub text_zh: String,
    /// Figures that have to be reached.
    #[serde(default)]
    pub least: Vec<Least>,
    /// What must not be so.
    #[serde(default)]
    pub never: Vec<Never>,
}

/// A county that applies, and what is known of it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Member {
    /// Its code.
    pub code: String,
    /// What it is; none where that is not known.
    pub kind: Option<Kind>,
    /// Figures, by the names of gates.
    pub figures: BTreeMap<String, f64>,
    /// What is so and what is not, by the names of gates.
    pub facts: BTreeMap<String, bool>,
}

/// One county, or several together.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Applicant {
    /// The counties; one where it applies by itself.
    pub members: Vec<Member>,
    /// Of several, the code of the one that leads.
    pub lead: Option<String>,
}

/// A gate that is not met.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// The gate: `kind`, `joint`, or the name of a figure or fact.
    pub gate: String,
    /// The county.
    pub code: String,
    /// Why, in English.
    pub because: String,
    /// Why, in Chinese.
    pub because_zh: String,
}

/// Whether an applicant may apply.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Eligibility {
    /// Every gate is met.
    Eligible,
    /// Some are not; whatever else is not known.
    NotEligible(Vec<Refusal>),
    /// None is known not to be met, and these are not known: gate and county.
    CannotBeTold(Vec<(String, String)>),
}

/// Whether an applicant may apply; in a joint application every member has to meet every gate, which is our reading.
///
/// # Errors
/// Input: nobody applies; several without a lead county, or with one that is not among them; one county twice.
pub fn eligibility(profile: &Profile, applicant: &Applicant) -> Result<Eligibility> {
    check(applicant)?;
    let Some(gates) = &profile.gates else { return Ok(Eligibility::Eligible) };
    let several = applicant.members.len() > 1;
    let (mut refused, mut unknown) = (Vec::new(), Vec::new());
    let mut refuse = |gate: &str, code: &str, because: String, because_zh: String| {
        refused.push(Refusal { gate: gate.to_owned(), code: code.to_owned(), because, because_zh });
    };
    let alone_only = several && gates.joint.is_empty();
    if alone_only {
        let code = &applicant.members[0].code;
        refuse("joint", code, "the programme knows no joint application".to_owned(), "该项目不接受联合申报".to_owned());
    }
    for member in &applicant.members {
        let code = &member.code;
        let leads = applicant.lead.as_ref() == Some(code);
        match member.kind {
            None => unknown.push(("kind".to_owned(), code.clone())),
            Some(kind) => {
                let may = if several && !leads { &gates.joint } else { &gates.alone };
                if !alone_only && !may.contains(&kind) {
                    let (kind_en, kind_zh) = kind_names(kind);
                    let role = if !several {
                        ["cannot apply", "不能申报"]
                    } else if leads {
                        ["cannot lead a joint application", "不能牵头联合申报"]
                    } else {
                        ["cannot take part in a joint application", "不能参加联合申报"]
                    };
                    refuse("kind", code, format!("{kind_en} {}", role[0]), format!("{kind_zh}{}", role[1]));
                }
            }
        }
        for gate in &gates.least {
            match (member.figures.get(&gate.name), profile.number(&gate.at_least)) {
                (Some(have), Some(least)) if *have < least => refuse(
                    &gate.name,
                    code,
                    format!("{}: {have} of at least {least}", gate.text),
                    format!("{}：{have}，要求不低于 {least}", gate.text_zh),
                ),
                (Some(_), Some(_)) => {}
                _ => unknown.push((gate.name.clone(), code.clone())),
            }
        }
        for gate in &gates.never {
            match member.facts.get(&gate.name) {
                Some(true) => refuse(&gate.name, code, gate.text.clone(), gate.text_zh.clone()),
                Some(false) => {}
                None => unknown.push((gate.name.clone(), code.clone())),
            }
        }
    }
    Ok(match (refused.is_empty(), unknown.is_empty()) {
        (false, _) => Eligibility::NotEligible(refused),
        (true, false) => Eligibility::CannotBeTold(unknown),
        (true, true) => Eligibility::Eligible,
    })
}

fn kind_names(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::County => ("a county", "县"),
        Kind::CountyLevelCity => ("a county-level city", "县级市"),
        Kind::District => ("a district", "市辖区"),
    }
}

fn check(applicant: &Applicant) -> Result<()> {
    let codes: Vec<&str> = applicant.members.iter().map(|m| m.code.as_str()).collect();
    if codes.is_empty() {
        return Err(Error::input("an application without a county", "name the counties that apply"));
    }
    if let Some((_, code)) = codes.iter().enumerate().find(|(i, c)| codes[..*i].contains(c)) {
        return Err(Error::input(format!("county \"{code}\" stands twice in one application"), "name each county once"));
    }
    match &applicant.lead {
        None if codes.len() > 1 => {
            let what = format!("the joint application of {} has no lead county", codes.join(", "));
            Err(Error::input(what, "name one of them as its lead: one quota, one lead county"))
        }
        Some(lead) if !codes.contains(&lead.as_str()) => {
            let what = format!("the lead county \"{lead}\" is not among {}", codes.join(", "));
            Err(Error::input(what, "name one of the counties of the application as its lead"))
        }
        _ => Ok(()),
    }
}
