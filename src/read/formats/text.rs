//! Text files in UTF-8, UTF-16 or GBK, as one stream of UTF-8.

use crate::error::{Error, Location, Result};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// How much of a file is looked at to tell its encoding.
const LOOK: u64 = 64 << 20;

/// An open text file.
pub struct Text {
    /// The text as UTF-8, without byte order mark; what is not valid UTF-8 in a UTF-8 file passes unchanged.
    pub reader: Box<dyn Read>,
    /// The encoding's name.
    pub encoding: &'static str,
}

/// Opens a text file. Without a `label` the encoding is told by its byte order mark, else UTF-8 if it is valid, else
/// GB18030 (of which GBK and GB 2312 are parts) if that is valid.
///
/// # Errors
/// Input, when the file cannot be opened or the label names no encoding.
pub fn open(path: &Path, shown: &str, label: Option<&str>) -> Result<Text> {
    let fail = |e: std::io::Error| Error::io("read the file", path, &e);
    let file = File::open(path).map_err(|e| Error::io("open the file", path, &e))?;
    let encoding = match label {
        Some(label) => Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
            Error::usage(format!("\"{label}\" is not an encoding"), "write utf-8, gbk or gb18030").at(Location::file(shown))
        })?,
        None => {
            let mut head = Vec::new();
            File::open(path).and_then(|f| f.take(LOOK).read_to_end(&mut head)).map_err(fail)?;
            guess(&head)
        }
    };
    let file = BufReader::with_capacity(1 << 18, file);
    let reader = encoding_rs_io::DecodeReaderBytesBuilder::new()
        // With an encoding set the decoder replaces what is not valid; a UTF-8 file passes as it is, and is judged later.
        .encoding((encoding != UTF_8).then_some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .utf8_passthru(encoding == UTF_8)
        .build(file);
    Ok(Text { reader: Box::new(reader), encoding: encoding.name() })
}

/// The encoding of bytes that may end in the middle of a character.
pub fn guess(head: &[u8]) -> &'static Encoding {
    if head.starts_with(b"\xff\xfe") {
        return UTF_16LE;
    }
    if head.starts_with(b"\xfe\xff") {
        return UTF_16BE;
    }
    let whole_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(e) => e.error_len().is_none(), // only cut short
    };
    if whole_utf8 {
        return UTF_8;
    }
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut sink = vec![0u8; 1 << 16];
    let mut rest = head;
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut sink, false);
        rest = &rest[read..];
        match result {
            encoding_rs::DecoderResult::InputEmpty => return GB18030,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(..) => return UTF_8, // neither: errors with a place come later
        }
    }
}

/// Text of a field whose encoding nobody declares: UTF-8 if valid, else GB18030.
pub fn decode_field(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_gbk_and_utf16_are_told_apart() {
        let gbk = GB18030.encode("名称,经度\n奉节县,109.46\n").0.into_owned();
        assert_eq!(guess(&gbk), GB18030);
        assert_eq!(guess(&gbk[..gbk.len() - 1]), GB18030);
        assert_eq!(guess("奉节".as_bytes()), UTF_8);
        assert_eq!(guess(&"奉节".as_bytes()[..4]), UTF_8);
        assert_eq!(guess(b"\xff\xfea\0"), UTF_16LE);
        assert_eq!(guess(b"\xff\xff\xff"), UTF_8);
    }

    #[test]
    fn a_gbk_file_reads_as_utf8() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), GB18030.encode("万州区").0).unwrap();
        let mut text = String::new();
        let mut open = open(file.path(), "x", None).unwrap();
        open.reader.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), open.encoding), ("万州区", "gb18030"));
    }
}
