//! From longitude and latitude to the page, round lengths for the scale bar, and the classes of the choropleth.
//!
//! The projection is equirectangular with the scale true at the region's centre (cos of the middle latitude): enough for a
//! county map, a line 3° of latitude away is stretched by some 6 %. It is not for measuring; the ledger is.

use crate::space::{LocalFrame, LonLat};

/// A box on the page, px, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// Whether two boxes overlap.
    pub fn meets(&self, o: &Self) -> bool {
        self.x < o.x + o.w && o.x < self.x + self.w && self.y < o.y + o.h && o.y < self.y + self.h
    }

    /// Whether another lies wholly inside.
    pub fn holds(&self, o: &Self) -> bool {
        self.x <= o.x && self.y <= o.y && o.x + o.w <= self.x + self.w && o.y + o.h <= self.y + self.h
    }

    /// The box that is smaller by `inset` on every side.
    pub fn within(&self, inset: f64) -> Self {
        Self { x: self.x + inset, y: self.y + inset, w: self.w - 2.0 * inset, h: self.h - 2.0 * inset }
    }

    /// Whether a point lies inside.
    pub fn has(&self, p: [f64; 2]) -> bool {
        self.x <= p[0] && p[0] <= self.x + self.w && self.y <= p[1] && p[1] <= self.y + self.h
    }
}

/// The ground a map has to show.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    frame: LocalFrame,
    middle_lat: f64,
    west_m: f64,
    south_m: f64,
    width_m: f64,
    height_m: f64,
}

impl Extent {
    /// The box around some positions, which may lie on both sides of ±180°; `None` when there are none.
    pub fn around(points: impl Iterator<Item = LonLat> + Clone) -> Option<Self> {
        let first = points.clone().next()?;
        let rough = LocalFrame::at(first);
        let bounds = |frame: LocalFrame| {
            points
                .clone()
                .map(|p| frame.to_metres(p))
                .fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |b, [x, y]| [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)])
        };
        // Degrees are linear in a frame, so the middle found in one frame is the origin of the other.
        let [w, s, e, n] = bounds(rough);
        let [lon_per_m, lat_per_m] = rough.degrees_of(1.0);
        let lon = first.lon() + (w + e) / 2.0 * lon_per_m;
        let lat = first.lat() + (s + n) / 2.0 * lat_per_m;
        let middle = LonLat::new((lon + 540.0).rem_euclid(360.0) - 180.0, lat.clamp(-89.0, 89.0)).ok()?;
        let frame = LocalFrame::at(middle);
        let [w, s, e, n] = bounds(frame);
        Some(Self {
            frame,
            middle_lat: middle.lat(),
            west_m: w,
            south_m: s,
            width_m: (e - w).max(1000.0),
            height_m: (n - s).max(1000.0),
        })
    }

    /// A square of 1 km at (0, 0), for a region that has no ground at all.
    pub fn nowhere() -> Self {
        let frame = LocalFrame::at(LonLat::default());
        Self { frame, middle_lat: 0.0, west_m: -500.0, south_m: -500.0, width_m: 1000.0, height_m: 1000.0 }
    }

    /// Width or height, whichever is more, metres.
    pub fn longest_m(&self) -> f64 {
        self.width_m.max(self.height_m)
    }

    /// Height over width.
    pub fn aspect(&self) -> f64 {
        self.height_m / self.width_m
    }
}

/// Places positions in a box on the page.
#[derive(Clone, Copy, Debug)]
pub struct View {
    extent: Extent,
    px_per_m: f64,
    origin: [f64; 2],
}

impl View {
    /// The largest view of an extent in a box, in its middle.
    pub fn fit(extent: Extent, into: Rect) -> Self {
        let px_per_m = (into.w / extent.width_m).min(into.h / extent.height_m);
        let left = into.x + (into.w - extent.width_m * px_per_m) / 2.0;
        let bottom = into.y + (into.h + extent.height_m * px_per_m) / 2.0;
        Self { extent, px_per_m, origin: [left - extent.west_m * px_per_m, bottom + extent.south_m * px_per_m] }
    }

    /// Where a position falls, px.
    pub fn at(&self, p: LonLat) -> [f64; 2] {
        let [east, north] = self.extent.frame.to_metres(p);
        [self.origin[0] + east * self.px_per_m, self.origin[1] - north * self.px_per_m]
    }

    /// Pixels a kilometre at the centre of the map.
    pub fn px_per_km(&self) -> f64 {
        self.px_per_m * 1000.0
    }

    /// Latitude of the centre, where the scale is true, degrees.
    pub fn true_lat(&self) -> f64 {
        self.extent.middle_lat
    }
}

/// The largest of 1, 2, 5 times a power of ten that is not above `most`.
///
/// ```
/// assert_eq!([7.0, 49.9, 0.3].map(chargegap::internals::page::svg::scale::round_length), [5.0, 20.0, 0.2]);
/// ```
pub fn round_length(most: f64) -> f64 {
    let power = 10f64.powi(most.max(1e-6).log10().floor() as i32);
    [5.0, 2.0, 1.0].into_iter().map(|k| k * power).find(|v| *v <= most * (1.0 + 1e-9)).unwrap_or(power)
}

/// Classes of gap share: five steps of 20 points, light to dark in one hue, told apart without colour vision by lightness. Sand, which
/// nobody takes for water, and on which red roads and blue-green stations show.
pub const SHARE_FILLS: [&str; 5] = ["#faf8f4", "#f3eee3", "#eae2d0", "#dfd4bb", "#d2c4a3"];
/// Fill of a county without road.
pub const NO_ROAD_FILL: &str = "#eeeeea";

/// The class of a share; `None` without road. A whole share is in the last class.
pub fn share_class(part: u64, whole: u64) -> Option<usize> {
    (whole > 0).then(|| ((u128::from(part) * 5 / u128::from(whole)) as usize).min(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    #[test]
    fn one_degree_of_latitude_is_111_km_on_the_page() {
        // A box of 1° × 1° at 48°N is 74.6 × 111.2 km; 1,112 px high ⇒ 10 px a km, and 74.6 km fall on 746 px.
        let extent = Extent::around([at(-119.0, 47.5), at(-118.0, 48.5)].into_iter()).unwrap();
        let view = View::fit(extent, Rect { x: 0.0, y: 0.0, w: 2000.0, h: 1111.97 });
        assert!((view.px_per_km() - 10.0).abs() < 0.01, "{}", view.px_per_km());
        let (a, b) = (view.at(at(-119.0, 48.0)), view.at(at(-118.0, 48.0)));
        assert!((b[0] - a[0] - 746.3).abs() < 0.5, "{}", b[0] - a[0]);
        assert!((a[1] - 555.98).abs() < 0.1); // in the middle
    }

    #[test]
    fn a_region_across_180_degrees_is_one_piece() {
        let extent = Extent::around([at(179.5, -17.0), at(-179.5, -16.0)].into_iter()).unwrap();
        assert!((extent.width_m / 1000.0 - 106.7).abs() < 0.5, "{}", extent.width_m);
    }

    #[test]
    fn shares_fall_into_five_classes() {
        assert_eq!([0, 19, 20, 99, 100].map(|p| share_class(p, 100)), [Some(0), Some(0), Some(1), Some(4), Some(4)]);
        assert_eq!(share_class(0, 0), None);
    }
}
