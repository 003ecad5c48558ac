//! The tables of a ranking made again from the figures by `[rank]` of the manifest, and held against those of the folder value by value. Without the
//! round file it is `why.csv`, which costs nothing; with it all of them, draws and all, as `chargegap rank` makes them.
//!
//! Figures are rounded in the folder. Where that turns a draw the shares and the ranges move by it: so much is allowed, and no more.

use super::opened::{Opened, RemadeRanking};
use super::same_values::{Compared, table};
use super::{Findings, first_few};
use crate::error::{Error, Result};
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::finished::Finished;
use crate::issue::Issues;
use crate::rank::{Assessment, assess};
use crate::tables::{RankView, lines, ranking, sensitivity, tables_of_ranking, why};

/// Draws that rounding may turn.
const TURNED: f64 = 3.0;

/// Checks `why.csv`.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(standing) = o.standing.as_ref().filter(|_| !o.folder.before_bounds() && o.holds(why::FILE)) else { return Ok(()) };
    let assessment = Assessment { ranking: standing.ranking.clone(), ..Assessment::default() };
    let cells = held(&o.folder, (standing, &assessment), &[why::FILE], findings)?;
    findings.checked.push(format!("{cells} values of {} made again from the figures", why::FILE));
    Ok(())
}

/// Checks all tables of the ranking of a folder, with its draws.
///
/// # Errors
/// As the tables and the ranking.
pub(super) fn with_draws(folder: &Finished, findings: &mut Findings) -> Result<()> {
    if folder.before_bounds() || !folder.holds(lines::FILE) {
        return Ok(());
    }
    let standing = RemadeRanking::of(folder)?;
    let assessment = assess(&standing.evidence, &standing.settings, &mut Issues::default())?;
    let wrong = findings.faults.len();
    let cells = held(folder, (&standing, &assessment), &[ranking::FILE, lines::FILE, sensitivity::FILE], findings)?;
    if findings.faults.len() == wrong {
        let what =
            format!("{cells} values of the ranking, its lines and what moves it made again with the draws of [rank.uncertainty]");
        findings.checked.push(what);
    }
    Ok(())
}

/// Holds tables against what they are when made again, and counts the values that are the same.
fn held(
    folder: &Finished,
    (standing, assessment): (&RemadeRanking, &Assessment),
    names: &[&str],
    findings: &mut Findings,
) -> Result<usize> {
    let view = RankView { evidence: &standing.evidence, assessment, settings: &standing.settings };
    let draws = standing.settings.table.uncertainty.draws;
    let mut found = Compared::default();
    for part in tables_of_ranking(view).iter().filter(|t| names.contains(&t.file) && folder.holds(t.file)) {
        let mut bytes = Vec::new();
        part.csv(&mut bytes).map_err(|e| Error::internal(format!("a table could not be made again: {e}")))?;
        let (told, made) = (folder.table(part.file)?, CsvTable::parse(&bytes, part.file)?);
        let mut own = Compared::default();
        table(part.file, &told, &made, &mut own);
        if !own.faults.is_empty() && part.file != why::FILE {
            own.faults = beyond(part.file, (&told, &made), draws)?;
        }
        found.cells += own.cells;
        found.faults.append(&mut own.faults);
        // keys, units and reasons are the same in every version that makes the same values
        let words = own.texts.iter().filter(|_| super::selection::same_words(folder));
        found
            .faults
            .extend(words.map(|(column, n)| format!("{column} has {n} other words than follow from the figures and [rank]")));
    }
    first_few(found.faults, findings);
    Ok(found.cells)
}

/// What differs in a table of draws by more than the draws that rounding may turn.
fn beyond(name: &str, (told, made): (&CsvTable, &CsvTable), draws: u32) -> Result<Vec<String>> {
    let share = TURNED / f64::from(draws.max(1));
    let mut wrong = Vec::new();
    if told.rows().count() != made.rows().count() {
        return Ok(vec![format!("{name} has {} rows, and {} made again", told.rows().count(), made.rows().count())]);
    }
    let key = |r: &CsvRow<'_>| r.cells().take(3).collect::<Vec<_>>().join(" ");
    for (a, b) in told.rows().zip(made.rows()) {
        // a band goes by its share, and by no other
        let turned = told.has("share_of_draws") && a.get("share_of_draws") != b.get("share_of_draws");
        for column in told.columns().iter().filter(|c| made.has(c)) {
            let (old, new) = (a.get(column), b.get(column));
            let most = match column.as_str() {
                "share_of_draws" => share,
                "band" | "line_band" if turned => continue,
                c if c.starts_with("rank_") => 1.0,
                _ if name == sensitivity::FILE => 10.0 * share,
                _ => 0.0,
            };
            let near =
                old.parse::<f64>().ok().zip(new.parse::<f64>().ok()).is_some_and(|(a, b)| (a - b).abs() <= most + super::ROUNDED);
            if old != new && !near {
                wrong.push(format!("{name}, row {}: {column} is {old}, and {new} made again", key(&a)));
            }
        }
    }
    Ok(wrong)
}
