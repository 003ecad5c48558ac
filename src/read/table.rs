//! CSV tables with a header line, one record at a time.

use super::fields::Attributes;
use crate::error::{Error, Location, Result};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// One row, by column name.
#[derive(Debug)]
pub struct Row<'a> {
    header: &'a [String],
    record: &'a csv::StringRecord,
}

impl Attributes for Row<'_> {
    fn text(&self, column: &str) -> Option<Cow<'_, str>> {
        let i = self.header.iter().position(|h| h == column)?;
        let cell = self.record.get(i)?.trim();
        (!cell.is_empty()).then_some(Cow::Borrowed(cell))
    }

    fn has(&self, column: &str) -> bool {
        self.header.iter().any(|h| h == column)
    }
}

/// Told the number of a row (from 1), its line, and the row or why it cannot be read.
pub type EachRow<'f> = dyn FnMut(u64, u64, std::result::Result<&Row<'_>, String>) + 'f;

/// Hands every row to `each` with its number (from 1) and line; a row that does not parse arrives as its error text.
///
/// The separator is guessed from the header (tab, semicolon, comma) when not given; a byte order mark is skipped.
///
/// # Errors
/// Input, when the file is empty, not text, or has no header; `wanted` columns that are all missing are named.
pub fn each_row(path: &Path, shown: &str, delimiter: Option<u8>, wanted: &[String], each: &mut EachRow<'_>) -> Result<()> {
    let file = File::open(path).map_err(|e| Error::io("open the file", path, &e))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let head = reader.fill_buf().map_err(|e| Error::io("read the file", path, &e))?;
    if let Some(refusal) = super::sniff::refuse_as_text(head, "a CSV table in UTF-8") {
        return Err(refusal.at(Location::file(shown)));
    }
    let skip = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let delimiter = delimiter.unwrap_or_else(|| guess_delimiter(&head[skip..]));
    reader.consume(skip);
    rows(reader, shown, delimiter, wanted, each)
}

fn rows(reader: impl Read, shown: &str, delimiter: u8, wanted: &[String], each: &mut EachRow<'_>) -> Result<()> {
    // Tab-separated dumps (GeoNames) hold bare quotes.
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).quoting(delimiter != b'\t').flexible(false).from_reader(reader);
    let header: Vec<String> = match csv.headers() {
        Ok(h) => h.iter().map(|c| c.trim().to_owned()).collect(),
        Err(e) => {
            return Err(Error::input(format!("the header line cannot be read: {e}"), "save the table as CSV in UTF-8")
                .at(Location::file(shown).line(1, 0)));
        }
    };
    for column in wanted {
        if !header.iter().any(|h| h == column) {
            let near = crate::config::region_file::nearest(column, header.iter().map(String::as_str));
            let next = near.map_or_else(|| format!("the table has: {}", header.join(", ")), |n| format!("did you mean \"{n}\"?"));
            return Err(Error::input(format!("the table has no column \"{column}\""), next).at(Location::file(shown).line(1, 0)));
        }
    }
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    loop {
        let line = csv.position().line();
        number += 1;
        match csv.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => each(number, line, Ok(&Row { header: &header, record: &record })),
            Err(e) if e.is_io_error() => {
                return Err(Error::environment(format!("cannot read the table: {e}"), "see the system's message")
                    .at(Location::file(shown)));
            }
            Err(e) => each(number, line, Err(row_fault(&e))),
        }
    }
}

fn row_fault(e: &csv::Error) -> String {
    match e.kind() {
        csv::ErrorKind::Utf8 { .. } => "the row is not UTF-8 (Chinese files are often GBK: save as UTF-8)".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} cells and the header {expected_len}")
        }
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

    #[test]
    fn rows_with_faults_are_reported_and_the_rest_is_read() {
        let mut seen = Vec::new();
        rows(&b"id,name\n1,a\n2\n3,\"b,c\"\n"[..], "t.csv", b',', &[], &mut |n, line, row| {
            seen.push((n, line, row.map(|r| r.text("name").unwrap().into_owned()).map_err(|_| ())));
        })
        .unwrap();
        assert_eq!(seen, [(1, 2, Ok("a".to_owned())), (2, 3, Err(())), (3, 4, Ok("b,c".to_owned()))]);
    }

    #[test]
    fn missing_column_is_named_with_the_nearest() {
        let err = rows(&b"id,Lattitude\n"[..], "t.csv", b',', &["Latitude".to_owned()], &mut |_, _, _| {}).unwrap_err();
        assert!(err.to_string().contains("did you mean \"Lattitude\""), "{err}");
    }

    #[test]
    fn separators_are_guessed() {
        assert_eq!(guess_delimiter(b"a\tb\tc,d\n"), b'\t');
        assert_eq!(guess_delimiter(b"a;b;c\n1,5"), b';');
        assert_eq!(guess_delimiter(b"a\n"), b',');
    }
}
