//! A folder that appears whole or not at all.
//!
//! Everything is written into a hidden sibling, synced, and renamed once. With `overwrite` the old and the new folder
//! change places in one system call where the file system can; whatever stops the program, one whole set stands there.

use crate::error::{Error, Location, Result, path_text};
use crate::read::hex;
use crate::system::{exchange, is_at, open_lock, stop, sync_folder};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Files that are written and synced at a time.
const AT_ONCE: usize = 16;

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Name in the folder; "a/b" for a file in a folder of it.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Seal of what the file says, where it has one; see [`AtomicFolder::write_sealed`].
    pub content_sha256: Option<String>,
}

/// A folder being written.
#[derive(Debug)]
pub struct AtomicFolder {
    target: PathBuf,
    partial: PathBuf,
    lock: Lock,
    overwrite: bool,
    /// Whether the hidden folder is made.
    made: bool,
    /// Folders made in it so far.
    subfolders: BTreeSet<String>,
    /// Files written so far.
    pub written: Vec<Written>,
    finished: bool,
}

/// A lock on one output folder, held by one program at a time; gone when it ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path); // the lock itself goes with the file handle
        stop::forget(&self.path);
    }
}

impl AtomicFolder {
    /// Locks the place; nothing is created before the first file. Leftovers of programs that were killed are swept.
    ///
    /// # Errors
    /// Usage, when something stands there and `overwrite` is off, or it is no run folder of ours; environment, when
    /// another run holds the place or the disk refuses.
    pub fn create(target: &Path, overwrite: bool) -> Result<Self> {
        let name =
            target.file_name().ok_or_else(|| Error::usage("the output is not the name of a folder", "give -o a folder name"))?;
        let parent = match target.parent() {
            Some(p) if !p.as_os_str().is_empty() => p.to_path_buf(),
            _ => PathBuf::from("."),
        };
        refuse_clobber(target, overwrite)?;
        fs::create_dir_all(&parent).map_err(|e| Error::io("create the folder", &parent, &e))?;
        let hidden = format!(".{}", name.to_string_lossy());
        let lock = hold(&parent.join(format!("{hidden}.lock")), target)?;
        sweep(&parent, &hidden)?;
        let partial = parent.join(format!("{hidden}.partial-{}", std::process::id()));
        let (subfolders, written) = (BTreeSet::new(), Vec::new());
        Ok(Self { target: target.to_path_buf(), partial, lock, overwrite, made: false, subfolders, written, finished: false })
    }

