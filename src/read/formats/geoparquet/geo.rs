//! Which column holds the geometry, how it is written and in which coordinate system. Reads metadata only, no values.
//!
//! # References
//! GeoParquet 1.0.0 and 1.1.0 (metadata `geo`); Apache Parquet, `Geospatial.md` (types GEOMETRY and GEOGRAPHY); PROJJSON.

use crate::read::record::FileCrs;
use parquet::basic::LogicalType;
use parquet::file::metadata::FileMetaData;
use serde_json::Value;

/// How geometries are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// Well-known binary.
    Wkb,
    /// Two columns `x` and `y` inside the geometry's.
    Point,
}

/// What a file says about its geometry.
#[derive(Clone, PartialEq, Debug)]
pub struct Geo {
    /// The column.
    pub column: String,
    /// How it is written.
    pub encoding: Encoding,
    /// The coordinate system; `None` when the file says that it is not known.
    pub crs: Option<FileCrs>,
}

/// What is wrong, and what to do.
pub type Refusal = (String, &'static str);

const AGAIN: &str = "write it again with GeoPandas (`to_parquet`) or `ogr2ogr -f Parquet`";

/// What the metadata of a file says; `None` when it says nothing about geometry.
///
/// # Errors
/// When it cannot be understood, or geometries are written in a way that is not read.
pub fn of(meta: &FileMetaData) -> Result<Option<Geo>, Refusal> {
    match value_of(meta, "geo") {
        Some(text) => from_geo(text).map(Some),
        None => Ok(from_types(meta)),
    }
}

fn value_of<'a>(meta: &'a FileMetaData, key: &str) -> Option<&'a str> {
    meta.key_value_metadata()?.iter().find(|kv| kv.key == key)?.value.as_deref()
}

fn from_geo(text: &str) -> Result<Geo, Refusal> {
    let odd = |what: &str| (format!("the metadata \"geo\" is damaged: {what}"), AGAIN);
    let geo: Value = serde_json::from_str(text).map_err(|e| odd(&e.to_string()))?;
    let column = geo["primary_column"].as_str().ok_or_else(|| odd("it names no primary_column"))?;
    let about = geo["columns"][column].as_object().ok_or_else(|| odd(&format!("nothing about the column \"{column}\"")))?;
    let encoding = match about.get("encoding").and_then(Value::as_str) {
        Some(word) if word.eq_ignore_ascii_case("wkb") => Encoding::Wkb,
        Some("point") => Encoding::Point,
        Some(word) => {
            let next = "write it with geometry_encoding=\"WKB\" (GeoPandas) or -lco GEOMETRY_ENCODING=WKB (GDAL)";
            return Err((format!("geometries encoded as \"{word}\" are not read"), next));
        }
        None => return Err(odd("it names no encoding")),
    };
    let crs = match about.get("crs") {
        None => Some(crs84()), // the specification's word for a file that says nothing
        Some(crs) => from_projjson(crs),
    };
    Ok(Geo { column: column.to_owned(), encoding, crs })
}

/// Parquet's own types of 2025, which need no metadata.
fn from_types(meta: &FileMetaData) -> Option<Geo> {
    meta.schema_descr().columns().iter().find_map(|column| {
        let crs = match column.logical_type_ref()? {
            LogicalType::Geometry(g) => g.crs.as_deref(),
            LogicalType::Geography(g) => g.crs.as_deref(),
            _ => return None,
        };
        let crs = match crs {
            None => Some(crs84()),
            Some(word) => from_word(word, meta),
        };
        Some(Geo { column: column.path().string(), encoding: Encoding::Wkb, crs })
    })
}

fn crs84() -> FileCrs {
    FileCrs::Name("OGC:CRS84".to_owned())
}

