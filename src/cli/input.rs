//! INPUT on the command line: a `region.toml`, a folder with one, or one OSM extract.

use crate::config::RegionFile;
use crate::error::{Error, Location, Result, path_text};
use crate::read::formats::sniff::{FileKind, kind_of};
use std::path::Path;

/// The region that INPUT means, and the file name to show for it.
///
/// # Errors
/// Input or usage, saying what was found instead.
pub fn open(input: &Path, admin_level: Option<u8>) -> Result<(RegionFile, String)> {
    let shown = path_text(input);
    let meta = std::fs::metadata(input).map_err(|e| Error::io("open the input", input, &e))?;
    let mut region = if meta.is_dir() {
        let inside = input.join("region.toml");
        if !inside.is_file() {
            return Err(Error::input(
                "the folder has no region.toml",
                "write one (see datasets/ for examples), or name an .osm.pbf file",
            )
            .at(Location::file(shown)));
        }
        RegionFile::read(&inside)?
    } else if input.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        RegionFile::read(input)?
    } else {
        match kind_of(input, &shown)? {
            FileKind::OsmPbf | FileKind::OsmXml => RegionFile::from_osm(input),
            kind @ (FileKind::Json | FileKind::FlatGeobuf | FileKind::GeoPackage | FileKind::Shapefile | FileKind::Parquet) => {
                return Err(Error::usage(
                    format!("one file ({}) is not a region", kind.label()),
                    "write a region.toml that names roads, counties and stations",
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
    let name = input.file_name().map_or_else(|| shown.clone(), |n| n.to_string_lossy().into_owned());
    Ok((region, name))
}
