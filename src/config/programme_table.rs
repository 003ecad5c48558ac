//! `[programme]`: the rules of which funding programmes a region is held against. What the rules say stands in `programme`.

use super::text_file::read_text;
use crate::error::{Error, Location, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// `[programme]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProgrammeTable {
    /// Programmes by name, as `chargegap programme` lists them, and those of `files`.
    pub profiles: Vec<String>,
    /// Files that hold a programme each; one of the same name takes the place of one that comes with the program.
    pub files: Vec<PathBuf>,
    /// Numbers of the roads that rules about roads are for (`US 395`, `G318`, with `*` and `?`); every numbered road when not given.
    pub roads: Option<Vec<String>>,
    /// By programme, values of facts that it leaves to the user: `[programme.values.us-nevi-2025] spacing = 50`.
    pub values: BTreeMap<String, BTreeMap<String, f64>>,
    /// By county code or the beginning of one, figures of counties that programmes ask for: `[programme.figures."50"]
    /// nev_penetration = 31.2`. The longest beginning that has a figure gives it.
    pub figures: BTreeMap<String, BTreeMap<String, f64>>,
    /// By county code or the beginning of one, what is so and what is not: `[programme.facts."500235"] other_central_funding = false`. The
    /// longest beginning that says it goes before.
    pub facts: BTreeMap<String, BTreeMap<String, bool>>,
}

impl ProgrammeTable {
    /// Its files with their texts; paths from `folder`.
    ///
    /// # Errors
    /// Input, when one cannot be read or is no text.
    pub fn read_files(&self, folder: &Path) -> Result<Vec<(PathBuf, String)>> {
        self.files.iter().map(|path| Ok((path.clone(), read_profile(&folder.join(path))?))).collect()
    }

    /// A figure of a county.
    pub fn figure(&self, code: &str, name: &str) -> Option<f64> {
        longest(&self.figures, code, name)
    }

    /// A figure that is given for this very county.
    pub fn own_figure(&self, code: &str, name: &str) -> Option<f64> {
        self.figures.get(code)?.get(name).copied()
    }

    /// What is so of a county, or not.
    pub fn fact(&self, code: &str, name: &str) -> Option<bool> {
        longest(&self.facts, code, name)
    }

    /// Refuses a programme that is named twice, values for one that is not named, and codes that are empty or have spaces around them.
    pub(super) fn check(&self, shown: &str) -> Result<()> {
        let refuse = |key: String, what: String, next: &str| Err(Error::usage(what, next).at(Location::file(shown).field(key)));
        if let Some((i, name)) = self.profiles.iter().enumerate().find(|(i, name)| self.profiles[..*i].contains(name)) {
            let what = format!("programme \"{name}\" stands twice");
            return refuse(format!("programme.profiles[{i}]"), what, "name each once");
        }
        if let Some(name) = self.values.keys().find(|name| !self.profiles.contains(*name)) {
            let what = format!("there are values for programme \"{name}\", which is not asked for");
            return refuse(
                format!("programme.values.{name}"),
                what,
                "add its name to [programme] profiles, or take the values out",
            );
        }
        let codes = self.figures.keys().map(|code| ("figures", code)).chain(self.facts.keys().map(|code| ("facts", code)));
        for (list, code) in codes {
            let key = format!("programme.{list}.\"{code}\"");
            let next = "write the code of a county, or the beginning of one, without spaces, as in [programme.figures.\"50\"]";
            if code.trim().is_empty() {
                return refuse(key, "the code of a county is empty".to_owned(), next);
            }
            if code.trim() != code {
                return refuse(key, format!("there are spaces around the code \"{}\"", code.trim()), next);
            }
        }
        Ok(())
    }
}

/// What the longest beginning of a code says.
fn longest<T: Copy>(all: &BTreeMap<String, BTreeMap<String, T>>, code: &str, name: &str) -> Option<T> {
    let fits = |(beginning, values): (&String, &BTreeMap<String, T>)| {
        let value = *values.get(name)?;
        code.starts_with(beginning.as_str()).then_some((beginning.len(), value))
    };
    all.iter().filter_map(fits).max_by_key(|(length, _)| *length).map(|(_, value)| value)
}

/// The text of a file that holds a programme.
///
/// # Errors
/// Input, when it cannot be read or is no text.
pub fn read_profile(path: &Path) -> Result<String> {
    read_text(path, "the programme")
}

#[cfg(test)]
mod tests {
    use crate::config::RegionFile;

    #[test]
    fn values_belong_to_programmes_and_figures_to_counties() {
        let text = "[programme]\nprofiles = [\"us-nevi-2025\", \"own\"]\nfiles = [\"own.toml\"]\nroads = [\"US *\"]\n\
                    [programme.values.us-nevi-2025]\nspacing = 50\n\
                    [programme.figures.50]\nnev_penetration = 31.2\nx = 1\n[programme.figures.500231]\nx = 2\n";
        let file = RegionFile::parse(text, "r").unwrap();
        let p = &file.programme;
        assert_eq!((p.values["us-nevi-2025"]["spacing"], p.files.len()), (50.0, 1));
        assert_eq!((p.figure("500231", "nev_penetration"), p.figure("510000", "nev_penetration")), (Some(31.2), None));
        // the longer beginning goes before
        assert_eq!((p.figure("500231", "x"), p.figure("500229", "x")), (Some(2.0), Some(1.0)));
        for (text, field) in [
            ("[programme]\nprofiles = [\"a\", \"a\"]\n", "programme.profiles[1]"),
            ("[programme.values.a]\nb = 1\n", "programme.values.a"),
            ("[programme.facts.\"\"]\nb = true\n", "programme.facts.\"\""),
            ("[programme.figures.\" 50\"]\nb = 1\n", "programme.figures.\" 50\""),
            ("[programme]\nprofile = [\"a\"]\n", "programme.profile"),
            ("[programme]\nprofiles = [\"a\"]\n[programme.values.a]\nb = \"x\"\n", "programme.values.a.b"),
        ] {
            let e = RegionFile::parse(text, "r").unwrap_err();
            assert_eq!((e.exit_code(), e.location().field.as_deref()), (2, Some(field)), "{e}");
        }
    }
}
