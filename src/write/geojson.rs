//! RFC 7946 feature collections: fixed member order, six decimals, `bbox` first, one geometry type a file.
//!
//! Own writer because the library's leaves invalid JSON for a collection with members and no feature, and writes
//! as many decimals as a double has.

use super::schema::{Column, Value, push_millionths};
use crate::space::LonLat;
use geo::MultiPolygon;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

/// A geometry to write.
#[derive(Clone, Debug)]
pub enum Shape<'a> {
    /// A point.
    Point(LonLat),
    /// A line of two positions or more.
    Line(Vec<LonLat>),
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

/// The features of a collection: how many, their ids as the source has them, and how each is made once its id is unique.
pub struct Features<'f, 'a> {
    /// How many.
    pub count: usize,
    /// The id of one, which may be another's too.
    pub id: &'f (dyn Fn(usize) -> String + Sync),
    /// One, with its own id.
    pub make: &'f (dyn Fn(usize, String) -> Feature<'a> + Sync),
}

/// Features that are made at a time, by all threads, while those before are written.
const BATCH: usize = 1 << 14;
/// Features that one thread makes in a row.
const IN_A_ROW: usize = 256;

/// Writes a collection. `notice` lines (attribution, licences) go into one namespaced member. Where an id comes again, `#2`,
/// `#3` … is put behind it.
///
/// # Errors
/// Those of the writer.
pub fn write_collection(
    out: &mut (dyn Write + Send),
    name: &str,
    bbox: Option<[f64; 4]>,
    notice: &[String],
    columns: &[Column],
    features: &Features<'_, '_>,
) -> io::Result<()> {
    let mut text = String::with_capacity(4096);
    let _ = write!(text, "{{\"type\":\"FeatureCollection\",\"name\":{}", json_text(name));
    if let Some(b) = bbox {
        let _ = write!(text, ",\"bbox\":[{:.6},{:.6},{:.6},{:.6}]", b[0], b[1], b[2], b[3]);
    }
    let _ = write!(
        text,
        ",\"chargegap\":{{\"version\":\"{}\",\"attribution\":{}}}",
        env!("CARGO_PKG_VERSION"),
        json_text(&notice.join("; "))
    );
    text.push_str(",\"features\":[\n");
    let (mut ready, mut ids) = (vec![text], UniqueIds::default());
    for start in (0..features.count).step_by(BATCH) {
        let batch = start..(start + BATCH).min(features.count);
        let ids = ids.of(batch.clone().into_par_iter().map(features.id).collect());
        let write = || ready.iter().try_for_each(|text| out.write_all(text.as_bytes()));
        let (written, made) = rayon::join(write, || make(features, columns, batch, ids));
        written?;
        ready = made;
    }
    ready.push("\n]}\n".to_owned());
    ready.iter().try_for_each(|text| out.write_all(text.as_bytes()))
}

/// The text of a batch, in pieces.
fn make(features: &Features<'_, '_>, columns: &[Column], batch: Range<usize>, ids: Vec<String>) -> Vec<String> {
    let numbered: Vec<(usize, String)> = batch.zip(ids).collect();
    let row = |row: &[(usize, String)]| {
        let mut text = String::with_capacity(IN_A_ROW * 512);
        for (i, id) in row {
            text.push_str(if *i > 0 { ",\n" } else { "" });
            push_feature(&mut text, columns, &(features.make)(*i, id.clone()));
        }
        text
    };
    numbered.par_chunks(IN_A_ROW).map(row).collect()
}

/// How often each id has come, by 128 bits of its fingerprint: a country has millions.
#[derive(Default)]
struct UniqueIds(FxHashMap<u128, u32>);

impl UniqueIds {
    fn of(&mut self, ids: Vec<String>) -> Vec<String> {
        let key = |id: &String| Sha256::digest(id.as_bytes()).first_chunk().map_or(0, |b| u128::from_le_bytes(*b));
        let keys: Vec<u128> = ids.par_iter().map(key).collect();
        let number = |(id, key): (String, u128)| {
            let n = self.0.entry(key).or_insert(0);
            *n += 1;
            if *n == 1 { id } else { format!("{id}#{n}") }
        };
        ids.into_iter().zip(keys).map(number).collect()
    }
}

fn push_feature(line: &mut String, columns: &[Column], feature: &Feature<'_>) {
    debug_assert_eq!(columns.len(), feature.values.len());
    line.push_str("{\"type\":\"Feature\",\"id\":");
    line.push_str(&json_text(&feature.id));
    line.push_str(",\"properties\":{");
    for (i, (column, value)) in columns.iter().zip(&feature.values).enumerate() {
        line.push_str(if i > 0 { ",\"" } else { "\"" });
        line.push_str(&column.name);
        line.push_str("\":");
        value.json(line);
    }
    line.push_str("},\"geometry\":");
    push_shape(line, &feature.shape);
    line.push('}');
}

fn push_shape(line: &mut String, shape: &Shape<'_>) {
    match shape {
        Shape::Point(p) => {
            line.push_str("{\"type\":\"Point\",\"coordinates\":");
            push_position(line, *p);
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
    if m < 0 {
        line.push('-');
    }
    push_millionths(line, m.unsigned_abs());
}

fn json_text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// West, south, east, north of positions.
pub fn bbox_of(points: impl Iterator<Item = LonLat>) -> Option<[f64; 4]> {
    points.map(|p| [p.lon(), p.lat(), p.lon(), p.lat()]).reduce(around)
}

/// West, south, east, north of lines that are made one by one.
pub fn bbox_of_all(lines: impl ParallelIterator<Item = Vec<LonLat>>) -> Option<[f64; 4]> {
    lines.filter_map(|line| bbox_of(line.into_iter())).reduce_with(around)
}

fn around(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::schema::Kind;

    #[test]
    fn an_empty_collection_is_valid() {
        let mut out = Vec::new();
        let none = Features { count: 0, id: &|_| String::new(), make: &|_, _| unreachable!() };
        write_collection(&mut out, "gaps", None, &["x".to_owned()], &[], &none).unwrap();
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
        push_shape(&mut s, &Shape::Line(vec![at(1_000_000), at(1_000_001)]));
        assert_eq!(s, r#"{"type":"LineString","coordinates":[[0.100000,0.000000],[0.100001,0.000000]]}"#);
    }

    #[test]
    fn hostile_names_stay_text() {
        let mut out = Vec::new();
        let columns = [Column::new("id", "id", Kind::Text, "", "", "")];
        let name = "\"},{\u{2028}</script>";
        let at = LonLat::new(1.0, 2.0).unwrap();
        let one = |_, id: String| Feature { shape: Shape::Point(at), values: vec![Value::Text(id.clone())], id };
        let features = Features { count: 2, id: &|_| name.to_owned(), make: &one };
        write_collection(&mut out, "x", None, &[], &columns, &features).unwrap();
        let parsed: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(parsed["features"][0]["properties"]["id"], name);
        assert_eq!(parsed["features"][1]["properties"]["id"], format!("{name}#2"));
    }
}
