//! Which counties are funded with plans of their own, on the terminal and as JSON: of a run and of a round.

use crate::error::printable;
use crate::page::funding::{Amounts, BudgetTold};
use crate::plan::FundingRung;
use crate::results::Results;
use serde_json::{Value, json};
use std::fmt::Write;

/// Counties of a budget that are named on the terminal.
const NAMED: usize = 12;

/// A line a budget; nothing where no counties are funded.
pub fn lines(r: &Results, zh: bool) -> String {
    let (Some(found), Some(asked)) = (&r.funding, &r.criteria.plan) else { return String::new() };
    let amounts = Amounts { objective: asked.objective, currency: &asked.currency };
    let mut all = String::new();
    for rung in &found.rungs {
        let said = BudgetTold::of(found, rung).sentence(&amounts);
        let code = |(offer, sites): &(u32, u32)| {
            let county = r.county(found.offers[*offer as usize].county as usize);
            format!("{} ({sites})", county.code)
        };
        let named: Vec<String> = rung.best.iter().take(NAMED).map(code).collect();
        let more = match rung.best.len().saturating_sub(NAMED) {
            0 => String::new(),
            n => format!(" + {n}"),
        };
        let _ = if zh {
            writeln!(all, "{} {}{more}（funding.csv）", printable(&said.zh), printable(&named.join("、")))
        } else {
            writeln!(all, "{} {}{more} (funding.csv)", printable(&said.en), printable(&named.join(", ")))
        };
    }
    all
}

/// The same for scripts: a list of budgets; none where no counties are funded.
pub fn json(r: &Results) -> Option<Value> {
    let (found, asked) = (r.funding.as_ref()?, r.criteria.plan.as_ref()?);
    let shown = |whole: u64| asked.objective.shown(whole);
    let list = |list: &[(u32, u32)]| -> Vec<Value> {
        let one = |(offer, sites): &(u32, u32)| json!({ "code": r.county(found.offers[*offer as usize].county as usize).code, "sites": sites });
        list.iter().map(one).collect()
    };
    let rung = |rung: &FundingRung| {
        let below = |covered: u64| if rung.bound == 0 { 0.0 } else { (1.0 - covered as f64 / rung.bound as f64) * 100.0 };
        json!({
            "budget": rung.budget, "unit": asked.objective.unit().0, "currency": asked.currency, "bound": shown(rung.bound),
            "counties": list(&rung.best), "cost": rung.best_of[0], "covered": shown(rung.best_of[1]), "gap_percent": below(rung.best_of[1]),
            "ladder": {
                "counties": list(&rung.ladder), "cost": rung.ladder_of[0], "covered": shown(rung.ladder_of[1]),
                "price_percent": below(rung.ladder_of[1]),
            },
        })
    };
    Some(found.rungs.iter().map(rung).collect())
}
