//! CSV tables with a header line: a position from two columns or from well-known text, one record at a time.

use super::SourceFile;
use super::cell_geometry::{PAIRS, geometry_of};
use super::lines::{PlainLines, swallowed};
use super::text::{self, Text};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::read::fields::FieldMap;
use crate::read::record::{Columns, Fault, FileCrs, Note, Place, Record, Sink};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};

/// Reads a table. The separator is guessed from the header (tab, semicolon, comma) when not given. `columns` says which
/// columns hold the position, `wanted` ones must be there.
///
/// # Errors
/// Input, when the file has no header or a wanted column is missing; usage for a separator of two characters.
pub fn read(file: &SourceFile, how: &How<'_>, columns: &FieldMap, wanted: &[String], out: &mut dyn Sink) -> Result<String> {
    let Opened { reader, delimiter, encoding, guessed } = open(file, how)?;
    out.guessed(encoding, guessed.as_deref());
    let positions = |header: &[String]| has_positions(header, columns);
    let (mut system, mut refusal) = (None, None);
    rows(reader, &file.shown, delimiter, (wanted, &positions), &mut |place, row| {
        let mut srid = None;
        let record = row.map_err(Fault::bad).and_then(|columns_of_row| located(columns_of_row, columns, &mut srid));
        let record = match (srid, system) {
            (Some(srid), None) => {
                system = Some(srid);
                refusal = refusal.take().or(out.crs(&FileCrs::Epsg(srid)).err());
                record
            }
            (Some(srid), Some(first)) if srid != first => {
                Err(Fault::coordinate(format!("the geometry is in EPSG:{srid}, and those before it in EPSG:{first}")))
            }
            _ => record,
        };
        out.record(place, record);
    })?;
    match refusal {
        Some(e) => Err(e),
        None => Ok(format!("CSV, {encoding}")),
    }
}

/// The text of a table, its lines ending alike, its separator and encoding.
struct Opened<R> {
    reader: R,
    delimiter: u8,
    encoding: &'static str,
    guessed: Option<String>,
}

fn open(file: &SourceFile, how: &How<'_>) -> Result<Opened<impl Read>> {
    let Text { reader, encoding, guessed } = text::open(&file.path, &file.shown, how.encoding)?;
    let mut reader = BufReader::with_capacity(1 << 16, PlainLines::new(reader));
    // A decoder may give a few bytes at a time: the whole header line is wanted.
    let mut header = Vec::new();
    let fail = |e: std::io::Error| Error::io("read the file", &file.path, &e);
    reader.by_ref().take(1 << 20).read_until(b'\n', &mut header).map_err(fail)?;
    let delimiter = match how.delimiter.map(str::as_bytes) {
        Some([one]) => *one,
        Some(_) => {
            let next = "use \",\" \";\" or \"\\t\"";
            return Err(Error::usage("the delimiter is not one character", next).at(Location::file(file.shown.as_str())));
        }
        None => guess_delimiter(&header),
    };
    let reader = std::io::Cursor::new(header).chain(reader);
    Ok(Opened { reader, delimiter, encoding, guessed })
}

/// Reads a table that has no positions.
///
/// # Errors
/// As [`read`].
pub fn each_plain_row(file: &SourceFile, how: &How<'_>, each: &mut EachRow<'_>) -> Result<(String, Vec<Note>)> {
    let Opened { reader, delimiter, encoding, guessed } = open(file, how)?;
    rows(reader, &file.shown, delimiter, (&[], &|_| Ok(())), each)?;
    Ok((format!("CSV, {encoding}"), guessed.map(|sample| Note::of_guess(encoding, &sample)).into_iter().collect()))
}

/// The record of a row; the number of its coordinate system, where its geometry says one, goes to `srid`.
pub(super) fn located(row: Columns, columns: &FieldMap, srid: &mut Option<u32>) -> std::result::Result<Record, Fault> {
    let (geometry, said) = geometry_of(&row, columns)?;
    *srid = said.filter(|s| *s != 0);
    Ok(Record { id: None, geometry, columns: row })
}

/// Told a row with its place, or why it cannot be read.
pub type EachRow<'f> = dyn FnMut(Place, std::result::Result<Columns, String>) + 'f;

/// Columns that must be there, and whether a header has a position at all.
type Needs<'a> = (&'a [String], &'a dyn Fn(&[String]) -> std::result::Result<(), String>);

/// Whether a header has columns with a position; the error names those that would do.
pub(super) fn has_positions(header: &[String], columns: &FieldMap) -> std::result::Result<(), String> {
    let has = |ours: &str| columns.candidates(ours).iter().any(|c| header.contains(c));
    let pair = columns.candidates("lon").first().is_some() && PAIRS.iter().any(|(name, _)| header.iter().any(|h| h == name));
    if has("wkt") || (has("lon") && has("lat")) || pair {
        return Ok(());
    }
    let names: Vec<String> = ["lon", "lat", "wkt"].iter().map(|c| columns.columns(c)).filter(|c| !c.is_empty()).collect();
    Err(names.join(", "))
}

