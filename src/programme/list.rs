//! The programmes that come with the program, and those of a user's files.

use super::given;
use super::profile::Profile;
use super::rule::Shape;
use crate::config::RegionFile;
use crate::config::toml_text::nearest;
use crate::coverage::corridors::CorridorsAsked;
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

/// The programmes that a region is held against, in order, with the values that it sets.
///
/// # Errors
/// Usage, with the key: a programme that there is not, a value that cannot be set or meant, a figure or fact that none asks
/// for; input, when a file cannot be read.
pub fn of_region(region: &RegionFile) -> Result<Vec<Profile>> {
    let table = &region.programme;
    let shown = region.source.as_deref().map(path_text).unwrap_or_default();
    let programmes = Programmes::with_files(&table.read_files(&region.folder)?)?;
    let one = |(i, name): (usize, &String)| {
        let at = |e: Error| e.at(Location::file(&shown).field(format!("programme.profiles[{i}]")));
        let profile = programmes.get(name).map_err(at)?;
        match table.values.get(name) {
            Some(values) => profile.with_values(values, &shown),
            None => Ok(profile),
        }
    };
    let profiles = table.profiles.iter().enumerate().map(one).collect::<Result<Vec<_>>>()?;
    given::hold(table, &profiles, &shown)?;
    Ok(profiles)
}

/// Which corridors the rules of programmes need, with the roads that the region names. Ways to stations are looked for as far as the farthest
/// limit, and at least 10 km, for a limit that is not set.
pub fn corridors_asked(region: &RegionFile, profiles: &[Profile]) -> Option<CorridorsAsked> {
    let rules = || profiles.iter().flat_map(|p| p.rules.iter().filter(|r| r.shape == Shape::Gap).map(move |r| (p, r)));
    rules().next()?;
    let base = CorridorsAsked::default();
    let off = rules().filter_map(|(p, r)| r.off_road.as_ref().and_then(|key| p.length_mm(key))).max().unwrap_or(0);
    let off_road_mm = base.off_road_mm.max(u32::try_from(off).unwrap_or(u32::MAX - 1));
    Some(CorridorsAsked { roads: region.programme.roads.clone(), off_road_mm, ..base })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_its_programmes_with_values_and_corridors() {
        let of = |text: &str| of_region(&RegionFile::parse(text, "r").unwrap());
        let text = "[programme]\nprofiles = [\"us-nevi-2025\", \"uk-msa\"]\nroads = [\"US *\"]\n[programme.values.us-nevi-2025]\nspacing = 70\n\
                    off_road = 10\n";
        let region = RegionFile::parse(text, "r").unwrap();
        let all = of_region(&region).unwrap();
        assert_eq!((all[0].number("spacing"), all[1].name.as_str()), (Some(70.0), "uk-msa"));
        // ten miles are farther than 10 km
        let asked = corridors_asked(&region, &all).unwrap();
        assert_eq!((asked.off_road_mm, asked.roads), (16_093_440, Some(vec!["US *".to_owned()])));
        assert_eq!(corridors_asked(&region, &all[1..]), None);
        let e = of("[programme]\nprofiles = [\"uk-msa\", \"uk-masa\"]\n").unwrap_err();
        assert_eq!((e.location().field.as_deref(), e.next()), (Some("programme.profiles[1]"), "did you mean \"uk-msa\"?"));
        let e = of("[programme]\nprofiles = [\"uk-msa\"]\n[programme.values.uk-msa]\npoints = 3\n").unwrap_err();
        assert_eq!(e.location().field.as_deref(), Some("programme.values.uk-msa.points"));
        let e = of("[programme]\nfiles = [\"nowhere.toml\"]\n").unwrap_err();
        assert_eq!(e.exit_code(), 1);
    }
}
