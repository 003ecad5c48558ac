//! `manifest.json` of a round: what proves it. Inputs, fingerprints, versions, criteria, seeds, who signs, and every file.

use super::manifest::{criteria, said_if_not_english};
use super::manifest_rank::ranking;
use crate::files::atomic::Written;
use crate::files::kind::FORMAT_VERSION;
use crate::files::kind::ROUND_FOLDER;
use crate::files::lang::Lang;
use crate::files::seal::{SELF_BLANK, sealed};
use crate::issue::Severity;
use crate::read::hex;
use crate::round::merge::Round;
use crate::round::rows::ROWS_VERSION;
use crate::space::units::km;
use crate::tables::rank_tables::RankView;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// How the round was asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `--strict`.
    pub strict: bool,
    /// `--lang`: in which the pages open.
    pub lang: Lang,
}

/// The text of the manifest.
pub(crate) fn text(r: &Round, asked: &Asked, written: &[Written]) -> String {
    let view = RankView { evidence: &r.evidence, assessment: &r.assessment, settings: &r.settings };
    let of = |severity| r.issues.of_severity(severity);
    let by_code: Vec<Value> = r
        .issues
        .by_code()
        .into_iter()
        .map(|((layer, code), (count, mm))| json!({ "layer": layer.as_str(), "code": code.as_str(), "count": count, "length_km": km(mm) }))
        .collect();
    let mut all = Sha256::new();
    for m in &r.members {
        all.update(&m.shard);
        all.update(m.done.as_ref().map(|d| d.sha256.as_str()).unwrap_or_default());
    }
    let selected = r.choices.iter().filter(|c| c.why.is_selected());
    let spent: Option<f64> = r.file.select.budget.map(|_| {
        let hundredths: u64 = selected.clone().filter_map(|c| c.cost).sum();
        hundredths as f64 / 100.0
    });
    let f = &r.facts;
    sealed(&json!({
        "format": ROUND_FOLDER,
        "format_version": FORMAT_VERSION,
        "chargegap_version": env!("CARGO_PKG_VERSION"),
        "manifest_sha256": SELF_BLANK,
        "command": said_if_not_english(json!({ "name": "round", "input": r.file.name, "strict": asked.strict }), asked.lang),
        "round": r.file.round,
        "round_file_sha256": hex(&Sha256::digest(r.file.text.as_bytes())),
        "signed_by": r.file.round.signed_by,
        "region": {
            "name": r.region.name, "name_zh": r.region.name_zh, "synthetic": r.region.synthetic,
            "attribution": r.region.attribution, "map_review_number": r.region.map_review_number,
        },
        "criteria": criteria(&r.criteria),
        "profile": {
            "name": r.file.round.profile.as_deref().unwrap_or("chargegap default"),
            "source": r.file.round.profile_source.as_deref().unwrap_or("chargegap's own; no official scoring table with weights is known"),
        },
        "ranking": ranking(&view),
        "selection": {
            "asked": r.file.select,
            "selected": selected.clone().count(),
            "spent": spent,
            "rule": "down the national ranking, as long as places, the quota of the province and the budget last",
        },
        "regions": f.regions,
        "left_out": r.left_out(),
        "inputs": r.files.iter().map(|f| json!({ "path": f.path, "role": f.role, "bytes": f.bytes, "sha256": f.sha256, "format": f.format, "crs": f.crs })).collect::<Vec<_>>(),
        "shards": {
            "counties": r.members.len(),
            "failed": r.members.iter().filter(|m| m.done.is_none()).count(),
            "rows_version": ROWS_VERSION,
            "surroundings_km": f.reach_m / 1000.0,
            "network_sha256": f.network_key,
            "all_sha256": hex(&all.finalize()),
        },
        "counts": {
            "stations": { "read": f.stations[0], "outside_counties": f.stations[1], "in_counties_that_do_not_take_part": f.stations[2] },
            "settlements": { "read": f.settlements[0], "outside_counties": f.settlements[1], "in_counties_that_do_not_take_part": f.settlements[2] },
            "issues": { "refused": of(Severity::Refused), "warnings": of(Severity::Warning), "notes": of(Severity::Note), "by_code": by_code },
        },
        "balance_km": {
            "read": km(f.road_mm[0]), "left_out_by_class_or_access": km(f.road_mm[1]), "drawn_twice": km(f.road_mm[2]),
            "cut_off_pieces": km(f.road_mm[3]), "outside_counties": km(f.road_mm[4]), "in_counties_without_rows": km(f.road_mm[5]),
            "in_ledgers": km(r.members.iter().map(|m| m.row.road_total_mm()).sum()),
        },
        "network": { "nodes": f.network[0], "edges": f.network[1] },
        "coordinates": "WGS 84 longitude, latitude; six decimals",
        "outputs": written.iter().map(|w| json!({ "name": w.name, "bytes": w.bytes, "sha256": w.sha256 })).collect::<Vec<_>>(),
    }))
}
