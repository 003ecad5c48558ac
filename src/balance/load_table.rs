//! `station_loads.csv`: a row a station and day.

use super::loads::StationDay;
use super::tables::{ROUNDED, amount};
use super::{StationBalance, swap_fields};
use crate::config::demand::Day;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, boolean, integer, real, text};
use crate::space::LonLat;
use crate::supply::GunSupply;

/// Its file.
pub const LOADS: &str = "station_loads.csv";

/// A station on a day.
#[derive(Clone, Copy, Debug)]
pub struct LoadRow<'a> {
    /// Code of its county; none outside every county.
    pub code: Option<&'a str>,
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Where it stands.
    pub at: LonLat,
    /// What it can give, and what it is asked for over all days.
    pub load: &'a StationBalance,
    /// What it is asked for.
    pub day: &'a StationDay,
}

/// What a station is, whatever the day.
pub fn load_station_fields<'a>() -> Vec<Field<'a, LoadRow<'a>>> {
    load_names().into_iter().chain(gun_fields()).chain(swap_fields::of_station()).collect()
}

/// What it is asked for on a day.
pub fn load_day_fields<'a>() -> Vec<Field<'a, LoadRow<'a>>> {
    given_fields().into_iter().chain(swap_fields::of_station_day()).collect()
}

/// The table of loads.
pub fn loads<'a>() -> Table<'a, LoadRow<'a>> {
    Table::new(load_names().into())
        .with([text("day", "day", "ordinary, holiday or target", "日期类型")
            .words(Day::ALL.map(Day::as_str))
            .of(|l: &LoadRow<'_>| Value::Word(l.day.day.as_str()))])
        .with(gun_fields())
        .with(given_fields())
        .with(swap_fields::of_station())
        .with(swap_fields::of_station_day())
        .rule("no more power is usable than is rated", |row, _| {
            Ok(amount(row, "usable_kw")? <= amount(row, "rated_kw")? + ROUNDED)
        })
        .rule("no more is delivered than the power gives in a day", |row, _| {
            Ok(amount(row, "delivered_kwh")? <= amount(row, "usable_kw")? * 24.0 * (1.0 + 1e-6) + ROUNDED)
        })
        .rule("no more swaps are turned away than come", |row, _| {
            Ok(amount(row, "swaps_turned_away")? <= amount(row, "swaps_day")? + ROUNDED)
        })
        .rule("no more swaps are made than chargers and bays give in a day", |row, _| {
            let made = amount(row, "swaps_day")? - amount(row, "swaps_turned_away")?;
            Ok(made <= amount(row, "swaps_kept_up_h")? * 24.0 * (1.0 + 1e-6) + ROUNDED)
        })
}

fn load_names<'a>() -> [Field<'a, LoadRow<'a>>; 3] {
    [
        text("county_code", "county", "County code", "县代码")
            .or_null("outside every county")
            .of(|l: &LoadRow<'_>| Value::opt(l.code, |c| Value::Text(c.to_owned()))),
        text("station_id", "id", "Id of the station", "站点编号").of(|l: &LoadRow<'_>| Value::Text(l.id.to_owned())),
        text("station", "station", "Name of the station", "站点名称")
            .or_null("not known")
            .of(|l: &LoadRow<'_>| Value::text_or_null(l.name)),
    ]
}

/// What is said where a station has no guns.
const NO_GUNS: &str = "it has no guns of known or assumed power";

fn guns(l: &LoadRow<'_>, of: impl Fn(&GunSupply) -> Value) -> Value {
    Value::opt(l.load.guns.as_ref(), of)
}

fn gun_fields<'a>() -> [Field<'a, LoadRow<'a>>; 6] {
    [
        integer("guns", "guns", "count", "Guns", "充电枪数")
            .or_null(NO_GUNS)
            .of(|l: &LoadRow<'_>| guns(l, |g| Value::Integer(g.guns.into()))),
        integer("servers", "servers", "count", "Guns that can give their full power at once", "可同时满功率的枪数")
            .or_null(NO_GUNS)
            .of(|l: &LoadRow<'_>| guns(l, |g| Value::Integer(g.servers.into()))),
        real("rated_kw", "rated_kw", "kW", "Rated power", "额定功率")
            .or_null(NO_GUNS)
            .of(|l: &LoadRow<'_>| guns(l, |g| Value::Real(g.rated_kw))),
        real("usable_kw", "usable_kw", "kW", "Power that can be drawn at once", "可同时使用功率")
            .or_null(NO_GUNS)
            .of(|l: &LoadRow<'_>| guns(l, |g| Value::Real(g.usable_kw))),
        text("bound", "bound", "What bounds it: guns, station or headroom", "受限于：枪、站或配网容量")
            .or_null(NO_GUNS)
            .of(|l: &LoadRow<'_>| guns(l, |g| Value::Word(g.bound.as_str()))),
        boolean("assumed", "assumed", "Guns or power are assumed and not read", "枪数或功率是否为假定")
            .or_null(NO_GUNS)
            .of(|l: &LoadRow<'_>| guns(l, |g| Value::Boolean(g.assumed))),
    ]
}

fn given_fields<'a>() -> [Field<'a, LoadRow<'a>>; 5] {
    [
        real("delivered_kwh", "deliv_kwh", "kWh/day", "Energy delivered in user equilibrium", "均衡状态下送出电量")
            .or_null(NO_GUNS)
            .of(|l: &LoadRow<'_>| guns(l, |_| Value::Real(l.day.kwh))),
        real(
            "power_utilisation",
            "power_util",
            "share 0-1",
            "Energy delivered ÷ (rated power × 24 h)",
            "功率利用率＝送出电量÷（额定功率×24小时）",
        )
        .or_null(NO_GUNS)
        .of(|l: &LoadRow<'_>| guns(l, |_| Value::Real(l.day.power_utilisation))),
        real("worst_sessions_h", "sessions_h", "sessions/h", "Sessions in the worst hour", "最忙小时充电次数")
            .or_null(NO_GUNS)
            .of(|l: &LoadRow<'_>| guns(l, |_| Value::Real(l.day.sessions_h))),
        real(
            "worst_occupancy",
            "occupancy",
            "share 0-1",
            "Sessions in the worst hour over what its guns can take for long",
            "最忙小时占用率",
        )
        .or_null(NO_GUNS)
        .of(|l: &LoadRow<'_>| guns(l, |_| Value::Real(l.day.occupancy))),
        real("worst_wait_min", "wait_min", "min", "Mean wait at a gun in the worst hour", "最忙小时平均排队时间")
            .or_null("nobody comes, or it has no guns")
            .of(|l: &LoadRow<'_>| Value::opt(l.day.wait_min, Value::Real)),
    ]
}
