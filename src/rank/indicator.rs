//! The indicators: name, unit, direction, published default weight, and how each is computed.

use super::figures::CountyFigures;
use crate::config::RoadClass;
use crate::config::method_words::Direction;

/// One indicator.
pub struct Indicator {
    /// Name in files and in `[rank.weights]`; says its denominator.
    pub key: &'static str,
    /// For people, in English.
    pub en: &'static str,
    /// For people, in Chinese.
    pub zh: &'static str,
    /// In three words, in English and Chinese, for the terminal.
    pub short: [&'static str; 2],
    /// Unit.
    pub unit: &'static str,
    /// Direction.
    pub direction: Direction,
    /// Default weight.
    pub weight: f64,
    /// The pillar it belongs to.
    pub pillar: &'static str,
    /// Takes the weight of this one where that cannot be computed.
    pub instead_of: Option<&'static str>,
    /// Whether it is counted a head of the residents.
    pub per_head: bool,
    /// Whether it is worked out from `[demand]`, and there only with it.
    pub of_demand: bool,
    /// The value, or `None` where it means nothing.
    pub value: fn(&CountyFigures, &[f64; RoadClass::ALL.len()]) -> Option<f64>,
}

/// All indicators, those of demand last: they weigh nothing unless they are asked for. The default weights are chargegap's own: no official scoring table with weights is known.
pub const INDICATORS: &[Indicator] = &[
    Indicator {
        key: "gap_share_class_weighted",
        en: "Share of road length in the gap, weighted by road class",
        zh: "道路缺口率（按等级加权）",
        short: ["roads out of reach", "道路缺口"],
        unit: "share",
        direction: Direction::HigherIsWorse,
        weight: 0.30,
        pillar: "roads",
        instead_of: None,
        per_head: false,
        of_demand: false,
        value: |f, w| ratio(weighted(&f.gap_mm, w), weighted(&f.road_mm, w)),
    },
    Indicator {
        key: "people_in_gap_share",
        en: "Share of people beyond the service distance",
        zh: "服务距离外人口比例",
        short: ["people out of reach", "人口缺口"],
        unit: "share",
        direction: Direction::HigherIsWorse,
        weight: 0.25,
        pillar: "people",
        instead_of: None,
        per_head: false,
        of_demand: false,
        value: |f, _| ratio(f.people_in_gap as f64, f.people as f64),
    },
    Indicator {
        key: "settlements_in_gap_share",
        en: "Share of settlements beyond the service distance",
        zh: "服务距离外居民点比例",
        short: ["places out of reach", "居民点缺口"],
        unit: "share",
        direction: Direction::HigherIsWorse,
        weight: 0.0,
        pillar: "people",
        instead_of: Some("people_in_gap_share"),
        per_head: false,
        of_demand: false,
        value: |f, _| ratio(f.settlements_in_gap as f64, f.settlements as f64),
    },
    Indicator {
        key: "longest_dead_stretch_km",
        en: "Longest dead stretch",
        zh: "最长空白路段",
        short: ["longest dead stretch", "最长空白路段"],
        unit: "km",
        direction: Direction::HigherIsWorse,
        weight: 0.15,
        pillar: "roads",
        instead_of: None,
        per_head: false,
        of_demand: false,
        value: |f, _| Some(crate::space::units::km(f.longest_stretch_mm)),
    },
    Indicator {
        key: "settlements_without_station",
        en: "Settlements without a charging station",
        zh: "无充电站的居民点数",
        short: ["places without a station", "无站居民点"],
        unit: "count",
        direction: Direction::HigherIsWorse,
        weight: 0.10,
        pillar: "people",
        instead_of: None,
        per_head: false,
        of_demand: false,
        value: |f, _| (f.settlements > 0).then_some(f.settlements_without_station as f64),
    },
    Indicator {
        key: "charging_stations_per_1000_road_km",
        en: "Charging stations per 1,000 km of road",
        zh: "每千公里道路充电站数",
        short: ["stations for its roads", "路均站数"],
        unit: "stations/1000 km",
        direction: Direction::LowerIsWorse,
        weight: 0.10,
        pillar: "supply",
        instead_of: None,
        per_head: false,
        of_demand: false,
        value: |f, _| ratio(f.charging_stations as f64 * 1e9, f.road_total_mm() as f64),
    },
    Indicator {
        key: "charging_stations_per_10000_people",
        en: "Charging stations per 10,000 people",
        zh: "每万人充电站数",
        short: ["stations for its people", "人均站数"],
        unit: "stations/10000 people",
        direction: Direction::LowerIsWorse,
        weight: 0.10,
        pillar: "supply",
        instead_of: None,
        per_head: true,
        of_demand: false,
        value: |f, _| ratio(f.charging_stations as f64 * 1e4, f.all_people() as f64),
    },
    Indicator {
        key: "short_kw_per_vehicle",
        en: "Power short per vehicle, ordinary day",
        zh: "平日每车功率缺口",
        short: ["power short", "平日功率缺口"],
        unit: "kW/vehicle",
        direction: Direction::HigherIsWorse,
        weight: 0.0,
        pillar: "supply",
        instead_of: None,
        per_head: false,
        of_demand: true,
        value: |f, _| f.demand.and_then(|d| ratio(d.short_kw[0], d.vehicles)),
    },
    Indicator {
        key: "short_kw_per_vehicle_holiday",
        en: "Power short per vehicle, holiday peak",
        zh: "节假日高峰每车功率缺口",
        short: ["power short on holidays", "节日功率缺口"],
        unit: "kW/vehicle",
        direction: Direction::HigherIsWorse,
        weight: 0.0,
        pillar: "supply",
        instead_of: None,
        per_head: false,
        of_demand: true,
        value: |f, _| f.demand.and_then(|d| ratio(d.short_kw[1], d.vehicles)),
    },
    Indicator {
        key: "access_kw_per_vehicle",
        en: "Charging power within reach per vehicle",
        zh: "每车可用充电功率",
        short: ["power within reach", "可用功率"],
        unit: "kW/vehicle",
        direction: Direction::LowerIsWorse,
        weight: 0.0,
        pillar: "supply",
        instead_of: None,
        per_head: false,
        of_demand: true,
        value: |f, _| f.demand.and_then(|d| ratio(d.access_kw, d.vehicles)),
    },
    Indicator {
        key: "townships_without_charging_share",
        en: "Share of townships without charging",
        zh: "无充电站乡镇（居民点）比例",
        short: ["townships without", "无站乡镇"],
        unit: "share",
        direction: Direction::HigherIsWorse,
        weight: 0.0,
        pillar: "people",
        instead_of: None,
        per_head: false,
        of_demand: true,
        value: |f, _| f.demand.and_then(|d| ratio(d.townships_without as f64, d.townships as f64)),
    },
    Indicator {
        key: "peak_wait_min",
        en: "Wait at a gun at the holiday peak",
        zh: "节假日高峰排队时间",
        short: ["wait at the peak", "高峰排队"],
        unit: "min",
        direction: Direction::HigherIsWorse,
        weight: 0.0,
        pillar: "supply",
        instead_of: None,
        per_head: false,
        of_demand: true,
        value: |f, _| f.demand.and_then(|d| ratio(d.peak_wait_min, d.peak_sessions_h)),
    },
];

/// Whether an indicator is one of demand.
pub fn is_of_demand(key: &str) -> bool {
    INDICATORS.iter().any(|d| d.of_demand && d.key == key)
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Millimetres weighted by class, added in the fixed order of the classes.
fn weighted(mm: &[u64; RoadClass::ALL.len()], weights: &[f64; RoadClass::ALL.len()]) -> f64 {
    mm.iter().zip(weights).map(|(l, w)| *l as f64 * w).sum()
}

/// Our pillars, with their names for people.
pub const PILLARS: &[(&str, &str, &str)] =
    &[("roads", "Roads", "道路"), ("people", "People", "人口"), ("supply", "Supply", "供给")];
