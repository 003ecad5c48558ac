//! Geometries from binary formats and well-known text into GeoJSON's form, which all layers are read in.
//!
//! Own sink over `geozero`'s parsers, because its ready-made ones reserve memory for whatever count a file claims.

use geojson::{GeometryValue, Position};
use geozero::GeomProcessor;
use geozero::error::{GeozeroError, Result};

/// Collects one geometry; curves and collections are refused at their first word.
#[derive(Debug, Default)]
pub struct Collector {
    line: Vec<Position>,
    rings: Vec<Vec<Position>>,
    polygons: Vec<Vec<Vec<Position>>>,
    srid: Option<u32>,
    done: Option<GeometryValue>,
}

impl Collector {
    /// The geometry, `None` when it is empty.
    pub fn finish(self) -> Option<GeometryValue> {
        self.done
    }

    fn take_line(&mut self) -> Vec<Position> {
        std::mem::take(&mut self.line)
    }
}

fn refuse(kind: &str) -> Result<()> {
    Err(GeozeroError::Geometry(format!("a {kind} is not read; convert it to points, lines or polygons")))
}

impl GeomProcessor for Collector {
    fn xy(&mut self, x: f64, y: f64, _: usize) -> Result<()> {
        self.line.push([x, y].into());
        Ok(())
    }

    fn srid(&mut self, srid: Option<i32>) -> Result<()> {
        self.srid = self.srid.or(srid.and_then(|s| u32::try_from(s).ok()));
        Ok(())
    }

    fn empty_point(&mut self, _: usize) -> Result<()> {
        Ok(())
    }

    fn point_begin(&mut self, _: usize) -> Result<()> {
        self.line.clear();
        Ok(())
    }

    fn point_end(&mut self, _: usize) -> Result<()> {
        self.done = self.line.pop().map(|coordinates| GeometryValue::Point { coordinates });
        Ok(())
    }

    fn multipoint_begin(&mut self, _: usize, _: usize) -> Result<()> {
        self.line.clear();
        Ok(())
    }

    fn multipoint_end(&mut self, _: usize) -> Result<()> {
        self.done = Some(GeometryValue::MultiPoint { coordinates: self.take_line() });
        Ok(())
    }

    fn linestring_begin(&mut self, _: bool, _: usize, _: usize) -> Result<()> {
        self.line.clear();
        Ok(())
    }

    fn linestring_end(&mut self, tagged: bool, _: usize) -> Result<()> {
        let line = self.take_line();
        if tagged {
            self.done = Some(GeometryValue::LineString { coordinates: line });
        } else {
            self.rings.push(line);
        }
        Ok(())
    }

    fn multilinestring_begin(&mut self, _: usize, _: usize) -> Result<()> {
        self.rings.clear();
        Ok(())
    }

    fn multilinestring_end(&mut self, _: usize) -> Result<()> {
        self.done = Some(GeometryValue::MultiLineString { coordinates: std::mem::take(&mut self.rings) });
        Ok(())
    }

    fn polygon_begin(&mut self, _: bool, _: usize, _: usize) -> Result<()> {
        self.rings.clear();
        Ok(())
    }

    fn polygon_end(&mut self, tagged: bool, _: usize) -> Result<()> {
        let rings = std::mem::take(&mut self.rings);
        if tagged {
            self.done = Some(GeometryValue::Polygon { coordinates: rings });
        } else {
            self.polygons.push(rings);
        }
        Ok(())
    }

    fn multipolygon_begin(&mut self, _: usize, _: usize) -> Result<()> {
        self.polygons.clear();
        Ok(())
    }

    fn multipolygon_end(&mut self, _: usize) -> Result<()> {
        self.done = Some(GeometryValue::MultiPolygon { coordinates: std::mem::take(&mut self.polygons) });
        Ok(())
    }

    fn geometrycollection_begin(&mut self, _: usize, _: usize) -> Result<()> {
        refuse("geometry collection") // at once: nested ones must not be walked
    }

    fn circularstring_begin(&mut self, _: usize, _: usize) -> Result<()> {
        refuse("circular string")
    }

    fn compoundcurve_begin(&mut self, _: usize, _: usize) -> Result<()> {
        refuse("compound curve")
    }

    fn curvepolygon_begin(&mut self, _: usize, _: usize) -> Result<()> {
        refuse("curve polygon")
    }

