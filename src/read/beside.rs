//! What lies beside a named file and is part of it: read with it and told in the manifest, or refused with what to do.

use super::formats::SourceFile;
use crate::error::{Error, Location, Result};
use crate::input;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The parts of a shapefile beside its `.shp` that bear on what is read.
const OF_SHAPEFILE: [&str; 4] = ["shx", "dbf", "prj", "cpg"];
/// The size of the head of a write-ahead log: behind it stand the rows.
const WAL_HEAD: u64 = 32;

/// The files beside one that are read with it.
pub fn parts(file: &SourceFile) -> Vec<SourceFile> {
    let is_shapefile = input::head(&file.path, 4).is_ok_and(|head| head == [0, 0, 0x27, 0x0a]);
    let wanted: &[&str] = if is_shapefile { &OF_SHAPEFILE } else { &[] };
    wanted.iter().filter_map(|extension| with_extension(&file.path, extension)).map(|path| named_beside(file, path)).collect()
}

/// A file beside another, named to people like it.
fn named_beside(file: &SourceFile, path: PathBuf) -> SourceFile {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let shown = file.shown.rsplit_once('/').map_or_else(|| name.clone(), |(folder, _)| format!("{folder}/{name}"));
    SourceFile { path, shown }
}

/// A file with another extension, in any case of its letters; lower case before upper case before a mixture.
pub fn with_extension(path: &Path, extension: &str) -> Option<PathBuf> {
    let plain = [extension.to_owned(), extension.to_ascii_uppercase()];
    if let Some(found) = plain.iter().map(|e| path.with_extension(e)).find(|p| p.is_file()) {
        return Some(found);
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.flatten().map(|e| e.path()).collect();
    all.sort();
    let stem = path.file_stem()?;
    let is = |part: Option<&OsStr>, want: &OsStr| part.is_some_and(|p| p.eq_ignore_ascii_case(want));
    let same = |p: &PathBuf| is(p.file_stem(), stem) && is(p.extension(), OsStr::new(extension)) && p.is_file();
    all.into_iter().find(same).map(|p| path.with_file_name(p.file_name().unwrap_or_default()))
}

/// The file itself with something added to its name.
fn added(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(end);
    path.with_file_name(name)
}

/// Refuses a database whose last changes stand in a file beside it: who reads it alone sees other rows than the program that wrote it.
///
/// # Errors
/// Input, saying how to put them in.
pub fn refuse_changes(file: &SourceFile) -> Result<()> {
    // The database may be a link; its log lies beside what it leads to.
    let real = std::fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone());
    for path in [&file.path, &real] {
        let log = added(path, "-wal");
        if std::fs::metadata(&log).is_ok_and(|m| m.len() > WAL_HEAD) {
            let beside = named_beside(file, log).shown;
            let what =
                format!("changes of the database stand in {beside} and not in the file itself, so rows would be missing or old");
            let next = format!(
                "close the program that has it open; if that leaves {beside}, put them in: `sqlite3 {} \"PRAGMA wal_checkpoint(TRUNCATE)\"`",
                file.shown
            );
            return Err(Error::input(what, next).at(Location::file(file.shown.as_str())));
        }
        let journal = added(path, "-journal");
        // One that begins with noughts, or is empty, was left by a change that came to its end.
        if input::head(&journal, 1).is_ok_and(|head| head.first().is_some_and(|b| *b != 0)) {
            let beside = named_beside(file, journal).shown;
            let what = format!(
                "a change of the database was begun and not ended: {beside} holds what was there before, so rows may be half old and half new"
            );
            let next = format!(
                "close the program that has it open; if that leaves {beside}, take the change back: `sqlite3 {} \"PRAGMA integrity_check\"`, which empties or deletes {beside}",
                file.shown
            );
            return Err(Error::input(what, next).at(Location::file(file.shown.as_str())));
        }
    }
    Ok(())
}

/// Refuses a raster whose meaning a file beside it changes: another place, system, scale or hole than the raster says.
///
/// # Errors
/// Input, saying how to make one file of them.
pub fn refuse_raster_sidecars(file: &SourceFile) -> Result<()> {
    let refused = |what: String| {
        let next = format!("make one file of them: `gdal_translate {} one.tif`", file.shown);
        Err(Error::input(what, next).at(Location::file(file.shown.as_str())))
    };
    let aux = added(&file.path, ".aux.xml");
    if aux.is_file() {
        let text = String::from_utf8_lossy(&input::head(&aux, 16 << 20)?).into_owned();
        // Statistics and histograms change nothing.
        let marks = ["<GeoTransform", "<SRS", "<GCPList", "<NoDataValue", "<Scale", "<Offset", "<GeodataXform"];
        if let Some(mark) = marks.iter().find(|m| text.contains(**m)) {
            let beside = named_beside(file, aux).shown;
            return refused(format!("{beside} says {}, which changes what the raster means", &mark[1..]));
        }
    }
    let mask = added(&file.path, ".msk");
    if mask.is_file() {
        return refused(format!("{} says which cells count, and it is not read", named_beside(file, mask).shown));
    }
    Ok(())
}

/// The world file beside a raster, if there is one.
pub fn world_file(file: &SourceFile) -> Option<SourceFile> {
    let found = ["tfw", "tifw", "tiffw", "wld"].iter().find_map(|e| with_extension(&file.path, e))?;
    Some(named_beside(file, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_in_any_case() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in ["a.shp", "a.Dbf", "a.prj", "a.PRJ", "a.CPG", "b.shx", "a.qix"] {
            std::fs::write(at(name), [0, 0, 0x27, 0x0a]).unwrap();
        }
        let file = SourceFile { path: at("a.shp"), shown: "data/a.shp".to_owned() };
        let names: Vec<String> = parts(&file).into_iter().map(|f| f.shown).collect();
        assert_eq!(names, ["data/a.Dbf", "data/a.prj", "data/a.CPG"]);
        let table = SourceFile { path: at("a.qix"), shown: "a.qix".to_owned() };
        std::fs::write(at("a.qix"), "id,name\n").unwrap();
        assert!(parts(&table).is_empty());
    }

    #[test]
    fn changes_beside_a_database_are_refused_and_what_is_left_of_them_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let file = SourceFile { path: dir.path().join("a.gpkg"), shown: "a.gpkg".to_owned() };
        let beside = |end: &str, bytes: &[u8]| {
            let path = dir.path().join(format!("a.gpkg{end}"));
            std::fs::write(&path, bytes).unwrap();
            let done = refuse_changes(&file).map_err(|e| format!("{e} {}", e.next()));
            std::fs::remove_file(path).unwrap();
            done
        };
        // A log of nothing but its head holds no row; a journal that begins with noughts is done with.
        for (end, bytes) in [("-wal", &[7u8; 32][..]), ("-wal", b""), ("-journal", b""), ("-journal", &[0; 600]), ("-shm", b"x")]
        {
            assert_eq!(beside(end, bytes), Ok(()), "{end}");
        }
        // each has its own cure: a log is put in, a change that was begun is taken back
        for (end, bytes, cure) in [
            ("-wal", &[7u8; 33][..], "wal_checkpoint(TRUNCATE)"),
            ("-journal", &[0xd9, 0xd5, 5][..], "take the change back: `sqlite3 a.gpkg \"PRAGMA integrity_check\"`"),
        ] {
            let said = beside(end, bytes).unwrap_err();
            assert!(said.contains(&format!("a.gpkg{end}")) && said.contains(cure), "{said}");
        }
        assert!(!beside("-journal", &[0xd9]).unwrap_err().contains("wal_checkpoint"));
    }
}
