//! What the report says of a plan in which several stations within reach are asked for, or how likely one of them works.

use super::plan::amount;
use crate::config::plan::{Objective, PlanAsked};
use crate::config::plan_counting::Counting;
use crate::files::lang::Both;
use crate::files::text::{NONE, fixed};
use crate::plan::PlanCounty;

/// What is made up for, behind an amount of it; none where one station is enough.
pub fn lacking(asked: &PlanAsked) -> Option<Both> {
    match asked.counting {
        Counting::Once if asked.flows.is_some() => {
            Some(Both::new("that do not get where they go as things are", "现状无法到达目的地的"))
        }
        Counting::Once => None,
        Counting::Capacity(_) | Counting::Hours(_) => {
            Some(Both::new("in the gap, as far as each site can give it", "缺口内（各站不超过其容量）"))
        }
        Counting::Backup(n) => {
            Some(Both::new(format!("that have fewer than {n} stations within reach"), format!("可达站点不足 {n} 座的")))
        }
        Counting::Uptime(thousandths) => {
            let share = fixed(f64::from(thousandths) / 10.0, 1);
            let en = format!("that must be expected to be without a working station, each working {share} % of the time");
            Some(Both::new(en, format!("预期无可用站点（每站可用率 {share} %）的")))
        }
    }
}

/// What the plan changes of it in a county, without it and with it.
pub fn change(c: &PlanCounty, objective: Objective) -> String {
    c.thin.map_or(format!("{NONE} → {NONE}"), |[a, b]| format!("{} → {}", amount(objective, a), amount(objective, b)))
}
