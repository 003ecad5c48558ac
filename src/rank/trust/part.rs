//! The parts of trust: what each looks at, its rule, and its weight.

use super::input_counts::InputCounts;

/// One part.
pub struct TrustPart {
    /// Name in files.
    pub key: &'static str,
    /// The rule, in English.
    pub en: &'static str,
    /// The rule, in Chinese.
    pub zh: &'static str,
    /// Weight; all add up to 1. They are chargegap's own.
    pub weight: f64,
    /// The share, 1 = nothing to doubt; `None` where it cannot be judged.
    pub value: fn(&InputCounts) -> Option<f64>,
}

/// Near ends in 100 km of road at which a road layer has no trust left in this part.
const NEAR_ENDS_PER_100_KM: f64 = 10.0;
/// Median age of stations at which nothing is left, months.
const OLD_MONTHS: f64 = 120.0;

/// All parts, stations first.
pub const PARTS: &[TrustPart] = &[
    TrustPart {
        key: "station_fields",
        en: "Share of known fields of the county's stations: power, points, access, status; of a swap station bays, access, status",
        zh: "站点字段完整度：功率、枪数、开放属性、状态（换电站为工位、开放属性、状态）",
        weight: 0.20,
        value: |e| ratio(e.fields_known, e.fields_asked),
    },
    TrustPart {
        key: "station_doubles",
        en: "Share of stations that are not flagged as the double of another",
        zh: "未标为疑似重复的站点比例",
        weight: 0.10,
        value: |e| without(e.doubles, e.stations),
    },
    TrustPart {
        key: "station_ghosts",
        en: "Share of stations that are not flagged as having no guns or no power",
        zh: "未标为疑似无效的站点比例",
        weight: 0.10,
        value: |e| without(e.ghosts, e.stations),
    },
    TrustPart {
        key: "station_dates",
        en: "Share of stations with an opening date",
        zh: "有投运日期的站点比例",
        weight: 0.05,
        value: |e| ratio(e.dated, e.stations),
    },
    TrustPart {
        key: "station_age",
        en: "1 less the median age of dated stations, against the newest date in the data, over ten years",
        zh: "1 减去站点投运时间中位数（相对数据中最新日期）与十年之比",
        weight: 0.05,
        value: |e| e.median_age_months.map(|m| 1.0 - m / OLD_MONTHS),
    },
    TrustPart {
        key: "station_on_road",
        en: "Share of stations with a road within max_snap_m",
        zh: "在设定距离内有道路的站点比例",
        weight: 0.10,
        value: |e| ratio(e.on_road, e.stations),
    },
    TrustPart {
        key: "settlement_people",
        en: "Share of settlements whose population is known",
        zh: "人口已知的居民点比例",
        weight: 0.10,
        value: |e| ratio(e.settlements_with_people, e.settlements),
    },
    TrustPart {
        key: "road_names",
        en: "Share of road of the classes motorway to tertiary that has a name, by length",
        zh: "高速至乡道中有名称的道路里程比例",
        weight: 0.05,
        value: |e| ratio(e.named_mm, e.main_road_mm),
    },
    TrustPart {
        key: "road_connected",
        en: "Share of road that is not cut off from the network, by length",
        zh: "与路网连通的道路里程比例",
        weight: 0.10,
        value: |e| ratio(e.road_mm, e.road_mm + e.cut_off_mm),
    },
    TrustPart {
        key: "road_classes",
        en: "Share of the whole road layer whose class is known, by length; the same for all counties",
        zh: "整个道路图层中等级已知的里程比例（各县相同）",
        weight: 0.05,
        value: |e| without(e.all_unclassed_mm, e.all_road_mm),
    },
    TrustPart {
        key: "road_near_ends",
        en: "1 less the road ends of the whole layer that stop short of another road, in 100 km, over ten; the same for all counties",
        zh: "1 减去整个道路图层每百公里疑似断开端点数与十之比（各县相同）",
        weight: 0.05,
        value: |e| {
            let per_100_km = e.all_near_ends as f64 / (e.all_road_mm as f64 / 1e8);
            (e.all_road_mm > 0).then(|| 1.0 - per_100_km / NEAR_ENDS_PER_100_KM)
        },
    },
    TrustPart {
        key: "people_source",
        en: "1 where a raster or a joined table gives the county's people, 0.5 where only settlements do, 0 where none does",
        zh: "人口来源：栅格或属性表为 1，仅有居民点人口为 0.5，均无为 0",
        weight: 0.05,
        value: |e| Some(if e.people_by_area { 1.0 } else { 0.5 * f64::from(u8::from(e.settlements_with_people > 0)) }),
    },
];

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn without(bad: u64, all: u64) -> Option<f64> {
    ratio(all.saturating_sub(bad), all)
}
