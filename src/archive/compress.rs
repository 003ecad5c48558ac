//! Writes the files of an archive: each compressed by itself, several at a time, put down in the order of their names.
//!
//! A file of usual size is compressed in memory while others are; a large one is compressed as it is read, so that no file is ever in
//! memory whole. Which of the two depends on its size alone.

use crate::error::{Error, Location};
use crate::input;
use crate::read::hex;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;
use zip::write::{SimpleFileOptions, ZipFileBuilder, ZipWriter};
use zip::{CompressionMethod, DateTime, System};

/// Where the content of a file comes from.
#[derive(Debug)]
pub enum Source {
    /// Memory.
    Bytes(Vec<u8>),
    /// A file of this machine.
    File(PathBuf),
}

/// A file to be put into an archive.
#[derive(Debug)]
pub struct Entry {
    /// Its name there.
    pub name: String,
    /// Its content.
    pub source: Source,
    /// Size that it must have.
    pub bytes: u64,
    /// SHA-256 that it must have.
    pub sha256: String,
    /// Whether it is a program.
    pub executable: bool,
}

/// Files that are compressed at a time hold so many bytes, about; a larger one is compressed as it is read.
const AT_ONCE: u64 = 128 << 20;
/// From this size on the head of a file has room for larger numbers; what cannot be compressed grows a little.
const LARGE: u64 = 0xf000_0000;
/// As much as gzip does, and what most programs take as usual.
const LEVEL: i64 = 6;

/// Writes all entries, which are in the order of their names.
///
/// # Errors
/// The system's; input, when a file is not what it was when the round was made.
pub fn write(out: impl Write + Seek, entries: &[Entry]) -> io::Result<()> {
    let mut zip = ZipWriter::new(out);
    for group in groups(entries) {
        if let [one] = group
            && one.bytes > AT_ONCE
        {
            zip.start_file(&one.name, options(one))?;
            fill(one, &mut zip)?;
            continue;
        }
        let make = |e: &Entry| -> io::Result<_> {
            let mut file = ZipFileBuilder::new(&e.name, options(e))?;
            fill(e, &mut file)?;
            Ok(file.finish()?)
        };
        let made: Vec<_> = group.par_iter().map(make).collect::<io::Result<_>>()?;
        zip.add_prepared_files(made)?;
    }
    zip.finish()?.flush()
}

/// Neighbours that are compressed together.
fn groups(entries: &[Entry]) -> Vec<&[Entry]> {
    let (mut groups, mut first, mut bytes) = (Vec::new(), 0, 0u64);
    for (i, e) in entries.iter().enumerate() {
        if i > first && bytes.saturating_add(e.bytes) > AT_ONCE {
            groups.push(&entries[first..i]);
            (first, bytes) = (i, 0);
        }
        bytes = bytes.saturating_add(e.bytes);
    }
    if first < entries.len() {
        groups.push(&entries[first..]);
    }
    groups
}

/// Nothing of the day or the machine: the first day that the format knows, and the rights that files have as a rule.
fn options(e: &Entry) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(if e.executable { 0o755 } else { 0o644 })
        .large_file(e.bytes >= LARGE)
}

/// Copies the content, and looks that it is what it must be.
fn fill(e: &Entry, out: &mut impl Write) -> io::Result<()> {
    let (bytes, sha256) = match &e.source {
        Source::Bytes(text) => {
            out.write_all(text)?;
            (text.len() as u64, hex(&Sha256::digest(text)))
        }
        Source::File(path) => copy(&mut input::open(path, "open the file").map_err(io::Error::other)?, out)?,
    };
    if (bytes, sha256.as_str()) == (e.bytes, e.sha256.as_str()) {
        return Ok(());
    }
    let at = match &e.source {
        Source::File(path) => crate::error::path_text(path),
        Source::Bytes(_) => e.name.clone(),
    };
    let what = "the file was changed while the round was made: an archive of it would not be of this round";
    Err(io::Error::other(Error::input(what, "leave the inputs alone, and run again").at(Location::file(at))))
}

/// Copies to the end, and tells size and SHA-256.
pub fn copy(from: &mut impl Read, out: &mut impl Write) -> io::Result<(u64, String)> {
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 1 << 17]);
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok((bytes, hex(&hash.finalize()))),
            Ok(n) => {
                hash.update(&piece[..n]);
                out.write_all(&piece[..n])?;
                bytes += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

/// An entry with this content.
pub fn of_bytes(name: impl Into<String>, content: Vec<u8>) -> Entry {
    let (bytes, sha256) = (content.len() as u64, hex(&Sha256::digest(&content)));
    Entry { name: name.into(), source: Source::Bytes(content), bytes, sha256, executable: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn named(name: &str, bytes: u64) -> Entry {
        Entry { name: name.to_owned(), source: Source::Bytes(Vec::new()), bytes, sha256: String::new(), executable: false }
    }

    #[test]
    fn large_files_go_alone_and_small_ones_together() {
        let mb = 1 << 20;
        let list = [60, 60, 20, 500, 1, 128, 1].map(|n| named("a", n * mb));
        // 60 + 60 are 120, with 20 more than 128; 500 alone; 1 + 128 are more than 128, so 1, 128 and 1 each go alone
        let got: Vec<usize> = groups(&list).iter().map(|g| g.len()).collect();
        assert_eq!(got, [2, 1, 1, 1, 1, 1]);
        assert!(groups(&[]).is_empty());
    }

    #[test]
    fn the_bytes_depend_on_the_content_alone() {
        let entries = || [of_bytes("a.txt", b"aaaa".repeat(1000)), of_bytes("b/c.txt", Vec::new())];
        let made = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut out = Cursor::new(Vec::new());
            pool.install(|| write(&mut out, &entries())).unwrap();
            out.into_inner()
        };
        assert_eq!(made(1), made(3));
        let mut zip = zip::ZipArchive::new(Cursor::new(made(1))).unwrap();
        let first = zip.by_index(0).unwrap();
        assert_eq!((first.size(), first.unix_mode()), (4000, Some(0o100_644)));
        assert_eq!(first.last_modified(), Some(DateTime::default()));
    }

    #[test]
    fn a_file_that_changed_since_is_no_part_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, "new").unwrap();
        let then = of_bytes("inputs/a.csv", b"old".to_vec());
        let entry = Entry { source: Source::File(path), ..then };
        let refused = write(Cursor::new(Vec::new()), &[entry]).unwrap_err().downcast::<Error>().unwrap();
        assert!(refused.exit_code() == 1 && refused.what().contains("changed while the round was made"), "{refused}");
    }
}
