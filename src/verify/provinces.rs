//! `provinces.csv` adds up: it follows from the rows of `ranking.csv`, `selection.csv` and `ledger.csv`.

use super::opened::{LedgerSums, Opened, RemadeRanking};
use super::{Findings, close, hundredths};
use crate::config::Service;
use crate::config::criteria::Criterion;
use crate::config::round_file::SelectTable;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::rank::select::Why;
use crate::tables::{provinces, ranking, selection};
use std::collections::BTreeMap;

/// The tables that it follows from.
struct ProvinceTables<'o> {
    ranking: &'o CsvTable,
    selection: &'o CsvTable,
    ledger: &'o LedgerSums,
    standing: &'o RemadeRanking,
}

/// A province, counted from the other tables.
#[derive(Default)]
struct Province {
    counties: u64,
    ranked: u64,
    funded: u64,
    places: u64,
    cost: i64,
    best_rank: Option<u64>,
    last_score: Option<f64>,
    road_mm: u64,
    gap_mm: u64,
}

/// Checks the table, where the folder holds it.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(table) = o.tables.table(provinces::FILE) else { return Ok(()) };
    let (ranking, selection) = (o.tables.table(ranking::FILE), o.tables.table(selection::FILE));
    let (Some(ranking), Some(selection), Some(ledger), Some(standing)) = (ranking, selection, &o.ledger, &o.standing) else {
        return Ok(());
    };
    let asked = super::selection::asked(&o.folder)?;
    let mut want = count(&ProvinceTables { ranking, selection, ledger, standing })?;
    let provinces = want.len();
    // folders of before say the places only, and call them selected
    let before = !table.columns().iter().any(|c| c == "places_used");
    for row in table.rows() {
        let province = row.text("province")?;
        let Some(p) = want.remove(&province) else {
            findings.faults.push(format!("provinces.csv: no county is in province \"{province}\", or it is there twice"));
            continue;
        };
        for column in others((&asked, before), &province, &p, &row)? {
            findings.faults.push(format!("provinces.csv: {column} of province {province} is not what the other tables say"));
        }
    }
    findings.faults.extend(want.keys().map(|p| format!("provinces.csv: province {p} is missing")));
    findings.checked.push(format!("{provinces} provinces against ranking, selection and ledger"));
    Ok(())
}

fn count(books: &ProvinceTables<'_>) -> Result<BTreeMap<String, Province>> {
    let mut all: BTreeMap<String, Province> = BTreeMap::new();
    for row in books.ranking.rows() {
        let code = row.code("county_code")?;
        let p = all.entry(books.standing.settings.province(&code).to_owned()).or_default();
        p.counties += 1;
        if let Some(rank) = row.whole("rank")? {
            p.ranked += 1;
            p.best_rank = Some(p.best_rank.map_or(rank, |best| best.min(rank)));
        }
        p.road_mm += books.ledger.roads.get(&code).copied().unwrap_or(0);
        p.gap_mm += headline_gap(books, &code).unwrap_or(0);
    }
    for row in books.selection.rows().filter(|r| r.get("selected") == "true") {
        let p = all.entry(books.standing.settings.province(&row.code("county_code")?).to_owned()).or_default();
        p.funded += 1;
        p.places += u64::from([Why::Selected, Why::ByHand].map(Why::as_str).contains(&row.get("selection")));
        p.cost += hundredths(row.number("cost")?).unwrap_or(0);
        let score = row.number("score_0_100")?;
        p.last_score = p.last_score.map_or(score, |last| Some(score.map_or(last, |s| s.min(last))));
    }
    Ok(all)
}

/// Gap of a county for charging at the headline distance, millimetres.
fn headline_gap(books: &ProvinceTables<'_>, code: &str) -> Option<u64> {
    let headline = Criterion::Distance(*books.standing.evidence.distances_mm.first()?);
    books.ledger.gaps.get(&(code.to_owned(), Service::Charging.as_str().to_owned(), headline.slug())).copied()
}

/// Columns of a row that are not what the other tables say.
fn others((asked, before): (&SelectTable, bool), province: &str, want: &Province, row: &CsvRow<'_>) -> Result<Vec<&'static str>> {
    let quota = asked.quotas.as_ref().map(|q| q.get(province).copied().unwrap_or(0) as u64);
    let places = if before { "selected" } else { "places_used" };
    let same = [
        ("counties", row.count("counties")? == want.counties),
        ("ranked", row.count("ranked")? == want.ranked),
        ("quota", row.whole("quota")? == quota),
        (places, row.count(places)? == want.places),
        ("funded", before || row.count("funded")? == want.funded),
        ("cost", hundredths(row.number("cost")?) == asked.budget.map(|_| want.cost)),
        ("best_rank", row.whole("best_rank")? == want.best_rank),
        ("last_selected_score", close(row.number("last_selected_score")?, want.last_score)),
        ("road_km", row.mm("road_km")? == want.road_mm),
        ("charging_gap_km", row.mm("charging_gap_km")? == want.gap_mm),
    ];
    Ok(same.into_iter().filter(|(_, same)| !same).map(|(column, _)| column).collect())
}
