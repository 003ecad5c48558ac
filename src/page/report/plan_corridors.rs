//! Roads of a plan, for the report: the longest way without a station on each, before and after, and the fewest sites that do.

use super::MOST_ROWS;
use crate::files::lang::Both;
use crate::files::text::{at_most_percent, grouped, km1};
use crate::page::i18n::shown;
use crate::plan::{PlanCorridors, SitePlan, longest, met};
use minijinja::{Value, context};

/// The table; none where no corridors were asked for.
pub(super) fn corridors(plan: &SitePlan) -> Value {
    let Some(found) = &plan.corridors else { return Value::from(()) };
    let [taken, bound] = [|g: &crate::plan::LineGroup| g.cost, |g: &crate::plan::LineGroup| g.bound]
        .map(|of| found.groups.iter().map(of).sum::<u64>());
    let rows: Vec<(Option<bool>, Value)> = (0..found.lines.len()).map(|i| row(plan, found, i)).collect();
    let many = |of: Option<bool>| Some(rows.iter().filter(|r| r.0 == of).count() as u64).filter(|n| *n > 0).map(grouped);
    let missing: Vec<Both> = found.missing.iter().map(|[en, zh]| Both::new(en.clone(), zh.clone())).collect();
    context! {
        n => grouped(found.sites().len() as u64),
        none => found.sites().is_empty(),
        km => km1(found.most_mm),
        one_out => found.one_out,
        best => taken == bound,
        gap => at_most_percent(taken - bound.min(taken), taken),
        lines => grouped(rows.len() as u64),
        open => many(Some(false)),
        untold => many(None),
        capped => rows.len() > MOST_ROWS,
        shown => grouped(rows.len().min(MOST_ROWS) as u64),
        missing => (!missing.is_empty()).then(|| Both::list(&missing)),
        rows => rows.into_iter().take(MOST_ROWS).map(|(_, row)| row).collect::<Vec<_>>(),
    }
}

/// A line, and whether it is met; none where that cannot be told.
fn row(plan: &SitePlan, found: &PlanCorridors, i: usize) -> (Option<bool>, Value) {
    let line = &found.lines[i];
    let built = |c: u32| plan.steps.iter().any(|s| s.site == c);
    let places = [found.places(i, &|_| false), found.places(i, &built)];
    let change = |one_out: bool| {
        let [before, after] = places.each_ref().map(|p| km1(longest(line, p.clone(), one_out)));
        format!("{before} → {after}")
    };
    let met = met(line, places[1].clone(), (found.most_mm, found.one_out));
    let row = context! {
        road => shown(&line.road),
        part => format!("{}.{}", line.part, line.direction),
        length => km1(line.length_mm),
        longest => change(false),
        one_out => change(true),
        sites => grouped(line.candidates.iter().filter(|c| built(c.1)).count() as u64),
        met => met == Some(true),
        untold => met.is_none(),
    };
    (met, row)
}
