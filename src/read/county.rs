//! County polygons: rings checked one by one, codes kept as text.

use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::{LocalFrame, LonLat};
use geo::algorithm::validation::Validation;
use geo::{Area, BoundingRect, Coord, LineString, MakeValid, MultiPolygon, Orient, Polygon, orient::Direction};
use std::collections::BTreeMap;

/// One county as read.
#[derive(Clone, Debug)]
pub struct County {
    /// Code as text, leading zeros kept.
    pub code: String,
    /// Name.
    pub name: String,
    /// Chinese name, may be empty.
    pub name_zh: String,
    /// Its ground, in degrees; exterior rings counter-clockwise.
    pub shape: MultiPolygon<f64>,
    /// Whether the rings cross themselves or each other.
    pub valid: bool,
    /// People by a joined table; `None` without one.
    pub population: Option<u64>,
    /// Whether a table was joined that has a column of people, be this county's cell blank or not.
    pub population_asked: bool,
    /// Figures of the joined table by header, of the columns that `[rank]` names; one that is not known is not there.
    pub columns: BTreeMap<String, f64>,
    /// Where it stands in the input.
    pub source: Location,
}

impl County {
    /// A county as its layer draws it, with no table joined: code, name and Chinese name, and the shape with whether it is valid, as
    /// [`shape`] gives it.
    pub fn drawn([code, name, name_zh]: [String; 3], (shape, valid): (MultiPolygon<f64>, bool), source: Location) -> Self {
        Self { code, name, name_zh, shape, valid, population: None, population_asked: false, columns: BTreeMap::new(), source }
    }
}

/// A code as every layer and table can hold it: trimmed, without control characters, which nobody sees. None where nothing is left.
pub fn plain_code(code: &str) -> Option<String> {
    let plain: String = code.chars().filter(|c| !c.is_control()).collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}

/// China's `gb` codes are the country's number (ISO 3166: 156) and the six digits of GB/T 2260; only these are kept.
pub fn without_country(code: String) -> String {
    match code.strip_prefix("156") {
        Some(six) if six.len() == 6 && six.bytes().all(|b| b.is_ascii_digit()) => six.to_owned(),
        _ => code,
    }
}

/// Builds one ring from positions; `None` (and an issue) when it is no ring.
pub fn ring(points: &[LonLat], here: &Location, issues: &mut Issues) -> Option<LineString<f64>> {
    let mut coords: Vec<Coord<f64>> = points.iter().map(|p| p.coord()).collect();
    coords.dedup();
    if coords.len() < 4 || coords.first() != coords.last() {
        let why = if coords.first() == coords.last() { "has under four positions" } else { "is not closed" };
        issues.push(Layer::Counties, IssueCode::InvalidRing, here.clone(), format!("a ring {why}; it was left out"));
        return None;
    }
    Some(LineString::new(coords))
}

/// Builds the shape from polygons, each a list of rings with the exterior first. What is not valid is kept as drawn.
pub fn shape(polygons: Vec<Vec<LineString<f64>>>, here: &Location, issues: &mut Issues) -> Option<(MultiPolygon<f64>, bool)> {
    shape_or_repaired(polygons, false, here, issues)
}

/// The same; with `repair`, a shape that is not valid is drawn anew, and an issue says by how much its area changed.
pub fn shape_or_repaired(
    polygons: Vec<Vec<LineString<f64>>>,
    repair: bool,
    here: &Location,
    issues: &mut Issues,
) -> Option<(MultiPolygon<f64>, bool)> {
    let mut kept = Vec::new();
    for mut rings in polygons {
        if rings.is_empty() {
            continue;
        }
        let exterior = rings.remove(0);
        let polygon = Polygon::new(exterior, rings).orient(Direction::Default);
        if polygon.unsigned_area() == 0.0 {
            issues.push(Layer::Counties, IssueCode::InvalidRing, here.clone(), "a polygon has no area; it was left out");
            continue;
        }
        kept.push(polygon);
    }
    if kept.is_empty() {
        return None;
    }
    let shape = MultiPolygon::new(kept);
    if super::simple_shape::proven(&shape) {
        return Some((shape, true));
    }
    // The first fault is enough: all of them are as many as the pairs of rings.
    let Err(why) = shape.check_validation() else { return Some((shape, true)) };
    if let Some(repaired) = repair.then(|| repaired(&shape)).flatten() {
        let (before, after) = (square_metres(&shape), square_metres(&repaired));
        let what = format!("the polygon was not valid ({why}) and was repaired: {before:.0} m² as drawn, {after:.0} m² now");
        issues.push(Layer::Counties, IssueCode::Repaired, here.clone(), what);
        return Some((repaired, true));
    }
    let failed = if repair { ", and the repair did not succeed" } else { "" };
    let what = format!("the polygon is not valid: {why}{failed}");
    issues.push(Layer::Counties, IssueCode::SelfIntersection, here.clone(), what);
    Some((shape, false))
}

