//! The years of a plan from its files alone: what stands in each year covers what is told, and its bound is computed again from its rows.

use super::close;
use super::opened::Opened;
use super::plan::PlanFaults;
use super::plan_files::{PlanFiles, cover};
use crate::config::plan::Objective;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::plan::Count;
use crate::siting::{Cover, CoverBound};
use crate::tables::plan::FILE as SITES;
use crate::tables::plan_parts::{COUNTIES as PLAN_COUNTIES, CURVE, ROWS as PLAN_ROWS};
use crate::tables::plan_years::{COUNTIES, FILE, ROWS};
use serde_json::Value;
use std::collections::BTreeMap;

/// A year as the manifest tells it.
pub(super) struct YearAsked {
    year: u64,
    own: u64,
    vehicles: f64,
}

/// The years of `criteria.plan` of the manifest; none where something is missing.
pub(super) fn asked(told: &Value) -> Option<Vec<YearAsked>> {
    let one = |y: &Value| {
        let own = y["sites"].as_u64().or(y["budget"].as_u64())?;
        Some(YearAsked { year: y["year"].as_u64()?, own, vehicles: y["vehicles"].as_f64()? })
    };
    told.as_array().map_or(Some(Vec::new()), |all| all.iter().map(one).collect())
}

/// What may be built in all of them.
fn most(years: &[YearAsked]) -> Option<u64> {
    years.iter().map(|y| y.own).reduce(|a, b| a.saturating_add(b))
}

/// Checks them, where there are any; tables are those of sites, counties and the curve.
pub(super) fn check(
    o: &Opened,
    plan: &PlanFiles<'_>,
    [sites, counties, curve, rows]: [&CsvTable; 4],
    faults: &mut PlanFaults,
) -> Result<()> {
    let years = &plan.asked.years;
    let files = [FILE, COUNTIES, ROWS];
    if years.is_empty() {
        let there = files.iter().filter(|f| o.holds(f));
        faults.0.extend(there.map(|f| format!("{f}: the manifest asks for no years")));
        for row in sites.rows().filter(|row| !row.get("year").is_empty()) {
            faults.differs(SITES, &row, "year", "the manifest");
        }
        return Ok(());
    }
    if most(years) != plan.asked.limit() {
        faults.0.push("manifest.json: the limit of the plan is not that of its years".to_owned());
    }
    let tables = files.map(|f| o.tables.table(f));
    faults.0.extend(files.iter().filter(|f| !o.holds(f)).map(|f| format!("{f} is missing: the plan has years")));
    let [Some(table), Some(by_county), Some(proofs)] = tables else { return Ok(()) };
    let Some(built) = built(plan, sites, faults)? else { return Ok(()) };
    let in_gap = curve.rows().next().map(|row| plan.asked.units(&row, "in_gap")).transpose()?;
    let mut sums = Sums { cost: Some(0), ..Sums::default() };
    if table.rows().count() != years.len() {
        faults.0.push(format!("{FILE}: its years are not those of the manifest"));
        return Ok(());
    }
    for (y, row) in table.rows().enumerate() {
        let Some((cover, multipliers)) = of_year(plan, y, (proofs, rows), faults)? else { return Ok(()) };
        sums.limit = sums.limit.saturating_add(years[y].own);
        of_row(plan, (y, &row), (&cover, &multipliers), (&built, sites, &mut sums), faults)?;
        let own = plan.asked.units(&row, "in_gap")?;
        let known = plan.asked.objective != Objective::Energy || y + 1 == years.len();
        faults.unless(own >= cover.total() && (!known || in_gap == Some(own)), (FILE, &row), "in_gap", CURVE);
    }
    of_counties(plan, (by_county, counties, sites), &sums.values, faults)
}

/// By year: the places of the sites in the order of building that are built in it.
fn built(plan: &PlanFiles<'_>, sites: &CsvTable, faults: &mut PlanFaults) -> Result<Option<Vec<Vec<usize>>>> {
    let years = &plan.asked.years;
    let (mut built, mut last) = (vec![Vec::new(); years.len()], 0);
    for (k, row) in sites.rows().enumerate() {
        let of = row.whole("year")?.and_then(|year| years.iter().position(|y| y.year == year));
        let first = plan.is_locked_in(k).then_some(0);
        let Some(y) = of.filter(|y| *y >= last && first.is_none_or(|f| f == *y)) else {
            faults.differs(SITES, &row, "year", "the manifest");
            return Ok(None);
        };
        built[y].push(k);
        last = y;
    }
    Ok(Some(built))
}

