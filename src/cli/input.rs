//! INPUT on the command line: a `region.toml`, a folder with one, one OSM extract, or a prepared region.

use crate::config::RegionFile;
use crate::error::{Error, Location, Result, path_text};
use crate::input as door;
use crate::prepared::ground::Ground;
use crate::prepared::{self, PreparedFrom, container::SIGNATURE};
use crate::read::formats::sniff::{FileKind, kind_of};
use std::path::Path;

/// What INPUT means.
pub enum Input {
    /// A region to be read, and the file name to show for it.
    Region(Box<RegionFile>, String),
    /// A region that was read before.
    Prepared(Box<Ground>, PreparedFrom),
}

/// Opens INPUT.
///
/// # Errors
/// Input or usage, saying what was found instead.
pub fn open(input: &Path, admin_level: Option<u8>) -> Result<Input> {
    if !is_prepared(input) {
        return region(input, admin_level).map(|(region, shown)| Input::Region(Box::new(region), shown));
    }
    if admin_level.is_some() {
        let next = "leave it out, or say it when preparing";
        return Err(Error::usage("the counties of a prepared region are chosen", next).at(Location::file(path_text(input))));
    }
    prepared::open(input).map(|(ground, origin)| Input::Prepared(Box::new(ground), origin))
}

/// Whether the file says that it is a prepared region.
pub fn is_prepared(path: &Path) -> bool {
    door::is_there(path) && door::head(path, SIGNATURE.len() as u64).is_ok_and(|head| head == *SIGNATURE)
}

fn begins_object(input: &Path) -> Result<bool> {
    Ok(door::head(input, 512)?.trim_ascii_start().first() == Some(&b'{'))
}

/// The region that INPUT means, and the file name to show for it.
///
/// # Errors
/// Input or usage, saying what was found instead.
pub fn region(input: &Path, admin_level: Option<u8>) -> Result<(RegionFile, String)> {
    let shown = path_text(input);
    if is_prepared(input) {
        let next = "name the region.toml or the extract it was prepared from";
        return Err(Error::usage("a prepared region has been read already", next).at(Location::file(shown)));
    }
    let is_folder =
        !door::is_stdin(input) && std::fs::metadata(input).map_err(|e| Error::io("open the input", input, &e))?.is_dir();
    let mut region = if is_folder {
        let inside = input.join("region.toml");
        if !inside.is_file() {
            return Err(Error::input(
                "the folder has no region.toml",
                "`chargegap init FOLDER -o FOLDER/region.toml` proposes one; or name an .osm.pbf file",
            )
            .at(Location::file(shown)));
        }
        RegionFile::read(&inside)?
    } else if input.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        RegionFile::read(input)?
    } else {
        match kind_of(input, &shown)? {
            FileKind::OsmPbf | FileKind::OsmXml => RegionFile::from_osm(input),
            // A table of settings begins with a bracket, as a list of JSON does.
            FileKind::Table | FileKind::Json if door::is_stdin(input) && !begins_object(input)? => RegionFile::read(input)?,
            kind @ (FileKind::Json
            | FileKind::FlatGeobuf
            | FileKind::GeoPackage
            | FileKind::Shapefile
            | FileKind::Parquet
            | FileKind::Workbook) => {
                return Err(Error::usage(
                    format!("one file ({}) is not a region", kind.label()),
                    "`chargegap init FILES -o region.toml` proposes one that names roads, counties and stations",
                )
                .at(Location::file(shown)));
            }
            FileKind::Table => {
                return Err(Error::usage(
                    "the input is neither a region.toml, a folder with one, nor an OSM extract (.osm.pbf, .osm, .osm.gz)",
                    "see `chargegap run --help`",
                )
                .at(Location::file(shown)));
            }
        }
    };
    if let Some(level) = admin_level {
        match &mut region.osm {
            Some(osm) if region.counties.is_none() => osm.admin_level = Some(level),
            _ => {
                return Err(Error::usage(
                    "--admin-level needs counties from an OSM extract",
                    "leave it out: [counties] gives the boundaries",
                ));
            }
        }
    }
    region.output(crate::tables::CHOICES)?; // before anything is read
    let name = input.file_name().map_or_else(|| shown.clone(), |n| n.to_string_lossy().into_owned());
    Ok((region, name))
}