fn rows(reader: impl Read, shown: &str, delimiter: u8, (wanted, positions): Needs<'_>, each: &mut EachRow<'_>) -> Result<()> {
    // Tab-separated dumps (GeoNames) hold bare quotes.
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).quoting(delimiter != b'\t').flexible(true).from_reader(reader);
    let header: Vec<String> = match csv.headers() {
        Ok(h) => h.iter().map(|c| c.trim().to_owned()).collect(),
        Err(e) => {
            return Err(Error::input(format!("the header line cannot be read: {e}"), "save the table as CSV in UTF-8")
                .at(Location::file(shown).line(1, 0)));
        }
    };
    for column in wanted {
        if !header.iter().any(|h| h == column) {
            let near = crate::config::toml_text::nearest(column, header.iter().map(String::as_str));
            let next = near.map_or_else(|| format!("the table has: {}", header.join(", ")), |n| format!("did you mean \"{n}\"?"));
            return Err(Error::input(format!("the table has no column \"{column}\""), next).at(Location::file(shown).line(1, 0)));
        }
    }
    if let Err(names) = positions(&header) {
        let what = format!("the file is a text table, and it has no column with a position ({names})");
        let next = format!("map one under fields; the table has: {}", header.join(", "));
        return Err(Error::input(what, next).at(Location::file(shown).line(1, 0)));
    }
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    loop {
        let read = csv.read_record(&mut record);
        // where the row begins: blank lines before it are passed over
        let line = record.position().map_or(0, csv::Position::line);
        number += 1;
        let place = Place { number, line };
        match read {
            Ok(false) => return Ok(()),
            Ok(true) if csv.position().line() > line + 1 && swallowed(record.iter(), header.len(), delimiter) => {
                number += refuse_lines(place, csv.position().line(), each);
            }
            Ok(true) if record.len() != header.len() => {
                each(place, Err(format!("the row has {} cells and the header {}", record.len(), header.len())));
            }
            Ok(true) => each(place, Ok(columns_of(&header, &record))),
            Err(e) if e.is_io_error() => {
                return Err(Error::environment(format!("cannot read the table: {e}"), "see the system's message")
                    .at(Location::file(shown)));
            }
            Err(e) => each(place, Err(row_fault(&e))),
        }
    }
}

/// Refuses every line that a quote has swallowed, so that each counts; gives how many there are after the first.
fn refuse_lines(first: Place, end: u64, each: &mut EachRow<'_>) -> u64 {
    let last = end.saturating_sub(1).max(first.line);
    let what = format!("a quote (\") opens in line {} and is closed in line {last} or not at all", first.line);
    each(first, Err(format!("{what}; the lines between are one cell")));
    for (k, line) in (1..).zip(first.line + 1..=last) {
        let inside = format!("line {line} is inside a cell whose quote (\") opens in line {}", first.line);
        each(Place { number: first.number + k, line }, Err(inside));
    }
    last - first.line
}

/// Cells by column; of two columns with one name the first counts.
fn columns_of(header: &[String], record: &csv::StringRecord) -> Columns {
    let mut columns = Columns::new();
    for (name, cell) in header.iter().zip(record) {
        columns.entry(name.clone()).or_insert_with(|| Value::String(cell.to_owned()));
    }
    columns
}

fn row_fault(e: &csv::Error) -> String {
    match e.kind() {
        csv::ErrorKind::Utf8 { .. } => "the row is not UTF-8 (Chinese files are often GBK: say encoding = \"gbk\")".to_owned(),
        _ => e.to_string(),
    }
}

fn guess_delimiter(head: &[u8]) -> u8 {
    let line = head.split(|b| *b == b'\n').next().unwrap_or(head);
    let count = |d: u8| line.iter().filter(|b| **b == d).count();
    [b'\t', b';', b','].into_iter().max_by_key(|d| count(*d)).filter(|d| count(*d) > 0).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::fields::Attributes;

    #[test]
    fn rows_with_faults_are_reported_and_the_rest_is_read() {
        let mut seen = Vec::new();
        rows(&b"id,name\n1,a\n2\n3,\"b,c\"\n"[..], "t.csv", b',', (&[], &|_| Ok(())), &mut |p, row| {
            seen.push((p.number, p.line, row.map(|r| r.text("name").unwrap().into_owned()).map_err(|_| ())));
        })
        .unwrap();
        assert_eq!(seen, [(1, 2, Ok("a".to_owned())), (2, 3, Err(())), (3, 4, Ok("b,c".to_owned()))]);
    }

    #[test]
    fn missing_column_is_named_with_the_nearest() {
        let err =
            rows(&b"id,Lattitude\n"[..], "t.csv", b',', (&["Latitude".to_owned()], &|_| Ok(())), &mut |_, _| {}).unwrap_err();
        assert!(err.to_string().contains("did you mean \"Lattitude\""), "{err}");
    }

    #[test]
    fn separators_are_guessed() {
        assert_eq!(guess_delimiter(b"a\tb\tc,d\n"), b'\t');
        assert_eq!(guess_delimiter(b"a;b;c\n1,5"), b';');
        assert_eq!(guess_delimiter(b"a\n"), b',');
    }
}
