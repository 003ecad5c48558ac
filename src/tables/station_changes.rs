//! `stations.csv` of two rounds, and the layer of the same columns: stations that opened, closed or changed, and what each did.

use crate::files::geojson::Shape;
use crate::files::schema::Value;
use crate::files::table::{Field, ShapedTable, Table, boolean, integer, real, text};
use crate::results::causes::{Causes, StationChange};

/// Its file.
pub const FILE: &str = "stations.csv";

const NOT_KNOWN: &str = "not known";

/// A row: a station.
type Row<'a> = &'a StationChange;

/// The table.
pub fn table<'a>() -> Table<'a, &'a StationChange> {
    let gained = "Settlements that came within the headline distance and were first brought there by it, in the order of time";
    let lost = "Settlements that fell out of it and had it as the nearest";
    let people = "Their people, where known";
    let whole = |n: u64| Value::Integer(n as i64);
    Table::new(station_fields()).with([
        integer("settlements_gained", "set_gain", "count", gained, "新增覆盖居民点数（按投运先后，由该站首先覆盖）")
            .of(move |s: &Row<'_>| whole(s.gained[0])),
        integer("people_gained", "ppl_gain", "people", people, "新增覆盖人口").of(move |s: &Row<'_>| whole(s.gained[1])),
        integer("settlements_lost", "set_lost", "count", lost, "失去覆盖居民点数").of(move |s: &Row<'_>| whole(s.lost[0])),
        integer("people_lost", "ppl_lost", "people", people, "失去覆盖人口").of(move |s: &Row<'_>| whole(s.lost[1])),
        real("lon", "lon", "degree", "Longitude, WGS 84", "经度").of(|s: &Row<'_>| Value::Real(s.station.at.lon())),
        real("lat", "lat", "degree", "Latitude, WGS 84", "纬度").of(|s: &Row<'_>| Value::Real(s.station.at.lat())),
    ])
}

fn station_fields<'a>() -> Vec<Field<'a, Row<'a>>> {
    let change = "opened, closed or changed, from the old round to the new";
    let change_zh = "变化：opened 新增，closed 减少，changed 变更";
    vec![
        text("id", "id", "Id of the source", "编号").of(|s: &Row<'_>| Value::Text(s.station.id.clone())),
        text("name", "name", "Name", "名称").or_null(NOT_KNOWN).of(|s: &Row<'_>| Value::text_or_null(&s.station.name)),
        text("change", "change", change, change_zh).of(|s: &Row<'_>| Value::Word(s.change.as_str())),
        text("fields", "fields", "What differs, where it changed", "变更内容")
            .or_null("it opened or closed")
            .of(|s: &Row<'_>| Value::text_or_null(&s.fields.join(";"))),
        text("county_code", "county", "County it lies in", "所在县代码")
            .or_null("outside every county")
            .of(|s: &Row<'_>| Value::opt(s.county.clone(), Value::Text)),
        text("opened", "opened", "Opening date as given", "投运日期")
            .or_null(NOT_KNOWN)
            .of(|s: &Row<'_>| Value::text_or_null(&s.station.opened)),
        boolean("dated", "dated", "Whether its opening date says when it came; stations without one, and those that changed, have credit after all others, in the order of ids", "投运日期是否可用于排定先后；无日期或有变更的站点排在最后，按编号排列")
            .of(|s: &Row<'_>| Value::Boolean(s.dated)),
        text("same_place_as", "same_place", "Id of another record of the same place, which has the credit of the site", "同址的另一记录编号（覆盖计入该记录）")
            .or_null("no earlier record stands in its place")
            .of(|s: &Row<'_>| Value::opt(s.same_place_as.clone(), Value::Text)),
        text("operator", "operator", "Operator", "运营商")
            .or_null(NOT_KNOWN)
            .of(|s: &Row<'_>| Value::text_or_null(&s.station.operator)),
    ]
}

/// The layer.
pub fn layer<'a>() -> ShapedTable<'a, &'a StationChange> {
    ShapedTable {
        table: table(),
        id: Box::new(|s: &Row<'_>| s.station.id.clone()),
        shape: Box::new(|s: &Row<'_>| Shape::Point(s.station.at)),
    }
}

/// Its rows, those first that did most for people.
pub fn rows(all: &Causes) -> impl Iterator<Item = &StationChange> {
    all.stations.iter()
}
