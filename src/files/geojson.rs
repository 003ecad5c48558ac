//! RFC 7946 feature collections: fixed member order, six decimals, `bbox` first, one geometry type a file.
//!
//! Own writer because the library's leaves invalid JSON for a collection with members and no feature, and writes
//! as many decimals as a double has.

use super::schema::{Column, Value};
use crate::space::LonLat;
use geo::{BoundingRect, MultiPolygon};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Write};

/// A geometry to write.
#[derive(Clone, Debug)]
pub enum Shape<'a> {
    /// A point.
    Point(LonLat),
    /// A line of two positions or more.
    Line(Vec<LonLat>),
    /// Lines of two positions or more each, one after the other; none where nothing can be drawn.
    Lines(Vec<Vec<LonLat>>),
    /// An area; exterior rings must run counter-clockwise.
    Area(&'a MultiPolygon<f64>),
}

/// The geometry that all features of a layer have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryKind {
    /// Points.
    Point,
    /// Lines.
    Line,
    /// Lines, each of one or more parts.
    Lines,
    /// Areas, each a multipolygon.
    Area,
}

/// One feature: id, geometry, values in the order of the columns.
pub struct Feature<'a> {
    /// Id as the source has it; made unique, it is also the value of the column `id`, where there is one.
    pub id: String,
    /// Geometry.
    pub shape: Shape<'a>,
    /// Values.
    pub values: Vec<Value>,
}

/// The features of a collection in chunks, each made by all threads while the one before is written.
pub struct Features<'f, 'a> {
    /// How many chunks.
    pub chunks: usize,
    /// One of them.
    pub make: &'f (dyn Fn(usize) -> io::Result<Vec<Feature<'a>>> + Sync),
}

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
        text.push_str(",\"bbox\":");
        push_numbers(&mut text, &b.map(e7_of));
    }
    let _ = write!(
        text,
        ",\"chargegap\":{{\"version\":\"{}\",\"attribution\":{}}}",
        env!("CARGO_PKG_VERSION"),
        json_text(&notice.join("; "))
    );
    text.push_str(",\"features\":[\n");
    let (mut ready, mut ids) = (vec![text], UniqueIds::default());
    let mut first = 0;
    for k in 0..features.chunks {
        let write = || ready.iter().try_for_each(|text| out.write_all(text.as_bytes()));
        let (written, made) = rayon::join(write, || (features.make)(k).map(|made| texts(made, columns, &mut first, &mut ids)));
        written?;
        ready = made?;
    }
    ready.push("\n]}\n".to_owned());
    ready.iter().try_for_each(|text| out.write_all(text.as_bytes()))
}

