//! `manifest.json`: what was run on what, what came out, and the fingerprint of every file, its own included.
//!
//! It holds no time and no path of the machine, so that the same run gives the same bytes.

use crate::config::Criteria;
use crate::config::criteria::Criterion;
use crate::config::{Service, Services};
use crate::files::atomic::Written;
use crate::files::kind::{FORMAT_VERSION, RUN_FOLDER};
use crate::files::lang::Lang;
use crate::files::seal::{SELF_BLANK, sealed};
use crate::issue::{Layer, Severity};
use crate::results::Outcome;
use crate::space::units::{km, minutes};
use crate::tables::rank_tables::RankView;
use serde_json::{Value, json};

/// How the run was asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// File name of the input.
    pub input: String,
    /// `--strict`.
    pub strict: bool,
    /// `--admin-level`.
    pub admin_level: Option<u8>,
    /// `--lang`: in which the pages open.
    pub lang: Lang,
}

/// A command with the language of its pages, said where it is not English, so that the usual folder keeps its bytes.
pub(crate) fn said_if_not_english(mut command: Value, lang: Lang) -> Value {
    if lang != Lang::En {
        command["lang"] = lang.as_str().into();
    }
    command
}

/// The text of the manifest.
pub fn text(o: &Outcome, asked: &Asked, written: &[Written]) -> String {
    let command = json!({ "name": "run", "input": asked.input, "strict": asked.strict, "admin_level": asked.admin_level });
    let mut manifest = json!({
        "format": RUN_FOLDER,
        "format_version": FORMAT_VERSION,
        "chargegap_version": env!("CARGO_PKG_VERSION"),
        "manifest_sha256": SELF_BLANK,
        "command": said_if_not_english(command, asked.lang),
        "region": {
            "name": o.region.name,
            "name_zh": o.region.name_zh,
            "synthetic": o.region.synthetic,
            "attribution": o.region.attribution,
            "map_review_number": o.region.map_review_number,
        },
        "criteria": criteria(&o.criteria),
        "profile": { "name": "chargegap default", "version": 1, "source": "chargegap's own; no official scoring table with weights is known" },
        "ranking": super::manifest_rank::ranking(&RankView::of(o)),
        "inputs": o.inputs.iter().map(|f| json!({ "path": f.path, "role": f.role, "bytes": f.bytes, "sha256": f.sha256, "format": f.format, "crs": f.crs })).collect::<Vec<_>>(),
        "counts": counts(o),
        "balance_km": {
            "read": km(o.balance.read_mm),
            "left_out_by_class_or_access": km(o.balance.left_out_mm),
            "drawn_twice": km(o.balance.repeated_mm),
            "cut_off_pieces": km(o.balance.islands_mm),
            "outside_counties": km(o.balance.outside_mm),
            "in_ledgers": km(o.balance.ledger_mm),
            "of_the_network_behind_one_way_rules": km(o.balance.one_way_trap_mm),
        },
        "population": crate::tables::people::manifest(o),
        "network": { "nodes": o.network.node_count(), "edges": o.network.edges().len(), "arcs": o.network.arc_count() },
        "gap_lines_written": gap_lines(o),
        "coordinates": "WGS 84 longitude, latitude; six decimals",
        "outputs": written.iter().map(|w| json!({ "name": w.name, "bytes": w.bytes, "sha256": w.sha256 })).collect::<Vec<_>>(),
    });
    if o.criteria.simplify_m > 0.0 {
        manifest["gap_lines_simplify_m"] = o.criteria.simplify_m.into();
    }
    sealed(&manifest)
}

/// What was asked for.
pub(crate) fn criteria(c: &Criteria) -> Value {
    let of = |want_distance: bool| {
        c.all
            .iter()
            .filter_map(|x| match x {
                Criterion::Distance(mm) if want_distance => Some(km((*mm).into())),
                Criterion::Time(ms) if !want_distance => Some(minutes((*ms).into())),
                _ => None,
            })
            .collect::<Vec<f64>>()
    };
    let mut json = json!({
        "distances_km": of(true),
        "times_min": of(false),
        "headline": c.headline_criterion().label(),
        "edge_rule": "a point exactly at the limit is served; the way from a station to the road is not counted",
        "max_snap_m": c.max_snap_m,
        "settlement_max_snap_m": c.settlement_max_snap_m,
        "settlement_radius_km": km(c.settlement_radius_mm.into()),
        "access": c.access.iter().map(|a| a.as_str()).collect::<Vec<_>>(),
        "status": c.status.iter().map(|s| s.as_str()).collect::<Vec<_>>(),
        "min_power_kw": c.min_power_kw,
        "min_island_km": km(c.min_island_mm),
        "join_tolerance_m": c.join_tolerance_m,
        "join_crossings": c.join_crossings,
        "road_classes": c.classes.iter().map(|r| json!({ "class": r.as_str(), "speed_kmh": c.speeds.of(*r) })).collect::<Vec<_>>(),
        "max_refused_share": c.max_refused_share,
    });
    // Said where it is not the usual, so that the usual run keeps its bytes.
    if c.services != Services::default() {
        json["services"] = c.services.iter().map(Service::as_str).collect();
    }
    if c.services.has(Service::FastCharging) {
        json["fast_min_power_kw"] = c.fast_min_power_kw.into();
    }
    json
}

fn counts(o: &Outcome) -> Value {
    let layers: Vec<Value> = Layer::ALL[..4]
        .iter()
        .map(|l| {
            let c = o.issues.count(*l);
            json!({ "layer": l.as_str(), "read": c.read, "kept": c.used, "refused": o.issues.refused(*l) })
        })
        .collect();
    let by_code: Vec<Value> = o
        .issues
        .by_code()
        .into_iter()
        .map(|((layer, code), (count, mm))| json!({ "layer": layer.as_str(), "code": code.as_str(), "count": count, "length_km": km(mm) }))
        .collect();
    json!({
        "layers": layers,
        "stations_used": o.stations.iter().filter(|s| s.used).count(),
        "settlements_placed": o.settlements.iter().filter(|s| s.snapped.is_some()).count(),
        "issues": {
            "refused": o.issues.of_severity(Severity::Refused),
            "warnings": o.issues.of_severity(Severity::Warning),
            "notes": o.issues.of_severity(Severity::Note),
            "by_code": by_code,
        },
    })
}

fn gap_lines(o: &Outcome) -> Vec<Value> {
    let mut all = Vec::new();
    for service in o.criteria.services.iter() {
        for (i, c) in o.criteria.all.iter().enumerate() {
            let n = o.stretches.iter().filter(|s| s.service == service && s.criterion == i).count();
            if n > 0 {
                all.push(json!({ "service": service.as_str(), "criterion": c.slug(), "stretches": n }));
            }
        }
    }
    all
}
