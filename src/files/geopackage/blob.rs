//! Geometries as GeoPackage binary: a header with a box, then well-known binary, all little-endian.
//!
//! # References
//! OGC 12-128r19, 2.1.3 (geometry encoding); OGC 06-103r4, 8 (well-known binary).

use crate::files::geojson::{Shape, bbox_of, is_spot, one_step_east};
use crate::space::LonLat;
use geo::{BoundingRect, MultiPolygon};

/// "WGS 84" in `gpkg_spatial_ref_sys`.
pub(crate) const SRS: i32 = 4326;
const LITTLE_ENDIAN: u8 = 1;
const WITH_BOX: u8 = 1 << 1;
const EMPTY: u8 = 1 << 4;
const LINE_STRING: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_LINE_STRING: u32 = 5;
const MULTI_POLYGON: u32 = 6;

/// Appends a geometry; returns its box (west, south, east, north), none where it is empty. A line whose positions are one gets the
/// same tenth of a metre as in GeoJSON.
pub(crate) fn encode(shape: &Shape<'_>, out: &mut Vec<u8>) -> Option<[f64; 4]> {
    match shape {
        Shape::Point(p) => {
            header(out, 0);
            kind(out, 1);
            position(out, p.lon(), p.lat());
            Some([p.lon(), p.lat(), p.lon(), p.lat()])
        }
        Shape::Line(points) => line(points, out),
        Shape::Lines(all) => lines(all, out),
        Shape::Area(area) => polygons(area, out),
    }
}

/// The positions of a line as it is written.
fn positions(points: &[LonLat]) -> impl Iterator<Item = LonLat> {
    let last = points.last().map(|p| if is_spot(points) { one_step_east(*p) } else { *p });
    points[..points.len().saturating_sub(1)].iter().copied().chain(last)
}

fn line(points: &[LonLat], out: &mut Vec<u8>) -> Option<[f64; 4]> {
    let bbox = bbox_of(positions(points));
    boxed_header(out, bbox);
    bare_line(points, out);
    bbox
}

fn lines(all: &[Vec<LonLat>], out: &mut Vec<u8>) -> Option<[f64; 4]> {
    let bbox = bbox_of(all.iter().flat_map(|points| positions(points)));
    boxed_header(out, bbox);
    kind(out, MULTI_LINE_STRING);
    count(out, all.len());
    all.iter().for_each(|points| bare_line(points, out));
    bbox
}

fn bare_line(points: &[LonLat], out: &mut Vec<u8>) {
    kind(out, LINE_STRING);
    count(out, points.len());
    positions(points).for_each(|p| position(out, p.lon(), p.lat()));
}

fn polygons(area: &MultiPolygon<f64>, out: &mut Vec<u8>) -> Option<[f64; 4]> {
    let bbox = area.bounding_rect().map(|r| [r.min().x, r.min().y, r.max().x, r.max().y]);
    boxed_header(out, bbox);
    kind(out, MULTI_POLYGON);
    count(out, area.0.len());
    for polygon in area {
        kind(out, POLYGON);
        count(out, 1 + polygon.interiors().len());
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            count(out, ring.0.len());
            ring.coords().for_each(|c| position(out, c.x, c.y));
        }
    }
    bbox
}

fn header(out: &mut Vec<u8>, flags: u8) {
    out.extend([b'G', b'P', 0, LITTLE_ENDIAN | flags]);
    out.extend(SRS.to_le_bytes());
}

/// The standard has the box as x from, x to, y from, y to.
fn boxed_header(out: &mut Vec<u8>, bbox: Option<[f64; 4]>) {
    match bbox {
        None => header(out, EMPTY),
        Some([west, south, east, north]) => {
            header(out, WITH_BOX);
            position(out, west, east);
            position(out, south, north);
        }
    }
}

fn kind(out: &mut Vec<u8>, code: u32) {
    out.push(LITTLE_ENDIAN);
    out.extend(code.to_le_bytes());
}

fn count(out: &mut Vec<u8>, n: usize) {
    out.extend((n as u32).to_le_bytes()); // a geometry of four thousand million positions does not fit a row
}

fn position(out: &mut Vec<u8>, x: f64, y: f64) {
    out.extend(x.to_le_bytes());
    out.extend(y.to_le_bytes());
}
