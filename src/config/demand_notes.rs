//! Figures of demand and supply that no key sets, told beside those that have one: each with its source or as an assumption.

use super::demand::{AccessMethod, Basis, Figure};

/// Slowest travel that is reckoned with, km/h.
pub const SLOWEST_KMH: f64 = 20.0;

/// Weights of the second and the last third of the reach under `enhanced`; the first has 1.
pub const ENHANCED: [f64; 2] = [0.68, 0.22];

/// What is chosen by a word, as figures: the word stands in the key. `given` says of each whether the region file says it.
pub(super) fn chosen(access: AccessMethod, scaled: bool, given: [bool; 2]) -> [Figure; 2] {
    let how = "nearer stations weigh more, by a Gaussian curve that ends at the reach; others weigh otherwise";
    let whose = "people of settlements are scaled to those of the county table, where there is one";
    let figure = |key: &str, word: &str, given: bool, why: &'static str| Figure {
        key: [key, word].join(CHOICE),
        value: 1.0,
        unit: "",
        basis: if given { Basis::Given } else { Basis::Assumption },
        source: if given { "" } else { why },
    };
    let people = if scaled { "county" } else { "settlements" };
    [figure("demand.access", access.as_str(), given[0], how), figure("demand.people", people, given[1], whose)]
}

/// Between the key and its word.
const CHOICE: &str = " = ";

impl Figure {
    /// Whether it is a word that was chosen, and no number.
    pub fn is_choice(&self) -> bool {
        self.key.contains(CHOICE)
    }
}

/// The figures.
pub(super) fn fixed(access: AccessMethod) -> Vec<Figure> {
    let figure = |key: &str, value: f64, unit: &'static str, (basis, source): (Basis, &'static str)| Figure {
        key: key.to_owned(),
        value,
        unit,
        basis,
        source,
    };
    let assumed = |why: &'static str| (Basis::Assumption, why);
    let mut all = vec![
        figure(
            "travel (slowest)",
            SLOWEST_KMH,
            "km/h",
            assumed("the time of a way whose quickest form is longer than the reach is that of its length at this speed"),
        ),
        figure(
            "stations open to trucks where nothing is said",
            1.0,
            "",
            assumed("a station that says nothing is open to trucks"),
        ),
        figure("swap bays where only packs are known", 1.0, "", assumed("one bay")),
        figure(
            "packs ÷ (bays × recharge_min ÷ swap_min) where none are counted",
            1.0,
            "",
            assumed("packs that nobody counted just keep the bays busy"),
        ),
        figure("chargers ÷ packs where none are counted", 1.0, "", assumed("every pack has a charger")),
    ];
    if access == AccessMethod::Enhanced {
        let source = (Basis::Source, "Luo and Qi 2009: 1, 0.68 and 0.22 in thirds of the reach");
        all.push(figure("demand.access (second third)", ENHANCED[0], "", source));
        all.push(figure("demand.access (last third)", ENHANCED[1], "", source));
    }
    all
}
