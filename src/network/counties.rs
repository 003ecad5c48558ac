//! Which county a position lies in, and where county borders run.

use super::NO_COUNTY;
use crate::read::county::County;
use crate::space::{LocalFrame, LonLat};
use geo::algorithm::indexed::IntervalTreeMultiPolygon;
use geo::{BoundingRect, Contains, Coord, Intersects, LinesIter, MapCoords, MultiPolygon};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Line, Rectangle};
use rstar::{AABB, RTree};
use std::collections::BTreeMap;

/// The ground of one county, ready for many questions.
enum CountyGround {
    /// An interval tree of its border, for valid shapes. (geo's `MonotonicPolygons` is as fast, but puts points
    /// below a vertical western edge inside; the test below found it.)
    Fast(Box<ValidGround>),
    /// The shape as drawn, where it is not valid.
    AsDrawn(MultiPolygon<f64>),
}

/// Shapes of more sides are indexed along both axes.
const MANY_SIDES: usize = 2048;

/// A valid shape by interval trees of its sides: north and south ends, and of large ones west and east ends too. A position asks the
/// one that has fewer sides beside it: a comb of a hundred thousand teeth has all of them beside each tooth, and none above.
struct ValidGround {
    upright: IntervalTreeMultiPolygon<f64>,
    turned: Option<Turned>,
}

/// The shape turned by a quarter, and how many sides lie beside a position in either.
struct Turned {
    shape: IntervalTreeMultiPolygon<f64>,
    /// Where sides begin and end, south to north and west to east, sorted.
    ends: [[Vec<f64>; 2]; 2],
}

impl ValidGround {
    fn new(shape: &MultiPolygon<f64>, many: usize) -> Self {
        let turned = (shape.lines_iter().count() > many).then(|| {
            let sides = |axis: fn(Coord<f64>) -> f64| {
                let end = |pick: fn(f64, f64) -> f64| {
                    let mut all: Vec<f64> = shape.lines_iter().map(|l| pick(axis(l.start), axis(l.end))).collect();
                    all.sort_unstable_by(f64::total_cmp);
                    all
                };
                [end(f64::min), end(f64::max)]
            };
            let turned = shape.map_coords(quarter);
            Turned { shape: IntervalTreeMultiPolygon::new(&turned), ends: [sides(|c| c.y), sides(|c| c.x)] }
        });
        Self { upright: IntervalTreeMultiPolygon::new(shape), turned }
    }

    fn contains(&self, c: Coord<f64>) -> bool {
        match &self.turned {
            Some(turned) if turned.beside(1, c.x) < turned.beside(0, c.y) => turned.shape.contains(&quarter(c)),
            _ => self.upright.contains(&c),
        }
    }
}

impl Turned {
    /// How many sides reach over a value of an axis.
    fn beside(&self, axis: usize, v: f64) -> usize {
        let [begin, end] = &self.ends[axis];
        begin.partition_point(|b| *b <= v) - end.partition_point(|e| *e < v)
    }
}

/// A quarter turn about the origin.
fn quarter(c: Coord<f64>) -> Coord<f64> {
    Coord { x: -c.y, y: c.x }
}

/// All counties, indexed.
pub struct CountyIndex {
    grounds: Vec<CountyGround>,
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    borders: RTree<GeomWithData<Line<[f64; 2]>, u32>>,
}

