//! Opens an archive, believes nothing of it, and unpacks it: every name leads inside, every file is in the list once and has the
//! size and the SHA-256 that the list tells, and nothing else is in it.

use super::compress::copy;
use super::layout::{Layout, is_safe};
use super::listing::{ArchivedFile, Listing};
use super::{LISTING, SUMS, is_sane};
use crate::error::{Error, ErrorClass, Location, Result, path_text};
use crate::input;
use crate::read::formats::sniff::begins_late;
use crate::system::{FileLook, file_look};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

type Zip = ZipArchive<BufReader<File>>;

/// Longest list that is read.
const MOST_LISTING: u64 = 256 << 20;

/// An archive whose list and structure were looked at.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    look: Option<FileLook>,
    /// Its list.
    pub listing: Listing,
    /// What of it does not agree with its list, one line each.
    pub faults: Vec<String>,
}

impl Archive {
    /// Whether a file begins as an archive does.
    pub fn is_one(path: &Path) -> bool {
        input::head(path, 4).is_ok_and(|head| head == b"PK\x03\x04")
    }

    /// Whether a file has an archive behind bytes that do not belong there.
    pub fn begins_late(path: &Path) -> bool {
        input::head(path, 512).is_ok_and(|head| begins_late(&head))
    }

    /// Opens an archive and looks at its structure; nothing is unpacked.
    ///
    /// # Errors
    /// Input, when it is none, is cut off, or would write elsewhere, twice, or more than it should; of a later format.
    pub fn open(path: &Path) -> Result<Self> {
        let look = file_look(path);
        let size = input::size(path)?;
        let mut file = input::open(path, "open the archive")?;
        if !ends_with_its_end(&mut file).map_err(|e| Error::io("read the archive", path, &e))? {
            return Err(refused(path, "something stands before its files or behind them".to_owned()));
        }
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| unreadable(&e, path))?;
        let files = entries(&mut zip, path, size)?;
        let listed = text_of(&mut zip, LISTING, path)?;
        let listing = Listing::parse(&listed, path)?;
        let mut faults = Vec::new();
        if let Some(what) = disagreement(&files, &listing) {
            faults.push(what);
        }
        let text = String::from_utf8_lossy(&listed);
        if text_of(&mut zip, SUMS, path)? != listing.sums(&text).as_bytes() {
            faults.push(format!("{SUMS} does not say what {LISTING} says"));
        }
        let all = listing.inputs.iter().filter_map(|i| i.packed.as_deref()).chain([listing.round_file.as_str()]);
        let known: BTreeSet<&str> = listing.files.iter().map(|f| f.name.as_str()).collect();
        faults.extend(all.filter(|n| !known.contains(n)).map(|n| format!("{LISTING} names {n}, which is not in the archive")));
        Ok(Self { path: path.to_path_buf(), look, listing, faults })
    }

    /// Unpacks the files below some folders of it into a folder that is there and empty, and looks at the SHA-256 of all; those that
    /// are others than the list says are faults, one line each.
    ///
    /// # Errors
    /// Environment, when the disk refuses.
    pub fn unpack(&self, to: &Path, folders: &[&str]) -> Result<Vec<String>> {
        let kept = |f: &ArchivedFile| folders.iter().any(|d| f.name.strip_prefix(d).is_some_and(|rest| rest.starts_with('/')));
        let mut made: BTreeSet<PathBuf> = BTreeSet::new();
        for f in self.listing.files.iter().filter(|f| kept(f)) {
            make_folders(&to.join(&f.name), &mut made)?;
        }
        let one = |zip: &mut Option<Zip>, f: &ArchivedFile| -> Result<Option<String>> {
            let zip = match zip {
                Some(zip) => zip,
                None => zip.insert(open_zip(&self.path)?),
            };
            let place = kept(f).then(|| to.join(&f.name));
            self.one(zip, f, place.as_deref())
        };
        let found: Vec<Option<String>> = self.listing.files.par_iter().map_init(|| None, one).collect::<Result<_>>()?;
        let mut faults: Vec<String> = found.into_iter().flatten().collect();
        if file_look(&self.path) != self.look {
            faults.push("the archive was changed while it was read".to_owned());
        }
        Ok(faults)
    }

    /// Unpacks a file, or only reads it; what is wrong with it.
    fn one(&self, zip: &mut Zip, f: &ArchivedFile, place: Option<&Path>) -> Result<Option<String>> {
        let inside = match zip.by_name(&f.name) {
            Ok(inside) => inside,
            Err(e) => return Ok(Some(format!("{} cannot be read: {e}", f.name))),
        };
        // More than is listed is not read: how much it would be is nobody's business.
        let mut inside = Watched { inner: inside.take(f.bytes + 1), failed: None };
        let told = match place {
            None => copy(&mut inside, &mut io::sink()),
            Some(place) => File::create_new(place).and_then(|mut out| copy(&mut inside, &mut out)),
        };
        match (told, inside.failed) {
            (Ok((bytes, sha256)), _) if bytes == f.bytes && sha256 == f.sha256 => Ok(None),
            (Ok(_), _) => Ok(Some(format!("{} was changed: its fingerprint does not match", f.name))),
            (Err(_), Some(why)) => Ok(Some(format!("{} cannot be read: {why}", f.name))),
            (Err(e), None) => Err(no_room(&e, place.unwrap_or(&self.path))),
        }
    }

    /// Puts inputs of the same content, which stand in the archive once, to their paths, and makes the folders that lead to them.
    ///
    /// # Errors
    /// Input, when a path would lead elsewhere; environment, when the disk refuses.
    pub fn complete(&self, root: &Path) -> Result<()> {
        let mut made = BTreeSet::new();
        for i in &self.listing.inputs {
            let place = self.place(root, &i.path)?;
            for folder in self.layout()?.folders(&i.path) {
                make_folders(&root.join(folder).join("x"), &mut made)?;
            }
            make_folders(&place, &mut made)?;
            if let Some(packed) = &i.packed
                && !place.exists()
            {
                let from = root.join(packed);
                // Nobody writes to either, so one file may stand at both places.
                let done = std::fs::hard_link(&from, &place).or_else(|_| std::fs::copy(&from, &place).map(drop));
                done.map_err(|e| no_room(&e, &place))?;
            }
        }
        Ok(())
    }

    /// Where an input lies once the archive is unpacked, by its path.
    ///
    /// # Errors
    /// Input, when the path would lead elsewhere.
    pub fn place(&self, root: &Path, path: &str) -> Result<PathBuf> {
        let name = self.layout()?.name(path).filter(|n| is_safe(n));
        name.map(|n| root.join(n)).ok_or_else(|| refused(&self.path, format!("an input \"{path}\" would lie outside of it")))
    }

    fn layout(&self) -> Result<Layout> {
        let layout = Layout::of_archive(&self.listing.round_file);
        layout.ok_or_else(|| refused(&self.path, "its round file does not lie among its inputs".to_owned()))
    }
}

