//! Other plans that are nearly as good: what each covers is added up from the rows again, and it differs from the plan, and keeps to the limit
//! and to what is there anyhow, as it must.

use super::close;
use super::plan::PlanFaults;
use super::plan_files::PlanFiles;
use crate::error::Result;
use crate::files::csv_table::CsvTable;
use crate::tables::plan_parts::{CANDIDATES, OTHERS, QUALITY, ROWS};
use std::collections::BTreeMap;

/// Another plan as the table has it: numbers of its candidates, and what they cover.
pub(super) struct OtherPlan {
    pub candidates: Vec<u32>,
    pub covered: u64,
}

/// The plans of the table; one whose ids are none of the candidates is a fault.
pub(super) fn read(
    plan: &PlanFiles,
    (table, candidates): (&CsvTable, &CsvTable),
    faults: &mut PlanFaults,
) -> Result<Vec<OtherPlan>> {
    let number: BTreeMap<&str, u32> = (0u32..).zip(candidates.rows()).map(|(i, row)| (row.get("id"), i)).collect();
    let mut all = Vec::new();
    for row in table.rows() {
        let ids = row.text("ids")?;
        let numbers: Option<Vec<u32>> = ids.split("; ").map(|id| number.get(id).copied()).collect();
        let Some(list) = numbers.filter(|n| n.is_sorted_by(|a, b| a < b)) else {
            faults.differs(OTHERS, &row, "ids", CANDIDATES);
            continue;
        };
        all.push(OtherPlan { candidates: list, covered: plan.asked.units(&row, "covered")? });
    }
    Ok(all)
}

/// Checks the table; `stages` are the numbers of the questions that chose the sites, in order.
pub(super) fn check(
    plan: &PlanFiles,
    (table, candidates, stages): (&CsvTable, &CsvTable, &[usize]),
    quality: &CsvTable,
    faults: &mut PlanFaults,
) -> Result<()> {
    let limit = quality.rows().next().map(|row| row.count("limit")).transpose()?.unwrap_or(0);
    let value: u64 = plan.gains.iter().sum();
    let last = plan.asked.first.len();
    let fixed: Vec<u32> =
        (0..plan.order.len()).filter(|k| plan.is_locked_in(*k) || stages[*k] < last).map(|k| plan.order[k]).collect();
    let own: Vec<u32> = plan.order.iter().filter(|s| !fixed.contains(s)).copied().collect();
    // a third of the plan's own sites, rounded up, are elsewhere
    let shared_at_most = own.len() - own.len().div_ceil(3);
    let others = read(plan, (table, candidates), faults)?;
    for ((other, row), number) in others.iter().zip(table.rows()).zip(1..) {
        let here = (OTHERS, &row);
        faults.unless(row.count("other")? == number, here, "other", "the row itself");
        faults.unless(row.get("unit") == plan.asked.objective.unit().0, here, "unit", "the manifest");
        faults.unless(other.covered == plan.value(&other.candidates), here, "covered", ROWS);
        let less = if value == 0 { 0.0 } else { (value as f64 - other.covered as f64) / value as f64 * 100.0 };
        faults.unless(close(row.number("less_percent")?, Some(less)) && less <= 1.0 + 1e-9, here, "less_percent", QUALITY);
        faults.unless(row.count("sites")? == other.candidates.len() as u64, here, "sites", CANDIDATES);
        let elsewhere = other.candidates.iter().filter(|s| !plan.order.contains(s)).count();
        faults.unless(row.count("elsewhere")? == elsewhere as u64, here, "elsewhere", CANDIDATES);
        let shared = own.iter().filter(|s| other.candidates.contains(s)).count();
        let keeps = fixed.iter().all(|s| other.candidates.contains(s));
        let open = other.candidates.iter().all(|s| plan.candidates[*s as usize].locked != Some(false));
        let fits = shared <= shared_at_most && keeps && open && plan.taken_by(&other.candidates) <= limit;
        faults.unless(fits, here, "ids", "the rule of other plans");
    }
    Ok(())
}
