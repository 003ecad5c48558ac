//! Files that are copies of others by their names, as programs and people call them: the original goes before them.

use super::gather::{end_of, name_of};
use std::path::Path;

/// Parts of a name that say so.
const WITHIN: &[&str] =
    &["backup", "back-up", "副本", "备份", "備份", "复件", "kopie", "copie de", "copia de", "copy of ", "コピー"];
/// Ends of a name that say so.
const ENDS: &[&str] =
    &["_bak", "-bak", ".bak", " bak", "_old", "-old", " old", "_orig", ".orig", "_copy", "-copy", " copy", "旧", "旧版", "~"];
/// Ends of files that say so.
const OF_FILES: &[&str] = &["bak", "old", "orig", "tmp", "swp", "sav"];
/// Names of folders that hold such files.
const FOLDERS: &[&str] =
    &["backup", "backups", "bak", "old", "archive", "archiv", "archives", "副本", "备份", "历史", "旧", "旧版"];

/// Whether a file is a copy of another one by its name, or lies in a folder of such.
pub fn is_copy(path: &Path) -> bool {
    let lower = |part: &std::ffi::OsStr| part.to_string_lossy().to_lowercase();
    let (end, name) = (end_of(path), name_of(path));
    let stem = name.strip_suffix(&format!(".{end}")).unwrap_or(&name).trim();
    let folder = path.parent().is_some_and(|p| p.components().any(|c| FOLDERS.contains(&lower(c.as_os_str()).as_str())));
    let said = WITHIN.iter().any(|w| stem.contains(w)) || ENDS.iter().any(|w| stem.ends_with(w) && stem != *w);
    folder || said || is_numbered(stem) || OF_FILES.contains(&end.as_str()) || name.ends_with('~')
}

/// `roads (1)`, `roads(2)`, `道路（1）`: a small number in brackets, as browsers and file managers put it behind a name.
fn is_numbered(stem: &str) -> bool {
    let inside = stem.strip_suffix([')', '）']).and_then(|t| t.rsplit_once(['(', '（']));
    inside
        .is_some_and(|(before, n)| !before.trim().is_empty() && matches!(n.len(), 1 | 2) && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_copy;
    use std::path::Path;

    #[test]
    fn copies_go_by_their_names() {
        for name in [
            "data/roads_backup.shp",
            "roads - 副本.shp",
            "副本站点.xlsx",
            "stations (1).csv",
            "stations(2).csv",
            "站点（1）.xlsx",
            "stations - Copy.csv",
            "Copy of stations.csv",
            "Kopie von x.xlsx",
            "x_old.csv",
            "x.csv.bak",
            "x.csv~",
            "backup/x.csv",
            "备份/x.csv",
            "复件 x.xls",
        ] {
            assert!(is_copy(Path::new(name)), "{name}");
        }
        for name in [
            "roads.shp",
            "stations (2021).csv",
            "(1).csv",
            "old.csv",
            "threshold.csv",
            "data/gold/x.csv",
            "copyright.csv",
            "旧.csv",
        ] {
            assert!(!is_copy(Path::new(name)), "{name}");
        }
    }
}
