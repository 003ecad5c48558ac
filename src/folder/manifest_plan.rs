//! What a plan of sites was asked for, as the manifest tells it: from it anybody knows the limits that its bounds are for.

use crate::config::criteria::Criterion;
use crate::config::plan::{Extent, PlanAsked};
use crate::config::plan_counting::Counting;
use crate::space::units::km;
use serde_json::{Value, json};

/// What was asked of the plan.
pub(super) fn plan(p: &PlanAsked, criterion: Criterion) -> Value {
    let made = [("settlements", p.generate.settlements), ("gaps", p.generate.gaps), ("junctions", p.generate.junctions)];
    let made: Vec<&str> = made.into_iter().filter(|(_, made)| *made).map(|(name, _)| name).collect();
    let mut told = json!({
        "service": p.service.as_str(),
        "criterion": criterion.slug(),
        "objective": p.objective.as_str(),
        "extent": match p.extent {
            Extent::Sites(n) => json!({ "sites": n }),
            Extent::Budget(sum) => json!({ "budget": sum }),
            Extent::Corridors => json!({ "corridors": true }),
            Extent::Cover(thousandths) => json!({ "cover_percent": f64::from(thousandths) / 10.0 }),
        },
        "counties": p.counties,
        "first": p.first,
        "funding": p.funding,
        "corridors": p.corridors.as_ref().map(corridors),
        "years": years(p),
        "site_cost": p.site_cost,
        "connect_cost_per_kw": p.connect_cost_per_kw,
        "currency": p.currency,
        "generate": made,
        "spacing_km": km(p.spacing_mm.into()),
        "most_candidates": p.most_candidates,
        "station": { "guns": p.station.guns, "gun_kw": p.station.gun_kw },
    });
    if p.station.bays > 0 {
        told["station"] = json!({ "bays": p.station.bays, "packs": p.station.packs });
    }
    // said where it is not the usual
    match p.counting {
        Counting::Once => {}
        Counting::Backup(n) => told["backup"] = n.into(),
        Counting::Capacity(wh) => told["capacity_kwh"] = (wh as f64 / 1000.0).into(),
        Counting::Hours(tenths) => told["capacity_hours"] = (f64::from(tenths) / 10.0).into(),
        Counting::Uptime(thousandths) => told["uptime"] = (f64::from(thousandths) / 1000.0).into(),
    }
    if let Some(f) = &p.flows {
        told["flows"] = json!({
            "range_km": km(f.range_mm),
            "start_km": f.start_mm.map(km),
            "longer_percent": f.longer as f64 / 10.0,
        });
    }
    told
}

/// What was asked about roads; what is null comes from the rule.
fn corridors(c: &crate::config::plan_corridors::PlanCorridorsAsked) -> Value {
    let rule = c.rule.as_ref().map(|(programme, rule)| match rule {
        Some(rule) => format!("{programme}/{rule}"),
        None => programme.clone(),
    });
    json!({
        "roads": c.roads,
        "longest_gap_km": c.gap_mm.map(km),
        "rule": rule,
        "off_road_km": c.off_road_mm.map(|mm| km(mm.into())),
        "n_minus_one": c.one_out,
        "spacing_km": c.spacing_mm.map(|mm| km(mm.into())),
    })
}

/// Its years; none where it has none.
fn years(p: &PlanAsked) -> Value {
    let money = matches!(p.extent, Extent::Budget(_));
    let year = |y: &crate::config::plan_years::PlanYearAsked| {
        let mut row = json!({ "year": y.year, "vehicles": y.vehicles() });
        row[if money { "budget" } else { "sites" }] = y.own.into();
        row
    };
    if p.years.is_empty() { Value::Null } else { p.years.iter().map(year).collect() }
}
