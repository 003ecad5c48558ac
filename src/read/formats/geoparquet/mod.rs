//! GeoParquet: row group by row group and some rows at a time, only the columns that the layer asks for.
//!
//! Tables without word of a geometry are read as CSV is, by columns with longitude and latitude or well-known text.

mod cells;
mod footer;
mod geo;
mod pages;

use self::cells::{CellValue, ColumnCells};
use self::geo::{Encoding, Geo};
use super::{SourceFile, table};
use crate::error::{Error, Location, Result};
use crate::input;
use crate::read::fields::FieldMap;
use crate::read::geometry::from_wkb;
use crate::read::guard::guarded;
use crate::read::record::{Fault, Place, Record, Sink};
use geojson::GeometryValue;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::schema::types::ColumnDescriptor;
use serde_json::Value;
use std::fs::File;
use std::sync::Arc;

/// Rows that are read at a time.
const BATCH: usize = 1024;
/// More rows a byte than any file of positions has; such a file was made to keep its reader busy.
const MOST_ROWS_A_BYTE: u64 = 8;

/// Reads a GeoParquet file; returns its format for the manifest. `columns` are those that the layer may use, `wanted` those
/// that must be there.
///
/// # Errors
/// Input, when the file is damaged, a column is missing or geometries are written in a way that is not read.
pub fn read(file: &SourceFile, columns: &FieldMap, wanted: &[String], out: &mut dyn Sink) -> Result<String> {
    let mut open = input::open(&file.path, "open the file")?;
    let size = open.metadata().map_err(|e| Error::io("read the file", &file.path, &e))?.len();
    let footer = footer::bytes(&mut open, size).map_err(|what| damaged(file, what))?;
    let meta = guarded(|| ParquetMetaDataReader::decode_metadata(&footer))
        .ok_or_else(|| damaged(file, "its footer makes no sense"))?
        .map_err(|e| damaged(file, e.to_string()))?;
    check_claims(&meta, size).map_err(|what| damaged(file, what))?;
    let plan = ColumnPlan::new(file, &meta, columns, wanted)?;
    if let Some(crs) = plan.geo.as_ref().and_then(|g| g.crs.as_ref()) {
        out.crs(crs)?;
    }
    let open = Arc::new(open);
    let mut number = 0;
    for group in meta.row_groups() {
        plan.read_group(&open, group, &mut number, out).map_err(|what| {
            let at = Location::file(file.shown.as_str()).feature(number + 1);
            damaged(file, format!("in the {BATCH} rows from row {}: {what}", number + 1)).at(at)
        })?;
    }
    Ok(if plan.geo.is_some() { "GeoParquet" } else { "Parquet, positions from columns" }.to_owned())
}

fn damaged(file: &SourceFile, what: impl Into<String>) -> Error {
    let at = Location::file(file.shown.as_str());
    Error::input(format!("the Parquet file cannot be read: {}", what.into()), "write it again").at(at)
}

/// Numbers of rows and places of columns that a file of this size can have.
fn check_claims(meta: &ParquetMetaData, size: u64) -> std::result::Result<(), String> {
    let mut rows = 0u64;
    for (number, group) in (1..).zip(meta.row_groups()) {
        let in_group =
            u64::try_from(group.num_rows()).map_err(|_| format!("row group {number} has a negative number of rows"))?;
        rows = rows.saturating_add(in_group);
        for chunk in group.columns() {
            let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
            let end = start.checked_add(chunk.compressed_size()).and_then(|end| u64::try_from(end).ok());
            if start < 0 || chunk.compressed_size() < 0 || end.is_none_or(|end| end > size) {
                let column = chunk.column_path().string();
                return Err(format!("the column \"{column}\" of row group {number} lies outside the file"));
            }
        }
    }
    if u64::try_from(meta.file_metadata().num_rows()) != Ok(rows) {
        return Err("its row groups do not add up to the rows it claims".to_owned());
    }
    if rows > size.saturating_mul(MOST_ROWS_A_BYTE) {
        return Err(format!("it claims {rows} rows, more than a file of {size} bytes can hold"));
    }
    Ok(())
}

