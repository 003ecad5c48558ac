//! The one door for all that is read: a regular file, or standard input (`-`), opened without waiting and read no further than its
//! reader can take. `tests/it/house.rs` holds that nothing else opens inputs.
//!
//! A pipe, a device or a socket is refused before it is opened: it could keep the program waiting for ever, or never end. What comes
//! through standard input is put into a private file first, since readers look at a file more than once.

use crate::error::{Error, Location, Result, path_text};
use crate::system;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The name of standard input; a file of this name is `./-`.
pub const STDIN: &str = "-";
/// Largest text of settings: a region or a round file.
pub const MOST_SETTINGS: u64 = 16 << 20;
/// Largest table, manifest or shard that is held in memory as a whole.
pub const MOST_WHOLE: u64 = 4 << 30;
/// Most that is taken from standard input.
const MOST_STDIN: u64 = 16 << 30;

/// Where standard input was put, once it was asked for.
static TAKEN: Mutex<Option<PathBuf>> = Mutex::new(None);

/// What was opened since somebody began to listen; nothing where nobody does.
static OPENED: Mutex<Option<BTreeSet<PathBuf>>> = Mutex::new(None);

/// Begins to note which inputs are opened, for whoever has to keep all of them.
pub fn listen() {
    *OPENED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(BTreeSet::new());
}

/// The inputs that were opened since [`listen`], as they were named.
pub fn heard() -> BTreeSet<PathBuf> {
    OPENED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take().unwrap_or_default()
}

/// Whether a path means standard input.
pub fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN)
}

/// Where an input lies: the path itself, or the private file that standard input was put into.
///
/// # Errors
/// Usage, when standard input is a terminal; environment, when it cannot be kept.
pub fn place(path: &Path) -> Result<Cow<'_, Path>> {
    if !is_stdin(path) {
        return Ok(Cow::Borrowed(path));
    }
    let mut taken = TAKEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(kept) = &*taken {
        return Ok(Cow::Owned(kept.clone()));
    }
    let kept = take_stdin()?;
    *taken = Some(kept.clone());
    Ok(Cow::Owned(kept))
}

fn take_stdin() -> Result<PathBuf> {
    let at = || Location::file(STDIN);
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(Error::usage("standard input is a terminal", "name a file, or pass one on: `… < FILE`").at(at()));
    }
    let at_gate = system::stop::gate();
    let (path, mut file) = system::private_file("chargegap-stdin")
        .map_err(|e| Error::environment(format!("standard input cannot be kept: {e}"), "set TMPDIR to a folder with space"))?;
    system::stop::note(&path);
    drop(at_gate);
    let done = io::copy(&mut stdin.lock().take(MOST_STDIN + 1), &mut file);
    let refused = match done {
        Ok(n) if n <= MOST_STDIN => return Ok(path),
        Ok(_) => Error::input("standard input holds more than 16 GiB", "give it as a file"),
        Err(e) => Error::environment(format!("standard input cannot be kept: {e}"), "set TMPDIR to a folder with space"),
    };
    system::stop::forget(&path);
    let _ = std::fs::remove_file(&path); // the error matters more than a rest that cannot be removed
    Err(refused.at(at()))
}

/// Removes what standard input was put into; for the end of the program.
pub fn forget_stdin() {
    let mut taken = TAKEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(path) = taken.take() {
        let _ = std::fs::remove_file(path);
    }
}

/// Opens an input. `doing` stands after "cannot" in what is said where it fails.
///
/// # Errors
/// Input, when it is missing or no regular file; environment, when the system refuses.
pub fn open(path: &Path, doing: &str) -> Result<File> {
    let place = place(path)?;
    let refused = |e: io::Error| Error::io(doing, path, &e);
    let kind = std::fs::metadata(&place).map_err(refused)?.file_type();
    if !kind.is_file() {
        return Err(no_file(path, kind));
    }
    let file = system::open_at_once(&place).map_err(refused)?;
    let kind = file.metadata().map_err(refused)?.file_type();
    // It may have been replaced between the look and the opening.
    if !kind.is_file() {
        return Err(no_file(path, kind));
    }
    if let Some(opened) = &mut *OPENED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
        opened.insert(path.to_path_buf());
    }
    Ok(file)
}

