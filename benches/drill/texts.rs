//! The small files: counties, region files, the round, and what it is all made from.

use super::ground::Province;
use chargegap::internals::error::{Error, Result};
use chargegap::internals::read::county::County;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// What a county that is chosen costs, in units of 10,000 yuan.
const COST: u64 = 4500;
/// One place in a quota for so many counties.
const COUNTIES_A_PLACE: f64 = 40.0;

/// Writes a text file.
///
/// # Errors
/// Environment, when it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|e| Error::io("write the file", path, &e))
}

/// The counties of a province as GeoJSON, a line each.
pub fn counties(own: &[County]) -> String {
    let features: Vec<String> = own.iter().map(|c| feature(c).to_string()).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

fn feature(county: &County) -> Value {
    let ring = |ring: &geo::LineString<f64>| ring.coords().map(|c| [c.x, c.y]).collect::<Vec<_>>();
    let rings = |p: &geo::Polygon<f64>| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect::<Vec<_>>();
    let polygons: Vec<_> = county.shape.iter().map(rings).collect();
    let mut properties = json!({"code": county.code, "name": county.name});
    if !county.name_zh.is_empty() {
        properties["name_zh"] = json!(county.name_zh);
    }
    json!({"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": polygons}})
}

/// The region file of a province; `borders` says where its counties are from.
pub fn region(province: &Province, borders: &str) -> String {
    let notices = [
        format!("Counties: {borders}"),
        "Roads, stations and settlements: SYNTHETIC, made up by chargegap's example `drill`".to_owned(),
    ];
    let name = format!("Province {} (synthetic roads, stations and villages)", province.code);
    format!(
        "[region]\nname = {name}\nsynthetic = true\nattribution = {attribution}\n\n\
         [roads]\npath = \"roads.fgb\"\n\n\
         [counties]\npath = \"counties.geojson\"\nfields = {{ code = \"code\", name = \"name\" }}\n\n\
         [stations]\npath = \"stations.csv\"\n\n\
         [settlements]\npath = \"settlements.csv\"\n",
        name = quoted(&name),
        attribution = format_args!("[\n    {},\n    {},\n]", quoted(&notices[0]), quoted(&notices[1])),
    )
}

/// The round over all provinces.
pub fn round(provinces: &[Province]) -> String {
    let places = |p: &Province| ((p.counties.len() as f64 / COUNTIES_A_PLACE).round() as u64).max(1);
    let quotas: Vec<String> = provinces.iter().map(|p| format!("\"{}\" = {}", p.code, places(p))).collect();
    // Four fifths of what all places together would take, so that there is something to choose.
    let budget = provinces.iter().map(places).sum::<u64>() * COST * 8 / 10;
    format!(
        "[round]\nid = \"drill\"\nyear = 2026\nname = \"National drill (synthetic roads, stations and villages)\"\n\
         [regions]\nfiles = [\"*/region.toml\"]\n\
         [criteria]\ndistances_km = [5, 10, 20]\nheadline_km = 10\n\
         [select]\nquotas = {{ {} }}\nbudget = {budget}\ncost = {COST}\n\
         [output]\ngaps = \"headline\"\n",
        quotas.join(", ")
    )
}

/// What the folder is, for people.
pub fn readme(borders: &str, arguments: &str, facts: &[(&str, String)]) -> String {
    let mut text = format!(
        "# SYNTHETIC drill\n\n\
         Roads, stations and settlements here are MADE UP, by `cargo run --release --example drill` of chargegap. They say\n\
         nothing about any real place and are no basis for a decision.\n\n\
         - Counties: {borders}\n\
         - Roads: a lattice over the counties, each node a little off its place, with a part of the edges left out.\n\
         - Stations and settlements: near nodes drawn at random.\n"
    );
    for (what, figure) in facts {
        let _ = writeln!(text, "- {what}: {figure}");
    }
    let _ = write!(text, "\nMade with `{arguments}`; the same arguments give the same bytes.\n");
    text
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
