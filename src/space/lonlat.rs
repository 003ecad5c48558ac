//! A checked position. Everything behind the readers may trust it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A WGS 84 position in units of 1e-7 degree (about 1.1 cm), as OpenStreetMap stores it.
///
/// Integers make equality exact, so roads that share a vertex in the file share a node here.
///
/// ```
/// use chargegap::internals::space::LonLat;
/// let fengjie = LonLat::new(109.4636, 31.0182)?;
/// assert_eq!(fengjie.lon(), 109.4636);
/// assert!(LonLat::new(31.0182, 109.4636).is_err()); // swapped
/// # Ok::<(), chargegap::internals::space::CoordError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "[i32; 2]", into = "[i32; 2]")]
pub struct LonLat {
    lon_e7: i32,
    lat_e7: i32,
}

/// Why two numbers are not a position.
#[derive(Clone, Copy, PartialEq, Debug, thiserror::Error)]
pub enum CoordError {
    /// NaN or infinite.
    #[error("a coordinate is not a finite number")]
    NotFinite,
    /// Latitude beyond ±90 while longitude would be a latitude.
    #[error("latitude {lat} is beyond ±90: longitude and latitude look swapped")]
    Swapped {
        /// The value found in second place.
        lat: f64,
    },
    /// Numbers in the thousands and more: metres of a projected system.
    #[error("({x}, {y}) is not in degrees: it looks like projected metres")]
    Projected {
        /// First number.
        x: f64,
        /// Second number.
        y: f64,
    },
    /// Beyond ±180 or ±90.
    #[error("({lon}, {lat}) is out of range (±180, ±90)")]
    OutOfRange {
        /// Longitude as read.
        lon: f64,
        /// Latitude as read.
        lat: f64,
    },
}

impl From<LonLat> for [i32; 2] {
    fn from(p: LonLat) -> Self {
        [p.lon_e7, p.lat_e7]
    }
}

impl TryFrom<[i32; 2]> for LonLat {
    type Error = &'static str;

    fn try_from([lon_e7, lat_e7]: [i32; 2]) -> Result<Self, Self::Error> {
        Self::from_e7(lon_e7, lat_e7).ok_or("a position is out of range")
    }
}

impl LonLat {
    /// The same place written one way: -180° and 180° are one meridian.
    #[must_use]
    pub fn on_seam(self) -> Self {
        if self.lon_e7 == -1_800_000_000 { Self { lon_e7: 1_800_000_000, ..self } } else { self }
    }

    /// The sort key of a place: that of its position but on the 180th meridian, which has two.
    pub fn place_key(self) -> u64 {
        self.on_seam().sort_key()
    }

    /// Checks longitude and latitude in degrees and rounds them to 1e-7 degree.
    ///
    /// # Errors
    /// [`CoordError`] when a number is not finite or out of range; it names swapped and projected ones.
    pub fn new(lon: f64, lat: f64) -> Result<Self, CoordError> {
        if !lon.is_finite() || !lat.is_finite() {
            return Err(CoordError::NotFinite);
        }
        if lon.abs() <= 180.0 && lat.abs() <= 90.0 {
            return Ok(Self { lon_e7: (lon * 1e7).round() as i32, lat_e7: (lat * 1e7).round() as i32 });
        }
        if lon.abs() > 1000.0 || lat.abs() > 1000.0 {
            return Err(CoordError::Projected { x: lon, y: lat });
        }
        if lat.abs() <= 180.0 && lon.abs() <= 90.0 {
            return Err(CoordError::Swapped { lat });
        }
        Err(CoordError::OutOfRange { lon, lat })
    }

    /// A position from units of 1e-7 degree; `None` when out of range.
    pub fn from_e7(lon_e7: i32, lat_e7: i32) -> Option<Self> {
        let inside = lon_e7.unsigned_abs() <= 1_800_000_000 && lat_e7.unsigned_abs() <= 900_000_000;
        inside.then_some(Self { lon_e7, lat_e7 })
    }

    /// One number of 63 bits that sorts as positions do.
    pub(crate) fn sort_key(self) -> u64 {
        // Both are brought above zero: 180e7 is under 2^31, and 90e7 under 2^30.
        let lon = self.lon_e7.cast_unsigned() ^ 1 << 31;
        u64::from(lon) << 31 | u64::from(self.lat_e7.cast_unsigned().wrapping_add(1 << 30))
    }

    /// The position of a [`LonLat::sort_key`].
    pub(crate) fn of_sort_key(key: u64) -> Self {
        let lat = (key & ((1 << 31) - 1)) as u32;
        Self { lon_e7: ((key >> 31) as u32 ^ 1 << 31).cast_signed(), lat_e7: lat.wrapping_sub(1 << 30).cast_signed() }
    }

    /// Longitude in degrees.
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / 1e7
    }

    /// Latitude in degrees.
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / 1e7
    }

    /// Longitude and latitude in 1e-7 degree.
    pub fn e7(self) -> (i32, i32) {
        (self.lon_e7, self.lat_e7)
    }

    /// The position at share `t` (0 to 1) of the straight line to `other`, in degrees.
    pub fn lerp(self, other: Self, t: f64) -> Self {
        let mix = |a: i32, b: i32| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as i32;
        Self { lon_e7: mix(self.lon_e7, other.lon_e7), lat_e7: mix(self.lat_e7, other.lat_e7) }
    }

    /// As a `geo` coordinate in degrees.
    pub fn coord(self) -> geo::Coord<f64> {
        geo::Coord { x: self.lon(), y: self.lat() }
    }
}

impl fmt::Display for LonLat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}, {:.6}", self.lon(), self.lat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sort_keys_sort_as_positions() {
        let all = [(-180.0, 5.0), (-0.1, -90.0), (-0.1, 90.0), (0.0, -1.0), (0.0, 0.0), (1e-7, 0.0), (180.0, -5.0)];
        let all = all.map(|(x, y)| LonLat::new(x, y).unwrap());
        assert!(all.is_sorted() && all.is_sorted_by_key(|p| p.sort_key()));
        assert!(all.iter().all(|p| LonLat::of_sort_key(p.sort_key()) == *p));
    }

    #[test]
    fn names_the_usual_mistakes() {
        assert!(matches!(LonLat::new(f64::NAN, 0.0), Err(CoordError::NotFinite)));
        assert!(matches!(LonLat::new(31.0, 109.0), Err(CoordError::Swapped { .. })));
        assert!(matches!(LonLat::new(500_000.0, 3_400_000.0), Err(CoordError::Projected { .. })));
        assert!(matches!(LonLat::new(200.0, 95.0), Err(CoordError::OutOfRange { .. })));
        assert!(LonLat::new(-180.0, 90.0).is_ok());
    }

    #[test]
    fn noise_behind_the_seventh_decimal_is_one_position() {
        assert_eq!(LonLat::new(-119.99425300000001, 47.0), LonLat::new(-119.994253, 47.0));
    }
}
