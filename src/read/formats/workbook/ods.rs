//! ODS workbooks whose XML is laid out over many lines, as GDAL writes them: the reader of the library allows no line break between
//! two cells, so breaks between tags are taken out before it sees them.

use super::bounds::{Tag, has, repeated, tags};
use super::merged::{self, Merged};
use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// More text than any workbook of the largest size that is read unpacks to.
const LARGEST_CONTENT: u64 = 1 << 30;
/// A sheet has no more columns.
const MOST_COLUMNS: u64 = 16_384;
/// The parts that the library asks for.
const PARTS: [&str; 3] = ["mimetype", "META-INF/manifest.xml", "content.xml"];
const SIGNATURE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Whether the bytes are an ODS workbook: its first part is stored, and says so.
pub(super) fn is_ods(bytes: &[u8]) -> bool {
    bytes.get(..512.min(bytes.len())).is_some_and(|head| head.windows(SIGNATURE.len()).any(|w| w == SIGNATURE))
}

/// What the library does not tell of a sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    /// Columns with numbers that are shown in percent.
    pub percent: BTreeSet<u32>,
    /// Merged cells.
    pub merged: Vec<Merged>,
}

/// A workbook that the library reads, and what it does not tell of each sheet.
pub(super) type Tidied = (Vec<u8>, Vec<Beside>);

/// The same workbook, its parts that matter unpacked and without breaks between cells.
pub(super) fn tidied(bytes: Vec<u8>) -> Result<Tidied, String> {
    let mut beside = Vec::new();
    let text = |e: &dyn std::fmt::Display| e.to_string();
    let mut from = ZipArchive::new(Cursor::new(bytes)).map_err(|e| text(&e))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for part in PARTS {
        let mut content = Vec::new();
        let packed = from.by_name(part).map_err(|e| format!("{part}: {e}"))?;
        packed.take(LARGEST_CONTENT).read_to_end(&mut content).map_err(|e| text(&e))?;
        if content.len() as u64 == LARGEST_CONTENT {
            return Err("it unpacks to more than 1 GiB".to_owned());
        }
        to.start_file(part, stored).map_err(|e| text(&e))?;
        let content = if part == "content.xml" {
            super::bounds::check_ods(&content)?;
            all_closed(&content)?;
            let both = in_percent(&content).into_iter().zip(merged::of_ods(&content));
            beside = both.map(|(percent, merged)| Beside { percent, merged }).collect();
            without_breaks(&content)
        } else {
            content
        };
        to.write_all(&content).map_err(|e| text(&e))?;
    }
    let whole = to.finish().map(Cursor::into_inner).map_err(|e| text(&e))?;
    Ok((whole, beside))
}

/// The columns of each table with cells that are percentages.
fn in_percent(xml: &[u8]) -> Vec<BTreeSet<u32>> {
    let (mut all, mut column) = (Vec::<BTreeSet<u32>>::new(), 0u64);
    for Tag { name, inside: tag, .. } in tags(xml) {
        match name {
            b"table:table" => all.push(BTreeSet::new()),
            b"table:table-row" => column = 0,
            b"table:table-cell" | b"table:covered-table-cell" => {
                let percent =
                    [&b"office:value-type=\"percentage\""[..], b"office:value-type='percentage'"].iter().any(|a| has(tag, a));
                let columns = repeated(tag, b"table:number-columns-repeated=");
                if let Some(sheet) = all.last_mut().filter(|_| percent) {
                    sheet.extend((column..column.saturating_add(columns.min(MOST_COLUMNS))).map_while(|c| u32::try_from(c).ok()));
                }
                column = column.saturating_add(columns);
            }
            _ => {}
        }
    }
    all
}

