//! `counties.geojson` says of each county what `ranking.csv`, `ledger.csv` and `selection.csv` say.

use super::{Books, close};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::schema::{one_line, unguard};
use crate::read::record::Columns;
use crate::space::units::mm_of_km;
use crate::verify::Findings;
use crate::verify::books::{features, other_gaps};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) fn check(books: &Books<'_>, findings: &mut Findings) -> Result<()> {
    let ranks = by_code(books.ranks.rows())?;
    let chosen = by_code(books.selection.rows())?;
    let (mut faults, mut seen) = (Vec::new(), BTreeMap::new());
    features(&books.folder.path, "counties", findings, &mut |f| {
        let p = &f.columns;
        let code = p.get("code").and_then(Value::as_str).unwrap_or_default();
        *seen.entry(code.to_owned()).or_insert(0u32) += 1;
        let (Some(rank), Some(choice)) = (ranks.get(code), chosen.get(code)) else {
            return faults.push(format!("counties.geojson: county {code} is not in ranking.csv or not in selection.csv"));
        };
        let other = |column: &str, file: &str| format!("counties.geojson: {column} of county {code} is not what {file} says");
        faults.extend(other_ranks(p, rank).into_iter().map(|c| other(c, "ranking.csv")));
        if number(p, "road_km").and_then(mm_of_km) != books.roads.get(code).copied() {
            faults.push(other("road_km", "the ledger"));
        }
        faults.extend(other_gaps(code, p, &books.gaps));
        if p.get("selection").and_then(Value::as_str) != Some(choice.get("selection")) {
            faults.push(other("selection", "selection.csv"));
        }
        if p.get("selected").and_then(Value::as_bool).map(|b| b.to_string()).as_deref() != Some(choice.get("selected")) {
            faults.push(other("selected", "selection.csv"));
        }
    });
    let not_once = ranks.keys().filter(|c| seen.get(**c) != Some(&1));
    faults.extend(not_once.map(|c| format!("counties.geojson: county {c} is not there once")));
    findings.faults.append(&mut faults);
    findings.checked.push(format!("{} counties of the layer against ranking, ledger and selection", seen.len()));
    Ok(())
}

fn by_code<'t>(rows: impl Iterator<Item = CsvRow<'t>>) -> Result<BTreeMap<&'t str, CsvRow<'t>>> {
    rows.map(|row| Ok((unguard(row.cell("code")?), row))).collect()
}

fn number(p: &Columns, column: &str) -> Option<f64> {
    p.get(column).and_then(Value::as_f64)
}

/// Columns that are not those of the ranking.
fn other_ranks(p: &Columns, row: &CsvRow<'_>) -> Vec<&'static str> {
    let number_of = |column: &str| row.number(column).ok().flatten();
    let text_of = |column: &str| row.text(column).unwrap_or_default();
    let numbers = ["rank", "score_0_100"].into_iter().filter(|c| !close(number(p, c), number_of(c)));
    // a layer keeps line breaks and tabs, a cell is one line
    let one_line_of = |column: &str| one_line(p.get(column).and_then(Value::as_str).unwrap_or_default());
    let texts = ["name", "name_zh"];
    numbers.chain(texts.into_iter().filter(|c| one_line_of(c) != text_of(c))).collect()
}
