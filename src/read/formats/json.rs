//! JSON that is not one feature collection: features line by line (RFC 8142, GeoJSONL), and the lists of stations that
//! Open Charge Map and OCPI give. What it is goes by its beginning.

use super::text::{self, Text};
use super::{SourceFile, geojson};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::read::record::{Columns, Fault, Place, Record, Sink};
use ::geojson::GeometryValue;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

/// The longest first line that is looked at to tell one feature from a whole collection.
const FIRST_LINE: u64 = 8 << 20;
/// A longer line is refused.
const LONGEST_LINE: u64 = 256 << 20;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Collection,
    Lines,
    List,
}

/// Reads a JSON file; returns its format for the manifest.
///
/// # Errors
/// Input, with line and column, when it is cut short or not JSON of a known form.
pub fn read(file: &SourceFile, how: &How<'_>, out: &mut dyn Sink) -> Result<String> {
    read_form(file, how, out).map_err(|e| no_json(e, file, how))
}

/// Words that programs write into JSON and that it does not have: the parser only says that it expected a value.
fn no_json(e: Error, file: &SourceFile, how: &How<'_>) -> Error {
    let at = e.location().clone();
    let (Some(line), Some(column)) = (at.line, at.column) else { return e };
    let text = || {
        let Text { reader, .. } = text::open(&file.path, &file.shown, how.encoding).ok()?;
        let mut reader = BufReader::new(reader);
        for _ in 1..line {
            reader.skip_until(b'\n').ok()?;
        }
        let mut rest = Vec::new();
        let skip = (column as usize).saturating_sub(2);
        std::io::copy(&mut reader.by_ref().take(skip as u64), &mut std::io::sink()).ok()?;
        reader.take(16).read_to_end(&mut rest).ok()?;
        Some(String::from_utf8_lossy(&rest).into_owned())
    };
    let Some(text) = text() else { return e };
    let known = ["NaN", "-Infinity", "Infinity", "None", "True", "False", "nan", "undefined"];
    let text = text.trim_start_matches([' ', ':', ',', '[', '{']);
    let Some(word) = known.iter().find(|w| text.starts_with(**w)) else { return e };
    let what = format!("the file is not valid JSON: it says {word}, which JSON does not have");
    Error::input(what, "write null where there is no value (pandas: to_json, or df.where(df.notna(), None))").at(at)
}

fn read_form(file: &SourceFile, how: &How<'_>, out: &mut dyn Sink) -> Result<String> {
    let form = {
        let mut line = Vec::new();
        let Text { reader, .. } = text::open(&file.path, &file.shown, how.encoding)?;
        let mut reader = BufReader::new(reader.take(FIRST_LINE));
        while line.iter().all(u8::is_ascii_whitespace) {
            line.clear();
            if reader.read_until(b'\n', &mut line).map_err(|e| Error::io("read the file", &file.path, &e))? == 0 {
                break;
            }
        }
        form_of(&line)
    };
    let Text { reader, encoding, guessed } = text::open(&file.path, &file.shown, how.encoding)?;
    out.guessed(encoding, guessed.as_deref());
    let reader = BufReader::with_capacity(1 << 18, reader);
    let name = match form {
        Form::Collection => {
            // The lists of OCPI are objects with a member `data`, a collection has `features`.
            if is_ocpi(file, how)? {
                list(reader, file, out)?;
                "OCPI JSON"
            } else {
                geojson::read(reader, &file.shown, out)?;
                "GeoJSON"
            }
        }
        Form::Lines => {
            lines(reader, file, out)?;
            "GeoJSON, one feature a line"
        }
        Form::List => {
            list(reader, file, out)?;
            "JSON list of stations"
        }
    };
    Ok(if encoding == "UTF-8" { name.to_owned() } else { format!("{name}, {encoding}") })
}

fn form_of(line: &[u8]) -> Form {
    let start = line.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    match line.get(start) {
        Some(0x1e) => Form::Lines,
        Some(b'[') => Form::List,
        _ => {
            #[derive(serde::Deserialize)]
            struct TypeHead<'a> {
                #[serde(rename = "type", borrow)]
                kind: std::borrow::Cow<'a, str>,
            }
            let head = serde_json::from_slice::<TypeHead<'_>>(line);
            if head.is_ok_and(|h| h.kind == "Feature") { Form::Lines } else { Form::Collection }
        }
    }
}

