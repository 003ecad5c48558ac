//! The inputs of a round against what `chargegap check --json` said of its regions: a file that has changed since is a fault.

use super::inputs::{Region, Together};
use crate::config::RoundFile;
use crate::config::round_file::Checks;
use crate::error::{Error, Location, Result, path_text};
use crate::input;
use crate::read::formats::SourceFile;
use crate::read::{InputFile, fingerprint};
use crate::results::faults::Fault;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Roles of files that the round itself names: no region reads them, so that no check knows them, wherever they lie.
const OWN_ROLES: [&str; 6] = ["applicants", "county_list", "crosswalk", "document", "goalposts", "goalposts_source"];

/// What a check was made of.
struct Check {
    /// The file, from the folder of the round.
    shown: String,
    /// The same as an input of the round.
    file: InputFile,
    /// Files, as the region names them, with their SHA-256.
    inputs: BTreeMap<String, String>,
}

/// Tells the inputs of the round that have changed since their check, and takes the checks among its inputs; `files` are all that it
/// reads.
///
/// # Errors
/// As the reading of the checks.
pub fn hold(round: &RoundFile, all: &mut Together, files: &[InputFile]) -> Result<()> {
    let (faults, checks) = faults(round, all, files)?;
    all.faults.extend(faults);
    all.files.extend(checks);
    Ok(())
}

/// Finds the inputs of the round that are not those of the checks that it names; `files` are all that it reads.
///
/// # Errors
/// Usage, for a pattern that is none or meets nothing, and for a region that is none; input, for a file that is no answer of `check`.
fn faults(round: &RoundFile, all: &Together, files: &[InputFile]) -> Result<(Vec<Fault>, Vec<InputFile>)> {
    let Some(asked) = &round.regions.checks else { return Ok(Default::default()) };
    let by_region = match asked {
        Checks::Beside(patterns) => beside(round, patterns, &all.regions)?,
        Checks::ByRegion(list) => by_region(round, list, all)?,
    };
    let now: BTreeMap<&str, &InputFile> = files.iter().map(|f| (f.path.as_str(), f)).collect();
    let mut faults = Vec::new();
    let mut checked = BTreeSet::new();
    let mut folders = BTreeSet::new();
    for region in &all.regions {
        let Some(check) = by_region.get(&region.path) else {
            faults.push(Fault::not_checked(&region.path));
            continue;
        };
        folders.insert(region.under().to_owned());
        for (path, then) in &check.inputs {
            let path = region.shown(path);
            let sha = now.get(path.as_str()).map(|f| f.sha256.as_str());
            if sha != Some(then) {
                faults.push(Fault::changed_since_check(&path, &check.shown, [Some(then), sha]));
            }
            checked.insert(path);
        }
    }
    for file in files.iter().filter(|f| !OWN_ROLES.contains(&f.role.as_str()) && !checked.contains(&f.path)) {
        let under = folders.iter().filter(|u| u.is_empty() || file.path.starts_with(&format!("{u}/"))).max_by_key(|u| u.len());
        let check = under.and_then(|u| all.regions.iter().find(|r| r.under() == u)).and_then(|r| by_region.get(&r.path));
        if let Some(check) = check {
            faults.push(Fault::changed_since_check(&file.path, &check.shown, [None, Some(&file.sha256)]));
        }
    }
    Ok((faults, by_region.into_values().map(|c| c.file).collect()))
}

fn at(round: &RoundFile) -> Location {
    Location::file(round.name.as_str()).field("regions.checks")
}

/// Checks that lie in the folders of their regions, by region. Where a folder has several of either, the region file tells.
fn beside(round: &RoundFile, patterns: &[String], regions: &[Region]) -> Result<BTreeMap<String, Check>> {
    let mut found: BTreeMap<String, Vec<Check>> = BTreeMap::new();
    for pattern in patterns {
        let whole = round.folder.join(pattern);
        let paths = glob::glob(&whole.to_string_lossy())
            .map_err(|e| Error::usage(format!("\"{pattern}\" is no pattern: {e}"), "use *, ?, [a-z] and **").at(at(round)))?;
        let mut any = false;
        for path in paths {
            let path = path.map_err(|e| Error::io("look for checks", e.path(), e.error()))?;
            let check = read(round, &path)?;
            any = true;
            let folder = check.shown.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            found.entry(folder).or_default().push(check);
        }
        if !any {
            let what = format!("\"{pattern}\" meets no answer of `check --json`");
            return Err(Error::usage(what, "check the path; it is seen from the folder of the round file").at(at(round)));
        }
    }
    let mut all = BTreeMap::new();
    for region in regions {
        let Some(list) = found.get_mut(region.under()) else { continue };
        let alone = list.len() == 1 && regions.iter().filter(|r| r.under() == region.under()).count() == 1;
        let own = region.path.rsplit('/').next().unwrap_or_default();
        let place = if alone { Some(0) } else { list.iter().position(|c| c.inputs.contains_key(own)) };
        if let Some(i) = place {
            all.insert(region.path.clone(), list.remove(i));
        }
    }
    Ok(all)
}

/// Checks that the round names by region.
fn by_region(round: &RoundFile, list: &BTreeMap<String, PathBuf>, all: &Together) -> Result<BTreeMap<String, Check>> {
    let left_out: Vec<&str> = all.faults.iter().map(|f| f.subject.as_str()).collect();
    let mut found = BTreeMap::new();
    for (name, path) in list {
        let named = |region: &str| region == name || region == format!("{}/region.toml", name.trim_end_matches('/'));
        match all.regions.iter().find(|r| named(&r.path)) {
            Some(region) => {
                found.insert(region.path.clone(), read(round, &round.folder.join(path))?);
            }
            None if left_out.iter().any(|r| named(r)) => {}
            None => {
                let next = "name it as [regions] files finds it, such as \"provinces/51/region.toml\"";
                return Err(Error::usage(format!("the round has no region \"{name}\""), next).at(at(round)));
            }
        }
    }
    Ok(found)
}

fn read(round: &RoundFile, path: &Path) -> Result<Check> {
    let shown = path_text(path.strip_prefix(&round.folder).unwrap_or(path));
    let bytes = input::whole(path, "read the check", input::MOST_WHOLE)?;
    let json: Option<Value> = serde_json::from_slice(&bytes).ok();
    let one = |f: &Value| Some((f["path"].as_str()?.to_owned(), f["sha256"].as_str()?.to_owned()));
    let inputs = json.as_ref().and_then(|j| j["inputs"].as_array()?.iter().map(one).collect::<Option<BTreeMap<_, _>>>());
    let Some(inputs) = inputs.filter(|list| !list.is_empty()) else {
        let next = "run `chargegap check REGION --json > check.json` again";
        return Err(Error::input("this is no answer of `check --json`", next).at(Location::file(shown)));
    };
    let file = InputFile {
        format: "JSON".to_owned(),
        ..fingerprint(&SourceFile { path: path.to_path_buf(), shown: shown.clone() }, "check")?
    };
    Ok(Check { shown, file, inputs })
}
