//! `balance.csv` (a row a county and day), `supply.csv` (a row a county), `townships.csv` (a row a
//! settlement, in order of need) and `assumptions.csv` (every figure that demand and supply rest on, with its source).

use super::county::{CountyDay, CountySupply};
use super::{CountyBalance, Town, swap_fields};
use crate::config::demand::{Basis, Day, Figure};
use crate::config::vehicle_class::VehicleClass;
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::messages::chinese;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, boolean, integer, real, text};
use crate::space::LonLat;

/// A row a county and day.
pub const COUNTIES: &str = "balance.csv";
/// A row a county.
pub const SUPPLY: &str = "supply.csv";
/// A row a settlement.
pub const TOWNS: &str = "townships.csv";
/// A row a figure.
pub const FIGURES: &str = "assumptions.csv";

/// Code and name of a county.
pub type Of<'a> = (&'a str, &'a str);
/// A county on a day.
pub type DayRow<'a> = (Of<'a>, &'a CountyBalance, &'a CountyDay);
/// What stands in a county.
pub type SupplyRow<'a> = (Of<'a>, &'a CountyBalance);

/// A settlement.
#[derive(Clone, Copy, Debug)]
pub struct TownRow<'a> {
    /// Code of its county.
    pub code: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its Chinese name.
    pub name_zh: &'a str,
    /// Its people.
    pub people: Option<u64>,
    /// Where it lies.
    pub at: LonLat,
    /// Ids of its nearest charging and swap station.
    pub stations: [Option<&'a str>; 2],
    /// What it has.
    pub town: &'a Town,
}

/// What is said where nobody knows what is asked for.
pub(super) const UNKNOWN: &str = "nobody knows what is asked for";

/// A figure of what a county asks for on a day; none where that is not known.
pub(super) fn known(r: &DayRow<'_>, value: f64) -> Value {
    Value::opt(r.1.is_known().then_some(value), Value::Real)
}

/// A figure of the vehicles of a county; none where they are not known.
fn known_supply(r: &SupplyRow<'_>, value: f64) -> Value {
    Value::opt(r.1.has_known_vehicles().then_some(value), Value::Real)
}

fn code<'a, R: 'a>(of: fn(&R) -> Of<'_>) -> [Field<'a, R>; 2] {
    [
        text("county_code", "county", "County code as text", "县代码（文本）").of(move |r: &R| Value::Text(of(r).0.to_owned())),
        text("name", "name", "Name", "名称").or_null("not known").of(move |r: &R| Value::text_or_null(of(r).1)),
    ]
}

pub(super) fn amount(row: &CsvRow<'_>, column: &str) -> Result<f64> {
    Ok(row.number(column)?.unwrap_or(0.0))
}

/// What rounding to six decimals may do to a sum.
pub(super) const ROUNDED: f64 = 1e-5;

