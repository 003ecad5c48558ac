//! `ranking` of the manifest: how the ranking was asked for, what was done in which order, and what was varied.

use crate::config::RoadClass;
use crate::config::method_words::{Aggregation, Normalisation};
use crate::rank::composite::Step;
use crate::rank::uncertainty::RANGE_LABEL;
use crate::rank::{ScaleEnds, Sureness, TIE_RULE};
use crate::tables::RankView;
use serde_json::{Value, json};

/// The object.
pub(crate) fn ranking(v: &RankView<'_>) -> Value {
    let (ranking, method) = (&v.assessment.ranking, &v.settings.method);
    json!({
        "tie_rule": TIE_RULE,
        "normalisation": normalisation(&method.steps),
        "aggregation": aggregation(&method.steps),
        "scale": [method.scale.0, method.scale.1],
        "weighting": method.weighting,
        "points_add_up": ranking.adds_up,
        "residents_given": v.evidence.residents_given,
        "missing": missing(v),
        "scales": scales(v),
        "pillars": ranking.pillars.iter().map(|(key, weight)| json!({ "key": key, "weight": weight })).collect::<Vec<_>>(),
        "indicators": ranking.indicators.iter().filter(|u| v.is_offered(&u.def)).map(|u| json!({
            "key": u.def.key, "unit": u.def.unit, "direction": u.def.direction.as_str(), "pillar": u.def.pillar, "source": u.def.source,
            "weight_asked": u.def.weight, "weight_used": u.weight, "min": u.min, "max": u.max, "left_out": u.left_out,
        })).collect::<Vec<_>>(),
        "class_weights": RoadClass::ALL.iter().map(|c| json!({ "class": c.as_str(), "weight": v.settings.weights.classes[c.index()] })).collect::<Vec<_>>(),
        "steps": serde_json::to_value(&v.assessment.steps).unwrap_or_default(),
        "uncertainty": v.sureness().map(|s| uncertainty(v, s)),
        "lines": serde_json::to_value(&v.settings.table.lines).unwrap_or_default(),
        "asked": serde_json::to_value(&v.settings.table).unwrap_or_default(),
    })
}

/// What was done about missing values, and whom it concerns.
fn missing(v: &RankView<'_>) -> Value {
    let policy = v.settings.table.method.missing;
    let rows = || v.assessment.ranking.rows.iter().filter(|r| !r.lacks.is_empty());
    json!({
        "policy": policy.as_str(),
        "can_help": policy.can_help(),
        "counties": rows().count(),
        "values": rows().map(|r| r.lacks.len()).sum::<usize>(),
        "open_places": v.assessment.ranking.open.len(),
    })
}

/// The ends of each scale that was used, and where they come from.
pub fn scales(v: &RankView<'_>) -> Vec<Value> {
    let ranking = &v.assessment.ranking;
    let code = |county: usize| v.unit(county).code.as_str();
    let one = |s: &ScaleEnds| {
        let def = &ranking.indicators[s.indicator].def;
        json!({
            "indicator": def.key, "low": s.low, "high": s.high, "fixed": v.settings.is_fixed(),
            "source": v.settings.is_fixed().then(|| v.settings.goalpost_source(&def.key)),
            "source_sha256": v.settings.goalpost_sha256(&def.key),
            "by_hand": v.settings.is_fixed().then(|| v.settings.goalpost_by_hand(&def.key)),
            "target_as_stated": v.settings.is_fixed() && v.settings.goalpost_sha256(&def.key).is_none(),
            "low_of": s.counties.map(|c| code(c.0)), "high_of": s.counties.map(|c| code(c.1)),
            "below": s.below, "above": s.above, "lacking": s.lacking,
        })
    };
    ranking.scales.iter().map(one).collect()
}

fn uncertainty(v: &RankView<'_>, s: &Sureness) -> Value {
    let asked = &v.settings.table.uncertainty;
    json!({
        "label": RANGE_LABEL,
        "quantiles": "5, 50 and 95 % by nearest rank; each is a rank that the county had in a draw",
        "draws": s.ranges.draws,
        "seed": s.ranges.seed,
        "factors": s.factors.iter().map(|(key, levels)| json!({ "key": key, "levels": levels })).collect::<Vec<_>>(),
        "certain_from_share": asked.certain,
        "out_up_to_share": asked.out,
        "sensitivity": s.sensitivity.as_ref().map(|x| json!({
            "samples": asked.samples,
            "evaluations": x.evaluations,
            "of": "the mean over counties of the absolute difference from the rank, places",
            "mean": x.mean_change.mean,
            "variance": x.mean_change.variance,
        })),
    })
}

/// How all indicators were brought to one scale.
fn normalisation(steps: &[Step]) -> &'static str {
    let how = steps.iter().find_map(|s| if let Step::Normalise(how) = s { Some(*how) } else { None });
    match how {
        None => "none",
        Some(Normalisation::MinMax) => "min-max over the ranked counties of this run",
        Some(Normalisation::ZScore) => "z-scores over the ranked counties of this run, moved to mean 50 and deviation 10",
        Some(Normalisation::Rank) => "place among the ranked counties of this run, as a percentile",
        Some(Normalisation::Goalposts) => "between the goalposts, cut at both ends",
        Some(Normalisation::DistanceToReference) => "share of the highest of the ranked counties of this run",
    }
}

/// How indicators were put together.
fn aggregation(steps: &[Step]) -> &'static str {
    let how = steps.iter().find_map(|s| if let Step::Aggregate(how) = s { Some(*how) } else { None });
    match how {
        None => "none",
        Some(Aggregation::Arithmetic) => "weighted arithmetic mean of pillars, and of the indicators of each",
        Some(Aggregation::Geometric) => "weighted geometric mean of pillars, and of the indicators of each",
        Some(Aggregation::Harmonic) => "weighted harmonic mean of pillars, and of the indicators of each",
        Some(Aggregation::Copeland) => "Copeland outranking, by weight of the indicators",
    }
}
