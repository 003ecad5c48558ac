//! FlatGeobuf: a layer in one file with a spatial index, for what is too large as GeoJSON. Positions are as exact as they are held; the
//! library sorts features along a Hilbert curve, so they stand in another order than in the other formats.

use super::geojson::{Features, GeometryKind, Shape, UniqueIds, is_spot, one_step_east};
use super::schema::{Column, ColumnType, Value};
use crate::space::LonLat;
use flatgeobuf::{FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo::LineString;
use geozero::error::Result as Processed;
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use std::io::{self, Write};

/// What the header says of a layer.
#[derive(Clone, Copy, Debug)]
pub struct LayerHead<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// What it holds, English and Chinese.
    pub description: &'a str,
    /// Its geometry.
    pub kind: GeometryKind,
    /// Its columns.
    pub columns: &'a [Column],
}

/// Writes a layer, features as they come and then in the order of the index. Where an id comes again, `#2`, `#3` … is put behind it, as in
/// GeoJSON.
///
/// # Errors
/// Those of the writer, of the features, and of the temporary file that the library keeps features in.
///
/// # References
/// FlatGeobuf 3.0 (header, packed Hilbert R-tree, features).
pub fn write_flatgeobuf(out: &mut (dyn Write + Send), head: LayerHead<'_>, features: &Features<'_, '_>) -> io::Result<()> {
    let options = FgbWriterOptions {
        detect_type: false,
        promote_to_multi: false,
        crs: FgbCrs { org: Some("EPSG"), code: 4326, name: Some("WGS 84"), ..FgbCrs::default() },
        title: Some(head.title),
        description: Some(head.description),
        ..FgbWriterOptions::default()
    };
    let mut file = FgbWriter::create_with_options(head.name, type_of(head.kind), options).map_err(io::Error::other)?;
    for column in head.columns {
        let (title, description) = (column.zh.as_str(), format!("{} · {}", column.en, column.zh));
        file.add_column(&column.name, kind_of(column.kind), |text, args| {
            args.title = Some(text.create_string(title));
            args.description = Some(text.create_string(&description));
            args.nullable = !column.null_means.is_empty();
        });
    }
    let (id_at, mut ids) = (head.columns.iter().position(|c| c.name == "id"), UniqueIds::default());
    let mut ready = Vec::new();
    for k in 0..=features.chunks {
        let next = || if k < features.chunks { (features.make)(k).map(Some) } else { Ok(None) };
        let write = || ready.drain(..).try_for_each(|feature| add(&mut file, &feature, head.columns));
        let (made, written) = rayon::join(next, write);
        written?;
        if let Some(mut made) = made? {
            ids.make_unique(&mut made, id_at);
            ready = made;
        }
    }
    file.write(out).map_err(io::Error::other)
}

fn add(file: &mut FgbWriter<'_>, feature: &super::geojson::Feature<'_>, columns: &[Column]) -> io::Result<()> {
    let mut put = Ok(());
    let values = feature.values.iter().zip(columns).enumerate();
    let shape = Drawn(&feature.shape);
    let added = file.add_feature_geom(shape, |out| {
        put = values.clone().try_for_each(|(i, (value, column))| put_value(out, i, &column.name, value));
    });
    added.and(put).map_err(io::Error::other)
}

fn put_value(out: &mut impl PropertyProcessor, i: usize, name: &str, value: &Value) -> Processed<()> {
    let text;
    let value = match value {
        Value::Null => return Ok(()),
        Value::Text(t) => ColumnValue::String(t),
        Value::Word(w) => ColumnValue::String(w),
        Value::Shared(json) => {
            text = serde_json::from_str::<String>(json).unwrap_or_default();
            ColumnValue::String(&text)
        }
        Value::Integer(n) => ColumnValue::Long(*n),
        Value::Boolean(b) => ColumnValue::Bool(*b),
        Value::Exact(v) => ColumnValue::Double(*v),
        // as in the other formats
        Value::Real(v) => ColumnValue::Double((v * 1e6).round() / 1e6),
    };
    out.property(i, name, &value).map(|_| ())
}

fn type_of(kind: GeometryKind) -> GeometryType {
    match kind {
        GeometryKind::Point => GeometryType::Point,
        GeometryKind::Line => GeometryType::LineString,
        GeometryKind::Lines => GeometryType::MultiLineString,
        GeometryKind::Area => GeometryType::MultiPolygon,
    }
}

fn kind_of(kind: ColumnType) -> flatgeobuf::ColumnType {
    match kind {
        ColumnType::Text => flatgeobuf::ColumnType::String,
        ColumnType::Integer => flatgeobuf::ColumnType::Long,
        ColumnType::Real => flatgeobuf::ColumnType::Double,
        ColumnType::Boolean => flatgeobuf::ColumnType::Bool,
    }
}

/// A shape that tells the library its positions.
struct Drawn<'s, 'a>(&'s Shape<'a>);

