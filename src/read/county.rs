//! County polygons: rings checked one by one, codes kept as text.

use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;
use geo::algorithm::validation::Validation;
use geo::{Area, Coord, LineString, MultiPolygon, Orient, Polygon, orient::Direction};

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
    /// Where it stands in the input.
    pub source: Location,
}

/// Our county fields and the columns they usually come from.
pub const COUNTY_FIELDS: &[(&str, &[&str])] = &[
    ("code", &["code", "adcode", "GEOID", "geoid", "gb", "id"]),
    ("name", &["name", "NAME", "name_en"]),
    ("name_zh", &["name_zh", "name:zh", "名称"]),
    ("wkt", &["wkt", "WKT", "geometry", "geom", "the_geom"]),
];

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

/// Builds the shape from polygons, each a list of rings with the exterior first.
pub fn shape(polygons: Vec<Vec<LineString<f64>>>, here: &Location, issues: &mut Issues) -> Option<(MultiPolygon<f64>, bool)> {
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
    // The first fault is enough: all of them are as many as the pairs of rings.
    let fault = shape.check_validation().err();
    if let Some(why) = &fault {
        issues.push(Layer::Counties, IssueCode::SelfIntersection, here.clone(), format!("the polygon is not valid: {why}"));
    }
    Some((shape, fault.is_none()))
}

/// Sorts counties by code and refuses a code that two of them have.
///
/// # Errors
/// Input, naming both places.
pub fn sort_and_check(mut counties: Vec<County>) -> Result<Vec<County>> {
    counties.sort_by(|a, b| a.code.cmp(&b.code).then_with(|| a.source.cmp(&b.source)));
    if let Some(w) = counties.windows(2).find(|w| w[0].code == w[1].code) {
        return Err(Error::input(
            format!("two counties have the code \"{}\" (the other: {})", w[0].code, w[0].source),
            "give every county its own code, or map another field to `code`",
        )
        .at(w[1].source.clone()));
    }
    Ok(counties)
}
