//! `figures.csv`: what the ranking is made from, complete, so that `rank` needs no roads. Lengths are exact to the millimetre, other
//! numbers to the bit; [`crate::finished`] reads it back.

use crate::config::RoadClass;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::rank::{CountyFigures, DemandFigures, Evidence, StationSet};

/// Its file.
pub const FILE: &str = "figures.csv";

/// Whole numbers of a county after the lengths, in the order of the file: name, short name, meanings.
pub const COUNTS: [(&str, &str, &str, &str); 10] = [
    ("charging_stations", "charging", "Charging stations used", "采用的充电站数"),
    ("swap_stations", "swap", "Swap stations used", "采用的换电站数"),
    ("points", "points", "Guns at charging stations used, where known", "充电枪数（已知部分）"),
    ("settlements", "places", "Settlements that could be placed on the network", "已落到路网的居民点数"),
    ("settlements_in_gap", "places_gap", "Those beyond the service distance", "服务距离外居民点数"),
    (
        "settlements_without_station",
        "places_no",
        "Those without a charging station in settlement_radius_km",
        "无充电站的居民点数",
    ),
    ("people", "people", "People of the raster where one is given, else of placed settlements", "人口（栅格或居民点）"),
    ("people_in_gap", "people_gap", "Those beyond the service distance", "服务距离外人口"),
    ("settlement_people", "set_people", "People in placed settlements, where known", "居民点人口（已知部分）"),
    ("settlement_people_in_gap", "set_ppl_gp", "Those beyond the service distance", "服务距离外居民点人口"),
];

/// The counts of a county, in the order of [`COUNTS`].
pub fn counts(f: &CountyFigures) -> [u64; COUNTS.len()] {
    f.clone().counts_mut().map(|count| *count)
}

/// A row: a service distance, station set and county.
#[derive(Clone, Copy, Debug)]
pub struct FigureRow<'e> {
    /// Service distance, millimetres.
    pub distance_mm: u32,
    /// Which stations count.
    pub stations: StationSet,
    /// Figures of the county.
    pub figures: &'e CountyFigures,
    /// Its counts, in the order of [`COUNTS`].
    pub counts: [u64; COUNTS.len()],
}

