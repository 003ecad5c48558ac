//! Text files as one stream of UTF-8, whatever their encoding: what a byte order mark or the region file says, else UTF-8 where the
//! bytes are that, else what they look like to `chardetng`, the detector of a browser. A guess is told with a sample of the text.

use super::code_pages::Page;
use crate::error::{Error, Location, Result};
use crate::input;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
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
    /// Words that stand or fall with the encoding, where nobody said which it is.
    pub guessed: Option<String>,
}

/// What a text is written in, found once for all that read it.
pub struct Found {
    encoding: &'static Encoding,
    /// Words that stand or fall with the encoding, where nobody said which it is.
    pub guessed: Option<String>,
}

impl Found {
    /// Looks at a file. Without a `label` the encoding is told by its byte order mark or by its bytes, see [`guess`].
    ///
    /// # Errors
    /// Input, when the file cannot be opened; usage, when the label names no encoding or one that the bytes contradict.
    pub fn of(path: &Path, shown: &str, label: Option<&str>) -> Result<Self> {
        let head = || input::head(path, LOOK);
        Ok(match label {
            Some(label) => {
                let encoding = asked(label, shown)?;
                let guessed = if encoding == UTF_8 { None } else { declared(&head()?, encoding, (label, shown))? };
                Self { encoding, guessed }
            }
            None => {
                let head = head()?;
                let encoding = guess(&head);
                Self { encoding, guessed: sample(&head, encoding) }
            }
        })
    }

    /// The encoding's name.
    pub fn name(&self) -> &'static str {
        self.encoding.name()
    }

    /// The text of the file from its beginning, as [`Text::reader`].
    ///
    /// # Errors
    /// Input, when the file cannot be opened.
    pub fn reader(&self, path: &Path) -> Result<Box<dyn Read>> {
        let file = BufReader::with_capacity(1 << 18, input::open(path, "open the file")?);
        let reader = encoding_rs_io::DecodeReaderBytesBuilder::new()
            // With an encoding set the decoder replaces what is not valid; a UTF-8 file passes as it is, and is judged later.
            .encoding((self.encoding != UTF_8).then_some(self.encoding))
            .bom_override(true)
            .strip_bom(true)
            .utf8_passthru(self.encoding == UTF_8)
            .build(file);
        Ok(Box::new(reader))
    }
}

/// Opens a text file whose encoding is found by [`Found::of`].
///
/// # Errors
/// As [`Found::of`].
pub fn open(path: &Path, shown: &str, label: Option<&str>) -> Result<Text> {
    let found = Found::of(path, shown, label)?;
    Ok(Text { reader: found.reader(path)?, encoding: found.name(), guessed: found.guessed })
}

/// The encoding that a region file asks for.
///
/// # Errors
/// Usage, when the label names none.
pub fn asked(label: &str, shown: &str) -> Result<&'static Encoding> {
    let next = "write utf-8, gbk, gb18030, windows-1252 or another name of the web's list";
    if let Some(page) = Page::named(label) {
        return Err(page.refusal("encoding", shown));
    }
    named(label).ok_or_else(|| Error::usage(format!("\"{label}\" is not an encoding"), next).at(Location::file(shown)))
}

/// Refuses an encoding that the bytes contradict; text that is plainly UTF-8 is told with a sample of what it reads as.
fn declared(head: &[u8], encoding: &'static Encoding, (label, shown): (&str, &str)) -> Result<Option<String>> {
    let marked = head.starts_with(b"\xef\xbb\xbf") || head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    if marked || head.is_ascii() {
        return Ok(None);
    }
    if !decodes(head, encoding) {
        let next = "leave encoding out, or name the one that the file is in";
        return Err(Error::usage(format!("the text is not in \"{label}\""), next).at(Location::file(shown).field("encoding")));
    }
    Ok(if std::str::from_utf8(head).is_ok() { sample(head, encoding) } else { None })
}

/// The encoding of a name as people write it: `gbk`, `latin-1`, `cp936`, `ansi 1252`, `ISO 8859-1`.
pub fn named(label: &str) -> Option<&'static Encoding> {
    let plain = label.trim().to_ascii_lowercase().replace('_', "-");
    let bare =
        ["windows-", "ibm", "cp", "ansi ", "ansi-", "ms"].iter().find_map(|p| plain.strip_prefix(p)).unwrap_or(&plain).trim();
    match bare {
        "936" | "54936" | "ansi936" => Some(GB18030),
        "65001" => Some(UTF_8),
        "932" => Some(encoding_rs::SHIFT_JIS),
        "949" => Some(encoding_rs::EUC_KR),
        "950" => Some(encoding_rs::BIG5),
        "latin-1" | "latin1" | "8859-1" | "88591" | "iso 8859-1" | "iso8859-1" => Some(encoding_rs::WINDOWS_1252),
        "1250" | "1251" | "1252" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258" => {
            Encoding::for_label(format!("windows-{bare}").as_bytes())
        }
        // What the web never decodes (`hz-gb-2312`, `utf-7` of old) is no encoding here either.
        _ => Encoding::for_label_no_replacement(plain.as_bytes()).map(|e| if e == GBK { GB18030 } else { e }),
    }
}

