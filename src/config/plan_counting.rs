//! When what a plan reaches counts: once for all, when several stations are within reach, by how likely one of them works, or no more of it than
//! a site can give.

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
    /// A site serves no more than so many watt hours a day.
    Capacity(u64),
    /// A site serves no more than so many tenths of an hour of its rated power a day.
    Hours(u32),
}

impl Counting {
    /// Whether stations that stand count with those that come, and all that few of them reach.
    pub fn is_thin(self) -> bool {
        matches!(self, Self::Backup(_) | Self::Uptime(_))
    }

    /// Whether a site serves no more than it can give.
    pub fn is_assigned(self) -> bool {
        matches!(self, Self::Capacity(_) | Self::Hours(_))
    }

    /// What a site of so much rated power serves at most, watt hours a day; none where that is not asked.
    pub fn capacity_wh(self, rated_kw: f64) -> Option<u64> {
        match self {
            Self::Capacity(wh) => Some(wh),
            Self::Hours(tenths) => Some((rated_kw * f64::from(tenths) * 100.0).round() as u64),
            _ => None,
        }
    }

    /// The meaning of `[plan] backup`, `uptime`, `capacity_kwh` and `capacity_hours`.
    ///
    /// # Errors
    /// Usage, naming the key whose value makes no sense or that does not go together with another.
    pub fn of(table: &PlanTable, objective: Objective, extent: Extent) -> Result<Self> {
        let given = [
            ("backup", table.backup.is_some()),
            ("uptime", table.uptime.is_some()),
            ("capacity_kwh", table.capacity_kwh.is_some()),
            ("capacity_hours", table.capacity_hours.is_some()),
        ];
        let mut keys = given.into_iter().filter(|(_, given)| *given).map(|(key, _)| key);
        let Some(key) = keys.next() else { return Ok(Self::Once) };
        if let Some(other) = keys.next() {
            return refuse(other, format!("both {key} and {other} are given"), "give one of them");
        }
        let counting = Self::one(table)?;
        if objective.is_way() || objective == Objective::Flows {
            let what = format!("{key} does not go together with the objective {}", objective.as_str());
            return refuse(key, what, "plan for road, people, settlements or energy");
        }
        if counting.is_assigned() && objective != Objective::Energy {
            let what = format!("{key} does not go together with the objective {}", objective.as_str());
            return refuse(key, what, "plan for energy");
        }
        let (other, next) = if matches!(extent, Extent::Cover(_)) {
            ("cover_percent", "give sites or budget instead")
        } else if !table.funding.is_empty() {
            ("funding", "take one of them out")
        } else if !table.years.is_empty() {
            ("years", "take one of them out")
        } else if counting.is_assigned() && table.corridors.is_some() {
            ("corridors", "take one of them out")
        } else if counting.is_assigned() && !table.first.is_empty() {
            ("first", "take one of them out")
        } else {
            return Ok(counting);
        };
        refuse(key, format!("{key} and {other} cannot be asked for together"), next)
    }

    /// The value of the one key that is given.
    fn one(table: &PlanTable) -> Result<Self> {
        if let Some(n) = table.backup {
            let what = format!("{n} is no number of stations that back each other up");
            return if (2..=3).contains(&n) { Ok(Self::Backup(n)) } else { refuse("backup", what, "give 2 or 3") };
        }
        if let Some(share) = table.uptime {
            let what = format!("{share} is no share of the time");
            let fits = (0.5..=0.999).contains(&share);
            let thousandths = (share * 1000.0).round() as u32;
            return if fits { Ok(Self::Uptime(thousandths)) } else { refuse("uptime", what, "give 0.5 to 0.999") };
        }
        if let Some(kwh) = table.capacity_kwh {
            let what = format!("{kwh} kWh a day are no capacity of a site");
            let fits = (1.0..=1e6).contains(&kwh);
            let wh = (kwh * 1000.0).round() as u64;
            return if fits { Ok(Self::Capacity(wh)) } else { refuse("capacity_kwh", what, "give 1 to 1000000") };
        }
        let hours = table.capacity_hours.unwrap_or(24.0);
        if !(0.5..=24.0).contains(&hours) {
            return refuse("capacity_hours", format!("{hours} hours are no part of a day"), "give 0.5 to 24");
        }
        Ok(Self::Hours((hours * 10.0).round() as u32))
    }
}
