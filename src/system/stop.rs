//! What happens when somebody stops the program (Ctrl-C, or `kill`): what is half-written is removed, a sentence is said, and the exit
//! code is 130 or 143, as a shell says it.
//!
//! Whoever makes a file or folder that is not yet an output [notes](note) it, and makes and puts it in place at the [gate]: so it is
//! removed whole, or stands whole. A program that is killed outright removes nothing; the next one to the same place does.
//!
//! Portable: nothing is watched; the system ends the program, and what is half-written is swept by the next run to the same place.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
static GATE: RwLock<()> = RwLock::new(());
/// A child that does the work: it is told, and its end is ours.
static CHILD: AtomicI32 = AtomicI32::new(0);
/// The program is being stopped: what fails from now on may fail because its files are being removed.
static STOPPING: AtomicBool = AtomicBool::new(false);
/// What is said then, by the name of the signal.
static SAYS: OnceLock<fn(&str) -> String> = OnceLock::new();

/// Held while files are made or put in place: once the program is being stopped, nobody gets in.
pub fn gate() -> RwLockReadGuard<'static, ()> {
    GATE.read().unwrap_or_else(PoisonError::into_inner)
}

/// Notes a file or folder that is to go when the program is stopped.
pub fn note(path: &Path) {
    let whole = super::whole_path(path);
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).insert(whole);
}

/// A file or folder is where it belongs, or gone.
pub fn forget(path: &Path) {
    let whole = super::whole_path(path);
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).remove(&whole);
}

/// Watches for signals that stop the program, from now on; for `main`. `says` makes what is said of the signal's name.
pub fn watch(says: fn(&str) -> String) {
    let _ = SAYS.set(says); // the first stays
    super::here::watch(stopped);
}

/// A child does the work: signals go to it, and the program ends when it does.
pub fn child_works(process: u32) {
    CHILD.store(i32::try_from(process).unwrap_or(0), Ordering::SeqCst);
}

/// Does not come back while the program is being stopped; for whoever is about to report a failure, which may be the removal's own.
pub fn ends_here() {
    while STOPPING.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

/// Removes what is half-written and ends the program, unless a child does the work.
fn stopped(signal: i32, name: &str) {
    match CHILD.load(Ordering::SeqCst) {
        0 => {}
        child => return super::here::pass_on(child, signal),
    }
    STOPPING.store(true, Ordering::SeqCst);
    let _closed = GATE.write().unwrap_or_else(PoisonError::into_inner);
    let all = std::mem::take(&mut *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner));
    all.iter().for_each(|path| remove(path));
    // A closed standard error leaves nobody to tell.
    let _ = write!(std::io::stderr(), "{}", SAYS.get().map_or_else(String::new, |says| says(name)));
    std::process::exit(128 + signal);
}

/// Removes a file or folder; a library may still be adding to a folder while it is removed.
fn remove(path: &Path) {
    for _ in 0..100 {
        let done = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        if done.is_ok() || path.symlink_metadata().is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