/// The encoding of bytes that may end in the middle of a character. What is UTF-8 but for a few bytes counts as UTF-8: rows with such
/// bytes are refused one by one.
pub fn guess(head: &[u8]) -> &'static Encoding {
    if head.starts_with(b"\xff\xfe") {
        return UTF_16LE;
    }
    if head.starts_with(b"\xfe\xff") {
        return UTF_16BE;
    }
    if mostly_utf8(head) {
        return UTF_8;
    }
    if all_hanzi(head) {
        return GB18030;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let found = detector.guess(None, Utf8Detection::Deny);
    let found = if found == GBK { GB18030 } else { found };
    if decodes(head, found) && (!found.is_single_byte() || reads_as_text(head, found)) {
        return found;
    }
    if decodes(head, GB18030) { GB18030 } else { UTF_8 } // none: errors with a place come later
}

/// Whether bytes are UTF-8, cut short or not, or nearly: sequences of three bytes, as Chinese has them there, hardly come about by chance,
/// so as many of them as of faults tell.
fn mostly_utf8(head: &[u8]) -> bool {
    if std::str::from_utf8(head).is_ok() {
        return true; // most files, at the speed of memory
    }
    let (mut long, mut wrong, mut rest) = (0u64, 0u64, head);
    loop {
        let (valid, bad) = match std::str::from_utf8(rest) {
            Ok(_) => (rest, None),
            Err(e) => (&rest[..e.valid_up_to()], Some(e.error_len())),
        };
        long += valid.iter().filter(|b| **b >= 0xe0).count() as u64;
        match bad {
            None | Some(None) => return wrong == 0 || long >= wrong,
            Some(Some(length)) => {
                wrong += 1;
                rest = &rest[valid.len() + length..];
            }
        }
    }
}

/// Whether all bytes beyond ASCII come in pairs of GB 2312, cut short or not: so do no words of one byte a letter, not for long.
fn all_hanzi(head: &[u8]) -> bool {
    let mut bytes = head.iter();
    while let Some(lead) = bytes.by_ref().find(|b| **b >= 0x80) {
        let sound = matches!(lead, 0xa1..=0xa9 | 0xb0..=0xf7) && bytes.next().is_none_or(|trail| (0xa1..=0xfe).contains(trail));
        if !sound {
            return false;
        }
    }
    true
}

/// Whether an encoding has no objection to bytes that may end in the middle of a character.
fn decodes(head: &[u8], encoding: &'static Encoding) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (mut sink, mut rest) = (vec![0u8; 1 << 16], head);
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut sink, false);
        rest = &rest[read..];
        match result {
            encoding_rs::DecoderResult::InputEmpty => return true,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(..) => return false,
        }
    }
}

/// Whether bytes of one each are text: they decode to letters and signs that stand among others, not to control characters.
fn reads_as_text(head: &[u8], encoding: &'static Encoding) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(&head[..head.len().min(1 << 20)]);
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    !text.chars().any(odd) && text.chars().any(|c| c.is_ascii_alphanumeric())
}

/// A few words with letters beyond ASCII, as the encoding reads them; none where there are none, or the bytes themselves say what they
/// are (UTF-8, a byte order mark).
pub fn sample(head: &[u8], encoding: &'static Encoding) -> Option<String> {
    if encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE {
        return None;
    }
    let first = head.iter().position(|b| *b >= 0x80)?;
    let line_start = head[..first].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let (text, _) = encoding.decode_without_bom_handling(&head[line_start..head.len().min(first + 400)]);
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|w| !w.is_ascii());
    let words: Vec<String> = words.take(3).map(|w| w.chars().take(24).collect()).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Text of a field whose encoding nobody declares.
pub fn decode_field(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => guess(bytes).decode_without_bom_handling(bytes).0.into_owned(),
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
    fn german_and_french_are_not_read_as_chinese() {
        let latin = |text: &str| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        for text in [
            "id;Straße;Ort\n1;Schloßstraße;Würzhausen\n",
            "id;name\n1;Mairie d'Évreux;Métropole Élec\n2;Hôtel de la Gare\n",
            "id,name\n1,Café\n2,Größe\n",
            "Ladesäulenregister;;;\nLängengrad;1\n",
        ] {
            let bytes = latin(text);
            assert_eq!(guess(&bytes), encoding_rs::WINDOWS_1252, "{text}");
            let said = sample(&bytes, guess(&bytes)).unwrap();
            assert!(text.contains(said.split(", ").next().unwrap()), "{said}");
        }
        let gbk = |text: &str| GB18030.encode(text).0.into_owned();
        for text in ["id,name\n1,奉节站\n", "编号,名称,经度\n1,万州区充电站,109.4\n", "a\n县\n", "name\n国网重庆电力\n"]
        {
            assert_eq!(guess(&gbk(text)), GB18030, "{text}");
        }
        assert_eq!(sample(&gbk("id,name\n1,奉节站\n"), GB18030).unwrap(), "奉节站");
    }

    #[test]
    fn one_broken_byte_does_not_make_utf8_another_encoding() {
        let mut bytes = "名称\n奉节县\n万州区\n开州区\n".as_bytes().to_vec();
        bytes.extend(b"\xe5\x8c\n");
        assert_eq!(guess(&bytes), UTF_8);
    }

    #[test]
    fn names_of_encodings_as_people_write_them() {
        for (name, want) in [
            ("GBK", GB18030),
            ("cp936", GB18030),
            ("ANSI 936", GB18030),
            ("gb2312", GB18030),
            ("latin-1", encoding_rs::WINDOWS_1252),
            ("ISO-8859-1", encoding_rs::WINDOWS_1252),
            ("CP1252", encoding_rs::WINDOWS_1252),
            ("1251", encoding_rs::WINDOWS_1251),
            ("UTF8", UTF_8),
            ("65001", UTF_8),
            ("Big5", encoding_rs::BIG5),
        ] {
            assert_eq!(named(name), Some(want), "{name}");
        }
        assert_eq!(named("klingon"), None);
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
