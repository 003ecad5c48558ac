//! One meaning of colour everywhere: on printed maps, on the map to look around in, and in QGIS. All as `#rrggbb`; ramps are told apart
//! without colour vision by lightness.

/// Charging, and roads within reach of it.
pub const CHARGING: &str = "#005f73";
/// Battery swap.
pub const SWAP: &str = "#7b2d8e";
/// What lacks a station.
pub const GAP: &str = "#a3120f";
/// What is not known, or does not count.
pub const UNKNOWN: &str = "#5b6771";
/// Classes of the score of a county, light for little shortfall: purple is no water, and red lines and blue-green dots show on every class.
pub const SCORES: [&str; 5] = ["#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f"];
/// Classes of distance to a station, near to far; beyond the last it is [`GAP`], and without any way [`UNKNOWN`].
pub const DISTANCES: [&str; 4] = [CHARGING, "#5f9ea0", "#e9c46a", "#e76f51"];
/// Sites of a plan: no station and no road has it.
pub const SITE: &str = "#ffd23f";
