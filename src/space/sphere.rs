//! Points on the unit sphere, so that nearest-neighbour search is right at any latitude and at ±180°.

use super::LonLat;

/// Mean earth radius, metres (IUGG).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point on the unit sphere as `[x, y, z]`.
pub type UnitPoint = [f64; 3];

impl LonLat {
    /// This position on the unit sphere.
    pub fn unit_point(self) -> UnitPoint {
        let (sin_lon, cos_lon) = self.lon().to_radians().sin_cos();
        let (sin_lat, cos_lat) = self.lat().to_radians().sin_cos();
        [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
    }
}

/// The chord on the unit sphere that subtends `metres` along the ground.
pub fn chord_of_metres(metres: f64) -> f64 {
    2.0 * (metres / (2.0 * EARTH_RADIUS_M)).sin()
}
