//! What a run says of the roads and the years of a plan, on the terminal and as JSON.

use crate::config::plan::PlanAsked;
use crate::files::text::at_most_percent;
use crate::plan::{LineGroup, PlanCorridors, PlanYear, SitePlan};
use serde_json::{Value, json};

/// Lines on roads and years; nothing where neither was asked for.
pub(super) fn lines(plan: &SitePlan, asked: &PlanAsked, zh: bool) -> String {
    let roads = plan.corridors.as_ref().map(|c| roads(c, zh)).unwrap_or_default();
    let years = if plan.years.is_empty() { String::new() } else { years(&plan.years, asked, zh) };
    roads + &years
}

/// Sites or money that roads take, and the least that could do.
fn taken(c: &PlanCorridors) -> [u64; 2] {
    [|g: &LineGroup| g.cost, |g: &LineGroup| g.bound].map(|of| c.groups.iter().map(of).sum())
}

fn roads(c: &PlanCorridors, zh: bool) -> String {
    let (n, km, [cost, bound]) = (c.sites().len(), c.most_mm as f64 / 1e6, taken(c));
    let gap = at_most_percent(cost - bound.min(cost), cost);
    if zh {
        format!("路线：{n} 座站点使无站里程不超过 {km:.1} 公里（候选点可及处），较最少至多多 {gap}（plan_corridors.csv）\n")
    } else {
        format!(
            "roads: {n} sites leave no way longer than {km:.1} km without a station where candidates can, at most {gap} more than the least (plan_corridors.csv)\n"
        )
    }
}

fn years(all: &[PlanYear], asked: &PlanAsked, zh: bool) -> String {
    let [value, bound] = sums(all);
    let (unit, one) = asked.objective.unit();
    let gap = at_most_percent(bound - value.min(bound), bound);
    let year = |y: &PlanYear| {
        if zh { format!("{} 年 {} 座", y.year, y.built.len()) } else { format!("{}: {}", y.year, y.built.len()) }
    };
    let list: Vec<String> = all.iter().map(year).collect();
    let sum = value as f64 / one;
    if zh {
        format!("分年：{}；各年覆盖合计 {sum:.1} {unit}，距最优至多 {gap}（plan_years.csv）\n", list.join("、"))
    } else {
        format!(
            "years: sites {}; {sum:.1} {unit} added up over them, at most {gap} below the best plan (plan_years.csv)\n",
            list.join(", ")
        )
    }
}

fn sums(all: &[PlanYear]) -> [u64; 2] {
    all.iter().fold([0, 0], |[value, bound], y| [value + y.value, bound + y.bound])
}

/// Adds the same to the JSON of a plan.
pub(super) fn add_json(plan: &SitePlan, asked: &PlanAsked, json: &mut Value) {
    if let Some(c) = &plan.corridors {
        let [taken, bound] = taken(c);
        json["corridors"] =
            json!({ "sites": c.sites().len(), "taken": taken, "bound": bound, "longest_gap_km": c.most_mm as f64 / 1e6 });
    }
    let one = asked.objective.unit().1;
    let year = |y: &PlanYear| json!({ "year": y.year, "sites": y.built.len(), "covered": y.value as f64 / one, "bound": y.bound as f64 / one });
    if !plan.years.is_empty() {
        json["years"] = plan.years.iter().map(year).collect();
    }
}
