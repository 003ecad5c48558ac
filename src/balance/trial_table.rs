//! `trial.csv`: what one more charging station would give in the largest gap of each county, a row a county.

use super::tables::Of;
use super::trial::{CountyTrial, TrialDay};
use crate::config::demand::Day;
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, boolean, integer, real, text};

/// A row a county.
pub const TRIALS: &str = "trial.csv";

/// A county with the station that was tried in it.
pub type TrialRow<'a> = (Of<'a>, &'a CountyTrial);

/// What rounding to six decimals may do to a sum.
const ROUNDED: f64 = 1e-5;

/// The table of tried stations.
pub fn trials<'a>() -> Table<'a, TrialRow<'a>> {
    Table::new(place_fields().into())
        .with(day_fields(Day::Ordinary, ""))
        .with(day_fields(Day::Holiday, "_holiday"))
        .rule("it delivers no more than its rated power gives in a day", |row, _| {
            holds(row, |suffix| [format!("delivered_kwh{suffix}"), "possible_kwh".to_owned()])
        })
        .rule("what was not served before is part of what it delivers", |row, _| {
            holds(row, |suffix| [format!("new_kwh{suffix}"), format!("delivered_kwh{suffix}")])
        })
}

/// Whether, on both days, the first of two columns is not above the second.
fn holds(row: &CsvRow<'_>, of: impl Fn(&str) -> [String; 2]) -> Result<bool> {
    for suffix in ["", "_holiday"] {
        let [less, more] = of(suffix);
        if row.number(&less)?.unwrap_or(0.0) > row.number(&more)?.unwrap_or(0.0) * (1.0 + 1e-6) + ROUNDED {
            return Ok(false);
        }
    }
    Ok(true)
}

fn place_fields<'a>() -> [Field<'a, TrialRow<'a>>; 11] {
    let place = "dead_stretch: next to the middle of the longest dead stretch; settlement: next to the one with the most kW short of those \
                 without a charger within reach, of equals the first in the order of need; of the two the one with more new_kwh, then with more \
                 delivered_kwh, then the dead stretch";
    [
        text("county_code", "county", "County code as text", "县代码（文本）").of(|r: &TrialRow<'_>| Value::Text(r.0.0.to_owned())),
        text("name", "name", "Name", "名称").or_null("not known").of(|r: &TrialRow<'_>| Value::text_or_null(r.0.1)),
        text("place", "place", place, "试建位置：dead_stretch 最长空白路段中点旁，settlement 服务距离内无充电站者中缺口功率最大的居民点旁（相同者取需求次序在前者）；取 new_kwh 较多者，其次 delivered_kwh 较多者，再次空白路段")
            .of(|r: &TrialRow<'_>| Value::Word(r.1.place.as_str())),
        boolean("nothing_short", "no_short", "No settlement of the county is known to be short of power, on the ordinary day or the holiday: the dead stretch was taken", "县内无已知功率缺口（平日与节假日），故取空白路段")
            .of(|r: &TrialRow<'_>| Value::Boolean(r.1.nothing_short)),
        text("place_name", "place_name", "Name of the road or of the settlement", "道路或居民点名称")
            .or_null("not known")
            .of(|r: &TrialRow<'_>| Value::text_or_null(&r.1.names[0])),
        text("place_name_zh", "place_zh", "Chinese name of the settlement", "居民点中文名")
            .or_null("not known")
            .of(|r: &TrialRow<'_>| Value::text_or_null(&r.1.names[1])),
        real("lon", "lon", "degree", "Longitude of the road node that it was tried on", "试建节点经度")
            .of(|r: &TrialRow<'_>| Value::Exact(r.1.at.lon())),
        real("lat", "lat", "degree", "Latitude of it", "试建节点纬度").of(|r: &TrialRow<'_>| Value::Exact(r.1.at.lat())),
        integer("guns", "guns", "count", "Guns (demand.trial.guns)", "充电枪数")
            .of(|r: &TrialRow<'_>| Value::Integer(r.1.guns.into())),
        real("rated_kw", "rated_kw", "kW", "Rated power", "额定功率").of(|r: &TrialRow<'_>| Value::Real(r.1.rated_kw)),
        real(
            "possible_kwh",
            "possib_kwh",
            "kWh/day",
            "Rated power × 24 h: what its utilisation is counted against",
            "额定功率×24小时（功率利用率的分母）",
        )
        .of(|r: &TrialRow<'_>| Value::Real(r.1.rated_kw * 24.0)),
    ]
}

fn day_fields<'a>(day: Day, suffix: &'static str) -> Vec<Field<'a, TrialRow<'a>>> {
    let [en, zh] = match day {
        Day::Holiday => ["; on the holiday peak", "（节假日高峰）"],
        _ => ["; on an ordinary day", "（平日）"],
    };
    let alias = if suffix.is_empty() { "" } else { "_h" };
    let column = move |name: &str, short: &str, unit: &'static str, words: [&str; 2], get: fn(&TrialDay) -> Option<f64>| {
        real(
            &format!("{name}{suffix}"),
            &format!("{short}{alias}"),
            unit,
            format!("{}{en}", words[0]),
            format!("{}{zh}", words[1]),
        )
        .or_null("nobody comes, or nobody knows what the county asks for")
        .of(move |r: &TrialRow<'_>| Value::opt(r.1.on(day).and_then(get), Value::Real))
    };
    vec![
        column(
            "delivered_kwh",
            "deliv",
            "kWh/day",
            ["Energy that it delivers in user equilibrium", "均衡状态下送出电量"],
            |d| d.told(d.kwh),
        ),
        column(
            "new_kwh",
            "new",
            "kWh/day",
            [
                "Of it, what nobody in the region was served before; the rest comes from other stations",
                "其中此前未被满足的电量，其余来自其他站点",
            ],
            |d| d.told(d.new_kwh),
        ),
        column("sessions", "sess", "sessions/day", ["Sessions", "充电次数"], |d| d.told(d.sessions)),
        column(
            "power_utilisation",
            "util",
            "share 0-1",
            ["Energy delivered ÷ possible_kwh", "功率利用率＝送出电量÷possible_kwh"],
            |d| d.told(d.utilisation),
        ),
        column("wait_min", "wait", "min", ["Mean wait at its guns in the worst hour", "最忙小时平均排队时间"], |d| {
            d.wait_min
        }),
        column(
            "short_before_kw",
            "short0",
            "kW",
            ["Power short in the county in the worst hour without it", "试建前全县最忙小时功率缺口"],
            |d| d.short_kw.map(|kw| kw[0]),
        ),
        column(
            "short_after_kw",
            "short1",
            "kW",
            [
                "The same with it; places that share full stations are served the same share as far as these have room",
                "试建后全县功率缺口；共用满载站点者按同一比例满足",
            ],
            |d| d.short_kw.map(|kw| kw[1]),
        ),
        column(
            "region_less_kw",
            "less",
            "kW",
            ["By how much less is short in the whole region", "全区功率缺口的减少量"],
            |d| Some(d.less_kw),
        ),
    ]
}
