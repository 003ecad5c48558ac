//! The layer of gaps, `gaps.geojson`: dead stretches with their lines. A round does not tell their farthest points, which a larger piece
//! of network might know better.

use super::criterion_fields::of_row;
use crate::config::criteria::{Criteria, Criterion};
use crate::config::region_file::GapOutput;
use crate::county::GapRow;
use crate::error::Result;
use crate::files::geojson::{Shape, around, bbox_of, bbox_of_all};
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, ShapedTable, Table, real, text};
use crate::results::{LayerRows, Member, Results};
use crate::space::units::minutes;
use rayon::prelude::*;

/// Its name: dead stretches at the headline distance.
pub const NAME: &str = "gaps";
/// The same at every distance and time, by choice: lines of one road lie on each other there.
pub const ALL: &str = "gaps_all";

type Row = GapRow;

/// The layer; `bounded` as a round has it. Without members it is good for its columns only.
pub fn layer<'a>(criteria: &'a Criteria, members: &'a [Member], bounded: bool) -> ShapedTable<'a, Row> {
    let table = Table::new(where_it_is(members))
        .with(of_row(&criteria.serving, |s: &Row| (s.service, s.criterion)))
        .with(what_road_it_is(criteria))
        .with(if bounded { Vec::new() } else { farthest_fields(criteria) })
        .with(zone_fields());
    ShapedTable { table, id: Box::new(|s: &Row| s.id.clone()), shape: Box::new(|s: &Row| Shape::Line(s.line.clone())) }
}

/// The rows of the layer with this name.
pub fn rows<'a>(r: &'a Results, layer: &str) -> LayerRows<'a, Row> {
    let (rows, headline) = (r.rows::<Row>(), r.criteria.serving.headline);
    // without the others asked for there are none, and each need not be looked at
    let has_others = r.criteria.writing.gap_output == GapOutput::All;
    if layer == NAME && has_others { rows.only(move |row| row.criterion == headline) } else { rows }
}

/// West, south, east, north of all lines as they are drawn.
///
/// # Errors
/// As the rows.
pub fn bbox(r: &Results, layer: &str) -> Result<Option<[f64; 4]>> {
    let headline = (layer == NAME).then_some(r.criteria.serving.headline);
    // Lines with every bend need not be drawn for it.
    if let Some(whole) = r.whole.as_ref().filter(|_| r.criteria.writing.simplify_m <= 0.0) {
        let wanted = whole.scene.stretches.par_iter().filter(|s| headline.is_none_or(|c| s.criterion == c));
        return Ok(bbox_of_all(wanted.map(|s| s.bounds_e7(&whole.scene.network))));
    }
    let rows = rows(r, layer);
    let mut all = None;
    for k in 0..rows.chunks {
        let chunk = rows.chunk(k)?;
        let here = chunk.par_iter().filter_map(|s| bbox_of(s.line.iter().copied())).reduce_with(around);
        all = all.into_iter().chain(here).reduce(around);
    }
    Ok(all)
}

fn where_it_is(members: &[Member]) -> Vec<Field<'_, Row>> {
    let codes: Vec<Value> = members.iter().map(|m| Value::shared(&m.county.code)).collect();
    let names: Vec<Value> = members.iter().map(|m| Value::shared(&m.county.name)).collect();
    vec![
        text("id", "id", "Id, stable as long as the stretch is the same", "编号").of(|_: &Row| Value::Null), // once it is unique
        text("county_code", "county", "County code", "县代码").of(move |s: &Row| codes[s.county as usize].clone()),
        text("county_name", "cty_name", "County name", "县名").of(move |s: &Row| names[s.county as usize].clone()),
    ]
}

fn what_road_it_is<'a>(criteria: &Criteria) -> Vec<Field<'a, Row>> {
    vec![
        text("road_name", "road_name", "Name of the road with the largest share", "道路名称")
            .or_null("not known")
            .of(|s: &Row| Value::text_or_null(&s.road)),
        text("road_class", "road_class", "Class with the largest share", "道路等级").of(|s: &Row| Value::Word(s.class.as_str())),
        length_column(criteria.writing.simplify_m).of(|s: &Row| Value::km(s.length_mm)),
    ]
}

/// Length of a stretch; where lines are simplified, it says that the length is not.
fn length_column(simplify_m: f64) -> Column {
    let (mut en, mut zh) = ("Length of the dead stretch".to_owned(), "空白路段长度".to_owned());
    if simplify_m > 0.0 {
        en += &format!(", of every bend of the road; the line is simplified and lies within {simplify_m} m of it");
        zh += &format!("（按原始线形计算；图形已简化，偏差不超过{simplify_m}米）");
    }
    real("length_km", "length_km", "km", en, zh)
}

fn farthest_fields(criteria: &Criteria) -> Vec<Field<'_, Row>> {
    let by_distance = |s: &Row| matches!(criteria.serving.all[s.criterion], Criterion::Distance(_));
    vec![
        real("farthest_km", "far_km", "km", "Farthest point of it from a station, by road", "最远点到站距离")
            .or_null("the criterion is a time, or there is no way of under 4,294 km and 1,193 h to any station")
            .of(move |s: &Row| Value::opt(s.worst.filter(|_| by_distance(s)), |w| Value::km(w.into()))),
        real("farthest_min", "far_min", "min", "The same in minutes", "最远点到站时间")
            .or_null("the criterion is a distance, or there is no way of under 4,294 km and 1,193 h to any station")
            .of(move |s: &Row| Value::opt(s.worst.filter(|_| !by_distance(s)), |w| Value::Real(minutes(w.into())))),
    ]
}

fn zone_fields<'a>() -> Vec<Field<'a, Row>> {
    let zone = "Id of its zone (all touching stretches in county, service and criterion), stable as long as the zone begins where it does";
    vec![
        text("zone", "zone", zone, "所属空白区编号（起点不变则不变）").of(|s: &Row| Value::Text(s.zone.clone())),
        real("zone_km", "zone_km", "km", "Road length of that zone", "空白区道路里程").of(|s: &Row| Value::km(s.zone_mm)),
    ]
}
