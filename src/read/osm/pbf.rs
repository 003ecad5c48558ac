//! A PBF file as a row of blobs (wiki: PBF Format, "File format"): where they are, and their inflated content.
//!
//! Blobs are inflated and decoded in parallel, a batch at a time, and handed on in the order of the file. What each
//! blob holds is noted when it is first decoded, so a later pass opens only those that it needs.

use super::block;
use super::damaged;
use super::element::{Element, Kinds};
use super::wire::{Wire, WireValue, field};
use crate::error::{Error, Location, Result};
use crate::input;
use crate::read::date::{Day, of_seconds};
use flate2::{Decompress, FlushDecompress, Status};
use rayon::prelude::*;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Largest header of a blob, bytes (the format's own limit).
const MOST_HEADER: u32 = 64 << 10;
/// Largest blob, bytes, packed as well as inflated (the format's own limit).
const MOST_BLOB: usize = 32 << 20;
/// A batch ends at this many blobs a thread, or when they inflate to [`BATCH_BYTES`].
const BATCH_BLOBS: usize = 8;
const BATCH_BYTES: usize = 32 << 20;
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
    size: u64,
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
        let mut file = input::open(path, "open the file")?;
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
        Ok(Self { path: path.to_owned(), at: at.clone(), file, size, blobs })
    }

    /// Size of the file in bytes.
    pub fn bytes(&self) -> u64 {
        self.size
    }

    /// The day up to which the data are complete (`osmosis_replication_timestamp` of the header), where the file says it.
    pub fn day(&mut self) -> Option<Day> {
        let blob = self.blobs.iter().find(|b| b.header)?;
        let mut bytes = vec![0; blob.len];
        self.file.seek(SeekFrom::Start(blob.offset)).ok()?;
        self.file.read_exact(&mut bytes).ok()?;
        let mut inflater = Inflater::default();
        let mut header = inflater.content(&bytes).ok()?;
        while let Some((number, value)) = field(&mut header).ok()? {
            if let (32, WireValue::Number(seconds)) = (number, value) {
                return of_seconds(seconds as i64);
            }
        }
        None
    }

    /// Reads every element of the kinds `want`: each blob to a part of its own, the parts joined in the order of the file.
    ///
    /// # Errors
    /// Input, when a blob cannot be decoded or needs what is not known here.
    pub fn fold<T: Default + Send>(
        &mut self,
        want: Kinds,
        read: impl Fn(Element<'_>, &mut T) + Sync,
        mut join: impl FnMut(T) -> Result<()>,
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
            for ((i, bytes), part) in batch.iter().zip(parts) {
                let (part, held) = part.map_err(|e| match unknown_feature(bytes).filter(|_| self.blobs[*i].header) {
                    Some(name) => damaged(format!("{e}: \"{name}\""), &self.at),
                    None => damaged(e, &self.at),
                })?;
                self.blobs[*i].held = held;
                join(part)?;
            }
        }
    }

    /// The next blobs that may hold the kinds `want`, packed, with their numbers.
    fn batch(&mut self, next: &mut usize, want: Kinds) -> Result<Vec<(usize, Vec<u8>)>> {
        let (mut out, mut inflated) = (Vec::new(), 0);
        let most = BATCH_BLOBS * rayon::current_num_threads();
        while *next < self.blobs.len() && out.len() < most && inflated < BATCH_BYTES {
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
            (1, WireValue::Bytes(text)) => kind = std::str::from_utf8(text).ok(),
            (3, WireValue::Number(v)) => len = usize::try_from(v).ok(),
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
            (1, WireValue::Bytes(bytes)) => found = Some((bytes, false)),
            (2, WireValue::Number(v)) => size = Some(usize::try_from(v).unwrap_or(usize::MAX)),
            (3, WireValue::Bytes(bytes)) => found = Some((bytes, true)),
            (4..=7, WireValue::Bytes(_)) => {
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

/// The first feature that a header asks for and that is not known here.
fn unknown_feature(blob: &[u8]) -> Option<String> {
    let mut inflater = Inflater::default();
    let mut header = inflater.content(blob).ok()?;
    while let Some((number, value)) = field(&mut header).ok()? {
        match (number, value) {
            (4, WireValue::Bytes(name)) if !FEATURES.iter().any(|f| f.as_bytes() == name) => {
                return Some(String::from_utf8_lossy(name).chars().take(60).collect());
            }
            _ => {}
        }
    }
    None
}

/// Refuses a file that needs of its reader what is not known here, as the format demands.
fn check_features(mut header: &[u8]) -> Wire<()> {
    while let Some((number, value)) = field(&mut header)? {
        match (number, value) {
            (4, WireValue::Bytes(b"HistoricalInformation")) => {
                return Err("it is a history file (`osmium time-filter` makes an extract of one day)");
            }
            (4, WireValue::Bytes(name)) if !FEATURES.iter().any(|f| f.as_bytes() == name) => {
                return Err("it needs of its reader a feature that is not known");
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::osm::forge;
    use std::io::Write;

    const USUAL: &[&str] = &["OsmSchema-V0.6", "DenseNodes"];

    /// Reads a file made by hand; its elements as text, a set of kinds at a time.
    fn read(bytes: &[u8], passes: &[Kinds]) -> Result<Vec<String>> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut pbf = PbfFile::open(file.path(), &Location::file("x.osm.pbf"))?;
        let mut out = Vec::new();
        for want in passes {
            pbf.fold(
                *want,
                |e, part: &mut Vec<String>| part.push(format!("{e:?}")),
                |part| {
                    out.extend(part);
                    Ok(())
                },
            )?;
        }
        Ok(out)
    }

    fn refusal(bytes: &[u8]) -> String {
        read(bytes, &[Kinds::ALL]).unwrap_err().to_string()
    }

    /// A group of one node (id 7 at 4° E, 54° N), a group of one way, and a group of one relation.
    fn mixed() -> Vec<u8> {
        let node = [
            forge::number(1, forge::zigzag(7)),
            forge::packed(2, &[1]),
            forge::packed(3, &[2]),
            forge::number(8, forge::zigzag(540_000_000)),
            forge::number(9, forge::zigzag(40_000_000)),
        ];
        let way = [forge::number(1, 8), forge::packed(2, &[3]), forge::packed(3, &[4]), forge::deltas(8, &[7, 9, 5])];
        let relation = [forge::number(1, 9), forge::packed(8, &[5]), forge::deltas(9, &[8]), forge::packed(10, &[1])];
        let groups = [forge::bytes(1, &node.concat()), forge::bytes(3, &way.concat()), forge::bytes(4, &relation.concat())];
        forge::block(&["place", "town", "highway", "primary", "outer"], &groups)
    }

    #[test]
    fn a_block_may_hold_every_kind_and_a_later_pass_finds_it_again() {
        let seen = read(&forge::one_block(&mixed()), &[Kinds::RELATIONS, Kinds::WAYS, Kinds::NODES]).unwrap();
        assert_eq!(
            seen,
            [
                r#"Relation { id: 9, members: [RelationMember { id: 8, kind: Way, role: "outer" }], tags: TagList([]) }"#,
                r#"Way { id: 8, refs: [7, 9, 5], tags: TagList([("highway", "primary")]) }"#,
                r#"Node { id: 7, e7: (40000000, 540000000), tags: TagList([("place", "town")]) }"#,
            ]
        );
    }

    #[test]
    fn dense_nodes_have_their_granularity_offset_and_tags() {
        // granularity 1000 nanodegrees = 10 units of 1e-7; offset 1 degree of latitude
        let dense = [
            forge::deltas(1, &[5, 3]),
            forge::deltas(8, &[100, 200]),
            forge::deltas(9, &[-1, 40]),
            forge::packed(10, &[0, 1, 2, 0]),
        ];
        let mut block = forge::block(&["place", "town"], &[forge::bytes(2, &dense.concat())]);
        block.extend([forge::number(17, 1000), forge::number(19, 1_000_000_000)].concat());
        assert_eq!(
            read(&forge::one_block(&block), &[Kinds::NODES]).unwrap(),
            [
                r#"Node { id: 5, e7: (-10, 10001000), tags: TagList([]) }"#,
                r#"Node { id: 3, e7: (400, 10002000), tags: TagList([("place", "town")]) }"#,
            ]
        );
    }

    #[test]
    fn positions_inside_ways_are_nodes() {
        // feature LocationsOnWays: nodes 7 and 9 at 4° E, 54° N and 0.1° east of it
        let way = |lats: &[i64]| {
            let parts = [
                forge::number(1, 8),
                forge::deltas(8, &[7, 9]),
                forge::deltas(9, lats),
                forge::deltas(10, &[40_000_000, 41_000_000]),
            ];
            forge::one_block(&forge::block(&[], &[forge::bytes(3, &parts.concat())]))
        };
        let located = way(&[540_000_000, 540_000_000]);
        let want = [
            "Way { id: 8, refs: [7, 9], tags: TagList([]) }",
            "Node { id: 7, e7: (40000000, 540000000), tags: TagList([]) }",
            "Node { id: 9, e7: (41000000, 540000000), tags: TagList([]) }",
        ];
        assert_eq!(read(&located, &[Kinds::RELATIONS, Kinds::WAYS, Kinds::NODES]).unwrap(), want);
        assert!(refusal(&way(&[540_000_000])).contains("more positions than nodes"));
    }

    #[test]
    fn blocks_that_lie_about_their_size_are_refused() {
        let content = vec![0u8; 100_000];
        let with = |says: u64| refusal(&forge::file(USUAL, &[forge::zlib_blob(&content, says)]));
        assert!(with(33 << 20).contains("inflates to more than the format allows"));
        assert!(with(u64::MAX).contains("inflates to more than the format allows"));
        assert!(with(16 << 20).contains("cannot inflate to what it says")); // 100 kB of zeros pack to under 1 kB
        assert!(with(99_999).contains("inflates to more than it says"));
        assert!(with(100_001).contains("inflates to less than it says"));
        let silent = forge::bytes(3, &forge::zlib(&content));
        assert!(refusal(&forge::file(USUAL, &[silent])).contains("does not say"));
    }

    #[test]
    fn frames_larger_than_the_format_or_the_file_are_refused() {
        let start = forge::file(USUAL, &[]);
        let and = |rest: &[u8]| refusal(&[&start[..], rest].concat());
        assert!(and(&[0x7f, 0xff, 0xff, 0xff]).contains("header of a block is larger"));
        let frame = |len: u64| {
            let header = [forge::bytes(1, b"OSMData"), forge::number(3, len)].concat();
            [&(header.len() as u32).to_be_bytes()[..], &header].concat()
        };
        assert!(and(&frame(40 << 20)).contains("larger than the format allows"));
        assert!(and(&frame(u64::MAX)).contains("larger than the format allows")); // a negative length
        assert!(and(&frame(1000)).contains("not whole"));
        assert!(and(&[0, 0]).contains("ends inside a block"));
    }

    #[test]
    fn the_day_of_the_data_stands_in_the_header() {
        let of = |header: &[u8]| {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(&forge::framed("OSMHeader", &forge::zlib_blob(header, header.len() as u64))).unwrap();
            PbfFile::open(file.path(), &Location::file("x.osm.pbf")).unwrap().day()
        };
        // 1,750,000,000 seconds after 1970 are 15 June 2025
        let features = forge::bytes(4, b"OsmSchema-V0.6");
        assert_eq!(of(&[features.clone(), forge::number(32, 1_750_000_000)].concat()), Some((2025, 6, 15)));
        assert_eq!((of(&features), of(&forge::number(32, u64::MAX)), of(b"\xff")), (None, None, None));
    }

    #[test]
    fn what_a_reader_must_know_and_does_not_is_named() {
        assert!(refusal(&forge::file(&["OsmSchema-V0.6", "HistoricalInformation"], &[])).contains("history file"));
        assert!(refusal(&forge::file(&["Teleportation"], &[])).contains("feature that is not known"));
        let zstd = [forge::number(2, 10), forge::bytes(7, b"whatever")].concat();
        assert!(refusal(&forge::file(USUAL, &[zstd])).contains("osmium cat"));
    }

    #[test]
    fn elements_that_contradict_themselves_are_errors() {
        let with = |field: u64, parts: &[Vec<u8>]| {
            let block = forge::block(&["a"], &[forge::bytes(field, &parts.concat())]);
            refusal(&forge::one_block(&block))
        };
        let id = forge::number(1, 1);
        let odd_member = [id.clone(), forge::packed(8, &[1]), forge::deltas(9, &[1]), forge::packed(10, &[77])];
        assert!(with(4, &odd_member).contains("no node, way or relation"));
        assert!(with(4, &[id.clone(), forge::deltas(9, &[1])]).contains("more roles than members"));
        assert!(with(3, &[id.clone(), forge::packed(2, &[1]), forge::packed(3, &[99])]).contains("not in its block"));
        assert!(with(3, &[id, forge::packed(2, &[1])]).contains("more keys than values"));
        assert!(with(3, &[forge::deltas(8, &[1])]).contains("no id"));
        assert!(with(2, &[forge::deltas(1, &[1, 2]), forge::deltas(8, &[1])]).contains("more ids than positions"));
    }
}
