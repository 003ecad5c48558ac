//! What the report says of a plan for vehicles that go from place to place: how far they get, and what becomes of them.

use crate::config::plan::{Objective, PlanAsked};
use crate::files::lang::Both;
use crate::files::text::{fixed, grouped};
use crate::page::report::plan::amount;
use crate::plan::{FlowState, SitePlan};
use minijinja::{Value, context};

/// The flows; none where the plan is not about them.
pub(super) fn told(plan: &SitePlan, asked: &PlanAsked) -> Value {
    let (Some(flows), Some(rule)) = (&plan.flows, &asked.flows) else { return Value::from(()) };
    let sum = |states: &[FlowState]| amount(Objective::Flows, flows.sum(states));
    let km = |mm: u64| fixed(mm as f64 / 1e6, if mm.is_multiple_of(1_000_000) { 0 } else { 1 });
    let way = match rule.start_mm {
        None => Both::new("there and back, charged under way only", "往返，仅途中补能"),
        Some(mm) => Both::new(format!("one way, {} km of it from the start", km(mm)), format!("单程，起始续航 {} 公里", km(mm))),
    };
    context! {
        pairs => grouped(flows.rows.len() as u64),
        total => sum(&FlowState::ALL),
        range => km(rule.range_mm),
        way,
        longer => fixed(rule.longer as f64 / 10.0, if rule.longer.is_multiple_of(10) { 0 } else { 1 }),
        bare => sum(&[FlowState::NeedsNone]),
        before => sum(&[FlowState::Before]),
        planned => sum(&[FlowState::WithPlan]),
        left => sum(&[FlowState::Not, FlowState::Never]),
        never => sum(&[FlowState::Never]),
    }
}
