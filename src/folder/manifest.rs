//! `manifest.json`: what was run on what, what came out, and the fingerprint of every file, its own included.
//!
//! It holds no time and no path of the machine, so that the same run gives the same bytes.

use super::manifest_plan::plan;
use crate::config::criteria::Criterion;
use crate::config::demand::Demand;
use crate::config::region_file::GapOutput;
use crate::config::vehicle_class::VehicleClass;
use crate::config::{Criteria, Service, Services};
use crate::files::atomic::Written;
use crate::files::kind::{FORMAT_VERSION, ROUND_FOLDER, RUN_FOLDER};
use crate::files::lang::Lang;
use crate::files::seal::{SELF_BLANK, sealed};
use crate::issue::Severity;
use crate::prepared::ground::Balance;
use crate::read::hex;
use crate::results::shard_file::ROWS_VERSION;
use crate::results::{Member, Results, Round};
use crate::space::units::{km, minutes};
use crate::tables::{self, RankView};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// How it was asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The command.
    pub command: &'static str,
    /// File name of the input.
    pub input: String,
    /// `--strict`.
    pub strict: bool,
    /// `--admin-level`.
    pub admin_level: Option<u8>,
}

/// A command with the language of its pages, said where it is not English, so that the usual folder keeps its bytes.
pub(super) fn said_if_not_english(mut command: Value, lang: Lang) -> Value {
    if lang != Lang::En {
        command["lang"] = lang.as_str().into();
    }
    command
}

/// The text of the manifest.
pub fn text(r: &Results, asked: &Asked, written: &[Written]) -> String {
    let command =
        json!({ "name": asked.command, "input": asked.input, "strict": asked.strict, "admin_level": asked.admin_level });
    let mut manifest = json!({
        "format": if r.round.is_some() { ROUND_FOLDER } else { RUN_FOLDER },
        "format_version": FORMAT_VERSION,
        "chargegap_version": env!("CARGO_PKG_VERSION"),
        "manifest_sha256": SELF_BLANK,
        "command": said_if_not_english(command, r.language()),
        "region": {
            "name": r.region.name,
            "name_zh": r.region.name_zh,
            "synthetic": r.region.synthetic,
            "attribution": r.region.attribution,
            "map_review_number": r.region.map_review_number,
        },
        "criteria": criteria(&r.criteria),
        "output": r.output,
        "profile": { "name": "chargegap default", "version": 1, "source": OWN_PROFILE },
        "ranking": super::manifest_rank::ranking(&RankView::of(r)),
        "inputs": r.inputs.iter().map(|f| json!({ "path": f.path, "role": f.role, "bytes": f.bytes, "sha256": f.sha256, "format": f.format, "crs": f.crs })).collect::<Vec<_>>(),
        "counts": counts(r),
        "balance_km": balance(&r.balance),
        "population": crate::tables::people::manifest(r),
        "network": network(r),
        "coordinates": "WGS 84 longitude, latitude; six decimals",
        "outputs": outputs(written),
    });
    for (layer, key) in [(tables::gaps::NAME, "gap_lines_written"), (tables::gaps::ALL, "gaps_all_written")] {
        if let Some(lines) = gap_lines(r, layer) {
            manifest[key] = lines.into();
        }
    }
    if r.criteria.writing.simplify_m > 0.0 {
        manifest["gap_lines_simplify_m"] = r.criteria.writing.simplify_m.into();
    }
    // said where one is named, so that folders without keep their bytes
    if let Some(programme) = &r.programme {
        manifest["programme"] = json!(programme);
    }
    if let (Some(round), Some(all)) = (r.as_round(), manifest.as_object_mut()) {
        all.extend(round_part(&round));
    }
    sealed(&manifest)
}

const OWN_PROFILE: &str = "chargegap's own; no official scoring table with weights is known";

