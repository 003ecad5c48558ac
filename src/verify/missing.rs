//! What some counties lack, what stands in for it and whose places hang on it follow from the figures by `[rank]` of the manifest: the
//! tables are made again, and are the same to the byte.

use super::opened::Opened;
use super::selection::same_words;
use super::{Findings, close, first_few};
use crate::error::{Error, Result};
use crate::folder::scales;
use crate::rank::Assessment;
use crate::tables::missing::{FILE, OPEN, SCALES};
use crate::tables::{RankView, tables_of_missing};
use serde_json::Value;

/// Checks a folder that has figures and says what is done about missing values.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(standing) = o.standing.as_ref().filter(|_| !o.folder.before_bounds()) else { return Ok(()) };
    let assessment = Assessment { ranking: standing.ranking.clone(), ..Assessment::default() };
    let view = RankView { evidence: &standing.evidence, assessment: &assessment, settings: &standing.settings };
    let made = tables_of_missing(view);
    for name in [FILE, SCALES, OPEN] {
        let again = made.iter().find(|t| t.file == name);
        match (again, o.holds(name)) {
            (None, true) => findings.faults.push(format!("{name}: nothing that it tells follows from the figures and [rank]")),
            (Some(_), false) => findings.faults.push(format!("{name} is missing, and there are values missing or goalposts")),
            (Some(table), true) => {
                let mut bytes = Vec::new();
                table.csv(&mut bytes).map_err(|e| Error::internal(format!("a table could not be made again: {e}")))?;
                if o.folder.file(name)? != bytes {
                    findings.faults.push(format!("{name} does not follow from the figures and [rank]"));
                }
            }
            (None, false) => {}
        }
    }
    let told = &o.folder.manifest["ranking"];
    if same_words(&o.folder) {
        scales_of_manifest(&told["scales"], &view, findings);
    }
    let counties = standing.ranking.rows.iter().filter(|r| !r.lacks.is_empty()).count();
    if told["missing"]["counties"].as_u64() != Some(counties as u64) {
        let what = format!("{counties} counties lack values, and the manifest says {}", told["missing"]["counties"]);
        findings.faults.push(format!("manifest.json: {what}"));
    }
    if !made.is_empty() {
        findings
            .checked
            .push(format!("missing values of {counties} counties and {} scales made again", standing.ranking.scales.len()));
    }
    Ok(())
}

/// What the manifest says of each scale, who wrote its goalposts among it, is what `[rank]` and the figures say. Ends of a scale are rounded in
/// the figures.
fn scales_of_manifest(told: &Value, view: &RankView<'_>, findings: &mut Findings) {
    let due = Value::Array(scales(view));
    let (told, due) =
        (told.as_array().map(Vec::as_slice).unwrap_or_default(), due.as_array().map(Vec::as_slice).unwrap_or_default());
    if told.len() != due.len() {
        let what = format!("manifest.json: it tells {} scales, and {} follow from the figures and [rank]", told.len(), due.len());
        findings.faults.push(what);
        return;
    }
    let mut wrong = Vec::new();
    for (told, due) in told.iter().zip(due) {
        for (key, want) in due.as_object().into_iter().flatten() {
            let is = &told[key];
            if is != want && !(want.is_number() && close(is.as_f64(), want.as_f64())) {
                let indicator = due["indicator"].as_str().unwrap_or_default();
                wrong.push(format!(
                    "manifest.json: {key} of the scale of {indicator} is {is}, and {want} follows from the figures and [rank]"
                ));
            }
        }
    }
    first_few(wrong, findings);
}
