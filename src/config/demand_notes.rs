//! Figures of demand and supply that no key sets, told beside those that have one: each with its source or as an assumption.

use super::demand::{AccessMethod, Basis, Figure};

/// Slowest travel that is reckoned with, km/h.
pub const SLOWEST_KMH: f64 = 20.0;

/// Weights of the second and the last third of the reach under `enhanced`; the first has 1.
pub const ENHANCED: [f64; 2] = [0.68, 0.22];

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
