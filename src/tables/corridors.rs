//! The layers of roads that were held against rules of programmes: `corridors.geojson`, each direction of each road with its verdict a rule,
//! and `corridor_gaps.geojson`, the longest way without a station that counts on each, cut where it begins and ends. What they say is in
//! `corridors.csv` too, road by road.

use super::judged::{KNOWN, NOT_ASKED, km, limit, longest, longest_if, missing, one_out, stops};
use crate::county::{JudgedLine, LongestWay, RoadLine, RoadVerdict};
use crate::files::geojson::{Shape, bbox_of};
use crate::files::schema::Value;
use crate::files::table::{Field, ShapedTable, Table, boolean, integer, real, text};
use crate::programme::Met;
use crate::space::{LonLat, compass, simplify};

/// Directions of roads.
pub const LINES: &str = "corridors";
/// The longest ways.
pub const WAYS: &str = "corridor_gaps";

/// A direction of a road, held against a rule.
#[derive(Clone, Copy, Debug)]
pub struct LineRow<'a> {
    /// The road.
    pub road: &'a RoadVerdict,
    /// The direction.
    pub judged: &'a JudgedLine,
    /// Where it runs.
    pub line: &'a RoadLine,
}

/// The longest way without a station on a direction of a road.
#[derive(Clone, Copy, Debug)]
pub struct WayRow<'a> {
    /// The direction.
    pub on: LineRow<'a>,
    /// Whether stations that cannot be told count.
    pub unknown_count: bool,
    /// The way.
    pub way: &'a LongestWay,
}

/// Directions of roads by programme, rule, road and part.
pub fn lines<'a>(roads: &'a [RoadVerdict], lines: &'a [RoadLine]) -> impl Iterator<Item = LineRow<'a>> {
    roads.iter().flat_map(move |road| {
        road.lines.iter().filter_map(move |judged| Some(LineRow { road, judged, line: lines.get(judged.line as usize)? }))
    })
}

/// The longest way on each of them without a station that counts; and, where it is another one, without a station that may count.
pub fn ways<'a>(roads: &'a [RoadVerdict], all: &'a [RoadLine]) -> impl Iterator<Item = WayRow<'a>> {
    lines(roads, all).flat_map(|on| {
        let longest = &on.judged.longest;
        let without = longest.without.as_ref().map(|way| WayRow { on, unknown_count: false, way });
        let other = longest.with.as_ref().filter(|_| longest.with != longest.without);
        without.into_iter().chain(other.map(|way| WayRow { on, unknown_count: true, way }))
    })
}

