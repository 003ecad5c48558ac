//! The years of a plan, for the report: what is built in each, what it covers then, how far from the best possible all years up to it are, and
//! what its programmes pay.

use super::plan::amount;
use crate::config::plan::PlanAsked;
use crate::files::text::{NONE, at_most_percent, grouped, percent};
use crate::plan::{PlanYear, SitePlan};
use minijinja::{Value, context};

/// The table; none where the plan has no years.
pub(super) fn years(plan: &SitePlan, asked: &PlanAsked) -> Value {
    if plan.years.is_empty() {
        return Value::from(());
    }
    let (mut sums, mut rows, mut sites) = ([0u64, 0], Vec::new(), 0);
    let cost = |site: &u32| plan.steps.iter().position(|s| s.site == *site).and_then(|k| plan.costs[k]);
    for year in &plan.years {
        sums = [sums[0] + year.value, sums[1] + year.bound];
        sites += year.built.len() as u64;
        rows.push(context! {
            year => year.year.to_string(),
            sites => grouped(year.built.len() as u64),
            sites_up_to => grouped(sites),
            cost => year.built.iter().map(cost).sum::<Option<u64>>().map_or(NONE.to_owned(), grouped),
            covered => amount(asked.objective, year.value),
            bound => amount(asked.objective, year.bound),
            share => percent(year.value, year.in_gap),
            gap => at_most_percent(sums[1] - sums[0].min(sums[1]), sums[1]),
            tier => tier_yuan(year).map_or(NONE.to_owned(), grouped),
        });
    }
    context! {
        rows,
        best => sums[0] == sums[1],
        gap => at_most_percent(sums[1] - sums[0].min(sums[1]), sums[1]),
        covered => amount(asked.objective, sums[0]),
        n => grouped(plan.years.len() as u64),
        tiers => plan.years.iter().any(|y| tier_yuan(y).is_some()),
    }
}

/// What programmes pay for a year in all counties, as far as it can be told.
fn tier_yuan(year: &PlanYear) -> Option<u64> {
    year.counties.iter().flat_map(|c| &c.tiers).map(|(_, t)| t.amount_yuan).reduce(|a, b| a + b)
}
