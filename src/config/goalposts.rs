//! `[rank.goalposts]`: fixed ends of scales, in the file itself or in one that it names.

use super::goalposts_seal::{self, SEAL_KEY};
use super::rank_table::RankTable;
use super::text_file::read_text;
use super::toml_text::parse_toml;
use crate::error::{Error, Location, Result, path_text};
use crate::input;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Key of `[rank.goalposts]` that names the file with the others.
pub const FILE_KEY: &str = "file";
/// Key of `[rank.goalposts]` that says where those come from that do not say it themselves.
pub const SOURCE_KEY: &str = "source";

/// An entry of `[rank.goalposts]`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged, expecting = "goalposts are [low, high], or low and high with a source; file and source are texts")]
pub enum Goalpost {
    /// Lower and upper end.
    Ends([f64; 2]),
    /// The same with where they come from.
    Told(GoalpostTable),
    /// Under `file` the name of a file with goalposts, under `source` where all come from.
    Text(String),
}

/// Ends with their source.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoalpostTable {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Where they come from: a round by name, a file beside this one, a target.
    #[serde(default)]
    pub source: String,
    /// SHA-256 of the manifest of the finished round, or of the file, that the source names; without it they are a target, as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Whether somebody wrote them by hand: so they count unless they stand under a `values_sha256` of the program that holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<bool>,
}

impl Goalpost {
    /// Both ends; none of a text.
    pub fn ends(&self) -> Option<[f64; 2]> {
        match self {
            Self::Ends(ends) => Some(*ends),
            Self::Told(t) => Some([t.low, t.high]),
            Self::Text(_) => None,
        }
    }

    /// Where they come from; empty where nobody says.
    pub fn source(&self) -> &str {
        match self {
            Self::Told(t) => &t.source,
            Self::Ends(_) | Self::Text(_) => "",
        }
    }

    /// SHA-256 of what they come from; none of a target.
    pub fn sha256(&self) -> Option<&str> {
        if let Self::Told(t) = self { t.sha256.as_deref() } else { None }
    }

    /// Whether they are as somebody wrote them, and not as the program did.
    pub fn is_by_hand(&self) -> bool {
        !matches!(self, Self::Told(GoalpostTable { by_hand: Some(false), .. }))
    }
}

/// A file with goalposts and nothing else, in the form that it has in a round file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GoalpostFile {
    rank: GoalpostRank,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GoalpostRank {
    goalposts: BTreeMap<String, Goalpost>,
}

pub(super) fn text_of<'g>(all: &'g BTreeMap<String, Goalpost>, key: &str) -> Option<&'g str> {
    match all.get(key) {
        Some(Goalpost::Text(text)) => Some(text),
        _ => None,
    }
}

impl RankTable {
    /// The file that `[rank.goalposts]` names.
    pub fn goalposts_file(&self) -> Option<&str> {
        text_of(&self.goalposts, FILE_KEY)
    }

    /// Where goalposts come from that do not say it themselves; empty where nobody says.
    pub fn goalposts_source(&self) -> &str {
        text_of(&self.goalposts, SOURCE_KEY).unwrap_or_default()
    }

    /// Goalposts of indicators, by key.
    pub fn goalposts_of(&self) -> impl Iterator<Item = (&String, &Goalpost)> {
        let reserved =
            |key: &str, g: &Goalpost| matches!(g, Goalpost::Text(_)) && [FILE_KEY, SOURCE_KEY, SEAL_KEY].contains(&key);
        self.goalposts.iter().filter(move |(key, g)| !reserved(key, g))
    }

    /// Brings in the goalposts of the file that is named, seen from a folder. The name stays, so that it is known where they come from.
    ///
    /// # Errors
    /// Input, when the file cannot be read, or values are not those that their `values_sha256` seals; usage, when it is no file of
    /// goalposts, names another one, or an indicator has goalposts in both places.
    pub(super) fn read_goalposts(&mut self, folder: &Path, named_in: &Path) -> Result<()> {
        self.bring_goalposts(folder).map_err(|e| {
            let at = e.location().clone();
            if at.file.is_some() { e } else { e.at(Location { file: Some(path_text(named_in)), ..at }) }
        })
    }

    fn bring_goalposts(&mut self, folder: &Path) -> Result<()> {
        goalposts_seal::hold(&mut self.goalposts, &Location::default())?;
        self.read_goalposts_file(folder)?;
        let sources = self.goalposts_sources(folder);
        for (key, goalpost) in &mut self.goalposts {
            let Goalpost::Told(told) = goalpost else { continue };
            let Some(path) = sources.get(told.source.trim()) else { continue };
            let bytes = input::whole(path, "read what goalposts come from", input::MOST_WHOLE)?;
            let found: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
            if let Some(given) = told.sha256.as_deref().filter(|given| *given != found) {
                let what = format!(
                    "the goalposts of {key} come from {}, which has the SHA-256 {found}, and {given} is given",
                    told.source.trim()
                );
                let at = Location::default().field(format!("rank.goalposts.{key}.sha256"));
                return Err(Error::input(what, "bring back the file as it was, or look at the goalposts again").at(at));
            }
            told.sha256 = Some(found);
        }
        Ok(())
    }

    /// Files, seen from a folder, that goalposts come from, by the name that their source gives.
    pub fn goalposts_sources(&self, folder: &Path) -> BTreeMap<String, PathBuf> {
        let named = self.goalposts_of().map(|(_, g)| g.source().trim()).filter(|name| !name.is_empty());
        let file = |name: &str| Some((name.to_owned(), folder.join(name))).filter(|(_, path)| path.is_file());
        named.filter(|name| Path::new(name).is_relative()).filter_map(file).collect()
    }

