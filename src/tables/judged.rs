//! `corridors.csv` (a row a programme, rule and road) and `programme.csv` (a row a programme, rule and county): verdicts both ways and what is
//! missing.

use crate::county::{CountyVerdict, RoadStop, RoadVerdict};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::rules::Others;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, Table, boolean, real, text};
use crate::programme::Met;
use crate::results::Member;

/// A row a road.
pub const ROADS: &str = "corridors.csv";
/// A row a county.
pub const COUNTIES: &str = "programme.csv";

/// What the page of a county shows of `programme.csv`.
pub const HEADS: super::parts::Heads = &[
    ("programme", ["Programme", "项目"]),
    ("rule", ["Rule", "规则"]),
    ("verdict", ["Verdict", "结论"]),
    ("if_not", ["If unknown do not count", "不详不计"]),
    ("if_so", ["If they count", "不详计入"]),
    ("found_if_not", ["Found", "数值"]),
    ("found_if_so", ["Found, if they count", "计入时数值"]),
    ("asked", ["Asked", "要求"]),
    ("unit", ["Unit", "单位"]),
    ("missing", ["Missing", "缺少"]),
];

/// A road.
pub type RoadRow<'a> = &'a RoadVerdict;
/// A county with its code and name.
pub type CountyRow<'a> = (&'a Member, &'a CountyVerdict);

pub(super) const NOT_ASKED: &str = "the user has to set it, or nothing was found";
pub(super) const KNOWN: &str = "all that is asked for is known";

/// The longest way that a rule allows.
pub(super) fn limit() -> Column {
    real("limit_km", "limit_km", "km", "The longest way that the rule allows", "规则允许的最大间距").or_null(NOT_ASKED)
}

/// The longest way without a station.
pub(super) fn longest() -> Column {
    real("longest_km", "longest_km", "km", "Longest way along it without a station that counts", "沿线最长无站里程")
        .or_null(NOT_ASKED)
}

/// The same with stations that cannot be told.
pub(super) fn longest_if() -> Column {
    real(
        "longest_if_km",
        "long_if_km",
        "km",
        "The same if stations that cannot be told count",
        "无法判断的站点计入时的最长无站里程",
    )
    .or_null(NOT_ASKED)
}

/// The longest way with one station out.
pub(super) fn one_out() -> Column {
    real(
        "one_out_km",
        "one_out_km",
        "km",
        "Longest way with the one station out whose loss makes it longest (N-1)",
        "任一站点停运（N-1）时的最长无站里程",
    )
    .or_null(NOT_ASKED)
}

pub(super) fn km(mm: Option<u64>) -> Value {
    Value::opt(mm, Value::km)
}

/// What is missing, in English: `station's power (total_kw)`.
pub(super) fn missing(list: &[[String; 2]]) -> Value {
    Value::text_or_null(&list.iter().map(|m| m[0].as_str()).collect::<Vec<_>>().join("; "))
}

/// No verdict is better without what cannot be told than with it.
fn both_ways(row: &CsvRow<'_>, [met, without, with]: [&str; 3]) -> Result<bool> {
    let (met, without, with) = (row.text(met)?, row.text(without)?, row.text(with)?);
    Ok(match met.as_str() {
        "met" => without == "met",
        "not_met" => with != "met",
        _ => true,
    })
}