/// The layer of directions; lines are simplified by at most so many metres.
pub fn lines_layer<'a>(simplify_m: f64) -> ShapedTable<'a, LineRow<'a>> {
    let table = Table::new(which(|r: &LineRow<'_>| *r)).with(verdicts()).with(lengths()).with([
        text("missing", "missing", "What would have to be known", "缺少的数据")
            .or_null(KNOWN)
            .of(|r: &LineRow<'_>| missing(&r.judged.missing)),
        text(
            "stations",
            "stations",
            "Stations near it, each with its place on it in km; ? where it cannot be told whether it counts",
            "沿线站点及里程（公里）；? 表示无法判断是否计入",
        )
        .or_null("none that counts or may count")
        .of(|r: &LineRow<'_>| stops(&r.judged.stops)),
    ]);
    ShapedTable {
        table,
        id: Box::new(|r: &LineRow<'_>| id(r)),
        shape: Box::new(move |r: &LineRow<'_>| shape(&r.line.drawn, simplify_m)),
    }
}

/// The layer of the longest ways.
pub fn ways_layer<'a>(simplify_m: f64) -> ShapedTable<'a, WayRow<'a>> {
    let table = Table::new(which(|r: &WayRow<'_>| r.on)).with(way_fields());
    ShapedTable {
        table,
        id: Box::new(|r: &WayRow<'_>| format!("{}{}", id(&r.on), if r.unknown_count { "?" } else { "" })),
        shape: Box::new(move |r: &WayRow<'_>| shape(&r.way.drawn, simplify_m)),
    }
}

/// West, south, east, north of lines.
pub fn bbox<'a>(lines: impl Iterator<Item = &'a Vec<Vec<LonLat>>>) -> Option<[f64; 4]> {
    bbox_of(lines.flatten().flatten().copied())
}

fn shape(lines: &[Vec<LonLat>], simplify_m: f64) -> Shape<'static> {
    let one = |line: &Vec<LonLat>| if simplify_m > 0.0 { simplify(line, simplify_m) } else { line.clone() };
    Shape::Lines(lines.iter().map(one).collect())
}

fn id(r: &LineRow<'_>) -> String {
    format!("{}/{}/{}/{}.{}", r.road.programme, r.road.rule, r.road.road, r.line.part, r.line.direction)
}

/// The compass point from the beginning to the end; none of a ring.
fn heading(line: &RoadLine) -> Option<&'static str> {
    let first = line.drawn.first()?.first()?;
    let last = line.drawn.last()?.last()?;
    if line.closed { None } else { compass(*first, *last) }
}

fn which<'a, R: 'a>(of: fn(&R) -> LineRow<'_>) -> Vec<Field<'a, R>> {
    vec![
        text("id", "id", "Programme, rule, road, part and direction", "编号").of(|_: &R| Value::Null), // once it is unique
        text("programme", "programme", "Name of the programme", "项目")
            .of(move |r: &R| Value::Text(of(r).road.programme.clone())),
        text("rule", "rule", "Name of the rule in it", "规则").of(move |r: &R| Value::Text(of(r).road.rule.clone())),
        text("road", "road", "Number of the road", "路线编号").of(move |r: &R| Value::Text(of(r).road.road.clone())),
        integer("part", "part", "", "Number of its part, from 1, the longest first", "路段序号（最长者为 1）")
            .of(move |r: &R| Value::Integer(of(r).line.part.into())),
        integer("direction", "direction", "", "1, or 2 for the way back", "方向：1，返程为 2")
            .of(move |r: &R| Value::Integer(of(r).line.direction.into())),
        text("heading", "heading", "Compass point from its beginning to its end: N, NE, E, SE, S, SW, W or NW", "走向")
            .or_null("a ring")
            .of(move |r: &R| Value::opt(heading(of(r).line), Value::Word)),
    ]
}

fn verdicts<'a>() -> [Field<'a, LineRow<'a>>; 3] {
    [
        text("verdict", "verdict", "met, not_met or cannot_be_told", "结论：达到、未达到、无法判断")
            .words(Met::ALL.map(Met::as_str))
            .of(|r: &LineRow<'_>| Value::Word(r.judged.met.as_str())),
        text("if_not", "if_not", "The verdict if stations that cannot be told do not count", "无法判断的站点不计入时的结论")
            .words(Met::ALL.map(Met::as_str))
            .of(|r: &LineRow<'_>| Value::Word(r.judged.both.without.as_str())),
        text("if_so", "if_so", "The verdict if they count", "无法判断的站点计入时的结论")
            .words(Met::ALL.map(Met::as_str))
            .of(|r: &LineRow<'_>| Value::Word(r.judged.both.with.as_str())),
    ]
}

fn lengths<'a>() -> [Field<'a, LineRow<'a>>; 7] {
    let mm = |way: &Option<LongestWay>| km(way.as_ref().map(LongestWay::length_mm));
    [
        real("length_km", "length_km", "km", "Length of this direction of this part", "本方向路段长度")
            .of(|r: &LineRow<'_>| Value::km(r.line.length_mm)),
        joined().of(|r: &LineRow<'_>| Value::km(r.line.joined_mm)),
        limit().of(|r: &LineRow<'_>| km(r.road.limit_mm)),
        longest().of(move |r: &LineRow<'_>| mm(&r.judged.longest.without)),
        longest_if().of(move |r: &LineRow<'_>| mm(&r.judged.longest.with)),
        one_out().of(|r: &LineRow<'_>| km(r.judged.one_out_mm.without)),
        real(
            "driven_if_km",
            "driven_km",
            "km",
            "Range needed as driven to the stations and back, if stations that cannot be told count",
            "含往返站点的所需续航（无法判断的站点计入）",
        )
        .of(|r: &LineRow<'_>| Value::km(r.judged.driven_mm.with)),
    ]
}

fn joined() -> crate::files::schema::Column {
    let en = "Of it, ways in the network between pieces of the number that do not touch: they are not drawn";
    real("joined_km", "joined_km", "km", en, "其中编号中断处经路网连接的里程（图上不绘）")
}

fn way_fields<'a>() -> Vec<Field<'a, WayRow<'a>>> {
    let station = |r: &WayRow<'_>, end: usize| Value::opt(r.way.ends[end].clone(), Value::Text);
    vec![
        boolean("unknown_count", "unknown", "Stations of which it cannot be told count too", "无法判断的站点是否计入")
            .of(|r: &WayRow<'_>| Value::Boolean(r.unknown_count)),
        real("length_km", "length_km", "km", "Length of the way without a station", "无站里程")
            .of(|r: &WayRow<'_>| Value::km(r.way.length_mm())),
        joined().of(|r: &WayRow<'_>| Value::km(r.way.joined_mm)),
        real("from_km", "from_km", "km", "Where it begins, from the beginning of the direction", "起点里程")
            .of(|r: &WayRow<'_>| Value::km(r.way.from_mm)),
        real("to_km", "to_km", "km", "Where it ends; on a ring it may lie beyond the beginning", "止点里程")
            .of(|r: &WayRow<'_>| Value::km(r.way.to_mm)),
        text("from_station_id", "from_id", "Id of the station where it begins", "起点站点编号")
            .or_null("an end of the road")
            .of(move |r: &WayRow<'_>| station(r, 0)),
        text("to_station_id", "to_id", "Id of the station where it ends", "止点站点编号")
            .or_null("an end of the road")
            .of(move |r: &WayRow<'_>| station(r, 1)),
        limit().of(|r: &WayRow<'_>| km(r.on.road.limit_mm)),
        boolean("too_long", "too_long", "It is longer than the rule allows", "是否超过规则允许的间距")
            .or_null(NOT_ASKED)
            .of(|r: &WayRow<'_>| Value::opt(r.on.road.limit_mm, |limit| Value::Boolean(r.way.length_mm() > limit))),
    ]
}
