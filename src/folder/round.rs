//! Writes the folder of a round: tables, layers, pages, and the manifest last. It appears whole or not at all.

pub use super::round_manifest::Asked;
use crate::error::Result;
use crate::files::atomic::{AtomicFolder, Written};
pub use crate::files::kind::ROUND_FOLDER;
use crate::page::line_page::line_html;
use crate::round::merge::Round;
use crate::tables::common::{issue_columns, issue_rows, write_csv};
use crate::tables::rank_tables::{RankView, write_ranking};
use crate::tables::{dictionary, figures as evidence, round_tables, trust};

/// Writes a round and returns its files.
///
/// # Errors
/// Environment, when the disk refuses. Nothing is left behind then.
pub fn write_round(r: &Round, asked: &Asked, mut folder: AtomicFolder) -> Result<Vec<Written>> {
    let view = RankView { evidence: &r.evidence, assessment: &r.assessment, settings: &r.settings };
    write_ranking(&view, &mut folder)?;
    let columns = r.settings.table.columns();
    folder.write(evidence::FIGURES, |w| write_csv(w, &evidence::figure_columns(), &mut evidence::figure_rows(&r.evidence)))?;
    folder.write(evidence::COUNTY_COLUMNS, |w| {
        write_csv(w, &evidence::user_columns(), &mut evidence::user_rows(&r.evidence, &columns))
    })?;
    folder.write("ledger.csv", |w| {
        write_csv(w, &crate::tables::common::ledger_columns(&r.criteria), &mut round_tables::ledger_rows(r))
    })?;
    folder.write("selection.csv", |w| write_csv(w, &round_tables::selection_columns(), &mut round_tables::selection_rows(r)))?;
    folder.write("provinces.csv", |w| {
        write_csv(w, &round_tables::province_columns(), &mut round_tables::province_rows(r).into_iter())
    })?;
    folder.write("shards.csv", |w| write_csv(w, &round_tables::shard_columns(), &mut round_tables::shard_rows(r)))?;
    folder.write("trust.csv", |w| write_csv(w, &trust::columns(), &mut round_tables::trust_rows(r)))?;
    folder.write("issues.csv", |w| write_csv(w, &issue_columns(), &mut issue_rows(&r.issues)))?;
    folder.write("dictionary.csv", |w| {
        write_csv(w, &dictionary::columns(), &mut dictionary::rows(round_tables::files(&r.criteria)))
    })?;
    #[cfg(feature = "gpkg")]
    folder.write_at("round.gpkg", |path| super::gpkg::write(r, path))?;
    folder.write("counties.geojson", |w| crate::tables::round_layers::write_counties(r, w))?;
    if let Some(pages) = line_html(&view, &r.region, asked.lang)? {
        folder.write("line.html", |w| w.write_all(pages.as_bytes()))?;
    }
    crate::page::round::write_pages(r, asked.lang, &mut folder)?;
    let manifest = super::round_manifest::text(r, asked, &folder.written);
    folder.write("manifest.json", |w| w.write_all(manifest.as_bytes()))?;
    folder.finish()
}
