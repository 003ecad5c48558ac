//! `equity.csv`: how evenly the way to the nearest charging station is shared among people, in all and by county.

use crate::config::Serving;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, Table, integer, real, text};
use crate::rank::equity::{ReachRow, Theil};
use crate::results::Results;

/// Its file.
pub const FILE: &str = "equity.csv";

const NOBODY: &str = "no settlement with people has a way to a charging station";

/// A row: `all`, or a county.
#[derive(Clone, Copy, Debug)]
pub struct EquityRow<'a> {
    /// Code of the county, or `all`.
    pub code: &'a str,
    /// Name of the county, or of the region.
    pub name: &'a str,
    /// Its people and their ways.
    pub reach: &'a ReachRow,
    /// Parts of Theil's T; of `all` only.
    pub theil: Option<Theil>,
}

/// The table; in a `bounded` one, of a round, who lives farther than the longest service distance counts as without a way.
pub fn table<'a>(serving: &Serving, bounded: bool) -> Table<'a, EquityRow<'a>> {
    let code = text("county_code", "county", "County code as text; `all` is the whole region", "县代码（文本），all 为全部");
    Table::new(vec![
        code.of(|r: &EquityRow<'_>| Value::Text(r.code.to_owned())),
        text("name", "name", "Name", "名称").or_null("not known").of(|r: &EquityRow<'_>| Value::text_or_null(r.name)),
    ])
    .with(people_fields(bounded))
    .with(evenness_fields())
    .with(beyond_fields(&serving.headline_criterion().label()))
    .with([super::ledger::total("the counties").of(|r: &EquityRow<'_>| Value::Boolean(r.code == "all"))])
    .rule("beyond_share, beyond_gap and beyond_gap_squared fall, from 1 to 0", |row, _| {
        let [share, gap, squared] = ["beyond_share", "beyond_gap", "beyond_gap_squared"].map(|c| row.number(c));
        let [share, gap, squared] = [share?, gap?, squared?].map(Option::unwrap_or_default);
        Ok(1.0 >= share && share >= gap && gap >= squared && squared >= 0.0)
    })
    .rule("theil_between and theil_within of `all` add up to theil", |row, _| {
        let [all, between, within] = ["theil", "theil_between", "theil_within"].map(|c| row.number(c));
        let [all, between, within] = [all?, between?, within?].map(Option::unwrap_or_default);
        // three numbers of six decimals
        Ok(row.text("county_code")? != "all" || (between + within - all).abs() <= 5e-6)
    })
}

fn people_fields<'a>(bounded: bool) -> [Field<'a, EquityRow<'a>>; 5] {
    let of = |column: Column, get: fn(&ReachRow) -> u64| column.of(move |r: &EquityRow<'_>| Value::Integer(get(r.reach) as i64));
    let [counted, counted_zh] = match bounded {
        false => ["People in settlements with a way to a charging station", "有路可达充电站的人口"],
        true => ["People in settlements within the longest service distance of a charging station", "最长服务距离内的人口"],
    };
    let [no_way, no_way_zh] = match bounded {
        false => [
            "People on a road that leads to no charging station; counted among those beyond the distance only",
            "路网不通任何充电站的人口（仅计入超出距离者）",
        ],
        true => [
            "People on a road that leads to none so near; counted among those beyond the distance only",
            "最长服务距离内无充电站的人口（仅计入超出距离者）",
        ],
    };
    let left_out = "People in settlements without a road near; left out";
    let unknown = "Settlements of unknown population; they are left out";
    [
        of(
            integer("settlements_counted", "settle", "count", "Settlements whose people are counted", "计入的居民点数"),
            |r| r.settlements,
        ),
        of(integer("settlements_unknown", "unknown", "count", unknown, "人口未知的居民点数（不计入）"), |r| {
            r.settlements_unknown
        }),
        of(integer("people_counted", "people", "people", counted, counted_zh), |r| r.people),
        of(integer("people_no_way", "no_way", "people", no_way, no_way_zh), |r| r.people_no_way),
        of(integer("people_left_out", "left_out", "people", left_out, "附近无道路的人口（不计入）"), |r| {
            r.people_left_out
        }),
    ]
}

fn evenness_fields<'a>() -> [Field<'a, EquityRow<'a>>; 5] {
    let of = |column: Column, get: fn(&EquityRow<'_>) -> Option<f64>| {
        column.of(move |r: &EquityRow<'_>| Value::opt(get(r), Value::Real))
    };
    let part = "given for `all` only, or no settlement with people has a way";
    let mean = "Mean distance by road to the nearest charging station, of people counted";
    let gini = "Gini coefficient of that distance over people: 0 = the same for all";
    let theil = "Theil's T of that distance over people";
    let between = "The part of theil that lies between counties";
    let within = "The part of theil that lies within counties";
    [
        of(real("mean_distance_km", "mean_km", "km", mean, "到最近充电站的人均路网距离").or_null(NOBODY), |r| {
            r.reach.mean_mm.map(|mm| mm / 1e6)
        }),
        of(real("gini", "gini", "", gini, "距离的基尼系数（0 为完全均等）").or_null(NOBODY), |r| r.reach.gini),
        of(real("theil", "theil", "", theil, "距离的泰尔指数").or_null(NOBODY), |r| r.reach.theil),
        of(real("theil_between", "th_between", "", between, "泰尔指数：县间部分").or_null(part), |r| {
            r.theil.map(|t| t.between)
        }),
        of(real("theil_within", "th_within", "", within, "泰尔指数：县内部分").or_null(part), |r| {
            r.theil.map(|t| t.within)
        }),
    ]
}

fn beyond_fields<'a>(label: &str) -> [Field<'a, EquityRow<'a>>; 3] {
    let of = |name: &str, alias: &str, order: usize, en: String, zh: String| {
        let column = real(name, alias, "share 0-1", en, zh).or_null("no settlement with people has a road near");
        column.of(move |r: &EquityRow<'_>| Value::opt(r.reach.beyond[order], Value::Real))
    };
    let share = format!("Share of people (counted and without a way) beyond {label} by road; poverty of order 0");
    let gap = format!(
        "Mean over the same people of the part of their way that lies beyond {label}: (d - limit) / d, 1 without a way, 0 within"
    );
    let squared = "The same squared, which gives those who are worst off more weight; poverty of order 2".to_owned();
    [
        of("beyond_share", "beyond", 0, share, format!("距离超过 {label} 的人口比例（含无路可达者）")),
        of("beyond_gap", "beyond_gap", 1, gap, format!("路程中超出 {label} 部分所占比例的人均值")),
        of("beyond_gap_squared", "beyond_sq", 2, squared, "上述比例平方的人均值".to_owned()),
    ]
}

/// Its rows: all, then counties by code.
pub fn rows(r: &Results) -> impl Iterator<Item = EquityRow<'_>> {
    let all = EquityRow { code: "all", name: &r.region.name, reach: &r.equity.all, theil: r.equity.theil };
    let counties = r.equity.counties.iter().zip(&r.members);
    std::iter::once(all).chain(counties.map(|(reach, m)| EquityRow {
        code: &m.county.code,
        name: &m.county.name,
        reach,
        theil: None,
    }))
}
