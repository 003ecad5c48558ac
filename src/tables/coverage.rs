//! The layer of coverage, `coverage.fgb`: every piece of road once, with the way to the nearest station from both ends. With it a gap at
//! any limit is one expression in a GIS, and added up by county it is the ledger's. A round looks no farther than the longest service
//! distance and time.

use crate::config::criteria::{Criterion, Metric};
use crate::config::{Service, Serving};
use crate::county::{ResultRow, RoadEnd, RoadRow, RoadWays};
use crate::files::geojson::Shape;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, ShapedTable, Table, boolean, real, text};
use crate::results::Member;

/// Its name.
pub const NAME: &str = RoadRow::LAYER;
/// Its file.
pub const FILE: &str = "coverage.fgb";

type Row = RoadRow;

/// The layer; `bounded` as a round has it. Without members it is good for its columns only.
pub fn layer<'a>(serving: &'a Serving, members: &'a [Member], bounded: bool) -> ShapedTable<'a, Row> {
    let by_time = serving.all.iter().any(|c| c.metric() == Metric::Time);
    let ways = serving.services.iter().flat_map(move |s| way_fields(s, serving.all[serving.headline], (bounded, by_time)));
    let table = Table::new(where_it_is(members)).with(what_it_is()).with(ways);
    ShapedTable { table, id: Box::new(|r: &Row| r.id.clone()), shape: Box::new(|r: &Row| Shape::Line(r.line.clone())) }
}

/// Where classes of distance end, km: a quarter, half, the whole and twice the headline distance. Maps in every form have the same.
pub fn classes_km(serving: &Serving) -> [f64; 4] {
    let headline = match serving.headline_criterion() {
        Criterion::Distance(mm) => f64::from(mm) / 1e6,
        Criterion::Time(_) => 10.0,
    };
    [headline / 4.0, headline / 2.0, headline, headline * 2.0]
}

/// Gives one end of the ways of a piece.
type EndOf = fn(&RoadWays) -> &RoadEnd;

fn where_it_is(members: &[Member]) -> Vec<Field<'_, Row>> {
    let codes: Vec<Value> = members.iter().map(|m| Value::shared(&m.county.code)).collect();
    let code = text("county_code", "county", "County code", "县代码");
    vec![
        text("id", "id", "Id, stable as long as the piece of road is the same", "编号").of(|_: &Row| Value::Null), // once it is unique
        code.of(move |r: &Row| codes[r.county as usize].clone()),
    ]
}

fn what_it_is<'a>() -> Vec<Field<'a, Row>> {
    vec![
        text("road_name", "road_name", "Name of the road", "道路名称")
            .or_null("not known")
            .of(|r: &Row| Value::text_or_null(&r.road)),
        text("road_ref", "road_ref", "Numbers of the road", "道路编号")
            .or_null("none is known beside the name")
            .of(|r: &Row| Value::text_or_null(&r.reference)),
        text("road_class", "road_class", "Road class", "道路等级").of(|r: &Row| Value::Word(r.class.as_str())),
        boolean(
            "oneway",
            "oneway",
            "May only be driven from the first position of its line to the last",
            "是否单行（按图形方向）",
        )
        .of(|r: &Row| Value::Boolean(r.oneway)),
        real("length_km", "length_km", "km", "Length", "长度").of(|r: &Row| Value::km(r.length_mm.into())),
        real("time_min", "time_min", "min", "Travel time from end to end", "行车时间")
            .of(|r: &Row| Value::Real(minutes(r.time_ms))),
    ]
}

/// What an empty distance, time and farthest point mean.
const NO_WAY: &str = "there is no way to any station";
const NONE_SO_NEAR: &str = "no way to any station, or none within the longest service distance or time";
const SOMEWHERE_NO_WAY: &str = "from some point of it there is no way to any station";

