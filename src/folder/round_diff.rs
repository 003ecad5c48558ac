//! Writes what changed between two rounds and why: tables, layers, a page for people, and a manifest. It appears whole or not at all.

use crate::error::Result;
use crate::files::atomic::{AtomicFolder, Written};
use crate::files::geojson::{Shape, around, bbox_of};
use crate::files::kind::{DIFF_FOLDER, FORMAT_VERSION};
use crate::files::seal::{SELF_BLANK, sealed};
use crate::files::table::Layer;
use crate::page::diff::Side;
use crate::read::county::County;
use crate::results::causes::{Cause, Causes, CountyCauses, StationChange};
use crate::tables::write::collection_of;
use crate::tables::{causes, dictionary, station_changes};
use geo::BoundingRect;
use serde_json::json;
use std::collections::BTreeMap;

/// Writes the folder and returns its files.
///
/// # Errors
/// Environment, when the disk refuses.
pub fn write_causes(c: &Causes, [old, new]: [Side<'_>; 2], mut folder: AtomicFolder) -> Result<Vec<Written>> {
    folder.write(causes::FILE, |w| causes::table().csv(w, causes::rows(c)))?;
    folder.write(station_changes::FILE, |w| station_changes::table().csv(w, station_changes::rows(c)))?;
    write_layers(c, &mut folder)?;
    folder.write(dictionary::FILE, |w| dictionary::table().csv(w, dictionary::rows(causes::files())))?;
    let html = crate::page::diff::html(c, [old, new])?;
    folder.write("diff.html", |w| w.write_all(html.as_bytes()))?;
    let side = |s: Side<'_>| json!({ "name": s.name, "round": s.manifest["round"], "manifest_sha256": s.manifest["manifest_sha256"] });
    let manifest = sealed(&json!({
        "format": DIFF_FOLDER,
        "format_version": FORMAT_VERSION,
        "chargegap_version": env!("CARGO_PKG_VERSION"),
        "manifest_sha256": SELF_BLANK,
        "command": { "name": "diff" },
        "old": side(old),
        "new": side(new),
        "order_of_causes": Cause::ALL.map(Cause::as_str),
        "causes_that_differ": c.differ.iter().map(|c| c.as_str()).collect::<Vec<_>>(),
        "rule": "each cause is changed from old to new, in this order, and the round computed again; what a cause did is the difference to the state before it",
        "outputs": folder.written.iter().map(|w| json!({ "name": w.name, "bytes": w.bytes, "sha256": w.sha256 })).collect::<Vec<_>>(),
    }));
    folder.write("manifest.json", |w| w.write_all(manifest.as_bytes()))?;
    folder.finish()
}

/// The same tables as layers.
fn write_layers(c: &Causes, folder: &mut AtomicFolder) -> Result<()> {
    let [before, after] = &c.ends;
    let shapes: BTreeMap<&str, &County> = before.counties().chain(after.counties()).map(|c| (c.code.as_str(), c)).collect();
    let shape_of = |x: &CountyCauses| shapes.get(x.code.as_str()).copied();
    let rows: Vec<&CountyCauses> = c.counties.iter().filter(|x| shape_of(x).is_some()).collect();
    let boxes = rows.iter().filter_map(|x| shape_of(x)?.shape.bounding_rect());
    let bbox = boxes.map(|r| [r.min().x, r.min().y, r.max().x, r.max().y]).reduce(around);
    let notice = &after.region.attribution;
    let shape = |x: &&CountyCauses| match shapes.get(x.code.as_str()) {
        Some(county) => Shape::Area(&county.shape),
        None => Shape::Line(Vec::new()), // none is left without
    };
    let counties = Layer { table: causes::table(), id: Box::new(|x: &&CountyCauses| x.code.clone()), shape: Box::new(shape) };
    folder.write("counties.geojson", |w| collection_of(w, "counties", bbox, notice, &counties, rows))?;
    let stations = Layer {
        table: station_changes::table(),
        id: Box::new(|s: &&StationChange| s.station.id.clone()),
        shape: Box::new(|s: &&StationChange| Shape::Point(s.station.at)),
    };
    let bbox = bbox_of(c.stations.iter().map(|s| s.station.at));
    folder.write("stations.geojson", |w| collection_of(w, "stations", bbox, notice, &stations, station_changes::rows(c)))
}