/// The rows of a year: those of the plan, with the weights of the year.
fn of_year(
    plan: &PlanFiles<'_>,
    y: usize,
    (proofs, rows): (&CsvTable, &CsvTable),
    faults: &mut PlanFaults,
) -> Result<Option<(Cover, CoverBound)>> {
    let years = &plan.asked.years;
    let year = years[y].year.to_string();
    let own = || proofs.rows().filter(|row| row.get("year") == year);
    let Some(found) = cover(own(), ROWS, (plan.candidates.len(), &Count::default()), faults)? else { return Ok(None) };
    if own().count() != rows.rows().count() {
        faults.0.push(format!("{ROWS}: its rows are not those of {PLAN_ROWS}"));
        return Ok(None);
    }
    let energy = plan.asked.objective == Objective::Energy;
    let [own_factor, last] = [y, years.len() - 1].map(|y| if energy { years[y].vehicles } else { 1.0 });
    for (row, all) in own().zip(rows.rows()) {
        faults.unless(row.get("candidates") == all.get("candidates"), (ROWS, &row), "candidates", PLAN_ROWS);
        let (here, there) = (row.count("weight")?, all.count("weight")?);
        // both are rounded up from the weight of today
        let apart = (here as f64 * last - there as f64 * own_factor).abs();
        let fits = if energy { apart <= (last + own_factor) * 1.000_001 + here as f64 * 2e-6 } else { here == there };
        faults.unless(fits, (ROWS, &row), "weight", PLAN_ROWS);
        let same = y + 1 < years.len() || (row.get("multiplier") == all.get("multiplier") && here == there);
        faults.unless(same, (ROWS, &row), "multiplier", PLAN_ROWS);
    }
    Ok(Some(found))
}

/// What adds up over the years.
#[derive(Default)]
struct Sums {
    sites: u64,
    cost: Option<u64>,
    limit: u64,
    covered: u64,
    bound: u64,
    /// What each year covers.
    values: Vec<u64>,
}

