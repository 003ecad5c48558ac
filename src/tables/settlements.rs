//! The layer of settlements, `settlements.geojson`: each with its way to the nearest station of every service. A round looks no farther
//! than the longest service distance, and tells nothing as the crow flies.

use super::parts::bbox_of_points;
use crate::config::{Service, Serving};
use crate::county::{SettlementRow, StationWay};
use crate::error::Result;
use crate::files::geojson::{Shape, bbox_of};
use crate::files::schema::Value;
use crate::files::table::{Field, ShapedTable, Table, boolean, integer, real, text};
use crate::results::{Member, Results};
use crate::space::units::minutes;

/// Its name.
pub const NAME: &str = "settlements";

const UNKNOWN: &str = "not known";
const NO_ROAD: &str = "no road near";

/// What an empty distance and an empty time mean.
type NoWay = [&'static str; 2];
const NONE_AT_ALL: NoWay = ["no road near, or no way to any station"; 2];
const NONE_SO_NEAR: NoWay = [
    "no road near, or farther than the longest service distance",
    "no road near, farther than the longest service distance or time, or no time is asked for",
];

type Row = SettlementRow;

/// The layer; `bounded` as a round has it. Without members it is good for its columns only.
pub fn layer<'a>(serving: &'a Serving, members: &'a [Member], bounded: bool) -> ShapedTable<'a, Row> {
    let no_way = if bounded { NONE_SO_NEAR } else { NONE_AT_ALL };
    let of_service = |service| {
        let crow = (!bounded).then(|| crow_field(service));
        way_fields(service, no_way).into_iter().chain(crow)
    };
    let table = Table::new(what_it_is())
        .with(where_it_is(members))
        .with([gap_field(serving)])
        .with(serving.services.iter().flat_map(of_service));
    ShapedTable {
        table,
        id: Box::new(|s: &Row| s.settlement.id.clone()),
        shape: Box::new(|s: &Row| Shape::Point(s.settlement.at)),
    }
}

/// West, south, east, north of all of them.
///
/// # Errors
/// As the rows.
pub fn bbox(r: &Results) -> Result<Option<[f64; 4]>> {
    match &r.whole {
        // Their ways need not be looked up for it.
        Some(whole) => Ok(bbox_of(whole.scene.settlements.iter().map(|s| s.settlement.at))),
        None => bbox_of_points(&r.rows::<Row>(), |s| s.settlement.at),
    }
}

fn what_it_is<'a>() -> Vec<Field<'a, Row>> {
    vec![
        text("id", "id", "Id of the source; #2 behind it where the source repeats one", "编号").of(|_: &Row| Value::Null), // once it is unique
        text("name", "name", "Name", "名称").or_null(UNKNOWN).of(|s: &Row| Value::text_or_null(&s.settlement.name)),
        text("name_zh", "name_zh", "Chinese name", "中文名称")
            .or_null(UNKNOWN)
            .of(|s: &Row| Value::text_or_null(&s.settlement.name_zh)),
        text("kind", "kind", "The source's word for its kind", "类型")
            .or_null(UNKNOWN)
            .of(|s: &Row| Value::text_or_null(&s.settlement.kind)),
    ]
}

fn where_it_is(members: &[Member]) -> Vec<Field<'_, Row>> {
    let codes: Vec<Value> = members.iter().map(|m| Value::shared(&m.county.code)).collect();
    vec![
        text("county_code", "county", "County code", "县代码").of(move |s: &Row| codes[s.county as usize].clone()),
        integer("population", "pop", "people", "People", "人口")
            .or_null(UNKNOWN)
            .of(|s: &Row| Value::opt(s.settlement.population, |p| Value::Integer(p as i64))),
        real("snap_distance_m", "snap_m", "m", "To the nearest road; not counted in distances", "到最近道路的距离")
            .or_null(NO_ROAD)
            .of(|s: &Row| Value::opt(s.snapped, |p| Value::Real(f64::from(p.distance_mm) / 1000.0))),
    ]
}

fn gap_field<'a>(serving: &Serving) -> Field<'a, Row> {
    let head = serving.headline_criterion();
    let limit = head.limit();
    let in_gap = move |s: &Row| s.nearest[Service::Charging as usize].as_ref().is_none_or(|n| n.distance_mm > limit);
    let en = format!("Beyond {} by road of every charging station", head.label());
    boolean("in_gap", "in_gap", en, "是否在充电服务距离外")
        .or_null(NO_ROAD)
        .of(move |s: &Row| Value::opt(s.snapped, |_| Value::Boolean(in_gap(s))))
}

fn way_fields<'a>(service: Service, [too_far, too_long]: NoWay) -> [Field<'a, Row>; 3] {
    let ([en, zh], s, letter) = (service.names(), service.as_str(), service.letter());
    let way = move |s: &Row, value: fn(&StationWay) -> Value| Value::opt(s.nearest[service as usize].as_ref(), value);
    let distance = (format!("By road to the nearest {en} station"), format!("到最近{zh}站的路网距离"));
    let time = (format!("By road to the {en} station nearest in time"), format!("到最近{zh}站的行车时间"));
    let id = (format!("Id of the nearest {en} station by distance"), format!("最近{zh}站编号"));
    [
        real(&format!("{s}_distance_km"), &format!("{letter}_dist_km"), "km", distance.0, distance.1)
            .or_null(too_far)
            .of(move |s: &Row| way(s, |n| Value::km(n.distance_mm.into()))),
        real(&format!("{s}_time_min"), &format!("{letter}_time_mn"), "min", time.0, time.1)
            .or_null(too_long)
            .of(move |s: &Row| way(s, |n| Value::opt(n.time_ms, |ms| Value::Real(minutes(ms.into()))))),
        text(&format!("{s}_station_id"), &format!("{letter}_station"), id.0, id.1)
            .or_null(too_far)
            .of(move |s: &Row| way(s, |n| Value::Text(n.station.clone()))),
    ]
}

fn crow_field<'a>(service: Service) -> Field<'a, Row> {
    let ([en, zh], s, letter) = (service.names(), service.as_str(), service.letter());
    let en = format!("As the crow flies to the nearest {en} station");
    real(&format!("{s}_crow_km"), &format!("{letter}_crow_km"), "km", en, format!("到最近{zh}站的直线距离"))
        .or_null("there is no such station")
        .of(move |s: &Row| Value::opt(s.crow_m[service as usize], |m| Value::Real((m * 1000.0).round() / 1e6)))
}
