//! The data report as one JSON object, for programs. The same facts as the page; nothing is cut short. Sentences are in English, with
//! the Chinese beside them; null where there is none.

use super::facts::{CheckFacts, FieldFacts, LayerCounts, PlacedIssue, UnusedColumn, classes_with_lines};
use crate::files::messages::chinese;
use crate::issue::{Issue, IssueCode, Layer};
use crate::space::units::km;
use serde_json::{Value, json};

/// Makes the object; lengths are in kilometres, positions in degrees (WGS 84, longitude first).
pub fn check_json(facts: &CheckFacts<'_>) -> Value {
    let placed = facts.placed();
    json!({
        "can_run": facts.error.is_none(),
        "error": facts.error.map(|e| json!({
            "message": e.what(),
            "where": e.location().to_string(),
            "next": e.next(),
            "message_zh": chinese(e.what()),
            "next_zh": chinese(e.next()),
            "exit_code": e.exit_code(),
        })),
        "next_steps": facts.steps.iter().map(|s| json!({
            "must": s.must,
            "layer": s.layer.map(Layer::as_str),
            "code": s.code.map(IssueCode::as_str),
            "what": s.what,
            "what_zh": chinese(&s.what),
            "next": s.next,
            "next_zh": chinese(&s.next),
        })).collect::<Vec<_>>(),
        "region": facts.region.map(|r| json!({
            "name": r.name,
            "name_zh": r.name_zh,
            "synthetic": r.synthetic,
            "attribution": r.attribution,
            "map_review_number": r.map_review_number,
        })),
        "max_refused_share": facts.limit,
        "layers": facts.layers().iter().map(layer).collect::<Vec<_>>(),
        "fields": facts.fields().iter().map(field).collect::<Vec<_>>(),
        "unused_columns": facts.unused_columns().iter().map(unused).collect::<Vec<_>>(),
        "roads": roads(facts),
        "issues": facts.issues.by_code().into_iter().map(issue).collect::<Vec<_>>(),
        "records": placed.iter().map(record).collect::<Vec<_>>(),
        "records_with_position": placed.iter().filter(|p| p.at.is_some()).count(),
        "inputs": facts.files.iter().map(|f| json!({
            "path": f.path,
            "role": f.role,
            "bytes": f.bytes,
            "sha256": f.sha256,
            "format": f.format,
            "crs": f.crs,
        })).collect::<Vec<_>>(),
    })
}

fn layer(l: &LayerCounts) -> Value {
    let share = if l.read > 0 { Some(l.refused as f64 / l.read as f64) } else { None };
    json!({
        "layer": l.layer.as_str(),
        "read": l.read,
        "kept": l.kept,
        "left_out": l.left_out,
        "refused": l.refused,
        "refused_share": share,
        "refused_by": l.by_code.iter().map(|(c, n)| json!({ "code": c.as_str(), "count": n })).collect::<Vec<_>>(),
    })
}

fn unused(u: &UnusedColumn) -> Value {
    json!({ "layer": u.layer.as_str(), "file": u.file, "column": u.column, "looks_like_a_field": u.like_ours })
}

fn field(f: &FieldFacts) -> Value {
    let share = if f.of > 0 { Some(f.filled as f64 / f.of as f64) } else { None };
    let values: Vec<Value> = f.values.iter().map(|(word, n)| json!({ "value": word, "count": n })).collect();
    json!({ "layer": f.layer.as_str(), "field": f.field, "filled": f.filled, "of": f.of, "share": share, "values": values })
}

fn roads(facts: &CheckFacts<'_>) -> Value {
    let left_out = |i: &&Issue| json!({ "code": i.code.as_str(), "what": i.message, "what_zh": chinese(&i.message), "count": i.count, "length_km": km(i.length_mm) });
    let left_out: Vec<Value> = facts.roads_left_out().iter().map(left_out).collect();
    let Some(r) = facts.roads() else { return json!({ "left_out": left_out }) };
    let classes = classes_with_lines(&r).map(|(class, c)| {
        json!({
            "class": class.as_str(),
            "lines": c.lines,
            "length_km": km(c.mm),
            "one_way_km": km(c.one_way_mm),
            "named_km": km(c.named_mm),
        })
    });
    json!({
        "read_km": km(r.read_mm),
        "kept_km": km(r.all().mm),
        "left_out_km": km(r.left_out_mm),
        "one_way_km": km(r.all().one_way_mm),
        "named_km": km(r.all().named_mm),
        "classes": classes.collect::<Vec<_>>(),
        "left_out": left_out,
    })
}

fn issue(((layer, code), (count, mm)): ((Layer, IssueCode), (u64, u64))) -> Value {
    json!({
        "layer": layer.as_str(),
        "code": code.as_str(),
        "severity": code.severity().as_str(),
        "count": count,
        "length_km": km(mm),
        "meaning": code.en(),
        "meaning_zh": code.zh(),
        "next": code.next(),
        "next_zh": chinese(code.next()),
    })
}

fn record(p: &PlacedIssue<'_>) -> Value {
    let i = p.issue;
    json!({
        "layer": i.layer.as_str(),
        "code": i.code.as_str(),
        "file": i.at.file,
        "feature": i.at.feature,
        "id": i.at.id,
        "field": i.at.field,
        "line": i.at.line,
        "message": i.message,
        "message_zh": chinese(&i.message),
        "count": i.count,
        "lon_lat": p.at.map(|at| [at.lon(), at.lat()]),
    })
}
