//! The bytes of a hostile file from a short description, so that bombs and truncations need not lie in the repository.

use super::pbf;
use crate::toy::{collection, county, road, root};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One description; the first of the sources that is given counts, and the changes apply to it in the order of the fields.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Content {
    /// The whole file as text.
    text: Option<String>,
    /// The whole file as hexadecimal digits.
    hex: Option<String>,
    /// A file of `tests/fuzz/seeds`.
    seed: Option<PathBuf>,
    /// An OSM extract of this kind, see [`pbf`].
    pbf: Option<String>,
    /// Features after the good ones of a collection.
    features: Option<String>,
    /// One feature of this geometry after the good ones.
    geometry: Option<String>,
    /// One feature of these properties and a good geometry after the good ones.
    properties: Option<String>,
    /// Lines after the good ones of a table.
    rows: Option<String>,
    /// The toy's region file with this text replaced by that.
    replace: Option<[String; 2]>,
    /// SQL run on a GeoPackage.
    sql: Option<String>,
    /// A sign and what stands for it, how many times.
    fill: BTreeMap<String, (String, usize)>,
    /// Encoding of the text.
    encode: Option<String>,
    /// Bytes put over others, by offset; from the end where negative.
    patch: BTreeMap<String, String>,
    /// Length to which the file is cut; from the end where negative.
    cut: Option<i64>,
    /// Bytes after the end.
    append: Option<String>,
}

impl Content {
    /// The bytes, for a layer.
    pub fn bytes(&self, layer: &str) -> Vec<u8> {
        let mut text = self.source_text(layer);
        if let Some(text) = &mut text {
            for (sign, (part, times)) in &self.fill {
                *text = text.replace(sign, &part.repeat(*times));
            }
        }
        let mut bytes = match (text, &self.hex, &self.seed, &self.pbf) {
            (Some(text), ..) => encoded(&text, self.encode.as_deref().unwrap_or("utf-8")),
            (_, Some(hex), ..) => unhex(hex),
            (_, _, Some(seed), _) => std::fs::read(root().join("tests/fuzz/seeds").join(seed)).unwrap(),
            (_, _, _, Some(kind)) => pbf::of_kind(kind),
            _ => panic!("a case without content"),
        };
        if let Some(sql) = &self.sql {
            bytes = after_sql(&bytes, sql);
        }
        for (offset, hex) in &self.patch {
            let new = unhex(hex);
            let at = from_either_end(offset.parse().unwrap(), bytes.len());
            bytes[at..at + new.len()].copy_from_slice(&new);
        }
        if let Some(cut) = self.cut {
            bytes.truncate(from_either_end(cut, bytes.len()));
        }
        bytes.extend(self.append.as_deref().map(unhex).unwrap_or_default());
        bytes
    }

    fn source_text(&self, layer: &str) -> Option<String> {
        if let Some([from, to]) = &self.replace {
            let region = crate::toy::REGION;
            assert!(region.contains(from), "{from}");
            return Some(region.replacen(from, to, 1));
        }
        let feature =
            |properties: &str, geometry: &str| format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#);
        let (properties, geometry) = usual(layer);
        let more = match (&self.features, &self.geometry, &self.properties) {
            (Some(features), ..) => Some(features.clone()),
            (_, Some(g), _) => Some(feature(properties, g)),
            (_, _, Some(p)) => Some(feature(p, geometry)),
            _ => None,
        };
        match (&self.text, more, &self.rows) {
            (Some(text), ..) => Some(text.clone()),
            (_, Some(more), _) => Some(collection(&[good(layer), vec![more]].concat())),
            (_, _, Some(rows)) => Some(format!("{}{rows}", table(layer))),
            _ => None,
        }
    }
}

/// Properties and geometry with which a further feature of a layer is in order.
fn usual(layer: &str) -> (&'static str, &'static str) {
    match layer {
        "roads" => (r#"{"class":"trunk","name":"N"}"#, r#"{"type":"LineString","coordinates":[[0.05,0],[0.05,0.01]]}"#),
        "counties" => (
            r#"{"code":"9","name":"N"}"#,
            r#"{"type":"Polygon","coordinates":[[[0.2,-0.1],[0.3,-0.1],[0.3,0.1],[0.2,0.1],[0.2,-0.1]]]}"#,
        ),
        _ => (r#"{"id":"n","name":"N"}"#, r#"{"type":"Point","coordinates":[0.1,0.0001]}"#),
    }
}

/// The good features of a layer.
fn good(layer: &str) -> Vec<String> {
    let point = |id: &str, lon: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","name":"{id}"}},"geometry":{{"type":"Point","coordinates":[{lon},0.0001]}}}}"#
        )
    };
    match layer {
        "roads" => vec![road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2])],
        "counties" => vec![county("0101", "West", 0.0, 0.1), county("0102", "East", 0.1, 0.2)],
        _ => vec![point("a", 0.05), point("b", 0.15)],
    }
}

/// Header and good rows of a layer's table.
fn table(layer: &str) -> &'static str {
    match layer {
        "stations" => {
            "id,name,lon,lat,kind,points,power_kw,access,status\ns1,One,0.05,0.0001,charging,4,120,public,open\n\
             s2,Two,0.15,0.0001,swap,,,public,open\n"
        }
        "candidates" => {
            "id,name,lon,lat,kind,cost,headroom_kw,max_kw,land,fixed\nc1,Alpha,0.01,0.0001,bus_station,100,630,480,public,\n"
        }
        "settlements" => "id,name,lon,lat,population,kind\nv1,Alpha,0.01,0.0001,1000,town\n",
        _ => "id,class,name,wkt\nr1,trunk,T1,\"LINESTRING(0 0,0.05 0,0.1 0,0.15 0,0.2 0)\"\n",
    }
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-8" => text.as_bytes().to_vec(),
        "utf-16le" => [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        "utf-16be" => [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        "utf-16le-bare" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-32le" => [0xff, 0xfe, 0, 0].into_iter().chain(text.chars().flat_map(|c| u32::from(c).to_le_bytes())).collect(),
        other => encoding_rs::Encoding::for_label(other.as_bytes()).unwrap().encode(text).0.into_owned(),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let one = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(one).collect()
}

fn from_either_end(at: i64, len: usize) -> usize {
    if at < 0 { len - at.unsigned_abs() as usize } else { at as usize }
}

/// A GeoPackage after some SQL; from an empty database where the bytes are none.
fn after_sql(bytes: &[u8], sql: &str) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let db = rusqlite::Connection::open(file.path()).unwrap();
    db.execute_batch(sql).unwrap();
    db.close().unwrap();
    std::fs::read(file.path()).unwrap()
}

#[test]
fn descriptions_give_the_bytes_they_say() {
    let content: Content = toml::from_str("text = \"a@c\"\nfill = { \"@\" = [\"b\", 3] }\ncut = -1\nappend = \"0a\"").unwrap();
    assert_eq!(content.bytes("roads"), b"abbb\n");
    let content: Content = toml::from_str("hex = \"00 ff\"\npatch = { \"-1\" = \"41\" }").unwrap();
    assert_eq!(content.bytes("roads"), b"\0A");
}
