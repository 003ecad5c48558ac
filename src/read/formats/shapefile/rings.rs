//! Rings of an area without order into polygons: by which lies in which, not by winding, which many programs get wrong.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{Area, BoundingRect, Coord, LineString, Polygon, Rect};
use geojson::{GeometryValue, Position};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// A ring among others, as an area without holes.
struct Ring {
    shape: Polygon<f64>,
    area: f64,
    bounds: Rect<f64>,
}

/// The polygons of rings; none where there is no ring.
pub(super) fn areas(rings: Vec<Vec<Position>>) -> Option<GeometryValue> {
    let measured: Vec<Option<Ring>> = rings.iter().map(|r| ring(r)).collect();
    let parents = parents(&measured);
    let depth = |mut i: usize| {
        let mut depth = 0;
        while let Some(up) = parents[i] {
            (depth, i) = (depth + 1, up);
        }
        depth
    };
    // outer rings stand at even depths, holes at odd ones; polygons in the order of the file
    let mut place = vec![None; rings.len()];
    let mut polygons: Vec<Vec<Vec<Position>>> = Vec::new();
    let depths: Vec<usize> = (0..rings.len()).map(depth).collect();
    for (i, ring) in rings.iter().enumerate().filter(|(i, _)| depths[*i].is_multiple_of(2)) {
        place[i] = Some(polygons.len());
        polygons.push(vec![ring.clone()]);
    }
    for (i, ring) in rings.into_iter().enumerate().filter(|(i, _)| depths[*i] % 2 == 1) {
        if let Some(home) = parents[i].and_then(|p| place[p]) {
            polygons[home].push(ring);
        }
    }
    match polygons.len() {
        0 => None,
        1 => polygons.pop().map(|coordinates| GeometryValue::Polygon { coordinates }),
        _ => Some(GeometryValue::MultiPolygon { coordinates: polygons }),
    }
}

fn ring(points: &[Position]) -> Option<Ring> {
    let line = LineString::new(points.iter().map(|p| Coord { x: p[0], y: p[1] }).collect());
    if line.0.iter().any(|c| !c.x.is_finite() || !c.y.is_finite()) {
        return None; // stands alone, and is refused as a position later
    }
    let bounds = line.bounding_rect()?;
    let shape = Polygon::new(line, vec![]);
    Some(Ring { area: shape.signed_area(), bounds, shape })
}

/// The smallest ring around each.
fn parents(rings: &[Option<Ring>]) -> Vec<Option<usize>> {
    let mut parents = vec![None; rings.len()];
    // Wound as the format says, by far the most shapes have one outer ring, and all that turn the other way lie in it: no need to
    // look at each of its corners for each of them.
    let mut clockwise = (0..rings.len()).filter(|i| rings[*i].as_ref().is_some_and(|r| r.area < 0.0));
    let around_all = clockwise.next().filter(|_| clockwise.next().is_none());
    let boxed = |(i, r): (usize, &Option<Ring>)| {
        let b = r.as_ref()?.bounds;
        Some(GeomWithData::new(Rectangle::from_corners([b.min().x, b.min().y], [b.max().x, b.max().y]), i))
    };
    let tree = RTree::bulk_load(rings.iter().enumerate().filter_map(boxed).collect());
    for (i, ring) in rings.iter().enumerate() {
        let Some(ring) = ring else { continue };
        let corner = AABB::from_point([ring.bounds.min().x, ring.bounds.min().y]);
        let mut around: Vec<(f64, usize)> = tree
            .locate_in_envelope_intersecting(&corner)
            .filter_map(|b| Some((rings[b.data].as_ref()?.area.abs(), b.data)))
            .filter(|(area, _)| *area > ring.area.abs())
            .collect();
        around.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let inside = |(_, k): &&(f64, usize)| {
            let by_winding = around_all == Some(*k) && ring.area > 0.0;
            rings[*k].as_ref().is_some_and(|outer| contains(outer.bounds, ring.bounds) && (by_winding || lies_in(ring, outer)))
        };
        parents[i] = around.iter().find(inside).map(|(_, k)| *k);
    }
    parents
}

fn contains(o: Rect<f64>, i: Rect<f64>) -> bool {
    o.min().x <= i.min().x && o.min().y <= i.min().y && o.max().x >= i.max().x && o.max().y >= i.max().y
}

/// Whether a ring lies in a larger one that it does not cross: by its first corner that is not on the other's line.
fn lies_in(ring: &Ring, outer: &Ring) -> bool {
    let corners = ring.shape.exterior().0.iter();
    let side = corners.map(|c| outer.shape.coordinate_position(c)).find(|p| *p != CoordPos::OnBoundary);
    side.is_none_or(|p| p == CoordPos::Inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square from (x, x) to (x + size, x + size); clockwise, as outer rings should be.
    fn square(x: f64, size: f64, clockwise: bool) -> Vec<Position> {
        let mut ring: Vec<Position> = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]
            .map(|(a, b)| [x + a * size, x + b * size].into())
            .to_vec();
        if !clockwise {
            ring.reverse();
        }
        ring
    }

    fn sizes(rings: Vec<Vec<Position>>) -> Vec<usize> {
        match areas(rings) {
            Some(GeometryValue::Polygon { coordinates }) => vec![coordinates.len()],
            Some(GeometryValue::MultiPolygon { coordinates }) => coordinates.iter().map(Vec::len).collect(),
            _ => vec![],
        }
    }

    #[test]
    fn rings_nest_whatever_their_winding_and_order() {
        for winding in 0..8 {
            let way = |k: u32| winding >> k & 1 == 1;
            // an island in a lake in a county, beside an islet
            let [county, lake, island] = [square(0.0, 10.0, way(0)), square(2.0, 5.0, way(1)), square(3.0, 2.0, way(2))];
            let islet = square(20.0, 1.0, way(0));
            assert_eq!(sizes(vec![county.clone(), lake.clone(), island.clone(), islet.clone()]), [2, 1, 1], "{winding}");
            assert_eq!(sizes(vec![island.clone(), lake.clone(), county.clone()]), [1, 2], "{winding}");
            assert_eq!(sizes(vec![lake.clone(), county.clone()]), [2], "{winding}");
            assert_eq!(sizes(vec![county.clone()]), [1], "{winding}");
        }
        assert_eq!(sizes(vec![]), [0usize; 0]);
    }

    #[test]
    fn holes_go_to_the_ring_that_holds_them() {
        let rings = vec![square(0.0, 4.0, true), square(10.0, 4.0, true), square(11.0, 1.0, false)];
        assert_eq!(sizes(rings), [1, 2]);
    }
}