fn way_fields<'a>(service: Service, headline: Criterion, (bounded, by_time): (bool, bool)) -> Vec<Field<'a, Row>> {
    let no_way = if bounded { NONE_SO_NEAR } else { NO_WAY };
    let ends: [(Which, EndOf); 2] = [(Which::Tail, |w| &w.tail), (Which::Head, |w| &w.head)];
    let way = move |r: &Row, of: fn(&RoadWays) -> &RoadEnd, value: fn(&RoadEnd) -> Value| {
        Value::opt(r.ways[service as usize].as_ref(), |w| value(of(w)))
    };
    let mut all: Vec<Field<'a, Row>> = Vec::new();
    for (which, of) in ends {
        let km = distance_column(service, which, headline);
        all.push(km.or_null(no_way).of(move |r: &Row| way(r, of, |e| Value::opt(e.distance_mm, |mm| Value::km(mm.into())))));
    }
    // a round without a limit of time looks for no time
    for (which, of) in ends.into_iter().filter(|_| by_time || !bounded) {
        let min = time_column(service, which);
        all.push(min.or_null(no_way).of(move |r: &Row| way(r, of, |e| Value::opt(e.time_ms, |ms| Value::Real(minutes(ms))))));
    }
    for (which, of) in ends {
        let id = station_column(service, which);
        all.push(id.or_null(no_way).of(move |r: &Row| way(r, of, |e| Value::opt(e.station.clone(), Value::Text))));
    }
    if !bounded {
        let ([en, zh], s, letter) = (service.names(), service.as_str(), service.letter());
        let en = format!("From its farthest point to a {en} station, by road");
        let column = real(&format!("{s}_farthest_km"), &format!("{letter}_far_km"), "km", en, format!("最远点到{zh}站距离"));
        let far = move |r: &Row| r.ways[service as usize].as_ref().and_then(|w| w.farthest_mm);
        all.push(column.or_null(SOMEWHERE_NO_WAY).of(move |r: &Row| Value::opt(far(r), |mm| Value::km(mm.into()))));
    }
    all
}

/// Minutes to the millisecond, which six decimals hold: other tables tell times to 6 ms, and from these the ledger is added up.
fn minutes(ms: u32) -> f64 {
    f64::from(ms) / 60_000.0
}

/// An end of a piece.
#[derive(Clone, Copy)]
enum Which {
    Tail,
    Head,
}

impl Which {
    /// Word, letter, English, Chinese.
    fn words(self) -> [&'static str; 4] {
        match self {
            Self::Tail => ["tail", "t", "where its line begins", "起点"],
            Self::Head => ["head", "h", "where its line ends", "终点"],
        }
    }
}

fn distance_column(service: Service, which: Which, headline: Criterion) -> Column {
    let ([en, zh], s, letter, [word, short, at, at_zh]) = (service.names(), service.as_str(), service.letter(), which.words());
    let mut told = [format!("From {at} to the nearest {en} station, by road"), format!("{at_zh}到最近{zh}站的路网距离")];
    if matches!(which, Which::Tail) {
        // the one expression that the layer is for
        let limit = match headline {
            Criterion::Distance(mm) => format!("{}", f64::from(mm) / 1e6),
            Criterion::Time(_) => "10".to_owned(),
        };
        let tail = format!("CASE WHEN oneway THEN 0 ELSE greatest(0, {limit} - coalesce({s}_tail_km, 1e9)) END");
        let head = format!("greatest(0, {limit} - coalesce({s}_head_km, 1e9))");
        let gap = format!("greatest(0, length_km - {tail} - {head})");
        told[0] += &format!("; km of it beyond {limit} km: {gap} (max and if in QGIS)");
        told[1] += &format!("；超出{limit} km的长度：{gap}");
    }
    let [en, zh] = told;
    real(&format!("{s}_{word}_km"), &format!("{letter}_{short}_km"), "km", en, zh)
}

fn time_column(service: Service, which: Which) -> Column {
    let ([en, zh], s, letter, [word, short, at, at_zh]) = (service.names(), service.as_str(), service.letter(), which.words());
    let (en, zh) = (format!("From {at} to the {en} station nearest in time"), format!("{at_zh}到最近{zh}站的行车时间"));
    real(&format!("{s}_{word}_min"), &format!("{letter}_{short}_min"), "min", en, zh)
}

fn station_column(service: Service, which: Which) -> Column {
    let ([en, zh], s, letter, [word, short, at, at_zh]) = (service.names(), service.as_str(), service.letter(), which.words());
    let (en, zh) = (format!("Id of the {en} station nearest to {at}, by distance"), format!("距{at_zh}最近的{zh}站编号"));
    text(&format!("{s}_{word}_station_id"), &format!("{letter}_{short}_sta"), en, zh)
}
