//! A flat frame in metres around one position, for distances of a few kilometres.

use super::LonLat;
use super::metric::metres_per_degree;

/// East and north in metres from an origin; good to a few parts in 10⁴ within 20 km.
#[derive(Clone, Copy, Debug)]
pub struct LocalFrame {
    origin: LonLat,
    north_m: f64,
    east_m: f64,
}

impl LocalFrame {
    /// The frame around `origin`.
    pub fn at(origin: LonLat) -> Self {
        let (north_m, east_m) = metres_per_degree(origin.lat());
        Self { origin, north_m, east_m }
    }

    /// East and north of the origin, in metres; longitudes wrap at ±180°.
    pub fn to_metres(&self, p: LonLat) -> [f64; 2] {
        let mut dlon = p.lon() - self.origin.lon();
        if dlon > 180.0 {
            dlon -= 360.0;
        } else if dlon < -180.0 {
            dlon += 360.0;
        }
        [dlon * self.east_m, (p.lat() - self.origin.lat()) * self.north_m]
    }

    /// Degrees of longitude and latitude that span `metres` here; longitude at most 180.
    pub fn degrees_of(&self, metres: f64) -> [f64; 2] {
        [(metres / self.east_m.max(1.0)).min(180.0), metres / self.north_m]
    }

    /// The foot of the origin on the segment `a`–`b`: distance in metres and share (0 to 1) from `a`.
    pub fn project_origin(&self, a: LonLat, b: LonLat) -> (f64, f64) {
        let (p, q) = (self.to_metres(a), self.to_metres(b));
        let (dx, dy) = (q[0] - p[0], q[1] - p[1]);
        let len2 = dx * dx + dy * dy;
        let t = if len2 > 0.0 { (-(p[0] * dx + p[1] * dy) / len2).clamp(0.0, 1.0) } else { 0.0 };
        ((p[0] + t * dx).hypot(p[1] + t * dy), t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foot_of_a_point_beside_a_road() {
        // Road along the equator from 0 to 0.02°; the point sits above its middle.
        let at = |lon, lat| LonLat::new(lon, lat).unwrap();
        let (d, t) = LocalFrame::at(at(0.01, 0.001)).project_origin(at(0.0, 0.0), at(0.02, 0.0));
        assert!((t - 0.5).abs() < 1e-9);
        assert!((d - 110.574).abs() < 0.01); // 0.001° of latitude
    }
}
