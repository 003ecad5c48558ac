//! `overrides.csv` follows from the figures: the ranking and the selection are made again twice, with what was set by hand and without, and every
//! row is held against that. The records of the manifest are those that the ranking was made with.

use super::faults::of;
use super::opened::Opened;
use super::selection::{asked, same_words};
use super::{Findings, first_few};
use crate::config::override_table::AppealTable;
use crate::config::toml_text::from_values;
use crate::error::{Error, Location, Result, path_text};
use crate::files::csv_table::CsvTable;
use crate::files::lang::Both;
use crate::files::text::xml;
use crate::input;
use crate::rank::select::select;
use crate::results::by_hand::{BeforeHand, HandGround};
use crate::tables::overrides::{self, FILE, sentence, table};
use crate::tables::selection;
use serde_json::Value;

/// The first page.
const PAGE: &str = "round.html";
/// Longest sentence on it.
const LONGEST: usize = 600;

/// Checks a round in which something was set by hand, or asked for.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let told = &o.folder.manifest["set_by_hand"];
    let Some(standing) = o.standing.as_ref().filter(|_| o.holds(selection::FILE)) else { return Ok(()) };
    let overrides = &standing.settings.table.overrides;
    let same = told["overrides"] == serde_json::to_value(overrides).unwrap_or_default();
    if told.is_null() && overrides.is_empty() {
        let there =
            o.tables.table(FILE).map(|_| format!("{FILE} is there, and the manifest says of nothing that was set by hand"));
        findings.faults.extend(there);
        return Ok(());
    }
    if !same {
        findings.faults.push("manifest.json: what it lists as set by hand is not what the ranking was made with".to_owned());
    }
    let Some(written) = o.tables.table(FILE) else {
        findings.faults.push(format!("{FILE} is missing, and something was set by hand"));
        return Ok(());
    };
    let appeals = appeals(o, &told["appeals"])?;
    let asked = asked(&o.folder)?;
    let choices = select(&asked, &standing.ranking, &standing.evidence, &standing.settings);
    let before = BeforeHand::of(&asked, &standing.evidence, &standing.settings)?;
    let ground = HandGround {
        evidence: &standing.evidence,
        settings: &standing.settings,
        asked: &asked,
        after: (&standing.ranking, &choices),
        before: before.as_ref(),
        appeals: &appeals,
    };
    let rows = ground.rows();
    let mut bytes = Vec::new();
    table().csv(&mut bytes, rows.iter().cloned()).map_err(|e| Error::internal(format!("{FILE} cannot be made again: {e}")))?;
    compare(written, &CsvTable::parse(&bytes, FILE)?, findings);
    let what = format!("{} records of what was set by hand, with ranking and selection made again before and after", rows.len());
    findings.checked.push(what);
    if same_words(&o.folder) && of(o).is_some() && o.holds(PAGE) {
        let said = overrides::told(rows).iter().map(sentence).collect::<Vec<_>>();
        on_the_page(o, &said, findings)?;
    }
    Ok(())
}

/// The first page has each sentence, in the order of the table.
fn on_the_page(o: &Opened, said: &[Both], findings: &mut Findings) -> Result<()> {
    let bytes = input::whole(&o.folder.path.join(PAGE), "read the file", input::MOST_WHOLE)?;
    let page = String::from_utf8_lossy(&bytes);
    let head = page.split("<p class=\"lead\">").next().unwrap_or_default();
    let items: Vec<&str> = head.split("<li>").skip(1).map(|item| item.split("</li>").next().unwrap_or_default()).collect();
    let both = |item: &str, s: &Both| [&s.en, &s.zh].iter().all(|t| item.contains(&xml(t, LONGEST)));
    let wrong = (1..).zip(said).filter(|(i, s)| items.get(i - 1).is_some_and(|item| !both(item, s)));
    let wrong = wrong.map(|(i, _)| format!("{PAGE}: record {i} of what was set by hand is told otherwise than {FILE} has it"));
    first_few(wrong.collect(), findings);
    Ok(())
}

fn appeals(o: &Opened, told: &Value) -> Result<Vec<AppealTable>> {
    if told.is_null() {
        return Ok(Vec::new());
    }
    from_values(told.clone()).map_err(|e| {
        let at = Location::file(path_text(&o.folder.path.join("manifest.json"))).field("set_by_hand.appeals");
        Error::input(format!("the folder does not say what was asked for: {e}"), "make the round again").at(at)
    })
}

/// Cell by cell; numbers as exactly as six decimals can.
fn compare(written: &CsvTable, made: &CsvTable, findings: &mut Findings) {
    let (there, due) = (written.rows().count(), made.rows().count());
    if there != due {
        findings.faults.push(format!("{FILE}: it has {there} rows, and {due} follow from the figures"));
        return;
    }
    let mut faults = Vec::new();
    for (row, want) in written.rows().zip(made.rows()) {
        let columns = made.columns().iter().filter(|c| !same(row.get(c), want.get(c)));
        faults.extend(columns.map(|c| {
            let (county, is, due) = (want.get("county_code"), row.get(c), want.get(c));
            format!("{FILE}: row {}: {c} of county {county} is \"{is}\", and \"{due}\" follows from the figures", row.place())
        }));
    }
    first_few(faults, findings);
}

fn same(a: &str, b: &str) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() <= 2e-6 * y.abs().max(1.0);
    a == b || a.parse().ok().zip(b.parse().ok()).is_some_and(|(x, y)| near(x, y))
}
