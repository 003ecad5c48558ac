//! Lines on fewer points, none of the others farther than a tolerance from what is drawn.
//!
//! Not `geo`'s: that one recurses as deep as a line has vertices, and measures in one plane for the whole line.

use super::LonLat;
use super::frame::LocalFrame;

/// Lines are simplified in blocks of so many vertices, so that none takes longer than the square of it.
const BLOCK: usize = 1024;

/// Keeps the ends of a line and as few vertices between as Ramer, Douglas and Peucker find, so that every vertex lies
/// within `tolerance_m` metres of the line that is left. What is left is part of what was given, so it is not longer.
///
/// Distances are measured in the metric at the vertex, to segments that are straight in degrees, as GeoJSON has them.
///
/// ```
/// use chargegap::internals::space::{LonLat, simplify};
/// let at = |lon: f64, lat: f64| LonLat::new(lon, lat).unwrap();
/// // 0.0001° of latitude are 11 m
/// let line = [at(109.0, 31.0), at(109.01, 31.0001), at(109.02, 31.0)];
/// assert_eq!(simplify(&line, 12.0).len(), 2);
/// assert_eq!(simplify(&line, 10.0).len(), 3);
/// ```
///
/// # References
/// U. Ramer 1972; D. H. Douglas, T. K. Peucker, *Algorithms for the reduction of the number of points required to represent
/// a digitized line or its caricature*, 1973.
pub fn simplify(line: &[LonLat], tolerance_m: f64) -> Vec<LonLat> {
    let Some(last) = line.len().checked_sub(1) else { return Vec::new() };
    let mut keep = vec![false; line.len()];
    keep[last] = true;
    let mut open: Vec<(usize, usize)> = (0..last).step_by(BLOCK).map(|a| (a, (a + BLOCK).min(last))).collect();
    open.iter().for_each(|(a, _)| keep[*a] = true);
    // A loop keeps the vertex farthest from where it closes, however small it is: a line of one spot is none.
    if line[0] == line[last] {
        let far_m = |i: usize| LocalFrame::at(line[i]).project_origin(line[0], line[0]).0;
        if let Some((_, i)) = (1..last).map(|i| (far_m(i), i)).reduce(|far, x| if x.0 > far.0 { x } else { far }) {
            keep[i] = true;
            if last <= BLOCK {
                open = vec![(0, i), (i, last)];
            }
        }
    }
    while let Some((a, b)) = open.pop() {
        let off_m = |i: usize| LocalFrame::at(line[i]).project_origin(line[a], line[b]).0;
        // of equally far ones the first
        let far = (a + 1..b).map(|i| (off_m(i), i)).reduce(|far, x| if x.0 > far.0 { x } else { far });
        if let Some((_, i)) = far.filter(|far| far.0 > tolerance_m) {
            keep[i] = true;
            open.extend([(a, i), (i, b)]);
        }
    }
    line.iter().zip(keep).filter(|(_, keep)| *keep).map(|(p, _)| *p).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::line_mm;
    use geo::{LineString, Simplify};
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    fn off_m(p: LonLat, line: &[LonLat]) -> f64 {
        let frame = LocalFrame::at(p);
        line.windows(2).map(|w| frame.project_origin(w[0], w[1]).0).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn a_small_loop_is_still_a_line() {
        // 11 m across, tolerance 100 m: out to the far corner and back
        let ring = [at(0.0, 0.0), at(0.0001, 0.0), at(0.0001, 0.0001), at(0.0, 0.0)];
        assert_eq!(simplify(&ring, 100.0), [ring[0], ring[2], ring[0]]);
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        #[test]
        fn every_vertex_stays_within_the_tolerance(steps in prop::collection::vec((-40..40i32, -40..40i32), 1..80), m in 0.5..60.0f64) {
            let mut line = vec![at(109.0, 31.0)];
            for (dx, dy) in steps {
                let (x, y) = line[line.len() - 1].e7();
                line.push(LonLat::from_e7(x + dx * 100, y + dy * 100).unwrap());
            }
            let thin = simplify(&line, m);
            prop_assert_eq!((thin.first(), thin.last()), (line.first(), line.last()));
            prop_assert!(line.iter().all(|p| off_m(*p, &thin) <= m));
            // part of a line is not longer; each segment of either is rounded to the millimetre
            prop_assert!(line_mm(&thin) <= line_mm(&line) + line.len() as u64);
        }

        #[test]
        fn in_a_plane_it_is_what_geo_does(steps in prop::collection::vec((1..4000i32, -400..400i32), 1..60), m in 0.2..6.0f64) {
            // Within 0.003° of the equator a degree is as long everywhere, to 1 part in 10⁹. Where a vertex lies at the very
            // tolerance both answers are right: such lines are left out.
            let frame = LocalFrame::at(LonLat::default());
            let mut line = vec![LonLat::default()];
            for (dx, dy) in steps {
                let (x, y) = line[line.len() - 1].e7();
                line.push(LonLat::from_e7(x + dx, y + dy).unwrap());
            }
            let plane: LineString<f64> = line.iter().map(|p| frame.to_metres(*p)).collect::<Vec<_>>().into();
            let want: Vec<[f64; 2]> = plane.simplify(m).coords().map(|c| [c.x, c.y]).collect();
            let near = [plane.simplify(m * 0.9999).0.len(), plane.simplify(m * 1.0001).0.len()];
            prop_assume!(near == [want.len(); 2]);
            let got: Vec<[f64; 2]> = simplify(&line, m).iter().map(|p| frame.to_metres(*p)).collect();
            prop_assert_eq!(got, want);
        }
    }

    #[test]
    fn rings_points_and_nothing() {
        let ring = [at(0.0, 0.0), at(0.001, 0.0), at(0.001, 0.001), at(0.0, 0.001), at(0.0, 0.0)];
        // the square of 111 m has its far corner 157 m from the ends, which are one; the others lie 79 m off that diagonal
        assert_eq!(simplify(&ring, 100.0), [ring[0], ring[2], ring[4]]);
        assert_eq!(simplify(&ring, 70.0), ring);
        assert_eq!((simplify(&[], 1.0), simplify(&ring[..1], 1.0)), (vec![], vec![ring[0]]));
    }

    #[test]
    fn a_line_that_folds_at_every_vertex_needs_no_stack() {
        // each vertex is the farthest of those that are left: a recursion over the whole would go 30,000 deep
        let fold = |i: i32| LonLat::from_e7(i % 2 * (1_000_000 - 8 * i), 20 * i).unwrap();
        let line: Vec<LonLat> = (0..30_000).map(fold).collect();
        assert_eq!(simplify(&line, 0.1).len(), line.len());
    }
}
