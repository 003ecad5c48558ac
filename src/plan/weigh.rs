//! Whom a plan by ways weighs: people, as far as they are known; settlements, each as one, where nobody's are.

use crate::config::Criteria;
use crate::config::plan::Objective;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::settlement::Settlement;

/// Settles whom a plan by ways weighs, of settlements with the number of their county, and tells where it is not everybody.
pub fn weighed(mut criteria: Criteria, settlements: &[(Settlement, u32)], codes: &[String], issues: &mut Issues) -> Criteria {
    let Some(asked) = criteria.plan.as_mut().filter(|p| p.objective == Objective::Distance) else { return criteria };
    let named = |code: &String| asked.counties.as_ref().is_none_or(|named| named.contains(code));
    let own = || settlements.iter().filter(|(_, county)| codes.get(*county as usize).is_some_and(named));
    let known = own().filter(|(s, _)| s.population.is_some_and(|p| p > 0)).count();
    let unknown = own().filter(|(s, _)| s.population.is_none()).count() as u64;
    if known == 0 {
        asked.objective = Objective::SettlementDistance;
        let what = "people are not known of any settlement: the plan by ways weighs each settlement as one";
        issues.push(Layer::Plan, IssueCode::PlanWeighs, Location::default(), what);
    } else if unknown > 0 {
        let what = format!("the plan by ways weighs people; of {unknown} settlements they are not known, and these are left out");
        issues.push_many(Layer::Plan, IssueCode::PlanWeighs, Location::default(), what, unknown, 0);
    }
    criteria
}
