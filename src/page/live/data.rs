//! What the page is filled with beside its roads, as one JSON object, and where the parts of it are.

use super::limits::Kilometres;
use super::roads::Roads;
use super::{layers, limits};
use crate::error::Result;
use crate::page::county::{Pages, below};
use crate::page::svg::ground::corners;
use crate::results::Results;
use serde_json::{Value, json};

/// The object, as text.
///
/// # Errors
/// As the rows of layers.
pub fn text(r: &Results, roads: Option<&Roads>) -> Result<String> {
    let km = limits::of(r);
    let head = json!({
        "asked_mm": km.asked_mm, "steps_mm": km.steps_mm, "first_mm": km.first_mm,
        "services": km.services.iter().map(|(s, _)| s.as_str()).collect::<Vec<_>>(),
        "counties": counties(r, &km),
        "bbox": bbox(r),
        "border_tolerance_m": layers::border_tolerance_m(r),
        "most_gaps": layers::MOST_GAPS,
        "roads": roads.map(|roads| json!({
            "counts": roads.counts, "names": roads.names, "tolerance_m": roads.tolerance_m, "last_class": roads.last.index(),
        })),
    });
    // layers are large, so they are text already: they stand beside the head and not in it
    let parts = layers::texts(r)?.join(",\n");
    Ok(format!("{{\"head\":{head},\n\"layers\":[{parts}]}}"))
}

/// Of every county in order: its road, the road beyond each place of the slider by service, and its page.
fn counties(r: &Results, km: &Kilometres) -> Value {
    let pages = Pages::of(r);
    let n = r.members.len();
    json!({
        "road_mm": (0..n).map(|i| r.road_mm(i)).collect::<Vec<_>>(),
        "pages": (0..n).map(|i| pages.href(i, &below())).collect::<Vec<_>>(),
        "gap_mm": km.services.iter().map(|(_, counties)| counties).collect::<Vec<_>>(),
    })
}

/// West, south, east, north of all counties, degrees; none where there is no position.
fn bbox(r: &Results) -> Option<[f64; 4]> {
    let corners = || r.members.iter().flat_map(|m| corners(&m.county));
    let least = |of: fn(&crate::space::LonLat) -> f64| corners().map(|p| of(&p)).reduce(f64::min);
    let most = |of: fn(&crate::space::LonLat) -> f64| corners().map(|p| of(&p)).reduce(f64::max);
    Some([least(|p| p.lon())?, least(|p| p.lat())?, most(|p| p.lon())?, most(|p| p.lat())?])
}
