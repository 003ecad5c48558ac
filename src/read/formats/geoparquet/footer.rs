//! The footer of a Parquet file, looked over before the library decodes it. Not a decoder.
//!
//! The library descends into a schema as deep as it nests and reserves what a list claims; a file must be able neither to
//! exhaust the stack nor to end the program for want of memory.
//!
//! # References
//! Apache Parquet, file format and `parquet.thrift`; Apache Thrift, compact protocol.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// A longer footer is refused.
const LONGEST: u64 = 256 << 20;
/// Deeper schemas are refused; real ones have some five levels.
const DEEPEST: usize = 40;

/// The bytes of the footer of a file of this size.
///
/// # Errors
/// A sentence, when the file has none or it cannot be read.
pub fn bytes(file: &mut File, size: u64) -> Result<Vec<u8>, String> {
    let io = |e: std::io::Error| e.to_string();
    let cut = || "it ends without a footer, as a file does that was not written to its end".to_owned();
    let start = size.checked_sub(8).filter(|start| *start >= 4).ok_or_else(cut)?;
    let mut tail = [0u8; 8];
    file.seek(SeekFrom::Start(start)).map_err(io)?;
    file.read_exact(&mut tail).map_err(io)?;
    let [a, b, c, d, magic @ ..] = tail;
    match &magic {
        b"PAR1" => {}
        b"PARE" => return Err("its footer is encrypted".to_owned()),
        _ => return Err(cut()),
    }
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let start = start.checked_sub(length).filter(|start| *start >= 4).ok_or("its footer is longer than the file")?;
    if length > LONGEST {
        return Err("its footer is longer than 256 MiB".to_owned());
    }
    file.seek(SeekFrom::Start(start)).map_err(io)?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).map_err(io)?;
    check(&bytes).ok_or("its footer makes no sense")?;
    Ok(bytes)
}

/// `None` when lists are longer than the bytes that are left or the schema nests too deep.
fn check(bytes: &[u8]) -> Option<()> {
    let mut scan = Scan(bytes);
    let mut id = 0i16;
    while let Some(kind) = scan.field(&mut id)? {
        if id == 2 && kind == LIST { scan.schema()? } else { scan.skip(kind, DEEPEST)? }
    }
    Some(())
}

const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// What is left of Thrift's compact form.
struct Scan<'a>(&'a [u8]);

impl<'a> Scan<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn integer(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// The kind of the next field, whose number goes into `id`; `Some(None)` at the end of a struct.
    fn field(&mut self, id: &mut i16) -> Option<Option<u8>> {
        let head = self.byte()?;
        if head & 0xf == 0 {
            return Some(None);
        }
        *id = match head >> 4 {
            0 => self.integer()? as i16,
            step => id.checked_add(i16::from(step))?,
        };
        Some(Some(head & 0xf))
    }

    /// Number and kind of the elements of a list, never more than there are bytes.
    fn list(&mut self) -> Option<(usize, u8)> {
        let head = self.byte()?;
        let size = if head >> 4 == 15 { usize::try_from(self.varint()?).ok()? } else { usize::from(head >> 4) };
        (size <= self.0.len()).then_some((size, head & 0xf))
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            1 | 2 => {}
            3 => drop(self.byte()?),
            4..=6 => drop(self.varint()?),
            7 => drop(self.take(8)?),
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.take(length)?;
            }
            LIST | 10 => {
                let (size, kind) = self.list()?;
                // A truth value in a list is a byte, and the library's own skipping takes none: such lists are not in footers.
                if size > 0 && matches!(kind, 1 | 2) {
                    return None;
                }
                (0..size).try_for_each(|_| self.skip(kind, depth))?;
            }
            STRUCT => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind, depth)?;
                }
            }
            _ => return None, // maps and UUIDs are not in footers
        }
        Some(())
    }

    /// The elements of a schema, which stand in a row, each with the number of those that are inside it.
    fn schema(&mut self) -> Option<()> {
        let (size, kind) = self.list()?;
        if kind != STRUCT {
            return None;
        }
        let mut open: Vec<usize> = Vec::new();
        for _ in 0..size {
            let children = self.children()?;
            if children > size {
                return None;
            }
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            if children > 0 {
                open.push(children);
            }
            while open.last() == Some(&0) {
                open.pop();
            }
            if open.len() > DEEPEST {
                return None;
            }
        }
        Some(())
    }

    /// How many elements of a schema are inside the next one.
    fn children(&mut self) -> Option<usize> {
        let (mut id, mut children) = (0, 0);
        while let Some(kind) = self.field(&mut id)? {
            if id == 5 && (4..=6).contains(&kind) {
                children = usize::try_from(self.integer()?).ok()?;
            } else {
                self.skip(kind, DEEPEST)?;
            }
        }
        Some(children)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A footer that is a schema only: elements with so many inside each.
    fn schema(children: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x29, 0xfc]; // field 2, a list of structs with its length after it
        let size = children.len();
        bytes.extend([(size & 0x7f) as u8 | 0x80, (size >> 7) as u8]);
        for n in children {
            bytes.extend([0x48, 1, b'x', 0x15, n * 2, 0]); // field 4, a name; field 5, the number
        }
        bytes.push(0);
        bytes
    }

    #[test]
    fn deep_schemas_and_claims_are_refused() {
        assert!(check(&schema(&[2, 0, 1, 0])).is_some());
        assert!(check(&schema(&[&[60][..], &[0; 60]].concat())).is_some(), "many columns are no depth");
        assert!(check(&schema(&[1; 3000])).is_none(), "a tower");
        assert!(check(&schema(&[50, 0])).is_none(), "more inside than there are");
        assert!(check(&[0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 7, 0]).is_none(), "a list longer than the file");
        let good = schema(&[1, 0]);
        assert!((0..good.len()).all(|n| check(&good[..n]).is_none()));
    }

    #[test]
    fn files_without_a_footer_say_so() {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, b"PAR1aaaaaaaaaaaaPAR1").unwrap();
        assert_eq!(bytes(&mut file, 20).unwrap_err(), "its footer is longer than the file");
        assert!(bytes(&mut file, 16).unwrap_err().contains("without a footer"));
        assert!(bytes(&mut file, 3).unwrap_err().contains("without a footer"));
    }
}
