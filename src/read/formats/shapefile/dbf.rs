//! The `.dbf` of a shapefile: rows as they lie there, with those marked as deleted, and cells that are no number kept as text.
//!
//! Own code, because the library ends the file at the first cell that it does not understand and leaves deleted rows out without a
//! word, so that all later rows belong to other shapes. Memo files (`.dbt`) are not read: their cells are empty.
//!
//! # References
//! dBASE III+/IV table file layout (dBase LLC); ESRI Shapefile Technical Description, 1998; language driver ids as GDAL maps them.

use super::odd;
use crate::read::record::Columns;
use encoding_rs::Encoding;
use serde_json::{Number, Value};
use std::io::{self, Read};

/// A column.
#[derive(Clone, Debug)]
struct Field {
    name: String,
    kind: u8,
    length: usize,
}

/// An open table.
#[derive(Debug)]
pub(super) struct Dbf<R> {
    rest: R,
    /// Rows, by the header.
    pub(super) rows: u32,
    /// The byte that names the code page; 0 where it is not said.
    pub(super) language: u8,
    fields: Vec<(Field, Vec<u8>)>,
    row: Vec<u8>,
}

impl<R: Read> Dbf<R> {
    /// Reads the header.
    pub(super) fn open(mut rest: R) -> io::Result<Self> {
        let mut head = [0; 32];
        rest.read_exact(&mut head).map_err(|_| odd("it has no header"))?;
        let size = usize::from(u16::from_le_bytes([head[8], head[9]]));
        let row_size = usize::from(u16::from_le_bytes([head[10], head[11]]));
        if size < 33 || !(2..=0x8b).contains(&head[0]) && head[0] != 0xf5 && head[0] != 0xfb {
            return Err(odd("it does not begin as a dBASE table"));
        }
        let mut columns = vec![0; size - 32];
        rest.read_exact(&mut columns).map_err(|_| odd("it ends within its header"))?;
        let mut fields = Vec::new();
        for c in columns.chunks_exact(32).take_while(|c| c[0] != 0x0d) {
            let name = c[..11].split(|b| *b == 0).next().unwrap_or_default();
            // names of character columns can be longer than 255 bytes: Clipper and FoxPro put the high byte beside
            let length = if c[11] == b'C' { usize::from(u16::from_le_bytes([c[16], c[17]])) } else { usize::from(c[16]) };
            if length == 0 || !c[11].is_ascii_graphic() {
                return Err(odd(format!("the column \"{}\" has no length or kind", String::from_utf8_lossy(name))));
            }
            fields.push((Field { name: String::new(), kind: c[11], length }, name.to_vec()));
        }
        let sum = 1 + fields.iter().map(|f| f.0.length).sum::<usize>();
        if fields.is_empty() || (row_size != 0 && row_size < sum) {
            return Err(odd(format!("its columns take {sum} bytes and its rows {row_size}")));
        }
        let rows = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        Ok(Self { rest, rows, language: head[29], fields, row: vec![0; row_size.max(sum)] })
    }

    /// Fixes the encoding of names.
    pub(super) fn name_columns(&mut self, encoding: &'static Encoding) {
        for (field, name) in &mut self.fields {
            field.name = encoding.decode_without_bom_handling(name).0.trim().to_owned();
        }
    }

    /// The next row: none for one that is marked as deleted; `Err` where the file ends too early. Cells of number columns that hold
    /// other text are handed to `odd`, with their column.
    pub(super) fn next(&mut self, encoding: &'static Encoding, odd: &mut dyn FnMut(&str, &str)) -> io::Result<Option<Columns>> {
        self.rest.read_exact(&mut self.row)?;
        if self.row[0] == b'*' {
            return Ok(None);
        }
        let mut columns = Columns::new();
        let mut at = 1;
        for (field, _) in &self.fields {
            let bytes = &self.row[at..at + field.length];
            at += field.length;
            columns.insert(field.name.clone(), cell(field, bytes, encoding, odd));
        }
        Ok(Some(columns))
    }
}

