//! GeoJSON feature collections, one feature at a time.
//!
//! Own code because the library's reader fails on real files (members before `features`, truncated input);
//! features themselves are parsed by the `geojson` crate. One broken feature does not lose the rest.

use crate::error::{Error, Location, Result};
use crate::issue::IssueCode;
use crate::read::record::{Fault, FileCrs, Note, Place, Record, Sink};
use geojson::Feature;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

/// Hands every feature of a collection to `out`, numbered from 1.
///
/// Memory: one feature. The order of members does not matter, but a `crs` that is not degrees must come first.
///
/// # Errors
/// Input, with file, line and column, when the file is cut short, not JSON or not a feature collection.
pub fn read(reader: impl Read, shown: &str, out: &mut dyn Sink) -> Result<()> {
    let mut state = Collection {
        features_seen: false,
        is_collection: false,
        kind: String::new(),
        alone: BTreeMap::new(),
        refusal: None,
        number: 0,
        more: More::default(),
        out,
    };
    let mut de = serde_json::Deserializer::from_reader(reader);
    let outcome = CollectionSeed(&mut state).deserialize(&mut de).and_then(|()| de.end());
    let (refusal, number) = (state.refusal.take(), state.number);
    let complete = state.is_collection && state.features_seen;
    if let Some(refusal) = refusal {
        let placed = refusal.location().file.is_some();
        return Err(if placed { refusal } else { refusal.at(Location::file(shown)) });
    }
    if let Err(e) = outcome {
        return Err(json_error(&e, shown, number));
    }
    if let Some(what) = state.more.cut_short(number).filter(|_| complete) {
        state.out.note(Note::of_file(IssueCode::CutShort, what));
    }
    if !complete && state.kind == "Feature" {
        // a file of one feature, over as many lines as it likes
        let one = serde_json::to_string(&state.alone).map_err(|e| json_error(&e, shown, number))?;
        state.out.record(Place { number: 1, line: 0 }, feature(&one));
        return Ok(());
    }
    if !complete && state.kind == "Topology" {
        let next = "convert it, for example with `ogr2ogr out.geojson in.json`";
        return Err(Error::input("the file is TopoJSON, which is not read", next).at(Location::file(shown)));
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

/// The refusal of a file that is not JSON all through; `number` features were read before.
pub fn json_error(e: &serde_json::Error, shown: &str, number: u64) -> Error {
    // Wrong encodings and cut archives come as errors of reading too; those are the file's fault.
    let of_file =
        |k| matches!(k, std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput | std::io::ErrorKind::UnexpectedEof);
    if e.io_error_kind().is_some_and(|k| !of_file(k)) {
        let what = format!("cannot read the file: {}", plain(e));
        return Error::environment(what, "see the system's message").at(Location::file(shown));
    }
    let mut at = Location::file(shown).line(e.line() as u64, e.column() as u64);
    at.feature = (number > 0).then_some(number);
    let cut = if e.is_eof() { "the file ends too early" } else { "the file is not valid JSON" };
    let next = if e.to_string().contains("UTF-8") || e.to_string().contains("unicode") {
        "save it as UTF-8, or say encoding = \"gbk\""
    } else {
        "write the file again from its source"
    };
    Error::input(format!("{cut}: {}", plain(e)), next).at(at)
}

/// The parser's sentence without its place.
pub fn plain(e: &serde_json::Error) -> String {
    let text = e.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// A feature from its text.
pub fn feature(text: &str) -> std::result::Result<Record, Fault> {
    serde_json::from_str::<Feature>(text)
        .map(Record::from)
        .map_err(|e| Fault::bad(format!("not a GeoJSON feature: {}", plain(&e))))
}

struct Collection<'f> {
    features_seen: bool,
    is_collection: bool,
    /// The member `type`.
    kind: String,
    /// What a single feature has. Plain values, so that raw text is taken in one place only: there it is the speed of reading.
    alone: BTreeMap<String, serde_json::Value>,
    refusal: Option<Error>,
    number: u64,
    more: More,
    out: &'f mut dyn Sink,
}

/// What a collection says of features that it does not hold.
#[derive(Default)]
struct More {
    /// How many its server has (WFS, OGC API, GeoServer), and how many it gave.
    matched: Option<u64>,
    returned: Option<u64>,
    /// It says that there are more, and the member that does.
    word: Option<&'static str>,
}

/// Members that speak of what a collection does not hold.
const OF_MORE: &[&str] = &["exceededTransferLimit", "numberMatched", "totalFeatures", "numberReturned", "links"];

impl More {
    /// Takes in a member; numbers may be text, and `unknown` is none.
    fn take(&mut self, key: &str, value: &serde_json::Value) {
        let number = || value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
        let next = |link: &serde_json::Value| link.get("rel").and_then(|r| r.as_str()) == Some("next");
        match key {
            "numberMatched" | "totalFeatures" => self.matched = self.matched.max(number()),
            "numberReturned" => self.returned = number(),
            "exceededTransferLimit" if value.as_bool() == Some(true) || value.as_str() == Some("true") => {
                self.word = Some("exceededTransferLimit");
            }
            "links" if value.as_array().is_some_and(|l| l.iter().any(next)) => {
                self.word = self.word.or(Some("a link to the next page"))
            }
            _ => {}
        }
    }

    /// What is missing of a collection that holds so many features.
    fn cut_short(&self, number: u64) -> Option<String> {
        if let Some(what) = self.matched.and_then(|all| cut_short(number, all)) {
            return Some(what);
        }
        if let Some(given) = self.returned.filter(|given| *given > number) {
            return Some(format!("the file holds {number} features, and its server says that it gave {given}"));
        }
        let word = self.word.filter(|_| self.matched.is_none())?;
        Some(format!("the server had more than the {number} features of the file, which says so by {word}"))
    }
}

/// What is told of a file that holds fewer features than its server had.
pub(super) fn cut_short(number: u64, all: u64) -> Option<String> {
    (all > number).then(|| format!("the file holds {number} of {all} features: its server had more than it gave"))
}

impl Collection<'_> {
    fn crs(&mut self, crs: &serde_json::Value) {
        let Some(name) = crs.pointer("/properties/name").and_then(|v| v.as_str()) else { return };
        let crs = FileCrs::Name(name.to_owned());
        if self.number == 0 {
            let refused = self.out.crs(&crs).err();
            self.refusal = self.refusal.take().or(refused);
            return;
        }
        // Too late to convert: the features are read. Degrees need no conversion.
        let degrees = crate::read::crs::System::from_file(&crs).is_ok_and(|s| s.to_degrees(1.0, 2.0) == Ok((1.0, 2.0)));
        if !degrees {
            let next = "write the member \"crs\" before \"features\", or say crs = in the region file";
            self.refusal.get_or_insert(Error::input(format!("the layer is in \"{name}\", and says so only at its end"), next));
        }
    }
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
                "type" => {
                    let kind = map.next_value::<serde_json::Value>()?;
                    self.0.kind = kind.as_str().unwrap_or_default().to_owned();
                    self.0.is_collection = self.0.kind == "FeatureCollection";
                    self.0.alone.insert(key, kind);
                }
                "crs" => {
                    let crs: serde_json::Value = map.next_value()?;
                    self.0.crs(&crs);
                }
                "features" if self.0.features_seen => {
                    return Err(serde::de::Error::custom("the member \"features\" stands twice"));
                }
                "features" => {
                    self.0.features_seen = true;
                    map.next_value_seed(FeaturesSeed(self.0))?;
                }
                "geometry" | "properties" | "id" => {
                    let value: serde_json::Value = map.next_value()?;
                    // a server of ArcGIS says it in the properties of the collection
                    if let Some(more) = value.get("exceededTransferLimit") {
                        self.0.more.take("exceededTransferLimit", more);
                    }
                    self.0.alone.insert(key, value);
                }
                of_more if OF_MORE.contains(&of_more) => {
                    let value: serde_json::Value = map.next_value()?;
                    self.0.more.take(&key, &value);
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
            self.0.out.record(Place { number: self.0.number, line: 0 }, feature(raw.get()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct All(Vec<std::result::Result<Record, Fault>>, Vec<Note>);

    impl Sink for All {
        fn crs(&mut self, crs: &FileCrs) -> Result<()> {
            let known = crate::read::crs::System::from_file(crs);
            known.map(|_| ()).map_err(|what| Error::input(what, ""))
        }
        fn record(&mut self, _: Place, record: std::result::Result<Record, Fault>) {
            self.0.push(record);
        }
        fn note(&mut self, note: Note) {
            self.1.push(note);
        }
    }

    fn read(text: &[u8]) -> Result<Vec<std::result::Result<Record, Fault>>> {
        let mut all = All::default();
        super::read(text, "x.geojson", &mut all)?;
        Ok(all.0)
    }

    const POINT: &str = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}"#;

    #[test]
    fn members_in_any_order() {
        let text = format!("{{\"bbox\":[0,0,1,1],\"features\":[{POINT},{POINT}],\"name\":\"x\",\"type\":\"FeatureCollection\"}}");
        assert_eq!(read(text.as_bytes()).unwrap().len(), 2);
        assert_eq!(read(br#"{"type":"FeatureCollection","features":[]}"#).unwrap().len(), 0);
    }

    #[test]
    fn a_collection_that_says_that_there_is_more_is_told_with_the_counts() {
        let told = |members: &str| {
            let mut all = All::default();
            let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{POINT},{POINT}]{members}}}");
            super::read(text.as_bytes(), "x.geojson", &mut all).unwrap();
            assert!(all.1.iter().all(|n| n.code == IssueCode::CutShort));
            all.1.into_iter().map(|n| n.what).collect::<Vec<_>>()
        };
        let of_five = "the file holds 2 of 5 features: its server had more than it gave";
        for members in [r#","numberMatched":5,"numberReturned":2"#, r#","totalFeatures":5"#, r#","numberMatched":"5""#] {
            assert_eq!(told(members), [of_five], "{members}");
        }
        let limit = "the server had more than the 2 features of the file, which says so by exceededTransferLimit";
        for members in [r#","exceededTransferLimit":true"#, r#","properties":{"exceededTransferLimit":true}"#] {
            assert_eq!(told(members), [limit], "{members}");
        }
        assert_eq!(told(r#","numberReturned":3"#), ["the file holds 2 features, and its server says that it gave 3"]);
        assert_eq!(told(r#","links":[{"rel":"self"},{"rel":"next","href":"x"}]"#).len(), 1);
        // whole, or pages put together: the counts say so
        for members in [
            "",
            r#","numberMatched":2,"numberReturned":2"#,
            r#","numberMatched":2,"numberReturned":1,"links":[{"rel":"next"}]"#,
            r#","exceededTransferLimit":false"#,
            r#","numberMatched":"unknown","numberReturned":2"#,
            r#","totalFeatures":null,"links":"none","properties":null"#,
        ] {
            assert_eq!(told(members), [""; 0], "{members}");
        }
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
    fn unknown_systems_late_systems_and_other_shapes_are_refused() {
        let crs = |name: &str| format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}}"#);
        let early = |name| format!(r#"{{"type":"FeatureCollection",{},"features":[{POINT}]}}"#, crs(name));
        let late = |name| format!(r#"{{"type":"FeatureCollection","features":[{POINT}],{}}}"#, crs(name));
        assert!(read(early("urn:ogc:def:crs:EPSG::3857").as_bytes()).is_ok());
        assert!(read(early("moon").as_bytes()).is_err());
        assert!(read(late("urn:ogc:def:crs:OGC:1.3:CRS84").as_bytes()).is_ok());
        assert!(read(late("EPSG:3857").as_bytes()).unwrap_err().to_string().contains("at its end"));
        assert_eq!(read(POINT.replace(',', ",\n").as_bytes()).unwrap().len(), 1); // one feature alone
        assert!(read(br#"{"type":"Topology","objects":{}}"#).unwrap_err().to_string().contains("TopoJSON"));
        assert!(read(br#"{"type":"Point","coordinates":[1,2]}"#).unwrap_err().to_string().contains("not a FeatureCollection"));
        let twice = r#"{"type":"FeatureCollection","features":[],"features":[]}"#;
        assert!(read(twice.as_bytes()).unwrap_err().to_string().contains("stands twice"));
    }
}
