//! The roads file: FlatGeobuf without an index, in order of writing. (It is read once, from front to back.)

use super::roads::Road;
use chargegap::internals::error::{Error, Result};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Columns by number.
const CLASS: usize = 0;
const NAME: usize = 1;

/// A roads file in the making.
pub struct RoadFile(FgbWriter<'static>);

impl RoadFile {
    /// An empty file.
    ///
    /// # Errors
    /// Environment, when there is no room for temporary files.
    pub fn new() -> Result<Self> {
        let crs = FgbCrs { code: 4326, ..FgbCrs::default() };
        let options =
            FgbWriterOptions { write_index: false, detect_type: false, promote_to_multi: false, crs, ..Default::default() };
        let made = FgbWriter::create_with_options("roads", GeometryType::LineString, options);
        let mut writer = made.map_err(|e| failed(&e))?;
        writer.add_column("class", ColumnType::String, |_, column| column.nullable = false);
        writer.add_column("name", ColumnType::String, |_, _| {});
        Ok(Self(writer))
    }

    /// Adds a road.
    ///
    /// # Errors
    /// Environment, when it cannot be written.
    pub fn push(&mut self, road: &Road) -> Result<()> {
        let name = road.line.map(|(letter, number)| format!("Synthetic road {letter}{number}"));
        let mut set = Ok(false);
        let added = self.0.add_feature_geom(Line(road), |feature| {
            set = feature.property(CLASS, "class", &ColumnValue::String(road.class));
            if let (Ok(_), Some(name)) = (&set, &name) {
                set = feature.property(NAME, "name", &ColumnValue::String(name));
            }
        });
        added.and(set.map(|_| ())).map_err(|e| failed(&e))
    }

    /// Writes the file out.
    ///
    /// # Errors
    /// Environment, when it cannot be written.
    pub fn finish(self, path: &Path) -> Result<()> {
        let io = |e: std::io::Error| Error::io("write the roads", path, &e);
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path).map_err(io)?);
        self.0.write(&mut out).map_err(|e| failed(&e))?;
        out.flush().map_err(io)
    }
}

fn failed(e: &dyn std::fmt::Display) -> Error {
    Error::environment(
        format!("the roads cannot be written: {e}"),
        "check that the folder and the one for temporary files have room",
    )
}

/// A road as the writer takes lines.
struct Line<'r>(&'r Road);

impl GeozeroGeometry for Line<'_> {
    fn process_geom<P: GeomProcessor>(&self, out: &mut P) -> geozero::error::Result<()> {
        out.linestring_begin(true, self.0.points.len(), 0)?;
        for (i, p) in self.0.points.iter().enumerate() {
            out.xy(p.lon(), p.lat(), i)?;
        }
        out.linestring_end(true, 0)
    }
}
