//! Points on the unit sphere in an R-tree: nearest and within, right at any latitude and across ±180°.

use super::{LonLat, UnitPoint, chord_of_metres, metres_between};
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// Numbered points, indexed.
#[derive(Debug)]
pub struct PointIndex {
    tree: RTree<GeomWithData<UnitPoint, u32>>,
    points: Vec<LonLat>,
}

impl PointIndex {
    /// Indexes points; their numbers are their places in the list.
    pub fn new(points: Vec<LonLat>) -> Self {
        let tree =
            RTree::bulk_load(points.iter().enumerate().map(|(i, p)| GeomWithData::new(p.unit_point(), i as u32)).collect());
        Self { tree, points }
    }

    /// The nearest point and its distance in metres. Of several on one spot, the lowest number.
    pub fn nearest(&self, at: LonLat) -> Option<(u32, f64)> {
        let best = self.tree.nearest_neighbor(&at.unit_point())?;
        let spot = self.points[best.data as usize];
        let same = self.tree.locate_all_at_point(best.geom()).map(|g| g.data).min().unwrap_or(best.data);
        Some((same, metres_between(at, spot)))
    }

    /// Numbers of the points within `metres`, ascending.
    pub fn within(&self, at: LonLat, metres: f64) -> Vec<u32> {
        let chord = chord_of_metres(metres * 1.005); // the sphere may be half a percent short of the ellipsoid
        let mut found: Vec<u32> = self
            .tree
            .locate_within_distance(at.unit_point(), chord * chord)
            .map(|g| g.data)
            .filter(|i| metres_between(at, self.points[*i as usize]) <= metres)
            .collect();
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    #[test]
    fn neighbours_across_the_date_line() {
        let index = PointIndex::new(vec![at(179.0, 10.0), at(-179.99, 10.0)]);
        assert_eq!(index.nearest(at(179.99, 10.0)).unwrap().0, 1);
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        /// The slow way: measure every point.
        #[test]
        fn within_equals_brute_force(list in prop::collection::vec((-20.0..20.0f64, 60.0..70.0f64), 1..40), metres in 1e3..3e5f64) {
            let points: Vec<LonLat> = list.iter().map(|(x, y)| at(*x, *y)).collect();
            let index = PointIndex::new(points.clone());
            let here = at(0.0, 65.0);
            let slow: Vec<u32> = (0..points.len() as u32).filter(|i| metres_between(here, points[*i as usize]) <= metres).collect();
            prop_assert_eq!(index.within(here, metres), slow);
        }
    }
}