/// The value of a cell; nothing for blanks, stars (a number too long for its column) and noughts.
fn cell(field: &Field, bytes: &[u8], encoding: &'static Encoding, odd: &mut dyn FnMut(&str, &str)) -> Value {
    let text = || {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        text.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned()
    };
    match field.kind {
        b'N' | b'F' | b'+' if field.kind != b'+' || field.length != 4 => {
            let text = text();
            if text.is_empty() || text.bytes().all(|b| b == b'*') {
                return Value::Null;
            }
            number(&text).unwrap_or_else(|| {
                odd(&field.name, &text);
                Value::String(text)
            })
        }
        b'I' | b'+' => <[u8; 4]>::try_from(bytes).map_or(Value::Null, |b| Value::from(i32::from_le_bytes(b))),
        b'O' | b'B' if field.length == 8 => {
            let v = <[u8; 8]>::try_from(bytes).map_or(f64::NAN, f64::from_le_bytes);
            real(v)
        }
        b'Y' => <[u8; 8]>::try_from(bytes).map_or(Value::Null, |b| real(i64::from_le_bytes(b) as f64 / 1e4)),
        b'L' => match bytes.first() {
            Some(b'T' | b't' | b'Y' | b'y') => Value::Bool(true),
            Some(b'F' | b'f' | b'N' | b'n') => Value::Bool(false),
            _ => Value::Null,
        },
        b'D' => {
            let text = text();
            match text.as_bytes() {
                [] => Value::Null,
                b if b.len() == 8 && b.iter().all(u8::is_ascii_digit) => {
                    if b.iter().all(|b| *b == b'0') {
                        return Value::Null;
                    }
                    Value::String(format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
                }
                _ => Value::String(text),
            }
        }
        b'M' | b'G' | b'P' | b'T' | b'@' => Value::Null,
        _ => {
            let text = text();
            if text.is_empty() { Value::Null } else { Value::String(text) }
        }
    }
}

/// A plain number. Codes and counts are numbers in such a table; they must not get a `.0`.
fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    let value = text.parse::<f64>().ok().filter(|v| v.is_finite())?;
    Some(real(value))
}

fn real(v: f64) -> Value {
    if v.fract() == 0.0 && v.abs() < 9e15 {
        Value::from(v as i64)
    } else {
        Number::from_f64(v).map_or(Value::Null, Value::Number)
    }
}

/// The encoding of a language byte, as GDAL takes it; none for 0, for "that of the system" (0x57), which names none, and for those that
/// no decoder has (the DOS pages 437 and 850 among them, which are refused by name).
pub(super) fn language(byte: u8) -> Option<&'static Encoding> {
    Some(match byte {
        0x03 | 0x58 | 0x59 => encoding_rs::WINDOWS_1252,
        0x13 | 0x7b => encoding_rs::SHIFT_JIS,
        0x4d | 0x7a => encoding_rs::GB18030,
        0x4e | 0x79 => encoding_rs::EUC_KR,
        0x4f | 0x78 => encoding_rs::BIG5,
        0x50 | 0x7c => encoding_rs::WINDOWS_874,
        0x04 => encoding_rs::MACINTOSH,
        0x7d => encoding_rs::WINDOWS_1255,
        0x7e => encoding_rs::WINDOWS_1256,
        0x96 => encoding_rs::X_MAC_CYRILLIC,
        0x26 | 0x65 => encoding_rs::IBM866,
        0xc8 => encoding_rs::WINDOWS_1250,
        0xc9 => encoding_rs::WINDOWS_1251,
        0xca => encoding_rs::WINDOWS_1254,
        0xcb => encoding_rs::WINDOWS_1253,
        0xcc => encoding_rs::WINDOWS_1257,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: u8, length: usize) -> Field {
        Field { name: "x".into(), kind, length }
    }

    fn read(kind: u8, bytes: &[u8]) -> (Value, Vec<String>) {
        let mut told = Vec::new();
        let value = cell(&field(kind, bytes.len()), bytes, encoding_rs::UTF_8, &mut |_, text| told.push(text.to_owned()));
        (value, told)
    }

    #[test]
    fn cells_are_read_as_they_are_meant_and_odd_ones_are_told() {
        let plain = |kind: u8, bytes: &[u8]| {
            let (value, told) = read(kind, bytes);
            assert!(told.is_empty(), "{told:?}");
            value
        };
        assert_eq!(plain(b'N', b"   22.00"), Value::from(22));
        assert_eq!(plain(b'N', b" 5.0e+01"), Value::from(50));
        assert_eq!(plain(b'N', b"   22.50"), Value::from(22.5));
        assert_eq!((plain(b'N', b"********"), plain(b'N', b"\0\0\0\0")), (Value::Null, Value::Null));
        assert_eq!(plain(b'L', b"T"), Value::Bool(true));
        assert_eq!(plain(b'L', b"?"), Value::Null);
        assert_eq!((plain(b'D', b"20190501"), plain(b'D', b"00000000")), (Value::from("2019-05-01"), Value::Null));
        assert_eq!(plain(b'I', &7i32.to_le_bytes()), Value::from(7));
        assert_eq!(plain(b'C', b" a \0\0"), Value::from("a"));
        assert_eq!(read(b'N', b"  150,00"), (Value::from("150,00"), vec!["150,00".to_owned()]));
    }
}