    /// Writes one file, hashing it on the way, and syncs it. A name "a/b" puts it into a folder "a".
    ///
    /// # Errors
    /// Environment, naming the file; internal, when the name would lead elsewhere.
    pub fn write(&mut self, name: &str, fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> Result<()> {
        let path = self.place(name)?;
        let done = write_file(&path, fill);
        self.book(name, done)
    }

    /// Writes many small files, several at a time: a disk takes as long to sync many at once as to sync one. Otherwise like
    /// [`AtomicFolder::write`] one after the other, in the order given.
    ///
    /// # Errors
    /// Those of [`AtomicFolder::write`]; of several, that of the first.
    pub fn write_all(&mut self, files: &[(String, Vec<u8>)]) -> Result<()> {
        let paths: Vec<PathBuf> = files.iter().map(|(name, _)| self.place(name)).collect::<Result<_>>()?;
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some((_, bytes)) = files.get(i) else { return done };
                done.push((i, write_file(&paths[i], |w| w.write_all(bytes))));
            }
        };
        let mut done: Vec<(usize, io::Result<(u64, String)>)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..AT_ONCE.min(files.len())).map(|_| scope.spawn(work)).collect();
            threads.into_iter().flat_map(|t| t.join().unwrap_or_default()).collect()
        });
        done.sort_unstable_by_key(|(i, _)| *i);
        if done.len() != files.len() {
            return Err(Error::internal("a thread that wrote files ended early"));
        }
        done.into_iter().try_for_each(|(i, result)| self.book(&files[i].0, result))
    }

    /// Lets a function make a file at a path, for libraries that write no stream; then hashes and syncs it. The file is not there
    /// when `fill` is called. Its bytes can change while it says the same: `fill` gives the fingerprint of what it says. Otherwise like
    /// [`AtomicFolder::write`].
    ///
    /// # Errors
    /// Those of `fill`, with the file's name as it would have been; environment, when the file cannot be read back.
    pub fn write_sealed(&mut self, name: &str, fill: impl FnOnce(&Path) -> Result<String>) -> Result<()> {
        let path = self.place(name)?;
        let content = fill(&path).map_err(|e| self.as_named(e, &path, name))?;
        self.book(name, hash_file(&path))?;
        if let Some(written) = self.written.last_mut() {
            written.content_sha256 = Some(content);
        }
        Ok(())
    }

    /// An error about a file with the name that it would have had: the hidden folder is gone when it is read.
    fn as_named(&self, e: Error, path: &Path, name: &str) -> Error {
        let mut at = e.location().clone();
        if at.file.as_deref() == Some(&path_text(path)) {
            at.file = Some(path_text(&self.target.join(name)));
        }
        e.at(at)
    }

    /// Where a file of this name goes; makes the folders on the way.
    fn place(&mut self, name: &str) -> Result<PathBuf> {
        if !super::kind::is_inside(name) {
            return Err(Error::internal(format!("a file of a run folder cannot be named \"{name}\"")));
        }
        let _at_gate = stop::gate();
        let make = |path: &Path| fs::create_dir(path).map_err(|e| Error::io("create the folder", path, &e));
        if !self.made {
            stop::note(&self.partial);
            make(&self.partial)?;
            self.made = true;
        }
        if let Some((sub, _)) = name.split_once('/')
            && !self.subfolders.contains(sub)
        {
            make(&self.partial.join(sub))?;
            self.subfolders.insert(sub.to_owned());
        }
        Ok(self.partial.join(name))
    }

    fn book(&mut self, name: &str, done: io::Result<(u64, String)>) -> Result<()> {
        let (bytes, sha256) = done.map_err(|e| {
            let e = match e.downcast::<Error>() {
                Ok(own) => return own, // what was to be written could not be made: that is said as it is
                Err(e) => e,
            };
            let shown = self.target.join(name);
            let err = Error::io("write the file", &shown, &e);
            if err.class() == crate::error::ErrorClass::Environment {
                err
            } else {
                Error::environment(format!("cannot write the file: {e}"), "see the system's message")
                    .at(Location::file(path_text(&shown)))
            }
        })?;
        self.written.push(Written { name: name.to_owned(), bytes, sha256, content_sha256: None });
        Ok(())
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    /// Environment; then what stood there before stands there still.
    pub fn finish(mut self) -> Result<Vec<Written>> {
        let fail = |e: &io::Error| {
            Error::environment(format!("cannot put the finished folder in place: {e}"), "see the system's message")
                .at(Location::file(path_text(&self.target)))
        };
        let mut made = self.subfolders.iter().map(|sub| self.partial.join(sub)).chain([self.partial.clone()]);
        made.try_for_each(|folder| sync_folder(&folder)).map_err(|e| fail(&e))?;
        let _at_gate = stop::gate();
        refuse_clobber(&self.target, self.overwrite)?;
        if self.target.symlink_metadata().is_ok() {
            exchange(&self.partial, &self.target).map_err(|e| fail(&e))?;
            sync_parent(&self.target);
            // What is now the hidden one is the old set.
            let _ = fs::remove_dir_all(&self.partial);
        } else {
            fs::rename(&self.partial, &self.target).map_err(|e| fail(&e))?;
            sync_parent(&self.target);
        }
        stop::forget(&self.partial);
        self.finished = true;
        Ok(std::mem::take(&mut self.written))
    }
}

impl Drop for AtomicFolder {
    fn drop(&mut self) {
        let _ = &self.lock; // held until here, so nobody sweeps what we still write
        if !self.finished && fs::remove_dir_all(&self.partial).is_err() {
            // Without a file handle left a folder cannot be listed; what was written to it is known by name.
            self.written.iter().for_each(|w| drop(fs::remove_file(self.partial.join(&w.name))));
            self.subfolders.iter().for_each(|sub| drop(fs::remove_dir(self.partial.join(sub))));
            let _ = fs::remove_dir(&self.partial);
        }
        stop::forget(&self.partial);
    }
}

fn write_file(path: &Path, fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<(u64, String)> {
    let at_gate = stop::gate();
    let file = File::options().write(true).create_new(true).open(path)?;
    drop(at_gate);
    let mut out = HashingWriter { inner: BufWriter::with_capacity(1 << 17, file), hash: Sha256::new(), bytes: 0 };
    fill(&mut out)?;
    out.flush()?;
    let HashingWriter { inner, hash, bytes } = out;
    inner.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok((bytes, hex(&hash.finalize())))
}

/// Size and SHA-256 of a file that is there, and syncs it.
fn hash_file(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::options().read(true).write(true).open(path)?;
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 1 << 17]);
    loop {
        match file.read(&mut piece)? {
            0 => break,
            n => {
                hash.update(&piece[..n]);
                bytes += n as u64;
            }
        }
    }
    file.sync_all()?;
    Ok((bytes, hex(&hash.finalize())))
}

