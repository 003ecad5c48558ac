//! Writes a whole run folder: layers, tables, map, report, and the manifest last.

use super::manifest::{Asked, text};
use crate::error::Result;
use crate::files::atomic::{AtomicFolder, Written};
use crate::page::line_page::line_html;
use crate::page::map::map_svg;
use crate::page::report::report_html;
use crate::rank::{Evidence, RankSettings};
use crate::results::Outcome;
use crate::tables::rank_tables::{RankView, write_ranking};
use crate::tables::{common as tables, counterfactuals, dictionary, equity, figures as evidence, layers, trust};

/// Writes an outcome to a folder that appears whole or not at all, and returns its files.
///
/// The folder is locked by the caller before the analysis, so that a taken place is found at once.
///
/// # Errors
/// Environment when the disk refuses. Nothing is left behind then.
pub fn write_run(o: &Outcome, asked: &Asked, mut folder: AtomicFolder) -> Result<Vec<Written>> {
    // The map is drawn while the layers are written.
    let write =
        || layers::LAYERS.iter().try_for_each(|l| folder.write(&format!("{l}.geojson"), |w| layers::write_layer(l, o, w)));
    let (written, map) = rayon::join(write, || map_svg(o));
    written?;
    write_ranking(&RankView::of(o), &mut folder)?;
    write_evidence(&o.evidence, &o.settings, &mut folder)?;
    folder.write("ledger.csv", |w| tables::write_csv(w, &tables::ledger_columns(&o.criteria), &mut tables::ledger_rows(o)))?;
    folder.write("equity.csv", |w| tables::write_csv(w, &equity::columns(&o.criteria), &mut equity::rows(o)))?;
    folder.write("lorenz.csv", |w| tables::write_csv(w, &equity::lorenz_columns(), &mut equity::lorenz_rows(o)))?;
    folder.write("counterfactuals.csv", |w| tables::write_csv(w, &counterfactuals::columns(), &mut counterfactuals::rows(o)))?;
    folder.write("trust.csv", |w| tables::write_csv(w, &trust::columns(), &mut trust::rows(o)))?;
    folder.write("issues.csv", |w| tables::write_csv(w, &tables::issue_columns(), &mut tables::issue_rows(&o.issues)))?;
    folder.write("dictionary.csv", |w| {
        tables::write_csv(w, &dictionary::columns(), &mut dictionary::rows(dictionary::files(&o.criteria)))
    })?;
    folder.write("map.svg", |w| w.write_all(map.as_bytes()))?;
    let report = report_html(o, &map, asked.lang)?;
    folder.write("report.html", |w| w.write_all(report.as_bytes()))?;
    if let Some(pages) = line_html(&RankView::of(o), &o.region, asked.lang)? {
        folder.write("line.html", |w| w.write_all(pages.as_bytes()))?;
    }
    let manifest = text(o, asked, &folder.written);
    folder.write("manifest.json", |w| w.write_all(manifest.as_bytes()))?;
    folder.finish()
}

/// Writes what the ranking is made from.
fn write_evidence(e: &Evidence, settings: &RankSettings, folder: &mut AtomicFolder) -> Result<()> {
    folder.write(evidence::FIGURES, |w| tables::write_csv(w, &evidence::figure_columns(), &mut evidence::figure_rows(e)))?;
    let asked = settings.table.columns();
    folder
        .write(evidence::COUNTY_COLUMNS, |w| tables::write_csv(w, &evidence::user_columns(), &mut evidence::user_rows(e, &asked)))
}
