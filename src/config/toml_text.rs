//! From the text of a TOML file to a table: where an error stands, and what was meant. What the keys mean is the tables' concern.
//!
//! The text becomes plain values first, and the tables are read from these, as they are read back from a manifest: the code that reads a
//! table is compiled once, not once for each of the parser's own forms.

use crate::error::{Error, Location, Result};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads a table from TOML.
///
/// # Errors
/// Usage, with line, column and key, and the nearest known key.
pub(crate) fn parse_toml<T: DeserializeOwned>(text: &str, shown: &str) -> Result<T> {
    let source = TomlText { text, shown };
    let table = DeTable::parse(text).map_err(|e| source.not_toml(&e))?;
    let values = source.table_values(table.get_ref(), "")?;
    from_values(values).map_err(|e| {
        let message = e.inner().to_string();
        let at = place_of(&table, e.path(), message.starts_with(UNKNOWN_KEY));
        source.refused(&message, &e.path().to_string(), Some(&at))
    })
}

/// Reads a table from plain values, such as what a manifest tells of a run's settings; the error knows the key.
pub fn from_values<T: DeserializeOwned>(values: Value) -> std::result::Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(values)
}

/// How serde begins to say that a table has no such key.
const UNKNOWN_KEY: &str = "unknown field";

/// A text, and the name that errors give it.
struct TomlText<'t> {
    text: &'t str,
    shown: &'t str,
}

impl TomlText<'_> {
    fn table_values(&self, table: &DeTable<'_>, path: &str) -> Result<Value> {
        let mut values = Map::new();
        for (key, value) in table {
            let key = key.get_ref().as_ref();
            let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            values.insert(key.to_owned(), self.value(value, &path)?);
        }
        Ok(Value::Object(values))
    }

    fn value(&self, value: &Spanned<DeValue<'_>>, path: &str) -> Result<Value> {
        let number = |n: Option<serde_json::Number>, raw: &str| {
            let wrong = || self.refused(&format!("`{raw}` is no number that can be used"), path, Some(&value.span()));
            n.map(Value::Number).ok_or_else(wrong)
        };
        match value.get_ref() {
            DeValue::String(text) => Ok(Value::String(text.clone().into_owned())),
            DeValue::Boolean(yes) => Ok(Value::Bool(*yes)),
            DeValue::Datetime(day) => Ok(Value::String(day.to_string())),
            DeValue::Integer(n) => number(i64::from_str_radix(n.as_str(), n.radix()).ok().map(Into::into), n.as_str()),
            DeValue::Float(n) => number(n.as_str().parse().ok().and_then(serde_json::Number::from_f64), n.as_str()),
            DeValue::Table(table) => self.table_values(table, path),
            DeValue::Array(list) => {
                let values = list.iter().enumerate().map(|(i, v)| self.value(v, &format!("{path}[{i}]")));
                values.collect::<Result<Vec<_>>>().map(Value::Array)
            }
        }
    }

    /// What is no TOML at all. The signs that word processors and Windows put in are named, for the parser cannot know them.
    fn not_toml(&self, e: &toml::de::Error) -> Error {
        let offset = e.span().map_or(0, |s| s.start);
        let before = self.text.get(..offset).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        let line = self.text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        let (number, _) = line_column(self.text, offset);
        let at = |sign: char| {
            let column = line.chars().take_while(|c| *c != sign).count() as u64 + 1;
            Location::file(self.shown).line(number, column)
        };
        if let Some(sign) = outside_quotes(line).find(|c| is_typographic(*c)) {
            let what = format!("{sign} means nothing in this file; word processors and Chinese keyboards write it");
            return Error::usage(what, "write the plain \" = , [ ] in its place").at(at(sign));
        }
        if line.contains('\\') && line.contains('"') && e.message().contains("escape") {
            let what = "a \\ in double quotes begins a special sign, and this is none";
            let next = "write the path with /, as in \"data/stations.csv\"";
            return Error::usage(what, next).at(at('\\'));
        }
        self.refused(e.message(), "", e.span().as_ref())
    }

    fn refused(&self, message: &str, key: &str, span: Option<&Range<usize>>) -> Error {
        let (line, column) = span.map_or((0, 0), |s| line_column(self.text, s.start));
        let next = suggestion(message).unwrap_or_else(|| "see the README for the keys of the file".to_owned());
        let mut at = Location::file(self.shown).line(line, column);
        if !key.is_empty() && key != "." {
            at = at.field(key);
        }
        Error::usage(message.replace('`', "\""), next).at(at)
    }
}

