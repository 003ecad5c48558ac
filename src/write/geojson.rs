//! RFC 7946 feature collections: fixed member order, six decimals, `bbox` first, one geometry type a file.
//!
//! Own writer because the library's leaves invalid JSON for a collection with members and no feature, and writes
//! as many decimals as a double has.

use super::schema::{Column, Value};
use crate::space::LonLat;
use geo::MultiPolygon;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A geometry to write.
#[derive(Clone, Copy, Debug)]
pub enum Shape<'a> {
    /// A point.
    Point(LonLat),
    /// A line of two positions or more.
    Line(&'a [LonLat]),
    /// An area; exterior rings must run counter-clockwise.
    Area(&'a MultiPolygon<f64>),
}

/// One feature: id, geometry, values in the order of the columns.
pub struct Feature<'a> {
    /// Id, also the first value.
    pub id: String,
    /// Geometry.
    pub shape: Shape<'a>,
    /// Values.
    pub values: Vec<Value>,
}

/// Writes a collection. `notice` lines (attribution, licences) go into one namespaced member.
///
/// # Errors
/// Those of the writer.
pub fn write_collection<'a>(
    out: &mut dyn Write,
    name: &str,
    bbox: Option<[f64; 4]>,
    notice: &[String],
    columns: &[Column],
    features: &mut dyn Iterator<Item = Feature<'a>>,
) -> io::Result<()> {
    let mut line = String::with_capacity(4096);
    let _ = write!(line, "{{\"type\":\"FeatureCollection\",\"name\":{}", json_text(name));
    if let Some(b) = bbox {
        let _ = write!(line, ",\"bbox\":[{:.6},{:.6},{:.6},{:.6}]", b[0], b[1], b[2], b[3]);
    }
    let _ = write!(
        line,
        ",\"chargegap\":{{\"version\":\"{}\",\"attribution\":{}}}",
        env!("CARGO_PKG_VERSION"),
        json_text(&notice.join("; "))
    );
    line.push_str(",\"features\":[\n");
    let mut first = true;
    for feature in features {
        if !first {
            line.push_str(",\n");
        }
        first = false;
        push_feature(&mut line, columns, &feature);
        if line.len() > 1 << 16 {
            out.write_all(line.as_bytes())?;
            line.clear();
        }
    }
    line.push_str("\n]}\n");
    out.write_all(line.as_bytes())
}

fn push_feature(line: &mut String, columns: &[Column], feature: &Feature<'_>) {
    debug_assert_eq!(columns.len(), feature.values.len());
    let _ = write!(line, "{{\"type\":\"Feature\",\"id\":{},\"properties\":{{", json_text(&feature.id));
    for (i, (column, value)) in columns.iter().zip(&feature.values).enumerate() {
        let _ = write!(line, "{}\"{}\":", if i > 0 { "," } else { "" }, column.name);
        value.json(line);
    }
    line.push_str("},\"geometry\":");
    push_shape(line, feature.shape);
    line.push('}');
}

fn push_shape(line: &mut String, shape: Shape<'_>) {
    match shape {
        Shape::Point(p) => {
            line.push_str("{\"type\":\"Point\",\"coordinates\":");
            push_position(line, p);
        }
        Shape::Line(points) => {
            line.push_str("{\"type\":\"LineString\",\"coordinates\":[");
            for (i, p) in points.iter().enumerate() {
                if i > 0 {
                    line.push(',');
                }
                let last = i + 1 == points.len();
                push_position(line, if last && is_spot(points) { one_step_east(*p) } else { *p });
            }
            line.push(']');
        }
        Shape::Area(area) => {
            line.push_str("{\"type\":\"MultiPolygon\",\"coordinates\":[");
            for (i, polygon) in area.iter().enumerate() {
                line.push_str(if i > 0 { ",[" } else { "[" });
                for (k, ring) in std::iter::once(polygon.exterior()).chain(polygon.interiors()).enumerate() {
                    line.push_str(if k > 0 { ",[" } else { "[" });
                    for (m, c) in ring.coords().enumerate() {
                        let _ = write!(line, "{}[{:.6},{:.6}]", if m > 0 { "," } else { "" }, c.x, c.y);
                    }
                    line.push(']');
                }
                line.push(']');
            }
            line.push(']');
        }
    }
    line.push('}');
}

