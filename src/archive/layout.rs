//! Where inputs go: as they lay about the round file, so that the round can be made from the unpacked files as they are.
//!
//! A path that leads above the folder of the round file (`../roads/a.gpkg`) needs a folder above it: the round file then stands in
//! `inputs/round/`, and the other in `inputs/roads/`.

use super::INPUTS;

/// The folders between the top of all inputs and the round file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    down: Vec<String>,
}

/// How far a path leads above the folder that it is seen from, and the rest of it; none where it is no path that can be kept.
fn split(path: &str) -> Option<(usize, Vec<&str>)> {
    let (mut ups, mut rest) = (0, Vec::new());
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if path.starts_with('/') || drive {
        return None;
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if rest.pop().is_none() {
                    ups += 1;
                }
            }
            _ if is_plain(part) => rest.push(part),
            _ => return None,
        }
    }
    (!rest.is_empty()).then_some((ups, rest))
}

/// Whether a word is the name of a file or folder and nothing else, on every system.
fn is_plain(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && part.len() <= 255 && !part.contains(|c: char| c.is_control() || matches!(c, '/' | '\\'))
}

/// Whether a name of an archive leads to a place inside the folder that it is unpacked to.
pub fn is_safe(name: &str) -> bool {
    name.len() <= 4096 && name.split('/').all(is_plain)
}

impl Layout {
    /// The layout of all these paths, seen from the folder of the round file; the path that cannot be kept, where there is one.
    pub fn of<'a>(paths: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let split: Vec<_> = paths.map(|p| split(p).ok_or_else(|| p.to_owned())).collect::<Result<_, _>>()?;
        let levels = split.iter().map(|(ups, _)| *ups).max().unwrap_or(0);
        // The folder that is `levels - k` below the top is left by paths with more than `k` steps up; none of them may come back to it.
        let down = (0..levels).map(|depth| {
            let there = |name: &str| split.iter().any(|(ups, rest)| levels - ups == depth && rest[0].eq_ignore_ascii_case(name));
            let names = std::iter::once("round".to_owned()).chain((2..).map(|n| format!("round-{n}")));
            names.into_iter().find(|n| !there(n)).unwrap_or_default()
        });
        Ok(Self { down: down.collect() })
    }

    /// The layout of an archive, by the name of its round file in it.
    pub fn of_archive(round_file: &str) -> Option<Self> {
        let inside = round_file.strip_prefix(INPUTS)?.strip_prefix('/')?;
        let parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
        let (_, down) = parts.split_last()?;
        Some(Self { down: down.to_vec() })
    }

    /// The name in the archive of a path that is seen from the folder of the round file; none where it would lie outside.
    pub fn name(&self, path: &str) -> Option<String> {
        let (ups, rest) = split(path)?;
        let kept = self.down.len().checked_sub(ups)?;
        let parts = std::iter::once(INPUTS).chain(self.down[..kept].iter().map(String::as_str)).chain(rest);
        Some(parts.collect::<Vec<_>>().join("/"))
    }

    /// Folders that must be there for the system to find a path as it is written: of `a/../b` also `a`.
    pub fn folders(&self, path: &str) -> Vec<String> {
        let mut here: Vec<&str> = std::iter::once(INPUTS).chain(self.down.iter().map(String::as_str)).collect();
        let mut all = vec![here.join("/")];
        let parts: Vec<&str> = path.split('/').filter(|p| !matches!(*p, "" | ".")).collect();
        for part in parts.iter().take(parts.len().saturating_sub(1)) {
            if *part == ".." {
                here.pop();
            } else {
                here.push(part);
            }
            all.push(here.join("/"));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_lie_as_they_lay() {
        let paths = ["round.toml", "11/region.toml", "11/../shared/roads.gpkg", "./a//b.csv"];
        let flat = Layout::of(paths.into_iter()).unwrap();
        let names = paths.map(|p| flat.name(p).unwrap());
        assert_eq!(names, ["inputs/round.toml", "inputs/11/region.toml", "inputs/shared/roads.gpkg", "inputs/a/b.csv"]);
        assert_eq!(flat.name("../x"), None); // outside
        assert_eq!(Layout::of_archive("inputs/round.toml"), Some(flat));
    }

    #[test]
    fn what_lies_above_the_round_gets_folders_above_it() {
        // two steps up at the most, so the round is two folders down
        let paths = ["r.toml", "../b.csv", "../../c/d.csv", "11/../../../e.csv"];
        let layout = Layout::of(paths.into_iter()).unwrap();
        let names = paths.map(|p| layout.name(p).unwrap());
        assert_eq!(names, ["inputs/round/round/r.toml", "inputs/round/b.csv", "inputs/c/d.csv", "inputs/e.csv"]);
        assert_eq!(Layout::of_archive(&names[0]), Some(layout.clone()));
        // the system walks into 11 before it goes up
        assert_eq!(
            layout.folders(paths[3]),
            ["inputs/round/round", "inputs/round/round/11", "inputs/round/round", "inputs/round", "inputs"]
        );
        // a folder that has the name is not mixed up with that of the round, in whatever case it is written
        let taken = Layout::of(["r.toml", "../Round/b.csv", "../round-2"].into_iter()).unwrap();
        assert_eq!(taken.name("r.toml").unwrap(), "inputs/round-3/r.toml");
        assert_eq!(taken.name("../Round/b.csv").unwrap(), "inputs/Round/b.csv");
    }

    #[test]
    fn what_is_no_path_from_the_round_is_named() {
        for bad in ["/data/a.csv", "C:/a.csv", "a\\b.csv", "a\u{7}.csv", "..", "", "a/.."] {
            assert_eq!(Layout::of(["r.toml", bad].into_iter()), Err(bad.to_owned()), "{bad}");
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_not_safe() {
        for good in ["README.txt", "results/counties/500101.html", "inputs/道路.csv", "inputs/..a", "inputs/a:b"] {
            assert!(is_safe(good), "{good}");
        }
        for bad in ["../a", "/a", "a/../b", "a//b", "a/", "a/.", "", "a\\..\\b", "a\0", "a\nb"] {
            assert!(!is_safe(bad), "{bad}");
        }
    }
}
