//! What is written about the people of rasters: columns of the counties, and a part of the manifest. Nothing without one.

use super::criterion_fields::{criterion_column, short};
use crate::access::people::CountyPeople;
use crate::config::{Service, Serving};
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, real};
use crate::results::Results;
use serde_json::json;

/// Columns of the counties, whose people `of` gives; in a `round` a county may be without.
pub fn fields<'a, R: 'a>(serving: &'a Serving, round: bool, of: fn(&R) -> Option<&CountyPeople>) -> Vec<Field<'a, R>> {
    if serving.people_max_snap_m.is_none() {
        return Vec::new();
    }
    let real = move |name: &str, alias: &str, en: String, zh: String| -> Column {
        let column = real(name, alias, "people", en, zh);
        if round { column.or_null("the county's region has no raster") } else { column }
    };
    let all = "People on the raster, in cells whose centre lies in the county; the ranking uses them".to_owned();
    let all = real("people_raster", "ppl_raster", all, "栅格人口（像元中心在县内，用于排名）".to_owned())
        .of(move |r: &R| Value::opt(of(r), |p| Value::Real(persons(p.milli))));
    let in_gap = |(service, i): (Service, usize)| {
        let ([en, zh], letter, criterion) = (service.names(), service.letter(), serving.all[i]);
        let label = criterion.label();
        let alias = short(&format!("{letter}n_{}", criterion.slug()), &format!("{letter}n_{i}"));
        let name = criterion_column(service, "people_raster_in_gap", criterion);
        let en = format!("Of people_raster, beyond {label} by road of every {en} station, or without a road near");
        real(&name, &alias, en, format!("{zh}：{label}外栅格人口（含附近无道路者）"))
            .of(move |r: &R| Value::opt(of(r), |p| Value::Real(persons(p.in_gap[i][service as usize]))))
    };
    let gaps = serving.services.iter().flat_map(|s| (0..serving.all.len()).map(move |i| (s, i)));
    std::iter::once(all).chain(gaps.map(in_gap)).collect()
}

/// The part of the manifest; null without a raster.
pub fn manifest(r: &Results) -> serde_json::Value {
    let Some(raster) = &r.raster else { return serde_json::Value::Null };
    let people = || r.members.iter().filter_map(|m| m.result.people.as_ref());
    json!({
        "rule": "a cell is its centre: its county has its people, the nearest road leads them to the stations; the way to the road is not counted",
        "max_snap_m": r.criteria.serving.people_max_snap_m,
        "cells": raster.read.cells,
        "cells_with_people": raster.read.with_people,
        "cells_in_counties": raster.read.with_people - raster.outside_cells,
        "cells_outside_counties": raster.outside_cells,
        "cells_without_road": people().map(|c| c.cells_without_road).sum::<u64>(),
        "people": persons(raster.read.milli),
        "people_in_counties": persons(raster.inside_milli()),
        "people_outside_counties": persons(raster.outside_milli),
        "people_without_road": persons(people().map(|c| c.without_road).sum()),
    })
}

/// People of thousandths, for writing.
fn persons(milli: u64) -> f64 {
    milli as f64 / 1000.0
}
