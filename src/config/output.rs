//! `[output]`: which files are written beside those that a folder always has.

use crate::error::{Error, Location, Result};
use serde::Serialize;
use std::collections::BTreeSet;

/// What there is to choose; who writes it knows.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// Words of `without`.
    pub can_be_left_out: &'a [&'a str],
    /// Layers that a round writes as GeoJSON only when it is asked to; a run always does.
    pub layers: &'a [&'a str],
}

/// What is written, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Output {
    without: BTreeSet<String>,
    layers: BTreeSet<String>,
    /// Whether tables begin with a byte order mark, by which Excel knows UTF-8.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub csv_bom: bool,
}

impl Output {
    /// That of `[output] without` and `layers` of the file called `shown`; a region has all layers.
    ///
    /// # Errors
    /// Usage, for a word that means nothing here, and for a layer that `without` leaves out.
    pub fn of(without: &[String], layers: Option<&[String]>, (choices, shown): (Choices<'_>, &str)) -> Result<Self> {
        let all = || choices.layers.iter().map(|layer| (*layer).to_owned()).collect();
        let without = words(without, choices.can_be_left_out, (shown, "output.without"))?;
        if let Some(layer) = layers.unwrap_or_default().iter().find(|l| without.contains(*l)) {
            let at = Location::file(shown).field("output.layers");
            return Err(
                Error::usage(format!("\"{layer}\" is asked for, and left out by without"), "name it in one of them").at(at)
            );
        }
        let layers = words(&layers.map_or_else(all, <[String]>::to_vec), choices.layers, (shown, "output.layers"))?;
        Ok(Self { without, layers, csv_bom: false })
    }

    /// The same with or without byte order marks.
    #[must_use]
    pub(super) fn with_bom(self, csv_bom: bool) -> Self {
        Self { csv_bom, ..self }
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
        let choices = Choices { can_be_left_out: &["gpkg", "equity"], layers: &["gaps", "stations"] };
        let run = Output::of(&list(&["gpkg"]), None, (choices, "r")).unwrap();
        assert_eq!((run.wants("gpkg"), run.wants("equity"), run.wants_layer("gaps")), (false, true, true));
        let round = Output::of(&[], Some(&list(&["gaps"])), (choices, "r")).unwrap();
        assert_eq!((round.wants_layer("gaps"), round.wants_layer("stations")), (true, false));
        let both = Output::of(&list(&["gaps"]), Some(&list(&["gaps"])), (Choices { can_be_left_out: &["gaps"], ..choices }, "r"));
        assert!(both.unwrap_err().to_string().contains("left out by without"));
        let err = Output::of(&list(&["map"]), None, (choices, "r.toml")).unwrap_err();
        assert!(err.to_string().contains("output.without") && err.to_string().contains("gpkg, equity"), "{err}");
    }
}
