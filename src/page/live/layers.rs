//! The layers of the map but its roads: the columns that it shows, as their own layers have them, and lines on fewer points. Who reads a
//! page back finds the same values in the layer's file.

use super::roads::hundred_thousandths;
use crate::error::Result;
use crate::files::geojson::{Feature, Shape, UniqueIds};
use crate::files::schema::{Column, Value};
use crate::results::{Results, Run};
use crate::space::{LonLat, simplify};
use crate::tables::{LayerPart, corridors, counties, gaps, layers_of, plan, settlements, stations};
use rayon::prelude::*;
use std::fmt::Write as _;

/// Longest stretches that are shown of each service.
pub const MOST_GAPS: usize = 300;
/// Their lines lie so near to the road, metres.
const GAP_TOLERANCE_M: f64 = 15.0;

/// A layer as the page has it: its name, and the columns that it may have there.
pub struct ShownLayer {
    /// Its name.
    pub name: &'static str,
    /// Columns, where the layer has them.
    pub columns: &'static [&'static str],
}

/// Layers in the order in which they are drawn; of a round the counties only.
pub const SHOWN: [ShownLayer; 7] = [
    ShownLayer {
        name: counties::NAME,
        columns: &[
            "county_code",
            "name",
            "name_zh",
            "rank",
            "score_0_100",
            "not_rankable",
            "road_km",
            "charging_stations",
            "swap_stations",
            "settlements",
            "settlements_in_gap",
            "residents",
            "selected",
            "selection",
        ],
    },
    ShownLayer {
        name: gaps::NAME,
        columns: &["id", "county_code", "service", "criterion", "road_name", "road_class", "length_km", "farthest_km"],
    },
    ShownLayer {
        name: corridors::LINES,
        columns: &["id", "programme", "rule", "road", "part", "direction", "heading", "verdict", "length_km"],
    },
    ShownLayer { name: corridors::WAYS, columns: &["id", "programme", "rule", "road", "length_km", "unknown_count", "too_long"] },
    ShownLayer {
        name: settlements::NAME,
        columns: &[
            "id",
            "name",
            "name_zh",
            "kind",
            "county_code",
            "population",
            "in_gap",
            "charging_distance_km",
            "swap_distance_km",
            "fast_charging_distance_km",
            "truck_charging_distance_km",
            "hydrogen_distance_km",
        ],
    },
    ShownLayer {
        name: stations::NAME,
        columns: &[
            "id",
            "name",
            "charging",
            "swap",
            "fast_charging",
            "truck_charging",
            "hydrogen",
            "points",
            "gun_power_kw",
            "rated_power_kw",
            "swap_bays",
            "operator",
            "access",
            "status",
            "opened",
            "county_code",
            "used",
            "not_used_reason",
            "duplicate_of",
        ],
    },
    ShownLayer {
        name: plan::NAME,
        columns: &[
            "id",
            "order",
            "name",
            "name_zh",
            "kind",
            "county_code",
            "points",
            "total_kw",
            "cost",
            "unit",
            "gain",
            "covered",
        ],
    },
];

/// How far lines and borders may lie from what they are drawn of, metres: more for a country.
fn tolerance_m(positions: usize) -> f64 {
    match positions {
        0..=60_000 => 10.0,
        60_001..=300_000 => 50.0,
        _ => 200.0,
    }
}

/// The tolerance of borders of counties.
pub fn border_tolerance_m(r: &Results) -> f64 {
    let rings = |m: &crate::results::Member| -> usize {
        m.county.shape.0.iter().map(|p| p.exterior().0.len() + p.interiors().iter().map(|i| i.0.len()).sum::<usize>()).sum()
    };
    tolerance_m(r.members.iter().map(rings).sum())
}

/// All layers as JSON objects, one a layer.
///
/// # Errors
/// As the rows.
pub fn texts(r: &Results) -> Result<Vec<String>> {
    let all = layers_of(r);
    let mut texts = Vec::new();
    for shown in &SHOWN {
        let run = r.as_run();
        if run.is_none() && shown.name != counties::NAME {
            continue;
        }
        let Some(layer) = all.iter().find(|l| l.name == shown.name) else { continue };
        let features = match run {
            Some(run) if shown.name == gaps::NAME => longest_gaps(&run),
            _ => features_of(layer)?,
        };
        let tolerance = if shown.name == counties::NAME { border_tolerance_m(r) } else { GAP_TOLERANCE_M };
        texts.push(text(shown, &layer.columns, &features, tolerance));
    }
    Ok(texts)
}

