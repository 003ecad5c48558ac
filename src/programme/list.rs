//! The programmes that come with the program, and those of a user's files.

use super::profile::Profile;
use crate::config::toml_text::nearest;
use crate::error::{Error, Location, Result, path_text};
use std::collections::BTreeMap;
use std::path::PathBuf;

macro_rules! profiles {
    ($($name:literal),+ $(,)?) => {
        /// Name and text of the profiles that come with the program.
        pub const EMBEDDED: &[(&str, &str)] = &[$(($name, include_str!(concat!("profiles/", $name, ".toml")))),+];
    };
}

profiles!(
    "cn-county-pilot-2024",
    "cn-county-pilot-2025",
    "cn-township-coverage",
    "eu-afir-cars-2025",
    "eu-afir-cars-2027",
    "eu-afir-cars-2030",
    "eu-afir-trucks-2025",
    "eu-afir-trucks-2027",
    "eu-afir-trucks-2030",
    "in-2019",
    "in-2024",
    "uk-msa",
    "us-nevi-2023",
    "us-nevi-2025",
);

/// A profile that comes with the program.
///
/// # Errors
/// Usage, naming the nearest, where there is none of this name.
pub fn embedded(name: &str) -> Result<Profile> {
    Programmes::default().get(name)
}

/// The profiles that there are: those of the program, and a user's, which go before.
#[derive(Clone, Debug, Default)]
pub struct Programmes {
    own: BTreeMap<String, Profile>,
}

impl Programmes {
    /// With the profiles of some files: each its path, as it is shown, and its text.
    ///
    /// # Errors
    /// Usage, as [`Profile::parse`]; two files of one name.
    pub fn with_files(files: &[(PathBuf, String)]) -> Result<Self> {
        let mut all = Self::default();
        for (path, text) in files {
            let shown = path_text(path);
            let profile = Profile::parse(text, &shown)?;
            if all.own.contains_key(&profile.name) {
                let what = format!("two files hold a programme \"{}\"", profile.name);
                return Err(Error::usage(what, "give one of them another name").at(Location::file(shown).field("name")));
            }
            all.own.insert(profile.name.clone(), profile);
        }
        Ok(all)
    }

    /// All names, in order.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = EMBEDDED.iter().map(|(name, _)| *name).chain(self.own.keys().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether a profile is a user's.
    pub fn is_own(&self, name: &str) -> bool {
        self.own.contains_key(name)
    }

    /// A profile by its name.
    ///
    /// # Errors
    /// Usage, naming the nearest, where there is none of this name.
    pub fn get(&self, name: &str) -> Result<Profile> {
        if let Some(own) = self.own.get(name) {
            return Ok(own.clone());
        }
        if let Some((name, text)) = EMBEDDED.iter().find(|(n, _)| *n == name) {
            return Profile::parse(text, &format!("{name}.toml"));
        }
        let names = self.names();
        let near = nearest(name, names.iter().copied()).map(|near| format!("did you mean \"{near}\"?"));
        let next = near.unwrap_or_else(|| format!("known here: {}", names.join(", ")));
        Err(Error::usage(format!("there is no programme \"{name}\""), next))
    }
}