/// What proves a round: who signs, what it was asked, regions, the fingerprints of its shards.
fn round_part(r: &Round<'_>) -> Map<String, Value> {
    let (part, file) = (r.part, &r.part.file);
    let done = |m: &Member| m.shard.as_ref().and_then(|s| s.done.as_ref()).map(|d| d.sha256.clone());
    let mut all = Sha256::new();
    for m in &r.members {
        all.update(m.shard.as_ref().map(|s| s.print.as_str()).unwrap_or_default());
        all.update(done(m).unwrap_or_default());
    }
    let selected = part.choices.iter().filter(|c| c.why.is_selected());
    let spent: Option<f64> = file.select.budget.map(|_| {
        let hundredths: u64 = selected.clone().filter_map(|c| c.cost).sum();
        hundredths as f64 / 100.0
    });
    let json = json!({
        "round": file.round,
        "round_file_sha256": hex(&Sha256::digest(file.text.as_bytes())),
        "signed_by": file.round.signed_by,
        "profile": {
            "name": file.round.profile.as_deref().unwrap_or("chargegap default"),
            "source": file.round.profile_source.as_deref().unwrap_or(OWN_PROFILE),
        },
        "selection": {
            "asked": file.select,
            // as written: those of the ranking have lost places that nobody here could have
            "lines": file.rank.lines,
            "selected": selected.count(),
            "spent": spent,
            "rule": "down the national ranking, as long as places, the quota of the province and the budget last",
        },
        "regions": part.regions,
        "list": part.list,
        "left_out": r.left_out(),
        "faults": part.faults.0.iter().map(crate::results::faults::Fault::json).collect::<Vec<_>>(),
        "acceptances": part.faults.accepted().map(|(_, a)| a).collect::<Vec<_>>(),
        "shards": {
            "counties": r.members.len(),
            "failed": r.members.iter().filter(|m| done(m).is_none()).count(),
            "rows_version": ROWS_VERSION,
            "surroundings_km": part.reach_m / 1000.0,
            "network_sha256": part.network_key,
            "all_sha256": hex(&all.finalize()),
        },
    });
    let mut map = if let Value::Object(map) = json { map } else { Map::new() };
    if crate::tables::overrides::is_there(*r) {
        let by_hand = json!({
            "overrides": r.settings.table.overrides,
            "appeals": file.appeals,
            "table": crate::tables::overrides::FILE,
            "rule": "counties that are funded by hand come before the selection, out of the same places, quotas and budget; funding lines and draws are those of the rule without decisions on money",
        });
        map.insert("set_by_hand".to_owned(), by_hand);
    }
    if !part.recoded.is_empty() {
        map.insert("recoded".to_owned(), json!(part.recoded));
    }
    map
}

/// The files of a folder, each with its seals.
pub(super) fn outputs(written: &[Written]) -> Vec<Value> {
    let entry = |w: &Written| {
        let mut entry = json!({ "name": w.name, "bytes": w.bytes, "sha256": w.sha256 });
        if let Some(content) = &w.content_sha256 {
            entry["content_sha256"] = content.as_str().into();
        }
        entry
    };
    written.iter().map(entry).collect()
}

fn balance(b: &Balance) -> Value {
    let mut json = json!({
        "read": km(b.read_mm),
        "left_out_by_class_or_access": km(b.left_out_mm),
        "drawn_twice": km(b.repeated_mm),
        "cut_off_pieces": km(b.islands_mm),
        "outside_counties": km(b.outside_mm),
        "in_ledgers": km(b.ledger_mm),
    });
    match b.one_way_trap_mm {
        Some(mm) => json["of_the_network_behind_one_way_rules"] = km(mm).into(),
        None => json["in_counties_without_rows"] = km(b.without_result_mm).into(),
    }
    json
}

fn network(r: &Results) -> Value {
    let [nodes, edges] = r.facts.network;
    let mut json = json!({ "nodes": nodes, "edges": edges });
    if let Some(run) = r.as_run() {
        json["arcs"] = run.whole.scene.network.arc_count().into();
    }
    json
}

/// What was asked for.
pub(crate) fn criteria(c: &Criteria) -> Value {
    let of = |want_distance: bool| {
        c.serving
            .all
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
        "headline": c.serving.headline_criterion().label(),
        "edge_rule": "a point exactly at the limit is served; the way from a station to the road is not counted",
        "max_snap_m": c.serving.max_snap_m,
        "settlement_max_snap_m": c.serving.settlement_max_snap_m,
        "settlement_radius_km": km(c.serving.settlement_radius_mm.into()),
        "access": c.serving.access.iter().map(|a| a.as_str()).collect::<Vec<_>>(),
        "status": c.serving.status.iter().map(|s| s.as_str()).collect::<Vec<_>>(),
        "min_power_kw": c.serving.min_power_kw,
        "min_island_km": km(c.reading.min_island_mm),
        "join_tolerance_m": c.reading.join_tolerance_m,
        "join_crossings": c.reading.join_crossings,
        "road_classes": c.reading.classes.iter().map(|r| json!({ "class": r.as_str(), "speed_kmh": c.reading.speeds.of(*r) })).collect::<Vec<_>>(),
        "max_refused_share": c.reading.max_refused_share,
    });
    // Said where it is not the usual, so that the usual run keeps its bytes.
    if c.serving.services != Services::default() {
        json["services"] = c.serving.services.iter().map(Service::as_str).collect();
    }
    if c.serving.services.has(Service::FastCharging) {
        json["fast_min_power_kw"] = c.serving.fast_min_power_kw.into();
    }
    if let Some(d) = &c.demand {
        json["demand"] = demand(d);
    }
    if let Some(p) = &c.plan {
        json["plan"] = plan(p, c.serving.all[p.criterion]);
    }
    json
}