/// Which columns are read, and what they are.
struct ColumnPlan<'a> {
    geo: Option<Geo>,
    columns: &'a FieldMap,
    leaves: Vec<LeafColumn>,
}

struct LeafColumn {
    number: usize,
    name: String,
    part: ColumnRole,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ColumnRole {
    Geometry,
    X,
    Y,
    Attribute,
}

impl<'a> ColumnPlan<'a> {
    fn new(file: &SourceFile, meta: &ParquetMetaData, columns: &'a FieldMap, wanted: &[String]) -> Result<Self> {
        let here = || Location::file(file.shown.as_str());
        let schema = meta.file_metadata().schema_descr();
        let geo = geo::of(meta.file_metadata()).map_err(|(what, next)| Error::input(what, next).at(here()))?;
        let mut leaves: Vec<LeafColumn> = Vec::new();
        // Lists have no one value a row. A column inside a group goes by both names with a point between.
        let flat = || schema.columns().iter().enumerate().filter(|(_, c)| c.max_rep_level() == 0);
        let names: Vec<String> = flat().map(|(_, c)| c.path().string()).collect();
        // All are known, so that those which nothing uses are told; the corners of boxes are the format's own.
        names
            .iter()
            .filter(|n| !n.contains('.') && part_of(geo.as_ref(), n) == ColumnRole::Attribute)
            .for_each(|n| columns.learn(n));
        for (number, column) in flat() {
            let name = column.path().string();
            let part = part_of(geo.as_ref(), &name);
            let repeated = leaves.iter().any(|l| l.name == name);
            if !repeated && (part != ColumnRole::Attribute || columns.asks(&name)) {
                leaves.push(LeafColumn { number, name, part });
            }
        }
        if let Some(missing) = wanted.iter().find(|w| !names.contains(w)) {
            let near = crate::config::toml_text::nearest(missing, names.iter().map(String::as_str));
            let next = near.map_or_else(|| format!("the file has: {}", names.join(", ")), |n| format!("did you mean \"{n}\"?"));
            return Err(Error::input(format!("the file has no column \"{missing}\" with one value a row"), next).at(here()));
        }
        let plan = Self { geo, columns, leaves };
        plan.check_geometry(schema.columns(), &names).map_err(|(what, next)| Error::input(what, next).at(here()))?;
        Ok(plan)
    }

    /// Whether there is a geometry at all, and of the kind that the metadata says.
    fn check_geometry(&self, all: &[Arc<ColumnDescriptor>], names: &[String]) -> std::result::Result<(), (String, String)> {
        let Some(geo) = &self.geo else {
            return table::has_positions(names, self.columns).and_then(|()| self.no_binary(all)).map_err(|columns| {
                let what =
                    format!("the file is Parquet without \"geo\" metadata and without a column with a position ({columns})");
                let next =
                    "write it as GeoParquet (GeoPandas `to_parquet`, `ogr2ogr -f Parquet`), or map lon and lat under fields";
                (what, format!("{next}; the file has: {}", names.join(", ")))
            });
        };
        let parts: &[ColumnRole] =
            if geo.encoding == Encoding::Wkb { &[ColumnRole::Geometry] } else { &[ColumnRole::X, ColumnRole::Y] };
        let physical = |part: &ColumnRole| self.leaves.iter().find(|l| l.part == *part).map(|l| all[l.number].physical_type());
        let want = if geo.encoding == Encoding::Wkb { parquet::basic::Type::BYTE_ARRAY } else { parquet::basic::Type::DOUBLE };
        if parts.iter().all(|part| physical(part) == Some(want)) {
            return Ok(());
        }
        let what =
            format!("the metadata \"geo\" names the column \"{}\", and the file has none of that name and kind", geo.column);
        Err((what, format!("write it again; the file has: {}", names.join(", "))))
    }

    /// Bytes where well-known text belongs are a geometry of which the metadata was lost.
    fn no_binary(&self, all: &[Arc<ColumnDescriptor>]) -> std::result::Result<(), String> {
        let text = |leaf: &&LeafColumn| self.columns.is_of(&leaf.name, "wkt");
        match self.leaves.iter().filter(text).find(|l| cells::is_binary(&all[l.number])) {
            Some(leaf) => Err(format!("\"{}\" is binary", leaf.name)),
            None => Ok(()),
        }
    }

