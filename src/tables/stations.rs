//! The layer of stations, `stations.geojson`: every one that stands in a county or on a road, used or not, and why not.

use super::criterion_fields::further;
use super::parts::bbox_of_points;
use crate::config::{Service, Serving};
use crate::error::Result;
use crate::files::geojson::Shape;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, ShapedTable, Table, boolean, integer, real, text};
use crate::place::{StationOut, offers};
use crate::results::{Member, Results};

/// Its name.
pub const NAME: &str = "stations";

const UNKNOWN: &str = "not known";
const NO_ROAD: &str = "no road near";

type Row = StationOut;

/// The layer. Without members it is good for its columns only.
pub fn layer<'a>(serving: &'a Serving, members: &'a [Member]) -> ShapedTable<'a, Row> {
    let table = Table::new(what_it_is())
        .with(further(serving).iter().map(|service| further_field(serving, service)))
        .with(what_it_has())
        .with(who_may_use_it())
        .with(where_it_counts(members))
        .with(what_is_doubted())
        .with(where_it_met_the_road());
    ShapedTable { table, id: Box::new(|s: &Row| s.station.id.clone()), shape: Box::new(|s: &Row| Shape::Point(s.station.at)) }
}

/// West, south, east, north of all of them.
///
/// # Errors
/// As the rows.
pub fn bbox(r: &Results) -> Result<Option<[f64; 4]>> {
    bbox_of_points(&r.rows::<Row>(), |s| s.station.at)
}

fn what_it_is<'a>() -> Vec<Field<'a, Row>> {
    vec![
        text("id", "id", "Id of the source; #2 behind it where the source repeats one", "编号").of(|_: &Row| Value::Null), // once it is unique
        text("name", "name", "Name", "名称").or_null(UNKNOWN).of(|s: &Row| Value::text_or_null(&s.station.name)),
        boolean("charging", "charging", "Offers charging", "可充电").of(|s: &Row| Value::Boolean(s.station.charging)),
        boolean("swap", "swap", "Offers battery swap", "可换电").of(|s: &Row| Value::Boolean(s.station.swap)),
    ]
}

fn further_field(serving: &Serving, service: Service) -> Field<'_, Row> {
    further_column(serving, service).of(move |s: &Row| Value::Boolean(offers(serving, &s.station).has(service)))
}

fn further_column(serving: &Serving, service: Service) -> Column {
    let name = service.as_str();
    if service == Service::FastCharging {
        let kw = serving.fast_min_power_kw;
        let en = format!("Charges at a gun of {kw} kW or more; unknown power is not");
        return boolean(name, "fast", en, format!("可快充（单枪{kw} kW及以上）"));
    }
    if service == Service::Hydrogen {
        return boolean(name, "hydrogen", "Gives out hydrogen", "可加氢");
    }
    boolean(name, "trucks", "Charges, and the source says that trucks can use it", "货车可充电（据数据来源）")
}

fn what_it_has<'a>() -> Vec<Field<'a, Row>> {
    let whole = |n: Option<u32>| Value::opt(n, |v| Value::Integer(v.into()));
    vec![
        integer("points", "points", "count", "Guns", "充电枪数").or_null(UNKNOWN).of(move |s: &Row| whole(s.station.points)),
        real("gun_power_kw", "gun_kw", "kW", "Highest power of one gun", "单枪最大功率")
            .or_null(UNKNOWN)
            .of(|s: &Row| Value::opt(s.station.power_kw, Value::Real)),
        real("rated_power_kw", "rated_kw", "kW", "Rated power of the station", "额定功率")
            .or_null(UNKNOWN)
            .of(|s: &Row| Value::opt(s.station.total_kw, Value::Real)),
        text("sockets", "sockets", "Connector kinds, sorted, joined by ;", "接口类型")
            .or_null(UNKNOWN)
            .of(|s: &Row| Value::text_or_null(&s.station.sockets)),
        integer("swap_bays", "swap_bays", "count", "Swap bays", "换电工位")
            .or_null(UNKNOWN)
            .of(move |s: &Row| whole(s.station.swap_bays)),
        integer("swap_batteries", "swap_batt", "count", "Batteries kept for swapping", "换电电池数")
            .or_null(UNKNOWN)
            .of(move |s: &Row| whole(s.station.swap_batteries)),
    ]
}

fn who_may_use_it<'a>() -> Vec<Field<'a, Row>> {
    vec![
        text("operator", "operator", "Operator", "运营商")
            .or_null(UNKNOWN)
            .of(|s: &Row| Value::text_or_null(&s.station.operator)),
        text("access", "access", "public, private or unknown", "开放属性").of(|s: &Row| Value::Word(s.station.access.as_str())),
        text("status", "status", "open, planned, closed or unknown", "状态").of(|s: &Row| Value::Word(s.station.status.as_str())),
        text("opened", "opened", "Opening date as given", "投运日期")
            .or_null(UNKNOWN)
            .of(|s: &Row| Value::text_or_null(&s.station.opened)),
    ]
}

fn where_it_counts(members: &[Member]) -> Vec<Field<'_, Row>> {
    let code = move |s: &Row| Value::opt(s.county, |c| Value::Text(members[c as usize].county.code.clone()));
    vec![
        text("county_code", "county", "County it lies in", "所在县代码").or_null("outside every county").of(code),
        boolean("used", "used", "Counts in coverage and figures", "是否计入").of(|s: &Row| Value::Boolean(s.used)),
        text("not_used_reason", "why_not", "access, status, service, power or too_far_from_road", "未计入原因")
            .or_null("it is used")
            .of(|s: &Row| Value::text_or_null(&s.reason)),
    ]
}

fn what_is_doubted<'a>() -> Vec<Field<'a, Row>> {
    let twice = "Id of an earlier station that looks like the same; both are used";
    vec![
        text("duplicate_of", "dup_of", twice, "疑似重复的站点编号")
            .or_null("none")
            .of(|s: &Row| Value::opt(s.duplicate_of.clone(), Value::Text)),
        boolean("ghost", "ghost", "Has no guns or no power, so may not exist; it is used", "疑似无效站点")
            .of(|s: &Row| Value::Boolean(s.ghost)),
    ]
}

fn where_it_met_the_road<'a>() -> Vec<Field<'a, Row>> {
    let far = "From the station to the nearest road; not counted in distances";
    vec![
        real("snap_distance_m", "snap_m", "m", far, "到最近道路的距离")
            .or_null(NO_ROAD)
            .of(|s: &Row| Value::opt(s.snapped, |p| Value::Real(f64::from(p.distance_mm) / 1000.0))),
        real("snapped_lon", "snap_lon", "degree", "Longitude of the foot on the road", "路上投影点经度")
            .or_null(NO_ROAD)
            .of(|s: &Row| Value::opt(s.snapped, |p| Value::Real(p.at.lon()))),
        real("snapped_lat", "snap_lat", "degree", "Latitude of the foot on the road", "路上投影点纬度")
            .or_null(NO_ROAD)
            .of(|s: &Row| Value::opt(s.snapped, |p| Value::Real(p.at.lat()))),
    ]
}
