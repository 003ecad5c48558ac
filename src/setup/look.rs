//! Looks at one file: every layer and sheet in it, every column, every value.

use super::seen::{Content, Inside, Seen};
use crate::config::How;
use crate::error::Result;
use crate::issue::{Issues, Layer};
use crate::read::fields::FieldMap;
use crate::read::formats::cell_geometry::geometry_of;
use crate::read::formats::sheet::{self, Needed};
use crate::read::formats::sniff::{FileKind, kind_of};
use crate::read::formats::{self, SourceFile};
use crate::read::headers;
use std::collections::BTreeMap;

/// How a TIFF begins, in either order of bytes, classic and big.
const TIFF: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];

/// What is seen in a file, a layer each.
pub fn look(file: &SourceFile) -> Vec<Seen> {
    if is_tiff(file) {
        return vec![Seen { format: "GeoTIFF".to_owned(), ..Seen::new(file, Inside::Whole, Content::Raster) }];
    }
    let kind = match kind_of(&file.path, &file.shown) {
        Ok(kind) => kind,
        Err(e) => {
            let none = Seen::new(file, Inside::Whole, Content::Records(FileKind::Table));
            return vec![Seen { error: Some(e.what().to_owned()), ..none }];
        }
    };
    if matches!(kind, FileKind::OsmPbf | FileKind::OsmXml) {
        return vec![Seen { format: kind.label().to_owned(), ..Seen::new(file, Inside::Whole, Content::Osm) }];
    }
    let parts = match insides(file, kind) {
        Ok(parts) => parts,
        Err(e) => {
            let none = Seen::new(file, Inside::Whole, Content::Records(kind));
            return vec![Seen { error: Some(e.what().to_owned()), ..none }];
        }
    };
    parts.into_iter().map(|inside| look_inside(file, kind, inside)).collect()
}

fn is_tiff(file: &SourceFile) -> bool {
    crate::input::head(&file.path, 4).is_ok_and(|head| TIFF.contains(&head.as_slice()))
}

/// The layers or sheets of a file.
fn insides(file: &SourceFile, kind: FileKind) -> Result<Vec<Inside>> {
    let parts: Vec<Inside> = match kind {
        FileKind::Workbook => {
            let names = sheets(file)?;
            let several = names.len() > 1;
            names.into_iter().map(|n| Inside::Sheet(n, several)).collect()
        }
        FileKind::GeoPackage => layers(file)?.into_iter().map(Inside::Layer).collect(),
        _ => Vec::new(),
    };
    let layer_alone = matches!(parts.as_slice(), [Inside::Layer(_)]);
    Ok(if parts.is_empty() || layer_alone { vec![Inside::Whole] } else { parts })
}

#[cfg(feature = "xlsx")]
fn sheets(file: &SourceFile) -> Result<Vec<String>> {
    formats::workbook::sheet_names(file)
}

/// The reader says that this build has none.
#[cfg(not(feature = "xlsx"))]
fn sheets(_: &SourceFile) -> Result<Vec<String>> {
    Ok(Vec::new())
}

#[cfg(feature = "gpkg")]
fn layers(file: &SourceFile) -> Result<Vec<String>> {
    formats::geopackage::layer_names(file)
}

/// The reader says that this build has none.
#[cfg(not(feature = "gpkg"))]
fn layers(_: &SourceFile) -> Result<Vec<String>> {
    Ok(Vec::new())
}

fn look_inside(file: &SourceFile, kind: FileKind, inside: Inside) -> Seen {
    let mut seen = Seen::new(file, inside.clone(), Content::Records(kind));
    let how = match &inside {
        Inside::Whole => How::default(),
        Inside::Layer(name) => How { inside: Some(name), ..How::default() },
        Inside::Sheet(name, _) => How { sheet: Some(name), ..How::default() },
    };
    let outcome = match kind {
        FileKind::Table | FileKind::Workbook => rows(file, &how, &mut seen),
        _ => records(file, &how, &mut seen),
    };
    seen.error = outcome.err().map(|e| match e.what().split_once(" is a header with ") {
        Some((row, _)) => format!("{row} looks like a header"), // the names that would do are those of all tables
        None => e.what().to_owned(),
    });
    seen
}

/// Where positions are looked for.
fn positions() -> Result<FieldMap> {
    let list: Vec<(&'static str, &[&str])> =
        headers::STATIONS.iter().copied().filter(|(ours, _)| ["lon", "lat", "wkt"].contains(ours)).collect();
    FieldMap::new("init", &list, &BTreeMap::new())
}

/// Reads records with their geometry.
fn records(file: &SourceFile, how: &How<'_>, seen: &mut Seen) -> Result<()> {
    let map = positions()?;
    let mut issues = Issues::default();
    let origin = formats::each_record(file, Layer::Stations, how, &map, &[], &mut issues, &mut |_, record, _| match record {
        Ok(record) => seen.add(&record.columns, record.geometry.as_ref()),
        Err(_) => seen.records += 1,
    })?;
    (seen.format, seen.crs) = (origin.format, origin.crs);
    Ok(())
}

/// Reads the rows of a table, those without a position too; its header is the first row with a name that some table of ours has.
fn rows(file: &SourceFile, how: &How<'_>, seen: &mut Seen) -> Result<()> {
    let all = headers::TABLES.iter().flat_map(|(_, fields)| fields.iter());
    let names: Vec<&str> = all.flat_map(|(_, theirs)| *theirs).copied().chain(REGISTERS).collect();
    let map = FieldMap::new("init", &[("any", names.as_slice())], &BTreeMap::new())?;
    let places = positions()?;
    let needed = Needed { columns: &map, code: "any", wanted: &[], also: &[] };
    let (format, _) = sheet::each_row(file, how, needed, &mut |_, row| match row {
        Ok(columns) => {
            places.observe(&columns);
            let geometry = geometry_of(&columns, &places).ok().and_then(|(geometry, _)| geometry);
            seen.add(&columns, geometry.as_ref());
        }
        Err(_) => seen.records += 1,
    })?;
    seen.format = format;
    if seen.points + seen.lines + seen.polygons > 0 {
        "WGS 84 degrees (assumed)".clone_into(&mut seen.crs);
    }
    Ok(())
}

/// Names that headers of registers begin with and no table of ours has.
const REGISTERS: [&str; 4] = ["Fuel Type Code", "id_pdc_itinerance", "id_station_itinerance", "Ladeeinrichtungs-ID"];
