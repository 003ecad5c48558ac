//! GeoJSON feature collections, one feature at a time.
//!
//! Own code because the library's reader fails on real files (members before `features`, truncated input);
//! features themselves are parsed by the `geojson` crate. One broken feature does not lose the rest.

use crate::error::{Error, Location, Result, path_text};
use geojson::Feature;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Hands every feature of a collection to `each`, numbered from 1; a feature that does not parse arrives as its error text.
///
/// Memory: one feature. The order of members does not matter; a `crs` other than WGS 84 longitude/latitude is refused.
///
/// # Errors
/// Input, with file, line and column, when the file is empty, cut short, not JSON or not a feature collection.
pub fn each_feature(path: &Path, shown: &str, each: &mut dyn FnMut(u64, std::result::Result<Feature, String>)) -> Result<()> {
    let file = File::open(path).map_err(|e| Error::io("open the file", path, &e))?;
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let head = reader.fill_buf().map_err(|e| Error::io("read the file", path, &e))?;
    if let Some(refusal) = super::sniff::refuse_as_text(head, "a GeoJSON FeatureCollection") {
        return Err(refusal.at(Location::file(shown)));
    }
    if head.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    let mut state = Collection { features_seen: false, is_collection: false, refusal: None, number: 0, each };
    let mut de = serde_json::Deserializer::from_reader(&mut reader);
    let outcome = CollectionSeed(&mut state).deserialize(&mut de).and_then(|()| de.end());
    let (refusal, number) = (state.refusal.take(), state.number);
    let complete = state.is_collection && state.features_seen;
    if let Some(refusal) = refusal {
        return Err(refusal.at(Location::file(shown)));
    }
    if let Err(e) = outcome {
        let mut at = Location::file(shown).line(e.line() as u64, e.column() as u64);
        at.feature = (number > 0).then_some(number);
        let cut = if e.is_eof() { "the file ends too early" } else { "the file is not valid JSON" };
        let next = if e.to_string().contains("UTF-8") || e.to_string().contains("unicode") {
            "save it as UTF-8 (Chinese files are often GBK)"
        } else {
            "write the file again from its source"
        };
        return Err(Error::input(format!("{cut}: {}", plain(&e)), next).at(at));
    }
    if !complete {
        return Err(Error::input(
            "the file is JSON, but not a FeatureCollection",
            "export the layer as a GeoJSON FeatureCollection",
        )
        .at(Location::file(shown)));
    }
    Ok(())
}

/// The file's name as shown, from a path.
pub fn shown(path: &Path) -> String {
    path_text(path)
}

fn plain(e: &serde_json::Error) -> String {
    let text = e.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

struct Collection<'f> {
    features_seen: bool,
    is_collection: bool,
    refusal: Option<Error>,
    number: u64,
    each: &'f mut dyn FnMut(u64, std::result::Result<Feature, String>),
}

struct CollectionSeed<'s, 'f>(&'s mut Collection<'f>);

impl<'de> DeserializeSeed<'de> for CollectionSeed<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, de: D) -> std::result::Result<(), D::Error> {
        de.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for CollectionSeed<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON FeatureCollection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => self.0.is_collection = map.next_value::<serde_json::Value>()?.as_str() == Some("FeatureCollection"),
                "crs" => {
                    let crs: serde_json::Value = map.next_value()?;
                    self.0.refusal = self.0.refusal.take().or_else(|| refuse_crs(&crs));
                }
                "features" if self.0.features_seen => {
                    return Err(serde::de::Error::custom("the member \"features\" stands twice"));
                }
                "features" => {
                    self.0.features_seen = true;
                    map.next_value_seed(FeaturesSeed(self.0))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct FeaturesSeed<'s, 'f>(&'s mut Collection<'f>);

impl<'de> DeserializeSeed<'de> for FeaturesSeed<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, de: D) -> std::result::Result<(), D::Error> {
        de.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for FeaturesSeed<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<(), A::Error> {
        // A raw slice first: a feature that is JSON but no feature must not end the stream.
        while let Some(raw) = seq.next_element::<Box<RawValue>>()? {
            self.0.number += 1;
            let feature = serde_json::from_str::<Feature>(raw.get()).map_err(|e| plain(&e));
            (self.0.each)(self.0.number, feature);
        }
        Ok(())
    }
}

/// WGS 84, NAD 83 and CGCS2000 degrees agree within a metre or so; anything else must be converted first.
fn refuse_crs(crs: &serde_json::Value) -> Option<Error> {
    let name = crs.pointer("/properties/name").and_then(|v| v.as_str())?;
    let ok = ["CRS84", "4326", "4269", "4490"].iter().any(|code| name.ends_with(code));
    (!ok).then(|| {
        Error::input(
            format!("the layer is in \"{name}\", and chargegap reads WGS 84 longitude and latitude"),
            "convert it, for example with `ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson`",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(text: &[u8]) -> Result<Vec<std::result::Result<Feature, String>>> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let mut all = Vec::new();
        each_feature(file.path(), "x.geojson", &mut |_, f| all.push(f))?;
        Ok(all)
    }

    const POINT: &str = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}"#;

    #[test]
    fn members_in_any_order_and_a_byte_order_mark() {
        let text = format!(
            "\u{feff}{{\"bbox\":[0,0,1,1],\"features\":[{POINT},{POINT}],\"name\":\"x\",\"type\":\"FeatureCollection\"}}"
        );
        assert_eq!(read(text.as_bytes()).unwrap().len(), 2);
        assert_eq!(read(br#"{"type":"FeatureCollection","features":[]}"#).unwrap().len(), 0);
    }

    #[test]
    fn one_bad_feature_does_not_lose_the_rest() {
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{POINT},{{"type":"Feature","geometry":{{"type":"Point","coordinates":["a",2]}},"properties":null}},7,{POINT}]}}"#
        );
        let all = read(text.as_bytes()).unwrap();
        assert_eq!(all.iter().map(|f| f.is_ok()).collect::<Vec<_>>(), [true, false, false, true]);
    }

    #[test]
    fn every_prefix_is_an_error_with_a_place() {
        let text = format!(r#"{{"type":"FeatureCollection","features":[{POINT},{POINT}]}}"#);
        for n in 0..text.len() {
            let err = read(&text.as_bytes()[..n]).unwrap_err();
            assert_eq!(err.exit_code(), 1);
            assert_eq!(err.location().file.as_deref(), Some("x.geojson"));
        }
    }

    #[test]
    fn other_systems_and_other_shapes_are_refused() {
        let crs = format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::3857"}}}},"features":[{POINT}]}}"#
        );
        assert!(read(crs.as_bytes()).unwrap_err().to_string().contains("3857"));
        assert!(read(POINT.as_bytes()).unwrap_err().to_string().contains("not a FeatureCollection"));
        let twice = r#"{"type":"FeatureCollection","features":[],"features":[]}"#;
        assert!(read(twice.as_bytes()).unwrap_err().to_string().contains("stands twice"));
    }
}
