//! A draft of the gap report for Word and WPS, in the order of a county plan: present state, what is missing, demand, where to build, money, data. It is
//! made from a finished run or plan alone, for people to go on writing in; the sentences are in `maps/draft/texts.toml`.

mod data;
mod paper;
mod parts;

use crate::error::{Error, Location, Result, path_text};
use crate::files::lang::Lang;
use crate::finished::Finished;
use data::{Data, Words};
use paper::Paper;

/// Tables without which there is nothing to report.
const NEEDED: [&str; 3] = ["figures.csv", "ledger.csv", "ranking.csv"];

/// The draft of a folder in a language.
///
/// # Errors
/// Input, for a folder that is no run; internal, when the library refuses.
pub fn draft(folder: &Finished, lang: Lang) -> Result<Vec<u8>> {
    if let Some(lacks) = NEEDED.iter().find(|name| !folder.holds(name)) {
        let next = "name the folder of a run or a plan; rounds and rankings have pages and --xlsx";
        return Err(
            Error::input(format!("the folder has no {lacks} to report on"), next).at(Location::file(path_text(&folder.path)))
        );
    }
    let data = Data::read(folder, Words::load(lang)?)?;
    let mut count = parts::Count::default();
    let paper = parts::front(&data, Paper::new());
    let paper = parts::now(&data, paper, &mut count)?;
    let paper = parts::lacks(&data, paper, &mut count)?;
    let paper = parts::demand(&data, paper, &mut count)?;
    let paper = parts::plan(&data, paper, &mut count)?;
    let paper = parts::money(&data, paper, &mut count)?;
    parts::sources(&data, paper, &mut count)?.bytes()
}
