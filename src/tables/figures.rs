//! `figures.csv` and `county_columns.csv`: what the ranking is made from, complete, so that `rank` needs no roads. Lengths are
//! exact to the millimetre, other numbers to the bit; [`crate::finished`] reads them back.

use crate::config::RoadClass;
use crate::files::schema::{Column, Kind, Value};
use crate::rank::{CountyFigures, Evidence};
use std::collections::BTreeSet;

/// File with the figures.
pub const FIGURES: &str = "figures.csv";
/// File with the user's columns.
pub const COUNTY_COLUMNS: &str = "county_columns.csv";

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

/// Columns of `figures.csv`: a row a service distance, station set and county, the headline distance first.
pub fn figure_columns() -> Vec<Column> {
    use Kind::{Integer, Real, Text};
    let mut columns = vec![
        Column::new("county_code", "county", Text, "", "County code as text", "县代码（文本）"),
        Column::new(
            "service_distance_km",
            "dist_km",
            Real,
            "km",
            "Service distance; the first is the headline",
            "服务距离（首个为主距离）",
        ),
        Column::new(
            "stations",
            "stations",
            Text,
            "",
            "all, or trusted: without those that may not exist",
            "站点范围：all 全部，trusted 剔除存疑站点",
        ),
    ];
    for (what, short, en, zh) in
        [("road", "rd", "Road length", "道路长度"), ("gap", "gp", "Gap length for charging", "充电缺口长度")]
    {
        columns.extend(RoadClass::ALL.iter().enumerate().map(|(i, c)| {
            let c = c.as_str();
            Column::new(
                &format!("{what}_km_{c}"),
                &format!("{short}_km_{i}"),
                Real,
                "km",
                format!("{en}, {c}"),
                format!("{zh}（{c}）"),
            )
        }));
    }
    columns.push(Column::new(
        "longest_dead_stretch_km",
        "longest_km",
        Real,
        "km",
        "Longest dead stretch for charging",
        "最长充电空白路段",
    ));
    let count = |(name, alias, en, zh): &(&str, &str, &str, &str)| Column::new(name, alias, Integer, "count", *en, *zh);
    columns.extend(COUNTS.iter().map(count));
    columns.push(Column::new(
        "power_kw",
        "power_kw",
        Real,
        "kW",
        "Rated power of stations used, where known",
        "额定功率（已知部分）",
    ));
    columns.push(
        Column::new("residents", "residents", Integer, "people", "People of the county by the joined table", "属性表人口")
            .or_null("no table, or the county is not in it"),
    );
    columns
}

/// Rows of `figures.csv`.
pub fn figure_rows(e: &Evidence) -> impl Iterator<Item = Vec<Value>> + '_ {
    let sets = e.distances_mm.iter().flat_map(|mm| e.stations.iter().map(move |s| (*mm, *s)));
    sets.zip(&e.figures).flat_map(|((mm, set), list)| {
        list.iter().map(move |f| {
            let mut row = vec![Value::Text(f.code.clone()), Value::km(mm.into()), Value::Word(set.as_str())];
            row.extend(f.road_mm.iter().chain(&f.gap_mm).map(|mm| Value::km(*mm)));
            row.push(Value::km(f.longest_stretch_mm));
            row.extend(counts(f).map(|n| Value::Integer(n as i64)));
            row.push(Value::Exact(f.power_kw));
            row.push(Value::opt(f.residents, |n| Value::Integer(n as i64)));
            row
        })
    })
}

/// Columns of `county_columns.csv`: a row a county and column of the user's that `[rank]` names.
pub fn user_columns() -> Vec<Column> {
    use Kind::{Real, Text};
    vec![
        Column::new("county_code", "county", Text, "", "County code as text", "县代码（文本）"),
        Column::new("column", "column", Text, "", "Header in the county table", "属性表字段"),
        Column::new("value", "value", Real, "", "Its value, with all its digits", "数值（全部位数）").or_null("not known"),
    ]
}

/// Rows of `county_columns.csv`; `asked` names columns that are listed even where no county has a value.
pub fn user_rows<'e>(e: &'e Evidence, asked: &BTreeSet<&str>) -> impl Iterator<Item = Vec<Value>> + 'e {
    let known = e.units.iter().flat_map(|u| u.columns.keys().map(String::as_str));
    let names: BTreeSet<String> = asked.iter().copied().chain(known).map(str::to_owned).collect();
    e.units.iter().flat_map(move |u| {
        let row = |name: &String| {
            let value = Value::opt(u.columns.get(name).copied(), Value::Exact);
            vec![Value::Text(u.code.clone()), Value::Text(name.clone()), value]
        };
        names.iter().map(row).collect::<Vec<_>>()
    })
}

/// Both tables with their columns; for the dictionary.
pub fn files() -> [(&'static str, Vec<Column>); 2] {
    [(FIGURES, figure_columns()), (COUNTY_COLUMNS, user_columns())]
}
