//! Which files are looked at: those that are named, and those in folders that are; not what belongs to another file.

use crate::error::{Error, Location, Result, path_text};
use crate::read::formats::SourceFile;
use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

/// Folders in folders are looked into so deep.
const DEEPEST: usize = 6;
/// A folder with more files is no region's.
const MOST_FILES: usize = 5000;

/// Ends of names that belong to another file, or are no data.
const PASSED_OVER: &[&str] = &[
    "dbf", "shx", "prj", "cpg", "qpj", "qix", "sbn", "sbx", "qmd", "qml", "cst", "ovr", "toml", "md", "html", "htm", "png",
    "jpg", "jpeg", "svg", "py", "sh", "r", "qgz", "qgs", "mxd", "exe", "lnk", "log", "tfw", "sha256",
];
/// Ends of names that may hide data, and why they are not looked at.
const NOT_OPENED: &[(&str, &str)] = &[
    ("zip", "an archive: unpack it"),
    ("7z", "an archive: unpack it"),
    ("rar", "an archive: unpack it"),
    ("tar", "an archive: unpack it"),
    ("pdf", "a document: get the data themselves"),
    ("doc", "a document: get the table as a workbook or CSV"),
    ("docx", "a document: get the table as a workbook or CSV"),
    ("cgap", "a region that is prepared already: `chargegap run` opens it"),
];
/// Ends of names that belong to a database.
const BESIDE: &[&str] = &["-wal", "-shm", "-journal", ".aux.xml", ".shp.xml", ".schema.json", ".sha256"];

/// Files to look at, and those that are not opened, with the reason.
pub type Gathered = (Vec<SourceFile>, Vec<(String, String)>);

/// The files below some paths, in order, each named as the region file at `to` has to name it.
///
/// # Errors
/// Input, when a path is not there, a folder holds too much, or nothing is left.
pub fn files(inputs: &[PathBuf], to: &Path) -> Result<Gathered> {
    let mut found = Found::default();
    for input in inputs {
        let meta = std::fs::metadata(input).map_err(|e| Error::io("look at the input", input, &e))?;
        if meta.is_dir() {
            found.below(input, 0)?;
        } else if inputs.len() == 1 || !is_passed_over(input) {
            found.take(input.clone()); // of `data/*` the shell gives the parts of shapefiles too
        }
    }
    found.follow_links()?;
    let Found { files: found, left_out, .. } = found;
    if found.is_empty() {
        let at = inputs.first().map(|p| Location::file(path_text(p))).unwrap_or_default();
        return Err(Error::input("there is no data file to look at", "name files, or a folder that holds them").at(at));
    }
    let from = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut files = Vec::new();
    let mut not_opened: Vec<(String, String)> =
        left_out.into_iter().map(|(path, why)| (seen_from(&path, from), why.to_owned())).collect();
    for path in found {
        let shown = seen_from(&path, from);
        match NOT_OPENED.iter().find(|(end, _)| *end == end_of(&path)) {
            Some((_, why)) => not_opened.push((shown, (*why).to_owned())),
            None => files.push(SourceFile { path, shown }),
        }
    }
    Ok((files, not_opened))
}

/// What was met so far: every real folder and file once, however many links lead to it.
#[derive(Default)]
struct Found {
    files: BTreeSet<PathBuf>,
    /// What is not looked at, and why.
    left_out: Vec<(PathBuf, &'static str)>,
    /// Folders and files as they really lie.
    real: BTreeSet<PathBuf>,
    /// Links that are left to follow, and how deep they lie: what lies in the folders itself goes before what they lead to.
    links: VecDeque<(PathBuf, usize)>,
}

const MET_BEFORE: &str = "a link to what is looked at already";
const LOCK: &str = "the lock of a workbook that is open in a program; close it there first, so that all is saved";

impl Found {
    /// Whether what a path leads to was not met before.
    fn is_new(&mut self, path: &Path) -> bool {
        std::fs::canonicalize(path).is_ok_and(|real| self.real.insert(real))
    }

    fn take(&mut self, path: PathBuf) {
        let name = name_of(&path);
        if name.starts_with("~$") || name.starts_with(".~lock.") {
            self.left_out.push((path, LOCK));
        } else if self.is_new(&path) {
            self.files.insert(path);
        } else if is_link(&path) {
            self.left_out.push((path, MET_BEFORE));
        }
    }

    fn follow_links(&mut self) -> Result<()> {
        while let Some((path, depth)) = self.links.pop_front() {
            self.look_at(path, depth)?;
        }
        Ok(())
    }

    fn look_at(&mut self, path: PathBuf, depth: usize) -> Result<()> {
        match std::fs::metadata(&path).map(|m| m.file_type()) {
            Ok(kind) if kind.is_dir() && depth < DEEPEST => self.below(&path, depth + 1)?,
            Ok(kind) if kind.is_file() && !is_passed_over(&path) => self.take(path),
            _ => {}
        }
        Ok(())
    }

    fn below(&mut self, folder: &Path, depth: usize) -> Result<()> {
        if !self.is_new(folder) {
            self.left_out.push((folder.to_path_buf(), MET_BEFORE));
            return Ok(());
        }
        let list = std::fs::read_dir(folder).map_err(|e| Error::io("look into the folder", folder, &e))?;
        let mut inside: Vec<PathBuf> = list.filter_map(|e| e.ok().map(|e| e.path())).collect();
        inside.sort();
        // A finished folder of ours, or one of a program, holds no inputs.
        if inside.iter().any(|p| p.file_name().is_some_and(|n| n == "manifest.json" || n == ".git")) {
            return Ok(());
        }
        for path in inside {
            let name = name_of(&path);
            if name.starts_with('.') && !name.starts_with(".~lock.") {
                continue; // hidden
            }
            if is_link(&path) {
                self.links.push_back((path, depth));
                continue;
            }
            self.look_at(path, depth)?;
            if self.files.len() > MOST_FILES {
                let what = format!("the folder holds more than {MOST_FILES} files");
                return Err(Error::input(what, "name the files, or a smaller folder").at(Location::file(path_text(folder))));
            }
        }
        Ok(())
    }
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|m| m.is_symlink())
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default()
}

pub(super) fn end_of(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn is_passed_over(path: &Path) -> bool {
    let name = name_of(path);
    let end = end_of(path);
    let beside = BESIDE.iter().any(|b| name.ends_with(b));
    // A table of its own may end in .dbf; one beside a .shp is a part of it.
    let alone = end == "dbf" && !["shp", "SHP", "Shp"].iter().any(|e| path.with_extension(e).exists());
    beside || (PASSED_OVER.contains(&end.as_str()) && !alone)
}

/// A path as it is seen from a folder: relative where both lie on one tree.
fn seen_from(path: &Path, folder: &Path) -> String {
    let whole = |p: &Path| std::path::absolute(p).ok();
    let relative = whole(path).zip(whole(folder)).and_then(|(p, f)| pathdiff::diff_paths(p, f));
    path_text(relative.as_deref().unwrap_or(path))
}
