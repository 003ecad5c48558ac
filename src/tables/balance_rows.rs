//! Rows of `townships.csv` and `station_loads.csv`, from what the whole network says.

use super::parts::Heads;
use crate::balance::{LoadRow, TownRow};
use crate::county::Needs;
use crate::results::Member;

/// What the page of a county shows of `balance.csv`.
pub const DAY_HEADS: Heads = &[
    ("day", ["Day", "日期"]),
    ("plug_kwh", ["Charging asked for", "充电需求"]),
    ("swap_kwh", ["Swap asked for", "换电需求"]),
    ("swap_none_kwh", ["Of it, no swap station in reach", "其中无换电站可达"]),
    ("swaps_turned_away", ["Swaps turned away", "未能换电次数"]),
    ("worst_hour", ["Worst hour", "最忙小时"]),
    ("worst_kw", ["Asked in it", "该小时需求"]),
    ("short_kw", ["Short, whatever drivers choose", "功率缺口"]),
    ("no_charger_kw", ["Of it, no charger in reach", "其中无站可达"]),
    ("unserved_kwh", ["Unserved in the day", "全天未满足"]),
    ("wait_min", ["Wait in the worst hour", "最忙小时排队"]),
    ("power_utilisation", ["Power utilisation, all stations, over 24 h", "全部站点功率利用率（24小时）"]),
];

/// What it shows of `townships.csv`.
pub const TOWN_HEADS: Heads = &[
    ("need", ["Need", "次序"]),
    ("settlement", ["Settlement", "居民点"]),
    ("people", ["People", "人口"]),
    ("has_charging", ["Charging in it", "已有充电站"]),
    ("charging_distance_km", ["To a charger", "到充电站"]),
    ("swap_distance_km", ["To a swap station", "到换电站"]),
    ("access_kw_per_vehicle", ["For a vehicle", "每车可用"]),
    ("short_kw", ["Its share of what is short", "缺口分摊"]),
    ("short_holiday_kw", ["The same on a holiday", "节假日缺口分摊"]),
];

/// Settlements by county and, in a county, in order of need.
pub fn towns<'a>(needs: &'a Needs, members: &'a [Member]) -> Vec<TownRow<'a>> {
    let row = |town: &'a crate::balance::Town| {
        let s = &needs.places[town.settlement as usize];
        let id = |n: crate::place::Nearest| needs.stations.get(&n.station).map(|s| s.id.as_str());
        Some(TownRow {
            code: &members.get(town.county as usize)?.county.code,
            id: &s.id,
            name: &s.name,
            name_zh: &s.name_zh,
            people: s.people,
            at: s.at,
            stations: town.nearest.map(|n| n.and_then(id)),
            town,
        })
    };
    let mut all: Vec<TownRow<'a>> = needs.balance.towns.iter().filter_map(row).collect();
    all.sort_by_key(|r| (r.town.county, r.town.need));
    all
}

/// Stations in the order of their ids, each on every day.
pub fn loads<'a>(needs: &'a Needs, members: &'a [Member]) -> impl Iterator<Item = LoadRow<'a>> {
    needs.balance.loads.iter().filter_map(|load| Some((load, needs.stations.get(&load.station)?))).flat_map(move |(load, s)| {
        let code = s.county.and_then(|c| Some(&*members.get(c as usize)?.county.code));
        let row = move |day| LoadRow { code, id: &s.id, name: &s.name, at: s.at, load, day };
        load.days.iter().map(row)
    })
}