/// The table of counties and days.
pub fn counties<'a>() -> Table<'a, DayRow<'a>> {
    let day = "ordinary, holiday (peak day) or target (an ordinary day of the target year)";
    Table::new(code(|r: &DayRow<'_>| r.0).into())
        .with([text("day", "day", day, "日期类型")
            .words(Day::ALL.map(Day::as_str))
            .of(|r: &DayRow<'_>| Value::Word(r.2.day.as_str()))])
        .with(asked_fields())
        .with(short_fields())
        .with(load_fields())
        .with(swap_fields::of_county())
        .rule("no more is short than is asked for in the worst hour", |row, _| {
            Ok(amount(row, "short_kw")? <= amount(row, "worst_kw")? + ROUNDED)
        })
        .rule("what has no charger within reach is short", |row, _| {
            Ok(amount(row, "no_charger_kw")? <= amount(row, "short_kw")? + ROUNDED)
        })
        .rule("no more stays unserved than is asked for", |row, _| {
            Ok(amount(row, "unserved_kwh")? <= amount(row, "plug_kwh")? * (1.0 + 1e-9) + ROUNDED)
        })
        .rule("through traffic asks for no more than all", |row, _| {
            Ok(amount(row, "through_kwh")? <= (amount(row, "plug_kwh")? + amount(row, "swap_kwh")?) * (1.0 + 1e-9) + ROUNDED)
        })
        .rule("no more energy by swap is without a station than is asked for", |row, _| {
            Ok(amount(row, "swap_none_kwh")? <= amount(row, "swap_kwh")? * (1.0 + 1e-9) + ROUNDED)
        })
        .rule("no more swaps are turned away than are asked of stations", |row, _| {
            Ok(amount(row, "swaps_turned_away")? <= amount(row, "swaps_day")? + ROUNDED)
        })
}

fn asked_fields<'a>() -> [Field<'a, DayRow<'a>>; 7] {
    [
        real(
            "vehicles",
            "vehicles",
            "vehicles",
            "Electric vehicles of all classes; of target those of the target year",
            "电动汽车数（各类合计；目标年为该年车辆数）",
        )
        .or_null(UNKNOWN)
        .of(|r: &DayRow<'_>| known_supply(&(r.0, r.1), r.1.basis.vehicles.iter().sum::<f64>() * r.2.vehicle_factor)),
        integer(
            "townships_unknown",
            "towns_unk",
            "count",
            "Settlements of which neither people nor vehicles are known: they are in no sum of this row",
            "需求未知的居民点数（人口与车辆数均缺；未计入本行各项合计）",
        )
        .of(|r: &DayRow<'_>| Value::Integer(r.1.towns_unknown as i64)),
        real(
            "plug_kwh",
            "plug_kwh",
            "kWh/day",
            "Energy charged in public by plug, as delivered to vehicles",
            "公共充电需求（到车电量）",
        )
        .or_null(UNKNOWN)
        .of(|r: &DayRow<'_>| known(r, r.2.asked.plug_total_kwh())),
        real("swap_kwh", "swap_kwh", "kWh/day", "Energy by swapped batteries", "换电需求")
            .or_null(UNKNOWN)
            .of(|r: &DayRow<'_>| known(r, r.2.asked.swap_total_kwh())),
        real(
            "through_kwh",
            "thru_kwh",
            "kWh/day",
            "Of both, what through traffic on counted roads asks for",
            "其中过境交通（按交通量观测）的需求",
        )
        .or_null(UNKNOWN)
        .of(|r: &DayRow<'_>| known(r, r.2.through_kwh)),
        real("hydrogen_kg", "h2_kg", "kg/day", "Hydrogen", "加氢需求")
            .or_null(UNKNOWN)
            .of(|r: &DayRow<'_>| known(r, r.2.asked.hydrogen_kg)),
        integer(
            "worst_hour",
            "hour",
            "h",
            "Hour of the day (0 to 23) in which most charging begins in the region",
            "全区充电起始最多的小时（0–23）",
        )
        .of(|r: &DayRow<'_>| Value::Integer(r.2.worst_hour.into())),
    ]
}

fn short_fields<'a>() -> [Field<'a, DayRow<'a>>; 4] {
    [
        real(
            "worst_kw",
            "worst_kw",
            "kW",
            "Energy that begins to be charged in the worst hour of the region ÷ 1 h",
            "全区最忙小时充电需求功率",
        )
        .or_null(UNKNOWN)
        .of(|r: &DayRow<'_>| known(r, r.2.worst_kw)),
        real(
            "short_kw",
            "short_kw",
            "kW",
            "Of it, what cannot be served whatever drivers choose",
            "其中无论如何选择都无法满足的功率缺口",
        )
        .or_null(UNKNOWN)
        .of(|r: &DayRow<'_>| known(r, r.2.short_kw)),
        real(
            "no_charger_kw",
            "nochg_kw",
            "kW",
            "Of that, what has no charger of known or assumed power within reach",
            "其中服务距离内无可用充电站的部分",
        )
        .or_null(UNKNOWN)
        .of(|r: &DayRow<'_>| known(r, r.2.no_charger_kw)),
        real(
            "unserved_kwh",
            "unser_kwh",
            "kWh/day",
            "Energy that stays unserved over the day in user equilibrium",
            "均衡状态下全天未满足的电量",
        )
        .or_null(UNKNOWN)
        .of(|r: &DayRow<'_>| known(r, r.2.unserved_kwh)),
    ]
}

fn load_fields<'a>() -> [Field<'a, DayRow<'a>>; 5] {
    let no_power = "no station whose power is known or assumed";
    [
        real(
            "wait_min",
            "wait_min",
            "min",
            "Mean wait at a gun in the worst hour, of those who are served",
            "最忙小时平均排队时间",
        )
        .or_null("nobody is served in the worst hour")
        .of(|r: &DayRow<'_>| Value::opt(r.2.wait_min, Value::Real)),
        real("delivered_kwh", "deliv_kwh", "kWh/day", "Energy that the stations of the county deliver", "县内充电站送出电量")
            .of(|r: &DayRow<'_>| Value::Real(r.2.delivered_kwh)),
        real(
            "power_utilisation",
            "power_util",
            "share 0-1",
            "Energy delivered by the stations of the county ÷ (their rated power × 24 h): all stations, not those of a programme",
            "县内充电站功率利用率＝送出电量÷（额定功率×24小时）；含全部站点，不限于试点新建",
        )
        .or_null(no_power)
        .of(|r: &DayRow<'_>| Value::opt(r.2.utilisation, Value::Real)),
        real(
            "relative_gap",
            "rel_gap",
            "share 0-1",
            "Largest relative gap of the day's user equilibria in the region",
            "当日均衡解的最大相对间隙",
        )
        .of(|r: &DayRow<'_>| Value::Exact(r.2.gap)),
        real(
            "mean_excess_s",
            "excess_s",
            "s",
            "What a driver could save at most, on the mean of the worst hour for that",
            "平均可节省时间上界",
        )
        .of(|r: &DayRow<'_>| Value::Exact(r.2.excess_s)),
    ]
}

/// The table of what stands in counties and who can reach it.
pub fn supply<'a>() -> Table<'a, SupplyRow<'a>> {
    let count = |name: &str, alias: &str, en: &'static str, zh: &'static str, get: fn(&CountySupply) -> u64| {
        integer(name, alias, "count", en, zh).of(move |r: &SupplyRow<'_>| Value::Integer(get(&r.1.supply) as i64))
    };
    let number = |name: &str, alias: &str, unit: &'static str, [en, zh]: [&'static str; 2], get: fn(&CountySupply) -> f64| {
        real(name, alias, unit, en, zh).of(move |r: &SupplyRow<'_>| Value::Real(get(&r.1.supply)))
    };
    Table::new(code(|r: &SupplyRow<'_>| r.0).into())
        .with([
            count("charging_stations", "stations", "Charging stations that are used", "采用的充电站数", |s| s.stations),
            count(
                "unknown_power",
                "unknown",
                "Of them, those whose power is neither known nor assumed: they give nothing here",
                "其中功率不详且未假定者（不计入供给）",
                |s| s.unknown,
            ),
            count(
                "assumed_power",
                "assumed",
                "Of them, those whose guns or power are assumed",
                "其中枪数或功率为假定者",
                |s| s.assumed,
            ),
            count(
                "headroom_known",
                "headroom",
                "Of them, those that say what their feeder can still give; the others are taken as unbounded",
                "其中已知配网可开放容量者（其余视为不受限）",
                |s| s.headroom_known,
            ),
            count("guns", "guns", "Guns of known or assumed power", "充电枪数", |s| s.guns),
            number("rated_kw", "rated_kw", "kW", ["Rated power", "额定功率"], |s| s.rated_kw),
            number(
                "usable_kw",
                "usable_kw",
                "kW",
                [
                    "Power that can be drawn at once: the least of guns, station and feeder",
                    "可同时使用功率（枪、站、配网取最小）",
                ],
                |s| s.usable_kw,
            ),
            number(
                "truck_kw",
                "truck_kw",
                "kW",
                [
                    "Of it, what stands at stations that heavy trucks can use: all but those said to be closed to them; the other classes can use all",
                    "其中重型货车可用部分（注明禁止货车者除外；其他车型可用全部）",
                ],
                |s| s.truck_kw,
            ),
            number(
                "day_kwh",
                "day_kwh",
                "kWh/day",
                ["Energy that can be delivered in a day at most", "全天最大可送出电量"],
                |s| s.day_kwh,
            ),
            number(
                "day_grid_kwh",
                "grid_kwh",
                "kWh/day",
                ["Energy that the grid gives for that, losses included", "对应的电网侧电量（含损耗）"],
                |s| s.day_grid_kwh,
            ),
            number("swaps_day", "swaps_day", "swaps/day", ["Swaps that can be kept up", "可持续换电次数"], |s| {
                s.swaps_day
            }),
            count(
                "swap_unknown",
                "swap_unk",
                "Swap stations of which neither bays nor batteries are known",
                "工位与电池均不详的换电站数",
                |s| s.swap_unknown,
            ),
            number(
                "hydrogen_kg_day",
                "h2_kg_day",
                "kg/day",
                ["Hydrogen that can be given out, as far as is known", "加氢能力（已知部分）"],
                |s| s.hydrogen_kg_day,
            ),
            count(
                "hydrogen_unknown",
                "h2_unknown",
                "Hydrogen stations of which that is not known",
                "加氢能力不详的加氢站数",
                |s| s.hydrogen_unknown,
            ),
        ])
        .with(reach_fields())
        .rule("no more stations are assumed or unknown than there are", |row, _| {
            Ok(row.count("unknown_power")? + row.count("assumed_power")? <= row.count("charging_stations")?)
        })
        .rule("no more settlements have charging than there are", |row, _| {
            Ok(row.count("townships_with")? <= row.count("townships")?)
        })
}

fn reach_fields<'a>() -> Vec<Field<'a, SupplyRow<'a>>> {
    let mut all = vec![
        real("access_kw_per_vehicle", "access_kw", "kW", "Delivered power for each vehicle that charges by plug, by floating catchments, mean over vehicles; those without a charger count as 0", "每车可用送出功率（浮动覆盖法，按车平均；无充电站者计 0）")
            .or_null("no vehicles that charge by plug")
            .of(|r: &SupplyRow<'_>| Value::opt(r.1.access_kw, Value::Real)),
        real("access_kw_per_1000_people", "kw_people", "kW", "Delivered power for 1,000 people by floating catchments, mean over people; those without a charger count as 0", "每千人可用送出功率（浮动覆盖法，按人口平均；无充电站者计 0）")
            .or_null("no people known")
            .of(|r: &SupplyRow<'_>| Value::opt(r.1.people_access_kw, Value::Real)),
        real("plug_vehicles", "plug_veh", "vehicles", "Vehicles that charge by plug: of each class what its swap_share leaves, as those who swap need no charger", "插电充电的车辆数：各类车辆扣除 swap_share（换电车辆不占用充电站）")
            .or_null(UNKNOWN)
            .of(|r: &SupplyRow<'_>| known_supply(r, r.1.plug_vehicles)),
        real("vehicles_without", "veh_none", "vehicles", "Cars, taxis, buses and vans that charge by plug, without a charger within reach", "服务距离内无充电站的车辆数")
            .or_null(UNKNOWN)
            .of(|r: &SupplyRow<'_>| known_supply(r, r.1.vehicles_without)),
        integer("townships", "towns", "count", "Settlements (townships, villages) as given", "居民点（乡镇、村）数")
            .of(|r: &SupplyRow<'_>| Value::Integer(r.1.towns as i64)),
        integer("townships_with", "towns_with", "count", "Of them, those with a charging station in them (settlement_radius_km by road)", "其中已有充电站者")
            .of(|r: &SupplyRow<'_>| Value::Integer(r.1.towns_with as i64)),
        integer("townships_unknown", "towns_unk", "count", "Of them, those of which neither people nor vehicles are known: what they ask for is in no sum", "其中需求未知者（人口与车辆数均缺，未计入合计）")
            .of(|r: &SupplyRow<'_>| Value::Integer(r.1.towns_unknown as i64)),
        real("people_scaled_by", "scaled_by", "factor", "People of its settlements were multiplied by this to make up the county's", "居民点人口按此系数缩放至全县人口")
            .or_null("they were taken as listed")
            .of(|r: &SupplyRow<'_>| Value::opt(r.1.basis.scaled_by, Value::Exact)),
    ];
    for class in VehicleClass::ALL {
        let [en, zh] = class.names();
        let i = class as usize;
        let short = &class.as_str()[..class.as_str().len().min(7)];
        if !class.is_hydrogen() {
            all.push(
                real(
                    &format!("access_kw_{}", class.as_str()),
                    &format!("a_{short}"),
                    "kW",
                    format!("Delivered power for each of {en}, mean over them; those without a charger count as 0"),
                    format!("{zh}每车可用送出功率（无充电站者计 0）"),
                )
                .or_null("no vehicles of the class that charge by plug")
                .of(move |r: &SupplyRow<'_>| Value::opt(r.1.class_access_kw[i], Value::Real)),
            );
        }
        all.push(
            real(
                &format!("vehicles_{}", class.as_str()),
                &format!("v_{}", &class.as_str()[..class.as_str().len().min(8)]),
                "vehicles",
                format!("Electric {en}"),
                format!("电动{zh}数"),
            )
            .or_null(UNKNOWN)
            .of(move |r: &SupplyRow<'_>| known_supply(r, r.1.basis.vehicles[i])),
        );
        all.push(
            text(
                &format!("basis_{}", class.as_str()),
                &format!("b_{}", &class.as_str()[..class.as_str().len().min(8)]),
                format!("What the number of {en} rests on: settlements, county, households, public_fleet, people or none; settlements+county and the like where settlements without a number were filled"),
                format!("{zh}数的来源"),
            )
            .of(move |r: &SupplyRow<'_>| Value::Text(r.1.basis.basis[i].clone())),
        );
    }
    all
}

/// The table of settlements.
pub fn towns<'a>() -> Table<'a, TownRow<'a>> {
    Table::new(town_names().into())
        .with(town_ways())
        .with(town_needs())
        .rule("a settlement with a charging station in it has one by road", |row, _| {
            Ok(row.get("has_charging") != "true" || !row.get("charging_distance_km").is_empty())
        })
}

fn town_names<'a>() -> [Field<'a, TownRow<'a>>; 7] {
    [
        text("county_code", "county", "County code", "县代码").of(|t: &TownRow<'_>| Value::Text(t.code.to_owned())),
        integer(
            "need",
            "need",
            "count",
            "Order of need in the county: the most power short first, then those without charging, then by people; behind them those whose demand is not known",
            "县内需求次序：缺口功率大者、无充电站者、人口多者在前；需求未知者排在最后",
        )
        .of(|t: &TownRow<'_>| Value::Integer(t.town.need.into())),
        text("settlement_id", "id", "Id of the settlement", "居民点编号").of(|t: &TownRow<'_>| Value::Text(t.id.to_owned())),
        text("settlement", "settlement", "Name of the settlement", "居民点名称")
            .or_null("not known")
            .of(|t: &TownRow<'_>| Value::text_or_null(t.name)),
        text("settlement_zh", "settl_zh", "Chinese name of the settlement", "居民点中文名")
            .or_null("not known")
            .of(|t: &TownRow<'_>| Value::text_or_null(t.name_zh)),
        integer("people", "people", "people", "People", "人口")
            .or_null("not known")
            .of(|t: &TownRow<'_>| Value::opt(t.people, |p| Value::Integer(p as i64))),
        boolean("has_charging", "charging", "A charging station is in it (settlement_radius_km by road)", "是否已有充电站")
            .of(|t: &TownRow<'_>| Value::Boolean(t.town.has_charging)),
    ]
}

fn town_ways<'a>() -> Vec<Field<'a, TownRow<'a>>> {
    let of = |(k, [word, alias, en, zh]): (usize, [&'static str; 4])| {
        [
            real(
                &format!("{word}_distance_km"),
                &format!("{alias}_km"),
                "km",
                format!("By road to the nearest {en} station"),
                format!("到最近{zh}站的路网距离"),
            )
            .or_null("no way to one")
            .of(move |t: &TownRow<'_>| Value::opt(t.town.nearest[k], |n| Value::km(n.distance_mm.into()))),
            text(
                &format!("{word}_station_id"),
                &format!("{alias}_id"),
                format!("Id of the nearest {en} station"),
                format!("最近{zh}站编号"),
            )
            .or_null("no way to one")
            .of(move |t: &TownRow<'_>| Value::opt(t.stations[k], |s| Value::Text(s.to_owned()))),
        ]
    };
    let both = [["charging", "charge", "charging", "充电"], ["swap", "swap", "swap", "换电"]];
    both.into_iter().enumerate().flat_map(of).collect()
}

fn town_needs<'a>() -> [Field<'a, TownRow<'a>>; 8] {
    let known = |t: &TownRow<'_>, value: f64| Value::opt(t.town.known.then_some(value), Value::Real);
    let short = move |k: usize| move |t: &TownRow<'_>| known(t, t.town.short_kw[k]);
    let none = "no charger of known or assumed power within reach, or none that a vehicle of known number can use";
    let nobody = "no charger of known or assumed power within reach, or no people are known who share those that are";
    [
        real("vehicles", "vehicles", "vehicles", "Electric vehicles of all classes", "电动汽车数")
            .or_null(UNKNOWN)
            .of(move |t: &TownRow<'_>| known(t, t.town.vehicles)),
        real("plug_kwh", "plug_kwh", "kWh/day", "Energy charged in public by plug on an ordinary day", "平日公共充电需求")
            .or_null(UNKNOWN)
            .of(move |t: &TownRow<'_>| known(t, t.town.ordinary_kwh)),
        integer(
            "chargers_within",
            "chargers",
            "count",
            "Charging stations of known or assumed power within reach",
            "服务距离内可用充电站数",
        )
        .of(|t: &TownRow<'_>| Value::Integer(t.town.chargers.into())),
        real(
            "access_kw_per_vehicle",
            "access_kw",
            "kW",
            "Delivered power for each car, taxi, bus or van by floating catchments",
            "每车可用送出功率",
        )
        .or_null(none)
        .of(|t: &TownRow<'_>| Value::opt(t.town.access_kw, Value::Real)),
        real(
            "access_kw_per_truck",
            "truck_kw",
            "kW",
            "The same for each heavy truck, at stations not closed to trucks",
            "每辆重型货车可用送出功率",
        )
        .or_null(none)
        .of(|t: &TownRow<'_>| Value::opt(t.town.truck_access_kw, Value::Real)),
        real(
            "access_kw_per_1000_people",
            "kw_people",
            "kW",
            "Delivered power for 1,000 people by floating catchments",
            "每千人可用送出功率",
        )
        .or_null(nobody)
        .of(|t: &TownRow<'_>| Value::opt(t.town.people_access_kw, Value::Real)),
        real("short_kw", "short_kw", "kW", "Its share of the power that it and the settlements with the same stations lack together in the worst hour (that of the region) of an ordinary day", "平日全区最忙小时，与共用站点的居民点共同功率缺口中分摊的份额")
            .or_null(UNKNOWN)
            .of(short(0)),
        real("short_holiday_kw", "short_h_kw", "kW", "The same in the worst hour of the holiday peak", "节假日高峰最忙小时，同上分摊的份额")
            .or_null(UNKNOWN)
            .of(short(1)),
    ]
}

/// The table of figures.
pub fn figures<'a>() -> Table<'a, &'a Figure> {
    let basis = "given (by the region file), source (somebody says it) or assumption (nobody does)";
    Table::new(vec![
        text("key", "key", "The key of the region file that sets it", "设置该值的键")
            .of(|f: &&Figure| Value::Text(f.key.clone())),
        real("value", "value", "", "Its value", "数值").of(|f: &&Figure| Value::Exact(f.value)),
        text("unit", "unit", "Its unit", "单位").or_null("a share or a factor").of(|f: &&Figure| Value::text_or_null(f.unit)),
        text("basis", "basis", basis, "来源类别：给定、有出处、假定")
            .words(Basis::ALL.map(Basis::as_str))
            .of(|f: &&Figure| Value::Word(f.basis.as_str())),
        text("source", "source", "The source, or why it is assumed so", "出处或假定理由")
            .or_null("it was given")
            .of(|f: &&Figure| Value::text_or_null(f.source)),
        text("source_zh", "source_zh", "The same in Chinese", "出处或假定理由（中文）")
            .or_null("it was given")
            .of(|f: &&Figure| Value::opt(chinese(f.source).filter(|_| !f.source.is_empty()), Value::Text)),
    ])
}
