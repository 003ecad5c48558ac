//! `equity.csv` and `lorenz.csv`: how evenly the way to the nearest charging station is shared among people.

use crate::config::Criteria;
use crate::files::schema::{Column, Kind, Value};
use crate::rank::equity::{ReachRow, Theil};
use crate::results::Outcome;

const NOBODY: &str = "no settlement with people has a way to a charging station";

/// Columns of `equity.csv`: a row for `all`, and one a county.
pub fn columns(criteria: &Criteria) -> Vec<Column> {
    use Kind::Text;
    let mut columns = vec![
        Column::new("code", "code", Text, "", "County code as text; `all` is the whole region", "县代码（文本），all 为全部"),
        Column::new("name", "name", Text, "", "Name", "名称").or_null("not known"),
    ];
    columns.extend(people_columns());
    columns.extend(evenness_columns());
    columns.extend(beyond_columns(&criteria.headline_criterion().label()));
    columns
}

fn people_columns() -> [Column; 5] {
    let whole = |name, alias, unit, en: &str, zh: &str| Column::new(name, alias, Kind::Integer, unit, en, zh);
    [
        whole("settlements_counted", "settle", "count", "Settlements whose people are counted", "计入的居民点数"),
        whole(
            "settlements_unknown",
            "unknown",
            "count",
            "Settlements of unknown population; they are left out",
            "人口未知的居民点数（不计入）",
        ),
        whole(
            "people_counted",
            "people",
            "people",
            "People in settlements with a way to a charging station",
            "有路可达充电站的人口",
        ),
        whole(
            "people_no_way",
            "no_way",
            "people",
            "People on a road that leads to no charging station; only in the beyond_ columns",
            "路网不通任何充电站的人口（仅计入 beyond_ 各列）",
        ),
        whole(
            "people_left_out",
            "left_out",
            "people",
            "People in settlements without a road near; left out",
            "附近无道路的人口（不计入）",
        ),
    ]
}

fn evenness_columns() -> [Column; 5] {
    let real = |name, alias, unit, en: &str, zh: &str| Column::new(name, alias, Kind::Real, unit, en, zh).or_null(NOBODY);
    let part = |name, alias, en: &str, zh: &str| {
        Column::new(name, alias, Kind::Real, "", en, zh).or_null("given for `all` only, or no settlement with people has a way")
    };
    [
        real(
            "mean_distance_km",
            "mean_km",
            "km",
            "Mean distance by road to the nearest charging station, of people counted",
            "到最近充电站的人均路网距离",
        ),
        real(
            "gini",
            "gini",
            "",
            "Gini coefficient of that distance over people: 0 = the same for all",
            "距离的基尼系数（0 为完全均等）",
        ),
        real("theil", "theil", "", "Theil's T of that distance over people", "距离的泰尔指数"),
        part("theil_between", "th_between", "The part of theil that lies between counties", "泰尔指数：县间部分"),
        part("theil_within", "th_within", "The part of theil that lies within counties", "泰尔指数：县内部分"),
    ]
}

fn beyond_columns(label: &str) -> [Column; 3] {
    let real = |name, alias, en: String, zh: String| {
        Column::new(name, alias, Kind::Real, "share 0-1", en, zh).or_null("no settlement with people has a road near")
    };
    [
        real(
            "beyond_share",
            "beyond",
            format!("Share of people (counted and without a way) beyond {label} by road; poverty of order 0"),
            format!("距离超过 {label} 的人口比例（含无路可达者）"),
        ),
        real(
            "beyond_gap",
            "beyond_gap",
            format!(
                "Mean over the same people of the part of their way that lies beyond {label}: (d - limit) / d, 1 without a way, 0 within"
            ),
            format!("路程中超出 {label} 部分所占比例的人均值"),
        ),
        real(
            "beyond_gap_squared",
            "beyond_sq",
            "The same squared, which gives those who are worst off more weight; poverty of order 2".to_owned(),
            "上述比例平方的人均值".to_owned(),
        ),
    ]
}

/// Rows of `equity.csv`: all, then counties by code.
pub fn rows(o: &Outcome) -> impl Iterator<Item = Vec<Value>> + '_ {
    let all = row("all", &o.region.name, &o.equity.all, o.equity.theil);
    let counties = o.equity.counties.iter().zip(&o.counties);
    std::iter::once(all).chain(counties.map(|(r, c)| row(&c.code, &c.name, r, None)))
}

fn row(code: &str, name: &str, r: &ReachRow, theil: Option<Theil>) -> Vec<Value> {
    let whole = |n: u64| Value::Integer(n as i64);
    let real = |v: Option<f64>| Value::opt(v, Value::Real);
    let [beyond, gap, squared] = r.beyond.map(real);
    vec![
        Value::Text(code.to_owned()),
        Value::text_or_null(name),
        whole(r.settlements),
        whole(r.settlements_unknown),
        whole(r.people),
        whole(r.people_no_way),
        whole(r.people_left_out),
        real(r.mean_mm.map(|mm| mm / 1e6)),
        real(r.gini),
        real(r.theil),
        real(theil.map(|t| t.between)),
        real(theil.map(|t| t.within)),
        beyond,
        gap,
        squared,
    ]
}

/// Columns of `lorenz.csv`: points of the curve of the whole region, at most 101; none without people.
pub fn lorenz_columns() -> Vec<Column> {
    let (en, zh) = ("Share of the people counted, those with the shortest way first", "人口累计比例（距离由近到远）");
    vec![
        Column::new("people_share", "people", Kind::Real, "share 0-1", en, zh),
        Column::new(
            "distance_share",
            "distance",
            Kind::Real,
            "share 0-1",
            "Their share of the sum of all ways",
            "其路程占总路程的累计比例",
        ),
    ]
}

/// Rows of `lorenz.csv`.
pub fn lorenz_rows(o: &Outcome) -> impl Iterator<Item = Vec<Value>> + '_ {
    o.equity.lorenz.iter().map(|[x, y]| vec![Value::Real(*x), Value::Real(*y)])
}
