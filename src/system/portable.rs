//! What `system` promises, as far as the standard library goes: for Windows and whatever else is not Unix. Tested on Linux; what
//! each loses stands at the functions of `system`.

use super::FileLook;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

pub fn file_look(_: &Path) -> Option<FileLook> {
    None // the time of a change of properties is not told, and without it a file that is put in place of another goes unnoticed
}

pub fn is_at(file: &File, path: &Path) -> bool {
    let look = |m: fs::Metadata| (m.len(), m.created().ok(), m.modified().ok());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(a), Ok(b)) => look(a) == look(b),
        _ => false,
    }
}

pub fn exchange(partial: &Path, target: &Path) -> io::Result<()> {
    super::three_renames(partial, target)
}

#[allow(clippy::unnecessary_wraps)] // as on Unix
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

pub fn open_at_once(path: &Path) -> io::Result<File> {
    File::open(path)
}

pub fn open_lock(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(false).open(path)
}

pub fn watch(_: fn(i32, &str)) {}

pub fn pass_on(_: i32, _: i32) {}

pub fn kind_of_place(_: fs::FileType) -> &'static str {
    "no file"
}

pub fn create_private(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create_new(true).open(path)
}

pub fn create_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

pub fn link_file(original: &Path, place: &Path) -> io::Result<()> {
    fs::copy(original, place).map(drop)
}

pub fn address_bytes(path: &Path) -> Vec<u8> {
    let slashed = path.to_string_lossy().replace('\\', "/");
    let drive = slashed.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && slashed[1..].starts_with(':');
    if drive { format!("/{slashed}").into_bytes() } else { slashed.into_bytes() }
}

pub fn is_running(_: i32) -> bool {
    true
}

pub fn host() -> String {
    let name = ["COMPUTERNAME", "HOSTNAME"].into_iter().find_map(std::env::var_os);
    name.unwrap_or_default().to_string_lossy().into_owned()
}

pub fn processor_time() -> Duration {
    Duration::ZERO
}

pub fn address_limit() -> Option<u64> {
    None
}

pub fn end_with_parent() {}

pub fn ended_by_signal(_: ExitStatus) -> Option<i32> {
    None
}
