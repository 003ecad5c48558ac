//! JSON that is not one feature collection: features line by line (RFC 8142, GeoJSONL), and the lists of stations that
//! Open Charge Map and OCPI give. What it is goes by its beginning.

use super::text::Found;
use super::{SourceFile, geojson, table};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::issue::IssueCode;
use crate::read::decimals::coordinate;
use crate::read::fields::FieldMap;
use crate::read::lists;
use crate::read::record::{Columns, Fault, Note, Place, Record, Sink};
use ::geojson::GeometryValue;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

/// The longest first line that is looked at to tell one feature from a whole collection.
const FIRST_LINE: u64 = 8 << 20;
/// So much of a file is looked at for the members of its object.
const HEAD: u64 = 1 << 20;
/// A longer line is refused.
const LONGEST_LINE: u64 = 256 << 20;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Collection,
    Lines,
    List,
}

/// Members that hold a list of stations: OCPI's responses, dumps of locations, the answers of AFDC.
const LISTS: &[&str] = &["data", "locations", "fuel_stations", "stations"];
/// Members that say how many stations the server has.
const TOTALS: &[&str] = &["total_results", "total_count"];
/// Members by which one station is known that stands alone.
const ALONE: &[&str] = &["AddressInfo", "evses", "party_id", "fuel_type_code", "id_pdc_itinerance"];

/// Reads a JSON file; returns its format for the manifest. `columns` finds positions of stations that have neither of the
/// forms of Open Charge Map and OCPI.
///
/// # Errors
/// Input, with line and column, when it is cut short or not JSON of a known form.
pub fn read(file: &SourceFile, how: &How<'_>, columns: &FieldMap, out: &mut dyn Sink) -> Result<String> {
    let found = Found::of(&file.path, &file.shown, how.encoding)?;
    read_form(file, &found, columns, out).map_err(|e| no_json(e, file, &found))
}

