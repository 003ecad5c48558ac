//! The GeoJSON layers: columns and features of stations and settlements; counties are in `counties`, gaps in `gaps`.

use super::counties;
use super::gaps;
use crate::config::criteria::{Criteria, Criterion};
use crate::config::{ByService, Service, Services};
use crate::files::geojson::{Feature, Features, Shape, bbox_of, write_collection};
use crate::files::schema::{Column, Kind, Value};
use crate::place::StationOut;
use crate::results::Outcome;
use crate::space::PointIndex;
use crate::space::units::minutes;
use geo::BoundingRect;
use std::io::{self, Write};

/// Names of the layers, in the order of writing.
pub const LAYERS: [&str; 4] = ["counties", "gaps", "stations", "settlements"];

/// The columns of a layer.
pub fn columns(layer: &str, criteria: &Criteria) -> Vec<Column> {
    match layer {
        "counties" => counties::columns(criteria),
        "gaps" => gaps::columns(criteria),
        "stations" => station_columns(criteria),
        _ => settlement_columns(criteria),
    }
}

/// Writes a layer.
///
/// # Errors
/// Those of the writer.
pub fn write_layer(layer: &str, o: &Outcome, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let columns = columns(layer, &o.criteria);
    let notice = &o.region.attribution;
    let mut write = |bbox, features: &Features<'_, '_>| write_collection(out, layer, bbox, notice, &columns, features);
    match layer {
        "counties" => {
            let boxes = o.counties.iter().filter_map(|c| c.shape.bounding_rect());
            write(counties::bbox(boxes), &Features { count: o.counties.len(), make: &|i| counties::feature(o, i) })
        }
        "gaps" => {
            let words = gaps::Words::of(o);
            let list = &o.stretches;
            let (ground, code) = (gaps::Ground::of(o), |i: usize| o.counties[list[i].county as usize].code.as_str());
            write(gaps::bbox(o), &Features { count: list.len(), make: &|i| gaps::feature(ground, code(i), &words, &list[i]) })
        }
        "stations" => {
            let shown = |s: &&StationOut| s.reason != "outside" && (s.county.is_some() || s.snapped.is_some());
            let list: Vec<_> = o.stations.iter().filter(shown).collect();
            let bbox = bbox_of(list.iter().map(|s| s.station.at));
            let code = |s: &StationOut| s.county.map(|c| o.counties[c as usize].code.as_str());
            write(bbox, &Features { count: list.len(), make: &|i| station_feature(&o.criteria, code(list[i]), list[i]) })
        }
        _ => {
            let list = &o.settlements;
            let bbox = bbox_of(list.iter().map(|s| s.settlement.at));
            let crow = CrowFly::new(o);
            write(bbox, &Features { count: list.len(), make: &|i| settlement_feature(o, &list[i], &crow) })
        }
    }
}

/// `charging_gap_km_beyond_10km` and its kin.
pub fn criterion_column(service: Service, what: &str, criterion: Criterion) -> String {
    format!("{}_{what}_{}", service.as_str(), criterion.slug())
}

/// The services that a run searches beside charging and swap.
pub(crate) fn further(criteria: &Criteria) -> Services {
    criteria.services.without(Services::default())
}

/// The alias, or the other where it is longer than shapefiles allow.
pub(crate) fn short(alias: &str, instead: &str) -> String {
    if alias.len() <= 10 { alias.to_owned() } else { instead.to_owned() }
}

