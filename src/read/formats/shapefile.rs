//! Shapefiles: `.shp` with its `.dbf`, `.prj` and `.cpg` beside it. Text in UTF-8 or GBK, told by `.cpg`, else by itself.

use super::SourceFile;
use super::text::{decode_field, guess};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::read::guard::guarded;
use crate::read::record::{Columns, FileCrs, Place, Record, Sink};
use encoding_rs::Encoding;
use geo::{Contains, Coord, LineString, Polygon};
use geojson::{GeometryValue, Position};
use serde_json::{Number, Value};
use shapefile::dbase::FieldValue;
use shapefile::dbase::encoding::{DynEncoding, EncodingRs};
use shapefile::{PolygonRing, Shape, ShapeReader};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Reads a shapefile; returns its format for the manifest.
///
/// # Errors
/// Input, when a part is missing or damaged, or shapes and rows do not match in number.
pub fn read(file: &SourceFile, how: &How<'_>, out: &mut dyn Sink) -> Result<String> {
    let at = |part: &str| Location::file(format!("{} ({part})", file.shown));
    let damaged = |part: &str, what: String| {
        Error::input(format!("the shapefile is damaged: {what}"), "write it again from its source").at(at(part))
    };
    let label = how.encoding.map(str::to_owned).or_else(|| small_text(&beside(&file.path, "cpg")?));
    if let Some(prj) = beside(&file.path, "prj").and_then(|p| small_text(&p)) {
        out.crs(&FileCrs::Wkt(prj))?;
    }
    let dbf = beside(&file.path, "dbf").ok_or_else(|| {
        Error::input("the .dbf with the attributes is missing", "keep .shp, .shx, .dbf and .prj together").at(at(".dbf"))
    })?;
    let open = |path: &Path| File::open(path).map(BufReader::new).map_err(|e| Error::io("open the file", path, &e));
    let (shp, dbf_path, dbf) = (open(&file.path)?, dbf.clone(), open(&dbf)?);
    let encoding = match label.as_deref().and_then(|l| code_page(l.trim())) {
        Some(e) if e != encoding_rs::UTF_8 => e,
        // A table that declares UTF-8 and holds GBK is common: the bytes decide.
        _ => guess(&body(&dbf_path).map_err(|e| Error::io("read the file", &dbf_path, &e))?),
    };
    guarded(|| -> Result<()> {
        let mut shapes = ShapeReader::new(shp).map_err(|e| damaged(".shp", e.to_string()))?;
        let mut table = shapefile::dbase::ReaderBuilder::new()
            .with_encoding(DynEncoding::from(EncodingRs::from(encoding)))
            .build(dbf)
            .map_err(|e| damaged(".dbf", e.to_string()))?;
        let mut rows = table.iter_records();
        let mut number = 0;
        for shape in shapes.iter_shapes() {
            number += 1;
            let shape = shape.map_err(|e| damaged(".shp", format!("shape {number}: {e}")))?;
            let row = match rows.next() {
                Some(row) => row.map_err(|e| damaged(".dbf", format!("row {number}: {e}")))?,
                None => return Err(damaged(".dbf", format!("it ends at row {number}, and there are more shapes"))),
            };
            let record = Record { id: None, geometry: geometry(shape), columns: columns(row) };
            out.record(Place { number, line: 0 }, Ok(record));
        }
        match rows.next() {
            // Rows marked as deleted are passed over, and then all rows after them belong to other shapes.
            Some(_) => Err(damaged(".dbf", "it has more rows than there are shapes".to_owned())),
            None => Ok(()),
        }
    })
    .unwrap_or_else(|| Err(damaged(".shp", "it holds what no shapefile may hold".to_owned())))?;
    Ok(format!("Shapefile, {}", encoding.name()))
}

/// The rows of a .dbf, without its binary header, as much as is worth a look.
fn body(dbf: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(dbf)?;
    let (mut head, mut rows) = ([0u8; 12], Vec::new());
    if file.read_exact(&mut head).is_ok() {
        file.seek(SeekFrom::Start(u64::from(u16::from_le_bytes([head[8], head[9]]))))?;
        file.take(64 << 20).read_to_end(&mut rows)?;
    }
    Ok(rows)
}

/// A part of the shapefile, whatever the case of its extension.
fn beside(shp: &Path, extension: &str) -> Option<PathBuf> {
    [extension.to_owned(), extension.to_ascii_uppercase()].iter().map(|e| shp.with_extension(e)).find(|p| p.is_file())
}

fn small_text(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(1 << 16).read_to_end(&mut bytes).ok()?;
    Some(decode_field(&bytes).trim_start_matches('\u{feff}').to_owned())
}

/// The names that .cpg files use, beside the registered ones.
fn code_page(label: &str) -> Option<&'static Encoding> {
    let plain = label.to_ascii_lowercase();
    match plain.trim_start_matches("cp").trim_start_matches("ansi ") {
        "936" | "54936" => Some(encoding_rs::GB18030),
        "65001" => Some(encoding_rs::UTF_8),
        _ => Encoding::for_label(plain.as_bytes()),
    }
}