/// A year against its sites, its rows and what was asked.
fn of_row(
    plan: &PlanFiles<'_>,
    (y, row): (usize, &CsvRow<'_>),
    (cover, multipliers): (&Cover, &CoverBound),
    (built, sites, sums): (&[Vec<usize>], &CsvTable, &mut Sums),
    faults: &mut PlanFaults,
) -> Result<()> {
    let (asked, here) = (plan.asked, (FILE, row));
    let (manifest, itself) = ("the manifest", "the row itself");
    faults.unless(row.count("year")? == asked.years[y].year, here, "year", manifest);
    faults.unless(row.count("limit")? == sums.limit, here, "limit", manifest);
    faults.unless(close(row.number("vehicles")?, Some(asked.years[y].vehicles)), here, "vehicles", manifest);
    faults.unless(row.get("unit") == asked.objective.unit().0, here, "unit", manifest);
    let costs: Vec<Option<u64>> = sites.rows().map(|s| s.whole("cost")).collect::<Result<_>>()?;
    let cost = built[y].iter().map(|k| costs[*k]).sum::<Option<u64>>();
    sums.sites += built[y].len() as u64;
    sums.cost = sums.cost.zip(cost).map(|(a, b)| a.saturating_add(b));
    faults.unless(row.count("sites")? == built[y].len() as u64, here, "sites", SITES);
    faults.unless(row.count("sites_up_to")? == sums.sites, here, "sites_up_to", SITES);
    faults.unless(row.whole("cost")? == cost, here, "cost", SITES);
    faults.unless(row.whole("cost_up_to")? == sums.cost, here, "cost_up_to", SITES);
    let there = |k: usize| built[..=y].iter().any(|own| own.contains(&k));
    let taken = plan.taken(&there);
    faults.unless(row.count("taken")? == taken && taken <= sums.limit, here, "taken", SITES);
    let standing: Vec<u32> = (0..plan.order.len()).filter(|k| there(*k)).map(|k| plan.order[k]).collect();
    let value = cover.value(&standing);
    let (covered, bound) = (asked.units(row, "covered")?, asked.units(row, "bound")?);
    faults.unless(covered == value, here, "covered", ROWS);
    let by_multipliers = plan.bound_of((cover, multipliers, &Count::default()), sums.limit, &[]).map(|b| b.max(value));
    let fits = match (row.get("proof"), by_multipliers) {
        ("multipliers", Some(most)) => bound == most,
        ("search", Some(most)) => value <= bound && bound <= most,
        _ => false,
    };
    faults.unless(fits, here, "bound", ROWS);
    (sums.covered, sums.bound) = (sums.covered.saturating_add(covered), sums.bound.saturating_add(bound));
    sums.values.push(covered);
    faults.unless(asked.units(row, "covered_up_to")? == sums.covered, here, "covered_up_to", "the row before it");
    faults.unless(asked.units(row, "bound_up_to")? == sums.bound, here, "bound_up_to", "the row before it");
    let gap = sums.bound.saturating_sub(sums.covered) as f64 / (sums.bound.max(1)) as f64 * 100.0;
    faults.unless(close(row.number("gap_percent")?, Some(gap)), here, "gap_percent", itself);
    Ok(())
}

/// Counties at the end of each year: what has left their gap is what the year covers, and at the end all is as the whole plan leaves it.
fn of_counties(
    plan: &PlanFiles<'_>,
    (table, counties, sites): (&CsvTable, &CsvTable, &CsvTable),
    values: &[u64],
    faults: &mut PlanFaults,
) -> Result<()> {
    let years = &plan.asked.years;
    let (mut rows, mut before) = (table.rows(), BTreeMap::new());
    for (year, value) in years.iter().zip(values) {
        let (mut gone, last) = (0i64, years.last().is_some_and(|l| l.year == year.year));
        for whole in counties.rows() {
            let Some(row) = rows
                .next()
                .filter(|r| r.get("county_code") == whole.get("county_code") && r.get("year") == year.year.to_string())
            else {
                faults.0.push(format!("{COUNTIES}: its rows are not the years and counties of the plan"));
                return Ok(());
            };
            let here = (COUNTIES, &row);
            let by_then = |s: &CsvRow<'_>| s.get("year").parse().is_ok_and(|y: u64| y <= year.year);
            let own = || sites.rows().filter(|s| s.get("county_code") == row.get("county_code") && by_then(s));
            faults.unless(row.count("sites")? == own().count() as u64, here, "sites", SITES);
            let cost = own().map(|s| s.whole("cost")).collect::<Result<Vec<_>>>()?.into_iter().sum::<Option<u64>>();
            faults.unless(row.whole("cost")? == cost, here, "cost", SITES);
            let columns = ["gap_km", "settlements_in_gap", "people_in_gap"];
            for column in columns {
                let same = !last || row.get(column) == whole.get(&format!("{column}_after"));
                faults.unless(same, here, column, PLAN_COUNTIES);
            }
            // nothing that is built is taken away
            let now = [row.mm("gap_km")?, row.count("settlements_in_gap")?, row.count("people_in_gap")?];
            let first =
                [whole.mm("gap_km_before")?, whole.count("settlements_in_gap_before")?, whole.count("people_in_gap_before")?];
            let most = before.insert(row.get("county_code").to_owned(), now).unwrap_or(first);
            for (k, column) in columns.into_iter().enumerate() {
                faults.unless(now[k] <= most[k], here, column, "the row before it");
            }
            gone += match plan.asked.objective {
                Objective::Road => whole.mm("gap_km_before")? as i64 - row.mm("gap_km")? as i64,
                Objective::People => whole.count("people_in_gap_before")? as i64 - row.count("people_in_gap")? as i64,
                Objective::Settlements => {
                    whole.count("settlements_in_gap_before")? as i64 - row.count("settlements_in_gap")? as i64
                }
                _ => 0,
            };
        }
        if plan.asked.objective != Objective::Energy && gone != *value as i64 {
            faults.0.push(format!("{COUNTIES}: what leaves the gap is not what the sites of {SITES} cover"));
        }
    }
    if rows.next().is_some() {
        faults.0.push(format!("{COUNTIES}: its rows are not the years and counties of the plan"));
    }
    Ok(())
}
