//! What a file is, by its first bytes and never by its name: text formats refuse binary ones and say what they saw.

use crate::error::{Error, Location, Result};
use crate::input;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Kinds of file that are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// OpenStreetMap protocol buffer.
    OsmPbf,
    /// OpenStreetMap XML, plain or packed with gzip.
    OsmXml,
    /// JSON: GeoJSON, newline-delimited features, Open Charge Map, OCPI.
    Json,
    /// FlatGeobuf.
    FlatGeobuf,
    /// GeoPackage (an SQLite database).
    GeoPackage,
    /// The `.shp` of a shapefile.
    Shapefile,
    /// GeoParquet.
    Parquet,
    /// An Excel or ODS workbook.
    Workbook,
    /// Anything else that is text.
    Table,
}

impl FileKind {
    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::OsmPbf => "OSM PBF",
            Self::OsmXml => "OSM XML",
            Self::Json => "JSON",
            Self::FlatGeobuf => "FlatGeobuf",
            Self::GeoPackage => "GeoPackage",
            Self::Shapefile => "Shapefile",
            Self::Parquet => "Parquet",
            Self::Workbook => "a workbook",
            Self::Table => "a text table",
        }
    }

    /// Whether `format = "…"` of a region file may name a file of this kind; `None` for an unknown word.
    pub fn is_named(self, word: &str) -> Option<bool> {
        let kind = match word {
            "geojson" | "geojsonl" | "ocm" | "ocpi" => Self::Json,
            // What the columns mean, in whatever file they come.
            "afdc" | "irve" | "bnetza" | "fields" => return Some(!matches!(self, Self::OsmPbf | Self::OsmXml)),
            "csv" => Self::Table,
            "flatgeobuf" | "fgb" => Self::FlatGeobuf,
            "geopackage" | "gpkg" => Self::GeoPackage,
            "shapefile" | "shp" => Self::Shapefile,
            "geoparquet" | "parquet" => Self::Parquet,
            "workbook" | "excel" | "xlsx" | "xls" | "xlsb" | "ods" => Self::Workbook,
            _ => return None,
        };
        Some(kind == self)
    }
}

/// The kind of a file from its first bytes.
///
/// # Errors
/// Input, when it is missing, empty, a folder, or of a kind that is not read.
pub fn kind_of(path: &Path, shown: &str) -> Result<FileKind> {
    let head = input::head(path, 512)?;
    let kind = match head.as_slice() {
        h if is_pbf(h) => FileKind::OsmPbf,
        #[cfg(feature = "osm")]
        h if crate::read::osm::xml::begins(h) => FileKind::OsmXml,
        h if h.starts_with(b"fgb\x03fgb") => FileKind::FlatGeobuf,
        h if h.starts_with(b"SQLite format 3\0") => FileKind::GeoPackage,
        h if h.starts_with(b"\0\0\x27\x0a") => FileKind::Shapefile,
        h if h.starts_with(b"PAR1") => FileKind::Parquet,
        h if h.starts_with(OLD_OFFICE) => FileKind::Workbook,
        h if h.starts_with(b"PK\x03\x04") && holds_sheets(path)? => FileKind::Workbook,
        h => {
            if let Some(refusal) = refuse_as_text(h) {
                return Err(refusal.at(Location::file(shown)));
            }
            // UTF-16 is ASCII with noughts between as far as the first sign goes.
            let text = h.strip_prefix(b"\xef\xbb\xbf").unwrap_or(h);
            let first = text.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0 | 0xff | 0xfe));
            if matches!(first, Some(b'{' | b'[' | 0x1e)) { FileKind::Json } else { FileKind::Table }
        }
    };
    Ok(kind)
}

/// Whether the bytes begin an OSM PBF file: a short header that names its blob `OSMHeader`.
pub fn is_pbf(head: &[u8]) -> bool {
    head.len() > 14 && head[..3] == [0, 0, 0] && head.get(4..15).is_some_and(|h| h.windows(9).any(|w| w == b"OSMHeader"))
}

