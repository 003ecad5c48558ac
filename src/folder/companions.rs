//! What stands beside the tables of every folder: the dictionary, the types of columns for GDAL, and the data package. They are made of
//! the columns of what was written, last of all but the manifest.

use crate::error::Result;
use crate::files::atomic::AtomicFolder;
use crate::files::csv_table::BOM;
use crate::files::data_package::{self, About, Resource, csvt, csvt_name, descriptor};
use crate::files::schema::Column;
use crate::tables::dictionary;
use std::io::{self, Write};

/// Writes a table as CSV, behind a byte order mark where Excel is to know by it that this is UTF-8.
///
/// # Errors
/// Environment, when the disk refuses.
pub(super) fn write_table(
    folder: &mut AtomicFolder,
    (file, has_bom): (&str, bool),
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    folder.write(file, |w| {
        if has_bom {
            w.write_all(BOM)?;
        }
        fill(w)
    })
}

/// Writes the dictionary of these files and what belongs to the tables among them.
///
/// # Errors
/// Environment, when the disk refuses.
pub(super) fn write_companions(folder: &mut AtomicFolder, files: &[(String, Vec<Column>)], about: About<'_>) -> Result<()> {
    let rows = dictionary::rows(files);
    write_table(folder, (dictionary::FILE, about.has_bom), |w| dictionary::table().csv(w, rows))?;
    let columns_of = |name: &str| files.iter().find(|(file, _)| file == name).map(|(_, columns)| columns.as_slice());
    let written = folder.written.iter().filter(|f| f.name.ends_with(".csv"));
    let tables: Vec<Resource<'_>> = written
        .filter_map(|f| Some(Resource { file: &f.name, columns: columns_of(&f.name)?, bytes: f.bytes, sha256: &f.sha256 }))
        .collect();
    let mut beside: Vec<(String, Vec<u8>)> = tables.iter().map(|t| (csvt_name(t.file), csvt(t.columns).into_bytes())).collect();
    beside.push((data_package::FILE.to_owned(), descriptor(about, &tables).into_bytes()));
    folder.write_all(&beside)
}