    fn multicurve_begin(&mut self, _: usize, _: usize) -> Result<()> {
        refuse("multi-curve")
    }

    fn multisurface_begin(&mut self, _: usize, _: usize) -> Result<()> {
        refuse("multi-surface")
    }

    fn triangle_begin(&mut self, _: bool, _: usize, _: usize) -> Result<()> {
        refuse("triangle")
    }

    fn polyhedralsurface_begin(&mut self, _: usize, _: usize) -> Result<()> {
        refuse("polyhedral surface")
    }

    fn tin_begin(&mut self, _: usize, _: usize) -> Result<()> {
        refuse("TIN")
    }
}

/// A geometry in well-known text, with an optional `SRID=…;` before it; `Ok(None)` for an empty one.
///
/// # Errors
/// The parser's sentence.
pub fn from_wkt(text: &str) -> std::result::Result<Option<GeometryValue>, String> {
    use geozero::GeozeroGeometry;
    let text = text.trim();
    let text = match text.split_once(';') {
        Some((srid, rest)) if srid.to_ascii_uppercase().starts_with("SRID=") => rest.trim(),
        _ => text,
    };
    // The parser descends into collections, as deep as the text nests; they are not read anyway.
    if text.to_ascii_uppercase().starts_with("GEOMETRYCOLLECTION") {
        return Err("a geometry collection is not read".to_owned());
    }
    let mut out = Collector::default();
    geozero::wkt::Wkt(text).process_geom(&mut out).map_err(|e| e.to_string())?;
    Ok(out.finish())
}

/// A geometry in (extended) well-known binary.
///
/// # Errors
/// The parser's sentence.
pub fn from_wkb(mut bytes: &[u8]) -> std::result::Result<Option<GeometryValue>, String> {
    let mut out = Collector::default();
    geozero::wkb::process_ewkb_geom(&mut bytes, &mut out).map_err(|e| e.to_string())?;
    Ok(out.finish())
}

/// The same with the number of its coordinate system, where it says one.
///
/// # Errors
/// The parser's sentence.
pub fn from_ewkb(mut bytes: &[u8]) -> std::result::Result<(Option<GeometryValue>, Option<u32>), String> {
    let mut out = Collector::default();
    geozero::wkb::process_ewkb_geom(&mut bytes, &mut out).map_err(|e| e.to_string())?;
    let srid = out.srid;
    Ok((out.finish(), srid))
}

/// A geometry in GeoPackage's binary.
///
/// # Errors
/// The parser's sentence.
pub fn from_gpkg(mut bytes: &[u8]) -> std::result::Result<Option<GeometryValue>, String> {
    if bytes.len() > 3 && bytes[3] & 0b0001_0000 != 0 {
        return Ok(None); // the flag of an empty geometry
    }
    let mut out = Collector::default();
    geozero::wkb::process_gpkg_geom(&mut bytes, &mut out).map_err(|e| e.to_string())?;
    Ok(out.finish())
}

/// Points of one thing lie no farther apart than this, degrees of latitude (some 1 km); farther ones are several things.
const ONE_THING: f64 = 0.01;

/// A point that stands for an area or for several points of one thing: inside the largest area, or the point nearest to the middle of
/// all. None for lines, for what is empty, and for points that are far from each other.
///
/// ```
/// use chargegap::internals::read::geometry::{from_wkt, point_of};
/// let hook = from_wkt("POLYGON((0 0,3 0,3 1,1 1,1 3,0 3,0 0))").unwrap().unwrap();
/// let p = point_of(&hook).unwrap();
/// assert!(p[0] < 1.0 || p[1] < 1.0); // inside, though the middle of the corners is not
/// ```
pub fn point_of(geometry: &GeometryValue) -> Option<Position> {
    use geo::{Area, InteriorPoint};
    match geometry {
        GeometryValue::Point { coordinates } => Some(coordinates.clone()),
        GeometryValue::MultiPoint { coordinates } => middle_point(coordinates),
        GeometryValue::Polygon { coordinates } => {
            let point = polygon(coordinates)?.interior_point()?;
            Some([point.x(), point.y()].into())
        }
        GeometryValue::MultiPolygon { coordinates } => {
            let all = coordinates.iter().filter_map(|c| polygon(c));
            let largest = all.max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?;
            let point = largest.interior_point()?;
            Some([point.x(), point.y()].into())
        }
        GeometryValue::GeometryCollection { geometries } => {
            let parts: Vec<Position> = geometries.iter().filter_map(|g| point_of(&g.value)).collect();
            middle_point(&parts)
        }
        GeometryValue::LineString { .. } | GeometryValue::MultiLineString { .. } => None,
    }
}

