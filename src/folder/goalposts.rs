//! Goalposts from a finished ranking, in the very form in which a round or region file reads them.

use super::ranking::Again;
use crate::config::goalposts::{Goalpost, GoalpostTable};
use crate::config::goalposts_seal::{SEAL_KEY, seal};
use crate::rank::{ScaleEnds, Used};
use std::collections::BTreeMap;
use toml::Value;

/// Letters of a manifest's SHA-256 that name it.
const SHORT: usize = 12;

/// The text of a file of goalposts: the ends of every scale that was used. What cannot be said is a comment.
pub fn goalposts_text(again: &Again<'_>) -> String {
    let ranking = &again.view.assessment.ranking;
    let from = name(again);
    let mut sealed = BTreeMap::new();
    let mut entries = String::new();
    for (i, used) in ranking.indicators.iter().enumerate().filter(|(_, u)| u.def.weight > 0.0 || u.weight > 0.0) {
        let key = &used.def.key;
        let scale = ranking.scales.iter().find(|s| s.indicator == i);
        match entry(again, used, scale, &from) {
            Ok(told) => {
                entries += &line(key, &told);
                sealed.insert(key.clone(), Goalpost::Told(told));
            }
            Err(why) => entries += &no_ends(key, &why),
        }
    }
    format!(
        "# Goalposts of {}, in the unit of each indicator after any denominator.\n\
         # 目标值，取自上述结果；单位为除以分母之后的指标单位。\n\
         # A round or region file names this file:\n\
         #   [rank.goalposts]\n\
         #   file = \"goalposts.toml\"\n\
         # {SEAL_KEY} seals the values below: values that were changed are refused; without it they count as written by hand.\n\
         # {SEAL_KEY} 为以下数值的 SHA-256：数值改动后不予采用；删去此行则视为人工填写。\n\n\
         [rank.goalposts]\n{SEAL_KEY} = {}\n{entries}",
        plain(&from),
        Value::String(seal(&sealed)),
    )
}

/// What the ranking is of, for people: a round by its id, anything by the fingerprint of its manifest.
fn name(again: &Again<'_>) -> String {
    let m = again.manifest;
    let day = m["round"]["date"].as_str().map(str::to_owned).or_else(|| m["round"]["year"].as_u64().map(|y| y.to_string()));
    let day = day.map_or_else(String::new, |day| format!(" of {day}"));
    let id = m["round"]["id"].as_str().map(|id| format!("round {id}{day}"));
    let region = || m["region"]["name"].as_str().unwrap_or(again.source).to_owned();
    let print: String = m["manifest_sha256"].as_str().unwrap_or_default().chars().take(SHORT).collect();
    format!("{} (manifest {print})", id.unwrap_or_else(region))
}

/// The ends of an indicator with where they come from, or why it has none.
fn entry(again: &Again<'_>, used: &Used, scale: Option<&ScaleEnds>, from: &str) -> Result<GoalpostTable, String> {
    let (key, settings) = (&used.def.key, again.view.settings);
    let ends = scale.and_then(|s| Some((s, s.low?, s.high?))).filter(|(_, low, high)| low < high);
    let Some((scale, low, high)) = ends else {
        return Err(match (&used.left_out, used.min) {
            (_, Some(v)) => format!("it is {v} in every county"),
            (Some(why), None) => why.clone(),
            (None, None) => "no county has a value".to_owned(),
        });
    };
    let told = settings.goalpost_source(key);
    let (source, sha256, by_hand) = match scale.counties {
        Some((a, b)) => {
            let here = again.manifest["manifest_sha256"].as_str().map(str::to_owned);
            (format!("{from}, counties {} and {}", again.view.unit(a).code, again.view.unit(b).code), here, None)
        }
        // goalposts that it had itself, a target among them, stay what they were, and who wrote them
        None => {
            let by_hand = settings.goalpost_by_hand(key).then_some(true);
            let source = if told.is_empty() { format!("goalposts of {from}") } else { told.to_owned() };
            (source, settings.goalpost_sha256(key).map(str::to_owned), by_hand)
        }
    };
    Ok(GoalpostTable { low, high, source, sha256, by_hand })
}

fn line(key: &str, told: &GoalpostTable) -> String {
    let text = |t: &str| Value::String(t.to_owned());
    let sha256 = told.sha256.as_ref().map_or_else(String::new, |sha| format!(", sha256 = {}", text(sha)));
    let by_hand = if told.by_hand == Some(true) { ", by_hand = true" } else { "" };
    let (low, high, source) = (Value::Float(told.low), Value::Float(told.high), text(&told.source));
    format!("{key} = {{ low = {low}, high = {high}, source = {source}{sha256}{by_hand} }}\n")
}

fn no_ends(key: &str, why: &str) -> String {
    format!(
        "# {key} has no ends here ({}): give them by a target, in the file that names this one\n# {key} = {{ low = 0, high = 1, source = \"target\" }}\n",
        plain(why)
    )
}

/// A text in a comment: one line.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
