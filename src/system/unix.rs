//! What `system` promises, on Unix; what only Linux has falls back to `portable`'s way on its relatives.

use super::FileLook;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

pub fn file_look(path: &Path) -> Option<FileLook> {
    let m = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let (modified, changed) = ((m.mtime(), m.mtime_nsec()), (m.ctime(), m.ctime_nsec()));
    Some(FileLook { bytes: m.len(), modified, changed, inode: m.ino() })
}

pub fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

pub fn exchange(partial: &Path, target: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, partial, CWD, target, RenameFlags::EXCHANGE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            done => return Ok(done?),
        }
    }
    super::three_renames(partial, target)
}

pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

pub fn open_at_once(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    File::options().read(true).custom_flags(flags.bits() as i32).open(path)
}

pub fn open_lock(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
    File::options().read(true).write(true).create(true).truncate(false).custom_flags(flags.bits() as i32).open(path)
}

pub fn watch(stopped: fn(i32, &str)) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    // Who starts a program in the background, or with `nohup`, may have it ignore a signal: so it does.
    let ignored = ignored_signals();
    let names = [(SIGINT, "SIGINT (Ctrl-C)"), (SIGTERM, "SIGTERM")];
    let watched = names.iter().filter(|(s, _)| ignored & (1 << (s - 1)) == 0);
    let Ok(mut signals) = signal_hook::iterator::Signals::new(watched.map(|(s, _)| *s)) else { return };
    let wait = move || {
        for signal in signals.forever() {
            let name = names.iter().find(|(s, _)| *s == signal).map_or("a signal", |(_, name)| name);
            stopped(signal, name);
        }
    };
    // Without a thread the signal would go unheard, so the system's own handling has to stay then.
    let started = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
    if started.is_err() {
        let _ = [SIGINT, SIGTERM].map(|s| signal_hook::flag::register_conditional_default(s, std::sync::Arc::new(true.into())));
    }
}

/// The signals that this process was started to ignore, a bit each; told by Linux only.
fn ignored_signals() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|l| l.strip_prefix("SigIgn:"));
    mask.and_then(|m| u64::from_str_radix(m.trim(), 16).ok()).unwrap_or(0)
}

pub fn pass_on(process: i32, signal: i32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let (Some(pid), Some(signal)) = (Pid::from_raw(process), Signal::from_named_raw(signal)) {
        let _ = kill_process(pid, signal); // it may have ended
    }
}

pub fn kind_of_place(kind: fs::FileType) -> &'static str {
    match kind {
        k if k.is_fifo() => "a pipe",
        k if k.is_socket() => "a socket",
        k if k.is_char_device() || k.is_block_device() => "a device",
        k if k.is_symlink() => "a link",
        _ => "no file",
    }
}

pub fn create_private(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create_new(true).mode(0o600).open(path)
}

pub fn create_private_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().mode(0o700).create(path)
}

pub fn link_file(original: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(original, place)
}

pub fn address_bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}

pub fn is_running(process: i32) -> bool {
    // A negative number would be a group of processes.
    let one = Some(process).filter(|p| *p > 0).and_then(rustix::process::Pid::from_raw);
    one.is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
}

pub fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

pub fn processor_time() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(t.tv_sec.unsigned_abs(), u32::try_from(t.tv_nsec).unwrap_or(0))
}

#[cfg(target_os = "linux")]
pub fn address_limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::As).current
}

#[cfg(target_os = "linux")]
pub fn end_with_parent() {
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM));
}

#[cfg(not(target_os = "linux"))]
pub fn address_limit() -> Option<u64> {
    None
}

#[cfg(not(target_os = "linux"))]
pub fn end_with_parent() {}

pub fn ended_by_signal(status: ExitStatus) -> Option<i32> {
    status.signal()
}
