//! From any files to a region: looks at them, tells the layers apart, and proposes a `region.toml` with all that it found in comments.
//!
//! Nothing is decided in silence: what is taken, what is not, every class and word with its count, and what is left to decide stand in
//! the file. What a run would refuse is found by trying: the proposal is read as any region is.

mod choose;
mod copies;
mod gather;
mod look;
mod role;
mod seen;
pub mod steps;
mod trial;
mod words;
mod write;

pub use choose::Choice;
pub use role::Role;
pub use seen::{Inside, Seen};
pub use trial::Trial;

use crate::config::language::Lang;
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};

/// A region that is proposed.
#[derive(Debug)]
pub struct Proposal {
    /// The text of the file.
    pub text: String,
    /// What was chosen for each role, in the order of the file.
    pub choices: Vec<Choice>,
    /// Files and layers that are not used, each with the reason.
    pub unused: Vec<(String, String)>,
    /// What is left to decide, in the order in which to do it: what, and what to do.
    pub open: Vec<(String, String)>,
    /// What came of reading the proposal.
    pub trial: Option<Trial>,
}

/// Looks at files and folders and proposes a region file that is to stand at `to`, with comments in a language.
///
/// # Errors
/// Input, when there is nothing to look at, or nothing that a region could be made of.
pub fn propose(inputs: &[PathBuf], (to, lang): (&Path, Lang), on_stage: &dyn Fn(&'static str)) -> Result<Proposal> {
    let (files, not_opened) = gather::files(inputs, to)?;
    let mut seen = Vec::new();
    on_stage("look");
    for file in &files {
        seen.extend(look::look(file));
    }
    let (choices, mut unused) = choose::choose(seen);
    unused.extend(not_opened);
    if choices.is_empty() {
        let why: Vec<String> = unused.iter().take(5).map(|(file, why)| format!("{file}: {why}")).collect();
        let next = "name the files of roads, county borders and stations, or a folder that holds them";
        return Err(Error::input(format!("nothing here could be a layer of a region ({})", why.join("; ")), next));
    }
    on_stage("read");
    let mut trial = None;
    let mut open = missing(&choices);
    if open.is_empty() {
        let tried = trial::of(&write::text(&choices, &unused, &[], None, (to, lang)), to);
        open.extend(tried.open.iter().cloned());
        trial = Some(tried);
    }
    open.extend(words::unknown(&choices));
    let text = write::text(&choices, &unused, &open, trial.as_ref(), (to, lang));
    Ok(Proposal { text, choices, unused, open, trial })
}

/// Layers that no file was found for.
fn missing(choices: &[Choice]) -> Vec<(String, String)> {
    let has = |role: Role| choices.iter().any(|c| c.role == role);
    if has(Role::Osm) {
        return Vec::new();
    }
    let needed = [
        (Role::Roads, "roads (lines)", "an OpenStreetMap extract (.osm.pbf) has them, under [osm] path"),
        (Role::Counties, "county borders (polygons with a code)", "give a file under [counties] path"),
        (Role::Stations, "stations (points, or a table with longitude and latitude)", "give a file under [stations] path"),
    ];
    let gone = needed.into_iter().filter(|(role, ..)| !has(*role));
    gone.map(|(_, what, next)| (format!("no file of {what} was found"), next.to_owned())).collect()
}