    fn read_group(
        &self,
        file: &Arc<File>,
        group: &RowGroupMetaData,
        number: &mut u64,
        out: &mut dyn Sink,
    ) -> std::result::Result<(), String> {
        let open = |l: &LeafColumn| {
            let done = guarded(|| ColumnCells::open(file, group, l.number, l.part == ColumnRole::Geometry));
            told(&l.name, done)
        };
        let mut open: Vec<ColumnCells> = self.leaves.iter().map(open).collect::<std::result::Result<_, _>>()?;
        let mut left = u64::try_from(group.num_rows()).unwrap_or(0);
        while left > 0 {
            let rows = left.min(BATCH as u64) as usize; // no more than BATCH
            let mut batch = Vec::with_capacity(open.len());
            for (leaf, cells) in self.leaves.iter().zip(&mut open) {
                let column = told(&leaf.name, guarded(|| cells.next(rows)))?;
                if column.len() != rows {
                    return Err(format!("the column \"{}\" has fewer rows than its group", leaf.name));
                }
                batch.push(column.into_iter());
            }
            for _ in 0..rows {
                *number += 1;
                let row = batch.iter_mut().map(|column| column.next().unwrap_or(CellValue::Value(Value::Null)));
                out.record(Place { number: *number, line: 0 }, self.record(row));
            }
            left -= rows as u64;
        }
        Ok(())
    }

    fn record(&self, row: impl Iterator<Item = CellValue>) -> std::result::Result<Record, Fault> {
        let mut record = Record::default();
        let (mut x, mut y) = (None, None);
        for (leaf, cell) in self.leaves.iter().zip(row) {
            match (leaf.part, cell) {
                (ColumnRole::X, CellValue::Value(v)) => x = v.as_f64(),
                (ColumnRole::Y, CellValue::Value(v)) => y = v.as_f64(),
                (_, CellValue::Bytes(bytes)) => record.geometry = geometry(bytes.data())?,
                (ColumnRole::Attribute, CellValue::Value(v)) => drop(record.columns.insert(leaf.name.clone(), v)),
                (_, CellValue::NotText) => {
                    let what = "the value is not UTF-8 text";
                    return Err(Fault { field: Some(leaf.name.clone()), ..Fault::bad(what) });
                }
                (ColumnRole::Geometry, CellValue::Value(_)) => {}
            }
        }
        if let (Some(x), Some(y)) = (x, y) {
            record.geometry = Some(GeometryValue::Point { coordinates: [x, y].into() });
        }
        match self.geo {
            Some(_) => Ok(record),
            None => table::located(record.columns, self.columns, &mut None),
        }
    }
}

fn part_of(geo: Option<&Geo>, name: &str) -> ColumnRole {
    let Some(geo) = geo else { return ColumnRole::Attribute };
    match (geo.encoding, name.strip_prefix(geo.column.as_str())) {
        (Encoding::Wkb, Some("")) => ColumnRole::Geometry,
        (Encoding::Point, Some(".x")) => ColumnRole::X,
        (Encoding::Point, Some(".y")) => ColumnRole::Y,
        _ => ColumnRole::Attribute,
    }
}

fn geometry(bytes: &[u8]) -> std::result::Result<Option<GeometryValue>, Fault> {
    let done = guarded(|| from_wkb(bytes)).unwrap_or_else(|| Err("it makes no sense".to_owned()));
    done.map_err(|e| Fault::bad(format!("not well-known binary: {e}")))
}

/// The library's answer, with the column that it is about.
fn told<T>(column: &str, done: Option<parquet::errors::Result<T>>) -> std::result::Result<T, String> {
    match done {
        Some(Ok(value)) => Ok(value),
        Some(Err(e)) => Err(format!("the column \"{column}\": {e}")),
        None => Err(format!("the column \"{column}\" makes no sense")),
    }
}

#[cfg(test)]
mod tests;