/// Makes the folders above a place.
fn make_folders(place: &Path, made: &mut BTreeSet<PathBuf>) -> Result<()> {
    let Some(folder) = place.parent() else { return Ok(()) };
    if made.insert(folder.to_path_buf()) {
        std::fs::create_dir_all(folder).map_err(|e| no_room(&e, folder))?;
    }
    Ok(())
}

fn no_room(e: &io::Error, place: &Path) -> Error {
    let what = format!("the archive cannot be unpacked: {e}");
    Error::environment(what, "set TMPDIR to a folder with room for all of it").at(Location::file(path_text(place)))
}

fn refused(archive: &Path, what: String) -> Error {
    let next = "do not unpack it by hand either; get it again from whoever keeps it";
    Error::input(format!("this archive is not as `chargegap round --archive` writes one: {what}"), next)
        .at(Location::file(path_text(archive)))
}

/// Whether the last bytes are the end record of a directory, without a comment: readers look for it from behind, and pass over what
/// follows it.
fn ends_with_its_end(file: &mut File) -> io::Result<bool> {
    let mut end = [0; 22];
    if file.seek(io::SeekFrom::End(0))? < end.len() as u64 {
        return Ok(false);
    }
    file.seek(io::SeekFrom::End(-(end.len() as i64)))?;
    file.read_exact(&mut end)?;
    Ok(end.starts_with(b"PK\x05\x06") && end.ends_with(&[0, 0]))
}

fn open_zip(path: &Path) -> Result<Zip> {
    let file = input::open(path, "open the archive")?;
    ZipArchive::new(BufReader::new(file)).map_err(|e| unreadable(&e, path))
}

fn unreadable(e: &ZipError, path: &Path) -> Error {
    if let ZipError::Io(io) = e {
        let told = Error::io("read the archive", path, io);
        if told.class() == ErrorClass::Environment && io.kind() != io::ErrorKind::UnexpectedEof {
            return told;
        }
    }
    let what = format!("the archive cannot be read: {e}");
    Error::input(what, "it may be cut off: compare its size and SHA-256 with what was published")
        .at(Location::file(path_text(path)))
}

