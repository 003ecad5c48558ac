//! Length of short lines on the WGS 84 ellipsoid, in whole millimetres.
//!
//! Each segment is rounded once, so every sum of road lengths is exact and independent of order.

use super::LonLat;
use geo::{Distance, Geodesic, Point};

/// WGS 84 semi-major axis, metres.
const A_M: f64 = 6_378_137.0;
/// WGS 84 first eccentricity squared.
const E2: f64 = 0.006_694_379_990_141_316;
/// Segments longer than this many degrees go to the full geodesic.
const SHORT_DEG: f64 = 0.1;

/// Metres between two positions on the ellipsoid.
///
/// Short segments (under 0.1°) use the Gauss mid-latitude formula with the radii of curvature at the
/// middle, within 1 part in 10⁶ of Karney's geodesic up to 75° latitude; longer or polar ones use the geodesic itself.
///
/// # References
/// W. Torge, *Geodesy*, 3rd ed. 2001, §4.1.3 (radii of curvature); C. F. F. Karney, *Algorithms for geodesics*, 2013.
pub fn metres_between(a: LonLat, b: LonLat) -> f64 {
    let (dlon, dlat) = (b.lon() - a.lon(), b.lat() - a.lat());
    let mid_lat = (a.lat() + b.lat()) / 2.0;
    if dlon.abs() > SHORT_DEG || dlat.abs() > SHORT_DEG || mid_lat.abs() > 75.0 {
        return Geodesic.distance(Point::from(a.coord()), Point::from(b.coord()));
    }
    let (meridian, parallel) = metres_per_degree(mid_lat);
    // Not `hypot`: nothing here is near the ends of the number range, and it takes three times as long.
    let (north, east) = (dlat * meridian, dlon * parallel);
    (north * north + east * east).sqrt()
}

/// Metres a degree of latitude and of longitude at a latitude in degrees.
pub(super) fn metres_per_degree(lat: f64) -> (f64, f64) {
    let (sin, cos) = lat.to_radians().sin_cos();
    let w2 = 1.0 - E2 * sin * sin;
    let w = w2.sqrt();
    let rad = std::f64::consts::PI / 180.0;
    (A_M * (1.0 - E2) / (w2 * w) * rad, A_M / w * cos * rad)
}

/// Length of one segment in whole millimetres.
///
/// ```
/// use chargegap::internals::space::{LonLat, segment_mm};
/// let (a, b) = (LonLat::new(0.0, 0.0)?, LonLat::new(0.01, 0.0)?);
/// assert_eq!(segment_mm(a, b), 1_113_195); // 1.113 km on the equator
/// # Ok::<(), chargegap::internals::space::CoordError>(())
/// ```
pub fn segment_mm(a: LonLat, b: LonLat) -> u32 {
    // Half the equator is 2.0e10 mm; `as` saturates, and no road segment comes near 4,294 km.
    (metres_between(a, b) * 1000.0).round() as u32
}

/// Length of a line in millimetres: the sum of its rounded segments.
pub fn line_mm(points: &[LonLat]) -> u64 {
    points.windows(2).map(|w| u64::from(segment_mm(w[0], w[1]))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        #[test]
        fn agrees_with_the_geodesic(lon in -179.0..179.0f64, lat in -74.0..74.0f64,
                                    dx in -0.1..0.1f64, dy in -0.1..0.1f64) {
            let a = LonLat::new(lon, lat).unwrap();
            let b = LonLat::new(lon + dx, lat + dy).unwrap();
            let want = Geodesic.distance(Point::from(a.coord()), Point::from(b.coord()));
            let got = metres_between(a, b);
            // 1 ppm plus the rounding of nothing at all
            prop_assert!((got - want).abs() <= want * 2e-6 + 1e-6, "{got} {want}");
        }
    }
}
