//! Merged cells of ODS and XLSB workbooks, which the library does not tell: ranges of the sheet, from the upper left to the lower right. It is no
//! reader of cells, and what it does not understand it passes over: the library refuses such workbooks.

use super::bounds::{Tag, repeated, tags};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Cells that are one, from the upper left to the lower right, counted from 0 in the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub start: (u32, u32),
    pub end: (u32, u32),
}

/// A part of a workbook is read so far.
const LARGEST_PART: u64 = 1 << 30;
/// Records of an XLSB workbook: a sheet of the book, and a merged range of a sheet.
const SHEET: u32 = 156;
const MERGED: u32 = 176;

/// The merged cells of each table of the text of an ODS workbook.
pub(super) fn of_ods(xml: &[u8]) -> Vec<Vec<Merged>> {
    let (mut all, mut row, mut rows, mut column) = (Vec::<Vec<Merged>>::new(), 0u64, 1u64, 0u64);
    for Tag { name, inside: tag, .. } in tags(xml) {
        match name {
            b"table:table" => {
                all.push(Vec::new());
                row = 0;
            }
            b"table:table-row" => {
                (rows, column) = (repeated(tag, b"table:number-rows-repeated="), 0);
                if tag.ends_with(b"/") {
                    row = row.saturating_add(rows);
                }
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                let down = repeated(tag, b"table:number-rows-spanned=");
                let across = repeated(tag, b"table:number-columns-spanned=");
                let place = |r: u64, c: u64| Some((u32::try_from(r).ok()?, u32::try_from(c).ok()?));
                let range = place(row, column).zip(place(row.saturating_add(down - 1), column.saturating_add(across - 1)));
                if let (Some((start, end)), Some(sheet), true) = (range, all.last_mut(), down > 1 || across > 1) {
                    sheet.push(Merged { start, end });
                }
                column = column.saturating_add(repeated(tag, b"table:number-columns-repeated="));
            }
            b"" if tag.starts_with(b"/table:table-row") && tag.get(16).is_none_or(u8::is_ascii_whitespace) => {
                row = row.saturating_add(rows);
            }
            _ => {}
        }
    }
    all
}

/// The merged cells of an XLSB workbook, by the name of the sheet.
pub(super) fn of_xlsb(bytes: &[u8]) -> BTreeMap<String, Vec<Merged>> {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return BTreeMap::new() };
    let mut part = |name: &str| -> Option<Vec<u8>> {
        let mut content = Vec::new();
        zip.by_name(name).ok()?.take(LARGEST_PART).read_to_end(&mut content).ok()?;
        Some(content)
    };
    let Some((book, relations)) = part("xl/workbook.bin").zip(part("xl/_rels/workbook.bin.rels")) else { return BTreeMap::new() };
    let targets: BTreeMap<String, String> =
        tags(&relations).filter_map(|t| Some((attribute(t.inside, b" Id=")?, attribute(t.inside, b" Target=")?))).collect();
    let mut all = BTreeMap::new();
    for (_, content) in records(&book).filter(|(kind, _)| *kind == SHEET) {
        // its state and its number stand before
        let Some((relation, rest)) = content.get(8..).and_then(wide) else { continue };
        let (Some((name, _)), Some(target)) = (wide(rest), targets.get(&relation)) else { continue };
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        let merged = part(&path).map(|sheet| merged_of(&sheet)).unwrap_or_default();
        all.insert(name, merged);
    }
    all
}

/// The merged ranges of a sheet: first and last row, first and last column.
fn merged_of(sheet: &[u8]) -> Vec<Merged> {
    let four = |r: &[u8], i: usize| Some(u32::from_le_bytes(r.get(i..i + 4)?.try_into().ok()?));
    let one = |(_, r): (u32, &[u8])| Some(Merged { start: (four(r, 0)?, four(r, 8)?), end: (four(r, 4)?, four(r, 12)?) });
    records(sheet).filter(|(kind, _)| *kind == MERGED).filter_map(one).collect()
}

/// The records of a part: a number of up to two bytes of seven bits, a length of up to four, and the content.
fn records(mut rest: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    fn number<'r>(rest: &mut &'r [u8], most: u32) -> Option<u32> {
        let mut n = 0;
        for i in 0..most {
            let (byte, after): (&'r u8, _) = rest.split_first()?;
            *rest = after;
            n |= u32::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(n)
    }
    std::iter::from_fn(move || {
        let kind = number(&mut rest, 2)?; // 176 is b0 01
        let length = number(&mut rest, 4)? as usize;
        let (content, after) = rest.split_at_checked(length)?;
        rest = after;
        Some((kind, content))
    })
}

/// A text of UTF-16 with its length before it, and what follows.
fn wide(bytes: &[u8]) -> Option<(String, &[u8])> {
    let length = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let text = bytes.get(4..length.checked_mul(2)?.checked_add(4)?)?;
    let units: Vec<u16> = text.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
    Some((String::from_utf16(&units).ok()?, &bytes[4 + 2 * length..]))
}

/// The text of an attribute.
fn attribute(tag: &[u8], name: &[u8]) -> Option<String> {
    let from = tag.windows(name.len()).position(|w| w == name)? + name.len();
    let quote = *tag.get(from)?;
    let value = &tag[from + 1..];
    let end = value.iter().position(|b| *b == quote)?;
    String::from_utf8(value[..end].to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_an_ods_workbook_are_ranges_of_their_table() {
        let xml = b"<table:table table:name='a'><table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
            <table:table-row><table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell table:number-rows-spanned=\"2\" \
            table:number-columns-spanned=\"1\"><text:p>x</text:p></table:table-cell></table:table-row>\
            <table:table-row><table:covered-table-cell/></table:table-row></table:table>\
            <table:table><table:table-row><table:table-cell/><table:table-cell table:number-columns-spanned='3'/></table:table-row></table:table>";
        // below three rows alike, in the third column, two rows high; and three columns wide in the first row of the other table
        let want = [vec![Merged { start: (3, 2), end: (4, 2) }], vec![Merged { start: (0, 1), end: (0, 3) }]];
        assert_eq!(of_ods(xml), want);
    }

    #[test]
    fn merged_ranges_of_an_xlsb_sheet_are_its_records() {
        let four = |n: [u32; 4]| n.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
        // another record of 3 bytes, then rows 2 to 5 of column 4
        let sheet = [&[0x91, 0x01, 3, 1, 2, 3, 0xb0, 0x01, 16][..], &four([2, 5, 4, 4])].concat();
        assert_eq!(merged_of(&sheet), [Merged { start: (2, 4), end: (5, 4) }]);
        assert_eq!(merged_of(&sheet[..20]), []); // cut short
        let text = [&2u32.to_le_bytes()[..], &[b'a', 0, b'b', 0, 9]].concat();
        assert_eq!(wide(&text), Some(("ab".to_owned(), &[9u8][..])));
        assert_eq!(wide(&u32::MAX.to_le_bytes()), None);
        assert_eq!(
            attribute(b"Relationship Id=\"rId1\" Target='worksheets/sheet1.bin'/", b" Target="),
            Some("worksheets/sheet1.bin".to_owned())
        );
    }
}
