//! Pages of a column, their claims checked before the library's decoders reserve what they claim. Not a decoder.
//!
//! # References
//! Apache Parquet, `Encodings.md`: DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY.

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

/// A reader of pages that refuses those whose claims do not fit.
pub struct Checked<R> {
    /// The library's own.
    pub inner: R,
    /// Rows that the group has, which no page of a flat column may exceed.
    pub rows: u64,
    /// Whether values may be missing, so that a page begins with who is there.
    pub optional: bool,
}

impl<R: PageReader> PageReader for Checked<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.inner.get_next_page()?;
        match page.as_ref().is_none_or(|p| fits(p, self.rows, self.optional)) {
            true => Ok(page),
            false => Err(ParquetError::General("a page claims more values than it can hold".to_owned())),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }
}

impl<R: PageReader> Iterator for Checked<R> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

fn fits(page: &Page, rows: u64, optional: bool) -> bool {
    let (values, encoding, bytes) = match page {
        Page::DictionaryPage { buf, num_values, .. } => return *num_values as usize <= buf.len(),
        Page::DataPage { buf, num_values, encoding, .. } => (num_values, encoding, after_levels(buf, optional)),
        Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
            let levels = *def_levels_byte_len as usize + *rep_levels_byte_len as usize;
            (num_values, encoding, buf.get(levels..))
        }
    };
    let most = u64::from(*values);
    most <= rows
        && match (encoding, bytes) {
            (Encoding::DELTA_BINARY_PACKED | Encoding::DELTA_LENGTH_BYTE_ARRAY, Some(bytes)) => {
                bytes.is_empty() || after_deltas(bytes, most).is_some()
            }
            (Encoding::DELTA_BYTE_ARRAY, Some(bytes)) => {
                bytes.is_empty() || after_deltas(bytes, most).is_some_and(|rest| after_deltas(rest, most).is_some())
            }
            (_, bytes) => bytes.is_some(),
        }
}

/// What stands after the levels of a page of the first version.
fn after_levels(buf: &[u8], optional: bool) -> Option<&[u8]> {
    if !optional {
        return Some(buf);
    }
    let (length, rest) = buf.split_first_chunk::<4>()?;
    rest.get(u32::from_le_bytes(*length) as usize..)
}

/// What stands after whole numbers packed as differences, `None` when they claim to be more than `most`.
fn after_deltas(mut bytes: &[u8], most: u64) -> Option<&[u8]> {
    let block = usize::try_from(varint(&mut bytes)?).ok()?;
    let parts = usize::try_from(varint(&mut bytes)?).ok()?;
    let total = varint(&mut bytes)?;
    varint(&mut bytes)?; // the first value
    if total > most || parts == 0 || parts > block || block > 1 << 20 {
        return None;
    }
    let part = block / parts;
    let mut left = usize::try_from(total.saturating_sub(1)).ok()?;
    while left > 0 {
        varint(&mut bytes)?; // the least difference
        let widths;
        (widths, bytes) = bytes.split_at_checked(parts)?;
        for width in widths.iter().map(|w| usize::from(*w)) {
            if left == 0 {
                break;
            }
            // The last part may be cut short by writers that leave out its padding.
            bytes = bytes.get((part * width / 8).min(bytes.len())..)?;
            left = left.saturating_sub(part);
        }
    }
    Some(bytes)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(encoding: Encoding, num_values: u32, bytes: &'static [u8]) -> Page {
        let rle = Encoding::RLE;
        let buf = bytes.into();
        Page::DataPage { buf, num_values, encoding, def_level_encoding: rle, rep_level_encoding: rle, statistics: None }
    }

    #[test]
    fn claims_beyond_the_page_are_refused() {
        let dictionary =
            |n| Page::DictionaryPage { buf: b"abcd"[..].into(), num_values: n, encoding: Encoding::PLAIN, is_sorted: false };
        assert!(fits(&dictionary(4), 9, false) && !fits(&dictionary(u32::MAX), 9, false));
        assert!(!fits(&page(Encoding::PLAIN, 10, b""), 9, false), "more rows than the group has");
        assert!(!fits(&page(Encoding::PLAIN, 1, b"\xff\xff\xff\xff"), 9, true), "levels longer than the page");
        // Blocks of 128 in four parts; two values, 5 and 7: least difference 2, no bits.
        let two = b"\x80\x01\x04\x02\x0a\x04\0\0\0\0";
        assert!(fits(&page(Encoding::DELTA_BINARY_PACKED, 2, two), 9, false));
        assert!(!fits(&page(Encoding::DELTA_BINARY_PACKED, 1, two), 9, false));
        let claims = b"\x80\x01\x04\xff\xff\xff\xff\xff\xff\x01\0";
        assert!(!fits(&page(Encoding::DELTA_LENGTH_BYTE_ARRAY, 2, claims), 9, false));
        assert!(!fits(&page(Encoding::DELTA_BYTE_ARRAY, 2, b"\x80\x01\x04\x02\x0a\x04\0\0\0\0\x80\x01\x04\x7f\0"), 9, false));
    }
}
