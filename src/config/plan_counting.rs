//! When what a plan reaches counts: once for all, when several stations are within reach, or by how likely one of them works.

use super::plan::{Extent, Objective, refuse};
use super::plan_table::PlanTable;
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// See the head of the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// One station within reach is enough.
    #[default]
    Once,
    /// So many are asked for, those that stand included.
    Backup(u32),
    /// Each works so many thousandths of the time, whatever the others do: what counts is expected.
    Uptime(u32),
}

impl Counting {
    /// The meaning of `[plan] backup` and `uptime`.
    ///
    /// # Errors
    /// Usage, naming the key whose value makes no sense or that does not go together with another.
    pub fn of(table: &PlanTable, objective: Objective, extent: Extent) -> Result<Self> {
        let (counting, key) = match (table.backup, table.uptime) {
            (None, None) => return Ok(Self::Once),
            (Some(_), Some(_)) => {
                let what = "both backup and uptime are given".to_owned();
                return refuse("uptime", what, "give one of them");
            }
            (Some(n @ 2..=3), None) => (Self::Backup(n), "backup"),
            (Some(n), None) => {
                return refuse("backup", format!("{n} is no number of stations that back each other up"), "give 2 or 3");
            }
            (None, Some(share)) if (0.5..=0.999).contains(&share) => (Self::Uptime((share * 1000.0).round() as u32), "uptime"),
            (None, Some(share)) => return refuse("uptime", format!("{share} is no share of the time"), "give 0.5 to 0.999"),
        };
        if objective.is_way() {
            let what = format!("{key} does not go together with the objective {}", objective.as_str());
            return refuse(key, what, "plan for road, people, settlements or energy");
        }
        let (other, next) = if matches!(extent, Extent::Cover(_)) {
            ("cover_percent", "give sites or budget instead")
        } else if !table.funding.is_empty() {
            ("funding", "take one of them out")
        } else if !table.years.is_empty() {
            ("years", "take one of them out")
        } else {
            return Ok(counting);
        };
        refuse(key, format!("{key} and {other} cannot be asked for together"), next)
    }
}