fn features_of<'a>(layer: &LayerPart<'a>) -> Result<Vec<Feature<'a>>> {
    let (mut all, mut ids) = (Vec::new(), UniqueIds::default());
    let id = layer.columns.iter().position(|c| c.name == "id");
    for k in 0..layer.chunks {
        let mut features = layer.chunk(k)?;
        ids.make_unique(&mut features, id);
        all.extend(features);
    }
    Ok(all)
}

/// The longest stretches of each service at the headline limit, longest first.
fn longest_gaps<'a>(run: &Run<'a>) -> Vec<Feature<'a>> {
    let (r, scene) = (run.results, &run.whole.scene);
    let layer = gaps::layer(&r.criteria, &r.members, false);
    let lines = crate::county::GapLines { criteria: &scene.criteria, network: &scene.network, names: &run.whole.names };
    let mut all = Vec::new();
    for service in r.criteria.serving.services.iter() {
        let headline = |s: &&crate::coverage::Stretch| s.service == service && s.criterion == r.criteria.serving.headline;
        let mut longest: Vec<_> = scene.stretches.iter().filter(headline).collect();
        longest.sort_by_key(|s| std::cmp::Reverse(s.length_mm)); // of equal ones the first
        longest.truncate(MOST_GAPS);
        let made = longest.par_iter().map(|s| layer.feature(&lines.gap_row(&scene.codes[s.county as usize], s)));
        all.extend(made.collect::<Vec<_>>());
    }
    let id = layer.table.columns().iter().position(|c| c.name == "id");
    UniqueIds::default().make_unique(&mut all, id);
    all
}

fn text(shown: &ShownLayer, columns: &[Column], features: &[Feature<'_>], tolerance_m: f64) -> String {
    let place = |name: &&str| columns.iter().position(|c| c.name == *name);
    let kept: Vec<(usize, &str)> = shown.columns.iter().filter_map(|name| Some((place(name)?, *name))).collect();
    let named: Vec<String> = kept.iter().map(|(_, name)| format!("\"{name}\"")).collect();
    let mut s = format!("{{\"name\":\"{}\",\"columns\":[{}],\"rows\":[", shown.name, named.join(","));
    for (n, f) in features.iter().enumerate() {
        s += if n > 0 { ",\n[" } else { "[" };
        for (k, (i, _)) in kept.iter().enumerate() {
            s += if k > 0 { "," } else { "" };
            cell(columns[*i].name.as_str(), &f.values[*i], &mut s);
        }
        s.push(']');
    }
    s += "],\"shapes\":[";
    for (n, f) in features.iter().enumerate() {
        s += if n > 0 { "," } else { "" };
        shape(&f.shape, tolerance_m, &mut s);
    }
    s + "]}"
}

/// Columns whose text is a key of other tables, and stays whole; who shows it cleans it.
pub fn is_key(column: &str) -> bool {
    matches!(column, "id" | "county_code" | "duplicate_of")
}

/// A value; text is cut as pages cut it.
fn cell(column: &str, value: &Value, s: &mut String) {
    match value {
        Value::Text(t) if !is_key(column) => Value::Text(crate::page::i18n::shown(t)).json(s),
        _ => value.json(s),
    }
}

/// A point as `[lon, lat]`; lines and rings as lists of lists, each position from the one before, in 0.00001°.
fn shape(shape: &Shape<'_>, tolerance_m: f64, s: &mut String) {
    match shape {
        Shape::Point(p) => {
            let [x, y] = hundred_thousandths(*p);
            let _ = write!(s, "[{x},{y}]");
        }
        Shape::Line(line) => lines(std::slice::from_ref(line), tolerance_m, s),
        Shape::Lines(all) => lines(all, tolerance_m, s),
        Shape::Area(area) => {
            s.push('[');
            for (n, polygon) in area.0.iter().enumerate() {
                s.push_str(if n > 0 { "," } else { "" });
                let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                let at = |ring: &geo::LineString<f64>| ring.0.iter().filter_map(|c| LonLat::new(c.x, c.y).ok()).collect();
                lines(&rings.map(at).collect::<Vec<_>>(), tolerance_m, s);
            }
            s.push(']');
        }
    }
}

fn lines(all: &[Vec<LonLat>], tolerance_m: f64, s: &mut String) {
    s.push('[');
    for (n, line) in all.iter().enumerate() {
        s.push_str(if n > 0 { ",[" } else { "[" });
        let mut at = [0; 2];
        for (k, p) in simplify(line, tolerance_m).into_iter().enumerate() {
            let here = hundred_thousandths(p);
            let _ = write!(s, "{}{},{}", if k > 0 { "," } else { "" }, here[0] - at[0], here[1] - at[1]);
            at = here;
        }
        s.push(']');
    }
    s.push(']');
}
