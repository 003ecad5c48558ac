//! What is written about the people of a raster: columns of the counties and a part of the manifest. Nothing without one.

use super::layers::{criterion_column, short};
use crate::config::criteria::Criteria;
use crate::files::schema::{Column, Kind, Value};
use crate::results::Outcome;
use serde_json::json;

/// Columns of the counties.
pub fn columns(criteria: &Criteria) -> Vec<Column> {
    if criteria.people_max_snap_m.is_none() {
        return Vec::new();
    }
    let real = |name: &str, alias: &str, en: String, zh: String| Column::new(name, alias, Kind::Real, "people", en, zh);
    let all = "People on the raster, in cells whose centre lies in the county; the ranking uses them".to_owned();
    let mut columns = vec![real("people_raster", "ppl_raster", all, "栅格人口（像元中心在县内，用于排名）".to_owned())];
    for service in criteria.services.iter() {
        let [en, zh] = service.names();
        for (i, c) in criteria.all.iter().enumerate() {
            let (letter, label) = (service.letter(), c.label());
            let alias = short(&format!("{letter}n_{}", c.slug()), &format!("{letter}n_{i}"));
            columns.push(real(
                &criterion_column(service, "people_raster_in_gap", *c),
                &alias,
                format!("Of people_raster, beyond {label} by road of every {en} station, or without a road near"),
                format!("{zh}：{label}外栅格人口（含附近无道路者）"),
            ));
        }
    }
    columns
}

/// Values of a county for [`columns`].
pub fn values(o: &Outcome, county: usize) -> Vec<Value> {
    let Some(people) = &o.people else { return Vec::new() };
    let c = &people.counties[county];
    let gaps = o.criteria.services.iter().flat_map(|s| c.in_gap.iter().map(move |g| g[s as usize]));
    [c.milli].into_iter().chain(gaps).map(|milli| Value::Real(persons(milli))).collect()
}

/// The part of the manifest; null without a raster.
pub fn manifest(o: &Outcome) -> serde_json::Value {
    let Some(p) = &o.people else { return serde_json::Value::Null };
    let without_road: u64 = p.counties.iter().map(|c| c.without_road).sum();
    json!({
        "rule": "a cell is its centre: its county has its people, the nearest road leads them to the stations; the way to the road is not counted",
        "max_snap_m": o.criteria.people_max_snap_m,
        "cells": p.read.cells,
        "cells_with_people": p.read.with_people,
        "cells_in_counties": p.read.with_people - p.outside_cells,
        "cells_outside_counties": p.outside_cells,
        "cells_without_road": p.cells_without_road,
        "people": persons(p.read.milli),
        "people_in_counties": persons(p.inside_milli()),
        "people_outside_counties": persons(p.outside_milli),
        "people_without_road": persons(without_road),
    })
}

/// People of thousandths, for writing.
fn persons(milli: u64) -> f64 {
    milli as f64 / 1000.0
}
