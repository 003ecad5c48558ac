//! Whole files, made by the library's writer.

use super::*;
use crate::read::record::FileCrs;
use parquet::data_type::{ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

/// What a file hands out.
#[derive(Default)]
struct Seen {
    crs: Vec<FileCrs>,
    records: Vec<std::result::Result<Record, Fault>>,
}

impl Sink for Seen {
    fn crs(&mut self, crs: &FileCrs) -> Result<()> {
        self.crs.push(crs.clone());
        Ok(())
    }

    fn record(&mut self, place: Place, record: std::result::Result<Record, Fault>) {
        assert_eq!((place.number, place.line), (self.records.len() as u64 + 1, 0));
        self.records.push(record);
    }
}

enum Of<'a> {
    Real(&'a [f64]),
    Whole(&'a [i32]),
    Long(&'a [i64]),
    Bytes(&'a [&'a [u8]]),
}

/// A file of these columns, none of them with nulls where `levels` is `None`.
fn file(schema: &str, geo: Option<&str>, columns: &[(Of<'_>, Option<&[i16]>)]) -> tempfile::NamedTempFile {
    let out = tempfile::NamedTempFile::new().unwrap();
    let schema = Arc::new(parse_message_type(&format!("message m {{ {schema} }}")).unwrap());
    let metadata = geo.map(|g| vec![KeyValue::new("geo".to_owned(), g.to_owned())]);
    let properties = Arc::new(WriterProperties::builder().set_key_value_metadata(metadata).build());
    let mut writer = SerializedFileWriter::new(out.reopen().unwrap(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for (of, levels) in columns {
        let mut column = group.next_column().unwrap().unwrap();
        match of {
            Of::Real(v) => drop(column.typed::<DoubleType>().write_batch(v, *levels, None).unwrap()),
            Of::Whole(v) => drop(column.typed::<Int32Type>().write_batch(v, *levels, None).unwrap()),
            Of::Long(v) => drop(column.typed::<Int64Type>().write_batch(v, *levels, None).unwrap()),
            Of::Bytes(v) => {
                let v: Vec<_> = v.iter().map(|b| b.to_vec().into()).collect();
                column.typed::<ByteArrayType>().write_batch(&v, *levels, None).unwrap();
            }
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    out
}

fn read_as(path: &std::path::Path, fields: &[(&'static str, &[&str])], wanted: &[String]) -> Result<(Seen, String)> {
    let map = FieldMap::new("stations", fields, &Default::default()).unwrap();
    let source = SourceFile { path: path.to_path_buf(), shown: "s.parquet".to_owned() };
    let mut seen = Seen::default();
    let format = read(&source, &map, wanted, &mut seen)?;
    Ok((seen, format))
}

const FIELDS: &[(&str, &[&str])] = &[
    ("id", &["id"]),
    ("name", &["names.primary"]),
    ("points", &["points"]),
    ("power_kw", &["power"]),
    ("lon", &["lon"]),
    ("lat", &["lat"]),
    ("wkt", &["wkt"]),
];
const POINT: &str = r#"{"primary_column":"g","columns":{"g":{"encoding":"point"}}}"#;
const WKB: &str = r#"{"primary_column":"g","columns":{"g":{"encoding":"WKB"}}}"#;

#[test]
fn attributes_of_every_kind_and_only_those_that_are_asked_for() {
    let schema = "required group g { required double x; required double y; } required binary id (UTF8); \
                  required group names { optional binary primary (UTF8); } optional int32 points (INTEGER(32,false)); \
                  optional int64 power (DECIMAL(9,2)); required double lon; required binary other (UTF8);";
    let columns = [
        (Of::Real(&[1.0, 2.0]), None),
        (Of::Real(&[3.0, 4.0]), None),
        (Of::Bytes(&[b"a", b"\xff"]), None),
        (Of::Bytes(&["站".as_bytes()]), Some(&[1i16, 0][..])),
        (Of::Whole(&[-1]), Some(&[1, 0])),
        (Of::Long(&[12345]), Some(&[1, 0])),
        (Of::Real(&[f64::NAN, 7.5]), None),
        (Of::Bytes(&[b"x", b"y"]), None),
    ];
    let (seen, format) = read_as(file(schema, Some(POINT), &columns).path(), FIELDS, &[]).unwrap();
    assert_eq!((format.as_str(), seen.crs), ("GeoParquet", vec![FileCrs::Name("OGC:CRS84".to_owned())]));
    let first = seen.records[0].as_ref().unwrap();
    assert_eq!(first.geometry, Some(GeometryValue::Point { coordinates: [1.0, 3.0].into() }));
    let text = serde_json::to_string(&first.columns).unwrap();
    assert_eq!(text, r#"{"id":"a","lon":null,"names.primary":"站","points":4294967295,"power":123.45}"#);
    let fault = seen.records[1].as_ref().unwrap_err();
    assert_eq!((fault.field.as_deref(), fault.what.contains("UTF-8")), (Some("id"), true));
}

#[test]
fn geometries_that_are_none_are_faults_of_their_row() {
    let point = [&[1u8, 1, 0, 0, 0][..], &1.5f64.to_le_bytes(), &2.5f64.to_le_bytes()].concat();
    let claims = [1, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
    let rows = (Of::Bytes(&[&point, &claims, b"", &point]), Some(&[1i16, 1, 1, 0, 1][..]));
    let (seen, _) = read_as(file("optional binary g;", Some(WKB), &[rows]).path(), FIELDS, &[]).unwrap();
    assert_eq!(seen.records.iter().map(std::result::Result::is_ok).collect::<Vec<_>>(), [true, false, false, true, true]);
    assert!(seen.records[3].as_ref().unwrap().geometry.is_none());
    assert!(seen.records[1].as_ref().unwrap_err().what.contains("well-known binary"));
}

#[test]
fn tables_without_metadata_go_by_their_columns() {
    let rows = [(Of::Real(&[109.5, 1.0]), None), (Of::Real(&[31.0]), Some(&[1i16, 0][..]))];
    let (seen, format) = read_as(file("required double lon; optional double lat;", None, &rows).path(), FIELDS, &[]).unwrap();
    assert!(format.contains("positions from columns") && seen.crs.is_empty());
    let at = GeometryValue::Point { coordinates: [109.5, 31.0].into() };
    assert_eq!(seen.records[0].as_ref().unwrap().geometry, Some(at));
    assert!(seen.records[1].as_ref().unwrap_err().what.contains("no position"));

    let rows = [(Of::Bytes(&[b"POINT(1 2)"]), None)];
    let (seen, _) = read_as(file("required binary wkt (UTF8);", None, &rows).path(), FIELDS, &[]).unwrap();
    assert!(seen.records[0].as_ref().unwrap().geometry.is_some());
    let err = read_as(file("required binary wkt;", None, &rows).path(), FIELDS, &[]).err().unwrap();
    assert!(err.to_string().contains("\"wkt\" is binary"), "{err}");
    let err = read_as(file("required binary x;", None, &rows).path(), FIELDS, &[]).err().unwrap();
    assert!(err.to_string().contains("the file has: x"), "{err}");
}

#[test]
fn missing_columns_are_named() {
    let rows = [(Of::Real(&[1.0]), None), (Of::Real(&[1.0]), None)];
    let path = file("required double lon; required double lat;", None, &rows);
    let err = read_as(path.path(), FIELDS, &["lom".to_owned()]).err().unwrap();
    assert!(err.to_string().contains("\"lom\"") && err.to_string().contains("did you mean \"lon\""), "{err}");
    let text = r#"{"primary_column":"h","columns":{"h":{"encoding":"WKB"}}}"#;
    let path = file("required double lon; required double lat;", Some(text), &rows);
    assert!(read_as(path.path(), FIELDS, &[]).err().unwrap().to_string().contains("\"h\""));
}

#[test]
fn a_file_cannot_claim_more_rows_than_it_can_hold() {
    let levels = vec![0i16; 500_000];
    let path = file("optional binary g;", Some(WKB), &[(Of::Bytes(&[]), Some(&levels))]);
    let err = read_as(path.path(), FIELDS, &[]).err().unwrap();
    assert!(err.to_string().contains("claims 500000 rows"), "{err}");
}