/// What a type's `crs` means: `srid:n`, `projjson:key`, PROJJSON itself, or a name.
fn from_word(word: &str, meta: &FileMetaData) -> Option<FileCrs> {
    let json = match word.strip_prefix("projjson:") {
        Some(key) => value_of(meta, key).unwrap_or(word),
        None => word,
    };
    match (word.strip_prefix("srid:"), serde_json::from_str(json)) {
        (Some("0"), _) => None,
        (Some(code), _) => Some(FileCrs::Name(code.to_owned())),
        (_, Ok(json @ Value::Object(_))) => from_projjson(&json),
        _ => Some(FileCrs::Name(word.to_owned())),
    }
}

/// A coordinate system as PROJJSON; null is one that is not known.
fn from_projjson(crs: &Value) -> Option<FileCrs> {
    match crs {
        Value::Null => return None,
        Value::String(word) if word.contains('[') => return Some(FileCrs::Wkt(word.clone())), // files of before 1.0
        Value::String(word) => return Some(FileCrs::Name(word.clone())),
        _ => {}
    }
    // A system with a shift beside it, or with heights, is the one it is made of.
    for part in [&crs["source_crs"], &crs["components"][0]] {
        if part.is_object() {
            return from_projjson(part);
        }
    }
    let id = if crs["id"].is_object() { &crs["id"] } else { &crs["ids"][0] };
    let code = match &id["code"] {
        Value::String(code) => Some(code.clone()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    };
    let (Some(authority), Some(code)) = (id["authority"].as_str(), code) else {
        let name = crs["name"].as_str().unwrap_or("of a PROJJSON without id and name");
        return Some(FileCrs::Name(name.chars().take(80).collect()));
    };
    match (authority, code.parse()) {
        ("EPSG", Ok(code)) => Some(FileCrs::Epsg(code)),
        ("OGC", _) if code.starts_with("CRS84") => Some(crs84()),
        ("OGC", _) if code == "CRS83" => Some(FileCrs::Epsg(4269)),
        _ => Some(FileCrs::Name(format!("{authority}:{code}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geo(about: &str) -> Result<Geo, Refusal> {
        from_geo(&format!(r#"{{"version":"1.1.0","primary_column":"g","columns":{{"g":{{{about}}}}}}}"#))
    }

    fn crs(json: &str) -> Option<FileCrs> {
        geo(&format!(r#""encoding":"WKB","crs":{json}"#)).unwrap().crs
    }

    #[test]
    fn systems_by_id_absence_and_null() {
        assert_eq!(geo(r#""encoding":"WKB""#).unwrap().crs, Some(crs84()));
        assert_eq!(crs("null"), None);
        assert_eq!(crs(r#"{"id":{"authority":"EPSG","code":4490}}"#), Some(FileCrs::Epsg(4490)));
        assert_eq!(crs(r#"{"id":{"authority":"EPSG","code":"4490"}}"#), Some(FileCrs::Epsg(4490)));
        assert_eq!(crs(r#"{"id":{"authority":"OGC","code":"CRS84"}}"#), Some(crs84()));
        assert_eq!(crs(r#"{"type":"BoundCRS","source_crs":{"id":{"authority":"EPSG","code":4610}}}"#), Some(FileCrs::Epsg(4610)));
        assert_eq!(crs(r#"{"name":"Own grid"}"#), Some(FileCrs::Name("Own grid".to_owned())));
        assert_eq!(crs(r#"{"id":{"authority":"ESRI","code":102025}}"#), Some(FileCrs::Name("ESRI:102025".to_owned())));
    }

    #[test]
    fn encodings_and_damage() {
        assert_eq!(geo(r#""encoding":"point""#).unwrap().encoding, Encoding::Point);
        let (what, next) = geo(r#""encoding":"multipolygon""#).unwrap_err();
        assert!(what.contains("multipolygon") && next.contains("WKB"), "{what}: {next}");
        for text in ["", "{", "[]", r#"{"primary_column":"g"}"#, r#"{"primary_column":"g","columns":{"g":{}}}"#, "null", "1"] {
            assert!(from_geo(text).unwrap_err().0.contains("damaged"), "{text}");
        }
    }
}
