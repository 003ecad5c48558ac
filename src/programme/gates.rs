//! Who may apply. A gate that is not met is "not eligible, because"; what is not known "cannot be told"; neither is a low score.

use super::profile::{Mark, Profile};
use super::verdict::Met;
use crate::config::programme_table::ProgrammeTable;
use crate::error::{Error, Result};
use crate::files::units::with_unit;
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

impl Applicant {
    /// Counties by their codes, with the figures and facts that `[programme]` gives for the gates of a programme.
    pub fn of(profile: &Profile, table: &ProgrammeTable, codes: &[&str], lead: Option<&str>) -> Self {
        let member = |code: &&str| {
            let gates = || profile.gates.iter();
            let figure = |name: &String| Some((name.clone(), table.figure(code, name)?));
            let fact = |name: &String| Some((name.clone(), table.fact(code, name)?));
            Member {
                code: (*code).to_owned(),
                kind: Kind::of_adcode(code),
                figures: gates().flat_map(|gates| &gates.least).filter_map(|least| figure(&least.name)).collect(),
                facts: gates().flat_map(|gates| &gates.never).filter_map(|never| fact(&never.name)).collect(),
            }
        };
        Self { members: codes.iter().map(member).collect(), lead: lead.map(str::to_owned) }
    }
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

/// A gate held against a county.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GateAnswer {
    /// Name of the programme.
    pub programme: String,
    /// The gate: `kind`, `joint`, or the name of a figure or fact.
    pub gate: String,
    /// The county.
    pub code: String,
    /// What the gate is, in English and Chinese.
    pub text: [String; 2],
    /// What is asked for.
    pub asked: [String; 2],
    /// What the county has; none where that is not known.
    pub value: Option<[String; 2]>,
    /// Whether it is met.
    pub met: Met,
    /// Why not, or where what is not known is to be given.
    pub because: Option<[String; 2]>,
}

impl GateAnswer {
    /// What the gate is called: in English as files have it, in Chinese what it is.
    pub fn name(&self) -> [&str; 2] {
        let zh = match self.gate.as_str() {
            "kind" => "申报主体",
            "joint" => "联合申报",
            gate if self.text[1].is_empty() => gate,
            _ => &self.text[1],
        };
        [&self.gate, zh]
    }

    fn of((gate, code): (&str, &str), text: [&str; 2], asked: [String; 2], value: Option<[String; 2]>, met: Met) -> Self {
        let [gate, code] = [gate, code].map(str::to_owned);
        Self { programme: String::new(), gate, code, text: text.map(str::to_owned), asked, value, met, because: None }
    }

    fn because(self, en: String, zh: String) -> Self {
        Self { because: Some([en, zh]), ..self }
    }
}

/// The gates of a programme held against every county of an applicant; in a joint application every member has to meet every gate, which is
/// our reading.
///
/// # Errors
/// Input: nobody applies; several without a lead county, or with one that is not among them; one county twice.
pub fn gate_answers(profile: &Profile, applicant: &Applicant) -> Result<Vec<GateAnswer>> {
    check(applicant)?;
    let Some(gates) = &profile.gates else { return Ok(Vec::new()) };
    let several = applicant.members.len() > 1;
    let mut all = Vec::new();
    let alone_only = several && gates.joint.is_empty();
    if alone_only {
        let at = ("joint", applicant.members[0].code.as_str());
        let asked = [kinds(&gates.alone, 0), kinds(&gates.alone, 1)];
        let together = ["several counties together", "多县联合"].map(str::to_owned);
        let answer = GateAnswer::of(at, [&gates.text, &gates.text_zh], asked, Some(together), Met::NotMet);
        all.push(answer.because("the programme knows no joint application".to_owned(), "该项目不接受联合申报".to_owned()));
    }
    for member in &applicant.members {
        let leads = applicant.lead.as_ref() == Some(&member.code);
        if !alone_only {
            all.push(kind(gates, member, (several, leads)));
        }
        all.extend(gates.least.iter().map(|gate| least(profile, gate, member)));
        all.extend(gates.never.iter().map(|gate| never(gate, member)));
    }
    all.iter_mut().for_each(|a| a.programme.clone_from(&profile.name));
    Ok(all)
}

fn kinds(list: &[Kind], language: usize) -> String {
    let names: Vec<&str> = list.iter().map(|k| [kind_names(*k).0, kind_names(*k).1][language]).collect();
    names.join(["; ", "、"][language])
}

