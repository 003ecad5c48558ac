//! What the report says of a plan by ways: the mean way to a station, or that of the farthest settlement, before and after, and the least that
//! could be.

use crate::config::plan::Objective;
use crate::files::lang::Both;
use crate::files::text::{NONE, fixed, grouped};
use crate::plan::{PlanCounty, SitePlan};
use crate::tables::plan_ways::way_km;
use minijinja::{Value, context};

/// The ways of all; none where the plan is not about them.
pub(super) fn told(plan: &SitePlan, objective: Objective) -> Value {
    let Some(ways) = &plan.ways else { return Value::from(()) };
    let [all, most] = plan.in_gap;
    let (value, bound, _) = plan.quality();
    context! {
        whose => whose(objective),
        now => way(plan, objective, all),
        after => way(plan, objective, all - value),
        least => way(plan, objective, all - bound),
        with_all => way(plan, objective, all - most),
        weighed => weighed(objective, ways.weight),
        beyond => ways.rows.iter().any(|r| r.now_mm.is_none()).then(|| grouped(ways.beyond_mm / 1_000_000)),
        alone => (!ways.settlements_alone.is_empty()).then(|| grouped(ways.settlements_alone.len() as u64)),
    }
}

/// Ways of so much in all, as a mean or as they are, km.
pub(super) fn way(plan: &SitePlan, objective: Objective, whole: u64) -> String {
    plan.ways.as_ref().map_or(NONE.to_owned(), |w| shown(objective, whole, w.weight))
}

fn shown(objective: Objective, whole: u64, weight: u64) -> String {
    way_km(objective, whole, weight).map_or(NONE.to_owned(), |km| fixed(km, 2))
}

/// Whose way it is.
fn whose(objective: Objective) -> Both {
    Both::from(match objective {
        Objective::Farthest => ["the way of the farthest settlement", "最远居民点的路程"],
        Objective::SettlementDistance => ["the mean way of settlements", "居民点的平均路程"],
        _ => ["the mean way of people", "居民的平均路程"],
    })
}

/// The head of their column by county.
pub(super) fn head(objective: Objective) -> Both {
    Both::from(match objective {
        Objective::Farthest => ["Longest way, km", "最远路程（公里）"],
        _ => ["Mean way, km", "平均路程（公里）"],
    })
}

fn weighed(objective: Objective, weight: u64) -> Both {
    let n = grouped(weight);
    match objective {
        Objective::Distance => Both::new(format!("{n} people"), format!("{n} 人")),
        _ => Both::new(format!("{n} settlements, each as one"), format!("{n} 个居民点，各计一次")),
    }
}

/// What the plan changes in a county, without it and with it.
pub fn change(c: &PlanCounty, objective: Objective) -> String {
    let one = |mm: u64| shown(objective, mm, c.weighed);
    c.ways_mm.map_or(format!("{NONE} → {NONE}"), |[a, b]| format!("{} → {}", one(a), one(b)))
}

/// Of all counties: the sums, or the longest.
pub(super) fn of_all(all: &[PlanCounty], objective: Objective) -> Option<[u64; 2]> {
    let of = |k: usize| all.iter().filter_map(|c| c.ways_mm).map(move |mm| mm[k]);
    let put = |k: usize| if objective == Objective::Farthest { of(k).max().unwrap_or(0) } else { of(k).sum() };
    all.iter().any(|c| c.ways_mm.is_some()).then(|| [put(0), put(1)])
}