fn no_file(path: &Path, kind: std::fs::FileType) -> Error {
    let what = system::kind_of_place(kind);
    let next = match what {
        "a folder" => "name a file",
        _ => "name a file, or give - and pass it through standard input",
    };
    Error::input(format!("this is {what}, not a regular file"), next).at(Location::file(path_text(path)))
}

/// Size of an input, bytes.
///
/// # Errors
/// As [`open`].
pub fn size(path: &Path) -> Result<u64> {
    let meta = std::fs::metadata(place(path)?).map_err(|e| Error::io("open the file", path, &e))?;
    if meta.is_file() { Ok(meta.len()) } else { Err(no_file(path, meta.file_type())) }
}

/// Whether there is such an input and it can be opened.
pub fn is_there(path: &Path) -> bool {
    is_stdin(path) || path.is_file()
}

/// The first bytes of an input, `most` or as many as there are.
///
/// # Errors
/// As [`open`].
pub fn head(path: &Path, most: u64) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let file = open(path, "open the file")?;
    file.take(most).read_to_end(&mut head).map_err(|e| Error::io("read the file", path, &e))?;
    Ok(head)
}

/// A whole input in memory, if it is no larger than `most` bytes.
///
/// # Errors
/// As [`open`]; input, when it is larger.
pub fn whole(path: &Path, doing: &str, most: u64) -> Result<Vec<u8>> {
    let file = open(path, doing)?;
    let refused = |e: io::Error| Error::io(doing, path, &e);
    let told = file.metadata().map_err(refused)?.len();
    let mut bytes = Vec::new();
    if told <= most {
        bytes.reserve_exact(usize::try_from(told).unwrap_or(0));
        // It may grow while it is read.
        (&file).take(most + 1).read_to_end(&mut bytes).map_err(refused)?;
    }
    if told > most || bytes.len() as u64 > most {
        let what = format!("the file holds {} MiB, and at most {} MiB are read here", told.max(most) >> 20, most >> 20);
        return Err(Error::input(what, "check that it is the file that you mean").at(Location::file(path_text(path))));
    }
    Ok(bytes)
}

/// As [`whole`], as text.
///
/// # Errors
/// As [`whole`]; input, when it is not UTF-8.
pub fn text(path: &Path, doing: &str, most: u64) -> Result<String> {
    String::from_utf8(whole(path, doing, most)?)
        .map_err(|_| Error::io(doing, path, &io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_than_its_reader_can_take_is_refused_unread() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(whole(&path, "read the file", 5).unwrap(), b"12345");
        assert!(whole(&path, "read the file", 4).unwrap_err().to_string().contains("at most 0 MiB"));
        assert_eq!(head(&path, 2).unwrap(), b"12");
        assert_eq!((size(&path).unwrap(), is_there(&path)), (5, true));
        // a file with a hole of 1 TiB takes no memory
        File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        assert!(whole(&path, "read the file", MOST_WHOLE).unwrap_err().to_string().contains("at most 4096 MiB"));
        std::fs::write(&path, [0xff]).unwrap();
        assert!(text(&path, "read the list", 9).unwrap_err().to_string().contains("cannot read the list"));
    }

    #[test]
    fn what_is_no_regular_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let said = |path: &Path| open(path, "open the file").unwrap_err().to_string();
        assert!(said(dir.path()).contains("this is a folder, not a regular file"));
        assert!(said(&dir.path().join("none")).contains("cannot open the file"));
        assert!(size(dir.path()).is_err() && !is_there(dir.path()));
        #[cfg(target_os = "linux")]
        assert!(said(Path::new("/dev/zero")).contains("this is a device, not a regular file"));
    }
}