fn station_columns(criteria: &Criteria) -> Vec<Column> {
    use Kind::{Boolean, Integer, Real, Text};
    let unknown = "not known";
    let mut columns = vec![
        Column::new("id", "id", Text, "", "Id of the source; #2 behind it where the source repeats one", "编号"),
        Column::new("name", "name", Text, "", "Name", "名称").or_null(unknown),
        Column::new("charging", "charging", Boolean, "", "Offers charging", "可充电"),
        Column::new("swap", "swap", Boolean, "", "Offers battery swap", "可换电"),
    ];
    let kw = criteria.fast_min_power_kw;
    columns.extend(further(criteria).iter().map(|service| {
        let (alias, en, zh) = match service {
            Service::FastCharging => (
                "fast",
                format!("Charges at a gun of {kw} kW or more; unknown power is not"),
                format!("可快充（单枪{kw} kW及以上）"),
            ),
            _ => (
                "trucks",
                "Charges, and the source says that trucks can use it".to_owned(),
                "货车可充电（据数据来源）".to_owned(),
            ),
        };
        Column::new(service.as_str(), alias, Boolean, "", en, zh)
    }));
    columns.extend([
        Column::new("points", "points", Integer, "count", "Guns", "充电枪数").or_null(unknown),
        Column::new("gun_power_kw", "gun_kw", Real, "kW", "Highest power of one gun", "单枪最大功率").or_null(unknown),
        Column::new("rated_power_kw", "rated_kw", Real, "kW", "Rated power of the station", "额定功率").or_null(unknown),
        Column::new("sockets", "sockets", Text, "", "Connector kinds, sorted, joined by ;", "接口类型").or_null(unknown),
        Column::new("swap_bays", "swap_bays", Integer, "count", "Swap bays", "换电工位").or_null(unknown),
        Column::new("swap_batteries", "swap_batt", Integer, "count", "Batteries kept for swapping", "换电电池数")
            .or_null(unknown),
        Column::new("operator", "operator", Text, "", "Operator", "运营商").or_null(unknown),
        Column::new("access", "access", Text, "", "public, private or unknown", "开放属性"),
        Column::new("status", "status", Text, "", "open, planned, closed or unknown", "状态"),
        Column::new("opened", "opened", Text, "", "Opening date as given", "投运日期").or_null(unknown),
        Column::new("county_code", "county", Text, "", "County it lies in", "所在县代码").or_null("outside every county"),
        Column::new("used", "used", Boolean, "", "Counts in coverage and figures", "是否计入"),
        Column::new("not_used_reason", "why_not", Text, "", "access, status, power or too_far_from_road", "未计入原因")
            .or_null("it is used"),
        Column::new(
            "duplicate_of",
            "dup_of",
            Text,
            "",
            "Id of an earlier station that looks like the same; both are used",
            "疑似重复的站点编号",
        )
        .or_null("none"),
        Column::new("ghost", "ghost", Boolean, "", "Has no guns or no power, so may not exist; it is used", "疑似无效站点"),
        Column::new(
            "snap_distance_m",
            "snap_m",
            Real,
            "m",
            "From the station to the nearest road; not counted in distances",
            "到最近道路的距离",
        )
        .or_null("no road near"),
        Column::new("snapped_lon", "snap_lon", Real, "degree", "Longitude of the foot on the road", "路上投影点经度")
            .or_null("no road near"),
        Column::new("snapped_lat", "snap_lat", Real, "degree", "Latitude of the foot on the road", "路上投影点纬度")
            .or_null("no road near"),
    ]);
    columns
}

/// A station of the county with this code.
pub(crate) fn station_feature<'a>(criteria: &Criteria, county: Option<&str>, s: &StationOut) -> Feature<'a> {
    let st = &s.station;
    let offers = crate::place::offers(&criteria, st);
    let mut values = vec![
        Value::Null, /* the id, once it is unique */
        Value::text_or_null(&st.name),
        Value::Boolean(st.charging),
        Value::Boolean(st.swap),
    ];
    values.extend(further(criteria).iter().map(|service| Value::Boolean(offers.has(service))));
    values.extend([
        Value::opt(st.points, |v| Value::Integer(v.into())),
        Value::opt(st.power_kw, Value::Real),
        Value::opt(st.total_kw, Value::Real),
        Value::text_or_null(&st.sockets),
        Value::opt(st.swap_bays, |v| Value::Integer(v.into())),
        Value::opt(st.swap_batteries, |v| Value::Integer(v.into())),
        Value::text_or_null(&st.operator),
        Value::Text(st.access.as_str().to_owned()),
        Value::Text(st.status.as_str().to_owned()),
        Value::text_or_null(&st.opened),
        Value::opt(county, |code| Value::Text(code.to_owned())),
        Value::Boolean(s.used),
        Value::text_or_null(s.reason),
        Value::opt(s.duplicate_of.clone(), Value::Text),
        Value::Boolean(s.ghost),
        Value::opt(s.snapped, |p| Value::Real(f64::from(p.distance_mm) / 1000.0)),
        Value::opt(s.snapped, |p| Value::Real(p.at.lon())),
        Value::opt(s.snapped, |p| Value::Real(p.at.lat())),
    ]);
    Feature { id: st.id.clone(), shape: Shape::Point(st.at), values }
}