struct HashingWriter<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(buf)?;
        self.hash.update(&buf[..n]);
        self.bytes += n as u64;
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Only a run folder of ours may be replaced, and only when asked for.
fn refuse_clobber(target: &Path, overwrite: bool) -> Result<()> {
    let Ok(meta) = target.symlink_metadata() else { return Ok(()) };
    let at = Location::file(path_text(target));
    if !meta.is_dir() {
        return Err(Error::usage("the output exists and is not a folder", "choose another name").at(at));
    }
    if fs::read_dir(target).is_ok_and(|mut d| d.next().is_none()) {
        return Ok(()); // an empty folder holds nothing to lose
    }
    let ours = super::kind::is_ours_folder(target);
    match (ours, overwrite) {
        (true, true) => match super::kind::foreign_files(target).first() {
            None => Ok(()),
            Some(name) => {
                let what = format!(
                    "the output folder holds \"{name}\", which chargegap did not write, and replacing it would delete that"
                );
                Err(Error::usage(what, "move it elsewhere, or choose another name").at(at))
            }
        },
        (true, false) => {
            Err(Error::usage("the output folder exists", "choose another name, or give --overwrite to replace it").at(at))
        }
        (false, _) => {
            Err(Error::usage("the output folder exists and is not a run folder of chargegap", "choose another name").at(at))
        }
    }
}

/// Takes a lock on `path` for as long as what is returned lives; `target` is what is said to be taken.
///
/// # Errors
/// Environment, naming the holder.
pub fn hold(path: &Path, target: &Path) -> Result<Lock> {
    // A lock file may be removed by its holder between our open and our lock; then we hold a lock on nothing, and try again.
    for _ in 0..100 {
        let at_gate = stop::gate();
        let mut file = open_lock(path).map_err(|e| Error::io("lock the output", path, &e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(path).unwrap_or_default();
                return Err(Error::environment(
                    format!(
                        "another run ({}) is writing this folder",
                        if holder.is_empty() { "just started" } else { holder.trim() }
                    ),
                    "wait for it to end, or choose another name",
                )
                .at(Location::file(path_text(target))));
            }
            Err(TryLockError::Error(e)) => return Err(Error::io("lock the output", path, &e)),
        }
        if is_at(&file, path) {
            stop::note(path);
            drop(at_gate);
            let _ = file.set_len(0).and_then(|()| writeln!(file, "process {}", std::process::id()));
            return Ok(Lock { path: path.to_path_buf(), _file: file });
        }
    }
    Err(Error::environment("the output cannot be locked", "try again").at(Location::file(path_text(target))))
}

/// Removes what killed runs left behind; we hold the lock, so none of it is alive.
fn sweep(parent: &Path, hidden: &str) -> Result<()> {
    let prefix = format!("{hidden}.partial-");
    let entries = fs::read_dir(parent).map_err(|e| Error::io("read the folder", parent, &e))?;
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            fs::remove_dir_all(entry.path()).map_err(|e| Error::io("sweep an unfinished run", &entry.path(), &e))?;
        }
    }
    Ok(())
}

