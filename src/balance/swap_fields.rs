//! Columns of `balance.csv` and `station_loads.csv` about swaps.

use super::LoadRow;
use super::PlaceSwaps;
use super::swaps::SwapDay;
use super::tables::{DayRow, UNKNOWN, known};
use crate::files::schema::Value;
use crate::files::table::{Field, integer, real};
use crate::supply::SwapSupply;

/// Of a county on a day.
pub(super) fn of_county<'a>() -> [Field<'a, DayRow<'a>>; 6] {
    let of = |get: fn(&PlaceSwaps) -> f64| move |r: &DayRow<'_>| known(r, get(&r.2.swaps));
    [
        real(
            "swap_none_kwh",
            "swap_none",
            "kWh/day",
            "Energy by swapped batteries without a swap station of known or assumed figures in reach",
            "服务距离内无（能力已知或已假定的）换电站的换电需求",
        )
        .or_null(UNKNOWN)
        .of(of(|s| s.none_kwh)),
        real(
            "swaps_day",
            "swaps_day",
            "swaps/day",
            "Swaps that its settlements ask of the nearest swap station in reach",
            "居民点向服务距离内最近换电站提出的换电次数",
        )
        .or_null(UNKNOWN)
        .of(of(|s| s.asked)),
        integer(
            "swap_worst_hour",
            "swap_hour",
            "h",
            "Hour of the day (0 to 23) in which most energy by swap is asked for in the region",
            "全区换电需求最多的小时（0–23）",
        )
        .of(|r: &DayRow<'_>| Value::Integer(r.2.swap_hour.into())),
        real("swaps_worst_h", "swaps_h", "swaps/h", "Of these swaps, those in that hour", "其中该小时的换电次数")
            .or_null(UNKNOWN)
            .of(of(|s| s.worst_h)),
        real(
            "swap_blocked",
            "swap_block",
            "share 0-1",
            "Share of those who get to a bay in that hour and find no full pack (M/M/k/S), mean over swaps",
            "该小时到达工位而无满电电池的比例（M/M/k/S，按次数平均）",
        )
        .or_null("no swap is asked of a station in that hour")
        .of(|r: &DayRow<'_>| Value::opt(r.2.swaps.blocked(), Value::Real)),
        real(
            "swaps_turned_away",
            "swaps_away",
            "swaps/day",
            "Swaps turned away over the day: no bay or no full pack",
            "全天未能换电的次数（无工位或无满电电池）",
        )
        .or_null(UNKNOWN)
        .of(of(|s| s.turned_away)),
    ]
}

const NONE: &str = "it swaps nothing, or nothing is known of how much";

/// Of a station, whatever the day.
pub(super) fn of_station<'a>() -> [Field<'a, LoadRow<'a>>; 2] {
    let can = |get: fn(&SwapSupply) -> f64| move |l: &LoadRow<'_>| Value::opt(l.load.swap.as_ref(), |s| Value::Real(get(s)));
    [
        real(
            "swaps_peak_h",
            "swaps_peak",
            "swaps/h",
            "Swaps that its bays can make while full packs last",
            "有满电电池时工位每小时换电能力",
        )
        .or_null(NONE)
        .of(can(|s| s.peak_per_h)),
        real("swaps_kept_up_h", "swaps_kept", "swaps/h", "Swaps that can be kept up", "可持续的每小时换电次数")
            .or_null(NONE)
            .of(can(|s| s.sustained_per_h)),
    ]
}

/// Of a station on a day.
pub(super) fn of_station_day<'a>() -> [Field<'a, LoadRow<'a>>; 4] {
    let of = |get: fn(&SwapDay) -> f64| move |l: &LoadRow<'_>| Value::opt(l.day.swaps.as_ref(), |s| Value::Real(get(s)));
    [
        real("swaps_day", "swaps_day", "swaps/day", "Swaps that are asked of it", "全天换电需求次数")
            .or_null(NONE)
            .of(of(|s| s.asked)),
        real(
            "worst_swaps_h",
            "swaps_h",
            "swaps/h",
            "Of them, those in the hour in which most energy by swap is asked for in the region",
            "其中全区换电最忙小时的次数",
        )
        .or_null(NONE)
        .of(of(|s| s.worst_h)),
        real(
            "worst_swap_blocked",
            "swap_block",
            "share 0-1",
            "Share of those who get to a bay in that hour and find no full pack (M/M/k/S)",
            "该小时到达工位而无满电电池的比例（M/M/k/S）",
        )
        .or_null(NONE)
        .of(of(|s| s.blocked)),
        real(
            "swaps_turned_away",
            "swaps_away",
            "swaps/day",
            "Swaps turned away over the day: no bay or no full pack",
            "全天未能换电的次数（无工位或无满电电池）",
        )
        .or_null(NONE)
        .of(of(|s| s.turned_away)),
    ]
}
