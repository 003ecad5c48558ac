//! What must hold between the files of a round folder: the ledger closes, the layer of counties says what the tables say, who is
//! selected follows by the round's rule, provinces add up, and shards prove what they claim to.
//!
//! The sentences of `why` and `why_zh` are not made again; their words are.

mod layer;
mod provinces;
mod selection;
mod shards;

pub(super) use shards::{ShardRow, read as shard_rows};

use super::Findings;
use super::books::{self, BooksTable, Key};
use crate::config::Service;
use crate::config::criteria::Criterion;
use crate::config::round_file::SelectTable;
use crate::error::{Error, Location, Result, path_text};
use crate::files::csv_table::CsvTable;
use crate::finished::{Finished, Stored};
use crate::issue::Issues;
use crate::rank::select::Choice;
use crate::rank::{Evidence, RankSettings, Ranking, stand};
use crate::space::units;
use std::collections::BTreeMap;
use std::path::Path;

/// A round folder in memory, as far as its files say the same things twice.
struct Books<'f> {
    folder: &'f Finished,
    /// `[select]`.
    asked: SelectTable,
    settings: RankSettings,
    evidence: Evidence,
    /// Made again from the figures.
    ranking: Ranking,
    /// Made again from the ranking, by county.
    choices: Vec<Choice>,
    /// The tables of the folder.
    ranks: CsvTable,
    selection: CsvTable,
    /// Road by county, and gap by county, service and criterion, millimetres, from the ledger.
    roads: BTreeMap<String, u64>,
    gaps: BTreeMap<Key, u64>,
}

/// Checks everything; faults name the county or the province.
pub fn check(folder: &Path, findings: &mut Findings) {
    if let Err(e) = Finished::open(folder).and_then(|f| check_all(&f, findings)) {
        findings.faults.push(e.to_string().replace('\n', " "));
    }
}

fn check_all(folder: &Finished, findings: &mut Findings) -> Result<()> {
    let Some(ledger) = BooksTable::read(&folder.path.join("ledger.csv"), findings) else { return Ok(()) };
    let (roads, gaps) = books::check_ledger(&ledger, findings);
    books::check_balance(&folder.manifest, &roads, findings);
    let books = Books::read(folder, roads, gaps)?;
    books.check_counties(findings);
    layer::check(&books, findings)?;
    selection::check(&books, findings)?;
    provinces::check(&books, findings)?;
    shards::check(folder, &books.codes(), findings)
}

impl<'f> Books<'f> {
    fn read(folder: &'f Finished, roads: BTreeMap<String, u64>, gaps: BTreeMap<Key, u64>) -> Result<Self> {
        let asked = serde_json::from_value(folder.manifest["selection"]["asked"].clone()).map_err(|e| {
            let at = Location::file(path_text(&folder.path.join("manifest.json"))).field("selection.asked");
            Error::input(format!("the folder does not say how counties were selected: {e}"), "make the round again").at(at)
        })?;
        let table = folder.rank_table()?;
        let settings = RankSettings::from_table(&table)?;
        let evidence = Stored::read(folder)?.evidence_for(&table)?;
        let ranking = stand(&evidence, &settings, &mut Issues::default())?.ranking;
        let choices = crate::rank::select::select(&asked, &ranking, &evidence, &settings);
        let (ranks, selection) = (folder.table("ranking.csv")?, folder.table("selection.csv")?);
        Ok(Self { folder, asked, settings, evidence, ranking, choices, ranks, selection, roads, gaps })
    }

    /// Codes of the counties, in order.
    fn codes(&self) -> Vec<&str> {
        self.evidence.units.iter().map(|u| u.code.as_str()).collect()
    }

    /// The ledger is of the counties that are ranked.
    fn check_counties(&self, findings: &mut Findings) {
        let codes = self.codes();
        let missing = codes.iter().filter(|c| !self.roads.contains_key(**c));
        findings.faults.extend(missing.map(|c| format!("ledger.csv: county {c} is missing")));
        let known = |c: &&String| codes.binary_search(&c.as_str()).is_ok();
        let foreign = self.roads.keys().filter(|c| !known(c));
        findings.faults.extend(foreign.map(|c| format!("ledger.csv: county {c} is not in the ranking")));
    }

    /// Gap of a county for charging at the headline distance, millimetres.
    fn headline_gap(&self, code: &str) -> Option<u64> {
        let headline = Criterion::Distance(*self.evidence.distances_mm.first()?);
        self.gaps.get(&(code.to_owned(), Service::Charging.as_str().to_owned(), headline.slug())).copied()
    }
}

/// Whether a cell holds this number, as exactly as six decimals can.
fn close(cell: Option<f64>, want: Option<f64>) -> bool {
    cell.zip(want).map_or(cell.is_none() && want.is_none(), |(a, b)| (a - b).abs() < 2e-6)
}

/// Money of a cell in hundredths.
fn hundredths(cell: Option<f64>) -> Option<i64> {
    cell.map(units::hundredths)
}
