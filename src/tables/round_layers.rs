//! The layers of a round: counties from what was put together, the others from the rows of the shards, county by county.

use super::counties;
use super::counties::CountyFacts;
use super::gaps::FARTHEST;
use super::layers;
use super::round_tables::chosen_columns;
use crate::config::Criteria;
use crate::files::geojson::{Feature, Features, Shape, write_collection};
use crate::files::schema::{Column, Kind, Value};
use crate::round::merge::Round;
use geo::BoundingRect;
use std::io::{self, Write};

/// Columns of a layer of a round.
pub fn columns(layer: &str, criteria: &Criteria) -> Vec<Column> {
    let mut columns = layers::columns(layer, criteria);
    match layer {
        "counties" => columns.extend(chosen_columns()),
        "gaps" => {
            columns.drain(FARTHEST);
        }
        "settlements" => {
            let far = "no road near, or farther than the longest service distance";
            columns.retain(|c| !c.name.ends_with("_crow_km"));
            columns
                .iter_mut()
                .filter(|c| c.name.ends_with("_distance_km") || c.name.ends_with("_station_id"))
                .for_each(|c| c.null_means = far);
            let long = "no road near, farther than the longest service distance or time, or no time is asked for";
            columns.iter_mut().filter(|c| c.name.ends_with("_time_min")).for_each(|c| c.null_means = long);
        }
        _ => {}
    }
    columns
}

/// A county, with what became of it.
pub fn county(r: &Round, i: usize) -> Feature<'_> {
    let m = &r.members[i];
    let mut values = counties::values(CountyFacts {
        criteria: &r.criteria,
        county: &m.county,
        figures: &r.evidence.nominal()[i],
        ranking: (&r.assessment.ranking, i),
        sureness: r.assessment.sureness.as_ref(),
        trust: &m.trust,
        road_mm: m.row.road_total_mm(),
        excluded_mm: m.row.excluded_mm,
        cell: &|service, c| m.row.total(service, c),
        longest_mm: &|service| m.row.books(service).map_or(0, |b| b.longest_mm),
        stations: &|service| m.row.books(service).map_or(0, |b| b.stations),
        people: Vec::new(),
    });
    let choice = &r.choices[i];
    values.extend([Value::Boolean(choice.why.is_selected()), Value::Word(choice.why.as_str())]);
    Feature { id: m.county.code.clone(), shape: Shape::Area(&m.county.shape), values }
}

/// Writes `counties.geojson`.
///
/// # Errors
/// Those of the writer.
pub fn write_counties(r: &Round, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let boxes = r.members.iter().filter_map(|m| m.county.shape.bounding_rect());
    let bbox = counties::bbox(boxes);
    let features = Features { count: r.members.len(), make: &|i| county(r, i) };
    write_collection(out, "counties", bbox, &r.region.attribution, &columns("counties", &r.criteria), &features)
}

/// A value of the rows as a value of a column.
pub fn value(json: serde_json::Value, column: &Column) -> Value {
    match (json, column.kind) {
        (serde_json::Value::String(s), _) => Value::Text(s),
        (serde_json::Value::Bool(b), _) => Value::Boolean(b),
        (serde_json::Value::Number(n), Kind::Integer) => n.as_i64().map_or(Value::Null, Value::Integer),
        (serde_json::Value::Number(n), _) => n.as_f64().map_or(Value::Null, Value::Real),
        _ => Value::Null,
    }
}
