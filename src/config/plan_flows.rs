//! Vehicles that go from one place to another and get only so far: `[plan.flows]` as typed and as meant.

use super::plan::{Extent, Objective, refuse};
use super::plan_table::PlanTable;
use crate::error::Result;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A vehicle gets no less far, and no farther, km.
const RANGE_KM: (f64, f64) = (1.0, 2000.0);
/// No way past sites is so many times longer, percent.
const MOST_LONGER: f64 = 200.0;

/// `[plan.flows]`: the sites that let most of the vehicles of a table get from where they start to where they go (flow refuelling).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FlowsTable {
    /// CSV or workbook with a row a flow: `origin` and `destination` (ids or names of settlements) and `vehicles` a day.
    pub path: Option<PathBuf>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Our field names (`origin`, `destination`, `vehicles`) to the file's.
    pub fields: BTreeMap<String, String>,
    /// How far a vehicle gets on a full battery, km.
    pub range_km: Option<f64>,
    /// How far it gets from its start, km, one way, and it may come in empty; when not given it goes there and back and is charged under way
    /// only, so that twice the way to the first site and twice the way from the last are within the range.
    pub start_km: Option<f64>,
    /// How much longer than the shortest way the way past sites may be, percent; 0 when not given.
    pub longer_percent: Option<f64>,
}

/// What it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanFlowsAsked {
    /// How far a vehicle gets, millimetres.
    pub range_mm: u64,
    /// How far it gets from its start, where it goes one way, millimetres.
    pub start_mm: Option<u64>,
    /// How much longer the way may be, thousandths of the shortest.
    pub longer: u64,
}

/// What is asked of flows; none where the objective is another one.
///
/// # Errors
/// Usage, naming the key whose value makes no sense, or what does not go with flows.
pub(super) fn of(table: &PlanTable, objective: Objective, extent: Extent) -> Result<Option<PlanFlowsAsked>> {
    let Some(flows) = table.flows.as_ref().filter(|_| objective == Objective::Flows) else {
        return match (&table.flows, objective) {
            (None, Objective::Flows) => {
                let next = "add [plan.flows] with path and range_km, or plan for another objective";
                refuse("flows", "flows are asked for and no table of them is named".to_owned(), next)
            }
            (None, _) => Ok(None),
            (Some(_), other) => {
                let what = format!("flows do not go together with the objective {}", other.as_str());
                refuse("flows", what, "take objective out, or [plan.flows]")
            }
        };
    };
    refuse_beside(table, extent)?;
    if flows.path.is_none() {
        return refuse("flows.path", "flows are asked for and no table of them is named".to_owned(), "give [plan.flows] path");
    }
    let Some(range_mm) = km("range_km", flows.range_km)? else {
        return refuse("flows.range_km", "nothing says how far a vehicle gets".to_owned(), "give [plan.flows] range_km");
    };
    let start_mm = km("start_km", flows.start_km)?;
    if start_mm.is_some_and(|start| start > range_mm) {
        return refuse("flows.start_km", "start_km is more than range_km".to_owned(), "give no more than range_km");
    }
    let longer = flows.longer_percent.unwrap_or(0.0);
    if !(0.0..=MOST_LONGER).contains(&longer) {
        let next = format!("give 0 to {MOST_LONGER}");
        return refuse("flows.longer_percent", format!("{longer} percent is no longer way"), &next);
    }
    Ok(Some(PlanFlowsAsked { range_mm, start_mm, longer: (longer * 10.0).round() as u64 }))
}

/// Refuses what is not asked for beside flows.
fn refuse_beside(table: &PlanTable, extent: Extent) -> Result<()> {
    let (key, next) = if matches!(extent, Extent::Cover(_)) {
        ("cover_percent", "give sites or budget instead")
    } else if !table.first.is_empty() {
        ("first", "take one of them out")
    } else if !table.funding.is_empty() {
        ("funding", "take one of them out")
    } else if table.corridors.is_some() {
        ("corridors", "take one of them out")
    } else if !table.years.is_empty() {
        ("years", "take one of them out")
    } else {
        return Ok(());
    };
    refuse(key, format!("{key} and flows cannot be asked for together"), next)
}

fn km(key: &str, value: Option<f64>) -> Result<Option<u64>> {
    match value {
        Some(km) if !(RANGE_KM.0..=RANGE_KM.1).contains(&km) => {
            let next = format!("give {} to {}", RANGE_KM.0, RANGE_KM.1);
            refuse(&format!("flows.{key}"), format!("no vehicle gets {km} km"), &next)
        }
        other => Ok(other.map(|km| (km * 1e6).round() as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Criteria, RegionFile};

    #[test]
    fn a_table_and_a_range_are_enough_and_what_is_not_said_is_there_and_back_on_the_shortest_way() {
        let asked = |more: &str| {
            let file = RegionFile::parse(&format!("[plan.flows]\npath = \"f.csv\"\nrange_km = 300\n{more}"), "r").unwrap();
            Criteria::from_region(&file).unwrap().plan.unwrap()
        };
        let p = asked("");
        assert_eq!(p.objective, Objective::Flows);
        assert_eq!(p.flows, Some(PlanFlowsAsked { range_mm: 300_000_000, start_mm: None, longer: 0 }));
        let p = asked("start_km = 150\nlonger_percent = 12.5\n");
        assert_eq!(p.flows, Some(PlanFlowsAsked { range_mm: 300_000_000, start_mm: Some(150_000_000), longer: 125 }));
    }

    #[test]
    fn what_cannot_be_meant_or_does_not_go_together_is_refused_by_its_key() {
        let flows = "[plan.flows]\npath = \"f.csv\"\nrange_km = 300\n";
        for (text, key) in [
            ("[plan]\nobjective = \"flows\"".to_owned(), "plan.flows"),
            (format!("[plan]\nobjective = \"road\"\n{flows}"), "plan.flows"),
            ("[plan.flows]\nrange_km = 300".to_owned(), "plan.flows.path"),
            ("[plan.flows]\npath = \"f.csv\"".to_owned(), "plan.flows.range_km"),
            ("[plan.flows]\npath = \"f.csv\"\nrange_km = 0".to_owned(), "plan.flows.range_km"),
            (format!("{flows}start_km = 301"), "plan.flows.start_km"),
            (format!("{flows}longer_percent = -1"), "plan.flows.longer_percent"),
            (format!("[plan]\ncover_percent = 50\n{flows}"), "plan.cover_percent"),
            (format!("[plan]\nfirst = [\"1\"]\n{flows}"), "plan.first"),
            (format!("[plan]\nfunding = [5]\n{flows}"), "plan.funding"),
            (format!("[plan.corridors]\nlongest_gap_km = 10\n{flows}"), "plan.corridors"),
            (format!("[plan]\nbackup = 2\n{flows}"), "plan.backup"),
        ] {
            let file = RegionFile::parse(&format!("{text}\n"), "r").unwrap();
            let error = Criteria::from_region(&file).unwrap_err();
            assert!(error.to_string().contains(key), "{text}: {error}");
        }
    }
}
