//! Writes the folder of a run or of a round: layers, tables, pages, and the manifest last. What there is stands in [`tables`] and
//! [`page`]; nothing here knows a single column.

use super::companions::{write_companions, write_table};
use super::looks::looks;
use super::manifest::{self, Asked};
use crate::error::Result;
use crate::files::atomic::{AtomicFolder, Written};
use crate::files::data_package::About;
use crate::files::schema::Column;
use crate::page::line_page::line_html;
use crate::page::{self};
use crate::results::Results;
use crate::tables::{self, LARGE_LAYER, RankView, is_written, layers_of, tables_of};

/// Writes results to a folder that appears whole or not at all, and returns its files.
///
/// The folder is locked by the caller before the analysis, so that a taken place is found at once.
///
/// # Errors
/// Environment, when the disk refuses; input, when the rows of a shard were changed meanwhile. Nothing is left behind then.
pub fn write_results(r: &Results, asked: &Asked, mut folder: AtomicFolder) -> Result<Vec<Written>> {
    // The map is drawn while the layers are written.
    let (written, map) = rayon::join(|| write_layers(r, &mut folder), || page::map_of(r));
    let large = written?;
    for table in tables_of(r) {
        write_table(&mut folder, (table.file, r.output.csv_bom), |w| table.csv(w))?;
    }
    let name = if r.round.is_some() { "chargegap-round" } else { "chargegap-run" };
    let (title, attribution) = (&r.region.name, &r.region.attribution);
    let files: Vec<_> = tables::files(r).into_iter().chain(large).collect();
    write_companions(&mut folder, &files, About { name, title, attribution, has_bom: r.output.csv_bom })?;
    #[cfg(feature = "gpkg")]
    if r.output.wants("gpkg") {
        folder.write_sealed(tables::package_of(r), |path| super::gpkg::write(r, path))?;
        folder.write(tables::project_of(r), |w| w.write_all(&super::gpkg::project(r)?))?;
    }
    if let Some(pages) = line_html(&RankView::of(r), &r.region, r.language())? {
        folder.write("line.html", |w| w.write_all(pages.as_bytes()))?;
    }
    page::write_pages(r, (&map, r.language()), &mut folder)?;
    let manifest = manifest::text(r, asked, &folder.written);
    folder.write("manifest.json", |w| w.write_all(manifest.as_bytes()))?;
    folder.finish()
}

/// Layers as files of their own: of a run all, of a round the counties and those that its `[output] layers` names. Gives what was written
/// of large layers besides, with the columns.
fn write_layers(r: &Results, folder: &mut AtomicFolder) -> Result<Vec<(String, Vec<Column>)>> {
    let mut large = Vec::new();
    for layer in layers_of(r).iter().filter(|l| is_written(r, l.name)) {
        folder.write(&layer.file(), |w| layer.write(w, &r.region.attribution))?;
        let is_large = folder.written.last().is_some_and(|f| f.bytes > LARGE_LAYER);
        if is_large && layer.file() != layer.indexed_file() {
            folder.write(&layer.indexed_file(), |w| layer.flatgeobuf(w))?;
            large.push((layer.indexed_file(), layer.columns.clone()));
        }
        folder.write(&format!("{}.qml", layer.name), |w| w.write_all(looks(layer.name, &r.criteria.serving).qml().as_bytes()))?;
    }
    Ok(large)
}