/// Whether an object begins with members that OCPI's responses have and collections have not.
fn is_ocpi(file: &SourceFile, how: &How<'_>) -> Result<bool> {
    let Text { reader, .. } = text::open(&file.path, &file.shown, how.encoding)?;
    let mut head = Vec::new();
    reader.take(4096).read_to_end(&mut head).map_err(|e| Error::io("read the file", &file.path, &e))?;
    let head = String::from_utf8_lossy(&head);
    let ocpi = ["\"status_code\"", "\"country_code\"", "\"party_id\"", "\"evses\""].iter().any(|k| head.contains(k));
    Ok(ocpi && !head.contains("\"FeatureCollection\"") && !head.contains("\"features\""))
}

fn lines(mut reader: impl BufRead, file: &SourceFile, out: &mut dyn Sink) -> Result<()> {
    let (mut number, mut line_number, mut line) = (0, 0, Vec::new());
    loop {
        line.clear();
        line_number += 1;
        let n = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        if n.map_err(|e| Error::io("read the file", &file.path, &e))? == 0 {
            return Ok(());
        }
        if line.len() as u64 == LONGEST_LINE {
            return Err(Error::input("the line is longer than 256 MiB", "write one feature a line")
                .at(Location::file(file.shown.as_str()).line(line_number, 0)));
        }
        let text = line.strip_prefix(&[0x1e]).unwrap_or(&line);
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        number += 1;
        let record = match std::str::from_utf8(text) {
            Ok(text) => geojson::feature(text),
            Err(_) => Err(Fault::bad("the line is not UTF-8")),
        };
        out.record(Place { number, line: line_number }, record);
    }
}

/// A list of stations, at the top or as the member `data`.
fn list(reader: impl Read, file: &SourceFile, out: &mut dyn Sink) -> Result<()> {
    let mut state = State { number: 0, found: false, out };
    let mut de = serde_json::Deserializer::from_reader(reader);
    let outcome = Top(&mut state).deserialize(&mut de).and_then(|()| de.end());
    let (number, found) = (state.number, state.found);
    outcome.map_err(|e| geojson::json_error(&e, &file.shown, number))?;
    if found {
        return Ok(());
    }
    Err(Error::input("the file is JSON, but no list of stations", "give Open Charge Map's or OCPI's locations, or GeoJSON")
        .at(Location::file(file.shown.as_str())))
}

struct State<'f> {
    number: u64,
    found: bool,
    out: &'f mut dyn Sink,
}

struct Top<'s, 'f>(&'s mut State<'f>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, de: D) -> std::result::Result<(), D::Error> {
        de.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of stations")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "data" {
                map.next_value_seed(Top(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<(), A::Error> {
        self.0.found = true;
        while let Some(raw) = seq.next_element::<Box<RawValue>>()? {
            self.0.number += 1;
            let record = serde_json::from_str::<Columns>(raw.get())
                .map(station)
                .map_err(|e| Fault::bad(format!("not a station: {}", geojson::plain(&e))));
            self.0.out.record(Place { number: self.0.number, line: 0 }, record);
        }
        Ok(())
    }
}

/// The position of a station as Open Charge Map (`AddressInfo`) or OCPI (`coordinates`) writes it.
fn station(columns: Columns) -> Record {
    let number = |v: Option<&Value>| match v {
        Some(Value::Number(n)) => n.as_f64(),
        Some(Value::String(s)) => s.trim().parse().ok(),
        _ => None,
    };
    let pair = |at: Option<&Value>, lon: &str, lat: &str| {
        let at = at?;
        Some([number(at.get(lon))?, number(at.get(lat))?])
    };
    let at = pair(columns.get("AddressInfo"), "Longitude", "Latitude")
        .or_else(|| pair(columns.get("coordinates"), "longitude", "latitude"));
    Record { id: None, geometry: at.map(|p| GeometryValue::Point { coordinates: p.into() }), columns }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_go_by_the_first_line() {
        assert_eq!(form_of(b"{\"type\":\"Feature\",\"geometry\":null,\"properties\":{}}\n"), Form::Lines);
        assert_eq!(form_of(b"\x1e{\"type\":\"Feature\"}\n"), Form::Lines);
        assert_eq!(form_of(b"{ \"type\": \"FeatureCollection\", \"features\": []}"), Form::Collection);
        assert_eq!(form_of(b"{\n"), Form::Collection);
        assert_eq!(form_of(b"  [\n"), Form::List);
    }
}