/// The text of a chunk, in pieces; `first` is the number of its first feature, and then of the next chunk's.
fn texts(mut made: Vec<Feature<'_>>, columns: &[Column], first: &mut usize, ids: &mut UniqueIds) -> Vec<String> {
    ids.make_unique(&mut made, columns.iter().position(|c| c.name == "id"));
    let before = *first;
    *first += made.len();
    let rows = |(k, row): (usize, &[Feature<'_>])| {
        let mut text = String::with_capacity(row.iter().map(|f| room(f, columns)).sum());
        for (i, feature) in row.iter().enumerate() {
            text.push_str(if before + k * IN_A_ROW + i > 0 { ",\n" } else { "" });
            push_feature(&mut text, columns, feature);
        }
        text
    };
    made.par_chunks(IN_A_ROW).enumerate().map(rows).collect()
}

/// About as many bytes as a feature takes.
fn room(feature: &Feature<'_>, columns: &[Column]) -> usize {
    let names: usize = columns.iter().map(|c| c.name.len() + 14).sum();
    let positions = match &feature.shape {
        Shape::Line(line) => line.len(),
        Shape::Lines(lines) => lines.iter().map(Vec::len).sum(),
        _ => 2,
    };
    128 + 2 * feature.id.len() + names + positions * 24
}

/// The ids so far, by 128 bits of their fingerprints: a country has millions. Few come again, and those are counted.
#[derive(Default)]
pub struct UniqueIds {
    seen: FxHashSet<u128>,
    again: FxHashMap<u128, u32>,
}

fn fingerprint(id: &str) -> u128 {
    Sha256::digest(id.as_bytes()).first_chunk().map_or(0, |b| u128::from_le_bytes(*b))
}

impl UniqueIds {
    /// Puts `#2`, `#3` … behind ids that come again, and writes them to the column of ids, where there is one.
    pub fn make_unique(&mut self, features: &mut [Feature<'_>], column: Option<usize>) {
        let keys: Vec<u128> = features.par_iter().map(|f| fingerprint(&f.id)).collect();
        for (f, key) in features.iter_mut().zip(keys) {
            if !self.seen.insert(key) {
                let mut n = self.again.get(&key).copied().unwrap_or(1);
                // What is made may be another's own id.
                let unique = loop {
                    n += 1;
                    let made = format!("{}#{n}", f.id);
                    if self.seen.insert(fingerprint(&made)) {
                        break made;
                    }
                };
                self.again.insert(key, n);
                f.id = unique;
            }
            if let Some(i) = column {
                f.values[i] = Value::Text(f.id.clone());
            }
        }
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
            line.push_str("{\"type\":\"LineString\",\"coordinates\":");
            push_line(line, points);
        }
        Shape::Lines(lines) => {
            line.push_str("{\"type\":\"MultiLineString\",\"coordinates\":[");
            for (i, points) in lines.iter().enumerate() {
                line.push_str(if i > 0 { "," } else { "" });
                push_line(line, points);
            }
            line.push(']');
        }
        Shape::Area(area) => push_area(line, area),
    }
    line.push('}');
}

fn push_line(line: &mut String, points: &[LonLat]) {
    line.push('[');
    for (i, p) in points.iter().enumerate() {
        if i > 0 {
            line.push(',');
        }
        let last = i + 1 == points.len();
        push_position(line, if last && is_spot(points) { one_step_east(*p) } else { *p });
    }
    line.push(']');
}

fn push_area(line: &mut String, area: &MultiPolygon<f64>) {
    line.push_str("{\"type\":\"MultiPolygon\",\"coordinates\":[");
    for (i, polygon) in area.iter().enumerate() {
        line.push_str(if i > 0 { ",[" } else { "[" });
        for (k, ring) in std::iter::once(polygon.exterior()).chain(polygon.interiors()).enumerate() {
            line.push_str(if k > 0 { ",[" } else { "[" });
            for (m, c) in ring.coords().enumerate() {
                line.push_str(if m > 0 { "," } else { "" });
                push_numbers(line, &[e7_of(c.x), e7_of(c.y)]);
            }
            line.push(']');
        }
        line.push(']');
    }
    line.push(']');
}

/// Whether all positions are one at six decimals; such a line is no line to GIS tools.
pub(crate) fn is_spot(points: &[LonLat]) -> bool {
    points.windows(2).all(|w| micro(w[0].e7().0) == micro(w[1].e7().0) && micro(w[0].e7().1) == micro(w[1].e7().1))
}

/// 1e-7 degree as 1e-6 degree, rounded half away from zero.
fn micro(e7: i32) -> i64 {
    let size = (i64::from(e7).abs() + 5) / 10;
    if e7 < 0 { -size } else { size }
}

/// 1e-6 degree to the east, 0.1 m: the least that can be seen.
pub(crate) fn one_step_east(p: LonLat) -> LonLat {
    LonLat::from_e7(p.e7().0 + 10, p.e7().1).unwrap_or(p)
}

/// Degrees as 1e-7 degree.
fn e7_of(degrees: f64) -> i32 {
    (degrees * 1e7).round() as i32
}

fn push_position(line: &mut String, p: LonLat) {
    let (lon, lat) = p.e7();
    push_numbers(line, &[lon, lat]);
}

/// `[lon,lat]`, or a box, put together from behind and copied once: a country has a hundred million of them. All of a file go this
/// way, so that they are rounded alike and a box holds what is in it.
fn push_numbers(line: &mut String, e7: &[i32]) {
    let mut text = FromBehind { bytes: [0; 64], at: 64 };
    text.put(b']');
    for (i, number) in e7.iter().enumerate().rev() {
        text.put_micro(*number);
        text.put(if i > 0 { b',' } else { b'[' });
    }
    line.push_str(std::str::from_utf8(&text.bytes[text.at..]).unwrap_or_default());
}

/// A short text written from its end; a box takes 49 bytes at the most.
struct FromBehind {
    bytes: [u8; 64],
    at: usize,
}

impl FromBehind {
    fn put(&mut self, byte: u8) {
        self.at -= 1;
        self.bytes[self.at] = byte;
    }

    /// 1e-7 degree as degrees with six decimals; integers only, so it is fast and exact.
    fn put_micro(&mut self, e7: i32) {
        let m = micro(e7);
        let mut rest = m.unsigned_abs() as u32; // at most 180 million
        for place in 0.. {
            if place == 6 {
                self.put(b'.');
            }
            self.put(b'0' + (rest % 10) as u8);
            rest /= 10;
            if rest == 0 && place >= 6 {
                break;
            }
        }
        if m < 0 {
            self.put(b'-');
        }
    }
}

fn json_text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// West, south, east, north of positions.
pub fn bbox_of(points: impl Iterator<Item = LonLat>) -> Option<[f64; 4]> {
    points.map(|p| [p.lon(), p.lat(), p.lon(), p.lat()]).reduce(around)
}

/// West, south, east, north of areas.
pub fn bbox_of_areas<'a>(areas: impl Iterator<Item = &'a MultiPolygon<f64>>) -> Option<[f64; 4]> {
    let boxes = areas.filter_map(BoundingRect::bounding_rect);
    boxes.map(|r| [r.min().x, r.min().y, r.max().x, r.max().y]).reduce(around)
}

