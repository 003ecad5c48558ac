//! Which county a position lies in, and where county borders run.

use super::NO_COUNTY;
use crate::read::county::County;
use crate::space::LonLat;
use geo::{BoundingRect, Coord, Intersects, LinesIter, MonotonicPolygons, MultiPolygon};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Line, Rectangle};
use rstar::{AABB, RTree};

/// The ground of one county, ready for many questions.
enum Ground {
    /// Monotone pieces: about a hundred times faster than a ring walk, for valid shapes.
    Fast(MonotonicPolygons<f64>),
    /// The shape as drawn, where it is not valid.
    AsDrawn(MultiPolygon<f64>),
}

/// All counties, indexed.
pub struct CountyIndex {
    grounds: Vec<Ground>,
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    borders: RTree<Line<[f64; 2]>>,
}

impl CountyIndex {
    /// Indexes counties that are sorted by code.
    pub fn new(counties: &[County]) -> Self {
        let grounds =
            counties
                .par_iter()
                .map(|c| {
                    if c.valid {
                        Ground::Fast(MonotonicPolygons::from(c.shape.clone()))
                    } else {
                        Ground::AsDrawn(c.shape.clone())
                    }
                })
                .collect();
        let boxes = counties
            .iter()
            .enumerate()
            .filter_map(|(i, c)| {
                let r = c.shape.bounding_rect()?;
                Some(GeomWithData::new(Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]), i as u32))
            })
            .collect();
        let borders = counties
            .iter()
            .flat_map(|c| c.shape.lines_iter())
            .map(|l| Line::new([l.start.x, l.start.y], [l.end.x, l.end.y]))
            .collect();
        Self { grounds, boxes: RTree::bulk_load(boxes), borders: RTree::bulk_load(borders) }
    }

    /// The county of a position, or [`NO_COUNTY`]. On a shared border, and where counties overlap, the lower code has it.
    pub fn locate(&self, at: LonLat) -> u32 {
        self.all_at(at).first().copied().unwrap_or(NO_COUNTY)
    }

    /// Every county that holds a position, border included, in order of code.
    pub fn all_at(&self, at: LonLat) -> Vec<u32> {
        let c = at.coord();
        let mut found: Vec<u32> = self
            .boxes
            .locate_in_envelope_intersecting(&AABB::from_point([c.x, c.y]))
            .map(|b| b.data)
            .filter(|i| self.holds(*i, c))
            .collect();
        found.sort_unstable();
        found
    }

    /// Whether a border runs within about `degrees` of a position.
    pub fn border_near(&self, at: LonLat, degrees: f64) -> bool {
        let (x, y) = (at.lon(), at.lat());
        self.borders
            .locate_in_envelope_intersecting(&AABB::from_corners([x - degrees, y - degrees], [x + degrees, y + degrees]))
            .next()
            .is_some()
    }

    /// Where borders meet the segment `a`–`b`: shares from 0 to 1, unsorted. A border along it gives both ends of the overlap.
    pub fn crossings(&self, a: LonLat, b: LonLat, out: &mut Vec<f64>) {
        let (p, q) = (a.coord(), b.coord());
        let (lo, hi) = ([p.x.min(q.x), p.y.min(q.y)], [p.x.max(q.x), p.y.max(q.y)]);
        for border in self.borders.locate_in_envelope_intersecting(&AABB::from_corners(lo, hi)) {
            meet(p, q, border, out);
        }
    }

    fn holds(&self, i: u32, c: Coord<f64>) -> bool {
        match &self.grounds[i as usize] {
            Ground::Fast(m) => m.intersects(&c),
            Ground::AsDrawn(m) => m.intersects(&c),
        }
    }
}

/// Shares along p–q at which a border segment meets it.
fn meet(p: Coord<f64>, q: Coord<f64>, border: &Line<[f64; 2]>, out: &mut Vec<f64>) {
    use geo::line_intersection::{LineIntersection, line_intersection};
    let road = geo::Line::new(p, q);
    let other = geo::Line::new(Coord { x: border.from[0], y: border.from[1] }, Coord { x: border.to[0], y: border.to[1] });
    let share = |c: Coord<f64>| {
        let (dx, dy) = (q.x - p.x, q.y - p.y);
        let len2 = dx * dx + dy * dy;
        if len2 > 0.0 { (((c.x - p.x) * dx + (c.y - p.y) * dy) / len2).clamp(0.0, 1.0) } else { 0.0 }
    };
    match line_intersection(road, other) {
        Some(LineIntersection::SinglePoint { intersection, .. }) => out.push(share(intersection)),
        Some(LineIntersection::Collinear { intersection }) => out.extend([share(intersection.start), share(intersection.end)]),
        None => {}
    }
}
