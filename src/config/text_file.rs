//! The text of a region or round file as editors leave it: with a byte order mark, as UTF-16, or in an encoding that is not UTF-8.

use crate::error::{Error, Location, Result, path_text};
use crate::input;
use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::path::Path;

/// Characters of a line that are shown.
const SHOWN: usize = 60;

/// Reads the text of the file that `what` names for people.
///
/// # Errors
/// Input, when it cannot be read or is not UTF-8 or UTF-16; it then says what it looks like, and what to do.
pub(super) fn read_text(path: &Path, what: &str) -> Result<String> {
    let bytes = input::whole(path, &format!("read {what}"), input::MOST_SETTINGS)?;
    text_of(bytes).map_err(|(line, said)| {
        let next = "save it as UTF-8 (Notepad: Save as, Encoding: UTF-8; 另存为，编码选 UTF-8)";
        Error::input(said, next).at(Location::file(path_text(path)).line(line, 0))
    })
}

/// The text of bytes; else the line that is no UTF-8, and what it looks like.
fn text_of(bytes: Vec<u8>) -> std::result::Result<String, (u64, String)> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return text_of(rest.to_vec());
    }
    for (mark, encoding) in [(b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
            return text.map(|t| t.into_owned()).ok_or((0, "the file begins as UTF-16 and is damaged".to_owned()));
        }
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(e) => e.into_bytes(),
    };
    let lines = (1..).zip(bytes.split(|b| *b == b'\n'));
    let (line, odd) = lines.into_iter().find(|(_, l)| std::str::from_utf8(l).is_err()).unwrap_or((1, &bytes));
    if odd.contains(&0) {
        return Err((line, "the file is no text".to_owned()));
    }
    let as_read = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(odd)?;
        let shown: String = text.trim().chars().take(SHOWN).collect();
        Some(format!("as {} this line is: {shown}", if encoding == GB18030 { "GBK" } else { "Windows-1252 (Latin-1)" }))
    };
    let readings: Vec<String> = [GB18030, WINDOWS_1252].into_iter().filter_map(as_read).collect();
    Err((line, format!("the file is not in UTF-8; {}", readings.join("; "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_what_is_no_utf8_is_named() {
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("a = 1\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain("a = 1\n".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for bytes in [b"\xef\xbb\xbfa = 1\n".to_vec(), b"a = 1\n".to_vec(), utf16, big] {
            assert_eq!(text_of(bytes).as_deref(), Ok("a = 1\n"));
        }
        let gbk = GB18030.encode("[region]\nname = \"重庆\"\n").0.into_owned();
        let (line, said) = text_of(gbk).unwrap_err();
        assert!(line == 2 && said.contains("as GBK this line is: name = \"重庆\""), "{said}");
        let (line, said) = text_of(b"name = \"Pr\xfcfung\"\n".to_vec()).unwrap_err();
        assert!(line == 1 && said.contains("as Windows-1252 (Latin-1) this line is: name = \"Prüfung\""), "{said}");
        assert_eq!(text_of(b"\0\xff\0".to_vec()), Err((1, "the file is no text".to_owned())));
        assert!(text_of(vec![0xff, 0xfe, 0x00, 0xd8, 0x00]).unwrap_err().1.contains("damaged"));
    }
}
