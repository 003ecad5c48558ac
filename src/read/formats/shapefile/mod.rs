//! Shapefiles: `.shp` with its `.dbf`, `.shx`, `.prj` and `.cpg` beside it, whatever the case of their names.
//!
//! Text is in what `.cpg` says, else the language byte of the `.dbf`, else what it looks like; a table that declares UTF-8 and is
//! none is read as what it looks like.

mod dbf;
mod rings;
mod shp;

use self::dbf::Dbf;
use self::shp::Shapes;
use super::SourceFile;
use super::code_pages::Page;
use super::text::{asked, decode_field, guess, named, sample};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::input;
use crate::issue::IssueCode;
use crate::read::beside::with_extension;
use crate::read::record::{FileCrs, Note, Place, Record, Sink};
use encoding_rs::Encoding;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// A larger `.shx` would list more shapes than are read.
const LARGEST_INDEX: u64 = 1 << 30;

/// Reads a shapefile; returns its format for the manifest.
///
/// # Errors
/// Input, when a part is missing or damaged, or shapes and rows do not match in number.
pub fn read(file: &SourceFile, how: &How<'_>, out: &mut dyn Sink) -> Result<String> {
    let at = |part: &str| Location::file(format!("{} ({part})", file.shown));
    let damaged = |part: &str, what: String| {
        Error::input(format!("the shapefile is damaged: {what}"), "write it again from its source").at(at(part))
    };
    if let Some(prj) = with_extension(&file.path, "prj").and_then(|p| small_text(&p)) {
        out.crs(&FileCrs::Wkt(prj))?;
    }
    let dbf_path = with_extension(&file.path, "dbf").ok_or_else(|| {
        Error::input("the .dbf with the attributes is missing", "keep .shp, .shx, .dbf and .prj together").at(at(".dbf"))
    })?;
    let open = |path: &Path| input::open(path, "open the file");
    let reader = BufReader::with_capacity(1 << 17, open(&dbf_path)?);
    let mut table = Dbf::open(reader).map_err(|e| damaged(".dbf", e.to_string()))?;
    let encoding = encoding_of(file, how, &dbf_path, table.language, out)?;
    table.name_columns(encoding);
    let shp = open(&file.path)?;
    let bytes = shp.metadata().map_err(|e| Error::io("open the file", &file.path, &e))?.len();
    let places = with_extension(&file.path, "shx").and_then(|p| index(&p)).filter(|list| list.len() == table.rows as usize);
    let mut shapes =
        Shapes::open(BufReader::with_capacity(1 << 17, shp), bytes, places).map_err(|e| damaged(".shp", e.to_string()))?;
    let (mut number, mut deleted) = (0, 0);
    while let Some(shape) = shapes.next() {
        number += 1;
        let place = Place { number, line: 0 };
        let geometry = shape.map_err(|e| damaged(".shp", format!("shape {number}: {e}")))?;
        if number > u64::from(table.rows) {
            return Err(damaged(".dbf", format!("it ends at row {number}, and there are more shapes")));
        }
        let mut told = Vec::new();
        let row = table.next(encoding, &mut |column, text| told.push((column.to_owned(), text.to_owned())));
        match row.map_err(|_| damaged(".dbf", format!("it ends at row {number}, and there are more shapes")))? {
            Some(columns) => {
                for (column, text) in told {
                    let what = format!("\"{text}\" stands in the number column \"{column}\"");
                    let code = IssueCode::TextInNumbers;
                    out.note(Note { code, feature: number, line: 0, field: column, what, count: 1 });
                }
                out.record(place, Ok(Record { id: None, geometry, columns }));
            }
            None => deleted += 1,
        }
    }
    if number < u64::from(table.rows) {
        return Err(damaged(".dbf", "it has more rows than there are shapes".to_owned()));
    }
    if deleted > 0 {
        let what = format!("{deleted} rows are marked as deleted, and were left out");
        out.note(Note { count: deleted, ..Note::of_file(IssueCode::DeletedRows, what) });
    }
    Ok(format!("Shapefile, {}", encoding.name()))
}

/// The encoding of the table, and a word where it is a guess.
fn encoding_of(file: &SourceFile, how: &How<'_>, dbf: &Path, language: u8, out: &mut dyn Sink) -> Result<&'static Encoding> {
    if let Some(label) = how.encoding {
        return asked(label, &file.shown);
    }
    let label = with_extension(&file.path, "cpg").and_then(|p| small_text(&p)).map(|text| text.trim().to_owned());
    // `LDID/87` in a .cpg is a language byte.
    let of_label = label.as_deref().and_then(|l| l.strip_prefix("LDID/")).and_then(|n| n.parse().ok());
    let language = of_label.unwrap_or(language);
    let cpg = label.as_deref().and_then(named);
    let page = match (&label, cpg) {
        (_, Some(_)) => None,
        (Some(label), None) if of_label.is_none() => Page::named(label).map(|page| (page, ".cpg")),
        _ => Page::of_language(language).map(|page| (page, "the language byte of the .dbf")),
    };
    if let Some((page, who)) = page {
        let head = body(dbf)?;
        // Letters of English are the same in all of them, and long text that is UTF-8 is nothing else.
        return match std::str::from_utf8(&head) {
            Ok(_) => Ok(encoding_rs::UTF_8),
            Err(_) => Err(page.refusal(who, &file.shown)),
        };
    }
    match cpg.or_else(|| dbf::language(language)) {
        Some(said) if said != encoding_rs::UTF_8 => Ok(said),
        // A table that declares UTF-8 and holds GBK is common: the bytes decide.
        said => {
            let head = body(dbf)?;
            let found = guess(&head);
            if found != encoding_rs::UTF_8 {
                out.guessed(found.name(), sample(&head, found).as_deref());
            }
            Ok(said.filter(|_| found == encoding_rs::UTF_8).unwrap_or(found))
        }
    }
}

/// What is wrong with the bytes of a part.
fn odd(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

/// Places of the shapes by the `.shx`.
fn index(path: &Path) -> Option<Vec<u64>> {
    shp::places(&input::head(path, LARGEST_INDEX).ok()?)
}

/// The rows of a .dbf, without its binary header, as much as is worth a look.
fn body(dbf: &Path) -> Result<Vec<u8>> {
    let mut file = input::open(dbf, "open the file")?;
    let (mut head, mut rows) = ([0u8; 12], Vec::new());
    if file.read_exact(&mut head).is_ok() {
        let start = SeekFrom::Start(u64::from(u16::from_le_bytes([head[8], head[9]])));
        let read = file.seek(start).and_then(|_| file.take(64 << 20).read_to_end(&mut rows));
        read.map_err(|e| Error::io("read the file", dbf, &e))?;
    }
    Ok(rows)
}

fn small_text(path: &Path) -> Option<String> {
    let bytes = input::head(path, 1 << 16).ok()?;
    Some(decode_field(&bytes).trim_start_matches('\u{feff}').to_owned())
}
