//! Counties as shapes on a map: their corners, their outlines, a point inside.

use super::PathData;
use super::scale::{Extent, View};
use crate::read::county::County;
use crate::space::LonLat;
use geo::{Area, Centroid, Contains, InteriorPoint, MultiPolygon};

/// Positions of the outer borders of a county.
pub(crate) fn corners(county: &County) -> impl Iterator<Item = LonLat> + Clone + '_ {
    let rings = county.shape.0.iter().flat_map(|p| p.exterior().0.iter());
    rings.filter_map(|c| LonLat::new(c.x, c.y).ok())
}

/// The rings of a county as one path.
pub(crate) fn outline(county: &County, view: &View) -> PathData {
    let mut path = PathData::default();
    add_outline(&mut path, county, view);
    path
}

/// Adds the rings of a county to a path.
pub(crate) fn add_outline(path: &mut PathData, county: &County, view: &View) {
    for polygon in &county.shape.0 {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let at = |c: &geo::Coord<f64>| LonLat::new(c.x, c.y).ok().map(|p| view.at(p));
            path.ring(&ring.0.iter().filter_map(at).collect::<Vec<_>>());
        }
    }
}

/// Width or height of a county on the map, px.
pub(crate) fn span(county: &County, view: &View) -> f64 {
    Extent::around(corners(county)).map_or(0.0, |e| e.longest_m() / 1000.0 * view.px_per_km())
}

/// The centroid where it is inside, else a point that is.
pub(crate) fn inner_point(shape: &MultiPolygon<f64>) -> Option<LonLat> {
    let largest = shape.0.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?;
    let point = largest.centroid().filter(|c| largest.contains(c)).or_else(|| largest.interior_point())?;
    LonLat::new(point.x(), point.y()).ok()
}