    fn read_goalposts_file(&mut self, folder: &Path) -> Result<()> {
        let Some(name) = self.goalposts_file().map(str::to_owned) else { return Ok(()) };
        let path = folder.join(&name);
        let shown = path_text(&path);
        let bad = |key: &str, what: String, next: &str| {
            Err(Error::usage(what, next).at(Location::file(shown.as_str()).field(format!("rank.goalposts.{key}"))))
        };
        let mut found: GoalpostFile = parse_toml(&read_text(&path, "the goalposts")?, &shown)?;
        goalposts_seal::hold(&mut found.rank.goalposts, &Location::file(shown.as_str()))?;
        let source = text_of(&found.rank.goalposts, SOURCE_KEY).unwrap_or_default().to_owned();
        for (key, goalpost) in found.rank.goalposts {
            match (&goalpost, key.as_str()) {
                (Goalpost::Text(_), SOURCE_KEY | SEAL_KEY) => continue,
                (Goalpost::Text(_), FILE_KEY) => {
                    return bad(&key, "a file of goalposts names another one".to_owned(), "write the goalposts into it");
                }
                _ => {}
            }
            if self.goalposts.contains_key(&key) {
                let what = format!("\"{key}\" has goalposts here and in the file that names this one");
                return bad(&key, what, "keep one of the two");
            }
            let kept = match goalpost.ends() {
                Some([low, high]) => {
                    let (own, sha256) = (goalpost.source(), goalpost.sha256().map(str::to_owned));
                    let source = if own.is_empty() { source.clone() } else { own.to_owned() };
                    Goalpost::Told(GoalpostTable { low, high, source, sha256, by_hand: Some(goalpost.is_by_hand()) })
                }
                None => goalpost,
            };
            self.goalposts.insert(key, kept);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RegionFile;

    /// `[rank]` of a region file beside a file of goalposts.
    fn read(region: &str, goalposts: &str) -> Result<RankTable> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("posts.toml"), goalposts).unwrap();
        std::fs::write(dir.path().join("region.toml"), region).unwrap();
        RegionFile::read(&dir.path().join("region.toml")).map(|r| r.rank)
    }

    #[test]
    fn goalposts_stand_in_the_file_or_in_one_that_it_names() {
        let posts = "[rank.goalposts]\nsource = \"round 2025\"\na = [0, 2.5]\nb = { low = 1, high = 3, source = \"target\" }\n";
        let rank = read("[rank.goalposts]\nfile = \"posts.toml\"\nc = [5, 6]\n", posts).unwrap();
        let all: Vec<_> = rank.goalposts_of().map(|(k, g)| (k.as_str(), g.ends().unwrap(), g.source())).collect();
        assert_eq!(all, [("a", [0.0, 2.5], "round 2025"), ("b", [1.0, 3.0], "target"), ("c", [5.0, 6.0], "")]);
        assert_eq!(rank.goalposts_file(), Some("posts.toml"));
        // as it is written to the manifest and read back
        let again: RankTable = serde_json::from_value(serde_json::to_value(&rank).unwrap()).unwrap();
        assert_eq!(again, rank);
    }

    /// A source that is a file beside the one that names it is known by its SHA-256 ("abc" has this one, FIPS 180-4).
    #[test]
    fn a_source_that_is_a_file_is_held_by_its_fingerprint() {
        const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("plan.pdf"), "abc").unwrap();
        let read = |sha: &str| {
            let posts = format!(
                "[rank.goalposts]\na = {{ low = 0, high = 1, source = \"plan.pdf\"{sha} }}\nb = {{ low = 0, high = 1, source = \"target of 2026\" }}\n"
            );
            std::fs::write(dir.path().join("region.toml"), posts).unwrap();
            RegionFile::read(&dir.path().join("region.toml")).map(|r| r.rank)
        };
        for given in [String::new(), format!(", sha256 = \"{ABC}\"")] {
            let rank = read(&given).unwrap();
            let all: Vec<_> = rank.goalposts_of().map(|(_, g)| g.sha256()).collect();
            assert_eq!(all, [Some(ABC), None]);
            assert_eq!(rank.goalposts_sources(dir.path()).keys().collect::<Vec<_>>(), ["plan.pdf"]);
        }
        let e = read(&format!(", sha256 = \"{}\"", "0".repeat(64))).unwrap_err();
        assert!(e.to_string().contains("come from plan.pdf, which has the SHA-256 ba7816bf") && e.exit_code() == 1, "{e}");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_place() {
        for (region, posts, want) in [
            ("file = \"posts.toml\"\na = [0, 1]\n", "[rank.goalposts]\na = [0, 2]\n", "has goalposts here and in the file"),
            ("file = \"posts.toml\"\n", "[rank.goalposts]\nfile = \"x.toml\"\n", "names another one"),
            ("file = \"posts.toml\"\n", "[rank.weights]\na = 1\n", "weights"),
            ("file = \"posts.toml\"\n", "[rank.goalposts]\na = { low = 1, hgih = 2 }\n", "goalposts are [low, high]"),
            ("file = \"none.toml\"\n", "", "none.toml"),
            ("a = [0, 1, 2]\n", "", "goalposts are [low, high]"),
        ] {
            let told = read(&format!("[rank.goalposts]\n{region}"), posts).unwrap_err().to_string();
            assert!(told.contains(want), "{region}{posts}: {told}");
        }
    }
}
