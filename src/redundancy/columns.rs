//! `redundancy.csv`, a row a county, and the layer `redundancy`, a point a settlement.

use super::{BackupRow, Busiest, CountyRedundancy, StationDistance};
use crate::config::criteria::Criterion;
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::geojson::Shape;
use crate::files::rules::Others;
use crate::files::schema::Value;
use crate::files::table::{Field, ShapedTable, Table, boolean, integer, real, text};

/// The file.
pub const FILE: &str = "redundancy.csv";
/// The layer.
pub const NAME: &str = "redundancy";

/// A row of the table: code and name of a county, and what it has; nothing where it could not be computed.
pub type RedundancyRow<'a> = (&'a str, &'a str, Option<&'a CountyRedundancy>);

const FAILED: &str = "the county could not be computed";
const NO_BUSIEST: &str = "no settlement of the county has a charging station within reach";

/// The table; `limit` is the headline distance.
pub fn table<'a>(limit: Criterion) -> Table<'a, RedundancyRow<'a>> {
    let code = text("county_code", "county", "County code as text", "县代码（文本）");
    let name = text("name", "name", "Name", "名称").or_null("not known");
    Table::new(vec![
        code.of(|(code, ..): &RedundancyRow<'_>| Value::Text((*code).to_owned())),
        name.of(|(_, name, _): &RedundancyRow<'_>| Value::text_or_null(name)),
    ])
    .with([criterion_field(limit)])
    .with(reach_fields(&limit.label()))
    .with(busiest_fields())
    .with(lost_fields())
    .rule("the county is one of ranking.csv", |row, others| {
        let there = others.row("ranking.csv", &[("county_code", &row.code("county_code")?)])?;
        Ok(others.table("ranking.csv").is_none() || there.is_some_and(|r| r.get("name") == row.get("name")))
    })
    .rule("road_served_km is covered_km of ledger.csv", served_as_in_the_ledger)
    .rule("no more is within reach of two stations than of one", |row, _| {
        let within = |what: &[&str; 3]| Ok(amount(row, what[1])? <= amount(row, what[0])?);
        all_of(&KINDS, within)
    })
    .rule("what is lost with the busiest station had no other one", |row, _| {
        let within = |what: &[&str; 3]| Ok(amount(row, what[2])? + amount(row, what[1])? <= amount(row, what[0])?);
        all_of(&KINDS, within)
    })
    .rule("no more is lost than the busiest station is the nearest of", |row, _| {
        let within = |what: &[&str; 2]| Ok(amount(row, what[0])? <= amount(row, what[1])?);
        all_of(&[["lost_settlements", "busiest_settlements"], ["lost_people", "busiest_people"]], within)
    })
}

fn criterion_field<'a>(limit: Criterion) -> Field<'a, RedundancyRow<'a>> {
    text(
        "criterion",
        "criterion",
        "The service distance that it is about: the headline one, as in ledger.csv",
        "服务距离（同 ledger.csv）",
    )
    .of(move |_: &RedundancyRow<'_>| Value::Text(limit.slug()))
}

fn served_as_in_the_ledger(row: &CsvRow<'_>, others: &Others) -> Result<bool> {
    let Some(ledger) = others.table("ledger.csv").filter(|_| !row.get("road_served_km").is_empty()) else { return Ok(true) };
    let (code, criterion) = (row.code("county_code")?, row.text("criterion")?);
    let key = [("county_code", &*code), ("service", "charging"), ("criterion", &criterion), ("road_class", "all")];
    Ok(ledger.find(&key)?.is_some_and(|l| l.get("covered_km") == row.get("road_served_km")))
}

/// Columns within reach of one station, of two, and lost.
const KINDS: [[&str; 3]; 3] = [
    ["road_served_km", "road_twice_km", "lost_road_km"],
    ["settlements_served", "settlements_twice", "lost_settlements"],
    ["people_served", "people_twice", "lost_people"],
];

/// An amount of a finished row, road in millimetres; 0 where it is not known.
fn amount(row: &CsvRow<'_>, column: &str) -> Result<u64> {
    match row.get(column) {
        "" => Ok(0),
        _ if column.ends_with("_km") => row.mm(column),
        _ => row.count(column),
    }
}

fn all_of<const N: usize>(list: &[[&str; N]], holds: impl Fn(&[&str; N]) -> Result<bool>) -> Result<bool> {
    list.iter().try_fold(true, |all, one| Ok(all && holds(one)?))
}

fn reach_fields<'a>(limit: &str) -> [Field<'a, RedundancyRow<'a>>; 6] {
    let of = |name: &str, alias: &str, [unit, en, zh]: [&'static str; 3], twice: bool, get: fn(&CountyRedundancy) -> Value| {
        let en = if twice {
            format!("{en} within {limit} by road of two different charging stations")
        } else {
            format!("{en} within {limit} by road of a charging station")
        };
        let zh =
            if twice { format!("{limit}内有两座不同充电站的{zh}") } else { format!("{limit}内有充电站的{zh}") };
        let column = if unit == "km" { real(name, alias, unit, en, zh) } else { integer(name, alias, unit, en, zh) };
        column.or_null(FAILED).of(move |(_, _, has): &RedundancyRow<'_>| Value::opt(*has, get))
    };
    let [road, settlements, people] =
        [["km", "Road", "道路"], ["count", "Settlements", "居民点"], ["people", "People in settlements", "居民点人口"]];
    [
        of("road_served_km", "road_1_km", road, false, |c| Value::km(c.road_served_mm)),
        of("road_twice_km", "road_2_km", road, true, |c| Value::km(c.road_twice_mm)),
        of("settlements_served", "settle_1", settlements, false, |c| Value::Integer(c.settlements_served as i64)),
        of("settlements_twice", "settle_2", settlements, true, |c| Value::Integer(c.settlements_twice as i64)),
        of("people_served", "people_1", people, false, |c| Value::Integer(c.people_served as i64)),
        of("people_twice", "people_2", people, true, |c| Value::Integer(c.people_twice as i64)),
    ]
}

fn of_busiest(row: &RedundancyRow<'_>, get: fn(&Busiest) -> Value) -> Value {
    Value::opt(row.2.and_then(|has| has.busiest.as_ref()), get)
}

fn busiest_fields<'a>() -> [Field<'a, RedundancyRow<'a>>; 3] {
    let id = "Id of the busiest station: within reach the nearest for most people in settlements; stations that look like one count as one";
    let settlements = "Settlements of the county that it is the nearest of, within reach";
    [
        text("busiest_station_id", "busiest", id, "最繁忙站点编号（服务距离内就近服务人口最多；疑似重复的站点按一座计）")
            .or_null(NO_BUSIEST)
            .of(|r: &RedundancyRow<'_>| of_busiest(r, |b| Value::Text(b.id.clone()))),
        integer("busiest_settlements", "b_settle", "count", settlements, "以其为最近站点的居民点数")
            .or_null(NO_BUSIEST)
            .of(|r: &RedundancyRow<'_>| of_busiest(r, |b| Value::Integer(b.settlements as i64))),
        integer("busiest_people", "b_people", "people", "People in these settlements", "上述居民点人口")
            .or_null(NO_BUSIEST)
            .of(|r: &RedundancyRow<'_>| of_busiest(r, |b| Value::Integer(b.people as i64))),
    ]
}

fn lost_fields<'a>() -> [Field<'a, RedundancyRow<'a>>; 3] {
    let lost = |what: &str| format!("{what} left without a charging station within reach once the busiest one is out (N-1)");
    let zh = |what: &str| format!("最繁忙站点停运（N-1）后失去服务的{what}");
    [
        integer("lost_settlements", "l_settle", "count", lost("Settlements"), zh("居民点数"))
            .or_null(NO_BUSIEST)
            .of(|r: &RedundancyRow<'_>| of_busiest(r, |b| Value::Integer(b.lost_settlements as i64))),
        integer("lost_people", "l_people", "people", lost("People in settlements"), zh("居民点人口"))
            .or_null(NO_BUSIEST)
            .of(|r: &RedundancyRow<'_>| of_busiest(r, |b| Value::Integer(b.lost_people as i64))),
        real("lost_road_km", "l_road_km", "km", lost("Road"), zh("道路"))
            .or_null(NO_BUSIEST)
            .of(|r: &RedundancyRow<'_>| of_busiest(r, |b| Value::km(b.lost_road_mm))),
    ]
}

/// The layer; `codes` are those of the counties, `bounded` as a round has it. Without codes it is good for its columns only.
pub fn layer<'a>(limit: Criterion, codes: Vec<Value>, bounded: bool) -> ShapedTable<'a, BackupRow> {
    let table = Table::new(what_it_is(codes).into()).with(way_fields(bounded)).with(within_fields(limit));
    ShapedTable { table, id: Box::new(|b: &BackupRow| b.id.clone()), shape: Box::new(|b: &BackupRow| Shape::Point(b.at)) }
}

fn what_it_is<'a>(codes: Vec<Value>) -> [Field<'a, BackupRow>; 4] {
    [
        text("id", "id", "Id of the settlement; #2 behind it where the source repeats one", "居民点编号")
            .of(|_: &BackupRow| Value::Null), // once it is unique
        text("name", "name", "Name", "名称").or_null("not known").of(|b: &BackupRow| Value::text_or_null(&b.name)),
        text("county_code", "county", "County code", "县代码").of(move |b: &BackupRow| codes[b.county as usize].clone()),
        integer("population", "pop", "people", "People", "人口")
            .or_null("not known")
            .of(|b: &BackupRow| Value::opt(b.population, |p| Value::Integer(p as i64))),
    ]
}

fn way_fields<'a>(bounded: bool) -> Vec<Field<'a, BackupRow>> {
    let none = if bounded {
        "no road near, or farther than the longest service distance"
    } else {
        "no road near, or no way to such a station"
    };
    let of = |k: usize, get: fn(&StationDistance) -> Value| move |b: &BackupRow| Value::opt(b.ways[k].as_ref(), get);
    let words = [
        ["nearest", "n", "the nearest charging station", "最近充电站"],
        ["second", "s", "the nearest charging station that is another one", "次近充电站"],
    ];
    let both = |(k, [name, letter, en, zh]): (usize, [&str; 4])| {
        [
            real(
                &format!("{name}_distance_km"),
                &format!("{letter}_dist_km"),
                "km",
                format!("By road to {en}"),
                format!("到{zh}的路网距离"),
            )
            .or_null(none)
            .of(of(k, |w| Value::km(w.distance_mm.into()))),
            text(
                &format!("{name}_station_id"),
                &format!("{letter}_station"),
                format!("Id of {en}; of several that look like one, the lowest"),
                format!("{zh}编号"),
            )
            .or_null(none)
            .of(of(k, |w| Value::Text(w.station.clone()))),
        ]
    };
    words.into_iter().enumerate().flat_map(both).collect()
}

fn within_fields<'a>(limit: Criterion) -> [Field<'a, BackupRow>; 2] {
    let (mm, label) = (limit.limit(), limit.label());
    let count = move |b: &BackupRow| b.ways.iter().flatten().filter(|w| w.distance_mm <= mm).count() as i64;
    let stations = format!("Different charging stations within {label} by road, counted up to two");
    let loses = format!("Has no charging station within {label} once the busiest one of its county is out, and has one before");
    [
        integer("stations_within", "stations", "count", stations, format!("{label}内不同充电站数（最多计两座）"))
            .of(move |b: &BackupRow| Value::Integer(count(b))),
        boolean("loses_only", "loses", loses, "县内最繁忙站点停运后是否失去服务").of(|b: &BackupRow| Value::Boolean(b.loses)),
    ]
}