/// Whether a county may apply for what it is.
fn kind(gates: &Gates, member: &Member, (several, leads): (bool, bool)) -> GateAnswer {
    let may = if several && !leads { &gates.joint } else { &gates.alone };
    let asked = [kinds(may, 0), kinds(may, 1)];
    let answer = |value, met| GateAnswer::of(("kind", &member.code), [&gates.text, &gates.text_zh], asked, value, met);
    let Some(kind) = member.kind else {
        let because = "what it is: its code is none of GB/T 2260";
        return answer(None, Met::CannotBeTold).because(because.to_owned(), "县的类别：代码不是 GB/T 2260 代码".to_owned());
    };
    let (en, zh) = kind_names(kind);
    let value = Some([en.to_owned(), zh.to_owned()]);
    if may.contains(&kind) {
        return answer(value, Met::Met);
    }
    let role = match (several, leads) {
        (false, _) => ["cannot apply", "不能申报"],
        (_, true) => ["cannot lead a joint application", "不能牵头联合申报"],
        _ => ["cannot take part in a joint application", "不能参加联合申报"],
    };
    answer(value, Met::NotMet).because(format!("{en} {}", role[0]), format!("{zh}{}", role[1]))
}

/// Whether a figure of a county is reached.
fn least(profile: &Profile, gate: &Least, member: &Member) -> GateAnswer {
    let (have, least) = (member.figures.get(&gate.name), profile.number(&gate.at_least));
    let unit = profile.fact(&gate.at_least).map_or("", |f| f.unit.as_str());
    let said = |n: f64| with_unit(n, unit);
    let asked = least.map_or(["not set".to_owned(), "未设定".to_owned()], |n| {
        [format!("at least {}", said(n).en), format!("不低于 {}", said(n).zh)]
    });
    let met = match (have, least) {
        (Some(have), Some(least)) if *have < least => Met::NotMet,
        (Some(_), Some(_)) => Met::Met,
        _ => Met::CannotBeTold,
    };
    let value = have.map(|n| said(*n)).map(|both| [both.en, both.zh]);
    let answer = GateAnswer::of((&gate.name, &member.code), [&gate.text, &gate.text_zh], asked, value, met);
    match (have, least) {
        (Some(have), Some(least)) if *have < least => {
            let (en, zh) = (&gate.text, &gate.text_zh);
            answer.because(format!("{en}: {have} of at least {least}"), format!("{zh}：{have}，要求不低于 {least}"))
        }
        (None, _) => {
            let at = format!("[programme.figures.\"{}\"] {}", member.code, gate.name);
            answer.because(format!("{at} is not given"), format!("未提供 {at}"))
        }
        (_, None) => {
            let key = &gate.at_least;
            answer.because(format!("value of {key}, to be set by the user"), format!("{key} 的数值（由用户设定）"))
        }
        _ => answer,
    }
}

/// Whether what must not be so is not.
fn never(gate: &Never, member: &Member) -> GateAnswer {
    let fact = member.facts.get(&gate.name);
    let met = fact.map_or(Met::CannotBeTold, |so| if *so { Met::NotMet } else { Met::Met });
    let value = fact.map(|so| if *so { ["yes", "是"] } else { ["no", "否"] }.map(str::to_owned));
    let asked = ["no", "否"].map(str::to_owned);
    let answer = GateAnswer::of((&gate.name, &member.code), [&gate.text, &gate.text_zh], asked, value, met);
    match met {
        Met::Met => answer,
        Met::NotMet => answer.because(gate.text.clone(), gate.text_zh.clone()),
        Met::CannotBeTold => {
            let at = format!("[programme.facts.\"{}\"] {}", member.code, gate.name);
            answer.because(format!("{at} is not given"), format!("未提供 {at}"))
        }
    }
}

/// Whether an applicant may apply.
///
/// # Errors
/// As [`gate_answers`].
pub fn eligibility(profile: &Profile, applicant: &Applicant) -> Result<Eligibility> {
    let (mut refused, mut unknown) = (Vec::new(), Vec::new());
    for answer in gate_answers(profile, applicant)? {
        let GateAnswer { gate, code, because, .. } = answer;
        match (answer.met, because) {
            (Met::NotMet, Some([because, because_zh])) => refused.push(Refusal { gate, code, because, because_zh }),
            (Met::CannotBeTold, _) => unknown.push((gate, code)),
            _ => {}
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
