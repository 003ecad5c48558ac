//! Kinds of places that an OpenStreetMap extract can offer as candidate sites, each by its tags: the scenes that the county pilot names
//! (post points, logistics nodes, stations of passengers and freight, service areas, scenic areas) and seats of townships.

use super::region_file::{LayerTable, RegionFile};
use super::toml_text::nearest;
use crate::error::{Error, Location, Result};

/// A kind by its word, with the tags of which one makes a place one.
type Kind = (&'static str, &'static [(&'static str, &'static str)]);

/// Every kind; a place that is of two is of the first.
pub const KINDS: &[Kind] = &[
    ("services", &[("highway", "services")]),
    ("rest_area", &[("highway", "rest_area")]),
    ("bus_station", &[("amenity", "bus_station")]),
    ("railway_station", &[("railway", "station"), ("railway", "halt")]),
    (
        "logistics",
        &[("office", "logistics"), ("industrial", "logistics"), ("industrial", "warehouse"), ("amenity", "post_depot")],
    ),
    ("post_office", &[("amenity", "post_office")]),
    ("town", &[("place", "town")]),
    ("townhall", &[("amenity", "townhall")]),
    ("attraction", &[("tourism", "attraction"), ("tourism", "theme_park"), ("tourism", "zoo")]),
    ("marketplace", &[("amenity", "marketplace")]),
    ("fuel", &[("amenity", "fuel")]),
    ("parking", &[("amenity", "parking")]),
];

/// Some of the kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CandidateKinds(u16);

impl CandidateKinds {
    /// Those of some words.
    ///
    /// # Errors
    /// The word that is none.
    pub fn of_words(words: &[String]) -> std::result::Result<Self, &str> {
        let mut all = Self::default();
        for word in words {
            let i = KINDS.iter().position(|(name, _)| name == word).ok_or(word.as_str())?;
            all.0 |= 1 << i;
        }
        Ok(all)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kind among these that a place with some tags is of.
    ///
    /// ```
    /// use chargegap::internals::config::candidate_kinds::CandidateKinds;
    /// let kinds = CandidateKinds::of_words(&["fuel".to_owned(), "services".to_owned()]).unwrap();
    /// assert_eq!(kinds.of_tags(|key| (key == "amenity").then_some("fuel")), Some("fuel"));
    /// assert_eq!(kinds.of_tags(|key| (key == "amenity").then_some("parking")), None);
    /// ```
    pub fn of_tags<'t>(self, tag: impl Fn(&str) -> Option<&'t str>) -> Option<&'static str> {
        if self.is_empty() {
            return None; // most regions ask for none
        }
        let among = KINDS.iter().enumerate().filter(|(i, _)| self.0 >> i & 1 == 1).map(|(_, kind)| kind);
        among.into_iter().find(|(_, tags)| tags.iter().any(|(key, value)| tag(key) == Some(value))).map(|(name, _)| *name)
    }
}

impl RegionFile {
    /// The kinds of places that are taken from the extract as candidate sites.
    pub fn candidate_kinds(&self) -> CandidateKinds {
        let words = self.candidates.as_ref().map(|t| t.osm.as_slice()).unwrap_or_default();
        CandidateKinds::of_words(words).unwrap_or_default() // checked when it was parsed
    }

