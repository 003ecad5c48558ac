//! What a file is, by its first bytes: text formats refuse binary ones at once and say what they saw.

use crate::error::{Error, Location, Result};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Kinds of file that are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// OpenStreetMap protocol buffer.
    OsmPbf,
    /// OpenStreetMap XML, plain or packed with gzip.
    OsmXml,
    /// JSON, so GeoJSON.
    GeoJson,
    /// Anything else that is text.
    Table,
}

/// The kind of a file from its first bytes.
///
/// # Errors
/// Input, when it is missing, empty, a folder, or of a kind that is not read.
pub fn kind_of(path: &Path, shown: &str) -> Result<FileKind> {
    let meta = std::fs::metadata(path).map_err(|e| Error::io("open the file", path, &e))?;
    if !meta.is_file() {
        return Err(Error::input("this is not a regular file", "name a file").at(Location::file(shown)));
    }
    let mut head = [0u8; 512];
    let mut file = File::open(path).map_err(|e| Error::io("open the file", path, &e))?;
    let mut n = 0;
    while n < head.len() {
        match file.read(&mut head[n..]).map_err(|e| Error::io("read the file", path, &e))? {
            0 => break,
            k => n += k,
        }
    }
    let head = &head[..n];
    if is_pbf(head) {
        return Ok(FileKind::OsmPbf);
    }
    #[cfg(feature = "osm")]
    if super::osm::xml::begins(head) {
        return Ok(FileKind::OsmXml);
    }
    if let Some(refusal) = refuse_as_text(head, "GeoJSON, CSV or OSM PBF") {
        return Err(refusal.at(Location::file(shown)));
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let first = text.iter().find(|b| !b.is_ascii_whitespace());
    Ok(if matches!(first, Some(b'{' | b'[')) { FileKind::GeoJson } else { FileKind::Table })
}

/// Whether the bytes begin an OSM PBF file: a short header that names its blob `OSMHeader`.
pub fn is_pbf(head: &[u8]) -> bool {
    head.len() > 14 && head[..3] == [0, 0, 0] && head.get(4..15).is_some_and(|h| h.windows(9).any(|w| w == b"OSMHeader"))
}

/// The refusal of bytes that are no text of the kind `wanted`, if they are none.
pub fn refuse_as_text(head: &[u8], wanted: &str) -> Option<Error> {
    let seen = match head {
        [] => return Some(Error::input("the file is empty", format!("give {wanted}"))),
        [0x1f, 0x8b, ..] => "gzip (unpack it first)",
        [b'P', b'K', 3, 4, ..] => "a zip archive or an Excel workbook (unpack it, or save the sheet as CSV)",
        [0xfd, b'7', b'z', b'X', b'Z', ..] => "xz (unpack it first)",
        h if h.starts_with(b"SQLite format 3") => "SQLite or GeoPackage (export the layer as GeoJSON)",
        h if h.starts_with(b"fgb") => "FlatGeobuf (export the layer as GeoJSON)",
        h if h.starts_with(b"PAR1") => "Parquet (export the layer as GeoJSON)",
        [0, 0, 0x27, 0x0a, ..] => "a shapefile (export the layer as GeoJSON)",
        h if is_pbf(h) => "OSM PBF (name it under [osm] path)",
        h if h.starts_with(b"\xff\xfe") || h.starts_with(b"\xfe\xff") => "UTF-16 text (save it as UTF-8)",
        h if h.contains(&0) => "a binary file",
        _ => return None,
    };
    Some(Error::input(format!("the file is {seen}"), format!("give {wanted}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_kinds_are_named() {
        for (bytes, word) in [
            (&b""[..], "empty"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"PK\x03\x04", "zip"),
            (b"SQLite format 3\0", "GeoPackage"),
            (b"\0\0\x27\x0a", "shapefile"),
            (b"\xff\xfea\0", "UTF-16"),
        ] {
            assert!(refuse_as_text(bytes, "GeoJSON").unwrap().to_string().contains(word), "{word}");
        }
        assert!(refuse_as_text(b"{\"type\"", "GeoJSON").is_none());
    }
}
