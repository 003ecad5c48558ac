use super::*;
use std::fs;

/// Both forms of one promise, where both can be run.
type Both<T> = [T; 2];

#[cfg(unix)]
const EXCHANGES: Both<fn(&Path, &Path) -> io::Result<()>> = [unix::exchange, portable::exchange];
#[cfg(unix)]
const IS_AT: Both<fn(&File, &Path) -> bool> = [unix::is_at, portable::is_at];

#[test]
#[cfg(unix)]
fn two_folders_change_places_either_way() {
    for exchange in EXCHANGES {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in ["new", "old"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("who"), name).unwrap();
        }
        exchange(&at("new"), &at("old")).unwrap();
        assert_eq!(fs::read_to_string(at("old/who")).unwrap(), "new");
        assert_eq!(fs::read_to_string(at("new/who")).unwrap(), "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2); // nothing else stays
        // where the new one is missing the old one stays in its place
        assert!(exchange(&at("nowhere"), &at("old")).is_err());
        assert_eq!(fs::read_to_string(at("old/who")).unwrap(), "new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }
}

#[test]
#[cfg(unix)]
fn a_file_that_was_replaced_is_not_the_open_one() {
    for is_at in IS_AT {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let file = File::create(&path).unwrap();
        assert!(is_at(&file, &path));
        fs::remove_file(&path).unwrap();
        assert!(!is_at(&file, &path));
        std::thread::sleep(Duration::from_millis(20)); // more than a tick of the clock that the file system keeps
        File::create(&path).unwrap();
        assert!(!is_at(&file, &path));
    }
}

#[test]
fn addresses_of_windows_begin_with_a_slash_before_the_drive() {
    let address = |path: &str| String::from_utf8(portable::address_bytes(Path::new(path))).unwrap();
    assert_eq!(address(r"C:\Daten\Straßen 1.gpkg"), "/C:/Daten/Straßen 1.gpkg");
    assert_eq!(address(r"roads\a.gpkg"), "roads/a.gpkg");
    assert_eq!(address("/roads/a.gpkg"), "/roads/a.gpkg");
    assert_eq!(address("é:"), "é:"); // no drive letter, and no cut inside a character
    assert_eq!(address(""), "");
}

#[test]
fn the_portable_form_never_says_what_it_does_not_know() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "a").unwrap();
    assert_eq!(portable::file_look(&dir.path().join("a")), None);
    assert!(portable::is_running(1) && portable::is_running(i32::MAX)); // none is taken for gone
    assert_eq!((portable::processor_time(), portable::address_limit()), (Duration::ZERO, None));
    portable::sync_folder(&dir.path().join("missing")).unwrap();
}

#[test]
#[cfg(unix)]
fn what_the_system_knows_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    fs::write(&path, "abc").unwrap();
    let look = file_look(&path).unwrap();
    assert_eq!(look.bytes, 3);
    // A file of the same size and the same time of writing in its place: its number differs, so it is not taken for the first.
    let other = dir.path().join("b");
    fs::write(&other, "xyz").unwrap();
    File::options().write(true).open(&other).unwrap().set_modified(fs::metadata(&path).unwrap().modified().unwrap()).unwrap();
    fs::rename(&other, &path).unwrap();
    let after = file_look(&path).unwrap();
    assert_eq!((after.bytes, after.modified), (look.bytes, look.modified));
    assert_ne!(after, look);
    assert_eq!(file_look(dir.path()), None); // a folder is no file
    assert!(is_running(std::process::id() as i32) && !is_running(i32::MAX)); // numbers end far below 2^31 − 1
    assert!(!is_running(0) && !is_running(-1));
    let name = host();
    assert!(!name.is_empty() && name.len() <= 32 && name.bytes().all(|b| b.is_ascii_alphanumeric()), "{name}");
    #[cfg(target_os = "linux")]
    assert!(peak_mb() > 0 && resident_bytes() > 0 && resident_bytes() >> 20 <= peak_mb() + 1);
}