impl GeozeroGeometry for Drawn<'_, '_> {
    fn process_geom<P: GeomProcessor>(&self, out: &mut P) -> Processed<()> {
        match self.0 {
            Shape::Point(p) => {
                out.point_begin(0)?;
                out.xy(p.lon(), p.lat(), 0)?;
                out.point_end(0)
            }
            Shape::Line(points) => line(out, points, true, 0),
            Shape::Lines(lines) => {
                out.multilinestring_begin(lines.len(), 0)?;
                lines.iter().enumerate().try_for_each(|(i, points)| line(out, points, false, i))?;
                out.multilinestring_end(0)
            }
            Shape::Area(area) => {
                out.multipolygon_begin(area.0.len(), 0)?;
                for (i, polygon) in area.iter().enumerate() {
                    out.polygon_begin(false, 1 + polygon.interiors().len(), i)?;
                    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                    rings.enumerate().try_for_each(|(k, r)| ring(out, r, k))?;
                    out.polygon_end(false, i)?;
                }
                out.multipolygon_end(0)
            }
        }
    }
}

/// A line; one whose positions are one gets the same tenth of a metre as in GeoJSON.
fn line(out: &mut impl GeomProcessor, points: &[LonLat], tagged: bool, i: usize) -> Processed<()> {
    let spot = is_spot(points);
    out.linestring_begin(tagged, points.len(), i)?;
    for (k, p) in points.iter().enumerate() {
        let p = if spot && k + 1 == points.len() { one_step_east(*p) } else { *p };
        out.xy(p.lon(), p.lat(), k)?;
    }
    out.linestring_end(tagged, i)
}

fn ring(out: &mut impl GeomProcessor, ring: &LineString<f64>, i: usize) -> Processed<()> {
    out.linestring_begin(false, ring.0.len(), i)?;
    ring.coords().enumerate().try_for_each(|(k, c)| out.xy(c.x, c.y, k))?;
    out.linestring_end(false, i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::geojson::Feature;
    use crate::files::table::{boolean, integer, real, text};
    use crate::read::formats::{SourceFile, flatgeobuf as reader};
    use crate::read::record::{Fault, FileCrs, Place, Record, Sink};
    use ::geojson::GeometryValue;

    #[derive(Default)]
    struct Read(Vec<Record>);

    impl Sink for Read {
        fn crs(&mut self, crs: &FileCrs) -> crate::error::Result<()> {
            assert!(matches!(crs, FileCrs::Epsg(4326)));
            Ok(())
        }

        fn record(&mut self, _: Place, record: std::result::Result<Record, Fault>) {
            self.0.push(record.unwrap());
        }
    }

    #[test]
    fn what_is_written_is_read_back_whatever_the_order() {
        let at = |lon: f64, lat: f64| LonLat::new(lon, lat).unwrap();
        let columns = [
            text("id", "id", "Id", "编号"),
            text("name", "name", "Name", "名称").or_null("not known"),
            integer("n", "n", "", "Number", "数量"),
            real("length_km", "km", "km", "Length", "长度"),
            boolean("oneway", "oneway", "One way", "单行"),
        ];
        let row = |name: Value, n: i64, line: Vec<LonLat>| Feature {
            id: "a".to_owned(),
            shape: Shape::Line(line),
            values: vec![Value::Null, name, Value::Integer(n), Value::Real(0.123_456_7), Value::Boolean(n > 1)],
        };
        let make = |k: usize| {
            Ok(match k {
                0 => vec![row(Value::Text("岳阳路".to_owned()), 1, vec![at(120.0, 30.0), at(120.1, 30.123_456_7)])],
                _ => vec![
                    row(Value::Null, 2, vec![at(-1.0, 50.0); 2]),
                    row(Value::shared("=1+1"), 3, vec![at(0.0, 0.0), at(0.0, 1.0)]),
                ],
            })
        };
        let head = LayerHead { name: "roads", title: "Roads", description: "x", kind: GeometryKind::Line, columns: &columns };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roads.fgb");
        let mut out = std::fs::File::create(&path).unwrap();
        write_flatgeobuf(&mut out, head, &Features { chunks: 2, make: &make }).unwrap();
        let mut read = Read::default();
        reader::read(&SourceFile { path: path.clone(), shown: "roads.fgb".to_owned() }, &mut read).unwrap();
        read.0.sort_by_key(|r| r.columns["n"].as_i64());
        let told = |i: usize, column: &str| read.0[i].columns[column].clone();
        assert_eq!(read.0.len(), 3);
        assert_eq!([told(0, "id"), told(1, "id"), told(2, "id")], ["a", "a#2", "a#3"].map(serde_json::Value::from));
        assert_eq!(
            [told(0, "name"), told(1, "name"), told(2, "name")],
            ["岳阳路".into(), serde_json::Value::Null, "=1+1".into()]
        );
        assert_eq!((told(2, "length_km"), told(0, "oneway"), told(1, "oneway")), (0.123_457.into(), false.into(), true.into()));
        let lines: Vec<Vec<[f64; 2]>> = read.0.iter().map(|r| positions(r.geometry.as_ref().unwrap())).collect();
        assert_eq!(lines[0], [[120.0, 30.0], [120.1, 30.123_456_7]]);
        assert_eq!(lines[1], [[-1.0, 50.0], [-0.999_999, 50.0]]); // a spot is drawn a tenth of a metre long
    }

    fn positions(geometry: &GeometryValue) -> Vec<[f64; 2]> {
        let GeometryValue::LineString { coordinates } = geometry else { panic!("{geometry:?}") };
        coordinates.iter().map(|c| [c.as_slice()[0], c.as_slice()[1]]).collect()
    }
}