fn columns(row: shapefile::dbase::Record) -> Columns {
    let real = |v: f64| {
        // Codes and counts are numbers in a .dbf; they must not get a ".0".
        if v.fract() == 0.0 && v.abs() < 9e15 {
            Value::from(v as i64)
        } else {
            Number::from_f64(v).map_or(Value::Null, Value::Number)
        }
    };
    row.into_iter()
        .map(|(name, value)| {
            let value = match value {
                FieldValue::Character(text) => text.map_or(Value::Null, Value::String),
                FieldValue::Memo(text) => Value::String(text),
                FieldValue::Numeric(v) => v.map_or(Value::Null, real),
                FieldValue::Float(v) => v.map_or(Value::Null, |v| real(f64::from(v))),
                FieldValue::Double(v) | FieldValue::Currency(v) => real(v),
                FieldValue::Integer(v) => Value::from(v),
                FieldValue::Logical(v) => v.map_or(Value::Null, Value::Bool),
                FieldValue::Date(d) => {
                    d.map_or(Value::Null, |d| Value::String(format!("{:04}-{:02}-{:02}", d.year(), d.month(), d.day())))
                }
                FieldValue::DateTime(t) => {
                    let d = t.date();
                    Value::String(format!("{:04}-{:02}-{:02}", d.year(), d.month(), d.day()))
                }
            };
            (name, value)
        })
        .collect()
}

fn geometry(shape: Shape) -> Option<GeometryValue> {
    macro_rules! line {
        ($l:expr) => {
            lines($l.parts().iter().map(|part| part.iter().map(|p| [p.x, p.y].into()).collect()).collect())
        };
    }
    macro_rules! area {
        ($p:expr) => {{
            let (mut outer, mut inner) = (Vec::new(), Vec::new());
            for ring in $p.rings() {
                let points = ring.points().iter().map(|p| [p.x, p.y].into()).collect();
                if matches!(ring, PolygonRing::Outer(_)) { outer.push(points) } else { inner.push(points) }
            }
            polygons(outer, inner)
        }};
    }
    let point = |x: f64, y: f64| Some(GeometryValue::Point { coordinates: [x, y].into() });
    match shape {
        Shape::NullShape => None,
        Shape::Point(p) => point(p.x, p.y),
        Shape::PointM(p) => point(p.x, p.y),
        Shape::PointZ(p) => point(p.x, p.y),
        Shape::Polyline(l) => line!(l),
        Shape::PolylineM(l) => line!(l),
        Shape::PolylineZ(l) => line!(l),
        Shape::Polygon(p) => area!(p),
        Shape::PolygonM(p) => area!(p),
        Shape::PolygonZ(p) => area!(p),
        _ => Some(GeometryValue::MultiPoint { coordinates: Vec::new() }), // no layer takes points in bundles
    }
}

fn lines(mut parts: Vec<Vec<Position>>) -> Option<GeometryValue> {
    match parts.len() {
        0 => None,
        1 => parts.pop().map(|coordinates| GeometryValue::LineString { coordinates }),
        _ => Some(GeometryValue::MultiLineString { coordinates: parts }),
    }
}

/// Outer rings with the holes that lie in them: the format does not say which hole belongs where.
fn polygons(outer: Vec<Vec<Position>>, inner: Vec<Vec<Position>>) -> Option<GeometryValue> {
    let mut all: Vec<Vec<Vec<Position>>> = outer.into_iter().map(|ring| vec![ring]).collect();
    if all.len() < 2 {
        let mut one = all.pop()?;
        one.extend(inner);
        return Some(GeometryValue::Polygon { coordinates: one });
    }
    let coord = |p: &Position| Coord { x: p[0], y: p[1] };
    let shape = |ring: &[Position]| Polygon::new(LineString::new(ring.iter().map(coord).collect()), vec![]);
    let shapes: Vec<Polygon<f64>> = all.iter().map(|p| shape(&p[0])).collect();
    for hole in inner {
        let inside = |s: &Polygon<f64>| hole.iter().any(|p| s.contains(&coord(p)));
        let home = shapes.iter().position(inside).unwrap_or(0);
        all[home].push(hole);
    }
    Some(GeometryValue::MultiPolygon { coordinates: all })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, size: f64) -> Vec<Position> {
        [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)].map(|(a, b)| [x + a * size, b * size].into()).to_vec()
    }

    #[test]
    fn holes_go_to_the_ring_that_holds_them() {
        let shape = polygons(vec![square(0.0, 4.0), square(10.0, 4.0)], vec![square(11.0, 1.0)]).unwrap();
        let GeometryValue::MultiPolygon { coordinates } = shape else { panic!("a multi-polygon") };
        assert_eq!(coordinates.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn code_pages_by_the_names_that_people_use() {
        for label in ["GBK", "936", "CP936", "gb2312", "GB18030", "ANSI 936"] {
            assert!(code_page(label).is_some_and(|e| e.name().starts_with('g') || e.name().starts_with('G')), "{label}");
        }
        assert_eq!(code_page("UTF-8"), Some(encoding_rs::UTF_8));
        assert_eq!(code_page("65001"), Some(encoding_rs::UTF_8));
    }
}