/// The table; `demand` says whether there are figures of demand.
pub fn table<'a>(demand: bool) -> Table<'a, FigureRow<'a>> {
    let roads = length_fields(("road", "rd"), ("Road length", "道路里程"), |f| &f.road_mm);
    let gaps = length_fields(("gap", "gp"), ("Gap length for charging", "充电缺口长度"), |f| &f.gap_mm);
    Table::new(key_fields())
        .with(roads)
        .with(gaps)
        .with([real("longest_dead_stretch_km", "longest_km", "km", "Longest dead stretch for charging", "最长充电空白路段")
            .of(|r: &FigureRow<'_>| Value::km(r.figures.longest_stretch_mm))])
        .with(count_fields())
        .with(last_fields())
        .with(if demand { demand_fields() } else { Vec::new() })
}

/// Its rows, the headline distance and all stations first.
pub fn rows(e: &Evidence) -> impl Iterator<Item = FigureRow<'_>> {
    let sets = e.distances_mm.iter().flat_map(|mm| e.stations.iter().map(move |s| (*mm, *s)));
    sets.zip(&e.figures).flat_map(|((distance_mm, stations), list)| {
        list.iter().map(move |figures| FigureRow { distance_mm, stations, figures, counts: counts(figures) })
    })
}

fn key_fields<'a>() -> Vec<Field<'a, FigureRow<'a>>> {
    vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &FigureRow<'_>| Value::Text(r.figures.code.clone())),
        real("service_distance_km", "dist_km", "km", "Service distance; the first is the headline", "服务距离（首个为主距离）")
            .of(|r: &FigureRow<'_>| Value::km(r.distance_mm.into())),
        text(
            "stations",
            "stations",
            "all, or trusted: without those that may not exist",
            "站点范围：all 全部，trusted 剔除存疑站点",
        )
        .of(|r: &FigureRow<'_>| Value::Word(r.stations.as_str())),
    ]
}

/// A length by road class.
fn length_fields<'a>(
    (what, short): (&'static str, &'static str),
    (en, zh): (&'static str, &'static str),
    of: fn(&CountyFigures) -> &[u64; RoadClass::ALL.len()],
) -> impl Iterator<Item = Field<'a, FigureRow<'a>>> {
    RoadClass::ALL.iter().enumerate().map(move |(i, class)| {
        let c = class.as_str();
        let (name, alias) = (format!("{what}_km_{c}"), format!("{short}_km_{i}"));
        real(&name, &alias, "km", format!("{en}, {c}"), format!("{zh}（{c}）"))
            .of(move |r: &FigureRow<'_>| Value::km(of(r.figures)[i]))
    })
}

fn count_fields<'a>() -> impl Iterator<Item = Field<'a, FigureRow<'a>>> {
    COUNTS.iter().enumerate().map(|(i, (name, alias, en, zh))| {
        integer(name, alias, "count", *en, *zh).of(move |r: &FigureRow<'_>| Value::Integer(r.counts[i] as i64))
    })
}

fn last_fields<'a>() -> [Field<'a, FigureRow<'a>>; 2] {
    [
        real("power_kw", "power_kw", "kW", "Rated power of stations used, where known", "额定功率（已知部分）")
            .of(|r: &FigureRow<'_>| Value::Exact(r.figures.power_kw)),
        integer("residents", "residents", "people", "People of the county by the joined table", "属性表人口")
            .or_null("no table, or the county is not in it")
            .of(|r: &FigureRow<'_>| Value::opt(r.figures.residents, |n| Value::Integer(n as i64))),
    ]
}

/// Figures of demand that are no whole numbers, in the order of the file.
pub const OF_DEMAND: [&str; 6] =
    ["plug_vehicles", "short_kw", "short_kw_holiday", "access_kw_all", "peak_sessions_h", "peak_wait_all_min"];
/// Those that are: townships, and those without charging.
pub const OF_TOWNSHIPS: [&str; 2] = ["townships", "townships_without"];

fn demand_fields<'a>() -> Vec<Field<'a, FigureRow<'a>>> {
    const NONE: &str = "what the county asks for is not known";
    let number = |k: usize, alias: &str, unit: &'static str, [en, zh]: [&str; 2], get: fn(&DemandFigures) -> f64| {
        real(OF_DEMAND[k], alias, unit, en, zh)
            .or_null(NONE)
            .of(move |r: &FigureRow<'_>| Value::opt(r.figures.demand.as_ref().filter(|d| !d.filled), |d| Value::Exact(get(d))))
    };
    let count = |k: usize, alias: &str, [en, zh]: [&str; 2], get: fn(&DemandFigures) -> u64| {
        integer(OF_TOWNSHIPS[k], alias, "count", en, zh)
            .or_null(NONE)
            .of(move |r: &FigureRow<'_>| Value::opt(r.figures.demand.as_ref(), |d| Value::Integer(get(d) as i64)))
    };
    vec![
        number(0, "plug_veh", "vehicles", ["Electric vehicles that charge by plug", "插电充电的电动汽车数"], |d| {
            d.vehicles
        }),
        number(
            1,
            "short_kw",
            "kW",
            ["Power short in the worst hour of an ordinary day", "平日最忙小时功率缺口"],
            |d| d.short_kw[0],
        ),
        number(
            2,
            "short_h_kw",
            "kW",
            ["Power short in the worst hour of the holiday peak", "节假日高峰功率缺口"],
            |d| d.short_kw[1],
        ),
        number(
            3,
            "access_kw",
            "kW",
            ["Delivered power that its vehicles have by floating catchments, all together", "全部车辆可用送出功率合计"],
            |d| d.access_kw,
        ),
        number(
            4,
            "peak_sess",
            "sessions/h",
            ["Sessions that are served in the worst hour of the holiday peak", "节假日高峰最忙小时服务次数"],
            |d| d.peak_sessions_h,
        ),
        number(5, "peak_wait", "min", ["Their waits at guns, all together", "其排队时间合计"], |d| d.peak_wait_min),
        count(0, "towns", ["Townships: settlements as given", "乡镇（居民点）数"], |d| d.townships),
        count(1, "towns_no", ["Of them, those without a charging station in them", "其中无充电站者"], |d| {
            d.townships_without
        }),
    ]
}
