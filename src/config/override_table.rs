//! `[[override]]` and `[[appeal]]` of a round file: what was set by hand, and what was asked for, each with who, when and why.

use super::rank_table::RankTable;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[[override]]`: one figure or decision of one county that was set by hand: `indicator` with `value`, `cost`, `funded`, or `excluded`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OverrideTable {
    /// Its number in the books, by which an appeal names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Code of the county.
    pub county: String,
    /// Key of the indicator whose value is corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// The value that it has, in the unit of the indicator; a share is from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// What the county costs, in the money of the round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// `true`: funded, before the selection goes down the ranking, out of the same places, quota and budget. `false`: not funded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funded: Option<bool>,
    /// `true`: the county is not ranked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<bool>,
    /// Who decided.
    pub by: String,
    /// On which day (`2026-04-02`).
    pub on: String,
    /// Why.
    pub reason: String,
    /// Name of the document that it stands in; where a file of this name lies beside the round file, it must have the SHA-256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// SHA-256 of that document, 64 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// What became of an appeal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It led to an override.
    Granted,
    /// It led to nothing.
    #[default]
    Rejected,
}

impl Outcome {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        if self == Self::Granted { "granted" } else { "rejected" }
    }
}

/// `[[appeal]]`: what somebody asked for, and what was decided. It is listed and changes nothing: what it led to is an override.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AppealTable {
    /// Its number in the books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Code of the county.
    pub county: String,
    /// Who appealed.
    pub by: String,
    /// On which day.
    pub on: String,
    /// What was asked for, and why.
    pub reason: String,
    /// Name of the document that it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// SHA-256 of that document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// `granted`, or `rejected`.
    pub outcome: Outcome,
    /// Of a granted one: the id of the override that it led to.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub led_to: Option<String>,
    /// Of a rejected one: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_reason: Option<String>,
    /// Who decided.
    pub decided_by: String,
    /// On which day.
    pub decided_on: String,
}

/// What an override sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SetByHand<'a> {
    /// The value of an indicator.
    Indicator(&'a str, f64),
    /// What the county costs.
    Cost(f64),
    /// Whether it is funded.
    Funded(bool),
    /// That it is not ranked.
    Excluded,
}

impl SetByHand<'_> {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Indicator(..) => "indicator",
            Self::Cost(_) => "cost",
            Self::Funded(_) => "funding",
            Self::Excluded => "exclusion",
        }
    }
}

impl OverrideTable {
    /// What it sets; none where it says nothing, or several things.
    pub fn sets(&self) -> Option<SetByHand<'_>> {
        match (&self.indicator, self.value, self.cost, self.funded, self.excluded) {
            (Some(key), Some(value), None, None, None) => Some(SetByHand::Indicator(key, value)),
            (None, None, Some(cost), None, None) => Some(SetByHand::Cost(cost)),
            (None, None, None, Some(funded), None) => Some(SetByHand::Funded(funded)),
            (None, None, None, None, Some(true)) => Some(SetByHand::Excluded),
            _ => None,
        }
    }

    /// What it sets, of which county, and nothing else.
    #[must_use]
    pub fn unsigned(&self) -> Self {
        let Self { county, indicator, value, cost, funded, excluded, .. } = self.clone();
        Self { county, indicator, value, cost, funded, excluded, ..Self::default() }
    }

    /// Its key in lists of settings: what it sets, of which county.
    pub fn key(&self) -> String {
        let what = match self.sets() {
            Some(SetByHand::Indicator(key, _)) => key,
            Some(other) => other.as_str(),
            None => "nothing",
        };
        format!("{}.{what}", self.county)
    }
}

/// What was set by hand, asked for by county. Codes that are not in the ranking have no effect: a round refuses them.
impl RankTable {
    fn by_hand<'a, T>(&'a self, code: &str, of: impl Fn(SetByHand<'a>) -> Option<T>) -> Option<T> {
        self.overrides.iter().filter(|o| o.county == code).find_map(|o| of(o.sets()?))
    }

    /// The value that an indicator of a county was set to.
    pub fn value_by_hand(&self, code: &str, indicator: &str) -> Option<f64> {
        self.by_hand(
            code,
            |set| if let SetByHand::Indicator(key, value) = set { (key == indicator).then_some(value) } else { None },
        )
    }

    /// What a county was set to cost.
    pub fn cost_by_hand(&self, code: &str) -> Option<f64> {
        self.by_hand(code, |set| if let SetByHand::Cost(cost) = set { Some(cost) } else { None })
    }

    /// Whether a county was set to be funded, or not to be.
    pub fn funded_by_hand(&self, code: &str) -> Option<bool> {
        self.by_hand(code, |set| if let SetByHand::Funded(funded) = set { Some(funded) } else { None })
    }

    /// Why a county may not be ranked, where that was set by hand.
    pub fn excluded_by_hand(&self, code: &str) -> Option<String> {
        let found = self.overrides.iter().find(|o| o.county == code && o.sets() == Some(SetByHand::Excluded));
        found.map(|o| format!("excluded by hand ({}, {}): {}", o.by, o.on, o.reason))
    }

    /// The same as if nothing had been set by hand.
    #[must_use]
    pub fn without_overrides(&self) -> Self {
        Self { overrides: Vec::new(), ..self.clone() }
    }
}