/// Whether all positions are one at six decimals; such a line is no line to GIS tools.
fn is_spot(points: &[LonLat]) -> bool {
    points.windows(2).all(|w| micro(w[0].e7().0) == micro(w[1].e7().0) && micro(w[0].e7().1) == micro(w[1].e7().1))
}

/// 1e-7 degree as 1e-6 degree, rounded half away from zero.
fn micro(e7: i32) -> i64 {
    let size = (i64::from(e7).abs() + 5) / 10;
    if e7 < 0 { -size } else { size }
}

/// 1e-6 degree to the east, 0.1 m: the least that can be seen.
fn one_step_east(p: LonLat) -> LonLat {
    LonLat::from_e7(p.e7().0 + 10, p.e7().1).unwrap_or(p)
}

fn push_position(line: &mut String, p: LonLat) {
    let (lon, lat) = p.e7();
    line.push('[');
    push_micro(line, lon);
    line.push(',');
    push_micro(line, lat);
    line.push(']');
}

/// 1e-7 degree as degrees with six decimals; integers only, so it is fast and exact.
fn push_micro(line: &mut String, e7: i32) {
    let m = micro(e7);
    let sign = if m < 0 { "-" } else { "" };
    let _ = write!(line, "{sign}{}.{:06}", m.abs() / 1_000_000, m.abs() % 1_000_000);
}

fn json_text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// West, south, east, north of positions.
pub fn bbox_of(points: impl Iterator<Item = LonLat>) -> Option<[f64; 4]> {
    points
        .map(|p| [p.lon(), p.lat(), p.lon(), p.lat()])
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::schema::Kind;

    #[test]
    fn an_empty_collection_is_valid() {
        let mut out = Vec::new();
        write_collection(&mut out, "gaps", None, &["x".to_owned()], &[], &mut std::iter::empty()).unwrap();
        let parsed: geojson::FeatureCollection =
            std::str::from_utf8(&out).unwrap().parse::<geojson::GeoJson>().unwrap().try_into().unwrap();
        assert!(parsed.features.is_empty());
    }

    #[test]
    fn coordinates_have_six_decimals() {
        let mut s = String::new();
        for e7 in [-1_204_835_125, 5, -4, 0, 12_345_678] {
            push_micro(&mut s, e7);
            s.push(' ');
        }
        assert_eq!(s, "-120.483513 0.000001 0.000000 0.000000 1.234568 ");
    }

    #[test]
    fn a_line_of_millimetres_still_has_two_positions() {
        let mut s = String::new();
        let at = |x| LonLat::from_e7(x, 0).unwrap();
        push_shape(&mut s, Shape::Line(&[at(1_000_000), at(1_000_001)]));
        assert_eq!(s, r#"{"type":"LineString","coordinates":[[0.100000,0.000000],[0.100001,0.000000]]}"#);
    }

    #[test]
    fn hostile_names_stay_text() {
        let mut out = Vec::new();
        let columns = [Column::new("id", "id", Kind::Text, "", "", "")];
        let name = "\"},{\u{2028}</script>";
        let at = LonLat::new(1.0, 2.0).unwrap();
        let mut features =
            std::iter::once(Feature { id: name.to_owned(), shape: Shape::Point(at), values: vec![Value::Text(name.to_owned())] });
        write_collection(&mut out, "x", None, &[], &columns, &mut features).unwrap();
        let parsed: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(parsed["features"][0]["properties"]["id"], name);
    }
}