/// Refuses XML in which a tag is not closed: the library waits for the end of a table for ever.
fn all_closed(xml: &[u8]) -> Result<(), String> {
    let mut open: Vec<&[u8]> = Vec::new();
    let mut rest = xml;
    let broken = || "content.xml is not well-formed: a tag is not closed".to_owned();
    while let Some(start) = rest.iter().position(|b| *b == b'<') {
        rest = &rest[start..];
        let (begin, end): (&[u8], &[u8]) = match rest {
            r if r.starts_with(b"<!--") => (b"<!--", b"-->"),
            r if r.starts_with(b"<![CDATA[") => (b"<![CDATA[", b"]]>"),
            r if r.starts_with(b"<?") => (b"<?", b"?>"),
            _ => (b"<", b">"),
        };
        let length = rest[begin.len()..].windows(end.len()).position(|w| w == end).ok_or_else(broken)?;
        let inside = &rest[begin.len()..begin.len() + length];
        rest = &rest[begin.len() + length + end.len()..];
        if begin.len() > 1 || inside.starts_with(b"!") || inside.ends_with(b"/") {
            continue;
        }
        let name = |tag: &'_ [u8]| tag.iter().position(u8::is_ascii_whitespace).unwrap_or(tag.len());
        match inside.strip_prefix(b"/") {
            Some(closed) => {
                let closed = &closed[..name(closed)];
                open.pop().filter(|o| *o == closed).ok_or_else(broken)?;
            }
            None => open.push(&inside[..name(inside)]),
        }
    }
    if open.is_empty() { Ok(()) } else { Err(broken()) }
}

/// XML without blanks between a tag and a tag of a table, or of a paragraph in a cell.
fn without_breaks(xml: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(end) = rest.iter().position(|b| *b == b'>') {
        let (tag, after) = rest.split_at(end + 1);
        out.extend_from_slice(tag);
        let blanks = after.iter().take_while(|b| b.is_ascii_whitespace()).count();
        rest = if [&b"<table:"[..], b"</table:", b"<text:p>", b"<text:p "].iter().any(|t| after[blanks..].starts_with(t)) {
            &after[blanks..]
        } else {
            after
        };
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{all_closed, in_percent, without_breaks};
    use std::collections::BTreeSet;

    #[test]
    fn breaks_between_cells_go_and_text_stays() {
        let laid_out = b"<table:table-row>\n <table:table-cell>\n<text:p> a <text:span>b</text:span> <text:span>c</text:span></text:p>\n</table:table-cell>\n</table:table-row>";
        let want = b"<table:table-row><table:table-cell><text:p> a <text:span>b</text:span> <text:span>c</text:span></text:p></table:table-cell></table:table-row>";
        assert_eq!(without_breaks(laid_out), want);
        assert_eq!(without_breaks(b"no tag"), b"no tag");
    }

    #[test]
    fn columns_of_percentages_are_found_in_each_sheet() {
        let xml = b"<table:table table:name='a'><table:table-row><table:table-cell table:number-columns-repeated=\"2\"/>\
            <table:table-cell office:value-type=\"percentage\" office:value=\"0.45\"/></table:table-row>\
            <table:table-row><table:table-cell office:value-type='percentage'/></table:table-row></table:table>\
            <table:table><table:table-row><table:table-cell office:value-type=\"float\"/></table:table-row></table:table>";
        assert_eq!(in_percent(xml), [BTreeSet::from([0, 2]), BTreeSet::new()]);
        assert_eq!(in_percent(b"<table:table-cell office:value-type=\"percentage\"/>"), []);
    }

    #[test]
    fn tags_that_are_not_closed_are_refused() {
        for sound in [&b"<?xml version='1.0'?><a b='1'><c/><!-- <d> --><e><![CDATA[<f>]]></e >\n</a>"[..], b"", b"text"] {
            assert_eq!(all_closed(sound), Ok(()), "{}", String::from_utf8_lossy(sound));
        }
        for broken in [&b"<a>"[..], b"<a><b></a>", b"</a>", b"<a></b>", b"<a", b"<!-- <a>"] {
            assert!(all_closed(broken).is_err(), "{}", String::from_utf8_lossy(broken));
        }
    }
}
