//! GeoParquet as the Parquet library writes it: every codec, tables without metadata, and what is refused.

use crate::toy::{REGION, Toy};
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

/// How a file is to be written.
#[derive(Clone, Copy)]
pub struct How {
    /// Codec of the pages.
    pub codec: Compression,
    /// Rows in a row group.
    pub rows: usize,
    /// Of data pages.
    pub version: WriterVersion,
}

/// Every codec that is read, with row groups and pages of both versions among them.
pub fn codecs() -> [(&'static str, How); 6] {
    let how = |codec, rows, version| How { codec, rows, version };
    let (one, two) = (WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0);
    [
        ("plain", how(Compression::UNCOMPRESSED, 1 << 20, one)),
        ("snappy", how(Compression::SNAPPY, 777, one)),
        ("gzip", how(Compression::GZIP(GzipLevel::default()), 1 << 20, two)),
        ("brotli", how(Compression::BROTLI(BrotliLevel::default()), 3000, one)),
        ("lz4", how(Compression::LZ4_RAW, 1, one)),
        ("zstd", how(Compression::ZSTD(ZstdLevel::default()), 5000, two)),
    ]
}

/// The metadata of a file with this word about its coordinate system.
pub fn geo(crs: &str) -> String {
    format!(
        r#"{{"version":"1.1.0","primary_column":"geometry","columns":{{"geometry":{{"encoding":"WKB","geometry_types":[]{crs}}}}}}}"#
    )
}

/// Well-known binary of a GeoJSON geometry.
fn wkb(geometry: &Value) -> Vec<u8> {
    fn positions(list: &Value, out: &mut Vec<u8>) {
        counted(list, out, position);
    }
    fn position(p: &Value, out: &mut Vec<u8>) {
        for i in 0..2 {
            out.extend(p[i].as_f64().unwrap().to_le_bytes());
        }
    }
    fn counted(list: &Value, out: &mut Vec<u8>, one: impl Fn(&Value, &mut Vec<u8>)) {
        let list = list.as_array().unwrap();
        out.extend((list.len() as u32).to_le_bytes());
        list.iter().for_each(|v| one(v, out));
    }
    let c = &geometry["coordinates"];
    let kinds = ["", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"];
    let kind = kinds.iter().position(|k| geometry["type"] == *k).unwrap();
    let mut out = vec![1, kind as u8, 0, 0, 0];
    match kind {
        1 => position(c, &mut out),
        2 => positions(c, &mut out),
        3 => counted(c, &mut out, positions),
        _ => counted(c, &mut out, |part, out| {
            out.extend(wkb(&serde_json::json!({"type": kinds[kind - 3], "coordinates": part})));
        }),
    }
    out
}

fn texts(group: &mut SerializedRowGroupWriter<'_, File>, cells: &[Option<Vec<u8>>]) {
    let levels: Vec<i16> = cells.iter().map(|c| i16::from(c.is_some())).collect();
    let values: Vec<ByteArray> = cells.iter().flatten().map(|c| ByteArray::from(c.clone())).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
    column.close().unwrap();
}

/// Writes a GeoJSON layer, its attributes as text. The last column is one that nobody asks for.
pub fn write(layer: &Path, out: &Path, how: How, geo: Option<&str>) {
    let layer: Value = serde_json::from_str(&fs::read_to_string(layer).unwrap()).unwrap();
    let features = layer["features"].as_array().unwrap();
    let names: Vec<&String> = features[0]["properties"].as_object().unwrap().keys().collect();
    let text: String = names.iter().map(|n| format!("optional binary {n} (UTF8);")).collect();
    let schema = format!("message m {{ optional binary geometry; {text} required double area; }}");
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let metadata = geo.map(|g| vec![KeyValue::new("geo".to_owned(), g.to_owned())]);
    let properties = WriterProperties::builder()
        .set_compression(how.codec)
        .set_writer_version(how.version)
        .set_dictionary_enabled(how.version == WriterVersion::PARQUET_1_0)
        .set_key_value_metadata(metadata)
        .build();
    let mut file = SerializedFileWriter::new(File::create(out).unwrap(), schema, Arc::new(properties)).unwrap();
    for rows in features.chunks(how.rows) {
        let mut group = file.next_row_group().unwrap();
        let cells = |of: &dyn Fn(&Value) -> Option<Vec<u8>>| rows.iter().map(of).collect::<Vec<_>>();
        texts(&mut group, &cells(&|f| f["geometry"].is_object().then(|| wkb(&f["geometry"]))));
        for name in &names {
            texts(&mut group, &cells(&|f| f["properties"][*name].as_str().map(|s| s.as_bytes().to_vec())));
        }
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&vec![0.5; rows.len()], None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    file.close().unwrap();
}

/// The toy region with its roads in Parquet.
fn toy(geo: Option<&str>, more: &str) -> Toy {
    let toy = Toy::new();
    let region = REGION.replace("path = \"roads.geojson\"", &format!("path = \"roads.dat\"\n{more}"));
    toy.put("region.toml", &region);
    write(&toy.path("roads.geojson"), &toy.path("roads.dat"), codecs()[1].1, geo);
    toy
}

#[track_caller]
fn refused(toy: &Toy, code: i32, words: &[&str]) {
    let done = toy.chargegap(&["run", ".", "-o", "out"]).output().unwrap();
    let text = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(code), "{text}");
    for word in words.iter().chain(&["roads.dat", "next:"]) {
        assert!(text.contains(word), "no \"{word}\" in: {text}");
    }
}

#[test]
fn toy_roads_from_parquet_are_those_of_geojson() {
    let plain = Toy::new();
    plain.chargegap(&["run", ".", "-o", "out"]).assert().success();
    let want = fs::read_to_string(plain.path("out/ledger.csv")).unwrap();
    let utm = r#","crs":{"id":{"authority":"EPSG","code":4490}}"#;
    for (crs, said) in [("", "CRS84"), (r#","crs":null"#, "assumed"), (utm, "EPSG:4490")] {
        let toy = toy(Some(&geo(crs)), "format = \"parquet\"");
        toy.chargegap(&["run", ".", "-o", "out"]).assert().success();
        assert_eq!(fs::read_to_string(toy.path("out/ledger.csv")).unwrap(), want, "{crs}");
        let manifest = fs::read_to_string(toy.path("out/manifest.json")).unwrap();
        assert!(manifest.contains("GeoParquet") && manifest.contains(said), "{manifest}");
    }
}

#[test]
fn what_cannot_be_read_says_why_and_what_to_do() {
    refused(&toy(None, ""), 1, &["without \"geo\" metadata", "\"geometry\" is binary", "to_parquet"]);
    refused(&toy(Some("{"), ""), 1, &["\"geo\" is damaged"]);
    refused(&toy(Some(&geo("").replace("WKB", "multilinestring")), ""), 1, &["\"multilinestring\" are not read", "WKB"]);
    refused(&toy(Some(&geo("").replace("WKB", "point")), ""), 1, &["none of that name and kind"]);
    refused(&toy(Some(&geo("").replace("geometry\"", "shape\"")), ""), 1, &["\"shape\""]);
    refused(&toy(Some(&geo(r#","crs":{"name":"Own grid"}"#)), ""), 1, &["Own grid"]);
    refused(&toy(Some(&geo(r#","crs":{"id":{"authority":"EPSG","code":999999}}"#)), ""), 1, &["EPSG:999999"]);
    refused(&toy(Some(&geo("")), "fields = { class = \"clas\" }"), 1, &["no column \"clas\"", "did you mean \"class\""]);
    refused(&toy(Some(&geo("")), "format = \"csv\""), 2, &["the file is Parquet"]);
}

#[test]
fn files_cut_short_are_refused() {
    let toy = toy(Some(&geo("")), "");
    let whole = fs::read(toy.path("roads.dat")).unwrap();
    for n in [4, 12, whole.len() / 2, whole.len() - 1] {
        toy.put_bytes("roads.dat", &whole[..n]);
        refused(&toy, 1, &["Parquet file cannot be read"]);
    }
}
