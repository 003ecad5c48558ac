//! What the report of a run and the page of a round say of the funding of counties is what the tables say: each budget in its sentence and row, the
//! counties that are funded, and the chart.

use super::funding::FundingFiles;
use super::opened::Opened;
use super::plan_page::{cells_of, escaped, section, untold};
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::kind::Kind;
use crate::files::text::xml;
use crate::page::funding::{Amounts, BudgetTold, FundedTold, drawn};
use crate::page::report::MOST_ROWS;
use crate::page::report::plan_chart::chart;
use crate::tables::funding::{BUDGETS, FILE};

/// Checks the section, where the folder holds the page.
pub(super) fn check(o: &Opened, f: &FundingFiles<'_>, findings: &mut Findings) -> Result<()> {
    let name = if o.folder.kind == Kind::Round { "round.html" } else { "report.html" };
    if !o.holds(name) {
        return Ok(());
    }
    let Some(section) = section(o, name, "funding")? else {
        findings.faults.push(format!("{name}: it does not tell of the funding of counties"));
        return Ok(());
    };
    let mut faults = Vec::new();
    let mut lacks = |file: &str, row: &CsvRow<'_>| faults.push(untold(name, file, row));
    let amounts = Amounts { objective: f.asked.objective, currency: &f.asked.currency };
    let all = f.budgets.rows().map(|row| told(f, &row)).collect::<Result<Vec<BudgetTold>>>()?;
    for (row, told) in f.budgets.rows().zip(&all) {
        let said = told.sentence(&amounts);
        let both = [&said.en, &said.zh].iter().all(|text| section.contains(xml(text, 4000).as_str()));
        if !both || !section.contains(&cells_of(&told.cells(f.asked.objective))) {
            lacks(BUDGETS, &row);
        }
    }
    let funded = f.counties.rows().map(|row| Ok((county(f, &row)?, row))).collect::<Result<Vec<(FundedTold, CsvRow<'_>)>>>()?;
    for (told, row) in funded.iter().filter(|(told, _)| told.is_funded()).take(MOST_ROWS) {
        let code = format!("<bdi>{}</bdi></td>", escaped(row.get("county_code")));
        let cells = cells_of(&told.cells(f.asked.objective));
        let line = |(at, _): (usize, &str)| section[at..].split_once("</tr>").is_some_and(|(line, _)| line.contains(&cells));
        if !section.match_indices(&code).any(line) {
            lacks(FILE, row);
        }
    }
    first_few(faults, findings);
    if !section.contains(&chart(&drawn(&all, f.asked.objective, &f.asked.currency))) {
        findings.faults.push(format!("{name}: the chart of the funding is not that of {BUDGETS}"));
    }
    Ok(())
}

fn told(f: &FundingFiles<'_>, row: &CsvRow<'_>) -> Result<BudgetTold> {
    let budget = row.count("budget")?;
    let (mut sites, mut in_gap) = ([0, 0], 0);
    for other in f.counties.rows() {
        if other.count("budget")? == budget {
            sites = [sites[0] + other.count("sites")?, sites[1] + other.count("best_sites")?];
            in_gap += f.asked.units(&other, "in_gap")?;
        }
    }
    let units = |column: &str| f.asked.units(row, column);
    Ok(BudgetTold {
        budget,
        of: [
            [row.count("counties")?, sites[0], row.count("cost")?, units("covered")?],
            [row.count("best_counties")?, sites[1], row.count("best_cost")?, units("best_covered")?],
        ],
        bound: units("bound")?,
        in_gap,
    })
}

fn county(f: &FundingFiles<'_>, row: &CsvRow<'_>) -> Result<FundedTold> {
    let units = |column: &str| f.asked.units(row, column);
    let some = |column: &str| if row.get(column).is_empty() { Ok(None) } else { units(column).map(Some) };
    Ok(FundedTold {
        budget: row.count("budget")?,
        of: [
            [row.count("sites")?, row.count("cost")?, units("covered")?],
            [row.count("best_sites")?, row.count("best_cost")?, units("best_covered")?],
        ],
        lost: [some("lost_at_least")?, some("lost_at_most")?],
    })
}