fn sync_parent(target: &Path) {
    let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = sync_folder(parent); // the rename has happened; a failing sync changes nothing that we could undo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_appears_before_the_end_and_nothing_stays_after_a_failure() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        let mut folder = AtomicFolder::create(&target, false).unwrap();
        folder.write("a.txt", |w| w.write_all(b"a")).unwrap();
        assert!(!target.exists());
        drop(folder);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn two_at_once_one_wins() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        let first = AtomicFolder::create(&target, false).unwrap();
        let err = AtomicFolder::create(&target, false).unwrap_err();
        assert_eq!(err.exit_code(), 3);
        assert!(err.to_string().contains(&format!("process {}", std::process::id())), "{err}");
        drop(first);
        AtomicFolder::create(&target, false).unwrap();
    }

    #[test]
    fn foreign_folders_files_and_links_are_not_touched() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("precious"), "x").unwrap();
        assert_eq!(AtomicFolder::create(&target, true).unwrap_err().exit_code(), 2);
        let link = dir.path().join("link");
        crate::system::link_folder(&target, &link).unwrap();
        assert_eq!(AtomicFolder::create(&link, true).unwrap_err().exit_code(), 2);
        assert_eq!(AtomicFolder::create(&target.join("precious"), true).unwrap_err().exit_code(), 2);
        assert_eq!(fs::read_to_string(target.join("precious")).unwrap(), "x");
    }

    /// Fills a file; its seal is of no matter here.
    fn filled(path: &Path, bytes: &[u8]) -> Result<String> {
        fs::write(path, bytes).map_err(|e| Error::io("write", path, &e))?;
        Ok(String::new())
    }

    #[test]
    fn a_file_made_at_a_path_is_booked_as_one_that_was_streamed() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        let mut folder = AtomicFolder::create(&target, false).unwrap();
        let text = vec![b'x'; 300_000]; // more than one piece of the reading
        folder.write("a", |w| w.write_all(&text)).unwrap();
        folder
            .write_sealed("b", |path| {
                assert!(!path.exists());
                filled(path, &text)
            })
            .unwrap();
        let written = folder.finish().unwrap();
        assert_eq!((written[0].bytes, &written[0].sha256), (300_000, &written[1].sha256));
        assert_eq!((written[1].bytes, written[1].name.as_str()), (300_000, "b"));
        assert_eq!(fs::read(target.join("b")).unwrap(), text);
    }

    #[test]
    fn a_fault_in_a_file_made_at_a_path_names_it_where_it_would_have_been() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        let mut folder = AtomicFolder::create(&target, false).unwrap();
        let full = |path: &Path| Err(Error::environment("the disk is full", "").at(Location::file(path_text(path))));
        let err = folder.write_sealed("round.gpkg", full).unwrap_err();
        assert_eq!(err.location().file.as_deref(), Some(path_text(&target.join("round.gpkg")).as_str()));
        drop(folder);
        let mut folder = AtomicFolder::create(&target, false).unwrap();
        assert_eq!(folder.write_sealed("never", |_| Ok(String::new())).unwrap_err().exit_code(), 3); // nothing was made there
        drop(folder);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn names_go_one_folder_down_and_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        let mut folder = AtomicFolder::create(&target, false).unwrap();
        folder.write("counties/1.html", |w| w.write_all(b"1")).unwrap();
        folder.write("counties/2.html", |w| w.write_all(b"2")).unwrap();
        folder.write_sealed("maps/1.svg", |path| filled(path, b"m")).unwrap();
        for bad in ["../a", "/a", "a/b/c", "counties/", "counties/..", ""] {
            assert_eq!(folder.write(bad, |_| Ok(())).unwrap_err().exit_code(), 4, "{bad}");
        }
        let names: Vec<String> = folder.finish().unwrap().into_iter().map(|w| w.name).collect();
        assert_eq!(names, ["counties/1.html", "counties/2.html", "maps/1.svg"]);
        assert_eq!(fs::read_to_string(target.join("counties/2.html")).unwrap(), "2");
        assert_eq!(fs::read_dir(&target).unwrap().count(), 2);
    }

    #[test]
    fn many_at_once_are_booked_in_their_order_with_the_same_hashes() {
        let dir = tempfile::tempdir().unwrap();
        let files: Vec<(String, Vec<u8>)> =
            (0..100).map(|i| (format!("counties/{}.html", 99 - i), vec![b'a' + (i % 26) as u8; i * 100])).collect();
        let mut one = AtomicFolder::create(&dir.path().join("one"), false).unwrap();
        files.iter().for_each(|(name, bytes)| one.write(name, |w| w.write_all(bytes)).unwrap());
        let mut all = AtomicFolder::create(&dir.path().join("all"), false).unwrap();
        all.write_all(&[]).unwrap();
        all.write_all(&files).unwrap();
        assert_eq!(all.finish().unwrap(), one.finish().unwrap());
        let mut twice = AtomicFolder::create(&dir.path().join("twice"), false).unwrap();
        // the same name twice is never one file over the other
        assert_eq!(twice.write_all(&[files[0].clone(), files[0].clone()]).unwrap_err().exit_code(), 3);
        drop(twice);
        let mut astray = AtomicFolder::create(&dir.path().join("astray"), false).unwrap();
        assert_eq!(astray.write_all(&[("../a".to_owned(), Vec::new())]).unwrap_err().exit_code(), 4);
    }
}