/// What was asked of demand and supply, with every figure that was used and where it comes from.
fn demand(d: &Demand) -> Value {
    let figures: Map<String, Value> = d
        .figures
        .iter()
        .filter(|f| !f.is_choice()) // these stand beside them
        .map(|f| (f.key.clone(), json!({ "value": f.value, "unit": f.unit, "basis": f.basis.as_str(), "source": f.source })))
        .collect();
    let vehicles: Map<String, Value> = VehicleClass::ALL
        .iter()
        .filter_map(|c| Some((c.as_str().to_owned(), d.vehicles[*c as usize].as_deref()?.into())))
        .collect();
    json!({
        "reach_km": km(d.reach_mm.into()),
        "access": d.access.as_str(),
        "people": if d.scaled { "county" } else { "settlements" },
        "vehicles": vehicles,
        "households": d.households.as_ref().map(|h| h.0.as_str()),
        "public_fleet": d.public_fleet.as_ref().map(|f| f.0.as_str()),
        "hourly": d.hourly,
        "figures": figures,
    })
}

fn counts(r: &Results) -> Value {
    let by_code: Vec<Value> = r
        .issues
        .by_code()
        .into_iter()
        .map(|((layer, code), (count, mm))| json!({ "layer": layer.as_str(), "code": code.as_str(), "count": count, "length_km": km(mm) }))
        .collect();
    let issues = json!({
        "refused": r.issues.of_severity(Severity::Refused),
        "warnings": r.issues.of_severity(Severity::Warning),
        "notes": r.issues.of_severity(Severity::Note),
        "by_code": by_code,
    });
    let layers = r.issues.layers().map(|l| {
        let c = r.issues.count(l);
        json!({ "layer": l.as_str(), "read": c.read, "kept": c.used, "refused": r.issues.refused(l) })
    });
    let f = &r.facts;
    let where_they_lie = |[read, outside, apart]: [usize; 3]| json!({ "read": read, "outside_counties": outside, "in_counties_that_do_not_take_part": apart });
    match r.round {
        Some(_) => {
            let mut counts =
                json!({ "stations": where_they_lie(f.stations), "settlements": where_they_lie(f.settlements), "issues": issues });
            // said where there are any, so that folders without keep their bytes
            if let [read, outside] = f.candidates
                && read > 0
            {
                counts["candidates"] = json!({ "read": read, "outside_counties": outside });
            }
            counts
        }
        None => json!({
            "layers": layers.collect::<Vec<_>>(), "stations_used": f.stations_used, "settlements_placed": f.settlements_placed, "issues": issues,
        }),
    }
}

/// The services and criteria whose gap lines are all in a layer; none where it is not written, or short lines were left out.
fn gap_lines(r: &Results, layer: &str) -> Option<Vec<Value>> {
    let has_all = layer == tables::gaps::ALL;
    if has_all && r.criteria.writing.gap_output == GapOutput::Headline {
        return None;
    }
    let asked = |i: usize| has_all || i == r.criteria.serving.headline;
    let of = |service: Service, i: usize| json!({ "service": service.as_str(), "criterion": r.criteria.serving.all[i].slug() });
    let all = r.criteria.serving.services.iter().flat_map(|s| (0..r.criteria.serving.all.len()).map(move |i| (s, i)));
    let Some(round) = r.as_round() else {
        let run = r.as_run()?;
        let count = |(s, i): (Service, usize)| {
            let n = run.whole.scene.stretches.iter().filter(|x| x.service == s && x.criterion == i).count();
            let mut line = of(s, i);
            line["stretches"] = n.into();
            (n > 0 && asked(i)).then_some(line)
        };
        return Some(all.filter_map(count).collect());
    };
    if !tables::is_written(r, layer) || round.part.file.shortest_gap_mm() > 0 {
        return None;
    }
    // Lines come county by county and are not counted again. Where a road is covered there is a station, so lines are drawn; where none
    // is there may be no station at all, and lines would only repeat the roads.
    let covered =
        |s: Service| (0..r.members.len()).any(|m| (0..r.criteria.serving.all.len()).any(|i| r.total(m, s, i).covered_mm > 0));
    let drawn: Vec<Service> = r.criteria.serving.services.iter().filter(|s| covered(*s)).collect();
    Some(all.filter(|(s, i)| drawn.contains(s) && asked(*i)).map(|(s, i)| of(s, i)).collect())
}
