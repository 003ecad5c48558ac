//! What is wrong between counties: ground that two of them cover, and ground between them that is nobody's.
//!
//! It only reports; borders are not moved. `chargegap check` asks for it, since it takes longer than reading.

use super::county::{County, square_metres};
use super::guard::guarded;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::{LonLat, line_mm};
use geo::algorithm::unary_union;
use geo::{BooleanOps, BoundingRect, Intersects, LineString, MultiPolygon, Polygon, Rect};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Positions are kept to 1e-7 degree, so that a border drawn with other vertices on each side strays by a centimetre or
/// two: pieces narrower than this are that, and no finding. Metres.
const GRAIN_M: f64 = 0.1;
/// Smaller pieces are no finding either. Square metres.
const LEAST_M2: f64 = 1.0;
/// Narrower pieces are slivers: the same border drawn twice. Metres.
const SLIVER_M: f64 = 100.0;
/// Counties named beside a gap.
const NAMED: usize = 4;

pub(super) type Boxes = RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>;

/// Lists every overlap of two counties and every gap that counties enclose, slivers apart from those that are wide.
///
/// A gap that is open to the outside is not found: it cannot be told from the edge of the region.
pub fn borders(counties: &[County], issues: &mut Issues) {
    let boxes: Boxes = RTree::bulk_load(counties.iter().enumerate().filter_map(|(i, c)| boxed(i, &c.shape)).collect());
    for found in overlaps(counties, &boxes).into_iter().chain(gaps(counties, &boxes)) {
        issues.push(Layer::Counties, found.code, found.at, found.what);
    }
}

struct Finding {
    code: IssueCode,
    at: Location,
    what: String,
}

pub(super) fn boxed(i: usize, shape: &MultiPolygon<f64>) -> Option<GeomWithData<Rectangle<[f64; 2]>, usize>> {
    let r = shape.bounding_rect()?;
    Some(GeomWithData::new(Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]), i))
}

/// Numbers of the counties whose boxes meet a box, ascending.
fn near(boxes: &Boxes, r: Rect<f64>) -> Vec<usize> {
    let there = AABB::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]);
    let mut found: Vec<usize> = boxes.locate_in_envelope_intersecting(&there).map(|b| b.data).collect();
    found.sort_unstable();
    found
}

fn overlaps(counties: &[County], boxes: &Boxes) -> Vec<Finding> {
    let beside = |i: usize| {
        let others = counties[i].shape.bounding_rect().map(|r| near(boxes, r)).unwrap_or_default();
        others.into_iter().filter(move |j| *j > i).map(move |j| (i, j))
    };
    let pairs: Vec<(usize, usize)> = (0..counties.len()).flat_map(beside).collect();
    let found: Vec<Option<Finding>> = pairs.par_iter().map(|(i, j)| overlap(&counties[*i], &counties[*j])).collect();
    found.into_iter().flatten().collect()
}

fn overlap(a: &County, b: &County) -> Option<Finding> {
    let shared = guarded(|| a.shape.intersection(&b.shape))?;
    let pieces: Vec<PieceOfGround> = shared.0.iter().filter_map(PieceOfGround::of).collect();
    let widest = pieces.iter().map(|p| p.width_m).reduce(f64::max)?;
    let area: f64 = pieces.iter().map(|p| p.area_m2).sum();
    let code = if widest < SLIVER_M { IssueCode::Sliver } else { IssueCode::CountyOverlap };
    let what = format!(
        "{} and {} both cover {area:.0} m², in {} up to {widest:.1} m wide, at {}",
        called(a),
        called(b),
        count(pieces.len()),
        pieces[0].at
    );
    Some(Finding { code, at: a.source.clone(), what })
}

fn gaps(counties: &[County], boxes: &Boxes) -> Vec<Finding> {
    let polygons: Vec<&Polygon<f64>> = counties.iter().flat_map(|c| &c.shape.0).collect();
    let Some(all) = guarded(|| unary_union(polygons.iter().copied())) else { return Vec::new() };
    let holes: Vec<&LineString<f64>> = all.0.iter().flat_map(Polygon::interiors).collect();
    let found: Vec<Option<Finding>> = holes.par_iter().map(|hole| gap(hole, counties, boxes)).collect();
    found.into_iter().flatten().collect()
}

