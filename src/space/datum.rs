//! Datums of positions in degrees: WGS 84 and CGCS2000, which are one at our tolerance, and the two shifted ones of
//! Chinese map services. Not projections: those are `read::crs`.

use geocoordinates::china::{Bd09, Gcj02, Wgs84};

/// What degrees refer to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Datum {
    /// WGS 84.
    #[default]
    Wgs84,
    /// CGCS2000: within centimetres of WGS 84, so taken as equal.
    Cgcs2000,
    /// GCJ-02 (Amap, Tencent): WGS 84 moved by up to some 700 m inside China.
    Gcj02,
    /// BD-09 (Baidu): GCJ-02 moved once more.
    Bd09,
}

impl Datum {
    /// Every datum.
    pub const ALL: [Self; 4] = [Self::Wgs84, Self::Cgcs2000, Self::Gcj02, Self::Bd09];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Cgcs2000 => "cgcs2000",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Wgs84 => "WGS 84",
            Self::Cgcs2000 => "CGCS2000",
            Self::Gcj02 => "GCJ-02",
            Self::Bd09 => "BD-09",
        }
    }

    /// From a word; case, `-` and blanks do not matter.
    pub fn from_word(word: &str) -> Option<Self> {
        let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        Self::ALL.into_iter().find(|d| d.as_str().eq_ignore_ascii_case(&plain))
    }

    /// Whether positions move when they are taken to WGS 84.
    pub fn is_shifted(self) -> bool {
        matches!(self, Self::Gcj02 | Self::Bd09)
    }

    /// Longitude and latitude in WGS 84 degrees; `None` when the numbers are no position.
    ///
    /// Inverse of the published forward formulas by fixed-point iteration with a bounded number of steps; below 0.2 m
    /// everywhere in the box that map services use (72.004–137.8347° E, 0.8293–55.8271° N). Outside it nothing moves.
    ///
    /// ```
    /// use chargegap::internals::space::Datum;
    /// let (lon, lat) = Datum::Gcj02.to_wgs84(123.8980893870688, 34.1168003807024).unwrap();
    /// assert!((lon - 123.893283).abs() < 1e-6 && (lat - 34.118207).abs() < 1e-6);
    /// ```
    pub fn to_wgs84(self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        let wgs = match self {
            Self::Wgs84 | Self::Cgcs2000 => return Some((lon, lat)),
            Self::Gcj02 => Gcj02::new(lat, lon).try_to_wgs84_refined(),
            Self::Bd09 => Bd09::new(lat, lon).try_to_wgs84_refined(),
        };
        wgs.ok().map(|p| p.into_inner()).map(|p| (p.lon, p.lat))
    }

    /// The way back: what WGS 84 degrees are called in this datum.
    pub fn from_wgs84(self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        let wgs = Wgs84::new(lat, lon);
        match self {
            Self::Wgs84 | Self::Cgcs2000 => Some((lon, lat)),
            Self::Gcj02 => wgs.try_to_gcj02().ok().map(|p| (p.lon, p.lat)),
            Self::Bd09 => wgs.try_to_bd09().ok().map(|p| (p.lon, p.lat)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::{LonLat, metres_between};

    #[test]
    fn words_in_any_spelling() {
        assert_eq!(Datum::from_word("GCJ-02"), Some(Datum::Gcj02));
        assert_eq!(Datum::from_word("wgs 84"), Some(Datum::Wgs84));
        assert_eq!(Datum::from_word("xian80"), None);
    }

    /// 400 positions on which four other libraries agree (see the file's SOURCE.txt).
    #[test]
    fn four_hundred_vectors_of_other_libraries() {
        let Some(path) = crate::test_support::shared("gcj-oracle/vectors.csv") else { return };
        let mut table = csv::Reader::from_path(path).unwrap();
        let (mut rows, mut worst) = (0, 0.0f64);
        for row in table.records() {
            let row = row.unwrap();
            let v: Vec<f64> = (0..6).map(|i| row[i].parse().unwrap()).collect();
            let off = |(lon, lat): (f64, f64), want: (f64, f64)| {
                metres_between(LonLat::new(lon, lat).unwrap(), LonLat::new(want.0, want.1).unwrap())
            };
            let (wgs, gcj, bd) = ((v[0], v[1]), (v[2], v[3]), (v[4], v[5]));
            for (datum, theirs) in [(Datum::Gcj02, gcj), (Datum::Bd09, bd)] {
                worst = worst.max(off(datum.from_wgs84(wgs.0, wgs.1).unwrap(), theirs));
                // Just inside the edge of the box the forward image lies outside it, and no inverse can tell.
                if (72.1..137.7).contains(&wgs.0) && (0.9..55.7).contains(&wgs.1) {
                    worst = worst.max(off(datum.to_wgs84(theirs.0, theirs.1).unwrap(), wgs));
                }
            }
            rows += 1;
        }
        println!("{rows} vectors, largest difference {worst:.3} m");
        assert_eq!(rows, 400);
        assert!(worst < 0.2, "{worst}");
    }

    #[test]
    fn the_inverse_ends_at_a_corner_of_the_box() {
        assert!(Datum::Gcj02.to_wgs84(72.004, 0.8293).is_some()); // one library never returns here
        assert!(Datum::Bd09.to_wgs84(f64::NAN, 1.0).is_none());
    }
}
