//! Writes the folder of a round: tables, layers, pages, and the manifest last. It appears whole or not at all.

mod book;
mod county_books;
mod county_page;
#[cfg(test)]
mod fixture;
#[cfg(feature = "gpkg")]
mod gpkg;
pub mod layers;
mod locator;
mod manifest;
mod map;
mod page;
mod page_names;
mod page_rules;
mod pages;
#[cfg(test)]
mod pages_tests;
mod province_names;
mod score_classes;
pub mod tables;

use super::folder::{AtomicFolder, Written};
use super::line_page::line_html;
use super::rank_tables::{RankView, write_ranking};
use super::tables::{issue_columns, issue_rows, write_csv};
use super::{dictionary, evidence, trust};
use crate::error::Result;
use crate::round::merge::Round;
pub use manifest::{Asked, ROUND_FOLDER};

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
    folder.write("ledger.csv", |w| write_csv(w, &super::tables::ledger_columns(&r.criteria), &mut tables::ledger_rows(r)))?;
    folder.write("selection.csv", |w| write_csv(w, &tables::selection_columns(), &mut tables::selection_rows(r)))?;
    folder.write("provinces.csv", |w| write_csv(w, &tables::province_columns(), &mut tables::province_rows(r).into_iter()))?;
    folder.write("shards.csv", |w| write_csv(w, &tables::shard_columns(), &mut tables::shard_rows(r)))?;
    folder.write("trust.csv", |w| write_csv(w, &trust::columns(), &mut tables::trust_rows(r)))?;
    folder.write("issues.csv", |w| write_csv(w, &issue_columns(), &mut issue_rows(&r.issues)))?;
    folder
        .write("dictionary.csv", |w| write_csv(w, &dictionary::columns(), &mut dictionary::rows(tables::files(&r.criteria))))?;
    #[cfg(feature = "gpkg")]
    folder.write_sealed("round.gpkg", |path| gpkg::write(r, path), super::geopackage::content_sha256)?;
    folder.write("counties.geojson", |w| layers::write_counties(r, w))?;
    if let Some(pages) = line_html(&view, &r.region)? {
        folder.write("line.html", |w| w.write_all(pages.as_bytes()))?;
    }
    pages::write_pages(r, &mut folder)?;
    let manifest = manifest::text(r, asked, &folder.written);
    folder.write("manifest.json", |w| w.write_all(manifest.as_bytes()))?;
    folder.finish()
}
