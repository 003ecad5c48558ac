//! A programme's profile: its facts with sources, and what is built on them.

use super::check;
use super::gates::Gates;
use super::given;
use super::piles::PileRule;
use super::reward::Reward;
use super::rule::{Filter, Rule};
use crate::config::toml_text::parse_toml;
use crate::error::{Error, Location, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How sure a fact is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Mark {
    /// The text itself was read, or two independent reports agree.
    H,
    /// One credible report.
    M,
    /// Our arithmetic, or our reading of a text that is not clear.
    X,
    /// A weak source: no value is shipped.
    L,
    /// General knowledge, not seen in a source: no value is shipped.
    K,
    /// Not published, or left to whoever applies the programme: no value is shipped.
    N,
    /// Set by the user.
    #[serde(rename = "user")]
    User,
}

impl Mark {
    /// All, the surest first.
    pub const ALL: [Self; 7] = [Self::H, Self::M, Self::X, Self::L, Self::K, Self::N, Self::User];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::H => "H",
            Self::M => "M",
            Self::X => "X",
            Self::L => "L",
            Self::K => "K",
            Self::N => "N",
            Self::User => "user",
        }
    }

    /// What it means, in English and Chinese.
    pub fn meaning(self) -> [&'static str; 2] {
        match self {
            Self::H => ["the text was read, or two independent reports agree", "已读原文，或两份独立报道一致"],
            Self::M => ["one credible report", "一份可信报道"],
            Self::X => ["our arithmetic or our reading", "本软件的计算或理解"],
            Self::L => ["weak source: no value, set by the user", "来源薄弱：不给出数值，由用户设定"],
            Self::K => ["general knowledge without a source: no value, set by the user", "常识、无来源：不给出数值，由用户设定"],
            Self::N => ["not published: no value, set by the user", "未公布：不给出数值，由用户设定"],
            Self::User => ["set by the user", "由用户设定"],
        }
    }

    /// Whether a fact with it comes without a value.
    pub fn has_no_value(self) -> bool {
        matches!(self, Self::L | Self::K | Self::N)
    }
}

/// Where facts stand.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What facts call it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Number of the notice or law.
    #[serde(default)]
    pub number: String,
    /// Its date, as far as it is known (`2024-04-12`, `2025-02`, `2023`).
    #[serde(default)]
    pub date: String,
    /// Where it was read.
    pub address: String,
}

/// A number or a sentence.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number, in the fact's unit.
    Number(f64),
    /// A sentence.
    Words(String),
}

/// One figure or sentence of a programme.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What rules call it.
    pub key: String,
    /// Its value; none where the user has to set it.
    #[serde(default)]
    pub value: Option<Value>,
    /// The unit of a number: `km`, `mi`, `m`, `kW`, `kWh`, `%`, `points`, `vehicles`, `yuan`, …
    #[serde(default)]
    pub unit: String,
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

impl Fact {
    /// Its number, where it has one.
    pub fn number(&self) -> Option<f64> {
        match self.value {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A length in whole millimetres; none without a value, or in another unit.
    pub fn length_mm(&self) -> Option<u64> {
        let mm = self.number()? * millimetres(&self.unit)?;
        (mm >= 0.0).then_some(mm.round() as u64)
    }
}

/// Millimetres in a unit of length; none for other units. A mile is the international one.
pub(super) fn millimetres(unit: &str) -> Option<f64> {
    match unit {
        "m" => Some(1e3),
        "km" => Some(1e6),
        "mi" => Some(1_609_344.0),
        _ => None,
    }
}

/// What a programme leaves unsaid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpublished {
    /// What, in English.
    pub text: String,
    /// What, in Chinese.
    #[serde(default)]
    pub text_zh: String,
}

/// A programme as data.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The form of the file; 1.
    pub format: u32,
    /// Its name, as `[programme] profiles` has it.
    pub name: String,
    /// The version of the data: the day on which it was put together.
    pub version: String,
    /// Title in English.
    pub title: String,
    /// Title in Chinese.
    #[serde(default)]
    pub title_zh: String,
    /// The first day that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Sources.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Facts.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Who may apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gates: Option<Gates>,
    /// Which facilities count for the reward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Filter>,
    /// What is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<Reward>,
    /// How piles become standard piles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard_pile: Option<PileRule>,
    /// What has to be reached.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What the programme does not say.
    #[serde(default)]
    pub not_published: Vec<Unpublished>,
    /// The text that it was read from.
    #[serde(skip)]
    pub toml: String,
}

impl Profile {
    /// Reads a profile; `shown` names the text in errors.
    ///
    /// # Errors
    /// Usage, with line and key: what is no TOML, an unknown or missing key, a source, fact, year or class that is named and not there.
    pub fn parse(text: &str, shown: &str) -> Result<Self> {
        let mut profile: Self = parse_toml(text, shown)?;
        check::check(&profile, text, shown)?;
        text.clone_into(&mut profile.toml);
        Ok(profile)
    }

    /// A fact by its key.
    pub fn fact(&self, key: &str) -> Option<&Fact> {
        self.facts.iter().find(|f| f.key == key)
    }

    /// The number of a fact; none where it is not set.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.fact(key)?.number()
    }

    /// A length in whole millimetres; none where it is not set.
    pub fn length_mm(&self, key: &str) -> Option<u64> {
        self.fact(key)?.length_mm()
    }

    /// A rule by its name.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.name == name)
    }

    /// Facts that the user has to set.
    pub fn unset(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(|f| f.value.is_none())
    }

    /// The profile with the values that a user gives to facts without one.
    ///
    /// # Errors
    /// Usage, naming the key: one that the profile does not have, or that has a value with a source.
    pub fn with_values(mut self, values: &BTreeMap<String, f64>, shown: &str) -> Result<Self> {
        for (key, value) in values {
            let at = || Location::file(shown).field(format!("programme.values.{}.{key}", self.name));
            let Some(i) = self.facts.iter().position(|f| f.key == *key) else {
                let open: Vec<&str> = self.unset().map(|f| f.key.as_str()).collect();
                let what = format!("programme \"{}\" has no fact \"{key}\"", self.name);
                let next = format!("to be set there: {}", if open.is_empty() { "none".to_owned() } else { open.join(", ") });
                return Err(Error::usage(what, next).at(at()));
            };
            if self.facts[i].value.is_some() {
                let what = format!("\"{key}\" of programme \"{}\" has a value with a source", self.name);
                let next = format!(
                    "for one of your own write it into a copy: chargegap programme {} --toml > own.toml, and name that in files",
                    self.name
                );
                return Err(Error::usage(what, next).at(at()));
            }
            given::value(&self, key, *value, &self.facts[i].unit).map_err(|(what, next)| Error::usage(what, next).at(at()))?;
            let fact = &mut self.facts[i];
            (fact.value, fact.mark) = (Some(Value::Number(*value)), Mark::User);
        }
        Ok(self)
    }
}
