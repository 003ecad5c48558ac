//! File formats: each hands out its records one at a time, positions brought to WGS 84 degrees on the way.
//!
//! What a record means for a layer is not known here. The format goes by content, never by the file's name.

mod blank;
pub(crate) mod cell_geometry;
pub mod code_pages;
pub mod flatgeobuf;
pub mod geojson;
#[cfg(feature = "gpkg")]
pub mod geopackage;
#[cfg(feature = "parquet")]
pub mod geoparquet;
pub mod json;
pub mod lines;
mod repeats;
pub mod shapefile;
pub mod sheet;
pub mod sniff;
pub mod table;
pub mod text;
#[cfg(feature = "xlsx")]
pub mod workbook;

use self::sniff::FileKind;
use super::crs::System;
use super::fields::FieldMap;
use super::geometry::map_positions;
use super::record::{Fault, FileCrs, Note, Place, Record, Sink};
use crate::config::How;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::Datum;
use std::path::PathBuf;

/// A file of a layer: where it is, and how it is named to people.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// From where the program stands.
    pub path: PathBuf,
    /// As written in the region file.
    pub shown: String,
}

/// What a file turned out to be, for the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Format and, of text, encoding.
    pub format: String,
    /// Coordinate system and datum, and who said so.
    pub crs: String,
}

/// Told every record with its place.
pub type Each<'f> = dyn FnMut(Place, std::result::Result<Record, Fault>, &mut Issues) + 'f;

/// Reads a file record by record. `columns` finds positions in tables; `wanted` are the columns it must have.
///
/// # Errors
/// Usage, when the region file asks for what makes no sense; input, when the file cannot be read as a whole.
pub fn each_record(
    file: &SourceFile,
    layer: Layer,
    how: &How<'_>,
    columns: &FieldMap,
    wanted: &[String],
    issues: &mut Issues,
    each: &mut Each<'_>,
) -> Result<Origin> {
    let kind = sniff::kind_of(&file.path, &file.shown)?;
    check_format(file, layer, how.format, kind)?;
    if kind != FileKind::Workbook {
        sheet::no_sheets(file, how)?;
    }
    let mut out = ToDegrees::new(file, layer, how, issues, each)?;
    columns.set_units(Default::default()); // a table says its own
    let format = match kind {
        FileKind::OsmPbf | FileKind::OsmXml => {
            let next = "name it under [osm] path";
            return Err(Error::usage("this is an OSM extract", next).at(Location::file(file.shown.as_str())));
        }
        FileKind::Json => json::read(file, how, columns, &mut out)?,
        FileKind::Workbook => read_workbook(file, how, columns, wanted, &mut out)?,
        FileKind::Table => table::read(file, how, columns, wanted, &mut out)?,
        FileKind::FlatGeobuf => flatgeobuf::read(file, &mut out)?,
        FileKind::Shapefile => shapefile::read(file, how, &mut out)?,
        FileKind::GeoPackage => read_geopackage(file, how, &mut out)?,
        FileKind::Parquet => read_geoparquet(file, columns, wanted, &mut out)?,
    };
    out.close(format)
}

#[cfg(feature = "xlsx")]
fn read_workbook(file: &SourceFile, how: &How<'_>, columns: &FieldMap, wanted: &[String], out: &mut dyn Sink) -> Result<String> {
    workbook::read(file, how, columns, wanted, out)
}

#[cfg(not(feature = "xlsx"))]
fn read_workbook(file: &SourceFile, _: &How<'_>, _: &FieldMap, _: &[String], _: &mut dyn Sink) -> Result<String> {
    Err(sheet::not_built(file))
}

#[cfg(feature = "gpkg")]
fn read_geopackage(file: &SourceFile, how: &How<'_>, out: &mut dyn Sink) -> Result<String> {
    geopackage::read(file, how, out)
}

#[cfg(not(feature = "gpkg"))]
fn read_geopackage(file: &SourceFile, _: &How<'_>, _: &mut dyn Sink) -> Result<String> {
    Err(not_built(file, "GeoPackage", "gpkg"))
}

#[cfg(feature = "parquet")]
fn read_geoparquet(file: &SourceFile, columns: &FieldMap, wanted: &[String], out: &mut dyn Sink) -> Result<String> {
    geoparquet::read(file, columns, wanted, out)
}

#[cfg(not(feature = "parquet"))]
fn read_geoparquet(file: &SourceFile, _: &FieldMap, _: &[String], _: &mut dyn Sink) -> Result<String> {
    Err(not_built(file, "GeoParquet", "parquet"))
}

#[cfg(not(all(feature = "gpkg", feature = "parquet")))]
fn not_built(file: &SourceFile, name: &str, feature: &str) -> Error {
    let next = format!("build with `--features {feature}`, or convert it with `ogr2ogr out.fgb in`");
    Error::usage(format!("this build does not read {name}"), next).at(Location::file(file.shown.as_str()))
}

