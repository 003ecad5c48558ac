//! Writes what changed between two rounds and why: tables, layers, a page for people, and a manifest. It appears whole or not at all.

use super::manifest::said_if_not_english;
use crate::error::Result;
use crate::files::atomic::{AtomicFolder, Written};
use crate::files::geojson::{Feature, Features, Shape, bbox_of, write_collection};
use crate::files::kind::DIFF_FOLDER;
use crate::files::kind::FORMAT_VERSION;
use crate::files::lang::Lang;
use crate::files::seal::{SELF_BLANK, sealed};
use crate::finished::Finished;
use crate::read::county::County;
use crate::round::causes::{Cause, Causes};
use crate::tables::common::write_csv;
use crate::tables::{counties, dictionary};
use geo::BoundingRect;
use serde_json::json;
use std::collections::BTreeMap;

/// Writes the folder, whose page opens in a language, and returns its files.
///
/// # Errors
/// Environment, when the disk refuses.
pub fn write_causes(c: &Causes, [old, new]: [&Finished; 2], lang: Lang, mut folder: AtomicFolder) -> Result<Vec<Written>> {
    folder.write("causes.csv", |w| {
        write_csv(w, &crate::tables::causes::cause_columns(), &mut crate::tables::causes::cause_rows(c))
    })?;
    folder.write("stations.csv", |w| {
        write_csv(w, &crate::tables::causes::station_columns(), &mut crate::tables::causes::station_rows(c))
    })?;
    let [before, after] = &c.ends;
    let shapes: BTreeMap<&str, &County> =
        before.members.iter().chain(&after.members).map(|m| (m.county.code.as_str(), &m.county)).collect();
    let rows: Vec<_> = crate::tables::causes::cause_rows(c).collect();
    let with_shape: Vec<(usize, &County)> =
        c.counties.iter().enumerate().filter_map(|(i, x)| Some((i, *shapes.get(x.code.as_str())?))).collect();
    let notice = &after.region.attribution;
    let bbox = counties::bbox(with_shape.iter().filter_map(|(_, c)| c.shape.bounding_rect()));
    let make = |k: usize| {
        let (i, county) = with_shape[k];
        Feature { id: county.code.clone(), shape: Shape::Area(&county.shape), values: rows[i].clone() }
    };
    let features = Features { count: with_shape.len(), make: &make };
    folder.write("counties.geojson", |w| {
        write_collection(w, "counties", bbox, notice, &crate::tables::causes::cause_columns(), &features)
    })?;
    let values: Vec<_> = crate::tables::causes::station_rows(c).collect();
    let make = |i: usize| {
        let s = &c.stations[i].station;
        Feature { id: s.id.clone(), shape: Shape::Point(s.at), values: values[i].clone() }
    };
    let bbox = bbox_of(c.stations.iter().map(|s| s.station.at));
    let features = Features { count: c.stations.len(), make: &make };
    folder.write("stations.geojson", |w| {
        write_collection(w, "stations", bbox, notice, &crate::tables::causes::station_columns(), &features)
    })?;
    folder.write("dictionary.csv", |w| {
        write_csv(w, &dictionary::columns(), &mut dictionary::rows(crate::tables::causes::files()))
    })?;
    let html = crate::page::diff::html(c, [old, new], lang)?;
    folder.write("diff.html", |w| w.write_all(html.as_bytes()))?;
    let side = |f: &Finished| json!({ "name": f.name(), "round": f.manifest["round"], "manifest_sha256": f.manifest["manifest_sha256"] });
    let manifest = sealed(&json!({
        "format": DIFF_FOLDER,
        "format_version": FORMAT_VERSION,
        "chargegap_version": env!("CARGO_PKG_VERSION"),
        "manifest_sha256": SELF_BLANK,
        "command": said_if_not_english(json!({ "name": "diff" }), lang),
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
