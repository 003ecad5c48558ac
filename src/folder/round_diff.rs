//! Writes what changed between two rounds and why: tables, layers, a page for people, and a manifest. It appears whole or not at all.

use super::companions::write_companions;
use super::manifest::{outputs, said_if_not_english};
use crate::error::Result;
use crate::files::atomic::{AtomicFolder, Written};
use crate::files::data_package::About;
use crate::files::geojson::{bbox_of, bbox_of_areas};
use crate::files::kind::{DIFF_FOLDER, FORMAT_VERSION};
use crate::files::lang::Lang;
use crate::files::seal::{SELF_BLANK, sealed};
use crate::page::diff::DiffSide;
use crate::results::causes::{Cause, Causes, StationChange};
use crate::results::money::{Funding, MoneyTotals, number};
use crate::tables::causes::CauseRow;
use crate::tables::{LayerPart, causes, station_changes};
use serde_json::json;

/// Writes the folder and returns its files.
///
/// # Errors
/// Environment, when the disk refuses.
pub fn write_causes(c: &Causes, [old, new]: [DiffSide<'_>; 2], lang: Lang, mut folder: AtomicFolder) -> Result<Vec<Written>> {
    folder.write(causes::FILE, |w| causes::table().csv(w, causes::rows(c)))?;
    folder.write(station_changes::FILE, |w| station_changes::table().csv(w, station_changes::rows(c)))?;
    write_layers(c, &mut folder)?;
    let region = &c.ends[1].region;
    let (title, attribution) = (&region.name, &region.attribution);
    let about = About { name: "chargegap-difference", title, attribution, has_bom: false };
    write_companions(&mut folder, &causes::files(), about)?;
    let html = crate::page::diff::html(c, [old, new], lang)?;
    folder.write("diff.html", |w| w.write_all(html.as_bytes()))?;
    let side = |s: DiffSide<'_>| json!({ "name": s.name, "round": s.manifest["round"], "manifest_sha256": s.manifest["manifest_sha256"] });
    let manifest = sealed(&json!({
        "format": DIFF_FOLDER,
        "format_version": FORMAT_VERSION,
        "chargegap_version": env!("CARGO_PKG_VERSION"),
        "manifest_sha256": SELF_BLANK,
        "command": said_if_not_english(json!({ "name": "diff" }), lang),
        "old": side(old),
        "new": side(new),
        "order_of_causes": Cause::ALL.map(Cause::as_str),
        "money": money(&c.money),
        "stations_that_bear_on_no_county": c.stations_elsewhere,
        "order_of_stations": "by opening date; stations without one, and those that changed, after all that have one, in the order of ids",
        "causes_that_differ": c.differ.iter().map(|c| c.as_str()).collect::<Vec<_>>(),
        "accepted": c.accepted.all.iter().map(crate::results::accepted::AcceptedFault::json).collect::<Vec<_>>(),
        "funded_though": c.funded_though.iter().map(crate::results::hand_funded::HandFundedTold::json).collect::<Vec<_>>(),
        "list": c.list.as_ref().map(crate::results::applied::ListChange::json),
        "rule": "each cause is changed from old to new, in this order, and the round computed again; what a cause did is the difference to the state before it",
        "outputs": outputs(&folder.written),
    }));
    folder.write("manifest.json", |w| w.write_all(manifest.as_bytes()))?;
    folder.finish()
}

/// Money in all.
fn money(m: &MoneyTotals) -> serde_json::Value {
    let one = |k: Funding| json!({ "funding": k.as_str(), "counties": m.of_kind(k).counties, "change": m.of_kind(k).change.map(number) });
    let sum = |v: Option<u64>| v.map(|v| number(v as i64));
    json!({
        "currency_old": m.currencies[0], "currency_new": m.currencies[1], "old": sum(m.given[0]), "new": sum(m.given[1]),
        "change": m.change().map(number), "by_funding": Funding::TOLD.map(one),
    })
}

/// The same tables as layers.
fn write_layers(c: &Causes, folder: &mut AtomicFolder) -> Result<()> {
    let notice = &c.ends[1].region.attribution;
    let rows: Vec<CauseRow<'_>> = causes::rows(c).filter(|x| x.ground.is_some()).collect();
    let bbox = bbox_of_areas(rows.iter().filter_map(|x| x.ground));
    let stations: Vec<&StationChange> = station_changes::rows(c).collect();
    let around_stations = bbox_of(stations.iter().map(|s| s.station.at));
    let words = ["", "", ""];
    for layer in [
        LayerPart::of_list("counties", words, causes::layer(), rows, bbox),
        LayerPart::of_list("stations", words, station_changes::layer(), stations, around_stations),
    ] {
        folder.write(&layer.file(), |w| layer.write(w, notice))?;
    }
    Ok(())
}
