//! Paths as they are written on other machines and in other programs: what is wrong with one, in a true sentence.

use super::region_file::RegionFile;
use super::round_file::{Checks, RoundFile};
use super::toml_text::place_of_key;
use crate::error::{Error, Location, Result, path_text};
use std::path::{Path, PathBuf};

/// What is wrong with a path as it is written, and what to write; none where nothing looks wrong.
fn wrong(path: &Path, folder: &Path) -> Option<(String, String)> {
    let text = path.to_string_lossy();
    if folder.join(path).exists() {
        return None; // odd as it may look, it is there
    }
    if text.contains("://") {
        let what = format!("\"{text}\" is a web address, and files are read");
        return Some((what, "download it, and write the path of the file".to_owned()));
    }
    if let Some(c) = text.chars().find(|c| c.is_control()) {
        let letter = c.escape_default();
        let what = format!("the path holds a control character: in double quotes {letter} is one sign");
        return Some((what, "write the path with /, or in single quotes".to_owned()));
    }
    if text.starts_with('~') {
        let next = "write the whole path, or one from the folder of this file";
        return Some((format!("\"{text}\": ~ is a word of the shell and means nothing in a file"), next.to_owned()));
    }
    if !cfg!(windows) && is_drive(&text) {
        let what = format!("\"{text}\" is a path of Windows, and this machine has no drives");
        return Some((what, "write where the file is on this machine, such as data/stations.csv".to_owned()));
    }
    if !cfg!(windows) && text.contains('\\') {
        let plain = text.replace('\\', "/");
        let there = if folder.join(&plain).exists() { "" } else { " (which is not there either)" };
        return Some((
            format!("\"{text}\" is written with \\, which parts no folders here"),
            format!("write it with /: \"{plain}\"{there}"),
        ));
    }
    other_case(path, folder).map(|found| {
        let what = format!("there is no file \"{}\"; upper and lower case differ", path_text(path));
        (what, format!("write \"{}\"", path_text(&found)))
    })
}

fn is_drive(text: &str) -> bool {
    let mut signs = text.chars();
    matches!((signs.next(), signs.next(), signs.next()), (Some(letter), Some(':'), Some('\\' | '/')) if letter.is_ascii_alphabetic())
        || text.starts_with("\\\\")
}

/// A path that is there and differs in upper and lower case only.
fn other_case(path: &Path, folder: &Path) -> Option<PathBuf> {
    let mut found = PathBuf::new();
    for part in path.components() {
        let next = found.join(part);
        if folder.join(&next).exists() {
            found = next;
            continue;
        }
        let wanted = part.as_os_str().to_string_lossy().to_lowercase();
        let inside = Path::new(".").join(folder).join(&found); // an empty path is no folder
        let list = std::fs::read_dir(inside).ok()?;
        let mut same: Vec<_> =
            list.filter_map(|e| Some(e.ok()?.file_name())).filter(|n| n.to_string_lossy().to_lowercase() == wanted).collect();
        same.sort();
        found.push(same.first()?);
    }
    Some(found)
}

impl RegionFile {
    /// Every path of the file with its key.
    pub fn paths(&self) -> Vec<(String, &Path)> {
        let mut out: Vec<(String, &Path)> = Vec::new();
        if let Some(osm) = &self.osm {
            out.push(("osm.path".to_owned(), &osm.path));
        }
        let layers = [
            ("roads", self.roads.as_ref().and_then(|t| t.path.as_ref())),
            ("counties", self.counties.as_ref().and_then(|t| t.path.as_ref())),
            ("stations", self.stations.as_ref().and_then(|t| t.path.as_ref())),
            ("settlements", self.settlements.as_ref().and_then(|t| t.path.as_ref())),
            ("candidates", self.candidates.as_ref().and_then(|t| t.path.as_ref())),
        ];
        for (name, paths) in layers.into_iter().filter_map(|(name, p)| Some((name, p?))) {
            let list = paths.list();
            for (i, path) in list.iter().enumerate() {
                let key = if list.len() > 1 { format!("{name}.path[{i}]") } else { format!("{name}.path") };
                out.push((key, path));
            }
        }
        if let Some(table) = &self.county_table {
            out.push(("county_table.path".to_owned(), &table.path));
            out.extend(table.crosswalk.as_deref().map(|p| ("county_table.crosswalk".to_owned(), p)));
        }
        let counts = self.demand.as_ref().and_then(|d| d.traffic.as_ref()?.path.as_deref());
        out.extend(counts.map(|p| ("demand.traffic.path".to_owned(), p)));
        let flows = self.plan.as_ref().and_then(|p| p.flows.as_ref()?.path.as_deref());
        out.extend(flows.map(|p| ("plan.flows.path".to_owned(), p)));
        out.extend(self.population.as_ref().map(|p| ("population.path".to_owned(), p.path.as_path())));
        out.extend(self.rank.goalposts_file().map(|p| ("rank.goalposts.file".to_owned(), Path::new(p))));
        let programmes = self.programme.files.iter().enumerate();
        out.extend(programmes.map(|(i, p)| (format!("programme.files[{i}]"), p.as_path())));
        out
    }
}

