//! CSV tables with a header line: a position from two columns or from well-known text, one record at a time.

use super::SourceFile;
use super::blank::Blank;
use super::cell_geometry::{geometry_of, is_pair};
use super::lines::{PlainLines, swallowed};
use super::repeats::Repeats;
use super::text::{self, Text};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::read::fields::FieldMap;
use crate::read::record::{Columns, Fault, FileCrs, Note, Place, Record, Sink};
use crate::read::unit_rows::{Row, Table, UnitRows};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};

/// Reads a table. The separator is guessed from the header (tab, semicolon, comma) when not given. `columns` says which
/// columns hold the position, `wanted` ones must be there.
///
/// # Errors
/// Input, when the file has no header or a wanted column is missing; usage for a separator of two characters.
pub fn read(file: &SourceFile, how: &How<'_>, columns: &FieldMap, wanted: &[String], out: &mut dyn Sink) -> Result<String> {
    let is_header = |header: &[String]| wanted.iter().all(|w| header.contains(w)) && positions_in(header, columns).is_ok();
    let opened = open(file, how, &is_header)?;
    let encoding = opened.encoding;
    out.guessed(encoding, opened.guessed.as_deref());
    let positions = |header: &[String]| has_positions(header, columns);
    let (mut system, mut refusal, mut last) = (None, None, 0);
    let notes = rows(opened, &file.shown, Needs { wanted, positions: &positions, columns, also: &[] }, &mut |place, row| {
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
        last = place.line;
        out.record(place, record);
    })?;
    notes.into_iter().for_each(|note| out.note(note));
    if let Some(note) = Note::of_full_sheet(last) {
        out.note(note);
    }
    match refusal {
        Some(e) => Err(e),
        None => Ok(format!("CSV, {encoding}")),
    }
}

/// A table whose header comes next: its text with lines that end alike, its separator and encoding.
struct Opened<'r> {
    reader: Box<dyn Read + 'r>,
    delimiter: u8,
    encoding: &'static str,
    guessed: Option<String>,
    /// Lines before the header that are no part of the table.
    skipped: u64,
    /// Those of them that are not blank.
    above: Vec<Row>,
}

/// Titles and notes before a header are not longer than this.
const MOST_TITLE_LINES: usize = 40;
/// Nor wider: the line of a header may be, and then it is the first.
const LONGEST_TITLE: u64 = 1 << 20;