/// A valid shape of the ground that the rings enclose an odd number of times (Ledoux, Arroyo Ohori and Meijers 2014).
fn repaired(shape: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let made = super::guard::guarded(|| shape.make_valid()).and_then(std::result::Result::ok)?.orient(Direction::Default);
    (made.unsigned_area() > 0.0 && made.is_valid()).then_some(made)
}

/// Area in square metres, by the scale of degrees in the middle of the shape: right to a percent for a county.
pub fn square_metres(shape: &MultiPolygon<f64>) -> f64 {
    let middle = shape.bounding_rect().and_then(|r| LonLat::new(r.center().x, r.center().y).ok()).unwrap_or_default();
    let [east, north] = LocalFrame::at(middle).degrees_of(1.0);
    shape.unsigned_area() / (east * north)
}

/// Sorts counties by code and refuses a code that two of them have; with `merge` they are parts of one, and are joined.
///
/// # Errors
/// Input, naming both places.
pub fn sort_and_check(mut counties: Vec<County>, merge: bool, issues: &mut Issues) -> Result<Vec<County>> {
    counties.sort_by(|a, b| a.code.cmp(&b.code).then_with(|| a.source.cmp(&b.source)));
    if merge {
        return counties.chunk_by(|a, b| a.code == b.code).map(|parts| merged(parts, issues)).collect();
    }
    if let Some(w) = counties.windows(2).find(|w| w[0].code == w[1].code) {
        return Err(Error::input(
            format!("two counties have the code \"{}\" (the other: {})", w[0].code, w[0].source),
            "if they are parts of one county, say merge = true under [counties]; else give each its own code, or map another field to `code`",
        )
        .at(w[1].source.clone().field("code")));
    }
    Ok(counties)
}

/// One county of its parts, whose common borders go; name and place are those of the first.
fn merged(parts: &[County], issues: &mut Issues) -> Result<County> {
    let first = parts.first().ok_or_else(|| Error::internal("a county without parts"))?;
    if parts.len() == 1 {
        return Ok(first.clone());
    }
    let shapes: Vec<&MultiPolygon<f64>> = parts.iter().map(|p| &p.shape).collect();
    let whole = super::guard::guarded(|| geo::unary_union(shapes)).filter(|s| s.unsigned_area() > 0.0);
    let whole = whole.ok_or_else(|| {
        let what = format!("the {} parts of the county {} cannot be joined", parts.len(), first.code);
        Error::input(what, "dissolve them in a GIS, or repair their shapes").at(first.source.clone())
    })?;
    let what = format!("{} records were joined to one county", parts.len());
    issues.push_many(Layer::Counties, IssueCode::PartsMerged, first.source.clone(), what, parts.len() as u64, 0);
    if let Some(other) = parts.iter().find(|p| p.name.trim() != first.name.trim()) {
        let what = format!(
            "records of the code {} have other names, \"{}\" and \"{}\" ({}); they were joined to one county",
            first.code, first.name, other.name, other.source
        );
        issues.push(Layer::Counties, IssueCode::PartsOfOtherNames, first.source.clone(), what);
    }
    let valid = parts.iter().all(|p| p.valid) && whole.is_valid();
    Ok(County { shape: whole.orient(Direction::Default), valid, ..first.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bow_tie(repair: bool) -> ((MultiPolygon<f64>, bool), Issues) {
        // Two wings of unlike size: one of like size would have no area at all.
        let corners = [(0.0, 0.0), (0.03, 0.02), (0.03, 0.0), (0.0, 0.01), (0.0, 0.0)];
        let points: Vec<LonLat> = corners.iter().map(|(x, y)| LonLat::new(*x, *y).unwrap()).collect();
        let (here, mut issues) = (Location::default(), Issues::default());
        let ring = ring(&points, &here, &mut issues).unwrap();
        (shape_or_repaired(vec![vec![ring]], repair, &here, &mut issues).unwrap(), issues)
    }

    fn codes(issues: &Issues) -> Vec<IssueCode> {
        issues.sorted().iter().map(|i| i.code).collect()
    }

    #[test]
    fn a_shape_that_is_not_valid_stays_as_drawn_unless_repair_is_asked_for() {
        let ((shape, valid), issues) = bow_tie(false);
        assert!(!valid && !shape.is_valid());
        assert_eq!(codes(&issues), [IssueCode::SelfIntersection]);
        let ((shape, valid), issues) = bow_tie(true);
        assert!(valid && shape.is_valid());
        assert_eq!(codes(&issues), [IssueCode::Repaired]);
        assert!(issues.sorted()[0].message.contains("m² now"), "{}", issues.sorted()[0].message);
    }

    #[test]
    fn square_metres_on_the_equator() {
        // 0.01° × 0.01° at the equator: 1,113.2 m × 1,105.7 m ⇒ 1.2309 km²
        let square = geo::Rect::new(Coord { x: 1.0, y: -0.005 }, Coord { x: 1.01, y: 0.005 }).to_polygon();
        assert!((square_metres(&MultiPolygon::new(vec![square])) - 1_230_907.0).abs() < 1_000.0);
    }
}
