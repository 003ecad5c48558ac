//! Goalposts from a finished ranking, in the very form in which a round or region file reads them.

use super::ranking::Again;
use crate::rank::{ScaleEnds, Used};
use toml::Value;

/// Letters of a manifest's SHA-256 that name it.
const SHORT: usize = 12;

/// The text of a file of goalposts: the ends of every scale that was used. What cannot be said is a comment.
pub fn goalposts_text(again: &Again<'_>) -> String {
    let ranking = &again.view.assessment.ranking;
    let from = name(again);
    let mut text = format!(
        "# Goalposts of {}, in the unit of each indicator after any denominator.\n\
         # 目标值，取自上述结果；单位为除以分母之后的指标单位。\n\
         # A round or region file names this file:\n\
         #   [rank.goalposts]\n\
         #   file = \"goalposts.toml\"\n\n\
         [rank.goalposts]\n",
        plain(&from)
    );
    for (i, used) in ranking.indicators.iter().enumerate().filter(|(_, u)| u.def.weight > 0.0 || u.weight > 0.0) {
        let scale = ranking.scales.iter().find(|s| s.indicator == i);
        text += &entry(again, used, scale, &from);
    }
    text
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

fn entry(again: &Again<'_>, used: &Used, scale: Option<&ScaleEnds>, from: &str) -> String {
    let key = &used.def.key;
    let ends = scale.and_then(|s| Some((s, s.low?, s.high?))).filter(|(_, low, high)| low < high);
    let Some((scale, low, high)) = ends else {
        let why = match (&used.left_out, used.min) {
            (_, Some(v)) => format!("it is {v} in every county"),
            (Some(why), None) => why.clone(),
            (None, None) => "no county has a value".to_owned(),
        };
        return format!(
            "# {key} has no ends here ({}): give them by a target\n# {key} = {{ low = 0, high = 1, source = \"target\" }}\n",
            plain(&why)
        );
    };
    let told = again.view.settings.goalpost_source(key);
    let here = || again.manifest["manifest_sha256"].as_str();
    let (source, sha256) = match scale.counties {
        Some((a, b)) => (format!("{from}, counties {} and {}", again.view.unit(a).code, again.view.unit(b).code), here()),
        // goalposts that it had itself, a target among them, stay what they were
        None if told.is_empty() => (format!("goalposts of {from}"), None),
        None => (told.to_owned(), again.view.settings.goalpost_sha256(key)),
    };
    let sha256 = sha256.map_or_else(String::new, |sha| format!(", sha256 = {}", Value::String(sha.to_owned())));
    let (low, high, source) = (Value::Float(low), Value::Float(high), Value::String(source));
    format!("{key} = {{ low = {low}, high = {high}, source = {source}{sha256} }}\n")
}

/// A text in a comment: one line.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