/// Opens a table and finds its header: the first line, or the first of some that `is_header` knows.
fn open(file: &SourceFile, how: &How<'_>, is_header: &dyn Fn(&[String]) -> bool) -> Result<Opened<'static>> {
    let given = match how.delimiter.map(str::as_bytes) {
        Some([one]) => Some(*one),
        Some(_) => {
            let next = "use \",\" \";\" or \"\\t\"";
            return Err(Error::usage("the delimiter is not one character", next).at(Location::file(file.shown.as_str())));
        }
        None => None,
    };
    let Text { reader, encoding, guessed } = text::open(&file.path, &file.shown, how.encoding)?;
    let mut reader = BufReader::with_capacity(1 << 16, PlainLines::new(reader));
    let mut lines: Vec<Vec<u8>> = Vec::new();
    // A decoder may give a few bytes at a time: whole lines are wanted.
    let mut next_line = |lines: &mut Vec<Vec<u8>>| {
        let mut line = Vec::new();
        let fail = |e: std::io::Error| Error::io("read the file", &file.path, &e);
        let n = reader.by_ref().take(LONGEST_TITLE).read_until(b'\n', &mut line).map_err(fail)?;
        lines.push(line);
        Ok::<bool, Error>(n > 0)
    };
    let mut more = next_line(&mut lines)?;
    // Excel's own word for the separator.
    let said = lines.first().and_then(|line| said_separator(line));
    let first = usize::from(said.is_some());
    if first == 1 {
        more = next_line(&mut lines)?;
    }
    let delimiter = |line: &[u8]| given.or(said).unwrap_or_else(|| guess_delimiter(line));
    let known = |line: &[u8]| is_header(&cells(line, delimiter(line)));
    let mut header = first;
    while more && !known(&lines[header]) && header < MOST_TITLE_LINES && lines[header].ends_with(b"\n") {
        more = next_line(&mut lines)?;
        header += 1;
    }
    if !lines.get(header).is_some_and(|line| known(line)) {
        header = first; // no line is better than the first, and its faults are told
    }
    let delimiter = lines.get(header).map_or(b',', |line| delimiter(line));
    let rest: Vec<u8> = lines.split_off(header).concat();
    let reader = Box::new(std::io::Cursor::new(rest).chain(reader));
    let title = |(line, text): (u64, &Vec<u8>)| Row { line, cells: cells(text, delimiter) };
    let above = (1..).zip(&lines).map(title).filter(Row::is_filled).collect();
    Ok(Opened { reader, delimiter, encoding, guessed, skipped: header as u64, above })
}

/// The separator of a line `sep=;`.
fn said_separator(line: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(line).ok()?.trim_end_matches(['\r', '\n']).trim_start_matches('\u{feff}').trim_matches('"');
    let bytes = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="))?.as_bytes();
    bytes.first().copied().filter(|b| bytes.len() == 1 && b.is_ascii() && *b != b'"')
}

/// The cells of one line.
fn cells(line: &[u8], delimiter: u8) -> Vec<String> {
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).quoting(delimiter != b'\t').has_headers(false).from_reader(line);
    let mut record = csv::StringRecord::new();
    match csv.read_record(&mut record) {
        Ok(true) => record.iter().map(|c| c.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// Whether a line is the header, our columns, and further ones whose cells matter.
type Looks<'a> = (&'a dyn Fn(&[String]) -> bool, &'a FieldMap, &'a [String]);

/// Reads a table that has no positions; `is_header` knows the line of its header, where titles may come before. Gives its format
/// and what is to be told.
///
/// # Errors
/// As [`read`].
pub fn each_plain_row(
    file: &SourceFile,
    how: &How<'_>,
    (is_header, columns, also): Looks<'_>,
    each: &mut EachRow<'_>,
) -> Result<(String, Vec<Note>)> {
    let opened = open(file, how, is_header)?;
    let encoding = opened.encoding;
    let guess = opened.guessed.as_deref().map(|sample| Note::of_guess(encoding, sample));
    let mut notes: Vec<Note> = guess.into_iter().collect();
    notes.extend(rows(opened, &file.shown, Needs { wanted: &[], positions: &|_| Ok(()), columns, also }, each)?);
    Ok((format!("CSV, {encoding}"), notes))
}

/// The record of a row; the number of its coordinate system, where its geometry says one, goes to `srid`.
pub(super) fn located(row: Columns, columns: &FieldMap, srid: &mut Option<u32>) -> std::result::Result<Record, Fault> {
    let (geometry, said) = geometry_of(&row, columns)?;
    *srid = said.filter(|s| *s != 0);
    Ok(Record { id: None, geometry, columns: row })
}

/// Told a row with its place, or why it cannot be read.
pub type EachRow<'f> = dyn FnMut(Place, std::result::Result<Columns, String>) + 'f;

/// What a header has to have, and which of its columns matter.
struct Needs<'a> {
    /// Columns that must be there.
    wanted: &'a [String],
    /// Whether it has a position at all.
    positions: &'a dyn Fn(&[String]) -> std::result::Result<(), String>,
    columns: &'a FieldMap,
    /// Further columns whose cells matter.
    also: &'a [String],
}

/// Whether a header has columns with a position; the error names those that would do.
pub(super) fn has_positions(header: &[String], columns: &FieldMap) -> std::result::Result<(), String> {
    positions_in(header, columns)?;
    header.iter().for_each(|column| columns.learn(column));
    Ok(())
}

fn positions_in(header: &[String], columns: &FieldMap) -> std::result::Result<(), String> {
    let has = |ours: &str| columns.finds(header, ours);
    let pair = columns.knows_field("lon") && header.iter().any(|h| is_pair(h));
    if has("wkt") || (has("lon") && has("lat")) || pair {
        return Ok(());
    }
    let names: Vec<String> = ["lon", "lat", "wkt"].iter().map(|c| columns.columns(c)).filter(|c| !c.is_empty()).collect();
    Err(names.join(", "))
}

/// Reads header and rows; gives what is to be told of them.
fn rows(opened: Opened<'_>, shown: &str, needs: Needs<'_>, each: &mut EachRow<'_>) -> Result<Vec<Note>> {
    let Needs { wanted, positions, columns, also } = needs;
    let asks = |name: &str| columns.asks(name) || also.iter().any(|n| n == name);
    let Opened { reader, delimiter, skipped, above, .. } = opened;
    // Tab-separated dumps (GeoNames) hold bare quotes.
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).quoting(delimiter != b'\t').flexible(true).from_reader(reader);
    let mut header: Vec<String> = match csv.headers() {
        Ok(h) => h.iter().map(|c| c.trim().to_owned()).collect(),
        Err(e) => {
            return Err(Error::input(format!("the header line cannot be read: {e}"), "save the table as CSV in UTF-8")
                .at(Location::file(shown).line(skipped + 1, 0)));
        }
    };
    let repeats = Repeats::part(&mut header, &asks);
    for column in wanted {
        if !header.iter().any(|h| h == column) {
            let near = crate::config::toml_text::nearest(column, header.iter().map(String::as_str));
            let next = near.map_or_else(|| format!("the table has: {}", header.join(", ")), |n| format!("did you mean \"{n}\"?"));
            return Err(Error::input(format!("the table has no column \"{column}\""), next)
                .at(Location::file(shown).line(skipped + 1, 0)));
        }
    }
    if let Err(names) = positions(&header) {
        if let Some((name, next)) = crate::read::registers::flattened(header.iter().map(String::as_str)) {
            let what = format!("the file is {name}, which does not say what is void, and no column with a position is known");
            return Err(Error::input(what, next).at(Location::file(shown).line(skipped + 1, 0)));
        }
        let what = format!("the file is a text table, and it has no column with a position ({names})");
        let next = format!("map one under fields; the table has: {}", header.join(", "));
        return Err(Error::input(what, next).at(Location::file(shown).line(skipped + 1, 0)));
    }
    let mut units = UnitRows::new(Table {
        word: "line",
        file: shown,
        above,
        header_line: skipped + 1,
        names: &header,
        own: Vec::new(),
        columns,
        also,
    });
    let mut record = csv::StringRecord::new();
    let (mut number, mut blank) = (0, Blank::default());
    loop {
        let read = csv.read_record(&mut record);
        // where the row begins: blank lines before it are passed over
        let line = record.position().map_or(0, csv::Position::line);
        if matches!(read, Ok(true)) && record.iter().all(|cell| cell.trim().is_empty()) {
            blank.take(line + skipped); // a row of separators alone, as spreadsheets write it
            continue;
        }
        if matches!(read, Ok(true)) && units.takes(&mut record.iter(), line + skipped)? {
            continue;
        }
        number += 1;
        let place = Place { number, line: line + skipped };
        match read {
            Ok(false) => return Ok(units.close()?.into_iter().chain(blank.note()).collect()),
            Ok(true) if csv.position().line() > line + 1 && swallowed(record.iter(), header.len(), delimiter) => {
                number += refuse_lines(place, csv.position().line() + skipped, each);
            }
            Ok(true) if record.len() != header.len() => {
                each(place, Err(format!("the row has {} cells and the header {}", record.len(), header.len())));
            }
            Ok(true) => {
                repeats.check(&record, || Location::file(shown).line(place.line, 0))?;
                each(place, Ok(columns_of(&header, &record)));
            }
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

/// Cells by column.
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

    fn opened(text: &'static [u8]) -> Opened<'static> {
        Opened { reader: Box::new(text), delimiter: b',', encoding: "UTF-8", guessed: None, skipped: 0, above: Vec::new() }
    }

    fn read_rows(text: &'static [u8], wanted: &[String], each: &mut EachRow<'_>) -> Result<Vec<Note>> {
        let columns = FieldMap::new("t", &[("id", &["id"])], &Default::default()).unwrap();
        rows(opened(text), "t.csv", Needs { wanted, positions: &|_| Ok(()), columns: &columns, also: &[] }, each)
    }

    #[test]
    fn the_header_is_found_behind_titles() {
        let header_of = |text: &str| {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            let source = SourceFile { path: file.path().to_owned(), shown: "t".to_owned() };
            let opened = open(&source, &How::default(), &|h| h.iter().any(|c| c == "lon")).unwrap();
            let (mut rest, skipped, delimiter) = (String::new(), opened.skipped, opened.delimiter);
            opened.reader.take(8).read_to_string(&mut rest).unwrap();
            (skipped, delimiter, rest)
        };
        assert_eq!(header_of("sep=;\nid;lon\n1;2\n"), (1, b';', "id;lon\n1".to_owned()));
        assert_eq!(header_of("\u{feff}sep=|\r\nid|lon\n"), (1, b'|', "id|lon\n".to_owned()));
        assert_eq!(header_of("Register, as of 2025\n\n;;\nid;lon;lat\n"), (3, b';', "id;lon;l".to_owned()));
        // no header at all: the first line is taken, and its faults are told
        assert_eq!(header_of("a,b\n1,2\n"), (0, b',', "a,b\n1,2\n".to_owned()));
        assert_eq!(header_of("sep=;;\nid,lon\n").0, 1);
    }

    #[test]
    fn rows_with_faults_are_reported_and_the_rest_is_read() {
        let mut seen = Vec::new();
        read_rows(b"id,name\n1,a\n2\n3,\"b,c\"\n", &[], &mut |p, row| {
            seen.push((p.number, p.line, row.map(|r| r.text("name").unwrap().into_owned()).map_err(|_| ())));
        })
        .unwrap();
        assert_eq!(seen, [(1, 2, Ok("a".to_owned())), (2, 3, Err(())), (3, 4, Ok("b,c".to_owned()))]);
    }

    #[test]
    fn missing_column_is_named_with_the_nearest() {
        let err = read_rows(b"id,Lattitude\n", &["Latitude".to_owned()], &mut |_, _| {}).unwrap_err();
        assert!(err.to_string().contains("did you mean \"Lattitude\""), "{err}");
    }

    #[test]
    fn separators_are_guessed() {
        assert_eq!(guess_delimiter(b"a\tb\tc,d\n"), b'\t');
        assert_eq!(guess_delimiter(b"a;b;c\n1,5"), b';');
        assert_eq!(guess_delimiter(b"a\n"), b',');
    }
}
