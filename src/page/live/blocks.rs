//! Blocks of data in a page: deflated, as base64 in an element that no browser runs, and the way back.

use crate::files::text::base64;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use std::io::{Read, Write};

/// What stands before the content of a block, and what after it.
fn around(id: &str) -> [String; 2] {
    [format!("<script type=\"text/plain\" id=\"{id}\">"), "</script>".to_owned()]
}

/// A block becomes at most so many times as large when it is unpacked: what is larger was not written by us.
const MOST_TIMES: usize = 200;

/// Packs bytes.
pub fn pack(bytes: &[u8]) -> String {
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::new(6));
    // writing to memory cannot fail
    let _ = deflated.write_all(bytes);
    base64(&deflated.finish().unwrap_or_default())
}

/// The packed text of a block of a page; none where it has no such block.
pub fn packed<'p>(page: &'p str, id: &str) -> Option<&'p str> {
    let [before, after] = around(id);
    Some(page.split_once(&before)?.1.split_once(&after)?.0)
}

/// The bytes of a packed block; none where it was not packed by [`pack`].
pub fn unpack(packed: &str) -> Option<Vec<u8>> {
    let deflated = from_base64(packed)?;
    let most = deflated.len().saturating_mul(MOST_TIMES).saturating_add(1 << 16);
    let mut bytes = Vec::new();
    ZlibDecoder::new(&*deflated).take(most as u64).read_to_end(&mut bytes).ok()?;
    (bytes.len() < most).then_some(bytes)
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let value = |c: u8| -> Option<u32> {
        Some(u32::from(match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }))
    };
    let text = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    for four in text.chunks(4) {
        let mut bits = 0;
        for c in four {
            bits = bits << 6 | value(*c)?;
        }
        bits <<= 6 * (4 - four.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again() {
        for n in 0..70u8 {
            let bytes: Vec<u8> = (0..n).map(|i| i.wrapping_mul(37)).collect();
            assert_eq!(unpack(&pack(&bytes)).unwrap(), bytes);
        }
        let page = format!("<p><script type=\"text/plain\" id=\"a\">{}</script><script>x</script>", pack(b"abc"));
        assert_eq!(unpack(packed(&page, "a").unwrap()).unwrap(), b"abc");
        assert_eq!(packed(&page, "b"), None);
    }

    #[test]
    fn what_is_broken_or_swells_without_end_is_refused() {
        assert_eq!(unpack("not base64!"), None);
        assert_eq!(unpack("AAAA"), None);
        // a megabyte of nothing fits a kilobyte: no page of ours is like that
        assert_eq!(unpack(&pack(&vec![0; 1 << 22])), None);
    }
}