/// Words that programs write into JSON and that it does not have: the parser only says that it expected a value.
fn no_json(e: Error, file: &SourceFile, found: &Found) -> Error {
    let at = e.location().clone();
    let (Some(line), Some(column)) = (at.line, at.column) else { return e };
    let text = || {
        let mut reader = BufReader::new(found.reader(&file.path).ok()?);
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

fn read_form(file: &SourceFile, found: &Found, columns: &FieldMap, out: &mut dyn Sink) -> Result<String> {
    let form = form(file, found)?;
    let encoding = found.name();
    out.guessed(encoding, found.guessed.as_deref());
    let reader = BufReader::with_capacity(1 << 18, found.reader(&file.path)?);
    let name = match form {
        Form::Collection => {
            geojson::read(reader, &file.shown, out)?;
            "GeoJSON"
        }
        Form::Lines => {
            if lines(reader, file, columns, out)? {
                "GeoJSON, one feature a line"
            } else {
                "JSON, one station a line"
            }
        }
        Form::List => {
            list(reader, file, columns, out)?;
            "JSON list of stations"
        }
    };
    Ok(if encoding == "UTF-8" { name.to_owned() } else { format!("{name}, {encoding}") })
}

/// The form of a file by its first line and, where that is no whole object, by the members that its first mebibyte begins.
fn form(file: &SourceFile, found: &Found) -> Result<Form> {
    let fail = |e: std::io::Error| Error::io("read the file", &file.path, &e);
    let begun = Head::of(found.reader(&file.path)?.take(HEAD));
    if begun.collection() {
        return Ok(Form::Collection);
    }
    let mut reader = BufReader::new(found.reader(&file.path)?);
    let mut line = Vec::new();
    while line.iter().all(u8::is_ascii_whitespace) {
        line.clear();
        if reader.by_ref().take(FIRST_LINE).read_until(b'\n', &mut line).map_err(fail)? == 0 {
            break;
        }
    }
    let start = line.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    let line = line.get(start..).unwrap_or_default();
    match line.first() {
        Some(0x1e) => return Ok(Form::Lines),
        Some(b'[') => return Ok(Form::List),
        _ => {}
    }
    if serde_json::from_slice::<IgnoredAny>(line).is_ok() {
        let head = Head::of(line);
        let mut rest = Vec::new();
        let more =
            reader.take(64 << 10).read_to_end(&mut rest).map_err(fail)? > 0 && rest.iter().any(|b| !b.is_ascii_whitespace());
        let lines = head.kind.as_deref() == Some("Feature") || more;
        return Ok(if lines { Form::Lines } else { head.form() });
    }
    Ok(begun.form())
}

/// The members of an object as far as it is looked at.
#[derive(Default)]
struct Head {
    keys: Vec<String>,
    kind: Option<String>,
}

impl Head {
    /// What is known when the bytes end or are no JSON.
    fn of(bytes: impl Read) -> Self {
        let mut head = Self::default();
        let mut de = serde_json::Deserializer::from_reader(BufReader::new(bytes));
        let _cut_short = HeadSeed(&mut head).deserialize(&mut de);
        head
    }

    fn collection(&self) -> bool {
        self.kind.as_deref() == Some("FeatureCollection")
    }

    fn form(&self) -> Form {
        let has = |keys: &[&str]| self.keys.iter().any(|k| keys.contains(&k.as_str()));
        let station = has(LISTS) || has(ALONE) || has(&["status_code", "country_code"]);
        let geometry =
            self.kind.as_deref().is_some_and(|k| k.ends_with("Point") || k.ends_with("String") || k.ends_with("Polygon"));
        match self.kind.as_deref() {
            Some("FeatureCollection") => Form::Collection,
            Some("Feature") => Form::List,
            _ if has(&["features"]) || geometry => Form::Collection,
            _ if station || has(&["coordinates"]) => Form::List,
            _ => Form::Collection,
        }
    }
}

struct HeadSeed<'h>(&'h mut Head);

impl<'de> DeserializeSeed<'de> for HeadSeed<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, de: D) -> std::result::Result<(), D::Error> {
        de.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for HeadSeed<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if self.0.keys.len() < 64 {
                self.0.keys.push(key.clone());
            }
            if key == "type" {
                self.0.kind = map.next_value::<Value>()?.as_str().map(str::to_owned);
                if self.0.collection() {
                    return Err(serde::de::Error::custom("known")); // its features are not skimmed only to be read again
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Reads objects line by line; whether they are GeoJSON features.
fn lines(mut reader: impl BufRead, file: &SourceFile, columns: &FieldMap, out: &mut dyn Sink) -> Result<bool> {
    let (mut number, mut line_number, mut line, mut features) = (0, 0, Vec::new(), false);
    loop {
        line.clear();
        line_number += 1;
        let n = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        if n.map_err(|e| Error::io("read the file", &file.path, &e))? == 0 {
            return Ok(features);
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
            Ok(text) => object(text, columns, &mut features),
            Err(_) => Err(Fault::bad("the line is not UTF-8")),
        };
        out.record(Place { number, line: line_number }, record);
    }
}

/// A list of stations at the top or in a member of its own, or one station alone.
fn list(reader: impl Read, file: &SourceFile, columns: &FieldMap, out: &mut dyn Sink) -> Result<()> {
    let mut state = State { number: 0, found: false, total: None, columns, out };
    let mut de = serde_json::Deserializer::from_reader(reader);
    let outcome = Top(&mut state).deserialize(&mut de).and_then(|()| de.end());
    let (number, found) = (state.number, state.found);
    if let Some(what) = state.total.filter(|_| found && outcome.is_ok()).and_then(|all| geojson::cut_short(number, all)) {
        state.out.note(Note::of_file(IssueCode::CutShort, what));
    }
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
    /// How many its server has.
    total: Option<u64>,
    columns: &'f FieldMap,
    out: &'f mut dyn Sink,
}

impl State<'_> {
    fn hand_on(&mut self, text: &str) {
        self.number += 1;
        self.found = true;
        let record = object(text, self.columns, &mut false);
        self.out.record(Place { number: self.number, line: 0 }, record);
    }
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
        // The members of one station that stands alone; of a wrapper they are let go when its list comes.
        let (mut own, mut alone, mut listed) = (Columns::new(), false, false);
        while let Some(key) = map.next_key::<String>()? {
            if !alone && LISTS.contains(&key.as_str()) {
                listed = true;
                own.clear();
                map.next_value_seed(Top(self.0))?;
                continue;
            }
            if TOTALS.contains(&key.as_str()) {
                let value = map.next_value::<Value>()?;
                self.0.total = self.0.total.or(value.as_u64());
                if !listed {
                    own.insert(key, value);
                }
                continue;
            }
            alone |= ALONE.contains(&key.as_str()) || matches!(key.as_str(), "coordinates" | "geometry");
            if listed {
                map.next_value::<IgnoredAny>()?;
            } else {
                own.insert(key, map.next_value::<Value>()?);
            }
        }
        if !listed && alone {
            self.0.hand_on(&Value::Object(own).to_string());
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<(), A::Error> {
        self.0.found = true;
        while let Some(raw) = seq.next_element::<Box<RawValue>>()? {
            self.0.hand_on(raw.get());
        }
        Ok(())
    }
}

/// What an object says that it is, with no look at the rest.
#[derive(serde::Deserialize)]
struct Kind<'t> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'t, str>>,
}

/// A feature, or a station with its position; `features` becomes true for the first.
fn object(text: &str, columns: &FieldMap, features: &mut bool) -> std::result::Result<Record, Fault> {
    // where features came before, one that can be read is not parsed as members first
    let again = *features && serde_json::from_str::<Kind>(text).is_ok_and(|k| k.kind.as_deref() == Some("Feature"));
    if again && let Ok(record) = geojson::feature(text) {
        return Ok(record);
    }
    let members =
        serde_json::from_str::<Columns>(text).map_err(|e| Fault::bad(format!("not a station: {}", geojson::plain(&e))))?;
    if members.get("type").and_then(Value::as_str) == Some("Feature") {
        *features = true;
        return geojson::feature(text);
    }
    if let Some(at) = members.get("AddressInfo") {
        return placed(pair(Some(at), "Longitude", "Latitude"), members);
    }
    let ocpi = ["evses", "party_id"].iter().any(|k| members.contains_key(*k));
    if ocpi || members.get("coordinates").is_some_and(Value::is_object) {
        let of_evse = || {
            let evses = members.get("evses").and_then(Value::as_array)?;
            evses.iter().map(|e| pair(e.get("coordinates"), "longitude", "latitude")).find(|at| matches!(at, Ok(Some(_))))
        };
        let own = pair(members.get("coordinates"), "longitude", "latitude");
        let at = if matches!(own, Ok(None)) { of_evse().unwrap_or(own) } else { own };
        return placed(at, members);
    }
    columns.observe(&members);
    table::located(members, columns, &mut None)
}

fn placed(at: std::result::Result<Option<[f64; 2]>, String>, columns: Columns) -> std::result::Result<Record, Fault> {
    match at {
        Ok(Some(at)) => Ok(Record { id: None, geometry: Some(GeometryValue::Point { coordinates: at.into() }), columns }),
        Ok(None) => Err(Fault { code: IssueCode::NullGeometry, what: "the station has no coordinates".to_owned(), field: None }),
        Err(what) => Err(Fault::coordinate(what)),
    }
}

/// Two coordinates of an object, numbers or text; `None` where they are not there or empty.
fn pair(at: Option<&Value>, lon: &str, lat: &str) -> std::result::Result<Option<[f64; 2]>, String> {
    let text = |key: &str| at.and_then(|at| at.get(key)).and_then(lists::scalar);
    let (Some(lon), Some(lat)) = (text(lon), text(lat)) else { return Ok(None) };
    match (coordinate(&lon), coordinate(&lat)) {
        (Some(x), Some(y)) => Ok(Some([x, y])),
        _ => Err(format!("\"{lon}\", \"{lat}\" are not two numbers")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form_of(text: &str) -> Form {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let found = Found::of(file.path(), "x", None).unwrap();
        form(&SourceFile { path: file.path().to_owned(), shown: "x".to_owned() }, &found).unwrap()
    }

    #[test]
    fn forms_go_by_the_beginning() {
        for (text, want) in [
            ("{\"type\":\"Feature\",\"geometry\":null,\"properties\":{}}\n", Form::Lines),
            ("\x1e{\"type\":\"Feature\"}\n", Form::Lines),
            ("{ \"type\": \"FeatureCollection\", \"features\": []}", Form::Collection),
            ("{\n", Form::Collection),
            ("  [\n", Form::List),
            ("{\"ID\":1,\"AddressInfo\":{}}", Form::List),
            ("{\"ID\":1,\"AddressInfo\":{}}\n{\"ID\":2}\n", Form::Lines),
            ("{\"ID\":1,\"AddressInfo\":{}}\n\n", Form::List),
            ("{\n\"party_id\": \"A\",\n\"evses\": []\n}", Form::List),
            ("{\n\"data\": [", Form::List),
            ("{\n\"meta\": {},\n\"data\": {\"locations\": []}}", Form::List),
            ("{\n\"type\": \"Feature\",\n\"properties\": {}}", Form::List),
            ("{\"type\":\"Point\",\"coordinates\":[1,2]}", Form::Collection),
            ("{\"a\":1}", Form::Collection),
        ] {
            assert_eq!(form_of(text), want, "{text}");
        }
    }
}
