//! What a region asks of programmes, as manifests tell it: two folders that were held against other rules differ by a setting.

use super::list::EMBEDDED;
use super::profile::Profile;
use crate::config::RegionFile;
use crate::error::{Result, path_text};
use crate::read::hex;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// `[programme]` as it is asked, and which rules that meant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProgrammeTold {
    /// Programmes, in order.
    pub profiles: Vec<String>,
    /// SHA-256 of the text of each, of the program or of a user's file.
    pub sha256: BTreeMap<String, String>,
    /// Files that hold programmes.
    pub files: Vec<String>,
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
        for (path, text) in table.read_files(&region.folder)? {
            texts.insert(Profile::parse(&text, &path_text(&path))?.name, text);
        }
        let text = |name: &str| {
            let own = texts.get(name).map(String::as_str);
            own.or_else(|| EMBEDDED.iter().find(|(n, _)| *n == name).map(|(_, text)| *text))
        };
        let sum = |name: &String| Some((name.clone(), hex(&Sha256::digest(text(name)?.as_bytes()))));
        Ok(Some(Self {
            profiles: table.profiles.clone(),
            sha256: table.profiles.iter().filter_map(sum).collect(),
            files: table.files.iter().map(|path| path_text(path)).collect(),
            roads: table.roads.clone(),
            values: table.values.clone(),
            figures: table.figures.clone(),
            facts: table.facts.clone(),
        }))
    }
}
