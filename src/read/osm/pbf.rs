//! A PBF file as a row of blobs (wiki: PBF Format, "File format"): where they are, and their inflated content.
//!
//! Blobs are inflated and decoded in parallel, a batch at a time, and handed on in the order of the file. What each
//! blob holds is noted when it is first decoded, so a later pass opens only those that it needs.

use super::block;
use super::damaged;
use super::element::{Element, Kinds};
use super::wire::{Value, Wire, field};
use crate::error::{Error, Location, Result};
use flate2::{Decompress, FlushDecompress, Status};
use rayon::prelude::*;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Largest header of a blob, bytes (the format's own limit).
const MOST_HEADER: u32 = 64 << 10;
/// Largest blob, bytes, packed as well as inflated (the format's own limit).
const MOST_BLOB: usize = 32 << 20;
/// A batch ends at this many blobs, or when they inflate to [`BATCH_BYTES`].
const BATCH_BLOBS: usize = 64;
const BATCH_BYTES: usize = 64 << 20;
/// Nothing that deflate packs grows by more than this when inflated.
const MOST_RATIO: usize = 1032;
/// Features of a file that a reader has to know, and that are known here.
const FEATURES: &[&str] = &["OsmSchema-V0.6", "DenseNodes"];

/// A PBF file and its blobs.
#[derive(Debug)]
pub struct PbfFile {
    path: PathBuf,
    at: Location,
    file: File,
    blobs: Vec<Blob>,
}

/// Where a blob is and what it holds, as far as that is known.
#[derive(Debug)]
struct Blob {
    offset: u64,
    len: usize,
    header: bool,
    held: Kinds,
}

impl PbfFile {
    /// Opens a file and looks where its blobs are; decodes none.
    ///
    /// # Errors
    /// Input, when it is cut short or a blob is larger than the format allows.
    pub fn open(path: &Path, at: &Location) -> Result<Self> {
        let io = |e: std::io::Error| Error::io("read the file", path, &e);
        let mut file = File::open(path).map_err(|e| Error::io("open the file", path, &e))?;
        let size = file.metadata().map_err(io)?.len();
        let (mut blobs, mut next) = (Vec::new(), 0u64);
        let mut head = Vec::new();
        while next < size {
            file.seek(SeekFrom::Start(next)).map_err(io)?;
            let mut len = [0; 4];
            read_all(&mut file, &mut len, path, at)?;
            let len = u32::from_be_bytes(len);
            if len > MOST_HEADER {
                return Err(damaged("the header of a block is larger than the format allows", at));
            }
            head.resize(len as usize, 0);
            read_all(&mut file, &mut head, path, at)?;
            let (kind, len_of_blob) = blob_header(&head).map_err(|e| damaged(e, at))?;
            let offset = next + 4 + u64::from(len);
            next = offset + len_of_blob as u64;
            if next > size {
                return Err(damaged("the last block is not whole", at));
            }
            match kind {
                "OSMHeader" | "OSMData" => {
                    blobs.push(Blob { offset, len: len_of_blob, header: kind == "OSMHeader", held: Kinds::ALL });
                }
                _ => {} // the format has readers pass over others
            }
        }
        Ok(Self { path: path.to_owned(), at: at.clone(), file, blobs })
    }

    /// Reads every element of the kinds `want`: each blob to a part of its own, the parts joined in the order of the file.
    ///
    /// # Errors
    /// Input, when a blob cannot be decoded or needs what is not known here.
    pub fn fold<T: Default + Send>(
        &mut self,
        want: Kinds,
        read: impl Fn(Element<'_>, &mut T) + Sync,
        mut join: impl FnMut(T),
    ) -> Result<()> {
        let mut next = 0;
        loop {
            let batch = self.batch(&mut next, want)?;
            if batch.is_empty() {
                return Ok(());
            }
            let parts: Vec<Wire<(T, Kinds)>> = batch
                .par_iter()
                .map_init(Inflater::default, |inflater, (i, bytes)| {
                    let data = inflater.content(bytes)?;
                    if self.blobs[*i].header {
                        check_features(data)?;
                        return Ok((T::default(), Kinds::default()));
                    }
                    let mut part = T::default();
                    let held = block::elements(data, want, &mut |e| read(e, &mut part))?;
                    Ok((part, held))
                })
                .collect();
            for ((i, _), part) in batch.iter().zip(parts) {
                let (part, held) = part.map_err(|e| damaged(e, &self.at))?;
                self.blobs[*i].held = held;
                join(part);
            }
        }
    }

    /// The next blobs that may hold the kinds `want`, packed, with their numbers.
    fn batch(&mut self, next: &mut usize, want: Kinds) -> Result<Vec<(usize, Vec<u8>)>> {
        let (mut out, mut inflated) = (Vec::new(), 0);
        while *next < self.blobs.len() && out.len() < BATCH_BLOBS && inflated < BATCH_BYTES {
            let (i, blob) = (*next, &self.blobs[*next]);
            *next += 1;
            if !blob.held.meets(want) {
                continue;
            }
            let mut bytes = vec![0; blob.len];
            self.file.seek(SeekFrom::Start(blob.offset)).map_err(|e| Error::io("read the file", &self.path, &e))?;
            read_all(&mut self.file, &mut bytes, &self.path, &self.at)?;
            inflated += payload(&bytes).map_err(|e| damaged(e, &self.at))?.size();
            out.push((i, bytes));
        }
        Ok(out)
    }
}

fn read_all(file: &mut File, bytes: &mut [u8], path: &Path, at: &Location) -> Result<()> {
    file.read_exact(bytes).map_err(|e| match e.kind() {
        std::io::ErrorKind::UnexpectedEof => damaged("it ends inside a block", at),
        _ => Error::io("read the file", path, &e),
    })
}

/// Kind and length of the blob that follows.
fn blob_header(mut head: &[u8]) -> Wire<(&str, usize)> {
    let (mut kind, mut len) = (None, None);
    while let Some((number, value)) = field(&mut head)? {
        match (number, value) {
            (1, Value::Bytes(text)) => kind = std::str::from_utf8(text).ok(),
            (3, Value::Number(v)) => len = usize::try_from(v).ok(),
            _ => {}
        }
    }
    match (kind, len) {
        (Some(_), Some(len)) if len > MOST_BLOB => Err("a block is larger than the format allows"),
        (Some(kind), Some(len)) => Ok((kind, len)),
        _ => Err("the header of a block is incomplete"),
    }
}

/// The content of a blob as it lies in the file.
enum Payload<'a> {
    Raw(&'a [u8]),
    Zlib(&'a [u8], usize),
}

impl Payload<'_> {
    /// Inflated size in bytes.
    fn size(&self) -> usize {
        match self {
            Self::Raw(bytes) => bytes.len(),
            Self::Zlib(_, size) => *size,
        }
    }
}

fn payload(mut blob: &[u8]) -> Wire<Payload<'_>> {
    let (mut size, mut found) = (None, None);
    while let Some((number, value)) = field(&mut blob)? {
        match (number, value) {
            (1, Value::Bytes(bytes)) => found = Some((bytes, false)),
            (2, Value::Number(v)) => size = Some(usize::try_from(v).unwrap_or(usize::MAX)),
            (3, Value::Bytes(bytes)) => found = Some((bytes, true)),
            (4..=7, Value::Bytes(_)) => {
                return Err(
                    "its blocks are packed with lzma, bzip2, lz4 or zstd (`osmium cat in.osm.pbf -o out.osm.pbf` writes zlib)",
                );
            }
            _ => {}
        }
    }
    match (found, size) {
        (Some((bytes, false)), _) => Ok(Payload::Raw(bytes)),
        (Some((_, true)), Some(size)) if size > MOST_BLOB => Err("a block inflates to more than the format allows"),
        (Some((bytes, true)), Some(size)) if size / MOST_RATIO > bytes.len() => Err("a block cannot inflate to what it says"),
        (Some((bytes, true)), Some(size)) => Ok(Payload::Zlib(bytes, size)),
        (Some(_), None) => Err("a block does not say what it inflates to"),
        (None, _) => Err("a block has no content"),
    }
}

/// Inflates blobs into one buffer that is used again.
struct Inflater {
    zlib: Decompress,
    out: Vec<u8>,
}

impl Default for Inflater {
    fn default() -> Self {
        Self { zlib: Decompress::new(true), out: Vec::new() }
    }
}

impl Inflater {
    /// The content of a blob: exactly as long as it says, or an error; never more is held.
    fn content<'a>(&'a mut self, blob: &'a [u8]) -> Wire<&'a [u8]> {
        let (bytes, size) = match payload(blob)? {
            Payload::Raw(bytes) => return Ok(bytes),
            Payload::Zlib(bytes, size) => (bytes, size),
        };
        self.zlib.reset(true);
        self.out.resize(size, 0);
        let end = self.zlib.decompress(bytes, &mut self.out, FlushDecompress::Finish);
        match end {
            Ok(Status::StreamEnd) if self.zlib.total_out() == size as u64 => Ok(&self.out),
            Ok(Status::StreamEnd) => Err("a block inflates to less than it says"),
            Ok(_) => Err("a block is not whole, or inflates to more than it says"),
            Err(_) => Err("a block cannot be inflated"),
        }
    }
}

/// Refuses a file that needs of its reader what is not known here, as the format demands.
fn check_features(mut header: &[u8]) -> Wire<()> {
    while let Some((number, value)) = field(&mut header)? {
        match (number, value) {
            (4, Value::Bytes(b"HistoricalInformation")) => {
                return Err("it is a history file (`osmium time-filter` makes an extract of one day)");
            }
            (4, Value::Bytes(name)) if !FEATURES.iter().any(|f| f.as_bytes() == name) => {
                return Err("it needs of its reader a feature that is not known");
            }
            _ => {}
        }
    }
    Ok(())
}
