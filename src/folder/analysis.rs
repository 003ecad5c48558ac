//! Writes the folder of a run or of a round: tables, layers, pages, and the manifest last. What a round adds stands in its own lines.

use super::manifest::{self, Asked};
use super::ranking::write_ranking;
use crate::error::Result;
use crate::files::atomic::{AtomicFolder, Written};
use crate::files::geojson::bbox_of;
use crate::page;
use crate::page::line_page::line_html;
use crate::results::Results;
use crate::tables::ranking::RankView;
use crate::tables::write::{collection, collection_of};
use crate::tables::{self, *};

/// Writes results to a folder that appears whole or not at all, and returns its files.
///
/// The folder is locked by the caller before the analysis, so that a taken place is found at once.
///
/// # Errors
/// Environment, when the disk refuses; input, when the rows of a shard were changed meanwhile. Nothing is left behind then.
pub fn write_results(r: &Results, asked: &Asked, mut folder: AtomicFolder) -> Result<Vec<Written>> {
    let view = RankView::of(r);
    // The map is drawn while the layers are written.
    let (written, map) = rayon::join(|| write_layers(r, &mut folder), || page::map_of(r));
    written?;
    write_ranking(&view, &mut folder)?;
    folder.write(figures::FILE, |w| figures::table().csv(w, figures::rows(&r.evidence)))?;
    let columns = r.settings.table.columns();
    folder.write(county_columns::FILE, |w| county_columns::table().csv(w, county_columns::rows(&r.evidence, &columns)))?;
    folder.write(ledger::FILE, |w| ledger::table(&r.criteria).csv(w, ledger::rows(r)))?;
    if r.output.wants("equity") {
        folder.write(equity::FILE, |w| equity::table(&r.criteria).csv(w, equity::rows(r)))?;
        folder.write(lorenz::FILE, |w| lorenz::table().csv(w, lorenz::rows(r)))?;
    }
    if r.output.wants("counterfactuals") {
        folder.write(counterfactuals::FILE, |w| counterfactuals::table(r).csv(w, counterfactuals::rows(r)))?;
    }
    folder.write(trust::FILE, |w| trust::table().csv(w, trust::rows(r)))?;
    if let Some(round) = r.as_round() {
        folder.write(selection::FILE, |w| selection::table(round).csv(w, selection::rows(round)))?;
        folder.write(provinces::FILE, |w| provinces::table().csv(w, provinces::rows(round)))?;
        folder.write(shards::FILE, |w| shards::table().csv(w, shards::rows(round)))?;
    }
    folder.write(issues::FILE, |w| issues::table().csv(w, issues::rows(&r.issues)))?;
    folder.write(dictionary::FILE, |w| dictionary::table().csv(w, dictionary::rows(tables::files(r))))?;
    #[cfg(feature = "gpkg")]
    if r.output.wants("gpkg") {
        folder.write_at(tables::geopackage_of(r), |path| super::gpkg::write(r, path))?;
    }
    if let Some(pages) = line_html(&view, &r.region)? {
        folder.write("line.html", |w| w.write_all(pages.as_bytes()))?;
    }
    page::write_pages(r, &map, &mut folder)?;
    let manifest = manifest::text(r, asked, &folder.written);
    folder.write("manifest.json", |w| w.write_all(manifest.as_bytes()))?;
    folder.finish()
}

/// Layers as GeoJSON: of a run all, of a round the counties and those that its `[output] layers` names.
fn write_layers(r: &Results, folder: &mut AtomicFolder) -> Result<()> {
    let bounded = r.round.is_some();
    let notice = &r.region.attribution;
    folder.write("counties.geojson", |w| {
        let (layer, rows) = (counties::layer(&r.criteria, bounded), counties::rows(r));
        collection_of(w, "counties", counties::bbox(r), notice, &layer, rows)
    })?;
    if r.output.wants_layer("gaps") {
        let (layer, bbox) = (gaps::layer(&r.criteria, &r.members, bounded), gaps::bbox(r)?);
        folder.write("gaps.geojson", |w| collection(w, "gaps", bbox, notice, &layer, &r.gaps()))?;
    }
    if r.output.wants_layer("stations") {
        let layer = stations::layer(&r.criteria, &r.members);
        let bbox = bbox_of(r.stations().all()?.iter().map(|s| s.station.at));
        folder.write("stations.geojson", |w| collection(w, "stations", bbox, notice, &layer, &r.stations()))?;
    }
    if r.output.wants_layer("settlements") {
        let layer = settlements::layer(&r.criteria, &r.members, bounded);
        let bbox = bbox_of(r.settlements().all()?.iter().map(|s| s.settlement.at));
        folder.write("settlements.geojson", |w| collection(w, "settlements", bbox, notice, &layer, &r.settlements()))?;
    }
    Ok(())
}
