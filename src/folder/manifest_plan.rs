//! What a plan of sites was asked for, as the manifest tells it: from it anybody knows the limits that its bounds are for.

use crate::config::criteria::Criterion;
use crate::config::plan::{Extent, PlanAsked};
use crate::space::units::km;
use serde_json::{Value, json};

/// What was asked of the plan.
pub(super) fn plan(p: &PlanAsked, criterion: Criterion) -> Value {
    let made = [("settlements", p.generate.settlements), ("gaps", p.generate.gaps), ("junctions", p.generate.junctions)];
    let made: Vec<&str> = made.into_iter().filter(|(_, made)| *made).map(|(name, _)| name).collect();
    json!({
        "service": p.service.as_str(),
        "criterion": criterion.slug(),
        "objective": p.objective.as_str(),
        "extent": match p.extent {
            Extent::Sites(n) => json!({ "sites": n }),
            Extent::Budget(sum) => json!({ "budget": sum }),
            Extent::Cover(thousandths) => json!({ "cover_percent": f64::from(thousandths) / 10.0 }),
        },
        "counties": p.counties,
        "first": p.first,
        "funding": p.funding,
        "site_cost": p.site_cost,
        "connect_cost_per_kw": p.connect_cost_per_kw,
        "currency": p.currency,
        "generate": made,
        "spacing_km": km(p.spacing_mm.into()),
        "most_candidates": p.most_candidates,
        "station": { "guns": p.station.guns, "gun_kw": p.station.gun_kw },
    })
}