fn gap(hole: &LineString<f64>, counties: &[County], boxes: &Boxes) -> Option<Finding> {
    let ground = Polygon::new(hole.clone(), vec![]);
    let piece = PieceOfGround::of(&ground)?;
    let r = hole.bounding_rect()?;
    // The union is computed on a grid of a few millimetres: look a little beyond it.
    let (low, high) = (r.min() - geo::Coord { x: 1e-6, y: 1e-6 }, r.max() + geo::Coord { x: 1e-6, y: 1e-6 });
    let around = Rect::new(low, high);
    let beside: Vec<&County> =
        near(boxes, around).into_iter().map(|i| &counties[i]).filter(|c| c.shape.intersects(&around)).collect();
    let mut names: Vec<String> = beside.iter().take(NAMED).map(|c| called(c)).collect();
    if beside.len() > NAMED {
        names.push(format!("{} more", beside.len() - NAMED));
    }
    let code = if piece.width_m < SLIVER_M { IssueCode::Sliver } else { IssueCode::CountyGap };
    let PieceOfGround { area_m2, width_m, at } = &piece;
    let what = format!("{area_m2:.0} m² at {at}, {width_m:.1} m wide, belong to no county; around it: {}", names.join(", "));
    Some(Finding { code, at: beside.first().map(|c| c.source.clone()).unwrap_or_default(), what })
}

/// A piece of ground that is worth a word.
struct PieceOfGround {
    area_m2: f64,
    /// Twice the area over the perimeter: the width of a long strip.
    width_m: f64,
    at: LonLat,
}

impl PieceOfGround {
    fn of(polygon: &Polygon<f64>) -> Option<Self> {
        let points: Vec<LonLat> = polygon.exterior().0.iter().filter_map(|c| LonLat::new(c.x, c.y).ok()).collect();
        let area_m2 = square_metres(&MultiPolygon::new(vec![polygon.clone()]));
        let width_m = 2.0 * area_m2 / (line_mm(&points) as f64 / 1e3).max(1e-3);
        (area_m2 >= LEAST_M2 && width_m >= GRAIN_M).then_some(Self { area_m2, width_m, at: *points.first()? })
    }
}

fn called(c: &County) -> String {
    format!("{} \"{}\"", c.code, c.name)
}

fn count(pieces: usize) -> String {
    if pieces == 1 { "one piece".to_owned() } else { format!("{pieces} pieces") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A county from west to east and south to north, in degrees. 0.001° is about 111 m.
    fn county(code: &str, [w, s, e, n]: [f64; 4]) -> County {
        let shape = MultiPolygon::new(vec![Rect::new((w, s), (e, n)).to_polygon()]);
        let name = format!("county {code}");
        County::drawn([code.to_owned(), name, String::new()], (shape, true), Location::default().id(code))
    }

    fn found(counties: &[County]) -> Vec<(IssueCode, String)> {
        let mut issues = Issues::default();
        borders(counties, &mut issues);
        issues.sorted().into_iter().map(|i| (i.code, i.message.clone())).collect()
    }

    #[test]
    fn neighbours_on_one_line_are_no_finding() {
        assert_eq!(found(&[county("1", [0.0, 0.0, 0.1, 0.1]), county("2", [0.1, 0.0, 0.2, 0.1])]), []);
        // A centimetre apart or across: the grain of coordinates.
        assert_eq!(found(&[county("1", [0.0, 0.0, 0.1000001, 0.1]), county("2", [0.1, 0.0, 0.2, 0.1])]), []);
    }

    #[test]
    fn overlaps_are_told_by_their_width() {
        // 0.01° × 0.1°: 1,113 m × 11,057 m ⇒ about 12.3 km² and about 1,000 m wide
        let wide = found(&[county("1", [0.0, 0.0, 0.11, 0.1]), county("2", [0.1, 0.0, 0.2, 0.1])]);
        assert_eq!((wide.len(), wide[0].0), (1, IssueCode::CountyOverlap));
        assert!(wide[0].1.contains("1 \"county 1\" and 2 \"county 2\" both cover 123"), "{}", wide[0].1);
        // 0.0001° is 11 m
        let thin = found(&[county("1", [0.0, 0.0, 0.1001, 0.1]), county("2", [0.1, 0.0, 0.2, 0.1])]);
        assert_eq!((thin.len(), thin[0].0), (1, IssueCode::Sliver));
        assert!(thin[0].1.contains("up to 11.1 m wide"), "{}", thin[0].1);
    }

    #[test]
    fn enclosed_gaps_are_told_by_their_width() {
        let around = |gap: f64| {
            // A frame of four counties around a gap of the given width.
            let e = 0.1 + gap;
            [
                county("1", [0.0, 0.0, 0.1, 0.3]),
                county("2", [e, 0.0, 0.4, 0.3]),
                county("3", [0.0, 0.3, 0.4, 0.4]),
                county("4", [0.0, -0.1, 0.4, 0.0]),
            ]
        };
        assert_eq!(found(&around(0.0)), []);
        let thin = found(&around(0.0002));
        assert_eq!((thin.len(), thin[0].0), (1, IssueCode::Sliver));
        assert!(thin[0].1.contains("around it: 1 \"county 1\", 2 \"county 2\", 3 \"county 3\", 4 \"county 4\""), "{}", thin[0].1);
        let wide = found(&around(0.1));
        assert_eq!((wide.len(), wide[0].0), (1, IssueCode::CountyGap));
    }
}