fn check_format(file: &SourceFile, layer: Layer, format: Option<&str>, kind: FileKind) -> Result<()> {
    let Some(word) = format else { return Ok(()) };
    let at = Location::file(file.shown.as_str()).field(format!("{}.format", layer.as_str()));
    match kind.is_named(word) {
        Some(true) => Ok(()),
        Some(false) => {
            let what = format!("format says \"{word}\", and the file is {}", kind.label());
            Err(Error::usage(what, "leave format out: it is told from the content").at(at))
        }
        None => {
            let next = "leave it out, or use geojson, geojsonl, csv, xlsx, xls, ods, fgb, gpkg, shapefile, parquet, afdc, irve, bnetza, \
                        ocm, ocpi or fields";
            Err(Error::usage(format!("\"{word}\" is not a format"), next).at(at))
        }
    }
}

/// A sink that takes positions to WGS 84 and hands records on.
struct ToDegrees<'a, 'f> {
    file: &'a SourceFile,
    layer: Layer,
    issues: &'a mut Issues,
    each: &'a mut Each<'f>,
    declared: Option<System>,
    datum: Datum,
    system: Option<System>,
    origin: Origin,
}

impl<'a, 'f> ToDegrees<'a, 'f> {
    fn new(file: &'a SourceFile, layer: Layer, how: &How<'_>, issues: &'a mut Issues, each: &'a mut Each<'f>) -> Result<Self> {
        let at = |key: &str| Location::file(file.shown.as_str()).field(format!("{}.{key}", layer.as_str()));
        let declared = match how.crs {
            Some(word) => {
                let next = "write crs = \"EPSG:4490\" or another code";
                Some(System::from_word(word).map_err(|what| Error::usage(what, next).at(at("crs")))?)
            }
            None => None,
        };
        let datum = match how.datum {
            Some(word) => Datum::from_word(word).ok_or_else(|| {
                let next = "write wgs84, cgcs2000, gcj02 or bd09";
                Error::usage(format!("\"{word}\" is not a datum"), next).at(at("datum"))
            })?,
            None => Datum::Wgs84,
        };
        let mut new = Self { file, layer, issues, each, declared, datum, system: None, origin: Origin::default() };
        new.note_datum();
        Ok(new)
    }

    fn here(&self) -> Location {
        Location::file(self.file.shown.as_str())
    }

    fn note_datum(&mut self) {
        if self.datum.is_shifted() {
            let what = format!(
                "positions were taken from {} to WGS 84, as [{}] datum asks; in China this may need a licence",
                self.datum.label(),
                self.layer.as_str()
            );
            self.issues.push(self.layer, IssueCode::DatumConverted, self.here(), what);
        }
    }

    /// Fixes the system at the first record, at the latest.
    fn settle(&mut self, found: Option<System>, said: &str) {
        let (system, who) = match (self.declared.take(), found) {
            (Some(declared), Some(found)) => {
                if declared.label != found.label {
                    let what = format!("the file says {}; {} was taken, as crs asks", found.label, declared.label);
                    self.issues.push(self.layer, IssueCode::CrsOverridden, self.here(), what);
                }
                (declared, "region file")
            }
            (Some(declared), None) => (declared, "region file"),
            (None, Some(found)) => (found, said),
            (None, None) => (System::wgs84(), "assumed"),
        };
        if system.doubtful {
            let what = format!("{} has no published shift to WGS 84 here; positions may be off by 100 m", system.label);
            self.issues.push(self.layer, IssueCode::DatumUnknown, self.here(), what);
        }
        let datum = if self.datum.is_shifted() { format!(", datum {}", self.datum.label()) } else { String::new() };
        self.origin.crs = format!("{}{datum} ({who})", system.label);
        self.system = Some(system);
    }

    fn close(mut self, format: String) -> Result<Origin> {
        if self.system.is_none() {
            self.settle(None, "");
        }
        self.origin.format = format;
        Ok(self.origin)
    }

    fn degrees(&self, record: &mut Record) -> std::result::Result<(), Fault> {
        let (Some(system), Some(geometry)) = (&self.system, &mut record.geometry) else { return Ok(()) };
        let datum = self.datum;
        map_positions(geometry, &mut |x, y| {
            let (lon, lat) = system.to_degrees(x, y)?;
            if !datum.is_shifted() {
                return Ok((lon, lat));
            }
            // What is no position at all is left to the check that every position passes.
            Ok(datum.to_wgs84(lon, lat).unwrap_or((lon, lat)))
        })
        .map_err(|what: String| Fault::coordinate(what))
    }
}

impl Sink for ToDegrees<'_, '_> {
    fn crs(&mut self, crs: &FileCrs) -> Result<()> {
        if self.declared.is_some() {
            let found = System::from_file(crs).ok(); // what the file says does not matter then, even if it is nonsense
            self.settle(found, "file");
            return Ok(());
        }
        let next = "convert it (`ogr2ogr -t_srs EPSG:4326 out.fgb in`), or say crs = \"EPSG:n\" in the region file";
        let system = System::from_file(crs).map_err(|what| Error::input(what, next).at(self.here()))?;
        self.settle(Some(system), "file");
        Ok(())
    }

    fn record(&mut self, place: Place, record: std::result::Result<Record, Fault>) {
        if self.system.is_none() {
            self.settle(None, "");
        }
        let record = record.and_then(|mut r| self.degrees(&mut r).map(|()| r));
        (self.each)(place, record, self.issues);
    }

    fn note(&mut self, note: Note) {
        note.push(&self.file.shown, self.layer, self.issues);
    }
}
