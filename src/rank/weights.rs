//! The weights of `[rank]`, checked.

use super::indicator::INDICATORS;
use super::settings::MOST_WEIGHT;
use crate::config::toml_text::nearest;
use crate::config::{RankTable, RoadClass};
use crate::error::{Error, Location, Result};

/// Weights as the user gave them over the defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// One an indicator, not yet made to add up to 1.
    pub indicators: Vec<f64>,
    /// One a road class.
    pub classes: [f64; RoadClass::ALL.len()],
}

impl Weights {
    /// Checks the weights of `[rank]`; `own` are the keys of the user's indicators, which may be named too.
    ///
    /// # Errors
    /// Usage, for an unknown indicator or a weight that is negative, not finite, or all zero.
    pub fn from_table(table: &RankTable, own: &[&str]) -> Result<Self> {
        let bad = |key: String, what: String, next: String| Error::usage(what, next).at(Location::default().field(key));
        let mut indicators: Vec<f64> = INDICATORS.iter().map(|i| i.weight).collect();
        for (key, weight) in &table.weights {
            let ours = INDICATORS.iter().position(|d| d.key == key);
            if ours.is_none() && !own.contains(&key.as_str()) {
                let known: Vec<&str> = INDICATORS.iter().map(|d| d.key).chain(own.iter().copied()).collect();
                let near = nearest(key, known.iter().copied());
                let next = near.map_or_else(|| format!("known: {}", known.join(", ")), |n| format!("did you mean \"{n}\"?"));
                return Err(bad(format!("rank.weights.{key}"), format!("\"{key}\" is not an indicator"), next));
            }
            if !(0.0..=MOST_WEIGHT).contains(weight) {
                return Err(bad(format!("rank.weights.{key}"), format!("{weight} is not a weight"), "give 0 or more".to_owned()));
            }
            if let Some(i) = ours {
                indicators[i] = *weight;
            }
        }
        if own.is_empty() && indicators.iter().all(|w| *w == 0.0) {
            return Err(bad("rank.weights".to_owned(), "all weights are 0".to_owned(), "give at least one above 0".to_owned()));
        }
        let mut classes = RoadClass::ALL.map(RoadClass::default_weight);
        for (class, weight) in &table.class_weights {
            if !(0.0..=MOST_WEIGHT).contains(weight) {
                let key = format!("rank.class_weights.{}", class.as_str());
                return Err(bad(key, format!("{weight} is not a weight"), "give 0 or more".to_owned()));
            }
            classes[class.index()] = *weight;
        }
        Ok(Self { indicators, classes })
    }
}
