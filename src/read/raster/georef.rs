//! Where the cells of a GeoTIFF lie: from its tags to an affine grid and an EPSG code. It decodes no image.
//!
//! # References
//! N. Ritter, M. Ruth, *GeoTIFF Format Specification*, revision 1.0 (the same in OGC 19-008r4, GeoTIFF 1.1): section 2.4 (key
//! directory), 2.5.2.2 (raster space, pixel is area or point), 2.6.1 (tie points, pixel scale, transformation),
//! 6.3.1.1 (model types), 6.3.1.2 (raster types).

/// Key of the model type: 1 projected, 2 geographic, 3 geocentric, 32767 spelled out by other keys.
const GT_MODEL_TYPE: u16 = 1024;
/// Key of the raster type: 1 pixel is area, 2 pixel is point.
const GT_RASTER_TYPE: u16 = 1025;
/// Key of the geographic system's EPSG code.
const GEOGRAPHIC_TYPE: u16 = 2048;
/// Key of the projected system's EPSG code.
const PROJECTED_CS_TYPE: u16 = 3072;
/// In place of a code: the system is spelled out by other keys.
const USER_DEFINED: u16 = 32767;

/// The tags as they stand in the file; empty where one is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GeoTags {
    /// `ModelPixelScale` (33550): size of a cell, model units.
    pub scale: Vec<f64>,
    /// `ModelTiepoint` (33922): column, row, level and x, y, z of one position after the other.
    pub tiepoints: Vec<f64>,
    /// `ModelTransformation` (34264): a matrix of 4 × 4 by rows.
    pub transformation: Vec<f64>,
    /// `GeoKeyDirectory` (34735).
    pub keys: Vec<u16>,
    /// `GeoAsciiParams` (34737): names, among them that of a projected system without a code.
    pub names: String,
}

/// The affine map from columns and rows to the model's units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    x: [f64; 3],
    y: [f64; 3],
    /// From a cell's number to its centre: a half where pixel is area, nought where it is point.
    centre: f64,
}

impl Grid {
    /// The grid that the tags describe.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn from_tags(tags: &GeoTags) -> Result<Self, String> {
        let (x, y) = match (tags.transformation.as_slice(), tags.scale.as_slice(), tags.tiepoints.as_slice()) {
            ([a, b, _, d, e, f, _, h, ..], _, _) => ([*a, *b, *d], [*e, *f, *h]),
            (_, [sx, sy, ..], [i, j, _, x, y, _, ..]) => ([*sx, 0.0, x - i * sx], [0.0, -sy, y + j * sy]),
            (_, [], ties) if ties.len() > 6 => {
                return Err("the raster is tied to the ground by points only, and not by a grid".to_owned());
            }
            _ => return Err("the file does not say where its cells lie: it has no GeoTIFF pixel scale and tie point".to_owned()),
        };
        let area = x[0] * y[1] - x[1] * y[0];
        if !x.iter().chain(&y).all(|v| v.is_finite()) || !area.is_finite() || area == 0.0 {
            return Err("the cells of the raster have no size: its pixel scale or transformation is wrong".to_owned());
        }
        let point = key(&tags.keys, GT_RASTER_TYPE) == Some(2);
        Ok(Self { x, y, centre: if point { 0.0 } else { 0.5 } })
    }

    /// The centre of a cell, in the model's units.
    pub fn centre(&self, column: u32, row: u32) -> (f64, f64) {
        let (c, r) = (f64::from(column) + self.centre, f64::from(row) + self.centre);
        (self.x[0] * c + self.x[1] * r + self.x[2], self.y[0] * c + self.y[1] * r + self.y[2])
    }
}

/// The EPSG code of the keys.
///
/// # Errors
/// A sentence, when they hold none.
pub fn epsg(keys: &[u16]) -> Result<u32, String> {
    let code = match key(keys, GT_MODEL_TYPE) {
        Some(1) => key(keys, PROJECTED_CS_TYPE),
        Some(2) => key(keys, GEOGRAPHIC_TYPE),
        Some(3) => return Err("the raster is in geocentric coordinates".to_owned()),
        None => key(keys, PROJECTED_CS_TYPE).or_else(|| key(keys, GEOGRAPHIC_TYPE)),
        // GDAL's way with projections that have no code; the geographic code beside it is that of the datum only.
        Some(_) => Some(USER_DEFINED),
    };
    match code {
        Some(USER_DEFINED) => Err("the file spells its coordinate system out instead of naming an EPSG code".to_owned()),
        Some(code) if code > 0 => Ok(code.into()),
        _ => Err("the file does not name its coordinate system".to_owned()),
    }
}

/// The value of a key that is stored in the directory itself: a header of four, then id, tag (0: here), count, value.
fn key(keys: &[u16], id: u16) -> Option<u16> {
    let entries = keys.get(4..)?.chunks_exact(4);
    entries.take(keys[3].into()).find(|e| e[0] == id && e[1] == 0).map(|e| e[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(raster_type: u16) -> GeoTags {
        GeoTags {
            scale: vec![0.5, 0.25, 0.0],
            tiepoints: vec![2.0, 4.0, 0.0, 100.0, 30.0, 0.0],
            transformation: Vec::new(),
            keys: vec![1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, raster_type, 2048, 0, 1, 4326],
            names: String::new(),
        }
    }

    #[test]
    fn a_tie_point_need_not_be_the_corner() {
        let grid = Grid::from_tags(&tags(1)).unwrap();
        // corner (2, 4) lies at 100, 30; the centre of cell (2, 4) half a cell to the south-east of it
        assert_eq!(grid.centre(2, 4), (100.25, 29.875));
        assert_eq!(grid.centre(0, 0), (99.25, 30.875));
        // pixel is point: the tie point is the centre
        assert_eq!(Grid::from_tags(&tags(2)).unwrap().centre(2, 4), (100.0, 30.0));
        assert_eq!(epsg(&tags(1).keys), Ok(4326));
    }

    #[test]
    fn a_transformation_may_turn_the_grid() {
        let mut m = vec![0.0; 16];
        (m[0], m[1], m[3], m[4], m[5], m[7], m[15]) = (0.0, 2.0, 10.0, 3.0, 0.0, 20.0, 1.0);
        let grid = Grid::from_tags(&GeoTags { transformation: m, ..GeoTags::default() }).unwrap();
        assert_eq!(grid.centre(1, 3), (10.0 + 2.0 * 3.5, 20.0 + 3.0 * 1.5));
    }

    #[test]
    fn what_is_missing_is_said() {
        let says = |t: &GeoTags, word: &str| assert!(Grid::from_tags(t).unwrap_err().contains(word));
        says(&GeoTags::default(), "where its cells lie");
        says(&GeoTags { tiepoints: vec![0.0; 24], ..GeoTags::default() }, "points only");
        says(&GeoTags { scale: vec![0.0; 3], ..tags(1) }, "no size");
        says(&GeoTags { scale: vec![f64::NAN; 3], ..tags(1) }, "no size");
        for (keys, word) in [
            (vec![], "does not name"),
            (vec![1, 1, 0, 9], "does not name"),
            (vec![1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32767], "spells"),
            (vec![1, 1, 0, 2, 1024, 0, 1, 32767, 2048, 0, 1, 4326], "spells"),
            (vec![1, 1, 0, 1, 1024, 0, 1, 3], "geocentric"),
        ] {
            assert!(epsg(&keys).unwrap_err().contains(word), "{keys:?}");
        }
    }
}
