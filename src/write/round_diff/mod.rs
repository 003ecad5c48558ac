//! Writes what changed between two rounds and why: tables, layers, a page for people, and a manifest. It appears whole or not at all.

mod page;
pub mod tables;
pub mod words;

use super::folder::{AtomicFolder, Written};
use super::geojson::{Feature, Features, Shape, bbox_of, write_collection};
use super::manifest::{FORMAT_VERSION, SELF_BLANK, outputs, sealed};
use super::tables::write_csv;
use super::{counties, dictionary};
use crate::error::Result;
use crate::finished::Finished;
use crate::read::county::County;
use crate::round::causes::{Cause, Causes};
use geo::BoundingRect;
use serde_json::json;
use std::collections::BTreeMap;

/// Says that a folder was written by `diff --report`.
pub const DIFF_FOLDER: &str = "chargegap round difference";

/// Writes the folder and returns its files.
///
/// # Errors
/// Environment, when the disk refuses.
pub fn write_causes(c: &Causes, [old, new]: [&Finished; 2], mut folder: AtomicFolder) -> Result<Vec<Written>> {
    folder.write("causes.csv", |w| write_csv(w, &tables::cause_columns(), &mut tables::cause_rows(c)))?;
    folder.write("stations.csv", |w| write_csv(w, &tables::station_columns(), &mut tables::station_rows(c)))?;
    let [before, after] = &c.ends;
    let shapes: BTreeMap<&str, &County> =
        before.members.iter().chain(&after.members).map(|m| (m.county.code.as_str(), &m.county)).collect();
    let rows: Vec<_> = tables::cause_rows(c).collect();
    let with_shape: Vec<(usize, &County)> =
        c.counties.iter().enumerate().filter_map(|(i, x)| Some((i, *shapes.get(x.code.as_str())?))).collect();
    let notice = &after.region.attribution;
    let bbox = counties::bbox(with_shape.iter().filter_map(|(_, c)| c.shape.bounding_rect()));
    let make = |k: usize| {
        let (i, county) = with_shape[k];
        Feature { id: county.code.clone(), shape: Shape::Area(&county.shape), values: rows[i].clone() }
    };
    let features = Features { count: with_shape.len(), make: &make };
    folder.write("counties.geojson", |w| write_collection(w, "counties", bbox, notice, &tables::cause_columns(), &features))?;
    let values: Vec<_> = tables::station_rows(c).collect();
    let make = |i: usize| {
        let s = &c.stations[i].station;
        Feature { id: s.id.clone(), shape: Shape::Point(s.at), values: values[i].clone() }
    };
    let bbox = bbox_of(c.stations.iter().map(|s| s.station.at));
    let features = Features { count: c.stations.len(), make: &make };
    folder.write("stations.geojson", |w| write_collection(w, "stations", bbox, notice, &tables::station_columns(), &features))?;
    folder.write("dictionary.csv", |w| write_csv(w, &dictionary::columns(), &mut dictionary::rows(tables::files())))?;
    let html = page::html(c, [old, new])?;
    folder.write("diff.html", |w| w.write_all(html.as_bytes()))?;
    let side = |f: &Finished| json!({ "name": f.name(), "round": f.manifest["round"], "manifest_sha256": f.manifest["manifest_sha256"] });
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
        "outputs": outputs(&folder.written),
    }));
    folder.write("manifest.json", |w| w.write_all(manifest.as_bytes()))?;
    folder.finish()
}
