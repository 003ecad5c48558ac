//! Writes layers as GeoJSON, from rows that come in chunks or from a list.

use crate::error::Result;
use crate::files::geojson::{Feature, Features, around, bbox_of, write_collection};
use crate::files::table::Layer;
use crate::results::LayerRows;
use crate::space::LonLat;
use rayon::prelude::*;
use std::io::{self, Write};

/// Rows of a list that are made at a time, by all threads.
const AT_A_TIME: usize = 1 << 14;

/// Writes a collection whose rows come in chunks.
///
/// # Errors
/// Those of the writer and, wrapped, of the rows.
pub fn collection<'a, R: Clone + Send + Sync + 'a>(
    out: &mut (dyn Write + Send),
    name: &str,
    bbox: Option<[f64; 4]>,
    notice: &[String],
    layer: &Layer<'a, R>,
    rows: &LayerRows<'a, R>,
) -> io::Result<()> {
    let make = |k: usize| -> io::Result<Vec<Feature<'a>>> {
        let chunk = rows.chunk(k).map_err(io::Error::other)?;
        Ok(chunk.par_iter().map(|row| layer.feature(row)).collect())
    };
    let features = Features { chunks: rows.chunks, make: &make };
    write_collection(out, name, bbox, notice, &layer.table.columns(), &features)
}

/// Writes a collection of a list of rows.
///
/// # Errors
/// Those of the writer.
pub fn collection_of_list<'a, R: Sync>(
    out: &mut (dyn Write + Send),
    name: &str,
    bbox: Option<[f64; 4]>,
    notice: &[String],
    layer: &Layer<'a, R>,
    rows: &[R],
) -> io::Result<()> {
    let make = |k: usize| -> io::Result<Vec<Feature<'a>>> {
        let chunk = rows.chunks(AT_A_TIME).nth(k).unwrap_or_default();
        Ok(chunk.par_iter().map(|row| layer.feature(row)).collect())
    };
    let features = Features { chunks: rows.len().div_ceil(AT_A_TIME), make: &make };
    write_collection(out, name, bbox, notice, &layer.table.columns(), &features)
}

/// West, south, east, north of rows that are points.
///
/// # Errors
/// Those of the rows.
pub(super) fn bbox_of_points<'a, R: Clone + Send + Sync + 'a>(
    rows: &LayerRows<'a, R>,
    at: impl Fn(&R) -> LonLat,
) -> Result<Option<[f64; 4]>> {
    let mut all = None;
    for k in 0..rows.chunks {
        let here = bbox_of(rows.chunk(k)?.iter().map(|row| at(row)));
        all = all.into_iter().chain(here).reduce(around);
    }
    Ok(all)
}