    /// Checks what is said of candidate sites, and that nothing of theirs is said of other layers.
    pub(super) fn check_candidates(&self, shown: &str) -> Result<()> {
        let bad = |key: &str, what: String, next: String| Err(Error::usage(what, next).at(Location::file(shown).field(key)));
        let asks = |t: &Option<LayerTable>| t.as_ref().is_some_and(|t| !t.osm.is_empty());
        let others =
            [("counties", asks(&self.counties)), ("stations", asks(&self.stations)), ("settlements", asks(&self.settlements))];
        if let Some((table, _)) = others.into_iter().find(|(_, asks)| *asks) {
            let next = "osm is a key of [candidates]; [osm] path supplies every layer that has no path of its own";
            return bad(&format!("{table}.osm"), format!("[{table}] takes no kinds of places"), next.to_owned());
        }
        let Some(table) = &self.candidates else { return Ok(()) };
        let foreign = [
            ("merge", table.merge),
            ("repair", table.repair),
            ("group_by", table.group_by.is_some()),
            ("counts_of", table.counts_of.is_some()),
            ("opened_by", table.opened_by.is_some()),
        ];
        if let Some((key, _)) = foreign.into_iter().find(|(_, said)| *said) {
            let next = "leave the key out: it is of counties or stations";
            return bad(&format!("candidates.{key}"), format!("{key} means nothing under [candidates]"), next.to_owned());
        }
        if let Err(word) = CandidateKinds::of_words(&table.osm) {
            let all = || KINDS.iter().map(|(name, _)| *name);
            let next = nearest(word, all()).map_or_else(
                || format!("known here: {}", all().collect::<Vec<_>>().join(", ")),
                |n| format!("did you mean \"{n}\"?"),
            );
            return bad("candidates.osm", format!("\"{word}\" is not a kind of place"), next);
        }
        match (&table.path, table.osm.is_empty(), &self.osm) {
            (None, true, _) => {
                let next = "give [candidates] path, or osm = [\"services\", \"bus_station\"] where [osm] has an extract";
                bad("candidates", "[candidates] names no file and no kinds of places".to_owned(), next.to_owned())
            }
            (_, false, None) => {
                let next = "give [osm] path, or take osm out of [candidates]";
                bad("candidates.osm", "[candidates] osm needs an extract, and the region has none".to_owned(), next.to_owned())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_of_two_kinds_is_of_the_first() {
        let words: Vec<String> = KINDS.iter().map(|(name, _)| (*name).to_owned()).collect();
        let all = CandidateKinds::of_words(&words).unwrap();
        let of = |tags: &[(&str, &'static str)]| {
            let tags: Vec<(String, &'static str)> = tags.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect();
            all.of_tags(|key| tags.iter().find(|(k, _)| k == key).map(|(_, v)| *v))
        };
        assert_eq!(of(&[("amenity", "parking"), ("highway", "services")]), Some("services"));
        assert_eq!(of(&[("railway", "halt")]), Some("railway_station"));
        assert_eq!((of(&[("highway", "residential")]), of(&[("place", "village")])), (None, None));
        assert!(CandidateKinds::default().is_empty() && !all.is_empty());
        assert_eq!(CandidateKinds::of_words(&["gym".to_owned()]), Err("gym"));
    }

    #[test]
    fn keys_that_mean_nothing_are_refused() {
        let field = |text: &str| {
            RegionFile::parse(text, "r").map(|_| String::new()).unwrap_or_else(|e| e.location().field.clone().unwrap())
        };
        assert_eq!(field("[candidates]\npath = \"c.csv\"\n"), "");
        assert_eq!(field("[osm]\npath = \"x.osm.pbf\"\n[candidates]\nosm = [\"fuel\"]\n"), "");
        assert_eq!(field("[osm]\npath = \"x.osm.pbf\"\n[candidates]\npath = \"c.csv\"\nosm = [\"fuel\"]\n"), "");
        assert_eq!(field("[candidates]\n"), "candidates");
        assert_eq!(field("[osm]\npath = \"x.osm.pbf\"\n[candidates]\n"), "candidates");
        assert_eq!(field("[candidates]\nosm = [\"fuel\"]\n"), "candidates.osm");
        assert_eq!(field("[osm]\npath = \"x\"\n[candidates]\nosm = [\"fuels\"]\n"), "candidates.osm");
        assert_eq!(field("[stations]\npath = \"s.csv\"\nosm = [\"fuel\"]\n"), "stations.osm");
        for key in ["merge = true", "repair = true", "group_by = \"x\"", "counts_of = \"row\"", "opened_by = \"2021-12-31\""] {
            let name = key.split(' ').next().unwrap();
            assert_eq!(field(&format!("[candidates]\npath = \"c.csv\"\n{key}\n")), format!("candidates.{name}"));
        }
        let err = RegionFile::parse("[osm]\npath = \"x\"\n[candidates]\nosm = [\"fuels\"]\n", "r").unwrap_err();
        assert!(err.to_string().contains("did you mean \"fuel\"?"), "{err}");
    }
}