fn polygon(rings: &[Vec<Position>]) -> Option<geo::Polygon<f64>> {
    let line = |ring: &Vec<Position>| {
        let corners: Option<Vec<geo::Coord<f64>>> =
            ring.iter().map(|p| Some(geo::Coord { x: *p.as_slice().first()?, y: *p.as_slice().get(1)? })).collect();
        corners.filter(|c| c.len() > 3 && c.iter().all(|c| c.x.is_finite() && c.y.is_finite())).map(geo::LineString::new)
    };
    let mut lines = rings.iter().map(line);
    let outer = lines.next()??;
    Some(geo::Polygon::new(outer, lines.flatten().collect()))
}

/// The point nearest to the middle of points that are near each other.
fn middle_point(points: &[Position]) -> Option<Position> {
    let of = |i: usize| points.iter().map(move |p| p.as_slice().get(i).copied().unwrap_or(f64::NAN));
    let mean = |i: usize| of(i).sum::<f64>() / points.len() as f64;
    let spread = |i: usize| of(i).fold(f64::MIN, f64::max) - of(i).fold(f64::MAX, f64::min);
    let (x, y) = (mean(0), mean(1));
    if points.is_empty() || !(spread(0) <= 2.0 * ONE_THING && spread(1) <= ONE_THING) {
        return None;
    }
    let off = |p: &Position| (p[0] - x).powi(2) + (p[1] - y).powi(2);
    points.iter().min_by(|a, b| off(a).total_cmp(&off(b))).cloned()
}

/// Applies `to` to every position; the first that fails ends it.
///
/// # Errors
/// Those of `to`.
pub fn map_positions<E>(
    geometry: &mut GeometryValue,
    to: &mut dyn FnMut(f64, f64) -> std::result::Result<(f64, f64), E>,
) -> std::result::Result<(), E> {
    use GeometryValue as G;
    let mut one = |p: &mut Position| -> std::result::Result<(), E> {
        if let [x, y, ..] = *p.as_slice() {
            (p[0], p[1]) = to(x, y)?;
        }
        Ok(())
    };
    match geometry {
        G::Point { coordinates } => one(coordinates),
        G::MultiPoint { coordinates } | G::LineString { coordinates } => coordinates.iter_mut().try_for_each(one),
        G::MultiLineString { coordinates } | G::Polygon { coordinates } => coordinates.iter_mut().flatten().try_for_each(one),
        G::MultiPolygon { coordinates } => coordinates.iter_mut().flatten().flatten().try_for_each(one),
        G::GeometryCollection { geometries } => geometries.iter_mut().try_for_each(|g| map_positions(&mut g.value, to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_every_kind() {
        for (text, kind) in [
            ("POINT(1 2)", "Point"),
            ("SRID=4326;LINESTRING(1 2, 3 4)", "LineString"),
            ("MULTILINESTRING((1 2, 3 4),(5 6, 7 8))", "MultiLineString"),
            ("POLYGON((0 0,1 0,1 1,0 0))", "Polygon"),
            ("MULTIPOLYGON(((0 0,1 0,1 1,0 0)))", "MultiPolygon"),
            ("LINESTRING Z (1 2 9, 3 4 9)", "LineString"),
        ] {
            assert_eq!(from_wkt(text).unwrap().unwrap().type_name(), kind, "{text}");
        }
        assert!(from_wkt("GEOMETRYCOLLECTION(POINT(1 2))").is_err());
        assert!(from_wkt("LINESTRING(1 2, 3").is_err());
        assert!(from_wkt("北京").is_err());
    }

    #[test]
    fn a_claimed_count_reserves_nothing() {
        // Little endian LineString that claims four thousand million points and holds none.
        let bytes = [1, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
        assert!(from_wkb(&bytes).is_err());
        for n in 0..bytes.len() {
            assert!(from_wkb(&bytes[..n]).is_err());
        }
    }
}