/// Where a path of keys and positions ends in the text: at the last key, or at its value.
fn place_of(table: &Spanned<DeTable<'_>>, path: &Path, at_key: bool) -> Range<usize> {
    let mut place = table.span();
    let (mut tables, mut lists) = (Some(table.get_ref()), None);
    for step in path {
        let next = match step {
            Segment::Map { key } => {
                let Some((name, value)) = tables.and_then(|t| t.get_key_value(key.as_str())) else { break };
                place = if at_key { name.span() } else { value.span() };
                value
            }
            Segment::Seq { index } => {
                let Some(value) = lists.and_then(|l: &toml::de::DeArray<'_>| l.get(*index)) else { break };
                place = value.span();
                value
            }
            Segment::Enum { .. } | Segment::Unknown => break,
        };
        (tables, lists) = (next.get_ref().as_table(), next.get_ref().as_array());
    }
    place
}

/// The signs of a line that stand in no quotes and no comment.
fn outside_quotes(line: &str) -> impl Iterator<Item = char> + '_ {
    let (mut quote, mut comment) = (None, false);
    line.chars().filter(move |c| {
        match (quote, *c) {
            (None, '"' | '\'') => quote = Some(*c),
            (None, '#') => comment = true,
            (Some(q), c) if c == q => quote = None,
            _ => {}
        }
        quote.is_none() && !comment
    })
}

/// Quotes, brackets and other signs that look like those of TOML and are others.
fn is_typographic(c: char) -> bool {
    "“”„‟«»‘’‚‛「」『』＂＇＝，、［］｛｝＃：【】".contains(c)
}

/// Line and column of the value of a key such as `stations.path` or `regions.files[0]`; 0 where it is not found.
pub(crate) fn place_of_key(text: &str, key: &str) -> (u64, u64) {
    let Ok(table) = DeTable::parse(text) else { return (0, 0) };
    let mut place = None;
    let (mut tables, mut lists) = (Some(table.get_ref()), None);
    for step in key.split(['.', '[', ']']).filter(|s| !s.is_empty()) {
        let in_list = lists.and_then(|l: &toml::de::DeArray<'_>| l.get(step.parse::<usize>().ok()?));
        let Some(value) = tables.and_then(|t| t.get(step)).or(in_list) else { return (0, 0) };
        place = Some(value.span());
        (tables, lists) = (value.get_ref().as_table(), value.get_ref().as_array());
    }
    place.map_or((0, 0), |span| line_column(text, span.start))
}

fn line_column(text: &str, offset: usize) -> (u64, u64) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) as u64 + 1;
    (line, column)
}

/// "unknown field `x`, expected one of `a`, `b`" → the nearest of the expected.
fn suggestion(message: &str) -> Option<String> {
    let mut ticked = message.split('`').skip(1).step_by(2);
    let typed = ticked.next()?;
    if !message.starts_with("unknown") {
        return None;
    }
    let known: Vec<&str> = ticked.collect();
    nearest(typed, known.iter().copied())
        .map(|best| format!("did you mean \"{best}\"?"))
        .or_else(|| Some(format!("known here: {}", known.join(", "))))
}

/// The known word nearest to a typed one, if any is near.
pub fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.map(|k| (strsim::damerau_levenshtein(typed, k), k)).filter(|(d, k)| *d <= 2.max(k.len() / 3)).min().map(|(_, k)| k)
}
