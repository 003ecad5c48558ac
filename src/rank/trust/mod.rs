//! How far the inputs of a county can be trusted: a score from 0 to 100, made of plain shares with documented weights.
//!
//! It judges what was given, never what was found: a county with bad roads and good data scores high. A part that cannot be judged is
//! left out and named, and its weight goes to the others in proportion. No clock is read: the age of a station is measured
//! against the newest date in the data.

mod input_counts;
mod part;

pub use input_counts::InputCounts;
pub use part::{PARTS, TrustPart};

/// A part as used in one county.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartScore {
    /// Name, as in [`PARTS`].
    pub key: &'static str,
    /// Share, 1 = nothing to doubt; `None` where it cannot be judged.
    pub value: Option<f64>,
    /// Weight; those of a county add up to 1. 0 where it cannot be judged.
    pub weight: f64,
    /// Points of score: weight × value × 100, six decimals.
    pub points: f64,
}

impl PartScore {
    /// Points that it costs the county.
    pub fn lost(&self) -> f64 {
        self.weight * 100.0 - self.points
    }
}

/// Trust in the inputs of one county.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Trust {
    /// Sum of the points, 0 to 100, six decimals; `None` where nothing can be judged.
    pub score: Option<f64>,
    /// Every part, in the order of [`PARTS`].
    pub parts: Vec<PartScore>,
    /// Keys of the parts that cost points, the most first (ties in the order of [`PARTS`]).
    pub doubts: Vec<&'static str>,
}

/// Scores the evidence of one county.
pub fn trust(evidence: &InputCounts) -> Trust {
    let values: Vec<Option<f64>> = PARTS.iter().map(|p| (p.value)(evidence).map(|v| v.clamp(0.0, 1.0))).collect();
    let judged: f64 = PARTS.iter().zip(&values).filter(|(_, v)| v.is_some()).map(|(p, _)| p.weight).sum();
    let parts: Vec<PartScore> = PARTS
        .iter()
        .zip(values)
        .map(|(p, value)| {
            let weight = if value.is_some() { p.weight / judged } else { 0.0 };
            PartScore { key: p.key, value, weight, points: six(weight * value.unwrap_or(0.0) * 100.0) }
        })
        .collect();
    let mut doubts: Vec<&PartScore> = parts.iter().filter(|p| p.lost() > 5e-7).collect();
    doubts.sort_by(|a, b| b.lost().total_cmp(&a.lost())); // stable: ties keep the order of the parts
    let doubts = doubts.into_iter().map(|p| p.key).collect();
    let score = (judged > 0.0).then(|| six(parts.iter().map(|p| p.points).sum()));
    Trust { score, parts, doubts }
}

/// Six decimals, so that what adds up is what is written.
fn six(v: f64) -> f64 {
    (v * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_add_up_to_one_and_keys_are_unique() {
        assert!((PARTS.iter().map(|p| p.weight).sum::<f64>() - 1.0).abs() < 1e-12);
        let keys: std::collections::BTreeSet<&str> = PARTS.iter().map(|p| p.key).collect();
        assert_eq!(keys.len(), PARTS.len());
    }

    #[test]
    fn nothing_to_judge_is_no_score() {
        let t = trust(&InputCounts::default());
        // what the whole road layer says needs road; people without any source are a fact, and a bad one
        assert_eq!(t.parts.iter().filter(|p| p.value.is_some()).map(|p| p.key).collect::<Vec<_>>(), ["people_source"]);
        assert_eq!((t.score, t.doubts.as_slice()), (Some(0.0), &["people_source"][..]));
    }

    #[test]
    fn a_county_without_fault_has_a_hundred() {
        let good = InputCounts {
            stations: 2,
            fields_asked: 8,
            fields_known: 8,
            dated: 2,
            median_age_months: Some(0.0),
            on_road: 2,
            settlements: 3,
            settlements_with_people: 3,
            main_road_mm: 5,
            named_mm: 5,
            road_mm: 9,
            all_road_mm: 9,
            people_by_area: true,
            ..InputCounts::default()
        };
        let t = trust(&good);
        assert_eq!((t.score, t.doubts.len(), t.parts.iter().filter(|p| p.value.is_none()).count()), (Some(100.0), 0, 0));
    }

    #[test]
    fn four_stations_one_without_power_one_double() {
        // Four stations: of 16 fields one is unknown (15/16), one is a double (3/4), none is dated: no age to judge. No settlement, no
        // road, people by a table. Judged: fields .20, doubles .10, ghosts .10, dates .05, on road .10, people .05 = .60.
        let e = InputCounts {
            stations: 4,
            fields_asked: 16,
            fields_known: 15,
            doubles: 1,
            on_road: 4,
            people_by_area: true,
            ..InputCounts::default()
        };
        let t = trust(&e);
        // (.20 × 15/16 + .10 × 3/4 + .10 + 0 + .10 + .05) / .60 = .5125 / .60
        assert!((t.score.unwrap() - 85.416667).abs() < 5e-6, "{:?}", t.score);
        // dates cost .05, doubles .025, fields .0125 of .60
        assert_eq!(t.doubts, ["station_dates", "station_doubles", "station_fields"]);
        let points: f64 = t.parts.iter().map(|p| p.points).sum();
        assert!((points - t.score.unwrap()).abs() < 1e-9 && (t.parts.iter().map(|p| p.weight).sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