fn settlement_columns(criteria: &Criteria) -> Vec<Column> {
    use Kind::{Boolean, Integer, Real, Text};
    let no_way = "no road near, or no way to any station";
    let head = criteria.headline_criterion().label();
    let mut columns = vec![
        Column::new("id", "id", Text, "", "Id of the source; #2 behind it where the source repeats one", "编号"),
        Column::new("name", "name", Text, "", "Name", "名称").or_null("not known"),
        Column::new("name_zh", "name_zh", Text, "", "Chinese name", "中文名称").or_null("not known"),
        Column::new("kind", "kind", Text, "", "The source's word for its kind", "类型").or_null("not known"),
        Column::new("county_code", "county", Text, "", "County code", "县代码"),
        Column::new("population", "pop", Integer, "people", "People", "人口").or_null("not known"),
        Column::new("snap_distance_m", "snap_m", Real, "m", "To the nearest road; not counted in distances", "到最近道路的距离")
            .or_null("no road near"),
        Column::new(
            "in_gap",
            "in_gap",
            Boolean,
            "",
            format!("Beyond {head} by road of every charging station"),
            "是否在充电服务距离外",
        )
        .or_null("no road near"),
    ];
    for service in criteria.services.iter() {
        let ([en, zh], s, letter) = (service.names(), service.as_str(), service.letter());
        columns.extend([
            Column::new(
                &format!("{s}_distance_km"),
                &format!("{letter}_dist_km"),
                Real,
                "km",
                format!("By road to the nearest {en} station"),
                format!("到最近{zh}站的路网距离"),
            )
            .or_null(no_way),
            Column::new(
                &format!("{s}_time_min"),
                &format!("{letter}_time_mn"),
                Real,
                "min",
                format!("By road to the {en} station nearest in time"),
                format!("到最近{zh}站的行车时间"),
            )
            .or_null(no_way),
            Column::new(
                &format!("{s}_station_id"),
                &format!("{letter}_station"),
                Text,
                "",
                format!("Id of the nearest {en} station by distance"),
                format!("最近{zh}站编号"),
            )
            .or_null(no_way),
            Column::new(
                &format!("{s}_crow_km"),
                &format!("{letter}_crow_km"),
                Real,
                "km",
                format!("As the crow flies to the nearest {en} station"),
                format!("到最近{zh}站的直线距离"),
            )
            .or_null("there is no such station"),
        ]);
    }
    columns
}

/// Used stations of each service, for straight-line distances.
struct CrowFly(ByService<Option<PointIndex>>);

impl CrowFly {
    fn new(o: &Outcome) -> Self {
        let of = |service: Service| {
            let offers = |s: &&StationOut| s.used && crate::place::offers(&o.criteria, &s.station).has(service);
            PointIndex::new(o.stations.iter().filter(offers).map(|s| s.station.at).collect())
        };
        Self(o.criteria.services.table(|service| Some(of(service))))
    }
}

fn settlement_feature<'a>(o: &Outcome, s: &'a crate::place::SettlementOut, crow: &CrowFly) -> Feature<'a> {
    let limit = o.criteria.headline_criterion().limit();
    let in_gap = s.snapped.map(|_| s.nearest[Service::Charging as usize].is_none_or(|n| n.distance_mm > limit));
    let mut values = vec![
        Value::Null, // the id, once it is unique
        Value::text_or_null(&s.settlement.name),
        Value::text_or_null(&s.settlement.name_zh),
        Value::text_or_null(&s.settlement.kind),
        Value::Text(o.counties[s.county as usize].code.clone()),
        Value::opt(s.settlement.population, |p| Value::Integer(p as i64)),
        Value::opt(s.snapped, |p| Value::Real(f64::from(p.distance_mm) / 1000.0)),
        Value::opt(in_gap, Value::Boolean),
    ];
    for service in o.criteria.services.iter() {
        let (nearest, crow) = (&s.nearest[service as usize], &crow.0[service as usize]);
        values.extend([
            Value::opt(*nearest, |n| Value::km(n.distance_mm.into())),
            Value::opt(*nearest, |n| Value::Real(minutes(n.time_ms.into()))),
            Value::opt(*nearest, |n| Value::Text(o.stations[n.station as usize].station.id.clone())),
            Value::opt(crow.as_ref().and_then(|c| c.nearest(s.settlement.at)), |(_, m)| Value::Real((m * 1000.0).round() / 1e6)),
        ]);
    }
    Feature { id: s.settlement.id.clone(), shape: Shape::Point(s.settlement.at), values }
}
