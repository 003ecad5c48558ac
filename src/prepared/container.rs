//! A file of numbered sections: flat tables that start at multiples of 64 bytes, each with its checksum.
//!
//! ```text
//! 0   8  signature          16  4  byte order      24  4  CRC-32 of the table of sections
//! 8   4  format version     20  4  sections        32     per section: number u32, CRC-32 u32, offset u64, bytes u64
//! ```
//!
//! Numbers stand as the writing machine holds them (little end first), so that a section can be mapped or read into place
//! without a look at each number. It knows nothing of what the sections mean.

use crate::error::{Error, Location, Result, path_text};
use crate::input;
use bytemuck::{AnyBitPattern, NoUninit, cast_slice};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// How such a file begins. A transfer as text changes the line ends in it.
pub const SIGNATURE: &[u8; 8] = b"\x89CGAP\r\n\x1a";
/// Version of the sections' meaning.
pub const FORMAT: u32 = 1;

const BYTE_ORDER: u32 = 0x0a0b_0c0d;
const HEAD: usize = 32;
const ENTRY: usize = 24;
const ALIGN: usize = 64;
/// More sections than any version has.
const MOST_SECTIONS: usize = 64;

/// A file to be written.
#[derive(Default)]
pub struct Writer<'a>(Vec<(u32, &'a [u8])>);

impl<'a> Writer<'a> {
    /// Adds a section.
    pub fn add<T: NoUninit>(&mut self, number: u32, rows: &'a [T]) {
        self.0.push((number, cast_slice(rows)));
    }

    /// Writes all sections.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut entries = Vec::with_capacity(self.0.len() * ENTRY);
        let mut offset = aligned(HEAD + self.0.len() * ENTRY);
        for (number, bytes) in &self.0 {
            entries.extend(number.to_le_bytes());
            entries.extend(crc32fast::hash(bytes).to_le_bytes());
            entries.extend((offset as u64).to_le_bytes());
            entries.extend((bytes.len() as u64).to_le_bytes());
            offset = aligned(offset + bytes.len());
        }
        let mut head = SIGNATURE.to_vec();
        head.extend(FORMAT.to_le_bytes());
        head.extend(0u32.to_le_bytes());
        head.extend(BYTE_ORDER.to_ne_bytes());
        head.extend((self.0.len() as u32).to_le_bytes());
        head.extend(crc32fast::hash(&entries).to_le_bytes());
        head.extend(0u32.to_le_bytes());
        head.extend(entries);
        out.write_all(&head)?;
        let mut at = head.len();
        for (_, bytes) in &self.0 {
            out.write_all(&[0; ALIGN][..aligned(at) - at])?;
            out.write_all(bytes)?;
            at = aligned(at) + bytes.len();
        }
        out.write_all(&[0; ALIGN][..aligned(at) - at])
    }
}

fn aligned(offset: usize) -> usize {
    offset.next_multiple_of(ALIGN)
}

/// A file that was opened and whose table of sections is whole.
pub struct Reader {
    file: File,
    sections: Vec<(u32, u32, u64, u64)>,
    at: Location,
}

impl Reader {
    /// Opens a file and checks its head and its length.
    ///
    /// # Errors
    /// Input, saying whether it is foreign, of another version, cut or damaged.
    pub fn open(path: &Path) -> Result<Self> {
        let at = Location::file(path_text(path));
        let mut file = input::open(path, "open the prepared region")?;
        let length = file.metadata().map_err(|e| Error::io("open the prepared region", path, &e))?.len();
        let mut head = [0u8; HEAD];
        file.read_exact(&mut head).map_err(|_| damaged("it is shorter than its head", &at))?;
        let number = |i: usize| u32::from_le_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]);
        if head[..8] != *SIGNATURE {
            return Err(refused("this is no prepared region", "give a file that `chargegap prepare` wrote", &at));
        }
        if head[16..20] != BYTE_ORDER.to_ne_bytes() {
            return Err(refused("the prepared region is of a machine with another byte order", AGAIN, &at));
        }
        if number(8) != FORMAT {
            let what = format!("the prepared region has format {}, and this program reads format {FORMAT}", number(8));
            return Err(refused(&what, AGAIN, &at));
        }
        let count = number(20) as usize;
        if count > MOST_SECTIONS {
            return Err(damaged("its head is wrong", &at));
        }
        let mut entries = vec![0u8; count * ENTRY];
        file.read_exact(&mut entries).map_err(|_| damaged("it is shorter than its head", &at))?;
        if crc32fast::hash(&entries) != number(24) {
            return Err(damaged("its head is wrong", &at));
        }
        let sections: Vec<_> = entries.chunks_exact(ENTRY).map(entry).collect();
        let ends = sections.iter().map(|(_, _, offset, bytes)| offset.checked_add(*bytes));
        let end = ends.map(|e| e.unwrap_or(u64::MAX)).max().unwrap_or(0);
        if end.checked_next_multiple_of(ALIGN as u64) != Some(length) {
            return Err(damaged("it is cut short, or something stands behind its end", &at));
        }
        Ok(Self { file, sections, at })
    }

    /// Reads a section into rows.
    ///
    /// # Errors
    /// Input, when it is not there, of another size, or damaged.
    pub fn read<T: AnyBitPattern + NoUninit>(&mut self, number: u32) -> Result<Vec<T>> {
        let found = self.sections.iter().find(|s| s.0 == number);
        let &(_, crc, offset, bytes) = found.ok_or_else(|| damaged("a section is missing", &self.at))?;
        // The length was held against that of the file, so a lie cannot make this large.
        let bytes = usize::try_from(bytes).map_err(|_| damaged("a section is too large", &self.at))?;
        if !bytes.is_multiple_of(size_of::<T>()) {
            return Err(damaged("a section has another size than its rows", &self.at));
        }
        let mut rows = vec![T::zeroed(); bytes / size_of::<T>()];
        let into: &mut [u8] = bytemuck::cast_slice_mut(&mut rows);
        let done = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.read_exact(into));
        done.map_err(|_| damaged("it cannot be read to its end", &self.at))?;
        if crc32fast::hash(into) != crc {
            return Err(damaged("a section does not have its checksum", &self.at));
        }
        Ok(rows)
    }
}

fn entry(bytes: &[u8]) -> (u32, u32, u64, u64) {
    let four = |i: usize| u32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]);
    let eight = |i: usize| u64::from(four(i)) | u64::from(four(i + 4)) << 32;
    (four(0), four(4), eight(8), eight(16))
}

/// What helps against most of it.
pub const AGAIN: &str = "write it again: `chargegap prepare INPUT -o FILE --overwrite`";

/// A refusal of the file.
pub fn refused(what: &str, next: &str, at: &Location) -> Error {
    Error::input(what, next).at(at.clone())
}

/// The refusal of a file that is not as it was written.
pub fn damaged(why: &str, at: &Location) -> Error {
    refused(&format!("the prepared region is damaged: {why}"), AGAIN, at)
}
