//! What a region asks of programmes, as manifests tell it: two folders that were held against other rules differ by a setting.

use super::list::EMBEDDED;
use super::profile::Profile;
use crate::config::RegionFile;
use crate::error::{Result, path_text};
use crate::files::lang::Both;
use crate::read::hex;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A programme of a file that is used in place of the one of the same name that comes with the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StandIn {
    /// The file.
    pub file: String,
    /// SHA-256 of it.
    pub sha256: String,
    /// SHA-256 of the one that comes with the program.
    pub shipped_sha256: String,
}

/// `[programme]` as it is asked, and which rules that meant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProgrammeTold {
    /// Programmes, in order.
    pub profiles: Vec<String>,
    /// SHA-256 of the text of each, of the program or of a user's file.
    pub sha256: BTreeMap<String, String>,
    /// Files that hold programmes.
    pub files: Vec<String>,
    /// Programmes of a file that carry the name of one that comes with the program and say something else.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub stands_in_for: BTreeMap<String, StandIn>,
    /// Numbers of the roads that rules about roads are for; every numbered road where there are none.
    pub roads: Option<Vec<String>>,
    /// Values that a programme leaves to the user.
    pub values: BTreeMap<String, BTreeMap<String, f64>>,
    /// Figures of counties.
    pub figures: BTreeMap<String, BTreeMap<String, f64>>,
    /// What is so of counties and what is not.
    pub facts: BTreeMap<String, BTreeMap<String, bool>>,
}

impl ProgrammeTold {
    /// A sentence for each programme that stands in for one that comes with the program.
    pub fn stand_ins(&self) -> Vec<Both> {
        let one = |(name, s): (&String, &StandIn)| {
            let StandIn { file, sha256, shipped_sha256 } = s;
            Both::new(
                format!(
                    "{name} is not the one that comes with the program (SHA-256 {shipped_sha256}): {file} stands in for it (SHA-256 {sha256})"
                ),
                format!("{name} 不是程序自带的同名项目（SHA-256 {shipped_sha256}），而由 {file} 代替（SHA-256 {sha256}）"),
            )
        };
        self.stands_in_for.iter().map(one).collect()
    }

    /// Of a region; none where it names no programme.
    ///
    /// # Errors
    /// Input, when a file cannot be read; usage, when it holds no programme.
    pub fn of(region: &RegionFile) -> Result<Option<Self>> {
        let table = &region.programme;
        if table.profiles.is_empty() {
            return Ok(None);
        }
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let mut stands_in_for = BTreeMap::new();
        let hash = |text: &str| hex(&Sha256::digest(text.as_bytes()));
        for (path, text) in table.read_files(&region.folder)? {
            let file = path_text(&path);
            let name = Profile::parse(&text, &file)?.name;
            let shipped = EMBEDDED.iter().find(|(n, _)| *n == name && table.profiles.contains(&name));
            if let Some((_, shipped)) = shipped.filter(|(_, shipped)| **shipped != text) {
                stands_in_for.insert(name.clone(), StandIn { file, sha256: hash(&text), shipped_sha256: hash(shipped) });
            }
            texts.insert(name, text);
        }
        let text = |name: &str| {
            let own = texts.get(name).map(String::as_str);
            own.or_else(|| EMBEDDED.iter().find(|(n, _)| *n == name).map(|(_, text)| *text))
        };
        let sum = |name: &String| Some((name.clone(), hash(text(name)?)));
        Ok(Some(Self {
            profiles: table.profiles.clone(),
            sha256: table.profiles.iter().filter_map(sum).collect(),
            files: table.files.iter().map(|path| path_text(path)).collect(),
            stands_in_for,
            roads: table.roads.clone(),
            values: table.values.clone(),
            figures: table.figures.clone(),
            facts: table.facts.clone(),
        }))
    }
}