/// The files of an archive with their sizes, in its order.
fn entries(zip: &mut Zip, path: &Path, size: u64) -> Result<Vec<(String, u64)>> {
    let broken = |e: ZipError| unreadable(&e, path);
    if zip.has_duplicate_names() {
        return Err(refused(path, "two files of it have the same name".to_owned()));
    }
    if zip.has_overlapping_files().map_err(broken)? {
        return Err(refused(path, "files of it stand over each other".to_owned()));
    }
    zip.validate_header_consistency().map_err(broken)?;
    if zip.offset() != 0 || !zip.comment().is_empty() {
        return Err(refused(path, "something stands before its files or behind them".to_owned()));
    }
    let (mut files, mut unpacked, mut parts) = (Vec::new(), 0u64, Vec::new());
    for i in 0..zip.len() {
        let file = zip.by_index_raw(i).map_err(broken)?;
        let name = String::from_utf8(file.name_raw().to_vec());
        let name = name.map_err(|_| refused(path, "a name is no UTF-8".to_owned()))?;
        if !is_safe(&name) {
            return Err(refused(path, format!("the name \"{name}\" leads out of the folder that it is unpacked to")));
        }
        let plain = [CompressionMethod::Deflated, CompressionMethod::Stored].contains(&file.compression());
        if !file.is_file() || file.is_symlink() || file.encrypted() || !plain {
            return Err(refused(path, format!("{name} is no plain file")));
        }
        unpacked = unpacked.saturating_add(file.size());
        let end = file.data_start().map(|at| at.saturating_add(file.compressed_size()));
        parts.push((file.header_start(), end.unwrap_or(u64::MAX)));
        files.push((name, file.size()));
    }
    if !is_sane(size, unpacked) {
        let what = format!("it holds {} MiB and would unpack to {} MiB", size >> 20, unpacked >> 20);
        return Err(refused(path, what));
    }
    // The files stand one behind the other from the first byte to the directory: nothing is between them that no list names.
    parts.sort_unstable();
    let mut at = 0;
    for (start, end) in parts.into_iter().chain([(zip.central_directory_start(), 0)]) {
        if start != at {
            return Err(refused(path, "something stands between its files".to_owned()));
        }
        at = end;
    }
    Ok(files)
}

/// A list of the archive as a whole.
fn text_of(zip: &mut Zip, name: &str, path: &Path) -> Result<Vec<u8>> {
    let file = zip.by_name(name).map_err(|_| {
        let next = "name a file that `chargegap round --archive` wrote, or a folder that chargegap wrote";
        Error::input(format!("this is no archive of a round: it holds no {name}"), next).at(Location::file(path_text(path)))
    })?;
    let mut text = Vec::new();
    let done = file.take(MOST_LISTING).read_to_end(&mut text);
    done.map_err(|e| unreadable(&ZipError::Io(io::Error::new(io::ErrorKind::UnexpectedEof, e.to_string())), path))?;
    Ok(text)
}

/// Whether the archive holds what its list names, each of the size that it tells, and nothing else; else the first that differs.
fn disagreement(files: &[(String, u64)], listing: &Listing) -> Option<String> {
    let lists = [LISTING, SUMS];
    let found: BTreeSet<(&str, u64)> =
        files.iter().filter(|(n, _)| !lists.contains(&n.as_str())).map(|(n, size)| (n.as_str(), *size)).collect();
    let named: BTreeSet<(&str, u64)> = listing.files.iter().map(|f| (f.name.as_str(), f.bytes)).collect();
    if named.len() != listing.files.len() || named.iter().any(|(n, _)| lists.contains(n)) {
        return Some(format!("{LISTING} names a file twice, or itself"));
    }
    let extra = found.difference(&named).find(|(n, _)| !named.iter().any(|(m, _)| m == n));
    if let Some((name, _)) = extra {
        return Some(format!("the archive holds {name}, which its list does not name"));
    }
    let missing = named.difference(&found).next();
    missing.map(|(name, bytes)| match found.iter().find(|(n, _)| n == name) {
        Some((_, other)) => format!("{name} holds {other} bytes, and the list says {bytes}"),
        None => format!("{name} is missing from the archive"),
    })
}

/// Keeps what went wrong in reading apart from what goes wrong in writing.
struct Watched<R> {
    inner: R,
    failed: Option<String>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buf).inspect_err(|e| self.failed = Some(e.to_string()))
    }
}