/// West, south, east, north of boxes in 1e-7 degree.
pub fn bbox_of_all(boxes: impl ParallelIterator<Item = [i32; 4]>) -> Option<[f64; 4]> {
    boxes.map(|b| b.map(|e7| f64::from(e7) / 1e7)).reduce_with(around)
}

/// The box around two.
pub fn around(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::schema::ColumnType;

    #[test]
    fn an_empty_collection_is_valid() {
        let mut out = Vec::new();
        let none = Features { chunks: 0, make: &|_| unreachable!() };
        write_collection(&mut out, "gaps", None, &["x".to_owned()], &[], &none).unwrap();
        let parsed: geojson::FeatureCollection =
            std::str::from_utf8(&out).unwrap().parse::<geojson::GeoJson>().unwrap().try_into().unwrap();
        assert!(parsed.features.is_empty());
    }

    #[test]
    fn coordinates_have_six_decimals() {
        let mut s = String::new();
        for (lon, lat) in [(-1_204_835_125, 5), (-4, 0), (12_345_678, -899_999_999)] {
            push_position(&mut s, LonLat::from_e7(lon, lat).unwrap());
        }
        assert_eq!(s, "[-120.483513,0.000001][0.000000,0.000000][1.234568,-90.000000]");
    }

    #[test]
    fn a_line_of_millimetres_still_has_two_positions() {
        let mut s = String::new();
        let at = |x| LonLat::from_e7(x, 0).unwrap();
        push_shape(&mut s, &Shape::Line(vec![at(1_000_000), at(1_000_001)]));
        assert_eq!(s, r#"{"type":"LineString","coordinates":[[0.100000,0.000000],[0.100001,0.000000]]}"#);
    }

    #[test]
    fn many_lines_are_one_feature_and_none_are_an_empty_one() {
        let mut s = String::new();
        let at = |x| LonLat::from_e7(x, 0).unwrap();
        push_shape(&mut s, &Shape::Lines(vec![vec![at(0), at(10)], vec![at(20), at(21)]]));
        // the second is a spot, and gets its tenth of a metre
        assert_eq!(
            s,
            r#"{"type":"MultiLineString","coordinates":[[[0.000000,0.000000],[0.000001,0.000000]],[[0.000002,0.000000],[0.000003,0.000000]]]}"#
        );
        s.clear();
        push_shape(&mut s, &Shape::Lines(Vec::new()));
        assert_eq!(s, r#"{"type":"MultiLineString","coordinates":[]}"#);
    }

    #[test]
    fn an_id_that_was_made_is_never_anothers_own() {
        let mut out = Vec::new();
        let columns = [Column::new("id", "id", ColumnType::Text, "", "", "")];
        let at = LonLat::new(1.0, 2.0).unwrap();
        let ids = ["A", "A", "A#2", "A"];
        let one = |i: usize| Feature { shape: Shape::Point(at), values: vec![Value::Null], id: ids[i].to_owned() };
        let all = |_| Ok((0..4).map(one).collect());
        write_collection(&mut out, "x", None, &[], &columns, &Features { chunks: 1, make: &all }).unwrap();
        let parsed: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let got: Vec<&str> = parsed["features"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap()).collect();
        // the second A is A#2, so the A#2 of the source is made unique in its turn, and the third A goes on
        assert_eq!(got, ["A", "A#2", "A#2#2", "A#3"]);
    }

    #[test]
    fn hostile_names_stay_text() {
        let mut out = Vec::new();
        let columns = [Column::new("id", "id", ColumnType::Text, "", "", "")];
        let name = "\"},{\u{2028}</script>";
        let at = LonLat::new(1.0, 2.0).unwrap();
        let one = |_| Feature { shape: Shape::Point(at), values: vec![Value::Null], id: name.to_owned() };
        let all = |_| Ok((0..2).map(one).collect());
        let features = Features { chunks: 1, make: &all };
        write_collection(&mut out, "x", Some([0.99999995, 2.0, 1.0, 27.4249905]), &[], &columns, &features).unwrap();
        assert!(std::str::from_utf8(&out).unwrap().contains("\"bbox\":[1.000000,2.000000,1.000000,27.424991]"));
        let parsed: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(parsed["features"][0]["properties"]["id"], name);
        assert_eq!(parsed["features"][1]["properties"]["id"], format!("{name}#2"));
    }
}