impl CountyIndex {
    /// Indexes counties that are sorted by code.
    pub fn new(counties: &[County]) -> Self {
        let grounds = counties
            .par_iter()
            .map(|c| {
                if c.valid {
                    CountyGround::Fast(Box::new(ValidGround::new(&c.shape, MANY_SIDES)))
                } else {
                    CountyGround::AsDrawn(c.shape.clone())
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
        let borders = (0u32..)
            .zip(counties)
            .flat_map(|(i, c)| c.shape.lines_iter().map(move |l| (i, l)))
            .map(|(i, l)| GeomWithData::new(Line::new([l.start.x, l.start.y], [l.end.x, l.end.y]), i))
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
        let here = self.borders.locate_in_envelope_intersecting(&AABB::from_point([c.x, c.y]));
        found.extend(here.filter(|b| line_of(b.geom()).intersects(&c)).map(|b| b.data));
        found.sort_unstable();
        found.dedup();
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

    /// Whether a border runs within `metres` of a position.
    pub fn border_within(&self, at: LonLat, metres: f64) -> bool {
        let frame = LocalFrame::at(at);
        let [dx, dy] = frame.degrees_of(metres * 1.02);
        let (x, y) = (at.lon(), at.lat());
        let place = |c: [f64; 2]| LonLat::new(c[0], c[1]).ok();
        let near = AABB::from_corners([x - dx, y - dy], [x + dx, y + dy]);
        self.borders.locate_in_envelope_intersecting(&near).any(|b| {
            let ends = place(b.geom().from).zip(place(b.geom().to));
            ends.is_some_and(|(p, q)| frame.project_origin(p, q).0 <= metres)
        })
    }

    /// Where borders meet the segment `a`–`b`: shares from 0 to 1, unsorted. A border along it gives both ends of the overlap.
    pub fn crossings(&self, a: LonLat, b: LonLat, out: &mut Vec<f64>) {
        let (p, q) = (a.coord(), b.coord());
        let (lo, hi) = ([p.x.min(q.x), p.y.min(q.y)], [p.x.max(q.x), p.y.max(q.y)]);
        for border in self.borders.locate_in_envelope_intersecting(&AABB::from_corners(lo, hi)) {
            meet(p, q, border.geom(), out);
        }
    }

    /// Whether a position is inside a county; its border is looked up on its own.
    fn holds(&self, i: u32, c: Coord<f64>) -> bool {
        match &self.grounds[i as usize] {
            CountyGround::Fast(m) => m.contains(c),
            CountyGround::AsDrawn(m) => m.intersects(&c),
        }
    }
}

/// The county of each of some positions, by its number in the list, as [`CountyIndex::locate`] has it: for a few positions among many
/// counties, of which only those near a position are looked at.
pub fn counties_of(counties: &[&County], positions: &[LonLat]) -> Vec<Option<usize>> {
    let bounds: Vec<_> = counties.iter().map(|c| c.shape.bounding_rect()).collect();
    let boxes = bounds.iter().enumerate().filter_map(|(i, r)| {
        let r = (*r)?;
        Some(GeomWithData::new(Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]), i))
    });
    let boxes: RTree<_> = RTree::bulk_load(boxes.collect());
    let mut asked: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (k, at) in positions.iter().enumerate() {
        let near = boxes.locate_in_envelope_intersecting(&AABB::from_point([at.lon(), at.lat()]));
        near.for_each(|b| asked.entry(b.data).or_default().push(k));
    }
    let asked: Vec<(usize, Vec<usize>)> = asked.into_iter().collect();
    let held = |(i, asked): &(usize, Vec<usize>)| -> Vec<usize> {
        let county = counties[*i];
        let valid = county.valid.then(|| ValidGround::new(&county.shape, MANY_SIDES));
        let inside = |at: Coord<f64>| valid.as_ref().is_some_and(|v| v.contains(at)) || county.shape.intersects(&at);
        asked.iter().copied().filter(|k| inside(positions[*k].coord())).collect()
    };
    let found: Vec<Vec<usize>> = asked.par_iter().map(held).collect();
    let mut all = vec![None; positions.len()];
    // in order of counties, so that the lower code has what two hold
    for ((i, _), held) in asked.iter().zip(found) {
        held.into_iter().for_each(|k| all[k] = all[k].or(Some(*i)));
    }
    all
}

fn line_of(border: &Line<[f64; 2]>) -> geo::Line<f64> {
    geo::Line::new(Coord { x: border.from[0], y: border.from[1] }, Coord { x: border.to[0], y: border.to[1] })
}

/// Shares along p–q at which a border segment meets it.
fn meet(p: Coord<f64>, q: Coord<f64>, border: &Line<[f64; 2]>, out: &mut Vec<f64>) {
    use geo::line_intersection::{LineIntersection, line_intersection};
    let road = geo::Line::new(p, q);
    let other = line_of(border);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Location;
    use crate::issue::Issues;
    use crate::read::county::{ring, shape};
    use proptest::prelude::*;

    fn county(code: &str, points: &[(f64, f64)]) -> Option<County> {
        let mut issues = Issues::default();
        let mut list: Vec<LonLat> = points.iter().map(|(x, y)| LonLat::new(*x, *y).unwrap()).collect();
        list.push(list[0]);
        let drawn = shape(vec![vec![ring(&list, &Location::default(), &mut issues)?]], &Location::default(), &mut issues)?;
        Some(County::drawn([code.to_owned(), String::new(), String::new()], drawn, Location::default()))
    }

    #[test]
    fn a_shared_border_belongs_to_the_lower_code() {
        let west = county("1", &[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]).unwrap();
        let east = county("2", &[(1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0)]).unwrap();
        let index = CountyIndex::new(&[west, east]);
        let at = |x, y| LonLat::new(x, y).unwrap();
        assert_eq!(index.locate(at(1.0, 0.5)), 0);
        assert_eq!(index.locate(at(1.0000001, 0.5)), 1);
        assert_eq!(index.locate(at(2.5, 0.5)), NO_COUNTY);
        let mut shares = Vec::new();
        index.crossings(at(0.5, 0.5), at(1.5, 0.5), &mut shares);
        assert!(shares.iter().all(|t| (t - 0.5).abs() < 1e-12) && !shares.is_empty());
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(2000))]
        /// Any ring at all, valid or not: no panic, and the same answer as walking the ring.
        #[test]
        fn any_ring_agrees_with_walking_it(points in prop::collection::vec((0i32..12, 0i32..12), 3..12),
                                           queries in prop::collection::vec((-10i32..130, -10i32..130), 8)) {
            let ring: Vec<(f64, f64)> = points.iter().map(|(x, y)| (f64::from(*x) / 10.0, f64::from(*y) / 10.0)).collect();
            if let Some(c) = county("1", &ring) {
                let index = CountyIndex::new(std::slice::from_ref(&c));
                for (x, y) in queries {
                    let at = LonLat::new(f64::from(x) / 100.0, f64::from(y) / 100.0).unwrap();
                    let walked = c.shape.intersects(&at.coord());
                    prop_assert_eq!(index.locate(at) == 0, walked, "{} in {:?}", at, c.shape);
                    if c.valid {
                        // the same inside, whichever way it is asked; the border is looked up on its own
                        let (plain, both) = (ValidGround::new(&c.shape, usize::MAX), ValidGround::new(&c.shape, 0));
                        let turned = both.turned.as_ref().unwrap().shape.contains(&quarter(at.coord()));
                        let inside = c.shape.contains(&at.coord());
                        prop_assert_eq!([plain.contains(at.coord()), both.contains(at.coord()), turned], [inside; 3]);
                    }
                }
            }
        }
    }
}
