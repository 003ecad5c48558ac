//! `[output]`: which files are written beside those that a folder always has.

use crate::error::{Error, Location, Result};
use std::collections::BTreeSet;

/// Layers that a round writes as GeoJSON only when it is asked to; a run always does.
pub const LAYERS: [&str; 3] = ["gaps", "settlements", "stations"];

/// What is written, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    without: BTreeSet<String>,
    layers: BTreeSet<String>,
}

impl Output {
    /// That of `[output] without`, some of `can_be_left_out`, and `layers` of the file called `shown`; a region has all layers.
    ///
    /// # Errors
    /// Usage, for a word that means nothing here.
    pub fn of(without: &[String], layers: Option<&[String]>, (can_be_left_out, shown): (&[&str], &str)) -> Result<Self> {
        let all = || LAYERS.map(str::to_owned).to_vec();
        Ok(Self {
            without: words(without, can_be_left_out, (shown, "output.without"))?,
            layers: words(&layers.map_or_else(all, <[String]>::to_vec), &LAYERS, (shown, "output.layers"))?,
        })
    }

    /// Whether what a word of `without` stands for is written.
    pub fn wants(&self, what: &str) -> bool {
        !self.without.contains(what)
    }

    /// Whether a layer is written as GeoJSON.
    pub fn wants_layer(&self, layer: &str) -> bool {
        self.layers.contains(layer)
    }
}

fn words(given: &[String], known: &[&str], (shown, key): (&str, &str)) -> Result<BTreeSet<String>> {
    match given.iter().find(|w| !known.contains(&w.as_str())) {
        None => Ok(given.iter().cloned().collect()),
        Some(word) => {
            let what = format!("\"{word}\" means nothing here");
            Err(Error::usage(what, format!("name some of {}", known.join(", "))).at(Location::file(shown).field(key)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_writes_layers_when_asked_and_a_run_always() {
        let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let run = Output::of(&list(&["gpkg"]), None, (&["gpkg"], "r")).unwrap();
        assert_eq!((run.wants("gpkg"), run.wants("equity"), run.wants_layer("gaps")), (false, true, true));
        let round = Output::of(&[], Some(&list(&["gaps"])), (&[], "r")).unwrap();
        assert_eq!((round.wants_layer("gaps"), round.wants_layer("stations")), (true, false));
        let err = Output::of(&list(&["map"]), None, (&["gpkg"], "r.toml")).unwrap_err();
        assert!(err.to_string().contains("output.without") && err.to_string().contains("gpkg"), "{err}");
    }
}
