//! `counties.geojson` says of each county what `ranking.csv`, `ledger.csv` and, in a round, `selection.csv` say.

use super::opened::{LedgerSums, Opened, county_code, headline_slug};
use super::{Findings, close};
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::schema::{one_line, unguard};
use crate::read::record::Columns;
use crate::space::units::mm_of_km;
use crate::tables::{headline, ranking, selection};
use serde_json::Value;
use std::collections::BTreeMap;

/// Checks the layer, where the folder holds it.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(ledger), Some(ranking), true) = (&o.ledger, o.tables.table(ranking::FILE), o.holds("counties.geojson")) else {
        return Ok(());
    };
    let ranks = by_code(ranking)?;
    let chosen = o.tables.table(selection::FILE).map(by_code).transpose()?;
    let headline = headline_slug(&o.folder.manifest);
    let (mut faults, mut seen) = (Vec::new(), BTreeMap::new());
    o.features("counties", findings, &mut |f| {
        let p = &f.columns;
        let code = &one_line(county_code(p));
        *seen.entry(code.clone()).or_insert(0u32) += 1;
        let other = |column: &str, file: &str| format!("counties.geojson: {column} of county {code} is not what {file} says");
        match ranks.get(code.as_str()) {
            Some(rank) => faults.extend(other_ranks(p, rank).into_iter().map(|c| other(c, ranking::FILE))),
            None => faults.push(format!("counties.geojson: county {code} is not in {}", ranking::FILE)),
        }
        faults.extend(other_lengths(code, p, ledger, headline.as_deref()).into_iter().map(|c| other(&c, "the ledger")));
        let choice = chosen.as_ref().map(|c| c.get(code.as_str()));
        faults.extend(choice.into_iter().flat_map(|c| other_choice(p, c)).map(|c| other(c, selection::FILE)));
    })?;
    let not_once = ranks.keys().filter(|c| seen.get(**c) != Some(&1));
    faults.extend(not_once.map(|c| format!("counties.geojson: county {c} is not there once")));
    findings.faults.append(&mut faults);
    let against = if chosen.is_some() { "ranking, ledger and selection" } else { "ranking and ledger" };
    findings.checked.push(format!("{} counties of the layer against {against}", seen.len()));
    Ok(())
}

fn by_code(table: &CsvTable) -> Result<BTreeMap<&str, CsvRow<'_>>> {
    table.rows().map(|row| Ok((unguard(row.cell("county_code")?), row))).collect()
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

/// Road and gaps that are not those of the ledger; those at the headline limit stand there twice since format 4.
fn other_lengths(code: &str, p: &Columns, ledger: &LedgerSums, headline: Option<&str>) -> Vec<String> {
    let first = (code.to_owned(), String::new(), String::new());
    let of_county = || ledger.gaps.range(first.clone()..).take_while(|(k, _)| k.0 == code);
    let gaps = of_county().map(|((_, service, criterion), mm)| (format!("{service}_gap_km_beyond_{criterion}"), Some(*mm)));
    let headline = headline.filter(|_| p.contains_key(headline::DISTANCE));
    let of_headline = of_county().filter(|((_, _, criterion), _)| Some(criterion.as_str()) == headline);
    let again = of_headline.map(|((_, service, _), mm)| (format!("headline_{service}_gap_km"), Some(*mm)));
    let all = gaps.chain(again).chain([("road_km".to_owned(), ledger.roads.get(code).copied())]);
    all.filter(|(column, want)| number(p, column).and_then(mm_of_km) != *want).map(|(column, _)| column).collect()
}

/// Columns that are not those of the selection, which may not know the county.
fn other_choice(p: &Columns, row: Option<&CsvRow<'_>>) -> Vec<&'static str> {
    let told = |column: &str| row.map(|r| r.get(column).to_owned());
    let selected = p.get("selected").and_then(Value::as_bool).map(|b| b.to_string());
    let selection = p.get("selection").and_then(Value::as_str).map(str::to_owned);
    let both = [("selected", selected), ("selection", selection)];
    both.into_iter().filter(|(c, says)| says.is_none() || *says != told(c)).map(|(c, _)| c).collect()
}