/// The table of roads.
pub fn roads<'a>() -> Table<'a, RoadRow<'a>> {
    Table::new(vec![
        text("programme", "programme", "Name of the programme", "项目").of(|r: &RoadRow<'_>| Value::Text(r.programme.clone())),
        text("rule", "rule", "Name of the rule in it", "规则").of(|r: &RoadRow<'_>| Value::Text(r.rule.clone())),
        text("road", "road", "Number of the road", "路线编号").of(|r: &RoadRow<'_>| Value::Text(r.road.clone())),
        text("verdict", "verdict", "met, not_met or cannot_be_told", "结论：达到、未达到、无法判断")
            .words(Met::ALL.map(Met::as_str))
            .of(|r: &RoadRow<'_>| Value::Word(r.met.as_str())),
    ])
    .with(road_lengths())
    .with([
        text("missing", "missing", "What would have to be known", "缺少的数据")
            .or_null(KNOWN)
            .of(|r: &RoadRow<'_>| missing(&r.missing)),
        text(
            "stations",
            "stations",
            "Stations near the worst direction, each with its place on it in km; ? where it cannot be told whether it counts",
            "最差方向沿线站点及里程（公里）；? 表示无法判断是否计入",
        )
        .or_null("none that counts or may count")
        .of(|r: &RoadRow<'_>| stops(r.stops())),
        boolean(
            "no_station",
            "no_station",
            "No station that counts or may count stands along it: what is met is met as it is shorter than the limit",
            "沿线无计入或可能计入的站点（达到仅因路线短于规定间距）",
        )
        .of(|r: &RoadRow<'_>| Value::Boolean(r.is_bare())),
    ])
    .rule("no way is longer once more stations count", |row, _| {
        let (without, with) = (row.number("longest_km")?, row.number("longest_if_km")?);
        Ok(without.zip(with).is_none_or(|(without, with)| with <= without))
    })
    .rule("no station is named where none stands along the road", |row, _| {
        Ok(row.get("no_station") != "true" || row.get("stations").is_empty())
    })
    .rule("no way is shorter with a station out", |row, _| {
        let (all, out) = (row.number("longest_km")?, row.number("one_out_km")?);
        Ok(all.zip(out).is_none_or(|(all, out)| out >= all))
    })
}

fn road_lengths<'a>() -> [Field<'a, RoadRow<'a>>; 6] {
    [
        real("road_km", "road_km", "km", "Length of the road's pieces", "路段总长").of(|r: &RoadRow<'_>| Value::km(r.road_mm)),
        limit().of(|r: &RoadRow<'_>| km(r.limit_mm)),
        longest().of(|r: &RoadRow<'_>| km(r.longest_mm.without)),
        longest_if().of(|r: &RoadRow<'_>| km(r.longest_mm.with)),
        one_out().of(|r: &RoadRow<'_>| km(r.one_out_mm.without)),
        real(
            "driven_if_km",
            "driven_km",
            "km",
            "Range needed as driven to the stations and back, if stations that cannot be told count",
            "含往返站点的所需续航（无法判断的站点计入）",
        )
        .or_null(NOT_ASKED)
        .of(|r: &RoadRow<'_>| km(r.driven_mm.with)),
    ]
}

/// Stations that count or may count, each with its place on the line.
pub(super) fn stops(all: &[RoadStop]) -> Value {
    let one = |s: &RoadStop| {
        let mark = if s.is_sure { "" } else { "?" };
        format!("{}@{:.3}{mark}", s.station, s.at_mm as f64 / 1e6)
    };
    Value::text_or_null(&all.iter().map(one).collect::<Vec<_>>().join("; "))
}

pub(super) fn county<'a, R: 'a>(of: fn(&R) -> &Member) -> [Field<'a, R>; 2] {
    [
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(move |r: &R| Value::Text(of(r).county.code.clone())),
        text("name", "name", "Name", "名称").or_null("not known").of(move |r: &R| Value::text_or_null(&of(r).county.name)),
    ]
}

/// The table of counties.
pub fn counties<'a>() -> Table<'a, CountyRow<'a>> {
    let length = |v: &CountyVerdict, figure: Option<f64>| {
        // a station whose power is not known may have any
        let figure = figure.filter(|f| f.is_finite());
        Value::opt(figure, |f| Value::Real(if v.unit == "mm" { f / 1e6 } else { f }))
    };
    Table::new(county(|r: &CountyRow<'_>| r.0).into())
        .with([
            text("programme", "programme", "Name of the programme", "项目")
                .of(|r: &CountyRow<'_>| Value::Text(r.1.programme.clone())),
            text("rule", "rule", "Name of the rule in it", "规则").of(|r: &CountyRow<'_>| Value::Text(r.1.rule.clone())),
            text("asks", "asks", "What the rule asks for", "规则内容").of(|r: &CountyRow<'_>| Value::Text(r.1.text[0].clone())),
            text("asks_zh", "asks_zh", "What the rule asks for, in Chinese", "规则内容（中文）")
                .or_null("not given")
                .of(|r: &CountyRow<'_>| Value::text_or_null(&r.1.text[1])),
            text("verdict", "verdict", "met, not_met or cannot_be_told", "结论：达到、未达到、无法判断")
                .words(Met::ALL.map(Met::as_str))
                .of(|r: &CountyRow<'_>| Value::Word(r.1.met.as_str())),
            text("if_not", "if_not", "The verdict if stations that cannot be told do not count", "无法判断的站点不计入时的结论")
                .words(Met::ALL.map(Met::as_str))
                .of(|r: &CountyRow<'_>| Value::Word(r.1.both.without.as_str())),
            text("if_so", "if_so", "The verdict if they count", "无法判断的站点计入时的结论")
                .words(Met::ALL.map(Met::as_str))
                .of(|r: &CountyRow<'_>| Value::Word(r.1.both.with.as_str())),
        ])
        .with([
            real("found_if_not", "found_not", "", "What was found, if they do not count: in the unit of unit", "不计入时的数值")
                .or_null(NOT_ASKED)
                .of(move |r: &CountyRow<'_>| length(r.1, r.1.found.without)),
            real("found_if_so", "found_so", "", "What was found, if they count", "计入时的数值")
                .or_null("the user has to set it, nothing was found, or a station may have any power")
                .of(move |r: &CountyRow<'_>| length(r.1, r.1.found.with)),
            real("asked", "asked", "", "What is asked for", "要求值")
                .or_null(NOT_ASKED)
                .of(move |r: &CountyRow<'_>| length(r.1, r.1.asked)),
            text("unit", "unit", "km, % (per cent of the length), units (without a station), kW or points", "单位").of(
                |r: &CountyRow<'_>| Value::Text(if r.1.unit == "mm" { "km".to_owned() } else { r.1.unit.clone().into_owned() }),
            ),
            text("missing", "missing", "What would have to be known", "缺少的数据")
                .or_null(KNOWN)
                .of(|r: &CountyRow<'_>| missing(&r.1.missing)),
        ])
        .rule("what is met is met without stations that cannot be told", |row, _: &Others| {
            both_ways(row, ["verdict", "if_not", "if_so"])
        })
}
