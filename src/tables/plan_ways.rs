//! What a plan by ways is weighed by: `plan_ways.csv` (settlements that are as far from the same candidates, from which anybody computes values
//! and bounds again), and the columns that such a plan has in other tables.

use super::plan_parts::{CountyRow, QualityRow};
use crate::config::plan::Objective;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::plan::{PlanWays, SitePlan, WayRow};

/// Its file.
pub const WAYS: &str = "plan_ways.csv";

/// The rows.
pub fn table<'a>() -> Table<'a, &'a WayRow> {
    let list = |numbers: Vec<String>| if numbers.is_empty() { Value::Null } else { Value::Text(numbers.join(" ")) };
    Table::new(vec![
        integer("weight", "weight", "people or settlements", "People, or settlements where these are weighed", "权重")
            .of(|r: &&WayRow| Value::Integer(r.weight as i64)),
        integer("now_mm", "now_mm", "mm", "By road to the nearest station that stands", "现状到最近站点的路程")
            .or_null("no way leads to one: it counts as beyond_km of plan_quality.csv")
            .of(|r: &&WayRow| Value::opt(r.now_mm, |mm| Value::Integer(mm as i64))),
        text(
            "candidates",
            "candidates",
            "Numbers of the candidates that are nearer, with blanks between",
            "更近的候选点序号",
        )
        .or_null("no candidate is nearer")
        .of(move |r: &&WayRow| list(r.near.iter().map(|n| n.0.to_string()).collect())),
        text("ways_mm", "ways_mm", "How far they are by road, millimetres, in the same order", "到上述候选点的路程（毫米）")
            .or_null("no candidate is nearer")
            .of(move |r: &&WayRow| list(r.near.iter().map(|n| n.1.to_string()).collect())),
        text(
            "multiplier",
            "multiplier",
            "Its multiplier, from which the bound is computed: a whole number of 256ths of weight x mm; for farthest of 1,048,576ths",
            "乘子（1/256；最远目标为 1/1048576）",
        )
        .of(|r: &&WayRow| Value::Text(r.multiplier.to_string())),
    ])
}

/// The rows of a plan.
pub fn rows(plan: &SitePlan) -> impl Iterator<Item = &WayRow> {
    plan.ways.iter().flat_map(|w| &w.rows)
}

/// A sum of ways as the mean of those that are weighed, or the longest as it is, km.
pub fn way_km(objective: Objective, whole: u64, weight: u64) -> Option<f64> {
    match objective {
        Objective::Farthest => Some(whole as f64 / 1e6),
        _ => (weight > 0).then(|| whole as f64 / weight as f64 / 1e6),
    }
}

/// What a question is about ways.
pub(super) fn of_question<'a>() -> Vec<Field<'a, QualityRow<'a>>> {
    const NONE: &str = "the plan is not about ways";
    let way = |r: &QualityRow<'_>, left: fn(&QualityRow<'_>) -> u64| {
        let km = |w: &PlanWays| way_km(r.2.objective, left(r), w.weight);
        Value::opt(r.3.ways.as_ref().and_then(km), Value::Real)
    };
    vec![
        real(
            "way_km_before",
            "way0_km",
            "km",
            "Mean way to the nearest station as things are (of the farthest settlement, for farthest)",
            "规划前到最近站点的平均（最远）路程",
        )
        .or_null(NONE)
        .of(move |r: &QualityRow<'_>| way(r, |r| r.3.in_gap[0])),
        real("way_km_after", "way1_km", "km", "The same with the plan", "规划后路程")
            .or_null(NONE)
            .of(move |r: &QualityRow<'_>| way(r, |r| r.3.in_gap[0] - r.4.value)),
        real("way_km_least", "way_min_km", "km", "No choice within the limit makes it shorter", "限额内可能的最小路程（下界）")
            .or_null(NONE)
            .of(move |r: &QualityRow<'_>| way(r, |r| r.3.in_gap[0] - r.4.bound)),
        integer(
            "weighed",
            "weighed",
            "people or settlements",
            "People, or settlements, that are weighed",
            "计入的人口或居民点数",
        )
        .or_null(NONE)
        .of(|r: &QualityRow<'_>| Value::opt(r.3.ways.as_ref(), |w| Value::Integer(w.weight as i64))),
        real(
            "beyond_km",
            "beyond_km",
            "km",
            "A settlement without a way to a station counts as so far",
            "无路可达站点者按此路程计",
        )
        .or_null(NONE)
        .of(|r: &QualityRow<'_>| Value::opt(r.3.ways.as_ref(), |w| Value::km(w.beyond_mm))),
    ]
}

/// What a county is about ways.
pub(super) fn of_county<'a>() -> Vec<Field<'a, CountyRow<'a>>> {
    const NONE: &str = "the plan is not about ways";
    let way = |k: usize| move |r: &CountyRow<'_>| Value::opt(r.1.ways_mm, |mm| Value::km(mm[k]));
    let unit = "person-km, settlement-km or km";
    vec![
        integer(
            "weighed",
            "weighed",
            "people or settlements",
            "People, or settlements, whose ways the plan weighs",
            "计入的人口或居民点数",
        )
        .or_null(NONE)
        .of(|r: &CountyRow<'_>| Value::opt(r.1.ways_mm, |_| Value::Integer(r.1.weighed as i64))),
        real(
            "ways_before",
            "ways0",
            unit,
            "Their ways to the nearest station without the plan, added up (for farthest: the longest)",
            "规划前路程合计（最远目标为最大值）",
        )
        .or_null(NONE)
        .of(way(0)),
        real(
            "ways_after",
            "ways1",
            unit,
            "The same with it, as a run finds that has the sites among its stations",
            "规划后路程合计",
        )
        .or_null(NONE)
        .of(way(1)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_ways_is_shown_as_a_mean_and_the_longest_as_it_is() {
        // 10 people have 25 km together: 2.5 km each; the farthest settlement has 25
        assert_eq!(way_km(Objective::Distance, 25_000_000, 10), Some(2.5));
        assert_eq!(way_km(Objective::Distance, 0, 0), None);
        assert_eq!(way_km(Objective::Farthest, 25_000_000, 10), Some(25.0));
    }
}