/// The refusal of bytes that are no text, if they are none.
fn refuse_as_text(head: &[u8]) -> Option<Error> {
    let (seen, next) = match head {
        h if begins_late(h) => (
            "a zip archive with bytes before it that do not belong there",
            "fetch it again from its source: it was damaged on its way",
        ),
        [] => ("empty", "give a file with content"),
        [0x1f, 0x8b, ..] => ("gzip", "unpack it first"),
        [b'P', b'K', 3, 4, ..] => ("a zip archive and no workbook", "unpack it first"),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => ("xz", "unpack it first"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => ("zstd", "unpack it first"),
        h if h.starts_with(b"fgb") => ("FlatGeobuf of another version", "write it again with GDAL 3.1 or later"),
        h if h.starts_with(b"%PDF") => ("PDF", "export the data themselves"),
        h if h.starts_with(b"\xff\xfe") || h.starts_with(b"\xfe\xff") => return None, // UTF-16 text
        h if h.contains(&0) => ("a binary file of unknown kind", KINDS),
        _ => return None,
    };
    Some(Error::input(format!("the file is {seen}"), next))
}

/// Whether a zip archive begins behind its first byte. No text has these four signs.
pub fn begins_late(head: &[u8]) -> bool {
    head.windows(4).skip(1).any(|w| w == b"PK\x03\x04") && !head.starts_with(b"PK\x03\x04")
}

const KINDS: &str = "give GeoJSON, FlatGeobuf, GeoPackage, a shapefile, CSV, a workbook or OSM PBF";

/// How XLS workbooks begin, and other files of old office programs; the reader tells them apart.
const OLD_OFFICE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
/// The list of a zip archive's parts lies in so many last bytes of it.
const LIST_OF_PARTS: u64 = 1 << 20;

/// Whether a zip archive is a workbook: by the list of its parts, at its end.
fn holds_sheets(path: &Path) -> Result<bool> {
    let fail = |e: std::io::Error| Error::io("read the file", path, &e);
    let mut file = input::open(path, "open the file")?;
    let size = file.metadata().map_err(fail)?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(LIST_OF_PARTS))).map_err(fail)?;
    let mut tail = Vec::new();
    file.take(LIST_OF_PARTS).read_to_end(&mut tail).map_err(fail)?;
    let lists = |part: &[u8]| tail.windows(part.len()).any(|w| w == part);
    Ok(lists(b"xl/workbook.") || (lists(b"content.xml") && lists(b"mimetype")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_go_by_content() {
        let file = tempfile::Builder::new().suffix(".geojson").tempfile().unwrap();
        for (bytes, want) in [
            (&b"fgb\x03fgb\x00rest"[..], FileKind::FlatGeobuf),
            (b"SQLite format 3\0rest", FileKind::GeoPackage),
            (b"\0\0\x27\x0arest", FileKind::Shapefile),
            (b"\xef\xbb\xbf {\"type\"", FileKind::Json),
            (b"\x1e{\"type\"", FileKind::Json),
            (b"id,lon,lat\n", FileKind::Table),
        ] {
            std::fs::write(file.path(), bytes).unwrap();
            assert_eq!(kind_of(file.path(), "x").unwrap(), want);
        }
        for (bytes, word) in [
            (&b""[..], "empty"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"PK\x03\x04", "zip"),
            (b"%PDF-1.7", "PDF"),
            (b"\x00\x01\x02", "binary"),
            (b"\nPK\x03\x04\x14\x00", "zip archive with bytes before it"),
            (b"\xff\xfePK\x03\x04\x14\x00", "zip archive with bytes before it"),
        ] {
            std::fs::write(file.path(), bytes).unwrap();
            assert!(kind_of(file.path(), "x").unwrap_err().to_string().contains(word), "{word}");
        }
    }
}