impl RoundFile {
    /// Every path of the file with its key; patterns of regions are paths too.
    pub fn paths(&self) -> Vec<(String, &Path)> {
        let patterns = self.regions.files.iter().enumerate().map(|(i, p)| (format!("regions.files[{i}]"), Path::new(p.as_str())));
        let lists = [("regions.county_list", &self.regions.county_list), ("regions.crosswalk", &self.regions.crosswalk)];
        let lists = lists.into_iter().filter_map(|(key, p)| Some((key.to_owned(), p.as_deref()?)));
        let posts = self.rank.goalposts_file().map(|p| ("rank.goalposts.file".to_owned(), Path::new(p)));
        let programmes = self.programme.files.iter().enumerate();
        let programmes = programmes.map(|(i, p)| (format!("programme.files[{i}]"), p.as_path()));
        let counts = self.traffic().map(|(_, path)| ("demand.traffic.path".to_owned(), path));
        let register = self.applicants.as_ref().map(|a| ("applicants.path".to_owned(), a.path.as_path()));
        let checks: Vec<(String, &Path)> = match &self.regions.checks {
            Some(Checks::Beside(list)) => {
                list.iter().enumerate().map(|(i, p)| (format!("regions.checks[{i}]"), Path::new(p.as_str()))).collect()
            }
            Some(Checks::ByRegion(list)) => {
                list.iter().map(|(name, p)| (format!("regions.checks.{name}"), p.as_path())).collect()
            }
            None => Vec::new(),
        };
        patterns.chain(lists).chain(posts).chain(programmes).chain(counts).chain(register).chain(checks).collect()
    }
}

/// Refuses the first path of a region file that is written for another machine or program.
///
/// # Errors
/// Usage, with line and key, what is wrong and what to write.
pub(super) fn check_region(file: &RegionFile, text: &str, shown: &str) -> Result<()> {
    check(file.paths(), &file.folder, text, shown)
}

/// The same of a round file.
///
/// # Errors
/// As [`check_region`].
pub(super) fn check_round(file: &RoundFile, text: &str, shown: &str) -> Result<()> {
    check(file.paths(), &file.folder, text, shown)
}

fn check(paths: Vec<(String, &Path)>, folder: &Path, text: &str, shown: &str) -> Result<()> {
    for (key, path) in paths {
        if let Some((what, next)) = wrong(path, folder) {
            let (line, column) = place_of_key(text, &key);
            return Err(Error::usage(what, next).at(Location::file(shown).line(line, column).field(key)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_other_machines_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("data")).unwrap();
        std::fs::write(dir.path().join("data/stations.csv"), "x").unwrap();
        let said = |path: &str| wrong(Path::new(path), dir.path()).map(|(what, next)| format!("{what}; {next}"));
        for (path, word) in [
            ("https://example.org/stations.csv", "is a web address"),
            ("~/stations.csv", "~ is a word of the shell"),
            ("data\tations.csv", "\\t is one sign"),
            ("Data/Stations.CSV", "write \"data/stations.csv\""),
        ] {
            let text = said(path).unwrap_or_default();
            assert!(text.contains(word), "{path}: {text}");
        }
        if !cfg!(windows) {
            for (path, word) in [
                (r"data\stations.csv", "write it with /: \"data/stations.csv\""),
                (r"data\no.csv", "which is not there either"),
                (r"C:\Users\x\stations.csv", "is a path of Windows"),
                ("D:/x.csv", "is a path of Windows"),
                (r"\\server\share\x.csv", "is a path of Windows"),
            ] {
                let text = said(path).unwrap_or_default();
                assert!(text.contains(word), "{path}: {text}");
            }
        }
        assert_eq!((said("data/stations.csv"), said("data/none.csv"), said("provinces/*/region.toml")), (None, None, None));
    }
}
